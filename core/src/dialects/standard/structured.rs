//! Structured Fields: lists (RFC 9651, section 4.2.1; RFC 8941 without dates and display strings).
//!
//! ```text
//! list       = [ member *( OWS "," OWS member ) ]
//! member     = ( item / "(" items ")" ) parameters
//! parameters = *( ";" *SP key [ "=" item ] )
//! ```
//!
//! A list is valid as a whole or not at all: [`list`] looks at all of it first. Nothing is copied:
//! strings keep their escapes.

/// A bare item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Integer(i64),
    /// The digits as they stand there.
    Decimal(&'a [u8]),
    /// Without its quotes, with its escapes.
    String(&'a [u8]),
    Token(&'a [u8]),
    /// In base64.
    Bytes(&'a [u8]),
    Boolean(bool),
    /// Seconds since 1970.
    Date(i64),
    /// Without its quotes, with its escapes.
    Display(&'a [u8]),
}

impl<'a> Value<'a> {
    /// The text of a string or a token.
    pub(crate) const fn text(self) -> Option<&'a [u8]> {
        match self {
            Self::String(text) | Self::Token(text) => Some(text),
            _ => None,
        }
    }
}

/// A member of a list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Member<'a> {
    /// The item; `None` where the member is a list itself.
    pub(crate) value: Option<Value<'a>>,
    /// All of it, as it stands there.
    pub(crate) text: &'a [u8],
    parameters: &'a [u8],
}

impl<'a> Member<'a> {
    /// The value of a parameter; of several with this key the last.
    pub(crate) fn get(&self, key: &[u8]) -> Option<Value<'a>> {
        let mut at = Cursor { text: self.parameters };
        let mut found = None;
        while let Some((name, value)) = at.parameter() {
            if name == key {
                found = Some(value);
            }
        }
        found
    }
}

/// The members of a valid list, in order; `None` where it breaks the grammar.
pub(crate) fn list(text: &[u8]) -> Option<Members<'_>> {
    let mut members = Members { at: Cursor { text }, first: true, broken: false };
    let begin = members.clone();
    while members.next().is_some() {}
    (!members.broken).then_some(begin)
}

/// Goes through a list.
#[derive(Clone, Debug)]
pub(crate) struct Members<'a> {
    at: Cursor<'a>,
    first: bool,
    broken: bool,
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        if self.first {
            self.at.skip(|byte| byte == b' ');
            self.first = false;
            if self.at.text.is_empty() {
                return None;
            }
        } else {
            // Blanks at the end of the field are no part of it.
            self.at.skip(|byte| matches!(byte, b' ' | b'\t'));
            if self.at.text.is_empty() {
                return None;
            }
            if !self.at.eat(b',') {
                return self.stop();
            }
            self.at.skip(|byte| matches!(byte, b' ' | b'\t'));
        }
        match self.at.member() {
            Some(member) => Some(member),
            None => self.stop(),
        }
    }
}

impl Members<'_> {
    fn stop<T>(&mut self) -> Option<T> {
        self.broken = true;
        self.at.text = &[];
        None
    }
}

#[derive(Clone, Debug)]
struct Cursor<'a> {
    text: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn skip(&mut self, fits: impl Fn(u8) -> bool) {
        self.take(fits);
    }

    fn take(&mut self, fits: impl Fn(u8) -> bool) -> &'a [u8] {
        let (taken, rest) = crate::scan::span(self.text, fits);
        self.text = rest;
        taken
    }

    fn eat(&mut self, byte: u8) -> bool {
        match self.text.split_first() {
            Some((first, rest)) if *first == byte => {
                self.text = rest;
                true
            }
            _ => false,
        }
    }

    /// What stands between here and what is left.
    fn since(&self, before: &'a [u8]) -> &'a [u8] {
        before.get(..before.len() - self.text.len()).unwrap_or_default()
    }

    fn member(&mut self) -> Option<Member<'a>> {
        let begin = self.text;
        let value = if self.eat(b'(') {
            self.inner()?;
            None
        } else {
            Some(self.item()?)
        };
        let parameters = self.text;
        while self.text.first() == Some(&b';') {
            self.parameter()?;
        }
        Some(Member { value, text: self.since(begin), parameters: self.since(parameters) })
    }

    /// The items of an inner list, and its closing bracket.
    fn inner(&mut self) -> Option<()> {
        loop {
            self.skip(|byte| byte == b' ');
            if self.eat(b')') {
                return Some(());
            }
            self.item()?;
            while self.text.first() == Some(&b';') {
                self.parameter()?;
            }
            matches!(self.text.first(), Some(b' ' | b')')).then_some(())?;
        }
    }

    fn parameter(&mut self) -> Option<(&'a [u8], Value<'a>)> {
        if !self.eat(b';') {
            return None;
        }
        self.skip(|byte| byte == b' ');
        let first = *self.text.first()?;
        (first.is_ascii_lowercase() || first == b'*').then_some(())?;
        let key = self.take(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.*".contains(&byte)
        });
        let value = if self.eat(b'=') { self.item()? } else { Value::Boolean(true) };
        Some((key, value))
    }

    fn item(&mut self) -> Option<Value<'a>> {
        match *self.text.first()? {
            b'"' => {
                self.eat(b'"');
                self.quoted(
                    |escape| match escape {
                        [b'\\', b'"' | b'\\', ..] => Some(2),
                        _ => None,
                    },
                    b'\\',
                )
                .map(Value::String)
            }
            b'%' => {
                self.eat(b'%');
                self.eat(b'"').then_some(())?;
                self.quoted(
                    |escape| match escape {
                        [b'%', a, b, ..] if is_hex(*a) && is_hex(*b) => Some(3),
                        _ => None,
                    },
                    b'%',
                )
                .map(Value::Display)
            }
            b':' => {
                self.eat(b':');
                let bytes =
                    self.take(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
                self.eat(b':').then_some(Value::Bytes(bytes))
            }
            b'?' => {
                self.eat(b'?');
                match (self.eat(b'1'), self.eat(b'0')) {
                    (true, false) => Some(Value::Boolean(true)),
                    (false, true) => Some(Value::Boolean(false)),
                    _ => None,
                }
            }
            b'@' => {
                self.eat(b'@');
                match self.number()? {
                    Value::Integer(seconds) => Some(Value::Date(seconds)),
                    _ => None,
                }
            }
            b'-' | b'0'..=b'9' => self.number(),
            first if first.is_ascii_alphabetic() || first == b'*' => {
                Some(Value::Token(self.take(|byte| {
                    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
                })))
            }
            _ => None,
        }
    }

    /// The text up to a closing quote; `escape` says how long a valid one at the beginning is.
    fn quoted(&mut self, escape: impl Fn(&[u8]) -> Option<usize>, begins: u8) -> Option<&'a [u8]> {
        let begin = self.text;
        loop {
            match *self.text.first()? {
                b'"' => {
                    let inside = self.since(begin);
                    self.eat(b'"');
                    return Some(inside);
                }
                byte if byte == begins => {
                    self.text = self.text.get(escape(self.text)?..)?;
                }
                b' '..=b'~' => self.text = self.text.get(1..)?,
                _ => return None,
            }
        }
    }

    fn number(&mut self) -> Option<Value<'a>> {
        let begin = self.text;
        let negative = self.eat(b'-');
        let whole = self.take(|byte| byte.is_ascii_digit());
        if !self.eat(b'.') {
            (1..=15).contains(&whole.len()).then_some(())?;
            let number = i64::try_from(crate::scan::number::whole(whole)?).ok()?;
            return Some(Value::Integer(if negative { -number } else { number }));
        }
        let fraction = self.take(|byte| byte.is_ascii_digit());
        let fits = (1..=12).contains(&whole.len()) && (1..=3).contains(&fraction.len());
        fits.then(|| Value::Decimal(self.since(begin)))
    }
}

const fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<Vec<Member<'_>>> {
        list(text.as_bytes()).map(Iterator::collect)
    }

    #[test]
    fn what_is_legal_is_read() {
        for (text, members) in [
            ("", 0),
            ("  ", 0),
            ("revproxy1.example.net, ExampleCDN", 2),
            ("r34.example.net; error=http_request_error, ExampleCDN", 2),
            ("\"proxy.example.org\"; next-protocol=h2", 1),
            ("p; next-protocol=:aDI=:", 1),
            ("p;details=\"comma, semicolon; and \\\"quote\\\" \\\\ backslash\"", 1),
            ("*cdn;error", 1),
            ("p;a=1;b=-1.5;c=?0;d=@1659578233;e=%\"f%c3%bc\"", 1),
            ("(\"a\" b;c 1);d, e", 2),
            ("a\t,\tb ", 2),
        ] {
            assert_eq!(read(text).map(|read| read.len()), Some(members), "{text}");
        }
        let members = read("a;error=dns_timeout;error=connection_refused").unwrap();
        assert_eq!(members[0].get(b"error"), Some(Value::Token(b"connection_refused")));
        assert_eq!(members[0].get(b"rcode"), None);
    }

    #[test]
    fn what_breaks_the_grammar_is_no_list() {
        for text in [
            "p ; error=x",
            "p,",
            ",p",
            "p;Error=x",
            "p;a=\"\u{e9}\"",
            "p;a=\"b",
            "p;a=\"\\b\"",
            "p;a=1234567890123456",
            "p;a=1.",
            "p;a=1.2345",
            "p;a=?2",
            "p;a=:b",
            "(a",
            "(a b)c",
            "p;",
            "p;=",
            "p q",
            "%\"%C3\"",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    /// An item as it is written, which is how a valid one is read back.
    fn item() -> impl Strategy<Value = String> {
        let string = "[ -~]{0,12}"
            .prop_map(|text| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")));
        prop_oneof![
            (-999_999_999_999_999_i64..=999_999_999_999_999).prop_map(|number| number.to_string()),
            "-?[0-9]{1,12}\\.[0-9]{1,3}",
            string,
            "[a-zA-Z*][a-zA-Z0-9!#$%&'*+.^_`|~:/-]{0,12}",
            ":([A-Za-z0-9+/]{4}){0,4}:",
            "\\?[01]",
        ]
    }

    /// An item with its parameters, each as it is written.
    type Written = (String, Vec<(String, Option<String>)>);

    fn written(members: &[Written]) -> String {
        let member = |(item, parameters): &Written| {
            let mut text = item.clone();
            for (key, value) in parameters {
                text += &match value {
                    Some(value) => format!("; {key}={value}"),
                    None => format!(";{key}"),
                };
            }
            text
        };
        members.iter().map(member).collect::<Vec<_>>().join(", ")
    }

    fn value(text: &str) -> Value<'_> {
        let mut at = Cursor { text: text.as_bytes() };
        let value = at.item().expect(text);
        assert!(at.text.is_empty(), "{text}");
        value
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            members in proptest::collection::vec(
                (item(), proptest::collection::vec(
                    ("[a-z*][a-z0-9_.*-]{0,6}", proptest::option::of(item())), 0..4)),
                0..5),
        ) {
            let text = written(&members);
            let read = read(&text).expect(&text);
            prop_assert_eq!(read.len(), members.len());
            for (member, (item, parameters)) in read.iter().zip(&members) {
                prop_assert_eq!(member.value, Some(value(item)));
                for (key, _) in parameters {
                    let last = parameters.iter().rev().find(|(name, _)| name == key).unwrap();
                    let wanted = last.1.as_deref().map_or(Value::Boolean(true), value);
                    prop_assert_eq!(member.get(key.as_bytes()), Some(wanted));
                }
            }
        }

        #[test]
        fn any_bytes_are_a_list_or_none(text in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Some(members) = list(&text) {
                let sum: usize = members.map(|member| member.text.len()).sum();
                prop_assert!(sum <= text.len());
            }
        }

        #[test]
        fn bytes_of_the_grammar_are_a_list_or_none(text in "[a(),;=\"\\\\ *?1:.@%-]{0,24}") {
            let count = list(text.as_bytes()).map_or(0, Iterator::count);
            prop_assert!(count <= text.len() + 1);
        }
    }
}
