//! The cart: what is in it, what it is worth, and what of it has been bought.

use super::ast::{CartTest, Share, Thing};
use super::evaluate::Weighed;
use super::moment::earlier;
use super::purchase::is;
use super::timeline::BOUNDLESS;
use super::world::World;
use crate::event::{Currency, Line};
use crate::product::Known;
use crate::profile::{Before, CartChange, OpenLine, same_piece};
use crate::source::{Facts, Lacking};
use crate::time::{Occurred, Timestamp};
use crate::truth::Truth;

/// Something that was in the cart when it mattered, and whether it has been bought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'p> {
    pub(super) line: &'p Line,
    /// When it was added.
    pub(super) added: Occurred,
    /// Whether it has been bought since.
    pub(super) bought: Truth,
    /// The key of the order that answers.
    pub(super) order: Option<&'p str>,
    /// What was there before, where nothing of it is left if that had been bought.
    pub(super) unless: Option<Before<'p>>,
}

/// Whether what is asked of the cart holds.
pub(super) fn weigh(world: &World<'_>, test: &CartTest) -> Weighed {
    let closed = ask(world, test, Late::Nothing);
    let next = future(world);
    if !world.certain() {
        return Weighed { truth: closed, next };
    }
    settle(world, closed, |late| ask(world, test, late), next)
}

/// Whether so much of the cart has been bought.
pub(super) fn weigh_bought(world: &World<'_>, share: Share) -> Weighed {
    let next = future(world);
    if world.profile.orders.by_key.is_empty() {
        let missing = world.certain().then(|| world.feeds.missing(&Facts::Orders));
        if missing.as_ref().is_none_or(|missing| missing.lacking.is_empty()) {
            let changes_at = missing.and_then(|missing| missing.changes_at);
            return Weighed { truth: Truth::False, next: earlier(next, changes_at) };
        }
    }
    let pieces = pieces(world);
    let closed = all_or_any(share, &pieces, |piece| bought(world, piece, Late::Nothing));
    if !world.certain() {
        return Weighed { truth: closed, next };
    }
    let with = |late| all_or_any(share, &pieces, |piece| bought(world, piece, late));
    settle(world, closed, with, next)
}

/// What may still be told of purchases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// Nothing.
    Nothing,
    /// Whatever any feed might tell, if it is behind.
    Any,
    /// What those feeds may tell that are behind.
    OfFeeds,
}

/// A feed that is behind can bring a purchase; what that cannot change needs no feed.
fn settle(
    world: &World<'_>,
    closed: Truth,
    with: impl Fn(Late) -> Truth,
    next: Option<Timestamp>,
) -> Weighed {
    if with(Late::Any) == closed {
        return Weighed { truth: closed, next };
    }
    let changes_at = world.feeds.missing(&Facts::Orders).changes_at;
    Weighed { truth: with(Late::OfFeeds), next: earlier(next, changes_at) }
}

fn all_or_any(share: Share, pieces: &[Piece<'_>], truth: impl Fn(&Piece<'_>) -> Truth) -> Truth {
    match share {
        Share::Any => pieces.iter().fold(Truth::False, |any, piece| any.or(truth(piece))),
        Share::All if pieces.is_empty() => Truth::False,
        Share::All => pieces.iter().fold(Truth::True, |all, piece| all.and(truth(piece))),
    }
}

/// A maybe is a no where the question is what is known.
fn as_asked(world: &World<'_>, truth: Truth) -> Truth {
    if world.certain() || truth == Truth::True { truth } else { Truth::False }
}

fn bought(world: &World<'_>, piece: &Piece<'_>, late: Late) -> Truth {
    if bought_before(world, piece.unless.as_ref(), late) {
        return Truth::Unknown;
    }
    as_asked(world, piece.bought).or(bought_since(world, piece.added, late))
}

/// Whether what was in the cart may have been bought before more of the same was added.
fn bought_before(world: &World<'_>, before: Option<&Before<'_>>, late: Late) -> bool {
    before.is_some_and(|Before { added, open, .. }| {
        as_asked(world, !*open).or(bought_since(world, *added, late)) != Truth::False
    })
}

/// Whether something that a feed has still to tell may be a purchase after `added`.
fn bought_since(world: &World<'_>, added: Occurred, late: Late) -> Truth {
    let maybe = match late {
        Late::Nothing => false,
        Late::Any => world.asked.complete_to >= late_from(world, added),
        Late::OfFeeds => late_sellers(world, added).next().is_some(),
    };
    if maybe { Truth::Unknown } else { Truth::False }
}

/// How a purchase after `added` may be dated that has still to be told, at the earliest.
fn late_from(world: &World<'_>, added: Occurred) -> Timestamp {
    match world.profile.cart.checked_out(added.at, world.now()) {
        true => Timestamp::EARLIEST,
        false => added.at,
    }
}

/// The feeds that may still tell of a purchase after `added`.
pub(super) fn late_sellers(
    world: &World<'_>,
    added: Occurred,
) -> impl Iterator<Item = Lacking> + use<> {
    let missing = world.feeds.missing(&Facts::Orders);
    let from = late_from(world, added);
    let lacking: Vec<Lacking> = missing
        .lacking
        .iter()
        .map(|silence| &silence.lacking)
        .filter(|lacking| lacking.needed_until >= from)
        .cloned()
        .collect();
    lacking.into_iter()
}

/// Whether a line is still open, as asked, with what may still be told.
pub(super) fn open(world: &World<'_>, line: &OpenLine<'_>, late: Late) -> Truth {
    if line.fresh_milli <= 0 && bought_before(world, line.before.as_ref(), late) {
        return Truth::Unknown;
    }
    let open = !as_asked(world, !line.open);
    open.and(!bought_since(world, line.added, late))
}

fn ask(world: &World<'_>, test: &CartTest, late: Late) -> Truth {
    let lines = world.cart().iter();
    match test {
        CartTest::Open => lines.fold(Truth::False, |any, line| any.or(open(world, line, late))),
        CartTest::Empty => !ask(world, &CartTest::Open, late),
        CartTest::Has(thing) => lines.fold(Truth::False, |any, line| {
            any.or(open(world, line, late).and(of(world, line, thing)))
        }),
        CartTest::Value(limit) => {
            let (mut low, mut high) = (0_i128, 0_i128);
            for line in lines {
                let open = open(world, line, late);
                let currency = limit.value.currency;
                if open == Truth::True {
                    let fresh = bought_before(world, line.before.as_ref(), late);
                    let pieces = if fresh { line.fresh_milli } else { line.quantity_milli };
                    low += worth(world, line, pieces, currency).0;
                }
                if open != Truth::False {
                    high += worth(world, line, line.quantity_milli, currency).1;
                }
            }
            limit.comparison.test(low, high, i128::from(limit.value.minor))
        }
        // Counted as occurrences, since time alone can change it.
        CartTest::Idle(_) => Truth::False,
    }
}

pub(super) fn of(world: &World<'_>, line: &OpenLine<'_>, thing: &Thing) -> Truth {
    as_asked(world, is(line.line, thing, world.asked.catalogue))
}

/// What thousandths of pieces of a line are worth in a currency, at least and at most: as its source states it, else by the
/// catalogue. An amount of another currency is never counted as one of this: what it is worth is
/// not known.
pub(super) fn worth(
    world: &World<'_>,
    line: &OpenLine<'_>,
    pieces_milli: i64,
    currency: Currency,
) -> (i128, i128) {
    let pieces = i128::from(pieces_milli);
    let stated = line.line.currency == Some(currency);
    if let Some(total) = line.line.total_minor.filter(|_| stated) {
        let of = i128::from(line.line.quantity_milli);
        let worth = if of > 0 { i128::from(total) * pieces / of } else { i128::from(total) };
        return (worth, worth);
    }
    let catalogue = world.asked.catalogue;
    let price = match catalogue.of_line(line.line) {
        Known::Product(id) => catalogue.product(id).and_then(|product| product.price),
        Known::Unmapped => None,
    };
    let priced = price.filter(|price| price.currency == currency);
    match priced.filter(|_| line.line.total_minor.is_none()) {
        Some(price) => {
            let worth = i128::from(price.minor) * pieces / 1_000;
            (worth, worth)
        }
        None if world.certain() => (0, BOUNDLESS),
        None => (0, 0),
    }
}

/// The products of the cart that count: inside a journey what was in it at entry or was added
/// since, else what is in it.
pub(super) fn pieces<'a>(world: &World<'a>) -> Vec<Piece<'a>> {
    let piece = |line: &OpenLine<'a>| Piece {
        line: line.line,
        added: line.added,
        bought: !line.open,
        order: line.order,
        unless: unless(line),
    };
    let Some((entry, stated)) = world.entry else {
        return world.cart().iter().map(piece).collect();
    };
    let (cart, orders) = (&world.profile.cart, &world.profile.orders);
    let catalogue = world.asked.catalogue;
    let mut added: Vec<(&'a Line, Occurred, Option<Before<'a>>)> = Vec::new();
    for line in cart.lines(orders, catalogue, entry) {
        // What had been bought before the entry is no product of this cart; what was taken for
        // open at entry is, even if a receipt says by now that it had just been bought.
        let believed = stated.iter().any(|held| same_piece(held, line.line));
        if believed || line.open != Truth::False {
            let unless = unless(&line).filter(|_| !believed);
            added.push((line.line, line.added, unless));
        }
    }
    let mut add = |line: &'a Line, occurred: Occurred| {
        if !added.iter().any(|(held, ..)| same_piece(held, line)) {
            added.push((line, occurred, None));
        }
    };
    for line in stated {
        add(line, Occurred::instant(entry));
    }
    let operations = cart.operations.iter();
    for operation in operations.filter(|o| o.stamp.at > entry && o.stamp.at <= world.now()) {
        match &*operation.change {
            CartChange::Added(lines) | CartChange::Listed(lines) => {
                for line in lines {
                    add(line, operation.occurred);
                }
            }
            CartChange::Removed(_) | CartChange::Seen => {}
        }
    }
    let now = world.now();
    let checkouts = cart.checkouts(now);
    let pieces = added.into_iter().map(|(line, added, unless)| {
        let (open, order) = orders.closes(line, added, &checkouts, catalogue, now);
        Piece { line, added, bought: !open, order, unless }
    });
    pieces.collect()
}

fn unless<'p>(line: &OpenLine<'p>) -> Option<Before<'p>> {
    line.before.filter(|_| line.fresh_milli <= 0)
}

/// The next moment that is still to come of what is already known: nothing, but for events of a
/// past that is looked at from an earlier moment.
pub(super) fn future(world: &World<'_>) -> Option<Timestamp> {
    let now = world.now();
    let cart = world.profile.cart.operations.iter().map(|operation| operation.stamp.at);
    let orders = world.profile.orders.by_key.values();
    let orders = orders.filter_map(|order| order.occurred()).map(|occurred| occurred.at);
    cart.chain(orders).filter(|at| *at > now).min()
}
