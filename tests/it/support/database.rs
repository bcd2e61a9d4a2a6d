//! A migrated database for each test, on a real server, with nothing to set.
//!
//! Without `DATABASE_URL` there is one server per target folder, started by the first test process
//! that wants it and left running for the next. It forgets fsync, so it is for tests only.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, QueryBuilder};
use tenantry::postgres::{Embedded, Options};
use tokio::sync::OnceCell;

static MIGRATOR: Migrator = sqlx::migrate!();
static SERVER: OnceCell<Server> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

const DAY: Duration = Duration::from_hours(24);
/// Two test processes must not make the template at once.
const TEMPLATE_LOCK: i64 = 0x7465_6e61_6e74;

/// A database of one test's own; gone when it is dropped.
pub struct TestDatabase {
    name: String,
    url: String,
    admin_url: String,
}

struct Server {
    admin_url: String,
    template: String,
}

/// A fresh database with all migrations and no rows.
pub async fn fresh() -> TestDatabase {
    let server = SERVER.get_or_init(Server::find).await;
    let name = format!("t_{}_{}_{}", now(), std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin = connect(&server.admin_url).await;
    // From 15 on there is a choice, and copying files is the faster way.
    let strategy = if version(&mut admin).await >= 150_000 { " strategy file_copy" } else { "" };
    run(&mut admin, &["create database ", &name, " template ", &server.template, strategy]).await;
    admin.close().await.unwrap();
    TestDatabase { url: with_database(&server.admin_url, &name), admin_url: server.admin_url.clone(), name }
}

impl TestDatabase {
    /// Where to connect, as the owner of everything in it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Connections as the owner, whom neither grants nor row-level security hold back.
    pub fn owner(&self) -> PgPool {
        let options = PgConnectOptions::from_str(&self.url).unwrap();
        PgPoolOptions::new().max_connections(4).connect_lazy_with(options)
    }

    /// Runs statements as the owner, several if need be.
    pub async fn run(&self, sql: &'static str) {
        let mut connection = connect(&self.url).await;
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (admin_url, name) = (self.admin_url.clone(), self.name.clone());
        // The test's own runtime may be on its way out: this has one to itself.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut admin = connect(&admin_url).await;
                run(&mut admin, &["drop database if exists ", &name, " with (force)"]).await;
                admin.close().await.unwrap();
            });
        });
        // A test that failed already shall say why it did, not this.
        assert!(dropping.join().is_ok() || std::thread::panicking(), "{} could not be dropped", self.name);
    }
}

impl Server {
    async fn find() -> Self {
        let admin_url = match std::env::var_os("DATABASE_URL") {
            Some(url) => url.into_string().unwrap(),
            None => our_server().await,
        };
        let mut hasher = DefaultHasher::new();
        MIGRATOR.iter().for_each(|migration| (migration.version, &migration.checksum).hash(&mut hasher));
        let server = Self { template: format!("tenantry_template_{:016x}", hasher.finish()), admin_url };
        let mut admin = connect(&server.admin_url).await;
        sqlx::query("select pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut admin).await.unwrap();
        server.make_template(&mut admin).await;
        sweep(&mut admin).await;
        admin.close().await.unwrap();
        server
    }

    async fn make_template(&self, admin: &mut PgConnection) {
        let found = sqlx::query("select from pg_database where datname = $1").bind(&self.template);
        if found.fetch_optional(&mut *admin).await.unwrap().is_some() {
            return;
        }
        // Under another name until it is whole.
        let raw = format!("{}_raw", self.template);
        run(admin, &["drop database if exists ", &raw, " with (force)"]).await;
        run(admin, &["create database ", &raw]).await;
        let mut connection = connect(&with_database(&self.admin_url, &raw)).await;
        MIGRATOR.run(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        run(admin, &["alter database ", &raw, " rename to ", &self.template]).await;
    }
}

/// Removes the databases of tests that were killed more than a day ago.
async fn sweep(admin: &mut PgConnection) {
    let query = sqlx::query_scalar(r"select datname::text from pg_database where datname like 't\_%'");
    let names: Vec<String> = query.fetch_all(&mut *admin).await.unwrap();
    let is_old = |name: &&String| {
        let made = name.split('_').nth(1).and_then(|seconds| seconds.parse::<u64>().ok());
        made.is_some_and(|made| made + DAY.as_secs() < now())
    };
    for name in names.iter().filter(is_old) {
        run(admin, &["drop database if exists ", name, " with (force)"]).await;
    }
}

/// The server of this target folder.
async fn our_server() -> String {
    let options = Options { durable: false, max_connections: 300, ..Options::default() };
    let server = Embedded::attach(&server_folder(), options).await.unwrap();
    server.url().to_owned()
}

/// Below the target folder, if the user who runs the server may pass there, else in the temp folder.
fn server_folder() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let open = |folder: &Path| folder.metadata().is_ok_and(|m| m.permissions().mode() & 0o001 != 0);
    let root = Path::new("/proc/self").metadata().is_ok_and(|process| process.uid() == 0);
    if !root || target.ancestors().all(open) {
        return target.join("postgres");
    }
    let mut hasher = DefaultHasher::new();
    target.hash(&mut hasher);
    std::env::temp_dir().join(format!("tenantry-tests-{:016x}", hasher.finish()))
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

async fn version(connection: &mut PgConnection) -> i32 {
    let query = sqlx::query_scalar("select current_setting('server_version_num')::int");
    query.fetch_one(connection).await.unwrap()
}

/// Runs a statement that takes no bound values, from words that are all ours.
async fn run(connection: &mut PgConnection, words: &[&str]) {
    let mut statement = QueryBuilder::<sqlx::Postgres>::new("");
    for word in words {
        statement.push(word);
    }
    statement.build().execute(connection).await.unwrap();
}

fn with_database(url: &str, name: &str) -> String {
    let mut url = reqwest::Url::parse(url).unwrap();
    url.set_path(name);
    url.into()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
