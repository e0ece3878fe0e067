//! Some work of the upstream is slow without general overload: a heavy query, a slow dependency, a
//! deadlock, a cold start.

use crate::causes::{Advice, CUT_SHORT, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::BodyTruncated, 28),
        (Fault::ResponseReset, 28),
        (Fault::ResponseClosed, 28),
        (Fault::ResponseTerminated, 28),
        (Fault::ResponseTimeout, 56),
        (Fault::BodyTimeout, 56),
        (Fault::UpstreamGatewayTimeout, 52),
        (Fault::ClientClosed, 48),
        (Fault::ConnectionLimit, 38),
        (Fault::UpstreamUnavailable, 22),
        (Fault::UpstreamError, 20),
        (Fault::Unknown, 28),
        (Fault::None, 5),
    ],
    tells: &[
        Tell::sign_supports(
            38,
            "the application ran longer than it may",
            &[Sign::ApplicationTimedOut],
        ),
        Tell::supports(
            8,
            "the connection was accepted at once, and only the answer was late",
            |case| case.connected_within(100),
        )
        .under(&[Fault::ResponseTimeout, Fault::BodyTimeout])
        .on(&[Clue::Connected]),
        // Servers kill a worker, or close, when their own limit has passed: 30 s in gunicorn.
        Tell::supports(
            25,
            "it ended after a round time, as a limit of the upstream's own",
            |case| case.longer_than(4_900).and_then(|_| case.round_time()),
        )
        .under(CUT_SHORT)
        .on(&[Clue::Late]),
        Tell::supports(18, "the client waited long before it left", |case| {
            case.longer_than(10_000)
        })
        .under(&[Fault::ClientClosed])
        .on(&[Clue::Took]),
        Tell::refutes(25, "the client left before anything could be called slow", |case| {
            case.within(1000)
        })
        .under(&[Fault::ClientClosed])
        .on(&[Clue::Took]),
        Tell::refutes(
            25,
            "the timeout was answered at once, so that nobody waited for it",
            |case| case.within(500),
        )
        .under(&[Fault::UpstreamGatewayTimeout])
        .on(&[Clue::Took]),
        Tell::refutes(
            25,
            "the connection itself was slow, which heavy work does not cause",
            |case| case.connected_after(900),
        )
        .on(&[Clue::Connected]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upstream is slow at this work",
    meaning: "The upstream took the request and is late with the answer, while other work goes \
              well. A heavy query, a slow service behind it, a lock or a cold start holds it.",
    checks: &[
        Check {
            run: "Past the gateway: curl -so /dev/null -m 300 -w '%{time_connect} \
                  %{time_starttransfer} %{time_total}\\n' 'http://{upstream}{path}' -H 'Host: \
                  {authority}'",
            outcome: "The answer takes longer than the gateway's limit: slow work, or a limit that \
                      is too low. It comes quickly: look at load at the time of the error.",
            tells: &[Cause::UpstreamSlow, Cause::TimeoutTooLow, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "Past the gateway, a light page: curl -so /dev/null -m 60 -w \
                  '%{time_starttransfer}\\n' 'http://{upstream}/' -H 'Host: {authority}'",
            outcome: "Quick, while the one that failed is slow: this work is heavy. Both are slow: \
                      the whole upstream is busy or stuck.",
            tells: &[Cause::UpstreamSlow, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "Read the slow-query log, the traces, and the locks of the database for the \
                  minute of the error.",
            outcome: "A query, a call or a lock that lasts about as long as the request did is \
                      what it waited for.",
            tells: &[Cause::UpstreamSlow, Cause::ProviderOutage],
            ..Check::ALWAYS
        },
        Check {
            run: "Take two stack dumps of a waiting worker, ten seconds apart (py-spy dump, \
                  jstack, gdb -p, a goroutine dump).",
            outcome: "The same place twice: it waits there. Another place each time: it works, \
                      only for long.",
            tells: &[Cause::UpstreamSlow, Cause::ApplicationError],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl top pod POD --containers; kubectl describe pod POD | grep \
                  -A3 Limits",
            outcome: "CPU at its limit: the pod is throttled, and all its work is slow. Below it: \
                      it waits for something, or works on one core alone.",
            tells: &[Cause::UpstreamSlow, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "Search the upstream's log, at the second of the failure, for the words of a \
                  limit: WORKER TIMEOUT (gunicorn), execution timed out (PHP-FPM), HARAKIRI \
                  (uWSGI).",
            outcome: "Such a line: the upstream's own limit ended this work. None, and an exit or a \
                      signal: it crashed.",
            tells: &[Cause::UpstreamSlow, Cause::UpstreamCrashed],
            when: Some(|case| CUT_SHORT.contains(&case.fault)),
        },
    ],
    remedies: &[
        Remedy::cure(
            "Give this work more time at the upstream, where it honestly takes longer than the \
             limit there, and then at the gateway.",
        )
        .when(|case| CUT_SHORT.contains(&case.fault)),
        Remedy::cure("Make the slow part quick: an index, a smaller page, a cache, fewer calls."),
        Remedy::cure(
            "Give each call to a dependency its own time limit, shorter than the gateway's, with \
             an answer for when it passes.",
        ),
        Remedy::cure("Answer at once and do long work in a job that the client asks about later."),
        Remedy::stopgap("Raise the gateway's read timeout for this path only."),
        Remedy::stopgap(
            "Restart a worker that hangs, once its stack dump is saved. It hangs again until what \
             it waits for is mended.",
        ),
    ],
    prevention: &[
        "Watch the 99th percentile of each path, and alert well below the gateway's limit.",
        "Warm up instances before traffic is sent to them.",
        "Load-test with data of real size, over the real network, before release.",
    ],
    sources: &[
        "RFC 9110, section 15.6.5 (504)",
        "RFC 9110, section 15.3.3 (202, for work that takes long)",
        "man page curl(1), option --write-out",
    ],
};
