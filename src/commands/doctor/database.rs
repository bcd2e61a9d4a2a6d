//! The data: server, schema, borders between firms, what waits to be sent, and how old the feeds are.

use chrono::{DateTime, TimeDelta, Utc};
use tenantry::config;
use tenantry::domain::time::{Clock, SystemClock};
use tenantry::store::Database;
use tenantry::store::health::{Closed, Examination, Feeds, examine};
use tenantry::store::outbox::{Counts, Outbox};

use super::finding::{Finding, fail, ok, warn};
use crate::commands::data::Data;

/// The oldest release that works.
const OLDEST_RELEASE: i32 = 140_000;
/// A message that may be sent and is older than this has nobody who sends it, or a channel that refuses it.
const LONG_WAIT: TimeDelta = TimeDelta::minutes(10);
/// A feed is nightly; one that is older than this was missed.
const OLD_FEED: TimeDelta = TimeDelta::hours(48);

/// Looks at the database, as it is.
pub async fn look(settings: &config::Database) -> Vec<Finding> {
    let data = match Data::look(settings).await {
        Ok(Some(data)) => data,
        Ok(None) => return vec![fail("database", "There is none yet: `tenantry migrate` makes it.")],
        Err(error) => return vec![fail("database", format!("{error:#}."))],
    };
    let findings = match examine(&data.url).await {
        Ok(examination) => findings(&data.url, &examination).await,
        Err(closed) => vec![fail("database", why_closed(&closed))],
    };
    match data.close().await {
        Ok(()) => findings,
        Err(error) => findings.into_iter().chain([warn("database", format!("{error:#}."))]).collect(),
    }
}

async fn findings(url: &str, of: &Examination) -> Vec<Finding> {
    let mut findings = vec![server(of), trigrams(of), schema(of), borders(of)];
    if of.superuser {
        findings.push(warn(
            "roles",
            "The login of DATABASE_URL is a superuser: let serve log in as one that has tenantry_app and tenantry_worker only.",
        ));
    }
    if of.missing.is_empty() && of.closed_roles.is_empty() {
        match figures(url).await {
            Ok((counts, feeds)) => findings.extend([outbox(&counts), data(&feeds)]),
            Err(error) => findings.push(fail("data", format!("It cannot be read: {error}."))),
        }
    }
    findings
}

async fn figures(url: &str) -> Result<(Counts, Feeds), tenantry::store::StoreError> {
    let database = Database::open(url, 1)?;
    let counts = Outbox::new(database.worker().clone()).counts().await;
    let feeds = database.feeds().await;
    database.close().await;
    Ok((counts?, feeds?))
}

fn why_closed(closed: &Closed) -> String {
    let says = match closed {
        Closed::Unanswered => {
            "No answer: start the server, and compare host and port of DATABASE_URL with it and with the firewall."
        }
        Closed::Tls => {
            "No safe connection: give the server a certificate that this machine trusts, for its name in DATABASE_URL."
        }
        Closed::Login => "The server refuses the login: set user and password in DATABASE_URL.",
        Closed::Absent => {
            "The server has no such database: create it, or correct the name at the end of DATABASE_URL."
        }
        Closed::Other(code) => return format!("The server refuses us ({code}): look at its log."),
    };
    says.to_owned()
}

fn server(of: &Examination) -> Finding {
    let (major, minor) = (of.release / 10_000, of.release % 10_000);
    if of.release < OLDEST_RELEASE {
        return fail("database", format!("PostgreSQL {major}.{minor} is too old: 14 or later is needed."));
    }
    ok("database", format!("PostgreSQL {major}.{minor} answers."))
}

fn trigrams(of: &Examination) -> Finding {
    if of.trigrams {
        ok("pg_trgm", "Installed.")
    } else {
        fail("pg_trgm", "Missing: `create extension pg_trgm` as the database's owner, or `tenantry migrate`.")
    }
}

fn schema(of: &Examination) -> Finding {
    if !of.altered.is_empty() {
        let says = "was made by another build than this one: use the program that made it, or its successor";
        return fail("schema", format!("Migration {} {says}.", list(&of.altered)));
    }
    if !of.missing.is_empty() {
        let says = "was not applied: run `tenantry migrate` of this version as the database's owner";
        return fail("schema", format!("Migration {} {says}.", list(&of.missing)));
    }
    if !of.later.is_empty() {
        return warn("schema", "It is a later program's: replace this program with that version.");
    }
    ok("schema", "The present one.")
}

/// P3, P4.
fn borders(of: &Examination) -> Finding {
    if let Some(role) = of.closed_roles.first() {
        let says = "is not there or not for this login: run `tenantry migrate`, then grant it to the login";
        return fail("roles", format!("The role {role} {says}."));
    }
    if let Some(role) = of.strong_roles.first() {
        let says = "owns tables, is a superuser or passes by row-level security: take that from it";
        return fail("roles", format!("The role {role} {says}."));
    }
    if let Some(table) = of.open_tables.first() {
        let says = "has no row-level security in force: `alter table … enable row level security, force row level security`";
        return fail("roles", format!("The table {table} {says}."));
    }
    ok("roles", "Narrow, and row-level security is forced on every table of firms.")
}

fn outbox(counts: &Counts) -> Finding {
    let waited = counts.oldest.map(|since| SystemClock.now() - since).filter(|waited| *waited > LONG_WAIT);
    if let Some(waited) = waited {
        let says = "is `tenantry serve` running, and does the log say why messages fail?";
        return warn("outbox", format!("The oldest message waits for {}: {says}", time(waited)));
    }
    if counts.dead > 0 {
        let says = "`tenantry outbox list` says why, `tenantry outbox retry` sends one again";
        return warn("outbox", format!("{} dead letters: {says}.", counts.dead));
    }
    ok("outbox", format!("{} wait, none is dead.", counts.waiting))
}

fn data(feeds: &Feeds) -> Finding {
    let age = |at: Option<DateTime<Utc>>| at.map(|at| SystemClock.now() - at);
    if feeds.firms == 0 {
        return warn("data", "No firm yet: `tenantry import` brings one in.");
    }
    if feeds.without_directory > 0 {
        let says = "without a directory, so nobody there is answered: list it in the firm's row of the feed";
        return warn("data", format!("{} of {} firms {says}.", feeds.without_directory, feeds.firms));
    }
    match age(feeds.oldest) {
        _ if feeds.never > 0 => warn(
            "data",
            format!("{} of {} firms were never imported: run `tenantry import`.", feeds.never, feeds.firms),
        ),
        Some(age) if age > OLD_FEED => warn(
            "data",
            format!("A firm's last import is {} old: look at the nightly `tenantry import`.", time(age)),
        ),
        age => ok(
            "data",
            format!("{} firms, the oldest import {} ago.", feeds.firms, time(age.unwrap_or_default())),
        ),
    }
}

fn list(versions: &[i64]) -> String {
    versions.iter().map(|version| format!("{version:04}")).collect::<Vec<_>>().join(", ")
}

/// A span in its largest unit.
fn time(span: TimeDelta) -> String {
    match (span.num_days(), span.num_hours(), span.num_minutes()) {
        (days, ..) if days >= 3 => format!("{days} days"),
        (_, hours, _) if hours >= 3 => format!("{hours} hours"),
        (.., minutes) => format!("{minutes} minutes"),
    }
}
