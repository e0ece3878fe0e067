//! The head of a raw HTTP/1 response: what it says, or which rule it breaks and where.

use super::fields;
use crate::evidence::{BodySignature, Bytes, Evidence, Origin, Seen, Sign, Source};
use crate::scan::number;
use crate::vocabulary::Phase;

/// How many header fields are read.
const MOST_FIELDS: usize = 128;

/// A rule of HTTP that a response breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {rule}")]
#[non_exhaustive]
pub struct Breach {
    /// What the rule demands, with its section of RFC 9112.
    pub rule: &'static str,
    /// The first byte that breaks it, counted from 0.
    pub at: usize,
}

/// Reads a response's head into evidence, and tells a body by its beginning. The origin is that of
/// the first line.
///
/// # Errors
/// The first rule that the head breaks. A head that is only cut short breaks none.
pub(crate) fn read<'a>(
    message: &'a [u8],
    origin: Origin,
    evidence: &mut Evidence<'a>,
) -> Result<(), Breach> {
    // Tools print later versions of HTTP in this form, which no peer sends.
    if message.starts_with(b"HTTP/2 ") || message.starts_with(b"HTTP/3 ") {
        if let Some(read) = fields::read_pasted(message, origin) {
            evidence.absorb(&read);
        }
        return Ok(());
    }
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let parsed = response
        .parse(message)
        .map_err(|error| Breach { rule: rule(error), at: first_error(message) })?;
    evidence.status = response.code.or(evidence.status);
    let head = Origin { source: Source::Headers, ..origin };
    let mut upstream_time = None;
    let mut length: Option<&[u8]> = None;
    let mut coded = false;
    for field in response.headers.iter() {
        let value = field.value;
        match field.name.as_bytes() {
            name if name.eq_ignore_ascii_case(b"transfer-encoding") => coded = true,
            name if name.eq_ignore_ascii_case(b"content-length") => {
                if number::whole(value).is_none() || length.is_some_and(|other| other != value) {
                    return Err(Breach {
                        rule: "Content-Length must be one decimal number (RFC 9112, section 6.3)",
                        at: place(message, value),
                    });
                }
                length = Some(value);
                evidence.headers.content_length = number::bytes(value);
            }
            name => {
                if name.eq_ignore_ascii_case(b"x-envoy-upstream-service-time") {
                    upstream_time = Some(value);
                }
                fields::take(name, value, head, evidence);
            }
        }
    }
    fields::conclude(upstream_time, head, evidence);
    if let (true, Some(length)) = (coded, length) {
        return Err(Breach {
            rule: "Content-Length must not stand beside Transfer-Encoding (RFC 9112, section 6.2)",
            at: place(message, length),
        });
    }
    if let httparse::Status::Complete(end) = parsed {
        evidence.headers.size = Some(Bytes::new(end as u64));
        let body = message.get(end..).unwrap_or_default();
        evidence.body = Some(BodySignature::of(body));
        if evidence.body == Some(BodySignature::NginxPlainToTls) {
            let quote = body.get(..body.len().min(400)).unwrap_or(body);
            let origin =
                Origin { source: Source::Body, line: line_at(message, end, origin), ..origin };
            evidence.add(Seen { quote, origin, ..Seen::new(Sign::PlainToTls) });
        }
    }
    Ok(())
}

/// Adds what a breach proves, with the bytes around the place.
pub(crate) fn add_breach<'a>(
    message: &'a [u8],
    origin: Origin,
    breach: Breach,
    evidence: &mut Evidence<'a>,
) {
    let start = breach.at.saturating_sub(20).min(message.len());
    let end = message.len().min(breach.at.saturating_add(40));
    let sign = match message.get(..5) {
        Some(b"HTTP/") => Sign::Malformed,
        _ => Sign::NoStatusLine,
    };
    let line = line_at(message, breach.at, origin);
    let origin = Origin { source: Source::Headers, line, ..origin };
    let quote = message.get(start..end).unwrap_or_default();
    let phase = Some(Phase::ResponseHeaders);
    evidence.add(Seen { phase, quote, origin, ..Seen::new(sign) });
}

/// The line of a place in a message; 0 where the message has no lines in an input.
fn line_at(message: &[u8], at: usize, origin: Origin) -> u64 {
    let before = message.get(..at).unwrap_or(message);
    match origin.line {
        0 => 0,
        first => first + memchr::memchr_iter(b'\n', before).count() as u64,
    }
}

/// Where a value stands in its message.
fn place(message: &[u8], value: &[u8]) -> usize {
    memchr::memmem::find(message, value).unwrap_or(0)
}

const fn rule(error: httparse::Error) -> &'static str {
    match error {
        httparse::Error::HeaderName => {
            "a field name must be a token, directly before its colon (RFC 9112, section 5.1)"
        }
        httparse::Error::HeaderValue => {
            "a field value must hold no control characters (RFC 9110, section 5.5)"
        }
        httparse::Error::NewLine => "a line must end with CRLF (RFC 9112, section 2.2)",
        httparse::Error::Status => {
            "a status must be three digits, then a blank (RFC 9112, section 4)"
        }
        httparse::Error::Version => {
            "a response must begin with HTTP/1.0 or HTTP/1.1 (RFC 9112, section 4)"
        }
        httparse::Error::TooManyHeaders => "more header fields than can be read (128)",
        httparse::Error::Token => {
            "a token holds a byte that is not allowed (RFC 9110, section 5.6.2)"
        }
    }
}

/// The first byte that no response can hold there: the shortest beginning that fails to parse ends
/// with it.
fn first_error(message: &[u8]) -> usize {
    let fails = |length: usize| {
        let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
        let start = message.get(..length).unwrap_or(message);
        httparse::Response::new(&mut fields).parse(start).is_err()
    };
    let (mut good, mut bad) = (0, message.len());
    while good + 1 < bad {
        let middle = good.midpoint(bad);
        if fails(middle) {
            bad = middle;
        } else {
            good = middle;
        }
    }
    bad.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Origin = Origin::new(Source::Headers, 0, 1);

    #[test]
    fn a_breach_names_its_rule_and_place() {
        for (message, at, section) in [
            (&b"SSH-2.0-OpenSSH_9.2\r\n"[..], 0, "section 4"),
            (b"HTTP/1.1 20x OK\r\n\r\n", 11, "section 4"),
            (b"HTTP/1.1 200 OK\r\nX Y: 1\r\n\r\n", 18, "section 5.1"),
            (b"HTTP/1.1 200 OK\r\nA: b\x01\r\n\r\n", 21, "section 5.5"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n", 33, "section 6.3"),
            (
                b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                33,
                "section 6.2",
            ),
        ] {
            let breach = read(message, HERE, &mut Evidence::default()).unwrap_err();
            assert_eq!(breach.at, at, "{}", message.escape_ascii());
            assert!(breach.rule.contains(section), "{breach}");
        }
    }

    #[test]
    fn a_response_is_read() {
        let message = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 120\r\nServer: nginx\r\n\
            Content-Length: 3\r\n\r\n{\"}";
        let mut evidence = Evidence::default();
        read(message, HERE, &mut evidence).unwrap();
        assert_eq!(evidence.status, Some(503));
        assert_eq!(evidence.headers.retry_after, Some(&b"120"[..]));
        assert_eq!(evidence.body, Some(BodySignature::Json));
        // A head that is cut breaks no rule.
        assert!(read(b"HTTP/1.1 503 Serv", HERE, &mut Evidence::default()).is_ok());
    }
}
