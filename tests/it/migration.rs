//! The data migration of a service, as users live it: plan, decline, change one's mind, and everything that is
//! refused (M1 to M10).

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::bot::{Chat, Shown, World, with};
use crate::support::firms::{ANN, CONTOSO, JIRI, MEG, SECRET};

/// What is stored for Contoso's Exchange at Alpine: headers, lines, and entitlements on lines.
async fn stored(world: &World) -> (i64, i64, i64) {
    const OURS: &str = "partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'";
    let count = |what: &str, table: &str| -> &'static str {
        format!("select coalesce({what}, 0)::bigint from {table} where {OURS} and service = 'exchange'")
            .leak()
    };
    (
        world.count(count("count(*)", "data_migration")).await,
        world.count(count("count(*)", "migration_line")).await,
        world.count(count("sum(entitlements)", "migration_line")).await,
    )
}

fn exchange() -> Value {
    json!({ "tenant": CONTOSO, "service": "exchange" })
}

/// What somebody types into the first two rows.
fn two_lines() -> Value {
    json!({
        "starts": "2027-03-01", "ends": "2027-06-30",
        "type_1": "mig_ex_hybrid", "entitlements_1": "200", "type_2": "mig_imap", "entitlements_2": 100,
    })
}

async fn empty_form(chat: &Chat<'_>) -> Shown {
    let question = chat.presses("migration.open", exchange()).await;
    chat.presses("migration.form", question.titled("Microsoft performs it")).await
}

async fn planned(chat: &Chat<'_>) -> Shown {
    let form = empty_form(chat).await;
    chat.presses("migration.save", with(form.titled("Save"), two_lines())).await
}

#[tokio::test]
async fn m2_a_migration_of_two_types_takes_nine_steps() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let question = chat.says("migration contoso.onmicrosoft.com exo").await.remove(0);
    assert!(question.says("300 entitlements are In Progress"), "{}", question.words());
    let form = chat.presses("migration.form", question.titled("Microsoft performs it")).await;
    assert!(form.says("0 of 300 In Progress; 300 missing"), "{}", form.words());
    // Two messages or presses so far, six fields, and one press.
    let saved = chat.presses("migration.save", with(form.titled("Save"), two_lines())).await;
    assert!(saved.says("Data migration saved") && saved.says("Mig-ExHybrid"), "{}", saved.words());
    assert_eq!(stored(&world).await, (1, 2, 300));
    let again = chat.says("migration contoso.onmicrosoft.com exo").await.remove(0);
    assert_eq!([again.input("starts"), again.input("type_1")], ["2027-03-01", "mig_ex_hybrid"]);
    assert!(again.says("300 of 300 In Progress: it adds up") && again.says("[Not Specified]"));
    let service = chat.presses("service.show", exchange()).await;
    assert!(service.says("Microsoft, 1 Mar 2027 to 30 Jun 2027, 300 entitlements"), "{}", service.words());
}

#[tokio::test]
async fn m3_a_sum_that_is_off_is_told_and_the_rest_goes_on_no_migration_at_a_press() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = empty_form(&chat).await;
    let short = with(two_lines(), json!({ "entitlements_2": "95", "notes_1": "At night" }));
    let refused = chat.presses("migration.save", with(form.titled("Save"), short.clone())).await;
    assert!(refused.says("295 of 300 In Progress entitlements: 5 are missing"), "{}", refused.words());
    assert_eq!(
        [refused.input("notes_1"), refused.input("starts")],
        ["At night", "2027-03-01"],
        "nothing is lost"
    );
    assert_eq!(stored(&world).await, (0, 0, 0));
    let wider = chat.presses("migration.form", with(refused.titled("Add a line"), short.clone())).await;
    assert_eq!(wider.titled("Save")["rows"], 3);
    assert_eq!(wider.input("notes_1"), "At night");
    let rest =
        chat.presses("migration.form", with(refused.titled("Put the rest on No Migration"), short)).await;
    assert_eq!(rest.input("type_3"), "no_migration");
    assert!(rest.says("300 of 300 In Progress: it adds up"), "{}", rest.words());
    let whole = with(
        two_lines(),
        json!({
            "entitlements_2": "95", "type_3": "no_migration", "entitlements_3": "5", "size_gb_1": "400", "estimated_1": "2027-04-01",
        }),
    );
    let saved = chat.presses("migration.save", with(rest.titled("Save"), whole)).await;
    assert!(saved.offers("undo") && saved.says("No Migration"), "{}", saved.words());
    assert_eq!(stored(&world).await, (1, 3, 300));
}

#[tokio::test]
async fn m6_a_customer_declines_with_a_reason_and_a_note() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let question = chat.presses("migration.open", exchange()).await;
    let form = chat.presses("migration.form", question.titled("Customer declines")).await;
    let bare = chat
        .presses("migration.save", with(form.titled("Save"), json!({ "rejection_reason": "other" })))
        .await;
    assert!(bare.says("is missing") && bare.input("rejection_reason") == "other", "{}", bare.words());
    let why = json!({ "rejection_reason": "customer_will_self_migrate", "rejection_note": "They have **their** own tool." });
    let saved = chat.presses("migration.save", with(form.titled("Save"), why)).await;
    assert!(saved.says("Customer will self-migrate") && saved.says("**their**"), "{}", saved.words());
    assert_eq!(stored(&world).await, (1, 0, 0));
}

#[tokio::test]
async fn an_answer_that_changes_drops_the_other_side_and_undo_brings_it_back() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    planned(&chat).await;
    let form = chat.presses("migration.open", exchange()).await;
    let switched = chat.presses("migration.form", form.titled("Customer declines instead")).await;
    assert!(switched.says("drops the dates and 2 lines"), "{}", switched.words());
    assert_eq!(stored(&world).await, (1, 2, 300), "nothing is dropped before it is saved");
    let why = json!({ "rejection_reason": "other", "rejection_note": "A new board." });
    let saved = chat.presses("migration.save", with(switched.titled("Save"), why)).await;
    assert!(
        saved.says("Mig-IMAP") && saved.says("A new board."),
        "the receipt shows what went: {}",
        saved.words()
    );
    assert_eq!(stored(&world).await, (1, 0, 0));
    let undone = chat.presses("undo", saved.button("undo")).await;
    assert!(undone.says("Undone"), "{}", undone.words());
    assert_eq!(stored(&world).await, (1, 2, 300));
    let back = chat.presses("migration.open", exchange()).await;
    assert_eq!([back.input("ends"), back.input("type_2")], ["2027-06-30", "mig_imap"]);
    // A line goes when its row is emptied, or when its type says so.
    let fewer = json!({
        "starts": "2027-03-01", "ends": "2027-06-30", "type_1": "mig_ex_hybrid", "entitlements_1": "300",
        "type_2": "remove", "entitlements_2": "100",
    });
    chat.presses("migration.save", with(back.titled("Save"), fewer)).await;
    assert_eq!(stored(&world).await, (1, 1, 300));
}

#[tokio::test]
async fn whatever_is_wrong_is_named_beside_its_field_and_nothing_is_half_saved() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = empty_form(&chat).await;
    let hostile = "<at>Ann</at> ${x} '; drop table contact; --";
    for (typed, says) in [
        (json!({ "entitlements_1": "2147483647", "entitlements_2": "2147483647" }), "4,294,967,294"),
        (json!({ "entitlements_1": "99999999999999999999" }), "no whole number"),
        (json!({ "entitlements_1": "1.5" }), "no whole number"),
        (json!({ "entitlements_1": "2e2" }), "no whole number"),
        (json!({ "entitlements_1": 2e2 }), "no whole number"),
        (json!({ "entitlements_1": " 200" }), "no whole number"),
        (json!({ "entitlements_1": "0" }), "no whole number"),
        (json!({ "entitlements_1": "" }), "is missing"),
        (json!({ "entitlements_1": "201" }), "1 too many"),
        (json!({ "size_gb_1": "-1" }), "no whole number"),
        (json!({ "ends": "2027-02-28" }), "before the start"),
        (json!({ "starts": "2027-02-29" }), "no date of the calendar"),
        (json!({ "starts": "1999-01-01" }), "2000 to 2099"),
        (json!({ "starts": "" }), "is missing"),
        (json!({ "estimated_1": "2027-07-01" }), "outside the migration"),
        (json!({ "type_1": "mig_box" }), "not offered for this service"),
        (json!({ "type_1": hostile }), "none of the choices"),
        (json!({ "type_1": "mig_imap" }), "on an earlier line already"),
        (json!({ "notes_1": "x".repeat(251) }), "within 250 characters"),
        (json!({ "notes_1": "a\u{0}b" }), "cannot be shown"),
        (json!({ "rejection_note": hostile }), "does not go with the answer"),
        (json!({ "by_microsoft": "maybe" }), "none of the choices"),
    ] {
        world.later(TimeDelta::seconds(5));
        let refused =
            chat.presses("migration.save", with(form.titled("Save"), with(two_lines(), typed.clone()))).await;
        assert!(refused.says("Not saved yet") && refused.says(says), "{typed}: {}", refused.words());
        assert!(!refused.0.to_string().contains("\"text\":\"<at>"), "{typed}");
    }
    for typed in [
        json!({ "rows": 9 }),
        json!({ "rows": "x" }),
        json!({ "type_1": ["mig_imap"] }),
        json!({ "version": -1 }),
    ] {
        world.later(TimeDelta::seconds(5));
        let altered =
            chat.presses("migration.save", with(form.titled("Save"), with(two_lines(), typed.clone()))).await;
        assert!(altered.says("out of date"), "{typed}: {}", altered.words());
    }
    assert_eq!(stored(&world).await, (0, 0, 0));
    assert_eq!(world.count("select count(*) from change").await, 0);
    let leap = with(two_lines(), json!({ "starts": "2028-02-29", "ends": "2028-02-29", "notes_1": hostile }));
    let saved = chat.presses("migration.save", with(form.titled("Save"), leap)).await;
    assert!(saved.says("29 Feb 2028"), "{}", saved.words());
}

#[tokio::test]
async fn sr_v4_the_longest_lines_come_back_whole() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = empty_form(&chat).await;
    let mut typed = two_lines();
    let kinds =
        ["mig_ex_hybrid", "mig_gmail_staged", "mig_domino_odme", "no_migration", "mig_imap", "mig_groupwise"];
    for (place, kind) in (1..).zip(kinds) {
        let row = json!({
            format!("type_{place}"): kind, format!("entitlements_{place}"): "2147483647",
            format!("estimated_{place}"): "2027-04-01", format!("size_gb_{place}"): "2147483647",
            format!("notes_{place}"): "漢".repeat(250),
        });
        typed = with(typed, row);
    }
    let typed = with(typed, json!({ "rows": 6, "starts": "2027-13-01" }));
    let refused = chat.presses("migration.save", with(form.titled("Save"), typed)).await;
    let size = refused.0.to_string().len();
    assert!(size <= 24 * 1024, "{size}");
    for place in 1..=6 {
        assert_eq!(refused.input(&format!("notes_{place}")).chars().count(), 250, "{place}");
    }
}

#[tokio::test]
async fn sr_r1_a_form_has_one_effect_also_after_its_undo_and_in_other_hands() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = empty_form(&chat).await;
    let sent = with(form.titled("Save"), two_lines());
    let saved = chat.presses("migration.save", sent.clone()).await;
    assert_eq!(chat.presses("migration.save", sent.clone()).await, saved);
    assert_eq!(world.count("select count(*) from change").await, 1);
    chat.presses("undo", saved.button("undo")).await;
    chat.presses("migration.save", sent.clone()).await;
    assert_eq!(stored(&world).await, (0, 0, 0), "a replay does nothing");
    let meg = world.chat(MEG).presses("migration.save", sent.clone()).await;
    assert!(meg.says("Only people who are assigned"), "{}", meg.words());
    let foreign = with(sent.clone(), json!({ "tenant": SECRET, "form": SECRET }));
    assert!(chat.presses("migration.save", foreign).await.says("not open to you"));
    assert_eq!(world.count("select count(*) from data_migration").await, 0);
    // Another person who may edit sends the same form: it is theirs then, and saved once.
    let jiri = world.chat(JIRI).presses("migration.save", sent).await;
    assert!(jiri.says("Jiří Novák"), "{}", jiri.words());
    assert_eq!(stored(&world).await, (1, 2, 300));
}

#[tokio::test]
async fn sr_c2_the_slower_editor_keeps_what_was_typed_and_sees_what_the_faster_did() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let (slow, fast) = (empty_form(&chat).await, empty_form(&chat).await);
    let other = with(two_lines(), json!({ "type_1": "mig_groupwise" }));
    world.chat(JIRI).presses("migration.save", with(fast.titled("Save"), two_lines())).await;
    let conflict = chat.presses("migration.save", with(slow.titled("Save"), other.clone())).await;
    assert!(conflict.says("Jiří Novák") && conflict.says("Mig-ExHybrid"), "{}", conflict.words());
    assert_eq!(conflict.input("type_1"), "mig_groupwise", "mine is kept");
    assert_eq!(stored(&world).await, (1, 2, 300));
    let saved = chat.presses("migration.save", with(conflict.titled("Save mine on top"), other)).await;
    assert!(saved.says("Mig-GroupWise") && saved.offers("undo"), "{}", saved.words());
    // The other way round: what was undone is no longer there for a form that showed it.
    let form = chat.presses("migration.open", exchange()).await;
    chat.presses("undo", saved.button("undo")).await;
    let late = chat.presses("migration.save", with(form.titled("Save"), two_lines())).await;
    assert!(late.says("somebody was faster"), "{}", late.words());
}

const MIGRATION_ROLE: &str = "insert into assignment (partner_id, id, tenant_id, role, person_id, scope, is_primary)
    values ('aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), '11111111-0000-4000-8000-000000000001', 'mvm',
            'aaaaaaaa-0000-4000-8000-0000000000a3', 'tenant', true)";

#[tokio::test]
async fn m7_the_migration_role_sets_the_status_and_nobody_else() {
    let world = World::start().await;
    world.database.run(MIGRATION_ROLE).await;
    let ann = world.chat(ANN);
    planned(&ann).await;
    let read_only = ann.presses("migration.open", exchange()).await;
    assert!(read_only.says("set by the migration team: [Not Specified]"), "{}", read_only.words());
    let status = json!({ "status_1": "velocity_migration_in_progress" });
    let forged = with(exchange(), with(status.clone(), json!({ "version": 1, "form": CONTOSO })));
    assert!(ann.presses("migration.status", forged).await.says("migration role"));
    let meg = world.chat(MEG);
    let form = meg.presses("migration.open", exchange()).await;
    assert!(
        form.0.to_string().contains("Mig-ExHybrid · 200") && !form.offers("migration.save"),
        "{}",
        form.words()
    );
    let odd = with(form.titled("Save"), json!({ "status_1": "done", "status_2": "" }));
    assert!(meg.presses("migration.status", odd).await.says("none of the choices"));
    let saved = meg.presses("migration.status", with(form.titled("Save"), status)).await;
    assert!(saved.says("Velocity Migration - In Progress"), "{}", saved.words());
    // It stays through the edits of others.
    let form = ann.presses("migration.open", exchange()).await;
    ann.presses(
        "migration.save",
        with(form.titled("Save"), with(two_lines(), json!({ "ends": "2027-07-31" }))),
    )
    .await;
    let kept =
        world.count("select count(*) from migration_line where status = 'velocity_migration_in_progress'");
    assert_eq!(kept.await, 1);
    let stale = with(form.titled("Save"), json!({ "status_1": "velocity_migration_complete" }));
    let late = meg.presses("migration.status", stale).await;
    assert!(late.says("somebody was faster"), "{}", late.words());
}

#[tokio::test]
async fn m7_who_works_on_the_tenant_and_holds_the_role_finds_the_status_on_the_form() {
    let world = World::start().await;
    world.database.run(MIGRATION_ROLE).await;
    world
        .database
        .run("update assignment set person_id = 'aaaaaaaa-0000-4000-8000-0000000000a2' where role = 'mvm'")
        .await;
    let ann = world.chat(ANN);
    planned(&ann).await;
    assert!(!ann.presses("migration.open", exchange()).await.offers("migration.statuses"));
    let jiri = world.chat(JIRI);
    let form = jiri.presses("migration.open", exchange()).await;
    let statuses = jiri.presses("migration.statuses", form.titled("Set the status")).await;
    let set = json!({ "status_1": "velocity_migration_blocked", "status_2": "not_specified" });
    let saved = jiri.presses("migration.status", with(statuses.titled("Save"), set)).await;
    assert!(saved.says("Velocity Migration - Blocked"), "{}", saved.words());
}

#[tokio::test]
async fn section_4_who_may_not_is_told_why() {
    let world = World::start().await;
    planned(&world.chat(ANN)).await;
    let meg = world.chat(MEG).presses("migration.open", exchange()).await;
    assert!(meg.says("Only people who are assigned"), "{}", meg.words());
    world.database.run("update tenant_service set scenario = 'ftc_css_led' where service = 'exchange'").await;
    let css = world.chat(ANN).presses("migration.open", exchange()).await;
    assert!(css.says("FastTrack Center"), "{}", css.words());
    let line = world
        .chat(ANN)
        .says("migration contoso.onmicrosoft.com exo: hybrid 300, from 1 mar to end of june")
        .await;
    assert!(line[0].says("FastTrack Center"), "{}", line[0].words());
}

#[tokio::test]
async fn m1_a_service_without_a_migration_says_so_with_the_next_step() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let teams = chat.says("migration contoso.onmicrosoft.com teams").await.remove(0);
    assert!(teams.says("The data of Teams is not migrated") && teams.says("Exchange, SharePoint, OneDrive"));
    let none = chat.says("migration contoso.onmicrosoft.com spo").await.remove(0);
    assert!(none.says("has no entitlements here"), "{}", none.words());
    let only = chat.says("migration contoso.onmicrosoft.com").await.remove(0);
    assert!(only.says("Who migrates the data?") && only.says("Exchange"), "{}", only.words());
    world
        .database
        .run("update entitlement set l1 = 'blocked', l2 = 'legal_regulatory' where l1 = 'in_progress'")
        .await;
    let idle = chat.says("migration contoso.onmicrosoft.com exo").await.remove(0);
    assert!(idle.says("None of the 305 entitlements is In Progress"), "{}", idle.words());
    let declines = chat.presses("migration.form", idle.titled("Customer declines")).await;
    let why = json!({ "rejection_reason": "no_data_to_migrate", "rejection_note": "New mailboxes." });
    assert!(chat.presses("migration.save", with(declines.titled("Save"), why)).await.offers("undo"));
}

#[tokio::test]
async fn one_line_shows_old_and_new_and_saves_at_one_confirm() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let line = "migration contoso.onmicrosoft.com exo: hybrid 200, imap rest, from 1 mar to end of june";
    let preview = chat.says(line).await.remove(0);
    assert!(preview.says("Save this data migration?") && preview.says("30 Jun 2027"), "{}", preview.words());
    assert!(preview.says("Mig-ExHybrid") && preview.says("100"), "{}", preview.words());
    assert_eq!(stored(&world).await, (0, 0, 0), "nothing before it is confirmed");
    let saved = chat.presses("confirm", preview.button("confirm")).await;
    assert!(saved.says("Data migration saved"), "{}", saved.words());
    assert_eq!(stored(&world).await, (1, 2, 300));
    assert!(chat.presses("confirm", preview.button("confirm")).await == saved, "once");
    // Only the dates: the lines stay. Then the customer declines.
    let longer = chat.says("migration contoso.onmicrosoft.com exo: until 2027-09-30").await.remove(0);
    assert!(longer.says("30 Jun 2027") && longer.says("30 Sep 2027"), "{}", longer.words());
    let declined = chat
        .says("migration contoso.onmicrosoft.com exo declined: self-migrate, they have their own tool")
        .await;
    assert!(declined[0].says("Customer will self-migrate") && declined[0].says("their own tool"));
    chat.presses("confirm", declined[0].button("confirm")).await;
    assert_eq!(stored(&world).await, (1, 0, 0));
}

#[tokio::test]
async fn one_line_that_is_unclear_is_asked_and_one_that_is_wrong_comes_back_as_the_form() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let unclear = chat
        .says("migration contoso.onmicrosoft.com exo: hybrid 300, from 3/4/2027 to 2027-06-30")
        .await
        .remove(0);
    assert!(unclear.says("What do you mean?") && unclear.says("4 Mar 2027"), "{}", unclear.words());
    let preview = chat.presses("migration.line", unclear.titled("3 Apr 2027")).await;
    assert!(preview.says("3 Apr 2027") && preview.offers("confirm"), "{}", preview.words());
    let wrong = chat
        .says("migration contoso.onmicrosoft.com exo: hybrid 299, from 1 mar to end of june")
        .await
        .remove(0);
    assert!(wrong.says("299 of 300") && wrong.input("type_1") == "mig_ex_hybrid", "{}", wrong.words());
    let odd = chat
        .says("migration contoso.onmicrosoft.com exo: <b>pigeon</b> 300, from 1 mar to end of june")
        .await
        .remove(0);
    assert!(
        odd.says("Not understood") && odd.says("pigeon") && odd.input("ends") == "2027-06-30",
        "{}",
        odd.words()
    );
    let several = chat.says("migration cont: hybrid 300, from 1 mar to end of june").await.remove(0);
    assert!(several.says("Contoso Pharmaceuticals"), "{}", several.words());
    let none = chat.says("migration").await.remove(0);
    assert!(none.says("needs a little more"), "{}", none.words());
    let declines = chat.says("migration contoso.onmicrosoft.com exo declined").await.remove(0);
    assert!(declines.offers("migration.save") && !declines.says("Not saved yet"), "{}", declines.words());
    assert_eq!(stored(&world).await, (0, 0, 0));
}

#[tokio::test]
async fn k1_the_claim_is_read_only_and_what_is_wrong_or_empty_has_a_next_step() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let ours = chat.presses("service.show", exchange()).await;
    assert!(ours.says("Alpine Cloud Partners · MPN 4100001") && !ours.says("next step"), "{}", ours.words());
    world.database.run("update cpor_claim set mpn_id = '9', state = 'Approved'").await;
    let theirs = chat.presses("service.show", exchange()).await;
    assert!(theirs.says("Another partner is the partner of record"), "{}", theirs.words());
    world.database.run("delete from cpor_claim").await;
    let none = chat.presses("service.show", exchange()).await;
    assert!(none.says("no claim") && none.says("it takes up to 2 weeks"), "{}", none.words());
}
