//! Causes of the category `connectivity`.

pub(super) mod certificate_expired;
pub(super) mod certificate_name_mismatch;
pub(super) mod certificate_untrusted;
pub(super) mod dns_record_wrong;
pub(super) mod dns_resolver_failing;
pub(super) mod dns_stale;
pub(super) mod firewall_blocking;
pub(super) mod network_path_down;
pub(super) mod tls_settings_mismatch;
