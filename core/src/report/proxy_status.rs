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
    if let Some(error) = fault.proxy_error() {
        member.push_str("; error=");
        member.push_str(error);
    }
    if let Some(status) = answered.or(evidence.status).filter(|_| received) {
        member.push_str(&format!("; received-status={status}"));
    }
    if fault == Fault::TlsClientCertificateRejected {
        let alert = evidence.find(|seen| seen.sign == Sign::ClientCertificateRejected);
        if let Some(number) = alert.and_then(|seen| seen.number).filter(|number| *number <= 255) {
            member.push_str(&format!("; alert-id={number}"));
        }
    }
    let address = evidence.last_attempt().and_then(|attempt| attempt.address);
    if let Some(address) = address.filter(|address| !address.is_empty()) {
        member.push_str("; next-hop=");
        push_string(&mut member, address);
    }
    Some(member)
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
