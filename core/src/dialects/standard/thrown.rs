//! An error as JavaScript throws it, in JSON: the members that Node, undici and browsers give it, with
//! what it follows from inside.
//!
//! ```text
//! {"name":"TypeError","message":"fetch failed",
//!  "cause":{"code":"ECONNREFUSED","syscall":"connect","address":"127.0.0.1","port":3000}}
//! ```
//!
//! Of a chain the innermost tells most; where an outer one says that the body was under way, what
//! ended ended it. An `AggregateError` has one in `errors` for each address that was tried.

use super::text;
use super::words::Hit;
use crate::evidence::{Attempt, Evidence, Origin, Seen, Sign, Source};
use crate::scan;
use crate::scan::json::{self, Value};
use crate::vocabulary::Phase;

/// How many errors of a chain are looked at.
const MOST: usize = 16;

/// Reads such an object; `None` where it is another.
pub(crate) fn read(object: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    Thrown::of(object).is_one().then(|| evidence(object, origin))
}

/// The evidence of an object that is known to be one.
pub(crate) fn evidence(object: &[u8], origin: Origin) -> Evidence<'_> {
    let outer = Thrown::of(object);
    let source = match origin.source {
        Source::Caller => Source::ErrorLog,
        told => told,
    };
    let origin = Origin { source, ..origin };
    let mut chain = Chain { deciding: None, address: None, within: None, left: MOST };
    chain.follow(&outer);
    let mut evidence = Evidence::default();
    evidence.sources.add(source);
    evidence.records.push((origin, object));
    if let Some(address) = chain.address {
        evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
    }
    let attempt = chain.address.map(|_| 0);
    let seen = match chain.deciding {
        Some(said) => Seen {
            phase: said.phase,
            number: said.number,
            quote: said.quote,
            ..Seen::new(said.sign)
        },
        // It failed, and nothing says how: `Failed to fetch`.
        None => Seen { quote: outer.message.unwrap_or(object), ..Seen::new(Sign::Failed) },
    };
    evidence.add(Seen { attempt, origin, ..seen });
    evidence
}

/// The members of one error.
#[derive(Clone, Copy, Debug, Default)]
struct Thrown<'a> {
    name: Option<&'a [u8]>,
    message: Option<&'a [u8]>,
    code: Option<&'a [u8]>,
    syscall: Option<&'a [u8]>,
    address: Option<&'a [u8]>,
    hostname: Option<&'a [u8]>,
    stack: Option<&'a [u8]>,
    cause: Option<Value<'a>>,
    errors: &'a [u8],
}

/// What an error says.
#[derive(Clone, Copy, Debug)]
struct Said<'a> {
    sign: Sign,
    phase: Option<Phase>,
    number: Option<u32>,
    /// Whether it holds only where nothing closer is said.
    general: bool,
    quote: &'a [u8],
}

impl Said<'_> {
    /// How closely it tells.
    fn close(&self) -> (bool, bool, u8) {
        (!self.general, self.phase.is_some(), self.sign.telling())
    }
}

impl<'a> Thrown<'a> {
    fn of(object: &'a [u8]) -> Self {
        let mut thrown = Self::default();
        for (key, value) in json::members(object) {
            let text = match value {
                Value::Text(text) if !text.is_empty() => Some(text),
                _ => None,
            };
            match key {
                b"name" => thrown.name = text,
                b"message" => thrown.message = text,
                b"code" => thrown.code = text,
                b"syscall" => thrown.syscall = text,
                b"address" => thrown.address = text,
                b"hostname" => thrown.hostname = text,
                b"stack" => thrown.stack = text,
                b"cause" => thrown.cause = Some(value),
                b"errors" => {
                    if let Value::Array(array) = value {
                        thrown.errors = array;
                    }
                }
                _ => {}
            }
        }
        thrown
    }

    /// Whether the members are those of an error, and not of whatever else has a message and a code.
    fn is_one(&self) -> bool {
        let ends = |name: &[u8]| name.ends_with(b"Error") || name.ends_with(b"Exception");
        let inner = matches!(self.cause, Some(Value::Object(_)));
        self.name.is_some_and(ends)
            || (self.code.is_some() && self.syscall.is_some())
            || ((self.message.is_some() || self.code.is_some()) && (inner || self.stack.is_some()))
    }

    /// What it says by itself: its code or its words, whichever tells more closely. `within` is the
    /// phase that an outer error names.
    fn says(&self, within: Option<Phase>) -> Option<Said<'a>> {
        let here = match self.syscall {
            None => None,
            Some(b"connect") => Some(Phase::Connect),
            Some(b"getaddrinfo") => Some(Phase::Resolve),
            Some(call) if call.starts_with(b"query") => Some(Phase::Resolve),
            Some(b"read" | b"recv" | b"recvmsg") => Some(Phase::ResponseHeaders),
            Some(b"write" | b"writev" | b"send" | b"sendmsg" | b"shutdown") => Some(Phase::Request),
            // A file's, or that of a server at its start.
            Some(_) => return None,
        };
        let here = within.or(here);
        let first_line = |stack: &'a [u8]| {
            let end = scan::find(stack, br"\n").unwrap_or(stack.len());
            stack.get(..end).unwrap_or(stack)
        };
        let words = self.message.or_else(|| self.stack.map(first_line));
        let said = [self.code, words].into_iter().flatten().filter_map(|quote| {
            let Hit { sign, phase, number, general, .. } = text::hit_within(quote, here)?;
            Some(Said { sign, phase, number, general, quote })
        });
        // Of equal ones the first.
        let closest = said.rev().max_by_key(Said::close);
        // Its name may say that whoever made the request ended it.
        let own = self.name.filter(|name| matches!(*name, b"AbortError" | b"CanceledError"));
        let gone = |quote| Said {
            sign: Sign::ClientGone,
            phase: None,
            number: None,
            general: false,
            quote,
        };
        closest.or_else(|| own.map(gone))
    }
}

/// What the errors of a chain say together.
struct Chain<'a> {
    deciding: Option<Said<'a>>,
    address: Option<&'a [u8]>,
    /// The phase that an outer one names, where it holds for all that is inside.
    within: Option<Phase>,
    /// How many more are looked at.
    left: usize,
}

impl<'a> Chain<'a> {
    fn follow(&mut self, thrown: &Thrown<'a>) {
        let mut next = Some(*thrown);
        while let Some(thrown) = next.take() {
            self.left = match self.left.checked_sub(1) {
                Some(left) => left,
                None => return,
            };
            self.take(&thrown);
            for item in json::items(thrown.errors) {
                if let (Value::Object(object), 1..) = (item, self.left) {
                    self.left -= 1;
                    self.take(&Thrown::of(object));
                }
            }
            next = match thrown.cause {
                Some(Value::Object(object)) => Some(Thrown::of(object)),
                Some(Value::Text(text)) => {
                    Some(Thrown { message: Some(text), ..Thrown::default() })
                }
                _ => None,
            };
        }
    }

    fn take(&mut self, thrown: &Thrown<'a>) {
        self.address = address(thrown).or(self.address);
        let Some(said) = thrown.says(self.within) else { return };
        if said.phase == Some(Phase::ResponseBody) {
            self.within = said.phase;
        }
        let closer = self.deciding.is_none_or(|outer| said.close() >= outer.close());
        if closer {
            self.deciding = Some(said);
        }
    }
}

/// The address that was tried: with its port where the message names both.
fn address<'a>(thrown: &Thrown<'a>) -> Option<&'a [u8]> {
    let Some(host) = thrown.address else { return thrown.hostname };
    let with_port = thrown.message.and_then(|message| {
        let at = scan::find(message, host)?;
        let (port, _) = scan::span(message.get(at + host.len()..)?, |byte| {
            byte == b':' || byte.is_ascii_digit()
        });
        message.get(at..at + host.len() + port.len())
    });
    with_port.or(Some(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::classify;
    use crate::vocabulary::Fault;

    fn fault(object: &str) -> Option<Fault> {
        let read = read(object.as_bytes(), Origin::default())?;
        Some(classify(&read).fault)
    }

    #[test]
    fn the_innermost_tells_most() {
        for (object, expected) in [
            (
                r#"{"name":"TypeError","message":"fetch failed","cause":{"code":"ECONNREFUSED","syscall":"connect","address":"127.0.0.1","port":3000}}"#,
                Fault::ConnectRefused,
            ),
            (r#"{"errno":-110,"code":"ETIMEDOUT","syscall":"connect"}"#, Fault::ConnectTimeout),
            (r#"{"errno":-110,"code":"ETIMEDOUT","syscall":"read"}"#, Fault::ResponseTimeout),
            (
                r#"{"code":"ENOTFOUND","syscall":"getaddrinfo","hostname":"cart"}"#,
                Fault::DnsNotFound,
            ),
            (r#"{"code":"EAI_AGAIN","syscall":"getaddrinfo","hostname":"cart"}"#, Fault::DnsFailed),
            (
                r#"{"name":"TypeError","message":"fetch failed","cause":{"name":"SocketError","message":"other side closed","code":"UND_ERR_SOCKET"}}"#,
                Fault::ResponseClosed,
            ),
            (
                r#"{"name":"TypeError","message":"terminated","cause":{"name":"SocketError","message":"other side closed","code":"UND_ERR_SOCKET"}}"#,
                Fault::BodyTruncated,
            ),
            (
                r#"{"name":"TypeError","message":"fetch failed","cause":{"message":"Client network socket disconnected before secure TLS connection was established","code":"ECONNRESET"}}"#,
                Fault::TlsHandshakeFailed,
            ),
            (
                r#"{"name":"TypeError","message":"fetch failed","cause":{"name":"AggregateError","code":"ECONNREFUSED","message":"","errors":[{"code":"ECONNREFUSED","syscall":"connect","address":"::1","port":3000},{"code":"ECONNREFUSED","syscall":"connect","address":"127.0.0.1","port":3000}]}}"#,
                Fault::ConnectRefused,
            ),
            (
                r#"{"name":"Error","message":"upstream","cause":"connect ECONNREFUSED 10.0.0.3:80"}"#,
                Fault::ConnectRefused,
            ),
            (
                r#"{"name":"AbortError","message":"signal is aborted without reason"}"#,
                Fault::ClientClosed,
            ),
            (r#"{"name":"AbortError","message":"gone","code":20}"#, Fault::ClientClosed),
            (r#"{"name":"TypeError","message":"Failed to fetch"}"#, Fault::Unknown),
            (
                r#"{"name":"TypeError","message":"x.y is not a function","stack":"TypeError: x.y"}"#,
                Fault::Unknown,
            ),
        ] {
            assert_eq!(fault(object), Some(expected), "{object}");
        }
    }

    #[test]
    fn what_is_no_error_is_not_read() {
        for object in [
            r#"{"message":"connect ECONNREFUSED","code":500}"#,
            r#"{"name":"ECONNREFUSED"}"#,
            r#"{"code":"ECONNREFUSED"}"#,
            r#"{"cause":{"code":"ECONNREFUSED"}}"#,
            "{}",
            "[]",
        ] {
            assert_eq!(fault(object), None, "{object}");
        }
    }

    #[test]
    fn the_address_has_its_port_where_the_words_name_it() {
        let tried = |message: &str| {
            let object = alloc::format!(
                r#"{{"message":"{message}","code":"ECONNREFUSED","syscall":"connect","address":"10.0.0.3","port":80}}"#
            );
            let read = read(object.as_bytes(), Origin::default()).unwrap();
            read.last_attempt().unwrap().address.unwrap().to_vec()
        };
        assert_eq!(tried("connect ECONNREFUSED 10.0.0.3:80"), b"10.0.0.3:80");
        assert_eq!(tried("no"), b"10.0.0.3");
    }

    #[test]
    fn a_chain_is_followed_so_far() {
        let deep = [r#"{"name":"Error","cause":"#.repeat(5000), "}".repeat(5000)].concat();
        assert_eq!(fault(&deep), Some(Fault::Unknown));
    }
}
