//! Rigs: real programs, real PostgreSQL and a Teams that misbehaves, broken on purpose while they work. What must
//! never happen is asserted at any speed of the machine; how long things took is printed.
//!
//! In the suite they are small. `docs/performance.md` says how each is run at full size; `RIG_SEED` repeats a run.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test's tasks end with its runtime")]

mod gaps;
mod kill;
mod outage;
mod scheduler;
mod storm;
#[path = "../it/support"]
#[expect(dead_code, reason = "the suite uses the rest")]
mod support {
    pub mod clock;
    pub mod database;
    pub mod firms;
    pub mod post;
    pub mod replica;
    pub mod teams;
    pub mod tokens;
}

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection as _, PgConnection};
use support::teams::Call;
use tokio::time::{Instant, sleep};

/// A figure of the rig: what the variable says, or what suits the suite.
fn figure(name: &str, small: usize) -> usize {
    std::env::var(name).map_or(small, |text| text.parse().expect("a number"))
}

/// What chance is drawn from; printed, so that a run can be repeated.
fn seed() -> u64 {
    let seed = std::env::var("RIG_SEED").map_or_else(|_| fastrand::u64(..), |text| text.parse().unwrap());
    say(&format!("RIG_SEED={seed}"));
    seed
}

#[expect(clippy::print_stdout, reason = "a rig says what it saw")]
fn say(line: &str) {
    println!("{line}");
}

/// Fills a database with firms of one person each, who looks after all the firm's tenants.
async fn portfolio(url: &str, firms: usize, tenants: usize) {
    let mut owner = PgConnection::connect(url).await.unwrap();
    sqlx::query("select set_config('load.firms', $1, false), set_config('load.tenants', $2, false)")
        .bind(firms.to_string())
        .bind(tenants.to_string())
        .execute(&mut owner)
        .await
        .unwrap();
    let rows = include_str!("../../benches/load/portfolio.sql");
    sqlx::raw_sql(rows).execute(&mut owner).await.unwrap();
    owner.close().await.unwrap();
}

/// Waits until `done`, for `patience` at most.
async fn until(what: &str, patience: Duration, done: impl AsyncFn() -> bool) -> Duration {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < patience, "waited in vain: {what}");
        sleep(Duration::from_millis(20)).await;
    }
    begun.elapsed()
}

/// The median and the longest, in milliseconds.
fn median_and_longest(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
    format!("median {} ms, longest {} ms", median.as_millis(), longest.as_millis())
}

/// The most calls that came within `span`, of those with the same `key`.
fn busiest<'a>(calls: &'a [Call], key: impl Fn(&'a Call) -> &'a str, span: TimeDelta) -> usize {
    let mut times: HashMap<&str, Vec<DateTime<Utc>>> = HashMap::new();
    for call in calls {
        times.entry(key(call)).or_default().push(call.came);
    }
    let within = |times: &[DateTime<Utc>]| times.iter().take_while(|at| **at - times[0] < span).count();
    let of = |times: &Vec<DateTime<Utc>>| (0..times.len()).map(|first| within(&times[first..])).max();
    times.values().filter_map(of).max().unwrap_or_default()
}
