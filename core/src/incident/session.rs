//! Everything that one run reads, from the bytes of its inputs to a summary: joiner and counts in
//! one. Without I/O: the caller brings bytes and takes exchanges.

use super::{Exchange, Joiner, Summary};
use crate::dialects::Glance;
use crate::evidence::{Evidence, Millis, Sign};
use crate::reader::{Item, Line, Reader};
use crate::scan;

/// What takes the exchanges of a run, one by one.
pub type Sink<'s> = dyn FnMut(&Exchange<'_>) + 's;

/// One run over any number of inputs.
#[derive(Debug)]
pub struct Session {
    joiner: Joiner,
    summary: Summary,
    not_understood: u64,
    /// The time of the last healthy record as it stood there: the next one mostly has the same.
    time: [u8; 26],
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// So many bytes of the buffer were used.
    Used(usize),
    /// So many bytes were used, and nobody understands what they say.
    NotUnderstood(usize),
    /// More bytes are needed.
    More,
}

impl Session {
    /// A run whose error records wait so long, in the log's time, for their access records.
    #[must_use]
    pub fn new(patience: Millis) -> Self {
        Self {
            joiner: Joiner::new(patience),
            summary: Summary::default(),
            not_understood: 0,
            time: [0; 26],
        }
    }

    /// Says that an error log is among the inputs, even if it is empty: then a failure without an
    /// error record was not the gateway's own.
    pub fn error_log_given(&mut self) {
        self.joiner.error_log_given();
    }

    /// Reads one record at the beginning of the buffer. `ends` says that nothing follows the
    /// buffer, or that it should not be waited for. Each exchange that is complete is counted, and
    /// given to `done`.
    pub fn step(
        &mut self,
        reader: &mut Reader,
        buffer: &[u8],
        ends: bool,
        done: &mut Sink<'_>,
    ) -> Progress {
        // The usual line is gone through without making room for evidence.
        if let Some((glance, line, used)) = reader.usual(buffer, ends) {
            self.healthy(&glance, &line, done);
            return Progress::Used(used);
        }
        let mut evidence = Evidence::default();
        let step = reader.step(buffer, ends, &mut evidence);
        match step.item {
            Item::More if step.used == 0 => return Progress::More,
            Item::More | Item::Blank => {}
            Item::Unknown => {
                self.not_understood += 1;
                return Progress::NotUnderstood(step.used);
            }
            Item::Record => {
                let Self { joiner, summary, .. } = self;
                joiner.offer(&evidence, &mut counted(summary, done));
                // The record is a gateway's, and what it says is not known.
                if evidence.has(Sign::Unrecognized) {
                    self.not_understood += 1;
                    return Progress::NotUnderstood(step.used);
                }
            }
        }
        Progress::Used(step.used)
    }

    /// Counts a healthy exchange; in full where an error record waits for it.
    fn healthy(&mut self, glance: &Glance<'_>, line: &Line<'_>, done: &mut Sink<'_>) {
        let Self { joiner, summary, time, .. } = self;
        let awaited = if joiner.awaits(glance) { line.read() } else { None };
        if let Some(evidence) = awaited {
            joiner.offer(&evidence, &mut counted(summary, done));
            return;
        }
        summary.healthy(glance);
        if glance.time != *time {
            *time = glance.time.try_into().unwrap_or([0; 26]);
            let now = scan::time::common(glance.time);
            summary.span(now);
            joiner.advance(now, &mut counted(summary, done));
        }
    }

    /// Gives up waiting: the inputs end, or are silent.
    pub fn flush(&mut self, done: &mut Sink<'_>) {
        let Self { joiner, summary, .. } = self;
        joiner.flush(&mut counted(summary, done));
    }

    /// What was seen so far.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }

    /// How many records nobody understood.
    #[must_use]
    pub const fn not_understood(&self) -> u64 {
        self.not_understood
    }
}

/// Counts and passes on.
fn counted<'s>(summary: &'s mut Summary, done: &'s mut Sink<'_>) -> impl FnMut(&Exchange<'_>) + 's {
    move |exchange| {
        summary.add(exchange);
        done(exchange);
    }
}
