//! Two steps, the thirty-day clock, and the export.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{as_a_person, cards, contact, erase, note, outcome};
use crate::support::bot::{Call, Chat, Shown, World};
use crate::support::firms::{ANN, BOB, MEG};

const EVA: &str = "eva@contoso.example";

async fn world() -> World {
    let world = World::start().await;
    let eva = contact(1, "Eva Marková", EVA, "'CIO', '', 'Speaks Czech'");
    as_a_person(&world, ANN, &[&eva]).await;
    world
}

async fn contacts(world: &World) -> i64 {
    world.count("select count(*) from contact where email = 'eva@contoso.example'").await
}

#[tokio::test]
async fn section_4_only_admins_and_team_leads_in_their_personal_chat() {
    let world = world().await;
    for line in ["privacy", "privacy export eva", "privacy erase eva", "privacy request erase eva"] {
        let refused = world.chat(ANN).says(line).await.remove(0);
        assert!(
            refused.says("admin or team lead") && !refused.says("Marková"),
            "{line}: {}",
            refused.words()
        );
        let elsewhere = world.channel(MEG).says(line).await.remove(0);
        assert!(
            elsewhere.says("others read along") && !elsewhere.says("Marková"),
            "{line}: {}",
            elsewhere.words()
        );
    }
    world.database.run("update person set is_admin = false where name = 'Meg Bowen'").await;
    assert!(world.chat(MEG).says("privacy").await[0].says("No open requests"), "a team lead may");
    assert_eq!(world.count("select count(*) from privacy_request").await, 0);
}

#[tokio::test]
async fn sr_c4_nothing_happens_without_the_second_step_and_each_question_counts_once() {
    let world = world().await;
    let chat = world.chat(MEG);
    let question = chat.says("privacy erase eva").await.remove(0);
    assert!(question.says("Eva Marková") && question.says("1 contact"), "{}", question.words());
    outcome(&world).await;
    assert_eq!(contacts(&world).await, 1);
    // Not by saying so, not by somebody else, not by another firm.
    chat.presses("privacy.ask", json!({ "deed": "erase", "who": EVA, "confirm": true, "confirming": "x" }))
        .await;
    let button = question.button("confirm");
    for other in [ANN, BOB] {
        assert!(world.chat(other).presses("confirm", button.clone()).await.says("no longer open"));
    }
    outcome(&world).await;
    assert_eq!(contacts(&world).await, 1);
    chat.presses("confirm", button.clone()).await;
    outcome(&world).await;
    assert_eq!(contacts(&world).await, 0);
    let again = chat.presses("confirm", button).await;
    assert!(!again.says("Marková"), "{}", again.words());
    assert_eq!(world.count("select count(*) from audit where act = 'privacy.erase'").await, 1);
}

#[tokio::test]
async fn sr_c4_a_question_that_expired_or_no_longer_holds_is_asked_anew() {
    let world = world().await;
    let chat = world.chat(MEG);
    let question = chat.says("privacy erase eva").await.remove(0);
    world.later(TimeDelta::minutes(11));
    let anew = chat.presses("confirm", question.button("confirm")).await;
    assert!(anew.offers("confirm") && anew.says("Eva Marková"), "{}", anew.words());
    // Meanwhile she became a contact of a second kind: that is not what was confirmed.
    let second = contact(2, "Eva Marková", EVA, "'', '', ''").replace("'customer'", "'partner'");
    as_a_person(&world, ANN, &[&second]).await;
    let anew = chat.presses("confirm", anew.button("confirm")).await;
    assert!(anew.says("2 contacts"), "{}", anew.words());
    outcome(&world).await;
    assert_eq!(contacts(&world).await, 2);
    chat.presses("confirm", anew.button("confirm")).await;
    outcome(&world).await;
    assert_eq!(contacts(&world).await, 0);
}

#[tokio::test]
async fn several_of_a_name_are_offered_and_nobody_is_guessed() {
    let world = world().await;
    let other = contact(2, "Eva Braunová", "eva.b@contoso.example", "'', '', ''");
    as_a_person(&world, ANN, &[&other]).await;
    let chat = world.chat(MEG);
    let which = chat.says("privacy erase eva").await.remove(0);
    assert!(
        which.says("Who is meant?") && which.says("Eva Braunová") && which.says(EVA),
        "{}",
        which.words()
    );
    let question = chat.presses("privacy.ask", which.button("privacy.ask")).await;
    assert!(question.offers("confirm"), "{}", question.words());
    assert!(chat.says("privacy erase nobody at all").await[0].says("Nobody of that name"));
    // An address that is in no row may stand in words.
    let unknown = chat.says("privacy erase gone@contoso.example").await.remove(0);
    assert!(unknown.offers("confirm") && unknown.says("no contact"), "{}", unknown.words());
}

#[tokio::test]
async fn y2_a_request_is_taken_down_once_and_done_within_its_days() {
    let world = world().await;
    let chat = world.chat(MEG);
    let taken = chat.says("privacy request erase eva 1 nov").await.remove(0);
    assert!(
        taken.says("1 Nov 2026") && taken.says("1 Dec 2026") && taken.says("10 days left"),
        "{}",
        taken.words()
    );
    chat.says(&format!("privacy request erase {EVA}")).await;
    assert_eq!(world.count("select count(*) from privacy_request where received = '2026-11-01'").await, 1);
    assert!(chat.says("privacy request erase eva 1 dec 2026").await[0].says("lies ahead"));
    let list = chat.says("privacy").await.remove(0);
    assert!(list.says("1 open request") && list.says("taken down by Meg Bowen"), "{}", list.words());
    let question = chat.presses("privacy.ask", list.button("privacy.ask")).await;
    assert!(question.says("They asked on 1 Nov 2026"), "{}", question.words());
    chat.presses("confirm", question.button("confirm")).await;
    outcome(&world).await;
    assert!(chat.says("privacy").await[0].says("No open requests"));
    assert_eq!(
        world.count("select count(*) from privacy_request where done_at is not null and subject = ''").await,
        1
    );
}

#[tokio::test]
async fn a_request_that_was_a_mistake_is_withdrawn() {
    let world = world().await;
    let chat = world.chat(MEG);
    let taken = chat.says("privacy request erase eva").await.remove(0);
    let data = taken.button("privacy.withdraw");
    let foreign = world.chat(BOB).presses("privacy.withdraw", data.clone()).await;
    assert!(foreign.says("no longer open"));
    assert!(chat.presses("privacy.withdraw", data).await.says("withdrawn"));
    outcome(&world).await;
    assert_eq!(contacts(&world).await, 1);
    assert!(chat.says("privacy").await[0].says("No open requests"));
}

#[tokio::test]
async fn y4_reminders_come_at_seven_and_one_day_exactly_once_whoever_looks() {
    let world = world().await;
    world.chat(MEG).says("privacy request export eva").await;
    let mut came = Vec::new();
    for day in 0..35 {
        let both = tokio::join!(world.clerk.work_once(), world.clerk.work_once());
        assert!(both.0.is_ok() && both.1.is_ok());
        for card in cards(&world).await {
            assert!(card.says("still open") && card.says(EVA), "{}", card.words());
            came.push(30 - day);
        }
        world.later(TimeDelta::days(1));
    }
    assert_eq!(came, [7, 1]);
}

#[tokio::test]
async fn sr_g3_an_export_has_everything_in_one_file_for_its_reader_alone() {
    let world = world().await;
    as_a_person(&world, ANN, &["update contact set title = 'Head of IT', row_version = 2"]).await;
    note(&world, "Eva Marková wants a pilot").await;
    note(&world, "Nothing about her").await;
    let chat = world.chat(MEG);
    chat.says(&format!("privacy request export {EVA} 2 nov")).await;
    let question = chat.says("privacy export eva").await.remove(0);
    let ordered = chat.presses("confirm", question.button("confirm")).await;
    assert!(ordered.says("being made"), "{}", ordered.words());
    world.sent().await;
    let ready = outcome(&world).await.remove(0);
    assert!(ready.says("The export is ready"), "{}", ready.words());
    let button = ready.button("privacy.page");
    let page = chat.presses("privacy.page", button.clone()).await;
    let export = export_of(&page);
    assert_eq!(export["about"]["person"], EVA);
    assert_eq!(export["data"]["contact"][0]["title"], "Head of IT");
    assert_eq!(export["data"]["contact"][0]["note"], "Speaks Czech");
    assert_eq!(export["data"]["row_change"].as_array().unwrap().len(), 2, "how it was entered and changed");
    assert_eq!(export["data"]["note_version"].as_array().unwrap().len(), 1, "the note that names her");
    assert!(export["data"]["audit"].as_array().unwrap().iter().any(|line| line["act"] == "contact.save"));
    assert_eq!(export["data"]["privacy_request"][0]["received"], "2026-11-02");
    assert_eq!(export["data"]["tenants"]["11111111-0000-4000-8000-000000000001"], "Contoso");
    assert!(!export.to_string().contains("partner_id"), "ids of firms are nobody's data");

    // Nobody else, and not for longer than an hour.
    world.database.run("update person set is_manager = true where name = 'Ann Okafor'").await;
    for other in [ANN, BOB] {
        assert!(world.chat(other).presses("privacy.page", button.clone()).await.says("no longer there"));
    }
    assert!(world.channel(MEG).presses("privacy.page", button.clone()).await.says("others read along"));
    world.later(TimeDelta::minutes(61));
    assert!(chat.presses("privacy.page", button).await.says("no longer there"));
}

/// The file on a page.
fn export_of(page: &Shown) -> Value {
    let mut text = String::new();
    find_mono(&page.0, &mut text);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn find_mono(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            if members.get("fontType").is_some_and(|font| font == "Monospace") {
                text.push_str(members["text"].as_str().unwrap());
            }
            members.values().for_each(|value| find_mono(value, text));
        }
        Value::Array(items) => items.iter().for_each(|item| find_mono(item, text)),
        _ => {}
    }
}

#[tokio::test]
async fn sr_p9_a_person_of_two_firms_is_two_people() {
    let world = world().await;
    let eva = contact(1, "Eva Marková", EVA, "'CIO', '', ''");
    as_a_person(&world, BOB, &[&eva]).await;
    erase(&world, EVA).await;
    assert_eq!(contacts(&world).await, 1, "the other firm's row stays");
    let theirs = world.chat(BOB).says("privacy export eva").await.remove(0);
    assert!(theirs.says("Eva Marková"), "{}", theirs.words());
}

/// An export of Eva for Meg: what is offered.
async fn offered(world: &World) -> Value {
    let chat = world.chat(MEG);
    let question = chat.says("privacy export eva").await.remove(0);
    chat.presses("confirm", question.button("confirm")).await;
    world.sent().await;
    world.clerk.work_once().await.unwrap();
    let offer = |call: &Call| {
        let offer = call.body.pointer("/attachments/0")?;
        (offer["contentType"] == "application/vnd.microsoft.teams.card.file.consent").then(|| offer.clone())
    };
    world.sent().await.iter().find_map(offer).expect("a file is offered")
}

fn answer(chat: &Chat<'_>, action: &str, offer: &Value, upload: &Value) -> Value {
    let value = json!({ "type": "fileUpload", "action": action, "context": offer["content"]["acceptContext"], "uploadInfo": upload });
    chat.activity(json!({ "type": "invoke", "name": "fileConsent/invoke", "value": value }))
}

fn drive(world: &World) -> Value {
    json!({ "name": "data.json", "uploadUrl": world.elsewhere("drive/session"), "contentUrl": world.elsewhere("drive/data.json"),
        "uniqueId": "u-1", "fileType": "json" })
}

#[tokio::test]
async fn sr_g3_the_file_is_put_into_its_readers_drive_and_kept_no_longer() {
    let world = world().await;
    let offer = offered(&world).await;
    assert!(
        offer["content"]["sizeInBytes"].as_u64().unwrap() > 100
            && offer["name"] == "personal-data-2026-11-21.json"
    );
    world.database.run("update person set is_manager = true where name = 'Ann Okafor'").await;
    // Not into another's drive, not in a channel, and never outside of the cloud's drives.
    for chat in [world.chat(ANN), world.chat(BOB), world.channel(MEG)] {
        assert_eq!(world.post(&answer(&chat, "accept", &offer, &drive(&world))).await.0, 200);
    }
    let mut elsewhere = drive(&world);
    elsewhere["uploadUrl"] = json!("https://drive.evil.example/session");
    world.post(&answer(&world.chat(MEG), "accept", &offer, &elsewhere)).await;
    let sent = world.sent().await;
    assert!(sent.iter().all(|call| call.method != "PUT" && !call.body.to_string().contains(EVA)), "{sent:?}");

    world.later(TimeDelta::seconds(10));
    assert_eq!(world.post(&answer(&world.chat(MEG), "accept", &offer, &drive(&world))).await.0, 200);
    let sent = world.sent().await;
    let put = sent.iter().find(|call| call.method == "PUT").unwrap();
    assert_eq!(put.body["about"]["person"], EVA);
    let links = sent.iter().filter(|call| call.body.to_string().contains("teams.card.file.info"));
    assert_eq!(links.count(), 1);
    assert_eq!(world.count("select count(*) from privacy_export").await, 0);

    world.later(TimeDelta::seconds(10));
    world.post(&answer(&world.chat(MEG), "accept", &offer, &drive(&world))).await;
    assert!(world.sent().await.iter().all(|call| call.method != "PUT"), "once");
}

#[tokio::test]
async fn sr_g3_a_file_that_is_not_wanted_is_gone() {
    let world = world().await;
    let offer = offered(&world).await;
    world.post(&answer(&world.chat(MEG), "decline", &offer, &Value::Null)).await;
    assert_eq!(world.count("select count(*) from privacy_export").await, 0);
    let malformed = answer(&world.chat(MEG), "perhaps", &offer, &Value::Null);
    assert_eq!(world.post(&malformed).await.0, 400);
}
