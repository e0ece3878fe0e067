//! The seam between the filter and its host: all that the filter asks for, in bytes.
//!
//! Reading is the trait [`Ask`] of `why502-proxy-wasm`, which filters of the SDK share. The SDK itself
//! is not used here. Its calls for text panic on bytes that are not UTF-8, its calls for metrics panic
//! on hosts that have none, and a status that it does not know is undefined behaviour in all of them;
//! one panic makes every later request fail. Here each status is a number, and whatever a host answers
//! becomes an [`Answer`].

#[cfg(target_arch = "wasm32")]
pub mod calls;

use alloc::vec::Vec;

pub use why502_proxy_wasm::{Absent, Answer, Ask, Map, Pairs, pack};

/// What a metric counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Metric {
    /// Adds up.
    Counter = 0,
    /// Distributes.
    Histogram = 2,
}

/// How loud a log line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Level {
    /// What happened.
    Info = 2,
    /// What should be looked at.
    Warn = 3,
    /// What does not work.
    Error = 4,
}

/// What the filter asks of its host. No method panics, whatever the host does.
pub trait Host: Ask {
    /// Sets a property of the stream; Envoy keeps it as filter state under `wasm.` and this path.
    ///
    /// # Errors
    /// Where the host does not keep such.
    fn set_property(&self, path: &[u8], value: &[u8]) -> Answer<()>;

    /// Adds a header to the response, behind those of the same name.
    ///
    /// # Errors
    /// Where headers cannot be added any more.
    fn add_header(&self, name: &[u8], value: &[u8]) -> Answer<()>;

    /// Sets a header of the response in place of those of the same name.
    ///
    /// # Errors
    /// Where headers cannot be set any more.
    fn replace_header(&self, name: &[u8], value: &[u8]) -> Answer<()>;

    /// Takes a header out of the response.
    ///
    /// # Errors
    /// Where headers cannot be changed any more.
    fn remove_header(&self, name: &[u8]) -> Answer<()>;

    /// The beginning of that part of the response's body that is at hand.
    ///
    /// # Errors
    /// Where there is none.
    fn body(&self, most: usize) -> Answer<Vec<u8>>;

    /// Puts these bytes in place of that part of the response's body that is at hand.
    ///
    /// # Errors
    /// Where it cannot be changed.
    fn replace_body(&self, bytes: &[u8]) -> Answer<()>;

    /// Makes a metric, or finds it again by its name.
    ///
    /// # Errors
    /// Where the host has no metrics.
    fn define_metric(&self, kind: Metric, name: &[u8]) -> Answer<u32>;

    /// Adds to a counter.
    ///
    /// # Errors
    /// Where there is no such.
    fn add_to_metric(&self, metric: u32, amount: u64) -> Answer<()>;

    /// Adds a value to a histogram.
    ///
    /// # Errors
    /// Where there is no such.
    fn record_metric(&self, metric: u32, value: u64) -> Answer<()>;

    /// Asks to be called at intervals.
    ///
    /// # Errors
    /// Where the host has no timers.
    fn tick_every(&self, millis: u32) -> Answer<()>;

    /// The plugin's configuration, as it was written.
    ///
    /// # Errors
    /// Where there is none.
    fn configuration(&self) -> Answer<Vec<u8>>;

    /// Writes a line to the host's log. Where that does not work there is nobody to tell.
    fn log(&self, level: Level, line: &str);
}
