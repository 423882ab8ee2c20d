//! `serve`: the running program.

use std::net::IpAddr;

use clap::Args;
use regulars_server::serve::{Server, Settings};
use serde_json::json;

use super::webhook::Inside;
use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::words::{self, Print};

/// Run the server: intake, API, pages, deliveries.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) dir: DataDir,
    #[command(flatten)]
    pub(crate) reach: Reach,
}

/// How the server is reached, and how it reaches others.
#[derive(Clone, Debug, Args)]
pub(crate) struct Reach {
    /// Where to listen; port 0 takes any free one.
    #[arg(
        long,
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:8080",
        env = "REGULARS_LISTEN"
    )]
    pub(crate) listen: String,
    #[command(flatten)]
    pub(crate) way: MailWay,
    #[command(flatten)]
    pub(crate) sms: SmsWay,
    /// The name server that is asked about the sender's domain; without it, those of this machine.
    #[arg(long, value_name = "IP[:PORT]", env = "REGULARS_DNS")]
    pub(crate) dns: Option<String>,
    #[command(flatten)]
    pub(crate) inside: Inside,
    #[command(flatten)]
    pub(crate) push: PushWay,
    /// Where the server is reached from outside, for links in messages, unless the shop's
    /// definition says so.
    #[arg(long, value_name = "URL", env = "REGULARS_BASE_URL")]
    pub(crate) base_url: Option<String>,
}

/// How mail leaves.
#[derive(Clone, Debug, Args)]
pub(crate) struct MailWay {
    /// The mail server, such as smtp://user:password@mail.example:587; without one, messages stay in
    /// the outbox. Better set in the environment, where nobody else sees the password.
    #[arg(long, value_name = "URL", env = "REGULARS_SMTP", hide_env_values = true)]
    smtp: Option<String>,
    /// The provider that sends mail instead of a mail server: postmark://TOKEN@api.postmarkapp.com,
    /// sendgrid://KEY@api.sendgrid.com or ses://ACCESS_KEY:SECRET@email.REGION.amazonaws.com.
    #[arg(
        long,
        value_name = "URL",
        env = "REGULARS_MAIL_PROVIDER",
        hide_env_values = true,
        conflicts_with = "smtp"
    )]
    mail_provider: Option<String>,
}

impl MailWay {
    /// The setting, if there is one.
    pub(crate) fn setting(self) -> Option<String> {
        self.smtp.or(self.mail_provider)
    }
}

/// How text messages leave.
#[derive(Clone, Debug, Args)]
pub(crate) struct SmsWay {
    /// The provider that sends text messages, such as
    /// twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com?from=+34911222333; without one, they stay in the
    /// outbox. Better set in the environment, where nobody else sees the token.
    #[arg(long, value_name = "URL", env = "REGULARS_SMS", hide_env_values = true)]
    sms: Option<String>,
}

impl SmsWay {
    /// The setting, if there is one.
    pub(crate) fn setting(self) -> Option<String> {
        self.sms
    }
}

/// How push messages leave: by the key that `regulars channel push` makes.
#[derive(Clone, Debug, Args)]
pub(crate) struct PushWay {
    /// Addresses of your own network where a push service may stand, encrypted or not: those of browsers
    /// are in the world.
    #[arg(long, value_name = "IP", value_delimiter = ',', env = "REGULARS_PUSH_INSIDE")]
    pub(crate) push_inside: Vec<IpAddr>,
}

impl Serve {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let settings = Settings {
            data_dir: self.dir.path,
            listen: self.reach.listen,
            mail: self.reach.way.setting(),
            sms: self.reach.sms.setting(),
            dns: self.reach.dns,
            webhooks_inside: self.reach.inside.webhooks_inside,
            push_inside: self.reach.push.push_inside,
            base_url: self.reach.base_url,
        };
        runtime()?.block_on(async {
            let server = Server::start(&settings).await?;
            let stop = asked_to_stop();
            tell_address(&server, print)?;
            server.run(stop).await?;
            Ok(Ending::Well)
        })
    }
}

pub(crate) fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Says where the server listens.
pub(crate) fn tell_address(server: &Server, print: Print) -> anyhow::Result<()> {
    let url = format!("http://{}", server.address);
    eprintln!("listening on {url}");
    if print.json {
        words::line(&json!({ "listening": url }).to_string())?;
    }
    Ok(())
}

/// Ready when somebody asks the program to stop; asked a second time, it ends at once. Whoever asks
/// is heard from this call on, not only once the answer is waited for.
pub(crate) fn asked_to_stop() -> impl Future<Output = ()> + Send + 'static {
    let mut signals = Signals::listen();
    async move {
        signals.next().await;
        tokio::spawn(async move {
            signals.next().await;
            eprintln!("stopped at once; messages on their way will be marked uncertain");
            std::process::exit(1);
        });
    }
}

#[cfg(unix)]
struct Signals(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self(signal(SignalKind::terminate()).ok())
    }

    async fn next(&mut self) {
        match &mut self.0 {
            Some(ends) => {
                tokio::select! {
                    () = interrupted() => {}
                    _ = ends.recv() => {}
                }
            }
            None => interrupted().await,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Self {
        Self
    }

    async fn next(&mut self) {
        interrupted().await;
    }
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Nobody can ask us then: the program runs until it is killed.
        std::future::pending::<()>().await;
    }
}
