//! Many towns, each with its own people, faults and moments: late, repeated and out-of-order lines,
//! people who turn out to be one, days on which clocks change, and a program that is killed.
//!
//! Here a few short ones; `cargo xtask towns --seed N --towns N --days N --people N` runs as many,
//! as long ones, as one likes, and replays the one that failed by its seed.

use jiff::SignedDuration;

use super::play::seed;
use super::silo;
use super::town::{Setting, found, live};

/// Some begin shortly before clocks change, or shops close.
const STARTS: [&str; 4] = [
    "2026-08-24T00:00:00+02:00",
    "2026-10-19T00:00:00+02:00",
    "2026-03-23T00:00:00+01:00",
    "2026-12-20T00:00:00+01:00",
];

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn setting(seed: u64, people: u32, days: u32) -> Setting {
    Setting {
        seed,
        people,
        days,
        start: STARTS[usize::try_from(seed % 4).unwrap()],
        // How long a till of few receipts may be silent, the oracle cannot tell from its rhythm.
        complete: "known",
        silence_max: None,
        beat_min: 60,
        repeats: 30,
        late_max: SignedDuration::from_mins(45),
        crash_every: 1_000,
        planted: None,
    }
}

#[test]
fn no_message_of_any_town_was_forbidden_by_what_was_known() {
    let (towns, days) = (number("REGULARS_TOWNS", 20), number("REGULARS_DAYS", 13));
    let people = number("REGULARS_PEOPLE", 150);
    let long = std::env::var_os("REGULARS_TOWNS").is_some();
    let (mut sent, mut uncertain, mut capped) = (0, 0, 0);
    let mut siloed = silo::Count::default();
    for seed in seed()..seed() + u64::from(towns) {
        let setting = setting(seed, people, days);
        let counts = live(&setting);
        sent += counts.sent;
        uncertain += counts.uncertain;
        capped += counts.capped;
        let town = silo::count(&found(&setting));
        siloed.add(town);
        if long {
            println!(
                "seed {seed}: {} lines, {} sent, 0 forbidden; siloed {} sent, {} wrong",
                counts.lines, counts.sent, town.sent, town.wrong
            );
        }
    }
    println!(
        "{towns} towns of {people} people over {days} days: {sent} messages sent, {uncertain} of them \
         caught by a kill, 0 forbidden by what was known."
    );
    println!("By online events alone, without a last look: {siloed}.");
    let few = usize::try_from(towns).unwrap();
    assert!(few < 10 || sent >= few * 3, "too little happened to prove anything");
    assert!(few < 10 || uncertain > 0, "no kill caught a message on its way");
    assert!(few < 10 || capped > few, "the limit of messages has to hold some back");
    assert!(
        few < 10 || siloed.wrong > 0,
        "a rule that sees less makes mistakes, or the towns prove nothing"
    );
}

/// What a shop's definitions can have wrong, and the words in which the oracle says so.
const PLANTED: [((&str, &str), &str); 3] = [
    (("exit: [ has bought any product of the cart, cart is empty ]\n", ""), "the oracle says"),
    (("quiet hours: 22:00 to 08:00\n", "quiet hours: 3:00 to 3:01\n"), "at night"),
    (("at most: [ { messages: 1, per: 36 hours } ]\n", ""), "went in 36 hours"),
];

/// An oracle that finds nothing proves nothing.
#[test]
fn the_oracle_finds_what_is_planted() {
    for (planted, words) in PLANTED {
        let found = (1..=12).find_map(|seed| {
            let setting = Setting { planted: Some(planted), ..setting(seed, 150, 13) };
            let lived = std::panic::catch_unwind(|| live(&setting));
            let told = lived.err()?.downcast::<String>().ok()?;
            Some(*told)
        });
        let found = found.unwrap_or_else(|| panic!("nobody minds {planted:?}"));
        assert!(found.contains(words), "{planted:?}: {found}");
    }
}
