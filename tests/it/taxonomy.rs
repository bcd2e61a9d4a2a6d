//! A firm's own taxonomy, as its operator and its people live it (DOMAIN section 5).

use serde_json::{Value, json};
use sqlx::PgPool;
use tenantry::feed::{Options, Report, back_to_shipped, import};
use tenantry::store::database::{Role, pool};
use tenantry::suggest::suggestion::Engine;
use uuid::{Uuid, uuid};

use crate::support::bot::{Shown, World, with};
use crate::support::firms::{ANN, CONTOSO, Somebody, noon};

const SHIPPED: &str = include_str!("../../data/taxonomy.json");
const DIRECTORY: Uuid = uuid!("7e2a1c5e-0000-4000-8000-000000000001");
const FABRIKAM: Uuid = uuid!("22222222-0000-4000-8000-000000000009");

/// The choice of a reason that the firm's own list lacks.
const LEGAL: &str = r#""value":"legal_regulatory""#;

/// Works for a firm that the feed brought in.
const ALEX: Somebody = Somebody {
    directory: DIRECTORY,
    object: uuid!("7e2a1c5e-0000-4000-8000-000000000010"),
    id: Uuid::nil(),
    name: "Alex Wilber",
};

/// Alex's firm: one tenant, whose Exchange stands in a reason that will go.
const FIRM: &str = r#"{"kind":"file","partner":"4711"}
{"kind":"partner","mpn_id":"4711","name":"Alpine Cloud","directories":["7e2a1c5e-0000-4000-8000-000000000001"]}
{"kind":"person","upn":"alex@alpine.example","name":"Alex Wilber","object_id":"7e2a1c5e-0000-4000-8000-000000000010","directory":"7e2a1c5e-0000-4000-8000-000000000001"}
{"kind":"tenant","id":"22222222-0000-4000-8000-000000000009","name":"fabrikam.onmicrosoft.com","customer":"Fabrikam"}
{"kind":"service","tenant":"22222222-0000-4000-8000-000000000009","service":"exchange","entitlements":305}
{"kind":"assignment","tenant":"22222222-0000-4000-8000-000000000009","role":"P-FM","holder":"alex@alpine.example","primary":true}
{"kind":"entitlement","tenant":"22222222-0000-4000-8000-000000000009","service":"exchange","l1":"blocked","l2":"legal_regulatory","l3":"LEGAL","entitlements":5,"note":"The works council has not agreed to the move yet"}
{"kind":"entitlement","tenant":"22222222-0000-4000-8000-000000000009","service":"exchange","l1":"in_progress","l2":"migration","entitlements":300,"note":"In progress, the pilots are done and waves start in March","target_date":"2027-03-01"}
"#;

/// The engineering reason that the shipped list has below Legal.
fn legal() -> (String, String) {
    let list: Value = serde_json::from_str(SHIPPED).unwrap();
    let reason = reason(&list, "blocked", "legal_regulatory");
    let text = |key: &str| reason["l3"][0][key].as_str().unwrap().to_owned();
    (text("code"), text("name"))
}

fn reason<'v>(list: &'v Value, l1: &str, l2: &str) -> &'v Value {
    let find = |nodes: &'v Value, code: &str| {
        nodes.as_array().unwrap().iter().find(|node| node["code"] == code).unwrap()
    };
    find(&find(&list["l1"], l1)["l2"], l2)
}

/// The firm's own list: the shipped one without Legal, with a reason of its own and another name for Migration.
fn own(change: impl Fn(&mut Value)) -> String {
    let mut list: Value = serde_json::from_str(SHIPPED).unwrap();
    for status in list["l1"].as_array_mut().unwrap() {
        let code = status["code"].as_str().unwrap().to_owned();
        let Some(reasons) = status["l2"].as_array_mut() else { continue };
        reasons.retain(|reason| reason["code"] != "legal_regulatory");
        for reason in reasons.iter_mut().filter(|reason| reason["code"] == "migration") {
            reason["name"] = "Mailbox waves".into();
        }
        if code == "in_progress" {
            reasons.push(json!({ "code": "change_board", "name": "Before the change board" }));
        }
    }
    change(&mut list);
    serde_json::to_string_pretty(&list).unwrap()
}

/// The two firms of most tests, and Alex's.
struct Office {
    world: World,
    pool: PgPool,
    folder: tempfile::TempDir,
}

impl Office {
    async fn opens() -> Self {
        let world = World::start().await;
        let pool = pool(world.database.url(), Role::Import, 2).unwrap();
        let office = Self { world, pool, folder: tempfile::tempdir().unwrap() };
        let report = office.brings("firm.jsonl", &FIRM.replace("LEGAL", &legal().0)).await;
        assert!(!report.is_refused(), "{report}");
        office
    }

    async fn brings(&self, name: &str, content: &str) -> Report {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        import(&self.pool, &[path], &firm(), noon()).await.unwrap().remove(0)
    }

    async fn stored(&self) -> i64 {
        self.world.count("select coalesce(max(version), 0) from taxonomy").await
    }

    /// The form that a button of Fabrikam's grid opens.
    async fn form(&self, kind: &str, row: &str) -> Shown {
        let at = json!({ "tenant": FABRIKAM, "service": "exchange", "kind": kind, "row": row });
        self.world.chat(ALEX).presses("status.open", at).await
    }
}

fn firm() -> Options {
    Options { partner: Some("4711".to_owned()), ..Options::default() }
}

fn gone() -> String {
    format!("blocked/legal_regulatory/{}", legal().0)
}

/// The same form with a status chosen, so that its reasons are offered.
async fn under(office: &Office, who: Somebody, tenant: Uuid, l1: &str) -> String {
    let chat = office.world.chat(who);
    let at = json!({ "tenant": tenant, "service": "exchange", "kind": "add", "row": "" });
    let form = chat.presses("status.open", at).await;
    let typed = json!({ "l1_1": l1, "note_1": "In progress" });
    chat.presses("status.form", form.sends("status.form", typed)).await.0.to_string()
}

#[tokio::test]
async fn a_firms_own_list_is_offered_to_it_and_not_to_the_other_firm() {
    let office = Office::opens().await;
    assert!(!under(&office, ALEX, FABRIKAM, "in_progress").await.contains("Before the change board"));
    let report = office.brings("taxonomy.json", &own(|_| {})).await;
    let said = report.to_string();
    for words in [
        "1 new, 1 renamed, 2 gone",
        "new     in_progress/change_board  Before the change board",
        "renamed in_progress/migration  Migration -> Mailbox waves",
        "gone    blocked/legal_regulatory",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let ours = under(&office, ALEX, FABRIKAM, "in_progress").await;
    assert!(ours.contains("Before the change board") && ours.contains("Mailbox waves"), "{ours}");
    let theirs = under(&office, ANN, CONTOSO, "in_progress").await;
    assert!(!theirs.contains("Before the change board") && !theirs.contains("Mailbox waves"), "{theirs}");
    assert!(!under(&office, ALEX, FABRIKAM, "blocked").await.contains(LEGAL));
    assert!(under(&office, ANN, CONTOSO, "blocked").await.contains(LEGAL));

    let card = office.world.chat(ALEX).presses("tenant.show", json!({ "tenant": FABRIKAM })).await;
    assert!(card.says("Mailbox waves") && card.says("Legal/Regulatory"), "{}", card.words());
    let line =
        "ent fabrikam.onmicrosoft.com exo: 40 in progress before the change board the freeze ends by 1 mar";
    let asked = office.world.chat(ALEX).says(line).await.remove(0);
    assert!(asked.says("In Progress › Before the change board"), "{}", asked.words());

    let back = back_to_shipped(&office.pool, &firm(), noon()).await.unwrap();
    assert!(!back.is_refused(), "{back}");
    let again = under(&office, ALEX, FABRIKAM, "blocked").await;
    assert!(again.contains(LEGAL), "{again}");
}

#[tokio::test]
async fn a_row_in_a_node_that_is_gone_stays_readable_and_its_service_can_be_edited() {
    let office = Office::opens().await;
    office.brings("taxonomy.json", &own(|_| {})).await;
    let chat = office.world.chat(ALEX);
    let grid = chat.says("ent fabrikam.onmicrosoft.com exo").await.remove(0);
    assert!(grid.says("Legal/Regulatory") && grid.says(&legal().1), "{}", grid.words());

    let form = office.form("edit", &gone()).await;
    assert!(form.0.to_string().contains("Legal/Regulatory (no longer offered)"), "{}", form.0);
    let typed = json!({ "note_1": "Blocked because the labour court has to agree first", "as_is": "true" });
    let sent = with(form.sends("status.save", typed), json!({}));
    let asked = chat.presses("status.save", sent).await;
    let done = chat.presses("confirm", asked.button("confirm")).await;
    assert!(done.says("the labour court has to agree") && done.says("Legal/Regulatory"), "{}", done.words());

    let form = office.form("edit", "in_progress/migration").await;
    assert!(!form.0.to_string().contains("(no longer offered)"), "{}", form.0);
    let typed = json!({ "note_1": "In progress, waves run and end in June", "as_is": "true" });
    let asked = chat.presses("status.save", form.sends("status.save", typed)).await;
    let done = chat.presses("confirm", asked.button("confirm")).await;
    assert!(done.says("waves run and end in June"), "{}", done.words());

    let form = office.form("add", "").await;
    let new = json!({
        "l1_1": "blocked", "l2_1": "legal_regulatory", "l3_1": legal().0, "entitlements_1": "3", "from": "in_progress/migration",
        "note_1": "Blocked because a regulator has to agree first", "as_is": "true",
    });
    let refused = chat.presses("status.save", form.sends("status.save", new)).await;
    assert!(!refused.offers("undo"), "{}", refused.words());
    assert_eq!(
        office
            .world
            .count(
                "select count(*) from entitlement where tenant_id = '22222222-0000-4000-8000-000000000009'"
            )
            .await,
        2
    );

    let at = json!({ "tenant": FABRIKAM, "service": "exchange", "row": gone() });
    let asked = chat.presses("status.delete", at).await;
    assert!(chat.presses("confirm", asked.button("confirm")).await.offers("undo"));
}

#[tokio::test]
async fn a_broken_list_is_refused_with_its_places_and_nothing_changes() {
    let office = Office::opens().await;
    office.brings("taxonomy.json", &own(|_| {})).await;
    let before = office.stored().await;
    for (content, words) in [
        (
            own(|list| list["l1"][2]["code"] = "on_hold".into()),
            "on_hold: not one of the programme's statuses",
        ),
        (
            own(|list| list["l1"][2]["l2"][0]["l3"][0]["services"] = json!(["telepathy"])),
            "\"telepathy\" is not the code of a service",
        ),
        (
            own(|list| {
                let twin = list["l1"][1]["l2"][0].clone();
                list["l1"][1]["l2"].as_array_mut().unwrap().push(twin);
            }),
            "this code stands twice",
        ),
        ("{\n \"l1\": [\n  { \"code\": \"blocked\" }\n ]\n}".to_owned(), "missing field `name` at line 3"),
        ("{".to_owned(), "is no taxonomy: EOF while parsing"),
        (own(|list| list["partner"] = "4712".into()), "partner: one file belongs to one firm"),
    ] {
        let report = office.brings("taxonomy.json", &content).await;
        assert!(report.is_refused() && report.to_string().contains(words), "{words}: {report}");
    }
    assert_eq!(office.stored().await, before);
    let stranger = Options { partner: Some("99".to_owned()), ..Options::default() };
    let path = office.folder.path().join("taxonomy.json");
    std::fs::write(&path, own(|_| {})).unwrap();
    let report = import(&office.pool, &[path], &stranger, noon()).await.unwrap().remove(0);
    assert!(report.to_string().contains("the firm is not known yet"), "{report}");
}

#[tokio::test]
async fn the_same_list_again_changes_nothing() {
    let office = Office::opens().await;
    office.brings("2027.taxonomy.json", &own(|_| {})).await;
    let lines = "select count(*) from audit where act = 'import'";
    let (before, audited) = (office.stored().await, office.world.count(lines).await);
    let again = office.brings("taxonomy.json", &own(|_| {})).await;
    assert!(again.to_string().contains("0 new, 0 renamed, 0 gone"), "{again}");
    assert_eq!((office.stored().await, office.world.count(lines).await), (before, audited));
}

#[tokio::test]
async fn what_a_firms_list_lacks_is_never_suggested() {
    let office = Office::opens().await;
    let note = "Blocked because the branch firewall drops the traffic of new clients";
    let said = Engine::shipped().suggest("exchange", note);
    let first = said.ranked.first().unwrap().path.clone();
    let suggested = async || {
        let form = office.form("add", "").await;
        let chat = office.world.chat(ALEX);
        let card =
            chat.presses("status.suggest", form.sends("status.suggest", json!({ "note_1": note }))).await;
        card.0.to_string()
    };
    let before = suggested().await;
    assert!(before.contains(&first.code()), "{before}");
    let report = office
        .brings(
            "taxonomy.json",
            &own(|list| {
                for status in list["l1"].as_array_mut().unwrap() {
                    if let Some(reasons) = status["l2"].as_array_mut() {
                        reasons.retain(|reason| reason["code"] != first.l2.as_str());
                    }
                }
            }),
        )
        .await;
    assert!(!report.is_refused(), "{report}");
    let after = suggested().await;
    assert!(!after.contains(&first.l2), "{after}");
}

#[tokio::test]
async fn a_feed_is_judged_by_the_firms_own_list_and_keeps_what_is_gone_from_it() {
    let office = Office::opens().await;
    let feed = FIRM.replace("LEGAL", &legal().0);
    let on_board = feed.replace(r#""l2":"migration""#, r#""l2":"change_board""#);
    assert_ne!(on_board, feed, "a reason of the firm's own");
    assert!(
        office.brings("early.jsonl", &on_board).await.is_refused(),
        "the shipped list has no such reason"
    );

    office.brings("taxonomy.json", &own(|_| {})).await;
    let same = office.brings("firm.jsonl", &feed).await;
    assert!(!same.is_refused(), "a row keeps a path that is gone: {same}");
    let report = office.brings("later.jsonl", &on_board).await;
    assert!(!report.is_refused(), "{report}");
    let rows = "select count(*) from entitlement where l2 = 'change_board' or l2 = 'legal_regulatory'";
    assert_eq!(office.world.count(rows).await, 2);
}
