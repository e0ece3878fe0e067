//! The plugin's configuration: JSON, of which every field may be left out.

mod read;

use alloc::string::String;
use alloc::vec::Vec;

use crate::cidr::Cidr;
use crate::emit::Template;

/// What is wrong with a configuration. The message names the field and what it wants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// It is no JSON.
    #[error("line {line}, column {column}: JSON wants {expected} here")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// There is no such field.
    #[error("{path}: there is no such field; the nearest is \"{nearest}\"")]
    Unknown {
        /// The field, from the outermost: `error_body.replce`.
        path: String,
        /// The field of that object whose name is most like it.
        nearest: &'static str,
    },
    /// A field stands there twice.
    #[error("{path}: the field is there twice")]
    Twice {
        /// The field.
        path: String,
    },
    /// A field has another value than it may.
    #[error("{path}: wants {expected}, found {found}")]
    Wrong {
        /// The field.
        path: String,
        /// What it wants.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
}

/// What the filter does about a failure. The default is what `{}` means.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// `response_headers.proxy_status` (true): add a Proxy-Status member (RFC 9209).
    pub proxy_status: bool,
    /// `response_headers.proxy_status_name`: how this proxy calls itself there; the gateway's id
    /// where it is left out.
    pub proxy_status_name: Option<String>,
    /// `response_headers.fault` ("x-why502"): the header that gets the fault and its likeliest
    /// cause; `false` for none.
    pub fault_header: Option<String>,
    /// `response_headers.disclose_upstream` (false): whether clients may see the upstream's address.
    pub disclose_upstream: bool,
    /// `filter_state.enabled` (true): keep the diagnosis as filter state for access logs.
    pub filter_state: bool,
    /// `metrics.enabled` (true).
    pub metrics: bool,
    /// `metrics.max_clusters` (100): how many clusters get series of their own; the others share
    /// those of the cluster `other`.
    pub most_clusters: u64,
    /// `log.enabled` (true): a JSON line for each failure.
    pub log: bool,
    /// `log.per_second` (10): how many lines a second each worker writes, over time.
    pub lines_per_second: u64,
    /// `log.burst` (50): how many it writes at once after a quiet time.
    pub line_burst: u64,
    /// `summary.seconds` (60): how often a worker sums up what failed; 0 for never.
    pub summary_seconds: u64,
    /// `error_body.replace` ("nothing"): whose error bodies are replaced.
    pub replace: Replace,
    /// `error_body.templates`: what takes the place of the built-in bodies.
    pub templates: Templates,
    /// `error_body.trusted`: who gets the diagnosis in the body.
    pub trusted: Trusted,
}

/// Whose error bodies are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Replace {
    /// `"nothing"`
    Nothing,
    /// `"local"`: those that the proxy itself made.
    Local,
    /// `"all"`: those of upstreams, too.
    All,
}

/// Bodies in place of the built-in ones.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Templates {
    /// `problem`: for `application/problem+json`.
    pub problem: Option<Template>,
    /// `html`: for `text/html`.
    pub html: Option<Template>,
    /// `text`: for `text/plain`.
    pub text: Option<Template>,
}

/// Who gets the diagnosis in the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trusted {
    /// `header` and `value`: requests with this header of this value.
    pub header: Option<(String, String)>,
    /// `cidrs`: clients from these networks.
    pub cidrs: Vec<Cidr>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            proxy_status: true,
            proxy_status_name: None,
            fault_header: Some("x-why502".into()),
            disclose_upstream: false,
            filter_state: true,
            metrics: true,
            most_clusters: 100,
            log: true,
            lines_per_second: 10,
            line_burst: 50,
            summary_seconds: 60,
            replace: Replace::Nothing,
            templates: Templates::default(),
            trusted: Trusted::default(),
        }
    }
}

impl Settings {
    /// Reads a configuration. No text at all is the default.
    ///
    /// ```
    /// use why502_filter::Settings;
    ///
    /// assert_eq!(Settings::read(b"{}"), Ok(Settings::default()));
    /// let error = Settings::read(br#"{"log": {"per_second": "ten"}}"#).unwrap_err();
    /// assert_eq!(error.to_string(), r#"log.per_second: wants a whole number, found "ten""#);
    /// ```
    ///
    /// # Errors
    /// Where it is no JSON, has a field that is not known, or a value that does not fit.
    pub fn read(text: &[u8]) -> Result<Self, SettingsError> {
        read::read(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_the_default() {
        for text in ["", " \n", "{}", "{\"log\": {}}", "null"] {
            assert_eq!(Settings::read(text.as_bytes()), Ok(Settings::default()), "{text:?}");
        }
    }

    #[test]
    fn every_field_is_read() {
        let settings = Settings::read(
            br#"{
              "response_headers": {"proxy_status": true, "proxy_status_name": "edge.example",
                                   "fault": "x-fault", "disclose_upstream": true},
              "filter_state": {"enabled": false},
              "metrics": {"enabled": false, "max_clusters": 7},
              "log": {"enabled": false, "per_second": 2.0, "burst": 3},
              "summary": {"seconds": 5},
              "error_body": {
                "replace": "all",
                "templates": {"problem": "{}", "html": "<p>{title}</p>", "text": "{status}"},
                "trusted": {"header": "X-Debug", "value": "s3cret", "cidrs": ["10.0.0.0/8", "::1"]}
              }
            }"#,
        )
        .unwrap();
        assert_eq!(settings.proxy_status_name.as_deref(), Some("edge.example"));
        assert_eq!(settings.fault_header.as_deref(), Some("x-fault"));
        assert!(settings.disclose_upstream && !settings.filter_state && !settings.metrics);
        assert_eq!((settings.most_clusters, settings.lines_per_second), (7, 2));
        assert_eq!((settings.line_burst, settings.summary_seconds), (3, 5));
        assert_eq!(settings.replace, Replace::All);
        assert_eq!(settings.trusted.header, Some(("x-debug".into(), "s3cret".into())));
        assert_eq!(settings.trusted.cidrs.len(), 2);
        assert!(settings.templates.problem.is_some() && settings.templates.html.is_some());
    }

    #[test]
    fn a_wrong_field_is_named() {
        for (text, says) in [
            ("[]", "the configuration: wants an object, found a list"),
            (r#"{"logs": {}}"#, r#"logs: there is no such field; the nearest is "log""#),
            (r#"{"log": {}, "log": {}}"#, "log: the field is there twice"),
            (r#"{"log": 1}"#, "log: wants an object, found 1"),
            (r#"{"log": {"per_second": -1}}"#, "log.per_second: wants a whole number, found -1"),
            (
                r#"{"metrics": {"max_clusters": 100000}}"#,
                "metrics.max_clusters: wants a number up to 10000, found 100000",
            ),
            (
                r#"{"error_body": {"replace": "everything"}}"#,
                r#"error_body.replace: wants "nothing", "local" or "all", found "everything""#,
            ),
            (
                r#"{"error_body": {"templates": {"html": "<b>{statsu}</b>"}}}"#,
                "error_body.templates.html: wants only the places {status}, {title}, {detail}, \
                 {advice}, {request_id}, {fault} and {cause}, found {statsu}",
            ),
            (
                r#"{"error_body": {"trusted": {"cidrs": ["10.0.0.0/8", "10.0.0.0/33"]}}}"#,
                "error_body.trusted.cidrs[1]: wants a network such as \"10.0.0.0/8\" or \
                 \"2001:db8::/32\", found \"10.0.0.0/33\"",
            ),
            (
                r#"{"error_body": {"trusted": {"header": "x-debug"}}}"#,
                "error_body.trusted.value: wants the header's value, found nothing",
            ),
            (
                r#"{"response_headers": {"fault": "x why"}}"#,
                "response_headers.fault: wants a header's name or false, found \"x why\"",
            ),
            ("{\"log\": ", "line 1, column 9: JSON wants a value here"),
        ] {
            let error = Settings::read(text.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), says, "{text}");
        }
    }
}
