//! Apache's settings. From the documentation at httpd.apache.org and the source of 2.4.

use crate::dialects::setting::{BASE, CUT_OFF, Setting, Suggestion};
use crate::evidence::{Evidence, Millis, Protocol, Sign};
use crate::vocabulary::{Cause, Fault};

/// Where the parameters of a worker are documented.
const WORKER: &str = "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxypass";

/// The settings that have to do with upstream faults. What is written `ProxyPass … key=` is a
/// parameter of the worker, behind its URL in ProxyPass or BalancerMember.
pub(super) const SETTINGS: &[Setting] = &[
    // -- Time limits ------------------------------------------------------------------------------
    Setting {
        name: "ProxyTimeout",
        default: "the value of Timeout, 60 s",
        governs: "the time between two reads from the upstream, and two writes to it",
        cures: &[Cause::TimeoutTooLow, Cause::UpstreamSlow, Cause::UpstreamOverloaded],
        faults: &[Fault::ResponseTimeout, Fault::BodyTimeout, Fault::RequestWriteFailed],
        advice: "Raise it, or timeout= behind the URL in ProxyPass for one upstream, which goes \
                 before it. Where the work should be quick, that only buys time.",
        suggests: Some(response_timeout),
        link: "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxytimeout",
        ..BASE
    },
    Setting {
        name: "ProxyPass … connectiontimeout=",
        default: "the worker's timeout, 60 s",
        governs: "the time to connect to the upstream",
        cures: &[
            Cause::FirewallBlocking,
            Cause::NetworkPathDown,
            Cause::UpstreamOverloaded,
            Cause::TimeoutTooLow,
        ],
        faults: &[Fault::ConnectTimeout, Fault::ConnectFailed],
        when: Some(|evidence| !evidence.has(Sign::Busy)),
        advice: "Lower it to a few seconds and add a second BalancerMember, so that a dead one \
                 costs little.",
        link: WORKER,
        ..BASE
    },
    Setting {
        name: "RequestReadTimeout",
        default: "header=20-40,MinRate=500 body=20,MinRate=500",
        governs: "the time to read the client's request",
        cures: &[Cause::ClientAborted, Cause::ClientBadRequest],
        faults: &[Fault::ClientInvalid],
        advice: "Raise body= where uploads over slow links end with 408.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_reqtimeout.html#requestreadtimeout",
        ..BASE
    },
    // -- Members, and when they are out of turn ---------------------------------------------------
    Setting {
        name: "ProxyPass … retry=",
        default: "60 s",
        governs: "how long a worker is out of turn after it could not be connected to",
        cures: &[
            Cause::UpstreamNotRunning,
            Cause::UpstreamCrashed,
            Cause::UpstreamOverloaded,
            Cause::HealthCheckFailing,
            Cause::DeploymentRollover,
        ],
        faults: &[Fault::NoHealthyUpstream],
        advice: "With a single upstream set it to 0: to be out of turn helps nobody there. In a \
                 balancer a few seconds are enough.",
        link: WORKER,
        ..BASE
    },
    Setting {
        name: "ProxyPass … failonstatus=",
        default: "none",
        governs: "which answers put a member out of turn",
        cures: &[Cause::HealthCheckFailing, Cause::LimitTooLow, Cause::UpstreamOverloaded],
        faults: &[Fault::NoHealthyUpstream],
        advice: "Take 500 and 503 out of it where single requests answer so: one of them takes the \
                 member from everybody. failontimeout=on does the same for slow ones.",
        link: WORKER,
        ..BASE
    },
    Setting {
        name: "ProxyPass … hcuri= hcpasses= hcfails=",
        default: "no health check; 1 and 1",
        governs: "what mod_proxy_hcheck asks for, and after how many answers it changes its mind",
        cures: &[Cause::HealthCheckFailing],
        faults: &[Fault::NoHealthyUpstream],
        advice: "Ask for a path that needs no login, and let hcfails be 2 or 3. ProxyHCExpr says \
                 which answers are good.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_proxy_hcheck.html",
        ..BASE
    },
    Setting {
        name: "BalancerMember",
        default: "none",
        governs: "the members of a balancer",
        cures: &[Cause::RouteMissing, Cause::UpstreamAddressWrong],
        faults: &[Fault::NoUpstream],
        advice: "Name at least one in <Proxy balancer://…>, under the name that ProxyPass uses.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#balancermember",
        ..BASE
    },
    Setting {
        name: "ProxyPass … max= acquire=",
        default: "the threads of a child process; no limit",
        governs: "how many connections a child keeps to an upstream, and how long it waits for one",
        cures: &[Cause::LimitTooLow, Cause::UpstreamOverloaded],
        faults: &[Fault::ConnectionLimit],
        advice: "Leave max= out, or make it at least ThreadsPerChild; acquire= is in milliseconds.",
        link: WORKER,
        ..BASE
    },
    // -- Connections kept open --------------------------------------------------------------------
    Setting {
        name: "ProxyPass … ttl=",
        default: "none",
        governs: "how long an idle connection to the upstream may be used again",
        cures: &[Cause::KeepaliveMismatch],
        faults: CUT_OFF,
        advice: "Set it some seconds below the upstream's keep-alive timeout. ping= probes an AJP \
                 connection, or a request with a body, first.",
        link: WORKER,
        ..BASE
    },
    Setting {
        name: "ProxyPass … disablereuse=",
        default: "Off",
        governs: "whether each request has a connection of its own",
        cures: &[Cause::KeepaliveMismatch, Cause::DnsStale],
        advice: "On is a stopgap for a keep-alive mismatch, and costs a handshake each. It also \
                 makes Apache look a name up again, which it else keeps for the child's life.",
        link: WORKER,
        ..BASE
    },
    Setting {
        name: "SetEnv proxy-initial-not-pooled",
        default: "unset",
        governs: "whether a client's first request may use a kept connection",
        cures: &[Cause::KeepaliveMismatch],
        faults: CUT_OFF,
        advice: "Set it to 1 where browsers meet the error: later requests they repeat themselves.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_proxy_http.html#env",
        ..BASE
    },
    // -- Where the upstream is ---------------------------------------------------------------------
    Setting {
        name: "ProxyPass",
        default: "none",
        governs: "which upstream a path goes to, by scheme, host and port, or unix:/path|scheme://",
        cures: &[
            Cause::UpstreamAddressWrong,
            Cause::SchemeMismatch,
            Cause::PathMismatch,
            Cause::RouteMissing,
            Cause::DnsRecordWrong,
            Cause::ProxyLoop,
        ],
        advice: "Compare scheme, host and port with what the upstream listens on, and the slashes at \
                 the end of both arguments with each other. Each scheme wants its module loaded.",
        link: WORKER,
        ..BASE
    },
    Setting {
        name: "ProxyPass … addressttl=",
        default: "none: for the child's life",
        governs: "how long a looked-up address is used (2.4.60 and later)",
        cures: &[Cause::DnsStale],
        advice: "Set it to the TTL of the record where addresses change; before 2.4.60 only a \
                 graceful restart or disablereuse=On helps.",
        link: WORKER,
        ..BASE
    },
    Setting {
        name: "LoadModule",
        default: "none",
        governs: "which schemes Apache speaks: proxy_http, proxy_fcgi, proxy_ajp, proxy_http2, ssl …",
        cures: &[Cause::GatewayMisconfigured],
        faults: &[Fault::GatewayInternal],
        advice: "Load the module of the scheme in ProxyPass; on Debian: a2enmod proxy_fcgi.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_so.html#loadmodule",
        ..BASE
    },
    Setting {
        name: "ProxyPass … upgrade=websocket",
        default: "none",
        governs: "whether mod_proxy_http switches protocols (2.4.47 and later)",
        cures: &[Cause::UpgradeNotForwarded],
        advice: "Add it to the ProxyPass of the path; before 2.4.47 use mod_proxy_wstunnel with \
                 ws:// in a ProxyPass that stands first.",
        link: WORKER,
        ..BASE
    },
    // -- Sizes -------------------------------------------------------------------------------------
    Setting {
        name: "ProxyPass … responsefieldsize=",
        default: "8192 bytes",
        governs: "the longest header field of a response (2.4.34 and later)",
        cures: &[Cause::BufferTooSmall],
        faults: &[Fault::ResponseHeaderTooLarge],
        advice: "Raise it to 16384 or what the largest cookie needs.",
        link: WORKER,
        ..BASE
    },
    Setting {
        name: "ProxyIOBufferSize",
        default: "8192 bytes",
        governs: "the packet size of AJP",
        cures: &[Cause::BufferTooSmall],
        faults: &[Fault::ResponseHeaderTooLarge, Fault::GatewayInternal, Fault::ClientInvalid],
        when: Some(|evidence| !matches!(evidence.protocol, Some(Protocol::Http | Protocol::Https))),
        advice: "Up to 65536, and packetSize of the AJP connector the same.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxyiobuffersize",
        ..BASE
    },
    Setting {
        name: "LimitRequestFieldSize",
        default: "8190 bytes",
        governs: "the longest header field of a request",
        cures: &[Cause::BufferTooSmall, Cause::ClientBadRequest],
        faults: &[Fault::ClientInvalid],
        advice: "Raise it where honest cookies or tokens are longer; LimitRequestLine is that of the \
                 URL, LimitRequestBody that of an upload.",
        link: "https://httpd.apache.org/docs/2.4/mod/core.html#limitrequestfieldsize",
        ..BASE
    },
    // -- TLS ---------------------------------------------------------------------------------------
    Setting {
        name: "SSLProxyEngine",
        default: "off",
        governs: "whether https:// upstreams can be spoken to",
        cures: &[Cause::GatewayMisconfigured],
        faults: &[Fault::GatewayInternal],
        advice: "Set it on in the virtual host that has the ProxyPass.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslproxyengine",
        ..BASE
    },
    Setting {
        name: "SSLProxyCACertificateFile",
        default: "none",
        governs: "the authorities that are trusted for upstreams, with SSLProxyVerify require",
        cures: &[Cause::CertificateUntrusted],
        advice: "Put the private authority there, or the missing intermediate; SSLProxyVerify none \
                 only hides it.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslproxycacertificatefile",
        ..BASE
    },
    Setting {
        name: "SSLProxyCheckPeerName",
        default: "on",
        governs: "whether the certificate must be for the host in the URL; with ProxyPreserveHost \
                  on, for the Host that the client sent",
        cures: &[Cause::CertificateNameMismatch],
        advice: "Name the upstream in ProxyPass as its certificate does, or turn ProxyPreserveHost \
                 off. Off here is for a network that is trusted.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslproxycheckpeername",
        ..BASE
    },
    Setting {
        name: "SSLProxyCheckPeerExpire",
        default: "on",
        governs: "whether an expired certificate of the upstream is refused",
        cures: &[Cause::CertificateExpired],
        advice: "Renew the certificate; off is a stopgap for hours.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslproxycheckpeerexpire",
        ..BASE
    },
    Setting {
        name: "SSLProxyProtocol",
        default: "all -SSLv3",
        governs: "the TLS versions that are offered to upstreams; SSLProxyCipherSuite the ciphers",
        cures: &[Cause::TlsSettingsMismatch],
        faults: &[Fault::TlsHandshakeFailed],
        advice: "Let both sides have TLS 1.2 or 1.3 in common.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslproxyprotocol",
        ..BASE
    },
    Setting {
        name: "SSLProxyMachineCertificateFile",
        default: "none",
        governs: "the certificate and key that Apache shows to upstreams",
        cures: &[Cause::TlsSettingsMismatch, Cause::CertificateUntrusted],
        faults: &[Fault::TlsClientCertificateRejected],
        advice: "Put certificate and unencrypted key into one file, from an authority that the \
                 upstream trusts.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslproxymachinecertificatefile",
        ..BASE
    },
    // -- Apache itself -----------------------------------------------------------------------------
    Setting {
        name: "MaxRequestWorkers",
        default: "400 (event, worker), 256 (prefork)",
        governs: "how many requests are served at the same time",
        cures: &[Cause::GatewayOverloaded],
        faults: &[Fault::GatewayExhausted],
        when: Some(|evidence| evidence.lacked(Sign::OutOfConnections)),
        advice: "Raise it with ServerLimit and ThreadsPerChild as memory allows. Where slow \
                 upstreams hold the workers, shorten ProxyTimeout first.",
        link: "https://httpd.apache.org/docs/2.4/mod/mpm_common.html#maxrequestworkers",
        ..BASE
    },
    Setting {
        name: "LimitInternalRecursion",
        default: "10",
        governs: "how many internal redirects a request may have",
        cures: &[Cause::PathMismatch, Cause::GatewayMisconfigured],
        faults: &[Fault::GatewayInternal],
        when: Some(|evidence| evidence.has(Sign::RedirectCycle)),
        advice: "Leave it: look for the RewriteRule or ErrorDocument that leads to itself.",
        link: "https://httpd.apache.org/docs/2.4/mod/core.html#limitinternalrecursion",
        ..BASE
    },
    Setting {
        name: "Require",
        default: "all granted where nothing is set",
        governs: "who may have what",
        cures: &[Cause::PolicyDenied],
        faults: &[Fault::GatewayDenied],
        advice: "Add the address or the user that should come in; ProxyBlock refuses upstreams.",
        link: "https://httpd.apache.org/docs/2.4/mod/mod_authz_core.html#require",
        ..BASE
    },
];

/// Twice what the exchange took: it was cut off at a limit, and the work takes longer than was seen.
fn response_timeout(evidence: &Evidence<'_>) -> Option<Suggestion> {
    let seen = evidence.timings.total?;
    let seconds = seen.get().saturating_mul(2).div_ceil(1_000).max(1);
    Some(Suggestion::Time { set: Millis::from_secs(seconds), seen })
}
