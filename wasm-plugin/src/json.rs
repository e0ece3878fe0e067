//! The little of JSON (RFC 8259) that the filter reads and writes: its configuration, and its own
//! lines. A general reader would be a third of the module.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

/// A value of a configuration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number that is whole and not negative: `10`, and `10.0`, which protobuf writes for it.
    Whole(u64),
    /// Any other number, as it was written.
    Number(String),
    /// `"text"`
    Text(String),
    /// `[…]`
    List(Vec<Value>),
    /// `{…}`, in the order that it was written in. Of equal names the reader sees each.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// What it is, for a message: `"text"`, `7`, `an object`.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Bool(true) => "true".into(),
            Self::Bool(false) => "false".into(),
            Self::Whole(number) => alloc::format!("{number}"),
            Self::Number(text) => text.clone(),
            Self::Text(text) => {
                let mut shown = String::new();
                write_text(&mut shown, text.chars().take(60).collect::<String>().as_bytes());
                shown
            }
            Self::List(_) => "a list".into(),
            Self::Object(_) => "an object".into(),
        }
    }
}

/// Where a text stops being JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column in bytes, from 1.
    pub(crate) column: usize,
    /// What should stand there.
    pub(crate) expected: &'static str,
}

/// How deep lists and objects may lie in each other.
const DEEPEST: u8 = 16;

/// Reads one value that is the whole text.
pub(crate) fn read(text: &[u8]) -> Result<Value, Broken> {
    let mut reader = Reader { text, at: 0 };
    let broken = |reader: &Reader<'_>, expected| {
        let before = text.get(..reader.at).unwrap_or(text);
        let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        Broken { line, column: before.len().saturating_sub(start).saturating_add(1), expected }
    };
    let value = reader.value(0).map_err(|expected| broken(&reader, expected))?;
    reader.blanks();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(broken(&reader, "the end of the configuration")),
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes past this byte where it is the next.
    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn word(&mut self, word: &[u8], value: Value) -> Result<Value, &'static str> {
        let rest = self.text.get(self.at..).unwrap_or(&[]);
        if !rest.starts_with(word) {
            return Err("a value");
        }
        self.at += word.len();
        Ok(value)
    }

    fn value(&mut self, depth: u8) -> Result<Value, &'static str> {
        if depth >= DEEPEST {
            return Err("less depth");
        }
        self.blanks();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Value::Text),
            Some(b't') => self.word(b"true", Value::Bool(true)),
            Some(b'f') => self.word(b"false", Value::Bool(false)),
            Some(b'n') => self.word(b"null", Value::Null),
            Some(b'-' | b'0'..=b'9') => Ok(self.number()),
            _ => Err("a value"),
        }
    }

    fn object(&mut self, depth: u8) -> Result<Value, &'static str> {
        let mut fields = Vec::new();
        self.at += 1;
        self.blanks();
        if self.eat(b'}') {
            return Ok(Value::Object(fields));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err("a field's name in quotes");
            }
            let name = self.string()?;
            self.blanks();
            if !self.eat(b':') {
                return Err("a colon");
            }
            fields.push((name, self.value(depth + 1)?));
            self.blanks();
            if self.eat(b'}') {
                return Ok(Value::Object(fields));
            }
            if !self.eat(b',') {
                return Err("a comma or the object's end");
            }
        }
    }

    fn list(&mut self, depth: u8) -> Result<Value, &'static str> {
        let mut items = Vec::new();
        self.at += 1;
        self.blanks();
        if self.eat(b']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.eat(b']') {
                return Ok(Value::List(items));
            }
            if !self.eat(b',') {
                return Err("a comma or the list's end");
            }
        }
    }

    fn number(&mut self) -> Value {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or(&[]);
        let text = core::str::from_utf8(text).unwrap_or_default();
        let whole = match text.split_once('.') {
            Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
            _ => text,
        };
        match whole.parse::<u64>() {
            Ok(number) if !whole.starts_with('+') => Value::Whole(number),
            _ => Value::Number(text.into()),
        }
    }

    fn string(&mut self) -> Result<String, &'static str> {
        let mut bytes = Vec::new();
        self.at += 1;
        loop {
            let Some(byte) = self.peek() else { return Err("the text's closing quote") };
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(bytes).map_err(|_| "text in UTF-8"),
                b'\\' => {
                    let letter = self.escape()?;
                    bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..=0x1f => return Err("no control character within text"),
                byte => bytes.push(byte),
            }
        }
    }

    fn escape(&mut self) -> Result<char, &'static str> {
        let byte = self.peek();
        self.at += 1;
        Ok(match byte {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.hex()?;
                if !(0xd800..0xdc00).contains(&high) {
                    return char::from_u32(high).ok_or("a pair of surrogates");
                }
                if !(self.eat(b'\\') && self.eat(b'u')) {
                    return Err("a pair of surrogates");
                }
                let low = self.hex()?;
                let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400);
                let letter = low.map(|low| 0x1_0000 + ((high - 0xd800) << 10) + low);
                letter.and_then(char::from_u32).ok_or("a pair of surrogates")?
            }
            _ => return Err("a letter that can be escaped"),
        })
    }

    fn hex(&mut self) -> Result<u32, &'static str> {
        let mut number = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            number = number * 16 + digit.ok_or("four hexadecimal digits")?;
            self.at += 1;
        }
        Ok(number)
    }
}

/// Writes text from outside as a JSON string: what is no UTF-8 becomes U+FFFD.
pub(crate) fn write_text(to: &mut String, text: &[u8]) {
    to.push('"');
    for letter in String::from_utf8_lossy(text).chars() {
        match letter {
            '"' | '\\' => {
                to.push('\\');
                to.push(letter);
            }
            '\n' => to.push_str("\\n"),
            '\t' => to.push_str("\\t"),
            // Line separators end a line of a log for some readers.
            '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(to, "\\u{:04x}", u32::from(letter));
            }
            letter => to.push(letter),
        }
    }
    to.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theirs(value: &Value) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(it) => (*it).into(),
            Value::Whole(it) => (*it).into(),
            Value::Number(it) => serde_json::from_str(it).unwrap_or_default(),
            Value::Text(it) => it.clone().into(),
            Value::List(it) => it.iter().map(theirs).collect(),
            Value::Object(it) => {
                serde_json::Value::Object(it.iter().map(|(k, v)| (k.clone(), theirs(v))).collect())
            }
        }
    }

    fn strategy() -> impl proptest::strategy::Strategy<Value = serde_json::Value> {
        use proptest::prelude::*;
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<u64>().prop_map(Into::into),
            any::<i32>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest::proptest! {
        #[test]
        fn what_serde_writes_is_read(value in strategy()) {
            for text in [value.to_string(), format!("{value:#}")] {
                proptest::prop_assert_eq!(&theirs(&read(text.as_bytes()).unwrap()), &value);
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let ours = read(&bytes);
            if ours.is_err() {
                return Ok(());
            }
            // Numbers are read more widely here: their form is checked where they are used.
            let _ = serde_json::from_slice::<serde_json::Value>(&bytes);
        }

        #[test]
        fn any_text_is_written_as_json(bytes: Vec<u8>) {
            let mut text = String::new();
            write_text(&mut text, &bytes);
            let read: String = serde_json::from_str(&text).unwrap();
            proptest::prop_assert_eq!(read, String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn a_mistake_is_shown_where_it_stands() {
        for (text, line, column, expected) in [
            ("", 1, 1, "a value"),
            ("{\n  \"a\": tru\n}", 2, 8, "a value"),
            ("{\"a\" 1}", 1, 6, "a colon"),
            ("{a: 1}", 1, 2, "a field's name in quotes"),
            ("[1 2]", 1, 4, "a comma or the list's end"),
            ("{} x", 1, 4, "the end of the configuration"),
            ("\"a", 1, 3, "the text's closing quote"),
        ] {
            assert_eq!(read(text.as_bytes()), Err(Broken { line, column, expected }), "{text}");
        }
        assert_eq!(read("[".repeat(99).as_bytes()).map_err(|e| e.expected), Err("less depth"));
    }
}
