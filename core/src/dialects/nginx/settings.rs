//! nginx's settings.

use crate::dialects::setting::Setting;

/// The settings that have to do with upstream faults.
pub(crate) const SETTINGS: &[Setting] = &[];
