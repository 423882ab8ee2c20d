//! Scores, the stage and static lists in conditions: asked of whoever keeps them.

use super::ast::Condition;
use super::beside::Judged;
use super::evaluate::Weighed;
use super::explain::{Notes, behind};
use super::moment::earlier;
use super::world::World;
use crate::reason::{Fact, ReasonCode, Told};
use crate::source::Facts;
use crate::truth::Truth;

/// Whether a score, a stage or a list is as asked. For certain, a feed that is behind may bring an
/// order that changes a score or a stage; a list is what it is.
pub(super) fn weigh(world: &World<'_>, condition: &Condition) -> Weighed {
    if let Condition::InList(list) = condition {
        return Weighed::lasting(world.profile.listed(list).into());
    }
    let Some(judged) = judge(world, condition) else { return Weighed::lasting(Truth::Unknown) };
    let Judged { holds, next, .. } = judged;
    if !world.certain() {
        return Weighed { truth: holds.into(), next };
    }
    let missing = world.feeds.missing(&Facts::Orders);
    let truth = if missing.lacking.is_empty() { holds.into() } else { Truth::Unknown };
    Weighed { truth, next: earlier(next, missing.changes_at) }
}

fn judge(world: &World<'_>, condition: &Condition) -> Option<Judged> {
    let judge = world.judge()?;
    if let Condition::Score { name, limit } = condition {
        return judge.score(name, *limit);
    }
    let Condition::Stage(stage) = condition else { return None };
    Some(judge.stage(*stage))
}

/// Notes what makes it so.
pub(super) fn explain(world: &World<'_>, condition: &Condition, truth: Truth, notes: &mut Notes) {
    if let Condition::InList(list) = condition {
        let on_it = world.profile.listed(list);
        let list = list.clone();
        let told = if on_it { Told::InList { list } } else { Told::NotInList { list } };
        return notes.say(told, None);
    }
    let judged = judge(world, condition);
    match (condition, judged) {
        (Condition::Score { name, .. }, Some(Judged { value: Some(value), .. })) => {
            let (score, value) = (name.clone(), readable(value));
            notes.say(Told::ScoreIs { score, value }, None);
        }
        (Condition::Score { name, .. }, None) => {
            let unfitted = Told::ScoreUnfitted { score: name.clone() };
            notes.because(ReasonCode::ConditionUnknown, Fact::new(unfitted, None));
        }
        (Condition::Stage(stage), Some(judged)) => {
            let stage = *stage;
            notes.say(
                if judged.holds { Told::StageIs { stage } } else { Told::StageIsNot { stage } },
                None,
            );
        }
        (Condition::Stage(_), None) => {
            notes.because(ReasonCode::ConditionUnknown, Fact::new(Told::StageUnknown, None));
        }
        _ => {}
    }
    if truth == Truth::Unknown && judged.is_some() {
        for silence in &world.feeds.missing(&Facts::Orders).lacking {
            behind(world, &silence.lacking, notes);
        }
    }
}

/// At most two digits behind the point: more says nothing to a person.
fn readable(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
