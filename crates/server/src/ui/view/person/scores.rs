//! What scores say of the person: each with its value and what it means.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::scored::Sentence;
use crate::ui::widget::{card as frame, empty};

/// The card.
pub(super) fn card(ctx: &Ctx, sentences: &[Sentence]) -> Markup {
    frame(
        "scores",
        &ctx.t("person-scores"),
        None,
        html! {},
        html! {
            @if sentences.is_empty() { (empty("points", &ctx.t("scores-empty"), Some(("/scores", &ctx.t("nav-scores"))))) }
            @else {
                dl .score-list {
                    @for one in sentences {
                        div {
                            dt { (one.about) @if !one.value.is_empty() { " " strong { (one.value) } } }
                            dd .quiet { (one.meaning) }
                        }
                    }
                }
            }
        },
    )
}
