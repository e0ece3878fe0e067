//! Facts as JSON, as `schema/evidence.schema.json` describes them.

mod value;

use self::value::{Millis, Object, Status, Thrown, Values, id, moment};
use super::Builder;
use crate::dialects;
use crate::dialects::standard::{fields, text, thrown};
use crate::evidence::{Evidence, Origin, Protocol, Seen, Sign, Source, Timestamp};
use crate::scan::number;
use crate::vocabulary::{Gateway, Phase};
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use serde::Deserialize;

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
///     "timings_ms.total: expected milliseconds, found string \"a minute\" (line 1, column 35)"
/// );
/// # Ok::<(), why502::builder::FactsError>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    #[serde(deserialize_with = "id")]
    gateway: Option<Gateway>,
    #[serde(deserialize_with = "moment")]
    at: Option<Timestamp>,
    status: Option<Status>,
    request: Object<Request>,
    upstream: Object<Upstream>,
    timings_ms: Object<Timings>,
    limits_ms: Object<Limits>,
    header_limit_bytes: Option<u64>,
    headers: BTreeMap<String, Values>,
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
        // As bytes, since diagnoses are read from bytes: one reader is compiled for both.
        let mut read = serde_json::Deserializer::from_slice(json.as_bytes());
        let facts: Object<Self> = serde_path_to_error::deserialize(&mut read)
            .map_err(|error| explain(&error.path().to_string(), error.inner()))?;
        read.end().map_err(|error| explain(".", &error))?;
        Ok(facts.0)
    }
}

/// What serde says, in our words: its place is told once, and what was expected comes first.
fn explain(path: &str, error: &serde_json::Error) -> FactsError {
    let (line, column) = (error.line(), error.column());
    let all = error.to_string();
    let said = all.rsplit_once(" at line ").map_or(all.as_str(), |(said, _)| said);
    let turned = said.split_once(": ").and_then(|(kind, rest)| {
        let (found, expected) = rest.rsplit_once(", expected ")?;
        kind.starts_with("invalid ").then(|| alloc::format!("expected {expected}, found {found}"))
    });
    let what = turned.unwrap_or_else(|| said.to_string());
    match error.classify() {
        serde_json::error::Category::Data => {
            FactsError::Field { path: path.to_string(), what, line, column }
        }
        _ => FactsError::NotJson { what, line, column },
    }
}

impl Facts {
    /// As evidence.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'_> {
        let mut builder = Evidence::builder();
        builder.evidence.gateway = self.gateway;
        builder.evidence.at = self.at;
        builder.evidence.status = self.status.map(|status| status.0);
        builder = self.request.0.tell(builder);
        builder = self.upstream.0.tell(builder);
        builder = self.timings_ms.0.tell(builder);
        builder = self.limits_ms.0.tell(builder);
        if let Some(bytes) = self.header_limit_bytes {
            builder = builder.header_limit(bytes);
        }
        if let Some(response) = &self.response {
            builder = builder.raw_response(response.as_bytes());
            // What is told of the client's response stands.
            let own = self.status.map(|status| status.0);
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
                Thrown::Words(words) => text::read(words.as_bytes(), origin),
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
            for value in values.iter() {
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

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Request {
    method: Option<String>,
    authority: Option<String>,
    path: Option<String>,
    id: Option<String>,
    upgrade: bool,
}

impl Request {
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

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Upstream {
    address: Option<String>,
    cluster: Option<String>,
    #[serde(deserialize_with = "id")]
    protocol: Option<Protocol>,
    reused: Option<bool>,
    received_bytes: Option<u64>,
    attempts: Vec<Object<Tried>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tried {
    address: String,
    #[serde(default)]
    status: Option<Status>,
}

impl Upstream {
    fn tell<'a>(&'a self, mut builder: Builder<'a>) -> Builder<'a> {
        for Object(tried) in &self.attempts {
            builder = builder.attempt(&tried.address, tried.status.map(|status| status.0));
        }
        let last = self.attempts.last().map(|tried| &tried.0.address);
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

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Timings {
    dns: Option<Millis>,
    connect: Option<Millis>,
    tls: Option<Millis>,
    first_byte: Option<Millis>,
    total: Option<Millis>,
}

impl Timings {
    fn tell<'a>(&self, mut builder: Builder<'a>) -> Builder<'a> {
        let timings = &mut builder.evidence.timings;
        timings.resolve = self.dns.map(Millis::into);
        timings.connect = self.connect.map(Millis::into);
        timings.tls = self.tls.map(Millis::into);
        timings.first_byte = self.first_byte.map(Millis::into);
        timings.total = self.total.map(Millis::into);
        builder
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Limits {
    connect: Option<Millis>,
    response: Option<Millis>,
    send: Option<Millis>,
    idle: Option<Millis>,
}

impl Limits {
    fn tell<'a>(&self, mut builder: Builder<'a>) -> Builder<'a> {
        let limits = &mut builder.evidence.limits;
        limits.connect = self.connect.map(Millis::into);
        limits.response = self.response.map(Millis::into);
        limits.send = self.send.map(Millis::into);
        limits.idle = self.idle.map(Millis::into);
        builder
    }
}

/// One thing that is proved, by whichever name or number it has.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Named {
    #[serde(deserialize_with = "id")]
    sign: Option<Sign>,
    #[serde(deserialize_with = "id")]
    phase: Option<Phase>,
    number: Option<u32>,
    errno: Option<u32>,
    tls_alert: Option<u8>,
    tls_verify_code: Option<u32>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "Object<Named>")]
enum Proof {
    Sign(Sign, Option<Phase>, Option<u32>),
    Errno(u32, Phase),
    Alert(u8),
    VerifyCode(u32),
}

impl TryFrom<Object<Named>> for Proof {
    type Error = &'static str;

    fn try_from(Object(named): Object<Named>) -> Result<Self, Self::Error> {
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
            _ => {
                Err("expected one of: sign, with phase and number where they are known; errno and \
                      phase; tls_alert alone; tls_verify_code alone")
            }
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
