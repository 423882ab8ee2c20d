//! What a new step begins as: what may be presumed is filled in, and the rest is told as missing.

use super::super::form::Form;
use super::super::steps::KINDS;

/// A new step of a kind; `None`: there is no such kind. `taken` are the names of other steps.
pub(super) fn seed(kind: &str, taken: &[String]) -> Option<Form> {
    let kind = KINDS.into_iter().find(|known| *known == kind)?;
    let text = |text: &str| Form::text(text);
    let none = || Form::List(Vec::new());
    let way = |key: &'static str, name: &str| Form::Map(vec![(key.to_owned(), text(name))]);
    let more: Vec<(&str, Form)> = match kind {
        "exit" => return Some(text("exit")),
        "wait" => vec![(kind, text("1 day"))],
        "wait until" => vec![(kind, text("")), ("at most", text("2 days"))],
        "wait for" => vec![(kind, text("Order Completed")), ("at most", text("2 days"))],
        "branch" => vec![(kind, text("")), ("then", none()), ("else", none())],
        "split" => {
            let ways = Form::List(vec![way("way", "a"), way("way", "b")]);
            vec![(kind, text(&free(kind, taken))), ("ways", ways)]
        }
        "test" => {
            let variants = Form::List(vec![way("variant", "a"), way("variant", "b")]);
            vec![(kind, text(&free(kind, taken))), ("variants", variants)]
        }
        "holdout" => vec![(kind, text(&free("control", taken))), ("share", text("10 %"))],
        "send" => vec![
            (kind, text(&free("message", taken))),
            ("channel", text("email")),
            ("template", text("")),
        ],
        "show" => vec![
            (kind, text(&free("message", taken))),
            ("slot", text("")),
            ("template", text("")),
            ("for", text("3 days")),
        ],
        "set" => vec![(kind, Form::Map(Vec::new()))],
        _ => vec![(kind, text(""))],
    };
    Some(Form::Map(more.into_iter().map(|(key, form)| (key.to_owned(), form)).collect()))
}

/// A name that no other step bears: `message`, `message 2`.
pub(super) fn free(name: &str, taken: &[String]) -> String {
    let numbered = (2_usize..).map(|number| format!("{name} {number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name)).expect("there are more numbers than names")
}
