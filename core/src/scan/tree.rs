//! JSON that was read whole, taken apart by hand: an error says where it is. (Derived readers are
//! several times as much code, which counts in a browser.)

use super::json;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use serde_json::{Map, Value};

/// What is wrong with a value, and where it is.
#[derive(Debug)]
pub(crate) struct Wrong {
    /// The steps to it, the last one first.
    steps: Vec<Step>,
    pub(crate) what: String,
}

#[derive(Debug)]
enum Step {
    Field(String),
    Item(usize),
}

impl Wrong {
    #[cold]
    pub(crate) fn new(what: &str) -> Self {
        Self { steps: Vec::new(), what: what.to_string() }
    }

    #[cold]
    pub(crate) fn expected(what: &str, found: &Value) -> Self {
        let found = match found {
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
            other => &other.to_string(),
        };
        Self::new(&format!("expected {what}, found {found}"))
    }

    #[cold]
    fn within(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// As in JavaScript, `causes[1].confidence`; a dot alone is the whole.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Item(at) => path += &format!("[{at}]"),
                Step::Field(name) => {
                    let dot = if path.is_empty() { "" } else { "." };
                    path += &format!("{dot}{name}");
                }
            }
        }
        if path.is_empty() { ".".to_string() } else { path }
    }

    /// Where it begins in the JSON that was read: the line and the column, from 1. Where that cannot
    /// be told, where the object around it begins.
    pub(crate) fn place(&self, text: &[u8]) -> (usize, usize) {
        let mut inner = text.trim_ascii_start();
        for step in self.steps.iter().rev() {
            let value = match step {
                Step::Item(at) => json::items(inner).nth(*at),
                // Of two fields with one name, the last counts.
                Step::Field(name) => json::members(inner)
                    .filter(|(key, _)| *key == name.as_bytes())
                    .last()
                    .map(|(_, value)| value),
            };
            inner = match value {
                Some(json::Value::Object(value) | json::Value::Array(value)) => value,
                Some(value) => value.plain().unwrap_or(inner),
                None => break,
            };
        }
        let offset = (inner.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let before = text.get(..offset).unwrap_or_default();
        // A text begins with its quote.
        let before = before.strip_suffix(b"\"").unwrap_or(before);
        let newline = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        (memchr::memchr_iter(b'\n', before).count() + 1, before.len() - newline + 1)
    }
}

/// The fields of an object. The first that is wrong is kept to the end, so that reading goes on.
pub(crate) struct Fields {
    fields: Map<String, Value>,
    known: Vec<&'static str>,
    wrong: Option<Wrong>,
}

type Read<T> = Result<T, Wrong>;

impl Fields {
    pub(crate) fn of(value: Value) -> Read<Self> {
        match value {
            Value::Object(fields) => Ok(Self { fields, known: Vec::new(), wrong: None }),
            other => Err(Wrong::expected("an object", &other)),
        }
    }

    fn value(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.fields.remove(name)
    }

    fn read<T>(&mut self, name: &str, value: Value, read: fn(Value) -> Read<T>) -> Option<T> {
        match read(value) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.wrong.get_or_insert(wrong.within(Step::Field(name.to_string())));
                None
            }
        }
    }

    /// A field that may be missing, or null.
    pub(crate) fn take<T>(&mut self, name: &'static str, read: fn(Value) -> Read<T>) -> Option<T> {
        let value = self.value(name).filter(|value| !value.is_null())?;
        self.read(name, value, read)
    }

    /// A field that is as good as empty where it is missing.
    pub(crate) fn part<T: Default>(&mut self, name: &'static str, read: fn(Value) -> Read<T>) -> T {
        let value = self.value(name);
        value.and_then(|value| self.read(name, value, read)).unwrap_or_default()
    }

    /// A field that must be there.
    pub(crate) fn must<T: Default>(&mut self, name: &'static str, read: fn(Value) -> Read<T>) -> T {
        self.demand(name);
        self.part(name, read)
    }

    /// The same, of which there is no empty value: without it, reading ends.
    pub(crate) fn need<T>(&mut self, name: &'static str, read: fn(Value) -> Read<T>) -> Read<T> {
        self.demand(name);
        let value = self.value(name).unwrap_or_default();
        let read = self.read(name, value, read);
        read.ok_or_else(|| self.wrong.take().unwrap_or_else(|| missing(name)))
    }

    fn demand(&mut self, name: &str) {
        if !self.fields.contains_key(name) {
            self.wrong.get_or_insert_with(|| missing(name));
        }
    }

    /// What was made of the fields, unless one was wrong.
    pub(crate) fn finish<T>(self, made: T) -> Read<T> {
        self.wrong.map_or(Ok(made), Err)
    }

    /// The same, unless there are fields that nobody asked for.
    pub(crate) fn finish_all<T>(mut self, made: T) -> Read<T> {
        if let Some(name) = self.fields.keys().next() {
            let known = self.known.join("`, `");
            let what = format!("unknown field `{name}`, expected one of `{known}`");
            let wrong = Wrong::new(&what).within(Step::Field(name.clone()));
            self.wrong.get_or_insert(wrong);
        }
        self.finish(made)
    }
}

#[cold]
fn missing(name: &str) -> Wrong {
    Wrong::new(&format!("missing field `{name}`"))
}

/// An array.
pub(crate) fn list<T>(value: Value, read: fn(Value) -> Read<T>) -> Read<Vec<T>> {
    let Value::Array(items) = value else {
        return Err(Wrong::expected("an array", &value));
    };
    let items = items.into_iter().enumerate();
    items.map(|(at, item)| read(item).map_err(|wrong| wrong.within(Step::Item(at)))).collect()
}

/// An object of fields with any names.
pub(crate) fn named<T>(value: Value, read: fn(Value) -> Read<T>) -> Read<Vec<(String, T)>> {
    let fields = Fields::of(value)?.fields.into_iter();
    fields
        .map(|(name, value)| match read(value) {
            Ok(value) => Ok((name, value)),
            Err(wrong) => Err(wrong.within(Step::Field(name))),
        })
        .collect()
}

/// A text.
pub(crate) fn text(value: Value) -> Read<String> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(Wrong::expected("a text", &other)),
    }
}

/// What has an id.
pub(crate) fn id<T: core::str::FromStr<Err: core::fmt::Display>>(value: Value) -> Read<T> {
    text(value)?.parse().map_err(|error: T::Err| Wrong::new(&error.to_string()))
}

/// `true` or `false`.
pub(crate) fn yes(value: Value) -> Read<bool> {
    value.as_bool().ok_or_else(|| Wrong::expected("true or false", &value))
}

/// A whole number.
pub(crate) fn whole<T: TryFrom<u64>>(value: Value) -> Read<T> {
    let number = value.as_u64().and_then(|number| number.try_into().ok());
    number.ok_or_else(|| {
        let bits = 8 * size_of::<T>();
        Wrong::expected(&format!("a whole number of at most {bits} bits"), &value)
    })
}

/// A number.
pub(crate) fn number(value: Value) -> Read<f64> {
    value.as_f64().ok_or_else(|| Wrong::expected("a number", &value))
}
