//! The frame of every edit, on the plainest of them, the engagement scenario: receipt with old and new, undo,
//! conflict, history, rights.

use serde_json::{Value, json};

use crate::support::bot::{Shown, World, with};
use crate::support::firms::{ANN, BOB, CONTOSO, MEG, SECRET};

const SET: &str = "update tenant_service set scenario = 'customer_led_ftp_assist' where tenant_id = '11111111-0000-4000-8000-000000000001' and service = 'exchange'";

async fn world() -> World {
    let world = World::start().await;
    world.database.run(SET).await;
    world
}

fn exchange() -> Value {
    json!({ "tenant": CONTOSO, "service": "exchange" })
}

async fn scenarios(world: &World, scenario: &'static str) -> i64 {
    let sql = match scenario {
        "ftc_ftp_led" => {
            "select count(*) from tenant_service where scenario = 'ftc_ftp_led' and service = 'exchange' and tenant_id = '11111111-0000-4000-8000-000000000001' and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'"
        }
        _ => {
            "select count(*) from tenant_service where scenario = 'customer_led_ftp_assist' and service = 'exchange' and tenant_id = '11111111-0000-4000-8000-000000000001' and partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'"
        }
    };
    world.count(sql).await
}

fn led(form: &Shown) -> Value {
    with(form.button("scenario.save"), json!({ "scenario": "ftc_ftp_led" }))
}

#[tokio::test]
async fn a_service_is_opened_by_name_and_says_what_is_missing() {
    let world = world().await;
    let chat = world.chat(ANN);
    for line in ["tenant contoso.onmicrosoft.com exo", "service contoso.onmicrosoft.com exchange online"] {
        let card = chat.says(line).await.remove(0);
        assert!(card.says("Exchange") && card.says("Customer-Led w/ FTP Assist"), "{line}: {}", card.words());
        assert!(card.says("Still missing") && card.says("Data migration") && card.says("MPN 4100001"));
    }
    let which = chat.says("service contoso.onmicrosoft.com").await.remove(0);
    assert!(which.says("Which service do you mean?"), "{}", which.words());
    let card = chat.presses("service.show", which.button("service.show")).await;
    assert!(card.says("Engagement scenario"));
    let none = chat.says("service contoso.onmicrosoft.com intune").await.remove(0);
    assert!(none.says("has no entitlements here"), "{}", none.words());
    let two = chat.says("tenant contoso.onmicrosoft.com exo, teams").await.remove(0);
    assert!(two.says("Exchange") && two.says("Teams"), "{}", two.words());
}

#[tokio::test]
async fn g5_an_admin_sets_the_scenario_and_takes_it_back_and_the_history_shows_both() {
    let world = world().await;
    let chat = world.chat(MEG);
    let form = chat.says("scenario contoso.onmicrosoft.com exo").await.remove(0);
    let saved = chat.presses("scenario.save", led(&form)).await;
    assert!(saved.says("Customer-Led w/ FTP Assist") && saved.says("FTC-FTP Led"), "{}", saved.words());
    assert_eq!(scenarios(&world, "ftc_ftp_led").await, 1);
    let undone = chat.presses("undo", saved.button("undo")).await;
    assert!(undone.says("Undone"), "{}", undone.words());
    assert_eq!(scenarios(&world, "customer_led_ftp_assist").await, 1);
    assert!(chat.presses("undo", saved.button("undo")).await.says("undone already"));
    let history = chat.says("history contoso.onmicrosoft.com scenario").await.remove(0);
    assert!(history.says("Changes 1 to 2 of 2") && history.says("took a change back"), "{}", history.words());
    assert!(history.says("Meg Bowen"));
    let lines =
        world.count("select count(*) from audit where subject = 'tenant_service' and changed = '{scenario}'");
    assert_eq!(lines.await, 2, "T1: a line for the change and one for taking it back");
}

#[tokio::test]
async fn sr_r1_a_form_that_is_sent_twice_has_one_effect_also_after_its_undo() {
    let world = world().await;
    let chat = world.chat(MEG);
    let form = chat.says("scenario contoso.onmicrosoft.com exo").await.remove(0);
    let saved = chat.presses("scenario.save", led(&form)).await;
    assert_eq!(chat.presses("scenario.save", led(&form)).await, saved);
    chat.presses("undo", saved.button("undo")).await;
    chat.presses("scenario.save", led(&form)).await;
    assert_eq!(scenarios(&world, "customer_led_ftp_assist").await, 1, "a replay does nothing");
}

#[tokio::test]
async fn sr_c2_the_slower_editor_sees_what_the_faster_did() {
    let world = world().await;
    let chat = world.chat(MEG);
    let (slow, fast) = (
        chat.says("scenario contoso.onmicrosoft.com exo").await.remove(0),
        chat.says("scenario contoso.onmicrosoft.com exo").await.remove(0),
    );
    let saved = chat.presses("scenario.save", led(&fast)).await;
    chat.presses("undo", saved.button("undo")).await;
    let conflict = chat.presses("scenario.save", led(&slow)).await;
    assert!(conflict.says("Meg Bowen") && conflict.says("FTC-FTP Led"), "{}", conflict.words());
    assert_eq!(scenarios(&world, "customer_led_ftp_assist").await, 1);
    let saved = chat.presses("scenario.save", led(&conflict)).await;
    assert!(saved.offers("undo"));
    assert_eq!(scenarios(&world, "ftc_ftp_led").await, 1);
}

#[tokio::test]
async fn section_4_only_an_admin_sets_the_scenario_and_nobody_by_a_way_that_needs_a_ticket() {
    let world = world().await;
    let refused = world.chat(ANN).presses("scenario.open", exchange()).await;
    assert!(refused.says("by your firm's admin"), "{}", refused.words());
    let chat = world.chat(MEG);
    let form = chat.presses("scenario.open", exchange()).await;
    let ticket = chat
        .presses("scenario.save", with(form.button("scenario.save"), json!({ "scenario": "ftc_css_led" })))
        .await;
    assert!(
        ticket.says("by a ticket only") && ticket.input("scenario") == "ftc_css_led",
        "{}",
        ticket.words()
    );
    let odd = chat
        .presses("scenario.save", with(form.button("scenario.save"), json!({ "scenario": "'; drop" })))
        .await;
    assert!(odd.says("none of the choices"), "{}", odd.words());
    let foreign = json!({ "tenant": SECRET, "service": "exchange" });
    assert!(chat.presses("scenario.open", foreign).await.says("not open to you"));
    assert_eq!(scenarios(&world, "customer_led_ftp_assist").await, 1);
}

#[tokio::test]
async fn nothing_changed_is_said_and_leaves_no_trace() {
    let world = world().await;
    let chat = world.chat(MEG);
    let form = chat.presses("scenario.open", exchange()).await;
    let same = json!({ "scenario": "customer_led_ftp_assist" });
    let answer = chat.presses("scenario.save", with(form.button("scenario.save"), same)).await;
    assert!(answer.says("Nothing changed"), "{}", answer.words());
    assert_eq!(world.count("select count(*) from change").await, 0);
    assert_eq!(world.count("select count(*) from audit").await, 0);
}

#[tokio::test]
async fn a_competitors_change_is_not_there_to_undo() {
    let world = world().await;
    let chat = world.chat(MEG);
    let form = chat.presses("scenario.open", exchange()).await;
    let saved = chat.presses("scenario.save", led(&form)).await;
    assert!(world.chat(BOB).presses("undo", saved.button("undo")).await.says("nothing to undo"));
    assert!(world.chat(ANN).presses("undo", saved.button("undo")).await.says("nothing to undo"));
    assert_eq!(scenarios(&world, "ftc_ftp_led").await, 1);
}
