//! The townspeople: who they are and how they live, each a function of the seed and a number.

use crate::household::Household;
use crate::names::{self, DOMAINS, FAMILIES, MEN, WOMEN};
use crate::opaque;
use crate::rng::{Purpose, Rng, draw};

/// A person of the town, by number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PersonId(pub u32);

/// Maria, who buys in the shop what she put in her cart online.
pub const MARIA: PersonId = PersonId(0);
/// Jane, who meets the shop seven times before she says who she is.
pub const JANE: PersonId = PersonId(1);

/// Something a person uses that has an anonymous id of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Device {
    Laptop,
    Phone,
    App,
    Tablet,
    Kiosk(u32),
}

/// What of a person's contacts a line bears.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Contact {
    None,
    Card,
    Email,
    MistypedEmail,
    Phone,
    Placeholder,
}

/// One person. Days are counted from the first of the period; before it they are negative.
#[derive(Clone, Copy)]
pub(crate) struct Person {
    pub(crate) number: u32,
    pub(crate) household: Household,
    pub(crate) woman: bool,
    given: usize,
    /// Visits a day, in thousandths.
    pub(crate) visits_per_mille: u32,
    pub(crate) account_from: Option<i32>,
    pub(crate) app: bool,
    pub(crate) android: bool,
    pub(crate) card_from: Option<i32>,
    pub(crate) card_replaced: Option<i32>,
    pub(crate) mail_promotion: bool,
    pub(crate) sms_promotion: bool,
    pub(crate) withdraws: Option<i32>,
    /// Newsletters opened, in thousandths.
    pub(crate) opens_per_mille: u32,
    pub(crate) bounces: bool,
    pub(crate) home_store: u32,
    pub(crate) favourites: [usize; 2],
    /// How far the clocks of this person's devices are ahead, in milliseconds.
    pub(crate) clock_ahead: i64,
    laptop_cookie_days: u32,
    phone_cookie_days: u32,
    email_style: u32,
}

/// What of the town the people depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Census {
    pub(crate) seed: u64,
    pub(crate) people: u32,
    pub(crate) days: u32,
    pub(crate) stores: u32,
    pub(crate) categories: usize,
}

impl Person {
    pub(crate) fn of(census: &Census, number: u32) -> Self {
        let household = Household::of(census.seed, census.people, number);
        let mut rng = Rng::keyed(census.seed, Purpose::Person, u64::from(number), 0);
        let rng = &mut rng;
        let account_from = since(rng, census.days, &[450, 220, 330]);
        let card_from = since(rng, census.days, &[300, 100, 600]);
        let known = account_from.is_some() || card_from.is_some();
        let mail_promotion = known && rng.chance(720);
        let mut person = Self {
            number,
            household,
            woman: rng.chance(520),
            given: rng.index(WOMEN.len()),
            visits_per_mille: rng.pick(&[4, 8, 15, 25, 40, 60, 100, 220]),
            account_from,
            app: account_from.is_some() && rng.chance(350),
            android: rng.chance(600),
            card_from,
            card_replaced: in_period(rng, census.days, 40)
                .filter(|day| card_from.is_some_and(|from| from < *day)),
            mail_promotion,
            sms_promotion: known && rng.chance(200),
            withdraws: in_period(rng, census.days, 70),
            opens_per_mille: rng.pick(&[20, 60, 120, 200, 320, 550]),
            bounces: rng.chance(12),
            home_store: rng.below(census.stores),
            favourites: [rng.index(census.categories), rng.index(census.categories)],
            clock_ahead: clock_ahead(rng),
            laptop_cookie_days: rng.between(30, 120),
            phone_cookie_days: rng.between(7, 35),
            email_style: rng.below(4),
        };
        if number <= JANE.0 {
            person.settle_by_story(census.days);
        }
        person
    }

    /// Maria and Jane are the same in every town.
    fn settle_by_story(&mut self, days: u32) {
        let maria = self.number == MARIA.0;
        self.woman = true;
        self.visits_per_mille = 0;
        self.account_from = Some(if maria { -400 } else { days.cast_signed() - 1 });
        self.card_from = Some(-300);
        self.card_replaced = None;
        self.app = false;
        self.mail_promotion = maria;
        self.sms_promotion = false;
        self.withdraws = None;
        self.bounces = false;
        self.home_store = 0;
        self.clock_ahead = 0;
        self.laptop_cookie_days = 4096;
        self.phone_cookie_days = 4096;
    }

    pub(crate) fn has_account(&self, day: u32) -> bool {
        self.account_from.is_some_and(|from| from <= day.cast_signed())
    }

    pub(crate) fn has_card(&self, day: u32) -> bool {
        self.card_from.is_some_and(|from| from <= day.cast_signed())
    }

    pub(crate) fn has_account_before(&self) -> bool {
        self.account_from.is_some_and(|from| from < 0)
    }

    pub(crate) fn has_card_before(&self) -> bool {
        self.card_from.is_some_and(|from| from < 0)
    }

    /// Whether the shop may write to the person on this day, by what she said herself.
    pub(crate) fn welcomes_mail(&self, day: u32) -> bool {
        self.mail_promotion
            && self.withdraws.is_none_or(|from| day.cast_signed() < from)
            && (self.has_account(day) || self.has_card(day))
    }

    pub(crate) fn given_name(&self) -> &'static str {
        match (self.number, self.woman) {
            (0, _) => "Maria",
            (1, _) => "Jane",
            (_, true) => WOMEN[self.given],
            (_, false) => MEN[self.given],
        }
    }

    pub(crate) fn family_name(&self) -> &'static str {
        FAMILIES[self.household.family]
    }

    pub(crate) fn write_email(&self, out: &mut Vec<u8>) {
        let household = &self.household;
        if self.number <= JANE.0 {
            names::write_plain(self.given_name(), out);
            out.extend_from_slice(b"@example.com");
            return;
        }
        let unique = if household.shares_email && self.number < household.first + 2 {
            out.extend_from_slice(b"familia.");
            names::write_plain(self.family_name(), out);
            household.number
        } else {
            let mut given = Vec::with_capacity(16);
            names::write_plain(self.given_name(), &mut given);
            match self.email_style {
                0 => out.extend_from_slice(&given),
                1 => {
                    out.push(given[0]);
                    names::write_plain(self.family_name(), out);
                }
                _ => {
                    out.extend_from_slice(&given);
                    out.push(b'.');
                    names::write_plain(self.family_name(), out);
                }
            }
            self.number
        };
        decimal(u64::from(unique), out);
        out.push(b'@');
        out.extend_from_slice(DOMAINS[unique as usize % DOMAINS.len()].as_bytes());
    }

    /// The address as this person's hurried cashier types it: one letter is lost.
    pub(crate) fn write_mistyped_email(&self, out: &mut Vec<u8>) {
        let start = out.len();
        self.write_email(out);
        out.remove(start + 1 + self.number as usize % 2);
    }

    /// The number in the international form.
    pub(crate) fn write_phone(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"+34");
        self.write_phone_as_typed(out);
    }

    /// The number as it is typed at a till, without the country.
    pub(crate) fn write_phone_as_typed(&self, out: &mut Vec<u8>) {
        match self.household.shares_phone {
            true => decimal(910_000_000 + u64::from(self.household.number), out),
            false => decimal(610_000_000 + u64::from(self.number), out),
        }
    }

    pub(crate) fn write_user_id(&self, out: &mut Vec<u8>) {
        out.push(b'u');
        decimal(10_000 + u64::from(self.number), out);
    }

    /// The loyalty card in use on `day`.
    pub(crate) fn write_card(&self, seed: u64, day: u32, out: &mut Vec<u8>) {
        let replaced = self.card_replaced.is_some_and(|from| from <= day.cast_signed());
        self.write_card_number(seed, replaced, out);
    }

    pub(crate) fn write_card_number(&self, seed: u64, second: bool, out: &mut Vec<u8>) {
        let salt = draw(seed, Purpose::Address, u64::from(self.number), u64::from(second)) % 1000;
        out.extend_from_slice(b"L-");
        decimal(
            ((u64::from(self.number) + 1) * 2 + u64::from(second)) * 1000 + salt + 4_000_000_000,
            out,
        );
    }

    /// The anonymous id of `device` on `day`; cookies are renewed now and then.
    pub(crate) fn write_anonymous_id(
        &self,
        seed: u64,
        device: Device,
        day: u32,
        out: &mut Vec<u8>,
    ) {
        let (owner, kind, renewed) = match device {
            Device::Laptop => (self.number, 1, (day + self.number % 31) / self.laptop_cookie_days),
            Device::Phone => (self.number, 2, (day + self.number % 7) / self.phone_cookie_days),
            Device::App => (self.number, 3, 0),
            Device::Tablet => (self.household.number, 4, 0),
            Device::Kiosk(store) => (store, 5, 0),
        };
        let part = u64::from(renewed) << 8 | kind;
        let high = draw(seed, Purpose::Device, u64::from(owner), part << 1);
        opaque::uuid(high, draw(seed, Purpose::Device, u64::from(owner), part << 1 | 1), out);
    }
}

/// Writes a whole number.
pub(crate) fn decimal(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let (mut rest, mut at) = (number, digits.len());
    loop {
        at -= 1;
        digits[at] = b"0123456789"[(rest % 10) as usize];
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Something had since before the period, since a day in it, or never, by weights.
fn since(rng: &mut Rng, days: u32, weights: &[u32; 3]) -> Option<i32> {
    let (before, during) = (rng.between(1, 1500), rng.below(days));
    match rng.weighted(weights) {
        0 => Some(-before.cast_signed()),
        1 => Some(during.cast_signed()),
        _ => None,
    }
}

fn in_period(rng: &mut Rng, days: u32, per_mille: u32) -> Option<i32> {
    let day = rng.below(days).cast_signed();
    rng.chance(per_mille).then_some(day)
}

/// One device owner in fifty has a wrong clock: minutes to hours, fast or slow.
fn clock_ahead(rng: &mut Rng) -> i64 {
    let wrong = rng.seconds(120, 9000);
    match rng.below(100) {
        0 => wrong,
        1 => -wrong,
        _ => 0,
    }
}
