//! Byte helpers for dialects: they find or they do not, and they never fail.

pub(crate) mod document;
pub(crate) mod envelope;
pub(crate) mod json;
pub(crate) mod names;
pub(crate) mod number;
pub(crate) mod phrase;
pub(crate) mod time;
#[cfg(feature = "serde")]
pub(crate) mod tree;
pub(crate) mod url;
pub(crate) mod words;

/// Where a text holds another first. For short words in short lines: building `memmem`'s searcher
/// costs more than the search.
pub(crate) fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    // Blanks are many: a word behind one is looked for by its first letter.
    let (anchor, place) = match word {
        [b' ', second, ..] => (*second, 1),
        [first, ..] => (*first, 0),
        [] => return None,
    };
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(anchor, text.get(from..)?)?;
        if let Some(start) = at.checked_sub(place) {
            if text.get(start..)?.starts_with(word) {
                return Some(start);
            }
        }
        from = at + 1;
    }
}

/// Where a byte stands first, where that is mostly near: the first words are looked at in place,
/// for a call that can search far costs more than they do.
#[inline]
pub(crate) fn near(text: &[u8], byte: u8) -> Option<usize> {
    const WORDS: usize = 3;
    let mut from = 0;
    for word in text.chunks_exact(8).take(WORDS) {
        let found = marked(u64::from_le_bytes(*word.first_chunk()?), byte);
        if found != 0 {
            return Some(from + found.trailing_zeros() as usize / 8);
        }
        from += 8;
    }
    let rest = text.get(from..)?;
    let at = match rest.len() {
        0..8 => rest.iter().position(|other| *other == byte),
        _ => memchr::memchr(byte, rest),
    };
    Some(from + at?)
}

/// Where either of two bytes stands first, where that is mostly near.
#[inline]
pub(crate) fn near_either(text: &[u8], one: u8, other: u8) -> Option<usize> {
    const WORDS: usize = 2;
    let mut from = 0;
    for word in text.chunks_exact(8).take(WORDS) {
        let word = u64::from_le_bytes(*word.first_chunk()?);
        let found = marked(word, one) | marked(word, other);
        if found != 0 {
            return Some(from + found.trailing_zeros() as usize / 8);
        }
        from += 8;
    }
    Some(from + memchr::memchr2(one, other, text.get(from..)?)?)
}

/// The highest bit of the bytes that are this one: a byte that is equal is zero in what differs. Above
/// the lowest mark, which alone is sure to be right, others may be wrong.
#[inline(always)]
const fn marked(word: u64, byte: u8) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
    let differs = word ^ u64::from_le_bytes([byte; 8]);
    differs.wrapping_sub(ONES) & !differs & HIGHS
}

/// Where a text holds another last.
pub(crate) fn rfind(text: &[u8], word: &[u8]) -> Option<usize> {
    // The second letter: words begin with a blank, and blanks are many.
    let (second, place) = match word {
        [_, second, ..] => (*second, 1),
        [only] => (*only, 0),
        [] => return None,
    };
    let mut end = text.len();
    loop {
        let at = memchr::memrchr(second, text.get(..end)?)?;
        let start = at.checked_sub(place)?;
        if text.get(start..)?.starts_with(word) {
            return Some(start);
        }
        end = at;
    }
}

/// The text before and after the first place where a separator stands.
pub(crate) fn split<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = find(text, separator)?;
    Some((text.get(..at)?, text.get(at + separator.len()..)?))
}

/// The text before and after the first such byte.
pub(crate) fn split_byte(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = near(text, byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Where a part of a text lies in it. A part borrowed from elsewhere is found by its bytes.
pub(crate) fn place(text: &[u8], part: &[u8]) -> Option<(u32, u32)> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize);
    let inside = start.filter(|start| text.get(*start..*start + part.len()) == Some(part));
    let start = inside.or_else(|| find(text, part))?;
    Some((u32::try_from(start).ok()?, u32::try_from(start + part.len()).ok()?))
}

/// Whether a text holds another.
pub(crate) fn holds(text: &[u8], part: &[u8]) -> bool {
    find(text, part).is_some()
}

/// The text up to the first byte that does not fit, and the rest.
pub(crate) fn span(text: &[u8], fits: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !fits(*byte)).unwrap_or(text.len());
    text.split_at(end)
}

/// Without blanks at either end.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

/// A request line `METHOD target [HTTP/version]`, apart.
pub(crate) fn request_line(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (method, rest) = split_byte(line, b' ')?;
    let known = !method.is_empty()
        && method.len() <= 20
        && method.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'-');
    if !known {
        return None;
    }
    let target = match rfind(rest, b" HTTP/") {
        Some(at) => rest.get(..at).unwrap_or(rest),
        None => rest,
    };
    Some((method, target))
}

/// An IP address's shape: digits, dots, colons, hexadecimal letters.
pub(crate) fn looks_like_ip(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"[").and_then(|text| text.strip_suffix(b"]")).unwrap_or(text);
    let v4 = text.len() >= 7
        && text.iter().filter(|byte| **byte == b'.').count() == 3
        && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let v6 = text.len() >= 2
        && text.iter().filter(|byte| **byte == b':').count() >= 2
        && text.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.' | b'%'));
    v4 || v6
}

/// An upstream address's shape: `unix:/path`, or `host:port`.
pub(crate) fn looks_like_address(text: &[u8]) -> bool {
    if text.starts_with(b"unix:") {
        return true;
    }
    let Some(at) = memchr::memrchr(b':', text) else { return false };
    let (host, port) = (text.get(..at).unwrap_or(b""), text.get(at + 1..).unwrap_or(b""));
    let named = !host.is_empty()
        && (looks_like_ip(host)
            || host.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(byte)));
    named && (1..=5).contains(&port.len()) && port.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn words_are_found_where_a_plain_search_finds_them(text in "[ab ]{0,24}", word in "[ab ]{1,3}") {
            let (bytes, word_bytes) = (text.as_bytes(), word.as_bytes());
            proptest::prop_assert_eq!(find(bytes, word_bytes), text.find(&word));
            proptest::prop_assert_eq!(rfind(bytes, word_bytes), text.rfind(&word));
        }

        #[test]
        fn what_is_near_is_found_where_a_plain_search_finds_it(
            text in proptest::collection::vec(
                proptest::prop_oneof![0_u8..3, 0x7f_u8..0x83, proptest::num::u8::ANY],
                0..64,
            ),
            byte in proptest::prop_oneof![0_u8..3, 0x7f_u8..0x83],
        ) {
            let plain = text.iter().position(|other| *other == byte);
            proptest::prop_assert_eq!(near(&text, byte), plain);
        }
    }

    #[test]
    fn addresses_are_told_from_other_words() {
        for (text, is) in [
            (&b"10.0.0.1:80"[..], true),
            (b"[2001:db8::1]:8080", true),
            (b"unix:/run/app.sock", true),
            (b"shop.example:8080", true),
            (b"10.0.0.1", false),
            (b"GET:", false),
            (b"0.004", false),
            (b"https://shop.example:80", false),
            (b"a:123456", false),
        ] {
            assert_eq!(looks_like_address(text), is, "{:?}", text.escape_ascii());
        }
    }

    #[test]
    fn a_request_line_keeps_its_quotes_and_blanks() {
        assert_eq!(request_line(b"GET /a b HTTP/1.1"), Some((&b"GET"[..], &b"/a b"[..])));
        assert_eq!(request_line(b"GET /"), Some((&b"GET"[..], &b"/"[..])));
        assert_eq!(request_line(b"\x16\x03\x01"), None);
        assert_eq!(request_line(b"-"), None);
    }
}
