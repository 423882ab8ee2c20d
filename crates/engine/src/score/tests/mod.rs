//! Scores: edge cases of what counts as a purchase, and laws of the models.

mod models;
mod people;
mod purchases;
