//! A line of HTTP traffic whose fields stand in another order than HAProxy's own, as an operator's
//! `log-format` has them: each field is known by its shape.
//!
//! ```text
//! line = [ prefix ] client " [" date "] " 1*( request / status / state / target / timers / word )
//! ```

use super::line::{self, Line, Mode, Timers, Words};
use super::states;
use crate::scan::{self, number};

/// How many words are looked at.
const MOST_WORDS: usize = 48;

/// Cuts a line up. `None` where a target, a state and timers are not all there.
pub(super) fn read(record: &[u8]) -> Option<(Line<'_>, Mode)> {
    line::dated(record).find_map(|dated| {
        let mut read = Line { client: dated.client, date: dated.date, ..Line::default() };
        let mut timers = None;
        let mut captured = false;
        for word in (Words { rest: dated.rest }).take(MOST_WORDS) {
            // Captures are strangers'.
            captured |= word.starts_with(b"{");
            if captured {
                captured = !word.ends_with(b"}");
                continue;
            }
            if let Some(inside) = word.strip_prefix(b"\"") {
                let value = inside.strip_suffix(b"\"").unwrap_or(inside);
                let asks = scan::request_line(value).is_some() || value == b"<BADREQ>";
                if asks && read.request.is_empty() {
                    read.request = value;
                }
            } else if states::is_state(word) && read.state.is_empty() {
                read.state = word;
            } else if let Some(times) = five(word) {
                // The counters have the same shape.
                let sure = times_are_sure(word);
                if timers.is_none_or(|(_, known)| sure > known) {
                    timers = Some((times, sure));
                }
            } else if read.target.is_empty() && names_server(word) {
                read.target = word;
            } else if read.status.is_empty() && number::status(word).is_some() {
                read.status = word;
            } else if read.bytes.is_empty() && !read.status.is_empty() && is_number(word) {
                read.bytes = word;
            } else if read.frontend.is_empty() && line::is_name(word) && !is_number(word) {
                read.frontend = word;
            }
        }
        read.timers = timers?.0;
        let whole = !read.state.is_empty() && !read.target.is_empty() && !read.status.is_empty();
        whole.then_some((read, Mode::Http))
    })
}

/// The times of an HTTP exchange.
fn five(word: &[u8]) -> Option<Timers> {
    Timers::of(word).filter(|(_, mode)| *mode == Mode::Http).map(|(timers, _)| timers)
}

/// How sure it is that five numbers are times and no counters: what did not happen has a sign, and the
/// last of the times is the whole.
fn times_are_sure(word: &[u8]) -> u8 {
    if scan::holds(word, b"-1") {
        return 2;
    }
    let last = word.rsplit(|byte| *byte == b'/').next().and_then(number::whole);
    let mut parts = word.split(|byte| *byte == b'/').map(number::whole);
    u8::from(parts.all(|part| part <= last))
}

/// A backend and a server, and not the lengths of two queues.
fn names_server(word: &[u8]) -> bool {
    line::is_target(word) && word.iter().any(u8::is_ascii_alphabetic)
}

fn is_number(word: &[u8]) -> bool {
    word.strip_prefix(b"+").unwrap_or(word).iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATED: &str = "10.0.1.2:33317 [06/Feb/2026:12:14:14.655]";

    #[test]
    fn fields_are_known_in_any_order() {
        for rest in [
            "\"GET /a HTTP/1.1\" 503 221 SC-- web~ web/<NOSRV> -1/-1/-1/-1/0 0",
            "503 SC web/<NOSRV> {agent} \"GET /a HTTP/1.1\" 2/2/0/0/3 -1/-1/-1/-1/0 web~",
            "web~ web/<NOSRV> SC-- \"GET /a HTTP/1.1\" -1/-1/-1/-1/0 2/2/0/0/3 0/0 503 221",
        ] {
            let line = alloc::format!("{DATED} {rest}");
            let (read, _) = read(line.as_bytes()).expect(rest);
            assert_eq!(read.target, b"web/<NOSRV>", "{rest}");
            assert_eq!(read.status, b"503", "{rest}");
            assert!(read.state.starts_with(b"SC"), "{rest}");
            assert_eq!(read.request, b"GET /a HTTP/1.1", "{rest}");
            assert_eq!(read.frontend, b"web~", "{rest}");
            assert_eq!(read.timers, five(b"-1/-1/-1/-1/0").unwrap(), "{rest}");
        }
    }

    #[test]
    fn what_strangers_write_is_no_field() {
        for rest in [
            "\"GET /SC--/web/a/0/0/0/0/0 HTTP/1.1\" 503 221 \"-\" \"SC-- web/a 0/0/-1/-1/9\"",
            "{SC-- web/a 0/0/-1/-1/9} \"GET / HTTP/1.1\" 503 221",
            "\"GET / HTTP/1.1\" 503 221 CH 0/0 1/2/3/4/5",
        ] {
            let line = alloc::format!("{DATED} {rest}");
            assert_eq!(read(line.as_bytes()), None, "{rest}");
        }
    }
}
