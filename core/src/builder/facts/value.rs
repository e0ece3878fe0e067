//! The values that facts have in JSON: each says what it expects.

use crate::evidence::{Protocol, Sign, Timestamp};
use crate::scan::time;
use crate::vocabulary::{Gateway, Phase};
use alloc::borrow::Cow;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

/// An object, and no array of its values in order, which serde takes too.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visit<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Visit<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }
        from.deserialize_map(Visit(PhantomData))
    }
}

/// A header field's value, or several.
#[derive(Clone, Debug)]
pub(super) struct Values(Vec<String>);

impl Values {
    pub(super) fn iter(&self) -> impl Iterator<Item = &String> {
        self.0.iter()
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or an array of texts")
            }

            fn visit_str<E>(self, value: &str) -> Result<Values, E> {
                Ok(Values(alloc::vec![value.to_string()]))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut all: A,
            ) -> Result<Values, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = all.next_element()? {
                    values.push(value);
                }
                Ok(Values(values))
            }
        }
        from.deserialize_any(Visit)
    }
}

/// What was thrown: its words, or the error as JSON, which the standard dialect reads.
#[derive(Clone, Debug)]
pub(super) enum Thrown {
    Words(String),
    Error(String),
}

impl<'de> Deserialize<'de> for Thrown {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(from)? {
            serde_json::Value::String(words) => Ok(Self::Words(words)),
            object @ serde_json::Value::Object(_) => Ok(Self::Error(object.to_string())),
            _ => Err(D::Error::custom("expected a text, or an error as an object")),
        }
    }
}

/// A status of three digits, or 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Status(pub(super) u16);

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let status = u16::deserialize(from)?;
        match status {
            0..=999 => Ok(Self(status)),
            _ => Err(D::Error::custom("expected a status, 0 to 999")),
        }
    }
}

/// A duration in milliseconds with a fraction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Millis(f64);

impl From<Millis> for crate::evidence::Millis {
    fn from(millis: Millis) -> Self {
        Duration::try_from_secs_f64(millis.0 / 1000.0).unwrap_or(Duration::MAX).into()
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visit;
        impl Visitor<'_> for Visit {
            type Value = Millis;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("milliseconds")
            }

            fn visit_u64<E>(self, value: u64) -> Result<Millis, E> {
                Ok(Millis(value as f64))
            }

            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Millis, E> {
                match value >= 0.0 {
                    true => Ok(Millis(value)),
                    false => Err(E::invalid_value(serde::de::Unexpected::Float(value), &self)),
                }
            }
        }
        from.deserialize_any(Visit)
    }
}

/// An id, by its own name.
pub(super) fn id<'de, T: Known, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    let Some(name) = Option::<Cow<'de, str>>::deserialize(from)? else { return Ok(None) };
    T::known(&name)
        .map(Some)
        .ok_or_else(|| D::Error::custom(format_args!("expected {}, found \"{name}\"", T::EXPECTED)))
}

/// What has a name in JSON.
pub(super) trait Known: Sized {
    const EXPECTED: &'static str;
    fn known(name: &str) -> Option<Self>;
}

impl Known for Gateway {
    const EXPECTED: &'static str = "a gateway's name, such as nginx";
    fn known(name: &str) -> Option<Self> {
        Self::from_id(name)
    }
}

impl Known for Phase {
    const EXPECTED: &'static str = "a phase, such as connect";
    fn known(name: &str) -> Option<Self> {
        Self::from_id(name)
    }
}

impl Known for Sign {
    const EXPECTED: &'static str = "a sign, such as timed-out";
    fn known(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|sign| sign.id() == name)
    }
}

impl Known for Protocol {
    const EXPECTED: &'static str = "a protocol, such as https";
    fn known(name: &str) -> Option<Self> {
        match name {
            "stream" => Some(Self::Stream),
            name => Self::from_scheme(name.as_bytes()),
        }
    }
}

pub(super) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let Some(text) = Option::<Cow<'de, str>>::deserialize(from)? else { return Ok(None) };
    match time::iso(text.as_bytes()) {
        Some((at, [])) => Ok(Some(at)),
        _ => Err(D::Error::custom(format_args!(
            "expected a time such as 2026-11-22T12:03:04.123Z, found \"{text}\""
        ))),
    }
}
