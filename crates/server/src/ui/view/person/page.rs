//! The page of one person: the path on top, facts on the left, what happened on the right.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::layout::live_shell;
use crate::ui::model::PersonModel;
use crate::ui::widget::{card, count, decision_list, empty};

use super::{cart, header, identity, journeys, orders, path, reach, scores, timeline};

/// `GET /people/<id>`, with `channel` and `before` for the timeline.
pub fn page(ctx: &Ctx, model: &PersonModel) -> Markup {
    let title = model.header.name.clone().unwrap_or_else(|| ctx.t("anonymous"));
    let content = html! {
        (header::header(ctx, &model.header, &title))
        (contents(ctx))
        (path::card(ctx, &model.path))
        div .person {
            div .stack {
                (reach::card(ctx, &model.header.id, &model.reach))
                (scores::card(ctx, &model.scores))
                (cart::card(ctx, &model.cart))
                (journeys::card(ctx, &model.journeys, &model.site))
                (decisions(ctx, model))
                (identity::card(ctx, &model.identity))
            }
            div .stack {
                (timeline::timeline(ctx, &model.header.id, &model.timeline))
                (orders::orders(ctx, &model.orders))
                (orders::messages(ctx, &model.messages))
            }
        }
    };
    live_shell(ctx, &title, &model.version, content)
}

/// Links to the parts of the page, which on a phone is long.
fn contents(ctx: &Ctx) -> Markup {
    html! {
        nav .contents aria-label=(ctx.t("contents-label")) {
            @for (id, key) in [
                ("path", "person-path"), ("reach", "person-reach-short"), ("scores", "person-scores"), ("cart", "person-cart"), ("journeys", "nav-journeys"),
                ("decisions", "person-decisions"), ("identity", "person-identity-short"),
                ("timeline", "person-timeline"), ("orders", "person-orders"), ("messages", "messages"),
            ] {
                a href=(format!("#{id}")) { (ctx.t(key)) }
            }
        }
    }
}

fn decisions(ctx: &Ctx, model: &PersonModel) -> Markup {
    card(
        "decisions",
        &ctx.t("person-decisions"),
        Some(count(ctx, model.decisions.len() as u64)),
        html! {},
        html! {
            @if model.decisions.is_empty() { (empty("why", &ctx.t("decisions-empty"), None)) }
            @else { (decision_list(ctx, &model.decisions)) }
        },
    )
}
