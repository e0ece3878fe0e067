//! Self-signed, private CA not installed at the gateway, or an intermediate that is missing from
//! the chain.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

/// The TLS alerts certificate_revoked, certificate_unknown, unknown_ca and certificate_required.
const ALERT_REVOKED: u32 = 44;
const ALERT_UNKNOWN: u32 = 46;
const ALERT_UNKNOWN_CA: u32 = 48;
const ALERT_REQUIRED: u32 = 116;
/// X.509 verify code: revoked.
const VERIFY_REVOKED: u32 = 23;

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::TlsCertificateUntrusted, 72),
        (Fault::TlsCertificateInvalid, 50),
        (Fault::TlsClientCertificateRejected, 42),
        (Fault::TlsHandshakeFailed, 22),
        (Fault::ClientInvalid, 12),
    ],
    tells: &[
        Tell::supports(40, "the peer does not know the authority of the gateway's own", |case| {
            case.has_number(Sign::HandshakeFailed, ALERT_UNKNOWN_CA)
                .or_else(|| case.has_number(Sign::ClientCertificateRejected, ALERT_UNKNOWN_CA))
        })
        .on_signs(&[Sign::HandshakeFailed, Sign::ClientCertificateRejected]),
        Tell::supports(40, "the client does not accept the gateway's own", |case| {
            case.refused_by_client()
        })
        .under(&[Fault::ClientInvalid])
        .on(&[Clue::Words]),
        Tell::sign_supports(
            25,
            "the chain ends at nobody that the gateway trusts",
            &[Sign::CertificateUntrusted],
        ),
        Tell::supports(20, "the certificate was taken back or is not accepted", |case| {
            case.has_number(Sign::CertificateInvalid, VERIFY_REVOKED)
                .or_else(|| case.has_number(Sign::HandshakeFailed, ALERT_REVOKED))
                .or_else(|| case.has_number(Sign::HandshakeFailed, ALERT_UNKNOWN))
        })
        .on_signs(&[Sign::CertificateInvalid, Sign::HandshakeFailed]),
        Tell::sign_refutes(
            12,
            "the chain was good as far as the gateway followed it",
            &[Sign::ChainTooLong],
        ),
        Tell::refutes(25, "the peer asked for a certificate, and got none", |case| {
            case.has_number(Sign::ClientCertificateRejected, ALERT_REQUIRED)
        })
        .on_signs(&[Sign::ClientCertificateRejected]),
        Tell::refutes(
            40,
            "a bad certificate is refused at once, and here nobody answered",
            |case| case.handshake_stalled(),
        )
        .on(&[Clue::Stalled]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The certificate is not trusted",
    meaning: "The certificate cannot be traced to an authority that the verifying side trusts. It \
              is self-signed, its authority is not installed there, or an intermediate is \
              missing.",
    checks: &[
        Check {
            run: "openssl s_client -connect {upstream} -servername NAME -showcerts </dev/null",
            outcome: "NAME is the name that the gateway checks. One certificate, with an issuer \
                      that is not its subject: the intermediate is missing. Subject and issuer \
                      the same at depth 0: self-signed. A full chain with an unknown root: the \
                      authority is not installed.",
            tells: &[Cause::CertificateUntrusted, Cause::TlsSettingsMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "openssl s_client -connect {upstream} -servername NAME -CAfile CA.pem \
                  -verify_return_error </dev/null",
            outcome: "Put in the name that the gateway checks and the file that it trusts. It \
                      verifies here and not at the gateway: the gateway reads another file or \
                      follows too few steps. It fails here: the file lacks the authority.",
            tells: &[Cause::CertificateUntrusted, Cause::TlsSettingsMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "openssl s_client -connect {upstream} -noservername </dev/null 2>/dev/null | \
                  openssl x509 -noout -subject -issuer",
            outcome: "A stand-in certificate here and the right one with -servername: the gateway \
                      objects to the stand-in, since it sends no server name.",
            tells: &[Cause::CertificateNameMismatch, Cause::CertificateUntrusted],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Let the upstream send its whole chain: its own certificate first, then each \
             intermediate.",
        ),
        Remedy::cure(
            "Let the gateway send its own certificate with each intermediate, and let the clients \
             trust its authority.",
        )
        .when(|case| case.fault == Fault::ClientInvalid),
        Remedy::cure(
            "Install the private authority in the file that the gateway trusts, and reload. Let it \
             follow as many intermediates as the chain has.",
        ),
        Remedy::cure(
            "Replace a self-signed or revoked certificate by one of an authority that both sides \
             know.",
        ),
        Remedy::stopgap(
            "Trust this one certificate by adding it to the gateway's list. Better than turning \
             verification off.",
        ),
    ],
    prevention: &[
        "Verify with the gateway's own trust file in each deployment, before traffic is sent.",
        "Roll a private authority in two steps: first trust the new one everywhere, then issue \
         from it.",
    ],
    sources: &[
        "RFC 5280, section 6 (path validation)",
        "RFC 8446, section 4.4.2 (the order of the chain)",
        "man page openssl-verification-options(1)",
    ],
};
