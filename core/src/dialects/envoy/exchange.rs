//! From the fields of an access record to evidence: what a text line and a JSON object have in common.

use super::details::{self, Told};
use super::flags::Flags;
use super::transport::{self, Proof};
use crate::dialects::Glance;
use crate::evidence::{
    Attempt, Connection, Evidence, MOST_ATTEMPTS, Millis, Origin, Protocol, Seen, Sign, Source,
    Timestamp,
};
use crate::scan::{self, number};
use crate::vocabulary::{Gateway, Phase};

/// The values of an access record, each as it stands there; `None` where the format has no place for
/// it, `-` where it was not set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields<'a> {
    pub(super) time: Option<Timestamp>,
    pub(super) method: Option<&'a [u8]>,
    pub(super) path: Option<&'a [u8]>,
    pub(super) protocol: Option<&'a [u8]>,
    pub(super) status: Option<u16>,
    pub(super) flags: Option<&'a [u8]>,
    pub(super) details: Option<&'a [u8]>,
    pub(super) termination: Option<&'a [u8]>,
    pub(super) transport: Option<&'a [u8]>,
    /// The same of the client's connection.
    pub(super) client_transport: Option<&'a [u8]>,
    pub(super) body_sent: Option<&'a [u8]>,
    pub(super) duration: Option<&'a [u8]>,
    pub(super) service_time: Option<&'a [u8]>,
    pub(super) forwarded_for: Option<&'a [u8]>,
    pub(super) request_id: Option<&'a [u8]>,
    pub(super) authority: Option<&'a [u8]>,
    pub(super) upstream_host: Option<&'a [u8]>,
    pub(super) cluster: Option<&'a [u8]>,
    pub(super) client: Option<&'a [u8]>,
    pub(super) route: Option<&'a [u8]>,
    pub(super) attempts: Option<&'a [u8]>,
    /// The same, where it was a number from the start.
    pub(super) attempt_count: Option<u64>,
    pub(super) grpc_status: Option<&'a [u8]>,
    pub(super) upgrade: Option<&'a [u8]>,
    pub(super) stream: Option<&'a [u8]>,
    /// Whether it is known that the response's headers came from the upstream.
    pub(super) begun: bool,
}

/// A value that was set.
pub(super) fn present(value: Option<&[u8]>) -> Option<&[u8]> {
    value.filter(|value| !matches!(*value, b"-" | b"" | b"null"))
}

/// `via_upstream` and what else stands for an answer of the upstream's.
const UPSTREAM: &[u8] = b"via_upstream";

/// The status of an upgrade that was made.
const SWITCHED: u16 = 101;

impl<'a> Fields<'a> {
    /// What the record shows of an exchange where nothing in it speaks of a failure.
    pub(super) fn usual(&self) -> Option<Glance<'a>> {
        let answered = present(self.details).is_none_or(|details| details == UPSTREAM);
        let calls_well =
            present(self.grpc_status).is_none_or(|code| matches!(code, b"0" | b"OK" | b"Ok"));
        let quiet = [self.termination, self.transport, self.client_transport, self.upgrade];
        let quiet = quiet.into_iter().all(|value| present(value).is_none());
        let usual =
            self.flags == Some(b"-") && answered && calls_well && quiet && !self.is_policy(None);
        Some(Glance {
            client: self.client().unwrap_or_default(),
            path: present(self.path).filter(|_| usual)?,
            status: self.status?,
            total: Some(self.duration.and_then(millis)?),
            ..Glance::default()
        })
    }

    /// Whether the record is about bytes that were passed on as they are, and about no request.
    fn is_stream(&self) -> bool {
        self.status.is_none_or(|status| status == 0)
            && present(self.method).is_none()
            && present(self.path).is_none()
    }

    /// Whether the response's headers came from the upstream.
    fn answered(&self, told: Option<&Told>) -> bool {
        self.begun || present(self.service_time).is_some() || told.is_some_and(|told| told.upstream)
    }

    /// Puts the values into evidence, in place of what is there.
    pub(super) fn gather(&self, origin: Origin, record: &'a [u8], evidence: &mut Evidence<'a>) {
        *evidence = Evidence::default();
        self.fill(origin, record, evidence);
    }

    /// Puts the values into evidence that is empty.
    pub(super) fn fill(&self, origin: Origin, record: &'a [u8], evidence: &mut Evidence<'a>) {
        evidence.gateway = Some(Gateway::Envoy);
        let origin = Origin { source: Source::AccessLog, ..origin };
        evidence.sources.add(Source::AccessLog);
        evidence.records.push((origin, record));
        evidence.at = self.time;
        evidence.request.method = present(self.method);
        evidence.request.path = present(self.path);
        evidence.request.authority = present(self.authority);
        evidence.request.id = present(self.request_id);
        evidence.cluster = present(self.cluster);
        evidence.client = self.client();
        evidence.body_sent = self.body_sent.and_then(number::bytes).filter(|_| !self.is_stream());
        evidence.timings.total = self.duration.and_then(millis);
        evidence.timings.first_byte = present(self.service_time).and_then(millis);
        evidence.headers.grpc_status = present(self.grpc_status);
        // A flag on a call of gRPC is Envoy's word on it, whatever its status is.
        let flagged = self.is_grpc() && present(self.flags).is_some();
        evidence.upstream_told = self.upstream_host.is_some() || self.details.is_some() || flagged;
        evidence.connection = present(self.stream)
            .and_then(number::whole)
            .map(|number| Connection { process: 0, number });
        let stream = self.is_stream();
        if stream {
            evidence.protocol = Some(Protocol::Stream);
        } else {
            evidence.status = self.status;
        }
        self.judge(origin, evidence);
        if stream && evidence.signs.is_empty() {
            evidence.add(Seen { quote: b"-", origin, ..Seen::new(Sign::Harmless) });
        }
    }

    /// The client's address without its port; of a list that proxies wrote, the first.
    fn client(&self) -> Option<&'a [u8]> {
        let forwarded = present(self.forwarded_for)
            .and_then(|list| list.split(|byte| *byte == b',').next())
            .map(<[u8]>::trim_ascii)
            .filter(|first| scan::looks_like_ip(first));
        forwarded.or_else(|| present(self.client).map(without_port))
    }

    /// What flags, details and the transport's reason prove, and what the upstream answered.
    fn judge(&self, origin: Origin, evidence: &mut Evidence<'a>) {
        let status = self.status.unwrap_or(0);
        let flags = self.flags.and_then(Flags::read).unwrap_or_default();
        let blamed = flags.any(Flags::UPSTREAM);
        let begun = self.begun || present(self.service_time).is_some() || status == SWITCHED;
        let told = present(self.details).and_then(|text| details::read(text, blamed, begun));
        let answered = self.answered(told.as_ref());
        // Where nothing tells of headers, a status that is none of Envoy's own was the upstream's.
        let begun = answered
            || (self.service_time.is_none()
                && self.details.is_none()
                && (100..500).contains(&status)
                && !self.is_grpc());
        self.attempts(status, answered, evidence);
        let mut add = |proof: Proof, quote: &'a [u8]| {
            let Proof { sign, phase, number } = proof;
            evidence.add(Seen { phase, number, quote, origin, ..Seen::new(sign) });
        };
        // What the upstream answered stands, whatever became of its connection afterwards.
        let decides = !(answered && status >= 500);
        // Either side closes an upgraded connection when it is done (RFC 6455, section 7.1.1).
        let fails = |proof: &Proof| {
            status != SWITCHED || !matches!(proof.sign, Sign::Ended | Sign::ClientGone)
        };
        let by_flags = flags
            .proves(begun, status != 0)
            .filter(|_| decides)
            .map(|(sign, phase)| Proof::new(sign, phase))
            .filter(fails);
        let by_details = told.and_then(|told| told.proofs[0]).filter(fails);
        let mut sure = by_details.or(by_flags);
        if self.is_policy(told.as_ref()) {
            add(Proof::new(Sign::Denied, None), self.policy_words());
            return;
        }
        if let Some(proof) = by_details {
            let quote = self.details.unwrap_or_default();
            add(proof, quote);
            if let Some(closer) = told.and_then(|told| told.proofs[1]) {
                add(closer, quote);
            }
        } else if let Some(proof) = by_flags {
            add(proof, self.flags.unwrap_or_default());
        }
        // Of a connection that the client had, when the request's own fields say nothing.
        if sure.is_none() && status == 0 {
            if let Some(proof) = present(self.termination)
                .and_then(|text| details::read(text, false, false))
                .and_then(|told| told.proofs[0])
            {
                add(proof, self.termination.unwrap_or_default());
                sure = Some(proof);
            }
        }
        if let Some(reason) = present(self.client_transport).filter(|_| sure.is_none()) {
            let failed = Proof::new(Sign::ClientHandshakeFailed, None);
            add(failed, reason);
            sure = Some(failed);
        }
        // It stays as it was when a later attempt ended otherwise.
        let closer_told = by_details.is_some() && told.is_some_and(|told| told.proofs[1].is_some());
        if let Some(reason) = present(self.transport).filter(|_| !closer_told) {
            let about = match sure {
                Some(proof) => Some(proof),
                None if self.flags.is_none() && !answered && status >= 500 => {
                    Some(Proof::new(Sign::Failed, Some(Phase::Connect)))
                }
                None => None,
            };
            let closer = about.zip(transport::read(reason));
            if let Some(proof) = closer.and_then(|(about, closer)| details::fits(about, closer)) {
                add(proof, reason);
                sure = Some(proof);
            }
        }
        if sure.is_none() && !self.is_stream() {
            if let Some((proof, quote)) = self.answer(status, answered, told.as_ref()) {
                add(proof, quote);
                sure = Some(proof);
            }
        }
        let websocket = evidence.has(Sign::UpgradeFailed);
        evidence.request.upgrade |= websocket || present(self.upgrade).is_some();
        let local = sure.is_some_and(|proof| proof.phase != Some(Phase::ResponseBody));
        // To a call of gRPC, Envoy's own answer is 200 with the failure in `grpc-status`.
        let failed_well = status == 200 && local && (!answered || self.grpc_status.is_some());
        if self.is_grpc() || (failed_well && !begun) {
            evidence.protocol = Some(Protocol::Grpc);
        }
    }

    /// A server error that the upstream answered with.
    fn answer(
        &self,
        status: u16,
        answered: bool,
        told: Option<&Told>,
    ) -> Option<(Proof, &'a [u8])> {
        let direct = told.is_some_and(|told| told.direct);
        // Envoy sets a flag for whatever it fails with itself; a host was asked, so it answered.
        let no_flag = self.flags == Some(b"-")
            && present(self.details).is_none()
            && present(self.upstream_host).is_some();
        if !(answered || no_flag) || direct {
            return None;
        }
        let status = match present(self.grpc_status) {
            Some(code) if status < 500 => grpc_failure(code)?,
            _ if status >= 500 => status,
            _ => return None,
        };
        let proof =
            Proof { number: Some(u32::from(status)), ..Proof::new(Sign::ServerError, None) };
        let mut quotes = [self.grpc_status, self.details, self.flags].into_iter().flatten();
        let quote = quotes.find(|quote| *quote != b"-").unwrap_or(UPSTREAM);
        Some((proof, quote))
    }

    fn is_grpc(&self) -> bool {
        self.grpc_status.is_some_and(|code| !matches!(code, b"-" | b"" | b"null"))
    }

    /// Istio's mesh without a way out (`outboundTrafficPolicy: REGISTRY_ONLY`).
    fn is_policy(&self, told: Option<&Told>) -> bool {
        let closed = self.route == Some(b"block_all") && told.is_none_or(|told| told.direct);
        closed || self.cluster == Some(b"BlackHoleCluster")
    }

    fn policy_words(&self) -> &'a [u8] {
        self.cluster.filter(|name| *name == b"BlackHoleCluster").or(self.route).unwrap_or_default()
    }

    /// The attempts: of all but the last nothing is told but that they were made.
    fn attempts(&self, status: u16, answered: bool, evidence: &mut Evidence<'a>) {
        let count = present(self.attempts).and_then(number::whole);
        let count = count.or(self.attempt_count).unwrap_or(1);
        let host = present(self.upstream_host).map(without_scheme);
        if count == 0 || (host.is_none() && !answered && count == 1) {
            return;
        }
        for _ in 1..count.min(MOST_ATTEMPTS as u64) {
            evidence.attempts.push(Attempt::default());
        }
        evidence.attempts.push(Attempt {
            address: host,
            status: answered.then_some(status),
            header: present(self.service_time).and_then(millis),
            header_told: self.service_time.is_some(),
            ..Attempt::default()
        });
    }
}

/// `tcp://10.0.0.1:80` of old versions.
fn without_scheme(host: &[u8]) -> &[u8] {
    host.strip_prefix(b"tcp://").unwrap_or(host)
}

/// Without the port behind the last colon; an IPv6 address stands in brackets.
fn without_port(address: &[u8]) -> &[u8] {
    let address = without_scheme(address);
    match memchr::memrchr(b':', address) {
        Some(at) => {
            let host = address.get(..at).unwrap_or(address);
            host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host)
        }
        None => address,
    }
}

/// Milliseconds.
fn millis(text: &[u8]) -> Option<Millis> {
    let text = text.strip_suffix(b"ms").unwrap_or(text);
    number::whole(text).map(Millis::new)
}

/// The HTTP status that says of an upstream what a code of gRPC's says, where the code speaks of the
/// server and not of what was asked of it.
fn grpc_failure(code: &[u8]) -> Option<u16> {
    Some(match code {
        b"14" | b"Unavailable" | b"UNAVAILABLE" => 503,
        b"4" | b"DeadlineExceeded" | b"DEADLINE_EXCEEDED" => 504,
        b"2" | b"Unknown" | b"UNKNOWN" | b"13" | b"Internal" | b"INTERNAL" | b"15"
        | b"DataLoss" | b"DATA_LOSS" => 500,
        _ => return None,
    })
}
