//! Decides the fault: what the evidence shows, how surely, and what it cannot exclude.
//!
//! The order of the rules:
//! 1. What the client did, where that ended the exchange (499).
//! 2. A status that is no failure: the exchange is healthy, whatever earlier attempts met, unless
//!    something befell the body or the gateway refused.
//! 3. The most telling sign of the attempt whose outcome the client got.
//! 4. What the access record shows of that attempt: which times are there and which are not.
//! 5. The bare status.

mod attempt;
mod meaning;

use crate::evidence::{Evidence, List, Protocol, Seen, Sign, Source};
use crate::vocabulary::{Confidence, Fault, Gateway, Phase};
use core::cmp::Ordering;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Verdict {
    /// The fault.
    pub fault: Fault,
    /// How sure the evidence makes it.
    pub certainty: Confidence,
    /// Other faults that the evidence cannot exclude, the likeliest first.
    pub candidates: List<Candidate, 4>,
    /// The sign that decided, by its place in the evidence.
    pub because: Option<u8>,
}

/// A fault that the evidence cannot exclude.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// The fault.
    pub fault: Fault,
    /// How likely it is.
    pub certainty: Confidence,
}

impl Default for Candidate {
    fn default() -> Self {
        Self { fault: Fault::Unknown, certainty: Confidence::percent(0) }
    }
}

impl Verdict {
    fn sure(fault: Fault, percent: u8) -> Self {
        Self {
            fault,
            certainty: Confidence::percent(percent),
            candidates: List::default(),
            because: None,
        }
    }

    fn or(mut self, fault: Fault, percent: u8) -> Self {
        self.candidates.push(Candidate { fault, certainty: Confidence::percent(percent) });
        self
    }

    fn because(mut self, at: usize) -> Self {
        self.because = u8::try_from(at).ok();
        self
    }
}

/// The fault that a sign means by itself, as reports say it.
#[must_use]
pub fn meaning_of(seen: &Seen<'_>) -> Option<Fault> {
    meaning::meaning(seen.sign, seen.phase.or(seen.sign.phase()), seen.number)
}

/// Decides the fault of one exchange.
#[must_use]
pub fn classify(evidence: &Evidence<'_>) -> Verdict {
    let deciding = deciding(evidence);
    if let Some(status) = evidence.status {
        match status {
            499 if writes_nginx_statuses(evidence) => {
                return with_sign(
                    Verdict::sure(Fault::ClientClosed, 98),
                    evidence,
                    Sign::ClientGone,
                );
            }
            _ if !is_failure(status) => return healthy(evidence, status, deciding),
            _ => {}
        }
    }
    match (deciding, evidence.status) {
        (Some((at, fault)), _) => by_sign(evidence, at, fault),
        (None, Some(status)) => by_status(evidence, status),
        (None, None) => silent(evidence),
    }
}

/// A status that failed, and no sign that means a fault by itself.
#[inline(never)]
fn by_status(evidence: &Evidence<'_>, status: u16) -> Verdict {
    // Words tell what happened, and no record tells where.
    if !evidence.upstream_told && evidence.find(is_outcome).is_some() {
        return silent(evidence);
    }
    attempt::by_outcome(evidence, status)
}

/// Whether a sign says what happened and only its phase is missing.
fn is_outcome(seen: &Seen<'_>) -> bool {
    let phase = seen.phase.or(seen.sign.phase());
    phase.is_none() && seen.sign.telling() >= Sign::VAGUE
}

/// Whether a status means that the exchange failed at a gateway. 000 and 009 are nginx's way to
/// say that nothing, or something that is not HTTP/1, was sent.
fn is_failure(status: u16) -> bool {
    !(100..500).contains(&status)
}

/// The sign that decides and the fault that it means: the most telling one of the last attempt.
fn deciding(evidence: &Evidence<'_>) -> Option<(usize, Fault)> {
    let last = evidence.attempts.len().checked_sub(1).and_then(|at| u8::try_from(at).ok());
    /// The reason of the status, more telling than a consequence, the attempt, how telling, whether it
    /// says more closely what the access record says.
    type Rank = (bool, bool, Option<u8>, u8, bool);
    let mut best: Option<(Rank, usize, Fault)> = None;
    // Of a TLS library's words about a connection that is not named.
    let of_client = evidence.attempts.is_empty() && evidence.has(Sign::ClientHandshakeFailed);
    let envoy = evidence.gateway == Some(Gateway::Envoy);
    // The death of a process names no exchange: it explains what the line of one says.
    let told = |seen: &Seen<'_>| {
        let crashed = seen.sign == Sign::WorkerCrashed;
        !crashed && seen.sign.telling() > Sign::CONSEQUENCE && meaning_of(seen).is_some()
    };
    for (at, seen) in evidence.signs.iter().enumerate() {
        let Some(fault) = meaning_of(seen) else { continue };
        let closer = envoy && seen.origin.source == Source::ErrorLog;
        if (closer && !refines(evidence, seen)) || (of_client && fault.phase() == Phase::Tls) {
            continue;
        }
        if seen.sign == Sign::WorkerCrashed && evidence.find(told).is_some() {
            continue;
        }
        // An access record that lists a later attempt says that this one was not the last; where
        // that one ended the same way, its own line is only missing from the excerpt.
        if evidence.upstream_told && seen.attempt < last && !ended_alike(evidence, seen) {
            continue;
        }
        let telling = seen.sign.telling();
        // Passed on as HTTP/0.9: what became of the rest of it is not the point.
        let passed_on = evidence.status == Some(9) && seen.sign == Sign::NoStatusLine;
        // Apache's lines with a number, and those of a time limit, say what the others follow from.
        let first = seen.number.is_some() || seen.sign == Sign::TimedOut;
        let closer = closer || (evidence.gateway == Some(Gateway::Apache) && first);
        let rank = (passed_on, telling > Sign::CONSEQUENCE, seen.attempt, telling, closer);
        // Of equal ones the later; of what only follows the first, which is nearest to its cause.
        let decides = best.is_none_or(|(highest, ..)| match rank.cmp(&highest) {
            Ordering::Greater => true,
            Ordering::Equal => telling > Sign::CONSEQUENCE,
            Ordering::Less => false,
        });
        if decides {
            best = Some((rank, at, fault));
        }
    }
    let (_, at, fault) = best?;
    Some(marked_down_for(evidence, fault).unwrap_or((at, fault)))
}

/// What a member was marked down for: it explains that none is left, and says more than that a
/// connection to it failed. The last one said.
fn marked_down_for(evidence: &Evidence<'_>, fault: Fault) -> Option<(usize, Fault)> {
    let signs = evidence.signs.iter().enumerate().filter(|(_, seen)| seen.event);
    let mut reasons = signs.filter_map(|(at, seen)| Some((at, meaning_of(seen)?)));
    let explains = |reason: Fault| {
        let upstream = !matches!(reason.phase(), Phase::Select | Phase::Client);
        reason.parent() == Some(fault) || (fault == Fault::NoHealthyUpstream && upstream)
    };
    reasons.rfind(|(_, reason)| explains(*reason))
}

/// Whether a line of Envoy's log can be about the attempt that its access record tells of: the record
/// says how the last one ended, and the log's lines name no attempt. They may say it more closely.
fn refines(evidence: &Evidence<'_>, seen: &Seen<'_>) -> bool {
    let phase = |seen: &Seen<'_>| seen.phase.or(seen.sign.phase());
    let told =
        |told: &Seen<'_>| told.origin.source == Source::AccessLog && meaning_of(told).is_some();
    let Some(told) = evidence.find(told) else { return true };
    match (phase(told), phase(seen)) {
        (Some(Phase::Connect), Some(closer)) => {
            matches!(closer, Phase::Connect | Phase::Tls | Phase::Gateway)
        }
        (Some(Phase::ResponseHeaders), Some(Phase::Tls)) => told.sign == Sign::Ended,
        (told, seen) => told == seen,
    }
}

/// Whether the last attempt ended with the status of the attempt that a sign speaks of, and without
/// an answer of its own.
fn ended_alike(evidence: &Evidence<'_>, seen: &Seen<'_>) -> bool {
    let Some(at) = seen.attempt else { return true };
    let spoken_of = evidence.attempts.get(usize::from(at));
    let pair = spoken_of.zip(evidence.last_attempt());
    pair.is_some_and(|(this, last)| this.status == last.status && last.header.is_none())
}

/// The verdict on the ground of one sign.
fn by_sign(evidence: &Evidence<'_>, at: usize, fault: Fault) -> Verdict {
    let Some(seen) = evidence.signs.get(at) else { return Verdict::sure(Fault::Unknown, 100) };
    let verdict = match seen.sign {
        Sign::NoStatusLine if fault == Fault::ResponseMalformed => {
            Verdict::sure(fault, 88).or(Fault::ResponseProtocolMismatch, 12)
        }
        Sign::ApplicationFailed | Sign::ApplicationOutOfMemory | Sign::ApplicationTimedOut
            if evidence.status.is_none() =>
        {
            // A program may fail after it answered 200.
            Verdict::sure(fault, 80).or(Fault::None, 20)
        }
        // A letter of HAProxy's access record says it, and says no more.
        _ if seen.origin.source == Source::AccessLog
            && !seen.event
            && evidence.gateway == Some(Gateway::Haproxy) =>
        {
            by_letter(seen, fault)
        }
        // The handshake is part of connecting, where nothing is told of the transport.
        Sign::Failed
            if seen.phase == Some(Phase::Connect) && evidence.gateway == Some(Gateway::Envoy) =>
        {
            Verdict::sure(fault, 80).or(Fault::TlsHandshakeFailed, 20)
        }
        Sign::Ended | Sign::Failed if evidence.status.is_none() => {
            Verdict::sure(fault, 90).or(Fault::Unknown, 10)
        }
        // One word of Apache's for whatever kept it from reading the response.
        Sign::Thereby if fault == Fault::ResponseTerminated => {
            Verdict::sure(fault, 60).or(Fault::ResponseTimeout, 25).or(Fault::Unknown, 15)
        }
        // It says that the handshake failed, and only the reason is missing.
        Sign::Thereby if fault == Fault::TlsHandshakeFailed => {
            Verdict::sure(fault, 92).or(Fault::Unknown, 8)
        }
        sign if sign.telling() <= Sign::CONSEQUENCE => {
            Verdict::sure(fault, 70).or(Fault::Unknown, 30)
        }
        _ if evidence.status.is_some() => Verdict::sure(fault, 98),
        // The error log alone does not show whether a later attempt ended well.
        _ => Verdict::sure(fault, 96).or(Fault::None, 4),
    };
    verdict.because(at)
}

/// The verdict where an access record has a word or letters for what happened.
fn by_letter(seen: &Seen<'_>, fault: Fault) -> Verdict {
    match (seen.sign, fault) {
        // Handshakes are part of the connection there.
        (Sign::Failed, Fault::ConnectFailed) => {
            Verdict::sure(fault, 75).or(Fault::TlsHandshakeFailed, 25)
        }
        (Sign::TimedOut, Fault::ConnectTimeout) => {
            Verdict::sure(fault, 88).or(Fault::TlsHandshakeFailed, 12)
        }
        // A rule that refuses a response may look like one that cannot be read.
        (Sign::Malformed, Fault::ResponseMalformed) => {
            Verdict::sure(fault, 85).or(Fault::GatewayDenied, 15)
        }
        _ => Verdict::sure(fault, 98),
    }
}

/// A status that is no gateway failure: none, unless more is known.
fn healthy(evidence: &Evidence<'_>, status: u16, deciding: Option<(usize, Fault)>) -> Verdict {
    let refused_by_gateway = matches!(status, 400..=499);
    if let Some((at, fault)) = deciding {
        let stands = match fault.phase() {
            // The head was sent before this happened.
            Phase::ResponseBody => {
                evidence.signs.get(at).is_some_and(|seen| seen.sign != Sign::Surplus)
            }
            // Temporary files fill up while a body is under way.
            Phase::Gateway => match fault {
                Fault::GatewayDenied => refused_by_gateway,
                _ => evidence.signs.get(at).is_some_and(|seen| {
                    (seen.phase == Some(Phase::ResponseBody)
                        && seen.sign.telling() >= Sign::OUTCOME)
                        // Who could not be asked is refused.
                        || (seen.sign == Sign::AuthorizationFailed && refused_by_gateway)
                }),
            },
            Phase::Client => fault != Fault::ClientInvalid || refused_by_gateway,
            // What no route covers is answered with 404.
            Phase::Select => {
                let refuses = matches!(fault, Fault::ConnectionLimit | Fault::NoUpstream);
                refuses && refused_by_gateway
            }
            Phase::ResponseHeaders => {
                // What could not be parsed was passed on as HTTP/0.9.
                fault == Fault::ResponseUpgradeFailed && evidence.request.upgrade && status != 101
            }
            Phase::Resolve | Phase::Connect | Phase::Tls | Phase::Request => false,
        };
        if stands || failed_call(evidence, at, status) {
            return by_sign(evidence, at, fault);
        }
        if let Some(verdict) = after_the_head(evidence, at, status) {
            return verdict;
        }
    }
    let answered = evidence.answered == Some(true)
        || evidence.last_attempt().is_some_and(|attempt| attempt.status == Some(status));
    let own = (evidence.upstream_told && evidence.attempts.is_empty())
        || evidence.answered == Some(false);
    match status {
        444 if writes_nginx_statuses(evidence) => return Verdict::sure(Fault::GatewayDenied, 95),
        494..=497 if writes_nginx_statuses(evidence) => {
            return Verdict::sure(Fault::ClientInvalid, 97);
        }
        _ if evidence.gateway == Some(Gateway::Apache) => {
            if let Some(verdict) = apaches(evidence, status, own) {
                return verdict;
            }
        }
        408 | 413 | 414 | 431 if !answered => {
            return Verdict::sure(Fault::ClientInvalid, 85).or(Fault::None, 15);
        }
        // nginx answers 400 to what it cannot parse; such a request has no method, or went nowhere.
        400 if own || (!answered && evidence.request.method.is_none()) => {
            return Verdict::sure(Fault::ClientInvalid, 90).or(Fault::None, 10);
        }
        403 if own => return Verdict::sure(Fault::GatewayDenied, 75).or(Fault::None, 25),
        // HTTP/1.0, which Envoy takes from nobody by default.
        426 if own && evidence.gateway == Some(Gateway::Envoy) => {
            return Verdict::sure(Fault::ClientInvalid, 85).or(Fault::None, 15);
        }
        _ => {}
    }
    // The response was not sent whole. The gateway would have written of an upstream that broke it
    // off; of a client that left it does not, at the usual level.
    if evidence.complete == Some(false) && status < 400 {
        return Verdict::sure(Fault::ClientClosed, 60)
            .or(Fault::Unknown, 25)
            .or(Fault::BodyFailed, 15);
    }
    Verdict::sure(Fault::None, if evidence.upstream_told { 99 } else { 97 })
}

/// Whether a sign tells of a gRPC call that failed, though its status is well: the outcome stands in
/// the trailers, which a gateway writes as the upstream does. Where an attempt answered and no sign is
/// about its answer, an earlier attempt failed.
fn failed_call(evidence: &Evidence<'_>, at: usize, status: u16) -> bool {
    let grpc = matches!(evidence.protocol, Some(Protocol::Grpc | Protocol::Grpcs));
    if !grpc || !evidence.upstream_told || status >= 400 {
        return false;
    }
    let answered = evidence.last_attempt().is_some_and(|attempt| attempt.status == Some(status));
    !answered || evidence.signs.get(at).is_some_and(|seen| seen.sign == Sign::ServerError)
}

/// Whether a status that HTTP does not know may be nginx's own way to say something: it is the
/// gateway, or nobody knows which one is.
const fn writes_nginx_statuses(evidence: &Evidence<'_>) -> bool {
    matches!(evidence.gateway, None | Some(Gateway::Nginx))
}

/// Apache's own refusals, which look like the application's unless the record says that nothing
/// answered: it has no limit on uploads by default, and no 431.
fn apaches(evidence: &Evidence<'_>, status: u16, own: bool) -> Option<Verdict> {
    let asked = evidence.request.method.is_some();
    Some(match status {
        400 | 408 | 413 | 414 if own || !asked => {
            Verdict::sure(Fault::ClientInvalid, 90).or(Fault::None, 10)
        }
        414 => Verdict::sure(Fault::ClientInvalid, 70).or(Fault::None, 30),
        403 if own => Verdict::sure(Fault::GatewayDenied, 75).or(Fault::None, 25),
        _ => return None,
    })
}

/// The response's head was sent, so what ended the response afterwards cut its body, whatever phase
/// the words name (nginx's gRPC module names none but the head's). Where the exchange may have been
/// tried again, the failure was that of an earlier attempt.
fn after_the_head(evidence: &Evidence<'_>, at: usize, status: u16) -> Option<Verdict> {
    let seen = evidence.signs.get(at)?;
    if status >= 400 || seen.phase != Some(Phase::ResponseHeaders) {
        return None;
    }
    let fault = match seen.sign {
        Sign::Reset | Sign::Closed | Sign::Ended | Sign::StreamReset | Sign::GoAway => {
            Fault::BodyTruncated
        }
        Sign::TimedOut => Fault::BodyTimeout,
        _ => return None,
    };
    let only = match (evidence.upstream_told, evidence.attempts.as_slice()) {
        (true, [attempt]) => attempt.status == Some(status),
        (true, _) => false,
        // Gateways do not repeat what may not be done twice.
        (false, _) => matches!(evidence.request.method, Some(b"POST" | b"PATCH" | b"LOCK")),
    };
    only.then(|| Verdict::sure(fault, 80).or(Fault::None, 20).because(at))
}

/// No status and no sign that means a fault by itself.
fn silent(evidence: &Evidence<'_>) -> Verdict {
    let most = evidence.signs.iter().enumerate().max_by_key(|(_, seen)| seen.sign.telling());
    let Some((at, seen)) = most else { return Verdict::sure(Fault::Unknown, 100) };
    let verdict = match seen.sign {
        // An outcome without its phase: the words are cut. Most wait for a response, some have
        // part of one already.
        Sign::TimedOut => Verdict::sure(Fault::ResponseTimeout, 60)
            .or(Fault::ConnectTimeout, 25)
            .or(Fault::BodyTimeout, 15),
        Sign::Closed => Verdict::sure(Fault::ResponseClosed, 65).or(Fault::BodyTruncated, 35),
        Sign::Reset => Verdict::sure(Fault::ResponseReset, 60)
            .or(Fault::BodyTruncated, 25)
            .or(Fault::RequestWriteFailed, 15),
        Sign::Ended => Verdict::sure(Fault::ResponseTerminated, 60).or(Fault::BodyTruncated, 40),
        Sign::BrokenPipe => {
            Verdict::sure(Fault::RequestWriteFailed, 60).or(Fault::ClientClosed, 40)
        }
        Sign::Refused => Verdict::sure(Fault::ConnectRefused, 90).or(Fault::DnsFailed, 10),
        Sign::Unreachable => Verdict::sure(Fault::ConnectUnreachable, 90).or(Fault::DnsFailed, 10),
        Sign::ScriptMissing | Sign::ApplicationWrote => {
            Verdict::sure(Fault::None, 70).or(Fault::UpstreamError, 30)
        }
        Sign::Unrecognized => Verdict::sure(Fault::Unknown, 60).or(Fault::None, 40),
        sign if sign.telling() <= Sign::NOTE => {
            Verdict::sure(Fault::None, 90).or(Fault::Unknown, 10)
        }
        _ => Verdict::sure(Fault::Unknown, 100),
    };
    verdict.because(at)
}

fn with_sign(verdict: Verdict, evidence: &Evidence<'_>, sign: Sign) -> Verdict {
    match evidence.signs.iter().position(|seen| seen.sign == sign) {
        Some(at) => verdict.because(at),
        None => verdict,
    }
}

/// Whether the error log that belongs to the exchange was read and has no line about it: then the
/// gateway found nothing to complain of.
fn error_log_silent(evidence: &Evidence<'_>) -> bool {
    let speaks = |seen: &Seen<'_>| {
        seen.origin.source == Source::ErrorLog
            && !matches!(seen.sign, Sign::Harmless | Sign::BufferedToDisk | Sign::Reloading)
    };
    // Envoy's own log tells of exchanges at the level `debug` only.
    let tells = evidence.gateway != Some(Gateway::Envoy);
    tells && evidence.sources.has(Source::ErrorLog) && evidence.find(speaks).is_none()
}
