//! Templates: what a marketer writes, compiled when it is saved, rendered when it is sent.
//!
//! [`Template::compile`] does all the work that can fail for everybody: it bounds the size, protects
//! the placeholders from the MJML engine, turns MJML into HTML once, checks where every placeholder
//! ended up, and makes the plain text. [`Compiled::render`] then only fills in values, within a fixed
//! amount of work.
//!
//! **Invariants:** nothing is read from disk or network; a value can never leave the place it is
//! printed in (text, attribute, colour, link, one line of a subject); a value that is missing is an
//! error and never an empty string; errors name the place and the cure and show no value.

mod builtin;
mod compile;
mod error;
mod expand;
mod filters;
mod html;
mod links;
mod mjml;
mod nesting;
mod place;
mod plain;
mod policy;
mod push;
mod render;
mod scan;
mod site;
mod source;
mod text;
mod track;
mod values;

pub use builtin::{CART_COUPON, CART_REMINDER, built_in};
pub use error::{Part, Problem, RenderError, RenderProblem, TemplateError};
pub use expand::{Beside, Partial, Words};
pub use links::web_address;
pub use push::PushTemplate;
pub use render::{Compiled, Notification, Rendered};
pub use site::{CompiledSite, SiteError, SiteParts, SitePlace};
pub use source::{Kind, Template};
pub use text::TextTemplate;
pub use track::replace_links;
pub use values::{Asked, Otherwise, Presence, presence};
