//! Puts the records of one exchange together: error-log lines, and the access-log line.
//!
//! Error lines of one exchange share the client's connection; an access line shares client and
//! request with them, and a time that lies within its duration. Records wait in a ring of bounded
//! size until their exchange is complete or their time has passed; what waits is the raw text, and
//! it is read again when it is joined.

use crate::diagnosis::{Diagnosis, diagnose};
use crate::dialects::{self, Glance};
use crate::evidence::{
    Connection, Evidence, List, Millis, Origin, Sign, Source, Sources, Timestamp,
};
use crate::scan;
use crate::vocabulary::Gateway;
use alloc::vec::Vec;

/// How many exchanges wait at most; a power of two.
const MOST_WAITING: usize = 2048;
/// How many records of one exchange are kept.
const MOST_RECORDS: usize = crate::evidence::MOST_RECORDS;
/// How much of one record is kept.
const LONGEST_RECORD: usize = 8 * 1024;
/// How much text waits in all: beyond it the oldest exchanges are not waited for any longer.
const MOST_TEXT: usize = 4 * 1024 * 1024;
/// How much room for text an exchange leaves to its successor.
const KEPT_ROOM: usize = 2 * 1024;
/// How many exchanges with one key are looked at: so many identical requests at once are told
/// apart by nothing anyway.
const MOST_ALIKE: usize = 16;
/// How long an access record waits for an error record that comes after it; a second of this is
/// what two logs' clocks may differ by when they round.
const LATE: i64 = 2_000;

/// What takes each exchange when it is complete.
pub(crate) type Done<'d> = dyn FnMut(&Exchange<'_>) + 'd;

/// An exchange with all its records, diagnosed.
#[derive(Debug)]
pub struct Exchange<'a> {
    diagnosis: Diagnosis,
    waiting: &'a Waiting,
    error_log: bool,
}

impl<'a> Exchange<'a> {
    /// What was concluded of it.
    #[must_use]
    pub const fn diagnosis(&self) -> &Diagnosis {
        &self.diagnosis
    }

    /// When it ended, or failed.
    #[must_use]
    pub const fn at(&self) -> Option<Timestamp> {
        self.waiting.at
    }

    /// The kinds of record that tell of it.
    #[must_use]
    pub const fn sources(&self) -> Sources {
        self.waiting.sources
    }

    /// The status that the client got, and how long it took, where an access record says so.
    #[must_use]
    pub const fn outcome(&self) -> (Option<u16>, Option<Millis>) {
        (self.waiting.status, self.waiting.total)
    }

    /// The upstream of the deciding attempt.
    #[must_use]
    pub fn address(&self) -> Option<&'a [u8]> {
        let (start, end) = self.waiting.address?;
        self.waiting.text.get(start as usize..end as usize)
    }

    /// All that is known about it: read again from its records.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'a> {
        self.waiting.read(self.error_log)
    }
}

/// Joins records to exchanges.
#[derive(Debug)]
pub struct Joiner {
    /// Slot `n % MOST_WAITING` holds the exchange with sequence number `n`.
    ring: Vec<Waiting>,
    /// The newest exchange of each key's bucket, as sequence number plus one; 0 for none.
    buckets: Vec<u64>,
    oldest: u64,
    next: u64,
    /// How many of those in the ring are held by an error record alone.
    errors: usize,
    /// Bytes of text in the ring.
    held: usize,
    now: Option<Timestamp>,
    patience: i64,
    /// Whether an error log is among the inputs.
    error_log: bool,
}

/// An exchange that may not be complete yet.
#[derive(Debug, Default)]
struct Waiting {
    /// Whether the slot is in use.
    live: bool,
    key: u64,
    /// The next older exchange in the same bucket, as sequence number plus one.
    older: u64,
    at: Option<Timestamp>,
    sources: Sources,
    connection: Option<Connection>,
    /// The request's id, as a key.
    id: Option<u64>,
    /// The diagnosis of the only record so far; none where several must be read together.
    diagnosis: Option<Diagnosis>,
    status: Option<u16>,
    total: Option<Millis>,
    /// Where the text names the last attempt's upstream.
    address: Option<(u32, u32)>,
    /// The upstreams that were tried, as keys.
    tried: List<u64, MOST_RECORDS>,
    text: Vec<u8>,
    records: List<Stored, MOST_RECORDS>,
}

/// A record, by its place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Stored {
    start: u32,
    end: u32,
    origin: Origin,
    gateway: Option<Gateway>,
    at: Option<Timestamp>,
}

impl Joiner {
    /// A joiner whose error records wait so long, in the log's time, for their access record.
    #[must_use]
    pub fn new(patience: Millis) -> Self {
        let mut ring = Vec::new();
        ring.resize_with(MOST_WAITING, Waiting::default);
        Self {
            ring,
            buckets: alloc::vec![0; MOST_WAITING],
            oldest: 0,
            next: 0,
            errors: 0,
            held: 0,
            now: None,
            patience: i64::try_from(patience.get()).unwrap_or(i64::MAX),
            error_log: false,
        }
    }

    /// Says that an error log is among the inputs, even if it is empty: then a failure without an
    /// error record was not the gateway's own.
    pub fn error_log_given(&mut self) {
        self.error_log = true;
    }

    /// Takes a record. What is complete thereby is given to `done`.
    pub fn offer(&mut self, evidence: &Evidence<'_>, done: &mut Done<'_>) {
        self.error_log |= evidence.sources.has(Source::ErrorLog);
        self.advance(evidence.at, done);
        while self.held > MOST_TEXT && self.oldest < self.next {
            self.finish(self.oldest, done);
            self.oldest += 1;
        }
        let key = key_of(evidence.client, evidence.request.path);
        let access = evidence.sources.has(Source::AccessLog);
        let mut found = None;
        self.walk(key, |slot, waiting| {
            if waiting.fits(evidence, access) {
                found = Some(slot);
            }
            found.is_some()
        });
        match found {
            Some(sequence) => {
                self.store(sequence, evidence, None);
                let has = |waiting: &Waiting| waiting.sources.has(Source::AccessLog);
                if self.slot(sequence).is_some_and(has) {
                    self.finish(sequence, done);
                }
            }
            // Notes explain an exchange; they are none by themselves.
            None if is_note(evidence) => {}
            None => self.wait(key, evidence, done),
        }
    }

    /// Whether an error record waits for this healthy exchange: then it must be read in full.
    pub(crate) fn awaits(&mut self, glance: &Glance<'_>) -> bool {
        if self.errors == 0 {
            return false;
        }
        let path = scan::request_line(glance.request).map(|(_, path)| path);
        let mut found = false;
        self.walk(key_of(Some(glance.client), path), |_, waiting| {
            found = !waiting.sources.has(Source::AccessLog);
            found
        });
        found
    }

    /// Lets the time of the log go on.
    pub(crate) fn advance(&mut self, at: Option<Timestamp>, done: &mut Done<'_>) {
        if self.now.is_none_or(|now| at.is_some_and(|at| at > now)) {
            self.now = at.or(self.now);
        }
        while self.oldest < self.next {
            if let Some(waiting) = self.slot(self.oldest) {
                let patience =
                    if waiting.sources.has(Source::AccessLog) { LATE } else { self.patience };
                let (Some(now), Some(at)) = (self.now, waiting.at) else { break };
                if now.since(at) <= patience {
                    break;
                }
                self.finish(self.oldest, done);
            }
            self.oldest += 1;
        }
    }

    /// Gives up waiting: the input ends, or is silent.
    pub fn flush(&mut self, done: &mut Done<'_>) {
        while self.oldest < self.next {
            self.finish(self.oldest, done);
            self.oldest += 1;
        }
    }

    const fn place(sequence: u64) -> usize {
        sequence as usize % MOST_WAITING
    }

    fn slot(&self, sequence: u64) -> Option<&Waiting> {
        self.ring.get(Self::place(sequence)).filter(|waiting| waiting.live)
    }

    /// Goes through the exchanges of a key, the newest first, until told to stop.
    fn walk(&self, key: u64, mut stop: impl FnMut(u64, &Waiting) -> bool) {
        let mut at = self.buckets.get(Self::place(key)).copied().unwrap_or(0);
        for _ in 0..MOST_ALIKE {
            // What is older than the ring was overwritten.
            let Some(sequence) = at.checked_sub(1).filter(|sequence| *sequence >= self.oldest)
            else {
                return;
            };
            let Some(waiting) = self.ring.get(Self::place(sequence)) else { return };
            if waiting.live && waiting.key == key && stop(sequence, waiting) {
                return;
            }
            at = waiting.older;
        }
    }

    /// Puts a new exchange into the ring; the oldest makes room.
    fn wait(&mut self, key: u64, evidence: &Evidence<'_>, done: &mut Done<'_>) {
        if self.next - self.oldest >= MOST_WAITING as u64 {
            self.finish(self.oldest, done);
            self.oldest += 1;
        }
        let sequence = self.next;
        self.next += 1;
        let mut older = 0;
        if let Some(bucket) = self.buckets.get_mut(Self::place(key)) {
            older = core::mem::replace(bucket, sequence + 1);
        }
        if let Some(slot) = self.ring.get_mut(Self::place(sequence)) {
            slot.live = true;
            slot.key = key;
            slot.older = older;
            slot.at = evidence.at;
            slot.sources = Sources::NONE;
            slot.connection = evidence.connection;
            slot.id = None;
            slot.diagnosis = None;
            slot.status = None;
            slot.total = None;
            slot.address = None;
            slot.tried.clear();
            slot.text.clear();
            slot.records.clear();
        }
        if !evidence.sources.has(Source::AccessLog) {
            self.errors += 1;
        }
        self.store(sequence, evidence, Some(diagnose(evidence)));
    }

    fn store(&mut self, sequence: u64, evidence: &Evidence<'_>, diagnosis: Option<Diagnosis>) {
        let Some(slot) = self.ring.get_mut(Self::place(sequence)) else { return };
        let Some(&(origin, text)) = evidence.records.get(0) else { return };
        let text = text.get(..LONGEST_RECORD).unwrap_or(text);
        // What the list will not keep needs no text.
        let start = slot.text.len();
        self.held = self.held.saturating_sub(start);
        if slot.records.is_full() {
            if let Some(last) = slot.records.last() {
                slot.text.truncate(last.start as usize);
            }
        }
        let start = start.min(slot.text.len());
        slot.text.reserve_exact(text.len());
        slot.text.extend_from_slice(text);
        self.held += slot.text.len();
        slot.records.push(Stored {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(slot.text.len()).unwrap_or(u32::MAX),
            origin,
            gateway: evidence.gateway,
            at: evidence.at,
        });
        slot.diagnosis = diagnosis;
        slot.sources.join(evidence.sources);
        slot.id = slot.id.or(evidence.request.id.map(|id| key_of(Some(id), None)));
        slot.status = evidence.status.or(slot.status);
        slot.total = evidence.timings.total.or(slot.total);
        if let Some(address) = evidence.last_attempt().and_then(|attempt| attempt.address) {
            slot.tried.push(key_of(Some(address), None));
            slot.address = scan::place(text, address).map(|(from, to)| {
                let base = u32::try_from(start).unwrap_or(u32::MAX);
                (base.saturating_add(from), base.saturating_add(to))
            });
        }
        // Of one moment, the name with its zone says more.
        let zoned = |at: Option<Timestamp>| at.is_some_and(|at| at.offset_minutes().is_some());
        if evidence.at > slot.at || (evidence.at >= slot.at && zoned(evidence.at)) {
            slot.at = evidence.at;
        }
    }

    /// Gives away what waited: with the diagnosis that was made when it came, where it is whole.
    fn finish(&mut self, sequence: u64, done: &mut Done<'_>) {
        let error_log = self.error_log;
        let Some(slot) = self.ring.get_mut(Self::place(sequence)) else { return };
        if !core::mem::take(&mut slot.live) {
            return;
        }
        let began = slot.records.get(0).map(|record| record.origin.source);
        if began != Some(Source::AccessLog) {
            self.errors = self.errors.saturating_sub(1);
        }
        // An access record alone tells more when the error log is known to be silent.
        let alone = slot.sources.has(Source::AccessLog) && !slot.sources.has(Source::ErrorLog);
        let made = slot.diagnosis.take().filter(|_| !(alone && error_log));
        let diagnosis = made.unwrap_or_else(|| diagnose(&slot.read(error_log)));
        done(&Exchange { diagnosis, waiting: slot, error_log });
        self.held = self.held.saturating_sub(slot.text.len());
        slot.text.clear();
        // Shrinking it would leave holes that nothing fits into.
        if slot.text.capacity() > KEPT_ROOM {
            slot.text = Vec::new();
        }
    }
}

impl Stored {
    fn read<'a>(&self, text: &'a [u8]) -> Option<Evidence<'a>> {
        let dialect = dialects::of_gateway(self.gateway?)?;
        let mut evidence = dialect.again(text, self.origin)?;
        evidence.at = self.at.or(evidence.at);
        Some(evidence)
    }
}

impl Waiting {
    /// All records, read as one.
    fn read(&self, error_log: bool) -> Evidence<'_> {
        let mut whole: Option<Evidence<'_>> = None;
        for record in self.records.iter() {
            let text = self.text.get(record.start as usize..record.end as usize);
            let Some(evidence) = text.and_then(|text| record.read(text)) else { continue };
            match &mut whole {
                None => whole = Some(evidence),
                Some(whole) => whole.absorb(&evidence),
            }
        }
        let mut whole = whole.unwrap_or_default();
        if error_log && whole.sources.has(Source::AccessLog) {
            whole.sources.add(Source::ErrorLog);
        }
        whole
    }

    /// Whether a record belongs to this exchange.
    fn fits(&self, evidence: &Evidence<'_>, access: bool) -> bool {
        if access && self.sources.has(Source::AccessLog) {
            return false;
        }
        // An id says it all, where both records name one.
        let id = evidence.request.id.map(|id| key_of(Some(id), None));
        if let (Some(this), Some(that)) = (self.id, id) {
            return this == that;
        }
        let gap = match (evidence.at, self.at) {
            (Some(at), Some(waiting)) => at.since(waiting),
            _ => 0,
        };
        if access {
            // The access record is written at the end: what failed did so within its duration.
            let lasted = evidence.timings.total.map_or(0, |total| total.get());
            let lasted = i64::try_from(lasted).unwrap_or(i64::MAX);
            return gap >= -1_000 && gap <= lasted.saturating_add(LATE);
        }
        if self.sources.has(Source::AccessLog) {
            return (-LATE..=LATE).contains(&gap);
        }
        // Error lines: the connection tells, and nobody tries one upstream twice in one exchange.
        let address = evidence.last_attempt().and_then(|attempt| attempt.address);
        let again = address
            .is_some_and(|address| self.tried.as_slice().contains(&key_of(Some(address), None)));
        self.connection.is_some()
            && self.connection == evidence.connection
            && (!again || is_note(evidence))
    }
}

/// Whether a record tells of no failure by itself.
fn is_note(evidence: &Evidence<'_>) -> bool {
    evidence.status.is_none() && evidence.signs.iter().all(|seen| seen.sign.telling() <= Sign::NOTE)
}

/// A number for client and path. Equal ones may differ: what is found by it is looked at.
fn key_of(client: Option<&[u8]>, path: Option<&[u8]>) -> u64 {
    const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut key = 0_u64;
    for part in [client, path].into_iter().flatten() {
        let mut words = part.chunks_exact(8);
        for word in &mut words {
            let word = <[u8; 8]>::try_from(word).map_or(0, u64::from_le_bytes);
            key = (key.rotate_left(5) ^ word).wrapping_mul(MULTIPLIER);
        }
        let rest = words.remainder().iter().fold(1, |rest, byte| rest << 8 | u64::from(*byte));
        key = (key.rotate_left(5) ^ rest).wrapping_mul(MULTIPLIER);
    }
    key ^ (key >> 32)
}
