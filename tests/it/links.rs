//! Links of our own: where a card has one, what it shows where it is pasted, and what a browser finds there.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::bot::{Chat, LINK_HOST, World};
use crate::support::firms::{ABSENT, ANN, BOB, CONTOSO, FABRIKAM, GUEST, NORTHWIND, SECRET, STRANGER};
use crate::support::tokens::APP_ID;

fn link(tenant: Uuid, rest: &str) -> String {
    format!("https://{LINK_HOST}/t/{tenant}{rest}")
}

async fn pastes(chat: &Chat<'_>, url: &str) -> Value {
    let (status, body) = chat.asks("composeExtension/queryLink", json!({ "url": url })).await;
    assert_eq!(status, 200);
    assert_eq!(body["composeExtension"]["type"], "result", "{body}");
    body["composeExtension"]["attachments"].clone()
}

#[tokio::test]
async fn chk_129_a_link_that_ann_pastes_shows_the_tenant_or_its_service() {
    let world = World::start().await;
    let card = world.chat(ANN).says("tenant fabrikam").await.remove(0);
    let shown = format!("[Link to this tenant]({})", link(FABRIKAM, ""));
    assert!(card.says(&shown), "{}", card.words());
    let service = world.chat(ANN).says("service fabrikam exo").await.remove(0);
    assert!(service.says(&link(FABRIKAM, "/exchange")), "{}", service.words());
    let conversations = world.count("select count(*) from conversation").await;

    let channel = world.channel(ANN);
    let rows = pastes(&channel, &link(FABRIKAM, "")).await;
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(rows[0]["preview"]["content"]["title"], "Fabrikam");
    let card = rows[0]["content"].to_string();
    assert!(card.contains("Overall status") && card.contains("300 In Progress"), "{card}");
    assert!(card.contains(&link(FABRIKAM, "")), "the posted card has its link, too");
    assert!(!card.contains('@') && !card.contains("alpine.example"), "no address of anybody: {card}");
    let rows = pastes(&channel, &format!("{}/?from=mail", link(FABRIKAM, "/exchange"))).await;
    assert_eq!(rows[0]["preview"]["content"]["title"], "Fabrikam · Exchange");
    assert_eq!(
        world.count("select count(*) from conversation").await,
        conversations,
        "no address of that chat is kept"
    );
    assert_eq!(
        pastes(&channel, &link(NORTHWIND, "")).await[0]["preview"]["content"]["title"],
        "Northwind Traders",
        "the whole firm sees its tenants"
    );
}

#[tokio::test]
async fn sr_p6_a_link_to_a_foreign_tenant_shows_what_one_to_an_absent_tenant_shows() {
    let world = World::start().await;
    let absent = pastes(&world.chat(ANN), &link(ABSENT, "")).await;
    assert_eq!(absent[0]["preview"]["content"]["title"], "A page in Tenantry", "{absent}");
    assert_eq!(pastes(&world.chat(ANN), &link(SECRET, "")).await, absent);
    assert_eq!(pastes(&world.chat(ANN), &link(SECRET, "/exchange")).await, absent);
    assert_eq!(
        pastes(&world.chat(ANN), &link(CONTOSO, "/sharepoint")).await,
        absent,
        "nor what has no entitlements"
    );
    for who in [GUEST, STRANGER] {
        assert_eq!(pastes(&world.chat(who), &link(CONTOSO, "")).await, absent);
    }
    let anonymous = json!({
        "type": "invoke", "name": "composeExtension/anonymousQueryLink", "from": { "id": "29:anonymous" },
        "channelData": {}, "value": { "url": link(CONTOSO, "") },
    });
    let (status, body) = world.post(&world.chat(ANN).activity(anonymous)).await;
    assert_eq!((status, &body["composeExtension"]["attachments"]), (200, &absent));
    assert!(pastes(&world.chat(BOB), &link(SECRET, "")).await[0].to_string().contains("Secret CANARY"));
}

#[tokio::test]
async fn chk_129_addresses_of_others_show_nothing() {
    let world = World::start().await;
    for url in [
        format!("https://evil.example/t/{CONTOSO}"),
        format!("https://{LINK_HOST}.evil.example/t/{CONTOSO}"),
        format!("https://{LINK_HOST}/other"),
        format!("http://{LINK_HOST}/t/{CONTOSO}"),
        String::new(),
    ] {
        assert_eq!(pastes(&world.chat(ANN), &url).await, json!([]), "{url}");
    }
}

#[tokio::test]
async fn sr_p6_a_browser_finds_the_way_into_teams_and_nothing_else() {
    let world = World::start().await;
    let (head, page) = world.browse(&format!("/t/{SECRET}/exchange")).await;
    assert!(head.starts_with("http/1.1 200") && head.contains("text/html; charset=utf-8"), "{head}");
    for header in
        ["content-security-policy: default-src 'none'", "nosniff", "no-store", "referrer-policy: no-referrer"]
    {
        assert!(head.contains(header), "{header}: {head}");
    }
    let chat = format!("l/chat/0/0?users=28:{APP_ID}&amp;message=tenant%20{SECRET}%20exchange");
    assert!(page.contains(&chat), "{page}");
    let (_, absent) = world.browse(&format!("/t/{ABSENT}/exchange")).await;
    assert_eq!(page.replace(&SECRET.to_string(), ""), absent.replace(&ABSENT.to_string(), ""));
    for path in [
        "/",
        "/t/",
        "/t/%3Cscript%3E",
        "/t/contoso",
        "/t/../etc",
        &format!("/t/{SECRET}/%3Cb%3E"),
        &format!("/x/{SECRET}"),
    ] {
        let (head, page) = world.browse(path).await;
        assert!(head.starts_with("http/1.1 404") && page.is_empty(), "{path}: {head}");
    }
}

#[tokio::test]
async fn what_the_page_says_to_write_is_understood() {
    let world = World::start().await;
    for (rest, told) in [("", "Tenant summary"), ("/exchange", "Exchange")] {
        let (_, page) = world.browse(&format!("/t/{FABRIKAM}{rest}")).await;
        let line = page.split_once("<code>").unwrap().1.split_once("</code>").unwrap().0;
        let shown = world.chat(ANN).says(line).await.remove(0);
        assert!(shown.says("Fabrikam") && shown.says(told), "{line}: {}", shown.words());
    }
}
