//! The clouds that Teams runs in (TEAMS-PROTOCOL 1.2). A token of one is worth nothing in another.

/// What is fixed about one cloud.
#[derive(Debug, PartialEq, Eq)]
pub struct Cloud {
    /// What `CLOUD` calls it.
    pub name: &'static str,
    /// The `OpenID` metadata of the channel, which names its signing keys.
    pub openid_metadata_url: &'static str,
    /// The issuer of the channel's tokens (A6).
    pub issuer: &'static str,
    /// Where apps sign in.
    pub login: &'static str,
    /// The directory in which bots for many tenants sign in.
    pub multi_tenant_directory: &'static str,
    /// The scope of the bot's own token.
    pub scope: &'static str,
    /// The exact origins of the Connector (N1). Empty where Microsoft has published none.
    pub service_origins: &'static [&'static str],
    /// Where the web client of Teams is, for links into it.
    pub teams: &'static str,
    /// How the hosts of people's drives end: whatever Teams says, files go nowhere else (N3).
    pub drive_hosts: &'static [&'static str],
}

/// All clouds; the first is the default.
pub static CLOUDS: [Cloud; 5] = [
    PUBLIC,
    // The Connector sends a GCC tenant to its own host, but may start on the public one.
    Cloud {
        name: "gcc",
        service_origins: &["https://smba.infra.gcc.teams.microsoft.com", "https://smba.trafficmanager.net"],
        ..PUBLIC
    },
    GCC_HIGH,
    Cloud {
        name: "dod",
        service_origins: &["https://smba.infra.dod.teams.microsoft.us"],
        teams: "https://dod.teams.microsoft.us",
        drive_hosts: &[".sharepoint-mil.us"],
        ..GCC_HIGH
    },
    Cloud {
        name: "china",
        openid_metadata_url: "https://login.botframework.azure.cn/v1/.well-known/openidconfiguration",
        issuer: "https://api.botframework.azure.cn",
        login: "https://login.partner.microsoftonline.cn",
        multi_tenant_directory: "microsoftservices.partner.onmschina.cn",
        scope: "https://api.botframework.azure.cn/.default",
        service_origins: &[],
        teams: "https://teams.microsoftonline.cn",
        drive_hosts: &[".sharepoint.cn"],
    },
];

const PUBLIC: Cloud = Cloud {
    name: "public",
    openid_metadata_url: "https://login.botframework.com/v1/.well-known/openidconfiguration",
    issuer: "https://api.botframework.com",
    login: "https://login.microsoftonline.com",
    multi_tenant_directory: "botframework.com",
    scope: "https://api.botframework.com/.default",
    service_origins: &["https://smba.trafficmanager.net"],
    teams: "https://teams.microsoft.com",
    drive_hosts: &[".sharepoint.com"],
};

const GCC_HIGH: Cloud = Cloud {
    name: "gcc_high",
    openid_metadata_url: "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
    issuer: "https://api.botframework.us",
    login: "https://login.microsoftonline.us",
    multi_tenant_directory: "MicrosoftServices.onmicrosoft.us",
    scope: "https://api.botframework.us/.default",
    service_origins: &["https://smba.infra.gov.teams.microsoft.us"],
    teams: "https://gov.teams.microsoft.us",
    drive_hosts: &[".sharepoint.us"],
};

impl Cloud {
    /// The token endpoint of a directory.
    pub fn token_url(&self, directory: &str) -> String {
        format!("{}/{directory}/oauth2/v2.0/token", self.login)
    }
}
