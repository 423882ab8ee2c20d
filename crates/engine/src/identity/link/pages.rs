//! A list in pages: it grows without moving what it holds. A list that moves asks for its memory twice,
//! and the system clears every page before it hands it out.

use std::ops::Index;

/// A page holds so many.
const PAGE: usize = 1 << 12;

/// A list in pages; the first grows as lists do, so that a short list is short.
#[derive(Debug)]
pub(super) struct Pages<T>(Vec<Vec<T>>); // Invariant: all pages but the last are full, and none is empty.

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Pages<T> {
    pub(super) fn push(&mut self, item: T) {
        match self.0.last_mut() {
            Some(last) if last.len() < PAGE => last.push(item),
            Some(_) => {
                let mut page = Vec::with_capacity(PAGE);
                page.push(item);
                self.0.push(page);
            }
            None => self.0.push(vec![item]),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.last().map_or(0, |last| (self.0.len() - 1) * PAGE + last.len())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().flatten()
    }
}

impl<T> Index<usize> for Pages<T> {
    type Output = T;

    #[inline]
    fn index(&self, at: usize) -> &T {
        &self.0[at / PAGE][at % PAGE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_stands_where_it_was_pushed() {
        let mut pages = Pages::default();
        for at in 0..3 * PAGE + 5 {
            assert_eq!(pages.len(), at);
            pages.push(at);
        }
        assert!(pages.iter().copied().eq(0..3 * PAGE + 5));
        assert!((0..pages.len()).all(|at| pages[at] == at));
    }
}
