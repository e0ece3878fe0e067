//! Health checks: what their codes and descriptions prove, and what the quoted info adds.
//!
//! From `check_statuses[]` and the observations of src/check.c, and src/tcpcheck.c. The info is the
//! operating system's or the TLS library's words, or text of HAProxy's; an answer of the server may
//! be quoted in it, so that only its beginning counts where that can be.

use super::errors::{self, Error};
use crate::evidence::Sign;
use crate::scan;
use crate::vocabulary::Phase;

/// A result of a check.
#[derive(Debug)]
struct Status {
    code: &'static str,
    description: &'static str,
    /// What it proves; `None` where the server is well, or nothing is known.
    proves: Option<(Sign, Option<Phase>)>,
}

const fn failed(
    code: &'static str,
    description: &'static str,
    sign: Sign,
    phase: Option<Phase>,
) -> Status {
    Status { code, description, proves: Some((sign, phase)) }
}

const fn well(code: &'static str, description: &'static str) -> Status {
    Status { code, description, proves: None }
}

const STATUSES: &[Status] = &[
    well("UNK", "Unknown"),
    well("INI", "Initializing"),
    well("CHECKED", "No status change"),
    failed("HANA", "Health analyze", Sign::MemberDisabled, None),
    failed("SOCKERR", "Socket error", Sign::Failed, Some(Phase::Connect)),
    well("L4OK", "Layer4 check passed"),
    failed("L4TOUT", "Layer4 timeout", Sign::TimedOut, Some(Phase::Connect)),
    failed("L4CON", "Layer4 connection problem", Sign::Failed, Some(Phase::Connect)),
    well("L6OK", "Layer6 check passed"),
    failed("L6TOUT", "Layer6 timeout", Sign::TimedOut, Some(Phase::Tls)),
    failed("L6RSP", "Layer6 invalid response", Sign::HandshakeFailed, None),
    failed("L7TOUT", "Layer7 timeout", Sign::TimedOut, Some(Phase::ResponseHeaders)),
    failed("L7RSP", "Layer7 invalid response", Sign::Malformed, Some(Phase::ResponseHeaders)),
    well("L7OK", "Layer7 check passed"),
    well("L7OKC", "Layer7 check conditionally passed"),
    failed("L7STS", "Layer7 wrong status", Sign::CheckFailed, None),
    failed("PROCERR", "External check error", Sign::MemberDisabled, None),
    failed("PROCTOUT", "External check timeout", Sign::MemberDisabled, None),
    well("PROCOK", "External check passed"),
];

/// What a check's result says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) sign: Sign,
    pub(super) phase: Option<Phase>,
    /// The status that the server answered with.
    pub(super) number: Option<u32>,
}

impl Outcome {
    const WELL: Self = Self { sign: Sign::Harmless, phase: None, number: None };
}

/// Reads a result: its code or its description, the status beside it, and the info. `None` where
/// the result is not known.
pub(super) fn outcome(result: &[u8], code: Option<u32>, info: &[u8]) -> Option<Outcome> {
    // A star says that the next check is under way.
    let result = result.strip_prefix(b"* ").unwrap_or(result).trim_ascii();
    let status = STATUSES.iter().find(|status| {
        status.code.as_bytes() == result || status.description.as_bytes() == result
    })?;
    let Some((sign, phase)) = status.proves else { return Some(Outcome::WELL) };
    let (sign, phase) = match status.code {
        "L4CON" | "SOCKERR" | "L4TOUT" => of_connection(info).unwrap_or((sign, phase)),
        "L6RSP" => of_handshake(info).unwrap_or((sign, phase)),
        "L7RSP" => of_answer(info).unwrap_or((sign, phase)),
        "L7STS" if code.is_some_and(|code| code >= 500) => (Sign::ServerError, None),
        "HANA" => observed(info).unwrap_or((sign, phase)),
        _ => (sign, phase),
    };
    Some(Outcome { sign, phase, number: code })
}

/// The words of the operating system, mostly; where it ran out of something, HAProxy did.
fn of_connection(info: &[u8]) -> Option<(Sign, Option<Phase>)> {
    if let Some(sign) = errors::strerror(info) {
        return Some((sign, sign.phase().or(Some(Phase::Connect))));
    }
    if info.starts_with(b"TCPCHK error allocating connection") {
        return Some((Sign::Exhausted, None));
    }
    let error = Error::of_message(info)?;
    match error.phase {
        Some(Phase::ResponseHeaders | Phase::Request) => Some((error.sign, Some(Phase::Connect))),
        phase => Some((error.sign, phase)),
    }
}

fn of_handshake(info: &[u8]) -> Option<(Sign, Option<Phase>)> {
    if let Some((sign, _)) = errors::openssl(info) {
        return Some((sign, Some(Phase::Tls)));
    }
    if let Some(sign) = errors::strerror(info) {
        return Some((sign, Some(Phase::Tls)));
    }
    let error = Error::of_message(info)?;
    Some((error.sign, error.phase.or(error.sign.phase())))
}

/// What came, or did not come, in place of an answer.
fn of_answer(info: &[u8]) -> Option<(Sign, Option<Phase>)> {
    let headers = Some(Phase::ResponseHeaders);
    answered(info).or_else(|| Some((errors::strerror(info)?, headers)))
}

/// What HAProxy itself says of an answer.
fn answered(info: &[u8]) -> Option<(Sign, Option<Phase>)> {
    if info.starts_with(b"TCPCHK got an empty response") || info.starts_with(b"Connection closed") {
        return Some((Sign::Closed, Some(Phase::ResponseHeaders)));
    }
    let differs = TEXTS.iter().any(|text| info.starts_with(text.as_bytes()));
    differs.then_some((Sign::CheckFailed, None))
}

/// What was expected of an answer and not found in it.
const TEXTS: &[&str] = &[
    "HTTP check matched unwanted content",
    "HTTP content check could not find a response body",
    "HTTP content check did not match",
    "HTTP status check returned code",
    "TCPCHK did not match content",
    "TCPCHK matched unwanted content",
];

/// `option observe`: what real traffic met.
fn observed(info: &[u8]) -> Option<(Sign, Option<Phase>)> {
    const LAST: &[u8] = b"last one was: ";
    let headers = Some(Phase::ResponseHeaders);
    let what = scan::split(info, LAST).map_or(info, |(_, what)| what);
    let found = OBSERVATIONS.iter().find(|(words, _)| what.starts_with(words.as_bytes()))?;
    Some((found.1, if found.1 == Sign::Failed { Some(Phase::Connect) } else { headers }))
}

const OBSERVATIONS: &[(&str, Sign)] = &[
    ("L4 unsuccessful connection", Sign::Failed),
    ("Wrong http response", Sign::CheckFailed),
    ("Invalid http response", Sign::Malformed),
    ("Read error (http)", Sign::Reset),
    ("Read timeout (http)", Sign::TimedOut),
    ("Close from server (http)", Sign::Closed),
];

/// Whether a text is the code of a result, as `show stat` and the statistics page have it.
pub(super) fn is_code(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"* ").unwrap_or(text);
    STATUSES.iter().any(|status| status.code.as_bytes() == text)
}

/// The result that a text begins with, and what follows it.
pub(super) fn at_start(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = text.strip_prefix(b"* ").unwrap_or(text);
    let skipped = text.len() - rest.len();
    let all = STATUSES.iter().flat_map(|status| [status.description, status.code]);
    let longest = all.filter(|words| rest.starts_with(words.as_bytes())).map(str::len).max()?;
    text.split_at_checked(skipped + longest)
}

/// What words of a check prove that stand alone.
pub(super) fn of_words(text: &[u8]) -> Option<Outcome> {
    let (sign, phase) = match text.trim_ascii_start() {
        text if text.starts_with(b"TCPCHK") || text.starts_with(b"HTTP ") => answered(text)?,
        text if text.starts_with(b"Detected ") => observed(text)?,
        _ => return None,
    };
    Some(Outcome { sign, phase, number: None })
}
