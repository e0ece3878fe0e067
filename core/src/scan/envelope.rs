//! What stands around a record: the marks of whoever carried or pasted the line.
//!
//! Syslog (RFC 3164 and 5424, with or without priority), journald, Docker, Kubernetes (CRI,
//! `kubectl logs --prefix`), compose, grep, quoted mail, ANSI colours, and lines wrapped in JSON.

use super::{json, span, split, split_byte, time};
use crate::evidence::Timestamp;
use alloc::vec::Vec;

/// How many layers one line may have.
const MOST_LAYERS: usize = 6;

/// A line without what stood around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Opened<'a> {
    /// What was inside.
    pub(crate) inner: &'a [u8],
    /// The time that an outer layer named, the innermost.
    pub(crate) at: Option<Timestamp>,
    /// Whether there was any layer at all.
    pub(crate) wrapped: bool,
}

/// Takes off the layers one by one. `year` is for RFC 3164, which names none.
pub(crate) fn open(line: &[u8], year: Option<u16>) -> Opened<'_> {
    let mut opened = Opened { inner: line, at: None, wrapped: false };
    for _ in 0..MOST_LAYERS {
        let Some((at, inner)) = layer(opened.inner, year) else { break };
        opened = Opened { inner, at: at.or(opened.at), wrapped: true };
    }
    opened
}

/// One layer: the time that it names, and what is inside.
fn layer(line: &[u8], year: Option<u16>) -> Option<(Option<Timestamp>, &[u8])> {
    if let Some(inner) = marks(line) {
        return Some((None, inner));
    }
    match line.first()? {
        b'<' => syslog(line, year),
        b'[' => prefix_in_brackets(line).map(|inner| (None, inner)),
        // nginx's own date has slashes.
        b'0'..=b'9' => stamped(line).or_else(|| Some((None, numbered(line)?))),
        b'A'..=b'Z' => tagged_by_month(line, year).or_else(|| Some((None, named(line)?))),
        _ => Some((None, named(line)?)),
    }
}

/// Blanks, quotation marks of mail and Markdown, colours, a byte order mark.
fn marks(line: &[u8]) -> Option<&[u8]> {
    let inner = line
        .strip_prefix(b"\xef\xbb\xbf")
        .or_else(|| line.strip_prefix(b"> "))
        .or_else(|| line.strip_prefix(b">"))
        .or_else(|| line.strip_prefix(b"`"))
        // An object in a cell of a table.
        .or_else(|| {
            line.strip_prefix(b"|").filter(|cell| cell.trim_ascii_start().starts_with(b"{"))
        })
        .or_else(|| colour(line))
        .unwrap_or(line);
    let inner = inner.trim_ascii_start();
    (inner.len() < line.len()).then_some(inner)
}

/// An ANSI escape sequence `ESC [ … letter`.
fn colour(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"\x1b[")?;
    let (_, rest) = span(rest, |byte| byte.is_ascii_digit() || byte == b';');
    rest.get(1..)
}

/// A colour or an end of line at the end of a record.
pub(crate) fn trim_end(line: &[u8]) -> &[u8] {
    let mut line = line.trim_ascii_end();
    while line.ends_with(b"m") {
        let Some(at) = memchr::memrchr(b'\x1b', line) else { break };
        match line.get(at..).and_then(colour) {
            Some(b"") => line = line.get(..at).unwrap_or(line).trim_ascii_end(),
            _ => break,
        }
    }
    line
}

/// `<PRI>` and then RFC 5424's or RFC 3164's header.
fn syslog(line: &[u8], year: Option<u16>) -> Option<(Option<Timestamp>, &[u8])> {
    let (priority, rest) = split_byte(line.get(1..)?, b'>')?;
    if priority.is_empty() || priority.len() > 3 || !priority.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let Some(header) = rest.strip_prefix(b"1 ") else {
        return tagged_by_month(rest, year).or_else(|| stamped(rest)).or(Some((None, rest)));
    };
    // TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG
    let (stamp, mut rest) = split_byte(header, b' ')?;
    for _ in 0..4 {
        rest = split_byte(rest, b' ')?.1;
    }
    let rest = match rest.strip_prefix(b"-") {
        Some(rest) => rest,
        None => structured_data(rest)?,
    };
    let message = rest.strip_prefix(b" ").unwrap_or(rest);
    let message = message.strip_prefix(b"\xef\xbb\xbf").unwrap_or(message);
    Some((time::iso(stamp).map(|(at, _)| at), message))
}

/// Over `[id name="value"][…]`, in which `\]` and `\"` stand for themselves.
fn structured_data(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    while let Some(inside) = rest.strip_prefix(b"[") {
        let mut end = 0;
        let mut quoted = false;
        loop {
            match inside.get(end)? {
                b'\\' => end += 1,
                b'"' => quoted = !quoted,
                b']' if !quoted => break,
                _ => {}
            }
            end += 1;
        }
        rest = inside.get(end + 1..)?;
    }
    Some(rest)
}

/// RFC 3164 and `journalctl`: `Nov 22 07:38:39 host nginx[31]: …`; nginx writes `host nginx: …`.
fn tagged_by_month(line: &[u8], year: Option<u16>) -> Option<(Option<Timestamp>, &[u8])> {
    let (at, rest) = time::syslog(line, year)?;
    // The host may be missing; the tag ends with a colon.
    Some((at, after_tag(rest.strip_prefix(b" ")?)?))
}

/// Over `host tag[31]: ` or `tag: `.
fn after_tag(text: &[u8]) -> Option<&[u8]> {
    let (head, message) = split(text, b": ")?;
    let words = head.split(|byte| *byte == b' ').count();
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./[]() @".contains(byte);
    (words <= 2 && head.iter().all(word)).then_some(message)
}

/// An ISO time, and then a record, CRI's `stdout F`, or syslog's host and tag.
fn stamped(line: &[u8]) -> Option<(Option<Timestamp>, &[u8])> {
    let (at, rest) = time::iso(line)?;
    let rest = rest.strip_prefix(b" ").or_else(|| rest.strip_prefix(b"\t"))?.trim_ascii_start();
    // Fluentd's zone, which stands apart.
    let zone = rest.strip_prefix(b"+").filter(|zone| zone.get(4) == Some(&b' '));
    let rest = zone.and_then(|zone| zone.get(5..)).unwrap_or(rest);
    let cri = rest
        .strip_prefix(b"stdout ")
        .or_else(|| rest.strip_prefix(b"stderr "))
        .and_then(|rest| rest.strip_prefix(b"F ").or_else(|| rest.strip_prefix(b"P ")));
    if let Some(inner) = cri {
        return Some((Some(at), inner));
    }
    let inner = match after_tag(rest) {
        Some(message) if starts_record(message) || names_process(rest, message) => message,
        _ => rest,
    };
    // A record that begins with an ISO time of its own is no envelope.
    (starts_record(inner) || named(inner).is_some()).then_some((Some(at), inner))
}

/// Whether the tag in front of a message ends with a process's number, `haproxy[31]: `, as a
/// daemon's does.
fn names_process(text: &[u8], message: &[u8]) -> bool {
    let tag = text.get(..text.len() - message.len()).and_then(|tag| tag.strip_suffix(b"]: "));
    let number = tag.and_then(|tag| tag.rsplit(|byte| *byte == b'[').next());
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// What a record begins with: a date, an address, a level, an object.
fn starts_record(text: &[u8]) -> bool {
    match text.first() {
        Some(b'[' | b'{' | b'*') => true,
        Some(b'0'..=b'9') => {
            time::slashed(text).is_some()
                || text.split(|byte| *byte == b' ').next().is_some_and(super::looks_like_ip)
        }
        Some(_) => text.split(|byte| *byte == b' ').next().is_some_and(super::looks_like_ip),
        None => false,
    }
}

/// `kubectl logs --prefix`: `[pod/name/container] `; other tools write `[name] | `.
fn prefix_in_brackets(line: &[u8]) -> Option<&[u8]> {
    let (name, rest) = split_byte(line.get(1..)?, b']')?;
    match rest.strip_prefix(b" | ") {
        Some(inner) => Some(inner),
        None if name.starts_with(b"pod/") => rest.strip_prefix(b" "),
        None => None,
    }
}

/// `grep -n` in one file: `12:`.
fn numbered(line: &[u8]) -> Option<&[u8]> {
    let (_, rest) = span(line, |byte| byte.is_ascii_digit());
    rest.strip_prefix(b":").filter(|inner| starts_record(inner))
}

/// Compose's `web-1  | `, and grep's `path/access.log:12:`.
fn named(line: &[u8]) -> Option<&[u8]> {
    // A service's task of a swarm: `web.1.j0v5@node`.
    let (name, rest) = span(line, |byte| byte.is_ascii_alphanumeric() || b"-_./@".contains(&byte));
    if name.is_empty() || name.len() > 128 {
        return None;
    }
    let (blanks, after) = span(rest, |byte| byte == b' ');
    if !blanks.is_empty() {
        if let Some(inner) = after.strip_prefix(b"| ") {
            return Some(inner);
        }
        // Colours stand between the name and the bar's end.
        return after.strip_prefix(b"|\x1b").and_then(|_| after.get(1..));
    }
    let log = super::holds(name, b".log") || super::holds(name, b"/log/");
    let rest = rest.strip_prefix(b":")?;
    if !log {
        return None;
    }
    let (digits, after) = span(rest, |byte| byte.is_ascii_digit());
    Some(match after.strip_prefix(b":") {
        Some(inner) if !digits.is_empty() => inner,
        _ => rest,
    })
}

/// A line wrapped in JSON: `{"log":"…"}` of Docker, `{"message":"…"}` and `{"MESSAGE":"…"}` of
/// log shippers and journald, `{"_raw":"…"}` of Splunk. The text inside, with its escapes undone in the given buffer.
pub(crate) fn unwrap_json<'a>(line: &'a [u8], buffer: &'a mut Vec<u8>) -> Option<Opened<'a>> {
    let mut text = None;
    let mut at = None;
    json::each(line, |around, key, value| {
        // Elasticsearch and Google put what was shipped into an object of its own.
        if !matches!(around, b"" | b"_source" | b"jsonPayload") {
            return;
        }
        if [&b"log"[..], b"message", b"MESSAGE", b"msg", b"@message", b"_raw", b"textPayload"]
            .contains(&key)
        {
            text.get_or_insert(value);
        } else if [&b"time"[..], b"@timestamp", b"timestamp", b"ts"].contains(&key) {
            at = time::any(value);
        } else if key == b"__REALTIME_TIMESTAMP" {
            let millis = value.get(..value.len().saturating_sub(3)).unwrap_or(value);
            at = time::epoch(millis);
        }
    });
    let text = text?;
    buffer.clear();
    json::unescape(text, buffer);
    Some(Opened { inner: trim_end(buffer), at, wrapped: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"2026/11/22 07:38:39 [error] 7#7: *1 no live upstreams"#;
    const ACCESS: &str = r#"10.0.0.9 - - [22/Nov/2026:07:38:34 +0000] "GET / HTTP/1.1" 502 157"#;

    #[test]
    fn every_carrier_is_taken_off() {
        for prefix in [
            "",
            "  ",
            "> ",
            "> > ",
            "\u{feff}",
            "<187>Nov 22 07:38:39 gw nginx: ",
            "<187>Nov  2 07:38:39 gw nginx[31]: ",
            "Nov 22 07:38:39 gw nginx[31]: ",
            "<190>1 2026-11-22T07:38:39.123Z gw nginx 31 - - ",
            "<190>1 2026-11-22T07:38:39.123Z gw nginx 31 ID [a@1 b=\"c]d\"][e] ",
            "2026-11-22T07:38:39.123456+00:00 gw nginx[31]: ",
            "2026-11-22T07:38:39.123456789Z ",
            "2026-11-22T07:38:39.123456789Z stderr F ",
            "2026-11-22 07:38:39.676384500  ",
            "web-1  | ",
            "\u{1b}[36mweb_1   |\u{1b}[0m ",
            "[pod/web-7d5/nginx] ",
            "[web-7d5] | ",
            "[pod/web-7d5/nginx] 2026-11-22T07:38:39.123456789Z ",
            "/var/log/nginx/error.log:",
            "error.log.1:17:",
            "17:",
            "2026-11-22 07:38:39.000000000 +0000 kube.web: ",
        ] {
            for record in [RECORD, ACCESS] {
                let line = [prefix, record].concat();
                let opened = open(line.as_bytes(), Some(2026));
                assert_eq!(opened.inner, record.as_bytes(), "{prefix:?}");
                assert_eq!(opened.wrapped, !prefix.is_empty(), "{prefix:?}");
            }
        }
    }

    #[test]
    fn what_is_no_carrier_stays() {
        for line in
            ["nginx: [emerg] host not found", "GET / HTTP/1.1", "error: it failed", "<html>", ""]
        {
            assert_eq!(open(line.as_bytes(), None).inner, line.as_bytes());
        }
    }

    #[test]
    fn json_carriers_are_opened_and_unescaped() {
        let mut buffer = Vec::new();
        let line = br#"{"log":"10.0.0.9 - - \"GET /\"\n","stream":"stdout","time":"2026-11-22T07:38:39.5Z"}"#;
        let opened = unwrap_json(line, &mut buffer).unwrap();
        assert_eq!(opened.inner, br#"10.0.0.9 - - "GET /""#);
        assert!(opened.at.is_some());
        let cell = open(br#"| {"_raw":"10.0.0.9 - - \"GET /\""}|"#, None);
        assert_eq!(unwrap_json(cell.inner, &mut buffer).unwrap().inner, br#"10.0.0.9 - - "GET /""#);
        assert_eq!(unwrap_json(br#"{"status":"502"}"#, &mut Vec::new()), None);
    }
}
