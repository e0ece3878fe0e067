//! Text in, facts out: one folder per gateway.

pub(crate) mod nginx;
pub mod setting;
pub(crate) mod standard;

pub use setting::Setting;

use crate::evidence::Millis;
use crate::vocabulary::{Gateway, Phase};

/// The gateway's default time limit for a phase; `None` where it has none.
pub(crate) fn default_limit(gateway: Gateway, phase: Phase) -> Option<Millis> {
    match gateway {
        Gateway::Nginx => nginx::default_limit(phase),
    }
}
