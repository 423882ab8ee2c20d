//! What is known of a person as a file for a browser.

use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use serde_json::Value;

use crate::ui::view::disclosure::document;
use crate::ui::{Ctx, Language};

/// The whole as a page that needs nothing beside it.
#[must_use]
pub fn as_page(language: Language, program: &Program, told: &Value, now: Timestamp) -> String {
    document(&Ctx::outside(language, program, "", now), told).into_string()
}
