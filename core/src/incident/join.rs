//! Puts the records of one exchange together: error-log lines, and the access-log line.
//!
//! Error lines of one exchange share the client's connection; an access line shares the request's
//! id, the connection, or client and path with them, and a time that lies within its duration.
//! Records wait in a ring of bounded size until their exchange is complete or their time has
//! passed; what waits is the raw text, and it is read again when it is joined.

use super::{Sink, hops};
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
/// How many records of one exchange are kept: Apache writes three and more of one failure.
const MOST_RECORDS: usize = 8;
/// How much of one record is kept.
const LONGEST_RECORD: usize = 8 * 1024;
/// How much text waits in all: beyond it the oldest exchanges are not waited for any longer.
const MOST_TEXT: usize = 4 * 1024 * 1024;
/// How much room for text an exchange leaves to its successor.
const KEPT_ROOM: usize = 2 * 1024;
/// How many exchanges of one connection are looked at for an error record: the next attempt of an
/// exchange follows soon.
const MOST_TRIED: usize = 64;
/// How many exchanges of one client are looked at for the other half of one.
const MOST_PAIRED: usize = 256;
/// How long an access record waits for an error record that comes after it; a second of this is
/// what two logs' clocks may differ by when they round.
const LATE: i64 = 2_000;
/// How much later than its access record an error record may be dated: both are rounded.
const AHEAD: i64 = 1_000;
/// How much earlier than its access record an attempt may have failed where no record says how
/// long the exchange took: the next attempt may have had nginx's default timeout of a minute.
const LONGEST_RETRY: u64 = 60_000;
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

/// The ways to find an exchange, each a chain of those alike.
const CHAINS: usize = 5;
const BY_REQUEST: usize = 0;
const BY_PATH: usize = 1;
const BY_CONNECTION: usize = 2;
const BY_ID: usize = 3;
/// Tried last of all, when no other record is waited for: a client may ask for several things.
const BY_CLIENT: usize = 4;
/// The surest first.
const ORDER: [usize; 4] = [BY_ID, BY_CONNECTION, BY_REQUEST, BY_PATH];

/// What tells one exchange from others, as numbers; 0 where the record does not name it.
#[derive(Clone, Copy, Debug, Default)]
struct Keys {
    chains: [u64; CHAINS],
    client: u64,
    query: u64,
    method: u64,
}

impl Keys {
    fn of(evidence: &Evidence<'_>) -> Self {
        let request = &evidence.request;
        let (path, query) = parted(request.path);
        // In the order of the constants' numbers.
        let by_path = path.map_or(0, |path| key_of([path]));
        let client = evidence.client.map_or(0, |client| key_of([client]));
        let chains = [
            key_of_request(client, by_path),
            by_path,
            evidence.connection.map_or(0, |at| key_of([&at.number.to_le_bytes()])),
            request.id.map_or(0, |id| key_of([id])),
            evidence.client.map_or(0, |client| match by_client_alone(evidence) {
                true => key_of([client]),
                false => 0,
            }),
        ];
        Self {
            chains,
            client,
            query: query.map_or(0, |query| key_of([query])),
            method: request.method.map_or(0, |method| key_of([method])),
        }
    }

    fn get(&self, chain: usize) -> u64 {
        self.chains.get(chain).copied().unwrap_or(0)
    }

    /// Takes over what the other record names too; says whether it can now be found in more ways.
    fn join(&mut self, other: &Self) -> bool {
        let mut more = false;
        for (this, that) in self.chains.iter_mut().zip(other.chains) {
            if *this == 0 && that != 0 {
                *this = that;
                more = true;
            }
        }
        for (this, that) in [
            (&mut self.client, other.client),
            (&mut self.query, other.query),
            (&mut self.method, other.method),
        ] {
            if *this == 0 {
                *this = that;
            }
        }
        more
    }
}

/// Whether a record of Apache's can be found by its client: most of its error lines do not name the
/// request, and belong to a request of that client that failed.
fn by_client_alone(evidence: &Evidence<'_>) -> bool {
    reuses_connections(evidence)
        && match evidence.sources.has(Source::AccessLog) {
            true => evidence.status.is_some_and(|status| status >= 400),
            false => evidence.request.path.is_none(),
        }
}

/// Whether a connection stands for a worker that turns to the next exchange when one is over, and
/// several lines tell of one failure: Apache names its thread.
fn reuses_connections(evidence: &Evidence<'_>) -> bool {
    evidence.gateway == Some(Gateway::Apache)
}

/// A path and its query, which some formats do not log.
fn parted(path: Option<&[u8]>) -> (Option<&[u8]>, Option<&[u8]>) {
    match path.map(|path| (path, memchr::memchr(b'?', path))) {
        Some((path, Some(at))) => (path.get(..at), path.get(at + 1..)),
        Some((path, None)) => (Some(path), None),
        None => (None, None),
    }
}

/// Whether two keys can be of one exchange: equal, or one is not named.
const fn agree(this: u64, that: u64) -> bool {
    this == that || this == 0 || that == 0
}

/// How far a record and an exchange that waits are apart, in milliseconds; `None` where they are
/// not the same.
type Distance = Option<u64>;

/// That of an access record which was written so much later than an error record, of an exchange
/// that took so long: it is written at the end, and what failed did so within its duration.
fn distance(later: i64, total: Option<Millis>) -> Distance {
    let lasted = total.map_or(LONGEST_RETRY, Millis::get);
    match u64::try_from(later) {
        Ok(later) => (later <= lasted.saturating_add(LATE.unsigned_abs())).then_some(later),
        // Whatever fits without that is nearer.
        Err(_) => (later >= -AHEAD).then_some(u64::MAX),
    }
}

/// That of an error record which was written so much later than its exchange began.
fn since_begun(later: i64) -> Distance {
    let fits = later >= -AHEAD && later.unsigned_abs() <= LONGEST_RETRY + LATE.unsigned_abs();
    fits.then_some(later.unsigned_abs())
}

const fn bit(sign: Sign) -> u128 {
    1 << sign as u8
}

/// An exchange that may not be complete yet.
#[derive(Debug, Default)]
struct Waiting {
    /// Whether the slot is in use.
    live: bool,
    /// Whether its records are about no exchange.
    event: bool,
    keys: Keys,
    /// The next older exchange in the same bucket of each chain, as sequence number plus one.
    older: [u64; CHAINS],
    at: Option<Timestamp>,
    sources: Sources,
    connection: Option<Connection>,
    /// The diagnosis of the only record so far; none where several must be read together.
    diagnosis: Option<Diagnosis>,
    status: Option<u16>,
    total: Option<Millis>,
    /// Whether the access record names the moment when it began, and not how long it took.
    begun: bool,
    /// Whether lines of a gateway that reuses connections are in it: then more of them may come.
    goes_on: bool,
    /// Whether a line that follows from another was in it.
    followed: bool,
    /// The signs that were in it, a bit each.
    signs: u128,
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
    /// Whether it was written in front of the application, by a proxy of its own.
    inbound: bool,
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
        let path = parted(scan::request_line(glance.request).map(|(_, path)| path)).0;
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
            slot.live = true;
            slot.event = evidence.event;
            slot.keys = *keys;
            slot.older = older;
            slot.at = evidence.at;
            slot.sources = Sources::NONE;
            slot.connection = evidence.connection;
            slot.diagnosis = None;
            slot.status = None;
            slot.total = None;
            slot.begun = false;
            slot.goes_on = false;
            slot.followed = false;
            slot.signs = 0;
            slot.address = None;
            slot.tried.clear();
            slot.text.clear();
            slot.records.clear();
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
        let Some(&(origin, text)) = evidence.records.get(0) else { return false };
        let text = text.get(..LONGEST_RECORD).unwrap_or(text);
        // What the list will not keep needs no text.
        let start = slot.text.len();
        self.held = self.held.saturating_sub(start);
        if slot.records.is_full() {
            if let Some(last) = slot.records.last() {
                slot.text.truncate(last.start as usize);
                slot.address = slot.address.filter(|(_, end)| *end <= last.start);
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
            inbound: hops::is_inbound(evidence),
        });
        slot.diagnosis = diagnosis;
        slot.event &= evidence.event;
        slot.sources.join(evidence.sources);
        let more = slot.keys.join(keys);
        slot.begun |= evidence.begun;
        slot.goes_on |= reuses_connections(evidence);
        slot.connection = slot.connection.or(evidence.connection);
        for seen in evidence.signs.iter() {
            slot.followed |= seen.sign.telling() == Sign::CONSEQUENCE;
            slot.signs |= bit(seen.sign);
        }
        slot.status = evidence.status.or(slot.status);
        slot.total = evidence.timings.total.or(slot.total);
        if let Some(address) = evidence.last_attempt().and_then(|attempt| attempt.address) {
            slot.tried.push(key_of([address]));
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
        slot.text.clear();
        // Shrinking it would leave holes that nothing fits into.
        if slot.text.capacity() > KEPT_ROOM {
            slot.text = Vec::new();
        }
    }
}

/// What tells whether an exchange's error records and an access record belong together.
#[derive(Clone, Copy, Debug)]
struct Half {
    keys: Keys,
    at: Option<Timestamp>,
    access: bool,
    error: bool,
    begun: bool,
    total: Option<Millis>,
    status: Option<u16>,
    /// Whether the error records tell of a refusal: then the client got a 4xx.
    refused: bool,
    /// Whether they tell that there was no connection: then the client got a 503.
    unconnected: bool,
    /// The line that its first record stood in.
    line: u64,
}

impl Half {
    /// How far the other half is, where it can be that.
    fn apart(&self, other: &Self) -> Distance {
        let (error, access) = match (self.access, self.error, other.access, other.error) {
            (false, true, true, false) => (self, other),
            (true, false, false, true) => (other, self),
            _ => return None,
        };
        let refused = access.status.is_some_and(|status| status < 500);
        let alike = agree(error.keys.client, access.keys.client)
            && agree(error.keys.chains[BY_PATH], access.keys.chains[BY_PATH])
            && refused == error.refused;
        let later = error.at?.since(access.at?);
        let far = match access.begun {
            _ if !alike => None,
            // The beginning is told to the second, so within it the first one is nearest.
            true => since_begun(later).map(|far| far / 1_000),
            false => distance(-later, access.total),
        };
        const LINES: u32 = 24;
        // In seconds: another status than the usual one.
        let odd = u64::from(error.unconnected && access.status != Some(503)) * 5;
        far.map(|far| far.saturating_add(odd))
            .map(|far| far.saturating_mul(1 << LINES).saturating_add(access.line % (1 << LINES)))
    }
}

impl Stored {
    fn read<'a>(&self, text: &'a [u8]) -> Option<Evidence<'a>> {
        let dialect = dialects::of_record(self.origin, self.gateway)?;
        let mut evidence = dialect.again(text, self.origin)?;
        evidence.at = self.at.or(evidence.at);
        Some(evidence)
    }
}

impl Waiting {
    /// All records, read as one.
    fn read(&self, silent: bool) -> Evidence<'_> {
        let mut whole: Option<Evidence<'_>> = None;
        for record in self.records.iter() {
            let text = self.text.get(record.start as usize..record.end as usize);
            let Some(evidence) = text.and_then(|text| record.read(text)) else { continue };
            match &mut whole {
                None => whole = Some(evidence),
                Some(whole) if hops::share_an_id(whole, &evidence) => {
                    *whole = hops::join(&[whole, &evidence]).unwrap_or(evidence);
                }
                Some(whole) => whole.absorb(&evidence),
            }
        }
        let mut whole = whole.unwrap_or_default();
        if silent {
            whole.sources.add(Source::ErrorLog);
        }
        whole
    }

    /// How far a record that was found by this chain is from this exchange.
    fn distance(&self, evidence: &Evidence<'_>, keys: &Keys, chain: usize) -> Distance {
        let access = evidence.sources.has(Source::AccessLog);
        let waits_for_errors = self.sources.has(Source::AccessLog);
        if access && waits_for_errors {
            let inbound = hops::is_inbound(evidence);
            let other = self.records.iter().all(|record| record.inbound != inbound);
            let hop = chain == BY_ID && evidence.gateway == Some(Gateway::Envoy) && other;
            return hop.then_some(0);
        }
        // An id says it all, where both records name one.
        let (this, that) = (self.keys.get(BY_ID), keys.get(BY_ID));
        if this != 0 && that != 0 {
            return (this == that).then_some(0);
        }
        // Behind a balancer the access record names the balancer's client.
        let balanced = chain == BY_CONNECTION && (access || waits_for_errors) && !self.goes_on;
        let same_client = balanced || agree(self.keys.client, keys.client);
        if !same_client || !self.asks_alike(keys) {
            return None;
        }
        let later = match (evidence.at, self.at) {
            (Some(at), Some(waiting)) => at.since(waiting),
            _ => 0,
        };
        if access {
            return match evidence.begun {
                true => since_begun(-later),
                false => distance(later, evidence.timings.total),
            };
        }
        let same = self.connection.is_some() && self.connection == evidence.connection;
        if !same && waits_for_errors {
            // One with error records of another worker is another exchange.
            if self.connection.is_some() && self.goes_on {
                return None;
            }
            return match self.begun {
                true => since_begun(later),
                false => distance(-later, self.total),
            };
        }
        // Error lines: the connection tells, and nobody tries one upstream twice in one exchange.
        let address = evidence.last_attempt().and_then(|attempt| attempt.address);
        let tried = |address| self.tried.as_slice().contains(&key_of([address]));
        let again = address.is_some_and(tried);
        if !same {
            return None;
        }
        if self.goes_on {
            return self.goes_on_with(evidence, later, address.is_some() && !again);
        }
        if again && !is_note(evidence) {
            return None;
        }
        distance(later, None)
    }

    /// The same for a line of a connection that is reused. Lines of one failure are written at once;
    /// the next attempt names another upstream. What comes after the last line of a failure, or says
    /// a second time what was said, is the next exchange's.
    fn goes_on_with(&self, evidence: &Evidence<'_>, later: i64, elsewhere: bool) -> Distance {
        if elsewhere {
            return distance(later, None);
        }
        let follows = |sign: Sign| sign.telling() <= Sign::CONSEQUENCE;
        let signs = || evidence.signs.iter().map(|seen| seen.sign);
        let said = signs().any(|sign| !follows(sign) && self.signs & bit(sign) != 0);
        if said || (self.followed && !signs().all(follows)) {
            return None;
        }
        (later.abs() <= AHEAD).then_some(later.unsigned_abs())
    }

    fn half(&self) -> Half {
        const REFUSALS: u128 = bit(Sign::Denied)
            | bit(Sign::RateLimited)
            | bit(Sign::ClientInvalid)
            | bit(Sign::ClientTooLarge)
            | bit(Sign::ClientGone);
        const UNCONNECTED: u128 = bit(Sign::Refused)
            | bit(Sign::Unreachable)
            | bit(Sign::Missing)
            | bit(Sign::OutOfTurn)
            | bit(Sign::LimitReached)
            | bit(Sign::NoUpstream);
        Half {
            keys: self.keys,
            at: self.at,
            access: self.sources.has(Source::AccessLog),
            error: self.sources.has(Source::ErrorLog),
            begun: self.begun,
            total: self.total,
            status: self.status,
            refused: self.signs & REFUSALS != 0,
            unconnected: self.signs & UNCONNECTED != 0,
            line: match self.records.as_slice() {
                [first, ..] => first.origin.line,
                [] => 0,
            },
        }
    }

    /// How long it waits, where its records say.
    fn patience(&self) -> Option<i64> {
        let access = self.sources.has(Source::AccessLog);
        match access && self.begun && !self.sources.has(Source::ErrorLog) {
            true => i64::try_from(LONGEST_RETRY).ok().map(|retry| retry + LATE),
            false => access.then_some(LATE),
        }
    }

    /// Whether the request can be the same, as far as both records name its parts.
    const fn asks_alike(&self, keys: &Keys) -> bool {
        agree(self.keys.chains[BY_PATH], keys.chains[BY_PATH])
            && agree(self.keys.query, keys.query)
            && agree(self.keys.method, keys.method)
    }
}

/// Whether a record tells of no failure by itself.
fn is_note(evidence: &Evidence<'_>) -> bool {
    evidence.status.is_none() && evidence.signs.iter().all(|seen| seen.sign.telling() <= Sign::NOTE)
}

/// Whether a record says nothing of a failure, and is no outcome.
fn is_harmless(evidence: &Evidence<'_>) -> bool {
    evidence.status.is_none() && evidence.signs.iter().all(|seen| seen.sign == Sign::Harmless)
}

/// A number for some texts, never 0. Equal ones may differ: what is found by it is looked at.
pub(super) fn key_of<const N: usize>(parts: [&[u8]; N]) -> u64 {
    let mut key = 0_u64;
    for part in parts {
        let mut words = part.chunks_exact(8);
        for word in &mut words {
            let word = <[u8; 8]>::try_from(word).map_or(0, u64::from_le_bytes);
            key = (key.rotate_left(5) ^ word).wrapping_mul(MULTIPLIER);
        }
        let rest = words.remainder().iter().fold(1, |rest, byte| rest << 8 | u64::from(*byte));
        key = (key.rotate_left(5) ^ rest).wrapping_mul(MULTIPLIER);
    }
    (key ^ (key >> 32)).max(1)
}

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The key of a client and what it asked for, from theirs.
const fn key_of_request(client: u64, path: u64) -> u64 {
    let key = (client.rotate_left(5) ^ path).wrapping_mul(MULTIPLIER);
    let key = key ^ (key >> 32);
    if key == 0 { 1 } else { key }
}
