//! The user, or a client-side or outer timeout, gave up first.

use crate::causes::{Advice, Case, Check, Clue, Fact, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[(Fault::ClientClosed, 76), (Fault::ClientInvalid, 38)],
    tells: &[
        Tell::supports(20, "the upstream had begun to answer", answering)
            .under(&[Fault::ClientClosed]),
        Tell::supports(15, "the client left within a second", |case| case.within(1000))
            .under(&[Fault::ClientClosed])
            .on(&[Clue::Took]),
        Tell::supports(25, "the client stopped sending", |case| {
            case.has(Sign::TimedOut).or_else(|| case.status(408))
        })
        .under(&[Fault::ClientInvalid])
        .on_signs(&[Sign::TimedOut])
        .on(&[Clue::RareStatus]),
        Tell::supports(18, "a round duration: the client's or an outer proxy's timeout", |case| {
            case.round_time()
        })
        .under(&[Fault::ClientClosed])
        .on(&[Clue::Took]),
        Tell::refutes(
            12,
            "the client waited for more than half a minute, and left at no round time",
            |case| case.longer_than(30_000).filter(|_| case.round_time().is_none()),
        )
        .under(&[Fault::ClientClosed])
        .on(&[Clue::Took]),
        Tell::sign_refutes(
            30,
            "the client's request was read, and refused",
            &[Sign::ClientTooLarge, Sign::ClientProtocolMismatch],
        ),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The client gave up first",
    meaning: "The user closed the page, or a timeout of the client or of an outer proxy ended the \
              request, before the response was complete.",
    checks: &[
        Check {
            run: "Compare how long the abandoned requests lasted, in the gateway's access log.",
            outcome: "A few milliseconds to seconds, all different: users moved on. All end at one \
                      round time: an outer timeout. Long and rising: the upstream is slow.",
            tells: &[Cause::ClientAborted, Cause::UpstreamSlow],
            ..Check::ALWAYS
        },
        Check {
            run: "curl -s -o /dev/null -m 300 -w '%{http_code} %{time_starttransfer} \
                  %{time_total}\\n' -H 'Host: {authority}' 'http://{upstream}{path}'",
            outcome: "Quick: the client had its own reasons. Slower than the client waits: the \
                      upstream is the one to mend.",
            tells: &[Cause::ClientAborted, Cause::UpstreamSlow],
            ..Check::ALWAYS
        },
        Check {
            run: "Group the abandoned requests by client, user agent and path.",
            outcome: "One user agent: its timeout, or a script that stops reading. One path: it is \
                      slow. All: the network or an outer proxy.",
            tells: &[Cause::ClientAborted, Cause::UpstreamSlow],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Let work that must not stop half way go on when the client leaves, and let the client \
             ask for the result later.",
        ),
        Remedy::cure(
            "Find who waits just as long: the client's library, or the proxy in front. Raise that \
             timeout above the gateway's, where the work honestly takes longer.",
        )
        .when(left_by_timer),
        Remedy::cure("Where users did not want to wait, make the path quicker, or show progress.")
            .when(|case| !left_by_timer(case)),
        Remedy::cure(
            "Where an outer proxy or the client's library ended it, raise that timeout above the \
             gateway's.",
        )
        .when(|case| !left_by_timer(case)),
    ],
    prevention: &[
        "Count abandoned requests apart from errors, and watch the rate, not single ones.",
        "Order the timeouts: the client waits longest, each hop behind it a little less.",
    ],
    sources: &[
        "RFC 9112, section 9.5 (failures and timeouts)",
        "Network Error Logging, W3C (abandoned)",
    ],
};

/// The client left at a number of seconds that people set as a limit.
fn left_by_timer(case: &Case<'_>) -> bool {
    case.fault == Fault::ClientClosed && case.round_time().is_some()
}

/// The headers of the response were there before the client left.
fn answering(case: &Case<'_>) -> Option<Fact> {
    case.attempt()?.header.map(|header| Fact::Took("headers came after", header))
}
