//! Why it happened: what a person must go and change. Inferred, so ranked with a confidence.

use super::{Category, ids};

ids! {
    /// Why an exchange failed: the thing to go and change.
    pub enum Cause: "cause" {
        /// A firewall, security group or network policy drops or rejects the traffic.
        FirewallBlocking = "firewall-blocking",
        /// The host or the route to it is down: powered off, wrong subnet, broken link, peering or
        /// tunnel.
        NetworkPathDown = "network-path-down",
        /// The name has no record, or the wrong or an old one; a name that was misspelt is
        /// upstream-address-wrong.
        DnsRecordWrong = "dns-record-wrong",
        /// The resolver is down, unreachable, overloaded or not set up.
        DnsResolverFailing = "dns-resolver-failing",
        /// The gateway still uses an address that the name no longer has (resolved once at start,
        /// TTL not honoured).
        DnsStale = "dns-stale",
        /// The certificate was not renewed, or a clock is wrong.
        CertificateExpired = "certificate-expired",
        /// Self-signed, private CA not installed at the gateway, or an intermediate that is missing
        /// from the chain.
        CertificateUntrusted = "certificate-untrusted",
        /// The certificate does not cover the name the gateway uses, or no or a wrong SNI is sent.
        CertificateNameMismatch = "certificate-name-mismatch",
        /// Versions, ciphers or client-certificate demands of the two sides do not meet.
        TlsSettingsMismatch = "tls-settings-mismatch",
        /// More work than the upstream can take: saturated CPU, workers, threads, connections or
        /// backlog, or it says so itself.
        UpstreamOverloaded = "upstream-overloaded",
        /// Some work of the upstream is slow without general overload: a heavy query, a slow
        /// dependency, a deadlock, a cold start.
        UpstreamSlow = "upstream-slow",
        /// The upstream process died or was killed while it worked, or keeps restarting.
        UpstreamCrashed = "upstream-crashed",
        /// The upstream was killed for memory, or ran out of it.
        UpstreamOutOfMemory = "upstream-out-of-memory",
        /// No process serves the address: stopped, failed to start, still starting.
        UpstreamNotRunning = "upstream-not-running",
        /// A fault in the upstream's code or data answers with an error or drops the connection for
        /// this request.
        ApplicationError = "application-error",
        /// The gateway's timeout is shorter than the work honestly takes.
        TimeoutTooLow = "timeout-too-low",
        /// The upstream closes idle connections sooner than the gateway, which then writes on a
        /// closed one.
        KeepaliveMismatch = "keepalive-mismatch",
        /// The gateway's name, address, port or socket path for the upstream is missing, misspelt
        /// or not where the upstream listens.
        UpstreamAddressWrong = "upstream-address-wrong",
        /// No route, virtual host, cluster or pool entry covers this request, or the pool is empty.
        RouteMissing = "route-missing",
        /// The endpoint's path differs between gateway and upstream (prefix, rewrite, trailing
        /// slash, missing index).
        PathMismatch = "path-mismatch",
        /// The gateway speaks another protocol than the port: http and https, HTTP/1 and HTTP/2,
        /// gRPC, FastCGI, uwsgi, PROXY protocol.
        SchemeMismatch = "scheme-mismatch",
        /// A buffer or size limit of the gateway is smaller than the upstream's legitimate headers
        /// or body.
        BufferTooSmall = "buffer-too-small",
        /// A connection, queue, circuit-breaker, rate or request-size limit set at the gateway is
        /// below what it should carry.
        LimitTooLow = "limit-too-low",
        /// Ownership, mode, SELinux or AppArmor keeps the gateway from its own socket, file or
        /// port.
        PermissionDenied = "permission-denied",
        /// Health checks mark working upstreams down: wrong path, port, host, interval, or expected
        /// status.
        HealthCheckFailing = "health-check-failing",
        /// The upstream address leads back to the gateway.
        ProxyLoop = "proxy-loop",
        /// The upgrade headers or the HTTP version that the upgrade needs are not passed on.
        UpgradeNotForwarded = "upgrade-not-forwarded",
        /// Another setting of the gateway itself is wrong or missing: a module that is not loaded,
        /// its own TLS set-up, a file it cannot use.
        GatewayMisconfigured = "gateway-misconfigured",
        /// The upstream is down on purpose and says so, or an operator took it out of the pool.
        PlannedMaintenance = "planned-maintenance",
        /// Instances are being replaced: draining, restarting, not yet ready, GOAWAY.
        DeploymentRollover = "deployment-rollover",
        /// A host, cloud, CDN, DNS or third-party service behind the upstream is down.
        ProviderOutage = "provider-outage",
        /// The upstream's responses break HTTP: bad header bytes, conflicting lengths, wrong
        /// chunking, output before headers.
        UpstreamSendsInvalidHttp = "upstream-sends-invalid-http",
        /// The gateway itself has too little: descriptors, ephemeral ports, workers, memory, disk.
        GatewayOverloaded = "gateway-overloaded",
        /// A defect or a failing plugin, script or configuration reload of the gateway.
        GatewayBug = "gateway-bug",
        /// A rule did its work: WAF, authorization, rate limit, address block.
        PolicyDenied = "policy-denied",
        /// The user, or a client-side or outer timeout, gave up first.
        ClientAborted = "client-aborted",
        /// The client sent something that no upstream could take.
        ClientBadRequest = "client-bad-request",
        /// The evidence does not tell one cause from another.
        Unknown = "unknown",
    }
}

impl Cause {
    /// The kind of trouble that an operator thinks in.
    #[must_use]
    pub const fn category(self) -> Category {
        match self {
            Self::FirewallBlocking
            | Self::NetworkPathDown
            | Self::DnsRecordWrong
            | Self::DnsResolverFailing
            | Self::DnsStale
            | Self::CertificateExpired
            | Self::CertificateUntrusted
            | Self::CertificateNameMismatch
            | Self::TlsSettingsMismatch => Category::Connectivity,
            Self::UpstreamOverloaded
            | Self::UpstreamSlow
            | Self::UpstreamCrashed
            | Self::UpstreamOutOfMemory
            | Self::UpstreamNotRunning
            | Self::ApplicationError => Category::Overload,
            Self::TimeoutTooLow
            | Self::KeepaliveMismatch
            | Self::UpstreamAddressWrong
            | Self::RouteMissing
            | Self::PathMismatch
            | Self::SchemeMismatch
            | Self::BufferTooSmall
            | Self::LimitTooLow
            | Self::PermissionDenied
            | Self::HealthCheckFailing
            | Self::ProxyLoop
            | Self::UpgradeNotForwarded
            | Self::GatewayMisconfigured => Category::Misconfiguration,
            Self::PlannedMaintenance | Self::DeploymentRollover | Self::ProviderOutage => {
                Category::Maintenance
            }
            Self::UpstreamSendsInvalidHttp => Category::Protocol,
            Self::GatewayOverloaded | Self::GatewayBug | Self::PolicyDenied => Category::Gateway,
            Self::ClientAborted | Self::ClientBadRequest => Category::Client,
            Self::Unknown => Category::Unknown,
        }
    }
}
