//! Looks words up in the sorted tables.

use super::address::{is_word, trim_end};
use super::fold::{Folded, goes_on};
use super::{Name, Phrase, Says};

/// The longest phrase of a table that a text begins with, and that counts there; with where it
/// ends.
pub(super) fn longest(
    text: &[u8],
    folded: &Folded,
    table: &[Phrase],
    counts: impl Fn(&Phrase, usize) -> bool,
) -> Option<(Says, usize)> {
    let mut head = folded.bytes();
    loop {
        let after = table.partition_point(|phrase| phrase.begins.as_bytes() <= head);
        let last = after.checked_sub(1)?;
        let begins = table.get(last)?.begins.as_bytes();
        if head.starts_with(begins) {
            let from = table.partition_point(|phrase| phrase.begins.as_bytes() < begins);
            let head_ends = folded.end(begins.len());
            let alike = table.get(from..after).unwrap_or_default();
            let fits = alike.iter().filter_map(|phrase| {
                let rest = goes_on(text.get(head_ends..)?, phrase.goes_on)?;
                let end = head_ends + rest;
                counts(phrase, end).then_some((phrase.says, end))
            });
            let best = fits.max_by_key(|(_, end)| *end);
            if best.is_some() {
                return best;
            }
            head = head.get(..begins.len().checked_sub(1)?)?;
        } else {
            let shared = begins.iter().zip(head).take_while(|(a, b)| a == b).count();
            head = head.get(..shared)?;
        }
        if head.is_empty() {
            return None;
        }
    }
}

pub(super) fn find_name(names: &[Name], token: &[u8]) -> Option<Says> {
    let at = names.binary_search_by(|(name, _)| name.as_bytes().cmp(token)).ok()?;
    names.get(at).map(|(_, says)| *says)
}

/// A name with its parts: `java.net.ConnectException`, `io::ErrorKind::BrokenPipe`.
pub(super) fn token(text: &[u8]) -> &[u8] {
    /// No name is longer; a text of dots would be looked at over and over.
    const LONGEST: usize = 120;
    let text = text.get(..LONGEST).unwrap_or(text);
    let mut end = 0;
    while let Some(byte) = text.get(end) {
        let colons = *byte == b':' && text.get(end + 1) == Some(&b':');
        if colons {
            end += 2;
        } else if is_word(*byte) || matches!(byte, b'.' | b'$') {
            end += 1;
        } else {
            break;
        }
    }
    trim_end(text.get(..end).unwrap_or_default())
}
