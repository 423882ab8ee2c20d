//! Homes: where somebody lives and what the family is called, as far as a record says both.
//!
//! Two people of one home have the same house and flat in the same town, and a surname, or a part of
//! one, in common. Slips and other spellings are forgiven as linking forgives them.

use std::borrow::Cow;

use super::name::{Name, TITLES};
use super::place::Place;
use super::record::Record;
use super::text::{hash, mix, similarity, sound};

/// From this similarity on two surnames, or two streets, are one in two spellings: "ivanov" and
/// "ivanova", "dostoevskii" and "dostoevskaia", but not "garcia" and "garza".
const SPELLING: f32 = 0.9;
/// The most words of a surname that a home is found by.
const WORDS_MAX: usize = 4;
/// Shorter words are what stands between names.
const LETTERS_MIN: usize = 3;
/// Keys of homes have this bit, which no key of linking has: both stand in one table.
const HOME_BIT: u64 = 1 << 62;

/// Where somebody lives, and what the family is called.
#[derive(Clone, PartialEq, Eq)]
pub struct Home {
    street: String,
    number: String,
    unit: String,
    postcode: String,
    city: String,
    surnames: Vec<String>,
}

/// How two places stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// One house, and no other flat.
    Same,
    /// Nobody can tell: one of them leaves the town out.
    Unknown,
    /// Two houses or flats.
    Different,
}

impl Home {
    /// The home that a record states; `None` unless it has a street, a number, a postcode or town,
    /// and a surname.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        let (name, place) = (Name::of(record), Place::of(record));
        let surnames: Vec<String> = (name.surname.split(' '))
            .filter(|word| word.len() >= LETTERS_MIN && !TITLES.contains(word))
            .take(WORDS_MAX)
            .map(str::to_owned)
            .collect();
        let Place { number, street, unit, city, postcode, .. } = place;
        let whole = !(street.is_empty()
            || number.is_empty()
            || postcode.is_empty() && city.is_empty()
            || surnames.is_empty());
        whole.then(|| {
            let [number, postcode, city] = [number, postcode, city].map(Cow::into_owned);
            Self { street, number, unit, postcode, city, surnames }
        })
    }

    /// The keys by which whoever lives there is found: people of one home have one in common.
    #[must_use]
    pub fn keys(&self) -> Vec<u64> {
        let house = mix(hash(self.number.as_bytes()), u64::from(sound(self.street.as_bytes())));
        let key = |word: &String| mix(house, u64::from(sound(word.as_bytes()))) >> 2 | HOME_BIT;
        let mut keys: Vec<u64> = self.surnames.iter().map(key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// How the places stand to each other; which comes first makes no difference.
    #[must_use]
    pub fn places(&self, other: &Self) -> Places {
        let spelled = |one: &str, other: &str| {
            one == other || similarity(one.as_bytes(), other.as_bytes()) >= SPELLING
        };
        let both = |one: &str, other: &str| !one.is_empty() && !other.is_empty();
        let differ = |one: &str, other: &str| both(one, other) && one != other;
        if self.number != other.number
            || differ(&self.unit, &other.unit)
            || differ(&self.postcode, &other.postcode)
            || !spelled(&self.street, &other.street)
        {
            return Places::Different;
        }
        if both(&self.postcode, &other.postcode) {
            return Places::Same;
        }
        match both(&self.city, &other.city) {
            true if spelled(&self.city, &other.city) => Places::Same,
            true => Places::Different,
            false => Places::Unknown,
        }
    }

    /// Whether they have a surname, or a part of one, in common.
    #[must_use]
    pub fn same_family(&self, other: &Self) -> bool {
        let alike = |one: &String| {
            let mut others = other.surnames.iter();
            others.any(|other| similarity(one.as_bytes(), other.as_bytes()) >= SPELLING)
        };
        self.surnames.iter().any(alike)
    }
}

impl std::fmt::Debug for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Home(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::super::Field;
    use super::*;

    fn home(surname: &str, address: &str, postcode: &str, city: &str) -> Home {
        let record = Record::default()
            .with(Field::Given, "Ana")
            .with(Field::Surname, surname)
            .with(Field::Address, address)
            .with(Field::Postcode, postcode)
            .with(Field::City, city);
        Home::of(&record).expect("a whole home")
    }

    /// Whether two live together by what their records state, and whether the one finds the other.
    fn together(one: &Home, other: &Home) -> bool {
        let found = one.keys().iter().any(|key| other.keys().contains(key));
        let together = one.places(other) == Places::Same && one.same_family(other);
        assert_eq!(one.places(other), other.places(one), "which comes first makes no difference");
        assert_eq!(one.same_family(other), other.same_family(one));
        assert!(found || !together, "whoever lives together is found");
        together
    }

    #[test]
    fn one_house_and_a_surname_in_common_are_a_home() {
        let ana = home("Quiroga Sanz", "Calle Mayor 5", "28013", "Madrid");
        assert!(together(&ana, &home("Quiroga Vega", "C. Mayor, 5", "28013", "")), "a child");
        assert!(together(&ana, &home("QUIROGA", "calle mayor 5", "", "madrid")), "no postcode");
        assert!(together(
            &home("Ivanova", "ulitsa Lenina 7", "101000", "Moscow"),
            &home("Ivanov", "ul. Lenina 7", "101000", "Moscow")
        ));
        assert!(!together(&ana, &home("Vega", "Calle Mayor 5", "28013", "Madrid")), "a neighbour");
        assert!(!together(&ana, &home("Quiroga", "Calle Mayor 7", "28013", "Madrid")));
        assert!(!together(&ana, &home("Quiroga", "Calle Mayor 5", "08001", "Barcelona")));
    }

    #[test]
    fn another_flat_is_another_home() {
        let third = home("Vega", "7 Oak Road Apt 3", "90210", "");
        assert!(!together(&third, &home("Vega", "7 Oak Road Apt 4", "90210", "")));
        assert!(together(&third, &home("Vega", "7 Oak Road", "90210", "")), "nobody says another");
    }

    #[test]
    fn without_a_town_nobody_can_tell() {
        let record =
            Record::default().with(Field::Surname, "Vega").with(Field::Address, "Calle Mayor 5");
        assert!(Home::of(&record).is_none());
        let postcode = home("Vega", "Calle Mayor 5", "28013", "");
        assert_eq!(postcode.places(&home("Vega", "Calle Mayor 5", "", "Madrid")), Places::Unknown);
    }

    #[test]
    fn homes_are_found_by_keys_of_their_own() {
        let home = home("de la Cruz", "Calle Mayor 5", "28013", "");
        assert!(home.keys().iter().all(|key| key & HOME_BIT != 0));
        assert_eq!(home.keys().len(), 1, "\"de\" and \"la\" name nobody");
    }
}
