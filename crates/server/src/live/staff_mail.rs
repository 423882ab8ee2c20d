//! Staff are told by e-mail what a journey asks for, where its step names an address of theirs. The
//! message names nobody: it leads to the person's page. It may come twice where the program ended while
//! it left, and never goes to a customer.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use maud::html;
use regulars_deliver::{Email, Mailbox, Message, Sent};
use regulars_engine::journey::Notice;
use regulars_engine::program::Program;
use regulars_store::{NoticeFilter, Reader, Sending, SqliteReader};

use super::deliverer::{Deliverers, domain_of};
use super::token::message_mark;
use crate::notices::told_by_mail;

/// After so long it is tried again where the mail server could not be reached.
const AGAIN: Duration = Duration::from_secs(60);
/// How many are read at once.
const AT_ONCE: usize = 100;

/// Tells staff of what is due, whenever there is news, until it is ended.
pub async fn tell_staff(shared: Arc<Deliverers>, reader: SqliteReader) {
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

/// Tells all that is due; returns whether something is left.
async fn tell_all(shared: &Deliverers, reader: &SqliteReader) -> bool {
    // Somebody who stops everything that leaves means this too.
    let stopped = reader
        .sending()
        .is_ok_and(|sending| matches!(sending, Sending::Off | Sending::OffAfterRestore));
    let filter = NoticeFilter { mail_due: true, ..NoticeFilter::default() };
    let due = match reader.notices(&filter, AT_ONCE) {
        Ok(due) => due,
        Err(error) => {
            tracing::error!(%error, "could not read what staff are to be told");
            return true;
        }
    };
    if stopped {
        return !due.is_empty();
    }
    let full = due.len() == AT_ONCE;
    for notice in due {
        // What is done already needs no message.
        if notice.done.is_none() && !tell(shared, &notice).await {
            return true;
        }
        let id = notice.id;
        if let Err(error) = shared.desk.write(move |writer| told_by_mail(writer, id)).await {
            tracing::error!(%error, "could not note that staff were told");
            return true;
        }
    }
    full
}

/// Sends one message; returns whether it is settled, well or not.
async fn tell(shared: &Deliverers, notice: &Notice) -> bool {
    let program = shared.desk.program();
    let written = write(&program, notice, &message_mark(shared.desk.salt()));
    let (letter, mut email) = match written {
        Ok(written) => written,
        Err(why) => {
            tracing::warn!(notice.id = notice.id, why, "staff could not be told by e-mail");
            return true;
        }
    };
    if shared.channel.takes_bytes() {
        let domain = domain_of(&program.shop.from_email);
        shared.signing.signers().sign(&mut email, domain, sent_at(notice));
    }
    match shared.channel.send(&letter, &email).await {
        Sent::Accepted { .. } | Sent::Uncertain { .. } => true,
        Sent::Refused { code, .. } => {
            tracing::warn!(
                notice.id = notice.id,
                code,
                "the mail server refuses a message to staff"
            );
            true
        }
        Sent::NotSent { .. } => false,
    }
}

fn write(program: &Program, notice: &Notice, mark: &str) -> Result<(Message, Email), &'static str> {
    let shop = &program.shop;
    let from = Mailbox::parse(&shop.from_name, &shop.from_email)
        .map_err(|_| "the shop has no valid sender address: state \"from\" in its definition")?;
    let to = Mailbox::parse("", notice.to.as_deref().unwrap_or_default())
        .map_err(|_| "the address is no address that a mail server takes")?;
    let url = format!("{}/people/{}", shop.base_url, notice.person);
    let place = format!("{} · {}", notice.journey, notice.step);
    let page = html! {
        p { strong { (notice.text) } }
        p { (place) }
        p { a href=(url) { (url) } }
    };
    let message_id = format!("notice-{}.{mark}@{}", notice.id, domain_of(&shop.from_email));
    let letter = Message {
        from,
        bounces_to: None,
        reply_to: None,
        to,
        subject: notice.text.clone(),
        html: page.into_string(),
        text: format!("{}\n\n{place}\n{url}\n", notice.text),
        message_id,
        sent_at: sent_at(notice),
        unsubscribe: None,
        headers: Vec::new(),
    };
    let email = Email::build(&letter).map_err(|_| "the message could not be written")?;
    Ok((letter, email))
}

fn sent_at(notice: &Notice) -> SystemTime {
    let since = Duration::from_millis(u64::try_from(notice.at.0).unwrap_or(0));
    SystemTime::UNIX_EPOCH + since
}
