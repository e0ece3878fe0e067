//! Network Error Logging: what browsers report of exchanges, by the Reporting API, one or several
//! reports in an array.
//!
//! <https://www.w3.org/TR/network-error-logging/>; what Chromium adds:
//! net/network_error_logging/network_error_logging_service.cc.
//!
//! ```text
//! [{"age": 0, "type": "network-error", "url": "https://shop.example/", "user_agent": "…",
//!   "body": {"phase": "connection", "type": "tcp.refused", "server_ip": "192.0.2.42", …}}]
//! ```
//!
//! Reports of other types tell of no exchange.

mod types;

use super::{Dialect, Form};
use crate::evidence::{Attempt, Evidence, Millis, Origin, Protocol, Seen, Sign, Source};
use crate::scan::document::Shape;
use crate::scan::json::{self, Value};
use crate::scan::{number, url};

/// The reports' dialect.
pub(crate) static DIALECT: Dialect = Dialect::of_documents(
    "nel",
    "reports that browsers send of failed requests: Network Error Logging, by the Reporting \
     API (as in the W3C's draft, and Chromium's additions)",
    Form { shape: SHAPE, begins },
    read,
);

/// A report is the document, or a member of it.
const SHAPE: Shape = Shape {
    path: &[],
    keep: &[
        ("", "age"),
        ("", "type"),
        ("", "url"),
        ("", "body"),
        ("body", "elapsed_time"),
        ("body", "method"),
        ("body", "phase"),
        ("body", "server_ip"),
        ("body", "status_code"),
        ("body", "type"),
    ],
    item: |_| true,
};

/// The members of a report.
const MEMBERS: [&[u8]; 7] =
    [b"age", b"attempts", b"body", b"destination", b"type", b"url", b"user_agent"];

/// The types of reports that tell of no exchange.
const OTHERS: [&[u8]; 11] = [
    b"coep",
    b"coop",
    b"crash",
    b"csp-hash",
    b"csp-violation",
    b"deprecation",
    b"document-policy-violation",
    b"integrity-violation",
    b"intervention",
    b"permissions-policy-violation",
    b"potential-permissions-policy-violation",
];

/// Whether a text is the beginning of a report or of several. It is told by the first report, which
/// must be there as a whole.
fn begins(text: &[u8]) -> Option<bool> {
    const LONGEST_MEMBER: usize = 12;
    let inside = text.strip_prefix(b"[").unwrap_or(text).trim_ascii_start();
    let begun = inside.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    let Some(begun) = begun else { return if inside.is_empty() { None } else { Some(false) } };
    match json::members(inside).next() {
        Some((key, _)) if MEMBERS.contains(&key) => {}
        None if begun.is_empty() || (begun.len() < LONGEST_MEMBER && begun.starts_with(b"\"")) => {
            return None;
        }
        Some(_) | None => return Some(false),
    }
    json::whole_object(inside).map(|first| Report::of(first).is_some())
}

/// Reads a report; what is none of an exchange is an event, and harmless.
fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let record = match record.first() {
        Some(b'{') => record,
        // What another program wrapped.
        Some(b'[') => match json::items(record).find_map(failed) {
            Some(report) => report,
            None => return false,
        },
        _ => return false,
    };
    let Some(report) = Report::of(record) else { return false };
    let origin = Origin { source: Source::Report, ..origin };
    evidence.sources.add(origin.source);
    evidence.records.push((origin, record));
    report.gather(origin, evidence);
    true
}

/// A report of a failure.
fn failed(item: Value<'_>) -> Option<&[u8]> {
    match item {
        Value::Object(object) => {
            Report::of(object)?.failure.filter(|kind| *kind != b"ok").map(|_| object)
        }
        _ => None,
    }
}

/// The members of a report that are read.
#[derive(Clone, Copy, Debug, Default)]
struct Report<'a> {
    /// What kind of failure; `None` where the report is of another type.
    failure: Option<&'a [u8]>,
    /// The words that say so.
    quote: &'a [u8],
    url: &'a [u8],
    method: Option<&'a [u8]>,
    server: Option<&'a [u8]>,
    status: Option<u16>,
    elapsed: Option<u64>,
}

impl<'a> Report<'a> {
    /// Takes a record apart; `None` where it is no report.
    fn of(record: &'a [u8]) -> Option<Self> {
        let mut report = Self::default();
        let (mut kind, mut body) = (None, None);
        for (key, value) in json::members(record) {
            match (key, value) {
                (b"type", Value::Text(text)) => kind = Some(text),
                (b"url", Value::Text(text)) => report.url = text,
                (b"body", Value::Object(object)) => body = Some(object),
                _ => {}
            }
        }
        let (kind, body) = (kind?, body?);
        report.quote = body;
        if kind != b"network-error" {
            return OTHERS.contains(&kind).then_some(report);
        }
        for (key, value) in json::members(body) {
            let plain = value.plain().filter(|value| !value.is_empty());
            match key {
                b"type" => report.failure = plain,
                b"method" => report.method = plain,
                b"server_ip" => report.server = plain,
                b"status_code" => report.status = plain.and_then(number::status),
                b"elapsed_time" => report.elapsed = plain.and_then(number::whole),
                _ => {}
            }
        }
        report.failure.map(|_| report)
    }

    fn gather(&self, origin: Origin, evidence: &mut Evidence<'a>) {
        let Some(failure) = self.failure else {
            evidence.event = true;
            let harmless = Seen::new(Sign::Harmless);
            return evidence.add(Seen { quote: self.quote, origin, ..harmless });
        };
        let (scheme, authority, path) = url::parts(self.url);
        evidence.request.method = self.method;
        evidence.request.authority = authority;
        evidence.request.path = path;
        evidence.timings.total = self.elapsed.map(Millis::new).filter(|_| self.elapsed != Some(0));
        evidence.status = self.status;
        let known = types::meaning(failure, self.status);
        let (sign, phase, number) = known.unwrap_or((Sign::Unrecognized, None, None));
        if self.status.is_none_or(|status| status < 500) {
            // Whom the browser spoke to; of what is behind a gateway it knows nothing.
            if let Some(address) = self.server.or(authority) {
                evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
            }
            evidence.protocol = match scheme {
                b"https" => Some(Protocol::Https),
                b"http" => Some(Protocol::Http),
                _ => None,
            };
        }
        let attempt = (!evidence.attempts.is_empty()).then_some(0);
        evidence.add(Seen { phase, number, attempt, quote: failure, origin, ..Seen::new(sign) });
    }
}
