//! Evidence from people who hold the facts themselves: a proxy, a client, a filter.

#[cfg(feature = "serde")]
mod facts;

#[cfg(feature = "http")]
use crate::dialects::standard::fields;
use crate::dialects::standard::{errno, http_message, tls};
use crate::evidence::{
    Attempt, BodySignature, Bytes, Evidence, Origin, Protocol, Seen, Sign, Source, Timestamp,
};
use crate::vocabulary::{Gateway, Phase};

pub use crate::dialects::standard::http_message::Breach;
#[cfg(feature = "serde")]
pub use facts::{Facts, FactsError};

/// Builds [`Evidence`] fact by fact. Every fact is optional.
///
/// ```
/// use core::time::Duration;
/// use why502::{Evidence, Fault, Phase};
///
/// let evidence = Evidence::builder()
///     .status(504)
///     .upstream("10.0.0.3:8080")
///     .timed_out(Phase::ResponseHeaders)
///     .response_limit(Duration::from_secs(60))
///     .total(Duration::from_millis(60_001))
///     .build();
/// let diagnosis = why502::diagnose(&evidence);
/// assert_eq!(diagnosis.fault(), Fault::ResponseTimeout);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct Builder<'a> {
    evidence: Evidence<'a>,
}

impl<'a> Evidence<'a> {
    /// Begins with nothing known.
    pub fn builder() -> Builder<'a> {
        Builder::default()
    }
}

impl<'a> Builder<'a> {
    /// All that was told.
    #[must_use]
    pub fn build(self) -> Evidence<'a> {
        self.evidence
    }

    /// Who saw the exchange.
    pub fn gateway(mut self, gateway: Gateway) -> Self {
        self.evidence.gateway = Some(gateway);
        self
    }

    /// When.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.evidence.at = Some(at);
        self
    }

    /// The status that the client got, or gets.
    pub fn status(mut self, status: u16) -> Self {
        self.evidence.status = Some(status);
        self
    }

    /// Method and path of the request.
    pub fn request(mut self, method: &'a str, path: &'a str) -> Self {
        self.evidence.request.method = Some(method.as_bytes());
        self.evidence.request.path = Some(path.as_bytes());
        self
    }

    /// The request's host and port.
    pub fn authority(mut self, authority: &'a str) -> Self {
        self.evidence.request.authority = Some(authority.as_bytes());
        self
    }

    /// The request's id.
    pub fn request_id(mut self, id: &'a str) -> Self {
        self.evidence.request.id = Some(id.as_bytes());
        self
    }

    /// The client asked to switch protocols.
    pub fn upgrade(mut self) -> Self {
        self.evidence.request.upgrade = true;
        self
    }

    /// The upstream group, cluster or pool.
    pub fn cluster(mut self, cluster: &'a str) -> Self {
        self.evidence.cluster = Some(cluster.as_bytes());
        self
    }

    /// What is spoken to the upstream.
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.evidence.protocol = Some(protocol);
        self
    }

    /// The upstream of the deciding attempt: `host:port` or `unix:/path`.
    pub fn upstream(mut self, address: &'a str) -> Self {
        match self.evidence.attempts.last_mut() {
            Some(last) if last.address.is_none() => last.address = Some(address.as_bytes()),
            _ => self
                .evidence
                .attempts
                .push(Attempt { address: Some(address.as_bytes()), ..Attempt::default() }),
        }
        self
    }

    /// One attempt, in order; the last one's outcome is what the client got.
    pub fn attempt(mut self, address: &'a str, status: Option<u16>) -> Self {
        self.evidence.attempts.push(Attempt {
            address: Some(address.as_bytes()),
            status,
            ..Attempt::default()
        });
        self.evidence.upstream_told = true;
        self
    }

    /// Making the connection failed.
    #[cfg(feature = "std")]
    pub fn connect_error(self, error: std::io::Error) -> Self {
        self.error(Phase::Connect, &error)
    }

    /// An operation of this phase failed.
    #[cfg(feature = "std")]
    pub fn error(self, phase: Phase, error: &std::io::Error) -> Self {
        match error.raw_os_error().and_then(|number| u32::try_from(number).ok()) {
            Some(number) => self.errno(phase, number),
            None => self.sign(errno::kind(error.kind()).unwrap_or(Sign::Failed), phase, None),
        }
    }

    /// An operation of this phase failed with this number of the operating system (Linux, BSD,
    /// macOS, or Windows sockets).
    pub fn errno(self, phase: Phase, number: u32) -> Self {
        self.sign(errno::network(number).unwrap_or(Sign::Failed), phase, Some(number))
    }

    /// A time limit passed in this phase.
    pub fn timed_out(self, phase: Phase) -> Self {
        self.sign(Sign::TimedOut, phase, None)
    }

    /// The upstream closed the connection cleanly in this phase.
    pub fn closed(self, phase: Phase) -> Self {
        self.sign(Sign::Closed, phase, None)
    }

    /// The upstream reset the connection in this phase.
    pub fn reset(self, phase: Phase) -> Self {
        self.sign(Sign::Reset, phase, None)
    }

    /// The upstream sent a TLS alert (RFC 8446, section 6), by its number.
    pub fn tls_alert_received(self, number: u8) -> Self {
        let number = u32::from(number);
        self.sign(tls::alert_from_upstream(number), Phase::Tls, Some(number))
    }

    /// The upstream's certificate was refused, by OpenSSL's verify code.
    pub fn tls_verify_error(self, code: u32) -> Self {
        self.sign(tls::verify_code(code), Phase::Tls, Some(code))
    }

    /// Anything else that is proved, in its phase, with the number that came with it.
    pub fn sign(mut self, sign: Sign, phase: Phase, number: Option<u32>) -> Self {
        let attempt = self.evidence.attempts.len().checked_sub(1);
        let attempt = attempt.and_then(|at| u8::try_from(at).ok());
        self.evidence.add(Seen { phase: Some(phase), number, attempt, ..Seen::new(sign) });
        self.evidence.sources.add(Source::Caller);
        self
    }

    /// How long the name took to resolve.
    pub fn resolved_in(mut self, took: core::time::Duration) -> Self {
        self.evidence.timings.resolve = Some(took.into());
        self
    }

    /// How long the connection took.
    pub fn connected_in(mut self, took: core::time::Duration) -> Self {
        self.evidence.timings.connect = Some(took.into());
        self
    }

    /// How long the TLS handshake took.
    pub fn handshake_in(mut self, took: core::time::Duration) -> Self {
        self.evidence.timings.tls = Some(took.into());
        self
    }

    /// When the first byte of the response came, from the start of the exchange.
    pub fn first_byte_in(mut self, took: core::time::Duration) -> Self {
        self.evidence.timings.first_byte = Some(took.into());
        self
    }

    /// How long the whole exchange took.
    pub fn total(mut self, took: core::time::Duration) -> Self {
        self.evidence.timings.total = Some(took.into());
        self
    }

    /// The limit for making a connection.
    pub fn connect_limit(mut self, limit: core::time::Duration) -> Self {
        self.evidence.limits.connect = Some(limit.into());
        self
    }

    /// The limit for the response, to its headers or between two reads.
    pub fn response_limit(mut self, limit: core::time::Duration) -> Self {
        self.evidence.limits.response = Some(limit.into());
        self
    }

    /// The limit for sending the request, between two writes.
    pub fn send_limit(mut self, limit: core::time::Duration) -> Self {
        self.evidence.limits.send = Some(limit.into());
        self
    }

    /// How long the gateway keeps an idle upstream connection.
    pub fn idle_limit(mut self, limit: core::time::Duration) -> Self {
        self.evidence.limits.idle = Some(limit.into());
        self
    }

    /// The buffer for the response's headers, in bytes.
    pub fn header_limit(mut self, bytes: u64) -> Self {
        self.evidence.limits.header = Some(Bytes::new(bytes));
        self
    }

    /// Whether the upstream connection had served a request before.
    pub fn reused_connection(mut self, reused: bool) -> Self {
        self.evidence.reused = Some(reused);
        self
    }

    /// Bytes that came from the upstream in the deciding attempt.
    pub fn received(mut self, bytes: u64) -> Self {
        if self.evidence.attempts.is_empty() {
            self.evidence.attempts.push(Attempt::default());
        }
        if let Some(last) = self.evidence.attempts.last_mut() {
            last.received = Some(Bytes::new(bytes));
        }
        self
    }

    /// The response's body, or its beginning.
    pub fn body(mut self, start: &[u8]) -> Self {
        self.evidence.body = Some(BodySignature::of(start));
        self
    }

    /// The bytes that the upstream answered with, from the first. They are checked: which rule of
    /// HTTP they break, and where, is told by [`Builder::check_response`].
    pub fn raw_response(self, message: &'a [u8]) -> Self {
        self.check_response(message).0
    }

    /// As [`Builder::raw_response`], and says which rule the bytes break; `None` where they break
    /// none, or are only cut short.
    pub fn check_response(mut self, message: &'a [u8]) -> (Self, Option<Breach>) {
        let origin = Origin::new(Source::Headers, 0, 0);
        let breach = http_message::read(message, origin, &mut self.evidence).err();
        if let Some(breach) = breach {
            http_message::add_breach(message, origin, breach, &mut self.evidence);
        }
        (self, breach)
    }

    /// A response's status and headers.
    #[cfg(feature = "http")]
    pub fn response<B>(self, response: &'a http::Response<B>) -> Self {
        self.status(response.status().as_u16()).headers(response.headers())
    }

    /// A response's headers.
    #[cfg(feature = "http")]
    pub fn headers(mut self, headers: &'a http::HeaderMap) -> Self {
        let value = |name: &str| headers.get(name).map(http::HeaderValue::as_bytes);
        let origin = Origin::new(Source::Headers, 0, 0);
        for (name, value) in headers {
            fields::take(name.as_ref(), value.as_bytes(), origin, &mut self.evidence);
        }
        let upstream_time = value("x-envoy-upstream-service-time");
        fields::conclude(upstream_time, origin, &mut self.evidence);
        let length = value("content-length").and_then(crate::scan::number::bytes);
        let known = &mut self.evidence.headers;
        known.content_length = length.or(known.content_length);
        self
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;
    use crate::classify::classify;
    use crate::vocabulary::Fault;

    #[test]
    fn facts_become_faults() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let broken = std::io::Error::from_raw_os_error(104);
        for (builder, fault) in [
            (Evidence::builder().connect_error(refused), Fault::ConnectRefused),
            (Evidence::builder().error(Phase::ResponseHeaders, &broken), Fault::ResponseReset),
            (Evidence::builder().errno(Phase::Connect, 113), Fault::ConnectUnreachable),
            (Evidence::builder().timed_out(Phase::ResponseBody), Fault::BodyTimeout),
            (Evidence::builder().tls_alert_received(112), Fault::TlsHandshakeFailed),
            (Evidence::builder().tls_alert_received(116), Fault::TlsClientCertificateRejected),
            (Evidence::builder().tls_verify_error(10), Fault::TlsCertificateExpired),
            (Evidence::builder().raw_response(b"SSH-2.0-x\r\n"), Fault::ResponseMalformed),
            (Evidence::builder().status(200), Fault::None),
            (Evidence::builder().status(499), Fault::ClientClosed),
            (Evidence::builder().status(502), Fault::Unknown),
            (
                Evidence::builder().attempt("a:1", Some(502)).attempt("b:1", Some(200)).status(200),
                Fault::None,
            ),
        ] {
            assert_eq!(classify(&builder.build()).fault, fault);
        }
    }

    #[test]
    fn a_broken_response_names_its_rule() {
        let (_, breach) = Evidence::builder().check_response(b"HTTP/1.1 200 OK\r\nA b: c\r\n\r\n");
        assert_eq!(breach.map(|breach| breach.at), Some(18));
    }

    #[cfg(feature = "http")]
    #[test]
    fn headers_of_the_http_crate_are_read() {
        let response =
            http::Response::builder().status(503).header("Retry-After", "120").body(()).unwrap();
        let evidence = Evidence::builder().response(&response).build();
        assert_eq!(evidence.status, Some(503));
        assert_eq!(evidence.headers.retry_after, Some(&b"120"[..]));
    }
}
