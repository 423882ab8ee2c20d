//! Models of buying under one roof, and the plain rate that each of them must beat.

use minicbor::{Decode, Encode};

use super::beta_geometric::{self, BetaGeometric, Dropout, Fit};
use super::census::{Buyer, Census};
use super::outlook::{Curves, Prospect};
use super::pareto::{self, Pareto};

/// Which model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum BuyingKind {
    /// Pareto/NBD.
    #[n(0)]
    Pareto,
    /// BG/NBD.
    #[n(1)]
    BetaGeometric,
    /// MBG/NBD.
    #[n(2)]
    ModifiedBetaGeometric,
    /// Everybody goes on as before: the baseline.
    #[n(3)]
    PlainRate,
}

impl BuyingKind {
    /// Every kind, the baseline last.
    pub const ALL: [Self; 4] =
        [Self::Pareto, Self::BetaGeometric, Self::ModifiedBetaGeometric, Self::PlainRate];

    /// The name in the field.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pareto => "Pareto/NBD",
            Self::BetaGeometric => "BG/NBD",
            Self::ModifiedBetaGeometric => "MBG/NBD",
            Self::PlainRate => "plain rate",
        }
    }
}

/// A model with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub enum Buying {
    /// BG/NBD or MBG/NBD.
    #[n(0)]
    BetaGeometric(#[n(0)] BetaGeometric),
    /// Pareto/NBD.
    #[n(1)]
    Pareto(#[n(0)] Pareto),
    /// The baseline, which has no parameters.
    #[n(2)]
    PlainRate,
}

/// A parameter as pages and the API show it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Parameter {
    /// Its letter in the papers: `r`, `alpha`.
    #[n(0)]
    pub name: String,
    /// Its value.
    #[n(1)]
    pub value: f64,
    /// Its standard error; `None` where the data does not tell.
    #[n(2)]
    pub error: Option<f64>,
}

/// A fitted model as it is stored and shown.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Fitted {
    /// The model.
    #[n(0)]
    pub model: Buying,
    /// Its parameters by name.
    #[n(1)]
    pub parameters: Vec<Parameter>,
    /// The logarithm of its likelihood.
    #[n(2)]
    pub ln_likelihood: f64,
    /// Whether the best place was found inside the bounds.
    #[n(3)]
    pub settled: bool,
}

/// Parameters with their errors, by name.
pub(super) fn parameters<const N: usize>(
    names: [&str; N],
    values: [f64; N],
    errors: Option<[f64; N]>,
) -> Vec<Parameter> {
    (0..N)
        .map(|i| Parameter {
            name: names[i].to_owned(),
            value: values[i],
            error: errors.map(|errors| errors[i]),
        })
        .collect()
}

impl Buying {
    /// Which model it is.
    #[must_use]
    pub fn kind(&self) -> BuyingKind {
        match self {
            Self::Pareto(_) => BuyingKind::Pareto,
            Self::BetaGeometric(model) => match model.dropout {
                Dropout::AfterRepeats => BuyingKind::BetaGeometric,
                Dropout::AfterAnyOrder => BuyingKind::ModifiedBetaGeometric,
            },
            Self::PlainRate => BuyingKind::PlainRate,
        }
    }

    /// Fits the model of a kind; `None` where the census has too few repeats for it.
    #[must_use]
    pub fn fit(kind: BuyingKind, census: &Census) -> Option<Fitted> {
        let beta = |dropout| {
            let Fit { model, ln_likelihood, errors, settled } =
                beta_geometric::fit(census, dropout)?;
            let values = [model.r, model.alpha, model.a, model.b];
            let parameters = parameters(["r", "alpha", "a", "b"], values, errors);
            Some(Fitted { model: Self::BetaGeometric(model), parameters, ln_likelihood, settled })
        };
        match kind {
            BuyingKind::BetaGeometric => beta(Dropout::AfterRepeats),
            BuyingKind::ModifiedBetaGeometric => beta(Dropout::AfterAnyOrder),
            BuyingKind::Pareto => {
                let Fit { model, ln_likelihood, errors, settled } = pareto::fit(census)?;
                let values = [model.r, model.alpha, model.s, model.beta];
                let parameters = parameters(["r", "alpha", "s", "beta"], values, errors);
                Some(Fitted { model: Self::Pareto(model), parameters, ln_likelihood, settled })
            }
            BuyingKind::PlainRate => Some(Fitted {
                model: Self::PlainRate,
                parameters: Vec::new(),
                ln_likelihood: 0.0,
                settled: true,
            }),
        }
    }

    /// Draws what is dear of its formulas for buyers of so many repeats.
    pub(super) fn draw(&self, repeats: u16) -> Curves {
        match self {
            Self::BetaGeometric(model) => Curves { series: model.draw(repeats), quarter: None },
            Self::Pareto(model) => {
                Curves { series: model.draw(repeats), quarter: model.draw_quarter(repeats) }
            }
            Self::PlainRate => Curves::default(),
        }
    }

    /// Probability in [0, 1] that a buyer still buys; the plain rate believes it of everybody.
    #[must_use]
    pub fn probability_alive(&self, buyer: Buyer) -> f64 {
        Prospect::new(self, buyer, None).alive
    }

    /// How many orders to expect in the next `weeks`, at least 0.
    #[must_use]
    pub fn expected_orders(&self, buyer: Buyer, weeks: f64) -> f64 {
        Prospect::new(self, buyer, None).orders(weeks)
    }

    /// Probabilities of at least 1, 2, 3, ... orders in the next `weeks`, down to one in a thousand.
    #[must_use]
    pub fn at_least(&self, buyer: Buyer, weeks: f64) -> Vec<f64> {
        match self {
            Self::BetaGeometric(model) => model.at_least(buyer, weeks),
            Self::Pareto(model) => model.at_least(buyer, weeks),
            Self::PlainRate => {
                // Poisson's distribution, as the limit of the negative binomial.
                let steady = 1e9;
                let scale = steady / (buyer.orders() / buyer.age().max(1.0)).max(1e-9);
                super::forecast::mixed(1.0, steady, scale, &[(1.0, weeks)])
            }
        }
    }
}
