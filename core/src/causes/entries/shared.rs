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
    run: "Read the gateway's error log backwards from this line, for connect errors, timeouts and \
          early closes of the same group.",
    outcome: "This line is a consequence: those failures marked the servers down, and the first \
              of them is the one to diagnose. One failure can be enough, and lasts: in nginx \
              max_fails=1 and fail_timeout=10s, in Apache retry=60. None for as long: health checks, max_conns or an \
              operator took the servers out.",
    tells: OF_NONE_LIVE,
    when: Some(none_live),
};

/// No server is left: each may answer by now.
pub(super) const MEMBERS: Check = Check {
    run: "For each server of the group: curl -s -o /dev/null -m 5 -w '%{http_code} \
          %{time_connect} %{time_total}\\n' -H 'Host: {authority}' 'http://<server>{path}'",
    outcome: "The group's name is no host: take the addresses from the configuration. Refused: it \
              does not run. Silence: network, filter or overload. Good answers from all: they were \
              marked down for a while, by failures that have passed.",
    tells: OF_NONE_LIVE,
    when: Some(none_live),
};

/// The handshake stalled: what the port does with a greeting.
pub(super) const GREETING: Check = Check {
    run: "time openssl s_client -connect {upstream} -servername {authority} </dev/null",
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

fn none_live(case: &Case<'_>) -> bool {
    case.fault == Fault::NoHealthyUpstream
}

fn stalled(case: &Case<'_>) -> bool {
    case.handshake_stalled().is_some()
}
