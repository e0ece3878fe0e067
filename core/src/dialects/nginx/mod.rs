//! nginx 0.7 to 1.31, and what is built on it where it speaks nginx's words.
//!
//! Error log: src/core/ngx_log.c and every `ngx_log_error` of the upstream modules, documented at
//! <https://nginx.org/en/docs/ngx_core_module.html#error_log>. Access log: the formats of
//! <https://nginx.org/en/docs/http/ngx_http_log_module.html> and the upstream variables of
//! <https://nginx.org/en/docs/http/ngx_http_upstream_module.html#variables>.

pub(crate) mod access_log;
pub(crate) mod error_log;
mod phrases;
pub(crate) mod settings;
use crate::evidence::Millis;
use crate::vocabulary::Phase;
pub(crate) use settings::SETTINGS;

/// nginx's default time limit for a phase.
pub(crate) const fn default_limit(phase: Phase) -> Option<Millis> {
    match phase {
        Phase::Resolve => Some(Millis::from_secs(30)),
        Phase::Connect
        | Phase::Tls
        | Phase::Request
        | Phase::ResponseHeaders
        | Phase::ResponseBody => Some(Millis::from_secs(60)),
        Phase::Select | Phase::Gateway | Phase::Client => None,
    }
}
