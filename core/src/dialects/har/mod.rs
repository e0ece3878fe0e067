//! HTTP archives (HAR 1.1 and 1.2): what a client asked for and what became of it, as the developer
//! tools of Chromium, Firefox and Safari export it, Playwright, Puppeteer, Cypress, mitmproxy,
//! Charles and Fiddler.
//!
//! Specification: <https://github.com/ahmadnassri/har-spec/blob/master/versions/1.2.md>. What tools
//! add: front_end/models/har/Log.ts of Chromium's developer tools, HARBuilder.js of WebKit's,
//! harTracer.ts of Playwright, savehar.py of mitmproxy.
//!
//! ```text
//! {"log": {"version": "1.2", "entries": [{"startedDateTime": …, "request": …, "response": …}]}}
//! ```
//!
//! What the client saw itself, it saw of whoever it spoke to. A failure that it was told of, by a
//! status, is that of a gateway behind which something failed: then the client's own connection is
//! none of its upstream's.

mod answer;
mod entry;
mod failure;

use super::{Dialect, Form};
use crate::evidence::{Evidence, Origin, Source};
use crate::scan::document::Shape;
use crate::scan::json::{self, Value};

/// The archives' dialect.
pub(crate) static DIALECT: Dialect = Dialect::of_documents(
    "har",
    "HTTP archives of browsers and test tools (HAR 1.1 and 1.2): failed requests, and what \
     gateways answered with",
    Form { shape: SHAPE, begins },
    read,
);

/// Where the entries lie, and what of an entry is read.
const SHAPE: Shape = Shape {
    path: &["log", "entries"],
    keep: &[
        ("", "startedDateTime"),
        ("", "time"),
        ("", "request"),
        ("", "response"),
        ("", "serverIPAddress"),
        ("", "timings"),
        ("", "_error"),
        ("", "_fetchType"),
        ("", "_fetchedViaServiceWorker"),
        ("", "_fromCache"),
        ("", "_resourceType"),
        ("", "_wasAborted"),
        ("request", "method"),
        ("request", "url"),
        ("response", "status"),
        ("response", "statusText"),
        ("response", "headers"),
        ("response", "content"),
        ("response", "_error"),
        ("response", "_failureText"),
        ("response", "_fetchedViaServiceWorker"),
        ("headers", "name"),
        ("headers", "value"),
        ("content", "text"),
        ("content", "encoding"),
        ("timings", "blocked"),
        ("timings", "dns"),
        ("timings", "connect"),
        ("timings", "ssl"),
        ("timings", "send"),
        ("timings", "wait"),
        ("timings", "receive"),
    ],
    item: answer::is_telling,
};

/// Whether a text begins as an archive does.
fn begins(text: &[u8]) -> Option<bool> {
    /// The members of an archive's `log`; others have objects of that name too.
    const MEMBERS: [&[u8]; 6] =
        [b"version", b"creator", b"browser", b"pages", b"entries", b"comment"];
    let mut any = false;
    for (key, value) in json::members(text) {
        any = true;
        let own = |key: &[u8]| key.starts_with(b"_") || key.starts_with(b"$") || key == b"comment";
        match (key, value) {
            (b"log", Value::Object(log)) => {
                return match json::members(log).next() {
                    Some((key, _)) => Some(MEMBERS.contains(&key) || key.starts_with(b"_")),
                    // An object without any is another's.
                    None if json::whole_object(log).is_some() => Some(false),
                    None => None,
                };
            }
            // What tools put in front.
            (key, _) if own(key) => {}
            _ => return Some(false),
        }
    }
    let goes_on = if any { json::whole_object(text).is_none() } else { is_cut(text) };
    if goes_on { None } else { Some(false) }
}

/// Whether a text ends before the value of its first key, which may be an archive's.
fn is_cut(text: &[u8]) -> bool {
    const KEYS: [&[u8]; 2] = [b"\"log\"", b"\"comment\""];
    let Some(inside) = text.strip_prefix(b"{").map(<[u8]>::trim_ascii) else { return false };
    let may_be = |key: &&[u8]| {
        let behind = inside.strip_prefix(*key).map(<[u8]>::trim_ascii);
        key.starts_with(inside) || matches!(behind, Some(b"" | b":"))
    };
    KEYS.iter().any(may_be) || inside.starts_with(b"\"_") || inside.starts_with(b"\"$")
}

/// An entry.
fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    let origin = Origin { source: Source::Archive, ..origin };
    match entry::Entry::of(record) {
        Some(entry) => {
            entry.gather(record, origin, evidence);
            true
        }
        None => false,
    }
}
