//! Compares words without regard to letter case, to how they are broken into lines, and to
//! whether they are one name with underscores.

/// How many bytes of a text are folded at once: no phrase begins with more.
pub(crate) const LONGEST: usize = 96;
/// How far a place that varies may reach.
const LONGEST_GAP: usize = 300;

/// A folded beginning of a text.
pub(super) struct Folded {
    bytes: [u8; LONGEST],
    /// Where in the text the byte after each folded one stands.
    ends: [u16; LONGEST],
    len: usize,
}

impl Folded {
    pub(super) fn of(text: &[u8]) -> Self {
        let mut folded = Self { bytes: [0; LONGEST], ends: [0; LONGEST], len: 0 };
        let mut at = 0;
        while let Some((byte, long)) = next(text, at) {
            let (Some(place), Some(end)) =
                (folded.bytes.get_mut(folded.len), folded.ends.get_mut(folded.len))
            else {
                break;
            };
            at += long;
            *place = byte;
            *end = u16::try_from(at).unwrap_or(u16::MAX);
            folded.len += 1;
        }
        folded
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Where in the text so many folded bytes end.
    pub(super) fn end(&self, long: usize) -> usize {
        long.checked_sub(1).and_then(|last| self.ends.get(last)).map_or(0, |end| usize::from(*end))
    }
}

/// The folded byte at a place, and how many bytes of the text it stands for. Blanks and line ends
/// in a row are one blank.
fn next(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let byte = *text.get(at)?;
    if !is_blank(byte) {
        let folded = if byte == b'_' { b' ' } else { byte.to_ascii_lowercase() };
        return Some((folded, 1));
    }
    let blanks = text.get(at..)?.iter().take_while(|byte| is_blank(**byte)).count();
    Some((b' ', blanks))
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Where the folded words end in a text that begins with them.
pub(super) fn begins(text: &[u8], words: &[u8]) -> Option<usize> {
    let mut at = 0;
    for wanted in words {
        let (byte, long) = next(text, at)?;
        if byte != *wanted {
            return None;
        }
        at += long;
    }
    Some(at)
}

/// Whether a text goes on as a pattern says, in which `{}` stands for anything within the line and
/// `{.}` for anything without a blank; answers where that ends.
pub(crate) fn goes_on(text: &[u8], pattern: &str) -> Option<usize> {
    let mut rest_of_pattern = pattern;
    let mut at = 0;
    let mut gap = Gap::None;
    loop {
        let open = rest_of_pattern.find('{').unwrap_or(rest_of_pattern.len());
        let (words, after) = rest_of_pattern.split_at_checked(open)?;
        at += gap.skip(text.get(at..)?, words.as_bytes())?;
        (gap, rest_of_pattern) = if let Some(after) = after.strip_prefix("{}") {
            (Gap::Line, after)
        } else if let Some(after) = after.strip_prefix("{.}") {
            (Gap::Word, after)
        } else {
            return Some(at);
        };
    }
}

/// What may stand in front of the next words of a pattern.
enum Gap {
    None,
    Line,
    Word,
}

impl Gap {
    /// Where the words end that follow.
    fn skip(&self, text: &[u8], words: &[u8]) -> Option<usize> {
        let near = text.get(..LONGEST_GAP).unwrap_or(text);
        let most = match self {
            Self::None => 0,
            Self::Line => near.iter().position(|byte| *byte == b'\n').unwrap_or(near.len()),
            Self::Word => near.iter().position(|byte| is_blank(*byte)).unwrap_or(near.len()),
        };
        (0..=most).find_map(|gap| Some(gap + begins(text.get(gap..)?, words)?))
    }
}

/// The letters and digits at the beginning of a text, small and without what is between them, up
/// to so many; and where the first that is not taken stands. A line end, a comma or a closing
/// bracket ends them.
pub(crate) fn letters(text: &[u8], into: &mut [u8]) -> usize {
    let mut len = 0;
    for byte in text {
        if byte.is_ascii_alphanumeric() {
            let Some(place) = into.get_mut(len) else { break };
            *place = byte.to_ascii_lowercase();
            len += 1;
        } else if matches!(byte, b'\n' | b',' | b')' | b']' | b'}') {
            break;
        }
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_line_ends_and_underscores_do_not_matter() {
        for text in ["Connection refused", "CONNECTION_REFUSED", "connection\r\n   refused"] {
            assert_eq!(begins(text.as_bytes(), b"connection refused"), Some(text.len()), "{text}");
            let folded = Folded::of(text.as_bytes());
            assert_eq!(folded.bytes(), b"connection refused");
            assert_eq!(folded.end(10), 10);
            assert_eq!(folded.end(18), text.len());
        }
        assert_eq!(begins(b"connection", b"connection refused"), None);
    }

    #[test]
    fn a_pattern_goes_on_within_its_line() {
        assert_eq!(goes_on(b"12 ms with 0 of 5", "{} ms with {} of"), Some(15));
        assert_eq!(goes_on(b"12\n ms", "{}x"), None);
        assert_eq!(goes_on(b"anything", ""), Some(0));
        assert_eq!(goes_on(b"shop on 10.0.0.1:53: no", "{.} on {.}: "), Some(21));
        assert_eq!(goes_on(b"took 12ms for shop: no", "{.}: "), None);
    }
}
