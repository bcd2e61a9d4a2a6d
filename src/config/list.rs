//! The list of all settings, which the help text, the documentation and the reader share.

/// One name in the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The variable.
    pub name: &'static str,
    /// What holds when it is not set, in words where it depends.
    pub default: &'static str,
    /// What it decides, in one line.
    pub meaning: &'static str,
}

const fn setting(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default, meaning }
}

/// All settings, in the order of the documentation.
pub const SETTINGS: &[Setting] = &[
    setting(
        "HOST",
        "127.0.0.1",
        "The address to listen on: an IP address, or localhost. The demo takes loopback only.",
    ),
    setting("PORT", "3978", "The port to listen on, 0 to 65535; 0 takes any free one."),
    setting(
        "METRICS_ADDRESS",
        "off",
        "Where Prometheus reads /metrics: a port of this machine, as in 9464, or an IP address and a port in a private network.",
    ),
    setting(
        "CLIENT_ID",
        "needed by serve",
        "The bot's app id, a GUID. The demo refuses to start when it is set.",
    ),
    setting("CLIENT_SECRET", "needed by serve", "The bot's client secret. Give this or CLIENT_SECRET_FILE."),
    setting(
        "CLIENT_SECRET_FILE",
        "none",
        "A file with the client secret, read anew for each token, so that it can change while the bot runs.",
    ),
    setting("TENANT_ID", "needed by single_tenant", "The directory in which the bot is registered, a GUID."),
    setting("APP_TYPE", "single_tenant", "How the bot is registered: single_tenant or multi_tenant."),
    setting("CLOUD", "public", "The Microsoft cloud: public, gcc, gcc_high, dod or china."),
    setting(
        "CHANNELS",
        "msteams",
        "The channels that may call, with commas between: msteams, and m365extensions for Outlook and the Microsoft 365 app.",
    ),
    setting(
        "OPENID_METADATA_URL",
        "the cloud's",
        "Where the channel's signing keys are found. https; plain http for loopback only.",
    ),
    setting(
        "TOKEN_URL",
        "the cloud's",
        "Where the bot gets its own token. https; plain http for loopback only.",
    ),
    setting(
        "SERVICE_ORIGINS",
        "none",
        "Exact origins added to the cloud's list of those that get the bot's token, with commas between. https; plain http for loopback only.",
    ),
    setting(
        "DATABASE_URL",
        "a server of its own",
        "The PostgreSQL database to use, as postgres://user:password@host/database?sslmode=verify-full.",
    ),
    setting(
        "DB_POOL",
        "10",
        "The most database connections of one pool, 1 to 100; with its own server 1 to 20.",
    ),
    setting(
        "DATA_DIR",
        "/var/lib/tenantry for root, else tenantry in the user's data folder",
        "The folder of its own database server. Not used with DATABASE_URL.",
    ),
    setting(
        "PG_BIN_DIR",
        "PATH, then the usual folders",
        "The folder of the PostgreSQL programs for its own server.",
    ),
    setting(
        "HELP_DIR",
        "none",
        "A folder with topics of your own for the help, one JSON file each; see docs/operations.md.",
    ),
    setting(
        "LINK_HOST",
        "none",
        "The public host of this service, such as bot.example.com: cards then carry links below https://<host>/t/.",
    ),
    setting(
        "LOG",
        "info",
        "What to log: error, warn, info, debug, trace, or by module as in info,tenantry=debug.",
    ),
];

/// The list as text for a terminal.
pub fn help() -> String {
    let width = SETTINGS.iter().map(|s| s.name.len()).max().unwrap_or_default();
    let line = |s: &Setting| format!("  {:width$}  {} [{}]\n", s.name, s.meaning, s.default);
    format!("Settings, from the environment:\n{}", SETTINGS.iter().map(line).collect::<String>())
}
