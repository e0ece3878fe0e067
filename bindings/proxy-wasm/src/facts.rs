//! What the host knows of an exchange that failed, in a ladder: Envoy's attributes, other hosts'
//! properties, status and headers, the body's signature. What is not there is left out.
//!
//! A call costs a host as much as the diagnosis itself: what cannot be there, or cannot change the
//! verdict, is not asked for.

use alloc::vec::Vec;
use core::time::Duration;

use why502::dialects::envoy::{self, Attributes};
use why502::evidence::{BodySignature, Timestamp};
use why502::{Evidence, Gateway};

use crate::{Ask, Known, Map, Pairs};

/// Longer values of headers and properties are cut: they are quoted, not used.
const LONGEST: usize = 1024;

/// Facts about one exchange, with memory of their own: they outlive the callback that read them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Facts {
    /// What the client got; `None` or 0 where it got nothing.
    pub status: Option<u16>,
    /// The response's `grpc-status`, from its headers or trailers.
    pub grpc_status: Option<Vec<u8>>,
    /// Of the upstream that was asked last: `10.0.0.3:8080`.
    pub upstream: Option<Vec<u8>>,
    /// The upstream's cluster.
    pub cluster: Option<Vec<u8>>,
    /// How long it took; until it is over, how long until the response's headers came.
    pub total: Option<Duration>,
    /// What was asked for.
    pub request: Request,
    /// When it was, in nanoseconds since 1970.
    pub at: Option<u64>,
    /// What the body looks like, where somebody looked.
    pub body: Option<BodySignature>,
    /// Whether the response's headers came from the upstream, and it failed afterwards.
    pub(crate) begun: bool,
    flags: Option<Vec<u8>>,
    details: Option<Vec<u8>>,
    transport: Option<Vec<u8>>,
    termination: Option<Vec<u8>>,
    route: Option<Vec<u8>>,
    attempts: Option<u64>,
    connected: Option<Duration>,
    content_type: Option<Vec<u8>>,
    server: Option<Vec<u8>>,
    via: Option<Vec<u8>>,
    retry_after: Option<Vec<u8>>,
    proxy_status: Option<Vec<u8>>,
    nginx: Option<Attempt>,
    /// Whether it has `response.flags` or details: only Envoy does.
    is_envoy: bool,
    /// Whether all was asked for.
    complete: bool,
}

/// What nginx says of the last attempt.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    status: Option<u16>,
    connect: Option<Duration>,
    header: Option<Duration>,
}

/// What was asked for.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Request {
    /// `GET`
    pub method: Option<Vec<u8>>,
    /// The path with its query.
    pub path: Option<Vec<u8>>,
    /// `Host`, or `:authority`.
    pub authority: Option<Vec<u8>>,
    /// `x-request-id`
    pub id: Option<Vec<u8>>,
    /// Whether it asks to switch to WebSocket.
    pub upgrade: bool,
    /// `accept`
    pub accept: Option<Vec<u8>>,
    /// `content-type`
    pub content_type: Option<Vec<u8>>,
}

impl Request {
    /// Of its headers.
    #[must_use]
    pub fn of(headers: &Pairs) -> Self {
        let value = |name: &[u8]| headers.value(name).map(cut);
        Self {
            method: value(b":method"),
            path: value(b":path"),
            authority: value(b":authority"),
            id: value(b"x-request-id"),
            upgrade: headers.value(b"upgrade").is_some_and(is_websocket),
            accept: value(b"accept"),
            content_type: value(b"content-type"),
        }
    }

    /// In a phase where the host may not show the request any more: Envoy does so until it is passed
    /// on, and again at the log phase.
    fn ask(host: &impl Ask) -> Self {
        let mut request = Self::of(&host.headers(Map::Request).unwrap_or_default());
        if request.path.is_none() && request.method.is_none() {
            request.path = text(host, b"request\0path");
            request.method = text(host, b"request\0method");
        }
        request
    }
}

/// What else can be asked for (`h2c`) may be passed over in silence.
pub(crate) fn is_websocket(protocol: &[u8]) -> bool {
    protocol.trim_ascii().eq_ignore_ascii_case(b"websocket")
}

impl Facts {
    /// Asks the host for what it may know. `status` is what the response's headers say; where they were
    /// not seen the host is asked.
    pub(crate) fn gather(host: &impl Ask, known: &mut Known, status: Option<u16>) -> Self {
        let code = || number(host, b"response\0code").and_then(|code| u16::try_from(code).ok());
        let mut facts = Self { status: status.or_else(code), ..Self::default() };
        facts.verdict(host);
        facts.attributes(host, known);
        facts
    }

    /// The request while the response goes by; it is asked for where it was not kept.
    pub(crate) fn request(&mut self, host: &impl Ask, kept: Option<Request>) {
        self.at = host.now().ok();
        let begun = number(host, b"request\0time");
        let took = self.at.zip(begun).and_then(|(at, begun)| at.checked_sub(begun));
        self.total = took.map(Duration::from_nanos);
        self.request = kept.unwrap_or_else(|| match self.is_envoy {
            // The rest is shown at the log phase, and does not change the verdict.
            true => Request { method: text(host, b"request\0method"), ..Request::default() },
            false => Request::ask(host),
        });
    }

    /// Asks, at the log phase, for what does not change the verdict of a response that came by whole: the
    /// rest of the request, how long it took in all, and when it was.
    pub fn complete(&mut self, host: &impl Ask) {
        if core::mem::replace(&mut self.complete, true) {
            return;
        }
        if self.request.path.is_none() {
            let method = self.request.method.take();
            self.request = Request::ask(host);
            self.request.method = self.request.method.take().or(method);
        }
        self.total = span(host, b"request\0duration").or(self.total);
        self.at = self.at.or_else(|| host.now().ok());
    }

    /// What Envoy says of an exchange that is over.
    pub(crate) fn over(&mut self, host: &impl Ask, whole: bool) {
        self.complete(host);
        if self.is_envoy && !whole {
            self.verdict(host);
        }
    }

    /// Whether nothing that is known later changes the verdict on a response of Envoy's, or of its
    /// upstream, that came by whole: the 400s may be an upgrade that failed, as only the request tells.
    pub(crate) fn is_final(&self) -> bool {
        self.is_envoy && self.total.is_some() && self.status.is_some_and(|status| status >= 500)
    }

    /// What Envoy itself says of the exchange.
    fn verdict(&mut self, host: &impl Ask) {
        if let Some(bits) = number(host, b"response\0flags") {
            self.flags = Some(envoy::flag_names(bits).into_bytes());
            self.is_envoy = true;
        }
        if let Some(details) = text(host, b"response\0code_details") {
            self.details = Some(details);
            self.is_envoy = true;
        }
    }

    /// Envoy's attributes; other hosts have some of them.
    fn attributes(&mut self, host: &impl Ask, known: &mut Known) {
        let details = self.details.as_deref().unwrap_or_default();
        let answered = details.starts_with(b"via_upstream");
        let flagged = self.flags.as_deref().is_some_and(|flags| !flags.is_empty());
        // Said of the client's connection, and looked at where there was no response.
        if self.status.is_none_or(|status| status == 0) {
            self.termination = text(host, b"connection\0termination_details");
        }
        self.upstream = text(host, b"upstream\0address");
        // Where no upstream was chosen there is nothing to say of it.
        if self.upstream.is_some() {
            // Details have it behind a stroke.
            let told = details.contains(&b'|') || (answered && !flagged);
            self.attempts = number(host, b"upstream\0request_attempt_count");
            self.connected = span(host, b"upstream\0cx_pool_ready_duration");
            self.transport = match told {
                true => None,
                false => text(host, b"upstream\0transport_failure_reason"),
            };
        }
        // Only a route that answers by itself says something by its name.
        let by_route = details.is_empty() || details == b"direct_response";
        self.cluster = text(host, b"xds\0cluster_name");
        known.xds |= self.cluster.is_some();
        if by_route {
            self.route = text(host, b"xds\0route_name");
        }
        // The names that versions before 1.23 have.
        if !known.xds {
            self.cluster = text(host, b"cluster_name");
            if by_route && self.route.is_none() {
                self.route = text(host, b"route_name");
            }
        }
    }

    /// The response's headers, and what hosts other than Envoy know.
    pub(crate) fn response(&mut self, host: &impl Ask, headers: &Pairs) {
        let value = |name: &[u8]| headers.value(name).map(cut);
        self.status = self.status.filter(|status| *status != 0).or_else(|| {
            let status = headers.value(b":status").or_else(|| headers.value(b"status"))?;
            decimal(status).and_then(|status| u16::try_from(status).ok())
        });
        self.grpc_status = value(b"grpc-status");
        self.content_type = value(b"content-type");
        self.server = value(b"server");
        self.via = value(b"via");
        self.retry_after = value(b"retry-after");
        self.proxy_status = value(b"proxy-status");
        if !self.is_envoy {
            self.other_hosts(host);
        }
    }

    /// The variables of nginx, as Kong and its module show them: of each list the last attempt's.
    fn other_hosts(&mut self, host: &impl Ask) {
        let last = |path: &[u8]| {
            let list = text(host, path)?;
            let last = list.rsplit(|byte| matches!(byte, b',' | b':')).next()?;
            Some(last.trim_ascii().to_vec())
        };
        let address = text(host, b"ngx\0upstream_addr").and_then(|list| {
            let last = list.rsplit(|byte| *byte == b',').next()?;
            Some(last.trim_ascii().to_vec())
        });
        self.upstream = self.upstream.take().or(address);
        let Some(status) = last(b"ngx\0upstream_status") else { return };
        let seconds = |path: &[u8]| last(path).and_then(|text| seconds(&text));
        self.nginx = Some(Attempt {
            status: decimal(&status).and_then(|status| u16::try_from(status).ok()),
            connect: seconds(b"ngx\0upstream_connect_time"),
            header: seconds(b"ngx\0upstream_header_time"),
        });
    }

    /// As evidence, for [`why502::diagnose`].
    #[must_use]
    pub fn evidence(&self) -> Evidence<'_> {
        let mut evidence = if self.is_envoy {
            let mut told = Attributes::default();
            told.status = self.status;
            told.flags = self.flags.as_deref();
            told.details = self.details.as_deref();
            told.transport_failure = self.transport.as_deref();
            told.termination = self.termination.as_deref();
            told.upstream = self.upstream.as_deref();
            told.cluster = self.cluster.as_deref();
            told.route = self.route.as_deref();
            told.attempts = self.attempts;
            told.grpc_status = self.grpc_status.as_deref();
            told.upgrade = self.request.upgrade;
            told.begun = self.begun;
            told.evidence()
        } else {
            let mut evidence = Evidence::default();
            evidence.status = self.status;
            evidence.cluster = self.cluster.as_deref();
            let mut attempt = why502::evidence::Attempt::default();
            attempt.address = self.upstream.as_deref();
            if let Some(nginx) = self.nginx {
                evidence.gateway = Some(Gateway::Nginx);
                evidence.upstream_told = true;
                attempt.status = nginx.status;
                attempt.connect = nginx.connect.map(Into::into);
                attempt.header = nginx.header.map(Into::into);
                (attempt.connect_told, attempt.header_told) = (true, true);
            }
            if self.nginx.is_some() || attempt.address.is_some() {
                evidence.attempts.push(attempt);
            }
            evidence
        };
        evidence.at = self.at.map(|nanos| {
            Timestamp::new(i64::try_from(nanos / 1_000_000).unwrap_or(i64::MAX), Some(0))
        });
        evidence.request.method = self.request.method.as_deref();
        evidence.request.path = self.request.path.as_deref();
        evidence.request.authority = self.request.authority.as_deref();
        evidence.request.id = self.request.id.as_deref();
        evidence.request.upgrade |= self.request.upgrade;
        evidence.timings.connect = self.connected.map(Into::into).or(evidence.timings.connect);
        evidence.timings.total = self.total.map(Into::into).or(evidence.timings.total);
        evidence.body = self.body;
        evidence.headers.grpc_status = self.grpc_status.as_deref();
        evidence.headers.content_type = self.content_type.as_deref();
        evidence.headers.server = self.server.as_deref();
        evidence.headers.via = self.via.as_deref();
        evidence.headers.retry_after = self.retry_after.as_deref();
        evidence.headers.proxy_status = self.proxy_status.as_deref();
        evidence
    }

    /// Whether the response is one that the configuration asks for, whatever its status.
    pub(crate) fn is_wanted(&self) -> bool {
        self.details.as_deref() == Some(b"direct_response")
    }

    /// Whether the proxy made the response itself, as far as it is told.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match self.details.as_deref() {
            Some(details) => !details.starts_with(b"via_upstream"),
            // Without Envoy's word for it: a proxy that asked nobody.
            None => self.upstream.is_none(),
        }
    }

    /// Whether the request is a call of gRPC.
    #[must_use]
    pub fn is_grpc(&self) -> bool {
        let grpc = |value: &[u8]| value.starts_with(b"application/grpc");
        let types = [self.request.content_type.as_deref(), self.content_type.as_deref()];
        self.grpc_status.is_some() || types.into_iter().flatten().any(grpc)
    }

    /// What the upstream says about when to come again, in seconds.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        decimal(self.retry_after.as_deref()?)
    }

    /// Whether Envoy tells of it.
    #[must_use]
    pub const fn is_envoys(&self) -> bool {
        self.is_envoy
    }
}

/// A property that is text, cut; `None` where it is empty.
fn text(host: &impl Ask, path: &[u8]) -> Option<Vec<u8>> {
    let mut text = host.property(path).ok()?;
    text.truncate(LONGEST);
    Some(text).filter(|text| !text.is_empty())
}

fn cut(text: &[u8]) -> Vec<u8> {
    text.get(..LONGEST).unwrap_or(text).to_vec()
}

/// A property that is a number: eight bytes, little-endian. Some hosts write digits.
pub(crate) fn number(host: &impl Ask, path: &[u8]) -> Option<u64> {
    let value = host.property(path).ok()?;
    match <[u8; 8]>::try_from(value.as_slice()) {
        Ok(bytes) if !value.iter().all(u8::is_ascii_digit) => Some(u64::from_le_bytes(bytes)),
        _ => decimal(&value),
    }
}

/// A property that is a duration, in nanoseconds.
fn span(host: &impl Ask, path: &[u8]) -> Option<Duration> {
    number(host, path).filter(|nanos| i64::try_from(*nanos).is_ok()).map(Duration::from_nanos)
}

/// Digits and nothing else.
pub(crate) fn decimal(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    core::str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()
}

/// `0.012`, as nginx writes a time.
fn seconds(text: &[u8]) -> Option<Duration> {
    let (whole, millis) = core::str::from_utf8(text).ok()?.split_once('.')?;
    let millis = decimal(millis.as_bytes()).filter(|millis| *millis < 1000)?;
    Some(Duration::from_millis(decimal(whole.as_bytes())?.checked_mul(1000)?.checked_add(millis)?))
}
