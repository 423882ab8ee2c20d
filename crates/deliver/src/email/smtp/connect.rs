//! Opens a connection: greeting, encryption, password.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tokio::net::{TcpStream, lookup_host};

use super::conversation::{Conversation, Failure, Reply, Stream, within};
use super::encrypt::Encryption;
use super::settings::{SmtpSettings, Tls, is_hello};
use super::transaction::Line;
use crate::email::SettingsError;
use crate::sent::{Cause, Sent, ServerText};

/// Addresses of the server that are tried.
const ADDRESSES_MAX: usize = 3;

/// What a server says that it can do, as far as it is of use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Offers {
    /// It takes commands together (RFC 2920).
    pub(super) together: bool,
    /// It takes addresses beyond ASCII (RFC 6531).
    pub(super) utf8: bool,
    /// It encrypts when asked to (RFC 3207).
    start_tls: bool,
    /// It takes user name and password in one word (RFC 4616).
    plain: bool,
    /// It asks for each.
    login: bool,
}

/// Everything that is the same for each connection.
pub(super) struct Connector {
    settings: SmtpSettings,
    encryption: Encryption,
    /// Who we say we are.
    hello: String,
}

impl Connector {
    /// Reads the certificates that the settings name.
    pub(super) fn new(settings: SmtpSettings) -> Result<Self, SettingsError> {
        let encryption = Encryption::new(&settings.host, settings.authority.as_deref())?;
        let hello = settings.hello.clone().unwrap_or_else(own_name);
        Ok(Self { settings, encryption, hello })
    }

    /// The settings this was made from.
    pub(super) fn settings(&self) -> &SmtpSettings {
        &self.settings
    }

    /// Opens a connection that is ready for a message. Every failure here is surely before it.
    pub(super) async fn connect(&self) -> Result<Line, Sent> {
        let not_connected = |failure| not_sent(Cause::Connect, &failure);
        let stream = self.dial().await.map_err(not_connected)?;
        if self.settings.tls == Tls::Wrapped {
            let mut conversation = self.encrypted(stream).await?;
            self.greeting(&mut conversation).await.map_err(not_connected)?;
            return self.ready(conversation.boxed()).await;
        }
        let mut conversation = Conversation::over(stream);
        self.greeting(&mut conversation).await.map_err(not_connected)?;
        if self.settings.tls == Tls::None {
            return self.ready(conversation.boxed()).await;
        }
        let offers = self.hello(&mut conversation).await.map_err(not_connected)?;
        if !offers.start_tls && self.settings.tls == Tls::Opportunistic {
            return self.signed_in(Line { conversation: conversation.boxed(), offers }).await;
        }
        if !offers.start_tls {
            let text = "the server does not offer STARTTLS; nothing is sent unencrypted";
            let text = ServerText::new(text);
            return Err(Sent::NotSent { cause: Cause::Encryption, text });
        }
        let command = self.settings.timeouts.command;
        conversation.ask("STARTTLS\r\n", command).await.map_err(not_connected)?;
        // What was slipped in there unencrypted is not the server's.
        let stream = conversation.into_stream().map_err(not_connected)?;
        self.ready(self.encrypted(stream).await?.boxed()).await
    }

    async fn greeting<S: Stream>(&self, on: &mut Conversation<S>) -> Result<Reply, Failure> {
        on.answer(self.settings.timeouts.command).await
    }

    /// Says who we are and hears what the server can do; one that does not know the question is asked
    /// the older one (RFC 5321 §3.2).
    async fn hello<S: Stream>(&self, on: &mut Conversation<S>) -> Result<Offers, Failure> {
        let (command, name) = (self.settings.timeouts.command, &self.hello);
        match on.ask(&format!("EHLO {name}\r\n"), command).await {
            Ok(reply) => Ok(Offers::of(&reply)),
            Err(Failure::Reply { code: 500..=504, .. }) => {
                on.ask(&format!("HELO {name}\r\n"), command).await?;
                Ok(Offers::default())
            }
            Err(failure) => Err(failure),
        }
    }

    async fn encrypted(
        &self,
        stream: TcpStream,
    ) -> Result<Conversation<tokio_rustls::client::TlsStream<TcpStream>>, Sent> {
        let encrypting = self.encryption.encrypt(stream);
        let encrypted = within(self.settings.timeouts.command, encrypting).await;
        let encrypted = encrypted.and_then(|done| done.map_err(|error| Failure::lost(&error)));
        encrypted.map(Conversation::over).map_err(|failure| not_sent(Cause::Encryption, &failure))
    }

    /// A connection that was greeted, encrypted as far as it will be.
    async fn ready(&self, mut conversation: Conversation) -> Result<Line, Sent> {
        let offers = self.hello(&mut conversation).await;
        let offers = offers.map_err(|failure| not_sent(Cause::Connect, &failure))?;
        self.signed_in(Line { conversation, offers }).await
    }

    /// Gives user name and password, where there are any.
    async fn signed_in(&self, mut line: Line) -> Result<Line, Sent> {
        let Some((user, password)) = &self.settings.credentials else { return Ok(line) };
        let encoded = |text: &str| BASE64_STANDARD.encode(text);
        // A server that does not take the word along with the command asks for it.
        let steps = if line.offers.plain {
            let word = encoded(&format!("\0{user}\0{password}"));
            vec![format!("AUTH PLAIN {word}\r\n"), format!("{word}\r\n")]
        } else if line.offers.login {
            let asked = [user, password].map(|text| format!("{}\r\n", encoded(text)));
            ["AUTH LOGIN\r\n".to_owned()].into_iter().chain(asked).collect()
        } else {
            let text = ServerText::new("the server offers neither AUTH PLAIN nor AUTH LOGIN");
            return Err(Sent::NotSent { cause: Cause::Authentication, text });
        };
        for step in steps {
            let answer = line.conversation.ask(&step, self.settings.timeouts.command).await;
            let reply = answer.map_err(|failure| not_sent(Cause::Authentication, &failure))?;
            if reply.code < 300 {
                return Ok(line);
            }
        }
        Err(not_sent(Cause::Authentication, &Failure::Garbled))
    }

    async fn dial(&self) -> Result<TcpStream, Failure> {
        let limit = self.settings.timeouts.connect;
        let lost = Failure::lost;
        let server = (self.settings.host.as_str(), self.settings.port);
        let addresses = within(limit, lookup_host(server)).await?.map_err(|error| lost(&error))?;
        let mut failure = Failure::Lost { text: "the name has no address".to_owned() };
        for address in addresses.take(ADDRESSES_MAX) {
            match within(limit, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // With Nagle's algorithm the end of a long content would wait for the
                    // acknowledgement of what went before it, 40 ms for every message.
                    stream.set_nodelay(true).map_err(|error| lost(&error))?;
                    return Ok(stream);
                }
                Ok(Err(error)) => failure = lost(&error),
                Err(late) => failure = late,
            }
        }
        Err(failure)
    }
}

impl Offers {
    /// What stands in the answer to EHLO, behind the server's name.
    fn of(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1).map(|line| line.trim().to_ascii_uppercase()) {
            // Some write "AUTH=PLAIN", as a draft of long ago did.
            let mut words = line.split([' ', '=']);
            match words.next() {
                Some("PIPELINING") => offers.together = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("STARTTLS") => offers.start_tls = true,
                Some("AUTH") => {
                    let words: Vec<&str> = words.collect();
                    offers.plain |= words.contains(&"PLAIN");
                    offers.login |= words.contains(&"LOGIN");
                }
                Some(_) | None => {}
            }
        }
        offers
    }
}

/// The machine's name where a greeting can carry it, else the address that stands for one without (RFC 5321
/// §4.1.3).
fn own_name() -> String {
    let name = hostname::get().ok().and_then(|name| name.into_string().ok());
    name.filter(|name| is_hello(name)).unwrap_or_else(|| "[127.0.0.1]".to_owned())
}

fn not_sent(cause: Cause, failure: &Failure) -> Sent {
    Sent::NotSent { cause, text: failure.text() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(lines: &[&str]) -> Offers {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Offers::of(&Reply { code: 250, lines })
    }

    #[test]
    fn what_a_server_can_do_stands_in_its_own_words() {
        let none = Offers::default();
        for silent in
            [&["PIPELINING"][..], &["here", "XPIPELINING", "SIZE 10 SMTPUTF8"], &["here", ""]]
        {
            assert_eq!(offers(silent), none, "{silent:?}");
        }
        let told = offers(&["here", "pipelining ", "SMTPUTF8", "StartTLS", "AUTH CRAM-MD5 login"]);
        let all = Offers { together: true, utf8: true, start_tls: true, plain: false, login: true };
        assert_eq!(told, all);
        assert_eq!(offers(&["here", "AUTH=PLAIN XOAUTH2"]), Offers { plain: true, ..none });
    }
}
