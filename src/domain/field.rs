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

/// A text of one line, of at most `max` characters; empty where nothing was typed.
pub fn line(typed: &str, max: usize) -> Result<String, Rule> {
    let kept = optional_text(typed, max)?.unwrap_or_default();
    Ok(kept.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text of one line that must be there.
pub fn required_line(typed: &str, max: usize) -> Result<String, Rule> {
    let kept = line(typed, max)?;
    if kept.is_empty() { Err(Rule::Required) } else { Ok(kept) }
}

/// The most characters of an e-mail address (V3).
pub const EMAIL_MAX: usize = 254;

/// One e-mail address (V3); empty where nothing was typed. ASCII only, so that none can pose as another.
pub fn email(typed: &str) -> Result<String, Rule> {
    let kept = optional_text(typed, EMAIL_MAX)?.unwrap_or_default();
    let several = kept.matches('@').count() > 1 || kept.contains([',', ';']);
    match (kept.is_empty() || is_email(&kept), several) {
        (true, _) => Ok(kept),
        (false, true) => Err(Rule::OneEmailOnly),
        (false, false) => Err(Rule::NotAnEmail),
    }
}

/// Whether this is an e-mail address in ASCII: one `@`, a mailbox of at most 64 characters and a host name.
pub fn is_email(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    text.split_once('@').is_some_and(|(mailbox, host)| {
        let dotted = !mailbox.starts_with('.') && !mailbox.ends_with('.') && !mailbox.contains("..");
        let mailbox = (1..=64).contains(&mailbox.len()) && dotted && mailbox.chars().all(plain);
        mailbox && text.len() <= EMAIL_MAX && host.is_ascii() && is_host(host)
    })
}

/// Whether this is a host name of at least two labels. Letters of any script are letters.
pub fn is_host(name: &str) -> bool {
    name.contains('.')
        && name.split('.').all(|label| {
            (1..=63).contains(&label.chars().count())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

/// A telephone number as E.164 writes it, `+` and 7 to 15 digits (V3); empty where nothing was typed. Spaces,
/// hyphens, dots, brackets and the zero of `+49 (0)30` go.
pub fn phone(typed: &str) -> Result<String, Rule> {
    let kept = line(typed, PHONE_TYPED_MAX)?.replace("(0)", "");
    let number: String = kept
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}'))
        .collect();
    if number.is_empty() && kept.is_empty() {
        return Ok(number);
    }
    let digits = number.strip_prefix('+').or_else(|| number.strip_prefix("00")).ok_or(Rule::NotAPhone)?;
    let whole = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if whole && !digits.starts_with('0') { Ok(format!("+{digits}")) } else { Err(Rule::NotAPhone) }
}

/// Most characters of a telephone number with everything that people put between its digits.
const PHONE_TYPED_MAX: usize = 40;

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

    #[test]
    fn sr_v3_an_email_is_one_address_in_ascii() {
        for good in ["eva@contoso.com", "Eva.Novak+x@mail.contoso.co.uk", " o'neill@xn--bcher-kva.example "] {
            assert_eq!(email(good).as_deref(), Ok(good.trim()), "{good}");
        }
        assert_eq!(email("").as_deref(), Ok(""));
        assert_eq!(email("eva@\u{200B}contoso.com").as_deref(), Ok("eva@contoso.com"));
        for list in ["a@b.com,c@d.com", "a@b.com; c@d.com", "a@b.com c@d.com", "a@b@c.com"] {
            assert_eq!(email(list), Err(Rule::OneEmailOnly), "{list}");
        }
        for odd in [
            "eva",
            "eva@",
            "@contoso.com",
            "eva@contoso",
            "e va@contoso.com",
            "Eva <eva@contoso.com>",
            ".eva@contoso.com",
            "eva@-contoso.com",
            "eva@contoso..com",
            "eva@c\u{43E}ntoso.com",
            "eva\n@contoso.com",
        ] {
            assert_eq!(email(odd), Err(Rule::NotAnEmail), "{odd}");
        }
        assert_eq!(email("eva@contoso.com\0"), Err(Rule::ControlCharacter));
        let long = format!("eva@{}com", "contoso.".repeat(40));
        assert_eq!(email(&long), Err(Rule::TooLong { max: 254 }));
    }

    #[test]
    fn sr_v3_a_phone_is_e164_after_cleaning() {
        assert_eq!(phone("+420 123-456 789").as_deref(), Ok("+420123456789"));
        assert_eq!(phone("0049 (0)30 / 123.456").as_deref(), Ok("+4930123456"));
        assert_eq!(phone(" ").as_deref(), Ok(""));
        for odd in [
            "123456789",
            "+0123456789",
            "+12345",
            "+1234567890123456",
            "+1 555 CALL NOW",
            "+4912\u{663}4567",
            "()",
            "+",
            "tel:+420123456789",
        ] {
            assert_eq!(phone(odd), Err(Rule::NotAPhone), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_read(typed in any::<String>()) {
            let _ = optional_date(&typed);
            if let Ok(Some(kept)) = optional_text(&typed, 20) {
                prop_assert!(kept.chars().count() <= 20);
            }
            if let Ok(kept) = line(&typed, 20) {
                prop_assert!(!kept.contains(['\n', '\t']) && kept.chars().count() <= 20);
            }
        }

        #[test]
        fn sr_v3_what_is_kept_as_an_address_or_number_is_one(typed in "[ -~]{0,12}@?[ -~]{0,20}", odd in any::<String>()) {
            for typed in [typed, odd] {
                if let Ok(kept) = email(&typed) {
                    prop_assert!(kept.is_empty() || is_email(&kept));
                    prop_assert!(kept.is_ascii() && !kept.contains([' ', ',', ';', '<', '>']));
                    prop_assert_eq!(email(&kept), Ok(kept.clone()));
                }
                if let Ok(kept) = phone(&typed) {
                    prop_assert_eq!(phone(&kept), Ok(kept.clone()));
                }
            }
        }
    }
}
