//! The gateway itself has too little: descriptors, ephemeral ports, workers, memory, disk.

use crate::causes::{Advice, Check, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[(Fault::GatewayExhausted, 64), (Fault::GatewayInternal, 30)],
    tells: &[
        Tell::supports(25, "the gateway's host ran out of it", |case| {
            case.seen(|seen| seen.sign.is_shortage())
        })
        .on_signs(Sign::SHORTAGES),
        Tell::sign_supports(10, "something of the gateway's own ran out", &[Sign::Exhausted]),
        Tell::sign_refutes(35, "a file was forbidden, not used up", &[Sign::FileForbidden]),
        Tell::refutes(30, "the gateway's configuration or program failed", |case| {
            case.seen(|seen| {
                matches!(
                    seen.sign,
                    Sign::Misconfigured
                        | Sign::ScriptFailed
                        | Sign::WorkerCrashed
                        | Sign::RedirectCycle
                )
            })
        })
        .on_signs(&[
            Sign::Misconfigured,
            Sign::ScriptFailed,
            Sign::WorkerCrashed,
            Sign::RedirectCycle,
        ]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The gateway itself has run out of something",
    meaning: "The gateway has too few connections, file descriptors, local ports, workers, memory \
              or disk for its load. The upstreams may be well.",
    checks: &[
        Check {
            run: "Look at the gateway's requests, connections, memory and response times in the \
                  minutes before the first error.",
            outcome: "Load rose: capacity. Response times rose first: a slow upstream filled the \
                      gateway. Neither: a loop or a leak.",
            tells: &[
                Cause::GatewayOverloaded,
                Cause::UpstreamSlow,
                Cause::ProxyLoop,
                Cause::GatewayBug,
            ],
            ..Check::ALWAYS
        },
        Check {
            run: "df -h; df -i",
            outcome: "A file system at 100 %, of bytes or of inodes: that is what ran out. Look \
                      at the one that holds the path in the error.",
            tells: &[Cause::GatewayOverloaded],
            when: Some(|case| case.evidence.lacked(Sign::OutOfDisk)),
        },
        Check {
            run: "On the gateway: ss -Htanp state established | grep -c '\"GATEWAY\"'",
            outcome: "Put in the name of the gateway's process. Each proxied request takes two \
                      connections. Near the limit: raise it, if the requests are honest. Far \
                      below: one worker alone is full, or the peak has passed.",
            tells: &[Cause::GatewayOverloaded, Cause::LimitTooLow, Cause::ProxyLoop],
            when: Some(|case| case.evidence.lacked(Sign::OutOfConnections)),
        },
        Check {
            run: "For a worker process of the gateway: ls /proc/PID/fd | wc -l; grep 'open files' \
                  /proc/PID/limits",
            outcome: "Close to the limit: raise it. Rising without load: a leak.",
            tells: &[Cause::GatewayOverloaded, Cause::GatewayBug],
            when: Some(|case| {
                case.evidence.lacked(Sign::OutOfDescriptors)
                    || case.evidence.lacked(Sign::OutOfConnections)
            }),
        },
        Check {
            run: "ss -s; ss -Htan 'dport = :{port}' | awk '{print $1, $5}' | sort | uniq -c | sort \
                  -rn | head; sysctl net.ipv4.ip_local_port_range",
            outcome: "It counts by state and upstream. One upstream with nearly as many as there \
                      are ports: they ran out. Most in TIME-WAIT: connections are not reused. Most \
                      established: slow upstreams or clients hold them.",
            tells: &[Cause::GatewayOverloaded, Cause::UpstreamSlow, Cause::ProxyLoop],
            when: Some(|case| case.evidence.lacked(Sign::OutOfPorts)),
        },
        Check {
            run: "free -m; journalctl -k --since '-1 h' | grep -i 'out of memory'",
            outcome: "Little that is available, or a process killed for memory: that is what ran \
                      out.",
            tells: &[Cause::GatewayOverloaded],
            when: Some(|case| case.evidence.lacked(Sign::OutOfMemory)),
        },
        Check {
            run: "In a cluster: kubectl top pod GATEWAY-POD --containers; kubectl describe pod \
                  GATEWAY-POD | grep -A3 -E 'Limits|Last State'",
            outcome: "CPU or memory at its limit, or OOMKilled: raise the limit or add pods. Far \
                      below: a limit of the gateway's own.",
            tells: &[Cause::GatewayOverloaded, Cause::LimitTooLow],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Shorten the timeouts and cap the connections of slow upstreams, so that one cannot \
             fill the gateway.",
        ),
        Remedy::cure("Add a gateway, or cores and workers, where CPU is what is short."),
        Remedy::cure(
            "Free the disk: old logs, caches and temporary files of the gateway first. Then give \
             its temporary files a file system of their own, or keep less on disk.",
        )
        .when(|case| case.evidence.lacked(Sign::OutOfDisk)),
        Remedy::cure(
            "Raise the connections that the gateway, or each of its workers, may hold, and its \
             limit of open files to at least twice that.",
        )
        .when(|case| case.evidence.lacked(Sign::OutOfConnections)),
        Remedy::cure(
            "Raise the limit of open files, of the process and of the service manager, to at least \
             twice its connections.",
        )
        .when(|case| case.evidence.lacked(Sign::OutOfDescriptors)),
        Remedy::cure("Give the gateway memory as measured, or lower its buffers and caches.")
            .when(|case| case.evidence.lacked(Sign::OutOfMemory)),
        Remedy::cure(
            "Keep connections to the upstreams open and reuse them. That saves ports, descriptors \
             and time.",
        )
        .when(|case| {
            case.evidence.lacked(Sign::OutOfPorts)
                || case.evidence.lacked(Sign::OutOfConnections)
                || case.evidence.lacked(Sign::OutOfDescriptors)
        }),
        Remedy::cure("Widen the range of local ports, or connect from several local addresses.")
            .when(|case| case.evidence.lacked(Sign::OutOfPorts)),
        Remedy::stopgap(
            "Restart the gateway gracefully, or clear its temporary files. It fills again when the \
             reason stays.",
        ),
    ],
    prevention: &[
        "Load-test the gateway with slow upstreams, not only with quick ones, before a release.",
        "Warn at 80 % of connections, descriptors, ports, memory and disk.",
        "Review the resources of the gateway with each rise in traffic.",
    ],
    sources: &[
        "man pages accept(2), getrlimit(2)",
        "man pages ip(7) (ip_local_port_range), tcp(7)",
    ],
};
