//! Where a step stands in the tree.

use std::fmt;
use std::str::FromStr;

/// The place of a step: its number in the trunk, then by turns the number of a way of that step and
/// the number of a step in that way, each from 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(Vec<usize>);

/// More levels than files may have.
const NUMBERS_MAX: usize = 64;

impl At {
    /// The place of number `index` in a block: the trunk, or a way of a step.
    pub(super) fn within(block: &[usize], index: usize) -> Self {
        Self(block.iter().copied().chain([index]).collect())
    }

    /// The block it is in, and its number there.
    pub(super) fn split(&self) -> (&[usize], usize) {
        let (last, block) = self.0.split_last().expect("a place has a number at least");
        (block, *last)
    }

    /// The block of a way of the step that stands here.
    pub(super) fn way(&self, number: usize) -> Vec<usize> {
        self.0.iter().copied().chain([number]).collect()
    }

    /// The place behind it in its block.
    #[must_use]
    pub fn next(&self) -> Self {
        let (block, index) = self.split();
        Self::within(block, index + 1)
    }

    /// The place before it in its block; `None`: it is the first.
    #[must_use]
    pub fn previous(&self) -> Option<Self> {
        let (block, index) = self.split();
        Some(Self::within(block, index.checked_sub(1)?))
    }

    /// Whether it stands within the step at `other`, or is that step.
    #[must_use]
    pub fn inside(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// The same place once the step at `gone`, which is not around it, has been taken out.
    pub(super) fn without(&self, gone: &Self) -> Self {
        let (block, index) = gone.split();
        let mut numbers = self.0.clone();
        if numbers.starts_with(block)
            && let Some(number) = numbers.get_mut(block.len())
            && *number > index
        {
            *number -= 1;
        }
        Self(numbers)
    }
}

impl fmt::Display for At {
    /// `3.0.2`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, number) in self.0.iter().enumerate() {
            let point = if index == 0 { "" } else { "." };
            write!(f, "{point}{number}")?;
        }
        Ok(())
    }
}

impl FromStr for At {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let numbers: Vec<usize> =
            text.split('.').map(|part| part.parse().map_err(drop)).collect::<Result<_, ()>>()?;
        let fits = numbers.len() % 2 == 1 && numbers.len() <= NUMBERS_MAX;
        if fits { Ok(Self(numbers)) } else { Err(()) }
    }
}
