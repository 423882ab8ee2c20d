//! `score`: what is learned from a shop's people, and what it says of one.

use std::fmt::Write;

use clap::{Args, Subcommand};
use regulars_engine::score::{LOOK_BACK_DAYS, Model, RfmGroup};
use regulars_engine::time::Timestamp;
use regulars_server::clock;
use regulars_server::scores::{
    self, day_of_text, day_text, migration_json, model_json, scores_json, sentences,
};
use regulars_server::writer::stored_program;
use regulars_store::SqliteReader;
use serde_json::json;

use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::remote::Remote;
use crate::store;
use crate::whom::Whom;
use crate::words::{self, Print};

/// Scores: learn from everybody, show what was learned, and say what it means for one person.
#[derive(Debug, Subcommand)]
pub(crate) enum Score {
    Fit(Fit),
    Show(Show),
    Explain(Box<Explain>),
    Rfm(Rfm),
    Stages(Stages),
}

impl Score {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Fit(fit) => fit.run(print),
            Self::Show(show) => show.run(print),
            Self::Explain(explain) => explain.run(print),
            Self::Rfm(rfm) => rfm.run(print),
            Self::Stages(stages) => stages.run(print),
        }
    }
}

/// Learn from everybody's purchases and acts, and keep the result as a new version.
///
/// A running server learns once a day by itself; with --server it is asked to do so now.
#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// Learn as of the end of this day, in the shop's zone, from what was bought up to it: for a history that
    /// ended.
    #[arg(long, value_name = "DAY", conflicts_with = "server")]
    until: Option<String>,
    /// Show what would be learned, and keep nothing. Works beside a running server.
    #[arg(long)]
    dry_run: bool,
    /// Ask the server at this address.
    #[arg(long, value_name = "URL", env = "REGULARS_SERVER", conflicts_with = "dry_run")]
    server: Option<String>,
    /// The API key for it.
    #[arg(
        long,
        value_name = "KEY",
        env = "REGULARS_API_KEY",
        requires = "server",
        hide_env_values = true
    )]
    key: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

impl Fit {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        if let Some(url) = &self.server {
            let remote = Remote::new(url, self.key.as_deref().unwrap_or_default())?;
            let answer = remote.ask("POST", "/api/v1/scores/fit", &json!({}))?;
            let began = answer["began"].as_bool().unwrap_or(false);
            let said = if began {
                "the server has begun to learn"
            } else {
                "the server is learning already"
            };
            print.result(&answer, || said.to_owned())?;
            return Ok(Ending::Well);
        }
        let mut progress = Progress::begin("learning");
        let mut at = |done, whole| progress.at(done, whole);
        let mut writer = match self.dry_run {
            true => None,
            false => Some(store::existing_writer(&self.dir.path)?),
        };
        let (number, model) = match &mut writer {
            None => {
                let reader = store::reader(&self.dir.path)?;
                let program = stored_program(&reader)?;
                let now = self.moment(&program.shop.zone)?;
                (0, scores::fit(&reader, &program, now, &mut at)?)
            }
            Some(writer) => {
                let program = writer.program().clone();
                let now = self.moment(&program.shop.zone)?;
                let model = scores::fit(writer.reader(), &program, now, &mut at)?;
                (scores::keep(writer, model.clone())?, model)
            }
        };
        progress.end();
        if let Some(writer) = &mut writer {
            // Segments that read scores mean something else now.
            store::compute(writer)?;
        }
        print.result(&model_json(number, &model), || model_text(number, &model))?;
        let cut = model.comparison.cuts.first();
        if self.until.is_none()
            && cut.is_some_and(|cut| cut.trials.iter().all(|trial| trial.measured.came == 0.0))
        {
            eprintln!(
                "note: nothing was bought lately, so that everybody seems lost; if the history ended earlier, \
                 learn as of its end: --until 2025-12-31"
            );
        }
        Ok(Ending::Well)
    }

    /// The moment as of which is learned.
    fn moment(&self, zone: &jiff::tz::TimeZone) -> Result<Timestamp, Wrong> {
        let now = clock::now();
        let Some(text) = &self.until else { return Ok(now) };
        let wrong =
            || Wrong::called(format!("\"{text}\" is no day"), "write one such as 2025-12-31");
        let day: jiff::civil::Date = text.trim().parse().map_err(|_| wrong())?;
        let next =
            day.tomorrow().and_then(|day| day.to_zoned(zone.clone())).map_err(|_| wrong())?;
        Ok(Timestamp(next.timestamp().as_millisecond() - 1).min(now))
    }
}

/// Show the model in force: parameters, what it was checked against, how risks are told.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// List the versions that are kept instead.
    #[arg(long)]
    versions: bool,
    #[command(flatten)]
    dir: DataDir,
}

impl Show {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        if self.versions {
            let versions = scores::versions(&reader)?;
            let rows: Vec<_> = versions.iter().map(|(n, model)| model_json(*n, model)).collect();
            print.result(&json!(rows), || {
                let line = |(number, model): &(u64, Model)| {
                    format!(
                        "{number:>6}  {}  {}",
                        model.fitted_at,
                        words::count(model.buyers, "buyer")
                    )
                };
                versions.iter().map(line).collect::<Vec<_>>().join("\n")
            })?;
            return Ok(Ending::Well);
        }
        let (number, model) = in_force(&reader)?;
        print.result(&model_json(number, &model), || model_text(number, &model))?;
        Ok(Ending::Well)
    }
}

/// Say what scores mean for one person, in sentences with what they rest on.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    whom: Whom,
    /// As it was, or will be, at this moment, on what is known.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// In which language: en, es, ru.
    #[arg(long, default_value = "en")]
    language: String,
    #[command(flatten)]
    dir: DataDir,
}

impl Explain {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let language = words::language(&self.language)?;
        let reader = store::reader(&self.dir.path)?;
        let at = self.at.as_deref().map(words::moment).transpose()?.unwrap_or_else(clock::now);
        in_force(&reader)?;
        let record = self.whom.person(&reader)?;
        let program = stored_program(&reader)?;
        let told = sentences(language, &program, &record.profile, at);
        let json = json!({
            "person": record.id().to_string(),
            "scores": scores_json(&program, &record.profile, at),
            "told": told.iter().map(|one| json!({ "about": one.about, "value": one.value, "meaning": one.meaning })).collect::<Vec<_>>(),
        });
        print.result(&json, || {
            let mut text = String::new();
            for one in &told {
                let _ = writeln!(text, "{}: {}\n    {}", one.about, one.value, one.meaning);
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

/// Show RFM groups, and how buyers went between them from one day to another.
#[derive(Debug, Args)]
pub(crate) struct Rfm {
    /// From the end of this day; 90 days before --to if not said.
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// To the end of this day; the last day of the model if not said.
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

impl Rfm {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let (_, model) = in_force(&reader)?;
        let program = stored_program(&reader)?;
        let day = |text: Option<&String>, otherwise: i32| match text {
            None => Ok(otherwise),
            Some(text) => day_of_text(text).ok_or_else(|| {
                Wrong::called(format!("\"{text}\" is not a day"), "write one such as 2026-11-16")
            }),
        };
        let to = day(self.to.as_ref(), model.today)?;
        let from = day(self.from.as_ref(), to - LOOK_BACK_DAYS)?;
        let mut progress = Progress::begin("reading everybody");
        let migration =
            scores::migration(&reader, &program, &model, (from, to), &mut |done, whole| {
                progress.at(done, whole);
            })?;
        progress.end();
        print.result(&migration_json(&migration), || {
            let mut text = format!("{:<18}{:<18}{:>10}\n", day_text(from), day_text(to), "people");
            for way in &migration.ways {
                let from = way.from.map_or("had not bought", RfmGroup::word);
                let people = words::number(way.people);
                let _ = writeln!(text, "{from:<18}{:<18}{people:>10}", way.to.word());
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

/// Show how many people are in which stage, and how they went between stages in the last 90 days.
#[derive(Debug, Args)]
pub(crate) struct Stages {
    #[command(flatten)]
    dir: DataDir,
}

impl Stages {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let (number, model) = in_force(&reader)?;
        let json = model_json(number, &model);
        print.result(&json!({ "stages": json["stages"], "flows": json["flows"] }), || {
            let mut text = String::new();
            for (stage, people) in &model.stages {
                let _ = writeln!(text, "{:<18}{:>10}", stage.word(), words::number(*people));
            }
            text.push_str("\nninety days before   now                   people\n");
            for flow in &model.flows {
                let from = flow.from.map_or("had not bought", |stage| stage.word());
                let people = words::number(flow.people);
                let _ = writeln!(text, "{from:<21}{:<18}{people:>10}", flow.to.word());
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

fn in_force(reader: &SqliteReader) -> anyhow::Result<(u64, Model)> {
    scores::stored(reader)?.ok_or_else(|| {
        let cure = "run \"regulars score fit\" first; a running server does so by itself";
        Wrong::failed("nothing was learned from this store yet", cure).into()
    })
}

fn model_text(number: u64, model: &Model) -> String {
    let mut text = format!(
        "version {number}, learned {} from {} (left out: {})\n",
        model.fitted_at,
        words::count(model.buyers, "buyer"),
        words::number(model.outliers),
    );
    models_text(&mut text, model);
    checks_text(&mut text, model);
    for one in &model.forecasts {
        let _ = writeln!(
            text,
            "in {} days: {:.0} orders, {:.2} {}",
            one.days,
            one.orders,
            one.value,
            model.currency.code()
        );
    }
    text.trim_end().to_owned()
}

fn models_text(text: &mut String, model: &Model) {
    for fitted in &model.fits {
        let used = model.blend.parts().iter().find(|part| part.model.kind() == fitted.model.kind());
        let used =
            used.map_or("not used".to_owned(), |part| format!("used, level {:.3}", part.level));
        let _ = writeln!(text, "  {:<12}{used}", fitted.model.kind().name());
        for one in &fitted.parameters {
            let error =
                one.error.map_or_else(|| "not told".to_owned(), |error| format!("{error:.4}"));
            let _ = writeln!(text, "    {:<8}{:>14.4}  ± {error}", one.name, one.value);
        }
    }
    if let Some(value) = &model.value {
        let _ = writeln!(text, "  Gamma-Gamma, from {}", words::count(value.repeaters, "repeater"));
        for one in &value.parameters {
            let error =
                one.error.map_or_else(|| "not told".to_owned(), |error| format!("{error:.4}"));
            let _ = writeln!(text, "    {:<8}{:>14.4}  ± {error}", one.name, one.value);
        }
    }
}

fn checks_text(text: &mut String, model: &Model) {
    for cut in &model.comparison.cuts {
        let _ = writeln!(
            text,
            "hidden after {}, compared up to {}",
            day_text(cut.known_to),
            day_text(cut.until)
        );
        for trial in &cut.trials {
            let measured = &trial.measured;
            let _ = writeln!(
                text,
                "  {:<12}came {:.0}, expected {:.0} ({:+.1} %), off by {:.4} each",
                trial.kind.name(),
                measured.came,
                measured.expected,
                measured.total_error() * 100.0,
                measured.absolute_error,
            );
        }
    }
    if model.comparison.cuts.is_empty() {
        text.push_str("the history is too short to hide a part of it: nothing was checked\n");
    }
    match &model.churn {
        Some(churn) => {
            let _ = writeln!(
                text,
                "churn within {} days: told and came, by tenths (mean squared error {:.4}, of the mean {:.4})",
                churn.horizon_days, churn.brier, churn.brier_of_mean
            );
            for bin in &churn.bins {
                let _ = writeln!(
                    text,
                    "  {:.3}  {:.3}  {:>10}",
                    bin.told,
                    bin.came,
                    words::number(bin.buyers)
                );
            }
        }
        None => text.push_str("churn: too few buyers, or too short a history, to check risks\n"),
    }
}
