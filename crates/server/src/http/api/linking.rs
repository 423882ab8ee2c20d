//! Linking: the models there are, learning one, trying one, and putting one into force.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_engine::definition::check;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};
use crate::linkage::{self, Kept, Models, model_json, round_json, what_if_json};
use crate::linking::{EVENTS_MAX, Told, Trial};

/// Which model, with which lines.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    model: Option<String>,
    sure: Option<f64>,
    possible: Option<f64>,
    /// Other definitions, as they are published: what-if alone takes them.
    files: Option<std::collections::BTreeMap<String, String>>,
    /// What names the model that was tried: where another one would be applied, nothing is.
    name: Option<String>,
}

/// The models there are, and how far everybody was looked at again under the one in force.
pub(super) async fn models(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let models = app.read(Models::of).await?;
    let again = app.looking_again().await?;
    let again = again.map(|(done, of)| json!({ "done": done, "of": of }));
    let model = |kept| models.kept(kept).map(|model| model_json(kept, &model));
    Ok(Json(json!({
        "linking": models.linking(),
        "in_force": model(Kept::InForce),
        "learned": model(Kept::Learned),
        "former": model(Kept::Former),
        "looking_again": again,
    })))
}

/// Begins to learn a model from the records of all persons.
pub(super) async fn train(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Define)?;
    begun(app.begin_training())
}

/// Begins to try a model, or other definitions.
pub(super) async fn what_if(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Wanted>,
) -> ApiResult {
    app.require(&headers, Right::Define)?;
    let (kept, model) = wanted.model(&app).await?;
    let files: Option<Vec<(String, String)>> =
        wanted.files.map(|files| files.into_iter().collect());
    let rules = match files.map(|files| check(&files)) {
        None => None,
        Some(Ok((program, _))) => Some(Box::new(program)),
        Some(Err(_)) => {
            return Err(ApiError::bad_request(
                "the definitions hold mistakes",
                "POST /api/v1/definitions/check lists them one by one",
            ));
        }
    };
    begun(app.begin_trial(Trial { kept, model, rules }))
}

/// Whether it began: something else may run already.
fn begun(began: bool) -> ApiResult {
    Ok(Json(json!({ "began": began })))
}

/// How far learning or trying is, or what it came to.
pub(super) async fn work(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    Ok(Json(told_json(&app.linking.told(app.erasures()))))
}

/// Ends what runs.
pub(super) async fn stop(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Define)?;
    app.linking.stop();
    Ok(Json(json!({ "stopping": true })))
}

/// Puts a model into force: everybody is looked at again in the background.
pub(super) async fn apply(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(wanted): JsonBody<Wanted>,
) -> ApiResult {
    app.require(&headers, Right::Define)?;
    let (_, model) = wanted.model(&app).await?;
    let name = linkage::name_of(&model);
    if wanted.name.as_ref().is_some_and(|tried| *tried != name) {
        return Err(ApiError::new(
            StatusCode::CONFLICT,
            "other_model",
            "this is another model than the one that was tried",
            "try it again, then apply it with the name that the answer gives",
        ));
    }
    app.desk.write(move |writer| writer.apply_model(&model)).await?;
    Ok(Json(json!({ "model": name })))
}

impl Wanted {
    async fn model(
        &self,
        app: &App,
    ) -> Result<(Kept, regulars_engine::identity::link::Model), ApiError> {
        let word = self.model.as_deref().unwrap_or(Kept::InForce.word());
        let Some(kept) = Kept::parse(word) else {
            return Err(ApiError::bad_request(
                "there is no such model",
                "name one of: in force, learned, former, built in, nobody",
            ));
        };
        let models = app.read(Models::of).await?;
        let Some(model) = models.kept(kept) else {
            return Err(ApiError::not_found("there is no such model yet"));
        };
        let lined = linkage::with_lines(model, self.sure, self.possible);
        let model =
            lined.map_err(|wrong| ApiError::bad_request(wrong.to_string(), wrong.cure()))?;
        Ok((kept, model))
    }
}

/// How far it is, as the API shows it.
fn told_json(told: &Told) -> Value {
    let rounds = |rounds: &[regulars_engine::identity::link::Round]| {
        rounds.iter().map(round_json).collect::<Vec<_>>()
    };
    let state = |state: &str, what: Option<&str>| json!({ "state": state, "what": what });
    let mut json = match told {
        Told::Nothing => state("nothing", None),
        Told::Running { work, .. } => state("running", Some(work.word())),
        Told::Trained { .. } => state("learned", Some("train")),
        Told::TooFew => state("too few records", Some("train")),
        Told::Tried(_) => state("tried", Some("what-if")),
        Told::Stopped(work) => state("stopped", Some(work.word())),
        Told::TooLong { .. } => state("too long", Some("what-if")),
        Told::Failed(work) => state("failed", Some(work.word())),
    };
    match told {
        Told::Running { done, whole, rounds: so_far, .. } => {
            json["done"] = (*done).into();
            json["of"] = (*whole).into();
            json["rounds"] = rounds(so_far).into();
        }
        Told::Trained { model, records, rounds: all } => {
            json["model"] = model.clone().into();
            json["records"] = (*records).into();
            json["rounds"] = rounds(all).into();
        }
        Told::Tried(tried) => {
            json["model"] = tried.model.clone().into();
            json["sure"] = tried.sure.into();
            json["possible"] = tried.possible.into();
            json["kept"] = tried.kept.word().into();
            json["other_rules"] = tried.other_rules.into();
            json["found"] = what_if_json(&tried.found);
        }
        Told::TooLong { events } => {
            json["events"] = (*events).into();
            json["most"] = EVENTS_MAX.into();
        }
        Told::Nothing | Told::TooFew | Told::Stopped(_) | Told::Failed(_) => {}
    }
    json
}
