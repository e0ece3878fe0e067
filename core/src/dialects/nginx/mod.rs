//! nginx.

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
