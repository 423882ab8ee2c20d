//! Who may sign in, what each role may do, and what was done.

use maud::{Markup, html};

use crate::access::{self, Act, Outcome, Password, Right, Role};
use crate::ui::context::Ctx;
use crate::ui::layout::{csrf, shell};
use crate::ui::model::{Tone, UserProblem};
use crate::ui::text::Arg;
use crate::ui::widget::{badge, card, icon, page_head, scroll, time};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Everybody, by name.
    pub users: Vec<access::Shown>,
    /// The latest acts.
    pub acts: Vec<Act>,
    /// Why the last change was refused.
    pub problem: Option<UserProblem>,
}

/// `GET /users`.
pub fn page(ctx: &Ctx, shown: &Shown) -> Markup {
    let title = ctx.t("users-title");
    let content = html! {
        (page_head(&title, html! { p { (ctx.t("users-line")) } }))
        (told(ctx, shown.problem))
        div .stack {
            (people(ctx, &shown.users))
            (add(ctx))
            (rights(ctx))
            (acts(ctx, &shown.acts))
        }
    };
    shell(ctx, &title, content)
}

fn told(ctx: &Ctx, problem: Option<UserProblem>) -> Markup {
    html! {
        @if let Some(problem) = problem {
            div .notice .bad role="alert" { (icon(problem.icon())) span { (ctx.t(problem.key())) } }
        }
    }
}

fn people(ctx: &Ctx, users: &[access::Shown]) -> Markup {
    let owners = users.iter().filter(|user| user.role == Role::Owner).count();
    let content = html! {
        ul .user-list {
            @for (number, user) in users.iter().enumerate() {
                @let last = user.role == Role::Owner && owners == 1;
                li .user {
                    div .user-who {
                        b { (user.user) }
                        @if ctx.user.as_ref() == Some(&user.user) { " " span .quiet { (ctx.t("users-you")) } }
                    }
                    @if last {
                        div .user-forms { (badge(Tone::Neutral, "user", &ctx.t(user.role.key()))) span .quiet { (ctx.t("users-last-owner")) } }
                    } @else {
                        div .user-forms {
                            form method="post" action="/users/role" {
                                (csrf(ctx)) (named(user))
                                label .visually-hidden for=(format!("role-{number}")) { (ctx.t("users-role")) }
                                (choice(ctx, &format!("role-{number}"), Some(user.role)))
                                button .button type="submit" { (ctx.t("users-role-save")) }
                            }
                            form method="post" action="/users/remove" {
                                (csrf(ctx)) (named(user))
                                button .button .plain type="submit" aria-label=(ctx.tf("users-remove-who", &[("name", Arg::from(&user.user))])) { (icon("minus")) (ctx.t("users-remove")) }
                            }
                        }
                    }
                    details .user-password {
                        summary { (ctx.t("users-new-password")) }
                        form .actions method="post" action="/users/password" {
                            (csrf(ctx)) (named(user))
                            label .visually-hidden for=(format!("password-{number}")) { (ctx.t("field-new-password")) }
                            (new_password(&format!("password-{number}")))
                            button .button type="submit" { (ctx.t("users-password-save")) }
                        }
                    }
                }
            }
        }
    };
    card("people", &ctx.t("users-people"), Some(users.len().to_string()), html! {}, content)
}

fn named(user: &access::Shown) -> Markup {
    html! { input type="hidden" name="name" value=(user.user); }
}

fn new_password(id: &str) -> Markup {
    html! {
        input id=(id) name="password" type="password" autocomplete="new-password" required
            minlength=(Password::CHARS_MIN) maxlength=(Password::CHARS_MAX);
    }
}

fn choice(ctx: &Ctx, id: &str, chosen: Option<Role>) -> Markup {
    html! {
        select id=(id) name="role" required {
            @for role in Role::ALL {
                option value=(role.word()) selected[chosen == Some(role)] { (ctx.t(role.key())) }
            }
        }
    }
}

fn add(ctx: &Ctx) -> Markup {
    let content = html! {
        form .card-pad .user-add method="post" action="/users/add" {
            (csrf(ctx))
            div .field {
                label for="name" { (ctx.t("field-user")) }
                input id="name" name="name" type="text" autocomplete="off" required maxlength=(access::UserName::LENGTH_MAX) spellcheck="false";
            }
            div .field {
                label for="role" { (ctx.t("users-role")) }
                (choice(ctx, "role", Some(Role::Analyst)))
            }
            div .field {
                label for="new-password" { (ctx.t("field-new-password")) }
                (new_password("new-password"))
            }
            p .actions { button .button .primary type="submit" { (icon("plus")) (ctx.t("users-add")) } }
        }
    };
    card("add", &ctx.t("users-add-title"), None, html! {}, content)
}

/// The table that pages and keys are held to, as it stands.
fn rights(ctx: &Ctx) -> Markup {
    let title = ctx.t("users-rights");
    let table = html! {
        table .table .rights {
            thead {
                tr {
                    th scope="col" { (ctx.t("users-right")) }
                    @for role in Role::ALL { th scope="col" { (ctx.t(role.key())) } }
                    th scope="col" { (ctx.t("users-scope")) }
                }
            }
            tbody {
                @for right in Right::ALL {
                    tr {
                        th scope="row" { (ctx.t(right.key())) }
                        @for role in Role::ALL {
                            td {
                                @if role.may(right) { (icon("good")) span .visually-hidden { (ctx.t("users-may")) } }
                                @else { span .quiet aria-hidden="true" { "–" } span .visually-hidden { (ctx.t("users-may-not")) } }
                            }
                        }
                        td { code { (right.scope().word()) } }
                    }
                }
            }
        }
    };
    card("rights", &title, None, html! {}, scroll(&ctx.t("users-right"), table))
}

fn acts(ctx: &Ctx, acts: &[Act]) -> Markup {
    let title = ctx.t("users-acts");
    let content = html! {
        @if acts.is_empty() {
            p .card-pad .quiet { (ctx.t("users-acts-none")) }
        } @else {
            (scroll(&ctx.t("users-act-what"), html! {
                table .table .acts {
                    thead {
                        tr {
                            th scope="col" { (ctx.t("users-act-when")) }
                            th scope="col" { (ctx.t("users-act-who")) }
                            th scope="col" { (ctx.t("users-act-what")) }
                            th scope="col" { (ctx.t("users-act-came")) }
                        }
                    }
                    tbody {
                        @for act in acts {
                            tr {
                                td { (time(ctx, act.at)) }
                                td { (act.by) }
                                td { (ctx.t(act.right.key())) br; code .quiet { (act.what) } }
                                td { (outcome(ctx, act.outcome)) }
                            }
                        }
                    }
                }
            }))
        }
    };
    card("acts", &title, None, html! {}, content)
}

fn outcome(ctx: &Ctx, outcome: Outcome) -> Markup {
    match outcome {
        Outcome::Done => badge(Tone::Good, "good", &ctx.t("users-act-done")),
        Outcome::Refused => badge(Tone::Bad, "lock", &ctx.t("users-act-refused")),
        Outcome::Failed => badge(Tone::Warn, "warn", &ctx.t("users-act-failed")),
    }
}

/// `GET /account`.
pub fn account(ctx: &Ctx, problem: Option<UserProblem>) -> Markup {
    let title = ctx.t("account-title");
    let role = ctx.role.map(|role| ctx.t(role.key())).unwrap_or_default();
    let form = html! {
        form .card-pad .stack method="post" action="/account" {
            (csrf(ctx))
            div .field {
                label for="old_password" { (ctx.t("account-old-password")) }
                input id="old_password" name="old_password" type="password" autocomplete="current-password" required;
            }
            div .field {
                label for="password" { (ctx.t("account-new-password")) }
                (new_password("password"))
            }
            p .actions { button .button .primary type="submit" { (ctx.t("users-password-save")) } }
        }
    };
    let content = html! {
        (page_head(&title, html! { p { (ctx.user.as_deref().unwrap_or_default()) " · " (role) } }))
        (told(ctx, problem))
        div .stack {
            (card("password", &ctx.t("field-password"), None, html! {}, form))
            @if let Some(role) = ctx.role { (card("may", &ctx.t("account-may"), None, html! {}, may(ctx, role))) }
        }
    };
    shell(ctx, &title, content)
}

fn may(ctx: &Ctx, role: Role) -> Markup {
    html! {
        ul .card-pad .bare {
            @for right in Right::ALL {
                @if role.may(right) { li { (ctx.t(right.key())) } }
            }
        }
    }
}
