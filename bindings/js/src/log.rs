//! A log, read chunk by chunk.

use alloc::string::String;
use alloc::vec::Vec;
use why502::Fault;
use why502::evidence::Millis;
use why502::incident::{Exchange, Progress, Session};
use why502::reader::Reader;
use why502::report::{DiagnosisView, FileView, SummaryView, diagnosis_json, summary_json};

use crate::trouble::{Trouble, written};

/// How long, in the log's time, an error record waits for its access record: longer than any usual
/// timeout, since a retry may take as long.
const PATIENT: Millis = Millis::from_secs(90);
/// The same for a log that is still being written: somebody waits for its diagnoses.
const PROMPT: Millis = Millis::from_secs(2);

/// Reads one log.
#[derive(Debug)]
pub struct Log {
    reader: Reader,
    session: Session,
    name: String,
    /// Whether diagnoses bring advice.
    advice: bool,
    /// What came and is not read: a record that is not complete.
    waiting: Vec<u8>,
    /// How many bytes were read, and whether any chunk was.
    bytes: u64,
    begun: bool,
}

impl Log {
    /// A log of this name; a year for times that name none. A live one is still being written.
    /// `advice` says whether diagnoses bring it.
    #[must_use]
    pub fn new(year: Option<u16>, live: bool, advice: bool, name: String) -> Self {
        let session = match live {
            true => Session::new(PROMPT),
            false => Session::new(PATIENT).concatenated(),
        };
        Self {
            reader: Reader::new(0).year(year),
            session,
            name,
            advice,
            waiting: Vec::new(),
            bytes: 0,
            begun: false,
        }
    }

    /// Reads the next chunk: the diagnoses that are complete with it, of exchanges that did not go
    /// well, one a line of JSON. `ends` says that nothing follows, or that it should not be waited for.
    #[must_use]
    pub fn read(&mut self, chunk: &[u8], ends: bool) -> String {
        self.waiting.extend_from_slice(chunk);
        let Self { reader, session, name, advice, waiting, bytes, begun } = self;
        let seen = if *advice { DiagnosisView::new } else { DiagnosisView::without_advice };
        if !*begun && !waiting.is_empty() {
            *begun = true;
            session.beside(reader.error_log(waiting, ends));
        }
        let mut out = String::new();
        let names = [core::mem::take(name)];
        let mut done = |exchange: &Exchange<'_>| {
            if exchange.diagnosis().fault() == Fault::None {
                return;
            }
            let view = seen(&exchange.evidence(), exchange.diagnosis(), &names);
            if let Ok(line) = diagnosis_json(&view) {
                out.push_str(&line);
                out.push('\n');
            }
        };
        let mut rest = waiting.as_slice();
        while !rest.is_empty() {
            match session.step(reader, rest, ends, &mut done) {
                Progress::Used(used) | Progress::NotUnderstood(used) => {
                    rest = rest.get(used..).unwrap_or_default();
                }
                _ if ends => rest = &[],
                _ => break,
            }
        }
        if ends {
            session.flush(&mut done);
        }
        let [kept] = names;
        *name = kept;
        let used = waiting.len() - rest.len();
        *bytes += used as u64;
        waiting.drain(..used);
        out
    }

    /// The summary of the log so far, as JSON.
    ///
    /// # Errors
    /// None that is known.
    pub fn summary(&self) -> Result<String, Trouble> {
        let dialect = self.reader.speaks().map(|dialect| dialect.name);
        let file = FileView::new(self.name.clone(), dialect, self.reader.lines());
        written(summary_json(&SummaryView::new(&self.session, alloc::vec![file], self.bytes)))
    }
}
