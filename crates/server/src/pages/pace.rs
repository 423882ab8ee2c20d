//! Forms of Channels that set how fast messages leave.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::event::Channel;
use regulars_engine::pace::{Pace, Rate, To, WarmUp, provider_of};

use super::channels::shown;
use super::visit::{Fields, OwnForm, Pages};
use crate::clock;
use crate::pacing;
use crate::ui::model::ErrorPage;
use crate::ui::view::channel_forms::Told;
use crate::ui::view::channels::{PaceProblem, WINDOWS};
use crate::writer::PublishError;

/// One of the forms and buttons of whoever may set how fast messages leave.
pub(super) async fn act(
    State(pages): State<Pages>,
    Path(verb): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let refuse = async |problem| shown(&pages, &visit, false, Some(Told::Pace(problem))).await;
    let change = match read(&verb, &fields) {
        Ok(change) => change,
        Err(Some(problem)) => return refuse(problem).await,
        Err(None) => return visit.wrong(ErrorPage::NotFound),
    };
    let set = pages.app.desk.ask(move |writer| pacing::set(writer, change, clock::now()));
    match set.await {
        Ok(Ok(_)) => Redirect::to("/channels#pace").into_response(),
        Ok(Err(PublishError::Mistakes(mistakes))) => {
            let said = mistakes.first().map(ToString::to_string).unwrap_or_default();
            refuse(PaceProblem::Mistake(said)).await
        }
        Ok(Err(PublishError::Stale(_))) => refuse(PaceProblem::Stale).await,
        Ok(Err(PublishError::Writer(_) | PublishError::Store(_))) | Err(_) => {
            visit.wrong(ErrorPage::Unavailable)
        }
    }
}

type Wish = Box<dyn FnOnce(&mut Pace) + Send>;

/// What a form wants; else what is wrong with it, or nothing if there is no such form.
fn read(verb: &str, fields: &Fields) -> Result<Wish, Option<PaceProblem>> {
    let field = |name: &str| fields.get(name).map(|text| text.trim()).unwrap_or_default();
    let number =
        |name: &str| field(name).parse::<u32>().ok().filter(|n| (1..=Rate::MAX).contains(n));
    let place = || field("number").parse::<usize>().unwrap_or(usize::MAX);
    Ok(match verb {
        "limit" => {
            let max = number("messages").ok_or(PaceProblem::Number)?;
            let window = WINDOWS.iter().find(|(word, ..)| *word == field("per"));
            let window_ms = window.ok_or(None)?.1;
            let channel = Channel::parse(field("channel")).ok_or(None)?;
            let to = match field("to").to_lowercase().as_str() {
                "" => To::Everybody,
                "others" | "*" => To::Others,
                domain if is_domain(domain) => To::Provider(provider_of(domain).to_owned()),
                _ => return Err(Some(PaceProblem::Domain)),
            };
            let rate = Rate { channel, to, max, window_ms };
            Box::new(move |pace| {
                let same = |held: &Rate| {
                    (held.channel, &held.to, held.window_ms)
                        == (rate.channel, &rate.to, rate.window_ms)
                };
                pace.rates.retain(|held| !same(held));
                pace.rates.push(rate);
            })
        }
        "warm-up" => {
            let domain = field("domain").to_lowercase();
            if !is_domain(&domain) {
                return Err(Some(PaceProblem::Domain));
            }
            let plan = WarmUp {
                domain,
                since: field("since").parse().map_err(|_| PaceProblem::Day)?,
                first: number("first").ok_or(PaceProblem::Number)?,
                growth_permille: 1_000 + number("percent").ok_or(PaceProblem::Number)? * 10,
                full: number("full").ok_or(PaceProblem::Number)?,
            };
            Box::new(move |pace| {
                pace.warm_ups.retain(|held| held.domain != plan.domain);
                pace.warm_ups.push(plan);
            })
        }
        "remove-limit" => {
            let place = place();
            Box::new(move |pace| drop((place < pace.rates.len()).then(|| pace.rates.remove(place))))
        }
        "remove-warm-up" => {
            let place = place();
            Box::new(move |pace| {
                drop((place < pace.warm_ups.len()).then(|| pace.warm_ups.remove(place)));
            })
        }
        _ => return Err(None),
    })
}

/// Whether a text may stand as a domain; whether it is one is told where the shop is published.
fn is_domain(text: &str) -> bool {
    text.contains('.') && text.chars().all(|c| c.is_alphanumeric() || ".-_".contains(c))
}
