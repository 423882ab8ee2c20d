//! Properties and products as they stand in JSON: the fields we have words for, and the rest.

use std::borrow::Cow;
use std::sync::LazyLock;

use regulars_engine::event::{Map, Value};

use crate::json::{Reader, Scalar, Shape, fill, says_nothing};
use crate::limits::{ID_BYTES_MAX, LINES_MAX, PROPERTIES_MAX, TEXT_BYTES_MAX};
use crate::rejection::{Place, RejectionReason};

macro_rules! fields {
    ($doc:literal $name:ident $count:ident { $($variant:ident $word:literal $(| $alias:literal)*;)* }) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $($variant,)* }

        impl $name {
            const WORDS: &'static [&'static str] = &[$($word,)*];

            /// Every spelling: `like_this`, and `likeThis` where that is common.
            const SPELLINGS: &'static [(&'static str, Self)] =
                &[$(($word, Self::$variant), $(($alias, Self::$variant),)*)*];

            /// The name as the specs spell it.
            pub(crate) const fn word(self) -> &'static str {
                Self::WORDS[self as usize]
            }
        }

        const $count: usize = $name::WORDS.len();
    };
}

fields! { "A property that has a meaning of its own." Field FIELDS {
    OrderId "order_id" | "orderId";
    ReceiptId "receipt_id" | "receiptId";
    StoreId "store_id" | "storeId";
    Till "till" | "till_id" | "tillId";
    Staff "staff" | "staff_id" | "staffId";
    Channel "channel";
    Currency "currency";
    Total "total";
    Revenue "revenue";
    Value "value";
    Discount "discount";
    Coupon "coupon";
    CartId "cart_id" | "cartId";
    Email "email";
    Phone "phone";
    LoyaltyId "loyalty_id" | "loyaltyId";
    CustomerId "customer_id" | "customerId";
    CartToken "cart_token" | "cartToken";
    CheckoutToken "checkout_token" | "checkoutToken";
    TicketId "ticket_id" | "ticketId";
    ReviewId "review_id" | "reviewId";
    MessageId "message_id" | "messageId";
    EmailId "email_id" | "emailId";
    ConversationId "conversation_id" | "conversationId";
    Purpose "purpose";
    Wording "wording";
} }

fields! { "A field of a product." Item ITEMS {
    ProductId "product_id" | "productId";
    Variant "variant";
    VariantId "variant_id" | "variantId";
    Sku "sku" | "SKU";
    Gtin "gtin";
    Ean "ean";
    Upc "upc";
    Barcode "barcode";
    TillCode "till_code" | "tillCode";
    Name "name";
    Category "category";
    Url "url";
    ImageUrl "image_url" | "imageUrl";
    Price "price";
    Quantity "quantity";
    LineTotal "line_total" | "lineTotal";
} }

/// What a name among properties stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Field(Field),
    Item(Item),
    Products,
}

/// The longest spelling, and one.
const LENGTHS: usize = 16;

/// Spellings of one length that begin with the same letter.
type Spellings = Vec<(&'static [u8], Slot)>;

/// Every spelling by its length and first letter: names come by the dozen in every event, and this
/// leaves about one comparison a name.
static SLOTS: LazyLock<Vec<[Spellings; 32]>> = LazyLock::new(|| {
    let mut slots: Vec<[Spellings; 32]> =
        (0..LENGTHS).map(|_| [const { Vec::new() }; 32]).collect();
    let fields = Field::SPELLINGS.iter().map(|(name, field)| (*name, Slot::Field(*field)));
    let items = Item::SPELLINGS.iter().map(|(name, item)| (*name, Slot::Item(*item)));
    for (name, slot) in fields.chain(items).chain([("products", Slot::Products)]) {
        let name = name.as_bytes();
        slots[name.len()][usize::from(name[0] & 31)].push((name, slot));
    }
    slots
});

fn slot(name: &str) -> Option<Slot> {
    let name = name.as_bytes();
    let alike = &SLOTS.get(name.len())?[usize::from(name.first()? & 31)];
    alike.iter().find(|(spelling, _)| *spelling == name).map(|(_, slot)| *slot)
}

/// One product, or the product fields that stand among the properties of an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Product<'a> {
    items: [Scalar<'a>; ITEMS],
    /// What we have no word for.
    pub(crate) rest: Map,
    /// Whether something else stood where an object should be.
    pub(crate) no_object: bool,
}

impl<'a> Product<'a> {
    pub(crate) fn get(&self, item: Item) -> Scalar<'a> {
        self.items[item as usize]
    }

    pub(crate) fn take(&mut self, item: Item) -> Scalar<'a> {
        std::mem::take(&mut self.items[item as usize])
    }

    /// Puts what was not taken among `map`, under its name.
    pub(crate) fn leave(&mut self, map: &mut Map) {
        for (item, name) in self.items.iter_mut().zip(Item::WORDS) {
            if item.present()
                && let Some(value) = std::mem::take(item).value()
            {
                map.insert((*name).to_owned(), value);
            }
        }
    }
}

impl<'a> Shape<'a> for Product<'a> {
    fn field(&mut self, name: &str, reader: &mut Reader<'a>) -> Option<()> {
        // The first e-commerce spec called a product's id just that.
        let item = match slot(name) {
            Some(Slot::Item(item)) => item,
            None if name == "id" => Item::ProductId,
            Some(Slot::Field(_) | Slot::Products) | None => {
                return keep(&mut self.rest, name, reader);
            }
        };
        self.items[item as usize] = Scalar::read(reader)?;
        Some(())
    }

    fn not_an_object(&mut self, _value: Value) {
        self.no_object = true;
    }
}

/// The list under `products`, if it is one.
#[derive(Clone, Debug, Default)]
pub(crate) enum Products<'a> {
    #[default]
    Absent,
    List(Vec<Product<'a>>),
    /// More than any document has, kept as it came.
    TooMany(Value),
    NoList(Value),
}

impl<'a> Products<'a> {
    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        if reader.peek()? != b'[' {
            let value = reader.value()?;
            return Some(if says_nothing(&value) { Self::Absent } else { Self::NoList(value) });
        }
        let mut whole = reader.clone();
        let (mut products, mut too_many) = (Vec::new(), false);
        reader.list(|reader| {
            if products.len() == LINES_MAX {
                too_many = true;
                return reader.skip();
            }
            products.push(Product::default());
            fill(products.last_mut().expect("one was pushed"), reader)
        })?;
        Some(if too_many { Self::TooMany(whole.value()?) } else { Self::List(products) })
    }
}

/// The properties of an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Properties<'a> {
    fields: [Scalar<'a>; FIELDS],
    /// The product fields among them.
    pub(crate) product: Product<'a>,
    pub(crate) products: Products<'a>,
    /// What we have no word for.
    pub(crate) rest: Map,
}

impl<'a> Properties<'a> {
    pub(crate) fn get(&self, field: Field) -> Scalar<'a> {
        self.fields[field as usize]
    }

    pub(crate) fn take(&mut self, field: Field) -> Scalar<'a> {
        std::mem::take(&mut self.fields[field as usize])
    }

    /// The text of a field that is an id or a name, taken.
    pub(crate) fn take_id(&mut self, field: Field) -> Result<Option<String>, RejectionReason> {
        if matches!(self.get(field), Scalar::Nested(_)) {
            return Ok(None);
        }
        let taken = self.take(field);
        match taken.text() {
            Some(text) if text.len() > ID_BYTES_MAX => {
                Err(RejectionReason::TooLong { place: Place::of(field.word()) })
            }
            text => Ok(text.map(Cow::into_owned)),
        }
    }

    /// What nobody took, as one map within bounds.
    pub(crate) fn finish(&mut self) -> Result<Map, RejectionReason> {
        for (field, name) in self.fields.iter_mut().zip(Field::WORDS) {
            if field.present()
                && let Some(value) = std::mem::take(field).value()
            {
                self.rest.insert((*name).to_owned(), value);
            }
        }
        self.product.leave(&mut self.rest);
        match std::mem::take(&mut self.products) {
            Products::Absent => {}
            Products::NoList(value) | Products::TooMany(value) => {
                self.rest.insert("products".to_owned(), value);
            }
            Products::List(products) => {
                let whole = |mut product: Product<'_>| {
                    let mut map = std::mem::take(&mut product.rest);
                    product.leave(&mut map);
                    Value::Map(map)
                };
                if !products.is_empty() {
                    let list = products.into_iter().map(whole).collect();
                    self.rest.insert("products".to_owned(), Value::List(list));
                }
            }
        }
        let rest = std::mem::take(&mut self.rest);
        check_map(&rest, "properties")?;
        Ok(rest)
    }
}

impl<'a> Shape<'a> for Properties<'a> {
    fn field(&mut self, name: &str, reader: &mut Reader<'a>) -> Option<()> {
        match slot(name) {
            Some(Slot::Field(field)) => self.fields[field as usize] = Scalar::read(reader)?,
            Some(Slot::Item(item)) => self.product.items[item as usize] = Scalar::read(reader)?,
            Some(Slot::Products) => self.products = Products::read(reader)?,
            None => keep(&mut self.rest, name, reader)?,
        }
        Some(())
    }

    fn not_an_object(&mut self, value: Value) {
        self.rest.insert("properties".to_owned(), value);
    }
}

/// Keeps a value under its name, unless it says nothing.
pub(crate) fn keep(map: &mut Map, name: &str, reader: &mut Reader<'_>) -> Option<()> {
    let value = reader.value()?;
    if value != Value::Null && value.as_text() != Some("") {
        map.insert(name.to_owned(), value);
    }
    Some(())
}

/// Whether a map that is kept is within bounds.
pub(crate) fn check_map(map: &Map, place: &'static str) -> Result<(), RejectionReason> {
    if map.len() > PROPERTIES_MAX {
        return Err(RejectionReason::TooManyProperties { place: Place::of(place) });
    }
    let fits = |(name, value): (&String, &Value)| name.len() <= ID_BYTES_MAX && texts_fit(value);
    if map.iter().all(fits) {
        Ok(())
    } else {
        Err(RejectionReason::TooLong { place: Place::of(place) })
    }
}

fn texts_fit(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.len() <= TEXT_BYTES_MAX,
        Value::List(items) => items.iter().all(texts_fit),
        Value::Map(map) => {
            map.iter().all(|(name, value)| name.len() <= ID_BYTES_MAX && texts_fit(value))
        }
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Number(_) => true,
    }
}
