//! Access records as `key=value` pairs, by the names that JSON has: `status=503 response_flags=UF …`.

use super::exchange::Fields;
use super::flags::Flags;
use super::json;
use crate::evidence::{Evidence, Origin};
use crate::scan::{self, time};

/// How many fields must be there beside status and flags: strangers write pairs too.
const FEWEST: usize = 3;

/// Reads a record. False, and nothing read, where the line is none.
pub(super) fn read<'a>(line: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    // Told without taking the line apart.
    let Some(at) = scan::find(line, b"_flag") else { return false };
    let behind = line.get(at + 5..).unwrap_or_default();
    let behind = behind.strip_prefix(b"s").unwrap_or(behind);
    if behind.first() != Some(&b'=') {
        return false;
    }
    let mut fields = Fields::default();
    let mut count = 0_usize;
    for (key, value) in (Pairs { rest: line }) {
        if let Some(role) = json::role(key) {
            json::set(&mut fields, role, value);
            count += 1;
        }
    }
    let flags = fields.flags.is_some_and(|flags| flags == b"-" || Flags::are(flags));
    if !flags || fields.status.is_none() || count < FEWEST + 2 {
        return false;
    }
    if let [b'[', inside @ ..] = line {
        let stamp = inside.split(|byte| matches!(byte, b']' | b' ')).next().unwrap_or_default();
        fields.time = fields.time.or_else(|| time::any(stamp));
    }
    fields.gather(origin, line, evidence);
    true
}

/// The pairs of a line, one after the other.
struct Pairs<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        loop {
            let text = self.rest.trim_ascii_start();
            if let [b'"', inside @ ..] = text {
                // A value without a key: nothing in it is a pair.
                self.rest = scan::split_byte(inside, b'"').map_or(&b""[..], |(_, rest)| rest);
                continue;
            }
            let ends = |byte: u8| byte == b'=' || byte.is_ascii_whitespace();
            let (key, rest) = scan::span(text, |byte| !ends(byte));
            match rest {
                [b'=', b'"', inside @ ..] => {
                    let (value, rest) = scan::split_byte(inside, b'"').unwrap_or((inside, b""));
                    self.rest = rest;
                    return Some((key, value));
                }
                [b'=', value @ ..] => {
                    let (value, rest) = scan::span(value, |byte| !byte.is_ascii_whitespace());
                    self.rest = rest;
                    return Some((key, value));
                }
                [] => return None,
                _ => self.rest = rest,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::classify;
    use crate::evidence::Source;
    use crate::vocabulary::Fault;

    const HERE: Origin = Origin::new(Source::Caller, 0, 1);

    #[test]
    fn pairs_are_read_by_the_names_of_json() {
        let line = b"time=2026-11-22T07:40:30Z method=GET path=/a status=503 response_flags=UF duration=12 upstream_host=10.0.0.2:80 user_agent=\"a status=200\"";
        let mut evidence = Evidence::default();
        assert!(read(line, HERE, &mut evidence));
        assert_eq!(evidence.status, Some(503));
        assert_eq!(classify(&evidence).fault, Fault::ConnectFailed);
    }

    #[test]
    fn what_strangers_write_is_no_record() {
        for line in [
            "10.0.0.9 - - [22/Nov/2026:07:38:34 +0000] \"GET /?response_flags=UF&status=503 HTTP/1.1\" 502 157 \"-\" \"method=a path=b status=503 response_flags=UF duration=1\"",
            "response_flags=UF status=503",
            "status=503 method=GET path=/a duration=12",
        ] {
            assert!(!read(line.as_bytes(), HERE, &mut Evidence::default()), "{line}");
        }
    }
}
