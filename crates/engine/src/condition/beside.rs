//! What conditions ask beside a person's events: scores and the stage. Whoever keeps
//! them answers through [`Beside`]; the evaluator knows the question only.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::ast::{Limit, Number};
use crate::event::{Channel, Purpose};
use crate::identity::Identifier;
use crate::profile::{DoubleOptIn, Profile};
use crate::time::Timestamp;

macro_rules! stages {
    ($($n:literal $variant:ident $word:literal $doc:literal;)*) => {
        /// Where a person stands in the life of a customer; advocacy stands beside the others.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
        #[cbor(index_only)]
        #[serde(rename_all = "snake_case")]
        pub enum Stage {
            $(#[doc = $doc] #[n($n)] $variant,)*
        }

        impl Stage {
            /// Every stage, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The words in conditions and files.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

stages! {
    0 Consideration "consideration" "Looks around, and has bought nothing.";
    1 FirstPurchase "first purchase" "Bought for the first time.";
    2 Active "active" "Buys in the person's own rhythm.";
    3 Loyal "loyal" "Has kept to that rhythm for long.";
    4 Lapsing "lapsing" "Is later than the rhythm lets expect.";
    5 Lost "lost" "Is so late that another purchase is not to be expected.";
    6 WonBack "won back" "Was lost or lapsing, and bought again.";
    7 Advocacy "advocacy" "Speaks well of the shop to others; beside any other stage.";
}

/// What a score or a stage comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Whether what was asked holds.
    pub holds: bool,
    /// The score itself, for people to read; `None` for a stage.
    pub value: Option<f64>,
    /// The next moment at which time alone can change whether it holds; `None`: never.
    pub next: Option<Timestamp>,
}

/// Whoever knows scores and stages.
pub trait Beside: fmt::Debug {
    /// Whoever judges a person as of a moment; `None`: no model has been fitted.
    fn judge<'p>(&'p self, profile: &'p Profile, now: Timestamp) -> Option<Box<dyn Judge + 'p>>;

    /// How the shop asks twice for a yes over a channel for a purpose, if it does.
    fn asks_twice(&self, _: Channel, _: Purpose) -> Option<&DoubleOptIn> {
        None
    }

    /// Whether text messages go to a number of this country.
    fn texts(&self, _: &Identifier) -> bool {
        true
    }
}

/// What scores and stages say of one person at one moment. What several questions need is derived
/// once.
pub trait Judge: fmt::Debug {
    /// Whether a score is on this side of the bound; `None`: there is none, or it is not known yet.
    fn score(&self, name: &str, limit: Limit<Number>) -> Option<Judged>;

    /// Whether the person is in a stage.
    fn stage(&self, stage: Stage) -> Judged;
}

/// Knows nothing: no score is fitted.
#[derive(Clone, Copy, Debug)]
pub struct NothingBeside;

impl Beside for NothingBeside {
    fn judge<'p>(&'p self, _: &'p Profile, _: Timestamp) -> Option<Box<dyn Judge + 'p>> {
        None
    }
}
