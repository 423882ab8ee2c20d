//! Figures at work: which orders and events are in the window now, what their values come to, and
//! when that turns.

use super::ast::{Comparison, TraitTest, Window};
use super::computed::ComputedTrait;
use super::evaluate::Weighed;
use super::explain::{Notes, behind};
use super::figure::{Digest, Figure, FigureTest, Of, Outcome, digest, passes};
use super::filter::order_values;
use super::happening::{Happened, kept_of};
use super::moment::earlier;
use super::purchase::{Doubt, orders};
use super::timeline::{Laid, Occurrence};
use super::world::{Silence, World};
use super::{mark, words};
use crate::event::{Currency, Money};
use crate::profile::{Atom, OrderRecord};
use crate::reason::{Fact, ReasonCode, Told};
use crate::source::Facts;
use crate::time::Timestamp;
use crate::truth::Truth;

/// An order or event with the values it brings.
struct Part<'a> {
    occurrence: Occurrence,
    values: Vec<Atom>,
    doubt: Option<Doubt>,
    order: Option<&'a OrderRecord>,
}

/// The moments at which a turn is looked for exactly; behind them the answer is asked again.
const MOMENTS_MAX: usize = 512;

fn gather<'a>(world: &World<'a>, figure: &Figure, currency: Option<Currency>) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    match &figure.of {
        Of::Orders => orders(world, &figure.filter, figure.channel, |purchase| {
            let sale = purchase.order.sale.as_ref();
            let (mut values, mut doubt) = (Vec::new(), purchase.doubt);
            if let (Some(field), Some(sale)) = (&figure.field, sale) {
                let catalogue = world.asked.catalogue;
                let meant = |line: &_| figure.filter.line(line, sale, catalogue).holds();
                values.extend(order_values(sale, field, meant).into_iter().map(Atom::from));
            }
            let foreign = |atom: &Atom| match atom {
                Atom::Amount(money) => currency.is_some_and(|c| c != money.currency),
                Atom::Value(_) => false,
            };
            if values.iter().any(foreign) {
                doubt = doubt.or(Some(Doubt::OtherCurrency));
                values.retain(|atom| !foreign(atom));
            }
            let (occurrence, order) = (purchase.occurrence, Some(purchase.order));
            parts.push(Part { occurrence, values, doubt, order });
        }),
        Of::Event(kind) => {
            let field = figure.field.as_deref();
            kept_of(world, kind, &figure.filter, field, |happened: Happened| {
                let Happened { occurrence, values, doubt } = happened;
                parts.push(Part { occurrence, values, doubt, order: None });
            });
        }
    }
    parts.sort_by_key(|part| part.occurrence.stated);
    parts
}

/// What a figure comes to now, of what surely counts, and whether something may change that.
fn outcome(
    world: &World<'_>,
    figure: &Figure,
    currency: Option<Currency>,
    parts: &[Part<'_>],
    laid: &Laid<'_>,
) -> (Outcome, Option<Doubt>) {
    let mut doubt = None;
    let mut counted: Vec<(Timestamp, &[Atom])> = Vec::new();
    for part in parts {
        let computing = part.doubt == Some(Doubt::Computing);
        let asked = if world.certain() || computing {
            part.occurrence
        } else {
            let at = part.occurrence.stated;
            Occurrence { earliest: at, latest: at, ..part.occurrence }
        };
        let held = laid.holds(&asked);
        let sure = asked.sure && part.doubt.is_none();
        match held {
            Truth::True if sure => counted.push((asked.stated, &part.values)),
            Truth::False => {}
            Truth::Unknown if laid.mark.as_ref().is_some_and(|mark| mark.computing) => {
                doubt = doubt.max(Some(Doubt::Computing));
            }
            // As known, what is doubtful is left out, but for what is still being computed.
            Truth::True | Truth::Unknown if computing || world.certain() => {
                doubt = doubt.max(part.doubt.or(Some(Doubt::Unmapped)));
            }
            Truth::True | Truth::Unknown => {}
        }
    }
    (digest(figure.digest, currency, &counted), doubt)
}

/// What a figure comes to as known; `None`: nothing, or it is still being computed.
pub(super) fn known(
    world: &World<'_>,
    figure: &Figure,
    currency: Option<Currency>,
) -> Option<Outcome> {
    let parts = gather(world, figure, currency);
    let (found, doubt) = outcome(world, figure, currency, &parts, &world.laid(&figure.window));
    doubt.is_none().then_some(found)
}

/// What is asked of a figure.
#[derive(Clone, Copy)]
pub(super) enum Asks<'c> {
    /// As a condition asks it by itself.
    Figure(&'c FigureTest),
    /// As it is asked of a trait.
    Trait(&'c ComputedTrait, &'c TraitTest),
}

impl Asks<'_> {
    fn currency(self) -> Option<Currency> {
        match self {
            Self::Figure(test) => test.currency(),
            Self::Trait(computed, _) => computed.currency,
        }
    }

    fn passes(self, outcome: &Outcome) -> bool {
        match self {
            Self::Figure(test) => passes(outcome, test),
            Self::Trait(computed, test) => computed.passes(outcome, test),
        }
    }

    /// On which side of a number or amount; `None`: something else is asked.
    fn comparison(self) -> Option<Comparison> {
        match self {
            Self::Figure(FigureTest::Number(limit)) | Self::Trait(_, TraitTest::Number(limit)) => {
                Some(limit.comparison)
            }
            Self::Figure(FigureTest::Amount(limit)) => Some(limit.comparison),
            Self::Figure(FigureTest::Is(_) | FigureTest::IsNot(_) | FigureTest::Time { .. })
            | Self::Trait(
                _,
                TraitTest::Known | TraitTest::Is(_) | TraitTest::OneOf(_) | TraitTest::Contains(_),
            ) => None,
        }
    }
}

/// Whether a figure passes its test.
pub(super) fn weigh(world: &World<'_>, figure: &Figure, asks: Asks<'_>) -> Weighed {
    if figure.window == Window::SinceEntry && world.entry.is_none() {
        return Weighed::lasting(Truth::Unknown);
    }
    let laid = world.laid(&figure.window);
    let currency = asks.currency();
    let parts = gather(world, figure, currency);
    let missing = world.certain().then(|| world.feeds.missing(&facts(figure)));
    let silences = missing.as_ref().map_or(&[][..], |missing| &missing.lacking);
    let truth_at = |laid: &Laid<'_>| {
        let (outcome, doubt) = outcome(world, figure, currency, &parts, laid);
        let holds = asks.passes(&outcome);
        let open = doubt.is_some() || matters(figure, laid, silences);
        if open && !(holds && only_grows(figure, asks.comparison())) {
            Truth::Unknown
        } else {
            holds.into()
        }
    };
    let own = truth_at(&laid);
    let of_parts = parts.iter().flat_map(|part| laid.turns(&part.occurrence));
    let of_feeds = silences.iter().flat_map(|silence| laid.turns(&silence.may_bring()));
    let mut moments: Vec<Timestamp> = of_parts.chain(of_feeds).collect();
    moments.sort_unstable();
    moments.dedup();
    let cut = moments.get(MOMENTS_MAX).copied();
    moments.truncate(MOMENTS_MAX);
    let turned = |at: &Timestamp| truth_at(&Laid { now: *at, ..laid.clone() }) != own;
    let next = moments.into_iter().find(turned).or(cut);
    let changes_at = missing.as_ref().and_then(|missing| missing.changes_at);
    let turns_at = laid.mark.as_ref().and_then(|mark| mark.turns_at);
    Weighed { truth: own, next: earlier(earlier(next, turns_at), changes_at) }
}

/// Whether feeds may still tell of something that counts.
fn matters(figure: &Figure, laid: &Laid<'_>, silences: &[Silence]) -> bool {
    let lowers = figure.of == Of::Orders;
    silences.iter().any(|silence| lowers || laid.holds(&silence.may_bring()) != Truth::False)
}

fn facts(figure: &Figure) -> Facts {
    match &figure.of {
        Of::Orders => Facts::Orders,
        Of::Event(kind) => Facts::of_kind(kind),
    }
}

/// Whether more events can only make the figure pass what it passes. Orders may be taken back.
fn only_grows(figure: &Figure, comparison: Option<Comparison>) -> bool {
    let Some(comparison) = comparison else { return false };
    let up = matches!(comparison, Comparison::AtLeast | Comparison::MoreThan);
    let down = matches!(comparison, Comparison::AtMost | Comparison::LessThan);
    matches!(figure.of, Of::Event(_))
        && match figure.digest {
            Digest::Largest | Digest::Different => up,
            Digest::Smallest => down,
            Digest::Sum
            | Digest::Average
            | Digest::First
            | Digest::Last
            | Digest::MostFrequent
            | Digest::TimeBetween => false,
        }
}

/// Notes what the figure comes to, and what makes it unknown.
pub(super) fn explain(
    world: &World<'_>,
    figure: &Figure,
    asks: Asks<'_>,
    truth: Truth,
    notes: &mut Notes,
) {
    if figure.window == Window::SinceEntry && world.entry.is_none() {
        let fact = Fact::new(Told::SinceEntryOutside, None);
        return notes.because(ReasonCode::ConditionUnknown, fact);
    }
    mark::explain(world, &figure.window, notes);
    let laid = world.laid(&figure.window);
    let parts = gather(world, figure, asks.currency());
    let (found, _) = outcome(world, figure, asks.currency(), &parts, &laid);
    notes.say(told(figure, &found), None);
    if truth != Truth::Unknown {
        return;
    }
    mark::doubts(world, &laid, notes);
    let open = laid.mark.as_ref().is_some_and(|mark| mark.open());
    for part in &parts {
        let doubtful = part.doubt.or((!part.occurrence.sure).then_some(Doubt::Unmapped));
        if let Some(doubt) = doubtful.filter(|_| laid.holds(&part.occurrence) != Truth::False) {
            let (code, fact) = words::doubt(doubt, part.order);
            notes.because(code, fact);
        } else if laid.holds(&part.occurrence) == Truth::Unknown
            && !(open && part.occurrence.earliest == part.occurrence.latest)
        {
            let (code, fact) = words::doubt(Doubt::Undated, part.order);
            notes.because(code, fact);
        }
    }
    if !world.certain() {
        return;
    }
    let lowers = figure.of == Of::Orders;
    for silence in &world.feeds.missing(&facts(figure)).lacking {
        if lowers || laid.holds(&silence.may_bring()) != Truth::False {
            behind(world, &silence.lacking, notes);
        }
    }
}

fn told(figure: &Figure, found: &Outcome) -> Told {
    let field = figure.field.clone().unwrap_or_default();
    if let (Digest::TimeBetween, Outcome::Ratio(number, of, _)) = (figure.digest, found) {
        let ms = i64::try_from(number / of.max(&1) / 1_000_000).unwrap_or(i64::MAX);
        let minute = crate::time::MINUTE;
        let ms = if ms > minute { ms / minute * minute } else { ms };
        return Told::FigureTime { span: crate::reason::Span(ms) };
    }
    let Some(value) = found.value() else {
        return Told::FigureNothing { field };
    };
    let value = match found {
        Outcome::Ratio(number, of, Some(currency)) => {
            let minor = i64::try_from(number / of.max(&1) / 1_000_000).unwrap_or(i64::MAX);
            Money { minor, currency: *currency }.to_string()
        }
        Outcome::Ratio(..) | Outcome::One(_) | Outcome::Nothing => {
            value.as_word().unwrap_or_default()
        }
    };
    match figure.digest {
        Digest::Sum => Told::FigureSum { field, value },
        Digest::Average => Told::FigureAverage { field, value },
        Digest::Smallest => Told::FigureSmallest { field, value },
        Digest::Largest => Told::FigureLargest { field, value },
        Digest::Different => Told::FigureDifferent { field, value },
        Digest::First => Told::FigureFirst { field, value },
        Digest::Last => Told::FigureLast { field, value },
        Digest::MostFrequent => Told::FigureMostFrequent { field, value },
        Digest::TimeBetween => Told::FigureNothing { field },
    }
}
