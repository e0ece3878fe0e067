//! The values that facts have in JSON: each says what it expects.

use crate::evidence::{Millis, Protocol, Sign, Timestamp};
use crate::scan::time;
use crate::scan::tree::{self, Wrong, list, text};
use crate::vocabulary::{Gateway, Phase};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;
use serde_json::Value;

/// Header fields, each with the values that it has.
pub(super) fn headers(value: Value) -> Result<Vec<(String, Vec<String>)>, Wrong> {
    tree::named(value, |value| match value {
        Value::String(text) => Ok(alloc::vec![text]),
        Value::Array(_) => list(value, text),
        other => Err(Wrong::expected("a text or an array of texts", &other)),
    })
}

/// What was thrown: its words, or the error as JSON, which the standard dialect reads.
#[derive(Clone, Debug)]
pub(super) enum Thrown {
    Words(String),
    Error(String),
}

impl Thrown {
    pub(super) fn of(value: Value) -> Result<Self, Wrong> {
        match value {
            Value::String(words) => Ok(Self::Words(words)),
            Value::Object(_) => Ok(Self::Error(format!("{value}"))),
            other => Err(Wrong::expected("a text, or an error as an object", &other)),
        }
    }
}

/// A status of three digits, or 0.
pub(super) fn status(value: Value) -> Result<u16, Wrong> {
    match value.as_u64().and_then(|status| u16::try_from(status).ok()) {
        Some(status @ 0..=999) => Ok(status),
        _ => Err(Wrong::expected("a status, 0 to 999", &value)),
    }
}

/// A duration in milliseconds with a fraction.
pub(super) fn millis(value: Value) -> Result<Millis, Wrong> {
    match value.as_f64() {
        Some(millis) if millis >= 0.0 => {
            Ok(Duration::try_from_secs_f64(millis / 1000.0).unwrap_or(Duration::MAX).into())
        }
        _ => Err(Wrong::expected("milliseconds", &value)),
    }
}

/// A moment, as RFC 3339 writes it.
pub(super) fn moment(value: Value) -> Result<Timestamp, Wrong> {
    match value.as_str().and_then(|text| time::iso(text.as_bytes())) {
        Some((at, [])) => Ok(at),
        _ => Err(Wrong::expected("a time such as 2026-11-22T12:03:04.123Z", &value)),
    }
}

/// An id, by its own name.
pub(super) fn id<T: Known>(value: Value) -> Result<T, Wrong> {
    let known = value.as_str().and_then(T::known);
    known.ok_or_else(|| Wrong::expected(T::EXPECTED, &value))
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
