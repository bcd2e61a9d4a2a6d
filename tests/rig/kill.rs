//! Two programs send one outbox through a Connector that throttles, fails, hangs up and lies, and are killed again
//! and again. Nothing is lost, nothing goes backwards, and only what R7 allows is seen twice.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use serde_json::json;
use sqlx::PgPool;
use tenantry::domain::time::{Clock as _, SystemClock};
use tenantry::store::outbox::Errand;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{busiest, figure, say, seed, until};
use crate::support::firms::ANN;
use crate::support::post::{Post, words};
use crate::support::replica::{Program, Surroundings};
use crate::support::teams::{Call, Fault, Weather};
use crate::support::tokens::{Authority, KEY_ID, SIGNER};

/// A conversation's messages: two that are posted, the others put in the place of an earlier one.
const LENGTH: usize = 5;
/// In the suite nobody waits out a dead program's lease of a minute: so much of it is cut off.
const CUT: Duration = Duration::from_secs(48);

/// A message that was owed, as the outbox has it.
#[derive(Debug, sqlx::FromRow)]
struct Message {
    id: Uuid,
    text: String,
    posts: bool,
    settled: Option<DateTime<Utc>>,
    dead: bool,
    reason: Option<String>,
    maybe_repeated: bool,
    takings: i64,
}

const MESSAGES: &str = "
    select id, errand -> 'activity' ->> 'text' as text, errand ->> 'kind' <> 'update' as posts,
        coalesce(sent_at, dead_at) as settled, dead_at is not null as dead, reason, maybe_repeated, fence as takings
    from outbox where dedup_key is null order by conversation_id, place";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r3_r7_two_programs_killed_at_random_lose_nothing_and_repeat_only_what_r7_allows() {
    let (count, kills, seed) = (figure("RIG_MESSAGES", 200), figure("RIG_KILLS", 6), seed());
    let in_the_suite = count <= 200;
    let post = Post::open_at(SystemClock.now()).await;
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    let surroundings = Surroundings::with_teams(post.test.url(), &authority, &post.teams);
    post.teams.weather(bad_weather(seed, in_the_suite));
    let mut programs = [Program::start(&surroundings).await, Program::start(&surroundings).await];

    let (begun, mut chance) = (Instant::now(), Rng::with_seed(seed));
    tokio::join!(owe(&post, count), kill(&mut programs, kills, &mut chance));
    let killed = begun.elapsed();
    let owner = &post.owner;
    until("all is sent or dead", Duration::from_mins(20), async || {
        if in_the_suite {
            cut_leases(owner).await;
        }
        post.outbox.counts().await.unwrap().waiting == 0
    })
    .await;
    let took = begun.elapsed();

    let messages: Vec<Message> = sqlx::query_as(MESSAGES).fetch_all(owner).await.unwrap();
    assert_eq!(messages.len(), count);
    let calls = post.teams.calls();
    let tries = by_text(&calls);
    say(&format!(
        "{count} messages in {} conversations, {kills} kills within {:.0} s, all settled after {:.0} s, {} calls",
        count.div_ceil(LENGTH),
        killed.as_secs_f64(),
        took.as_secs_f64(),
        calls.len()
    ));
    let a_second = TimeDelta::seconds(1);
    let (of_a_conversation, of_the_directory) =
        (busiest(&calls, |call| conversation(call), a_second), busiest(&calls, |_| "directory", a_second));
    say(&format!(
        "within a second at most {of_a_conversation} calls of a conversation and {of_the_directory} of the directory, by \
         two programs; Teams takes 7 and 30"
    ));
    // Twice as many are no failure: on a busy machine some are late on the way and come with the next ones.
    assert!(of_a_conversation <= 14 && of_the_directory <= 60);
    judge(&messages, &tries);
    never_backwards(&calls);

    // What was given up without being seen is kept, and an operator's replay brings it (R6).
    post.teams.clear_up();
    let unseen: Vec<&Message> = messages.iter().filter(|m| m.dead && shown(&tries, m) == 0).collect();
    for message in &unseen {
        let mut scope = post.scope(ANN).await;
        assert!(scope.replay(message.id.into()).await.unwrap());
        scope.commit().await.unwrap();
    }
    until("the replays are sent", Duration::from_mins(2), async || {
        cut_leases(owner).await;
        post.outbox.counts().await.unwrap().waiting == 0
    })
    .await;
    let calls = post.teams.calls();
    let tries = by_text(&calls);
    let lost = messages.iter().filter(|message| shown(&tries, message) == 0).count();
    say(&format!("dead letters that nobody had seen, replayed: {}; lost: {lost}", unseen.len()));
    assert_eq!(lost, 0);
}

/// Owes `count` messages over many conversations, while the programs are at work.
async fn owe(post: &Post, count: usize) {
    let conversations = count.div_ceil(LENGTH);
    for n in 0..conversations {
        post.hear(ANN, &format!("a:{n}")).await;
    }
    for number in 0..count {
        let (conversation, place) = (format!("a:{}", number % conversations), number / conversations);
        let text = format!("{conversation}/{place}");
        let errand = match place {
            0 | 3 => words(&text),
            _ => Errand::Update {
                activity_id: "card".to_owned(),
                activity: json!({"type": "message", "text": text}),
            },
        };
        post.owe_unheard(&conversation, &[errand]).await;
    }
}

/// Kills one of them, again and again, about once a second.
async fn kill(programs: &mut [Program; 2], kills: usize, chance: &mut Rng) {
    for _ in 0..kills {
        sleep(Duration::from_millis(chance.u64(50..1_950))).await;
        programs[chance.usize(..2)].kill_and_restart().await;
    }
}

async fn cut_leases(owner: &PgPool) {
    sqlx::query("update outbox set leased_until = now() where leased_until between now() and now() + $1")
        .bind(CUT)
        .execute(owner)
        .await
        .unwrap();
}

/// Every fifth call goes wrong, by chance that depends on the message, the try and the seed alone.
fn bad_weather(seed: u64, in_the_suite: bool) -> Weather {
    let mut tried: HashMap<String, u32> = HashMap::new();
    Box::new(move |call| {
        let nth = tried.entry(call.body["text"].to_string()).or_default();
        *nth += 1;
        let mut hasher = DefaultHasher::new();
        (seed, call.body["text"].to_string(), *nth).hash(&mut hasher);
        Some(match hasher.finish() % 100 {
            0..4 => Fault::Busy(429, "1".to_owned()),
            4 => Fault::Busy(503, "2".to_owned()),
            5 | 6 => Fault::Status(412, "PreconditionFailed"),
            7 | 8 => Fault::Status(500, "ServiceError"),
            9 => Fault::Status(503, "ServiceUnavailable"),
            10 | 11 => Fault::Lie(500, "{}"),
            12 => Fault::Lie(502, "<html>Bad Gateway</html>"),
            13 => Fault::Lie(504, ""),
            14 | 15 => Fault::Reset,
            16 | 17 => Fault::Dropped,
            // Success, but nothing that can be read.
            18 => Fault::Lie(201, "<html>"),
            19 => Fault::Lie(202, ""),
            20 => Fault::Late(Duration::from_secs(2)),
            // Longer than anybody waits for an answer (N2).
            21 if !in_the_suite => Fault::Late(Duration::from_secs(20)),
            _ => return None,
        })
    })
}

fn conversation(call: &Call) -> &str {
    call.body["text"].as_str().unwrap().rsplit_once('/').unwrap().0
}

type Tries<'a> = BTreeMap<&'a str, Vec<&'a Call>>;

fn by_text(calls: &[Call]) -> Tries<'_> {
    let mut tries = Tries::new();
    for call in calls {
        tries.entry(call.body["text"].as_str().unwrap()).or_default().push(call);
    }
    tries
}

/// How often the Connector did what the message says.
fn shown(tries: &Tries<'_>, message: &Message) -> usize {
    tries.get(message.text.as_str()).map_or(0, |calls| calls.iter().filter(|call| call.taken).count())
}

fn judge(messages: &[Message], tries: &Tries<'_>) {
    let (mut sent, mut dead, mut twice, mut again) = (0, 0, 0, 0);
    for message in messages {
        let copies = shown(tries, message);
        let settled = message.settled.unwrap();
        let calls = tries.get(message.text.as_str()).map_or(&[][..], Vec::as_slice);
        assert!(calls.iter().all(|call| call.came <= settled), "sent again although settled: {message:?}");
        assert!(calls.len() <= usize::try_from(message.takings).unwrap(), "one call a taking: {message:?}");
        if message.dead {
            dead += 1;
            let reason = message.reason.as_deref().unwrap_or_default();
            assert!(message.posts && reason.ends_with("unknown result, twice"), "given up: {message:?}");
        } else {
            sent += 1;
            assert!(copies > 0, "said to be sent, but was not: {message:?}");
        }
        if !message.posts {
            again += copies - 1;
        } else if copies > 1 {
            twice += 1;
            assert!(copies == 2 && message.maybe_repeated, "{copies} copies: {message:?}");
        }
    }
    let posts = messages.iter().filter(|message| message.posts).count();
    say(&format!(
        "{posts} posts, {} updates: {sent} sent, {dead} dead letters (unknown result, twice); posts seen twice {twice}, \
         each marked; updates put a second time after an unknown result {again}, after a known one 0",
        messages.len() - posts
    ));
}

/// In each conversation what is seen follows the order in which it was owed: nothing old comes over something new.
fn never_backwards(calls: &[Call]) {
    let mut newest: HashMap<&str, usize> = HashMap::new();
    for call in calls.iter().filter(|call| call.taken) {
        let (conversation, place) = call.body["text"].as_str().unwrap().rsplit_once('/').unwrap();
        let newest = newest.entry(conversation).or_default();
        let place: usize = place.parse().unwrap();
        assert!(place >= *newest, "{conversation}: {place} after {newest}");
        *newest = place;
    }
}
