//! Names seen in the data: what a condition may speak of, for suggestions while it is written and
//! for slips that only the data can tell.

use super::ast::{Condition, Window};
use super::filter;
use super::problem::Problem;
use crate::event::Kind;
use crate::nearest::nearest;

/// Names that events, definitions and lists have brought, each list in its own order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Kinds of event.
    pub events: Vec<String>,
    /// Traits of persons.
    pub traits: Vec<String>,
    /// Fields: properties of events, and what sources say of products.
    pub fields: Vec<String>,
    /// Segments.
    pub segments: Vec<String>,
    /// Static lists.
    pub lists: Vec<String>,
    /// Scores.
    pub scores: Vec<String>,
    /// Ids of products.
    pub products: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
}

impl Condition {
    /// Names in `text` that nothing known bears, where one that does is near: each with its place
    /// and the name that was meant. `self` is what `text` says. Of events, traits and categories the
    /// data may hold others, that are rare: nothing of this is a mistake.
    #[must_use]
    pub fn unfamiliar(&self, text: &str, names: &Names) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut look = |name: &str, what: &str, known: &[String]| {
            if known.iter().any(|held| held.eq_ignore_ascii_case(name)) {
                return;
            }
            let Some(near) = nearest(name, known.iter().map(String::as_str)) else { return };
            let quoted = format!("{}", super::print::Quoted(name));
            let found = text.find(&quoted).map(|start| start..start + quoted.len());
            let found = found.or_else(|| text.find(name).map(|at| at..at + name.len()));
            problems.push(Problem {
                at: found.unwrap_or(0..text.len()),
                message: format!("no {what} \"{name}\" is known"),
                cure: format!("did you mean \"{near}\"?"),
            });
        };
        let reads = self.reads();
        for kind in reads.kinds.keys() {
            if let Kind::Custom(name) = kind {
                look(name, "event", &names.events);
            }
        }
        let point = |name: &&String| {
            !reads.traits.iter().any(|whole| whole.starts_with(&format!("{name}.")))
        };
        for name in reads.traits.iter().filter(point) {
            look(name, "trait", &names.traits);
        }
        for name in self.fields() {
            look(name, "field", &names.fields);
        }
        for (held, what, known) in [
            (&reads.segments, "segment", &names.segments),
            (&reads.lists, "list", &names.lists),
            (&reads.scores, "score", &names.scores),
            (&reads.products, "product", &names.products),
            (&reads.categories, "category", &names.categories),
        ] {
            for name in held {
                look(name, what, known);
            }
        }
        problems.sort_by_key(|problem| (problem.at.start, problem.at.end));
        problems
    }

    /// The fields it names that have no word of their own: properties, and what sources say of
    /// products.
    fn fields(&self) -> Vec<&str> {
        let mut found = Vec::new();
        let mut open = vec![self];
        while let Some(condition) = open.pop() {
            open.extend(condition.parts());
            let marks = condition.window().into_iter().flat_map(Window::marks);
            let of_marks = marks.flat_map(|mark| &mark.filter.0);
            found.extend(of_marks.map(|test| test.field.as_str()));
            #[expect(clippy::wildcard_enum_match_arm, reason = "the statements that have fields")]
            let (filter, field) = match condition {
                Self::Done { filter, .. }
                | Self::Orders { filter, .. }
                | Self::Spent { filter, .. }
                | Self::OrderAge { filter, .. }
                | Self::Event { filter, .. }
                | Self::EventAge { filter, .. } => (filter, None),
                Self::Figure { figure, .. } => (&figure.filter, figure.field.as_deref()),
                _ => continue,
            };
            found.extend(filter.0.iter().map(|test| test.field.as_str()).chain(field));
        }
        found.retain(|field| !filter::has_word(field));
        found
    }
}
