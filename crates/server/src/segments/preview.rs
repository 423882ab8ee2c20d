//! How many a condition would hold before it is saved: an estimate at once, of a keyed sample, and
//! the exact number part by part.

use std::sync::mpsc::{self, SyncSender};

use regulars_engine::condition::Condition;
use regulars_engine::event::Channel;
use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::segment::{Reach, ask_known};
use regulars_engine::step::World;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, SqliteReader, StoreError, Versioned};
use serde_json::{Value, json};

use super::Around;
use super::unkept::{Lacking, Unkept};

/// How many identifiers an estimate draws: some 150 ms of reading, and an interval of about one
/// percent of everybody.
pub const SAMPLE: usize = 8_192;
/// How many people an estimate reads from the log, where profiles do not keep what is asked for.
const LOG_SAMPLE: usize = 1_024;
/// How many persons one part of an exact count looks at: some 100 ms.
const PART: usize = 20_000;
/// How many where the log is read for each part, which takes longer than to look at them; what it tells
/// of them is in memory, some 250 MB.
const PART_OF_LOG: usize = 250_000;
/// How many members are shown.
const SHOWN: usize = 5;
/// The quantile of the normal distribution of a 95 % interval.
const Z: f64 = 1.959_964;

/// A number of persons, and between which numbers it lies with 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The number.
    pub count: u64,
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
}

impl Figure {
    fn exactly(count: u64) -> Self {
        Self { count, low: count, high: count }
    }

    /// As programs read it.
    #[must_use]
    pub fn to_json(self) -> Value {
        json!({ "count": self.count, "low": self.low, "high": self.high })
    }
}

/// What an estimate says.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// How many persons there are.
    pub persons: u64,
    /// How many were looked at.
    pub sample: u64,
    /// How many the condition holds.
    pub members: Figure,
    /// Of them, how many there is an address for, by channel.
    pub reachable: Vec<(Channel, Figure)>,
    /// Of these, how many said yes to promotion there.
    pub promotable: Vec<(Channel, Figure)>,
    /// Some of the members.
    pub people: Vec<Record>,
}

impl Estimate {
    /// As programs read it. Names nobody: people are told by their ids.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let by_channel = |figures: &[(Channel, Figure)]| -> serde_json::Map<String, Value> {
            let one = |(c, f): &(Channel, Figure)| (c.word().to_owned(), f.to_json());
            figures.iter().map(one).collect()
        };
        json!({
            "persons": self.persons,
            "sample": self.sample,
            "members": self.members.to_json(),
            "reachable": by_channel(&self.reachable),
            "with_consent_to_promotion": by_channel(&self.promotable),
            "people": self.people.iter().map(|record| record.id().to_string()).collect::<Vec<_>>(),
        })
    }
}

/// The condition itself, then whether there is an address, then whether it may be used.
fn questions(condition: &Condition) -> Vec<Condition> {
    std::iter::once(condition.clone()).chain(Reach::ALL.map(Reach::condition)).collect()
}

/// Which of the questions hold; those behind the first only of members.
fn holding(
    world: &World<'_>,
    record: &Record,
    questions: &[Condition],
    now: Timestamp,
) -> Option<Vec<bool>> {
    let (first, further) = questions.split_at(1);
    let ask = |questions: &[Condition]| -> Vec<bool> {
        let answers = ask_known(world, record, questions.iter(), now);
        answers.iter().map(|answer| answer.truth.holds()).collect()
    };
    ask(first).first().copied().unwrap_or(false).then(|| ask(further))
}

/// Estimates how many a condition holds. Exact where there are few persons.
///
/// Identifiers are drawn by their keyed hashes, and whoever holds k of them counts as 1/k, so that
/// everybody counts alike. The interval is Wilson's (1927), of the effective number of the weighted
/// draws (Kish 1965): `(Σw)² / Σw²`.
///
/// # Errors
/// If the store cannot be read.
pub fn estimate<R: Reader>(
    reader: &R,
    program: &Program,
    condition: &Condition,
    now: Timestamp,
) -> Result<Estimate, StoreError> {
    let persons = reader.totals()?.persons;
    let around = Around::read(reader, program)?;
    let (world, questions) = (around.world(), questions(condition));
    let mut unkept = Unkept::of(condition);
    let all = persons <= u64::try_from(SAMPLE).unwrap_or(u64::MAX) / 2;
    let records: Vec<Record> = if all {
        let rows = reader.persons_after(PersonId(0), SAMPLE)?;
        rows.into_iter().map(|(_, _, record)| record).collect()
    } else {
        // Drawn in the order of hashes, so that the first of them are a sample too.
        reader.drawn(if unkept.kept(program) { SAMPLE } else { LOG_SAMPLE })?
    };
    let mut sums = vec![0.0; questions.len()];
    let (mut weights, mut squares) = (0.0, 0.0);
    let mut people: Vec<Record> = Vec::new();
    let mut sample = 0;
    for mut record in records {
        if !all && unkept.read >= LOG_SAMPLE {
            break;
        }
        unkept.complete(reader, &mut record)?;
        sample += 1;
        let held = u32::try_from(record.evidence.nodes.len()).unwrap_or(u32::MAX).max(1);
        let weight = if all { 1.0 } else { 1.0 / f64::from(held) };
        weights += weight;
        squares += weight * weight;
        let Some(further) = holding(&world, &record, &questions, now) else { continue };
        for (sum, holds) in sums.iter_mut().zip(std::iter::once(true).chain(further)) {
            *sum += if holds { weight } else { 0.0 };
        }
        if people.len() < SHOWN && people.iter().all(|shown| shown.id() != record.id()) {
            people.push(record);
        }
    }
    let figure = |sum: f64| match all {
        true => Figure::exactly(rounded(sum)),
        false => wilson(
            sum / f64::max(weights, 1e-9),
            weights * weights / f64::max(squares, 1e-9),
            persons,
        ),
    };
    let of = |from: usize| {
        let sums = sums[from..].iter();
        Channel::OF_MESSAGES
            .into_iter()
            .zip(sums)
            .map(|(channel, sum)| (channel, figure(*sum)))
            .collect()
    };
    let (members, reachable, promotable) =
        (figure(sums[0]), of(1), of(1 + Channel::OF_MESSAGES.len()));
    Ok(Estimate { persons, sample, members, reachable, promotable, people })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of persons")]
fn rounded(number: f64) -> u64 {
    number.round().max(0.0) as u64
}

/// The number of persons where `share` of `n` draws hold, with its 95 % interval.
#[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 persons")]
fn wilson(share: f64, n: f64, persons: u64) -> Figure {
    let whole = persons as f64;
    let n = n.max(1.0);
    let (square, spread) = (Z * Z, 1.0 + Z * Z / n);
    let middle = (share + square / (2.0 * n)) / spread;
    let reach = Z / spread * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    Figure {
        count: rounded(share * whole),
        low: rounded(((middle - reach) * whole).floor()),
        high: rounded(((middle + reach) * whole).ceil()).min(persons),
    }
}

/// Counts that are exact, as far as they have come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Persons looked at.
    pub seen: u64,
    /// How many of them the condition holds.
    pub members: u64,
    /// Of these, how many there is an address for, by channel.
    pub reachable: Vec<(Channel, u64)>,
    /// Of these, how many said yes to promotion there.
    pub promotable: Vec<(Channel, u64)>,
}

/// How many persons one part of an exact count is to look at.
#[must_use]
pub fn part_of(program: &Program, condition: &Condition) -> usize {
    if Unkept::of(condition).kept(program) { PART } else { PART_OF_LOG }
}

/// A part of an exact count.
#[derive(Clone, Debug)]
pub struct Part {
    /// What was counted in this part.
    pub counted: Counted,
    /// Where the next part begins; `None`: everybody was seen.
    pub next: Option<PersonId>,
}

/// Counts exactly among the `limit` persons after `after`: whoever asks goes on with `next` and adds
/// the parts up, and so can show how far it is; [`part_of`] says how many are worth a part. Rows are
/// read beside the asking. Where profiles do not keep what is asked for, the log is read once for all
/// of the part.
///
/// # Errors
/// If the store cannot be read.
pub fn count_part(
    reader: &SqliteReader,
    program: &Program,
    condition: &Condition,
    (after, limit): (PersonId, usize),
    now: Timestamp,
) -> Result<Part, StoreError> {
    let around = Around::read(reader, program)?;
    let (world, questions) = (around.world(), questions(condition));
    let mut unkept = Unkept::of(condition);
    if !unkept.kept(program) {
        let (salt, mut lacking) = (reader.salt(), Lacking::default());
        each_page(reader, (after, limit), |rows| {
            rows.iter().for_each(|(_, _, record)| unkept.note(salt, record, &mut lacking));
            Ok(())
        })?;
        unkept.read_log(reader, lacking)?;
    }
    let mut sums = vec![0_u64; questions.len()];
    let (mut seen, mut next) = (0_usize, None);
    each_page(reader, (after, limit), |rows| {
        next = rows.last().filter(|_| rows.len() == page(limit - seen)).map(|(id, ..)| *id);
        seen += rows.len();
        for (_, _, mut record) in rows {
            unkept.complete(reader, &mut record)?;
            let Some(further) = holding(&world, &record, &questions, now) else { continue };
            for (sum, holds) in sums.iter_mut().zip(std::iter::once(true).chain(further)) {
                *sum += u64::from(holds);
            }
        }
        Ok(())
    })?;
    let of =
        |from: usize| Channel::OF_MESSAGES.into_iter().zip(sums[from..].iter().copied()).collect();
    let counted = Counted {
        seen: u64::try_from(seen).unwrap_or(u64::MAX),
        members: sums[0],
        reachable: of(1),
        promotable: of(1 + Channel::OF_MESSAGES.len()),
    };
    Ok(Part { counted, next })
}

/// Takes the `limit` persons after `after` page by page, each while the next is being read.
fn each_page(
    reader: &SqliteReader,
    (after, limit): (PersonId, usize),
    mut take: impl FnMut(Vec<Versioned>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    std::thread::scope(|scope| {
        let (sender, pages) = mpsc::sync_channel(2);
        scope.spawn(move || read_pages(reader, after, limit, &sender));
        pages.into_iter().try_for_each(|rows| take(rows?))
    })
}

/// How many of so many rows are in memory at once.
fn page(left: usize) -> usize {
    left.min(500)
}

/// Reads the `limit` persons after `after` page by page, until nobody takes them.
fn read_pages<R: Reader>(
    reader: &R,
    after: PersonId,
    limit: usize,
    sender: &SyncSender<Result<Vec<Versioned>, StoreError>>,
) {
    let (mut left, mut next) = (limit, Some(after));
    while let Some(from) = next.filter(|_| left > 0) {
        let wanted = page(left);
        let rows = reader.persons_after(from, wanted);
        let whole = rows.as_ref().ok().filter(|rows| rows.len() == wanted);
        next = whole.and_then(|rows| rows.last()).map(|(id, ..)| *id);
        left -= wanted;
        if sender.send(rows).is_err() {
            return;
        }
    }
}

impl Counted {
    /// Adds another part.
    pub fn add(&mut self, other: &Self) {
        self.seen += other.seen;
        self.members += other.members;
        let pairs =
            [(&mut self.reachable, &other.reachable), (&mut self.promotable, &other.promotable)];
        for (held, further) in pairs {
            if held.is_empty() {
                held.clone_from(further);
            } else {
                for ((_, sum), (_, more)) in held.iter_mut().zip(further) {
                    *sum += more;
                }
            }
        }
    }

    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let by_channel = |counts: &[(Channel, u64)]| -> serde_json::Map<String, Value> {
            counts.iter().map(|(c, n)| (c.word().to_owned(), Value::from(*n))).collect()
        };
        json!({
            "seen": self.seen,
            "members": self.members,
            "reachable": by_channel(&self.reachable),
            "with_consent_to_promotion": by_channel(&self.promotable),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 5 of 50: Wilson's 95 % interval is 0.0434 to 0.2136 (Newcombe 1998, table I, method 3, has
    /// the same formula).
    #[test]
    fn an_interval_is_wilsons() {
        let figure = wilson(0.1, 50.0, 10_000);
        assert_eq!(figure.count, 1_000);
        assert!((430..=440).contains(&figure.low), "{figure:?}");
        assert!((2_130..=2_140).contains(&figure.high), "{figure:?}");
    }

    #[test]
    fn nobody_in_the_sample_is_not_nobody_at_all() {
        let figure = wilson(0.0, 1_000.0, 1_000_000);
        assert_eq!((figure.count, figure.low), (0, 0));
        assert!((3_000..5_000).contains(&figure.high));
    }
}
