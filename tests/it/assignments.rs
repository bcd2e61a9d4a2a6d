//! Who works on what: shown, assigned, edited, removed, handed over, and each of them taken back (DOMAIN 3.9).

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::bot::{Shown, World, with};
use crate::support::firms::{ALPINE, ANN, BOB, CONTOSO, FABRIKAM, JIRI, MEG, NORTHWIND, SECRET};

/// The assignments of a tenant of Alpine, `role holder scope`, with a star where primary.
async fn team(world: &World, tenant: Uuid) -> Vec<String> {
    sqlx::query_scalar(
        "select a.role || ' ' || coalesce(split_part(p.name, ' ', 1), a.holder) || ' ' || a.scope
             || case when a.is_primary then '*' else '' end
         from assignment a left join person p on p.partner_id = a.partner_id and p.id = a.person_id
         where a.partner_id = $1 and a.tenant_id = $2 order by 1",
    )
    .bind(ALPINE)
    .bind(tenant)
    .fetch_all(&world.database.owner())
    .await
    .unwrap()
}

const FIRM: &str = "p_rm Alpine Cloud Partners tenant*";
const ANN_LEADS: &str = "p_fm Ann tenant*";
const JIRI_TEAMS: &str = "p_fe Jiří teams";

/// The inputs of the form.
fn ticked(scopes: &str, primaries: &str) -> Value {
    json!({ "scopes": scopes, "primaries": primaries })
}

async fn edit_of(world: &World, role: &str, who: Uuid) -> Shown {
    let data = json!({ "tenant": CONTOSO, "role": role, "who": who });
    world.chat(ANN).presses("assignment.edit", data).await
}

#[tokio::test]
async fn a1_who_is_who_shows_both_sides_and_edits_one() {
    let world = World::start().await;
    world
        .database
        .run(
            "insert into assignment (partner_id, id, tenant_id, role, holder, scope, is_primary)
             select 'aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), '11111111-0000-4000-8000-000000000001',
                 role, holder, 'tenant', true
             from (values ('onboarding_rm', 'FTP Alpine'), ('fpm', 'Joni Sherman')) r (role, holder)",
        )
        .await;
    let list = world.chat(ANN).says("who contoso.onmicrosoft.com").await.remove(0);
    for words in ["FTP Alpine", "partner-led", "Joni Sherman", "Ann Okafor", "Tenant ★", "1 of 27"] {
        assert!(list.says(words), "{words}: {}", list.words());
    }
    assert!(list.offers("assignment.edit") && list.offers("assignment.add"));
    let form = world.chat(ANN).presses("assignment.edit", list.button("assignment.edit")).await;
    assert!(form.offers("assignment.remove"), "{}", form.words());
    let of_microsoft = json!({ "tenant": CONTOSO, "role": "fpm", "who": "Joni Sherman" });
    let refused = world.chat(ANN).presses("assignment.remove", of_microsoft).await;
    assert!(refused.says("out of date"), "no card of ours touches Microsoft's: {}", refused.words());

    let exchange = world.chat(JIRI).says("who contoso.onmicrosoft.com exo").await.remove(0);
    assert!(exchange.says("Ann Okafor") && !exchange.says("Jiří Novák"), "{}", exchange.words());
    let teams = world.chat(JIRI).says("who contoso.onmicrosoft.com teams").await.remove(0);
    assert!(teams.says("Jiří Novák") && !teams.offers("assignment.edit"));
    // A10: who is not assigned reads.
    let read = world.chat(JIRI).presses("assignment.list", json!({ "tenant": NORTHWIND, "page": 1 })).await;
    assert!(read.says("Alpine Cloud Partners") && !read.offers("assignment.edit"));
}

#[tokio::test]
async fn a_line_assigns_after_one_confirmation_and_one_undo_takes_it_back() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let asked = chat.says("assign @meg P-FE contoso.onmicrosoft.com teams, exo primary").await.remove(0);
    assert!(asked.says("Assign?") && asked.says("Meg Bowen · P-FE"), "{}", asked.words());
    assert!(asked.says("Exchange (primary)") && asked.says("Teams"));
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, ANN_LEADS, FIRM], "nothing before the answer");
    let saved = chat.presses("confirm", asked.button("confirm")).await;
    assert!(saved.says("Assignment saved"), "{}", saved.words());
    let after = ["p_fe Jiří teams", "p_fe Meg exchange*", "p_fe Meg teams", ANN_LEADS, FIRM];
    assert_eq!(team(&world, CONTOSO).await, after);
    assert!(chat.presses("confirm", asked.button("confirm")).await.says("Meg Bowen"), "R1: the same answer");
    assert_eq!(team(&world, CONTOSO).await, after);
    let lines =
        world.count("select count(*) from audit where subject = 'assignment' and act = 'assignment.assign'");
    assert_eq!(lines.await, 2, "A13: a line for each row");

    let undone = chat.says("undo").await.remove(0);
    assert!(undone.says("Undone"), "{}", undone.words());
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, ANN_LEADS, FIRM]);
    let history = chat.says("history contoso.onmicrosoft.com assignments").await.remove(0);
    assert!(history.says("P-FE · Meg Bowen"), "{}", history.words());
}

#[tokio::test]
async fn sr_p1_a_mention_is_a_name_that_the_firms_list_knows() {
    let world = World::start().await;
    let mention = |name: &str, id: &str| json!({ "type": "mention", "text": format!("<at>{name}</at>"), "mentioned": { "id": id, "name": name } });
    let line = |name: &str, id: &str| {
        json!({
            "text": format!("assign <at>{name}</at> p-fm contoso.onmicrosoft.com tenant"),
            "entities": [mention(name, id)],
        })
    };
    let jiri = world.chat(ANN).message(line("Jiří Novák", "29:whoever")).await.remove(0);
    assert!(jiri.says("Jiří Novák · P-FM"), "{}", jiri.words());
    let bob = world.chat(ANN).message(line("Bob CANARY", &format!("29:{}", BOB.object))).await.remove(0);
    assert!(bob.says("Nobody on your firm's list is called so"), "{}", bob.words());
}

#[tokio::test]
async fn a4_taking_a_mark_over_names_the_present_holder_and_asks() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let asked = chat.says("assign jiri p-fm contoso.onmicrosoft.com tenant primary").await.remove(0);
    assert!(asked.says("Ann Okafor is primary P-FM for Tenant now"), "{}", asked.words());

    // The form asks as well, and only then.
    let form = chat.presses("assignment.add", json!({ "tenant": CONTOSO })).await;
    let data = with(form.button("assignment.save"), ticked("tenant,exchange", "tenant"));
    let asked = chat
        .presses("assignment.save", with(data, json!({ "typed": "jiri@alpine.example", "role": "p_fm" })))
        .await;
    assert!(asked.says("Ann Okafor is primary P-FM for Tenant now"), "{}", asked.words());
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, ANN_LEADS, FIRM]);
    let saved = chat.presses("confirm", asked.button("confirm")).await;
    assert!(saved.says("Assignment saved"), "{}", saved.words());
    let after = [JIRI_TEAMS, "p_fm Ann tenant", "p_fm Jiří exchange", "p_fm Jiří tenant*", FIRM];
    assert_eq!(team(&world, CONTOSO).await, after);
    chat.presses("undo", saved.button("undo")).await;
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, ANN_LEADS, FIRM]);
}

#[tokio::test]
async fn a5_a6_a_form_edits_scopes_and_marks_and_an_empty_one_is_a_finding() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = edit_of(&world, "p_fe", JIRI.id).await;
    assert_eq!((form.input("scopes").as_str(), form.input("primaries").as_str()), ("teams", ""));
    let save = |inputs| with(form.button("assignment.save"), inputs);
    let empty = chat.presses("assignment.save", save(ticked("", "teams"))).await;
    assert!(empty.says("at least one is missing"), "{}", empty.words());
    assert_eq!(empty.input("primaries"), "teams", "what was ticked is kept");
    let astray = chat.presses("assignment.save", save(ticked("teams", "exchange"))).await;
    assert!(astray.says("Exchange is not among the scopes"), "{}", astray.words());
    let unknown = chat.presses("assignment.save", save(ticked("teams,lotus", ""))).await;
    assert!(unknown.says("none of the choices"), "{}", unknown.words());
    let saved = chat.presses("assignment.save", save(ticked("exchange,teams", "teams"))).await;
    assert!(saved.says("Teams (primary)"), "{}", saved.words());
    assert_eq!(team(&world, CONTOSO).await, ["p_fe Jiří exchange", "p_fe Jiří teams*", ANN_LEADS, FIRM]);
    let repeat = chat.presses("assignment.save", save(ticked("exchange", ""))).await;
    assert_eq!(repeat, saved, "R1: a form that was saved answers the same again");
    assert_eq!(team(&world, CONTOSO).await.len(), 4);

    // A5: the mark goes with its scope.
    let form = edit_of(&world, "p_fe", JIRI.id).await;
    chat.presses("assignment.save", with(form.button("assignment.save"), ticked("exchange", "teams"))).await;
    assert_eq!(team(&world, CONTOSO).await, ["p_fe Jiří exchange", ANN_LEADS, FIRM]);
}

#[tokio::test]
async fn a12_check_all_keeps_what_was_typed() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let mut form = chat.presses("assignment.add", json!({ "tenant": CONTOSO, "role": "p_fe" })).await;
    let typed = json!({ "typed": "Meg", "role": "p_fe", "scopes": "", "primaries": "" });
    let all = with(form.button("assignment.tick"), typed);
    assert_eq!(all["set"], "scopes_all");
    form = chat.presses("assignment.tick", all).await;
    assert_eq!(form.input("scopes").split(',').count(), 27);
    assert_eq!((form.input("typed").as_str(), form.input("role").as_str()), ("Meg", "p_fe"));
    let data = |set: &str, scopes: &str| {
        let mut data = with(form.button("assignment.save"), ticked(scopes, "teams"));
        data["set"] = json!(set);
        data
    };
    let all = chat.presses("assignment.tick", data("primaries_all", "exchange,teams")).await;
    assert_eq!(all.input("primaries"), "exchange,teams", "primary only where assigned (A5)");
    let none = chat.presses("assignment.tick", data("primaries_none", "exchange")).await;
    assert_eq!((none.input("primaries").as_str(), none.input("scopes").as_str()), ("", "exchange"));
    let saved = chat
        .presses(
            "assignment.save",
            with(data("", "exchange"), json!({ "typed": "Meg", "role": "p_fe", "primaries": "" })),
        )
        .await;
    assert!(saved.says("Meg Bowen · P-FE"), "{}", saved.words());
}

#[tokio::test]
async fn a7_the_last_regional_manager_stays_until_there_is_another() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let of_firm = json!({ "tenant": CONTOSO, "role": "p_rm", "who": "Alpine Cloud Partners" });
    let refused = chat.presses("assignment.remove", of_firm.clone()).await;
    assert!(refused.says("last P-RM"), "{}", refused.words());
    let refused = chat.says("unassign Alpine Cloud Partners contoso.onmicrosoft.com tenant").await.remove(0);
    assert!(refused.says("last P-RM"), "{}", refused.words());

    let form = chat.presses("assignment.add", refused.button("assignment.add")).await;
    assert_eq!(form.input("role"), "p_rm");
    let data = with(form.button("assignment.save"), ticked("tenant", ""));
    let added = chat.presses("assignment.save", with(data, json!({ "typed": "meg", "role": "p_rm" }))).await;
    assert!(added.says("Assignment saved"), "{}", added.words());
    let asked = chat.presses("assignment.remove", of_firm).await;
    let removed = chat.presses("confirm", asked.button("confirm")).await;
    assert!(removed.says("Assignment removed"), "{}", removed.words());
    // A14: the only one is primary by itself.
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, ANN_LEADS, "p_rm Meg tenant*"]);

    // Taking the first step back now would leave nobody.
    let refused = chat.presses("undo", added.button("undo")).await;
    assert!(refused.says("changed again since") || refused.says("last P-RM"), "{}", refused.words());
    chat.presses("undo", removed.button("undo")).await;
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, ANN_LEADS, FIRM, "p_rm Meg tenant"]);
}

#[tokio::test]
async fn a2_only_active_people_of_the_own_firm_can_be_assigned() {
    let world = World::start().await;
    world.database.run("update person set active = false where name = 'Meg Bowen'").await;
    let chat = world.chat(ANN);
    let form = chat.presses("assignment.add", json!({ "tenant": CONTOSO })).await;
    let save = |person: &str, typed: &str| {
        let inputs = json!({ "person": person, "typed": typed, "role": "p_fe", "scopes": "exchange", "primaries": "" });
        with(form.button("assignment.save"), inputs)
    };
    for (person, typed) in [
        (BOB.object.to_string().as_str(), ""),
        ("bob@boreal.example", ""),
        (BOB.id.to_string().as_str(), ""),
        ("", "Bob CANARY"),
        ("", "meg@alpine.example"),
        ("", "no such person"),
    ] {
        let refused = chat.presses("assignment.save", save(person, typed)).await;
        assert!(refused.says("not on your firm's list"), "{person}{typed}: {}", refused.words());
    }
    let nobody = chat.presses("assignment.save", save("", "")).await;
    assert!(nobody.says("Person is missing"), "{}", nobody.words());
    let itself = chat.presses("assignment.save", save("", "Alpine Cloud Partners")).await;
    assert!(itself.says("only P-RM may carry the firm's name"), "{}", itself.words());
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, ANN_LEADS, FIRM]);
    // Picked in Teams' own directory search: the object id.
    let picked = chat.presses("assignment.save", save(&JIRI.object.to_string(), "")).await;
    assert!(picked.says("Jiří Novák · P-FE"), "{}", picked.words());
    let lines = [
        "assign bob p-fe contoso.onmicrosoft.com exo",
        "unassign bob contoso.onmicrosoft.com",
        "handover ann to bob",
    ];
    for line in lines {
        let answer = chat.says(line).await.remove(0);
        assert!(answer.says("Nobody on your firm's list is called so"), "{line}: {}", answer.words());
    }
}

#[tokio::test]
async fn several_people_of_one_name_are_asked_about_and_the_line_is_kept() {
    let world = World::start().await;
    world
        .database
        .run(
            "insert into person (partner_id, id, directory_id, upn, name) values
             ('aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), 'aaaaaaaa-0000-4000-8000-0000000000d1',
              'jdvorak@alpine.example', 'Jan Dvořák'),
             ('aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), 'aaaaaaaa-0000-4000-8000-0000000000d1',
              'jan.novotny@alpine.example', 'Jan Novotný')",
        )
        .await;
    let chat = world.chat(ANN);
    let which = chat.says("assign jan p-fe fabrikam exo").await.remove(0);
    assert!(which.says("Whom do you mean?") && which.says("jdvorak@alpine.example"), "{}", which.words());
    let asked = chat.presses("assignment.assign", which.button("assignment.assign")).await;
    assert!(asked.says("Assign?") && asked.says("Exchange"), "{}", asked.words());
    // Two tenants fit, too: one question after the other.
    let which = chat.says("assign dvorak p-fe contos exo").await.remove(0);
    assert!(which.says("Contoso Pharmaceuticals"), "{}", which.words());
    let data = with(which.button("assignment.assign"), json!({ "body": which.input("body") }));
    let asked = chat.presses("assignment.assign", data).await;
    assert!(asked.says("Jan Dvořák · P-FE") && asked.says("Exchange"), "{}", asked.words());
    let form = chat.presses("assignment.add", json!({ "tenant": CONTOSO })).await;
    let data = with(form.button("assignment.save"), ticked("exchange", ""));
    let unclear =
        chat.presses("assignment.save", with(data, json!({ "typed": "jan", "role": "p_fe" }))).await;
    assert!(unclear.says("several people are called so"), "{}", unclear.words());
}

#[tokio::test]
async fn a_line_that_lacks_something_opens_the_form_with_the_rest() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = chat.says("assign meg contoso.onmicrosoft.com exo").await.remove(0);
    assert!(form.says("Role is missing"), "{}", form.words());
    assert_eq!(
        (form.input("typed").as_str(), form.input("scopes").as_str()),
        ("meg@alpine.example", "exchange")
    );
    let form = chat.says("assign meg p-fe contoso.onmicrosoft.com").await.remove(0);
    assert!(form.says("at least one is missing"), "{}", form.words());
    let form = chat.says("assign contoso.onmicrosoft.com").await.remove(0);
    assert!(form.offers("assignment.save"), "{}", form.words());
    let usage = chat.says("assign meg p-fe").await.remove(0);
    assert!(usage.says("It lacks the tenant"), "{}", usage.words());
    let nothing = chat.says("unassign meg contoso.onmicrosoft.com").await.remove(0);
    assert!(nothing.says("no such assignment"), "{}", nothing.words());
    let asked = chat.says("unassign jiri contoso.onmicrosoft.com p-fe teams").await.remove(0);
    chat.presses("confirm", asked.button("confirm")).await;
    assert_eq!(team(&world, CONTOSO).await, [ANN_LEADS, FIRM]);
}

#[tokio::test]
async fn c2_who_was_slower_sees_what_the_other_did_and_keeps_what_they_ticked() {
    let world = World::start().await;
    let form = edit_of(&world, "p_fe", JIRI.id).await;
    world.later(chrono::TimeDelta::seconds(10));
    let line = world.chat(MEG).says("assign meg p-fe contoso.onmicrosoft.com exo").await.remove(0);
    world.chat(MEG).presses("confirm", line.button("confirm")).await;
    let mine = with(form.button("assignment.save"), ticked("exchange,teams", ""));
    let conflict = world.chat(ANN).presses("assignment.save", mine).await;
    assert!(
        conflict.says("somebody was faster") && conflict.says("P-FE · Meg Bowen"),
        "{}",
        conflict.words()
    );
    assert_eq!(conflict.input("scopes"), "exchange,teams");
    let saved = world
        .chat(ANN)
        .presses("assignment.save", with(conflict.button("assignment.save"), ticked("exchange,teams", "")))
        .await;
    assert!(saved.says("Assignment saved"), "{}", saved.words());

    // The feed and an undo move the version as well.
    world.later(chrono::TimeDelta::seconds(10));
    let form = edit_of(&world, "p_fe", JIRI.id).await;
    world.database.run("update assignment set is_primary = false where scope = 'teams'").await;
    let mine = with(form.button("assignment.save"), ticked("teams", ""));
    let conflict = world.chat(ANN).presses("assignment.save", mine).await;
    assert!(conflict.says("the nightly feed changed"), "{}", conflict.words());
    let form = edit_of(&world, "p_fe", JIRI.id).await;
    world.later(chrono::TimeDelta::seconds(10));
    world.chat(ANN).presses("undo", saved.button("undo")).await;
    let conflict = world
        .chat(ANN)
        .presses("assignment.save", with(form.button("assignment.save"), ticked("teams", "")))
        .await;
    assert!(conflict.says("somebody was faster"), "{}", conflict.words());
}

#[tokio::test]
async fn section_4_the_assigned_and_the_admin_assign_and_nobody_else() {
    let world = World::start().await;
    let line = "assign jiri p-fe northwind exo";
    for who in [ANN, JIRI] {
        let refused = world.chat(who).says(line).await.remove(0);
        assert!(refused.says("not write to it"), "A10: no self-assignment either: {}", refused.words());
    }
    let asked = world.chat(MEG).says(line).await.remove(0);
    assert!(asked.says("Assign?"), "{}", asked.words());
    let theft = world.chat(ANN).presses("confirm", asked.button("confirm")).await;
    assert!(theft.says("no longer open"), "C4: a question is one person's: {}", theft.words());
    for verb in ["assignment.add", "assignment.edit", "assignment.remove"] {
        let data = json!({ "tenant": NORTHWIND, "role": "p_rm", "who": "Alpine Cloud Partners" });
        assert!(world.chat(ANN).presses(verb, data).await.says("not write to it"), "{verb}");
        let foreign = json!({ "tenant": SECRET, "role": "p_rm", "who": BOB.id });
        assert!(world.chat(MEG).presses(verb, foreign).await.says("not open to you"), "{verb}");
    }
    assert_eq!(team(&world, NORTHWIND).await, [FIRM]);
}

/// Twelve tenants of Ann's, two of them closed to Jiří.
async fn twelve(world: &World) {
    world
        .database
        .run(
            "insert into tenant (partner_id, id, name, customer_name, search)
             select 'aaaaaaaa-0000-4000-8000-000000000001', ('33333333-0000-4000-8000-0000000000' || lpad(n::text, 2, '0'))::uuid,
                 'store' || n || '.onmicrosoft.com', 'Store ' || n, 'store ' || n
             from generate_series(1, 9) n;
             insert into assignment (partner_id, id, tenant_id, role, holder, scope, is_primary)
             select partner_id, gen_random_uuid(), id, 'p_rm', 'Alpine Cloud Partners', 'tenant', true
             from tenant where name like 'store%';
             insert into assignment (partner_id, id, tenant_id, role, person_id, scope, is_primary)
             select partner_id, gen_random_uuid(), id, 'p_fm', 'aaaaaaaa-0000-4000-8000-0000000000a1', s.scope, s.scope = 'tenant'
             from tenant, (values ('tenant'), ('exchange')) s (scope) where name like 'store%'",
        )
        .await;
}

const OF_ANN: &str = "select count(distinct tenant_id) from assignment where person_id = 'aaaaaaaa-0000-4000-8000-0000000000a1'";
const OF_JIRI: &str = "select count(distinct tenant_id) from assignment where person_id = 'aaaaaaaa-0000-4000-8000-0000000000a2' and role = 'p_fm' and is_primary";

#[tokio::test]
async fn twelve_tenants_are_handed_over_in_three_interactions_and_come_back_with_one_undo() {
    let world = World::start().await;
    twelve(&world).await;
    let chat = world.chat(ANN);
    let before = team(&world, CONTOSO).await;
    // 1: the line. 2: the look at the preview. 3: one press.
    let asked = chat.says("handover ann to jiri").await.remove(0);
    assert!(
        asked.says("Hand over 12 tenants?") && asked.says("Ann Okafor → Jiří Novák"),
        "{}",
        asked.words()
    );
    assert!(asked.says("P-FM · Tenant (primary)"), "{}", asked.words());
    for name in ["Contoso", "Contoso Pharmaceuticals", "Fabrikam", "Store 1", "Store 9"] {
        assert!(asked.says(name), "every tenant is named, {name}: {}", asked.words());
    }
    let done = chat.presses("confirm", asked.button("confirm")).await;
    assert!(done.says("Handed over: 12 tenants"), "{}", done.words());
    assert_eq!((world.count(OF_ANN).await, world.count(OF_JIRI).await), (0, 12));
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, "p_fm Jiří tenant*", FIRM]);
    assert_eq!(team(&world, FABRIKAM).await, ["p_fm Jiří exchange*", FIRM]);

    // Ann is assigned to none of them now; it still is her change.
    let undone = chat.presses("undo", done.button("undo")).await;
    assert!(undone.says("Undone"), "{}", undone.words());
    assert_eq!((world.count(OF_ANN).await, world.count(OF_JIRI).await), (12, 0));
    assert_eq!(team(&world, CONTOSO).await, before);
    let changes =
        world.count("select count(*) from change where act = 'assignment.handover' and tenant_id is null");
    assert_eq!(changes.await, 1, "a batch is one change");
}

#[tokio::test]
async fn a_handover_is_filtered_and_leaves_out_what_one_may_not_edit() {
    let world = World::start().await;
    twelve(&world).await;
    let some = world.chat(ANN).says("handover @ann to @meg store").await.remove(0);
    assert!(some.says("Hand over 9 tenants?"), "{}", some.words());
    // Jiří is at Contoso only; Meg is the firm's admin; a leaver's tenants can be given away.
    world.database.run("update person set active = false where name = 'Ann Okafor'").await;
    let one = world.chat(JIRI).says("handover ann to jiri").await.remove(0);
    assert!(one.says("Hand over 1 tenant?") && one.says("Left out: 11 tenants"), "{}", one.words());
    let all = world.chat(MEG).says("handover ann to meg").await.remove(0);
    assert!(all.says("Hand over 12 tenants?"), "{}", all.words());
    let leaver = world.chat(MEG).says("handover meg to ann").await.remove(0);
    assert!(leaver.says("Nobody on your firm's list"), "A2: {}", leaver.words());
    let nothing = world.chat(MEG).says("handover meg to jiri").await.remove(0);
    assert!(nothing.says("no such assignment"), "{}", nothing.words());

    // The question holds for what it showed: somebody else was faster at one tenant.
    let other = world.chat(MEG).says("unassign ann fabrikam").await.remove(0);
    world.chat(MEG).presses("confirm", other.button("confirm")).await;
    let again = world.chat(MEG).presses("confirm", all.button("confirm")).await;
    assert!(again.says("Hand over 11 tenants?"), "asked anew: {}", again.words());
    world.later(chrono::TimeDelta::minutes(11));
    let expired = world.chat(MEG).presses("confirm", again.button("confirm")).await;
    assert!(expired.says("Hand over 11 tenants?"), "C4: {}", expired.words());
    assert_eq!(world.count(OF_ANN).await, 11);
}

#[tokio::test]
async fn a_handover_is_no_larger_than_its_undo_may_be() {
    let world = World::start().await;
    world
        .database
        .run(
            "insert into tenant (partner_id, id, name, customer_name, search)
             select 'aaaaaaaa-0000-4000-8000-000000000001', gen_random_uuid(), 'many' || n, 'Many ' || n, 'many ' || n
             from generate_series(1, 251) n;
             insert into assignment (partner_id, id, tenant_id, role, person_id, scope)
             select partner_id, gen_random_uuid(), id, 'p_fe', 'aaaaaaaa-0000-4000-8000-0000000000a1', 'tenant'
             from tenant where name like 'many%'",
        )
        .await;
    let refused = world.chat(ANN).says("handover ann to jiri many").await.remove(0);
    assert!(refused.says("251 tenants") && refused.says("Add a filter"), "{}", refused.words());
    let fewer = world.chat(ANN).says("handover ann to jiri many 1").await.remove(0);
    assert!(fewer.says("Hand over"), "{}", fewer.words());
}

#[tokio::test]
async fn an_undo_whose_place_is_taken_is_refused() {
    let world = World::start().await;
    let chat = world.chat(MEG);
    let asked = chat.says("unassign ann contoso.onmicrosoft.com").await.remove(0);
    let removed = chat.presses("confirm", asked.button("confirm")).await;
    let asked = chat.says("assign jiri p-fm contoso.onmicrosoft.com tenant primary").await.remove(0);
    chat.presses("confirm", asked.button("confirm")).await;
    let refused = chat.presses("undo", removed.button("undo")).await;
    assert!(refused.says("changed again since"), "{}", refused.words());
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, "p_fm Jiří tenant*", FIRM]);
}

#[tokio::test]
async fn sr_v2_bad_input_changes_nothing() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let form = edit_of(&world, "p_fe", JIRI.id).await;
    let long = "x".repeat(5000);
    for inputs in [
        ticked(&long, ""),
        ticked("teams", "tenant; drop table assignment"),
        ticked("tenant\u{202e},teams", ""),
        ticked("TEAMS", ""),
    ] {
        let refused = chat.presses("assignment.save", with(form.button("assignment.save"), inputs)).await;
        assert!(refused.says("none of the choices"), "{}", refused.words());
    }
    for (field, value) in
        [("role", json!("fpm")), ("who", json!("Nobody")), ("version", json!(0)), ("form", json!(""))]
    {
        let mut data = with(form.button("assignment.save"), ticked("teams", "teams"));
        data[field] = value;
        chat.presses("assignment.save", data).await;
    }
    for line in
        ["assign", "assign \u{0}", "unassign", "handover", "handover ann", "who", "assign <b>ann</b> p-fe"]
    {
        assert!(!chat.says(line).await.is_empty(), "{line}");
    }
    assert_eq!(team(&world, CONTOSO).await, [JIRI_TEAMS, ANN_LEADS, FIRM]);
}
