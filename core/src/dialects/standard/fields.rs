//! Header fields that tell who answered and why, in a raw response or pasted alone.
//!
//! ```text
//! < HTTP/1.1 502 Bad Gateway          curl -v puts "< " in front
//! < proxy-status: edge; error=connection_refused
//! ```

use super::{grpc, proxy_status};
use crate::evidence::{Evidence, Origin, Seen, Sign, Source};
use crate::scan::{self, number};
use crate::vocabulary::Phase;

/// The fields that are read, in whichever letters.
pub(crate) const KNOWN: &[&str] = &[
    "content-disposition",
    "content-length",
    "content-type",
    "grpc-status",
    "proxy-status",
    "retry-after",
    "server",
    "via",
    "x-envoy-local-overloaded",
    "x-envoy-overloaded",
    "x-envoy-ratelimited",
    "x-envoy-upstream-service-time",
    "x-kong-upstream-status",
    "x-request-id",
];

/// Takes in one field.
pub(crate) fn take<'a>(name: &[u8], value: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
    let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
    let headers = &mut evidence.headers;
    if is("retry-after") {
        headers.retry_after = Some(value);
    } else if is("server") {
        headers.server = Some(value);
    } else if is("via") {
        headers.via = Some(value);
    } else if is("content-type") {
        headers.content_type = Some(value);
    } else if is("x-request-id") {
        evidence.request.id = Some(value);
    } else if is("proxy-status") {
        headers.proxy_status = Some(value);
        proxy_status::read(value, origin, evidence);
    } else if is("grpc-status") {
        headers.grpc_status = Some(value);
        let told = number::whole(value).and_then(grpc::numbered);
        if let Some((sign, phase, number)) = told {
            evidence.add(Seen { phase, number, quote: value, origin, ..Seen::new(sign) });
        }
    } else if is("x-kong-upstream-status") {
        let status = number::status(value).filter(|status| (500..=599).contains(status));
        if let Some(status) = status {
            answered(u32::from(status), value, origin, evidence);
        }
    } else if let Some(sign) = by_itself(name, value) {
        evidence.add(Seen { quote: value, origin, ..Seen::new(sign) });
    }
}

/// Fields of Envoy's, which it writes for its own answers.
fn by_itself(name: &[u8], value: &[u8]) -> Option<Sign> {
    const FIELDS: &[(&str, Sign)] = &[
        ("x-envoy-local-overloaded", Sign::Exhausted),
        ("x-envoy-overloaded", Sign::LimitReached),
        ("x-envoy-ratelimited", Sign::RateLimited),
    ];
    let known = FIELDS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()))?;
    (value == b"true").then_some(known.1)
}

/// The upstream answered with a server error of its own.
fn answered<'a>(status: u32, quote: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
    let phase = Some(Phase::ResponseHeaders);
    let sign = Seen::new(Sign::ServerError);
    evidence.add(Seen { phase, number: Some(status), quote, origin, ..sign });
}

/// What all fields together say, once the status is known: `upstream_time` is the value of
/// `x-envoy-upstream-service-time`, which is there where an upstream answered.
pub(crate) fn conclude<'a>(
    upstream_time: Option<&'a [u8]>,
    origin: Origin,
    evidence: &mut Evidence<'a>,
) {
    match (upstream_time, evidence.status) {
        (Some(time), Some(status @ 500..=599)) => {
            answered(u32::from(status), time, origin, evidence);
        }
        (Some(_), Some(_)) => evidence.answered = Some(true),
        _ => {}
    }
    // A 200 of gRPC says nothing of how the call ended: its own status does.
    let fails = |seen: &Seen<'_>| seen.sign != Sign::Harmless;
    if evidence.headers.grpc_status.is_some() && evidence.find(fails).is_some() {
        evidence.status = evidence.status.filter(|status| *status != 200);
    }
}

/// Reads response heads that stand among other lines: as `curl -i` and `curl -v` print them, or
/// pasted from a browser. The last one counts; a proxy's answer to `CONNECT` does not.
pub(crate) fn read_pasted<'a>(text: &'a [u8], origin: Origin) -> Option<Evidence<'a>> {
    let mut last: Option<Evidence<'a>> = None;
    let mut within = false;
    let mut upstream_time = None;
    let mut tunnel = false;
    for (line, number) in text.split(|byte| *byte == b'\n').zip(0..) {
        let line = unmarked(line);
        let place = if origin.line == 0 { 0 } else { origin.line + number };
        let origin = Origin { source: Source::Headers, line: place, ..origin };
        tunnel |= line.starts_with(b"> CONNECT ");
        if let Some(status) = status_line(line) {
            // A proxy that opens a tunnel answers no request.
            let opens = core::mem::take(&mut tunnel) && matches!(status, Some(200..=299));
            let status = status.filter(|_| !opens);
            within = status.is_some();
            if let Some(status) = status {
                if let Some(head) = &mut last {
                    conclude(upstream_time.take(), origin, head);
                }
                let mut head = Evidence { status: Some(status), ..Evidence::default() };
                head.sources.add(Source::Headers);
                head.records.push((origin, line));
                last = Some(head);
            }
            continue;
        }
        let Some((name, value)) = field(line) else {
            // Verbose lines stand between a head's.
            within &= line.starts_with(b"* ") || line.starts_with(b"{ ");
            continue;
        };
        // Some fields are a gateway's wherever they stand.
        let telling =
            name.eq_ignore_ascii_case(b"proxy-status") || name.eq_ignore_ascii_case(b"grpc-status");
        if !within && !telling {
            continue;
        }
        let head = last.get_or_insert_with(|| {
            let mut head = Evidence::default();
            head.sources.add(Source::Headers);
            head.records.push((origin, line));
            head
        });
        if name.eq_ignore_ascii_case(b"x-envoy-upstream-service-time") {
            upstream_time = Some(value);
        }
        take(name, value, origin, head);
    }
    let mut head = last?;
    let origin = Origin { source: Source::Headers, ..origin };
    conclude(upstream_time, origin, &mut head);
    Some(head)
}

/// A line of a response without the mark that `curl -v` puts in front, and that of a mail that quotes it.
pub(crate) fn unmarked(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    let marks = [&b"< "[..], b"> < "];
    marks.iter().find_map(|mark| line.strip_prefix(*mark)).unwrap_or(line)
}

/// The status of a status line; `Some(None)` where it is no answer to a request.
pub(crate) fn status_line(line: &[u8]) -> Option<Option<u16>> {
    let rest = line.strip_prefix(b"HTTP/")?;
    let (_, rest) = scan::span(rest, |byte| byte.is_ascii_digit() || byte == b'.');
    let rest = rest.strip_prefix(b" ")?;
    let status = number::status(rest.get(..3)?)?;
    matches!(rest.get(3), None | Some(b' ')).then_some(())?;
    let reason = rest.get(3..).unwrap_or_default().trim_ascii();
    let no_answer =
        status < 200 && status != 101 || reason.eq_ignore_ascii_case(b"connection established");
    Some((!no_answer).then_some(status))
}

/// A field's name and value.
pub(crate) fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (name, value) = scan::split_byte(line, b':')?;
    let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    (!name.is_empty() && name.iter().all(token)).then(|| (name, value.trim_ascii()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_among_other_lines() {
        let text = b"* Connected to a\n> GET / HTTP/1.1\n> Server: no\n>\n< HTTP/1.1 100 Continue\n\
            < HTTP/2 503 \r\n< server: envoy\r\n< x-envoy-upstream-service-time: 4\r\n<\nserver: no\n";
        let head = read_pasted(text, Origin::new(Source::Caller, 0, 1)).unwrap();
        assert_eq!(head.status, Some(503));
        assert_eq!(head.headers.server, Some(&b"envoy"[..]));
        assert_eq!(head.find(|seen| seen.sign == Sign::ServerError).unwrap().number, Some(503));
        assert_eq!(read_pasted(b"server: a\nHTTP/1.1 connection", Origin::default()), None);
        let tunnel = b"HTTP/1.1 200 Connection established\r\n\r\n";
        assert_eq!(read_pasted(tunnel, Origin::default()), None);
    }

    #[test]
    fn a_call_ends_as_its_own_status_says() {
        for (status, number) in [("0", Some(200)), ("14", None)] {
            let text = alloc::format!("HTTP/2 200\ngrpc-status: {status}\n");
            let head = read_pasted(text.as_bytes(), Origin::default()).unwrap();
            assert_eq!(head.status, number, "{status}");
        }
    }
}
