//! The name has no record, or the wrong or an old one; a name that was misspelt is
//! upstream-address-wrong.

use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::DnsNotFound, 52),
        (Fault::DnsFailed, 40),
        (Fault::NoUpstream, 25),
        (Fault::ConnectRefused, 20),
        (Fault::ConnectTimeout, 18),
        (Fault::ConnectUnreachable, 18),
        (Fault::TlsCertificateNameMismatch, 18),
    ],
    tells: &[
        Tell::supports(8, "the name is written with its domain", |case| {
            case.full_name().filter(|_| case.cluster_name().is_none())
        })
        .under(&[Fault::DnsNotFound])
        .on(&[Clue::Unresolved]),
        Tell::supports(10, "the servers of the zone may be what failed", |case| {
            case.quotes("server failure")
        })
        .on(&[Clue::Words]),
        Tell::supports(
            25,
            "the gateway looked the name up at its start and found nothing",
            |case| case.quotes("host not found in upstream"),
        )
        .on(&[Clue::Words]),
        Tell::refutes(15, "a name without a dot is seldom in public DNS", |case| case.short_name())
            .on(&[Clue::Unresolved]),
        Tell::sign_refutes(30, "the gateway had nobody to ask", &[Sign::NoResolver]),
        Tell::refutes(15, "the resolver would not serve the gateway", |case| {
            case.quotes("operation refused")
        })
        .on(&[Clue::Words]),
        Tell::refutes(30, "the upstream is on the gateway's own host", |case| {
            case.loopback().or_else(|| case.unix_socket())
        })
        .on(&[Clue::Loopback, Clue::Socket]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The DNS record is missing or wrong",
    meaning: "The name that the gateway asks for has no address record, or one that leads \
              elsewhere. The resolver does its work; the zone is what to fix.",
    checks: &[
        Check {
            run: "dig {host} A; dig {host} AAAA",
            outcome: "NXDOMAIN: no such name, or it is misspelt. NOERROR without an answer: the \
                      name is there, and has no address record. SERVFAIL: the zone's servers or \
                      its signatures are broken, or the resolver is.",
            tells: &[Cause::DnsRecordWrong, Cause::UpstreamAddressWrong, Cause::DnsResolverFailing],
            ..Check::ALWAYS
        },
        Check {
            run: "dig +trace {host}",
            outcome: "It asks from the root down, past the resolver. The last server that answers \
                      shows what the zone really holds. Right here and wrong at the resolver: a \
                      cache, or a split view.",
            tells: &[Cause::DnsRecordWrong, Cause::DnsResolverFailing, Cause::DnsStale],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl debug -it GATEWAY-POD --image=nicolaka/netshoot -- dig \
                  +search {host}",
            outcome: "A Service is SERVICE.NAMESPACE.svc.cluster.local. NXDOMAIN for its full \
                      name: it is missing, or in another namespace. Only the short name fails: it \
                      is of another namespace, or the gateway ignores the search list.",
            tells: &[Cause::DnsRecordWrong, Cause::UpstreamAddressWrong, Cause::DnsResolverFailing],
            ..Check::ALWAYS
        },
        Check {
            run: "curl -sv -m 10 -o /dev/null --connect-to ::ADDRESS: 'http://{upstream}{path}'",
            outcome: "Put in the address that the upstream really has (https where it speaks TLS). \
                      It works by this address and not by name: only DNS is wrong.",
            tells: &[Cause::DnsRecordWrong, Cause::UpstreamNotRunning, Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Add or correct the A, AAAA or CNAME record where the zone is authoritative, and in \
             each view of a split zone.",
        ),
        Remedy::cure(
            "If the whole domain is gone, see whether its registration or its delegation lapsed.",
        ),
        Remedy::stopgap(
            "Pin the address at the gateway, by address or in its hosts file. Note it down: it \
             goes stale.",
        ),
    ],
    prevention: &[
        "Keep DNS records with the deployment, and remove one only when nothing asks for it any \
         more.",
        "Watch each upstream name from the gateway's network, and alert when its answer changes.",
        "Renew domains automatically, and lower the TTL a day before a move.",
    ],
    sources: &[
        "RFC 1035, section 4.1.1 (response codes)",
        "RFC 2308 (negative answers and how long they are kept)",
        "man page dig(1)",
        "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/",
    ],
};
