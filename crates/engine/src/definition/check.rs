//! From files to a program, or to everything that is wrong with them.

use std::collections::BTreeMap;

use super::compile::compile;
use super::fields::Fields;
use super::form::Form;
use super::mistake::{Findings, Mistake, Notice, Place, quoted};
use super::object::{Object, ObjectKind, ObjectName};
use super::suggest::write_instead;
use super::template::{Attachments, TemplateDraft, normal_path};
use super::units::name;
use super::yaml::{self, Document, FILE_SIZE_MAX, Node, Sheet, Use, Value, not_a};
use super::{
    fits, identity, journey, offer, product, sentence, shop, site, source, template, twice,
};
use crate::condition::{ComputedTrait, Condition, Figure, NESTED_MAX};
use crate::event::Channel;
use crate::identity::IdentityRules;
use crate::journey::Journey;
use crate::offer::Offer;
use crate::product::Product;
use crate::program::{PartialSource, Program, Shop};
use crate::segment::Standing;

/// An object as it was read: where it stands, what it states, its form.
pub(super) struct Stated<T> {
    /// Its name.
    pub(super) name: String,
    /// Where its name stands.
    pub(super) place: Place,
    /// What it states; `None`: mistakes are noted.
    pub(super) value: Option<T>,
    /// Its form.
    pub(super) form: Form,
}

/// Everything that was read.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) shops: Vec<Stated<Shop>>,
    pub(super) sources: Vec<Stated<source::SourceDraft>>,
    pub(super) identity: Vec<Stated<IdentityRules>>,
    pub(super) products: Vec<Stated<Product>>,
    pub(super) traits: Vec<Stated<Figure>>,
    pub(super) segments: Vec<Stated<Condition>>,
    pub(super) offers: Vec<Stated<Offer>>,
    pub(super) partials: Vec<Stated<PartialSource>>,
    pub(super) templates: Vec<Stated<TemplateDraft>>,
    pub(super) journeys: Vec<Stated<Journey>>,
    /// Names that one object uses of another.
    pub(super) uses: Vec<Use>,
    /// Objects in documents that could not be read: they are there, so nothing misses them.
    pub(super) broken: Vec<(ObjectKind, String)>,
}

/// Checks files of definitions and compiles them into a program.
///
/// `files` are names and texts. Files whose names end in `.yaml` or `.yml` hold definitions, one
/// or several objects each; other files are what definitions refer to by path, such as the MJML of
/// a template. The order of files does not matter.
///
/// # Errors
/// All mistakes of all files at once, by file, line and column.
pub fn check(files: &[(String, String)]) -> Result<(Program, Vec<Notice>), Vec<Mistake>> {
    let findings = Findings::default();
    let draft = read_all(files, &findings);
    draft.check_names(&findings);
    draft.check_uses(&findings, &BTreeMap::new());
    draft.check_segments(&findings);
    let shop = draft.shops.first().and_then(|stated| Some((&stated.place, stated.value.as_ref()?)));
    let asked = shop.map_or(&[][..], |(_, shop)| &shop.double_opt_in);
    let asked = (asked, shop.map(|(place, _)| place));
    twice::check(asked, &draft.journeys, &[], &findings);
    fits::check(&draft.journeys, |template| draft.channel_of(template), &findings);
    site::check(&draft.journeys, shop.map_or(&[], |(_, shop)| &shop.slots[..]), &findings);
    let program = compile(draft, &findings);
    let (mistakes, notices) = findings.into_parts();
    if mistakes.is_empty() { Ok((program, notices)) } else { Err(mistakes) }
}

/// Reads all files; what is wrong with single objects is noted.
pub(super) fn read_all(files: &[(String, String)], findings: &Findings) -> Draft {
    let (definitions, others): (Vec<_>, Vec<_>) =
        files.iter().partition(|(name, _)| holds_definitions(name));
    let attachments: Attachments<'_> =
        others.iter().map(|(name, text)| (normal_path(name), text.as_str())).collect();
    let mut draft = Draft::default();
    for (file, text) in definitions {
        if text.len() > FILE_SIZE_MAX {
            let place = Place { file: file.clone(), line: 0, column: 0 };
            let message = format!("the file has {} bytes", text.len());
            findings.mistake(
                place,
                message,
                format!("split it: a file has at most {FILE_SIZE_MAX}"),
            );
            continue;
        }
        let sheet = Sheet::new(file, text, findings);
        for document in yaml::read(&sheet) {
            match document {
                Document::Whole(node) => draft.read(&sheet, &node, &attachments),
                Document::Broken(first) => draft.note_broken(first),
            }
        }
        draft.uses.extend(sheet.uses.into_inner());
    }
    draft
}

fn holds_definitions(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    lower.ends_with(".yaml") || lower.ends_with(".yml")
}

impl Draft {
    fn read(&mut self, sheet: &Sheet<'_>, node: &Node, attachments: &Attachments<'_>) {
        // A document of comments alone.
        if node.blank() {
            return;
        }
        let Some((key, kind)) = kind_of(sheet, node) else { return };
        let place = sheet.place(key.at.start);
        match kind {
            ObjectKind::Shop => {
                if let Some((name, value, form)) = shop::read(sheet, node) {
                    self.shops.push(Stated { name, place, value, form });
                }
            }
            ObjectKind::Source => {
                if let Some((name, value, form)) = source::read(sheet, node) {
                    self.sources.push(Stated { name, place, value, form });
                }
            }
            ObjectKind::Identity => {
                if let Some((value, form)) = identity::read(sheet, node) {
                    self.identity.push(Stated { name: String::new(), place, value, form });
                }
            }
            ObjectKind::Product => {
                for (name, place, value, form) in product::read(sheet, node) {
                    self.products.push(Stated { name, place, value, form });
                }
            }
            ObjectKind::Trait => self.read_trait(sheet, node, place),
            ObjectKind::Segment => self.read_segment(sheet, node, place),
            ObjectKind::Offer => {
                if let Some((name, value, form)) = offer::read(sheet, node) {
                    self.offers.push(Stated { name, place, value, form });
                }
            }
            ObjectKind::Partial => {
                if let Some((name, value, form)) = template::read_partial(sheet, node, attachments)
                {
                    self.partials.push(Stated { name, place, value, form });
                }
            }
            ObjectKind::Template => {
                if let Some((name, value, form)) = template::read(sheet, node, attachments) {
                    self.templates.push(Stated { name, place, value, form });
                }
            }
            ObjectKind::Journey => {
                if let Some((name, value, form)) = journey::read(sheet, node) {
                    self.journeys.push(Stated { name, place, value, form });
                }
            }
        }
    }

    /// The channel that messages of a template go over, if it was read.
    pub(super) fn channel_of(&self, template: &str) -> Option<Channel> {
        let stated = self.templates.iter().find(|stated| stated.name == template)?;
        stated.value.as_ref().map(TemplateDraft::channel)
    }

    fn read_trait(&mut self, sheet: &Sheet<'_>, node: &Node, place: Place) {
        let example = "trait: favourite category";
        let Some(mut fields) = Fields::of(sheet, node, "the trait", example) else { return };
        let trait_name = fields.required("trait", "favourite category", name);
        let example = "most frequent category of event \"Product Viewed\" in the last 90 days";
        let value = fields.required("as", example, sentence::figure);
        let form = fields.done();
        if self.traits.len() == ComputedTrait::COUNT_MAX {
            let message = format!("there are more than {} traits", ComputedTrait::COUNT_MAX);
            sheet.wrong(node.at.start, message, "take away those that nobody uses");
        }
        if let Some(name) = trait_name {
            self.traits.push(Stated { name, place, value, form });
        }
    }

    fn read_segment(&mut self, sheet: &Sheet<'_>, node: &Node, place: Place) {
        let example = "segment: regular buyers";
        let Some(mut fields) = Fields::of(sheet, node, "the segment", example) else { return };
        let segment_name = fields.required("segment", "regular buyers", name);
        let example = "orders at least 2 in the last 90 days";
        let value = fields.required("when", example, sentence::outside);
        let form = fields.done();
        if let Some(name) = segment_name {
            self.segments.push(Stated { name, place, value, form });
        }
    }

    fn note_broken(&mut self, first: Option<(String, String)>) {
        let Some((key, name)) = first else { return };
        let kind = ObjectKind::ALL.into_iter().find(|kind| kind.key() == key);
        self.broken.extend(kind.map(|kind| (kind, name)));
    }

    /// Every name stands once among those of its kind.
    pub(super) fn check_names(&self, findings: &Findings) {
        let mut held: BTreeMap<(ObjectKind, &str), &Place> = BTreeMap::new();
        for (kind, name, place) in self.names() {
            let alone = matches!(kind, ObjectKind::Shop | ObjectKind::Identity);
            let key = (kind, if alone { "" } else { name });
            let Some(first) = held.get(&key) else {
                held.insert(key, place);
                continue;
            };
            let (message, cure) = match kind {
                ObjectKind::Shop => {
                    (format!("a second shop, {}", quoted(name)), "keep one of the two")
                }
                ObjectKind::Identity => ("more rules of identity".to_owned(), "put them together"),
                ObjectKind::Source
                | ObjectKind::Product
                | ObjectKind::Trait
                | ObjectKind::Segment
                | ObjectKind::Offer
                | ObjectKind::Partial
                | ObjectKind::Template
                | ObjectKind::Journey => {
                    (format!("a second {} named {}", kind.word(), quoted(name)), "name them apart")
                }
            };
            findings.mistake(
                place.clone(),
                message,
                format!("{cure}: the first stands at {first}"),
            );
        }
    }

    /// The names of all objects, with their places, in the order of the files.
    pub(super) fn names(&self) -> Vec<(ObjectKind, &str, &Place)> {
        fn of<T>(
            kind: ObjectKind,
            all: &[Stated<T>],
        ) -> impl Iterator<Item = (ObjectKind, &str, &Place)> {
            all.iter().map(move |stated| (kind, stated.name.as_str(), &stated.place))
        }
        let mut names: Vec<(ObjectKind, &str, &Place)> = of(ObjectKind::Shop, &self.shops)
            .chain(of(ObjectKind::Source, &self.sources))
            .chain(of(ObjectKind::Identity, &self.identity))
            .chain(of(ObjectKind::Product, &self.products))
            .chain(of(ObjectKind::Trait, &self.traits))
            .chain(of(ObjectKind::Segment, &self.segments))
            .chain(of(ObjectKind::Offer, &self.offers))
            .chain(of(ObjectKind::Partial, &self.partials))
            .chain(of(ObjectKind::Template, &self.templates))
            .chain(of(ObjectKind::Journey, &self.journeys))
            .collect();
        names.sort_by(|left, right| left.2.cmp(right.2));
        names
    }

    /// Every name that is used is defined here, or among `others`.
    pub(super) fn check_uses(&self, findings: &Findings, others: &BTreeMap<ObjectName, Object>) {
        let names = self.names();
        let known = |kind: ObjectKind| {
            let stated = names.iter().filter(move |name| name.0 == kind).map(|name| name.1);
            let broken = self.broken.iter().filter(move |name| name.0 == kind);
            let beside = others.keys().filter(move |name| name.kind == kind);
            stated
                .chain(broken.map(|name| name.1.as_str()))
                .chain(beside.map(|name| name.name.as_str()))
        };
        for usage in &self.uses {
            let name = ObjectName { kind: usage.kind, name: usage.name.clone() };
            if others.contains_key(&name) {
                continue;
            }
            if known(usage.kind).any(|name| name == usage.name) {
                continue;
            }
            let word = usage.kind.word();
            let message = format!("there is no {word} named {}", quoted(&usage.name));
            if usage.kind == ObjectKind::Product {
                // Products may be learned from events, so that nothing has to be declared.
                if known(ObjectKind::Product).next().is_some() {
                    findings
                        .notice(usage.place.clone(), format!("{message} among the declared ones"));
                }
                continue;
            }
            let cure =
                write_instead(&usage.name, known(usage.kind), &format!("define that {word}"));
            findings.mistake(usage.place.clone(), message, cure);
        }
    }
}

impl Draft {
    /// No segment is made of itself, nor of others within others deeper than is asked, and all of
    /// them can be kept.
    fn check_segments(&self, findings: &Findings) {
        let known: BTreeMap<String, Condition> = self
            .segments
            .iter()
            .filter_map(|stated| Some((stated.name.clone(), stated.value.clone()?)))
            .collect();
        let mut depths = BTreeMap::new();
        for (number, stated) in self.segments.iter().enumerate() {
            if number == Standing::SEGMENTS_MAX {
                let message = format!("there are more than {number} segments");
                let cure = "take away those that nobody uses";
                findings.mistake(stated.place.clone(), message, cure.to_owned());
            }
            let Some(condition) = &stated.value else { continue };
            let reads = condition.reads_through(&known).segments;
            if reads.contains(&stated.name) {
                let message = format!("the segment {} is made of itself", quoted(&stated.name));
                let through: Vec<String> = reads.iter().map(|name| quoted(name)).collect();
                let cure = format!("take one of these out of another: {}", through.join(", "));
                findings.mistake(stated.place.clone(), message, cure);
            } else if depth(condition, &known, &mut depths) == NESTED_MAX {
                // Those that name it are deeper still: one is told of a chain.
                let name = quoted(&stated.name);
                let message = format!("the segment {name} is {NESTED_MAX} segments deep");
                let cure = "write what the innermost ones say in its own condition";
                findings.mistake(stated.place.clone(), message, cure.to_owned());
            }
        }
    }
}

/// How many segments stand within each other in a condition. What is in a circle counts as none.
fn depth(
    condition: &Condition,
    known: &BTreeMap<String, Condition>,
    depths: &mut BTreeMap<String, usize>,
) -> usize {
    let mut deepest = 0;
    for name in condition.reads().segments {
        let Some(inner) = known.get(&name) else { continue };
        let held = depths.get(&name).copied();
        let within = held.unwrap_or_else(|| {
            depths.insert(name.clone(), 0);
            let within = depth(inner, known, depths);
            depths.insert(name, within);
            within
        });
        deepest = deepest.max(within + 1);
    }
    deepest
}

/// Which kind of object a document defines, by its first key; that key's node.
fn kind_of<'n>(sheet: &Sheet<'_>, node: &'n Node) -> Option<(&'n Node, ObjectKind)> {
    let first = match &node.value {
        Value::Map(entries) => entries.first().map(|(key, _)| key),
        Value::List(_) | Value::Text(_) => None,
    };
    let Some(key) = first else {
        not_a(sheet, node, "an object", "journey: cart");
        return None;
    };
    let word = key.text().map_or("", str::trim);
    if let Some(kind) = ObjectKind::ALL.into_iter().find(|kind| kind.key() == word) {
        return Some((key, kind));
    }
    let keys = ObjectKind::ALL.map(ObjectKind::key);
    let message = format!("nothing that is known begins with {}", quoted(word));
    let later = match &node.value {
        Value::Map(entries) => entries.iter().find_map(|(key, _)| {
            let word = key.text()?.trim();
            keys.into_iter().find(|key| *key == word)
        }),
        Value::List(_) | Value::Text(_) => None,
    };
    let cure = match later {
        Some(later) => {
            format!("put the line that begins with \"{later}\" first: it says what this is")
        }
        None => write_instead(word, keys, "begin with what this is"),
    };
    sheet.wrong(key.at.start, message, cure);
    None
}
