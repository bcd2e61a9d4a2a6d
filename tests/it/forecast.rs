//! Forecast dates from chat (DOMAIN 3.4): the form, one line, and moving all of them, on real rows.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::bot::{Chat, Shown, World, with};
use crate::support::firms::{ANN, BOB, CONTOSO, JIRI, MEG, SECRET};

const NAME: &str = "contoso.onmicrosoft.com";

/// What is stored of Contoso at Alpine, service by service.
async fn stored(world: &World) -> String {
    let said = "select coalesce(string_agg(line, '; ' order by line), '') from (
            select f.service || ' ' || f.submitted || coalesce(' ' || string_agg(
                t.milestone || '=' || coalesce(t.target::text, 'never'), ' ' order by t.milestone), '') as line
            from forecast f left join forecast_target t using (partner_id, tenant_id, service)
            group by f.partner_id, f.tenant_id, f.service, f.submitted
        ) lines";
    sqlx::query_scalar(said).fetch_one(&world.database.owner()).await.unwrap()
}

async fn one(chat: &Chat<'_>, line: &str) -> Shown {
    chat.says(line).await.remove(0)
}

async fn confirmed(chat: &Chat<'_>, line: &str) -> Shown {
    let asked = one(chat, line).await;
    chat.presses("confirm", asked.button("confirm")).await
}

fn dates(submitted: &str, targets: [&str; 3]) -> Value {
    json!({
        "submitted": submitted, "target_15": targets[0], "target_40": targets[1], "target_max": targets[2],
        "never_15": "false", "never_40": "false",
    })
}

#[tokio::test]
async fn three_dates_are_two_interactions_and_one_undo() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let asked = one(&chat, &format!("forecast {NAME} teams 15% 1 mar, 40% 1 apr, max end of june")).await;
    assert!(
        asked.says("Please confirm") && asked.says("1 Mar 2027") && asked.says("30 Jun 2027"),
        "{}",
        asked.words()
    );
    assert!(asked.says("Submitted (RFA)") && asked.says("21 Nov 2026"), "F1: {}", asked.words());
    assert_eq!(stored(&world).await, "", "nothing before it is confirmed");
    let saved = chat.presses("confirm", asked.button("confirm")).await;
    let whole = "teams 2026-11-21 15=2027-03-01 40=2027-04-01 max=2027-06-30";
    assert_eq!(stored(&world).await, whole, "{}", saved.words());
    assert!(saved.says("Forecast saved") && saved.says("Teams"), "{}", saved.words());

    // A later line changes only what it says, and shows old and new.
    let asked = one(&chat, &format!("forecast {NAME} teams 40% never")).await;
    assert!(asked.says("1 Apr 2027") && !asked.says("30 Jun 2027"), "{}", asked.words());
    chat.presses("confirm", asked.button("confirm")).await;
    assert_eq!(stored(&world).await, whole.replace("2027-04-01", "never"));
    assert!(one(&chat, "undo").await.says("Undone"));
    assert_eq!(stored(&world).await, whole);
    chat.presses("undo", saved.button("undo")).await;
    assert_ne!(stored(&world).await, "", "C1: it was written again since");

    let history = one(&chat, &format!("history {NAME} forecast")).await;
    assert!(history.says("Changes 1 to 3 of 3") && history.says("Ann Okafor"), "F8: {}", history.words());
}

#[tokio::test]
async fn several_tenants_in_one_message_are_one_question_and_one_undo() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let lines =
        format!("forecast {NAME} exo, teams max end of june\nforecast fabrikam exo 15% 1 mar, max 1 jun");
    let asked = one(&chat, &lines).await;
    for said in ["Save these forecast dates?", "Contoso", "Fabrikam", "30 Jun 2027", "1 Jun 2027"] {
        assert!(asked.says(said), "{said}: {}", asked.words());
    }
    let saved = chat.presses("confirm", asked.button("confirm")).await;
    assert!(saved.says("Forecast saved"), "{}", saved.words());
    let kept = world.count("select count(*) from forecast_target").await;
    assert_eq!(kept, 4);
    assert!(one(&chat, "undo").await.says("Undone"));
    assert_eq!(world.count("select count(*) from forecast_target").await, 0);

    // What is not clear is asked, and nothing is saved half.
    let which = one(&chat, &format!("forecast conto exo max 1 jun\n{NAME} teams max 1 jun")).await;
    assert!(which.says("Contoso Pharmaceuticals"), "{}", which.words());
    let day = one(&chat, &format!("forecast fabrikam exo max 1 jun\n{NAME} teams max 3/4")).await;
    assert!(day.says("Which day is meant?"), "{}", day.words());
    let past = one(&chat, &format!("forecast fabrikam exo max 1 jun\n{NAME} teams max 2020-01-01")).await;
    assert!(past.says("Max AU") && !past.says("Fabrikam"), "{}", past.words());
    assert_eq!(world.count("select count(*) from forecast_target").await, 0);
}

#[tokio::test]
async fn a_question_is_answered_once_by_the_one_who_was_asked_and_means_what_it_showed() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let asked = one(&chat, &format!("forecast {NAME} exo max in 2 weeks")).await.button("confirm");
    for other in [JIRI, BOB] {
        assert!(world.chat(other).presses("confirm", asked.clone()).await.says("no longer open"));
    }
    assert_eq!(stored(&world).await, "");
    let saved = chat.presses("confirm", asked.clone()).await;
    assert_eq!(chat.presses("confirm", asked.clone()).await, saved, "R1: the same answer again");
    chat.presses("undo", saved.button("undo")).await;
    chat.presses("confirm", asked).await;
    assert_eq!(stored(&world).await, "", "a replay after the undo does nothing");

    // Asked too long ago, or of a forecast that has changed since: shown anew.
    let late = one(&chat, &format!("forecast {NAME} exo max 1 mar")).await.button("confirm");
    world.later(TimeDelta::minutes(11));
    let anew = chat.presses("confirm", late).await;
    assert!(anew.says("Please confirm"), "{}", anew.words());
    let rival = world.chat(JIRI);
    confirmed(&rival, &format!("forecast {NAME} exo max 1 feb")).await;
    let changed = chat.presses("confirm", anew.button("confirm")).await;
    assert!(changed.says("Please confirm") && changed.says("1 Feb 2027"), "{}", changed.words());
    chat.presses("confirm", changed.button("confirm")).await;
    assert_eq!(stored(&world).await, "exchange 2026-11-21 max=2027-03-01");
}

#[tokio::test]
async fn a_day_that_may_be_two_is_asked_and_the_rest_of_the_line_is_kept() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    let line = format!("forecast {NAME} teams, exo 15% 3/4/2027, max june");
    let which = one(&chat, &line).await;
    assert!(
        which.says("15% AU") && which.says("4 Mar 2027") && which.says("3 Apr 2027"),
        "{}",
        which.words()
    );
    let which = chat.presses("forecast.line", which.button("forecast.line")).await;
    assert!(
        which.says("Max AU") && which.says("1 Jun 2027") && which.says("30 Jun 2027"),
        "{}",
        which.words()
    );
    let asked = chat.presses("forecast.line", which.button("forecast.line")).await;
    chat.presses("confirm", asked.button("confirm")).await;
    let both =
        "exchange 2026-11-21 15=2027-03-04 max=2027-06-01; teams 2026-11-21 15=2027-03-04 max=2027-06-01";
    assert_eq!(stored(&world).await, both);

    // The language of the client decides, also for the press of Confirm, which comes without it.
    for (locale, day) in [("en-GB", "2027-04-03"), ("en-US", "2027-03-04")] {
        let line = json!({ "text": format!("forecast {NAME} teams 15% 3/4/2027"), "locale": locale });
        let asked = chat.message(line).await.remove(0);
        chat.presses("confirm", asked.button("confirm")).await;
        assert!(stored(&world).await.contains(&format!("teams 2026-11-21 15={day}")), "{locale}");
    }
}

#[tokio::test]
async fn a_line_that_breaks_a_rule_comes_back_as_the_form_it_was_meant_for() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    for (dates, finding, field, kept) in [
        ("15% 1 apr 40% 1 mar", "must lie after 15% AU", "target_40", "2027-03-01"),
        ("15% 2026-11-21", "must lie in the future", "target_15", "2026-11-21"),
        ("15% 29 feb 2027", "no date of the calendar", "target_15", "29 feb 2027"),
        ("max soon", "no date of the calendar", "target_max", "soon"),
        ("20% 1 mar, max 1 jun", "20% is no milestone", "target_max", "2027-06-01"),
        ("15% 1 mar, 15% 1 apr", "said twice", "target_15", "2027-04-01"),
        ("max never", "cannot be left out", "never_40", "false"),
        ("rfa 2027-01-01, max 1 mar", "lies in the future", "submitted", "2027-01-01"),
        ("15%", "is missing", "target_15", ""),
        (
            "max {{DATE(2027-01-01)}} <at>x</at> ${1}",
            "no date",
            "target_max",
            "{{DATE(2027-01-01)}} <at>x</at> ${1}",
        ),
        ("max 2101-01-01", "2000 to 2099", "target_max", "2101-01-01"),
    ] {
        let form = one(&chat, &format!("forecast {NAME} teams {dates}")).await;
        assert!(form.says(finding), "{dates}: {}", form.words());
        assert_eq!(form.input(field), kept, "{dates}");
        assert!(form.offers("forecast.save"), "{dates}");
    }
    let endless = "15% 3/4 ".repeat(3_000);
    assert!(one(&chat, &format!("forecast {NAME} {endless}")).await.says("forecast <tenant> <services>"));
    // Of several services all is said, and each can be mended by itself.
    confirmed(&chat, &format!("forecast {NAME} exo 15% 1 mar")).await;
    let troubles = one(&chat, &format!("forecast {NAME} exo, teams 40% 1 feb")).await;
    assert!(
        troubles.says("Exchange: 40% AU must lie after 15% AU") && !troubles.says("Teams"),
        "{}",
        troubles.words()
    );
    let form = chat.presses("forecast.line", troubles.button("forecast.line")).await;
    assert_eq!(form.input("target_40"), "2027-02-01");
    assert_eq!(stored(&world).await, "exchange 2026-11-21 15=2027-03-01", "nothing half-saved");
}

#[tokio::test]
async fn the_form_shows_today_usage_and_hints_and_keeps_what_was_typed() {
    let world = World::start().await;
    world.database.run("update tenant_service set active_users = 61").await;
    let chat = world.chat(ANN);
    let form = one(&chat, &format!("forecast {NAME} teams")).await;
    assert!(form.says("Today is 21 Nov 2026") && form.says("61 of 305 (20% AU)"), "{}", form.words());
    assert!(form.says("Max AU has no date yet") && form.offers("change.history"), "{}", form.words());
    assert_eq!(form.input("submitted"), "2026-11-21");
    let save = form.button("forecast.save");
    let wrong = dates("", ["2026-11-01", "2027-03-01", "2027-02-01"]);
    let back = chat.presses("forecast.save", with(save.clone(), wrong)).await;
    for said in [
        "Submitted date (RFA) is missing",
        "15% AU must lie in the future",
        "Max AU must not lie before 40% AU",
    ] {
        assert!(back.says(said), "{said}: {}", back.words());
    }
    assert_eq!(back.input("target_max"), "2027-02-01", "V4");
    let both = with(dates("2026-11-01", ["2027-03-01", "", ""]), json!({ "never_15": "true" }));
    assert!(chat.presses("forecast.save", with(save.clone(), both)).await.says("keep one of the two"));
    let saved = chat
        .presses("forecast.save", with(save.clone(), dates("2026-11-01", ["2027-03-01", "", "2027-06-01"])))
        .await;
    assert!(saved.says("usage is there already"), "F9: {}", saved.words());
    let replay = chat
        .presses("forecast.save", with(save, dates("2026-11-01", ["2027-03-01", "", "2028-06-01"])))
        .await;
    assert_eq!(replay, saved, "R1");
    assert_eq!(stored(&world).await, "teams 2026-11-01 15=2027-03-01 max=2027-06-01");

    // F6: a date that has passed stays valid while the others are edited, and is worth a hint.
    world.later(TimeDelta::days(101));
    world.database.run("update tenant_service set active_users = 1").await;
    let form = one(&chat, &format!("forecast {NAME} teams")).await;
    assert!(form.says("15% AU was due on 1 Mar 2027"), "{}", form.words());
    let save = form.button("forecast.save");
    chat.presses("forecast.save", with(save, dates("2026-11-01", ["2027-03-01", "", "2027-07-01"]))).await;
    assert_eq!(stored(&world).await, "teams 2026-11-01 15=2027-03-01 max=2027-07-01");
}

#[tokio::test]
async fn sr_c2_the_slower_of_two_editors_sees_what_the_faster_did() {
    let world = World::start().await;
    let (ann, jiri) = (world.chat(ANN), world.chat(JIRI));
    let data = json!({ "tenant": CONTOSO, "service": "teams" });
    let (slow, fast) =
        (ann.presses("forecast.open", data.clone()).await, jiri.presses("forecast.open", data).await);
    let theirs = dates("2026-11-01", ["2027-02-01", "", ""]);
    jiri.presses("forecast.save", with(fast.button("forecast.save"), theirs)).await;
    let mine = dates("2026-11-02", ["2027-03-01", "", ""]);
    let conflict = ann.presses("forecast.save", with(slow.button("forecast.save"), mine.clone())).await;
    assert!(conflict.says("Jiří Novák") && conflict.says("1 Feb 2027"), "{}", conflict.words());
    assert_eq!(conflict.input("target_15"), "2027-03-01", "mine is kept");
    assert_eq!(stored(&world).await, "teams 2026-11-01 15=2027-02-01");
    ann.presses("forecast.save", with(conflict.button("forecast.save"), mine)).await;
    assert_eq!(stored(&world).await, "teams 2026-11-02 15=2027-03-01");
}

#[tokio::test]
async fn all_dates_that_lie_ahead_move_at_once_and_come_back_with_one_undo() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    confirmed(&chat, &format!("forecast {NAME} teams, exo 15% 1 dec, max 31 jan 2027")).await;
    world.later(TimeDelta::days(15));
    let before = stored(&world).await;
    let asked = one(&chat, &format!("move {NAME} +1m")).await;
    assert!(
        asked.says("2 dates") && asked.says("31 Jan 2027") && asked.says("28 Feb 2027"),
        "{}",
        asked.words()
    );
    assert!(!asked.says("1 Dec 2026"), "F6: what has passed stays");
    assert_eq!(stored(&world).await, before);
    let moved = chat.presses("confirm", asked.button("confirm")).await;
    assert_eq!(stored(&world).await, before.replace("2027-01-31", "2027-02-28"));
    chat.presses("undo", moved.button("undo")).await;
    assert_eq!(stored(&world).await, before);

    confirmed(&chat, &format!("move {NAME} exo by 2 weeks")).await;
    assert!(stored(&world).await.starts_with("exchange 2026-11-21 15=2026-12-01 max=2027-02-14; teams"));
    let refused = one(&chat, &format!("move {NAME} -90d")).await;
    assert!(
        refused.says("Max AU must lie in the future") && refused.offers("forecast.open"),
        "{}",
        refused.words()
    );
    assert!(one(&chat, &format!("move {NAME}")).await.says("move <tenant>"));
    assert!(one(&chat, "move northwind +30d").await.says("not write"), "A10");
}

#[tokio::test]
async fn g7_services_that_css_leads_are_left_out_and_said() {
    let world = World::start().await;
    let chat = world.chat(ANN);
    confirmed(&chat, &format!("forecast {NAME} teams, exo max 1 mar")).await;
    world.database.run("update tenant_service set scenario = 'ftc_css_led' where service = 'exchange'").await;
    let asked = one(&chat, &format!("move {NAME} +30d")).await;
    assert!(asked.says("1 date") && asked.says("Left out") && asked.says("Exchange"), "{}", asked.words());
    chat.presses("confirm", asked.button("confirm")).await;
    assert_eq!(stored(&world).await, "exchange 2026-11-21 max=2027-03-01; teams 2026-11-21 max=2027-03-31");
    assert!(one(&chat, &format!("move {NAME} exo +30d")).await.says("Left out"));
    for line in
        ["forecast contoso.onmicrosoft.com exo", "forecast contoso.onmicrosoft.com teams, exo max 1 apr"]
    {
        assert!(one(&chat, line).await.says("Microsoft keeps the data"), "{line}");
    }
    world.database.run("update tenant_service set entitlements = 0").await;
    assert!(one(&chat, &format!("move {NAME} +30d")).await.says("No forecast date lies ahead"));
    assert!(one(&chat, &format!("forecast {NAME} teams")).await.says("no entitlements"));
}

#[tokio::test]
async fn section_4_only_the_assigned_edit_and_no_card_leads_to_another_firms_tenant() {
    let world = World::start().await;
    let ann = world.chat(ANN);
    let form = one(&ann, &format!("forecast {NAME} teams")).await;
    let save = with(form.button("forecast.save"), dates("2026-11-01", ["2027-03-01", "", ""]));
    assert!(world.chat(MEG).presses("forecast.save", save.clone()).await.says("not write to it"));
    assert!(one(&world.chat(MEG), &format!("forecast {NAME} teams max 1 mar")).await.says("not write to it"));
    let foreign = with(save.clone(), json!({ "tenant": SECRET }));
    assert!(ann.presses("forecast.save", foreign).await.says("not open to you"));
    for (field, odd) in
        [("service", json!("lotus")), ("version", json!(-1)), ("target_15", json!(["2027-03-01"]))]
    {
        let mut bad = save.clone();
        bad[field] = odd;
        assert!(ann.presses("forecast.save", bad).await.says("out of date"), "{field}");
    }
    let forged = json!({ "tenant": CONTOSO, "body": "teams lotus: max 1 mar" });
    assert!(ann.presses("forecast.line", forged).await.says("out of date"));
    assert_eq!(stored(&world).await, "");
    // The competitor's Contoso is another one.
    confirmed(&world.chat(BOB), &format!("forecast {NAME} teams max 1 mar")).await;
    let mine = one(&ann, &format!("forecast {NAME} teams")).await;
    assert_eq!(mine.input("target_max"), "");
}
