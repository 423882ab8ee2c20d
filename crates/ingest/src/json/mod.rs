//! JSON as it comes: cut into pieces by one tolerant pass, then read without copying.

mod scalar;
mod scan;

pub(crate) use scalar::{Fill, Held, Scalar, Shape};
pub(crate) use scan::{Facts, Malformed, Piece, Scanner};
