//! Envoy 1.8 to 1.40, and what is built on it: Istio's sidecars and gateways, Envoy Gateway, Contour,
//! Emissary.
//!
//! Access log: <https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage>,
//! Istio's format in pilot/pkg/model/telemetry_logging.go. Flags and details: envoy/stream_info and
//! source/common/stream_info. Bodies: source/common/router/router.cc.

mod attributes;
mod details;
mod exchange;
mod flags;
mod json;
mod log;
mod message;
mod phrases;
mod settings;
mod text;
mod transport;

pub use attributes::{Attributes, flag_names};

use super::Dialect;
use crate::evidence::{Evidence, Millis, Origin, Protocol};
use crate::scan::words;
use crate::vocabulary::{Gateway, Phase};
use alloc::string::String;
use transport::Proof;

/// Envoy's dialect.
pub(crate) static DIALECT: Dialect = Dialect {
    name: "envoy",
    gateway: Gateway::Envoy,
    about: "access log: the default text format, Istio's, JSON; response flags, details, transport \
            failure reasons; bodies; the application log (Envoy 1.8 to 1.40, Istio 1.5 and later)",
    glance: text::glance,
    read,
    read_message: message::read,
    is_message: message::is_whole,
    is_unfinished: |_| false,
    settings: settings::SETTINGS,
    setting_name: |name, _| Some(String::from(name)),
};

/// A record of either log.
fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    match record.first() {
        Some(b'[') => text::read(record, origin, evidence) || log::read(record, origin, evidence),
        Some(b'{') => json::read(record, origin, evidence),
        Some(b'0'..=b'9') => log::read(record, origin, evidence),
        _ => false,
    }
}

/// What the words behind `reset reason: ` prove: the reason, and what is said of the transport.
fn reset_words(text: &[u8]) -> [Option<Proof>; 2] {
    const TRANSPORT: &str = "transport failure reason: ";
    let reset = details::by_reason(text);
    let said = words::find(text, TRANSPORT).and_then(|at| text.get(at + TRANSPORT.len()..));
    let closer = reset.zip(said.and_then(transport::read));
    let closer = closer.and_then(|(reset, closer)| details::fits(reset, closer));
    match reset {
        Some(_) => [reset, closer],
        None => details::reset(text, false).proofs,
    }
}

/// Envoy's default time limit for a phase: a cluster's `connect_timeout`, which covers the TLS handshake,
/// and a route's `timeout`, which covers the whole response.
pub(super) const fn default_limit(phase: Phase, protocol: Option<Protocol>) -> Option<Millis> {
    let stream = matches!(protocol, Some(Protocol::Stream));
    match phase {
        Phase::Connect | Phase::Tls => Some(Millis::from_secs(5)),
        Phase::ResponseHeaders | Phase::ResponseBody if !stream => Some(Millis::from_secs(15)),
        Phase::ResponseHeaders
        | Phase::ResponseBody
        | Phase::Select
        | Phase::Resolve
        | Phase::Request
        | Phase::Gateway
        | Phase::Client => None,
    }
}
