//! What the words of a mail server's no to a recipient say, where no status code (RFC 3463) says it.
//!
//! Servers refuse recipients for many reasons with the same 550: that there is no such mailbox, that they do
//! not relay for us, that we stand on a list. Only the first is about the address, and an address that is
//! taken for dead gets nothing any more: so the words have to say it, and nothing else beside.

/// Words for a mailbox that is not there, as Postfix, Exim, Sendmail, qmail, Exchange and large providers
/// write them.
const NOBODY: [&str; 24] = [
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no such address",
    "no such person",
    "no such domain",
    "no mailbox",
    "unknown",
    "not found",
    "not exist",
    "doesn't exist",
    "doesn't have",
    "invalid recipient",
    "invalid mailbox",
    "invalid address",
    "recipient invalid",
    "bad destination",
    "mailbox unavailable",
    "mailbox disabled",
    "account disabled",
    "account is disabled",
    "inactive",
    "unrouteable",
    "not a valid",
];

/// Words for something that passes: a mailbox that is full, a server that is not well. "error" or "failure"
/// alone say nothing, since servers begin what they say of unknown users with them.
const PASSES: [&str; 8] =
    [" full", "quota", "storage", "over limit", "temporar", " later", "unknown error", "lookup"];

/// Words for something that is about us, or about what we may.
const ABOUT_US: [&str; 19] = [
    "relay",
    "sender",
    "spam",
    "block",
    "blacklist",
    "denied",
    "denylist",
    "listed",
    "policy",
    "prohibited",
    "not permitted",
    "not allowed",
    "reputation",
    "authent",
    "spf",
    "dkim",
    "dmarc",
    "helo",
    "reverse",
];

/// Whether a refusal says that nobody is there.
pub(crate) fn says_nobody(words: &str) -> bool {
    let words = words.to_lowercase();
    let says = |list: &[&str]| list.iter().any(|word| words.contains(word));
    says(&NOBODY) && !says(&ABOUT_US) && !says(&PASSES)
}

/// Whether a refusal says that the server takes no mail from us for others: a setting, of there or here.
pub(crate) fn says_no_relay(words: &str) -> bool {
    words.to_lowercase().contains("relay")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_about_the_mailbox_say_that_nobody_is_there() {
        for words in [
            "<ana@example.com>: Recipient address rejected: User unknown in local recipient table",
            "No such user here",
            "Unrouteable address",
            "sorry, no mailbox here by that name.",
            "Requested action not taken: mailbox unavailable",
            "ana@example.com... User unknown",
            "This user doesn't have an account here",
            "The email account that you tried to reach does not exist.",
            "Invalid recipient",
            "delivery error: dd This user doesn't have an account here",
            "Error: no such user",
            "Permanent failure: user unknown, please look at the address carefully",
        ] {
            assert!(says_nobody(words), "{words}");
        }
        for words in [
            "relay not permitted",
            "Relaying denied",
            "sorry, that domain isn't in my list of allowed rcpthosts",
            "Administrative prohibition",
            "Sender verify failed: unknown user",
            "Rejected because 192.0.2.1 is in a black list at zen.example",
            "authentication required",
            "Client host rejected: cannot find your hostname, unknown reverse name",
            "Access denied, user unknown or blocked",
            "Requested action not taken: mailbox unavailable (mailbox full)",
            "User inactive: over quota",
            "Unknown error",
            "Recipient not found: directory lookup failure",
            "",
            "go away",
        ] {
            assert!(!says_nobody(words), "{words}");
        }
        assert!(says_no_relay("Relaying denied") && !says_no_relay("User unknown"));
    }
}
