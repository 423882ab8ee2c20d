//! Benchmarks against the limits and the peers. Run one with `cargo xtask bench NAME`.

mod adversary;
mod buyers;
mod crowd;
mod identity;
mod machine;
mod parse;
mod path;
mod peer;
mod resolve;
mod score;
mod segments;
mod timed;

use anyhow::{Result, bail};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "path".to_owned());
    let options: Vec<String> = arguments.collect();
    match name.as_str() {
        "path" => path::run(&options),
        "adversary" => adversary::run(&options),
        "identity" => identity::run(&options),
        "parse" => parse::run(&options),
        "resolve" => resolve::run(&options),
        "segments" => segments::run(&options),
        "score" => score::run(&options),
        other => {
            bail!(
                "there is no benchmark \"{other}\"; there are: adversary, path, identity, parse, resolve, score, segments"
            )
        }
    }
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
