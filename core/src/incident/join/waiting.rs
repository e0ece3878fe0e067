//! An exchange that may not be complete yet: the raw text of its records, and what of them is asked
//! for often enough to be kept beside it.

use super::distance::{LATE, LONGEST_RETRY};
use super::keys::{CHAINS, Keys, key_of, reuses_connections};
use crate::diagnosis::Diagnosis;
use crate::dialects;
use crate::evidence::{
    Connection, Evidence, List, Millis, Origin, Sign, Source, Sources, Timestamp,
};
use crate::incident::hops;
use crate::scan;
use crate::vocabulary::Gateway;
use alloc::vec::Vec;

/// How many records of one exchange are kept: Apache writes three and more of one failure.
pub(super) const MOST_RECORDS: usize = 8;
/// How much of one record is kept.
const LONGEST_RECORD: usize = 8 * 1024;
/// How much room for text an exchange leaves to its successor.
const KEPT_ROOM: usize = 2 * 1024;

/// An exchange that may not be complete yet.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Whether the slot is in use.
    pub(super) live: bool,
    /// Whether its records are about no exchange.
    pub(super) event: bool,
    pub(super) keys: Keys,
    /// The next older exchange in the same bucket of each chain, as sequence number plus one.
    pub(super) older: [u64; CHAINS],
    pub(super) at: Option<Timestamp>,
    pub(super) sources: Sources,
    pub(super) connection: Option<Connection>,
    /// The diagnosis of the only record so far; none where several must be read together.
    pub(super) diagnosis: Option<Diagnosis>,
    pub(super) status: Option<u16>,
    pub(super) total: Option<Millis>,
    /// Whether the access record names the moment when it began, and not how long it took.
    pub(super) begun: bool,
    /// Whether lines of a gateway that reuses connections are in it: then more of them may come.
    pub(super) goes_on: bool,
    /// Whether a line that follows from another was in it.
    pub(super) followed: bool,
    /// The signs that were in it, a bit each.
    pub(super) signs: u128,
    /// Where the text names the last attempt's upstream.
    pub(super) address: Option<(u32, u32)>,
    /// The upstreams that were tried, as keys.
    pub(super) tried: List<u64, MOST_RECORDS>,
    pub(super) text: Vec<u8>,
    pub(super) records: List<Stored, MOST_RECORDS>,
}

/// A record, by its place in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Stored {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) origin: Origin,
    pub(super) gateway: Option<Gateway>,
    pub(super) at: Option<Timestamp>,
    /// Whether it was written in front of the application, by a proxy of its own.
    pub(super) inbound: bool,
}

impl Waiting {
    /// Begins a new exchange in the slot, whose room is used again.
    pub(super) fn begin(&mut self, keys: &Keys, older: [u64; CHAINS], evidence: &Evidence<'_>) {
        let mut text = core::mem::take(&mut self.text);
        text.clear();
        *self = Self {
            live: true,
            event: evidence.event,
            keys: *keys,
            older,
            at: evidence.at,
            connection: evidence.connection,
            text,
            ..Self::default()
        };
    }

    /// Takes a record in, with the diagnosis where it stays the only one; says whether the exchange
    /// can now be found in more ways.
    pub(super) fn take(
        &mut self,
        evidence: &Evidence<'_>,
        keys: &Keys,
        diagnosis: Option<Diagnosis>,
    ) -> bool {
        let Some(&(origin, text)) = evidence.records.get(0) else { return false };
        let text = text.get(..LONGEST_RECORD).unwrap_or(text);
        // What the list will not keep needs no text.
        let start = self.text.len();
        if self.records.is_full() {
            if let Some(last) = self.records.last() {
                self.text.truncate(last.start as usize);
                self.address = self.address.filter(|(_, end)| *end <= last.start);
            }
        }
        let start = start.min(self.text.len());
        self.text.reserve_exact(text.len());
        self.text.extend_from_slice(text);
        self.records.push(Stored {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            origin,
            gateway: evidence.gateway,
            at: evidence.at,
            inbound: hops::is_inbound(evidence),
        });
        self.diagnosis = diagnosis;
        self.event &= evidence.event;
        self.sources.join(evidence.sources);
        let more = self.keys.join(keys);
        self.begun |= evidence.begun;
        self.goes_on |= reuses_connections(evidence);
        self.connection = self.connection.or(evidence.connection);
        for seen in evidence.signs.iter() {
            self.followed |= seen.sign.telling() == Sign::CONSEQUENCE;
            self.signs |= bit(seen.sign);
        }
        self.status = evidence.status.or(self.status);
        self.total = evidence.timings.total.or(self.total);
        if let Some(address) = evidence.last_attempt().and_then(|attempt| attempt.address) {
            self.tried.push(key_of([address]));
            self.address = scan::place(text, address).map(|(from, to)| {
                let base = u32::try_from(start).unwrap_or(u32::MAX);
                (base.saturating_add(from), base.saturating_add(to))
            });
        }
        // Of one moment, the name with its zone says more.
        let zoned = |at: Option<Timestamp>| at.is_some_and(|at| at.offset_minutes().is_some());
        if evidence.at > self.at || (evidence.at >= self.at && zoned(evidence.at)) {
            self.at = evidence.at;
        }
        more
    }

    /// All records, read as one.
    pub(super) fn read(&self, silent: bool) -> Evidence<'_> {
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

    /// How long it waits, where its records say.
    pub(super) fn patience(&self) -> Option<i64> {
        let access = self.sources.has(Source::AccessLog);
        match access && self.begun && !self.sources.has(Source::ErrorLog) {
            true => i64::try_from(LONGEST_RETRY).ok().map(|retry| retry + LATE),
            false => access.then_some(LATE),
        }
    }

    /// Gives the slot back; shrinking large room would leave holes that nothing fits into.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        if self.text.capacity() > KEPT_ROOM {
            self.text = Vec::new();
        }
    }
}

impl Stored {
    pub(super) fn read<'a>(&self, text: &'a [u8]) -> Option<Evidence<'a>> {
        let dialect = dialects::of_record(self.origin, self.gateway)?;
        let mut evidence = dialect.again(text, self.origin)?;
        evidence.at = self.at.or(evidence.at);
        Some(evidence)
    }
}

pub(super) const fn bit(sign: Sign) -> u128 {
    1 << sign as u8
}

/// Whether a record tells of no failure by itself.
pub(super) fn is_note(evidence: &Evidence<'_>) -> bool {
    evidence.status.is_none() && evidence.signs.iter().all(|seen| seen.sign.telling() <= Sign::NOTE)
}

/// Whether a record says nothing of a failure, and is no outcome.
pub(super) fn is_harmless(evidence: &Evidence<'_>) -> bool {
    evidence.status.is_none() && evidence.signs.iter().all(|seen| seen.sign == Sign::Harmless)
}
