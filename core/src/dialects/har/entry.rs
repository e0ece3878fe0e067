//! One entry of an archive: its members, and what they say together.

use super::{answer, failure};
use crate::evidence::{Attempt, Evidence, Millis, Origin, Protocol, Seen, Sign, Timestamp};
use crate::scan::json::{self, Value};
use crate::scan::{self, number, time, url};

/// The members that are read, each as it stands there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry<'a> {
    started: Option<Timestamp>,
    time: Option<Millis>,
    method: Option<&'a [u8]>,
    url: &'a [u8],
    response: &'a [u8],
    status_value: &'a [u8],
    /// As it stands in the response; `None` where there was none: 0, -1 or missing.
    pub(super) status: Option<u16>,
    /// Whether the status is 0, which is how browsers say that there was no response.
    pub(super) zero: bool,
    pub(super) status_text: &'a [u8],
    pub(super) headers: &'a [u8],
    pub(super) body: &'a [u8],
    pub(super) base64: bool,
    /// What failed, in whichever words the tool has for it.
    pub(super) error: Option<&'a [u8]>,
    /// Whether the tool would have told of a failure, and tells of none.
    pub(super) no_error: bool,
    /// Whether the test that was run aborted it.
    pub(super) aborted: bool,
    /// Whether no network was asked.
    cached: bool,
    pub(super) worker: bool,
    socket: bool,
    server: Option<&'a [u8]>,
    pub(super) timings: Option<Timings>,
}

/// Durations; `None` where the part does not apply.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timings {
    blocked: Option<Millis>,
    dns: Option<Millis>,
    /// With the TLS handshake.
    pub(super) connect: Option<Millis>,
    pub(super) ssl: Option<Millis>,
    pub(super) send: Option<Millis>,
    pub(super) wait: Option<Millis>,
    receive: Option<Millis>,
}

impl<'a> Entry<'a> {
    /// Takes a record apart; `None` where it is no entry.
    pub(super) fn of(record: &'a [u8]) -> Option<Self> {
        let mut entry = Self::default();
        let (mut request, mut response) = (false, false);
        for (key, value) in json::members(record) {
            match (key, value) {
                (b"request", Value::Object(object)) => request = entry.take_request(object),
                (b"response", Value::Object(object)) => {
                    response = true;
                    entry.take_response(object);
                }
                (b"timings", Value::Object(object)) => entry.timings = Timings::of(object),
                (b"startedDateTime", Value::Text(at)) => entry.started = time::any(at),
                (b"time", Value::Word(word)) => entry.time = number::millis(word),
                (b"serverIPAddress", Value::Text(address)) if !address.is_empty() => {
                    entry.server = Some(address);
                }
                (b"_error", Value::Text(error)) if !error.is_empty() => entry.error = Some(error),
                (b"_fromCache", value) => entry.cached = is_true(value),
                (b"_fetchType", Value::Text(kind)) => match kind {
                    b"Memory Cache" | b"Disk Cache" => entry.cached = true,
                    b"Service Worker" => entry.worker = true,
                    _ => {}
                },
                (b"_fetchedViaServiceWorker", value) => entry.worker |= is_true(value),
                (b"_wasAborted", value) => entry.aborted = is_true(value),
                (b"_resourceType", Value::Text(kind)) => entry.socket = kind == b"websocket",
                _ => {}
            }
        }
        let whole = entry.started.is_some() || entry.time.is_some() || entry.timings.is_some();
        (request && response && (whole || entry.status.is_some())).then_some(entry)
    }

    /// Whether it is one.
    fn take_request(&mut self, request: &'a [u8]) -> bool {
        let mut found = false;
        for (key, value) in json::members(request) {
            match (key, value) {
                (b"method", Value::Text(method)) => self.method = Some(method),
                (b"url", Value::Text(url)) => {
                    self.url = url;
                    found = true;
                }
                _ => {}
            }
        }
        found
    }

    fn take_response(&mut self, response: &'a [u8]) {
        self.response = response;
        for (key, value) in json::members(response) {
            match (key, value) {
                (b"status", value) => {
                    self.status_value = value.plain().unwrap_or_default();
                    let told = number::whole(self.status_value);
                    self.zero = told == Some(0);
                    let status = told.and_then(|status| u16::try_from(status).ok());
                    self.status = status.filter(|status| (100..1000).contains(status));
                }
                (b"statusText", Value::Text(text)) => self.status_text = text,
                (b"headers", Value::Array(array)) => self.headers = array,
                (b"content", Value::Object(content)) => {
                    for (key, value) in json::members(content) {
                        match (key, value) {
                            (b"text", Value::Text(text)) => self.body = text,
                            (b"encoding", Value::Text(name)) => self.base64 = name == b"base64",
                            _ => {}
                        }
                    }
                }
                (b"_error" | b"_failureText", Value::Text(error)) if !error.is_empty() => {
                    self.error = Some(error);
                }
                (b"_error", _) => self.no_error = true,
                (b"_fetchedViaServiceWorker", value) => self.worker |= is_true(value),
                _ => {}
            }
        }
    }

    /// Puts it into evidence.
    pub(super) fn gather(&self, record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
        evidence.sources.add(origin.source);
        evidence.records.push((origin, record));
        let (scheme, authority, path) = url::parts(self.url);
        evidence.request.method = self.method;
        evidence.request.authority = authority;
        evidence.request.path = path;
        evidence.request.upgrade = self.socket || matches!(scheme, b"ws" | b"wss");
        let total = self.total();
        evidence.timings.total = total;
        evidence.begun = total.is_none();
        evidence.at = match (self.started, total) {
            (Some(started), Some(total)) => Some(started.after(total)),
            (started, _) => started,
        };
        let harmless = Seen { quote: self.response, origin, ..Seen::new(Sign::Harmless) };
        if !matches!(scheme, b"http" | b"https" | b"ws" | b"wss") || self.cached {
            // No exchange of HTTP, or one of another time.
            evidence.status = self.status.filter(|status| *status < 500);
            return evidence.add(harmless);
        }
        if let Some(status @ 500..) = self.status {
            if self.worker && self.server.is_none() {
                // What a page's own worker made up, or passed on.
                return evidence.add(Seen { sign: Sign::Failed, ..harmless });
            }
            evidence.status = Some(status);
            let first = self.timings.and_then(|timings| timings.first_byte());
            evidence.timings.first_byte = first;
            return answer::failed(self, status, origin, evidence);
        }
        evidence.status = self.status;
        evidence.protocol = match scheme {
            b"https" | b"wss" => Some(Protocol::Https),
            _ => Some(Protocol::Http),
        };
        if let Some(timings) = self.timings {
            timings.gather(evidence);
        }
        if let Some(address) = self.server.or(authority) {
            evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
        }
        match self.status {
            Some(status) if self.error.is_none() => answer::well(self, status, origin, evidence),
            _ => failure::read(self, scheme == b"https", harmless, evidence),
        }
    }

    /// The status with its name, as it stands in the record.
    pub(super) fn told_status(&self) -> &'a [u8] {
        let start = scan::find(self.response, b"\"status\"");
        let end = scan::place(self.response, self.status_value).map(|(_, end)| end as usize);
        let told = start.zip(end).and_then(|(start, end)| self.response.get(start..end));
        told.unwrap_or(self.status_value)
    }

    /// How long it took, by whichever member tells.
    pub(super) fn total(&self) -> Option<Millis> {
        self.time.or_else(|| self.timings?.first_byte())
    }
}

impl Timings {
    /// `None` where the object is empty.
    fn of(object: &[u8]) -> Option<Self> {
        let mut timings = Self::default();
        let mut any = false;
        for (key, value) in json::members(object) {
            any = true;
            let value = match value {
                Value::Word(word) => number::millis(word),
                _ => None,
            };
            match key {
                b"blocked" => timings.blocked = value,
                b"dns" => timings.dns = value,
                b"connect" => timings.connect = value,
                b"ssl" => timings.ssl = value,
                b"send" => timings.send = value,
                b"wait" => timings.wait = value,
                b"receive" => timings.receive = value,
                _ => {}
            }
        }
        any.then_some(timings)
    }

    /// Until the first byte of the response.
    fn first_byte(&self) -> Option<Millis> {
        let parts = [self.blocked, self.dns, self.connect, self.send, self.wait];
        let parts = parts.into_iter().flatten();
        let sum = parts.fold(0_u64, |sum, part| sum.saturating_add(part.micros()));
        self.wait.map(|_| Millis::from_micros(sum))
    }

    fn gather(&self, evidence: &mut Evidence<'_>) {
        let reused = self.dns.is_none() && self.connect.is_none() && self.ssl.is_none();
        evidence.reused = evidence.status.map(|_| reused);
        let timings = &mut evidence.timings;
        timings.resolve = self.dns;
        timings.tls = self.ssl;
        let tls = self.ssl.map_or(0, Millis::micros);
        let connect = self.connect.map(|connect| connect.micros().saturating_sub(tls));
        timings.connect = connect.map(Millis::from_micros);
        timings.first_byte = self.first_byte().filter(|_| evidence.status.is_some());
    }
}

fn is_true(value: Value<'_>) -> bool {
    match value {
        Value::Text(text) | Value::Word(text) => !matches!(text, b"" | b"false" | b"0"),
        Value::Null => false,
        Value::Object(_) | Value::Array(_) => true,
    }
}
