//! Reading steps: nested in files, one after the other in a journey, with jumps for branches.

use std::collections::BTreeMap;

use super::constant::{self, sensible};
use super::fields::{Fields, Read};
use super::form::Form;
use super::graph;
use super::mistake::quoted;
use super::object::ObjectKind;
use super::offer::named_or_stated;
use super::suggest::write_instead;
use super::units::{channel, duration, kind, line, name, word, yes_no};
use super::waits::wait;
use super::yaml::{Node, Sheet, Value, not_a};
use crate::condition::{Condition, Filter, Limit, Window};
use crate::event::{Channel, Value as EventValue};
use crate::identity::{Identifier, IdentifierKind};
use crate::journey::{Journey, OnPatienceEnd, Otherwise, Send, Step, StepKind};
use crate::profile::list_trait;

/// A journey has so many steps at most, jumps included.
const STEPS_MAX: usize = 1_000;

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

pub(super) struct Reader<'r> {
    pub(super) sheet: &'r Sheet<'r>,
    pub(super) drafts: Vec<Draft>,
    /// Jumps to named steps: the draft, the name, where it stands.
    jumps: Vec<(usize, String, usize)>,
    /// Whether everything could be read so far.
    whole: bool,
}

/// The keys of which every step has exactly one.
pub const KINDS: [&str; 15] = [
    "wait",
    "wait until",
    "wait for",
    "branch",
    "split",
    "test",
    "holdout",
    "send",
    "show",
    "set",
    "add to list",
    "notify",
    "webhook",
    "go to",
    "exit",
];

impl Reader<'_> {
    pub(super) fn block(&mut self, node: &Node) -> Form {
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

    pub(super) fn push(&mut self, name: Option<String>, at: usize, kind: StepKind) -> usize {
        self.drafts.push(Draft { name, at, written: true, kind });
        self.drafts.len() - 1
    }

    pub(super) fn next(&self) -> u32 {
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
            "wait for" => self.wait_for(&mut fields),
            "branch" => self.branch(&mut fields),
            "split" => self.split(&mut fields),
            "test" => self.test(&mut fields),
            "holdout" => self.holdout(&mut fields),
            "send" => self.send(&mut fields),
            "show" => self.show(&mut fields),
            "set" => self.set(&mut fields),
            "add to list" => self.add_to_list(&mut fields),
            "notify" => self.notify(&mut fields),
            "webhook" => self.webhook(&mut fields),
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
        let condition = fields.optional("wait until", sensible(constant::WAIT));
        let (at_most_ms, wait, otherwise) = self.limited(fields, at);
        let (condition, at_most_ms) = condition.zip(at_most_ms)?;
        self.drafts[wait].kind = StepKind::WaitUntil { condition, at_most_ms, otherwise };
        Some(())
    }

    fn wait_for(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("wait for");
        let kind = fields.optional("wait for", kind);
        let (at_most_ms, wait, otherwise) = self.limited(fields, at);
        let (kind, at_most_ms) = kind.zip(at_most_ms)?;
        let happened = Condition::Event {
            kind: kind.clone(),
            limit: Limit::ONCE,
            filter: Filter::default(),
            window: Window::SinceEntry,
        };
        self.drafts[wait].kind = StepKind::WaitFor { kind, happened, at_most_ms, otherwise };
        Some(())
    }

    /// The rest of a wait that has a limit: how long, its name, and what is done where the time is
    /// up. Returns the limit, the wait's draft, and where it goes on then.
    fn limited(&mut self, fields: &mut Fields<'_>, at: usize) -> (Option<i64>, usize, u32) {
        let at_most_ms = fields.required("at most", "2 days", duration);
        let step_name = fields.optional("name", name);
        let wait = self.push(step_name, at, StepKind::Exit);
        let Some(otherwise) = fields.node("else") else { return (at_most_ms, wait, self.next()) };
        let join = self.join(at);
        let begins = self.next();
        let form = self.block(otherwise);
        fields.write("else", form);
        self.join_here(join);
        (at_most_ms, wait, begins)
    }

    /// A jump over the way that is read next, to whatever follows it.
    pub(super) fn join(&mut self, at: usize) -> usize {
        self.drafts.push(Draft { name: None, at, written: false, kind: StepKind::Goto(0) });
        self.drafts.len() - 1
    }

    /// Lets such a jump lead to the next step that is read.
    pub(super) fn join_here(&mut self, join: usize) {
        self.drafts[join].kind = StepKind::Goto(self.next());
    }

    fn branch(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("branch");
        let condition = fields.optional("branch", sensible(constant::BRANCH));
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
        let joins = otherwise.is_some() && self.goes_on(branch + 1);
        let join = joins.then(|| self.join(at));
        let otherwise_at = self.next();
        if let Some(otherwise) = otherwise {
            let form = self.block(otherwise);
            fields.write("else", form);
        }
        if let Some(join) = join {
            self.join_here(join);
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

    /// Whether the steps from number `from` on go on to what follows them: by the last one, by a
    /// jump that joins inner ways, or by an inner way that is empty.
    pub(super) fn goes_on(&self, from: usize) -> bool {
        let end = self.next();
        let inner = &self.drafts[from..];
        let falls = inner
            .last()
            .is_none_or(|last| !matches!(last.kind, StepKind::Exit | StepKind::Goto(_)));
        falls
            || (from..).zip(inner).any(|(number, draft)| {
                let number = u32::try_from(number).expect("a file holds fewer steps");
                // What comes after the last step was asked above.
                let jumps = draft.kind.followers(number).into_iter();
                jumps.filter(|to| *to != number + 1).any(|to| to == end)
            })
    }

    fn send(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("send");
        let step_name = fields.optional("send", name);
        let channel = fields.required("channel", "email", sending_channel);
        let template_at = fields.place_of_value("template");
        let template = fields.required("template", "cart-reminder", name);
        let otherwise = self.otherwise(fields, channel);
        let conditional = fields.has("only if");
        let only_if = fields.optional("only if", sensible(constant::ONLY_IF));
        let offer = fields.optional("offer", named_or_stated);
        let if_refused = fields.or("if not granted", OnPatienceEnd::Skip, if_refused);
        if fields.has("if not granted") && !fields.has("offer") {
            let at = fields.place_of("if not granted");
            self.sheet.wrong(at, "this message has no offer", "leave it out, or add an offer");
        }
        let patience_ms = fields.or("hold at most", Send::PATIENCE_MS, duration);
        let on_patience_end = fields.or("if still unknown", OnPatienceEnd::Skip, |sheet, node| {
            patience_end(sheet, node, offer.is_some())
        });
        let deadline_ms = fields.optional("deadline", duration);
        let at_best_hour = fields.or("best hour", false, yes_no);
        let asks_to_confirm = fields.or("asks for", false, word("thing to ask for", ASKED_FOR));
        let known_complete =
            fields.or("feeds complete", false, word("degree of completeness", DEGREES));
        if let Some(template) = &template {
            self.sheet.uses(template_at, ObjectKind::Template, template);
        }
        if asks_to_confirm && !otherwise.is_empty() {
            let at = fields.place_of("otherwise");
            let message = "a question for a confirmation goes to the address that said yes";
            self.sheet.wrong(at, message, "leave \"otherwise\" out, and ask over each channel");
        }
        if conditional && only_if.is_none() {
            return None;
        }
        let kind = StepKind::Send(Send {
            channel: channel?,
            template: template?,
            otherwise,
            only_if,
            patience_ms,
            on_patience_end,
            known_complete,
            offer,
            if_refused,
            deadline_ms,
            at_best_hour,
            asks_to_confirm,
        });
        self.push(Some(step_name?), at, kind);
        Some(())
    }

    /// `otherwise: { sms: cart-sms }`: the channels that come after the first, with their templates.
    fn otherwise(&self, fields: &mut Fields<'_>, first: Option<Channel>) -> Vec<Otherwise> {
        let named: Vec<(Channel, String, usize)> = fields.or("otherwise", Vec::new(), otherwise);
        let mut held: Vec<Channel> = first.into_iter().collect();
        for (channel, template, at) in &named {
            if held.contains(channel) {
                let message = format!("the message goes over {} already", channel.word());
                self.sheet.wrong(*at, message, "name each channel once");
            }
            held.push(*channel);
            self.sheet.uses(*at, ObjectKind::Template, template);
        }
        let other = |(channel, template, _)| Otherwise { channel, template };
        named.into_iter().map(other).collect()
    }

    fn set(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("set");
        let traits = fields.optional("set", traits);
        let step_name = fields.optional("name", name);
        self.push(step_name, at, StepKind::Set { traits: traits? });
        Some(())
    }

    /// A static list is a trait that says so, as an upload of staff states it.
    fn add_to_list(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("add to list");
        let list = fields.optional("add to list", name);
        let step_name = fields.optional("name", name);
        let traits = BTreeMap::from([(list_trait(&list?), EventValue::Bool(true))]);
        self.push(step_name, at, StepKind::Set { traits });
        Some(())
    }

    fn notify(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("notify");
        let text = fields.optional("notify", line);
        let stated = fields.has("to");
        let to = fields.optional("to", staff_address);
        let step_name = fields.optional("name", name);
        if stated && to.is_none() {
            return None;
        }
        self.push(step_name, at, StepKind::Notify { text: text?, to });
        Some(())
    }

    fn webhook(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let at = fields.place_of("webhook");
        let to = fields.optional("webhook", name);
        let stated = fields.has("with");
        let with = fields.optional("with", told_traits);
        let step_name = fields.optional("name", name);
        if stated && with.is_none() {
            return None;
        }
        self.push(step_name, at, StepKind::Webhook { to: to?, with: with.unwrap_or_default() });
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

/// What a message can ask its reader for.
const ASKED_FOR: &[(&str, bool)] = &[("confirmation", true)];

/// The numbers of a journey's steps that somebody wrote, in the order in which
/// [`Sketch::steps`](super::Sketch::steps) has them: the jumps that join ways again are nobody's.
#[must_use]
pub fn written(journey: &Journey) -> Vec<u32> {
    let joins = |step: &Step| matches!(step.kind, StepKind::Goto(_)) && step.name.starts_with(JOIN);
    let steps = (0_u32..).zip(&journey.steps);
    steps.filter(|(_, step)| !joins(step)).map(|(number, _)| number).collect()
}

/// The words of the channels that messages go over.
#[must_use]
pub fn sending_channels() -> Vec<&'static str> {
    Channel::OF_MESSAGES.iter().map(|channel| channel.word()).collect()
}

fn sending_channel(sheet: &Sheet<'_>, node: &Node) -> Read<Channel> {
    let (channel, form) = channel(sheet, node)?;
    if Channel::OF_MESSAGES.contains(&channel) {
        return Some((channel, form));
    }
    let message = format!("messages do not go over {}", channel.word());
    let words = Channel::OF_MESSAGES.map(Channel::word).join(", ");
    sheet.wrong(node.at.start, message, format!("write one of: {words}"));
    None
}

/// Channels with their templates, in the order in which they are tried.
fn otherwise(sheet: &Sheet<'_>, node: &Node) -> Read<Vec<(Channel, String, usize)>> {
    let Value::Map(entries) = &node.value else {
        not_a(sheet, node, "a map of channels to templates", "{ sms: cart-sms }");
        return None;
    };
    let (mut named, mut forms) = (Vec::new(), Vec::new());
    for (key, value) in entries {
        let ((channel, _), (template, form)) = (sending_channel(sheet, key)?, name(sheet, value)?);
        forms.push((channel.word().to_owned(), form));
        named.push((channel, template, value.at.start));
    }
    Some((named, Form::Map(forms)))
}

/// An address of the shop's own, which is told what a journey asks for.
fn staff_address(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, _) = line(sheet, node)?;
    let Some(address) = Identifier::new(IdentifierKind::Email, &text) else {
        let message = format!("{} is no e-mail address", quoted(&text));
        let cure = "write one of your own, such as care@shop.example; the customer is told nothing";
        sheet.wrong(node.at.start, message, cure);
        return None;
    };
    let address = address.value().to_owned();
    let form = Form::text(address.clone());
    Some((address, form))
}

/// The traits and identifiers that a webhook tells, each once.
fn told_traits(sheet: &Sheet<'_>, node: &Node) -> Read<Vec<String>> {
    let one = std::slice::from_ref(node);
    let items = if let Value::List(items) = &node.value { items } else { one };
    if items.is_empty() || items.len() > TRAITS_MAX {
        let message = format!("a webhook tells 1 to {TRAITS_MAX} traits");
        sheet.wrong(node.at.start, message, "write them as [ email, tier ]");
        return None;
    }
    let mut told: Vec<String> = Vec::new();
    for item in items {
        let (trait_name, _) = name(sheet, item)?;
        if told.contains(&trait_name) {
            let message = format!("the trait {} is told twice", quoted(&trait_name));
            sheet.wrong(item.at.start, message, "keep one of the two");
            return None;
        }
        told.push(trait_name);
    }
    let form = match told.as_slice() {
        [one] => Form::text(one.as_str()),
        several => Form::List(several.iter().map(|name| Form::text(name.as_str())).collect()),
    };
    Some((told, form))
}

/// So many traits are more than one step states.
const TRAITS_MAX: usize = 20;

/// `{ tier: gold, points: 0, invited: yes }`: texts, whole numbers, and yes or no.
fn traits(sheet: &Sheet<'_>, node: &Node) -> Read<BTreeMap<String, EventValue>> {
    let Value::Map(entries) = &node.value else {
        not_a(sheet, node, "a map of traits", "{ tier: gold }");
        return None;
    };
    if entries.is_empty() || entries.len() > TRAITS_MAX {
        let message = format!("a step sets 1 to {TRAITS_MAX} traits");
        sheet.wrong(node.at.start, message, "write them as { tier: gold }");
        return None;
    }
    let (mut traits, mut forms) = (BTreeMap::new(), Vec::new());
    for (key, value) in entries {
        let ((trait_name, _), (text, _)) = (name(sheet, key)?, line(sheet, value)?);
        if RESERVED_TRAITS.contains(&trait_name.to_ascii_lowercase().as_str()) {
            let message = format!("the trait {} says who somebody is", quoted(&trait_name));
            sheet.wrong(key.at.start, message, "set a trait of another name");
            return None;
        }
        let stated = match (text.as_str(), text.parse::<i64>()) {
            ("yes" | "true", _) => EventValue::Bool(true),
            ("no" | "false", _) => EventValue::Bool(false),
            (_, Ok(number)) => EventValue::Integer(number),
            (_, Err(_)) => EventValue::Text(text.clone()),
        };
        let form = match &stated {
            EventValue::Bool(true) => "yes".to_owned(),
            EventValue::Bool(false) => "no".to_owned(),
            EventValue::Integer(number) => number.to_string(),
            EventValue::Text(_)
            | EventValue::Null
            | EventValue::Number(_)
            | EventValue::List(_)
            | EventValue::Map(_) => text,
        };
        if traits.insert(trait_name.clone(), stated).is_some() {
            let message = format!("the trait {} is set twice", quoted(&trait_name));
            sheet.wrong(key.at.start, message, "keep one of the two");
            return None;
        }
        forms.push((trait_name, Form::Text(form)));
    }
    forms.sort_by(|left, right| left.0.cmp(&right.0));
    Some((traits, Form::Map(forms)))
}

/// Traits by which sources tell who somebody is: a journey must not make that up.
const RESERVED_TRAITS: [&str; 7] =
    ["email", "phone", "id", "user_id", "loyalty_id", "customer_id", "anonymous_id"];

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

/// What happens to a message whose offer may surely not be given: `skip`, `send without the offer`
fn if_refused(sheet: &Sheet<'_>, node: &Node) -> Read<OnPatienceEnd> {
    patience_end(sheet, node, true)
}

/// What the names of jumps begin with that nobody wrote; a jump that somebody wrote bears no name
/// of its own, and is named as a step.
pub(super) const JOIN: &str = "join-";

/// Gives every step a name: its own, else one made from its place among the written steps.
fn named(drafts: Vec<Draft>) -> Vec<Step> {
    let given: Vec<String> = drafts.iter().filter_map(|draft| draft.name.clone()).collect();
    let mut number = 0;
    let mut steps: Vec<Step> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        number += usize::from(draft.written);
        let name = draft.name.unwrap_or_else(|| {
            let mut made =
                if draft.written { format!("step-{number}") } else { format!("{JOIN}{number}") };
            while given.contains(&made) || steps.iter().any(|step| step.name == made) {
                made.push('+');
            }
            made
        });
        steps.push(Step { name, kind: draft.kind });
    }
    steps
}
