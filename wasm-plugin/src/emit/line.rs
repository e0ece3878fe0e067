//! A JSON line for each failure, in the shape of `why502-1.schema.json` without its prose, and the
//! limit on how many are written.

use alloc::string::String;
use core::fmt::Write as _;

use why502::classify::meaning_of;
use why502::evidence::{Millis, Seen};
use why502::{Confidence, Diagnosis, Evidence, Fault};
use why502_proxy_wasm::Failure;

use crate::json::write_text;

/// Causes beyond the third are shown from this confidence on, as the core's reports do.
const LEAST_SHOWN: Confidence = Confidence::percent(5);
/// How much of one quote is shown.
const LONGEST_QUOTE: usize = 400;

/// The line of one failure. `suppressed` is how many lines were left out since the last one.
pub(crate) fn write(failure: &Failure, suppressed: u64) -> String {
    let (evidence, diagnosis) = (&failure.evidence(), failure.diagnosis());
    let mut line = String::from("{\"schema\":\"why502/1\"");
    if let Some(gateway) = evidence.gateway {
        let _ = write!(line, ",\"gateway\":\"{gateway}\"");
    }
    if let Some(at) = evidence.at {
        let _ = write!(line, ",\"at\":\"{at}\"");
    }
    if let Some(status) = failure.facts.status {
        let _ = write!(line, ",\"status\":{status}");
    }
    let _ = write!(line, ",\"fault\":\"{}\"", diagnosis.fault());
    if let Some(phase) = diagnosis.phase() {
        let _ = write!(line, ",\"phase\":\"{phase}\"");
    }
    let _ = write!(line, ",\"certainty\":{}", diagnosis.certainty());
    let candidates = diagnosis.verdict().candidates.iter();
    list(&mut line, "candidates", candidates, |line, each| {
        let _ = write!(line, "{{\"id\":\"{}\",\"certainty\":{}}}", each.fault, each.certainty);
    });
    let _ = write!(line, ",\"category\":\"{}\"", diagnosis.category());
    let causes = diagnosis.causes().iter().enumerate();
    let causes = causes.filter(|(at, each)| *at < 3 || each.confidence >= LEAST_SHOWN);
    list(&mut line, "causes", causes, |line, (_, each)| {
        let (cause, category) = (each.cause, each.cause.category());
        let _ = write!(line, "{{\"id\":\"{cause}\",\"category\":\"{category}\"");
        // In place of a sentence: the fault that it is a cause of.
        let fault = diagnosis.fault();
        let _ = write!(line, ",\"confidence\":{},\"because\":[\"{fault}\"]}}", each.confidence);
    });
    line.push_str(",\"evidence\":[");
    quotes(&mut line, evidence, diagnosis);
    line.push(']');
    texts(
        &mut line,
        "request",
        &[
            ("method", evidence.request.method),
            ("authority", evidence.request.authority),
            ("path", evidence.request.path),
            ("id", evidence.request.id),
        ],
    );
    let address = evidence.last_attempt().and_then(|attempt| attempt.address);
    texts(&mut line, "upstream", &[("address", address), ("cluster", evidence.cluster)]);
    let timings = [
        ("connect", evidence.timings.connect),
        ("first_byte", evidence.timings.first_byte),
        ("total", evidence.timings.total),
    ];
    object(&mut line, "timings_ms", &timings, |line, took: Millis| {
        let _ = write!(line, "{}.{:03}", took.micros() / 1000, took.micros() % 1000);
    });
    if let Some(member) = failure.proxy_status(true) {
        line.push_str(",\"proxy_status\":");
        write_text(&mut line, member.as_bytes());
    }
    if suppressed > 0 {
        let _ = write!(line, ",\"suppressed\":{suppressed}");
    }
    line.push('}');
    line
}

/// The signs, that which decided first; the status where there is none.
fn quotes(line: &mut String, evidence: &Evidence<'_>, diagnosis: &Diagnosis) {
    let deciding = diagnosis.verdict().because.map(usize::from);
    let others = (0..evidence.signs.len()).filter(|at| Some(*at) != deciding);
    let mut first = true;
    for seen in deciding.into_iter().chain(others).filter_map(|at| evidence.signs.get(at)) {
        comma(line, &mut first);
        quote(line, seen);
    }
    if let Some(status) = evidence.status.filter(|_| first) {
        let fault = diagnosis.fault();
        let _ = write!(line, "{{\"source\":\"caller\",\"quote\":\"status {status}\"");
        let _ = write!(line, ",\"says\":\"{fault}\"}}");
    }
}

fn quote(line: &mut String, seen: &Seen<'_>) {
    let _ = write!(line, "{{\"source\":\"{}\",\"quote\":", seen.origin.source.id());
    let words = if seen.quote.is_empty() { seen.sign.id().as_bytes() } else { seen.quote };
    write_text(line, words.get(..LONGEST_QUOTE).unwrap_or(words));
    let says = meaning_of(seen).map_or(seen.sign.id(), Fault::id);
    let _ = write!(line, ",\"says\":\"{says}\"}}");
}

/// `,"name":[…]`; nothing where there is no item.
fn list<T>(
    line: &mut String,
    name: &str,
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    let mut first = true;
    for item in items {
        if first {
            let _ = write!(line, ",\"{name}\":[");
        }
        comma(line, &mut first);
        write(line, item);
    }
    if !first {
        line.push(']');
    }
}

/// `,"name":{…}`; nothing where there is no field.
fn object<T: Copy>(
    line: &mut String,
    name: &str,
    fields: &[(&str, Option<T>)],
    write: impl Fn(&mut String, T),
) {
    let mut first = true;
    for (field, value) in fields {
        let Some(value) = value else { continue };
        if first {
            let _ = write!(line, ",\"{name}\":{{");
        }
        comma(line, &mut first);
        let _ = write!(line, "\"{field}\":");
        write(line, *value);
    }
    if !first {
        line.push('}');
    }
}

fn texts(line: &mut String, name: &str, fields: &[(&str, Option<&[u8]>)]) {
    object(line, name, fields, write_text);
}

fn comma(line: &mut String, first: &mut bool) {
    if !core::mem::take(first) {
        line.push(',');
    }
}

/// How many lines may be written: a bucket of lines that fills over time.
#[derive(Clone, Debug)]
pub(crate) struct Limiter {
    per_second: u64,
    burst: u64,
    /// In thousandths of a line.
    left: u64,
    /// Nanoseconds since 1970.
    filled: u64,
    suppressed: u64,
    /// Whether it was empty, and no time is to be asked for until the host's timer comes.
    shut: bool,
}

const LINE: u64 = 1000;

impl Limiter {
    pub(crate) const fn new(per_second: u64, burst: u64) -> Self {
        let left = burst.saturating_mul(LINE);
        Self { per_second, burst, left, filled: 0, suppressed: 0, shut: false }
    }

    /// Whether a line may be written now; how many were left out since the last one. Time may stand
    /// still or go back.
    pub(crate) fn allows(&mut self, now: impl FnOnce() -> u64) -> Option<u64> {
        if !self.shut {
            self.fill(now());
        }
        match self.left.checked_sub(LINE).filter(|_| !self.shut) {
            Some(left) => {
                self.left = left;
                Some(core::mem::take(&mut self.suppressed))
            }
            None => {
                self.suppressed = self.suppressed.saturating_add(1);
                None
            }
        }
    }

    /// Stays as it is, where it is empty, until the host's timer comes.
    pub(crate) const fn shut(&mut self) {
        self.shut = true;
    }

    /// The host's timer came.
    pub(crate) const fn open(&mut self) {
        self.shut = false;
    }

    fn fill(&mut self, now: u64) {
        let passed = now.saturating_sub(self.filled) / 1_000_000;
        if passed > 0 || now < self.filled {
            let more = passed.saturating_mul(self.per_second);
            self.left = self.left.saturating_add(more).min(self.burst.saturating_mul(LINE));
            self.filled = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_limited_over_time() {
        const SECOND: u64 = 1_000_000_000;
        let mut limiter = Limiter::new(2, 3);
        let start = 1_700_000_000 * SECOND;
        let allowed = |limiter: &mut Limiter, now| {
            (0..10).filter(|_| limiter.allows(|| now).is_some()).count()
        };
        assert_eq!(allowed(&mut limiter, start), 3);
        assert_eq!(allowed(&mut limiter, start), 0);
        assert_eq!(allowed(&mut limiter, start - SECOND), 0, "time goes back");
        assert_eq!(limiter.allows(|| start + SECOND), Some(7 + 10 + 10));
        assert_eq!(limiter.allows(|| start + SECOND), Some(0));
        assert_eq!(allowed(&mut limiter, start + 100 * SECOND), 3);
        limiter.shut();
        assert_eq!(limiter.allows(|| unreachable!("no time is asked for")), None);
        limiter.open();
        assert_eq!(limiter.allows(|| start + 101 * SECOND), Some(8));
        assert_eq!(Limiter::new(0, 0).allows(|| u64::MAX), None);
    }
}
