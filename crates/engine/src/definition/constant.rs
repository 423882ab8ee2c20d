//! Conditions that say nothing: always or never so, whoever is asked about.

use super::fields::Read;
use super::sentence::condition;
use super::yaml::{Node, Sheet};
use crate::condition::{CartTest, Comparison, Condition, Limit};

/// Where a condition stands, and what it means there that it never changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purport {
    /// What is wrong where it never holds, with the cure.
    pub(super) never: (&'static str, &'static str),
    /// What is wrong where it always holds, with the cure; `None`: nothing.
    pub(super) always: Option<(&'static str, &'static str)>,
}

/// An exit rule.
pub(super) const EXIT: Purport = Purport {
    never: ("this exit can never hold", "take it out, or write what shall end the journey"),
    always: Some((
        "this exit always holds: nobody gets beyond the entry",
        "write what shall end it",
    )),
};
/// The goal.
pub(super) const GOAL: Purport = Purport {
    never: ("this goal can never be reached", "write what the journey is there for"),
    always: Some(("this goal is always reached: nobody gets beyond the entry", "write what it is")),
};
/// What must hold for an entry.
pub(super) const ENTRY: Purport = Purport {
    never: ("nobody can ever enter", "write who may, or leave \"if\" out"),
    always: None,
};
/// A branch.
pub(super) const BRANCH: Purport = Purport {
    never: ("this branch always goes the way of \"else\"", "keep only those steps"),
    always: Some(("this branch always goes the way of \"then\"", "keep only those steps")),
};
/// A wait for a condition.
pub(super) const WAIT: Purport = Purport {
    never: ("this is never so: it waits the whole time", "write the time alone: wait: 2 days"),
    always: Some(("this is always so: it waits for nothing", "take the step out")),
};
/// What must hold for a message.
pub(super) const ONLY_IF: Purport = Purport {
    never: ("this message can never go", "write when it may, or take the step out"),
    always: None,
};

/// A condition that must depend on whoever is asked about.
pub(super) fn sensible(purport: Purport) -> impl Fn(&Sheet<'_>, &Node) -> Read<Condition> {
    move |sheet, node| {
        let (condition, form) = condition(sheet, node)?;
        let wrong = match constant(&condition) {
            Some(false) => Some(purport.never),
            Some(true) => purport.always,
            None => None,
        };
        if let Some((message, cure)) = wrong {
            sheet.wrong(node.at.start, message, cure);
            return None;
        }
        Some((condition, form))
    }
}

/// What a condition comes to for everybody at any time; `None`: it depends. It does not see through
/// everything: what it says is so, and what it does not say may be.
pub(super) fn constant(condition: &Condition) -> Option<bool> {
    if *condition == Condition::Always {
        return Some(true);
    }
    if *condition == Condition::Never {
        return Some(false);
    }
    if let Condition::Not(part) = condition {
        return constant(part).map(|holds| !holds);
    }
    let (parts, decides) = if let Condition::All(parts) = condition {
        (parts, false)
    } else if let Condition::Any(parts) = condition {
        (parts, true)
    } else {
        return None;
    };
    let said: Vec<Option<bool>> = parts.iter().map(constant).collect();
    let opposed = parts.iter().enumerate().any(|(index, part)| {
        let after = &parts[index + 1..];
        after.iter().any(|other| {
            opposites(part, other) || !decides && (exclude(part, other) || exclude(other, part))
        })
    });
    if opposed || said.contains(&Some(decides)) {
        return Some(decides);
    }
    said.iter().all(Option::is_some).then_some(!decides)
}

/// One of them is the other with a `not`.
fn opposites(left: &Condition, right: &Condition) -> bool {
    let negates = |not: &Condition, plain: &Condition| matches!(not, Condition::Not(part) if **part == *plain);
    negates(left, right) || negates(right, left)
}

/// Where one holds, the other does not.
fn exclude(left: &Condition, right: &Condition) -> bool {
    if let (Condition::Cart(left), Condition::Cart(CartTest::Empty)) = (left, right) {
        return matches!(left, CartTest::Open | CartTest::Has(_));
    }
    if let (
        Condition::Orders { limit: left, filter: by_left, scope: of_left },
        Condition::Orders { limit: right, filter: by_right, scope: of_right },
    ) = (left, right)
    {
        return (by_left, of_left) == (by_right, of_right) && apart(*left, *right);
    }
    false
}

/// Whether no number lies on the right side of both bounds.
fn apart(left: Limit<u64>, right: Limit<u64>) -> bool {
    match (range(left), range(right)) {
        (Some((from, to)), Some((other_from, other_to))) => to < other_from || other_to < from,
        (None, _) | (_, None) => true,
    }
}

/// The least and the greatest number on the right side of a bound; `None`: there is none.
fn range(limit: Limit<u64>) -> Option<(u64, u64)> {
    Some(match limit.comparison {
        Comparison::AtLeast => (limit.value, u64::MAX),
        Comparison::AtMost => (0, limit.value),
        Comparison::MoreThan => (limit.value.checked_add(1)?, u64::MAX),
        Comparison::LessThan => (0, limit.value.checked_sub(1)?),
        Comparison::Exactly => (limit.value, limit.value),
    })
}
