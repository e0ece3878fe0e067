//! What a filter inside Envoy is told, in place of a log line: the attributes of CEL and proxy-wasm.
//! <https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes>

use super::exchange::Fields;
use super::flags::Flags;
use crate::evidence::{Evidence, List, Origin, Seen, Sign, Source, Sources};
use alloc::string::String;

/// Envoy's attributes of one exchange; `None` where one is not set.
///
/// ```
/// use why502::dialects::envoy::{Attributes, flag_names};
///
/// let flags = flag_names(32); // response.flags
/// assert_eq!(flags, "UF");
/// let mut attributes = Attributes::default();
/// attributes.status = Some(503);
/// attributes.flags = Some(flags.as_bytes());
/// attributes.transport_failure = Some(b"delayed connect error: Connection refused");
/// let diagnosis = why502::diagnose(&attributes.evidence());
/// assert_eq!(diagnosis.fault(), why502::Fault::ConnectRefused);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attributes<'a> {
    /// `response.code`: what the client got; 0 where nothing was sent.
    pub status: Option<u16>,
    /// `response.flags` by their names: `UF,URX`. [`flag_names`] makes them of the number.
    pub flags: Option<&'a [u8]>,
    /// `response.code_details`.
    pub details: Option<&'a [u8]>,
    /// `upstream.transport_failure_reason`.
    pub transport_failure: Option<&'a [u8]>,
    /// `connection.termination_details`.
    pub termination: Option<&'a [u8]>,
    /// `upstream.address`.
    pub upstream: Option<&'a [u8]>,
    /// `xds.cluster_name`.
    pub cluster: Option<&'a [u8]>,
    /// `xds.route_name`.
    pub route: Option<&'a [u8]>,
    /// `upstream.request_attempt_count`.
    pub attempts: Option<u64>,
    /// The response's `grpc-status`, from its headers or trailers.
    pub grpc_status: Option<&'a [u8]>,
    /// Whether the request asked to switch to WebSocket.
    pub upgrade: bool,
    /// Whether it is known that the response's headers came from the upstream.
    pub begun: bool,
}

impl<'a> Attributes<'a> {
    /// As evidence. Other facts, such as times and the request, may be added to it.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'a> {
        let mut evidence = Evidence::default();
        let fields = Fields {
            status: self.status,
            flags: Some(self.flags.filter(|flags| !flags.is_empty()).unwrap_or(b"-")),
            details: self.details,
            transport: self.transport_failure,
            termination: self.termination,
            upstream_host: self.upstream,
            cluster: self.cluster,
            route: self.route,
            attempt_count: self.attempts,
            grpc_status: self.grpc_status,
            upgrade: self.upgrade.then_some(b"yes"),
            begun: self.begun,
            ..Fields::default()
        };
        fields.fill(Origin::default(), b"", &mut evidence);
        // The upstream answered as if nothing else had been asked for. Who may not do so is told by 401
        // and the like; that is no failure.
        let ignored = matches!(self.status, Some(200..=299 | 400 | 404..=428 | 430..=499));
        if self.upgrade && ignored && evidence.signs.is_empty() {
            evidence.add(Seen {
                quote: self.details.unwrap_or_default(),
                ..Seen::new(Sign::UpgradeFailed)
            });
        }
        // There is no record; what is known was asked for.
        evidence.records = List::default();
        evidence.sources = Sources::NONE;
        evidence.sources.add(Source::Caller);
        for seen in evidence.signs.iter_mut() {
            seen.origin = Origin::default();
        }
        evidence
    }
}

/// `response.flags` by the short names that access logs print: `UF,URX`; nothing for 0.
#[must_use]
pub fn flag_names(bits: u64) -> String {
    Flags::from_bits(bits).names()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose;
    use crate::vocabulary::Fault;

    #[test]
    fn attributes_tell_what_access_logs_tell() {
        let refused = Attributes {
            status: Some(503),
            flags: Some(b"UF,URX"),
            details: Some(
                b"upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}",
            ),
            transport_failure: Some(b"delayed connect error: Connection refused"),
            upstream: Some(b"10.0.0.3:8080"),
            cluster: Some(b"cart"),
            attempts: Some(3),
            ..Attributes::default()
        };
        let evidence = refused.evidence();
        assert_eq!(evidence.attempts.len(), 3);
        assert!(evidence.signs.iter().all(|seen| seen.origin.source == Source::Caller));
        assert_eq!(diagnose(&evidence).fault(), Fault::ConnectRefused);

        let call = Attributes { status: Some(200), grpc_status: Some(b"14"), ..refused };
        assert_eq!(diagnose(&call.evidence()).fault(), Fault::ConnectRefused);

        for (status, details, fault) in [
            (404, &b"via_upstream"[..], Fault::ResponseUpgradeFailed),
            (401, b"via_upstream", Fault::None),
            (101, b"via_upstream", Fault::None),
            (403, b"upgrade_failed", Fault::GatewayDenied),
        ] {
            let upgrade = Attributes {
                status: Some(status),
                details: Some(details),
                upgrade: true,
                ..Attributes::default()
            };
            assert_eq!(diagnose(&upgrade.evidence()).fault(), fault, "{status}");
        }

        let fine =
            Attributes { status: Some(200), details: Some(b"via_upstream"), ..Default::default() };
        assert_eq!(diagnose(&fine.evidence()).fault(), Fault::None);
    }

    #[test]
    fn flags_have_names() {
        assert_eq!(flag_names(0), "");
        assert_eq!(flag_names(32 | 1 << 15), "UF,URX");
        assert_eq!(flag_names(u64::MAX).split(',').count(), 30);
    }
}
