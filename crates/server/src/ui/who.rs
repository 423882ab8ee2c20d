//! Who is who in sentences: for the command line and the API, in the words of the pages.

use regulars_engine::condition::Likeness;
use regulars_engine::identity::link::Comparison;
use regulars_engine::identity::{Against, Edge, Identifier, Step, Tied, Ties};
use regulars_engine::program::Program;
use regulars_engine::reason::Fact;
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{Household, LivesWith};

use super::model::{WeightRow, Weights};
use super::text::Arg;
use super::view::identity::{against, weights};
use super::widget::{percent, points, said};
use super::{Ctx, Language};
use crate::identity::through;
use crate::pages::weights_shown;

/// The longest bar of a waterfall: longer ones say no more.
const BAR_MAX: u32 = 30;

/// Sentences about who is who, in one language.
#[derive(Debug)]
pub struct WhoWords(Ctx);

impl WhoWords {
    /// The words of a language.
    #[must_use]
    pub fn new(language: Language, program: &Program) -> Self {
        // No sentence of these tells a moment.
        Self(Ctx::outside(language, program, "", Timestamp::EARLIEST))
    }

    /// What stands above a [`WhoWords::waterfall`].
    #[must_use]
    pub fn above_records(&self) -> String {
        self.0.t("who-records")
    }

    /// What stands above what holds a person together.
    #[must_use]
    pub fn above_ties(&self) -> String {
        self.0.t("who-joined")
    }

    /// That nothing does, since there is one identifier alone.
    #[must_use]
    pub fn alone(&self) -> String {
        self.0.t("who-alone")
    }

    /// What stands above the history.
    #[must_use]
    pub fn above_history(&self) -> String {
        self.0.t("identity-history")
    }

    /// An identifier as people say it: `login anna`.
    fn named(&self, identifier: &Identifier) -> String {
        against::named(&self.0, identifier)
    }

    fn of_two(&self, key: &str, one: &str, other: &str) -> String {
        self.0.tf(key, &[("one", Arg::from(one)), ("other", Arg::from(other))])
    }

    fn of_identifiers(&self, key: &str, one: &Identifier, other: &Identifier) -> String {
        self.of_two(key, &self.named(one), &self.named(other))
    }

    /// Whether two are one person, by their ids.
    #[must_use]
    pub fn answer(&self, one: &str, other: &str) -> String {
        self.of_two(if one == other { "who-one" } else { "who-two" }, one, other)
    }

    /// What holds a person together.
    #[must_use]
    pub fn tied(&self, tied: &Tied) -> String {
        let cards = match tied {
            Tied::Seen(edge) => return self.edge(edge),
            Tied::Alike(cards) => cards,
        };
        let points = points(&self.0, cards.points);
        let (one, other) = (self.named(&cards.one), self.named(&cards.other));
        self.0.tf(
            "tied-alike",
            &[
                ("one", Arg::from(&one)),
                ("other", Arg::from(&other)),
                ("points", Arg::from(&points)),
                ("percent", Arg::from(u64::from(cards.percent))),
            ],
        )
    }

    fn edge(&self, edge: &Edge) -> String {
        self.of_identifiers(tie_key(edge.ties), &edge.strong, &edge.weak)
    }

    /// What stands against two people being one.
    #[must_use]
    pub fn against(&self, found: &Against) -> String {
        against::sentence(&self.0, found)
    }

    /// Why two people are possibly one.
    #[must_use]
    pub fn likely(&self, percent: u8, because: &Likeness) -> String {
        said(&self.0, &Fact::new(because.told(percent), None))
    }

    /// That two people are possibly one, and why.
    #[must_use]
    pub fn possible(&self, percent: u8, because: &Likeness) -> String {
        let because = self.likely(percent, because);
        self.0.tf("who-possibly", &[("because", Arg::from(&because))])
    }

    /// A step of a person's history.
    #[must_use]
    pub fn step(&self, step: &Step) -> String {
        let all = |names: &[Identifier]| {
            names.iter().map(|name| self.named(name)).collect::<Vec<_>>().join(", ")
        };
        let groups = |groups: &[Vec<Identifier>]| {
            groups.iter().map(|group| all(group)).collect::<Vec<_>>().join(" | ")
        };
        match step {
            Step::Named(names) => format!("{} {}", self.0.t("history-named"), all(names)),
            Step::Joined(parts) => format!("{} {}", self.0.t("history-joined"), groups(parts)),
            Step::Parted(parts) => format!("{} {}", self.0.t("history-parted"), groups(parts)),
            Step::Stated(ties, one, other) => self.of_identifiers(tie_key(*ties), one, other),
        }
    }

    /// That nobody is known to live with a person.
    #[must_use]
    pub fn lives_alone(&self) -> String {
        self.0.t("household-none")
    }

    /// Why two live together.
    #[must_use]
    pub fn lives_with(&self, because: &LivesWith) -> String {
        match because {
            LivesWith::Said => self.0.t("household-said"),
            LivesWith::Home => self.0.t("household-home"),
            LivesWith::Shared { value, people } => {
                let used = self.0.tn("household-shared", &[("people", u64::from(*people))]);
                format!("{used} {}", self.named(value))
            }
        }
    }

    /// Who lives with the first of a household, a line a person.
    #[must_use]
    pub fn household(&self, household: &Household) -> Vec<String> {
        let Some(asked) = household.persons.first() else { return Vec::new() };
        let line = |record: &Record| {
            let called = self.called(record);
            let Some(bond) = household.bond_of(record.id()) else { return called };
            let because: Vec<String> =
                bond.because.iter().map(|one| self.lives_with(one)).collect();
            let through = through(household, bond, (asked.id(), record.id())).map(|other| {
                let name = self.called(other);
                format!(", {}", self.0.tf("household-through", &[("name", Arg::from(&name))]))
            });
            format!("{called}{}. {}", through.unwrap_or_default(), because.join(" "))
        };
        household.persons.iter().skip(1).map(line).collect()
    }

    /// A person by name and strongest identifier: `Eva Lozano (login eva)`.
    fn called(&self, record: &Record) -> String {
        let strongest = record.evidence.nodes.first().map(|node| self.named(&node.identifier));
        let strongest = strongest.unwrap_or_default();
        record.display_name().map_or(strongest.clone(), |name| format!("{name} ({strongest})"))
    }

    /// What two records say, a line a part and one for what it comes to.
    #[must_use]
    pub fn waterfall(&self, found: &Comparison) -> Vec<String> {
        let shown = weights_shown(found);
        let mut total = 0;
        let line = |row: &WeightRow| {
            total += row.centibits;
            let (bits, sum) =
                (weights::bits(&self.0, row.centibits), weights::bits(&self.0, total));
            let bar = (row.centibits.unsigned_abs() + 50) / 100;
            let bar = "#".repeat(usize::try_from(bar.min(BAR_MAX)).unwrap_or_default());
            let words = weights::found(&self.0, row.found);
            format!("{bits:>7}  {sum:>7}  {words:<60} {bar}").trim_end().to_owned()
        };
        let mut lines: Vec<String> = shown.rows.iter().map(line).collect();
        lines.push(self.sum(&shown));
        lines
    }

    /// What two records come to.
    fn sum(&self, shown: &Weights) -> String {
        let bits = weights::bits(&self.0, shown.centibits);
        let percent = percent(&self.0, shown.permille);
        self.0.tf("weights-sum", &[("bits", Arg::from(&bits)), ("percent", Arg::from(&percent))])
    }

    /// The same as a picture.
    #[must_use]
    pub fn picture(&self, found: &Comparison) -> String {
        found.svg_in(&|english| weights::found(&self.0, english), &self.sum(&weights_shown(found)))
    }
}

const fn tie_key(ties: Ties) -> &'static str {
    match ties {
        Ties::Seen => "tied-seen",
        Ties::AssertedSame => "tied-same",
        Ties::AssertedApart => "against-kept-apart",
        Ties::TakenBack => "tied-taken-back",
        Ties::Unsure => "tied-unsure",
        Ties::HomeSame => "tied-home-same",
        Ties::HomeApart => "tied-home-apart",
        Ties::HomeTakenBack => "tied-home-taken-back",
    }
}
