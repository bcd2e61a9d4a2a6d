//! What a turn owes is sent: once, in order, at the right speed, or it is kept as a dead letter (R3-R7, G4).

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::json;
use tenantry::domain::id::Id;
use tenantry::domain::time::Clock as _;
use tenantry::store::database::{Role, pool};
use tenantry::store::outbox::{Counts, Errand, News, Outbox, Retention};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::firms::{ANN, BOB};
use crate::support::post::{Post, words};
use crate::support::teams::Fault;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r3_eight_takers_and_1600_rows_each_taken_once_and_in_order() {
    let post = Post::open().await;
    let names: Vec<String> = (0..200).map(|n| format!("a:{n}")).collect();
    let mut scope = post.scope(ANN).await;
    for name in &names {
        scope.remember_conversation(&post.conversation(ANN, name)).await.unwrap();
    }
    for round in 0..8 {
        for name in &names {
            scope.owe(name, &words(&round.to_string()), None).await.unwrap();
        }
    }
    scope.commit().await.unwrap();

    let mut takers = JoinSet::new();
    for taker in 0..8_u128 {
        let outbox = Outbox::new(pool(post.test.url(), Role::Worker, 1).unwrap());
        let now = post.clock.now();
        takers.spawn(async move {
            let (mut round, mut taken) = (outbox.round(Uuid::from_u128(taker)), Vec::new());
            while outbox.counts().await.unwrap().waiting > 0 {
                for claim in round.take(7, now).await.unwrap() {
                    assert!(outbox.sent(&claim, None, now).await.unwrap());
                    taken.push(claim);
                }
            }
            taken
        });
    }
    let taken: Vec<_> = takers.join_all().await.into_iter().flatten().collect();
    let ids: HashSet<Uuid> = taken.iter().map(|claim| claim.id.uuid()).collect();
    assert_eq!((taken.len(), ids.len()), (1600, 1600));
    assert!(taken.iter().all(|claim| claim.fence == 1 && !claim.lapsed));
}

#[tokio::test]
async fn sr_r3_messages_of_a_conversation_arrive_one_by_one_and_in_order() {
    let post = Post::open().await;
    let texts: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    post.owe("a:1", &texts.iter().map(|text| words(text)).collect::<Vec<_>>()).await;
    let (one, other) = (post.worker(), post.worker());
    for _ in 0..60 {
        let (left, right) = tokio::join!(one.drain_once(), other.drain_once());
        assert!(left.is_ok() && right.is_ok());
        post.pass(1);
    }
    assert_eq!(post.teams.shown("a:1"), texts);
    assert_eq!(post.teams.most_at_once("a:1"), 1);
    let rows = post.rows("a:1").await;
    assert!(
        rows.iter().all(|row| row.sent_at.is_some() && row.attempts == 1 && row.sent_activity_id.is_some())
    );
}

#[tokio::test]
async fn sr_r3_every_errand_is_the_call_it_stands_for() {
    let post = Post::open().await;
    let (activity, id) = (json!({"type": "message", "text": "x"}), || "17".to_owned());
    let errands = [
        Errand::Send { activity: activity.clone() },
        Errand::Reply { activity_id: id(), activity: activity.clone() },
        Errand::Update { activity_id: id(), activity },
        Errand::Delete { activity_id: id() },
    ];
    post.owe("a:1", &errands).await;
    assert_eq!(post.worker().drain_once().await.unwrap(), 4);
    let calls = post.teams.calls();
    let lines: Vec<String> = calls.iter().map(|call| format!("{} {}", call.method, call.path)).collect();
    let activities = "/emea/v3/conversations/a:1/activities";
    assert_eq!(
        lines,
        [
            format!("POST {activities}"),
            format!("POST {activities}/17"),
            format!("PUT {activities}/17"),
            format!("DELETE {activities}/17"),
        ]
    );
    assert_eq!(
        calls[1].body,
        json!({
            "type": "message", "text": "x", "replyToId": "17", "from": {"id": "28:bot"},
            "recipient": {"id": "29:someone", "aadObjectId": ANN.object},
            "conversation": {"id": "a:1", "tenantId": ANN.directory},
            "channelData": {"tenant": {"id": ANN.directory}},
        })
    );
}

#[tokio::test]
async fn sr_r3_a_late_worker_cannot_settle_what_another_took() {
    let post = Post::open().await;
    post.owe("a:1", &[words("x")]).await;
    let (early, late) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let old = post.outbox.round(early).take(9, post.clock.now()).await.unwrap().remove(0);
    post.pass(59);
    assert_eq!(post.outbox.round(late).take(9, post.clock.now()).await.unwrap(), []);
    post.pass(2);
    let new = post.outbox.round(late).take(9, post.clock.now()).await.unwrap().remove(0);
    assert!(new.lapsed && !old.lapsed && new.fence > old.fence);

    let now = post.clock.now();
    assert!(!post.outbox.sent(&old, None, now).await.unwrap());
    assert!(!post.outbox.again(&old, now, "x", false).await.unwrap());
    assert!(!post.outbox.postpone(&old, now).await.unwrap());
    assert!(!post.outbox.dead(&old, "x", now).await.unwrap());
    assert!(!post.outbox.unreachable(&old, "x", now).await.unwrap());
    assert!(post.outbox.sent(&new, Some("1"), now).await.unwrap());
    assert!(!post.outbox.sent(&new, Some("2"), now).await.unwrap());
    assert_eq!(post.row("a:1").await.sent_activity_id.as_deref(), Some("1"));
    assert_eq!(post.outbox.counts().await.unwrap(), Counts::default());
}

#[tokio::test]
async fn sr_r7_a_worker_that_dies_in_a_send_leads_to_one_repeat_and_no_more() {
    let post = Post::open().await;
    post.owe("a:1", &[words("x")]).await;
    let slow = vec![Fault::Late(Duration::from_secs(9)); 2];
    post.teams.fail("a:1", slow);
    for copies in 1..=2 {
        let mut dying = JoinSet::new();
        let worker = post.worker();
        dying.spawn(async move { worker.drain_once().await });
        while post.teams.shown("a:1").len() < copies {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        dying.shutdown().await;
        assert_eq!(post.worker().drain_once().await.unwrap(), 0, "the lease holds");
        post.pass(61);
    }
    post.worker().drain_once().await.unwrap();
    assert_eq!(post.teams.shown("a:1").len(), 2);
    let row = post.row("a:1").await;
    assert!(row.dead_at.is_some() && row.maybe_repeated, "{row:?}");
}

#[tokio::test]
async fn sr_r7_a_post_of_unknown_result_is_sent_once_more_and_marked() {
    let post = Post::open().await;
    for (name, faults) in [
        ("lucky", vec![Fault::Reset]),
        ("unlucky", vec![Fault::Status(502, "ServiceError"), Fault::Reset]),
        ("refused", vec![Fault::Reset, Fault::Busy(429, "1".to_owned()), Fault::Busy(503, "1".to_owned())]),
    ] {
        post.owe(name, &[words("x")]).await;
        post.teams.fail(name, faults);
    }
    let update = Errand::Update { activity_id: "1".to_owned(), activity: json!({}) };
    post.owe("update", &[update]).await;
    post.teams.fail("update", vec![Fault::Reset; 5]);
    let worker = post.worker();
    for _ in 0..8 {
        worker.drain_once().await.unwrap();
        post.pass(70);
    }
    assert_eq!(post.teams.shown("lucky").len(), 2);
    let lucky = post.row("lucky").await;
    assert!(lucky.sent_at.is_some() && lucky.maybe_repeated && lucky.attempts == 2, "{lucky:?}");
    let unlucky = post.row("unlucky").await;
    assert!(unlucky.dead_at.is_some() && unlucky.attempts == 2, "{unlucky:?}");
    assert_eq!(unlucky.reason.as_deref(), Some("reset, unknown result, twice"));
    // Refusals in between are no copies.
    let refused = post.row("refused").await;
    assert!(refused.sent_at.is_some() && refused.attempts == 4, "{refused:?}");
    assert_eq!(post.teams.shown("refused").len(), 2);
    let update = post.row("update").await;
    assert!(update.sent_at.is_some() && !update.maybe_repeated && update.attempts == 6, "{update:?}");
}

#[tokio::test]
async fn sr_r4_retry_after_is_honoured_and_keeps_the_order() {
    let post = Post::open().await;
    post.owe("a:1", &[words("first"), words("second")]).await;
    let later = (post.clock.now() + TimeDelta::seconds(300)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    post.teams.fail("a:1", [Fault::Busy(429, "120".to_owned()), Fault::Busy(503, later)]);
    let worker = post.worker();
    for (seconds, tries) in [(0, 1), (119, 0), (1, 1), (179, 0)] {
        post.pass(seconds);
        assert_eq!(worker.drain_once().await.unwrap(), tries, "{seconds}");
    }
    assert!(post.teams.shown("a:1").is_empty());
    post.pass(1);
    worker.drain_once().await.unwrap();
    assert_eq!(post.teams.shown("a:1"), ["first", "second"]);
}

#[tokio::test]
async fn sr_r4_twelve_refusals_make_a_dead_letter_and_the_next_message_goes_on() {
    let post = Post::open().await;
    post.owe("a:1", &[words("never"), words("next")]).await;
    post.teams.fail("a:1", vec![Fault::Status(412, "PreconditionFailed"); 12]);
    let worker = post.worker();
    for _ in 0..13 {
        worker.drain_once().await.unwrap();
        post.pass(600);
    }
    let rows = post.rows("a:1").await;
    assert_eq!((rows[0].attempts, rows[0].dead_at.is_some()), (12, true), "{rows:?}");
    assert_eq!(rows[0].reason.as_deref(), Some("412 PreconditionFailed, given up"));
    assert_eq!(post.teams.shown("a:1"), ["next"]);
    assert_eq!(post.outbox.counts().await.unwrap(), Counts { dead: 1, ..Counts::default() });
}

#[tokio::test]
async fn sr_r6_a_dead_letter_stays_and_can_be_replayed_once_by_its_own_firm() {
    let post = Post::open().await;
    post.owe("a:1", &[words("x")]).await;
    post.teams.fail("a:1", [Fault::Status(413, "MessageSizeTooBig")]);
    let worker = post.worker();
    worker.drain_once().await.unwrap();
    let letter = post.row("a:1").await;
    assert_eq!(letter.reason.as_deref(), Some("413 MessageSizeTooBig"));

    for (who, expected) in [(BOB, false), (ANN, true), (ANN, false)] {
        let mut scope = post.scope(who).await;
        assert_eq!(scope.replay(Id::from(letter.id)).await.unwrap(), expected);
        scope.commit().await.unwrap();
    }
    worker.drain_once().await.unwrap();
    assert_eq!(post.teams.shown("a:1"), ["x"]);
    let rows = post.rows("a:1").await;
    assert!(rows.len() == 2 && rows[0].dead_at.is_some() && rows[1].sent_at.is_some(), "{rows:?}");
}

#[tokio::test]
async fn sr_r4_403_and_404_stop_the_conversation_until_it_speaks_again() {
    let post = Post::open().await;
    for (name, status, code) in
        [("a:403", 403, "BotNotInConversationRoster"), ("a:404", 404, "ConversationNotFound")]
    {
        post.owe(name, &[words("1"), words("2")]).await;
        post.teams.fail(name, [Fault::Status(status, code)]);
        let worker = post.worker();
        worker.drain_once().await.unwrap();
        let rows = post.rows(name).await;
        assert!(rows.iter().all(|row| row.dead_at.is_some()), "{rows:?}");
        assert_eq!(rows[1].reason, Some(format!("{status} {code}")));
        assert_eq!(rows.iter().map(|row| row.attempts).collect::<Vec<_>>(), [1, 0]);

        post.owe_unheard(name, &[words("3")]).await;
        assert_eq!(worker.drain_once().await.unwrap(), 0);
        post.hear(ANN, name).await;
        worker.drain_once().await.unwrap();
        assert_eq!(post.teams.shown(name), ["3"]);
    }
    // One message that is gone does not silence its conversation.
    let update = Errand::Update { activity_id: "1".to_owned(), activity: json!({}) };
    post.owe("a:1", &[update, words("still here")]).await;
    post.teams.fail("a:1", [Fault::Status(404, "ActivityNotFoundInConversation")]);
    post.worker().drain_once().await.unwrap();
    assert_eq!(post.teams.shown("a:1"), ["still here"]);
}

#[tokio::test]
async fn sr_r5_a_throttled_conversation_delays_no_other() {
    let post = Post::open().await;
    let many: Vec<_> = (0..30).map(|n| words(&n.to_string())).collect();
    post.owe("busy", &many).await;
    post.owe("told", &[words("x")]).await;
    post.teams.fail("told", [Fault::Busy(429, "600".to_owned())]);
    for n in 0..10 {
        post.owe(&format!("calm:{n}"), &[words("y")]).await;
    }
    let worker = post.worker();
    worker.drain_once().await.unwrap();
    assert_eq!(post.teams.shown("busy").len(), 5);
    assert!((0..10).all(|n| post.teams.shown(&format!("calm:{n}")) == ["y"]));
    // Six in two seconds, then: as fast as allowed, in order, and nothing is lost.
    let mut seconds = 0;
    while post.teams.shown("busy").len() < many.len() && seconds < 60 {
        post.pass(1);
        seconds += 1;
        worker.drain_once().await.unwrap();
    }
    assert!((8..30).contains(&seconds), "{seconds}");
    assert_eq!(post.teams.shown("busy"), (0..30).map(|n| n.to_string()).collect::<Vec<_>>());
    assert!(post.rows("busy").await.iter().all(|row| row.attempts == 1), "waiting is no failed try");
    assert!(post.teams.shown("told").is_empty());
}

#[tokio::test]
async fn sr_r5_ten_thousand_messages_in_one_conversation_slow_no_other() {
    let post = Post::open().await;
    post.owe("long", &[words("x")]).await;
    // At once, so that the planner knows nothing of them.
    sqlx::query(
        "insert into outbox (partner_id, id, conversation_id, errand, not_before, created_at)
         select partner_id, gen_random_uuid(), conversation_id, errand, not_before, created_at
         from outbox, generate_series(1, 10000)",
    )
    .execute(&post.owner)
    .await
    .unwrap();
    post.owe("short", &[words("y")]).await;
    let begun = Instant::now();
    post.worker().drain_once().await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!((post.teams.shown("long").len(), post.teams.shown("short").len()), (5, 1));
}

#[tokio::test]
async fn sr_r5_each_of_many_conversations_has_its_turn_before_any_has_a_second() {
    let post = Post::open().await;
    post.owe("a:1", &[words("x")]).await;
    sqlx::raw_sql(
        "insert into conversation (partner_id, id, kind, service_url, directory_id, bot_id)
         select partner_id, 'b:' || n, kind, service_url, directory_id, bot_id
         from conversation, generate_series(1, 600) n;
         insert into outbox (partner_id, id, conversation_id, errand, not_before, created_at)
         select o.partner_id, gen_random_uuid(), c.id, o.errand, o.not_before, o.created_at
         from outbox o, conversation c, generate_series(1, 2)
         where c.id like 'b:%';
         delete from outbox where conversation_id = 'a:1'",
    )
    .execute(&post.owner)
    .await
    .unwrap();
    let (mut round, now) = (post.outbox.round(Uuid::from_u128(1)), post.clock.now());
    let mut turns = Vec::new();
    loop {
        let claims = round.take(7, now).await.unwrap();
        for claim in &claims {
            assert!(post.outbox.sent(claim, None, now).await.unwrap());
            turns.push(claim.address.conversation.clone());
        }
        if claims.is_empty() {
            break;
        }
    }
    assert_eq!(turns.len(), 1_200);
    for cycle in turns.chunks(600) {
        assert_eq!(cycle.iter().collect::<HashSet<_>>().len(), 600);
    }
}

#[tokio::test]
async fn sr_r5_whoever_found_nothing_knows_when_to_look_again() {
    let post = Post::open().await;
    let (mut round, now) = (post.outbox.round(Uuid::from_u128(1)), post.clock.now());
    assert_eq!((round.take(9, now).await.unwrap(), round.next_due()), (vec![], None));
    for (name, seconds) in [("a:1", 40), ("a:2", 20), ("a:3", 30)] {
        post.owe(name, &[words("x"), words("y")]).await;
        let claim = round.take(9, now).await.unwrap().remove(0);
        assert!(post.outbox.postpone(&claim, now + TimeDelta::seconds(seconds)).await.unwrap());
    }
    assert_eq!(round.take(9, now).await.unwrap(), []);
    assert_eq!(round.next_due(), Some(now + TimeDelta::seconds(20)));
    let soon = now + TimeDelta::seconds(20);
    let claims = round.take(9, soon).await.unwrap();
    assert_eq!(claims.iter().map(|claim| claim.address.conversation.as_str()).collect::<Vec<_>>(), ["a:2"]);
}

#[tokio::test]
async fn sr_r5_workers_of_several_processes_know_how_many_they_are() {
    let post = Post::open().await;
    let process = || pool(post.test.url(), Role::Worker, 1).unwrap();
    let (one, other) = (process(), process());
    let mut heard = Outbox::new(one.clone()).announcements().await.unwrap();
    assert_eq!((heard.next().await.unwrap(), post.outbox.workers().await.unwrap()), (News::Worker, 1));
    // Its own coming, as the database tells it.
    assert_eq!(heard.next().await.unwrap(), News::Worker);

    let newcomer = Outbox::new(other.clone()).announcements().await.unwrap();
    assert_eq!((heard.next().await.unwrap(), post.outbox.workers().await.unwrap()), (News::Worker, 2));
    post.owe("a:1", &[words("x")]).await;
    assert_eq!(heard.next().await.unwrap(), News::Rows);

    drop(newcomer);
    other.close().await;
    // The server ends a session a moment after its client has gone.
    while post.outbox.workers().await.unwrap() > 1 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn sr_r4_a_token_service_that_is_away_costs_no_message() {
    let post = Post::open().await;
    post.owe("a:1", &[words("x")]).await;
    post.teams.fail_tokens(Some(503));
    let worker = post.worker();
    worker.drain_once().await.unwrap();
    assert!(post.teams.calls().is_empty());
    assert!(!post.row("a:1").await.maybe_repeated);
    post.teams.fail_tokens(None);
    post.pass(60);
    worker.drain_once().await.unwrap();
    assert_eq!(post.teams.shown("a:1"), ["x"]);
}

#[tokio::test]
async fn sr_n1_a_stored_address_is_checked_again_before_each_send() {
    let post = Post::open().await;
    post.owe("a:1", &[words("x")]).await;
    sqlx::query("update conversation set service_url = 'http://127.0.0.1:9/emea/'")
        .execute(&post.owner)
        .await
        .unwrap();
    post.worker().drain_once().await.unwrap();
    assert_eq!(post.row("a:1").await.reason.as_deref(), Some("service address not allowed"));
    assert!(post.teams.calls().is_empty() && post.teams.token_calls().is_empty());
}

#[tokio::test]
async fn sr_r7_one_cause_is_one_message() {
    let post = Post::open().await;
    post.hear(ANN, "a:1").await;
    post.hear(BOB, "a:1").await;
    for (who, expected) in [(ANN, true), (ANN, false), (BOB, true)] {
        let mut scope = post.scope(who).await;
        assert_eq!(scope.owe("a:1", &words("digest"), Some("digest/2026-11")).await.unwrap(), expected);
        scope.commit().await.unwrap();
    }
}

#[tokio::test]
async fn an_errand_that_nobody_can_read_is_a_dead_letter_and_stops_nobody() {
    let post = Post::open().await;
    post.owe("a:1", &[words("x"), words("y")]).await;
    sqlx::query(
        r#"update outbox set errand = '{"kind": "sing"}' where errand -> 'activity' ->> 'text' = 'x'"#,
    )
    .execute(&post.owner)
    .await
    .unwrap();
    post.worker().drain_once().await.unwrap();
    assert_eq!(post.rows("a:1").await[0].reason.as_deref(), Some("unreadable errand"));
    assert_eq!(post.teams.shown("a:1"), ["y"]);
}

#[tokio::test]
async fn sr_g4_each_row_is_kept_as_long_as_it_must_and_no_longer() {
    let post = Post::open().await;
    for n in 0..5 {
        post.owe(&format!("a:{n}"), &[words("x")]).await;
    }
    let age = async |statement: &'static str| sqlx::query(statement).execute(&post.owner).await.unwrap();
    age("update outbox set sent_at = '2026-10-22 12:00Z' where conversation_id = 'a:0'").await;
    age("update outbox set sent_at = '2026-10-22 10:00Z' where conversation_id = 'a:1'").await;
    age("update outbox set dead_at = '2026-08-23 12:00Z' where conversation_id = 'a:2'").await;
    age("update outbox set dead_at = '2026-08-23 10:00Z' where conversation_id = 'a:3'").await;
    age("update outbox set created_at = '2026-01-01 10:00Z', not_before = created_at where conversation_id = 'a:4'")
        .await;
    age("insert into receipt (partner_id, key, turn_id, created_at)
         select id, key, id, at::timestamptz from partner,
             (values ('old', '2026-11-14 10:00Z'), ('new', '2026-11-14 12:00Z')) as k (key, at)")
    .await;
    assert_eq!(post.outbox.prune(Retention::default(), post.clock.now()).await.unwrap(), 4);
    let kept: Vec<String> =
        sqlx::query_scalar("select conversation_id from outbox union select key from receipt order by 1")
            .fetch_all(&post.owner)
            .await
            .unwrap();
    assert_eq!(kept, ["a:0", "a:2", "a:4", "new"]);
    // What waits for somebody who is gone is not sent to them years later.
    age("update conversation set unreachable_since = now(), unreachable_reason = '403' where id = 'a:4'")
        .await;
    post.outbox.prune(Retention::default(), post.clock.now()).await.unwrap();
    let states: BTreeMap<String, Option<String>> =
        sqlx::query_as("select conversation_id, reason from outbox where dead_at is not null")
            .fetch_all(&post.owner)
            .await
            .unwrap()
            .into_iter()
            .collect();
    assert_eq!(states["a:4"].as_deref(), Some("403"));
}
