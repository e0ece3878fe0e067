//! What strangers write: URLs, request lines, and the fields that hold a user agent or a path. Their
//! words decide nothing.

use super::address::ends_word;
use super::fold::begins;
use crate::scan;

/// Parts of a URL.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Url<'a> {
    pub(crate) authority: &'a [u8],
    pub(crate) path: &'a [u8],
    pub(crate) tls: bool,
}

/// A URL at the beginning of a text, with its length.
pub(super) fn url(text: &[u8]) -> Option<(Url<'_>, usize)> {
    if !text.first().is_some_and(|byte| b"hwHW".contains(byte)) {
        return None;
    }
    let schemes: [(&[u8], bool); 4] =
        [(b"http://", false), (b"https://", true), (b"ws://", false), (b"wss://", true)];
    let (scheme, tls) = schemes.into_iter().find(|(scheme, _)| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })?;
    let (whole, _) = scan::span(text, |byte| !ends_word(byte) && byte != b'>');
    let whole = whole.strip_suffix(b":").unwrap_or(whole);
    let inside = whole.get(scheme.len()..)?;
    let slash = memchr::memchr(b'/', inside).unwrap_or(inside.len());
    let (authority, path) = inside.split_at_checked(slash)?;
    Some((Url { authority, path, tls }, whole.len()))
}

/// How far the end of a request's target is looked for.
const LONGEST_TARGET: usize = 8 * 1024;

/// A request line at the beginning of a text, with its length.
pub(super) fn request(text: &[u8]) -> Option<usize> {
    let (method, rest) = scan::span(text, |byte| byte.is_ascii_uppercase());
    // The preface of HTTP/2 is no request of a client's.
    if !(3..=10).contains(&method.len()) || method == b"PRI" {
        return None;
    }
    let rest = rest.strip_prefix(b" ")?;
    let target = matches!(rest.first(), Some(b'/' | b'*')) || rest.starts_with(b"http");
    let rest = rest.get(..LONGEST_TARGET).unwrap_or(rest);
    let line = rest.split(|byte| matches!(byte, b'\n' | b'"')).next()?;
    let end = scan::rfind(line, b" HTTP/").filter(|_| target)?;
    Some(method.len() + 1 + end + b" HTTP/".len())
}

/// The length of a quoted text with its quotes.
pub(super) fn quoted(text: &[u8]) -> usize {
    let mut end = 1;
    while let Some(byte) = text.get(end) {
        match byte {
            b'\\' => end += 2,
            b'"' => return end + 1,
            b'\n' => return end,
            _ => end += 1,
        }
    }
    text.len()
}

/// The fields that hold what a stranger wrote, or a setting.
const STRANGERS: &[&str] = &[
    "args",
    "cookie",
    "http referer",
    "http user agent",
    "path",
    "proxy-status",
    "query",
    "query string",
    "referer",
    "referrer",
    "request",
    "request path",
    "request uri",
    "retry on",
    "uri",
    "url",
    "user agent",
    "user-agent",
    "useragent",
];

/// The length of such a field with its value, where one stands at the beginning of a text.
pub(super) fn strangers(text: &[u8]) -> Option<usize> {
    if !text.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    STRANGERS.iter().rev().find_map(|name| {
        let end = begins(text, name.as_bytes())?;
        let rest = text.get(end..)?;
        let (value, whole_line) = match rest {
            [b'"', b':', ..] => (end + 2, false),
            [b'\\', b'"', b':', ..] => (end + 3, false),
            [b'=', ..] => (end + 1, false),
            // Behind a colon anybody's sentence may go on, but not behind a header's name.
            [b':', ..] if name.ends_with("agent") || name.starts_with("ref") => (end + 1, true),
            // That field is read by its grammar, or not at all.
            [b':', ..] if matches!(*name, "cookie" | "proxy-status") => (end + 1, true),
            _ => return None,
        };
        let rest = text.get(value..)?;
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let rest = rest.get(blanks..)?;
        let long = match rest.first() {
            Some(b'"') => quoted(rest),
            Some(b'\\') => scan::find(rest.get(2..)?, b"\\\"").map_or(rest.len(), |at| at + 4),
            _ if whole_line => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            _ => scan::span(rest, |byte| !byte.is_ascii_whitespace()).0.len(),
        };
        Some(value + blanks + long)
    })
}
