//! Mail that is no message of a journey: what staff are told, and templates that they try on
//! themselves. It leaves the way all mail does, stands in no count, and refers to no message.

use std::time::Duration;

use regulars_deliver::sent::{Cause, Sent, ServerText};
use regulars_deliver::{Email, Mailbox, Message};
use regulars_engine::time::Timestamp;

use super::deliverer::Deliverers;
use crate::clock;

/// How long it waits for its turn where the setting says how many messages a second leave.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is written, to whom.
#[derive(Clone)]
pub(crate) struct OwnMail {
    /// The address.
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) html: String,
    pub(crate) text: String,
    /// What stands before the `@` of its `Message-ID`.
    pub(crate) id: String,
    pub(crate) at: Timestamp,
}

impl Deliverers {
    /// Signs and sends it, once.
    ///
    /// # Errors
    /// What keeps it from being written.
    pub(crate) async fn send_own(&self, mail: OwnMail) -> Result<Sent, &'static str> {
        let program = self.desk.program();
        let shop = &program.shop;
        let from = Mailbox::parse(&shop.from_name, &shop.from_email).map_err(
            |_| "the shop has no valid sender address: state \"from\" in its definition",
        )?;
        let to = Mailbox::parse("", &mail.to)
            .map_err(|_| "the address is no address that a mail server takes")?;
        let domain = from.domain().to_owned();
        let letter = Message {
            from,
            bounces_to: None,
            reply_to: None,
            to,
            subject: mail.subject,
            html: mail.html,
            text: mail.text,
            message_id: format!("{}@{domain}", mail.id),
            sent_at: clock::for_others(mail.at),
            unsubscribe: None,
            headers: Vec::new(),
        };
        let mut email = Email::build(&letter).map_err(|_| "the message could not be written")?;
        if self.channel.takes_bytes() {
            self.signing.signers().sign(&mut email, &domain, letter.sent_at);
        }
        let sent = if self.channel.turn(PATIENCE).await {
            self.channel.send(&letter, &email).await
        } else {
            let text = ServerText::new("too many messages wait for their turn before it");
            Sent::NotSent { cause: Cause::Busy, text }
        };
        self.trouble.note(&sent, clock::now());
        Ok(sent)
    }
}
