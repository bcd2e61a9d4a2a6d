use proptest::prelude::*;

use super::super::assignment::{Role, Scope};
use super::super::entitlement::{NEW_SUBSCRIPTION, STATUS_UNKNOWN};
use super::super::rules::rules;
use super::super::scenario::PARTNER_LED;
use super::super::taxonomy::Path;
use super::super::tenant::OverallStatus;
use super::*;

fn base() -> NaiveDate {
    "2026-11-21".parse().unwrap()
}

/// So many days after the base; before it where negative.
fn at(days: i64) -> NaiveDate {
    base() + chrono::TimeDelta::days(days)
}

fn row(path: &str, entitlements: i32) -> Row {
    Row {
        path: Path::of_code(path),
        entitlements,
        has_note: true,
        target_date: None,
        since: base(),
        changed: base(),
    }
}

/// A tenant that has everything.
fn sound() -> Snapshot {
    let service = Service {
        code: "exchange".to_owned(),
        total: 305,
        scenario: PARTNER_LED.to_owned(),
        active_users: Some(10),
        claimed: true,
        known_since: at(-90),
        changed: at(-10),
        rows: vec![row("in_progress", 300), row("duplicate_invalid", 5)],
        forecast: Some(Forecast {
            changed: at(-10),
            targets: vec![("15".to_owned(), Some(at(60))), ("max".to_owned(), Some(at(200)))],
        }),
    };
    let firm = Holding {
        role: Role::RegionalManager,
        scope: Scope::tenant(),
        primary: true,
        person: None,
        is_here: true,
    };
    Snapshot {
        tenant: Id::from(uuid::Uuid::from_u128(1)),
        name: "contoso.onmicrosoft.com".to_owned(),
        customer_name: "Contoso".to_owned(),
        active: true,
        status: Some(OverallStatus::Active),
        known_since: at(-90),
        last_note: Some(at(-1)),
        has_survey_contact: true,
        services: vec![service],
        holdings: vec![firm],
    }
}

/// Rule, service and first day of everything that is red on the base day.
fn red(change: impl FnOnce(&mut Snapshot)) -> Vec<(Rule, Option<String>, NaiveDate)> {
    let mut snapshot = sound();
    change(&mut snapshot);
    let gaps = gaps(&snapshot, base(), rules());
    gaps.into_iter().filter(Gap::is_red).map(|gap| (gap.rule, gap.service, gap.since)).collect()
}

fn of_service(rule: Rule, since: NaiveDate) -> Vec<(Rule, Option<String>, NaiveDate)> {
    vec![(rule, Some("exchange".to_owned()), since)]
}

#[test]
fn a_tenant_that_has_everything_has_no_gap() {
    assert_eq!(red(|_| ()), []);
}

#[test]
fn section_7_each_element_has_its_gap() {
    let note = |last| red(move |s| s.last_note = last);
    assert_eq!(note(None), [(Rule::StatusNote, None, at(-90))]);
    assert_eq!(note(Some(at(-15))), [(Rule::StatusNote, None, base())], "E4: more than 14 days");
    assert_eq!(note(Some(at(-14))), []);
    assert_eq!(red(|s| s.has_survey_contact = false), [(Rule::SurveyContactMissing, None, at(-90))]);
    assert_eq!(red(|s| s.services[0].total = 400), of_service(Rule::RowsDoNotAddUp, at(-10)));
    let new = |days: i64| {
        red(move |s| {
            let path = format!("{STATUS_UNKNOWN}/{NEW_SUBSCRIPTION}");
            s.services[0].rows[0] = Row { since: at(-days), ..row(&path, 300) };
        })
    };
    assert_eq!(new(14), [], "N3: the grace");
    assert_eq!(new(15), of_service(Rule::NewEntitlements, base()));
    let silent = red(|s| {
        s.services[0].rows[0] = Row { since: at(-20), ..row("status_unknown/customer_unresponsive", 300) };
    });
    assert_eq!(silent, of_service(Rule::StatusUnknown, at(-5)));
    let reason = |path: &'static str| red(move |s| s.services[0].rows[1] = row(path, 5));
    assert_eq!(reason("blocked"), of_service(Rule::ReasonMissing, base()), "L2");
    assert_eq!(reason("blocked/adoption_readiness"), of_service(Rule::ReasonMissing, base()), "L3");
    assert_eq!(red(|s| s.services[0].rows[1].has_note = false), of_service(Rule::RowNoteMissing, base()));
    let target = |days: i64| red(move |s| s.services[0].rows[0].target_date = Some(at(days)));
    assert_eq!(target(0), [], "N11: the day itself has not passed");
    assert_eq!(target(-1), of_service(Rule::TargetPassed, base()));
}

#[test]
fn f5_f9_forecast_dates_are_asked_for_and_expire() {
    let said = |targets: Vec<(&str, Option<i64>)>, users: Option<i32>| {
        let targets = targets.into_iter().map(|(code, day)| (code.to_owned(), day.map(at))).collect();
        red(move |s| {
            s.services[0].forecast = Some(Forecast { changed: at(-10), targets });
            s.services[0].active_users = users;
        })
    };
    assert_eq!(said(vec![("15", Some(60))], None), of_service(Rule::MaximumMissing, at(-10)));
    assert_eq!(said(vec![("max", Some(60))], None), of_service(Rule::FirstMilestoneMissing, at(-10)));
    assert_eq!(said(vec![("max", Some(60))], Some(61)), [], "reached already");
    assert_eq!(said(vec![("15", None), ("max", Some(60))], None), [], "F5: it will not be reached");
    let passed = vec![("15", Some(-1)), ("max", Some(60))];
    assert_eq!(said(passed.clone(), Some(40)), of_service(Rule::ForecastPassed, base()));
    assert_eq!(said(passed.clone(), None), of_service(Rule::ForecastPassed, base()));
    assert_eq!(said(passed, Some(46)), [], "F9: usage is there");
    let none = red(|s| s.services[0].forecast = None);
    assert_eq!(none.len(), 2);
    assert!(none.iter().all(|gap| gap.2 == at(-90)));
}

#[test]
fn q1_only_active_services_of_the_partner_count() {
    let broken = |s: &mut Snapshot| {
        s.services[0].forecast = None;
        s.last_note = None;
    };
    let with = |change: fn(&mut Snapshot)| {
        red(|s| {
            broken(s);
            change(s);
        })
    };
    assert_eq!(with(|_| ()).len(), 3);
    assert_eq!(with(|s| s.active = false), []);
    assert_eq!(with(|s| s.services[0].total = 0).len(), 1, "the note alone");
    assert_eq!(with(|s| s.services[0].scenario = "customer_led".into()).len(), 1);
    assert_eq!(with(|s| s.holdings[0].scope = Scope::stored("exchange")).len(), 4, "primary of the service");
    assert_eq!(with(|s| s.holdings[0].scope = Scope::stored("teams")).len(), 2, "of another service");
    assert_eq!(with(|s| s.holdings.clear()), [(Rule::NoRegionalManager, None, at(-90))]);
}

#[test]
fn a7_a14_g8_what_costs_money_is_said() {
    assert_eq!(red(|s| s.holdings[0].is_here = false), [(Rule::RegionalManagerLeft, None, at(-90))]);
    assert_eq!(red(|s| s.holdings[0].primary = false), [(Rule::NoPrimary, None, at(-90))]);
    let engineer = Holding {
        role: Role::Engineer,
        scope: Scope::stored("exchange"),
        primary: false,
        person: Some(Id::from(uuid::Uuid::from_u128(9))),
        is_here: true,
    };
    let led_by = |scenario: &'static str| {
        red(|s| {
            s.services[0].scenario = scenario.into();
            s.holdings.push(engineer.clone());
        })
    };
    assert_eq!(led_by(PARTNER_LED), []);
    assert_eq!(led_by("customer_led_ftp_assist"), of_service(Rule::NotPartnerLed, at(-90)));
    assert!(Rule::NewEntitlements.is_money() && !Rule::StatusUnknown.is_money());
    let mut sound = sound();
    sound.services[0].scenario = "ftc_css_led".into();
    sound.holdings.push(engineer);
    assert_eq!(gaps(&sound, base(), rules())[0].fix.verb, "service.show", "G5: by ticket");
}

#[test]
fn q4_a_gap_is_due_soon_then_overdue_then_long_overdue() {
    let mut snapshot = sound();
    snapshot.last_note = Some(base());
    let on = |days| gaps(&snapshot, at(days), rules()).first().map(|gap| gap.severity);
    assert_eq!((on(11), on(12)), (None, Some(Severity::Soon)));
    assert_eq!((on(14), on(15)), (Some(Severity::Soon), Some(Severity::Overdue)));
    assert_eq!((on(28), on(29)), (Some(Severity::Overdue), Some(Severity::LongOverdue)));
}

#[test]
fn q4_a_gap_is_its_primary_managers_and_says_how_to_mend_it() {
    let person = |number| Some(Id::from(uuid::Uuid::from_u128(number)));
    let held = |role, scope: &str, primary, person| Holding {
        role,
        scope: Scope::stored(scope),
        primary,
        person,
        is_here: true,
    };
    let mut snapshot = sound();
    snapshot.services[0].forecast = None;
    snapshot.last_note = None;
    let owners = |snapshot: &Snapshot| {
        let gaps = gaps(snapshot, base(), rules());
        let of = |rule| gaps.iter().find(|gap| gap.rule == rule).and_then(|gap| gap.owner);
        (of(Rule::StatusNote), of(Rule::MaximumMissing))
    };
    assert_eq!(owners(&snapshot), (None, None), "the firm alone is P-RM");
    snapshot.holdings.push(held(Role::RegionalManager, "tenant", false, person(1)));
    assert_eq!(owners(&snapshot), (person(1), person(1)));
    snapshot.holdings.push(held(Role::FastTrackManager, "tenant", true, person(2)));
    snapshot.holdings.push(held(Role::FastTrackManager, "exchange", true, person(3)));
    snapshot.holdings.push(held(Role::Engineer, "exchange", true, person(4)));
    assert_eq!(owners(&snapshot), (person(2), person(3)));

    let gaps = gaps(&snapshot, base(), rules());
    let fix =
        |rule| gaps.iter().find(|gap| gap.rule == rule).map(|gap| (gap.fix.line.as_str(), gap.fix.verb));
    assert_eq!(fix(Rule::StatusNote), Some(("note contoso.onmicrosoft.com", "note.open")));
    assert_eq!(fix(Rule::MaximumMissing), Some(("forecast contoso.onmicrosoft.com exo", "forecast.open")));
}

#[test]
fn rules_are_told_apart_by_their_codes() {
    for rule in Rule::ALL {
        assert_eq!(Rule::of(rule.code()), Some(rule));
    }
    let words: Vec<_> = Element::ALL.iter().flat_map(|element| element.words()).collect();
    assert_eq!(words.iter().collect::<std::collections::HashSet<_>>().len(), words.len());
}

/// What is red on a day, said a second time and one condition after the other, as section 7 has it.
fn section_7(s: &Snapshot, day: NaiveDate) -> Vec<(Rule, String, String)> {
    let mut red = Vec::new();
    let mut say = |holds: bool, rule, service: &str, subject: &str| {
        if holds {
            red.push((rule, service.to_owned(), subject.to_owned()));
        }
    };
    let age = |date: NaiveDate| (day - date).num_days();
    let managers: Vec<_> = s.holdings.iter().filter(|h| h.role == Role::RegionalManager).collect();
    let (none, gone) = (managers.is_empty(), managers.iter().all(|h| !h.is_here));
    let no_primary = !managers.iter().any(|h| h.primary && h.scope.code() == "tenant");
    say(s.active && none && age(s.known_since) >= 0, Rule::NoRegionalManager, "", "");
    say(s.active && !none && gone && age(s.known_since) >= 0, Rule::RegionalManagerLeft, "", "");
    say(s.active && !none && !gone && no_primary && age(s.known_since) >= 0, Rule::NoPrimary, "", "");
    let kept = s.active && !none;
    let noted = s.last_note.map_or(age(s.known_since) < 0, |last| age(last) <= 14);
    say(kept && !noted, Rule::StatusNote, "", "");
    say(kept && !s.has_survey_contact && age(s.known_since) >= 0, Rule::SurveyContactMissing, "", "");
    for service in &s.services {
        let code = service.code.as_str();
        let led = service.scenario == PARTNER_LED;
        let worked_on = s.holdings.iter().any(|h| h.scope.code() == code);
        let known = age(service.known_since) >= 0;
        say(s.active && service.total > 0 && !led && worked_on && known, Rule::NotPartnerLed, code, "");
        let ours = managers.iter().any(|h| h.primary && ["tenant", code].contains(&h.scope.code()));
        if !(s.active && service.total > 0 && led && ours) {
            continue;
        }
        let sum: i32 = service.rows.iter().map(|row| row.entitlements).sum();
        say(sum != service.total && age(service.changed) >= 0, Rule::RowsDoNotAddUp, code, "");
        for row in &service.rows {
            let path = row.path.code();
            let (unknown, new) = (row.path.l1 == STATUS_UNKNOWN, row.path.l2 == NEW_SUBSCRIPTION);
            say(unknown && new && age(row.since) > 14, Rule::NewEntitlements, code, &path);
            say(unknown && !new && age(row.since) > 14, Rule::StatusUnknown, code, &path);
            let bare = ["blocked", "status_unknown", "blocked/adoption_readiness"].contains(&path.as_str());
            say(bare && age(row.changed) >= 0, Rule::ReasonMissing, code, &path);
            say(!row.has_note && age(row.changed) >= 0, Rule::RowNoteMissing, code, &path);
            let late = row.target_date.is_some_and(|target| target < day);
            say(late && row.path.l1 == "in_progress", Rule::TargetPassed, code, &path);
        }
        let changed = service.forecast.as_ref().map_or(service.known_since, |forecast| forecast.changed);
        for (milestone, percent) in [("15", 15), ("40", 40), ("max", 100)] {
            let targets =
                service.forecast.as_ref().map(|forecast| forecast.targets.as_slice()).unwrap_or_default();
            let target = targets.iter().find(|(code, _)| code == milestone).map(|(_, date)| *date);
            let reached = service.active_users.is_some_and(|users| users * 100 >= percent * service.total);
            let missing = target.is_none() && age(changed) >= 0;
            say(missing && milestone == "max", Rule::MaximumMissing, code, milestone);
            say(missing && milestone == "15" && !reached, Rule::FirstMilestoneMissing, code, milestone);
            let passed = target.flatten().is_some_and(|date| date < day);
            say(passed && !reached, Rule::ForecastPassed, code, milestone);
        }
    }
    red.sort();
    red
}

fn told(gaps: impl IntoIterator<Item = Gap>) -> Vec<(Rule, String, String)> {
    let mut told: Vec<_> =
        gaps.into_iter().map(|gap| (gap.rule, gap.service.unwrap_or_default(), gap.subject)).collect();
    told.sort();
    told
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (-40..40_i64).prop_map(at)
}

fn any_row() -> impl Strategy<Value = Row> {
    let paths = [
        "in_progress",
        "in_progress/migration",
        "blocked",
        "blocked/adoption_readiness",
        "duplicate_invalid",
        "status_unknown",
        "status_unknown/customer_unresponsive",
        "status_unknown/new_subscription_or_workload",
    ];
    let path = prop::sample::select(paths.to_vec());
    let days = (any_day(), any_day(), prop::option::of(any_day()));
    (path, 1..300_i32, any::<bool>(), days).prop_map(|(path, n, has_note, (since, changed, target_date))| {
        Row { has_note, target_date, since, changed, ..row(path, n) }
    })
}

fn any_service() -> impl Strategy<Value = Service> {
    let scenario =
        prop::sample::select(vec![PARTNER_LED, PARTNER_LED, PARTNER_LED, "customer_led", "ftc_css_led"]);
    let targets = prop::collection::vec(prop::option::of(prop::option::of(any_day())), 3);
    let forecast = prop::option::of((any_day(), targets));
    let rows = prop::collection::vec(any_row(), 0..4);
    let counts = (0..400_i32, prop::option::of(0..400_i32));
    (scenario, counts, (any_day(), any_day()), rows, forecast).prop_map(
        |(scenario, (total, active_users), (known_since, changed), mut rows, forecast)| {
            rows.sort_by(|a, b| a.path.cmp(&b.path));
            rows.dedup_by(|a, b| a.path == b.path);
            let forecast = forecast.map(|(changed, days)| {
                let said = ["15", "40", "max"].into_iter().zip(days);
                let targets = said.filter_map(|(code, day)| Some((code.to_owned(), day?))).collect();
                Forecast { changed, targets }
            });
            Service {
                code: String::new(),
                total,
                scenario: scenario.to_owned(),
                active_users,
                claimed: false,
                known_since,
                changed,
                rows,
                forecast,
            }
        },
    )
}

fn any_holding() -> impl Strategy<Value = Holding> {
    let role = prop::sample::select(Role::ALL.to_vec());
    let scope = prop::sample::select(vec!["tenant", "exchange", "teams"]);
    (role, scope, any::<bool>(), prop::option::of(1..4_u128), any::<bool>()).prop_map(
        |(role, scope, primary, person, is_here)| Holding {
            role,
            scope: Scope::stored(scope),
            primary,
            person: person.map(|number| Id::from(uuid::Uuid::from_u128(number))),
            is_here: is_here || person.is_none(),
        },
    )
}

fn any_snapshot() -> impl Strategy<Value = Snapshot> {
    let services = prop::collection::vec(any_service(), 2);
    let holdings = prop::collection::vec(any_holding(), 0..5);
    let days = (any_day(), prop::option::of(any_day()));
    (prop::bool::weighted(0.9), days, any::<bool>(), services, holdings).prop_map(
        |(active, (known_since, last_note), has_survey_contact, mut services, holdings)| {
            for (service, code) in services.iter_mut().zip(["exchange", "teams"]) {
                code.clone_into(&mut service.code);
            }
            Snapshot { active, known_since, last_note, has_survey_contact, services, holdings, ..sound() }
        },
    )
}

proptest! {
    /// For every rule and every day of the next thirty: what is predicted is what the rules say when that day has come.
    #[test]
    fn a_prediction_is_what_will_be(snapshot in any_snapshot()) {
        let today = told(gaps(&snapshot, base(), rules()).into_iter().filter(Gap::is_red));
        prop_assert_eq!(&today, &section_7(&snapshot, base()));
        for days in 0..=30 {
            let then = section_7(&snapshot, at(days));
            let seen = told(gaps(&snapshot, at(days), rules()).into_iter().filter(Gap::is_red));
            prop_assert_eq!(&seen, &then, "seen after {} days", days);
            let mut predicted = told(turns_red(&snapshot, base(), at(days), rules()));
            predicted.extend(today.iter().cloned());
            predicted.sort();
            prop_assert_eq!(&predicted, &then, "predicted for {} days", days);
        }
    }

    #[test]
    fn q4_what_is_due_soon_turns_red_in_these_days(snapshot in any_snapshot()) {
        let soon = gaps(&snapshot, base(), rules()).into_iter().filter(|gap| !gap.is_red());
        prop_assert_eq!(told(soon), told(turns_red(&snapshot, base(), at(3), rules())));
    }
}
