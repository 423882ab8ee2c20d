//! Throws made-up texts at the condition language: salads of its words, and conditions of the guide
//! that were cut, joined and changed. None may crash; a mistake lies inside its text and has a cure;
//! what is understood prints, lays out and travels as JSON without a change.
//!
//! `cargo xtask fuzz condition --count 10000000 --seed 1`
#![expect(clippy::print_stdout, reason = "a command line tool talks on stdout")]

use std::process::ExitCode;

use regulars_engine::condition::{Condition, Names, complete};

const GUIDE: &str = include_str!("../../../docs/guide/conditions.md");

/// SplitMix64 (Steele, Lea & Flood, 2014): enough to choose texts by.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(1);
        usize::try_from(self.throw() % end).unwrap_or(0)
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

/// Every piece of code in the guide, and every word of its grammar.
fn corpus() -> (Vec<&'static str>, Vec<&'static str>) {
    let pieces: Vec<&str> = GUIDE.split('`').skip(1).step_by(2).filter(|p| p.len() < 300).collect();
    let blocks = GUIDE.split("```condition\n").skip(1).filter_map(|b| b.split("```").next());
    let lines = blocks.flat_map(str::lines);
    let grammar = GUIDE.split("```grammar\n").nth(1).and_then(|b| b.split("```").next());
    let mut words: Vec<&str> = grammar.unwrap_or_default().split('"').skip(1).step_by(2).collect();
    words.extend([
        "3",
        "-1",
        "0.5",
        "99999999999999999999",
        "EUR",
        "JPY",
        "\"tee\"",
        "\"",
        "\\",
        "é",
    ]);
    words.extend([
        ">=",
        "'x'",
        "1,000",
        "2026-11-27",
        "2026-02-30",
        "30",
        "days",
        "3d",
        "🙂",
        "\u{0}",
    ]);
    (pieces.into_iter().chain(lines).collect(), words)
}

fn text(dice: &mut Dice, pieces: &[&str], words: &[&str]) -> String {
    match dice.below(4) {
        0 => {
            let count = dice.below(24);
            let salad: Vec<&str> = (0..count).map(|_| dice.of(words)).collect();
            salad.join(if dice.below(8) == 0 { "" } else { " " })
        }
        1 => {
            let joint = dice.of(&[" and ", " or ", " and not ", " "]);
            let (left, right) = (dice.of(pieces), dice.of(pieces));
            mutated(dice, &format!("({left}){joint}{right}"), words)
        }
        _ => {
            let piece = dice.of(pieces);
            mutated(dice, piece, words)
        }
    }
}

/// The text after a few slips of the hand.
fn mutated(dice: &mut Dice, text: &str, words: &[&str]) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    for _ in 0..dice.below(4) {
        let place = dice.below(signs.len() + 1);
        match dice.below(4) {
            0 if place < signs.len() => {
                signs.remove(place);
            }
            1 => {
                let word = dice.of(words);
                let at = place.min(signs.len());
                signs.splice(at..at, format!(" {word} ").chars());
            }
            2 if place < signs.len() => {
                let code = u32::try_from(dice.below(0x2_0000)).unwrap_or(0);
                signs[place] = char::from_u32(code).unwrap_or('\u{fffd}');
            }
            _ => signs.truncate(place.max(1)),
        }
    }
    signs.into_iter().collect()
}

/// What is wrong with how a text is taken; `None`: nothing.
fn fault(text: &str, cursor: usize, names: &Names) -> Option<String> {
    let before: String = text.chars().take(cursor).collect();
    if complete(&before, names).from > before.len() {
        return Some("a completion begins behind the text".to_owned());
    }
    match Condition::parse(text) {
        Ok(condition) => {
            let again = |text: &str| Condition::parse(text).ok().as_ref() == Some(&condition);
            let printed = condition.to_string();
            let json = Condition::from_json(condition.to_json());
            if !again(&printed) {
                return Some(format!("prints as {printed}"));
            }
            if !again(&condition.laid_out()) {
                return Some(format!("is laid out as {}", condition.laid_out()));
            }
            (json.as_ref() != Ok(&condition)).then(|| format!("is not its JSON: {json:?}"))
        }
        Err(problems) => {
            let inside = |p: &regulars_engine::condition::Problem| text.get(p.at.clone()).is_some();
            let told = problems.iter().all(|p| inside(p) && !p.cure.is_empty());
            (problems.is_empty() || !told)
                .then(|| format!("mistakes without a place: {problems:?}"))
        }
    }
}

/// The number behind `name` among the arguments.
fn number(arguments: &[String], name: &str, otherwise: u64) -> Result<u64, String> {
    match arguments.chunks(2).find(|pair| pair[0] == name) {
        None => Ok(otherwise),
        Some([_, number]) => number.parse().map_err(|_| format!("\"{number}\" is no number")),
        Some(_) => Err(format!("\"{name}\" needs a number")),
    }
}

fn asked() -> Result<(u64, u64), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().step_by(2).find(|name| !["--count", "--seed"].contains(&name.as_str())) {
        Some(other) => Err(format!("no option \"{other}\"; there are --count and --seed")),
        None => Ok((number(&arguments, "--count", 1_000_000)?, number(&arguments, "--seed", 1)?)),
    }
}

fn main() -> ExitCode {
    let (count, seed) = match asked() {
        Ok(asked) => asked,
        Err(wrong) => {
            eprintln!("error: {wrong}");
            return ExitCode::from(2);
        }
    };
    let (pieces, words) = corpus();
    let mut dice = Dice(seed);
    let names = Names { events: vec!["Product Viewed".to_owned()], ..Names::default() };
    let mut understood = 0_u64;
    for tried in 0..count {
        let text = text(&mut dice, &pieces, &words);
        let cursor = dice.below(text.len() + 1);
        if let Some(fault) = fault(&text, cursor, &names) {
            println!("seed {seed}, text {tried}: {text:?} {fault}");
            return ExitCode::FAILURE;
        }
        understood += u64::from(Condition::parse(&text).is_ok());
        if tried % 1_000_000 == 999_999 {
            println!("{} of {count}", tried + 1);
        }
    }
    println!("{count} texts, {understood} of them conditions, no crash and no fault");
    ExitCode::SUCCESS
}
