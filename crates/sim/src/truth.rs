//! The truth: whose every event and identifier is, and what would have become of every cart.

use std::collections::BTreeMap;

use crate::opaque::{self, Kind};
use crate::outcome::{Abandonment, CartId, LeftCart, timestamp};
use crate::people::{Device, Person, PersonId};
use crate::plan::Sketch;
use crate::stream::utf8;
use crate::town::Town;
use crate::{names, write};

/// What is true of a town, read from the seed and not from any table.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'t> {
    town: &'t Town,
}

/// What kind of identifier a value is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum IdentifierKind {
    /// A cookie or an app install, a tablet or a kiosk.
    AnonymousId,
    /// A login of the web shop.
    UserId,
    /// A loyalty card's number.
    LoyaltyId,
    /// An e-mail address.
    Email,
    /// A phone number in the international form.
    Phone,
}

/// A value by which somebody is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier {
    /// What it is.
    pub kind: IdentifierKind,
    /// As it stands in the lines; phone numbers in the international form.
    pub value: String,
}

impl std::fmt::Debug for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identifier").field("kind", &self.kind).field("value", &"***").finish()
    }
}

/// Who stands behind an identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Holders {
    /// These people; more than one if a household shares it.
    People(Vec<PersonId>),
    /// Whoever passes by: a kiosk.
    Anybody,
    /// A placeholder that was typed to get on.
    Nobody,
}

impl<'t> Truth<'t> {
    pub(crate) fn new(town: &'t Town) -> Self {
        Self { town }
    }

    /// The person behind an event, by its message id; `None` for a text that is no message id
    /// of this town.
    pub fn person_of(&self, message_id: &str) -> Option<PersonId> {
        let key = opaque::read(self.town.settings.seed, Kind::Message, message_id)?;
        Some(PersonId(key.person()))
    }

    /// The number of the person's household; those who live together have the same.
    pub fn household_of(&self, person: PersonId) -> u32 {
        self.town.person(person.0).household.number
    }

    /// Everything a line of the period may know the person by, her mistyped address included.
    pub fn identifiers_of(&self, person: PersonId) -> Vec<Identifier> {
        let (seed, days) = (self.town.settings.seed, self.town.settings.days);
        let person = self.town.person(person.0);
        let mut identifiers = Vec::new();
        let mut add = |kind, write: &dyn Fn(&mut Vec<u8>)| {
            let mut value = Vec::new();
            write(&mut value);
            let identifier = Identifier { kind, value: utf8(value) };
            if !identifiers.contains(&identifier) {
                identifiers.push(identifier);
            }
        };
        add(IdentifierKind::Email, &|out| person.write_email(out));
        if person.number > crate::JANE.0 {
            add(IdentifierKind::Email, &|out| person.write_mistyped_email(out));
        }
        add(IdentifierKind::Phone, &|out| person.write_phone(out));
        if person.account_from.is_some() {
            add(IdentifierKind::UserId, &|out| person.write_user_id(out));
        }
        if person.card_from.is_some() {
            add(IdentifierKind::LoyaltyId, &|out| person.write_card_number(seed, false, out));
        }
        if person.card_replaced.is_some() {
            add(IdentifierKind::LoyaltyId, &|out| person.write_card_number(seed, true, out));
        }
        for device in devices(&person) {
            for day in 0..=days {
                add(IdentifierKind::AnonymousId, &|out| {
                    person.write_anonymous_id(seed, device, day, out)
                });
            }
        }
        identifiers
    }

    /// Every identifier of the town with who stands behind it. Builds the whole table: about a
    /// microsecond and 100 bytes for each identifier and a pass over the days for each person.
    pub fn holders(&self) -> BTreeMap<Identifier, Holders> {
        let mut holders = BTreeMap::new();
        for person in self.town.people() {
            for identifier in self.identifiers_of(person) {
                let entry =
                    holders.entry(identifier).or_insert_with(|| Holders::People(Vec::new()));
                if let Holders::People(people) = entry {
                    people.push(person);
                }
            }
        }
        let anyone = self.town.person(0);
        for store in 0..self.town.settings.stores {
            let mut value = Vec::new();
            anyone.write_anonymous_id(self.town.settings.seed, Device::Kiosk(store), 0, &mut value);
            let kiosk = Identifier { kind: IdentifierKind::AnonymousId, value: utf8(value) };
            holders.insert(kiosk, Holders::Anybody);
        }
        for email in names::PLACEHOLDER_EMAILS {
            let value = email.to_owned();
            holders.insert(Identifier { kind: IdentifierKind::Email, value }, Holders::Nobody);
        }
        let mut value = Vec::new();
        write::put(&mut value, names::PLACEHOLDER_PHONE);
        let value = utf8(value);
        holders.insert(Identifier { kind: IdentifierKind::Phone, value }, Holders::Nobody);
        holders
    }

    /// The abandoned cart of a `cart_id`; `None` if the cart was bought at once, emptied, or is
    /// not of this town.
    pub fn abandonment(&self, cart_id: &str) -> Option<Abandonment> {
        let cart = opaque::read(self.town.settings.seed, Kind::Cart, cart_id)?;
        if cart.person() >= self.town.settings.people {
            return None;
        }
        let mut sketch = Sketch::default();
        self.town.plan(cart.person(), cart.day(), &mut sketch);
        let left = sketch.left.into_iter().find(|left| left.cart == cart)?;
        Some(self.describe(&left))
    }

    /// Every abandoned cart of the period with its outcomes, by the day of planning and person.
    pub fn abandonments(&self) -> impl Iterator<Item = Abandonment> + use<'t> {
        let truth = *self;
        let days = 0..truth.town.settings.days;
        days.flat_map(move |day| truth.town.people().map(move |person| (day, person))).flat_map(
            move |(day, person)| {
                let mut sketch = Sketch::default();
                truth.town.plan(person.0, day, &mut sketch);
                sketch.left.into_iter().map(move |left| truth.describe(&left))
            },
        )
    }

    fn describe(&self, left: &LeftCart) -> Abandonment {
        let mut cart_id = Vec::new();
        self.town.write_id(Kind::Cart, left.cart, &mut cart_id);
        let items = left.basket.items();
        let product = |number| self.town.catalogue.product(number);
        Abandonment {
            cart: CartId(left.cart),
            cart_id: utf8(cart_id),
            person: PersonId(left.cart.person()),
            abandoned_at: timestamp(left.abandoned_at),
            products: items.iter().map(|item| product(item.product).id.clone()).collect(),
            worth_minor: self.town.catalogue.worth(&left.basket),
            outcome: left.outcome,
        }
    }
}

fn devices(person: &Person) -> impl Iterator<Item = Device> + use<> {
    let app = person.app.then_some(Device::App);
    let tablet = person.household.tablet.then_some(Device::Tablet);
    [Device::Laptop, Device::Phone].into_iter().chain(app).chain(tablet)
}
