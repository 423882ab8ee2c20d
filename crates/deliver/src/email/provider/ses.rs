//! Amazon SES, version 2 of its API: the message travels whole, as we built and signed it.
//!
//! Source: Amazon's "SES API v2 reference", `SendEmail`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::settings::ProviderSettings;
use super::sign_v4::{Credentials, authorization, moment};
use crate::email::{Email, Message};
use crate::http::{Reply, Target};
use crate::said::{Said, id};

pub(super) const PATH: &str = "/v2/email/outbound-emails";

pub(super) fn request(
    message: &Message,
    email: &Email,
    settings: &ProviderSettings,
    target: &Target,
) -> (Value, Vec<(&'static str, String)>) {
    let mut body = json!({
        "FromEmailAddress": message.from.address(),
        "Destination": { "ToAddresses": [message.to.address()] },
        "Content": { "Raw": { "Data": BASE64_STANDARD.encode(email.bytes()) } },
    });
    if let Some(set) = &settings.configuration_set {
        body["ConfigurationSetName"] = set.as_str().into();
    }
    let credentials = Credentials {
        access_key: &settings.key,
        secret: &settings.secret,
        region: &settings.region,
    };
    let at = moment(message.sent_at);
    let host = target.host_field();
    let signed = authorization(&credentials, &host, PATH, body.to_string().as_bytes(), &at);
    (body, vec![("x-amz-date", at), ("authorization", signed)])
}

pub(super) fn said(reply: &Reply) -> Said {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let words = body["message"].as_str().or_else(|| body["Message"].as_str());
    let mut said = Said::words(reply, words);
    said.id = id(body["MessageId"].as_str());
    said
}
