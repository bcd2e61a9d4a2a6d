//! Who may open and save what (DOMAIN section 4), asked of the running bot: each act, by each kind of person, at an
//! own tenant with a service that the partner leads and one that CSS leads, and at a foreign tenant.

use serde_json::{Value, json};
use uuid::{Uuid, uuid};

use crate::support::bot::{Shown, World};
use crate::support::firms::{ALPINE_DIRECTORY, ANN, CONTOSO, MEG, SECRET, Somebody};

/// Of the firm, and nothing else.
const ZOE: Somebody = somebody(uuid!("aaaaaaaa-0000-4000-8000-00000000001a"), "Zoe Marsh");
/// Team lead, assigned to nothing.
const LEA: Somebody = somebody(uuid!("aaaaaaaa-0000-4000-8000-00000000001b"), "Lea Duarte");
/// Migration role at Contoso.
const MVM: Somebody = somebody(uuid!("aaaaaaaa-0000-4000-8000-00000000001c"), "Milo Vance");

const fn somebody(object: Uuid, name: &'static str) -> Somebody {
    Somebody { directory: ALPINE_DIRECTORY, object, id: object, name }
}

/// The columns of the table: assigned, of the firm, admin, team lead, migration role.
const PEOPLE: [Somebody; 5] = [ANN, ZOE, MEG, LEA, MVM];

/// What each of [`PEOPLE`] is answered: `y` it opens, `a` only who is assigned may, `c` CSS keeps the data,
/// `r` another role may.
const TABLE: [(&str, &str, &str); 21] = [
    ("tenant.show", "", "yyyyy"),
    ("service.show", "exchange", "yyyyy"),
    ("service.show", "teams", "yyyyy"),
    ("change.history", "", "yyyyy"),
    ("note.history", "", "yyyyy"),
    ("note.open", "", "yaaaa"),
    ("contact.list", "", "yyyyy"),
    ("contact.survey", "", "yyyyy"),
    ("contact.add", "", "yaaaa"),
    ("contact.line", "", "yaaaa"),
    ("status.grid", "teams", "yyyyy"),
    ("status.open", "exchange", "yaaaa"),
    ("status.open", "teams", "caaaa"),
    ("forecast.open", "exchange", "yaaaa"),
    ("forecast.open", "teams", "caaaa"),
    ("migration.open", "exchange", "yaaay"),
    ("start.open", "exchange", "yaaaa"),
    ("start.open", "teams", "caaaa"),
    ("scenario.open", "exchange", "rryrr"),
    ("scenario.open", "teams", "rryrr"),
    ("note.write", "", "yaaaa"),
];

fn payload(verb: &str, service: &str, tenant: Uuid) -> Value {
    let mut data = json!({ "tenant": tenant, "body": "Words", "range": "all", "page": 1, "kind": "survey" });
    if !service.is_empty() {
        data["service"] = json!(service);
    }
    if verb == "status.open" {
        data["kind"] = json!("add");
    }
    if verb == "change.history" {
        data["field"] = json!("all");
    }
    data
}

fn answered(card: &Shown) -> char {
    [
        ("but not write to it", 'a'),
        ("Microsoft keeps the data", 'c'),
        ("your firm's admin", 'r'),
        ("migration role", 'r'),
    ]
    .into_iter()
    .find(|(words, _)| card.says(words))
    .map_or('y', |(_, letter)| letter)
}

async fn world() -> World {
    let world = World::start().await;
    world.database.run(include_str!("support/rights.sql")).await;
    world
}

#[tokio::test]
async fn section_4_the_matrix_of_rights_holds_at_every_act() {
    let world = world().await;
    let mut wrong = Vec::new();
    for (verb, service, expected) in TABLE {
        let mut row = String::new();
        for who in PEOPLE {
            row.push(answered(&world.chat(who).presses(verb, payload(verb, service, CONTOSO)).await));
            world.later(chrono::TimeDelta::seconds(2));
        }
        if row != expected {
            wrong.push(format!("{verb} {service}: {row}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn sr_p6_a_foreign_tenant_is_nobodys_whatever_their_role() {
    let world = world().await;
    for (verb, service, _) in TABLE {
        for who in PEOPLE {
            let card = world.chat(who).presses(verb, payload(verb, service, SECRET)).await;
            assert!(card.says("not open to you"), "{verb} {service} {}: {}", who.name, card.words());
            world.later(chrono::TimeDelta::seconds(2));
        }
    }
}
