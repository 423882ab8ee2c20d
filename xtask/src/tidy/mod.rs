//! `cargo xtask tidy`: what a reviewer would otherwise have to look for by hand.
//!
//! Every rule is one function from files to breaches; a breach names the file and the cure.

mod arrows;
mod code;
mod hashed;
mod licences;
mod links;
mod purity;
mod report;
mod wording;

pub(crate) use report::{check, run};
