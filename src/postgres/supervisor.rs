//! Bringing the server up whatever the last crash left behind, and down again.
//!
//! The sign of life is a connection through the socket, never a pid file. Everything here blocks.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::str::FromStr;
use std::thread::sleep;
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::Options;
use super::account::Account;
use super::error::{Error, Explain};
use super::folder::{Folder, OwnerLock, PORT, last_lines};
use super::process::living_server;
use super::programs::{LOCALE, Places, Programs};

/// How long a killed owner's child, caught between fork and exec, may still have a copy of the lock.
const LAST_GASP: Duration = Duration::from_secs(1);
/// How long the remains of a killed server may hold its memory.
const REMAINS: Duration = Duration::from_secs(20);
/// How long a server may take to come up, crash recovery included.
const START: Duration = Duration::from_mins(1);
/// How long a living server may leave its socket unanswered before it is stopped.
const SILENCE: Duration = Duration::from_secs(3);
/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Knows one private server.
#[derive(Debug)]
pub(super) struct Supervisor {
    folder: Folder,
    account: Account,
    programs: Programs,
    options: Options,
}

/// The supervisor, with the lock if this program owns the server.
pub(super) type Hold = (Supervisor, Option<OwnerLock>);

/// What a look through the socket finds.
enum Sign {
    Ready,
    /// It answers, but is on its way up or down.
    Busy,
    Silent,
}

impl Supervisor {
    /// Owns the server, or fails when another program does.
    pub fn own(root: &Path, options: Options) -> Result<Hold, Error> {
        let folder = Folder::at(root)?;
        let deadline = Instant::now() + LAST_GASP;
        loop {
            match folder.lock()? {
                Some(lock) => return Self::begin(folder, options, lock),
                None if Instant::now() < deadline => sleep(PAUSE),
                None => return Err(Error::InUse { process: folder.holder(), root: folder.root }),
            }
        }
    }

    /// Owns the server when nobody does, else waits until its owner has it up.
    pub fn own_or_visit(root: &Path, options: Options) -> Result<Hold, Error> {
        let folder = Folder::at(root)?;
        let deadline = Instant::now() + START;
        loop {
            if let Some(lock) = folder.lock()? {
                return Self::begin(folder, options, lock);
            }
            if folder.data.exists() {
                let visitor = Self::new(folder.clone(), options.clone())?;
                if matches!(visitor.look()?, Sign::Ready) && visitor.has_database()? {
                    return Ok((visitor, None));
                }
            }
            if Instant::now() > deadline {
                return Err(Error::NoAnswer { log: folder.log_tail(), root: folder.root });
            }
            sleep(PAUSE);
        }
    }

    fn new(folder: Folder, options: Options) -> Result<Self, Error> {
        let account = Account::for_data(&folder.data);
        let programs = Places::of_this_machine(options.bin_dir.clone()).find(&folder.data)?;
        Ok(Self { folder, account, programs, options })
    }

    fn begin(folder: Folder, options: Options, lock: OwnerLock) -> Result<Hold, Error> {
        folder.remove_leftovers(&lock);
        let supervisor = Self::new(folder, options)?;
        supervisor.account.must_pass(&supervisor.programs.bin)?;
        supervisor.folder.open_for(&supervisor.account)?;
        if !supervisor.folder.data.exists() {
            supervisor.make_data()?;
        }
        if supervisor.is_up()? {
            tracing::info!("the database server of an earlier run is still there: adopted");
        } else {
            supervisor.start(&lock)?;
        }
        supervisor.make_database()?;
        Ok((supervisor, Some(lock)))
    }

    /// Makes the data under another name, so that half of it is never mistaken for the whole.
    fn make_data(&self) -> Result<(), Error> {
        let fresh = self.folder.new_data(&self.account)?;
        let mut initdb = self.programs.command("initdb");
        initdb.args(["-U", "bot", "-E", "UTF8", "--no-instructions", "-A", "trust"]);
        initdb.arg(format!("--locale={LOCALE}")).arg("-D").arg(&fresh);
        if !self.options.durable {
            initdb.arg("--no-sync");
        }
        self.account.run_as(&mut initdb);
        let output = initdb.stdin(Stdio::null()).output().explain("cannot run initdb for", &fresh)?;
        if !output.status.success() {
            let said = [output.stdout, output.stderr].concat();
            let log = last_lines(&String::from_utf8_lossy(&said));
            let _ = fs::remove_dir_all(&fresh);
            return Err(Error::Initdb { data: fresh, log });
        }
        self.folder.name_data(&fresh)
    }

    /// Whether a server is there and well. One on its way up is waited for; one that lives but has lost
    /// its socket (temp folders get cleaned) is stopped.
    fn is_up(&self) -> Result<bool, Error> {
        let mut silent_since = Instant::now();
        let deadline = Instant::now() + START;
        loop {
            match self.look()? {
                Sign::Ready => return Ok(true),
                Sign::Busy if Instant::now() > deadline => return Err(self.no_answer()),
                Sign::Busy => silent_since = Instant::now(),
                Sign::Silent => {
                    let [pid_file, _] = self.folder.server_locks();
                    if living_server(&pid_file, &self.folder.data).is_none() {
                        return Ok(false);
                    }
                    if silent_since.elapsed() > SILENCE {
                        return self.stop().map(|()| false);
                    }
                }
            }
            sleep(PAUSE);
        }
    }

    fn start(&self, lock: &OwnerLock) -> Result<(), Error> {
        let deadline = Instant::now() + REMAINS;
        loop {
            self.remove_stale_locks(lock)?;
            if self.pg_ctl_start()? {
                return Ok(());
            }
            let log = self.folder.log_tail();
            // The backends of a killed server notice its death one by one.
            if !log.contains("pre-existing shared memory block") || Instant::now() > deadline {
                return Err(Error::Start { path: self.folder.log.clone(), log });
            }
            sleep(Duration::from_millis(500));
        }
    }

    /// Removes the lock files of servers that are no more. Only for the holder of the lock.
    fn remove_stale_locks(&self, _: &OwnerLock) -> Result<(), Error> {
        for file in self.folder.server_locks() {
            if file.exists() && living_server(&file, &self.folder.data).is_none() {
                tracing::info!(file = %file.display(), "removing the lock file of a server that is gone");
                fs::remove_file(&file).explain("cannot remove", &file)?;
            }
        }
        Ok(())
    }

    fn pg_ctl_start(&self) -> Result<bool, Error> {
        // The server keeps what pg_ctl has open: a file serves, a pipe would never end.
        let log = self.folder.new_log(&self.account)?;
        let errors = log.try_clone().explain("cannot write", &self.folder.log)?;
        let mut pg_ctl = self.programs.daemon_command("pg_ctl");
        pg_ctl.arg("start").arg("-w").args(["-t", &START.as_secs().to_string()]);
        pg_ctl.arg("-D").arg(&self.folder.data).arg("-l").arg(&self.folder.log);
        pg_ctl.arg("-o").arg(self.server_options());
        pg_ctl.stdin(Stdio::null()).stdout(log).stderr(errors);
        self.account.run_as(&mut pg_ctl);
        let status = pg_ctl.status().explain("cannot run pg_ctl for", &self.folder.data)?;
        Ok(status.success())
    }

    /// The server's options, as `pg_ctl` hands them to a shell.
    fn server_options(&self) -> String {
        let socket = self.folder.socket.to_string_lossy().replace('"', "\"\"");
        let mut settings = vec![
            "listen_addresses=".to_owned(),
            // A list, whose items stand in double quotes.
            format!("unix_socket_directories=\"{socket}\""),
            "unix_socket_permissions=0700".to_owned(),
            format!("port={PORT}"),
            format!("max_connections={}", self.options.max_connections),
            "shared_buffers=64MB".to_owned(),
            "timezone=UTC".to_owned(),
            "log_timezone=UTC".to_owned(),
            // The details of a refused row are what somebody typed (G2).
            "log_error_verbosity=terse".to_owned(),
        ];
        if !self.options.durable {
            settings.extend(
                ["fsync", "synchronous_commit", "full_page_writes"].map(|name| format!("{name}=off")),
            );
        }
        let quoted = settings.iter().map(|setting| format!("-c '{}'", setting.replace('\'', r"'\''")));
        quoted.collect::<Vec<_>>().join(" ")
    }

    /// Stops the server and waits for its end.
    pub fn stop(&self) -> Result<(), Error> {
        let mut pg_ctl = self.programs.command("pg_ctl");
        pg_ctl.args(["stop", "-m", "fast", "-w", "-t", "20"]).arg("-D").arg(&self.folder.data);
        pg_ctl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.account.run_as(&mut pg_ctl);
        let status = pg_ctl.status().explain("cannot run pg_ctl for", &self.folder.data)?;
        let [pid_file, _] = self.folder.server_locks();
        // It may have ended by itself in the meantime.
        if status.success() || living_server(&pid_file, &self.folder.data).is_none() {
            return Ok(());
        }
        Err(Error::Stop { root: self.folder.root.clone(), log: self.folder.log_tail() })
    }

    /// The address of a database on this server.
    pub fn url(&self, database: &str) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
        let socket = self.folder.socket.to_string_lossy();
        let host = socket.bytes().fold(String::new(), |text, byte| {
            if plain(byte) { text + &char::from(byte).to_string() } else { text + &format!("%{byte:02X}") }
        });
        // Port and TLS mode are said, lest the environment's PGPORT and PGSSLMODE have a say.
        format!("postgres://bot@localhost:{PORT}/{database}?host={host}&sslmode=disable")
    }

    fn look(&self) -> Result<Sign, Error> {
        match self.connect() {
            Ok(connection) => {
                close(connection);
                Ok(Sign::Ready)
            }
            Err(sqlx::Error::Database(error)) => match error.code().as_deref() {
                // cannot_connect_now: starting up, shutting down, recovering.
                Some("57P03") => Ok(Sign::Busy),
                // too_many_connections: busy with others, but alive.
                Some("53300") => Ok(Sign::Ready),
                _ => Err(self.refused(sqlx::Error::Database(error))),
            },
            Err(_) => Ok(Sign::Silent),
        }
    }

    fn has_database(&self) -> Result<bool, Error> {
        let ask = async {
            let mut connection = self.connection().await?;
            let found: Option<i32> =
                sqlx::query_scalar("select 1 from pg_database where datname = 'tenantry'")
                    .fetch_optional(&mut connection)
                    .await?;
            connection.close().await?;
            Ok(found.is_some())
        };
        tokio::runtime::Handle::current().block_on(ask).map_err(|error| self.refused(error))
    }

    fn make_database(&self) -> Result<(), Error> {
        if self.has_database()? {
            return Ok(());
        }
        let make = async {
            let mut connection = self.connection().await?;
            sqlx::query("create database tenantry").execute(&mut connection).await?;
            connection.close().await
        };
        tokio::runtime::Handle::current().block_on(make).map_err(|error| self.refused(error))
    }

    async fn connection(&self) -> Result<PgConnection, sqlx::Error> {
        let options = PgConnectOptions::from_str(&self.url("postgres"))?;
        PgConnection::connect_with(&options).await
    }

    fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        tokio::runtime::Handle::current().block_on(self.connection())
    }

    fn no_answer(&self) -> Error {
        Error::NoAnswer { root: self.folder.root.clone(), log: self.folder.log_tail() }
    }

    fn refused(&self, source: sqlx::Error) -> Error {
        Error::Refused { root: self.folder.root.clone(), source }
    }
}

fn close(connection: PgConnection) {
    let _ = tokio::runtime::Handle::current().block_on(connection.close());
}
