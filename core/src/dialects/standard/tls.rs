//! What TLS libraries say: alerts by number (RFC 8446, section 6), OpenSSL's reasons, X.509
//! verify codes.

use crate::evidence::Sign;
use crate::scan::words;

/// What an alert proves that the gateway received from the upstream: the upstream complains about
/// the gateway.
pub(crate) const fn alert_from_upstream(number: u32) -> Sign {
    match number {
        // no_certificate, bad_certificate, unsupported, revoked, expired, unknown, unknown_ca,
        // access_denied, certificate_required
        41..=46 | 48 | 49 | 116 => Sign::ClientCertificateRejected,
        // protocol_version, insufficient_security, inappropriate_fallback, no_application_protocol
        70 | 71 | 86 | 120 => Sign::NothingInCommon,
        // unrecognized_name
        112 => Sign::NameUnrecognized,
        _ => Sign::HandshakeFailed,
    }
}

/// OpenSSL's reasons, with what each proves at a client. The words of releases 1.0 to 3.5.
const REASONS: &[(&[u8], Sign)] = &[
    (b"wrong version number", Sign::TlsNotSpoken),
    (b"packet length too long", Sign::TlsNotSpoken),
    (b"unknown protocol", Sign::TlsNotSpoken),
    (b"http request", Sign::TlsNotSpoken),
    (b"wrong ssl version", Sign::TlsNotSpoken),
    (b"certificate verify failed", Sign::CertificateInvalid),
    (b"unexpected eof while reading", Sign::Closed),
    (b"unsupported protocol", Sign::NothingInCommon),
    (b"no protocols available", Sign::NothingInCommon),
    (b"no shared cipher", Sign::NothingInCommon),
    (b"no ciphers available", Sign::NothingInCommon),
    (b"no cipher match", Sign::NothingInCommon),
    (b"version too low", Sign::NothingInCommon),
    (b"tlsv1 alert protocol version", Sign::NothingInCommon),
    (b"unsafe legacy renegotiation disabled", Sign::NothingInCommon),
    (b"dh key too small", Sign::NothingInCommon),
    (b"ee key too small", Sign::NothingInCommon),
    (b"wrong signature type", Sign::NothingInCommon),
    (b"unrecognized name", Sign::NameUnrecognized),
    (b"certificate required", Sign::ClientCertificateRejected),
    (b"alert bad certificate", Sign::ClientCertificateRejected),
    (b"alert certificate", Sign::ClientCertificateRejected),
    (b"alert unknown ca", Sign::ClientCertificateRejected),
    (b"alert access denied", Sign::ClientCertificateRejected),
];

/// What OpenSSL's error text proves, and the alert's number where it names one.
pub(crate) fn openssl(text: &[u8]) -> Option<(Sign, Option<u32>)> {
    const NUMBER: &[u8] = b"SSL alert number ";
    if let Some((_, rest)) = crate::scan::split(text, NUMBER) {
        if let Some((number, _)) = crate::scan::number::leading(rest) {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            return Some((alert_from_upstream(number), Some(number)));
        }
    }
    let reason = REASONS.iter().find(|(reason, _)| crate::scan::holds(text, reason))?;
    Some((reason.1, None))
}

/// BoringSSL's reasons that say more than that the handshake failed, beside the alerts.
const BORING: &[(&str, Sign)] = &[
    ("CANNOT_PARSE_LEAF_CERT", Sign::CertificateInvalid),
    ("CERTIFICATE_VERIFY_FAILED", Sign::CertificateInvalid),
    ("DATA_LENGTH_TOO_LONG", Sign::TlsNotSpoken),
    ("ENCRYPTED_LENGTH_TOO_LONG", Sign::TlsNotSpoken),
    // These two are said by a server.
    ("HTTPS_PROXY_REQUEST", Sign::ClientProtocolMismatch),
    ("HTTP_REQUEST", Sign::ClientProtocolMismatch),
    ("INVALID_OUTER_RECORD_TYPE", Sign::TlsNotSpoken),
    ("KEY_USAGE_BIT_INCORRECT", Sign::CertificateInvalid),
    ("NO_APPLICATION_PROTOCOL", Sign::NothingInCommon),
    ("NO_CIPHERS_AVAILABLE", Sign::NothingInCommon),
    ("NO_COMMON_SIGNATURE_ALGORITHMS", Sign::NothingInCommon),
    ("NO_SHARED_CIPHER", Sign::NothingInCommon),
    ("NO_SHARED_GROUP", Sign::NothingInCommon),
    ("NO_SUPPORTED_VERSIONS_ENABLED", Sign::NothingInCommon),
    ("PEER_DID_NOT_RETURN_A_CERTIFICATE", Sign::ClientInvalid),
    ("PROTOCOL_IS_SHUTDOWN", Sign::Closed),
    ("SERVER_CERT_CHANGED", Sign::CertificateInvalid),
    ("UNKNOWN_PROTOCOL", Sign::TlsNotSpoken),
    ("UNSUPPORTED_PROTOCOL", Sign::NothingInCommon),
    ("WRONG_VERSION_NUMBER", Sign::TlsNotSpoken),
    ("X509_LIB", Sign::CertificateInvalid),
];

/// What BoringSSL's reason proves at a client, and the alert's number where it is one. Its code is
/// the library's number, 16, above the reason; an alert's reason is its number and 1000.
pub(crate) fn boringssl(code: u32, reason: &[u8]) -> (Sign, Option<u32>) {
    let alert =
        (code >> 28 == 1).then_some(code & 0xfff).and_then(|reason| reason.checked_sub(1000));
    if let Some(alert) = alert.filter(|alert| *alert <= 255) {
        return (alert_from_upstream(alert), Some(alert));
    }
    let known = BORING.iter().find(|(name, _)| name.as_bytes() == reason).or_else(|| cut(reason));
    (known.map_or(Sign::HandshakeFailed, |(_, sign)| *sign), None)
}

/// The only reason that begins so, where the name is cut.
fn cut(reason: &[u8]) -> Option<&'static (&'static str, Sign)> {
    const TELLING: usize = 8;
    let mut begin = BORING.iter().filter(|(name, _)| name.as_bytes().starts_with(reason));
    let only = begin.next().filter(|_| reason.len() >= TELLING)?;
    begin.next().is_none().then_some(only)
}

/// What the words of X.509 verification prove, with blanks or `_`; `None` where they are not known.
pub(crate) fn verify_text(text: &[u8]) -> Option<Sign> {
    const TEXTS: &[(&str, Sign)] = &[
        ("certificate has expired", Sign::CertificateExpired),
        ("certificate is not yet valid", Sign::CertificateExpired),
        ("unable to get local issuer certificate", Sign::CertificateUntrusted),
        ("unable to get issuer certificate", Sign::CertificateUntrusted),
        ("unable to verify the first certificate", Sign::CertificateUntrusted),
        ("unable to verify leaf signature", Sign::CertificateUntrusted),
        ("self signed certificate", Sign::CertificateUntrusted),
        ("self-signed certificate", Sign::CertificateUntrusted),
        ("certificate not trusted", Sign::CertificateUntrusted),
        ("certificate chain too long", Sign::ChainTooLong),
        ("hostname mismatch", Sign::CertificateNameMismatch),
        ("IP address mismatch", Sign::CertificateNameMismatch),
        ("email address mismatch", Sign::CertificateNameMismatch),
    ];
    let known = TEXTS.iter().find(|(known, _)| words::find(text, known).is_some());
    known.map(|(_, sign)| *sign)
}

/// What an X.509 verify code proves (OpenSSL's `X509_V_ERR_…`).
pub(crate) const fn verify_code(code: u32) -> Sign {
    match code {
        // not yet valid, expired; the same of a CRL is no expired certificate
        9 | 10 => Sign::CertificateExpired,
        // unable to get issuer, self-signed (leaf, in chain), no local issuer, leaf not verified,
        // untrusted root, no issuer found
        2 | 18..=21 | 27 => Sign::CertificateUntrusted,
        22 => Sign::ChainTooLong,
        62..=64 => Sign::CertificateNameMismatch,
        _ => Sign::CertificateInvalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_every_release_are_known() {
        for (text, sign, number) in [
            (
                "error:1408F10B:SSL routines:ssl3_get_record:wrong version number",
                Sign::TlsNotSpoken,
                None,
            ),
            ("error:0A0000C6:SSL routines::packet length too long", Sign::TlsNotSpoken, None),
            (
                "error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112",
                Sign::NameUnrecognized,
                Some(112),
            ),
            (
                "error:0A00045C:SSL routines::tlsv13 alert certificate required:SSL alert number 116",
                Sign::ClientCertificateRejected,
                Some(116),
            ),
            (
                "error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:SSL alert number 40",
                Sign::HandshakeFailed,
                Some(40),
            ),
            (
                "error:14077410:SSL routines:SSL23_GET_SERVER_HELLO:sslv3 alert certificate expired",
                Sign::ClientCertificateRejected,
                None,
            ),
            ("error:0A000126:SSL routines::unexpected eof while reading", Sign::Closed, None),
        ] {
            assert_eq!(openssl(text.as_bytes()), Some((sign, number)), "{text}");
        }
        assert_eq!(openssl(b"error:0A000123"), None);
    }

    #[test]
    fn boringssl_names_reasons_and_numbers_alerts() {
        for (code, reason, said) in [
            (268_435_703, "WRONG_VERSION_NUMBER", (Sign::TlsNotSpoken, None)),
            (268_436_496, "SSLV3_ALERT_HANDSHAKE_FAILURE", (Sign::HandshakeFailed, Some(40))),
            (
                268_436_572,
                "TLSV1_ALERT_CERTIFICATE_REQUIRED",
                (Sign::ClientCertificateRejected, Some(116)),
            ),
            (268_435_696, "UNSUPPORTED_PROTOCOL", (Sign::NothingInCommon, None)),
            (0, "BAD_SIGNATURE", (Sign::HandshakeFailed, None)),
            (0, "WRONG_VERSION_NUMBE", (Sign::TlsNotSpoken, None)),
            (0, "NO_S", (Sign::HandshakeFailed, None)),
        ] {
            assert_eq!(boringssl(code, reason.as_bytes()), said, "{reason}");
        }
        let sign = Some(Sign::CertificateUntrusted);
        assert_eq!(verify_text(b"depth_1:_self_signed_certificate_in_certificate_chain"), sign);
        assert_eq!(verify_text(b"certificate revoked"), None);
    }
}
