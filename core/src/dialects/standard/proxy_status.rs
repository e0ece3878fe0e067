//! Proxy-Status (RFC 9209): which hop failed, and how.
//!
//! A member is one hop; the first is nearest to the origin. The first that names an error explains
//! the response: those behind it only passed it on.

use super::structured::{Member, Value, list};
use super::{text, tls};
use crate::evidence::{Attempt, Evidence, Origin, Seen, Sign};
use crate::vocabulary::Phase;

/// How much of a field is quoted.
const LONGEST_QUOTE: usize = 400;

/// The registered types of errors, and those of drafts, with what they say and where.
const TYPES: &[(&str, Sign, Option<Phase>)] = &[
    ("connection_limit_reached", Sign::LimitReached, None),
    ("connection_read_timeout", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    ("connection_refused", Sign::Refused, Some(Phase::Connect)),
    // FIN or RST, before or after the headers: the RFC does not say.
    ("connection_terminated", Sign::Ended, Some(Phase::ResponseHeaders)),
    ("connection_timeout", Sign::TimedOut, Some(Phase::Connect)),
    ("connection_write_timeout", Sign::TimedOut, Some(Phase::Request)),
    ("connnection_limit_reached", Sign::LimitReached, None),
    ("destination_ip_prohibited", Sign::Denied, None),
    ("destination_ip_unroutable", Sign::Unreachable, Some(Phase::Connect)),
    ("destination_not_found", Sign::NoUpstream, None),
    ("destination_unavailable", Sign::NoneHealthy, None),
    ("dns_error", Sign::ResolverFailed, None),
    ("dns_timeout", Sign::ResolverTimedOut, None),
    ("http_protocol_error", Sign::Malformed, Some(Phase::ResponseHeaders)),
    ("http_request_denied", Sign::Denied, None),
    ("http_request_error", Sign::ClientInvalid, None),
    ("http_response_body_size", Sign::BodyMalformed, None),
    ("http_response_content_coding", Sign::BodyMalformed, None),
    ("http_response_header_block_size", Sign::HeaderTooLarge, None),
    ("http_response_header_section_size", Sign::HeaderTooLarge, None),
    ("http_response_header_size", Sign::HeaderTooLarge, None),
    ("http_response_incomplete", Sign::Ended, Some(Phase::ResponseBody)),
    ("http_response_status", Sign::ServerError, None),
    ("http_response_timeout", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    ("http_response_trailer_section_size", Sign::BodyMalformed, None),
    ("http_response_trailer_size", Sign::BodyMalformed, None),
    ("http_response_transfer_coding", Sign::BodyMalformed, None),
    ("http_upgrade_failed", Sign::UpgradeFailed, None),
    ("proxy_configuration_error", Sign::Misconfigured, None),
    ("proxy_internal_error", Sign::InternalError, None),
    ("proxy_internal_response", Sign::Harmless, None),
    ("proxy_loop_detected", Sign::Loop, None),
    ("read_timeout", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    ("source_addr_in_use", Sign::OutOfPorts, None),
    ("tls_alert_received", Sign::HandshakeFailed, None),
    ("tls_certificate_error", Sign::CertificateInvalid, None),
    ("tls_error", Sign::HandshakeFailed, None),
    ("tls_expired_peer_certificate", Sign::CertificateExpired, None),
    ("tls_handshake_error", Sign::HandshakeFailed, None),
    ("tls_missing_proxy_certificate", Sign::ClientCertificateRejected, None),
    ("tls_protocol_error", Sign::HandshakeFailed, None),
    ("tls_rejected_proxy_certificate", Sign::ClientCertificateRejected, None),
    ("tls_unexpected_peer_certificate", Sign::CertificateNameMismatch, None),
    ("tls_unexpected_peer_identity", Sign::CertificateNameMismatch, None),
    ("tls_untrusted_peer_certificate", Sign::CertificateUntrusted, None),
];

/// Reads a field's value. One that breaks the grammar says nothing.
pub(crate) fn read<'a>(field: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
    let Some(mut members) = list(field.trim_ascii()) else { return };
    let Some((member, (sign, phase, number))) =
        members.find_map(|member| Some((member, proved(&member)?)))
    else {
        return;
    };
    if let Some(address) = member.get(b"next-hop").and_then(Value::text) {
        let known = evidence.last_attempt().and_then(|attempt| attempt.address);
        if known != Some(address) {
            evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
        }
    }
    let attempt = evidence.attempts.len().checked_sub(1).and_then(|at| u8::try_from(at).ok());
    let quote = member.text.get(..LONGEST_QUOTE).unwrap_or(member.text);
    evidence.add(Seen { phase, number, attempt, quote, origin, ..Seen::new(sign) });
}

/// What a hop says of its failure: the type of its error, or the status that it received.
fn proved(member: &Member<'_>) -> Option<(Sign, Option<Phase>, Option<u32>)> {
    // A member is the name of a hop: another kind of item is passed over.
    member.value.and_then(Value::text)?;
    let received = match member.get(b"received-status") {
        Some(Value::Integer(status)) => u32::try_from(status).ok(),
        _ => None,
    };
    // The RFC's own examples write the type as a string too.
    let Some(name) = member.get(b"error").and_then(Value::text) else {
        let status = received.filter(|status| (500..=599).contains(status))?;
        return Some((Sign::ServerError, Some(Phase::ResponseHeaders), Some(status)));
    };
    let at = TYPES.binary_search_by(|(known, ..)| known.as_bytes().cmp(name)).ok()?;
    let (_, sign, phase) = *TYPES.get(at)?;
    let integer = |key: &[u8]| match member.get(key) {
        Some(Value::Integer(number)) => u32::try_from(number).ok(),
        _ => None,
    };
    let (sign, number) = match name {
        b"dns_error" => {
            let nothing = member.get(b"rcode").and_then(Value::text) == Some(b"NXDOMAIN");
            (if nothing { Sign::NameNotFound } else { sign }, integer(b"info-code"))
        }
        b"tls_alert_received" => {
            let message = member.get(b"alert-message").and_then(Value::text);
            let named = message.and_then(tls::alert_named).filter(|number| *number < 255);
            let number = integer(b"alert-id").or(named);
            (number.map_or(sign, tls::alert_from_upstream), number)
        }
        b"http_response_status" => (sign, received.or(Some(500))),
        _ => (sign, None),
    };
    // Headers had come.
    let phase = match (sign, phase, received) {
        (Sign::TimedOut | Sign::Ended, Some(Phase::ResponseHeaders), Some(_)) => {
            Some(Phase::ResponseBody)
        }
        _ => phase,
    };
    closer(member, sign, phase).or(Some((sign, phase, number)))
}

/// What the details say more closely than a type that has several meanings.
fn closer(
    member: &Member<'_>,
    sign: Sign,
    phase: Option<Phase>,
) -> Option<(Sign, Option<Phase>, Option<u32>)> {
    let several = matches!(
        sign,
        Sign::CertificateInvalid | Sign::HandshakeFailed | Sign::Ended | Sign::ResolverFailed
    );
    let details = member.get(b"details").and_then(Value::text).filter(|_| several)?;
    let phase = sign.phase().or(phase);
    let (closer, place, number) = text::sign_of(details, phase)?;
    let same = closer.phase().or(place) == phase && closer.telling() >= sign.telling();
    same.then_some((closer, phase, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(field: &str) -> Option<(Sign, Option<Phase>, Option<u32>)> {
        let mut evidence = Evidence::default();
        read(field.as_bytes(), Origin::default(), &mut evidence);
        evidence.signs.get(0).map(|seen| (seen.sign, seen.phase, seen.number))
    }

    #[test]
    fn types_are_sorted() {
        assert!(TYPES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn the_hop_that_failed_is_found_among_others() {
        let headers = Some(Phase::ResponseHeaders);
        for (field, told) in [
            ("a; error=connection_refused, b", Some((Sign::Refused, Some(Phase::Connect), None))),
            ("a, b; error=dns_timeout", Some((Sign::ResolverTimedOut, None, None))),
            (
                "a; error=connection_refused, b; error=http_response_timeout",
                Some((Sign::Refused, Some(Phase::Connect), None)),
            ),
            ("a; error=\"http_protocol_error\"", Some((Sign::Malformed, headers, None))),
            (
                "a;received-status=502, b;received-status=502",
                Some((Sign::ServerError, headers, Some(502))),
            ),
            ("a;received-status=200", None),
            ("a;received-status=\"502\"", None),
            ("a;error=new_vendor_type", None),
            ("a;error", None),
            ("1;error=connection_refused", None),
            ("a ; error=connection_refused", None),
            (
                "a; error=tls_alert_received; alert-id=48",
                Some((Sign::ClientCertificateRejected, None, Some(48))),
            ),
            (
                "a; error=tls_certificate_error; details=\"certificate has expired\"",
                Some((Sign::CertificateExpired, Some(Phase::Tls), None)),
            ),
            (
                "a; error=connection_terminated; details=\"connection reset by peer\"",
                Some((Sign::Reset, headers, None)),
            ),
            (
                "a; error=http_response_timeout; received-status=200",
                Some((Sign::TimedOut, Some(Phase::ResponseBody), None)),
            ),
        ] {
            assert_eq!(seen(field), told, "{field}");
        }
    }

    #[test]
    fn the_next_hop_is_the_upstream() {
        for field in [
            "a; next-hop=\"10.0.0.1:80\"; error=connection_refused",
            "a; error=connection_refused; next-hop=b.example:80",
        ] {
            let mut evidence = Evidence::default();
            read(field.as_bytes(), Origin::default(), &mut evidence);
            assert!(evidence.last_attempt().unwrap().address.unwrap().ends_with(b":80"), "{field}");
        }
    }
}
