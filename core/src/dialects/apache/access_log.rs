//! One record of Apache's access log: `common`, `combined`, `vhost_combined`, and what operators put
//! behind them.
//!
//! ```text
//! record = [ vhost [ ":" port ] " " ] client " " ident " " user " [" time "] " request " " status " "
//!          bytes [ " " referrer " " agent ] *( " " element )
//! ```
//!
//! Other servers write `common` and `combined` alike. A record is surely Apache's where it has what
//! only Apache writes: `-` for no bytes, the port behind the virtual host, a quote escaped by a
//! backslash, microseconds, the state of the connection, a balancer's member. Where the rest of the
//! input, or of the run, is Apache's, [`read_shared`] takes the others too.

use crate::dialects::nginx::access_log as combined;
use crate::dialects::{Glance, Told};
use crate::evidence::{Attempt, Evidence, Millis, Origin, Seen, Sign, Source};
use crate::scan::{self, number, time};
use crate::vocabulary::Gateway;

/// Reads the usual record, whose request holds no quote.
pub(super) fn glance(line: &[u8], told: Told) -> Option<Glance<'_>> {
    let mut glance = combined::glance(line, Told { times: false, whole: false })?;
    if told.times || told.whole {
        // Behind the last quote: what follows the user agent.
        let last = memchr::memrchr(b'"', line)?;
        let tail = line.get(last + 1..)?;
        for word in tail.split(|byte| *byte == b' ').filter(|word| !word.is_empty()) {
            let element = Element::unquoted(word);
            if glance.total.is_none() {
                glance.total = element.time();
            }
            glance.cut_short |= element.state() == Some(false);
        }
    }
    Some(glance)
}

/// Reads a record that only Apache writes. False, and nothing read, where it is none.
pub(super) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    match Record::read(line) {
        Some(record) if record.is_apaches() => {
            *evidence = record.gather(line, origin);
            true
        }
        _ => false,
    }
}

/// Reads a record that may be another server's, where it is known to be Apache's.
pub(super) fn read_shared<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let read = match Record::read(line) {
        Some(record) => record.gather(line, origin),
        // Formats of keys and values, and JSON.
        None => {
            let mut read = Evidence::default();
            if !combined::read(line, origin, &mut read) {
                return false;
            }
            Evidence { gateway: Some(Gateway::Apache), ..read }
        }
    };
    // These are nginx's alone.
    if read.upstream_told || matches!(read.status, Some(0 | 9 | 444 | 494..=497 | 499)) {
        return false;
    }
    *evidence = read;
    true
}

/// A record, taken apart.
#[derive(Clone, Copy, Debug, Default)]
struct Record<'a> {
    vhost: Option<&'a [u8]>,
    client: &'a [u8],
    time: &'a [u8],
    request: &'a [u8],
    status: u16,
    /// `None` where it is written as `-`.
    bytes: Option<u64>,
    /// What stands behind the bytes.
    tail: &'a [u8],
}

/// How many brackets are looked at for the time.
const MOST_BRACKETS: usize = 4;

impl<'a> Record<'a> {
    fn read(line: &'a [u8]) -> Option<Self> {
        let mut opens = memchr::memchr_iter(b'[', line).take(MOST_BRACKETS);
        let (open, rest) =
            opens.find_map(|open| Some((open, line.get(open + 27..)?.strip_prefix(b"] \"")?)))?;
        let time = line.get(open + 1..open + 27)?;
        let (request, rest) = quoted(rest)?;
        let [b' ', a, b, c, b' ', rest @ ..] = rest else { return None };
        let (digits, tail) = scan::span(rest, |byte| byte.is_ascii_digit());
        let (bytes, tail) = match number::whole(digits) {
            Some(bytes) => (Some(bytes), tail),
            None => (None, rest.strip_prefix(b"-")?),
        };
        matches!(tail.first(), None | Some(b' ')).then_some(())?;
        let record = Self {
            time,
            request,
            status: number::status(&[*a, *b, *c])?,
            bytes,
            tail,
            ..Self::default()
        };
        record.whose(line.get(..open)?)
    }

    /// Who asked, and of which virtual host, from what stands in front of the time.
    fn whose(self, who: &'a [u8]) -> Option<Self> {
        let mut words = who.trim_ascii_end().split(|byte| *byte == b' ');
        let first = words.next().filter(|word| !word.is_empty())?;
        let second = words.next()?;
        let rest = words.count();
        // The client, its identity, its user; with the virtual host one more.
        match rest {
            0 => None,
            1 => Some(Self { client: first, ..self }),
            _ if scan::looks_like_ip(first) => Some(Self { client: first, ..self }),
            _ => Some(Self { vhost: Some(first), client: second, ..self }),
        }
    }

    /// Whether no other server writes such a record.
    fn is_apaches(&self) -> bool {
        let escaped = scan::holds(self.request, b"\\\"") || scan::holds(self.tail, b"\\\"");
        let vhost = self.vhost.is_some_and(|host| {
            let port = host.rsplit(|byte| *byte == b':').next();
            scan::looks_like_address(host) && port.is_some_and(|port| !port.is_empty())
        });
        escaped || vhost || self.bytes.is_none() || self.tail.is_empty() || self.has_own_elements()
    }

    /// Whether an element behind the client's own words is one that only Apache writes.
    fn has_own_elements(&self) -> bool {
        let mut plain = 0;
        let mut numbers = 0;
        for element in Elements::of(self.tail).skip(2) {
            plain += 1;
            let whole = element.key.is_empty() && number::whole(element.value).is_some();
            numbers += usize::from(whole && !element.quoted);
            if element.is_own() {
                return true;
            }
        }
        // `%D` alone: nginx's time has decimals.
        plain == 1 && numbers == 1
    }

    fn gather(&self, line: &'a [u8], origin: Origin) -> Evidence<'a> {
        let mut evidence = Evidence {
            gateway: Some(Gateway::Apache),
            status: Some(self.status),
            body_sent: self.bytes.or(Some(0)).map(crate::evidence::Bytes::new),
            client: (self.client != b"-").then_some(self.client),
            ..Evidence::default()
        };
        evidence.sources.add(Source::AccessLog);
        evidence.records.push((origin, line));
        evidence.request.authority = self.vhost;
        if let Some((method, path)) = scan::request_line(self.request) {
            evidence.request.method = Some(method);
            evidence.request.path = Some(path);
        }
        // Referrer and user agent are the client's words.
        for element in Elements::of(self.tail).skip(2) {
            element.tell(&mut evidence);
        }
        for seen in evidence.signs.iter_mut() {
            seen.origin = origin;
        }
        // The time is that of the request's arrival.
        evidence.at = time::common(self.time);
        match evidence.timings.total {
            Some(total) => evidence.at = evidence.at.map(|at| at.after(total)),
            None => evidence.begun = true,
        }
        evidence
    }
}

/// Up to the quote that closes a value, which none escapes; what follows it.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', text.get(from..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
        from = at + 2;
    }
}

/// One element behind the number of bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Element<'a> {
    key: &'a [u8],
    value: &'a [u8],
    quoted: bool,
}

/// The elements, one after the other; a value that is cut goes to the end.
struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    const fn of(rest: &'a [u8]) -> Self {
        Self { rest }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let text = self.rest.trim_ascii_start();
        let end = memchr::memchr2(b' ', b'"', text).unwrap_or(text.len());
        if text.get(end) != Some(&b'"') {
            let (word, rest) = text.split_at_checked(end)?;
            self.rest = rest;
            return (!word.is_empty()).then(|| Element::unquoted(word));
        }
        let key = text.get(..end)?;
        let inside = text.get(end + 1..)?;
        let (value, rest) = quoted(inside).unwrap_or((inside, b""));
        self.rest = rest;
        let key = key.strip_suffix(b"=").or_else(|| key.strip_suffix(b":")).unwrap_or(key);
        Some(Element { key, value, quoted: true })
    }
}

impl<'a> Element<'a> {
    fn unquoted(word: &'a [u8]) -> Self {
        match scan::split_byte(word, b'=') {
            Some((key, value)) if is_key(key) => Self { key, value, quoted: false },
            _ => Self { key: b"", value: word, quoted: false },
        }
    }

    /// Whether only Apache writes such an element.
    fn is_own(&self) -> bool {
        let key = |names: &[&str]| names.iter().any(|name| self.key == name.as_bytes());
        if self.quoted && self.key.is_empty() {
            return false;
        }
        key(&["D", "T", "X", "L", "worker", "balancer"])
            || (self.key.is_empty()
                && (matches!(self.value, b"X" | b"+") || self.seconds_and_micros().is_some()))
            || self.worker().is_some_and(|worker| worker.len() < self.value.len())
    }

    /// How long it took, where this says so: with the unit in its name, as `%D` writes
    /// microseconds, `%{ms}T` thousandths and `%T` seconds.
    fn time(&self) -> Option<Millis> {
        if self.key.is_empty() {
            if self.quoted {
                return None;
            }
            if let Some(micros) = self.seconds_and_micros() {
                return Some(Millis::from_micros(micros));
            }
            // A number alone; what is smaller may be seconds.
            let micros = number::whole(self.value).filter(|micros| *micros >= 1_000);
            return micros.map(Millis::from_micros);
        }
        let value = self.value;
        let (value, unit) = [(&b"us"[..], 1), (b"ms", 1_000), (b"s", 1_000_000)]
            .into_iter()
            .find_map(|(suffix, unit)| Some((value.strip_suffix(suffix)?, Some(unit))))
            .unwrap_or((value, None));
        let unit = match self.key {
            b"D" | b"us" | b"micros" | b"microseconds" => 1,
            b"ms" | b"millis" | b"milliseconds" => 1_000,
            b"T" | b"sec" | b"secs" | b"seconds" => 1_000_000,
            key if key.ends_with(b"_us") || key.ends_with(b"_micros") => 1,
            key if key.ends_with(b"_ms") || key.ends_with(b"_millis") => 1_000,
            key if key.ends_with(b"_s") || key.ends_with(b"_sec") => 1_000_000,
            b"rt" | b"time" | b"took" | b"elapsed" | b"duration" | b"request_time"
            | b"response_time" => match number::whole(value) {
                Some(_) => unit.unwrap_or(1),
                None => 1_000_000,
            },
            _ => return None,
        };
        match number::whole(value) {
            Some(number) => Some(Millis::from_micros(number.saturating_mul(unit))),
            None if unit == 1_000_000 => number::seconds(value),
            None => None,
        }
    }

    /// `%T/%D`, with asterisks around it in many configurations: the microseconds.
    fn seconds_and_micros(&self) -> Option<u64> {
        let value = self.value.strip_prefix(b"**").unwrap_or(self.value);
        let value = value.strip_suffix(b"**").unwrap_or(value);
        let (seconds, micros) = scan::split_byte(value, b'/')?;
        let (seconds, micros) = (number::whole(seconds)?, number::whole(micros)?);
        (micros / 1_000_000 == seconds).then_some(micros)
    }

    /// `%X`: whether the connection stood when the response was complete.
    fn state(&self) -> Option<bool> {
        let named = matches!(self.key, b"X" | b"state" | b"conn" | b"connection");
        match self.value {
            b"X" if named || (self.key.is_empty() && !self.quoted) => Some(false),
            b"+" if named || (self.key.is_empty() && !self.quoted) => Some(true),
            b"-" if named => Some(true),
            _ => None,
        }
    }

    /// A member of a balancer, by its URL: host and port.
    fn worker(&self) -> Option<&'a [u8]> {
        let named =
            matches!(self.key, b"worker" | b"balancer" | b"backend" | b"upstream" | b"member");
        if !named && (self.quoted || !self.key.is_empty()) {
            return None;
        }
        let (scheme, rest) = scan::split(self.value, b"://")?;
        let known = matches!(
            scheme,
            b"http"
                | b"https"
                | b"ajp"
                | b"fcgi"
                | b"scgi"
                | b"uwsgi"
                | b"ws"
                | b"wss"
                | b"h2"
                | b"h2c"
        );
        let address = rest.split(|byte| *byte == b'/').next().unwrap_or(rest);
        (known && !address.is_empty()).then_some(address)
    }

    fn tell(&self, evidence: &mut Evidence<'a>) {
        if evidence.timings.total.is_none() {
            evidence.timings.total = self.time();
        }
        if let Some(whole) = self.state() {
            evidence.complete = Some(whole);
        }
        if let Some(address) = self.worker() {
            evidence.attempts.push(Attempt { address: Some(address), ..Attempt::default() });
        }
        let value = Some(self.value).filter(|value| !matches!(*value, b"" | b"-"));
        self.tell_answer(evidence);
        match self.key {
            b"host" | b"vhost" => evidence.request.authority = value,
            b"rid" | b"id" | b"reqid" | b"request_id" | b"unique_id" => evidence.request.id = value,
            _ => {}
        }
    }

    /// `%{proxy-status}n`: what the upstream answered, `-` where nothing came.
    fn tell_answer(&self, evidence: &mut Evidence<'a>) {
        let named = matches!(
            self.key,
            b"status"
                | b"us"
                | b"proxy-status"
                | b"proxy_status"
                | b"backend_status"
                | b"upstream_status"
        );
        if !named {
            return;
        }
        let status = number::status(self.value);
        evidence.answered = (self.value == b"-" || status.is_some()).then_some(status.is_some());
        if let Some(status) = status.filter(|status| *status >= 500) {
            let number = Some(u32::from(status));
            evidence.add(Seen { number, quote: self.value, ..Seen::new(Sign::ServerError) });
        }
    }
}

fn is_key(text: &[u8]) -> bool {
    !text.is_empty()
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    const LINE: &str =
        "203.0.113.24 - - [14/Sep/2026:08:11:02 +0000] \"GET /cart HTTP/1.1\" 200 341";
    const TAIL: &str = " \"-\" \"shop-app/7.1\"";

    #[test]
    fn only_what_apache_alone_writes_is_surely_its() {
        let origin = Origin::new(Source::AccessLog, 0, 1);
        for (line, own) in [
            (format!("{LINE}{TAIL}"), false),
            (format!("{LINE}{TAIL} 0.004 10.0.0.1:80 502"), false),
            (format!("{LINE}{TAIL} rt=0.004 ua=\"10.0.0.1:80\""), false),
            (format!("{LINE}{TAIL} \"203.0.113.77\""), false),
            (LINE.into(), true),
            (format!("{LINE}{TAIL}").replace(" 341", " -"), true),
            (format!("shop.example:443 {LINE}{TAIL}"), true),
            (format!("{LINE} \"-\" \"a \\\"b\\\" c\""), true),
            (format!("{LINE}{TAIL} 2417"), true),
            (format!("{LINE}{TAIL} 0/2417"), true),
            (format!("{LINE}{TAIL} D=2417 X=+"), true),
            (format!("{LINE}{TAIL} http://192.0.2.10:8080"), true),
        ] {
            assert_eq!(read(line.as_bytes(), origin, &mut Evidence::default()), own, "{line}");
            assert!(read_shared(line.as_bytes(), origin, &mut Evidence::default()), "{line}");
        }
    }

    #[test]
    fn a_glance_agrees_with_a_reading() {
        for tail in ["", " 2417", " D=2417 X=+", " **0/2417**", " D=2417 X=X", " took=12ms"] {
            let line = format!("{LINE}{TAIL}{tail}");
            let glance = glance(line.as_bytes(), Told { times: true, whole: true }).unwrap();
            let mut evidence = Evidence::default();
            let origin = Origin::new(Source::AccessLog, 0, 1);
            assert!(read_shared(line.as_bytes(), origin, &mut evidence), "{line}");
            assert_eq!(Some(glance.status), evidence.status);
            assert_eq!(Some(glance.client), evidence.client);
            assert_eq!(glance.total, evidence.timings.total, "{tail}");
            assert_eq!(glance.cut_short, evidence.complete == Some(false), "{tail}");
        }
    }
}
