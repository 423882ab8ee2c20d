//! Scores in sentences that somebody in a shop understands, in the language of whoever reads.

use regulars_engine::condition::Stage;
use regulars_engine::event::Value;
use regulars_engine::profile::Profile;
use regulars_engine::program::Program;
use regulars_engine::score::{ACTS, BuyerScores, OUTLIER_DAYS, Scorer, Scores, affinities};
use regulars_engine::time::Timestamp;

use super::format::{money, number};
use super::language::Language;
use super::text::{Arg, text};
use crate::segments::Computed;

/// A score with what it means for this person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// What it is about, as a short heading.
    pub about: String,
    /// The value, to be seen at a glance; may be empty.
    pub value: String,
    /// What it means, and what it rests on.
    pub meaning: String,
}

/// The key of a stage's name.
pub(crate) fn stage_key(stage: Stage) -> String {
    format!("stage-{}", stage.word().replace(' ', "-"))
}

struct Telling<'t> {
    language: Language,
    scorer: Scorer<'t>,
}

impl Telling<'_> {
    fn t(&self, key: &str, args: &[(&str, Arg)]) -> String {
        text(self.language, key, args)
    }

    fn money(&self, units: f64) -> String {
        money::of_units(self.language, units, self.scorer.model.currency)
    }

    fn percent(&self, share: f64) -> String {
        number::percent(self.language, number::permille(share))
    }

    fn decimal(&self, value: f64) -> String {
        number::decimal(self.language, value, 1)
    }

    fn stage(&self, scores: &Scores) -> Sentence {
        let standing = &scores.standing;
        let name = self.t(&stage_key(standing.stage), &[]);
        let rhythm = i64::from(standing.rhythm_days);
        // Whoever bought once has no rhythm of their own yet.
        let purchases = scores.buying.map_or(0, |buying| i64::from(buying.raw.frequency));
        let silent = standing.silent_days.map(i64::from);
        let mut meaning = match silent {
            None => self.t("stage-why-nothing", &[]),
            Some(silent) => self.t(
                &format!("stage-why-{}", standing.stage.word().replace(' ', "-")),
                &[
                    ("silent", silent.into()),
                    ("rhythm", rhythm.into()),
                    ("purchases", purchases.into()),
                ],
            ),
        };
        if scores.advocate {
            meaning = format!("{meaning} {}", self.t("stage-why-advocacy", &[]));
        }
        Sentence { about: self.t("score-stage", &[]), value: name, meaning }
    }

    fn engagement(&self, profile: &Profile, score: Option<f64>, now: Timestamp) -> Sentence {
        let about = self.t("score-engagement", &[]);
        let Some(score) = score else {
            return Sentence { about, value: String::new(), meaning: self.t("score-not-yet", &[]) };
        };
        let parts = self.scorer.model.engagement.parts(&profile.pulse, now);
        let mut ranked: Vec<(f64, &str)> = parts
            .into_iter()
            .zip(ACTS.map(|act| act.word()))
            .filter(|(part, _)| *part > 1e-3)
            .collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
        let acts: Vec<String> =
            ranked.iter().take(2).map(|(_, word)| self.t(&format!("act-{word}"), &[])).collect();
        #[expect(clippy::cast_possible_truncation, reason = "0 to 100")]
        let whole = score.floor() as i64;
        let meaning = match acts.is_empty() {
            true => self.t("score-engagement-none", &[]),
            false => self.t(
                "score-engagement-why",
                &[("percent", whole.into()), ("acts", Arg::Text(&acts.join(", ")))],
            ),
        };
        Sentence { about, value: whole.to_string(), meaning }
    }

    /// What the person likes best; nothing where they neither bought nor looked at anything.
    fn likes(&self, profile: &Profile, now: Timestamp) -> Option<Sentence> {
        let all = affinities(profile, now);
        let best = if all.categories.is_empty() { all.products } else { all.categories };
        let names: Vec<String> = best.iter().take(2).map(|one| one.what.clone()).collect();
        let first = best.first()?;
        let share = self.percent(first.share);
        let meaning = self.t(
            "score-likes-why",
            &[
                ("what", Arg::Text(&first.what)),
                ("share", Arg::Text(&share)),
                ("bought", i64::from(first.bought).into()),
            ],
        );
        Some(Sentence { about: self.t("score-likes", &[]), value: names.join(", "), meaning })
    }

    fn buying(&self, buying: &BuyerScores) -> Vec<Sentence> {
        let purchases = i64::from(buying.raw.frequency);
        let silent = i64::from(buying.raw.recency_days);
        let spent = self.money(
            buying.raw.money_minor as f64
                / 10_f64.powi(i32::from(self.scorer.model.currency.digits())),
        );
        let (value, meaning) = match buying.alive {
            Some(alive) => (
                self.percent(alive),
                self.t(
                    "score-alive-why",
                    &[("purchases", purchases.into()), ("silent", silent.into())],
                ),
            ),
            None => ("–".to_owned(), self.t("score-alive-assumed", &[])),
        };
        let mut sentences = vec![Sentence { about: self.t("score-alive", &[]), value, meaning }];
        for expected in buying.expected {
            let (orders, value) = (self.decimal(expected.orders), self.money(expected.value));
            sentences.push(Sentence {
                about: self.t("score-expected", &[("days", i64::from(expected.days).into())]),
                value: value.clone(),
                meaning: self.t(
                    "score-expected-why",
                    &[
                        ("orders", Arg::Text(&orders)),
                        ("each", Arg::Text(&self.money(buying.order_value))),
                    ],
                ),
            });
        }
        if let (Some(risk), Some(churn)) = (buying.churn, &self.scorer.model.churn) {
            let (percent, days) = (self.percent(risk), i64::from(churn.horizon_days));
            sentences.push(Sentence {
                about: self.t("score-churn", &[]),
                value: percent.clone(),
                meaning: self.t(
                    "score-churn-why",
                    &[("percent", Arg::Text(&percent)), ("days", days.into())],
                ),
            });
        }
        let rfm = buying.rfm;
        sentences.push(Sentence {
            about: self.t("score-rfm", &[]),
            value: self.t(&format!("rfm-{}", buying.group.word()), &[]),
            meaning: self.t(
                "score-rfm-why",
                &[
                    ("recency", i64::from(rfm.recency).into()),
                    ("frequency", i64::from(rfm.frequency).into()),
                    ("money", i64::from(rfm.money).into()),
                    ("purchases", purchases.into()),
                    ("silent", silent.into()),
                    ("spent", Arg::Text(&spent)),
                ],
            ),
        });
        sentences
    }
}

/// A computed trait as the page of a person tells it: what it comes to, and from what.
pub(crate) fn computed_sentence(language: Language, (computed, value): &Computed) -> Sentence {
    let figure = computed.figure.to_string();
    let (value, key) = match value.as_ref().and_then(Value::as_word) {
        Some(value) => (value, "computed-from"),
        None => (String::new(), "computed-nothing"),
    };
    let meaning = text(language, key, &[("figure", Arg::Text(&figure))]);
    Sentence { about: computed.name.clone(), value, meaning }
}

/// What scores say of a person, each with its meaning; empty where nothing was fitted yet.
#[must_use]
pub fn sentences(
    language: Language,
    program: &Program,
    profile: &Profile,
    now: Timestamp,
) -> Vec<Sentence> {
    let Some(scorer) = program.scorer() else { return Vec::new() };
    let scores = scorer.of(profile, now).all();
    let telling = Telling { language, scorer };
    let mut sentences =
        vec![telling.stage(&scores), telling.engagement(profile, scores.engagement, now)];
    if let Some(buying) = &scores.buying {
        sentences.extend(telling.buying(buying));
    }
    sentences.extend(telling.likes(profile, now));
    if scores.outlier {
        sentences.push(Sentence {
            about: telling.t("score-outlier", &[]),
            value: String::new(),
            meaning: telling.t("score-outlier-why", &[("days", OUTLIER_DAYS.into())]),
        });
    }
    sentences
}
