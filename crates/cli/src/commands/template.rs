//! `template`: what messages say, how they look for somebody, and what people's data lacks for them.

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use regulars_engine::definition::check;
use regulars_engine::identity::KeySalt;
use regulars_engine::program::Program;
use regulars_server::clock;
use regulars_server::live::template_mistakes;
use regulars_server::templates::{
    self, DAYS, Finding, Listed, Otherwise, Preview as Made, Previews, Sample, Tally, Trial, trial,
};
use regulars_server::writer::stored_program;
use regulars_store::{Reader, SqliteReader};
use serde_json::{Value, json};

use crate::arguments::{DataDir, Server};
use crate::definitions;
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::store;
use crate::whom::person_by_value;
use crate::words::{self, Print};

/// Templates: list them, look at one as somebody would get it, and test it over real people before it
/// is published. Works beside a running server.
#[derive(Debug, Subcommand)]
pub(crate) enum Template {
    /// List all templates: what they are for, who sends them, and what became of their messages.
    List(List),
    /// Show a template as somebody would get it now, as text or as HTML.
    Preview(Preview),
    /// Tell how many real people would be greeted as nobody, get a gap, or get no message at all.
    Test(Test),
    /// Send a template to an address of your own, marked as a test, through a running server.
    SendTest(SendTest),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    dir: DataDir,
}

/// Which part of a message is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Subject and plain text.
    Text,
    /// The HTML part alone, for a browser.
    Html,
}

#[derive(Args)]
pub(crate) struct Preview {
    /// The template.
    #[arg(value_name = "TEMPLATE")]
    name: String,
    /// For whom: an address, a number, a login; without it for somebody of whom nothing is known.
    #[arg(long, value_name = "IDENTIFIER")]
    person: Option<String>,
    /// In this language, in place of the person's own.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// What to print.
    #[arg(long, value_enum, default_value = "text")]
    part: Part,
    /// Take the template from these files, not from what is published.
    #[arg(long, value_name = "DIR|FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    dir: DataDir,
}

impl std::fmt::Debug for Preview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Preview({})", self.name)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The template.
    #[arg(value_name = "TEMPLATE")]
    name: String,
    /// Of the members of this segment alone.
    #[arg(long, value_name = "SEGMENT")]
    segment: Option<String>,
    /// Look at everybody, not at a sample.
    #[arg(long)]
    everybody: bool,
    /// Take the template from these files, not from what is published.
    #[arg(long, value_name = "DIR|FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Args)]
pub(crate) struct SendTest {
    /// The template, as it is published.
    #[arg(value_name = "TEMPLATE")]
    name: String,
    /// The address that gets it.
    to: String,
    /// Filled in as this customer, by e-mail address; without it as somebody of whom nothing is known.
    #[arg(long, value_name = "EMAIL")]
    person: Option<String>,
    /// In this language, in place of the person's own.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    #[command(flatten)]
    server: Server,
}

impl std::fmt::Debug for SendTest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SendTest({}, ***)", self.name)
    }
}

impl SendTest {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let Some(remote) = self.server.remote()? else {
            let cure = "say --server and --key; \"regulars try-mail\" needs no server";
            return Err(Wrong::called("only a running server sends templates", cure).into());
        };
        let mut body = json!({ "template": self.name, "to": self.to });
        if let Some(email) = self.person {
            body["person"] = json!({ "identifier": { "kind": "email", "value": email } });
        }
        if let Some(language) = self.language {
            body["language"] = language.into();
        }
        let told = remote.ask("POST", "/api/v1/templates/send-test", &body)?;
        let word = |key: &str| told[key].as_str().unwrap_or_default();
        print.result(&told, || format!("{}  {}", word("outcome"), word("subject")))?;
        Ok(Ending::Well)
    }
}

impl Template {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::List(list) => list.run(print),
            Self::Preview(preview) => preview.run(print),
            Self::Test(test) => test.run(print),
            Self::SendTest(test) => test.run(print),
        }
    }
}

/// The definitions of files, without mistakes.
fn of_files(paths: &[PathBuf]) -> anyhow::Result<Program> {
    let files = definitions::read(paths)?.definitions;
    let mistakes = match check(&files) {
        Ok((program, _)) => {
            let mistakes = template_mistakes(&program, &files);
            if mistakes.is_empty() {
                return Ok(program);
            }
            mistakes
        }
        Err(mistakes) => mistakes,
    };
    let all: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    Err(Wrong::failed(all.join("\n"), "see \"regulars check\" for all of them").into())
}

fn named(program: &Program, name: &str) -> anyhow::Result<()> {
    if program.templates.contains_key(name) || program.site_templates.contains_key(name) {
        return Ok(());
    }
    let names = program.templates.keys().chain(program.site_templates.keys());
    let names: Vec<&str> = names.map(String::as_str).collect();
    let cure = match names.is_empty() {
        true => "define one, and publish it with \"regulars apply\"".to_owned(),
        false => format!("there are: {}", names.join(", ")),
    };
    Err(Wrong::failed(format!("there is no template \"{name}\""), cure).into())
}

impl List {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        let mut tally = Tally::default();
        while !tally.catch_up(&reader, clock::now())? {}
        let listed = templates::list(&program, &tally);
        let json: Vec<Value> = listed.iter().map(Listed::to_json).collect();
        print.result(&json!({ "days": DAYS, "templates": json }), || {
            if listed.is_empty() {
                return "no template is defined; write one into a file and publish it with \"regulars apply\"".to_owned();
            }
            let mut text = format!(
                "{:<28}{:>10}{:>10}{:>10}{:>12}  languages",
                format!("in {DAYS} days"), "sent", "opened", "clicked", "complaints"
            );
            for one in &listed {
                let languages = one.languages.join(" ");
                // What the site shows is counted by its journeys.
                let numbers = one.sent.map_or([const { None }; 4], |sent| {
                    [sent.sent, sent.opened, sent.clicked, sent.complaints].map(Some)
                });
                let [sent, opened, clicked, complaints] =
                    numbers.map(|number| number.map_or_else(|| "–".to_owned(), words::number));
                let _ = write!(
                    text,
                    "\n{:<28}{sent:>10}{opened:>10}{clicked:>10}{complaints:>12}  {languages}",
                    one.name,
                );
            }
            text
        })?;
        Ok(Ending::Well)
    }
}

impl Preview {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let stated = (!self.files.is_empty()).then(|| of_files(&self.files)).transpose()?;
        let made = match (&stated, &self.person) {
            // Files alone need no data directory.
            (Some(program), None) => {
                named(program, &self.name)?;
                let salt = KeySalt(0, 0);
                Previews::bare(program, &self.name, salt, clock::now())
                    .preview(None, self.language.as_deref())
            }
            _ => self.of_store(stated)?,
        };
        if self.part == Part::Html && !print.json {
            return match &made.made {
                Ok(rendered) => {
                    words::line(&rendered.html)?;
                    Ok(Ending::Well)
                }
                Err(problem) => Err(Wrong::failed(problem.clone(), "see the template").into()),
            };
        }
        print.result(&made.to_json(), || told(&made))?;
        Ok(if made.made.is_ok() { Ending::Well } else { Ending::Mistakes })
    }

    fn of_store(&self, stated: Option<Program>) -> anyhow::Result<Made> {
        let reader = store::reader(&self.dir.path)?;
        let program = match stated {
            Some(program) => program,
            None => stored_program(&reader)?,
        };
        named(&program, &self.name)?;
        let record = match &self.person {
            None => None,
            Some(value) => Some(person_by_value(&reader, value)?.0),
        };
        let salt = reader.salt();
        let mut previews = Previews::begin(&reader, &program, &self.name, salt, clock::now())?;
        Ok(previews.preview(record.as_ref(), self.language.as_deref()))
    }
}

fn told(made: &Made) -> String {
    let mut text = match (&made.made, &made.counted) {
        (Ok(rendered), Some(counted)) => format!("{}\n\n{counted}", rendered.text),
        (Ok(rendered), None) if rendered.notification.is_some() => {
            let leads = rendered.notification.as_ref().map_or("", |shown| &shown.link);
            format!("{}\n{}\n\nleads to {leads}", rendered.subject, rendered.text)
        }
        (Ok(rendered), None) => {
            format!("Subject: {}\n\n{}", rendered.subject, rendered.text.trim_end())
        }
        (Err(problem), _) => format!("it cannot be made for this person: {problem}"),
    };
    if !made.stand_ins.is_empty() {
        let made_up: Vec<&str> = made.stand_ins.iter().map(|one| one.word()).collect();
        let _ = write!(text, "\n\nmade up for this look: {}", made_up.join(", "));
    }
    text
}

impl Test {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let program = match self.files.is_empty() {
            true => stored_program(&reader)?,
            false => of_files(&self.files)?,
        };
        named(&program, &self.name)?;
        if program.site_templates.contains_key(&self.name) {
            let message =
                format!("the template \"{}\" is shown on the site and sent to nobody", self.name);
            let cure = "see how it looks with \"regulars template preview\"";
            return Err(Wrong::failed(message, cure).into());
        }
        if let Some(segment) = &self.segment
            && !program.segments.contains_key(segment)
        {
            let cure = "see \"regulars segment list\"";
            return Err(Wrong::failed(format!("there is no segment \"{segment}\""), cure).into());
        }
        let found = self.tried(&reader, &program)?;
        print.result(&found.to_json(), || report(&found))?;
        Ok(if found.held > 0 { Ending::Mistakes } else { Ending::Well })
    }

    fn tried(&self, reader: &SqliteReader, program: &Program) -> anyhow::Result<Trial> {
        let mut progress = Progress::begin(format!("testing {}", self.name));
        let what = (self.name.as_str(), self.segment.as_deref());
        let with = (reader.salt(), clock::now());
        let found = trial(reader, program, what, self.everybody, with, |done, whole| {
            progress.at(done, whole);
        })?;
        progress.end();
        Ok(found)
    }
}

fn report(found: &Trial) -> String {
    let mut text = String::new();
    let line = |text: &mut String, what: &str, number: u64| {
        let _ = writeln!(text, "{what:<44}{:>12}", words::number(number));
    };
    line(&mut text, "people", found.persons);
    line(&mut text, "  looked at", found.looked_at);
    line(&mut text, "  could get it", found.recipients);
    line(&mut text, "    with everything in it", found.whole);
    line(&mut text, "    with a fallback or a gap", found.lacking);
    line(&mut text, "    not at all", found.held);
    for (language, people) in &found.languages {
        line(&mut text, &format!("    in {language}"), *people);
    }
    for finding in &found.findings {
        let _ = writeln!(text, "\n{}", lacks(finding));
        samples(&mut text, &finding.samples);
    }
    for failure in &found.failures {
        let people = words::count(failure.people, "person");
        let _ = writeln!(text, "\nnot made for {people}: {}", failure.why);
        samples(&mut text, &failure.samples);
    }
    text.trim_end().to_owned()
}

fn lacks(finding: &Finding) -> String {
    let asked = &finding.asked;
    let people = words::count(finding.missing + finding.blank, "person");
    let then = match &asked.otherwise {
        Otherwise::Held => "prints nothing".to_owned(),
        Otherwise::Says(says) if says.trim().is_empty() => "prints nothing".to_owned(),
        Otherwise::Says(says) => format!("says \"{says}\""),
        Otherwise::Chooses => "chooses the other way".to_owned(),
    };
    let place = finding.place();
    format!("{people} without {}: {} ({place}) {then}", asked.path, asked.placeholder)
}

fn samples(text: &mut String, samples: &[Sample]) {
    for sample in samples {
        let _ = writeln!(text, "  {}  {:<24}  {}", sample.person, sample.address, sample.subject);
    }
}
