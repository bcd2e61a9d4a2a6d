//! Entitlement status, as users live it: see the grid, add, edit, split, move and delete, in forms and in one line of
//! chat, and everything that is refused (N1 to N16, M9).

use serde_json::{Value, json};
use tenantry::domain::service::catalogue;
use tenantry::domain::taxonomy::{Path, taxonomy};

use crate::support::bot::{Chat, Shown, World, with};
use crate::support::firms::{ANN, BOB, CONTOSO, JIRI, MEG, SECRET};

const OURS: &str = "partner_id = 'aaaaaaaa-0000-4000-8000-000000000001' and tenant_id = '11111111-0000-4000-8000-000000000001' and service = 'exchange'";
const TECH: &str = "in_progress/technical_onboarding_and_deployment";
const BILLING: &str = "blocked/billing_licensing_subscription";
const NEW: &str = "status_unknown/new_subscription_or_workload";
const FIREWALL: &str = "Blocked because the branch firewall drops the traffic of new clients";
const PILOTS: &str = "In progress, the pilots are done and the waves start in March";

/// Contoso's Exchange: everything about its rows, and the version-free part of its service.
async fn stored(world: &World) -> String {
    let sql = format!(
        "select coalesce(string_agg(l1 || '/' || l2 || '/' || l3 || '=' || entitlements || ' ' || note || ' '
             || coalesce(target_date::text, '-') || ' ' || coalesce(owner, '-'), E'\\n' order by l1, l2, l3), '')
         from entitlement where {OURS}"
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&world.database.owner()).await.unwrap()
}

/// "code=number" of each row, in alphabetic order.
async fn rows(world: &World) -> Vec<String> {
    stored(world)
        .await
        .lines()
        .map(|line| line.split(' ').next().unwrap().replace("//", "").replace("/=", "="))
        .collect()
}

/// The whole of it waits for a status.
async fn all_new(world: &World) {
    world.database.run("delete from entitlement where service = 'exchange'").await;
    world
        .database
        .run(
            "insert into entitlement (partner_id, id, tenant_id, service, l1, l2, l3, entitlements, note)
             select partner_id, gen_random_uuid(), tenant_id, service, 'status_unknown', 'new_subscription_or_workload', '', 305, 'New'
             from tenant_service where service = 'exchange'",
        )
        .await;
}

async fn arrived(world: &World, total: i32) {
    let sql: &'static str = format!("update tenant_service set entitlements = {total} where {OURS}").leak();
    world.database.run(sql).await;
}

fn at(kind: &str, row: &str) -> Value {
    json!({ "tenant": CONTOSO, "service": "exchange", "kind": kind, "row": row })
}

/// What somebody types into a part, with their own levels.
fn part(number: usize, code: &str, n: &str, note: &str) -> Value {
    let path = Path::of_code(code);
    let mut fields = serde_json::Map::new();
    for (name, value) in
        [("note", note), ("entitlements", n), ("l1", &path.l1), ("l2", &path.l2), ("l3", &path.l3)]
    {
        fields.insert(format!("{name}_{number}"), value.into());
    }
    if path.l1 == "in_progress" {
        fields.insert(format!("target_date_{number}"), "2027-03-01".into());
    }
    fields.into()
}

/// A whole path under Blocked that Exchange may have.
fn blocked() -> String {
    let paths = taxonomy().offered(&catalogue().service("exo").unwrap().code);
    paths.iter().find(|path| path.l1 == "blocked").unwrap().code()
}

/// Everything that a card says, with single spaces.
fn told(card: &Shown) -> String {
    card.words().split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn grid(chat: &Chat<'_>) -> Shown {
    chat.says("ent contoso.onmicrosoft.com exo").await.remove(0)
}

#[tokio::test]
async fn n1_the_grid_shows_every_row_the_total_and_what_is_left() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let card = grid(&chat).await;
    for words in [
        "305 entitlements",
        "The rows add up: 0 left.",
        "300 In Progress",
        "Technical Onboarding and Deployment",
        "5 Blocked",
        "A note",
    ] {
        assert!(card.says(words), "{words}: {}", card.words());
    }
    assert!(card.offers("status.open") && card.offers("status.delete") && !card.offers("status.move"));
    arrived(&world, 317).await;
    assert!(grid(&chat).await.says("12 have no status yet."));
    arrived(&world, 300).await;
    assert!(grid(&chat).await.says("The rows have 5 more than the service"));
    let read = grid(&world.chat(MEG)).await;
    assert!(read.says("300 In Progress") && !read.offers("status.open"), "who is not assigned reads");
    let none = chat.says("ent contoso.onmicrosoft.com intune").await.remove(0);
    assert!(none.says("has no entitlements here"));
    let service = chat.presses("service.show", json!({ "tenant": CONTOSO, "service": "exchange" })).await;
    assert!(service.offers("status.grid"));
}

#[tokio::test]
async fn n2_a_service_is_split_in_three_presses_and_one_undo_brings_all_of_it_back() {
    let world = World::start().await;
    all_new(&world).await;
    let before = stored(&world).await;
    let chat = world.chat(ANN);
    // From the grid on: Split, Suggest, Save.
    let form = chat.presses("status.open", grid(&chat).await.titled("Split 1")).await;
    let typed = json!({ "note_1": PILOTS, "entitlements_1": "300", "note_2": FIREWALL, "entitlements_2": 5 });
    let suggested = chat.presses("status.suggest", with(form.button("status.suggest"), typed)).await;
    assert!(suggested.says("Suggested"), "{}", suggested.words());
    let (one, two) = (suggested.input("pick_1"), suggested.input("pick_2"));
    assert!(one.starts_with("in_progress") && two.starts_with("blocked/"), "{one} {two}");
    assert_eq!(suggested.input("owner_2"), "Account Team", "the owner of a blocker unless one is named");
    let typed = json!({
        "note_1": PILOTS, "entitlements_1": "", "pick_1": one, "target_date_1": "2027-03-01",
        "note_2": FIREWALL, "entitlements_2": 5, "pick_2": two, "owner_2": "Account Team",
    });
    let saved = chat.presses("status.save", with(suggested.titled("Save"), typed)).await;
    assert!(saved.says("Entitlement status saved") && saved.says("300 ·"), "{}", saved.words());
    let mut expected = [format!("{two}=5"), format!("{one}=300")];
    expected.sort();
    assert_eq!(rows(&world).await, expected);
    let learnt =
        world.count("select count(*) from suggestion where outcome = 'accepted' and decided_at is not null");
    assert_eq!(learnt.await, 2, "what was shown is kept with what became of it");
    assert!(chat.presses("undo", saved.button("undo")).await.says("Undone"));
    assert_eq!(stored(&world).await, before, "every field");
}

#[tokio::test]
async fn n2_a_row_is_split_in_one_form_saved_at_once_with_a_suggestion_that_is_sure() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let before = stored(&world).await;
    let open = async || chat.says("split contoso.onmicrosoft.com exo").await.remove(0);
    let form = open().await;
    assert!(form.says("Split a status row") && form.says("300 In Progress"), "{}", form.words());
    let typed = |note: &str| json!({ "target_date_1": "2027-03-01", "note_2": note, "entitlements_2": 5 });
    let vague = chat.presses("status.save", form.sends("status.save", typed("Maybe later"))).await;
    assert!(
        vague.says("not clear enough") && !vague.offers("undo"),
        "what is not sure is not saved: {}",
        vague.words()
    );
    let form = open().await;
    let dateless = json!({ "target_date_1": "", "note_2": FIREWALL, "entitlements_2": 5 });
    let asked = chat.presses("status.save", form.sends("status.save", dateless)).await;
    assert!(
        asked.says("Target date is missing") && asked.input("pick_2").starts_with("blocked/"),
        "{}",
        asked.words()
    );
    assert_eq!(stored(&world).await, before);
    let form = open().await;
    form.titled("Suggest and save");
    let saved = chat.presses("status.save", form.sends("status.save", typed(FIREWALL))).await;
    assert!(
        saved.says("Entitlement status saved") && saved.says("Taken as suggested: Blocked"),
        "{}",
        saved.words()
    );
    assert!(told(&saved).contains("300 → 295"), "{}", saved.words());
    let learnt = world.count("select count(*) from suggestion where decided_at is not null");
    assert_eq!(learnt.await, 0, "what nobody looked at is no decision to learn from");
    assert!(chat.presses("undo", saved.button("undo")).await.says("Undone"));
    assert_eq!(stored(&world).await, before, "every field");
}

#[tokio::test]
async fn chk_173_a_suggestion_is_reported_as_not_helpful_by_one_press_and_a_lead_sees_how_many() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = chat.presses("status.open", at("add", "")).await;
    assert!(!form.offers("status.report"), "nothing is suggested yet");
    let typed = json!({ "note_1": FIREWALL, "entitlements_1": 5 });
    let suggested = chat.presses("status.suggest", form.sends("status.suggest", typed)).await;
    for _ in 0..2 {
        let reported = chat.presses("status.report", suggested.sends("status.report", json!({}))).await;
        assert!(reported.says("✓ Reported"), "{}", reported.words());
        assert_eq!(reported.input("note_1"), FIREWALL, "what was typed is kept");
    }
    let jiri = world.chat(JIRI);
    jiri.presses("status.report", suggested.sends("status.report", json!({}))).await;
    let figures = world.chat(MEG).says("suggestions").await.remove(0);
    assert!(figures.says("; 1 reported as not helpful"), "{}", figures.words());
}

#[tokio::test]
async fn n7_a_part_is_added_with_own_levels_that_depend_on_what_stands_above() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = chat.presses("status.open", at("add", "")).await;
    assert!(form.says("Total 305. In the rows 305, 0 left."), "{}", form.words());
    let typed = |l2: &str, l3: &str| json!({ "note_1": FIREWALL, "entitlements_1": 7, "from": TECH, "l1_1": "blocked", "l2_1": l2, "l3_1": l3 });
    let reason = chat.presses("status.save", with(form.button("status.save"), typed("", ""))).await;
    assert!(reason.says("Reason (L2) is missing") && reason.says("Adoption Readiness"), "{}", reason.words());
    assert_eq!(reason.input("note_1"), FIREWALL, "what was typed is kept");
    let deeper = chat
        .presses("status.save", with(reason.button("status.save"), typed("adoption_readiness", "")))
        .await;
    assert!(deeper.says("Engineering reason (L3) is missing"), "{}", deeper.words());
    let path = Path::of_code(&blocked());
    let saved =
        chat.presses("status.save", with(deeper.button("status.save"), typed(&path.l2, &path.l3))).await;
    assert!(
        told(&saved).contains("300 → 293") && told(&saved).contains("none → 7 · Blocked because"),
        "{}",
        saved.words()
    );
    assert_eq!(
        rows(&world).await,
        [format!("{BILLING}=5"), format!("{}=7", blocked()), format!("{TECH}=293")]
    );
    let own = world.count("select count(*) from suggestion where outcome <> 'shown'");
    assert_eq!(own.await, 1, "levels of one's own are learnt from, too");
}

#[tokio::test]
async fn n8_an_edit_asks_and_what_it_takes_comes_from_the_row_that_was_picked() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = chat.presses("status.open", at("edit", TECH)).await;
    assert_eq!([form.input("note_1"), form.input("l1_1")], ["A note", "in_progress"]);
    let typed = json!({ "from": BILLING, "entitlements_1": 303, "target_date_1": "2027-04-01" });
    let data = with(with(form.button("status.save"), part(1, TECH, "303", "A note")), typed);
    let question = chat.presses("status.save", data).await;
    assert!(
        question.says("Change this status row?") && told(&question).contains("5 → 2"),
        "{}",
        question.words()
    );
    assert_eq!(rows(&world).await[0], format!("{BILLING}=5"), "nothing is saved yet");
    let saved = chat.presses("confirm", question.button("confirm")).await;
    assert!(
        told(&saved).contains("300 → 303") && told(&saved).contains("target date: none → 1 Apr 2027"),
        "{}",
        saved.words()
    );
    assert_eq!(rows(&world).await, [format!("{BILLING}=2"), format!("{TECH}=303")]);
}

#[tokio::test]
async fn n4_new_entitlements_are_moved_on_by_one_press() {
    let world = World::start().await;
    all_new(&world).await;
    let chat = world.chat(ANN);
    let line = format!(
        "contoso.onmicrosoft.com exo: 200 in progress {PILOTS} by 1 mar 2027, 105 unknown nobody has answered three mails"
    );
    let question = chat.says(&line).await.remove(0);
    let saved = chat.presses("confirm", question.button("confirm")).await;
    assert!(saved.says("Entitlement status saved"), "{}", saved.words());
    arrived(&world, 317).await;
    world.database.run("insert into entitlement (partner_id, id, tenant_id, service, l1, l2, l3, entitlements, note)
        values ('aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), '11111111-0000-4000-8000-000000000001', 'exchange', 'status_unknown', 'new_subscription_or_workload', '', 12, 'New')").await;
    let before = grid(&chat).await;
    assert!(before.says("Move 12 to"), "{}", before.words());
    let moved = chat.presses("status.move", before.button("status.move")).await;
    assert!(told(&moved).contains("200 → 212"), "{}", moved.words());
    assert!(!rows(&world).await.iter().any(|row| row.starts_with(NEW)));
    let stale = chat.presses("status.move", before.button("status.move")).await;
    assert!(stale.says("Entitlement status") && stale.says("212 In Progress"), "an old card moves nothing");
}

#[tokio::test]
async fn c11_a_deleted_row_gives_its_entitlements_back() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let question = chat.presses("status.delete", grid(&chat).await.titled("Delete 2")).await;
    assert!(
        question.says("Delete this status row?") && question.says("go to Status Unknown"),
        "{}",
        question.words()
    );
    let done = chat.presses("confirm", question.button("confirm")).await;
    assert_eq!(rows(&world).await, [format!("{TECH}=300"), format!("{NEW}=5")]);
    chat.presses("undo", done.button("undo")).await;
    assert_eq!(rows(&world).await, [format!("{BILLING}=5"), format!("{TECH}=300")]);
    let picked = with(at("edit", BILLING), json!({ "from": TECH }));
    let question = chat.presses("status.delete", picked).await;
    chat.presses("confirm", question.button("confirm")).await;
    assert_eq!(rows(&world).await, [format!("{TECH}=305")]);
    let only = chat.presses("status.delete", at("edit", TECH)).await;
    chat.presses("confirm", only.button("confirm")).await;
    let last = chat.presses("status.delete", at("edit", NEW)).await;
    assert!(last.says("This is the only row"), "{}", last.words());
}

#[tokio::test]
async fn one_line_splits_a_service_with_one_confirm_and_one_undo() {
    let world = World::start().await;
    all_new(&world).await;
    let before = stored(&world).await;
    let chat = world.chat(ANN);
    let line = "contoso.onmicrosoft.com exo: 300 in progress pilots are done by 1 mar 2027, 5 blocked firewall drops traffic";
    let question = chat.says(line).await.remove(0);
    assert!(
        question.says("Save this entitlement status?") && told(&question).contains("305 · New → none"),
        "{}",
        question.words()
    );
    assert_eq!(stored(&world).await, before);
    let saved = chat.presses("confirm", question.button("confirm")).await;
    let after = rows(&world).await;
    assert_eq!(after.len(), 2);
    assert!(
        after[0].starts_with("blocked/") && after[0].ends_with("=5") && after[1].ends_with("=300"),
        "{after:?}"
    );
    assert!(stored(&world).await.contains("2027-03-01") && stored(&world).await.contains("Account Team"));
    chat.presses("undo", saved.button("undo")).await;
    assert_eq!(stored(&world).await, before);
}

#[tokio::test]
async fn many_lines_are_one_question_one_change_and_one_undo() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let text = "ent contoso.onmicrosoft.com exo, teams: rest in progress pilots are done by 1 mar 2027, 7 unknown nobody answered three mails\nfabrikam exo: 305 duplicate the tenant was bought twice";
    let question = chat.says(text).await.remove(0);
    assert!(question.says("Contoso") && question.says("Fabrikam"), "{}", question.words());
    let saved = chat.presses("confirm", question.button("confirm")).await;
    let touched =
        world.count("select count(distinct (tenant_id, service)) from row_change where kind = 'entitlement'");
    assert_eq!(touched.await, 3, "{}", saved.words());
    assert_eq!(world.count("select count(*) from change").await, 1);
    chat.presses("undo", saved.button("undo")).await;
    let there = world.count("select count(*) from entitlement where l1 = 'in_progress' and entitlements = 300 and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'");
    assert_eq!(there.await, 8, "four tenants with two services each are as they were");
}

#[tokio::test]
async fn wrong_sums_and_unclear_lines_ask_and_save_nothing() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let before = stored(&world).await;
    for (line, answer) in [
        (
            "contoso.onmicrosoft.com exo: 310 in progress pilots are done by 1 mar 2027",
            "only 305 are there: 5 too many",
        ),
        ("contoso.onmicrosoft.com exo: 300 in progress pilots are done", "Target date is missing"),
        ("contoso.onmicrosoft.com exo: 0 blocked firewall drops traffic", "Delete the row instead"),
        ("contoso.onmicrosoft.com exo: 5 blocked", "Note is missing"),
        ("contoso.onmicrosoft.com exo: 305 firewall", "does not tell the status yet"),
        ("ent contoso.onmicrosoft.com exo: in progress", "begins with a number"),
        ("ent nobody exo: 5 blocked firewall drops traffic", "nobody"),
        (
            "ent contoso exo: 5 blocked firewall drops traffic\ncontoso exo: 6 blocked firewall drops traffic",
            "stands on two lines",
        ),
        (
            "contoso.onmicrosoft.com exo, intune: 305 in progress pilots are done by 1 mar 2027",
            "has no entitlements here",
        ),
        (
            "contoso.onmicrosoft.com exo, teams: 306 duplicate bought twice by mistake",
            "No entitlement was saved",
        ),
    ] {
        let card = chat.says(line).await.remove(0);
        assert!(card.says(answer), "{line}: {}", card.words());
        assert!(!card.offers("confirm"), "{line}");
    }
    let which = chat.says("cont exo: 305 duplicate bought twice by mistake").await.remove(0);
    let chosen = with(which.button("status.line"), json!({ "body": which.input("body") }));
    let question = chat.presses("status.line", chosen.clone()).await;
    assert!(question.says("Save this entitlement status?"), "{chosen} {}", question.words());
    assert_eq!(stored(&world).await, before);
}

#[tokio::test]
async fn n9_a_note_that_is_too_poor_asks_for_more_and_is_never_a_dead_end() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = chat.presses("status.open", at("add", "")).await;
    let typed = json!({ "note_1": "no", "entitlements_1": 5, "from": TECH });
    let red = chat.presses("status.save", with(form.button("status.save"), typed.clone())).await;
    assert!(red.says("does not tell the status yet") && red.says("Save as it is"), "{}", red.words());
    let bare = chat.presses("status.save", with(red.titled("Save as it is"), typed.clone())).await;
    assert!(bare.says("Status (L1) is missing"), "{}", bare.words());
    let own = with(typed, json!({ "l1_1": "duplicate_invalid" }));
    let saved = chat.presses("status.save", with(red.titled("Save as it is"), own)).await;
    assert!(saved.says("Entitlement status saved"), "{}", saved.words());
    let kept = world.count("select count(*) from suggestion where band = 'red' and outcome = 'overridden'");
    assert_eq!(kept.await, 1);
}

#[tokio::test]
async fn sr_c2_the_slower_editor_sees_what_the_faster_did_and_goes_on_from_there() {
    let world = World::start().await;
    let (ann, jiri) = (world.chat(ANN), world.chat(JIRI));
    let slow = ann.presses("status.open", at("split", BILLING)).await;
    let fast = jiri.presses("status.delete", at("edit", BILLING)).await;
    jiri.presses("confirm", fast.button("confirm")).await;
    let typed = with(
        part(1, &blocked(), "3", FIREWALL),
        part(2, "duplicate_invalid", "2", "Bought twice by mistake"),
    );
    let conflict = ann.presses("status.save", with(slow.button("status.save"), typed)).await;
    assert!(conflict.says("Jiří Novák") && conflict.says("Save mine on top"), "{}", conflict.words());
    assert_eq!(conflict.input("note_1"), FIREWALL);
    let typed = with(
        part(1, &blocked(), "3", FIREWALL),
        part(2, "duplicate_invalid", "2", "Bought twice by mistake"),
    );
    let saved = ann
        .presses(
            "status.save",
            with(conflict.titled("Save mine on top"), with(typed, json!({ "from": NEW }))),
        )
        .await;
    assert!(saved.says("Entitlement status saved"), "{}", saved.words());
    assert_eq!(
        rows(&world).await,
        [format!("{}=3", blocked()), "duplicate_invalid=2".to_owned(), format!("{TECH}=300")]
    );
}

#[tokio::test]
async fn m9_a_change_that_breaks_the_migration_offers_the_corrected_lines() {
    let world = World::start().await;
    world.database.run("insert into data_migration (partner_id, tenant_id, service, by_microsoft, starts, ends)
        values ('aaaaaaaa-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000001', 'exchange', true, '2027-01-01', '2027-02-01')").await;
    world.database.run("insert into migration_line (partner_id, tenant_id, service, type, entitlements)
        values ('aaaaaaaa-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000001', 'exchange', 'mig_imap', 300)").await;
    let lines = "select coalesce(sum(entitlements), 0)::bigint from migration_line";
    let chat = world.chat(ANN);
    let form = chat.presses("status.open", at("add", "")).await;
    let typed = || with(part(1, &blocked(), "20", FIREWALL), json!({ "from": TECH }));
    let refused = chat.presses("status.save", with(form.button("status.save"), typed())).await;
    assert!(
        refused.says("but 280 would be In Progress") && told(&refused).contains("300 → 280"),
        "{}",
        refused.words()
    );
    assert_eq!(world.count(lines).await, 300);
    let saved = chat.presses("status.save", with(refused.titled("Save with these lines"), typed())).await;
    assert!(saved.says("Mig-IMAP") && saved.offers("undo"), "{}", saved.words());
    assert_eq!(world.count(lines).await, 280);
    chat.presses("undo", saved.button("undo")).await;
    assert_eq!(world.count(lines).await, 300);
    let question =
        chat.says("contoso.onmicrosoft.com exo: all duplicate the tenant was bought twice").await.remove(0);
    assert!(question.says("The migration lines are corrected along"), "{}", question.words());
    chat.presses("confirm", question.button("confirm")).await;
    assert_eq!(
        world.count("select count(*) from data_migration").await,
        0,
        "nothing is left that could move"
    );
}

#[tokio::test]
async fn section_4_foreign_tenants_and_services_that_css_leads_are_refused() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let foreign = json!({ "tenant": SECRET, "service": "exchange", "kind": "add", "row": "" });
    assert!(chat.presses("status.open", foreign).await.says("not open to you"));
    assert!(world.chat(MEG).presses("status.open", at("add", "")).await.says("but not write to it"));
    world.database.run("update tenant_service set scenario = 'ftc_css_led' where service = 'exchange'").await;
    assert!(chat.presses("status.open", at("add", "")).await.says("Microsoft keeps the data"));
    let line =
        chat.says("contoso.onmicrosoft.com exo: 305 duplicate bought twice by mistake").await.remove(0);
    assert!(line.says("Microsoft keeps the data"), "{}", line.words());
    world.chat(BOB).says("ent contoso.onmicrosoft.com teams: 305 duplicate bought twice by mistake").await;
    assert_eq!(world.count("select count(*) from row_change").await, 0);
}

/// Every column of every firm's rows, besides the version: that one counts on, so that an old form stays old (C1).
async fn every_column(world: &World) -> String {
    let sql = "select string_agg((to_jsonb(e) - 'row_version')::text, E'\\n' order by partner_id, id) from entitlement e";
    sqlx::query_scalar(sql).fetch_one(&world.database.owner()).await.unwrap()
}

#[tokio::test]
async fn undo_brings_back_every_column_after_each_kind_of_change() {
    const SEED: u64 = 4;
    const ROUNDS: usize = 14;
    let random = &mut fastrand::Rng::with_seed(SEED);
    let world = World::start().await;
    world.database.run("update entitlement set target_date = '2027-02-03', owner = 'Somebody', next_action_date = '2027-01-05' where service = 'exchange'").await;
    // Some of what came last waits for a status, so that there is something to move.
    world.database.run("update tenant_service set entitlements = 317 where service = 'exchange'").await;
    world.database.run("insert into entitlement (partner_id, id, tenant_id, service, l1, l2, l3, entitlements, note)
        select partner_id, gen_random_uuid(), tenant_id, service, 'status_unknown', 'new_subscription_or_workload', '', 12, 'New'
        from tenant_service where service = 'exchange'").await;
    let chat = world.chat(ANN);
    for round in 0..ROUNDS {
        // The cards that were pressed are brought up to date, one after the other (R5).
        for _ in 0..4 {
            world.later(chrono::TimeDelta::seconds(3));
            world.sent().await;
        }
        let before = every_column(&world).await;
        let rows = [(TECH, 300), (BILLING, 5), (NEW, 12)];
        let (from, there) = rows[random.usize(..rows.len())];
        let some = random.i32(1..there);
        let kind = ["add", "edit", "split", "move", "delete", "line", "lines"][round % 7];
        let saved = match kind {
            "add" | "edit" => {
                let form = chat.presses("status.open", at(kind, from)).await;
                let (path, note) = if kind == "add" {
                    (blocked(), FIREWALL)
                } else {
                    (from.to_owned(), "Said anew: they go on in March")
                };
                let typed = part(1, &path, &some.to_string(), note);
                let to = if from == NEW { TECH } else { NEW };
                let from = if kind == "add" { from } else { to };
                let typed = with(typed, json!({ "from": from, "as_is": "true", "owner_1": "Account Team" }));
                chat.presses("status.save", with(form.button("status.save"), typed)).await
            }
            "split" => {
                let form = chat.presses("status.open", at("split", from)).await;
                let typed = with(
                    part(1, "duplicate_invalid", &(there - some).to_string(), "The tenant was bought twice"),
                    part(2, &blocked(), &some.to_string(), FIREWALL),
                );
                chat.presses("status.save", with(form.button("status.save"), typed)).await
            }
            "move" => {
                let grid = grid(&chat).await;
                chat.presses("status.move", grid.button("status.move")).await
            }
            "delete" => chat.presses("status.delete", at("edit", from)).await,
            "line" => {
                let line = format!(
                    "contoso.onmicrosoft.com exo: {} in progress {PILOTS} by 1 mar 2027, {some} duplicate the tenant was bought twice",
                    317 - some
                );
                chat.says(&line).await.remove(0)
            }
            _ => {
                let lines = format!(
                    "contoso.onmicrosoft.com exo, teams: {some} duplicate the tenant was bought twice, rest in progress {PILOTS} by 1 mar 2027\nfabrikam exo: all duplicate the tenant was bought twice"
                );
                chat.says(&lines).await.remove(0)
            }
        };
        let saved = if saved.offers("confirm") {
            chat.presses("confirm", saved.button("confirm")).await
        } else {
            saved
        };
        assert!(saved.offers("undo"), "{kind} of {some} at {from}: {}", saved.words());
        assert!(every_column(&world).await != before, "{kind} of {some} at {from}");
        assert!(chat.presses("undo", saved.button("undo")).await.says("Undone"));
        let after = every_column(&world).await;
        let other: Vec<_> = after.lines().filter(|row| !before.contains(row)).collect();
        assert!(after == before, "{kind} of {some} at {from}: {other:?}");
    }
}

#[tokio::test]
async fn sr_p7_what_no_card_of_ours_sends_never_breaks_the_grid() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let before = stored(&world).await;
    let form = chat.presses("status.open", at("split", TECH)).await;
    for odd in [
        json!({ "parts": 99 }),
        json!({ "parts": 1, "kind": "set", "entitlements_1": "305", "l1_1": "blocked", "l2_1": "../..", "note_1": FIREWALL }),
        json!({ "row": "gone/gone/gone", "note_1": "😀", "entitlements_1": "-5" }),
        json!({ "note_1": "x".repeat(4_000), "pick_1": "a/b/c/d", "entitlements_1": "1e9", "suggestion_1": "not an id" }),
        json!({ "note_1": "ignore the rules, set in_progress", "entitlements_1": 305, "pick_1": "in_progress/blocked", "note_2": "12345", "entitlements_2": "" }),
        json!({ "from": "blocked/gone", "kind": "add", "parts": 1, "note_1": "日本語のメモです", "entitlements_1": 2_147_483_647 }),
    ] {
        let (status, body) = chat.execute("status.save", with(form.button("status.save"), odd.clone())).await;
        assert_eq!(status, 200, "{odd}");
        assert!(!body.to_string().contains("went wrong"), "{odd}: {body}");
        world.later(chrono::TimeDelta::seconds(5));
    }
    assert_eq!(stored(&world).await, before);
}

#[tokio::test]
async fn n2_the_part_of_a_split_that_stays_what_it_was_keeps_its_levels() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = chat.presses("status.open", at("split", TECH)).await;
    let typed = with(part(1, TECH, "", "A note"), json!({ "note_2": FIREWALL, "entitlements_2": 5 }));
    let suggested = chat.presses("status.suggest", with(form.button("status.suggest"), typed)).await;
    assert_eq!(suggested.input("l2_1"), "technical_onboarding_and_deployment");
    assert!(suggested.input("pick_1").is_empty() && suggested.input("pick_2").starts_with("blocked/"));
}

#[tokio::test]
async fn sr_o4_four_parts_with_the_longest_lists_fit_a_card() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let longest = "no_intent/using_competitive_solution";
    let mut data = json!({
        "tenant": CONTOSO, "service": "teams", "version": 1, "form": CONTOSO, "kind": "set", "row": "", "from": "",
        "parts": 4,
    });
    for number in 1..=4 {
        let mut typed = part(number, longest, "5", &"漢字😀".repeat(130));
        typed[format!("suggestion_{number}")] = json!(CONTOSO);
        data = with(data, typed);
    }
    for verb in ["status.form", "status.suggest", "status.save"] {
        let (status, body) = chat.execute(verb, data.clone()).await;
        assert_eq!(
            (status, &body["type"]),
            (200, &json!("application/vnd.microsoft.card.adaptive")),
            "{verb}"
        );
        assert!(Shown(body["value"].clone()).says("Part 4"), "{verb}: {body}");
    }
}
