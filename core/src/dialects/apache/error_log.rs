//! One record of Apache's error log.
//!
//! ```text
//! record  = *( "[" part "]" / source ": " / status ": " ) [ number ": " ] message [ ", referer: " URL ]
//! part    = time / [ module ":" ] level / "pid " P [ ":tid " T ] / "client " address / "remote " address
//! status  = "(" errno ")" text
//! number  = "AH" 5DIGIT
//! ```
//!
//! `ErrorLogFormat` may order the parts in any way, leave some out and add others, or make a JSON
//! object of them. The message comes last or has a name; only its beginning is compared, and the
//! referrer behind it is cut off, so that what a stranger writes decides nothing.

use super::codes::{self, Code, Proves};
use super::phrases::PHRASES;
use super::status;
use crate::dialects::standard::tls;
use crate::evidence::{
    Attempt, Connection, Evidence, Origin, Protocol, Seen, Sign, Source, Timestamp,
};
use crate::scan::{self, json, number, phrase, time};
use crate::vocabulary::{Gateway, Phase};

/// How many parts stand in front of a message at most.
const MOST_PARTS: usize = 16;

/// A record, taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Record<'a> {
    at: Option<Timestamp>,
    module: &'a [u8],
    level: Option<Level>,
    process: Option<u32>,
    thread: Option<u64>,
    client: Option<&'a [u8]>,
    remote: Option<&'a [u8]>,
    authority: Option<&'a [u8]>,
    status: Option<u32>,
    /// The number of the message, 0 where it has none.
    code: u32,
    /// The message without its number and referrer.
    message: &'a [u8],
    /// What is quoted: from the status on where there is one.
    quote: &'a [u8],
}

/// How serious Apache takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Trace,
    Debug,
    Info,
    Notice,
    Warn,
    Error,
    Crit,
    Alert,
    Emerg,
}

impl Level {
    fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"debug" => Self::Debug,
            b"info" => Self::Info,
            b"notice" => Self::Notice,
            b"warn" => Self::Warn,
            b"error" => Self::Error,
            b"crit" => Self::Crit,
            b"alert" => Self::Alert,
            b"emerg" => Self::Emerg,
            [b't', b'r', b'a', b'c', b'e', b'1'..=b'8'] => Self::Trace,
            _ => return None,
        })
    }
}

impl<'a> Record<'a> {
    /// Takes a line apart; `None` where it is no record of this log. The date of this log, or a
    /// number, or a module's name beside the process tell it from other programs' lines, which have
    /// levels in brackets too.
    fn read(line: &'a [u8]) -> Option<Self> {
        match line.first()? {
            b'[' | b'(' | b'A' => {}
            b'{' => return Self::from_json(line),
            _ => return None,
        }
        let mut record = Self::default();
        let mut rest = line;
        for _ in 0..MOST_PARTS {
            let Some(after) = record.part(rest) else { break };
            rest = after.trim_ascii_start();
        }
        record.say(rest);
        let modular = record.level.is_some() && !record.module.is_empty();
        let bracketed = line.first() == Some(&b'[');
        let dated = record.at.is_some() && record.level.is_some() && bracketed;
        let numbered = record.code > 0 && record.code < codes::SSL_LIBRARY && is_numbered(rest);
        (dated || numbered || (modular && record.process.is_some())).then_some(record)
    }

    /// Reads a part at the beginning; what follows. `None` where the message begins.
    fn part(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        match text.first()? {
            b'[' => {
                let (inside, rest) = scan::split_byte(text.get(1..)?, b']')?;
                self.bracket(inside)?;
                Some(rest)
            }
            b'(' if self.status.is_none() => {
                let (value, rest) = status::group(text)?;
                self.status = Some(value);
                self.quote = text;
                Some(rest)
            }
            // `%F`: proxy_util.c(2915):
            b'a'..=b'z' => {
                let (file, rest) = scan::span(text, |byte| {
                    byte.is_ascii_alphanumeric() || b"_-./".contains(&byte)
                });
                let source = file.ends_with(b".c") || file.ends_with(b".h");
                let (_, rest) = number::leading(rest.strip_prefix(b"(")?)?;
                rest.strip_prefix(b"):").filter(|_| source)
            }
            _ => None,
        }
    }

    /// What stands in brackets; `None` where it is the message's own.
    fn bracket(&mut self, inside: &'a [u8]) -> Option<()> {
        if let Some(value) = named(inside, b"client") {
            self.client = Some(value);
        } else if let Some(value) = named(inside, b"remote") {
            self.remote = Some(value);
        } else if let Some(value) = named(inside, b"vhost").or_else(|| named(inside, b"host")) {
            self.authority = Some(value);
        } else if inside.starts_with(b"pid ") || inside.starts_with(b"tid ") {
            for part in inside.split(|byte| *byte == b':') {
                if let Some(value) = part.strip_prefix(b"pid ").and_then(number::whole) {
                    self.process = u32::try_from(value).ok();
                } else if let Some(value) = part.strip_prefix(b"tid ").and_then(number::whole) {
                    self.thread = Some(value);
                }
            }
        } else if let Some(at) = time::ctime(inside).or_else(|| time::any(inside)) {
            self.at = Some(at);
        } else if let Some((module, level)) = level(inside) {
            (self.module, self.level) = (module, Some(level));
        } else if self.at.is_none() && self.level.is_none() && self.process.is_none() {
            // Another program's bracket begins the line.
            return None;
        } else if inside.iter().any(|byte| byte.is_ascii_digit() || *byte == b':')
            && !inside.contains(&b' ')
        {
            // A request's or a connection's id, an address.
            if self.client.is_none() && is_address(inside) {
                self.client = Some(inside);
            }
            let digits = inside.iter().all(|byte| byte.is_ascii_digit() || *byte == b':');
            // mod_jk writes process and thread so, and its own log.
            if digits && inside.contains(&b':') && !is_address(inside) {
                return None;
            }
        }
        Some(())
    }

    /// Reads the message with its number, its referrer cut off.
    fn say(&mut self, text: &'a [u8]) {
        let text = match scan::rfind(text, b", referer: ") {
            Some(at) => text.get(..at).unwrap_or(text),
            None => text,
        };
        if self.quote.is_empty() {
            self.quote = text;
        } else {
            // Up to the same end.
            let whole =
                scan::place(self.quote, text).map_or(self.quote.len(), |(_, end)| end as usize);
            self.quote = self.quote.get(..whole).unwrap_or(self.quote);
        }
        self.message = text;
        if let Some((code, message)) = numbered(text) {
            (self.code, self.message) = (code, message);
        }
        self.message = self.message.trim_ascii();
        if self.code == 0 || codes::of(self.code).is_none() {
            if let Some(at) = known(self.message) {
                self.code = PHRASES.get(at).map_or(0, |phrase| phrase.code);
            }
        }
    }

    /// From a JSON object, whose values are known by what is in them and by their names.
    fn from_json(line: &'a [u8]) -> Option<Self> {
        // Objects are many logs' records; one without a number is not looked into.
        scan::find(line, b"AH")?;
        let mut record = Self::default();
        let mut said: &[u8] = b"";
        json::each(line, |_, key, value| {
            let name =
                |names: &[&str]| names.iter().any(|name| key.eq_ignore_ascii_case(name.as_bytes()));
            if is_numbered(value) || name(&["message", "msg", "M", "errormessage"]) {
                said = value;
            } else if let Some((number, b"")) = status::group(value) {
                record.status = Some(number);
            } else if name(&["client", "clientip", "client_ip", "remote", "remote_addr", "a"]) {
                record.client = Some(value);
            } else if name(&["pid", "process", "P"]) {
                record.process = number::whole(value).and_then(|pid| u32::try_from(pid).ok());
            } else if name(&["tid", "thread", "T"]) {
                record.thread = number::whole(value);
            } else if name(&["module", "m"]) {
                record.module = value;
            } else if name(&["level", "severity", "loglevel", "l"]) {
                record.level = level(value).map(|(_, level)| level).or(record.level);
            } else if record.at.is_none() && name(&["time", "timestamp", "@timestamp", "t", "ts"]) {
                record.at = time::ctime(value).or_else(|| time::any(value));
            } else if let Some((module, level)) =
                level(value).filter(|(module, _)| !module.is_empty())
            {
                (record.module, record.level) = (module, Some(level));
            }
        });
        // The status and the parts may stand in front of the message within it.
        let mut rest = said;
        if rest.first() == Some(&b'(') {
            if let Some(after) = record.part(rest) {
                rest = after.trim_ascii_start();
            }
        }
        record.say(rest);
        is_numbered(rest).then_some(record)
    }

    /// What the message proves.
    fn sign(&self) -> Seen<'a> {
        let Some(code) = codes::of(self.code) else { return self.unknown() };
        let (sign, phase, number) = self.proved(code);
        Seen { phase, number, ..Seen::new(sign) }
    }

    /// A message that the tables do not know.
    fn unknown(&self) -> Seen<'a> {
        let sign = match self.level.unwrap_or(Level::Error) {
            // Apache does not start, or cannot go on.
            Level::Emerg | Level::Alert | Level::Crit if self.client.is_none() => {
                Sign::Misconfigured
            }
            Level::Emerg | Level::Alert | Level::Crit | Level::Error => {
                // Something failed there, and nothing says how.
                if codes::is_proxys(self.module) { Sign::Failed } else { Sign::Unrecognized }
            }
            _ => Sign::Harmless,
        };
        Seen::new(sign)
    }

    fn proved(&self, code: Code) -> (Sign, Option<Phase>, Option<u32>) {
        let number = self.status;
        let told = number.and_then(status::sign);
        let phase = code.phase;
        match code.proves {
            // mod_ssl tells of both sides of the gateway.
            _ if phase == Some(Phase::Tls) && self.is_of_client() => {
                (Sign::ClientHandshakeFailed, None, None)
            }
            Proves::Is(sign) => (sign, phase, number),
            Proves::Status(otherwise) => (told.unwrap_or(otherwise), phase, number),
            Proves::Write => match number {
                // mod_ssl's own statuses: the handshake, which the first write drives.
                Some(502 | 20_014) => (Sign::Thereby, Some(Phase::Tls), None),
                _ => (told.unwrap_or(Sign::Thereby), phase, number),
            },
            Proves::Reason => {
                let (sign, phase) = known_reason(self.message).unwrap_or((Sign::Failed, None));
                // The resolver's status stands in front since 2.4.60.
                let sign = told.filter(|_| sign == Sign::ResolverFailed).unwrap_or(sign);
                (sign, phase, number)
            }
            Proves::Body(_) if self.is_of_client() => (Sign::ClientInvalid, None, number),
            Proves::Body(sign) => (sign, phase, number),
            // mod_proxy_http gives this where a chunk cannot be read.
            Proves::Read if number == Some(20_014) => (Sign::Malformed, phase, number),
            Proves::Read => (told.unwrap_or(Sign::Ended), phase, number),
            Proves::Stderr => (stderr(self.message), phase, None),
            Proves::Dispatch => self.dispatch(told),
            Proves::Tls => match tls::openssl(self.message) {
                // A server's complaint about a client's greeting.
                _ if is_servers(self.message) => (Sign::ClientHandshakeFailed, None, None),
                Some((sign, number)) => (sign, phase, number),
                None => (Sign::HandshakeFailed, phase, None),
            },
            Proves::Verify => {
                let code = scan::split_byte(self.message, b'(')
                    .and_then(|(_, rest)| number::leading(rest))
                    .and_then(|(code, _)| u32::try_from(code).ok());
                (code.map_or(Sign::CertificateInvalid, tls::verify_code), phase, code)
            }
            Proves::Signal => {
                let crashed = [" (4)", " (6)", " (7)", " (8)", " (9)", " (10)", " (11)"]
                    .iter()
                    .any(|signal| scan::holds(self.message, signal.as_bytes()));
                (if crashed { Sign::WorkerCrashed } else { Sign::Harmless }, None, None)
            }
            Proves::FailOnStatus => {
                let status = scan::split(self.message, b"status code ")
                    .and_then(|(_, rest)| number::leading(rest))
                    .and_then(|(status, _)| u32::try_from(status).ok());
                (Sign::ServerError, phase, status)
            }
        }
    }

    /// Whether the line names the client and no upstream.
    const fn is_of_client(&self) -> bool {
        self.client.is_some() && self.remote.is_none()
    }

    /// mod_proxy_fcgi's last line: the status, else the note that says what was being done.
    fn dispatch(&self, told: Option<Sign>) -> (Sign, Option<Phase>, Option<u32>) {
        let notes = |note: &[u8]| self.message.ends_with(note);
        if notes(b"(reading input brigade)")
            || notes(b"(passing headers brigade to output filters)")
            || notes(b"(passing brigade to output filters)")
        {
            return (Sign::ClientGone, None, self.status);
        }
        let phase = Some(Phase::ResponseHeaders);
        match told {
            Some(Sign::BrokenPipe) => (Sign::BrokenPipe, Some(Phase::Request), self.status),
            Some(sign @ (Sign::TimedOut | Sign::Reset | Sign::Closed)) => {
                (sign, phase, self.status)
            }
            _ if notes(b"(polling)") => (Sign::TimedOut, phase, self.status),
            _ => (Sign::Thereby, phase, self.status),
        }
    }
}

/// Reads a record. False, and nothing read, where the line is none.
pub(super) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let Some(record) = Record::read(line) else { return false };
    gather(&record, line, origin, evidence);
    true
}

fn gather<'a>(record: &Record<'a>, line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) {
    const MOST_QUOTED: usize = 400;
    evidence.gateway = Some(Gateway::Apache);
    evidence.sources.add(Source::ErrorLog);
    evidence.records.push((origin, line));
    evidence.at = record.at;
    evidence.event = codes::of(record.code).is_some_and(|code| code.event);
    evidence.client = record.client.and_then(host_of);
    evidence.request.authority = record.authority;
    // A thread works for one exchange at a time; without threads the process does.
    evidence.connection = record.process.map(|process| Connection {
        process,
        number: record.thread.unwrap_or_else(|| u64::from(process)),
    });
    let (scheme, words) = without_scheme(record.message);
    evidence.protocol = scheme.and_then(protocol);
    if let Some(path) = returned_by(record) {
        evidence.request.path = Some(path);
    }
    let seen = record.sign();
    let address = match names_upstream(record, &seen) {
        true => upstream(words).or(record.remote),
        false => record.remote,
    };
    let address = address.filter(|_| !evidence.event);
    if let Some(address) = address {
        evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
    }
    let quote = record.quote.get(..MOST_QUOTED).unwrap_or(record.quote);
    let attempt = address.map(|_| 0);
    evidence.add(Seen { quote, origin, attempt, ..seen });
}

/// Reads a message that stands alone, without the parts in front, or in the middle of other words.
pub(super) fn read_message(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let record = whole_message(text).or_else(|| buried(text))?;
    let mut evidence = Evidence::default();
    gather(&record, text, origin, &mut evidence);
    Some(evidence)
}

/// A message that is all of a text: with its number, or one whose words are known.
fn whole_message(text: &[u8]) -> Option<Record<'_>> {
    let text = scan::trim(text);
    let mut record = Record::default();
    let mut rest = text;
    for _ in 0..MOST_PARTS {
        let Some(after) = record.part(rest) else { break };
        rest = after.trim_ascii_start();
    }
    record.say(rest);
    (record.code > 0 && (is_numbered(rest) || is_own(record.message))).then_some(record)
}

/// Whether a text that stands alone in a log is such a message.
pub(super) fn is_whole_message(text: &[u8]) -> bool {
    whole_message(text).is_some()
}

/// A message in the middle of other words: from its number on, or from the status in front of it;
/// without one, from words that only Apache uses.
fn buried(text: &[u8]) -> Option<Record<'_>> {
    let mut previous = b' ';
    for (at, byte) in text.iter().enumerate() {
        let begins =
            !previous.is_ascii_alphanumeric() && (byte.is_ascii_alphabetic() || *byte == b'(');
        previous = *byte;
        if !begins {
            continue;
        }
        let rest = text.get(at..)?;
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or(rest);
        if *byte == b'(' {
            let record = status::group(line).and_then(|_| whole_message(line));
            if record.is_some() {
                return record;
            }
        } else if is_numbered(line) || is_own(line) {
            let mut record = Record::default();
            record.say(line);
            if record.code > 0 {
                return Some(record);
            }
        }
    }
    None
}

/// A message's number and what follows: `AH00957: …`.
fn numbered(text: &[u8]) -> Option<(u32, &[u8])> {
    let (code, rest) = number::leading(text.strip_prefix(b"AH")?)?;
    let rest = rest.strip_prefix(b":")?;
    Some((u32::try_from(code).ok()?, rest))
}

fn is_numbered(text: &[u8]) -> bool {
    // The sources hold a number of four digits and one of six.
    let digits = text.iter().skip(2).take_while(|byte| byte.is_ascii_digit()).count();
    (4..=6).contains(&digits) && numbered(text).is_some()
}

/// The phrase that a message begins with, by its place in the table.
fn known(message: &[u8]) -> Option<usize> {
    let (_, words) = without_scheme(message);
    phrase::longest_prefix(words, PHRASES, |phrase| phrase.text.as_bytes())
}

/// Whether a text begins with words that are Apache's own, or with everyday words behind the mark of
/// mod_proxy.
fn is_own(text: &[u8]) -> bool {
    let marked = text.starts_with(b"proxy: ");
    known(text).and_then(|at| PHRASES.get(at)).is_some_and(|phrase| phrase.own || marked)
}

/// What stands in front of 2.2's words and 2.4's: `proxy: `, a scheme, a balancer.
fn without_scheme(message: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let words = message.strip_prefix(b"proxy: ").unwrap_or(message);
    let (scheme, words) = match scan::split(words, b": ") {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        _ => (None, words),
    };
    let words = match words.strip_prefix(b"(balancer://").and_then(|rest| scan::split(rest, b"). "))
    {
        Some((_, rest)) => rest,
        None => words,
    };
    (scheme, words)
}

/// A scheme or a module's name for one, or a balancer's URL.
fn is_scheme(text: &[u8]) -> bool {
    const NAMES: [&str; 17] = [
        "ajp", "balancer", "connect", "fastcgi", "fcgi", "ftp", "gopher", "h2", "h2c", "http",
        "https", "scgi", "socks", "uwsgi", "ws", "wss", "proxy",
    ];
    NAMES.iter().any(|name| text.eq_ignore_ascii_case(name.as_bytes()))
        || (text.starts_with(b"balancer://") && !text.contains(&b' '))
}

fn protocol(scheme: &[u8]) -> Option<Protocol> {
    let is = |name: &str| scheme.eq_ignore_ascii_case(name.as_bytes());
    Some(match () {
        () if is("http") || is("ws") || is("h2c") => Protocol::Http,
        () if is("https") || is("wss") || is("h2") => Protocol::Https,
        () if is("fcgi") || is("fastcgi") => Protocol::FastCgi,
        () if is("scgi") => Protocol::Scgi,
        () if is("uwsgi") => Protocol::Uwsgi,
        () => return None,
    })
}

/// `module:level`, `:level`, or a level alone.
fn level(text: &[u8]) -> Option<(&[u8], Level)> {
    match memchr::memrchr(b':', text) {
        Some(at) => {
            let module = text.get(..at)?;
            let named =
                module.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte));
            Some((module, Level::from_name(text.get(at + 1..)?)?)).filter(|_| named)
        }
        None => Some((b"", Level::from_name(text)?)),
    }
}

/// A part's value behind its name and a blank.
fn named<'a>(inside: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    inside.strip_prefix(name)?.strip_prefix(b" ").map(scan::trim)
}

fn is_address(text: &[u8]) -> bool {
    scan::looks_like_ip(text) || (scan::looks_like_address(text) && text.contains(&b'.'))
}

/// A client's address without its port: 2.4 writes `10.0.0.9:4711`, `::1:4711` and `[::1]:4711`.
fn host_of(client: &[u8]) -> Option<&[u8]> {
    let host = match memchr::memrchr(b':', client) {
        Some(at) => {
            let (host, port) = (client.get(..at)?, client.get(at + 1..)?);
            let v6 = host.contains(&b':') && !host.starts_with(b"[");
            // IPv6 without brackets ends with its port where a whole address is left in front.
            let whole = !v6 || host.ends_with(b"]") || port.len() > 4 || is_whole_v6(host);
            if whole && !port.is_empty() && port.iter().all(u8::is_ascii_digit) {
                host
            } else {
                client
            }
        }
        None => client,
    };
    let host = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

/// Whether an IPv6 address is complete: eight groups, or `::` for those left out.
fn is_whole_v6(host: &[u8]) -> bool {
    let groups = host.iter().filter(|byte| **byte == b':').count() + 1;
    groups == 8 || scan::holds(host, b"::")
}

/// What mod_proxy tells the client, by how it begins.
const REASONS: &[(&str, Sign, Option<Phase>)] = &[
    ("Connect to remote machine blocked", Sign::Denied, None),
    ("Corrupt status line", Sign::NoStatusLine, None),
    ("DNS lookup failure", Sign::ResolverFailed, None),
    ("Error during SSL Handshake", Sign::Thereby, Some(Phase::Tls)),
    ("Error reading from remote server", Sign::Thereby, Some(Phase::ResponseHeaders)),
    ("Malformed connection header", Sign::Malformed, Some(Phase::ResponseHeaders)),
    ("Max-Forwards has reached zero", Sign::Loop, None),
    ("Max-Forwards request header", Sign::ClientInvalid, None),
    ("Timeout on 100-Continue", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    ("Too many (", Sign::Malformed, Some(Phase::ResponseHeaders)),
    ("URI cannot be parsed", Sign::AddressInvalid, None),
    ("URI has no hostname", Sign::AddressInvalid, None),
    ("Unexpected Upgrade", Sign::UpgradeFailed, None),
];

/// What a reason proves; `None` where it is not known.
pub(super) fn known_reason(text: &[u8]) -> Option<(Sign, Option<Phase>)> {
    let (_, text) = without_scheme(text);
    let at = phrase::longest_prefix(text, REASONS, |(words, ..)| words.as_bytes())?;
    REASONS.get(at).map(|(_, sign, phase)| (*sign, *phase))
}

/// The path behind mod_proxy's reason. Anybody may write the words into a path, so the reason's own
/// end is looked for from the front.
fn returned_by<'a>(record: &Record<'a>) -> Option<&'a [u8]> {
    if codes::of(record.code)?.proves != Proves::Reason {
        return None;
    }
    let (_, path) = scan::split(record.message, b" returned by /")?;
    let start = record.message.len() - path.len() - 1;
    record.message.get(start..)
}

/// What a FastCGI application wrote to its error output.
fn stderr(message: &[u8]) -> Sign {
    let says = |words: &[u8]| scan::holds(message, words);
    if says(b"Primary script unknown") || says(b"Unable to open primary script") {
        Sign::ScriptMissing
    } else if says(b"Allowed memory size of") || says(b"Out of memory") {
        Sign::ApplicationOutOfMemory
    } else if says(b"Maximum execution time") {
        Sign::ApplicationTimedOut
    } else if says(b"Fatal error") || says(b"Parse error") || says(b"Uncaught ") {
        Sign::ApplicationFailed
    } else if says(b"Access to the script") {
        Sign::ScriptMissing
    } else {
        Sign::ApplicationWrote
    }
}

/// Whether OpenSSL complains as a server does: about what a client said.
fn is_servers(message: &[u8]) -> bool {
    const SERVERS: [&[u8]; 7] = [
        b"CLIENT_HELLO",
        b"client_hello",
        b":http request",
        b"no shared cipher",
        b"peer did not return a certificate",
        b"-- speaking HTTP to HTTPS port!?",
        b"accept:",
    ];
    SERVERS.iter().any(|words| scan::holds(message, words))
}

/// Whether a message is one of those that name the upstream: others hold paths, and what
/// applications write.
fn names_upstream(record: &Record<'_>, seen: &Seen<'_>) -> bool {
    let free = |proves| matches!(proves, Proves::Stderr | Proves::Reason | Proves::Tls);
    codes::of(record.code).is_some_and(|code| {
        let select =
            matches!(seen.sign, Sign::OutOfTurn | Sign::LimitReached | Sign::Misconfigured);
        (code.phase.is_some() || select) && !free(code.proves)
    })
}

/// What stands in front of an upstream's address.
const MARKS: &[&[u8]] = &[
    b"Unix domain socket ",
    b"attempt to connect to ",
    b"remote server ",
    b"failed to ",
    b"failed from ",
    b"to http://",
    b"dialog to ",
    b"dispatching request to ",
    b"connection to backend: ",
    b"disabled connection for (",
    b"worker for (",
    b"support for ",
    b"headers from ",
    b"data to ",
    b"Forcing worker (",
    b"acquire connection for (",
];

/// The upstream's address in a message, where it has its port.
fn upstream(words: &[u8]) -> Option<&[u8]> {
    let rest = MARKS.iter().find_map(|mark| {
        let at = scan::find(words, mark)?;
        words.get(at + mark.len()..)
    })?;
    let rest =
        rest.strip_prefix(b"http://").or_else(|| rest.strip_prefix(b"https://")).unwrap_or(rest);
    if rest.starts_with(b"/") {
        return socket(words, rest);
    }
    let end = rest.iter().position(|byte| matches!(byte, b' ' | b')' | b'(' | b',' | b'/'));
    let address = rest.get(..end.unwrap_or(rest.len()))?;
    let address = address.strip_suffix(b":").unwrap_or(address);
    let address = address.strip_suffix(b";").unwrap_or(address);
    if scan::looks_like_address(address) {
        return Some(address);
    }
    // `192.0.2.10:8080<>192.0.2.1:4711`
    let (address, _) = scan::split(address, b"<>")?;
    scan::looks_like_address(address).then_some(address)
}

/// A Unix socket's path, with the mark that such an address has; borrowed from the message, which
/// has no mark, the path alone.
fn socket<'a>(words: &'a [u8], path: &'a [u8]) -> Option<&'a [u8]> {
    scan::holds(words, b"Unix domain socket ").then_some(())?;
    let end = path.iter().position(|byte| *byte == b' ').unwrap_or(path.len());
    path.get(..end)
}
