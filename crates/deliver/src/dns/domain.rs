//! Everything that is looked up of a domain that mail comes from.

use super::resolver::{DnsError, Resolver};
use super::rules::{
    Finding, Publish, Topic, Verdict, dkim, dmarc, mail, spf_end, spf_look_ups, spf_records,
};
use crate::email::Provider;

/// So many look-ups a receiver makes for one record (RFC 7208 §4.6.4).
const LOOK_UPS_MAX: usize = 10;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The domain that mail comes from.
    pub domain: &'a str,
    /// Who sends it; `None`: a mail server of the shop's.
    pub provider: Option<Provider>,
    /// The keys that sign it: the name of each record, and its value.
    pub keys: &'a [(String, String)],
}

/// Looks everything up, in the order in which a shop puts it right. What nobody answers is told as
/// such; this takes at most some seconds a finding.
pub async fn check(resolver: &Resolver, asked: &Asked<'_>) -> Vec<Finding> {
    let (mail, spf, keys, dmarc) = tokio::join!(
        of_mail(resolver, asked.domain),
        of_spf(resolver, asked),
        of_keys(resolver, asked),
        of_dmarc(resolver, asked.domain),
    );
    let (mut findings, dmarc) = (vec![mail, spf], [dmarc]);
    findings.extend(keys.into_iter().chain(dmarc));
    findings
}

fn finding(topic: Topic, name: &str, found: Vec<String>, verdict: Verdict) -> Finding {
    Finding { topic, name: name.to_owned(), found, verdict, publish: None }
}

async fn of_mail(resolver: &Resolver, domain: &str) -> Finding {
    let topic = Topic::Mail;
    let Ok(hosts) = resolver.mail_servers(domain).await else {
        return finding(topic, domain, Vec::new(), Verdict::NoAnswer);
    };
    let has_address = match hosts.is_empty() {
        true => resolver.has_address(domain).await,
        false => Ok(false),
    };
    match has_address {
        Ok(has_address) => {
            let verdict = mail(&hosts, has_address);
            finding(topic, domain, hosts, verdict)
        }
        Err(_) => finding(topic, domain, hosts, Verdict::NoAnswer),
    }
}

async fn of_spf(resolver: &Resolver, asked: &Asked<'_>) -> Finding {
    let topic = Topic::Spf;
    let Ok(texts) = resolver.texts(asked.domain).await else {
        return finding(topic, asked.domain, Vec::new(), Verdict::NoAnswer);
    };
    let records = spf_records(&texts);
    let found = records.iter().map(ToString::to_string).collect();
    let verdict = match records.as_slice() {
        [] => Verdict::SpfMissing,
        [record] => match spf_end(record) {
            Some(Verdict::SpfOpen) => Verdict::SpfOpen,
            end => match followed(resolver, record).await {
                Ok(None) => end.unwrap_or(Verdict::SpfFound),
                Ok(Some(wrong)) => wrong,
                Err(_) => Verdict::NoAnswer,
            },
        },
        _ => Verdict::SpfTwice,
    };
    let mut told = finding(topic, asked.domain, found, verdict);
    if verdict == Verdict::SpfMissing {
        let who = match asked.provider {
            Some(Provider::Postmark) => "include:spf.mtasv.net",
            Some(Provider::SendGrid) => "include:sendgrid.net",
            Some(Provider::Ses) => "include:amazonses.com",
            None => "mx",
        };
        let value = format!("v=spf1 {who} ~all");
        told.publish = Some(Publish { name: asked.domain.to_owned(), value });
    }
    told
}

/// What is wrong with what a record leads to, as a receiver would follow it.
async fn followed(resolver: &Resolver, record: &str) -> Result<Option<Verdict>, DnsError> {
    let (mut look_ups, mut open) = spf_look_ups(record);
    while let Some(name) = open.pop() {
        if look_ups > LOOK_UPS_MAX {
            break;
        }
        let texts = match resolver.texts(&name).await {
            Err(DnsError::Name) => return Ok(Some(Verdict::SpfBroken)),
            found => found?,
        };
        let [inner] = spf_records(&texts)[..] else { return Ok(Some(Verdict::SpfBroken)) };
        let (more, others) = spf_look_ups(inner);
        look_ups += more;
        open.extend(others);
    }
    Ok((look_ups > LOOK_UPS_MAX).then_some(Verdict::SpfTooLong))
}

async fn of_keys(resolver: &Resolver, asked: &Asked<'_>) -> Vec<Finding> {
    let topic = Topic::Dkim;
    if asked.provider.is_some_and(|provider| !provider.takes_bytes()) {
        return vec![finding(topic, asked.domain, Vec::new(), Verdict::DkimByProvider)];
    }
    if asked.keys.is_empty() {
        return vec![finding(topic, asked.domain, Vec::new(), Verdict::DkimNone)];
    }
    let mut findings = Vec::with_capacity(asked.keys.len());
    for (name, value) in asked.keys {
        let Ok(texts) = resolver.texts(name).await else {
            findings.push(finding(topic, name, Vec::new(), Verdict::NoAnswer));
            continue;
        };
        let verdict = dkim(&texts, value);
        let mut told = finding(topic, name, texts, verdict);
        if verdict != Verdict::DkimFound {
            told.publish = Some(Publish { name: name.clone(), value: value.clone() });
        }
        findings.push(told);
    }
    findings
}

/// The record of the domain, else that of the domains above it: where a receiver looks that has no
/// list of public suffixes. A suffix itself publishes none.
async fn of_dmarc(resolver: &Resolver, domain: &str) -> Finding {
    let topic = Topic::Dmarc;
    let first = format!("_dmarc.{domain}");
    let mut above = Some(domain);
    while let Some(of) = above.filter(|of| of.contains('.')) {
        let name = format!("_dmarc.{of}");
        let Ok(texts) = resolver.texts(&name).await else {
            return finding(topic, &name, Vec::new(), Verdict::NoAnswer);
        };
        if let Some(verdict) = dmarc(&texts) {
            return finding(topic, &name, texts, verdict);
        }
        above = of.split_once('.').map(|(_, above)| above);
    }
    let mut told = finding(topic, &first, Vec::new(), Verdict::DmarcMissing);
    let value = format!("v=DMARC1; p=none; rua=mailto:dmarc@{domain}");
    told.publish = Some(Publish { name: first, value });
    told
}
