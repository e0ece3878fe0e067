//! One exchange as it goes by, from the response's headers to its end.

use alloc::boxed::Box;
use alloc::string::String;

use why502::evidence::BodySignature;
use why502::{Cause, Diagnosis, Evidence, Fault, Outcome, diagnose};

use crate::facts::{self, Facts, Request};
use crate::{Ask, Map, Pairs};

/// What is known of an exchange that did not end well.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure {
    /// What the host told.
    pub facts: Facts,
    diagnosis: Diagnosis,
    proxy_status: Option<String>,
}

impl Failure {
    /// `None` where nothing failed, and where the configuration asks for such a response.
    fn of(facts: Facts) -> Option<Self> {
        let evidence = facts.evidence();
        let diagnosis = diagnose(&evidence);
        if facts.is_wanted() || diagnosis.outcome() == Outcome::Healthy {
            return None;
        }
        let proxy_status = why502::report::proxy_status(&evidence, &diagnosis);
        Some(Self { facts, diagnosis, proxy_status })
    }

    /// What failed and why.
    #[must_use]
    pub const fn diagnosis(&self) -> &Diagnosis {
        &self.diagnosis
    }

    /// The fault and its likeliest cause.
    #[must_use]
    pub fn verdict(&self) -> (Fault, Cause) {
        (self.diagnosis.fault(), self.diagnosis.cause())
    }

    /// The facts as evidence, for what quotes them. It is made anew each time.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'_> {
        self.facts.evidence()
    }

    /// The member for the response's Proxy-Status (RFC 9209); `None` where it has nothing to say. With
    /// `next_hop` it names the upstream's address, which clients need not know.
    #[must_use]
    pub fn proxy_status(&self, next_hop: bool) -> Option<&str> {
        let member = self.proxy_status.as_deref()?;
        // It is the last, and behind tokens and numbers alone. (The library's search for a text in a text
        // is as large as all of this.)
        let at = member.as_bytes().windows(NEXT_HOP.len()).position(|part| part == NEXT_HOP);
        let hidden = at.filter(|_| !next_hop).and_then(|at| member.get(..at));
        Some(hidden.unwrap_or(member))
    }
}

const NEXT_HOP: &[u8] = b"; next-hop=";

/// What a host was found to have; one for all exchanges saves it questions, one for each works as well.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// Whether it has the names of attributes that begin with `xds`.
    pub(crate) xds: bool,
    /// Whether it has `response.flags`, and how often it gave none.
    flags: bool,
    without_flags: u8,
}

impl Known {
    /// After so many answers without flags and none with them, there will never be any.
    const ENOUGH: u8 = 8;

    fn flags(&mut self, host: &impl Ask) -> Option<u64> {
        if !self.flags && self.without_flags >= Self::ENOUGH {
            return None;
        }
        let flags = facts::number(host, b"response\0flags");
        match flags {
            Some(_) => self.flags = true,
            None => self.without_flags = self.without_flags.saturating_add(1),
        }
        flags
    }
}

/// One exchange. It is told what goes by, and asks the host for the rest.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// Whether response headers came by.
    seen: bool,
    /// Whether all of the response came by.
    ended: bool,
    /// Whether it was answered with a status of the 400s.
    refused: bool,
    request: Option<Box<Request>>,
    failure: Option<Box<Failure>>,
}

/// What the first look at a response says.
enum Glance {
    Healthy,
    /// A refusal: it may be the gateway's, or an upgrade that failed.
    Refused,
    Failed,
}

impl Exchange {
    /// An exchange that begins.
    #[must_use]
    pub const fn new() -> Self {
        Self { seen: false, ended: false, refused: false, request: None, failure: None }
    }

    /// Keeps the request for when the response comes: Envoy does not show it then. It is needed by those
    /// alone who want to tell clients apart.
    pub fn keep(&mut self, request: Request) {
        self.request = Some(Box::new(request));
    }

    /// The response's headers. `end` says that neither body nor trailers follow.
    pub fn on_response_headers(
        &mut self,
        host: &impl Ask,
        known: &mut Known,
        end: bool,
    ) -> Option<&mut Failure> {
        (self.seen, self.ended) = (true, end);
        let Glimpse { glance, status, headers } = glimpse(host, end);
        let failed = match glance {
            Glance::Healthy => false,
            Glance::Refused => {
                self.refused = true;
                refused_here(host)
            }
            Glance::Failed => true,
        };
        if !failed {
            return None;
        }
        let headers = headers.or_else(|| host.headers(Map::Response).ok()).unwrap_or_default();
        let facts = self.gather(host, known, status, &headers);
        self.found(facts)
    }

    /// A part of the response's body. `end` says that nothing follows.
    pub fn on_response_body(&mut self, end: bool) {
        self.ended = end;
    }

    /// The body's beginning, of a response that failed: some say by it who made them.
    pub fn look_at_body(&mut self, start: &[u8]) {
        if let Some(failure) = self.failure.as_mut().filter(|_| !start.is_empty()) {
            failure.facts.body = Some(BodySignature::of(start));
        }
    }

    /// The response's trailers: where gRPC says how a call ended.
    pub fn on_response_trailers(
        &mut self,
        host: &impl Ask,
        known: &mut Known,
    ) -> Option<&mut Failure> {
        self.ended = true;
        if self.failure.is_some() {
            return None;
        }
        let code = host.header(Map::ResponseTrailers, b"grpc-status").ok()?;
        if !is_failure_of_grpc(&code) {
            return None;
        }
        let headers = host.headers(Map::Response).unwrap_or_default();
        let mut facts = self.gather(host, known, None, &headers);
        facts.grpc_status = Some(code);
        self.found(facts)
    }

    /// The exchange is over: the last word, from all that is known now. [`Facts::complete`] asks for what
    /// would not have changed it.
    pub fn on_log(&mut self, host: &impl Ask, known: &mut Known) -> Option<Box<Failure>> {
        let mut facts = match self.failure.take() {
            Some(failure) if self.ended && failure.facts.is_final() => return Some(failure),
            Some(failure) => failure.facts,
            // What came by whole came whole from the upstream: what happens afterwards happens between
            // the client and the gateway. What did not come by at all, Envoy answered before any filter
            // was asked.
            None if !(self.broke_off(host, known) || self.upgrade_failed(host)) => return None,
            None => {
                let mut facts = Facts::gather(host, known, None);
                facts.request = self.request.take().map(|request| *request).unwrap_or_default();
                facts.response(host, &host.headers(Map::Response).unwrap_or_default());
                // What came by at the headers was the upstream's, and no failure.
                facts.begun = self.seen;
                facts
            }
        };
        facts.over(host, self.ended);
        Failure::of(facts).map(Box::new)
    }

    /// Whether the response's headers came by.
    #[must_use]
    pub const fn seen(&self) -> bool {
        self.seen
    }

    /// What was found so far, for hosts without a log phase.
    pub fn take(&mut self) -> Option<Box<Failure>> {
        self.failure.take()
    }

    /// All that can be known while the response goes by.
    fn gather(
        &mut self,
        host: &impl Ask,
        known: &mut Known,
        status: Option<u16>,
        headers: &Pairs,
    ) -> Facts {
        let mut facts = Facts::gather(host, known, status);
        facts.request(host, self.request.take().map(|request| *request));
        facts.response(host, headers);
        facts
    }

    fn found(&mut self, facts: Facts) -> Option<&mut Failure> {
        self.failure = Failure::of(facts).map(Box::new);
        self.failure.as_deref_mut()
    }

    /// One call to the host: whether an exchange that began well ended otherwise.
    fn broke_off(&self, host: &impl Ask, known: &mut Known) -> bool {
        !self.ended && (!self.seen || known.flags(host).is_some_and(|flags| flags != 0))
    }

    /// Whether what was refused was an upgrade.
    fn upgrade_failed(&self, host: &impl Ask) -> bool {
        self.refused && asks_to_upgrade(host)
    }
}

/// What one call to the host gives.
struct Glimpse {
    glance: Glance,
    status: Option<u16>,
    /// Where they were asked for.
    headers: Option<Pairs>,
}

/// One call to the host: whether the response looks like a failure. Where headers are all of it, a call
/// of gRPC may have failed with status 200.
fn glimpse(host: &impl Ask, end: bool) -> Glimpse {
    let headers = end.then(|| host.headers(Map::Response).unwrap_or_default());
    let value = |name: &[u8]| headers.as_ref().and_then(|headers| headers.value(name));
    let status = match end {
        true => value(b":status").and_then(facts::decimal),
        false => host.header(Map::Response, b":status").ok().and_then(|it| facts::decimal(&it)),
    };
    let status = status.or_else(|| facts::number(host, b"response\0code"));
    let status = status.and_then(|status| u16::try_from(status).ok());
    let glance = match (value(b"grpc-status"), status) {
        (Some(code), _) if is_failure_of_grpc(code) => Glance::Failed,
        // Refusals of the gateway look like those of the application.
        (Some(code), _) if code != b"0" => Glance::Refused,
        (_, Some(100..400) | None) => Glance::Healthy,
        (_, Some(400..500)) => Glance::Refused,
        (_, Some(_)) => Glance::Failed,
    };
    Glimpse { glance, status, headers }
}

/// Codes of gRPC that speak of the server, not of what was asked of it: UNKNOWN, DEADLINE_EXCEEDED,
/// INTERNAL, UNAVAILABLE, DATA_LOSS.
fn is_failure_of_grpc(code: &[u8]) -> bool {
    matches!(code, b"2" | b"4" | b"13" | b"14" | b"15")
}

/// Whether a refusal needs a closer look: the gateway's own, or one of an upgrade.
fn refused_here(host: &impl Ask) -> bool {
    match host.property(b"response\0code_details") {
        Ok(details) => !details.is_empty() && !details.starts_with(b"via_upstream"),
        // Other hosts show the request's headers now, and may have no log phase.
        Err(_) => asks_to_upgrade(host),
    }
}

fn asks_to_upgrade(host: &impl Ask) -> bool {
    let protocol = host.header(Map::Request, b"upgrade");
    protocol.is_ok_and(|protocol| facts::is_websocket(&protocol))
}
