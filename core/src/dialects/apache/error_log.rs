//! Reads Apache's error log: records, and messages that stand alone, into evidence.

use super::codes::{self, Proves};
use super::record::{MOST_PARTS, Record, is_numbered, is_own, without_scheme};
use super::status;
use crate::evidence::{Attempt, Connection, Evidence, Origin, Protocol, Seen, Sign, Source};
use crate::scan;
use crate::vocabulary::Gateway;

/// Reads a record. False, and nothing read, where the line is none.
pub(super) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let Some(record) = Record::read(line) else { return false };
    gather(&record, line, origin, evidence);
    true
}

fn gather<'a>(record: &Record<'a>, line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
    const MOST_QUOTED: usize = 400;
    evidence.gateway = Some(Gateway::Apache);
    evidence.sources.add(Source::ErrorLog);
    evidence.records.push((origin, line));
    evidence.at = record.at;
    evidence.event = codes::of(record.code).is_some_and(|code| code.event);
    evidence.client = record.client.and_then(host_of);
    evidence.request.authority = record.authority;
    // A thread works for one exchange at a time; without threads the process does.
    evidence.connection = record.process.map(|process| Connection {
        process,
        number: record.thread.unwrap_or_else(|| u64::from(process)),
    });
    let (scheme, words) = without_scheme(record.message);
    evidence.protocol = scheme.and_then(protocol);
    if let Some(path) = returned_by(record) {
        evidence.request.path = Some(path);
    }
    let seen = record.sign();
    let address = match names_upstream(record, &seen) {
        true => upstream(words).or(record.remote),
        false => record.remote,
    };
    let address = address.filter(|_| !evidence.event);
    if let Some(address) = address {
        evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
    }
    let quote = record.quote.get(..MOST_QUOTED).unwrap_or(record.quote);
    let attempt = address.map(|_| 0);
    evidence.add(Seen { quote, origin, attempt, ..seen });
}

/// Reads a message that stands alone, without the parts in front, or in the middle of other words.
pub(super) fn read_message(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let record = whole_message(text).or_else(|| buried(text))?;
    let mut evidence = Evidence::default();
    gather(&record, text, origin, &mut evidence);
    Some(evidence)
}

/// A message that is all of a text: with its number, or one whose words are known.
fn whole_message(text: &[u8]) -> Option<Record<'_>> {
    let text = scan::trim(text);
    let mut record = Record::default();
    let mut rest = text;
    for _ in 0..MOST_PARTS {
        let Some(after) = record.part(rest) else { break };
        rest = after.trim_ascii_start();
    }
    record.say(rest);
    (record.code > 0 && (is_numbered(rest) || is_own(record.message))).then_some(record)
}

/// Whether a text that stands alone in a log is such a message.
pub(super) fn is_whole_message(text: &[u8]) -> bool {
    whole_message(text).is_some()
}

/// Whether a record goes on in the next line: somebody broke it behind its status, `(111)Connection
/// refused:`.
pub(super) fn is_unfinished(record: &[u8]) -> bool {
    record.last() == Some(&b':')
        && record.first() == Some(&b'[')
        && Record::read(record).is_some_and(|read| read.status.is_some() && read.message.is_empty())
}

/// A message in the middle of other words: from its number on, or from the status in front of it;
/// without one, from words that only Apache uses.
fn buried(text: &[u8]) -> Option<Record<'_>> {
    let mut previous = b' ';
    for (at, byte) in text.iter().enumerate() {
        let begins =
            !previous.is_ascii_alphanumeric() && (byte.is_ascii_alphabetic() || *byte == b'(');
        previous = *byte;
        if !begins {
            continue;
        }
        let rest = text.get(at..)?;
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or(rest);
        if *byte == b'(' {
            let record = status::group(line).and_then(|_| whole_message(line));
            if record.is_some() {
                return record;
            }
        } else if is_numbered(line) || is_own(line) {
            let status = status::words_before(text.get(..at).unwrap_or_default());
            let mut record = Record { status, ..Record::default() };
            record.say(line);
            if record.code > 0 {
                return Some(record);
            }
        }
    }
    None
}

fn protocol(scheme: &[u8]) -> Option<Protocol> {
    let is = |name: &str| scheme.eq_ignore_ascii_case(name.as_bytes());
    Some(match () {
        () if is("http") || is("ws") || is("h2c") => Protocol::Http,
        () if is("https") || is("wss") || is("h2") => Protocol::Https,
        () if is("fcgi") || is("fastcgi") => Protocol::FastCgi,
        () if is("scgi") => Protocol::Scgi,
        () if is("uwsgi") => Protocol::Uwsgi,
        () => return None,
    })
}

/// A client's address without its port: 2.4 writes `10.0.0.9:4711`, `::1:4711` and `[::1]:4711`.
fn host_of(client: &[u8]) -> Option<&[u8]> {
    let host = match memchr::memrchr(b':', client) {
        Some(at) => {
            let (host, port) = (client.get(..at)?, client.get(at + 1..)?);
            let v6 = host.contains(&b':') && !host.starts_with(b"[");
            // IPv6 without brackets ends with its port where a whole address is left in front.
            let whole = !v6 || host.ends_with(b"]") || port.len() > 4 || is_whole_v6(host);
            if whole && !port.is_empty() && port.iter().all(u8::is_ascii_digit) {
                host
            } else {
                client
            }
        }
        None => client,
    };
    let host = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

/// Whether an IPv6 address is complete: eight groups, or `::` for those left out.
fn is_whole_v6(host: &[u8]) -> bool {
    let groups = host.iter().filter(|byte| **byte == b':').count() + 1;
    groups == 8 || scan::holds(host, b"::")
}

/// The path behind mod_proxy's reason. Anybody may write the words into a path, so the reason's own
/// end is looked for from the front.
fn returned_by<'a>(record: &Record<'a>) -> Option<&'a [u8]> {
    // `bad HTTP/1.1 header returned by /cart (GET)`, and its like.
    let bad_header = matches!(record.code, 1098..=1100 | 1106);
    if !bad_header && codes::of(record.code)?.proves != Proves::Reason {
        return None;
    }
    let (_, path) = scan::split(record.message, b" returned by /")?;
    let start = record.message.len() - path.len() - 1;
    let path = record.message.get(start..)?;
    let method = if bad_header { scan::rfind(path, b" (") } else { None };
    path.get(..method.unwrap_or(path.len()))
}

/// Whether a message is one of those that name the upstream: others hold paths, and what
/// applications write.
fn names_upstream(record: &Record<'_>, seen: &Seen<'_>) -> bool {
    let free = |proves| matches!(proves, Proves::Stderr | Proves::Reason | Proves::Tls);
    codes::of(record.code).is_some_and(|code| {
        let select =
            matches!(seen.sign, Sign::OutOfTurn | Sign::LimitReached | Sign::Misconfigured);
        (code.phase.is_some() || select) && !free(code.proves)
    })
}

/// What stands in front of an upstream's address.
const MARKS: &[&[u8]] = &[
    b"Unix domain socket ",
    b"attempt to connect to ",
    b"remote server ",
    b"failed to ",
    b"failed from ",
    b"to http://",
    b"dialog to ",
    b"dispatching request to ",
    b"connection to backend: ",
    b"disabled connection for (",
    b"worker for (",
    b"support for ",
    b"headers from ",
    b"data to ",
    b"Forcing worker (",
    b"acquire connection for (",
];

/// The upstream's address in a message, where it has its port.
fn upstream(words: &[u8]) -> Option<&[u8]> {
    let rest = MARKS.iter().find_map(|mark| {
        let at = scan::find(words, mark)?;
        words.get(at + mark.len()..)
    })?;
    let rest =
        rest.strip_prefix(b"http://").or_else(|| rest.strip_prefix(b"https://")).unwrap_or(rest);
    if rest.starts_with(b"/") {
        return socket(words, rest);
    }
    let end = rest.iter().position(|byte| matches!(byte, b' ' | b')' | b'(' | b',' | b'/'));
    let address = rest.get(..end.unwrap_or(rest.len()))?;
    let address = address.strip_suffix(b":").unwrap_or(address);
    let address = address.strip_suffix(b";").unwrap_or(address);
    if scan::looks_like_address(address) {
        return Some(address);
    }
    // `192.0.2.10:8080<>192.0.2.1:4711`
    let (address, _) = scan::split(address, b"<>")?;
    scan::looks_like_address(address).then_some(address)
}

/// A Unix socket's path, with the mark that such an address has; borrowed from the message, which
/// has no mark, the path alone.
fn socket<'a>(words: &'a [u8], path: &'a [u8]) -> Option<&'a [u8]> {
    scan::holds(words, b"Unix domain socket ").then_some(())?;
    let end = path.iter().position(|byte| *byte == b' ').unwrap_or(path.len());
    path.get(..end)
}
