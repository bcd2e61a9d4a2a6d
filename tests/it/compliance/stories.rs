//! Gaps, as users live them: seen in one message, mended by one press, and gone.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::bot::{Chat, Shown, World, with};
use crate::support::firms::{ANN, BOB, JIRI, MEG};

async fn one(chat: &Chat<'_>, line: &str) -> Shown {
    let mut shown = chat.says(line).await;
    assert_eq!(shown.len(), 1, "{line}");
    shown.remove(0)
}

#[tokio::test]
async fn e4_a_missing_status_note_is_one_press_from_its_form_and_then_it_is_gone() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let red = one(&chat, "gaps contoso rule:note").await;
    assert!(red.says("Contoso") && red.says("There is no status note yet."), "{}", red.words());
    let form = chat.presses("note.open", red.button("note.open")).await;
    let typed =
        json!({ "status": "active", "status_date": "2026-11-21", "body": "Kick-off held, DNS is next" });
    let saved = chat.presses("note.save", with(form.button("note.save"), typed)).await;
    assert!(saved.says("✓ Saved"), "{}", saved.words());
    // Contoso Pharma is still without one.
    let left = one(&chat, "gaps rule:note").await;
    assert!(left.says("Contoso Pharmaceuticals"), "{}", left.words());
    assert!(!left.words().contains("Contoso ·"), "{}", left.words());

    // Prediction is the same rule on a later day.
    let soon = one(&chat, "next 7d rule:note").await;
    assert!(!soon.says("Contoso"), "{}", soon.words());
    let later = one(&chat, "next 30d rule:note").await;
    assert!(later.says("6 Dec 2026"), "{}", later.words());
    world.later(TimeDelta::days(15));
    let overdue = one(&chat, "gaps contoso rule:note red").await;
    assert!(overdue.says("The last status note is of 21 Nov 2026"), "{}", overdue.words());
}

#[tokio::test]
async fn n3_new_entitlements_turn_red_when_they_have_waited_two_weeks() {
    let world = World::start().await;
    world
        .database
        .run(
            "update entitlement set l1 = 'status_unknown', l2 = 'new_subscription_or_workload',
                created_at = '2026-11-20T09:00:00Z', updated_at = '2026-11-20T09:00:00Z'
             where service = 'exchange' and l1 = 'blocked'",
        )
        .await;
    let chat = world.chat(ANN);
    let none = one(&chat, "gaps contoso exo rule:status").await;
    assert!(!none.says("new entitlements"), "{}", none.words());
    world.later(TimeDelta::days(14));
    let red = one(&chat, "gaps contoso exo rule:status red").await;
    assert!(red.says("5 new entitlements have waited since 20 Nov 2026"), "{}", red.words());
    assert!(red.offers("status.grid"));
}

#[tokio::test]
async fn filters_narrow_and_nothing_found_says_what_next() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let exo = one(&chat, "gaps svc:exo rule:forecast").await;
    assert!(exo.says("Exchange") && !exo.says("Teams"), "{}", exo.words());
    let anns = one(&chat, "gaps firm owner:ann").await;
    assert!(anns.says("Contoso") && !anns.says("Northwind"), "{}", anns.words());
    let nothing = one(&world.chat(MEG), "gaps").await;
    assert!(nothing.says("assigned to") && nothing.offers("gap.list"), "{}", nothing.words());
    let firm = world.chat(MEG).presses("gap.list", nothing.button("gap.list")).await;
    assert!(firm.says("Gaps of the firm"), "{}", firm.words());
}

#[tokio::test]
async fn why_names_rule_source_and_the_line_that_mends_it() {
    let world = World::start().await;
    let why = one(&world.chat(ANN), "why contoso").await;
    for said in [
        "Survey contact",
        "rule C3",
        "contact contoso.onmicrosoft.com",
        "forecast contoso.onmicrosoft.com exo",
    ] {
        assert!(why.says(said), "{said}: {}", why.words());
    }
    // Who is not assigned sees why, and is told who can.
    let read = one(&world.chat(JIRI), "why fabrikam").await;
    assert!(read.says("Only those who are assigned to the tenant can mend it"), "{}", read.words());
    assert!(!read.offers("forecast.open") && !read.offers("contact.add"));
    // The other firm's tenant is as absent as one that never was.
    let foreign = one(&world.chat(ANN), "why secret").await;
    let absent = one(&world.chat(ANN), "why nowhere").await;
    assert_eq!(foreign.words().replace("secret", "x"), absent.words().replace("nowhere", "x"));
}

#[tokio::test]
async fn the_figures_of_the_day_and_of_the_firm() {
    let world = World::start().await;
    let today = one(&world.chat(ANN), "today").await;
    assert!(today.says("Overall status") && today.says("Contoso Pharmaceuticals"), "{}", today.words());
    assert!(today.offers("gap.next"));
    let stats = one(&world.chat(MEG), "stats").await;
    assert!(stats.says("Ann Okafor") && !stats.says("CANARY"), "{}", stats.words());
    let others = one(&world.chat(BOB), "stats").await;
    assert!(!others.says("Ann Okafor"), "{}", others.words());
}

#[tokio::test]
async fn q4_where_others_read_along_no_contact_is_named() {
    let world = World::start().await;
    world.chat(ANN).says("contact contoso: Eva Novák eva@contoso.com ES spanish exo").await;
    for line in ["gaps firm", "today", "why contoso", "next 30d firm", "stats"] {
        for shown in world.channel(ANN).says(line).await {
            assert!(!shown.says("Eva") && !shown.says("@"), "{line}: {}", shown.words());
        }
    }
}

#[tokio::test]
async fn stats_say_whether_there_are_more_gaps_than_a_week_ago() {
    let world = World::start().await;
    assert_eq!(world.sweep.work_once().await.unwrap(), 2, "each firm once");
    assert_eq!(world.sweep.work_once().await.unwrap(), 0, "once a day (R8)");
    let first = one(&world.chat(MEG), "stats").await;
    assert!(!first.says("a week ago"), "nobody knows yet: {}", first.words());

    world.later(TimeDelta::days(7));
    let as_many = one(&world.chat(MEG), "stats").await;
    assert!(as_many.says("a week ago"), "{}", as_many.words());
    let count = "select coalesce(sum(red), 0)::bigint from gap_day where partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'";
    let before = world.count(count).await;
    assert!(before > 0);
    world.chat(ANN).says("note fabrikam: Pilot of fifty users runs, next is the mail cut-over").await;
    world.chat(ANN).says("note contoso: Kick-off held, waiting for the DNS change of the customer").await;
    let fewer = one(&world.chat(MEG), "stats").await;
    assert!(fewer.says(&format!("a week ago {before} red (▼ ")), "{}", fewer.words());
    assert!(!fewer.says("CANARY"));
}
