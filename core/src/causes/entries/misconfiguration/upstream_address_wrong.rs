//! The gateway's name, address, port or socket path for the upstream is missing, misspelt or not
//! where the upstream listens.

use super::super::shared;
use crate::causes::{Advice, Case, Check, Clue, Fact, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::NoHealthyUpstream, 43),
        (Fault::NoUpstream, 35),
        (Fault::DnsNotFound, 48),
        (Fault::DnsFailed, 25),
        (Fault::ConnectRefused, 53),
        (Fault::ConnectTimeout, 38),
        (Fault::ConnectUnreachable, 40),
        (Fault::ConnectInvalid, 56),
        (Fault::ConnectFailed, 38),
        (Fault::TlsCertificateUntrusted, 25),
        (Fault::TlsCertificateNameMismatch, 40),
        (Fault::TlsNotSpoken, 45),
        (Fault::ResponseMalformed, 34),
        (Fault::ResponseProtocolMismatch, 48),
        (Fault::GatewayLoop, 45),
        (Fault::Unknown, 34),
    ],
    tells: &[
        Tell::supports(30, "the name in the configuration was not found", |case| {
            case.quotes("host not found in")
        })
        .under(&[Fault::DnsNotFound])
        .on(&[Clue::Words]),
        Tell::supports(40, "what was looked up is no name", |case| case.no_name())
            .on(&[Clue::NoName]),
        Tell::supports(8, "inside a container, loopback is the container itself", |case| {
            case.loopback()
        })
        .under(&[Fault::ConnectRefused])
        .on(&[Clue::Loopback]),
        Tell::supports(10, "many servers listen on 127.0.0.1 and not on ::1", loopback_of_ipv6)
            .under(&[Fault::ConnectRefused])
            .on(&[Clue::Loopback]),
        Tell::supports(10, "the cluster itself makes such names, for each Service", |case| {
            case.cluster_name()
        })
        .under(&[Fault::DnsNotFound])
        .on(&[Clue::Unresolved]),
        Tell::sign_supports(12, "no socket is at that path", &[Sign::Missing]),
        Tell::sign_supports(
            25,
            "the address cannot be used as it is written",
            &[Sign::AddressInvalid],
        ),
        Tell::supports(40, "nothing can be reached under that address", nowhere)
            .on(&[Clue::Nowhere]),
        Tell::supports(40, "another service answers there", |case| case.another_service())
            .on(&[Clue::Words]),
        Tell::refutes(15, "several upstreams failed, each under its own address", |case| {
            case.several_upstreams_failed()
        })
        .on(&[Clue::Several]),
        Tell::refutes(40, "that address served requests before", |case| case.reused_connection())
            .on(&[Clue::Reused]),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "The upstream's address is wrong",
    meaning: "The name, address, port or socket path that the gateway was given for a server, a \
              balancer or the next proxy is missing, misspelt, or not where that listens. In a \
              container, localhost and 127.0.0.1 are the container itself, not its neighbours.",
    checks: &[
        shared::LISTENING,
        Check {
            run: "In the gateway's host or container: curl -sv -m 5 -o /dev/null \
                  'http://{upstream}{path}'",
            outcome: "Refused here and well on the upstream's own host: a wrong address, or the \
                      upstream listens on loopback. A greeting of another service: the wrong port.",
            tells: &[Cause::UpstreamAddressWrong, Cause::UpstreamNotRunning, Cause::SchemeMismatch],
            ..Check::ALWAYS
        },
        Check {
            run: "In the gateway's host or container: getent ahosts {host}",
            outcome: "No answer: the name is misspelt or has no record. An address that is not the \
                      upstream's: a wrong record. The right one: look at the port.",
            tells: &[Cause::UpstreamAddressWrong, Cause::DnsRecordWrong, Cause::DnsStale],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl get svc,endpointslices -A | grep -F {host}",
            outcome: "For a name such as shop.prod.svc, put in its first part. A port that is not \
                      the container's: correct the Service. No endpoints: the selector fits no \
                      ready pod. No line: no such Service.",
            tells: &[Cause::UpstreamAddressWrong, Cause::UpstreamNotRunning, Cause::RouteMissing],
            ..Check::ALWAYS
        },
        Check {
            run: "In the upstream's pod: kubectl debug -it POD --image=nicolaka/netshoot -- ss \
                  -ltn",
            outcome: "The port is missing: correct the Service's targetPort, or the application's \
                      setting. Only 127.0.0.1: other pods cannot reach it.",
            tells: &[Cause::UpstreamAddressWrong, Cause::UpstreamNotRunning],
            ..Check::ALWAYS
        },
        shared::FROM_POD,
        shared::BOTH_SIDES,
        Check {
            run: "In the upstream's host or container: ss -lxp",
            outcome: "Its socket under another path than the gateway's: correct one of them. Under \
                      the same path: the gateway does not see that directory, as in a container \
                      without the mount, or a service with PrivateTmp. None: it is not running.",
            tells: &[Cause::UpstreamAddressWrong, Cause::UpstreamNotRunning],
            when: Some(|case| case.unix_socket().is_some()),
        },
    ],
    remedies: &[
        Remedy::cure(
            "Correct the host, port or socket path at the gateway. Look for a typing error, a \
             missing port, and a port written as a name.",
        ),
        Remedy::cure(
            "Check each hop in front of this one likewise: the origin of a content network, the \
             targets of a balancer, the next proxy.",
        ),
        Remedy::cure(
            "Between containers, use the service's name in place of 127.0.0.1, and let the \
             upstream listen on all addresses.",
        ),
        Remedy::cure(
            "Write 127.0.0.1 in place of localhost, or let the upstream listen on ::1 as well.",
        )
        .when(|case| loopback_of_ipv6(case).is_some()),
        Remedy::cure(
            "For a Unix socket, give both sides the same absolute path, and mount its directory in \
             both containers.",
        )
        .when(|case| case.unix_socket().is_some()),
    ],
    prevention: &[
        "Take the address from one variable on both sides.",
        "Send a request through the gateway after each deployment, before it takes traffic.",
    ],
    sources: &[
        "man pages connect(2), unix(7)",
        "RFC 9209, section 2.3 (connection_refused, proxy_configuration_error)",
        "https://docs.docker.com/engine/network/",
    ],
};

/// Port 0, or the address that means "all of mine" where a peer is wanted.
fn nowhere(case: &Case<'_>) -> Option<Fact> {
    let any = match case.address()? {
        address @ [b'0', ..] => address.starts_with(b"0.0.0.0:"),
        address => address.starts_with(b"[::]:"),
    };
    (any || case.port() == Some(0)).then_some(Fact::Address)
}

/// The upstream is at ::1.
fn loopback_of_ipv6(case: &Case<'_>) -> Option<Fact> {
    case.loopback().filter(|_| case.address().is_some_and(|at| at.starts_with(b"[")))
}
