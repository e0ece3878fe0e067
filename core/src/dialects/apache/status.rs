//! The status group that Apache writes in front of a message: `(111)Connection refused`. The text is
//! in the system's language, so the number decides.

use crate::dialects::standard::errno;
use crate::evidence::Sign;
use crate::scan::{self, number};

/// Where APR's own numbers begin (apr_errno.h), and those of the resolver.
const RESOLVER: u32 = 670_000;
/// On Windows the system's numbers stand behind this one, or behind `OS `.
const SYSTEM: u32 = 720_000;

/// The number of a status group at the beginning of a text, and what follows the parenthesis.
pub(super) fn read(text: &[u8]) -> Option<(u32, &[u8])> {
    let inside = text.strip_prefix(b"(")?;
    let inside = inside.strip_prefix(b"OS ").unwrap_or(inside);
    // The resolver's numbers have its name in front since 2.4.60, and may be negative.
    let resolver = inside.strip_prefix(b"EAI ").or_else(|| inside.strip_prefix(b"-"));
    let (inside, of_resolver) = match resolver {
        Some(inside) => (inside.strip_prefix(b"-").unwrap_or(inside), true),
        None => (inside, false),
    };
    let (value, rest) = number::leading(inside)?;
    let rest = rest.strip_prefix(b")")?;
    let value = u32::try_from(value).ok()?;
    Some((if of_resolver { value.saturating_add(RESOLVER) } else { value }, rest))
}

/// Over a whole group: its number, its words, and what follows `: `. The words are anybody's, so a
/// mark that Apache writes behind them ends them, else the first colon.
pub(super) fn group(text: &[u8]) -> Option<(u32, &[u8])> {
    let (value, rest) = read(text)?;
    // On Windows a line end stands behind the words, as two blanks. The referrer is a stranger's.
    let rest = scan::split(rest, b", referer: ").map_or(rest, |(before, _)| before);
    let mark = [&b": ["[..], b": AH0", b": AH1", b": AH2", b": proxy: "]
        .into_iter()
        .filter_map(|mark| scan::find(rest, mark))
        .min()
        .or_else(|| scan::find(rest, b": "));
    let behind = match mark {
        Some(at) => rest.get(at + 2..).unwrap_or_default(),
        // The group is all there is, or its end is cut.
        None => b"",
    };
    Some((value, behind))
}

/// The number of the words that a text ends with, in front of a message: a paste lost its number in
/// parentheses, and perhaps the bracket before.
pub(super) fn words_before(text: &[u8]) -> Option<u32> {
    const MOST: usize = 48;
    let words = text.strip_suffix(b": ")?;
    let words = words.get(words.len().saturating_sub(MOST)..)?;
    let mut starts = words.iter().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase());
    starts.find_map(|(at, _)| errno::by_whole_text(words.get(at..)?))
}

/// What a status proves of an operation on the network; `None` where it says nothing.
pub(super) fn sign(number: u32) -> Option<Sign> {
    Some(match number {
        // APR_TIMEUP; EINPROGRESS is what a connect under way has when its time is up.
        70_007 | 115 => Sign::TimedOut,
        // APR_EOF
        70_014 => Sign::Closed,
        // EAI_NONAME, EAI_NODATA: by their positive and their negative numbers
        670_002 | 670_005 | 670_007 | 670_008 => Sign::NameNotFound,
        // EAI_AGAIN, EAI_FAIL and the rest
        670_001..=670_100 => Sign::ResolverFailed,
        // APR_EGENERAL, APR_EINCOMPLETE; ECONNABORTED is what Apache writes of a connection that it
        // gave up itself
        20_014 | 70_008 | 103 => return None,
        // Solaris', then AIX' and HP-UX'; no number of Linux' that a connection can have.
        146 | 79 | 239 => Sign::Refused,
        145 | 150 | 78 | 238 => Sign::TimedOut,
        131 | 232 => Sign::Reset,
        148 | 242 => Sign::Unreachable,
        SYSTEM.. => return errno::network(number - SYSTEM),
        _ => return errno::network(number),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_decides_in_any_language() {
        for (text, sign_of, behind) in [
            ("(111)Connection refused: AH00957: http", Some(Sign::Refused), "AH00957: http"),
            ("(111)Verbindungsaufbau abgelehnt: AH00957: x", Some(Sign::Refused), "AH00957: x"),
            (
                "(OS 10061)Es konnte keine Verbindung hergestellt werden: weil :  : AH00957: x",
                Some(Sign::Refused),
                "AH00957: x",
            ),
            ("(730061)x: AH00957: x", Some(Sign::Refused), "AH00957: x"),
            (
                "(70007)The timeout specified has expired: [client 10.0.0.9:1] AH01102: e",
                Some(Sign::TimedOut),
                "[client 10.0.0.9:1] AH01102: e",
            ),
            ("(70014)End of file found: proxy: error", Some(Sign::Closed), "proxy: error"),
            ("(-2)Name or service not known: AH1: x", Some(Sign::NameNotFound), "AH1: x"),
            ("(EAI 3)Temporary failure: AH1: x", Some(Sign::ResolverFailed), "AH1: x"),
            (
                "(20014)Internal error (specific information not available): AH01084: x",
                None,
                "AH01084: x",
            ),
            ("(110)Connection timed out", Some(Sign::TimedOut), ""),
            ("(146)Connection refused: proxy: HTTP: x", Some(Sign::Refused), "proxy: HTTP: x"),
        ] {
            let (number, rest) = group(text.as_bytes()).expect(text);
            assert_eq!((sign(number), rest), (sign_of, behind.as_bytes()), "{text}");
        }
        for text in ["", "(", "(x)", "111)x", "(12", "(OS )x"] {
            assert_eq!(group(text.as_bytes()), None, "{text}");
        }
    }
}
