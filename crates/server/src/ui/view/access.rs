//! Sign-in, and the page that creates the first user.

use maud::{Markup, html};

use crate::access::Password;
use crate::ui::context::Ctx;
use crate::ui::layout::{alone, csrf};
use crate::ui::model::{AccessProblem, FirstRun, SignIn};
use crate::ui::text::Arg;
use crate::ui::widget::icon;

/// `GET /sign-in`; the form is posted to the same address.
pub fn sign_in(ctx: &Ctx, model: &SignIn) -> Markup {
    let title = ctx.t("sign-in-title");
    let content = html! {
        form .card .access method="post" action="/sign-in" {
            h1 { (title) }
            @if !ctx.shop.is_empty() { p .quiet { (ctx.tf("sign-in-line", &[("shop", Arg::from(&ctx.shop))])) } }
            (problem(ctx, model.problem))
            (csrf(ctx))
            input type="hidden" name="return_to" value=(model.return_to);
            (field(ctx, "name", "field-user", "text", "username", &model.name, model.name.is_empty()))
            (field(ctx, "password", "field-password", "password", "current-password", "", !model.name.is_empty()))
            button .button .primary .wide type="submit" { (ctx.t("sign-in")) }
        }
    };
    alone(ctx, &title, content)
}

/// `GET /first-run`; the form is posted to the same address.
pub fn first_run(ctx: &Ctx, model: &FirstRun) -> Markup {
    let title = ctx.t("first-run-title");
    let content = html! {
        form .card .access method="post" action="/first-run" {
            h1 { (title) }
            p .quiet { (ctx.t("first-run-line")) }
            (problem(ctx, model.problem))
            (csrf(ctx))
            (field(ctx, "shop", "field-shop", "text", "organization", &model.shop, true))
            (field(ctx, "name", "field-user", "text", "username", &model.name, false))
            (field(ctx, "password", "field-new-password", "password", "new-password", "", false))
            p .hint #password-hint { (ctx.tn("password-hint", &[("count", Password::CHARS_MIN)])) }
            (field(ctx, "password_again", "field-password-again", "password", "new-password", "", false))
            button .button .primary .wide type="submit" { (ctx.t("first-run")) }
        }
    };
    alone(ctx, &title, content)
}

fn problem(ctx: &Ctx, problem: Option<AccessProblem>) -> Markup {
    html! {
        @if let Some(problem) = problem {
            div .notice .bad role="alert" #problem { (icon(problem.icon())) span { (ctx.t(problem.key())) } }
        }
    }
}

fn field(
    ctx: &Ctx,
    name: &str,
    key: &str,
    kind: &str,
    fill: &str,
    value: &str,
    focus: bool,
) -> Markup {
    let least = (fill == "new-password").then_some(Password::CHARS_MIN);
    html! {
        div .field {
            label for=(name) { (ctx.t(key)) }
            input id=(name) name=(name) type=(kind) autocomplete=(fill) value=(value) required autofocus[focus]
                minlength=[least] aria-describedby=[(name == "password" && least.is_some()).then_some("password-hint")]
                autocapitalize="none" spellcheck="false";
        }
    }
}
