//! What is asked of a host, in bytes, and how it answers.

use alloc::vec::Vec;

use crate::Pairs;

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

/// What is asked of a host to find out why an exchange failed.
pub trait Ask {
    /// A property. The path's parts are parted by NUL: `response\0flags`.
    ///
    /// # Errors
    /// Where the host does not have it.
    fn property(&self, path: &[u8]) -> Answer<Vec<u8>>;

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

    /// Nanoseconds since 1970.
    ///
    /// # Errors
    /// Where the host has no clock.
    fn now(&self) -> Answer<u64>;
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
