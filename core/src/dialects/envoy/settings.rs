//! Envoy's settings, by their fields in its configuration, with Istio's names beside them. From the API
//! documentation of Envoy 1.36 and Istio 1.30.

use crate::dialects::setting::{BASE, Setting, Suggestion, twice_the_time};
use crate::evidence::{Evidence, Millis, Sign};
use crate::vocabulary::{Cause, Fault};

/// The beginning of the API's documentation.
macro_rules! api {
    ($page:literal) => {
        concat!("https://www.envoyproxy.io/docs/envoy/latest/", $page)
    };
}

/// The settings that have to do with upstream faults.
pub(super) const SETTINGS: &[Setting] = &[
    // -- Time limits ------------------------------------------------------------------------------
    Setting {
        name: "route.timeout",
        default: "15s",
        governs: "the time from the end of the request to the end of the response",
        cures: &[Cause::TimeoutTooLow, Cause::UpstreamSlow],
        faults: &[Fault::ResponseTimeout, Fault::BodyTimeout],
        when: Some(route_ran_out),
        advice: "Raise it on the route that needs it; 0s turns it off. In Istio it is the \
                 VirtualService's http.timeout, off by default.",
        suggests: Some(route_timeout),
        link: api!("api-v3/config/route/v3/route_components.proto#config-route-v3-routeaction"),
    },
    Setting {
        name: "retry_policy.per_try_timeout",
        default: "the route's timeout",
        governs: "the time that one attempt has",
        cures: &[Cause::TimeoutTooLow],
        faults: &[Fault::ResponseTimeout],
        when: Some(|evidence| quotes(evidence, b"per_try_timeout") || quotes(evidence, b"per try")),
        advice: "Raise it, and the route's timeout with it: all attempts share that one. In Istio it \
                 is retries.perTryTimeout.",
        link: api!("api-v3/config/route/v3/route_components.proto#config-route-v3-retrypolicy"),
        ..BASE
    },
    Setting {
        name: "stream_idle_timeout",
        default: "5m",
        governs: "the time in which nothing moves on a stream, in either direction",
        cures: &[Cause::TimeoutTooLow, Cause::UpstreamSlow],
        faults: &[Fault::ResponseTimeout, Fault::BodyTimeout],
        when: Some(|evidence| {
            quotes(evidence, b"SI")
                || quotes(evidence, b"StreamIdleTimeout")
                || quotes(evidence, b"idle")
        }),
        advice: "Raise it, or the route's idle_timeout, for streams that rest on purpose, such as \
                 long polls and server-sent events.",
        link: api!("faq/configuration/timeouts"),
        ..BASE
    },
    Setting {
        name: "max_stream_duration",
        default: "off",
        governs: "the whole life of a stream",
        cures: &[Cause::TimeoutTooLow],
        faults: &[Fault::ResponseTimeout, Fault::BodyTimeout],
        when: Some(|evidence| {
            quotes(evidence, b"UMSDR")
                || quotes(evidence, b"ax_duration")
                || quotes(evidence, b"duration")
        }),
        advice: "Raise it on the route of streams that live long.",
        link: api!("faq/configuration/timeouts"),
        ..BASE
    },
    Setting {
        name: "cluster.connect_timeout",
        default: "5s",
        governs: "the time for a connection to the upstream, the TLS handshake included",
        cures: &[
            Cause::FirewallBlocking,
            Cause::NetworkPathDown,
            Cause::UpstreamOverloaded,
            Cause::TimeoutTooLow,
        ],
        faults: &[Fault::ConnectTimeout, Fault::TlsHandshakeFailed],
        advice: "Lower it to about a second, so that another host is tried soon. In Istio it is the \
                 DestinationRule's connectionPool.tcp.connectTimeout, 10s by default.",
        link: api!("api-v3/config/cluster/v3/cluster.proto"),
        ..BASE
    },
    Setting {
        name: "request_timeout",
        default: "off",
        governs: "the time in which the client must send its request",
        cures: &[Cause::ClientBadRequest],
        faults: &[Fault::ClientInvalid],
        when: Some(|evidence| evidence.status == Some(408)),
        advice: "Raise it where clients upload slowly.",
        link: api!("faq/configuration/timeouts"),
        ..BASE
    },
    // -- Connections that are kept ----------------------------------------------------------------
    Setting {
        name: "common_http_protocol_options.idle_timeout",
        default: "1h",
        governs: "how long an idle connection to the upstream is kept",
        cures: &[Cause::KeepaliveMismatch],
        faults: &[Fault::ResponseTerminated, Fault::ResponseClosed, Fault::ResponseReset],
        advice: "Set it in the cluster's HttpProtocolOptions below the time after which the upstream \
                 closes idle connections. In Istio it is connectionPool.http.idleTimeout.",
        link: api!("api-v3/config/core/v3/protocol.proto#config-core-v3-httpprotocoloptions"),
        ..BASE
    },
    Setting {
        name: "retry_policy.retry_on",
        default: "off",
        governs: "which failures are tried again",
        cures: &[Cause::KeepaliveMismatch, Cause::DeploymentRollover, Cause::UpstreamCrashed],
        advice: "Try again after reset-before-request, connect-failure and refused-stream: none of \
                 these lets an upstream do the work twice. Istio does so twice by default.",
        link: api!("configuration/http/http_filters/router_filter#x-envoy-retry-on"),
        ..BASE
    },
    // -- Choosing an upstream ---------------------------------------------------------------------
    Setting {
        name: "health_checks",
        default: "none",
        governs: "how a host is found to be healthy",
        cures: &[Cause::HealthCheckFailing],
        advice: "See that path, host and expected_statuses are what the upstream answers to; \
                 /clusters of the admin interface says which check failed.",
        link: api!("intro/arch_overview/upstream/health_checking"),
        ..BASE
    },
    Setting {
        name: "outlier_detection",
        default: "consecutive_5xx 5, base_ejection_time 30s, max_ejection_percent 10",
        governs: "which hosts are taken out for what they answered",
        cures: &[Cause::HealthCheckFailing, Cause::UpstreamOverloaded],
        faults: &[Fault::NoHealthyUpstream],
        advice: "Raise consecutive_5xx, or lower max_ejection_percent, so that some hosts are left. In \
                 Istio it is the DestinationRule's outlierDetection.",
        link: api!("intro/arch_overview/upstream/outlier"),
        ..BASE
    },
    Setting {
        name: "healthy_panic_threshold",
        default: "50%",
        governs: "from how few healthy hosts on all are used, the unhealthy ones too",
        cures: &[Cause::HealthCheckFailing],
        faults: &[Fault::NoHealthyUpstream],
        advice: "At 0% no host that fails its check is ever asked. Raise it where a check fails and \
                 the hosts are well.",
        link: api!("intro/arch_overview/upstream/load_balancing/panic_threshold"),
        ..BASE
    },
    Setting {
        name: "circuit_breakers",
        default: "max_connections 1024, max_pending_requests 1024, max_requests 1024, max_retries 3",
        governs: "how many connections, waiting and running requests, and retries a cluster may have",
        cures: &[Cause::LimitTooLow, Cause::UpstreamOverloaded],
        faults: &[Fault::ConnectionLimit],
        advice: "Raise the one that overflows: the cluster's upstream_cx_overflow, \
                 upstream_rq_pending_overflow and upstream_rq_retry_overflow count them. In Istio it is \
                 the DestinationRule's connectionPool.",
        link: api!("intro/arch_overview/upstream/circuit_breaking"),
        ..BASE
    },
    Setting {
        name: "route match and virtual host domains",
        default: "none",
        governs: "which requests have a route, and to which cluster",
        cures: &[Cause::RouteMissing, Cause::PathMismatch],
        advice: "Add the host to domains, or the path to match, and see that the cluster is \
                 delivered: /config_dump shows what Envoy has. In Istio, look at the VirtualService's \
                 hosts and gateways, and at the DestinationRule's subsets.",
        link: api!("intro/arch_overview/http/http_routing"),
        ..BASE
    },
    Setting {
        name: "cluster load_assignment",
        default: "none",
        governs: "the addresses of the upstream's hosts",
        cures: &[Cause::UpstreamAddressWrong, Cause::UpstreamNotRunning],
        faults: &[
            Fault::ConnectRefused,
            Fault::ConnectInvalid,
            Fault::ConnectUnreachable,
            Fault::ConnectFailed,
            Fault::NoHealthyUpstream,
        ],
        advice: "Compare its addresses with what listens; /clusters of the admin interface lists them. \
                 In Kubernetes, compare the Service's targetPort with the container's port.",
        link: api!("api-v3/config/endpoint/v3/endpoint.proto"),
        ..BASE
    },
    // -- Names ------------------------------------------------------------------------------------
    Setting {
        name: "dns_refresh_rate",
        default: "5s",
        governs: "how often a STRICT_DNS or LOGICAL_DNS cluster looks its names up",
        cures: &[Cause::DnsStale, Cause::DnsRecordWrong],
        advice: "Use STRICT_DNS, or respect_dns_ttl, for names whose addresses change.",
        link: api!("api-v3/config/cluster/v3/cluster.proto"),
        ..BASE
    },
    Setting {
        name: "typed_dns_resolver_config",
        default: "c-ares with the host's resolvers",
        governs: "who resolves the upstreams' names",
        cures: &[Cause::DnsResolverFailing],
        advice: "Name resolvers that answer, and set dns_lookup_family to what the upstream has.",
        link: api!("api-v3/config/cluster/v3/cluster.proto"),
        ..BASE
    },
    // -- TLS and protocols ------------------------------------------------------------------------
    Setting {
        name: "cluster transport_socket",
        default: "plain text",
        governs: "whether TLS is spoken to the upstream",
        cures: &[Cause::SchemeMismatch, Cause::TlsSettingsMismatch],
        advice: "Set UpstreamTlsContext for a TLS port, and leave it out for a plain one. In Istio it is \
                 the DestinationRule's tls.mode, which must fit the PeerAuthentication's mtls.mode.",
        link: api!("api-v3/extensions/transport_sockets/tls/v3/tls.proto"),
        ..BASE
    },
    Setting {
        name: "typed_extension_protocol_options",
        default: "HTTP/1.1",
        governs: "which version of HTTP is spoken to the upstream",
        cures: &[Cause::SchemeMismatch],
        faults: &[
            Fault::ResponseMalformed,
            Fault::ResponseProtocolMismatch,
            Fault::ResponseTerminated,
            Fault::ResponseReset,
            Fault::ResponseClosed,
        ],
        advice: "Set http2_protocol_options in HttpProtocolOptions for gRPC. In Istio the name of the \
                 Service's port, or its appProtocol, says it.",
        link: api!("api-v3/extensions/upstreams/http/v3/http_protocol_options.proto"),
        ..BASE
    },
    Setting {
        name: "validation_context.trusted_ca",
        default: "none: nothing is verified",
        governs: "whom the upstream's certificate must be signed by",
        cures: &[Cause::CertificateUntrusted],
        advice: "Put the authority that signed it in here, with its intermediates. In Istio it is \
                 tls.caCertificates.",
        link: api!("api-v3/extensions/transport_sockets/tls/v3/common.proto"),
        ..BASE
    },
    Setting {
        name: "UpstreamTlsContext.sni",
        default: "none",
        governs: "the name that is asked for in the handshake",
        cures: &[Cause::CertificateNameMismatch, Cause::TlsSettingsMismatch],
        advice: "Set it to a name of the certificate, or turn on auto_sni and auto_san_validation, which \
                 take the request's host. In Istio it is tls.sni and tls.subjectAltNames.",
        link: api!("api-v3/extensions/transport_sockets/tls/v3/tls.proto"),
        ..BASE
    },
    Setting {
        name: "common_tls_context.tls_certificates",
        default: "none",
        governs: "the certificate that Envoy shows to the upstream",
        cures: &[
            Cause::TlsSettingsMismatch,
            Cause::CertificateExpired,
            Cause::CertificateUntrusted,
        ],
        faults: &[Fault::TlsClientCertificateRejected],
        advice: "Give Envoy a certificate that the upstream trusts and that is not out of its time.",
        link: api!("api-v3/extensions/transport_sockets/tls/v3/tls.proto"),
        ..BASE
    },
    // -- Sizes --------------------------------------------------------------------------------------
    Setting {
        name: "max_response_headers_kb",
        default: "60",
        governs: "how large the headers of a response may be, in KiB",
        cures: &[Cause::BufferTooSmall],
        faults: &[Fault::ResponseHeaderTooLarge],
        advice: "Raise it in the cluster's HttpProtocolOptions, and max_headers_count (100) where there \
                 are many.",
        link: api!("api-v3/config/core/v3/protocol.proto"),
        ..BASE
    },
    Setting {
        name: "per_connection_buffer_limit_bytes",
        default: "1048576",
        governs: "how much of a body is held where a filter or a retry needs all of it",
        cures: &[Cause::BufferTooSmall],
        faults: &[Fault::ClientInvalid, Fault::BodyMalformed],
        advice: "Raise it on the listener for requests, on the cluster for responses.",
        link: api!("faq/configuration/flow_control"),
        ..BASE
    },
    // -- The gateway itself -------------------------------------------------------------------------
    Setting {
        name: "upgrade_configs",
        default: "none",
        governs: "which upgrades are passed on",
        cures: &[Cause::UpgradeNotForwarded],
        advice: "Add upgrade_type: websocket to the connection manager or to the route.",
        link: api!("intro/arch_overview/http/upgrades"),
        ..BASE
    },
    Setting {
        name: "overload_manager",
        default: "none",
        governs: "from which load on Envoy refuses requests",
        cures: &[Cause::GatewayOverloaded],
        advice: "Give Envoy more memory, descriptors or instances; raise a threshold only where there \
                 is room.",
        link: api!("configuration/operations/overload_manager/overload_manager"),
        ..BASE
    },
    Setting {
        name: "rules of rbac, ext_authz, jwt_authn or a rate limit",
        default: "none",
        governs: "whom Envoy refuses",
        cures: &[Cause::PolicyDenied],
        advice: "The details in the access log name the filter, and RBAC's the policy. In Istio, look at \
                 AuthorizationPolicy and at outboundTrafficPolicy.",
        link: api!("configuration/http/http_filters/http_filters"),
        ..BASE
    },
];

/// Whether it was the route's limit, and no other, that ran out; or it is not told which.
fn route_ran_out(evidence: &Evidence<'_>) -> bool {
    let others: [&[u8]; 4] = [b"SI", b"idle", b"UMSDR", b"duration"];
    !others.iter().any(|other| quotes(evidence, other))
}

fn route_timeout(evidence: &Evidence<'_>) -> Option<Suggestion> {
    twice_the_time(evidence, evidence.limits.response.unwrap_or(Millis::from_secs(15)))
}

/// Whether the words of a time limit hold others.
fn quotes(evidence: &Evidence<'_>, words: &[u8]) -> bool {
    evidence
        .find(|seen| {
            seen.sign == Sign::TimedOut && memchr::memmem::find(seen.quote, words).is_some()
        })
        .is_some()
}
