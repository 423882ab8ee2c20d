//! The town's products: shop ids, variants, SKUs, GTINs and till codes.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::act::Basket;
use crate::rng::{Purpose, Rng};

/// The currency of all prices.
pub const CURRENCY: &str = "EUR";

/// One product with its variants.
#[derive(Clone, Debug)]
pub struct Product {
    /// The web shop's id, for example `tee`.
    pub id: String,
    /// As a shopper reads it.
    pub name: String,
    /// The category.
    pub category: &'static str,
    /// Full price in cents.
    pub price_minor: u32,
    /// Sizes or colours; at least one.
    pub variants: Vec<Variant>,
}

/// One size or colour of a product.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The web shop's id of the variant.
    pub id: String,
    /// The stock keeping unit, the same in shop and stock.
    pub sku: String,
    /// The 13 digits of the bar code.
    pub gtin: String,
    /// The number under which some tills know it.
    pub till_code: String,
    /// Whether the catalogue says so; a few till codes are in no list.
    pub till_code_mapped: bool,
    /// For example `M`.
    pub name: &'static str,
}

/// All products of a town.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Product 0 is Maria's T-shirt.
    pub products: Vec<Product>,
    by_category: Vec<Vec<u16>>,
}

const KINDS: [(&str, &str, u32, u32, &[&str]); 14] = [
    ("T-shirt", "Tops", 1495, 2995, SIZES),
    ("Shirt", "Tops", 2995, 5995, SIZES),
    ("Jumper", "Tops", 3495, 7995, SIZES),
    ("Jeans", "Trousers", 3995, 8995, SIZES),
    ("Chinos", "Trousers", 3495, 6995, SIZES),
    ("Coat", "Outerwear", 8995, 19_995, SIZES),
    ("Rain Jacket", "Outerwear", 5995, 12_995, SIZES),
    ("Dress", "Dresses", 3995, 9995, SIZES),
    ("Skirt", "Dresses", 2495, 5995, SIZES),
    ("Trainers", "Shoes", 4995, 11_995, SHOES),
    ("Boots", "Shoes", 6995, 15_995, SHOES),
    ("Bag", "Accessories", 2495, 8995, &["One size"]),
    ("Scarf", "Accessories", 1495, 3995, &["Blue", "Red", "Sand"]),
    ("Candle", "Home", 995, 2495, &["Fig", "Cedar"]),
];
const SIZES: &[&str] = &["S", "M", "L", "XL"];
const SHOES: &[&str] = &["38", "40", "42", "44"];
const STYLES: [&str; 12] = [
    "Classic", "Linen", "Organic", "Striped", "Relaxed", "Slim", "Washed", "Heavy", "Soft",
    "Weekend", "Studio", "Coastal",
];
pub(crate) const CATEGORIES: [&str; 7] =
    ["Tops", "Trousers", "Outerwear", "Dresses", "Shoes", "Accessories", "Home"];

impl Catalogue {
    /// `count` products, at least one; the first is the T-shirt `tee` at 19.95.
    pub(crate) fn new(seed: u64, count: u32) -> Self {
        let mut products = vec![product("tee", "T-shirt", "Tops", 1995, SIZES, 0)];
        for number in 1..count.max(1) {
            let mut rng = Rng::keyed(seed, Purpose::Catalogue, u64::from(number), 0);
            let (kind, category, low, high, variants) = KINDS[number as usize % KINDS.len()];
            let round = number as usize / KINDS.len();
            let mut name = format!("{} {kind}", STYLES[round % STYLES.len()]);
            if round >= STYLES.len() {
                let _ = write!(name, " {}", round / STYLES.len() + 1);
            }
            let id = name.to_lowercase().replace(' ', "-");
            let price = rng.between(low / 500, high / 500) * 500 - 5;
            products.push(product(&id, &name, category, price, variants, number));
        }
        for product in &mut products[1..] {
            for variant in &mut product.variants {
                let code = variant.gtin.parse().unwrap_or_default();
                variant.till_code_mapped =
                    !Rng::keyed(seed, Purpose::Catalogue, code, 1).chance(30);
            }
        }
        let by_category =
            CATEGORIES.iter().map(|category| in_category(&products, category)).collect();
        Self { products, by_category }
    }

    /// The catalogue as a definition file of products.
    ///
    /// A till code that is not mapped is left out.
    pub fn yaml(&self) -> String {
        let mut yaml = String::from("products:\n");
        for Product { id, name, category, price_minor, variants } in &self.products {
            let (whole, cents) = (price_minor / 100, price_minor % 100);
            let _ = write!(yaml, "  - id: {id}\n    name: {name}\n    category: {category}\n");
            let _ = write!(yaml, "    price: {whole}.{cents:02} {CURRENCY}\n    variants:\n");
            for Variant { id, sku, gtin, till_code, till_code_mapped, name } in variants {
                let _ = write!(
                    yaml,
                    "      - {{ id: {id}, name: \"{name}\", sku: {sku}, gtin: \"{gtin}\""
                );
                if *till_code_mapped {
                    let _ = write!(yaml, ", till codes: [{till_code}]");
                }
                yaml.push_str(" }\n");
            }
        }
        yaml
    }

    /// A product that somebody with these favourite categories looks at; some sell better.
    pub(crate) fn browse(&self, rng: &mut Rng, favourites: [usize; 2]) -> u16 {
        let category = match rng.below(10) {
            0..=3 => favourites[0],
            4..=6 => favourites[1],
            _ => rng.index(CATEGORIES.len()),
        };
        let shelf = &self.by_category[category];
        match shelf.len() {
            0 => 0,
            length => shelf[rng.index(length).min(rng.index(length))],
        }
    }

    /// Every mapped code of shop and till, to the product's id.
    pub fn codes(&self) -> BTreeMap<String, String> {
        let mut codes = BTreeMap::new();
        for product in &self.products {
            let mut map = |code: &String| codes.insert(code.clone(), product.id.clone());
            map(&product.id);
            for variant in &product.variants {
                for code in [&variant.id, &variant.sku, &variant.gtin] {
                    map(code);
                }
                if variant.till_code_mapped {
                    map(&variant.till_code);
                }
            }
        }
        codes
    }

    /// What `basket` costs at full price, in cents.
    pub(crate) fn worth(&self, basket: &Basket) -> u32 {
        basket
            .items()
            .iter()
            .map(|item| self.product(item.product).price_minor * u32::from(item.quantity))
            .sum()
    }

    pub(crate) fn product(&self, number: u16) -> &Product {
        &self.products[usize::from(number)]
    }
}

fn product(
    id: &str,
    name: &str,
    category: &'static str,
    price_minor: u32,
    variants: &[&'static str],
    number: u32,
) -> Product {
    let variants = (0..).zip(variants).map(|(place, variant)| {
        let slug = variant.to_lowercase().replace(' ', "-");
        let code = number * 10 + place;
        Variant {
            id: format!("{id}-{slug}"),
            sku: format!("{id}-{slug}").to_uppercase(),
            gtin: gtin(code),
            till_code: format!("T-{}", 1000 + code),
            till_code_mapped: true,
            name: variant,
        }
    });
    let (id, name) = (id.to_owned(), name.to_owned());
    Product { id, name, category, price_minor, variants: variants.collect() }
}

/// A GTIN-13 of the range kept for use inside a shop, with its check digit.
fn gtin(code: u32) -> String {
    let body = format!("2{:011}", u64::from(code) * 7 + 40_000);
    let sum: u32 = body
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn in_category(products: &[Product], category: &str) -> Vec<u16> {
    (0..)
        .zip(products)
        .filter(|(_, product)| product.category == category)
        .map(|(number, _)| number)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_the_tee_comes_first() {
        let catalogue = Catalogue::new(1, 400);
        let mut codes = BTreeSet::new();
        for product in &catalogue.products {
            assert!(codes.insert(product.id.clone()), "{}", product.id);
            for variant in &product.variants {
                for code in [&variant.id, &variant.sku, &variant.gtin, &variant.till_code] {
                    assert!(codes.insert(code.clone()), "{code}");
                }
            }
        }
        let unmapped = catalogue
            .products
            .iter()
            .flat_map(|product| &product.variants)
            .filter(|variant| !variant.till_code_mapped);
        assert!((10..100).contains(&unmapped.count()));
        let tee = "\
products:
  - id: tee
    name: T-shirt
    category: Tops
    price: 19.95 EUR
    variants:
      - { id: tee-s, name: \"S\", sku: TEE-S, gtin: \"2000000400006\", till codes: [T-1000] }
";
        assert!(catalogue.yaml().starts_with(tee), "{}", catalogue.yaml());
    }
}
