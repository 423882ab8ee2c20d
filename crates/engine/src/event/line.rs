//! Lines of carts, orders and returns, and the codes that name a product.

use minicbor::{Decode, Encode};

use super::{Currency, Money};

/// What a product code is a code of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum CodeKind {
    /// The shop's id of a product, whatever its size or colour.
    #[n(0)]
    Product,
    /// The shop's id of one size or colour.
    #[n(1)]
    Variant,
    /// Stock keeping unit.
    #[n(2)]
    Sku,
    /// Global trade item number: EAN, UPC, ISBN.
    #[n(3)]
    Gtin,
    /// A code that only a till knows.
    #[n(4)]
    Till,
}

impl CodeKind {
    /// The word used in files and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Product => "product_id",
            Self::Variant => "variant",
            Self::Sku => "sku",
            Self::Gtin => "gtin",
            Self::Till => "till_code",
        }
    }
}

/// One code of a product.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Code {
    /// What it is a code of.
    #[n(0)]
    pub kind: CodeKind,
    /// The code, without white space around it.
    #[n(1)]
    pub value: String,
}

/// One line: a product by its codes, how much of it, and at what price.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Line {
    /// The codes the source gave, sorted, each once. May be empty: a line that names nothing.
    #[n(0)]
    pub codes: Vec<Code>,
    /// Thousandths of a piece (1,000 is one piece), so that goods sold by weight have their place.
    #[n(1)]
    pub quantity_milli: i64,
    /// What the line came to in minor units: of the order's currency, or of the line's own where it
    /// is of no order. For lines of carts and views the price times the quantity.
    #[n(2)]
    pub total_minor: Option<i64>,
    /// The product's name as the source wrote it.
    #[n(3)]
    pub name: Option<String>,
    /// The category as the source wrote it.
    #[n(4)]
    pub category: Option<String>,
    /// Address of the product's page.
    #[n(5)]
    pub url: Option<String>,
    /// Address of the product's picture.
    #[n(6)]
    pub image_url: Option<String>,
    /// The currency of a priced line of a cart or a view; an order states one for all its lines.
    #[n(7)]
    pub currency: Option<Currency>,
    /// What else its source says of it, such as brand, size and colour: names and texts, by name.
    /// Filled where conditions may ask for it: in orders and standing aggregates.
    #[n(8)]
    #[cbor(default)]
    pub attributes: Vec<(String, String)>,
}

impl Line {
    /// The code of `kind`, if the source gave one.
    #[must_use]
    pub fn code(&self, kind: CodeKind) -> Option<&str> {
        self.codes.iter().find(|code| code.kind == kind).map(|code| code.value.as_str())
    }

    /// What one piece costs, where the line of a cart or a view says so.
    #[must_use]
    pub fn price(&self) -> Option<Money> {
        let minor = self.total_minor?.saturating_mul(1_000) / self.quantity_milli.max(1);
        Some(Money { minor, currency: self.currency? })
    }

    /// What to call the product: its name, else its first code.
    #[must_use]
    pub fn label(&self) -> &str {
        self.name
            .as_deref()
            .or_else(|| self.codes.first().map(|code| code.value.as_str()))
            .unwrap_or("unnamed product")
    }
}
