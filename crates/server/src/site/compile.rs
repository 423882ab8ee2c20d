//! Templates of messages on the site, compiled when they are saved and kept while they are in force.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use regulars_deliver::template::{Beside, CompiledSite, SiteError, SiteParts};
use regulars_engine::definition::{Mistake, ObjectKind};
use regulars_engine::program::{Program, SiteTemplate};

use crate::live::place_of;

/// The parts of a template as they are written.
pub(crate) fn written(template: &SiteTemplate) -> SiteParts {
    SiteParts {
        title: template.title.clone(),
        text: template.text.clone(),
        image: template.image.clone(),
        image_text: template.image_text.clone(),
        button: template.button.clone(),
        link: template.link.clone(),
    }
}

/// A template with its words in the first of `languages`.
pub(crate) fn compile(
    template: &SiteTemplate,
    languages: &[String],
) -> Result<CompiledSite, Vec<SiteError>> {
    written(template).compile(&Beside {
        partials: BTreeMap::new(),
        words: template.words.clone(),
        languages: languages.to_vec(),
    })
}

/// Everything that is wrong with the messages on the site of checked definitions. `files` are those
/// that were checked: a mistake points at where its template is defined in them.
#[must_use]
pub fn site_mistakes(program: &Program, files: &[(String, String)]) -> Vec<Mistake> {
    let mut found = BTreeSet::new();
    for (name, template) in &program.site_templates {
        let wishes = program.languages_of(name).into_iter().map(Some).chain([None]);
        let chains: BTreeSet<Vec<String>> =
            wishes.map(|wish| program.languages_for(name, wish)).collect();
        let errors = chains.iter().filter_map(|languages| compile(template, languages).err());
        for SiteError { place, error } in errors.flatten() {
            let (file, line) = place_of(ObjectKind::Template, name, files);
            let message = format!(
                "template \"{name}\": {}, line {}: {}",
                place.word(),
                error.line,
                error.problem
            );
            found.insert(Mistake { file, line, column: 1, message, cure: error.problem.cure() });
        }
    }
    found.into_iter().collect()
}

/// Compiled templates of the definitions in force, by name and languages.
#[derive(Debug, Default)]
pub(super) struct Compilations {
    by_name: HashMap<(String, Vec<String>), Option<Arc<CompiledSite>>>,
}

impl Compilations {
    /// The template of a name for somebody who reads the first of `languages`; `None`: there is none,
    /// or it cannot be compiled.
    pub(super) fn of(
        &mut self,
        program: &Program,
        name: &str,
        wish: Option<&str>,
    ) -> Option<Arc<CompiledSite>> {
        let languages = program.languages_for(name, wish);
        let key = (name.to_owned(), languages);
        let make = |(name, languages): &(String, Vec<String>)| {
            let template = program.site_templates.get(name)?;
            compile(template, languages).ok().map(Arc::new)
        };
        self.by_name.entry(key).or_insert_with_key(make).clone()
    }
}
