# What the DNS says of the sender's domain.

domain-title = The sender's domain
domain-of = The domain { $domain }
domain-line = Receivers look up who may send for a domain and who signs for it, before they take its mail.
domain-check = Look it up now
domain-again = Look it up again
domain-found = Found
domain-good = good
domain-weak = could be better
domain-bad = mail suffers
domain-unknown = no answer

found-mail_found = Replies, and messages that come back, find the way.
found-mail_by_address = No mail server is named, only a host of that name: name one, so that what comes back is not lost.
found-mail_missing = No mail server is named: nobody can answer, and receivers refuse senders that cannot be answered.
found-mail_refused = The domain says that it takes no mail: nobody can answer, and receivers refuse such senders.
found-spf_found = It says who may send for the domain.
found-spf_missing = Nothing says who may send for the domain: publish a record that names whatever sends for you.
found-spf_twice = There are several records, and receivers then believe none: put them together into one.
found-spf_open = It lets everybody send for the domain: end it with ~all or -all.
found-spf_endless = It does not say what holds for everybody else: end it with ~all or -all.
found-spf_too_long = It leads to more than ten look-ups, and receivers stop there: name addresses in place of some includes.
found-spf_broken = It includes the record of a name that has none, and receivers stop there: correct that name.
found-dkim_found = The key is there, and it is ours.
found-dkim_missing = The key is not there: publish the record, or signatures cannot be checked.
found-dkim_differs = Another key stands there: publish ours, or signatures look forged.
found-dkim_none = No key signs for the domain: make one.
found-dkim_by_provider = The provider signs with its own keys: look at its settings for what it wants published.
found-dmarc_enforced = Mail that only claims to be the domain's is set aside or refused.
found-dmarc_watching = Mail that only claims to be the domain's is only reported: say p=quarantine once the reports look right.
found-dmarc_missing = Nothing says what to do with mail that only claims to be the domain's, and large mailbox providers ask for that.
found-dmarc_twice = There are several records, and receivers then believe none: keep one.
found-dmarc_broken = The record names no policy: it needs p=none, p=quarantine or p=reject.
found-no_answer = No name server answered: look again later.
