//! The gateway still uses an address that the name no longer has (resolved once at start, TTL not
//! honoured).

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::vocabulary::{Cause, Fault, Phase};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::ConnectUnreachable, 33),
        (Fault::ConnectTimeout, 30),
        (Fault::ConnectRefused, 25),
        (Fault::TlsCertificateNameMismatch, 25),
        (Fault::DnsNotFound, 20),
        (Fault::ConnectFailed, 18),
        (Fault::NoHealthyUpstream, 15),
    ],
    tells: &[
        Tell::supports(14, "containers get a new address when they are made anew", |case| {
            case.container_address().filter(|_| case.fault.phase() == Phase::Connect)
        })
        .on(&[Clue::Container]),
        Tell::refutes(40, "an address on the gateway's own host does not change", |case| {
            case.loopback().or_else(|| case.unix_socket())
        })
        .on(&[Clue::Loopback, Clue::Socket]),
        Tell::refutes(12, "several upstreams failed, and one name seldom leads to all", |case| {
            case.several_upstreams_failed()
        })
        .on(&[Clue::Several]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The gateway uses an old address",
    meaning: "The upstream's name leads to a new address, and the gateway still connects to the \
              old one. Many gateways look a name up once, at start.",
    checks: &[
        Check {
            run: "dig +short NAME",
            outcome: "Put in the name from the gateway's configuration, and compare with the \
                      address in the log. They differ: the gateway holds an old address. They are \
                      the same: look at the upstream.",
            tells: &[Cause::DnsStale, Cause::UpstreamNotRunning, Cause::NetworkPathDown],
            ..Check::ALWAYS
        },
        shared::BY_NAME,
        shared::POD,
        Check {
            run: "On the hosts of both: ps -eo lstart,args --sort=start_time | tail -50; docker ps",
            outcome: "The upstream started after the gateway: its address may have changed in \
                      between. It started before: another cause.",
            tells: &[Cause::DnsStale, Cause::DeploymentRollover],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Let the gateway look the name up again while it runs, at the pace of the record's \
             TTL.",
        ),
        Remedy::cure(
            "Point the gateway at an address that stays: a service address, a load balancer, a \
             fixed IP.",
        ),
        Remedy::stopgap(
            "Reload the gateway: it reads the new address and keeps it until the next change.",
        ),
    ],
    prevention: &[
        "Reload the gateway as a step of every deployment that can move an upstream.",
        "Before a planned move, lower the TTL, and keep the old address alive until it has passed \
         twice.",
    ],
    sources: &[
        "RFC 1035, section 3.2.1 (TTL)",
        "man page dig(1)",
        "https://kubernetes.io/docs/concepts/services-networking/service/",
    ],
};
