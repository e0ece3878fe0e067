//! A reader for the flat JSON objects of logs: it borrows, allocates nothing, and keeps what it
//! read of an object that is cut. (A JSON library gives neither: it allocates, and it refuses the
//! whole where the end is missing.)

/// Calls back for each value of an object that is text, a number or a word: with the key of the
/// object around it (empty at the top), the key, and the raw value, strings without their quotes
/// and with their escapes. Objects nested deeper than two are passed over, and so are arrays.
/// Answers whether the object was whole.
pub(crate) fn each<'a>(text: &'a [u8], mut take: impl FnMut(&'a [u8], &'a [u8], &'a [u8])) -> bool {
    let mut at = Cursor { text };
    if !at.eat(b'{') {
        return false;
    }
    object(&mut at, b"", &mut take, 0)
}

/// A value as it stands in a text that may end within it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// Without its quotes, with its escapes.
    Text(&'a [u8]),
    /// A number, `true` or `false`.
    Word(&'a [u8]),
    Null,
    /// With its braces.
    Object(&'a [u8]),
    /// With its brackets.
    Array(&'a [u8]),
}

impl<'a> Value<'a> {
    /// What a text or a word is.
    pub(crate) const fn plain(self) -> Option<&'a [u8]> {
        match self {
            Self::Text(value) | Self::Word(value) => Some(value),
            Self::Null | Self::Object(_) | Self::Array(_) => None,
        }
    }
}

/// The members of an object, as far as it goes; none where the text is no object.
pub(crate) fn members(text: &[u8]) -> impl Iterator<Item = (&[u8], Value<'_>)> {
    let mut at = Cursor { text };
    let mut more = at.eat(b'{');
    core::iter::from_fn(move || {
        more.then_some(())?;
        let key = at.string()?;
        at.eat(b':').then_some(())?;
        let value = at.value()?;
        more = at.eat(b',');
        Some((key, value))
    })
}

/// The object at the beginning of a text, where all of it is there.
pub(crate) fn whole_object(text: &[u8]) -> Option<&[u8]> {
    let mut at = Cursor { text };
    (text.first() == Some(&b'{') && at.skip_nested()).then_some(())?;
    text.get(..text.len() - at.text.len())
}

/// The values of an array, as far as it goes; none where the text is no array.
pub(crate) fn items(text: &[u8]) -> impl Iterator<Item = Value<'_>> {
    let mut at = Cursor { text };
    let mut more = at.eat(b'[');
    core::iter::from_fn(move || {
        more.then_some(())?;
        let value = at.value()?;
        more = at.eat(b',');
        Some(value)
    })
}

struct Cursor<'a> {
    text: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn skip_blanks(&mut self) {
        if self.text.first().is_some_and(u8::is_ascii_whitespace) {
            self.text = self.text.trim_ascii_start();
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        match self.text.strip_prefix(&[byte]) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    /// A string without its quotes; up to the end where the closing one is missing.
    fn string(&mut self) -> Option<&'a [u8]> {
        if !self.eat(b'"') {
            return None;
        }
        let mut end = 0;
        loop {
            let found = self.text.get(end..).and_then(|rest| super::near_either(rest, b'"', b'\\'));
            match found {
                None => {
                    let all = self.text;
                    self.text = b"";
                    return Some(all);
                }
                Some(more) if self.text.get(end + more) == Some(&b'\\') => end += more + 2,
                Some(more) => {
                    let inner = self.text.get(..end + more)?;
                    self.text = self.text.get(end + more + 1..)?;
                    return Some(inner);
                }
            }
        }
    }

    fn value(&mut self) -> Option<Value<'a>> {
        self.skip_blanks();
        let begin = self.text;
        Some(match begin.first()? {
            b'"' => Value::Text(self.string()?),
            first @ (b'{' | b'[') => {
                // What is cut goes to the end.
                self.skip_nested();
                let all = begin.get(..begin.len() - self.text.len()).unwrap_or(begin);
                if *first == b'{' { Value::Object(all) } else { Value::Array(all) }
            }
            b'}' | b']' | b',' | b':' => return None,
            _ => match self.word() {
                b"null" => Value::Null,
                word => Value::Word(word),
            },
        })
    }

    fn word(&mut self) -> &'a [u8] {
        let (word, rest) = super::span(self.text, |byte| !b",}] \t\r\n".contains(&byte));
        self.text = rest;
        word
    }

    /// Over an array or object, whatever is in it.
    fn skip_nested(&mut self) -> bool {
        let mut depth = 0_u32;
        while let Some(first) = self.text.first() {
            match first {
                b'"' => {
                    if self.string().is_none() {
                        return false;
                    }
                    continue;
                }
                b'[' | b'{' => depth += 1,
                b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.text = self.text.get(1..).unwrap_or_default();
                        return true;
                    }
                }
                _ => {}
            }
            self.text = self.text.get(1..).unwrap_or_default();
        }
        false
    }
}

fn object<'a>(
    at: &mut Cursor<'a>,
    around: &'a [u8],
    take: &mut impl FnMut(&'a [u8], &'a [u8], &'a [u8]),
    depth: u8,
) -> bool {
    loop {
        if at.eat(b'}') {
            return true;
        }
        let Some(key) = at.string() else { return false };
        if !at.eat(b':') {
            return false;
        }
        at.skip_blanks();
        match at.text.first() {
            Some(b'"') => match at.string() {
                Some(value) => take(around, key, value),
                None => return false,
            },
            Some(b'{') if depth < 2 => {
                at.eat(b'{');
                if !object(at, key, take, depth + 1) {
                    return false;
                }
            }
            Some(b'{' | b'[') => {
                if !at.skip_nested() {
                    return false;
                }
            }
            Some(_) => {
                let word = at.word();
                if word != b"null" {
                    take(around, key, word);
                }
            }
            None => return false,
        }
        if !at.eat(b',') {
            return at.eat(b'}');
        }
    }
}

/// Writes a string's value with its escapes undone. What is no valid escape stays as it is.
pub(crate) fn unescape(raw: &[u8], into: &mut impl Extend<u8>) {
    let mut rest = raw;
    while let Some((plain, escape)) = super::split_byte(rest, b'\\') {
        into.extend(plain.iter().copied());
        let used = match escape.first() {
            Some(b'n') => simple(into, b'\n'),
            Some(b't') => simple(into, b'\t'),
            Some(b'r') => simple(into, b'\r'),
            Some(b'b') => simple(into, 8),
            Some(b'f') => simple(into, 12),
            Some(other @ (b'"' | b'\\' | b'/')) => simple(into, *other),
            Some(b'u') => unicode(escape, into),
            // nginx's own escapes of a format without escape=json.
            Some(b'x') => hexadecimal(escape, into),
            _ => simple_backslash(into),
        };
        rest = escape.get(used..).unwrap_or_default();
    }
    into.extend(rest.iter().copied());
}

/// The beginning of a text, kept in place: what comes beyond its room is dropped.
pub(crate) struct Start<const N: usize> {
    bytes: [u8; N],
    long: usize,
}

impl<const N: usize> Start<N> {
    /// Of a text with its escapes, without them.
    pub(crate) fn of(raw: &[u8]) -> Self {
        let mut start = Self { bytes: [0; N], long: 0 };
        unescape(raw, &mut start);
        start
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.long).unwrap_or(&self.bytes)
    }
}

impl<const N: usize> Extend<u8> for Start<N> {
    fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
        for byte in bytes {
            let Some(slot) = self.bytes.get_mut(self.long) else { return };
            *slot = byte;
            self.long += 1;
        }
    }
}

fn simple(into: &mut impl Extend<u8>, byte: u8) -> usize {
    into.extend([byte]);
    1
}

fn simple_backslash(into: &mut impl Extend<u8>) -> usize {
    into.extend([b'\\']);
    0
}

fn hex(text: &[u8], at: usize, long: usize) -> Option<u32> {
    let digits = core::str::from_utf8(text.get(at..at + long)?).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

fn hexadecimal(escape: &[u8], into: &mut impl Extend<u8>) -> usize {
    match hex(escape, 1, 2).and_then(|byte| u8::try_from(byte).ok()) {
        Some(byte) => {
            into.extend([byte]);
            3
        }
        None => simple_backslash(into),
    }
}

fn unicode(escape: &[u8], into: &mut impl Extend<u8>) -> usize {
    let Some(first) = hex(escape, 1, 4) else { return simple_backslash(into) };
    let (code, used) = match first {
        0xd800..=0xdbff if escape.get(5..7) == Some(br"\u") => match hex(escape, 7, 4) {
            Some(second @ 0xdc00..=0xdfff) => {
                (0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), 11)
            }
            _ => (0xfffd, 5),
        },
        code => (code, 5),
    };
    let letter = char::from_u32(code).unwrap_or('\u{fffd}');
    into.extend(letter.encode_utf8(&mut [0; 4]).bytes());
    used
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    fn read(text: &str) -> (Vec<(String, String)>, bool) {
        let mut found = Vec::new();
        let whole = each(text.as_bytes(), |around, key, value| {
            let name = [around, key].join(&b"."[..]);
            found.push((
                String::from_utf8(name).unwrap(),
                String::from_utf8(value.to_vec()).unwrap(),
            ));
        });
        (found, whole)
    }

    #[test]
    fn flat_and_nested_and_cut_objects() {
        let (found, whole) =
            read(r#" {"a": "x\"y", "b":12.5 ,"c":{"d":true,"e":[1,{"f":2}]},"g":null}"#);
        assert!(whole);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], (".a".to_string(), r#"x\"y"#.to_string()));
        assert_eq!(found[2], ("c.d".to_string(), "true".to_string()));
        let (found, whole) = read(r#"{"status":502,"upstream_addr":"10.0.0"#);
        assert!(!whole);
        assert_eq!(found[1].1, "10.0.0");
        for broken in ["", "{", r#"{"a""#, r#"{"a":}"#, r#"{"a":[[["#, r#"{"a":"\"#, "[1]"] {
            read(broken);
        }
    }

    #[test]
    fn members_and_items_are_lent_as_they_stand() {
        let text = br#" {"a" : "x\"y","b":[1 ,{"c":[]}, null],"d":{"e":{}} , "f":tr"#;
        let found: Vec<_> = members(text).collect();
        assert_eq!(found.len(), 4);
        assert_eq!(found[0], (&b"a"[..], Value::Text(br#"x\"y"#)));
        let Value::Array(array) = found[1].1 else { panic!("no array") };
        let values: Vec<_> = items(array).collect();
        assert_eq!(values, [Value::Word(b"1"), Value::Object(br#"{"c":[]}"#), Value::Null]);
        assert_eq!(found[2].1, Value::Object(br#"{"e":{}}"#));
        assert_eq!(found[3].1.plain(), Some(&b"tr"[..]));
        for broken in ["", "{", "{}", r#"{"a""#, r#"{"a":}"#, r#"{"a":[[["#, "[1]", "{,}"] {
            assert!(members(broken.as_bytes()).count() < 2, "{broken}");
        }
        assert_eq!(items(b"[,1]").count(), 0);
        assert_eq!(whole_object(br#"{"a":"}"}, {}"#), Some(&br#"{"a":"}"}"#[..]));
        assert_eq!(whole_object(br#"{"a":"}""#), None);
    }

    #[test]
    fn escapes_are_undone() {
        let mut into = Vec::new();
        unescape(br#"a\"b\\c\nd\u00e9\ud83d\ude00\x41\q\"#, &mut into);
        assert_eq!(String::from_utf8(into).unwrap(), "a\"b\\c\nd\u{e9}\u{1f600}A\\q\\");
    }
}
