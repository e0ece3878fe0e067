//! nginx 0.7 to 1.31, and what is built on it where it speaks nginx's words.
//!
//! Error log: src/core/ngx_log.c and every `ngx_log_error` of the upstream modules, documented at
//! <https://nginx.org/en/docs/ngx_core_module.html#error_log>. Access log: the formats of
//! <https://nginx.org/en/docs/http/ngx_http_log_module.html> and the upstream variables of
//! <https://nginx.org/en/docs/http/ngx_http_upstream_module.html#variables>.

pub(in crate::dialects) mod access_log;
mod error_log;
mod phrases;
mod settings;

use super::Dialect;
use crate::evidence::{Evidence, Millis, Origin, Protocol, Source};
use crate::vocabulary::{Gateway, Phase};

/// nginx's dialect.
pub(crate) static DIALECT: Dialect = Dialect {
    name: "nginx",
    gateway: Some(Gateway::Nginx),
    document: None,
    about: "error log of every upstream module; access log: combined, formats with upstream \
            fields, key=value, LTSV, JSON (nginx 0.7 to 1.31)",
    glance: access_log::glance,
    read,
    is_likely: |record| error_log::has_head(record) || access_log::is_likely(record),
    read_shared: |_, _, _| false,
    read_message,
    read_response: |_, _| None,
    is_message: error_log::is_whole_message,
    is_unfinished: |record| error_log::is_unfinished(record) || access_log::is_unfinished(record),
    settings: settings::SETTINGS,
    setting_name: settings::name_for,
};

/// A record of either log.
fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    error_log::read(record, Origin { source: Source::ErrorLog, ..origin }, evidence)
        || access_log::read(record, Origin { source: Source::AccessLog, ..origin }, evidence)
}

fn read_message(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    error_log::read_message(text, Origin { source: Source::ErrorLog, ..origin })
}

/// nginx's default time limit for a phase: `resolver_timeout`, the `*_timeout`s of the modules, and
/// `proxy_timeout` of a stream.
pub(super) const fn default_limit(phase: Phase, protocol: Option<Protocol>) -> Option<Millis> {
    let stream = matches!(protocol, Some(Protocol::Stream));
    match phase {
        Phase::Resolve => Some(Millis::from_secs(30)),
        Phase::Request | Phase::ResponseHeaders | Phase::ResponseBody if stream => {
            Some(Millis::from_secs(600))
        }
        Phase::Connect
        | Phase::Tls
        | Phase::Request
        | Phase::ResponseHeaders
        | Phase::ResponseBody => Some(Millis::from_secs(60)),
        Phase::Select | Phase::Gateway | Phase::Client => None,
    }
}
