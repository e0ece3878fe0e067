//! A host, cloud, CDN, DNS or third-party service behind the upstream is down.

use super::super::shared;
use crate::causes::{Advice, Check, Clue, Fact, Remedy, Tell, Why};
use crate::vocabulary::{Cause, Fault};

/// What the front ends of providers call themselves in `Server` and `Via`.
const PROVIDERS: &[&[u8]] = &[
    b"cloudflare",
    b"cloudfront",
    b"akamai",
    b"awselb",
    b"amazon",
    b"google",
    b"fastly",
    b"azure",
];

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::UpstreamBadGateway, 40),
        (Fault::UpstreamUnavailable, 34),
        (Fault::UpstreamGatewayTimeout, 34),
        (Fault::DnsFailed, 32),
        (Fault::Unknown, 30),
        (Fault::DnsTimeout, 25),
        (Fault::UpstreamError, 22),
        (Fault::ConnectUnreachable, 20),
        (Fault::ConnectTimeout, 18),
        (Fault::NoHealthyUpstream, 15),
    ],
    tells: &[
        Tell::supports(22, "the answer came from a provider's front end", |case| {
            let headers = &case.evidence.headers;
            let named = |value: Option<&[u8]>| value.is_some_and(names_a_provider);
            let server = named(headers.server).then_some(Fact::Header("Server"));
            server.or_else(|| named(headers.via).then_some(Fact::Header("Via")))
        })
        .on(&[Clue::FrontEnd]),
        // 520 to 527 and 530: only Cloudflare answers so.
        Tell::supports(20, "a status that a content network made up for its own origin", |case| {
            let status = case.attempt()?.status?;
            matches!(status, 520..=527 | 530).then_some(Fact::Status(status))
        })
        .on(&[Clue::RareStatus]),
        Tell::refutes(12, "the upstream is on this host or in a private network", |case| {
            case.nearby()
        })
        .on(&[Clue::Loopback, Clue::Private, Clue::Container, Clue::Socket]),
    ],
};

fn names_a_provider(value: &[u8]) -> bool {
    PROVIDERS
        .iter()
        .any(|name| value.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name)))
}

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "A provider has an outage",
    meaning: "Something behind the upstream that others run is down: the host, the cloud, the \
              content network, DNS, or a service that the application calls.",
    checks: &[
        Check {
            run: "Look at the status pages of the host, the cloud region, the content network, the \
                  DNS provider, and each service that the upstream calls.",
            outcome: "An incident that began with your errors: wait with them. Status pages run \
                      late: a clean one proves little in the first half hour.",
            tells: &[Cause::ProviderOutage, Cause::PlannedMaintenance],
            ..Check::ALWAYS
        },
        Check {
            run: "From the gateway, then from another network: curl -sv -m 10 -o /dev/null \
                  'http://{upstream}{path}' -H 'Host: {authority}'",
            outcome: "It fails from both: the far side. It fails from the gateway only: your own \
                      path, DNS or a block.",
            tells: &[Cause::ProviderOutage, Cause::NetworkPathDown, Cause::FirewallBlocking],
            ..Check::ALWAYS
        },
        Check {
            run: "curl -sI -m 10 'http://{upstream}{path}' -H 'Host: {authority}' | grep -iE \
                  'server|via|x-cache|cf-ray|x-amz|retry-after'",
            outcome: "The headers name who answered. A provider's front end: its origin, or the \
                      link to it, fails. Your own server: look there.",
            tells: &[Cause::ProviderOutage, Cause::UpstreamNotRunning, Cause::ApplicationError],
            ..Check::ALWAYS
        },
        shared::EARLIER,
        shared::MEMBERS,
    ],
    remedies: &[
        Remedy::cure(
            "Fail over to another region, provider or instance that does not share what failed.",
        ),
        Remedy::cure(
            "Open a ticket with the provider. Give times, addresses, request ids, and a trace from \
             both sides.",
        ),
        Remedy::stopgap("Serve stale copies, or do without the feature whose service is down."),
        Remedy::stopgap(
            "Stop retries to the failed service, so that your own upstream does not fill with \
             waiting requests.",
        ),
    ],
    prevention: &[
        "Keep a redundant pair over two providers or regions, and try the failover on a fixed \
         date.",
        "Watch from outside as well as from the gateway: only a probe on another network sees DNS, \
         content network and gateway as users do.",
        "Subscribe to the status feeds of all providers, and agree change freezes with them.",
        "Give each outside call a time limit, and the application an answer for when it fails.",
    ],
    sources: &[
        "RFC 9110, section 15.6.3 (502)",
        "RFC 5861 (stale copies on error)",
        "RFC 9209 (Proxy-Status: which hop answered)",
    ],
};
