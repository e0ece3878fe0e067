//! From JSON to settings, with the path of what is wrong.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Replace, Settings, SettingsError, Templates, Trusted};
use crate::cidr::Cidr;
use crate::emit::Template;
use crate::json::{self, Value};

/// More series than this are no use to anybody.
const MOST_CLUSTERS: u64 = 10_000;
/// More lines a second than this are no limit.
const MOST_LINES: u64 = 1_000_000;
/// A day.
const LONGEST_SUMMARY: u64 = 86_400;

pub(super) fn read(text: &[u8]) -> Result<Settings, SettingsError> {
    if text.iter().all(u8::is_ascii_whitespace) {
        return Ok(Settings::default());
    }
    let value = json::read(text).map_err(|broken| SettingsError::Syntax {
        line: broken.line,
        column: broken.column,
        expected: broken.expected,
    })?;
    if value == Value::Null {
        return Ok(Settings::default());
    }
    let mut settings = Settings::default();
    let all = ["response_headers", "filter_state", "metrics", "log", "summary", "error_body"];
    let mut top = Fields::of("", value, &all)?;
    if let Some(mut fields) = top.inner(
        "response_headers",
        &["proxy_status", "proxy_status_name", "fault", "disclose_upstream"],
    )? {
        fields.switch("proxy_status", &mut settings.proxy_status)?;
        settings.proxy_status_name =
            fields.text("proxy_status_name", "a text that is not empty", |text| {
                let fits = !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
                fits.then(|| text.into())
            })?;
        fields.fault_header(&mut settings.fault_header)?;
        fields.switch("disclose_upstream", &mut settings.disclose_upstream)?;
    }
    if let Some(mut fields) = top.inner("filter_state", &["enabled"])? {
        fields.switch("enabled", &mut settings.filter_state)?;
    }
    if let Some(mut fields) = top.inner("metrics", &["enabled", "max_clusters"])? {
        fields.switch("enabled", &mut settings.metrics)?;
        let wants = "a number up to 10000";
        fields.number("max_clusters", MOST_CLUSTERS, wants, &mut settings.most_clusters)?;
    }
    if let Some(mut fields) = top.inner("log", &["enabled", "per_second", "burst"])? {
        fields.switch("enabled", &mut settings.log)?;
        let wants = "a number up to 1000000";
        fields.number("per_second", MOST_LINES, wants, &mut settings.lines_per_second)?;
        fields.number("burst", MOST_LINES, wants, &mut settings.line_burst)?;
    }
    if let Some(mut fields) = top.inner("summary", &["seconds"])? {
        let wants = "a number of seconds up to 86400";
        fields.number("seconds", LONGEST_SUMMARY, wants, &mut settings.summary_seconds)?;
    }
    if let Some(fields) = top.inner("error_body", &["replace", "templates", "trusted"])? {
        error_body(fields, &mut settings)?;
    }
    Ok(settings)
}

fn error_body(mut fields: Fields, settings: &mut Settings) -> Result<(), SettingsError> {
    let wants = "\"nothing\", \"local\" or \"all\"";
    let replace = fields.text("replace", wants, |text| match text {
        "nothing" => Some(Replace::Nothing),
        "local" => Some(Replace::Local),
        "all" => Some(Replace::All),
        _ => None,
    })?;
    settings.replace = replace.unwrap_or(settings.replace);
    if let Some(mut fields) = fields.inner("templates", &["problem", "html", "text"])? {
        settings.templates = Templates {
            problem: fields.template("problem")?,
            html: fields.template("html")?,
            text: fields.template("text")?,
        };
    }
    if let Some(fields) = fields.inner("trusted", &["header", "value", "cidrs"])? {
        settings.trusted = trusted(fields)?;
    }
    Ok(())
}

fn trusted(mut fields: Fields) -> Result<Trusted, SettingsError> {
    let header = fields.text("header", "a header's name", header_name)?;
    let value = fields.text("value", "a text that is not empty", |text| {
        (!text.is_empty()).then(|| text.to_string())
    })?;
    let header = match (header, value) {
        (Some(header), Some(value)) => Some((header, value)),
        (None, None) => None,
        (Some(_), None) => return Err(fields.missing("value", "the header's value")),
        (None, Some(_)) => return Err(fields.missing("header", "the name of the value's header")),
    };
    let mut cidrs = Vec::new();
    match fields.take("cidrs") {
        None => {}
        Some(Value::List(items)) => {
            for (at, item) in items.into_iter().enumerate() {
                let network = match &item {
                    Value::Text(text) => Cidr::read(text),
                    _ => None,
                };
                let wants = "a network such as \"10.0.0.0/8\" or \"2001:db8::/32\"";
                let name = format!("cidrs[{at}]");
                cidrs.push(network.ok_or_else(|| fields.wrong(&name, wants, &item))?);
            }
        }
        Some(other) => return Err(fields.wrong("cidrs", "a list of networks", &other)),
    }
    Ok(Trusted { header, cidrs })
}

/// A field's name as RFC 9110 has it, in lower case.
fn header_name(text: &str) -> Option<String> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let fits = !text.is_empty() && text.len() <= 256 && text.bytes().all(is_token);
    fits.then(|| text.to_ascii_lowercase())
}

/// The fields of one object that were not read yet.
struct Fields {
    path: String,
    left: Vec<(String, Value)>,
}

impl Fields {
    /// The fields of this value. What is no object, has a name that is not known, or has one twice
    /// is an error.
    fn of(path: &str, value: Value, known: &[&'static str]) -> Result<Self, SettingsError> {
        let Value::Object(left) = value else {
            return Err(SettingsError::Wrong {
                path: if path.is_empty() { "the configuration".into() } else { path.into() },
                expected: "an object",
                found: value.name(),
            });
        };
        let fields = Self { path: path.into(), left };
        for (at, (name, _)) in fields.left.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let nearest = why502::vocabulary::nearest(name, known);
                return Err(SettingsError::Unknown { path: fields.path_of(name), nearest });
            }
            if fields.left.iter().take(at).any(|(other, _)| other == name) {
                return Err(SettingsError::Twice { path: fields.path_of(name) });
            }
        }
        Ok(fields)
    }

    fn path_of(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.into(),
            path => format!("{path}.{name}"),
        }
    }

    fn wrong(&self, name: &str, expected: &'static str, found: &Value) -> SettingsError {
        SettingsError::Wrong { path: self.path_of(name), expected, found: found.name() }
    }

    fn missing(&self, name: &str, expected: &'static str) -> SettingsError {
        SettingsError::Wrong { path: self.path_of(name), expected, found: "nothing".into() }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.left.iter().position(|(each, _)| each == name)?;
        Some(self.left.swap_remove(at).1)
    }

    fn inner(&mut self, name: &str, known: &[&'static str]) -> Result<Option<Self>, SettingsError> {
        let path = self.path_of(name);
        self.take(name).map(|value| Self::of(&path, value, known)).transpose()
    }

    fn switch(&mut self, name: &str, to: &mut bool) -> Result<(), SettingsError> {
        match self.take(name) {
            None => Ok(()),
            Some(Value::Bool(value)) => {
                *to = value;
                Ok(())
            }
            Some(other) => Err(self.wrong(name, "true or false", &other)),
        }
    }

    fn number(
        &mut self,
        name: &str,
        most: u64,
        wants: &'static str,
        to: &mut u64,
    ) -> Result<(), SettingsError> {
        match self.take(name) {
            None => Ok(()),
            Some(Value::Whole(value)) if value <= most => {
                *to = value;
                Ok(())
            }
            Some(large @ Value::Whole(_)) => Err(self.wrong(name, wants, &large)),
            Some(other) => Err(self.wrong(name, "a whole number", &other)),
        }
    }

    fn text<T>(
        &mut self,
        name: &str,
        wants: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, SettingsError> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let fits = match &value {
            Value::Text(text) => read(text),
            _ => None,
        };
        fits.map(Some).ok_or_else(|| self.wrong(name, wants, &value))
    }

    fn template(&mut self, name: &str) -> Result<Option<Template>, SettingsError> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let Value::Text(text) = &value else {
            return Err(self.wrong(name, "a template", &value));
        };
        Template::read(text).map(Some).map_err(|place| SettingsError::Wrong {
            path: self.path_of(name),
            expected: "only the places {status}, {title}, {detail}, {advice}, {request_id}, \
                       {fault} and {cause}",
            found: place,
        })
    }

    fn fault_header(&mut self, to: &mut Option<String>) -> Result<(), SettingsError> {
        let Some(value) = self.take("fault") else { return Ok(()) };
        *to = match &value {
            Value::Bool(false) => None,
            Value::Text(text) => match header_name(text) {
                Some(name) => Some(name),
                None => return Err(self.wrong("fault", "a header's name or false", &value)),
            },
            _ => return Err(self.wrong("fault", "a header's name or false", &value)),
        };
        Ok(())
    }
}
