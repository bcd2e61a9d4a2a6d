//! Very much is due at once, and the Connector throttles everybody for a while: it is waited for as it asks, no
//! conversation and no directory gets more than it takes, and all arrives (R4, R5).

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::{Instant, sleep};

use super::{busiest, figure, say, until};
use crate::support::database::{TestDatabase, fresh};
use crate::support::replica::{Program, Surroundings};
use crate::support::teams::{Call, Fault, Teams};
use crate::support::tokens::{Authority, KEY_ID, SIGNER};

/// `$1` messages, five for each conversation; ten conversations for each firm and its directory.
const DUE: &str = "
    with firm as (
        insert into partner (id, name, mpn_id)
        select md5('partner-' || n)::uuid, 'Firm ' || n, n::text from generate_series(0, ($1 - 1) / 50) n
        returning id
    ), conversation as (
        insert into conversation (partner_id, id, kind, service_url, directory_id, bot_id, created_at, updated_at)
        select firm.id, 'a:' || firm.id || ':' || n, 'personal', $2, firm.id, '28:bot', now(), now()
        from firm, generate_series(1, 10) n
        returning partner_id, id
    )
    insert into outbox (partner_id, id, conversation_id, errand, not_before, created_at)
    select partner_id, gen_random_uuid(), id,
        jsonb_build_object('kind', 'send', 'activity', jsonb_build_object('type', 'message', 'text', id || '/' || n)),
        now(), now()
    from conversation, generate_series(1, 5) n
    order by n
    limit $1";

/// Teams' own limits (TEAMS-PROTOCOL 2.5): sends of a conversation, and of a directory.
const OF_A_CONVERSATION: [(usize, i64); 3] = [(7, 1), (8, 2), (60, 30)];
const OF_A_DIRECTORY: [(usize, i64); 1] = [(30, 1)];

struct Rig {
    teams: Teams,
    surroundings: Surroundings,
    count: usize,
    database: TestDatabase,
    _authority: Authority,
}

impl Rig {
    /// `count` messages that are due.
    async fn due(count: usize) -> Self {
        let (database, teams) = (fresh().await, Teams::start().await);
        let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
        let surroundings = Surroundings::with_teams(database.url(), &authority, &teams);
        let owner = database.owner();
        let rows = sqlx::query(DUE).bind(i32::try_from(count).unwrap()).bind(teams.service_url());
        assert_eq!(rows.execute(&owner).await.unwrap().rows_affected(), u64::try_from(count).unwrap());
        Self { teams, surroundings, count, database, _authority: authority }
    }

    async fn sent(&self) -> usize {
        let sent = sqlx::query_scalar("select count(*) from outbox where sent_at is not null");
        let sent: i64 = sent.fetch_one(&self.database.owner()).await.unwrap();
        usize::try_from(sent).unwrap()
    }

    /// Waits until all is sent; gives back the resident memory in KiB at the start and at most.
    async fn sent_by(&self, program: &Program) -> (u64, u64) {
        let first = program.memory("VmRSS");
        until("all is sent", Duration::from_mins(20), async || {
            sleep(Duration::from_millis(200)).await;
            self.sent().await == self.count
        })
        .await;
        (first, program.memory("VmHWM"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r4_r5_a_throttling_storm_is_waited_out_and_all_arrives_within_the_budgets() {
    let (count, throttled) = (figure("RIG_STORM", 300), figure("RIG_THROTTLED", 3));
    let rig = Rig::due(count).await;
    let clear = Utc::now() + TimeDelta::seconds(1 + i64::try_from(throttled).unwrap());
    rig.teams.weather(Box::new(move |call| {
        let wait = (clear - call.came).num_milliseconds();
        (wait > 0).then(|| Fault::Busy(429, wait.div_euclid(1_000).saturating_add(1).to_string()))
    }));
    let begun = Instant::now();
    let program = Program::start(&rig.surroundings).await;
    let (first, most) = rig.sent_by(&program).await;
    let calls = rig.teams.calls();
    let refused = calls.iter().filter(|call| !call.taken).count();
    say(&format!(
        "{count} messages due at once, everybody throttled for {throttled} s: all sent after {:.1} s, {refused} calls \
         refused; memory {} MiB at the start, {} MiB at most",
        begun.elapsed().as_secs_f64(),
        first / 1024,
        most / 1024
    ));
    assert_eq!(calls.len() - refused, count, "each message is taken once");
    obeyed(&calls);
    within("a conversation", &OF_A_CONVERSATION, &calls, conversation);
    within("a directory", &OF_A_DIRECTORY, &calls, directory);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outbox_is_sent_as_fast_as_the_connector_takes_it() {
    let rig = Rig::due(figure("RIG_THROUGHPUT", 300)).await;
    let program = Program::start(&rig.surroundings).await;
    let (first, most) = rig.sent_by(&program).await;
    let calls = rig.teams.calls();
    assert_eq!(calls.len(), rig.count, "each message is sent once");
    let span = (calls[calls.len() - 1].came - calls[0].came).as_seconds_f64();
    let per_second = f64::from(u32::try_from(calls.len()).unwrap()) / span;
    say(&format!(
        "{} messages within {span:.1} s: {per_second:.0} a second; memory {} MiB at the start, {} MiB at most",
        rig.count,
        first / 1024,
        most / 1024
    ));
}

fn conversation(call: &Call) -> &str {
    call.body["text"].as_str().unwrap().rsplit_once('/').unwrap().0
}

fn directory(call: &Call) -> &str {
    conversation(call).split(':').nth(1).unwrap()
}

/// Nobody comes back to a conversation sooner than it asked for.
fn obeyed(calls: &[Call]) {
    let mut clear: HashMap<&str, (DateTime<Utc>, bool)> = HashMap::new();
    for call in calls {
        let conversation = conversation(call);
        if let Some((refused, false)) = clear.get(conversation) {
            assert!(call.came - *refused >= TimeDelta::milliseconds(900), "{conversation} came back at once");
        }
        clear.insert(conversation, (call.came, call.taken));
    }
}

/// How many calls came within a span of time, beside what Teams takes. The program counts when it sends; on a busy
/// machine some are late on the way and come with the next ones, so twice as many are no failure here.
fn within(whose: &str, limits: &[(usize, i64)], calls: &[Call], key: impl Fn(&Call) -> &str) {
    for (most, seconds) in limits {
        let busiest = busiest(calls, &key, TimeDelta::seconds(*seconds));
        say(&format!("of {whose} at most {busiest} calls within {seconds} s; Teams takes {most}"));
        assert!(busiest <= most * 2);
    }
}
