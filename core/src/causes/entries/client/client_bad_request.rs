//! The client sent something that no upstream could take.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[(Fault::ClientInvalid, 70), (Fault::GatewayDenied, 10)],
    tells: &[
        Tell::supports(12, "the gateway could not accept the request", |case| {
            case.has(Sign::ClientInvalid).or_else(|| case.status(400))
        })
        .on_signs(&[Sign::ClientInvalid])
        .on(&[Clue::RareStatus]),
        Tell::supports(20, "the request's own headers are too large", |case| {
            case.status(431).or_else(|| case.status(494)).or_else(|| case.status(414))
        })
        .on(&[Clue::RareStatus]),
        Tell::refutes(20, "the request is only larger than a limit", |case| {
            case.has(Sign::ClientTooLarge).or_else(|| case.status(413))
        })
        .on_signs(&[Sign::ClientTooLarge])
        .on(&[Clue::RareStatus]),
        Tell::sign_refutes(
            30,
            "the client spoke another protocol than the port",
            &[Sign::ClientProtocolMismatch],
        ),
        Tell::refutes(40, "the client refused the gateway's certificate", |case| {
            case.refused_by_client()
        })
        .under(&[Fault::ClientInvalid])
        .on(&[Clue::Words]),
        Tell::refutes(25, "the client stopped sending", |case| {
            case.has(Sign::TimedOut).or_else(|| case.status(408))
        })
        .on_signs(&[Sign::TimedOut])
        .on(&[Clue::RareStatus]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The client's request is not acceptable",
    meaning: "The client sent a request that breaks the rules of HTTP or of this server: a bad \
              line or header, a wrong length, a missing host, an unusable certificate. No upstream \
              was asked, or none could have helped.",
    checks: &[
        Check {
            run: "Find the request in the gateway's error log, which names what was wrong with it.",
            outcome: "A header, length or host: the client's library. Bytes that are no HTTP: a \
                      scan, or TLS on a plain port. A size: see the limits.",
            tells: &[Cause::ClientBadRequest, Cause::SchemeMismatch, Cause::BufferTooSmall],
            ..Check::ALWAYS
        },
        Check {
            run: "Group the bad requests by client address and user agent.",
            outcome: "Many paths from few addresses: scanners, harmless. One user agent of your \
                      own: its last release. All users: something in between changes the requests.",
            tells: &[Cause::ClientBadRequest, Cause::GatewayMisconfigured],
            ..Check::ALWAYS
        },
        Check {
            run: "Send the same with a known client: curl -sv -m 10 -o /dev/null \
                  'http://{authority}{path}'",
            outcome: "Well: the client is at fault. Refused too: a rule or limit of the gateway.",
            tells: &[Cause::ClientBadRequest, Cause::PolicyDenied, Cause::BufferTooSmall],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Correct the client: its header names and values, lengths, host name, certificate or \
             encoding of the URL.",
        ),
        Remedy::cure("Where a proxy in between changes requests, correct that one."),
        Remedy::cure("Where cookies have grown too large, shorten them at the application."),
        Remedy::stopgap(
            "Where an old client cannot be changed, accept what it sends on its own route only.",
        ),
    ],
    prevention: &[
        "Test client releases through the gateway, not only against the application.",
        "Count bad requests apart from upstream errors, so that scans wake nobody.",
    ],
    sources: &[
        "RFC 9110, section 15.5.1 (400 Bad Request)",
        "RFC 9112, section 2.2 (message parsing)",
        "RFC 9209, section 2.3 (http_request_error)",
    ],
};
