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

use super::codes;
use super::phrases::PHRASES;
use super::status;
use crate::dialects::standard::level::Level;
use crate::evidence::Timestamp;
use crate::scan::{self, json, number, phrase, time};

/// How many parts stand in front of a message at most.
pub(super) const MOST_PARTS: usize = 16;

/// A record, taken apart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Record<'a> {
    pub(super) at: Option<Timestamp>,
    pub(super) module: &'a [u8],
    pub(super) level: Option<Level>,
    pub(super) process: Option<u32>,
    pub(super) thread: Option<u64>,
    pub(super) client: Option<&'a [u8]>,
    pub(super) remote: Option<&'a [u8]>,
    pub(super) authority: Option<&'a [u8]>,
    pub(super) status: Option<u32>,
    /// The number of the message, 0 where it has none.
    pub(super) code: u32,
    /// The message without its number and referrer.
    pub(super) message: &'a [u8],
    /// What is quoted: from the status on where there is one.
    pub(super) quote: &'a [u8],
}

impl<'a> Record<'a> {
    /// Takes a line apart; `None` where it is no record of this log. The date of this log, or a
    /// number, or a module's name beside the process tell it from other programs' lines, which have
    /// levels in brackets too.
    pub(super) fn read(line: &'a [u8]) -> Option<Self> {
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
    pub(super) fn part(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
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
    pub(super) fn say(&mut self, text: &'a [u8]) {
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
}

/// A message's number and what follows: `AH00957: …`, in small letters where people write it.
fn numbered(text: &[u8]) -> Option<(u32, &[u8])> {
    let digits = text.strip_prefix(b"AH").or_else(|| text.strip_prefix(b"ah"))?;
    let (code, rest) = number::leading(digits)?;
    let rest = rest.strip_prefix(b":")?;
    Some((u32::try_from(code).ok()?, rest))
}

pub(super) fn is_numbered(text: &[u8]) -> bool {
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
pub(super) fn is_own(text: &[u8]) -> bool {
    let marked = text.starts_with(b"proxy: ");
    known(text).and_then(|at| PHRASES.get(at)).is_some_and(|phrase| phrase.own || marked)
}

/// What stands in front of 2.2's words and 2.4's: `proxy: `, a scheme, a balancer, mod_wsgi's name.
pub(super) fn without_scheme(message: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let words = message.strip_prefix(b"proxy: ").unwrap_or(message);
    // mod_wsgi names its process first.
    let named = words.strip_prefix(b"mod_wsgi (pid=").and_then(|rest| scan::split(rest, b"): "));
    let words = named.map_or(words, |(_, rest)| rest);
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
