//! Linking one record at a time, with the same pairs and clusters as linking them all at once.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::cluster::{Pair, Rules, clusters};
use super::hope::One;
use super::lexicon::Plain;
use super::model::Model;
use super::pair::Linker;
use super::population::Population;
use super::record::Record;
use super::score;

/// Records that were added, and who they are.
#[derive(Debug)]
pub struct Index<'a> {
    linker: Linker<'a>,
    population: Population,
    residents: HashMap<u64, Vec<u32>, BuildHasherDefault<Plain>>,
    pairs: Vec<Pair>,
    rules: Rules,
    seen: Vec<u32>,
}

impl<'a> Index<'a> {
    /// An empty index that links with `model`.
    #[must_use]
    pub fn new(model: &'a Model, rules: Rules) -> Self {
        Self {
            linker: Linker::new(model),
            population: Population::default(),
            residents: HashMap::default(),
            pairs: Vec::new(),
            rules,
            seen: Vec::new(),
        }
    }

    /// Adds a record and gives the pairs it makes with those before it, heaviest first.
    ///
    /// Its number is how many records were added before.
    pub fn add(&mut self, record: &Record, source: u16) -> Vec<Pair> {
        let number = u32::try_from(self.population.len()).expect("record numbers are u32");
        let row = self.linker.row(record, &mut self.population.lexicon);
        self.population.rows.push(row);
        self.population.sources.push(source);
        self.seen.push(0);
        let (lexicon, weights) = (&self.population.lexicon, &self.linker.weights);
        let one = One::of(number, &row, weights);
        let mut found = Vec::new();
        for key in self.linker.keys_of(&row, lexicon) {
            let residents = self.residents.entry(key).or_default();
            for resident in residents.iter() {
                if self.seen[*resident as usize] != number {
                    self.seen[*resident as usize] = number;
                    let other = (*resident, &self.population.rows[*resident as usize]);
                    found.extend(score::pair(&one, other, lexicon, weights));
                }
            }
            residents.push(number);
        }
        self.pairs.extend_from_slice(&found);
        found.sort_unstable_by(|one, other| {
            other.weight.total_cmp(&one.weight).then(one.left.cmp(&other.left))
        });
        found
    }

    /// How many records were added.
    #[must_use]
    pub fn len(&self) -> usize {
        self.population.len()
    }

    /// Whether none was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.population.is_empty()
    }

    /// All pairs that are at least possible, by left and right.
    #[must_use]
    pub fn pairs(&self) -> Vec<Pair> {
        let mut pairs = self.pairs.clone();
        pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        pairs
    }

    /// The cluster of each record: the lowest number of a record in it.
    #[must_use]
    pub fn clusters(&self) -> Vec<u32> {
        clusters(&self.population, &self.pairs(), &self.linker.weights, &self.rules)
    }
}
