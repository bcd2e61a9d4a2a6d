use proptest::prelude::*;

use super::super::super::rules::rules;
use super::super::{NO_MIGRATION, REMOVE, types_of};
use super::*;

fn context(in_progress: u64, before: &[Line]) -> Context<'_> {
    Context { service: catalogue().service("exchange").unwrap(), in_progress, before }
}

fn broken(draft: &Draft, context: &Context<'_>) -> Vec<(&'static str, Rule)> {
    draft.check(context, rules()).unwrap_err().pairs()
}

fn line(kind: &str, entitlements: &str) -> LineDraft {
    LineDraft { kind: kind.into(), entitlements: entitlements.into(), ..LineDraft::default() }
}

fn performed(lines: &[LineDraft]) -> Draft {
    Draft {
        by_microsoft: "true".into(),
        starts: "2027-03-01".into(),
        ends: "2027-06-30".into(),
        lines: lines.to_vec(),
        ..Draft::default()
    }
}

fn declined() -> Draft {
    Draft {
        by_microsoft: "false".into(),
        rejection_reason: "customer_will_self_migrate".into(),
        rejection_note: "They have their own tool.".into(),
        ..Draft::default()
    }
}

#[test]
fn m2_dates_and_a_line_are_required_and_named_at_once() {
    let nothing = Draft { by_microsoft: "true".into(), ..Draft::default() };
    let required = ["starts", "ends", "type_1", "entitlements_1"].map(|field| (field, Rule::Required));
    assert_eq!(broken(&nothing, &context(305, &[])), required);
    let half = performed(&[line("mig_imap", "300"), line("", "5"), LineDraft::default()]);
    assert_eq!(broken(&half, &context(305, &[])), [("type_2", Rule::Required)]);
    let unanswered = broken(&Draft::default(), &context(305, &[]));
    assert_eq!(unanswered, [("by_microsoft", Rule::Required)]);
}

#[test]
fn m3_the_sum_is_in_progress_and_the_finding_says_by_how_much_it_is_off() {
    let of = |last: &str| performed(&[line("mig_imap", "300"), line(NO_MIGRATION, last)]);
    assert!(of("5").check(&context(305, &[]), rules()).is_ok());
    let off = |sum| vec![("lines", Rule::SumOff { sum, in_progress: 305 })];
    assert_eq!(broken(&of("4"), &context(305, &[])), off(304));
    assert_eq!(broken(&of("6"), &context(305, &[])), off(306));
    let most = performed(&[line("mig_imap", "2147483647"), line("mig_groupwise", "2147483647")]);
    assert_eq!(broken(&most, &context(305, &[])), off(4_294_967_294));
}

#[test]
fn m3_a_sum_that_is_off_is_told_beside_other_findings() {
    let notes = LineDraft { notes: "x".repeat(251), ..line("mig_imap", "300") };
    let said = broken(&performed(&[notes]), &context(305, &[]));
    let long = ("notes_1", Rule::TooLong { max: 250 });
    assert_eq!(said, [long, ("lines", Rule::SumOff { sum: 300, in_progress: 305 })]);
}

#[test]
fn m4_dates_are_in_order_and_of_the_calendar() {
    let turned = Draft { ends: "2027-02-28".into(), ..performed(&[line("mig_imap", "305")]) };
    let start = "2027-03-01".parse().unwrap();
    assert_eq!(broken(&turned, &context(305, &[])), [("ends", Rule::BeforeStart { start })]);
    let leap = Draft { starts: "2027-02-29".into(), ..performed(&[line("mig_imap", "305")]) };
    assert_eq!(broken(&leap, &context(305, &[])), [("starts", Rule::NotADate)]);
    for (estimated, inside) in
        [("2027-02-28", false), ("2027-03-01", true), ("2027-06-30", true), ("2027-07-01", false)]
    {
        let line = LineDraft { estimated: estimated.into(), ..line("mig_imap", "305") };
        assert_eq!(performed(&[line]).check(&context(305, &[]), rules()).is_ok(), inside, "{estimated}");
    }
}

#[test]
fn v1_lines_are_of_this_service_of_different_types_and_in_whole_numbers() {
    let odd = performed(&[
        line("mig_box", "1"),
        line("mig_imap", "1.5"),
        line("mig_imap", "0"),
        line("<script>", "1e3"),
        LineDraft { size_gb: "-1".into(), ..line("mig_groupwise", " 5") },
    ]);
    let number = Rule::NotAWholeNumber { least: 1, most: i32::MAX };
    let expected = [
        ("type_1", Rule::OfAnotherService),
        ("entitlements_2", number.clone()),
        ("type_3", Rule::TypeTwice),
        ("entitlements_3", number.clone()),
        ("type_4", Rule::UnknownChoice),
        ("entitlements_4", number.clone()),
        ("entitlements_5", number),
        ("size_gb_5", Rule::NotAWholeNumber { least: 0, most: i32::MAX }),
    ];
    assert_eq!(broken(&odd, &context(305, &[])), expected);
    let many = performed(&vec![LineDraft::default(); MOST_LINES + 1]);
    assert!(broken(&many, &context(0, &[])).contains(&("lines", Rule::TooManyLines { most: MOST_LINES })));
}

#[test]
fn m6_a_customer_who_declines_gives_a_reason_and_a_note() {
    assert!(declined().check(&context(0, &[]), rules()).is_ok());
    let bare = Draft { by_microsoft: "false".into(), ..Draft::default() };
    let required = [("rejection_reason", Rule::Required), ("rejection_note", Rule::Required)];
    assert_eq!(broken(&bare, &context(305, &[])), required);
    let odd = Draft { rejection_reason: "because".into(), ..declined() };
    assert_eq!(broken(&odd, &context(305, &[])), [("rejection_reason", Rule::UnknownChoice)]);
}

#[test]
fn m6_each_answer_leaves_the_fields_of_the_other_empty() {
    let both = Draft { by_microsoft: "false".into(), ..performed(&[line("mig_imap", "305")]) };
    let both = Draft { rejection_reason: declined().rejection_reason, ..both };
    let other = |field| (field, Rule::OfTheOtherAnswer);
    assert_eq!(
        broken(&both, &context(305, &[])),
        [other("starts"), other("ends"), other("type_1"), ("rejection_note", Rule::Required)]
    );
    let both = Draft { by_microsoft: "true".into(), ..both };
    assert_eq!(broken(&both, &context(305, &[])), [other("rejection_reason")]);
}

#[test]
fn m7_a_line_keeps_the_status_of_its_type_and_a_new_one_has_none() {
    let stored = [Line { status: "velocity_migration_paused".into(), ..Line::new("mig_imap", 305) }];
    let draft = performed(&[line("mig_imap", "300"), line(NO_MIGRATION, "5")]);
    let migration = draft.check(&context(305, &stored), rules()).unwrap();
    let statuses: Vec<_> = migration.lines().iter().map(|line| &*line.status).collect();
    assert_eq!(statuses, ["velocity_migration_paused", DEFAULT_STATUS]);
}

#[test]
fn m7_the_migration_role_sets_statuses_and_nothing_else() {
    let lines = [Line::new("mig_imap", 300), Line::new(NO_MIGRATION, 5)];
    let set = set_statuses(&lines, &["velocity_migration_paused".into(), String::new()]).unwrap();
    assert_eq!(set[0], Line { status: "velocity_migration_paused".into(), ..lines[0].clone() });
    assert_eq!(set[1], lines[1]);
    let odd = set_statuses(&lines, &["done".into(), "<b>".into()]).unwrap_err().pairs();
    assert_eq!(odd, [("status_1", Rule::UnknownChoice), ("status_2", Rule::UnknownChoice)]);
}

#[test]
fn m1_a_service_whose_data_is_not_migrated_takes_neither_answer() {
    let teams = catalogue().service("teams").unwrap();
    for draft in [declined(), performed(&[line("mig_imap", "305")])] {
        let context = Context { service: teams, ..context(305, &[]) };
        assert_eq!(broken(&draft, &context)[0], ("by_microsoft", Rule::NotMigrated));
    }
}

/// A line that is mostly right.
fn any_line(kind: &'static str) -> impl Strategy<Value = LineDraft> {
    let kind =
        prop_oneof![19 => Just(kind), 1 => prop::sample::select(vec!["", REMOVE, "mig_box", "mig_imap"])];
    let entitlements = prop_oneof![19 => (1..400_u32).prop_map(|n| n.to_string()), 1 => any::<String>()];
    let estimated = prop::sample::select(vec!["", "", "2027-04-01", "2027-04-02", "2027-06-30"]);
    let size = prop_oneof![19 => Just(String::new()), 1 => any::<u64>().prop_map(|n| n.to_string())];
    (kind, entitlements, estimated, size, "\\PC{0,9}").prop_map(
        |(kind, entitlements, estimated, size_gb, notes)| LineDraft {
            estimated: estimated.into(),
            size_gb,
            notes,
            ..line(kind, &entitlements)
        },
    )
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let kinds = vec!["mig_imap", "mig_ex_hybrid", NO_MIGRATION, "mig_groupwise"];
    let lines = prop::sample::subsequence(kinds, 0..4)
        .prop_flat_map(|kinds| kinds.into_iter().map(any_line).collect::<Vec<_>>());
    let starts = prop::sample::select(vec!["2027-03-01", "2027-04-01", "2027-04-02"]);
    let ends = prop::sample::select(vec!["2027-06-30", "2027-04-01", "2027-02-29"]);
    (starts, ends, lines).prop_map(|(starts, ends, lines)| Draft {
        starts: starts.into(),
        ends: ends.into(),
        ..performed(&lines)
    })
}

fn holds(migration: &Migration, in_progress: u64) {
    match migration {
        Migration::Performed { starts, ends, lines } => {
            let kinds: HashSet<_> = lines.iter().map(|line| &line.kind).collect();
            assert!(starts <= ends && !lines.is_empty(), "M2, M4");
            assert_eq!(kinds.len(), lines.len(), "one line for each type");
            assert_eq!(
                lines.iter().map(|l| u64::try_from(l.entitlements).unwrap()).sum::<u64>(),
                in_progress,
                "M3"
            );
            for line in lines {
                assert!(line.entitlements >= 1 && line.size_gb >= 0);
                assert!(line.estimated.is_none_or(|date| *starts <= date && date <= *ends), "M4");
                assert!(
                    types_of(catalogue().service("exchange").unwrap()).any(|kind| kind.code == line.kind)
                );
            }
        }
        Migration::Declined { reason, note } => assert!(!reason.is_empty() && !note.is_empty(), "M6"),
    }
}

proptest! {
    #[test]
    fn m2_to_m6_hold_for_whatever_is_accepted(draft in any_draft(), off in 0..4_u64) {
        // Mostly the number that fits, so that many drafts are accepted.
        let in_progress = draft.tally(0).sum + off.saturating_sub(2);
        if let Ok(migration) = draft.check(&context(in_progress, &[]), rules()) {
            holds(&migration, in_progress);
        }
    }

    #[test]
    fn m3_holds_exactly(draft in any_draft(), off in 1..1000_u64) {
        let sum = draft.tally(0).sum;
        if let Ok(migration) = draft.check(&context(sum, &[]), rules()) {
            prop_assert_eq!(Draft::from(&migration).check(&context(sum, &[]), rules()), Ok(migration));
            for in_progress in [sum + off, sum.saturating_sub(off)] {
                let expected = [("lines", Rule::SumOff { sum, in_progress })];
                prop_assert_eq!(broken(&draft, &context(in_progress, &[])), expected);
            }
        }
    }

    #[test]
    fn whatever_is_typed_is_a_migration_or_findings(text in any::<String>(), answer in "true|false|\\PC{0,3}") {
        let line = LineDraft {
            kind: text.clone(), entitlements: text.clone(), estimated: text.clone(), size_gb: text.clone(),
            notes: text.clone(),
        };
        let draft = Draft {
            by_microsoft: answer, starts: text.clone(), ends: text.clone(), lines: vec![line],
            rejection_reason: text.clone(), rejection_note: text,
        };
        prop_assert!(draft.check(&context(5, &[]), rules()).is_err());
    }
}
