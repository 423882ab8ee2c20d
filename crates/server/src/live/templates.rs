//! Templates are compiled when they are saved, so that what could fail at sending is refused before.

use std::collections::BTreeSet;

use regulars_engine::definition::Mistake;
use regulars_engine::event::Purpose;
use regulars_engine::journey::StepKind;
use regulars_engine::program::Program;

use super::deliverer::template_of;

/// Everything that is wrong with the templates of checked definitions. `files` are those that were
/// checked: a mistake points at where its template is defined in them.
#[must_use]
pub fn template_mistakes(program: &Program, files: &[(String, String)]) -> Vec<Mistake> {
    let mut mistakes = BTreeSet::new();
    for (name, purpose) in uses(program) {
        let Some(source) = program.templates.get(&name) else { continue };
        let (file, line) = place_of(&name, files);
        let mut add = |message: String, cure: String| {
            let message = format!("template \"{name}\": {message}");
            mistakes.insert(Mistake { file: file.clone(), line, column: 1, message, cure });
        };
        match template_of(source, purpose).map(|template| template.compile()) {
            Ok(Ok(_)) => {}
            Ok(Err(errors)) => {
                for error in errors {
                    let at = format!("{}, line {}: {}", error.part, error.line, error.problem);
                    add(at, error.problem.cure().to_string());
                }
            }
            Err(message) => {
                add(message, "name one that comes with the program, or write it out".to_owned());
            }
        }
    }
    mistakes.into_iter().collect()
}

/// Every template with the purposes it is sent for; one that no journey sends is checked as
/// marketing, which asks for more.
fn uses(program: &Program) -> BTreeSet<(String, Purpose)> {
    let mut uses = BTreeSet::new();
    for journey in &program.journeys {
        for step in &journey.steps {
            if let StepKind::Send(send) = &step.kind {
                uses.insert((send.template.clone(), journey.purpose));
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

/// The file and line at which a template is defined.
fn place_of(name: &str, files: &[(String, String)]) -> (String, usize) {
    for (file, text) in files {
        for (line, number) in text.lines().zip(1..) {
            let stated = line.trim_start_matches("- ").strip_prefix("template:");
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

    #[test]
    fn a_template_that_cannot_be_rendered_is_a_mistake_where_it_is_defined() {
        let text = "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n---\ntemplate: letter\nsubject: '{{ person.name | shout }}'\nmjml: <mjml><mj-body>\n";
        let files = [("shop.yaml".to_owned(), text.to_owned())];
        let (program, _) = check(&files).unwrap();
        let found = template_mistakes(&program, &files);
        assert!(!found.is_empty());
        assert!(found.iter().all(|mistake| mistake.line == 5 && !mistake.cure.is_empty()));
    }
}
