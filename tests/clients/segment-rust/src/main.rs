//! Sends the calls of PLAN with the segment crate, as it is published.
//!
//! The crate sends each call by itself and does not repeat: an application that wants its calls to
//! arrive sends them again after an error, as [`send`] does. Calls to the end of a visit go in a batch.

use std::error::Error;

use segment::message::{Alias, Group, Identify, Message, Page, Screen, Track};
use segment::{Batcher, Client, HttpClient};
use serde::Deserialize;
use serde_json::{Map, Value};

const ATTEMPTS_MAX: usize = 5;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
    endpoint: String,
    write_key: String,
    calls: Vec<Map<String, Value>>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let plan: Plan = serde_json::from_str(&std::env::var("PLAN")?)?;
    let client = HttpClient::new(Default::default(), plan.endpoint.clone());
    let mut batcher = Batcher::new(None);
    for call in plan.calls {
        let is_order = call.get("event").and_then(Value::as_str) == Some("Order Completed");
        match (message(call)?, is_order) {
            (Message::Track(order), true) => {
                batcher.push(order)?;
            }
            (message, _) => send(&client, &plan.write_key, message).await?,
        }
    }
    if !batcher.is_empty() {
        send(&client, &plan.write_key, batcher.into_message()).await?;
    }
    Ok(())
}

async fn send(client: &HttpClient, key: &str, message: Message) -> Result<(), segment::Error> {
    let mut attempt = 1;
    loop {
        match client.send(key.to_owned(), message.clone()).await {
            Err(_) if attempt < ATTEMPTS_MAX => attempt += 1,
            outcome => return outcome,
        }
    }
}

/// The crate's own message for a call of the plan.
fn message(mut call: Map<String, Value>) -> Result<Message, Box<dyn Error>> {
    let kind = call.remove("type").unwrap_or_default();
    call.insert("timestamp".to_owned(), Value::Null);
    let call = Value::Object(call);
    Ok(match kind.as_str().unwrap_or_default() {
        "identify" => Message::Identify(serde_json::from_value::<Identify>(call)?),
        "track" => Message::Track(serde_json::from_value::<Track>(call)?),
        "page" => Message::Page(serde_json::from_value::<Page>(call)?),
        "screen" => Message::Screen(serde_json::from_value::<Screen>(call)?),
        "group" => Message::Group(serde_json::from_value::<Group>(call)?),
        "alias" => Message::Alias(serde_json::from_value::<Alias>(call)?),
        other => return Err(format!("no call \"{other}\"").into()),
    })
}
