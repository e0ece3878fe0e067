//! Versions, ciphers or client-certificate demands of the two sides do not meet.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

/// The TLS alerts handshake_failure, protocol_version, insufficient_security and
/// certificate_required.
const ALERT_HANDSHAKE: u32 = 40;
const ALERT_VERSION: u32 = 70;
const ALERT_SECURITY: u32 = 71;
const ALERT_REQUIRED: u32 = 116;

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::TlsClientCertificateRejected, 67),
        (Fault::TlsHandshakeFailed, 52),
        (Fault::TlsCertificateInvalid, 36),
        (Fault::TlsCertificateUntrusted, 35),
        (Fault::TlsNotSpoken, 15),
    ],
    tells: &[
        Tell::supports(40, "the two sides share no version or cipher", |case| {
            case.has(Sign::NothingInCommon)
                .or_else(|| case.has_number(Sign::HandshakeFailed, ALERT_VERSION))
                .or_else(|| case.has_number(Sign::HandshakeFailed, ALERT_SECURITY))
        })
        .on_signs(&[Sign::NothingInCommon, Sign::HandshakeFailed]),
        Tell::sign_supports(
            40,
            "the gateway follows fewer intermediates than the chain has",
            &[Sign::ChainTooLong],
        ),
        Tell::supports(30, "the peer demands a certificate, and the gateway showed none", |case| {
            case.has_number(Sign::ClientCertificateRejected, ALERT_REQUIRED)
                .or_else(|| case.has_number(Sign::HandshakeFailed, ALERT_REQUIRED))
        })
        .on_signs(&[Sign::ClientCertificateRejected, Sign::HandshakeFailed]),
        Tell::supports(18, "the peer found nothing that it could accept", |case| {
            case.has_number(Sign::HandshakeFailed, ALERT_HANDSHAKE)
        })
        .on_signs(&[Sign::HandshakeFailed]),
        Tell::sign_refutes(
            30,
            "the peer objects to the server name, not to the settings",
            &[Sign::NameUnrecognized],
        ),
        Tell::refutes(30, "the handshake stalled, where a peer that disagrees says so", |case| {
            case.handshake_stalled()
        })
        .on(&[Clue::Stalled]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "TLS settings do not meet",
    meaning: "Gateway and upstream both speak TLS and find no common ground: version, cipher, \
              depth of the chain, or a client certificate that one side demands.",
    checks: &[
        Check {
            run: "openssl s_client -connect {upstream} -servername NAME -tls1_2 </dev/null; \
                  openssl s_client -connect {upstream} -servername NAME -tls1_3 </dev/null",
            outcome: "NAME is the name that the gateway checks. Compare the version that succeeds \
                      with those the gateway allows. Both succeed: look at ciphers or the client \
                      certificate. Both fail: the server name, no TLS on this port, or a version \
                      that is older still.",
            tells: &[
                Cause::TlsSettingsMismatch,
                Cause::CertificateNameMismatch,
                Cause::SchemeMismatch,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "openssl s_client -connect {upstream} -servername NAME </dev/null 2>&1 | grep -E \
                  -A3 'certificate CA names|^Requested Signature'",
            outcome: "NAME is the name that the gateway checks. A line Requested Signature \
                      Algorithms: the upstream asks for a client certificate, of an authority that \
                      is listed above it, or of any. Try again with -cert and -key: success means \
                      that the gateway shows none, or the wrong one.",
            tells: &[
                Cause::TlsSettingsMismatch,
                Cause::CertificateUntrusted,
                Cause::CertificateExpired,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "nmap --script ssl-enum-ciphers -p {port} {host}",
            outcome: "It lists the versions and ciphers of the upstream. None that the gateway \
                      has too: change one side.",
            tells: &[Cause::TlsSettingsMismatch],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Allow TLS 1.2 and 1.3 with current ciphers on both sides. Update the older side \
             rather than weaken the newer.",
        ),
        Remedy::cure(
            "If the upstream demands a client certificate, give the gateway one with its key, of \
             an authority that the upstream trusts.",
        ),
        Remedy::cure(
            "If the chain is longer than the gateway follows, raise its verification depth.",
        ),
        Remedy::stopgap(
            "Allow the old version or cipher for this one upstream until it is updated.",
        ),
    ],
    prevention: &[
        "Before a TLS library or policy is changed on one side, test it against the other in \
         staging.",
        "Keep the TLS settings of both sides in one list, with the date when each old version \
         goes.",
    ],
    sources: &[
        "RFC 8446, section 6.2 (alerts)",
        "RFC 9325 (recommendations for TLS)",
        "man pages openssl-s_client(1), openssl-ciphers(1)",
    ],
};
