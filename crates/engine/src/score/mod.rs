//! Scores: numbers about a person, each from a model with its source. `fit` learns a model from
//! everybody; the models' own functions predict for one person, on read, and keep nothing.

mod affinity;
mod beside;
mod beta_geometric;
mod blend;
mod buying;
mod census;
mod churn;
mod climb;
mod curve;
mod engagement;
mod forecast;
mod gamma_gamma;
mod holdout;
mod model;
mod names;
mod outlook;
mod pareto;
mod population;
mod purchases;
mod rfm;
mod scorer;
mod shoppers;
mod special;
mod stage;
#[cfg(test)]
mod tests;

pub use affinity::{AFFINITIES_MAX, Affinities, Affinity, affinities};
pub use beta_geometric::{BetaGeometric, Dropout, Fit, fit as fit_beta_geometric};
pub use blend::{Blend, Part};
pub use buying::{Buying, BuyingKind, Fitted, Parameter};
pub use census::{Buyer, Census, DAYS_A_WEEK, Group};
pub use churn::{Bin, Churn};
pub use engagement::{ACTS, Engagement, Scale, WEIGHTS};
pub use forecast::{ORDERS_MAX, whole_orders};
pub use gamma_gamma::{GammaGamma, Spend, fit as fit_gamma_gamma};
pub use holdout::{Comparison, Cut, Measured, Member, Trial, compare};
pub use model::{FittedValue, Flow, Forecast, Model, Spenders};
pub use names::{HORIZONS, ScoreName};
pub use outlook::Outlook;
pub use pareto::{BUYERS_MAX, Pareto, fit as fit_pareto};
pub use population::{FIT_STEPS, LOOK_BACK_DAYS, Population};
pub use purchases::{Counting, Purchase, Purchases, day_of};
pub use rfm::{Fifths, Migration, Raw, Rfm, RfmGroup, Way};
pub use scorer::{
    Buying as BuyerScores, Expected, OUTLIER_DAYS, OUTLIER_ORDERS, Scored, Scorer, Scores, outlier,
};
pub use shoppers::Shoppers;
pub use stage::{LAPSING_RHYTHMS, LOST_RHYTHMS, Standing, advocacy, stage};
