//! Apache HTTP Server 2.2 and 2.4 as a gateway: mod_proxy with its modules, and mod_ssl towards
//! upstreams.
//!
//! Error log: <https://httpd.apache.org/docs/2.4/mod/core.html#errorlogformat>, in the default and in
//! other formats; what is said is known by its number, `AH00957`, from modules/proxy, modules/ssl and
//! server of 2.4, and by its words where 2.2 had no numbers. Access log:
//! <https://httpd.apache.org/docs/2.4/mod/mod_log_config.html>.

mod access_log;
mod codes;
mod error_log;
mod page;
mod phrases;
mod record;
mod says;
mod settings;
mod status;

use super::Dialect;
use crate::evidence::{Evidence, Millis, Origin, Protocol, Source};
use crate::vocabulary::{Gateway, Phase};

/// Apache's dialect.
pub(crate) static DIALECT: Dialect = Dialect {
    name: "apache",
    gateway: Some(Gateway::Apache),
    document: None,
    about: "error log of 2.2 and 2.4 in any ErrorLogFormat; access log: common, combined, \
            vhost_combined, with times and notes; the page of mod_proxy's 502",
    glance: access_log::glance,
    read,
    is_likely: |_| true,
    read_shared,
    read_message,
    read_response,
    is_message: error_log::is_whole_message,
    is_unfinished: error_log::is_unfinished,
    settings: settings::SETTINGS,
    setting_name: |name, _| Some(name.into()),
};

/// A record of either log that only Apache writes.
fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    error_log::read(record, Origin { source: Source::ErrorLog, ..origin }, evidence)
        || access_log::read(record, Origin { source: Source::AccessLog, ..origin }, evidence)
}

/// A record of an access log that other servers write alike.
fn read_shared<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    access_log::read_shared(record, Origin { source: Source::AccessLog, ..origin }, evidence)
}

fn read_message(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let errors = Origin { source: Source::ErrorLog, ..origin };
    error_log::read_message(text, errors).or_else(|| page::read(text, origin))
}

fn read_response(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    page::read(text, origin).filter(|_| origin.source == Source::Body)
}

/// `Timeout` is 60 s, and a worker's `timeout` and `connectiontimeout` are that where nothing else
/// is set. mod_proxy_http knows no other limit for a phase; the resolver is the system's.
pub(super) const fn default_limit(phase: Phase, _: Option<Protocol>) -> Option<Millis> {
    match phase {
        Phase::Connect
        | Phase::Tls
        | Phase::Request
        | Phase::ResponseHeaders
        | Phase::ResponseBody => Some(Millis::from_secs(60)),
        Phase::Resolve | Phase::Select | Phase::Gateway | Phase::Client => None,
    }
}
