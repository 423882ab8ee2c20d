//! JSON as it comes: cut into pieces by one tolerant pass, then read without copying.

mod scalar;
mod scan;

pub(crate) use scalar::{Held, Scalar, Shape, Shaped};
pub(crate) use scan::{Facts, Malformed, Piece, Scanner};
