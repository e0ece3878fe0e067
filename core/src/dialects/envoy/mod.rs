//! Envoy 1.8 to 1.40, and what is built on it: Istio's sidecars and gateways, Envoy Gateway, Contour,
//! Emissary.
//!
//! Access log: <https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage>,
//! Istio's format in pilot/pkg/model/telemetry_logging.go. Flags and details: envoy/stream_info and
//! source/common/stream_info. Bodies: source/common/router/router.cc.

mod attributes;
mod details;
mod events;
mod exchange;
mod flags;
mod json;
mod log;
mod message;
mod pairs;
mod phrases;
mod settings;
mod spoken;
mod text;
mod transport;
mod ztunnel;

pub use attributes::{Attributes, flag_names};

use super::{Dialect, standard};
use crate::evidence::{Evidence, Millis, Origin, Protocol};
use crate::scan::{self, words};
use crate::vocabulary::{Gateway, Phase};
use alloc::string::String;
use transport::Proof;

/// Envoy's dialect.
pub(crate) static DIALECT: Dialect = Dialect {
    name: "envoy",
    gateway: Some(Gateway::Envoy),
    document: None,
    about: "access log: the default text format, Istio's, JSON; response flags, details, transport \
            failure reasons; bodies; the application log (Envoy 1.8 to 1.40, Istio 1.5 and later)",
    glance: |line, _| match line.first() {
        Some(b'{') => json::glance(line),
        _ => text::glance(line),
    },
    read,
    is_likely: |_| true,
    read_shared: |_, _, _| false,
    read_message: message::read,
    read_response: message::response,
    is_message: message::is_whole,
    is_unfinished: log::is_unfinished,
    settings: settings::SETTINGS,
    setting_name: |name, _| Some(String::from(name)),
};

/// A record of either log.
fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    match record.first() {
        Some(b'{') => {
            return json::read(record, origin, evidence)
                || events::read(record, origin, evidence)
                || log::read_json(record, origin, evidence)
                || ztunnel::read(record, origin, evidence);
        }
        Some(b'[') if text::read(record, origin, evidence) => return true,
        Some(b'[') if log::read(record, origin, evidence) => return true,
        Some(b'0'..=b'9') if log::read(record, origin, evidence) => return true,
        // A time, or a level where that is left out.
        Some(b'0'..=b'9' | b'd' | b'e' | b'i' | b'w')
            if ztunnel::read(record, origin, evidence) =>
        {
            return true;
        }
        Some(_) => {}
        None => return false,
    }
    carried(record, origin, evidence)
        || pairs::read(record, origin, evidence)
        || text::read_cut(record, origin, evidence)
}

/// How much may stand in front of a record.
const LONGEST_PREFIX: usize = 256;
/// How many brackets are looked at for the beginning of a record.
const MOST_BRACKETS: usize = 4;

/// A record behind what its carriers wrote in front: a pod's and a container's name, a time. There are
/// more of them than are known, and other dialects would read such a line as one of theirs. Behind a
/// quote stands what strangers wrote.
fn carried<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let start = record.get(..LONGEST_PREFIX).unwrap_or(record);
    let start = scan::split_byte(start, b'"').map_or(start, |(before, _)| before);
    // `[2026-11-22`, which nginx's `[22/Nov/2026` is not.
    let dated = |at: &usize| start.get(at + 5) == Some(&b'-') && start.get(at + 8) == Some(&b'-');
    let bracket = memchr::memchr_iter(b'[', start).take(MOST_BRACKETS).find(dated);
    let from = bracket.or_else(|| log::begins(start));
    let Some(inner) = from.filter(|from| *from > 0).and_then(|from| record.get(from..)) else {
        return false;
    };
    text::read(inner, origin, evidence) || log::read(inner, origin, evidence)
}

/// What the words behind `reset reason: ` prove: the reason, and what is said of the transport.
fn reset_words(text: &[u8]) -> [Option<Proof>; 2] {
    const TRANSPORT: &str = "transport failure reason: ";
    let reset = details::by_reason(text);
    let said = words::find(text, TRANSPORT).and_then(|at| text.get(at + TRANSPORT.len()..));
    let closer = match said {
        Some(said) => transport::read(said),
        // Whoever reports it may add what he knows himself.
        None => standard::text::sign_of(text, reset.and_then(|reset| reset.phase))
            .map(|(sign, phase, number)| Proof { sign, phase, number }),
    };
    let closer = reset.zip(closer);
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
