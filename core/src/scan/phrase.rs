//! Finds which phrase a message begins with, by binary search over sorted prefixes.

/// The place of the longest phrase that the text begins with. `phrases` must be sorted by bytes.
pub(crate) fn longest_prefix<T>(
    text: &[u8],
    phrases: &[T],
    words: impl Fn(&T) -> &[u8],
) -> Option<usize> {
    let mut text = text;
    loop {
        let start = start_of(text);
        // Their first letters tell most apart, without a call.
        let after = phrases.partition_point(|phrase| {
            let words = words(phrase);
            let other = start_of(words);
            other < start || (other == start && words <= text)
        });
        let at = after.checked_sub(1)?;
        let phrase = words(phrases.get(at)?);
        if text.starts_with(phrase) {
            return Some(at);
        }
        // The neighbour below shares the most with the text: no longer prefix can be a phrase.
        let shared = phrase.iter().zip(text).take_while(|(a, b)| a == b).count();
        text = text.get(..shared)?;
        if text.is_empty() {
            return None;
        }
    }
}

/// The first eight letters as a number that sorts as they do; behind the end of a text are zeros.
fn start_of(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            let letters = text.iter().fold(0, |start, letter| start << 8 | u64::from(*letter));
            // An empty text has nothing to move.
            letters.checked_shl(64 - 8 * text.len() as u32).unwrap_or(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_finds_what_trying_each_finds(
            mut phrases in proptest::collection::vec("[ab]{1,5}", 0..12),
            text in "[ab]{0,8}",
        ) {
            phrases.sort();
            phrases.dedup();
            let naive = (0..phrases.len())
                .filter(|at| text.starts_with(&phrases[*at]))
                .max_by_key(|at| phrases[*at].len());
            prop_assert_eq!(longest_prefix(text.as_bytes(), &phrases, |p| p.as_bytes()), naive);
        }
    }
}
