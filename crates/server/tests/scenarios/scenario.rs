//! Reading a scenario: head, happenings, and what is asked in between.

use std::path::Path;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use regulars_engine::definition::check;
use regulars_engine::event::Kind;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::OWN_SOURCE;

/// A scenario as it stands in its file.
pub(crate) struct Scenario {
    /// Its lines, without what was expected.
    pub(crate) lines: Vec<String>,
    pub(crate) program: Program,
    pub(crate) parts: Vec<Part>,
    /// Hours after which every feed says again that it lives; `None`: they say only what stands there.
    pub(crate) beat_hours: Option<i64>,
    /// Whether people are also linked by likeness, with the model there is before any training.
    pub(crate) by_likeness: bool,
}

/// One part after the head.
pub(crate) enum Part {
    /// Something happened and arrived.
    Happened(Happening),
    /// Something is asked; its answer goes below line number `line` of [`Scenario::lines`].
    Asked { line: usize, what: Question },
}

/// A line of what happened.
pub(crate) struct Happening {
    /// Its number in the file, from 1: also the id of its message, where it bears none.
    pub(crate) number: usize,
    pub(crate) told: Told,
    pub(crate) source: String,
    pub(crate) feed: Option<String>,
    pub(crate) event: String,
    pub(crate) details: Vec<String>,
    /// What stands in brackets: how it arrived, and how exactly it is dated.
    pub(crate) notes: Vec<String>,
    pub(crate) received_at: Timestamp,
}

impl Happening {
    /// What staff say of two persons, if that is what happened.
    pub(crate) fn staff(&self) -> Option<Kind> {
        let said = Kind::ALL.iter().find(|kind| kind.name() == self.event);
        said.filter(|kind| kind.stated_by_staff() && self.source == "staff").cloned()
    }
}

impl Happening {
    /// What a page or a script of ours told, if that is what happened: somebody followed the link of a
    /// message that asks to confirm a yes, or did something with a message on the site.
    pub(crate) fn told_by_us(&self) -> Option<Kind> {
        let ours = [
            Kind::ConsentConfirmed,
            Kind::SiteMessageShown,
            Kind::SiteMessageClicked,
            Kind::SiteMessageDismissed,
        ];
        let said = ours.into_iter().find(|kind| kind.name() == self.event);
        said.filter(|_| self.source == OWN_SOURCE)
    }

    /// The key of the document of which this is a version, if it is of one.
    pub(crate) fn document(&self) -> Option<&str> {
        self.notes.iter().find_map(|note| note.strip_prefix("document "))
    }
}

/// The time as the source tells it.
#[derive(Clone, Copy)]
pub(crate) enum Told {
    Moment(DateTime),
    Day(Date),
}

/// What a scenario may ask.
pub(crate) enum Question {
    /// What was decided since this was last asked.
    Decisions,
    /// What the shop's own site shows a browser, or somebody whose login the shop vouches for.
    Site(String),
    /// The latest decision with all its facts.
    Why,
    /// Why two are one person, or why they are not, each by an identifier.
    WhyTwo(String, String),
    /// How a person came together, by an identifier.
    How(String),
    /// Who lives with a person, by an identifier.
    Household(String),
    /// The persons there are.
    People,
    /// One person, by an identifier.
    Person(String),
    /// Who is in which segment.
    Segments,
    /// Why one person is in a segment or not: an identifier and the segment.
    Membership(String, String),
    /// How complete the feeds are.
    Sources,
    /// What became of the lines.
    Received,
    /// What could not be understood.
    Quarantine,
    /// Nothing: time goes on.
    Until(Timestamp),
}

impl Scenario {
    /// Reads a scenario; shops stand in `folder/shops`.
    pub(crate) fn parse(text: &str, folder: &Path) -> Result<Self, String> {
        let mut kept: Vec<(usize, &str)> = Vec::new();
        let mut answer = false;
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() || line.starts_with('>') || line.starts_with('#') {
                answer = false;
            }
            if !answer {
                kept.push((number, line));
            }
            answer |= line.starts_with('>') && !line.starts_with("> until ");
        }
        let head = kept.iter().position(|(_, line)| begins_part(line)).unwrap_or(kept.len());
        let program = definitions(&kept[..head], folder)?;
        let beat_hours =
            match kept[..head].iter().find_map(|(_, l)| l.strip_prefix("feeds speak: ")) {
                None | Some("never") => None,
                Some("every hour") => Some(1),
                Some(other) => {
                    let hours = other.strip_prefix("every ").and_then(|o| o.strip_suffix(" hours"));
                    let hours =
                        hours.and_then(|hours| hours.parse().ok()).filter(|hours| *hours > 0);
                    Some(hours.ok_or_else(|| {
                        format!("\"{other}\": write every hour, or every 6 hours")
                    })?)
                }
            };
        let by_likeness = kept[..head].iter().any(|(_, line)| *line == BY_LIKENESS);
        let zone = program.shop.zone.clone();
        let mut reader = Reader { zone, day: None, parts: Vec::new() };
        for (index, (number, line)) in kept.iter().enumerate().skip(head) {
            reader
                .read(index, *number, line)
                .map_err(|mistake| format!("line {number}: {mistake}"))?;
        }
        let lines = kept.iter().map(|(_, line)| (*line).to_owned()).collect();
        Ok(Self { lines, program, parts: reader.parts, beat_hours, by_likeness })
    }
}

/// The line of a head that puts the model of linking into force.
const BY_LIKENESS: &str = "people are linked: by likeness";

fn begins_part(line: &str) -> bool {
    line.starts_with('>') || line.starts_with(|c: char| c.is_ascii_digit())
}

/// The shop's definitions: named files, and what the scenario itself adds below `with:`.
fn definitions(head: &[(usize, &str)], folder: &Path) -> Result<Program, String> {
    let mut files = Vec::new();
    let mut own = None;
    for (number, line) in head {
        if let Some(text) = &mut own {
            // What belongs to the shop is indented; a blank line may stand within.
            if line.is_empty() || line.starts_with(' ') {
                *text = format!("{text}{}\n", line.strip_prefix("  ").unwrap_or(line));
                continue;
            }
        }
        match line.split_once(':') {
            _ if line.trim().is_empty() || line.starts_with('#') => {}
            Some(("shop", names)) => {
                for name in names.split(',').map(str::trim) {
                    let path = folder.join("shops").join(format!("{name}.yaml"));
                    let text = std::fs::read_to_string(&path)
                        .map_err(|_| format!("line {number}: there is no shop \"{name}\""))?;
                    files.push((format!("{name}.yaml"), text));
                }
            }
            // Every feed says that it lives, again and again: read by [`Scenario::parse`].
            Some(("feeds speak", _)) => {}
            Some(_) if *line == BY_LIKENESS => {}
            // Of a gallery: a journey's own file beside the scenario.
            Some(("journey", name)) => {
                let path = folder.join(format!("{}.yaml", name.trim()));
                let text = std::fs::read_to_string(&path)
                    .map_err(|_| format!("line {number}: there is no journey \"{name}\""))?;
                files.push((format!("{}.yaml", name.trim()), text));
            }
            Some(("with", "")) => own = Some("\n".repeat(*number)),
            Some(_) | None => {
                return Err(format!("line {number}: \"{line}\" is no part of a head"));
            }
        }
    }
    if let Some(own) = own {
        for (_, text) in &mut files {
            *text = without(text, &own);
        }
        files.push(("scenario.yaml".to_owned(), own));
    }
    check(&files)
        .map(|(program, _)| program)
        .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// The documents of a shop's file that the scenario does not state otherwise: a document is known
/// by its first line, such as `source: pos`.
fn without(file: &str, own: &str) -> String {
    let first = |document: &str| {
        let line = document.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
        line.unwrap_or_default().to_owned()
    };
    let stated: Vec<String> = own.split("---\n").map(first).collect();
    let kept = file.split("---\n").filter(|document| !stated.contains(&first(document)));
    kept.collect::<Vec<_>>().join("---\n")
}

struct Reader {
    zone: TimeZone,
    /// The day of the line before: a line may leave it out.
    day: Option<Date>,
    parts: Vec<Part>,
}

impl Reader {
    fn read(&mut self, index: usize, number: usize, line: &str) -> Result<(), String> {
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(question) = line.strip_prefix('>') {
            let what = self.question(question.trim())?;
            self.parts.push(Part::Asked { line: index, what });
            return Ok(());
        }
        if line.starts_with(' ') {
            let Some(Part::Happened(happening)) = self.parts.last_mut() else {
                return Err("a line that is indented goes on with what happened before".to_owned());
            };
            let (details, notes) = split_details(line);
            happening.details.extend(details);
            happening.notes.extend(notes);
            return self.receive_last();
        }
        let mut columns = line.splitn(4, "  ").map(str::trim).filter(|column| !column.is_empty());
        let rest: Vec<&str> = line.split("  ").map(str::trim).filter(|c| !c.is_empty()).collect();
        let (Some(time), Some(source), Some(event)) = (columns.next(), rest.get(1), rest.get(2))
        else {
            return Err("write time, source and event, with two spaces between them".to_owned());
        };
        let told = self.told(time)?;
        let (source, feed) = match source.split_once('/') {
            Some((source, feed)) => (source, Some(feed.to_owned())),
            None => (*source, None),
        };
        let (details, notes) = split_details(&rest[3..].join("  "));
        self.parts.push(Part::Happened(Happening {
            number,
            told,
            source: source.to_owned(),
            feed,
            event: (*event).to_owned(),
            details,
            notes,
            received_at: Timestamp::EARLIEST,
        }));
        self.receive_last()
    }

    /// Reads from its notes when the last line arrived.
    fn receive_last(&mut self) -> Result<(), String> {
        let (told, arrives) = match self.parts.last() {
            Some(Part::Happened(happening)) => {
                let note = happening.notes.iter().find_map(|note| note.strip_prefix("arrives "));
                (happening.told, note.map(str::to_owned))
            }
            Some(Part::Asked { .. }) | None => return Ok(()),
        };
        let received_at = match (arrives, told) {
            (Some(text), _) => self.moment(&text)?,
            (None, Told::Moment(at)) => self.timestamp(at)?,
            // What is dated to the day arrives at its end, unless the line says otherwise.
            (None, Told::Day(day)) => self.timestamp(day.at(23, 59, 59, 0))?,
        };
        if let Some(Part::Happened(happening)) = self.parts.last_mut() {
            happening.received_at = received_at;
        }
        Ok(())
    }

    fn question(&mut self, text: &str) -> Result<Question, String> {
        Ok(match text.split_once(' ').unwrap_or((text, "")) {
            ("decisions", "") => Question::Decisions,
            ("why", "") => Question::Why,
            ("why", two) => {
                let (one, other) = two.split_once(" and ").ok_or("name two: why A and B")?;
                Question::WhyTwo(one.to_owned(), other.to_owned())
            }
            ("how", who) if !who.is_empty() => Question::How(who.to_owned()),
            ("household", who) if !who.is_empty() => Question::Household(who.to_owned()),
            ("people", "") => Question::People,
            ("site", who) if !who.is_empty() => Question::Site(who.to_owned()),
            ("person", who) if !who.is_empty() => Question::Person(who.to_owned()),
            ("segments", "") => Question::Segments,
            ("membership", asked) if asked.contains(": ") => {
                let (who, segment) = asked.split_once(": ").unwrap_or_default();
                Question::Membership(who.to_owned(), segment.to_owned())
            }
            ("sources", "") => Question::Sources,
            ("received", "") => Question::Received,
            ("quarantine", "") => Question::Quarantine,
            ("until", time) => Question::Until(self.moment(time)?),
            _ => {
                let known = "decisions, why, how, household, people, person, site, segments, membership, sources, received, quarantine, until";
                return Err(format!("\"{text}\" is nothing to ask; ask for {known}"));
            }
        })
    }

    /// `16 Nov 2026 18:47`, `18:47` on the day of the line before, `16 Nov 2026` alone.
    fn told(&mut self, text: &str) -> Result<Told, String> {
        if let Ok(day) = Date::strptime("%d %b %Y", text) {
            self.day = Some(day);
            return Ok(Told::Day(day));
        }
        let at = self.civil(text)?;
        self.day = Some(at.date());
        Ok(Told::Moment(at))
    }

    fn civil(&self, text: &str) -> Result<DateTime, String> {
        for form in ["%d %b %Y %H:%M", "%d %b %Y %H:%M:%S"] {
            if let Ok(at) = DateTime::strptime(form, text) {
                return Ok(at);
            }
        }
        for form in ["%H:%M", "%H:%M:%S"] {
            if let (Ok(time), Some(day)) = (jiff::civil::Time::strptime(form, text), self.day) {
                return Ok(day.to_datetime(time));
            }
        }
        Err(format!("\"{text}\" is no time; write 16 Nov 2026 18:47, or 18:47 for the same day"))
    }

    fn moment(&self, text: &str) -> Result<Timestamp, String> {
        self.timestamp(self.civil(text)?)
    }

    fn timestamp(&self, at: DateTime) -> Result<Timestamp, String> {
        let zoned = at.to_zoned(self.zone.clone()).map_err(|error| error.to_string())?;
        Ok(Timestamp(zoned.timestamp().as_millisecond()))
    }
}

/// `login maria, product tee at 20 EUR [arrives 20:47]`: what stands between commas, and what in brackets.
fn split_details(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut details, mut notes) = (String::new(), Vec::new());
    for (index, part) in text.split('[').enumerate() {
        if index == 0 {
            details.push_str(part);
        } else if let Some((note, rest)) = part.split_once(']') {
            notes.push(note.trim().to_owned());
            details.push_str(rest);
        }
    }
    let details = details.split(',').map(str::trim).filter(|detail| !detail.is_empty());
    (details.map(str::to_owned).collect(), notes)
}
