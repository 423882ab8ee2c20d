//! JSON as it comes: cut and checked in one pass, then read without copying. What is unusual is
//! cut out by a tolerant pass, so that one bad message does not spoil the others.

mod scalar;
mod scan;
mod tokens;

pub(crate) use scalar::{Scalar, Shape, fill};
pub(crate) use scan::{Malformed, Scanner};
pub(crate) use tokens::{Content, Cut, Node, Tokens};
