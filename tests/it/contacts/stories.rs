//! What a partner wants to do, and how few steps it takes.

use serde_json::json;

use super::{add, at_contoso, contacts, eva, opened, world};
use crate::support::bot::with;
use crate::support::firms::{ANN, CONTOSO, JIRI, MEG};

#[tokio::test]
async fn a_contact_in_one_line_is_saved_with_one_message_and_one_press() {
    let world = world().await;
    let chat = world.chat(ANN);
    let line = "contact contoso.onmicrosoft.com: Eva Novák eva@contoso.com ES spanish exo, migration";
    let question = chat.says(line).await.remove(0);
    assert!(question.says("Add this contact?") && question.says("eva@contoso.com"), "{}", question.words());
    assert_eq!(contacts(&world).await, 0, "nothing is saved before it is confirmed");
    let receipt = chat.presses("confirm", question.button("confirm")).await;
    assert!(receipt.says("Contact added") && receipt.says("Would get these surveys: O365, Migration."));
    assert_eq!(contacts(&world).await, 1);
    let lines = world.count("select count(*) from audit where subject = 'contact' and act = 'contact.line'");
    assert_eq!(lines.await, 1, "T1: one line for one contact");
    let undone = chat.presses("undo", receipt.button("undo")).await;
    assert!(undone.says("Undone"), "{}", undone.words());
    assert_eq!(contacts(&world).await, 0);
}

#[tokio::test]
async fn a_line_that_lacks_something_asks_only_for_that() {
    let world = world().await;
    let chat = world.chat(ANN);
    let form = chat.says("contact contoso.onmicrosoft.com: eva@contoso.com Eva Novák").await.remove(0);
    assert!(form.says("Services deployed or migrated is missing"), "{}", form.words());
    assert_eq!(
        ["name", "email", "country", "survey_language"].map(|id| form.input(id)),
        ["Eva Novák", "eva@contoso.com", "Spain", "es"],
        "country from the tenant, language from the country"
    );
    let sent = form.sends("contact.save", json!({ "services": "teams" }));
    assert!(chat.presses("contact.save", sent).await.says("Would get these surveys: O365, Migration."));
    assert_eq!(contacts(&world).await, 1);
}

#[tokio::test]
async fn a_line_whose_tenant_is_not_clear_asks_and_loses_nothing() {
    let world = world().await;
    let chat = world.chat(ANN);
    let choice = chat.says("contact cont: Eva Novák eva@contoso.com FR exo").await.remove(0);
    assert!(choice.says("Contoso Pharmaceuticals"), "{}", choice.words());
    let data = choice.sends("contact.line", json!({}));
    let question = chat.presses("contact.line", data).await;
    assert!(question.says("Add this contact?") && question.says("French"), "{}", question.words());
    let long = format!("contact cont: {}", "Eva ".repeat(2_000));
    assert!(chat.says(&long).await.remove(0).says("contact <tenant>: <name>"));
    assert!(chat.says("contact contoso eva@contoso.com").await.remove(0).says("contact <tenant>: <name>"));
}

#[tokio::test]
async fn a_survey_contact_takes_six_interactions_by_the_form() {
    let world = world().await;
    let chat = world.chat(ANN);
    // 1: the line. 2: Add. 3 and 4: name and e-mail. 5: a service. 6: Save. The rest is filled in already.
    let list = chat.says("contacts contoso.onmicrosoft.com").await.remove(0);
    assert!(list.says("No complete survey contact") && list.says("no contacts"), "{}", list.words());
    let form = chat.presses("contact.add", with(list.button("contact.add"), json!({}))).await;
    assert_eq!((form.input("country"), form.input("survey_language")), ("Spain".into(), "es".into()));
    let sent = form.sends(
        "contact.save",
        json!({ "name": "Eva Novák", "email": "eva@contoso.com", "services": "exchange" }),
    );
    let receipt = chat.presses("contact.save", sent).await;
    assert!(receipt.says("Contact added") && receipt.offers("undo"), "{}", receipt.words());
    let list = chat.presses("contact.list", at_contoso()).await;
    assert!(list.says("Eva Novák") && list.says("✓ surveys: O365"), "{}", list.words());
}

#[tokio::test]
async fn c5_the_list_and_the_survey_line_say_who_gets_which_survey_and_why() {
    let world = world().await;
    world
        .database
        .run("insert into tenant_service (partner_id, tenant_id, service, entitlements) select partner_id, id, 'intune', 5 from tenant where customer_name = 'Contoso'")
        .await;
    let chat = world.chat(ANN);
    add(&chat, "survey", eva()).await;
    let jan = json!({ "name": "Jan Kos", "email": "jan@contoso.com", "services": "teams" });
    add(&chat, "survey", jan).await;
    world
        .database
        .run("update contact set survey_language = '', origin = 'synchronised' where name = 'Jan Kos'")
        .await;
    for card in [
        chat.says("contact contoso.onmicrosoft.com").await.remove(0),
        chat.says("survey contoso.onmicrosoft.com").await.remove(0),
    ] {
        let words = card.words().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("O365: Eva Novák"), "{words}");
        assert!(words.contains("Intune: Eva Novák · nobody names one of its services"), "{words}");
        assert!(words.contains("Migration: Eva Novák · names Migration"), "{words}");
        assert!(words.contains("AADP:") && words.contains("no service of this group"), "{words}");
        assert!(words.contains("lacks a survey language"), "{words}");
    }
}

#[tokio::test]
async fn the_other_kinds_ask_for_what_belongs_to_them_and_one_becomes_another() {
    let world = world().await;
    let chat = world.chat(ANN);
    let form = chat.presses("contact.add", json!({ "tenant": CONTOSO, "kind": "partner" })).await;
    assert!(form.has_input("skill_type") && !form.has_input("do_not_call") && !form.has_input("ms_role"));
    let typed = json!({ "name": "Cora Lee", "email": "cora@alpine.example", "skill_type": "Migration" });
    chat.presses("contact.save", form.sends("contact.save", typed)).await;
    let form = opened(&chat).await;
    let customer = json!({ "name": "Cora M. Lee", "contact_type": "survey" });
    let form = chat.presses("contact.save", form.sends("contact.save", customer)).await;
    assert!(form.has_input("do_not_call") && !form.has_input("skill_type"), "{}", form.words());
    assert!(form.says("Services deployed or migrated is missing"), "{}", form.words());
    assert_eq!((form.input("name"), form.input("country")), ("Cora M. Lee".into(), "Spain".into()));
    let saved =
        chat.presses("contact.save", form.sends("contact.save", json!({ "services": "teams" }))).await;
    assert!(saved.says("Partner → Customer") || saved.says("Customer"), "{}", saved.words());
    assert_eq!(
        world.count("select count(*) from contact where name = 'Cora M. Lee' and contact_type = 'customer' and skill_type = '' and survey_eligible").await,
        1
    );
}

#[tokio::test]
async fn a_second_contact_with_the_same_address_is_the_first_one() {
    let world = world().await;
    let chat = world.chat(ANN);
    add(&chat, "survey", eva()).await;
    let again =
        json!({ "name": "Eva Nováková", "email": "EVA@contoso.com", "services": "teams", "title": "CIO" });
    let form = add(&chat, "survey", again).await;
    assert!(form.says("belongs to a contact of this tenant already: Eva Novák"), "{}", form.words());
    assert_eq!((form.input("name"), form.input("title")), ("Eva Nováková".into(), "CIO".into()));
    let saved = chat.presses("contact.save", form.sends("contact.save", json!({}))).await;
    assert!(saved.says("Contact saved") && saved.says("Eva Nováková"), "{}", saved.words());
    assert_eq!(contacts(&world).await, 1);
    let line = "contact contoso.onmicrosoft.com: eva@CONTOSO.com Eva Smith";
    let question = chat.says(line).await.remove(0);
    assert!(question.says("Change this contact?") && question.says("Eva Smith"), "{}", question.words());
    chat.presses("confirm", question.button("confirm")).await;
    let kept =
        "select count(*) from contact where name = 'Eva Smith' and title = 'CIO' and services = '{teams}'";
    assert_eq!((contacts(&world).await, world.count(kept).await), (1, 1), "what the line does not say stays");
    let jan = json!({ "name": "Jan Kos", "email": "jan@contoso.com", "services": "teams" });
    add(&chat, "survey", jan).await;
    let form = opened(&chat).await;
    let taken =
        chat.presses("contact.save", form.sends("contact.save", json!({ "email": "jan@contoso.com" }))).await;
    assert!(taken.says("belongs to a contact of this tenant already: Jan Kos"), "{}", taken.words());
    assert_eq!(taken.button("contact.save")["contact"], form.button("contact.save")["contact"]);
}

#[tokio::test]
async fn c10_c11_a_deletion_asks_first_and_says_what_it_means() {
    let world = world().await;
    let chat = world.chat(ANN);
    add(&chat, "survey", eva()).await;
    world.database.run("update contact set origin = 'synchronised' where name = 'Eva Novák'").await;
    let form = opened(&chat).await;
    assert!(form.says("This contact is synchronised"));
    let question = chat.presses("contact.delete", form.button("contact.delete")).await;
    assert!(question.says("This is the last survey contact"), "{}", question.words());
    assert!(question.says("returns with the next feed"), "{}", question.words());
    assert_eq!(contacts(&world).await, 1);
    let gone = chat.presses("confirm", question.button("confirm")).await;
    assert!(gone.says("Contact deleted"), "{}", gone.words());
    assert_eq!(contacts(&world).await, 0);
    let again = chat.presses("confirm", question.button("confirm")).await;
    assert_eq!(again, gone, "pressed twice, answered alike, done once");
    let stale = chat.presses("contact.save", form.sends("contact.save", json!({ "title": "CIO" }))).await;
    assert!(stale.says("deleted meanwhile") && stale.input("title") == "CIO", "{}", stale.words());
    let undone = chat.presses("undo", gone.button("undo")).await;
    assert!(undone.says("Undone"), "{}", undone.words());
    assert_eq!(
        world
            .count(
                "select count(*) from contact where name = 'Eva Novák' and services = '{exchange,migration}'"
            )
            .await,
        1
    );
    assert!(opened(&chat).await.says("Eva Novák"));
}

#[tokio::test]
async fn an_undo_of_a_deletion_does_not_make_two_contacts_of_one_address() {
    let world = world().await;
    let chat = world.chat(ANN);
    add(&chat, "survey", eva()).await;
    let form = opened(&chat).await;
    let question = chat.presses("contact.delete", form.button("contact.delete")).await;
    let gone = chat.presses("confirm", question.button("confirm")).await;
    add(&chat, "survey", eva()).await;
    let refused = chat.presses("undo", gone.button("undo")).await;
    assert!(!refused.says("Undone"), "{}", refused.words());
    assert_eq!(contacts(&world).await, 1);
}

#[tokio::test]
async fn sr_c2_of_two_editors_the_slower_sees_what_the_faster_did() {
    let world = world().await;
    let (ann, jiri) = (world.chat(ANN), world.chat(JIRI));
    add(&ann, "survey", eva()).await;
    let (slow, fast) = (opened(&ann).await, opened(&jiri).await);
    jiri.presses("contact.save", fast.sends("contact.save", json!({ "title": "CIO" }))).await;
    let odd = ann.presses("contact.save", slow.sends("contact.save", json!({ "phone": "12" }))).await;
    assert!(odd.says("no number with its country prefix"));
    let sent = odd.sends("contact.save", json!({ "phone": "+420 123 456 789" }));
    let conflict = ann.presses("contact.save", sent).await;
    assert!(conflict.says("Jiří Novák") && conflict.says("CIO"), "{}", conflict.words());
    assert_eq!(
        world.count("select count(*) from contact where phone <> ''").await,
        0,
        "nothing is overwritten"
    );
    let saved = ann.presses("contact.save", conflict.sends("contact.save", json!({}))).await;
    assert!(saved.offers("undo"), "{}", saved.words());
    assert_eq!(world.count("select count(*) from contact where phone = '+420123456789'").await, 1);
}

#[tokio::test]
async fn sr_r1_a_form_or_line_that_is_sent_twice_has_one_effect() {
    let world = world().await;
    let chat = world.chat(ANN);
    let form = chat.presses("contact.add", json!({ "tenant": CONTOSO, "kind": "survey" })).await;
    let sent = form.sends("contact.save", eva());
    let first = chat.presses("contact.save", sent.clone()).await;
    assert_eq!(chat.presses("contact.save", sent.clone()).await, first);
    chat.presses("undo", first.button("undo")).await;
    chat.presses("contact.save", sent.clone()).await;
    assert_eq!(contacts(&world).await, 0, "a replay after its undo does nothing");
    let other = world.chat(MEG).presses("contact.save", sent).await;
    assert!(other.says("not write to it"), "{}", other.words());
}

#[tokio::test]
async fn section_4_whoever_is_not_assigned_reads_and_does_not_write() {
    let world = world().await;
    add(&world.chat(ANN), "survey", eva()).await;
    let chat = world.chat(MEG);
    let list = chat.presses("contact.list", at_contoso()).await;
    assert!(list.says("eva@contoso.com") && !list.offers("contact.open") && !list.offers("contact.add"));
    for (verb, more) in
        [("contact.add", json!({ "kind": "survey" })), ("contact.line", json!({ "body": "x" }))]
    {
        let refused = chat.presses(verb, with(json!({ "tenant": CONTOSO }), more)).await;
        assert!(refused.says("not write to it"), "{verb}: {}", refused.words());
    }
}

#[tokio::test]
async fn sr_p8_where_others_read_along_nothing_is_told_of_a_contact() {
    let world = world().await;
    let private = world.chat(ANN);
    let receipt = add(&private, "survey", eva()).await;
    let form = opened(&private).await;
    let shared = world.channel(ANN);
    let mut said = shared.says("contacts contoso.onmicrosoft.com").await;
    said.extend(shared.says("contact contoso.onmicrosoft.com: Ann Lee ann@contoso.com ES spanish exo").await);
    for verb in ["contact.list", "contact.add", "contact.open", "contact.save", "contact.delete"] {
        let data = with(form.sends("contact.save", json!({})), json!({ "page": 1 }));
        said.push(shared.presses(verb, data).await);
    }
    for card in &said {
        assert!(
            card.says("personal chat with me only") && !card.says("Novák") && !card.says("eva@"),
            "{}",
            card.words()
        );
    }
    let survey = shared.says("survey contoso.onmicrosoft.com").await.remove(0);
    assert!(survey.says("✓ covered") && !survey.says("Eva") && !survey.says("eva@"), "{}", survey.words());
    let history = shared.says("history contoso.onmicrosoft.com contacts").await.remove(0);
    assert!(!history.says("Eva") && !history.says("eva@"), "{}", history.words());
    assert_eq!(contacts(&world).await, 1);
    let undone = shared.presses("undo", receipt.button("undo")).await;
    assert!(undone.says("Undone") && !undone.says("Eva") && !undone.says("eva@"), "{}", undone.words());
}

#[tokio::test]
async fn many_contacts_are_paged() {
    let world = world().await;
    world
        .database
        .run(
            "insert into contact (partner_id, id, tenant_id, contact_type, name, email)
             select partner_id, gen_random_uuid(), id, 'customer', 'Person ' || lpad(n::text, 2, '0'), n || '@contoso.com'
             from tenant, generate_series(1, 14) n
             where customer_name = 'Contoso'",
        )
        .await;
    let chat = world.chat(ANN);
    let first = chat.says("contacts contoso.onmicrosoft.com").await.remove(0);
    assert!(first.says("1 to 6 of 14 contacts") && first.says("Person 06") && !first.says("Person 07"));
    let second = chat.presses("contact.list", first.button("contact.list")).await;
    assert!(second.says("7 to 12 of 14 contacts") && second.says("Person 07"), "{}", second.words());
    let beyond = chat.presses("contact.list", json!({ "tenant": CONTOSO, "page": 99 })).await;
    assert!(beyond.says("no contacts"), "{}", beyond.words());
}
