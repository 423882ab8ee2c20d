//! What is done to codes of offers beside messages: pools are filled, codes are used, guesses counted.

use regulars_engine::commit::Commit;
use regulars_engine::event::{Line, Money};
use regulars_engine::guard::ByHand;
use regulars_engine::identity::PersonId;
use regulars_engine::offer::{Code, CodeKey, CodeWrite, Counter, Refusal, Stock, Usable, usable};
use regulars_engine::record::Record;
use regulars_engine::time::{DAY, Timestamp};
use regulars_engine::work::{Gift, GiftBack, Gifted, Redeemed, Redemption, TakingBack};
use regulars_store::{Reader, Store, StoreError};

use super::{Writer, WriterError};
use crate::offers::Attempts;

/// So many codes are written in one commit: a few milliseconds.
const CODES_AT_ONCE: usize = 1_000;

/// What became of codes that were put into a pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pooled {
    /// Codes that are in it from now on.
    pub added: u64,
    /// Codes that were there, whatever became of them.
    pub repeated: u64,
    /// The numbers of rows that hold no code, from 1.
    pub unreadable: Vec<u64>,
}

impl<S: Store> Writer<S> {
    /// What there is of offers.
    #[must_use]
    pub fn stock(&self) -> &Stock {
        &self.stock
    }

    /// Puts codes into the pool of an offer. A code that is there already, in any state and of any
    /// offer, stays what it is. `keep` says whether anything is written.
    ///
    /// # Errors
    /// If the store fails; what was written before stays, and giving the same again is harmless.
    pub fn pool(&mut self, offer: &str, rows: &[&str], keep: bool) -> Result<Pooled, WriterError> {
        let mut pooled = Pooled::default();
        let mut seen = std::collections::BTreeSet::new();
        let numbered: Vec<(u64, &&str)> = (1..).zip(rows).collect();
        for part in numbered.chunks(CODES_AT_ONCE) {
            let mut writes = Vec::new();
            for (number, row) in part {
                let Some(key) = CodeKey::of(self.salt, row) else {
                    pooled.unreadable.push(*number);
                    continue;
                };
                if !seen.insert(key) || self.store.offer_code(key)?.is_some() {
                    pooled.repeated += 1;
                    continue;
                }
                let code = Some(Code::free(offer, row.trim()));
                writes.push(CodeWrite { key, read: None, code });
            }
            pooled.added += u64::try_from(writes.len()).unwrap_or(u64::MAX);
            if keep && !writes.is_empty() {
                self.write(&Commit { offer_codes: writes, ..Commit::default() })?;
            }
        }
        self.stock = self.reader.stock()?;
        Ok(pooled)
    }
}

/// A code that a till or a shop asks about.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The id of the redemption; empty where nothing is used.
    pub redemption: String,
    /// The code as it was typed.
    pub code: String,
    /// The order's key, where it is known.
    pub order: Option<String>,
    /// What lies on the counter, where that is told.
    pub lines: Vec<Line>,
    /// What it comes to.
    pub total: Option<Money>,
    /// What was taken off, where the till says so.
    pub taken_off: Option<Money>,
    /// When it was, at a till that was offline.
    pub at: Option<Timestamp>,
}

/// Whether a redemption may still be refused by the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// It may.
    ByTheRules,
    /// It has happened: a till was offline.
    HasHappened,
}

impl Asked {
    fn counter(&self) -> Counter<'_> {
        Counter { lines: &self.lines, total: self.total }
    }
}

/// Where attempts at codes are counted, by the day of UTC.
const ATTEMPTS: &str = "offer attempts";

impl<S: Store> Writer<S> {
    /// Whether a code may be used now, and of which offer it is.
    ///
    /// # Errors
    /// If the store fails; the inner error says why the code is not taken.
    pub fn validate(
        &mut self,
        asked: &Asked,
        now: Timestamp,
    ) -> Result<Result<(String, Usable), Refusal>, WriterError> {
        let code = match CodeKey::of(self.salt, &asked.code) {
            Some(key) => self.store.offer_code(key)?,
            None => None,
        };
        let holder = self.holder_of(code.as_ref())?;
        let offer = code.as_ref().and_then(|code| self.program.offers.get(&code.offer));
        let profile = holder.as_ref().map(|record| &record.profile);
        let around = (asked.counter(), &self.catalogue);
        let found = usable(offer, code.as_ref(), profile, around, now);
        Ok(found.map(|usable| (code.map(|code| code.offer).unwrap_or_default(), usable)))
    }

    /// Uses a code: exactly one redemption of it wins, and the same one asked again is told the same.
    ///
    /// # Errors
    /// If the store fails; then nothing was used.
    pub fn redeem(
        &mut self,
        asked: &Asked,
        bound: Bound,
        now: Timestamp,
    ) -> Result<Redeemed, WriterError> {
        let code = match CodeKey::of(self.salt, &asked.code) {
            Some(key) => self.store.offer_code(key)?,
            None => None,
        };
        let holder = self.holder_of(code.as_ref())?.map(|record| record.id());
        let redemption = Redemption {
            id: &asked.redemption,
            code: &asked.code,
            order: asked.order.as_deref(),
            counter: asked.counter(),
            taken_off: asked.taken_off,
            at: asked.at,
            holder,
        };
        let bound = bound == Bound::HasHappened;
        self.batch(|work, ground| work.redeem(ground, &redemption, bound, now))
    }

    /// Which of some offers staff may give a person now, in their order; nothing is changed. `None`:
    /// nobody bears the id.
    ///
    /// # Errors
    /// If the store fails.
    pub fn may_give(
        &mut self,
        person: PersonId,
        what: (&[&str], Option<&[Line]>),
        now: Timestamp,
    ) -> Result<Option<Vec<ByHand>>, WriterError> {
        self.batch(|work, ground| work.may_give(ground, person, what, now))
    }

    /// Gives a person a code of an offer, if it may be given.
    ///
    /// # Errors
    /// If the store fails; then nothing was given.
    pub fn give(&mut self, gift: &Gift<'_>, now: Timestamp) -> Result<Gifted, WriterError> {
        self.batch(|work, ground| work.give(ground, gift, now))
    }

    /// What it would come to if a gift were taken back; nothing is changed.
    ///
    /// # Errors
    /// If the store fails.
    pub fn may_take_back(&mut self, id: &str) -> Result<GiftBack, WriterError> {
        self.batch(|work, ground| work.may_take_back(ground, id))
    }

    /// Takes a gift back, unless its code was used.
    ///
    /// # Errors
    /// If the store fails; then nothing was taken back.
    pub fn take_gift_back(
        &mut self,
        asked: &TakingBack<'_>,
        now: Timestamp,
    ) -> Result<GiftBack, WriterError> {
        self.batch(|work, ground| work.take_gift_back(ground, asked, now))
    }

    /// Whoever a code was given to, as they are known today.
    fn holder_of(&self, code: Option<&Code>) -> Result<Option<Record>, WriterError> {
        let Some(code) = code.filter(|code| code.person.0 != 0) else { return Ok(None) };
        Ok(self.reader.person(code.person)?.map(|(_, record)| record))
    }

    /// Adds to what is counted of attempts at codes, by the day.
    ///
    /// # Errors
    /// If the store fails.
    pub fn count_guesses(&mut self, more: Attempts, now: Timestamp) -> Result<(), WriterError> {
        let day = format!("{:08}", now.0.div_euclid(DAY));
        let held = attempts(&self.reader.get(ATTEMPTS, &day)?.unwrap_or_default());
        let words = [held.wrong + more.wrong, held.unheard + more.unheard];
        let bytes: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
        Ok(self.store.put(ATTEMPTS, &day, Some(&bytes))?)
    }
}

fn attempts(bytes: &[u8]) -> Attempts {
    let word = |at: usize| {
        let eight = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok());
        eight.map_or(0, u64::from_le_bytes)
    };
    Attempts { wrong: word(0), unheard: word(8) }
}

/// Attempts at codes that were none, since the day of a moment.
///
/// # Errors
/// If the store cannot be read.
pub fn attempts_since<R: Reader>(reader: &R, since: Timestamp) -> Result<Attempts, StoreError> {
    let first = format!("{:08}", since.0.div_euclid(DAY));
    let days = reader.list(ATTEMPTS)?.into_iter().filter(|(day, _)| *day >= first);
    Ok(days.map(|(_, bytes)| attempts(&bytes)).fold(Attempts::default(), |all, day| Attempts {
        wrong: all.wrong + day.wrong,
        unheard: all.unheard + day.unheard,
    }))
}
