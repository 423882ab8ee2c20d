//! A seeded crowd for linking: people with names, birthdays, addresses and numbers, each written down
//! once or more often with slips of the kinds that typists make.

use regulars_engine::identity::link::{Field, Record};

/// A generator of numbers that is the same everywhere (SplitMix64, Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number, evenly.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1, evenly.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// Below `end`, evenly.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// Below `end`, small numbers far more often, as names are.
    fn uneven(&mut self, end: u64) -> u64 {
        let (one, other) = (self.below(end), self.below(end));
        (one * other / end * self.below(100)) / 100
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// One in this many records is a repeat of somebody.
const REPEATS_PERCENT: u64 = 50;

/// Somebody of the crowd.
struct Somebody {
    values: Vec<(Field, String)>,
}

/// Calls `each` with `count` records and the number of the person behind each.
pub(crate) fn crowd(count: u64, seed: u64, mut each: impl FnMut(&Record, u64)) {
    let mut dice = Dice::new(seed);
    let mut recent: Vec<(u64, Somebody)> = Vec::new();
    let mut people = 0;
    let mut record = Record::default();
    for _ in 0..count {
        if !recent.is_empty() && dice.chance(REPEATS_PERCENT) {
            let at = usize::try_from(dice.below(recent.len() as u64)).unwrap_or(0);
            let (number, somebody) = &recent[at];
            write_down(&mut record, somebody, &mut dice, true);
            each(&record, *number);
            continue;
        }
        let somebody = invent(&mut dice);
        write_down(&mut record, &somebody, &mut dice, false);
        each(&record, people);
        if recent.len() < 5_000 {
            recent.push((people, somebody));
        } else {
            let at = usize::try_from(dice.below(5_000)).unwrap_or(0);
            recent[at] = (people, somebody);
        }
        people += 1;
    }
}

fn word(number: u64) -> String {
    const FIRST: [&str; 16] = [
        "ba", "che", "do", "fre", "gri", "ha", "jo", "ki", "lo", "mar", "ne", "pe", "ro", "sta",
        "tho", "wi",
    ];
    const LATER: [&str; 16] = [
        "nor", "sen", "ley", "ton", "ra", "li", "man", "dez", "ka", "vi", "bert", "mo", "ski",
        "land", "ger", "ro",
    ];
    let mut rest = number;
    let mut word = FIRST[usize::try_from(rest % 16).unwrap_or(0)].to_owned();
    rest /= 16;
    loop {
        word.push_str(LATER[usize::try_from(rest % 16).unwrap_or(0)]);
        rest /= 16;
        if rest == 0 {
            return word;
        }
    }
}

fn invent(dice: &mut Dice) -> Somebody {
    let town = dice.uneven(3_000);
    let mut values = vec![
        (Field::Given, word(dice.uneven(3_000))),
        (Field::Surname, word(1_000_000 + dice.uneven(40_000))),
        (Field::StreetNumber, (1 + dice.uneven(400)).to_string()),
        (Field::Street, format!("{} street", word(70_000 + dice.uneven(20_000)))),
        (Field::City, word(500_000 + town)),
        (Field::Postcode, format!("{:05}", town * 31 % 100_000)),
        (
            Field::State,
            ["north", "south", "east", "west", "coast"][usize::try_from(town % 5).unwrap_or(0)]
                .to_owned(),
        ),
        (
            Field::BirthDate,
            format!(
                "{:04}{:02}{:02}",
                1925 + dice.below(85),
                1 + dice.below(12),
                1 + dice.below(28)
            ),
        ),
        (Field::Unique(0), (1_000_000 + dice.below(90_000_000)).to_string()),
    ];
    if dice.chance(60) {
        values.push((Field::Phone, format!("6{:08}", dice.below(100_000_000))));
    }
    Somebody { values }
}

/// A record of somebody: fields missing now and then, and slips where it is a repeat.
fn write_down(record: &mut Record, somebody: &Somebody, dice: &mut Dice, slips: bool) {
    record.clear();
    for (field, value) in &somebody.values {
        if dice.chance(5) {
            continue;
        }
        if slips && dice.chance(15) {
            record.set(*field, &slip(value, dice));
        } else {
            record.set(*field, value);
        }
    }
}

fn slip(value: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = value.chars().collect();
    let at = usize::try_from(dice.below(letters.len() as u64)).unwrap_or(0);
    let digit = letters[at].is_ascii_digit();
    let from = if digit { b'0' } else { b'a' };
    let other =
        char::from(from + u8::try_from(dice.below(if digit { 10 } else { 26 })).unwrap_or(0));
    match dice.below(4) {
        0 if letters.len() > 2 => {
            letters.remove(at);
        }
        1 => letters.insert(at, other),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => letters[at] = other,
    }
    letters.into_iter().collect()
}
