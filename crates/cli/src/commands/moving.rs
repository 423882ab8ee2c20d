//! `journey move`: people of older versions go on in the version in force.

use clap::Args;
use regulars_engine::identity::PersonId;
use regulars_engine::work::Transferred;
use regulars_server::clock;
use regulars_server::moving::{Moves, Moving, inside, move_people, moves};
use regulars_server::writer::Writer;
use regulars_store::{Reader, SqliteStore};
use serde_json::{Value, json};

use crate::arguments::{DataDir, Server};
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::remote::Remote;
use crate::store;
use crate::words::{self, Print};

/// Move the people of a journey to the version in force. Without --yes, it is only told what would
/// become of whom.
#[derive(Debug, Args)]
pub(crate) struct Move {
    /// The journey.
    journey: String,
    /// What happens to people whose step is gone: stay (in their version), leave (the journey), or the
    /// name of a step to which they come.
    #[arg(long, default_value = "stay", value_name = "stay|leave|STEP")]
    gone: String,
    /// Move them.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

impl Move {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let told = match self.to.remote()? {
            Some(remote) => self.over(&remote)?,
            None => self.here()?,
        };
        print.result(&told, || report(&told, self.yes))?;
        if !self.yes {
            eprintln!("nothing was changed; --yes moves them");
        }
        Ok(Ending::Well)
    }

    fn over(&self, remote: &Remote) -> anyhow::Result<Value> {
        let body = |after: &Value, dry_run: bool| json!({ "journey": self.journey, "gone": self.gone, "after": after, "dry_run": dry_run });
        let path = "/api/v1/journeys/move";
        let mut told = remote.ask("POST", path, &body(&Value::Null, true))?;
        if !self.yes {
            return Ok(told);
        }
        let mut sum = [0, 0];
        let mut progress = Progress::begin("moving people");
        let mut next = Some(Value::Null);
        while let Some(after) = next {
            let part = remote.ask("POST", path, &body(&after, false))?;
            let count = |key: &str| part[key].as_u64().unwrap_or(0);
            sum = [sum[0] + count("moved"), sum[1] + count("left")];
            progress.at(sum[0] + sum[1], told["people"].as_u64().unwrap_or(0));
            next = Some(part["next"].clone()).filter(|next| !next.is_null());
        }
        progress.end();
        let rest = remote.ask("POST", path, &body(&Value::Null, true))?;
        told["moved"] = sum[0].into();
        told["left"] = sum[1].into();
        told["stayed"] = rest["people"].clone();
        Ok(told)
    }

    fn here(&self) -> anyhow::Result<Value> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let moves = self.moves(&writer)?;
        let mut told = moves.to_json();
        let mut sum = Transferred::default();
        let mut next = Some(PersonId(0)).filter(|_| self.yes);
        let mut progress = Progress::begin("moving people");
        while let Some(after) = next {
            let found = inside(writer.reader(), &moves, after)?;
            sum.add(move_people(&mut writer, &moves, &found.persons, clock::now())?);
            progress.at(sum.moved + sum.left + sum.stayed, moves.people());
            next = found.next;
        }
        progress.end();
        told["moved"] = sum.moved.into();
        told["left"] = sum.left.into();
        told["stayed"] = sum.stayed.into();
        Ok(told)
    }

    fn moves(&self, writer: &Writer<SqliteStore>) -> anyhow::Result<Moves> {
        let by = "the command line".to_owned();
        let moving = Moving { journey: self.journey.clone(), gone: self.gone.clone(), by };
        let accounts = writer.reader().accounts()?;
        moves(writer.program(), &accounts, &moving).map_err(|refused| {
            let cure = "name a journey in force, and with --gone stay, leave or one of its steps";
            Wrong::failed(refused.to_string(), cure).into()
        })
    }
}

fn report(told: &Value, done: bool) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &Value| words::number(value.as_u64().unwrap_or(0));
    let rows = told["steps"].as_array().into_iter().flatten().map(|row| {
        let to = row["to"].as_str().unwrap_or("(gone)");
        let version: String = text(&row["version"]).chars().take(8).collect();
        format!("{:>10}  {version}  {} -> {to}", number(&row["people"]), text(&row["step"]))
    });
    let mut lines: Vec<String> = rows.collect();
    if lines.is_empty() {
        lines.push("nobody is in an older version".to_owned());
    }
    if done {
        let count = |key: &str| number(&told[key]);
        lines.push(format!(
            "{} moved, {} left the journey, {} stay in their version",
            count("moved"),
            count("left"),
            count("stayed")
        ));
    }
    lines.join("\n")
}
