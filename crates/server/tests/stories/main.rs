//! The two stories that must always hold, and a small town, checked against a second opinion.
//!
//! Every message that is sent, held or left out is compared with the naive oracle of the simulation,
//! which reads the raw lines received so far and shares no code with the engine.
//! `REGULARS_SEED=7 cargo test --release -p regulars-server --test stories` replays a case that
//! failed with that seed.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::print_stdout, reason = "a test says what it counted")]
#![expect(clippy::wildcard_enum_match_arm, reason = "of the many kinds only some matter here")]

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod ahead;
mod claims;
mod codes;
mod compared;
mod dates;
mod dry_runs;
mod enroll;
mod forgotten;
mod gifts;
mod interleavings;
mod jane;
mod lists;
mod maria;
mod moving;
mod pace;
mod pacing;
mod play;
mod posted;
mod push_messages;
mod reach;
mod regret;
mod second_opinion;
mod silo;
mod text_messages;
mod town;
mod towns;
mod unkept;
mod viewpoints;
