//! One record of nginx's error log.
//!
//! ```text
//! record  = [ date " " time " " ] "[" level "]" " " pid "#" tid ": " [ "*" number " " ] message
//! message = phrase details [ " (" errno ": " text ")" ] [ " while " action ] *( ", " field )
//! field   = name ": " value
//! ```
//!
//! Any of it may be missing in what people paste: a line begins with the level, with the
//! connection's number, or with the message. The message ends where the fields begin, and only it
//! is searched: a request for `/?q=upstream+timed+out` is in a field. Where the message begins with
//! a file's name or other text of a stranger's, only what nginx writes behind it is searched.

use super::phrases::{ACTIONS, CALLED, COMMON, INFIXES, NAMES, PHRASES, Phrase, Proves, QUOTED};
use crate::dialects::standard::level::Level;
use crate::dialects::standard::{errno, fastcgi, tls};
use crate::evidence::{
    Attempt, Connection, Evidence, Origin, Protocol, Seen, Sign, Source, Timestamp,
};
use crate::scan::{self, number, phrase, time};
use crate::vocabulary::{Gateway, Phase};

/// The beginning of a record, which tells it from other lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Head<'a> {
    at: Option<Timestamp>,
    level: Level,
    process: u32,
    number: Option<u64>,
    message: &'a [u8],
}

impl<'a> Head<'a> {
    /// Reads the beginning; `None` where the line is no record of this log. A level alone, or a date
    /// alone, is anybody's: Go programs write nginx's date, many write `[error]`.
    pub(crate) fn read(line: &'a [u8]) -> Option<Self> {
        let (at, rest) = match time::slashed(line) {
            Some((at, rest)) => (Some(at), rest.strip_prefix(b" ")?),
            None => (None, line),
        };
        let (named, rest) = match rest.strip_prefix(b"nginx: ") {
            Some(rest) => (true, rest),
            None => (at.is_some(), rest),
        };
        let (level, rest) = match rest.strip_prefix(b"[") {
            Some(inside) => {
                let (level, rest) = scan::split_byte(inside, b']')?;
                (Some(Level::from_name(level)?), rest.strip_prefix(b" ")?)
            }
            None => (None, rest),
        };
        let (process, rest) = process(rest).unwrap_or((0, rest));
        let (number, message) = connection_number(rest);
        (process > 0 || number.is_some() || (named && level.is_some())).then_some(())?;
        Some(Self { at, level: level.unwrap_or(Level::Error), process, number, message })
    }
}

fn process(text: &[u8]) -> Option<(u32, &[u8])> {
    let (process, rest) = number::leading(text)?;
    let process = u32::try_from(process).ok()?;
    if let Some(rest) = rest.strip_prefix(b" ").filter(|rest| rest.first() == Some(&b'*')) {
        // Who retells a record leaves the thread out.
        return Some((process, rest));
    }
    let (_, rest) = number::leading(rest.strip_prefix(b"#")?)?;
    Some((process, rest.strip_prefix(b": ")?))
}

fn connection_number(text: &[u8]) -> (Option<u64>, &[u8]) {
    let number = text
        .strip_prefix(b"*")
        .and_then(number::leading)
        .and_then(|(number, rest)| Some((number, rest.strip_prefix(b" ")?)));
    match number {
        Some((number, rest)) => (Some(number), rest),
        None => (None, text),
    }
}

/// Whether a line begins as a record of this log does.
pub(crate) fn has_head(line: &[u8]) -> bool {
    Head::read(line).is_some()
}

/// Reads a record. False, and nothing read, where the line is none.
pub(crate) fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let Some(head) = Head::read(record) else { return false };
    begin(record, origin, evidence);
    evidence.at = head.at;
    evidence.connection = head.number.map(|number| Connection { process: head.process, number });
    let parts = Parts { grave: head.level >= Level::Crit, ..Parts::of(head.message) };
    read_fields(parts.fields, evidence);
    let no_upstream = evidence.attempts.is_empty();
    let sign = match parts.sign(origin, no_upstream) {
        Some(seen) => seen,
        None => unknown_message(&head, &parts, origin, no_upstream),
    };
    // Who speaks first where TLS was to be spoken does not speak TLS.
    let first_to_speak = sign.quote.starts_with(b"upstream prematurely sent response");
    let sign = match evidence.protocol {
        Some(protocol) if protocol.is_tls() && first_to_speak => {
            Seen { sign: Sign::TlsNotSpoken, ..sign }
        }
        _ => sign,
    };
    // A start that failed, or a worker that died, is no exchange.
    let alone = head.number.is_none() && evidence.client.is_none();
    evidence.event = alone && (head.level == Level::Emerg || sign.sign == Sign::WorkerCrashed);
    let attempt = (!no_upstream).then_some(0);
    evidence.add(Seen { attempt, ..sign });
    true
}

/// Whether a record goes on in the next line: what an application wrote to its error output holds
/// line breaks, and the quote around it is still open.
pub(crate) fn is_unfinished(record: &[u8]) -> bool {
    // Most records end with their last field's quote.
    !record.ends_with(b"\"")
        && memchr::memchr_iter(b'"', record).count() % 2 == 1
        && Head::read(record).is_some()
}

/// Reads a message that stands alone, without the beginning that nginx writes: whole, cut at
/// either end, or in the middle of other words. `None` where nothing in it is nginx's.
pub(crate) fn read_message(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let whole = Parts::pasted(text, b"");
    let phrase = whole.phrase().or_else(|| whole.phrase_in_any_case());
    let (parts, seen) = match phrase {
        Some(phrase) => (whole, whole.seen(phrase, origin, true)),
        None => cut(text, origin).or_else(|| buried(text, origin))?,
    };
    // A lone word such as "user" is no message of nginx's.
    if seen.sign == Sign::Harmless {
        return None;
    }
    let mut evidence = Evidence::default();
    begin(text, origin, &mut evidence);
    read_fields(parts.fields, &mut evidence);
    let attempt = (!evidence.attempts.is_empty()).then_some(0);
    evidence.add(Seen { attempt, ..seen });
    Some(evidence)
}

fn begin<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
    evidence.gateway = Some(Gateway::Nginx);
    evidence.sources.add(Source::ErrorLog);
    evidence.records.push((origin, record));
}

/// A message that the table does not know.
fn unknown_message<'a>(
    head: &Head<'a>,
    parts: &Parts<'a>,
    origin: Origin,
    no_upstream: bool,
) -> Seen<'a> {
    if let Some(phrase) = parts.phrase_in_any_case() {
        return parts.seen(phrase, origin, no_upstream);
    }
    let sign = match head.level {
        // nginx does not start, or does not take a new configuration.
        Level::Emerg => Sign::Misconfigured,
        // Something failed, and the phase that is told does not say how: no fault is named.
        Level::Error | Level::Crit | Level::Alert if !no_upstream || head.level > Level::Error => {
            Sign::Failed
        }
        Level::Error => Sign::Unrecognized,
        _ => Sign::Harmless,
    };
    Seen { quote: parts.quote(), origin, ..Seen::new(sign) }
}

/// A message, taken apart.
#[derive(Clone, Copy, Debug)]
struct Parts<'a> {
    /// All before the fields.
    message: &'a [u8],
    /// The phrase with its details, without the action.
    core: &'a [u8],
    /// The core from the quote on that ends a stranger's text; all of it where it begins with none.
    details: &'a [u8],
    /// Whether nginx takes it for critical, which it does with no request's mistakes.
    grave: bool,
    /// What stands behind ` while `.
    action: Option<&'a [u8]>,
    /// The fields, from the comma on.
    fields: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(text: &'a [u8]) -> Self {
        let name = name_ends(text);
        let from = name.unwrap_or(0);
        let (message, fields) = text.split_at(fields_begin(text, name));
        // A comma that ends a message cut off there is no detail.
        let message = message.strip_suffix(b", client:").unwrap_or(message);
        let said = message.get(from..).unwrap_or_default();
        // Pasted with the line broken in front of the action.
        let at = scan::rfind(said, b" while ").or_else(|| scan::rfind(said, b"\nwhile "));
        let (core, action) = match at.map(|at| from + at) {
            Some(at) => (message.get(..at).unwrap_or(message), message.get(at + 7..)),
            None => (message, None),
        };
        let details = core.get(from..).unwrap_or_default();
        Self { message, core, details, grave: false, action, fields }
    }

    /// The same of a message without its head, of which only the level may be left in front.
    fn pasted(text: &'a [u8], before: &[u8]) -> Self {
        let before = before.trim_ascii_end();
        let grave = [&b"[crit]"[..], b"[alert]", b"[emerg]"];
        let grave = grave.iter().any(|level| before.ends_with(level));
        let parts = Self::of(text);
        Self { grave: grave || parts.is_about_a_temporary_file(), ..parts }
    }

    /// nginx numbers its temporary files: `open() "/var/lib/nginx/body/4/07/0000000074" failed`, in folders
    /// whose names mostly end with `_temp`.
    fn is_about_a_temporary_file(&self) -> bool {
        const DIGITS: usize = 10;
        let Some((call, rest)) = scan::split(self.core, b"() \"") else { return false };
        let Some((name, _)) = scan::split(rest, b"\" failed") else { return false };
        let number = name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        call.iter().all(u8::is_ascii_lowercase)
            && number.len() == DIGITS
            && number.iter().all(u8::is_ascii_digit)
    }

    fn quote(&self) -> &'a [u8] {
        const MOST: usize = 400;
        self.message.get(..MOST).unwrap_or(self.message)
    }

    /// The phase that the action names; `Some(None)` for one outside of the exchange.
    fn phase(&self) -> Option<Option<Phase>> {
        let action = self.action?;
        let at = phrase::longest_prefix(action, ACTIONS, |(words, _)| words.as_bytes());
        // An action that is cut is the only one that begins so.
        let at = at.or_else(|| {
            let begins = |(words, _): &(&str, _)| words.as_bytes().starts_with(action);
            let first = ACTIONS.iter().position(begins)?;
            let only = ACTIONS.iter().skip(first + 1).all(|next| !begins(next));
            (action.len() >= 4 && only).then_some(first)
        })?;
        ACTIONS.get(at).map(|(_, phase)| *phase)
    }

    /// What the message proves, with its phase; `None` where the table does not know it.
    fn sign(&self, origin: Origin, no_upstream: bool) -> Option<Seen<'a>> {
        let phrase = self.phrase()?;
        Some(self.seen(phrase, origin, no_upstream))
    }

    fn phrase(&self) -> Option<&'static Phrase> {
        for phrase in COMMON.into_iter().filter_map(|at| PHRASES.get(at)) {
            let words = phrase.text.as_bytes();
            // Comparing one letter first spares the call for most.
            if self.core.first() == words.first() && self.core.starts_with(words) {
                return Some(phrase);
            }
        }
        let begins = phrase::longest_prefix(self.core, PHRASES, |phrase| phrase.text.as_bytes());
        // In front of the message stands, in lines of Lua, its place in the code.
        begins.and_then(|at| PHRASES.get(at)).or_else(|| {
            INFIXES.iter().find(|phrase| scan::holds(self.details, phrase.text.as_bytes()))
        })
    }

    /// The phrase in other letter case: what was pasted begins with a capital.
    fn phrase_in_any_case(&self) -> Option<&'static Phrase> {
        let begins = |phrase: &&Phrase| {
            let words = phrase.text.as_bytes();
            let start = self.core.get(..words.len());
            words.len() >= 8 && start.is_some_and(|start| start.eq_ignore_ascii_case(words))
        };
        PHRASES.iter().filter(begins).max_by_key(|phrase| phrase.text.len())
    }

    fn seen(&self, phrase: &Phrase, origin: Origin, no_upstream: bool) -> Seen<'a> {
        let told = self.phase();
        let phase = told.unwrap_or_else(|| phrase.usual_phase());
        let (sign, phase, number) = match told {
            // Stapling and the like: nothing of the exchange.
            Some(None) => (Sign::Harmless, None, None),
            _ => self.proved(phrase.proves, phase, no_upstream),
        };
        let ignored = self.core.ends_with(b", ignored");
        let sign = if ignored { Sign::Harmless } else { sign };
        Seen { sign, phase, number, quote: self.quote(), origin, ..Seen::new(sign) }
    }

    fn proved(
        &self,
        proves: Proves,
        phase: Option<Phase>,
        no_upstream: bool,
    ) -> (Sign, Option<Phase>, Option<u32>) {
        let client = phase == Some(Phase::Client);
        match proves {
            Proves::Is(Sign::Closed) if client && !no_upstream => {
                (Sign::Closed, Some(Phase::ResponseBody), None)
            }
            Proves::Is(sign @ (Sign::TimedOut | Sign::Malformed | Sign::BodyMalformed))
                if client =>
            {
                (sign, Some(Phase::ResponseBody), None)
            }
            Proves::Is(sign) => (sign, phase, None),
            Proves::Errno(otherwise) => {
                let number = self.errno();
                let sign = number.and_then(errno::network).unwrap_or(otherwise);
                match sign {
                    Sign::Closed | Sign::Reset if client => (Sign::ClientGone, phase, number),
                    _ => (sign, phase, number),
                }
            }
            Proves::Read => {
                let number = self.errno();
                let sign = number.and_then(errno::network).unwrap_or(Sign::Failed);
                match phase {
                    // Read from the upstream while its response is passed on.
                    Some(Phase::Client) if self.relaying() => {
                        (sign, Some(Phase::ResponseBody), number)
                    }
                    Some(Phase::Client) => (Sign::ClientGone, phase, number),
                    _ => (sign, phase, number),
                }
            }
            Proves::Write => {
                let number = self.errno();
                let sign = number.and_then(errno::network).unwrap_or(Sign::BrokenPipe);
                match phase {
                    Some(Phase::Client) => (Sign::ClientGone, phase, number),
                    // What is written then is the rest of the request.
                    Some(Phase::ResponseHeaders) => (sign, Some(Phase::Request), number),
                    _ => (sign, phase, number),
                }
            }
            Proves::File => {
                let number = self.errno();
                let own = self.grave || self.action.is_some() || !no_upstream;
                (self.file(number, own), phase, number)
            }
            Proves::Asked => {
                let number = self.errno();
                (self.file(number, false), phase, number)
            }
            Proves::Tls(otherwise) => self.tls(otherwise, phase),
            Proves::Verify => {
                let code = self.parenthesized(b"(").and_then(number::leading);
                let code = code.and_then(|(code, _)| u32::try_from(code).ok());
                (code.map_or(Sign::CertificateInvalid, tls::verify_code), phase, code)
            }
            Proves::Resolver => {
                let code =
                    scan::split(self.core, b" (").and_then(|(_, rest)| number::leading(rest));
                let code = code.and_then(|(code, _)| u32::try_from(code).ok());
                let sign = match code {
                    Some(3) => Sign::NameNotFound,
                    Some(60 | 110 | 10060) => Sign::ResolverTimedOut,
                    _ => Sign::ResolverFailed,
                };
                (sign, Some(Phase::Resolve), code)
            }
            Proves::Stderr => (fastcgi::stderr(self.core), phase, None),
            Proves::ClientTimeout => match self.action {
                Some(b"sending to client") => (Sign::ClientGone, phase, None),
                _ => (Sign::TimedOut, Some(Phase::Client), None),
            },
            Proves::StreamError(sign) => (sign, phase, self.last_number()),
            Proves::Number(sign) => (sign, phase, self.first_number()),
            Proves::FrameLength => match self.first_number() {
                // The three bytes of a frame's length, read from "HTTP/1.1 …".
                Some(length @ 4_740_180) => (Sign::ProtocolMismatch, phase, Some(length)),
                length => (Sign::Malformed, phase, length),
            },
            Proves::Worker => {
                let crashed = scan::holds(self.core, b" on signal ")
                    || scan::holds(self.core, b" fatal code ");
                let sign = if crashed { Sign::WorkerCrashed } else { Sign::Harmless };
                (sign, phase, self.last_number())
            }
        }
    }

    /// What failed on a file. Without an errno the message is cut, and nobody knows whose file it was.
    fn file(&self, number: Option<u32>, own: bool) -> Sign {
        let Some(number) = number else {
            return if self.action.is_some() { Sign::InternalError } else { Sign::Unrecognized };
        };
        let sign = if own { errno::file(number) } else { errno::asked_file(number) };
        sign.unwrap_or(Sign::InternalError)
    }

    /// OpenSSL's words, or an errno. Towards the client, the handshake is the client's affair.
    fn tls(&self, otherwise: Sign, phase: Option<Phase>) -> (Sign, Option<Phase>, Option<u32>) {
        let known = tls::openssl(self.core);
        let (sign, number) = match (known, self.errno()) {
            (Some(known), _) => known,
            (None, Some(number)) => (errno::network(number).unwrap_or(otherwise), Some(number)),
            (None, None) => (otherwise, None),
        };
        match phase {
            Some(Phase::Client) if self.relaying() => match otherwise {
                Sign::BrokenPipe => (Sign::ClientGone, phase, number),
                _ => (sign, Some(Phase::ResponseBody), number),
            },
            Some(Phase::Client) => (Sign::ClientInvalid, phase, number),
            _ => (sign, phase, number),
        }
    }

    /// Whether the response was being passed on: then a read is one from the upstream.
    fn relaying(&self) -> bool {
        self.action.is_some_and(|action| action.starts_with(b"sending to client"))
    }

    /// What stands behind the last such opening.
    fn parenthesized(&self, opening: &[u8]) -> Option<&'a [u8]> {
        let at = scan::rfind(self.details, opening)?;
        self.details.get(at + opening.len()..)
    }

    /// The number in the last `(111: Connection refused)`.
    fn errno(&self) -> Option<u32> {
        let (number, rest) = number::leading(self.parenthesized(b"(")?)?;
        (rest.first() == Some(&b':')).then_some(())?;
        u32::try_from(number).ok()
    }

    fn first_number(&self) -> Option<u32> {
        let (_, rest) = scan::split(self.core, b": ")?;
        u32::try_from(number::leading(rest)?.0).ok()
    }

    fn last_number(&self) -> Option<u32> {
        let digits =
            self.core.rsplit(|byte| !byte.is_ascii_digit()).find(|part| !part.is_empty())?;
        u32::try_from(number::whole(digits)?).ok()
    }
}

/// Whether a text begins with the name of a field.
fn is_field(text: &[u8]) -> bool {
    let names: &[&[u8]] = match text.first() {
        Some(b'c') => &[b"client: ", b"context: "],
        Some(b's') => &[b"server: ", b"subrequest: "],
        Some(b'r') => &[b"request: ", b"referrer: ", b"resolver: ", b"request_id: "],
        Some(b'u') => &[b"upstream: "],
        Some(b'h') => &[b"host: "],
        _ => return false,
    };
    names.iter().any(|name| text.starts_with(name))
}

/// Where the fields begin: at the first `, client: ` or another field that comes first, behind the
/// stranger's text that a message begins with. A message that quotes the upstream's or the client's
/// words further on is passed over to its closing quote.
fn fields_begin(text: &[u8], name: Option<usize>) -> usize {
    if let Some(end) = name {
        return field_from(text, end);
    }
    let first = field_from(text, 0);
    // The dump of a header, the output of an application: up to the quote before the action.
    match text.get(..first).and_then(|message| scan::find(message, b": \"")) {
        None => first,
        Some(quote) => field_from(text, closing_quote(text, quote + 3, QUOTED).unwrap_or(quote)),
    }
}

/// The quote that ends the stranger's text which a message begins with; the end of the text where
/// the message is cut in front of it. `None` where it begins with other words.
fn name_ends(text: &[u8]) -> Option<usize> {
    let (call, _) = scan::span(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let behind = text.get(call.len()..).unwrap_or_default();
    if !call.is_empty() && behind.starts_with(b"() \"") {
        let from = call.len() + b"() \"".len();
        return Some(closing_quote(text, from, CALLED).unwrap_or(text.len()));
    }
    let at = phrase::longest_prefix(text, NAMES, |(opening, _)| opening.as_bytes())?;
    let (opening, closings) = NAMES.get(at)?;
    let closing = closing_quote(text, opening.len(), closings);
    // Anybody may put a message in quotes; other openings are nginx's, and what follows is cut.
    closing.or_else(|| (*opening != "\"").then_some(text.len()))
}

/// The quote that ends a stranger's text, told from those inside by what nginx writes behind it.
///
/// The stranger may write the same: in front, in what is quoted, and behind, in the request or the
/// referrer. In front of nginx's own request field stands no other quote than the one that is looked
/// for, so it is the last one of its kind before a request field; where the record has none, the
/// last one. A referrer that follows a request ends the search, for it may hold a whole record.
/// A name that holds a whole record with a referrer looks the same, and wins: it can choose the
/// errno and the fields, not the phrase. One pass over the text.
fn closing_quote(text: &[u8], from: usize, closings: &[&str]) -> Option<usize> {
    let mut last = None;
    let mut before_request = None;
    for at in memchr::memchr_iter(b'"', text.get(from..)?).map(|at| from + at) {
        let (before, behind) = (text.get(..at)?, text.get(at + 1..)?);
        if closings.iter().any(|words| behind.starts_with(words.as_bytes())) {
            last = Some(at);
        } else if last.is_some() && before.ends_with(b", request: ") {
            before_request = last;
        } else if before_request.is_some() && before.ends_with(b", referrer: ") {
            break;
        }
    }
    before_request.or(last)
}

/// The comma in front of the first field from a place on; the end where there is none.
fn field_from(text: &[u8], mut from: usize) -> usize {
    while let Some(at) = text.get(from..).and_then(|rest| scan::find(rest, b", ")) {
        from += at;
        if text.get(from + 2..).is_some_and(is_field) {
            return from;
        }
        from += 2;
    }
    text.len()
}

/// Reads the fields. A request may hold anything, quotes and commas too: it ends at the last
/// quote in front of the next field that nginx writes itself.
fn read_fields<'a>(fields: &'a [u8], evidence: &mut Evidence<'a>) {
    let mut rest = fields;
    let mut asked = false;
    while let Some(field) = rest.strip_prefix(b", ") {
        let Some((name, value)) = named(field) else { break };
        // nginx writes one request. What looks like a second one is a stranger's, and a line full
        // of them must not be searched to its end for each.
        let request = name == b"request" && !asked;
        asked |= request;
        let (value, after) = match value.strip_prefix(b"\"") {
            Some(quoted) => quoted_value(quoted, request),
            None => {
                let end = scan::find(value, b", ").unwrap_or(value.len());
                value.split_at(end)
            }
        };
        match name {
            b"client" => evidence.client = client(value),
            b"request" if request => {
                if let Some((method, path)) = scan::request_line(value) {
                    evidence.request.method = Some(method);
                    evidence.request.path = Some(path);
                }
            }
            b"upstream" => upstream(value, evidence),
            b"host" => evidence.request.authority = Some(value),
            // Kong, ingress-nginx and others add it.
            b"request_id" => evidence.request.id = Some(value),
            _ => {}
        }
        rest = after;
    }
}

/// The name of a field and what stands behind its colon and blank. Names are short.
fn named(field: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, value) = scan::split_byte(field, b':')?;
    match value.strip_prefix(b" ") {
        Some(value) => Some((name, value)),
        None => scan::split(field, b": "),
    }
}

/// A quoted value and what follows. nginx escapes no quotes here.
fn quoted_value(text: &[u8], request: bool) -> (&[u8], &[u8]) {
    let end = if request { request_end(text) } else { scan::find(text, b"\", ") };
    let end = end.or_else(|| memchr::memrchr(b'"', text)).unwrap_or(text.len());
    let (value, rest) = text.split_at(end);
    (value, rest.strip_prefix(b"\"").unwrap_or(rest))
}

/// The quote that ends a request: behind the last version that a field follows, since nginx writes
/// the version last. What stands in the referrer is a stranger's again and does not count.
fn request_end(text: &[u8]) -> Option<usize> {
    let mut ends = None;
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| scan::find(rest, b" HTTP/")) {
        let quote = from + at + b" HTTP/1.1".len();
        let rest = text.get(quote..).unwrap_or_default();
        if rest == b"\"" || rest.strip_prefix(b"\", ").is_some_and(is_field) {
            let referrer = ends.and_then(|end| text.get(end..quote));
            if referrer.is_some_and(|between| scan::holds(between, b"\", referrer: \"")) {
                break;
            }
            ends = Some(quote);
        }
        from += at + 1;
    }
    ends.or_else(|| scan::find(text, b"\", "))
}

/// A client's address, without the port that the stream module may add.
fn client(value: &[u8]) -> Option<&[u8]> {
    let value = scan::trim(value);
    let value = value.split(|byte| *byte == b',').next().unwrap_or(value);
    (!value.is_empty()).then_some(value)
}

/// `http://10.0.0.2:8080/path`, `fastcgi://unix:/run/app.sock:`, `10.0.0.2:443`.
fn upstream<'a>(value: &'a [u8], evidence: &mut Evidence<'a>) {
    let (scheme, rest) = match scan::split(value, b"://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, value),
    };
    evidence.protocol = match scheme {
        Some(scheme) => Protocol::from_scheme(scheme),
        None => Some(Protocol::Stream),
    };
    let address = match rest.strip_prefix(b"unix:") {
        // The path of the socket ends at a colon, the path of the request follows.
        Some(path) => {
            let end = memchr::memchr(b':', path).unwrap_or(path.len());
            rest.get(..end + 5).unwrap_or(rest)
        }
        None => rest.split(|byte| *byte == b'/').next().unwrap_or(rest),
    };
    if !address.is_empty() {
        evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
    }
}

/// A message whose beginning is cut off: it ends as one of the phrases does.
fn cut<'a>(text: &'a [u8], origin: Origin) -> Option<(Parts<'a>, Seen<'a>)> {
    const LEAST: usize = 6;
    let parts = Parts::of(text);
    let phase = parts.phase().flatten()?;
    if let Some(number) = parts.errno() {
        let sign = errno::network(number)?;
        // Without the phrase an errno may be nginx's own timer; both mean that time ran out.
        let seen = Seen {
            phase: Some(phase),
            number: Some(number),
            quote: parts.quote(),
            origin,
            ..Seen::new(sign)
        };
        return Some((parts, seen));
    }
    let ends_so = |phrase: &&Phrase| {
        let whole = phrase.text.as_bytes();
        let core = parts.core.strip_suffix(b" connection").unwrap_or(parts.core);
        core.len() >= LEAST && whole.ends_with(core)
    };
    let phrase = PHRASES.iter().find(ends_so)?;
    // "prematurely closed" is said of the client and of the upstream: then nothing is proved.
    if PHRASES.iter().any(|other| ends_so(&other) && other.proves != phrase.proves) {
        return None;
    }
    let seen = parts.seen(phrase, origin, true);
    (seen.phase.is_some()).then_some((parts, seen))
}

/// Whether a text that stands among lines of other programs is nginx's, and not only words that
/// nginx uses too: it begins as one of its messages does, or it names a party or an action as only
/// nginx does. "our job queue: upstream timed out" does neither.
// Asked by who reads whole logs.
pub(crate) fn is_whole_message(text: &[u8]) -> bool {
    let text = scan::trim(text);
    let field = |name: &[u8]| scan::holds(text, name);
    if field(b", client: ") || field(b", upstream: \"") {
        return true;
    }
    let parts = Parts::of(text);
    let acts = parts.action.is_some_and(|action| {
        let at = phrase::longest_prefix(action, ACTIONS, |(words, _)| words.as_bytes());
        let words = at.and_then(|at| ACTIONS.get(at)).map_or("", |(words, _)| words);
        let behind = action.get(words.len()..).and_then(<[u8]>::first);
        let whole = words.ends_with(' ') || !behind.is_some_and(u8::is_ascii_alphanumeric);
        whole && (words.contains("upstream") || words.contains("client"))
    });
    acts || parts.phrase().or_else(|| parts.phrase_in_any_case()).is_some_and(|phrase| {
        let Some((begins, rest)) = parts.core.split_at_checked(phrase.text.len()) else {
            return false;
        };
        let goes_on = match phrase.proves {
            // Others fail to connect and to receive too, but only nginx puts the number there.
            _ if phrase.text.contains("()") => parts.errno().is_some(),
            // Everyday words, behind which nginx writes a number, or the action at once.
            Proves::Is(Sign::TimedOut | Sign::NoneHealthy) => {
                rest.is_empty() || rest.starts_with(b" (")
            }
            _ => true,
        };
        goes_on && is_telling(phrase) && begins.eq_ignore_ascii_case(phrase.text.as_bytes())
    })
}

/// Whether a phrase is nginx's wherever it stands; one word is anybody's.
fn is_telling(phrase: &Phrase) -> bool {
    phrase.text.len() >= 12 && phrase.text.split_ascii_whitespace().count() >= 2
}

/// A message in the middle of other words: behind a blank, a quote, a colon. Only phrases of two
/// words and more are looked for; one word is anybody's.
fn buried<'a>(text: &'a [u8], origin: Origin) -> Option<(Parts<'a>, Seen<'a>)> {
    let mut previous = b' ';
    // A name in quotes is passed over once, not for each of its own quotes.
    let mut quoted = false;
    for (at, byte) in text.iter().enumerate() {
        if *byte == b'"' && !quoted {
            quoted = true;
            let parts = Parts::of(text.get(at..).unwrap_or_default());
            let behind = |phrase: &&Phrase| {
                phrase.text.starts_with('"') && parts.details.starts_with(phrase.text.as_bytes())
            };
            if let Some(phrase) = INFIXES.iter().find(behind) {
                return Some((parts, parts.seen(phrase, origin, true)));
            }
        }
        let begins = !previous.is_ascii_alphanumeric() && byte.is_ascii_alphanumeric();
        previous = *byte;
        if !begins {
            continue;
        }
        let Some(rest) = text.get(at..) else { continue };
        let found = phrase::longest_prefix(rest, PHRASES, |phrase| phrase.text.as_bytes());
        let Some(phrase) = found.and_then(|at| PHRASES.get(at)) else { continue };
        // Others open files too, but only nginx puts the number behind the name.
        if phrase.text.ends_with("() \"") && !quoted {
            quoted = true;
            let parts = Parts::pasted(rest, text.get(..at).unwrap_or_default());
            if parts.errno().is_some() {
                return Some((parts, parts.seen(phrase, origin, true)));
            }
        }
        let parts = Parts::of(rest);
        // Others tell that they are about to connect, too.
        let called = phrase.text.starts_with("connect() ");
        let failed = !called || scan::holds(parts.core, b"failed");
        if is_telling(phrase) && failed {
            return Some((parts, parts.seen(phrase, origin, true)));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::meaning_of;
    use crate::vocabulary::Fault;

    fn origin() -> Origin {
        Origin::new(Source::ErrorLog, 0, 1)
    }

    fn read(record: &[u8], origin: Origin) -> Option<Evidence<'_>> {
        let mut evidence = Evidence::default();
        super::read(record, origin, &mut evidence).then_some(evidence)
    }

    #[test]
    fn a_second_request_is_not_nginxs() {
        let line = "2026/11/22 07:38:39 [error] 31#31: *7 no live upstreams, client: 10.0.0.9, \
                    request: \"GET /a\", request: \"GET /b\", upstream: \"http://shop/\"";
        let evidence = read(line.as_bytes(), origin()).unwrap();
        assert_eq!(evidence.request.path, Some(&b"/a"[..]));
        assert_eq!(evidence.last_attempt().unwrap().address, Some(&b"shop"[..]));
    }

    fn record(message: &str) -> alloc::string::String {
        alloc::format!(
            "2026/11/22 07:38:39 [error] 31#31: *7 {message}, client: 10.0.0.9, server: shop, \
             request: \"GET /cart HTTP/1.1\", upstream: \"http://10.0.0.2:8080/cart\", \
             host: \"shop.example\""
        )
    }

    #[test]
    fn every_phrase_is_read_from_its_own_example() {
        for phrase in PHRASES.iter().chain(INFIXES) {
            let record = record(phrase.example);
            let evidence = read(record.as_bytes(), origin()).expect(phrase.example);
            let parts = Parts::of(phrase.example.as_bytes());
            let found = parts.phrase().map(|found| found.text);
            assert_eq!(found, Some(phrase.text), "{}", phrase.example);
            assert_eq!(evidence.signs.len(), 1, "{}", phrase.example);
            assert_eq!(evidence.client, Some(&b"10.0.0.9"[..]), "{}", phrase.example);
        }
    }

    #[test]
    fn a_record_is_read_in_every_part() {
        let record =
            record("connect() failed (111: Connection refused) while connecting to upstream");
        let evidence = read(record.as_bytes(), origin()).unwrap();
        assert_eq!(evidence.connection, Some(Connection { process: 31, number: 7 }));
        assert_eq!(evidence.request.method, Some(&b"GET"[..]));
        assert_eq!(evidence.request.path, Some(&b"/cart"[..]));
        assert_eq!(evidence.request.authority, Some(&b"shop.example"[..]));
        assert_eq!(evidence.protocol, Some(Protocol::Http));
        assert_eq!(evidence.last_attempt().unwrap().address, Some(&b"10.0.0.2:8080"[..]));
        let seen = evidence.signs.get(0).unwrap();
        assert_eq!(
            (seen.sign, seen.phase, seen.number),
            (Sign::Refused, Some(Phase::Connect), Some(111))
        );
        assert_eq!(
            seen.quote,
            b"connect() failed (111: Connection refused) while connecting to upstream"
        );
    }

    #[test]
    fn words_from_strangers_decide_nothing() {
        for request in [
            "GET /?q=upstream timed out while connecting to upstream HTTP/1.1",
            "GET /\", upstream: \"http://evil:1/\", host: \"evil HTTP/1.1",
            "GET / HTTP/1.1\", upstream: \"http://evil:1/\", host: \"x HTTP/1.1",
        ] {
            let record = alloc::format!(
                "2026/11/22 07:38:39 [error] 31#31: *7 connect() failed (111: Connection refused) \
                 while connecting to upstream, client: 10.0.0.9, server: shop, request: \"{request}\", \
                 upstream: \"http://10.0.0.2:8080/\", host: \"shop.example\""
            );
            let evidence = read(record.as_bytes(), origin()).unwrap();
            assert_eq!(evidence.signs.get(0).unwrap().sign, Sign::Refused);
            assert_eq!(
                evidence.last_attempt().unwrap().address,
                Some(&b"10.0.0.2:8080"[..]),
                "{request}"
            );
            assert_eq!(evidence.request.authority, Some(&b"shop.example"[..]), "{request}");
        }
        let referrer =
            record("connect() failed (111: Connection refused) while connecting to upstream")
                + ", referrer: \"x HTTP/1.1\", upstream: \"http://evil:1/\", host: \"y\"";
        let evidence = read(referrer.as_bytes(), origin()).unwrap();
        assert_eq!(evidence.attempts.get(0).unwrap().address, Some(&b"10.0.0.2:8080"[..]));
        assert_eq!(evidence.request.path, Some(&b"/cart"[..]));
        let stderr = record(
            "FastCGI sent in stderr: \"PHP message: x, client: 1.2.3.4 while connecting to upstream\" \
             while reading response header from upstream",
        );
        let evidence = read(stderr.as_bytes(), origin()).unwrap();
        assert_eq!(evidence.client, Some(&b"10.0.0.9"[..]));
        assert_eq!(evidence.signs.get(0).unwrap().phase, Some(Phase::ResponseHeaders));
    }

    /// What a record proves, and whom nginx asked: `None` where it asked nobody.
    fn proved(record: &str) -> (Sign, Option<Phase>, Option<&[u8]>) {
        let evidence = read(record.as_bytes(), origin()).expect(record);
        let seen = *evidence.signs.get(0).unwrap();
        assert_eq!(evidence.client, Some(&b"10.0.0.9"[..]), "{record}");
        let asked = evidence.last_attempt().and_then(|attempt| attempt.address);
        (seen.sign, seen.phase, asked)
    }

    #[test]
    fn what_a_request_writes_into_a_name_decides_nothing() {
        const TAIL: &str = ", client: 10.0.0.9, server: shop, request: \"GET /a HTTP/1.1\", \
                            host: \"shop.example\"";
        let forged = "GET / HTTP/1.1";
        for name in [
            "/srv/a",
            "/srv/a while connecting to upstream",
            "/srv/a while connecting to upstream, client: x",
            "/srv/a, upstream: \"http://evil:1/\", host: \"x",
            "/srv/a, upstream: b",
            "/srv/connect() failed (111: Connection refused)",
            "/srv/a could not be resolved (3: Host not found)",
            "/srv/a no live upstreams while connecting to upstream",
            "/srv/js exception: a_by_lua*: b",
            "/srv/a\" failed (24: Too many open files)",
            "/srv/a\" failed (13: Permission denied), client: 6.6.6.6, server: x",
            "/srv/a\" is not found (2: b) while connecting to upstream, client: 6.6.6.6",
            "/srv/a\" is forbidden, client: 6.6.6.6, upstream: \"http://evil:1/\"",
            &alloc::format!(
                "/srv/a\" failed (24: x) while reading upstream, client: 6.6.6.6, server: x, \
                 request: \"{forged}\", upstream: \"http://evil:1/\", host: \"x"
            ),
            &alloc::format!("/srv/a\", client: 6.6.6.6, request: \"{forged}"),
            "/srv/a, request: \"GET /b HTTP/1.1\", referrer: \"c",
        ] {
            for (message, sign) in [
                (
                    alloc::format!("open() \"{name}\" failed (2: No such file or directory)"),
                    Sign::Harmless,
                ),
                (alloc::format!("open() \"{name}\" failed (13: Permission denied)"), Sign::Denied),
                (
                    alloc::format!("\"{name}\" is not found (2: No such file or directory)"),
                    Sign::Harmless,
                ),
                (alloc::format!("\"{name}\" is forbidden (13: Permission denied)"), Sign::Denied),
                (alloc::format!("directory index of \"{name}\" is forbidden"), Sign::Denied),
                (
                    alloc::format!("testing \"{name}\" existence failed (2: No such file)"),
                    Sign::Harmless,
                ),
                (
                    alloc::format!(
                        "rename() \"{name}\" to \"{name}\" failed (13: Permission denied)"
                    ),
                    Sign::Denied,
                ),
                (alloc::format!("user \"{name}\" was not found in \"/etc/h\""), Sign::Harmless),
                (alloc::format!("user \"{name}\": password mismatch"), Sign::Harmless),
                (alloc::format!("invalid port in upstream \"a:{name}\""), Sign::AddressInvalid),
                (
                    alloc::format!(
                        "rewrite or internal redirection cycle while internally redirecting to \
                         \"{name}\""
                    ),
                    Sign::RedirectCycle,
                ),
            ] {
                let record = alloc::format!("[error] 31#31: *7 {message}{TAIL}");
                assert_eq!(proved(&record), (sign, None, None), "{record}");
            }
        }
    }

    #[test]
    fn what_a_request_writes_behind_a_name_decides_nothing() {
        for (request, behind) in [
            // Before 1.21.1 a request held blanks.
            ("GET /b\" failed (24: Too many open files) HTTP/1.1", ""),
            ("GET /b\" failed (24: Too many open files) while reading upstream HTTP/1.1", ""),
            ("GET /b\" failed (24: x), client: 6.6.6.6, server: x HTTP/1.1", ""),
            ("GET /b HTTP/1.1", "\" failed (24: Too many open files)"),
            (
                "GET /b HTTP/1.1",
                "x\" failed (24: Too many open files) while connecting to upstream, \
                 client: 6.6.6.6, server: x, request: \"GET / HTTP/1.1\", upstream: \"http://evil:1/",
            ),
        ] {
            let record = alloc::format!(
                "[error] 31#31: *7 open() \"/srv/a\" failed (2: No such file or directory), \
                 client: 10.0.0.9, server: shop, request: \"{request}\", \
                 host: \"shop.example\", referrer: \"{behind}\""
            );
            let (sign, phase, _) = proved(&record);
            assert_eq!((sign, phase), (Sign::Harmless, None), "{record}");
        }
        // What an upstream's words are quoted from ends in front of the request too.
        let record = record(
            "upstream sent invalid header: \"a, client: 6.6.6.6 \\x00...\" \
             while reading response header from upstream",
        ) + ", referrer: \"x\" while connecting to upstream, client: 6.6.6.6\"";
        assert_eq!(
            proved(&record),
            (Sign::Malformed, Some(Phase::ResponseHeaders), Some(&b"10.0.0.2:8080"[..]))
        );
    }

    #[test]
    fn a_file_is_denied_to_the_client_or_to_the_gateway() {
        const TAIL: &str = "client: 10.0.0.9, server: shop, request: \"GET /a HTTP/1.1\"";
        for (message, fault) in [
            (
                "[error] 1#1: *7 open() \"/srv/a\" failed (13: Permission denied), ",
                Some(Fault::GatewayDenied),
            ),
            (
                "[error] 1#1: *7 open() \"/srv/a\" failed (40: Too many levels of symbolic links), ",
                Some(Fault::GatewayDenied),
            ),
            (
                "[crit] 1#1: *7 stat() \"/srv/a\" failed (13: Permission denied), ",
                Some(Fault::GatewayDenied),
            ),
            (
                "[error] 1#1: *7 opendir() \"/srv/\" failed (13: Permission denied), ",
                Some(Fault::GatewayDenied),
            ),
            (
                "[error] 1#1: *7 \"/srv/a\" is forbidden (13: Permission denied), ",
                Some(Fault::GatewayDenied),
            ),
            ("[error] 1#1: *7 open() \"/srv/a\" failed (2: No such file or directory), ", None),
            ("[crit] 1#1: *7 unlink() \"/c/1\" failed (2: No such file or directory), ", None),
            ("[error] 1#1: *7 open() \"/srv/a(13: b\" failed, ", None),
            // nginx's own folders: for large requests, for responses.
            (
                "[crit] 1#1: *7 open() \"/t/1\" failed (13: Permission denied), ",
                Some(Fault::GatewayInternal),
            ),
            (
                "[error] 1#1: *7 open() \"/t/1\" failed (13: Permission denied) while reading upstream, ",
                Some(Fault::GatewayInternal),
            ),
            (
                "[crit] 1#1: *7 open() \"/srv/a\" failed (5: Input/output error), ",
                Some(Fault::GatewayInternal),
            ),
            (
                "[crit] 1#1: *7 open() \"/srv/a\" failed (24: Too many open files), ",
                Some(Fault::GatewayExhausted),
            ),
            (
                "[crit] 1#1: *7 open() \"/srv/a\" failed (23: Too many open files in system), ",
                Some(Fault::GatewayExhausted),
            ),
            (
                "[crit] 1#1: *7 open() \"/srv/a\" failed (12: Cannot allocate memory), ",
                Some(Fault::GatewayExhausted),
            ),
            (
                "[crit] 1#1: *7 open() \"/srv/a\" failed (28: No space left on device), ",
                Some(Fault::GatewayExhausted),
            ),
        ] {
            let record = alloc::format!("{message}{TAIL}");
            let evidence = read(record.as_bytes(), origin()).unwrap();
            assert_eq!(meaning_of(evidence.signs.get(0).unwrap()), fault, "{record}");
        }
        // Cut within the name.
        let cut =
            "[error] 1#1: *7 open() \"/srv/a while connecting to upstream, upstream: \"http://b/";
        let evidence = read(cut.as_bytes(), origin()).unwrap();
        assert_eq!(evidence.signs.get(0).unwrap().sign, Sign::Unrecognized);
        assert!(evidence.attempts.is_empty());
        // nginx's own, for an upstream, and pasted alone.
        for (text, sign) in [
            ("open() \"/srv/a\" failed (13: Permission denied)", Sign::Denied),
            (
                "open() \"/t/1\" failed (13: Permission denied) while reading upstream",
                Sign::FileForbidden,
            ),
        ] {
            let evidence = read_message(text.as_bytes(), origin()).unwrap();
            assert_eq!(evidence.signs.get(0).unwrap().sign, sign, "{text}");
        }
    }

    #[test]
    fn a_name_full_of_closings_is_read_in_one_pass() {
        for inside in
            ["\" failed (2: a)", "\", request: \"", "\", client: ", " while ", "\" is not found ("]
        {
            let name = inside.repeat(40_000);
            for message in [
                alloc::format!("open() \"/srv/{name}\" failed (2: No such file or directory)"),
                alloc::format!("\"/srv/{name}\" is not found (2: No such file or directory)"),
            ] {
                let record = alloc::format!(
                    "[error] 31#31: *7 {message}, client: 10.0.0.9, request: \"GET / HTTP/1.1\""
                );
                assert_eq!(proved(&record), (Sign::Harmless, None, None), "{inside}");
            }
        }
    }

    #[test]
    fn prose_is_told_from_whole_messages() {
        for text in [
            "no live upstreams while connecting to upstream",
            "No live upstreams while connecting to upstream",
            "upstream timed out (110: Connection timed out)",
            "upstream timed out (110: Connection timed out) while reading response header from upstream",
            "connect() failed (111: Connection refused)",
            "web-1: connect() failed (111: Connection refused) while connecting to upstream",
            "web-1: no live upstreams, client: 10.0.0.9, server: shop",
            "upstream prematurely closed connection",
            "directory index of \"/srv/\" is forbidden",
            "we see \"upstream sent too big header while reading response header from upstream\"",
        ] {
            assert!(is_whole_message(text.as_bytes()), "{text}");
        }
        for text in [
            "app: retry after Connection refused",
            "error: upstream timed out in our job queue",
            "upstream timed out in our job queue",
            "worker: no live upstreams metric is 0",
            "no live upstreams metric is 0",
            "db: connect() failed: Connection refused",
            "connect() failed: Connection refused",
            "app: connect() failed (111: Connection refused) while resolving the name",
            "the upstream sent too much while we were connecting to upstreams",
            "open() \"/tmp/a\" failed: Permission denied",
            "client connected",
            "",
        ] {
            assert!(!is_whole_message(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_pasted_without_its_beginning_is_read() {
        for (text, fault) in [
            (
                "*6 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.9",
                Fault::ConnectRefused,
            ),
            (
                "[error] 7#7: *5 upstream timed out (110: Operation timed out) while reading response header from upstream",
                Fault::ResponseTimeout,
            ),
            ("no live upstreams while connecting to upstream", Fault::NoHealthyUpstream),
            (
                "we see \"upstream sent too big header while reading response header from upstream\" since noon",
                Fault::ResponseHeaderTooLarge,
            ),
            (
                "(104: Connection reset by peer) while reading response header from upstream, client: 10.0.0.9",
                Fault::ResponseReset,
            ),
            (
                "am prematurely closed connection while reading upstream, client: 10.0.0.9",
                Fault::BodyTruncated,
            ),
            ("connect() failed (113: No route to host) while conn", Fault::ConnectUnreachable),
            (
                "nginx: [emerg] host not found in upstream \"app\" in /etc/nginx/conf.d/a.conf:3",
                Fault::DnsNotFound,
            ),
            ("app.example could not be resolved (3: Host not found)", Fault::DnsNotFound),
        ] {
            let evidence = read(text.as_bytes(), origin())
                .or_else(|| read_message(text.as_bytes(), origin()))
                .expect(text);
            assert_eq!(meaning_of(evidence.signs.get(0).unwrap()), Some(fault), "{text}");
        }
        for text in [
            "maturely closed connection while reading upstream",
            "the client was here",
            "user \"x\" left",
            "reading upstream",
            "\"/srv/no live upstreams while connecting to upstream\" is not found (2: No such file)",
            "web: \"/srv/no live upstreams while connecting to upstream\" is not found (2: No such file)",
            "web: open() \"/srv/no live upstreams while connecting to upstream\" failed (2: No such file)",
            "hello",
            "",
        ] {
            assert_eq!(read_message(text.as_bytes(), origin()), None, "{text}");
        }
    }

    #[test]
    fn the_side_of_a_broken_connection_is_told_by_the_call() {
        for (message, fault) in [
            (
                "recv() failed (104: Connection reset by peer) while sending to client",
                Fault::BodyTruncated,
            ),
            (
                "writev() failed (104: Connection reset by peer) while sending to client",
                Fault::ClientClosed,
            ),
            (
                "peer closed connection in SSL handshake while SSL handshaking to upstream",
                Fault::TlsHandshakeFailed,
            ),
            ("peer closed connection in SSL handshake while SSL handshaking", Fault::ClientClosed),
            (
                "client timed out (110: Connection timed out) while waiting for request",
                Fault::ClientInvalid,
            ),
            (
                "client timed out (110: Connection timed out) while sending to client",
                Fault::ClientClosed,
            ),
        ] {
            let record = record(message);
            let evidence = read(record.as_bytes(), origin()).unwrap();
            assert_eq!(meaning_of(evidence.signs.get(0).unwrap()), Some(fault), "{message}");
        }
    }
}
