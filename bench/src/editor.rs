//! An edit of a long journey: from the draft in the store to the next text of it in the store, and
//! what a page tells of it then. The drawing of the page is not in it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use regulars_engine::definition::{At, Edit, Sketch, check, check_beside, lines};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_server::drafts::{self, Kept, Of, Start, examples};
use regulars_server::writer::Writer;
use regulars_store::SqliteStore;

use crate::number;

/// The most that an edit may take.
const LIMIT: Duration = Duration::from_millis(100);

/// Runs it: `--steps N`, `--edits N`.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    let (steps, edits) = (number(options, "--steps", 300)?, number(options, "--edits", 100)?);
    let program = shop()?;
    let dir = tempfile::tempdir()?;
    let store = SqliteStore::open(dir.path())?;
    let mut writer = Writer::open(store, Purpose::Live)?;
    let text = long(steps)?;
    println!("{steps} steps, {} bytes, beside {} objects", text.len(), program.objects.len());
    let start = Start {
        of: Of::Journey,
        name: "long".to_owned(),
        user: "ana".to_owned(),
        base: None,
        text: text.clone(),
        beside: String::new(),
    };
    let now = Timestamp(0);
    drafts::begin(writer.store(), &start, now)?;
    let mut took: Vec<(Duration, Duration)> = Vec::new();
    for edit in 0..edits {
        let begun = Instant::now();
        let held = drafts::find(writer.reader(), (Of::Journey, "long"), "ana")?
            .context("the draft is there")?;
        let mut sketch = sketch(&held.text(writer.reader())?)?;
        sketch.apply(&written(edit, steps)?)?;
        let next = sketch.print();
        let kept = drafts::write(&mut writer, (&start, held.revision()), &next, now)?;
        anyhow::ensure!(kept == Kept::Kept, "nobody else writes");
        let edited = begun.elapsed();
        let found = check_beside(&program, &[("draft.yaml".to_owned(), next.clone())]);
        let faults = sketch.faults(&found.mistakes);
        let changes = lines(&text, &next);
        anyhow::ensure!(faults.is_empty() && !changes.is_empty(), "{faults:?}");
        took.push((edited, begun.elapsed()));
    }
    for (what, mut all) in [
        ("the edit, kept", took.iter().map(|one| one.0).collect::<Vec<_>>()),
        ("with its check and difference", took.iter().map(|one| one.1).collect()),
    ] {
        all.sort_unstable();
        let at = |percent: usize| all[(all.len() - 1) * percent / 100];
        println!("{what}: median {:.1?}, worst {:.1?}; limit {LIMIT:?}", at(50), at(100));
    }
    Ok(())
}

/// The gallery as one shop.
fn shop() -> Result<Program> {
    let files: Vec<(String, String)> = examples()
        .iter()
        .map(|example| {
            let (journey, beside) = example.parts();
            (format!("{}.yaml", example.name), format!("{journey}\n---\n{beside}"))
        })
        .collect();
    let (program, _) = check(&files).map_err(|mistakes| anyhow!("{}", mistakes[0]))?;
    Ok(program)
}

fn sketch(text: &str) -> Result<Sketch> {
    Sketch::read(text).context("a journey")
}

fn place(number: u64) -> Result<At> {
    number.to_string().parse().map_err(|()| anyhow!("no place"))
}

/// Waits, messages and branches in turn.
fn long(steps: u64) -> Result<String> {
    let mut sketch = Sketch::new("long");
    for step in 0..steps {
        let kind = ["wait", "send", "branch"][usize::try_from(step % 3)?];
        let at = place(step)?;
        sketch.apply(&Edit::Add { kind: kind.to_owned(), at: at.clone() })?;
        let text = match kind {
            "send" => ("template", "cart-reminder"),
            "branch" => ("branch", "orders at least 2 in the last 90 days"),
            _ => continue,
        };
        let texts = vec![(text.0.to_owned(), text.1.to_owned())];
        sketch.apply(&Edit::Write { at: Some(at), texts })?;
    }
    Ok(sketch.print())
}

/// Another length of a wait in the middle.
fn written(edit: u64, steps: u64) -> Result<Edit> {
    let at = place(steps / 2 / 3 * 3)?;
    let texts = vec![("wait".to_owned(), format!("{} days", edit % 20 + 2))];
    Ok(Edit::Write { at: Some(at), texts })
}
