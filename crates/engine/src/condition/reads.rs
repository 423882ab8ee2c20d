//! What a condition reads: so that an event re-evaluates only what it can touch, and a check can
//! find conditions that nothing feeds.

use std::collections::{BTreeMap, BTreeSet};

use super::aggregate::Aggregate;
use super::ast::{CartTest, Condition, Literal, Mark, MarkOf, Scope, Thing, TraitTest, Window};
use super::calendar::Occasion;
use super::computed::ComputedTrait;
use super::figure::{Figure, Of};
use super::filter::{Asks, FieldTest, Filter};
use crate::event::{Channel, Event, Kind};
use crate::profile::{Standing, list_trait};

/// What a condition reads of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Orders, returns and cancellations.
    pub orders: bool,
    /// Carts.
    pub cart: bool,
    /// Consents.
    pub consents: bool,
    /// Addresses and the hard stops on them.
    pub addresses: bool,
    /// Service tickets.
    pub tickets: bool,
    /// Touchpoints over these channels.
    pub channels: BTreeSet<Channel>,
    /// Events of these kinds, and which of them.
    pub kinds: BTreeMap<Kind, Meant>,
    /// These traits; of a nested one its first part too.
    pub traits: BTreeSet<String>,
    /// These segments.
    pub segments: BTreeSet<String>,
    /// These scores.
    pub scores: BTreeSet<String>,
    /// The stage.
    pub stage: bool,
    /// These static lists.
    pub lists: BTreeSet<String>,
    /// These products, by id.
    pub products: BTreeSet<String>,
    /// These categories.
    pub categories: BTreeSet<String>,
    /// The entry into a journey: it has a meaning inside of one only.
    pub entry: bool,
    /// Time: the answer may change without any event.
    pub time: bool,
}

/// Which events of a kind are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// Every one.
    Every,
    /// Those that one of these standing aggregates takes in, by their keys.
    Some(BTreeMap<u64, Aggregate>),
}

impl Meant {
    /// The events that pass a filter; `field` is what is read of them.
    fn by(kind: &Kind, filter: &Filter, field: Option<&str>) -> Self {
        if filter.is_empty() {
            return Self::Every;
        }
        let aggregate = Aggregate::new(kind, filter, field);
        Self::Some(BTreeMap::from([(aggregate.key(), aggregate)]))
    }

    fn includes(&self, event: &Event, standing: &Standing) -> bool {
        match self {
            Self::Every => true,
            Self::Some(aggregates) => {
                aggregates.iter().any(|(key, one)| one.touched_by(*key, event, standing))
            }
        }
    }

    fn merge(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Some(held), Self::Some(others)) => held.extend(others),
            (Self::Every, _) | (_, Self::Every) => *self = Self::Every,
        }
    }
}

impl Condition {
    /// What it reads by itself; what the segments it names read is not in it.
    #[must_use]
    pub fn reads(&self) -> Reads {
        let mut reads = Reads::default();
        reads.add(self);
        reads
    }

    /// What it reads by itself and through the segments it names, and those through theirs.
    #[must_use]
    pub fn reads_through(&self, segments: &BTreeMap<String, Condition>) -> Reads {
        let mut reads = self.reads();
        let mut open: Vec<String> = reads.segments.iter().cloned().collect();
        while let Some(name) = open.pop() {
            let Some(segment) = segments.get(&name) else { continue };
            let inner = segment.reads();
            let new = inner.segments.iter().filter(|name| !reads.segments.contains(*name));
            open.extend(new.cloned());
            reads.merge(inner);
        }
        reads
    }
}

impl Reads {
    /// Whether an event of the person, folded in already, can change what is read.
    #[must_use]
    pub fn touched_by(&self, event: &Event, standing: &Standing) -> bool {
        let kind = &event.kind;
        self.orders && kind.touches_orders()
            || self.cart && (kind.touches_cart() || kind.touches_orders())
            || self.consents && event.consent.is_some()
            || self.addresses && (!event.identifiers.is_empty() || kind.stops_address())
            || self.tickets && matches!(kind, Kind::TicketOpened | Kind::TicketClosed)
            || self.channels.contains(&event.place.channel) && kind.touchpoint()
            || self.kinds.get(kind).is_some_and(|meant| meant.includes(event, standing))
            || (self.stage || !self.scores.is_empty())
                && (kind.touchpoint() || kind.touches_orders())
            || event.traits.keys().any(|name| self.traits.contains(name))
    }

    /// Takes in what another condition reads.
    pub fn merge(&mut self, other: Self) {
        self.orders |= other.orders;
        self.cart |= other.cart;
        self.consents |= other.consents;
        self.addresses |= other.addresses;
        self.tickets |= other.tickets;
        self.entry |= other.entry;
        self.time |= other.time;
        self.channels.extend(other.channels);
        other.kinds.into_iter().for_each(|(kind, meant)| self.events(&kind, meant));
        self.traits.extend(other.traits);
        self.segments.extend(other.segments);
        self.scores.extend(other.scores);
        self.stage |= other.stage;
        self.lists.extend(other.lists);
        self.products.extend(other.products);
        self.categories.extend(other.categories);
    }

    fn add(&mut self, condition: &Condition) {
        match condition {
            Condition::Always | Condition::Never => {}
            Condition::Not(_) | Condition::All(_) | Condition::Any(_) => {
                condition.parts().iter().for_each(|part| self.add(part));
            }
            Condition::Cart(test) => self.cart(test),
            Condition::BoughtOfCart(_) => {
                self.cart = true;
                self.orders = true;
            }
            Condition::Done { thing, filter, scope, .. } => {
                self.thing(thing);
                self.filter(filter);
                self.scope(scope);
            }
            Condition::Orders { filter, scope, .. } | Condition::Spent { filter, scope, .. } => {
                self.filter(filter);
                self.scope(scope);
            }
            Condition::Figure { figure, .. } => self.figure(figure),
            Condition::OrderAge { filter, .. } => {
                self.filter(filter);
                self.orders = true;
                self.time = true;
            }
            Condition::Event { kind, filter, window, .. } => {
                self.filter(filter);
                self.events(kind, Meant::by(kind, filter, None));
                self.window(window);
            }
            Condition::EventAge { kind, filter, .. } => {
                self.filter(filter);
                self.events(kind, Meant::by(kind, filter, None));
                self.time = true;
            }
            Condition::Trait { name, computed, .. } => {
                self.trait_or_figure(name, computed.as_deref())
            }
            Condition::Consent { .. } => self.consents = true,
            Condition::Reachable(_) => self.addresses = true,
            Condition::MayWrite { .. } => (self.consents, self.addresses) = (true, true),
            Condition::TicketOpen => self.tickets = true,
            Condition::TicketWaits(_) => (self.tickets, self.time) = (true, true),
            Condition::Tickets { window, .. } => {
                self.tickets = true;
                self.window(window);
            }
            // Whatever was first decides, over any channel.
            Condition::FirstSeen(_) => self.channels.extend(Channel::ALL),
            Condition::Touched { channel, window } => {
                self.channels.insert(*channel);
                self.window(window);
            }
            Condition::Anniversary { of, .. } => self.anniversary(of),
            Condition::Weekday(_) | Condition::Hour(_) => self.time = true,
            Condition::Score { name, .. } => {
                self.scores.insert(name.clone());
                self.time = true;
            }
            Condition::Stage(_) => {
                self.stage = true;
                self.time = true;
            }
            Condition::InList(name) => {
                self.traits.insert(list_trait(name));
                self.lists.insert(name.clone());
            }
            Condition::Segment(name) => {
                self.segments.insert(name.clone());
            }
        }
    }

    fn events(&mut self, kind: &Kind, meant: Meant) {
        match self.kinds.get_mut(kind) {
            Some(held) => held.merge(meant),
            None => {
                self.kinds.insert(kind.clone(), meant);
            }
        }
    }

    fn anniversary(&mut self, of: &Occasion) {
        match of {
            Occasion::Trait(name) => self.person_trait(name),
            Occasion::FirstOrder => self.orders = true,
        }
        self.time = true;
    }

    fn trait_or_figure(&mut self, name: &str, computed: Option<&ComputedTrait>) {
        match computed {
            Some(computed) => self.figure(&computed.figure),
            None => self.person_trait(name),
        }
    }

    fn person_trait(&mut self, name: &str) {
        let first = name.split('.').next().unwrap_or(name);
        self.traits.insert(first.to_owned());
        self.traits.insert(name.to_owned());
    }

    fn cart(&mut self, test: &CartTest) {
        self.cart = true;
        match test {
            CartTest::Idle(_) => self.time = true,
            CartTest::Has(thing) => {
                self.orders = true;
                self.thing(thing);
            }
            CartTest::Open | CartTest::Empty | CartTest::Value(_) => self.orders = true,
        }
    }

    fn thing(&mut self, thing: &Thing) {
        match thing {
            Thing::Anything => {}
            Thing::Product(id) => {
                self.products.insert(id.clone());
            }
            Thing::Category(name) => {
                self.categories.insert(name.clone());
            }
        }
    }

    fn figure(&mut self, figure: &Figure) {
        self.filter(&figure.filter);
        self.window(&figure.window);
        match &figure.of {
            Of::Orders => self.orders = true,
            Of::Event(kind) => {
                let field = figure.field.as_deref();
                self.events(kind, Meant::by(kind, &figure.filter, field));
            }
        }
    }

    fn filter(&mut self, filter: &Filter) {
        for FieldTest { field, asks } in &filter.0 {
            let names = match field.as_str() {
                "product" => &mut self.products,
                "category" => &mut self.categories,
                _ => continue,
            };
            let (Asks::Is(test) | Asks::IsNot(test)) = asks else { continue };
            let literals = match test {
                TraitTest::Is(literal) => std::slice::from_ref(literal),
                TraitTest::OneOf(literals) => literals,
                TraitTest::Known | TraitTest::Contains(_) | TraitTest::Number(_) => continue,
            };
            names.extend(literals.iter().filter_map(|literal| match literal {
                Literal::Text(name) => Some(name.clone()),
                Literal::Number(_) | Literal::Bool(_) => None,
            }));
        }
    }

    fn scope(&mut self, scope: &Scope) {
        self.orders = true;
        self.window(&scope.window);
    }

    fn window(&mut self, window: &Window) {
        match window {
            Window::Ever => {}
            Window::SinceEntry => self.entry = true,
            Window::Last(_) | Window::Before(_) => self.time = true,
            Window::Since(_) | Window::Until(_) | Window::Between(_) => {}
            Window::Latest(_) => self.orders = true,
            Window::BeforeMark(mark) | Window::AfterMark(mark) => self.mark(mark),
        }
    }

    fn mark(&mut self, mark: &Mark) {
        self.filter(&mark.filter);
        self.window(&mark.window);
        match &mark.of {
            MarkOf::Order { .. } => self.orders = true,
            MarkOf::Event(kind) => self.events(kind, Meant::by(kind, &mark.filter, None)),
            MarkOf::Touch(channel) => {
                self.channels.insert(*channel);
            }
        }
    }
}
