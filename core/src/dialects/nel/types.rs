//! The types of failures: those of the draft, section "Predefined network error types", and Chromium's.

use crate::evidence::Sign::{
    self, AddressInvalid, BodyMalformed, CertificateExpired, CertificateInvalid,
    CertificateNameMismatch, CertificateUntrusted, ClientCertificateRejected, ClientGone,
    ClientInvalid, Closed, Ended, Failed, HandshakeFailed, Harmless, Malformed, NameNotFound,
    NameUnrecognized, NothingInCommon, ProtocolMismatch, Refused, Reset, ResolverFailed,
    ResolverTimedOut, ServerError, TimedOut, Unreachable,
};
use crate::vocabulary::Phase::{self, Connect, Request, ResponseBody, ResponseHeaders};

/// A type, what it proves, and where.
type Type = (&'static str, Sign, Option<Phase>);

const TYPES: &[Type] = &[
    ("abandoned", ClientGone, None),
    // The report of another failure, of which it hides what it was.
    ("dns.address_changed", Harmless, None),
    ("dns.failed", ResolverFailed, None),
    ("dns.name_not_resolved", NameNotFound, None),
    ("dns.protocol", ResolverFailed, None),
    ("dns.server", ResolverFailed, None),
    ("dns.timed_out", ResolverTimedOut, None),
    ("dns.unreachable", ResolverTimedOut, None),
    ("h2.ping_failed", TimedOut, Some(ResponseHeaders)),
    ("h2.protocol.error", Malformed, Some(ResponseHeaders)),
    ("h3.protocol.error", Malformed, Some(ResponseHeaders)),
    // The status says which.
    ("http.error", Failed, None),
    ("http.failed", Failed, None),
    ("http.protocol.error", ProtocolMismatch, None),
    ("http.request.range_not_satisfiable", ClientInvalid, None),
    ("http.response.headers.multiple_content_disposition", Malformed, Some(ResponseHeaders)),
    ("http.response.headers.multiple_content_length", Malformed, Some(ResponseHeaders)),
    ("http.response.headers.truncated", Closed, Some(ResponseHeaders)),
    ("http.response.invalid", Malformed, Some(ResponseHeaders)),
    ("http.response.invalid.content_length_mismatch", Ended, Some(ResponseBody)),
    ("http.response.invalid.empty", Closed, Some(ResponseHeaders)),
    ("http.response.invalid.incomplete_chunked_encoding", Ended, Some(ResponseBody)),
    ("http.response.invalid.invalid_chunked_encoding", BodyMalformed, None),
    ("http.response.redirect_loop", Harmless, None),
    ("ok", Harmless, None),
    ("tcp.aborted", Failed, Some(Request)),
    ("tcp.address_invalid", AddressInvalid, None),
    ("tcp.address_unreachable", Unreachable, Some(Connect)),
    ("tcp.closed", Closed, Some(ResponseHeaders)),
    ("tcp.failed", Failed, Some(Connect)),
    ("tcp.refused", Refused, Some(Connect)),
    ("tcp.reset", Reset, Some(ResponseHeaders)),
    ("tcp.timed_out", TimedOut, Some(Connect)),
    ("tls.bad_client_auth_cert", ClientCertificateRejected, None),
    ("tls.cert.authority_invalid", CertificateUntrusted, None),
    ("tls.cert.date_invalid", CertificateExpired, None),
    ("tls.cert.invalid", CertificateInvalid, None),
    ("tls.cert.name_invalid", CertificateNameMismatch, None),
    ("tls.cert.pinned_key_not_in_cert_chain", CertificateInvalid, None),
    ("tls.cert.revoked", CertificateInvalid, None),
    ("tls.failed", HandshakeFailed, None),
    ("tls.protocol.error", HandshakeFailed, None),
    ("tls.unrecognized_name_alert", NameUnrecognized, None),
    ("tls.version_or_cipher_mismatch", NothingInCommon, None),
    ("unknown", Failed, None),
];

/// What a type proves, beside the status; `None` where it is not known.
pub(super) fn meaning(
    name: &[u8],
    status: Option<u16>,
) -> Option<(Sign, Option<Phase>, Option<u32>)> {
    let at = TYPES.binary_search_by(|(known, ..)| known.as_bytes().cmp(name)).ok()?;
    let (name, sign, phase) = *TYPES.get(at)?;
    let told = match (name, status) {
        // A gateway's words for its upstream are 502 to 504; another number is the server's own.
        ("http.error", Some(status @ (500..=501 | 505..=599))) => {
            (ServerError, Some(ResponseHeaders), Some(u32::from(status)))
        }
        ("http.error", Some(_)) => (Harmless, None, None),
        // The head had come, and what followed ended.
        (_, Some(200..=399)) if phase == Some(ResponseHeaders) => (sign, Some(ResponseBody), None),
        _ => (sign, phase, None),
    };
    Some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_are_sorted() {
        assert!(TYPES.is_sorted_by(|one, other| one.0 < other.0));
    }

    #[test]
    fn the_status_says_what_an_error_of_http_is() {
        let sign = |status| meaning(b"http.error", status).map(|(sign, ..)| sign);
        assert_eq!(sign(Some(500)), Some(ServerError));
        assert_eq!(sign(Some(502)), Some(Harmless));
        assert_eq!(sign(Some(404)), Some(Harmless));
        assert_eq!(sign(None), Some(Failed));
        assert_eq!(meaning(b"tcp.refuse", None), None);
    }
}
