//! Causes of the category `misconfiguration`.

pub(super) mod buffer_too_small;
pub(super) mod gateway_misconfigured;
pub(super) mod health_check_failing;
pub(super) mod keepalive_mismatch;
pub(super) mod limit_too_low;
pub(super) mod path_mismatch;
pub(super) mod permission_denied;
pub(super) mod proxy_loop;
pub(super) mod route_missing;
pub(super) mod scheme_mismatch;
pub(super) mod timeout_too_low;
pub(super) mod upgrade_not_forwarded;
pub(super) mod upstream_address_wrong;
