//! Templates are compiled when they are saved, so that what could fail at sending is refused before.

use std::collections::{BTreeMap, BTreeSet};

use regulars_deliver::Compiled;
use regulars_deliver::template::{
    Beside, Kind as TemplateKind, Partial, PushTemplate, Template, TemplateError, TextTemplate,
    built_in,
};
use regulars_engine::definition::{Mistake, ObjectKind};
use regulars_engine::event::Purpose;
use regulars_engine::journey::{Journey, StepKind};
use regulars_engine::program::{Program, PushParts, TemplateBody};

use crate::site::site_mistakes;

/// Compiles a template as the definitions state it, with its words in the first of `languages`.
///
/// # Errors
/// What is wrong with it, all in one text.
pub(crate) fn compile(
    program: &Program,
    name: &str,
    purpose: Purpose,
    languages: &[String],
) -> Result<Compiled, String> {
    template_of(program, name, purpose)?
        .compile(&beside(program, name, languages))
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

/// A template that is not compiled yet.
enum Written {
    Letter(Template),
    Text(TextTemplate),
    Push(PushTemplate),
}

impl Written {
    fn compile(&self, beside: &Beside) -> Result<Compiled, Vec<TemplateError>> {
        match self {
            Self::Letter(template) => template.compile_with(beside),
            Self::Text(template) => template.compile_with(beside),
            Self::Push(template) => template.compile_with(beside),
        }
    }
}

/// A template as a definition states it, not compiled yet.
///
/// # Errors
/// If there is none, or it names a built-in template that does not exist.
fn template_of(program: &Program, name: &str, purpose: Purpose) -> Result<Written, String> {
    let source = program.templates.get(name);
    let source = source.ok_or_else(|| format!("there is no template \"{name}\""))?;
    let kind = match purpose {
        Purpose::Transactional => TemplateKind::Transactional,
        Purpose::Care | Purpose::Promotion => TemplateKind::Marketing,
    };
    Ok(Written::Letter(match &source.body {
        TemplateBody::Sms(text) => {
            return Ok(Written::Text(TextTemplate { kind, text: text.clone() }));
        }
        TemplateBody::Push(PushParts { title, text, icon, image, link }) => {
            let (title, text, icon) = (title.clone(), text.clone(), icon.clone());
            let (image, link) = (image.clone(), link.clone());
            return Ok(Written::Push(PushTemplate { kind, title, text, icon, image, link }));
        }
        TemplateBody::Mjml(body) => Template {
            kind,
            subject: source.subject.clone(),
            preheader: source.preheader.clone(),
            body: body.clone(),
            text: source.text.clone(),
        },
        TemplateBody::BuiltIn(name) => {
            let mut template = built_in(name)
                .ok_or_else(|| format!("there is no built-in template \"{name}\""))?;
            if !source.subject.is_empty() {
                template.subject.clone_from(&source.subject);
            }
            if !source.preheader.is_empty() {
                template.preheader.clone_from(&source.preheader);
            }
            template.kind = kind;
            template
        }
    }))
}

/// What the template is compiled with: the partials, and what it says in these languages.
fn beside(program: &Program, name: &str, languages: &[String]) -> Beside {
    let partial = |(name, stated): (&String, &regulars_engine::program::PartialSource)| {
        let partial = Partial { body: stated.mjml.clone(), words: stated.words.clone() };
        (name.clone(), partial)
    };
    Beside {
        partials: program.partials.iter().map(partial).collect(),
        words: program.templates.get(name).map(|stated| stated.words.clone()).unwrap_or_default(),
        languages: languages.to_vec(),
    }
}

/// Everything that is wrong with the templates and partials of checked definitions. `files` are those
/// that were checked: a mistake points at where its template or partial is defined in them.
#[must_use]
pub fn template_mistakes(program: &Program, files: &[(String, String)]) -> Vec<Mistake> {
    mistakes_of(program, files, None)
}

/// The same, of one template alone where `only` names it.
pub(crate) fn mistakes_of(
    program: &Program,
    files: &[(String, String)],
    only: Option<&str>,
) -> Vec<Mistake> {
    let mut found = Found { files, mistakes: BTreeSet::new(), partials: BTreeMap::new() };
    let all: Vec<String> = program
        .partials
        .values()
        .flat_map(|partial| partial.words.keys().cloned())
        .collect::<BTreeSet<String>>()
        .into_iter()
        .collect();
    for error in beside(program, "", &all).partial_mistakes() {
        found.note(None, error);
    }
    let asking = asking(program);
    for (name, purpose) in uses(program) {
        if !program.templates.contains_key(&name) || only.is_some_and(|only| only != name) {
            continue;
        }
        let template = match template_of(program, &name, purpose) {
            Ok(template) => template,
            Err(message) => {
                let cure = "name one that comes with the program, or write it out".to_owned();
                found.add(ObjectKind::Template, &name, message, cure);
                continue;
            }
        };
        let wishes = program.languages_of(&name).into_iter().map(Some).chain([None]);
        let chains: BTreeSet<Vec<String>> =
            wishes.map(|wish| program.languages_for(&name, wish)).collect();
        for languages in chains {
            match template.compile(&beside(program, &name, &languages)) {
                Ok(compiled) if asking.contains(&name) && !compiled.names("confirm_url") => {
                    let cure = "print {{ confirm_url }}; in mail as a link: <a href=\"{{ confirm_url }}\">Confirm</a>".to_owned();
                    let message = "it asks for a confirmation and does not say where".to_owned();
                    found.add(ObjectKind::Template, &name, message, cure);
                }
                Ok(_) => {}
                Err(errors) => errors.into_iter().for_each(|error| found.note(Some(&name), error)),
            }
        }
    }
    let mut mistakes = found.told();
    mistakes.extend(site_mistakes(program, files));
    mistakes
}

/// What was found so far. A mistake of a partial is told once, however many templates put it in.
struct Found<'f> {
    files: &'f [(String, String)],
    mistakes: BTreeSet<Mistake>,
    /// By partial, its message and cure: the templates that put it in.
    partials: BTreeMap<(String, String, String), BTreeSet<String>>,
}

impl Found<'_> {
    fn note(&mut self, template: Option<&str>, error: TemplateError) {
        let cure = error.problem.cure();
        let partial = error.within.as_deref().filter(|within| !within.starts_with("words "));
        if let Some(partial) = partial {
            let message = format!("line {}: {}", error.line, error.problem);
            let holders = self.partials.entry((partial.to_owned(), message, cure)).or_default();
            holders.extend(template.map(str::to_owned));
        } else {
            let message = format!("{}, line {}: {}", error.place(), error.line, error.problem);
            self.add(ObjectKind::Template, template.unwrap_or_default(), message, cure);
        }
    }

    fn add(&mut self, kind: ObjectKind, name: &str, message: String, cure: String) {
        let (file, line) = place_of(kind, name, self.files);
        let message = format!("{} \"{name}\": {message}", kind.word());
        self.mistakes.insert(Mistake { file, line, column: 1, message, cure });
    }

    fn told(mut self) -> Vec<Mistake> {
        for ((partial, message, cure), holders) in std::mem::take(&mut self.partials) {
            let within = match holders.first() {
                None => String::new(),
                Some(one) if holders.len() == 1 => format!(" (in template \"{one}\")"),
                Some(one) => format!(" (in template \"{one}\" and {} more)", holders.len() - 1),
            };
            self.add(ObjectKind::Partial, &partial, format!("{message}{within}"), cure);
        }
        self.mistakes.into_iter().collect()
    }
}

/// The templates of messages that ask to confirm a yes.
fn asking(program: &Program) -> BTreeSet<String> {
    let steps = program.journeys.iter().flat_map(|journey| &journey.steps);
    let sends = steps.filter_map(|step| step.kind.send());
    sends.filter(|send| send.asks_to_confirm).map(|send| send.template.clone()).collect()
}

/// Every template with the purposes it is sent for; one that no journey sends is checked as
/// marketing, which asks for more.
fn uses(program: &Program) -> BTreeSet<(String, Purpose)> {
    let mut uses = BTreeSet::new();
    for journey in &program.journeys {
        for step in &journey.steps {
            if let StepKind::Send(send) = &step.kind {
                uses.extend(send.ways().map(|(_, name)| (name.to_owned(), journey.purpose)));
            }
        }
    }
    for name in program.templates.keys() {
        if !uses.iter().any(|(used, _)| used == name) {
            uses.insert((name.clone(), Purpose::Promotion));
        }
    }
    uses
}

/// What a template is sent for; one that no journey sends is taken for promotion.
pub(crate) fn purpose_of(program: &Program, template: &str) -> Purpose {
    let journey = program.journeys.iter().find(|journey| says(journey, template));
    journey.map_or(Purpose::Promotion, |journey| journey.purpose)
}

/// Whether a step of a journey sends a template, or shows it on the site.
pub(crate) fn says(journey: &Journey, template: &str) -> bool {
    journey.steps.iter().any(|step| {
        let sends = step.kind.send().is_some_and(|send| send.says(template));
        sends || step.kind.show().is_some_and(|show| show.message.says(template))
    })
}

/// The file and line at which a template or partial is defined.
pub(crate) fn place_of(
    kind: ObjectKind,
    name: &str,
    files: &[(String, String)],
) -> (String, usize) {
    let begins = format!("{}:", kind.key());
    for (file, text) in files {
        for (line, number) in text.lines().zip(1..) {
            let stated = line.trim_start_matches("- ").strip_prefix(&begins);
            if stated.is_some_and(|stated| stated.trim().trim_matches(['"', '\'']) == name) {
                return (file.clone(), number);
            }
        }
    }
    (files.first().map(|(file, _)| file.clone()).unwrap_or_default(), 0)
}

#[cfg(test)]
mod tests {
    use regulars_engine::definition::check;

    use super::*;

    const SHOP: &str =
        "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\nlanguages: [en, es]\n---\n";

    fn mistakes(text: &str) -> Vec<String> {
        mistakes_of(&format!("{SHOP}{text}"))
    }

    fn mistakes_of(text: &str) -> Vec<String> {
        let files = [("shop.yaml".to_owned(), text.to_owned())];
        let (program, _) = check(&files).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
        template_mistakes(&program, &files).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_template_that_cannot_be_rendered_is_a_mistake_where_it_is_defined() {
        let found = mistakes(
            "template: letter\nsubject: '{{ person.name | shout }}'\nmjml: <mjml><mj-body>\n",
        );
        assert!(!found.is_empty());
        assert!(found.iter().all(|mistake| mistake.starts_with("shop.yaml:6:1: ")), "{found:?}");
    }

    #[test]
    fn a_text_message_is_checked_in_every_language_it_speaks() {
        let text = |en: &str, es: &str| {
            format!(
                "template: short\nsms: '{{{{ shop.name }}}}: {{{{ words.hello }}}} {{{{ stop_line }}}}'\nwords: {{ en: {{ hello: '{en}' }}, es: {{ hello: '{es}' }} }}\n"
            )
        };
        assert_eq!(mistakes(&text("Hello", "Hola")), Vec::<String>::new());
        let found = mistakes(&text("Hello", &"ñandú ".repeat(120)));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("shop.yaml:6:1: template \"short\": text, line 1: it takes 11"),
            "{found:?}"
        );
        let found = mistakes("template: short\nsms: Buy now\n");
        assert!(
            found[0].contains("end with {{ stop_line }}") || found[0].contains("begin with"),
            "{found:?}"
        );
    }

    #[test]
    fn a_mistake_of_a_partial_is_told_once_and_where_it_is_defined() {
        let letter = |name: &str| {
            format!(
                "template: {name}\nsubject: a\nmjml: >\n  <mjml><mj-body><mj-section><mj-column><mj-text>a</mj-text>\n\n  {{% include \"foot\" %}}</mj-column></mj-section></mj-body></mjml>\n---\n"
            )
        };
        let foot = "partial: foot\nmjml: |\n  <mj-text>{{ shop.address }}</mj-text>\n  <mj-text>{{ unsubscribe_url | shout }}</mj-text>\n";
        let found = mistakes(&format!("{}{}{foot}", letter("a"), letter("b")));
        assert_eq!(found.len(), 1, "{found:#?}");
        let told = "shop.yaml:20:1: partial \"foot\": line 2: there is no filter \"shout\" (in template \"a\" and 1 more); ";
        assert!(found[0].starts_with(told), "{found:#?}");
    }

    #[test]
    fn each_language_is_compiled_before_anybody_reads_it() {
        let letter = "template: letter\nsubject: '{{ words.hello }}'\nmjml: >\n  <mjml><mj-body><mj-section><mj-column><mj-text>{{ words.hello }} {{ shop.address }}\n  <a href='{{ unsubscribe_url }}'>x</a></mj-text></mj-column></mj-section></mj-body></mjml>\nwords: { en: { hello: Hello }, es: { hello: 'Hola {{ person.name | grita }}' } }\n";
        let found = mistakes(letter);
        assert!(
            found[0].contains("words \"hello\" in es, line 1: there is no filter"),
            "{found:#?}"
        );
        assert_eq!(mistakes(&letter.replace("| grita", "| default(\"tú\")")), Vec::<String>::new());
    }

    #[test]
    fn a_message_that_asks_for_a_confirmation_says_where() {
        let journey = "journey: ask\npurpose: transactional\nenter: { on: Consent Given }\nre-entry: 1 minute\nsteps:\n  - { send: ask, channel: email, template: letter, asks for: confirmation }\n---\n";
        let letter = "template: letter\nsubject: a\nmjml: >\n  <mjml><mj-body><mj-section><mj-column><mj-text>{# confirm_url #}</mj-text>{% include \"way\" %}</mj-column></mj-section></mj-body></mjml>\n---\npartial: way\nmjml: <mj-text>a</mj-text>\n";
        let told = |letter: &str| {
            let shop = SHOP.replace("---\n", "double opt-in: email promotion\n---\n");
            let mut found = mistakes_of(&format!("{shop}{journey}{letter}"));
            found.retain(|mistake| mistake.contains("asks for a confirmation"));
            found.len()
        };
        assert_eq!(told(letter), 1);
        let linked = "<mj-text><a href='{{ confirm_url }}'>a</a></mj-text>";
        assert_eq!(told(&letter.replace("<mj-text>a</mj-text>", linked)), 0);
    }
}
