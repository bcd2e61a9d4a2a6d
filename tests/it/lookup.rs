//! Lookups from the box where people write, and from inputs while they type.

use serde_json::{Value, json};

use crate::support::bot::{Chat, LINK_HOST, World};
use crate::support::firms::{ANN, BOB, CONTOSO, GUEST};

async fn finds(chat: &Chat<'_>, typed: &str) -> Value {
    let parameter = match typed {
        "" => json!({ "name": "initialRun", "value": "true" }),
        typed => json!({ "name": "query", "value": typed }),
    };
    let value =
        json!({ "commandId": "find", "parameters": [parameter], "queryOptions": { "skip": 0, "count": 25 } });
    let (status, body) = chat.asks("composeExtension/query", value).await;
    assert_eq!(status, 200);
    body["composeExtension"].clone()
}

fn titles(found: &Value) -> Vec<&str> {
    let rows = found["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| row.pointer("/preview/content/title").unwrap().as_str().unwrap()).collect()
}

#[tokio::test]
async fn chk_121_124_ann_looks_up_a_tenant_and_then_its_service_in_any_chat() {
    let world = World::start().await;
    let chat = world.channel(ANN);
    assert_eq!(titles(&finds(&chat, "").await).len(), 3, "before anybody types: her own tenants");
    assert_eq!(titles(&finds(&chat, "contoso").await), ["Contoso", "Contoso Pharmaceuticals"]);
    assert_eq!(titles(&finds(&chat, "fabrikam exo").await), ["Fabrikam · Exchange"]);
    assert_eq!(
        titles(&finds(&chat, "fabrikam exch").await),
        ["Fabrikam · Exchange"],
        "while it is being typed"
    );
    assert_eq!(titles(&finds(&chat, "okafor").await), ["Ann Okafor"]);

    let card = finds(&chat, "fabrikam exo").await["attachments"][0]["content"].to_string();
    for fact in ["Overall status", "never noted", "300 In Progress", "5 Blocked", "Ann Okafor"] {
        assert!(card.contains(fact), "{fact}: {card}");
    }
    assert!(!card.contains("alpine.example"), "no address of anybody");
    assert_eq!(world.count("select count(*) from conversation").await, 0, "no address of that chat is kept");
}

/// What Outlook sends: no conversation that the bot is part of, and another channel.
fn from_outlook(chat: &Chat<'_>, name: &str, value: &Value) -> Value {
    chat.activity(json!({ "type": "invoke", "name": name, "value": value, "channelId": "m365extensions" }))
}

#[tokio::test]
async fn chk_131_151_ann_finds_a_tenant_in_outlook_and_a_link_shows_it() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let query = json!({ "commandId": "find", "parameters": [{ "name": "query", "value": "fabrikam exo" }] });
    let in_teams = chat.asks("composeExtension/query", query.clone()).await;
    let in_outlook = world.post(&from_outlook(&chat, "composeExtension/query", &query)).await;
    assert_eq!(titles(&in_outlook.1["composeExtension"]), titles(&in_teams.1["composeExtension"]));
    let card = in_outlook.1["composeExtension"]["attachments"][0]["content"].to_string();
    assert!(card.contains("300 In Progress"), "{card}");
    for button in ["Action.Execute", "Action.Submit"] {
        assert!(!card.contains(button), "nobody answers a {button} there: {card}");
    }
    let link = json!({ "url": format!("https://{LINK_HOST}/t/{CONTOSO}") });
    let (_, shown) = world.post(&from_outlook(&chat, "composeExtension/queryLink", &link)).await;
    assert!(shown.to_string().contains("Contoso"), "{shown}");
    assert_eq!(world.count("select count(*) from conversation").await, 0, "no address is kept");
}

#[tokio::test]
async fn a_message_in_outlook_becomes_a_note() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let message = json!({
        "commandId": "note",
        "messagePayload": { "body": { "contentType": "text", "content": "Pilot ends on Friday" } },
    });
    let (status, dialog) = world.post(&from_outlook(&chat, "composeExtension/fetchTask", &message)).await;
    assert_eq!(status, 200);
    assert!(dialog.to_string().contains("Pilot ends on Friday"), "{dialog}");
}

#[tokio::test]
async fn sr_a8_outlook_neither_chats_nor_presses_buttons() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let notes = world.count("select count(*) from note").await;
    let said = chat.activity(json!({ "text": "note contoso: kick-off held", "channelId": "m365extensions" }));
    assert_eq!(world.post(&said).await.0, 200);
    let action = json!({ "action": { "type": "Action.Execute", "verb": "tenant.list", "data": {} }, "trigger": "manual" });
    assert_eq!(world.post(&from_outlook(&chat, "adaptiveCard/action", &action)).await.0, 501);
    assert_eq!(world.post(&from_outlook(&chat, "task/fetch", &json!({ "data": {} }))).await.0, 501);
    assert_eq!(world.count("select count(*) from note").await, notes);
    assert_eq!(world.count("select count(*) from conversation").await, 0);
}

#[tokio::test]
async fn sr_p6_a_lookup_cannot_tell_a_foreign_tenant_from_an_absent_one() {
    let world = World::start().await;
    let foreign = finds(&world.chat(ANN), "secret").await;
    assert_eq!(foreign, finds(&world.chat(ANN), "zzzzzz").await);
    assert_eq!(foreign["type"], "message");
    for who in [ANN, GUEST] {
        for typed in ["", "contoso", "canary", "bob", "exo"] {
            let found = finds(&world.chat(who), typed).await.to_string();
            assert!(!found.contains("CANARY"), "{typed}: {found}");
        }
    }
    assert_eq!(titles(&finds(&world.chat(BOB), "secret").await), ["Secret CANARY"]);
}

#[tokio::test]
async fn an_input_searches_the_tenants_and_people_of_the_firm_only() {
    let world = World::start().await;
    let ask = async |who, dataset: &str, typed: &str| {
        let value =
            json!({ "dataset": dataset, "queryText": typed, "queryOptions": { "skip": 0, "top": 15 } });
        world.chat(who).asks("application/search", value).await.1["value"]["results"].clone()
    };
    let fabrikam =
        json!([{ "title": "Fabrikam (fabrikam.onmicrosoft.com)", "value": "fabrikam.onmicrosoft.com" }]);
    assert_eq!(ask(ANN, "tenants", "fabrikma").await, fabrikam);
    let jiri = json!([{ "title": "Jiří Novák (jiri@alpine.example)", "value": "jiri@alpine.example" }]);
    assert_eq!(ask(ANN, "people", "novak").await, jiri);
    assert_eq!(ask(ANN, "tenants", "secret").await, json!([]));
    assert_eq!(ask(GUEST, "people", "").await, json!([]));
    assert!(!ask(ANN, "people", "").await.to_string().contains("CANARY"));
}

#[tokio::test]
async fn sr_p8_a_card_that_was_posted_between_two_people_tells_no_contact() {
    let world = World::start().await;
    world.chat(ANN).says("contact contoso: Eva Novák eva@contoso.com ES spanish exo").await;
    let pressed = async |conversation: &str| {
        let mut activity = world.chat(ANN).activity(json!({
            "type": "invoke",
            "name": "adaptiveCard/action",
            "replyToId": "posted",
            "value": { "action": { "type": "Action.Execute", "verb": "contact.list", "data": { "tenant": CONTOSO, "page": 1 } } },
        }));
        activity["conversation"]["id"] = conversation.into();
        world.post(&activity).await.1.to_string()
    };
    assert!(pressed("a:ann").await.contains("Contacts"));
    let between = pressed("19:ann_jiri@unq.gbl.spaces").await;
    assert!(between.contains("personal chat"), "{between}");
}

#[tokio::test]
async fn ann_looks_up_what_is_missing_and_posts_it() {
    let world = World::start().await;
    world.later(chrono::TimeDelta::days(20));
    let chat = world.channel(ANN);
    let all = finds(&chat, "gaps").await;
    let titles = titles(&all);
    assert!(titles.len() > 5, "{titles:?}");
    let hers = |title: &&str| ["Contoso", "Fabrikam"].iter().any(|name| title.starts_with(name));
    assert!(titles.iter().all(hers), "{titles:?}");
    let card = all["attachments"][0]["content"].to_string();
    for fact in ["What is missing", "overdue", "rule ", "From Tenantry, as of", "gap.why"] {
        assert!(card.contains(fact), "{fact}: {card}");
    }
    assert!(!card.contains('@'), "no address of anybody");

    let pharma = finds(&chat, "contoso pharma gaps").await;
    let pharma = self::titles(&pharma);
    assert!(!pharma.is_empty() && pharma.iter().all(|title| title.starts_with("Contoso Pharmaceuticals")));
    let red = finds(&chat, "red").await;
    assert!(self::titles(&red).len() > 5 && !red.to_string().contains("due on"), "only what is red already");
    assert!(finds(&chat, "gaps firm northwind").await.to_string().contains("Northwind Traders"));

    let foreign = finds(&chat, "gaps firm secret").await;
    assert_eq!(foreign, finds(&chat, "gaps firm zzzzzz").await);
    assert!(foreign["text"].as_str().unwrap().starts_with("Nothing is missing here"), "{foreign}");
}
