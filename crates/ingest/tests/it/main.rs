//! Reading as a whole: bodies, event files and tables in, events and rejections out.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests may fail, and checks on data that is not at hand say what they skip"
)]

mod check_data;
mod guide;
mod laws;
mod ndjson;
mod protocol;
mod providers;
mod retail;
mod table;
mod tell;
