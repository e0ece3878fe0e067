//! Words that stand in everybody's logs, pages and tickets, without a gateway around them.

use crate::evidence::{Evidence, Origin, Seen, Sign, Source};
use crate::scan;
use crate::vocabulary::Phase;

/// Texts with what they prove, the more telling first.
const TEXTS: &[(&str, Sign, Option<Phase>)] = &[
    ("plain HTTP request was sent to HTTPS port", Sign::PlainToTls, None),
    ("Client sent an HTTP request to an HTTPS server", Sign::PlainToTls, None),
    ("Error during WebSocket handshake", Sign::UpgradeFailed, None),
    ("WebSocket handshake: Unexpected response code", Sign::UpgradeFailed, None),
    ("unsupported FastCGI protocol version", Sign::ProtocolMismatch, None),
    ("SSL certificate verify error", Sign::CertificateInvalid, None),
];

/// Reads such words wherever they stand in a text. `None` where there are none.
pub(crate) fn read(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let (at, (words, sign, phase)) = TEXTS
        .iter()
        .find_map(|known| memchr::memmem::find(text, known.0.as_bytes()).map(|at| (at, *known)))?;
    let mut evidence = Evidence::default();
    evidence.sources.add(Source::Body);
    let origin = Origin { source: Source::Body, ..origin };
    let quote = text.get(at..at + words.len()).unwrap_or(text);
    evidence.records.push((origin, scan::trim(text)));
    evidence.add(Seen { phase, quote, origin, ..Seen::new(sign) });
    Some(evidence)
}
