//! A part of a whole as a bar.

use maud::{Markup, html};

/// A part of a whole, such as of the largest; the number beside it says the same, so that nothing
/// is read out.
pub fn meter(part: u64, whole: u64) -> Markup {
    let width = u128::from(part.min(whole)) * 1_000 / u128::from(whole.max(1));
    html! {
        svg .meter viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true" {
            rect .meter-ground width="1000" height="6" {}
            rect .meter-fill width=(width) height="6" {}
        }
    }
}
