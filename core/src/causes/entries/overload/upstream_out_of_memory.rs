//! The upstream was killed for memory, or ran out of it.

use crate::causes::{Advice, CUT_SHORT, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::ResponseTerminated, 42),
        (Fault::ResponseClosed, 42),
        (Fault::ResponseReset, 42),
        (Fault::BodyTruncated, 40),
        (Fault::BodyFailed, 40),
        (Fault::UpstreamError, 32),
        (Fault::RequestWriteFailed, 24),
        (Fault::UpstreamBadGateway, 22),
        (Fault::ConnectRefused, 18),
        (Fault::ResponseTimeout, 18),
        (Fault::Unknown, 15),
        (Fault::None, 5),
    ],
    tells: &[
        Tell::sign_supports(
            40,
            "the application says that its memory ran out",
            &[Sign::ApplicationOutOfMemory],
        ),
        Tell::supports(
            8,
            "the connection ended after seconds of work, in which memory can fill",
            |case| case.longer_than(2000),
        )
        .under(CUT_SHORT)
        .on(&[Clue::Late]),
        Tell::refutes(15, "the connection ended too soon for memory to fill", |case| {
            case.within(100)
        })
        .under(CUT_SHORT)
        .on(&[Clue::Soon]),
        Tell::refutes(15, "the application names another error", |case| {
            case.has(Sign::ApplicationFailed)
                .filter(|_| case.has(Sign::ApplicationOutOfMemory).is_none())
        })
        .on_signs(&[Sign::ApplicationFailed]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upstream ran out of memory",
    meaning: "The upstream process was killed for its memory, or hit its own limit and gave up \
              this request.",
    checks: &[
        Check {
            run: "journalctl -k --since '-1 h' | grep -iE 'out of memory|oom-kill|killed process'",
            outcome: "A line with the upstream's name at the time of the error: the kernel killed \
                      it. None: look for a limit of the runtime in the application's log.",
            tells: &[Cause::UpstreamOutOfMemory, Cause::UpstreamCrashed],
            ..Check::ALWAYS
        },
        Check {
            run: "For a container: kubectl describe pod POD | grep -A5 'Last State'; docker \
                  inspect -f '{{.State.OOMKilled}} {{.State.ExitCode}}' CONTAINER",
            outcome: "OOMKilled, or true: its memory limit. Exit code 137 without it: killed from \
                      outside, by a probe, a slow stop or an operator. Another code: a crash of \
                      another kind.",
            tells: &[Cause::UpstreamOutOfMemory, Cause::UpstreamCrashed],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl top pod POD --containers; kubectl describe pod POD | grep \
                  -A3 Limits",
            outcome: "Use that climbs towards the limit: the next kill is near. Far below it: a \
                      single request takes much at once.",
            tells: &[Cause::UpstreamOutOfMemory, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "On the upstream's host: free -m; ps -eo rss,etime,args --sort=-rss | head",
            outcome: "A process that grows with its age leaks. Many processes of a fair size are \
                      too many for this host.",
            tells: &[Cause::UpstreamOutOfMemory, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Find what takes the memory: a query without a limit, a whole file read at once, a \
             cache without a bound, a leak.",
        ),
        Remedy::cure(
            "Set fewer workers, so that all of them at their largest fit in memory together.",
        ),
        Remedy::cure(
            "Raise the memory limit of the process or container, where its work honestly needs \
             it.",
        ),
        Remedy::stopgap(
            "Restart workers after a number of requests, which hides a leak for a while.",
        ),
    ],
    prevention: &[
        "Alert on memory at 80 % of the limit, and on each kill.",
        "Load-test with the largest request and the largest data that are allowed.",
        "Review memory, workers and limits together whenever one of them changes.",
    ],
    sources: &[
        "man page systemd.resource-control(5) (MemoryMax)",
        "https://docs.kernel.org/admin-guide/cgroup-v2.html (memory)",
        "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ],
};
