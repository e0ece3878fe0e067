//! ztunnel, which carries connections between the nodes of Istio's ambient mesh. It is no Envoy, and
//! stands in the same place: its records are about connections, and about no request.
//!
//! ```text
//! record = [ time ] TAB level TAB "access" TAB "connection complete" 1*( TAB name "=" value )
//! ```
//! As JSON, the same names are keys. From `src/proxy/metrics.rs` and `src/proxy.rs` of ztunnel 1.24: the
//! field `error` is there where the connection did not end well.

use super::transport::Proof;
use crate::dialects::standard;
use crate::evidence::{
    Attempt, Bytes, Evidence, Millis, Origin, Protocol, Seen, Sign, Source, Timestamp,
};
use crate::scan::{self, json, number, time};
use crate::vocabulary::{Gateway, Phase};

/// What a record begins with, behind its time and level.
const MESSAGE: &[u8] = b"connection complete";

/// Errors by their beginning; the words of a library may follow.
const ERRORS: &[(&str, Proof)] = &[
    ("attempted recursive call to ourselves", Proof::new(Sign::Loop, None)),
    ("client disconnected before all data", Proof::new(Sign::ClientGone, None)),
    ("connection closed due to connection drain", ENDED),
    ("connection closed due to policy change", DENIED),
    ("connection closed due to policy rejection", DENIED),
    ("connection failed to drain within the timeout", ENDED),
    ("connection failed: ", FAILED),
    ("connection streams maxed out", Proof::new(Sign::LimitReached, None)),
    ("connection timed out", Proof::new(Sign::TimedOut, Some(Phase::Connect))),
    ("destination disconnected before all data", ENDED),
    ("dns lookup: ", UNRESOLVED),
    ("dns response had no valid IP addresses", Proof::new(Sign::NameNotFound, None)),
    ("dns: ", UNRESOLVED),
    ("http status: 401", DENIED),
    ("http status: 403", DENIED),
    ("http2 handshake failed: ", FAILED),
    ("no gateway address", Proof::new(Sign::NoUpstream, None)),
    ("no healthy upstream", Proof::new(Sign::NoneHealthy, None)),
    ("no ip addresses were resolved for workload", Proof::new(Sign::NameNotFound, None)),
    ("no service for target address", Proof::new(Sign::NoUpstream, None)),
    ("no valid routing destination for workload", Proof::new(Sign::NoUpstream, None)),
    ("pool draining", ENDED),
    ("receive: ", ENDED),
    ("send: ", ENDED),
    ("tls error: ", Proof::new(Sign::HandshakeFailed, None)),
    ("tls handshake error: ", Proof::new(Sign::HandshakeFailed, None)),
    ("unknown destination", Proof::new(Sign::NoUpstream, None)),
    ("unknown waypoint", Proof::new(Sign::NoUpstream, None)),
];
const DENIED: Proof = Proof::new(Sign::Denied, None);
const ENDED: Proof = Proof::new(Sign::Ended, Some(Phase::ResponseHeaders));
const FAILED: Proof = Proof::new(Sign::Failed, Some(Phase::Connect));
const UNRESOLVED: Proof = Proof::new(Sign::ResolverFailed, None);

/// Reads a record. False, and nothing read, where the line is none.
pub(super) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    if !scan::holds(line, MESSAGE) {
        return false;
    }
    let fields = if line.first() == Some(&b'{') { Fields::of_json(line) } else { Fields::of(line) };
    // The addresses tell it from the words of others.
    let Some(fields) = fields.filter(|fields| fields.target.is_some()) else { return false };
    fields.gather(line, origin, evidence);
    true
}

#[derive(Clone, Copy, Debug, Default)]
struct Fields<'a> {
    at: Option<Timestamp>,
    client: Option<&'a [u8]>,
    target: Option<&'a [u8]>,
    service: Option<&'a [u8]>,
    sent: Option<u64>,
    took: Option<Millis>,
    error: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    fn of(line: &'a [u8]) -> Option<Self> {
        let (head, mut rest) = scan::split(line, MESSAGE)?;
        let mut words =
            head.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
        (words.next_back()? == b"access").then_some(())?;
        let at = words.next().and_then(time::iso).map(|(at, _)| at);
        let mut fields = Self { at, ..Self::default() };
        while let Some((before, after)) = scan::split_byte(rest, b'=') {
            let name = before.trim_ascii();
            let (value, behind) = match after {
                // Values are escaped as those of Rust's `Debug`.
                [b'"', inside @ ..] => quoted(inside),
                _ => scan::span(after, |byte| !byte.is_ascii_whitespace()),
            };
            fields.set(name, value);
            rest = behind;
        }
        Some(fields)
    }

    fn of_json(line: &'a [u8]) -> Option<Self> {
        let mut fields = Self::default();
        let mut access = false;
        json::each(line, |_, key, value| match key {
            b"scope" => access = value == b"access",
            b"time" => fields.at = time::any(value),
            _ => fields.set(key, value),
        });
        access.then_some(fields)
    }

    fn set(&mut self, name: &[u8], value: &'a [u8]) {
        match name {
            b"src.addr" => self.client = Some(value),
            b"dst.hbone_addr" => self.target = Some(value),
            b"dst.addr" => self.target = self.target.or(Some(value)),
            b"dst.service" => self.service = Some(value),
            b"bytes_sent" => self.sent = number::whole(value),
            b"duration" => {
                let millis = value.strip_suffix(b"ms").and_then(number::whole);
                self.took = millis.map(Millis::new);
            }
            b"error" => self.error = Some(value),
            _ => {}
        }
    }

    fn gather(&self, line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
        let origin = Origin { source: Source::AccessLog, ..origin };
        *evidence = Evidence::default();
        evidence.gateway = Some(Gateway::Envoy);
        evidence.sources.add(Source::AccessLog);
        evidence.records.push((origin, line));
        evidence.at = self.at;
        evidence.protocol = Some(Protocol::Stream);
        evidence.client = self.client;
        evidence.cluster = self.service;
        evidence.body_sent = self.sent.map(Bytes::new);
        evidence.timings.total = self.took;
        evidence.attempts.push(Attempt { address: self.target, ..Attempt::default() });
        let seen = Seen { origin, ..Seen::new(Sign::Harmless) };
        let Some(error) = self.error else {
            evidence.add(Seen { quote: MESSAGE, ..seen });
            return;
        };
        let seen = Seen { quote: error, attempt: Some(0), ..seen };
        match proof(error, self.sent.is_some_and(|sent| sent > 0)) {
            Some(Proof { sign, phase, number }) => {
                evidence.add(Seen { sign, phase, number, ..seen });
            }
            None => evidence.add(Seen { sign: Sign::Unrecognized, ..seen }),
        }
    }
}

fn quoted(inside: &[u8]) -> (&[u8], &[u8]) {
    let mut end = 0;
    while let Some(byte) = inside.get(end) {
        match byte {
            b'\\' => end += 2,
            b'"' => break,
            _ => end += 1,
        }
    }
    let end = end.min(inside.len());
    (inside.get(..end).unwrap_or(inside), inside.get(end + 1..).unwrap_or_default())
}

/// What an error proves. What ends behind the first bytes ends in the midst of an answer.
fn proof(error: &[u8], begun: bool) -> Option<Proof> {
    let known = ERRORS.iter().find(|(words, _)| error.starts_with(words.as_bytes()));
    let (words, proof) = match known {
        Some((words, proof)) => (words.len(), *proof),
        None => (0, ENDED),
    };
    let ended = proof.phase == ENDED.phase;
    let phase = if ended && begun { Some(Phase::ResponseBody) } else { proof.phase };
    // What is sure needs no closer word.
    let open = known.is_none()
        || matches!(proof.sign, Sign::Ended | Sign::Failed)
        || matches!(proof.sign, Sign::HandshakeFailed | Sign::ResolverFailed);
    let closer = error.get(words..).filter(|rest| open && !rest.is_empty());
    let about = if proof.sign.phase().is_some() { proof.sign.phase() } else { phase };
    let closer = closer.and_then(|rest| standard::text::sign_of(rest, about));
    match closer {
        Some((sign, place, number)) => Some(Proof { sign, phase: place.or(phase), number }),
        None if known.is_some() => Some(Proof { phase, ..proof }),
        None => None,
    }
}
