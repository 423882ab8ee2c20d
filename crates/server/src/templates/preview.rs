//! A template as somebody would get it at this moment, with stand-ins for what only a journey knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use regulars_deliver::sms::{Counted, count};
use regulars_deliver::template::{Asked, SiteError};
use regulars_deliver::{Compiled, Rendered};
use regulars_engine::decision::Message;
use regulars_engine::event::{Channel, Code, CodeKind, Line, Purpose};
use regulars_engine::guard::{address_kind, addresses};
use regulars_engine::identity::{Identifier, IdentifierKind, KeySalt, PersonId};
use regulars_engine::offer::Given;
use regulars_engine::product::Catalogue;
use regulars_engine::program::{Program, SiteTemplate, TemplateSource};
use regulars_engine::record::Record;
use regulars_engine::segment::computed;
use regulars_engine::time::{DAY, Timestamp};
use regulars_engine::truth::Truth;
use regulars_engine::wording::stated;
use regulars_store::{Reader, StoreError};
use serde_json::Value;

use super::on_site::drawn;
use crate::live::{Lists, compile, message_context, purpose_of, site_context};
use crate::segments::Around;
use crate::site::compile_on_site;
use crate::ui::view::reply::stop_line;

/// Products that stand in for a cart where somebody has none.
const STAND_INS: usize = 3;

/// What was made up for a preview, since nothing real was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StandIn {
    /// The products: some of the catalogue.
    Products,
    /// The offer's code.
    Offer,
}

impl StandIn {
    /// As programs read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Products => "products",
            Self::Offer => "offer",
        }
    }
}

/// A template as somebody would get it.
#[derive(Clone, Debug)]
pub struct Preview {
    /// In which language.
    pub language: String,
    /// What it comes to, or why it cannot be made for this person.
    pub made: Result<Rendered, String>,
    /// What was made up.
    pub stand_ins: Vec<StandIn>,
    /// What a text message comes to; `None`: it is mail, or cannot be made.
    pub counted: Option<Counted>,
}

/// Renders one template for many people: what they share is read and compiled once.
#[derive(Debug)]
pub struct Previews<'p> {
    around: Around<'p>,
    program: &'p Program,
    template: String,
    purpose: Purpose,
    channel: Channel,
    salt: KeySalt,
    now: Timestamp,
    by_languages: BTreeMap<Vec<String>, Result<Arc<Readied>, String>>,
}

/// A template in some languages, and what is read from it once for all people.
#[derive(Debug)]
pub(super) struct Readied {
    pub(super) compiled: Compiled,
    pub(super) asked: Vec<Asked>,
}

/// What one person's message is made of.
pub(super) struct Filled {
    pub(super) languages: Vec<String>,
    pub(super) readied: Result<Arc<Readied>, String>,
    pub(super) context: Value,
    pub(super) stand_ins: Vec<StandIn>,
}

impl<'p> Previews<'p> {
    /// Begins to render a template of `program`, as of `now`.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn begin<R: Reader>(
        reader: &R,
        program: &'p Program,
        template: &str,
        salt: KeySalt,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        Ok(Self::of(Around::read(reader, program)?, program, template, salt, now))
    }

    /// The same with no store: for definitions that are tried before anything is kept.
    #[must_use]
    pub fn bare(program: &'p Program, template: &str, salt: KeySalt, now: Timestamp) -> Self {
        Self::of(Around::bare(program), program, template, salt, now)
    }

    fn of(
        around: Around<'p>,
        program: &'p Program,
        template: &str,
        salt: KeySalt,
        now: Timestamp,
    ) -> Self {
        Self {
            around,
            program,
            template: template.to_owned(),
            purpose: purpose_of(program, template),
            channel: channel_of(program, template),
            salt,
            now,
            by_languages: BTreeMap::new(),
        }
    }

    /// The template's name.
    pub(super) fn template(&self) -> &str {
        &self.template
    }

    /// What conditions are asked with.
    pub(super) fn around(&self) -> &Around<'p> {
        &self.around
    }

    /// The template as the person would get it; without one as somebody would of whom nothing is
    /// known. `language` is read in place of the person's own.
    pub fn preview(&mut self, record: Option<&Record>, language: Option<&str>) -> Preview {
        if let Some(shown) = self.program.site_templates.get(&self.template) {
            return self.on_site(shown, record, language);
        }
        let filled = self.fill(record, language);
        let made = filled.readied.and_then(|readied| {
            readied.compiled.render(&filled.context).map_err(|error| error.to_string())
        });
        let language = filled.languages.into_iter().next().unwrap_or_default();
        let text = made.as_ref().ok().filter(|_| self.channel == Channel::Sms);
        let counted = text.map(|made| count(&made.text));
        Preview { language, made, stand_ins: filled.stand_ins, counted }
    }

    /// A message on the site, as the person would see it.
    fn on_site(
        &self,
        shown: &SiteTemplate,
        record: Option<&Record>,
        language: Option<&str>,
    ) -> Preview {
        let wish = language.or_else(|| record.and_then(|record| stated(&record.profile)));
        let languages = self.program.languages_for(&self.template, wish);
        let world = self.around.world();
        let traits = record.map(|record| computed(&world, record, self.now)).unwrap_or_default();
        let mut lines = self.in_cart(record, world.catalogue);
        let prints_cart = [&shown.title, &shown.text].iter().any(|part| part.contains("cart."));
        let mut stand_ins = Vec::new();
        if lines.is_empty() && prints_cart {
            lines = self.program.catalogue.iter().take(STAND_INS).map(line_of).collect();
            stand_ins.push(StandIn::Products);
        }
        let spoken = languages.first().cloned().unwrap_or_default();
        let context = site_context(&world, (record, traits.as_slice()), &lines);
        let made = compile_on_site(shown, &languages)
            .map_err(|errors| {
                let one = |error: &SiteError| format!("{}: {}", error.place.word(), error.error);
                errors.iter().map(one).collect::<Vec<_>>().join("; ")
            })
            .and_then(|compiled| compiled.render(&context).map_err(|error| error.to_string()))
            .map(|parts| drawn(&parts, &spoken));
        Preview { language: spoken, made, stand_ins, counted: None }
    }

    /// What is open in a person's cart.
    fn in_cart(&self, record: Option<&Record>, catalogue: &Catalogue) -> Vec<Line> {
        record.map_or_else(Vec::new, |record| {
            let profile = &record.profile;
            let held = profile.cart.lines(&profile.orders, catalogue, self.now);
            let open = held.into_iter().filter(|line| line.open == Truth::True);
            open.map(|line| line.line.clone()).collect()
        })
    }

    pub(super) fn fill(&mut self, record: Option<&Record>, language: Option<&str>) -> Filled {
        let wish = language.or_else(|| record.and_then(|record| stated(&record.profile)));
        let languages = self.program.languages_for(&self.template, wish);
        let readied = self.readied(&languages);
        let printed = readied.as_ref().ok().map(|readied| &readied.compiled);
        let lists = printed.map(Lists::of).unwrap_or_default();
        let world = self.around.world();
        let traits = record.map(|record| computed(&world, record, self.now)).unwrap_or_default();
        let (message, stand_ins) = self.message(record, world.catalogue, printed);
        let person = (record, traits.as_slice());
        let mut context =
            message_context(self.program, world.catalogue, person, &message, self.salt, lists);
        let spoken = languages.first().map_or("", String::as_str);
        context["stop_line"] = stop_line(spoken).into();
        // Only an enrollment knows what its request said.
        context["entry"] = serde_json::json!({});
        Filled { languages, readied, context, stand_ins }
    }

    fn readied(&mut self, languages: &[String]) -> Result<Arc<Readied>, String> {
        if let Some(held) = self.by_languages.get(languages) {
            return held.clone();
        }
        let made = compile(self.program, &self.template, self.purpose, languages);
        let made = made.map(|compiled| Arc::new(Readied { asked: compiled.asked(), compiled }));
        self.by_languages.insert(languages.to_vec(), made.clone());
        made
    }

    /// The message that a journey would make: what is open in the cart, and the offer of the step that
    /// sends this template. Its id is none, so its links to ourselves lead to nobody's choices.
    fn message(
        &self,
        record: Option<&Record>,
        catalogue: &Catalogue,
        compiled: Option<&Compiled>,
    ) -> (Message, Vec<StandIn>) {
        // What the template does not print need not be made up.
        let prints = |name| compiled.is_some_and(|compiled| compiled.names(name));
        let mut stand_ins = Vec::new();
        let mut lines = self.in_cart(record, catalogue);
        if lines.is_empty() && prints("cart") {
            lines = self.program.catalogue.iter().take(STAND_INS).map(line_of).collect();
            stand_ins.push(StandIn::Products);
        }
        let offer = self.offer();
        stand_ins.extend((offer.is_some() && prints("offer")).then_some(StandIn::Offer));
        let kind = address_kind(self.channel);
        // As the name of a browser it is one, too.
        let nobody =
            if kind == IdentifierKind::Phone { "+12025550100" } else { "somebody@example.com" };
        let nobody = || Identifier::new(kind, nobody).expect("the address is one");
        let recipient =
            record.and_then(|record| address_of(record, self.channel)).unwrap_or_else(nobody);
        let person = record.map_or(PersonId(0), Record::id);
        let message = Message {
            template: self.template.clone(),
            lines,
            without_offer: offer.is_none(),
            offer,
            ..Message::claimed(0, person, (self.channel, recipient), self.purpose, self.now)
        };
        (message, stand_ins)
    }

    fn offer(&self) -> Option<Given> {
        let steps = self.program.journeys.iter().flat_map(|journey| &journey.steps);
        let mut sends = steps.filter_map(|step| step.kind.send());
        let name =
            sends.find_map(|send| send.offer.clone().filter(|_| send.says(&self.template)))?;
        let text = self
            .program
            .offers
            .get(&name)
            .map_or_else(|| name.clone(), |offer| offer.benefit.to_string());
        let until = self.now.plus(7 * DAY);
        Some(Given { offer: name, text, code: "SAMPLE-CODE".to_owned(), until })
    }
}

/// An address of the person for a channel, if there is one.
pub(super) fn address_of(record: &Record, channel: Channel) -> Option<Identifier> {
    if channel == Channel::Push {
        return addresses(record, channel).into_iter().next();
    }
    let kind = address_kind(channel);
    let mut all = record.evidence.nodes.iter().map(|node| &node.identifier);
    all.find(|identifier| identifier.kind == kind).cloned()
}

/// The channel that a template is written for.
pub(super) fn channel_of(program: &Program, template: &str) -> Channel {
    if program.site_templates.contains_key(template) {
        return Channel::Web;
    }
    program.templates.get(template).map_or(Channel::Email, TemplateSource::channel)
}

fn line_of(product: &regulars_engine::product::Product) -> Line {
    let code = Code { kind: CodeKind::Product, value: product.id.clone() };
    Line {
        codes: vec![code],
        quantity_milli: 1_000,
        name: Some(product.name.clone()),
        ..Line::default()
    }
}
