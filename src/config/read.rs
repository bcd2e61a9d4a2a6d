//! From words in the environment to settings, collecting everything that is wrong on the way.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

use super::{AppType, Bot, CHANNELS, CLOUDS, Cloud, Database, Mode, Problems, Secret, Settings, is_loopback};

/// The most connections of a pool with a server of our own, which takes 50 in all.
const EMBEDDED_POOL: u32 = 20;

pub(super) fn settings(lookup: &dyn Fn(&str) -> Option<String>, mode: Mode) -> Result<Settings, Problems> {
    let mut reader = Reader { lookup, problems: Vec::new() };
    let listen = reader.listen(mode);
    let metrics = reader.metrics(listen);
    let bot = match mode {
        Mode::Serve => reader.bot(),
        Mode::Demo => reader.no_bot(),
        Mode::Command => None,
    };
    let database = reader.database();
    let db_pool = reader.db_pool(database.as_ref());
    let help_dir = reader.help_dir();
    let link_host = reader.link_host();
    let log = reader.log();
    match (database, mode, bot) {
        (Some(database), Mode::Demo | Mode::Command, bot) | (Some(database), Mode::Serve, bot @ Some(_))
            if reader.problems.is_empty() =>
        {
            Ok(Settings { listen, metrics, bot, database, db_pool, help_dir, link_host, log })
        }
        _ => Err(Problems(reader.problems)),
    }
}

/// Looks names up and notes what is wrong with them.
struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn get(&self, name: &str) -> Option<String> {
        let value = (self.lookup)(name)?;
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    fn note<T>(&mut self, problem: impl Into<String>) -> Option<T> {
        self.problems.push(problem.into());
        None
    }

    fn parse<T: FromStr>(&mut self, name: &str, wanted: &str) -> Option<T> {
        let value = self.get(name)?;
        // The value stays out of the message: it may be a secret in the wrong place.
        value.parse().ok().or_else(|| self.note(format!("{name}: {wanted}")))
    }

    fn listen(&mut self, mode: Mode) -> SocketAddr {
        let host = match self.get("HOST").as_deref() {
            Some("localhost") => None,
            _ => self.parse("HOST", "give an IP address, as in 127.0.0.1 or 0.0.0.0"),
        };
        let host = host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        if mode == Mode::Demo && !is_loopback(host) {
            self.problems
                .push("HOST: the demo checks no tokens and listens on 127.0.0.1 only: unset it".into());
        }
        SocketAddr::new(host, self.parse("PORT", "give a number from 0 to 65535").unwrap_or(3978))
    }

    /// A port alone is one of this machine. Never the address that Teams reaches (L7).
    fn metrics(&mut self, listen: SocketAddr) -> Option<SocketAddr> {
        let value = self.get("METRICS_ADDRESS").filter(|value| value != "off")?;
        let port = value.parse().ok().map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let Some(address) = port.or_else(|| value.parse().ok()) else {
            return self.note(
                "METRICS_ADDRESS: give a port, as in 9464, or an IP address and a port, as in 10.0.0.5:9464",
            );
        };
        if address.port() != 0 && address.port() == listen.port() {
            return self
                .note("METRICS_ADDRESS: give another port than PORT: nobody outside may read the metrics");
        }
        Some(address)
    }

    fn no_bot(&mut self) -> Option<Bot> {
        if self.get("CLIENT_ID").is_some() {
            self.problems.push("CLIENT_ID: the demo checks no tokens: unset it, or use serve".into());
        }
        None
    }

    fn bot(&mut self) -> Option<Bot> {
        let client_id = self.needed("CLIENT_ID", "the bot's app id, a GUID");
        let secret = self.secret();
        let app_type = self.app_type();
        let tenant_id = match app_type {
            Some(AppType::MultiTenant) => self.parse("TENANT_ID", "give the directory's GUID"),
            _ => self.needed("TENANT_ID", "the GUID of the directory in which the bot is registered"),
        };
        let cloud = self.cloud()?;
        let openid_metadata_url = self.url("OPENID_METADATA_URL", cloud.openid_metadata_url);
        let directory = match app_type? {
            AppType::MultiTenant => cloud.multi_tenant_directory.to_owned(),
            AppType::SingleTenant => tenant_id.map(|id: Uuid| id.to_string()).unwrap_or_default(),
        };
        let token_url = self.url("TOKEN_URL", &cloud.token_url(&directory));
        let service_origins = self.service_origins(cloud);
        let channels = self.channels();
        Some(Bot {
            client_id: client_id?,
            secret: secret?,
            tenant_id,
            app_type: app_type?,
            cloud,
            channels,
            openid_metadata_url: openid_metadata_url?,
            token_url: token_url?,
            service_origins,
        })
    }

    fn needed(&mut self, name: &str, what: &str) -> Option<Uuid> {
        match self.get(name) {
            None => self.note(format!("{name} is missing: set it to {what}")),
            Some(_) => self.parse(name, &format!("give {what}")),
        }
    }

    fn secret(&mut self) -> Option<Secret> {
        match (self.get("CLIENT_SECRET"), self.get("CLIENT_SECRET_FILE")) {
            (Some(secret), None) => Some(Secret::Value(SecretString::from(secret))),
            (None, Some(path)) => {
                let secret = Secret::File(PathBuf::from(path));
                match secret.get() {
                    Ok(_) => Some(secret),
                    Err(error) => self.note(format!("CLIENT_SECRET_FILE: cannot be read: {error}")),
                }
            }
            (None, None) => self.note(
                "CLIENT_SECRET is missing: set it, or CLIENT_SECRET_FILE, to the secret that Entra shows once",
            ),
            (Some(_), Some(_)) => self.note("CLIENT_SECRET and CLIENT_SECRET_FILE: set only one of them"),
        }
    }

    fn app_type(&mut self) -> Option<AppType> {
        match self.get("APP_TYPE").as_deref() {
            None | Some("single_tenant") => Some(AppType::SingleTenant),
            Some("multi_tenant") => Some(AppType::MultiTenant),
            Some(_) => self.note("APP_TYPE: give single_tenant or multi_tenant"),
        }
    }

    fn cloud(&mut self) -> Option<&'static Cloud> {
        let name = self.get("CLOUD").unwrap_or_else(|| "public".to_owned());
        let names = CLOUDS.iter().map(|cloud| cloud.name).collect::<Vec<_>>().join(", ");
        cloud_named(&name).or_else(|| self.note(format!("CLOUD: give one of {names}")))
    }

    fn url(&mut self, name: &str, default: &str) -> Option<String> {
        let value = self.get(name).unwrap_or_else(|| default.to_owned());
        if is_web_address(&value) {
            return Some(value);
        }
        self.note(format!("{name}: give an https address (plain http for loopback only)"))
    }

    fn channels(&mut self) -> Vec<String> {
        let [teams, ..] = CHANNELS;
        let named = self.get("CHANNELS").unwrap_or_else(|| teams.to_owned());
        let channels: Vec<&str> = named.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if !channels.contains(&teams) || !channels.iter().all(|channel| CHANNELS.contains(channel)) {
            self.problems.push(format!("CHANNELS: give {teams}, or {}", CHANNELS.join(",")));
        }
        channels.into_iter().map(str::to_owned).collect()
    }

    fn service_origins(&mut self, cloud: &Cloud) -> Vec<String> {
        let added = self.get("SERVICE_ORIGINS").unwrap_or_default();
        let added: Vec<&str> = added.split(',').map(str::trim).filter(|origin| !origin.is_empty()).collect();
        for origin in added.iter().filter(|origin| !is_origin(origin)) {
            self.problems.push(format!(
                "SERVICE_ORIGINS: {origin} is no origin; write it as https://host without a path \
                 (plain http for loopback only)"
            ));
        }
        let origins: Vec<String> =
            cloud.service_origins.iter().copied().chain(added).map(str::to_owned).collect();
        if origins.is_empty() {
            self.problems.push(format!(
                "SERVICE_ORIGINS is missing: no addresses of Teams are known for the cloud {}; set it to the \
                 origin of the serviceUrl that Teams sends there",
                cloud.name
            ));
        }
        origins
    }

    fn database(&mut self) -> Option<Database> {
        if let Some(url) = self.get("DATABASE_URL") {
            let postgres =
                Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"));
            // The address stays out of the message: it holds a password.
            let wanted = "DATABASE_URL: give an address as in postgres://user:password@host/database";
            return if postgres {
                Some(Database::External(SecretString::from(url)))
            } else {
                self.note(wanted)
            };
        }
        let bin_dir = self.get("PG_BIN_DIR").map(PathBuf::from);
        match self.get("DATA_DIR").map(PathBuf::from).or_else(|| self.default_data_dir()) {
            Some(data_dir) if data_dir.is_absolute() => Some(Database::Embedded { data_dir, bin_dir }),
            Some(_) => self.note("DATA_DIR: give an absolute path"),
            None => self.note("DATA_DIR is missing: there is no home folder; set it, or DATABASE_URL"),
        }
    }

    fn default_data_dir(&self) -> Option<PathBuf> {
        if rustix::process::geteuid().is_root() {
            return Some(PathBuf::from("/var/lib/tenantry"));
        }
        let home = self.get("HOME").map(PathBuf::from);
        let below_home =
            if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/share" };
        let data =
            self.get("XDG_DATA_HOME").map(PathBuf::from).or_else(|| home.map(|home| home.join(below_home)));
        data.map(|data| data.join("tenantry"))
    }

    fn db_pool(&mut self, database: Option<&Database>) -> u32 {
        let most = if matches!(database, Some(Database::External(_))) { 100 } else { EMBEDDED_POOL };
        let wanted = format!("give a number from 1 to {most}");
        let size = self.parse("DB_POOL", &wanted).unwrap_or(10);
        if !(1..=most).contains(&size) {
            self.problems.push(format!("DB_POOL: {wanted}"));
        }
        size
    }

    fn help_dir(&mut self) -> Option<PathBuf> {
        let dir = self.get("HELP_DIR").map(PathBuf::from)?;
        if dir.is_absolute() { Some(dir) } else { self.note("HELP_DIR: give an absolute path") }
    }

    fn link_host(&mut self) -> Option<String> {
        let host = self.get("LINK_HOST")?.to_ascii_lowercase();
        let url = Url::parse(&format!("https://{host}/"));
        if url.is_ok_and(|url| url.host_str() == Some(&*host)) && host.contains('.') {
            return Some(host);
        }
        self.note("LINK_HOST: give a host name alone, as in bot.example.com")
    }

    fn log(&mut self) -> String {
        let log = self.get("LOG").unwrap_or_else(|| "info".to_owned());
        if EnvFilter::builder().parse(&log).is_err() {
            self.problems.push("LOG: give a level, or levels by module as in info,tenantry=debug".into());
        }
        log
    }
}

fn cloud_named(name: &str) -> Option<&'static Cloud> {
    CLOUDS.iter().find(|cloud| cloud.name == name)
}

/// The host of a database that is reached over the network without checking who answers (G5).
pub(super) fn unverified_host(url: &SecretString) -> Option<String> {
    let url = Url::parse(url.expose_secret()).ok()?;
    let parameter =
        |name| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let host = parameter("host").or_else(|| url.host_str().map(str::to_owned))?;
    let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
    // A socket's path begins with a slash, which the host of an address writes as %2F.
    let socket = host.starts_with('/') || host.starts_with("%2");
    let local = socket || host == "localhost" || ip.is_ok_and(is_loopback);
    let verified = parameter("sslmode").as_deref() == Some("verify-full");
    (!local && !verified).then_some(host)
}

fn is_web_address(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    plain && url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && loopback))
}

fn is_origin(text: &str) -> bool {
    is_web_address(text) && Url::parse(text).is_ok_and(|url| url.path() == "/" && url.query().is_none())
}
