//! Termination states: which side ended the exchange, and what it was waiting for.
//!
//! The first letter is the side: capital for an abort, small for a timeout. The second is the
//! phase. The third and fourth are about the persistence cookie and tell of no failure.

use crate::evidence::Sign;
use crate::vocabulary::Phase;

/// What is known beside the state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// The status that the client got.
    pub(super) status: Option<u16>,
    /// No server was chosen.
    pub(super) no_server: bool,
    /// The proxy that took the request passes it to nobody.
    pub(super) no_backend: bool,
}

/// Whether a word is a state: two letters, or four with the cookie's.
pub(super) fn is_state(word: &[u8]) -> bool {
    match word {
        [side, phase] => is_end(*side, *phase),
        [side, phase, third, fourth] => is_end(*side, *phase) && is_cookie_state(*third, *fourth),
        _ => false,
    }
}

const fn is_end(side: u8, phase: u8) -> bool {
    matches!(
        side,
        b'-' | b'L' | b'c' | b'C' | b's' | b'S' | b'P' | b'R' | b'I' | b'D' | b'K' | b'U'
    ) && matches!(phase, b'-' | b'R' | b'C' | b'H' | b'D' | b'L' | b'Q' | b'T')
}

pub(super) const fn is_cookie_state(third: u8, fourth: u8) -> bool {
    matches!(third, b'-' | b'N' | b'I' | b'D' | b'V' | b'E' | b'O' | b'U')
        && matches!(fourth, b'-' | b'N' | b'I' | b'U' | b'P' | b'R' | b'D')
}

/// What a state proves; `None` where it proves nothing.
pub(super) fn proves(state: &[u8], around: Around) -> Option<(Sign, Option<Phase>)> {
    let [side, phase, ..] = *state else { return None };
    Some(match side {
        b'C' | b'c' => client(side, phase),
        b'S' => server_ended(phase, around)?,
        b's' => server_timed_out(phase)?,
        b'P' => proxy(phase, around),
        b'L' => return local(around),
        // While a body was under way, it was cut.
        b'R' => (Sign::Exhausted, matches!(phase, b'D' | b'L').then_some(Phase::ResponseBody)),
        b'I' => (Sign::InternalError, matches!(phase, b'D' | b'L').then_some(Phase::ResponseBody)),
        b'D' | b'U' | b'K' => killed(side, phase)?,
        // Held back on purpose before it was refused.
        b'-' if phase == b'T' => (Sign::Denied, None),
        _ => return None,
    })
}

fn client(side: u8, phase: u8) -> (Sign, Option<Phase>) {
    match (side, phase) {
        // The request never came whole.
        (b'c', b'R') => (Sign::TimedOut, Some(Phase::Client)),
        _ => (Sign::ClientGone, None),
    }
}

fn server_ended(phase: u8, around: Around) -> Option<(Sign, Option<Phase>)> {
    Some(match phase {
        b'C' if around.no_backend => (Sign::NoUpstream, None),
        b'C' | b'Q' if around.no_server => (Sign::NoneHealthy, None),
        b'Q' => (Sign::NoneHealthy, None),
        // Refused, unreachable, or a handshake that failed.
        b'C' => (Sign::Failed, Some(Phase::Connect)),
        // Closed and reset have one letter.
        b'R' | b'H' => (Sign::Ended, Some(Phase::ResponseHeaders)),
        b'D' | b'L' => (Sign::Ended, Some(Phase::ResponseBody)),
        b'T' => (Sign::Denied, None),
        _ => return None,
    })
}

fn server_timed_out(phase: u8) -> Option<(Sign, Option<Phase>)> {
    Some(match phase {
        b'Q' => (Sign::TimedOut, Some(Phase::Select)),
        b'C' => (Sign::TimedOut, Some(Phase::Connect)),
        b'R' | b'H' => (Sign::TimedOut, Some(Phase::ResponseHeaders)),
        b'D' | b'L' => (Sign::TimedOut, Some(Phase::ResponseBody)),
        b'T' => (Sign::Denied, None),
        _ => return None,
    })
}

/// HAProxy itself put an end to it: by a rule, because of what came, or at one of its limits.
fn proxy(phase: u8, around: Around) -> (Sign, Option<Phase>) {
    match (phase, around.status) {
        (b'Q', _) => (Sign::LimitReached, None),
        (b'C', _) => (Sign::Exhausted, None),
        // A rewrite that had no room.
        (b'R' | b'H', Some(500)) => (Sign::InternalError, None),
        (b'R', Some(400 | 408 | 413 | 414 | 431 | 501 | 505)) => (Sign::ClientInvalid, None),
        // A rule that denies a response may ask for the same status.
        (b'H', None | Some(502)) => (Sign::Malformed, Some(Phase::ResponseHeaders)),
        (b'D' | b'L', _) => (Sign::BodyMalformed, None),
        _ => (Sign::Denied, None),
    }
}

/// HAProxy answered by itself, as a rule told it to.
const fn local(around: Around) -> Option<(Sign, Option<Phase>)> {
    match around.status {
        Some(401 | 403 | 407 | 429 | 500..=599) => Some((Sign::Denied, None)),
        _ => None,
    }
}

/// Ended because a server went down, because one came back, or by an administrator.
fn killed(side: u8, phase: u8) -> Option<(Sign, Option<Phase>)> {
    Some(match (side, phase) {
        (_, b'H') => (Sign::Reset, Some(Phase::ResponseHeaders)),
        (_, b'D' | b'L') => (Sign::Ended, Some(Phase::ResponseBody)),
        (b'D', b'R' | b'C' | b'Q') => (Sign::NoneHealthy, None),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_told_from_other_words() {
        for word in ["--", "SC", "sH--", "CD--", "SHVN", "PRNN", "--NI", "KD--"] {
            assert!(is_state(word.as_bytes()), "{word}");
        }
        for word in ["", "-", "---", "SX--", "sh--", "GET", "0/0", "SCXX", "-----"] {
            assert!(!is_state(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn the_letter_case_tells_a_timeout_from_an_end() {
        let none = Around::default();
        assert_eq!(proves(b"sH--", none), Some((Sign::TimedOut, Some(Phase::ResponseHeaders))));
        assert_eq!(proves(b"SH--", none), Some((Sign::Ended, Some(Phase::ResponseHeaders))));
        assert_eq!(proves(b"----", none), None);
        assert_eq!(proves(b"-D", none), None);
    }
}
