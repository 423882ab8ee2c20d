//! Many records as rows with one lexicon: what training and linking work on.

use super::candidates::Blocks;
use super::frequency::{Frequencies, Lookup, RARE_MAX, table_key};
use super::lexicon::{Family, Lexicon};
use super::model::Model;
use super::pages::Pages;
use super::record::Record;
use super::row::{Row, slot};

/// So many rows are asked for at once.
pub(super) const ASKED_AT_ONCE: usize = 64;

/// Records taken in, ready to be linked.
///
/// A record's number is its place in the order of [`Population::add`], from 0.
#[derive(Debug, Default)]
pub struct Population {
    pub(super) lexicon: Lexicon,
    pub(super) rows: Pages<Row>,
    /// The source of each record.
    pub(super) sources: Vec<u16>,
    /// Blocks that training has made, with the model they are of: linking with it takes them over.
    pub(super) blocks: Option<(u64, Blocks)>,
    /// Whose frequencies the rows hold, once all of them do; see [`Frequencies::print_of_all`].
    applied: Option<u64>,
}

impl Population {
    /// Takes a record in; `source` tells apart where records come from.
    pub fn add(&mut self, record: &Record, source: u16) {
        self.blocks = None;
        self.applied = None;
        let row = Row::of(record, &mut self.lexicon);
        self.rows.push(row);
        self.sources.push(source);
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// Asks for the rows of some records, which lie far apart in memory, so that all are waited for
    /// together.
    #[inline]
    pub(super) fn ask(&self, records: impl Iterator<Item = u32>) {
        // Nothing here depends on what came before.
        let asked = records.fold(0, |asked, record| asked ^ self.rows[record as usize].ask());
        std::hint::black_box(asked);
    }

    /// Writes the model's frequencies into the rows.
    pub(super) fn apply(&mut self, model: &Model) {
        let print = model.frequencies.print_of_all();
        if self.applied == Some(print) {
            return;
        }
        self.applied = Some(print);
        let lookup = Lookup::hashed(&model.frequencies);
        let say = |id: usize| {
            let value = self.lexicon.value(u32::try_from(id).expect("ids are u32"));
            let shared = lookup.shared(value.hash, value.family);
            (lookup.rarity(value.hash, value.family), shared)
        };
        let mut said = vec![(0, false)];
        said.extend((1..self.lexicon.len()).map(say));
        for row in self.rows.iter_mut() {
            row.shared = 0;
            let mut places = row.present;
            while places != 0 {
                let at = places.trailing_zeros() as usize;
                places &= places - 1;
                let (rarity, shared) = said[row.ids[at] as usize];
                row.rarity[at] = rarity;
                row.shared |= u32::from(shared) << at;
            }
        }
    }

    /// Counts values, and finds those that are nobody's own.
    pub(super) fn frequencies(&self) -> Frequencies {
        let mut counts = vec![0_u32; self.lexicon.len()];
        let mut totals = vec![0_u64; Family::COUNT];
        for row in self.rows.iter() {
            for (at, id) in row.ids.iter().enumerate().filter(|(_, id)| **id != 0) {
                counts[*id as usize] += 1;
                totals[slot::FAMILY[at] as usize] += 1;
            }
        }
        let shared = self.shared(&counts, &totals);
        let value = |id: usize| self.lexicon.value(u32::try_from(id).expect("ids are u32"));
        let frequent = counts.iter().enumerate().skip(1).filter(|(_, count)| **count > RARE_MAX);
        let table = frequent.map(|(id, count)| {
            let value = value(id);
            (table_key(value.hash, value.family), *count)
        });
        Frequencies::new(totals, table.collect(), shared)
    }

    /// Values whose holders are different people: placeholders, kiosks, the shop's own number.
    fn shared(&self, counts: &[u32], totals: &[u64]) -> Vec<u64> {
        const PLACES: [usize; 8] = [
            slot::EMAIL,
            slot::PHONE,
            slot::DEVICE,
            slot::UNIQUE,
            slot::UNIQUE + 1,
            slot::UNIQUE + 2,
            slot::UNIQUE + 3,
            slot::BIRTH,
        ];
        let least = PLACES.map(|place| match place {
            // Many people share a birthday; only one far beyond the rest is no birthday at all.
            slot::BIRTH => {
                let total = totals[slot::FAMILY[place] as usize];
                u32::try_from(total / 200).unwrap_or(u32::MAX).max(20)
            }
            _ => HOLDERS_MIN,
        });
        let mut holders: [Vec<(u32, u32)>; PLACES.len()] = Default::default();
        for (number, row) in (0..).zip(self.rows.iter()) {
            for ((place, least), holders) in PLACES.iter().zip(least).zip(&mut holders) {
                let id = row.ids[*place];
                if id != 0 && counts[id as usize] >= least {
                    holders.push((id, number));
                }
            }
        }
        let mut shared = Vec::new();
        for (place, mut holders) in PLACES.into_iter().zip(holders) {
            holders.sort_unstable();
            for group in holders.chunk_by(|(left, _), (right, _)| left == right) {
                let value = self.lexicon.value(group[0].0);
                if self.holders_differ(group, place) {
                    shared.push(table_key(value.hash, value.family));
                }
            }
        }
        shared
    }

    /// Whether the holders of a value are, by their own names and birthdays, many people.
    fn holders_differ(&self, group: &[(u32, u32)], place: usize) -> bool {
        // Names are the holders' first letters of given name and surname, and birthdays; a value with
        // nearly as many of these as holders belongs to nobody.
        let mut given: Vec<u32> = Vec::new();
        let mut births: Vec<u32> = Vec::new();
        for (_, number) in group {
            let row = &self.rows[*number as usize];
            let name = row.ids[slot::GIVEN];
            if name != 0 {
                let value = self.lexicon.value(name);
                let family = u32::from(self.lexicon.nicknames(name)[0]);
                given.push(if family != 0 { family | 1 << 31 } else { value.sound });
            }
            if place != slot::BIRTH && row.birth != 0 {
                births.push(row.birth);
            }
        }
        many(&mut given) || many(&mut births)
    }
}

/// Fewer holders than this are a household, or one person with slips.
const HOLDERS_MIN: u32 = 5;

/// Whether most of the values are different: a chance of less than a fifth that two holders agree.
fn many(values: &mut [u32]) -> bool {
    if values.len() < 4 {
        return false;
    }
    values.sort_unstable();
    let n = values.len() as f64;
    let same: f64 =
        values.chunk_by(|l, r| l == r).map(|run| (run.len() * (run.len() - 1)) as f64).sum();
    same / (n * (n - 1.0)) < 0.2
}
