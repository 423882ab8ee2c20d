//! Linking of records: quality on public sets, time and memory on an invented crowd, and one record
//! against many. One threshold, the program's own default, for everything.

mod live;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use regulars_engine::identity::link::{
    Column, Index, Linker, Model, Population, Record, Rules, guess, link, train,
};

use crate::crowd::crowd;
use crate::machine::{described, peak_megabytes, process_cpu};
use crate::number;

/// Columns that know the answer are taken away before anything looks at a table.
const TRUTH: [&str; 3] = ["cluster", "household", "rec_id"];

/// Runs it: `--live` for the live path alone, `--records N` for the crowd, `--peer` for the peer as well.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    println!("machine: {}", described());
    let folder = std::env::var_os("REGULARS_CHECK_DATA")
        .map(|folder| PathBuf::from(folder).join("data/identity"));
    let folder = folder.filter(|folder| folder.is_dir());
    if options.iter().any(|option| option == "--live") {
        let folder = folder.context("set REGULARS_CHECK_DATA to the folder with data/identity")?;
        return live::run(&folder.join("retail_100k.parquet"));
    }
    match folder {
        Some(folder) => {
            println!(
                "pairwise figures of the final clusters, threshold {} for all sets",
                Model::default().sure
            );
            let peer = options.iter().any(|option| option == "--peer");
            for (name, files, peer_knows) in [
                ("FEBRL 4", &["dataset4a.csv", "dataset4b.csv"][..], true),
                ("FEBRL 3", &["dataset3.csv"], true),
                ("historical 50k", &["historical_figures_with_errors_50k.parquet"], true),
                ("fake 1000", &["fake_1000.csv"], true),
                ("retail 100k", &["retail_100k.parquet"], false),
            ] {
                let files: Vec<PathBuf> = files.iter().map(|file| folder.join(file)).collect();
                let cpu = set(name, &files)?;
                if peer && peer_knows {
                    beside(name, &files, cpu)?;
                }
            }
            arrivals(&folder.join("retail_100k.parquet"))?;
            hard_cases(&folder.join("senzing_truthset"))?;
            residents(&folder.join("historical_figures_with_errors_50k.parquet"))?;
        }
        None => println!(
            "skipped: FEBRL, historical figures, retail, the Senzing truth set and the peer; set REGULARS_CHECK_DATA to the folder that holds data/identity"
        ),
    }
    crate::resolve::measure(100_000, 200_000)?;
    let records = number(options, "--records", 1_000_000)?;
    let small = million(records / 10)?;
    let large = million(records)?;
    println!(
        "ten times the records take {:.1} times the CPU (n log n: {:.1})",
        large / small,
        10.0 * (records as f64).ln() / (records as f64 / 10.0).ln()
    );
    Ok(())
}

/// Records with their truth and, for people, their text.
#[derive(Default)]
struct Set {
    records: Vec<Record>,
    sources: Vec<u16>,
    truth: Vec<String>,
    names: Vec<String>,
}

impl Set {
    fn read(&mut self, path: &Path, truth: impl Fn(&[String], &[String]) -> String) -> Result<()> {
        let mut table = regulars_tables::open(path)?;
        let headers = std::mem::take(&mut table.columns);
        let rows: Vec<Vec<String>> = table.collect::<Result<_, _>>()?;
        let mut columns = guess(&headers, &rows[..rows.len().min(500)]);
        for (column, header) in columns.iter_mut().zip(&headers) {
            if TRUTH.contains(&header.as_str()) {
                *column = Column::Ignored;
            }
        }
        let source = self.sources.last().map_or(0, |last| last + 1);
        for row in &rows {
            let mut record = Record::default();
            for (value, column) in row.iter().zip(&columns) {
                if let Column::Field(field) = column
                    && record.get(*field).is_none()
                {
                    record.set(*field, value);
                }
            }
            self.records.push(record);
            self.sources.push(source);
            self.truth.push(truth(&headers, row));
            self.names.push(
                row.iter()
                    .filter(|value| !value.is_empty())
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" | "),
            );
        }
        Ok(())
    }

    fn population(&self) -> Population {
        let mut population = Population::default();
        for (record, source) in self.records.iter().zip(&self.sources) {
            population.add(record, *source);
        }
        population
    }

    fn measure(&self, clusters: &[u32]) -> (f64, f64, f64) {
        let mut right: BTreeMap<&str, u64> = BTreeMap::new();
        let mut found: BTreeMap<u32, u64> = BTreeMap::new();
        let mut both: BTreeMap<(&str, u32), u64> = BTreeMap::new();
        for (truth, cluster) in self.truth.iter().zip(clusters) {
            *right.entry(truth).or_default() += 1;
            *found.entry(*cluster).or_default() += 1;
            *both.entry((truth, *cluster)).or_default() += 1;
        }
        let pairs = |count: &u64| (count * (count - 1) / 2) as f64;
        let both: f64 = both.values().map(pairs).sum();
        let precision = both / found.values().map(pairs).sum::<f64>().max(1.0);
        let recall = both / right.values().map(pairs).sum::<f64>().max(1.0);
        (precision, recall, 2.0 * precision * recall / (precision + recall))
    }
}

/// The column `cluster`, or the number inside `rec-<n>-org`.
fn truth(headers: &[String], row: &[String]) -> String {
    let value =
        |name: &str| headers.iter().position(|header| header == name).map(|at| row[at].as_str());
    match (value("cluster"), value("rec_id")) {
        (Some(cluster), _) => cluster.to_owned(),
        (None, Some(id)) => id.split('-').nth(1).unwrap_or(id).to_owned(),
        (None, None) => String::new(),
    }
}

/// Links a set by itself; returns its CPU seconds.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn set(name: &str, files: &[PathBuf]) -> Result<f64> {
    let mut set = Set::default();
    for file in files {
        set.read(file, truth)?;
    }
    let before = process_cpu().as_secs_f64();
    let mut population = set.population();
    let model = train(&mut population, |_| ());
    let linkage = link(&mut population, &model, &Rules::default());
    let cpu = process_cpu().as_secs_f64() - before;
    let (precision, recall, f1) = set.measure(&linkage.clusters);
    println!(
        "{name:<15} precision {precision:.4} recall {recall:.4} F1 {f1:.4}; largest cluster {}; {cpu:.2} s CPU",
        largest(&linkage.clusters)
    );
    Ok(cpu)
}

/// Splink on the same set in the same run, and what share of its CPU seconds ours are.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn beside(name: &str, files: &[PathBuf], cpu: f64) -> Result<()> {
    let crate::peer::Found { precision, recall, cpu_seconds } = crate::peer::splink(name, files)?;
    println!(
        "{:<15} precision {precision:.4} recall {recall:.4} F1 {:.4}; {cpu_seconds:.2} s CPU, of which ours are {:.2}",
        "  Splink",
        2.0 * precision * recall / (precision + recall),
        cpu / cpu_seconds
    );
    Ok(())
}

fn largest(clusters: &[u32]) -> u64 {
    let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
    for cluster in clusters {
        *sizes.entry(*cluster).or_default() += 1;
    }
    sizes.values().copied().max().unwrap_or(0)
}

/// Retail, as it arrives: the model is trained first, then records come one at a time.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn arrivals(path: &Path) -> Result<()> {
    let mut set = Set::default();
    set.read(path, truth)?;
    let model = train(&mut set.population(), |_| ());
    let before = process_cpu().as_secs_f64();
    let mut index = Index::new(&model, Rules::default());
    for record in &set.records {
        index.add(record, 0);
    }
    let clusters = index.clusters();
    let cpu = process_cpu().as_secs_f64() - before;
    let (precision, recall, f1) = set.measure(&clusters);
    println!(
        "retail, one at a time: precision {precision:.4} recall {recall:.4} F1 {f1:.4}; largest cluster {}; {:.0} µs CPU a record",
        largest(&clusters),
        cpu * 1e6 / set.records.len() as f64
    );
    Ok(())
}

/// The Senzing truth set, with every miss.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn hard_cases(folder: &Path) -> Result<()> {
    let mut key: BTreeMap<(String, String), String> = BTreeMap::new();
    for row in regulars_tables::open(&folder.join("actual_truthset_key.csv"))? {
        let row = row?;
        key.insert((row[2].clone(), row[3].clone()), row[1].clone());
    }
    let mut set = Set::default();
    for file in ["customers.csv", "reference.csv", "watchlist.csv"] {
        let whose = |_: &[String], row: &[String]| {
            key.get(&(row[0].clone(), row[1].clone())).cloned().unwrap_or_default()
        };
        set.read(&folder.join(file), whose)?;
    }
    let mut population = set.population();
    let model = train(&mut population, |_| ());
    let linkage = link(&mut population, &model, &Rules::default());
    let (precision, recall, f1) = set.measure(&linkage.clusters);
    println!(
        "Senzing truth set: {} records, precision {precision:.4} recall {recall:.4} F1 {f1:.4}",
        set.records.len()
    );
    let linker = Linker::new(&model);
    let mut told = BTreeSet::new();
    for right in 0..set.records.len() {
        for left in 0..right {
            let (same, joined) = (
                set.truth[left] == set.truth[right],
                linkage.clusters[left] == linkage.clusters[right],
            );
            let pair = if linkage.clusters[left] < linkage.clusters[right] {
                (left, right)
            } else {
                (right, left)
            };
            if same == joined
                || !told.insert((
                    linkage.clusters[pair.0],
                    linkage.clusters[pair.1],
                    set.truth[left].clone(),
                    set.truth[right].clone(),
                ))
            {
                continue;
            }
            let comparison =
                linker.compare_in(&population, u32::try_from(left)?, u32::try_from(right)?);
            println!(
                "  {}: {}\n    and {}",
                if same { "missed" } else { "joined wrongly" },
                set.names[left],
                set.names[right]
            );
            let parts: Vec<String> = comparison
                .parts
                .iter()
                .map(|part| format!("{} {:+.1}", part.found, part.bits))
                .collect();
            println!("    {:+.1} bits: {}", comparison.weight_bits, parts.join(", "));
        }
    }
    Ok(())
}

/// One record against fifty thousand residents.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn residents(path: &Path) -> Result<()> {
    let mut set = Set::default();
    set.read(path, truth)?;
    let model = train(&mut set.population(), |_| ());
    let mut index = Index::new(&model, Rules::default());
    let newcomers = 2_000.min(set.records.len() / 2);
    let every = set.records.len() / newcomers;
    let is_new = |(at, _): &(usize, &Record)| at % every == 0;
    for (_, record) in set.records.iter().enumerate().filter(|one| !is_new(one)) {
        index.add(record, 0);
    }
    let new = set.records.iter().enumerate().filter(is_new);
    let mut times: Vec<u128> = Vec::new();
    for (_, record) in new {
        let start = Instant::now();
        let pairs = index.add(record, 0);
        times.push(start.elapsed().as_micros());
        std::hint::black_box(pairs);
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!(
        "one record against {} residents: p50 {} µs, p99 {} µs, worst {} µs",
        index.len(),
        at(50),
        at(99),
        at(100)
    );
    Ok(())
}

/// Links an invented crowd; returns its CPU seconds.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn million(records: u64) -> Result<f64> {
    let mut set = Set::default();
    // Who is who is the benchmark's own, and no part of what it measures.
    crowd(records, 1, |_, person| set.truth.push(person.to_string()));
    let mut population = Population::default();
    let mut making = process_cpu().as_secs_f64();
    crowd(records, 1, |_, _| ());
    making = process_cpu().as_secs_f64() - making;
    let before = process_cpu().as_secs_f64();
    crowd(records, 1, |record, _| population.add(record, 0));
    let taken = process_cpu().as_secs_f64();
    let model = train(&mut population, |_| ());
    let trained = process_cpu().as_secs_f64();
    let linkage = link(&mut population, &model, &Rules::default());
    let linked = process_cpu().as_secs_f64();
    let cpu = linked - before - making;
    let (precision, recall, f1) = set.measure(&linkage.clusters);
    println!(
        "crowd of {records}: {cpu:.2} s CPU (take in {:.2}, train {:.2}, link {:.2}; making the crowd, {making:.2}, is left out), {} pairs compared, peak {} MB; precision {precision:.4} recall {recall:.4} F1 {f1:.4}",
        taken - before - making,
        trained - taken,
        linked - trained,
        linkage.compared,
        peak_megabytes()
    );
    Ok(cpu)
}
