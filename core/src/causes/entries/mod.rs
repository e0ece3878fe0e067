//! The entries, one file per cause, in one folder per category. A cause without an entry does not
//! compile.

mod client;
mod connectivity;
mod gateway;
mod maintenance;
mod misconfiguration;
mod overload;
mod protocol;
mod shared;
mod unknown;

use super::{Advice, Why};
use crate::vocabulary::Cause;

impl Cause {
    /// What ranks it.
    #[must_use]
    pub const fn why(self) -> &'static Why {
        match self {
            Self::FirewallBlocking => &connectivity::firewall_blocking::WHY,
            Self::NetworkPathDown => &connectivity::network_path_down::WHY,
            Self::DnsRecordWrong => &connectivity::dns_record_wrong::WHY,
            Self::DnsResolverFailing => &connectivity::dns_resolver_failing::WHY,
            Self::DnsStale => &connectivity::dns_stale::WHY,
            Self::CertificateExpired => &connectivity::certificate_expired::WHY,
            Self::CertificateUntrusted => &connectivity::certificate_untrusted::WHY,
            Self::CertificateNameMismatch => &connectivity::certificate_name_mismatch::WHY,
            Self::TlsSettingsMismatch => &connectivity::tls_settings_mismatch::WHY,
            Self::UpstreamOverloaded => &overload::upstream_overloaded::WHY,
            Self::UpstreamSlow => &overload::upstream_slow::WHY,
            Self::UpstreamCrashed => &overload::upstream_crashed::WHY,
            Self::UpstreamOutOfMemory => &overload::upstream_out_of_memory::WHY,
            Self::UpstreamNotRunning => &overload::upstream_not_running::WHY,
            Self::ApplicationError => &overload::application_error::WHY,
            Self::TimeoutTooLow => &misconfiguration::timeout_too_low::WHY,
            Self::KeepaliveMismatch => &misconfiguration::keepalive_mismatch::WHY,
            Self::UpstreamAddressWrong => &misconfiguration::upstream_address_wrong::WHY,
            Self::RouteMissing => &misconfiguration::route_missing::WHY,
            Self::PathMismatch => &misconfiguration::path_mismatch::WHY,
            Self::SchemeMismatch => &misconfiguration::scheme_mismatch::WHY,
            Self::BufferTooSmall => &misconfiguration::buffer_too_small::WHY,
            Self::LimitTooLow => &misconfiguration::limit_too_low::WHY,
            Self::PermissionDenied => &misconfiguration::permission_denied::WHY,
            Self::HealthCheckFailing => &misconfiguration::health_check_failing::WHY,
            Self::ProxyLoop => &misconfiguration::proxy_loop::WHY,
            Self::UpgradeNotForwarded => &misconfiguration::upgrade_not_forwarded::WHY,
            Self::GatewayMisconfigured => &misconfiguration::gateway_misconfigured::WHY,
            Self::PlannedMaintenance => &maintenance::planned_maintenance::WHY,
            Self::DeploymentRollover => &maintenance::deployment_rollover::WHY,
            Self::ProviderOutage => &maintenance::provider_outage::WHY,
            Self::UpstreamSendsInvalidHttp => &protocol::upstream_sends_invalid_http::WHY,
            Self::GatewayOverloaded => &gateway::gateway_overloaded::WHY,
            Self::GatewayBug => &gateway::gateway_bug::WHY,
            Self::PolicyDenied => &gateway::policy_denied::WHY,
            Self::ClientAborted => &client::client_aborted::WHY,
            Self::ClientBadRequest => &client::client_bad_request::WHY,
            Self::Unknown => &unknown::unknown::WHY,
        }
    }

    /// Its prose.
    #[must_use]
    pub const fn advice(self) -> &'static Advice {
        match self {
            Self::FirewallBlocking => &connectivity::firewall_blocking::ADVICE,
            Self::NetworkPathDown => &connectivity::network_path_down::ADVICE,
            Self::DnsRecordWrong => &connectivity::dns_record_wrong::ADVICE,
            Self::DnsResolverFailing => &connectivity::dns_resolver_failing::ADVICE,
            Self::DnsStale => &connectivity::dns_stale::ADVICE,
            Self::CertificateExpired => &connectivity::certificate_expired::ADVICE,
            Self::CertificateUntrusted => &connectivity::certificate_untrusted::ADVICE,
            Self::CertificateNameMismatch => &connectivity::certificate_name_mismatch::ADVICE,
            Self::TlsSettingsMismatch => &connectivity::tls_settings_mismatch::ADVICE,
            Self::UpstreamOverloaded => &overload::upstream_overloaded::ADVICE,
            Self::UpstreamSlow => &overload::upstream_slow::ADVICE,
            Self::UpstreamCrashed => &overload::upstream_crashed::ADVICE,
            Self::UpstreamOutOfMemory => &overload::upstream_out_of_memory::ADVICE,
            Self::UpstreamNotRunning => &overload::upstream_not_running::ADVICE,
            Self::ApplicationError => &overload::application_error::ADVICE,
            Self::TimeoutTooLow => &misconfiguration::timeout_too_low::ADVICE,
            Self::KeepaliveMismatch => &misconfiguration::keepalive_mismatch::ADVICE,
            Self::UpstreamAddressWrong => &misconfiguration::upstream_address_wrong::ADVICE,
            Self::RouteMissing => &misconfiguration::route_missing::ADVICE,
            Self::PathMismatch => &misconfiguration::path_mismatch::ADVICE,
            Self::SchemeMismatch => &misconfiguration::scheme_mismatch::ADVICE,
            Self::BufferTooSmall => &misconfiguration::buffer_too_small::ADVICE,
            Self::LimitTooLow => &misconfiguration::limit_too_low::ADVICE,
            Self::PermissionDenied => &misconfiguration::permission_denied::ADVICE,
            Self::HealthCheckFailing => &misconfiguration::health_check_failing::ADVICE,
            Self::ProxyLoop => &misconfiguration::proxy_loop::ADVICE,
            Self::UpgradeNotForwarded => &misconfiguration::upgrade_not_forwarded::ADVICE,
            Self::GatewayMisconfigured => &misconfiguration::gateway_misconfigured::ADVICE,
            Self::PlannedMaintenance => &maintenance::planned_maintenance::ADVICE,
            Self::DeploymentRollover => &maintenance::deployment_rollover::ADVICE,
            Self::ProviderOutage => &maintenance::provider_outage::ADVICE,
            Self::UpstreamSendsInvalidHttp => &protocol::upstream_sends_invalid_http::ADVICE,
            Self::GatewayOverloaded => &gateway::gateway_overloaded::ADVICE,
            Self::GatewayBug => &gateway::gateway_bug::ADVICE,
            Self::PolicyDenied => &gateway::policy_denied::ADVICE,
            Self::ClientAborted => &client::client_aborted::ADVICE,
            Self::ClientBadRequest => &client::client_bad_request::ADVICE,
            Self::Unknown => &unknown::unknown::ADVICE,
        }
    }
}
