//! The domain of Regulars, pure: no clock, no file, no network, no chance.

pub mod commit;
pub mod condition;
pub mod decision;
pub mod definition;
pub mod event;
pub mod guard;
pub mod identity;
pub mod journey;
mod lots;
pub mod measure;
mod nearest;
pub mod offer;
pub mod part;
pub mod product;
pub mod profile;
pub mod program;
pub mod reason;
pub mod recommend;
pub mod record;
pub mod score;
pub mod segment;
pub mod source;
pub mod step;
pub mod time;
pub mod truth;
pub mod wording;
pub mod work;
