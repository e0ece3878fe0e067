//! A log, read chunk by chunk.

use alloc::string::String;
use alloc::vec::Vec;
use why502::Fault;
use why502::evidence::Millis;
use why502::incident::{Exchange, Progress, Session};
use why502::reader::Reader;
use why502::report::{DiagnosisView, FileView, SummaryView, diagnosis_json};

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
    /// How many bytes were read, and whether any chunk was.
    bytes: u64,
    begun: bool,
}

impl Log {
    /// A log of this name; a year for times that name none. A live one is still being written.
    /// `advice` says whether diagnoses bring it.
    #[must_use]
    pub fn new(name: String, year: Option<u16>, live: bool, advice: bool) -> Self {
        let session = match live {
            true => Session::new(PROMPT),
            false => Session::new(PATIENT).concatenated(),
        };
        Self { reader: Reader::new(0).year(year), session, name, advice, bytes: 0, begun: false }
    }

    /// Reads what a buffer holds, and puts out each diagnosis of an exchange that did not go well as
    /// a line of JSON; answers how many bytes it used. `ends` says that nothing follows, or that it
    /// should not be waited for.
    pub fn read(&mut self, buffer: &[u8], ends: bool, out: &mut Vec<u8>) -> usize {
        let Self { reader, session, name, advice, bytes, begun } = self;
        let seen = if *advice { DiagnosisView::new } else { DiagnosisView::without_advice };
        if !*begun && !buffer.is_empty() {
            *begun = true;
            session.beside(reader.error_log(buffer, ends));
        }
        let names = [core::mem::take(name)];
        let mut done = |exchange: &Exchange<'_>| {
            if exchange.diagnosis().fault() == Fault::None {
                return;
            }
            let view = seen(&exchange.evidence(), exchange.diagnosis(), &names);
            if let Ok(line) = diagnosis_json(&view) {
                out.extend_from_slice(line.as_bytes());
                out.push(b'\n');
            }
        };
        let mut rest = buffer;
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
        let used = buffer.len() - rest.len();
        *bytes += used as u64;
        used
    }

    /// What was read so far.
    #[must_use]
    pub fn summary(&self) -> SummaryView {
        let dialect = self.reader.speaks().map(|dialect| dialect.name);
        let file = FileView::new(self.name.clone(), dialect, self.reader.lines());
        SummaryView::new(&self.session, alloc::vec![file], self.bytes)
    }
}
