//! A seeded town of shoppers with known truth.
//!
//! [`Town`] makes the lines of an event file in the order of their arrival, and [`Truth`] says
//! whose each of them is and what would have become of every abandoned cart. Everything is a
//! function of the settings: no clock, no other source of randomness, the same bytes every time.
//! [`load`] makes batches for benchmarks, [`faults`] repeats, reorders and delays lines, and
//! [`oracle`] decides the simple cases from raw lines, to compare others with.
//!
//! **Absent on purpose:** the engine. This crate shares no code with it, so that neither can hide
//! the other's mistakes.

mod act;
mod aftermath;
mod calendar;
mod catalogue;
pub mod faults;
mod household;
mod life;
pub mod load;
mod names;
mod opaque;
pub mod oracle;
mod outcome;
mod people;
mod plan;
mod properties;
mod react;
mod rng;
pub mod shop;
mod shopping;
mod stories;
mod stream;
mod tills;
mod town;
mod truth;
mod vocabulary;
mod write;

pub use catalogue::{CURRENCY, Catalogue, Product, Variant};
pub use outcome::{Abandonment, At, COUPON_PER_MILLE, CartId, Outcome, Place, Purchase, Treatment};
pub use people::{JANE, MARIA, PersonId};
pub use stories::{Stories, StorySettings};
pub use stream::{Line, LineTruth, Lines};
pub use tills::{Reports, Till};
pub use town::{Town, TownError, TownSettings};
pub use truth::{Holders, Identifier, IdentifierKind, Truth};
