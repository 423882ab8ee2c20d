//! `cargo xtask test`: installs what the tests need, runs every suite, and ends with one line of counts.
//!
//! Suites outside Cargo are found, not listed: a folder of `tests/` with a `run.mjs`, `run.py` or
//! `run.sh` is a suite. It ends its output with `N passed, N failed`, and `, N skipped` may follow.

mod counts;
mod install;
mod session;
mod suites;

pub(crate) use session::run;
