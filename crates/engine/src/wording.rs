//! What messages say in each language, and in which of them a person is written to.

use std::collections::{BTreeMap, BTreeSet};

use crate::event::Value;
use crate::profile::Profile;
use crate::program::Program;

/// Texts by language (a BCP 47 tag such as `es` or `pt-BR`) and then by their name.
pub type Words = BTreeMap<String, BTreeMap<String, String>>;

/// The traits that say in which language somebody reads, the stronger first: what was chosen, then
/// what a device was set to.
const TRAITS: [&str; 2] = ["language", "locale"];

/// The language a person has stated, as it was stated: `es`, `pt-BR`, `es_ES`.
#[must_use]
pub fn stated(profile: &Profile) -> Option<&str> {
    TRAITS.iter().find_map(|name| {
        let Value::Text(text) = &profile.traits.get(*name)?.value else { return None };
        let text = text.trim();
        (!text.is_empty()).then_some(text)
    })
}

impl Program {
    /// In which languages the template is looked up for somebody who has stated `wish`, the best
    /// first: the language itself, the same without its region, then the shop's own in their order.
    /// Only languages in which the template says something are in it; where it says the same in all,
    /// the shop's first stands alone.
    #[must_use]
    pub fn languages_for(&self, template: &str, wish: Option<&str>) -> Vec<String> {
        let spoken = self.languages_of(template);
        let own = &self.shop.languages;
        let mut chain: Vec<String> = Vec::new();
        let wished = wish.map(|wish| wish.replace('_', "-")).unwrap_or_default();
        let primary = wished.split('-').next().unwrap_or_default();
        let wanted = [wished.as_str(), primary].into_iter().chain(own.iter().map(String::as_str));
        for tag in wanted {
            let found = spoken.iter().find(|spoken| spoken.eq_ignore_ascii_case(tag));
            if let Some(found) = found
                && !chain.iter().any(|held| held == *found)
            {
                chain.push((*found).to_owned());
            }
        }
        if chain.is_empty() {
            chain.extend(own.first().cloned());
        }
        chain
    }

    /// The languages in which the template says something: those of its words; of a template without
    /// words those of all partials.
    #[must_use]
    pub fn languages_of(&self, template: &str) -> BTreeSet<&str> {
        let own = self.templates.get(template).map(|template| &template.words);
        let own = own.or_else(|| self.site_templates.get(template).map(|shown| &shown.words));
        match own.filter(|words| !words.is_empty()) {
            Some(words) => words.keys().map(String::as_str).collect(),
            None => self
                .partials
                .values()
                .flat_map(|partial| partial.words.keys().map(String::as_str))
                .collect(),
        }
    }
}

/// What is missing where these words are looked up in the languages of a shop, the first of which
/// stands in for the others: languages, and the names that each lacks.
#[must_use]
pub fn gaps<'w>(words: &'w Words, languages: &'w [String]) -> Vec<(&'w str, Vec<&'w str>)> {
    let names: BTreeSet<&str> =
        words.values().flat_map(|said| said.keys().map(String::as_str)).collect();
    let lacking = |language: &'w String| {
        let primary = language.split('-').next().unwrap_or_default();
        let held = [language.as_str(), primary].map(|tag| words.get(tag));
        let said = |name: &&str| held.iter().flatten().any(|said| said.contains_key(*name));
        let missing: Vec<&str> = names.iter().copied().filter(|name| !said(name)).collect();
        (!missing.is_empty()).then_some((language.as_str(), missing))
    };
    if words.is_empty() { Vec::new() } else { languages.iter().filter_map(lacking).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::check;

    fn program() -> Program {
        let text = "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\nlanguages: [es, en, pt-BR]\n---\n\
            template: letter\nsubject: '{{ words.hello }}'\nmjml: <mjml></mjml>\n\
            words: { es: { hello: Hola }, en: { hello: Hello }, pt: { hello: Olá }, ru: { hello: Привет } }\n---\n\
            template: plain\nsubject: a\nmjml: <mjml></mjml>\n";
        check(&[("a.yaml".to_owned(), text.to_owned())]).unwrap().0
    }

    #[test]
    fn a_person_is_written_to_in_the_nearest_language_there_is() {
        let program = program();
        let chain = |wish| program.languages_for("letter", wish).join(" ");
        assert_eq!(chain(Some("ru")), "ru es en");
        assert_eq!(chain(Some("RU_ru")), "ru es en");
        assert_eq!(chain(Some("pt-BR")), "pt es en");
        assert_eq!(chain(Some("fr")), "es en");
        assert_eq!(chain(None), "es en");
        assert_eq!(program.languages_for("plain", Some("ru")), ["es"]);
    }

    #[test]
    fn what_a_language_lacks_is_named() {
        let said = |names: &[&str]| -> BTreeMap<String, String> {
            names.iter().map(|name| ((*name).to_owned(), "x".to_owned())).collect()
        };
        let words: Words = [("en", said(&["a", "b"])), ("pt", said(&["a"]))]
            .map(|(language, said)| (language.to_owned(), said))
            .into();
        let languages = ["en", "pt-BR", "es"].map(str::to_owned);
        assert_eq!(gaps(&words, &languages), [("pt-BR", vec!["b"]), ("es", vec!["a", "b"])]);
        assert_eq!(gaps(&Words::new(), &languages), []);
    }
}
