//! What many exchanges show: how many, which faults, since when, at which upstreams, and why.

use super::Exchange;
use super::join::key_of;
use crate::diagnosis::Outcome;
use crate::dialects::{self, DIALECTS, Glance};
use crate::evidence::{Evidence, Millis, Origin, Source, Timestamp};
use crate::vocabulary::{Cause, Confidence, Fault, Gateway};
use alloc::vec::Vec;

/// How many upstreams a finding tells apart.
const MOST_UPSTREAMS: usize = 64;
/// How much of an upstream's address is kept: more is no address.
const LONGEST_ADDRESS: usize = 256;
/// How much of an example's records is kept.
const LONGEST_EXAMPLE: usize = 4 * 1024;

/// The sum of all that was read.
#[derive(Debug, Default)]
pub struct Summary {
    exchanges: Exchanges,
    findings: Vec<Finding>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    statuses: Statuses,
    durations: Durations,
}

/// How the exchanges ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchanges {
    /// All that an access log shows, and those that only an error log shows.
    pub total: u64,
    /// Those that the gateway or something behind it failed.
    pub failed: u64,
    /// Those that the client left or spoiled.
    pub client: u64,
    /// Those that a policy refused.
    pub denied: u64,
    /// What befell the gateway or its upstream servers beside: a failed start, a server that was
    /// marked down. None of the exchanges.
    pub events: u64,
    /// Whether an access log was read: without one, `total` leaves the healthy ones out.
    pub access_log: bool,
}

/// One fault with all its exchanges.
#[derive(Debug)]
#[non_exhaustive]
pub struct Finding {
    /// What failed.
    pub fault: Fault,
    /// How many exchanges had it.
    pub count: u64,
    /// How many events tell of it: a server that was marked down for it, a failed start.
    pub events: u64,
    /// When first.
    pub first: Option<Timestamp>,
    /// When last.
    pub last: Option<Timestamp>,
    /// At which upstreams, in the order in which they were met.
    pub upstreams: Vec<Upstream>,
    /// Exchanges at upstreams beyond those.
    pub other_upstreams: u64,
    /// The sum of each cause's confidence, in ten-thousandths.
    causes: [u64; Cause::ALL.len()],
    /// The sum of the certainty, in ten-thousandths.
    certainty: u64,
    /// The first exchange: where it began.
    pub example: Example,
}

/// An upstream's share of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upstream {
    /// Its address.
    pub address: Vec<u8>,
    /// How many exchanges failed there.
    pub count: u64,
    /// The address as a number: equal ones may differ, others cannot be equal.
    key: u64,
}

/// The records of one exchange, kept to be quoted.
#[derive(Debug, Default)]
pub struct Example {
    text: Vec<u8>,
    records: Vec<(usize, usize, Origin)>,
    gateway: Option<Gateway>,
    at: Option<Timestamp>,
    sources: crate::evidence::Sources,
}

/// Counts by status, 0 to 999.
#[derive(Debug)]
struct Statuses([u64; 1000]);

impl Default for Statuses {
    fn default() -> Self {
        Self([0; 1000])
    }
}

/// Durations by power of two of milliseconds: enough for a median and a slow tail.
#[derive(Debug, Default)]
struct Durations {
    counts: [u64; 32],
    longest: Option<Millis>,
}

impl Summary {
    /// Counts a healthy exchange.
    pub(crate) fn healthy(&mut self, glance: &Glance<'_>) {
        self.exchanges.total += 1;
        self.exchanges.access_log = true;
        self.statuses.add(glance.status);
        self.durations.add(glance.total);
    }

    /// Counts an exchange.
    pub(crate) fn add(&mut self, exchange: &Exchange<'_>) {
        let diagnosis = exchange.diagnosis();
        if exchange.is_event() {
            self.event(exchange);
            return;
        }
        let sources = exchange.sources();
        let access = sources.has(Source::AccessLog) || sources.has_clients();
        self.exchanges.access_log |= access;
        self.exchanges.total += 1;
        if let (true, (Some(status), total)) = (access, exchange.outcome()) {
            self.statuses.add(status);
            self.durations.add(total);
        }
        self.span(exchange.at());
        match diagnosis.outcome() {
            Outcome::Healthy => return,
            Outcome::Failed => self.exchanges.failed += 1,
            Outcome::Client => self.exchanges.client += 1,
            Outcome::Denied => self.exchanges.denied += 1,
        }
        self.find(exchange);
    }

    /// Counts what is no exchange, where it tells of a failure.
    fn event(&mut self, event: &Exchange<'_>) {
        self.span(event.at());
        if event.diagnosis().outcome() == Outcome::Failed {
            self.exchanges.events += 1;
            self.find(event);
        }
    }

    /// Puts it to the others of its fault.
    fn find(&mut self, exchange: &Exchange<'_>) {
        let fault = exchange.diagnosis().fault();
        let at = self.findings.iter().position(|finding| finding.fault == fault);
        let at = at.unwrap_or_else(|| {
            self.findings.push(Finding::new(fault, exchange));
            self.findings.len() - 1
        });
        if let Some(finding) = self.findings.get_mut(at) {
            finding.add(exchange);
        }
    }

    /// Counts a moment in.
    pub(crate) fn span(&mut self, at: Option<Timestamp>) {
        let Some(at) = at else { return };
        if self.first.is_none_or(|first| at < first) {
            self.first = Some(at);
        }
        if self.last.is_none_or(|last| at > last) {
            self.last = Some(at);
        }
    }

    /// How the exchanges ended.
    #[must_use]
    pub const fn exchanges(&self) -> Exchanges {
        self.exchanges
    }

    /// The first and the last moment that was read.
    #[must_use]
    pub fn period(&self) -> Option<(Timestamp, Timestamp)> {
        self.first.zip(self.last)
    }

    /// The faults: failures before what the client or a policy did, the most frequent first.
    #[must_use]
    pub fn findings(&self) -> Vec<&Finding> {
        most_first(self.findings.iter(), |finding| {
            let failed = Outcome::of(finding.fault) == Outcome::Failed;
            (failed, finding.count, finding.events)
        })
    }

    /// How many exchanges had a status of this class: 2 for 200 to 299.
    #[must_use]
    pub fn status_class(&self, class: usize) -> u64 {
        let counts = self.statuses.0.get(class * 100..class * 100 + 100);
        counts.unwrap_or_default().iter().sum()
    }

    /// How many exchanges had this status.
    #[must_use]
    pub fn status(&self, status: u16) -> u64 {
        self.statuses.0.get(usize::from(status)).copied().unwrap_or(0)
    }

    /// The duration that so many percent of the exchanges did not exceed, to within a factor of
    /// two; `None` where the log holds none.
    #[must_use]
    pub fn duration_at(&self, percent: u8) -> Option<Millis> {
        self.durations.at(percent)
    }

    /// The longest exchange.
    #[must_use]
    pub const fn longest(&self) -> Option<Millis> {
        self.durations.longest
    }
}

impl Finding {
    fn new(fault: Fault, exchange: &Exchange<'_>) -> Self {
        Self {
            fault,
            count: 0,
            events: 0,
            first: None,
            last: None,
            upstreams: Vec::new(),
            other_upstreams: 0,
            causes: [0; Cause::ALL.len()],
            certainty: 0,
            example: Example::of(&exchange.evidence()),
        }
    }

    fn add(&mut self, exchange: &Exchange<'_>) {
        let diagnosis = exchange.diagnosis();
        match exchange.is_event() {
            true => self.events += 1,
            false => self.count += 1,
        }
        self.certainty += u64::from(diagnosis.certainty().ten_thousandths());
        for ranked in diagnosis.causes().iter() {
            if let Some(sum) = self.causes.get_mut(ranked.cause as usize) {
                *sum += u64::from(ranked.confidence.ten_thousandths());
            }
        }
        if let Some(at) = exchange.at() {
            if self.first.is_none_or(|first| at < first) {
                self.first = Some(at);
                if self.told() > 1 {
                    self.example = Example::of(&exchange.evidence());
                }
            }
            if self.last.is_none_or(|last| at > last) {
                self.last = Some(at);
            }
        }
        if let Some(address) = exchange.address() {
            let address = address.get(..LONGEST_ADDRESS).unwrap_or(address);
            let room = self.upstreams.len() < MOST_UPSTREAMS;
            let key = key_of([address]);
            let same =
                |upstream: &&mut Upstream| upstream.key == key && upstream.address == address;
            match self.upstreams.iter_mut().find(same) {
                Some(upstream) => upstream.count += 1,
                None if room => {
                    self.upstreams.push(Upstream { address: address.to_vec(), count: 1, key });
                }
                None => self.other_upstreams += 1,
            }
        }
    }

    /// How sure the evidence makes the fault, over all its exchanges.
    #[must_use]
    pub const fn certainty(&self) -> Confidence {
        Confidence::share(self.certainty, self.told().saturating_mul(10_000))
    }

    /// How many exchanges and events tell of it.
    const fn told(&self) -> u64 {
        self.count.saturating_add(self.events)
    }

    /// The causes with their mean confidence, the likeliest first; those under one in a hundred
    /// are left out.
    #[must_use]
    pub fn causes(&self) -> Vec<(Cause, Confidence)> {
        let whole = self.told().saturating_mul(10_000);
        let causes = Cause::ALL
            .iter()
            .zip(self.causes)
            .map(|(cause, sum)| (*cause, Confidence::share(sum, whole)))
            .filter(|(_, confidence)| *confidence >= Confidence::percent(1));
        most_first(causes, |(_, confidence)| *confidence)
    }
}

/// A short list in order, what has the most first; of equals, that which came first. (The library's
/// sort is made for long lists: each use of it is four thousand bytes of code.)
pub(crate) fn most_first<T, K: Ord>(
    items: impl Iterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let mut sorted = Vec::new();
    for item in items {
        let place = sorted.partition_point(|other| key(other) >= key(&item));
        sorted.insert(place, item);
    }
    sorted
}

impl Example {
    fn of(evidence: &Evidence<'_>) -> Self {
        let mut example = Self {
            gateway: evidence.gateway,
            at: evidence.at,
            sources: evidence.sources,
            ..Self::default()
        };
        for (origin, text) in evidence.records.iter() {
            let room = LONGEST_EXAMPLE.saturating_sub(example.text.len());
            let start = example.text.len();
            example.text.extend_from_slice(text.get(..room.min(text.len())).unwrap_or_default());
            example.records.push((start, example.text.len(), *origin));
        }
        example
    }

    /// The evidence of the exchange, read again.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'_> {
        let mut whole = Evidence::default();
        for (start, end, origin) in &self.records {
            let Some(text) = self.text.get(*start..*end) else { continue };
            // The records of one exchange may be in logs of several dialects.
            let named = dialects::of_record(*origin, self.gateway);
            let mut tried = named.into_iter().chain(DIALECTS.iter().copied());
            let Some(evidence) = tried.find_map(|dialect| dialect.again(text, *origin)) else {
                continue;
            };
            if whole.records.is_empty() {
                whole = evidence;
            } else {
                whole.absorb(&evidence);
            }
        }
        whole.at = self.at.or(whole.at);
        whole.sources = self.sources;
        whole
    }
}

impl Statuses {
    fn add(&mut self, status: u16) {
        if let Some(count) = self.0.get_mut(usize::from(status)) {
            *count += 1;
        }
    }
}

impl Durations {
    fn add(&mut self, duration: Option<Millis>) {
        let Some(duration) = duration else { return };
        let millis = duration.get().min(u64::from(u32::MAX >> 1));
        let bucket = (64 - millis.leading_zeros()) as usize;
        if let Some(count) = self.counts.get_mut(bucket) {
            *count += 1;
        }
        if self.longest.is_none_or(|longest| duration > longest) {
            self.longest = Some(duration);
        }
    }

    fn at(&self, percent: u8) -> Option<Millis> {
        let all: u64 = self.counts.iter().sum();
        let wanted = (all * u64::from(percent)).div_ceil(100);
        let mut sum = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            sum += count;
            if sum >= wanted && *count > 0 {
                return Some(Millis::new((1_u64 << bucket) - 1));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Vec, most_first};

    #[test]
    fn what_has_the_most_comes_first_and_equals_stay_in_order() {
        let counts = [("a", 2), ("b", 7), ("c", 2), ("d", 0), ("e", 7), ("f", 3)];
        let names: Vec<&str> = most_first(counts.into_iter(), |(_, count)| *count)
            .into_iter()
            .map(|(n, _)| n)
            .collect();
        assert_eq!(names, ["b", "e", "f", "a", "c", "d"]);
        assert!(most_first(core::iter::empty::<u8>(), |count| *count).is_empty());
    }
}
