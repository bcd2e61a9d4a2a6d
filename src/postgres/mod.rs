//! The private PostgreSQL server that the program runs when it is given no database.
//!
//! Server programs that the system has are run on a data folder of our own, reached through a
//! socket in a folder that nobody else may enter. Whoever holds `owner.lock` owns the server: starts,
//! adopts, mends and stops it. Others attach to what runs. The lock goes with its holder, so that no
//! crash leaves anything for a person to tidy up. Begin reading in `supervisor`.

mod account;
mod error;
mod folder;
mod process;
mod programs;
mod supervisor;

use std::path::{Path, PathBuf};

pub use error::Error;

use folder::OwnerLock;
use supervisor::{Hold, Supervisor};

/// How the server is to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the server programs; `None` looks in `PATH` and the usual places.
    pub bin_dir: Option<PathBuf>,
    /// Whether a commit waits for the disk. Only tests do without: a power cut may then cost the data.
    pub durable: bool,
    /// The most connections that the server takes at once.
    pub max_connections: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self { bin_dir: None, durable: true, max_connections: 50 }
    }
}

/// A running private server with the database `tenantry` in it.
///
/// Dropping it gives the lock back and leaves the server running for the next owner; [`stop`](Self::stop)
/// ends it.
#[derive(Debug)]
pub struct Embedded {
    supervisor: Supervisor,
    lock: Option<OwnerLock>,
    url: String,
}

impl Embedded {
    /// Owns the server below `root`: makes it on first use, starts it, or adopts the one that an
    /// earlier owner left running.
    ///
    /// # Errors
    /// [`Error::InUse`] while another program owns it; otherwise what kept the server from running.
    pub async fn start(root: &Path, options: Options) -> Result<Self, Error> {
        on_blocking_thread(root, options, Supervisor::own).await
    }

    /// Uses the server below `root`: as a guest when another program owns it, else as its owner.
    /// For short commands, and for test processes beside each other.
    ///
    /// # Errors
    /// What kept the server from running, or [`Error::NoAnswer`] when its owner does not bring it up.
    pub async fn attach(root: &Path, options: Options) -> Result<Self, Error> {
        on_blocking_thread(root, options, Supervisor::own_or_visit).await
    }

    /// Whether there is a server's data below `root`.
    pub fn exists(root: &Path) -> bool {
        root.join("data/PG_VERSION").exists()
    }

    /// Where to connect: the database `tenantry`, through the socket.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this program owns the server; a guest never stops it.
    pub const fn is_owner(&self) -> bool {
        self.lock.is_some()
    }

    /// Stops the server if this program owns it. Close the pools first. Takes at most 20 s (R9).
    ///
    /// # Errors
    /// [`Error::Stop`] when the server would not end in time.
    pub async fn stop(self) -> Result<(), Error> {
        let Self { supervisor, lock, .. } = self;
        let Some(lock) = lock else { return Ok(()) };
        tokio::task::spawn_blocking(move || {
            let stopped = supervisor.stop();
            drop(lock);
            stopped
        })
        .await
        .map_err(|_| Error::Interrupted)?
    }
}

async fn on_blocking_thread(
    root: &Path,
    options: Options,
    begin: fn(&Path, Options) -> Result<Hold, Error>,
) -> Result<Embedded, Error> {
    let root = root.to_owned();
    tokio::task::spawn_blocking(move || {
        let (supervisor, lock) = begin(&root, options)?;
        let url = supervisor.url("tenantry");
        Ok(Embedded { supervisor, lock, url })
    })
    .await
    .map_err(|_| Error::Interrupted)?
}
