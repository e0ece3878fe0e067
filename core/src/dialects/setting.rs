//! What a setting of a gateway is: each is written once, in its gateway's `settings.rs`.

use crate::evidence::{Bytes, Evidence, Millis};
use crate::vocabulary::{Cause, Fault};

/// One setting of a gateway.
#[derive(Debug)]
#[non_exhaustive]
pub struct Setting {
    /// The directive. For nginx, a leading `*` stands for the module that talked to the upstream:
    /// `*_read_timeout` is `proxy_read_timeout` or `fastcgi_read_timeout`.
    pub name: &'static str,
    /// Its default with its unit, as the gateway's documentation writes it; `none` where it is off.
    pub default: &'static str,
    /// What it governs.
    pub governs: &'static str,
    /// The causes that changing it cures.
    pub cures: &'static [Cause],
    /// The faults that it has to do with; empty: all that those causes can have.
    pub faults: &'static [Fault],
    /// The evidence under which it has to do with them; `None`: any.
    pub when: Option<fn(&Evidence<'_>) -> bool>,
    /// What to set it to, and what to mind.
    pub advice: &'static str,
    /// The value that the evidence suggests; `None` where it holds no number.
    pub suggests: Option<fn(&Evidence<'_>) -> Option<Suggestion>>,
    /// Where the gateway documents it.
    pub link: &'static str,
}

/// What most settings have in common.
pub(crate) const BASE: Setting = Setting {
    name: "",
    default: "none",
    governs: "",
    cures: &[],
    faults: &[],
    when: None,
    advice: "",
    suggests: None,
    link: "",
};

/// That a connection which was kept open is cut off.
pub(crate) const CUT_OFF: &[Fault] = &[
    Fault::RequestWriteFailed,
    Fault::ResponseTerminated,
    Fault::ResponseReset,
    Fault::ResponseClosed,
];

/// A value that the evidence suggests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Suggestion {
    /// A time of at least so much, because the work took so long.
    Time {
        /// What to set.
        set: Millis,
        /// What was seen.
        seen: Millis,
    },
    /// A size of at least so much, because so much came.
    Size {
        /// What to set.
        set: Bytes,
        /// What was seen.
        seen: Bytes,
    },
}

/// About twice what a limit allowed, in whole ten seconds, where the time reached the limit. One
/// that passed the default by far met a limit that was not told: the time stands for it.
pub(crate) fn twice_the_time(evidence: &Evidence<'_>, limit: Millis) -> Option<Suggestion> {
    let seen = evidence.last_attempt().and_then(|attempt| attempt.total).or(evidence.timings.total);
    let seen = seen?;
    if seen < limit && !seen.reaches(limit) {
        return None;
    }
    let allowed = if seen.reaches(limit) { limit } else { seen };
    let secs = allowed.get().saturating_add(500) / 1000;
    let set = secs.saturating_mul(2).div_ceil(10).saturating_mul(10);
    Some(Suggestion::Time { set: Millis::from_secs(set), seen })
}
