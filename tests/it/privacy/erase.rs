//! G3: erased is erased. Canaries are put everywhere by real turns, and then looked for in every column of every table.

use std::sync::{Arc, Mutex};

use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use tenantry::domain::personal::{COLUMNS, Holds};

use super::{as_a_person, cards, contact, erase, note, outcome};
use tenantry::jobs::clerk::erase_again;
use tenantry::store::Database;
use tenantry::store::database::{Role, pool};
use tenantry::store::privacy::tombstone::tombstones;

use crate::support::bot::World;
use crate::support::firms::{ANN, BOB, CONTOSO, JIRI, MEG};

/// Nothing of these may be left. The words are in no other text of ours.
const CANARIES: [&str; 7] = [
    "Quillana",
    "Zebrafinch",
    "q.zebrafinch",
    "canary-post.example",
    "23125777",
    "Chief Ornithologist",
    "Ornitholog",
];
const ADDRESS: &str = "q.zebrafinch@canary-post.example";

/// A person of both firms, with a past.
async fn seed(world: &World) {
    let whole = contact(
        1,
        "Quillana Zebrafinch",
        ADDRESS,
        "'Chief Ornithologist', '+493023125777', 'Ask Quillana first'",
    );
    // Another contact, whose note speaks of her.
    let other = contact(
        2,
        "Tom Baker",
        "tom@contoso.example",
        "'Cook', '', 'Deputy of Quillana Zebrafinch, call 030 23125777'",
    );
    as_a_person(world, ANN, &[&whole, &other]).await;
    as_a_person(
        world,
        ANN,
        &["update contact set title = 'Ornithologist', row_version = 2 where email like 'q.%'"],
    )
    .await;
    let former = contact(3, "Quillana Zebrafinch-Boe", &ADDRESS.to_uppercase(), "'', '', ''")
        .replace("'customer'", "'partner'");
    as_a_person(world, ANN, &[&former]).await;
    as_a_person(world, ANN, &["delete from contact where contact_type = 'partner'"]).await;
    as_a_person(
        world,
        ANN,
        &["insert into data_migration (partner_id, tenant_id, service, by_microsoft, rejection_reason, rejection_note)
           values (current_partner(), '11111111-0000-4000-8000-000000000001', 'exchange', false, 'other', 'Zebrafinch, Quillana said no.')",
          "update assignment set holder = 'Quillana Zebrafinch' where role = 'p_rm' and tenant_id = '11111111-0000-4000-8000-000000000002'"],
    )
    .await;
    as_a_person(world, BOB, &[&whole]).await;
    world
        .database
        .run(
            "update entitlement set note = 'Quillana Zebrafinch blocks', owner = 'Quillana Zebrafinch' where service = 'teams' and l1 = 'blocked'",
        )
        .await;
    // By the forms, too: added, refused, changed, and by a line that nobody confirms.
    let chat = world.chat(ANN);
    let form = chat.presses("contact.add", json!({ "tenant": CONTOSO, "kind": "microsoft" })).await;
    let typed = json!({ "name": "Quillana Zebrafinch", "email": ADDRESS, "phone": "no number", "ms_role": "Chief Ornithologist" });
    let again = chat.presses("contact.save", form.sends("contact.save", typed)).await;
    assert!(again.input("name") == "Quillana Zebrafinch", "it failed: {}", again.words());
    let saved = chat
        .presses("contact.save", again.sends("contact.save", json!({ "phone": "+49 30 23125777" })))
        .await;
    assert!(saved.says("Contact added"), "{}", saved.words());
    chat.says(&format!("contact contoso.onmicrosoft.com: Quillana Zebrafinch-Boe {ADDRESS} ES spanish exo"))
        .await;
    chat.says("contacts contoso.onmicrosoft.com").await;
    note(world, &format!("Quillana Zebrafinch ({ADDRESS}), Chief Ornithologist, +49 30 23125-777, wants more. Quillana signs.")).await;
    // An amended note has her in an older version.
    let message = json!({ "text": "note contoso.onmicrosoft.com: met Quillana Zebrafinch", "id": "to-edit" });
    chat.message(message).await;
    let edited = json!({ "type": "messageUpdate", "id": "to-edit", "text": "note contoso.onmicrosoft.com: met somebody",
        "channelData": { "eventType": "editMessage", "tenant": { "id": ANN.directory } } });
    chat.message(edited).await;
    // A form that failed, lines that were not understood, a read that shows her, a question that nobody answers.
    chat.presses(
        "note.write",
        json!({ "tenant": CONTOSO, "body": format!("Quillana Zebrafinch{}", "x".repeat(5_000)) }),
    )
    .await;
    chat.says("tenant Quillana Zebrafinch").await;
    chat.says("history contoso.onmicrosoft.com all").await;
    chat.says("history contoso.onmicrosoft.com changes").await;
    world.chat(MEG).says("privacy erase quillana").await;
    world.chat(MEG).says(&format!("privacy request export {ADDRESS} 3 nov")).await;
    // Messages that wait, and one that is dead.
    world
        .chat(ANN)
        .execute("note.write", json!({ "tenant": CONTOSO, "body": "Quillana Zebrafinch waits" }))
        .await;
    world
        .database
        .run(
            "insert into outbox (partner_id, id, conversation_id, errand, not_before, created_at, dead_at, reason)
             select partner_id, gen_random_uuid(), conversation_id, jsonb_set(errand, '{activity,text}', '\"Quillana Zebrafinch\"'), now(), now(), now(), '400'
             from outbox where partner_id = 'aaaaaaaa-0000-4000-8000-000000000001' and errand ? 'activity' limit 1;
             insert into conversation (partner_id, id, kind, service_url, directory_id, bot_id)
             select partner_id, 'a:busy', 'personal', service_url, directory_id, bot_id from conversation limit 1;
             insert into outbox (partner_id, id, conversation_id, errand, not_before, created_at)
             select partner_id, gen_random_uuid(), 'a:busy', errand, '2099-01-01', now()
             from outbox where errand::text like '%Zebrafinch%' limit 1",
        )
        .await;
}

/// Every row of every table as text, as the owner sees it: where any of `words` is found, by firm.
async fn found(pool: &PgPool, firm: &str, words: &[&str]) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text
         from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
         where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
             and column_name = 'partner_id'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    assert!(tables.len() >= 24, "the schema is looked at, or this test proves nothing");
    let mut found = Vec::new();
    for table in tables {
        let sql = format!(
            "select word from unnest($1::text[]) word
             where exists (select from {table} t where t.partner_id = '{firm}' and t::text ilike '%' || word || '%')"
        );
        let here: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(sql)).bind(words).fetch_all(pool).await.unwrap();
        found.extend(here.into_iter().map(|word| format!("{table}: {word}")));
    }
    found
}

const ALPINE: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const BOREAL: &str = "bbbbbbbb-0000-4000-8000-000000000001";

#[tokio::test]
async fn sr_g3_an_erasure_leaves_no_trace_in_any_table_or_log_line() {
    let written = Arc::new(Mutex::new(Vec::new()));
    let writer = Arc::clone(&written);
    // All that the program says; the test's own statements, which hold the canaries, are not the program's.
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("debug,sqlx=off")
        .with_writer(move || crate::hostile::Written(Arc::clone(&writer)))
        .finish();
    let world = World::start().await;
    let _guard = tracing::subscriber::set_default(subscriber);
    seed(&world).await;
    let owner = world.database.owner();
    let before = found(&owner, ALPINE, &CANARIES).await;
    for place in [
        "contact",
        "row_change",
        "note_version",
        "entitlement",
        "data_migration",
        "assignment",
        "outbox",
        "receipt",
        "confirmation",
        "privacy_request",
    ] {
        assert!(
            before.iter().any(|found| found.starts_with(&format!("{place}:"))),
            "no canary in {place}: {before:#?}"
        );
    }
    let rivals = found(&owner, BOREAL, &CANARIES).await;

    let said = erase(&world, ADDRESS).await;
    assert_eq!(found(&owner, ALPINE, &CANARIES).await, Vec::<String>::new());
    assert_eq!(found(&owner, BOREAL, &CANARIES).await, rivals, "P9: the other firm's rows are untouched");
    let receipt = said.iter().find(|card| card.says("fingerprint")).unwrap();
    assert!(receipt.says("2 contacts") && receipt.says("kept messages"), "{}", receipt.words());
    for card in &said {
        assert!(CANARIES.iter().all(|canary| !card.0.to_string().contains(canary)), "{}", card.words());
    }
    let notes: Vec<String> = sqlx::query_scalar(
        "select body from note_version where body like '%erased%' order by created_at, version",
    )
    .fetch_all(&owner)
    .await
    .unwrap();
    assert!(
        notes.contains(&"[erased] ([erased]), [erased], [erased], wants more. [erased] signs.".to_owned()),
        "{notes:?}"
    );
    assert!(notes.contains(&"met [erased]".to_owned()), "{notes:?}");

    // The outbox still works, and nothing else brings her back.
    world
        .database
        .run("update outbox set not_before = now() where sent_at is null and dead_at is null")
        .await;
    world.later(chrono::TimeDelta::days(1));
    for card in cards(&world).await {
        assert!(CANARIES.iter().all(|canary| !card.0.to_string().contains(canary)), "{}", card.words());
    }
    world.database.run("drop function open_tenant_page").await;
    world.chat(ANN).presses("tenant.show", json!({ "tenant": CONTOSO })).await;
    let lines = String::from_utf8(written.lock().unwrap().clone()).unwrap();
    assert!(lines.contains("a turn broke"), "the log is looked at, or this test proves nothing");
    for canary in CANARIES {
        assert_eq!(lines.lines().find(|line| line.contains(canary)), None, "{canary}");
    }
}

#[tokio::test]
async fn sr_g1_every_personal_column_is_emptied_whatever_wrote_it() {
    let world = World::start().await;
    seed(&world).await;
    let owner = world.database.owner();
    // What no turn can write today may be written tomorrow: by the owner, into each column of the list.
    for column in COLUMNS.iter().filter(|column| column.holds != Holds::Nothing) {
        let words = match (column.table, column.name) {
            ("contact" | "person", "email" | "upn" | "name" | "phone") | ("privacy_request", _) => continue,
            (_, "errand") => "errand || '{\"activity\":{\"text\":\"Quillana Zebrafinch\"}}'".to_owned(),
            (_, "answer" | "fields" | "content" | "before" | "after") => {
                format!("coalesce({}, '{{}}') || '{{\"x\":\"Quillana Zebrafinch\"}}'", column.name)
            }
            ("conversation", _) => continue,
            _ => "'by Quillana Zebrafinch'".to_owned(),
        };
        let key = if column.name == "holder" { "and holder is not null and role <> 'p_rm'" } else { "" };
        // What a row must have besides, by its own constraints.
        let besides = match column.name {
            "do_not_call_reason" => ", do_not_call = true",
            "next_action" => ", next_action_owner = 'P-FM', next_action_date = '2026-12-01'",
            "rejection_note" => ", by_microsoft = false, rejection_reason = 'other'",
            _ => "",
        };
        let sql = format!(
            "update {} set {} = {words}{besides} where partner_id = '{ALPINE}' {key}",
            column.table, column.name
        );
        sqlx::query(AssertSqlSafe(sql)).execute(&owner).await.unwrap();
    }
    erase(&world, ADDRESS).await;
    assert_eq!(found(&owner, ALPINE, &CANARIES).await, Vec::<String>::new());
}

#[tokio::test]
async fn sr_g3_what_teams_still_shows_is_replaced() {
    let world = World::start().await;
    seed(&world).await;
    let chat = world.chat(MEG);
    let question = chat.says(&format!("privacy erase {ADDRESS}")).await.remove(0);
    chat.presses("confirm", question.button("confirm")).await;
    world.sent().await;
    world.clerk.work_once().await.unwrap();
    let mut replaced = 0;
    for _ in 0..20 {
        world.later(chrono::TimeDelta::seconds(60));
        let calls = world.sent().await;
        replaced += calls
            .iter()
            .filter(|call| call.method == "PUT" && call.body.to_string().contains("This message is gone"))
            .count();
    }
    assert!(replaced >= 3, "receipts of notes, and questions: {replaced}");
}

#[tokio::test]
async fn sr_g3_an_erasure_cannot_be_undone_and_ends_the_undo_of_what_was_done_before() {
    let world = World::start().await;
    seed(&world).await;
    erase(&world, ADDRESS).await;
    let open = world.count(
        "select count(*) from change c where undone_at is null and exists (
             select from row_change r where r.partner_id = c.partner_id and r.change_id = c.id and r.kind = 'contact'
                 and r.subject <> '44444444-0000-4000-8000-000000000002')
             and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'",
    );
    assert_eq!(open.await, 0);
    let answer = world.chat(ANN).says("undo").await.remove(0);
    assert!(!answer.says("Zebrafinch"), "{}", answer.words());
    assert_eq!(world.count("select count(*) from contact where email like 'q.%' and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'").await, 0);
}

#[tokio::test]
async fn sr_g3_a_person_of_the_firm_is_signed_out_and_nameless_and_nobody_erases_themselves() {
    let world = World::start().await;
    let chat = world.chat(MEG);
    note(&world, "Jiří Novák migrates").await;
    world.chat(JIRI).says("tenants").await;
    let oneself = chat.says("privacy erase meg@alpine.example").await.remove(0);
    assert!(oneself.says("cannot erase yourself"), "{}", oneself.words());
    let question = chat.says("privacy erase jiri nov").await.remove(0);
    assert!(
        question.says("They are of your firm") && question.says("jiri@alpine.example"),
        "{}",
        question.words()
    );
    chat.presses("confirm", question.button("confirm")).await;
    outcome(&world).await;
    assert!(world.chat(JIRI).says("tenants").await[0].says("not on your firm's list"));
    let owner = world.database.owner();
    assert_eq!(found(&owner, ALPINE, &["Jiří", "Novák", "jiri@"]).await, Vec::<String>::new());
    let kept = world.count("select count(*) from assignment a join person p on p.partner_id = a.partner_id and p.id = a.person_id where p.name = '[erased]'");
    assert_eq!(kept.await, 1, "others point at the row, so it stays");
}

#[tokio::test]
async fn sr_t1_the_log_keeps_the_act_under_a_fingerprint_that_differs_by_firm() {
    let world = World::start().await;
    seed(&world).await;
    erase(&world, ADDRESS).await;
    let lines: Vec<(String, String, uuid::Uuid)> = sqlx::query_as(
        "select act, subject_id, actor_id from audit where subject = 'personal_data' and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001' order by seq",
    )
    .fetch_all(&world.database.owner())
    .await
    .unwrap();
    let acts: Vec<&str> = lines.iter().map(|line| line.0.as_str()).collect();
    assert_eq!(acts, ["privacy.request", "privacy.request", "privacy.erase"]);
    assert!(lines.iter().all(|line| line.1 == lines[0].1 && line.2 == MEG.id));
    let fingerprints = world.count(
        "select count(distinct (set_config('app.partner_id', id::text, true), person_digest('q.zebrafinch@canary-post.example'))) from partner",
    );
    assert_eq!(fingerprints.await, 2, "P9: two firms cannot compare whom they erased");
}

#[tokio::test]
async fn sr_g3_who_was_erased_is_entered_again_only_with_their_consent() {
    let world = World::start().await;
    world.chat(ANN).says("tenants").await;
    erase(&world, ADDRESS).await;
    let chat = world.chat(ANN);
    let line = format!(
        "contact contoso.onmicrosoft.com: Quillana Zebrafinch {} ES spanish exo",
        ADDRESS.to_uppercase()
    );
    let asked = chat.says(&line).await.remove(0);
    assert!(asked.says("asked to be erased") && !asked.offers("confirm"), "{}", asked.words());
    let still = chat.presses("contact.save", asked.sends("contact.save", json!({}))).await;
    assert!(still.says("asked to be erased"), "{}", still.words());
    let saved = chat.presses("contact.save", still.sends("contact.save", json!({ "consent": "true" }))).await;
    assert!(saved.says("Contact added"), "{}", saved.words());
    let consent = "select count(*) from audit where act = 'privacy.consent'";
    assert_eq!((world.count(consent).await, world.count("select count(*) from erased_person").await), (1, 0));
    // Another firm never knew.
    let line = format!("contact contoso.onmicrosoft.com: Quillana Zebrafinch {ADDRESS} ES spanish exo");
    erase(&world, ADDRESS).await;
    assert!(world.chat(BOB).says(&line).await[0].offers("confirm"));
}

#[tokio::test]
async fn sr_g3_after_a_restore_the_erasures_since_are_done_again() {
    let world = World::start().await;
    seed(&world).await;
    // What the backup held, and what a restore brings back.
    let backup = "create schema backup; create table backup.contact as select * from contact";
    world.database.run(backup).await;
    erase(&world, ADDRESS).await;
    let feed = pool(world.database.url(), Role::Import, 1).unwrap();
    let kept = tombstones(&feed).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!serde_json::to_string(&kept).unwrap().contains("canary"), "a list says nothing of whom");
    world.database.run("delete from contact; insert into contact select * from backup.contact; drop table backup.contact; delete from erased_person").await;
    let owner = world.database.owner();
    assert!(!found(&owner, ALPINE, &CANARIES).await.is_empty());

    let database = Database::open(world.database.url(), 1).unwrap();
    let firm = kept[0].firm.into();
    let now = tenantry::domain::time::Clock::now(&world.clock);
    assert_eq!(erase_again(&database, firm, &kept, now).await.unwrap(), 1);
    assert_eq!(found(&owner, ALPINE, &CANARIES).await, Vec::<String>::new());
    assert_eq!(tombstones(&feed).await.unwrap(), kept);
    assert_eq!(erase_again(&database, firm, &kept, now).await.unwrap(), 0, "twice is once");
}
