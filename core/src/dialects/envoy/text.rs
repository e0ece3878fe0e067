//! Access records as text: Envoy's default format, Istio's, those of old versions, and any that
//! operators make of them by putting fields in or behind.
//!
//! ```text
//! record  = "[" time "] " DQUOTE method " " path " " protocol DQUOTE " " status " " flags
//!           [ " " details ] [ " " termination ] *( " " DQUOTE transport-reason DQUOTE )
//!           " " bytes-received " " bytes-sent " " duration " " service-time
//!           *( " " DQUOTE value DQUOTE ) *( " " word )
//! values  = x-forwarded-for user-agent request-id authority upstream-host
//! words   = cluster local-address local-address client-address server-name route   ; Istio
//! ```
//! Envoy does not escape quotes: what a client writes between its own may hold some. All that decides
//! stands in front of that; of what stands behind, the last of its kind is believed.

use super::details;
use super::exchange::{Fields, present};
use super::flags::Flags;
use super::transport;
use crate::dialects::Glance;
use crate::evidence::{Evidence, Millis, Origin};
use crate::scan::{self, number, time};

/// The head of a record: all in front of the flags.
struct Head<'a> {
    time: &'a [u8],
    request: &'a [u8],
    status: u16,
    /// From the flags on.
    rest: &'a [u8],
}

/// The longest time that a format can have.
const LONGEST_TIME: usize = 40;

#[inline(always)]
fn head(line: &[u8]) -> Option<Head<'_>> {
    let [b'[', inside @ ..] = line else { return None };
    // `2026-11-22T07:40:30.778Z` is the default.
    let close = match inside.get(24) {
        Some(b']') => 24,
        _ => memchr::memchr(b']', inside.get(..inside.len().min(LONGEST_TIME))?)?,
    };
    let time = inside.get(..close)?;
    let [b']', b' ', b'"', rest @ ..] = inside.get(close..)? else { return None };
    behind_time(time, rest)
}

/// The head, from behind the quote that opens the request.
#[inline]
fn behind_time<'a>(time: &'a [u8], rest: &'a [u8]) -> Option<Head<'a>> {
    // Neither a method nor a path holds a blank, so that the first quote before one ends the request.
    let mut end = memchr::memchr(b'"', rest)?;
    while rest.get(end + 1) != Some(&b' ') {
        end += 1 + memchr::memchr(b'"', rest.get(end + 1..)?)?;
    }
    let request = rest.get(..end)?;
    let rest = rest.get(end + 2..)?;
    let (status, rest) = match rest {
        [b'0', b' ', rest @ ..] => (0, rest),
        [a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', rest @ ..] => {
            let digit = |byte: &u8| u16::from(byte - b'0');
            (digit(a) * 100 + digit(b) * 10 + digit(c), rest)
        }
        _ => return None,
    };
    Some(Head { time, request, status, rest })
}

/// Reads a healthy record: no flag is set.
pub(super) fn glance(line: &[u8]) -> Option<Glance<'_>> {
    let head = head(line)?;
    let [b'-', b' ', rest @ ..] = head.rest else { return None };
    let rest = match rest {
        [b'0'..=b'9', ..] => rest,
        // Istio's, whose details are those of an answer, and nothing else.
        _ => rest.strip_prefix(b"via_upstream - \"-\" ")?,
    };
    // Bytes received and sent, the duration, and the time that the upstream took; without that one,
    // nobody knows who answered. The two that matter are the last.
    let start = line.len() - rest.len();
    let quote = start + scan::near(rest, b'"')?;
    let (before, rest) = line.split_at_checked(quote)?;
    let (_, before) = last_number(before)?;
    let (duration, before) = last_number(before)?;
    // What stands before the two is a number, too.
    (before.len() > start).then_some(())?;
    let [b'"', client @ ..] = rest else { return None };
    let client = client.get(..scan::near_either(client, b'"', b',')?)?;
    Some(Glance {
        client: if client == b"-" { b"" } else { client },
        time: head.time,
        request: head.request,
        status: head.status,
        total: Some(Millis::new(duration)),
        ..Glance::default()
    })
}

/// The number at the end, in front of a blank, and what stands before it. The sum may wrap where no real
/// number is so large.
#[inline(always)]
fn last_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let [number @ .., b' '] = text else { return None };
    if let Some((value, digits)) = number::ending(number, b' ') {
        return Some((value, text.get(..number.len() - digits)?));
    }
    last_long_number(text)
}

/// The same, of a number of any length.
#[cold]
fn last_long_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let [rest @ .., last @ b'0'..=b'9', b' '] = text else { return None };
    let mut number = u64::from(last - b'0');
    let (mut rest, mut unit) = (rest, 10_u64);
    while let [before @ .., digit @ b'0'..=b'9'] = rest {
        number = number.wrapping_add(u64::from(digit - b'0').wrapping_mul(unit));
        unit = unit.wrapping_mul(10);
        rest = before;
    }
    // What stands before a number is the blank behind another.
    rest.ends_with(b" ").then_some((number, rest))
}

/// Reads a record. False, and nothing read, where the line is none.
pub(super) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let Some(fields) = parsed(line) else { return false };
    fields.gather(origin, line, evidence);
    true
}

/// Reads a record that is cut in front of its request, or within its time. False, and nothing read,
/// where flags or details are not there to tell it from records of others.
pub(super) fn read_cut<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let cut = || {
        let (before, rest) = scan::split_byte(line, b'"')?;
        let head = behind_time(b"", rest).filter(|_| before.len() <= LONGEST_TIME)?;
        scan::request_line(head.request)?;
        // What stands behind further quotes may be a stranger's.
        let own = scan::split_byte(head.rest, b'"').map_or(head.rest, |(own, _)| own);
        let fields = known(head)?;
        let told = |words: &[u8]| details::are(words) && scan::holds(own, words);
        let proved = fields.details.is_some_and(told)
            || (fields.duration.is_some() && fields.flags != Some(b"-"));
        proved.then_some(fields)
    };
    let Some(fields) = cut() else { return false };
    fields.gather(origin, line, evidence);
    true
}

fn parsed(line: &[u8]) -> Option<Fields<'_>> {
    let head = head(line)?;
    let at = time::any(head.time)?;
    Some(Fields { time: Some(at), ..known(head)? })
}

fn known(head: Head<'_>) -> Option<Fields<'_>> {
    let mut fields = Fields { status: Some(head.status), ..Fields::default() };
    let mut words = head.request.splitn(3, |byte| *byte == b' ');
    fields.method = words.next();
    fields.path = words.next();
    fields.protocol = words.next();
    let mut elements = Elements { rest: head.rest };
    let mut flags = elements.next()?;
    if details::are(flags.value) {
        fields.details = Some(flags.value);
        flags = elements.next()?;
    }
    let named = !flags.quoted && Flags::are(flags.value);
    (named || flags.value == b"-").then_some(())?;
    fields.flags = Some(flags.value);
    middle(&mut elements, &mut fields);
    // A dash alone is anybody's.
    (named || fields.duration.is_some() || fields.details.is_some_and(details::are))
        .then_some(())?;
    tail(&mut elements, &mut fields);
    Some(fields)
}

/// What stands between the flags and the three numbers, and these.
fn middle<'a>(elements: &mut Elements<'a>, fields: &mut Fields<'a>) {
    loop {
        if let Some(numbers) = Numbers::read(elements) {
            fields.body_sent = Some(numbers.sent);
            fields.duration = Some(numbers.duration);
            fields.service_time = numbers.service_time;
            return;
        }
        let before = elements.rest;
        let Some(element) = elements.next() else { return };
        if element.quoted {
            // Istio before 1.9 has a status of its own in front of the transport's reason.
            fields.transport = present(fields.transport).or(Some(element.value));
        } else if fields.details.is_none() && fields.transport.is_none() {
            fields.details = Some(braced(before, elements).unwrap_or(element.value));
        } else if present(fields.termination).is_none() {
            fields.termination = Some(unquoted(before, elements));
        }
    }
}

/// A value that begins without a quote and holds blanks goes on to the next quote.
fn unquoted<'a>(from: &'a [u8], elements: &mut Elements<'a>) -> &'a [u8] {
    let from = from.trim_ascii_start();
    match scan::find(from, b" \"") {
        Some(end) if !from.starts_with(b"- ") => {
            elements.rest = from.get(end..).unwrap_or_default();
            from.get(..end).unwrap_or(from)
        }
        _ => scan::span(from, |byte| byte != b' ').0,
    }
}

/// Details whose braces hold blanks, as old versions wrote them.
fn braced<'a>(from: &'a [u8], elements: &mut Elements<'a>) -> Option<&'a [u8]> {
    let from = from.trim_ascii_start();
    let (word, _) = scan::span(from, |byte| byte != b' ');
    if !word.contains(&b'{') || word.ends_with(b"}") {
        return None;
    }
    let end = scan::find(from, b"} ")? + 1;
    elements.rest = from.get(end..)?;
    from.get(..end)
}

/// Bytes received, bytes sent, duration, and what the upstream took.
struct Numbers<'a> {
    sent: &'a [u8],
    duration: &'a [u8],
    service_time: Option<&'a [u8]>,
}

impl<'a> Numbers<'a> {
    fn read(elements: &mut Elements<'a>) -> Option<Self> {
        let mut ahead = Elements { rest: elements.rest };
        let mut number = || {
            let element = ahead.next()?;
            let digits = element.value.iter().all(u8::is_ascii_digit) && !element.value.is_empty();
            (!element.quoted && (digits || element.value == b"-")).then_some(element.value)
        };
        let (received, sent, duration) = (number()?, number()?, number()?);
        (received != b"-").then_some(())?;
        let service_time = number();
        if service_time.is_none() {
            // The fourth is no number: it is left for whoever comes next.
            for _ in 0..3 {
                elements.next();
            }
        } else {
            elements.rest = ahead.rest;
        }
        Some(Self { sent, duration, service_time })
    }
}

/// The values in quotes of the default format.
const QUOTED: usize = 5;
/// More values in quotes than a format has behind these: somebody wrote quotes of his own.
const MOST_QUOTED: usize = 8;
/// How many words without quotes are looked at.
const MOST_WORDS: usize = 8;

/// Values in quotes, in Envoy's order, and Istio's words; what operators put behind is known by its
/// shape.
fn tail<'a>(elements: &mut Elements<'a>, fields: &mut Fields<'a>) {
    let mut quoted = 0;
    let mut words = [&b""[..]; MOST_WORDS];
    let mut count = 0;
    let (mut details, mut transport) = (None, None);
    for element in elements {
        let value = element.value;
        if element.quoted {
            match quoted {
                0 => fields.forwarded_for = Some(value),
                2 => fields.request_id = Some(value),
                3 => fields.authority = Some(value),
                4 => fields.upstream_host = Some(value),
                _ => {}
            }
            quoted += 1;
        }
        if quoted < QUOTED || (element.quoted && quoted == QUOTED) {
            continue;
        }
        if details::are(value) {
            details = Some(value);
        } else if element.quoted && transport::read(value).is_some() {
            transport = Some(value);
        } else if let Some(slot) = words.get_mut(count).filter(|_| !element.quoted) {
            *slot = value;
            count += 1;
        }
    }
    // A format that has one value less: whoever writes quotes of his own makes more.
    let fails = |host: &[u8]| scan::holds(host, b"error") && transport::read(host).is_some();
    if quoted == QUOTED && fields.upstream_host.is_some_and(fails) {
        transport = fields.upstream_host.take();
    }
    if quoted <= MOST_QUOTED {
        fields.details = present(fields.details).or(details).or(fields.details);
        fields.transport = present(fields.transport).or(transport).or(fields.transport);
    }
    match words.get(..count).unwrap_or_default() {
        [cluster, _, _, client, _, route, ..] => {
            fields.cluster = Some(cluster);
            fields.client = Some(*client).filter(|client| scan::looks_like_address(client));
            fields.route = Some(route);
        }
        [cluster, ..] if cluster.contains(&b'|') => fields.cluster = Some(cluster),
        _ => {}
    }
}

/// One value, in quotes or not.
struct Element<'a> {
    value: &'a [u8],
    quoted: bool,
}

/// The values of a line, one after the other.
struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let text = self.rest.trim_ascii_start();
        match text {
            [] => None,
            [b'"', inside @ ..] => {
                // A quote that ends a value stands before a blank, or at the end.
                let end = memchr::memchr_iter(b'"', inside)
                    .find(|at| inside.get(at + 1).is_none_or(|next| *next == b' '))
                    .unwrap_or(inside.len());
                self.rest = inside.get(end + 1..).unwrap_or_default();
                Some(Element { value: inside.get(..end)?, quoted: true })
            }
            _ => {
                let (value, rest) = scan::span(text, |byte| byte != b' ');
                self.rest = rest;
                Some(Element { value, quoted: false })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::classify;
    use crate::evidence::{Bytes, Source};
    use crate::vocabulary::Fault;

    const DEFAULT: &str =
        "\"-\" \"curl/8.5.0\" \"34e1c227-1646-4592-ac9f-695dbd7ceecf\" \"shop.example\"";
    const HERE: Origin = Origin::new(Source::Caller, 0, 1);

    fn evidence(line: &str) -> Evidence<'_> {
        let mut evidence = Evidence::default();
        assert!(read(line.as_bytes(), HERE, &mut evidence), "{line}");
        evidence
    }

    #[test]
    fn every_order_of_the_fields_is_read() {
        for (middle, behind) in [
            ("503 UF 0 91 12 -", "\"10.0.0.2:80\""),
            (
                "503 UF - - \"delayed connect error: 111\" 0 91 12 -",
                "\"10.0.0.2:80\" outbound|80||shop - 10.0.0.9:80 10.0.0.3:4000 - default",
            ),
            (
                "503 UF \"-\" \"delayed connect error: 111\" 0 91 12 -",
                "\"tcp://10.0.0.2:80\" outbound|80||shop - 10.0.0.9:80 10.0.0.3:4000 - default",
            ),
            (
                "503 UF upstream_reset_before_response_started{remote connection failure,delayed connect error: 111} - \"-\" 0 91 12 -",
                "\"10.0.0.2:80\"",
            ),
            (
                "503 upstream_reset_before_response_started{connection_failure,delayed_connect_error:_111} UF 0 91 12 -",
                "\"10.0.0.2:80\"",
            ),
            (
                "503 UF 0 91 12 -",
                "\"10.0.0.2:80\" upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}",
            ),
            ("503 UF 0 91 12 -", "\"10.0.0.2:80\" \"delayed_connect_error:_111\""),
            (
                "503 UpstreamConnectionFailure,UpstreamRetryLimitExceeded 0 91 12 -",
                "\"10.0.0.2:80\"",
            ),
        ] {
            let line = alloc::format!(
                "[2026-11-22T07:40:30.778Z] \"GET /a HTTP/1.1\" {middle} {DEFAULT} {behind}"
            );
            let evidence = evidence(&line);
            assert_eq!(evidence.status, Some(503), "{line}");
            assert_eq!(evidence.timings.total, Some(Millis::new(12)), "{line}");
            assert_eq!(evidence.body_sent, Some(Bytes::new(91)), "{line}");
            assert_eq!(evidence.request.path, Some(&b"/a"[..]), "{line}");
            assert_eq!(evidence.request.authority, Some(&b"shop.example"[..]), "{line}");
            let address = evidence.last_attempt().and_then(|attempt| attempt.address);
            assert_eq!(address, Some(&b"10.0.0.2:80"[..]), "{line}");
            let fault =
                if line.contains("111") { Fault::ConnectRefused } else { Fault::ConnectFailed };
            assert_eq!(classify(&evidence).fault, fault, "{line}");
        }
    }

    #[test]
    fn a_glance_agrees_with_a_reading() {
        for (middle, behind) in [
            ("200 - 0 32 7 5", "\"10.0.0.2:80\""),
            (
                "200 - via_upstream - \"-\" 0 32 7 5",
                "\"10.0.0.2:80\" outbound|80||shop - 10.0.0.9:80 10.0.0.3:4000 - default",
            ),
        ] {
            let quoted = DEFAULT.replacen('-', "203.0.113.9, 10.0.0.1", 1);
            let line = alloc::format!(
                "[2026-11-22T07:40:30.778Z] \"GET /a HTTP/1.1\" {middle} {quoted} {behind}"
            );
            let glance = glance(line.as_bytes()).expect(&line);
            let evidence = evidence(&line);
            assert_eq!(Some(glance.status), evidence.status);
            assert_eq!(Some(glance.client), evidence.client);
            assert_eq!(glance.total, evidence.timings.total);
            assert_eq!(time::any(glance.time), evidence.at);
            assert_eq!(classify(&evidence).fault, Fault::None);
        }
        for middle in ["503 UF 0 91 12 -", "200 UC 0 91 12 3", "200 - 0 91 12 -", "0 DC 0 0 12 -"] {
            let line = alloc::format!(
                "[2026-11-22T07:40:30.778Z] \"GET /a HTTP/1.1\" {middle} {DEFAULT} \"-\""
            );
            assert_eq!(glance(line.as_bytes()), None, "{middle}");
        }
    }

    #[test]
    fn other_records_are_none() {
        for line in [
            "10.0.0.9 - - [22/Nov/2026:07:38:34 +0000] \"GET / HTTP/1.1\" 502 157 \"-\" \"curl\"",
            "[error] 7#7: *1 connect() failed",
            "[2026-11-22T07:40:30.778Z] \"GET / HTTP/1.1\" 200 1234 \"-\"",
            "[2026-11-22 07:40:30.778][12][debug][router] [a.cc:1] x",
            "[abc] \"GET / HTTP/1.1\" 503 UF 0 0 0 -",
            "",
        ] {
            assert!(!read(line.as_bytes(), HERE, &mut Evidence::default()), "{line}");
        }
    }

    #[test]
    fn what_a_client_writes_decides_nothing() {
        for agent in [
            "503 UF upstream_reset_before_response_started{connection_timeout}",
            "x\" \"1\" \"shop\" \"10.0.0.2:80\" \"TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end",
            "x\" \"1\" \"shop\" \"10.0.0.2:80\" no_healthy_upstream \"",
            "[2026-11-22T07:40:30.778Z] \"GET / HTTP/1.1\" 503 NR 0 0 0 - \"-\" \"-\"",
        ] {
            let quoted = DEFAULT.replace("curl/8.5.0", agent);
            for (middle, fault) in
                [("503 UC 0 91 12 -", Fault::ResponseTerminated), ("200 - 0 32 7 5", Fault::None)]
            {
                let line = alloc::format!(
                    "[2026-11-22T07:40:30.778Z] \"GET /a HTTP/1.1\" {middle} {quoted} \"10.0.0.2:80\""
                );
                assert_eq!(classify(&evidence(&line)).fault, fault, "{line}");
            }
        }
    }

    #[test]
    fn cut_lines_keep_what_was_read() {
        let whole = alloc::format!(
            "[2026-11-22T07:40:30.778Z] \"GET /a HTTP/1.1\" 503 UF,URX 0 91 12 - {DEFAULT} \"10.0.0.2:80\""
        );
        let begun = whole.find(" 0 91").unwrap();
        for end in 0..whole.len() {
            let mut evidence = Evidence::default();
            let known = read(&whole.as_bytes()[..end], HERE, &mut evidence);
            if end >= begun {
                assert!(known, "{}", &whole[..end]);
                assert_eq!(classify(&evidence).fault, Fault::ConnectFailed);
            }
        }
    }
}
