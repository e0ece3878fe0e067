//! No route, virtual host, cluster or pool entry covers this request, or the pool is empty.

use crate::causes::{Advice, Check, Clue, Fact, Remedy, Tell, Why};
use crate::evidence::Sign;
use crate::vocabulary::{Cause, Fault};

pub(in crate::causes) const WHY: Why = Why {
    faults: &[
        (Fault::NoUpstream, 68),
        (Fault::NoHealthyUpstream, 34),
        (Fault::GatewayInternal, 30),
    ],
    tells: &[
        Tell::sign_supports(10, "the gateway has nothing for this request", &[Sign::NoUpstream]),
        Tell::supports(40, "a location that is named is not there", |case| {
            case.quotes("could not find named location")
        })
        .on(&[Clue::Words]),
        Tell::supports(35, "nothing handles this location", |case| case.quotes("no handler found"))
            .on(&[Clue::Words]),
        Tell::refutes(30, "an upstream was chosen", |case| {
            case.address().filter(|address| address.contains(&b':')).map(|_| Fact::Address)
        }),
    ],
};

pub(in crate::causes) const ADVICE: Advice = Advice {
    title: "No route covers this request",
    meaning: "The gateway has no route, virtual host, cluster or pool entry for this host and \
              path, or the pool holds no server.",
    checks: &[
        Check {
            run: "On the gateway: curl -sv -m 10 -o /dev/null -H 'Host: {authority}' \
                  'http://127.0.0.1{path}'",
            outcome: "Use the scheme and port of the listener that should take it. The same error: \
                      this gateway lacks the route. A good answer: the request reached another \
                      gateway or listener, so look at DNS and at the hops before.",
            tells: &[Cause::RouteMissing, Cause::DnsRecordWrong],
            ..Check::ALWAYS
        },
        Check {
            run: "With the command of your gateway: nginx -T; apachectl -S; cat \
                  /etc/haproxy/haproxy.cfg; curl -s localhost:9901/config_dump; istioctl \
                  proxy-config routes POD",
            outcome: "Search what it prints for the host and for the start of the path. No host: \
                      the route is missing. The host, without the path: the paths differ. Both, \
                      with an empty pool: its members were not found.",
            tells: &[Cause::RouteMissing, Cause::PathMismatch, Cause::UpstreamAddressWrong],
            ..Check::ALWAYS
        },
        Check {
            run: "In a cluster: kubectl get ingress,svc,endpointslices -A; kubectl get httproutes \
                  -A",
            outcome: "No rule for the host in either list: the route is missing. A rule whose \
                      Service has no endpoints: its pods are not ready or not selected.",
            tells: &[Cause::RouteMissing, Cause::UpstreamNotRunning, Cause::HealthCheckFailing],
            ..Check::ALWAYS
        },
    ],
    remedies: &[
        Remedy::cure(
            "Add the route, virtual host or pool entry for this host and path, and reload the \
             gateway.",
        ),
        Remedy::cure(
            "Correct the spelling of host and path, and the order of the routes, so that the \
             specific one wins.",
        ),
        Remedy::cure("Put the members into the pool, or correct the selector that collects them."),
        Remedy::stopgap(
            "Send what matches nothing to a default upstream that answers 404, so that the real \
             gap shows.",
        ),
    ],
    prevention: &[
        "Ask for every public host and path through the gateway after each change.",
        "Refuse a configuration whose routes name a pool that does not exist or is empty.",
    ],
    sources: &[
        "RFC 9110, section 7.2 (Host and :authority)",
        "RFC 9209, section 2.3 (destination_not_found)",
        "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    ],
};
