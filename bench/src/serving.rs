//! The program as it runs, in this process, on a store that was filled before.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};
use regulars_server::serve::{Server, Settings, open_writer};
use tokio::sync::oneshot;

/// A server that runs.
pub(crate) struct Serving {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Serving {
    /// Starts one on the store of a folder, which sends its mail there; `None`: nowhere.
    pub(crate) fn start(folder: &Path, mail: Option<String>) -> Result<Self> {
        let writer = open_writer(folder)?;
        let settings = Settings {
            webhooks_inside: Vec::new(),
            push_inside: Vec::new(),
            data_dir: folder.to_owned(),
            listen: "127.0.0.1:0".to_owned(),
            mail,
            sms: None,
            dns: Some("127.0.0.1:1".to_owned()),
            base_url: None,
        };
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
            runtime.block_on(async move {
                let server =
                    Server::start_with(writer, &settings).await.expect("the server starts");
                tell.send(server.address).expect("somebody waits for it");
                server.run(async move { drop(stopped.await) }).await.expect("the server runs");
            });
        });
        Ok(Self { address: told.recv().context("the server did not start")?, stop, thread })
    }

    /// Stops it, and waits until it has ended.
    pub(crate) fn end(self) {
        drop(self.stop);
        self.thread.join().expect("the server ends well");
    }
}
