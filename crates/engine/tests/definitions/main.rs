//! Definitions: what is refused and how it is told, and what a canonical form is worth.

mod guide;
mod laws;
mod mistakes;
mod reading;
mod sketch;
