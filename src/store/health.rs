//! How the whole installation is, for its operator: counts over all firms, and the state of the schema. No row of any
//! firm's is shown.

use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::database::{MIGRATIONS, Role};
use super::{Database, StoreError};

/// How long a database may take to let somebody in.
const PATIENCE: Duration = Duration::from_secs(5);

/// When the firms' data last came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Feeds {
    /// Firms.
    pub firms: i64,
    /// Firms of which no directory is listed: nobody of them can be answered (P1).
    pub without_directory: i64,
    /// Firms that no import has reached yet.
    pub never: i64,
    /// The latest import of the firm that has waited longest for one.
    pub oldest: Option<DateTime<Utc>>,
    /// The latest import of all.
    pub newest: Option<DateTime<Utc>>,
}

/// Connections of one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Whose: `app` or `worker`.
    pub name: &'static str,
    /// Connections at work.
    pub used: u32,
    /// Connections that wait for work.
    pub idle: u32,
    /// The most that there may be.
    pub most: u32,
}

/// A database as its login finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The server's release as a number, such as 170002 for 17.2.
    pub release: i32,
    /// Whether the login is above every rule of the database.
    pub superuser: bool,
    /// Whether there are trigrams, which searching needs.
    pub trigrams: bool,
    /// Migrations of this program that were not applied.
    pub missing: Vec<i64>,
    /// Migrations that were applied in other words than this program's.
    pub altered: Vec<i64>,
    /// Migrations that a later program applied.
    pub later: Vec<i64>,
    /// Roles that are not there, or that this login may not take.
    pub closed_roles: Vec<String>,
    /// Roles that may do more than they should: superusers, or such as row-level security does not hold back (P4).
    pub strong_roles: Vec<String>,
    /// Tables of firms on which row-level security is not forced (P3).
    pub open_tables: Vec<String>,
}

/// Why nobody could be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// No answer at the address.
    #[error("no answer")]
    Unanswered,
    /// The server takes another kind of TLS, or shows a certificate that is not trusted.
    #[error("TLS")]
    Tls,
    /// The login or its password is wrong.
    #[error("login")]
    Login,
    /// The server has no database of that name.
    #[error("no such database")]
    Absent,
    /// Anything else, by the server's own code.
    #[error("{0}")]
    Other(String),
}

impl Database {
    /// When the firms' data last came.
    pub async fn feeds(&self) -> Result<Feeds, StoreError> {
        let feeds = sqlx::query_as!(
            Feeds,
            r#"
            select
                count(*) as "firms!",
                count(*) filter (where not exists (select from directory d where d.partner_id = p.id))
                    as "without_directory!",
                count(*) filter (where fed_at is null) as "never!",
                min(fed_at) as oldest,
                max(fed_at) as newest
            from partner p
            "#
        )
        .fetch_one(self.worker())
        .await?;
        Ok(feeds)
    }

    /// How busy the pools are.
    pub fn pools(&self) -> [Pool; 2] {
        [("app", self.app()), ("worker", self.worker())].map(|(name, pool)| {
            let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
            let used = pool.size().saturating_sub(idle);
            Pool { name, used, idle, most: pool.options().get_max_connections() }
        })
    }
}

/// Looks at the database at `url`, as its login, and changes nothing.
///
/// # Errors
/// [`Closed`]: why there was nothing to look at.
pub async fn examine(url: &str) -> Result<Examination, Closed> {
    let options = PgConnectOptions::from_str(url)?.application_name("tenantry-doctor");
    let connected = tokio::time::timeout(PATIENCE, PgConnection::connect_with(&options)).await;
    let mut connection = connected.map_err(|_| Closed::Unanswered)??;
    let examined = tokio::time::timeout(PATIENCE, look(&mut connection)).await;
    drop(connection.close().await);
    Ok(examined.map_err(|_| Closed::Unanswered)??)
}

async fn look(connection: &mut PgConnection) -> Result<Examination, sqlx::Error> {
    let server = sqlx::query!(
        r#"
        select
            current_setting('server_version_num')::integer as "release!",
            (select rolsuper from pg_roles where rolname = current_user) as "superuser!",
            exists (select from pg_extension where extname = 'pg_trgm') as "trigrams!"
        "#
    )
    .fetch_one(&mut *connection)
    .await?;
    let applied = applied(connection).await?;
    let of_ours = |version: i64| MIGRATIONS.iter().find(|ours| ours.version == version);
    let is_applied = |version: i64| applied.iter().any(|(there, _)| *there == version);
    let altered = applied.iter().filter(|(version, checksum)| {
        of_ours(*version).is_some_and(|ours| ours.checksum.as_ref() != checksum.as_slice())
    });
    let later = applied.iter().filter(|(version, _)| of_ours(*version).is_none());
    Ok(Examination {
        release: server.release,
        superuser: server.superuser,
        trigrams: server.trigrams,
        missing: MIGRATIONS.iter().map(|ours| ours.version).filter(|version| !is_applied(*version)).collect(),
        altered: altered.map(|(version, _)| *version).collect(),
        later: later.map(|(version, _)| *version).collect(),
        closed_roles: closed_roles(connection).await?,
        strong_roles: strong_roles(connection).await?,
        open_tables: open_tables(connection).await?,
    })
}

/// The migrations that were applied. A database that has none has no table of them.
async fn applied(connection: &mut PgConnection) -> Result<Vec<(i64, Vec<u8>)>, sqlx::Error> {
    let there =
        sqlx::query_scalar!(r#"select to_regclass('public._sqlx_migrations') is not null as "there!""#)
            .fetch_one(&mut *connection)
            .await?;
    if !there {
        return Ok(Vec::new());
    }
    // The table is the migrator's own: there is none to check this against when compiling.
    sqlx::query_as("select version, checksum from public._sqlx_migrations where success order by version")
        .fetch_all(connection)
        .await
}

/// Those of the roles that `serve` works in which this login cannot take.
async fn closed_roles(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    let needed = [Role::App, Role::Worker].map(|role| role.name().to_owned());
    sqlx::query_scalar!(
        r#"
        select needed as "needed!"
        from unnest($1::text[]) needed left join pg_roles r on r.rolname = needed
        where r.oid is null or not pg_has_role(current_user, r.oid, 'member')
        "#,
        &needed
    )
    .fetch_all(connection)
    .await
}

/// Those of our roles that are more than they should be.
async fn strong_roles(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    let ours = [Role::App, Role::Worker, Role::Import].map(|role| role.name().to_owned());
    sqlx::query_scalar!(
        r#"
        select rolname as "name!" from pg_roles
        where rolname = any($1) and (rolsuper or rolbypassrls or exists (
            select from pg_class where relowner = pg_roles.oid))
        "#,
        &ours
    )
    .fetch_all(connection)
    .await
}

/// Tables with rows of firms that row-level security does not hold back. The directory is what a scope is found by.
async fn open_tables(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"
        select c.relname as "name!"
        from pg_class c
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
            and not (c.relrowsecurity and c.relforcerowsecurity)
            and c.relname <> 'directory'
            and (c.relname = 'partner' or exists (
                select from pg_attribute a
                where a.attrelid = c.oid and a.attname = 'partner_id' and not a.attisdropped))
        order by 1
        "#
    )
    .fetch_all(connection)
    .await
}

/// Codes of the server: a wrong password, a login that may not in, a database that is not there.
impl From<sqlx::Error> for Closed {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => Self::Unanswered,
            sqlx::Error::Tls(_) => Self::Tls,
            sqlx::Error::Database(refusal) => match refusal.code().as_deref() {
                Some("28P01" | "28000") => Self::Login,
                Some("3D000") => Self::Absent,
                code => Self::Other(format!("SQLSTATE {}", code.unwrap_or("unknown"))),
            },
            _ => Self::Other("the address cannot be used".to_owned()),
        }
    }
}
