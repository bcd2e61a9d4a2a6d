//! Dates of bare numbers: `2027-03-01`, `1.3.2027`, `3/4`.

use chrono::NaiveDate;

use super::{DayOrder, Reading};

/// The days that a date of bare numbers can mean; `None`: it is not one of bare numbers.
pub(super) fn read(text: &str, reading: Reading) -> Option<Vec<NaiveDate>> {
    let text: String = text.chars().filter(|c| *c != ' ').collect();
    let separator = text.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
    let mut parts: Vec<&str> = text.split(separator).collect();
    if separator == '.' && parts.last() == Some(&"") {
        parts.pop();
    }
    if !parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let order = if separator == '.' { Some(DayOrder::DayFirst) } else { reading.order };
    match *parts {
        [year, month, day] if year.len() == 4 => {
            Some(dated(Some(year), month, day, reading).into_iter().collect())
        }
        [a, b] if a.len() <= 2 => Some(both(a, b, None, order, reading)),
        [a, b, year] => Some(both(a, b, Some(year), order, reading)),
        _ => Some(Vec::new()),
    }
}

/// Day first and month first, or one of them where the habit is known and the calendar has such a day.
fn both(a: &str, b: &str, year: Option<&str>, order: Option<DayOrder>, reading: Reading) -> Vec<NaiveDate> {
    let day_first = dated(year, b, a, reading);
    let month_first = dated(year, a, b, reading);
    let days = match order {
        None => [day_first, month_first],
        Some(DayOrder::DayFirst) => [day_first.or(month_first), None],
        Some(DayOrder::MonthFirst) => [month_first.or(day_first), None],
    };
    days.into_iter().flatten().collect()
}

fn dated(said: Option<&str>, month: &str, day: &str, reading: Reading) -> Option<NaiveDate> {
    let (month, day) = (self::day(month)?, self::day(day)?);
    match said {
        Some(said) => NaiveDate::from_ymd_opt(year(said)?, month, day),
        None => reading.yearly(|year| NaiveDate::from_ymd_opt(year, month, day)),
    }
}

/// One or two digits.
pub(super) fn day(typed: &str) -> Option<u32> {
    let plain = matches!(typed.len(), 1 | 2) && typed.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| typed.parse().ok()).flatten()
}

/// Four digits, or two of this century.
pub(super) fn year(typed: &str) -> Option<i32> {
    let plain = typed.bytes().all(|b| b.is_ascii_digit());
    match typed.len() {
        2 if plain => typed.parse::<i32>().ok().map(|year| 2000 + year),
        4 if plain => typed.parse().ok(),
        _ => None,
    }
}
