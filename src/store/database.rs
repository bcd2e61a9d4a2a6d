//! The pools. One login, one narrow role for each kind of work (P4).

use std::str::FromStr;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::migrate::{Migration, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::StoreError;
use super::taxonomy::Lists;

/// The migrations that the program carries.
pub static MIGRATIONS: Migrator = sqlx::migrate!();

/// Lets the server miss this session, and end its locks, soon after its machine is gone.
pub(super) const MISSED_SOON: &str = "select set_config(name, value, false) from (values ('tcp_keepalives_idle', '5'), \
     ('tcp_keepalives_interval', '2'), ('tcp_keepalives_count', '3')) as s (name, value)";

/// The role that a pool's sessions take. None of them owns a table (P4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Answers people, inside one firm's scope.
    App,
    /// Sends the outbox of all firms.
    Worker,
    /// Brings the feed in.
    Import,
}

impl Role {
    /// The role's name in the database.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::App => "tenantry_app",
            Self::Worker => "tenantry_worker",
            Self::Import => "tenantry_import",
        }
    }

    /// How long one statement may take. A feed of 50,000 tenants takes longer than a turn may (R10).
    fn statement_timeout(self) -> &'static str {
        if self == Self::Import { "15min" } else { "5s" }
    }
}

/// The database, as the bot and its worker see it.
#[derive(Debug, Clone)]
pub struct Database {
    app: PgPool,
    worker: PgPool,
    lists: Lists,
}

impl Database {
    /// Opens the pools; nothing is connected yet.
    ///
    /// # Errors
    /// `url` is not a PostgreSQL address.
    pub fn open(url: &str, connections: u32) -> Result<Self, StoreError> {
        let app = pool(url, Role::App, connections)?;
        Ok(Self { app, worker: pool(url, Role::Worker, 4)?, lists: Lists::default() })
    }

    /// Brings the schema up to date as the login itself. Only where there is something to do must it own the
    /// schema: one that is a member of the narrow roles and of nothing else can start on what is there (P4).
    pub async fn migrate(url: &str) -> Result<(), sqlx::migrate::MigrateError> {
        let options = PgConnectOptions::from_str(url)?.application_name("tenantry-migrate");
        let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
        let done = if is_current(&pool).await { Ok(()) } else { MIGRATIONS.run(&pool).await };
        pool.close().await;
        done
    }

    /// The pool of the request path. Only [`super::scope`] opens transactions on it.
    pub(super) fn app(&self) -> &PgPool {
        &self.app
    }

    /// The firms' taxonomies that were read before.
    pub(super) fn lists(&self) -> &Lists {
        &self.lists
    }

    /// The pool of the outbox sender.
    pub fn worker(&self) -> &PgPool {
        &self.worker
    }

    /// Whether the database answers (L7).
    pub async fn is_ready(&self) -> bool {
        sqlx::query("select 1").execute(&self.app).await.is_ok()
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.app.close().await;
        self.worker.close().await;
    }
}

/// Whether each migration that the program carries was applied as it stands. Not to be allowed to look counts
/// as no.
async fn is_current(pool: &PgPool) -> bool {
    let applied =
        sqlx::query_as::<_, (i64, Vec<u8>)>("select version, checksum from _sqlx_migrations where success");
    applied.fetch_all(pool).await.is_ok_and(|applied| {
        let known = |m: &Migration| {
            applied.iter().any(|(version, checksum)| *version == m.version && *checksum == *m.checksum)
        };
        MIGRATIONS.iter().all(known)
    })
}

/// A pool whose sessions act as `role`, with the time limits of R10.
pub fn pool(url: &str, role: Role, connections: u32) -> Result<PgPool, StoreError> {
    let options = PgConnectOptions::from_str(url)?.application_name("tenantry").options([
        ("role", role.name()),
        ("statement_timeout", role.statement_timeout()),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(2))
        .test_before_acquire(false)
        // A connection that was used a moment ago lives; asking it each time would cost a round trip.
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                use sqlx::Connection as _;
                Ok(meta.idle_for < Duration::from_secs(1) || connection.ping().await.is_ok())
            })
        })
        .connect_lazy_with(options);
    Ok(pool)
}
