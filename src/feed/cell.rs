//! One typed parser for each kind of field (V1-V3). Nothing is guessed: what does not fit is a problem.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use uuid::Uuid;

use super::report::Rule;
use crate::domain::country::countries;
use crate::domain::{field, finding, text};

/// How values are written in the file at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// From CSV: everything is text.
    pub loose: bool,
    /// The day that `today` stands for. None: such dates are refused.
    pub today: Option<NaiveDate>,
}

/// Most entitlements, seats or users that are believed.
const COUNT_MAX: i64 = 100_000_000;
/// Most entries of a list.
const LIST_MAX: usize = 100;

/// A text of several lines.
pub(super) fn text(value: &Value, max: usize) -> Result<String, Rule> {
    let Value::String(written) = value else { return Err(Rule::NotText) };
    let kept = text::clean(written).map_err(|_| Rule::ControlCharacter)?;
    match kept.chars().count() {
        0 => Err(Rule::Required),
        n if n > max => Err(Rule::TooLong { max }),
        _ => Ok(kept),
    }
}

/// A text of one line.
pub(super) fn line(value: &Value, max: usize) -> Result<String, Rule> {
    let kept = text(value, max)?;
    if kept.contains(['\n', '\t']) { Err(Rule::ControlCharacter) } else { Ok(kept) }
}

/// A whole number of entitlements, seats or users.
pub(super) fn count(value: &Value, manner: Manner, min: i32) -> Result<i32, Rule> {
    let wrong = Rule::NotANumber { min: min.into(), max: COUNT_MAX };
    let number = whole(value, manner, min.into(), COUNT_MAX)?;
    i32::try_from(number).map_err(|_| wrong)
}

/// A whole number from `min` to `max`: digits, no sign, no exponent, no spaces.
pub(super) fn whole(value: &Value, manner: Manner, min: i64, max: i64) -> Result<i64, Rule> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) if manner.loose && digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().ok()
        }
        _ => None,
    };
    number.filter(|n| (min..=max).contains(n)).ok_or(Rule::NotANumber { min, max })
}

/// True or false; in CSV also TRUE, yes, no.
pub(super) fn truth(value: &Value, manner: Manner) -> Result<bool, Rule> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::String(word) if manner.loose => match word.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" => Ok(true),
            "false" | "no" => Ok(false),
            _ => Err(Rule::NotABool),
        },
        _ => Err(Rule::NotABool),
    }
}

/// A list of values, each read by `one`; in CSV they are separated by `|`.
pub(super) fn list<T>(
    value: &Value,
    manner: Manner,
    mut one: impl FnMut(&Value) -> Result<T, Rule>,
) -> Result<Vec<T>, Rule> {
    let parted: Vec<Value>;
    let values = match value {
        Value::Array(values) => values,
        Value::String(joined) if manner.loose => {
            parted = joined.split('|').map(|part| Value::String(part.trim().to_owned())).collect();
            &parted
        }
        _ => return Err(Rule::NotAList),
    };
    if values.len() > LIST_MAX {
        return Err(Rule::TooLong { max: LIST_MAX });
    }
    values.iter().map(&mut one).collect()
}

/// A calendar date of this century, or `today`, `today-12`, `today+30` where that is allowed.
pub(super) fn date(value: &Value, manner: Manner) -> Result<NaiveDate, Rule> {
    let Value::String(written) = value else { return Err(Rule::NotADate) };
    if let (Some(today), Some(offset)) = (manner.today, written.strip_prefix("today")) {
        return from_today(today, offset).ok_or(Rule::NotADate);
    }
    field::required_date(written).map_err(|rule| match rule {
        finding::Rule::DateOutOfRange => Rule::DateOutOfRange,
        _ => Rule::NotADate,
    })
}

fn from_today(today: NaiveDate, offset: &str) -> Option<NaiveDate> {
    let days = |digits: &str| digits.parse().ok().map(Days::new);
    match offset.split_at_checked(1) {
        None => Some(today),
        Some(("-", digits)) => today.checked_sub_days(days(digits)?),
        Some(("+", digits)) => today.checked_add_days(days(digits)?),
        Some(_) => None,
    }
}

/// A point in time with its offset from UTC; where relative dates are allowed also `today-12T09:30`, in UTC.
pub(super) fn instant(value: &Value, manner: Manner) -> Result<DateTime<Utc>, Rule> {
    let Value::String(written) = value else { return Err(Rule::NotAnInstant) };
    let instant = match (manner.today, written.split_once('T')) {
        (Some(_), Some((day, time))) if day.starts_with("today") => {
            let day = date(&Value::String(day.to_owned()), manner)?;
            let time = NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| Rule::NotAnInstant)?;
            day.and_time(time).and_utc()
        }
        _ => DateTime::parse_from_rfc3339(written).map_err(|_| Rule::NotAnInstant)?.to_utc(),
    };
    if (2000..=2099).contains(&instant.year()) { Ok(instant) } else { Err(Rule::DateOutOfRange) }
}

/// A GUID in its usual form.
pub(super) fn guid(value: &Value) -> Result<Uuid, Rule> {
    let Value::String(written) = value else { return Err(Rule::NotAGuid) };
    let written = written.trim();
    let usual = written.len() == 36;
    usual.then(|| Uuid::try_parse(written).ok()).flatten().filter(|id| !id.is_nil()).ok_or(Rule::NotAGuid)
}

/// A user name of the form of an e-mail address (V3), in lower case. ASCII only, so that none can pose as another.
pub(super) fn user_name(value: &Value) -> Result<String, Rule> {
    let written = line(value, field::EMAIL_MAX)?.to_ascii_lowercase();
    if !field::is_email(&written) {
        return Err(Rule::NotAnAddress);
    }
    Ok(written)
}

/// A domain name in lower case; letters of other scripts are fine as long as they are not mixed with Latin.
pub(super) fn domain(value: &Value) -> Result<String, Rule> {
    let written = line(value, 253)?.to_lowercase();
    match (field::is_host(&written), text::looks_alike(&written)) {
        (false, _) => Err(Rule::NotADomain),
        (true, true) => Err(Rule::MixedScripts),
        (true, false) => Ok(written),
    }
}

/// Digits of an MPN id. A text, since leading zeros may count.
pub(super) fn mpn_id(value: &Value) -> Result<String, Rule> {
    match value {
        Value::String(id) if (1..=12).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()) => {
            Ok(id.clone())
        }
        _ => Err(Rule::NotAnMpnId),
    }
}

/// A phone number as E.164 has it: plus and digits. What people put between the digits goes (V3).
pub(super) fn phone(value: &Value) -> Result<String, Rule> {
    let Value::String(written) = value else { return Err(Rule::NotAPhone) };
    field::phone(written).ok().filter(|number| !number.is_empty()).ok_or(Rule::NotAPhone)
}

/// A time zone of the IANA list, by its own name.
pub(super) fn time_zone(value: &Value) -> Result<String, Rule> {
    let zone: Tz = line(value, 40).ok().and_then(|name| name.parse().ok()).ok_or(Rule::NotATimeZone)?;
    Ok(zone.name().to_owned())
}

/// A country of ISO 3166-1, two letters.
pub(super) fn country(value: &Value) -> Result<String, Rule> {
    let code = line(value, 2).map_err(|_| Rule::NotACountry)?.to_ascii_uppercase();
    if countries().entry(&code).is_some() { Ok(code) } else { Err(Rule::NotACountry) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const JSON: Manner = Manner { loose: false, today: None };
    const CSV: Manner = Manner { loose: true, today: None };

    #[test]
    fn sr_v1_numbers_are_whole_and_within_bounds() {
        let wrong = Err(Rule::NotANumber { min: 0, max: COUNT_MAX });
        assert_eq!(count(&json!(305), JSON, 0), Ok(305));
        assert_eq!(count(&json!("305"), CSV, 0), Ok(305));
        for value in [json!(-1), json!(1.0), json!(1e3), json!("305"), json!(4_294_967_296_u64), json!(true)]
        {
            assert_eq!(count(&value, JSON, 0), wrong, "{value}");
        }
        for value in ["", " 5", "5 ", "+5", "-5", "5e2", "0x5", "５", "1.000", "99999999999999999999"] {
            assert_eq!(count(&json!(value), CSV, 0), wrong, "{value}");
        }
    }

    #[test]
    fn sr_v1_relative_dates_are_for_the_demo_only() {
        let demo = Manner { loose: false, today: NaiveDate::from_ymd_opt(2026, 3, 1) };
        assert_eq!(date(&json!("today-1"), demo), Ok(NaiveDate::from_ymd_opt(2026, 2, 28).unwrap()));
        assert_eq!(date(&json!("today"), JSON), Err(Rule::NotADate));
        assert_eq!(date(&json!("1999-12-31"), JSON), Err(Rule::DateOutOfRange));
        assert_eq!(instant(&json!("today-1T09:30"), demo).unwrap().to_rfc3339(), "2026-02-28T09:30:00+00:00");
        assert_eq!(instant(&json!("2026-02-28T09:30:00"), demo), Err(Rule::NotAnInstant));
    }

    #[test]
    fn sr_v3_addresses_countries_and_domains_are_checked() {
        assert_eq!(user_name(&json!("AlexW@Example.com")).as_deref(), Ok("alexw@example.com"));
        for bad in [
            "a",
            "a@b",
            "a@b@c.de",
            "a b@c.de",
            "a@c.de, b@c.de",
            "\u{430}lexw@example.com",
            "@c.de",
            "a@-c.de",
        ] {
            assert_eq!(user_name(&json!(bad)), Err(Rule::NotAnAddress), "{bad}");
        }
        assert_eq!(country(&json!("de")).as_deref(), Ok("DE"));
        assert_eq!(country(&json!("XX")), Err(Rule::NotACountry));
        assert_eq!(country(&json!("D ")), Err(Rule::NotACountry));
        assert_eq!(domain(&json!("例え.jp")).as_deref(), Ok("例え.jp"));
        assert_eq!(domain(&json!("c\u{43E}ntoso.com")), Err(Rule::MixedScripts));
        assert!(guid(&json!("7e2a1c5e-0000-4000-8000-000000000001")).is_ok());
        assert_eq!(guid(&json!("7e2a1c5e00004000800000000000000001")), Err(Rule::NotAGuid));
        assert_eq!(guid(&json!("00000000-0000-0000-0000-000000000000")), Err(Rule::NotAGuid));
    }

    #[test]
    fn sr_v3_phones_become_plus_and_digits() {
        for written in ["+49 30 123456", "0049 (30) 12-34-56", "+49 (0)30/12.34.56"] {
            assert_eq!(phone(&json!(written)).as_deref(), Ok("+4930123456"), "{written}");
        }
        for wrong in ["030 123456", "+0 123 4567", "+49 30", "call me", "+49301234567890123", "+49301234５６"]
        {
            assert_eq!(phone(&json!(wrong)), Err(Rule::NotAPhone), "{wrong}");
        }
        assert_eq!(time_zone(&json!("Europe/Berlin")).as_deref(), Ok("Europe/Berlin"));
        assert_eq!(time_zone(&json!("Berlin")), Err(Rule::NotATimeZone));
    }

    proptest! {
        #[test]
        fn no_value_is_too_odd_to_be_read(written in any::<String>()) {
            let demo = Manner { loose: true, today: NaiveDate::from_ymd_opt(2026, 3, 1) };
            let value = json!(written);
            let _ = (count(&value, demo, 0), truth(&value, demo), date(&value, demo), instant(&value, demo));
            let _ = (guid(&value), mpn_id(&value), country(&value), domain(&value), phone(&value), time_zone(&value));
            if let Ok(name) = user_name(&value) {
                prop_assert!(name.is_ascii());
            }
        }
    }
}
