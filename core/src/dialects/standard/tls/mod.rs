//! What TLS libraries say: alerts by number (RFC 8446, section 6), OpenSSL's reasons, X.509
//! verify codes.

mod boringssl;
pub(crate) mod gnutls;
pub(crate) mod openssl;
pub(crate) mod rustls;

pub(crate) use boringssl::{boringssl, line_of_openssl, verify_text};

use super::words::{Hit, Hits, letters};
use crate::evidence::Sign;
use crate::scan::number;

/// What an alert proves that the gateway received from the upstream: the upstream complains about
/// the gateway.
pub(crate) const fn alert_from_upstream(number: u32) -> Sign {
    match number {
        // close_notify
        0 => Sign::Closed,
        // no_certificate, bad_certificate, unsupported, revoked, expired, unknown, unknown_ca,
        // access_denied, certificate_unobtainable, bad_certificate_hash_value,
        // certificate_required
        41..=46 | 48 | 49 | 111 | 114 | 116 => Sign::ClientCertificateRejected,
        // protocol_version, insufficient_security, inappropriate_fallback, no_application_protocol
        70 | 71 | 86 | 120 => Sign::NothingInCommon,
        // unrecognized_name
        112 => Sign::NameUnrecognized,
        _ => Sign::HandshakeFailed,
    }
}

/// Alerts by their names in the RFC and in OpenSSL and BoringSSL, in letters alone.
const ALERTS: &[(&str, u32)] = &[
    ("closenotify", 0),
    ("unexpectedmessage", 10),
    ("badrecordmac", 20),
    ("decryptionfailed", 21),
    ("recordoverflow", 22),
    ("decompressionfailure", 30),
    ("handshakefailure", 40),
    ("nocertificate", 41),
    ("badcertificate", 42),
    ("unsupportedcertificate", 43),
    ("certificaterevoked", 44),
    ("certificateexpired", 45),
    ("certificateunknown", 46),
    ("illegalparameter", 47),
    ("unknownca", 48),
    ("accessdenied", 49),
    ("decodeerror", 50),
    ("decrypterror", 51),
    ("exportrestriction", 60),
    ("protocolversion", 70),
    ("insufficientsecurity", 71),
    ("internalerror", 80),
    ("inappropriatefallback", 86),
    ("usercanceled", 90),
    ("usercancelled", 90),
    ("norenegotiation", 100),
    ("missingextension", 109),
    ("unsupportedextension", 110),
    ("certificateunobtainable", 111),
    ("unrecognizedname", 112),
    ("unrecognisedname", 112),
    ("badcertificatestatusresponse", 113),
    ("badcertificatehashvalue", 114),
    ("unknownpskidentity", 115),
    ("certificaterequired", 116),
    ("generalerror", 117),
    ("noapplicationprotocol", 120),
    ("echrequired", 121),
    ("encryptedclienthellorequired", 121),
];

/// And as Go, rustls and GnuTLS say them.
const SENTENCES: &[(&str, u32)] = &[
    ("revokedcertificate", 44),
    ("expiredcertificate", 45),
    ("unknowncertificate", 46),
    ("unknowncertificateauthority", 48),
    ("errordecodingmessage", 50),
    ("errordecryptingmessage", 51),
    ("thepeerreceivedanunexpectedmessage", 10),
    ("thepeerfailedtoperformahandshakecryptographicoperation", 51),
    ("thepeerrejectedanoverlengthmessage", 22),
    ("thepeerfailedtonegotiateanacceptablesetofsecurityparameters", 40),
    ("thepeerrejectedthecertificateascorrupt", 42),
    ("thepeerdidnotsupportthecertificate", 43),
    ("thepeerfoundthecertificatetoberevoked", 44),
    ("thepeerfoundthecertificatetobeexpired", 45),
    ("thepeerrejectedthecertificateforanunspecifiedreason", 46),
    ("thepeerrejectedamessage", 47),
    ("thepeerfoundthecertificatewasnotissuedbyatrustedca", 48),
    ("thepeerdeniedaccess", 49),
    ("thepeerfailedtodecodeamessage", 50),
    ("thepeerfailedtoverifyamessage", 20),
    ("thepeerdidnotsupportasuitabletlsversion", 70),
    ("thepeerrequiredahighersecuritylevel", 71),
    ("thepeerencounteredaninternalerror", 80),
    ("thepeercanceledthehandshake", 90),
    ("thepeerrequiredaspecificextension", 109),
    ("thepeerdidnotrecognizeaname", 112),
    ("thepeerrequiredaclientcertificate", 116),
    ("thepeerdidnotsupportanyoftheofferedapplicationprotocols", 120),
    ("handshakefailed", 40),
    ("certificateisbad", 42),
    ("certificateisnotsupported", 43),
    ("certificatewasrevoked", 44),
    ("certificateisexpired", 45),
    ("caisunknown", 48),
    ("accesswasdenied", 49),
    ("errorinprotocolversion", 70),
    ("theservernamesentwasnotrecognized", 112),
    ("certificateisrequired", 116),
];

/// The number of the alert that a text names at its beginning, by number or by any of its names;
/// 255 where it names one that is not known.
pub(crate) fn alert_named(text: &[u8]) -> Option<u32> {
    alert_among(&[ALERTS, SENTENCES], text)
}

fn alert_among(tables: &[&[(&str, u32)]], text: &[u8]) -> Option<u32> {
    let digits = text.strip_prefix(b"(").unwrap_or(text);
    if let Some((number, _)) = number::leading(digits) {
        return u32::try_from(number).ok();
    }
    let mut small = [0; 64];
    let long = letters(text, &mut small);
    let name = small.get(..long)?;
    let all = tables.iter().copied().flatten();
    let known = all.filter(|(words, _)| name.starts_with(words.as_bytes()));
    let longest = known.max_by_key(|(words, _)| words.len());
    longest.map(|(_, number)| *number).or_else(|| (!name.is_empty()).then_some(255))
}

/// What the alert proves that a line of OpenSSL's names by number, and the number.
fn alert_numbered(text: &[u8]) -> Option<(Sign, Option<u32>)> {
    let (_, rest) = crate::scan::split(text, b"SSL alert number ")?;
    let (number, _) = number::leading(rest)?;
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    Some((alert_from_upstream(number), Some(number)))
}

/// What OpenSSL's error text proves, and the alert's number where it names one.
pub(crate) fn openssl(text: &[u8]) -> Option<(Sign, Option<u32>)> {
    if let Some(alert) = alert_numbered(text) {
        return Some(alert);
    }
    let mut best: Option<Hit<'_>> = None;
    // That a line of OpenSSL's is there says no more than that it failed.
    for hit in
        Hits::of_openssl(text).filter(|hit| !hit.general || hit.sign != Sign::HandshakeFailed)
    {
        if best.is_none_or(|best| best.general || !hit.general) {
            best = Some(hit);
        }
    }
    let best = best?;
    Some((best.sign, best.number))
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
                Some(45),
            ),
            ("error:0A000126:SSL routines::unexpected eof while reading", Sign::Closed, None),
        ] {
            assert_eq!(openssl(text.as_bytes()), Some((sign, number)), "{text}");
        }
        assert_eq!(openssl(b"error:0A000123"), None);
    }
}
