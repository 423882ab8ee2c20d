//! The web pages: views over plain view models, with their words, styles and scripts.
//!
//! A page is a pure function of [`Ctx`] and its model: it reads no clock and no store. The models
//! in [`model`] know nothing of the engine but its facts; whoever serves a page fills them.
//!
//! **Invariants:** no inline style, script or event handler (the pages run under [`response::PAGE_CSP`]);
//! no identifier of a person in a link; every page can be read without JavaScript.

pub mod assets;
pub mod context;
mod explained;
pub mod format;
pub mod language;
pub mod layout;
pub mod mask;
pub mod model;
pub mod response;
pub mod scored;
pub mod text;
pub mod view;
mod who;
pub mod widget;

#[cfg(test)]
mod tests;

pub use context::{Ctx, NavCounts};
pub use explained::explained;
pub use language::Language;
pub use who::WhoWords;
