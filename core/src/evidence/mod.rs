//! What was seen of one upstream exchange: facts with their origin, and no judgement.

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod attempt;
mod body;
mod list;
mod origin;
mod quantity;
mod sign;
mod timestamp;

pub use attempt::{Attempt, Protocol};
pub use body::BodySignature;
pub use list::List;
pub use origin::{Origin, Source, Sources};
pub use quantity::{Bytes, Millis};
pub use sign::{Seen, Sign};
pub use timestamp::Timestamp;

use crate::vocabulary::Gateway;

/// How many signs one exchange keeps; when full, the least telling goes.
pub const MOST_SIGNS: usize = 8;
/// How many records one exchange keeps: the first ones and the last.
pub const MOST_RECORDS: usize = 4;
/// How many attempts one exchange keeps: the first ones and the last.
pub const MOST_ATTEMPTS: usize = 4;

/// What is known about one exchange. Text is borrowed from the input and may hold any bytes.
///
/// Built by a dialect from a log record, or with [`Evidence::builder`] from facts at hand.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Evidence<'a> {
    /// Who reported it.
    pub gateway: Option<Gateway>,
    /// Whether it is about the gateway, or a member of an upstream group, and about no exchange: a
    /// failed start, a server that was marked down.
    pub event: bool,
    /// When; for an access log the end of the exchange, for an error log the moment of failure.
    pub at: Option<Timestamp>,
    /// Whether that is when the exchange began, and how long it took is not told (Apache's `%t`).
    pub begun: bool,
    /// The status that the client got; nginx's 499 and its like included, which were never sent.
    pub status: Option<u16>,
    /// What was asked for.
    pub request: Request<'a>,
    /// The client's address, without port.
    pub client: Option<&'a [u8]>,
    /// The client connection that carried it: joins the records of one exchange.
    pub connection: Option<Connection>,
    /// The upstream group, cluster or pool.
    pub cluster: Option<&'a [u8]>,
    /// What the gateway speaks to the upstream.
    pub protocol: Option<Protocol>,
    /// Each upstream attempt, in order; the last one's outcome is what the client got.
    pub attempts: List<Attempt<'a>, MOST_ATTEMPTS>,
    /// Whether an access record told about upstream attempts at all: then "none" is a fact.
    pub upstream_told: bool,
    /// How long each part of the exchange took.
    pub timings: Timings,
    /// The gateway's limits, where they are known.
    pub limits: Limits,
    /// The response's headers that matter.
    pub headers: Headers<'a>,
    /// Bytes of body that were sent to the client.
    pub body_sent: Option<Bytes>,
    /// Whether the upstream connection had served a request before.
    pub reused: Option<bool>,
    /// Whether the response was sent to its end (nginx's `$request_completion`).
    pub complete: Option<bool>,
    /// Whether the upstream answered at all, where the gateway says so beside the status.
    pub answered: Option<bool>,
    /// What a response body looks like.
    pub body: Option<BodySignature>,
    /// What is proved, each with the bytes that prove it.
    pub signs: List<Seen<'a>, MOST_SIGNS>,
    /// The kinds of record that this was read from.
    pub sources: Sources,
    /// The records that this was read from, for a quote where no sign has one.
    pub records: List<(Origin, &'a [u8]), MOST_RECORDS>,
}

/// What the client asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request<'a> {
    /// `GET`, `POST` …
    pub method: Option<&'a [u8]>,
    /// Host and port, from the Host header or `:authority`.
    pub authority: Option<&'a [u8]>,
    /// Path and query.
    pub path: Option<&'a [u8]>,
    /// The request id that the gateway logs or passes on.
    pub id: Option<&'a [u8]>,
    /// Whether the client asked to switch protocols (`Upgrade`).
    pub upgrade: bool,
}

/// The client connection an exchange came on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Connection {
    /// The gateway's process, 0 where it is not told.
    pub process: u32,
    /// The connection's number within the process.
    pub number: u64,
}

/// How long each part took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// Looking up the upstream's name.
    pub resolve: Option<Millis>,
    /// Making the connection; for nginx the TLS handshake included.
    pub connect: Option<Millis>,
    /// The TLS handshake alone.
    pub tls: Option<Millis>,
    /// From the start of the exchange to the first byte of the response.
    pub first_byte: Option<Millis>,
    /// The whole exchange.
    pub total: Option<Millis>,
}

/// Limits that the gateway holds the upstream to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// For making a connection.
    pub connect: Option<Millis>,
    /// For the response: to its headers, or between two reads.
    pub response: Option<Millis>,
    /// For sending the request: between two writes.
    pub send: Option<Millis>,
    /// How long an idle upstream connection is kept.
    pub idle: Option<Millis>,
    /// The buffer for the response's headers.
    pub header: Option<Bytes>,
}

/// Response headers that tell something about a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Headers<'a> {
    /// `Retry-After`, a date or seconds.
    pub retry_after: Option<&'a [u8]>,
    /// `Server`.
    pub server: Option<&'a [u8]>,
    /// `Via`.
    pub via: Option<&'a [u8]>,
    /// `Proxy-Status` (RFC 9209).
    pub proxy_status: Option<&'a [u8]>,
    /// `Content-Type`.
    pub content_type: Option<&'a [u8]>,
    /// `Content-Length` in bytes.
    pub content_length: Option<Bytes>,
    /// `grpc-status`.
    pub grpc_status: Option<&'a [u8]>,
    /// How large the header section was.
    pub size: Option<Bytes>,
}

impl<'a> Evidence<'a> {
    /// Adds a sign. An equal one is merged; when eight are there, the least telling goes, and the
    /// list counts what it dropped.
    pub fn add(&mut self, seen: Seen<'a>) {
        let same = |old: &&mut Seen<'a>| {
            old.sign == seen.sign && old.phase == seen.phase && old.attempt == seen.attempt
        };
        if let Some(old) = self.signs.iter_mut().find(same) {
            *old = seen;
            return;
        }
        if self.signs.is_full() {
            let least = (0..self.signs.len())
                .min_by_key(|at| self.signs.get(*at).map_or(0, |old| old.sign.telling()));
            match least.and_then(|at| self.signs.get(at).map(|old| (at, old.sign.telling()))) {
                Some((at, telling)) if telling <= seen.sign.telling() => self.signs.remove(at),
                _ => return self.signs.drop_one(),
            }
        }
        self.signs.push(seen);
    }

    /// Whether any sign says this.
    #[must_use]
    pub fn has(&self, sign: Sign) -> bool {
        self.find(|seen| seen.sign == sign).is_some()
    }

    /// Whether the gateway's host ran out of this, or it is not told of what.
    pub(crate) fn lacked(&self, shortage: Sign) -> bool {
        self.has(shortage) || self.find(|seen| seen.sign.is_shortage()).is_none()
    }

    /// The first sign that fits.
    pub fn find(&self, fits: impl Fn(&Seen<'a>) -> bool) -> Option<&Seen<'a>> {
        self.signs.iter().find(|seen| fits(seen))
    }

    /// How much is told: a number that grows with signs, their phases, and fields.
    pub(crate) fn told(&self) -> usize {
        let signs: usize = self
            .signs
            .iter()
            .map(|seen| {
                usize::from(seen.sign.telling())
                    + usize::from(seen.phase.is_some()) * 4
                    + usize::from(seen.number.is_some()) * 2
            })
            .sum();
        signs
            + usize::from(self.client.is_some())
            + usize::from(self.request.path.is_some())
            + usize::from(self.request.authority.is_some())
            + self.attempts.len()
    }

    /// The attempt whose outcome the client got.
    #[must_use]
    pub fn last_attempt(&self) -> Option<&Attempt<'a>> {
        self.attempts.last()
    }

    /// Takes in what another record of the same exchange says. Of two values the access log's
    /// stands, because it was written last; signs and attempts are put together.
    pub fn absorb(&mut self, later: &Evidence<'a>) {
        fn fill<T: Copy>(here: &mut Option<T>, there: Option<T>) {
            if here.is_none() {
                *here = there;
            }
        }
        let ends = later.sources.has(Source::AccessLog) && !self.sources.has(Source::AccessLog);
        if ends || self.status.is_none() {
            self.status = later.status.or(self.status);
        }
        if self.at.is_none() || ends || later.at > self.at {
            self.at = later.at.or(self.at);
        }
        // An error log's words name their gateway; several write the same access log.
        if later.sources.has(Source::ErrorLog) && !self.sources.has(Source::ErrorLog) {
            self.gateway = later.gateway.or(self.gateway);
        }
        fill(&mut self.gateway, later.gateway);
        fill(&mut self.request.method, later.request.method);
        fill(&mut self.request.authority, later.request.authority);
        fill(&mut self.request.path, later.request.path);
        fill(&mut self.request.id, later.request.id);
        self.request.upgrade |= later.request.upgrade;
        self.event &= later.event;
        fill(&mut self.client, later.client);
        fill(&mut self.connection, later.connection);
        fill(&mut self.cluster, later.cluster);
        fill(&mut self.protocol, later.protocol);
        self.absorb_attempts(later);
        fill(&mut self.timings.resolve, later.timings.resolve);
        fill(&mut self.timings.connect, later.timings.connect);
        fill(&mut self.timings.tls, later.timings.tls);
        fill(&mut self.timings.first_byte, later.timings.first_byte);
        fill(&mut self.timings.total, later.timings.total);
        fill(&mut self.limits.connect, later.limits.connect);
        fill(&mut self.limits.response, later.limits.response);
        fill(&mut self.limits.send, later.limits.send);
        fill(&mut self.limits.idle, later.limits.idle);
        fill(&mut self.limits.header, later.limits.header);
        fill(&mut self.headers.retry_after, later.headers.retry_after);
        fill(&mut self.headers.server, later.headers.server);
        fill(&mut self.headers.via, later.headers.via);
        fill(&mut self.headers.proxy_status, later.headers.proxy_status);
        fill(&mut self.headers.content_type, later.headers.content_type);
        fill(&mut self.headers.content_length, later.headers.content_length);
        fill(&mut self.headers.grpc_status, later.headers.grpc_status);
        fill(&mut self.headers.size, later.headers.size);
        fill(&mut self.body_sent, later.body_sent);
        fill(&mut self.reused, later.reused);
        fill(&mut self.complete, later.complete);
        fill(&mut self.answered, later.answered);
        fill(&mut self.body, later.body);
        for record in later.records.iter() {
            self.records.push(*record);
        }
        self.sources.join(later.sources);
    }

    /// Whether a record is the next one of the same connection at the same moment: nobody tries an
    /// upstream twice so soon.
    fn goes_on_in(&self, later: &Evidence<'_>) -> bool {
        const SOON: i64 = 1_000;
        self.connection.is_some()
            && self.connection == later.connection
            && later.at.zip(self.at).is_some_and(|(at, before)| at.since(before).abs() <= SOON)
    }

    /// An access record lists every attempt; an error record knows one. The list wins, and the
    /// signs of error records are set to the attempts that they speak of, in order.
    fn absorb_attempts(&mut self, later: &Evidence<'a>) {
        let listed = later.upstream_told && !self.upstream_told;
        if listed {
            self.attempts = later.attempts;
            self.upstream_told = true;
        }
        let mut here = None;
        if !listed && !self.upstream_told {
            for attempt in later.attempts.iter() {
                // Two lines about one attempt name the same upstream one after the other; what only
                // follows is about the attempt that it follows.
                let notes = later.signs.iter().all(|seen| seen.sign.telling() <= Sign::NOTE);
                let repeats = self.attempts.last().is_some_and(|last| {
                    let same = last.address == attempt.address;
                    later.has(Sign::Thereby) || (same && (notes || self.goes_on_in(later)))
                });
                if !repeats {
                    self.attempts.push(*attempt);
                }
            }
            here = self.attempts.len().checked_sub(1);
        }
        for seen in later.signs.iter() {
            let mut seen = *seen;
            seen.attempt = here.and_then(|at| u8::try_from(at).ok()).or(seen.attempt);
            self.add(seen);
        }
    }
}
