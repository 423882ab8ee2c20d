//! Reasons and facts in words.

use maud::{Markup, html};

use crate::ui::context::Ctx;
use crate::ui::model::{Fact, FactValue, Reason, ReasonCount};
use crate::ui::text::{self, Arg};

use super::fact::said;
use super::piece::{count, icon, money, percent, span};

/// The reason in a few words: the text of `reason-<code>`, or the code itself when it is new to us.
pub fn reason_short(ctx: &Ctx, code: &str) -> String {
    coded(ctx, "reason", code)
}

pub(crate) fn coded(ctx: &Ctx, family: &str, code: &str) -> String {
    text::find(ctx.language, &format!("{family}-{code}")).unwrap_or_else(|| code.replace('_', " "))
}

/// The reason as a sentence with its facts.
pub fn reason_sentence(ctx: &Ctx, reason: &Reason) -> String {
    sentence_of(ctx, "reason", reason)
}

pub(crate) fn sentence_of(ctx: &Ctx, family: &str, reason: &Reason) -> String {
    let values: Vec<(&str, Value)> =
        reason.facts.iter().map(|fact| (fact.name.as_str(), value_of(ctx, &fact.value))).collect();
    let args: Vec<(&str, Arg)> = values
        .iter()
        .map(|(name, value)| match value {
            Value::Count(count) => (*name, Arg::Count(*count)),
            Value::Text(text) => (*name, Arg::Text(text)),
        })
        .collect();
    text::attribute(ctx.language, &format!("{family}-{}", reason.code), "because", &args)
        .unwrap_or_else(|| told(ctx, family, reason))
}

/// The short text, and after it what the engine tells.
fn told(ctx: &Ctx, family: &str, reason: &Reason) -> String {
    let mut sentence = coded(ctx, family, &reason.code);
    for (place, fact) in reason.facts.iter().enumerate() {
        let text = match &fact.value {
            FactValue::Said(fact) => said(ctx, fact),
            FactValue::Text(_)
            | FactValue::Count(_)
            | FactValue::Moment(_)
            | FactValue::Span(_)
            | FactValue::Money(_)
            | FactValue::Permille(_)
            | FactValue::Person { .. } => continue,
        };
        sentence.push_str(if place == 0 { ": " } else { "; " });
        sentence.push_str(&text);
    }
    sentence
}

/// What a person can do about a quarantined row.
pub(crate) fn cure(ctx: &Ctx, code: &str) -> Option<String> {
    text::attribute(ctx.language, &format!("quarantine-{code}"), "cure", &[])
}

enum Value {
    Count(i64),
    Text(String),
}

fn value_of(ctx: &Ctx, value: &FactValue) -> Value {
    match value {
        FactValue::Text(text) => Value::Text(text.clone()),
        FactValue::Said(fact) => Value::Text(said(ctx, fact)),
        FactValue::Count(count) => Value::Count(*count),
        FactValue::Moment(at) => Value::Text(ctx.moment(*at)),
        FactValue::Span(length) => Value::Text(ctx.span(*length)),
        FactValue::Money(amount) => Value::Text(money(ctx, amount)),
        FactValue::Permille(share) => Value::Text(percent(ctx, *share)),
        FactValue::Person { name, .. } => Value::Text(name.clone()),
    }
}

/// One fact's value.
pub fn fact_value(ctx: &Ctx, value: &FactValue) -> Markup {
    html! {
        @match value {
            FactValue::Text(text) => { (text) }
            FactValue::Said(fact) => { (said(ctx, fact)) }
            FactValue::Count(number) => { (crate::ui::format::number::whole(ctx.language, *number)) }
            FactValue::Moment(at) => { (super::piece::time(ctx, *at)) }
            FactValue::Span(length) => { (span(ctx, *length)) }
            FactValue::Money(amount) => { (money(ctx, amount)) }
            FactValue::Permille(share) => { (percent(ctx, *share)) }
            FactValue::Person { id, name } => { a href=(format!("/people/{id}")) { (name) } }
        }
    }
}

/// Facts as a list of names and values.
pub fn fact_list(ctx: &Ctx, facts: &[Fact]) -> Markup {
    html! {
        @if !facts.is_empty() {
            dl .facts {
                @for fact in facts {
                    div { dt { (coded(ctx, "fact", &fact.name)) } dd { (fact_value(ctx, &fact.value)) @if let Some(at) = fact.at { " " span .quiet { (super::piece::time(ctx, at)) } } } }
                }
            }
        }
    }
}

/// Reasons as sentences, each with its facts below it.
pub fn reasons(ctx: &Ctx, list: &[Reason]) -> Markup {
    html! {
        ul .reasons {
            @for reason in list {
                li {
                    p { (reason_sentence(ctx, reason)) }
                    (fact_list(ctx, &reason.facts))
                }
            }
        }
    }
}

/// A line that says the weightiest reason and opens to all of them with their facts.
///
/// Nothing is drawn when there is no reason: a "Why?" without an answer would be worse than none.
pub fn why(ctx: &Ctx, list: &[Reason], more: Markup) -> Markup {
    let Some((first, others)) = list.split_first() else { return html! {} };
    why_line(
        ctx,
        html! { span .why-lead { (reason_sentence(ctx, first)) } },
        html! {
            (fact_list(ctx, &first.facts))
            @if !others.is_empty() { (reasons(ctx, others)) }
            (more)
        },
    )
}

/// A line that ends in "Why?" and opens to `body`.
pub fn why_line(ctx: &Ctx, line: Markup, body: Markup) -> Markup {
    html! {
        details .why .why-line {
            summary { (line) span .why-word { (icon("why")) (ctx.t("why")) } }
            div .why-body { (body) }
        }
    }
}

/// Reasons with how often each was given, as a small table.
pub fn reason_counts(ctx: &Ctx, list: &[ReasonCount]) -> Markup {
    html! {
        ul .reason-counts {
            @for reason in list {
                li { span { (reason_short(ctx, &reason.code)) } span .number { (count(ctx, reason.count)) } }
            }
        }
    }
}
