//! The certificate does not cover the name the gateway uses, or no or a wrong SNI is sent.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

/// The TLS alerts handshake_failure, protocol_version and internal_error.
const ALERT_HANDSHAKE: u32 = 40;
const ALERT_VERSION: u32 = 70;
const ALERT_INTERNAL: u32 = 80;

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::TlsCertificateNameMismatch, 72),
        (Fault::TlsHandshakeFailed, 45),
        (Fault::TlsCertificateInvalid, 38),
        (Fault::TlsCertificateUntrusted, 20),
        (Fault::GatewayInternal, 8),
    ],
    tells: &[
        Tell::sign_supports(40, "the peer knows no such server name", &[Sign::NameUnrecognized]),
        // Servers in Go look a certificate up by the name, and answer so when there is none.
        Tell::supports(22, "servers that find no certificate for a name answer so", |case| {
            case.has_number(Sign::HandshakeFailed, ALERT_INTERNAL)
        })
        .on_signs(&[Sign::HandshakeFailed]),
        Tell::supports(12, "servers that miss the server name break off like this", |case| {
            case.has_number(Sign::HandshakeFailed, ALERT_HANDSHAKE)
        })
        .on_signs(&[Sign::HandshakeFailed]),
        Tell::sign_supports(
            25,
            "the certificate is for another name",
            &[Sign::CertificateNameMismatch],
        ),
        Tell::supports(30, "the gateway could not even send the name", |case| {
            case.quotes("SSL_set_tlsext_host_name")
        })
        .on(&[Clue::Words]),
        Tell::refutes(30, "the two sides share no version or cipher", |case| {
            case.has(Sign::NothingInCommon)
                .or_else(|| case.has_number(Sign::HandshakeFailed, ALERT_VERSION))
        })
        .on_signs(&[Sign::NothingInCommon, Sign::HandshakeFailed]),
        Tell::refutes(40, "a wrong name is refused at once, and here nobody answered", |case| {
            case.handshake_stalled()
        })
        .on(&[Clue::Stalled]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The certificate is for another name",
    meaning: "The gateway asks for one name, and the upstream's certificate covers others. Or the \
              gateway sends no server name (SNI), and the upstream picks the wrong certificate or \
              refuses.",
    checks: &[
        Check {
            run: "openssl s_client -connect {upstream} -servername NAME </dev/null 2>/dev/null | \
                  openssl x509 -noout -subject -ext subjectAltName",
            outcome: "NAME is the name that the gateway checks. The list lacks it: reissue the \
                      certificate, or check another name. It holds it: the gateway sends a \
                      different one, or none.",
            tells: &[Cause::CertificateNameMismatch, Cause::UpstreamAddressWrong],
            ..Check::ALWAYS
        },
        Check {
            run: "openssl s_client -connect {upstream} -noservername </dev/null",
            outcome: "It fails, or shows another certificate than with -servername: the upstream \
                      needs the server name.",
            tells: &[Cause::CertificateNameMismatch, Cause::TlsSettingsMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "curl -sv -m 10 -o /dev/null --connect-to NAME:443:{upstream} \
                  'https://NAME{path}'",
            outcome: "NAME is the name that the gateway checks; for a private authority add \
                      --cacert FILE. Success: the gateway's name settings are at fault. A \
                      certificate of somebody else: the address leads to another service.",
            tells: &[Cause::CertificateNameMismatch, Cause::UpstreamAddressWrong, Cause::DnsStale],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Let the gateway send the server name, and let it be the name that the certificate \
             covers.",
        ),
        Remedy::cure(
            "Reissue the certificate with the missing name among its subjectAltNames. The common \
             name alone no longer counts.",
        ),
        Remedy::cure(
            "If the gateway connects by address, tell it which name to send and to check.",
        ),
    ],
    prevention: &[
        "Use one variable for the upstream's name in the gateway: for the connection, the server \
         name and the check.",
        "Test a new virtual host with its server name from the gateway before release.",
    ],
    sources: &[
        "RFC 6066, section 3 (server name indication)",
        "RFC 9525 (matching names with certificates)",
        "man page openssl-s_client(1)",
    ],
};
