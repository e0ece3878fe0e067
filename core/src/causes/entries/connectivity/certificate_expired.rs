//! The certificate was not renewed, or a clock is wrong.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

/// The TLS alert certificate_expired.
const ALERT_EXPIRED: u32 = 45;
/// The TLS alerts unknown_ca and certificate_required.
const ALERT_UNKNOWN_CA: u32 = 48;
const ALERT_REQUIRED: u32 = 116;

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::TlsCertificateExpired, 75),
        (Fault::TlsCertificateInvalid, 42),
        (Fault::TlsClientCertificateRejected, 38),
        (Fault::TlsHandshakeFailed, 22),
    ],
    tells: &[
        Tell::supports(40, "the peer says that the gateway's own certificate expired", |case| {
            case.has_number(Sign::HandshakeFailed, ALERT_EXPIRED)
                .or_else(|| case.has_number(Sign::ClientCertificateRejected, ALERT_EXPIRED))
        })
        .on_signs(&[Sign::HandshakeFailed, Sign::ClientCertificateRejected]),
        Tell::sign_supports(25, "a certificate is out of its time", &[Sign::CertificateExpired]),
        Tell::refutes(25, "the peer objects to something else", |case| {
            case.has_number(Sign::ClientCertificateRejected, ALERT_UNKNOWN_CA)
                .or_else(|| case.has_number(Sign::ClientCertificateRejected, ALERT_REQUIRED))
        })
        .on_signs(&[Sign::ClientCertificateRejected]),
        Tell::sign_refutes(
            25,
            "the peer knows no such name, and showed no certificate",
            &[Sign::NameUnrecognized],
        ),
        Tell::refutes(
            40,
            "a bad certificate is refused at once, and here nobody answered",
            |case| case.handshake_stalled(),
        )
        .on(&[Clue::Stalled]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A certificate has expired",
    meaning: "A certificate is outside its time: the upstream's own, one of its chain, or the one \
              that the gateway shows. More rarely a clock is wrong.",
    checks: &[
        Check {
            run: "openssl s_client -connect {upstream} -servername NAME </dev/null 2>/dev/null | \
                  openssl x509 -noout -subject -issuer -dates",
            outcome: "NAME is the name that the gateway checks. notAfter in the past: renew it. \
                      notBefore in the future: a clock is wrong, or it was put in service too \
                      early. Both well: look at the chain.",
            tells: &[Cause::CertificateExpired, Cause::CertificateNameMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "On the upstream's host: openssl x509 -noout -enddate -in FILE",
            outcome: "Put in the certificate file that the server names. It ends later than what \
                      the port serves: the server was not reloaded. The same end: the renewal \
                      failed, and its log says why.",
            tells: &[Cause::CertificateExpired],
            ..Check::ALWAYS
        },
        Check {
            run: "openssl s_client -connect {upstream} -servername NAME -showcerts </dev/null",
            outcome: "NAME is the name that the gateway checks. The verify lines name the depth \
                      that failed. Depth 0 is the upstream's own, a higher one an intermediate or \
                      a root of the chain.",
            tells: &[Cause::CertificateExpired, Cause::CertificateUntrusted],
            ..Check::ALWAYS
        },
        Check {
            run: "On both hosts: date -u; timedatectl status",
            outcome: "A clock that is off by more than the certificate's margin makes a good one \
                      look expired.",
            tells: &[Cause::CertificateExpired],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 \
                  -d | openssl x509 -noout -enddate; kubectl get certificates,challenges -A",
            outcome: "Put in the secret that holds the certificate. It ends later than what the \
                      port serves: the pods did not load it again. The same end: the renewal \
                      failed, and a challenge of cert-manager says why.",
            tells: &[Cause::CertificateExpired],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Renew the certificate and its chain, install both, and reload the server. A renewed \
             file counts only after the reload.",
        ),
        Remedy::cure(
            "If an intermediate or root expired, send the new chain, and update the gateway's list \
             of authorities.",
        ),
        Remedy::cure("If a clock is wrong, set it by NTP."),
        Remedy::stopgap(
            "Send traffic to another upstream. Turning verification off lets anyone pose as the \
             upstream: do it only on a trusted network, and for hours.",
        ),
    ],
    prevention: &[
        "Renew automatically (ACME), with a reload in the same job.",
        "Alert when a renewal is overdue. Most clients renew when a third of the certificate's \
         life is left, so a quarter is late.",
        "Look at what the port serves, not at the file.",
        "Include the gateway's own client certificate and the private authorities in the watch.",
    ],
    sources: &[
        "RFC 5280, section 4.1.2.5 (validity)",
        "RFC 8555 (ACME)",
        "RFC 9773 (when to renew)",
        "man pages openssl-s_client(1), openssl-x509(1)",
    ],
};
