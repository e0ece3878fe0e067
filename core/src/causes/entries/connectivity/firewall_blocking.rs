//! A firewall, security group or network policy drops or rejects the traffic.

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

/// EPERM: what Linux answers when a rule of the gateway's own host drops the packet.
const EPERM: u32 = 1;
/// ENETUNREACH on Linux: the gateway's host has no route at all.
const ENETUNREACH: u32 = 101;

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::ConnectTimeout, 52),
        (Fault::ConnectUnreachable, 44),
        (Fault::DnsTimeout, 42),
        (Fault::ConnectFailed, 40),
        (Fault::ConnectDenied, 35),
        (Fault::TlsHandshakeFailed, 34),
        (Fault::ConnectRefused, 25),
        (Fault::ResponseTimeout, 25),
        (Fault::ResponseTerminated, 25),
        (Fault::ResponseReset, 25),
        (Fault::NoHealthyUpstream, 20),
        (Fault::RequestWriteFailed, 18),
    ],
    tells: &[
        Tell::supports(30, "the gateway's own host forbade the packet", |case| {
            case.has_number(Sign::Forbidden, EPERM)
        })
        .on_signs(&[Sign::Forbidden]),
        // A host that is gone is noticed after about 3 s of unanswered ARP. A missing route is
        // noticed at once, and no firewall's doing.
        Tell::supports(18, "the rejection came at once, as from a rule that rejects", |case| {
            let no_route = case.has_number(Sign::Unreachable, ENETUNREACH).is_some();
            case.within(500).filter(|_| !no_route)
        })
        .under(&[Fault::ConnectUnreachable])
        .on(&[Clue::Took]),
        Tell::sign_supports(15, "a reset came in the middle of the handshake", &[Sign::Reset])
            .under(&[Fault::ConnectFailed, Fault::TlsHandshakeFailed]),
        Tell::supports(10, "a connection that had worked went silent", |case| {
            case.reused_connection()
        })
        .under(&[Fault::ResponseTimeout])
        .on(&[Clue::Reused]),
        Tell::refutes(35, "the upstream is on the gateway's own host", |case| {
            case.loopback().or_else(|| case.unix_socket())
        })
        .on(&[Clue::Loopback, Clue::Socket]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A firewall blocks the traffic",
    meaning: "Something between the gateway and the upstream drops or rejects the packets: a host \
              firewall, a security group, a network policy, an automatic ban. The upstream itself \
              may be well.",
    checks: &[
        Check {
            run: "From the gateway's host: nc -vz -w 3 {host} {port}; nc -vz -w 3 {host} 22",
            outcome: "Any port that is known to be open does for 22. Silence on the port while \
                      another port answers: a filter. Refused: the host is reached, and nothing \
                      listens. Silence on both: the host or the path is down, or all is filtered.",
            tells: &[Cause::FirewallBlocking, Cause::NetworkPathDown, Cause::UpstreamNotRunning],
            ..Check::ALWAYS
        },
        Check {
            run: "On the upstream's host: sudo tcpdump -ni any -c 20 'tcp port {port} and host \
                  GATEWAY'",
            outcome: "Put in the gateway's address, and let the gateway try. No SYN ([S]) arrives: \
                      it is lost on the way. SYNs arrive and nothing goes back: this host's \
                      firewall, or a full backlog. A reset ([R]) goes back: nothing listens, or a \
                      rule rejects.",
            tells: &[Cause::FirewallBlocking, Cause::NetworkPathDown, Cause::UpstreamOverloaded],
            ..Check::ALWAYS
        },
        Check {
            run: "On both hosts: sudo nft list ruleset; sudo iptables -L -n -v",
            outcome: "A drop or reject rule whose counter grows with each try is the one. nft \
                      counts only where a rule says counter.",
            tells: &[Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl get networkpolicy -A",
            outcome: "A policy that selects the upstream's pods and does not name the gateway's \
                      namespace and this port shuts the gateway out. In a cloud, read the security \
                      groups and network ACLs of both sides instead.",
            tells: &[Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
        Check {
            run: "On the upstream's host: sudo fail2ban-client banned",
            outcome: "The gateway's address among them: all users come from it, so it looks like \
                      an attacker. Search the block lists of each security service in front of the \
                      upstream for it too.",
            tells: &[Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
        shared::FROM_POD,
        shared::EARLIER,
        shared::MEMBERS,
        shared::GREETING,
    ],
    remedies: &[
        Remedy::cure(
            "Allow TCP from the gateway's addresses to the upstream's port, in every layer: host, \
             cloud, cluster. Where a filter keeps no state, allow the way back too.",
        ),
        Remedy::cure(
            "Exempt the gateway's addresses from automatic bans. Let the upstream judge by the \
             client's address, which the gateway passes on.",
        ),
        Remedy::cure(
            "If long idle connections go silent, shorten the gateway's idle timeout below the \
             firewall's, or send TCP keep-alive probes.",
        ),
        Remedy::stopgap(
            "Send the traffic to an upstream that can be reached, until the rule is changed.",
        ),
    ],
    prevention: &[
        "Keep firewall rules with the deployment, so that a new address or port brings its rule \
         along.",
        "After each change of rules, test the connection from the gateway itself.",
        "Watch each upstream port from the gateway's network, not from outside.",
    ],
    sources: &[
        "RFC 1812, section 5.2.7.1 (administratively prohibited)",
        "man pages nft(8), iptables(8), tcpdump(8)",
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    ],
};
