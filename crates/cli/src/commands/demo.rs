//! `demo`: a shop of 2,000 people with Maria and Jane among them, ready to look at.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_server::clock;
use regulars_server::serve::{Server, Settings};
use regulars_sim::TownSettings;
use regulars_store::{Reader, SqliteReader};
use serde_json::json;

use crate::commands::serve::{asked_to_stop, runtime};
use crate::demo::{Size, USER, live_through};
use crate::ending::Ending;
use crate::store;
use crate::words::{self, Print};

/// Open a seeded shop to look at: 2,000 people over 90 days, ending now. Nothing leaves the machine.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// How many people live in the town.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    people: u32,
    /// How many days are lived through.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(2..=730))]
    days: u32,
    /// Everything random follows from it.
    #[arg(long, default_value_t = TownSettings::default().seed)]
    seed: u64,
    /// Where to listen; port 0 takes any free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Keep the shop in this directory and go on with it next time; without it, it is gone when the
    /// program ends.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Make the shop anew even if the directory holds one.
    #[arg(long, requires = "data_dir")]
    fresh: bool,
}

impl Demo {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let begun = Instant::now();
        let passing = PassingDir::new(self.data_dir.is_none());
        let dir = self.data_dir.clone().unwrap_or_else(|| passing.path.clone());
        if self.fresh {
            remove_store(&dir)?;
        }
        if !store::exists(&dir) {
            std::fs::create_dir_all(&dir)
                .with_context(|| format!("could not create \"{}\"", dir.display()))?;
            let size = Size { people: self.people, days: self.days, seed: self.seed };
            let events = words::number(live_through(size, clock::now(), &dir)?);
            eprintln!("{} people, {} days, {events} events", self.people, self.days);
        }
        let settings = Settings {
            data_dir: dir.clone(),
            listen: self.listen,
            mail: None,
            sms: None,
            dns: None,
            webhooks_inside: Vec::new(),
            push_inside: Vec::new(),
            base_url: None,
        };
        runtime()?.block_on(async {
            let mut writer = regulars_server::serve::open_writer(&dir)?;
            writer.set_sending(regulars_store::Sending::On)?;
            let server = Server::start_with(writer, &settings).await?;
            // The picture is there when somebody looks.
            server.begin_silo();
            let stop = asked_to_stop();
            tell(&server, &dir, begun, print)?;
            server.run(stop).await?;
            Ok(Ending::Well)
        })
    }
}

/// Says where to look.
fn tell(server: &Server, dir: &Path, begun: Instant, print: Print) -> anyhow::Result<()> {
    let url = format!("http://{}", server.address);
    let reader = SqliteReader::open(dir)?;
    let page = |email: &str| -> anyhow::Result<String> {
        let identifier = Identifier::new(IdentifierKind::Email, email);
        let key = identifier.map(|identifier| identifier.key(reader.salt()));
        let holder = key.map(|key| reader.holder(key)).transpose()?.flatten();
        Ok(holder.map_or_else(|| format!("{url}/people"), |id| format!("{url}/people/{id}")))
    };
    let (maria, jane) = (page("maria@example.com")?, page("jane@example.com")?);
    let seconds = begun.elapsed().as_secs_f64();
    let (user, password) = USER;
    let json = json!({
        "listening": url,
        "today": format!("{url}/today"),
        "maria": maria,
        "jane": jane,
        "sources": format!("{url}/sources"),
        "silo": format!("{url}/reports/silo"),
        "user": user,
        "password": password,
        "seconds": (seconds * 100.0).round() / 100.0,
    });
    print.result(&json, || {
        format!(
            "Sign in as {user} with the password {password}\n\n\
             Today    {url}/today\n\
             Maria    {maria}\n\
             Jane     {jane}\n\
             Sources  {url}/sources\n\
             Compared {url}/reports/silo\n\n\
             Ready after {seconds:.1} s. Messages stay in the outbox; Ctrl-C ends the demo."
        )
    })?;
    eprintln!("listening on {url}");
    Ok(())
}

/// A directory that goes away with the program.
struct PassingDir {
    path: PathBuf,
    used: bool,
}

impl PassingDir {
    fn new(used: bool) -> Self {
        let name = format!("regulars-demo-{}", std::process::id());
        Self { path: std::env::temp_dir().join(name), used }
    }
}

impl Drop for PassingDir {
    fn drop(&mut self) {
        if self.used
            && let Err(error) = std::fs::remove_dir_all(&self.path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            eprintln!("could not remove \"{}\": {error}", self.path.display());
        }
    }
}

fn remove_store(dir: &Path) -> anyhow::Result<()> {
    if !store::exists(dir) {
        return Ok(());
    }
    // A store that somebody uses is not taken away from under them.
    drop(store::writer(dir)?);
    for name in ["regulars.db", "regulars.db-wal", "regulars.db-shm"] {
        let path = dir.join(name);
        if path.exists() {
            std::fs::remove_file(&path)
                .with_context(|| format!("could not remove \"{}\"", path.display()))?;
        }
    }
    Ok(())
}
