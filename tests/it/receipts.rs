//! Exactly one effect (R1, R2): deliveries repeat, forms are sent twice, and nothing happens twice.

use serde_json::{Value, json};
use tenantry::store::Database;
use tenantry::store::outbox::Outbox;

use crate::support::bot::{World, with};
use crate::support::firms::{ANN, BOB, CONTOSO, JIRI, noon};

const NOTES: &str = "select count(*) from note where partner_id = 'aaaaaaaa-0000-4000-8000-000000000001' and withdrawn_at is null";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sr_r1_a_hundred_copies_of_one_message_at_once_have_one_effect_and_one_answer() {
    let world = World::start().await;
    let activity = world.chat(ANN).activity(json!({ "text": "note contoso.onmicrosoft.com: Once" }));
    let copies = (0..100).map(|_| world.post(&activity));
    let mut statuses = Vec::new();
    for copy in join_all(copies).await {
        statuses.push(copy.0);
    }
    // On a machine that is busy a copy may be told to come again later; it must not be told that it is done.
    assert!(statuses.iter().all(|status| matches!(status, 200 | 503)), "{statuses:?}");
    assert!(statuses.contains(&200));
    assert_eq!(world.count(NOTES).await, 1);
    assert_eq!(world.count("select count(*) from audit").await, 1);
    assert_eq!(world.sent().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sr_r1_copies_of_an_invoke_at_once_meet_in_the_database_and_have_one_effect() {
    let world = World::start().await;
    let action = json!({ "verb": "note.write", "data": { "tenant": CONTOSO, "body": "Once" } });
    let value = json!({ "action": action, "trigger": "manual" });
    let invoke = json!({ "type": "invoke", "name": "adaptiveCard/action", "value": value });
    let activity = world.chat(ANN).activity(invoke);
    let answers = join_all((0..15).map(|_| world.post(&activity))).await;
    assert!(answers.iter().all(|answer| answer.0 == 200));
    assert_eq!(world.count(NOTES).await, 1);
    assert_eq!(world.count("select count(*) from audit").await, 1);
}

#[tokio::test]
async fn sr_r1_a_repeated_message_is_answered_once_even_when_it_changes_nothing() {
    let world = World::start().await;
    let activity = world.chat(ANN).activity(json!({ "text": "tenants" }));
    for _ in 0..3 {
        assert_eq!(world.post(&activity).await.0, 200);
    }
    assert_eq!(world.sent().await.len(), 1);
}

#[tokio::test]
async fn sr_r1_a_repeated_invoke_gets_the_same_answer_and_does_nothing() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = chat.says("note contoso.onmicrosoft.com").await.remove(0);
    let data = with(
        form.button("note.save"),
        json!({ "status": "active", "status_date": "2026-11-21", "body": "Once" }),
    );
    let action = json!({ "type": "Action.Execute", "verb": "note.save", "data": data });
    let value = json!({ "action": action, "trigger": "manual" });
    let invoke = json!({ "type": "invoke", "name": "adaptiveCard/action", "replyToId": "c", "value": value });
    let same = chat.activity(invoke.clone());
    let (first, again) = (world.post(&same).await, world.post(&same).await);
    assert_eq!(first, again, "the stored answer, to the letter");
    // Teams gives a slow invoke a new id: only the form itself tells that it is a repeat.
    let renewed = world.post(&chat.activity(invoke)).await;
    assert_eq!(first, renewed);
    assert_eq!(world.count(NOTES).await, 1);
    assert_eq!(
        world.count("select count(*) from outbox where sent_at is null and dead_at is null").await,
        1,
        "one new face for the form's message"
    );
}

#[tokio::test]
async fn sr_r1_a_form_that_failed_can_be_sent_again() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = chat.says("note contoso.onmicrosoft.com").await.remove(0);
    let inputs = |body: &str| json!({ "status": "active", "status_date": "2026-11-21", "body": body });
    assert!(
        chat.presses("note.save", with(form.button("note.save"), inputs(""))).await.says("Note is missing")
    );
    assert!(chat.presses("note.save", with(form.button("note.save"), inputs("Now"))).await.offers("undo"));
}

#[tokio::test]
async fn a_form_replayed_by_somebody_else_or_after_undo_saves_nothing_unseen() {
    let world = World::start().await;
    let (ann, jiri) = (world.chat(ANN), world.chat(JIRI));
    let form = ann.says("note contoso.onmicrosoft.com").await.remove(0);
    let data = with(
        form.button("note.save"),
        json!({ "status": "active", "status_date": "2026-11-21", "body": "Hers" }),
    );
    let saved = ann.presses("note.save", data.clone()).await;
    // Jiří has his own rights and no part in her receipt: the version is no longer his.
    assert!(jiri.presses("note.save", data.clone()).await.offers("note.save"));
    ann.presses("undo", saved.button("undo")).await;
    let again = ann.presses("note.save", data).await;
    assert_eq!(again, saved, "the answer of the first time, and no second note");
    assert_eq!(world.count(NOTES).await, 0);
}

#[tokio::test]
async fn sr_t1_every_change_has_its_line_and_the_chain_holds() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    for text in ["One", "Two"] {
        chat.says(&format!("note contoso.onmicrosoft.com: {text}")).await;
    }
    chat.says("undo").await;
    let broken = world
        .count(
            "select count(*) from (
                 select previous_hash, lag(hash, 1, ''::bytea) over (order by seq) as before from audit
                 where partner_id = 'aaaaaaaa-0000-4000-8000-000000000001') a
             where previous_hash <> before",
        )
        .await;
    let lines = world.count("select count(*) from audit").await;
    let words = world
        .count("select count(*) from audit where audit::text like '%One%' or audit::text like '%Two%'")
        .await;
    assert_eq!(
        (lines, broken, words),
        (4, 0, 0),
        "two notes, one undo of a note and of a status; no words in the log"
    );
}

async fn join_all<F: Future<Output = (u16, Value)>>(futures: impl Iterator<Item = F>) -> Vec<(u16, Value)> {
    let mut waiting: Vec<_> = futures.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        waiting.retain_mut(|future| match future.as_mut().poll(context) {
            std::task::Poll::Ready(answer) => {
                done.push(answer);
                false
            }
            std::task::Poll::Pending => true,
        });
        if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

#[tokio::test]
async fn sr_r6_a_replayed_dead_letter_is_sent_once_more_and_has_its_line_in_the_audit_log() {
    let world = World::start().await;
    world.chat(ANN).says("note contoso.onmicrosoft.com: One").await;
    world.database.run("update outbox set sent_at = null, dead_at = now(), reason = '403 x'").await;
    let store = Database::open(world.database.url(), 2).unwrap();
    let letters = Outbox::new(store.worker().clone()).dead_letters(10).await.unwrap();
    assert_eq!(letters.len(), 1);
    for first_time in [true, false] {
        let partner = letters[0].partner.into();
        let mut scope = store.open_scope_for_operator(partner, noon()).await.unwrap();
        assert_eq!(scope.replay(letters[0].id.into()).await.unwrap(), first_time);
        scope.commit().await.unwrap();
    }
    assert_eq!(world.sent().await.len(), 1);
    assert_eq!(
        world.count("select count(*) from audit where act = 'outbox.replay' and actor_id is null").await,
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr_r10_while_the_database_is_away_nothing_is_half_saved_and_everybody_is_told() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    chat.says("tenants").await;
    let owner = world.database.owner();
    let mut holder = owner.begin().await.unwrap();
    sqlx::query("lock table tenant in access exclusive mode").execute(&mut *holder).await.unwrap();
    let note = chat.activity(json!({ "text": "note contoso.onmicrosoft.com: Away" }));
    assert_eq!(world.post(&note).await.0, 503, "not acknowledged, so that Teams delivers it again");
    let (status, body) = chat.execute("note.write", json!({ "tenant": CONTOSO, "body": "Away" })).await;
    assert_eq!((status, &body["statusCode"]), (200, &json!(500)), "{body}");
    let shown = world.sent().await;
    assert!(
        shown.iter().any(|call| call.body["type"] == "typing"),
        "a slow answer shows that it is being made"
    );
    holder.rollback().await.unwrap();
    assert_eq!(world.count(NOTES).await, 0);
    assert_eq!(world.post(&note).await.0, 200, "the same message again");
    assert_eq!(world.count(NOTES).await, 1);
}

#[tokio::test]
async fn sr_p10_nobody_can_claim_another_firms_message_as_done() {
    let world = World::start().await;
    let hers =
        world.chat(ANN).activity(json!({ "id": "guessed", "text": "note contoso.onmicrosoft.com: Hers" }));
    let mut forged = world.chat(BOB).activity(json!({ "id": "guessed", "text": "tenants" }));
    forged["conversation"]["id"] = hers["conversation"]["id"].clone();
    assert_eq!(world.post(&forged).await.0, 200);
    assert_eq!(world.post(&hers).await.0, 200);
    assert_eq!(world.count(NOTES).await, 1);
}
