//! `tenantry doctor` says of each thing that can be wrong with a set-up what to do, and never a secret.

use chrono::TimeDelta;
use tenantry::domain::time::{Clock as _, SystemClock};

use crate::support::program::{Place, Said};
use crate::support::teams::SECRET;
use crate::support::tokens::APP_ID;

const DOMAIN: &str = "tenantry.northwind.com";

async fn doctor(place: &Place, changed: &[(&str, &str)]) -> Said {
    let said = place.run(&["doctor"], changed).await;
    assert!(!said.text.contains(SECRET), "a secret is said: {}", said.text);
    said
}

/// Whether a line begins with the verdict and the check, and says the words.
#[track_caller]
fn finds(said: &Said, verdict: &str, check: &str, words: &str) {
    let line = said.text.lines().find(|line| {
        let mut parts = line.split_whitespace();
        parts.next() == Some(verdict) && parts.next() == Some(check) && line.contains(words)
    });
    assert!(line.is_some(), "no {verdict} {check} that says {words:?} in:\n{}", said.text);
    assert_eq!(said.code, i32::from(said.text.lines().any(|line| line.starts_with("fail"))), "{}", said.text);
}

#[tokio::test]
async fn a_set_up_that_works_has_a_good_word_for_every_check() {
    let place = Place::new().await;
    place.database.run("update partner set fed_at = now() - interval '5 hours'").await;
    let said = doctor(&place, &[]).await;
    assert_eq!(said.code, 0, "{}", said.text);
    for check in [
        "settings",
        "database",
        "pg_trgm",
        "schema",
        "roles",
        "outbox",
        "data",
        "keys",
        "token",
        "clock",
        "connector",
    ] {
        finds(&said, "ok", check, "");
    }
    finds(&said, "ok", "data", "2 firms, the oldest import 5 hours ago.");
    // The tests' own login is one.
    finds(&said, "warn", "roles", "is a superuser");
    assert!(said.text.ends_with("0 failed, 1 to look at\n"), "{}", said.text);
}

#[tokio::test]
async fn settings_that_are_missing_contradict_or_look_wrong_are_named() {
    let place = Place::new().await;
    let said = doctor(&place, &[("CLIENT_ID", ""), ("CLIENT_SECRET_FILE", "/nowhere")]).await;
    finds(&said, "fail", "settings", "CLIENT_ID is missing: set it to the bot's app id, a GUID");
    finds(&said, "fail", "settings", "CLIENT_SECRET and CLIENT_SECRET_FILE: set only one of them");
    finds(&said, "ok", "database", "PostgreSQL");
    finds(&said, "warn", "channel", "the settings come first");
    let id = "7e2a1c5e-0000-4000-8000-0000000000b0";
    finds(
        &doctor(&place, &[("CLIENT_SECRET", id)]).await,
        "warn",
        "settings",
        "this looks like the secret's ID",
    );
    let open = doctor(&place, &[("METRICS_ADDRESS", "0.0.0.0:9464")]).await;
    finds(&open, "warn", "settings", "keep it in a private network");
    let same = doctor(&place, &[("PORT", "3978"), ("METRICS_ADDRESS", "3978")]).await;
    finds(&same, "fail", "settings", "METRICS_ADDRESS: give another port than PORT");
}

#[tokio::test]
async fn a_database_that_cannot_be_used_says_why() {
    let place = Place::new().await;
    let nobody = doctor(&place, &[("DATABASE_URL", "postgres://bot:hunter2@127.0.0.1:9/tenantry")]).await;
    finds(&nobody, "fail", "database", "No answer: start the server");
    assert!(!nobody.text.contains("hunter2"), "a password is said: {}", nobody.text);
    let mut absent = reqwest::Url::parse(place.database.url()).unwrap();
    absent.set_path("no_such_database");
    finds(
        &doctor(&place, &[("DATABASE_URL", absent.as_str())]).await,
        "fail",
        "database",
        "no such database",
    );
    let empty = tempfile::tempdir().unwrap();
    let folder = empty.path().to_str().unwrap();
    let own = doctor(&place, &[("DATABASE_URL", ""), ("DATA_DIR", folder)]).await;
    finds(&own, "fail", "database", "There is none yet: `tenantry migrate` makes it.");
    assert_eq!(empty.path().read_dir().unwrap().count(), 0, "the doctor changes nothing");
}

#[tokio::test]
async fn sr_p3_a_schema_that_is_not_ours_or_lets_firms_see_each_other_is_found() {
    let place = Place::new().await;
    let database = &place.database;
    database.run("alter table tenant no force row level security").await;
    finds(&doctor(&place, &[]).await, "fail", "roles", "The table tenant has no row-level security in force");
    database.run("insert into _sqlx_migrations select 9999, 'x', now(), true, '', 0").await;
    finds(&doctor(&place, &[]).await, "warn", "schema", "It is a later program's");
    database.run("update _sqlx_migrations set checksum = 'other' where version = 5").await;
    finds(&doctor(&place, &[]).await, "fail", "schema", "Migration 0005 was made by another build");
    database.run("delete from _sqlx_migrations where version = 5").await;
    let older = doctor(&place, &[]).await;
    finds(&older, "fail", "schema", "Migration 0005 was not applied: run `tenantry migrate`");
    database.run("drop extension pg_trgm cascade").await;
    finds(&doctor(&place, &[]).await, "fail", "pg_trgm", "create extension pg_trgm");
}

#[tokio::test]
async fn sr_r6_what_lies_about_in_the_outbox_and_what_the_feeds_left_out_is_told() {
    let place = Place::new().await;
    let database = &place.database;
    finds(&doctor(&place, &[]).await, "warn", "data", "2 of 2 firms were never imported");
    database.run("update partner set fed_at = now() - interval '9 days'").await;
    finds(&doctor(&place, &[]).await, "warn", "data", "A firm's last import is 9 days old");
    database.run("insert into partner (id, name, mpn_id) values (gen_random_uuid(), 'Third', '3')").await;
    finds(&doctor(&place, &[]).await, "warn", "data", "1 of 3 firms without a directory");

    database
        .run(
            "insert into conversation (partner_id, id, kind, service_url, directory_id, bot_id)
             select id, 'a:x', 'personal', 'https://x', id, '28:x' from partner where mpn_id = '3';
             insert into outbox (partner_id, id, conversation_id, errand, not_before, created_at, dead_at, reason)
             select id, gen_random_uuid(), 'a:x', '{}', now(), now(), now(), '403' from partner where mpn_id = '3'",
        )
        .await;
    finds(&doctor(&place, &[]).await, "warn", "outbox", "1 dead letters: `tenantry outbox list` says why");
    database.run("update outbox set dead_at = null, created_at = now() - interval '4 hours'").await;
    finds(&doctor(&place, &[]).await, "warn", "outbox", "The oldest message waits for 4 hours");
}

#[tokio::test]
async fn what_is_wrong_on_microsofts_side_is_said_with_what_to_do() {
    let place = Place::new().await;
    place.teams.fail_tokens(Some(401));
    let refused = doctor(&place, &[]).await;
    finds(&refused, "fail", "token", "take the value of a client secret, not its ID. The login of");
    finds(&refused, "fail", "token", "says AADSTS7000215.");
    place.teams.fail_tokens(None);
    let away = doctor(
        &place,
        &[("TOKEN_URL", "http://127.0.0.1:9/token"), ("SERVICE_ORIGINS", "http://127.0.0.1:9")],
    )
    .await;
    finds(&away, "fail", "token", "let this machine reach the host of TOKEN_URL");
    finds(&away, "warn", "clock", "Not compared");
    finds(&away, "fail", "connector", "http://127.0.0.1:9 does not answer");

    for (minutes, which) in [(-7, "ahead of"), (7, "behind")] {
        place.teams.clock_is(SystemClock.now() + TimeDelta::minutes(minutes));
        finds(&doctor(&place, &[]).await, "fail", "clock", which);
    }
    place.authority.tell(|script| script.metadata["issuer"] = "https://api.botframework.com".into());
    finds(&doctor(&place, &[]).await, "fail", "keys", "another cloud's: set CLOUD to that of the bot");
    place.authority.tell(|script| script.status = 500);
    finds(&doctor(&place, &[]).await, "fail", "keys", "leave OPENID_METADATA_URL out");
    let silent = doctor(&place, &[("OPENID_METADATA_URL", "http://127.0.0.1:9/keys")]).await;
    finds(&silent, "fail", "keys", "let this machine reach the host of OPENID_METADATA_URL");
}

#[tokio::test]
async fn pkg_04_05_14_a_package_of_another_bot_version_or_host_is_found() {
    let place = Place::new().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.zip");
    let zip = path.to_str().unwrap();
    let make =
        ["manifest", "--client-id", APP_ID, "--domain", DOMAIN, "--developer", "Northwind", "--out", zip];
    assert_eq!(place.run(&make, &[]).await.code, 0);
    let look = |domain: &'static str| ["doctor", "--package", zip, "--domain", domain];
    finds(&place.run(&look(DOMAIN), &[]).await, "ok", "package", "for this bot");
    let elsewhere = place.run(&look("bot.fabrikam.com"), &[]).await;
    finds(&elsewhere, "fail", "package", "bot.fabrikam.com is not among its valid domains");
    let other = [("CLIENT_ID", "7e2a1c5e-0000-4000-8000-0000000000b0")];
    finds(&place.run(&look(DOMAIN), &other).await, "fail", "package", "It is another bot's than CLIENT_ID");
    std::fs::write(&path, "no zip").unwrap();
    finds(&place.run(&look(DOMAIN), &[]).await, "fail", "package", "This is no app package");
}
