//! Reading declared products.

use super::fields::{Fields, Read, list};
use super::form::Form;
use super::mistake::{Place, quoted};
use super::units::{line, money, url, yes_no};
use super::yaml::{Node, Sheet, Value, not_a};
use crate::event::{Code, CodeKind};
use crate::product::{Product, Variant};

/// One product as it is read: its id, where it stands, what it states, its form.
pub(super) type ReadProduct = (String, Place, Option<Product>, Form);

/// Reads the document of a list of products.
pub(super) fn read(sheet: &Sheet<'_>, node: &Node) -> Vec<ReadProduct> {
    let example = "products: and below it a list";
    let Some(mut fields) = Fields::of(sheet, node, "the products", example) else {
        return Vec::new();
    };
    let mut products = Vec::new();
    if let Some(list) = fields.node("products") {
        match &list.value {
            Value::List(items) => {
                products.extend(items.iter().filter_map(|item| product(sheet, item)));
            }
            Value::Text(_) | Value::Map(_) => {
                not_a(sheet, list, "a list of products", "- id: tee");
            }
        }
    }
    fields.done();
    products
}

fn product(sheet: &Sheet<'_>, node: &Node) -> Option<ReadProduct> {
    let mut fields = Fields::of(sheet, node, "the product", "{ id: tee, name: T-shirt }")?;
    let id = fields.required("id", "tee", line);
    let place = sheet.place(fields.place_of("id"));
    let name = fields.required("name", "T-shirt", line);
    let category = fields.optional("category", category);
    let price = fields.optional("price", money);
    let in_stock = fields.optional("in stock", yes_no);
    let url_of_page = fields.optional("url", url);
    let image_url = fields.optional("image", url);
    let codes = codes(&mut fields);
    let variants = fields.or("variants", Vec::new(), list(variant));
    let equivalents = fields.or("instead of", Vec::new(), list(line));
    let form = fields.done();
    let id = id?;
    let product = name.map(|name| Product {
        id: id.clone(),
        name,
        category,
        price,
        in_stock,
        url: url_of_page,
        image_url,
        codes,
        variants,
        equivalents,
    });
    Some((id, place, product, form))
}

/// `Clothing / Tops`
fn category(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, _) = line(sheet, node)?;
    let parts: Vec<&str> = text.split('/').map(str::trim).collect();
    if parts.iter().any(|part| part.is_empty()) {
        let message = format!("the category {} has an empty level", quoted(&text));
        sheet.wrong(node.at.start, message, "write it general to special: Clothing / Tops");
        return None;
    }
    let text = parts.join(" / ");
    Some((text.clone(), Form::Text(text)))
}

fn variant(sheet: &Sheet<'_>, node: &Node) -> Read<Variant> {
    let mut fields = Fields::of(sheet, node, "the variant", "{ sku: TEE-RED-M }")?;
    let id = fields.optional("id", line);
    let name = fields.optional("name", line);
    let mut all = codes(&mut fields);
    if let Some(id) = id {
        all.insert(0, Code { kind: CodeKind::Variant, value: id });
    }
    let form = fields.done();
    if all.is_empty() {
        sheet.wrong(
            node.at.start,
            "the variant has no code",
            "give it an id, a sku, a gtin or till codes",
        );
        return None;
    }
    Some((Variant { codes: all, name }, form))
}

/// The codes that products and variants alike may state, sorted as lines sort theirs.
fn codes(fields: &mut Fields<'_>) -> Vec<Code> {
    let mut codes = Vec::new();
    let kinds = [("sku", CodeKind::Sku), ("gtin", CodeKind::Gtin), ("till codes", CodeKind::Till)];
    for (key, kind) in kinds {
        let values = match kind {
            CodeKind::Gtin => fields.or(key, Vec::new(), list(gtin)),
            CodeKind::Sku | CodeKind::Till | CodeKind::Product | CodeKind::Variant => {
                fields.or(key, Vec::new(), list(line))
            }
        };
        codes.extend(values.into_iter().map(|value| Code { kind, value }));
    }
    codes
}

/// A global trade item number. A wrong check digit is likely a slip, but shops use such numbers
/// within their own walls, so it is only pointed out.
fn gtin(sheet: &Sheet<'_>, node: &Node) -> Read<String> {
    let (text, form) = line(sheet, node)?;
    if !text.bytes().all(|b| b.is_ascii_digit()) || !(8..=14).contains(&text.len()) {
        let message = format!("{} is no GTIN", quoted(&text));
        sheet.wrong(
            node.at.start,
            message,
            "write its 8 to 14 digits; other codes are a sku or till codes",
        );
        return None;
    }
    let weighted = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 1 { 3 } else { 1 });
    if weighted.sum::<u32>() % 10 != 0 {
        let message = format!("the check digit of the GTIN {} is not right", quoted(&text));
        sheet.findings.notice(sheet.place(node.at.start), message);
    }
    Some((text, form))
}
