//! Households: neighbours in the numbering who share a name, an address and sometimes more.

use crate::rng::{Purpose, Rng};

/// People are numbered in blocks of twelve, and each block is cut into households by one of these.
const BLOCK: u32 = 12;
const CUTS: [&[u32]; 6] = [
    &[1, 1, 2, 4, 1, 3],
    &[2, 2, 1, 1, 4, 2],
    &[1, 3, 1, 5, 2],
    &[4, 2, 2, 1, 1, 2],
    &[1, 1, 1, 2, 3, 4],
    &[2, 1, 1, 2, 1, 3, 2],
];

/// One household; a function of the seed and any of its members.
#[derive(Clone, Copy)]
pub(crate) struct Household {
    pub(crate) number: u32,
    /// The first member's number.
    pub(crate) first: u32,
    pub(crate) family: usize,
    pub(crate) city: usize,
    pub(crate) street_number: u32,
    /// One e-mail address for the first two members.
    pub(crate) shares_email: bool,
    /// A land line that all members give as their number.
    pub(crate) shares_phone: bool,
    /// A tablet on the sofa that all members use.
    pub(crate) tablet: bool,
}

impl Household {
    pub(crate) fn of(seed: u64, people: u32, person: u32) -> Self {
        let block = person / BLOCK;
        let cut = match block {
            0 => CUTS[0], // Maria and Jane live alone.
            _ => Rng::keyed(seed, Purpose::Household, u64::from(block), 1).pick(&CUTS),
        };
        let (mut first, mut number) = (block * BLOCK, block * BLOCK);
        let mut size = 1;
        for part in cut {
            size = *part;
            if person < first + size {
                break;
            }
            first += size;
            number += 1;
        }
        let size = size.min(people - first);
        let mut rng = Rng::keyed(seed, Purpose::Household, u64::from(number), 0);
        Self {
            number,
            first,
            family: rng.index(crate::names::FAMILIES.len()),
            city: rng.weighted(&[50, 15, 12, 10, 7, 6]),
            street_number: rng.between(1, 120),
            shares_email: rng.chance(80) && size > 1,
            shares_phone: rng.chance(250) && size > 1,
            tablet: rng.chance(400) && size > 1,
        }
    }
}
