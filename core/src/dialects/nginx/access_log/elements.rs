//! The elements of a format behind the head: words, quoted and bracketed values, with a key or without.

use super::fields::role;

/// One element of a format's tail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// Its name; empty where it has none.
    pub(super) key: &'a [u8],
    /// Its value without quotes or brackets.
    pub(super) value: &'a [u8],
    /// Whether it stood in quotes.
    pub(super) quoted: bool,
    /// Whether it stood in brackets.
    pub(super) bracketed: bool,
}

/// The elements of a line, one after the other.
pub(super) struct Elements<'a> {
    pub(super) rest: &'a [u8],
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'|' | b';')
}

impl<'a> Elements<'a> {
    pub(super) const fn of(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// Up to the byte that closes a value, or to the end where the line is cut.
    fn closed(&mut self, inside: &'a [u8], close: u8) -> &'a [u8] {
        let end = memchr::memchr(close, inside).unwrap_or(inside.len());
        self.rest = inside.get(end + 1..).unwrap_or_default();
        inside.get(..end).unwrap_or(inside)
    }

    /// A list without quotes goes on behind its commas and colons.
    fn unquoted(&mut self, text: &'a [u8], from: usize) -> &'a [u8] {
        let mut end = from + text.get(from..).map_or(0, word_length);
        loop {
            let rest = text.get(end..).unwrap_or_default();
            let comma = end > 0 && text.get(end - 1) == Some(&b',');
            let next = match rest {
                [b' ', more @ ..] if comma && !more.is_empty() => 1 + word_length(more),
                [b' ', b':', b' ', more @ ..] if !more.is_empty() => 3 + word_length(more),
                _ => break,
            };
            end += next;
        }
        self.rest = text.get(end..).unwrap_or_default();
        text.get(..end).unwrap_or(text)
    }
}

fn word_length(text: &[u8]) -> usize {
    let end = memchr::memchr3(b' ', b'\t', b'|', text).unwrap_or(text.len());
    match text.get(..end) {
        Some(word) => memchr::memchr(b';', word).unwrap_or(end),
        None => end,
    }
}

/// How long the name at the beginning is: letters, digits, and what stands in variables' names.
fn name_length(text: &[u8]) -> usize {
    // Indices are checked when this is evaluated, by the compiler.
    #[allow(clippy::indexing_slicing)]
    const NAMES: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = (byte as u8).is_ascii_alphanumeric()
                || matches!(byte as u8, b'_' | b'-' | b'$' | b'.' | b'@');
            byte += 1;
        }
        table
    };
    let fits = |byte: &u8| NAMES.get(usize::from(*byte)).copied().unwrap_or(false);
    text.iter().position(|byte| !fits(byte)).unwrap_or(text.len())
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let mut text = self.rest;
        while let [first, after @ ..] = text {
            if !is_separator(*first) {
                break;
            }
            text = after;
        }
        match text {
            [] => None,
            [b'"', inside @ ..] => {
                let value = self.closed(inside, b'"');
                Some(Element { value, quoted: true, ..Element::default() })
            }
            [b'[', inside @ ..] => {
                let value = self.closed(inside, b']');
                Some(Element { value, bracketed: true, ..Element::default() })
            }
            _ => {
                let key_end = name_length(text);
                let key = text.get(..key_end).unwrap_or_default();
                match text.get(key_end..) {
                    Some([b'=', b'"', inside @ ..]) => {
                        let value = self.closed(inside, b'"');
                        Some(Element { key, value, quoted: true, bracketed: false })
                    }
                    Some([b'=', b'[', inside @ ..]) => {
                        let value = self.closed(inside, b']');
                        Some(Element { key, value, quoted: false, bracketed: true })
                    }
                    Some([b'=', inside @ ..]) if !key.is_empty() => {
                        let value = self.unquoted(inside, 0);
                        Some(Element { key, value, ..Element::default() })
                    }
                    // LTSV's `key:value`; a time or an address has a colon too, and no such key.
                    Some([b':', inside @ ..]) if role(key).is_some() => {
                        let value = self.unquoted(inside, 0);
                        Some(Element { key, value, ..Element::default() })
                    }
                    _ => {
                        let value = self.unquoted(text, key_end);
                        Some(Element { value, ..Element::default() })
                    }
                }
            }
        }
    }
}
