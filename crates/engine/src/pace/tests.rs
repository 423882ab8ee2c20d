//! Laws of pace: never more than a limit allows in any stretch of time, whatever arrives and however
//! often the program ends; and everybody's turn comes, in few looks.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::limit::Limit;
use super::promise::Asking;
use super::{Kept, LaneKey, Pace, Paces, Rank, Rate, Target, To, WarmUp};
use crate::decision::Message;
use crate::event::{Channel, Purpose};
use crate::identity::{Identifier, IdentifierKind, KeySalt, PersonId};
use crate::journey::State;
use crate::program::{Program, Shop};
use crate::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};

const SALT: KeySalt = KeySalt(7, 9);
/// 2026-11-30, 00:00 in UTC.
const BEGIN: Timestamp = Timestamp(1_796_083_200_000 - 1_796_083_200_000 % DAY);

/// A message that comes due.
#[derive(Clone, Debug)]
struct Arrival {
    at_ms: i64,
    domain: &'static str,
    purpose: Purpose,
    priority: i32,
}

impl Arrival {
    fn address(&self, number: usize) -> Identifier {
        Identifier::new(IdentifierKind::Email, &format!("p{number}@{}", self.domain)).unwrap()
    }

    fn claim(&self, number: usize, now: Timestamp) -> Message {
        let (id, to) = (number as u64, (Channel::Email, self.address(number)));
        Message::claimed(id, PersonId(id), to, self.purpose, now)
    }
}

/// What the simulated program does.
struct World {
    program: Program,
    paces: Paces,
    store: BTreeMap<(LaneKey, i64), Kept>,
    states: Vec<State>,
    /// Number, when it was claimed, and when that was taken back.
    claims: Vec<(usize, Timestamp, Option<Timestamp>)>,
    looks: usize,
}

impl World {
    fn new(pace: Pace, people: usize) -> Self {
        let from_email = "hola@tienda.example".to_owned();
        let shop = Shop { from_email, pace, ..Shop::default() };
        let mut program = Program::default();
        program.shop = shop;
        Self {
            program,
            paces: Paces::new(SALT, []),
            store: BTreeMap::new(),
            states: vec![State::Waiting { until: None }; people],
            claims: Vec::new(),
            looks: 0,
        }
    }

    /// One look at a message; when it wants to be looked at again.
    fn look(&mut self, number: usize, arrival: &Arrival, now: Timestamp) -> Option<Timestamp> {
        self.looks += 1;
        let recipient = arrival.address(number);
        let person = PersonId(number as u64);
        let waited_ms = now.since(BEGIN.plus(arrival.at_ms));
        let turn = self.paces.ask(&Asking {
            program: &self.program,
            target: Target { channel: Channel::Email, recipient: &recipient },
            purpose: arrival.purpose,
            rank: Rank::of(arrival.purpose, arrival.priority, waited_ms),
            person,
            state: &self.states[number],
            claims: &[],
            now,
        });
        let Some(turn) = turn else {
            let claim = arrival.claim(number, now);
            self.paces.note_claim(&self.program.shop, &claim);
            self.states[number] = State::Sending { message: claim.id };
            self.paces.note_turns(person, [&self.states[number]].into_iter(), &[]);
            self.claims.push((number, now, None));
            self.keep();
            return None;
        };
        assert!(turn.at > now, "nobody is looked at twice at one moment");
        self.states[number] = State::Held {
            due_at: BEGIN.plus(arrival.at_ms),
            until: turn.at,
            reasons: vec![turn.reason.clone()],
            waits_for: vec![(turn.waits.feed(), turn.at)],
        };
        self.paces.note_turns(
            person,
            [&self.states[number]].into_iter(),
            std::slice::from_ref(&turn),
        );
        Some(turn.at)
    }

    /// The commit: counts are written with the claims.
    fn keep(&mut self) {
        for kept in self.paces.take_changed() {
            self.store.insert((kept.lane, kept.minute), kept);
        }
    }

    fn kill(&mut self) {
        self.paces = Paces::new(SALT, self.store.values().copied());
    }

    fn take_back(&mut self, number: usize, arrival: &Arrival, now: Timestamp) {
        let claims = &mut self.claims;
        let (_, at, taken) = claims.iter_mut().find(|(of, ..)| *of == number).unwrap();
        *taken = Some(now);
        let claim = arrival.claim(number, *at);
        self.paces.note_unsent(&self.program.shop, &claim);
        self.keep();
    }

    /// Lets everything come due, and everybody go. The program ends before the looks of these numbers;
    /// these messages surely did not go out, which is known a second later.
    fn run(&mut self, arrivals: &[Arrival], kills: &BTreeSet<usize>, backs: &BTreeSet<usize>) {
        let first = arrivals.iter().enumerate().map(|(n, a)| (BEGIN.plus(a.at_ms), n, false));
        let mut queue: BTreeSet<(Timestamp, usize, bool)> = first.collect();
        while let Some((now, number, back)) = queue.pop_first() {
            if kills.contains(&self.looks) {
                self.kill();
            }
            if back {
                self.take_back(number, &arrivals[number], now);
                continue;
            }
            match self.look(number, &arrivals[number], now) {
                Some(at) => drop(queue.insert((at, number, false))),
                None if backs.contains(&number) => {
                    queue.insert((now.plus(SECOND), number, true));
                }
                None => {}
            }
        }
    }

    /// Every limit, at every claim, by counting all claims one by one.
    fn check(&self, arrivals: &[Arrival]) {
        for (number, at, _) in &self.claims {
            let address = arrivals[*number].address(*number);
            let target = Target { channel: Channel::Email, recipient: &address };
            let purpose = Purpose::Transactional;
            for limit in Limit::of(&self.program, target, purpose, SALT) {
                let Some(allowed) = limit.allowed(*at) else { continue };
                let counts = |(other, when, taken): &&(usize, Timestamp, Option<Timestamp>)| {
                    let address = arrivals[*other].address(*other);
                    let target = Target { channel: Channel::Email, recipient: &address };
                    let lanes = target.lanes(&self.program.shop, SALT);
                    lanes.contains(&limit.lane)
                        && *when <= *at
                        && at.since(*when) < limit.window_ms
                        && taken.is_none_or(|taken| taken > *at)
                };
                let gone = self.claims.iter().filter(counts).count();
                assert!(gone <= allowed as usize, "{gone} of {allowed} at {at}: {limit:?}");
            }
        }
    }
}

fn one_rate() -> impl Strategy<Value = Rate> {
    let to = prop_oneof![
        Just(To::Everybody),
        Just(To::Others),
        Just(To::Provider("gmail.com".to_owned()))
    ];
    let window = prop_oneof![
        Just(SECOND),
        Just(10 * SECOND),
        Just(MINUTE),
        Just(5 * MINUTE),
        Just(HOUR),
        Just(DAY)
    ];
    let channel = Channel::Email;
    (to, window, 1_u32..12).prop_map(move |(to, window_ms, max)| Rate {
        channel,
        to,
        max,
        window_ms,
    })
}

fn pace() -> impl Strategy<Value = Pace> {
    let plan = (1_u32..6, 1_100_u32..3_000, -1_i32..2).prop_map(|(first, growth_permille, day)| {
        let since = BEGIN.in_zone(&jiff::tz::TimeZone::UTC).date();
        let since = since.checked_add(jiff::Span::new().days(day)).unwrap();
        let domain = "tienda.example".to_owned();
        WarmUp { domain, since, first, growth_permille, full: 40 }
    });
    let rates = proptest::collection::vec(one_rate(), 0..4);
    (rates, proptest::option::of(plan))
        .prop_map(|(rates, plan)| Pace { rates, warm_ups: plan.into_iter().collect() })
}

fn arrivals(most: usize) -> impl Strategy<Value = Vec<Arrival>> {
    let at = prop_oneof![
        // A campaign, and what happens beside it.
        3 => (0_i64..3).prop_map(|hour| 9 * HOUR + hour * HOUR),
        1 => 0..2 * DAY,
        1 => (0_i64..5_000).prop_map(|ms| 9 * HOUR + ms),
    ];
    let domain = prop_oneof![
        Just("gmail.com"),
        Just("googlemail.com"),
        Just("a.example"),
        Just("hotmail.es")
    ];
    let purpose = prop_oneof![
        1 => Just(Purpose::Transactional),
        2 => Just(Purpose::Care),
        4 => Just(Purpose::Promotion)
    ];
    let arrival = (at, domain, purpose, 0..3).prop_map(|(at_ms, domain, purpose, priority)| {
        Arrival { at_ms, domain, purpose, priority }
    });
    proptest::collection::vec(arrival, 1..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever arrives, and however often the program ends or a claim is taken back.
    #[test]
    fn no_stretch_of_time_holds_more_than_its_limit_and_everybody_goes(
        pace in pace(),
        arrivals in arrivals(120),
        kills in proptest::collection::btree_set(0_usize..200, 0..6),
        backs in proptest::collection::btree_set(0_usize..120, 0..10),
    ) {
        let mut world = World::new(pace, arrivals.len());
        world.run(&arrivals, &kills, &backs);
        world.check(&arrivals);
        prop_assert_eq!(world.claims.len(), arrivals.len(), "nobody waits for ever");
        let most = (8 + 2 * kills.len()) * arrivals.len();
        prop_assert!(world.looks <= most, "{} looks at {}", world.looks, arrivals.len());
    }

    /// Who came first goes first, where nothing else tells them apart and one limit is all there is.
    #[test]
    fn among_equals_who_came_first_goes_first(
        rate in one_rate(),
        moments in proptest::collection::btree_set(0_i64..11 * HOUR, 2..40),
    ) {
        let arrivals: Vec<Arrival> = moments
            .into_iter()
            .map(|at_ms| Arrival { at_ms, domain: "gmail.com", purpose: Purpose::Care, priority: 0 })
            .collect();
        let pace = Pace { rates: vec![rate], warm_ups: Vec::new() };
        let mut world = World::new(pace, arrivals.len());
        world.run(&arrivals, &BTreeSet::new(), &BTreeSet::new());
        let order: Vec<usize> = world.claims.iter().map(|(number, ..)| *number).collect();
        prop_assert!(order.is_sorted(), "{order:?}");
    }
}

fn rate(max: u32, window_ms: i64, to: To) -> Pace {
    let rates = vec![Rate { channel: Channel::Email, to, max, window_ms }];
    Pace { rates, warm_ups: Vec::new() }
}

/// Three promotions wait; then care with a higher priority comes, and a receipt.
#[test]
fn what_matters_more_goes_first() {
    let at = |at_ms, purpose, priority| Arrival { at_ms, domain: "gmail.com", purpose, priority };
    let promotion = Purpose::Promotion;
    let arrivals = [
        at(0, promotion, 0),
        at(1, promotion, 0),
        at(2, promotion, 0),
        at(1_000, Purpose::Care, 5),
        at(2_000, Purpose::Transactional, 0),
    ];
    let mut world = World::new(rate(1, HOUR, To::Everybody), arrivals.len());
    world.run(&arrivals, &BTreeSet::new(), &BTreeSet::new());
    world.check(&arrivals);
    let order: Vec<usize> = world.claims.iter().map(|(number, ..)| *number).collect();
    assert_eq!(order, [0, 4, 3, 1, 2]);
}

/// Twenty thousand messages are looked at about twice each, and promised one by one only
/// as far as the horizon.
#[test]
fn thousands_wait_in_few_looks() {
    let arrivals: Vec<Arrival> = (0..20_000)
        .map(|n| Arrival {
            at_ms: n / 100,
            domain: "gmail.com",
            purpose: Purpose::Promotion,
            priority: 0,
        })
        .collect();
    let mut world = World::new(rate(5, SECOND, To::Everybody), arrivals.len());
    world.run(&arrivals, &BTreeSet::new(), &BTreeSet::new());
    let (_, last, _) = world.claims[world.claims.len() - 1];
    assert!(last.since(BEGIN) <= 4_400 * SECOND, "the limit is used: {last}");
    assert!(world.looks <= 80_000, "{} looks", world.looks);
}

/// A limit for others counts each of them by itself, and none that is named.
#[test]
fn each_provider_has_a_limit_of_its_own() {
    let pace = Pace {
        rates: vec![
            Rate { channel: Channel::Email, to: To::Others, max: 1, window_ms: DAY },
            Rate {
                channel: Channel::Email,
                to: To::Provider("gmail.com".to_owned()),
                max: 2,
                window_ms: DAY,
            },
        ],
        warm_ups: Vec::new(),
    };
    let at = |domain| Arrival { at_ms: 0, domain, purpose: Purpose::Care, priority: 0 };
    let domains =
        ["gmail.com", "googlemail.com", "gmail.com", "hotmail.es", "outlook.com", "a.example"];
    let arrivals = domains.map(at);
    let mut world = World::new(pace, arrivals.len());
    let goes = |world: &mut World, n: usize| world.look(n, &arrivals[n], BEGIN).is_none();
    let gone: Vec<bool> = (0..domains.len()).map(|n| goes(&mut world, n)).collect();
    assert_eq!(gone, [true, true, false, true, false, true]);
}

/// Of a limit on offers, a tenth is for receipts, where the shop sends any.
#[test]
fn a_part_is_kept_for_what_is_transactional() {
    let journey = |purpose: &str| {
        format!(
            "shop: T\nzone: UTC\ncurrency: EUR\nfrom: {{ email: a@tienda.example }}\naddress: C/ Mayor 1\n\
             base url: https://a.example\npace: [{{ messages: 95, per: 1 hour }}, {{ messages: 9, per: 1 second }}]\n---\n\
             journey: j\npurpose: {purpose}\nenter: Order Completed\nsteps:\n  - {{ send: a, channel: email, template: l }}\n---\n\
             template: l\nbuilt in: cart-reminder\n"
        )
    };
    let allowed = |text: String, purpose| {
        let (program, _) = crate::definition::check(&[("s.yaml".to_owned(), text)]).unwrap();
        let recipient = Identifier::new(IdentifierKind::Email, "a@b.example").unwrap();
        let target = Target { channel: Channel::Email, recipient: &recipient };
        let limits = Limit::of(&program, target, purpose, SALT);
        limits.iter().map(|limit| limit.allowed(BEGIN).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(allowed(journey("transactional"), Purpose::Promotion), [85, 9]);
    assert_eq!(allowed(journey("transactional"), Purpose::Transactional), [95, 9]);
    assert_eq!(allowed(journey("promotion"), Purpose::Promotion), [95, 9]);
}
