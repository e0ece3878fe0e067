//! The upstream address leads back to the gateway.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[(Fault::GatewayLoop, 70), (Fault::GatewayExhausted, 34), (Fault::UpstreamError, 20)],
    tells: &[
        Tell::sign_supports(20, "the request came back to the gateway", &[Sign::Loop]),
        Tell::supports(40, "a hop found the loop", |case| {
            case.upstream_status(508).or_else(|| case.status(508))
        })
        .on(&[Clue::RareStatus]),
        Tell::supports(20, "the upstream is the gateway's own host, on a web port", |case| {
            case.loopback().filter(|_| matches!(case.port(), Some(80 | 443)))
        })
        .on(&[Clue::Loopback]),
        Tell::sign_supports(
            10,
            "a loop uses up connections and ports",
            &[Sign::OutOfConnections, Sign::OutOfPorts],
        ),
        Tell::sign_refutes(
            30,
            "a loop does not use up that",
            &[Sign::OutOfDisk, Sign::FileForbidden],
        ),
        Tell::refutes(30, "the upstream is a Unix socket", |case| case.unix_socket())
            .on(&[Clue::Socket]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The gateway forwards to itself",
    meaning: "The upstream's address leads back to the gateway, directly or by way of another \
              proxy. Each request makes the next, until a limit or a loop check ends it.",
    checks: &[
        Check {
            run: "On the gateway: getent ahosts {host}; ip -br address",
            outcome: "The same address in both, or the load balancer's: a loop. Another one: go on \
                      with the next check.",
            tells: &[Cause::ProxyLoop, Cause::UpstreamAddressWrong, Cause::DnsRecordWrong],
            ..Check::ALWAYS
        },
        Check {
            run: "curl -sv -m 5 -o /dev/null -H 'Host: {authority}' 'http://{upstream}{path}' 2>&1 \
                  | grep -iE '< (server|via|location)'",
            outcome: "The gateway's own Server or Via: it answers itself. A Location to the public \
                      name: a redirect makes the circle. The application's: no loop.",
            tells: &[Cause::ProxyLoop, Cause::PathMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "Count the lines of one request id in the gateway's access log.",
            outcome: "Many lines for one request, with a growing X-Forwarded-For: a loop. One \
                      line: none.",
            tells: &[Cause::ProxyLoop, Cause::GatewayOverloaded],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure("Point the gateway to the application's own address, not to the public name."),
        Remedy::cure(
            "Give the application a name of its own inside, or let the public name resolve to it \
             there.",
        ),
        Remedy::cure(
            "Where a CDN or an outer proxy stands before, correct its origin, and let only one hop \
             redirect to https.",
        ),
        Remedy::stopgap(
            "Refuse requests whose Via or CDN-Loop names this gateway. The circle then ends at the \
             first turn.",
        ),
    ],
    prevention: &[
        "Add Via at each hop, and refuse one's own.",
        "Forbid the gateway's own names and addresses as upstreams when the configuration is \
         checked.",
    ],
    sources: &[
        "RFC 9110, section 7.6.3 (Via)",
        "RFC 8586 (CDN-Loop)",
        "RFC 5842, section 7.2 (508 Loop Detected)",
    ],
};
