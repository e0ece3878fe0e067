//! The times that stand in logs.

use super::number;
use crate::evidence::Timestamp;

/// Two digits at a place.
fn two(text: &[u8], at: usize) -> Option<u8> {
    let [tens, ones] = *text.get(at..at + 2)? else { return None };
    pair(tens, ones)
}

fn pair(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

fn year(text: &[u8], at: usize) -> Option<u16> {
    Some(u16::from(two(text, at)?) * 100 + u16::from(two(text, at + 2)?))
}

fn month(name: &[u8]) -> Option<u8> {
    const NAMES: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let at = NAMES.chunks_exact(3).position(|each| each == name)?;
    u8::try_from(at + 1).ok()
}

fn clock(text: &[u8], at: usize) -> Option<(u8, u8, u8)> {
    let colons = text.get(at + 2) == Some(&b':') && text.get(at + 5) == Some(&b':');
    colons.then_some(())?;
    Some((two(text, at)?, two(text, at + 3)?, two(text, at + 6)?))
}

/// `+0200`, `-05:30`, `Z`: minutes, and how long the text is.
fn offset(text: &[u8]) -> Option<(i16, usize)> {
    let sign = match text.first()? {
        b'Z' => return Some((0, 1)),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let colon = usize::from(text.get(3) == Some(&b':'));
    let minutes = i16::from(two(text, 1)?) * 60 + i16::from(two(text, 3 + colon)?);
    Some((sign * minutes, 5 + colon))
}

/// nginx's error log: `2026/11/22 07:38:39`. With the rest of the text.
pub(crate) fn slashed(text: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (time, rest) = text.split_first_chunk()?;
    let [c1, c2, y1, y2, b'/', o1, o2, b'/', d1, d2, b' ', h1, h2, b':', m1, m2, b':', s1, s2] =
        *time
    else {
        return None;
    };
    let year = u16::from(pair(c1, c2)?) * 100 + u16::from(pair(y1, y2)?);
    let date = (year, pair(o1, o2)?, pair(d1, d2)?);
    let clock = (pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?, 0);
    Some((Timestamp::from_parts(date, clock, None)?, rest))
}

/// The access log's `22/Nov/2026:07:38:34 +0000`, without its brackets; `22/Nov/2026:07:38:34.123` of
/// others.
pub(crate) fn common(text: &[u8]) -> Option<Timestamp> {
    let shape =
        text.get(2) == Some(&b'/') && text.get(6) == Some(&b'/') && text.get(11) == Some(&b':');
    shape.then_some(())?;
    let (hour, minute, second) = clock(text, 12)?;
    let date = (year(text, 7)?, month(text.get(3..6)?)?, two(text, 0)?);
    let (millis, rest) = fraction(text.get(20..)?);
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let zone = offset(rest).map(|(minutes, _)| minutes);
    Timestamp::from_parts(date, (hour, minute, second, millis), zone)
}

/// C's `Sun Nov 22 07:40:18 2026`, which Apache writes with microseconds: the whole text.
pub(crate) fn ctime(text: &[u8]) -> Option<Timestamp> {
    let shape = text.get(3) == Some(&b' ') && text.get(7) == Some(&b' ');
    (shape && text.get(10) == Some(&b' ')).then_some(())?;
    let month = month(text.get(4..7)?)?;
    let day = match *text.get(8..10)? {
        [b' ', ones @ b'1'..=b'9'] => ones - b'0',
        _ => two(text, 8)?,
    };
    let (hour, minute, second) = clock(text, 11)?;
    let (millis, rest) = fraction(text.get(19..)?);
    let rest = rest.strip_prefix(b" ")?;
    let year = (rest.len() == 4).then(|| year(rest, 0))??;
    Timestamp::from_parts((year, month, day), (hour, minute, second, millis), None)
}

/// ISO 8601 and its relatives: `2026-11-22T12:03:04.123Z`, a blank for the `T`, a comma for the
/// dot, with or without fraction and offset. With the rest of the text.
pub(crate) fn iso(text: &[u8]) -> Option<(Timestamp, &[u8])> {
    let shape = text.get(4) == Some(&b'-')
        && text.get(7) == Some(&b'-')
        && matches!(text.get(10), Some(b'T' | b't' | b' '));
    shape.then_some(())?;
    let (hour, minute, second) = clock(text, 11)?;
    let (millis, rest) = fraction(text.get(19..)?);
    let zone = offset(rest);
    let rest = zone.and_then(|(_, long)| rest.get(long..)).unwrap_or(rest);
    let date = (year(text, 0)?, two(text, 5)?, two(text, 8)?);
    let at = Timestamp::from_parts(
        date,
        (hour, minute, second, millis),
        zone.map(|(minutes, _)| minutes),
    )?;
    Some((at, rest))
}

/// Thousandths behind a dot or a comma; 0 where there are none. With the rest of the text.
fn fraction(text: &[u8]) -> (u16, &[u8]) {
    let [b'.' | b',', rest @ ..] = text else { return (0, text) };
    let (digits, rest) = super::span(rest, |byte| byte.is_ascii_digit());
    let mut millis = 0;
    for place in 0..3 {
        millis = millis * 10 + digits.get(place).map_or(0, |byte| u16::from(byte - b'0'));
    }
    (millis, rest)
}

/// RFC 3164's `Nov 22 07:38:39`, which names no year. With the rest of the text.
pub(crate) fn syslog(text: &[u8], year: Option<u16>) -> Option<(Option<Timestamp>, &[u8])> {
    let month = month(text.get(..3)?)?;
    let day = match *text.get(4..6)? {
        [b' ', ones @ b'1'..=b'9'] => ones - b'0',
        _ => two(text, 4)?,
    };
    (text.get(3) == Some(&b' ') && text.get(6) == Some(&b' ')).then_some(())?;
    let (hour, minute, second) = clock(text, 7)?;
    let at = year.and_then(|year| {
        Timestamp::from_parts((year, month, day), (hour, minute, second, 0), None)
    });
    Some((at, text.get(15..)?))
}

/// Seconds since 1970 with a fraction (nginx's `$msec`), or milliseconds without.
pub(crate) fn epoch(text: &[u8]) -> Option<Timestamp> {
    let (whole, fraction) = match super::split_byte(text, b'.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let number = i64::try_from(number::whole(whole)?).ok()?;
    let millis = match (whole.len(), fraction) {
        (9..=11, Some(fraction)) => {
            let mut millis = 0;
            for place in 0..3 {
                let digit = fraction
                    .get(place)
                    .map_or(Some(0), |byte| byte.is_ascii_digit().then(|| i64::from(byte - b'0')));
                millis = millis * 10 + digit?;
            }
            number * 1000 + millis
        }
        (9..=11, None) => number * 1000,
        (12..=14, _) => number,
        _ => return None,
    };
    Some(Timestamp::new(millis, Some(0)))
}

/// Any of these, the whole text.
pub(crate) fn any(text: &[u8]) -> Option<Timestamp> {
    let text = text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")).unwrap_or(text);
    common(text)
        .or_else(|| iso(text).map(|(at, _)| at))
        .or_else(|| slashed(text).map(|(at, _)| at))
        .or_else(|| ctime(text))
        .or_else(|| epoch(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn every_notation_is_read() {
        for (text, printed) in [
            (&b"22/Nov/2026:07:38:34 +0200"[..], "2026-11-22T07:38:34+02:00"),
            (b"[22/Nov/2026:07:38:34 -0930]", "2026-11-22T07:38:34-09:30"),
            (b"22/Nov/2026:07:38:34.655", "2026-11-22T07:38:34.655"),
            (b"22/Nov/2026:07:38:34.655 +0200", "2026-11-22T07:38:34.655+02:00"),
            (b"2026-11-22T12:03:04.123456Z", "2026-11-22T12:03:04.123Z"),
            (b"2026-11-22 12:03:04,5", "2026-11-22T12:03:04.500"),
            (b"2026-12-06T10:28:01+08:00", "2026-12-06T10:28:01+08:00"),
            (b"2026/11/22 07:38:39", "2026-11-22T07:38:39"),
            (b"Sun Nov 22 07:40:18.106485 2026", "2026-11-22T07:40:18.106"),
            (b"Sun Nov  2 07:40:18 2026", "2026-11-02T07:40:18"),
            (b"1669861681.376", "2022-12-01T02:28:01.376Z"),
            (b"1669861681376", "2022-12-01T02:28:01.376Z"),
        ] {
            assert_eq!(any(text).map(|at| at.to_string()).as_deref(), Some(printed));
        }
        for wrong in [&b"22/Foo/2026:07:38:34 +0200"[..], b"2026-11-22", b"12345", b""] {
            assert_eq!(any(wrong), None);
        }
        let (at, rest) = syslog(b"Nov  2 07:38:39 host", Some(2026)).unwrap();
        assert_eq!(at.unwrap().to_string(), "2026-11-02T07:38:39");
        assert_eq!(rest, b" host");
    }
}
