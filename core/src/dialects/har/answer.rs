//! What a response tells of who wrote it, and why.

use super::entry::Entry;
use crate::dialects;
use crate::dialects::standard::fields;
use crate::evidence::{Attempt, BodySignature, Evidence, Origin, Seen, Sign, Source};
use crate::scan::json::{self, Start, Value};
use crate::scan::{self, number};
use crate::vocabulary::{Gateway, Phase};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How much of a body is looked at.
const BODY: usize = 1024;

/// Whether a header field of a response is read: an object with its name and value.
pub(super) fn is_telling(field: &[u8]) -> bool {
    name_and_value(field).is_some_and(|(name, _)| {
        fields::KNOWN.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
    })
}

fn name_and_value(field: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut name, mut value) = (None, None);
    for (key, text) in json::members(field) {
        match key {
            b"name" => name = text.plain(),
            b"value" => value = text.plain(),
            _ => {}
        }
    }
    name.zip(value)
}

/// The fields of a response.
fn fields_of<'a>(entry: &Entry<'a>) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
    json::items(entry.headers).filter_map(|item| match item {
        Value::Object(field) => name_and_value(field),
        _ => None,
    })
}

fn value_of<'a>(entry: &Entry<'a>, name: &str) -> Option<&'a [u8]> {
    let found = fields_of(entry).find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes()));
    found.map(|(_, value)| value)
}

/// Whether the response is one that a browser keeps in a file, or shows nothing of.
pub(super) fn is_for_a_file(entry: &Entry<'_>) -> bool {
    let kept = value_of(entry, "content-disposition").is_some_and(|value| {
        value.trim_ascii().get(..10).is_some_and(|start| start.eq_ignore_ascii_case(b"attachment"))
    });
    kept || matches!(entry.status, Some(204 | 205))
}

/// A response that is no server error.
pub(super) fn well<'a>(
    entry: &Entry<'a>,
    status: u16,
    origin: Origin,
    evidence: &mut Evidence<'a>,
) {
    take_fields(entry, origin, evidence);
    evidence.gateway = gateway(evidence.headers.server);
    // Whoever does not pass on the wish to switch protocols answers the request as a plain one.
    if evidence.request.upgrade && matches!(status, 200..=299 | 400 | 426) {
        let quote = entry.told_status();
        evidence.add(Seen { quote, origin, ..Seen::new(Sign::UpgradeFailed) });
    }
}

/// A server error: that of a gateway, or of a server that needs none.
pub(super) fn failed<'a>(
    entry: &Entry<'a>,
    status: u16,
    origin: Origin,
    evidence: &mut Evidence<'a>,
) {
    take_fields(entry, origin, evidence);
    let mut page = None;
    if entry.base64 {
        let mut room = [0; BODY];
        let body = decoded(entry.body, &mut room);
        evidence.body = Some(BodySignature::of(body)).filter(|_| !body.is_empty());
        if let Some(read) = dialects::read_body(body, Some(status), origin) {
            page = read.gateway;
            for seen in read.signs.iter() {
                evidence.add(Seen { quote: entry.told_status(), ..anew(seen) });
            }
        }
    } else if !entry.body.is_empty() {
        let body = Start::<BODY>::of(entry.body);
        evidence.body = Some(BodySignature::of(body.bytes()));
        if let Some(read) = dialects::read_body(entry.body, Some(status), origin) {
            page = read.gateway;
            let own = evidence.records;
            let known = evidence.gateway.take();
            evidence.absorb(&Evidence { gateway: None, status: None, ..read });
            evidence.gateway = known;
            // The body is a part of the record.
            evidence.records = own;
        }
    }
    evidence.gateway = page.or_else(|| gateway(evidence.headers.server));
    // A gateway's words for its upstream are these three; another number is the server's own, unless
    // the page is a gateway's.
    let gateways = matches!(status, 502..=504)
        || page.is_some()
        || matches!(evidence.body, Some(BodySignature::NginxPage | BodySignature::NginxPlainToTls));
    if !gateways && evidence.signs.is_empty() {
        evidence.add(Seen {
            phase: Some(Phase::ResponseHeaders),
            number: Some(u32::from(status)),
            quote: entry.told_status(),
            origin,
            ..Seen::new(Sign::ServerError)
        });
    }
}

/// The same sign, with nothing borrowed.
fn anew(seen: &Seen<'_>) -> Seen<'static> {
    Seen { phase: seen.phase, number: seen.number, origin: seen.origin, ..Seen::new(seen.sign) }
}

fn decoded<'b>(text: &[u8], room: &'b mut [u8; BODY]) -> &'b [u8] {
    let most = text.get(..BODY).unwrap_or(text);
    let whole = most.get(..most.len() / 4 * 4).unwrap_or(most);
    let long = STANDARD.decode_slice(whole, room).unwrap_or(0);
    room.get(..long).unwrap_or_default()
}

fn take_fields<'a>(entry: &Entry<'a>, origin: Origin, evidence: &mut Evidence<'a>) {
    let origin = Origin { source: Source::Headers, ..origin };
    for (name, value) in fields_of(entry) {
        if memchr::memchr(b'\\', value).is_none() {
            fields::take(name, value, origin, evidence);
            continue;
        }
        // Read without its escapes, and quoted as it stands.
        let plain = Start::<BODY>::of(value);
        let mut read = Evidence::default();
        fields::take(name, plain.bytes(), origin, &mut read);
        for seen in read.signs.iter() {
            evidence.add(Seen { quote: value, ..anew(seen) });
        }
        if read.headers.proxy_status.is_some() {
            evidence.headers.proxy_status = Some(value);
        }
        // The next hop has no escapes: it stands in the value as well.
        for address in read.attempts.iter().filter_map(|attempt| attempt.address) {
            let place = scan::find(value, address);
            let address = place.and_then(|at| value.get(at..at + address.len()));
            evidence.attempts.push(Attempt { address, ..Attempt::default() });
        }
    }
    evidence.headers.content_length = value_of(entry, "content-length").and_then(number::bytes);
    fields::conclude(value_of(entry, "x-envoy-upstream-service-time"), origin, evidence);
}

/// The gateway that names itself in a response. Others pass on the name of whoever stands behind.
fn gateway(server: Option<&[u8]>) -> Option<Gateway> {
    let (name, _) = scan::span(server?, |byte| byte.is_ascii_alphabetic() || byte == b'-');
    let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
    match () {
        () if is("nginx") || is("openresty") => Some(Gateway::Nginx),
        () if is("envoy") || is("istio-envoy") => Some(Gateway::Envoy),
        () if is("apache") => Some(Gateway::Apache),
        () => None,
    }
}
