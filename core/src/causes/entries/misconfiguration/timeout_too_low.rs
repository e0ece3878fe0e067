//! The gateway's timeout is shorter than the work honestly takes.

use super::super::shared;
use crate::causes::{Advice, Case, Check, Clue, Fact, Remedy, Tell, Why};
use crate::evidence::Millis;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::ConnectTimeout, 22),
        (Fault::ResponseTimeout, 50),
        (Fault::UpstreamGatewayTimeout, 40),
        (Fault::BodyTimeout, 46),
        (Fault::RequestWriteFailed, 15),
        (Fault::Unknown, 15),
    ],
    tells: &[
        Tell::supports(12, "it ended just as the limit ran out", |case| case.reached_limit())
            .on(&[Clue::Took]),
        Tell::supports(20, "the limit was set to under ten seconds", short_limit).on(&[Clue::Took]),
        Tell::supports(20, "an upgraded connection is quiet between messages", |case| {
            case.status(101)
        })
        .under(&[Fault::BodyTimeout])
        .on(&[Clue::RareStatus]),
        Tell::refutes(20, "no connection honestly takes that long to make", |case| {
            case.longer_than(10_000)
        })
        .under(&[Fault::ConnectTimeout])
        .on(&[Clue::Took]),
        Tell::refutes(25, "it ended long before any usual limit", |case| {
            case.within(1000).filter(|_| case.reached_limit().is_none())
        })
        .on(&[Clue::Took]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The gateway's timeout is too short",
    meaning: "The upstream was still working when the gateway's time limit ran out. The work \
              honestly takes longer than the limit allows.",
    checks: &[
        Check {
            run: "curl -s -o /dev/null -m 300 -w '%{http_code} %{time_starttransfer} \
                  %{time_total}\\n' -H 'Host: {authority}' 'http://{upstream}{path}'",
            outcome: "A good answer, later than the limit: the limit is too short. No answer in \
                      five minutes: the upstream hangs. A quick answer: look at its load at the \
                      time of the fault.",
            tells: &[Cause::TimeoutTooLow, Cause::UpstreamSlow, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "Compare the durations of the failed requests in the gateway's access log.",
            outcome: "All end at the same time: a limit cuts them off. They differ: the upstream \
                      or the network ended them.",
            tells: &[Cause::TimeoutTooLow, Cause::UpstreamCrashed, Cause::NetworkPathDown],
            ..Check::ALWAYS
        },
        shared::BOTH_LOGS,
    ],
    remedies: &[
        Remedy::cure(
            "Set the gateway's timeout for this route to about twice the longest time that the \
             work takes.",
        ),
        Remedy::cure(
            "Order the limits along the way: each hop waits a little longer than the one behind \
             it, the client longest.",
        ),
        Remedy::cure(
            "Move long work into a background job: answer 202 at once and say where the result \
             will be.",
        ),
        Remedy::stopgap(
            "Raise the timeout for all routes until the slow one is found. Slow requests then hold \
             connections longer.",
        ),
    ],
    prevention: &[
        "Measure the response times of each route, and set its limit from the slowest hundredth.",
        "Load-test the longest requests with real amounts of data before a release.",
        "Keep the timeouts of all hops in one place, and review them together.",
    ],
    sources: &[
        "RFC 9110, section 15.6.5 (504 Gateway Timeout)",
        "RFC 9209, section 2.3 (http_response_timeout, connection_read_timeout)",
    ],
};

/// A limit that somebody set, so low that honest work can pass it.
fn short_limit(case: &Case<'_>) -> Option<Fact> {
    if case.fault == Fault::ConnectTimeout {
        return None;
    }
    let (limit, default) = case.limit(case.fault.phase())?;
    let short = !default && limit < Millis::from_secs(10);
    case.reached_limit().filter(|_| short)
}
