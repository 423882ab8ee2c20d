//! A domain as the DNS and mail servers know it.

use url::Host;

/// The form of a domain that is asked for and written in mail: small letters, and labels beyond ASCII as
/// RFC 5891 writes them (`tiendañ.example` is `xn--tienda-8wa.example`), so that every server takes it.
/// What is no domain stays as it is, in small letters: whoever needs one finds out.
#[must_use]
pub fn in_dns(domain: &str) -> String {
    let domain = domain.trim().trim_end_matches('.').to_lowercase();
    if domain.is_ascii() {
        return domain;
    }
    match Host::parse(&domain) {
        Ok(Host::Domain(name)) => name,
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) | Err(_) => domain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_written_as_every_server_takes_it() {
        for (written, known) in [
            ("Shop.example.", "shop.example"),
            ("España.example", "xn--espaa-rta.example"),
            ("магазин.рф", "xn--80aairftm.xn--p1ai"),
            ("a。b.example", "a.b.example"),
            ("xn--espaa-rta.example", "xn--espaa-rta.example"),
            ("１２７.０.０.１", "１２７.０.０.１"),
            ("no domain ñ", "no domain ñ"),
        ] {
            assert_eq!(in_dns(written), known, "{written}");
        }
    }
}
