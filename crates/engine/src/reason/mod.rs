//! Reasons: why a message went, waits or stays, made of facts. Both are closed enums with values.
//!
//! The English sentences stand here, in two tables; the API, the command line and the scenarios
//! print them. Pages say the same in the reader's language, from the codes and the values.

mod code;
mod detail;
mod fact;
mod told;

pub use code::{Reason, ReasonCode};
pub use detail::{Detail, Goods, Messages, Sort, Span, Whereabouts};
pub use fact::{Aside, Fact};
pub use told::Told;
