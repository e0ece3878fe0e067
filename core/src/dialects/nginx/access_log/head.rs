//! What `combined` and its extensions share, and what of it is read at a glance.

use super::json;
use crate::dialects::{Glance, Told};
use crate::scan::{self, number};

/// Reads a record in the combined format, with or without more behind it, as far as the format tells
/// more.
pub(crate) fn glance(line: &[u8], told: Told) -> Option<Glance<'_>> {
    if line.first() == Some(&b'{') {
        return json::glance(line);
    }
    let (head, tail) = Head::read(line)?;
    let mut glance = Glance {
        client: client_at_a_glance(head.who)?,
        time: head.time,
        request: head.request,
        status: head.status,
        body_sent: head.body_sent,
        ..Glance::default()
    };
    if !told.times && !told.whole {
        return Some(glance);
    }
    // Values in quotes are passed over as a whole: the times stand between them.
    let mut rest = tail;
    while let Some((words, inside)) = scan::split_byte(rest, b'"') {
        glance_words(words, &mut glance);
        // `$request_completion` is empty where the response was cut short.
        glance.cut_short |=
            inside.first() == Some(&b'"') && words.ends_with(b"request_completion=");
        if glance.total.is_some() && !told.whole {
            return Some(glance);
        }
        // Most values that are not there are a dash.
        let close = match inside {
            [b'-', b'"', ..] => Some(1),
            _ => memchr::memchr(b'"', inside),
        };
        let Some(after) = close.and_then(|close| inside.get(close + 1..)) else {
            return Some(glance);
        };
        rest = after;
    }
    glance_words(rest, &mut glance);
    Some(glance)
}

/// The request's time among the words between two quoted values: under its name, or the first
/// decimal without one.
#[inline]
fn glance_words(words: &[u8], glance: &mut Glance<'_>) {
    // It is written once, mostly as the first of the times; one blank parts two quoted values.
    if glance.total.is_some() || words.len() < 2 {
        return;
    }
    // Mostly it stands first, and nothing needs to be looked at letter by letter.
    if let [b' ', b'r', b't', b'=', value @ ..] = words {
        let end = scan::near(value, b' ').unwrap_or(value.len());
        glance.total = value.get(..end).and_then(number::seconds);
        if glance.total.is_some() {
            return;
        }
    }
    for word in words.split(|byte| matches!(byte, b' ' | b'\t' | b'|')) {
        let value = match word {
            [b'r', b't', b'=', value @ ..] => value,
            [b'0'..=b'9', ..] if word.contains(&b'.') => word,
            _ => match word.strip_prefix(b"request_time=") {
                Some(value) => value,
                None => continue,
            },
        };
        glance.total = number::seconds(value);
        if glance.total.is_some() {
            return;
        }
    }
}

/// The part of a record that `combined` and its extensions share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    /// The client, and what else stands in front of the time.
    pub(super) who: &'a [u8],
    pub(super) time: &'a [u8],
    pub(super) request: &'a [u8],
    pub(super) status: u16,
    pub(super) body_sent: Option<u64>,
}

/// How many brackets are looked at for the time.
const MOST_BRACKETS: usize = 4;

impl<'a> Head<'a> {
    /// The head, and what stands behind the number of bytes.
    #[inline]
    pub(super) fn read(line: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (open, rest) = usual_time(line).or_else(|| {
            // A carrier's process id may stand in brackets in front.
            let mut opens = memchr::memchr_iter(b'[', line).take(MOST_BRACKETS);
            opens.find_map(|open| Some((open, behind_time(line, open)?)))
        })?;
        let who = line.get(..open)?;
        let time = line.get(open + 1..open + 27)?;
        let close = memchr::memchr(b'"', rest)?;
        let request = rest.get(..close)?;
        let rest = rest.get(close + 1..)?;
        let [b' ', a, b, c, after @ ..] = rest else { return None };
        let status = number::status(&[*a, *b, *c])?;
        let (body_sent, tail) = match after {
            [b' ', bytes @ ..] => match number::leading(bytes) {
                Some((sent, tail)) => (Some(sent), tail),
                None => (None, bytes.strip_prefix(b"-").unwrap_or(bytes)),
            },
            // The line is cut behind the status.
            [] => (None, after),
            _ => return None,
        };
        Some((Self { who, time, request, status, body_sent }, tail))
    }
}

/// Where the bracket in front of the time stands, where only the client stands before it, and what
/// follows the time and its quote.
#[inline]
fn usual_time(line: &[u8]) -> Option<(usize, &[u8])> {
    let client = scan::near(line, b' ')?;
    let dashes = line.get(client..)?.starts_with(b" - - [");
    let open = client + b" - - ".len();
    dashes.then(|| Some((open, behind_time(line, open)?)))?
}

/// What follows a time that a bracket opens, and the quote behind it.
#[inline]
fn behind_time(line: &[u8], open: usize) -> Option<&[u8]> {
    // `$time_local` is 26 bytes long in every zone.
    line.get(open + 27..)?.strip_prefix(b"] \"")
}

/// The client, where a record like this one was read in full before: a number begins it, and a
/// dash follows.
fn client_at_a_glance(who: &[u8]) -> Option<&[u8]> {
    if who.first().is_some_and(u8::is_ascii_digit) {
        let (first, rest) = who.split_at(scan::near(who, b' ')?);
        if rest.starts_with(b" - ") {
            return Some(first);
        }
    }
    client(who)
}

/// The client in what stands before the time: mostly the first word. Other words may be in front,
/// such as the virtual host, or the mark of who carried the line. `None` where nothing can be it:
/// then something else is around the record.
pub(super) fn client(who: &[u8]) -> Option<&[u8]> {
    let (first, rest) = who.split_at(memchr::memchr(b' ', who)?);
    if is_ip(first) {
        return Some(first);
    }
    let named = || {
        let name = first == b"unix:" || !first.iter().any(|byte| b":|>".contains(byte));
        (name && rest.starts_with(b" - ")).then_some(first)
    };
    who.rsplit(|byte| *byte == b' ').find(|word| is_ip(word)).or_else(named)
}

/// Whether a word has the letters of an IP address: `10.0.0.9`, `2001:db8::9`, `::ffff:10.0.0.9`.
/// grep writes a line's number and a colon in front of it.
fn is_ip(word: &[u8]) -> bool {
    let (mut dots, mut colons) = (false, false);
    for byte in word {
        match byte {
            b'.' => dots = true,
            b':' => colons = true,
            byte if byte.is_ascii_hexdigit() => {}
            _ => return false,
        }
    }
    dots != colons || (dots && word.starts_with(b"::"))
}
