//! The ids are promises: every one stands here, in full. One may be added; none is renamed, moved
//! to another meaning or taken away.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use why502::{Category, Cause, Fault, Gateway, Phase};

/// Faults, in the order of the taxonomy.
const FAULTS: &[&str] = &[
    "no-upstream",
    "no-healthy-upstream",
    "connection-limit",
    "dns-not-found",
    "dns-timeout",
    "dns-failed",
    "connect-refused",
    "connect-timeout",
    "connect-unreachable",
    "connect-invalid",
    "connect-denied",
    "connect-failed",
    "tls-certificate-expired",
    "tls-certificate-untrusted",
    "tls-certificate-name-mismatch",
    "tls-certificate-invalid",
    "tls-handshake-failed",
    "tls-client-certificate-rejected",
    "tls-not-spoken",
    "request-write-failed",
    "response-timeout",
    "response-terminated",
    "response-reset",
    "response-closed",
    "response-malformed",
    "response-header-too-large",
    "response-protocol-mismatch",
    "response-upgrade-failed",
    "upstream-bad-gateway",
    "upstream-unavailable",
    "upstream-gateway-timeout",
    "upstream-error",
    "body-failed",
    "body-truncated",
    "body-timeout",
    "body-malformed",
    "gateway-exhausted",
    "gateway-internal",
    "gateway-denied",
    "gateway-loop",
    "client-closed",
    "client-invalid",
    "none",
    "unknown",
];

/// Causes, in the order of the taxonomy.
const CAUSES: &[&str] = &[
    "firewall-blocking",
    "network-path-down",
    "dns-record-wrong",
    "dns-resolver-failing",
    "dns-stale",
    "certificate-expired",
    "certificate-untrusted",
    "certificate-name-mismatch",
    "tls-settings-mismatch",
    "upstream-overloaded",
    "upstream-slow",
    "upstream-crashed",
    "upstream-out-of-memory",
    "upstream-not-running",
    "application-error",
    "timeout-too-low",
    "keepalive-mismatch",
    "upstream-address-wrong",
    "route-missing",
    "path-mismatch",
    "scheme-mismatch",
    "buffer-too-small",
    "limit-too-low",
    "permission-denied",
    "health-check-failing",
    "proxy-loop",
    "upgrade-not-forwarded",
    "gateway-misconfigured",
    "planned-maintenance",
    "deployment-rollover",
    "provider-outage",
    "upstream-sends-invalid-http",
    "gateway-overloaded",
    "gateway-bug",
    "policy-denied",
    "client-aborted",
    "client-bad-request",
    "unknown",
];

/// Phases, in the order of an exchange.
const PHASES: &[&str] = &[
    "select",
    "resolve",
    "connect",
    "tls",
    "request",
    "response-headers",
    "response-body",
    "gateway",
    "client",
];

/// Categories.
const CATEGORIES: &[&str] = &[
    "connectivity",
    "overload",
    "misconfiguration",
    "maintenance",
    "protocol",
    "gateway",
    "client",
    "unknown",
];

/// Gateways.
const GATEWAYS: &[&str] = &["nginx", "envoy", "haproxy", "apache"];

/// Each fault with its parent, its phase and its error type of RFC 9209; `-` for none.
const FAULTS_IN_FULL: &[(&str, &str, &str, &str)] = &[
    ("no-upstream", "-", "select", "destination_not_found"),
    ("no-healthy-upstream", "-", "select", "destination_unavailable"),
    ("connection-limit", "-", "select", "connection_limit_reached"),
    ("dns-not-found", "dns-failed", "resolve", "dns_error"),
    ("dns-timeout", "dns-failed", "resolve", "dns_timeout"),
    ("dns-failed", "-", "resolve", "dns_error"),
    ("connect-refused", "connect-failed", "connect", "connection_refused"),
    ("connect-timeout", "connect-failed", "connect", "connection_timeout"),
    ("connect-unreachable", "connect-failed", "connect", "destination_ip_unroutable"),
    ("connect-invalid", "connect-failed", "connect", "proxy_configuration_error"),
    ("connect-denied", "connect-failed", "connect", "proxy_internal_error"),
    ("connect-failed", "-", "connect", "destination_unavailable"),
    ("tls-certificate-expired", "tls-certificate-invalid", "tls", "tls_certificate_error"),
    ("tls-certificate-untrusted", "tls-certificate-invalid", "tls", "tls_certificate_error"),
    ("tls-certificate-name-mismatch", "tls-certificate-invalid", "tls", "tls_certificate_error"),
    ("tls-certificate-invalid", "tls-handshake-failed", "tls", "tls_certificate_error"),
    ("tls-handshake-failed", "-", "tls", "tls_protocol_error"),
    ("tls-client-certificate-rejected", "tls-handshake-failed", "tls", "tls_alert_received"),
    ("tls-not-spoken", "tls-handshake-failed", "tls", "tls_protocol_error"),
    ("request-write-failed", "-", "request", "connection_terminated"),
    ("response-timeout", "-", "response-headers", "http_response_timeout"),
    ("response-terminated", "-", "response-headers", "connection_terminated"),
    ("response-reset", "response-terminated", "response-headers", "connection_terminated"),
    ("response-closed", "response-terminated", "response-headers", "connection_terminated"),
    ("response-malformed", "-", "response-headers", "http_protocol_error"),
    (
        "response-header-too-large",
        "response-malformed",
        "response-headers",
        "http_response_header_section_size",
    ),
    ("response-protocol-mismatch", "response-malformed", "response-headers", "http_protocol_error"),
    ("response-upgrade-failed", "-", "response-headers", "http_upgrade_failed"),
    ("upstream-bad-gateway", "-", "response-headers", "-"),
    ("upstream-unavailable", "-", "response-headers", "-"),
    ("upstream-gateway-timeout", "-", "response-headers", "-"),
    ("upstream-error", "-", "response-headers", "-"),
    ("body-failed", "-", "response-body", "http_response_incomplete"),
    ("body-truncated", "body-failed", "response-body", "http_response_incomplete"),
    ("body-timeout", "-", "response-body", "connection_read_timeout"),
    ("body-malformed", "body-failed", "response-body", "http_response_transfer_coding"),
    ("gateway-exhausted", "-", "gateway", "proxy_internal_error"),
    ("gateway-internal", "-", "gateway", "proxy_internal_error"),
    ("gateway-denied", "-", "gateway", "http_request_denied"),
    ("gateway-loop", "-", "gateway", "proxy_loop_detected"),
    ("client-closed", "-", "client", "-"),
    ("client-invalid", "-", "client", "http_request_error"),
    ("none", "-", "client", "-"),
    ("unknown", "-", "gateway", "-"),
];

/// Each cause with its category.
const CATEGORY_OF: &[(&str, &str)] = &[
    ("firewall-blocking", "connectivity"),
    ("network-path-down", "connectivity"),
    ("dns-record-wrong", "connectivity"),
    ("dns-resolver-failing", "connectivity"),
    ("dns-stale", "connectivity"),
    ("certificate-expired", "connectivity"),
    ("certificate-untrusted", "connectivity"),
    ("certificate-name-mismatch", "connectivity"),
    ("tls-settings-mismatch", "connectivity"),
    ("upstream-overloaded", "overload"),
    ("upstream-slow", "overload"),
    ("upstream-crashed", "overload"),
    ("upstream-out-of-memory", "overload"),
    ("upstream-not-running", "overload"),
    ("application-error", "overload"),
    ("timeout-too-low", "misconfiguration"),
    ("keepalive-mismatch", "misconfiguration"),
    ("upstream-address-wrong", "misconfiguration"),
    ("route-missing", "misconfiguration"),
    ("path-mismatch", "misconfiguration"),
    ("scheme-mismatch", "misconfiguration"),
    ("buffer-too-small", "misconfiguration"),
    ("limit-too-low", "misconfiguration"),
    ("permission-denied", "misconfiguration"),
    ("health-check-failing", "misconfiguration"),
    ("proxy-loop", "misconfiguration"),
    ("upgrade-not-forwarded", "misconfiguration"),
    ("gateway-misconfigured", "misconfiguration"),
    ("planned-maintenance", "maintenance"),
    ("deployment-rollover", "maintenance"),
    ("provider-outage", "maintenance"),
    ("upstream-sends-invalid-http", "protocol"),
    ("gateway-overloaded", "gateway"),
    ("gateway-bug", "gateway"),
    ("policy-denied", "gateway"),
    ("client-aborted", "client"),
    ("client-bad-request", "client"),
    ("unknown", "unknown"),
];

/// Checks one kind of id: the list, both ways of reading one, and how a wrong one is answered.
macro_rules! holds {
    ($test:ident, $kind:ident, $list:ident) => {
        #[test]
        fn $test() {
            let ids: Vec<&str> = $kind::ALL.iter().map(|id| id.id()).collect();
            assert_eq!(ids, $list);
            assert_eq!($list.iter().collect::<BTreeSet<_>>().len(), $list.len());
            for (value, id) in $kind::ALL.iter().zip($list) {
                assert_eq!(value.to_string(), *id);
                assert_eq!(id.parse::<$kind>(), Ok(*value));
                assert_eq!($kind::from_id(id), Some(*value));
                assert_eq!(format!("{value:>40}").trim_start(), *id);
                assert!(
                    id.bytes().all(|byte| byte.is_ascii_lowercase()
                        || byte == b'-'
                        || byte.is_ascii_digit()),
                    "{id}"
                );
                for wrong in [format!("{id} "), id.to_uppercase(), id.replace('-', "_") + "?"] {
                    let error = wrong.parse::<$kind>().expect_err(&wrong);
                    assert_eq!($kind::from_id(&wrong), None);
                    assert!($list.contains(&error.nearest), "{error}");
                }
            }
            #[cfg(feature = "serde")]
            for (value, id) in $kind::ALL.iter().zip($list) {
                let json = serde_json::to_string(value).unwrap();
                assert_eq!(json, format!("\"{id}\""));
                assert_eq!(serde_json::from_str::<$kind>(&json).unwrap(), *value);
                assert!(serde_json::from_str::<$kind>(&format!("\"{id}x\"")).is_err());
            }
        }
    };
}

holds!(faults_are_as_promised, Fault, FAULTS);
holds!(causes_are_as_promised, Cause, CAUSES);
holds!(phases_are_as_promised, Phase, PHASES);
holds!(categories_are_as_promised, Category, CATEGORIES);
holds!(gateways_are_as_promised, Gateway, GATEWAYS);

#[test]
fn every_fault_has_its_phase_parent_and_proxy_error() {
    assert_eq!(Fault::ALL.len(), FAULTS_IN_FULL.len());
    for (fault, (id, parent, phase, error)) in Fault::ALL.iter().zip(FAULTS_IN_FULL) {
        assert_eq!(fault.id(), *id);
        assert_eq!(fault.parent().map_or("-", Fault::id), *parent, "the parent of {id}");
        assert_eq!(fault.phase().id(), *phase, "the phase of {id}");
        assert_eq!(fault.proxy_error().unwrap_or("-"), *error, "the error type of {id}");
    }
}

#[test]
fn every_cause_has_its_category() {
    assert_eq!(Cause::ALL.len(), CATEGORY_OF.len());
    for (cause, (id, category)) in Cause::ALL.iter().zip(CATEGORY_OF) {
        assert_eq!(cause.id(), *id);
        assert_eq!(cause.category().id(), *category, "the category of {id}");
    }
}
