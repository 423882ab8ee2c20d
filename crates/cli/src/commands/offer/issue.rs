//! `offer issue`: a code for one person.

use std::fmt::Write;

use clap::Args;
use regulars_engine::event::{CodeKind, Line};
use regulars_server::clock;
use regulars_server::offers::{Answer, Giving, give, named_product};
use serde_json::{Value, json};

use super::{Server, gift};
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::whom::{Whom, gone};
use crate::words::{BY, Print};

#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// The offer.
    #[arg(value_name = "OFFER")]
    offer: String,
    #[command(flatten)]
    whom: Whom,
    /// An id of the gift, such as the ticket's: the same id is the same gift, and shows its code again
    /// for ten minutes.
    #[arg(long, value_name = "ID", required_unless_present = "dry_run")]
    id: Option<String>,
    /// A product that it is for, by its id or a code; may be repeated. Without one, it is for what is
    /// open in the cart.
    #[arg(long = "product", value_name = "PRODUCT")]
    products: Vec<String>,
    /// Only tell whether it may be given, and why not.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

impl Issue {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let product = |typed: &String| {
            let wrong = || Wrong::called("a product is empty or too long", "give its id or a code");
            named_product(typed).ok_or_else(wrong)
        };
        let lines = self.products.iter().map(product).collect::<Result<Vec<Line>, Wrong>>()?;
        let id = match self.id.as_deref() {
            None if self.dry_run => String::new(),
            typed => gift(typed.unwrap_or_default())?,
        };
        let told = match self.to.remote()? {
            Some(remote) => {
                let line = |line: &Line| {
                    let code = |kind| line.code(kind);
                    json!({
                        "product_id": code(CodeKind::Product),
                        "sku": code(CodeKind::Sku),
                        "gtin": code(CodeKind::Gtin),
                        "till_code": code(CodeKind::Till),
                    })
                };
                let mut body = json!({
                    "offer": self.offer,
                    "identifier": self.whom.stated()?,
                    "id": id,
                    "dry_run": self.dry_run,
                });
                if !lines.is_empty() {
                    body["lines"] = lines.iter().map(line).collect();
                }
                remote.ask("POST", "/api/v1/offers/issue", &body)?
            }
            None => {
                let mut writer = store::existing_writer(&self.dir.path)?;
                writer.hold_sending();
                if !writer.program().offers.contains_key(&self.offer) {
                    let message = format!("there is no offer \"{}\"", self.offer);
                    return Err(Wrong::failed(message, "\"regulars offer list\" names them").into());
                }
                let giving = Giving {
                    id,
                    offer: self.offer,
                    person: self.whom.person(writer.reader())?.id(),
                    lines: (!lines.is_empty()).then_some(lines),
                    by: BY.to_owned(),
                    dry_run: self.dry_run,
                };
                let answer = give(&mut writer, &giving, clock::now())?;
                if answer == Answer::Nobody {
                    return Err(gone().into());
                }
                answer.to_json(&giving, writer.program())
            }
        };
        let well =
            ["given", "given_before", "may_be_given"].iter().any(|word| told["outcome"] == *word);
        print.result(&told, || said(&told))?;
        Ok(if well { Ending::Well } else { Ending::Amiss })
    }
}

/// The answer in words.
fn said(told: &Value) -> String {
    let text = |key: &str| told[key].as_str().unwrap_or_default();
    let mut said = match (text("outcome"), told["code"].as_str()) {
        ("may_be_given", _) => format!("{} may be given", text("offer")),
        ("given" | "given_before", Some(code)) => {
            format!(
                "{}: {code}\nit may be used until {}; it is not shown again",
                text("gives"),
                text("until")
            )
        }
        ("taken_back", _) => "it was given before and taken back; nothing was given".to_owned(),
        ("given_before", None) => "it was given before, and its code is not shown again".to_owned(),
        ("other_gift", _) => {
            "this id was used for another person or offer; nothing was given".to_owned()
        }
        ("refused", _) => format!("{} may not be given", text("offer")),
        (_, _) => format!("whether {} may be given is not known for certain", text("offer")),
    };
    for reason in told["reasons"].as_array().into_iter().flatten() {
        let _ = write!(said, "\n  {}", reason["text"].as_str().unwrap_or_default());
    }
    said
}
