//! Whether a record belongs to an exchange that waits: how far apart they are.

use super::keys::{BY_CONNECTION, BY_ID, BY_PATH, Keys, agree, key_of};
use super::waiting::{Waiting, bit, is_note};
use crate::evidence::{Evidence, Millis, Sign, Source, Timestamp};
use crate::incident::hops;
use crate::vocabulary::Gateway;

/// How long an access record waits for an error record that comes after it; a second of this is
/// what two logs' clocks may differ by when they round.
pub(super) const LATE: i64 = 2_000;

/// How much later than its access record an error record may be dated: both are rounded.
pub(super) const AHEAD: i64 = 1_000;

/// How much earlier than its access record an attempt may have failed where no record says how
/// long the exchange took: the next attempt may have had nginx's default timeout of a minute.
pub(super) const LONGEST_RETRY: u64 = 60_000;

/// How far a record and an exchange that waits are apart, in milliseconds; `None` where they are
/// not the same.
pub(super) type Distance = Option<u64>;

/// That of an access record which was written so much later than an error record, of an exchange
/// that took so long: it is written at the end, and what failed did so within its duration.
pub(super) fn distance(later: i64, total: Option<Millis>) -> Distance {
    let lasted = total.map_or(LONGEST_RETRY, Millis::get);
    match u64::try_from(later) {
        Ok(later) => (later <= lasted.saturating_add(LATE.unsigned_abs())).then_some(later),
        // Whatever fits without that is nearer.
        Err(_) => (later >= -AHEAD).then_some(u64::MAX),
    }
}

/// That of an error record which was written so much later than its exchange began.
pub(super) fn since_begun(later: i64) -> Distance {
    let fits = later >= -AHEAD && later.unsigned_abs() <= LONGEST_RETRY + LATE.unsigned_abs();
    fits.then_some(later.unsigned_abs())
}

/// What tells whether an exchange's error records and an access record belong together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half {
    pub(super) keys: Keys,
    pub(super) at: Option<Timestamp>,
    pub(super) access: bool,
    pub(super) error: bool,
    pub(super) begun: bool,
    pub(super) total: Option<Millis>,
    pub(super) status: Option<u16>,
    /// Whether the error records tell of a refusal: then the client got a 4xx.
    pub(super) refused: bool,
    /// Whether they tell that there was no connection: then the client got a 503.
    pub(super) unconnected: bool,
    /// The line that its first record stood in.
    pub(super) line: u64,
}

impl Half {
    /// How far the other half is, where it can be that.
    pub(super) fn apart(&self, other: &Self) -> Distance {
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

impl Waiting {
    /// How far a record that was found by this chain is from this exchange.
    pub(super) fn distance(&self, evidence: &Evidence<'_>, keys: &Keys, chain: usize) -> Distance {
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
    pub(super) fn goes_on_with(
        &self,
        evidence: &Evidence<'_>,
        later: i64,
        elsewhere: bool,
    ) -> Distance {
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

    /// Whether the request can be the same, as far as both records name its parts.
    pub(super) const fn asks_alike(&self, keys: &Keys) -> bool {
        agree(self.keys.chains[BY_PATH], keys.chains[BY_PATH])
            && agree(self.keys.query, keys.query)
            && agree(self.keys.method, keys.method)
    }

    pub(super) fn half(&self) -> Half {
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
}
