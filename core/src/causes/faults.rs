//! What each fault means, in a sentence: the prose that stands beside its causes.

use crate::vocabulary::Fault;

impl Fault {
    /// What it means, for the person on call.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::NoUpstream => {
                "The gateway had no upstream to send this to: no route, no such cluster or \
                 pool, or a pool that holds no server by its configuration."
            }
            Self::NoHealthyUpstream => {
                "The pool has servers, and every one is marked down, ejected or in \
                 maintenance; or discovery lists no ready member; or the gateway says only \
                 that none is available."
            }
            Self::ConnectionLimit => {
                "A limit of the gateway's own refused the request before it left: circuit \
                 breaker, connection pool or queue full, or it waited in the queue too long."
            }
            Self::DnsNotFound => {
                "The upstream's name does not exist, or has no address record (NXDOMAIN, \
                 NODATA)."
            }
            Self::DnsTimeout => "The resolver did not answer in time.",
            Self::DnsFailed => {
                "The resolver answered with a failure (SERVFAIL, REFUSED, no resolver \
                 defined), or the lookup failed for a reason that is not told."
            }
            Self::ConnectRefused => {
                "The upstream host answered the connection attempt with a refusal \
                 (ECONNREFUSED)."
            }
            Self::ConnectTimeout => "Nothing answered the connection attempt in time.",
            Self::ConnectUnreachable => {
                "No route to the upstream's host or network (EHOSTUNREACH, ENETUNREACH)."
            }
            Self::ConnectInvalid => {
                "The address itself cannot be connected to: bad host, port or scheme, or a \
                 Unix socket whose path does not exist."
            }
            Self::ConnectDenied => {
                "The gateway's own operating system forbade the connection (EACCES, EPERM: \
                 SELinux, socket permissions, local firewall)."
            }
            Self::ConnectFailed => {
                "The connection could not be made, and the evidence does not say how."
            }
            Self::TlsCertificateExpired => {
                "The gateway found the upstream's certificate (or one of its chain) expired \
                 or not yet valid. An alert received about the gateway's own is tls-client- \
                 certificate-rejected."
            }
            Self::TlsCertificateUntrusted => {
                "The upstream's certificate does not chain to a trusted authority (self- \
                 signed, missing intermediate, unknown CA)."
            }
            Self::TlsCertificateNameMismatch => {
                "The certificate is for another name than the one the gateway asked for."
            }
            Self::TlsCertificateInvalid => {
                "The certificate was rejected for another reason (revoked, wrong usage, weak \
                 key), or for one that is not told."
            }
            Self::TlsHandshakeFailed => {
                "The handshake failed: no common version or cipher, an alert, an unrecognized \
                 server name, or the peer closed or stalled during it."
            }
            Self::TlsClientCertificateRejected => {
                "The upstream demanded or refused the gateway's own client certificate \
                 (mTLS)."
            }
            Self::TlsNotSpoken => {
                "The peer answered the handshake with something that is not TLS: TLS sent to \
                 a plaintext port."
            }
            Self::RequestWriteFailed => {
                "The connection was reset, closed or stalled while the request was being \
                 sent."
            }
            Self::ResponseTimeout => {
                "The upstream took the request and sent no response headers in time."
            }
            Self::ResponseTerminated => {
                "The connection ended before response headers came, and the evidence does not \
                 say whether it was closed or reset (a gateway that reports every close as \
                 ECONNRESET included)."
            }
            Self::ResponseReset => {
                "The connection or the stream was reset, by either side of it, before \
                 response headers came (RST, RST_STREAM, GOAWAY)."
            }
            Self::ResponseClosed => {
                "The upstream closed the connection cleanly before response headers came (an \
                 empty reply, a keep-alive connection closed under the request)."
            }
            Self::ResponseMalformed => {
                "What came back cannot be parsed as a response: bad status line or header, \
                 conflicting lengths, an invalid frame."
            }
            Self::ResponseHeaderTooLarge => {
                "The response's headers are larger than the gateway's buffer or limit."
            }
            Self::ResponseProtocolMismatch => {
                "The peer speaks another protocol or version: HTTP/1 against HTTP/2, \
                 plaintext sent to a TLS port, HTTP against FastCGI or gRPC."
            }
            Self::ResponseUpgradeFailed => {
                "An upgrade (WebSocket, CONNECT) was asked for, and the upstream did not \
                 switch."
            }
            Self::UpstreamBadGateway => {
                "The upstream itself answered 502: it is a gateway, and the fault lies behind \
                 it."
            }
            Self::UpstreamUnavailable => {
                "The upstream itself answered 503 (or 529): overloaded, draining or in \
                 maintenance by its own word. A 429 is an application's answer: none."
            }
            Self::UpstreamGatewayTimeout => {
                "The upstream itself answered 504: something behind it did not answer in \
                 time."
            }
            Self::UpstreamError => {
                "The upstream answered with another server error (500, 501, 505 …) that the \
                 gateway passed on or turned into its own."
            }
            Self::BodyFailed => {
                "Headers came, the body did not arrive whole, and the evidence does not say \
                 whether it was cut short or could not be decoded."
            }
            Self::BodyTruncated => {
                "Headers came, and the body ended early: closed or reset before its declared \
                 end."
            }
            Self::BodyTimeout => "Headers came, and the body stalled or did not finish in time.",
            Self::BodyMalformed => {
                "Headers came, and the body cannot be decoded: bad chunk, bad content coding, \
                 larger than allowed."
            }
            Self::GatewayExhausted => {
                "The gateway ran out of something of its own: file descriptors, ports, \
                 memory, worker connections, temporary disk."
            }
            Self::GatewayInternal => {
                "The gateway failed inside: a crashed worker, a broken filter or script, an \
                 invalid configuration or an unusable file of its own found at run time."
            }
            Self::GatewayDenied => {
                "A policy of the gateway refused the request: access control, rate limit, \
                 firewall rule, authorization service, forbidden destination."
            }
            Self::GatewayLoop => "The request came back to the gateway that forwarded it.",
            Self::ClientClosed => {
                "The client went away before the response was complete; the upstream may be \
                 well."
            }
            Self::ClientInvalid => {
                "The client's own request was bad (malformed, too large, too slow), and no \
                 upstream failed."
            }
            Self::None => "Nothing failed at this hop: a response that is not a gateway error.",
            Self::Unknown => {
                "Something failed, and the evidence does not say what. Said openly, never \
                 guessed."
            }
        }
    }
}
