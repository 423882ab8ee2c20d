//! Reading the path: `before the first order`, `within 2 days after the last "Message Sent"`, and
//! marks that are told by another: `after the first "Product Added" after the last "Message Sent"`.

use super::ast::{Length, Mark, MarkOf, Which, Window};
use super::clause::Fields;
use super::complete::Suggests;
use super::filter::Filter;
use super::mark::Side;
use super::parse::{Failed, Parser, Read};
use crate::event::Channel;

/// A path that says how near, and one that does not.
const NEAR: &str = "has ordered within 2 days after the last \"Message Sent\"";
const FAR: &str = "touched social before the first order";

impl Parser<'_> {
    /// Whether a mark stands behind `before` or `after`, and no day.
    pub(super) fn mark_ahead(&mut self) -> bool {
        self.hint(&["the first", "the last"]);
        self.is_ahead_word(0, &["the", "first", "last", "any", "a", "an"])
    }

    /// `within 2 days after the last "Message Sent"`; `place` is that of the mark among those that
    /// hang on each other, from 1.
    pub(super) fn near(&mut self, place: usize) -> Read<Window> {
        self.advance();
        self.hint(&["the last"]);
        let within = self.length()?;
        let side = match self.one_of(&["before", "after"], NEAR)? {
            "before" => Side::Before,
            _ => Side::After,
        };
        self.hint(&["any"]);
        self.mark_ahead();
        self.marked(side, Some(within), place)
    }

    /// The window on one side of the mark that stands here.
    pub(super) fn marked(
        &mut self,
        side: Side,
        within: Option<Length>,
        place: usize,
    ) -> Read<Window> {
        if place > Mark::CHAIN_MAX {
            let at = self.here();
            let message = format!("more than {} things hang on each other here", Mark::CHAIN_MAX);
            self.problem(at, message, "make two statements of it, with \"and\" between them");
            return Err(Failed);
        }
        let mark = Box::new(self.mark(side, within, place)?);
        Ok(match side {
            Side::Before => Window::BeforeMark(mark),
            Side::After => Window::AfterMark(mark),
        })
    }

    /// `the first order in store where total at least 50 EUR`, `the last "Message Sent"`,
    /// `the first touch on ads`, `any "Product Viewed"`
    fn mark(&mut self, side: Side, within: Option<Length>, place: usize) -> Read<Mark> {
        let example = if within.is_some() { NEAR } else { FAR };
        let which = self.which(side, within, example)?;
        self.hint_name(Suggests::Event);
        let (of, filter) = if self.is_text_ahead() {
            let kind = self.kind()?;
            let filter = self.filter(&Fields::Event(kind.clone()))?;
            (MarkOf::Event(kind), filter)
        } else if self.one_of(&["order", "touch"], example)? == "order" {
            let channel = self.maybe_channel()?;
            (MarkOf::Order { channel }, self.filter(&Fields::Orders)?)
        } else {
            (MarkOf::Touch(self.touched_channel()?), Filter::default())
        };
        let window = self.path(place + 1)?;
        Ok(Mark { within, which, of, filter, window })
    }

    /// Far from any of them is before the last or after the first.
    fn which(&mut self, side: Side, within: Option<Length>, example: &str) -> Read<Which> {
        if self.is_ahead_word(0, &["any", "a", "an"]) {
            self.advance();
            return Ok(match (within, side) {
                (Some(_), _) => Which::Any,
                (None, Side::Before) => Which::Last,
                (None, Side::After) => Which::First,
            });
        }
        self.take("the");
        Ok(match self.one_of(&["first", "last"], example)? {
            "first" => Which::First,
            _ => Which::Last,
        })
    }

    fn touched_channel(&mut self) -> Read<Channel> {
        let Some(channel) = self.maybe_channel()? else {
            let cure = "for example: has ordered after the first touch on ads";
            return self.expected("\"on\" and a channel", cure);
        };
        if self.is_ahead_word(0, &["where"]) {
            let at = self.here();
            let cure = "name the event: after the last \"Ad Clicked\" where campaign is \"spring\"";
            self.problem(at, "a touchpoint has no fields", cure);
            return Err(Failed);
        }
        Ok(channel)
    }

    /// What a mark itself must come before or after.
    fn path(&mut self, place: usize) -> Read<Window> {
        self.hint(&["before", "after", "within"]);
        let side = match self.peek_word().as_deref() {
            Some("within") => return self.near(place),
            Some("before") => Side::Before,
            Some("after") => Side::After,
            _ => return Ok(Window::Ever),
        };
        self.advance();
        self.hint(&["the first", "the last"]);
        self.marked(side, None, place)
    }
}
