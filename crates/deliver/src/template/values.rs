//! Which values of a person a template asks for, and what it prints where there is none.

use std::sync::Arc;

use minijinja::machinery::ast::{CallArg, Expr, Stmt};
use minijinja::machinery::parse;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::error::Part;
use super::render::{Compiled, Origin};
use super::scan::keyword;

/// The variable whose values may be missing for some people and not for others.
const PERSON: &str = "person";

/// A value of the person that a template asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// In which part.
    pub part: Part,
    /// In which partial of it, if in one.
    pub within: Option<Arc<str>>,
    /// On which line.
    pub line: usize,
    /// The placeholder as it is written.
    pub placeholder: String,
    /// The value: `person.first_name`.
    pub path: String,
    /// What happens where there is none.
    pub otherwise: Otherwise,
}

/// What a placeholder does for somebody who has no such value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Otherwise {
    /// The message is not sent; a blank value prints nothing.
    Held,
    /// This is printed instead.
    Says(String),
    /// Another part of the message is chosen.
    Chooses,
}

/// How somebody's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    There,
    /// It is there, and prints nothing.
    Blank,
    /// There is none.
    Missing,
}

impl Compiled {
    /// The values of the person that the template asks for, in the order in which it does, each once
    /// for a place.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        let mut all: Vec<Asked> = Vec::new();
        for (_, origin) in self.origins() {
            for (path, otherwise) in asked_by(&origin.placeholder) {
                let Origin { part, within, line, placeholder, .. } = origin.clone();
                let asked = Asked { part, within, line, placeholder, path, otherwise };
                if !all.contains(&asked) {
                    all.push(asked);
                }
            }
        }
        all
    }

    /// Where its placeholders were written, in every part.
    fn origins(&self) -> impl Iterator<Item = &(usize, Origin)> {
        let beside = self.others.iter().flatten();
        self.subject.iter().chain(&self.html).chain(&self.text).chain(beside)
    }

    /// Whether a placeholder names the variable, so that its value is worth making.
    #[must_use]
    pub fn names(&self, variable: &str) -> bool {
        self.origins().any(|(_, origin)| {
            origin.placeholder.match_indices(variable).any(|(at, _)| {
                let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                let before = origin.placeholder[..at].chars().next_back();
                let after = origin.placeholder[at + variable.len()..].chars().next();
                !before.is_some_and(part) && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
            })
        })
    }
}

/// How the values at these paths are in `context`.
#[must_use]
pub fn presence(context: &impl Serialize, paths: &[&str]) -> Vec<Presence> {
    let context = Value::from(Serde(context));
    let one = |path: &&str| {
        let found = path
            .split('.')
            .try_fold(context.clone(), |value, name| value.get_attr(name).ok())
            .filter(|value| !value.is_undefined() && !value.is_none());
        match found {
            None => Presence::Missing,
            Some(value) if value.as_str().is_some_and(|text| text.trim().is_empty()) => {
                Presence::Blank
            }
            Some(_) => Presence::There,
        }
    };
    paths.iter().map(one).collect()
}

/// The paths of the person in one placeholder.
fn asked_by(placeholder: &str) -> Vec<(String, Otherwise)> {
    let mut found = Vec::new();
    let whole = match keyword(placeholder) {
        "if" if placeholder.starts_with("{%") => format!("{placeholder}{{% endif %}}"),
        _ if placeholder.starts_with("{{") => placeholder.to_owned(),
        _ => return found,
    };
    let Ok(Stmt::Template(tree)) = parse(&whole, "placeholder", Default::default()) else {
        return found;
    };
    for statement in &tree.children {
        #[expect(clippy::wildcard_enum_match_arm, reason = "nothing else was put together")]
        match statement {
            Stmt::EmitExpr(print) => printed(&print.expr, None, &mut found),
            Stmt::IfCond(condition) => chosen(&condition.expr, &mut found),
            _ => {}
        }
    }
    found
}

/// What prints: a path, behind filters, one of which may say what stands in.
fn printed(expr: &Expr<'_>, fallback: Option<&str>, found: &mut Vec<(String, Otherwise)>) {
    if let Some(path) = path(expr) {
        let otherwise = match fallback {
            Some(says) => Otherwise::Says(says.to_owned()),
            None => Otherwise::Held,
        };
        return found.push((path, otherwise));
    }
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever does not print a path may choose one"
    )]
    match expr {
        Expr::Filter(filter) => {
            let says = match (filter.name, filter.args.first()) {
                ("default" | "d", Some(CallArg::Pos(Expr::Const(says)))) => {
                    Some(says.value.to_string())
                }
                _ => None,
            };
            if let Some(inner) = &filter.expr {
                printed(inner, says.as_deref().or(fallback), found);
            }
        }
        other => chosen(other, found),
    }
}

/// What chooses: every path of the person in it.
fn chosen(expr: &Expr<'_>, found: &mut Vec<(String, Otherwise)>) {
    if let Some(path) = path(expr) {
        return found.push((path, Otherwise::Chooses));
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others hold no path of a person")]
    match expr {
        Expr::UnaryOp(unary) => chosen(&unary.expr, found),
        Expr::BinOp(binary) => {
            chosen(&binary.left, found);
            chosen(&binary.right, found);
        }
        Expr::Compare(compare) => {
            chosen(&compare.expr, found);
            compare.ops.iter().for_each(|operand| chosen(&operand.expr, found));
        }
        Expr::IfExpr(choice) => {
            chosen(&choice.test_expr, found);
            chosen(&choice.true_expr, found);
            if let Some(otherwise) = &choice.false_expr {
                chosen(otherwise, found);
            }
        }
        Expr::Filter(filter) => {
            if let Some(inner) = &filter.expr {
                chosen(inner, found);
            }
        }
        Expr::Test(test) => chosen(&test.expr, found),
        _ => {}
    }
}

/// The dotted path of a value of the person.
fn path(expr: &Expr<'_>) -> Option<String> {
    fn whole(expr: &Expr<'_>) -> Option<String> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "every other expression is no path")]
        match expr {
            Expr::Var(var) => Some(var.id.to_owned()),
            Expr::GetAttr(get) => Some(format!("{}.{}", whole(&get.expr)?, get.name)),
            _ => None,
        }
    }
    whole(expr).filter(|path| path.split_once('.').is_some_and(|(root, _)| root == PERSON))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_placeholder_asks_of_a_person_is_read_from_it() {
        let says = |text: &str| Otherwise::Says(text.to_owned());
        for (placeholder, expected) in [
            ("{{ person.first_name }}", vec![("person.first_name", Otherwise::Held)]),
            ("{{ person.a | upper }}", vec![("person.a", Otherwise::Held)]),
            ("{{- person.a | default('you') | title -}}", vec![("person.a", says("you"))]),
            (
                "{% if person.a is defined and not person.b %}",
                vec![("person.a", Otherwise::Chooses), ("person.b", Otherwise::Chooses)],
            ),
            (
                "{{ person.a if person.a else 'x' }}",
                vec![("person.a", Otherwise::Chooses), ("person.a", Otherwise::Chooses)],
            ),
            ("{{ shop.name | default('a') }}", vec![]),
            ("{% for p in cart.products %}", vec![]),
            ("{% endif %}", vec![]),
        ] {
            let expected: Vec<(String, Otherwise)> =
                expected.into_iter().map(|(path, how)| (path.to_owned(), how)).collect();
            assert_eq!(asked_by(placeholder), expected, "{placeholder}");
        }
    }

    #[test]
    fn a_blank_value_is_told_from_none() {
        let context = std::collections::BTreeMap::from([(
            "person",
            std::collections::BTreeMap::from([("a", "Ana"), ("b", " ")]),
        )]);
        let found = presence(&context, &["person.a", "person.b", "person.c", "person.a.b"]);
        assert_eq!(found, [Presence::There, Presence::Blank, Presence::Missing, Presence::Missing]);
    }
}
