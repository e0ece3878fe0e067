//! The lists of upstream fields: `a, b : c`, an item an attempt.

/// The items of an upstream list, empty ones kept: lists stay aligned.
#[derive(Clone)]
pub(super) struct List<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> List<'a> {
    pub(super) const fn of(value: &'a [u8]) -> Self {
        Self { rest: Some(value) }
    }
}

impl<'a> Iterator for List<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let (item, after) = match separator(rest) {
            Some((at, long)) => (rest.get(..at)?, rest.get(at + long..)),
            None => (rest, None),
        };
        self.rest = after;
        Some(item)
    }
}

/// Where the first separator of a list stands, and how long it is. Both kinds are looked for in one
/// pass: a search for one that is not there would go to the end of the list for each item.
fn separator(list: &[u8]) -> Option<(usize, usize)> {
    memchr::memchr2_iter(b',', b':', list).find_map(|at| {
        let blank = |at: usize| list.get(at) == Some(&b' ');
        match list.get(at) {
            Some(b',') if blank(at + 1) => Some((at, 2)),
            Some(b':') if blank(at + 1) => {
                at.checked_sub(1).filter(|before| blank(*before)).map(|before| (before, 3))
            }
            _ => None,
        }
    })
}
