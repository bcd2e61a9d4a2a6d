//! One parser for each kind of form field (V1, V2): typed text in, a value or the broken rule out.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use super::finding::Rule;
use super::text;

/// A text of at most `max` characters; empty is `None`.
pub fn optional_text(typed: &str, max: usize) -> Result<Option<String>, Rule> {
    let kept = text::clean(typed).map_err(|_| Rule::ControlCharacter)?;
    if kept.chars().count() > max {
        return Err(Rule::TooLong { max });
    }
    Ok((!kept.is_empty()).then_some(kept))
}

/// A text that must be there.
pub fn required_text(typed: &str, max: usize) -> Result<String, Rule> {
    optional_text(typed, max)?.ok_or(Rule::Required)
}

/// A calendar date, `YYYY-MM-DD`, from 2000 to 2099; empty is `None`.
pub fn optional_date(typed: &str) -> Result<Option<NaiveDate>, Rule> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let plain = typed.len() == 10 && typed.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let date =
        plain.then(|| NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok()).flatten().ok_or(Rule::NotADate)?;
    if (2000..=2099).contains(&date.year()) { Ok(Some(date)) } else { Err(Rule::DateOutOfRange) }
}

/// A date that must be there.
pub fn required_date(typed: &str) -> Result<NaiveDate, Rule> {
    optional_date(typed)?.ok_or(Rule::Required)
}

/// A whole number within `range`, written in ASCII digits alone: no sign, space, point or exponent; empty is
/// `None`.
pub fn optional_whole(typed: &str, range: RangeInclusive<i32>) -> Result<Option<i32>, Rule> {
    if typed.is_empty() {
        return Ok(None);
    }
    let plain = typed.bytes().all(|b| b.is_ascii_digit());
    let number = plain.then(|| typed.parse().ok()).flatten().filter(|number| range.contains(number));
    number.map(Some).ok_or(Rule::NotAWholeNumber { least: *range.start(), most: *range.end() })
}

/// A whole number that must be there.
pub fn required_whole(typed: &str, range: RangeInclusive<i32>) -> Result<i32, Rule> {
    optional_whole(typed, range)?.ok_or(Rule::Required)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sr_v1_dates_are_calendar_dates_of_this_century() {
        assert_eq!(optional_date("2028-02-29"), Ok(NaiveDate::from_ymd_opt(2028, 2, 29)));
        for (typed, rule) in [
            ("2026-02-30", Rule::NotADate),
            ("0000-00-00", Rule::NotADate),
            ("0001-01-01", Rule::DateOutOfRange),
            ("9999-12-31", Rule::DateOutOfRange),
            ("1999-12-31", Rule::DateOutOfRange),
            ("21.11.2026", Rule::NotADate),
            ("2026-1-1", Rule::NotADate),
            ("+026-01-01", Rule::NotADate),
            ("２０２６-01-01", Rule::NotADate),
        ] {
            assert_eq!(optional_date(typed), Err(rule), "{typed}");
        }
        assert_eq!(required_date(" "), Err(Rule::Required));
    }

    #[test]
    fn sr_v1_numbers_are_digits_alone() {
        let odd = Rule::NotAWholeNumber { least: 1, most: i32::MAX };
        assert_eq!(required_whole("305", 1..=i32::MAX), Ok(305));
        assert_eq!(required_whole("2147483647", 1..=i32::MAX), Ok(i32::MAX));
        for typed in
            ["0", "2147483648", "99999999999999999999", "-1", "+1", "1.5", "1e3", " 1", "1 ", "٣", "0x1"]
        {
            assert_eq!(required_whole(typed, 1..=i32::MAX), Err(odd.clone()), "{typed}");
        }
        assert_eq!(required_whole("", 1..=9), Err(Rule::Required));
        assert_eq!(optional_whole("", 0..=9), Ok(None));
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_read(typed in any::<String>()) {
            let _ = optional_date(&typed);
            if let Ok(Some(kept)) = optional_text(&typed, 20) {
                prop_assert!(kept.chars().count() <= 20);
            }
        }
    }
}
