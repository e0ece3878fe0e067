//! The gateway speaks another protocol than the port: http and https, HTTP/1 and HTTP/2, gRPC,
//! FastCGI, uwsgi, PROXY protocol.

use super::super::shared;
use crate::causes::{Advice, Case, Check, Clue, Fact, Remedy, Tell, Why};
use crate::evidence::{BodySignature, Protocol, Sign};
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::TlsHandshakeFailed, 40),
        (Fault::TlsNotSpoken, 65),
        (Fault::ResponseTerminated, 44),
        (Fault::ResponseReset, 34),
        (Fault::ResponseClosed, 34),
        (Fault::ResponseMalformed, 42),
        (Fault::ResponseProtocolMismatch, 68),
        (Fault::ClientInvalid, 40),
        (Fault::UpstreamError, 10),
        (Fault::None, 5),
    ],
    tells: &[
        Tell::supports(30, "one side spoke TLS and the other did not", |case| {
            case.seen(|seen| {
                matches!(
                    seen.sign,
                    Sign::PlainToTls | Sign::TlsNotSpoken | Sign::ClientProtocolMismatch
                )
            })
        })
        .on_signs(&[Sign::PlainToTls, Sign::TlsNotSpoken, Sign::ClientProtocolMismatch]),
        Tell::supports(35, "the answer is the page for plain HTTP on a TLS port", |case| {
            let page = case.evidence.body == Some(BodySignature::NginxPlainToTls);
            page.then_some(Fact::Shown("the body"))
        })
        .on(&[Clue::Body]),
        Tell::supports(35, "the foreign bytes are the start of an HTTP/1 answer", |case| {
            // 'H' where FastCGI has its version, "HTT" where HTTP/2 has a frame's length.
            case.seen(|seen| matches!(seen.number, Some(72 | 4_740_180)) && foreign(seen.sign))
        })
        .on_signs(&[Sign::ProtocolMismatch, Sign::Malformed, Sign::NoStatusLine]),
        Tell::supports(35, "the bytes are a TLS record", |case| {
            case.quotes(r"\x15\x03").or_else(|| case.quotes(r"\x16\x03"))
        })
        .on(&[Clue::Words]),
        Tell::supports(24, "the port is one where another protocol is usual", unusual_port)
            .on(&[Clue::KnownPort]),
        Tell::supports(
            8,
            "it was over in a moment, as where the first words are foreign",
            |case| case.within(5),
        )
        .under(&[Fault::ResponseTerminated, Fault::ResponseReset, Fault::ResponseClosed])
        .on(&[Clue::Soon]),
        Tell::supports(8, "a port that expects other words waits for more of them", |case| {
            case.handshake_stalled()
        })
        .on(&[Clue::Stalled]),
        Tell::refutes(40, "the port understood earlier requests", |case| case.reused_connection())
            .on(&[Clue::Reused]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The two sides speak different protocols",
    meaning: "One side speaks another protocol than the other expects on that port: http and \
              https, HTTP/1 and HTTP/2, gRPC, FastCGI, uwsgi, or the PROXY protocol.",
    checks: &[
        Check {
            run: "curl -sv -m 5 -o /dev/null 'http://{upstream}{path}'",
            outcome: "A good answer: it speaks plain HTTP/1. A 400 that mentions HTTPS: it wants \
                      TLS. An empty reply, or 'Received HTTP/0.9': TLS, HTTP/2, FastCGI, uwsgi, or \
                      another service. The next checks part them.",
            tells: &[Cause::SchemeMismatch, Cause::UpstreamAddressWrong, Cause::UpstreamCrashed],
            ..Check::ALWAYS
        },
        Check {
            run: "openssl s_client -connect {upstream} -alpn h2,http/1.1 </dev/null",
            outcome: "A certificate, or an alert about a name: it speaks TLS, and the ALPN line \
                      says whether HTTP/2. 'wrong version number' or 'packet length too long': it \
                      does not.",
            tells: &[Cause::SchemeMismatch, Cause::TlsSettingsMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "curl -sv -m 5 -o /dev/null --http2-prior-knowledge 'http://{upstream}{path}'",
            outcome: "A good answer: HTTP/2 without TLS, as gRPC servers often speak. An empty \
                      reply, or an error of HTTP/2: not HTTP/2.",
            tells: &[Cause::SchemeMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl get svc NAME -o jsonpath='{range .spec.ports[*]}{.name} \
                  {.port} {.targetPort} {.appProtocol}{\"\\n\"}{end}'",
            outcome: "Service meshes and Gateway API controllers take the protocol from \
                      appProtocol, meshes also from the start of the name, such as grpc- or https. \
                      It is not what the port speaks, or is missing where that is HTTP/2: correct \
                      it there.",
            tells: &[Cause::SchemeMismatch, Cause::UpstreamAddressWrong],
            ..Check::ALWAYS
        },
        shared::GREETING,
        Check {
            run: "curl -sv -m 5 -o /dev/null --unix-socket SOCKET 'http://localhost{path}'",
            outcome: "A good answer: it speaks plain HTTP/1. An empty reply or foreign bytes: \
                      FastCGI, uwsgi, HTTP/2, or another service.",
            tells: &[Cause::SchemeMismatch, Cause::UpstreamAddressWrong],
            when: Some(|case| case.unix_socket().is_some()),
        },
    ],
    remedies: &[
        Remedy::cure(
            "Use the scheme that the port speaks: https where the upstream ends TLS, http where it \
             does not.",
        ),
        Remedy::cure(
            "For gRPC and other HTTP/2 upstreams, turn on HTTP/2 towards the upstream. For FastCGI \
             and uwsgi, pass requests with that protocol, not with HTTP.",
        ),
        Remedy::cure("Send the PROXY protocol header on both ends of a connection or on neither."),
        Remedy::cure(
            "Or point the gateway to another port of the upstream that speaks its protocol \
             already.",
        ),
    ],
    prevention: &[
        "Write the protocol beside each port, wherever ports are listed.",
        "Change the protocol of a port and the gateway in the same release.",
    ],
    sources: &[
        "RFC 9113, section 3 (starting HTTP/2)",
        "RFC 7301 (ALPN)",
        "The PROXY protocol, versions 1 and 2",
    ],
};

fn foreign(sign: Sign) -> bool {
    matches!(sign, Sign::ProtocolMismatch | Sign::Malformed | Sign::NoStatusLine)
}

/// TLS to a port for plain HTTP, or the other way round.
fn unusual_port(case: &Case<'_>) -> Option<Fact> {
    let unusual = match case.evidence.protocol? {
        // FastCGI has 9000, and gRPC 50051.
        Protocol::Http => matches!(case.port()?, 443 | 8443 | 9000 | 50051),
        Protocol::Grpc => matches!(case.port()?, 443 | 8443),
        Protocol::Https => matches!(case.port()?, 80 | 8080 | 9000),
        Protocol::Grpcs => matches!(case.port()?, 80 | 8080),
        Protocol::FastCgi | Protocol::Uwsgi | Protocol::Scgi => {
            matches!(case.port()?, 80 | 443 | 8080 | 8443)
        }
        Protocol::Suwsgi | Protocol::Memcached | Protocol::Stream => false,
    };
    unusual.then_some(Fact::Address)
}
