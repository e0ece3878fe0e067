//! The pages that HAProxy sends in place of an answer. From `http_err_msgs` of src/http.c.
//!
//! The page for 503 is sent when no server is left and when none could be reached, that for 502
//! whatever was wrong with the answer: they name the status and no more.

use crate::evidence::{Evidence, Origin, Seen, Sign};
use crate::scan;
use crate::vocabulary::Phase;

/// A page: the words that are only its, its status, and what it proves.
type Page = (&'static str, u16, Option<(Sign, Option<Phase>)>);

const PAGES: &[Page] = &[
    ("Your browser sent an invalid request.", 400, Some((Sign::ClientInvalid, None))),
    ("Request forbidden by administrative rules.", 403, Some((Sign::Denied, None))),
    (
        "Your browser didn't send a complete request in time.",
        408,
        Some((Sign::TimedOut, Some(Phase::Client))),
    ),
    (
        "You have sent too many requests in a given amount of time.",
        429,
        Some((Sign::RateLimited, None)),
    ),
    ("An internal server error occurred.", 500, Some((Sign::InternalError, None))),
    ("The server returned an invalid or incomplete response.", 502, None),
    ("No server is available to handle this request.", 503, None),
    ("The server didn't respond in time.", 504, None),
];

/// Whether a text is a line of such a page.
pub(super) fn is_page(text: &[u8]) -> bool {
    PAGES.iter().any(|(words, ..)| text.trim_ascii() == words.as_bytes())
}

/// Reads such a page wherever it stands in a text. `None` where there is none.
pub(super) fn read(text: &[u8], origin: Origin) -> Option<Evidence<'_>> {
    let (words, status, proves) = PAGES.iter().find_map(|(words, status, proves)| {
        let at = memchr::memmem::find(text, words.as_bytes())?;
        Some((text.get(at..at + words.len())?, *status, *proves))
    })?;
    let mut evidence = Evidence::default();
    super::begin(scan::trim(text), origin, &mut evidence);
    evidence.status = Some(status);
    if let Some((sign, phase)) = proves {
        evidence.add(Seen { phase, quote: words, origin, ..Seen::new(sign) });
    }
    Some(evidence)
}
