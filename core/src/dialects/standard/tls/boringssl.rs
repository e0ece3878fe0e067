//! BoringSSL's reasons by code and name, and the words of X.509 verification, as Envoy passes them on.

use super::openssl::REASONS;
use super::{ALERTS, alert_among, alert_from_upstream, alert_numbered};
use crate::dialects::standard::words::{Phrase, Says};
use crate::evidence::Sign;
use crate::scan::words;

/// What BoringSSL's reason proves at a client, and the alert's number where it is one. Its code is
/// the library's number, 16, above the reason; an alert's reason is its number and 1000.
pub(crate) fn boringssl(code: u32, reason: &[u8]) -> (Sign, Option<u32>) {
    let alert =
        (code >> 28 == 1).then_some(code & 0xfff).and_then(|reason| reason.checked_sub(1000));
    if let Some(alert) = alert.filter(|alert| *alert <= 255) {
        return (alert_from_upstream(alert), Some(alert));
    }
    let known = named(reason).or_else(|| cut(reason));
    (known.unwrap_or(Sign::HandshakeFailed), None)
}

/// The same of a line of OpenSSL's, `error:0A000086:SSL routines::certificate verify failed`, and of
/// the alert that it names by number.
pub(crate) fn line_of_openssl(text: &[u8]) -> Option<(Sign, Option<u32>)> {
    if let Some(alert) = alert_numbered(text) {
        return Some(alert);
    }
    let sign = text.rsplit(|byte| *byte == b':').find_map(|part| named(part.trim_ascii()))?;
    Some((sign, None))
}

/// What a reason of that name proves. Not by the words' reader: a filter would carry all its tables.
fn named(reason: &[u8]) -> Option<Sign> {
    const BEGINS: [&[u8]; 3] = [b"SSLV3_ALERT_", b"TLSV1_ALERT_", b"TLSV13_ALERT_"];
    if let Some(alert) = BEGINS.iter().find_map(|prefix| reason.strip_prefix(*prefix)) {
        return alert_among(&[ALERTS], alert).map(alert_from_upstream);
    }
    let is = |phrase: &&Phrase| phrase.begins.len() == reason.len() && begins(phrase, reason);
    REASONS.iter().find(is).and_then(proves)
}

/// The only reason that begins so, where the name is cut.
fn cut(reason: &[u8]) -> Option<Sign> {
    const TELLING: usize = 8;
    let mut begin = REASONS.iter().filter(|phrase| begins(phrase, reason));
    let only = begin.next().filter(|_| reason.len() >= TELLING)?;
    proves(only).filter(|_| begin.next().is_none())
}

/// Whether the words of a phrase, with `_` for each blank, begin so.
fn begins(phrase: &Phrase, reason: &[u8]) -> bool {
    let same = |(this, that): (&u8, &u8)| {
        this.eq_ignore_ascii_case(that) || (*this == b'_' && *that == b' ')
    };
    phrase.begins.len() >= reason.len() && reason.iter().zip(phrase.begins.as_bytes()).all(same)
}

const fn proves(phrase: &Phrase) -> Option<Sign> {
    match phrase.says {
        Says::Is(sign) | Says::At(sign, _) | Says::Perhaps(sign, _) | Says::Amid(sign, _) => {
            Some(sign)
        }
        _ => None,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

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
