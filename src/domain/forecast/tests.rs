use proptest::prelude::*;

use super::super::rules::rules;
use super::*;

fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap()
}

fn today() -> Today {
    Today(day("2026-11-21"))
}

fn set() -> &'static [Milestone] {
    &rules().milestones
}

/// A draft of the submitted date and, for 15%, 40% and Max, a date, `never` or nothing.
fn draft(submitted: &str, targets: [&str; 3]) -> Draft {
    let mut draft = Draft { submitted: submitted.into(), targets: vec![] };
    for (milestone, typed) in set().iter().zip(targets) {
        let never = typed.contains("never");
        draft.put(milestone, typed.trim_start_matches("never").trim(), never);
    }
    draft
}

#[track_caller]
fn breaks(draft: &Draft, before: Option<&Forecast>, expected: &[(&str, Rule)]) {
    assert_eq!(draft.check(today(), set(), before).unwrap_err().pairs(), expected);
}

fn whole() -> Draft {
    draft("2026-11-01", ["2027-03-01", "2027-06-01", "2027-06-30"])
}

#[test]
fn f1_without_a_submitted_date_nothing_is_saved() {
    let mut draft = whole();
    draft.submitted = String::new();
    breaks(&draft, None, &[("submitted", Rule::Required)]);
    draft.submitted = "2026-11-22".into();
    breaks(&draft, None, &[("submitted", Rule::InFuture { today: today().0 })]);
    assert_eq!(Draft::of(None, today()).submitted, "2026-11-21");
}

#[test]
fn f2_f3_f4_dates_lie_ahead_and_in_order_and_all_that_is_wrong_is_named_at_once() {
    let past = draft("2026-11-01", ["2026-11-21", "", "2026-11-20"]);
    let ahead = Rule::NotAhead { today: today().0 };
    breaks(&past, None, &[("target_15", ahead.clone()), ("target_max", ahead)]);
    let swapped = draft("2026-11-01", ["2027-06-01", "2027-06-01", "2027-05-31"]);
    let limit = day("2027-06-01");
    breaks(
        &swapped,
        None,
        &[
            ("target_40", Rule::NotAfter { what: "15% AU".into(), date: limit }),
            ("target_max", Rule::Before { what: "15% AU".into(), date: limit }),
        ],
    );
    // F4: Max on the day of 40% is in order.
    assert!(draft("2026-11-01", ["", "2027-06-01", "2027-06-01"]).check(today(), set(), None).is_ok());
}

#[test]
fn f5_a_milestone_may_be_left_out_but_not_dated_at_once_and_max_never() {
    let forecast = draft("2026-11-01", ["2027-03-01", "never", "2027-06-01"]).check(today(), set(), None);
    assert_eq!(forecast.unwrap().target(&set()[1]), Some(Target::WillNotReach));
    let both = draft("2026-11-01", ["never 2027-03-01", "", "never"]);
    breaks(&both, None, &[("target_15", Rule::DateAndOptOut), ("target_max", Rule::AlwaysReached)]);
}

#[test]
fn f6_a_stored_date_that_has_passed_stays_valid_until_it_is_changed() {
    let stored = Forecast {
        submitted: day("2026-01-01"),
        targets: vec![Said { milestone: set()[0].clone(), target: Target::On(day("2026-06-01")) }],
    };
    let kept = draft("2026-01-01", ["2026-06-01", "", "2027-06-01"]);
    assert!(kept.check(today(), set(), Some(&stored)).is_ok());
    let changed = draft("2026-01-01", ["2026-06-02", "", "2027-06-01"]);
    breaks(&changed, Some(&stored), &[("target_15", Rule::NotAhead { today: today().0 })]);
    // The order holds for it all the same.
    let later = draft("2026-07-01", ["2026-06-01", "", ""]);
    breaks(
        &later,
        Some(&stored),
        &[("target_15", Rule::NotAfter { what: SUBMITTED.into(), date: day("2026-07-01") })],
    );
}

#[test]
fn f9_a_date_that_usage_contradicts_is_worth_a_hint() {
    let stored = |target| Forecast {
        submitted: day("2026-01-01"),
        targets: vec![Said { milestone: set()[0].clone(), target }],
    };
    let told = |target, active| {
        let usage = Usage::of(Some(active), 1000);
        hints(Some(&stored(target)), usage, today(), &set()[..1])
    };
    let (past, ahead) = (day("2026-11-20"), day("2027-01-01"));
    assert_eq!(told(Target::On(past), 149), [Hint::Missed(set()[0].clone(), past)]);
    assert_eq!(told(Target::On(past), 150), []);
    assert_eq!(told(Target::On(ahead), 150), [Hint::ReachedEarly(set()[0].clone(), ahead)]);
    assert_eq!(told(Target::On(ahead), 149), []);
    assert_eq!(told(Target::WillNotReach, 150), [Hint::ReachedAfterAll(set()[0].clone())]);
    let missing = hints(None, None, today(), set());
    assert_eq!(missing, [Hint::Missing(set()[0].clone()), Hint::Missing(set()[2].clone())]);
    assert_eq!(Usage::of(Some(5), 0), None);
}

#[test]
fn f10_another_set_of_milestones_is_a_matter_of_data() {
    let old: Vec<Milestone> = serde_json::from_str(
        r#"[{"code":"10","name":"10% AU","percent":10},{"code":"40","name":"40% AU","percent":40},
            {"code":"max","name":"Max AU","percent":null}]"#,
    )
    .unwrap();
    let mut draft = Draft { submitted: "2026-11-01".into(), targets: vec![] };
    draft.put(&old[0], "2027-03-01", false);
    draft.put(&old[1], "2027-02-01", false);
    let found = draft.check(today(), &old, None).unwrap_err().pairs();
    assert_eq!(found, [("target_40", Rule::NotAfter { what: "10% AU".into(), date: day("2027-03-01") })]);
}

#[test]
fn moving_takes_only_what_lies_ahead_and_stays_within_the_calendar() {
    let stored = Forecast {
        submitted: day("2026-01-01"),
        targets: vec![
            Said { milestone: set()[0].clone(), target: Target::On(day("2026-06-01")) },
            Said { milestone: set()[1].clone(), target: Target::WillNotReach },
            Said { milestone: set()[2].clone(), target: Target::On(day("2027-01-31")) },
        ],
    };
    let moved = stored.moved(Span::Months(1), today(), set()).unwrap();
    assert_eq!(moved.date(&set()[0]), Some(day("2026-06-01")));
    assert_eq!(moved.target(&set()[1]), Some(Target::WillNotReach));
    assert_eq!(moved.date(&set()[2]), Some(day("2027-02-28")));
    for beyond in [Span::Days(40_000), Span::Months(i32::MAX)] {
        let findings = stored.moved(beyond, today(), set()).unwrap_err();
        assert!(findings.iter().all(|finding| finding.rule == Rule::DateOutOfRange));
    }
    let back = stored.moved(Span::Days(-200), today(), set()).unwrap_err();
    assert!(back.iter().all(|finding| finding.rule == Rule::NotAhead { today: today().0 }));
}

/// A day around today, or nothing, or something odd, with or without the tick.
fn any_target() -> impl Strategy<Value = (String, bool)> {
    let date = prop_oneof![
        6 => (-100..400_i64).prop_map(|days| Span::Days(days).after(today().0).unwrap().to_string()),
        2 => Just(String::new()),
        1 => any::<String>(),
    ];
    (date, prop::bool::weighted(0.2))
}

fn any_draft() -> impl Strategy<Value = Draft> {
    prop::collection::vec(any_target(), 4).prop_map(|typed| {
        let mut draft = Draft { submitted: typed[3].0.clone(), targets: vec![] };
        for (milestone, (date, never)) in set().iter().zip(&typed) {
            draft.put(milestone, date, *never);
        }
        draft
    })
}

/// The rules of the group, said once more in another way.
fn keeps_the_rules(forecast: &Forecast, before: Option<&Forecast>) -> bool {
    let date = |index: usize| forecast.date(&set()[index]);
    let rising = |a: Option<NaiveDate>, b: Option<NaiveDate>| a.zip(b).is_none_or(|(a, b)| a < b);
    let submitted = Some(forecast.submitted);
    let future = set().iter().all(|milestone| {
        forecast.date(milestone).is_none_or(|date| {
            date > today().0 || before.and_then(|before| before.date(milestone)) == Some(date)
        })
    });
    future
        && forecast.submitted <= today().0
        && (0..3).all(|index| rising(submitted, date(index)))
        && rising(date(0), date(1))
        && (0..2).all(|index| date(2).is_none_or(|max| date(index).is_none_or(|earlier| earlier <= max)))
        && forecast.target(&set()[2]) != Some(Target::WillNotReach)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn f1_to_f6_hold_for_whatever_is_accepted_and_a_refusal_names_something(
        first in any_draft(), second in any_draft(),
    ) {
        let before = first.check(today(), set(), None).ok();
        match second.check(today(), set(), before.as_ref()) {
            Ok(forecast) => {
                prop_assert!(keeps_the_rules(&forecast, before.as_ref()));
                // What was saved can be saved again as it is.
                let again = Draft::of(Some(&forecast), today()).check(today(), set(), Some(&forecast));
                prop_assert_eq!(again, Ok(forecast));
            }
            Err(findings) => prop_assert!(!findings.is_empty()),
        }
    }

    #[test]
    fn moving_keeps_the_order_and_the_distances(draft in any_draft(), days in -200..200_i64) {
        let Ok(forecast) = draft.check(today(), set(), None) else { return Ok(()) };
        let Ok(moved) = forecast.moved(Span::Days(days), today(), set()) else {
            prop_assert!(days < 0, "only an earlier day can break a rule");
            return Ok(());
        };
        prop_assert!(keeps_the_rules(&moved, Some(&forecast)));
        prop_assert_eq!(moved.submitted, forecast.submitted);
        for milestone in set() {
            let expected = forecast.date(milestone).and_then(|date| Span::Days(days).after(date));
            prop_assert_eq!(moved.date(milestone), expected);
        }
    }
}
