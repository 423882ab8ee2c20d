//! What is known of a person as a file for a browser.

use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use serde_json::Value;

use crate::ui::view::disclosure::document;
use crate::ui::{Ctx, Language, NavCounts};

/// The whole as a page that needs nothing beside it.
#[must_use]
pub fn as_page(language: Language, program: &Program, told: &Value, now: Timestamp) -> String {
    let ctx = Ctx {
        language,
        zone: program.shop.zone.clone(),
        shop: program.shop.name.clone(),
        user: None,
        path: String::new(),
        csrf: String::new(),
        now: now.0,
        counts: NavCounts::default(),
        notice: None,
    };
    document(&ctx, told).into_string()
}
