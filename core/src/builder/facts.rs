//! Facts as JSON, as `schema/evidence.schema.json` describes them.

mod value;

use self::value::{Thrown, headers, id, millis, moment, status};
use super::Builder;
use crate::dialects;
use crate::dialects::standard::{self, fields, thrown};
use crate::evidence::{Evidence, Millis, Origin, Protocol, Seen, Sign, Source, Timestamp};
use crate::scan::number;
use crate::scan::tree::{Fields, Wrong, list, text, whole, yes};
use crate::vocabulary::{Gateway, Phase};
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use serde_json::Value;

/// What is known about one exchange, as JSON tells it. It holds the text that the evidence borrows.
/// Every field is optional, and an unknown one is an error.
///
/// ```
/// use why502::builder::Facts;
/// use why502::{Fault, diagnose};
///
/// let facts: Facts = r#"{
///     "status": 504,
///     "upstream": {"address": "10.0.0.3:8080"},
///     "signs": [{"sign": "timed-out", "phase": "response-headers"}]
/// }"#.parse()?;
/// assert_eq!(diagnose(&facts.evidence()).fault(), Fault::ResponseTimeout);
///
/// let wrong = r#"{"timings_ms": {"total": "a minute"}}"#.parse::<Facts>();
/// assert_eq!(
///     wrong.unwrap_err().to_string(),
///     "timings_ms.total: expected milliseconds, found \"a minute\" (line 1, column 26)"
/// );
/// # Ok::<(), why502::builder::FactsError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Facts {
    gateway: Option<Gateway>,
    at: Option<Timestamp>,
    status: Option<u16>,
    request: Request,
    upstream: Upstream,
    timings_ms: Timings,
    limits_ms: Limits,
    header_limit_bytes: Option<u64>,
    headers: Vec<(String, Vec<String>)>,
    body: Option<String>,
    response: Option<String>,
    error: Option<Thrown>,
    signs: Vec<Proof>,
}

/// Why a text does not hold facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactsError {
    /// It is no JSON.
    #[error("this is no JSON: {what} (line {line}, column {column})")]
    NotJson {
        /// What is wrong.
        what: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in bytes.
        column: usize,
    },
    /// A field is none of those of facts, or has a value that it cannot have.
    #[error("{path}: {what} (line {line}, column {column})")]
    Field {
        /// Where it is: `upstream.attempts[1].status`; a dot alone is the whole.
        path: String,
        /// What was expected, and what was found.
        what: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in bytes.
        column: usize,
    },
}

impl core::str::FromStr for Facts {
    type Err = FactsError;

    fn from_str(json: &str) -> Result<Self, FactsError> {
        // As bytes, since diagnoses are read from bytes: one reader is linked for both.
        let value = serde_json::from_slice(json.as_bytes()).map_err(|error| not_json(&error))?;
        Self::of(value).map_err(|wrong| {
            let (line, column) = wrong.place(json.as_bytes());
            FactsError::Field { path: wrong.path(), what: wrong.what, line, column }
        })
    }
}

/// What serde says, but that its place is told once.
fn not_json(error: &serde_json::Error) -> FactsError {
    let all = error.to_string();
    let what = all.rsplit_once(" at line ").map_or(all.as_str(), |(said, _)| said).to_string();
    FactsError::NotJson { what, line: error.line(), column: error.column() }
}

impl Facts {
    fn of(value: Value) -> Result<Self, Wrong> {
        let mut it = Fields::of(value)?;
        let facts = Self {
            gateway: it.take("gateway", id),
            at: it.take("at", moment),
            status: it.take("status", status),
            request: it.part("request", Request::of),
            upstream: it.part("upstream", Upstream::of),
            timings_ms: it.part("timings_ms", Timings::of),
            limits_ms: it.part("limits_ms", Limits::of),
            header_limit_bytes: it.take("header_limit_bytes", whole),
            headers: it.part("headers", headers),
            body: it.take("body", text),
            response: it.take("response", text),
            error: it.take("error", Thrown::of),
            signs: it.part("signs", |all| list(all, Proof::of)),
        };
        it.finish_all(facts)
    }

    /// As evidence.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'_> {
        let mut builder = Evidence::builder();
        builder.evidence.gateway = self.gateway;
        builder.evidence.at = self.at;
        builder.evidence.status = self.status;
        builder = self.request.tell(builder);
        builder = self.upstream.tell(builder);
        builder = self.timings_ms.tell(builder);
        builder = self.limits_ms.tell(builder);
        if let Some(bytes) = self.header_limit_bytes {
            builder = builder.header_limit(bytes);
        }
        if let Some(response) = &self.response {
            builder = builder.raw_response(response.as_bytes());
            // What is told of the client's response stands.
            let own = self.status;
            builder.evidence.status = own.or(builder.evidence.status);
        }
        self.tell_headers(&mut builder.evidence);
        if let Some(body) = &self.body {
            builder = builder.body(body.as_bytes());
            let status = builder.evidence.status;
            let read = dialects::read_body(body.as_bytes(), status, Origin::default());
            builder.absorb(read);
        }
        if let Some(error) = &self.error {
            let origin = Origin::default();
            builder.absorb(match error {
                Thrown::Words(words) => standard::text::read(words.as_bytes(), origin),
                Thrown::Error(object) => Some(thrown::evidence(object.as_bytes(), origin)),
            });
        }
        for proof in &self.signs {
            builder = proof.tell(builder);
        }
        builder.build()
    }

    fn tell_headers<'a>(&'a self, evidence: &mut Evidence<'a>) {
        let origin = Origin::new(Source::Headers, 0, 0);
        let mut upstream_time = None;
        for (name, values) in &self.headers {
            for value in values {
                let value = value.as_bytes();
                if name.eq_ignore_ascii_case("x-envoy-upstream-service-time") {
                    upstream_time = Some(value);
                } else if name.eq_ignore_ascii_case("content-length") {
                    evidence.headers.content_length = number::bytes(value);
                } else {
                    fields::take(name.as_bytes(), value, origin, evidence);
                }
            }
        }
        fields::conclude(upstream_time, origin, evidence);
    }
}

impl<'a> Builder<'a> {
    /// Takes in what was read of words: whoever gave them gives the evidence.
    fn absorb(&mut self, read: Option<Evidence<'a>>) {
        let Some(read) = read else { return };
        let mut own = Evidence { attempts: read.attempts, ..Evidence::default() };
        for seen in read.signs.iter() {
            let source = match seen.origin.source {
                Source::ErrorLog => Source::Caller,
                told => told,
            };
            own.add(Seen { origin: Origin { source, ..seen.origin }, ..*seen });
            own.sources.add(source);
        }
        own.gateway = read.gateway;
        own.request = read.request;
        own.protocol = read.protocol;
        self.evidence.absorb(&own);
    }
}

#[derive(Clone, Debug, Default)]
struct Request {
    method: Option<String>,
    authority: Option<String>,
    path: Option<String>,
    id: Option<String>,
    upgrade: bool,
}

impl Request {
    fn of(value: Value) -> Result<Self, Wrong> {
        let mut it = Fields::of(value)?;
        let read = Self {
            method: it.take("method", text),
            authority: it.take("authority", text),
            path: it.take("path", text),
            id: it.take("id", text),
            upgrade: it.part("upgrade", yes),
        };
        it.finish_all(read)
    }

    fn tell<'a>(&'a self, mut builder: Builder<'a>) -> Builder<'a> {
        let request = &mut builder.evidence.request;
        request.method = self.method.as_deref().map(str::as_bytes);
        request.authority = self.authority.as_deref().map(str::as_bytes);
        request.path = self.path.as_deref().map(str::as_bytes);
        request.id = self.id.as_deref().map(str::as_bytes);
        request.upgrade = self.upgrade;
        builder
    }
}

#[derive(Clone, Debug, Default)]
struct Upstream {
    address: Option<String>,
    cluster: Option<String>,
    protocol: Option<Protocol>,
    reused: Option<bool>,
    received_bytes: Option<u64>,
    attempts: Vec<Tried>,
}

#[derive(Clone, Debug)]
struct Tried {
    address: String,
    status: Option<u16>,
}

impl Tried {
    fn of(value: Value) -> Result<Self, Wrong> {
        let mut it = Fields::of(value)?;
        let read = Self { address: it.must("address", text), status: it.take("status", status) };
        it.finish_all(read)
    }
}

impl Upstream {
    fn of(value: Value) -> Result<Self, Wrong> {
        let mut it = Fields::of(value)?;
        let read = Self {
            address: it.take("address", text),
            cluster: it.take("cluster", text),
            protocol: it.take("protocol", id),
            reused: it.take("reused", yes),
            received_bytes: it.take("received_bytes", whole),
            attempts: it.part("attempts", |all| list(all, Tried::of)),
        };
        it.finish_all(read)
    }

    fn tell<'a>(&'a self, mut builder: Builder<'a>) -> Builder<'a> {
        for tried in &self.attempts {
            builder = builder.attempt(&tried.address, tried.status);
        }
        let last = self.attempts.last().map(|tried| &tried.address);
        if let Some(address) = self.address.as_ref().filter(|address| Some(*address) != last) {
            builder = builder.upstream(address);
        }
        if let Some(bytes) = self.received_bytes {
            builder = builder.received(bytes);
        }
        builder.evidence.cluster = self.cluster.as_deref().map(str::as_bytes);
        builder.evidence.protocol = self.protocol;
        builder.evidence.reused = self.reused;
        builder
    }
}

#[derive(Clone, Debug, Default)]
struct Timings {
    dns: Option<Millis>,
    connect: Option<Millis>,
    tls: Option<Millis>,
    first_byte: Option<Millis>,
    total: Option<Millis>,
}

impl Timings {
    fn of(value: Value) -> Result<Self, Wrong> {
        let mut it = Fields::of(value)?;
        let read = Self {
            dns: it.take("dns", millis),
            connect: it.take("connect", millis),
            tls: it.take("tls", millis),
            first_byte: it.take("first_byte", millis),
            total: it.take("total", millis),
        };
        it.finish_all(read)
    }

    fn tell<'a>(&self, mut builder: Builder<'a>) -> Builder<'a> {
        let timings = &mut builder.evidence.timings;
        timings.resolve = self.dns;
        timings.connect = self.connect;
        timings.tls = self.tls;
        timings.first_byte = self.first_byte;
        timings.total = self.total;
        builder
    }
}

#[derive(Clone, Debug, Default)]
struct Limits {
    connect: Option<Millis>,
    response: Option<Millis>,
    send: Option<Millis>,
    idle: Option<Millis>,
}

impl Limits {
    fn of(value: Value) -> Result<Self, Wrong> {
        let mut it = Fields::of(value)?;
        let read = Self {
            connect: it.take("connect", millis),
            response: it.take("response", millis),
            send: it.take("send", millis),
            idle: it.take("idle", millis),
        };
        it.finish_all(read)
    }

    fn tell<'a>(&self, mut builder: Builder<'a>) -> Builder<'a> {
        let limits = &mut builder.evidence.limits;
        limits.connect = self.connect;
        limits.response = self.response;
        limits.send = self.send;
        limits.idle = self.idle;
        builder
    }
}

/// One thing that is proved, by whichever name or number it has.
#[derive(Clone, Copy, Debug)]
struct Named {
    sign: Option<Sign>,
    phase: Option<Phase>,
    number: Option<u32>,
    errno: Option<u32>,
    tls_alert: Option<u8>,
    tls_verify_code: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
enum Proof {
    Sign(Sign, Option<Phase>, Option<u32>),
    Errno(u32, Phase),
    Alert(u8),
    VerifyCode(u32),
}

impl Named {
    fn of(value: Value) -> Result<Self, Wrong> {
        let mut it = Fields::of(value)?;
        let read = Self {
            sign: it.take("sign", id),
            phase: it.take("phase", id),
            number: it.take("number", whole),
            errno: it.take("errno", whole),
            tls_alert: it.take("tls_alert", whole),
            tls_verify_code: it.take("tls_verify_code", whole),
        };
        it.finish_all(read)
    }
}

impl Proof {
    fn of(value: Value) -> Result<Self, Wrong> {
        let named = Named::of(value)?;
        match named {
            Named {
                sign: Some(sign), errno: None, tls_alert: None, tls_verify_code: None, ..
            } => Ok(Self::Sign(sign, named.phase, named.number)),
            Named {
                sign: None,
                number: None,
                errno: Some(errno),
                phase: Some(phase),
                tls_alert: None,
                tls_verify_code: None,
            } => Ok(Self::Errno(errno, phase)),
            Named {
                sign: None,
                number: None,
                errno: None,
                phase: None,
                tls_alert: Some(alert),
                tls_verify_code: None,
            } => Ok(Self::Alert(alert)),
            Named {
                sign: None,
                number: None,
                errno: None,
                phase: None,
                tls_alert: None,
                tls_verify_code: Some(code),
            } => Ok(Self::VerifyCode(code)),
            _ => Err(Wrong::new(
                "expected one of: sign, with phase and number where they are known; errno and \
                      phase; tls_alert alone; tls_verify_code alone",
            )),
        }
    }
}

impl Proof {
    fn tell(self, mut builder: Builder<'_>) -> Builder<'_> {
        match self {
            Self::Sign(sign, Some(phase), number) => builder.sign(sign, phase, number),
            Self::Sign(sign, None, number) => {
                builder = builder.sign(sign, Phase::Gateway, number);
                let last = builder.evidence.signs.iter_mut().rfind(|seen| seen.sign == sign);
                if let Some(seen) = last {
                    seen.phase = sign.phase();
                }
                builder
            }
            Self::Errno(number, phase) => builder.errno(phase, number),
            Self::Alert(number) => builder.tls_alert_received(number),
            Self::VerifyCode(code) => builder.tls_verify_error(code),
        }
    }
}
