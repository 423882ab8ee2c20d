//! The running program: store, writer, deliverers and HTTP, started together and stopped in order.
//!
//! **Invariant:** whoever was answered stays answered: a stop lets requests end, then messages that
//! are on their way, and only then the writer.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use regulars_deliver::dns::{Resolver, ServerError};
use regulars_deliver::email::SettingsError;
use regulars_deliver::sms::SmsSettingsError;
use regulars_deliver::webhook::Webhooks;
use regulars_deliver::{Channel, SmsChannel, SmsWay, Way};
use regulars_engine::work::Purpose;
use regulars_store::{SqliteStore, StoreError};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::clock;
use crate::domain_check::Checking;
use crate::http::{self, App};
use crate::live::{self, Caller, Deliverers, Desk, DeskError};
use crate::pages;
use crate::pushing::{Pushing, PushingError};
use crate::writer::{Claim, Writer, WriterError};

/// How many messages are handed over at once: more than one, since a mail server takes its time; few,
/// since a message that is claimed is no longer looked at.
const SLOTS: usize = 8;
/// How long requests may take to end once a stop is asked for: an answer takes milliseconds, and
/// whoever is cut off sends again.
const REQUESTS_END: Duration = Duration::from_secs(10);

/// How the program is to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the store is.
    pub data_dir: PathBuf,
    /// Where to listen: `127.0.0.1:8080`; port 0 is any free one.
    pub listen: String,
    /// The mail server or provider; `None`: messages stay in the outbox.
    pub mail: Option<String>,
    /// The provider of text messages; `None`: they stay in the outbox.
    pub sms: Option<String>,
    /// The name server that is asked about the sender's domain; `None`: those of the machine.
    pub dns: Option<String>,
    /// Addresses within a network of one's own that webhooks may lead to, encrypted or not.
    pub webhooks_inside: Vec<IpAddr>,
    /// Addresses within a network of one's own where a push service may stand, encrypted or not.
    pub push_inside: Vec<IpAddr>,
    /// Where the program is reached from outside, for shops that do not state it.
    pub base_url: Option<String>,
}

impl Settings {
    /// Who calls other programs.
    #[must_use]
    pub fn webhooks(&self) -> Webhooks {
        Webhooks::new(&self.webhooks_inside)
    }
}

/// Where messages go, by channel. How push messages leave may change while the program runs: see
/// [`Pushing`].
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    /// Mail.
    pub mail: Way,
    /// Text messages.
    pub sms: SmsWay,
}

/// Why the program did not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store cannot be opened.
    #[error("could not open the store in \"{}\"", .dir.display())]
    Store {
        /// Where.
        dir: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// The writer did not start.
    #[error("could not start the writer")]
    Writer(#[from] WriterError),
    /// The desk did not answer.
    #[error("could not start")]
    Desk(#[from] DeskError),
    /// The setting of the mail server or provider is wrong.
    #[error("the setting that says how mail leaves is not understood")]
    Mail(#[from] SettingsError),
    /// The setting of the provider of text messages is wrong.
    #[error("the setting that says how text messages leave is not understood")]
    Sms(#[from] SmsSettingsError),
    /// The key for push messages cannot be read.
    #[error("the key for push messages cannot be used")]
    Push(#[from] PushingError),
    /// The setting of the name server is wrong.
    #[error("the setting of the name server is not understood")]
    Dns(#[from] ServerError),
    /// The address is not free or not ours.
    #[error("could not listen on \"{listen}\"; choose another address with --listen")]
    Listen {
        /// Which.
        listen: String,
        /// Why.
        source: std::io::Error,
    },
    /// Serving ended by itself.
    #[error("the server failed")]
    Http(#[source] std::io::Error),
}

/// Opens the store of a directory and takes it into the writer's hand.
///
/// # Errors
/// If the directory is in use, holds something else, or cannot be read.
pub fn open_writer(dir: &Path) -> Result<Writer<SqliteStore>, ServeError> {
    let failed = |source| ServeError::Store { dir: dir.to_owned(), source };
    let store = SqliteStore::open(dir).map_err(failed)?;
    let writer = Writer::open(store, Purpose::Live)?;
    go_on_in_time(&writer)?;
    Ok(writer)
}

/// Lets time go on from what the log knows, whatever the machine's clock says.
fn go_on_in_time(writer: &Writer<SqliteStore>) -> Result<(), WriterError> {
    let behind_ms = clock::go_on_from(writer.reader())?;
    if behind_ms > 0 {
        let waits = behind_ms <= clock::STANDS_STILL_MS;
        tracing::warn!(behind_ms, waits, "the machine's clock is behind what was received last");
    }
    Ok(())
}

/// A program that listens.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    listener: TcpListener,
    routes: Router,
    desk: Desk,
    deliveries: Deliveries,
    fits: JoinHandle<()>,
    staff_mail: JoinHandle<()>,
    calls: JoinHandle<()>,
    writer: std::thread::JoinHandle<()>,
    channel: Arc<Deliverers>,
    app: App,
}

/// The tasks by which messages leave.
#[derive(Debug)]
struct Deliveries {
    stop: oneshot::Sender<()>,
    tasks: Vec<JoinHandle<()>>,
}

impl Server {
    /// Opens everything and listens; nothing is answered before [`Server::run`].
    ///
    /// # Errors
    /// [`ServeError`] says what could not be had.
    pub async fn start(settings: &Settings) -> Result<Self, ServeError> {
        let writer = open_writer(&settings.data_dir)?;
        Self::start_with(writer, settings).await
    }

    /// The same with a writer that is open already.
    ///
    /// # Errors
    /// [`ServeError`] says what could not be had.
    pub async fn start_with(
        mut writer: Writer<SqliteStore>,
        settings: &Settings,
    ) -> Result<Self, ServeError> {
        let channel = Channel::from_setting(settings.mail.as_deref())?;
        let sms = SmsChannel::from_setting(settings.sms.as_deref())?;
        let resolver = Resolver::from_setting(settings.dns.as_deref())?;
        let listen = |source| ServeError::Listen { listen: settings.listen.clone(), source };
        let listener = TcpListener::bind(&settings.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        if let Some(url) = &settings.base_url {
            writer.set_base_url(url);
        }
        let (desk, claims, writer) = live::start(writer, SLOTS)?;
        let reader = desk.reader().await?;
        let push = Pushing::open(&reader, &settings.push_inside)?;
        let way = Ways { mail: channel.way(), sms: sms.way() };
        let mut app = App::new(desk.clone()).await?;
        app.checking = Arc::new(Checking::new(resolver, way.mail));
        app.webhooks = Arc::new(settings.webhooks());
        let calls = Caller { desk: desk.clone(), webhooks: Arc::clone(&app.webhooks) };
        let calls = live::call_others(Arc::new(calls), desk.reader().await?);
        let calls = tokio::spawn(calls);
        let signing = app.signing.clone();
        let trouble = Arc::clone(&app.trouble);
        let sms_trouble = Arc::clone(&app.sms_trouble);
        let push_trouble = Arc::clone(&app.push_trouble);
        let channel = Arc::new(Deliverers {
            desk: desk.clone(),
            channel,
            sms,
            push,
            signing,
            trouble,
            sms_trouble,
            push_trouble,
        });
        app.deliverers = Some(Arc::clone(&channel));
        let deliveries = Deliveries::start(&channel, claims).await?;
        let told = live::tell_staff(Arc::clone(&channel), desk.reader().await?);
        let staff_mail = tokio::spawn(told);
        let fits = tokio::spawn(crate::scores::keep_fitted(app.clone()));
        let routes = http::routes(app.clone()).merge(pages::routes(app.clone(), way));
        Ok(Self {
            address,
            listener,
            routes,
            desk,
            deliveries,
            fits,
            staff_mail,
            calls,
            writer,
            channel,
            app,
        })
    }

    /// Begins to work out what a tool of the online shop alone would have sent, as the page of the
    /// reports does, so that it is there when somebody looks.
    pub fn begin_silo(&self) {
        self.app.begin_silo();
    }

    /// Serves until `stop` is ready, then ends in order: requests, messages on their way, writer.
    ///
    /// # Errors
    /// If serving fails; what was acknowledged is durable all the same.
    pub async fn run(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let (stopping, stopped) = oneshot::channel();
        let signal = async move {
            stop.await;
            tracing::info!("stopping");
            // Nobody listens any more only if serving has ended already.
            let _ = stopping.send(());
        };
        let routes = self.routes.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(self.listener, routes).with_graceful_shutdown(signal);
        let late = async move {
            match stopped.await {
                Ok(()) => tokio::time::sleep(REQUESTS_END).await,
                Err(_) => std::future::pending().await,
            }
        };
        let served = tokio::select! {
            served = serving => served,
            () = late => {
                tracing::warn!("some requests did not end in time and were cut off");
                Ok(())
            }
        };
        self.fits.abort();
        self.staff_mail.abort();
        self.app.dry_runs.end();
        self.app.silo_runs.end();
        self.app.linking.stop();
        // What is cut off is made again at the next start, under the same id.
        self.calls.abort();
        self.deliveries.end(&self.desk).await;
        self.channel.channel.close().await;
        self.channel.sms.close();
        self.channel.push.now().channel.close();
        self.desk.stop();
        let joined = tokio::task::spawn_blocking(move || self.writer.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the writer ended by a fault of ours");
        }
        served.map_err(ServeError::Http)
    }
}

impl Deliveries {
    async fn start(
        shared: &Arc<Deliverers>,
        claims: mpsc::Receiver<Claim>,
    ) -> Result<Self, ServeError> {
        let (stop, stopped) = oneshot::channel();
        let (hand_on, queue) = mpsc::channel(1);
        let queue = Arc::new(Mutex::new(queue));
        let mut tasks = vec![tokio::spawn(hand_out(claims, hand_on, stopped))];
        for _ in 0..SLOTS {
            let reader = shared.desk.reader().await?;
            let queue = Arc::clone(&queue);
            tasks.push(tokio::spawn(live::deliver(Arc::clone(shared), queue, reader)));
        }
        Ok(Self { stop, tasks })
    }

    /// Lets what was claimed go out and be noted; nothing more is claimed.
    async fn end(self, desk: &Desk) {
        let held = desk.ask(Writer::hold_sending).await;
        if held.is_err() || self.stop.send(()).is_err() {
            tracing::warn!("the writer or the deliverers had ended before");
        }
        for task in self.tasks {
            if task.await.is_err() {
                tracing::error!("a deliverer ended by a fault of ours");
            }
        }
    }
}

/// Hands claims on to whichever deliverer is free, until it is stopped and none is left.
async fn hand_out(
    mut claims: mpsc::Receiver<Claim>,
    deliverers: mpsc::Sender<Claim>,
    mut stopped: oneshot::Receiver<()>,
) {
    loop {
        let next = tokio::select! {
            claim = claims.recv() => claim,
            _ = &mut stopped, if !claims.is_closed() => {
                claims.close();
                continue;
            }
        };
        let Some(claim) = next else { return };
        if deliverers.send(claim).await.is_err() {
            return;
        }
    }
}
