//! What happened in towns, so that nothing is proved by what never happened.

use std::collections::BTreeMap;

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::identity::PersonId;
use regulars_engine::reason::{ReasonCode, Told};

use super::judge::CAPS;
use super::shop::SHARES;

/// What must have held a message somewhere, where towns are many or years are long.
const HELD_BY: [ReasonCode; 9] = [
    ReasonCode::QuietHours,
    ReasonCode::OpenTicket,
    ReasonCode::FeedBehind,
    ReasonCode::FrequencyCap,
    ReasonCode::HigherFirst,
    ReasonCode::ConsentMissing,
    ReasonCode::ConsentWithdrawn,
    ReasonCode::Suppressed,
    ReasonCode::NoAddress,
];

/// What holds one in a hundred days or so of a town.
const HELD_BY_RARELY: [ReasonCode; 2] = [ReasonCode::TwinMaybe, ReasonCode::InVisit];

/// What went wrong by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Killed,
    Caught,
    ClockForward,
    ClockBack,
    SaidNo,
    Joined,
    Parted,
    /// Several lines came in one batch.
    Together,
    /// A batch was history, out of a file.
    History,
    /// Sending was switched off for hours.
    Paused,
    Erased,
    CodeUsed,
    /// A receipt was corrected.
    Corrected,
}

/// Every one of them.
const FAULTS: [Fault; 13] = [
    Fault::Killed,
    Fault::Caught,
    Fault::ClockForward,
    Fault::ClockBack,
    Fault::SaidNo,
    Fault::Joined,
    Fault::Parted,
    Fault::Together,
    Fault::History,
    Fault::Paused,
    Fault::Erased,
    Fault::CodeUsed,
    Fault::Corrected,
];

/// Counts of one town, or of many.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) lines: usize,
    verdicts: BTreeMap<Verdict, usize>,
    /// Claims by journey.
    claims: BTreeMap<String, usize>,
    /// Why messages were held or left out.
    held_by: BTreeMap<ReasonCode, usize>,
    /// Which limits held a message: by their hours.
    limits: BTreeMap<i64, usize>,
    faults: BTreeMap<Fault, usize>,
    /// Who was in a journey, so many times, when they were erased.
    pub(super) erased_inside: usize,
    /// How midnights were looked at.
    pub(super) midnights: usize,
    /// Who was drawn into which way: a person is drawn once, in whatever town.
    drawn: BTreeMap<String, BTreeMap<PersonId, String>>,
}

impl Tally {
    pub(super) fn note(&mut self, decision: &Decision) {
        *self.verdicts.entry(decision.verdict).or_default() += 1;
        match decision.verdict {
            Verdict::Send => *self.claims.entry(decision.journey.clone()).or_default() += 1,
            Verdict::Hold | Verdict::Skip => self.note_held(decision),
            Verdict::Assign => {
                let facts = decision.reasons.iter().flat_map(|reason| &reason.facts);
                for fact in facts {
                    if let Told::DrawnInto { experiment, way } = &fact.told {
                        let drawn = self.drawn.entry(experiment.clone()).or_default();
                        drawn.insert(decision.person, way.clone());
                    }
                }
            }
            _ => {}
        }
    }

    fn note_held(&mut self, decision: &Decision) {
        for reason in &decision.reasons {
            *self.held_by.entry(reason.code).or_default() += 1;
            for fact in &reason.facts {
                if let Told::MessagesLately { window, .. } = &fact.told {
                    *self.limits.entry(window.0 / 3_600_000).or_default() += 1;
                }
            }
        }
    }

    pub(super) fn fault(&mut self, fault: Fault, times: usize) {
        *self.faults.entry(fault).or_default() += times;
    }

    /// Somebody was erased who was in so many journeys.
    pub(super) fn erased(&mut self, inside: usize) {
        self.fault(Fault::Erased, 1);
        self.erased_inside += inside;
    }

    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.verdicts.get(&verdict).copied().unwrap_or(0)
    }

    pub(super) fn add(&mut self, other: Self) {
        fn add<K: Ord>(all: &mut BTreeMap<K, usize>, other: BTreeMap<K, usize>) {
            other.into_iter().for_each(|(key, count)| *all.entry(key).or_default() += count);
        }
        self.lines += other.lines;
        self.midnights += other.midnights;
        self.erased_inside += other.erased_inside;
        add(&mut self.verdicts, other.verdicts);
        add(&mut self.claims, other.claims);
        add(&mut self.held_by, other.held_by);
        add(&mut self.limits, other.limits);
        add(&mut self.faults, other.faults);
        for (experiment, drawn) in other.drawn {
            self.drawn.entry(experiment).or_default().extend(drawn);
        }
    }

    /// What never happened, and so was not tried.
    pub(super) fn never(&self) -> Vec<String> {
        let rarely = if self.midnights >= 2_000 { &HELD_BY_RARELY[..] } else { &[] };
        let held = HELD_BY.iter().chain(rarely);
        let held = held.filter(|code| !self.held_by.contains_key(code));
        let held = held.map(|code| format!("nothing was held or left out by {}", code.code()));
        let limits = CAPS.iter().filter(|(_, hours, _)| !self.limits.contains_key(hours));
        let limits = limits.map(|(_, hours, _)| format!("the limit of {hours} hours held nothing"));
        let faults = FAULTS.iter().filter(|fault| self.faults.get(fault).is_none_or(|n| *n == 0));
        let faults = faults.map(|fault| format!("no {fault:?}"));
        let journeys = ["cart", "welcome", "thanks", "win-back", "birthday"].into_iter();
        let silent = journeys.filter(|name| !self.claims.contains_key(*name));
        let silent = silent.map(|name| format!("{name} wrote to nobody"));
        held.chain(limits).chain(faults).chain(silent).collect()
    }

    /// Ways that chance took more or less often than it may: by five standard deviations, which happens once
    /// in two million draws.
    pub(super) fn unfair(&self) -> Vec<String> {
        let mut unfair = Vec::new();
        for (experiment, ways) in SHARES {
            let none = BTreeMap::new();
            let drawn = self.drawn.get(experiment).unwrap_or(&none);
            let all = drawn.len() as f64;
            let mut known = 0;
            for (way, permille) in ways {
                let found = drawn.values().filter(|drawn| drawn == way).count();
                known += found;
                let share = *permille as f64 / 1_000.0;
                let (expected, spread) = (all * share, (all * share * (1.0 - share)).sqrt());
                if (found as f64 - expected).abs() > 5.0 * spread {
                    unfair.push(format!("{experiment}: {found} of {all} went {way}"));
                }
            }
            if known != drawn.len() || drawn.is_empty() {
                unfair.push(format!("{experiment}: {known} of {all} went a way that is stated"));
            }
        }
        unfair
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = |parts: Vec<String>| parts.join(", ");
        let verdicts =
            self.verdicts.iter().map(|(verdict, count)| format!("{count} {}", verdict.word()));
        writeln!(f, "  decided: {}", words(verdicts.collect()))?;
        let claims = self.claims.iter().map(|(journey, count)| format!("{count} {journey}"));
        writeln!(f, "  claims: {}", words(claims.collect()))?;
        let held = self.held_by.iter().map(|(code, count)| format!("{} {count}", code.code()));
        writeln!(f, "  held or left out by: {}", words(held.collect()))?;
        let limits = self.limits.iter().map(|(hours, count)| format!("{hours} h {count}"));
        writeln!(f, "  by a limit of: {}", words(limits.collect()))?;
        let faults = self.faults.iter().map(|(fault, count)| format!("{fault:?} {count}"));
        writeln!(f, "  faults: {}", words(faults.collect()))?;
        let drawn =
            self.drawn.iter().map(|(experiment, drawn)| format!("{experiment} {}", drawn.len()));
        write!(f, "  drawn: {}", words(drawn.collect()))
    }
}
