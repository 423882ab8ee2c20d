//! What receivers want to find in the DNS, and what stands there instead: pure functions of texts.
//!
//! Sources: SPF is RFC 7208, DKIM keys RFC 6376 §3.6.1, DMARC RFC 7489, "no mail" RFC 7505.

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Where replies and what comes back go.
    Mail,
    /// Who may send for the domain.
    Spf,
    /// The key that signatures are checked with.
    Dkim,
    /// What receivers do with mail that only claims to be the domain's.
    Dmarc,
}

impl Topic {
    /// The word in answers, and the name on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mail => "MX",
            Self::Spf => "SPF",
            Self::Dkim => "DKIM",
            Self::Dmarc => "DMARC",
        }
    }
}

/// How good what was found is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// As receivers want it.
    Good,
    /// It works, and could be better.
    Weak,
    /// Mail suffers from it.
    Bad,
    /// Nobody answered.
    Unknown,
}

impl Standing {
    /// The word in answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Weak => "weak",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }
}

macro_rules! verdicts {
    ($($(#[$doc:meta])* $variant:ident $word:literal $standing:ident $text:literal;)*) => {
        /// What is to be said of it: a closed list, shown to people.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Verdict {
            $(#[doc = $text] $variant,)*
        }

        impl Verdict {
            /// Every verdict.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in answers; texts of pages are found by it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// How good it is.
            #[must_use]
            pub const fn standing(self) -> Standing {
                match self { $(Self::$variant => Standing::$standing,)* }
            }

            /// What it means and what to do, in plain English.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

verdicts! {
    MailFound "mail_found" Good "Replies, and messages that come back, find the way.";
    MailByAddress "mail_by_address" Weak "No mail server is named, only a host of that name: name one, so that what comes back is not lost.";
    MailMissing "mail_missing" Bad "No mail server is named: nobody can answer, and receivers refuse senders that cannot be answered.";
    MailRefused "mail_refused" Bad "The domain says that it takes no mail: nobody can answer, and receivers refuse such senders.";
    SpfFound "spf_found" Good "It says who may send for the domain.";
    SpfMissing "spf_missing" Bad "Nothing says who may send for the domain: publish a record that names whatever sends for you.";
    SpfTwice "spf_twice" Bad "There are several records, and receivers then believe none: put them together into one.";
    SpfOpen "spf_open" Bad "It lets everybody send for the domain: end it with ~all or -all.";
    SpfEndless "spf_endless" Weak "It does not say what holds for everybody else: end it with ~all or -all.";
    SpfTooLong "spf_too_long" Bad "It leads to more than ten look-ups, and receivers stop there: name addresses in place of some includes.";
    SpfBroken "spf_broken" Bad "It includes the record of a name that has none, and receivers stop there: correct that name.";
    DkimFound "dkim_found" Good "The key is there, and it is ours.";
    DkimMissing "dkim_missing" Bad "The key is not there: publish the record, or signatures cannot be checked.";
    DkimDiffers "dkim_differs" Bad "Another key stands there: publish ours, or signatures look forged.";
    DkimNone "dkim_none" Bad "No key signs for the domain: make one.";
    DkimByProvider "dkim_by_provider" Good "The provider signs with its own keys: look at its settings for what it wants published.";
    DmarcEnforced "dmarc_enforced" Good "Mail that only claims to be the domain's is set aside or refused.";
    DmarcWatching "dmarc_watching" Weak "Mail that only claims to be the domain's is only reported: say p=quarantine once the reports look right.";
    DmarcMissing "dmarc_missing" Bad "Nothing says what to do with mail that only claims to be the domain's, and large mailbox providers ask for that.";
    DmarcTwice "dmarc_twice" Bad "There are several records, and receivers then believe none: keep one.";
    DmarcBroken "dmarc_broken" Bad "The record names no policy: it needs p=none, p=quarantine or p=reject.";
    NoAnswer "no_answer" Unknown "No name server answered: look again later.";
}

/// A record to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// Its name.
    pub name: String,
    /// Its value, of type TXT.
    pub value: String,
}

/// What was found about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// About what.
    pub topic: Topic,
    /// At which name.
    pub name: String,
    /// What stands there.
    pub found: Vec<String>,
    /// What is to be said of it.
    pub verdict: Verdict,
    /// What should stand there.
    pub publish: Option<Publish>,
}

/// What mail servers of a domain say.
pub(super) fn mail(hosts: &[String], has_address: bool) -> Verdict {
    match hosts {
        [] if has_address => Verdict::MailByAddress,
        [] => Verdict::MailMissing,
        hosts if hosts.iter().all(String::is_empty) => Verdict::MailRefused,
        _ => Verdict::MailFound,
    }
}

/// The SPF records among the texts of a name.
pub(super) fn spf_records(texts: &[String]) -> Vec<&str> {
    let version = |text: &&str| {
        let first = text.split(' ').next().unwrap_or_default();
        first.eq_ignore_ascii_case("v=spf1")
    };
    texts.iter().map(|text| text.trim()).filter(version).collect()
}

/// What a record says of everybody whom it does not name.
pub(super) fn spf_end(record: &str) -> Option<Verdict> {
    let mut terms = record.split_ascii_whitespace().skip(1).map(str::to_ascii_lowercase);
    let mut handed_on = false;
    let all = terms.find(|term| {
        handed_on |= term.starts_with("redirect=");
        term.trim_start_matches(['+', '-', '~', '?']) == "all"
    });
    match all.as_deref() {
        Some("all" | "+all") => Some(Verdict::SpfOpen),
        Some(_) => None,
        None => (!handed_on).then_some(Verdict::SpfEndless),
    }
}

/// What a record asks the DNS for: how many look-ups by itself, and whose records it goes on with.
pub(super) fn spf_look_ups(record: &str) -> (usize, Vec<String>) {
    let (mut count, mut others) = (0, Vec::new());
    for term in record.split_ascii_whitespace().skip(1) {
        let term = term.trim_start_matches(['+', '-', '~', '?']).to_ascii_lowercase();
        let other = term.strip_prefix("include:").or_else(|| term.strip_prefix("redirect="));
        let name = term.split([':', '/']).next().unwrap_or_default();
        if let Some(other) = other {
            count += 1;
            // A name that is made of the sender's address is another one for each message.
            if !other.contains('%') {
                others.push(other.to_owned());
            }
        } else if matches!(name, "a" | "mx" | "ptr" | "exists") {
            count += 1;
        }
    }
    (count, others)
}

/// What stands where a key of ours should.
pub(super) fn dkim(texts: &[String], ours: &str) -> Verdict {
    let key = |text: &str| {
        let tags = text.split(';').filter_map(|tag| tag.split_once('='));
        let mut keys = tags.filter(|(name, _)| name.trim() == "p");
        keys.next().map(|(_, key)| key.split_whitespace().collect::<String>())
    };
    let found: Vec<String> = texts.iter().filter_map(|text| key(text)).collect();
    match (key(ours), found.as_slice()) {
        (_, []) => Verdict::DkimMissing,
        // A receiver takes any of several: all must be ours.
        (Some(ours), found) if found.iter().all(|one| *one == ours) => Verdict::DkimFound,
        _ => Verdict::DkimDiffers,
    }
}

/// What the DMARC records among the texts of a name say; `None`: there is none.
pub(super) fn dmarc(texts: &[String]) -> Option<Verdict> {
    let tags = |text: &str| {
        let tags = text.split(';').filter_map(|tag| tag.split_once('='));
        tags.map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_lowercase()))
            .collect::<Vec<_>>()
    };
    let version = |tags: &Vec<(String, String)>| {
        tags.first().is_some_and(|(name, value)| (name.as_str(), value.as_str()) == ("v", "dmarc1"))
    };
    let records: Vec<Vec<(String, String)>> =
        texts.iter().map(|text| tags(text)).filter(version).collect();
    let record = match records.as_slice() {
        [] => return None,
        [record] => record,
        _ => return Some(Verdict::DmarcTwice),
    };
    let policy = record.iter().find(|(name, _)| name == "p").map(|(_, value)| value.as_str());
    Some(match policy {
        Some("quarantine" | "reject") => Verdict::DmarcEnforced,
        Some("none") => Verdict::DmarcWatching,
        Some(_) | None => Verdict::DmarcBroken,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_record_says_how_it_ends_and_what_it_looks_up() {
        let ends = |record| spf_end(record);
        assert_eq!(ends("v=spf1 mx ~all"), None);
        assert_eq!(ends("v=spf1 ip4:192.0.2.0/24 -ALL"), None);
        assert_eq!(ends("v=spf1 redirect=_spf.shop.example"), None);
        assert_eq!(ends("v=spf1 mx +all"), Some(Verdict::SpfOpen));
        assert_eq!(ends("v=spf1 all"), Some(Verdict::SpfOpen));
        assert_eq!(ends("v=spf1 mx"), Some(Verdict::SpfEndless));
        let record = "v=spf1 a mx:mail.example ip4:192.0.2.1 include:_spf.mail.example exists:%{i}.x ?ptr include:%{l}.example ~all";
        assert_eq!(spf_look_ups(record), (6, vec!["_spf.mail.example".to_owned()]));
        let found = texts(&["v=spf10 x", "google-site=1", " V=SPF1 mx ~all ", "v=spf1"]);
        assert_eq!(spf_records(&found), ["V=SPF1 mx ~all", "v=spf1"]);
    }

    #[test]
    fn a_key_is_ours_whatever_stands_around_it() {
        let ours = "v=DKIM1; k=rsa; p=MIIBAAQ";
        let verdict = |found: &[&str]| dkim(&texts(found), ours);
        assert_eq!(verdict(&["k=rsa;p=MIIB AAQ; t=s"]), Verdict::DkimFound);
        assert_eq!(verdict(&["v=DKIM1; p="]), Verdict::DkimDiffers);
        assert_eq!(verdict(&["v=DKIM1; p=MIIBAAQ", "v=DKIM1; p=other"]), Verdict::DkimDiffers);
        assert_eq!(verdict(&["hello"]), Verdict::DkimMissing);
        assert_eq!(verdict(&[]), Verdict::DkimMissing);
    }

    #[test]
    fn a_policy_is_enforced_watched_or_broken() {
        let verdict = |found: &[&str]| dmarc(&texts(found));
        assert_eq!(
            verdict(&["v=DMARC1; p=reject; rua=mailto:a@b.example"]),
            Some(Verdict::DmarcEnforced)
        );
        assert_eq!(verdict(&["v=DMARC1;p=none"]), Some(Verdict::DmarcWatching));
        assert_eq!(verdict(&["v=DMARC1; rua=mailto:a@b.example"]), Some(Verdict::DmarcBroken));
        assert_eq!(verdict(&["v=DMARC1; p=none", "v=DMARC1; p=reject"]), Some(Verdict::DmarcTwice));
        assert_eq!(verdict(&["p=none; v=DMARC1", "hello"]), None);
    }

    #[test]
    fn a_domain_without_mail_is_told_from_one_that_refuses_it() {
        assert_eq!(mail(&texts(&["mx.shop.example"]), false), Verdict::MailFound);
        assert_eq!(mail(&[], true), Verdict::MailByAddress);
        assert_eq!(mail(&[], false), Verdict::MailMissing);
        assert_eq!(mail(&texts(&[""]), true), Verdict::MailRefused);
    }
}
