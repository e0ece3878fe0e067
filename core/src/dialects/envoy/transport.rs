//! Why a connection to the upstream failed: `%UPSTREAM_TRANSPORT_FAILURE_REASON%`, which also stands
//! behind the reason of a reset in details and bodies.
//!
//! ```text
//! reason = "delayed connect error: " ( errno / strerror )
//!        / "immediate connect error: " strerror *( "|" name ":" value )
//!        / "TLS_error:" 1*( "|" code ":" library ":" function ":" reason ) [ ":" detail ] ":TLS_error_end"
//!        / "TLS error: " code ":" library ":" function ":" reason *( " " … )   ; before 1.28
//! ```
//! Envoy prints BoringSSL's code as a decimal number. In details, each blank is a `_`.

use crate::dialects::standard::{errno, tls};
use crate::evidence::Sign;
use crate::scan::{self, number, words};
use crate::vocabulary::Phase;

/// What some words prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) sign: Sign,
    pub(super) phase: Option<Phase>,
    pub(super) number: Option<u32>,
}

impl Proof {
    pub(super) const fn new(sign: Sign, phase: Option<Phase>) -> Self {
        Self { sign, phase, number: None }
    }
}

/// Words that say it all, as they stand anywhere in a reason.
const WORDS: &[(&str, Sign, Option<Phase>)] = &[
    ("verify cert failed: verify SAN list", Sign::CertificateNameMismatch, None),
    ("verify cert failed: SAN matcher", Sign::CertificateNameMismatch, None),
    ("verify SAN list", Sign::CertificateNameMismatch, None),
    ("verify cert failed: init and setup", Sign::InternalError, None),
    ("peer did not provide required client certificate", Sign::ClientInvalid, None),
    ("Secret is not supplied by SDS", Sign::HandshakeFailed, None),
    ("tsi_handshake_failed", Sign::HandshakeFailed, None),
    ("socket creation failure", Sign::OutOfDescriptors, None),
    ("failed to bind to ", Sign::OutOfPorts, None),
    ("QUIC_TLS_CERTIFICATE_UNKNOWN", Sign::CertificateUntrusted, None),
    ("QUIC_HANDSHAKE_TIMEOUT", Sign::TimedOut, Some(Phase::Tls)),
    ("QUIC_HANDSHAKE_FAILED", Sign::HandshakeFailed, None),
    ("QUIC_NETWORK_IDLE_TIMEOUT", Sign::TimedOut, Some(Phase::Connect)),
    ("QUIC_CONNECTION_REFUSED", Sign::Refused, Some(Phase::Connect)),
    // Said of the client's handshake.
    ("transport socket timeout was reached", Sign::ClientInvalid, None),
];

/// What a reason proves; `None` where it says nothing that is known.
pub(super) fn read(reason: &[u8]) -> Option<Proof> {
    // Most are these.
    if let Some(rest) = words::after(reason, DELAYED) {
        return Some(connected(rest));
    }
    if let Some(proof) = WORDS.iter().find(|(words, ..)| words::find(reason, words).is_some()) {
        return Some(Proof::new(proof.1, proof.2));
    }
    if let Some(proof) = tls(reason) {
        return Some(proof);
    }
    if let Some(proof) = connect(reason) {
        return Some(proof);
    }
    // TCP's outcome is written behind QUIC's.
    let quic = reason.starts_with(b"QUIC_") || scan::holds(reason, b"QUIC: ");
    let timed_out = words::after(reason, "connect timeout")
        .or_else(|| words::after(reason, "connection timeout"));
    match timed_out {
        Some(_) => Some(Proof::new(Sign::TimedOut, Some(Phase::Connect))),
        None if quic => Some(Proof::new(Sign::Failed, Some(Phase::Connect))),
        None => by_errno(reason, Phase::Connect),
    }
}

const DELAYED: &str = "delayed connect error: ";
const IMMEDIATE: &str = "immediate connect error: ";

/// What connecting gave, wherever it stands.
fn connect(reason: &[u8]) -> Option<Proof> {
    let rest = [DELAYED, IMMEDIATE].iter().find_map(|words| {
        let at = words::find(reason, words)?;
        reason.get(at + words.len()..)
    })?;
    Some(connected(rest))
}

fn connected(error: &[u8]) -> Proof {
    let proof = by_errno(error, Phase::Connect);
    proof.unwrap_or(Proof::new(Sign::Failed, Some(Phase::Connect)))
}

/// An error number, or its text.
fn by_errno(text: &[u8], phase: Phase) -> Option<Proof> {
    let number = match number::leading(text) {
        Some((number, _)) => u32::try_from(number).ok(),
        None => errno::by_text(text),
    }?;
    let sign = errno::network(number)?;
    Some(Proof { sign, phase: sign.phase().or(Some(phase)), number: Some(number) })
}

/// The errors of a TLS library, the most telling of them.
fn tls(reason: &[u8]) -> Option<Proof> {
    let mut best: Option<Proof> = None;
    let mut take = |proof: Proof| {
        if best.is_none_or(|best| proof.sign.telling() > best.sign.telling()) {
            best = Some(proof);
        }
    };
    let mut rest = reason;
    const LIBRARY: &str = ":OPENSSL_internal:";
    while let Some(at) = words::find(rest, LIBRARY) {
        let before = rest.get(..at).unwrap_or_default();
        rest = rest.get(at + LIBRARY.len()..).unwrap_or_default();
        let (name, _) =
            scan::span(rest, |byte| !matches!(byte, b':' | b'|' | b'}' | b'"' | b',' | b'\\'));
        if words::find(before, "system library").is_some_and(|at| at + 14 == before.len()) {
            let proof = by_errno(name, Phase::Tls);
            take(proof.unwrap_or(Proof::new(Sign::HandshakeFailed, None)));
            continue;
        }
        // Pasted text goes on behind a blank; reasons of the library have none.
        let (name, _) = scan::span(name, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let (sign, number) = tls::boringssl(code_before(before), name);
        take(Proof { sign, phase: sign.phase().or(Some(Phase::Tls)), number });
    }
    // What was found of the certificate says more than that it was refused.
    let detail = words::find(reason, "X509_verify_cert").and_then(|at| reason.get(at..));
    let detail = detail
        .or_else(|| words::find(reason, "verify cert failed").and_then(|at| reason.get(at..)));
    if let Some(detail) = detail {
        let sign = tls::verify_text(detail).unwrap_or(Sign::CertificateInvalid);
        return Some(Proof::new(sign, None));
    }
    best.or_else(|| {
        let begins =
            words::find(reason, "TLS error:").is_some() || scan::holds(reason, b"SSL routines");
        begins.then_some(())?;
        // Envoy on OpenSSL, or before 1.28.
        let known = if cfg!(feature = "prose") { tls::openssl(reason) } else { None };
        let (sign, number) = known.unwrap_or((Sign::HandshakeFailed, None));
        Some(Proof { sign, phase: Some(Phase::Tls), number })
    })
}

/// The decimal code, or BoringSSL's hexadecimal one, in front of `:library`.
fn code_before(text: &[u8]) -> u32 {
    let Some((head, _library)) = memchr::memrchr(b':', text).map(|at| text.split_at(at)) else {
        return 0;
    };
    let digits = head.iter().rev().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let digits = head.get(head.len().saturating_sub(digits)..).unwrap_or_default();
    let text = core::str::from_utf8(digits).unwrap_or_default();
    match digits.len() {
        8 => u32::from_str_radix(text, 16).unwrap_or(0),
        _ => text.parse().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_every_version_are_read() {
        let connect = Some(Phase::Connect);
        for (reason, sign, phase) in [
            ("delayed connect error: 111", Sign::Refused, connect),
            ("delayed_connect_error:_111", Sign::Refused, connect),
            ("delayed connect error: Connection refused", Sign::Refused, connect),
            ("delayed connect error: Connection reset by peer", Sign::Reset, connect),
            ("delayed connect error: 999", Sign::Failed, connect),
            ("delayed connect error: No route to host", Sign::Unreachable, connect),
            (
                "immediate connect error: Cannot assign requested address|remote address:10.0.0.1:80",
                Sign::OutOfPorts,
                Some(Phase::Gateway),
            ),
            (
                "immediate connect error: No such file or directory|remote address:/run/app.sock",
                Sign::Missing,
                connect,
            ),
            ("QUIC: QUIC_NETWORK_IDLE_TIMEOUT with details: none", Sign::TimedOut, connect),
            (
                "TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end",
                Sign::TlsNotSpoken,
                Some(Phase::Tls),
            ),
            (
                "TLS error: 268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER",
                Sign::TlsNotSpoken,
                Some(Phase::Tls),
            ),
            (
                "TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_X509_verify_cert:_certificate_verification_error_at_depth_0:_certificate_has_expired:TLS_error_end",
                Sign::CertificateExpired,
                None,
            ),
            (
                "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify cert failed: SAN matcher:TLS_error_end",
                Sign::CertificateNameMismatch,
                None,
            ),
            (
                "TLS_error:|33554536:system library:OPENSSL_internal:Connection reset by peer:TLS_error_end",
                Sign::Reset,
                Some(Phase::Tls),
            ),
            (
                "TLS_error:|268436501:SSL routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED:TLS_error_end",
                Sign::ClientCertificateRejected,
                Some(Phase::Tls),
            ),
            (
                "TLS_error:|268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end",
                Sign::CertificateInvalid,
                Some(Phase::Tls),
            ),
        ] {
            let proof = read(reason.as_bytes()).expect(reason);
            assert_eq!((proof.sign, proof.phase), (sign, phase), "{reason}");
        }
        for reason in ["-", "", "null", "connection_failure"] {
            assert_eq!(read(reason.as_bytes()), None, "{reason}");
        }
    }
}
