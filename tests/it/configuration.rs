//! Settings: what is read, what is refused, and that the documentation says the same.

use std::collections::HashMap;
use std::fs;
use std::io::Write;

use secrecy::ExposeSecret;
use tenantry::config::{AppType, CLOUDS, Database, Mode, Problems, SETTINGS, Settings, help};
use tenantry::connector::service_url::ServiceOrigins;

const CLIENT: &str = "11111111-2222-3333-4444-555555555555";
const TENANT: &str = "66666666-7777-8888-9999-000000000000";
const IDENTITY: [(&str, &str); 4] = [
    ("CLIENT_ID", CLIENT),
    ("CLIENT_SECRET", "hush-hush"),
    ("TENANT_ID", TENANT),
    ("HOME", "/home/somebody"),
];

fn read(mode: Mode, pairs: &[(&str, &str)]) -> Result<Settings, Problems> {
    let map: HashMap<&str, &str> = pairs.iter().copied().collect();
    Settings::read(&|name| map.get(name).map(|value| (*value).to_owned()), mode)
}

fn serve(extra: &[(&str, &str)]) -> Result<Settings, Problems> {
    read(Mode::Serve, &[&IDENTITY, extra].concat())
}

/// The names that the problems begin with.
fn named(result: Result<Settings, Problems>) -> Vec<String> {
    let problems = result.expect_err("must be refused");
    let name = |line: &String| line.split([':', ' ']).next().unwrap().to_owned();
    problems.lines().iter().map(name).collect()
}

#[test]
fn all_problems_are_reported_at_once() {
    let wrong = [
        ("HOST", "example.com"),
        ("PORT", "65536"),
        ("CLIENT_ID", "me"),
        ("APP_TYPE", "SingleTenant"),
        ("CLOUD", "moon"),
        ("DATABASE_URL", "mysql://db"),
        ("DB_POOL", "0"),
        ("LINK_HOST", "https://bot.example.com/"),
        ("LOG", "a=b=c"),
    ];
    let names = named(read(Mode::Serve, &wrong));
    let all = [
        "HOST",
        "PORT",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "APP_TYPE",
        "TENANT_ID",
        "CLOUD",
        "DATABASE_URL",
        "DB_POOL",
        "LINK_HOST",
        "LOG",
    ];
    assert_eq!(names, all);
}

#[test]
fn nothing_set_is_enough_for_the_demo_and_for_commands() {
    let home = [("HOME", "/home/somebody"), ("CLIENT_SECRET", "")];
    for mode in [Mode::Demo, Mode::Command] {
        let settings = read(mode, &home).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:3978");
        assert!(settings.bot.is_none() && matches!(settings.database, Database::Embedded { .. }));
        assert_eq!((settings.db_pool, settings.log.as_str()), (10, "info"));
    }
}

#[test]
fn sr_a11_the_demo_is_for_loopback_and_has_no_identity() {
    let home = ("HOME", "/home/somebody");
    for host in ["127.0.0.1", "127.8.8.8", "localhost", "::1"] {
        assert!(read(Mode::Demo, &[home, ("HOST", host)]).is_ok(), "{host}");
    }
    for host in ["0.0.0.0", "::", "192.168.1.2", "::ffff:8.8.8.8"] {
        assert_eq!(named(read(Mode::Demo, &[home, ("HOST", host)])), ["HOST"], "{host}");
    }
    assert_eq!(named(read(Mode::Demo, &[home, ("CLIENT_ID", CLIENT)])), ["CLIENT_ID"]);
}

#[test]
fn a_cloud_brings_its_addresses_and_each_can_be_replaced() {
    let bot = |extra: &[(&str, &str)]| serve(extra).unwrap().bot.unwrap();
    let public = bot(&[]);
    assert_eq!(public.app_type, AppType::SingleTenant);
    assert_eq!(public.token_url, format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"));
    assert_eq!(public.service_origins, ["https://smba.trafficmanager.net"]);
    let many = bot(&[("APP_TYPE", "multi_tenant")]);
    assert_eq!(many.token_url, "https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token");
    let high = bot(&[("CLOUD", "gcc_high"), ("TOKEN_URL", "http://127.0.0.1:9/token")]);
    assert_eq!(high.cloud.issuer, "https://api.botframework.us");
    assert_eq!(high.token_url, "http://127.0.0.1:9/token");
    assert!(high.openid_metadata_url.starts_with("https://login.botframework.azure.us/"));
    let added = bot(&[("SERVICE_ORIGINS", "http://localhost:5000, https://proxy.example")]);
    assert_eq!(added.service_origins.len(), 3);
    assert!(ServiceOrigins::parse(added.service_origins.iter().map(String::as_str)).is_ok());
}

#[test]
fn sr_n1_the_clouds_hosts_are_origins_and_china_needs_one_from_the_operator() {
    for cloud in &CLOUDS {
        assert!(ServiceOrigins::parse(cloud.service_origins.iter().copied()).is_ok(), "{}", cloud.name);
        assert!(cloud.scope.starts_with(cloud.issuer), "{}", cloud.name);
    }
    assert_eq!(named(serve(&[("CLOUD", "china")])), ["SERVICE_ORIGINS"]);
    assert!(serve(&[("CLOUD", "china"), ("SERVICE_ORIGINS", "https://teams.example")]).is_ok());
}

#[test]
fn sr_n1_addresses_are_https_but_on_loopback() {
    for bad in [
        "http://teams.example",
        "ftp://teams.example",
        "teams.example",
        "https://me@teams.example",
        "https://",
    ] {
        for name in ["SERVICE_ORIGINS", "TOKEN_URL", "OPENID_METADATA_URL"] {
            assert_eq!(named(serve(&[(name, bad)])), [name], "{bad}");
        }
    }
    for bad in ["https://teams.example/path", "https://teams.example/?a", "https://teams.example/#a"] {
        assert_eq!(named(serve(&[("SERVICE_ORIGINS", bad)])), ["SERVICE_ORIGINS"], "{bad}");
    }
}

#[test]
fn sr_g5_secrets_are_not_shown_and_a_file_is_read_anew() {
    let url = "postgres://bot:hush-hush@db.example/tenantry";
    let settings = serve(&[("DATABASE_URL", url)]).unwrap();
    assert!(!format!("{settings:?}").contains("hush-hush"));
    for wrong in ["postgres://bot:hush-hush@db.example:port/x", "http://bot:hush-hush@db.example"] {
        let problems = serve(&[("DATABASE_URL", wrong), ("CLIENT_ID", "hush-hush")]).unwrap_err();
        assert!(problems.lines().len() == 2 && !problems.to_string().contains("hush-hush"), "{problems}");
    }
    assert_eq!(named(serve(&[("CLIENT_SECRET_FILE", "/dev/null")])), ["CLIENT_SECRET"], "both are set");

    let mut file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    let from_file = [("CLIENT_SECRET", ""), ("CLIENT_SECRET_FILE", path.as_str())];
    assert_eq!(named(serve(&from_file)), ["CLIENT_SECRET_FILE"], "the file is empty");
    writeln!(file, "first").unwrap();
    let secret = serve(&from_file).unwrap().bot.unwrap().secret;
    assert_eq!(secret.get().unwrap().expose_secret(), "first");
    fs::write(&path, "second\n").unwrap();
    assert_eq!(secret.get().unwrap().expose_secret(), "second");
}

#[test]
fn sr_g5_an_unchecked_way_to_the_database_is_warned_of() {
    let warned = |url| !serve(&[("DATABASE_URL", url)]).unwrap().warnings().is_empty();
    assert!(warned("postgres://bot@db.example/x") && warned("postgres://bot@db.example/x?sslmode=require"));
    assert!(!warned("postgres://bot@db.example/x?sslmode=verify-full"));
    assert!(!warned("postgres://bot@127.0.0.1/x") && !warned("postgres://bot@localhost/x?host=/run/pg"));
}

#[test]
fn the_documentation_lists_every_setting_as_the_program_does() {
    let page = fs::read_to_string("docs/configuration.md").unwrap();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let wanted: Vec<String> =
        SETTINGS.iter().map(|s| format!("| `{}` | {} | {} |", s.name, s.default, s.meaning)).collect();
    assert_eq!(rows, wanted);
    assert!(SETTINGS.iter().all(|s| help().contains(s.name)));
}

#[test]
fn what_is_read_is_listed() {
    let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
    let lookup = |name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        None
    };
    assert!(Settings::read(&lookup, Mode::Serve).is_err());
    // Where home is, the system says.
    let system = ["HOME", "XDG_DATA_HOME"];
    let asked = asked.into_inner();
    let unlisted = asked.iter().filter(|name| !system.contains(&name.as_str()));
    let listed: std::collections::BTreeSet<&str> = SETTINGS.iter().map(|s| s.name).collect();
    assert_eq!(unlisted.map(String::as_str).collect::<std::collections::BTreeSet<_>>(), listed);
}

#[test]
fn sr_a8_teams_alone_may_call_unless_outlook_is_named_too() {
    let channels = |named: &str| serve(&[("CHANNELS", named)]).map(|settings| settings.bot.unwrap().channels);
    assert_eq!(channels("").unwrap(), ["msteams"]);
    assert_eq!(channels("msteams, m365extensions").unwrap(), ["msteams", "m365extensions"]);
    for wrong in ["m365extensions", "msteams,webchat", "emulator", "Teams", ","] {
        assert_eq!(named(serve(&[("CHANNELS", wrong)])), ["CHANNELS"], "{wrong}");
    }
}
