//! The seam between the filter and its host: all that the filter asks for, in bytes.
//!
//! The proxy-wasm SDK for Rust is not used. Its calls for text panic on bytes that are not UTF-8,
//! its calls for metrics panic on hosts that have none, and a status that it does not know is
//! undefined behaviour in all of them; one panic makes every later request fail. Here each status
//! is a number, and whatever a host answers becomes an [`Answer`].

#[cfg(target_arch = "wasm32")]
pub mod calls;
mod pairs;

use alloc::vec::Vec;

pub use pairs::{Pairs, pack};

/// What a host answers: a value, or why there is none.
pub type Answer<T> = Result<T, Absent>;

/// Why a host gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// The host knows of such things, and has none here: a header that is not there.
    Missing,
    /// The host has no such thing at all, or not in this phase.
    Unavailable,
    /// It did not work, with the host's status.
    Failed(u32),
}

impl Absent {
    /// What a status of the proxy-wasm ABI (0.2.1) means; `None` for success.
    #[must_use]
    pub const fn of(status: u32) -> Option<Self> {
        match status {
            0 => None,
            // Not found; empty.
            1 | 7 => Some(Self::Missing),
            // Bad argument (how hosts say "not in this phase"), internal failure, unimplemented.
            2 | 10 | 12 => Some(Self::Unavailable),
            status => Some(Self::Failed(status)),
        }
    }

    /// The answer to a call that has no value.
    ///
    /// # Errors
    /// Where the status is not success.
    pub const fn check(status: u32) -> Answer<()> {
        match Self::of(status) {
            None => Ok(()),
            Some(absent) => Err(absent),
        }
    }
}

/// Which headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Map {
    /// The request's.
    Request = 0,
    /// The response's.
    Response = 2,
    /// The response's trailers.
    ResponseTrailers = 3,
}

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
pub trait Host {
    /// A property. The path's parts are parted by NUL: `response\0flags`.
    ///
    /// # Errors
    /// Where the host does not have it.
    fn property(&self, path: &[u8]) -> Answer<Vec<u8>>;

    /// Sets a property of the stream; Envoy keeps it as filter state under `wasm.` and this path.
    ///
    /// # Errors
    /// Where the host does not keep such.
    fn set_property(&self, path: &[u8], value: &[u8]) -> Answer<()>;

    /// The value of a header.
    ///
    /// # Errors
    /// Where there is none.
    fn header(&self, map: Map, name: &[u8]) -> Answer<Vec<u8>>;

    /// All headers at once, as the host packs them.
    ///
    /// # Errors
    /// Where there are none.
    fn headers(&self, map: Map) -> Answer<Pairs>;

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

    /// Nanoseconds since 1970.
    ///
    /// # Errors
    /// Where the host has no clock.
    fn now(&self) -> Answer<u64>;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_status_is_read() {
        assert_eq!(Absent::of(0), None);
        assert_eq!(Absent::of(1), Some(Absent::Missing));
        assert_eq!(Absent::of(12), Some(Absent::Unavailable));
        assert_eq!(Absent::of(u32::MAX), Some(Absent::Failed(u32::MAX)));
        assert_eq!(Absent::check(0), Ok(()));
        assert_eq!(Absent::check(4), Err(Absent::Failed(4)));
    }
}
