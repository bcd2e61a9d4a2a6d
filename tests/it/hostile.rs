//! Bad input gets a clear answer or a plain refusal: never a 500, nothing half-saved, nothing lost.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::bot::{World, with};
use crate::support::firms::{ANN, CONTOSO};

/// Text that means something to somebody else: markdown, templates, date functions, mentions, formulas,
/// direction overrides, and letters from everywhere.
const HOSTILE: &[&str] = &[
    "**bold** [link](https://evil.example) `code`",
    "${tenant} ${if(true,1,2)} {{DATE(2020-01-01T00:00:00Z,SHORT)}}",
    "<at>Everyone</at> <script>alert(1)</script> &lt;",
    "=HYPERLINK(\"https://evil.example\") +1 -1 @x",
    "'; drop table note; --",
    "\u{202E}txt.exe\u{202C} a\u{200B}b \u{2066}x\u{2069}",
    "日本語 العربية Ελληνικά 👩‍💻 e\u{301}",
    "line one\r\nline two\n\n\tthree",
];

#[tokio::test]
async fn hostile_text_is_kept_as_text_and_shown_as_text() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    for text in HOSTILE {
        let saved = chat.presses("note.write", json!({ "tenant": CONTOSO, "body": text })).await;
        assert!(saved.offers("undo"), "{text}");
        only_plain_runs(&saved.0, text);
        let history =
            chat.presses("note.history", json!({ "tenant": CONTOSO, "range": "all", "page": 1 })).await;
        only_plain_runs(&history.0, text);
        let form = chat.presses("note.open", json!({ "tenant": CONTOSO })).await;
        only_plain_runs(&form.0, text);
        world.later(chrono::TimeDelta::seconds(5));
    }
    assert_eq!(
        world.count("select count(*) from note_version where body ~ '[\\u202E\\u200B\\u2066]'").await,
        0
    );
}

/// A `TextBlock` reads markdown and dates: what somebody typed must not be in one (O1).
fn only_plain_runs(card: &Value, typed: &str) {
    if card["type"] == "TextBlock" {
        let text = card["text"].as_str().unwrap_or_default();
        let sign = typed.lines().next().unwrap().get(..8).unwrap_or("\u{0}");
        assert!(!text.contains(sign), "typed words in a text block: {text}");
    }
    match card {
        Value::Array(items) => items.iter().for_each(|item| only_plain_runs(item, typed)),
        Value::Object(members) => members.values().for_each(|member| only_plain_runs(member, typed)),
        _ => {}
    }
}

#[tokio::test]
async fn sr_v1_wrong_types_and_odd_values_in_a_form_are_answered_and_save_nothing() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let good = json!({
        "tenant": CONTOSO, "version": 1, "form": "01890000-0000-7000-8000-000000000001",
        "status": "active", "status_date": "2026-11-21", "body": "x",
    });
    let odd = [
        json!({ "tenant": 5 }),
        json!({ "tenant": null }),
        json!({ "tenant": ["a"] }),
        json!({ "tenant": "'; --" }),
        json!({ "version": "one" }),
        json!({ "version": -1 }),
        json!({ "version": 1e300 }),
        json!({ "version": null }),
        json!({ "form": "x" }),
        json!({ "form": {} }),
        json!({ "status": 7 }),
        json!({ "status": [] }),
        json!({ "status": "Great" }),
        json!({ "status_date": "0000-00-00" }),
        json!({ "status_date": "9999-12-31" }),
        json!({ "status_date": "2026-02-30" }),
        json!({ "status_date": true }),
        json!({ "body": "a\u{0}b" }),
        json!({ "body": {} }),
        json!({ "body": "\u{7}" }),
        json!({ "body": "   " }),
        json!({ "next_action_date": "30 February" }),
        json!({ "next_action": "x".repeat(501) }),
        json!({ "status_date": "2026-11-22" }),
    ];
    for change in odd {
        let (status, body) = chat.execute("note.save", with(good.clone(), change.clone())).await;
        assert_eq!((status, &body["statusCode"]), (200, &json!(200)), "{change}: {body}");
        world.later(chrono::TimeDelta::seconds(2));
    }
    assert_eq!(
        world
            .count("select count(*) from note where partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'")
            .await,
        0
    );
    assert_eq!(world.count("select count(*) from receipt").await, 0, "so that the form can be sent again");
}

#[tokio::test]
async fn verbs_and_shapes_that_nobody_knows_are_answered_as_the_protocol_says() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let old = chat.presses("contact.save", json!({ "x": 1 })).await;
    assert!(old.says("out of date") && old.offers("tenant.list"));
    let invoke =
        |name: &str, value: Value| chat.activity(json!({ "type": "invoke", "name": name, "value": value }));
    for (name, value, status) in [
        ("nobody/knows", json!({}), 501),
        ("composeExtension/query", json!({ "commandId": "find", "parameters": [] }), 200),
        ("application/search", json!({ "dataset": "tenants", "queryText": "x" }), 200),
        ("composeExtension/query", json!("not json"), 400),
        ("task/submit", json!({ "data": { "verb": "tenant.show", "tenant": CONTOSO } }), 200),
        ("task/fetch", json!({ "data": {} }), 200),
        ("adaptiveCard/action", json!({ "action": 5 }), 200),
    ] {
        let (answered, body) = world.post(&invoke(name, value.clone())).await;
        assert_eq!(answered, status, "{name} {value}: {body}");
    }
    let (_, dialog) = world
        .post(&invoke("task/fetch", json!({ "data": { "verb": "note.open", "tenant": CONTOSO } })))
        .await;
    assert_eq!(dialog["task"]["type"], "continue");
    assert_eq!(dialog["task"]["value"]["card"]["contentType"], "application/vnd.microsoft.card.adaptive");
    for kind in ["messageReaction", "typing", "event", "endOfConversation", "somethingNew"] {
        assert_eq!(world.post(&chat.activity(json!({ "type": kind }))).await.0, 200, "{kind}");
    }
}

#[tokio::test]
async fn a_submit_from_an_older_client_is_answered_by_a_message() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let cards = chat.message(json!({ "value": { "verb": "tenant.show", "tenant": CONTOSO } })).await;
    assert!(cards[0].offers("note.open"));
    let saved = chat
        .message(json!({ "value": { "verb": "note.write", "tenant": CONTOSO, "body": "By submit" } }))
        .await;
    assert!(saved[0].says("By submit"));
    assert!(chat.message(json!({ "value": { "nothing": 1 } })).await[0].says("out of date"));
    assert!(chat.message(json!({ "value": [1] })).await[0].says("out of date"));
}

#[tokio::test]
async fn odd_lines_of_chat_are_all_answered() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let long = "contoso ".repeat(4_000);
    for line in [
        "",
        "   ",
        "note",
        "note :",
        "note : text",
        "tenant",
        "history",
        "tenants active ${x} %_\\",
        "/tenants",
        "note contoso:",
        "🙂",
        &long,
        "tenant %",
        "tenant '; --",
        "history contoso 45",
    ] {
        let cards = chat.says(line).await;
        assert_eq!(cards.len(), 1, "{line:.40}");
    }
}

#[tokio::test]
async fn in_a_channel_the_answer_comes_to_whoever_presses() {
    let world = World::start().await;
    let channel = world.channel(ANN);
    let mention = json!({ "type": "mention", "text": "<at>Tenantry</at>", "mentioned": { "id": "28:6a3a3c9e-0d4b-4e57-9a43-b1f2c5d8e901" } });
    let cards =
        channel.message(json!({ "text": "<at>Tenantry</at> tenant fabrikam", "entities": [mention] })).await;
    assert!(cards[0].says("Fabrikam"));
    let stranger = world.channel(crate::support::firms::STRANGER);
    assert!(stranger.presses("note.open", cards[0].button("note.open")).await.says("not set up here yet"));
}

#[tokio::test]
async fn sr_g2_no_log_line_holds_what_somebody_typed_a_name_or_a_token() {
    let written = Arc::new(Mutex::new(Vec::new()));
    let writer = Arc::clone(&written);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || Written(Arc::clone(&writer)))
        .finish();
    let world = World::start().await;
    let _guard = tracing::subscriber::set_default(subscriber);
    let chat = world.chat(ANN);
    chat.says("note contoso.onmicrosoft.com: Zebrafish swims").await;
    chat.says("Zebrafish what is this").await;
    chat.says("tenant Zebrafish").await;
    chat.presses("note.write", json!({ "tenant": CONTOSO, "body": "Zebrafish \u{0}" })).await;
    chat.execute("note.save", json!({ "tenant": "Zebrafish", "body": "Zebrafish" })).await;
    world.database.run("drop function open_tenant_page").await;
    chat.presses("tenant.show", json!({ "tenant": CONTOSO })).await;
    let lines = String::from_utf8(written.lock().unwrap().clone()).unwrap();
    assert!(lines.contains("a turn broke"), "the log is looked at, or this test proves nothing");
    for secret in ["Zebrafish", "Ann Okafor", "eyJ", "Bearer"] {
        let line = lines.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
}

/// Takes log lines.
pub struct Written(pub Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
