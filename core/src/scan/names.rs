//! Finds what the name of a field says, in a table of names by length: few are of one length, so
//! that hardly a letter is looked at. A `match` over as many words is ten times as much code.

/// How many names a table has.
// What is compiled here is no input.
#[allow(clippy::indexing_slicing)]
pub(crate) const fn count<T>(table: &[(T, &[&str])]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < table.len() {
        count += table[at].1.len();
        at += 1;
    }
    count
}

/// The names of a table, the shortest first, each with what it says: sorted when it is compiled.
#[allow(clippy::indexing_slicing)]
pub(crate) const fn by_length<T: Copy, const N: usize>(
    table: &[(T, &[&'static str])],
) -> [(&'static str, T); N] {
    let mut names = [("", table[0].0); N];
    let (mut end, mut at) = (0, 0);
    while at < table.len() {
        let (says, all) = table[at];
        let mut which = 0;
        while which < all.len() {
            let mut place = end;
            while place > 0 && names[place - 1].0.len() > all[which].len() {
                names[place] = names[place - 1];
                place -= 1;
            }
            names[place] = (all[which], says);
            end += 1;
            which += 1;
        }
        at += 1;
    }
    names
}

/// What a name says. `names` must be sorted [`by_length`].
pub(crate) fn find<T: Copy>(names: &[(&str, T)], name: &[u8]) -> Option<T> {
    let shorter = names.partition_point(|(known, _)| known.len() < name.len());
    let mut as_long =
        names.get(shorter..)?.iter().take_while(|(known, _)| known.len() == name.len());
    // The first letter tells most apart, without a call.
    let same = |known: &[u8]| known.first() == name.first() && known == name;
    as_long.find(|(known, _)| same(known.as_bytes())).map(|(_, says)| *says)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[(u8, &[&str])] =
        &[(1, &["status", "st"]), (2, &["code"]), (3, &["path", "", "method"])];
    static NAMES: [(&str, u8); count(TABLE)] = by_length(TABLE);

    #[test]
    fn every_name_is_found() {
        for (says, names) in TABLE {
            for name in *names {
                assert_eq!(find(&NAMES, name.as_bytes()), Some(*says), "{name}");
            }
        }
        assert_eq!(NAMES.len(), 6);
        assert!(NAMES.is_sorted_by_key(|(name, _)| name.len()));
    }

    #[test]
    fn no_other_name_is() {
        for name in ["s", "stat", "statua", "metho", "methods", "Code", "pat\0", "a longer one"] {
            assert_eq!(find(&NAMES, name.as_bytes()), None, "{name}");
        }
        assert_eq!(find::<u8>(&[], b""), None);
    }
}
