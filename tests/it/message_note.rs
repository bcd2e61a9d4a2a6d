//! "Save as Tenantry note" on a message of any chat, from the menu to the note and back.

use serde_json::{Value, json};

use crate::support::bot::{Chat, Shown, World};
use crate::support::firms::{ANN, GUEST, JIRI, MEG, STRANGER};

/// The message of the recorded activity, with these words.
fn message(html: &str) -> Value {
    let recorded: Value = serde_json::from_str(include_str!("activities/invoke.action_fetch.json")).unwrap();
    let mut value = recorded["value"].clone();
    if !html.is_empty() {
        value["messagePayload"]["body"]["content"] = html.into();
    }
    value
}

/// The card of a dialog, in which nothing but `Action.Submit` is sure to work.
#[track_caller]
fn dialog(answer: &(u16, Value)) -> Shown {
    assert_eq!((answer.0, &answer.1["task"]["type"]), (200, &json!("continue")), "{}", answer.1);
    assert!(!answer.1["task"]["value"]["title"].as_str().unwrap().is_empty());
    let card = answer.1["task"]["value"]["card"]["content"].clone();
    assert!(!card.to_string().contains("Action.Execute"), "{card}");
    Shown(card)
}

async fn points_at(chat: &Chat<'_>, value: Value) -> Shown {
    dialog(&chat.asks("composeExtension/fetchTask", value).await)
}

async fn sends(chat: &Chat<'_>, data: Value) -> Shown {
    let value = json!({ "commandId": "note", "commandContext": "message", "data": data });
    dialog(&chat.asks("composeExtension/submitAction", value).await)
}

#[tokio::test]
async fn chk_125_126_ann_saves_a_message_of_a_channel_as_a_note_and_takes_it_back() {
    let world = World::start().await;
    let channel = world.channel(ANN);
    let form = points_at(&channel, message("")).await;
    assert_eq!(form.input("tenant"), "contoso.onmicrosoft.com", "the one tenant that it names");
    assert_eq!(
        form.input("body"),
        "@Jiří Novák, call with Contoso: pilot of 50 users runs & mail moves next.\n\
         - DNS change is in their change list (https://contoso.com/change/77)\nGood so far 🙂"
    );
    assert!(form.says("As it is: Blocked"), "{}", form.words());
    assert!(
        form.says(
            "A link back is added below the text: [the message](https://teams.microsoft.com/l/message/"
        )
    );

    let saved = sends(&channel, form.submits("Save note", json!({ "next_action": "" }))).await;
    assert!(saved.says("✓ Saved") && saved.says("Contoso") && saved.says("Blocked"), "{}", saved.words());
    assert!(saved.says("mail moves next") && saved.says("parentMessageId=1785312345678"));
    let latest = world.chat(ANN).says("history contoso").await;
    assert!(latest[0].says("From a Teams message of 29 Jul 2026"), "{}", latest[0].words());
    let places = world.count("select count(*) from conversation where kind = 'channel'").await;
    assert_eq!(places, 0, "no address of that channel is kept");

    let undone = sends(&channel, saved.submits("Undo", json!({}))).await;
    assert!(undone.says("Undone") || undone.says("Taken back"), "{}", undone.words());
    let standing = "select count(*) from note where withdrawn_at is null
                    and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'";
    assert_eq!(world.count(standing).await, 0);
}

#[tokio::test]
async fn e1_what_is_missing_comes_back_with_what_was_typed() {
    let world = World::start().await;
    let channel = world.channel(ANN);
    let form = points_at(&channel, message("<p>We called the customer.</p>")).await;
    assert_eq!(form.input("tenant"), "", "no tenant is named, and none is guessed");
    let typed = json!({ "status": "paused", "next_action": "Call again" });
    let back = sends(&channel, form.submits("Save note", typed)).await;
    assert!(back.says("Tenant is missing") && back.says("Not saved yet"), "{}", back.words());
    assert_eq!((back.input("status"), back.input("next_action")), ("paused".into(), "Call again".into()));
    assert_eq!(back.input("body"), "We called the customer.");

    let chosen = json!({ "tenant": "fabrikam.onmicrosoft.com", "body": " " });
    let back = sends(&channel, back.submits("Save note", chosen)).await;
    assert!(back.says("Note is missing"), "a link alone is no note: {}", back.words());
    assert!(back.says("By when is missing") && back.says("By whom is missing"), "{}", back.words());
    let mended = json!({ "body": "Called.", "next_action": "" });
    let saved = sends(&channel, back.submits("Save note", mended)).await;
    assert!(saved.says("✓ Saved") && saved.says("Fabrikam") && saved.says("Paused"), "{}", saved.words());
}

#[tokio::test]
async fn sr_p6_foreign_absent_and_unassigned_tenants_get_the_same_words_and_nothing_is_lost() {
    let world = World::start().await;
    let channel = world.channel(ANN);
    let form = points_at(&channel, message("Secret CANARY is named here, and secret.onmicrosoft.com")).await;
    assert_eq!(form.input("tenant"), "", "nothing is known of a foreign tenant");
    let mut answers = Vec::new();
    for name in ["secret.onmicrosoft.com", "absent.onmicrosoft.com", "northwind.onmicrosoft.com"] {
        let typed = json!({ "tenant": name, "body": "Kept." });
        let back = sends(&channel, form.submits("Save note", typed)).await;
        assert!(back.says("none that you are assigned to"), "{}", back.words());
        assert_eq!((back.input("tenant"), back.input("body")), (name.to_owned(), "Kept.".to_owned()));
        answers.push(back.0.to_string().replace(name, ""));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
    assert_eq!(world.count("select count(*) from note").await, 2, "the competitor's own");
}

#[tokio::test]
async fn sr_c2_somebody_who_was_faster_is_shown_and_mine_can_be_saved_on_top() {
    let world = World::start().await;
    let channel = world.channel(ANN);
    let form = points_at(&channel, message("")).await;
    world.chat(JIRI).says("note contoso: Words of Jiri").await;
    let conflict = sends(&channel, form.submits("Save note", json!({ "status": "active" }))).await;
    assert!(conflict.says("Somebody was faster") && conflict.says("Words of Jiri"), "{}", conflict.words());
    assert!(
        conflict.input("body").ends_with("parentMessageId=1785312345678"),
        "the link is part of the text now"
    );
    let saved = sends(&channel, conflict.submits("Save mine on top", json!({}))).await;
    assert!(saved.says("✓ Saved") && saved.says("Active"), "{}", saved.words());
    let theirs = points_at(&channel, message("")).await;
    let kept =
        sends(&channel, theirs.submits("Save note", json!({ "tenant": "fabrikam.onmicrosoft.com" }))).await;
    assert!(kept.says("✓ Saved"), "another tenant than the one that was shown is no conflict");
}

#[tokio::test]
async fn sr_r1_a_form_that_is_sent_twice_is_one_note() {
    let world = World::start().await;
    let channel = world.channel(ANN);
    let form = points_at(&channel, message("")).await;
    let data = form.submits("Save note", json!({ "next_action": "" }));
    let first = sends(&channel, data.clone()).await;
    assert_eq!(sends(&channel, data).await, first);
    assert_eq!(
        world
            .count("select count(*) from note where activity_id is null and created_at > '2026-11-20'")
            .await,
        1
    );
}

#[tokio::test]
async fn v2_every_message_makes_a_form() {
    let world = World::start().await;
    let channel = world.channel(ANN);
    let long = points_at(&channel, message(&format!("<p>{}</p>", "word ".repeat(2_000)))).await;
    assert!(long.says("It was cut at the end") && long.input("body").ends_with('…'));
    let saved = sends(
        &channel,
        long.submits("Save note", json!({ "tenant": "fabrikam.onmicrosoft.com", "next_action": "" })),
    )
    .await;
    assert!(saved.says("✓ Saved"), "as long as a note may be, with its link: {}", saved.words());

    let only_a_card = points_at(&channel, message("<attachment id=\"c1\"></attachment>")).await;
    assert!(only_a_card.says("no text that could be taken over"), "{}", only_a_card.words());
    assert_eq!(only_a_card.input("body"), "");

    let mut hostile =
        message("<img src=x onerror=alert(1)><script>alert(1)</script><at>Ann</at> {{DATE(2020)}} ${x}");
    hostile["messagePayload"]["linkToMessage"] = "https://evil.example/l/message/1/2".into();
    hostile["messagePayload"]["createdDateTime"] = "yesterday".into();
    let form = points_at(&channel, hostile).await;
    assert_eq!(form.input("body"), "[picture]@Ann {{DATE(2020)}} ${x}");
    assert!(!form.0.to_string().contains("evil.example"), "a link elsewhere is not kept");

    for odd in [
        json!({ "commandId": "note", "commandContext": "compose" }),
        json!({ "commandId": "other", "messagePayload": {} }),
    ] {
        assert!(points_at(&channel, odd).await.says("out of date"));
    }
    let nothing = json!({ "commandId": "note", "messagePayload": { "body": 5, "linkToMessage": null } });
    assert!(points_at(&channel, nothing).await.says("no text that could be taken over"));
}

#[tokio::test]
async fn whoever_cannot_write_is_told_so_before_they_type() {
    let world = World::start().await;
    for (who, told) in [
        (MEG, "You are not assigned to any tenant"),
        (GUEST, "You are not on your firm's list"),
        (STRANGER, "Your organisation is not set up here yet"),
    ] {
        let shown = points_at(&world.channel(who), message("")).await;
        assert!(shown.says(told), "{}", shown.words());
        assert!(!shown.has_input("body"));
    }
}

#[tokio::test]
async fn the_tenants_that_are_found_by_typing_are_those_that_one_may_write_to() {
    let world = World::start().await;
    let ask = async |who, typed: &str| {
        let value =
            json!({ "dataset": "my_tenants", "queryText": typed, "queryOptions": { "skip": 0, "top": 15 } });
        world.channel(who).asks("application/search", value).await.1["value"]["results"].clone()
    };
    let values = |found: Value| -> Vec<String> {
        found.as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(values(ask(ANN, "pharma").await), ["contosopharma.onmicrosoft.com"]);
    assert_eq!(values(ask(JIRI, "").await), ["contoso.onmicrosoft.com"]);
    for typed in ["northwind", "secret", "canary"] {
        assert_eq!(values(ask(ANN, typed).await), Vec::<String>::new(), "{typed}");
    }
    assert_eq!(world.count("select count(*) from conversation").await, 0);
}
