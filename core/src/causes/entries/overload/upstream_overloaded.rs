//! More work than the upstream can take: saturated CPU, workers, threads, connections or backlog,
//! or it says so itself.

use super::super::shared;
use crate::causes::{Advice, Case, Check, Clue, Remedy, Tell, Why};
use crate::evidence::{Protocol, Sign};
use crate::vocabulary::{Cause, Fault};

/// The HTTP/2 error code ENHANCE_YOUR_CALM.
const ENHANCE_YOUR_CALM: u32 = 11;

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::UpstreamUnavailable, 52),
        (Fault::ResponseTimeout, 50),
        (Fault::ConnectionLimit, 46),
        (Fault::UpstreamGatewayTimeout, 46),
        (Fault::ResponseTerminated, 44),
        (Fault::ResponseClosed, 44),
        (Fault::ResponseReset, 44),
        (Fault::ConnectTimeout, 42),
        (Fault::NoHealthyUpstream, 38),
        (Fault::BodyTimeout, 42),
        (Fault::ConnectFailed, 40),
        (Fault::Unknown, 40),
        (Fault::RequestWriteFailed, 38),
        (Fault::UpstreamBadGateway, 38),
        (Fault::UpstreamError, 36),
        (Fault::BodyTruncated, 34),
        (Fault::BodyFailed, 34),
        (Fault::TlsHandshakeFailed, 30),
        (Fault::ConnectRefused, 25),
        (Fault::ClientClosed, 25),
    ],
    tells: &[
        Tell::sign_supports(40, "the socket's backlog is full", &[Sign::Busy]),
        Tell::supports(30, "the upstream asked the gateway to calm down", |case| {
            case.has_number(Sign::StreamReset, ENHANCE_YOUR_CALM)
                .or_else(|| case.has_number(Sign::GoAway, ENHANCE_YOUR_CALM))
        })
        .on_signs(&[Sign::StreamReset, Sign::GoAway]),
        Tell::supports(
            25,
            "a process on the same host is silent when its backlog is full",
            |case| case.loopback(),
        )
        .under(&[Fault::ConnectTimeout])
        .on(&[Clue::Loopback]),
        // The kernel accepts connections for a process that has no time to answer on them.
        Tell::supports(22, "the connection stood, and nobody had time for the handshake", |case| {
            case.handshake_stalled()
        })
        .on(&[Clue::Stalled]),
        // A lost SYN is sent again after 1 s.
        Tell::supports(22, "the connection was accepted only after a retry", |case| {
            case.connected_after(900)
        })
        .on(&[Clue::Connected]),
        Tell::supports(15, "several upstreams gave no answer in time", |case| {
            case.several_upstreams_failed()
        })
        .under(&[Fault::ResponseTimeout, Fault::ConnectTimeout])
        .on(&[Clue::Several]),
        Tell::supports(8, "a 503 says that there is no room for now", |case| case.status(503))
            .under(&[Fault::Unknown]),
        Tell::refutes(15, "a full socket says that it is busy, and this one refused", |case| {
            case.unix_socket().and_then(|_| case.has(Sign::Refused))
        })
        .on(&[Clue::Socket]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upstream is overloaded",
    meaning: "More work arrives than the upstream can do: its workers, threads, connections or CPU \
              are all taken. New requests wait, time out or are turned away.",
    checks: &[
        Check {
            run: "On the upstream's host: uptime; vmstat 1 5; ss -s",
            outcome: "Look at its metrics for the minutes before the first error as well. CPU, \
                      memory, run queue or connections at their top before the errors: overload. \
                      All calm: slow work, or another cause.",
            tells: &[Cause::UpstreamOverloaded, Cause::UpstreamSlow, Cause::UpstreamOutOfMemory],
            ..Check::ALWAYS
        },
        Check {
            run: "On the upstream's host: ss -ltn 'sport = :{port}'; nstat -az \
                  TcpExtListenOverflows TcpExtListenDrops",
            outcome: "Recv-Q at Send-Q, or counters that grow: the backlog is full. Recv-Q at 0: \
                      connections are accepted, and the work is slow.",
            tells: &[Cause::UpstreamOverloaded, Cause::UpstreamSlow, Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
        Check {
            run: "Past the gateway: curl -so /dev/null -m 60 -w '%{time_connect} \
                  %{time_starttransfer} %{http_code}\\n' 'http://{upstream}{path}' -H 'Host: \
                  {authority}'",
            outcome: "Run it several times. A trivial page is slow as well: overload. Only this \
                      path is slow: the work behind it.",
            tells: &[Cause::UpstreamOverloaded, Cause::UpstreamSlow, Cause::TimeoutTooLow],
            ..Check::ALWAYS
        },
        Check {
            run: "Count requests per minute, and per client, in the gateway's access log before \
                  and during the errors.",
            outcome: "More requests than usual: traffic, or one client. As many as usual: the \
                      upstream became slower, after a release or with a dependency.",
            tells: &[Cause::UpstreamOverloaded, Cause::UpstreamSlow, Cause::ApplicationError],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl top pods --sort-by=cpu; kubectl get hpa",
            outcome: "CPU at the pods' limit: they are throttled. Replicas at their maximum: the \
                      autoscaler can do no more. All calm: slow work, or another cause.",
            tells: &[Cause::UpstreamOverloaded, Cause::UpstreamSlow],
            ..Check::ALWAYS
        },
        shared::EARLIER,
        shared::MEMBERS,
        shared::GREETING,
        Check {
            run: "On the upstream's host: ss -lxn; sysctl net.core.somaxconn",
            outcome: "Recv-Q of its socket at Send-Q: the backlog is full, since no worker is free \
                      to accept. Send-Q is the backlog that was asked for, cut to somaxconn.",
            tells: &[Cause::UpstreamOverloaded, Cause::UpstreamSlow],
            when: Some(|case| case.unix_socket().is_some()),
        },
        Check {
            run: "On the upstream's host: grep -sh 'max_children' /var/log/php*fpm*.log \
                  /var/log/php-fpm/*.log | tail",
            outcome: "'server reached pm.max_children' at the time of the error: all workers were \
                      taken. No line: the limit was not reached, so look at the backlog. In a \
                      container the line is in its log.",
            tells: &[Cause::UpstreamOverloaded, Cause::UpstreamSlow],
            when: Some(full_fpm),
        },
    ],
    remedies: &[
        Remedy::cure(
            "Add capacity: more instances, more workers, a larger host. Check first that memory \
             and the database bear more workers.",
        ),
        Remedy::cure(
            "Take work away: cache, make the heavy queries cheaper, move long jobs to a queue.",
        ),
        Remedy::cure(
            "Raise pm.max_children of the PHP-FPM pool, as far as memory bears it: the number \
             times the largest worker must fit.",
        )
        .when(full_fpm),
        Remedy::cure(
            "Give the upstream more workers, and its socket a longer backlog for bursts, with \
             net.core.somaxconn at least as high.",
        )
        .when(|case| case.has(Sign::Busy).is_some() && !full_fpm(case)),
        Remedy::stopgap(
            "Raise listen.backlog of the PHP-FPM pool, and net.core.somaxconn with it. A longer \
             queue takes up bursts, and no lack of workers that lasts.",
        )
        .when(full_fpm),
        Remedy::stopgap(
            "Limit the heaviest clients or paths at the gateway, and answer 503 with Retry-After \
             early rather than late.",
        ),
        Remedy::stopgap("Keep retries few: each retry of a slow request adds load."),
    ],
    prevention: &[
        "Load-test through the gateway and the real network before each large release.",
        "Alert on queue length, busy workers and connections, before users see errors.",
        "Review resources each quarter against traffic, and scale automatically where it can be \
         done.",
    ],
    sources: &[
        "RFC 9110, section 15.6.4 (503)",
        "man pages listen(2) (backlog), ss(8), nstat(8)",
        "https://sre.google/sre-book/handling-overload/",
    ],
};

/// The socket of a PHP-FPM pool is busy.
fn full_fpm(case: &Case<'_>) -> bool {
    case.has(Sign::Busy).is_some() && case.evidence.protocol == Some(Protocol::FastCgi)
}
