//! Words of programs to whom nothing went wrong: lines at the levels `info` and below, and what says that
//! something went well. They count only in a text that has no word of trouble at all.

use crate::evidence::{Evidence, Origin, Seen, Sign, Source};
use crate::scan;

/// How much of a line its level stands in.
const LONGEST_HEAD: usize = 128;

/// Levels of what is no trouble, in great letters.
const LEVELS: &[&str] = &["DBG", "DEBUG", "INF", "INFO", "NOTICE", "TRACE", "VERBOSE"];

/// What says that something went well.
const WELL: &[&str] = &[
    "\" 200 ",
    "\" 201 ",
    "\" 204 ",
    "\" 301 ",
    "\" 302 ",
    "\" 304 ",
    "(healthy)",
    "200 ok",
    "grpc-status: 0",
    "grpc-status', '0'",
    "http/1.1 200",
    "http/2 200",
    "is successful",
    "listening at ",
    "listening on ",
    "ready to accept connections",
    "status_code=20",
    "status_code=30",
    "syntax is ok",
    "verify return code: 0 (ok)",
    "| 200 |",
    "| 201 |",
    "| 204 |",
    "| 302 |",
    "| 304 |",
];

/// Words, or beginnings of some, that speak of trouble, and what people say when they ask.
const TROUBLE: &[&str] = &[
    "abort",
    "alert",
    "backoff",
    "bad ",
    "blocked",
    "broken",
    "can't",
    "cannot",
    "close",
    "closing",
    "conflict",
    "could not",
    "couldn't",
    "crash",
    "crit",
    "dead",
    "degraded",
    "denied",
    "deny",
    "disconnect",
    "does not",
    "doesn't",
    "down",
    "drain",
    "drop",
    "eject",
    "emerg",
    "eof",
    "err",
    "evict",
    "except",
    "exceed",
    "exhaust",
    "exit",
    "expired",
    "fail",
    "fatal",
    "forbid",
    "full",
    "gave up",
    "give up",
    "gone",
    "hang",
    "hung",
    "illegal",
    "incorrect",
    "interrupt",
    "invalid",
    "kill",
    "leak",
    "limit",
    "lost",
    "maintenance",
    "malform",
    "mismatch",
    "missed",
    "missing",
    "never",
    "no such",
    "not ",
    "oom",
    "outlier",
    "overload",
    "panic",
    "problem",
    "quarantine",
    "refus",
    "reject",
    "reset",
    "restarted",
    "restarting",
    "retry",
    "retries",
    "segfault",
    "severe",
    "shut",
    "signal",
    "slow",
    "stale",
    "stop",
    "stuck",
    "suspend",
    "terminat",
    "throttl",
    "timed out",
    "too ",
    "unable",
    "unauthor",
    "unavail",
    "unexpected",
    "unhealthy",
    "unknown",
    "unreach",
    "unresolved",
    "unsupported",
    "untrusted",
    "warn",
    "wrong",
];

/// Reads a text in which nothing went wrong. `None` where anything did, or where nothing says that it
/// went well.
pub(crate) fn read(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).zip(0..);
    let (first, number) = lines.find(|(line, _)| !line.is_empty())?;
    if !(is_well(first) || lines.clone().any(|(line, _)| is_stated(line))) || is_trouble(text) {
        return None;
    }
    let line = if origin.line == 0 { 0 } else { origin.line + number };
    let origin = Origin { source: Source::ErrorLog, line, ..origin };
    let mut evidence = Evidence::default();
    evidence.sources.add(Source::ErrorLog);
    evidence.records.push((origin, first));
    evidence.add(Seen { quote: first, origin, ..Seen::new(Sign::Harmless) });
    Some(evidence)
}

fn is_well(line: &[u8]) -> bool {
    let head = line.get(..LONGEST_HEAD).unwrap_or(line);
    // Kubernetes' own programs: `I0504 11:12:13.123456       1 server.go:10] `.
    let klog = matches!(head, [b'I', b'0'..=b'1', b'0'..=b'9', b'0'..=b'3', b'0'..=b'9', b' ', ..]);
    klog || is_leveled(head) || is_stated(line)
}

/// Whether a line has its level where a log has it: in great letters, behind a time, first in the line or
/// between marks. In the middle of a sentence it is a word.
fn is_leveled(head: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./".contains(byte);
    let mut at = 0;
    while let Some(rest) = head.get(at..).filter(|rest| !rest.is_empty()) {
        let word = rest.iter().take_while(|byte| is_letter(byte)).count();
        let name = rest.get(..word).unwrap_or_default();
        if LEVELS.iter().any(|level| name.eq_ignore_ascii_case(level.as_bytes())) {
            let before = head.get(..at).unwrap_or_default();
            let after = rest.get(word).copied();
            let great = name.iter().all(u8::is_ascii_uppercase);
            let timed = before.first().is_some_and(u8::is_ascii_digit);
            let opened = before.last().is_none_or(|byte| b"[(<|\"=\t".contains(byte));
            let closed = after.is_none_or(|byte| b"])>|\",\t:".contains(&byte))
                || (before.ends_with(b"=") && after == Some(b' '));
            if great || timed || (opened && closed) {
                return true;
            }
        }
        at += word.max(1);
    }
    false
}

/// Whether a line says that something went well.
fn is_stated(line: &[u8]) -> bool {
    WELL.iter().any(|words| scan::words::find(line, words).is_some())
}

fn is_trouble(text: &[u8]) -> bool {
    TROUBLE.iter().any(|word| begins_word(text, word))
        || is_limit_passed(text)
        || is_server_error(text)
}

/// Whether a word begins so; in `ConnectException` a word begins within.
fn begins_word(text: &[u8], word: &str) -> bool {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| scan::words::find(rest, word)) {
        let at = from + found;
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        let capital = text.get(at).is_some_and(u8::is_ascii_uppercase);
        if capital || !before.is_some_and(u8::is_ascii_alphabetic) {
            return true;
        }
        from = at + 1;
    }
    false
}

/// A timeout, where it is no setting: one has a number behind it.
fn is_limit_passed(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = scan::words::find(rest, "timeout") {
        rest = rest.get(at + "timeout".len()..).unwrap_or_default();
        let (_, value) = scan::span(rest, |byte| b"s\"' \t:=(".contains(&byte));
        if !value.first().is_some_and(u8::is_ascii_digit) {
            return true;
        }
    }
    false
}

/// A number from 500 to 599 that stands alone.
fn is_server_error(text: &[u8]) -> bool {
    memchr::memchr_iter(b'5', text).any(|at| {
        let alone = |byte: Option<&u8>| {
            byte.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"._-".contains(byte))
        };
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        let digits =
            text.get(at..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit));
        let other = text.get(at + 1..at + 3).is_some_and(|rest| rest.eq_ignore_ascii_case(b"xx"));
        alone(before) && (digits || other) && alone(text.get(at + 3))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_calm(text: &str) -> bool {
        read(text.as_bytes(), Origin::default()).is_some()
    }

    #[test]
    fn what_went_well_is_told() {
        for text in [
            "2026-05-04 11:12:13.123  INFO 1 --- [main] Tomcat started on port(s): 8080 (http)",
            "{\"level\":\"info\",\"msg\":\"all dependencies initialized. starting workers\"}",
            "INFO: Channel Connectivity change to READY",
            "I0504 11:12:13.123456       1 server.go:10] serving on :8443",
            "time=\"2026-05-04T11:12:13Z\" level=info msg=\"starting server\"",
            "[GIN] 2026/05/04 - 11:12:13 | 200 | 1.2ms | 10.0.0.1 | GET \"/api/items\"",
            "Start Time: 1486914407\nTimeout   : 7200 (sec)\nVerify return code: 0 (ok)\n---",
        ] {
            assert!(is_calm(text), "{text}");
        }
    }

    #[test]
    fn one_word_of_trouble_is_enough() {
        for text in [
            "INFO retrying: upstream is gone",
            "INFO request took 12 ms, status 503",
            "INFO ConnectException at Client.java:12",
            "INFO idle timeout of the pool",
            "debug: attempt 3 was not answered",
            "level=info msg=\"probe\" code=5xx",
            "For more information see the manual, or the info command.",
            "if sys.version_info >= (3, 8):",
            "it says 200 OK here, but a 502 there",
            "all is as it was",
            "",
        ] {
            assert!(!is_calm(text), "{text}");
        }
    }
}
