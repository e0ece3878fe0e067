//! HAProxy's settings. From the configuration manuals of releases 2.6 to 3.2.

use crate::dialects::setting::{BASE, CUT_OFF, Setting, Suggestion};
use crate::evidence::{Bytes, Evidence, Millis, Protocol, Sign};
use crate::vocabulary::{Cause, Fault};
use alloc::string::String;

const CERTIFICATE: &[Cause] = &[Cause::CertificateUntrusted, Cause::CertificateExpired];

/// The settings that have to do with upstream faults. `server …` stands for a parameter of the
/// server's line.
pub(crate) const SETTINGS: &[Setting] = &[
    // -- Time limits ------------------------------------------------------------------------------
    Setting {
        name: "timeout server",
        governs: "the time without a byte from the server, to the headers and between two reads",
        cures: &[Cause::TimeoutTooLow, Cause::UpstreamSlow],
        faults: &[Fault::ResponseTimeout, Fault::BodyTimeout],
        advice: "Raise it in the backend that needs it. Where the work should be quick, that only \
                 buys time.",
        suggests: Some(server_timeout),
        link: "https://docs.haproxy.org/2.6/configuration.html#4-timeout%20server",
        ..BASE
    },
    Setting {
        name: "timeout tunnel",
        default: "that of the client and the server",
        governs: "the time without a byte in either direction, once a WebSocket or TCP connection \
                  stands",
        cures: &[Cause::TimeoutTooLow],
        faults: &[Fault::BodyTimeout],
        advice: "Set it to an hour or so where connections are meant to be silent for long, or let \
                 both ends send something now and then.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-timeout%20tunnel",
        ..BASE
    },
    Setting {
        name: "timeout connect",
        governs: "the time of one attempt to connect to a server, its TLS handshake included",
        cures: &[
            Cause::FirewallBlocking,
            Cause::NetworkPathDown,
            Cause::UpstreamOverloaded,
            Cause::TimeoutTooLow,
        ],
        faults: &[Fault::ConnectTimeout, Fault::ConnectFailed, Fault::TlsHandshakeFailed],
        advice: "Keep it at a few seconds: each retry takes as long again. Just above 3s outlives \
                 one lost packet.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-timeout%20connect",
        ..BASE
    },
    Setting {
        name: "timeout queue",
        default: "that of timeout connect",
        governs: "how long a request waits for a free slot of a server",
        cures: &[Cause::UpstreamOverloaded, Cause::LimitTooLow],
        faults: &[Fault::ConnectionLimit],
        advice: "Keep it below what a client waits for: a request that is answered too late is \
                 work for nothing. Raise the servers' maxconn first, where they can take more.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-timeout%20queue",
        ..BASE
    },
    Setting {
        name: "timeout client",
        governs: "the time without a byte from the client while one is awaited",
        cures: &[Cause::ClientAborted, Cause::ClientBadRequest],
        faults: &[Fault::ClientClosed, Fault::ClientInvalid],
        advice: "Leave it, unless clients on slow links are cut off (a state that begins with a \
                 small c). It should not be below timeout server.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-timeout%20client",
        ..BASE
    },
    Setting {
        name: "timeout http-request",
        default: "that of timeout client",
        governs: "the time to receive a whole request head",
        cures: &[Cause::ClientAborted, Cause::ClientBadRequest],
        faults: &[Fault::ClientInvalid],
        advice: "Raise it where clients on slow links get 408. Connections that browsers open in \
                 advance end so too, and are harmless: option http-ignore-probes leaves them out.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-timeout%20http-request",
        ..BASE
    },
    // -- Limits -----------------------------------------------------------------------------------
    Setting {
        name: "server … maxconn",
        default: "0 (unlimited)",
        governs: "how many requests one server gets at a time; the rest waits in the queue",
        cures: &[Cause::LimitTooLow, Cause::UpstreamOverloaded],
        faults: &[Fault::ConnectionLimit, Fault::ResponseTimeout, Fault::UpstreamUnavailable],
        advice: "Set it to what the server works on at once without getting slower: its workers or \
                 threads, as a rule.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-maxconn",
        ..BASE
    },
    Setting {
        name: "server … maxqueue",
        default: "0 (unlimited)",
        governs: "how many requests wait for one server",
        cures: &[Cause::LimitTooLow],
        faults: &[Fault::ConnectionLimit],
        advice: "Raise it where bursts are short. Beyond it requests go to another server.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-maxqueue",
        ..BASE
    },
    Setting {
        name: "maxconn",
        default: "from the limit of descriptors",
        governs: "connections of the whole process in global, of one frontend there",
        cures: &[Cause::LimitTooLow, Cause::GatewayOverloaded],
        faults: &[Fault::ConnectionLimit, Fault::GatewayExhausted],
        advice: "Raise both together; each connection needs two descriptors and two buffers.",
        link: "https://docs.haproxy.org/2.6/configuration.html#3.2-maxconn",
        ..BASE
    },
    Setting {
        name: "ulimit-n",
        default: "from maxconn",
        governs: "the file descriptors of the process",
        cures: &[Cause::GatewayOverloaded],
        faults: &[Fault::GatewayExhausted],
        when: Some(|evidence| {
            evidence.lacked(Sign::OutOfDescriptors) || evidence.lacked(Sign::OutOfConnections)
        }),
        advice: "Leave it out, so that it follows maxconn, and raise the limit that the system sets \
                 (LimitNOFILE of the service).",
        link: "https://docs.haproxy.org/2.6/configuration.html#3.1-ulimit-n",
        ..BASE
    },
    Setting {
        name: "source",
        default: "the system's choice",
        governs: "the address, and with port the ports, that connections to servers come from",
        cures: &[Cause::GatewayOverloaded],
        faults: &[Fault::GatewayExhausted],
        when: Some(|evidence| evidence.lacked(Sign::OutOfPorts)),
        advice: "Keep connections open (http-reuse) before anything else. Each further address has \
                 another set of ports; it must be one of this host.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-source",
        ..BASE
    },
    Setting {
        name: "tune.bufsize",
        default: "16384",
        governs: "the buffer for the headers of a request or a response, with tune.maxrewrite of \
                  it kept free",
        cures: &[Cause::BufferTooSmall],
        faults: &[
            Fault::ResponseMalformed,
            Fault::ResponseHeaderTooLarge,
            Fault::ClientInvalid,
            Fault::GatewayInternal,
        ],
        advice: "Raise it to 32768 where headers are legitimately large; memory grows with \
                 maxconn.",
        suggests: Some(buffer),
        link: "https://docs.haproxy.org/2.6/configuration.html#3.2-tune.bufsize",
        ..BASE
    },
    Setting {
        name: "tune.maxrewrite",
        default: "1024",
        governs: "the part of the buffer that is kept free for headers that rules add",
        cures: &[Cause::BufferTooSmall, Cause::GatewayMisconfigured],
        faults: &[Fault::GatewayInternal],
        advice: "Raise it, with tune.bufsize, where rules add long headers.",
        link: "https://docs.haproxy.org/2.6/configuration.html#3.2-tune.maxrewrite",
        ..BASE
    },
    // -- Connections that stay open, retries ------------------------------------------------------
    Setting {
        name: "pool-purge-delay",
        default: "5s",
        governs: "how soon idle connections to a server are closed",
        cures: &[Cause::KeepaliveMismatch],
        faults: CUT_OFF,
        advice: "Set it, a parameter of the server's line, below the time after which the server \
                 closes idle connections. http-reuse never is a stopgap.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-pool-purge-delay",
        ..BASE
    },
    Setting {
        name: "retry-on",
        default: "conn-failure",
        governs: "which failures are tried again",
        cures: &[Cause::KeepaliveMismatch, Cause::DeploymentRollover, Cause::UpstreamCrashed],
        faults: CUT_OFF,
        advice: "Add empty-response, and response-timeout or 503 where all of it may be repeated: \
                 it repeats POST too unless a rule disables that (http-request disable-l7-retry).",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-retry-on",
        ..BASE
    },
    Setting {
        name: "option redispatch",
        default: "off",
        governs: "whether the last retry may go to another server",
        cures: &[Cause::UpstreamNotRunning, Cause::DeploymentRollover, Cause::UpstreamCrashed],
        faults: &[
            Fault::ConnectFailed,
            Fault::ConnectRefused,
            Fault::ConnectTimeout,
            Fault::ConnectUnreachable,
        ],
        advice: "Set it, with health checks, so that one dead server costs no request. With 1 as \
                 its argument each retry goes elsewhere.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-option%20redispatch",
        ..BASE
    },
    Setting {
        name: "retries",
        default: "3",
        governs: "how often a failed connection is tried again",
        cures: &[Cause::UpstreamOverloaded, Cause::DeploymentRollover],
        faults: &[Fault::ConnectTimeout, Fault::ConnectRefused, Fault::ConnectFailed],
        advice: "Keep it low where servers are overloaded: a retry is more load.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-retries",
        ..BASE
    },
    // -- Health -----------------------------------------------------------------------------------
    Setting {
        name: "option httpchk",
        default: "off (a connection is enough)",
        governs: "which request a check sends",
        cures: &[Cause::HealthCheckFailing],
        advice: "Ask a light path without login or redirect, with the Host that the application \
                 expects: http-check send meth GET uri /health hdr Host shop.example.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-option%20httpchk",
        ..BASE
    },
    Setting {
        name: "http-check expect",
        default: "status 200-399",
        governs: "which answer to a check is good",
        cures: &[Cause::HealthCheckFailing],
        advice: "Name the status that the path gives when all is well.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-http-check%20expect",
        ..BASE
    },
    Setting {
        name: "server … inter, fall, rise",
        default: "2s, 3, 2",
        governs: "how often a server is checked, and how many results in a row take it out and back",
        cures: &[Cause::HealthCheckFailing, Cause::DeploymentRollover],
        faults: &[Fault::NoHealthyUpstream],
        advice: "Let several failures in a row take a server out, not one.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-inter",
        ..BASE
    },
    Setting {
        name: "timeout check",
        default: "inter, for connection and answer together",
        governs: "how long a check waits for the answer once it is connected",
        cures: &[Cause::HealthCheckFailing],
        faults: &[Fault::NoHealthyUpstream],
        advice: "Give it more time than the slowest healthy answer takes.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-timeout%20check",
        ..BASE
    },
    Setting {
        name: "server … slowstart",
        default: "off",
        governs: "how slowly a server that came back gets its full share",
        cures: &[Cause::DeploymentRollover, Cause::UpstreamOverloaded],
        faults: &[Fault::ResponseTimeout, Fault::NoHealthyUpstream, Fault::ConnectRefused],
        advice: "Set 30s or so where servers start cold. For releases, drain first: set server \
                 shop/app1 state drain.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-slowstart",
        ..BASE
    },
    // -- TLS --------------------------------------------------------------------------------------
    Setting {
        name: "server … ca-file",
        default: "none (ssl-server-verify required refuses all)",
        governs: "the authorities that a server's certificate may come from",
        cures: CERTIFICATE,
        advice: "Point it to the authority that signed the certificate, or to @system-ca (2.6). \
                 verify none gives up what TLS is for.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-ca-file",
        ..BASE
    },
    Setting {
        name: "server … sni",
        default: "none sent",
        governs: "the name that the server is asked for, and that its certificate must have",
        cures: &[Cause::CertificateNameMismatch, Cause::TlsSettingsMismatch],
        advice: "Set sni str(shop.example), or sni req.hdr(host). Checks have a check-sni of their \
                 own.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-sni",
        ..BASE
    },
    Setting {
        name: "server … verifyhost",
        default: "the name in sni",
        governs: "the name that the server's certificate must have where it is not the one in sni",
        cures: &[Cause::CertificateNameMismatch],
        advice: "Set it to a name that the certificate covers.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-verifyhost",
        ..BASE
    },
    Setting {
        name: "server … crt",
        default: "none",
        governs: "the certificate that is shown to servers that ask for one",
        cures: &[Cause::TlsSettingsMismatch],
        faults: &[Fault::TlsClientCertificateRejected, Fault::TlsHandshakeFailed],
        advice: "Give it a file with certificate and key, signed by an authority that the server \
                 trusts.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-crt",
        ..BASE
    },
    Setting {
        name: "server … ssl-min-ver",
        default: "TLSv1.2",
        governs: "the oldest version of TLS that is spoken to a server",
        cures: &[Cause::TlsSettingsMismatch],
        faults: &[Fault::TlsHandshakeFailed],
        advice: "Lower it only for an old server that cannot be changed; ciphers and \
                 ciphersuites likewise.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-ssl-min-ver",
        ..BASE
    },
    // -- Protocol ---------------------------------------------------------------------------------
    Setting {
        name: "server … ssl",
        default: "off",
        governs: "whether TLS is spoken to the server",
        cures: &[Cause::SchemeMismatch],
        advice: "Set it for a port that ends TLS, and leave it out for one that does not. A check \
                 follows it, or check-ssl.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-ssl",
        ..BASE
    },
    Setting {
        name: "server … proto, alpn",
        default: "HTTP/1.1",
        governs: "which version of HTTP, or FastCGI, is spoken to the server",
        cures: &[Cause::SchemeMismatch],
        faults: &[
            Fault::ResponseMalformed,
            Fault::ResponseProtocolMismatch,
            Fault::ResponseTerminated,
        ],
        advice: "proto h2 speaks HTTP/2 without TLS, as gRPC servers want; with TLS alpn \
                 h2,http/1.1 lets the server choose; proto fcgi speaks FastCGI.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-proto",
        ..BASE
    },
    Setting {
        name: "server … send-proxy",
        default: "off",
        governs: "whether the PROXY protocol's header goes in front of each connection",
        cures: &[Cause::SchemeMismatch],
        faults: &[
            Fault::ResponseMalformed,
            Fault::ResponseTerminated,
            Fault::ResponseClosed,
            Fault::ClientInvalid,
        ],
        advice: "Set it, or send-proxy-v2, exactly where the server expects it; accept-proxy on a \
                 bind line is the other end.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.2-send-proxy",
        ..BASE
    },
    Setting {
        name: "option accept-invalid-http-response",
        default: "off",
        governs: "whether some responses that break HTTP are passed on (since 3.1 option \
                  accept-unsafe-violations-in-http-response)",
        cures: &[Cause::UpstreamSendsInvalidHttp],
        faults: &[Fault::ResponseMalformed],
        advice: "A last resort: show errors on the runtime socket prints the bytes and the place, \
                 and the application is what to mend.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-option%20accept-invalid-http-response",
        ..BASE
    },
    // -- Addresses and routes ---------------------------------------------------------------------
    Setting {
        name: "server … resolvers",
        default: "none (names are looked up once, at the start)",
        governs: "whether a server's name is looked up while HAProxy runs",
        cures: &[Cause::DnsStale, Cause::DnsRecordWrong, Cause::DnsResolverFailing],
        advice: "Name a resolvers section with the name servers, and its hold times. init-addr \
                 last,libc,none starts without an answer.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.3",
        ..BASE
    },
    Setting {
        name: "hold valid, hold nx, hold timeout",
        default: "10s, 30s, 30s",
        governs: "how long an address is kept when the name server says nothing, or that it is gone",
        cures: &[Cause::DnsStale, Cause::DnsResolverFailing],
        faults: &[Fault::DnsFailed, Fault::DnsNotFound, Fault::DnsTimeout],
        advice: "Raise those for failures, so that a name server that is away for a moment takes \
                 no server out.",
        link: "https://docs.haproxy.org/2.6/configuration.html#5.3.2-hold",
        ..BASE
    },
    Setting {
        name: "server",
        governs: "the address and port of a server",
        cures: &[Cause::UpstreamAddressWrong],
        advice: "Compare it with what the upstream listens on. In a container, 127.0.0.1 is the \
                 container itself.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-server",
        ..BASE
    },
    Setting {
        name: "default_backend",
        governs: "where a request goes that no use_backend rule takes",
        cures: &[Cause::RouteMissing],
        faults: &[Fault::NoUpstream],
        advice: "Set it: without it a request that fits no rule gets 503, with <NOSRV> behind the \
                 frontend's own name.",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-default_backend",
        ..BASE
    },
    Setting {
        name: "http-request deny",
        governs: "which requests are refused",
        cures: &[Cause::PolicyDenied],
        advice: "Log the rule that decided: %[last_rule_file]:%[last_rule_line] (2.6).",
        link: "https://docs.haproxy.org/2.6/configuration.html#4-http-request%20deny",
        ..BASE
    },
    Setting {
        name: "hard-stop-after",
        default: "none",
        governs: "how long a process that was told to stop waits for its connections",
        cures: &[Cause::DeploymentRollover],
        faults: &[Fault::BodyTruncated],
        advice: "Give it more than the longest legitimate transfer takes.",
        link: "https://docs.haproxy.org/2.6/configuration.html#3.1-hard-stop-after",
        ..BASE
    },
];

/// Every name is the same whatever is spoken.
pub(super) fn name_for(name: &'static str, _: Option<Protocol>) -> Option<String> {
    Some(String::from(name))
}

/// Twice the time that a response was waited for, in whole tens of seconds: an exchange that ended
/// by the limit tells it, less what came before.
fn server_timeout(evidence: &Evidence<'_>) -> Option<Suggestion> {
    let total = evidence.timings.total?.get();
    let before = evidence.timings.connect.or(evidence.timings.first_byte).map_or(0, Millis::get);
    let waited = total.saturating_sub(before);
    evidence.find(|seen| seen.sign == Sign::TimedOut)?;
    (waited >= 1_000).then(|| {
        let seconds = (waited.saturating_add(500) / 1_000).saturating_mul(2).div_ceil(10) * 10;
        Suggestion::Time { set: Millis::from_secs(seconds), seen: Millis::new(waited) }
    })
}

/// The next power of two that holds what came twice.
fn buffer(evidence: &Evidence<'_>) -> Option<Suggestion> {
    let seen = evidence.headers.size?;
    let size = seen.get();
    let fits = (8 << 10..1 << 20).contains(&size);
    fits.then(|| Suggestion::Size { set: Bytes::new((size * 2).next_power_of_two()), seen })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Seen;

    #[test]
    fn a_time_that_ran_out_is_doubled() {
        let mut evidence = Evidence::default();
        evidence.timings.total = Some(Millis::new(50_003));
        evidence.timings.connect = Some(Millis::new(3));
        assert_eq!(server_timeout(&evidence), None, "nothing ran out");
        evidence.add(Seen::new(Sign::TimedOut));
        let (set, seen) = (Millis::from_secs(100), Millis::from_secs(50));
        assert_eq!(server_timeout(&evidence), Some(Suggestion::Time { set, seen }));
        evidence.timings.total = Some(Millis::new(u64::MAX));
        assert!(server_timeout(&evidence).is_some());
        evidence.timings.total = Some(Millis::new(12));
        assert_eq!(server_timeout(&evidence), None);
    }

    #[test]
    fn a_header_that_filled_the_buffer_gets_a_larger_one() {
        let mut evidence = Evidence::default();
        assert_eq!(buffer(&evidence), None);
        for (size, set) in [(15_400, Some(32 << 10)), (16_384, Some(32 << 10)), (900, None)] {
            evidence.headers.size = Some(Bytes::new(size));
            let wanted =
                set.map(|set| Suggestion::Size { set: Bytes::new(set), seen: Bytes::new(size) });
            assert_eq!(buffer(&evidence), wanted, "{size}");
        }
    }
}
