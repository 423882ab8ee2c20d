//! What every request may use: the desk, readers, keys.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::http::{HeaderMap, StatusCode, header};
use regulars_deliver::dns::Resolver;
use regulars_deliver::webhook::Webhooks;
use regulars_deliver::{PushWay, Way};
use regulars_store::{SqliteReader, StoreError};

use super::error::ApiError;
use crate::access::{Keys, Right};
use crate::clock;
use crate::domain_check::Checking;
use crate::dry_runs::DryRuns;
use crate::hooks::Heard;
use crate::identity::Surveys;
use crate::linking::Linking;
use crate::live::{Deliverers, Desk, DeskError, Lasting, Trouble};
use crate::offers::Guessing;
use crate::pushing::{self, PushKeyShown, PushingError, Replace};
use crate::scores::Fitting;
use crate::signing::{self, Signing};
use crate::silo_runs::SiloRuns;
use crate::site::Looking;
use crate::templates::Tally;
use crate::tries::Tries;

/// Readers that wait for work: each is used by one request at a time.
#[derive(Debug, Default)]
pub struct Readers {
    spare: Mutex<Vec<SqliteReader>>,
}

/// What every request may use; cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// Where writing is handed in.
    pub desk: Desk,
    readers: Arc<Readers>,
    keys: Arc<RwLock<Keys>>,
    erasures: Arc<AtomicU64>,
    /// What a look at everybody's identity found.
    pub surveys: Surveys,
    /// Who signs the mail that leaves.
    pub signing: Signing,
    /// Whether scores are being fitted, and how far that is.
    pub(crate) fitting: Arc<Fitting>,
    /// Who tried how many wrong codes.
    pub(crate) guessing: Arc<Guessing>,
    /// Whether mail is taken.
    pub(crate) trouble: Arc<Trouble>,
    /// Whether text messages are taken.
    pub(crate) sms_trouble: Arc<Trouble>,
    /// Whether push messages are taken.
    pub(crate) push_trouble: Arc<Trouble>,
    /// The way mail leaves; `None`: nothing does, in this process.
    pub(crate) deliverers: Option<Arc<Deliverers>>,
    /// When providers last called their hooks.
    pub(crate) heard: Arc<Heard>,
    /// Who sent how many templates as a test.
    pub(crate) tests: Arc<Tries>,
    /// How the sender's domain is looked up.
    pub checking: Arc<Checking>,
    /// Who calls other programs.
    pub webhooks: Arc<Webhooks>,
    /// Dry runs of journeys, and how far the one that runs is.
    pub(crate) dry_runs: Arc<DryRuns>,
    /// What a tool that hears less would have sent, and how far working that out is.
    pub(crate) silo_runs: Arc<SiloRuns>,
    /// What became of the messages of each template.
    pub(crate) tally: Arc<Mutex<Tally>>,
    /// Who answers what the shop's own site asks.
    pub(crate) looking: Arc<Looking>,
    /// Whether a model of linking is being learned or tried, and what that came to.
    pub(crate) linking: Arc<Linking>,
}

impl App {
    /// Everything that is needed, around a desk.
    ///
    /// # Errors
    /// If the keys cannot be read.
    pub async fn new(desk: Desk) -> Result<Self, DeskError> {
        let app = Self {
            desk,
            readers: Arc::new(Readers::default()),
            keys: Arc::new(RwLock::new(Keys::default())),
            erasures: Arc::new(AtomicU64::new(0)),
            surveys: Surveys::default(),
            signing: Signing::default(),
            fitting: Arc::new(Fitting::default()),
            guessing: Arc::new(Guessing::default()),
            trouble: Arc::new(Trouble::default()),
            sms_trouble: Arc::new(Trouble::default()),
            push_trouble: Arc::new(Trouble::default()),
            deliverers: None,
            heard: Arc::new(Heard::default()),
            tests: Arc::new(Tries::default()),
            checking: Arc::new(Checking::new(Resolver::of_system(), Way::Outbox)),
            webhooks: Arc::new(Webhooks::new(&[])),
            dry_runs: Arc::new(DryRuns::default()),
            silo_runs: Arc::new(SiloRuns::default()),
            tally: Arc::new(Mutex::new(Tally::default())),
            looking: Arc::new(Looking::default()),
            linking: Arc::new(Linking::default()),
        };
        app.reload_keys().await?;
        app.reload_signing().await?;
        Ok(app)
    }

    /// The trouble with messages of any channel that lasts: that of mail, then of text messages, then of
    /// push messages.
    pub(crate) fn lasting_trouble(&self) -> Option<Lasting> {
        let all = [&self.trouble, &self.sms_trouble, &self.push_trouble];
        all.into_iter().find_map(|trouble| trouble.lasting())
    }

    /// Reads the keys again after one was made.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn reload_keys(&self) -> Result<(), DeskError> {
        let read = self.desk.ask(|writer| Keys::read(writer.reader())).await?;
        let keys = read.map_err(|error| DeskError::Writer(Arc::new(error.into())))?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    /// Reads the keys that sign mail again after one was changed.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn reload_signing(&self) -> Result<(), DeskError> {
        let read = self.desk.ask(|writer| signing::signers(writer.reader())).await?;
        let signers = read.map_err(|error| DeskError::Writer(Arc::new(error.into())))?;
        self.signing.set(signers);
        Ok(())
    }

    /// Makes the key by which push services know the shop; it is in force at once.
    ///
    /// # Errors
    /// If nobody makes it any more; within, why none was made.
    pub async fn make_push_key(
        &self,
        replace: Replace,
        by: String,
    ) -> Result<Result<PushKeyShown, PushingError>, DeskError> {
        let deliverers = self.deliverers.clone();
        let making = self.desk.ask(move |writer| {
            let made = pushing::make_key(writer.store(), replace, &by, clock::now())?;
            if let Some(deliverers) = deliverers {
                deliverers.push.reload(writer.reader())?;
            }
            Ok(made)
        });
        making.await
    }

    /// Where push messages go.
    #[must_use]
    pub fn push_way(&self) -> PushWay {
        self.deliverers.as_ref().map_or(PushWay::Outbox, |deliverers| deliverers.push.way())
    }

    /// Reads from the store on a thread that may wait for the disk.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&SqliteReader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let spare = self.readers.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match spare {
            Some(reader) => reader,
            None => self.desk.reader().await?,
        };
        let readers = Arc::clone(&self.readers);
        let task = tokio::task::spawn_blocking(move || {
            let found = read(&reader);
            readers.spare.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            found
        });
        Ok(task.await??)
    }

    /// Notes that somebody was erased: what is kept in memory of before is not brought back.
    pub fn note_erasure(&self) {
        self.erasures.fetch_add(1, Ordering::AcqRel);
    }

    /// How many people were erased since the start.
    #[must_use]
    pub fn erasures(&self) -> u64 {
        self.erasures.load(Ordering::Acquire)
    }

    /// The source of a write key.
    #[must_use]
    pub fn source_of(&self, write_key: &str) -> Option<String> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.source(write_key).map(str::to_owned)
    }

    /// The secret with which a shop's server vouches for logins at a source.
    #[must_use]
    pub fn site_secret(&self, source: &str) -> Option<String> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.site_secret(source).map(str::to_owned)
    }

    /// Lets a request on only if its API key has the scope that a right needs; returns the key's name.
    ///
    /// # Errors
    /// 401 without a valid key, 403 with one that allows less.
    pub fn require(&self, headers: &HeaderMap, right: Right) -> Result<String, ApiError> {
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        match bearer.and_then(|key| keys.api(key.trim())) {
            None => Err(ApiError::new(
                StatusCode::UNAUTHORIZED,
                "no_key",
                "the request bears no valid API key",
                "send \"Authorization: Bearer KEY\"; make one with \"regulars key create\"",
            )),
            Some(key) if key.scope < right.scope() => Err(ApiError::new(
                StatusCode::FORBIDDEN,
                "scope_too_small",
                "the API key does not allow this",
                "use a key with a larger scope",
            )),
            Some(key) => Ok(key.name.clone()),
        }
    }
}
