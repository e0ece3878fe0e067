//! The piece of evidence that a tell rests on, as a position: a report looks it up and quotes it.

use core::fmt;

use super::Case;
use crate::evidence::{Attempt, Bytes, Millis};

/// Which piece of evidence a tell rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// A sign, by its place in the evidence.
    Sign(u8),
    /// The status that the client got.
    Status(u16),
    /// The upstream's address in the deciding attempt.
    Address,
    /// How many attempts there were.
    Attempts(u8),
    /// A part of the exchange took so long.
    Took(&'static str, Millis),
    /// A time reached a limit; the flag says that the limit is the gateway's default, not told.
    ReachedLimit(Millis, Millis, bool),
    /// A size.
    Size(&'static str, Bytes),
    /// A response header that was there.
    Header(&'static str),
    /// What the client asked for.
    Request,
    /// Something that the evidence shows in another way.
    Shown(&'static str),
}

impl Fact {
    /// The fact in words, with what the evidence says.
    pub(crate) fn show<'a>(self, case: &'a Case<'a>) -> Shown<'a> {
        Shown { fact: self, case }
    }
}

/// A fact, ready to print. Text from outside is printed raw: the report escapes it.
pub(crate) struct Shown<'a> {
    fact: Fact,
    case: &'a Case<'a>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let evidence = self.case.evidence;
        match self.fact {
            Fact::Sign(at) => match evidence.signs.get(usize::from(at)) {
                Some(seen) if !seen.quote.is_empty() => write!(f, "\"{}\"", lossy(seen.quote)),
                Some(seen) => f.write_str(seen.sign.id()),
                None => Ok(()),
            },
            Fact::Status(status) => write!(f, "status {status}"),
            Fact::Address => {
                let address = self.case.attempt().and_then(|attempt: &Attempt<'_>| attempt.address);
                write!(f, "upstream {}", lossy(address.unwrap_or(b"-")))
            }
            Fact::Attempts(1) => f.write_str("one attempt"),
            Fact::Attempts(count) => write!(f, "{count} attempts"),
            Fact::Took(what, time) => write!(f, "{what} {time}"),
            Fact::ReachedLimit(time, limit, true) => {
                write!(f, "{time}, the default limit is {limit}")
            }
            Fact::ReachedLimit(time, limit, false) => write!(f, "{time}, the limit is {limit}"),
            Fact::Size(what, size) => write!(f, "{what} {size}"),
            Fact::Header(name) => f.write_str(name),
            Fact::Request => {
                let method = lossy(evidence.request.method.unwrap_or(b""));
                let path = lossy(evidence.request.path.unwrap_or(b"-"));
                write!(f, "{method} {path}")
            }
            Fact::Shown(what) => f.write_str(what),
        }
    }
}

/// Bytes as text, with a mark for what is not UTF-8.
pub(crate) fn lossy(bytes: &[u8]) -> impl fmt::Display + '_ {
    struct Lossy<'a>(&'a [u8]);
    impl fmt::Display for Lossy<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            for chunk in self.0.utf8_chunks() {
                f.write_str(chunk.valid())?;
                if !chunk.invalid().is_empty() {
                    f.write_str("\u{fffd}")?;
                }
            }
            Ok(())
        }
    }
    Lossy(bytes)
}
