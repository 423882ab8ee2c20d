//! What messages caused: a journey from both points of view, its trials, and what should not have gone.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use regulars_engine::measure::Viewpoints;
use regulars_engine::time::{DAY, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::clock;
use crate::http::said::QueryString;
use crate::http::{ApiError, ApiResult, App};
use crate::measure::regret::regrets;
use crate::measure::trial::{trials, trials_json};
use crate::measure::viewpoints::viewpoints;
use crate::measure::{OUTCOME_DAYS, SPAN_DAYS, Span};
use crate::runs::{EVENTS_MAX, Told};

/// Which messages, and how far to look.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    journey: Option<String>,
    days: Option<u32>,
    window_days: Option<u32>,
    outcome_days: Option<u32>,
    most: Option<usize>,
}

/// Messages that are looked at where nobody says how many.
const MESSAGES: usize = 1_000;
/// The most messages that one call looks at; the command line has no such bound.
const MESSAGES_MAX: usize = 100_000;

impl Asked {
    fn since(&self, now: Timestamp) -> Result<Timestamp, ApiError> {
        let days = bounded("days", self.days, SPAN_DAYS, 3_660)?;
        Ok(now.plus(-i64::from(days) * DAY))
    }

    fn most(&self) -> usize {
        self.most.unwrap_or(MESSAGES).min(MESSAGES_MAX)
    }
}

fn bounded(name: &str, said: Option<u32>, otherwise: u32, most: u32) -> Result<u32, ApiError> {
    match said.unwrap_or(otherwise) {
        days if (1..=most).contains(&days) => Ok(days),
        _ => Err(ApiError::bad_request(
            format!("\"{name}\" is out of reach: it goes from 1 to {most}"),
            "write a whole number of days, or leave it out for the usual one",
        )),
    }
}

/// Messages that should not have gone, by what is known today.
pub(super) async fn regret(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(asked): QueryString<Asked>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let since = asked.since(clock::now())?;
    let program = app.desk.program();
    let found = app
        .read(move |reader| {
            let span = Span { since, journey: asked.journey.as_deref(), most: asked.most() };
            regrets(reader, &program, span, &mut |_| ())
        })
        .await?;
    Ok(Json(found.to_json()))
}

/// What a journey's channels would claim beside what its customers lived, and what its draws say.
pub(super) async fn journey(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(asked): QueryString<Asked>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let now = clock::now();
    let since = asked.since(now)?;
    let usual = u32::try_from(Viewpoints::WINDOW_MS / DAY).unwrap_or(u32::MAX);
    let window = i64::from(bounded("window_days", asked.window_days, usual, 90)?) * DAY;
    let outcome_days = bounded("outcome_days", asked.outcome_days, OUTCOME_DAYS, 365)?;
    let program = app.desk.program();
    let name = asked.journey.clone().unwrap_or_default();
    if program.live_journey(&name).is_none() {
        return Err(ApiError::not_found("there is no such journey; GET /api/v1/definitions lists"));
    }
    let mut value = app
        .read(move |reader| {
            let span = Span { since, journey: Some(&name), most: asked.most() };
            let mut value = viewpoints(reader, &program, span, window, &mut |_| ())?.to_json();
            let drawn = match program.live_journey(&name) {
                Some(journey) => {
                    trials(reader, &program, journey, (outcome_days, now), &mut |_| ())?
                }
                None => Vec::new(),
            };
            value["journey"] = name.into();
            value["trials"] = trials_json(&drawn);
            Ok(value)
        })
        .await?;
    value["at"] = now.to_string().into();
    Ok(Json(value))
}

/// How far working out is what a tool of the online shop alone would have sent, or what it came to.
pub(super) async fn silo(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let state = |state: &str| json!({ "state": state });
    let with = |mut value: Value, more: [(&str, u64); 2]| {
        for (key, number) in more {
            value[key] = number.into();
        }
        value
    };
    Ok(Json(match app.silo() {
        None => state("nothing"),
        Some(Told::Running { done, whole }) => {
            with(state("running"), [("done", done), ("of", whole)])
        }
        Some(Told::Played(compared)) => {
            json!({ "state": "compared", "comparison": compared.to_json() })
        }
        Some(Told::Stopped) => state("stopped"),
        Some(Told::TooLong { events }) => {
            with(state("too long"), [("events", events), ("most", EVENTS_MAX)])
        }
        Some(Told::Failed) => state("failed"),
    }))
}

/// Begins to work it out.
pub(super) async fn begin_silo(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Define)?;
    Ok(Json(json!({ "began": app.begin_silo() })))
}
