//! The cart: what was put in, taken out and listed, as a set of changes that is read in order.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::{Orders, Stamp};
use crate::event::{Event, Kind, Line};
use crate::part::Part;
use crate::product::Catalogue;
use crate::time::{Occurred, Timestamp};
use crate::truth::Truth;

/// The most changes kept of one person's carts; the latest stay. A person who changes a cart
/// oftener has long bought or forgotten what came first.
pub const CART_OPERATIONS_MAX: usize = 200;

/// One change of a cart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct CartOperation {
    /// When, for the order of changes.
    #[n(0)]
    pub stamp: Stamp,
    /// When, as exactly as it is known.
    #[n(1)]
    pub occurred: Occurred,
    /// Which cart; empty where the source has one a person.
    #[n(2)]
    pub cart: String,
    /// What changed.
    #[n(3)]
    pub change: Part<CartChange>,
    /// The order that a checkout becomes once it is paid, by its key.
    #[n(4)]
    pub order: Option<String>,
}

/// When the checkouts of orders were begun, by the order's key. An order is not earlier than the checkout that
/// bears its key, whatever the clocks say that date the two.
pub type Checkouts<'p> = BTreeMap<&'p str, Timestamp>;

/// What changed in a cart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum CartChange {
    /// These went in.
    #[n(0)]
    Added(#[n(0)] Vec<Line>),
    /// These left.
    #[n(1)]
    Removed(#[n(0)] Vec<Line>),
    /// The whole cart was listed: it holds just these.
    #[n(2)]
    Listed(#[n(0)] Vec<Line>),
    /// It was seen or worked on, with nothing said about what is in it.
    #[n(3)]
    Seen,
}

/// All carts of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Cart {
    /// The changes, sorted. A listing keeps what came before it, since a piece that was there
    /// already keeps the moment at which it was added.
    #[n(0)]
    pub operations: Vec<CartOperation>,
}

/// A line that is in the cart, with what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenLine<'p> {
    /// The product as it was last added.
    pub line: &'p Line,
    /// Thousandths of pieces in the cart; above 0.
    pub quantity_milli: i64,
    /// How many of them there are if all had been bought that it was added to; 0 or above.
    pub fresh_milli: i64,
    /// What it was added to, where no purchase had surely closed that.
    pub before: Option<Before<'p>>,
    /// When it was last added.
    pub added: Occurred,
    /// Whether it is open: false once a purchase closed it, unknown where one perhaps did.
    pub open: Truth,
    /// The key of the order that closed it, or perhaps did.
    pub order: Option<&'p str>,
}

/// Pieces that were in the cart when more of the same were added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before<'p> {
    /// When the first of them were added.
    pub added: Occurred,
    /// Whether they were open then: unknown where a purchase had perhaps closed them.
    pub open: Truth,
    /// The key of the order that perhaps had.
    pub order: Option<&'p str>,
}

impl CartOperation {
    /// Notes whose checkout it is; the operations come in their order.
    fn checks_out<'p>(&'p self, checkouts: &mut Checkouts<'p>) {
        if let Some(order) = &self.order {
            checkouts.insert(order, self.occurred.at);
        }
    }
}

impl Cart {
    /// Takes in what an event says of the cart.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
    pub fn fold(&mut self, event: &Event, stamp: Stamp) {
        let change = match event.kind {
            Kind::ProductAdded | Kind::WishlistProductAddedToCart => {
                CartChange::Added(event.lines.clone())
            }
            Kind::ProductRemoved => CartChange::Removed(event.lines.clone()),
            Kind::CartViewed | Kind::CheckoutStarted if !event.lines.is_empty() => {
                CartChange::Listed(event.lines.clone())
            }
            ref kind if kind.touches_cart() => CartChange::Seen,
            _ => return,
        };
        self.insert(CartOperation {
            stamp,
            occurred: event.occurred,
            cart: event.cart.clone().unwrap_or_default(),
            change: change.into(),
            order: event.checkout_of().map(str::to_owned),
        });
        self.settle();
    }

    /// Takes in another person's carts.
    pub fn merge(&mut self, other: Self) {
        for operation in other.operations {
            self.insert(operation);
        }
        self.settle();
    }

    fn insert(&mut self, operation: CartOperation) {
        if let Err(index) = self.operations.binary_search(&operation) {
            self.operations.insert(index, operation);
        }
    }

    /// Drops the oldest changes above the limit.
    fn settle(&mut self) {
        if self.operations.len() > CART_OPERATIONS_MAX {
            self.operations.drain(..self.operations.len() - CART_OPERATIONS_MAX);
        }
    }

    /// When the cart was last touched in any way; `None`: never.
    #[must_use]
    pub fn active_at(&self) -> Option<Timestamp> {
        self.operations.last().map(|operation| operation.stamp.at)
    }

    /// The checkouts that were begun by `now`.
    #[must_use]
    pub fn checkouts(&self, now: Timestamp) -> Checkouts<'_> {
        let mut checkouts = Checkouts::new();
        let until = self.operations.iter().filter(|operation| operation.stamp.at <= now);
        until.for_each(|operation| operation.checks_out(&mut checkouts));
        checkouts
    }

    /// Whether a checkout that names its order was begun from `added` to `now`: that order follows `added`, however
    /// it is dated.
    #[must_use]
    pub fn checked_out(&self, added: Timestamp, now: Timestamp) -> bool {
        let since =
            self.operations.iter().rev().take_while(|operation| operation.stamp.at >= added);
        since.into_iter().any(|operation| operation.order.is_some() && operation.stamp.at <= now)
    }

    /// What is in the carts at `now`, and whether a purchase closed it. Cost: the changes kept
    /// times the lines in the cart.
    #[must_use]
    pub fn lines<'p>(
        &'p self,
        orders: &'p Orders,
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> Vec<OpenLine<'p>> {
        let (mut held, mut checkouts): (Held<'p>, _) = (Vec::new(), Checkouts::new());
        for operation in self.operations.iter().filter(|operation| operation.stamp.at <= now) {
            operation.checks_out(&mut checkouts);
            let cart = operation.cart.as_str();
            match &*operation.change {
                CartChange::Added(lines) => {
                    // What a purchase had closed by then is not in the cart any more.
                    let before = |there: &OpenLine<'p>| {
                        let by = operation.occurred.at;
                        let (open, order) =
                            orders.closes(there.line, there.added, &checkouts, catalogue, by);
                        Before { added: there.added, open, order }
                    };
                    for line in lines {
                        put(&mut held, cart, line, operation.occurred, &before);
                    }
                }
                CartChange::Removed(lines) => {
                    for line in lines {
                        take(&mut held, cart, line);
                    }
                }
                CartChange::Listed(lines) => list(&mut held, cart, lines, operation.occurred),
                CartChange::Seen => {}
            }
        }
        held.into_iter()
            .map(|(_, line)| line)
            .filter(|line| line.quantity_milli > 0)
            .map(|mut line| {
                (line.open, line.order) =
                    orders.closes(line.line, line.added, &checkouts, catalogue, now);
                line
            })
            .collect()
    }
}

/// Whether two lines are the same piece of a cart: the same variant where both name one, else
/// the same product id.
pub(crate) fn same_piece(left: &Line, right: &Line) -> bool {
    use crate::event::CodeKind::{Gtin, Product, Sku, Variant};
    if let (Some(left), Some(right)) = (left.code(Product), right.code(Product))
        && left != right
    {
        return false;
    }
    for kind in [Variant, Sku, Gtin, Product] {
        if let (Some(left), Some(right)) = (left.code(kind), right.code(kind)) {
            return left == right;
        }
    }
    left.codes == right.codes
}

/// The lines of all carts while the changes are read in order.
type Held<'p> = Vec<(&'p str, OpenLine<'p>)>;

fn find<'h, 'p>(held: &'h mut Held<'p>, cart: &str, line: &Line) -> Option<&'h mut OpenLine<'p>> {
    held.iter_mut()
        .find(|(of, there)| *of == cart && same_piece(there.line, line))
        .map(|(_, there)| there)
}

fn put<'p>(
    held: &mut Held<'p>,
    cart: &'p str,
    line: &'p Line,
    at: Occurred,
    before: &dyn Fn(&OpenLine<'p>) -> Before<'p>,
) {
    match find(held, cart, line) {
        Some(there) => {
            let last = before(there);
            let left = if last.open == Truth::False { 0 } else { there.quantity_milli.max(0) };
            let first = there.before.take();
            there.before = (left > 0).then(|| match first {
                Some(first) => Before {
                    added: first.added,
                    open: first.open.and(last.open),
                    order: first.order.or(last.order),
                },
                None => last,
            });
            there.fresh_milli = line.quantity_milli.max(0);
            there.quantity_milli = left.saturating_add(line.quantity_milli);
            there.added = at;
            there.line = line;
        }
        None => held.push((cart, fresh(line, at))),
    }
}

fn take(held: &mut Held<'_>, cart: &str, line: &Line) {
    if let Some(there) = find(held, cart, line) {
        there.quantity_milli = there.quantity_milli.saturating_sub(line.quantity_milli).max(0);
        there.fresh_milli = there.fresh_milli.saturating_sub(line.quantity_milli).max(0);
    }
}

/// Replaces a cart by what was listed; a piece that was there already keeps its moment.
fn list<'p>(held: &mut Held<'p>, cart: &'p str, lines: &'p [Line], at: Occurred) {
    for (of, there) in held.iter_mut() {
        if *of == cart && !lines.iter().any(|line| same_piece(there.line, line)) {
            there.quantity_milli = 0;
        }
    }
    for line in lines {
        match find(held, cart, line) {
            Some(there) => {
                if there.quantity_milli < line.quantity_milli {
                    there.added = at;
                }
                there.quantity_milli = line.quantity_milli;
                // As many are there, whatever had been bought before.
                (there.fresh_milli, there.before) = (line.quantity_milli, None);
                there.line = line;
            }
            None => held.push((cart, fresh(line, at))),
        }
    }
}

fn fresh(line: &Line, added: Occurred) -> OpenLine<'_> {
    OpenLine {
        line,
        quantity_milli: line.quantity_milli,
        fresh_milli: line.quantity_milli,
        before: None,
        added,
        open: Truth::True,
        order: None,
    }
}
