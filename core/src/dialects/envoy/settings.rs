//! Envoy's settings.
use crate::dialects::setting::Setting;
pub(super) const SETTINGS: &[Setting] = &[];
