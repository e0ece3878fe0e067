//! What a tell may look at: one exchange, its fault, and questions that several causes ask.

use super::{Clue, Clues, Fact};
use crate::dialects;
use crate::evidence::{Attempt, Evidence, Millis, Protocol, Seen, Sign, Source};
use crate::scan::{self, number};
use crate::vocabulary::{Fault, Phase};

/// One exchange and what was decided of it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Case<'a> {
    /// The facts.
    pub evidence: &'a Evidence<'a>,
    /// What failed.
    pub fault: Fault,
    /// What is there, a bit each: most questions are about something that is not.
    clues: Clues,
    /// How long it took, the upstream's port, and where it is: many tells ask for them.
    took: Option<Millis>,
    port: Option<u16>,
    place: Place,
    /// The name that could not be resolved.
    unresolved: Option<(&'a [u8], Fact)>,
}

/// Ports that mostly speak one protocol: HTTP, HTTPS, FastCGI and gRPC.
const KNOWN_PORTS: [u16; 6] = [80, 443, 8080, 8443, 9000, 50051];

/// The connection ended before the response was whole, whichever side of its headers.
pub(super) const CUT_SHORT: &[Fault] = &[
    Fault::ResponseTerminated,
    Fault::ResponseClosed,
    Fault::ResponseReset,
    Fault::BodyTruncated,
    Fault::BodyFailed,
];

/// Where an upstream is, by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// There is no address.
    Unknown,
    /// A Unix socket.
    Socket,
    /// The gateway's own host: 127.0.0.0/8, ::1, localhost.
    Loopback,
    /// A private network: 10.0.0.0/8, 192.168.0.0/16.
    Private,
    /// The range that container bridges hand out: 172.16.0.0/12.
    Container,
    /// Another IPv6 address.
    Ipv6,
    /// Another address or a name.
    Elsewhere,
}

impl Place {
    fn of(address: &[u8]) -> Self {
        match address {
            [b'u', b'n', b'i', b'x', b':', ..] | [b'/', ..] => Self::Socket,
            [b'1', b'2', b'7', b'.', ..] | [b'[', b':', b':', b'1', b']', ..] => Self::Loopback,
            [b'l', ..] if address.starts_with(b"localhost") => Self::Loopback,
            [b'1', b'0', b'.', ..] | [b'1', b'9', b'2', b'.', b'1', b'6', b'8', b'.', ..] => {
                Self::Private
            }
            [b'1', b'7', b'2', b'.', b'1', b'6'..=b'9', b'.', ..]
            | [b'1', b'7', b'2', b'.', b'2', b'0'..=b'9', b'.', ..]
            | [b'1', b'7', b'2', b'.', b'3', b'0' | b'1', b'.', ..] => Self::Container,
            [b'[', ..] => Self::Ipv6,
            _ => Self::Elsewhere,
        }
    }
}

impl<'a> Case<'a> {
    /// A case.
    #[must_use]
    pub fn new(evidence: &'a Evidence<'a>, fault: Fault) -> Self {
        let attempt = evidence.last_attempt();
        let address = attempt.and_then(|attempt| attempt.address);
        let mut case = Self {
            evidence,
            fault,
            clues: Clues::EVERY,
            took: attempt.and_then(|attempt| attempt.total).or(evidence.timings.total),
            port: address.and_then(port),
            place: address.map_or(Place::Unknown, Place::of),
            unresolved: None,
        };
        if fault.phase() == Phase::Resolve {
            case.unresolved = case.find_unresolved();
        }
        case.clues = case.find_clues();
        case
    }

    /// What is there.
    pub(super) const fn clues(&self) -> Clues {
        self.clues
    }

    fn find_clues(&self) -> Clues {
        let evidence = self.evidence;
        let mut clues = Clues::EVERY;
        let mut quoted = false;
        for seen in evidence.signs.iter() {
            clues = clues.with_sign(seen.sign);
            quoted |= !seen.quote.is_empty();
        }
        clues = clues.with_if(Clue::Words, quoted);
        // The others lead to tells; a build that is to be small asks them all.
        if !cfg!(feature = "prose") {
            return clues;
        }
        let stalled = self.fault == Fault::TlsHandshakeFailed && clues.has_sign(Sign::TimedOut);
        let place = match self.place {
            Place::Unknown => quoted.then_some(Clue::Socket),
            Place::Socket => Some(Clue::Socket),
            Place::Loopback => Some(Clue::Loopback),
            Place::Private => Some(Clue::Private),
            Place::Container => Some(Clue::Container),
            Place::Ipv6 => Some(Clue::Ipv6),
            Place::Elsewhere => None,
        };
        if let Some(place) = place {
            clues = clues.with(place);
        }
        let address = self.address().unwrap_or_default();
        let nowhere = address.starts_with(b"0") || address.starts_with(b"[::]");
        let rare = |status: Option<u16>| !matches!(status, None | Some(200 | 499 | 502..=504));
        let headers = &evidence.headers;
        let cgi = matches!(
            evidence.protocol,
            Some(Protocol::FastCgi | Protocol::Uwsgi | Protocol::Suwsgi | Protocol::Scgi)
        );
        clues
            .with_if(Clue::Silent, evidence.signs.is_empty())
            .with_if(Clue::Stalled, stalled)
            .with_if(Clue::Nowhere, nowhere || self.port == Some(0))
            .with_if(Clue::KnownPort, self.port.is_some_and(|port| KNOWN_PORTS.contains(&port)))
            .with_if(Clue::Unresolved, self.unresolved.is_some())
            .with_if(Clue::NoName, self.no_name().is_some())
            .with_if(Clue::Several, evidence.attempts.len() > 1)
            .with_if(Clue::Took, self.took.is_some())
            .with_if(Clue::Late, self.took > Some(Millis::new(1000)))
            .with_if(Clue::Soon, self.took.is_some_and(|took| took <= Millis::new(100)))
            .with_if(Clue::Connected, self.connecting().is_some())
            .with_if(Clue::Reused, evidence.reused == Some(true))
            .with_if(Clue::New, evidence.reused == Some(false))
            .with_if(Clue::IdleLimit, evidence.limits.idle.is_some())
            .with_if(
                Clue::RareStatus,
                rare(evidence.status) || rare(self.attempt().and_then(|attempt| attempt.status)),
            )
            .with_if(Clue::Body, evidence.body.is_some())
            .with_if(Clue::FrontEnd, headers.server.is_some() || headers.via.is_some())
            .with_if(Clue::RetryAfter, headers.retry_after.is_some())
            .with_if(Clue::Cgi, cgi)
    }

    fn is_at(&self, place: Place) -> Option<Fact> {
        (self.place == place).then_some(Fact::Address)
    }

    /// The first sign that fits, as a fact.
    pub fn seen(&self, fits: impl Fn(&Seen<'_>) -> bool) -> Option<Fact> {
        let at = self.evidence.signs.iter().position(fits)?;
        u8::try_from(at).ok().map(Fact::Sign)
    }

    /// Whether a sign is there.
    #[must_use]
    pub fn has(&self, sign: Sign) -> Option<Fact> {
        if !self.clues.has_sign(sign) {
            return None;
        }
        self.seen(|seen| seen.sign == sign)
    }

    /// Whether a sign is there with this number (errno, alert, HTTP/2 code …).
    #[must_use]
    pub fn has_number(&self, sign: Sign, number: u32) -> Option<Fact> {
        if !self.clues.has_sign(sign) {
            return None;
        }
        self.seen(|seen| seen.sign == sign && seen.number == Some(number))
    }

    /// Whether the words of any sign hold this text, in any letter case.
    #[must_use]
    pub fn quotes(&self, text: &str) -> Option<Fact> {
        if !self.clues.has(Clue::Words) {
            return None;
        }
        let text = text.as_bytes();
        let first = *text.first()?;
        let (small, great) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
        self.seen(|seen| {
            memchr::memchr2_iter(small, great, seen.quote).any(|at| {
                let part = seen.quote.get(at..at + text.len());
                // Letter by letter: most differ in the second.
                let same = |(this, that): (&u8, &u8)| this.eq_ignore_ascii_case(that);
                part.is_some_and(|part| part.iter().zip(text).all(same))
            })
        })
    }

    /// As [`Case::quotes`], for one fault only: the words are not looked for in other cases.
    #[must_use]
    pub fn quotes_of(&self, fault: Fault, text: &str) -> Option<Fact> {
        if self.fault == fault { self.quotes(text) } else { None }
    }

    /// The attempt whose outcome the client got.
    #[must_use]
    pub fn attempt(&self) -> Option<&'a Attempt<'a>> {
        self.evidence.last_attempt()
    }

    /// The address of that attempt.
    #[must_use]
    pub fn address(&self) -> Option<&'a [u8]> {
        self.attempt().and_then(|attempt| attempt.address)
    }

    /// The upstream is a Unix socket.
    #[must_use]
    pub fn unix_socket(&self) -> Option<Fact> {
        match self.place {
            Place::Unknown => self.quotes("unix:"),
            _ => self.is_at(Place::Socket),
        }
    }

    /// The upstream is on the gateway's own host (127.0.0.0/8, ::1, localhost).
    #[must_use]
    pub fn loopback(&self) -> Option<Fact> {
        self.is_at(Place::Loopback)
    }

    /// The upstream's address is IPv6.
    #[must_use]
    pub fn ipv6(&self) -> Option<Fact> {
        self.is_at(Place::Ipv6)
    }

    /// The upstream's address is of the range that container bridges hand out (172.16.0.0/12).
    #[must_use]
    pub fn container_address(&self) -> Option<Fact> {
        self.is_at(Place::Container)
    }

    /// The upstream is on this host or in a private network, so that no provider stands between.
    #[must_use]
    pub fn nearby(&self) -> Option<Fact> {
        match self.place {
            Place::Loopback | Place::Private | Place::Container => Some(Fact::Address),
            Place::Unknown | Place::Socket | Place::Ipv6 | Place::Elsewhere => self.unix_socket(),
        }
    }

    /// The name that could not be resolved has no dot, as a container's or a service's.
    #[must_use]
    pub fn short_name(&self) -> Option<Fact> {
        self.unresolved.and_then(|(name, fact)| (!name.contains(&b'.')).then_some(fact))
    }

    /// The name that could not be resolved is written with its domain.
    #[must_use]
    pub fn full_name(&self) -> Option<Fact> {
        self.unresolved.and_then(|(name, fact)| name.contains(&b'.').then_some(fact))
    }

    /// The client ended its handshake with an alert about the gateway's certificate, as TLS libraries
    /// word it.
    #[must_use]
    pub fn refused_by_client(&self) -> Option<Fact> {
        const ALERTS: [&str; 6] = [
            "alert unknown ca",
            "alert certificate unknown",
            "alert bad certificate",
            "ALERT_UNKNOWN_CA",
            "ALERT_CERTIFICATE_UNKNOWN",
            "ALERT_BAD_CERTIFICATE",
        ];
        ALERTS.iter().find_map(|alert| self.quotes(alert))
    }

    /// What could not be resolved is no name: a path or a port has grown into it, a variable was not put
    /// in, or a scheme stands where the name should.
    #[must_use]
    pub fn no_name(&self) -> Option<Fact> {
        // An address that is known as such was taken apart already.
        let (name, fact) = self.unresolved.filter(|(_, fact)| *fact != Fact::Address)?;
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        // Most are names, and longer than a scheme.
        let begins_well = name.len() > 5 && name.first().is_some_and(u8::is_ascii_alphabetic);
        let wrong = !(begins_well && name.iter().all(plain)) && is_no_name(name);
        wrong.then_some(fact)
    }

    /// The name that could not be resolved is one that a cluster makes for its Services.
    #[must_use]
    pub fn cluster_name(&self) -> Option<Fact> {
        let (name, fact) = self.unresolved?;
        let name = name.strip_suffix(b".").unwrap_or(name);
        let name = name.strip_suffix(b".cluster.local").unwrap_or(name);
        name.ends_with(b".svc").then_some(fact)
    }

    /// The name that could not be resolved: from the words that say so, else the address.
    fn find_unresolved(&self) -> Option<(&'a [u8], Fact)> {
        for (at, seen) in self.evidence.signs.iter().enumerate() {
            let name = if let Some(end) = scan::find(seen.quote, b" could not be resolved") {
                seen.quote.get(..end).and_then(|text| text.rsplit(|b| *b == b' ').next())
            } else if let Some((_, rest)) =
                scan::split(seen.quote, b"host not found in upstream \"")
            {
                rest.split(|byte| matches!(byte, b':' | b'"' | b'/')).next()
            } else if let Some((_, rest)) = scan::split(seen.quote, b"DNS lookup failure for: ") {
                // Apache's words.
                rest.split(|byte| *byte == b' ').next()
            } else {
                continue;
            };
            return name.zip(u8::try_from(at).ok().map(Fact::Sign));
        }
        let host = self.address()?.split(|byte| *byte == b':').next()?;
        let named = host.iter().any(u8::is_ascii_alphabetic);
        named.then_some((host, Fact::Address))
    }

    /// The upstream's port.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// Several attempts failed on different upstreams.
    #[must_use]
    pub fn several_upstreams_failed(&self) -> Option<Fact> {
        let attempts = self.evidence.attempts.as_slice();
        if attempts.len() < 2 {
            return None;
        }
        let first = attempts.first()?.address?;
        let differ = attempts.iter().any(|attempt| attempt.address.is_some_and(|at| at != first));
        (differ && self.fault != Fault::None)
            .then_some(Fact::Attempts(u8::try_from(attempts.len()).unwrap_or(u8::MAX)))
    }

    /// The upstream has an address that a program on the network can be pointed to: it is no Unix
    /// socket, and no name of a group whose servers were all passed over.
    #[must_use]
    pub fn on_the_network(&self) -> bool {
        let group = self.fault == Fault::NoHealthyUpstream && self.port.is_none();
        !group && self.unix_socket().is_none()
    }

    /// How long the deciding attempt took, or the exchange where only that is known.
    #[must_use]
    pub const fn took(&self) -> Option<Millis> {
        self.took
    }

    /// It took no longer than this.
    #[must_use]
    pub fn within(&self, millis: u64) -> Option<Fact> {
        let took = self.took()?;
        (took <= Millis::new(millis)).then_some(Fact::Took("it took", took))
    }

    /// It took longer than this.
    #[must_use]
    pub fn longer_than(&self, millis: u64) -> Option<Fact> {
        let took = self.took()?;
        (took > Millis::new(millis)).then_some(Fact::Took("it took", took))
    }

    /// The time limit that governs a phase, and whether it is only the gateway's default.
    #[must_use]
    pub fn limit(&self, phase: Phase) -> Option<(Millis, bool)> {
        let evidence = self.evidence;
        let limits = &evidence.limits;
        let told = match phase {
            Phase::Connect | Phase::Tls => limits.connect,
            Phase::Request => limits.send,
            Phase::ResponseHeaders | Phase::ResponseBody => limits.response,
            Phase::Select | Phase::Resolve | Phase::Gateway | Phase::Client => None,
        };
        let default = || dialects::default_limit(evidence.gateway?, phase, evidence.protocol);
        told.map(|limit| (limit, false)).or_else(|| default().map(|limit| (limit, true)))
    }

    /// It took as long as the limit of its phase allows.
    #[must_use]
    pub fn reached_limit(&self) -> Option<Fact> {
        let took = self.took()?;
        let (limit, default) = self.limit(self.fault.phase())?;
        took.reaches(limit).then_some(Fact::ReachedLimit(took, limit, default))
    }

    /// The connection stood, and the TLS handshake on it got no answer in time.
    #[must_use]
    pub fn handshake_stalled(&self) -> Option<Fact> {
        if self.fault == Fault::TlsHandshakeFailed { self.has(Sign::TimedOut) } else { None }
    }

    /// The connection was made within this time, so that the upstream's host is well.
    #[must_use]
    pub fn connected_within(&self, millis: u64) -> Option<Fact> {
        let connect = self.connecting()?;
        (connect <= Millis::new(millis)).then_some(Fact::Took("connecting took", connect))
    }

    /// The connection took longer than this, and stood in the end.
    #[must_use]
    pub fn connected_after(&self, millis: u64) -> Option<Fact> {
        let connect = self.connecting()?;
        (connect > Millis::new(millis)).then_some(Fact::Took("connecting took", connect))
    }

    /// How long it took to connect, where that went well.
    fn connecting(&self) -> Option<Millis> {
        let early = matches!(
            self.fault.phase(),
            Phase::Select | Phase::Resolve | Phase::Connect | Phase::Tls | Phase::Gateway
        );
        if early {
            return None;
        }
        self.attempt().and_then(|attempt| attempt.connect).or(self.evidence.timings.connect)
    }

    /// It took a round number of seconds that people set as a limit (5, 10, 15, 30 …).
    #[must_use]
    pub fn round_time(&self) -> Option<Fact> {
        let took = self.took()?;
        let round =
            [1, 2, 3, 5, 10, 15, 20, 25, 30, 45, 60, 75, 90, 100, 120, 180, 240, 300, 600, 900];
        let mut limits = round.iter().map(|secs| Millis::from_secs(*secs));
        limits
            .find(|limit| !took.exceeds(*limit))
            .is_some_and(|limit| took.reaches(limit))
            .then_some(Fact::Took("it took", took))
    }

    /// The upstream connection had served a request before.
    #[must_use]
    pub fn reused_connection(&self) -> Option<Fact> {
        (self.evidence.reused == Some(true)).then_some(Fact::Shown("a reused connection"))
    }

    /// The upstream connection was new for this request.
    #[must_use]
    pub fn new_connection(&self) -> Option<Fact> {
        (self.evidence.reused == Some(false)).then_some(Fact::Shown("a new connection"))
    }

    /// The first attempt failed and a later one succeeded.
    #[must_use]
    pub fn retry_succeeded(&self) -> Option<Fact> {
        let attempts = &self.evidence.attempts;
        let ended_well = self.fault == Fault::None && attempts.len() > 1;
        ended_well.then_some(Fact::Attempts(u8::try_from(attempts.len()).unwrap_or(u8::MAX)))
    }

    /// The response said when to come back.
    #[must_use]
    pub fn retry_after(&self) -> Option<Fact> {
        self.evidence.headers.retry_after.map(|_| Fact::Header("Retry-After"))
    }

    /// The status that the client got.
    #[must_use]
    pub fn status(&self, status: u16) -> Option<Fact> {
        (self.evidence.status == Some(status)).then_some(Fact::Status(status))
    }

    /// The upstream's own status in the deciding attempt.
    #[must_use]
    pub fn upstream_status(&self, status: u16) -> Option<Fact> {
        let same = self.attempt().is_some_and(|attempt| attempt.status == Some(status));
        same.then_some(Fact::Status(status))
    }

    /// The body of the request is larger than a limit.
    #[must_use]
    pub fn body_too_large(&self) -> Option<Fact> {
        let words = ["large body", "large chunked body", "payload_too_large"];
        let told = || words.iter().find_map(|text| self.quotes(text));
        self.has(Sign::ClientTooLarge).and_then(|_| told()).or_else(|| self.status(413))
    }

    /// A body is sound, and larger than whoever reads it takes.
    #[must_use]
    pub fn message_too_large(&self) -> Option<Fact> {
        ["larger than max", "too large"].iter().find_map(|text| self.quotes(text))
    }

    /// What answered greets as a service that is no web server does.
    #[must_use]
    pub fn another_service(&self) -> Option<Fact> {
        if self.fault.phase() != Phase::ResponseHeaders {
            return None;
        }
        let greetings = ["SSH-2.0", "220 ", "-ERR ", "mysql_native_password"];
        greetings.iter().find_map(|text| self.quotes(text))
    }

    /// The method is one that carries a body.
    #[must_use]
    pub fn upload(&self) -> Option<Fact> {
        let method = self.evidence.request.method?;
        matches!(method, b"POST" | b"PUT" | b"PATCH").then_some(Fact::Request)
    }

    /// The method may be repeated without harm.
    #[must_use]
    pub fn safe_method(&self) -> Option<Fact> {
        let method = self.evidence.request.method?;
        matches!(method, b"GET" | b"HEAD" | b"OPTIONS").then_some(Fact::Request)
    }

    /// An error log was read, so that a line that is missing there means something.
    #[must_use]
    pub fn error_log_read(&self) -> bool {
        self.evidence.sources.has(Source::ErrorLog)
    }
}

/// Whether a text cannot be a host's name, with or without a port.
#[cold]
fn is_no_name(text: &[u8]) -> bool {
    let (host, port) = scan::split_byte(text, b':').unwrap_or((text, b""));
    let letters = |text: &[u8]| text.iter().any(u8::is_ascii_alphabetic);
    let first = host.split(|byte| *byte == b'.').next().unwrap_or_default();
    let address = host.len() > first.len() && first.iter().all(u8::is_ascii_digit);
    text.iter().any(|byte| b"$/{}<>%\\".contains(byte))
        || matches!(host, b"http" | b"https")
        || (port.first().is_some_and(u8::is_ascii_digit) && letters(port))
        || (address && letters(host))
}

/// The number behind the last colon of an address.
fn port(address: &[u8]) -> Option<u16> {
    let digits = address.iter().rev().take_while(|byte| **byte != b':').take(6).count();
    let (host, digits) = address.split_at_checked(address.len() - digits)?;
    host.ends_with(b":").then_some(())?;
    u16::try_from(number::whole(digits)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_has_limits_of_its_own() {
        let gateway = Some(crate::vocabulary::Gateway::Nginx);
        let mut evidence = Evidence { gateway, ..Evidence::default() };
        for (protocol, phase, secs) in [
            (None, Phase::ResponseBody, 60),
            (Some(Protocol::Http), Phase::ResponseHeaders, 60),
            (Some(Protocol::Stream), Phase::ResponseHeaders, 600),
            (Some(Protocol::Stream), Phase::ResponseBody, 600),
            (Some(Protocol::Stream), Phase::Connect, 60),
        ] {
            evidence.protocol = protocol;
            let limit = Case::new(&evidence, Fault::BodyTimeout).limit(phase);
            assert_eq!(limit, Some((Millis::from_secs(secs), true)), "{protocol:?} {phase}");
        }
    }

    #[test]
    fn addresses_tell_their_place_and_port() {
        for (address, place, number) in [
            ("127.0.0.1:8080", Place::Loopback, Some(8080)),
            ("[::1]:80", Place::Loopback, Some(80)),
            ("localhost:80", Place::Loopback, Some(80)),
            ("10.0.0.3:0", Place::Private, Some(0)),
            ("192.168.1.2:65535", Place::Private, Some(65535)),
            ("172.16.0.2:80", Place::Container, Some(80)),
            ("172.31.0.2:65536", Place::Container, None),
            ("172.15.0.2", Place::Elsewhere, None),
            ("172.32.0.2:", Place::Elsewhere, None),
            ("172.2.0.2:8o", Place::Elsewhere, None),
            ("100.0.0.1:80", Place::Elsewhere, Some(80)),
            ("[2001:db8::1]:443", Place::Ipv6, Some(443)),
            ("unix:/run/app.sock", Place::Socket, None),
            ("shop.example:0000080", Place::Elsewhere, None),
            ("", Place::Elsewhere, None),
        ] {
            assert_eq!(Place::of(address.as_bytes()), place, "{address}");
            assert_eq!(port(address.as_bytes()), number, "{address}");
        }
    }
}
