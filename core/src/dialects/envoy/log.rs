//! Envoy's own log, and what Istio makes of it.
//!
//! ```text
//! record = "[" date "][" thread "][" level "][" logger "] [" file ":" line "] " [ tags ] message
//! tags   = "[Tags: " *( DQUOTE key DQUOTE ":" DQUOTE value DQUOTE "," ) "] " / "[C" id "]" [ "[S" id "]" ] " "
//! istio  = time TAB level TAB "envoy " logger [ " " file ":" line ] TAB message [ TAB "thread=" thread ]
//! ```
//! Of exchanges it tells at the level `debug` only. A line with a stream's id is about that exchange; one
//! without is about a connection, a host or the configuration, and so about none.

use super::phrases::{self, Proves};
use super::transport::{self, Proof};
use super::{details, message, reset_words};
use crate::dialects::standard::text;
use crate::evidence::{Connection, Evidence, Origin, Seen, Sign, Source, Timestamp};
use crate::scan::{self, json, number, phrase, time};
use crate::vocabulary::{Gateway, Phase};

/// The beginning of a record.
struct Head<'a> {
    at: Timestamp,
    level: Level,
    connection: Option<u64>,
    stream: Option<u64>,
    message: &'a [u8],
}

/// How serious Envoy takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Debug,
    Info,
    Warning,
    Error,
}

impl Level {
    fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"trace" | b"debug" => Self::Debug,
            b"info" => Self::Info,
            b"warning" | b"warn" => Self::Warning,
            b"error" | b"critical" | b"fatal" => Self::Error,
            _ => return None,
        })
    }
}

impl<'a> Head<'a> {
    fn read(line: &'a [u8]) -> Option<Self> {
        let (at, level, message) = match line.first()? {
            b'[' => bracketed(line)?,
            b'0'..=b'9' => istio(line)?,
            _ => return None,
        };
        let mut head = Self { at, level, connection: None, stream: None, message };
        head.tags();
        Some(head)
    }

    /// Takes the ids off the message.
    fn tags(&mut self) {
        while let Some(inside) = self.message.strip_prefix(b"[") {
            let Some((tag, rest)) = scan::split_byte(inside, b']') else { return };
            match tag {
                [b'C', digits @ ..] if number::id(digits).is_some() => {
                    self.connection = number::id(digits);
                }
                [b'S', digits @ ..] if number::id(digits).is_some() => {
                    self.stream = number::id(digits);
                }
                _ if tag.starts_with(b"Tags: ") => {
                    let mut words = tag.split(|byte| *byte == b'"');
                    while let Some(key) = words.next() {
                        let mut value = || words.nth(1).and_then(number::id);
                        match key {
                            b"ConnectionId" => self.connection = value(),
                            b"StreamId" => self.stream = value(),
                            _ => {}
                        }
                    }
                }
                _ => return,
            }
            self.message = rest.strip_prefix(b" ").unwrap_or(rest);
        }
    }
}

/// `[date][thread][level][logger] [file:line] `; the file is missing in what some operators set, and
/// its first bracket in old versions.
fn bracketed(line: &[u8]) -> Option<(Timestamp, Level, &[u8])> {
    let (date, rest) = scan::split_byte(line.get(1..)?, b']')?;
    let (at, _) = time::iso(date)?;
    let (thread, rest) = scan::split_byte(rest.strip_prefix(b"[")?, b']')?;
    number::whole(thread)?;
    let (level, rest) = scan::split_byte(rest.strip_prefix(b"[")?, b']')?;
    let level = Level::from_name(level)?;
    let (_logger, rest) = scan::split_byte(rest.strip_prefix(b"[")?, b']')?;
    Some((at, level, after_place(rest.strip_prefix(b" ")?)))
}

/// Over `[source/common/router/router.cc:1531] `.
fn after_place(text: &[u8]) -> &[u8] {
    let Some((place, rest)) = scan::split(text, b"] ") else { return text };
    let place = place.strip_prefix(b"[").unwrap_or(place);
    let file = place.len() < 256
        && !place.contains(&b' ')
        && (scan::holds(place, b".cc:") || scan::holds(place, b".h:"));
    if file { rest } else { text }
}

/// Where Istio's record begins behind what a carrier wrote: at the time in front of the level.
pub(super) fn begins(line: &[u8]) -> Option<usize> {
    let logger = scan::find(line, b"voy ")?.checked_sub(2)?;
    let before = line.get(..logger)?.trim_ascii_end();
    let level = before.iter().rev().take_while(|byte| byte.is_ascii_lowercase()).count();
    let before = before.get(..before.len() - level)?.trim_ascii_end();
    let time = before.iter().rev().take_while(|byte| !byte.is_ascii_whitespace()).count();
    let at = before.len() - time;
    time::iso(line.get(at..)?).map(|_| at)
}

/// Whether a record goes on in the next line: headers stand below it, one in a line, in quotes.
pub(super) fn is_unfinished(record: &[u8]) -> bool {
    let dated = match record.first() {
        Some(b'[') => record.get(5) == Some(&b'-'),
        Some(b'0'..=b'9') => record.get(4) == Some(&b'-'),
        _ => false,
    };
    if !dated {
        return false;
    }
    let end = memchr::memchr(b'\n', record).unwrap_or(record.len());
    let (first, others) = record.split_at_checked(end).unwrap_or_default();
    // Each of the others begins behind a line end.
    let headed = [HEADERS, SENT].iter().any(|words| scan::holds(first, words.as_bytes()));
    headed && memchr::memchr_iter(b'\n', others).all(|at| others.get(at + 1) == Some(&b'\''))
}

/// What Envoy says when the upstream's headers are there; they follow, where the level is `debug`.
pub(super) const HEADERS: &str = "upstream headers complete: end_stream=";

/// The same of the headers that it sends to the client.
const SENT: &str = "encoding headers via codec (end_stream=";

/// The status among headers.
fn status(headers: &[u8]) -> Option<u16> {
    let (_, rest) = scan::split(headers, b"':status', '")?;
    number::status(rest.get(..3)?)
}

/// The same, where it is a server error.
fn server_error(headers: &[u8]) -> Option<Proof> {
    let status = status(headers).filter(|status| *status >= 500)?;
    Some(Proof { number: Some(u32::from(status)), ..Proof::new(Sign::ServerError, None) })
}

fn istio(line: &[u8]) -> Option<(Timestamp, Level, &[u8])> {
    let (at, rest) = time::iso(line)?;
    let rest = rest.trim_ascii_start();
    let (level, rest) = scan::span(rest, |byte| byte.is_ascii_alphabetic());
    let level = Level::from_name(level)?;
    let rest = rest.trim_ascii_start();
    // The agent speaks of Envoy without naming a logger.
    if rest.starts_with(b"Envoy proxy is ") {
        return Some((at, level, rest));
    }
    let rest = rest.strip_prefix(b"envoy ")?;
    let (_logger, rest) = scan::span(rest, |byte| !byte.is_ascii_whitespace());
    let rest = rest.trim_ascii_start();
    let (place, behind) = scan::span(rest, |byte| !byte.is_ascii_whitespace());
    let file = scan::holds(place, b".cc:") || scan::holds(place, b".h:");
    let message = if file { behind.trim_ascii_start() } else { rest };
    let thread = scan::rfind(message, b"\tthread=").and_then(|at| message.get(..at));
    Some((at, level, thread.unwrap_or(message)))
}

/// Reads a record. False, and nothing read, where the line is none.
pub(super) fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let Some(head) = Head::read(record) else { return false };
    fill(&head, record, origin, evidence);
    true
}

fn fill<'a>(head: &Head<'a>, record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
    let origin = Origin { source: Source::ErrorLog, ..origin };
    evidence.gateway = Some(Gateway::Envoy);
    evidence.sources.add(Source::ErrorLog);
    evidence.records.push((origin, record));
    evidence.at = Some(head.at);
    // A stream's id is one of all of them; that of its connection is a process's.
    evidence.connection = head.stream.map(|number| Connection { process: 0, number });
    evidence.event = head.stream.is_none();
    if head.message.starts_with(SENT.as_bytes()) {
        evidence.status = status(head.message);
    }
    let proofs = message(head.message);
    let quote = quoted(head.message);
    match proofs {
        Some(proofs) => {
            for Proof { sign, phase, number } in proofs.into_iter().flatten() {
                evidence.add(Seen { phase, number, quote, origin, ..Seen::new(sign) });
            }
            if evidence.signs.is_empty() {
                evidence.add(Seen { quote, origin, ..Seen::new(Sign::Harmless) });
            }
        }
        None => {
            let sign = if head.level >= Level::Error { Sign::Unrecognized } else { Sign::Harmless };
            evidence.add(Seen { quote, origin, ..Seen::new(sign) });
        }
    }
}

/// Reads a record of Istio's log in JSON: `{"level":"warning","time":"…","scope":"envoy config","msg":"…"}`.
pub(super) fn read_json<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    if !scan::holds(line, b"\"scope\":\"envoy ") {
        return false;
    }
    let (mut at, mut level, mut text) = (None, Level::Info, None);
    json::each(line, |_, key, value| match key {
        b"time" => at = time::any(value),
        b"level" => level = Level::from_name(value).unwrap_or(level),
        b"msg" => text = Some(value),
        _ => {}
    });
    let (Some(at), Some(text)) = (at, text) else { return false };
    let mut head = Head { at, level, connection: None, stream: None, message: text };
    head.tags();
    fill(&head, line, origin, evidence);
    true
}

fn quoted(message: &[u8]) -> &[u8] {
    const MOST: usize = 400;
    message.get(..MOST).unwrap_or(message)
}

/// What a message proves; `None` where the table does not know it.
pub(super) fn message(text: &[u8]) -> Option<[Option<Proof>; 2]> {
    let begins = phrase::longest_prefix(text, phrases::PHRASES, |each| each.text.as_bytes());
    let phrase = match begins {
        Some(at) => phrases::PHRASES.get(at)?,
        // A type's or a cluster's name stands in front.
        None => phrases::INFIXES.iter().find(|each| scan::holds(text, each.text.as_bytes()))?,
    };
    let rest = scan::find(text, phrase.text.as_bytes())
        .and_then(|at| text.get(at + phrase.text.len()..))
        .unwrap_or_default();
    let one = |proof: Proof| Some([Some(proof), None]);
    match phrase.proves {
        Proves::Is(sign, phase) => one(Proof::new(sign, phase)),
        Proves::Reset => Some(reset_words(rest)),
        Proves::Details => Some(details::read(rest, false, false).unwrap_or_default().proofs),
        Proves::Transport => {
            let whole = transport::read(text).or_else(|| transport::read(rest));
            Some([whole, None])
        }
        Proves::Codec => one(codec(rest)),
        Proves::Headers => Some([server_error(rest), None]),
        Proves::ConfigStream => Some([config_stream(rest), None]),
    }
}

/// Why the stream that brings the configuration ended: `to xds-grpc closed since 46s ago: 14, no healthy
/// upstream`. It is about no exchange, so that whatever tells of one decides before it; a stream that
/// ends without a word is begun anew.
fn config_stream(rest: &[u8]) -> Option<Proof> {
    let (_, rest) = scan::split(rest, b"closed")?;
    let (_, rest) = scan::split(rest, b": ")?;
    let (_, words) = scan::split(rest, b", ")?;
    let proof = message::own(words).or_else(|| {
        let (sign, phase, number) = text::sign_of(words, None)?;
        Some(Proof { sign, phase, number })
    })?;
    let phase = proof.phase.or(proof.sign.phase())?;
    let sign = match phase {
        Phase::Select => Sign::OutOfTurn,
        _ => Sign::Thereby,
    };
    Some(Proof { sign, phase: Some(phase), number: None })
}

/// What a codec says of the upstream's response.
fn codec(words: &[u8]) -> Proof {
    let says = |part: &[u8]| scan::holds(words, part);
    if says(b"headers size exceeds") || says(b"headers count exceeds") || says(b"too many headers")
    {
        Proof::new(Sign::HeaderTooLarge, None)
    } else if says(b"INVALID_EOF_STATE") {
        // The connection ended within the body.
        Proof::new(Sign::Closed, Some(Phase::ResponseBody))
    } else if says(b"extraneous data after") {
        Proof::new(Sign::Surplus, None)
    } else if says(b"trailers ") || says(b"CHUNK") || says(b"chunk") {
        Proof::new(Sign::BodyMalformed, None)
    } else if says(b"HPE_INVALID_CONSTANT") || says(b"HPE_INVALID_VERSION") {
        Proof::new(Sign::NoStatusLine, None)
    } else {
        Proof::new(Sign::Malformed, Some(Phase::ResponseHeaders))
    }
}
