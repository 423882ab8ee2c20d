//! A journey that is being written: its definition as a tree that may hold mistakes, edits of it as
//! pure functions, and where in it the mistakes of [`super::check`] stand.
//!
//! **Invariant:** reading a printed sketch gives the same sketch; of a definition without mistakes,
//! its canonical form is a sketch, and prints as it was.

mod at;
mod edit;
mod faults;
mod field;
mod seed;
mod tree;
mod ways;

pub use at::At;
pub use edit::{Edit, EditError};
pub use faults::Fault;
pub use field::{FieldSort, Written};
pub use tree::{Sketch, SketchStep, SketchWay};
