//! Counters and a histogram. Envoy puts `wasmcustom.` in front; `stats_tags` make labels of the
//! parts of a name:
//!
//! ```text
//! why502_failures.fault.connect-refused.category.overload.cluster.cart
//! ```

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use why502::{Diagnosis, Outcome};

use crate::host::{Absent, Host, Metric};

/// More series than this are none that anybody looks at.
const MOST_SERIES: usize = 4096;
/// Longer names of clusters are cut.
const LONGEST_NAME: usize = 120;
/// The cluster of those that have no series of their own, and of exchanges without one.
const OTHER: &str = "other";
const NONE: &str = "none";
/// Healthy exchanges are counted here and told to the host in bulk, where it has no timer.
const MOST_PENDING: u64 = 1000;

/// The host's metrics, each made when it is first needed.
#[derive(Debug)]
pub(crate) struct Metrics {
    on: bool,
    most_clusters: usize,
    /// By name, in its order.
    known: Vec<(String, u32)>,
    clusters: Vec<Vec<u8>>,
    pending: u64,
}

impl Metrics {
    pub(crate) fn new(on: bool, most_clusters: u64) -> Self {
        Self {
            on,
            most_clusters: usize::try_from(most_clusters).unwrap_or(usize::MAX),
            known: Vec::new(),
            clusters: Vec::new(),
            pending: 0,
        }
    }

    /// Makes the metrics without labels, so that they are there, at zero, from the start.
    pub(crate) fn begin(&mut self, host: &impl Host) {
        for name in ["why502_healthy", "why502_errors", "why502_log_suppressed"] {
            self.metric(host, Metric::Counter, name);
        }
        self.metric(host, Metric::Histogram, "why502_time_to_failure_ms");
    }

    /// One more healthy exchange. The host is told later.
    pub(crate) fn healthy(&mut self, host: &impl Host, at_once: bool) {
        self.pending = self.pending.saturating_add(1);
        if at_once || self.pending >= MOST_PENDING {
            self.flush(host);
        }
    }

    /// Tells the host of healthy exchanges.
    pub(crate) fn flush(&mut self, host: &impl Host) {
        match core::mem::take(&mut self.pending) {
            0 => {}
            pending => self.add(host, "why502_healthy", pending),
        }
    }

    /// An exchange that did not end well.
    pub(crate) fn failed(
        &mut self,
        host: &impl Host,
        diagnosis: &Diagnosis,
        cluster: Option<&[u8]>,
        took: Option<Duration>,
    ) {
        if !self.on {
            return;
        }
        let kind = match diagnosis.outcome() {
            Outcome::Client => "why502_client",
            Outcome::Denied => "why502_denied",
            _ => "why502_failures",
        };
        let (fault, category) = (diagnosis.fault(), diagnosis.category());
        let cluster = self.cluster(cluster);
        let name = format!("{kind}.fault.{fault}.category.{category}.cluster.{cluster}");
        self.add(host, &name, 1);
        let millis = took.and_then(|took| u64::try_from(took.as_millis()).ok());
        if let Some(millis) = millis.filter(|_| kind == "why502_failures") {
            let histogram = self.metric(host, Metric::Histogram, "why502_time_to_failure_ms");
            if let Some(histogram) = histogram {
                let _ = host.record_metric(histogram, millis);
            }
        }
    }

    /// Adds to a counter without labels.
    pub(crate) fn add(&mut self, host: &impl Host, name: &str, amount: u64) {
        if let Some(metric) = self.metric(host, Metric::Counter, name) {
            let _ = host.add_to_metric(metric, amount);
        }
    }

    /// A cluster's name as part of a metric's; `other` from the limit on.
    fn cluster(&mut self, cluster: Option<&[u8]>) -> String {
        let Some(cluster) = cluster.filter(|name| !name.is_empty()) else { return NONE.into() };
        let cluster = cluster.get(..LONGEST_NAME).unwrap_or(cluster);
        if let Err(at) = self.clusters.binary_search_by(|known| known.as_slice().cmp(cluster)) {
            if self.clusters.len() >= self.most_clusters || self.known.len() >= MOST_SERIES {
                return OTHER.into();
            }
            self.clusters.insert(at, cluster.to_vec());
        }
        let plain = |byte: &u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-' | b'|' => {
                char::from(*byte)
            }
            _ => '_',
        };
        cluster.iter().map(plain).collect()
    }

    fn metric(&mut self, host: &impl Host, kind: Metric, name: &str) -> Option<u32> {
        if !self.on {
            return None;
        }
        let at = match self.known.binary_search_by(|(known, _)| known.as_str().cmp(name)) {
            Ok(at) => return self.known.get(at).map(|(_, metric)| *metric),
            Err(at) => at,
        };
        if self.known.len() >= MOST_SERIES.saturating_mul(2) {
            return None;
        }
        match host.define_metric(kind, name.as_bytes()) {
            Ok(metric) => {
                self.known.insert(at, (name.into(), metric));
                Some(metric)
            }
            // A host without metrics: it is not asked again.
            Err(Absent::Unavailable) => {
                self.on = false;
                None
            }
            Err(_) => None,
        }
    }
}
