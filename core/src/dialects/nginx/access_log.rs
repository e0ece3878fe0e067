//! One record of nginx's access log, in any format whose parts can be told.
//!
//! ```text
//! combined = client " - " user " [" time "] " quoted-request " " status " " bytes [ " " tail ]
//! tail     = *( element " " )
//! element  = [ key "=" ] ( word / "[" text "]" / quoted ) / key ":" word
//! list     = item *( ( ", " / " : " ) item )
//! ```
//!
//! A format that is not `combined` with something behind it is a tail alone, or a JSON object. An
//! element is known by its key, else by its shape and its place: an address and a port is an
//! upstream, three decimals are seconds. nginx writes `\x22` for a quote inside a value, so that a
//! quote always ends it.

use crate::dialects::{Glance, Told};
use crate::evidence::{
    Attempt, Bytes, Connection, Evidence, Origin, Seen, Sign, Source, Timestamp,
};
use crate::scan::{self, json, number, time};
use crate::vocabulary::Gateway;

/// Reads a record in the combined format, with or without more behind it, as far as the format tells
/// more.
pub(crate) fn glance(line: &[u8], told: Told) -> Option<Glance<'_>> {
    if line.first() == Some(&b'{') {
        return glance_json(line);
    }
    let (head, tail) = Head::read(line)?;
    let mut glance = Glance {
        client: client_at_a_glance(head.who)?,
        time: head.time,
        request: head.request,
        status: head.status,
        body_sent: head.body_sent,
        ..Glance::default()
    };
    if !told.times && !told.whole {
        return Some(glance);
    }
    // Values in quotes are passed over as a whole: the times stand between them.
    let mut rest = tail;
    while let Some((words, inside)) = scan::split_byte(rest, b'"') {
        glance_words(words, &mut glance);
        // `$request_completion` is empty where the response was cut short.
        glance.cut_short |=
            inside.first() == Some(&b'"') && words.ends_with(b"request_completion=");
        if glance.total.is_some() && !told.whole {
            return Some(glance);
        }
        // Most values that are not there are a dash.
        let close = match inside {
            [b'-', b'"', ..] => Some(1),
            _ => memchr::memchr(b'"', inside),
        };
        let Some(after) = close.and_then(|close| inside.get(close + 1..)) else {
            return Some(glance);
        };
        rest = after;
    }
    glance_words(rest, &mut glance);
    Some(glance)
}

/// Reads an object whose keys are the names of nginx's variables, as far as a healthy record needs.
fn glance_json(line: &[u8]) -> Option<Glance<'_>> {
    let mut glance = Glance::default();
    let mut foreign = false;
    let whole = json::each(line, |around, key, value| {
        if !around.is_empty() {
            return;
        }
        match key {
            b"time_local" | b"time_iso8601" | b"msec" => glance.time = value,
            b"remote_addr" => glance.client = value,
            b"request" => glance.request = value,
            b"request_uri" => glance.path = value,
            b"status" => glance.status = number::status(value).unwrap_or(0),
            b"body_bytes_sent" => glance.body_sent = number::whole(value),
            b"request_time" => glance.total = number::seconds(value),
            b"request_completion" => glance.cut_short = value.is_empty(),
            // Envoy's, which calls a response that was cut short a 200.
            b"response_flags" => foreign = true,
            _ => {}
        }
    });
    let own = !glance.time.is_empty() && glance.total.is_some() && !foreign;
    let asked = !glance.request.is_empty() || !glance.path.is_empty();
    (whole && own && asked).then_some(glance)
}

/// Whether a record is nginx's where the one before it was: `combined` with something behind its bytes,
/// which Apache's `common` has not, or JSON with nginx's own names.
pub(crate) fn is_likely(line: &[u8]) -> bool {
    match line.first() {
        Some(b'{') => {
            memchr::memmem::find(line, b"\"upstream_addr\"").is_some()
                && memchr::memmem::find(line, b"response_flags").is_none()
        }
        _ => {
            Head::read(line).is_some_and(|(head, tail)| head.body_sent.is_some() && tail.len() > 1)
        }
    }
}

/// The request's time among the words between two quoted values: under its name, or the first
/// decimal without one.
#[inline]
fn glance_words(words: &[u8], glance: &mut Glance<'_>) {
    // It is written once, mostly as the first of the times; one blank parts two quoted values.
    if glance.total.is_some() || words.len() < 2 {
        return;
    }
    // Mostly it stands first, and nothing needs to be looked at letter by letter.
    if let [b' ', b'r', b't', b'=', value @ ..] = words {
        let end = scan::near(value, b' ').unwrap_or(value.len());
        glance.total = value.get(..end).and_then(number::seconds);
        if glance.total.is_some() {
            return;
        }
    }
    for word in words.split(|byte| matches!(byte, b' ' | b'\t' | b'|')) {
        let value = match word {
            [b'r', b't', b'=', value @ ..] => value,
            [b'0'..=b'9', ..] if word.contains(&b'.') => word,
            _ => match word.strip_prefix(b"request_time=") {
                Some(value) => value,
                None => continue,
            },
        };
        glance.total = number::seconds(value);
        if glance.total.is_some() {
            return;
        }
    }
}

/// The part of a record that `combined` and its extensions share.
#[derive(Clone, Copy, Debug)]
struct Head<'a> {
    /// The client, and what else stands in front of the time.
    who: &'a [u8],
    time: &'a [u8],
    request: &'a [u8],
    status: u16,
    body_sent: Option<u64>,
}

/// How many brackets are looked at for the time.
const MOST_BRACKETS: usize = 4;

impl<'a> Head<'a> {
    /// The head, and what stands behind the number of bytes.
    #[inline]
    fn read(line: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (open, rest) = usual_time(line).or_else(|| {
            // A carrier's process id may stand in brackets in front.
            let mut opens = memchr::memchr_iter(b'[', line).take(MOST_BRACKETS);
            opens.find_map(|open| Some((open, behind_time(line, open)?)))
        })?;
        let who = line.get(..open)?;
        let time = line.get(open + 1..open + 27)?;
        let close = memchr::memchr(b'"', rest)?;
        let request = rest.get(..close)?;
        let rest = rest.get(close + 1..)?;
        let [b' ', a, b, c, after @ ..] = rest else { return None };
        let status = number::status(&[*a, *b, *c])?;
        let (body_sent, tail) = match after {
            [b' ', bytes @ ..] => match number::leading(bytes) {
                Some((sent, tail)) => (Some(sent), tail),
                None => (None, bytes.strip_prefix(b"-").unwrap_or(bytes)),
            },
            // The line is cut behind the status.
            [] => (None, after),
            _ => return None,
        };
        Some((Self { who, time, request, status, body_sent }, tail))
    }
}

/// Where the bracket in front of the time stands, where only the client stands before it, and what
/// follows the time and its quote.
#[inline]
fn usual_time(line: &[u8]) -> Option<(usize, &[u8])> {
    let client = scan::near(line, b' ')?;
    let dashes = line.get(client..)?.starts_with(b" - - [");
    let open = client + b" - - ".len();
    dashes.then(|| Some((open, behind_time(line, open)?)))?
}

/// What follows a time that a bracket opens, and the quote behind it.
#[inline]
fn behind_time(line: &[u8], open: usize) -> Option<&[u8]> {
    // `$time_local` is 26 bytes long in every zone.
    line.get(open + 27..)?.strip_prefix(b"] \"")
}

/// The client, where a record like this one was read in full before: a number begins it, and a
/// dash follows.
fn client_at_a_glance(who: &[u8]) -> Option<&[u8]> {
    if who.first().is_some_and(u8::is_ascii_digit) {
        let (first, rest) = who.split_at(scan::near(who, b' ')?);
        if rest.starts_with(b" - ") {
            return Some(first);
        }
    }
    client(who)
}

/// The client in what stands before the time: mostly the first word. Other words may be in front,
/// such as the virtual host, or the mark of who carried the line. `None` where nothing can be it:
/// then something else is around the record.
fn client(who: &[u8]) -> Option<&[u8]> {
    let (first, rest) = who.split_at(memchr::memchr(b' ', who)?);
    if is_ip(first) {
        return Some(first);
    }
    let named = || {
        let name = first == b"unix:" || !first.iter().any(|byte| b":|>".contains(byte));
        (name && rest.starts_with(b" - ")).then_some(first)
    };
    who.rsplit(|byte| *byte == b' ').find(|word| is_ip(word)).or_else(named)
}

/// Whether a word has the letters of an IP address: `10.0.0.9`, `2001:db8::9`, `::ffff:10.0.0.9`.
/// grep writes a line's number and a colon in front of it.
fn is_ip(word: &[u8]) -> bool {
    let (mut dots, mut colons) = (false, false);
    for byte in word {
        match byte {
            b'.' => dots = true,
            b':' => colons = true,
            byte if byte.is_ascii_hexdigit() => {}
            _ => return false,
        }
    }
    dots != colons || (dots && word.starts_with(b"::"))
}

/// One element of a format's tail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Element<'a> {
    /// Its name; empty where it has none.
    key: &'a [u8],
    /// Its value without quotes or brackets.
    value: &'a [u8],
    /// Whether it stood in quotes.
    quoted: bool,
    /// Whether it stood in brackets.
    bracketed: bool,
}

/// The elements of a line, one after the other.
struct Elements<'a> {
    rest: &'a [u8],
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'|' | b';')
}

impl<'a> Elements<'a> {
    const fn of(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// Up to the byte that closes a value, or to the end where the line is cut.
    fn closed(&mut self, inside: &'a [u8], close: u8) -> &'a [u8] {
        let end = memchr::memchr(close, inside).unwrap_or(inside.len());
        self.rest = inside.get(end + 1..).unwrap_or_default();
        inside.get(..end).unwrap_or(inside)
    }

    /// A list without quotes goes on behind its commas and colons.
    fn unquoted(&mut self, text: &'a [u8], from: usize) -> &'a [u8] {
        let mut end = from + text.get(from..).map_or(0, word_length);
        loop {
            let rest = text.get(end..).unwrap_or_default();
            let comma = end > 0 && text.get(end - 1) == Some(&b',');
            let next = match rest {
                [b' ', more @ ..] if comma && !more.is_empty() => 1 + word_length(more),
                [b' ', b':', b' ', more @ ..] if !more.is_empty() => 3 + word_length(more),
                _ => break,
            };
            end += next;
        }
        self.rest = text.get(end..).unwrap_or_default();
        text.get(..end).unwrap_or(text)
    }
}

fn word_length(text: &[u8]) -> usize {
    let end = memchr::memchr3(b' ', b'\t', b'|', text).unwrap_or(text.len());
    match text.get(..end) {
        Some(word) => memchr::memchr(b';', word).unwrap_or(end),
        None => end,
    }
}

/// How long the name at the beginning is: letters, digits, and what stands in variables' names.
fn name_length(text: &[u8]) -> usize {
    // Indices are checked when this is evaluated, by the compiler.
    #[allow(clippy::indexing_slicing)]
    const NAMES: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = (byte as u8).is_ascii_alphanumeric()
                || matches!(byte as u8, b'_' | b'-' | b'$' | b'.' | b'@');
            byte += 1;
        }
        table
    };
    let fits = |byte: &u8| NAMES.get(usize::from(*byte)).copied().unwrap_or(false);
    text.iter().position(|byte| !fits(byte)).unwrap_or(text.len())
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let mut text = self.rest;
        while let [first, after @ ..] = text {
            if !is_separator(*first) {
                break;
            }
            text = after;
        }
        match text {
            [] => None,
            [b'"', inside @ ..] => {
                let value = self.closed(inside, b'"');
                Some(Element { value, quoted: true, ..Element::default() })
            }
            [b'[', inside @ ..] => {
                let value = self.closed(inside, b']');
                Some(Element { value, bracketed: true, ..Element::default() })
            }
            _ => {
                let key_end = name_length(text);
                let key = text.get(..key_end).unwrap_or_default();
                match text.get(key_end..) {
                    Some([b'=', b'"', inside @ ..]) => {
                        let value = self.closed(inside, b'"');
                        Some(Element { key, value, quoted: true, bracketed: false })
                    }
                    Some([b'=', b'[', inside @ ..]) => {
                        let value = self.closed(inside, b']');
                        Some(Element { key, value, quoted: false, bracketed: true })
                    }
                    Some([b'=', inside @ ..]) if !key.is_empty() => {
                        let value = self.unquoted(inside, 0);
                        Some(Element { key, value, ..Element::default() })
                    }
                    // LTSV's `key:value`; a time or an address has a colon too, and no such key.
                    Some([b':', inside @ ..]) if role(key).is_some() => {
                        let value = self.unquoted(inside, 0);
                        Some(Element { key, value, ..Element::default() })
                    }
                    _ => {
                        let value = self.unquoted(text, key_end);
                        Some(Element { value, ..Element::default() })
                    }
                }
            }
        }
    }
}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Authority,
    BodySent,
    CacheStatus,
    Client,
    Cluster,
    Completion,
    ConnectTime,
    ConnectionNumber,
    ContentType,
    HeaderTime,
    Method,
    Path,
    ProxyStatus,
    Received,
    RequestId,
    RequestLine,
    RequestTime,
    ResponseTime,
    RetryAfter,
    Sent,
    Server,
    Status,
    Time,
    Upgrade,
    UpstreamAddress,
    UpstreamStatus,
    /// `ua` is the upstream's address in some formats and the user agent in others.
    UpstreamOrAgent,
    Via,
}

/// What the name of an element says: the names of nginx's variables and those that operators give
/// to them, in whichever way they part words (`upstream_addr`, `upstream-addr`, `upstreamAddr`).
fn role(key: &[u8]) -> Option<Role> {
    const LONGEST: usize = 32;
    let mut name = [0; LONGEST];
    let mut length = 0;
    for byte in key.iter().filter(|byte| !matches!(byte, b'_' | b'-' | b'.' | b'$')) {
        *name.get_mut(length)? = byte.to_ascii_lowercase();
        length += 1;
    }
    Some(match name.get(..length)? {
        b"domain" | b"host" | b"httphost" | b"server" | b"servername" | b"vhost" => Role::Authority,
        b"bodybytes" | b"bodybytessent" | b"bytes" | b"bytessent" => Role::BodySent,
        b"cache" | b"ucs" | b"upstreamcachestatus" => Role::CacheStatus,
        b"client" | b"clientip" | b"ip" | b"remoteaddr" | b"remoteip" => Role::Client,
        b"cluster" | b"proxyupstreamname" | b"upstreamname" => Role::Cluster,
        b"requestcompletion" => Role::Completion,
        b"connecttime" | b"uct" | b"upstreamconnecttime" => Role::ConnectTime,
        b"connection" => Role::ConnectionNumber,
        b"senthttpcontenttype" | b"upstreamhttpcontenttype" => Role::ContentType,
        b"headertime" | b"uht" | b"upstreamheadertime" => Role::HeaderTime,
        b"method" | b"requestmethod" | b"verb" => Role::Method,
        b"path" | b"requesturi" | b"uri" | b"url" => Role::Path,
        b"senthttpproxystatus" => Role::ProxyStatus,
        b"ubr" | b"upstreambytesreceived" => Role::Received,
        b"correlationid" | b"reqid" | b"requestid" | b"rid" | b"traceid" | b"xrequestid" => {
            Role::RequestId
        }
        b"req" | b"request" | b"requestline" => Role::RequestLine,
        b"duration" | b"elapsed" | b"reqtime" | b"requestduration" | b"requesttime" | b"rt"
        | b"totaltime" => Role::RequestTime,
        b"responsetime"
        | b"upsresponsetime"
        | b"upsresptime"
        | b"upstreamduration"
        | b"upstreamresponsetime"
        | b"upstreamtime"
        | b"urt"
        | b"ut" => Role::ResponseTime,
        b"senthttpretryafter" | b"upstreamhttpretryafter" => Role::RetryAfter,
        b"ubs" | b"upstreambytessent" => Role::Sent,
        b"upstreamhttpserver" => Role::Server,
        b"httpcode" | b"httpstatus" | b"responsecode" | b"responsestatus" | b"st" | b"status"
        | b"statuscode" => Role::Status,
        b"@timestamp" | b"date" | b"msec" | b"time" | b"timeiso8601" | b"timelocal"
        | b"timestamp" | b"ts" => Role::Time,
        b"httpupgrade" => Role::Upgrade,
        b"upsaddr" | b"upstream" | b"upstreamaddr" | b"upstreamaddress" | b"upstreamhost"
        | b"upstreamip" | b"upstreamserver" => Role::UpstreamAddress,
        b"u" | b"ua" => Role::UpstreamOrAgent,
        b"upsstatus" | b"upstreamcode" | b"upstreamresponsestatus" | b"upstreamstatus" | b"us" => {
            Role::UpstreamStatus
        }
        b"upstreamhttpvia" => Role::Via,
        _ => return None,
    })
}

/// The values of a record by what they are, before they are put into evidence.
#[derive(Clone, Copy, Debug, Default)]
struct Fields<'a> {
    authority: Option<&'a [u8]>,
    body_sent: Option<&'a [u8]>,
    cache_status: Option<&'a [u8]>,
    client: Option<&'a [u8]>,
    cluster: Option<&'a [u8]>,
    completion: Option<&'a [u8]>,
    connect_time: Option<&'a [u8]>,
    connection: Option<&'a [u8]>,
    content_type: Option<&'a [u8]>,
    header_time: Option<&'a [u8]>,
    method: Option<&'a [u8]>,
    path: Option<&'a [u8]>,
    proxy_status: Option<&'a [u8]>,
    received: Option<&'a [u8]>,
    request_id: Option<&'a [u8]>,
    request_line: Option<&'a [u8]>,
    request_time: Option<&'a [u8]>,
    response_time: Option<&'a [u8]>,
    retry_after: Option<&'a [u8]>,
    sent: Option<&'a [u8]>,
    server: Option<&'a [u8]>,
    status: Option<u16>,
    time: Option<Timestamp>,
    upgrade: Option<&'a [u8]>,
    upstream_address: Option<&'a [u8]>,
    upstream_or_agent: Option<&'a [u8]>,
    upstream_status: Option<&'a [u8]>,
    via: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    fn set(&mut self, role: Role, value: &'a [u8]) {
        let slot = match role {
            Role::Authority => &mut self.authority,
            Role::BodySent => &mut self.body_sent,
            Role::CacheStatus => &mut self.cache_status,
            Role::Client => &mut self.client,
            Role::Cluster => &mut self.cluster,
            Role::Completion => &mut self.completion,
            Role::ConnectTime => &mut self.connect_time,
            Role::ConnectionNumber => &mut self.connection,
            Role::ContentType => &mut self.content_type,
            Role::HeaderTime => &mut self.header_time,
            Role::Method => &mut self.method,
            Role::Path => &mut self.path,
            Role::ProxyStatus => &mut self.proxy_status,
            Role::Received => &mut self.received,
            Role::RequestId => &mut self.request_id,
            Role::RequestLine => &mut self.request_line,
            Role::RequestTime => &mut self.request_time,
            Role::ResponseTime => &mut self.response_time,
            Role::RetryAfter => &mut self.retry_after,
            Role::Sent => &mut self.sent,
            Role::Server => &mut self.server,
            Role::Upgrade => &mut self.upgrade,
            Role::UpstreamAddress => &mut self.upstream_address,
            Role::UpstreamStatus => &mut self.upstream_status,
            Role::Via => &mut self.via,
            Role::UpstreamOrAgent => &mut self.upstream_or_agent,
            Role::Status => {
                self.status = self.status.or_else(|| number::status(value));
                return;
            }
            Role::Time => {
                self.time = self.time.or_else(|| time::any(value));
                return;
            }
        };
        slot.get_or_insert(value);
    }

    /// The upstreams, under a name that is theirs in some formats only. A client may call itself
    /// `node`, as an upstream group may be called: it is the group where a status came of it, and
    /// no connection.
    fn upstream_or_agent(&self) -> Option<&'a [u8]> {
        let value = self.upstream_or_agent?;
        let nowhere = |times: Option<&[u8]>| {
            times.is_none_or(|times| List::of(times).all(|time| matches!(time, b"-" | b"")))
        };
        let group = self.upstream_status.is_some_and(is_status_list)
            && nowhere(self.connect_time)
            && nowhere(self.header_time);
        let upstream = matches!(value, b"-" | b"")
            || List::of(value).all(|item| {
                scan::looks_like_address(item) || item.is_empty() || (group && is_name(item))
            });
        upstream.then_some(value)
    }
}

/// A name such as that of an upstream group.
fn is_name(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
}

/// Reads a record. False, and nothing read, where the line is none.
pub(crate) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    match parsed(line, origin) {
        Some(read) => {
            *evidence = read;
            true
        }
        None => false,
    }
}

fn parsed(line: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let mut fields = Fields::default();
    let head = Head::read(line);
    if let Some((head, tail)) = head {
        fields.client = Some(client(head.who)?);
        fields.time = time::common(head.time);
        fields.request_line = Some(head.request);
        fields.status = Some(head.status);
        read_elements(tail, true, &mut fields);
    } else if line.first() == Some(&b'{') {
        json::each(line, |around, key, value| read_json(&mut fields, around, key, value));
    } else {
        read_elements(line, false, &mut fields);
    }
    fields.upstream_address = fields.upstream_address.or_else(|| fields.upstream_or_agent());
    let asked = head.is_some()
        || fields.request_line.and_then(scan::request_line).is_some()
        || (fields.method.is_some() && fields.path.is_some())
        || fields.upstream_status.is_some()
        || fields.upstream_address.is_some();
    (asked && fields.status.is_some()).then_some(())?;
    let mut evidence = gather(&fields)?;
    if let Some((head, _)) = head {
        evidence.body_sent = head.body_sent.map(Bytes::new);
    }
    Some(finish(evidence, line, origin))
}

/// Whether a record goes on in the next line: an object that somebody printed with line breaks.
pub(crate) fn is_unfinished(record: &[u8]) -> bool {
    let goes_on = matches!(record.trim_ascii_end().last(), Some(b'{' | b',' | b'['));
    record.first() == Some(&b'{')
        && (goes_on || (record.starts_with(b"{\n") && !json::each(record, |_, _, _| {})))
}

fn finish<'a>(mut evidence: Evidence<'a>, line: &'a [u8], origin: Origin) -> Evidence<'a> {
    evidence.gateway = Some(Gateway::Nginx);
    evidence.sources.add(Source::AccessLog);
    evidence.records.push((origin, line));
    for seen in evidence.signs.iter_mut() {
        seen.origin = origin;
    }
    evidence
}

/// A key of a JSON object; one in an inner object counts with the outer one's name before it.
fn read_json<'a>(fields: &mut Fields<'a>, around: &'a [u8], key: &'a [u8], value: &'a [u8]) {
    let inner = match around {
        b"upstream" => match key {
            b"addr" | b"address" | b"host" => Some(Role::UpstreamAddress),
            b"status" => Some(Role::UpstreamStatus),
            b"connect_time" => Some(Role::ConnectTime),
            b"header_time" => Some(Role::HeaderTime),
            b"response_time" | b"time" => Some(Role::ResponseTime),
            b"bytes_received" => Some(Role::Received),
            b"bytes_sent" => Some(Role::Sent),
            b"name" => Some(Role::Cluster),
            _ => None,
        },
        b"request" => match key {
            b"method" => Some(Role::Method),
            b"uri" | b"url" | b"path" => Some(Role::Path),
            b"host" => Some(Role::Authority),
            b"id" => Some(Role::RequestId),
            b"time" => Some(Role::RequestTime),
            _ => None,
        },
        b"response" => match key {
            b"status" | b"status_code" => Some(Role::Status),
            _ => None,
        },
        _ => role(key),
    };
    if let Some(role) = inner {
        fields.set(role, value);
    }
}

/// How many elements without a key are looked at.
const MOST_NAMELESS: usize = 32;

/// Reads elements; `combined` says that they stand behind its number of bytes, where it has the
/// client's words.
fn read_elements<'a>(tail: &'a [u8], combined: bool, fields: &mut Fields<'a>) {
    let mut nameless = [Element::default(); MOST_NAMELESS];
    let mut count = 0;
    for element in Elements::of(tail) {
        if let Some(role) = role(element.key) {
            fields.set(role, element.value);
        } else if element.key.is_empty() {
            if let Some(slot) = nameless.get_mut(count) {
                *slot = element;
                count += 1;
            }
        }
    }
    let nameless = nameless.get(..count).unwrap_or_default();
    read_nameless(if combined { without_client_words(nameless) } else { nameless }, fields);
}

/// The elements without Referer and User-Agent, which are the first two in quotes: a client may
/// write an address and a status into them. A format that has upstreams in their place loses those,
/// unless it names them.
const fn without_client_words<'s, 'a>(elements: &'s [Element<'a>]) -> &'s [Element<'a>] {
    match elements {
        [first, second, rest @ ..] if first.quoted && second.quoted => rest,
        _ => elements,
    }
}

/// Elements that have no key, by shape and place.
fn read_nameless<'a>(elements: &[Element<'a>], fields: &mut Fields<'a>) {
    let headless = fields.status.is_none();
    let mut request_seen = !headless;
    let mut address_at = None;
    for (at, element) in elements.iter().enumerate() {
        let value = element.value;
        if !request_seen {
            if scan::request_line(value).is_some() && (element.quoted || value.contains(&b' ')) {
                fields.request_line.get_or_insert(value);
                request_seen = true;
            } else if let Some(read) = time::any(value) {
                fields.time.get_or_insert(read);
            } else if fields.client.is_none() && scan::looks_like_ip(value) {
                fields.client = Some(value);
            }
            continue;
        }
        if fields.status.is_none() && !element.quoted {
            fields.status = number::status(value).filter(|status| (100..600).contains(status));
        } else if element.bracketed {
            match time::any(value) {
                Some(read) => fields.time = fields.time.or(Some(read)),
                None if !value.is_empty() => fields.cluster = fields.cluster.or(Some(value)),
                None => {}
            }
        } else if address_at.is_none() && is_address_list(value) {
            fields.upstream_address.get_or_insert(value);
            address_at = Some(at);
        } else if fields.request_id.is_none() && is_id(value) {
            fields.request_id = Some(value);
        }
    }
    read_times(elements, address_at, fields);
}

/// The times, and behind the address the upstream's status. One time in front of the address is
/// that of the request; behind it stand the upstream's, in the order connect, header, response as
/// far as there are so many.
fn read_times<'a>(elements: &[Element<'a>], address_at: Option<usize>, fields: &mut Fields<'a>) {
    let mut times = [&b""[..]; 3];
    let mut count = 0;
    let mut told = |value: &'a [u8]| {
        if let Some(slot) = times.get_mut(count) {
            *slot = value;
            count += 1;
        }
    };
    let around = |from: usize, count| elements.get(from..)?.get(..count);
    // ingress-nginx: `[name] [alternative] address length time status`.
    if let Some([name, alternative, _, _, response, status]) =
        address_at.and_then(|address| around(address.checked_sub(2)?, 6))
    {
        if name.bracketed && alternative.bracketed {
            let before = around(0, address_at.unwrap_or(0)).unwrap_or_default();
            let total =
                before.iter().map(|element| element.value).find(|value| is_time_list(value));
            fields.request_time = fields.request_time.or(total);
            fields.response_time.get_or_insert(response.value);
            fields.upstream_status.get_or_insert(status.value);
            return;
        }
    }
    for (at, element) in elements.iter().enumerate() {
        let value = element.value;
        let behind = address_at.is_some_and(|address| at > address);
        if is_time_list(value) {
            if !behind && fields.request_time.is_none() {
                fields.request_time = Some(value);
            } else {
                told(value);
            }
        } else if behind && is_status_list(value) && fields.upstream_status.is_none() {
            fields.upstream_status = Some(value);
        } else if value == b"-" && !element.quoted && behind && fields.upstream_status.is_none() {
            told(value);
        }
    }
    match times.get(..count) {
        Some([response]) => {
            fields.response_time.get_or_insert(response);
        }
        // A status that was not told stands behind it.
        Some([response, b"-"]) if fields.upstream_status.is_none() => {
            fields.response_time.get_or_insert(response);
        }
        Some([connect, response]) => {
            fields.connect_time.get_or_insert(connect);
            fields.response_time.get_or_insert(response);
        }
        Some([connect, header, response]) => {
            fields.connect_time.get_or_insert(connect);
            fields.header_time.get_or_insert(header);
            fields.response_time.get_or_insert(response);
        }
        _ => {}
    }
}

fn is_address_list(value: &[u8]) -> bool {
    List::of(value).all(|item| scan::looks_like_address(item) || item.is_empty())
        && List::of(value).any(scan::looks_like_address)
}

fn is_time_list(value: &[u8]) -> bool {
    let time = |item: &[u8]| item.contains(&b'.') && number::seconds(item).is_some();
    List::of(value).all(|item| item == b"-" || time(item)) && List::of(value).any(time)
}

fn is_status_list(value: &[u8]) -> bool {
    let status = |item: &[u8]| number::status(item).is_some_and(|at| (100..600).contains(&at));
    List::of(value).all(|item| item == b"-" || status(item)) && List::of(value).any(status)
}

/// A request id: a UUID, or 16 and more hexadecimal digits.
fn is_id(value: &[u8]) -> bool {
    (16..=64).contains(&value.len())
        && value.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
        && value.iter().any(u8::is_ascii_digit)
}

/// The items of an upstream list, empty ones kept: lists stay aligned.
#[derive(Clone)]
struct List<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> List<'a> {
    const fn of(value: &'a [u8]) -> Self {
        Self { rest: Some(value) }
    }
}

impl<'a> Iterator for List<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let (item, after) = match separator(rest) {
            Some((at, long)) => (rest.get(..at)?, rest.get(at + long..)),
            None => (rest, None),
        };
        self.rest = after;
        Some(item)
    }
}

/// Where the first separator of a list stands, and how long it is. Both kinds are looked for in one
/// pass: a search for one that is not there would go to the end of the list for each item.
fn separator(list: &[u8]) -> Option<(usize, usize)> {
    memchr::memchr2_iter(b',', b':', list).find_map(|at| {
        let blank = |at: usize| list.get(at) == Some(&b' ');
        match list.get(at) {
            Some(b',') if blank(at + 1) => Some((at, 2)),
            Some(b':') if blank(at + 1) => {
                at.checked_sub(1).filter(|before| blank(*before)).map(|before| (before, 3))
            }
            _ => None,
        }
    })
}

/// Puts the values into evidence. `None` where there is not even a status.
fn gather<'a>(fields: &Fields<'a>) -> Option<Evidence<'a>> {
    let mut evidence = Evidence { status: Some(fields.status?), ..Evidence::default() };
    evidence.at = fields.time;
    let present = |value: Option<&'a [u8]>| value.filter(|value| !matches!(*value, b"-" | b""));
    evidence.client = present(fields.client);
    let number = fields.connection.and_then(number::whole);
    evidence.connection = number.map(|number| Connection { process: 0, number });
    evidence.cluster = present(fields.cluster);
    evidence.request.authority = present(fields.authority);
    evidence.request.id = present(fields.request_id);
    match fields.request_line.and_then(scan::request_line) {
        Some((method, path)) => {
            evidence.request.method = Some(method);
            evidence.request.path = Some(path);
        }
        None => {
            evidence.request.method = present(fields.method);
            evidence.request.path = present(fields.path);
        }
    }
    evidence.request.upgrade = present(fields.upgrade).is_some();
    evidence.headers.retry_after = present(fields.retry_after);
    evidence.headers.server = present(fields.server);
    evidence.headers.via = present(fields.via);
    evidence.headers.content_type = present(fields.content_type);
    evidence.headers.proxy_status = present(fields.proxy_status);
    evidence.body_sent = fields.body_sent.and_then(number::bytes);
    evidence.timings.total = fields.request_time.and_then(number::seconds);
    evidence.complete = fields.completion.map(|word| word == b"OK");
    if let Some(word @ (b"STALE" | b"UPDATING")) = fields.cache_status {
        evidence.add(Seen { quote: word, ..Seen::new(Sign::StaleServed) });
    }
    gather_attempts(fields, &mut evidence);
    if let Some(last) = evidence.attempts.last().copied() {
        evidence.timings.connect = last.connect;
        evidence.timings.first_byte = last.header;
    }
    Some(evidence)
}

fn gather_attempts<'a>(fields: &Fields<'a>, evidence: &mut Evidence<'a>) {
    let lists = [fields.upstream_address, fields.upstream_status, fields.response_time];
    evidence.upstream_told = fields.upstream_address.is_some() || fields.upstream_status.is_some();
    let Some(longest) = lists
        .into_iter()
        .flatten()
        .filter(|list| *list != b"-")
        .max_by_key(|list| List::of(list).count())
    else {
        return;
    };
    let mut addresses = Values::of(fields.upstream_address);
    let mut statuses = Values::of(fields.upstream_status);
    let mut connects = Values::of(fields.connect_time);
    let mut headers = Values::of(fields.header_time);
    let mut totals = Values::of(fields.response_time);
    let mut received = Values::of(fields.received);
    let mut sent = Values::of(fields.sent);
    for _ in List::of(longest) {
        evidence.attempts.push(Attempt {
            address: addresses.next_value(),
            status: statuses.next_value().and_then(number::status),
            connect: connects.next_value().and_then(number::seconds),
            header: headers.next_value().and_then(number::seconds),
            total: totals.next_value().and_then(number::seconds),
            received: received.next_value().and_then(number::bytes),
            sent: sent.next_value().and_then(number::bytes),
            connect_told: fields.connect_time.is_some(),
            header_told: fields.header_time.is_some(),
        });
    }
}

/// The values of a list by attempt; `-` and nothing are no value.
struct Values<'a> {
    items: Option<List<'a>>,
}

impl<'a> Values<'a> {
    fn of(list: Option<&'a [u8]>) -> Self {
        Self { items: list.map(List::of) }
    }

    fn next_value(&mut self) -> Option<&'a [u8]> {
        self.items.as_mut()?.next().filter(|item| !matches!(*item, b"-" | b""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::classify;
    use crate::evidence::Millis;
    use crate::vocabulary::Fault;
    use alloc::string::String;
    use alloc::vec::Vec;

    fn origin() -> Origin {
        Origin::new(Source::AccessLog, 0, 1)
    }

    fn read(line: &[u8], origin: Origin) -> Option<Evidence<'_>> {
        parsed(line, origin)
    }

    fn line(tail: &str) -> String {
        alloc::format!(
            "198.51.100.7 - - [22/Nov/2026:07:38:39 +0000] \"GET /cart HTTP/1.1\" 502 157 \"-\" \
             \"curl/8.5.0\"{tail}"
        )
    }

    #[test]
    fn upstream_fields_are_found_under_every_name_and_shape() {
        for tail in [
            " rt=0.004 uct=\"0.001, -\" uht=\"-, -\" urt=\"0.003, 0.001\" ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 502\"",
            " request_time=0.004 upstream_addr=10.0.0.1:80, 10.0.0.2:80 upstream_status=502, 502 upstream_response_time=0.003, 0.001 upstream_connect_time=0.001, - upstream_header_time=-, -",
            " 0.004 10.0.0.1:80, 10.0.0.2:80 502, 502 0.001, - -, - 0.003, 0.001",
            " 1570 0.004 [default-shop-80] [] 10.0.0.1:80, 10.0.0.2:80 0, 0 0.003, 0.001 502, 502 7518a3f78e7cc86696e3996e6382a42a",
            " \"10.0.0.1:80, 10.0.0.2:80\" \"502, 502\" 0.004 \"0.003, 0.001\"",
            " |0.004|10.0.0.1:80 : 10.0.0.2:80|502 : 502|0.003 : 0.001",
        ] {
            let line = line(tail);
            let evidence = read(line.as_bytes(), origin()).unwrap();
            assert_eq!(evidence.status, Some(502), "{tail}");
            assert!(evidence.upstream_told, "{tail}");
            assert_eq!(evidence.attempts.len(), 2, "{tail}");
            let last = evidence.last_attempt().unwrap();
            assert_eq!(last.address, Some(&b"10.0.0.2:80"[..]), "{tail}");
            assert_eq!(last.status, Some(502), "{tail}");
            assert_eq!(last.total, Some(Millis::new(1)), "{tail}");
            assert_eq!(last.connect, None, "{tail}");
        }
    }

    proptest::proptest! {
        #[test]
        fn lists_are_split_where_a_plain_search_splits_them(text in "[a,: ]{0,16}") {
            let mut naive = Vec::new();
            let mut rest = text.as_str();
            loop {
                let places = [(", ", rest.find(", ")), (" : ", rest.find(" : "))];
                let first = places.iter().filter_map(|(by, at)| Some((at.as_ref()?, by))).min();
                let Some((at, by)) = first else { break };
                naive.push(&rest.as_bytes()[..*at]);
                rest = &rest[at + by.len()..];
            }
            naive.push(rest.as_bytes());
            proptest::prop_assert_eq!(List::of(text.as_bytes()).collect::<Vec<_>>(), naive);
        }
    }

    #[test]
    fn other_formats_are_read() {
        for text in [
            r#"{"time":"2026-11-22T07:38:39+00:00","remote_addr":"198.51.100.7","request_method":"GET","request_uri":"/cart","status":"502","upstream_addr":"10.0.0.2:80","upstream_status":"502","upstream_connect_time":"-","request_time":"0.004"}"#,
            r#"{"timeIso8601":"2026-11-22T07:38:39Z","remoteAddr":"198.51.100.7","requestMethod":"GET","requestUri":"/cart","status":502,"upstream-addr":"10.0.0.2:80","upstream-status":"502","upstream-connect-time":"-"}"#,
            r#"{"@timestamp":"2026-11-22T07:38:39Z","client":"198.51.100.7","request":{"method":"GET","uri":"/cart"},"response":{"status":502},"upstream":{"addr":"10.0.0.2:80","status":"502","connect_time":"-"}}"#,
            "time:22/Nov/2026:07:38:39 +0000\tclient:198.51.100.7\tmethod:GET\turi:/cart\tstatus:502\tupstream_addr:10.0.0.2:80\tupstream_status:502\tupstream_connect_time:-",
            r#"time="2026-11-22T07:38:39+00:00" client=198.51.100.7 method=GET uri=/cart status=502 upstream_addr="10.0.0.2:80" upstream_status=502 upstream_connect_time=-"#,
            r#"2026-11-22T07:38:39+00:00 198.51.100.7 "GET /cart HTTP/1.1" 502 0.004 upstream_addr=10.0.0.2:80 us=502 uct=-"#,
        ] {
            let evidence = read(text.as_bytes(), origin()).expect(text);
            assert_eq!(evidence.status, Some(502), "{text}");
            assert!(evidence.at.is_some(), "{text}");
            assert_eq!(evidence.client, Some(&b"198.51.100.7"[..]), "{text}");
            assert_eq!(evidence.request.path, Some(&b"/cart"[..]), "{text}");
            assert_eq!(classify(&evidence).fault, Fault::ConnectFailed, "{text}");
        }
    }

    #[test]
    fn the_times_that_are_missing_tell_how_far_it_got() {
        let told = |status, uct, uht, ubr| {
            line(&alloc::format!(
                " rt=0.1 uct=\"{uct}\" uht=\"{uht}\" urt=\"0.1\" ua=\"10.0.0.2:80\" us=\"{status}\" ubr=\"{ubr}\""
            ))
        };
        for (text, fault) in [
            (told(502, "-", "-", "0"), Fault::ConnectFailed),
            (told(504, "-", "-", "0"), Fault::ConnectTimeout),
            (told(504, "0.001", "-", "0"), Fault::ResponseTimeout),
            (told(502, "0.001", "-", "0"), Fault::ResponseTerminated),
            (told(502, "0.001", "-", "4096"), Fault::ResponseMalformed),
            (told(502, "0.001", "0.002", "300"), Fault::UpstreamBadGateway),
            (line(" ua=\"shop\" us=\"502\" uct=\"-\" uht=\"-\""), Fault::NoHealthyUpstream),
            (line(""), Fault::Unknown),
            (line("").replace(" 502 ", " 504 "), Fault::ResponseTimeout),
            (line("").replace(" 502 ", " 499 "), Fault::ClientClosed),
            (
                line(" ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 502\" urt=\"0.001, 0.001\""),
                Fault::ConnectFailed,
            ),
            (
                line(" ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 502\" urt=\"0.001, 0.100\""),
                Fault::Unknown,
            ),
            (line(" ua=\"10.0.0.1:80\" us=\"502\" urt=\"0.001\""), Fault::Unknown),
            (line(" request_completion=\"\"").replace(" 502 ", " 200 "), Fault::ClientClosed),
            (line(" request_completion=\"OK\"").replace(" 502 ", " 200 "), Fault::None),
        ] {
            let evidence = read(text.as_bytes(), origin()).unwrap();
            assert_eq!(classify(&evidence).fault, fault, "{text}");
        }
    }

    #[test]
    fn the_client_is_found_behind_what_others_put_in_front() {
        let record = line("");
        for (prefix, client) in [
            ("", "198.51.100.7"),
            ("shop.example:443 ", "198.51.100.7"),
            ("shop.example ", "198.51.100.7"),
            ("nginx-1  | ", "198.51.100.7"),
            ("Mar 14 02:11:09 gw nginx: ", "198.51.100.7"),
            ("2026-11-22T07:38:39.123Z stdout F ", "198.51.100.7"),
            ("> ", "198.51.100.7"),
        ] {
            let text = alloc::format!("{prefix}{record}");
            let evidence = read(text.as_bytes(), origin()).expect(&text);
            assert_eq!(evidence.client, Some(client.as_bytes()), "{text}");
        }
        for client in ["2001:db8::7", "::1", "::ffff:10.0.0.9", "unix:", "client.example"] {
            let text = record.replace("198.51.100.7", client);
            let evidence = read(text.as_bytes(), origin()).expect(&text);
            assert_eq!(evidence.client, Some(client.as_bytes()), "{text}");
        }
        // These are opened by whoever knows the carrier.
        for prefix in ["12:", "access.log:12:", "access.log:"] {
            let text = alloc::format!("{prefix}{record}");
            assert!(read(text.as_bytes(), origin()).is_none(), "{text}");
        }
    }

    #[test]
    fn what_a_client_writes_is_no_upstream() {
        let combined = |referer: &str, agent: &str, tail: &str| {
            line(tail).replace("\"-\" \"curl/8.5.0\"", &alloc::format!("\"{referer}\" \"{agent}\""))
        };
        for text in [
            combined("10.0.0.1:80", "502", ""),
            combined("10.0.0.1:80, 10.0.0.2:80", "502, 503", ""),
            combined("10.0.0.1:80", "0.001", " \"198.51.100.7\""),
            combined("10.0.0.1:80", "502", " 0.004"),
            combined("-", "curl", " ua=\"node\""),
            combined("-", "curl", " rt=0.004 us=\"502\" uct=\"0.001\" ua=\"node\""),
            combined("-", "curl", " rt=0.004 ua=\"Mozilla/5.0 (10.0.0.1:80)\""),
        ] {
            let evidence = read(text.as_bytes(), origin()).unwrap();
            let address = evidence.last_attempt().and_then(|attempt| attempt.address);
            assert_eq!(address, None, "{text}");
        }
        let text = combined("10.0.0.1:80", "503", " 0.004 \"10.9.9.9:80\" \"502\" \"0.003\"");
        let evidence = read(text.as_bytes(), origin()).unwrap();
        let last = evidence.last_attempt().unwrap();
        assert_eq!((last.address, last.status), (Some(&b"10.9.9.9:80"[..]), Some(502)));
    }

    #[test]
    fn a_status_that_was_not_told_is_no_time() {
        for tail in [
            " 480 60.001 [default-users-svc-8080] [] 10.244.1.17:8080 0 60.001 - f00d7518a3f78e7c",
            " 60.001 10.244.1.17:8080 60.001 -",
        ] {
            let text = line(tail).replace("\" 502 157", "\" 499 0");
            let evidence = read(text.as_bytes(), origin()).unwrap();
            let last = evidence.last_attempt().unwrap();
            assert_eq!(last.total, Some(Millis::new(60_001)), "{tail}");
            assert_eq!((last.connect, last.status), (None, None), "{tail}");
            assert_eq!(evidence.timings.total, Some(Millis::new(60_001)), "{tail}");
        }
    }

    #[test]
    fn near_misses_are_healthy() {
        for text in [
            line("").replace(" 502 ", " 200 "),
            line("").replace(" 502 ", " 404 "),
            line("").replace(" 502 ", " 429 "),
            line("").replace(" 502 ", " 301 "),
            line("").replace("/cart", "/502/504").replace("\" 502 ", "\" 200 "),
            line(" rt=0.1 ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 200\" uct=\"-, 0.000\" uht=\"-, 0.001\"")
                .replace("\" 502 157", "\" 200 157"),
            line(" ua=\"10.0.0.1:80\" us=\"413\"").replace("\" 502 157", "\" 413 157"),
        ] {
            let evidence = read(text.as_bytes(), origin()).unwrap();
            assert_eq!(classify(&evidence).fault, Fault::None, "{text}");
        }
    }

    #[test]
    fn a_glance_agrees_with_a_reading() {
        for tail in
            ["", " rt=0.104 ua=\"-\"", " 0.104 0.100", " 12 0.104 [a] [] 10.0.0.1:80 0 0.1 502 x"]
        {
            let line = line(tail);
            let glance = glance(line.as_bytes(), Told { times: true, whole: true }).unwrap();
            let evidence = read(line.as_bytes(), origin()).unwrap();
            assert_eq!(Some(glance.status), evidence.status);
            assert_eq!(Some(glance.client), evidence.client);
            assert_eq!(glance.total, evidence.timings.total, "{tail}");
            assert_eq!(glance.body_sent.map(Bytes::new), evidence.body_sent);
            assert_eq!(time::common(glance.time), evidence.at);
        }
    }

    #[test]
    fn a_glance_agrees_with_a_reading_of_json() {
        let usual = r#"{"time_iso8601":"2026-11-22T07:38:34+00:00","remote_addr":"10.0.0.9","request":"GET /cart HTTP/1.1","status":"200","body_bytes_sent":"157","request_time":"0.104","upstream_addr":"10.0.0.1:80","upstream_status":"200","http_user_agent":"a \"status\":\"502\""}"#;
        let apart = usual.replace(
            r#""request":"GET /cart HTTP/1.1""#,
            r#""request_method":"GET","request_uri":"/cart""#,
        );
        for text in [usual.replace("cart", "basket"), apart, usual.replace("\"200\"", "\"404\"")] {
            let told = Told { times: false, whole: false };
            let glance = glance(text.as_bytes(), told).unwrap();
            let evidence = read(text.as_bytes(), origin()).unwrap();
            let path = scan::request_line(glance.request).map_or(glance.path, |(_, path)| path);
            assert_eq!(Some(path), evidence.request.path, "{text}");
            assert_eq!(Some(glance.status), evidence.status, "{text}");
            assert_eq!(Some(glance.client), evidence.client);
            assert_eq!(glance.total, evidence.timings.total);
            assert_eq!(time::any(glance.time), evidence.at);
            assert!(evidence.signs.is_empty(), "{text}");
        }
        // Envoy's, one that is cut, one without a time.
        for (this, that) in [
            (r#""status""#, r#""response_flags":"DC","status""#),
            ("\"}", ""),
            (r#""request_time":"0.104","#, ""),
        ] {
            let text = usual.replace(this, that);
            assert_eq!(
                glance(text.as_bytes(), Told { times: false, whole: false }),
                None,
                "{that}"
            );
        }
    }

    #[test]
    fn cut_lines_keep_what_was_read() {
        let whole =
            line(" rt=0.004 uct=\"0.001, -\" ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 502\"");
        for end in 0..whole.len() {
            if let Some(evidence) = read(&whole.as_bytes()[..end], origin()) {
                assert_eq!(evidence.status, Some(502));
            }
        }
        let lines: Vec<_> = (80..whole.len())
            .filter(|end| read(&whole.as_bytes()[..*end], origin()).is_some())
            .collect();
        assert_eq!(lines.len(), whole.len() - 80);
    }
}
