//! Telling machines from people: mail programs that hide their reader, and scanners.

/// Parts of the names by which programs call themselves that open or follow whatever arrives.
const PARTS: [&str; 17] = [
    "bot",
    "crawler",
    "spider",
    "scanner",
    "barracuda",
    "proofpoint",
    "mimecast",
    "fireeye",
    "safelinks",
    "symantec",
    "forcepoint",
    "python-requests",
    "go-http-client",
    "curl/",
    "wget/",
    "okhttp",
    "java/",
];

/// Whether a machine calls itself so.
///
/// Apple's Mail Privacy Protection loads the pictures of every message, read or not, and calls
/// itself `Mozilla/5.0` and nothing more. The proxies of Gmail and Yahoo load them when a person
/// opens the message, so they count as the person.
#[must_use]
pub fn machine(user_agent: Option<&str>) -> bool {
    let Some(agent) = user_agent.map(str::trim).filter(|agent| !agent.is_empty()) else {
        return false;
    };
    let lower = agent.to_ascii_lowercase();
    lower == "mozilla/5.0" || PARTS.iter().any(|part| lower.contains(part))
}

#[cfg(test)]
mod tests {
    use super::machine;

    #[test]
    fn privacy_proxies_and_scanners_are_no_people() {
        for agent in [
            "Mozilla/5.0",
            "Mozilla/5.0 (compatible; Barracuda Sentinel)",
            "python-requests/2.31",
            "Googlebot/2.1",
        ] {
            assert!(machine(Some(agent)), "{agent}");
        }
        for agent in [
            "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 10_3_3 like Mac OS X)",
            "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
            "",
        ] {
            assert!(!machine(Some(agent)), "{agent}");
        }
        assert!(!machine(None));
    }
}
