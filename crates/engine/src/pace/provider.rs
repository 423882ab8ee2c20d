//! Mailbox providers: one provider receives mail under many domains, and counts all of it.

/// Domains of one provider, the one it is known by first: those under which the large providers give out
/// addresses. A domain that a company brings to one of them is not told by its name, and stands for itself.
const KNOWN: [(&str, &[&str]); 8] = [
    ("gmail.com", &["googlemail.com"]),
    ("outlook.com", &["hotmail.com", "live.com", "msn.com", "windowslive.com"]),
    ("yahoo.com", &["ymail.com", "rocketmail.com", "aol.com", "aim.com"]),
    ("icloud.com", &["me.com", "mac.com"]),
    ("gmx.net", &["gmx.de", "gmx.at", "gmx.ch", "gmx.com", "web.de"]),
    ("mail.ru", &["bk.ru", "inbox.ru", "internet.ru", "list.ru"]),
    ("yandex.ru", &["ya.ru", "yandex.com", "yandex.by", "yandex.kz"]),
    ("proton.me", &["protonmail.com", "protonmail.ch", "pm.me"]),
];

/// Names that a provider bears in the domains of many countries: `hotmail.es`, `yahoo.co.uk`.
const ABROAD: [(&str, &str); 5] = [
    ("hotmail", "outlook.com"),
    ("live", "outlook.com"),
    ("outlook", "outlook.com"),
    ("yahoo", "yahoo.com"),
    ("aol", "yahoo.com"),
];

/// The provider that receives mail for a domain, as the domain it is known by; of a domain that no
/// provider in the table has, itself.
#[must_use]
pub fn provider_of(domain: &str) -> &str {
    let known = KNOWN.iter().find(|(name, also)| *name == domain || also.contains(&domain));
    if let Some((name, _)) = known {
        return name;
    }
    let abroad = domain.split_once('.').filter(|(_, country)| is_country(country));
    abroad
        .and_then(|(name, _)| ABROAD.iter().find(|(of, _)| *of == name))
        .map_or(domain, |(_, provider)| provider)
}

/// Whether several domains are known to be of this provider.
pub(super) fn is_known(provider: &str) -> bool {
    KNOWN.iter().any(|(name, _)| *name == provider)
}

/// `es`, `co.uk`, `com.br`: what stands behind a name that is registered country by country.
fn is_country(suffix: &str) -> bool {
    let country = suffix.strip_prefix("co.").or_else(|| suffix.strip_prefix("com."));
    let country = country.unwrap_or(suffix);
    country.len() == 2 && country.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_provider_has_many_domains_and_nobody_elses() {
        assert_eq!(provider_of("googlemail.com"), "gmail.com");
        assert_eq!(provider_of("hotmail.es"), "outlook.com");
        assert_eq!(provider_of("yahoo.co.uk"), "yahoo.com");
        assert_eq!(provider_of("yahoo.com.br"), "yahoo.com");
        assert_eq!(provider_of("live.example.com"), "live.example.com");
        assert_eq!(provider_of("yahoo.example"), "yahoo.example");
        assert_eq!(provider_of("tienda.example"), "tienda.example");
        for (name, also) in KNOWN {
            assert!(is_known(name) && also.iter().all(|domain| provider_of(domain) == name));
        }
    }
}
