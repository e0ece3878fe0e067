//! Puts the records of one exchange together: error-log lines, and the access-log line.
//!
//! Error lines of one exchange share the client's connection; an access line shares the request's
//! id, the connection, or client and path with them, and a time that lies within its duration.
//! Records wait in a ring of bounded size until their exchange is complete or their time has
//! passed; what waits is the raw text, and it is read again when it is joined.

mod distance;
mod keys;
mod waiting;

pub(super) use keys::key_of;

use self::distance::{Distance, LATE};
use self::keys::{
    BY_CLIENT, BY_CONNECTION, BY_ID, BY_PATH, BY_REQUEST, CHAINS, Keys, ORDER, key_of_request,
    parted, reuses_connections,
};
use self::waiting::{Waiting, is_harmless, is_note};
use super::Sink;
use crate::diagnosis::{Diagnosis, diagnose};
use crate::dialects::Glance;
use crate::evidence::{Evidence, Millis, Source, Sources, Timestamp};
use crate::scan;
use crate::vocabulary::Gateway;
use alloc::vec::Vec;

/// How many exchanges wait at most; a power of two.
const MOST_WAITING: usize = 2048;
/// How much text waits in all: beyond it the oldest exchanges are not waited for any longer.
const MOST_TEXT: usize = 4 * 1024 * 1024;
/// How many exchanges of one connection are looked at for an error record: the next attempt of an
/// exchange follows soon.
const MOST_TRIED: usize = 64;
/// How many exchanges of one client are looked at for the other half of one.
const MOST_PAIRED: usize = 256;
/// How long after its last record an error log is believed to go on.
const GOES_ON: i64 = 600_000;
/// How many exchanges around one are looked at for an error record that could be its own.
const NEIGHBOURS: u64 = 32;

/// An exchange with all its records, diagnosed.
#[derive(Debug)]
pub struct Exchange<'a> {
    diagnosis: Diagnosis,
    waiting: &'a Waiting,
    /// Whether the error log is known to say nothing of it.
    silent: bool,
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

    /// Whether it is none, but something that befell the gateway or a member of an upstream group.
    #[must_use]
    pub const fn is_event(&self) -> bool {
        self.waiting.event
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
        self.waiting.read(self.silent)
    }
}

/// Joins records to exchanges.
#[derive(Debug)]
pub(crate) struct Joiner {
    /// Slot `n % MOST_WAITING` holds the exchange with sequence number `n`.
    ring: Vec<Waiting>,
    /// The newest exchange of each bucket of each chain, as sequence number plus one; 0 for none.
    buckets: [Vec<u64>; CHAINS],
    oldest: u64,
    next: u64,
    /// How many of those in the ring began with an error record.
    errors: usize,
    /// How many began with an access record.
    accesses: usize,
    /// Bytes of text in the ring.
    held: usize,
    now: Option<Timestamp>,
    patience: i64,
    /// Whether one log may follow another as a whole.
    concatenated: bool,
    /// Whether a record of an access log was seen, and one of an error log.
    seen: [bool; 2],
    /// The first and the last moment at which an error record told of an exchange: within them, an
    /// error log that does not speak of a failure is known to be silent about it.
    told: Option<(Timestamp, Timestamp)>,
    /// The last failed start of the gateway: its message as a key, and when it was.
    start: Option<(u64, Option<Timestamp>)>,
}

impl Joiner {
    /// A joiner whose error records wait so long, in the log's time, for their access record.
    #[must_use]
    pub(crate) fn new(patience: Millis) -> Self {
        let mut ring = Vec::new();
        ring.resize_with(MOST_WAITING, Waiting::default);
        Self {
            ring,
            buckets: core::array::from_fn(|_| alloc::vec![0; MOST_WAITING]),
            oldest: 0,
            next: 0,
            errors: 0,
            accesses: 0,
            held: 0,
            now: None,
            patience: i64::try_from(patience.get()).unwrap_or(i64::MAX),
            concatenated: false,
            seen: [false; 2],
            start: None,
            told: None,
        }
    }

    /// Says that one log may follow another as a whole, as `cat` puts them: then the records of the
    /// first are kept, as far as there is room, until the second is there.
    pub(crate) const fn concatenated(&mut self) {
        self.concatenated = true;
    }

    /// Takes a record. What is complete thereby is given to `done`.
    pub(crate) fn offer(&mut self, evidence: &Evidence<'_>, done: &mut Sink<'_>) {
        if evidence.sources.has_clients() {
            // What a client saw is whole, and on its own clock.
            let sequence = self.next;
            self.wait(&Keys::default(), evidence, done);
            return self.finish(sequence, done);
        }
        let access = evidence.sources.has(Source::AccessLog);
        self.advance(evidence.at, access, done);
        while self.held > MOST_TEXT && self.oldest < self.next {
            self.finish(self.oldest, done);
            self.oldest += 1;
        }
        if let (false, Some(at), true) = (access, evidence.at, evidence.connection.is_some()) {
            let (first, last) = self.told.unwrap_or((at, at));
            self.told = Some((first.min(at), last.max(at)));
        }
        if self.is_told_twice(evidence) {
            return;
        }
        let keys = Keys::of(evidence);
        let mut found = None;
        for chain in ORDER {
            // Error records of one exchange share its connection, the hops of a request its id.
            let hop = access && chain == BY_ID && evidence.gateway == Some(Gateway::Envoy);
            let waiting = match (access, hop) {
                (true, false) => self.errors,
                (true, true) => self.errors + self.accesses,
                (false, _) => self.accesses,
            };
            if waiting == 0 && (access || chain != BY_CONNECTION) {
                continue;
            }
            let most = if access || chain != BY_CONNECTION { MOST_WAITING } else { MOST_TRIED };
            found = self.find(chain, keys.get(chain), most, |waiting| {
                waiting.distance(evidence, &keys, chain)
            });
            if found.is_some() {
                break;
            }
        }
        match found {
            // What is harmless needs no room beside what failed.
            Some(_) if reuses_connections(evidence) && is_harmless(evidence) => {}
            Some(sequence) => {
                let has = |waiting: &Waiting| waiting.sources.has(Source::AccessLog);
                // Another hop of it may follow.
                let hop = access && self.slot(sequence).is_some_and(has);
                let more = self.store(sequence, evidence, &keys, None);
                let Some(waiting) = self.slot(sequence) else { return };
                let whole = has(waiting);
                match waiting.goes_on {
                    // What names the client may tell which access record it belongs to.
                    true if more && !access && !whole => self.unite(sequence, evidence, &keys),
                    true if more => self.renew(sequence),
                    true => {}
                    false if whole && !hop => self.finish(sequence, done),
                    false => {}
                }
            }
            // Notes explain an exchange; they are none by themselves.
            None if !access && is_note(evidence) => {}
            None => self.wait(&keys, evidence, done),
        }
    }

    /// Whether a record tells again of the failed start before it: nginx writes of it to the error
    /// log and to the terminal, and containers have both in one stream.
    fn is_told_twice(&mut self, evidence: &Evidence<'_>) -> bool {
        let of_an_exchange = evidence.connection.is_some()
            || evidence.client.is_some()
            || evidence.request.path.is_some()
            || evidence.sources.has(Source::AccessLog);
        let Some(seen) = evidence.signs.get(0).filter(|_| !of_an_exchange) else { return false };
        let key = key_of([seen.quote]);
        let again = self.start.is_some_and(|(last, then)| {
            let at_once = evidence.at.zip(then).is_none_or(|(at, then)| at.since(then) <= 1_000);
            last == key && at_once && (evidence.at.is_some() || then.is_some())
        });
        // A third one is another start.
        self.start = (!again).then_some((key, evidence.at));
        again
    }

    /// Puts an error record's exchange and the access record together that its newest line belongs
    /// to, where one waits.
    fn unite(&mut self, sequence: u64, evidence: &Evidence<'_>, keys: &Keys) {
        let found = [BY_REQUEST, BY_PATH].into_iter().find_map(|chain| {
            self.find(chain, keys.get(chain), MOST_WAITING, |waiting| {
                let error = waiting.sources.has(Source::ErrorLog);
                if error { None } else { waiting.distance(evidence, keys, chain) }
            })
        });
        if let Some(other) = found {
            self.merge(sequence, other);
        }
        self.renew(sequence);
    }

    /// Finds the other half of an exchange that nothing else will complete: for error records, the
    /// access record of the same client at that time. An access record waits until the error records
    /// that could be its own have found theirs.
    fn pair(&mut self, sequence: u64) {
        while let Some(this) = self.slot(sequence).filter(|this| this.goes_on) {
            let this = this.half();
            let key = this.keys.get(BY_CLIENT);
            let none = if this.error { self.accesses == 0 } else { self.errors == 0 };
            if none || this.access == this.error || key == 0 {
                return;
            }
            let (errors, of) = if this.error {
                (sequence, this)
            } else {
                // The first of them.
                let first = self.find(BY_CLIENT, key, MOST_PAIRED, |other| {
                    let other = other.half();
                    this.apart(&other).and(other.at?.local_millis().try_into().ok())
                });
                let Some(first) = first else { return };
                let Some(slot) = self.slot(first) else { return };
                (first, slot.half())
            };
            let access = self.find(BY_CLIENT, key, MOST_PAIRED, |other| of.apart(&other.half()));
            match access {
                Some(access) => self.merge(errors, access),
                None => return,
            }
        }
    }

    /// Puts what waits in one place into another.
    fn merge(&mut self, sequence: u64, other: u64) {
        let Some(slot) = self.ring.get_mut(Self::place(other)) else { return };
        // Its place stays a link of its chains.
        let older = slot.older;
        let taken = core::mem::take(slot);
        slot.older = older;
        self.accesses = self.accesses.saturating_sub(1);
        self.held = self.held.saturating_sub(taken.text.len());
        for record in taken.records.iter() {
            let text = taken.text.get(record.start as usize..record.end as usize);
            if let Some(read) = text.and_then(|text| record.read(text)) {
                self.store(sequence, &read, &Keys::of(&read), None);
            }
        }
    }

    /// Lets an exchange be found by all that is known of it now: it takes the newest place.
    fn renew(&mut self, sequence: u64) {
        if self.next - self.oldest >= MOST_WAITING as u64 {
            return;
        }
        let Some(slot) = self.ring.get_mut(Self::place(sequence)) else { return };
        // Its old place stays a link of its chains.
        let older = slot.older;
        let mut moved = core::mem::take(slot);
        slot.older = older;
        let sequence = self.next;
        self.next += 1;
        moved.older = self.link(&moved.keys, sequence);
        if let Some(slot) = self.ring.get_mut(Self::place(sequence)) {
            *slot = moved;
        }
    }

    /// Makes a sequence number the newest of its chains; the next older of each.
    fn link(&mut self, keys: &Keys, sequence: u64) -> [u64; CHAINS] {
        let mut older = [0; CHAINS];
        for ((buckets, key), older) in self.buckets.iter_mut().zip(keys.chains).zip(&mut older) {
            if let Some(bucket) = buckets.get_mut(Self::place(key)).filter(|_| key != 0) {
                *older = core::mem::replace(bucket, sequence + 1);
            }
        }
        older
    }

    /// Whether an error record waits for this healthy exchange: then it must be read in full.
    pub(crate) fn awaits(&mut self, glance: &Glance<'_>) -> bool {
        if self.errors == 0 {
            return false;
        }
        let path = match glance.path {
            b"" => scan::request_line(glance.request).map(|(_, path)| path),
            path => Some(path),
        };
        let path = parted(path).0;
        let path = path.map_or(0, |path| key_of([path]));
        let key = key_of_request(key_of([glance.client]), path);
        let awaits = |waiting: &Waiting| (!waiting.sources.has(Source::AccessLog)).then_some(0);
        self.find(BY_REQUEST, key, MOST_WAITING, awaits).is_some()
    }

    /// Lets the time of the log go on.
    pub(crate) fn advance(&mut self, at: Option<Timestamp>, access: bool, done: &mut Sink<'_>) {
        let [access_seen, errors_seen] = &mut self.seen;
        let seen = if access { access_seen } else { errors_seen };
        if !core::mem::replace(seen, true) && at.is_some_and(|at| self.now > Some(at)) {
            // The second log begins where the first one began.
            self.now = at;
        }
        if self.now.is_none_or(|now| at.is_some_and(|at| at > now)) {
            self.now = at.or(self.now);
        }
        if self.concatenated && self.seen.contains(&false) {
            return;
        }
        while self.oldest < self.next {
            if let Some(waiting) = self.slot(self.oldest) {
                let patience = waiting.patience().unwrap_or(self.patience);
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
    pub(crate) fn flush(&mut self, done: &mut Sink<'_>) {
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

    /// The nearest waiting exchange with a key, the newest of equal ones, among so many. Those that
    /// no longer wait are taken out of the chain on the way.
    fn find(
        &mut self,
        chain: usize,
        key: u64,
        most: usize,
        distance: impl Fn(&Waiting) -> Distance,
    ) -> Option<u64> {
        if key == 0 {
            return None;
        }
        let mut newer: Option<usize> = None;
        let mut at = *self.buckets.get(chain)?.get(Self::place(key))?;
        let mut nearest: Option<(u64, u64)> = None;
        for _ in 0..most {
            // What is older than the ring was overwritten.
            let Some(sequence) = at.checked_sub(1).filter(|sequence| *sequence >= self.oldest)
            else {
                break;
            };
            let place = Self::place(sequence);
            let waiting = self.ring.get(place)?;
            let older = *waiting.older.get(chain)?;
            if waiting.live {
                if waiting.keys.get(chain) == key {
                    match distance(waiting) {
                        Some(0) => return Some(sequence),
                        Some(far) if nearest.is_none_or(|(least, _)| far < least) => {
                            nearest = Some((far, sequence));
                        }
                        _ => {}
                    }
                }
                newer = Some(place);
            } else {
                let link = match newer {
                    Some(newer) => self.ring.get_mut(newer)?.older.get_mut(chain)?,
                    None => self.buckets.get_mut(chain)?.get_mut(Self::place(key))?,
                };
                *link = older;
            }
            at = older;
        }
        nearest.map(|(_, sequence)| sequence)
    }

    /// Whether the error log says nothing of a failure at this time, though it is known to be
    /// written: its records lie around, and none is without an access record that could be this.
    fn is_silent(&self, sequence: u64) -> bool {
        let at = self.ring.get(Self::place(sequence)).and_then(|waiting| waiting.at);
        let (Some((first, last)), Some(at)) = (self.told, at) else { return false };
        if at.since(first) < -LATE || at.since(last) > GOES_ON {
            return false;
        }
        // Those that no longer wait are there until their slots are used again.
        let from = sequence.saturating_sub(NEIGHBOURS);
        let to = (sequence + NEIGHBOURS).min(self.next);
        let mut around = (from..to).filter_map(|sequence| self.ring.get(Self::place(sequence)));
        !around.any(|waiting| {
            !waiting.sources.has(Source::AccessLog)
                && waiting.at.is_some_and(|that| at.since(that).abs() <= LATE)
        })
    }

    /// Puts a new exchange into the ring; the oldest makes room.
    fn wait(&mut self, keys: &Keys, evidence: &Evidence<'_>, done: &mut Sink<'_>) {
        if self.next - self.oldest >= MOST_WAITING as u64 {
            self.finish(self.oldest, done);
            self.oldest += 1;
        }
        let sequence = self.next;
        self.next += 1;
        let older = self.link(keys, sequence);
        if let Some(slot) = self.ring.get_mut(Self::place(sequence)) {
            slot.begin(keys, older, evidence);
        }
        match evidence.sources.has(Source::AccessLog) {
            true => self.accesses += 1,
            false => self.errors += 1,
        }
        self.store(sequence, evidence, keys, Some(diagnose(evidence)));
    }

    /// Puts a record to an exchange; says whether it can now be found in more ways.
    fn store(
        &mut self,
        sequence: u64,
        evidence: &Evidence<'_>,
        keys: &Keys,
        diagnosis: Option<Diagnosis>,
    ) -> bool {
        let Some(slot) = self.ring.get_mut(Self::place(sequence)) else { return false };
        self.held = self.held.saturating_sub(slot.text.len());
        let more = slot.take(evidence, keys, diagnosis);
        self.held += slot.text.len();
        more
    }

    /// Gives away what waited: with the diagnosis that was made when it came, where it is whole.
    fn finish(&mut self, sequence: u64, done: &mut Sink<'_>) {
        self.pair(sequence);
        let Some(slot) = self.slot(sequence) else { return };
        // An access record alone tells more when the error log is known to be silent.
        let alone = slot.sources.has(Source::AccessLog) && !slot.sources.has(Source::ErrorLog);
        let silent = alone && self.is_silent(sequence);
        let Some(slot) = self.ring.get_mut(Self::place(sequence)) else { return };
        slot.live = false;
        let began = slot.records.get(0).map(|record| record.origin.source);
        let count = match began {
            Some(Source::AccessLog) => &mut self.accesses,
            _ => &mut self.errors,
        };
        *count = count.saturating_sub(1);
        let made = slot.diagnosis.take().filter(|_| !silent);
        let diagnosis = made.unwrap_or_else(|| diagnose(&slot.read(silent)));
        done(&Exchange { diagnosis, waiting: slot, silent });
        self.held = self.held.saturating_sub(slot.text.len());
        slot.clear();
    }
}
