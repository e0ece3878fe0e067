//! The upgrade headers or the HTTP version that the upgrade needs are not passed on.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[(Fault::ResponseUpgradeFailed, 70), (Fault::None, 5)],
    tells: &[
        Tell::supports(25, "the upstream asks for the upgrade that it did not see", |case| {
            case.upstream_status(426).or_else(|| case.status(426))
        })
        .on(&[Clue::RareStatus]),
        Tell::supports(15, "the upstream took it for an ordinary request", |case| {
            [200, 400, 404]
                .iter()
                .find_map(|status| case.upstream_status(*status).or_else(|| case.status(*status)))
        })
        .under(&[Fault::ResponseUpgradeFailed]),
        Tell::refutes(35, "the upstream refused who asked, not the upgrade", |case| {
            [401, 403].iter().find_map(|status| case.upstream_status(*status))
        })
        .on(&[Clue::RareStatus]),
        Tell::refutes(25, "the upstream failed by itself", |case| {
            [500, 502, 503, 504].iter().find_map(|status| case.upstream_status(*status))
        }),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upgrade is not passed on",
    meaning: "A client asked to switch protocols, as a WebSocket does, and the gateway did not \
              hand the request to switch to the upstream. Upgrade and Connection are for one hop \
              only: a gateway drops them unless it is told to pass them.",
    checks: &[
        Check {
            run: "curl -sv -m 5 -o /dev/null --http1.1 -H 'Host: {authority}' -H 'Connection: \
                  Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H \
                  'Sec-WebSocket-Key: d2h5NTAyIHdoeTUwMiB3aA==' 'http://{upstream}{path}'",
            outcome: "101: the upstream switches, so the gateway does not pass the upgrade on. 401 \
                      or 403: the token or the Origin. 400, 404 or 426: the path or the \
                      application.",
            tells: &[Cause::UpgradeNotForwarded, Cause::PolicyDenied, Cause::PathMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "Send the same with 'http://{authority}{path}', through the gateway, and look at \
                  the headers in the upstream's verbose log.",
            outcome: "No Upgrade header there: the gateway drops it. There, with HTTP/1.0 in the \
                      request line: the gateway speaks too old a version. There and right: the \
                      application refuses. Nothing there: a hop before answered.",
            tells: &[Cause::UpgradeNotForwarded, Cause::ApplicationError],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Let the gateway speak HTTP/1.1 to the upstream on this route, and pass Upgrade and \
             Connection on.",
        ),
        Remedy::cure("Do the same at every hop: CDN, load balancer, ingress, sidecar."),
        Remedy::cure(
            "Give upgraded connections a long idle timeout, and let the application send a ping \
             more often than that.",
        ),
        Remedy::stopgap("Let the client fall back to long polling, where the library can."),
    ],
    prevention: &[
        "Open a WebSocket through the gateway after each release, and wait for an answer on it.",
        "Give upgraded routes a place of their own in the configuration.",
    ],
    sources: &[
        "RFC 6455, section 4 (opening handshake)",
        "RFC 9110, sections 7.6.1 (Connection) and 7.8 (Upgrade)",
        "RFC 8441 (WebSockets over HTTP/2)",
    ],
};
