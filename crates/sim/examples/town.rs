//! Writes a town's event file to standard output, or measures how fast it is made.
//!
//! `town [people] [days] [seed] [--count | --catalogue]`

use std::io::{self, BufWriter, Write};
use std::time::Instant;

use regulars_sim::{Town, TownSettings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut numbers =
        arguments.iter().filter(|argument| !argument.starts_with("--")).map(|text| text.parse());
    let mut settings = TownSettings::default();
    if let Some(people) = numbers.next() {
        settings.people = people?;
    }
    if let Some(days) = numbers.next() {
        settings.days = days?;
    }
    if let Some(seed) = numbers.next() {
        settings.seed = seed?.into();
    }
    let town = Town::new(settings)?;
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.iter().find(|argument| argument.starts_with("--")).map(String::as_str) {
        Some("--catalogue") => out.write_all(town.catalogue().yaml().as_bytes())?,
        Some("--count") => count(&town, &mut out)?,
        Some(other) => return Err(format!("\"{other}\" is neither --count nor --catalogue").into()),
        None => {
            let (mut lines, mut text) = (town.lines(), Vec::new());
            while lines.write_next(&mut text).is_some() {
                text.push(b'\n');
                out.write_all(&text)?;
                text.clear();
            }
        }
    }
    Ok(())
}

fn count(town: &Town, out: &mut impl Write) -> io::Result<()> {
    let begun = Instant::now();
    let (mut lines, mut text) = (town.lines(), Vec::new());
    let (mut count, mut bytes) = (0_u64, 0);
    while lines.write_next(&mut text).is_some() {
        count += 1;
        bytes += text.len();
        text.clear();
    }
    let nanoseconds = begun.elapsed().as_nanos() / u128::from(count.max(1));
    writeln!(out, "{count} lines, {bytes} bytes, {nanoseconds} ns a line")
}
