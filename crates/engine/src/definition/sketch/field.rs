//! What can be written of a journey and of its steps, field by field, in the order of files.

use super::super::form::Form;
use super::super::object::ObjectKind;
use super::tree::{kind, text_of, under};
use super::ways::{Ways, ways_of};
use super::{At, Sketch};

/// What is written into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldSort {
    /// A text on one line.
    Line,
    /// A condition.
    Condition,
    /// One of some words; the first one is what holds where nothing is written.
    Word(&'static [&'static str]),
    /// One thing a line: what starts a journey.
    Lines,
    /// `key: value` on each line.
    Pairs,
    /// A channel over which messages go.
    Channel,
    /// The name of another object.
    Named(ObjectKind),
    /// The name of a step.
    Step,
    /// The name of a destination of webhooks.
    Destination,
}

/// A field: its path of keys, what is written there, an example.
pub(super) struct Field {
    pub(super) path: &'static str,
    sort: FieldSort,
    example: &'static str,
    needed: bool,
    /// Whether the example is what holds where nothing is written.
    usual: bool,
    /// Whether it is a list of conditions, each with a field of its own.
    many: bool,
}

/// A field with what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its path: keys and numbers of lists, such as `enter/if` or `ways/0/share`.
    pub path: String,
    /// What is written there.
    pub sort: FieldSort,
    /// An example.
    pub example: &'static str,
    /// Whether something must stand there.
    pub needed: bool,
    /// Whether the example is what holds where nothing is written.
    pub usual: bool,
    /// What stands there.
    pub text: String,
}

const fn field(path: &'static str, sort: FieldSort, example: &'static str) -> Field {
    Field { path, sort, example, needed: false, usual: false, many: false }
}

const fn needed(path: &'static str, sort: FieldSort, example: &'static str) -> Field {
    Field { path, sort, example, needed: true, usual: false, many: false }
}

const fn usual(path: &'static str, example: &'static str) -> Field {
    Field { usual: true, ..field(path, FieldSort::Line, example) }
}

use FieldSort::{Condition, Line, Lines, Named, Pairs, Step, Word};

const NAME: Field = field("name", Line, "");

/// The fields of a journey, without its name and steps.
const RULES: &[Field] = &[
    needed("purpose", Word(&["promotion", "care", "transactional"]), ""),
    needed("enter/on", Lines, "Product Added"),
    field("enter/if", Condition, "cart is open"),
    field("enter/for each", Word(&["person", "cart", "order"]), ""),
    Field { many: true, ..field("exit", Condition, "has ordered since entry") },
    field("goal", Condition, "has ordered since entry"),
    usual("re-entry", "7 days"),
    usual("entry at most", "24 hours old"),
    usual("priority", "0"),
];

const SEND: &[Field] = &[
    needed("send", Line, "reminder"),
    needed("channel", FieldSort::Channel, "email"),
    needed("template", Named(ObjectKind::Template), "cart-reminder"),
    field("otherwise", Pairs, "sms: cart-sms"),
    field("only if", Condition, "cart is open"),
    field("offer", Named(ObjectKind::Offer), "10 % off"),
    field("if not granted", Word(&["skip", "send without the offer"]), ""),
    usual("hold at most", "24 hours"),
    field("if still unknown", Word(&["skip", "send", "send without the offer"]), ""),
    field("deadline", Line, "3 days"),
    field("best hour", Word(&["no", "yes"]), ""),
    field("asks for", Word(&["nothing", "confirmation"]), ""),
    field("feeds complete", Word(&["presumed", "known"]), ""),
];

const SHOW: &[Field] = &[
    needed("show", Line, "greeting"),
    needed("slot", Line, "banner"),
    needed("template", Named(ObjectKind::Template), "welcome-back"),
    needed("for", Line, "3 days"),
    field("only if", Condition, "cart is open"),
    field("feeds complete", Word(&["presumed", "known"]), ""),
];

/// The fields of a step of a kind.
pub(super) fn fields_of(kind: &str) -> &'static [Field] {
    match kind {
        "" => RULES,
        "wait" => const { &[needed("wait", Line, "1 day at 09:00"), NAME] },
        "wait until" => {
            const {
                &[
                    needed("wait until", Condition, "no cart event for 4 hours"),
                    needed("at most", Line, "2 days"),
                    NAME,
                ]
            }
        }
        "wait for" => {
            const {
                &[
                    needed("wait for", Line, "Order Completed"),
                    needed("at most", Line, "2 days"),
                    NAME,
                ]
            }
        }
        "branch" => {
            const {
                &[
                    needed("branch", Condition, "orders at least 2"),
                    NAME,
                    field("if still unknown", Word(&["else", "then"]), ""),
                ]
            }
        }
        "split" => const { &[needed("split", Line, "tone")] },
        "test" => const { &[needed("test", Line, "tone")] },
        "holdout" => const { &[needed("holdout", Line, "control"), needed("share", Line, "10 %")] },
        "send" => SEND,
        "show" => SHOW,
        "set" => const { &[needed("set", Pairs, "tier: gold"), NAME] },
        "add to list" => const { &[needed("add to list", Line, "wine club"), NAME] },
        "notify" => {
            const {
                &[
                    needed("notify", Line, "call them about the returned order"),
                    field("to", Line, "care@shop.example"),
                    NAME,
                ]
            }
        }
        "webhook" => {
            const {
                &[
                    needed("webhook", FieldSort::Destination, "crm"),
                    field("with", Lines, "email"),
                    NAME,
                ]
            }
        }
        "go to" => const { &[needed("go to", Step, "")] },
        "exit" => const { &[field("exit", Line, "enough")] },
        _ => &[],
    }
}

impl Sketch {
    /// The fields of a step with what stands in them; of the journey itself where no place is given.
    /// `None`: nothing is there.
    #[must_use]
    pub fn fields(&self, at: Option<&At>) -> Option<Vec<Written>> {
        let whole;
        let (form, kind, ways) = match at {
            Some(at) => {
                let form = self.form_at(at)?;
                (form, kind(form), ways_of(kind(form)))
            }
            None => {
                whole = Form::Map(self.entries.clone());
                (&whole, "", Ways::Keys(&["journey", "steps"]))
            }
        };
        let mut written = Vec::new();
        for field in fields_of(kind) {
            field.write(form, &mut written);
        }
        let holds: &[&str] = match ways {
            Ways::Keys(keys) => keys,
            Ways::Named(list, item) => {
                named_ways(form, list, item, &mut written);
                &[list]
            }
        };
        others(form, kind, holds, &mut written);
        Some(written)
    }
}

impl Field {
    fn write(&self, form: &Form, written: &mut Vec<Written>) {
        let mut add = |path: String, text: String| {
            let Self { sort, example, needed, usual, .. } = *self;
            written.push(Written { path, sort, example, needed, usual, text });
        };
        let held = found(form, self.path);
        if self.many {
            let texts: Vec<String> = match held {
                Some(Form::List(items)) => items.iter().map(text_of).collect(),
                Some(one) => vec![text_of(one)],
                None => Vec::new(),
            };
            for (number, text) in texts.into_iter().chain([String::new()]).enumerate() {
                add(format!("{}/{number}", self.path), text);
            }
            return;
        }
        // Where a step is no map, its one text is its kind, and says nothing.
        let text = held.map(text_of).unwrap_or_default();
        add(self.path.to_owned(), text);
    }
}

/// What stands under a path of keys. What starts a journey may stand under "enter" itself.
fn found<'f>(form: &'f Form, path: &str) -> Option<&'f Form> {
    let mut form = form;
    for key in path.split('/') {
        form = match form {
            Form::Text(_) | Form::List(_) if path == "enter/on" && key == "on" => form,
            Form::Map(_) | Form::Text(_) | Form::List(_) => under(form, key)?,
        };
    }
    Some(form)
}

/// A name and a share for every way.
fn named_ways(form: &Form, list: &str, item: &str, written: &mut Vec<Written>) {
    let Some(Form::List(items)) = under(form, list) else { return };
    for (number, way) in items.iter().enumerate() {
        let mut add = |key: &str, example: &'static str, needed: bool| {
            written.push(Written {
                path: format!("{list}/{number}/{key}"),
                sort: FieldSort::Line,
                example,
                needed,
                usual: false,
                text: under(way, key).map(text_of).unwrap_or_default(),
            });
        };
        add(item, "a", true);
        add("share", "50 %", false);
    }
}

/// What else stands there: keys that are nobody's, to see and to take away.
fn others(form: &Form, kind: &str, holds: &[&str], written: &mut Vec<Written>) {
    let Form::Map(entries) = form else { return };
    for (key, value) in entries {
        let first = |field: &Field| field.path.split('/').next() == Some(key.as_str());
        if !holds.contains(&key.as_str()) && !fields_of(kind).iter().any(first) {
            let (path, text) = (key.clone(), text_of(value));
            let (sort, example) = (FieldSort::Lines, "");
            let (needed, usual) = (false, false);
            written.push(Written { path, sort, example, needed, usual, text });
        }
    }
}
