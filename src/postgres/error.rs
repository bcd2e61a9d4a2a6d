//! What can keep the private server from running, in words that say what to do.

use std::io;
use std::path::PathBuf;

/// Why the private server does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No server programs on this machine.
    #[error(
        "no PostgreSQL server programs (14 or later) found; install them: {install}, or set DATABASE_URL"
    )]
    NoPrograms {
        /// The line that installs them on this system.
        install: &'static str,
    },
    /// `PG_BIN_DIR` names a folder without them.
    #[error("PG_BIN_DIR: {folder} does not hold initdb, pg_ctl and postgres (14 or later)")]
    NotPrograms {
        /// The folder that was named.
        folder: PathBuf,
    },
    /// The data belongs to a release whose programs are gone.
    #[error(
        "the data in {data} was made by PostgreSQL {major}, but only {found} is here: \
         install PostgreSQL {major}, or move the folder away to begin anew"
    )]
    OtherMajor {
        /// The data folder.
        data: PathBuf,
        /// The release that made it.
        major: u32,
        /// The releases that were found.
        found: String,
    },
    /// Another program owns the server.
    #[error("{root} is in use by {}", .process.map_or_else(|| "another process".to_owned(), |n| format!("process {n}")))]
    InUse {
        /// The folder.
        root: PathBuf,
        /// The id of the process that holds it.
        process: Option<u32>,
    },
    /// Root may not run the server, and the account that may cannot reach the folder.
    #[error(
        "{path} must be reachable for the user {user}, who runs PostgreSQL, but {closed} is closed to them"
    )]
    Closed {
        /// The folder that is needed.
        path: PathBuf,
        /// The parent that is in the way.
        closed: PathBuf,
        /// Who cannot pass.
        user: String,
    },
    /// A path that the server's own programs cannot take.
    #[error("{path} cannot be used: {why}")]
    BadPath {
        /// The path.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// initdb failed.
    #[error("the database could not be made in {data}:\n{log}")]
    Initdb {
        /// Where.
        data: PathBuf,
        /// The last lines of what it said.
        log: String,
    },
    /// The server ended while starting.
    #[error("PostgreSQL did not start; the last lines of {path}:\n{log}")]
    Start {
        /// The server's log.
        path: PathBuf,
        /// Its last lines.
        log: String,
    },
    /// The server runs but takes no connection.
    #[error("PostgreSQL in {root} does not answer; the last lines of its log:\n{log}")]
    NoAnswer {
        /// The folder.
        root: PathBuf,
        /// The last lines of the server's log.
        log: String,
    },
    /// The server did not end.
    #[error("PostgreSQL in {root} did not stop; the last lines of its log:\n{log}")]
    Stop {
        /// The folder.
        root: PathBuf,
        /// The last lines of the server's log.
        log: String,
    },
    /// The server answered, but not as ours does.
    #[error("PostgreSQL in {root} refuses us")]
    Refused {
        /// The folder.
        root: PathBuf,
        /// What it said.
        source: sqlx::Error,
    },
    /// The system refused something.
    #[error("{what} {path}: {source}")]
    System {
        /// What was tried, as in "cannot make".
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The runtime ended in between.
    #[error("stopped before PostgreSQL was up")]
    Interrupted,
}

/// Says what was tried when the system refuses.
pub(super) trait Explain<T> {
    /// As in "cannot make /var/lib/x".
    fn explain(self, what: &'static str, path: &std::path::Path) -> Result<T, Error>;
}

impl<T> Explain<T> for io::Result<T> {
    fn explain(self, what: &'static str, path: &std::path::Path) -> Result<T, Error> {
        self.map_err(|source| Error::System { what, path: path.to_owned(), source })
    }
}
