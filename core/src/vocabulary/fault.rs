//! What the gateway observed of one exchange: right or wrong, read off the evidence.

use super::{Phase, ids};

ids! {
    /// What failed, as the gateway saw it. `parent()` is the more general fault that is said where
    /// the evidence does not tell which of its children it was.
    pub enum Fault: "fault" {
        /// The gateway had no upstream to send this to: no route, no such cluster or pool, or a
        /// pool that holds no server by its configuration.
        NoUpstream = "no-upstream",
        /// The pool has servers, and every one is marked down, ejected or in maintenance; or
        /// discovery lists no ready member; or the gateway says only that none is available.
        NoHealthyUpstream = "no-healthy-upstream",
        /// A limit of the gateway's own refused the request before it left: circuit breaker,
        /// connection pool or queue full, or it waited in the queue too long.
        ConnectionLimit = "connection-limit",
        /// The upstream's name does not exist, or has no address record (NXDOMAIN, NODATA).
        DnsNotFound = "dns-not-found",
        /// The resolver did not answer in time.
        DnsTimeout = "dns-timeout",
        /// The resolver answered with a failure (SERVFAIL, REFUSED, no resolver defined), or the
        /// lookup failed for a reason that is not told.
        DnsFailed = "dns-failed",
        /// The upstream host answered the connection attempt with a refusal (ECONNREFUSED).
        ConnectRefused = "connect-refused",
        /// Nothing answered the connection attempt in time.
        ConnectTimeout = "connect-timeout",
        /// No route to the upstream's host or network (EHOSTUNREACH, ENETUNREACH).
        ConnectUnreachable = "connect-unreachable",
        /// The address itself cannot be connected to: bad host, port or scheme, or a Unix socket
        /// whose path does not exist.
        ConnectInvalid = "connect-invalid",
        /// The gateway's own operating system forbade the connection (EACCES, EPERM: SELinux,
        /// socket permissions, local firewall).
        ConnectDenied = "connect-denied",
        /// The connection could not be made, and the evidence does not say how.
        ConnectFailed = "connect-failed",
        /// The gateway found the upstream's certificate (or one of its chain) expired or not yet
        /// valid. An alert received about the gateway's own is tls-client-certificate-rejected.
        TlsCertificateExpired = "tls-certificate-expired",
        /// The upstream's certificate does not chain to a trusted authority (self-signed, missing
        /// intermediate, unknown CA).
        TlsCertificateUntrusted = "tls-certificate-untrusted",
        /// The certificate is for another name than the one the gateway asked for.
        TlsCertificateNameMismatch = "tls-certificate-name-mismatch",
        /// The certificate was rejected for another reason (revoked, wrong usage, weak key), or for
        /// one that is not told.
        TlsCertificateInvalid = "tls-certificate-invalid",
        /// The handshake failed: no common version or cipher, an alert, an unrecognized server
        /// name, or the peer closed or stalled during it.
        TlsHandshakeFailed = "tls-handshake-failed",
        /// The upstream demanded or refused the gateway's own client certificate (mTLS).
        TlsClientCertificateRejected = "tls-client-certificate-rejected",
        /// The peer answered the handshake with something that is not TLS: TLS sent to a plaintext
        /// port.
        TlsNotSpoken = "tls-not-spoken",
        /// The connection was reset, closed or stalled while the request was being sent.
        RequestWriteFailed = "request-write-failed",
        /// The upstream took the request and sent no response headers in time.
        ResponseTimeout = "response-timeout",
        /// The connection ended before response headers came, and the evidence does not say whether
        /// it was closed or reset (a gateway that reports every close as ECONNRESET included).
        ResponseTerminated = "response-terminated",
        /// The connection or the stream was reset, by either side of it, before response headers
        /// came (RST, RST_STREAM, GOAWAY).
        ResponseReset = "response-reset",
        /// The upstream closed the connection cleanly before response headers came (an empty reply,
        /// a keep-alive connection closed under the request).
        ResponseClosed = "response-closed",
        /// What came back cannot be parsed as a response: bad status line or header, conflicting
        /// lengths, an invalid frame.
        ResponseMalformed = "response-malformed",
        /// The response's headers are larger than the gateway's buffer or limit.
        ResponseHeaderTooLarge = "response-header-too-large",
        /// The peer speaks another protocol or version: HTTP/1 against HTTP/2, plaintext sent to a
        /// TLS port, HTTP against FastCGI or gRPC.
        ResponseProtocolMismatch = "response-protocol-mismatch",
        /// An upgrade (WebSocket, CONNECT) was asked for, and the upstream did not switch.
        ResponseUpgradeFailed = "response-upgrade-failed",
        /// The upstream itself answered 502: it is a gateway, and the fault lies behind it.
        UpstreamBadGateway = "upstream-bad-gateway",
        /// The upstream itself answered 503 (or 529): overloaded, draining or in maintenance by its
        /// own word. A 429 is an application's answer: none.
        UpstreamUnavailable = "upstream-unavailable",
        /// The upstream itself answered 504: something behind it did not answer in time.
        UpstreamGatewayTimeout = "upstream-gateway-timeout",
        /// The upstream answered with another server error (500, 501, 505 …) that the gateway
        /// passed on or turned into its own.
        UpstreamError = "upstream-error",
        /// Headers came, the body did not arrive whole, and the evidence does not say whether it
        /// was cut short or could not be decoded.
        BodyFailed = "body-failed",
        /// Headers came, and the body ended early: closed or reset before its declared end.
        BodyTruncated = "body-truncated",
        /// Headers came, and the body stalled or did not finish in time.
        BodyTimeout = "body-timeout",
        /// Headers came, and the body cannot be decoded: bad chunk, bad content coding, larger than
        /// allowed.
        BodyMalformed = "body-malformed",
        /// The gateway ran out of something of its own: file descriptors, ports, memory, worker
        /// connections, temporary disk.
        GatewayExhausted = "gateway-exhausted",
        /// The gateway failed inside: a crashed worker, a broken filter or script, an invalid
        /// configuration or an unusable file of its own found at run time.
        GatewayInternal = "gateway-internal",
        /// A policy of the gateway refused the request: access control, rate limit, firewall rule,
        /// authorization service, forbidden destination.
        GatewayDenied = "gateway-denied",
        /// The request came back to the gateway that forwarded it.
        GatewayLoop = "gateway-loop",
        /// The client went away before the response was complete; the upstream may be well.
        ClientClosed = "client-closed",
        /// The client's own request was bad (malformed, too large, too slow), and no upstream
        /// failed.
        ClientInvalid = "client-invalid",
        /// Nothing failed at this hop: a response that is not a gateway error.
        None = "none",
        /// Something failed, and the evidence does not say what. Said openly, never guessed.
        Unknown = "unknown",
    }
}

impl Fault {
    /// Where in the life of the exchange this fault arises.
    #[must_use]
    pub const fn phase(self) -> Phase {
        match self {
            Self::NoUpstream | Self::NoHealthyUpstream | Self::ConnectionLimit => Phase::Select,
            Self::DnsNotFound | Self::DnsTimeout | Self::DnsFailed => Phase::Resolve,
            Self::ConnectRefused
            | Self::ConnectTimeout
            | Self::ConnectUnreachable
            | Self::ConnectInvalid
            | Self::ConnectDenied
            | Self::ConnectFailed => Phase::Connect,
            Self::TlsCertificateExpired
            | Self::TlsCertificateUntrusted
            | Self::TlsCertificateNameMismatch
            | Self::TlsCertificateInvalid
            | Self::TlsHandshakeFailed
            | Self::TlsClientCertificateRejected
            | Self::TlsNotSpoken => Phase::Tls,
            Self::RequestWriteFailed => Phase::Request,
            Self::ResponseTimeout
            | Self::ResponseTerminated
            | Self::ResponseReset
            | Self::ResponseClosed
            | Self::ResponseMalformed
            | Self::ResponseHeaderTooLarge
            | Self::ResponseProtocolMismatch
            | Self::ResponseUpgradeFailed
            | Self::UpstreamBadGateway
            | Self::UpstreamUnavailable
            | Self::UpstreamGatewayTimeout
            | Self::UpstreamError => Phase::ResponseHeaders,
            Self::BodyFailed | Self::BodyTruncated | Self::BodyTimeout | Self::BodyMalformed => {
                Phase::ResponseBody
            }
            Self::GatewayExhausted
            | Self::GatewayInternal
            | Self::GatewayDenied
            | Self::GatewayLoop
            | Self::Unknown => Phase::Gateway,
            Self::ClientClosed | Self::ClientInvalid | Self::None => Phase::Client,
        }
    }

    /// The more general fault; `None` where this is the most general one.
    #[must_use]
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::NoUpstream
            | Self::NoHealthyUpstream
            | Self::ConnectionLimit
            | Self::DnsFailed
            | Self::ConnectFailed
            | Self::TlsHandshakeFailed
            | Self::RequestWriteFailed
            | Self::ResponseTimeout
            | Self::ResponseTerminated
            | Self::ResponseMalformed
            | Self::ResponseUpgradeFailed
            | Self::UpstreamBadGateway
            | Self::UpstreamUnavailable
            | Self::UpstreamGatewayTimeout
            | Self::UpstreamError
            | Self::BodyFailed
            | Self::BodyTimeout
            | Self::GatewayExhausted
            | Self::GatewayInternal
            | Self::GatewayDenied
            | Self::GatewayLoop
            | Self::ClientClosed
            | Self::ClientInvalid
            | Self::None
            | Self::Unknown => None,
            Self::DnsNotFound | Self::DnsTimeout => Some(Self::DnsFailed),
            Self::ConnectRefused
            | Self::ConnectTimeout
            | Self::ConnectUnreachable
            | Self::ConnectInvalid
            | Self::ConnectDenied => Some(Self::ConnectFailed),
            Self::TlsCertificateExpired
            | Self::TlsCertificateUntrusted
            | Self::TlsCertificateNameMismatch => Some(Self::TlsCertificateInvalid),
            Self::TlsCertificateInvalid
            | Self::TlsClientCertificateRejected
            | Self::TlsNotSpoken => Some(Self::TlsHandshakeFailed),
            Self::ResponseReset | Self::ResponseClosed => Some(Self::ResponseTerminated),
            Self::ResponseHeaderTooLarge | Self::ResponseProtocolMismatch => {
                Some(Self::ResponseMalformed)
            }
            Self::BodyTruncated | Self::BodyMalformed => Some(Self::BodyFailed),
        }
    }

    /// The Proxy-Status error type of RFC 9209, section 2.3; `None` where it has none.
    #[must_use]
    pub const fn proxy_error(self) -> Option<&'static str> {
        match self {
            Self::NoUpstream => Some("destination_not_found"),
            Self::NoHealthyUpstream | Self::ConnectFailed => Some("destination_unavailable"),
            Self::ConnectionLimit => Some("connection_limit_reached"),
            Self::DnsNotFound | Self::DnsFailed => Some("dns_error"),
            Self::DnsTimeout => Some("dns_timeout"),
            Self::ConnectRefused => Some("connection_refused"),
            Self::ConnectTimeout => Some("connection_timeout"),
            Self::ConnectUnreachable => Some("destination_ip_unroutable"),
            Self::ConnectInvalid => Some("proxy_configuration_error"),
            Self::ConnectDenied | Self::GatewayExhausted | Self::GatewayInternal => {
                Some("proxy_internal_error")
            }
            Self::TlsCertificateExpired
            | Self::TlsCertificateUntrusted
            | Self::TlsCertificateNameMismatch
            | Self::TlsCertificateInvalid => Some("tls_certificate_error"),
            Self::TlsHandshakeFailed | Self::TlsNotSpoken => Some("tls_protocol_error"),
            Self::TlsClientCertificateRejected => Some("tls_alert_received"),
            Self::RequestWriteFailed
            | Self::ResponseTerminated
            | Self::ResponseReset
            | Self::ResponseClosed => Some("connection_terminated"),
            Self::ResponseTimeout => Some("http_response_timeout"),
            Self::ResponseMalformed | Self::ResponseProtocolMismatch => Some("http_protocol_error"),
            Self::ResponseHeaderTooLarge => Some("http_response_header_section_size"),
            Self::ResponseUpgradeFailed => Some("http_upgrade_failed"),
            Self::UpstreamBadGateway
            | Self::UpstreamUnavailable
            | Self::UpstreamGatewayTimeout
            | Self::UpstreamError
            | Self::ClientClosed
            | Self::None
            | Self::Unknown => None,
            Self::BodyFailed | Self::BodyTruncated => Some("http_response_incomplete"),
            Self::BodyTimeout => Some("connection_read_timeout"),
            Self::BodyMalformed => Some("http_response_transfer_coding"),
            Self::GatewayDenied => Some("http_request_denied"),
            Self::GatewayLoop => Some("proxy_loop_detected"),
            Self::ClientInvalid => Some("http_request_error"),
        }
    }

    /// The W3C Network Error Logging type that a client would report; `None` where there is none.
    #[must_use]
    pub const fn nel(self) -> Option<&'static str> {
        match self {
            Self::NoUpstream
            | Self::NoHealthyUpstream
            | Self::ConnectionLimit
            | Self::ResponseTimeout
            | Self::ResponseUpgradeFailed
            | Self::BodyTimeout
            | Self::GatewayExhausted
            | Self::GatewayInternal
            | Self::GatewayDenied
            | Self::GatewayLoop
            | Self::ClientInvalid => None,
            Self::DnsNotFound => Some("dns.name_not_resolved"),
            Self::DnsTimeout => Some("dns.unreachable"),
            Self::DnsFailed => Some("dns.failed"),
            Self::ConnectRefused => Some("tcp.refused"),
            Self::ConnectTimeout => Some("tcp.timed_out"),
            Self::ConnectUnreachable => Some("tcp.address_unreachable"),
            Self::ConnectInvalid => Some("tcp.address_invalid"),
            Self::ConnectDenied | Self::ConnectFailed => Some("tcp.failed"),
            Self::TlsCertificateExpired => Some("tls.cert.date_invalid"),
            Self::TlsCertificateUntrusted => Some("tls.cert.authority_invalid"),
            Self::TlsCertificateNameMismatch => Some("tls.cert.name_invalid"),
            Self::TlsCertificateInvalid => Some("tls.cert.invalid"),
            Self::TlsHandshakeFailed | Self::TlsNotSpoken => Some("tls.protocol.error"),
            Self::TlsClientCertificateRejected => Some("tls.bad_client_auth_cert"),
            Self::RequestWriteFailed | Self::ResponseReset => Some("tcp.reset"),
            Self::ResponseTerminated => Some("tcp.aborted"),
            Self::ResponseClosed => Some("tcp.closed"),
            Self::ResponseMalformed | Self::BodyFailed | Self::BodyMalformed => {
                Some("http.response.invalid")
            }
            Self::ResponseHeaderTooLarge => Some("http.response.headers.too_large"),
            Self::ResponseProtocolMismatch => Some("http.protocol.error"),
            Self::UpstreamBadGateway
            | Self::UpstreamUnavailable
            | Self::UpstreamGatewayTimeout
            | Self::UpstreamError => Some("http.error"),
            Self::BodyTruncated => Some("http.response.invalid.content_length_mismatch"),
            Self::ClientClosed => Some("abandoned"),
            Self::None => Some("ok"),
            Self::Unknown => Some("unknown"),
        }
    }
}
