//! Settings, read once from the environment; every problem is reported at once.
//!
//! [`Settings::read`] is pure: it is given a way to look names up, so that tests need no environment.
//! [`SETTINGS`] lists all names with their defaults; `--help` and docs/configuration.md show that list.

mod cloud;
mod list;
mod read;

use std::fmt;
use std::fs;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

pub use cloud::{CLOUDS, Cloud};
pub use list::{SETTINGS, Setting, help};

/// What the program is about to do, which decides what it needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Answers Teams: needs the bot's identity.
    Serve,
    /// Answers the Agents Playground on this machine, without any identity (A11).
    Demo,
    /// Works on the database or on files and ends.
    Command,
}

/// Everything that the environment decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the metrics can be read (L7); `None`: nowhere.
    pub metrics: Option<SocketAddr>,
    /// Who the bot is to Teams. Always there for [`Mode::Serve`], never for [`Mode::Demo`].
    pub bot: Option<Bot>,
    /// Where the data is.
    pub database: Database,
    /// The most connections that one pool holds, 1 to 100.
    pub db_pool: u32,
    /// The folder of the operator's own topics for the help, an absolute path.
    pub help_dir: Option<PathBuf>,
    /// The public host of links to tenants and services; none: cards carry no links.
    pub link_host: Option<String>,
    /// What the logs shall say, as `tracing-subscriber` reads it.
    pub log: String,
}

/// The channels that the bot understands, as activities name them: Teams, and Outlook with the Microsoft 365 app.
pub const CHANNELS: [&str; 2] = ["msteams", "m365extensions"];

/// The bot's identity and the Microsoft services that it deals with.
#[derive(Debug, Clone)]
pub struct Bot {
    /// The app id, a GUID: what a token's `aud` must be (A6).
    pub client_id: Uuid,
    /// How the bot proves who it is.
    pub secret: Secret,
    /// The directory in which the bot is registered.
    pub tenant_id: Option<Uuid>,
    /// Whether that registration is for one directory.
    pub app_type: AppType,
    /// The cloud's fixed facts.
    pub cloud: &'static Cloud,
    /// Which of [`CHANNELS`] may call (A8); the first one always.
    pub channels: Vec<String>,
    /// Where the channel's signing keys are found (A13).
    pub openid_metadata_url: String,
    /// Where the bot gets its own token.
    pub token_url: String,
    /// The exact origins that the token may be sent to (N1): the cloud's and the operator's.
    pub service_origins: Vec<String>,
}

/// How the bot is registered in Entra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppType {
    /// For one directory, as all new bots are.
    SingleTenant,
    /// For many, as bots made before August 2025 may be.
    MultiTenant,
}

/// The client secret. One in a file is read anew for each token, so that it can be changed while the
/// bot runs (G5).
#[derive(Clone)]
pub enum Secret {
    /// From `CLIENT_SECRET`.
    Value(SecretString),
    /// The file of `CLIENT_SECRET_FILE`.
    File(PathBuf),
}

/// Where the data is.
#[derive(Debug, Clone)]
pub enum Database {
    /// A server of the operator's: its address, password and all.
    External(SecretString),
    /// A server of our own.
    Embedded {
        /// The folder that holds it.
        data_dir: PathBuf,
        /// The folder of the PostgreSQL programs, when it was named.
        bin_dir: Option<PathBuf>,
    },
}

/// All that is wrong with the settings, each with what to change.
#[derive(Debug, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl Settings {
    /// Reads the settings of this process.
    ///
    /// # Errors
    /// All problems at once.
    pub fn from_env(mode: Mode) -> Result<Self, Problems> {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads settings")]
        Self::read(&|name| std::env::var(name).ok(), mode)
    }

    /// Reads the settings that `lookup` knows. A name that is set to nothing counts as not set.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>, mode: Mode) -> Result<Self, Problems> {
        read::settings(lookup, mode)
    }

    /// What an operator should know before this goes live, though it runs.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Database::External(url) = &self.database
            && let Some(host) = read::unverified_host(url)
        {
            warnings.push(format!(
                "DATABASE_URL: the connection to {host} does not check who answers; add sslmode=verify-full"
            ));
        }
        if self.bot.is_some() && !is_loopback(self.listen.ip()) {
            warnings.push(format!("listening on {} in plain HTTP: TLS must end in front of it", self.listen));
        }
        if let Some(metrics) = self.metrics.filter(|metrics| !is_loopback(metrics.ip())) {
            warnings.push(format!(
                "METRICS_ADDRESS: whoever reaches {metrics} can read it: keep it in a private network"
            ));
        }
        if self.bot.as_ref().is_some_and(|bot| bot.secret.is_an_id()) {
            warnings.push(
                "CLIENT_SECRET: this looks like the secret's ID; set it to the secret's value, which Entra shows once"
                    .to_owned(),
            );
        }
        warnings
    }
}

impl Secret {
    /// The secret as it is now.
    ///
    /// # Errors
    /// When the file cannot be read or is empty.
    pub fn get(&self) -> io::Result<SecretString> {
        match self {
            Self::Value(secret) => Ok(secret.clone()),
            Self::File(path) => match fs::read_to_string(path)?.trim() {
                "" => Err(io::Error::new(io::ErrorKind::InvalidData, "the file is empty")),
                secret => Ok(SecretString::from(secret)),
            },
        }
    }
}

impl Secret {
    /// Whether somebody copied the id of the secret instead of the secret: no secret of Entra is a GUID.
    fn is_an_id(&self) -> bool {
        self.get().is_ok_and(|secret| Uuid::parse_str(secret.expose_secret()).is_ok())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_) => f.write_str("***"),
            Self::File(path) => write!(f, "the text of {}", path.display()),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings are not complete:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Problems {}

impl Problems {
    /// One line for each.
    pub fn lines(&self) -> &[String] {
        &self.0
    }
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}
