//! Staff are told by e-mail what a journey asks for, where its step names an address of theirs. The
//! message names nobody: it leads to the person's page. It may come twice where the program ended while
//! it left, and never goes to a customer. What is not taken is tried again for a day: after that it
//! stands on the page alone.

use std::sync::Arc;
use std::time::Duration;

use maud::html;
use regulars_deliver::Sent;
use regulars_engine::journey::Notice;
use regulars_engine::program::Program;
use regulars_engine::step::MayLeave;
use regulars_engine::time::DAY;
use regulars_store::{NoticeFilter, Reader, SqliteReader, StoreError};
use tokio::task;

use super::deliverer::Deliverers;
use super::own_mail::OwnMail;
use super::token::message_mark;
use crate::clock;
use crate::notices::told_by_mail;
use crate::sending::may_leave;

/// After so long it is tried again where it was not taken.
const AGAIN: Duration = Duration::from_secs(60);
/// How many are read at once.
const AT_ONCE: usize = 100;

/// Tells staff of what is due, whenever there is news, until it is ended.
pub async fn tell_staff(shared: Arc<Deliverers>, reader: SqliteReader) {
    let reader = Arc::new(reader);
    loop {
        let left = tell_all(&shared, &reader).await;
        let news = shared.desk.staff_mail();
        if left {
            let _ = tokio::time::timeout(AGAIN, news.notified()).await;
        } else {
            news.notified().await;
        }
    }
}

/// Some of what is due, older than a notice.
fn due(reader: &SqliteReader, before: Option<u64>) -> Result<Vec<Notice>, StoreError> {
    // Somebody who stops everything that leaves means this too, and whoever lets it go again wakes this.
    if may_leave(reader.sending()?) == MayLeave::Nothing {
        return Ok(Vec::new());
    }
    let filter = NoticeFilter { mail_due: true, before, ..NoticeFilter::default() };
    reader.notices(&filter, AT_ONCE)
}

/// Tells all that is due; returns whether something is left.
async fn tell_all(shared: &Deliverers, reader: &Arc<SqliteReader>) -> bool {
    let (mut before, mut left) = (None, false);
    loop {
        // The database is read beside the threads on which requests are answered.
        let asked = Arc::clone(reader);
        let due = match task::spawn_blocking(move || due(&asked, before)).await {
            Ok(Ok(due)) => due,
            Ok(Err(error)) => {
                tracing::error!(%error, "could not read what staff are to be told");
                return true;
            }
            Err(_) => {
                tracing::error!("reading what staff are to be told broke off");
                return true;
            }
        };
        before = due.last().map(|notice| notice.id);
        let full = due.len() == AT_ONCE;
        for notice in due {
            // What is done already needs no message.
            let came =
                if notice.done.is_some() { Came::Settled } else { tell(shared, &notice).await };
            match came {
                Came::Settled => {}
                Came::Later => {
                    left = true;
                    continue;
                }
                Came::Nobody => return true,
            }
            let id = notice.id;
            if let Err(error) = shared.desk.write(move |writer| told_by_mail(writer, id)).await {
                tracing::error!(%error, "could not note that staff were told");
                return true;
            }
        }
        if !full {
            return left;
        }
    }
}

/// What came of telling staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    /// Nothing is left to do, well or not.
    Settled,
    /// This one is tried again; others may be taken.
    Later,
    /// Nobody took it: all others wait too.
    Nobody,
}

/// What comes of a message that is `age_ms` milliseconds old.
fn came(sent: &Sent, age_ms: i64) -> Came {
    match sent {
        _ if !sent.may_be_taken_later() || age_ms >= DAY => Came::Settled,
        Sent::NotSent { .. } => Came::Nobody,
        Sent::Refused { .. } | Sent::Accepted { .. } | Sent::Uncertain { .. } => Came::Later,
    }
}

/// Sends one message.
async fn tell(shared: &Deliverers, notice: &Notice) -> Came {
    let mail = write(&shared.desk.program(), notice, &message_mark(shared.desk.salt()));
    let sent = match shared.send_own(mail).await {
        Ok(sent) => sent,
        Err(why) => {
            tracing::warn!(notice.id = notice.id, why, "staff could not be told by e-mail");
            return Came::Settled;
        }
    };
    let came = came(&sent, clock::now().since(notice.at));
    if came == Came::Settled && !matches!(sent, Sent::Accepted { .. } | Sent::Uncertain { .. }) {
        tracing::warn!(notice.id = notice.id, "a message to staff is not taken and given up");
    }
    came
}

fn write(program: &Program, notice: &Notice, mark: &str) -> OwnMail {
    let url = format!("{}/people/{}", program.shop.base_url, notice.person);
    let place = format!("{} · {}", notice.journey, notice.step);
    let page = html! {
        p { strong { (notice.text) } }
        p { (place) }
        p { a href=(url) { (url) } }
    };
    OwnMail {
        to: notice.to.clone().unwrap_or_default(),
        subject: notice.text.clone(),
        html: page.into_string(),
        text: format!("{}\n\n{place}\n{url}\n", notice.text),
        id: format!("notice-{}.{mark}", notice.id),
        at: notice.at,
    }
}

#[cfg(test)]
mod tests {
    use regulars_deliver::sent::{Cause, ResponseClass, ServerText, Stage};

    use super::*;

    #[test]
    fn what_is_not_taken_is_tried_again_for_a_day() {
        let refused = |permanent| Sent::Refused {
            permanent,
            code: 450,
            stage: Stage::Recipient,
            text: ServerText::new("4.2.0 greylisted"),
        };
        let lost = |cause| Sent::NotSent { cause, text: ServerText::new("lost") };
        let taken = Sent::Accepted {
            provider_id: None,
            response_class: ResponseClass::Server { code: 250 },
        };
        assert_eq!(came(&taken, 0), Came::Settled);
        assert_eq!(came(&refused(true), 0), Came::Settled);
        assert_eq!(came(&refused(false), 0), Came::Later, "greylisted");
        assert_eq!(came(&lost(Cause::Connect), 0), Came::Nobody);
        assert_eq!(came(&lost(Cause::Unsupported), 0), Came::Settled, "it never will be");
        assert_eq!(came(&lost(Cause::Connect), DAY), Came::Settled);
    }
}
