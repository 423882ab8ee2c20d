//! Reading steps: nested in files, one after the other in a journey, with jumps for branches.

use super::fields::{Fields, Read};
use super::form::Form;
use super::graph;
use super::mistake::quoted;
use super::object::ObjectKind;
use super::offer::offer;
use super::sentence::condition;
use super::suggest::write_instead;
use super::units::{
    channel, count, duration, line, name, parse_duration, parse_time_of_day, print_time_of_day,
    split_units, word,
};
use super::yaml::{Node, Sheet, Value, not_a};
use crate::event::Channel;
use crate::journey::{OnPatienceEnd, Send, Step, StepKind};
use crate::time::{DAY, HOUR, MINUTE, SECOND};

/// A journey has so many steps at most, jumps included.
const STEPS_MAX: usize = 1_000;
/// A wait of calendar days is no longer than five years.
const DAYS_MAX: i64 = 1_830;

/// A step as it is read.
pub(super) struct Draft {
    /// The name it was given.
    name: Option<String>,
    /// Where it stands.
    pub(super) at: usize,
    /// Whether somebody wrote it; else it is a jump that joins the ways of a branch again.
    pub(super) written: bool,
    /// What it does.
    pub(super) kind: StepKind,
}

/// Reads the steps of a journey.
pub(super) fn read(sheet: &Sheet<'_>, node: &Node) -> Read<Vec<Step>> {
    let mut reader = Reader { sheet, drafts: Vec::new(), jumps: Vec::new(), whole: true };
    let form = reader.block(node);
    if reader.drafts.is_empty() && reader.whole {
        sheet.wrong(node.at.start, "this journey has no steps", "add one: - send: reminder");
    }
    if reader.drafts.len() > STEPS_MAX {
        let message = format!("this journey has more than {STEPS_MAX} steps");
        sheet.wrong(node.at.start, message, "split it: a journey may hand over to another one");
        return None;
    }
    reader.resolve_jumps();
    // Ways that could not be read would look like steps that nobody reaches.
    if !reader.whole {
        return None;
    }
    graph::check(sheet, &reader.drafts);
    Some((named(reader.drafts), form))
}

struct Reader<'r> {
    sheet: &'r Sheet<'r>,
    drafts: Vec<Draft>,
    /// Jumps to named steps: the draft, the name, where it stands.
    jumps: Vec<(usize, String, usize)>,
    /// Whether everything could be read so far.
    whole: bool,
}

/// The keys of which every step has exactly one.
const KINDS: [&str; 6] = ["wait", "wait until", "branch", "send", "go to", "exit"];

impl Reader<'_> {
    fn block(&mut self, node: &Node) -> Form {
        let Value::List(items) = &node.value else {
            not_a(self.sheet, node, "a list of steps", "- send: reminder");
            self.whole = false;
            return Form::List(Vec::new());
        };
        let mut forms = Vec::new();
        for item in items {
            match self.step(item) {
                Some(form) => forms.push(form),
                None => self.whole = false,
            }
        }
        Form::List(forms)
    }

    fn push(&mut self, name: Option<String>, at: usize, kind: StepKind) -> usize {
        self.drafts.push(Draft { name, at, written: true, kind });
        self.drafts.len() - 1
    }

    fn next(&self) -> u32 {
        u32::try_from(self.drafts.len()).expect("a file holds fewer steps")
    }

    fn step(&mut self, node: &Node) -> Option<Form> {
        let sheet = self.sheet;
        if node.text().map(str::trim) == Some("exit") {
            self.push(None, node.at.start, StepKind::Exit);
            return Some(Form::text("exit"));
        }
        let mut fields = Fields::of(sheet, node, "the step", "- send: reminder")?;
        let kinds: Vec<&str> = KINDS.into_iter().filter(|key| fields.has(key)).collect();
        let kind = match kinds.as_slice() {
            [one] => *one,
            [] => {
                let first = fields.first_key().unwrap_or_default();
                let cure = write_instead(first, KINDS, "begin it with one of them");
                sheet.wrong(node.at.start, "this step does nothing that is known", cure);
                return None;
            }
            [first, second, ..] => {
                let message = format!("this step has both \"{first}\" and \"{second}\"");
                sheet.wrong(
                    fields.place_of(second),
                    message,
                    "begin a step of its own with a dash",
                );
                return None;
            }
        };
        let read = match kind {
            "wait" => self.wait(&mut fields),
            "wait until" => self.wait_until(&mut fields),
            "branch" => self.branch(&mut fields),
            "send" => self.send(&mut fields),
            "go to" => self.go_to(&mut fields),
            _ => {
                let step_name = fields.optional("exit", name);
                self.push(step_name, node.at.start, StepKind::Exit);
                Some(())
            }
        };
        let form = fields.done();
        read.map(|()| form)
    }

    fn wait(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("wait");
        let kind = fields.optional("wait", wait);
        let step_name = fields.optional("name", name);
        self.push(step_name, at, kind?);
        Some(())
    }

    fn wait_until(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("wait until");
        let condition = fields.optional("wait until", condition);
        let at_most_ms = fields.required("at most", "2 days", duration);
        let step_name = fields.optional("name", name);
        let (condition, at_most_ms) = condition.zip(at_most_ms)?;
        self.push(step_name, at, StepKind::WaitUntil { condition, at_most_ms });
        Some(())
    }

    fn branch(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("branch");
        let condition = fields.optional("branch", condition);
        let step_name = fields.optional("name", name);
        if !fields.has("then") && !fields.has("else") {
            fields.missing("then", "[ send: reminder ]");
        }
        // The branch stands before its ways; where they begin is known once they are read.
        let branch = self.push(step_name, at, StepKind::Exit);
        if let Some(then) = fields.node("then") {
            let form = self.block(then);
            fields.write("then", form);
        }
        let otherwise = fields.node("else");
        let mut join = None;
        if otherwise.is_some() && self.goes_on(branch) {
            join = Some(self.drafts.len());
            self.drafts.push(Draft { name: None, at, written: false, kind: StepKind::Goto(0) });
        }
        let otherwise_at = self.next();
        if let Some(otherwise) = otherwise {
            let form = self.block(otherwise);
            fields.write("else", form);
        }
        if let Some(join) = join {
            self.drafts[join].kind = StepKind::Goto(self.next());
        }
        let way = fields.or("if still unknown", Way::Else, word("way of a branch", WAYS));
        let unknown = match way {
            Way::Then => u32::try_from(branch + 1).expect("a file holds fewer steps"),
            Way::Else => otherwise_at,
        };
        let condition = condition?;
        self.drafts[branch].kind = StepKind::Branch { condition, otherwise: otherwise_at, unknown };
        Some(())
    }

    /// Whether the steps behind the branch go on to what follows them: by the last one, by a jump
    /// that joins the ways of an inner branch, or by a way of it that is empty.
    fn goes_on(&self, branch: usize) -> bool {
        let end = self.next();
        let inner = &self.drafts[branch + 1..];
        let falls = inner
            .last()
            .is_none_or(|last| !matches!(last.kind, StepKind::Exit | StepKind::Goto(_)));
        falls
            || inner.iter().any(|draft| match &draft.kind {
                StepKind::Goto(to) => *to == end,
                StepKind::Branch { otherwise, unknown, .. } => *otherwise == end || *unknown == end,
                StepKind::Wait { .. }
                | StepKind::WaitDays { .. }
                | StepKind::WaitUntil { .. }
                | StepKind::Send(_)
                | StepKind::Exit => false,
            })
    }

    fn send(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("send");
        let step_name = fields.optional("send", name);
        let channel = fields.required("channel", "email", sending_channel);
        let template_at = fields.place_of_value("template");
        let template = fields.required("template", "cart-reminder", name);
        let conditional = fields.has("only if");
        let only_if = fields.optional("only if", condition);
        let offer = fields.optional("offer", offer);
        let patience_ms = fields.or("hold at most", Send::PATIENCE_MS, duration);
        let on_patience_end = fields.or("if still unknown", OnPatienceEnd::Skip, |sheet, node| {
            patience_end(sheet, node, offer.is_some())
        });
        let known_complete =
            fields.or("feeds complete", false, word("degree of completeness", DEGREES));
        if let Some(template) = &template {
            self.sheet.uses(template_at, ObjectKind::Template, template);
        }
        if conditional && only_if.is_none() {
            return None;
        }
        let kind = StepKind::Send(Send {
            channel: channel?,
            template: template?,
            only_if,
            patience_ms,
            on_patience_end,
            known_complete,
            offer,
        });
        self.push(Some(step_name?), at, kind);
        Some(())
    }

    fn go_to(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("go to");
        let target = fields.optional("go to", name)?;
        let draft = self.push(None, at, StepKind::Goto(0));
        self.jumps.push((draft, target, at));
        Some(())
    }

    fn resolve_jumps(&mut self) {
        for (draft, target, at) in std::mem::take(&mut self.jumps) {
            let step = self.drafts.iter().position(|d| d.name.as_deref() == Some(target.as_str()));
            if let Some(step) = step {
                let step = u32::try_from(step).expect("a file holds fewer steps");
                self.drafts[draft].kind = StepKind::Goto(step);
            } else if self.whole {
                let names = self.drafts.iter().filter_map(|d| d.name.as_deref());
                let cure = write_instead(&target, names, "give the step a name, and go to that");
                let message = format!("no step of this journey is named {}", quoted(&target));
                self.sheet.wrong(at, message, cure);
                self.whole = false;
            }
        }
        for (index, draft) in self.drafts.iter().enumerate() {
            let Some(name) = &draft.name else { continue };
            if self.drafts[..index].iter().any(|held| held.name.as_ref() == Some(name)) {
                let message = format!("two steps are named {}", quoted(name));
                self.sheet.wrong(draft.at, message, "name them apart: decisions are told by step");
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Then,
    Else,
}

const WAYS: &[(&str, Way)] = &[("else", Way::Else), ("then", Way::Then)];
/// Whether feeds must have said that they are complete.
const DEGREES: &[(&str, bool)] = &[("presumed", false), ("known", true)];

/// Channels that messages go over.
const SENDING: [Channel; 1] = [Channel::Email];

fn sending_channel(sheet: &Sheet<'_>, node: &Node) -> Read<Channel> {
    let (channel, form) = channel(sheet, node)?;
    if SENDING.contains(&channel) {
        return Some((channel, form));
    }
    let message = format!("messages do not go over {}", channel.word());
    let words = SENDING.map(Channel::word).join(", ");
    sheet.wrong(node.at.start, message, format!("write one of: {words}"));
    None
}

/// `skip`, `send`, `send without the offer`
fn patience_end(sheet: &Sheet<'_>, node: &Node, offers: bool) -> Read<OnPatienceEnd> {
    let (text, _) = line(sheet, node)?;
    let words = if offers { ["skip", "send without the offer"] } else { ["skip", "send"] };
    match text.to_ascii_lowercase().as_str() {
        "skip" => Some((OnPatienceEnd::Skip, Form::text("skip"))),
        found if found == words[1] => Some((OnPatienceEnd::SendWithoutOffer, Form::text(words[1]))),
        "send" => {
            let message = "a maybe never grants an offer";
            sheet.wrong(node.at.start, message, "write \"send without the offer\" or \"skip\"");
            None
        }
        "send without the offer" => {
            sheet.wrong(node.at.start, "this message has no offer", "write \"send\" or \"skip\"");
            None
        }
        _ => {
            let message = format!("{} is nothing that can be done then", quoted(&text));
            sheet.wrong(node.at.start, message, write_instead(&text, words, "write \"skip\""));
            None
        }
    }
}

/// `4 hours` elapse; `1 day`, `2 days at 09:00`, `tomorrow at 9:00`, `until 18:00` go by the calendar.
fn wait(sheet: &Sheet<'_>, node: &Node) -> Read<StepKind> {
    let (text, _) = line(sheet, node)?;
    match parse_wait(&text) {
        Ok(kind) => {
            let form = Form::Text(print_wait(&kind));
            Some((kind, form))
        }
        Err((message, cure)) => {
            sheet.wrong(node.at.start, message, cure);
            None
        }
    }
}

fn parse_wait(text: &str) -> Result<StepKind, (String, String)> {
    let (length, time) = match text.strip_prefix("until ") {
        Some(time) => (None, Some(time)),
        None => match text.split_once(" at ") {
            Some((length, time)) => (Some(length.trim()), Some(time)),
            None => (Some(text), None),
        },
    };
    let at_minute = match time {
        Some(time) => Some(parse_time_of_day(time).ok_or_else(|| {
            let cure = "write hours and minutes: 09:00".to_owned();
            (format!("{} is no time of day", quoted(time)), cure)
        })?),
        None => None,
    };
    let days = match length {
        None => 0,
        Some("tomorrow") => 1,
        Some(length) => {
            let ms = parse_duration(length)?;
            let by_day =
                |word: &String| matches!(word.to_ascii_lowercase().chars().next(), Some('d' | 'w'));
            let words = split_units(length);
            let units: Vec<&String> = words.iter().skip(1).step_by(2).collect();
            if !units.iter().copied().any(by_day) {
                if at_minute.is_some() {
                    let message =
                        format!("{} mixes elapsed hours with a time of day", quoted(text));
                    return Err((message, "write days: 1 day at 09:00".to_owned()));
                }
                return Ok(StepKind::Wait { ms });
            }
            if !units.iter().copied().all(by_day) {
                let message =
                    format!("{} mixes days of the calendar with elapsed hours", quoted(text));
                return Err((message, "write two waits, or hours alone".to_owned()));
            }
            ms / DAY
        }
    };
    if days > DAYS_MAX {
        return Err((
            format!("{} is longer than five years", quoted(text)),
            "shorten it".to_owned(),
        ));
    }
    let days = i32::try_from(days).expect("bounded above");
    Ok(StepKind::WaitDays { days, at_minute })
}

fn print_wait(kind: &StepKind) -> String {
    match kind {
        StepKind::WaitDays { days: 0, at_minute: Some(minute) } => {
            format!("until {}", print_time_of_day(*minute))
        }
        StepKind::WaitDays { days, at_minute } => {
            let days = count(i64::from(*days), "day");
            at_minute.map_or(days.clone(), |at| format!("{days} at {}", print_time_of_day(at)))
        }
        StepKind::Wait { ms } => {
            let units = [(HOUR, "hour"), (MINUTE, "minute"), (SECOND, "second")];
            let fits = units.into_iter().find(|(unit, _)| ms % unit == 0);
            let (unit, word) = fits.unwrap_or((SECOND, "second"));
            count(ms / unit, word)
        }
        StepKind::WaitUntil { .. }
        | StepKind::Branch { .. }
        | StepKind::Goto(_)
        | StepKind::Send(_)
        | StepKind::Exit => String::new(),
    }
}

/// Gives every step a name: its own, else one made from its place among the written steps.
fn named(drafts: Vec<Draft>) -> Vec<Step> {
    let given: Vec<String> = drafts.iter().filter_map(|draft| draft.name.clone()).collect();
    let mut number = 0;
    let mut steps: Vec<Step> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        number += usize::from(draft.written);
        let name = draft.name.unwrap_or_else(|| {
            let mut made =
                if draft.written { format!("step-{number}") } else { format!("join-{number}") };
            while given.contains(&made) || steps.iter().any(|step| step.name == made) {
                made.push('+');
            }
            made
        });
        steps.push(Step { name, kind: draft.kind });
    }
    steps
}
