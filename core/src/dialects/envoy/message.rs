//! What Envoy writes where people paste it from: the bodies of its own answers, parts of a record, the
//! words of a log line without its head.

use super::details::{self, Told};
use super::spoken::{self, Spoken};
use super::transport::{self, Proof};
use super::{log, reset_words};
use crate::dialects::standard::fields;
use crate::evidence::{Evidence, Origin, Seen, Sign, Source};
use crate::scan::{self, number, words};
use crate::vocabulary::{Gateway, Phase};

/// The body for every reset.
const RESET: &str = "upstream connect error or disconnect/reset before headers";

/// Other bodies. The first ones are nobody else's, and count in the middle of other words; the rest
/// only as the whole text.
const BODIES: &[(&str, Sign, Option<Phase>)] = &[
    ("no healthy upstream", Sign::NoneHealthy, None),
    ("upstream request timeout", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    ("upstream max stream duration reached", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    (
        "upstream is closed prematurely during decoding data from downstream",
        Sign::Closed,
        Some(Phase::ResponseHeaders),
    ),
    ("RBAC: access denied", Sign::Denied, None),
    // ztunnel's, before it had an access log.
    ("RBAC rejected conn=", Sign::Denied, None),
    (
        "exceeded request buffer limit while retrying upstream",
        Sign::Exhausted,
        Some(Phase::Gateway),
    ),
    ("Dynamic forward proxy pending request overflow", Sign::LimitReached, None),
    ("Dynamic forward proxy cluster is gone", Sign::NoUpstream, None),
    ("The server has detected a loop between CDNs.", Sign::Loop, None),
    ("downstream duration timeout", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    ("fault filter abort", Sign::Denied, None),
    ("unconditional drop overload", Sign::LimitReached, None),
    ("Sub cluster warming timeout", Sign::NoneHealthy, None),
    ("Sub cluster overflow", Sign::LimitReached, None),
];
const WHOLE_BODIES: &[(&str, Sign, Option<Phase>)] = &[
    ("maintenance mode", Sign::NoneHealthy, None),
    ("envoy overloaded", Sign::Exhausted, Some(Phase::Gateway)),
    ("drop overload", Sign::LimitReached, None),
    ("stream timeout", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    ("request timeout", Sign::ClientInvalid, None),
    ("request header timeout", Sign::ClientInvalid, None),
    ("Filter error", Sign::ScriptFailed, None),
    ("DNS cache overflow", Sign::LimitReached, None),
    ("DNS resolution failure", Sign::ResolverFailed, None),
    ("Empty host header", Sign::ClientInvalid, None),
    ("local_rate_limited", Sign::RateLimited, None),
    ("reached concurrency limit", Sign::LimitReached, None),
    ("Jwt is missing", Sign::Denied, None),
    ("Jwt is expired", Sign::Denied, None),
    ("Jwt verification fails", Sign::Denied, None),
    ("Jwt issuer is not configured", Sign::Denied, None),
    ("Audiences in Jwt are not allowed", Sign::Denied, None),
];

/// Whether a text that stands alone in a log is one of these, and not other words.
pub(super) fn is_whole(text: &[u8]) -> bool {
    let text = trimmed(text);
    words::after(text, RESET).is_some()
        || words::after(text, "upstream_reset_before_response_started").is_some()
        || BODIES.iter().take(2).any(|(body, ..)| text == body.as_bytes())
}

/// Reads such words wherever they stand. `None` where there are none.
pub(super) fn read(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    Some(evidence_of(find(text)?, text, origin))
}

fn evidence_of<'a>(found: Found<'a>, text: &'a [u8], origin: Origin) -> Evidence<'a> {
    let mut evidence = Evidence::default();
    let origin = Origin { source: found.source, ..origin };
    evidence.gateway = Some(Gateway::Envoy);
    evidence.sources.add(found.source);
    evidence.records.push((origin, scan::trim(text)));
    evidence.status = found.status;
    for Proof { sign, phase, number } in found.proofs.into_iter().flatten() {
        evidence.add(Seen { phase, number, quote: found.quote, origin, ..Seen::new(sign) });
    }
    evidence
}

/// What was found in a text.
struct Found<'a> {
    proofs: [Option<Proof>; 2],
    quote: &'a [u8],
    status: Option<u16>,
    source: Source,
}

impl<'a> Found<'a> {
    const fn new(proofs: [Option<Proof>; 2], quote: &'a [u8], source: Source) -> Self {
        Self { proofs, quote, status: None, source }
    }
}

fn find(text: &[u8]) -> Option<Found<'_>> {
    // A body that names no reason says less than the flags beside it.
    let vague = |found: &Found<'_>| found.proofs[0] == Some(Proof::new(Sign::Failed, None));
    let body = body(text);
    if body.as_ref().is_none_or(vague) {
        if let Some(part) = part(text) {
            return Some(part);
        }
    }
    body.or_else(|| line(text)).or_else(|| headers(text))
}

/// Reads a response, or its body alone. What Envoy passes on is the upstream's, so that only whole
/// words of its own count.
pub(super) fn response(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let own = match origin.source {
        Source::Body => body(text),
        _ => {
            let parts = scan::split(text, b"\r\n\r\n").or_else(|| scan::split(text, b"\n\n"));
            let (head, rest) = parts.unwrap_or((text, b""));
            body(rest).or_else(|| headers(head))
        }
    };
    Some(evidence_of(own?, text, origin))
}

/// Up to the end of the line, or a quote, or a tag.
fn clause(text: &[u8]) -> &[u8] {
    let most = text.get(..400).unwrap_or(text);
    scan::span(most, |byte| !matches!(byte, b'\n' | b'\r' | b'"' | b'<' | b'`')).0
}

fn trimmed(text: &[u8]) -> &[u8] {
    let mut text = text.trim_ascii();
    while let [b'"' | b'`' | b'\'', inside @ .., b'"' | b'`' | b'\''] = text {
        text = inside.trim_ascii();
    }
    text
}

/// The body of an answer of Envoy's own.
fn body(text: &[u8]) -> Option<Found<'_>> {
    if let Some(at) = words::find(text, RESET).filter(|at| !is_of_config(text, *at)) {
        let quote = clause(text.get(at..)?);
        let behind = quote.get(RESET.len()..).unwrap_or_default();
        let reason = ["retried and the latest reset reason: ", "reset reason: "]
            .iter()
            .find_map(|words| Some(words::find(behind, words)? + words.len()));
        let proofs = match reason.and_then(|from| behind.get(from..)) {
            Some(reason) => reset_words(reason),
            // Without a reason, connecting may have failed as well.
            None => [Some(Proof::new(Sign::Failed, None)), None],
        };
        return Some(Found::new(proofs, quote, Source::Body));
    }
    let whole = trimmed(text);
    let alone = WHOLE_BODIES.iter().find(|(body, ..)| whole.eq_ignore_ascii_case(body.as_bytes()));
    if let Some(name) = words::after(whole, "upstream cluster '") {
        if name.ends_with(b"' was not available to cache") {
            return Some(Found::new(
                [Some(Proof::new(Sign::NoUpstream, None)), None],
                whole,
                Source::Body,
            ));
        }
    }
    if words::after(whole, "invalid header '")
        .is_some_and(|rest| scan::holds(rest, b"' with value '"))
    {
        return Some(Found::new(
            [Some(Proof::new(Sign::ClientInvalid, None)), None],
            whole,
            Source::Body,
        ));
    }
    let (words, sign, phase, at) = match alone {
        Some((words, sign, phase)) => (words, sign, phase, scan::find(text, whole)?),
        None => BODIES.iter().find_map(|(words, sign, phase)| {
            let at = words::find(text, words).filter(|at| !is_of_config(text, *at))?;
            Some((words, sign, phase, at))
        })?,
    };
    let quote = text.get(at..at + words.len())?;
    Some(Found::new([Some(Proof::new(*sign, *phase)), None], quote, Source::Body))
}

/// What words of Envoy's own prove that stand at the end of another message: those of an answer, or
/// details.
pub(super) fn own(text: &[u8]) -> Option<Proof> {
    let proofs = match details::read(text, true, false) {
        Some(told) => told.proofs,
        None => body(text)?.proofs,
    };
    proofs.into_iter().flatten().last()
}

/// Whether the words at a place are about the stream that brings the configuration, and no exchange.
fn is_of_config(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    scan::holds(line, b"config stream")
}

/// Part of an access record: details, flags behind a status, or a field with its name.
fn part(text: &[u8]) -> Option<Found<'_>> {
    for name in ["upstream_reset_before_response_started", "upstream_reset_after_response_started"]
    {
        let Some(at) = words::find(text, name) else { continue };
        let quote = clause(text.get(at..)?);
        let quote = match scan::find(quote, b"}") {
            Some(end) => quote.get(..end + 1).unwrap_or(quote),
            None => quote,
        };
        let mut told = details::read(quote, true, false)?;
        // What is written beside it of the transport.
        if let (Some(reset), None) = (told.proofs[0], told.proofs[1]) {
            let closer = transport_in(text).map(|(proof, _)| proof);
            told.proofs[1] = closer.and_then(|closer| details::fits(reset, closer));
        }
        // A 200 in front of a reset that came before any response is a call's of gRPC.
        let call = quote.starts_with(b"upstream_reset_before_response_started");
        let status = spoken::read(text)
            .and_then(|spoken| spoken.status)
            .filter(|status| !call || *status >= 400);
        return Some(Found { status, ..Found::new(told.proofs, quote, Source::AccessLog) });
    }
    let flags = spoken::read(text);
    if let Some(nowhere) = flags.and_then(|_| spoken::value_of(text, "upstream_cluster")) {
        // Istio's, where the mesh has no way out for this.
        if nowhere.starts_with(b"BlackHoleCluster") {
            let proofs = [Some(Proof::new(Sign::Denied, None)), None];
            return Some(Found::new(proofs, nowhere, Source::AccessLog));
        }
    }
    let told = loose_details(text);
    if let Some(Spoken { status, flags, quote }) = flags {
        let begun = status.is_some_and(|status| (100..500).contains(&status));
        let proof =
            flags.proves(begun, status != Some(0)).map(|(sign, phase)| Proof::new(sign, phase));
        let by_details = told.and_then(|(told, _)| told.proofs[0]);
        let proof = by_details.or(proof)?;
        let closer = transport_in(text).and_then(|(closer, _)| details::fits(proof, closer));
        let proofs = [Some(proof), closer];
        return Some(Found { status, ..Found::new(proofs, quote, Source::AccessLog) });
    }
    if let Some((told, quote)) = told {
        return Some(Found::new(told.proofs, quote, Source::AccessLog));
    }
    None
}

/// A word that is nothing but a detail of a failure. A name with a colon behind it is a setting's:
/// people paste their configuration too.
fn loose_details(text: &[u8]) -> Option<(Told, &[u8])> {
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.{}|:[]-()".contains(byte);
    text.split(|byte| !inner(byte)).find_map(|word| {
        let name = scan::span(word, |byte| byte.is_ascii_alphanumeric() || byte == b'_').0;
        let setting = word.get(name.len()) == Some(&b':');
        if setting || !name.contains(&b'_') || !details::are(word) {
            return None;
        }
        let told = details::read(word, false, false)?;
        told.proofs[0].is_some().then_some((told, word))
    })
}

/// The words of a log line, and of the transport.
fn line(text: &[u8]) -> Option<Found<'_>> {
    if let Some((proof, quote)) = transport_in(text) {
        return Some(Found::new([Some(proof), None], quote, Source::ErrorLog));
    }
    const LINES: [&str; 7] = [
        "Caught Segmentation fault, suspect faulting address",
        "upstream reset: reset reason: ",
        "Sending local reply with details ",
        "Error dispatching received data: ",
        "http/1.1 protocol error: ",
        "no healthy host for ",
        "gRPC config stream ",
    ];
    let at = LINES.iter().find_map(|words| scan::find(text, words.as_bytes()))?;
    let quote = clause(text.get(at..)?);
    let proofs = log::message(quote)?;
    proofs.iter().flatten().next()?;
    Some(Found::new(proofs, quote, Source::ErrorLog))
}

/// Words of the transport that are nobody else's.
fn transport_in(text: &[u8]) -> Option<(Proof, &[u8])> {
    const BEGINNINGS: [&str; 5] = [
        "TLS_error:|",
        "TLS error: ",
        "delayed connect error: ",
        "immediate connect error: ",
        "verify cert failed: ",
    ];
    let at = BEGINNINGS.iter().find_map(|words| words::find(text, words))?;
    let quote = clause(text.get(at..)?);
    Some((transport::read(quote)?, quote))
}

/// Headers that only Envoy writes, each in a line of its own, as `curl -v` prints them too.
fn headers(text: &[u8]) -> Option<Found<'_>> {
    let status = status_line(text);
    let mut own = false;
    let mut best: Option<(Proof, &[u8])> = None;
    for line in text.split(|byte| *byte == b'\n') {
        let line = fields::unmarked(line);
        let Some((name, value)) = scan::split_byte(line, b':') else {
            own |= line.eq_ignore_ascii_case(b"x-envoy-degraded");
            let asks = line.eq_ignore_ascii_case(b"x-envoy-immediate-health-check-fail");
            if asks && best.is_none() {
                best = Some((Proof::new(Sign::MemberDisabled, None), line));
            }
            continue;
        };
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        let value = value.trim_ascii();
        own |= name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"x-envoy-"))
            || (is(b"server") && matches!(value, b"envoy" | b"istio-envoy"));
        let proof = if is(b"x-envoy-upstream-service-time") {
            // Written on what an upstream answered, and on nothing of Envoy's own.
            status.filter(|status| *status >= 500).map(|status| Proof {
                number: Some(u32::from(status)),
                ..Proof::new(Sign::ServerError, None)
            })
        } else if is(b"x-envoy-local-overloaded") {
            Some(Proof::new(Sign::Exhausted, Some(Phase::Gateway)))
        } else if is(b"x-envoy-overloaded") {
            Some(Proof::new(Sign::LimitReached, None))
        } else if is(b"x-envoy-ratelimited") {
            Some(Proof::new(Sign::RateLimited, None))
        } else if is(b"x-envoy-immediate-health-check-fail") {
            Some(Proof::new(Sign::MemberDisabled, None))
        } else {
            None
        };
        // The upstream's answer decides before what it holds of other hops.
        let answers = |proof: Proof| proof.sign == Sign::ServerError;
        if let Some(proof) = proof.filter(|proof| answers(*proof) || best.is_none()) {
            best = Some((proof, line));
        }
    }
    let proofs = [best.map(|(proof, _)| proof), None];
    let told = best.is_some() || (own && status.is_some());
    let quote = best.map_or(&b""[..], |(_, line)| line);
    told.then(|| Found { status, ..Found::new(proofs, quote, Source::Headers) })
}

/// The status in `HTTP/1.1 503 …`, `HTTP/2 503`; of several the last, and none that only says to go on.
fn status_line(text: &[u8]) -> Option<u16> {
    let statuses = memchr::memmem::find_iter(text, b"HTTP/").filter_map(|at| {
        let line = text.get(at..)?.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
        let (_, rest) = scan::split_byte(line, b' ')?;
        number::status(rest.get(..3)?)
    });
    statuses.filter(|status| matches!(status, 101 | 200..=599)).last()
}
