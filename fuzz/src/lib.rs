//! What the fuzz targets share: every report of a diagnosis and of a summary, checked.
#![forbid(unsafe_code)]

use why502::incident::{Progress, Session};
use why502::reader::Reader;
use why502::report::{self, DiagnosisView, Look, SummaryView};
use why502::{Evidence, diagnose, dialects, evidence::Millis};

/// How many lines a log had, how many were not understood, and its summary as JSON.
pub type Read = (u64, u64, String);

/// Every report of one exchange; none may let a control character through.
pub fn reports(evidence: &Evidence<'_>) {
    let diagnosis = diagnose(evidence);
    let sum: f32 = diagnosis.causes().iter().map(|ranked| ranked.confidence.get()).sum();
    assert!((0.5..1.01).contains(&sum), "confidences sum up to {sum}");
    let _ = report::proxy_status(evidence, &diagnosis);
    let view = DiagnosisView::new(evidence, &diagnosis, &[]);
    plain(&report::diagnosis_text(&view, Look::default()));
    plain(&report::diagnosis_markdown(&view));
    plain(&report::diagnosis_html(&view));
    json(&report::diagnosis_json(&view).expect("a diagnosis is JSON"));
}

/// Every report of a summary.
pub fn summaries(session: &Session) -> String {
    let view = SummaryView::new(session, Vec::new(), 0);
    plain(&report::summary_text(&view, session.summary(), Look::default()));
    plain(&report::summary_markdown(&view));
    plain(&report::summary_html(&view));
    let text = report::summary_json(&view).expect("a summary is JSON");
    json(&text);
    text
}

/// Only line ends may move the cursor: everything else came from strangers.
fn plain(text: &str) {
    let stranger = text.chars().find(|letter| letter.is_control() && *letter != '\n');
    assert_eq!(stranger, None, "{text:?}");
}

/// What JSON forbids in strings, so that a record is one line.
fn json(text: &str) {
    assert_eq!(text.bytes().find(|byte| *byte < b' ' && *byte != b'\n'), None, "{text:?}");
}

/// Reads a log that comes in pieces; the numbers say how long each is.
pub fn read(dialect: Option<&'static dialects::Dialect>, log: &[u8], pieces: &[u8]) -> Read {
    let mut reader = Reader::new(0).dialect(dialect).year(Some(2026));
    let mut session = Session::new(Millis::from_secs(2));
    let mut done = |exchange: &why502::incident::Exchange<'_>| reports(&exchange.evidence());
    let mut sizes = pieces.iter().cycle().map(|size| usize::from(*size) + 1);
    let (mut start, mut end) = (0, 0);
    loop {
        let ends = end == log.len();
        match session.step(&mut reader, &log[start..end], ends, &mut done) {
            Progress::Used(used) | Progress::NotUnderstood(used) => {
                assert!(used > 0 && start + used <= end);
                start += used;
            }
            _ if ends => break,
            _ => end = log.len().min(end + sizes.next().unwrap_or(log.len())),
        }
    }
    session.flush(&mut done);
    (reader.lines(), session.not_understood(), summaries(&session))
}
