//! Records that are JSON objects.

use super::fields::{Fields, Role, role};
use crate::dialects::Glance;
use crate::scan::{json, number};

/// Reads an object whose keys are the names of nginx's variables, as far as a healthy record needs.
pub(super) fn glance(line: &[u8]) -> Option<Glance<'_>> {
    let mut glance = Glance::default();
    let mut foreign = false;
    let whole = json::each(line, |around, key, value| {
        if !around.is_empty() {
            return;
        }
        match key {
            b"time_local" | b"time_iso8601" | b"msec" => glance.time = value,
            b"remote_addr" => glance.client = value,
            b"request" => glance.request = value,
            b"request_uri" => glance.path = value,
            b"status" => glance.status = number::status(value).unwrap_or(0),
            b"body_bytes_sent" => glance.body_sent = number::whole(value),
            b"request_time" => glance.total = number::seconds(value),
            b"request_completion" => glance.cut_short = value.is_empty(),
            // Envoy's, which calls a response that was cut short a 200.
            b"response_flags" => foreign = true,
            _ => {}
        }
    });
    let own = !glance.time.is_empty() && glance.total.is_some() && !foreign;
    let asked = !glance.request.is_empty() || !glance.path.is_empty();
    (whole && own && asked).then_some(glance)
}

/// Reads an object, whole or cut.
pub(super) fn read<'a>(line: &'a [u8], fields: &mut Fields<'a>) {
    json::each(line, |around, key, value| take(fields, around, key, value));
}

/// A key of a JSON object; one in an inner object counts with the outer one's name before it.
fn take<'a>(fields: &mut Fields<'a>, around: &'a [u8], key: &'a [u8], value: &'a [u8]) {
    let inner = match around {
        b"upstream" => match key {
            b"addr" | b"address" | b"host" => Some(Role::UpstreamAddress),
            b"status" => Some(Role::UpstreamStatus),
            b"connect_time" => Some(Role::ConnectTime),
            b"header_time" => Some(Role::HeaderTime),
            b"response_time" | b"time" => Some(Role::ResponseTime),
            b"bytes_received" => Some(Role::Received),
            b"bytes_sent" => Some(Role::Sent),
            b"name" => Some(Role::Cluster),
            _ => None,
        },
        b"request" => match key {
            b"method" => Some(Role::Method),
            b"uri" | b"url" | b"path" => Some(Role::Path),
            b"host" => Some(Role::Authority),
            b"id" => Some(Role::RequestId),
            b"time" => Some(Role::RequestTime),
            _ => None,
        },
        b"response" => match key {
            b"status" | b"status_code" => Some(Role::Status),
            _ => None,
        },
        _ => role(key),
    };
    if let Some(role) = inner {
        fields.set(role, value);
    }
}

/// Whether a record goes on in the next line: an object that somebody printed with line breaks.
pub(crate) fn is_unfinished(record: &[u8]) -> bool {
    let goes_on = matches!(record.trim_ascii_end().last(), Some(b'{' | b',' | b'['));
    record.first() == Some(&b'{')
        && (goes_on || (record.starts_with(b"{\n") && !json::each(record, |_, _, _| {})))
}
