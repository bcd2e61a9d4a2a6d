//! Every field with what no field should take; forms that were altered; and choices found by typing.

use serde_json::{Value, json};

use super::{add, contacts, eva, opened, world};
use crate::support::bot::{Chat, with};
use crate::support::firms::{ABSENT, ANN, BOB, CAROL, CONTOSO, SECRET};

#[tokio::test]
async fn sr_v4_every_field_names_what_is_wrong_and_keeps_what_was_typed() {
    let world = world().await;
    let chat = world.chat(ANN);
    let (long, longer) = ("x".repeat(201), "x".repeat(1001));
    for (kind, field, typed, says) in [
        ("survey", "name", "", "Name is missing"),
        ("survey", "name", " \u{200B}\u{202E} ", "Name is missing"),
        ("survey", "name", long.as_str(), "keep it within 200 characters"),
        ("survey", "name", "Eva\u{0}", "a character that cannot be shown"),
        ("survey", "email", "", "E-mail is missing"),
        ("survey", "email", "eva", "E-mail is no e-mail address"),
        ("survey", "email", "eva@contoso.com, jan@contoso.com", "E-mail holds more than one address"),
        ("survey", "email", "eva@contoso.com;jan@contoso.com", "E-mail holds more than one address"),
        ("survey", "email", "eva@contoso.com\njan@contoso.com", "E-mail holds more than one address"),
        ("survey", "email", "eva@contoso.com\u{7}", "a character that cannot be shown"),
        ("survey", "email", "eva@c\u{43E}ntoso.com", "E-mail is no e-mail address"),
        ("survey", "email", "\"><script>@contoso.com", "E-mail is no e-mail address"),
        ("survey", "contact_type", "Alien", "Contact type is none of the choices"),
        ("survey", "country", "", "Country is missing"),
        ("survey", "country", "Atlantis", "Country is none of the choices"),
        ("survey", "country", "Sp\u{430}in", "Country is none of the choices"),
        ("survey", "survey_language", "", "Survey language is missing"),
        ("survey", "survey_language", "tlh", "Survey language is none of the choices"),
        ("survey", "services", "", "Services deployed or migrated is missing"),
        ("survey", "services", "sharepoint", "no service of this tenant"),
        ("survey", "services", "exchange,'; drop table contact; --", "none of the choices"),
        ("survey", "title", long.as_str(), "keep it within 200 characters"),
        ("survey", "phone", "call me", "Phone is no number with its country prefix"),
        ("survey", "phone", "+420 123 456 789 or +420 987 654 321", "Phone is no number"),
        ("survey", "time_zone", "Mars/Olympus", "Time zone is none of the choices"),
        ("survey", "role", "Boss", "Role is none of the choices"),
        ("survey", "note", longer.as_str(), "keep it within 1,000 characters"),
        ("survey", "do_not_call_reason", "Asked us not to", "Tick “Do not call”"),
        ("partner", "skill_type", long.as_str(), "keep it within 200 characters"),
        ("microsoft", "ms_role", "FM\u{1b}[2J", "a character that cannot be shown"),
        ("customer", "evidence", longer.as_str(), "keep it within 1,000 characters"),
        ("customer", "approved_survey", "a\u{0}b", "a character that cannot be shown"),
    ] {
        let form = add(&chat, kind, with(eva(), json!({ field: typed }))).await;
        assert!(form.says("Not saved yet") && form.says(says), "{field} {typed:?}: {}", form.words());
        let kept = form.input(field);
        assert!(
            kept == typed || ["services", "contact_type"].contains(&field),
            "{field}: {typed:?} came back as {kept:?}"
        );
        world.later(chrono::TimeDelta::seconds(3));
    }
    assert_eq!(contacts(&world).await, 0, "nothing is half saved");
    let (count, changes) = ("select count(*) from audit", "select count(*) from change");
    assert_eq!((world.count(count).await, world.count(changes).await), (0, 0));
}

#[tokio::test]
async fn sr_v4_everything_that_is_wrong_is_said_at_once() {
    let world = world().await;
    let chat = world.chat(ANN);
    let odd = json!({ "name": "", "email": "a@b.com,c@d.com", "country": "", "services": "", "phone": "1" });
    let form = add(&chat, "survey", odd).await;
    for says in
        ["Name is missing", "more than one", "Country is missing", "Services deployed", "Phone is no number"]
    {
        assert!(form.says(says), "{says}: {}", form.words());
    }
}

#[tokio::test]
async fn hostile_words_are_kept_as_words() {
    let world = world().await;
    let chat = world.chat(ANN);
    let name = "**Eva** {{DATE(2020-01-01,SHORT)}} ${x} <at>all</at> '); drop table contact;--";
    let saved = add(&chat, "survey", with(eva(), json!({ "name": name, "note": name }))).await;
    assert!(saved.says("Contact added"), "{}", saved.words());
    let list = chat.presses("contact.list", json!({ "tenant": CONTOSO, "page": 1 })).await;
    assert!(list.says("**Eva**") && !list.says("{{DATE") && !list.says("<at>"), "{}", list.words());
    assert_eq!(opened(&chat).await.input("name"), name);
    let alike = with(eva(), json!({ "name": "C\u{43E}ra Lee", "email": "cora@contoso.com" }));
    add(&chat, "survey", alike).await;
    let list = chat.presses("contact.list", json!({ "tenant": CONTOSO, "page": 1 })).await;
    assert!(list.says("look-alike letters"), "{}", list.words());
}

#[tokio::test]
async fn sr_p6_p7_an_altered_form_reaches_nobody_elses_contact() {
    let world = world().await;
    let chat = world.chat(ANN);
    let form = chat.presses("contact.add", json!({ "tenant": CONTOSO, "kind": "survey" })).await;
    let sent = form.sends("contact.save", eva());
    // The competitor's contact, and one that never was, are answered alike.
    let theirs = with(sent.clone(), json!({ "contact": CAROL, "version": 1 }));
    let nobodys = with(sent.clone(), json!({ "contact": ABSENT, "version": 1 }));
    let [theirs, nobodys] =
        [chat.presses("contact.save", theirs).await, chat.presses("contact.save", nobodys).await];
    assert_eq!(theirs.words(), nobodys.words());
    assert!(theirs.says("deleted meanwhile") && !theirs.says("CANARY"), "{}", theirs.words());
    for verb in ["contact.open", "contact.delete"] {
        let answer = chat.presses(verb, json!({ "tenant": CONTOSO, "contact": CAROL })).await;
        assert!(answer.says("not there any more"), "{verb}: {}", answer.words());
        let answer = chat.presses(verb, json!({ "tenant": SECRET, "contact": CAROL })).await;
        assert!(answer.says("not open to you"), "{verb}: {}", answer.words());
    }
    let theirs = world.chat(BOB).presses("contact.list", json!({ "tenant": SECRET, "page": 1 })).await;
    assert!(theirs.says("Carol CANARY"), "{}", theirs.words());
    // What only the server decides is not read from a card.
    let forged = json!({ "origin": "synchronised", "partner_id": SECRET, "survey_eligible": "no" });
    chat.presses("contact.save", with(sent.clone(), forged)).await;
    let made = "select count(*) from contact where origin = 'manual' and contact_type = 'customer' and survey_eligible and email = 'eva@contoso.com'";
    assert_eq!(world.count(made).await, 1);
    for odd in [
        json!({ "version": "x", "contact": CAROL }),
        json!({ "kind": "boss" }),
        json!({ "form": 7 }),
        json!({ "name": ["a"] }),
    ] {
        let outdated = chat.presses("contact.save", with(sent.clone(), odd.clone())).await;
        assert!(outdated.says("out of date"), "{odd}: {}", outdated.words());
    }
}

#[tokio::test]
async fn a_confirmation_is_its_owners_and_only_for_what_was_shown() {
    let world = world().await;
    let chat = world.chat(ANN);
    let line = "contact contoso.onmicrosoft.com: Eva Novák eva@contoso.com ES spanish exo";
    let question = chat.says(line).await.remove(0);
    let stolen = world.chat(BOB).presses("confirm", question.button("confirm")).await;
    assert!(stolen.says("no longer open"), "{}", stolen.words());
    world.later(chrono::TimeDelta::minutes(11));
    let fresh = chat.presses("confirm", question.button("confirm")).await;
    assert!(fresh.says("Add this contact?"), "an old question is asked anew: {}", fresh.words());
    assert_eq!(contacts(&world).await, 0);
    // Meanwhile somebody added the same address: the question becomes another one.
    add(&chat, "survey", with(eva(), json!({ "name": "E. N." }))).await;
    let changed = chat.presses("confirm", fresh.button("confirm")).await;
    assert!(changed.says("Change this contact?"), "{}", changed.words());
    chat.presses("confirm", changed.button("confirm")).await;
    assert_eq!(world.count("select count(*) from contact where name = 'Eva Novák'").await, 1);
}

async fn search(chat: &Chat<'_>, dataset: &str, typed: &str) -> Vec<String> {
    let value = json!({ "queryText": typed, "queryOptions": { "skip": 0, "top": 15 }, "dataset": dataset });
    let (status, body) = chat.asks("application/search", value).await;
    assert_eq!((status, &body["type"]), (200, &json!("application/vnd.microsoft.search.searchResponse")));
    let results = body["value"]["results"].as_array().unwrap().iter();
    results
        .map(|choice| format!("{} {}", choice["value"].as_str().unwrap(), choice["title"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn countries_and_zones_are_found_while_typing() {
    let world = world().await;
    let chat = world.chat(ANN);
    assert_eq!(search(&chat, "countries", "cze").await, ["Czechia Czechia"]);
    assert_eq!(search(&chat, "countries", "ČESKO").await, ["Czechia Czechia"]);
    assert_eq!(search(&chat, "zones", "prague").await, ["Europe/Prague Europe/Prague"]);
    assert_eq!(search(&chat, "countries", "").await.len(), 15);
    assert_eq!(search(&chat, "countries", "'; drop").await, [""; 0]);
    assert_eq!(search(&chat, "contacts", "c").await, [""; 0], "a list that nobody may search");
    let (status, _) = chat.asks("application/search", Value::String("x".into())).await;
    assert_eq!(status, 400);
}
