//! A moment as a log names it: with its zone or without.

use core::cmp::Ordering;
use core::fmt;

/// Milliseconds since 1970 on the clock of the log's own zone, and that zone's offset where the
/// log names it. Two moments compare on the same clock where both name a zone, else as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp {
    local: i64,
    offset: Option<i16>,
}

/// The first moment that no four-digit year can name.
const END: i64 = 253_402_300_800_000;

impl Timestamp {
    /// From milliseconds since 1970 on the local clock and the zone's offset in minutes.
    /// Outside the years 0 to 9999 it is the nearest moment inside.
    #[must_use]
    pub const fn new(local_millis: i64, offset_minutes: Option<i16>) -> Self {
        const BEGIN: i64 = -62_167_219_200_000;
        let local = if local_millis < BEGIN {
            BEGIN
        } else if local_millis >= END {
            END - 1
        } else {
            local_millis
        };
        Self { local, offset: offset_minutes }
    }

    /// From the parts of a date; `None` where one is out of range. Seconds may be 60.
    #[must_use]
    pub const fn from_parts(
        (year, month, day): (u16, u8, u8),
        (hour, minute, second, milli): (u8, u8, u8, u16),
        offset_minutes: Option<i16>,
    ) -> Option<Self> {
        if month == 0 || month > 12 || day == 0 || day > 31 || year > 9999 {
            return None;
        }
        if hour > 23 || minute > 59 || second > 60 || milli > 999 {
            return None;
        }
        // Days of the Gregorian calendar, with years that begin in March so that the leap day
        // comes last.
        let years = year as i64 - if month <= 2 { 1 } else { 0 };
        let era = years.div_euclid(400);
        let year_of_era = years.rem_euclid(400);
        let months = (month as i64 + 9) % 12;
        let day_of_year = (153 * months + 2) / 5 + day as i64 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + day_of_era - 719_468;
        let seconds = days * 86_400 + hour as i64 * 3600 + minute as i64 * 60 + second as i64;
        Some(Self::new(seconds * 1000 + milli as i64, offset_minutes))
    }

    /// Milliseconds since 1970 on the log's own clock.
    #[must_use]
    pub const fn local_millis(self) -> i64 {
        self.local
    }

    /// Minutes that the log's zone is ahead of UTC.
    #[must_use]
    pub const fn offset_minutes(self) -> Option<i16> {
        self.offset
    }

    /// The same clock reading, in a zone that was told elsewhere.
    #[must_use]
    pub const fn in_zone(self, offset_minutes: i16) -> Self {
        Self { local: self.local, offset: Some(offset_minutes) }
    }

    /// So much later.
    #[must_use]
    pub const fn after(self, time: super::Millis) -> Self {
        let millis = if time.get() > i64::MAX as u64 { i64::MAX } else { time.get() as i64 };
        Self::new(self.local.saturating_add(millis), self.offset)
    }

    const fn utc(self) -> Option<i64> {
        match self.offset {
            Some(minutes) => Some(self.local - minutes as i64 * 60_000),
            None => None,
        }
    }

    /// Milliseconds from an earlier moment to this one; negative where it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        match (self.utc(), earlier.utc()) {
            (Some(this), Some(that)) => this - that,
            _ => self.local - earlier.local,
        }
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.since(*other).cmp(&0)
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339, without an offset where none is known: `2026-11-22T12:03:04.123Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.local.div_euclid(86_400_000) + 719_468;
        let millis = self.local.rem_euclid(86_400_000);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let months = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * months + 2) / 5 + 1;
        let month = if months < 10 { months + 3 } else { months - 9 };
        let year = days.div_euclid(146_097) * 400 + year_of_era + i64::from(month <= 2);
        let seconds = millis / 1000;
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )?;
        if millis % 1000 != 0 {
            write!(f, ".{:03}", millis % 1000)?;
        }
        match self.offset {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                let minutes = offset.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn dates_go_there_and_back() {
        for (date, time, offset, printed) in [
            ((2026, 11, 22), (12, 3, 4, 123), Some(0), "2026-11-22T12:03:04.123Z"),
            ((2024, 2, 29), (23, 59, 59, 0), Some(330), "2024-02-29T23:59:59+05:30"),
            ((1970, 1, 1), (0, 0, 0, 0), None, "1970-01-01T00:00:00"),
            ((1999, 12, 31), (1, 2, 3, 0), Some(-570), "1999-12-31T01:02:03-09:30"),
        ] {
            let read = Timestamp::from_parts(date, time, offset).map(|at| at.to_string());
            assert_eq!(read.as_deref(), Some(printed));
        }
        assert_eq!(Timestamp::from_parts((2026, 13, 1), (0, 0, 0, 0), None), None);
        assert_eq!(Timestamp::new(i64::MAX, Some(0)).to_string(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn moments_compare_on_one_clock_where_both_name_their_zone() {
        let noon = |offset| Timestamp::from_parts((2026, 1, 1), (12, 0, 0, 0), offset);
        assert!(noon(Some(60)) < noon(Some(0)));
        assert_eq!(noon(Some(60)).cmp(&noon(None)), Ordering::Equal);
    }
}
