//! A line of HTTP traffic whose fields stand in another order than HAProxy's own, as an operator's
//! `log-format` has them: each field is known by its shape.
//!
//! ```text
//! line = [ prefix ] client " [" date "] " 1*( request / status / state / target / timers / word )
//! ```

use super::line::{self, Line, Mode, Timers, Words};
use super::states::{self, Around};
use crate::evidence::Sign;
use crate::scan::{self, number};
use crate::vocabulary::Phase;

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

/// What a line tells that is cut or has a format of its own, where HAProxy's mark stands for the server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Serverless<'a> {
    pub(super) status: u16,
    pub(super) proves: Option<(Sign, Option<Phase>)>,
    pub(super) quote: &'a [u8],
}

/// Reads such a line somewhere in a text: `500 shop <NOSRV> … IR …`, `10.0.0.9,<NOSRV>,503,0,0,0,GET,…`.
pub(super) fn serverless(text: &[u8]) -> Option<Serverless<'_>> {
    const MARK: &[u8] = b"<NOSRV>";
    text.split(|byte| *byte == b'\n').find_map(|line| {
        let (before, behind) = scan::split(line, MARK)?;
        let parts = |byte: &u8| byte.is_ascii_whitespace() || b",;|`".contains(byte);
        let words = || line.split(parts).filter(|word| !word.is_empty()).take(MOST_WORDS);
        let mut statuses = words().filter_map(number::status);
        let status = statuses.find(|status| (100..600).contains(status))?;
        let told = |word: &&[u8]| {
            states::is_state(word) && word.first().is_some_and(u8::is_ascii_alphabetic)
        };
        let around = Around { status: Some(status), no_server: true, ..Around::default() };
        let Some(state) = words().find(told) else {
            // It answers with another status where a rule tells it to.
            let proves = (status == 503).then_some((Sign::NoneHealthy, None));
            let quote = line.get(before.len()..line.len() - behind.len() + " 503".len());
            return Some(Serverless { status, proves, quote: quote.unwrap_or(MARK) });
        };
        Some(Serverless { status, proves: states::proves(state, around), quote: state })
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
    fn a_line_without_a_server_is_read_in_any_format() {
        for (line, status, sign) in [
            (
                "500 api <NOSRV> 192.0.2.1:33156 63/-1/47 IR 65 378 5/5/0/0/3",
                500,
                Some(Sign::InternalError),
            ),
            ("10.0.1.29,<NOSRV>,503,0,0,0,GET,/a,-", 503, Some(Sign::NoneHealthy)),
            ("301 fe <NOSRV> LR 0 1/1/0/0/0", 301, None),
            ("10.0.1.29,<NOSRV>,302,0,0,0,GET,/a,-", 302, None),
        ] {
            let read = serverless(line.as_bytes()).expect(line);
            assert_eq!((read.status, read.proves.map(|(sign, _)| sign)), (status, sign), "{line}");
        }
        assert_eq!(serverless(b"what does <NOSRV> mean in the log?"), None);
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
