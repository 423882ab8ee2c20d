//! Decisions as rows of a page.

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::reason::ReasonCode;

use super::convert;
use crate::ui::model::{DecisionKind, DecisionRow};

pub(super) fn kind(decision: &Decision) -> DecisionKind {
    let not_knowing =
        decision.reasons.iter().any(|reason| reason.code == ReasonCode::SentNotKnowing);
    if decision.verdict == Verdict::Send && not_knowing {
        return DecisionKind::SentNotKnowing;
    }
    kind_of(decision.verdict)
}

pub(super) const fn kind_of(verdict: Verdict) -> DecisionKind {
    match verdict {
        Verdict::Enter => DecisionKind::Entered,
        Verdict::Decline => DecisionKind::Declined,
        Verdict::Send => DecisionKind::Claimed,
        Verdict::Hold => DecisionKind::Held,
        Verdict::Skip => DecisionKind::Skipped,
        Verdict::Exit => DecisionKind::Exited,
        Verdict::Done => DecisionKind::Completed,
        Verdict::Sent => DecisionKind::Sent,
        Verdict::Failed => DecisionKind::Failed,
        Verdict::Uncertain => DecisionKind::Uncertain,
        Verdict::Assign => DecisionKind::Assigned,
        Verdict::Goal => DecisionKind::Reached,
        Verdict::Set => DecisionKind::Stated,
        Verdict::Notify => DecisionKind::Notified,
        Verdict::Move => DecisionKind::Moved,
        Verdict::Webhook => DecisionKind::Told,
        Verdict::Shown => DecisionKind::Shown,
        Verdict::Clicked => DecisionKind::Clicked,
        Verdict::Dismissed => DecisionKind::Dismissed,
        Verdict::TakenBack => DecisionKind::TakenBack,
    }
}

pub(super) fn row(decision: &Decision) -> DecisionRow {
    DecisionRow {
        at: decision.at.0,
        kind: kind(decision),
        journey: Some(decision.journey.clone()),
        step: Some(decision.step.clone()).filter(|step| !step.is_empty()),
        channel: decision.channel.map(convert::channel),
        address: decision.recipient.as_ref().map(|to| to.value().to_owned()),
        products: decision.products.clone(),
        until: decision.until.map(|until| until.0),
        reasons: convert::reasons(&decision.reasons),
        log_position: Some(decision.known_to.0),
        message_id: decision.message.map(|id| id.to_string()),
    }
}
