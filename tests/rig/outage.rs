//! People work while PostgreSQL goes away and comes back, and while a program is told to stop: what was acknowledged
//! is kept, and whoever was let in is answered (R2, R9, R10).

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::Utc;
use fastrand::Rng;
use reqwest::Client;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tenantry::postgres::{Embedded, Options};
use tenantry::store::Database;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use uuid::Uuid;

use super::{figure, median_and_longest, portfolio, say, seed, until};
use crate::support::database::fresh;
use crate::support::replica::{Program, Surroundings};
use crate::support::teams::Teams;
use crate::support::tokens::{APP_ID, Authority, KEY_ID, SIGNER, client};

/// With a person and a tenant each: so many that nobody is kept from writing by a limit (L4).
const FIRMS: usize = 200;
/// Lines that wait for their answer at once: a busy machine shall be slow, not overrun.
const AT_ONCE: usize = 16;

/// How a line was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// 200: it is kept.
    Acknowledged,
    /// Another status: the channel delivers it again.
    Refused(u16),
    /// Nobody listened: the channel tries again.
    NotLetIn,
    /// Let in, and never answered.
    Cut,
}

/// People of many firms, each with a status note for the own tenant.
struct People {
    ids: Vec<Uuid>,
    teams: Teams,
    /// One for all, or one for each line.
    http: Client,
    tokens: String,
    outcomes: Mutex<Vec<(String, Outcome)>>,
    gone: AtomicBool,
}

impl People {
    async fn of(url: &str, teams: &Teams, http: Client) -> Arc<Self> {
        let mut owner = PgConnection::connect(url).await.unwrap();
        let ids =
            sqlx::query_scalar("select id from person order by id").fetch_all(&mut owner).await.unwrap();
        let token = SIGNER.token(&teams.service_url(), Utc::now());
        let (outcomes, gone) = (Mutex::default(), AtomicBool::new(false));
        Arc::new(Self { ids, teams: teams.clone(), http, tokens: token, outcomes, gone })
    }

    /// Writes lines at `address`, so many a second, until they are told to go; fewer while many are unanswered. Waits
    /// for the last answer.
    async fn write(self: Arc<Self>, address: String, per_second: u32) {
        let mut pace = interval(Duration::from_secs(1) / per_second);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut lines = JoinSet::new();
        for number in 0.. {
            pace.tick().await;
            if lines.len() >= AT_ONCE {
                lines.join_next().await;
            }
            if self.gone.load(Relaxed) {
                break;
            }
            let (people, address) = (Arc::clone(&self), address.clone());
            lines.spawn(async move { people.line(&address, number).await });
        }
        lines.join_all().await;
    }

    async fn line(&self, address: &str, number: usize) {
        let text = format!("line {number} of {}", Uuid::new_v4());
        let outcome = self.post(address, number, &text).await;
        self.outcomes.lock().unwrap().push((text, outcome));
    }

    async fn post(&self, address: &str, number: usize, text: &str) -> Outcome {
        let person = self.ids[number % self.ids.len()];
        let activity = json!({
            "type": "message", "id": Uuid::new_v4(), "channelId": "msteams", "serviceUrl": self.teams.service_url(),
            "localTimezone": "Europe/Berlin", "text": format!("note customer 1: {text}"),
            "from": { "id": format!("29:{person}"), "aadObjectId": person },
            "recipient": { "id": format!("28:{APP_ID}") },
            "conversation": { "id": format!("a:{person}"), "conversationType": "personal", "tenantId": person },
            "channelData": { "tenant": { "id": person } },
        });
        let request = self.http.post(format!("{address}/api/messages")).bearer_auth(&self.tokens);
        match request.json(&activity).timeout(Duration::from_mins(1)).send().await {
            Ok(answer) if answer.status() == 200 => Outcome::Acknowledged,
            Ok(answer) => Outcome::Refused(answer.status().as_u16()),
            Err(error) if error.is_connect() => Outcome::NotLetIn,
            Err(_) => Outcome::Cut,
        }
    }

    fn count(&self, which: impl Fn(Outcome) -> bool) -> usize {
        self.outcomes.lock().unwrap().iter().filter(|(_, outcome)| which(*outcome)).count()
    }

    /// How many lines were answered in all.
    fn answered(&self) -> usize {
        self.outcomes.lock().unwrap().len()
    }

    fn say(&self) {
        let acknowledged = self.count(|outcome| outcome == Outcome::Acknowledged);
        let refused = self.count(|outcome| matches!(outcome, Outcome::Refused(_)));
        let (away, cut) = (self.count(|o| o == Outcome::NotLetIn), self.count(|o| o == Outcome::Cut));
        say(&format!("{acknowledged} lines acknowledged, {refused} refused, {away} not let in, {cut} cut"));
    }

    /// The acknowledged lines that are not in the database.
    async fn lost(&self, url: &str) -> Vec<String> {
        let mut owner = PgConnection::connect(url).await.unwrap();
        let kept: Vec<String> =
            sqlx::query_scalar("select body from note_version").fetch_all(&mut owner).await.unwrap();
        let kept: std::collections::HashSet<String> = kept.into_iter().collect();
        let outcomes = self.outcomes.lock().unwrap();
        let acknowledged = outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Acknowledged);
        acknowledged.map(|(text, _)| text.clone()).filter(|text| !kept.contains(text)).collect()
    }
}

/// A server of the rig's own, which may be stopped and killed.
struct Server {
    embedded: Option<Embedded>,
    folder: TempDir,
}

impl Server {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // As root the server runs as another user, who must get in.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let mut server = Self { embedded: None, folder };
        server.come_back().await;
        server
    }

    fn root(&self) -> std::path::PathBuf {
        self.folder.path().join("tenantry")
    }

    fn url(&self) -> String {
        self.embedded.as_ref().unwrap().url().to_owned()
    }

    async fn come_back(&mut self) {
        self.embedded = Some(Embedded::start(&self.root(), Options::default()).await.unwrap());
    }

    async fn stop(&mut self) {
        self.embedded.take().unwrap().stop().await.unwrap();
    }

    /// As when the machine runs out of memory.
    fn kill(&mut self) {
        let pid = process_in(&self.root().join("data/postmaster.pid"));
        kill_process(pid, Signal::KILL).unwrap();
        drop(self.embedded.take());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.embedded.is_some() {
            let pid = process_in(&self.root().join("data/postmaster.pid"));
            // Both may be on their way out already.
            let _ = kill_process(pid, Signal::QUIT);
        }
    }
}

fn process_in(pid_file: &Path) -> Pid {
    let text = fs::read_to_string(pid_file).unwrap();
    Pid::from_raw(i32::from_str(text.lines().next().unwrap()).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r10_postgres_restarted_and_killed_under_load_loses_nothing_that_was_acknowledged() {
    let rounds = figure("RIG_RESTARTS", 2);
    let mut server = Server::start().await;
    let url = server.url();
    Database::migrate(&url).await.unwrap();
    portfolio(&url, FIRMS, 1).await;
    let teams = Teams::start().await;
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    let program = Program::start(&Surroundings::with_teams(&url, &authority, &teams)).await;

    let people = People::of(&url, &teams, client()).await;
    let writing = tokio::task::spawn(Arc::clone(&people).write(program.address.clone(), 50));
    let (mut healthy, mut working) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        sleep(Duration::from_millis(1_500)).await;
        if round % 2 == 0 {
            server.stop().await;
        } else {
            server.kill();
        }
        sleep(Duration::from_millis(500)).await;
        let before = people.count(|outcome| outcome == Outcome::Acknowledged);
        server.come_back().await;
        let back = Instant::now();
        until("healthy", Duration::from_mins(2), async || program.looks_ready().await).await;
        healthy.push(back.elapsed());
        until("acknowledged again", Duration::from_mins(2), async || {
            people.count(|outcome| outcome == Outcome::Acknowledged) > before
        })
        .await;
        working.push(back.elapsed());
    }
    sleep(Duration::from_millis(500)).await;
    people.gone.store(true, Relaxed);
    writing.await.unwrap();

    say(&format!(
        "PostgreSQL gone {rounds} times; from its return to /readyz 200: {}; to the next line kept: {}",
        median_and_longest(&mut healthy),
        median_and_longest(&mut working)
    ));
    people.say();
    assert_eq!(people.lost(&url).await, Vec::<String>::new());
    assert_eq!(people.count(|outcome| outcome == Outcome::Cut), 0);
    // The answers that were owed are sent as well.
    until("the outbox is sent", Duration::from_mins(2), async || waiting(&url).await == 0).await;
}

async fn waiting(url: &str) -> i64 {
    let mut owner = PgConnection::connect(url).await.unwrap();
    let waiting = sqlx::query_scalar("select count(*) from outbox where sent_at is null");
    waiting.fetch_one(&mut owner).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r9_sigterm_under_load_cuts_nobody_off() {
    let (rounds, rate) = (figure("RIG_STOPS", 2), figure("RIG_RATE", 60));
    let mut chance = Rng::with_seed(seed());
    let database = fresh().await;
    portfolio(database.url(), FIRMS, 1).await;
    let teams = Teams::start().await;
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    let surroundings = Surroundings::with_teams(database.url(), &authority, &teams);
    let mut times = Vec::new();
    for round in 0..rounds {
        // Connections that are kept, and one for each line.
        let kept = usize::MAX * usize::from(round % 2 == 0);
        let http = Client::builder().no_proxy().pool_max_idle_per_host(kept).build().unwrap();
        let people = People::of(database.url(), &teams, http).await;
        let mut program = Program::start(&surroundings).await;
        let rate = u32::try_from(rate).unwrap();
        let writing = tokio::task::spawn(Arc::clone(&people).write(program.address.clone(), rate));
        sleep(Duration::from_millis(chance.u64(1_000..2_000))).await;
        until("work", Duration::from_mins(2), async || people.answered() > AT_ONCE).await;
        let (took, status) = program.terminate().await;
        people.gone.store(true, Relaxed);
        writing.await.unwrap();
        times.push(took);
        people.say();
        assert!(status.success(), "{status}");
        assert_eq!(people.count(|outcome| outcome == Outcome::Cut), 0, "in round {round}");
        assert_eq!(people.lost(database.url()).await, Vec::<String>::new());
    }
    say(&format!(
        "SIGTERM {rounds} times under {rate} lines a second: {} until the end",
        median_and_longest(&mut times)
    ));
}
