//! The resolver is down, unreachable, overloaded or not set up.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault, Phase};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::DnsTimeout, 68),
        (Fault::DnsFailed, 66),
        (Fault::DnsNotFound, 32),
        (Fault::NoUpstream, 12),
    ],
    tells: &[
        Tell::sign_supports(40, "the gateway has no resolver to ask", &[Sign::NoResolver]),
        Tell::supports(30, "the resolver itself could not be reached", |case| {
            case.seen(|seen| {
                let lost = matches!(seen.sign, Sign::Refused | Sign::Unreachable | Sign::Reset);
                lost && seen.phase == Some(Phase::Resolve)
            })
        })
        .on_signs(&[Sign::Refused, Sign::Unreachable, Sign::Reset]),
        Tell::supports(18, "the resolver would not serve the gateway", |case| {
            case.quotes("operation refused")
        })
        .on(&[Clue::Words]),
        Tell::supports(12, "a short name needs a search list or the cluster's own DNS", |case| {
            case.short_name()
        })
        .under(&[Fault::DnsNotFound])
        .on(&[Clue::Unresolved]),
        Tell::refutes(30, "no resolver knows what is no name", |case| case.no_name())
            .on(&[Clue::NoName]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The DNS resolver fails",
    meaning: "The gateway cannot have names looked up: its resolver is down, out of reach, \
              overloaded or not set up. The names may be in order.",
    checks: &[
        Check {
            run: "Where the gateway runs, in its container if it has one: cat /etc/resolv.conf; \
                  dig {host} +time=2 +tries=1",
            outcome: "An answer here while the gateway fails: the gateway asks another resolver, \
                      see its own setting. No answer: the resolver is down or cut off.",
            tells: &[Cause::DnsResolverFailing, Cause::GatewayMisconfigured],
            ..Check::ALWAYS
        },
        Check {
            run: "dig @1.1.1.1 {host}; dig @RESOLVER {host}; dig @RESOLVER example.com",
            outcome: "Put in the gateway's resolver. Only it fails, for every name: the resolver. \
                      It fails for this name alone: the record or the zone. Only the public one \
                      knows no such name: a zone of your own, and no fault. No answer from any: a \
                      firewall on port 53.",
            tells: &[Cause::DnsResolverFailing, Cause::DnsRecordWrong, Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl -n kube-system get pods -l k8s-app=kube-dns; kubectl -n \
                  kube-system logs -l k8s-app=kube-dns --tail=50",
            outcome: "Pods that restart, or timeouts to the servers they forward to: the cluster's \
                      DNS is at fault.",
            tells: &[Cause::DnsResolverFailing, Cause::ProviderOutage],
            ..Check::ALWAYS
        },
        Check {
            run: "curl -sv -m 10 -o /dev/null 'http://ADDRESS:{port}{path}' -H 'Host: {authority}'",
            outcome: "Put in the upstream's address. It answers by address and not by name: DNS, \
                      and nothing else.",
            tells: &[Cause::DnsResolverFailing, Cause::UpstreamNotRunning],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Restart or repair the resolver, or point the gateway at one that works. Allow port 53 \
             over UDP and TCP.",
        ),
        Remedy::cure(
            "If the gateway has no resolver set, name one. Use full names: many gateways ignore \
             the search list of resolv.conf.",
        ),
        Remedy::stopgap(
            "Use the upstream's address in place of its name until the resolver is back.",
        ),
    ],
    prevention: &[
        "Give the gateway two resolvers that do not share a host, and a cache on its own host.",
        "Watch the resolver's answer time and failures as part of the gateway's service.",
    ],
    sources: &[
        "RFC 1035, section 4.1.1 (response codes)",
        "man page resolv.conf(5)",
        "https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/",
    ],
};
