//! What the host knows of an exchange that failed, in a ladder: Envoy's attributes, other hosts'
//! properties, status and headers, the body's signature. What is not there is left out.

use alloc::vec::Vec;
use core::time::Duration;

use why502::dialects::envoy::{self, Attributes};
use why502::evidence::{BodySignature, Timestamp};
use why502::{Evidence, Gateway};

use crate::host::{Host, Map};
use crate::settings::Settings;

/// Longer values of headers and properties are cut: they are quoted, not used.
const LONGEST: usize = 1024;

/// Facts about one exchange, with memory of their own: they outlive the callback that read them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) status: Option<u16>,
    pub(crate) grpc_status: Option<Vec<u8>>,
    flags: Option<Vec<u8>>,
    details: Option<Vec<u8>>,
    transport: Option<Vec<u8>>,
    termination: Option<Vec<u8>>,
    pub(crate) upstream: Option<Vec<u8>>,
    pub(crate) cluster: Option<Vec<u8>>,
    route: Option<Vec<u8>>,
    attempts: Option<u64>,
    connected: Option<Duration>,
    pub(crate) total: Option<Duration>,
    pub(crate) request: Request,
    pub(crate) client: Option<Vec<u8>>,
    pub(crate) content_type: Option<Vec<u8>>,
    server: Option<Vec<u8>>,
    via: Option<Vec<u8>>,
    retry_after: Option<Vec<u8>>,
    proxy_status: Option<Vec<u8>>,
    pub(crate) body: Option<BodySignature>,
    nginx: Option<Attempt>,
    /// Whether the response's headers came from the upstream, and it failed afterwards.
    pub(crate) begun: bool,
    /// Whether it has `response.flags` or details: only Envoy does.
    is_envoy: bool,
    pub(crate) at: Option<u64>,
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
pub(crate) struct Request {
    pub(crate) method: Option<Vec<u8>>,
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) authority: Option<Vec<u8>>,
    pub(crate) id: Option<Vec<u8>>,
    pub(crate) upgrade: bool,
    pub(crate) accept: Option<Vec<u8>>,
    content_type: Option<Vec<u8>>,
    /// Whether it has the header of trusted sources.
    pub(crate) trusted: bool,
}

impl Request {
    /// Of its headers: one call to the host.
    pub(crate) fn read(host: &impl Host, settings: &Settings) -> Self {
        let headers = host.headers(Map::Request).unwrap_or_default();
        Self::of(|name| headers.value(name).and_then(|value| cut(value.to_vec())), settings)
    }

    /// In a phase where the host may not show the request any more: Envoy does so until it is passed
    /// on, and again at the log phase.
    fn ask(host: &impl Host, settings: &Settings) -> Self {
        let mut request = Self::read(host, settings);
        if request.path.is_none() && request.method.is_none() {
            request.path = text(host, b"request\0path");
            request.method = text(host, b"request\0method");
        }
        request
    }

    fn of(value: impl Fn(&[u8]) -> Option<Vec<u8>>, settings: &Settings) -> Self {
        let secret = settings.trusted.header.as_ref();
        Self {
            method: value(b":method"),
            path: value(b":path"),
            authority: value(b":authority"),
            id: value(b"x-request-id"),
            upgrade: value(b"upgrade").is_some_and(|to| is_websocket(&to)),
            accept: value(b"accept"),
            content_type: value(b"content-type"),
            trusted: secret.is_some_and(|(name, secret)| {
                value(name.as_bytes()).is_some_and(|sent| same(&sent, secret.as_bytes()))
            }),
        }
    }
}

/// What else can be asked for (`h2c`) may be passed over in silence.
pub(crate) fn is_websocket(protocol: &[u8]) -> bool {
    protocol.trim_ascii().eq_ignore_ascii_case(b"websocket")
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

impl Facts {
    /// Asks the host for all that it may know once the response's headers are there. The request is
    /// asked for where it was not kept.
    pub(crate) fn gather(host: &impl Host, settings: &Settings, request: Option<Request>) -> Self {
        let mut facts = Self { at: host.now().ok(), ..Self::default() };
        // How long it has taken so far: the whole is only told in the end.
        let begun = number(host, b"request\0time");
        let took = facts.at.zip(begun).and_then(|(now, begun)| now.checked_sub(begun));
        facts.total = took.map(Duration::from_nanos);
        facts.attributes(host);
        facts.request = request.unwrap_or_else(|| Request::ask(host, settings));
        if !settings.trusted.cidrs.is_empty() {
            facts.client = text(host, b"source\0address");
        }
        facts.response(host);
        if !facts.is_envoy {
            facts.other_hosts(host);
        }
        facts
    }

    /// Asks again for what is only known when the exchange is over.
    pub(crate) fn complete(&mut self, host: &impl Host, settings: &Settings) {
        if self.request.path.is_none() {
            self.request = Request::ask(host, settings);
        }
        if self.is_envoy {
            self.verdict(host);
        }
        self.total = span(host, b"request\0duration").or(self.total);
    }

    /// What Envoy itself says of the exchange.
    fn verdict(&mut self, host: &impl Host) {
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
    fn attributes(&mut self, host: &impl Host) {
        if let Some(code) =
            number(host, b"response\0code").and_then(|code| u16::try_from(code).ok())
        {
            self.status = Some(code);
        }
        self.verdict(host);
        let fill = |to: &mut Option<Vec<u8>>, path: &[u8]| {
            if let Some(value) = text(host, path) {
                *to = Some(value);
            }
        };
        fill(&mut self.transport, b"upstream\0transport_failure_reason");
        fill(&mut self.termination, b"connection\0termination_details");
        fill(&mut self.upstream, b"upstream\0address");
        fill(&mut self.cluster, b"xds\0cluster_name");
        fill(&mut self.route, b"xds\0route_name");
        if self.cluster.is_none() {
            // The names that versions before 1.23 have.
            fill(&mut self.cluster, b"cluster_name");
            fill(&mut self.route, b"route_name");
        }
        self.attempts = number(host, b"upstream\0request_attempt_count").or(self.attempts);
        self.connected = span(host, b"upstream\0cx_pool_ready_duration").or(self.connected);
    }

    fn response(&mut self, host: &impl Host) {
        let headers = host.headers(Map::Response).unwrap_or_default();
        let value = |name: &[u8]| headers.value(name).and_then(|value| cut(value.to_vec()));
        self.status = self.status.filter(|status| *status != 0).or_else(|| {
            let status = value(b":status").or_else(|| value(b"status"))?;
            decimal(&status).and_then(|status| u16::try_from(status).ok())
        });
        self.grpc_status = value(b"grpc-status");
        self.content_type = value(b"content-type");
        self.server = value(b"server");
        self.via = value(b"via");
        self.retry_after = value(b"retry-after");
        self.proxy_status = value(b"proxy-status");
    }

    /// The variables of nginx, as Kong and its module show them: of each list the last attempt's.
    fn other_hosts(&mut self, host: &impl Host) {
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
    pub(crate) fn evidence(&self) -> Evidence<'_> {
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
        evidence.client = self.client.as_deref();
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
    pub(crate) fn is_local(&self) -> bool {
        match self.details.as_deref() {
            Some(details) => !details.starts_with(b"via_upstream"),
            // Without Envoy's word for it: a proxy that asked nobody.
            None => self.upstream.is_none(),
        }
    }

    /// Whether the request is a call of gRPC.
    pub(crate) fn is_grpc(&self) -> bool {
        let grpc = |value: &[u8]| value.starts_with(b"application/grpc");
        let types = [self.request.content_type.as_deref(), self.content_type.as_deref()];
        self.grpc_status.is_some() || types.into_iter().flatten().any(grpc)
    }

    /// What the upstream says about when to come again, in seconds.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        decimal(self.retry_after.as_deref()?)
    }

    /// Whether Envoy tells of it.
    pub(crate) const fn is_envoys(&self) -> bool {
        self.is_envoy
    }
}

/// A property that is text, cut; `None` where it is empty.
fn text(host: &impl Host, path: &[u8]) -> Option<Vec<u8>> {
    cut(host.property(path).ok()?).filter(|text| !text.is_empty())
}

fn cut(mut text: Vec<u8>) -> Option<Vec<u8>> {
    text.truncate(LONGEST);
    Some(text)
}

/// A property that is a number: eight bytes, little-endian. Some hosts write digits.
pub(crate) fn number(host: &impl Host, path: &[u8]) -> Option<u64> {
    let value = host.property(path).ok()?;
    match <[u8; 8]>::try_from(value.as_slice()) {
        Ok(bytes) if !value.iter().all(u8::is_ascii_digit) => Some(u64::from_le_bytes(bytes)),
        _ => decimal(&value),
    }
}

/// A property that is a duration, in nanoseconds.
fn span(host: &impl Host, path: &[u8]) -> Option<Duration> {
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
