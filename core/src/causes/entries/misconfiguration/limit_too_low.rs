//! A connection, queue, circuit-breaker, rate or request-size limit set at the gateway is below
//! what it should carry.

use crate::causes::{Advice, Check, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::NoHealthyUpstream, 36),
        (Fault::ConnectionLimit, 50),
        (Fault::RequestWriteFailed, 38),
        (Fault::ResponseReset, 15),
        (Fault::GatewayExhausted, 44),
        (Fault::GatewayDenied, 42),
        (Fault::ClientInvalid, 35),
    ],
    tells: &[
        Tell::supports(12, "a limit of the gateway's own was reached", |case| {
            case.has(Sign::LimitReached)
        }),
        Tell::supports(12, "what ran out is a number in the configuration", |case| {
            case.has(Sign::OutOfConnections).or_else(|| case.has(Sign::OutOfDescriptors))
        }),
        Tell::supports(20, "the request is larger than the gateway allows", |case| {
            case.has(Sign::ClientTooLarge)
        }),
        Tell::supports(35, "the peer asked for fewer requests (HTTP/2 code 11)", |case| {
            case.has_number(Sign::StreamReset, 11).or_else(|| case.has_number(Sign::GoAway, 11))
        }),
        Tell::refutes(25, "what ran out is no limit that was set", |case| {
            case.seen(|seen| {
                matches!(seen.sign, Sign::OutOfMemory | Sign::OutOfDisk | Sign::OutOfPorts)
            })
        }),
        Tell::refutes(30, "the request has no body that could be too large", |case| {
            case.safe_method().filter(|_| case.fault == Fault::RequestWriteFailed)
        }),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A limit at the gateway is too low",
    meaning: "A limit on connections, queue, rate or request size is below what the gateway should \
              carry. It refuses work that the upstream could do.",
    checks: &[
        Check {
            run: "On the gateway: ss -Htn state established '( dst {host} and dport = :{port} )' | \
                  wc -l",
            outcome: "As many as the limit: it is reached. Far fewer: another limit, or the \
                      upstream refused.",
            tells: &[Cause::LimitTooLow, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "Count the refused requests by client, over the minutes before the errors.",
            outcome: "All clients are refused: the limit is too low for the whole. One client, or \
                      all behind one address: the rule did its work, or counts too coarsely.",
            tells: &[Cause::LimitTooLow, Cause::PolicyDenied],
            ..Check::ALWAYS
        },
        Check {
            run: "Look at the upstream's CPU, memory, workers and response times in the same \
                  minutes.",
            outcome: "Idle: raise the limit. Busy: the limit protects the upstream, so add \
                      capacity first. Slow, with little load: slow answers hold the slots.",
            tells: &[Cause::LimitTooLow, Cause::UpstreamOverloaded, Cause::UpstreamSlow],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Set the limit from measured load: the highest peak and half as much again, as far as \
             a load test shows that the upstream bears it.",
        ),
        Remedy::cure(
            "Let short bursts wait in a queue of a few seconds, in place of refusing them.",
        ),
        Remedy::cure(
            "Count by user or key where many users share an address, and allow large requests only \
             on the routes that need them.",
        ),
        Remedy::stopgap("Raise the limit in small steps, and watch the upstream's load at each."),
    ],
    prevention: &[
        "Load-test up to the limit before a release, so that it is known which side gives way \
         first.",
        "Warn at 80 percent of each limit.",
        "Review limits together with the resources behind them, whenever either changes.",
    ],
    sources: &[
        "RFC 6585, section 4 (429 Too Many Requests)",
        "RFC 9110, section 15.6.4 (503 Service Unavailable)",
        "RFC 9209, section 2.3 (connection_limit_reached)",
    ],
};
