//! Whether the DNS of the sender's domain is as receivers want it: looked up when somebody asks.

pub use regulars_deliver::dns::Standing;
use regulars_deliver::dns::{Asked, Finding, Resolver, ServerError, check, in_dns};
use regulars_deliver::email::{Provider, SettingsError};
use regulars_deliver::{Channel, Way};
use serde_json::{Value, json};

use crate::signing::{KeyState, Shown};

/// Whom to ask, and who sends.
#[derive(Clone, Debug)]
pub struct Checking {
    /// The name servers.
    pub resolver: Resolver,
    /// The provider that sends, if one does.
    pub provider: Option<Provider>,
}

/// Why nothing can be looked up.
#[derive(Debug, thiserror::Error)]
pub enum CheckingError {
    /// The setting of the name server is wrong.
    #[error("the setting of the name server is not understood")]
    Server(#[from] ServerError),
    /// The setting of the provider is wrong.
    #[error("the setting that says how mail leaves is not understood")]
    Mail(#[from] SettingsError),
}

impl Checking {
    /// As a server would look with these settings: of the name server, and of the provider.
    ///
    /// # Errors
    /// If one of them is wrong.
    pub fn from_settings(dns: Option<&str>, mail: Option<&str>) -> Result<Self, CheckingError> {
        let way = Channel::from_setting(mail)?.way();
        Ok(Self::new(Resolver::from_setting(dns)?, way))
    }

    /// With these name servers, of a program whose messages go this way.
    #[must_use]
    pub fn new(resolver: Resolver, way: Way) -> Self {
        let provider = if let Way::Provider(provider) = way { Some(provider) } else { None };
        Self { resolver, provider }
    }

    /// What is found of the domain that mail comes from; `None`: there is none.
    pub async fn look(&self, domain: &str, keys: &[Shown]) -> Option<Looked> {
        let domain = Some(in_dns(domain)).filter(|domain| !domain.is_empty())?;
        // Whoever signs or is about to; the record of a retired key may go.
        let own = |key: &&Shown| key.is_for(&domain) && key.state != KeyState::Retired;
        let keys: Vec<(String, String)> = keys
            .iter()
            .filter(own)
            .map(|key| (key.record.name.clone(), key.record.value.clone()))
            .collect();
        let asked = Asked { domain: &domain, provider: self.provider, keys: &keys };
        let findings = check(&self.resolver, &asked).await;
        Some(Looked { domain, findings })
    }
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Of which domain.
    pub domain: String,
    /// In the order in which a shop puts it right.
    pub findings: Vec<Finding>,
}

impl Looked {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let told = |finding: &Finding| {
            json!({
                "about": finding.topic.word(),
                "name": finding.name,
                "found": finding.found,
                "standing": finding.verdict.standing().word(),
                "verdict": finding.verdict.word(),
                "text": finding.verdict.text(),
                "publish": finding.publish.as_ref().map(|publish| json!({
                    "name": publish.name, "type": "TXT", "value": publish.value,
                })),
            })
        };
        let findings: Vec<Value> = self.findings.iter().map(told).collect();
        json!({ "domain": self.domain, "findings": findings })
    }
}
