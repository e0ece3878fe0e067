//! A row of `show stat`, the statistics page as CSV: what a server's last check met.
//!
//! ```text
//! # pxname,svname,qcur,qmax,…
//! shop,b1,0,0,0,0,,0,…,DOWN,1,1,0,…,L4CON,,0,…
//! ```

use super::checks::{self, Outcome};
use crate::evidence::{Attempt, Evidence, Origin, Seen, Sign};
use crate::scan::number;

/// The columns, counted from 0; the manual, section 9.1 of management.txt.
const STATUS: usize = 17;
const CHECK: usize = 36;
const CODE: usize = 37;

/// Reads a row about a server or a backend. False, and nothing read, where the line is none.
pub(super) fn read<'a>(record: &'a [u8], origin: Origin, evidence: &mut Evidence<'a>) -> bool {
    if memchr::memchr_iter(b',', record).take(CHECK).count() < CHECK {
        return false;
    }
    let column = |number: usize| record.split(|byte| *byte == b',').nth(number).unwrap_or_default();
    let (proxy, name, status, check) = (column(0), column(1), column(STATUS), column(CHECK));
    let down = status.starts_with(b"DOWN");
    let known = down
        || [&b"UP"[..], b"NOLB", b"MAINT", b"DRAIN", b"OPEN", b"no check"]
            .iter()
            .any(|word| status.starts_with(word));
    let about_proxy = matches!(name, b"FRONTEND" | b"BACKEND");
    if !known || proxy.is_empty() || !(about_proxy || check.is_empty() || checks::is_code(check)) {
        return false;
    }
    super::begin(record, origin, evidence);
    evidence.event = true;
    evidence.cluster = Some(proxy);
    let mut seen = Seen { quote: status, origin, event: true, ..Seen::new(Sign::Harmless) };
    if about_proxy {
        if down && name == b"BACKEND" {
            seen.sign = Sign::NoneHealthy;
        }
        evidence.add(seen);
        return true;
    }
    evidence.attempts.push(Attempt { address: Some(name), ..Attempt::default() });
    let code = number::whole(column(CODE)).and_then(|code| u32::try_from(code).ok());
    match checks::outcome(check, code, last_words(record)) {
        Some(Outcome { sign, phase, number }) if down => {
            seen = Seen { sign, phase, number, quote: check, ..seen };
        }
        _ if down || status.starts_with(b"MAINT") => seen.sign = Sign::MemberDisabled,
        _ => {}
    }
    evidence.add(seen);
    true
}

/// The words of the last check: a column that moved with the releases, the first that holds words.
fn last_words(record: &[u8]) -> &[u8] {
    let mut columns = record.split(|byte| *byte == b',').skip(CODE + 1);
    let words =
        columns.find(|column| column.contains(&b' ') && column.iter().any(u8::is_ascii_lowercase));
    words.unwrap_or_default()
}
