//! Products: clusters of codes of shop and till, declared by a catalogue or learned from events.

mod catalogue;

pub use catalogue::{Catalogue, Known, Product, Variant};
