//! What the statements and expressions of a template may do, checked on their syntax tree.
//!
//! A template may print, choose and loop, with the filters and tests of [`super::filters`]. It may
//! not call, switch escaping off, or build values that grow with every step: an expression is as
//! long as its source allows, so only what is bound to a name and used again could grow without
//! bound, and there joining texts is refused. Fuel bounds the rest.
//!
//! The tree is the engine's own, so the policy and the engine cannot disagree about what is written.

use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt};
use minijinja::machinery::parse;

use super::error::{Part, Problem, TemplateError};
use super::filters;

/// What a check found out about a text.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Mistakes, by line of the checked text.
    pub(super) problems: Vec<(usize, Problem)>,
    /// Paths that are printed as they are, such as `person.first_name`.
    pub(super) printed: Vec<String>,
    /// How many placeholders print.
    pub(super) prints: usize,
}

/// Checks a text that was scanned before (which bounds its depth).
pub(super) fn check(source: &str) -> Findings {
    let mut findings = Findings::default();
    match parse(source, "template", Default::default()) {
        Ok(tree) => findings.statement(&tree),
        Err(error) => {
            let detail = error.detail().unwrap_or("syntax error").to_owned();
            findings.problems.push((error.line().unwrap_or(1), Problem::Syntax { detail }));
        }
    }
    findings
}

/// The problems as errors of `part`, where lines are those of the part.
pub(super) fn errors(part: Part, findings: &Findings) -> Vec<TemplateError> {
    let error =
        |(line, problem): &(usize, Problem)| TemplateError::new(part, *line, problem.clone());
    findings.problems.iter().map(error).collect()
}

/// Whether the value of an expression gets a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Bound,
    Direct,
}

impl Findings {
    fn statements(&mut self, statements: &[Stmt<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitRaw(_) => {}
            Stmt::EmitExpr(print) => {
                self.prints += 1;
                self.printed.extend(printed_path(&print.expr));
                self.expression(&print.expr, Use::Direct);
            }
            Stmt::ForLoop(each) => {
                if each.recursive {
                    self.refuse(statement_line(statement), "for recursive");
                }
                self.expression(&each.iter, Use::Bound);
                if let Some(filter) = &each.filter_expr {
                    self.expression(filter, Use::Direct);
                }
                self.statements(&each.body);
                self.statements(&each.else_body);
            }
            Stmt::IfCond(condition) => {
                self.expression(&condition.expr, Use::Direct);
                self.statements(&condition.true_body);
                self.statements(&condition.false_body);
            }
            Stmt::WithBlock(with) => {
                for (_, value) in &with.assignments {
                    self.expression(value, Use::Bound);
                }
                self.statements(&with.body);
            }
            Stmt::Set(set) => self.expression(&set.expr, Use::Bound),
            Stmt::SetBlock(_) => self.refuse(statement_line(statement), "set block"),
            Stmt::AutoEscape(_) => self.refuse(statement_line(statement), "autoescape"),
            Stmt::FilterBlock(_) => self.refuse(statement_line(statement), "filter"),
            Stmt::Do(_) => self.refuse(statement_line(statement), "do"),
            #[allow(
                unreachable_patterns,
                clippy::wildcard_enum_match_arm,
                reason = "which statements exist depends on the features of the whole build"
            )]
            _ => self.refuse(1, "unknown"),
        }
    }

    fn refuse(&mut self, line: usize, name: &str) {
        self.problems.push((line, Problem::Statement { name: name.to_owned() }));
    }

    fn expression(&mut self, expr: &Expr<'_>, usage: Use) {
        let line = usize::from(expr.span().start_line);
        match expr {
            Expr::Var(var) if var.id == "words" => self.problems.push((line, Problem::Words)),
            Expr::Var(_) | Expr::Const(_) => {}
            Expr::Slice(slice) => {
                self.expression(&slice.expr, usage);
                for bound in [&slice.start, &slice.stop, &slice.step].into_iter().flatten() {
                    self.expression(bound, Use::Direct);
                }
            }
            Expr::UnaryOp(unary) => self.expression(&unary.expr, usage),
            Expr::BinOp(binary) => {
                if let Some(operator) = refused_operator(binary.op, usage) {
                    self.problems.push((line, Problem::Operator { operator: operator.to_owned() }));
                }
                self.expression(&binary.left, usage);
                self.expression(&binary.right, usage);
            }
            Expr::Compare(compare) => {
                self.expression(&compare.expr, Use::Direct);
                for operand in &compare.ops {
                    self.expression(&operand.expr, Use::Direct);
                }
            }
            Expr::IfExpr(choice) => {
                self.expression(&choice.test_expr, Use::Direct);
                self.expression(&choice.true_expr, usage);
                if let Some(otherwise) = &choice.false_expr {
                    self.expression(otherwise, usage);
                }
            }
            Expr::Filter(filter) => {
                if !filters::NAMES.contains(&filter.name) && filter.name != filters::STYLE {
                    self.problems.push((line, Problem::Filter { name: filter.name.to_owned() }));
                }
                if let Some(inner) = &filter.expr {
                    self.expression(inner, usage);
                }
                self.arguments(line, &filter.args, usage);
            }
            Expr::Test(test) => {
                if !filters::TEST_NAMES.contains(&test.name) {
                    self.problems.push((line, Problem::Test { name: test.name.to_owned() }));
                }
                self.expression(&test.expr, Use::Direct);
                self.arguments(line, &test.args, usage);
            }
            Expr::GetAttr(get) => self.expression(&get.expr, usage),
            Expr::GetItem(get) => {
                self.expression(&get.expr, usage);
                self.expression(&get.subscript_expr, Use::Direct);
            }
            Expr::Call(_) => self.problems.push((line, Problem::Call)),
            Expr::List(list) => self.items(&list.items, usage),
            Expr::Tuple(tuple) => self.items(&tuple.items, usage),
            Expr::Map(_) => self.problems.push((line, Problem::MapLiteral)),
        }
    }

    fn items(&mut self, items: &[Expr<'_>], usage: Use) {
        for item in items {
            self.expression(item, usage);
        }
    }

    fn arguments(&mut self, line: usize, arguments: &[CallArg<'_>], usage: Use) {
        for argument in arguments {
            match argument {
                CallArg::Pos(value) | CallArg::Kwarg(_, value) => self.expression(value, usage),
                CallArg::PosSplat(_) | CallArg::KwargSplat(_) => {
                    self.problems.push((line, Problem::Call));
                }
            }
        }
    }
}

/// Repeating is refused everywhere: a number of eight digits is a short source for a long text.
fn refused_operator(operator: BinOpKind, usage: Use) -> Option<&'static str> {
    match (operator, usage) {
        (BinOpKind::Mul, _) => Some("*"),
        (BinOpKind::Pow, _) => Some("**"),
        (BinOpKind::Add, Use::Bound) => Some("+"),
        (BinOpKind::Concat, Use::Bound) => Some("~"),
        (BinOpKind::Add | BinOpKind::Concat, Use::Direct)
        | (
            BinOpKind::Eq
            | BinOpKind::Ne
            | BinOpKind::Lt
            | BinOpKind::Lte
            | BinOpKind::Gt
            | BinOpKind::Gte
            | BinOpKind::ScAnd
            | BinOpKind::ScOr
            | BinOpKind::Sub
            | BinOpKind::Div
            | BinOpKind::FloorDiv
            | BinOpKind::Rem
            | BinOpKind::In,
            Use::Bound | Use::Direct,
        ) => None,
    }
}

/// The dotted path that an expression prints as it is.
fn printed_path(expr: &Expr<'_>) -> Option<String> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other expression is no path")]
    match expr {
        Expr::Var(var) => Some(var.id.to_owned()),
        Expr::GetAttr(get) => Some(format!("{}.{}", printed_path(&get.expr)?, get.name)),
        _ => None,
    }
}

fn statement_line(statement: &Stmt<'_>) -> usize {
    #[expect(clippy::wildcard_enum_match_arm, reason = "only refused statements are asked for")]
    let line = match statement {
        Stmt::ForLoop(s) => s.span().start_line,
        Stmt::SetBlock(s) => s.span().start_line,
        Stmt::AutoEscape(s) => s.span().start_line,
        Stmt::FilterBlock(s) => s.span().start_line,
        Stmt::Do(s) => s.span().start_line,
        _ => 1,
    };
    usize::from(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(source: &str) -> Vec<Problem> {
        check(source).problems.into_iter().map(|(_, problem)| problem).collect()
    }

    #[test]
    fn printing_choosing_and_looping_is_allowed() {
        for source in [
            "{{ person.first_name | default('there') }}",
            "{% for p in cart.products[:3] %}{{ loop.index }} {{ p.name | upper }}{% endfor %}",
            "{% if a is defined and b == 1 or not c %}{{ a ~ ' ' ~ b }}{% else %}x{% endif %}",
            "{% set first = person.first_name | default('x') %}{{ first }}",
            "{{ 'one' if n == 1 else 'many' }}",
        ] {
            assert_eq!(problems(source), [], "{source}");
        }
    }

    #[test]
    fn what_could_escape_call_or_grow_is_refused() {
        let statement = |name: &str| Problem::Statement { name: name.to_owned() };
        let operator = |operator: &str| Problem::Operator { operator: operator.to_owned() };
        let filter = |name: &str| Problem::Filter { name: name.to_owned() };
        for (source, problem) in [
            ("{{ x | safe }}", filter("safe")),
            ("{{ x | tojson }}", filter("tojson")),
            ("{{ (x or y | safe) }}", filter("safe")),
            ("{% autoescape false %}{{ x }}{% endautoescape %}", statement("autoescape")),
            ("{% filter upper %}x{% endfilter %}", statement("filter")),
            ("{% set x %}<b>{% endset %}", statement("set block")),
            ("{% for x in y recursive %}{% endfor %}", statement("for recursive")),
            ("{{ range(9) }}", Problem::Call),
            ("{{ x.upper() }}", Problem::Call),
            ("{{ 'x' * 99999999 }}", operator("*")),
            ("{{ 9 ** 99 }}", operator("**")),
            ("{% set a = a ~ a %}", operator("~")),
            ("{% for a in [a + a] %}{% endfor %}", operator("+")),
            ("{% with a = [b ~ b] | join %}{% endwith %}", operator("~")),
            ("{{ {'a': 1} }}", Problem::MapLiteral),
            ("{{ x is filter('a') }}", Problem::Test { name: "filter".into() }),
        ] {
            assert_eq!(problems(source), [problem], "{source}");
        }
    }

    #[test]
    fn other_templates_cannot_be_reached() {
        for source in [
            "{% include 'a' %}",
            "{% extends 'a' %}",
            "{% import 'a' as b %}",
            "{% from 'a' import b %}",
            "{% macro a() %}{% endmacro %}",
            "{% block a %}{% endblock %}",
        ] {
            assert!(!problems(source).is_empty(), "{source}");
        }
    }

    #[test]
    fn the_printed_paths_are_known() {
        let source =
            "{{ unsubscribe_url }}{{ shop.address }}{{ a | upper }}{% if x.y %}{% endif %}";
        assert_eq!(check(source).printed, ["unsubscribe_url", "shop.address"]);
    }
}
