//! Counters and a histogram. Envoy puts `wasmcustom.` in front; `stats_tags` make labels of the
//! parts of a name:
//!
//! ```text
//! why502_failures.fault.connect-refused.category.overload.cluster.cart
//! ```
//!
//! Counts are kept here, and told to the host when its timer comes: each second.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use why502::{Category, Fault, Outcome};
use why502_proxy_wasm::Failure;

use crate::host::{Absent, Host, Metric};

/// More series than this are none that anybody looks at.
const MOST_SERIES: usize = 4096;
/// Longer names of clusters are cut.
const LONGEST_NAME: usize = 120;
/// The cluster of those that have no series of their own, and of exchanges without one.
const OTHER: &[u8] = b"other";
const NONE: &[u8] = b"none";
/// Healthy exchanges are told in bulk, where the host has no timer.
const MOST_PENDING: u64 = 1000;

/// A counter without labels.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plain {
    /// Exchanges that ended well.
    Healthy,
    /// Troubles of the filter itself.
    Errors,
    /// Log lines that were left out.
    Suppressed,
}

/// The host's metrics, each made when it is first needed.
#[derive(Debug)]
pub(crate) struct Metrics {
    on: bool,
    most_clusters: usize,
    healthy: Counter,
    errors: Counter,
    suppressed: Counter,
    /// In the order of their labels.
    series: Vec<(Labels, Counter)>,
    /// Of milliseconds.
    histogram: Option<u32>,
    clusters: Vec<Vec<u8>>,
}

/// A metric of the host, once there is one, and what it was not told yet.
#[derive(Debug, Default)]
struct Counter {
    metric: Option<u32>,
    pending: u64,
}

/// What tells series apart.
#[derive(Debug)]
struct Labels {
    fault: Fault,
    category: Category,
    cluster: Vec<u8>,
}

impl Metrics {
    pub(crate) fn new(on: bool, most_clusters: u64) -> Self {
        Self {
            on,
            most_clusters: usize::try_from(most_clusters).unwrap_or(usize::MAX),
            healthy: Counter::default(),
            errors: Counter::default(),
            suppressed: Counter::default(),
            series: Vec::new(),
            histogram: None,
            clusters: Vec::new(),
        }
    }

    /// Makes the metrics without labels, so that they are there, at zero, from the start. A host that
    /// has no metrics is not asked again.
    pub(crate) fn begin(&mut self, host: &impl Host) {
        if self.on {
            let histogram = host.define_metric(Metric::Histogram, HISTOGRAM.as_bytes());
            self.on = histogram != Err(Absent::Unavailable);
            self.histogram = histogram.ok();
        }
        if self.on {
            for (name, counter) in self.plain() {
                counter.metric = define(host, name);
            }
        }
    }

    /// One more of these.
    pub(crate) fn add(&mut self, to: Plain) {
        let counter = match to {
            Plain::Healthy => &mut self.healthy,
            Plain::Errors => &mut self.errors,
            Plain::Suppressed => &mut self.suppressed,
        };
        counter.pending = counter.pending.saturating_add(u64::from(self.on));
    }

    /// Whether so many healthy exchanges wait that the host is to be told.
    pub(crate) const fn is_full(&self) -> bool {
        self.healthy.pending >= MOST_PENDING
    }

    /// An exchange that did not end well.
    pub(crate) fn failed(&mut self, host: &impl Host, failure: &Failure) {
        if !self.on {
            return;
        }
        let diagnosis = failure.diagnosis();
        let (fault, category) = (diagnosis.fault(), diagnosis.category());
        let cluster = self.cluster(failure.facts.cluster.as_deref());
        let found = self.series.binary_search_by(|(known, _)| {
            let Labels { fault: f, category: c, cluster: known } = known;
            (*f, *c, known.as_slice()).cmp(&(fault, category, cluster))
        });
        let at = found.unwrap_or_else(|at| {
            let labels = Labels { fault, category, cluster: cluster.to_vec() };
            self.series.insert(at, (labels, Counter::default()));
            at
        });
        if let Some((_, counter)) = self.series.get_mut(at) {
            counter.pending = counter.pending.saturating_add(1);
        }
        let took = failure.facts.total.filter(|_| diagnosis.outcome() == Outcome::Failed);
        if let Some(millis) = took.and_then(|took| u64::try_from(took.as_millis()).ok()) {
            if let Some(histogram) = self.histogram {
                let _ = host.record_metric(histogram, millis);
            }
        }
    }

    /// Tells the host all that it was not told yet.
    pub(crate) fn flush(&mut self, host: &impl Host) {
        for (name, counter) in self.plain() {
            counter.tell(host, || name.into());
        }
        for (labels, counter) in &mut self.series {
            counter.tell(host, || labels.name());
        }
    }

    fn plain(&mut self) -> [(&'static str, &mut Counter); 3] {
        [
            ("why502_healthy", &mut self.healthy),
            ("why502_errors", &mut self.errors),
            ("why502_log_suppressed", &mut self.suppressed),
        ]
    }

    /// A cluster's name as a label; `other` from the limit on.
    fn cluster<'a>(&mut self, cluster: Option<&'a [u8]>) -> &'a [u8] {
        let Some(cluster) = cluster.filter(|name| !name.is_empty()) else { return NONE };
        let cluster = cluster.get(..LONGEST_NAME).unwrap_or(cluster);
        if let Err(at) = self.clusters.binary_search_by(|known| known.as_slice().cmp(cluster)) {
            if self.clusters.len() >= self.most_clusters || self.series.len() >= MOST_SERIES {
                return OTHER;
            }
            self.clusters.insert(at, cluster.to_vec());
        }
        cluster
    }
}

const HISTOGRAM: &str = "why502_time_to_failure_ms";

fn define(host: &impl Host, name: &str) -> Option<u32> {
    host.define_metric(Metric::Counter, name.as_bytes()).ok()
}

impl Counter {
    fn tell(&mut self, host: &impl Host, name: impl FnOnce() -> String) {
        if self.pending == 0 {
            return;
        }
        self.metric = self.metric.or_else(|| define(host, &name()));
        if let Some(metric) = self.metric {
            let _ = host.add_to_metric(metric, core::mem::take(&mut self.pending));
        }
    }
}

impl Labels {
    fn name(&self) -> String {
        let Self { fault, category, cluster } = self;
        let kind = match Outcome::of(*fault) {
            Outcome::Client => "why502_client",
            Outcome::Denied => "why502_denied",
            _ => "why502_failures",
        };
        let plain = |byte: &u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'|' => {
                char::from(*byte)
            }
            _ => '_',
        };
        let cluster: String = cluster.iter().map(plain).collect();
        format!("{kind}.fault.{fault}.category.{category}.cluster.{cluster}")
    }
}
