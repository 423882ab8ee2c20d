//! Chores of the repository: `cargo xtask tidy | test | bless | bench | fuzz`.
//!
//! Each command is one module, which says in its `//!` what it does and what it needs. Everything
//! here is an ordinary command line tool: it talks on stdout, and its exit code is its verdict.
#![expect(clippy::print_stdout, reason = "a command line tool talks on stdout")]

mod bench;
mod bless;
mod command;
mod fuzz;
mod long;
mod repository;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask tidy                 check dependency arrows, file sizes, module docs, links, purity
cargo xtask test                 install what the tests need, then run every suite
    --only SUITE                 run this suite (repeat for more); `--list` names them all
    --seed N                     seed of everything random (default 1)
    -- ARGUMENTS                 passed on to a suite of tests/ (with one `--only`)
cargo xtask bless [FILTER]       accept what the tests print now as what they expect
cargo xtask bench [ARGUMENTS]    run the benchmarks in bench/
cargo xtask interleavings        claims and noes in every order
    --seed N --runs N            the first case (default 1) and how many (default 1000000)
cargo xtask codes                codes of offers in every order of tills, retries, returns and restarts
    --seed N --runs N            the first case (default 1) and how many (default 10000)
cargo xtask laws                 the laws of conditions, with more cases
    --seed N --cases N           the seed (default 1), how many for each law (default 50000)
cargo xtask towns                simulated towns: every message against a second opinion
    --seed N --towns N           the first town (default 1) and how many (default 1000)
    --days N --people N          how long (default 365) and how large (default 200) each is
    --jobs N                     how many at once (default 2)
cargo xtask fuzz condition       throw made-up texts at the condition language (`--count N --seed N`)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let verdict = match arguments.split_first() {
        Some((name, rest)) => match name.as_str() {
            "tidy" => tidy::run(rest),
            "test" => test::run(rest),
            "bless" => bless::run(rest),
            "bench" => bench::run(rest),
            "interleavings" => long::interleavings(rest),
            "codes" => long::codes(rest),
            "laws" => long::laws(rest),
            "towns" => long::towns(rest),
            "fuzz" => fuzz::run(rest),
            "help" | "--help" | "-h" => {
                print!("{HELP}");
                Ok(true)
            }
            _ => Err(anyhow::anyhow!("no command \"{name}\"\n\n{HELP}")),
        },
        None => Err(anyhow::anyhow!("which command?\n\n{HELP}")),
    };
    match verdict {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
