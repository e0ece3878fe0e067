//! Words in one spelling: Envoy keeps the blanks of a message, and writes `_` for each where it is
//! a detail.

/// The longest beginning of a text that is compared.
pub(crate) const LONGEST: usize = 72;

/// The beginning of a text, in small letters, with `_` for each blank.
#[derive(Clone, Copy)]
pub(crate) struct Plain {
    text: [u8; LONGEST],
    length: usize,
}

impl Plain {
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut plain = Self { text: [0; LONGEST], length: 0 };
        for (slot, byte) in plain.text.iter_mut().zip(text) {
            *slot = if *byte == b' ' { b'_' } else { byte.to_ascii_lowercase() };
            plain.length += 1;
        }
        plain
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

/// Whether two bytes are the same letter, whichever way it is spelt.
const fn same(this: u8, that: u8) -> bool {
    let blank = matches!(this, b' ' | b'_') && matches!(that, b' ' | b'_');
    blank || this.eq_ignore_ascii_case(&that)
}

/// What follows some words that a text begins with.
pub(crate) fn after<'a>(text: &'a [u8], words: &str) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(words.len())?;
    let alike = start.iter().zip(words.as_bytes()).all(|(this, that)| same(*this, *that));
    alike.then_some(rest)
}

/// Where words stand in a text first.
pub(crate) fn find(text: &[u8], words: &str) -> Option<usize> {
    let first = *words.as_bytes().first()?;
    let (small, great) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(small, great, text)
        .find(|at| text.get(*at..).and_then(|rest| after(rest, words)).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_strokes_are_one() {
        assert_eq!(
            after(b"delayed_connect_error:_111", "delayed connect error: "),
            Some(&b"111"[..])
        );
        assert_eq!(find(b"a Delayed connect error", "delayed connect"), Some(2));
        assert_eq!(find(b"delayed", "delayed connect"), None);
        assert_eq!(Plain::of(b"Via upstream").as_slice(), b"via_upstream");
    }
}
