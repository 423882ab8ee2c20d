//! Whom messages reach: each segment says it as it says how many are in it, whatever happens.

use regulars_engine::condition::Condition;
use regulars_engine::event::Channel;
use regulars_engine::identity::PersonId;
use regulars_server::segments::{self, Reached};
use regulars_store::Reader;
use serde_json::{Value, json};

use super::play::Bench;

const SHOP: &str = "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
---
segment: club
when: has done \"Club Joined\"
";

/// A shop whose segment was computed for whoever was there before.
struct Club {
    bench: Bench,
}

impl Club {
    fn of(lines: &[Value]) -> Self {
        let mut bench = Bench::begin("shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n");
        lines.iter().for_each(|line| bench.arrive(line.clone()));
        let files = [("shop.yaml".to_owned(), SHOP.to_owned())];
        bench.writer.publish(&files, bench.now).unwrap();
        while bench.writer.compute(bench.now).unwrap() {}
        Self { bench }
    }

    /// By channel: reachable, and with a yes to promotion, as the segment says it. Whoever asks all
    /// members anew must come to the same.
    fn reach(&self) -> Vec<(Channel, u64, u64)> {
        let (reader, program) = (self.bench.writer.reader(), self.bench.writer.program());
        let all = segments::list(reader, program).unwrap();
        let names: Vec<&str> = all.iter().map(|listed| listed.name.as_str()).collect();
        assert_eq!(names, ["club"], "only what the shop defines is a segment");
        let shared = segments::shared(reader, program, &all, &all[0]).unwrap();
        let told = |reached: &Reached| (reached.channel, reached.reachable, reached.promotable);
        let kept: Vec<_> = shared.reach.unwrap().iter().map(told).collect();
        let members = Condition::parse("in segment \"club\"").unwrap();
        let place = (PersonId(0), 1_000);
        let asked = segments::count_part(reader, program, &members, place, self.bench.now).unwrap();
        let asked = asked.counted;
        assert_eq!(asked.members, all[0].members);
        let pairs = asked.reachable.iter().zip(&asked.promotable);
        let anew: Vec<_> = pairs.map(|((over, all), (_, yes))| (*over, *all, *yes)).collect();
        assert_eq!(kept, anew, "what is kept is what asking everybody gives");
        kept
    }

    fn by_email(&self) -> (u64, u64) {
        let all = self.reach();
        all.iter().find(|one| one.0 == Channel::Email).map(|one| (one.1, one.2)).unwrap()
    }
}

fn known(who: &str, traits: &Value) -> Value {
    json!({ "type": "identify", "userId": who, "traits": traits })
}

fn joined(who: &str) -> Value {
    json!({ "event": "Club Joined", "userId": who })
}

fn answered(what: &str, who: &str) -> Value {
    let email = format!("{who}@example.com");
    json!({ "event": what, "userId": who,
            "properties": { "email": email, "channel": "email", "purpose": "promotion" } })
}

fn town() -> Vec<Value> {
    vec![
        known("ana", &json!({ "email": "ana@example.com" })),
        known("ben", &json!({ "email": "ben@example.com", "phone": "+34600111222" })),
        known("eva", &json!({ "email": "eva@example.com" })),
        joined("ana"),
        joined("ben"),
        joined("dan"),
        answered("Consent Given", "ana"),
        answered("Consent Given", "eva"),
    ]
}

#[test]
fn a_segment_tells_how_many_of_its_members_messages_reach() {
    let mut club = Club::of(&town());
    // Eva is in no segment, and of Dan no address is known.
    let told: Vec<(&str, u64, u64)> =
        club.reach().iter().map(|(over, all, yes)| (over.word(), *all, *yes)).collect();
    assert_eq!(told, [("email", 2, 1), ("sms", 1, 0), ("push", 0, 0)]);
    club.bench.arrive(answered("Consent Given", "ben"));
    assert_eq!(club.by_email(), (2, 2));
    club.bench.arrive(answered("Consent Withdrawn", "ana"));
    assert_eq!(club.by_email(), (2, 1));
    club.bench
        .arrive(json!({ "event": "Email Bounced", "properties": { "email": "ben@example.com" } }));
    assert_eq!(club.by_email(), (1, 0));
    club.bench.arrive(joined("eva"));
    assert_eq!(club.by_email(), (2, 1));
    club.bench.arrive(known("dan", &json!({ "email": "dan@example.com" })));
    assert_eq!(club.by_email(), (3, 1));
}

/// What is counted beside the segments is no news of a person: it fills no history and has no name.
#[test]
fn reach_is_no_segment_of_a_person() {
    let club = Club::of(&town());
    let program = club.bench.writer.program();
    let club_number = program.standing.named("club").unwrap().number;
    for (_, _, record) in club.bench.writer.reader().persons_after(PersonId(0), 100).unwrap() {
        assert!(record.membership.turns.iter().all(|turn| turn.segment == club_number));
    }
    assert!(program.standing.named("").is_none());
}
