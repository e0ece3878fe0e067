//! Response code details (`%RESPONSE_CODE_DETAILS%`): why the response has the status that it has.
//! From `ResponseCodeDetailValues` in envoy/stream_info/stream_info.h, the codecs and the filters of
//! Envoy 1.37, with the spellings of 1.12 and later.
//!
//! ```text
//! details = name [ "{" reason [ ( "|" / "," ) transport-reason ] "}" / "(" details ")" / ":" message ]
//! ```
//! Each blank is a `_`, but in what older versions and people write.

use super::transport::{self, Proof};
use crate::evidence::Sign;
use crate::scan::phrase;
use crate::scan::words::{self, Plain};
use crate::vocabulary::Phase;

/// How details prove something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proves {
    /// By themselves.
    Is(Sign, Option<Phase>),
    /// The answer is the upstream's: its status says what it is.
    Upstream,
    /// The configuration answers by itself.
    Direct,
    /// A time limit, before the response's headers or in its body.
    TimedOut,
    /// By the reason in braces.
    Reset { begun: bool },
    /// What a codec found: of the upstream's response where the upstream is blamed, else of the client's
    /// request.
    Codec(Sign),
    /// The peer reset its stream, with this code: the upstream where it is blamed, else the client.
    PeerReset(Option<u32>),
    /// By the resolver's words in braces.
    Resolver,
    /// By the details in parentheses.
    Nested,
    /// Nothing failed.
    Nothing,
}

/// HTTP/2's code for a stream that was not worked on (RFC 9113, section 7).
const REFUSED_STREAM: u32 = 7;
/// `no error code`, CONNECT_ERROR: the other end of a tunnel failed.
const CONNECT_ERROR: u32 = 10;

const CLIENT: Proves = Proves::Is(Sign::ClientInvalid, None);
const DENIED: Proves = Proves::Is(Sign::Denied, None);
const GONE: Proves = Proves::Is(Sign::ClientGone, None);

/// Every detail, by its beginning, sorted.
const DETAILS: &[(&str, Proves)] = &[
    ("absolute_path_rejected", CLIENT),
    ("admin_filter_response", Proves::Nothing),
    ("auth_digest_no_match", DENIED),
    ("cache.response_from_cache_filter", Proves::Nothing),
    ("cache_no_cluster", Proves::Is(Sign::NoUpstream, None)),
    ("cache_no_route", Proves::Is(Sign::NoUpstream, None)),
    ("cache_upstream_reset", Proves::Is(Sign::StreamReset, Some(Phase::ResponseHeaders))),
    ("cares_failure", Proves::Is(Sign::ResolverFailed, None)),
    ("cares_norecords", Proves::Is(Sign::NameNotFound, None)),
    ("cares_success", Proves::Nothing),
    ("cdn_loop_detected", Proves::Is(Sign::Loop, None)),
    ("checksum_but_no_body", Proves::Is(Sign::BodyMalformed, None)),
    ("close_for_connect_request_or_tcp_tunneling", Proves::Nothing),
    ("closing_upstream_tcp_connection_due_to_downstream_local_close", Proves::Nothing),
    ("closing_upstream_tcp_connection_due_to_downstream_remote_close", GONE),
    ("closing_upstream_tcp_connection_due_to_downstream_reset_close", GONE),
    ("cluster_not_found", Proves::Is(Sign::NoUpstream, None)),
    ("codec_error", CLIENT),
    ("connect_bridge_unary_request_too_large", Proves::Is(Sign::ClientTooLarge, None)),
    ("connect_bridge_unary_response_too_large", Proves::Is(Sign::BodyMalformed, None)),
    ("cors_response", Proves::Nothing),
    ("csrf_origin_mismatch", DENIED),
    ("deferred_close_on_drained_connection", Proves::Nothing),
    ("denied_by_admission_control", Proves::Is(Sign::LimitReached, None)),
    ("direct_response", Proves::Direct),
    ("dns_cache_overflow", Proves::Is(Sign::LimitReached, None)),
    ("dns_resolution_failure", Proves::Resolver),
    ("downstream_header_timeout", CLIENT),
    ("downstream_local_disconnect", Proves::Nested),
    ("downstream_remote_disconnect", GONE),
    ("drop_overload", Proves::Is(Sign::LimitReached, None)),
    ("duration_timeout", Proves::Nothing),
    ("dynamic_forward_proxy_cluster_is_gone", Proves::Is(Sign::NoUpstream, None)),
    ("dynamic_forward_proxy_pending_request_overflow", Proves::Is(Sign::LimitReached, None)),
    ("early_connect_data", CLIENT),
    ("early_grpc_json_reverse_transcode_failure", CLIENT),
    ("early_grpc_json_transcode_failure", CLIENT),
    ("empty_host_header", CLIENT),
    ("ext_authz_denied", DENIED),
    ("ext_authz_error", Proves::Is(Sign::AuthorizationFailed, None)),
    ("ext_authz_invalid", Proves::Is(Sign::AuthorizationFailed, None)),
    ("ext_proc_error", Proves::Is(Sign::ScriptFailed, None)),
    ("failed_creating_handshaker", Proves::Is(Sign::HandshakeFailed, None)),
    ("failed_resuming_async_handshake", Proves::Is(Sign::HandshakeFailed, None)),
    ("failed_to_inject_credential", Proves::Is(Sign::Misconfigured, None)),
    ("fault_filter_abort", DENIED),
    ("filter_added_invalid_request_data", Proves::Is(Sign::ScriptFailed, None)),
    ("filter_added_invalid_response_data", Proves::Is(Sign::ScriptFailed, None)),
    ("filter_chain_not_found", Proves::Is(Sign::NoUpstream, None)),
    ("filter_removed_required_headers", Proves::Is(Sign::ScriptFailed, None)),
    ("filter_removed_required_request_headers", Proves::Is(Sign::ScriptFailed, None)),
    ("filter_removed_required_response_headers", Proves::Is(Sign::ScriptFailed, None)),
    ("forced_goaway", Proves::Nothing),
    ("grpc_base_64_decode_failed", CLIENT),
    (
        "grpc_bridge_content_length_missing",
        Proves::Is(Sign::Malformed, Some(Phase::ResponseHeaders)),
    ),
    ("grpc_bridge_content_length_wrong", Proves::Is(Sign::BodyMalformed, None)),
    ("grpc_bridge_content_type_wrong", Proves::Is(Sign::ProtocolMismatch, None)),
    ("grpc_bridge_data_too_small", Proves::Is(Sign::Malformed, Some(Phase::ResponseHeaders))),
    ("grpc_json_reverse_transcode_failure", Proves::Is(Sign::BodyMalformed, None)),
    ("grpc_json_transcode_failure", Proves::Is(Sign::BodyMalformed, None)),
    ("health_check_cached", Proves::Nothing),
    ("health_check_failed", Proves::Is(Sign::NoneHealthy, None)),
    ("health_check_ok", Proves::Nothing),
    ("http.", CLIENT),
    ("http1.", Proves::Codec(Sign::Malformed)),
    ("http1.headers_too_large", Proves::Codec(Sign::HeaderTooLarge)),
    ("http1.too_many_headers", Proves::Codec(Sign::HeaderTooLarge)),
    ("http2.", Proves::Codec(Sign::Malformed)),
    ("http2.inbound_empty_frames_flood", Proves::Nothing),
    ("http2.outbound_frames_flood", Proves::Nothing),
    ("http2.remote_refuse", Proves::PeerReset(Some(REFUSED_STREAM))),
    ("http2.remote_reset", Proves::PeerReset(None)),
    ("http2.too_many_headers", Proves::Codec(Sign::HeaderTooLarge)),
    ("http2_connection_protocol_violation", CLIENT),
    ("http2_ping_timeout", Proves::Nothing),
    ("http3.", Proves::Codec(Sign::Malformed)),
    ("http3.headers_too_large", Proves::Codec(Sign::HeaderTooLarge)),
    ("http3.inconsistent_content_length", Proves::Codec(Sign::BodyMalformed)),
    ("http3.remote_refuse", Proves::PeerReset(Some(REFUSED_STREAM))),
    ("http3.remote_reset", Proves::PeerReset(None)),
    ("http3.too_many_headers", Proves::Codec(Sign::HeaderTooLarge)),
    ("http3.too_many_trailers", Proves::Codec(Sign::HeaderTooLarge)),
    ("internal_redirect", Proves::Nothing),
    ("invalid_cdn_loop_header", CLIENT),
    ("invalid_path", CLIENT),
    ("jwt_authn_access_denied", DENIED),
    ("local_rate_limited", Proves::Is(Sign::RateLimited, None)),
    ("low_version", CLIENT),
    ("lua_response", Proves::Nothing),
    ("maintenance_mode", Proves::Is(Sign::NoneHealthy, None)),
    ("max_connection_duration_reached", Proves::Nothing),
    ("max_duration_timeout", Proves::Is(Sign::TimedOut, Some(Phase::ResponseHeaders))),
    ("mismatched_checksum", Proves::Is(Sign::BodyMalformed, None)),
    ("missing_host_header", CLIENT),
    ("missing_path_rejected", CLIENT),
    ("no_checksum_for_path", DENIED),
    ("no_healthy_upstream", Proves::Is(Sign::NoneHealthy, None)),
    ("no_host", Proves::Is(Sign::ResolverFailed, None)),
    ("non_pooled_tcp_connection_host_health_failure", Proves::Is(Sign::NoneHealthy, None)),
    ("oauth.logged_in", Proves::Nothing),
    ("oauth.missing_credentials", DENIED),
    ("oauth.race_redirect", Proves::Nothing),
    ("oauth.sign_out", Proves::Nothing),
    ("on_idle_timeout", Proves::Nothing),
    ("overload", Proves::Is(Sign::Exhausted, Some(Phase::Gateway))),
    ("overload_error", Proves::Is(Sign::Exhausted, Some(Phase::Gateway))),
    ("path_normalization_failed", CLIENT),
    ("rate_limited_by_quota", Proves::Is(Sign::RateLimited, None)),
    ("rate_limiter_error", Proves::Is(Sign::InternalError, Some(Phase::Gateway))),
    ("rbac_access_denied_matched_policy", DENIED),
    ("reached_concurrency_limit", Proves::Is(Sign::LimitReached, None)),
    ("rejecting_because_detection_failed", DENIED),
    ("request_header_timeout", CLIENT),
    ("request_headers_failed_strict_check", CLIENT),
    ("request_overall_timeout", CLIENT),
    (
        "request_payload_exceeded_retry_buffer_limit",
        Proves::Is(Sign::Exhausted, Some(Phase::Gateway)),
    ),
    ("request_payload_too_large", Proves::Is(Sign::ClientTooLarge, None)),
    ("request_rate_limited", Proves::Is(Sign::RateLimited, None)),
    ("resolve_timeout", Proves::Is(Sign::ResolverTimedOut, None)),
    ("response_payload_too_large", Proves::Is(Sign::BufferTooSmall, Some(Phase::ResponseBody))),
    ("response_timeout", Proves::TimedOut),
    ("route_configuration_not_found", Proves::Is(Sign::NoUpstream, None)),
    ("route_not_found", Proves::Is(Sign::NoUpstream, None)),
    ("stream_idle_timeout", Proves::TimedOut),
    ("sub_cluster_overflow", Proves::Is(Sign::LimitReached, None)),
    ("sub_cluster_warming_timeout", Proves::Is(Sign::NoneHealthy, None)),
    ("tcp_initializion_failure", Proves::Is(Sign::InternalError, Some(Phase::Gateway))),
    ("tcp_session_idle_timeout", Proves::Is(Sign::TimedOut, Some(Phase::ResponseBody))),
    ("too_many_premature_resets", CLIENT),
    ("transport_socket_timeout", Proves::Is(Sign::TimedOut, Some(Phase::Tls))),
    ("triggered_delayed_close_timeout", Proves::Nothing),
    ("uhv.", CLIENT),
    ("uhv.http1.content_length_not_allowed", Proves::Codec(Sign::Malformed)),
    ("uhv.http1.transfer_encoding_not_allowed", Proves::Codec(Sign::Malformed)),
    ("uhv.invalid_status", Proves::Is(Sign::Malformed, Some(Phase::ResponseHeaders))),
    ("uhv.path_normalization_redirect", Proves::Nothing),
    ("unconditional_drop_overload", Proves::Is(Sign::LimitReached, None)),
    ("upgrade_failed", DENIED),
    ("upstream_max_stream_duration_reached", Proves::TimedOut),
    ("upstream_per_try_idle_timeout", Proves::TimedOut),
    ("upstream_per_try_timeout", Proves::TimedOut),
    ("upstream_reset_after_response_started", Proves::Reset { begun: true }),
    ("upstream_reset_before_response_started", Proves::Reset { begun: false }),
    ("upstream_response_timeout", Proves::TimedOut),
    ("via_upstream", Proves::Upstream),
    ("wasm_close_stream", Proves::Is(Sign::ScriptFailed, None)),
    ("wasm_fail_stream", Proves::Is(Sign::ScriptFailed, None)),
    ("websocket_handshake_unsuccessful", Proves::Is(Sign::UpgradeFailed, None)),
];

/// Reasons of a reset, from `ResetReason` in source/common/http/utility.cc: sorted.
const REASONS: &[(&str, Sign, Option<Phase>)] = &[
    ("connection_failure", Sign::Failed, Some(Phase::Connect)),
    // Closed and reset.
    ("connection_termination", Sign::Ended, Some(Phase::ResponseHeaders)),
    ("connection_timeout", Sign::TimedOut, Some(Phase::Connect)),
    ("http/1_premature_upstream_half_close", Sign::Closed, Some(Phase::ResponseHeaders)),
    ("local_connection_failure", Sign::Failed, Some(Phase::Connect)),
    ("local_refused_stream_reset", Sign::StreamReset, None),
    ("local_reset", Sign::StreamReset, None),
    ("overflow", Sign::LimitReached, None),
    ("overload_manager_reset", Sign::Exhausted, Some(Phase::Gateway)),
    ("protocol_error", Sign::Malformed, Some(Phase::ResponseHeaders)),
    ("remote_connection_failure", Sign::Failed, Some(Phase::Connect)),
    ("remote_error_with_connect_request", Sign::UpgradeFailed, None),
    ("remote_refused_stream_reset", Sign::StreamReset, None),
    ("remote_reset", Sign::StreamReset, None),
];

/// What details say of the response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// What they prove; up to two things, the later the closer to the cause.
    pub(super) proofs: [Option<Proof>; 2],
    /// The response's headers came from the upstream.
    pub(super) upstream: bool,
    /// The configuration answered.
    pub(super) direct: bool,
}

impl Told {
    const fn one(proof: Proof) -> Self {
        Self { proofs: [Some(proof), None], upstream: false, direct: false }
    }
}

/// The place of the detail that a text begins with, and what follows it.
fn known(text: &[u8]) -> Option<(Proves, &[u8])> {
    let plain = Plain::of(text);
    let at = phrase::longest_prefix(plain.as_slice(), DETAILS, |(name, _)| name.as_bytes())?;
    let (name, proves) = DETAILS.get(at)?;
    let rest = text.get(name.len()..)?;
    // `overloaded` is another word than `overload`.
    let ends = name.ends_with('.')
        || rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric())
        || name.starts_with("ext_proc");
    // What goes on with `_` is a longer name, but where the name is a family's.
    let whole = !rest.starts_with(b"_")
        || matches!(
            *name,
            "ext_proc_error"
                | "health_check_failed"
                | "grpc_base_64_decode_failed"
                | "health_check_ok"
        );
    (ends && whole).then_some((*proves, rest))
}

/// Whether a word is one of the details that Envoy itself writes.
pub(super) fn are(word: &[u8]) -> bool {
    known(word).is_some_and(|(_, rest)| !rest.starts_with(b" "))
}

/// Reads details. `blamed` says whether the flags blame the upstream, `begun` whether its response had
/// begun. `None` where they are not known.
pub(super) fn read(text: &[u8], blamed: bool, begun: bool) -> Option<Told> {
    let (proves, rest) = known(text)?;
    Some(match proves {
        Proves::Is(sign, phase) => Told::one(Proof::new(sign, phase)),
        Proves::Upstream => Told { upstream: true, ..Told::default() },
        Proves::Direct => Told { direct: true, ..Told::default() },
        Proves::TimedOut => {
            let phase = if begun { Phase::ResponseBody } else { Phase::ResponseHeaders };
            Told::one(Proof::new(Sign::TimedOut, Some(phase)))
        }
        Proves::Reset { begun } => {
            let mut told = reset(inside(rest), begun);
            told.upstream = begun;
            told
        }
        Proves::Codec(sign) if blamed => {
            let phase = sign.phase().or(Some(Phase::ResponseHeaders));
            Told::one(Proof::new(sign, phase))
        }
        Proves::Codec(_) => Told::one(Proof::new(Sign::ClientInvalid, None)),
        Proves::PeerReset(number) if blamed => {
            Told::one(Proof { number, ..Proof::new(Sign::StreamReset, None) })
        }
        Proves::PeerReset(_) => Told::one(Proof::new(Sign::ClientGone, None)),
        Proves::Resolver => Told::one(Proof::new(resolver(rest), None)),
        Proves::Nested => nested(inside(rest)),
        Proves::Nothing => Told::default(),
    })
}

/// What stands in the braces or parentheses behind a name; nothing where there are none.
fn inside(rest: &[u8]) -> &[u8] {
    let inside = rest.get(1..).unwrap_or_default();
    let (close, cut) = match rest.first() {
        Some(b'{') => (b'}', b'"'),
        Some(b'(') => (b')', b'"'),
        _ => return b"",
    };
    // A reason may hold braces of its own; one that is cut ends with the text.
    match memchr::memrchr(close, inside) {
        Some(at) => inside.get(..at).unwrap_or(inside),
        None => inside.split(|byte| *byte == cut).next().unwrap_or(inside),
    }
}

/// Why Envoy closed the client's connection.
fn nested(reason: &[u8]) -> Told {
    match read(reason, false, false) {
        Some(told) => told,
        None => Told::one(Proof::new(Sign::InternalError, None)),
    }
}

/// What the resolver said.
fn resolver(rest: &[u8]) -> Sign {
    if words::find(rest, "resolve_timeout").is_some()
        || words::find(rest, "c-ares timed out").is_some()
        // c-ares' own words.
        || words::find(rest, "Timeout while contacting DNS servers").is_some()
    {
        Sign::ResolverTimedOut
    } else if words::find(rest, "cares_norecords").is_some() {
        Sign::NameNotFound
    } else {
        Sign::ResolverFailed
    }
}

/// What the reason of a reset proves, with what is told of the transport behind it. `begun` says that
/// the response's headers had come.
pub(super) fn reset(reason: &[u8], begun: bool) -> Told {
    let (name, transport) = match memchr::memchr2(b'|', b',', reason) {
        Some(at) => (reason.get(..at).unwrap_or(reason), reason.get(at + 1..).unwrap_or_default()),
        None => (reason, &b""[..]),
    };
    let mut told = Told::default();
    let Some(proof) = by_reason(name) else {
        // The bare form: the request's data met a connection that was closed.
        let phase = if begun { Phase::ResponseBody } else { Phase::ResponseHeaders };
        return Told::one(Proof::new(Sign::Ended, Some(phase)));
    };
    if begun {
        // A body that ends early breaks its protocol as one does that cannot be decoded.
        let sign = if proof.sign == Sign::Malformed { Sign::Failed } else { proof.sign };
        told.proofs = [Some(Proof { sign, phase: Some(Phase::ResponseBody), ..proof }), None];
        return told;
    }
    told.proofs = [Some(proof), after(proof, transport)];
    told
}

/// What the transport, or the codec, says of a reset.
fn after(reset: Proof, said: &[u8]) -> Option<Proof> {
    if let Some((Proves::Codec(sign), _)) = known(said.trim_ascii()) {
        return Some(Proof::new(sign, sign.phase().or(Some(Phase::ResponseHeaders))));
    }
    fits(reset, transport::read(said)?)
}

/// The transport's words, where they can be about this reset: a connection that ended under a request
/// says something of TLS alone, for what is left of an earlier attempt stays there.
pub(super) fn fits(reset: Proof, transport: Proof) -> Option<Proof> {
    let tls = transport.phase.or(transport.sign.phase()) == Some(Phase::Tls);
    (reset.phase == Some(Phase::Connect) || tls).then_some(transport)
}

/// A reason by its name, in either spelling.
pub(super) fn by_reason(name: &[u8]) -> Option<Proof> {
    let plain = Plain::of(name.trim_ascii());
    let at = phrase::longest_prefix(plain.as_slice(), REASONS, |(name, ..)| name.as_bytes())?;
    let (name, sign, phase) = REASONS.get(at)?;
    let number = match *name {
        "remote_refused_stream_reset" | "local_refused_stream_reset" => Some(REFUSED_STREAM),
        "remote_error_with_connect_request" => Some(CONNECT_ERROR),
        _ => None,
    };
    Some(Proof { number, ..Proof::new(*sign, *phase) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_say_nothing_twice() {
        assert!(DETAILS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(REASONS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(DETAILS.iter().all(|(name, _)| name.len() < words::LONGEST));
        assert!(REASONS.iter().all(|(name, ..)| name.len() < words::LONGEST));
    }

    #[test]
    fn every_detail_is_read_in_both_spellings() {
        for (name, _) in DETAILS {
            for text in [alloc::string::String::from(*name), name.replace('_', " ")] {
                assert!(known(text.as_bytes()).is_some(), "{text}");
            }
        }
        for wrong in ["overloaded", "no_host_here", "via_upstream_x", "UF", "-", ""] {
            assert_eq!(known(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_resolver_is_told_by_its_words() {
        for (text, sign) in [
            ("{resolve_timeout}", Sign::ResolverTimedOut),
            ("{cares_failure:Timeout_while_contacting_DNS_servers}", Sign::ResolverTimedOut),
            ("{cares_failure:DNS_server_returned_general_failure}", Sign::ResolverFailed),
            ("{cares_norecords:Domain_name_not_found}", Sign::NameNotFound),
            ("", Sign::ResolverFailed),
        ] {
            let told = read(&["dns_resolution_failure", text].concat().into_bytes(), true, false);
            assert_eq!(told.unwrap().proofs[0].map(|proof| proof.sign), Some(sign), "{text}");
        }
    }

    #[test]
    fn a_reset_is_told_by_its_reason_and_the_transport() {
        let last = |text: &str| {
            let told = read(text.as_bytes(), true, false).unwrap();
            told.proofs.iter().flatten().last().map(|proof| (proof.sign, proof.phase))
        };
        let before = "upstream_reset_before_response_started";
        for (text, sign, phase) in [
            ("{connection_termination}", Sign::Ended, Some(Phase::ResponseHeaders)),
            ("{connection termination}", Sign::Ended, Some(Phase::ResponseHeaders)),
            ("{connection_timeout}", Sign::TimedOut, Some(Phase::Connect)),
            (
                "{remote_connection_failure|delayed_connect_error:_111}",
                Sign::Refused,
                Some(Phase::Connect),
            ),
            (
                "{connection_failure,delayed_connect_error:_111}",
                Sign::Refused,
                Some(Phase::Connect),
            ),
            (
                "{remote_connection_failure,TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end}",
                Sign::TlsNotSpoken,
                Some(Phase::Tls),
            ),
            // Left over from an earlier attempt.
            (
                "{connection_termination|delayed_connect_error:_111}",
                Sign::Ended,
                Some(Phase::ResponseHeaders),
            ),
            (
                "{protocol_error|http1.headers_too_large}",
                Sign::HeaderTooLarge,
                Some(Phase::ResponseHeaders),
            ),
            ("", Sign::Ended, Some(Phase::ResponseHeaders)),
            ("{overf", Sign::Ended, Some(Phase::ResponseHeaders)),
        ] {
            assert_eq!(last(&[before, text].concat()), Some((sign, phase)), "{text}");
        }
        let after =
            read(b"upstream_reset_after_response_started{protocol_error}", true, true).unwrap();
        assert_eq!(after.proofs[0], Some(Proof::new(Sign::Failed, Some(Phase::ResponseBody))));
    }

    #[test]
    fn a_codecs_detail_is_the_clients_unless_the_upstream_is_blamed() {
        for (blamed, sign) in [(false, Sign::ClientInvalid), (true, Sign::HeaderTooLarge)] {
            let told = read(b"http1.headers_too_large", blamed, false).unwrap();
            assert_eq!(told.proofs[0].map(|proof| proof.sign), Some(sign));
        }
        let told = read(b"http2.remote_reset", false, false).unwrap();
        assert_eq!(told.proofs[0].map(|proof| proof.sign), Some(Sign::ClientGone));
    }
}
