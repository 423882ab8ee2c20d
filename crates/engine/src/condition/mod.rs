//! Conditions: one small language that reads as a sentence, and its one evaluator.
//!
//! A text is parsed into a [`Condition`], printed back, or carried as JSON; [`evaluate`] answers
//! it for one person at one moment, with what makes the answer so and the next moment at which
//! time alone can change it. The guide with the grammar is `docs/guide/conditions.md`.

mod aggregate;
mod ask;
mod ast;
mod beside;
mod calendar;
mod cart;
mod clause;
mod complete;
mod computed;
mod evaluate;
mod explain;
mod figure;
mod filter;
mod happening;
mod json;
mod judged;
mod known;
mod layout;
mod mark;
mod memo;
mod moment;
mod names;
mod parse;
mod part;
mod path;
mod person;
mod print;
mod problem;
mod purchase;
mod reads;
mod statement;
mod summed;
mod timeline;
mod token;
mod words;
mod world;

#[cfg(test)]
mod tests;

pub use aggregate::{Aggregate, Aggregates};
pub use ask::{Answer, Asked, Likeness, Manner, Twin};
pub use ast::{
    Age, CartTest, Comparison, Condition, Deed, End, Length, Limit, Literal, Mark, MarkOf, Number,
    Scope, Share, Thing, TicketTurn, TraitTest, Unit, Which, Window,
};
pub use beside::{Beside, Judge, Judged, NothingBeside, Stage};
pub(crate) use calendar::occasion_day;
pub use calendar::{Day, Occasion};
pub use complete::{Completion, Suggestion, Suggests, complete};
pub use computed::{ComputedTrait, ComputedTraits};
pub(crate) use evaluate::NESTED_MAX;
pub use evaluate::{Weighed, evaluate, first_sure, next_turn, weigh};
pub use figure::{Digest, Figure, FigureTest, Of};
pub use filter::{Asks, FieldTest, Filter};
pub use known::weigh_known;
pub use memo::Memo;
pub use names::Names;
pub use problem::Problem;
pub use reads::{Meant, Reads};
