//! Causes of the category `maintenance`.

pub(super) mod deployment_rollover;
pub(super) mod planned_maintenance;
pub(super) mod provider_outage;
