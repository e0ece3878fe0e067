//! What a client says of an exchange that it has no response of, or not all.

use super::answer;
use super::entry::Entry;
use crate::dialects::standard::text;
use crate::evidence::{Evidence, Millis, Seen, Sign};
use crate::scan;
use crate::vocabulary::Phase;

/// Reads what failed. `harmless` is a sign that quotes the response.
pub(super) fn read<'a>(
    entry: &Entry<'a>,
    tls: bool,
    harmless: Seen<'a>,
    evidence: &mut Evidence<'a>,
) {
    let with = |sign| Seen { sign, ..harmless };
    let Some(error) = entry.error.or_else(|| words_of(entry)) else {
        return match entry.aborted {
            true => evidence.add(with(Sign::ClientGone)),
            false => silent(entry, harmless, evidence),
        };
    };
    let quoted = Seen { quote: error, ..harmless };
    let place = place(entry, tls);
    let Some((sign, told, number)) = text::sign_of(name(error), place) else {
        // `net::ERR_FAILED` hides what a page may not know; a test may have asked for it.
        let sign = if entry.aborted { Sign::ClientGone } else { Sign::Failed };
        return evidence.add(Seen { sign, ..quoted });
    };
    if sign == Sign::ClientGone && entry.status.is_some() && answer::is_for_a_file(entry) {
        // A browser ends the navigation, and keeps the file.
        return evidence.add(quoted);
    }
    let phase = match (entry.status, told) {
        // The head had come.
        (Some(_), None | Some(Phase::Connect | Phase::Request | Phase::ResponseHeaders)) => {
            Some(Phase::ResponseBody)
        }
        _ => told,
    };
    let attempt = (!evidence.attempts.is_empty()).then_some(0);
    evidence.add(Seen { sign, phase, number, attempt, ..quoted });
}

/// An error of Chromium's without what it may say behind: `net::ERR_BLOCKED_BY_CLIENT.Inspector`.
fn name(error: &[u8]) -> &[u8] {
    match scan::split_byte(error, b'.') {
        Some((name, _)) if name.starts_with(b"net::") => name,
        _ => error,
    }
}

/// Words for a failure where the text of the status should be.
fn words_of<'a>(entry: &Entry<'a>) -> Option<&'a [u8]> {
    let text = entry.status_text;
    text::sign_of(text, None).filter(|_| entry.status.is_none()).map(|_| text)
}

/// Where a connection ended, as far as the durations tell.
fn place(entry: &Entry<'_>, tls: bool) -> Option<Phase> {
    let timings = entry.timings?;
    let took = |part: Option<Millis>| part.is_some_and(|part| part.micros() > 0);
    if entry.status.is_some() {
        return Some(Phase::ResponseBody);
    }
    if took(timings.wait) {
        return Some(Phase::ResponseHeaders);
    }
    let handshake = tls && took(timings.connect) && !took(timings.ssl) && !took(timings.send);
    handshake.then_some(Phase::Tls)
}

/// No status, and no word of what failed.
fn silent<'a>(entry: &Entry<'a>, harmless: Seen<'a>, evidence: &mut Evidence<'a>) {
    if !entry.zero {
        return evidence.add(Seen { sign: Sign::Failed, ..harmless });
    }
    let none = |part: Option<Millis>| part.is_none_or(|part| part.micros() == 0);
    let connected = entry
        .timings
        .filter(|timings| !none(timings.connect) && none(timings.send) && none(timings.wait));
    let at_once = entry.timings.is_some() && entry.total().is_some_and(|total| total.micros() == 0);
    match (entry.no_error, connected) {
        // The tool tells of failures: this one was under way, or given up.
        (true, _) => evidence.status = Some(0),
        (false, Some(_)) => {
            evidence.add(Seen { sign: Sign::Failed, phase: Some(Phase::Connect), ..harmless });
        }
        // Refused before anything was sent: by a blocker, or by the page's own policy.
        (false, None) if at_once => evidence.add(harmless),
        (false, None) => evidence.status = Some(0),
    }
}
