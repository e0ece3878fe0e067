//! Numbers that have a unit.

use core::fmt;
use core::num::NonZeroU64;

/// A duration, in microseconds inside, printed in milliseconds. The longest is 584,000 years.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
// One more than the value, so that an `Option` of it needs no room of its own.
pub struct Millis(NonZeroU64);

impl Millis {
    /// From whole milliseconds; more than fits is the longest.
    #[must_use]
    pub const fn new(millis: u64) -> Self {
        Self::from_micros(millis.saturating_mul(1000))
    }

    /// From microseconds.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        match NonZeroU64::new(micros.saturating_add(1)) {
            Some(more) => Self(more),
            None => Self(NonZeroU64::MAX),
        }
    }

    /// From whole seconds.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self::new(secs.saturating_mul(1000))
    }

    /// In microseconds.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0.get() - 1
    }

    /// In whole milliseconds, rounded down.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.micros() / 1000
    }

    /// In seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.micros() as f64 / 1e6
    }

    /// In milliseconds.
    #[must_use]
    pub fn millis(self) -> f64 {
        self.micros() as f64 / 1e3
    }

    /// Whether it is as long as a limit, give or take what clocks and rounding add: one part in
    /// fifty and five milliseconds.
    #[must_use]
    pub const fn reaches(self, limit: Self) -> bool {
        !self.exceeds(limit) && self.micros().saturating_add(limit.slack() / 4) >= limit.micros()
    }

    /// Whether it is longer than a limit, by more than clocks and rounding add.
    pub(crate) const fn exceeds(self, limit: Self) -> bool {
        self.micros() > limit.micros().saturating_add(limit.slack())
    }

    const fn slack(self) -> u64 {
        self.micros() / 50 + 5_000
    }
}

impl From<core::time::Duration> for Millis {
    fn from(duration: core::time::Duration) -> Self {
        Self::from_micros(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Millis {
    /// `340 µs`, `12 ms`, `1.5 s`, `60.000 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.micros() {
            0 => f.write_str("0 ms"),
            micros @ 1..=999 => write!(f, "{micros} µs"),
            micros @ 1_000..=999_999 => write!(f, "{} ms", micros / 1000),
            micros => write!(f, "{}.{:03} s", micros / 1_000_000, micros / 1000 % 1000),
        }
    }
}

impl fmt::Debug for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A number of bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(NonZeroU64);

impl Bytes {
    /// So many bytes.
    #[must_use]
    pub const fn new(bytes: u64) -> Self {
        match NonZeroU64::new(bytes.saturating_add(1)) {
            Some(more) => Self(more),
            None => Self(NonZeroU64::MAX),
        }
    }

    /// As a number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0.get() - 1
    }
}

impl fmt::Display for Bytes {
    /// `812 B`, `12 KB`, `3.8 MB`: a KB is 1024 bytes, as in nginx's `4k`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.get();
        match bytes {
            0..=1023 => write!(f, "{bytes} B"),
            1024..=1_048_575 => write!(f, "{} KB", bytes.div_ceil(1024)),
            _ => write!(f, "{}.{} MB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20),
        }
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for Millis {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        u64::arbitrary(u).map(Self::from_micros)
    }
}

#[cfg(feature = "arbitrary")]
impl<'a> arbitrary::Arbitrary<'a> for Bytes {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        u64::arbitrary(u).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn quantities_print_as_people_write_them() {
        assert_eq!(Millis::from_micros(340).to_string(), "340 µs");
        assert_eq!(Millis::new(12).to_string(), "12 ms");
        assert_eq!(Millis::new(60_001).to_string(), "60.001 s");
        assert_eq!(Bytes::new(4096).to_string(), "4 KB");
        assert_eq!(Bytes::new(3_973_770).to_string(), "3.7 MB");
        assert_eq!(Millis::new(u64::MAX).micros(), u64::MAX - 1);
        assert_eq!(core::mem::size_of::<Option<Millis>>(), 8);
    }

    #[test]
    fn a_time_reaches_its_limit_from_both_sides() {
        let limit = Millis::from_secs(60);
        for (millis, reaches) in
            [(60_000, true), (59_999, true), (60_300, true), (59_000, false), (75_000, false)]
        {
            assert_eq!(Millis::new(millis).reaches(limit), reaches, "{millis}");
        }
    }
}
