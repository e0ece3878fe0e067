//! Things by the number that the host gives them.

use alloc::vec::Vec;

/// Things by number, in so many rows. Hosts count upwards, so the rows are of one length; a tree or
/// a hash table of the library's is ten times as large in the module.
#[derive(Debug)]
pub(crate) struct ById<T, const ROWS: usize> {
    rows: [Vec<(u32, T)>; ROWS],
    len: usize,
}

impl<T, const ROWS: usize> ById<T, ROWS> {
    pub(crate) const fn new() -> Self {
        Self { rows: [const { Vec::new() }; ROWS], len: 0 }
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// The least number of all.
    pub(crate) fn least(&self) -> Option<u32> {
        self.rows.iter().flatten().map(|(id, _)| *id).min()
    }

    pub(crate) fn get_mut(&mut self, id: u32) -> Option<&mut T> {
        self.row(id)?.iter_mut().find(|(each, _)| *each == id).map(|(_, thing)| thing)
    }

    /// Puts a thing there; the one that was there.
    pub(crate) fn insert(&mut self, id: u32, thing: T) -> Option<T> {
        if let Some(old) = self.get_mut(id) {
            return Some(core::mem::replace(old, thing));
        }
        let row = self.row(id)?;
        row.push((id, thing));
        self.len = self.len.saturating_add(1);
        None
    }

    pub(crate) fn remove(&mut self, id: u32) -> Option<T> {
        let row = self.row(id)?;
        let at = row.iter().position(|(each, _)| *each == id)?;
        let (_, thing) = row.swap_remove(at);
        if row.is_empty() && row.capacity() > 64 {
            // A burst of exchanges leaves no memory behind.
            *row = Vec::new();
        }
        self.len = self.len.saturating_sub(1);
        Some(thing)
    }

    fn row(&mut self, id: u32) -> Option<&mut Vec<(u32, T)>> {
        self.rows.get_mut(usize::try_from(id).unwrap_or(0).checked_rem(ROWS)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    proptest::proptest! {
        #[test]
        fn it_is_a_map(steps: Vec<(bool, u8, u8)>) {
            let (mut ours, mut theirs) = (ById::<u8, 4>::new(), BTreeMap::new());
            for (put, id, thing) in steps {
                let id = u32::from(id % 16);
                if put {
                    proptest::prop_assert_eq!(ours.insert(id, thing), theirs.insert(id, thing));
                } else {
                    proptest::prop_assert_eq!(ours.remove(id), theirs.remove(&id));
                }
                proptest::prop_assert_eq!(ours.get_mut(id).copied(), theirs.get(&id).copied());
                proptest::prop_assert_eq!(ours.len(), theirs.len());
                proptest::prop_assert_eq!(ours.least(), theirs.keys().next().copied());
            }
        }
    }
}
