//! Tables that keep their shape on a narrow screen.

use maud::{Markup, html};

/// A frame in which a wide table scrolls sideways; it can be reached by keyboard, so it needs a name.
pub fn scroll(label: &str, table: Markup) -> Markup {
    html! { div .scroll role="region" tabindex="0" aria-label=(label) { (table) } }
}
