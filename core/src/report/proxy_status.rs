//! The value of a Proxy-Status field (RFC 9209): one member, as this gateway would add it.

use crate::diagnosis::{Diagnosis, Outcome};
use crate::evidence::{Evidence, Sign};
use crate::vocabulary::{Fault, Gateway};
use alloc::format;
use alloc::string::String;

/// The member for a diagnosis; `None` where nothing failed that an upstream has to do with, or
/// where it is not known what.
#[must_use]
pub fn proxy_status(evidence: &Evidence<'_>, diagnosis: &Diagnosis) -> Option<String> {
    let fault = diagnosis.fault();
    let received = fault.proxy_error().is_none();
    let answered = evidence.last_attempt().and_then(|attempt| attempt.status);
    if diagnosis.outcome() == Outcome::Healthy || fault == Fault::Unknown {
        return None;
    }
    if received && fault == Fault::ClientClosed {
        return None;
    }
    let mut member = String::from(evidence.gateway.map_or("gateway", Gateway::id));
    let alert = alert_received(evidence, fault);
    if let Some(error) = alert.map(|_| ALERT_RECEIVED).or_else(|| fault.proxy_error()) {
        member.push_str("; error=");
        member.push_str(error);
    }
    if let Some(status) = answered.or(evidence.status).filter(|_| received) {
        member.push_str(&format!("; received-status={status}"));
    }
    if let Some(number) = alert {
        member.push_str(&format!("; alert-id={number}"));
    }
    let address = evidence.last_attempt().and_then(|attempt| attempt.address);
    if let Some(address) = address.filter(|address| !address.is_empty()) {
        member.push_str("; next-hop=");
        push_string(&mut member, address);
    }
    Some(member)
}

const ALERT_RECEIVED: &str = "tls_alert_received";

/// The number of the alert that the upstream sent. RFC 9209, section 2.3.15, has an error of its own for
/// a handshake that failed so.
fn alert_received(evidence: &Evidence<'_>, fault: Fault) -> Option<u32> {
    if !matches!(fault, Fault::TlsHandshakeFailed | Fault::TlsClientCertificateRejected) {
        return None;
    }
    let received = evidence.find(|seen| match seen.sign {
        Sign::ClientCertificateRejected => true,
        // With these a number may be of another kind: the words name an alert, or the caller did.
        Sign::HandshakeFailed | Sign::NothingInCommon | Sign::NameUnrecognized => {
            seen.quote.is_empty() || seen.quote.windows(5).any(|w| w.eq_ignore_ascii_case(b"alert"))
        }
        _ => false,
    })?;
    received.number.filter(|number| *number <= 255)
}

/// A String of Structured Fields (RFC 9651, section 3.3.3): printable ASCII alone, in quotes.
fn push_string(to: &mut String, text: &[u8]) {
    to.push('"');
    for byte in text {
        match byte {
            b'"' | b'\\' => {
                to.push('\\');
                to.push(char::from(*byte));
            }
            b' '..=b'~' => to.push(char::from(*byte)),
            _ => to.push('?'),
        }
    }
    to.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose;
    use crate::evidence::{Origin, Seen};
    use crate::vocabulary::Phase;

    #[test]
    fn an_alert_that_came_is_told_with_its_number() {
        for (sign, number, quote, member) in [
            (Sign::HandshakeFailed, Some(40), "SSLV3_ALERT_HANDSHAKE_FAILURE", "alert-id=40"),
            (Sign::NothingInCommon, Some(70), "SSL alert number 70", "alert-id=70"),
            (Sign::NameUnrecognized, Some(112), "", "alert-id=112"),
            (Sign::ClientCertificateRejected, Some(48), "unknown ca", "alert-id=48"),
            // The number is another one.
            (Sign::HandshakeFailed, Some(104), "(104)Connection reset by peer", ""),
            (Sign::HandshakeFailed, Some(1000), "alert", ""),
            (Sign::NothingInCommon, None, "UNSUPPORTED_PROTOCOL", ""),
            (Sign::TlsNotSpoken, Some(40), "alert", ""),
        ] {
            let mut evidence = Evidence::default();
            evidence.add(Seen {
                phase: Some(Phase::Tls),
                number,
                quote: quote.as_bytes(),
                origin: Origin::default(),
                ..Seen::new(sign)
            });
            let wanted = match member {
                "" => String::from("gateway; error=tls_protocol_error"),
                alert => format!("gateway; error=tls_alert_received; {alert}"),
            };
            let diagnosis = diagnose(&evidence);
            assert_eq!(proxy_status(&evidence, &diagnosis), Some(wanted), "{quote}");
        }
    }
}
