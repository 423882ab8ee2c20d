//! The catalogue: which codes name the same product, and which products replace each other.
//!
//! What a shop declares comes first. Beside it stands what events teach: a line from an online
//! channel that carries a product id says what its other codes belong to. A till's codes teach
//! nothing: a till that counts by codes of its own must be mapped, and until then a line of its
//! receipts may be anything ([`Truth::Unknown`]).

use std::collections::{BTreeMap, HashMap};

use crate::event::{Channel, Code, CodeKind, Event, Line, Money};
use crate::time::Timestamp;
use crate::truth::Truth;

/// One size or colour of a product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variant {
    /// Its codes.
    pub codes: Vec<Code>,
    /// What it is called, beside the product's name.
    pub name: Option<String>,
}

/// A declared product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The shop's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its category, general to special, joined by " / ".
    pub category: Option<String>,
    /// Its price.
    pub price: Option<Money>,
    /// Whether it can be bought now; `None`: not stated.
    pub in_stock: Option<bool>,
    /// Address of its page.
    pub url: Option<String>,
    /// Address of its picture.
    pub image_url: Option<String>,
    /// Codes of the product as a whole, beside its id.
    pub codes: Vec<Code>,
    /// Its sizes and colours.
    pub variants: Vec<Variant>,
    /// Ids of products that serve the same need: having bought one answers for the other.
    pub equivalents: Vec<String>,
}

/// What a line's codes lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<'a> {
    /// This product, by id.
    Product(&'a str),
    /// Nothing that we know: perhaps any product.
    Unmapped,
}

/// All products.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    products: BTreeMap<String, Product>,
    /// Declared codes, all but the product's own id.
    declared: HashMap<Code, String>,
    /// Learned codes: to which product id, and by which statement. The earliest (time, id) wins.
    learned: HashMap<Code, (Timestamp, String)>,
    /// Equivalent products, each by the smallest id of its circle.
    circles: BTreeMap<String, String>,
}

impl Catalogue {
    /// A catalogue of declared products. A code that two products claim stays with the first id.
    #[must_use]
    pub fn new(products: Vec<Product>) -> Self {
        let mut catalogue = Self::default();
        for product in products {
            catalogue.products.insert(product.id.clone(), product);
        }
        for product in catalogue.products.values() {
            let codes = product.codes.iter().chain(product.variants.iter().flat_map(|v| &v.codes));
            for code in codes {
                catalogue.declared.entry(code.clone()).or_insert_with(|| product.id.clone());
            }
        }
        catalogue.circles = circles(&catalogue.products);
        catalogue
    }

    /// The declared products in the order of their ids.
    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.products.values()
    }

    /// The declared product of this id.
    #[must_use]
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.get(id)
    }

    /// What an event teaches: pairs of a code and the product id it belongs to, with the time of
    /// the statement. Only online channels teach.
    pub fn lessons(event: &Event) -> impl Iterator<Item = (&Code, &str, Timestamp)> {
        let teaches = matches!(event.place.channel, Channel::Web | Channel::App);
        let lines = if teaches { event.lines.as_slice() } else { &[] };
        lines.iter().filter_map(|line| Some((line, line.code(CodeKind::Product)?))).flat_map(
            move |(line, id)| {
                let codes = line.codes.iter().filter(|code| code.kind != CodeKind::Variant);
                codes.map(move |code| (code, id, event.occurred.at))
            },
        )
    }

    /// Learns that `code` belongs to product `id`, as stated at `at`; the earliest statement wins,
    /// so the order in which lessons arrive does not matter. Returns whether that was news to keep.
    pub fn learn(&mut self, code: &Code, id: &str, at: Timestamp) -> bool {
        match self.learned.get_mut(code) {
            None => {
                self.learned.insert(code.clone(), (at, id.to_owned()));
                true
            }
            Some(held) if (at, id) < (held.0, held.1.as_str()) => {
                *held = (at, id.to_owned());
                true
            }
            Some(_) => false,
        }
    }

    /// The product a code leads to.
    #[must_use]
    pub fn of_code<'a>(&'a self, code: &Code) -> Known<'a> {
        if code.kind == CodeKind::Product
            && let Some((id, _)) = self.products.get_key_value(&code.value)
        {
            return Known::Product(id);
        }
        match self.declared.get(code) {
            Some(id) => Known::Product(id),
            None => self.learned.get(code).map_or(Known::Unmapped, |(_, id)| Known::Product(id)),
        }
    }

    /// The product a line is of: by its strongest code that leads anywhere.
    #[must_use]
    pub fn of_line<'a>(&'a self, line: &Line) -> Known<'a> {
        for code in &line.codes {
            if let Known::Product(id) = self.of_code(code) {
                return Known::Product(id);
            }
        }
        Known::Unmapped
    }

    /// Whether two lines are of the same product, any variant or equivalent.
    ///
    /// Lines that share a product id, SKU, GTIN or till code surely are; a variant ("M", "red")
    /// alone names no product. Lines that lead to
    /// different products surely are not. If one leads nowhere, it may be anything.
    #[must_use]
    pub fn same(&self, left: &Line, right: &Line) -> Truth {
        let telling = |code: &&Code| code.kind != CodeKind::Variant;
        if left.codes.iter().filter(telling).any(|code| right.codes.contains(code)) {
            return Truth::True;
        }
        match (self.of_line(left), self.of_line(right)) {
            (Known::Product(left), Known::Product(right)) => {
                (self.circle(left) == self.circle(right)).into()
            }
            (Known::Unmapped, _) | (_, Known::Unmapped) => Truth::Unknown,
        }
    }

    /// The circle of equivalents that `id` is in; itself where it has none.
    #[must_use]
    pub fn circle<'a>(&'a self, id: &'a str) -> &'a str {
        self.circles.get(id).map_or(id, String::as_str)
    }

    /// Whether a line belongs to `category` or to one below it.
    #[must_use]
    pub fn in_category(&self, line: &Line, category: &str) -> Truth {
        let declared = match self.of_line(line) {
            Known::Product(id) => self.products.get(id).and_then(|p| p.category.as_deref()),
            Known::Unmapped => None,
        };
        match declared.or(line.category.as_deref()) {
            Some(held) => within(held, category).into(),
            None => Truth::Unknown,
        }
    }
}

fn within(held: &str, category: &str) -> bool {
    let mut held = held.split('/').map(str::trim);
    category
        .split('/')
        .map(str::trim)
        .all(|part| held.next().is_some_and(|name| name.eq_ignore_ascii_case(part)))
}

/// Joins equivalents into circles, each named by its smallest id.
fn circles(products: &BTreeMap<String, Product>) -> BTreeMap<String, String> {
    let mut name_of: BTreeMap<String, String> = BTreeMap::new();
    for product in products.values() {
        for other in &product.equivalents {
            let left = name_of.get(&product.id).cloned().unwrap_or_else(|| product.id.clone());
            let right = name_of.get(other).cloned().unwrap_or_else(|| other.clone());
            let (name, old) = if left <= right { (left, right) } else { (right, left) };
            for held in name_of.values_mut().filter(|held| **held == old) {
                held.clone_from(&name);
            }
            name_of.insert(product.id.clone(), name.clone());
            name_of.insert(other.clone(), name);
        }
    }
    name_of
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(codes: &[(CodeKind, &str)]) -> Line {
        let codes =
            codes.iter().map(|(kind, v)| Code { kind: *kind, value: (*v).into() }).collect();
        Line { codes, quantity_milli: 1000, ..Line::default() }
    }

    fn shirt() -> Product {
        Product {
            id: "tee".into(),
            name: "T-shirt".into(),
            category: Some("Clothing / Tops".into()),
            price: None,
            in_stock: None,
            url: None,
            image_url: None,
            codes: vec![Code { kind: CodeKind::Till, value: "4711".into() }],
            variants: vec![Variant {
                codes: vec![Code { kind: CodeKind::Sku, value: "TEE-RED-M".into() }],
                name: Some("red, M".into()),
            }],
            equivalents: vec!["tee-organic".into()],
        }
    }

    #[test]
    fn a_till_code_leads_to_the_product_and_an_unmapped_one_to_nothing() {
        let catalogue = Catalogue::new(vec![shirt()]);
        let cart = line(&[(CodeKind::Product, "tee")]);
        assert_eq!(catalogue.same(&cart, &line(&[(CodeKind::Till, "4711")])), Truth::True);
        assert_eq!(catalogue.same(&cart, &line(&[(CodeKind::Till, "9999")])), Truth::Unknown);
        assert_eq!(catalogue.same(&cart, &line(&[(CodeKind::Sku, "TEE-RED-M")])), Truth::True);
    }

    #[test]
    fn a_size_alone_names_no_product() {
        let mut catalogue = Catalogue::new(vec![shirt()]);
        catalogue.learn(
            &Code { kind: CodeKind::Product, value: "cap".into() },
            "cap",
            Timestamp(1),
        );
        let shirt = line(&[(CodeKind::Product, "tee"), (CodeKind::Variant, "M")]);
        let cap = line(&[(CodeKind::Product, "cap"), (CodeKind::Variant, "M")]);
        assert_eq!(catalogue.same(&shirt, &cap), Truth::False);
    }

    #[test]
    fn learned_codes_do_not_depend_on_the_order_of_lessons() {
        let sku = Code { kind: CodeKind::Sku, value: "S".into() };
        let lessons = [("tee", 1), ("cap", 5), ("hat", 3)];
        for turn in 0..3 {
            let mut catalogue = Catalogue::default();
            for n in 0..3 {
                let (id, at) = lessons[(n + turn) % 3];
                catalogue.learn(&sku, id, Timestamp(at));
            }
            assert_eq!(catalogue.of_code(&sku), Known::Product("tee"));
        }
    }

    #[test]
    fn equivalents_answer_for_each_other_and_categories_nest() {
        let organic = Product { id: "tee-organic".into(), equivalents: vec![], ..shirt() };
        let catalogue = Catalogue::new(vec![shirt(), organic]);
        let (plain, organic) =
            (line(&[(CodeKind::Product, "tee")]), line(&[(CodeKind::Product, "tee-organic")]));
        assert_eq!(catalogue.same(&plain, &organic), Truth::True);
        assert_eq!(catalogue.in_category(&plain, "clothing"), Truth::True);
        assert_eq!(catalogue.in_category(&plain, "Tops"), Truth::False);
    }
}
