//! Checks that several causes begin with.

use crate::causes::{Case, Check};
use crate::vocabulary::{Cause, Fault};

/// The causes that can leave a group without a server.
const OF_NONE_LIVE: &[Cause] = &[
    Cause::UpstreamNotRunning,
    Cause::UpstreamCrashed,
    Cause::UpstreamOverloaded,
    Cause::FirewallBlocking,
    Cause::NetworkPathDown,
    Cause::HealthCheckFailing,
    Cause::LimitTooLow,
    Cause::DeploymentRollover,
    Cause::PlannedMaintenance,
    Cause::ProviderOutage,
];

/// No server is left: what came before tells why.
pub(super) const EARLIER: Check = Check {
    run: "Read the gateway's log backwards from this line, for connect errors, timeouts, early \
          closes and failed health checks of the same group.",
    outcome: "This line is a consequence: those failures marked the servers down, and the first of \
              them is the one to diagnose; some gateways name it themselves. One can be enough to \
              take a server out for a while. No failure before it: a connection limit or an \
              operator took the servers out.",
    tells: OF_NONE_LIVE,
    when: Some(none_live),
};

/// No server is left: each may answer by now.
pub(super) const MEMBERS: Check = Check {
    run: "For each server of the group: curl -s -o /dev/null -m 5 -w '%{http_code} %{time_connect} \
          %{time_total}\\n' -H 'Host: {authority}' 'http://SERVER{path}'",
    outcome: "The group's name is no host: take the addresses from the configuration. Refused: it \
              does not run. Silence: network, filter or overload. Good answers from all: they were \
              marked down for a while, by failures that have passed.",
    tells: OF_NONE_LIVE,
    when: Some(none_live),
};

/// The handshake stalled: what the port does with a greeting.
pub(super) const GREETING: Check = Check {
    run: "time timeout 20 openssl s_client -connect {upstream} -servername {authority} </dev/null",
    outcome: "CONNECTED and then silence: the port does not speak TLS, or its process has no time. \
              A certificate, late: overload. At once: it has passed. No CONNECTED: network or \
              filter.",
    tells: &[
        Cause::UpstreamOverloaded,
        Cause::SchemeMismatch,
        Cause::NetworkPathDown,
        Cause::FirewallBlocking,
    ],
    when: Some(stalled),
};

/// What listens where: a stopped program, or another port.
pub(super) const LISTENING: Check = Check {
    run: "On the upstream's host or in its container: ss -ltnp | grep -E ':{port} |PROGRAM'",
    outcome: "Run it as root, with the program's name put in. No line: it is not running. The \
              program on another port: the gateway's address is wrong. Another program on this \
              port: the same, or it took the port first. 127.0.0.1 only: it cannot be reached from \
              outside. All addresses: it runs, so look at the way there.",
    tells: &[Cause::UpstreamNotRunning, Cause::UpstreamAddressWrong, Cause::FirewallBlocking],
    ..Check::ALWAYS
};

/// The upstream by its name, by its address and by another port: what fails of these is at fault.
pub(super) const BY_NAME: Check = Check {
    run: "From the gateway's host: dig +short UPSTREAM-NAME; nc -vz -w 3 UPSTREAM-NAME {port}; nc \
          -vz -w 3 {host} {port}; nc -vz -w 3 {host} 22",
    outcome: "Put in the upstream's name, and for 22 any port that is known to be open. The \
              address works and the name does not: its record, or the resolver. The name works and \
              the address does not: the gateway holds an old address. Neither works and another \
              port does: a filter, or the service. No port works: the host or the path.",
    tells: &[
        Cause::DnsRecordWrong,
        Cause::DnsResolverFailing,
        Cause::DnsStale,
        Cause::FirewallBlocking,
        Cause::NetworkPathDown,
        Cause::UpstreamNotRunning,
    ],
    ..Check::ALWAYS
};

/// Which pod has the address, and what became of it.
pub(super) const POD: Check = Check {
    run: "In a cluster: kubectl get pods -A -o wide --field-selector status.podIP={host}",
    outcome: "It takes an address, not a name. No pod: the address is old, or belongs to something \
              else. Restarts: it crashes. Not ready: its readiness check, or it is still starting. \
              Younger than the first error: a rollout.",
    tells: &[
        Cause::DnsStale,
        Cause::UpstreamCrashed,
        Cause::UpstreamNotRunning,
        Cause::HealthCheckFailing,
        Cause::DeploymentRollover,
    ],
    ..Check::ALWAYS
};

/// The upstream as the gateway's pod sees it.
pub(super) const FROM_POD: Check = Check {
    run: "From the gateway's pod: kubectl debug -it GATEWAY-POD --image=nicolaka/netshoot -- curl \
          -sv -m 5 -o /dev/null -H 'Host: {authority}' 'http://{upstream}{path}'",
    outcome: "It lends the pod the tools that its image lacks: curl, dig, nc, ss, openssl. It \
              fails here and works from another pod: a network policy or the sidecar. It fails \
              from both: the address or the upstream. It works: the gateway's configuration.",
    tells: &[
        Cause::FirewallBlocking,
        Cause::UpstreamAddressWrong,
        Cause::UpstreamNotRunning,
        Cause::GatewayMisconfigured,
    ],
    ..Check::ALWAYS
};

/// The two configurations, entry by entry.
pub(super) const BOTH_SIDES: Check = Check {
    run: "Compare the configuration of gateway and upstream entry by entry, spelling included. \
          Begin with names, addresses, ports and endpoint paths. Then come certificate paths and \
          tokens, and the entries for proxies, caches and security services in between.",
    outcome: "An entry that is missing, or differs from its counterpart: correct it on the side \
              that changed last. None: a value that exists only at run time, or the network.",
    tells: &[
        Cause::GatewayMisconfigured,
        Cause::UpstreamAddressWrong,
        Cause::RouteMissing,
        Cause::PathMismatch,
        Cause::PolicyDenied,
    ],
    ..Check::ALWAYS
};

/// Verbose logs of both sides.
pub(super) const BOTH_LOGS: Check = Check {
    run: "Raise the log level of gateway and upstream, repeat the request, and lay their lines \
          side by side, by request id or by time. Set the levels back afterwards.",
    outcome: "The upstream logged nothing: the request did not reach it. It came to an end after \
              the gateway gave up: slow work, or a limit that is too short. It stopped half way: \
              its last line is near what failed.",
    tells: &[
        Cause::ApplicationError,
        Cause::UpstreamSlow,
        Cause::TimeoutTooLow,
        Cause::GatewayMisconfigured,
        Cause::NetworkPathDown,
    ],
    ..Check::ALWAYS
};

fn none_live(case: &Case<'_>) -> bool {
    case.fault == Fault::NoHealthyUpstream
}

fn stalled(case: &Case<'_>) -> bool {
    case.handshake_stalled().is_some()
}
