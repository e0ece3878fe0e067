//! A short list that lives inside its owner: nothing is allocated, what does not fit is counted.

/// At most `N` items, in order. When it is full, the last item gives way to the new one, so that
/// the first ones and the newest are kept; [`List::dropped`] counts what went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct List<T, const N: usize> {
    items: [T; N],
    len: u8,
    dropped: u32,
}

impl<T: Copy + Default, const N: usize> Default for List<T, N> {
    fn default() -> Self {
        Self { items: [T::default(); N], len: 0, dropped: 0 }
    }
}

impl<T: Copy + Default, const N: usize> List<T, N> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        if self.is_full() {
            self.dropped = self.dropped.saturating_add(1);
        } else {
            self.len += 1;
        }
        if let Some(last) = self.last_mut() {
            *last = item;
        }
    }

    /// Takes out the item at a place; the ones behind it move up.
    pub fn remove(&mut self, at: usize) {
        if at < self.len() {
            self.items.copy_within(at + 1..usize::from(self.len), at);
            self.len -= 1;
            self.drop_one();
        }
    }

    /// Counts an item that was not taken.
    pub fn drop_one(&mut self) {
        self.dropped = self.dropped.saturating_add(1);
    }

    /// Forgets every item and the count of dropped ones.
    pub fn clear(&mut self) {
        self.len = 0;
        self.dropped = 0;
    }

    /// How many items there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the next push drops one.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.len as usize >= N
    }

    /// How many were not kept.
    #[must_use]
    pub const fn dropped(&self) -> u32 {
        self.dropped
    }

    /// The items.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        self.items.get(..self.len()).unwrap_or(&[])
    }

    /// The item at a place.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&T> {
        self.as_slice().get(at)
    }

    /// The last item.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.as_slice().last()
    }

    /// The last item, to change it.
    pub fn last_mut(&mut self) -> Option<&mut T> {
        let len = self.len();
        self.items.get_mut(..len).and_then(<[T]>::last_mut)
    }

    /// Each item.
    pub fn iter(&self) -> core::slice::Iter<'_, T> {
        self.as_slice().iter()
    }

    /// Each item, to change it.
    pub fn iter_mut(&mut self) -> core::slice::IterMut<'_, T> {
        let len = self.len();
        self.items.get_mut(..len).unwrap_or_default().iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ones_and_the_newest_stay() {
        let mut list = List::<u8, 3>::default();
        for item in 1..=5 {
            list.push(item);
        }
        assert_eq!(list.as_slice(), [1, 2, 5]);
        assert_eq!(list.dropped(), 2);
        list.remove(0);
        assert_eq!(list.as_slice(), [2, 5]);
        list.remove(7);
        assert_eq!(list.as_slice(), [2, 5]);
    }
}
