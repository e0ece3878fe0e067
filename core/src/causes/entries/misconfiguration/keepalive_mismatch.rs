//! The upstream closes idle connections sooner than the gateway, which then writes on a closed one.

use crate::causes::{Advice, Case, Check, Clue, Fact, Remedy, Tell, Why};
use crate::evidence::{Millis, Protocol, Sign};
use crate::vocabulary::{Cause, Fault};

/// The shortest time after which application servers usually close an idle connection.
const SOONEST: Millis = Millis::from_secs(2);

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::RequestWriteFailed, 46),
        (Fault::ResponseTerminated, 52),
        (Fault::ResponseReset, 46),
        (Fault::ResponseClosed, 46),
        (Fault::None, 10),
    ],
    tells: &[
        Tell::supports(30, "the connection had served requests before", |case| {
            case.reused_connection()
        })
        .under(ENDED)
        .on(&[Clue::Reused]),
        Tell::supports(30, "a second try on another connection went well", |case| {
            case.retry_succeeded().filter(|_| cut_off(case).is_some())
        })
        .on(&[Clue::Several]),
        Tell::supports(15, "it was over in a moment, before any work could be done", |case| {
            case.within(5)
        })
        .under(ENDED)
        .on(&[Clue::Soon]),
        Tell::refutes(40, "the connection was new", |case| case.new_connection()).on(&[Clue::New]),
        Tell::refutes(25, "the upstream had the request for a while", |case| {
            case.longer_than(1000)
        })
        .on(&[Clue::Late]),
        Tell::refutes(20, "the gateway gives up idle connections sooner than servers do", |case| {
            let idle = case.evidence.limits.idle.filter(|idle| *idle < SOONEST)?;
            Some(Fact::Took("its idle limit is", idle))
        })
        .on(&[Clue::IdleLimit]),
        Tell::refutes(20, "this protocol seldom keeps connections open", seldom_kept)
            .on(&[Clue::Cgi]),
    ],
};

/// A connection ended under the request.
const ENDED: &[Fault] = &[
    Fault::RequestWriteFailed,
    Fault::ResponseTerminated,
    Fault::ResponseReset,
    Fault::ResponseClosed,
];

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "Keep-alive timeouts do not match",
    meaning: "The upstream closed an idle connection just as the gateway wrote a request on it. \
              The request fails within milliseconds, and the next one goes well.",
    checks: &[
        Check {
            run: "curl -sv -o /dev/null -o /dev/null --rate 1/m 'http://{upstream}{path}' \
                  'http://{upstream}{path}'",
            outcome: "Two requests, a minute apart; it takes curl 7.84 or later. The second one \
                      opens a new connection: the upstream closes idle ones sooner than that. It \
                      uses the first again: the upstream keeps them for at least a minute.",
            tells: &[Cause::KeepaliveMismatch, Cause::UpstreamCrashed],
            ..Check::ALWAYS
        },
        Check {
            run: "On the gateway: sudo tcpdump -ni any -w /tmp/upstream.pcap 'host {host} and tcp \
                  port {port}'",
            outcome: "Stop it after a failure, and read it with tcpdump -nr. The upstream's FIN \
                      crosses with a request, or comes just before it: a mismatch. It comes while \
                      the upstream works on the request: a crash or a fault of the application.",
            tells: &[Cause::KeepaliveMismatch, Cause::UpstreamCrashed, Cause::ApplicationError],
            ..Check::ALWAYS
        },
        Check {
            run: "On the upstream's host: journalctl --since '-15 min' | grep -iE \
                  'segfault|oom|killed|exited|restart'; kubectl get pods -o wide",
            outcome: "A line or a restart at the second of the fault: the process died. None: an \
                      idle connection is the likelier reason.",
            tells: &[
                Cause::KeepaliveMismatch,
                Cause::UpstreamCrashed,
                Cause::UpstreamOutOfMemory,
                Cause::DeploymentRollover,
            ],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Let the gateway give up first: set its idle timeout for upstream connections a few \
             seconds below the upstream's.",
        ),
        Remedy::cure(
            "Or raise the upstream's keep-alive timeout above that of every hop before it. Many \
             application servers close after 2 to 5 s.",
        ),
        Remedy::cure(
            "Let the gateway repeat the request once on a new connection, where the method may be \
             repeated safely.",
        ),
        Remedy::stopgap(
            "Turn connection reuse off for this upstream. Every request then pays for a new \
             connection.",
        ),
    ],
    prevention: &[
        "Keep both idle timeouts in one place, and test their order at deployment.",
        "Log whether the upstream connection was reused, and count the failures on reused ones.",
    ],
    sources: &[
        "RFC 9112, section 9.3.1 (retrying requests)",
        "RFC 9112, section 9.5 (failures and timeouts)",
        "RFC 9110, section 9.2.2 (idempotent methods)",
    ],
};

/// A connection that the upstream ended.
fn cut_off(case: &Case<'_>) -> Option<Fact> {
    case.seen(|seen| {
        matches!(seen.sign, Sign::Closed | Sign::Reset | Sign::Ended | Sign::BrokenPipe)
    })
}

fn seldom_kept(case: &Case<'_>) -> Option<Fact> {
    match case.evidence.protocol? {
        Protocol::FastCgi => Some(Fact::Shown("FastCGI")),
        Protocol::Uwsgi | Protocol::Suwsgi => Some(Fact::Shown("uwsgi")),
        Protocol::Scgi => Some(Fact::Shown("SCGI")),
        Protocol::Http
        | Protocol::Https
        | Protocol::Grpc
        | Protocol::Grpcs
        | Protocol::Memcached
        | Protocol::Stream => None,
    }
}
