//! Scores and models as the API and the command line give them.

use regulars_engine::profile::Profile;
use regulars_engine::program::Program;
use regulars_engine::score::{
    ACTS, Affinity, BuyingKind, Cut, Fitted, Migration, Model, Parameter, ScoreName, Scores,
    WEIGHTS, affinities,
};
use regulars_engine::time::Timestamp;
use serde_json::{Value, json};

use super::background::State;

/// A day from 1970-01-01 as people write it.
#[must_use]
pub fn day_text(day: i32) -> String {
    let date = jiff::civil::Date::constant(1970, 1, 1).checked_add(jiff::Span::new().days(day));
    date.map_or_else(|_| String::new(), |date| date.to_string())
}

/// A day that somebody wrote, such as `2026-11-16`, counted from 1970-01-01.
#[must_use]
pub fn day_of_text(text: &str) -> Option<i32> {
    let date: jiff::civil::Date = text.trim().parse().ok()?;
    let days = date.since(jiff::civil::Date::constant(1970, 1, 1)).ok()?;
    Some(days.get_days()).filter(|days| *days >= 0)
}

/// A number with at most so many digits as a reader can use.
fn short(value: f64) -> Value {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded.is_finite() { json!(rounded) } else { Value::Null }
}

/// Everything that scores say of a person.
#[must_use]
pub fn scores_json(program: &Program, profile: &Profile, now: Timestamp) -> Option<Value> {
    let scorer = program.scorer()?;
    let scored = scorer.of(profile, now);
    let scores: Scores = scored.all();
    let by_name: serde_json::Map<String, Value> = ScoreName::all()
        .into_iter()
        .filter_map(|name| Some((name.text(), short(scored.score(name)?))))
        .collect();
    let (standing, likes) = (scores.standing, affinities(profile, now));
    let buying = scores.buying.map(|buying| {
        json!({
            "rfm": { "recency": buying.rfm.recency, "frequency": buying.rfm.frequency, "money": buying.rfm.money, "group": buying.group.word() },
            "silent_days": buying.raw.recency_days,
            "purchases": buying.raw.frequency,
            "spent_minor": buying.raw.money_minor,
            "order_value": short(buying.order_value),
        })
    });
    Some(json!({
        "scores": by_name,
        "stage": standing.stage.word(),
        "advocacy": scores.advocate,
        "rhythm_days": standing.rhythm_days,
        "outlier": scores.outlier,
        "affinity": { "categories": affinity(&likes.categories), "products": affinity(&likes.products) },
        "buying": buying,
        "currency": scorer.model.currency.code(),
        "fitted_at": scorer.model.fitted_at.to_string(),
    }))
}

fn affinity(likes: &[Affinity]) -> Vec<Value> {
    likes
        .iter()
        .map(|one| {
            json!({
                "what": one.what,
                "share": short(one.share),
                "bought": one.bought,
                "looked_at": one.looked.map(|at| at.to_string()),
            })
        })
        .collect()
}

fn parameters(parameters: &[Parameter]) -> Vec<Value> {
    parameters
        .iter()
        .map(|one| json!({ "name": one.name, "value": short(one.value), "error": one.error.map(short) }))
        .collect()
}

fn fitted(fitted: &Fitted, used: bool) -> Value {
    json!({
        "model": fitted.model.kind().name(),
        "parameters": parameters(&fitted.parameters),
        "ln_likelihood": short(fitted.ln_likelihood),
        "settled": fitted.settled,
        "used": used,
    })
}

fn cut(cut: &Cut) -> Value {
    let trials: Vec<Value> = cut
        .trials
        .iter()
        .map(|trial| {
            let measured = &trial.measured;
            json!({
                "model": trial.kind.name(),
                "buyers": measured.buyers,
                "came": short(measured.came),
                "expected": short(measured.expected),
                "mean_absolute_error": short(measured.absolute_error),
                "root_mean_square_error": short(measured.square_error),
                "correlation": short(measured.correlation),
            })
        })
        .collect();
    json!({ "known_to": day_text(cut.known_to), "until": day_text(cut.until), "trials": trials })
}

/// Ways between RFM groups.
#[must_use]
pub fn migration_json(migration: &Migration) -> Value {
    let ways: Vec<Value> = migration
        .ways
        .iter()
        .map(|way| json!({ "from": way.from.map(|group| group.word()), "to": way.to.word(), "people": way.people }))
        .collect();
    json!({ "from": day_text(migration.from_day), "to": day_text(migration.to_day), "ways": ways })
}

/// A version of the model, whole.
#[must_use]
pub fn model_json(number: u64, model: &Model) -> Value {
    let used = |kind: BuyingKind| model.blend.parts().iter().any(|part| part.model.kind() == kind);
    let value = model.value.as_ref().map(|value| {
        json!({
            "model": "Gamma-Gamma",
            "parameters": parameters(&value.parameters),
            "ln_likelihood": short(value.ln_likelihood),
            "repeaters": value.repeaters,
        })
    });
    let churn = model.churn.as_ref().map(|churn| {
        let bins: Vec<Value> = churn
            .bins
            .iter()
            .map(|bin| json!({ "told": short(bin.told), "came": short(bin.came), "buyers": bin.buyers }))
            .collect();
        json!({
            "horizon_days": churn.horizon_days,
            "shift": short(churn.shift),
            "slope": short(churn.slope),
            "brier": short(churn.brier),
            "brier_of_mean": short(churn.brier_of_mean),
            "reliability": bins,
        })
    });
    let weights: serde_json::Map<String, Value> = ACTS
        .iter()
        .zip(&model.engagement.weights)
        .map(|(act, weight)| (act.word().to_owned(), short(*weight)))
        .collect();
    let usual: serde_json::Map<String, Value> = ACTS
        .iter()
        .zip(WEIGHTS)
        .map(|(act, weight)| (act.word().to_owned(), short(weight)))
        .collect();
    json!({
        "version": number,
        "fitted_at": model.fitted_at.to_string(),
        "known_to": day_text(model.today),
        "currency": model.currency.code(),
        "people": model.people,
        "buyers": model.buyers,
        "outliers": model.outliers,
        "fits": model.fits.iter().map(|one| fitted(one, used(one.model.kind()))).collect::<Vec<_>>(),
        "levels": model.blend.parts().iter().map(|part| json!({ "model": part.model.kind().name(), "level": short(part.level) })).collect::<Vec<_>>(),
        "cuts": model.comparison.cuts.iter().map(cut).collect::<Vec<_>>(),
        "value": value,
        "churn": churn,
        "engagement": { "weights": weights, "usual_weights": usual, "learned_from_purchases": model.engagement.purchases },
        "rfm": {
            "grid": model.grid,
            "groups": model.groups.iter().map(|(group, people)| json!({ "group": group.word(), "people": people })).collect::<Vec<_>>(),
            "migration": migration_json(&model.migration),
        },
        "stages": model.stages.iter().map(|(stage, people)| json!({ "stage": stage.word(), "people": people })).collect::<Vec<_>>(),
        "flows": model.flows.iter().map(|flow| json!({ "from": flow.from.map(|stage| stage.word()), "to": flow.to.word(), "people": flow.people })).collect::<Vec<_>>(),
        "typical_gap_days": model.typical_gap_days,
        "forecasts": model.forecasts.iter().map(|one| json!({ "days": one.days, "orders": short(one.orders), "value": short(one.value) })).collect::<Vec<_>>(),
        "spenders": { "big_minor": model.spenders.big_minor, "future": short(model.spenders.future) },
    })
}

/// Whether a fit runs.
#[must_use]
pub fn fitting_json(state: State) -> Value {
    json!({ "running": state.running, "done": state.done, "whole": state.whole })
}
