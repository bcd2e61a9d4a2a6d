//! The program that schedules is killed again and again: another one takes over, and each digest that was due is
//! posted once (R8).

use std::time::Duration;

use fastrand::Rng;
use tenantry::domain::time::{Clock as _, SystemClock};
use tenantry::store::conversation::Conversation;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::{figure, median_and_longest, say, seed, until};
use crate::support::firms::{ALPINE, MEG};
use crate::support::post::Post;
use crate::support::replica::{Program, Surroundings};
use crate::support::tokens::{Authority, KEY_ID, SIGNER};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r8_a_scheduler_that_is_killed_has_a_successor_and_no_period_is_missed_or_doubled() {
    let (kills, mut chance) = (figure("RIG_SUCCESSORS", 2), Rng::with_seed(seed()));
    let post = Post::open_at(SystemClock.now()).await;
    let authority = Authority::start(vec![SIGNER.jwk(KEY_ID)]).await;
    let surroundings = Surroundings::with_teams(post.test.url(), &authority, &post.teams);
    let mut programs = [Program::start(&surroundings).await, Program::start(&surroundings).await];
    // The first is at it already when the rest begins.
    order(&post, 0).await;
    scheduled(&post, 0).await;

    let mut times = Vec::new();
    for kill in 1..=kills {
        order(&post, kill).await;
        // The one that has lived longer: whoever leads, leads since the other one died.
        programs[(kill - 1) % 2].kill_and_restart().await;
        let killed = Instant::now();
        scheduled(&post, kill).await;
        times.push(killed.elapsed());
        sleep(Duration::from_millis(chance.u64(..1_500))).await;
    }
    say(&format!("{kills} kills; from the kill to the next digest: {}", median_and_longest(&mut times)));

    until("all is posted", Duration::from_mins(3), async || post.outbox.counts().await.unwrap().waiting == 0)
        .await;
    let mut repeated = 0;
    for number in 0..=kills {
        let shown = post.teams.shown(&channel(number)).len();
        let rows = post.rows(&channel(number)).await;
        let marked = rows.iter().filter(|row| row.maybe_repeated).count();
        // Whoever dies while it sends may have sent: once more, and marked (R7).
        assert!((rows.len()..=rows.len() + marked).contains(&shown), "{shown} shown of {rows:?}");
        repeated += shown - rows.len();
    }
    let digests =
        "select count(*) from outbox where dedup_key like 'digest:%' and conversation_id like '19:team-%'";
    let digests: i64 = sqlx::query_scalar(digests).fetch_one(&post.owner).await.unwrap();
    assert_eq!(digests, i64::try_from(kills + 1).unwrap(), "one for each period");
    say(&format!("{digests} periods, none missed or doubled; posts repeated as R7 says: {repeated}"));
}

fn channel(number: usize) -> String {
    format!("19:team-{number}@thread.tacv2")
}

/// Orders the daily digest of another channel, due since a minute ago.
async fn order(post: &Post, number: usize) {
    let mut scope = post.scope(MEG).await;
    let channel = Conversation { kind: "channel", ..post.conversation(MEG, &channel(number)) };
    scope.remember_conversation(&channel).await.unwrap();
    scope.commit().await.unwrap();
    sqlx::query(
        "insert into subscription
             (partner_id, id, conversation_id, person_id, days, minute, zone, only_overdue, created_at, updated_at)
         select $1, $2, $3, $4, 127, greatest(extract(epoch from now()::time) / 60 - 1, 0)::int, 'UTC', false, day, day
         from (select now() - interval '2 days') ordered (day)",
    )
    .bind(ALPINE)
    .bind(Uuid::from_u128(number.try_into().unwrap()))
    .bind(channel.id)
    .bind(MEG.id)
    .execute(&post.owner)
    .await
    .unwrap();
}

/// Waits until the digest of that channel is scheduled.
async fn scheduled(post: &Post, number: usize) {
    until("a successor schedules", Duration::from_mins(2), async || {
        sqlx::query_scalar("select exists (select from digest_run where subscription_id = $1)")
            .bind(Uuid::from_u128(number.try_into().unwrap()))
            .fetch_one(&post.owner)
            .await
            .unwrap()
    })
    .await;
}
