//! Lines that speak of failures and tell of none: subjects of commits, summaries of tests, rules for alerts,
//! definitions, code that handles an error, and what manuals say of flags.

use crate::scan::{self, words};

/// How conventional commits begin, and what a definition begins with.
const BEGINNINGS: &[&str] = &[
    "#define ", "build", "chore", "ci", "docs", "except ", "feat", "fix", "perf", "refactor",
    "revert", "style", "test",
];
/// What a line holds: a rule's query, a summary, a handler, a manual's words.
const PARTS: &[&str] = &[
    "=~\"",
    " 0 failed",
    " 0 failures",
    " in addition to 4",
    " in addition to 5",
    "catch (",
    "errors.Is(err",
    "m]))",
];

/// Whether a line only speaks of failures.
pub(super) fn is_talk(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let line =
        [&b"- "[..], b"* ", b"+ "].iter().find_map(|mark| line.strip_prefix(*mark)).unwrap_or(line);
    // The number of a commit may stand in front.
    let hash = scan::span(line, |byte| byte.is_ascii_hexdigit());
    let subject = match hash {
        (number, rest) if (7..=40).contains(&number.len()) => rest.trim_ascii_start(),
        _ => line,
    };
    BEGINNINGS.iter().any(|word| begins(subject, word))
        || PARTS.iter().any(|part| words::find(line, part).is_some())
}

/// Whether a line begins so: a commit's kind goes on with a colon or a part in brackets, a handler ends
/// with a colon.
fn begins(line: &[u8], word: &str) -> bool {
    let Some(rest) = line.strip_prefix(word.as_bytes()) else { return false };
    if word.ends_with(' ') {
        return !word.starts_with("except") || line.ends_with(b":");
    }
    let rest = rest.strip_prefix(b"!").unwrap_or(rest);
    rest.starts_with(b": ")
        || rest.strip_prefix(b"(").and_then(|rest| scan::split(rest, b"): ")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_speaks_of_failures_is_told() {
        for line in [
            "- fix: handle ECONNRESET from upstream gracefully (#123)",
            "a1b2c3d feat(proxy): retry on connection refused",
            "Tests: 35 passed, 0 failed. Covered: connection refused, DNS NXDOMAIN.",
            "  expr: sum(rate(requests{flags=\"UF\"}[5m])) > 0.1",
            "#define ECONNREFUSED 111 /* Connection refused */",
            "    except requests.exceptions.ReadTimeout:",
            "} catch (SocketTimeoutException e) {",
            "- UH: No healthy upstream hosts in upstream cluster in addition to 503 response code.",
        ] {
            assert!(is_talk(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn what_happened_is_no_talk() {
        for line in [
            "connect() failed (111: Connection refused) while connecting to upstream",
            "fixture: connection refused",
            "test-runner: ECONNREFUSED 127.0.0.1:8080",
            "java.net.ConnectException: Connection refused",
            "    raise ConnectionError(err, request=request)",
            "build failed: read: connection reset by peer",
            "except for this: connection refused by 10.0.0.1",
        ] {
            assert!(!is_talk(line.as_bytes()), "{line}");
        }
    }
}
