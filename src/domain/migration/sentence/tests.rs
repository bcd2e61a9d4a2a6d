use proptest::prelude::*;

use super::super::super::service::catalogue;
use super::super::Line;
use super::*;

fn iso(typed: &str, _: Lean) -> Vec<NaiveDate> {
    let day = |text: &str| text.parse().unwrap();
    match typed {
        "1 mar" => vec![day("2027-03-01")],
        "end of june" => vec![day("2027-06-30")],
        "3/4" => vec![day("2027-03-04"), day("2027-04-03")],
        other => other.parse().into_iter().collect(),
    }
}

fn heard(text: &str, before: Option<&Migration>) -> Heard {
    hear(text, catalogue().service("exchange").unwrap(), 305, before, &iso)
}

fn shown(heard: &Heard) -> (Vec<(&str, &str)>, &str, &str) {
    let draft = &heard.draft;
    let lines = draft.lines.iter().map(|line| (&*line.kind, &*line.entitlements)).collect();
    (lines, &draft.starts, &draft.ends)
}

#[test]
fn a_line_says_types_numbers_and_dates_in_any_order() {
    let both = vec![("mig_ex_hybrid", "200"), ("mig_imap", "105")];
    for text in [
        "hybrid 200, imap 105, from 1 mar to end of june",
        "from 1 mar until end of june; 200 mailboxes hybrid; 105 IMAP",
        "Mig-ExHybrid: 200, mig_imap = 105, starts 1 mar, ends 2027-06-30",
        "1 mar - end of june, hybird 200, imap rest",
        "hybrid 200, imap the rest, from 1 mar, end of june",
    ] {
        let heard = heard(text, None);
        assert_eq!(shown(&heard), (both.clone(), "2027-03-01", "2027-06-30"), "{text}");
        assert_eq!(heard.odd, [], "{text}");
    }
}

#[test]
fn the_rest_is_what_the_others_leave() {
    let no_migration = vec![("mig_ex_hybrid", "300"), (NO_MIGRATION, "5")];
    assert_eq!(shown(&heard("hybrid 300, rest none", None)).0, no_migration);
    assert_eq!(shown(&heard("hybrid 300, rest", None)).0, no_migration);
    assert_eq!(shown(&heard("hybrid 305, rest", None)).0, [("mig_ex_hybrid", "305")]);
    assert_eq!(shown(&heard("hybrid 305, imap 0", None)).0[1], ("mig_imap", "0"), "never dropped in silence");
    assert_eq!(
        shown(&heard("hybrid 1,000, imap 2,500", None)).0,
        [("mig_ex_hybrid", "1000"), ("mig_imap", "2500")]
    );
}

#[test]
fn what_is_not_said_stays_as_it_is() {
    let kept = Line { notes: "At night".into(), size_gb: 40, ..Line::new("mig_imap", 305) };
    let before = Migration::Performed {
        starts: "2027-01-01".parse().unwrap(),
        ends: "2027-02-01".parse().unwrap(),
        lines: vec![kept, Line::new("mig_groupwise", 5)],
    };
    let longer = heard("until end of june", Some(&before));
    assert_eq!(
        shown(&longer),
        (vec![("mig_imap", "305"), ("mig_groupwise", "5")], "2027-01-01", "2027-06-30")
    );
    let split = heard("imap 200 50 gb by 2027-01-15, hybrid 105", Some(&before));
    assert_eq!(shown(&split).0, [("mig_imap", "200"), ("mig_ex_hybrid", "105")]);
    let imap = &split.draft.lines[0];
    assert_eq!([&*imap.size_gb, &*imap.notes, &*imap.estimated], ["50", "At night", "2027-01-15"]);
}

#[test]
fn what_may_mean_two_things_is_asked_and_nothing_is_guessed() {
    let two_days = heard("hybrid 305, from 3/4 to end of june", None);
    let lines: Vec<_> = two_days.odd[0].choices.iter().map(|choice| &*choice.line).collect();
    assert_eq!(
        lines,
        ["hybrid 305, from 2027-03-04 to end of june", "hybrid 305, from 2027-04-03 to end of june"]
    );
    let any_type = heard("mig 200 by 2027-04-01, from 1 mar", None);
    assert_eq!(any_type.odd[0].words, "mig");
    let imap = any_type.odd[0].choices.iter().find(|choice| choice.name == "Mig-IMAP").unwrap();
    assert_eq!(imap.line, "mig_imap 200 by 2027-04-01, from 1 mar");
    assert_eq!(shown(&heard(&imap.line, None)).0, [("mig_imap", "200")]);
    let odd = heard("carrier pigeon 200, whatever, from someday", None);
    let words: Vec<_> = odd.odd.iter().map(|odd| (&*odd.words, odd.choices.len())).collect();
    assert_eq!(words, [("carrier pigeon", 0), ("whatever", 0), ("someday", 0)]);
    assert_eq!(shown(&odd).0, [("", "200")], "the number is not lost");
}

#[test]
fn m6_a_reason_comes_before_the_comma_and_the_note_after_it() {
    let declined = |text: &str| {
        let Heard { draft, odd } = hear_declined(text);
        (draft.rejection_reason, draft.rejection_note, odd.len())
    };
    let said = |reason: &str, note: &str, odd| (reason.to_owned(), note.to_owned(), odd);
    assert_eq!(
        declined("self-migrate, they have their own tool, and like it"),
        said("customer_will_self_migrate", "they have their own tool, and like it", 0)
    );
    assert_eq!(declined("T&Cs; legal refuses"), said("no_terms_and_conditions", "legal refuses", 0));
    assert_eq!(declined("no data"), said("no_data_to_migrate", "", 0));
    assert_eq!(declined("the moon is full"), said("", "the moon is full", 0));
    let unclear = hear_declined("customer, it is so");
    assert!(
        unclear.odd[0].choices.iter().any(|choice| choice.line == "customer_will_self_migrate, it is so")
    );
}

proptest! {
    #[test]
    fn no_line_is_too_odd_to_be_heard(text in "\\PC{0,80}|([a-z]{1,6}|[0-9]{1,4}|,|by|from|to|rest|gb| ){0,30}") {
        let heard = heard(&text, None);
        prop_assert_eq!(heard.draft.by_microsoft, "true");
        let _ = hear_declined(&text);
    }

    #[test]
    fn each_choice_is_clear(kind in "mig|m|ex|g", number in 1..999_u32) {
        for odd in heard(&format!("{kind} {number}, from 3/4"), None).odd {
            for choice in odd.choices {
                prop_assert!(heard(&choice.line, None).odd.len() < 2);
            }
        }
    }
}
