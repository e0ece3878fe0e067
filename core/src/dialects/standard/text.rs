//! Words that stand in everybody's logs, pages and tickets, without a gateway around them.

use super::words::Says::{Alone, Is, Perhaps, What};
use super::words::{Hit, Hits, Name, Phrase, around, words};
use crate::evidence::Sign::{
    CertificateExpired, CertificateInvalid, CertificateNameMismatch, CertificateUntrusted,
    ClientGone, ClientInvalid, Closed, Ended, Failed, HandshakeFailed, HeaderTooLarge, Malformed,
    NoneHealthy, NothingInCommon, PlainToTls, ProtocolMismatch, Refused, Reset, TimedOut,
    TlsNotSpoken, UpgradeFailed,
};
use crate::evidence::{Attempt, Evidence, Origin, Protocol, Seen, Sign, Source};
use crate::scan::{self, number};
use crate::vocabulary::Phase;
use crate::vocabulary::Phase::{Connect, ResponseBody, ResponseHeaders, Tls};

/// Words of browsers, servers and pages.
pub(super) const TEXTS: &[Phrase] = &[
    words("actively refused", What(Refused, Some(Connect))),
    words("bad http request line", Is(ClientInvalid)),
    words("can \"upgrade\" only to \"websocket\"", Is(UpgradeFailed)),
    words("cannot connect", Perhaps(Failed, Connect)),
    words("certificate expired", Is(CertificateExpired)),
    words("certificate name mismatch", Is(CertificateNameMismatch)),
    words("client closed connection", What(ClientGone, None)),
    words("client closed request", What(ClientGone, None)),
    words("client closed the connection", What(ClientGone, None)),
    words("client sent an http request to an https server", Is(PlainToTls)),
    words("connect failed", Perhaps(Failed, Connect)),
    words("connect timeout", Alone(TimedOut, Some(Connect))),
    around("connection attempt to ", "{.} failed", Perhaps(Failed, Connect)),
    words("connection closed by peer", What(Closed, None)),
    words("connection closed by remote host", What(Closed, None)),
    words("connection closed unexpectedly", What(Ended, None)),
    words("connection failed", Perhaps(Failed, Connect)),
    words("connection timeout", Alone(TimedOut, Some(Connect))),
    around("connection to ", "{} was refused", What(Refused, Some(Connect))),
    words("connection was refused", What(Refused, Some(Connect))),
    words("could not connect", Perhaps(Failed, Connect)),
    words("could not establish a connection", Perhaps(Failed, Connect)),
    words("error during websocket handshake", Is(UpgradeFailed)),
    words("failed to connect", Perhaps(Failed, Connect)),
    words("failed to establish a connection", Perhaps(Failed, Connect)),
    words("invalid request block size", Is(ProtocolMismatch)),
    words("invalid ssl certificate", Perhaps(CertificateInvalid, Tls)),
    words("invalid upgrade header", Is(UpgradeFailed)),
    words("missing upgrade header", Is(UpgradeFailed)),
    words("no endpoints available for", Is(NoneHealthy)),
    words("plain http request was sent to https port", Is(PlainToTls)),
    words("read timeout", Alone(TimedOut, Some(ResponseHeaders))),
    words("refused connection", What(Refused, Some(Connect))),
    words("refused the connection", What(Refused, Some(Connect))),
    words("refused to connect", What(Refused, Some(Connect))),
    words("request timeout", Alone(TimedOut, Some(ResponseHeaders))),
    words("response header too large", Is(HeaderTooLarge)),
    words("response timeout", Alone(TimedOut, Some(ResponseHeaders))),
    words("server closed the connection", What(Closed, None)),
    words("unable to connect", Perhaps(Failed, Connect)),
    words("unable to establish a connection", Perhaps(Failed, Connect)),
    words("unknown certificate authority", Perhaps(CertificateUntrusted, Tls)),
    words("unsupported fastcgi protocol version", Is(ProtocolMismatch)),
    words("untrusted certificate", Perhaps(CertificateUntrusted, Tls)),
    words("upgrade' header is missing", Is(UpgradeFailed)),
    words("upgrade' token not found in 'connection' header", Is(UpgradeFailed)),
    words("upstream closed the connection", What(Closed, None)),
    words("websocket handshake: unexpected response code", Is(UpgradeFailed)),
    words("websocket' token not found in 'upgrade' header", Is(UpgradeFailed)),
];

/// Names that several libraries have for one thing.
pub(super) const NAMES: &[Name] = &[
    ("0x80090308", Perhaps(TlsNotSpoken, Tls)),
    ("0x80090322", Is(CertificateNameMismatch)),
    ("0x80090325", Is(CertificateUntrusted)),
    ("0x80090326", Perhaps(HandshakeFailed, Tls)),
    ("0x80090327", Is(CertificateInvalid)),
    ("0x80090328", Is(CertificateExpired)),
    ("0x80090331", Is(NothingInCommon)),
    ("0x800B0101", Is(CertificateExpired)),
    ("0x800B0109", Is(CertificateUntrusted)),
    ("0x800B010F", Is(CertificateNameMismatch)),
    // Haskell's tls.
    ("HandshakeFailed", Perhaps(HandshakeFailed, Tls)),
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

/// The status that an error page or a raw response names, in any case of letters: "504 Gateway
/// Time-out", `HTTP/1.1 502 Bad Gateway`.
pub(crate) fn status(text: &[u8]) -> Option<u16> {
    const PAGES: &[(&str, u16)] = &[
        ("502 bad gateway", 502),
        ("503 service temporarily unavailable", 503),
        ("503 service unavailable", 503),
        ("504 gateway time-out", 504),
        ("504 gateway timeout", 504),
        ("502 proxy error", 502),
    ];
    // Apache's, which break their lines after these words.
    const SENTENCES: &[(&str, u16)] = &[
        ("The proxy server received an invalid", 502),
        ("The server is temporarily unable to service your", 503),
        ("The gateway did not receive a timely response", 504),
    ];
    let said = SENTENCES.iter().find(|(words, _)| scan::holds(text, words.as_bytes()));
    if let Some((_, status)) = said {
        return Some(*status);
    }
    let mut from = 0;
    loop {
        let at = from + memchr::memmem::find(text.get(from..)?, b"50")?;
        let rest = text.get(at..)?;
        let names = |(words, _): &&(&str, u16)| {
            rest.get(..words.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(words.as_bytes()))
        };
        if let Some((_, status)) = PAGES.iter().find(names) {
            return Some(*status);
        }
        from = at + 2;
    }
}

/// What words prove that a system or a library gave as the reason of a failure, in the phase that
/// the gateway names: what, where (the words may name the place more closely), and the number that
/// they name. `None` where they are not known.
pub(crate) fn sign_of(
    reason: &[u8],
    phase: Option<Phase>,
) -> Option<(Sign, Option<Phase>, Option<u32>)> {
    let best = best(Hits::of(reason, phase))?;
    Some((best.sign, best.phase, best.number))
}

/// The same, of words that are about a phase, whatever calls they name; and whether it holds only where
/// nothing closer is said.
pub(crate) fn hit_within(reason: &[u8], phase: Option<Phase>) -> Option<Hit<'_>> {
    best(Hits::within(reason, phase))
}

/// The hit that says most: what is no more than general gives way, the more telling decides, and of
/// equal ones the last, which is the innermost.
fn best<'a>(hits: impl Iterator<Item = Hit<'a>>) -> Option<Hit<'a>> {
    hits.max_by_key(|hit| (!hit.general, hit.sign.telling()))
}

/// Reads such words wherever they stand in a text. `None` where there are none.
pub(crate) fn read(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    read_hits(text, Hits::of(text, None), origin)
}

/// Reads the words that nobody writes but servers that were spoken to in the wrong protocol,
/// wherever they stand.
pub(crate) fn read_protocols(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let mut evidence = Evidence::default();
    let named = |hit: &Hit<'_>| {
        matches!(hit.sign, Sign::PlainToTls | Sign::ProtocolMismatch | Sign::UpgradeFailed)
    };
    let hit = Hits::of(text, None).anywhere().find(named)?;
    let origin = Origin { source: Source::ErrorLog, ..origin };
    add(text, hit, origin, &mut evidence);
    evidence.sources.add(Source::ErrorLog);
    evidence.records.push((origin, scan::trim(text)));
    Some(evidence)
}

/// The same of what was found in the text already.
pub(super) fn read_hits<'a>(
    text: &'a [u8],
    hits: Hits<'a>,
    origin: Origin,
) -> Option<Evidence<'a>> {
    let source = match origin.source {
        Source::Caller => Source::ErrorLog,
        told => told,
    };
    let origin = Origin { source, ..origin };
    let mut evidence = Evidence::default();
    if let Some((name, line)) = killed_for_memory(text) {
        if GATEWAYS.contains(&name) {
            evidence.add(Seen { quote: line, origin, ..Seen::new(Sign::OutOfMemory) });
        }
    }
    let mut general: Option<Hit<'_>> = None;
    let mut harmless: Option<Hit<'_>> = None;
    let mut closer = false;
    let in_body = BODY_EXPECTED.iter().any(|words| scan::holds(text, words.as_bytes()));
    for mut hit in hits {
        let answer = status_behind(text, &hit);
        // What was answered is what failed: the browser only has no use for such an answer.
        if hit.sign == Sign::ClientGone && answer.is_some_and(|status| status >= 400) {
            continue;
        }
        let early = matches!(hit.phase, None | Some(ResponseHeaders)) && is_outcome(hit.sign);
        let well = answer.is_some_and(|status| (200..300).contains(&status));
        if early && (in_body || well) {
            hit.phase = Some(ResponseBody);
            // A body that ends early breaks its protocol as one does that cannot be decoded.
            hit.sign = if hit.sign == Malformed { Failed } else { hit.sign };
        }
        if hit.sign == Sign::Harmless {
            // Counts where it is all that is said.
            let around = text.len().saturating_sub(hit.quote.len());
            harmless = Some(hit).filter(|_| around < 40);
            continue;
        }
        if hit.general {
            // Of equal ones the last, which is the innermost.
            let more = general.is_none_or(|known| known.sign.telling() <= hit.sign.telling());
            if more {
                general = Some(hit);
            }
            continue;
        }
        closer = true;
        add(text, hit, origin, &mut evidence);
    }
    if let (false, Some(hit)) = (closer, general.or(harmless)) {
        add(text, hit, origin, &mut evidence);
    }
    if evidence.signs.is_empty() {
        return None;
    }
    // Of several addresses of a name one had no counterpart here: no port ran out.
    let tried = |seen: &Seen<'_>| seen.phase == Some(Phase::Connect) && seen.sign.phase().is_none();
    let ports = evidence.signs.iter().position(|seen| seen.sign == Sign::OutOfPorts);
    if let (Some(at), Some(_)) = (ports, evidence.find(tried)) {
        evidence.signs.remove(at);
    }
    evidence.sources.add(source);
    let first = evidence.signs.get(0).map_or(origin, |seen| seen.origin);
    evidence.records.push((first, scan::trim(text)));
    Some(evidence)
}

/// What git writes below the words of curl when part of a body is missing: its head had come.
const BODY_EXPECTED: [&str; 2] =
    ["bytes of body are still expected", "while reading sideband packet"];

/// Whether only the phase says what a sign means.
const fn is_outcome(sign: Sign) -> bool {
    matches!(sign, Closed | Ended | Failed | Malformed | Reset | TimedOut | Sign::StreamReset)
}

/// The status of the answer that a browser names behind its error: `net::ERR_CONNECTION_RESET 200 (OK)`.
fn status_behind(text: &[u8], hit: &Hit<'_>) -> Option<u16> {
    if !scan::holds(hit.quote, b"ERR_") {
        return None;
    }
    let (_, end) = scan::place(text, hit.quote)?;
    let rest = text.get(end as usize..)?.strip_prefix(b" ")?;
    let ends = rest.get(3).is_none_or(u8::is_ascii_whitespace);
    number::status(rest.get(..3)?).filter(|status| ends && (100..600).contains(status))
}

/// Adds what was found, with the address and the request that its words name.
fn add<'a>(text: &'a [u8], hit: Hit<'a>, origin: Origin, evidence: &mut Evidence<'a>) {
    let before = text.get(..hit.at).unwrap_or(text);
    let lines = memchr::memchr_iter(b'\n', before).count() as u64;
    let line = if origin.line == 0 { 0 } else { origin.line + lines };
    let origin = Origin { line, ..origin };
    let authority = hit.url.map(|url| url.authority).filter(|authority| !authority.is_empty());
    let address = hit.address.or(authority);
    if let Some(address) = address {
        let known = evidence.last_attempt().and_then(|attempt| attempt.address);
        if known != Some(address) {
            evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
        }
    }
    if let Some(url) = hit.url {
        evidence.request.authority = authority.or(evidence.request.authority);
        evidence.request.path = Some(url.path).filter(|path| !path.is_empty());
        evidence.protocol = Some(if url.tls { Protocol::Https } else { Protocol::Http });
    }
    let attempt = evidence.attempts.len().checked_sub(1).and_then(|at| u8::try_from(at).ok());
    let mut seen = Seen {
        phase: hit.phase,
        number: hit.number,
        attempt,
        quote: hit.quote,
        origin,
        ..Seen::new(hit.sign)
    };
    // The same said twice is quoted once, where more words say it, with the number that either names.
    let alike = |old: &&Seen<'a>| {
        old.sign == seen.sign && old.phase == seen.phase && old.attempt == seen.attempt
    };
    if let Some(old) = evidence.signs.iter().find(alike) {
        seen.number = seen.number.or(old.number);
        if old.quote.len() >= seen.quote.len() {
            (seen.quote, seen.origin) = (old.quote, old.origin);
        }
    }
    evidence.add(seen);
}
