//! From the fields of a traffic line to evidence.

use super::errors::{self, Error};
use super::fields::{self, Fields, Role};
use super::line::{self, Line, Mode, Time, Timers};
use super::shapes;
use super::states::{self, Around};
use crate::evidence::{
    Attempt, Bytes, Evidence, Millis, Origin, Protocol, Request, Seen, Sign, Timestamp,
};
use crate::scan::{self, number, time};
use crate::vocabulary::Phase;

/// Reads a line of traffic. False, and nothing read, where the line is none.
pub(super) fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let Some(exchange) = Exchange::read(record) else { return false };
    super::begin(record, origin, evidence);
    exchange.tell(origin, evidence);
    true
}

/// Reads a line without a server in the middle of other words. `None` where there is none.
pub(super) fn read_message(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let told = shapes::serverless(text)?;
    let mut evidence = Evidence::default();
    super::begin(scan::trim(text), origin, &mut evidence);
    evidence.status = Some(told.status);
    if let Some((sign, phase)) = told.proves {
        evidence.add(Seen { phase, quote: told.quote, origin, ..Seen::new(sign) });
    }
    Some(evidence)
}

/// What a line tells of an exchange, whatever its format.
#[derive(Clone, Copy, Debug, Default)]
struct Exchange<'a> {
    client: &'a [u8],
    at: Option<Timestamp>,
    frontend: &'a [u8],
    backend: &'a [u8],
    server: &'a [u8],
    /// Backend and server, as one text where the line has it so.
    address: &'a [u8],
    timers: Timers,
    mode: Mode,
    status: Option<u16>,
    bytes: Option<u64>,
    state: &'a [u8],
    retries: u64,
    redispatched: bool,
    request: &'a [u8],
    fields: Fields<'a>,
}

impl<'a> Exchange<'a> {
    fn read(record: &'a [u8]) -> Option<Self> {
        if record.first() == Some(&b'{') {
            // What is wrapped in JSON has the state within a text.
            let mut fields = Fields::default();
            fields.add_json(record);
            return Self::of_fields(fields);
        }
        if let Some((line, mode)) = Line::read(record) {
            return Some(Self::of_line(&line, mode));
        }
        if let Some((line, mode)) = Line::read_cut(record) {
            return Some(Self::of_line(&line, mode));
        }
        if let Some(read) = Self::of_common(record) {
            return Some(read);
        }
        let shaped = shapes::read(record).map(|(line, mode)| Self::of_line(&line, mode));
        shaped.or_else(|| {
            // Cheap to refuse: a state has a name in such a line.
            let named = scan::holds(record, b"ts") || scan::holds(record, b"term");
            let mut fields = Fields::default();
            if !named || memchr::memchr_iter(b'=', record).take(6).count() < 6 {
                return None;
            }
            fields.add(record);
            Self::of_fields(fields)
        })
    }

    fn of_line(line: &Line<'a>, mode: Mode) -> Self {
        let target = scan::split_byte(line.target, b'/');
        let (backend, server) = target.unwrap_or((line.target, b""));
        let counted = line.counters.rsplit(|byte| *byte == b'/').next().and_then(fields::retries);
        let (retries, redispatched) = counted.unwrap_or_default();
        let mut added = Fields::default();
        added.add(line.added);
        Self {
            client: line.client,
            at: time::common(line.date),
            frontend: line.frontend,
            backend,
            server,
            address: line.target,
            timers: line.timers,
            mode,
            status: number::status(line.status),
            bytes: number::whole(line.bytes.strip_prefix(b"+").unwrap_or(line.bytes)),
            state: line.state,
            retries,
            redispatched,
            request: line.request,
            fields: added,
        }
    }

    /// The common log format with HAProxy's fields behind it (`option httplog clf`):
    /// `client - - [date] "request" status bytes "" "" port millis "frontend" "backend" "server"
    /// request queue connect response total state counters…`.
    fn of_common(record: &'a [u8]) -> Option<Self> {
        let dated = line::dated(record).next();
        let head = match dated {
            Some(dated) => dated,
            // The client is not right before the date.
            None => {
                let open = memchr::memchr(b'[', record)?;
                let inside = record.get(open + 1..)?;
                let (date, rest) = inside.split_at_checked(26)?;
                let rest = rest.strip_prefix(b"] ")?;
                line::Dated { client: b"", date, rest }
            }
        };
        let rest = head.rest.strip_prefix(b"\"")?;
        let (request, rest) = scan::split_byte(rest, b'"')?;
        let mut words = rest.split(|byte| *byte == b' ').skip(1);
        let status = number::status(words.next()?)?;
        let bytes = number::whole(words.next()?);
        if words.next() != Some(b"\"\"") || words.next() != Some(b"\"\"") {
            return None;
        }
        let (_port, _millis) = (number::whole(words.next()?)?, number::whole(words.next()?)?);
        let mut name = || {
            let word = words.next()?;
            word.strip_prefix(b"\"").and_then(|word| word.strip_suffix(b"\""))
        };
        let (frontend, backend, server) = (name()?, name()?, name()?);
        let mut timer = || Time::of(words.next()?);
        let timers = Timers {
            request: timer()?,
            queue: timer()?,
            connect: timer()?,
            response: timer()?,
            total: timer()?,
        };
        let state = words.next()?;
        let state =
            state.strip_prefix(b"\"").and_then(|word| word.strip_suffix(b"\"")).unwrap_or(state);
        if !states::is_state(state) {
            return None;
        }
        let (retries, redispatched) = words.nth(4).and_then(fields::retries).unwrap_or_default();
        let before = record.get(..memchr::memchr(b'[', record)?)?;
        let who = before.split(|byte| *byte == b' ').find(|word| scan::looks_like_ip(word));
        Some(Self {
            client: who.unwrap_or(head.client),
            at: time::common(head.date),
            frontend,
            backend,
            server,
            address: server,
            timers,
            mode: Mode::Http,
            status: Some(status),
            bytes,
            state,
            retries,
            redispatched,
            request,
            fields: Fields::default(),
        })
    }

    /// A record of named fields: HAProxy's where a termination state is among them, with something
    /// else that only a proxy tells.
    fn of_fields(fields: Fields<'a>) -> Option<Self> {
        let state = fields.get(Role::State).filter(|state| states::is_state(state))?;
        let joined = fields.get(Role::Target).or_else(|| fields.get(Role::Backend));
        let joined = joined.filter(|target| line::is_target(target));
        let (mut backend, mut server) = (fields.get(Role::Backend), fields.get(Role::Server));
        if let Some((first, second)) = joined.and_then(|target| scan::split_byte(target, b'/')) {
            (backend, server) = (Some(first), Some(second));
        }
        let told = fields.get(Role::Timers).and_then(Timers::of);
        let timer = |role| fields.get(role).and_then(Time::of).unwrap_or_default();
        let (timers, mut mode) = told.unwrap_or((
            Timers {
                request: timer(Role::RequestTime),
                queue: timer(Role::Queue),
                connect: timer(Role::Connect),
                response: timer(Role::Response),
                total: timer(Role::Total),
            },
            Mode::Http,
        ));
        let timed = timers.connect.is_told() || timers.queue.is_told() || timers.response.is_told();
        (backend.is_some() || server.is_some() || timed).then_some(())?;
        let status = fields.get(Role::Status);
        if status.is_none() && fields.get(Role::Request).is_none() && state.len() == 2 {
            mode = Mode::Tcp;
        }
        let (retries, redispatched) =
            fields.get(Role::Retries).and_then(fields::retries).unwrap_or_default();
        let client = fields.get(Role::Client).unwrap_or_default();
        let client = match memchr::memrchr(b':', client) {
            Some(colon) if client.contains(&b'.') => client.get(..colon).unwrap_or(client),
            _ => client,
        };
        Some(Self {
            client,
            at: fields.get(Role::Date).and_then(time::any),
            frontend: fields.get(Role::Frontend).unwrap_or_default(),
            backend: backend.unwrap_or_default(),
            server: server.unwrap_or_default(),
            address: joined.or(server).unwrap_or_default(),
            timers,
            mode,
            status: status.and_then(number::status),
            bytes: fields.get(Role::Bytes).and_then(number::whole),
            state,
            retries,
            redispatched,
            request: fields.get(Role::Request).unwrap_or_default(),
            fields,
        })
    }

    /// Puts everything into evidence.
    fn tell(&self, origin: Origin, evidence: &mut Evidence<'a>) {
        let some = |text: &'a [u8]| (!text.is_empty() && text != b"-").then_some(text);
        evidence.at = self.ended();
        evidence.client = some(self.client);
        evidence.cluster = some(self.backend);
        evidence.status = self.status.filter(|status| (100..600).contains(status));
        evidence.body_sent = self.bytes.map(Bytes::new);
        evidence.timings.connect = self.timers.connect.took();
        evidence.timings.first_byte = self.timers.response.took();
        evidence.timings.total = self.timers.total.took();
        evidence.upstream_told = true;
        if self.mode == Mode::Tcp {
            evidence.protocol = Some(Protocol::Stream);
        }
        self.ask(&mut evidence.request);
        self.try_servers(evidence);
        let attempt = evidence.attempts.len().checked_sub(1).and_then(|at| u8::try_from(at).ok());
        let around = Around {
            status: evidence.status,
            no_server: self.has_no_server(),
            no_backend: self.timers.request == Time::Never
                && !self.backend.is_empty()
                && self.frontend.strip_suffix(b"~").unwrap_or(self.frontend) == self.backend,
        };
        let seen = Seen { quote: self.state, origin, attempt, ..Seen::new(Sign::Harmless) };
        match states::proves(self.state, around) {
            Some((sign, phase)) => evidence.add(Seen { sign, phase, ..seen }),
            // A connection that ended well has no status to tell of it.
            None if evidence.status.is_none() => evidence.add(seen),
            None => {}
        }
        if matches!(self.state.first(), Some(b's' | b'S' | b'R' | b'P')) {
            self.add_error(origin, attempt, evidence);
        }
    }

    /// Whether no server was chosen: `<NOSRV>`, nothing where a page took that for a tag, or a dash
    /// where somebody retells it.
    fn has_no_server(&self) -> bool {
        // Where the name is cut off, the request never came out of the queue.
        let unnamed = self.address.is_empty() && self.timers.queue == Time::Never;
        unnamed
            || self.server.starts_with(b"<")
            || self.server == b"-"
            || self.address.ends_with(b"/")
    }

    /// HAProxy dates a line by when the exchange began.
    fn ended(&self) -> Option<Timestamp> {
        let at = self.at?;
        let took = self.timers.total.took().map_or(0, Millis::get);
        let millis = at.local_millis().saturating_add(i64::try_from(took).unwrap_or(0));
        Some(Timestamp::new(millis, at.offset_minutes()))
    }

    fn ask(&self, request: &mut Request<'a>) {
        let line = scan::request_line(self.request);
        let (method, target) = line.unzip();
        request.method = method.or_else(|| self.fields.get(Role::Method));
        request.path = target.or_else(|| self.fields.get(Role::Path));
        request.authority = self.fields.get(Role::Authority);
        request.id = self.fields.get(Role::RequestId);
        // HTTP/2 names the whole address.
        let whole = request.path.and_then(|path| scan::split(path, b"://"));
        if let Some((_, rest)) = whole.filter(|(scheme, _)| matches!(*scheme, b"http" | b"https")) {
            let end = memchr::memchr(b'/', rest).unwrap_or(rest.len());
            let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, b""));
            request.authority = request.authority.or(Some(authority));
            request.path = Some(if path.is_empty() { b"/" } else { path });
        }
    }

    /// The server of the last attempt is told; of the earlier ones, how many there were.
    fn try_servers(&self, evidence: &mut Evidence<'a>) {
        if self.has_no_server() || self.address.is_empty() {
            return;
        }
        let network = self.fields.get(Role::ServerAddress);
        let network = network.filter(|address| scan::looks_like_address(address));
        let address = Some(network.unwrap_or(self.address));
        let told = Attempt {
            address,
            connect_told: self.timers.connect.is_told(),
            header_told: self.timers.response.is_told() || self.mode == Mode::Http,
            ..Attempt::default()
        };
        for _ in 0..self.retries.min(MOST_TOLD) {
            let address = if self.redispatched { None } else { address };
            evidence.attempts.push(Attempt { address, ..told });
        }
        let answered = match self.timers.response {
            Time::Took(_) => true,
            Time::Never => false,
            Time::Untold => self.state.first() == Some(&b'-'),
        };
        evidence.attempts.push(Attempt {
            total: self.last_connection(),
            status: evidence.status.filter(|_| answered),
            connect: self.timers.connect.took(),
            header: self.timers.response.took().or(answered.then_some(Millis::new(0))),
            ..told
        });
    }

    /// How long the last connection took to fail: between two attempts at one server HAProxy waits
    /// a second. `None` where it took longer than what fails at once.
    fn last_connection(&self) -> Option<Millis> {
        const WAIT: u64 = 1_000;
        const AT_ONCE: u64 = 100;
        if self.state.get(..2) != Some(b"SC") || self.timers.connect != Time::Never {
            return None;
        }
        let queued = self.timers.queue.took().map_or(0, Millis::get);
        let waited = self.retries.saturating_mul(WAIT).saturating_add(queued);
        let left = self.timers.total.took()?.get().checked_sub(waited)?;
        (left <= AT_ONCE).then(|| Millis::new(left))
    }

    /// What was logged of the connection to the server beside the state.
    fn add_error(&self, origin: Origin, attempt: Option<u8>, evidence: &mut Evidence<'a>) {
        let fields = &self.fields;
        let message = fields.get(Role::ErrorMessage);
        let found = [
            message.and_then(|text| Some((Error::of_message(text)?, text))),
            fields.get(Role::ErrorName).and_then(|text| Some((Error::of_name(text)?, text))),
            // Some log the name where others have the number.
            fields.get(Role::ErrorNumber).and_then(|text| {
                Some((Error::of_number(text).or_else(|| Error::of_name(text))?, text))
            }),
        ];
        let seen = Seen { origin, attempt, ..Seen::new(Sign::Harmless) };
        if let Some((error, quote)) = found.into_iter().flatten().next() {
            if error.sign != Sign::Harmless {
                let phase = self.phase_of(error);
                evidence.add(Seen { sign: error.sign, phase, quote, ..seen });
            }
        }
        let Some(quote) = fields.get(Role::OpensslError) else { return };
        if let Some((sign, number)) = errors::openssl(quote) {
            let phase = if sign == Sign::Closed { Some(Phase::Tls) } else { sign.phase() };
            evidence.add(Seen { sign, phase, number, quote, ..seen });
        }
    }

    /// An error belongs to the phase that the state names, where it does not name one for certain.
    fn phase_of(&self, error: &Error) -> Option<Phase> {
        match (error.phase, self.state.get(1)) {
            (Some(Phase::ResponseHeaders), Some(b'D' | b'L')) => Some(Phase::ResponseBody),
            (Some(Phase::ResponseHeaders | Phase::Request), Some(b'C')) => Some(Phase::Connect),
            (phase, _) => phase,
        }
    }
}

/// How many earlier attempts are told of.
const MOST_TOLD: u64 = 3;
