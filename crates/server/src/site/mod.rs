//! What the shop's own site shows a visitor: asked at every look, answered from what is read at that
//! moment, and told back by the browser as events.
//!
//! **Invariant:** nothing is written to answer, and an answer holds nothing but what the template
//! says and an opaque token.

mod compile;
mod look;
mod pace;
mod proof;
mod standing;
mod tell;
mod token;

pub use compile::site_mistakes;
pub(crate) use compile::{compile as compile_on_site, written as written_on_site};
pub use look::{Asked, Looker, Looking, Nothing, Said, look};
pub use pace::Pace;
pub use proof::{PROOF_AGE_MAX_S, ProofError, proves};
pub use standing::{OnSiteNow, Surroundings, on_site_now};
pub use tell::{Told, tell};
pub use token::Token;
