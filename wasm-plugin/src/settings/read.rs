//! From JSON to settings: one table of all fields, and one walk through what is written. What is
//! wrong is told with its path.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Replace, Settings, SettingsError};
use crate::cidr::Cidr;
use crate::emit::Template;
use crate::json::{self, Value};

use Field::{Object, Read};

/// A field by its name.
type Named = (&'static str, Field);

enum Field {
    /// An object of fields.
    Object(&'static [Named]),
    /// A value, and how it is read.
    Read(fn(&Value, &mut Settings) -> Result<(), Unfit>),
}

/// A value that its field does not take.
struct Unfit {
    expected: &'static str,
    found: String,
    /// Its place, where it is one of a list.
    item: Option<usize>,
}

const NUMBER: &str = "a whole number";
const NOT_EMPTY: &str = "a text that is not empty";
const HEADER_NAME: &str = "a header's name";
const NETWORK: &str = "a network such as \"10.0.0.0/8\" or \"2001:db8::/32\"";

/// Every field. More series than 10000, or lines than 1000000 a second, are no limit; a summary comes
/// once a day at least.
const FIELDS: &[Named] = &[
    (
        "response_headers",
        Object(&[
            ("proxy_status", Read(|value, to| switch(value, &mut to.proxy_status))),
            (
                "proxy_status_name",
                Read(|value, to| {
                    let fits = |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
                    to.proxy_status_name = Some(text(value, NOT_EMPTY, fits)?.into());
                    Ok(())
                }),
            ),
            (
                "fault",
                Read(|value, to| {
                    to.fault_header = match value {
                        Value::Bool(false) => None,
                        _ => Some(header_name(value, "a header's name or false")?),
                    };
                    Ok(())
                }),
            ),
            ("disclose_upstream", Read(|value, to| switch(value, &mut to.disclose_upstream))),
        ]),
    ),
    ("filter_state", Object(&[("enabled", Read(|value, to| switch(value, &mut to.filter_state)))])),
    (
        "metrics",
        Object(&[
            ("enabled", Read(|value, to| switch(value, &mut to.metrics))),
            (
                "max_clusters",
                Read(|value, to| {
                    number(value, 10_000, "a number up to 10000", &mut to.most_clusters)
                }),
            ),
        ]),
    ),
    (
        "log",
        Object(&[
            ("enabled", Read(|value, to| switch(value, &mut to.log))),
            ("per_second", Read(|value, to| lines(value, &mut to.lines_per_second))),
            ("burst", Read(|value, to| lines(value, &mut to.line_burst))),
        ]),
    ),
    (
        "summary",
        Object(&[(
            "seconds",
            Read(|value, to| {
                let wants = "a number of seconds up to 86400";
                number(value, 86_400, wants, &mut to.summary_seconds)
            }),
        )]),
    ),
    (
        "error_body",
        Object(&[
            ("replace", Read(replace)),
            (
                "templates",
                Object(&[
                    ("problem", Read(|value, to| template(value, &mut to.templates.problem))),
                    ("html", Read(|value, to| template(value, &mut to.templates.html))),
                    ("text", Read(|value, to| template(value, &mut to.templates.text))),
                ]),
            ),
            (
                "trusted",
                Object(&[
                    (
                        "header",
                        Read(|value, to| {
                            let header = to.trusted.header.get_or_insert_default();
                            header.0 = header_name(value, HEADER_NAME)?;
                            Ok(())
                        }),
                    ),
                    (
                        "value",
                        Read(|value, to| {
                            let header = to.trusted.header.get_or_insert_default();
                            header.1 = text(value, NOT_EMPTY, |_| true)?.into();
                            Ok(())
                        }),
                    ),
                    ("cidrs", Read(networks)),
                ]),
            ),
        ]),
    ),
];

pub(super) fn read(text: &[u8]) -> Result<Settings, SettingsError> {
    let mut settings = Settings::default();
    if text.iter().all(u8::is_ascii_whitespace) {
        return Ok(settings);
    }
    let value = json::read(text).map_err(|broken| SettingsError::Syntax {
        line: broken.line,
        column: broken.column,
        expected: broken.expected,
    })?;
    if value == Value::Null {
        return Ok(settings);
    }
    object("", &value, FIELDS, &mut settings)?;
    let missing = match &settings.trusted.header {
        Some((_, value)) if value.is_empty() => Some(("value", "the header's value")),
        Some((name, _)) if name.is_empty() => Some(("header", "the name of the value's header")),
        _ => None,
    };
    match missing {
        None => Ok(settings),
        Some((name, expected)) => Err(SettingsError::Wrong {
            path: format!("error_body.trusted.{name}"),
            expected,
            found: "nothing".into(),
        }),
    }
}

/// Reads an object's fields in the order that they are written in. A name that is not known, or is
/// there twice, is an error.
fn object(
    path: &str,
    value: &Value,
    fields: &[Named],
    to: &mut Settings,
) -> Result<(), SettingsError> {
    let Value::Object(given) = value else {
        let path = if path.is_empty() { "the configuration" } else { path };
        return Err(SettingsError::Wrong {
            path: path.into(),
            expected: "an object",
            found: value.name(),
        });
    };
    for (at, (name, value)) in given.iter().enumerate() {
        let path = match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        let Some((_, field)) = fields.iter().find(|(known, _)| known == name) else {
            let known: Vec<&'static str> = fields.iter().map(|(known, _)| *known).collect();
            let nearest = why502::vocabulary::nearest(name, &known);
            return Err(SettingsError::Unknown { path, nearest });
        };
        if given.iter().take(at).any(|(other, _)| other == name) {
            return Err(SettingsError::Twice { path });
        }
        match field {
            Object(fields) => object(&path, value, fields, to)?,
            Read(read) => read(value, to).map_err(|unfit| SettingsError::Wrong {
                path: match unfit.item {
                    Some(item) => format!("{path}[{item}]"),
                    None => path,
                },
                expected: unfit.expected,
                found: unfit.found,
            })?,
        }
    }
    Ok(())
}

impl Unfit {
    fn new(expected: &'static str, found: &Value) -> Self {
        Self { expected, found: found.name(), item: None }
    }
}

fn switch(value: &Value, to: &mut bool) -> Result<(), Unfit> {
    let Value::Bool(on) = value else { return Err(Unfit::new("true or false", value)) };
    *to = *on;
    Ok(())
}

fn number(value: &Value, most: u64, wants: &'static str, to: &mut u64) -> Result<(), Unfit> {
    let Value::Whole(number) = value else { return Err(Unfit::new(NUMBER, value)) };
    if *number > most {
        return Err(Unfit::new(wants, value));
    }
    *to = *number;
    Ok(())
}

fn lines(value: &Value, to: &mut u64) -> Result<(), Unfit> {
    number(value, 1_000_000, "a number up to 1000000", to)
}

/// A text that is not empty, and fits.
fn text<'a>(
    value: &'a Value,
    wants: &'static str,
    fits: fn(&str) -> bool,
) -> Result<&'a str, Unfit> {
    match value {
        Value::Text(text) if !text.is_empty() && fits(text) => Ok(text),
        _ => Err(Unfit::new(wants, value)),
    }
}

/// A field's name as RFC 9110 has it, in lower case.
fn header_name(value: &Value, wants: &'static str) -> Result<String, Unfit> {
    let is_token = |text: &str| {
        text.len() <= 256
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    Ok(text(value, wants, is_token)?.to_ascii_lowercase())
}

fn replace(value: &Value, to: &mut Settings) -> Result<(), Unfit> {
    to.replace = match value {
        Value::Text(text) if text == "nothing" => Replace::Nothing,
        Value::Text(text) if text == "local" => Replace::Local,
        Value::Text(text) if text == "all" => Replace::All,
        _ => return Err(Unfit::new("\"nothing\", \"local\" or \"all\"", value)),
    };
    Ok(())
}

fn template(value: &Value, to: &mut Option<Template>) -> Result<(), Unfit> {
    let Value::Text(text) = value else { return Err(Unfit::new("a template", value)) };
    let template = Template::read(text).map_err(|place| Unfit {
        expected: "only the places {status}, {title}, {detail}, {advice}, {request_id}, \
                   {fault} and {cause}",
        found: place,
        item: None,
    })?;
    *to = Some(template);
    Ok(())
}

fn networks(value: &Value, to: &mut Settings) -> Result<(), Unfit> {
    let Value::List(items) = value else { return Err(Unfit::new("a list of networks", value)) };
    for (at, item) in items.iter().enumerate() {
        let network = match item {
            Value::Text(text) => Cidr::read(text),
            _ => None,
        };
        let unfit = || Unfit { item: Some(at), ..Unfit::new(NETWORK, item) };
        to.trusted.cidrs.push(network.ok_or_else(unfit)?);
    }
    Ok(())
}
