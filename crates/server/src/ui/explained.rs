//! Why somebody is in a segment or not, in sentences: for the command line, in the words of the pages.

use regulars_engine::program::Program;
use regulars_engine::segment::{Turn, Way};
use regulars_engine::time::Timestamp;
use regulars_engine::truth::Truth;

use super::text::Arg;
use super::widget::{reason_sentence, said};
use super::{Ctx, Language};
use crate::pages::reasons_shown;
use crate::segments::Why;

/// The answer, its facts, what is not certain, what time alone can change, and what was before: a
/// line each. `name` is what to call the person.
#[must_use]
pub fn explained(
    language: Language,
    program: &Program,
    name: &str,
    why: &Why,
    now: Timestamp,
) -> Vec<String> {
    let ctx = Ctx::outside(language, program, "", now);
    let mut lines = vec![answer(&ctx, name, why)];
    for fact in &why.known.facts {
        let at = fact.at.map(|at| format!(" ({})", ctx.moment(at.0))).unwrap_or_default();
        lines.push(format!("  - {}{at}", said(&ctx, fact)));
    }
    if why.certain.truth == Truth::Unknown {
        lines.push(ctx.t("segment-uncertain"));
        for reason in reasons_shown(&why.certain.unknown_because) {
            lines.push(format!("  - {}", reason_sentence(&ctx, &reason)));
        }
    }
    if let Some(next) = why.known.next {
        lines.push(format!("{} {}", ctx.t("segment-turns"), ctx.moment(next.0)));
    }
    lines.extend(why.turns.iter().map(|turned| turn(&ctx, turned)));
    if !why.computed {
        lines.push(ctx.t("segment-told-computing"));
    }
    lines
}

fn answer(ctx: &Ctx, name: &str, why: &Why) -> String {
    let segment = why.segment.clone().unwrap_or_default();
    let since = why.since.map(|at| ctx.moment(at.0)).unwrap_or_default();
    let key = match (why.known.truth.holds(), &why.segment, why.since) {
        (true, Some(_), Some(_)) => "segment-told-since",
        (true, Some(_), None) => "segment-told-in",
        (false, Some(_), _) => "segment-told-out",
        (true, None, _) => "segment-told-so",
        (false, None, _) => "segment-told-not-so",
    };
    let args =
        [("name", Arg::Text(name)), ("segment", Arg::from(&segment)), ("since", Arg::from(&since))];
    ctx.tf(key, &args)
}

fn turn(ctx: &Ctx, turn: &Turn) -> String {
    let way = ctx.t(match turn.way {
        Way::Entered => "segment-turn-entered",
        Way::Left => "segment-turn-left",
    });
    let by = ctx.t(match (turn.found, turn.by) {
        (true, _) => "segment-turn-found",
        (false, Some(_)) => "segment-turn-event",
        (false, None) => "segment-turn-time",
    });
    format!("{}  {way} ({by})", ctx.moment(turn.at.0))
}
