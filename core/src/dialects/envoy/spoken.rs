//! Response flags where people write of them: behind a status, beside the word "flag", as a field that
//! is left of a record.
//!
//! Their names are two letters mostly, which are anybody's: `503 UF` counts, `503 UF building` does not.

use super::flags::Flags;
use crate::scan::{self, number, words};

/// What was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spoken<'a> {
    pub(super) status: Option<u16>,
    pub(super) flags: Flags,
    pub(super) quote: &'a [u8],
}

/// Words that say whose flags they are.
const ABOUT: [&str; 6] = ["envoy", "istio", "sidecar", "mesh", "response flag", "access log"];
/// From so many letters on, a name is nobody else's.
const LONG: usize = 3;
/// How many words may stand between a flag and the word for it.
const NEAR: usize = 3;

/// Reads the flags of a text. `None` where it names none.
pub(super) fn read(text: &[u8]) -> Option<Spoken<'_>> {
    behind_a_status(text)
        .or_else(|| of_a_field(text))
        .or_else(|| beside_the_word(text))
        .or_else(|| alone(text))
}

/// `503 UF,URX`, `503 (UC)`, `"503 - UH"`.
fn behind_a_status(text: &[u8]) -> Option<Spoken<'_>> {
    let mut rest = pieces(text).filter(|word| *word != b"-").peekable();
    while let Some(word) = rest.next() {
        let status = match word {
            b"0" => Some(0),
            [_, _, _] => number::status(word).filter(|status| (200..600).contains(status)),
            _ => None,
        };
        let (Some(status), Some(next)) = (status, rest.peek().copied()) else { continue };
        let Some((flags, name)) = known(next) else { continue };
        let place = scan::place(text, name);
        let before = place.and_then(|(from, _)| text.get((from as usize).checked_sub(1)?));
        let marked = before.is_some_and(|byte| b"(['\"`*".contains(byte));
        // Details have a `_`, which no sentence has.
        let goes_on = rest.clone().nth(1).filter(|word| !word.contains(&b'_'));
        let goes_on = goes_on.and_then(<[u8]>::first).is_some_and(u8::is_ascii_lowercase);
        if goes_on && !marked && name.len() < LONG && !is_about(text) {
            continue;
        }
        let places = scan::place(text, word).zip(place);
        let quote = places.and_then(|((from, _), (_, to))| text.get(from as usize..to as usize));
        return Some(Spoken { status: Some(status), flags, quote: quote.unwrap_or(name) });
    }
    None
}

/// `response_flags: UF`, `"response_flags":"UF"`, `response_flags=UF`.
fn of_a_field(text: &[u8]) -> Option<Spoken<'_>> {
    const NAMES: [&str; 4] = ["response_flags", "response_flag", "response flags", "responseFlags"];
    let value = NAMES.iter().find_map(|name| value_of(text, name))?;
    Flags::are(value).then_some(())?;
    let status = ["response_code", "response code"].iter().find_map(|name| value_of(text, name));
    let status = status.and_then(number::status);
    Some(Spoken { status, flags: Flags::read(value)?, quote: value })
}

/// `the response flag is UC`, `UAEX flags`, `status 503, flag URX`.
fn beside_the_word(text: &[u8]) -> Option<Spoken<'_>> {
    let is_word = |word: &[u8]| {
        let word = scan::span(word, |byte| byte.is_ascii_alphabetic() || byte == b'_').0;
        ["flag", "flags", "response_flag", "response_flags", "response-flags"]
            .iter()
            .any(|flag| word.eq_ignore_ascii_case(flag.as_bytes()))
    };
    let at = pieces(text).position(is_word)?;
    // A setting that names flags is told by its colon, and by the brackets of a list.
    if scan::holds(text, b"flags: [") || scan::holds(text, b"flags\": [") {
        return None;
    }
    let near = pieces(text).skip(at.saturating_sub(NEAR)).take(2 * NEAR + 1);
    let numbers = pieces(text).map(|word| word.strip_suffix(b",").unwrap_or(word));
    let status = numbers.filter_map(number::status).find(|status| *status >= 500);
    let (flags, quote) = near
        .filter_map(known)
        .find(|(_, name)| name.len() >= LONG || status.is_some() || is_about(text))?;
    Some(Spoken { status, flags, quote })
}

/// `UAEX`, and nothing else.
fn alone(text: &[u8]) -> Option<Spoken<'_>> {
    let mut pieces = pieces(text);
    let (flags, quote) = known(pieces.next()?)?;
    let whole = pieces.next().is_none() && quote.len() >= LONG;
    whole.then_some(Spoken { status: None, flags, quote })
}

/// The value behind a name and `:` or `=`, with or without quotes.
pub(super) fn value_of<'a>(text: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let rest = text.get(words::find(text, name)? + name.len()..)?;
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let (value, _) = scan::span(rest, |byte| byte.is_ascii_alphanumeric() || byte == b',');
    Some(value.strip_suffix(b",").unwrap_or(value))
}

fn pieces(text: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    let parts = |byte: &u8| byte.is_ascii_whitespace() || b"`'\"|()[]*".contains(byte);
    text.split(parts).filter(|word| !word.is_empty())
}

/// The flags that a word names, without the mark of a sentence.
fn known(word: &[u8]) -> Option<(Flags, &[u8])> {
    let (name, marks) = scan::span(word, |byte| byte.is_ascii_alphabetic() || byte == b',');
    let name = name.strip_suffix(b",").unwrap_or(name);
    let ends = marks.iter().all(|byte| b".:;!?".contains(byte));
    (ends && Flags::are(name)).then_some(())?;
    Some((Flags::read(name)?, name))
}

fn is_about(text: &[u8]) -> bool {
    ABOUT.iter().any(|about| words::find(text, about).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_as_people_write_them() {
        for (text, flags, status) in [
            ("503 UF", "UF", Some(503)),
            ("503 UF,URX 0 91", "UF,URX", Some(503)),
            ("ingress returns 503 (UC) for 1%", "UC", Some(503)),
            ("\"503 - UH\"", "UH", Some(503)),
            ("`503` `UF`", "UF", Some(503)),
            ("0 DC", "DC", Some(0)),
            ("404 NR route_not_found", "NR", Some(404)),
            ("503 UF in the istio-proxy logs", "UF", Some(503)),
            ("503 UAEX for some", "UAEX", Some(503)),
            ("response_code=503 response_flags=UC", "UC", Some(503)),
            ("RESPONSE_FLAGS: UAEX", "UAEX", None),
            ("a lot of UAEX response flags", "UAEX", None),
            ("the response flag is UH.", "UH", None),
            ("response_flags UF,URX with 503", "UF,URX", Some(503)),
            ("status 503, flag URX", "URX", Some(503)),
            ("UAEX", "UAEX", None),
        ] {
            let read = read(text.as_bytes()).expect(text);
            assert_eq!((read.flags.names(), read.status), (flags.into(), status), "{text}");
        }
    }

    #[test]
    fn capitals_are_no_flags() {
        for text in [
            "503 UF building",
            "502 DC comics",
            "UF",
            "200 OK",
            "503 NOT UF",
            "the feature flag DI is set",
            "tar flags: UC",
            "NC, DC and DI",
        ] {
            assert!(read(text.as_bytes()).is_none(), "{text}");
        }
    }
}
