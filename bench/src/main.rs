//! Benchmarks against the limits and the peers. Run one with `cargo xtask bench NAME`.

mod adversary;
mod buyers;
mod crowd;
mod decide;
mod dry;
mod editor;
mod identity;
mod journeys;
mod lift;
mod machine;
mod messages;
mod parse;
mod path;
mod peer;
mod resolve;
mod score;
mod segments;
mod serving;
mod timed;

use anyhow::{Result, bail};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A benchmark, given the options behind its name.
type Bench = fn(&[String]) -> Result<()>;

/// All of them, by name.
const BENCHES: &[(&str, Bench)] = &[
    ("adversary", adversary::run),
    ("decide", decide::run),
    ("dry", dry::run),
    ("editor", editor::run),
    ("identity", identity::run),
    ("journeys", journeys::run),
    ("lift", lift::run),
    ("messages", messages::run),
    ("parse", parse::run),
    ("path", path::run),
    ("resolve", resolve::run),
    ("score", score::run),
    ("segments", segments::run),
];

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "path".to_owned());
    let options: Vec<String> = arguments.collect();
    let Some((_, bench)) = BENCHES.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        bail!("there is no benchmark \"{name}\"; there are: {}", names.join(", "));
    };
    bench(&options)
}

/// The number behind `--name`, or `otherwise`.
fn number(options: &[String], name: &str, otherwise: u64) -> Result<u64> {
    match options.iter().position(|option| option == name) {
        None => Ok(otherwise),
        Some(at) => match options.get(at + 1).map(|text| text.replace('_', "").parse()) {
            Some(Ok(value)) => Ok(value),
            Some(Err(_)) | None => bail!("\"{name}\" wants a whole number behind it"),
        },
    }
}
