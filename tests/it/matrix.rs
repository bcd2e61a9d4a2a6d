//! Every verb with an own, a foreign and an absent tenant (P6), with the database's border and without it:
//! each of the two borders suffices alone (P2, P3).

use serde_json::{Value, json};
use tenantry::intents::registry;
use uuid::Uuid;

use crate::support::bot::{LINK_HOST, World};
use crate::support::firms::{ABSENT, ANN, BOB, CAROL, CONTOSO, NORTHWIND, SECRET, Somebody};

/// What a card of ours would send with each verb, for this tenant.
#[expect(clippy::too_many_lines, reason = "a table: one arm for each verb")]
fn payload(verb: &str, tenant: Uuid) -> Option<Value> {
    Some(match verb {
        "tenant.list" => json!({ "list": "partner", "filter": "", "page": 1 }),
        "tenant.find" => json!({ "query": tenant }),
        "tenant.show" | "note.open" | "contact.survey" => json!({ "tenant": tenant }),
        "note.save" => json!({
            "tenant": tenant, "version": 1, "form": Uuid::from_u128(tenant.as_u128() ^ 0xff),
            "status": "active", "status_date": "2026-11-21", "body": "Words of the matrix",
        }),
        "note.message.save" => json!({
            "tenant": tenant, "form": Uuid::from_u128(0xf1), "seen": tenant, "version": 1,
            "body": "Words of the matrix", "status": "as_is", "status_date": "2026-11-21", "link": "", "written": "",
        }),
        "note.write" => json!({ "tenant": tenant, "body": "Words of the matrix" }),
        "note.history" => json!({ "tenant": tenant, "range": "all", "page": 1 }),
        "change.history" => json!({ "tenant": tenant, "field": "all", "range": "all", "page": 1 }),
        "status.find" | "status.split.find" | "service.find" | "scenario.find" | "forecast.find"
        | "start.find" | "migration.find" => {
            json!({ "tenant": tenant, "body": "exo" })
        }
        "service.show" | "scenario.open" | "forecast.open" | "start.open" | "migration.open"
        | "migration.statuses" => {
            json!({ "tenant": tenant, "service": "exchange" })
        }
        "scenario.save" => json!({
            "tenant": tenant, "service": "exchange", "version": 1, "form": Uuid::from_u128(tenant.as_u128() ^ 0xfe),
            "scenario": "ftc_ftp_led",
        }),
        "forecast.save" => json!({
            "tenant": tenant, "service": "exchange", "version": 0, "form": Uuid::from_u128(tenant.as_u128() ^ 0xfd),
            "submitted": "2026-11-21", "target_max": "2027-03-01",
        }),
        "forecast.line" => json!({ "tenant": tenant, "body": "exchange teams: max 2027-03-01" }),
        "forecast.move" => json!({ "tenant": tenant, "body": ": +30d" }),
        "start.save" => json!({
            "tenant": tenant, "service": "exchange", "version": 1, "form": Uuid::from_u128(tenant.as_u128() ^ 0xfc),
            "engagement_start": "2027-03-01", "reason": "Words of the matrix",
        }),
        "start.line" => json!({ "tenant": tenant, "body": "exchange: 2027-03-01: words of the matrix" }),
        "migration.form" => json!({
            "tenant": tenant, "service": "exchange", "version": 0, "shape": "rest", "by_microsoft": "true", "rows": 2,
        }),
        "migration.save" => json!({
            "tenant": tenant, "service": "exchange", "version": 0, "form": Uuid::from_u128(tenant.as_u128() ^ 0xfb),
            "by_microsoft": "false", "rows": 0, "rejection_reason": "other", "rejection_note": "Words of the matrix",
        }),
        "migration.line" => {
            json!({ "tenant": tenant, "service": "exchange", "body": "declined: other, words" })
        }
        "migration.status" => json!({
            "tenant": tenant, "service": "exchange", "version": 1, "form": Uuid::from_u128(tenant.as_u128() ^ 0xfa),
            "status_1": "velocity_migration_paused",
        }),
        "contact.list" | "assignment.list" | "gap.why" => json!({ "tenant": tenant, "page": 1 }),
        "contact.add" => json!({ "tenant": tenant, "kind": "survey" }),
        "contact.open" | "contact.delete" => json!({ "tenant": tenant, "contact": CAROL }),
        "contact.save" => json!({
            "tenant": tenant, "kind": "survey", "form": Uuid::from_u128(tenant.as_u128() ^ 0xf0), "name": "Eva Novák",
            "email": "eva@contoso.com", "country": "ES", "survey_language": "es", "services": "exchange",
            "contact": CAROL, "version": 1,
        }),
        "contact.line" => json!({ "tenant": tenant, "body": "Eva Novák eva@contoso.com ES spanish exo" }),
        "assignment.who" => json!({ "tenant": tenant, "body": "teams" }),
        "assignment.add" => json!({ "tenant": tenant, "role": "p_fe" }),
        "assignment.edit" | "assignment.remove" => {
            json!({ "tenant": tenant, "role": "p_fm", "who": BOB.id })
        }
        "assignment.tick" | "assignment.save" => json!({
            "tenant": tenant, "version": 1, "form": Uuid::from_u128(tenant.as_u128() ^ 0xfd), "set": "scopes_all",
            "person": BOB.object, "role": "p_fm", "scopes": "tenant", "primaries": "",
        }),
        "assignment.assign" => json!({ "tenant": tenant, "body": "bob p-fm x exo" }),
        "assignment.unassign" => json!({ "tenant": tenant, "body": "bob x" }),
        "assignment.handover" => json!({ "body": format!("ann to bob {tenant}") }),
        "status.split" => json!({ "tenant": tenant, "service": "exchange" }),
        "status.grid" => json!({ "tenant": tenant, "service": "exchange", "page": 1 }),
        "status.open" => json!({ "tenant": tenant, "service": "exchange", "kind": "add", "row": "" }),
        "status.form" | "status.suggest" | "status.report" | "status.save" => json!({
            "tenant": tenant, "service": "exchange", "version": 1, "form": Uuid::from_u128(tenant.as_u128() ^ 0xf9),
            "kind": "set", "row": "", "from": "", "parts": 1, "note_1": "Words of the matrix",
            "l1_1": "duplicate_invalid", "entitlements_1": "305",
        }),
        "status.move" => json!({
            "tenant": tenant, "service": "exchange", "version": 1,
            "row": "blocked/billing_licensing_subscription", "to": "duplicate_invalid",
        }),
        "status.delete" => json!({ "tenant": tenant, "service": "exchange", "row": "duplicate_invalid" }),
        "status.line" => json!({ "tenant": tenant, "body": "x exo: 305 duplicate words of the matrix" }),
        "forecast.lines" => {
            json!({ "body": format!("{tenant} exchange max 1 mar 2027\n{tenant} teams max 1 mar 2027") })
        }
        "gap.list" | "gap.next" => json!({ "filter": format!("firm {tenant}"), "page": 1 }),
        "suggestion.use" => json!({ "version": tenant }),
        "gap.stats" => json!({ "page": 1 }),
        "digest.subscribe" => json!({ "words": "mon at 8" }),
        "digest.quiet" => json!({ "words": "18:00-07:00" }),
        "digest.snooze" => json!({ "tenant": tenant, "body": "in 3 days" }),
        "undo" => json!({ "change": tenant }),
        "confirm" => json!({ "confirmation": tenant }),
        "privacy.list" | "digest.show" | "suggestion.show" | "gap.today" | "digest.unsubscribe"
        | "digest.list" => json!({}),
        "privacy.ask" => json!({ "deed": "erase", "request": tenant }),
        "privacy.request" => {
            json!({ "deed": "export", "who": format!("{tenant}@x.example"), "received": "2026-11-20" })
        }
        "privacy.withdraw" => json!({ "request": tenant }),
        "privacy.page" => json!({ "export": tenant, "page": 1 }),
        _ => return None,
    })
}

async fn walk(world: &World, who: Somebody, border: &str) {
    let chat = world.chat(who);
    for entry in registry::INTENTS {
        let foreign = chat.execute(entry.name, payload(entry.name, SECRET).unwrap()).await;
        let absent = chat.execute(entry.name, payload(entry.name, ABSENT).unwrap()).await;
        let (a, b) = (foreign.1.to_string(), absent.1.to_string());
        assert!(!a.contains("CANARY"), "{border} {}: {a}", entry.name);
        let same = a.replace(&SECRET.to_string(), "") == b.replace(&ABSENT.to_string(), "");
        assert!(same, "{border} {}: foreign and absent differ:\n{a}\n{b}", entry.name);
        let own = chat.execute(entry.name, payload(entry.name, CONTOSO).unwrap()).await;
        assert!(!own.1.to_string().contains("CANARY"), "{border} {}: {}", entry.name, own.1);
        assert_eq!((foreign.0, absent.0, own.0), (200, 200, 200), "{border} {}", entry.name);
        world.later(chrono::TimeDelta::seconds(5));
    }
    for line in [
        "tenants partner",
        "tenant secret",
        "service secret exo",
        "history secret changes",
        "forecast secret exo max 1 mar 2027",
        "move secret +30d",
        "start secret exo 1 mar 2027: x",
        "ent secret exo",
        "gaps firm secret",
        "next 30d firm secret",
        "why secret exo",
        "today",
        "stats",
        "subscriptions",
        "subscribe for secret",
        "snooze secret until in 3 days",
        "secret exo: 305 duplicate bought twice by mistake",
        "tenant canary",
        "history secret all",
        "contacts secret",
        "contact secret: Eva Novák eva@contoso.com ES spanish exo",
        "survey secret",
        "note secret: x",
        "note canary",
        "who secret",
        "assign bob p-fm secret exo",
        "unassign bob secret",
        "handover bob to ann",
    ] {
        for card in chat.says(line).await {
            let words = card.words().replace("canary", "").replace("Canary", "");
            assert!(!words.contains("CANARY"), "{border} {line}: {words}");
        }
    }
}

/// What comes in by the doors of other chats, each about this tenant.
fn elsewhere(tenant: Uuid) -> [(&'static str, Value); 4] {
    let message = json!({ "body": { "contentType": "html", "content": format!("<p>secret {tenant}</p>") } });
    let mut sent = payload("note.message.save", tenant).unwrap();
    sent["verb"] = "note.message.save".into();
    [
        ("composeExtension/fetchTask", json!({ "commandId": "note", "messagePayload": message })),
        ("composeExtension/submitAction", json!({ "commandId": "note", "data": sent })),
        ("composeExtension/queryLink", json!({ "url": format!("https://{LINK_HOST}/t/{tenant}") })),
        ("composeExtension/queryLink", json!({ "url": format!("https://{LINK_HOST}/t/{tenant}/exchange") })),
    ]
}

async fn walk_elsewhere(world: &World, who: Somebody, border: &str) {
    let channel = world.channel(who);
    for index in 0..elsewhere(ABSENT).len() {
        let [foreign, absent, own] = [SECRET, ABSENT, CONTOSO].map(|tenant| {
            let (name, value) = elsewhere(tenant)[index].clone();
            (tenant, name, channel.asks(name, value))
        });
        let (name, foreign, absent) = (foreign.1, foreign.2.await, absent.2.await);
        // Each form that opens is a new one.
        let bare = |answer: &Value, tenant: Uuid| {
            let mut answer = answer.clone();
            blank(&mut answer, "form");
            answer.to_string().replace(&tenant.to_string(), "")
        };
        assert!(!foreign.1.to_string().contains("CANARY"), "{border} {name}: {}", foreign.1);
        assert_eq!(
            bare(&foreign.1, SECRET),
            bare(&absent.1, ABSENT),
            "{border} {name}: foreign and absent differ"
        );
        let own = own.2.await;
        assert!(!own.1.to_string().contains("CANARY"), "{border} {name}: {}", own.1);
        assert_eq!((foreign.0, absent.0, own.0), (200, 200, 200), "{border} {name}");
        world.later(chrono::TimeDelta::seconds(5));
    }
}

/// Empties every member of this name.
fn blank(value: &mut Value, name: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| blank(item, name)),
        Value::Object(members) => {
            for (key, member) in members {
                if key == name { *member = "".into() } else { blank(member, name) }
            }
        }
        _ => {}
    }
}

async fn nothing_changed(world: &World) {
    let rows = world.count(
        "select (select count(*) from note where partner_id = 'bbbbbbbb-0000-4000-8000-000000000001')
              + (select count(*) from contact where partner_id = 'bbbbbbbb-0000-4000-8000-000000000001' and name = 'Carol CANARY')
              + (select count(*) from tenant where partner_id = 'bbbbbbbb-0000-4000-8000-000000000001' and row_version > 1)",
    );
    assert_eq!(rows.await, 3, "the competitor's two notes and their contact, and no tenant touched");
}

#[tokio::test]
async fn sr_p6_no_verb_tells_a_foreign_tenant_from_an_absent_one() {
    let world = World::start().await;
    walk(&world, ANN, "both borders").await;
    walk_elsewhere(&world, ANN, "both borders").await;
    nothing_changed(&world).await;
}

#[tokio::test]
async fn sr_p2_the_programs_own_scope_suffices_without_row_level_security() {
    let world = World::start().await;
    world
        .database
        .run(
            "do $$ declare t text; begin
                 for t in select relname from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace loop
                     execute format('alter table %I disable row level security', t);
                 end loop;
             end $$",
        )
        .await;
    walk(&world, ANN, "program alone").await;
    walk_elsewhere(&world, ANN, "program alone").await;
    nothing_changed(&world).await;
}

#[tokio::test]
async fn sr_p9_a_customer_of_two_firms_is_two_tenants() {
    let world = World::start().await;
    world.chat(ANN).says("note contoso.onmicrosoft.com: Alpine's words").await;
    let theirs = world
        .chat(BOB)
        .presses("note.history", json!({ "tenant": CONTOSO, "range": "all", "page": 1 }))
        .await;
    assert!(theirs.says("CANARY words") && !theirs.says("Alpine"));
    let card = world.chat(BOB).presses("tenant.show", json!({ "tenant": CONTOSO })).await;
    assert!(card.says("Contoso CANARY") && card.says("Paused"));
}

#[tokio::test]
async fn sr_p7_firm_owner_and_author_are_never_taken_from_a_card() {
    let world = World::start().await;
    let data = json!({
        "tenant": CONTOSO, "body": "x", "partner_id": SECRET, "author": BOB.object, "author_id": BOB.id,
        "aadObjectId": BOB.object, "role": "p_rm", "is_admin": true,
    });
    let saved = world.chat(ANN).presses("note.write", data).await;
    assert!(saved.says("Ann Okafor"));
    nothing_changed(&world).await;
}

#[tokio::test]
async fn sr_p1_two_directories_that_disagree_are_nobody() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    for more in [
        json!({ "text": "tenants", "conversation": { "id": "a:x", "conversationType": "personal", "tenantId": BOB.directory } }),
        json!({ "text": "tenants", "channelData": {} }),
        json!({ "text": "tenants", "from": { "id": "29:x", "name": "Ann Okafor" } }),
    ] {
        let cards = chat.message(more.clone()).await;
        assert!(cards[0].says("cannot tell who you are"), "{more}");
    }
    // The competitor's person id with our directory is nobody either.
    let mixed = json!({ "text": "tenants", "from": { "id": "29:x", "aadObjectId": BOB.object } });
    assert!(chat.message(mixed).await[0].says("not on your firm's list"));
}

#[tokio::test]
async fn every_verb_is_in_the_matrix() {
    for entry in registry::INTENTS {
        assert!(payload(entry.name, NORTHWIND).is_some(), "{}", entry.name);
    }
}
