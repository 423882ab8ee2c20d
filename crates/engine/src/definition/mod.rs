//! Definitions: files that a marketer can read, checked and compiled into a [`crate::program::Program`].
//!
//! [`check`] is the one door. It tells all mistakes at once, each with file, line, column and cure.
//! Every object has a canonical form, whose hash is its version: [`export`] prints it, and reading
//! it back gives the same object.

mod beside;
mod check;
mod compile;
mod constant;
mod date;
mod diff;
mod export;
mod faults;
mod fields;
mod fits;
mod form;
mod graph;
mod identity;
mod journey;
mod mistake;
mod object;
mod offer;
mod older;
mod pace;
mod product;
mod push;
mod sentence;
mod shop;
mod site;
mod sketch;
mod source;
mod steps;
mod suggest;
mod template;
mod twice;
mod units;
mod waits;
mod ways;
mod words;
mod yaml;

pub use beside::{Beside, check_beside, not_yet};
pub use check::check;
pub use diff::{Change, Line, What, diff, lines};
pub use export::export;
pub use mistake::{Mistake, Notice, Place};
pub use object::{Object, ObjectKind, ObjectName};
pub(crate) use offer::benefit_of;
pub use older::older;
pub use pace::with_pace;
pub use sketch::{At, Edit, EditError, Fault, FieldSort, Sketch, SketchStep, SketchWay, Written};
pub use steps::{KINDS as STEP_KINDS, sending_channels, written};
