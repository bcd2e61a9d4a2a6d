//! The first journey: a partner user finds a tenant, writes the status note, takes it back, reads its history.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::bot::{World, with};
use crate::support::firms::{ANN, CONTOSO, FABRIKAM, GUEST, JIRI, MEG, NORTHWIND, STRANGER};

#[tokio::test]
async fn greetings_help_and_thanks_are_answered_to_everybody() {
    let world = World::start().await;
    for who in [ANN, GUEST, STRANGER] {
        let chat = world.chat(who);
        for (line, answer) in
            [("Hi", "Hello"), ("HELP", "note <tenant>: <text>"), ("thanks!", "welcome"), ("hlep", "tenants")]
        {
            let cards = chat.says(line).await;
            assert_eq!(cards.len(), 1, "{line}");
            assert!(cards[0].says(answer), "{line}: {}", cards[0].words());
        }
    }
}

#[tokio::test]
async fn words_that_nobody_understands_lead_somewhere() {
    let world = World::start().await;
    let cards = world.chat(ANN).says("please make coffee").await;
    assert!(cards[0].says("did not understand"));
    assert!(cards[0].offers("tenant.list") && cards[0].offers("help"));
    assert!(world.chat(ANN).says("notte").await[0].says("note <tenant>"));
}

#[tokio::test]
async fn strangers_and_unlisted_people_get_a_refusal_without_data() {
    let world = World::start().await;
    assert!(world.chat(STRANGER).says("tenants").await[0].says("not set up here yet"));
    assert!(world.chat(GUEST).says("tenants").await[0].says("not on your firm's list"));
}

#[tokio::test]
async fn v1_the_list_shows_my_active_tenants_the_longest_unnoted_first() {
    let world = World::start().await;
    let list = world.chat(ANN).says("tenants").await.remove(0);
    assert!(list.says("Contoso Pharmaceuticals") && list.says("Fabrikam") && list.says("never noted"));
    assert!(list.says("2 active services"));
    assert!(!list.says("Northwind"), "not assigned");
    let partner =
        world.chat(ANN).presses("tenant.list", json!({ "list": "partner", "filter": "", "page": 1 })).await;
    assert!(partner.says("Northwind Traders"));
    let none = world.chat(MEG).says("tenants").await.remove(0);
    assert!(none.offers("tenant.list"), "an empty list says where to look: {}", none.words());
}

#[tokio::test]
async fn a_tenant_is_found_by_name_alias_domain_id_and_in_spite_of_typing_errors() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    for query in ["fabrikam", "FBK", "fabrikam.onmicrosoft.com", "fabrikma", &FABRIKAM.to_string()] {
        let card = chat.says(&format!("tenant {query}")).await.pop().unwrap_or_else(|| panic!("{query}"));
        assert!(card.offers("note.open") && card.says("Fabrikam"), "{query}: {}", card.words());
    }
    let choice = chat.says("tenant conto").await.remove(0);
    assert!(choice.says("Which tenant") && choice.says("Contoso Pharmaceuticals"));
    let opened = chat.presses("tenant.show", choice.button("tenant.show")).await;
    assert!(opened.says("300") && opened.says("In Progress") && opened.says("Ann Okafor"));
    let none = chat.says("tenant zzzzzz").await.remove(0);
    assert!(none.offers("tenant.list"));
}

#[tokio::test]
async fn e1_the_form_comes_back_with_what_was_typed_until_it_can_be_saved() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = chat.says("note contoso.onmicrosoft.com").await.remove(0);
    assert_eq!((form.input("status"), form.input("status_date")), ("blocked".into(), "2026-11-21".into()));
    let typed =
        json!({ "status": "active", "status_date": "2026-11-22", "body": "", "next_action": "Call **Eva**" });
    let again = chat.presses("note.save", with(form.button("note.save"), typed)).await;
    assert!(
        again.says("Note is missing")
            && again.says("lies in the future")
            && again.says("Next action date is missing")
    );
    assert_eq!((again.input("status"), again.input("next_action")), ("active".into(), "Call **Eva**".into()));
    let mended =
        json!({ "status": "active", "status_date": "2026-11-21", "body": "Pilot runs.", "next_action": "" });
    let saved = chat.presses("note.save", with(again.button("note.save"), mended)).await;
    assert!(saved.says("Pilot runs.") && saved.offers("undo"));
    assert_eq!(world.count("select count(*) from note where withdrawn_at is null and category = 'engagement_management' and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'").await, 1);
    assert_eq!(world.count("select count(*) from audit").await, 1);
}

#[tokio::test]
async fn a_note_in_one_line_keeps_the_overall_status_and_can_be_undone() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let receipt =
        chat.says("note contoso.onmicrosoft.com: Firewall drops traffic, at 10:30 we met").await.remove(0);
    assert!(receipt.says("Firewall drops traffic, at 10:30 we met") && receipt.says("Blocked"));
    let undone = chat.says("undo").await.remove(0);
    assert!(undone.says("no longer counts"), "{}", undone.words());
    assert!(chat.says("undo").await[0].says("nothing to undo"));
    let status = world
        .count("select count(*) from tenant where status_date = '2026-11-01' and overall_status = 'blocked'")
        .await;
    assert_eq!(status, 1, "the status before it is back");
    let history = chat.says("history contoso.onmicrosoft.com").await.remove(0);
    assert!(
        history.says("withdrawn") && history.says("Firewall drops traffic"),
        "a saved note is never deleted"
    );
}

#[tokio::test]
async fn the_undo_button_of_a_receipt_works_once_and_only_for_its_author() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let receipt = chat.says("note contoso.onmicrosoft.com: One").await.remove(0);
    let undo = receipt.button("undo");
    assert!(world.chat(JIRI).presses("undo", undo.clone()).await.says("nothing to undo"));
    assert!(chat.presses("undo", undo.clone()).await.says("no longer counts"));
    assert!(chat.presses("undo", undo).await.says("undone already"));
    let receipt = chat.says("note contoso.onmicrosoft.com: Two").await.remove(0);
    world.later(TimeDelta::minutes(61));
    assert!(chat.presses("undo", receipt.button("undo")).await.says("no longer be undone"));
}

#[tokio::test]
async fn editing_the_message_amends_the_note_and_undo_brings_the_former_words_back() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    chat.message(json!({ "id": "m1", "text": "note contoso.onmicrosoft.com: Pilot of 50" })).await;
    let edit = |text: &str| json!({ "type": "messageUpdate", "id": "m1", "text": text, "channelData": { "eventType": "editMessage", "tenant": { "id": ANN.directory } } });
    let amended = chat.message(edit("note contoso.onmicrosoft.com: Pilot of 500")).await.remove(0);
    assert!(amended.says("Pilot of 500"));
    let unclear = chat.message(edit("note fabrikam: Pilot of 500")).await.remove(0);
    assert!(unclear.says("not taken over"));
    let back = chat.presses("undo", amended.button("undo")).await;
    assert!(back.says("Pilot of 50") && !back.says("Pilot of 500"), "{}", back.words());
    assert!(chat.message(json!({ "type": "messageUpdate", "id": "other", "text": "hi", "channelData": { "eventType": "editMessage", "tenant": { "id": ANN.directory } } })).await.is_empty());
}

#[tokio::test]
async fn sr_c2_the_slower_of_two_editors_sees_both_texts_and_loses_nothing() {
    let world = World::start().await;
    let (ann, jiri) = (world.chat(ANN), world.chat(JIRI));
    let hers = ann.says("note contoso.onmicrosoft.com").await.remove(0);
    let his = jiri.says("note contoso.onmicrosoft.com").await.remove(0);
    let inputs = |body: &str| json!({ "status": "active", "status_date": "2026-11-21", "body": body });
    jiri.presses("note.save", with(his.button("note.save"), inputs("His words"))).await;
    let conflict = ann.presses("note.save", with(hers.button("note.save"), inputs("Her words"))).await;
    assert!(conflict.says("His words") && conflict.says("Jiří Novák"), "{}", conflict.words());
    assert_eq!(conflict.input("body"), "Her words");
    let saved = ann.presses("note.save", with(conflict.button("note.save"), inputs("Her words"))).await;
    assert!(saved.offers("undo"));
    let history = ann.presses("note.history", json!({ "tenant": CONTOSO, "range": "30", "page": 1 })).await;
    assert!(history.says("His words") && history.says("Her words"));
}

#[tokio::test]
async fn a10_whoever_is_not_assigned_reads_but_does_not_write() {
    let world = World::start().await;
    let meg = world.chat(MEG);
    assert!(meg.says("tenant fabrikam").await[0].says("Fabrikam"));
    for line in ["note fabrikam", "note fabrikam: words"] {
        assert!(meg.says(line).await[0].says("not write to it"), "{line}");
    }
    let data = json!({ "tenant": NORTHWIND, "version": 1, "form": NORTHWIND, "status": "active", "status_date": "2026-11-21", "body": "x" });
    assert!(world.chat(ANN).presses("note.save", data).await.says("not write to it"));
    assert_eq!(
        world
            .count("select count(*) from note where partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'")
            .await,
        0
    );
}

#[tokio::test]
async fn an_unclear_name_asks_and_carries_the_text_along() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let choice = chat.says("note conto: Words that took a while").await.remove(0);
    assert_eq!(choice.input("body"), "Words that took a while");
    let saved = chat
        .presses(
            "note.write",
            with(choice.button("note.write"), json!({ "body": "Words that took a while" })),
        )
        .await;
    assert!(saved.says("Words that took a while") && saved.offers("undo"));
}

#[tokio::test]
async fn a_note_that_is_too_long_comes_back_in_the_form() {
    let world = World::start().await;
    let long = "漢".repeat(4001);
    let form = world.chat(ANN).says(&format!("note contoso.onmicrosoft.com: {long}")).await.remove(0);
    assert!(form.says("too long"));
    assert_eq!(form.input("body").chars().count(), 4001);
}

#[tokio::test]
async fn one_welcome_for_an_installation_and_none_for_its_repeats() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let installed = json!({ "type": "installationUpdate", "action": "add" });
    let added = json!({ "type": "conversationUpdate", "membersAdded": [{ "id": "28:6a3a3c9e-0d4b-4e57-9a43-b1f2c5d8e901" }] });
    assert_eq!(chat.message(installed.clone()).await.len(), 1);
    assert!(chat.message(added.clone()).await.is_empty());
    assert!(chat.message(installed.clone()).await.is_empty());
    let removed = json!({ "type": "installationUpdate", "action": "remove" });
    assert!(chat.message(removed).await.is_empty());
    assert_eq!(chat.message(installed).await.len(), 1, "a new installation is welcomed anew");
    let team = world.channel(ANN);
    world.post(&team.activity(added)).await;
    let sent = world.sent().await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].body["entities"][0]["mentioned"]["name"], "Ann Okafor", "it says who added it");
}

#[tokio::test]
async fn the_history_is_read_through_windows_and_filters() {
    let world = World::start().await;
    world.database.run(include_str!("support/notes.sql")).await;
    let chat = world.chat(ANN);
    let shown = async |line: &str| {
        let card = chat.says(&format!("history contoso.onmicrosoft.com {line}")).await.remove(0);
        ["five days", "forty days", "seventy days", "of Jiri", "about Exchange"].map(|words| card.says(words))
    };
    assert_eq!(shown("").await, [true, false, false, true, true]);
    assert_eq!(shown("60").await, [false, true, false, false, false]);
    assert_eq!(shown("90").await, [false, false, true, false, false]);
    assert_eq!(shown("all").await, [true; 5]);
    assert_eq!(shown("all mine").await, [true, true, true, false, true]);
    assert_eq!(shown("exo").await, [false, false, false, false, true]);
    assert_eq!(shown("escalated all").await, [false, false, true, false, false]);
    let due =
        |due: &str| json!({ "tenant": CONTOSO, "range": "all", "due": due, "category": "all", "page": 1 });
    assert!(chat.presses("note.history", due("week")).await.says("about Exchange"));
    assert!(!chat.presses("note.history", due("week")).await.says("five days"));
    assert!(chat.presses("note.history", due("month")).await.says("five days"));
    let odd = chat.presses("note.history", with(due("week"), json!({ "service": "nothing" }))).await;
    assert!(odd.says("out of date"));
}

#[tokio::test]
async fn sr_r5_what_the_budget_holds_back_is_answered_later_and_not_lost() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    for _ in 0..9 {
        let help = chat.activity(json!({ "text": "help" }));
        assert_eq!(world.post(&help).await.0, 200);
    }
    let at_once = world.sent().await.len();
    assert!(at_once < 9, "the budget binds, or this test proves nothing");
    world.later(TimeDelta::minutes(2));
    assert_eq!(at_once + world.sent().await.len(), 9);
}
