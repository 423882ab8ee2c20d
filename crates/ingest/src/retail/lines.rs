//! The products of an event: its `products`, or the product fields among its properties.

use regulars_engine::event::{Code, CodeKind, Currency, Kind, Line, Map, Value};

use super::fields::{Item, Product, Products, Properties};
use crate::decimal::Decimal;
use crate::limits::{AMOUNT_MINOR_MAX, ID_BYTES_MAX, QUANTITY_MILLI_MAX, TEXT_BYTES_MAX};
use crate::rejection::{Place, RejectionReason};

/// How much a kind of event depends on its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    /// Prices and quantities are the message: they must be right.
    Books,
    /// Quantities are the message; a price that is no number is kept as it came.
    Cart,
    /// Neither is.
    Views,
}

/// Reads the lines of an event of this kind, and takes their fields out of `properties`. Of what
/// is left of `products`, anything but positions stays a property, line by line.
pub(crate) fn lines(
    kind: &Kind,
    properties: &mut Properties<'_>,
    currency: Currency,
) -> Result<Vec<Line>, RejectionReason> {
    let Some(numbers) = numbers(kind) else { return Ok(Vec::new()) };
    let mut products = match std::mem::take(&mut properties.products) {
        Products::NoList(_) if numbers != Numbers::Views => {
            return Err(RejectionReason::NotAList { place: Place::of("products") });
        }
        no_list @ Products::NoList(_) => {
            properties.products = no_list;
            return Ok(Vec::new());
        }
        Products::TooMany(_) => {
            return Err(RejectionReason::TooManyLines { place: Place::of("products") });
        }
        Products::List(products) => products,
        Products::Absent => {
            return single(kind, numbers, &mut properties.product, currency);
        }
    };
    let mut lines = Vec::with_capacity(products.len());
    for (index, product) in products.iter_mut().enumerate() {
        if product.no_object {
            return Err(RejectionReason::NotAList { place: Place::of("products") });
        }
        lines.push(Reading { numbers, kind, currency, number: Some(index + 1) }.line(product)?);
    }
    let rest: Vec<Value> =
        products.into_iter().map(|product| Value::Map(leftover(product))).collect();
    if rest.iter().any(|map| *map != Value::Map(Map::new())) {
        properties.rest.insert("products".to_owned(), Value::List(rest));
    }
    settle_signs(kind, &mut lines)?;
    Ok(lines)
}

/// What depends on the numbers of this kind of event; `None` if it tells of no products.
fn numbers(kind: &Kind) -> Option<Numbers> {
    if kind.touches_orders() || *kind == Kind::Adjustment {
        return Some(Numbers::Books);
    }
    if kind.touches_cart() || *kind == Kind::ProductRemoved {
        return Some(Numbers::Cart);
    }
    let views = matches!(
        kind,
        Kind::ProductListViewed
            | Kind::ProductListFiltered
            | Kind::ProductClicked
            | Kind::ProductViewed
            | Kind::ProductAddedToWishlist
            | Kind::ProductRemovedFromWishlist
            | Kind::ProductShared
            | Kind::CartShared
            | Kind::ProductReviewed
            | Kind::StoreVisited
            | Kind::ProductTried
            | Kind::QrScanned
            | Kind::PriceCompared
            | Kind::SocialPosted
            | Kind::AdClicked
            | Kind::ReviewSiteVisited
            | Kind::TicketOpened
            | Kind::TicketClosed
    );
    views.then_some(Numbers::Views)
}

/// The product whose fields stand among the properties themselves. Without any code they are the
/// page's or the list's own name and address, except where the event can only tell of a product.
fn single(
    kind: &Kind,
    numbers: Numbers,
    product: &mut Product<'_>,
    currency: Currency,
) -> Result<Vec<Line>, RejectionReason> {
    let coded = CODES.iter().any(|(item, _)| product.get(*item).present());
    let tells_of_one = matches!(
        kind,
        Kind::ProductClicked
            | Kind::ProductViewed
            | Kind::ProductAdded
            | Kind::ProductRemoved
            | Kind::ProductAddedToWishlist
            | Kind::ProductRemovedFromWishlist
            | Kind::WishlistProductAddedToCart
            | Kind::ProductTried
    );
    let named = tells_of_one && product.get(Item::Name).present();
    if !(coded || named) {
        return Ok(Vec::new());
    }
    let reading = Reading { numbers, kind, currency, number: None };
    let mut lines = vec![reading.line(product)?];
    settle_signs(kind, &mut lines)?;
    Ok(lines)
}

/// Which field is a code of which kind. Of several with one kind, the first that is there counts.
const CODES: [(Item, CodeKind); 9] = [
    (Item::ProductId, CodeKind::Product),
    (Item::VariantId, CodeKind::Variant),
    (Item::Variant, CodeKind::Variant),
    (Item::Sku, CodeKind::Sku),
    (Item::Gtin, CodeKind::Gtin),
    (Item::Ean, CodeKind::Gtin),
    (Item::Upc, CodeKind::Gtin),
    (Item::Barcode, CodeKind::Gtin),
    (Item::TillCode, CodeKind::Till),
];

/// The circumstances under which one product is read.
#[derive(Clone, Copy)]
struct Reading<'k> {
    numbers: Numbers,
    kind: &'k Kind,
    currency: Currency,
    number: Option<usize>,
}

impl Reading<'_> {
    fn place(&self, item: Item) -> Place {
        match self.number {
            Some(number) => Place::in_product(item.word(), number),
            None => Place::of(item.word()),
        }
    }

    fn line(&self, product: &mut Product<'_>) -> Result<Line, RejectionReason> {
        let mut codes: Vec<Code> = Vec::with_capacity(2);
        for (item, kind) in CODES {
            if !product.get(item).present() || codes.iter().any(|code| code.kind == kind) {
                continue;
            }
            if let Some(value) = self.text(product, item, ID_BYTES_MAX)? {
                codes.push(Code { kind, value });
            }
        }
        codes.sort_unstable();
        let quantity = self.quantity(product)?;
        let total_minor = self.total_minor(product, quantity)?;
        let priced_alone = total_minor.is_some() && self.numbers != Numbers::Books;
        Ok(Line {
            codes,
            quantity_milli: quantity_milli(quantity, &self.place(Item::Quantity))?,
            total_minor,
            currency: priced_alone.then_some(self.currency),
            name: self.text(product, Item::Name, TEXT_BYTES_MAX)?,
            category: self.text(product, Item::Category, TEXT_BYTES_MAX)?,
            url: self.text(product, Item::Url, TEXT_BYTES_MAX)?,
            image_url: self.text(product, Item::ImageUrl, TEXT_BYTES_MAX)?,
            attributes: Vec::new(),
        })
    }

    fn text(
        &self,
        product: &mut Product<'_>,
        item: Item,
        bytes_max: usize,
    ) -> Result<Option<String>, RejectionReason> {
        let Some(text) = product.get(item).text() else { return Ok(None) };
        if text.len() > bytes_max {
            return Err(RejectionReason::TooLong { place: self.place(item) });
        }
        product.take(item);
        Ok(Some(text.into_owned()))
    }

    fn quantity(&self, product: &mut Product<'_>) -> Result<Decimal, RejectionReason> {
        if !product.get(Item::Quantity).present() {
            return Ok(Decimal::ONE);
        }
        match Decimal::of(product.get(Item::Quantity)) {
            Some(quantity) if quantity.negative() && !self.signs_mean_return() => {
                Err(RejectionReason::NegativeAmount { place: self.place(Item::Quantity) })
            }
            Some(quantity) => {
                product.take(Item::Quantity);
                Ok(quantity)
            }
            None if self.numbers == Numbers::Views => Ok(Decimal::ONE),
            None => Err(RejectionReason::NotANumber { place: self.place(Item::Quantity) }),
        }
    }

    /// Whether a minus only says once more that something came back or was taken out.
    fn signs_mean_return(&self) -> bool {
        matches!(
            self.kind,
            Kind::OrderRefunded | Kind::OrderCancelled | Kind::ProductRemoved | Kind::Adjustment
        )
    }

    fn total_minor(
        &self,
        product: &mut Product<'_>,
        quantity: Decimal,
    ) -> Result<Option<i64>, RejectionReason> {
        for (item, by) in [(Item::LineTotal, Decimal::ONE), (Item::Price, quantity)] {
            if !product.get(item).present() {
                continue;
            }
            let Some(price) = Decimal::of(product.get(item)) else {
                if self.numbers == Numbers::Books {
                    return Err(RejectionReason::NotANumber { place: self.place(item) });
                }
                continue;
            };
            if price.negative() && !self.signs_mean_return() {
                if self.numbers == Numbers::Views {
                    continue;
                }
                return Err(RejectionReason::NegativeAmount { place: self.place(item) });
            }
            let minor = amount(price, by, self.currency.digits(), &self.place(item))?;
            product.take(item);
            return Ok(Some(minor));
        }
        Ok(None)
    }
}

/// Thousandths of a piece, within bounds.
pub(crate) fn quantity_milli(quantity: Decimal, place: &Place) -> Result<i64, RejectionReason> {
    quantity
        .units(3)
        .filter(|milli| milli.abs() <= QUANTITY_MILLI_MAX)
        .ok_or_else(|| RejectionReason::AmountTooLarge { place: place.clone() })
}

/// `price` times `by` in minor units of a currency with so many digits, within bounds.
pub(crate) fn amount(
    price: Decimal,
    by: Decimal,
    digits: u8,
    place: &Place,
) -> Result<i64, RejectionReason> {
    price
        .times(by, digits)
        .filter(|minor| minor.abs() <= AMOUNT_MINOR_MAX)
        .ok_or_else(|| RejectionReason::AmountTooLarge { place: place.clone() })
}

/// What came back is counted without a sign. Lines of both signs are an exchange, of which nobody
/// can say here which side was bought.
fn settle_signs(kind: &Kind, lines: &mut [Line]) -> Result<(), RejectionReason> {
    if *kind == Kind::Adjustment {
        return Ok(());
    }
    let negative =
        |line: &Line| line.quantity_milli < 0 || line.total_minor.is_some_and(|minor| minor < 0);
    if !lines.iter().any(negative) {
        return Ok(());
    }
    if !lines.iter().all(|line| negative(line) || line.total_minor == Some(0)) {
        return Err(RejectionReason::MixedSigns { place: Place::of("products") });
    }
    for line in lines {
        line.quantity_milli = line.quantity_milli.abs();
        line.total_minor = line.total_minor.map(i64::abs);
    }
    Ok(())
}

/// What no part of a line took. Where it stood in a list says nothing about a product.
fn leftover(mut product: Product<'_>) -> Map {
    let mut map = std::mem::take(&mut product.rest);
    map.remove("position");
    product.leave(&mut map);
    map
}
