//! A line of the traffic log, cut into its fields.
//!
//! ```text
//! line     = [ prefix " " ] client " [" date "] " frontend " " backend "/" server " " more
//! more     = timers " " [ status " " ] bytes " " [ cookie " " cookie " " ] state " " counters " "
//!            queues *( " {" captures "}" ) [ " " quoted-request ] [ " " added ]
//! timers   = number "/" number "/" number [ "/" number "/" number ]
//! counters = number 3( "/" number ) "/" [ "+" ] number
//! ```
//!
//! Three timers and no status are of a TCP connection. Whatever carried the line stands in the
//! prefix; the date tells where it ends. HAProxy writes `#22` for a quote within captures and `%22`
//! within a request, so that a quote or a brace always ends them.

use super::states;
use crate::dialects::Glance;
use crate::evidence::Millis;
use crate::scan::number::{LOW, ONES, places};
use crate::scan::{self, number};

/// How many brackets are looked at for the date.
const MOST_BRACKETS: usize = 8;
/// How many words of an own format may stand between two fields that belong together.
const MOST_WORDS: usize = 24;

/// A line's fields, as they stand there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// The client's address, without port.
    pub(super) client: &'a [u8],
    /// The date without brackets: when the connection, or the request, began.
    pub(super) date: &'a [u8],
    pub(super) frontend: &'a [u8],
    /// Backend and server as one text.
    pub(super) target: &'a [u8],
    pub(super) timers: Timers,
    pub(super) status: &'a [u8],
    pub(super) bytes: &'a [u8],
    pub(super) state: &'a [u8],
    pub(super) counters: &'a [u8],
    pub(super) request: &'a [u8],
    /// What stands behind the request, or behind the queues where there is none.
    pub(super) added: &'a [u8],
}

/// A time that a format has a place for; `Never` where HAProxy writes -1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Time {
    /// The format does not tell.
    #[default]
    Untold,
    /// The exchange did not get so far.
    Never,
    Took(Millis),
}

impl Time {
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        match text {
            [b'-', b'1', ..] => Some(Self::Never),
            // `option logasap`: the line was written before the end.
            [b'+', digits @ ..] | digits => Some(Self::Took(Millis::new(number::whole(digits)?))),
        }
    }

    pub(super) const fn took(self) -> Option<Millis> {
        match self {
            Self::Took(millis) => Some(millis),
            Self::Untold | Self::Never => None,
        }
    }

    pub(super) const fn is_told(self) -> bool {
        !matches!(self, Self::Untold)
    }
}

/// How long each part took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Timers {
    pub(super) request: Time,
    pub(super) queue: Time,
    pub(super) connect: Time,
    pub(super) response: Time,
    pub(super) total: Time,
}

impl Timers {
    /// Five of an HTTP exchange, or three of a TCP connection.
    pub(super) fn of(text: &[u8]) -> Option<(Self, Mode)> {
        let mut parts = text.split(|byte| *byte == b'/');
        let mut times = [Time::Untold; 5];
        let mut count = 0;
        for (time, part) in times.iter_mut().zip(&mut parts) {
            *time = Time::of(part)?;
            count += 1;
        }
        if parts.next().is_some() {
            return None;
        }
        let [first, second, third, fourth, fifth] = times;
        match count {
            5 => Some((
                Self {
                    request: first,
                    queue: second,
                    connect: third,
                    response: fourth,
                    total: fifth,
                },
                Mode::Http,
            )),
            3 => Some((
                Self { queue: first, connect: second, total: third, ..Self::default() },
                Mode::Tcp,
            )),
            _ => None,
        }
    }
}

/// What a proxy passes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    #[default]
    Http,
    Tcp,
}

/// Reads the usual line: a healthy exchange in the HTTP format, with a prefix or without. No record
/// of HAProxy's other ones is about an exchange that has a line here, so none waits for the client
/// and the request, and they are not looked for.
pub(super) fn glance(line: &[u8]) -> Option<Glance<'_>> {
    let mut opens = memchr::memchr_iter(b'[', line).take(MOST_BRACKETS);
    let (open, rest) = opens.find_map(|open| {
        let date = line.get(open + 1..)?.first_chunk::<26>()?;
        let is_date = date[2] == b'/' && date[6] == b'/' && date[11] == b':';
        let ends = date[24] == b']' && date[25] == b' ';
        if is_date && ends { Some((open, line.get(open + 27..)?)) } else { None }
    })?;
    let (_, rest) = scan::split_byte(rest, b' ')?;
    let (target, rest) = scan::split_byte(rest, b' ')?;
    // HAProxy itself answered, or could not: `<NOSRV>`.
    if target.ends_with(b">") {
        return None;
    }
    let end = scan::near(rest, b' ')?;
    let (timers, after) = rest.split_at_checked(end)?;
    if !are_five(rest, end) {
        return None;
    }
    let (total, _) = number::ending(timers, b'/')?;
    let [b' ', a, b, c, b' ', after @ ..] = after else { return None };
    let status = number::status(&[*a, *b, *c])?;
    let end = scan::near(after, b' ')?;
    let (body_sent, _) = number::ending(rest.get(..rest.len() - after.len() + end)?, b' ')?;
    let rest = after.get(end + 1..)?;
    if !rest.starts_with(b"- - ---- ") && !ended_well(rest)? {
        return None;
    }
    Some(Glance {
        // Without its thousandths: then the next line mostly has the same.
        time: line.get(open + 1..open + 21)?,
        status,
        body_sent: Some(body_sent),
        total: Some(Millis::new(total)),
        // A server was chosen, and nothing befell the exchange; 499 and its like are nobody's.
        answered: status < 490,
        ..Glance::default()
    })
}

/// Whether nothing befell an exchange, by its state behind the cookies of both sides.
#[inline(never)]
fn ended_well(rest: &[u8]) -> Option<bool> {
    let rest = scan::split_byte(scan::split_byte(rest, b' ')?.1, b' ')?.1;
    let [b'-', b'-', third, fourth, b' ', ..] = rest else { return None };
    Some(states::is_cookie_state(*third, *fourth))
}

/// Whether a text begins with five numbers of so many letters in all, without a sign. The lengths of
/// numbers are anybody's guess: but for how many words they fill, nothing branches on them here.
#[inline(always)]
fn are_five(text: &[u8], length: usize) -> bool {
    const WORD: usize = 8;
    let word = |at: usize| {
        let word = text.get(at..)?.first_chunk::<WORD>()?;
        Some(u64::from_le_bytes(*word))
    };
    // Five digits and four slashes fill the first word; all after the last letter is taken away.
    let end = match length {
        9..=16 => WORD,
        17..=24 => 2 * WORD,
        _ => return false,
    };
    let (Some(first), Some(last)) = (word(0), word(end)) else { return false };
    let kept = u64::MAX >> (8 * (end + WORD - length));
    let (others, slashes) = numbers(first);
    let (others_last, slashes_last) = numbers(last);
    let mut others = others | (others_last & kept);
    let mut slashes = slashes + (slashes_last & kept);
    if end > WORD {
        let Some(second) = word(WORD) else { return false };
        let (others_second, slashes_second) = numbers(second);
        others |= others_second;
        slashes += slashes_second;
    }
    others == 0 && slashes.wrapping_mul(ONES) >> 56 == 4
}

/// The highest bit of each byte that is neither digit nor slash, and the lowest of each slash.
#[inline(always)]
const fn numbers(bytes: u64) -> (u64, u64) {
    // The slash stands right before the digits: what is below or above these eleven.
    let low = bytes & LOW;
    let fits = (low + (0x80 - b'/' as u64) * ONES) & !(low + 0x46 * ONES) & !bytes;
    (!fits & !LOW, places(bytes, b'/') >> 7)
}

/// Where the date stands: its beginning, and what is behind its bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dated<'a> {
    /// The address before the date, without its port; empty where none is there.
    pub(super) client: &'a [u8],
    pub(super) date: &'a [u8],
    /// Behind the bracket and a blank.
    pub(super) rest: &'a [u8],
}

/// Every place where a date stands in brackets, but not within quotes or braces,
/// where strangers write.
pub(super) fn dated(line: &[u8]) -> impl Iterator<Item = Dated<'_>> {
    let opens = memchr::memchr_iter(b'[', line).take(MOST_BRACKETS);
    opens.filter_map(|open| {
        let inside = line.get(open + 1..)?;
        let date = inside.first_chunk::<21>()?;
        if date[2] != b'/' || date[6] != b'/' || date[11] != b':' {
            return None;
        }
        let end = memchr::memchr(b']', inside.get(..40).unwrap_or(inside))?;
        let who = line.get(..open)?.trim_ascii_end();
        if memchr::memchr_iter(b'"', who).count() % 2 == 1
            || memchr::memrchr(b'{', who) > memchr::memrchr(b'}', who)
        {
            return None;
        }
        // A prefix, where the format leaves the client out, is none.
        let word = who.get(memchr::memrchr(b' ', who).map_or(0, |at| at + 1)..)?;
        let client = match memchr::memrchr(b':', word) {
            Some(colon) if scan::looks_like_ip(word.get(..colon)?) => word.get(..colon)?,
            _ if scan::looks_like_ip(word) => word,
            _ => b"",
        };
        Some(Dated {
            client,
            date: inside.get(..end)?,
            rest: inside.get(end + 1..)?.strip_prefix(b" ")?,
        })
    })
}

impl<'a> Line<'a> {
    /// Cuts a line up. `None` where it is no traffic of HAProxy's.
    pub(super) fn read(line: &'a [u8]) -> Option<(Self, Mode)> {
        dated(line).find_map(Self::behind)
    }

    /// The same of a line that is cut in front of its frontend, or within its date.
    pub(super) fn read_cut(line: &'a [u8]) -> Option<(Self, Mode)> {
        const LONGEST_DATE: usize = 32;
        let start = line.get(..LONGEST_DATE).unwrap_or(line);
        let rest = match memchr::memchr2(b'[', b']', start) {
            Some(close) if line.get(close) == Some(&b']') => line.get(close + 1..)?,
            Some(_) => return None,
            None => line,
        };
        let rest = rest.trim_ascii_start();
        // Behind a quote stands what strangers wrote: without a date, nothing else tells it apart.
        let own = scan::split_byte(rest, b'"').map_or(rest, |(own, _)| own);
        if let Some(line) = Self::from_timers(rest) {
            return Self::from_timers(own).is_some().then_some((line, Mode::Http));
        }
        Self::behind(Dated { client: b"", date: b"", rest: own })?;
        let (line, mode) = Self::behind(Dated { client: b"", date: b"", rest })?;
        let whole = match mode {
            Mode::Http => line.state.len() == 4,
            // It has no letters for cookies.
            Mode::Tcp => line.state.len() == 2 && !line.counters.is_empty(),
        };
        (whole && line.target.contains(&b'/')).then_some((line, mode))
    }

    /// A line of an HTTP exchange that is cut in front of its timers: all that is HAProxy's behind them
    /// must be there.
    fn from_timers(text: &'a [u8]) -> Option<Self> {
        let mut words = Words { rest: text };
        let (timers, mode) = Timers::of(words.next()?)?;
        let status = words.next().filter(|word| is_status(word) && mode == Mode::Http)?;
        let bytes = words.next()?;
        let mut read = Self { timers, status, bytes, ..Self::default() };
        read.find_state(words, mode)?;
        (read.state.len() == 4 && !read.counters.is_empty()).then_some(read)
    }

    fn behind(dated: Dated<'a>) -> Option<(Self, Mode)> {
        let mut words = Words { rest: dated.rest };
        let frontend = words.next()?;
        let (mut target, mut backend, mut times) = (&b""[..], &b""[..], None);
        for _ in 0..MOST_WORDS {
            let word = words.next()?;
            if let Some(read) = Timers::of(word) {
                times = Some(read);
                break;
            }
            if target.is_empty() && is_target(word) {
                target = word;
            } else if backend.is_empty() {
                backend = word;
            }
        }
        let (timers, mode) = times?;
        // A format may name the backend alone.
        if target.is_empty() {
            target = Some(backend).filter(|name| is_name(name))?;
        }
        let mut read = Self { timers, target, frontend, ..Self::default() };
        read.client = dated.client;
        read.date = dated.date;
        if mode == Mode::Http {
            read.status = words.next().filter(|word| is_status(word))?;
        }
        read.bytes = words.next().unwrap_or_default();
        read.find_state(words, mode)?;
        Some((read, mode))
    }

    /// The state is followed by five counters and two queues; what stands before it are cookies,
    /// which strangers write.
    fn find_state(&mut self, words: Words<'a>, mode: Mode) -> Option<()> {
        let usual = match mode {
            Mode::Http => 2,
            Mode::Tcp => 0,
        };
        // In its place, whatever follows; or anywhere, before its counters.
        let mut at = words;
        for _ in 0..usual {
            at.next();
        }
        let mut found = at.next().filter(|word| states::is_state(word)).map(|word| (word, at));
        let mut at = words;
        for _ in 0..MOST_WORDS {
            if found.is_some() {
                break;
            }
            let Some(word) = at.next().filter(|word| !word.starts_with(b"\"")) else { break };
            let mut after = at;
            let counted = after.next().is_some_and(is_counters);
            found = (states::is_state(word) && counted).then_some((word, at));
        }
        let (state, mut behind) = found?;
        self.state = state;
        let mut next = behind;
        if let Some(word) = next.next().filter(|word| is_counters(word)) {
            self.counters = word;
            behind = next;
            let queues = |word: &&[u8]| word.split(|byte| *byte == b'/').count() == 2;
            if next
                .next()
                .filter(queues)
                .is_some_and(|word| word.first().is_some_and(u8::is_ascii_digit))
            {
                behind = next;
            }
        }
        self.added = behind.rest;
        self.take_request();
        Some(())
    }

    /// Over the captures in braces, to the request in quotes.
    fn take_request(&mut self) {
        let mut rest = self.added.trim_ascii_start();
        while let Some(inside) = rest.strip_prefix(b"{") {
            let Some((_, after)) = scan::split_byte(inside, b'}') else { return };
            rest = after.trim_ascii_start();
        }
        self.added = rest;
        // Own formats may put something in front of the request.
        let mut quoted = rest;
        while let Some((before, inside)) = scan::split_byte(quoted, b'"') {
            let end = memchr::memchr(b'"', inside).unwrap_or(inside.len());
            let value = inside.get(..end).unwrap_or(inside);
            let after = inside.get(end + 1..).unwrap_or_default();
            let bare = !before.ends_with(b"=");
            if bare && (scan::request_line(value).is_some() || value == b"<BADREQ>") {
                self.request = value;
                self.added = after;
                return;
            }
            quoted = after;
        }
    }
}

/// Words between single blanks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let text = self.rest.trim_ascii_start();
        if text.is_empty() {
            return None;
        }
        let end = word_length(text);
        self.rest = text.get(end..).unwrap_or_default();
        text.get(..end)
    }
}

/// How long the word at the beginning is. What stands in quotes is part of one word, blanks and all:
/// strangers write it. HAProxy escapes a quote in it, and so do those who write `\"`.
fn word_length(text: &[u8]) -> usize {
    let mut quoted = false;
    let mut from = 0;
    while let Some(at) = memchr::memchr2(b' ', b'"', text.get(from..).unwrap_or_default()) {
        let at = from + at;
        from = at + 1;
        match text.get(at) {
            Some(b' ') if !quoted => return at,
            Some(b'"') => {
                let escaped = at.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'\\');
                quoted ^= !escaped;
            }
            _ => {}
        }
    }
    text.len()
}

/// `backend/server`, in the letters that names may have; `<NOSRV>` and its like as the server, or
/// nothing, where a page took that for a tag of its own.
pub(super) fn is_target(word: &[u8]) -> bool {
    let Some((backend, server)) = scan::split_byte(word, b'/') else { return false };
    let inner = server.strip_prefix(b"<").and_then(|server| server.strip_suffix(b">"));
    is_name(backend) && (server.is_empty() || is_name(inner.unwrap_or(server)))
}

/// The letters of a proxy's or a server's name.
pub(super) fn is_name(text: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:~@[]".contains(byte);
    !text.is_empty() && text.iter().all(letter)
}

fn is_status(word: &[u8]) -> bool {
    word == b"-1" || number::status(word).is_some()
}

/// Five numbers, the last with or without a plus sign.
fn is_counters(word: &[u8]) -> bool {
    let mut count = 0;
    let numbers = word.split(|byte| *byte == b'/').all(|part| {
        count += 1;
        let digits = part.strip_prefix(b"+").unwrap_or(part);
        !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
    });
    numbers && (4..=5).contains(&count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str = "10.0.1.2:33317 [06/Feb/2026:12:14:14.655] http-in static/srv1 \
                         10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} \"GET \
                         /index.html HTTP/1.1\"";

    #[test]
    fn a_glance_and_a_reading_tell_the_same() {
        for prefix in ["", "Feb  6 12:14:14 localhost haproxy[14389]: ", "<134>haproxy[1]: "] {
            let line = [prefix, USUAL].concat();
            let glance = glance(line.as_bytes()).unwrap();
            let (read, mode) = Line::read(line.as_bytes()).unwrap();
            assert_eq!(mode, Mode::Http);
            assert_eq!(read.client, b"10.0.1.2");
            assert_eq!(read.request, b"GET /index.html HTTP/1.1");
            assert!(read.date.starts_with(glance.time) && glance.time.len() == 20);
            assert_eq!(glance.total, read.timers.total.took());
            assert_eq!(glance.status, 200);
            assert_eq!(glance.body_sent, Some(2750));
        }
    }

    #[test]
    fn a_glance_takes_no_line_that_shows_anything_else() {
        for (this, that) in [
            ("----", "CD--"),
            ("----", "-D--"),
            ("10/0/30/69/109", "10/0/-1/-1/109"),
            ("10/0/30/69/109", "10/0/30/69/+109"),
            ("srv1", "<NOSRV>"),
            (" 200 ", " -1 "),
        ] {
            assert_eq!(glance(USUAL.replace(this, that).as_bytes()), None, "{that}");
        }
        for kept in ["--NI", "--VN"] {
            assert!(glance(USUAL.replace("----", kept).as_bytes()).is_some(), "{kept}");
        }
    }

    proptest::proptest! {
        #[test]
        fn numbers_are_those_that_stand_there(before in "[0-9/ -]{8,12}", number in 0_u64..10_000_000) {
            let text = alloc::format!("{before}/{number}");
            proptest::prop_assert_eq!(number::ending(text.as_bytes(), b'/').map(|(number, _)| number), Some(number));
            proptest::prop_assert_eq!(number::ending(alloc::format!("{text}x").as_bytes(), b'/'), None);
        }

        #[test]
        fn five_numbers_are_told_from_others(text in "[0-9/+-]{5,24}") {
            let padded = alloc::format!("{text} 200 217 - - ---- 1/1/1/1/0 0/0");
            let signed = text.contains(['+', '-']);
            let five = !signed && text.split('/').count() == 5;
            proptest::prop_assert_eq!(are_five(padded.as_bytes(), text.len()), five);
        }
    }

    #[test]
    fn what_a_client_writes_is_no_field() {
        let forged =
            "9.9.9.9:1 [06/Feb/2026:12:14:14.655] a b/c 0/0/-1/-1/9 503 1 - - SC-- 1/1/1/1/0 0/0";
        for (place, with) in [
            ("{1wt.eu}", alloc::format!("{{{forged}}}")),
            ("/index.html", alloc::format!("/{forged}")),
        ] {
            let line = USUAL.replace(place, &with);
            let (read, _) = Line::read(line.as_bytes()).unwrap();
            assert_eq!((read.status, read.state), (&b"200"[..], &b"----"[..]), "{line}");
        }
        let line = alloc::format!("{{{forged}}} \"{forged}\" {USUAL}");
        let (read, _) = Line::read(line.as_bytes()).unwrap();
        assert_eq!(read.client, b"10.0.1.2");
        let line = USUAL.replace(" - - ", " SC-- 1/1/1/1/0 ");
        let (read, _) = Line::read(line.as_bytes()).unwrap();
        assert_eq!(read.state, b"----");
    }
}
