//! Single statements, each by its first word. The parts they share are in `part.rs`.

use super::ast::{
    CartTest, Condition, Deed, End, Limit, Literal, Scope, Share, Thing, TicketTurn, TraitTest,
};
use super::beside::Stage;
use super::calendar::Occasion;
use super::clause::{Fields, Tested, VALUE_WORDS};
use super::figure::Digest;
use super::filter::{Filter, letters};
use super::parse::{Failed, Parser, Read, quoted};
use super::part::unit;
use super::token::TokenKind;
use crate::event::{Channel, Kind, Purpose};
use crate::nearest::nearest;

/// The words a statement may begin with.
pub(super) const SUBJECTS: &[&str] = &[
    "always",
    "never",
    "true",
    "false",
    "no",
    "cart",
    "has",
    "orders",
    "spent",
    "last",
    "first",
    "event",
    "trait",
    "consent",
    "reachable",
    "ticket",
    "tickets",
    "touched",
    "sum",
    "average",
    "smallest",
    "largest",
    "number",
    "most",
    "time",
    "anniversary",
    "birthday",
    "weekday",
    "hour",
    "score",
    "stage",
    "in",
];

impl Parser<'_> {
    /// One statement.
    pub(super) fn statement(&mut self) -> Read<Condition> {
        let word = self.peek_word().unwrap_or_default();
        if !SUBJECTS.contains(&word.as_str()) {
            return self.no_subject(&word);
        }
        self.advance();
        match word.as_str() {
            "always" | "true" => Ok(Condition::Always),
            "never" | "false" => Ok(Condition::Never),
            "no" => self.no(),
            "cart" => self.cart(),
            "has" => self.has(),
            "orders" => self.orders(),
            "spent" => self.spent(),
            "last" => self.last_or_first(End::Last),
            "first" => self.last_or_first(End::First),
            "event" => self.event(),
            "trait" => self.person_trait(),
            "consent" => self.consent(),
            "reachable" => {
                self.one_of(&["by"], "reachable by email")?;
                let at = self.here();
                let channel = self.channel("reachable by email")?;
                if !Channel::OF_MESSAGES.contains(&channel) {
                    let message = format!("no message goes over {}", channel.word());
                    self.problem(at, message, "write \"email\", \"sms\" or \"push\"");
                    return Err(Failed);
                }
                if !self.take("for") {
                    return Ok(Condition::Reachable(channel));
                }
                let purpose = self.purpose("reachable by email for promotion")?;
                Ok(Condition::MayWrite { channel, purpose })
            }
            "ticket" => self.ticket(),
            "tickets" => self.tickets(),
            "touched" => {
                let channel = self.channel("touched social in the last 30 days")?;
                Ok(Condition::Touched { channel, window: self.plain_window()? })
            }
            "sum" | "average" | "smallest" | "largest" | "number" | "most" | "time" => {
                self.figure_words(&word)
            }
            "score" => {
                let example = "score \"engagement\" at least 70";
                let name = self.name("the score's name", example)?;
                Ok(Condition::Score { name, limit: self.number_limit()? })
            }
            "anniversary" => self.anniversary(),
            "birthday" => self.ahead(Occasion::Trait("birthday".to_owned())),
            "weekday" => self.weekday(),
            "hour" => self.hour(),
            "stage" => self.stage(),
            _ => match self.one_of(&["segment", "list"], "in segment \"vip\"")? {
                "list" => {
                    let example = "in list \"vips-2026\"";
                    Ok(Condition::InList(self.name("the list's name", example)?))
                }
                _ => {
                    let name = self.name("the segment's name", "in segment \"vip\"")?;
                    Ok(Condition::Segment(name))
                }
            },
        }
    }

    fn no_subject(&mut self, word: &str) -> Read<Condition> {
        let cure = match word {
            "order" => "write \"orders\": orders at least 1".to_owned(),
            "bought" | "ordered" | "returned" | "kept" => format!("write \"has {word}\""),
            "segment" => "write \"in segment\"".to_owned(),
            "and" | "or" => format!("leave \"{word}\" out, or put a statement before it"),
            _ => match nearest(word, SUBJECTS.iter().copied()) {
                Some(near) => format!("write \"{near}\""),
                None => {
                    "begin with cart, has, orders, spent, event, trait, consent or in segment; \
                         for example: cart is open"
                        .to_owned()
                }
            },
        };
        let at = self.here();
        let found = quoted(self.written());
        self.problem(at, format!("{found} begins no statement"), cure);
        Err(Failed)
    }

    fn no(&mut self) -> Read<Condition> {
        let subjects = &["cart", "consent", "event", "orders", "ticket"];
        let condition = match self.one_of(subjects, "no cart event for 1 hour")? {
            "cart" => {
                self.one_of(&["event"], "no cart event for 1 hour")?;
                self.one_of(&["for"], "no cart event for 1 hour")?;
                return Ok(Condition::Cart(CartTest::Idle(self.length()?)));
            }
            "consent" => self.consent()?,
            "event" => self.done()?,
            "orders" => {
                let limit = Limit::ONCE;
                let channel = self.maybe_channel()?;
                let filter = self.filter(&Fields::Orders)?;
                let scope = Scope { channel, window: self.window()? };
                Condition::Orders { limit, filter, scope }
            }
            _ => {
                self.one_of(&["is"], "no ticket is open")?;
                self.one_of(&["open"], "no ticket is open")?;
                Condition::TicketOpen
            }
        };
        Ok(Condition::Not(Box::new(condition)))
    }

    fn cart(&mut self) -> Read<Condition> {
        match self.one_of(&["is", "has", "value"], "cart is open")? {
            "is" => {
                let not = self.take("not");
                let test = match self.one_of(&["open", "empty"], "cart is open")? {
                    "open" => CartTest::Open,
                    _ => CartTest::Empty,
                };
                Ok(negated(not, Condition::Cart(test)))
            }
            "has" => {
                let not = self.take("not");
                let word = self.one_of(&["product", "category"], "cart has product \"tee\"")?;
                let thing = self.named_thing(word)?;
                Ok(negated(not, Condition::Cart(CartTest::Has(thing))))
            }
            _ => {
                let example = "cart value at least 30 EUR";
                Ok(Condition::Cart(CartTest::Value(self.money_limit(example)?)))
            }
        }
    }

    fn has(&mut self) -> Read<Condition> {
        let not = self.take("not");
        let example = "has bought product \"tee\" in the last 30 days";
        let deeds = &["bought", "ordered", "kept", "returned", "done"];
        let condition = match self.one_of(deeds, example)? {
            "ordered" => {
                let (deed, thing) = (Deed::Bought, Thing::Anything);
                let filter = Filter::default();
                Condition::Done { deed, thing, filter, scope: self.scope()? }
            }
            "bought" => match self.share()? {
                Some(share) => Condition::BoughtOfCart(share),
                None => {
                    let thing = self.thing("bought")?;
                    let filter = self.filter(&Fields::Orders)?;
                    let deed = Deed::Bought;
                    Condition::Done { deed, thing, filter, scope: self.scope()? }
                }
            },
            "kept" => {
                let thing = self.thing("kept")?;
                let filter = self.filter(&Fields::Orders)?;
                Condition::Done { deed: Deed::Kept, thing, filter, scope: self.scope()? }
            }
            "returned" => {
                let thing = self.thing("returned")?;
                let filter = self.filter(&Fields::Orders)?;
                let at = self.here();
                let scope = Scope { channel: self.maybe_channel()?, window: self.plain_window()? };
                if scope.channel.is_some() {
                    let message = "where something was returned is not kept";
                    self.problem(at, message, "leave the channel out");
                    return Err(Failed);
                }
                Condition::Done { deed: Deed::Returned, thing, filter, scope }
            }
            _ => self.done()?,
        };
        Ok(negated(not, condition))
    }

    /// `any product of the cart`, `all products of the cart`
    fn share(&mut self) -> Read<Option<Share>> {
        let share = match self.peek_word().as_deref() {
            Some("any" | "a") => Share::Any,
            Some("all" | "every") => Share::All,
            _ => return Ok(None),
        };
        self.advance();
        let example = match share {
            Share::Any => "has bought any product of the cart",
            Share::All => "has bought all products of the cart",
        };
        let noun =
            if self.peek_word().as_deref() == Some("products") { "products" } else { "product" };
        self.one_of(&[noun], example)?;
        for word in ["of", "the", "cart"] {
            self.one_of(&[word], example)?;
        }
        Ok(Some(share))
    }

    fn thing(&mut self, deed: &str) -> Read<Thing> {
        let example = format!("has {deed} product \"tee\"");
        if self.is_text_ahead() {
            return self.expected("\"product\" or \"category\"", format!("for example: {example}"));
        }
        let words: &[&'static str] = if deed == "bought" {
            &["product", "category", "anything", "any", "all"]
        } else {
            &["product", "category", "anything"]
        };
        match self.one_of(words, &example)? {
            "anything" => Ok(Thing::Anything),
            word => self.named_thing(word),
        }
    }

    fn named_thing(&mut self, word: &str) -> Read<Thing> {
        Ok(match word {
            "category" => Thing::Category(self.name("the category's name", "category \"Shoes\"")?),
            _ => Thing::Product(self.name("the product's id", "product \"tee\"")?),
        })
    }

    fn orders(&mut self) -> Read<Condition> {
        let example = "orders at least 2 in the last 90 days";
        let channel = self.maybe_channel()?;
        let filter = self.filter(&Fields::Orders)?;
        let limit = self.count_limit(example)?;
        let window = self.window()?;
        Ok(Condition::Orders { limit, filter, scope: Scope { channel, window } })
    }

    fn spent(&mut self) -> Read<Condition> {
        let channel = self.maybe_channel()?;
        let filter = self.filter(&Fields::WholeOrders)?;
        let limit = self.money_limit("spent at least 100 EUR in the last 365 days")?;
        let window = self.window()?;
        Ok(Condition::Spent { limit, filter, scope: Scope { channel, window } })
    }

    /// The words of a figure behind its first one.
    fn figure_words(&mut self, word: &str) -> Read<Condition> {
        let digest = self.digest(word)?;
        self.figure(digest)
    }

    /// What is made of values, by its first word, which is read.
    pub(super) fn digest(&mut self, word: &str) -> Read<Digest> {
        let digest = match word {
            "first" => Digest::First,
            "last" => Digest::Last,
            "sum" => Digest::Sum,
            "average" => Digest::Average,
            "smallest" => Digest::Smallest,
            "largest" => Digest::Largest,
            "number" => Digest::Different,
            "most" => Digest::MostFrequent,
            _ => Digest::TimeBetween,
        };
        for word in digest.words().split(' ').skip(1) {
            self.one_of(&[word], "number of different category of orders at least 3")?;
        }
        Ok(digest)
    }

    fn last_or_first(&mut self, end: End) -> Read<Condition> {
        if self.word_ahead(1).as_deref() == Some("of") {
            return self.figure(if end == End::First { Digest::First } else { Digest::Last });
        }
        if self.is_text_ahead() {
            let kind = self.kind()?;
            let filter = self.filter(&Fields::Event(kind.clone()))?;
            return Ok(Condition::EventAge { end, kind, filter, age: self.age()? });
        }
        let (words, example): (&[&'static str], _) = match end {
            End::First => (&["order", "seen"], "first order less than 7 days ago"),
            End::Last => (&["order"], "last order more than 60 days ago"),
        };
        match self.one_of(words, example)? {
            "seen" => {
                self.one_of(&["through"], "first seen through ads")?;
                Ok(Condition::FirstSeen(self.channel("first seen through ads")?))
            }
            _ => {
                let channel = self.maybe_channel()?;
                let filter = self.filter(&Fields::Orders)?;
                Ok(Condition::OrderAge { end, channel, filter, age: self.age()? })
            }
        }
    }

    /// An event that happened at all.
    fn done(&mut self) -> Read<Condition> {
        let kind = self.kind()?;
        let filter = self.filter(&Fields::Event(kind.clone()))?;
        Ok(Condition::Event { kind, limit: Limit::ONCE, filter, window: self.plain_window()? })
    }

    fn event(&mut self) -> Read<Condition> {
        let kind = self.kind()?;
        let filter = self.filter(&Fields::Event(kind.clone()))?;
        self.hint(&["at least", "at most", "more than", "less than", "exactly"]);
        let limit = if self.compared() && !self.age_ahead() {
            self.count_limit("event \"Product Viewed\" at least 3 times in the last 7 days")?
        } else {
            Limit::ONCE
        };
        Ok(Condition::Event { kind, limit, filter, window: self.plain_window()? })
    }

    /// Whether the next words are a length of time rather than a number: `more than 3 days`.
    fn age_ahead(&self) -> bool {
        self.is_ahead(2, &TokenKind::Number)
            && self.word_ahead(3).is_some_and(|word| unit(&word).is_some())
    }

    pub(super) fn kind(&mut self) -> Read<Kind> {
        let name = self.name("the event's name", "event \"Product Viewed\"")?;
        Ok(kind_named(&name))
    }

    fn person_trait(&mut self) -> Read<Condition> {
        let example = "trait city is \"Porto\"";
        let name = self.word_or_name("the trait's name", example)?;
        self.hint(&["is", "contains", "at least", "at most"]);
        if self.compared() {
            let limit = self.number_limit()?;
            return Ok(Condition::Trait { name, test: TraitTest::Number(limit), computed: None });
        }
        let Tested { test, not, .. } = self.value_test(VALUE_WORDS, None, example)?;
        Ok(negated(not, Condition::Trait { name, test, computed: None }))
    }

    pub(super) fn literals(&mut self) -> Read<Vec<Literal>> {
        let cure = "write for example: trait city is one of (\"Porto\", \"Lisbon\")";
        if !self.is_ahead(0, &TokenKind::Open) {
            return self.expected("a list in brackets", cure);
        }
        self.advance();
        let mut literals = vec![self.literal()?];
        while self.is_ahead(0, &TokenKind::Comma) {
            self.advance();
            literals.push(self.literal()?);
        }
        if !self.is_ahead(0, &TokenKind::Close) {
            return self.expected("a comma or a closing bracket", cure);
        }
        self.advance();
        Ok(literals)
    }

    pub(super) fn literal(&mut self) -> Read<Literal> {
        self.hint_value("\"...\"");
        let Some(token) = self.peek() else {
            return self.expected("a value", "write a text in quotes or a number");
        };
        match &token.kind {
            TokenKind::Text(text) => {
                let literal = Literal::Text(text.clone());
                self.advance();
                Ok(literal)
            }
            TokenKind::Number => Ok(Literal::Number(self.number()?)),
            TokenKind::Word => match self.peek_word().as_deref() {
                Some("true") => {
                    self.advance();
                    Ok(Literal::Bool(true))
                }
                Some("false") => {
                    self.advance();
                    Ok(Literal::Bool(false))
                }
                _ => {
                    let cure = format!("write \"{}\", with its quotes", self.written());
                    self.expected("a text in quotes, a number, true or false", cure)
                }
            },
            TokenKind::Open | TokenKind::Close | TokenKind::Comma => {
                self.expected("a value", "write a text in quotes or a number")
            }
        }
    }

    fn consent(&mut self) -> Read<Condition> {
        let example = "consent to email promotion";
        self.one_of(&["to"], example)?;
        let channel = self.channel(example)?;
        Ok(Condition::Consent { channel, purpose: self.purpose(example)? })
    }

    fn purpose(&mut self, example: &str) -> Read<Purpose> {
        let words = ["promotion", "care", "transactional"];
        self.hint(&words);
        if let Some(purpose) = self.peek_word().and_then(|word| Purpose::parse(&word)) {
            self.advance();
            return Ok(purpose);
        }
        let found = self.peek_word().unwrap_or_default();
        let cure = match nearest(&found, words) {
            Some(near) => format!("write \"{near}\""),
            None => format!("for example: {example}"),
        };
        self.expected(&super::problem::listed(&words), cure)
    }

    fn stage(&mut self) -> Read<Condition> {
        let example = "stage is lapsing";
        self.one_of(&["is"], example)?;
        let not = self.take("not");
        for stage in Stage::ALL {
            let words: Vec<&'static str> = stage.word().split(' ').collect();
            if self.take_words(&words) {
                return Ok(negated(not, Condition::Stage(*stage)));
            }
        }
        let found = self.peek_word().unwrap_or_default();
        let words: Vec<&'static str> = Stage::ALL.iter().map(|stage| stage.word()).collect();
        let cure = match nearest(&found, words.iter().copied()) {
            Some(near) => format!("write \"{near}\""),
            None => format!("write one of {}; for example: {example}", words.join(", ")),
        };
        self.expected("a stage", cure)
    }

    fn ticket(&mut self) -> Read<Condition> {
        if self.peek_word().as_deref() == Some("open") {
            return self.expected("\"is\"", "write \"is\" before it: ticket is open");
        }
        let turn = match self.one_of(&["is", "opened", "closed"], "ticket is open")? {
            "opened" => TicketTurn::Opened,
            "closed" => TicketTurn::Closed,
            _ => {
                let not = self.take("not");
                self.one_of(&["open"], "ticket is open")?;
                if !self.take("for") {
                    return Ok(negated(not, Condition::TicketOpen));
                }
                let example = "ticket is open for more than 3 days";
                self.one_of(&["more"], example)?;
                self.one_of(&["than"], example)?;
                return Ok(negated(not, Condition::TicketWaits(self.length()?)));
            }
        };
        Ok(Condition::Tickets { turn, limit: Limit::ONCE, window: self.plain_window()? })
    }

    fn tickets(&mut self) -> Read<Condition> {
        let turn = if self.take("closed") {
            TicketTurn::Closed
        } else {
            self.take("opened");
            TicketTurn::Opened
        };
        let limit = self.count_limit("tickets at least 2 in the last 90 days")?;
        Ok(Condition::Tickets { turn, limit, window: self.plain_window()? })
    }
}

pub(super) fn negated(not: bool, condition: Condition) -> Condition {
    if not { Condition::Not(Box::new(condition)) } else { condition }
}

/// The kind an event's name means: as in event files, case, spaces and hyphens do not count for
/// names that have a word of their own.
pub(super) fn kind_named(name: &str) -> Kind {
    let wanted = letters(name);
    let known = Kind::ALL.iter().find(|kind| letters(kind.name()) == wanted);
    known.cloned().unwrap_or_else(|| Kind::Custom(name.to_owned()))
}
