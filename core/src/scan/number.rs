//! Numbers as logs write them.

use crate::evidence::{Bytes, Millis};

/// How many digits always fit.
const MOST_DIGITS: usize = 19;

/// A whole number without sign; `None` where another byte is among it or it does not fit.
pub(crate) fn whole(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || digits.len() > MOST_DIGITS {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0'))
    })
}

/// The number of a stream or a connection: one of 64 bits, which may have twenty digits. What does not
/// fit still tells one from another.
pub(crate) fn id(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, byte| {
        byte.is_ascii_digit().then(|| sum.wrapping_mul(10).wrapping_add(u64::from(byte - b'0')))
    })
}

/// The digits at the beginning, as a number, and the rest.
pub(crate) fn leading(text: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0_u64;
    let mut rest = text;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        rest = after;
    }
    (1..=MOST_DIGITS).contains(&(text.len() - rest.len())).then_some((number, rest))
}

/// A byte of one in each place, and of all but the highest bit.
pub(crate) const ONES: u64 = 0x0101_0101_0101_0101;
pub(crate) const LOW: u64 = 0x7f * ONES;

/// The highest bit of each byte that is this one.
#[inline(always)]
pub(crate) const fn places(bytes: u64, wanted: u8) -> u64 {
    let differs = bytes ^ (wanted as u64 * ONES);
    !(((differs & LOW) + LOW) | differs | LOW)
}

/// The number that ends a text, behind a separator, and how many digits it has; `None` where it has
/// more than seven, or none. The lengths of numbers are anybody's guess: nothing branches on them.
#[inline(always)]
pub(crate) fn ending(text: &[u8], separator: u8) -> Option<(u64, usize)> {
    // The last digit is the highest byte.
    let bytes = u64::from_le_bytes(*text.last_chunk::<8>()?);
    let count = places(bytes, separator).leading_zeros() / 8;
    if !(1..8).contains(&count) {
        return None;
    }
    let kept = u64::MAX << (64 - 8 * count);
    let digits = (bytes ^ (0x30 * ONES)) & kept;
    // Above nine, or no digit at all.
    if (digits | (digits + 0x06 * ONES)) & (0xf0 * ONES) != 0 {
        return None;
    }
    // Two, four, then all eight at a time.
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let number = (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xffff_ffff;
    Some((number, count as usize))
}

/// A status of three digits; nginx's 000 and 009 too.
#[inline(always)]
pub(crate) fn status(text: &[u8]) -> Option<u16> {
    let [a, b, c] = *text else { return None };
    if !(a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit()) {
        return None;
    }
    Some(u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0'))
}

/// Seconds with a fraction: `0.004`, `60`, `12.5`.
pub(crate) fn seconds(text: &[u8]) -> Option<Millis> {
    // Gateways mostly write three decimals of a few seconds.
    if let [seconds @ b'0'..=b'9', b'.', decimals @ ..] = text {
        if let Some(millis) = status(decimals) {
            return Some(Millis::new(u64::from(seconds - b'0') * 1000 + u64::from(millis)));
        }
    }
    let (whole_part, fraction) = match super::split_byte(text, b'.') {
        Some((whole_part, fraction)) if !fraction.is_empty() => (whole_part, fraction),
        Some(_) => return None,
        None => (text, &b""[..]),
    };
    let secs = whole(whole_part)?;
    let mut micros = 0_u64;
    let mut unit = 100_000_u64;
    for byte in fraction {
        if !byte.is_ascii_digit() {
            return None;
        }
        micros += u64::from(byte - b'0') * unit;
        unit /= 10;
    }
    Some(Millis::from_micros(secs.saturating_mul(1_000_000).saturating_add(micros)))
}

/// Milliseconds as JSON may have them, rounded to microseconds: `60`, `12.345`, `1.2e-3`. `None` where
/// they are negative.
pub(crate) fn millis(text: &[u8]) -> Option<Millis> {
    let (number, mut power) = match super::split_byte(text, b'e') {
        Some((number, [b'-', power @ ..])) => (number, -i64::try_from(whole(power)?).ok()?),
        Some((number, power)) => {
            (number, i64::try_from(whole(power.strip_prefix(b"+").unwrap_or(power))?).ok()?)
        }
        None => (text, 0),
    };
    let (whole_part, fraction) = super::split_byte(number, b'.').unwrap_or((number, b""));
    let mut value = 0_u64;
    for (at, byte) in whole_part.iter().chain(fraction).enumerate() {
        if !byte.is_ascii_digit() {
            return None;
        }
        // Of a longer number, the first digits tell enough.
        let fits = value < u64::MAX / 100;
        if fits {
            value = value * 10 + u64::from(byte - b'0');
        }
        power = match (fits, at < whole_part.len()) {
            (true, true) | (false, false) => power,
            (true, false) => power.saturating_sub(1),
            (false, true) => power.saturating_add(1),
        };
    }
    let power = power.saturating_add(3);
    let unit = 10_u64.checked_pow(u32::try_from(power.unsigned_abs()).unwrap_or(u32::MAX));
    let micros = match (unit, power < 0) {
        (Some(unit), false) => value.saturating_mul(unit),
        (Some(unit), true) => value / unit + u64::from(value % unit >= unit.div_ceil(2)),
        (None, false) if value > 0 => u64::MAX,
        (None, _) => 0,
    };
    (!whole_part.is_empty()).then(|| Millis::from_micros(micros))
}

/// A number of bytes.
pub(crate) fn bytes(text: &[u8]) -> Option<Bytes> {
    whole(text).map(Bytes::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_whole_or_nothing() {
        assert_eq!(whole(b"0042"), Some(42));
        assert_eq!(whole(b""), None);
        assert_eq!(whole(b"4x"), None);
        assert_eq!(whole(b"99999999999999999999"), None);
        assert_eq!(id(b"15632464850485315755"), Some(15_632_464_850_485_315_755));
        assert_eq!(id(b"12x"), None);
        assert_eq!(status(b"009"), Some(9));
        assert_eq!(status(b"5020"), None);
        assert_eq!(seconds(b"0.004"), Some(Millis::new(4)));
        assert_eq!(seconds(b"60"), Some(Millis::from_secs(60)));
        assert_eq!(seconds(b"1.23456789"), Some(Millis::from_micros(1_234_567)));
        for wrong in [&b"-"[..], b"1.", b".5", b"1.2.3", b"1e3", b""] {
            assert_eq!(seconds(wrong), None);
        }
    }

    #[test]
    fn milliseconds_are_taken_as_json_has_them() {
        for (text, micros) in [
            ("0", Some(0)),
            ("60", Some(60_000)),
            ("12.345000000001", Some(12_345)),
            ("0.08999999985098839", Some(90)),
            ("0.0005", Some(1)),
            ("0.00049", Some(0)),
            ("12345678901234567890123.5", Some(u64::MAX - 1)),
            ("1844674407370.1614", Some(1_844_674_407_370_161)),
            ("1e3", Some(1_000_000)),
            ("1.5e+2", Some(150_000)),
            ("9.5e-05", Some(0)),
            ("1e999", Some(u64::MAX - 1)),
            ("0e999", Some(0)),
            ("1e-9999999999", Some(0)),
            ("-1", None),
            ("-0.0001", None),
            ("NaN", None),
            ("1e", None),
            ("1e--3", None),
            (".5", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(millis(text.as_bytes()).map(Millis::micros), micros, "{text}");
        }
    }
}
