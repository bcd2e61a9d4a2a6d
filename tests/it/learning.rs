//! What a firm teaches the suggestions: its own decisions, for its own people (M2).

use std::path::Path as File;

use serde_json::json;
use tenantry::domain::suggestion::Decision;
use tenantry::domain::taxonomy::Path;
use tenantry::suggest::corpus;
use tenantry::suggest::habit::{Habits, is_held_out};
use tenantry::suggest::suggestion::Engine;
use uuid::Uuid;

use crate::support::bot::{Shown, World, with};
use crate::support::firms::{ANN, BOB, CONTOSO, MEG, SECRET, Somebody, noon};

const FIREWALL: &str = "Blocked because the branch firewall drops the traffic of new clients";
/// What Alpine makes of a firewall: work that goes on.
const ONGOING: &str = "in_progress/technical_onboarding_and_deployment";
const NETWORK: &str = "blocked/customer_it_infrastructure_remediation/network";

/// Sixty-four notes about firewalls, none of them [`FIREWALL`].
fn firewalls() -> impl Iterator<Item = String> {
    let places = ["Vienna", "Oslo", "harbour", "main", "second", "northern", "old", "factory"];
    let whose =
        ["sales", "the plant", "finance", "all tablets", "the labs", "support", "two sites", "guests"];
    places.into_iter().flat_map(move |place| {
        whose.into_iter().map(move |whose| format!("The {place} firewall drops the traffic of {whose}"))
    })
}

/// Somebody wrote a note and chose these levels instead of what was suggested.
async fn decides(world: &World, who: Somebody, note: &str, chosen: &str) {
    let chosen = Path::of_code(chosen);
    sqlx::query(
        "insert into suggestion (partner_id, id, tenant_id, service, person_id, note, l1, l2, l3, confidence, band, model,
             outcome, chosen_l1, chosen_l2, chosen_l3, created_at, decided_at)
         select p.partner_id, gen_random_uuid(), t.tenant_id, t.service, p.id, $2, '', '', '', 0.5, 'orange', 'x',
             'overridden', $3, $4, $5, $6, $6
         from person p
         join lateral (select * from tenant_service s where s.partner_id = p.partner_id and s.service = 'exchange' limit 1) t on true
         where p.object_id = $1",
    )
    .bind(who.object)
    .bind(note)
    .bind(chosen.l1)
    .bind(chosen.l2)
    .bind(chosen.l3)
    .bind(noon())
    .execute(&world.database.owner())
    .await
    .unwrap();
}

/// The form with what is suggested for [`FIREWALL`].
async fn suggested(world: &World, who: Somebody, tenant: Uuid) -> Shown {
    let chat = world.chat(who);
    let add = json!({ "tenant": tenant, "service": "exchange", "kind": "add", "row": "" });
    let form = chat.presses("status.open", add).await;
    let typed = json!({ "note_1": &FIREWALL["Blocked because ".len()..], "entitlements_1": 5 });
    chat.presses("status.suggest", with(form.button("status.suggest"), typed)).await
}

#[tokio::test]
async fn m2_what_a_firm_decides_changes_its_own_suggestions_and_no_other_firms() {
    let world = World::start().await;
    let before = suggested(&world, ANN, CONTOSO).await;
    assert!(before.input("pick_1").starts_with("blocked/"), "{}", before.words());
    for note in firewalls().take(30) {
        decides(&world, ANN, &note, ONGOING).await;
    }
    assert_eq!(world.learner.work_once().await.unwrap(), 0, "30 decisions teach nothing yet");
    for note in firewalls().skip(30) {
        decides(&world, ANN, &note, ONGOING).await;
    }
    assert_eq!(world.learner.work_once().await.unwrap(), 1);
    assert_eq!(world.learner.work_once().await.unwrap(), 0, "once a day");
    let after = suggested(&world, ANN, CONTOSO).await;
    assert_eq!(after.input("pick_1"), ONGOING, "{}", after.words());
    let other = suggested(&world, BOB, SECRET).await;
    assert_eq!(other.input("pick_1"), before.input("pick_1"), "{}", other.words());
    let named = world.count("select count(*) from suggestion where model like '%+1' and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'");
    assert_eq!(named.await, 1, "each suggestion says which version made it");
    assert_eq!(world.count("select count(*) from suggestion where model like '%+1'").await, 1);
    assert_eq!(world.count("select count(*) from audit where act = 'suggestion.learn'").await, 1);
}

#[tokio::test]
async fn a_version_that_is_worse_on_decisions_it_has_not_seen_is_refused() {
    let world = World::start().await;
    for note in firewalls() {
        let own = Decision { service: "exchange".to_owned(), note: note.clone(), chosen: Path::default() };
        decides(&world, ANN, &note, if is_held_out(&own) { NETWORK } else { ONGOING }).await;
    }
    assert_eq!(world.learner.work_once().await.unwrap(), 1);
    let refused = "select count(*) from suggestion_lore where state = 'refused' and right_after < right_before and length(weights) = 0";
    assert_eq!(world.count(refused).await, 1);
    assert!(suggested(&world, ANN, CONTOSO).await.input("pick_1").starts_with("blocked/"));
}

#[tokio::test]
async fn a_team_lead_sees_how_suggestions_are_taken_and_goes_back_to_the_shipped_model() {
    let world = World::start().await;
    for note in firewalls() {
        decides(&world, ANN, &note, ONGOING).await;
    }
    world.learner.work_once().await.unwrap();
    assert!(world.chat(ANN).says("suggestions").await[0].says("admin or team lead"));
    let lead = world.chat(MEG);
    let shown = lead.says("suggestions").await.remove(0);
    assert!(shown.says("0 % accepted of 64 decisions"), "{}", shown.words());
    assert!(shown.says("Version 1 of") && shown.says("in use"), "{}", shown.words());

    let back = lead.presses("suggestion.use", shown.titled("Use the shipped model alone")).await;
    assert!(back.says("✓ Done") && back.says("retired"), "{}", back.words());
    assert!(suggested(&world, ANN, CONTOSO).await.input("pick_1").starts_with("blocked/"));
    // The old card again: it had changed meanwhile (C1).
    let stale = lead.presses("suggestion.use", shown.titled("Use the shipped model alone")).await;
    assert!(stale.says("Nothing was done"), "{}", stale.words());

    lead.presses("suggestion.use", back.titled("Use version 1")).await;
    assert_eq!(suggested(&world, ANN, CONTOSO).await.input("pick_1"), ONGOING);
    assert_eq!(world.count("select count(*) from audit where act = 'suggestion.use'").await, 2);
    // What a person chose stays until there is as much news again.
    decides(&world, ANN, "The firewall of the airport drops the traffic", ONGOING).await;
    world.later(chrono::TimeDelta::days(1));
    assert_eq!(world.learner.work_once().await.unwrap(), 0);
}

/// A simulated firm: it reads three reasons in its own way, and everything else as the shipped notes are labelled.
#[test]
fn a_firm_with_habits_of_its_own_is_understood_better() {
    let folder = File::new(env!("CARGO_MANIFEST_DIR")).join("data/notes");
    let read = |file: &str| {
        corpus::read(file, &std::fs::read_to_string(folder.join(format!("{file}.jsonl"))).unwrap())
    };
    let notes: Vec<_> =
        ["train-b", "train-e", "train-h"].into_iter().flat_map(|file| read(file).unwrap()).collect();
    let habit = |l1: &str, l2: &str| -> (String, String) {
        let own = match (l1, l2) {
            ("blocked", "billing_licensing_subscription") => "duplicate_invalid",
            ("blocked", "customer_it_infrastructure_remediation") | ("in_progress", "migration") => ONGOING,
            _ => return (l1.to_owned(), l2.to_owned()),
        };
        let own = Path::of_code(own);
        (own.l1, own.l2)
    };
    let decisions: Vec<Decision> = notes
        .iter()
        .filter(|note| note.l2.is_some() || note.l1 == "duplicate_invalid")
        .map(|note| {
            let (l1, l2) = habit(&note.l1, note.l2.as_deref().unwrap_or_default());
            Decision {
                service: note.service.clone(),
                note: note.note.clone(),
                chosen: Path::new(&l1, &l2, ""),
            }
        })
        .collect();
    let trial = |n: usize| {
        let step = (decisions.len() / n).max(1);
        let some: Vec<Decision> = decisions.iter().step_by(step).take(n).cloned().collect();
        let started = std::time::Instant::now();
        let trial = Habits::learn(Engine::shipped(), &some, None, 1);
        eprintln!(
            "decisions {n}: learnt {}, held out {}, right before {}, after {}, {:?}",
            trial.learnt,
            trial.held_out,
            trial.before,
            trial.after,
            started.elapsed()
        );
        trial
    };
    assert!(trial(120).is_good());
    let all = trial(600);
    assert!(all.after >= all.before + 8, "{} of {}, before {}", all.after, all.held_out, all.before);
    let unlike = Habits::learn(Engine::shipped(), &decisions[..100], None, 1).habits;
    assert!(unlike == Habits::learn(Engine::shipped(), &decisions[..100], None, 1).habits, "the same again");
    let file = all.habits.write().unwrap();
    assert!(Habits::read(Engine::shipped(), &file, 1).unwrap() == all.habits);
    assert!(Habits::read(Engine::shipped(), &file[..file.len() - 1], 1).is_err());
}
