//! The engagement start date from chat (DOMAIN 3.5): date and reason in one transaction, and back.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::bot::{Chat, Shown, World, with};
use crate::support::firms::{ANN, CONTOSO, JIRI, MEG, SECRET};

const NAME: &str = "contoso.onmicrosoft.com";

/// Start dates, and the notes that stand, of Contoso at Alpine.
async fn stored(world: &World) -> (String, Vec<String>) {
    let dates = "select coalesce(string_agg(service || ' ' || engagement_start, '; ' order by service), '')
        from tenant_service where tenant_id = '11111111-0000-4000-8000-000000000001'";
    let notes = "select v.body || ' [' || array_to_string(n.services, ',') || ' ' || coalesce(v.overall_status, '-') || ' '
            || coalesce(v.status_date::text, '-') || ']'
        from note n join note_version v on v.note_id = n.id and v.version = n.row_version
        where n.withdrawn_at is null and n.partner_id = 'aaaaaaaa-0000-4000-8000-000000000001' order by n.created_at";
    let owner = world.database.owner();
    (
        sqlx::query_scalar(dates).fetch_one(&owner).await.unwrap(),
        sqlx::query_scalar(notes).fetch_all(&owner).await.unwrap(),
    )
}

async fn one(chat: &Chat<'_>, line: &str) -> Shown {
    chat.says(line).await.remove(0)
}

fn typed(form: &Shown, date: &str, reason: &str) -> Value {
    with(form.button("start.save"), json!({ "engagement_start": date, "reason": reason }))
}

#[tokio::test]
async fn d5_the_date_and_its_reason_are_stored_together_and_taken_back_together() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let asked = one(&chat, &format!("start {NAME} exo 1 mar: customer rescheduled")).await;
    assert!(asked.says("Please confirm") && asked.says("1 Mar 2027"), "{}", asked.words());
    assert_eq!(stored(&world).await, (String::new(), vec![]), "neither date nor note before it is confirmed");
    let saved = chat.presses("confirm", asked.button("confirm")).await;
    let note = "Engagement start date of Exchange: 1 Mar 2027 (before: none). customer rescheduled \
                [exchange blocked 2026-11-01]";
    assert_eq!(stored(&world).await, ("exchange 2027-03-01".to_owned(), vec![note.to_owned()]));
    assert!(one(&chat, &format!("history {NAME} exo")).await.says("customer rescheduled"));
    assert!(one(&chat, &format!("history {NAME} start")).await.says("Engagement start date"));
    let undone = chat.presses("undo", saved.button("undo")).await;
    assert!(undone.says("Undone") && undone.says("withdrawn"), "{}", undone.words());
    assert_eq!(stored(&world).await, (String::new(), vec![]));
    assert_eq!(world.count("select count(*) from tenant where row_version > 1").await, 0, "the status stays");
}

#[tokio::test]
async fn the_form_asks_for_the_reason_on_the_same_card_and_keeps_what_was_typed() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = one(&chat, &format!("start {NAME} exo")).await;
    for (date, reason, said) in [
        ("2027-03-01", " ", "Reason for the change is missing"),
        ("2027-02-30", "Moved", "no date of the calendar"),
        ("1999-01-01", "Moved", "2000 to 2099"),
        ("", "Moved", "goes with a change"),
        ("2027-03-01", "a\u{0}b", "cannot be shown"),
    ] {
        let back = chat.presses("start.save", typed(&form, date, reason)).await;
        assert!(back.says(said), "{date}: {}", back.words());
        assert_eq!(
            (back.input("engagement_start"), back.input("reason")),
            (date.to_owned(), reason.to_owned())
        );
    }
    let long = chat.presses("start.save", typed(&form, "2027-03-01", &"x".repeat(1001))).await;
    assert!(long.says("within 1,000 characters"), "{}", long.words());
    assert_eq!(stored(&world).await, (String::new(), vec![]));
    let hostile = "{{DATE(2027-01-01)}} <at>x</at> **b** ${1}";
    let saved = chat.presses("start.save", typed(&form, "2027-03-14", hostile)).await;
    assert!(saved.says("first of the expected month, 1 Mar 2027"), "D7: {}", saved.words());
    assert!(stored(&world).await.1[0].contains(hostile));
    assert_eq!(chat.presses("start.save", typed(&form, "2027-03-14", hostile)).await, saved, "R1");
    chat.presses("undo", saved.button("undo")).await;
    chat.presses("start.save", typed(&form, "2027-03-14", hostile)).await;
    assert_eq!(stored(&world).await, (String::new(), vec![]), "a replay after the undo does nothing");
}

#[tokio::test]
async fn a_line_asks_for_what_it_lacks() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = one(&chat, &format!("start {NAME} exo june")).await;
    assert_eq!(form.input("engagement_start"), "2027-06-01", "D7: the first day of the month");
    assert_eq!(form.input("reason"), "");
    let form = one(&chat, &format!("start {NAME} exo: they asked for it")).await;
    assert_eq!(form.input("reason"), "they asked for it");
    let which = one(&chat, &format!("start {NAME} exo 3/4/2027: at 10:30 they called")).await;
    assert!(which.says("3 Apr 2027") && which.says("4 Mar 2027"), "{}", which.words());
    let asked = chat.presses("start.line", which.button("start.line")).await;
    chat.presses("confirm", asked.button("confirm")).await;
    assert!(stored(&world).await.1[0].contains("at 10:30 they called"));
    let which = one(&chat, &format!("start {NAME} 1 mar: why")).await;
    let asked = chat.presses("start.line", which.button("start.line")).await;
    assert!(
        asked.says("Please confirm") || asked.says("Save this engagement start date?"),
        "{}",
        asked.words()
    );
    let long = format!("start {NAME}{} 1 mar: {}", " ".repeat(20_000), "漢".repeat(9_000));
    let which = one(&chat, &long).await;
    let data = with(which.button("start.line"), json!({ "service": "teams" }));
    assert!(chat.presses("start.line", data).await.says("within 1,000 characters"));
    let same = one(&chat, &format!("start {NAME} exo 2027-03-04: again")).await;
    assert!(same.says("goes with a change"), "{}", same.words());
}

#[tokio::test]
async fn d2_only_with_entitlements_in_progress_and_section_4_only_by_the_assigned() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = one(&chat, &format!("start {NAME} exo")).await;
    world.database.run("update entitlement set l1 = 'blocked' where service = 'exchange'").await;
    let refused = chat.presses("start.save", typed(&form, "2027-03-01", "Kick-off")).await;
    assert!(refused.says("only for services with In Progress entitlements"), "{}", refused.words());
    assert!(
        one(&chat, &format!("start {NAME} exo 1 mar: why")).await.says("only for services with In Progress")
    );
    assert!(
        world
            .chat(MEG)
            .presses("start.save", typed(&form, "2027-03-01", "Why"))
            .await
            .says("not write to it")
    );
    let foreign = with(typed(&form, "2027-03-01", "Why"), json!({ "tenant": SECRET }));
    assert!(chat.presses("start.save", foreign).await.says("not open to you"));
    world.database.run("update tenant_service set scenario = 'ftc_css_led'").await;
    assert!(one(&chat, &format!("start {NAME} teams 1 mar: why")).await.says("Microsoft keeps the data"));
    assert_eq!(stored(&world).await, (String::new(), vec![]));
}

#[tokio::test]
async fn sr_c2_a_slower_editor_sees_who_was_faster_a_person_or_the_feed() {
    let world = World::start().await;
    let (ann, jiri) = (world.chat(ANN), world.chat(JIRI));
    let data = json!({ "tenant": CONTOSO, "service": "exchange" });
    let (slow, fast) =
        (ann.presses("start.open", data.clone()).await, jiri.presses("start.open", data).await);
    jiri.presses("start.save", typed(&fast, "2027-02-01", "Faster")).await;
    let conflict = ann.presses("start.save", typed(&slow, "2027-03-01", "Slower")).await;
    assert!(conflict.says("Jiří Novák") && conflict.says("1 Feb 2027"), "{}", conflict.words());
    assert_eq!(conflict.input("reason"), "Slower");
    world.database.run("update tenant_service set row_version = row_version + 1").await;
    let conflict = ann.presses("start.save", typed(&conflict, "2027-03-01", "Slower")).await;
    assert!(conflict.says("nightly feed"), "{}", conflict.words());
    assert_eq!(stored(&world).await.0, "exchange 2027-02-01");
    world.later(TimeDelta::seconds(5));
    ann.presses("start.save", typed(&conflict, "2027-03-01", "Slower")).await;
    assert_eq!(stored(&world).await.0, "exchange 2027-03-01");
    assert_eq!(stored(&world).await.1.len(), 2);
}
