//! The upstream process died or was killed while it worked, or keeps restarting.

use super::super::shared;
use crate::causes::{Advice, CUT_SHORT, Check, Clue, Remedy, Tell, Why};
use crate::evidence::{Seen, Sign};
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::ResponseTerminated, 48),
        (Fault::ResponseClosed, 52),
        (Fault::ResponseReset, 52),
        (Fault::BodyTruncated, 50),
        (Fault::BodyFailed, 50),
        (Fault::ConnectRefused, 44),
        (Fault::RequestWriteFailed, 44),
        (Fault::NoHealthyUpstream, 40),
        (Fault::UpstreamBadGateway, 42),
        (Fault::Unknown, 38),
        (Fault::ConnectFailed, 33),
        (Fault::TlsHandshakeFailed, 30),
        (Fault::UpstreamUnavailable, 22),
    ],
    tells: &[
        Tell::supports(30, "it broke off one connection and refused the next", |case| {
            let broke =
                |seen: &Seen<'_>| matches!(seen.sign, Sign::Closed | Sign::Reset | Sign::Ended);
            case.seen(broke).and_then(|_| case.has(Sign::Refused))
        })
        .on_signs(&[Sign::Refused]),
        Tell::supports(12, "the connection ended while the upstream was at work", |case| {
            case.longer_than(1000)
        })
        .under(CUT_SHORT)
        .on(&[Clue::Late]),
        Tell::sign_supports(30, "a process died at that time", &[Sign::WorkerCrashed]).under(&[
            Fault::ResponseTerminated,
            Fault::ResponseClosed,
            Fault::ResponseReset,
        ]),
        Tell::refutes(20, "a reused connection that ends at once had mostly been idle", |case| {
            case.within(50).and_then(|_| case.reused_connection())
        })
        .under(CUT_SHORT)
        .on(&[Clue::Reused]),
        Tell::refutes(25, "the upstream announced that it closes", |case| {
            case.has_number(Sign::GoAway, 0)
        })
        .on_signs(&[Sign::GoAway]),
        Tell::sign_refutes(
            18,
            "the application lived to report its error",
            &[Sign::ApplicationFailed],
        ),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upstream process crashed",
    meaning: "The process that served the request died or was killed in the middle of it, or it \
              dies again after each start.",
    checks: &[
        Check {
            run: "journalctl -u UNIT --since '-15 min'; systemctl show UNIT -p \
                  NRestarts,ExecMainStatus,ActiveEnterTimestamp",
            outcome: "An exit or a signal at the time of the error, or restarts that count up: it \
                      crashes. No restart: the process lived, and dropped the connection itself.",
            tells: &[Cause::UpstreamCrashed, Cause::ApplicationError, Cause::KeepaliveMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "journalctl -k --since '-1 h' | grep -iE 'segfault|out of memory|oom-kill|killed \
                  process'",
            outcome: "Killed for memory: see that cause. A segfault: a defect in native code. \
                      Nothing: the process ended by itself, see its own log.",
            tells: &[Cause::UpstreamOutOfMemory, Cause::UpstreamCrashed],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl get pods -o wide; kubectl describe pod POD; kubectl logs \
                  POD --previous",
            outcome: "Last State names the reason: OOMKilled, Error with an exit code, or a \
                      liveness probe that killed it. Completed, beside a new revision: a rollout.",
            tells: &[Cause::UpstreamCrashed, Cause::UpstreamOutOfMemory, Cause::DeploymentRollover],
            ..Check::ALWAYS
        },
        Check {
            run: "On a test instance: curl -sv -m 60 -o /dev/null 'http://TEST-INSTANCE{path}' -H \
                  'Host: {authority}'",
            outcome: "Never where traffic goes: this request alone may bring the process down. An \
                      empty reply each time: it does. A good answer: something else killed it.",
            tells: &[Cause::UpstreamCrashed, Cause::ApplicationError],
            ..Check::ALWAYS
        },
        shared::POD,
        shared::EARLIER,
        shared::MEMBERS,
    ],
    remedies: &[
        Remedy::cure(
            "Read the last lines before the exit, and fix what they name: the code, a library, a \
             missing file.",
        ),
        Remedy::cure("If it began with a release, go back to the one before."),
        Remedy::cure("If a liveness probe or a watchdog kills a busy process, give it more time."),
        Remedy::stopgap(
            "Let the service manager restart it, and keep a second instance to take over \
             meanwhile.",
        ),
    ],
    prevention: &[
        "Run two instances or more, each restarted by a supervisor that waits longer after each \
         failure.",
        "Alert on restarts, not on downtime alone, and keep core dumps and the last log.",
        "Release to one instance first.",
    ],
    sources: &[
        "man pages systemd.service(5) (Restart), signal(7), core(5)",
        "https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/",
    ],
};
