use proptest::prelude::*;

use super::*;

/// A Saturday.
const TODAY: &str = "2026-11-21";

fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap()
}

fn ahead() -> Reading {
    Reading { today: Today(day(TODAY)), order: None, lean: Lean::Ahead, month_is_its_first_day: false }
}

#[track_caller]
fn reads(reading: Reading, cases: &[(&str, &[&str])]) {
    for (typed, meant) in cases {
        let meant: Vec<_> = meant.iter().map(|iso| day(iso)).collect();
        assert_eq!(read(typed, reading), one_of(meant), "{typed}");
    }
}

#[test]
fn days_are_read_as_people_type_them() {
    reads(
        ahead(),
        &[
            ("1 mar", &["2027-03-01"]),
            ("1mar", &["2027-03-01"]),
            ("Mar 1st, 2028", &["2028-03-01"]),
            ("1 March 2027", &["2027-03-01"]),
            ("the 22nd of November", &["2026-11-22"]),
            ("2027-03-01", &["2027-03-01"]),
            ("2027/3/1", &["2027-03-01"]),
            ("1-mar-27", &["2027-03-01"]),
            ("Mon 1 Mar", &["2027-03-01"]),
            ("Tue 1 Mar 2027", &[]),
            ("end of june", &["2027-06-30"]),
            ("mid-June 2028", &["2028-06-15"]),
            ("end of feb 2028", &["2028-02-29"]),
            ("end of month", &["2026-11-30"]),
            ("beginning of next year", &["2027-01-01"]),
            ("tomorrow", &["2026-11-22"]),
            ("+30d", &["2026-12-21"]),
            ("in 2 weeks", &["2026-12-05"]),
            ("+3m", &["2027-02-21"]),
            ("in a year", &["2027-11-21"]),
            ("3 days ago", &["2026-11-18"]),
        ],
    );
}

#[test]
fn german_french_and_spanish_days_are_read() {
    reads(
        ahead(),
        &[
            ("1. März 2027", &["2027-03-01"]),
            ("Ende Juni", &["2027-06-30"]),
            ("nächsten Montag", &["2026-11-23"]),
            ("1er août", &["2027-08-01"]),
            ("mi-février", &["2027-02-15"]),
            ("aujourd’hui", &[TODAY]),
            ("1 de marzo de 2027", &["2027-03-01"]),
            ("mañana", &["2026-11-22"]),
            ("1º de enero", &["2027-01-01"]),
            ("in einem Monat", &["2026-12-21"]),
        ],
    );
}

#[test]
fn bare_numbers_are_ambiguous_unless_the_calendar_or_the_habit_decides() {
    let both: &[&str] = &["2027-01-03", "2027-03-01"];
    reads(
        ahead(),
        &[
            ("01/03/2027", both),
            ("3/4", &["2027-03-04", "2027-04-03"]),
            ("13/4", &["2027-04-13"]),
            ("4/13/2027", &["2027-04-13"]),
            ("5/5", &["2027-05-05"]),
            ("1.3.", &["2027-03-01"]),
            ("1.3.27", &["2027-03-01"]),
            ("13/13/2027", &[]),
        ],
    );
    let british = Reading { order: DayOrder::of_locale("en-GB"), ..ahead() };
    let american = Reading { order: DayOrder::of_locale("en-US"), ..ahead() };
    reads(british, &[("01/03/2027", &["2027-03-01"]), ("4/13/2027", &["2027-04-13"])]);
    reads(american, &[("01/03/2027", &["2027-01-03"])]);
    for (locale, order) in [
        ("de-DE", Some(DayOrder::DayFirst)),
        ("fr", Some(DayOrder::DayFirst)),
        ("ja-JP", Some(DayOrder::MonthFirst)),
        ("en", None),
        ("en-CA", None),
        ("", None),
    ] {
        assert_eq!(DayOrder::of_locale(locale), order, "{locale}");
    }
}

#[test]
fn what_says_too_little_is_offered_not_guessed() {
    reads(
        ahead(),
        &[
            ("june", &["2027-06-01", "2027-06-30"]),
            ("November", &["2026-11-30"]),
            ("November 2026", &["2026-11-01", "2026-11-30"]),
            ("monday", &["2026-11-23"]),
            ("next monday", &["2026-11-23"]),
            ("next sunday", &["2026-11-22", "2026-11-29"]),
            ("last saturday", &["2026-11-14"]),
        ],
    );
    let d7 = Reading { month_is_its_first_day: true, ..ahead() };
    reads(d7, &[("june", &["2027-06-01"]), ("November", &["2027-11-01"])]);
}

#[test]
fn a_year_is_supplied_where_days_are_looked_for() {
    let back = Reading { lean: Lean::Back, ..ahead() };
    reads(back, &[("3 march", &["2026-03-03"]), ("21 nov", &[TODAY]), ("22/11", &["2025-11-22"])]);
    reads(back, &[("monday", &["2026-11-16"]), ("29 feb", &["2024-02-29"]), ("november", &["2026-11-01"])]);
    let recent = Reading { lean: Lean::Recent, ..ahead() };
    reads(recent, &[("20 nov", &["2026-11-20"]), ("1 jun", &["2027-06-01"]), ("monday", &["2026-11-23"])]);
    reads(ahead(), &[("21 nov", &["2027-11-21"]), ("29 feb", &["2028-02-29"]), ("29 feb 2027", &[])]);
}

#[test]
fn what_is_no_day_is_none() {
    for typed in [
        "",
        " ",
        "31 april",
        "0 mar",
        "32 mar",
        "soon",
        "2027",
        "15%",
        "1 2 3 4",
        "q2",
        "next week",
        "-",
        "+",
        "/",
        "1/",
        "2027-02-30",
        "1e3",
        "next march",
        "+9999999y",
    ] {
        assert_eq!(read(typed, ahead()), When::NotADate, "{typed}");
    }
    assert_eq!(read(&"1 mar ".repeat(20), ahead()), When::NotADate);
}

#[test]
fn a_distance_is_read_and_months_keep_to_the_calendar() {
    for (typed, span) in [
        ("+30d", Some(Span::Days(30))),
        ("-2w", Some(Span::Days(-14))),
        ("−2w", Some(Span::Days(-14))),
        ("by 3 months", Some(Span::Months(3))),
        ("2 weeks later", Some(Span::Days(14))),
        ("10 days earlier", Some(Span::Days(-10))),
        ("tomorrow", None),
        ("+99999d", None),
    ] {
        assert_eq!(Span::read(typed), span, "{typed}");
    }
    assert_eq!(Span::Months(1).after(day("2027-01-31")), Some(day("2027-02-28")));
}

#[test]
fn a_day_or_a_distance_is_found_at_the_end_of_a_line() {
    for (words, name, day) in [
        ("contoso exo 1 mar", "contoso exo", "1 mar"),
        ("contoso  exo\tMonday, 1 March 2027 ", "contoso  exo", "Monday, 1 March 2027"),
        ("may", "may", ""),
        ("contoso exo", "contoso exo", ""),
        ("12 monkeys teams in 2 weeks", "12 monkeys teams", "in 2 weeks"),
    ] {
        assert_eq!(at_the_end(words), (name, day), "{words}");
    }
    assert_eq!(Span::at_the_end("contoso exo by 30 days"), ("contoso exo", "by 30 days"));
    assert_eq!(Span::at_the_end("contoso exo"), ("contoso exo", ""));
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..36_524_u64).prop_map(|days| day("2000-01-01") + Days::new(days))
}

proptest! {
    #[test]
    fn nothing_that_is_typed_makes_reading_panic(
        odd in any::<String>(),
        near in prop::collection::vec(prop::sample::select(vec![
            "1", "31", "29", "0", "9999", "2027", "mar", "feb", "end", "of", "mid", "next", "last", "monday", "+", "-",
            "/", ".", "in", "a", "weeks", "d", "months", "year", "ago", "june", "99", "，", "март",
        ]), 0..6),
    ) {
        for typed in [odd, near.join(" "), near.concat()] {
            if let When::Ambiguous(days) = read(&typed, ahead()) {
                prop_assert!(days.len() >= 2 && days.is_sorted());
            }
            let _ = (Span::read(&typed), at_the_end(&typed), Span::at_the_end(&typed));
        }
    }

    #[test]
    fn a_day_that_is_written_out_is_that_day(date in any_day()) {
        for format in ["%Y-%m-%d", "%-d %b %Y", "%B %-d, %Y", "%-d.%-m.%Y", "%A, %-d %B %Y", "%-dth of %B %Y"] {
            let typed = date.format(format).to_string();
            prop_assert_eq!(read(&typed, ahead()), When::One(date), "{}", typed);
        }
    }

    #[test]
    fn day_and_month_of_bare_numbers_ask_exactly_when_they_could_be_swapped(date in any_day()) {
        let typed = date.format("%d/%m/%Y").to_string();
        let swapped = NaiveDate::from_ymd_opt(date.year(), date.day(), date.month()).filter(|day| *day != date);
        prop_assert_eq!(read(&typed, ahead()), one_of([Some(date), swapped].into_iter().flatten().collect()));
        let british = Reading { order: Some(DayOrder::DayFirst), ..ahead() };
        prop_assert_eq!(read(&typed, british), When::One(date));
    }

    #[test]
    fn without_a_year_the_first_such_day_ahead_is_meant(date in any_day(), today in any_day()) {
        let reading = Reading { today: Today(today), ..ahead() };
        let When::One(meant) = read(&date.format("%-d %B").to_string(), reading) else {
            return Err(TestCaseError::fail("one day"));
        };
        prop_assert_eq!((meant.day(), meant.month()), (date.day(), date.month()));
        let between = today.iter_days().skip(1).take_while(|day| *day < meant);
        prop_assert!(meant > today);
        prop_assert!(between.into_iter().all(|day| (day.day(), day.month()) != (meant.day(), meant.month())));
    }
}
