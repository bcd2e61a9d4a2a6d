//! Digests, as teams live them: ordered by who may, one message a day that is renewed in place, none on a weekend, and
//! never two, whoever else looks (R7, R8, P8).

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::bot::{Call, World};
use crate::support::firms::{ANN, BOB, JIRI, MEG};

/// Noon on Saturday the 21st; this is Monday, five to eight in Berlin.
fn until_monday_morning() -> TimeDelta {
    TimeDelta::hours(43) + TimeDelta::minutes(55)
}

async fn due(world: &World) -> Vec<Call> {
    world.digests.work_once().await.unwrap();
    world.sent().await
}

fn said(call: &Call) -> String {
    call.body.pointer("/attachments/0/content").map(Value::to_string).unwrap_or_default()
}

#[tokio::test]
async fn sr_r7_a_channel_gets_one_message_a_day_and_it_is_renewed_in_place() {
    let world = World::start().await;
    let shown = world.channel(MEG).says("subscribe daily at 8").await;
    assert!(shown[0].says("every day at 08:00 (Europe/Berlin)"), "{}", shown[0].words());
    assert!(due(&world).await.is_empty(), "what was due before it was ordered is not owed");

    world.later(until_monday_morning());
    assert!(
        due(&world).await.is_empty(),
        "what was missed on Sunday does not come before its time of the day"
    );
    world.later(TimeDelta::minutes(10));
    let monday = due(&world).await;
    assert_eq!(monday.len(), 1);
    assert_eq!(monday[0].method, Method::POST);
    let card = said(&monday[0]);
    assert!(card.contains("What is red today") && card.contains("Contoso"), "{card}");
    assert!(
        !card.contains("CANARY") && !card.contains('@'),
        "neither another firm's data nor an address: {card}"
    );

    world.later(TimeDelta::minutes(10));
    assert!(due(&world).await.is_empty(), "nothing changed, nothing is sent");
    world.chat(ANN).says("note contoso: Kick-off held, waiting for the DNS change of the customer").await;
    world.later(TimeDelta::minutes(6));
    let renewed = due(&world).await;
    assert_eq!(renewed.len(), 1, "{renewed:?}");
    assert_eq!(renewed[0].method, Method::PUT, "the same message in new words");
    assert_ne!(said(&renewed[0]), card);
    assert_eq!(world.count("select count(*) from digest_run where said <> ''").await, 1);
}

#[tokio::test]
async fn sr_r8_two_schedulers_post_it_once() {
    let world = World::start().await;
    world.channel(MEG).says("subscribe daily at 8").await;
    world.later(until_monday_morning() + TimeDelta::minutes(10));
    let looks = (0..8).map(|_| {
        let digests = world.digests.clone();
        async move { digests.work_once().await.unwrap() }
    });
    let owed: usize = futures_join(looks).await.into_iter().sum();
    assert_eq!(owed, 1);
    assert_eq!(world.sent().await.len(), 1);
}

async fn futures_join<F>(looks: impl Iterator<Item = F>) -> Vec<usize>
where
    F: Future<Output = usize> + Send + 'static,
{
    looks.collect::<tokio::task::JoinSet<_>>().join_all().await
}

#[tokio::test]
async fn q4_ones_own_digest_is_of_ones_own_tenants_and_not_on_a_weekend() {
    let world = World::start().await;
    world.chat(ANN).says("subscribe at 8").await;
    world.later(TimeDelta::hours(24));
    assert!(due(&world).await.is_empty(), "it is Sunday");
    world.later(TimeDelta::hours(24));
    let monday = due(&world).await;
    assert_eq!(monday.len(), 1);
    let card = said(&monday[0]);
    assert!(card.contains("Contoso") && !card.contains("Northwind"), "{card}");
    assert!(!card.contains("CANARY"), "{card}");
}

#[tokio::test]
async fn sr_p8_only_a_team_lead_orders_or_stops_the_digest_of_a_channel() {
    let world = World::start().await;
    let refused = world.channel(JIRI).says("subscribe").await;
    assert!(refused[0].says("A team lead or admin of your firm"), "{}", refused[0].words());
    assert_eq!(world.count("select count(*) from subscription").await, 0);
    world.channel(MEG).says("subscribe mon, thu at 7:30 overdue").await;
    assert!(world.channel(JIRI).says("unsubscribe").await[0].says("A team lead or admin"));

    let listed = world.chat(MEG).says("subscriptions").await;
    assert!(
        listed[0]
            .says("Another channel: Mon, Thu at 07:30 (Europe/Berlin), overdue only; ordered by Meg Bowen")
    );
    // Neither a colleague's own chat nor another firm sees it.
    assert!(world.chat(ANN).says("subscriptions").await[0].says("No digest comes here"));
    assert!(world.chat(BOB).says("subscriptions").await[0].says("No digest comes here"));

    assert!(world.channel(MEG).says("unsubscribe").await[0].says("The digest is stopped"));
    world.later(until_monday_morning() + TimeDelta::hours(3));
    assert!(due(&world).await.is_empty());
}

#[tokio::test]
async fn sr_r4_a_place_that_the_bot_was_taken_out_of_gets_none() {
    let world = World::start().await;
    let channel = world.channel(MEG);
    channel.says("subscribe daily at 8").await;
    let gone = channel.activity(json!({ "type": "installationUpdate", "action": "remove" }));
    world.post(&gone).await;
    world.later(until_monday_morning() + TimeDelta::minutes(10));
    assert!(due(&world).await.is_empty());
    // Back again, it goes on.
    channel.says("help").await;
    channel.says("subscriptions").await;
    assert_eq!(due(&world).await.len(), 1);
}

#[tokio::test]
async fn a_schedule_that_cannot_be_read_is_explained() {
    let world = World::start().await;
    let shown = world.chat(ANN).says("subscribe whenever").await;
    assert!(shown[0].says("subscribe [days] [at <time>] [overdue]"), "{}", shown[0].words());
}
