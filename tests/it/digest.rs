//! Digests, as teams live them: ordered by who may, one message a day that is renewed in place, none on a weekend, and
//! never two, whoever else looks (R7, R8, P8).

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};

use tenantry::store::leader::Leadership;

use crate::support::bot::{Call, Chat, World};
use crate::support::firms::{ANN, BOB, GUEST, JIRI, MEG, Somebody};

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
    assert!(card.contains("What is red") && card.contains("Contoso"), "{card}");
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

/// A service of Fabrikam goes to the customer's own lead: what the firm does there is not credited (G8).
const UNCREDITED: &str = "update tenant_service set scenario = 'ftc_css_led' where service = 'exchange'
    and tenant_id = '11111111-0000-4000-8000-000000000003'";

#[tokio::test]
async fn q4_whoever_owns_gaps_is_told_in_the_morning_and_only_of_news() {
    let world = World::start().await;
    let ann = world.chat(ANN);
    ann.says("tenants").await;
    world.chat(JIRI).says("tenants").await;
    assert!(due(&world).await.is_empty(), "what was due before is not owed");
    world.later(until_monday_morning() + TimeDelta::minutes(10));
    let monday = due(&world).await;
    assert_eq!(monday.len(), 1, "Jiri owns none: {monday:?}");
    let card = said(&monday[0]);
    assert!(card.contains("Contoso") && !card.contains("Northwind") && !card.contains("CANARY"), "{card}");

    world.later(TimeDelta::days(1));
    assert!(due(&world).await.iter().all(|call| call.method == Method::PUT), "on Tuesday nothing is new");
    world.later(TimeDelta::days(6));
    let posts = due(&world).await.into_iter().filter(|call| call.method == Method::POST).count();
    assert_eq!(posts, 1, "after a week it is repeated");

    assert!(ann.says("subscriptions").await[0].says("of gaps that are yours to mend"));
    assert!(ann.says("unsubscribe").await[0].says("The digest is stopped"));
    world.later(TimeDelta::days(14));
    assert!(due(&world).await.is_empty(), "who ended it is not appointed anew");
}

#[tokio::test]
async fn q4_what_costs_money_is_told_at_once_and_once_only() {
    let world = World::start().await;
    world.channel(MEG).says("subscribe daily at 8").await;
    world.later(until_monday_morning() + TimeDelta::hours(3));
    assert_eq!(due(&world).await.len(), 1, "Monday's digest");
    world.database.run(UNCREDITED).await;
    world.later(TimeDelta::minutes(6));
    let alerts: Vec<_> = due(&world).await.into_iter().filter(|call| call.method == Method::POST).collect();
    assert_eq!(alerts.len(), 1);
    let card = said(&alerts[0]);
    assert!(
        card.contains("This costs money") && card.contains("Fabrikam") && card.contains("Exchange"),
        "{card}"
    );
    assert!(!card.contains("Contoso"), "only what is new: {card}");
    for _ in 0..3 {
        world.later(TimeDelta::minutes(6));
        assert!(due(&world).await.iter().all(|call| call.method == Method::PUT), "once only");
    }
}

#[tokio::test]
async fn q4_an_alert_waits_for_the_end_of_the_weekend_and_of_quiet_hours() {
    let world = World::start().await;
    let channel = world.channel(MEG);
    channel.says("subscribe fri at 8").await;
    assert!(channel.says("quiet 12:00-7:30").await[0].says("Quiet from 12:00 to 07:30"));
    due(&world).await;
    world.database.run(UNCREDITED).await;
    world.later(until_monday_morning() - TimeDelta::minutes(35));
    assert!(due(&world).await.is_empty(), "twenty past seven on Monday");
    world.later(TimeDelta::minutes(15));
    assert_eq!(due(&world).await.len(), 1, "twenty-five to eight");

    assert!(channel.says("quiet 7-9").await[0].says("would come while it is quiet"));
    assert!(channel.says("quiet").await[0].says("Quiet from 12:00 to 07:30"));
    assert!(channel.says("quiet off").await[0].says("No quiet hours here"));
    assert!(channel.says("quiet about it").await[0].says("quiet [18:00-08:00 | off]"));
}

#[tokio::test]
async fn what_came_with_ones_own_change_is_no_alert_and_stands_in_the_next_digest() {
    let world = World::start().await;
    let ann = world.chat(ANN);
    ann.says("subscribe daily at 8 money").await;
    due(&world).await;
    world.later(until_monday_morning() + TimeDelta::minutes(10));
    due(&world).await;
    world.database.run(UNCREDITED).await;
    ann.says("note fabrikam: The FastTrack Center takes Exchange over, as agreed with the customer").await;
    world.later(TimeDelta::minutes(6));
    assert!(due(&world).await.iter().all(|call| call.method == Method::PUT), "she did it herself");
    world.later(TimeDelta::days(1));
    let tuesday: Vec<_> = due(&world).await.into_iter().filter(|call| call.method == Method::POST).collect();
    assert_eq!(tuesday.len(), 1);
    assert!(said(&tuesday[0]).contains("Fabrikam"), "{}", said(&tuesday[0]));
}

#[tokio::test]
async fn a_tenant_that_rests_is_left_out_until_its_day() {
    let world = World::start().await;
    let ann = world.chat(ANN);
    ann.says("subscribe daily at 8").await;
    let snoozed = ann.says("snooze fabrikam until tuesday").await;
    assert!(snoozed[0].says("It rests until 24 Nov 2026"), "{}", snoozed[0].words());
    assert!(ann.says("subscriptions").await[0].says("Fabrikam rests until 24 Nov 2026"));
    world.later(until_monday_morning() + TimeDelta::minutes(10));
    let monday = said(&due(&world).await[0]);
    assert!(monday.contains("Contoso") && !monday.contains("Fabrikam"), "{monday}");
    assert!(ann.says("gaps fabrikam").await[0].says("Fabrikam"), "its gaps stay gaps");
    world.later(TimeDelta::days(1));
    let tuesday: Vec<_> = due(&world).await.into_iter().filter(|call| call.method == Method::POST).collect();
    assert!(said(&tuesday[0]).contains("Fabrikam"), "{tuesday:?}");

    let woken = ann.presses("digest.snooze", snoozed[0].button("digest.snooze")).await;
    assert!(woken.says("It is told of again"), "{}", woken.words());
    for line in [
        "snooze fabrikam until yesterday",
        "snooze fabrikam until 1 jan 2028",
        "snooze fabrikam until the cows come home",
    ] {
        assert!(ann.says(line).await[0].says("Until which day?"), "{line}");
    }
    assert!(ann.says("snooze").await[0].says("snooze <tenant>"));
    assert!(world.channel(JIRI).says("snooze contoso until friday").await[0].says("A team lead or admin"));
}

#[tokio::test]
async fn a_digest_tells_only_what_was_chosen() {
    let world = World::start().await;
    let channel = world.channel(MEG);
    let shown = channel.says("subscribe daily at 8 rule:note for northwind, fabrikam").await;
    assert!(shown[0].says("Only: Overall status, 2 tenants"), "{}", shown[0].words());
    assert!(channel.says("subscribe for conto").await[0].says("Which tenant do you mean?"));
    assert!(
        channel.says("subscribe for secret").await[0].says("There is none of this name"),
        "another firm's"
    );
    world.later(until_monday_morning() + TimeDelta::minutes(10));
    let card = said(&due(&world).await[0]);
    assert!(card.contains("Northwind") && card.contains("Fabrikam") && !card.contains("Contoso"), "{card}");
    assert!(card.contains("Status note") && !card.contains("survey"), "{card}");
}

#[tokio::test]
async fn sr_r8_one_process_leads_and_the_next_follows_when_it_is_gone() {
    let world = World::start().await;
    let pool = world.database.owner();
    let (first, second) = (Leadership::of(&pool), Leadership::of(&pool));
    assert!(first.is_held().await.unwrap() && first.is_held().await.unwrap());
    assert!(!second.is_held().await.unwrap());
    first.lay_down().await;
    assert!(second.is_held().await.unwrap());
    assert!(!first.is_held().await.unwrap());
    // Killed, it leaves no lock behind.
    world
        .count(
            "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())",
        )
        .await;
    while !first.is_held().await.unwrap() {
        tokio::task::yield_now().await;
    }
    assert!(!second.is_held().await.unwrap(), "a leader that lost its connection is none");
}

/// What `chat`'s client shows its reader when the digest comes into view.
async fn view(chat: &Chat<'_>) -> Value {
    let action = json!({ "type": "Action.Execute", "verb": "digest.show", "data": {} });
    let (status, body) =
        chat.asks("adaptiveCard/action", json!({ "action": action, "trigger": "automatic" })).await;
    assert_eq!((status, &body["type"]), (200, &json!("application/vnd.microsoft.card.adaptive")), "{body}");
    body["value"].clone()
}

#[tokio::test]
async fn chk_107_108_each_reader_gets_a_view_of_their_own_and_nothing_is_written() {
    let world = World::start().await;
    for who in [JIRI, ANN, BOB] {
        world.chat(who).says("tenants").await;
    }
    world.channel(MEG).says("subscribe daily at 8").await;
    world.later(until_monday_morning() + TimeDelta::minutes(10));
    let posted = due(&world).await;
    let listed = |call: &Call| call.body["attachments"][0]["content"]["refresh"]["userIds"].clone();
    let listed: Vec<Value> = posted.iter().map(listed).filter(|ids| !ids.is_null()).collect();
    let id = |who: Somebody| format!("29:{}", who.object);
    assert_eq!(
        listed,
        [json!([id(ANN), id(JIRI)])],
        "whose gaps they are, then who works there; nobody else"
    );

    let written = "select (select count(*) from audit) + (select count(*) from receipt)
                        + (select count(*) from conversation) + (select count(*) from outbox)";
    let before = world.count(written).await;
    let ann = view(&world.channel(ANN)).await;
    assert_eq!(ann["refresh"]["userIds"], json!([id(ANN)]), "her client asks again");
    let words = ann.to_string();
    assert!(words.contains("as far as it is yours") && words.contains("Contoso"), "{words}");
    assert!(
        words.contains("note.open") || words.contains("status.grid") || words.contains("contact.add"),
        "{words}"
    );
    assert!(!words.contains("Northwind") && !words.contains("CANARY") && !words.contains('@'), "{words}");
    assert!(!view(&world.channel(JIRI)).await.to_string().contains("Fabrikam"), "he works on Contoso alone");
    assert!(
        !view(&world.channel(BOB)).await.to_string().contains("Pharmaceuticals"),
        "another firm's reader"
    );
    assert!(view(&world.channel(GUEST)).await.to_string().contains("not on your firm's list"));
    assert_eq!(world.count(written).await, before);
    assert!(world.sent().await.is_empty(), "the message stays as it is");
}
