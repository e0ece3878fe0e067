//! Words that stand in everybody's logs, pages and tickets, without a gateway around them.

use crate::evidence::{Evidence, Origin, Seen, Sign, Source};
use crate::scan;

/// Texts with what they prove, the more telling first.
const TEXTS: &[(&str, Sign)] = &[
    ("plain HTTP request was sent to HTTPS port", Sign::PlainToTls),
    ("Client sent an HTTP request to an HTTPS server", Sign::PlainToTls),
    // Chromium's words, and those of servers that miss the header.
    ("WebSocket handshake: Unexpected response code", Sign::UpgradeFailed),
    ("invalid Upgrade header", Sign::UpgradeFailed),
    ("missing Upgrade header", Sign::UpgradeFailed),
    ("'Upgrade' header is missing", Sign::UpgradeFailed),
    ("'upgrade' token not found in 'Connection' header", Sign::UpgradeFailed),
    ("'websocket' token not found in 'Upgrade' header", Sign::UpgradeFailed),
    ("Can \"Upgrade\" only to \"WebSocket\"", Sign::UpgradeFailed),
    ("unsupported FastCGI protocol version", Sign::ProtocolMismatch),
    // uwsgi's own log when it is spoken to in HTTP.
    ("invalid request block size", Sign::ProtocolMismatch),
];

/// The programs whose end is the end of a gateway.
const GATEWAYS: [&[u8]; 6] = [b"nginx", b"openresty", b"envoy", b"haproxy", b"apache2", b"httpd"];

/// The kernel's line about a process that it killed for memory, by the process's name.
fn killed_for_memory(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memmem::find(text, b"Out of memory: Kill")?;
    let line = text.get(at..)?.split(|byte| *byte == b'\n').next()?;
    let (_, rest) = scan::split_byte(line, b'(')?;
    let (name, _) = scan::split_byte(rest, b')')?;
    Some((name, line))
}

/// The status that an error page or a raw response names: "504 Gateway Time-out",
/// `HTTP/1.1 502 Bad Gateway`.
pub(crate) fn status(text: &[u8]) -> Option<u16> {
    const PAGES: &[(&str, u16)] = &[
        ("502 Bad Gateway", 502),
        ("503 Service Temporarily Unavailable", 503),
        ("503 Service Unavailable", 503),
        ("504 Gateway Time-out", 504),
        ("504 Gateway Timeout", 504),
        // Apache's, which break their lines after these words.
        ("502 Proxy Error", 502),
        ("The proxy server received an invalid", 502),
        ("The server is temporarily unable to service your", 503),
        ("The gateway did not receive a timely response", 504),
    ];
    let page = PAGES.iter().find(|(words, _)| scan::holds(text, words.as_bytes()));
    page.map(|(_, status)| *status)
}

/// Reads such words wherever they stand in a text. `None` where there are none.
pub(crate) fn read(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let (quote, sign) = match killed_for_memory(text) {
        Some((name, line)) if GATEWAYS.contains(&name) => (line, Sign::OutOfMemory),
        _ => TEXTS.iter().find_map(|(words, sign)| {
            let at = memchr::memmem::find(text, words.as_bytes())?;
            Some((text.get(at..at + words.len())?, *sign))
        })?,
    };
    let mut evidence = Evidence::default();
    evidence.sources.add(Source::Body);
    let origin = Origin { source: Source::Body, ..origin };
    evidence.records.push((origin, scan::trim(text)));
    evidence.add(Seen { quote, origin, ..Seen::new(sign) });
    Some(evidence)
}
