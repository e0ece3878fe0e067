//! HAProxy's settings. From the configuration manuals of releases 2.6 to 3.2.

use crate::dialects::setting::Setting;
use crate::evidence::Protocol;
use alloc::string::String;

/// The settings that have to do with upstream faults.
pub(crate) const SETTINGS: &[Setting] = &[];

/// Every name is the same whatever is spoken.
pub(super) fn name_for(name: &'static str, _: Option<Protocol>) -> Option<String> {
    Some(String::from(name))
}
