//! `identity link`: finds records of one person in files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context;
use clap::Args;
use regulars_engine::identity::link::{
    Linkage, Linker, Linking, Model, Rules, Scratch, probability, train,
};
use serde_json::{Value, json};

use super::files::{Files, Results, Said, columns};
use super::measure::Measure;
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::words::{self, Print};

/// Find records of one person in files (CSV, TSV, NDJSON, Parquet), without labels and without a store.
///
/// What columns mean is guessed from their names and told on stderr; --columns corrects it.
#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Link with this model instead of training one.
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Train on these files, even if there is a --model; without one they are trained on anyway.
    #[arg(long)]
    train: bool,
    /// Write the model that was used.
    #[arg(long, value_name = "FILE")]
    save_model: Option<PathBuf>,
    /// From this probability on, two records are surely of one person.
    #[arg(long, value_name = "P")]
    sure: Option<f64>,
    /// From this probability on, they may be.
    #[arg(long, value_name = "P")]
    possible: Option<f64>,
    /// What columns are, such as dob=birth_date,note=ignore.
    #[arg(long, value_name = "NAME=FIELD,...", default_value = "")]
    columns: String,
    /// Sources (or file names) that hold nobody twice.
    #[arg(long, value_name = "SOURCE")]
    no_duplicates_in: Vec<String>,
    /// Write each record's cluster.
    #[arg(long, value_name = "OUT")]
    clusters: Option<PathBuf>,
    /// Write pairs that are at least possible.
    #[arg(long, value_name = "OUT")]
    pairs: Option<PathBuf>,
    /// Show what speaks for and against two records being of one person.
    #[arg(long, value_names = ["ID", "ID"], num_args = 2)]
    explain: Option<Vec<String>>,
    /// Draw what --explain shows.
    #[arg(long, value_name = "OUT", requires = "explain")]
    svg: Option<PathBuf>,
    /// A column that knows the truth: tell precision, recall and F1. It is not linked by.
    #[arg(long, value_name = "COLUMN")]
    truth: Option<String>,
    /// How many threads compare.
    #[arg(long, value_name = "N")]
    threads: Option<u32>,
}

impl Link {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        for probability in [self.sure, self.possible].into_iter().flatten() {
            if !(probability > 0.0 && probability < 1.0) {
                let message = format!("{probability} is no probability between 0 and 1");
                return Err(Wrong::called(message, "write one such as 0.95").into());
            }
        }
        let said = Said { columns: columns(&self.columns)?, truth: self.truth.clone() };
        let mut files = Files::default();
        for path in &self.files {
            files.read(path, &said)?;
        }
        let model = self.model(&mut files)?;
        if let Some(path) = &self.save_model {
            std::fs::write(path, model.encode())
                .with_context(|| format!("could not write \"{}\"", path.display()))?;
        }
        let rules = Rules { without_duplicates: files.sources(&self.no_duplicates_in)? };
        let linkage = self.link(&mut files, &model, &rules);
        if let Some(names) = &self.explain {
            return self.explain(names, &files, &model, print);
        }
        self.write(&files, &linkage, &model)?;
        tell(&files, &linkage, &model, print)?;
        Ok(Ending::Well)
    }

    fn model(&self, files: &mut Files) -> anyhow::Result<Model> {
        let read = match &self.model {
            Some(path) if !self.train => {
                let bytes = std::fs::read(path)
                    .with_context(|| format!("could not read \"{}\"", path.display()))?;
                let model = Model::decode(&bytes).map_err(|error| {
                    let message = format!("\"{}\" cannot be used: {error}", path.display());
                    Wrong::failed(message, "train a new one with --save-model")
                })?;
                Some(model)
            }
            Some(_) | None => None,
        };
        let model = match read {
            Some(model) => model,
            None => {
                let mut progress = Progress::begin("training");
                let model = train(&mut files.population, |round| {
                    progress.at(u64::from(round.number), 0);
                    let end = if round.settled { ", settled" } else { "" };
                    eprintln!(
                        "training, round {}: about {:.0} pairs of one person, rates moved by {:.4}{end}",
                        round.number, round.matches, round.moved
                    );
                });
                progress.end();
                model
            }
        };
        let sure = self.sure.unwrap_or(model.sure);
        let possible = self.possible.unwrap_or(model.possible);
        Ok(model.with_thresholds(sure, possible))
    }

    fn link(&self, files: &mut Files, model: &Model, rules: &Rules) -> Linkage {
        let cores = std::thread::available_parallelism()
            .map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1));
        let threads = self.threads.unwrap_or(cores).clamp(1, 64);
        let linking = Linking::begin(&mut files.population, model);
        let next = AtomicU32::new(0);
        let mut slices = Vec::new();
        std::thread::scope(|scope| {
            let work = || {
                let mut scratch = Scratch::default();
                let mut slices = Vec::new();
                loop {
                    let slice = next.fetch_add(1, Ordering::Relaxed);
                    if slice >= linking.slices() {
                        return slices;
                    }
                    slices.push(linking.compare(slice, &mut scratch));
                }
            };
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            slices.extend(work());
            for other in others {
                slices.extend(other.join().expect("comparing does not panic"));
            }
        });
        linking.end(slices, rules)
    }

    fn explain(
        &self,
        names: &[String],
        files: &Files,
        model: &Model,
        print: Print,
    ) -> anyhow::Result<Ending> {
        let numbers =
            names.iter().map(|name| files.named(name)).collect::<Result<Vec<u32>, _>>()?;
        let [left, right] = numbers[..] else {
            return Err(Wrong::called("two records are compared", "write --explain ID ID").into());
        };
        let comparison = Linker::new(model).compare_in(&files.population, left, right);
        if let Some(path) = &self.svg {
            std::fs::write(path, comparison.svg())
                .with_context(|| format!("could not write \"{}\"", path.display()))?;
        }
        let parts: Vec<Value> = comparison
            .parts
            .iter()
            .map(|part| json!({"what": part.what, "found": part.found, "bits": part.bits}))
            .collect();
        let value = json!({"weight_bits": comparison.weight_bits, "probability": comparison.probability, "parts": parts});
        print.result(&value, || comparison.text())?;
        Ok(Ending::Well)
    }

    fn write(&self, files: &Files, linkage: &Linkage, model: &Model) -> anyhow::Result<()> {
        if let Some(path) = &self.clusters {
            let mut results = Results::create(path, &["id", "cluster"])?;
            for (name, cluster) in files.names.iter().zip(&linkage.clusters) {
                results.line(&[name.clone(), files.names[*cluster as usize].clone()])?;
            }
            results.end()?;
        }
        if let Some(path) = &self.pairs {
            let mut results =
                Results::create(path, &["left", "right", "weight_bits", "probability"])?;
            for pair in &linkage.pairs {
                let likely = probability(pair.weight);
                if likely >= model.possible {
                    let name = |number: u32| files.names[number as usize].clone();
                    results.line(&[
                        name(pair.left),
                        name(pair.right),
                        format!("{:.2}", pair.weight),
                        format!("{likely:.6}"),
                    ])?;
                }
            }
            results.end()?;
        }
        Ok(())
    }
}

/// What was found, in a few numbers.
fn tell(files: &Files, linkage: &Linkage, model: &Model, print: Print) -> anyhow::Result<()> {
    let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
    for cluster in &linkage.clusters {
        *sizes.entry(*cluster).or_default() += 1;
    }
    let likely = |least: f64| {
        linkage.pairs.iter().filter(|pair| probability(pair.weight) >= least).count() as u64
    };
    let (records, clusters) = (files.names.len() as u64, sizes.len() as u64);
    let largest = sizes.values().copied().max().unwrap_or(0);
    let sure = likely(model.sure);
    let possible = likely(model.possible) - sure;
    let measure = (!files.truth.is_empty()).then(|| Measure::of(&files.truth, &linkage.clusters));
    let mut value = json!({
        "records": records, "clusters": clusters, "largest": largest, "compared": linkage.compared,
        "sure": sure, "possible": possible,
    });
    if let Some(measure) = &measure {
        value["precision"] = json!(measure.precision);
        value["recall"] = json!(measure.recall);
        value["f1"] = json!(measure.f1());
    }
    print.result(&value, || {
        let mut text = format!(
            "{} are {}, the largest of {}; {} compared, {} sure, {} possible",
            words::count(records, "record"),
            words::count(clusters, "cluster"),
            words::number(largest),
            words::count(linkage.compared, "pair"),
            words::number(sure),
            words::number(possible),
        );
        if let Some(measure) = &measure {
            text.push_str(&format!(
                "\nprecision {:.4}, recall {:.4}, F1 {:.4}",
                measure.precision,
                measure.recall,
                measure.f1()
            ));
        }
        text
    })
}
