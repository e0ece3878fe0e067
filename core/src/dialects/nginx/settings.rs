//! nginx's settings. From the documentation at nginx.org and the source of nginx 1.31.

use crate::dialects::setting::{BASE, Setting, Suggestion, twice_the_time};
use crate::evidence::{Bytes, Evidence, Millis, Protocol, Sign};
use crate::vocabulary::{Cause, Fault};
use alloc::format;
use alloc::string::String;

/// What connections that stay open have to do with: that they are cut off, or run out.
const KEPT_OPEN: [Fault; 6] = [
    Fault::RequestWriteFailed,
    Fault::ResponseTerminated,
    Fault::ResponseReset,
    Fault::ResponseClosed,
    Fault::None,
    Fault::GatewayExhausted,
];
/// Only that they are cut off.
const CUT_OFF: &[Fault] = {
    let [cut_off @ .., _] = &KEPT_OPEN;
    cut_off
};

/// The settings that have to do with upstream faults. A leading `*` stands for proxy, fastcgi,
/// uwsgi, scgi or grpc; a directive that one of them lacks is named in full.
pub(crate) const SETTINGS: &[Setting] = &[
    // -- Time limits ------------------------------------------------------------------------------
    Setting {
        name: "*_read_timeout",
        default: "60s",
        governs: "the time between two reads from the upstream, not the whole response",
        cures: &[Cause::TimeoutTooLow, Cause::UpstreamSlow],
        faults: &[Fault::ResponseTimeout, Fault::BodyTimeout],
        advice: "Raise it in the location that needs it. Where the work should be quick, that only \
                 buys time.",
        suggests: Some(read_timeout),
        link: "https://nginx.org/r/proxy_read_timeout",
        ..BASE
    },
    Setting {
        name: "*_send_timeout",
        default: "60s",
        governs: "the time between two writes of the request to the upstream",
        cures: &[Cause::TimeoutTooLow, Cause::UpstreamOverloaded],
        faults: &[Fault::RequestWriteFailed],
        advice: "Raise it for large uploads to an upstream that reads slowly.",
        suggests: Some(send_timeout),
        link: "https://nginx.org/r/proxy_send_timeout",
        ..BASE
    },
    Setting {
        name: "*_connect_timeout",
        default: "60s",
        governs: "the time to connect to the upstream, and for a TLS handshake with it",
        cures: &[
            Cause::FirewallBlocking,
            Cause::NetworkPathDown,
            Cause::UpstreamOverloaded,
            Cause::TimeoutTooLow,
        ],
        faults: &[Fault::ConnectTimeout, Fault::ConnectFailed, Fault::TlsHandshakeFailed],
        when: Some(|evidence| !evidence.has(Sign::Busy)),
        advice: "Lower it to a few seconds and name a second server, so that a dead one costs \
                 little. Above 75s it usually has no effect.",
        link: "https://nginx.org/r/proxy_connect_timeout",
        ..BASE
    },
    Setting {
        name: "proxy_timeout",
        default: "10m",
        governs: "the time between two reads or writes, on either side of a stream {} connection",
        cures: &[Cause::TimeoutTooLow, Cause::UpstreamSlow],
        faults: &[Fault::ResponseTimeout, Fault::BodyTimeout],
        advice: "Raise it where connections are meant to be silent for long, or let both ends send \
                 something now and then.",
        suggests: Some(stream_timeout),
        link: "https://nginx.org/en/docs/stream/ngx_stream_proxy_module.html#proxy_timeout",
        ..BASE
    },
    Setting {
        name: "client_header_timeout",
        default: "60s",
        governs: "the time to read the headers of the client's request",
        cures: &[Cause::ClientAborted, Cause::ClientBadRequest],
        faults: &[Fault::ClientInvalid],
        advice: "Leave it, unless clients on slow links are cut off with 408.",
        link: "https://nginx.org/r/client_header_timeout",
        ..BASE
    },
    Setting {
        name: "client_body_timeout",
        default: "60s",
        governs: "the time between two reads of the client's request body",
        cures: &[Cause::ClientAborted, Cause::ClientBadRequest],
        faults: &[Fault::ClientInvalid],
        advice: "Raise it where uploads over slow links are cut off with 408.",
        link: "https://nginx.org/r/client_body_timeout",
        ..BASE
    },
    Setting {
        name: "proxy_ignore_client_abort",
        default: "off",
        governs: "whether the upstream connection outlives the client",
        cures: &[Cause::ClientAborted],
        faults: &[Fault::ClientClosed],
        advice: "Set it on where work must be finished when the client leaves. Abandoned work then \
                 goes on using the upstream. fastcgi_, uwsgi_ and scgi_ have it too.",
        link: "https://nginx.org/r/proxy_ignore_client_abort",
        ..BASE
    },
    // -- Connections kept open, and the next try --------------------------------------------------
    Setting {
        name: "keepalive",
        default: "32 local (none before 1.29.7)",
        governs: "how many idle connections to an upstream group each worker keeps",
        cures: &[Cause::KeepaliveMismatch, Cause::GatewayOverloaded],
        faults: &KEPT_OPEN,
        when: Some(|evidence| evidence.lacked(Sign::OutOfPorts)),
        advice: "In upstream {}, after the balancing method. Before 1.29.7 it also wants \
                 proxy_http_version 1.1 and an empty Connection header. 0 turns it off since \
                 1.29.7: a stopgap for a mismatch.",
        link: "https://nginx.org/r/keepalive",
        ..BASE
    },
    Setting {
        name: "keepalive_timeout",
        default: "60s",
        governs: "how long an idle connection to an upstream is kept",
        cures: &[Cause::KeepaliveMismatch],
        faults: CUT_OFF,
        advice: "In upstream {}, since 1.15.3. Set it a few seconds below the upstream's own. The \
                 directive of the same name in http {} is for clients.",
        link: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_timeout",
        ..BASE
    },
    Setting {
        name: "keepalive_requests",
        default: "1000",
        governs: "after how many requests a connection to an upstream is closed",
        cures: &[Cause::KeepaliveMismatch],
        faults: CUT_OFF,
        advice: "In upstream {}. Set it below the number after which the upstream closes, where it \
                 counts.",
        link: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_requests",
        ..BASE
    },
    Setting {
        name: "fastcgi_keep_conn",
        default: "off",
        governs: "whether connections to a FastCGI server stay open",
        cures: &[Cause::KeepaliveMismatch, Cause::GatewayOverloaded],
        faults: &KEPT_OPEN,
        when: Some(|evidence| evidence.lacked(Sign::OutOfPorts)),
        advice: "It goes with keepalive in upstream {}. Turn it off where the server closes after \
                 each request.",
        link: "https://nginx.org/r/fastcgi_keep_conn",
        ..BASE
    },
    Setting {
        name: "*_next_upstream",
        default: "error timeout",
        governs: "which failures are tried again on the next server",
        cures: &[
            Cause::KeepaliveMismatch,
            Cause::UpstreamCrashed,
            Cause::UpstreamNotRunning,
            Cause::DeploymentRollover,
        ],
        faults: &[
            Fault::ConnectRefused,
            Fault::ConnectTimeout,
            Fault::ConnectUnreachable,
            Fault::ConnectFailed,
            Fault::ResponseTerminated,
            Fault::ResponseReset,
            Fault::ResponseClosed,
            Fault::RequestWriteFailed,
            Fault::UpstreamUnavailable,
        ],
        when: Some(several),
        advice: "Add http_503 for servers that drain. POST, LOCK and PATCH are not repeated once \
                 they were sent, unless non_idempotent is added: do that only where doing it twice \
                 is harmless.",
        link: "https://nginx.org/r/proxy_next_upstream",
        ..BASE
    },
    Setting {
        name: "proxy_next_upstream",
        default: "on",
        governs: "whether a stream {} connection that fails is tried on the next server",
        cures: &[Cause::UpstreamCrashed, Cause::UpstreamNotRunning, Cause::DeploymentRollover],
        faults: &[
            Fault::ConnectRefused,
            Fault::ConnectTimeout,
            Fault::ConnectUnreachable,
            Fault::ConnectFailed,
        ],
        advice: "Leave it on, and name a second server. What breaks after the connection was made \
                 is not tried again.",
        link: "https://nginx.org/en/docs/stream/ngx_stream_proxy_module.html#proxy_next_upstream",
        ..BASE
    },
    Setting {
        name: "*_next_upstream_tries",
        default: "0 (no limit)",
        governs: "how many servers one request may try",
        cures: &[Cause::UpstreamOverloaded, Cause::UpstreamSlow],
        advice: "Set 2 or 3, and *_next_upstream_timeout with it, so that retries do not multiply \
                 the load.",
        link: "https://nginx.org/r/proxy_next_upstream_tries",
        ..BASE
    },
    // -- Buffers and sizes ------------------------------------------------------------------------
    Setting {
        name: "*_buffer_size",
        default: "4k|8k (a memory page)",
        governs: "the buffer that the response's headers must fit in",
        cures: &[Cause::BufferTooSmall],
        faults: &[Fault::ResponseHeaderTooLarge, Fault::BodyMalformed, Fault::GatewayInternal],
        advice: "Set a power of two above the largest header. Raise *_buffers with it, or nginx \
                 may refuse the configuration.",
        suggests: Some(header_buffer),
        link: "https://nginx.org/r/proxy_buffer_size",
        ..BASE
    },
    Setting {
        name: "proxy_buffers",
        default: "8 4k|8k",
        governs: "how many buffers a response has, and how large each is",
        cures: &[Cause::BufferTooSmall],
        faults: &[Fault::ResponseHeaderTooLarge],
        advice: "Give each the size of proxy_buffer_size: 8 16k beside 16k. fastcgi_, uwsgi_ and \
                 scgi_ have it too.",
        suggests: Some(header_buffer),
        link: "https://nginx.org/r/proxy_buffers",
        ..BASE
    },
    Setting {
        name: "proxy_busy_buffers_size",
        default: "8k|16k",
        governs: "how much may be on its way to the client while the rest is being read",
        cures: &[Cause::BufferTooSmall],
        faults: &[Fault::ResponseHeaderTooLarge],
        advice: "At least one buffer, and less than all proxy_buffers minus one. Leave it out if \
                 nothing speaks for a value. fastcgi_, uwsgi_ and scgi_ have it too.",
        link: "https://nginx.org/r/proxy_busy_buffers_size",
        ..BASE
    },
    Setting {
        name: "client_max_body_size",
        default: "1m",
        governs: "the largest body of a client's request",
        cures: &[Cause::BufferTooSmall, Cause::LimitTooLow],
        faults: &[Fault::ClientInvalid, Fault::RequestWriteFailed],
        when: Some(|evidence| !evidence.has(Sign::ClientTooLarge) || about_body(evidence)),
        advice: "Raise it for the upload location only, and at the upstream alike. 0 turns the \
                 check off.",
        suggests: Some(body_size),
        link: "https://nginx.org/r/client_max_body_size",
        ..BASE
    },
    Setting {
        name: "large_client_header_buffers",
        default: "4 8k",
        governs: "buffers for a client's long request line and headers",
        cures: &[Cause::BufferTooSmall, Cause::ClientBadRequest],
        faults: &[Fault::ClientInvalid],
        when: Some(|evidence| !about_body(evidence)),
        advice: "One line or header must fit in one buffer: raise the size before the number. The \
                 value of the default server may count.",
        link: "https://nginx.org/r/large_client_header_buffers",
        ..BASE
    },
    Setting {
        name: "proxy_max_temp_file_size",
        default: "1024m",
        governs: "how much of one response may be kept on disk",
        cures: &[Cause::GatewayOverloaded],
        faults: &[Fault::GatewayExhausted],
        when: Some(|evidence| evidence.lacked(Sign::OutOfDisk)),
        advice: "Lower it where the disk runs full. 0 keeps all in memory and reads from the \
                 upstream as the client takes it. fastcgi_, uwsgi_ and scgi_ have it too.",
        link: "https://nginx.org/r/proxy_max_temp_file_size",
        ..BASE
    },
    Setting {
        name: "proxy_temp_path",
        default: "proxy_temp",
        governs: "where responses are kept on disk",
        cures: &[Cause::PermissionDenied, Cause::GatewayOverloaded],
        faults: &[Fault::GatewayExhausted, Fault::GatewayInternal],
        when: Some(|evidence| evidence.lacked(Sign::OutOfDisk)),
        advice: "The worker's user must be able to write there, and to pass each directory above. \
                 Put it on a disk with room. fastcgi_, uwsgi_ and scgi_ have it too.",
        link: "https://nginx.org/r/proxy_temp_path",
        ..BASE
    },
    Setting {
        name: "client_body_temp_path",
        default: "client_body_temp",
        governs: "where request bodies are kept on disk",
        cures: &[Cause::PermissionDenied, Cause::GatewayOverloaded],
        faults: &[Fault::GatewayExhausted, Fault::GatewayInternal],
        when: Some(|evidence| evidence.lacked(Sign::OutOfDisk)),
        advice: "The worker's user must be able to write there, and the disk must have room for \
                 uploads.",
        link: "https://nginx.org/r/client_body_temp_path",
        ..BASE
    },
    // -- Where requests go ------------------------------------------------------------------------
    Setting {
        name: "*_pass",
        governs: "the address and protocol of the upstream",
        cures: &[
            Cause::UpstreamAddressWrong,
            Cause::SchemeMismatch,
            Cause::PathMismatch,
            Cause::ProxyLoop,
        ],
        advice: "Scheme and module must be what the port speaks: https:// for TLS, grpc_pass for \
                 gRPC, fastcgi_pass for PHP-FPM. With a URI after the address, even /, that URI \
                 stands in for the part that the location matched. In a container, 127.0.0.1 is \
                 the container itself.",
        link: "https://nginx.org/r/proxy_pass",
        ..BASE
    },
    Setting {
        name: "upstream",
        governs: "the servers of a group",
        cures: &[Cause::RouteMissing, Cause::UpstreamAddressWrong],
        faults: &[Fault::NoUpstream, Fault::ConnectInvalid],
        advice: "Write the group once, and use exactly its name in *_pass.",
        link: "https://nginx.org/r/upstream",
        ..BASE
    },
    Setting {
        name: "server_name",
        default: "\"\" (none)",
        governs: "the host names that a server {} answers for",
        cures: &[Cause::RouteMissing],
        faults: &[Fault::NoUpstream, Fault::GatewayInternal],
        advice: "Add the name. A name that nothing matches goes to the default server of its \
                 address.",
        link: "https://nginx.org/r/server_name",
        ..BASE
    },
    Setting {
        name: "location",
        governs: "the paths that a block answers for",
        cures: &[Cause::RouteMissing, Cause::PathMismatch],
        faults: &[Fault::NoUpstream, Fault::GatewayInternal],
        advice: "Check the order: = first, then ^~ on the longest prefix, then regular expressions \
                 as they stand, then the longest prefix.",
        link: "https://nginx.org/r/location",
        ..BASE
    },
    Setting {
        name: "root",
        default: "html",
        governs: "the directory that files and scripts are looked for in",
        cures: &[Cause::PathMismatch],
        faults: &[Fault::UpstreamError, Fault::GatewayInternal, Fault::GatewayDenied, Fault::None],
        advice: "Set it once in server {}. For FastCGI in another container, it must be the path \
                 as that container sees it.",
        link: "https://nginx.org/r/root",
        ..BASE
    },
    Setting {
        name: "index",
        default: "index.html",
        governs: "the files that are tried for a directory",
        cures: &[Cause::PathMismatch],
        faults: &[Fault::GatewayDenied],
        advice: "Name the index that is there, such as index.php.",
        link: "https://nginx.org/r/index",
        ..BASE
    },
    Setting {
        name: "fastcgi_param SCRIPT_FILENAME",
        governs: "the path of the script that the FastCGI server runs",
        cures: &[Cause::PathMismatch],
        faults: &[Fault::UpstreamError, Fault::NoUpstream, Fault::None],
        advice: "Set $document_root$fastcgi_script_name after including fastcgi_params, and check \
                 that the result exists where the FastCGI server runs.",
        link: "https://nginx.org/r/fastcgi_param",
        ..BASE
    },
    Setting {
        name: "try_files",
        governs: "the files that are tried, and what stands in for them",
        cures: &[Cause::PathMismatch],
        faults: &[Fault::GatewayInternal, Fault::NoUpstream],
        advice: "The last part must exist, or be a named location or =404. One that leads back to \
                 the same location goes round in a circle.",
        link: "https://nginx.org/r/try_files",
        ..BASE
    },
    Setting {
        name: "error_page",
        governs: "the page or location for an error",
        cures: &[Cause::PathMismatch, Cause::RouteMissing],
        faults: &[Fault::GatewayInternal],
        advice: "Let its target exist, and answer without the same error. A named location must be \
                 in the same server {}.",
        link: "https://nginx.org/r/error_page",
        ..BASE
    },
    Setting {
        name: "rewrite",
        governs: "changes of the path",
        cures: &[Cause::PathMismatch],
        faults: &[Fault::GatewayInternal, Fault::ConnectInvalid],
        advice: "End with break where the rewritten path would match again: nginx gives up after \
                 ten rounds.",
        link: "https://nginx.org/r/rewrite",
        ..BASE
    },
    Setting {
        name: "proxy_redirect",
        default: "default",
        governs: "how Location headers of the upstream are changed",
        cures: &[Cause::PathMismatch, Cause::ProxyLoop],
        faults: &[Fault::GatewayLoop, Fault::None],
        advice: "Map the upstream's own names to the public one, where a redirect shows a name \
                 from inside or goes round in a circle.",
        link: "https://nginx.org/r/proxy_redirect",
        ..BASE
    },
    Setting {
        name: "absolute_redirect",
        default: "on",
        governs: "whether nginx's own redirects name scheme and host",
        cures: &[Cause::PathMismatch, Cause::ProxyLoop],
        faults: &[Fault::GatewayLoop, Fault::None],
        advice: "Set it off behind another proxy, where redirects for a missing slash lead to http \
                 or to an inner port.",
        link: "https://nginx.org/r/absolute_redirect",
        ..BASE
    },
    Setting {
        name: "listen … proxy_protocol",
        default: "off",
        governs: "whether clients must send the PROXY protocol header",
        cures: &[Cause::SchemeMismatch],
        faults: &[Fault::ClientInvalid],
        advice: "Turn it on at both ends, the balancer and this listener, or at neither.",
        link: "https://nginx.org/r/listen",
        ..BASE
    },
    Setting {
        name: "listen … ssl",
        default: "off",
        governs: "whether a listener speaks TLS",
        cures: &[Cause::SchemeMismatch],
        faults: &[Fault::ClientInvalid],
        advice: "Set it on the port that clients use with https, and keep plain http on another. \
                 error_page 497 can redirect those who mix them up.",
        link: "https://nginx.org/r/listen",
        ..BASE
    },
    Setting {
        name: "proxy_http_version",
        default: "1.1 (1.0 before 1.29.7)",
        governs: "the version of HTTP that nginx speaks to the upstream",
        cures: &[Cause::UpgradeNotForwarded, Cause::SchemeMismatch],
        advice: "Set 1.1 for WebSockets and for connections that stay open. Set 2 for an upstream \
                 that speaks only HTTP/2 (since 1.29.4).",
        link: "https://nginx.org/r/proxy_http_version",
        ..BASE
    },
    Setting {
        name: "proxy_set_header",
        default: "Host $proxy_host",
        governs: "the headers that the upstream gets",
        cures: &[Cause::UpgradeNotForwarded],
        advice: "For WebSockets: Upgrade $http_upgrade, and Connection \"upgrade\", or a map of \
                 it. Each level that sets one header inherits none of the others.",
        link: "https://nginx.org/r/proxy_set_header",
        ..BASE
    },
    // -- TLS to the upstream ----------------------------------------------------------------------
    Setting {
        name: "proxy_ssl_trusted_certificate",
        governs: "the authorities that may sign the upstream's certificate",
        cures: &[Cause::CertificateUntrusted],
        advice: "Name a PEM file with the private authority, or with its whole chain. uwsgi_ and \
                 grpc_ have it too.",
        link: "https://nginx.org/r/proxy_ssl_trusted_certificate",
        ..BASE
    },
    Setting {
        name: "proxy_ssl_verify",
        default: "off",
        governs: "whether the upstream's certificate is checked",
        cures: &[
            Cause::CertificateUntrusted,
            Cause::CertificateExpired,
            Cause::CertificateNameMismatch,
        ],
        advice: "Keep it on. Off is a stopgap that lets anyone on the way answer as the upstream. \
                 uwsgi_ and grpc_ have it too.",
        link: "https://nginx.org/r/proxy_ssl_verify",
        ..BASE
    },
    Setting {
        name: "proxy_ssl_verify_depth",
        default: "1",
        governs: "how long the upstream's chain may be",
        cures: &[Cause::CertificateUntrusted],
        advice: "Set 2 or 3 where there are intermediates. uwsgi_ and grpc_ have it too.",
        link: "https://nginx.org/r/proxy_ssl_verify_depth",
        ..BASE
    },
    Setting {
        name: "proxy_ssl_server_name",
        default: "off",
        governs: "whether the name is sent in the TLS handshake (SNI)",
        cures: &[Cause::CertificateNameMismatch],
        advice: "Set it on where the upstream serves several names. uwsgi_ and grpc_ have it too.",
        link: "https://nginx.org/r/proxy_ssl_server_name",
        ..BASE
    },
    Setting {
        name: "proxy_ssl_name",
        default: "$proxy_host",
        governs: "the name sent as SNI, and looked for in the upstream's certificate",
        cures: &[Cause::CertificateNameMismatch],
        advice: "Set a name that the certificate holds, above all where *_pass names a group or an \
                 address. uwsgi_ and grpc_ have it too.",
        link: "https://nginx.org/r/proxy_ssl_name",
        ..BASE
    },
    Setting {
        name: "proxy_ssl_protocols",
        default: "TLSv1.2 TLSv1.3",
        governs: "the versions of TLS that nginx offers",
        cures: &[Cause::TlsSettingsMismatch],
        advice: "Offer one that the upstream speaks. Older ones are a stopgap until it is updated. \
                 uwsgi_ and grpc_ have it too.",
        link: "https://nginx.org/r/proxy_ssl_protocols",
        ..BASE
    },
    Setting {
        name: "proxy_ssl_ciphers",
        default: "DEFAULT",
        governs: "the ciphers that nginx offers, up to TLS 1.2",
        cures: &[Cause::TlsSettingsMismatch],
        advice: "Offer one that the upstream takes. Old servers may need a lower security level: \
                 DEFAULT@SECLEVEL=1. uwsgi_ and grpc_ have it too.",
        link: "https://nginx.org/r/proxy_ssl_ciphers",
        ..BASE
    },
    Setting {
        name: "proxy_ssl_certificate",
        governs: "nginx's own certificate for the upstream",
        cures: &[
            Cause::TlsSettingsMismatch,
            Cause::CertificateExpired,
            Cause::GatewayMisconfigured,
        ],
        faults: &[
            Fault::TlsClientCertificateRejected,
            Fault::TlsHandshakeFailed,
            Fault::GatewayInternal,
        ],
        advice: "Name a certificate that the upstream trusts, followed by its intermediates. \
                 uwsgi_ and grpc_ have it too.",
        link: "https://nginx.org/r/proxy_ssl_certificate",
        ..BASE
    },
    Setting {
        name: "proxy_ssl_certificate_key",
        governs: "the key of that certificate",
        cures: &[Cause::TlsSettingsMismatch, Cause::GatewayMisconfigured],
        faults: &[
            Fault::TlsClientCertificateRejected,
            Fault::TlsHandshakeFailed,
            Fault::GatewayInternal,
        ],
        advice: "Name the key that belongs to proxy_ssl_certificate. uwsgi_ and grpc_ have it too.",
        link: "https://nginx.org/r/proxy_ssl_certificate_key",
        ..BASE
    },
    // -- Names ------------------------------------------------------------------------------------
    Setting {
        name: "resolver",
        governs: "the name servers for names that are looked up at run time",
        cures: &[Cause::DnsResolverFailing, Cause::DnsStale, Cause::GatewayMisconfigured],
        advice: "Name your own servers, 127.0.0.11 within Docker. nginx does not read \
                 /etc/resolv.conf. Add ipv6=off where IPv6 does not work, and valid= to override a \
                 record's TTL.",
        link: "https://nginx.org/r/resolver",
        ..BASE
    },
    Setting {
        name: "resolver_timeout",
        default: "30s",
        governs: "how long a lookup may take",
        cures: &[Cause::DnsResolverFailing],
        faults: &[Fault::DnsTimeout, Fault::DnsFailed],
        advice: "Lower it to 5s, so that a dead name server fails fast, and name two.",
        link: "https://nginx.org/r/resolver_timeout",
        ..BASE
    },
    Setting {
        name: "server … resolve",
        governs: "whether a name in upstream {} follows its record",
        cures: &[Cause::DnsStale, Cause::DnsRecordWrong],
        advice: "Without it, names are looked up once, at start or reload. It wants resolver and \
                 zone; since 1.27.3, before that in the commercial version. Otherwise put the name \
                 in a variable in *_pass, or reload.",
        link: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#resolve",
        ..BASE
    },
    // -- Servers and their limits -----------------------------------------------------------------
    Setting {
        name: "server … max_fails",
        default: "1",
        governs: "after how many failures a server is left out",
        cures: &[Cause::HealthCheckFailing, Cause::UpstreamOverloaded, Cause::DeploymentRollover],
        faults: &[Fault::NoHealthyUpstream],
        advice: "Raise it to 3 or more where single failures are usual. 0 never leaves a server \
                 out. A lone server is never left out.",
        link: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#max_fails",
        ..BASE
    },
    Setting {
        name: "server … fail_timeout",
        default: "10s",
        governs: "how long failures count, and how long a server is left out",
        cures: &[Cause::HealthCheckFailing, Cause::DeploymentRollover],
        faults: &[Fault::NoHealthyUpstream],
        advice: "Keep it near the time that a restart takes.",
        link: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#fail_timeout",
        ..BASE
    },
    Setting {
        name: "server … max_conns",
        default: "0 (no limit)",
        governs: "how many connections a server may have",
        cures: &[Cause::LimitTooLow, Cause::UpstreamOverloaded],
        faults: &[Fault::NoHealthyUpstream, Fault::ConnectionLimit],
        advice: "Without zone, each worker counts by itself. Idle kept connections may come on \
                 top.",
        link: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#max_conns",
        ..BASE
    },
    Setting {
        name: "server … backup",
        governs: "a server that is used when the others are down",
        cures: &[Cause::UpstreamNotRunning, Cause::PlannedMaintenance, Cause::DeploymentRollover],
        faults: &[Fault::NoHealthyUpstream, Fault::ConnectRefused],
        advice: "Give maintenance a server of its own, which answers 503 with Retry-After.",
        link: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#backup",
        ..BASE
    },
    Setting {
        name: "queue",
        governs: "how many requests wait for a free server, and how long",
        cures: &[Cause::LimitTooLow],
        faults: &[Fault::NoHealthyUpstream, Fault::ConnectionLimit],
        advice: "In the commercial version only.",
        link: "https://nginx.org/r/queue",
        ..BASE
    },
    Setting {
        name: "limit_req",
        governs: "the rate of requests by key",
        cures: &[Cause::PolicyDenied, Cause::LimitTooLow],
        faults: &[Fault::GatewayDenied],
        when: Some(|evidence| evidence.has(Sign::RateLimited)),
        advice: "Add burst, with nodelay, for bursts that are usual. Behind another proxy, key on \
                 the real client address (real_ip_header).",
        link: "https://nginx.org/r/limit_req",
        ..BASE
    },
    Setting {
        name: "limit_req_status",
        default: "503",
        governs: "the status of a request that the rate refuses",
        cures: &[Cause::PolicyDenied],
        faults: &[Fault::GatewayDenied],
        when: Some(|evidence| evidence.has(Sign::RateLimited)),
        advice: "Set 429: clients then slow down, and nobody takes it for an outage.",
        link: "https://nginx.org/r/limit_req_status",
        ..BASE
    },
    Setting {
        name: "limit_conn",
        governs: "the connections by key",
        cures: &[Cause::PolicyDenied, Cause::LimitTooLow],
        faults: &[Fault::ConnectionLimit, Fault::GatewayDenied],
        when: Some(|evidence| evidence.has(Sign::LimitReached)),
        advice: "Raise it where many users share an address. With HTTP/2, each request counts as a \
                 connection.",
        link: "https://nginx.org/r/limit_conn",
        ..BASE
    },
    Setting {
        name: "limit_conn_status",
        default: "503",
        governs: "the status of a request that the connection limit refuses",
        cures: &[Cause::PolicyDenied],
        faults: &[Fault::ConnectionLimit, Fault::GatewayDenied],
        when: Some(|evidence| evidence.has(Sign::LimitReached)),
        advice: "Set 429, as for limit_req_status.",
        link: "https://nginx.org/r/limit_conn_status",
        ..BASE
    },
    Setting {
        name: "allow, deny",
        governs: "the addresses that may ask",
        cures: &[Cause::PolicyDenied],
        faults: &[Fault::GatewayDenied],
        when: Some(|evidence| evidence.has(Sign::Denied)),
        advice: "The first that fits decides. Behind another proxy, set real_ip_header, or the \
                 rule sees the proxy.",
        link: "https://nginx.org/r/deny",
        ..BASE
    },
    Setting {
        name: "auth_request",
        default: "off",
        governs: "the subrequest that decides whether a request may pass",
        cures: &[Cause::PolicyDenied, Cause::GatewayMisconfigured],
        faults: &[Fault::GatewayDenied, Fault::GatewayInternal],
        when: Some(|evidence| !evidence.has(Sign::Denied) && !evidence.has(Sign::RateLimited)),
        advice: "Its target must answer 2xx, 401 or 403; any other status becomes a 500. Pass it \
                 no body: proxy_pass_request_body off.",
        link: "https://nginx.org/r/auth_request",
        ..BASE
    },
    // -- What nginx itself may use ----------------------------------------------------------------
    Setting {
        name: "worker_connections",
        default: "512",
        governs: "the connections of one worker, those to upstreams included",
        cures: &[Cause::GatewayOverloaded, Cause::LimitTooLow],
        faults: &[Fault::GatewayExhausted],
        when: Some(|evidence| evidence.lacked(Sign::OutOfConnections)),
        advice: "A proxied request takes two. Raise it, and worker_rlimit_nofile to at least twice \
                 that.",
        link: "https://nginx.org/r/worker_connections",
        ..BASE
    },
    Setting {
        name: "worker_rlimit_nofile",
        default: "none (the system's)",
        governs: "the files and sockets that one worker may open",
        cures: &[Cause::GatewayOverloaded, Cause::LimitTooLow],
        faults: &[Fault::GatewayExhausted],
        when: Some(|evidence| {
            evidence.lacked(Sign::OutOfDescriptors) || evidence.lacked(Sign::OutOfConnections)
        }),
        advice: "At least twice worker_connections. Under systemd, LimitNOFILE must allow it.",
        link: "https://nginx.org/r/worker_rlimit_nofile",
        ..BASE
    },
    Setting {
        name: "worker_processes",
        default: "1",
        governs: "how many workers there are",
        cures: &[Cause::GatewayOverloaded],
        faults: &[Fault::GatewayExhausted, Fault::GatewayInternal],
        when: Some(|evidence| evidence.lacked(Sign::OutOfConnections)),
        advice: "Set auto: one for each core.",
        link: "https://nginx.org/r/worker_processes",
        ..BASE
    },
    Setting {
        name: "net.ipv4.ip_local_port_range",
        default: "32768 60999",
        governs: "the local ports for connections to upstreams, on Linux",
        cures: &[Cause::GatewayOverloaded],
        faults: &[Fault::GatewayExhausted],
        when: Some(|evidence| evidence.lacked(Sign::OutOfPorts)),
        advice: "Keep connections open first (keepalive), then widen it: sysctl -w \
                 net.ipv4.ip_local_port_range=\"10240 65000\".",
        link: "https://docs.kernel.org/networking/ip-sysctl.html",
        ..BASE
    },
    Setting {
        name: "net.core.somaxconn",
        default: "4096 (128 before Linux 5.4)",
        governs: "the longest queue of connections that a listener has not taken yet",
        cures: &[Cause::UpstreamOverloaded],
        faults: &[Fault::ConnectFailed, Fault::ConnectTimeout],
        advice: "On the upstream's host. Raise the listener's own backlog with it (listen.backlog \
                 in PHP-FPM). A longer queue only buys time when workers are too few.",
        link: "https://docs.kernel.org/admin-guide/sysctl/net.html",
        ..BASE
    },
    Setting {
        name: "user",
        default: "nobody",
        governs: "the user that workers run as",
        cures: &[Cause::PermissionDenied],
        faults: &[Fault::ConnectDenied, Fault::GatewayInternal, Fault::GatewayExhausted],
        when: Some(|evidence| evidence.has(Sign::FileForbidden) || socket(evidence)),
        advice: "Put this user into the group of the upstream's socket, rather than running \
                 workers as root.",
        link: "https://nginx.org/r/user",
        ..BASE
    },
    Setting {
        name: "setsebool -P httpd_can_network_connect 1",
        default: "off",
        governs: "whether SELinux lets nginx connect to upstreams over TCP",
        cures: &[Cause::PermissionDenied],
        faults: &[Fault::ConnectDenied],
        when: Some(|evidence| !socket(evidence)),
        advice: "For a Unix socket, label it instead (httpd_var_run_t, or httpd_sys_rw_content_t).",
        link: "https://man7.org/linux/man-pages/man8/setsebool.8.html",
        ..BASE
    },
    Setting {
        name: "load_module",
        governs: "the dynamic modules",
        cures: &[Cause::GatewayMisconfigured, Cause::GatewayBug],
        faults: &[Fault::GatewayInternal],
        advice: "A module must be built for exactly this version of nginx: update both together.",
        link: "https://nginx.org/r/load_module",
        ..BASE
    },
    Setting {
        name: "error_log",
        default: "logs/error.log error",
        governs: "where errors are logged, and from which level on",
        cures: &[Cause::Unknown],
        advice: "Set info for a few minutes, or debug with debug_connection for one client, and \
                 repeat the request.",
        link: "https://nginx.org/r/error_log",
        ..BASE
    },
];

/// For `*_read_timeout`: twice the limit that the upstream reached.
fn read_timeout(evidence: &Evidence<'_>) -> Option<Suggestion> {
    twice_the_time(evidence, evidence.limits.response.unwrap_or(Millis::from_secs(60)))
}

/// For `*_send_timeout`.
fn send_timeout(evidence: &Evidence<'_>) -> Option<Suggestion> {
    twice_the_time(evidence, evidence.limits.send.unwrap_or(Millis::from_secs(60)))
}

/// For `proxy_timeout` of a stream.
fn stream_timeout(evidence: &Evidence<'_>) -> Option<Suggestion> {
    twice_the_time(evidence, evidence.limits.response.unwrap_or(Millis::from_secs(600)))
}

/// For `*_buffer_size`: a power of two of at least twice what came, where that filled the buffer.
/// Nothing above 1 MB: so much is no header.
fn header_buffer(evidence: &Evidence<'_>) -> Option<Suggestion> {
    const LEAST: u64 = 16 << 10;
    const MOST: u64 = 1 << 20;
    let received = || evidence.last_attempt().and_then(|attempt| attempt.received);
    let seen = evidence.headers.size.or_else(received)?;
    let buffer = evidence.limits.header.unwrap_or(Bytes::new(4096));
    let set = seen.get().checked_mul(2)?.checked_next_power_of_two()?.max(LEAST);
    (seen >= buffer && set <= MOST).then_some(Suggestion::Size { set: Bytes::new(set), seen })
}

/// For `client_max_body_size`: the body that was refused, in whole megabytes.
fn body_size(evidence: &Evidence<'_>) -> Option<Suggestion> {
    const MB: u64 = 1 << 20;
    let refused = evidence.find(|seen| seen.sign == Sign::ClientTooLarge)?;
    let bytes = u64::from(refused.number?);
    // Below the default, it was not the body that was too large.
    let set = (bytes >= MB).then(|| bytes.div_ceil(MB).saturating_mul(MB))?;
    Some(Suggestion::Size { set: Bytes::new(set), seen: Bytes::new(bytes) })
}

/// The settings that only `stream {}` has, by these names.
const STREAM_ONLY: &[&str] = &["proxy_timeout", "proxy_next_upstream"];

/// The settings that `stream {}` does not have, or has with another meaning.
const HTTP_ONLY: &[&str] = &[
    "*_read_timeout",
    "*_send_timeout",
    "*_next_upstream",
    "*_buffer_size",
    "proxy_buffers",
    "proxy_busy_buffers_size",
    "proxy_max_temp_file_size",
    "proxy_temp_path",
    "proxy_ignore_client_abort",
    "proxy_redirect",
    "proxy_http_version",
    "proxy_set_header",
    "keepalive",
    "keepalive_timeout",
    "keepalive_requests",
    "fastcgi_keep_conn",
    "fastcgi_param SCRIPT_FILENAME",
    "client_header_timeout",
    "client_body_timeout",
    "client_max_body_size",
    "client_body_temp_path",
    "large_client_header_buffers",
    "location",
    "root",
    "index",
    "try_files",
    "error_page",
    "rewrite",
    "absolute_redirect",
    "queue",
    "limit_req",
    "limit_req_status",
    "limit_conn_status",
    "auth_request",
];

/// The name that a directive has in the module that talked to the upstream; `None` where that
/// module has no such directive. The table names the directives of `ngx_http_proxy_module`.
pub(super) fn name_for(name: &'static str, protocol: Option<Protocol>) -> Option<String> {
    let stream = protocol == Some(Protocol::Stream);
    if if stream { HTTP_ONLY.contains(&name) } else { STREAM_ONLY.contains(&name) } {
        return None;
    }
    let module = match protocol {
        Some(Protocol::FastCgi) => "fastcgi",
        Some(Protocol::Uwsgi | Protocol::Suwsgi) => "uwsgi",
        Some(Protocol::Scgi) => "scgi",
        Some(Protocol::Grpc | Protocol::Grpcs) => "grpc",
        Some(Protocol::Memcached) => "memcached",
        Some(Protocol::Http | Protocol::Https | Protocol::Stream) | None => "proxy",
    };
    if let Some(rest) = name.strip_prefix('*') {
        return Some(format!("{module}{rest}"));
    }
    let tls = matches!(module, "uwsgi" | "grpc");
    let buffered = matches!(module, "fastcgi" | "uwsgi" | "scgi");
    match name.strip_prefix("proxy_") {
        None if name.starts_with("fastcgi_") && protocol.is_some() && module != "fastcgi" => None,
        None => Some(String::from(name)),
        Some(_) if module == "proxy" => Some(String::from(name)),
        Some(rest) if rest.starts_with("ssl_") => tls.then(|| format!("{module}_{rest}")),
        Some(
            rest @ ("buffers"
            | "busy_buffers_size"
            | "temp_path"
            | "max_temp_file_size"
            | "ignore_client_abort"),
        ) => buffered.then(|| format!("{module}_{rest}")),
        // The version, the headers and the redirects are those of HTTP.
        Some(_) => None,
    }
}

/// There was another server to try.
fn several(evidence: &Evidence<'_>) -> bool {
    evidence.attempts.len() > 1
}

/// The upstream is a Unix socket.
fn socket(evidence: &Evidence<'_>) -> bool {
    let address = evidence.last_attempt().and_then(|attempt| attempt.address);
    address.is_some_and(|address| address.starts_with(b"unix:"))
}

/// The body of the request is too large.
fn about_body(evidence: &Evidence<'_>) -> bool {
    let bodies: [&[u8]; 2] = [b"large body", b"large chunked body"];
    evidence.status == Some(413)
        || evidence.signs.iter().any(|seen| {
            bodies.iter().any(|text| seen.quote.windows(text.len()).any(|part| part == *text))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Attempt, Seen};

    fn evidence(attempt: Attempt<'static>) -> Evidence<'static> {
        let mut evidence = Evidence::default();
        evidence.attempts.push(attempt);
        evidence
    }

    #[test]
    fn a_time_that_reached_its_limit_is_doubled() {
        for (seen, told, set) in [
            (60_001, None, Some(120)),
            (59_999, None, Some(120)),
            (75_012, None, Some(150)),
            (5_003, Some(5), Some(10)),
            (12_004, Some(12), Some(30)),
            (3_000, None, None),
            (30_000, Some(60), None),
        ] {
            let total = Some(Millis::new(seen));
            let mut evidence = evidence(Attempt { total, ..Attempt::default() });
            evidence.limits.response = told.map(Millis::from_secs);
            evidence.limits.send = evidence.limits.response;
            let wanted = set.map(|secs| Suggestion::Time {
                set: Millis::from_secs(secs),
                seen: Millis::new(seen),
            });
            assert_eq!(read_timeout(&evidence), wanted, "{seen}");
            assert_eq!(send_timeout(&evidence), wanted, "{seen}");
        }
        let mut whole = Evidence::default();
        assert_eq!(read_timeout(&whole), None);
        whole.timings.total = Some(Millis::from_secs(60));
        assert!(read_timeout(&whole).is_some());
        assert_eq!(stream_timeout(&whole), None, "a stream may be silent for ten minutes");
        whole.timings.total = Some(Millis::from_secs(600));
        let (set, seen) = (Millis::from_secs(1200), Millis::from_secs(600));
        assert_eq!(stream_timeout(&whole), Some(Suggestion::Time { set, seen }));
        whole.timings.total = Some(Millis::new(u64::MAX));
        assert!(read_timeout(&whole).is_some());
    }

    #[test]
    fn a_header_that_filled_its_buffer_gets_a_larger_one() {
        for (seen, told, set) in [
            (4096, None, Some(16 << 10)),
            (8192, None, Some(16 << 10)),
            (8193, None, Some(32 << 10)),
            (16_384, Some(16_384), Some(32 << 10)),
            (812, None, None),
            (8192, Some(16_384), None),
            (50 << 20, None, None),
            (u64::MAX, None, None),
        ] {
            let received = Some(Bytes::new(seen));
            let mut evidence = evidence(Attempt { received, ..Attempt::default() });
            evidence.limits.header = told.map(Bytes::new);
            let wanted =
                set.map(|set| Suggestion::Size { set: Bytes::new(set), seen: Bytes::new(seen) });
            assert_eq!(header_buffer(&evidence), wanted, "{seen}");
        }
        assert_eq!(header_buffer(&Evidence::default()), None);
        let mut measured = evidence(Attempt { received: None, ..Attempt::default() });
        measured.headers.size = Some(Bytes::new(20_000));
        let set = Bytes::new(64 << 10);
        let seen = Bytes::new(20_000);
        assert_eq!(header_buffer(&measured), Some(Suggestion::Size { set, seen }));
    }

    #[test]
    fn a_refused_body_gets_room_in_whole_megabytes() {
        for (bytes, set) in [
            (Some(1_048_577), Some(2 << 20)),
            (Some(3_973_770), Some(4 << 20)),
            (Some(u32::MAX), Some(4096 << 20)),
            (Some(9_000), None),
            (None, None),
        ] {
            let mut evidence = Evidence::default();
            evidence.add(Seen { number: bytes, ..Seen::new(Sign::ClientTooLarge) });
            let wanted = set.map(|set| Suggestion::Size {
                set: Bytes::new(set),
                seen: Bytes::new(u64::from(bytes.unwrap_or(0))),
            });
            assert_eq!(body_size(&evidence), wanted, "{bytes:?}");
        }
        assert_eq!(body_size(&Evidence::default()), None);
    }

    #[test]
    fn a_directive_has_the_name_of_the_module_that_talked() {
        use Protocol::{FastCgi, Grpc, Http, Stream, Uwsgi};
        for (name, protocol, known) in [
            ("*_read_timeout", Some(FastCgi), Some("fastcgi_read_timeout")),
            ("*_read_timeout", None, Some("proxy_read_timeout")),
            ("proxy_buffers", Some(Uwsgi), Some("uwsgi_buffers")),
            ("proxy_buffers", Some(Grpc), None),
            ("proxy_ssl_verify", Some(Grpc), Some("grpc_ssl_verify")),
            ("proxy_ssl_verify", Some(FastCgi), None),
            ("proxy_http_version", Some(FastCgi), None),
            ("fastcgi_keep_conn", Some(Http), None),
            ("worker_connections", Some(FastCgi), Some("worker_connections")),
            ("proxy_timeout", Some(Stream), Some("proxy_timeout")),
            ("proxy_timeout", Some(Http), None),
            ("proxy_timeout", None, None),
            ("proxy_next_upstream", Some(Stream), Some("proxy_next_upstream")),
            ("proxy_next_upstream", Some(Http), None),
            ("*_next_upstream", Some(Http), Some("proxy_next_upstream")),
            ("*_next_upstream", Some(Stream), None),
            ("*_next_upstream_tries", Some(Stream), Some("proxy_next_upstream_tries")),
            ("*_connect_timeout", Some(Stream), Some("proxy_connect_timeout")),
            ("*_read_timeout", Some(Stream), None),
            ("*_send_timeout", Some(Stream), None),
            ("*_buffer_size", Some(Stream), None),
            ("proxy_buffers", Some(Stream), None),
            ("proxy_set_header", Some(Stream), None),
            ("proxy_ssl_verify", Some(Stream), Some("proxy_ssl_verify")),
        ] {
            assert_eq!(name_for(name, protocol).as_deref(), known, "{name} {protocol:?}");
        }
        for name in STREAM_ONLY.iter().chain(HTTP_ONLY) {
            assert!(SETTINGS.iter().any(|setting| setting.name == *name), "{name} is no setting");
        }
    }
}
