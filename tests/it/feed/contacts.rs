//! Contacts of the feed: its own are kept up to date, those that people entered are theirs (C10).

use chrono::TimeDelta;
use tenantry::domain::time::Today;
use tenantry::feed::{Counts, Kind, Options, Rule, load_demo};

use super::{CONTOSO, FIRM, Night, counts, now, problems};

/// Every field that a contact may have, and one with the fewest.
const KIM: &str = r#"
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000001","name":"Kim Akers","email":"Kim@Contoso.com","fasttrack":true,"country":"de","survey_eligible":true,"survey_language":"German","services":["EXO","Migration"],"title":"IT lead","phone":"+49 (0)30 1234-56","time_zone":"Europe/Berlin","role":"IT Administrator","note":"Mornings only","do_not_call":true,"do_not_call_reason":"In the plant","evidence":"CRM","approved_survey":"H2"}
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000001","type":"Microsoft","name":"Sam Poe","email":"sam@example.com","ms_role":"CSM"}
"#;

const ALL: &str = "select string_agg(concat_ws('|', contact_type, name, email, is_engaged, is_fasttrack, country,
        survey_eligible, survey_language, array_to_string(services, '+'), title, phone, time_zone, role, note, do_not_call,
        do_not_call_reason, ms_role, evidence, approved_survey, origin, row_version), E'\\n' order by name) from contact";
const NAMES: &str =
    "select string_agg(name || ' ' || origin || ' ' || row_version, ', ' order by name) from contact";
const BY_HAND: &str = "insert into contact (partner_id, id, tenant_id, contact_type, name, email, origin)
    select partner_id, gen_random_uuid(), id, 'customer', 'Kim by hand', 'KIM@contoso.com', 'manual'
    from tenant where customer_name = 'Contoso'";

fn firm(contacts: &str) -> String {
    FIRM.trim_start().to_owned() + contacts.trim_start()
}

fn of_alpine() -> Options {
    Options { partner: Some("4711".into()), ..Options::default() }
}

#[tokio::test]
async fn a_contact_comes_in_whole_and_a_second_time_changes_nothing() {
    let night = Night::begins().await;
    let report = night.brings(&Options::default(), "firm.jsonl", &firm(KIM)).await;
    assert_eq!(counts(&report, Kind::Contact), Counts { new: 2, ..Counts::default() }, "{report}");
    assert_eq!(
        night.value(ALL).await,
        "customer|Kim Akers|kim@contoso.com|t|t|DE|t|de|exchange+migration|IT lead|+4930123456|Europe/Berlin\
         |IT Administrator|Mornings only|t|In the plant||CRM|H2|synchronised|1\n\
         microsoft|Sam Poe|sam@example.com|t|f|||||||||f||CSM|||synchronised|1"
    );
    let again = night.brings(&Options::default(), "firm.jsonl", &firm(KIM)).await;
    assert!(!again.is_change(), "{again}");
}

#[tokio::test]
async fn a_contact_is_known_by_tenant_type_and_address_in_any_case() {
    let night = Night::begins().await;
    night.brings(&Options::default(), "firm.jsonl", &firm(KIM)).await;
    let csv = format!(
        "tenant,type,name,email,title,do_not_call\n{CONTOSO},customer,Kim Abercrombie,KIM@CONTOSO.COM,,no\n\
         {CONTOSO},partner,Kim Akers,kim@contoso.com,,\n"
    );
    let report = night.brings(&of_alpine(), "contact.csv", &csv).await;
    assert_eq!(
        counts(&report, Kind::Contact),
        Counts { new: 1, changed: 1, ..Counts::default() },
        "{report}"
    );
    assert_eq!(
        night.value(NAMES).await,
        "Kim Abercrombie synchronised 2, Kim Akers synchronised 1, Sam Poe synchronised 1"
    );
    let cleared =
        "select title || do_not_call_reason || ' ' || survey_language from contact where row_version = 2";
    assert_eq!(night.value(cleared).await, " de", "empty clears, absent leaves alone");
}

#[tokio::test]
async fn c10_a_complete_list_removes_synchronised_contacts_only() {
    let night = Night::begins().await;
    night.brings(&Options::default(), "firm.jsonl", &firm(KIM)).await;
    night.database.run(
        "insert into contact (partner_id, id, tenant_id, contact_type, name, email)
         select partner_id, gen_random_uuid(), id, 'customer', 'By Hand', 'hand@contoso.com' from tenant where customer_name = 'Contoso'",
    )
    .await;
    let mut options = Options { complete: [Kind::Contact].into(), ..of_alpine() };
    let list = format!("tenant,type,name,email\n{CONTOSO},microsoft,Sam Poe,sam@example.com\n");
    let report = night.brings(&options, "contact.csv", &list).await;
    assert_eq!(
        counts(&report, Kind::Contact),
        Counts { gone: 1, unchanged: 1, ..Counts::default() },
        "{report}"
    );
    assert_eq!(night.value(NAMES).await, "By Hand manual 1, Sam Poe synchronised 1");

    // C2: what a person changed after the list was taken does not go with it.
    night.database.run("update contact set updated_at = '2026-11-21 02:30Z' where name = 'Sam Poe'").await;
    options.exported = Some(now() - TimeDelta::hours(2));
    let report = night.brings(&options, "contact.csv", "tenant,name,email\n").await;
    assert_eq!(counts(&report, Kind::Contact), Counts { held: 1, ..Counts::default() }, "{report}");
    assert_eq!(night.value(NAMES).await, "By Hand manual 1, Sam Poe synchronised 1");
}

#[tokio::test]
async fn c10_a_contact_that_was_entered_by_hand_is_never_overwritten() {
    let night = Night::begins().await;
    night.brings(&Options::default(), "firm.jsonl", FIRM).await;
    night.database.run(BY_HAND).await;
    let report = night.brings(&of_alpine(), "contacts.jsonl", KIM).await;
    assert_eq!(counts(&report, Kind::Contact), Counts { new: 1, held: 1, ..Counts::default() }, "{report}");
    assert_eq!(report.warnings[0].rule, Rule::ByHand);
    assert_eq!(night.value(NAMES).await, "Kim by hand manual 1, Sam Poe synchronised 1");
}

#[tokio::test]
async fn sr_v3_bad_contacts_are_named_by_line_field_and_rule() {
    let night = Night::begins().await;
    let bad = r#"{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000009","name":"","email":"a@b.de, c@d.de"}
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000009","name":"A","email":"a@b.de"}
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000001","name":"A","email":"a@b.de","services":["Intune"],"survey_language":"Klingon","country":"XX","phone":"030 1234567","time_zone":"Mars"}
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000001","name":"A","email":"a@b.de","services":["Yammer"]}
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000001","type":"partner","name":"B","email":"B@b.de","do_not_call":true,"ms_role":"x"}
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000001","type":"partner","name":"B","email":"b@b.de"}
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000001","name":"B","email":"c@b.de","do_not_call_reason":"why","origin":"manual"}
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000001","type":"partner","name":"D","email":"d@b.de"}
{"kind":"contact","tenant":"11111111-0000-4000-8000-000000000001","type":"partner","name":"D","email":"D@B.de"}
"#;
    let report = night.brings(&Options::default(), "firm.jsonl", &firm(bad)).await;
    let found = problems(&report);
    for expected in [
        (15, "name", Rule::Required),
        (15, "email", Rule::NotAnAddress),
        (16, "tenant", Rule::UnknownTenant),
        (17, "survey_language", Rule::UnknownCode),
        (17, "country", Rule::NotACountry),
        (17, "phone", Rule::NotAPhone),
        (17, "time_zone", Rule::NotATimeZone),
        (18, "services", Rule::UnknownService),
        (19, "do_not_call", Rule::NotApplicable),
        (19, "ms_role", Rule::NotApplicable),
        (21, "do_not_call_reason", Rule::NotApplicable),
        (21, "origin", Rule::UnknownField),
        (23, "email", Rule::Duplicate { line: 22 }),
    ] {
        assert!(found.contains(&expected), "{expected:?} is missing in {found:?}");
    }
    assert_eq!(found.len(), 13, "{report}");
    assert_eq!(night.everything().await, "");
}

#[tokio::test]
async fn sr_g3_who_asked_to_be_erased_is_left_out_wherever_a_row_names_them() {
    let night = Night::begins().await;
    night.brings(&Options::default(), "firm.jsonl", FIRM).await;
    night
        .database
        .run(
            "begin;
             select set_config('app.partner_id', id::text, true) from partner;
             select erase_person(who, array[who], '{}', 'x(?!x)x', 'x(?!x)x', 'x(?!x)x', 'x(?!x)x', '{}', now())
             from unnest(array['kim@contoso.com', 'alex@alpine.example', 'alpine cloud ltd']) who;
             commit",
        )
        .await;
    let held_by_name = r#"{"kind":"assignment","tenant":"11111111-0000-4000-8000-000000000001","role":"fpm","holder":"Alpine Cloud, Ltd."}"#;
    let report = night.brings(&Options::default(), "firm.jsonl", &(firm(KIM) + held_by_name)).await;
    assert!(!report.is_refused(), "{report}");
    let left_out: Vec<_> = report
        .warnings
        .iter()
        .filter(|w| w.rule == Rule::Erased)
        .map(|w| (w.line, w.field.as_str()))
        .collect();
    assert_eq!(left_out, [(3, "upn"), (12, "holder"), (14, "author"), (15, "email"), (17, "holder")]);
    assert!(!report.to_string().contains("Kim"), "a report goes to a log");
    assert_eq!(night.value(NAMES).await, "Sam Poe synchronised 1");
    let people = "select string_agg(name, ', ' order by name) from person";
    assert_eq!(night.value(people).await, "Megan Bowen, [erased]");
}

#[tokio::test]
async fn the_demo_shows_every_situation_of_contacts_and_onboarding() {
    let night = Night::begins().await;
    for report in load_demo(&night.pool, Today(now().date_naive()), now()).await.unwrap() {
        assert!(!report.is_refused(), "{report}");
    }
    for (situation, condition) in [
        ("nobody at all (C3)", "not exists (select from k where k.tenant_id = t.id)"),
        (
            "language missing (C1)",
            "exists (select from k where k.tenant_id = t.id and survey_eligible and survey_language = '')",
        ),
        (
            "services missing (C1)",
            "exists (select from k where k.tenant_id = t.id and survey_eligible and services = '{}')",
        ),
        (
            "country missing (C2)",
            "exists (select from k where k.tenant_id = t.id and survey_eligible and country = '')",
        ),
        (
            "not engaged (C2)",
            "exists (select from k where k.tenant_id = t.id and survey_eligible and not is_engaged)",
        ),
        (
            "not a customer (C2)",
            "exists (select from k where k.tenant_id = t.id and survey_eligible and contact_type = 'partner')",
        ),
        ("undecided", "exists (select from k where k.tenant_id = t.id and survey_eligible is null)"),
        ("not wanted", "exists (select from k where k.tenant_id = t.id and not survey_eligible)"),
        ("do not call (C9)", "exists (select from k where k.tenant_id = t.id and do_not_call_reason <> '')"),
        (
            "migration (C6)",
            "exists (select from k where k.tenant_id = t.id and 'migration' = any (services))",
        ),
        ("Intune (C6)", "exists (select from k where k.tenant_id = t.id and 'intune' = any (services))"),
        ("AADP (C6)", "exists (select from k where k.tenant_id = t.id and 'aadp' = any (services))"),
        (
            "no group, so all get all (C5)",
            "exists (select from k where k.tenant_id = t.id)
            and not exists (select from k where k.tenant_id = t.id and not services <@ '{aip,mcas}')",
        ),
        (
            "nobody from Microsoft assigned (A1)",
            "not exists (select from a where a.tenant_id = t.id and role = 'fpm')",
        ),
        (
            "another queue (A1)",
            "exists (select from a where a.tenant_id = t.id and role = 'onboarding_rm' and holder like 'FTCQ%')",
        ),
        ("all onboarding roles (A1)", "(select count(distinct role) from a where a.tenant_id = t.id) >= 8"),
    ] {
        let mut count = sqlx::QueryBuilder::<sqlx::Postgres>::new(
            "with k as (select c.* from contact c join partner p on p.id = c.partner_id and p.mpn_id = '9000001'),
                a as (select a.* from assignment a join partner p on p.id = a.partner_id and p.mpn_id = '9000001')
             select count(*) from tenant t join partner p on p.id = t.partner_id and p.mpn_id = '9000001' where ",
        );
        count.push(condition);
        let count: i64 = count.build_query_scalar().fetch_one(&night.database.owner()).await.unwrap();
        assert!(count > 0, "no tenant of the demo shows: {situation}");
    }
    let in_two_firms =
        "select count(*)::text from contact a join contact b using (email) where a.partner_id < b.partner_id";
    assert_eq!(night.value(in_two_firms).await, "1", "one person is known to both firms (P9)");
}
