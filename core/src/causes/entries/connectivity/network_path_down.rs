//! The host or the route to it is down: powered off, wrong subnet, broken link, peering or tunnel.

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault, Phase};

/// ENETUNREACH on Linux: the gateway's host has no route at all.
const ENETUNREACH: u32 = 101;
/// EHOSTDOWN on Linux.
const EHOSTDOWN: u32 = 112;

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::ConnectUnreachable, 56),
        (Fault::ConnectTimeout, 48),
        (Fault::DnsTimeout, 40),
        (Fault::ConnectFailed, 38),
        (Fault::BodyTimeout, 38),
        (Fault::ResponseTimeout, 28),
        (Fault::NoHealthyUpstream, 25),
        (Fault::RequestWriteFailed, 20),
        (Fault::TlsHandshakeFailed, 15),
    ],
    tells: &[
        Tell::supports(
            25,
            "the address is IPv6, which the gateway may have no route for",
            |case| case.ipv6(),
        )
        .under(&[Fault::ConnectUnreachable, Fault::ConnectFailed])
        .on(&[Clue::Ipv6]),
        Tell::supports(20, "the gateway's own host knows no way to it", |case| {
            case.has_number(Sign::Unreachable, ENETUNREACH)
                .or_else(|| case.has_number(Sign::Unreachable, EHOSTDOWN))
        })
        .on_signs(&[Sign::Unreachable]),
        // Linux asks for a neighbour three times, one second apart.
        Tell::supports(15, "no machine answered for the address on the local network", |case| {
            case.longer_than(2500).and_then(|_| case.within(4000))
        })
        .under(&[Fault::ConnectUnreachable])
        .on(&[Clue::Took]),
        Tell::supports(15, "several upstreams could not be reached", |case| {
            case.several_upstreams_failed().filter(|_| case.fault.phase() == Phase::Connect)
        })
        .on(&[Clue::Several]),
        // A tunnel with a smaller MTU lets the first small packets pass.
        Tell::supports(
            22,
            "small packets passed, and larger ones may be lost on the way",
            |case| case.handshake_stalled(),
        )
        .on(&[Clue::Stalled]),
        Tell::refutes(35, "the upstream is on the gateway's own host", |case| {
            case.loopback().or_else(|| case.unix_socket())
        })
        .on(&[Clue::Loopback, Clue::Socket]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The network path is down",
    meaning: "The gateway's packets do not reach the upstream's host, or its answers do not come \
              back. The host is off, or a route, link, peering or tunnel is broken.",
    checks: &[
        Check {
            run: "On the gateway's host: ip route get {host}; ping -c 3 {host}",
            outcome: "Put the address in place of a name. No route, or the wrong interface: the \
                      gateway's network set-up. A reply to ping while the port stays silent: a \
                      filter, not the path. No reply alone proves nothing: many networks drop \
                      ping.",
            tells: &[Cause::NetworkPathDown, Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
        Check {
            run: "On the gateway's host: mtr -rwn -c 20 -T -P {port} {host}",
            outcome: "Loss from one hop on to the end: the path breaks there. Loss at one hop \
                      only, with later hops well, means nothing.",
            tells: &[Cause::NetworkPathDown, Cause::ProviderOutage],
            ..Check::ALWAYS
        },
        Check {
            run: "On the gateway's host: ping -c 3 -M do -s 1472 {host}; ping -c 3 -s 64 {host}",
            outcome: "Only the small ones come back: a tunnel or link on the way carries smaller \
                      packets (MTU), and what says so is dropped. For IPv6 the size is 1452.",
            tells: &[Cause::NetworkPathDown, Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
        Check {
            run: "On the gateway's host: ip neigh show {host}",
            outcome: "FAILED or INCOMPLETE, on the same subnet: no machine has that address now. \
                      It is off, or moved.",
            tells: &[Cause::NetworkPathDown, Cause::UpstreamAddressWrong, Cause::DnsStale],
            ..Check::ALWAYS
        },
        Check {
            run: "Look at the host in its console (cloud, hypervisor, rack) and at the provider's \
                  status page.",
            outcome: "Stopped or rebooting: start it, then look at why. Running: check its \
                      interface, subnet and route tables. A provider incident: wait with them.",
            tells: &[Cause::NetworkPathDown, Cause::ProviderOutage, Cause::PlannedMaintenance],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl get nodes -o wide",
            outcome: "NotReady: the host of the pods is down. SchedulingDisabled: somebody drains \
                      it. All ready: look at the pods of the network plugin on both nodes.",
            tells: &[Cause::NetworkPathDown, Cause::PlannedMaintenance],
            ..Check::ALWAYS
        },
        shared::EARLIER,
        shared::MEMBERS,
        shared::GREETING,
    ],
    remedies: &[
        Remedy::cure("Start the host, or bring its interface up again."),
        Remedy::cure(
            "Repair the route: route tables, peering, VPN, tunnel, subnet mask. Check the way back \
             as well.",
        ),
        Remedy::cure(
            "If only large packets are lost, lower the MTU or clamp the MSS at the tunnel. Let the \
             ICMP messages through that report a packet as too big.",
        ),
        Remedy::cure(
            "If only IPv6 fails, give the gateway an IPv6 route, or let it resolve names to IPv4 \
             only.",
        ),
        Remedy::stopgap(
            "Take the unreachable members out of the pool, and lower the gateway's connect \
             timeout, so that requests move on sooner.",
        ),
    ],
    prevention: &[
        "Run upstreams in pairs, on separate hosts and links, with failover that is tried now and \
         then.",
        "Watch reachability from the gateway to each upstream, over each address family in use.",
        "Agree change freezes and notices with those who run the network.",
    ],
    sources: &[
        "RFC 1122, section 3.2.2.1 (destination unreachable)",
        "RFC 2923, section 2.1 (black holes in path MTU discovery)",
        "RFC 8305 (IPv6 and IPv4 side by side)",
        "man pages ip-route(8), ip-neighbour(8), ping(8), mtr(8)",
    ],
};
