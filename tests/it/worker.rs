//! The worker as a process runs it: on real time, woken by the database, stopped, and without its database.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tenantry::domain::time::{Clock as _, SystemClock};
use tenantry::jobs::runner::{Settings, Worker};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::post::{Post, words};
use crate::support::teams::Fault;

struct Running {
    stop: CancellationToken,
    ended: JoinHandle<()>,
}

/// A worker that would not look by itself before the test is over.
fn start(post: &Post, farewell: Duration) -> Running {
    let settings = Settings {
        poll: Duration::from_mins(10),
        quiet: Duration::ZERO,
        farewell,
        ..Settings::new(post.teams.origins())
    };
    let connector = post.teams.connector(Arc::new(SystemClock));
    let clock = Arc::new(SystemClock);
    let worker = Worker::new(post.outbox.clone(), connector, clock, settings);
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    Running { stop, ended: tokio::spawn(async move { worker.run(stopped).await }) }
}

impl Running {
    async fn stop(self) -> Duration {
        let told = Instant::now();
        self.stop.cancel();
        self.ended.await.unwrap();
        told.elapsed()
    }
}

async fn shown(post: &Post, conversation: &str, count: usize) -> Duration {
    let begun = Instant::now();
    while post.teams.shown(conversation).len() < count {
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", post.rows(conversation).await);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r3_a_commit_wakes_the_worker() {
    let post = Post::open_at(SystemClock.now()).await;
    post.owe("before", &[words("x")]).await;
    let running = start(&post, Duration::from_secs(5));
    shown(&post, "before", 1).await;
    for n in 0..5 {
        let name = format!("a:{n}");
        post.hear(crate::support::firms::ANN, &name).await;
        // Long enough for a worker that only looks after its own sends to fall asleep.
        tokio::time::sleep(Duration::from_millis(50)).await;
        post.owe_unheard(&name, &[words("x")]).await;
        let took = shown(&post, &name, 1).await;
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
    // A budget that is spent for a moment is no reason to wait for the next announcement.
    post.owe("busy", &(0..8).map(|n| words(&n.to_string())).collect::<Vec<_>>()).await;
    assert!(shown(&post, "busy", 8).await < Duration::from_secs(8));
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r9_a_worker_that_stops_finishes_what_it_began() {
    let post = Post::open_at(SystemClock.now()).await;
    let running = start(&post, Duration::from_secs(5));
    post.teams.fail("a:1", [Fault::Late(Duration::from_millis(200))]);
    post.owe("a:1", &[words("x")]).await;
    shown(&post, "a:1", 1).await;
    assert!(running.stop().await < Duration::from_secs(2));
    let row = post.row("a:1").await;
    assert!(row.sent_at.is_some() && row.leased_until.is_none(), "{row:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r9_a_worker_that_cannot_wait_gives_its_claims_back() {
    let post = Post::open_at(SystemClock.now()).await;
    let running = start(&post, Duration::from_millis(20));
    post.teams.fail("a:1", [Fault::Late(Duration::from_secs(9))]);
    post.owe("a:1", &[words("x")]).await;
    shown(&post, "a:1", 1).await;
    assert!(running.stop().await < Duration::from_millis(350), "sooner than the call would end");
    // The next one takes it at once, and knows that it may have been sent.
    let running = start(&post, Duration::from_secs(5));
    shown(&post, "a:1", 2).await;
    running.stop().await;
    let row = post.row("a:1").await;
    assert!(row.sent_at.is_some() && row.maybe_repeated, "{row:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r10_a_worker_outlives_its_database() {
    let post = Post::open_at(SystemClock.now()).await;
    let running = start(&post, Duration::from_secs(5));
    post.owe("a:1", &[words("before")]).await;
    shown(&post, "a:1", 1).await;

    let options = PgConnectOptions::from_str(post.test.url()).unwrap();
    let name = options.get_database().unwrap().to_owned();
    let mut server = PgConnection::connect_with(&options.database("postgres")).await.unwrap();
    let mut tell = async |statement: String| {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut server).await.unwrap();
    };
    tell(format!("alter database {name} allow_connections false")).await;
    tell(format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    tell(format!("alter database {name} allow_connections true")).await;

    // Nobody announces this one: the worker must look for itself when it is connected again.
    let begun = Instant::now();
    post.owe("a:1", &[words("after")]).await;
    shown(&post, "a:1", 2).await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    // And it listens again.
    tokio::time::sleep(Duration::from_secs(4)).await;
    post.owe("a:2", &[words("x")]).await;
    assert!(shown(&post, "a:2", 1).await < Duration::from_secs(1));
    running.stop().await;
}
