//! Measures how fast benchmark batches are made: `load [people] [events]`.

use std::io::{self, Write};
use std::time::Instant;

use regulars_sim::load::{Load, LoadSettings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut settings =
        LoadSettings { people: 100_000, events: 2_000_000, ..LoadSettings::default() };
    if let Some(people) = arguments.next() {
        settings.people = people.parse()?;
    }
    if let Some(events) = arguments.next() {
        settings.events = events.parse()?;
    }
    let mut load = Load::new(settings);
    let (mut body, mut events, mut bytes) = (Vec::new(), 0_u64, 0);
    let begun = Instant::now();
    while let Some(batch) = load.next_batch(&mut body) {
        events += u64::from(batch.events);
        bytes += body.len();
        body.clear();
    }
    let nanoseconds = begun.elapsed().as_nanos() / u128::from(events.max(1));
    writeln!(io::stdout(), "{events} events, {bytes} bytes, {nanoseconds} ns an event")?;
    Ok(())
}
