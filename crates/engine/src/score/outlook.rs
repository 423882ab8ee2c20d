//! What models say of one buyer, asked for several things at once: what the answers share is
//! computed once, and what is a function of few numbers is read off curves.
//!
//! A person's page asks for a probability to be alive, three expectations and a risk of each of
//! three models. Formula by formula that is fifteen hypergeometric series; here it is none.

use std::sync::OnceLock;

use super::beta_geometric::Dropout;
use super::blend::Part;
use super::buying::{Buying, BuyingKind};
use super::census::Buyer;
use super::curve::Curve;

/// Curves are drawn for buyers of fewer repeats than this; whoever bought more often is asked by
/// the formulas.
const REPEATS: usize = 64;

/// What of a model's formulas is read off for buyers of one number of repeats; `None`: nothing is, and
/// the formula is asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Curves {
    /// The hypergeometric function, by its nome.
    pub(super) series: Option<Curve>,
    /// The probability of a quarter of a year without an order, by the share of its scale that the
    /// age takes.
    pub(super) quarter: Option<Curve>,
}

/// Curves of a blend by the number of repeats, drawn when they are first asked for:
/// some ten microseconds each. They follow from the parts, which never change.
#[derive(Clone)]
pub(super) struct Drawn(Box<[OnceLock<Box<[Curves]>>]>);

impl Default for Drawn {
    fn default() -> Self {
        Self((0..REPEATS).map(|_| OnceLock::new()).collect())
    }
}

impl Drawn {
    fn of(&self, repeats: u16, parts: &[Part]) -> &[Curves] {
        let draw = || parts.iter().map(|part| part.model.draw(repeats)).collect();
        self.0.get(usize::from(repeats)).map_or(&[], |drawn| drawn.get_or_init(draw))
    }
}

/// One buyer before one model.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prospect<'m> {
    model: &'m Buying,
    buyer: Buyer,
    curves: Option<&'m Curves>,
    /// Probability in [0, 1] that the buyer still buys.
    pub(super) alive: f64,
}

impl<'m> Prospect<'m> {
    /// A buyer, with the model's curves for as many repeats where they were drawn.
    pub(super) fn new(model: &'m Buying, buyer: Buyer, curves: Option<&'m Curves>) -> Self {
        let series = curves.and_then(|curves| curves.series.as_ref());
        let alive = match model {
            Buying::BetaGeometric(model) => model.probability_alive(buyer),
            Buying::Pareto(model) => model.alive(buyer, series),
            Buying::PlainRate => 1.0,
        };
        Self { model, buyer, curves, alive }
    }

    /// Whether the model knows of anybody like the buyer who left: BG/NBD takes everybody who bought once
    /// for a customer still, and the plain rate everybody.
    fn knows_of_leaving(&self) -> bool {
        match self.model {
            Buying::BetaGeometric(model) => {
                model.dropout == Dropout::AfterAnyOrder || self.buyer.repeats > 0
            }
            Buying::Pareto(_) => true,
            Buying::PlainRate => false,
        }
    }

    /// How many orders to expect in the next `weeks`, at least 0.
    pub(super) fn orders(&self, weeks: f64) -> f64 {
        let buyer = self.buyer;
        let series = self.curves.and_then(|curves| curves.series.as_ref());
        self.alive
            * match self.model {
                Buying::BetaGeometric(model) => model.orders_while_alive(buyer, weeks, series),
                Buying::Pareto(model) => model.orders_while_alive(buyer, weeks),
                Buying::PlainRate => buyer.orders() / buyer.age().max(1.0) * weeks,
            }
    }

    /// Probability of at least one order in the next `weeks`.
    pub(super) fn any_order(&self, weeks: f64) -> f64 {
        match self.model {
            Buying::BetaGeometric(model) => {
                let held = model.alpha + self.buyer.age();
                let none = (held / (held + weeks)).powf(model.r + self.buyer.orders());
                self.alive * (1.0 - none)
            }
            Buying::Pareto(model) => {
                let quarter = self.curves.and_then(|curves| curves.quarter.as_ref());
                self.alive * (1.0 - model.none_while_alive(self.buyer, weeks, quarter))
            }
            Buying::PlainRate => -(-self.orders(weeks)).exp_m1(),
        }
    }
}

/// One buyer before a blend.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'m> {
    /// A blend holds each kind of model once at most.
    parts: [Option<(f64, Prospect<'m>)>; BuyingKind::ALL.len()],
}

impl<'m> Outlook<'m> {
    pub(super) fn new(parts: &'m [Part], drawn: &'m Drawn, buyer: Buyer) -> Self {
        let curves = drawn.of(buyer.repeats, parts);
        let one = |place: usize| {
            let part = parts.get(place)?;
            Some((part.level, Prospect::new(&part.model, buyer, curves.get(place))))
        };
        Self { parts: std::array::from_fn(one) }
    }

    fn mean(&self, of: impl Fn(f64, &Prospect<'m>) -> Option<f64>) -> Option<f64> {
        let (mut sum, mut count) = (0.0, 0.0);
        for (level, prospect) in self.parts.iter().flatten() {
            if let Some(said) = of(*level, prospect) {
                sum += said;
                count += 1.0;
            }
        }
        (count > 0.0).then(|| sum / count)
    }

    /// Probability in [0, 1] that the buyer still buys, by the models that know of people like the buyer
    /// who left; `None`: none of them does.
    #[must_use]
    pub fn alive(&self) -> Option<f64> {
        self.mean(|_, prospect| prospect.knows_of_leaving().then_some(prospect.alive))
    }

    /// How many orders to expect in the next `weeks`, at least 0.
    #[must_use]
    pub fn orders(&self, weeks: f64) -> f64 {
        self.mean(|level, prospect| Some(level * prospect.orders(weeks))).unwrap_or(0.0)
    }

    /// Probability of at least one order in the next `weeks`, as the models have it.
    #[must_use]
    pub fn any_order(&self, weeks: f64) -> f64 {
        self.mean(|_, prospect| Some(prospect.any_order(weeks))).unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{BetaGeometric, Dropout, Pareto};

    /// The curves are there where shops are: else reading would be slow, and nothing would say so.
    #[test]
    fn models_as_shops_have_them_are_drawn_for_every_number_of_repeats() {
        let beta =
            |dropout| BetaGeometric { r: 0.2426, alpha: 4.4136, a: 0.793, b: 2.426, dropout };
        let models = [
            Buying::BetaGeometric(beta(Dropout::AfterRepeats)),
            Buying::BetaGeometric(beta(Dropout::AfterAnyOrder)),
            Buying::BetaGeometric(BetaGeometric { a: 1.0, ..beta(Dropout::AfterRepeats) }),
            Buying::Pareto(Pareto { r: 0.5533, alpha: 10.578, s: 0.6062, beta: 11.668 }),
            Buying::Pareto(Pareto { r: 2.0, alpha: 30.0, s: 0.2, beta: 4.0 }),
        ];
        let parts = models.map(|model| Part { model, level: 1.0 });
        let drawn = Drawn::default();
        for repeats in 0..u16::try_from(REPEATS).unwrap() {
            let curves = drawn.of(repeats, &parts);
            for (curves, part) in curves.iter().zip(&parts) {
                assert!(curves.series.is_some(), "{repeats} of {part:?}: {curves:?}");
                // Of those who buy more often a quarter without an order is too steep a function.
                let quarter = repeats < 5 && matches!(part.model, Buying::Pareto(_));
                assert!(curves.quarter.is_some() || !quarter, "{repeats} of {part:?}: {curves:?}");
            }
        }
        assert!(drawn.of(u16::MAX, &parts).is_empty());
    }
}
