//! The engagement start date of a service: the day on which customer and partner begin to talk about it
//! (DOMAIN 3.5).

use chrono::{Datelike, NaiveDate};

use super::field::{optional_date, required_text};
use super::finding::{Findings, Rule};
use super::rules::Rules;
use super::time::Today;

/// A start date as it was typed, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The day, `YYYY-MM-DD`; empty takes the date away.
    pub date: String,
    /// Why it changes (D5).
    pub reason: String,
}

/// A change that keeps every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartChange {
    /// The day from now on; `None`: none.
    pub date: Option<NaiveDate>,
    /// Why it changes: the text of an engagement management note (D5).
    pub reason: String,
}

impl Draft {
    /// Checks the draft against D2 and D5: all findings at once. `None`: nothing is to be changed. `in_progress` is
    /// the number of entitlements of the service in that status.
    pub fn check(
        &self,
        rules: &Rules,
        stored: Option<NaiveDate>,
        in_progress: i32,
    ) -> Result<Option<StartChange>, Findings> {
        let mut findings = Findings::default();
        let date = findings.keep("engagement_start", optional_date(&self.date));
        if date.flatten() == stored && date.is_some() {
            if self.reason.trim().is_empty() {
                return Ok(None);
            }
            findings.add("reason", Rule::NothingToExplain);
            return Err(findings);
        }
        if date.flatten().is_some() && in_progress < 1 {
            findings.add("engagement_start", Rule::NothingInProgress);
        }
        let reason = findings.keep("reason", required_text(&self.reason, rules.reason_max));
        match (date, reason) {
            (Some(date), Some(reason)) if findings.is_empty() => Ok(Some(StartChange { date, reason })),
            _ => Err(findings),
        }
    }
}

impl StartChange {
    /// The text of the note that says why (D5): what changed, and the reason as it was given.
    pub fn note(&self, service: &str, before: Option<NaiveDate>) -> String {
        let day = |date: Option<NaiveDate>| {
            date.map_or_else(|| "none".to_owned(), |date| date.format("%-d %b %Y").to_string())
        };
        let (before, after) = (day(before), day(self.date));
        format!("Engagement start date of {service}: {after} (before: {before}). {}", self.reason)
    }
}

/// Something about a start date that is worth a look, but no reason to refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// A first date for talks that began before today: engagements that run already are not filled in later (D3).
    BackFilled,
    /// A day of a later month that is not its first: right only if the day is known (D7).
    IsTheDayKnown {
        /// The first day of that month.
        first: NaiveDate,
    },
}

/// What is worth a look about `date` in place of what was `stored` (D3, D7).
pub fn hint(date: NaiveDate, stored: Option<NaiveDate>, today: Today) -> Option<Hint> {
    let first = date.with_day(1)?;
    if stored.is_none() && date < today.0 {
        Some(Hint::BackFilled)
    } else if first > today.0 && date != first {
        Some(Hint::IsTheDayKnown { first })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::rules::rules;
    use super::*;

    fn day(iso: &str) -> NaiveDate {
        iso.parse().unwrap()
    }

    fn draft(date: &str, reason: &str) -> Draft {
        Draft { date: date.into(), reason: reason.into() }
    }

    fn broken(draft: &Draft, stored: Option<NaiveDate>, in_progress: i32) -> Vec<(&'static str, Rule)> {
        draft.check(rules(), stored, in_progress).unwrap_err().pairs()
    }

    #[test]
    fn d2_only_services_with_in_progress_entitlements_have_one() {
        let first = draft("2027-03-01", "Kick-off agreed.");
        assert_eq!(broken(&first, None, 0), [("engagement_start", Rule::NothingInProgress)]);
        assert!(first.check(rules(), None, 1).is_ok());
        // A date that no longer fits can be taken away.
        assert!(draft("", "Not in progress any more.").check(rules(), Some(day("2027-03-01")), 0).is_ok());
    }

    #[test]
    fn d5_every_change_says_why_and_all_that_is_wrong_is_named_at_once() {
        let stored = Some(day("2027-02-01"));
        assert_eq!(broken(&draft("2027-03-01", " "), stored, 5), [("reason", Rule::Required)]);
        assert_eq!(broken(&draft("", ""), stored, 5), [("reason", Rule::Required)]);
        assert_eq!(
            broken(&draft("2027-02-30", ""), stored, 5),
            [("engagement_start", Rule::NotADate), ("reason", Rule::Required)]
        );
        assert_eq!(draft("2027-02-01", "").check(rules(), stored, 5), Ok(None));
        assert_eq!(broken(&draft("2027-02-01", "Why"), stored, 5), [("reason", Rule::NothingToExplain)]);
    }

    #[test]
    fn d3_d7_what_is_unusual_is_worth_a_hint() {
        let today = Today(day("2026-11-21"));
        assert_eq!(hint(day("2026-11-01"), None, today), Some(Hint::BackFilled));
        assert_eq!(hint(day("2026-11-01"), Some(day("2026-10-01")), today), None);
        let first = day("2027-03-01");
        assert_eq!(hint(day("2027-03-14"), None, today), Some(Hint::IsTheDayKnown { first }));
        assert_eq!(hint(first, None, today), None);
        assert_eq!(hint(day("2026-11-24"), None, today), None);
    }

    proptest! {
        #[test]
        fn d2_d5_hold_for_whatever_is_accepted(
            date in prop_oneof!["20[0-9]{2}-[01][0-9]-[0-3][0-9]", Just(String::new()), any::<String>()],
            reason in any::<String>(),
            stored in prop::option::of(Just(day("2027-02-01"))),
            in_progress in 0..3_i32,
        ) {
            match (Draft { date, reason }).check(rules(), stored, in_progress) {
                Ok(Some(change)) => {
                    prop_assert!(change.date != stored && !change.reason.is_empty());
                    prop_assert!(change.date.is_none() || in_progress > 0);
                }
                Ok(None) => {}
                Err(findings) => prop_assert!(!findings.is_empty()),
            }
        }
    }
}
