//! JSON as it comes: read and checked in one pass, without copying. What is unusual is cut out by a
//! tolerant pass, so that one bad message does not spoil the others.

mod reader;
mod scalar;
mod scan;

pub(crate) use reader::Reader;
pub(crate) use scalar::{Scalar, Shape, fill, says_nothing};
pub(crate) use scan::{Cut, Malformed, Scanner};
