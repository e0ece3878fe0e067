//! A connection, queue, circuit-breaker, rate or request-size limit set at the gateway is below
//! what it should carry.

use super::super::shared;
use crate::causes::{Advice, Case, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::NoHealthyUpstream, 28),
        (Fault::ConnectionLimit, 50),
        (Fault::RequestWriteFailed, 38),
        (Fault::ResponseReset, 15),
        (Fault::GatewayExhausted, 44),
        (Fault::GatewayDenied, 42),
        (Fault::ClientInvalid, 35),
    ],
    tells: &[
        Tell::sign_supports(12, "a limit of the gateway's own was reached", &[Sign::LimitReached]),
        Tell::sign_supports(
            12,
            "what ran out is a number in the configuration",
            &[Sign::OutOfConnections, Sign::OutOfDescriptors],
        ),
        Tell::supports(35, "the body of the request is larger than a limit", |case| {
            case.body_too_large()
        })
        .under(&[Fault::ClientInvalid])
        .on_signs(&[Sign::ClientTooLarge])
        .on(&[Clue::RareStatus]),
        Tell::sign_supports(
            12,
            "the request is larger than the gateway allows",
            &[Sign::ClientTooLarge],
        ),
        Tell::supports(12, "the upstream did not take the whole body", |case| {
            case.quotes("request body")
        })
        .under(&[Fault::RequestWriteFailed])
        .on(&[Clue::Words]),
        Tell::supports(35, "the peer asked for fewer requests (HTTP/2 code 11)", |case| {
            case.has_number(Sign::StreamReset, 11).or_else(|| case.has_number(Sign::GoAway, 11))
        })
        .on_signs(&[Sign::StreamReset, Sign::GoAway]),
        Tell::refutes(25, "what ran out is no limit that was set", |case| {
            case.seen(|seen| {
                matches!(seen.sign, Sign::OutOfMemory | Sign::OutOfDisk | Sign::OutOfPorts)
            })
        })
        .on_signs(&[Sign::OutOfMemory, Sign::OutOfDisk, Sign::OutOfPorts]),
        Tell::refutes(30, "the request has no body that could be too large", |case| {
            case.safe_method()
        })
        .under(&[Fault::RequestWriteFailed]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A limit at the gateway is too low",
    meaning: "A limit on connections, queue, rate or request size is below what the gateway should \
              carry. It refuses work that the upstream could do.",
    checks: &[
        Check {
            run: "Count the refused requests by client, over the minutes before the errors.",
            outcome: "All clients are refused: the limit is too low for the whole. One client, or \
                      all behind one address: the rule did its work, or counts too coarsely.",
            tells: &[Cause::LimitTooLow, Cause::PolicyDenied],
            ..Check::ALWAYS
        },
        Check {
            run: "Compare the size in the error with the limit for this route, and with what the \
                  upstream takes.",
            outcome: "The upstream takes more: raise the limit for this route. It does not: the \
                      client must send less.",
            tells: &[Cause::LimitTooLow, Cause::ClientBadRequest],
            when: Some(by_size),
        },
        shared::EARLIER,
        Check {
            run: "On the gateway: ss -Htn state established 'dport = :{port}' | awk '{print $4}' | \
                  sort | uniq -c",
            outcome: "It counts the connections to each upstream. As many as the limit: it is \
                      reached. Far fewer: another limit, or the upstream refused.",
            tells: &[Cause::LimitTooLow, Cause::UpstreamOverloaded],
            when: Some(|case| !by_size(case)),
        },
        Check {
            run: "Look at the upstream's CPU, memory, workers and response times in the same \
                  minutes.",
            outcome: "Idle: raise the limit. Busy: the limit protects the upstream, so add \
                      capacity first. Slow, with little load: slow answers hold the slots.",
            tells: &[Cause::LimitTooLow, Cause::UpstreamOverloaded, Cause::UpstreamSlow],
            when: Some(|case| !by_size(case)),
        },
    ],
    remedies: &[
        Remedy::cure(
            "Raise the limit on sizes, on the routes that need it only, at the gateway, at the \
             upstream and at each hop between.",
        )
        .when(by_size),
        Remedy::cure(
            "Send large files in parts, or straight to a store, where the limit is meant.",
        )
        .when(by_size),
        Remedy::cure(
            "Set the limit from measured load: the highest peak and half as much again, as far as \
             a load test shows that the upstream bears it.",
        )
        .when(|case| !by_size(case)),
        Remedy::cure(
            "Let short bursts wait in a queue of a few seconds, in place of refusing them.",
        )
        .when(|case| !by_size(case)),
        Remedy::cure("Count by user or key where many users share an address.")
            .when(|case| !by_size(case)),
        Remedy::stopgap("Raise the limit in small steps, and watch the upstream's load at each.")
            .when(|case| !by_size(case)),
    ],
    prevention: &[
        "Load-test up to the limit before a release, so that it is known which side gives way \
         first.",
        "Warn at 80 % of each limit.",
        "Review limits together with the resources behind them, whenever either changes.",
    ],
    sources: &[
        "RFC 6585, section 4 (429 Too Many Requests)",
        "RFC 9110, section 15.6.4 (503 Service Unavailable)",
        "RFC 9209, section 2.3 (connection_limit_reached)",
    ],
};

/// The limit is one on the size of a request.
fn by_size(case: &Case<'_>) -> bool {
    matches!(case.fault, Fault::ClientInvalid | Fault::RequestWriteFailed)
}
