//! Many towns, each with its own people, faults and moments: late, repeated and out-of-order lines,
//! people whom evidence or staff join and part, and who ask to be forgotten, days on which clocks change, a
//! machine whose clock is put, a program that is killed, history out of files, a journey that is edited, a pause
//! of all sending. At its end a town's store is folded again from its log.
//!
//! Here a few short ones; `cargo xtask towns --seed N --towns N --days N --people N` runs as many,
//! as long ones, as one likes, and replays the one that failed by its seed.

mod judge;
mod machine;
mod shop;
mod story;
mod tally;
mod told;
mod year;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use regulars_engine::decision::Verdict;
use regulars_sim::Town;

use self::tally::Tally;
use self::year::live;
use super::play::seed;
use super::{silo, town};

/// Some begin shortly before clocks change, or shops close.
const STARTS: [&str; 4] = [
    "2026-08-24T00:00:00+02:00",
    "2026-10-19T00:00:00+02:00",
    "2026-03-23T00:00:00+01:00",
    "2026-12-20T00:00:00+01:00",
];

/// A town.
pub(super) struct Setting {
    seed: u64,
    people: u32,
    days: u32,
    /// When it begins.
    start: &'static str,
    /// What is put wrong into the shop's definitions, so that the judge has something to find.
    planted: Option<(&'static str, &'static str)>,
}

impl Setting {
    fn town(&self) -> Town {
        town::found(self.seed, self.people, self.days, self.start)
    }
}

fn setting(seed: u64, people: u32, days: u32) -> Setting {
    let start = STARTS[usize::try_from(seed % 4).unwrap()];
    Setting { seed, people, days, start, planted: None }
}

fn number(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// All towns, on as many threads as there are cores.
#[derive(Default)]
struct Towns {
    tally: Tally,
    siloed: silo::Count,
    stories: Vec<String>,
}

impl Towns {
    fn live_all(seeds: std::ops::Range<u64>, (people, days): (u32, u32), aloud: bool) -> Self {
        let (next, towns) = (AtomicU64::new(seeds.start), Mutex::new(Self::default()));
        let one = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds.end {
                    return;
                }
                let setting = setting(seed, people, days);
                let lived = live(&setting);
                let siloed = silo::count(&setting.town());
                towns.lock().unwrap().add(seed, lived, siloed, aloud);
            }
        };
        let threads = number("REGULARS_JOBS", 2);
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(one))));
        towns.into_inner().unwrap()
    }

    fn add(&mut self, seed: u64, lived: Result<Tally, String>, siloed: silo::Count, aloud: bool) {
        match lived {
            Ok(tally) => {
                if aloud {
                    let sent = tally.count(Verdict::Send);
                    println!(
                        "seed {seed}: {} lines, {sent} claimed, 0 forbidden; siloed {} sent, {} wrong",
                        tally.lines, siloed.sent, siloed.wrong
                    );
                }
                self.tally.add(tally);
                self.siloed.add(siloed);
            }
            Err(story) => {
                println!("seed {seed}: {story}");
                self.stories.push(story);
            }
        }
    }
}

#[test]
fn no_message_of_any_town_was_forbidden_by_what_was_known() {
    let (towns, days) = (number("REGULARS_TOWNS", 20), number("REGULARS_DAYS", 13));
    let people = number("REGULARS_PEOPLE", 150);
    let aloud = std::env::var_os("REGULARS_TOWNS").is_some();
    let all = Towns::live_all(seed()..seed() + u64::from(towns), (people, days), aloud);
    let Towns { tally, siloed, stories } = all;
    println!(
        "{towns} towns of {people} people over {days} days: {} messages claimed, {} of them uncertain, \
         {} lines, {} midnights, {} violations.\n{tally}",
        tally.count(Verdict::Send),
        tally.count(Verdict::Uncertain),
        tally.lines,
        tally.midnights,
        stories.len(),
    );
    println!("By online events alone, without a last look: {siloed}.");
    assert!(stories.is_empty(), "{} towns went wrong: their stories are told above", stories.len());
    assert_eq!(tally.unfair(), Vec::<String>::new(), "chance");
    // One town alone is there to be looked at.
    if towns >= 20 {
        assert_eq!(tally.never(), Vec::<String>::new(), "too little happened to prove anything");
        assert!(
            siloed.wrong > 0,
            "a rule that sees less makes mistakes, or the towns prove nothing"
        );
    }
}

/// What a shop's definitions can have wrong, and the words in which the judge says so.
const PLANTED: [((&str, &str), &str); 8] = [
    (("exit: [ has bought any product of the cart, cart is empty ]\n", ""), "the oracle says"),
    (("quiet hours: 22:00 to 08:00\n", "quiet hours: 3:00 to 3:01\n"), "at night"),
    (("  - { messages: 1, per: 36 hours }\n", ""), "went in the 36 hours"),
    (("  - { messages: 3, per: 14 days }\n", ""), "went in the 336 hours"),
    (("  - { messages: 1, per: 30 days, channel: sms }\n", ""), "went in the 720 hours"),
    (("one per person: 20 days", "one per person: 1 days"), "another code was given"),
    (("{ send: tips,", "{ send: news,"), "edited at None"),
    (("enter: birthday at 09:00\n", "enter: 3 days after birthday at 09:00\n"), "no birthday"),
];

/// A judge that finds nothing proves nothing.
#[test]
fn the_judge_finds_what_is_planted() {
    for (planted, words) in PLANTED {
        let found = (1..=12).find_map(|seed| {
            // Two codes for one person take longer than the other mistakes.
            let (people, days) = if words.contains("code") { (200, 40) } else { (150, 20) };
            let setting = Setting { planted: Some(planted), ..setting(seed, people, days) };
            live(&setting).err()
        });
        let found = found.unwrap_or_else(|| panic!("nobody minds {planted:?}"));
        assert!(found.contains(words), "{planted:?}: {found}");
    }
}
