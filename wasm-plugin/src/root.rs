//! What a worker keeps for one configuration of the filter.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use why502::{Cause, Diagnosis, Fault, Outcome};
use why502_proxy_wasm::{Failure, Known};

use crate::emit::{Limiter, Metrics, Plain, write_line};
use crate::host::{Host, Level};
use crate::settings::{Settings, SettingsError};

/// How often healthy exchanges are told to the host.
const TICK_MILLIS: u32 = 1000;
const SECOND: u64 = 1_000_000_000;

/// Settings and counts of one configuration in one worker.
#[derive(Debug)]
pub(crate) struct Root {
    pub(crate) settings: Settings,
    pub(crate) metrics: Metrics,
    limiter: Limiter,
    tally: Tally,
    /// Whether the host took the configuration away; exchanges that began under it go on.
    pub(crate) retired: bool,
    /// Exchanges under way.
    pub(crate) streams: u64,
    /// What the host was found to have.
    pub(crate) known: Known,
    /// Whether the host has a timer.
    ticks: bool,
}

/// What happened since the last summary.
#[derive(Debug, Default)]
struct Tally {
    since: u64,
    healthy: u64,
    client: u64,
    denied: u64,
    failed: u64,
    suppressed: u64,
    /// By fault and cause. There are few of either.
    causes: Vec<(Fault, Cause, u64)>,
}

impl Root {
    /// Without a configuration it has the default one.
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            metrics: Metrics::new(settings.metrics, settings.most_clusters),
            limiter: Limiter::new(settings.lines_per_second, settings.line_burst),
            tally: Tally::default(),
            retired: false,
            streams: 0,
            known: Known::default(),
            ticks: false,
            settings,
        }
    }

    /// Reads the configuration that the host has, and begins with it.
    pub(crate) fn configure(&mut self, host: &impl Host) -> Result<(), SettingsError> {
        let settings = Settings::read(&host.configuration().unwrap_or_default())?;
        self.metrics.flush(host);
        *self = Self { streams: self.streams, known: self.known, ..Self::new(settings) };
        self.tally.since = host.now().unwrap_or(0);
        self.metrics.begin(host);
        // Without timers, counts are told at once or in bulk, and nothing is summed up.
        self.ticks = host.tick_every(TICK_MILLIS).is_ok();
        Ok(())
    }

    /// An exchange ended well.
    pub(crate) fn healthy(&mut self, host: &impl Host) {
        self.tally.healthy = self.tally.healthy.saturating_add(1);
        self.metrics.add(Plain::Healthy);
        if self.retired || self.metrics.is_full() {
            self.metrics.flush(host);
        }
    }

    /// An exchange did not end well: counts it and writes its line.
    pub(crate) fn failed(&mut self, host: &impl Host, failure: &mut Failure) {
        let diagnosis = failure.diagnosis();
        self.metrics.failed(host, failure);
        self.tally.add(diagnosis);
        if self.settings.log && diagnosis.outcome() == Outcome::Failed {
            let at = failure.facts.at;
            match self.limiter.allows(|| at.or_else(|| host.now().ok()).unwrap_or(0)) {
                Some(suppressed) => {
                    failure.facts.complete(host);
                    host.log(Level::Warn, &write_line(failure, suppressed));
                }
                None => self.suppress(),
            }
        }
        self.told(host);
    }

    /// One line was left out. Where there is a timer, those that follow are until it comes.
    fn suppress(&mut self) {
        self.tally.suppressed = self.tally.suppressed.saturating_add(1);
        self.metrics.add(Plain::Suppressed);
        if self.ticks {
            self.limiter.shut();
        }
    }

    /// What was counted is told when the timer comes, or now.
    fn told(&mut self, host: &impl Host) {
        if self.retired || !self.ticks {
            self.metrics.flush(host);
        }
    }

    /// Something of the filter's own did not work: it is counted and told, and the exchange goes on.
    pub(crate) fn trouble(&mut self, host: &impl Host, what: &str) {
        self.metrics.add(Plain::Errors);
        if self.limiter.allows(|| host.now().unwrap_or(0)).is_some() {
            host.log(Level::Error, &format!("why502: {what}"));
        }
        self.told(host);
    }

    /// The host's timer.
    pub(crate) fn tick(&mut self, host: &impl Host) {
        self.limiter.open();
        self.metrics.flush(host);
        let now = host.now().unwrap_or(0);
        let passed = now.saturating_sub(self.tally.since) / SECOND;
        if self.settings.summary_seconds > 0 && passed >= self.settings.summary_seconds {
            self.sum_up(host, now);
        }
    }

    /// The end: nothing that was counted is lost.
    pub(crate) fn finish(&mut self, host: &impl Host) {
        self.retired = true;
        self.metrics.flush(host);
        self.sum_up(host, host.now().unwrap_or(0));
    }

    /// One line of what failed since the last; none where nothing did.
    fn sum_up(&mut self, host: &impl Host, now: u64) {
        let tally = core::mem::replace(&mut self.tally, Tally { since: now, ..Tally::default() });
        if self.settings.summary_seconds > 0 && tally.failed > 0 {
            host.log(Level::Warn, &tally.line(now));
        }
    }
}

impl Tally {
    fn add(&mut self, diagnosis: &Diagnosis) {
        let count = match diagnosis.outcome() {
            Outcome::Client => &mut self.client,
            Outcome::Denied => &mut self.denied,
            _ => &mut self.failed,
        };
        *count = count.saturating_add(1);
        if diagnosis.outcome() != Outcome::Failed {
            return;
        }
        let (fault, cause) = (diagnosis.fault(), diagnosis.cause());
        match self.causes.iter_mut().find(|each| (each.0, each.1) == (fault, cause)) {
            Some(known) => known.2 = known.2.saturating_add(1),
            None => self.causes.push((fault, cause, 1)),
        }
    }

    /// The most frequent first. There are few, and the library's sort is as large as all of this.
    fn most_first(&mut self) {
        for at in 1..self.causes.len() {
            let mut to = at;
            while to > 0 && self.causes.get(to - 1).map(|c| c.2) < self.causes.get(to).map(|c| c.2)
            {
                self.causes.swap(to - 1, to);
                to -= 1;
            }
        }
    }

    fn line(mut self, now: u64) -> String {
        self.most_first();
        let seconds = now.saturating_sub(self.since) / SECOND;
        let mut line = format!(
            "{{\"schema\":\"why502-filter-summary/1\",\"seconds\":{seconds},\"healthy\":{},\
             \"failed\":{},\"client\":{},\"denied\":{},\"suppressed\":{},\"causes\":[",
            self.healthy, self.failed, self.client, self.denied, self.suppressed
        );
        for (at, (fault, cause, count)) in self.causes.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let category = cause.category();
            let _ = write!(
                line,
                "{comma}{{\"fault\":\"{fault}\",\"cause\":\"{cause}\",\"category\":\"{category}\",\
                 \"count\":{count}}}"
            );
        }
        line.push_str("]}");
        line
    }
}
