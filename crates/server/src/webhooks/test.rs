//! One call without a person, to see that it arrives and that its signature is believed.

use std::time::{Duration, Instant};

use regulars_deliver::webhook::{Answer, Post, Webhooks};
use regulars_engine::time::{SECOND, Timestamp};
use serde_json::json;

use super::Destination;
use crate::clock;
use crate::secret::random_hex;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestAnswer {
    /// Whether it was taken.
    pub taken: bool,
    /// What was answered, or why nothing was.
    pub said: String,
    /// How long it took.
    pub took: Duration,
}

/// Posts a call of the type `test` once. It is no call of a journey: nothing is kept of it.
pub async fn test(webhooks: &Webhooks, destination: &Destination, now: Timestamp) -> TestAnswer {
    let body = json!({ "type": "test", "timestamp": now.to_string(), "data": {} });
    let post = Post {
        id: &format!("test_{}", random_hex(8)),
        seconds: clock::by_the_machine().0.div_euclid(SECOND),
        body: body.to_string().into_bytes(),
        secrets: &destination.secrets(now),
    };
    let begun = Instant::now();
    let answer = webhooks.post(&destination.url, post).await;
    let took = begun.elapsed();
    match answer {
        Answer::Taken(said) => TestAnswer { taken: true, said, took },
        Answer::NotTaken(said, _) | Answer::Gone(said) => TestAnswer { taken: false, said, took },
    }
}
