//! Households: who lives together. A level above persons that merges nobody: what joins nobody, since
//! more people use it, is used here instead of being lost.
//!
//! Two live together if both state one home and a surname in common, if they use a value that is
//! shared by a few (an address, a telephone, a card, a tablet) and do not state two homes, or if staff
//! say so. **Invariant:** a household is a function of what is known of the persons who hang together;
//! it never holds two of whom staff say that they live apart, and never more than [`PEOPLE_MAX`].
//! Nothing of it is stored, so nothing of it has to be erased, folded again or made up for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use crate::identity::link::{Home, Places};
use crate::identity::{
    Card, Class, Edge, Identifier, IdentifierKey, IdentifierKind, IdentityRules, KeySalt, PersonId,
    Standing, Ties, Topic, partition,
};
use crate::record::Record;
use crate::time::DAY;

/// The most people of one household: more of one name at one address are a hostel, or an office.
pub const PEOPLE_MAX: usize = 10;
/// The most people who use a value of a home's: one that more use is a till's, a school's or a kiosk's.
pub const USERS_MAX: usize = 6;
/// The most persons who are read for one household. Where more hang together, only those count who
/// live with the person asked about by themselves.
pub const READ_MAX: usize = 64;
/// After so many rows were looked at, nobody's neighbours are looked for any more; the same then holds.
const LOOKED_MAX: usize = 1_000;
/// The most cards that are looked at by one key of a home.
pub const FOUND_MAX: usize = 200;

/// Why two live together; the strongest comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LivesWith {
    /// Staff say so.
    Said,
    /// Both state one home, and a surname in common.
    Home,
    /// Both were seen with a value that joins nobody, since so many people use it.
    Shared {
        /// The value.
        value: Identifier,
        /// How many people were seen with it.
        people: u32,
    },
}

/// That two of a household live together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    /// The one.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// Why, the strongest first; at least one.
    pub because: Vec<LivesWith>,
}

/// Who lives together.
#[derive(Clone, Debug, PartialEq)]
pub struct Household {
    /// The persons, the one who was asked about first, the others by their strongest identifiers; one
    /// alone where nobody is known to live with them.
    pub persons: Vec<Record>,
    /// What brings them together, the strongest first.
    pub bonds: Vec<Bond>,
}

impl Household {
    /// Why a member is one: what bonds it to the person asked about, else to whom of the others and why.
    #[must_use]
    pub fn bond_of(&self, member: PersonId) -> Option<&Bond> {
        let asked = self.persons.first()?.id();
        let of = |bond: &&Bond| bond.one == member || bond.other == member;
        let direct = |bond: &&Bond| bond.one == asked || bond.other == asked;
        let mut bonds = self.bonds.iter().filter(of);
        bonds.clone().find(direct).or_else(|| bonds.next())
    }
}

/// Rows as a household is read from them.
pub trait Neighbours {
    /// What reading may fail with.
    type Error;

    /// Whoever holds an identifier.
    fn holder(&mut self, key: IdentifierKey) -> Result<Option<PersonId>, Self::Error>;

    /// A person's row.
    fn row(&mut self, person: PersonId) -> Result<Option<Record>, Self::Error>;

    /// The cards found by a key of a home, at most `limit`.
    fn found_by(&mut self, key: u64, limit: usize) -> Result<Vec<IdentifierKey>, Self::Error>;
}

/// Who lives with a person. Cost: the rows of those who may, each once, and of the values that they
/// share; at most [`READ_MAX`] persons hang together, and their neighbours are read while that is cheap.
///
/// # Errors
/// If a row cannot be read.
pub fn household<N: Neighbours>(
    record: &Record,
    rules: &IdentityRules,
    salt: KeySalt,
    neighbours: &mut N,
) -> Result<Household, N::Error> {
    let asked = record.id();
    let someone = Rc::new(Someone::of(record.clone(), rules));
    let mut gathered = Gathered {
        rules,
        salt,
        neighbours,
        looked: BTreeMap::from([(asked, Some(Rc::clone(&someone)))]),
        found: BTreeMap::new(),
        people: BTreeMap::from([(asked, someone)]),
        bonds: BTreeMap::new(),
    };
    let mut next = VecDeque::from([asked]);
    let mut whole = true;
    while let Some(person) = next.pop_front() {
        if gathered.looked.len() > LOOKED_MAX {
            whole = false;
            break;
        }
        for (far, because) in gathered.bonds_of(person)? {
            let id = far.record.id();
            if !gathered.people.contains_key(&id) {
                if gathered.people.len() >= READ_MAX {
                    whole = false;
                    continue;
                }
                gathered.people.insert(id, far);
                next.push_back(id);
            }
            let pair = (person.min(id), person.max(id));
            gathered.bonds.entry(pair).or_default().insert(because);
        }
    }
    if !whole {
        gathered.bonds.retain(|(one, other), _| *one == asked || *other == asked);
    }
    Ok(gathered.household_of(asked))
}

/// The home that a person stated last.
#[must_use]
pub fn home_of(record: &Record) -> Option<Home> {
    let homes = record.cards.iter().filter_map(|(name, card)| {
        let home = Home::of(&card.record())?;
        Some((card.housed_at()?, name, home))
    });
    let latest = homes.max_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
    latest.map(|(_, _, home)| home)
}

struct Someone {
    record: Record,
    home: Option<Home>,
    /// See [`is_somebody`].
    somebody: bool,
}

impl Someone {
    fn of(record: Record, rules: &IdentityRules) -> Self {
        let (home, somebody) = (home_of(&record), is_somebody(&record, rules));
        Self { record, home, somebody }
    }

    /// How the homes of two stand to each other.
    fn places(&self, other: &Self) -> Places {
        match (&self.home, &other.home) {
            (Some(one), Some(other)) => one.places(other),
            (_, None) | (None, _) => Places::Unknown,
        }
    }
}

/// Why somebody lives with somebody else.
type Found = Vec<(Rc<Someone>, LivesWith)>;

struct Gathered<'r, N> {
    rules: &'r IdentityRules,
    salt: KeySalt,
    neighbours: &'r mut N,
    /// Every row that was read: those of one house are asked for by each who lives there.
    looked: BTreeMap<PersonId, Option<Rc<Someone>>>,
    /// The persons that are found by a key of a home.
    found: BTreeMap<u64, Rc<BTreeSet<PersonId>>>,
    people: BTreeMap<PersonId, Rc<Someone>>,
    bonds: BTreeMap<(PersonId, PersonId), BTreeSet<LivesWith>>,
}

impl<N: Neighbours> Gathered<'_, N> {
    /// With whom a person lives by itself, and why.
    fn bonds_of(&mut self, person: PersonId) -> Result<Found, N::Error> {
        let own = Rc::clone(&self.people[&person]);
        let mut found = Vec::new();
        if own.somebody {
            found = self.family(&own)?;
            for value in shared_values(&own.record) {
                found.extend(self.users(&own, value)?);
            }
        }
        let said = own.record.evidence.edges.iter().filter(|edge| edge.ties == Ties::HomeSame);
        for edge in said {
            for end in [&edge.strong, &edge.weak] {
                let Some(far) = self.holder_of(end)? else { continue };
                let word = own.record.evidence.last_word(&far.record.evidence, Topic::Home);
                if word.is_some_and(|word| word.ties == Ties::HomeSame) {
                    found.push((far, LivesWith::Said));
                }
            }
        }
        found.retain(|(far, _)| far.record.id() != person);
        Ok(found)
    }

    fn someone(&mut self, id: PersonId) -> Result<Option<Rc<Someone>>, N::Error> {
        if let Some(looked) = self.looked.get(&id) {
            return Ok(looked.clone());
        }
        let row = self.neighbours.row(id)?;
        let someone = row.map(|record| Rc::new(Someone::of(record, self.rules)));
        self.looked.insert(id, someone.clone());
        Ok(someone)
    }

    fn holder_of(&mut self, name: &Identifier) -> Result<Option<Rc<Someone>>, N::Error> {
        match self.neighbours.holder(name.key(self.salt))? {
            Some(id) => self.someone(id),
            None => Ok(None),
        }
    }

    fn found_by(&mut self, key: u64) -> Result<Rc<BTreeSet<PersonId>>, N::Error> {
        if let Some(found) = self.found.get(&key) {
            return Ok(Rc::clone(found));
        }
        let mut ids = BTreeSet::new();
        for card in self.neighbours.found_by(key, FOUND_MAX)? {
            ids.extend(self.neighbours.holder(card)?);
        }
        let ids = Rc::new(ids);
        self.found.insert(key, Rc::clone(&ids));
        Ok(ids)
    }

    /// Whoever states the same home and a surname in common, where they are not too many by either's
    /// word.
    fn family(&mut self, own: &Someone) -> Result<Found, N::Error> {
        let all = self.at_home(own)?;
        let mut found = Vec::new();
        if all.len() >= PEOPLE_MAX {
            return Ok(found);
        }
        for far in all {
            if self.at_home(&far)?.len() < PEOPLE_MAX {
                found.push((far, LivesWith::Home));
            }
        }
        Ok(found)
    }

    /// Whoever else states a person's home and a surname in common.
    fn at_home(&mut self, own: &Someone) -> Result<Vec<Rc<Someone>>, N::Error> {
        let Some(home) = &own.home else { return Ok(Vec::new()) };
        let mut ids = BTreeSet::new();
        for key in home.keys() {
            ids.extend(self.found_by(key)?.iter().copied());
        }
        ids.remove(&own.record.id());
        let mut found = Vec::new();
        for id in ids {
            let Some(far) = self.someone(id)? else { continue };
            let family = |far: &Home| home.places(far) == Places::Same && home.same_family(far);
            if far.somebody && far.home.as_ref().is_some_and(family) {
                found.push(far);
            }
        }
        Ok(found)
    }

    /// Whoever else uses a value that the person was seen with and that joins nobody.
    fn users(&mut self, own: &Someone, value: &Identifier) -> Result<Found, N::Error> {
        let Some(holder) = self.holder_of(value)? else { return Ok(Vec::new()) };
        let evidence = &holder.record.evidence;
        if !of_a_home(&holder.record, value, self.rules) {
            return Ok(Vec::new());
        }
        // Whoever only once borrowed a device lives elsewhere.
        let lasting = |edge: &&Edge| {
            value.kind.class() != Class::Device || edge.last_at >= edge.first_at.plus(DAY)
        };
        let seen = evidence.edges.iter().filter(|e| e.ties == Ties::Seen && e.weak == *value);
        let mut users: BTreeMap<PersonId, bool> = BTreeMap::new();
        for edge in seen {
            if let Some(id) = self.neighbours.holder(edge.strong.key(self.salt))? {
                *users.entry(id).or_default() |= lasting(&edge);
            }
        }
        let people = users.len();
        let own_id = own.record.id();
        if people > USERS_MAX || users.remove(&own_id) != Some(true) {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for (id, _) in users.into_iter().filter(|(_, lasting)| *lasting) {
            let Some(far) = self.someone(id)? else { continue };
            if far.somebody && own.places(&far) != Places::Different {
                let people = u32::try_from(people).unwrap_or(u32::MAX);
                found.push((far, LivesWith::Shared { value: value.clone(), people }));
            }
        }
        Ok(found)
    }

    /// Puts persons together, by the strongest bonds first, never two whom staff keep apart.
    fn household_of(&self, asked: PersonId) -> Household {
        let name = |id: PersonId| {
            let evidence = &self.people[&id].record.evidence;
            evidence.nodes.first().map(|node| node.identifier.clone())
        };
        // Ids depend on arrival, names do not.
        let mut order: Vec<_> = self
            .bonds
            .iter()
            .map(|((one, other), because)| {
                let (left, right) = (name(*one), name(*other));
                let strongest = because.first().cloned();
                (strongest, left.clone().min(right.clone()), left.max(right), (*one, *other))
            })
            .collect();
        order.sort();
        let mut placed: BTreeMap<PersonId, usize> = BTreeMap::new();
        let mut homes: Vec<Vec<PersonId>> = Vec::new();
        for (number, id) in self.people.keys().enumerate() {
            placed.insert(*id, number);
            homes.push(vec![*id]);
        }
        for (.., (one, other)) in &order {
            let (left, right) = (placed[one], placed[other]);
            if left == right || homes[left].len() + homes[right].len() > PEOPLE_MAX {
                continue;
            }
            let apart = homes[left]
                .iter()
                .any(|one| homes[right].iter().any(|other| self.live_apart(*one, *other)));
            if !apart {
                let moved = std::mem::take(&mut homes[right]);
                for id in &moved {
                    placed.insert(*id, left);
                }
                homes[left].extend(moved);
            }
        }
        let mut members = homes.swap_remove(placed[&asked]);
        members.retain(|id| *id != asked);
        members.sort_by_cached_key(|id| name(*id));
        members.insert(0, asked);
        let bonds = order.into_iter().map(|(.., pair)| pair);
        let bonds = bonds.filter(|(one, other)| members.contains(one) && members.contains(other));
        let bonds = bonds
            .map(|(one, other)| {
                let because = self.bonds[&(one, other)].iter().cloned().collect();
                Bond { one, other, because }
            })
            .collect();
        let persons = members.iter().map(|id| self.people[id].record.clone()).collect();
        Household { persons, bonds }
    }

    /// Whether staff say that two do not live together.
    fn live_apart(&self, one: PersonId, other: PersonId) -> bool {
        let (one, other) = (&self.people[&one].record, &self.people[&other].record);
        let word = one.evidence.last_word(&other.evidence, Topic::Home);
        word.is_some_and(|word| word.ties == Ties::HomeApart)
    }
}

/// Values that a person was seen with and that are not the person's.
fn shared_values(record: &Record) -> BTreeSet<&Identifier> {
    let evidence = &record.evidence;
    let away = evidence.edges.iter().filter(|edge| {
        edge.ties == Ties::Seen && evidence.holds(&edge.strong) && !evidence.holds(&edge.weak)
    });
    away.map(|edge| &edge.weak).collect()
}

/// Whether a value may be of a household: several use it at a time. A telephone that was given to
/// somebody else is not; a tablet is, though it is in one hand at a time.
fn of_a_home(holder: &Record, value: &Identifier, rules: &IdentityRules) -> bool {
    if value.kind == IdentifierKind::CartToken {
        return false;
    }
    let device = value.kind.class() == Class::Device;
    match set_aside(holder, rules).remove(value) {
        Some(Standing::Shared(_)) => !device,
        Some(Standing::ChangesHands(_)) => device,
        Some(Standing::Joins) | None => false,
    }
}

/// Whether a row is a person's: it is known by a number of its own or by a name, and is no value that
/// several share.
fn is_somebody(record: &Record, rules: &IdentityRules) -> bool {
    let shared = set_aside(record, rules);
    let named = |name: &Identifier| record.cards.get(name).is_some_and(Card::named);
    record.evidence.nodes.iter().map(|node| &node.identifier).any(|name| {
        (name.kind.class() == Class::Unique || named(name)) && !shared.contains_key(name)
    })
}

fn set_aside(record: &Record, rules: &IdentityRules) -> BTreeMap<Identifier, Standing> {
    let evidence = &record.evidence;
    let names = evidence.nodes.iter().map(|node| node.identifier.clone()).collect();
    partition(&names, &evidence.edges, rules, &BTreeSet::new()).set_aside
}
