//! The database of a command: the operator's, or a server of our own.

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use tenantry::config;
use tenantry::postgres::{Embedded, Options};
use tenantry::store::Database;

/// A database that is there and has the present schema.
pub struct Data {
    /// Where it is.
    pub url: String,
    server: Option<Embedded>,
}

impl Data {
    /// For a program that stays: owns the embedded server, alone.
    pub async fn own(settings: &config::Database) -> anyhow::Result<Self> {
        Self::open(settings, true).await
    }

    /// For a short command: visits the embedded server of a running program, or starts it for a while.
    pub async fn visit(settings: &config::Database) -> anyhow::Result<Self> {
        Self::open(settings, false).await
    }

    /// For somebody who only looks: the database as it is, whatever its schema. `None`: there is none yet.
    pub async fn look(settings: &config::Database) -> anyhow::Result<Option<Self>> {
        match settings {
            config::Database::Embedded { data_dir, .. } if !Embedded::exists(data_dir) => Ok(None),
            _ => Self::reach(settings, false).await.map(Some),
        }
    }

    async fn open(settings: &config::Database, own: bool) -> anyhow::Result<Self> {
        let data = Self::reach(settings, own).await?;
        Database::migrate(&data.url)
            .await
            .context("the database's schema could not be brought up to date")?;
        Ok(data)
    }

    async fn reach(settings: &config::Database, own: bool) -> anyhow::Result<Self> {
        let (url, server) = match settings {
            config::Database::External(url) => (url.expose_secret().to_owned(), None),
            config::Database::Embedded { data_dir, bin_dir } => {
                let options = Options { bin_dir: bin_dir.clone(), ..Options::default() };
                let server = if own {
                    Embedded::start(data_dir, options).await
                } else {
                    Embedded::attach(data_dir, options).await
                };
                let server = server.context("the embedded database does not start")?;
                (server.url().to_owned(), Some(server))
            }
        };
        Ok(Self { url, server })
    }

    /// Stops the server, if it is ours. Close the pools first.
    pub async fn close(self) -> anyhow::Result<()> {
        if let Some(server) = self.server {
            server.stop().await.context("the embedded database does not stop")?;
        }
        Ok(())
    }
}
