//! The page that mod_proxy answers with: its reason is what the error log has under AH00898. What
//! else is on it is the text of a status.

use super::says;
use crate::evidence::{Evidence, Origin, Seen, Sign, Source};
use crate::scan;
use crate::vocabulary::Gateway;

/// What stands in front of the reason: as the page has it, and as a browser shows it.
const MARKS: [&[u8]; 3] = [b"Reason: <strong>", b"Reason:<strong>", b"Reason: "];

/// What stands on no other server's page.
const OWN: [&[u8]; 3] = [
    b"The proxy server could not handle the request",
    b"The proxy server received an invalid",
    b"<address>Apache/",
];

/// Reads the page, or what was copied from it. `None` where it is not Apache's.
pub(super) fn read(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let own = OWN.iter().any(|words| memchr::memmem::find(text, words).is_some());
    let reason = MARKS.iter().find_map(|mark| {
        let at = memchr::memmem::find(text, mark)?;
        let rest = text.get(at + mark.len()..)?;
        let end = rest.iter().position(|byte| matches!(byte, b'<' | b'\n' | b'\r'));
        rest.get(..end.unwrap_or(rest.len())).map(scan::trim)
    });
    let known = reason.and_then(says::known_reason);
    if !own && known.is_none() {
        return None;
    }
    let mut evidence = Evidence { gateway: Some(Gateway::Apache), ..Evidence::default() };
    evidence.sources.add(Source::Body);
    let origin = Origin { source: Source::Body, ..origin };
    evidence.records.push((origin, scan::trim(text)));
    if let Some(quote) = reason {
        let (sign, phase) = known.unwrap_or((Sign::Failed, None));
        evidence.add(Seen { phase, quote, origin, ..Seen::new(sign) });
    }
    Some(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::classify;
    use crate::vocabulary::Fault;

    #[test]
    fn a_reason_tells_and_a_page_without_one_does_not() {
        for (text, fault) in [
            (
                "<p>The proxy server could not handle the request<p>Reason: <strong>DNS lookup \
                 failure for: app.internal</strong></p></p>",
                Some(Fault::DnsFailed),
            ),
            ("Reason: Error reading from remote server", Some(Fault::ResponseTerminated)),
            ("Reason: the shop is closed", None),
            ("<title>502 Proxy Error</title>", None),
        ] {
            let read = read(text.as_bytes(), Origin::new(Source::Body, 0, 1));
            assert_eq!(read.map(|evidence| classify(&evidence).fault), fault, "{text}");
        }
    }
}
