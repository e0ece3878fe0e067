//! Lines that speak of failures and tell of none of an exchange: subjects of commits, summaries of tests,
//! rules for alerts, searches, definitions, code that handles an error, what manuals say of flags; and a
//! program's troubles with its own files and with the port that it wants to listen on.

use crate::scan::{self, words};

/// The kinds of conventional commits.
const COMMITS: &[&str] =
    &["build", "chore", "ci", "docs", "feat", "fix", "perf", "refactor", "revert", "style", "test"];
/// How a definition and a search begin.
const BEGINNINGS: &[&str] = &["#define ", "awk ", "egrep ", "grep ", "jq ", "zgrep "];
/// What a line holds: a search, a rule's query, a summary, a handler, a manual's words.
const PARTS: &[&str] = &[
    "| awk ",
    "| grep ",
    "| jq ",
    "=~\"",
    " 0 failed",
    " 0 failures",
    " in addition to 4",
    " in addition to 5",
    " generally means ",
    "catch (",
    "errors.Is(err",
    "m]))",
];

/// Words for what is done with a file.
const FILES: &[&str] = &[
    " mkdir ",
    " mkdir '",
    " open '",
    " open \"",
    " rename ",
    " scandir ",
    " stat '",
    " unlink ",
    " unlink '",
    ".sh: ",
    "FileNotFoundError",
    "IsADirectoryError",
    "cannot access ",
    "cannot open ",
    "npm ERR! code EACCES",
    "npm ERR! code ENOENT",
    "npm ERR! enoent",
    "open(\"",
    "spawn ",
    "syscall open",
];
/// Programs that do no more, as they begin what they say.
const COMMANDS: &[&str] = &["bash: ", "cat: ", "cp: ", "ls: ", "mv: ", "rm: ", "sh: ", "tail: "];
/// Words for a port of the program's own.
const PORTS: &[&str] = &[
    "(Bind failed)",
    "- bind(2) for ",
    "Failed to bind",
    "failed to bind",
    "listen EADDRINUSE",
    "listen tcp ",
];
/// Words that make it another's, after all.
const PEERS: &[&str] = &["connect", "dial ", "getaddrinfo", "sock", "upstream"];

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
    let command = line.strip_prefix(b"$ ").unwrap_or(line);
    COMMITS.iter().any(|kind| is_subject(subject, kind))
        || BEGINNINGS.iter().any(|words| command.starts_with(words.as_bytes()))
        || (line.starts_with(b"except ") && line.ends_with(b":"))
        || PARTS.iter().any(|part| words::find(line, part).is_some())
        || is_of_its_own(line)
}

/// Whether a line is about a file or a port of the program's own.
fn is_of_its_own(line: &[u8]) -> bool {
    let holds = |all: &[&str]| all.iter().any(|words| scan::holds(line, words.as_bytes()));
    let command = COMMANDS.iter().any(|name| line.starts_with(name.as_bytes()));
    (command || holds(FILES) || holds(PORTS))
        && !PEERS.iter().any(|peer| words::find(line, peer).is_some())
}

/// Whether a commit's kind goes on with a colon, or with a part of the program in brackets.
fn is_subject(line: &[u8], kind: &str) -> bool {
    let Some(rest) = line.strip_prefix(kind.as_bytes()) else { return false };
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
            "$ grep '\"response_flags\":\"UH\"' /var/log/envoy/access.log",
            "kubectl logs web-0 | grep -i 'connection refused'",
            "Error: EACCES: permission denied, open '/root/.config/x'",
            "FileNotFoundError: [Errno 2] No such file or directory: 'config.yml'",
            "Error: listen EADDRINUSE: address already in use :::3000",
            "npm ERR! code ENOENT",
            "A code of 0 generally means that the client disconnected, or that a connection was refused.",
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
            "FileNotFoundError: [Errno 2] No such file or directory: '/run/app.sock'",
            "java.net.SocketException: Permission denied",
            "[Errno 13] Permission denied",
            "tls: failed to verify certificate: permission denied",
            "npm ERR! 502 Bad Gateway",
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
