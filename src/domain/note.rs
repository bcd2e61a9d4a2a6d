//! The engagement management note: what must be in it, and when the next one is due (DOMAIN 3.1).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::field::{optional_date, optional_text, required_date, required_text};
use super::finding::{Findings, Rule};
use super::rules::Rules;
use super::tenant::OverallStatus;
use super::time::Today;

/// The category of the fortnightly note (E5).
pub const ENGAGEMENT_MANAGEMENT: &str = "engagement_management";

/// A note as it was typed: reading it cannot fail, so that it can always be shown back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Overall status, by code.
    pub status: String,
    /// Status date, `YYYY-MM-DD`.
    pub status_date: String,
    /// The note itself.
    pub body: String,
    /// What happens next.
    pub next_action: String,
    /// When, `YYYY-MM-DD`.
    pub next_action_date: String,
    /// Who does it.
    pub next_action_owner: String,
}

/// A note that keeps every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngagementNote {
    /// Overall status of the engagement.
    pub status: OverallStatus,
    /// The day that the status holds for.
    pub status_date: NaiveDate,
    /// The note itself.
    pub body: String,
    /// What happens next, if anything was said of it.
    pub next_action: Option<NextAction>,
}

/// What happens next, when, and who does it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextAction {
    /// What.
    pub what: String,
    /// When.
    pub date: NaiveDate,
    /// Who.
    pub owner: String,
}

impl Draft {
    /// Checks the draft against E1, E2 and DOMAIN 2.4: all findings at once.
    pub fn check(&self, today: Today, rules: &Rules) -> Result<EngagementNote, Findings> {
        let mut findings = Findings::default();
        let status = findings.keep("status", self.status());
        let status_date = findings.keep("status_date", self.status_date(today));
        let body = findings.keep("body", required_text(&self.body, rules.note_body_max));
        let next_action = self.next_action(rules, &mut findings);
        match (status, status_date, body) {
            (Some(status), Some(status_date), Some(body)) if findings.is_empty() => {
                Ok(EngagementNote { status, status_date, body, next_action })
            }
            _ => Err(findings),
        }
    }

    fn status(&self) -> Result<OverallStatus, Rule> {
        if self.status.trim().is_empty() {
            return Err(Rule::Required);
        }
        OverallStatus::of(&self.status).ok_or(Rule::UnknownChoice)
    }

    /// E2: not in the future, by the user's own calendar.
    fn status_date(&self, today: Today) -> Result<NaiveDate, Rule> {
        let date = required_date(&self.status_date)?;
        if date > today.0 { Err(Rule::InFuture { today: today.0 }) } else { Ok(date) }
    }

    fn next_action(&self, rules: &Rules, findings: &mut Findings) -> Option<NextAction> {
        let what = findings.keep("next_action", optional_text(&self.next_action, rules.next_action_max))?;
        let date = findings.keep("next_action_date", optional_date(&self.next_action_date))?;
        let owner =
            findings.keep("next_action_owner", optional_text(&self.next_action_owner, rules.owner_max))?;
        if what.is_none() && date.is_none() && owner.is_none() {
            return None;
        }
        for (field, missing) in [
            ("next_action", what.is_none()),
            ("next_action_date", date.is_none()),
            ("next_action_owner", owner.is_none()),
        ] {
            if missing {
                findings.add(field, Rule::NextActionIncomplete);
            }
        }
        Some(NextAction { what: what?, date: date?, owner: owner? })
    }
}

/// When the next status note of a tenant is due (E4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteDue {
    /// There is none yet.
    Never,
    /// In this many days; 0 is today.
    In(i64),
    /// Overdue by this many days, at least 1.
    Overdue(i64),
}

impl NoteDue {
    /// Counts from the day of the last note, by the user's own calendar.
    pub fn after(last: Option<NaiveDate>, today: Today, rules: &Rules) -> Self {
        let Some(last) = last else { return Self::Never };
        match rules.status_note_days - today.days_since(last) {
            left @ 0.. => Self::In(left),
            over => Self::Overdue(-over),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::rules::rules;
    use super::*;

    fn today() -> Today {
        Today("2026-11-21".parse().unwrap())
    }

    fn draft() -> Draft {
        Draft {
            status: "active".into(),
            status_date: "2026-11-21".into(),
            body: "Pilot runs.".into(),
            ..Draft::default()
        }
    }

    fn broken(draft: &Draft) -> Vec<(&'static str, Rule)> {
        draft.check(today(), rules()).unwrap_err().pairs()
    }

    #[test]
    fn e1_status_date_and_note_are_all_required_and_named_at_once() {
        let missing = broken(&Draft::default());
        assert_eq!(
            missing,
            [("status", Rule::Required), ("status_date", Rule::Required), ("body", Rule::Required)]
        );
    }

    #[test]
    fn e2_the_status_date_is_not_in_the_future() {
        let ahead = Draft { status_date: "2026-11-22".into(), ..draft() };
        assert_eq!(broken(&ahead), [("status_date", Rule::InFuture { today: today().0 })]);
        assert!(draft().check(today(), rules()).is_ok());
    }

    #[test]
    fn a_next_action_comes_with_its_date_and_owner() {
        let half = Draft { next_action: "Call the customer".into(), ..draft() };
        assert_eq!(
            broken(&half),
            [
                ("next_action_date", Rule::NextActionIncomplete),
                ("next_action_owner", Rule::NextActionIncomplete)
            ]
        );
        let whole = Draft { next_action_date: "2026-12-01".into(), next_action_owner: "P-FM".into(), ..half };
        assert_eq!(whole.check(today(), rules()).unwrap().next_action.unwrap().owner, "P-FM");
    }

    #[test]
    fn v1_choices_and_lengths_are_checked() {
        let odd = Draft { status: "Great".into(), body: "x".repeat(4001), ..draft() };
        assert_eq!(broken(&odd), [("status", Rule::UnknownChoice), ("body", Rule::TooLong { max: 4000 })]);
    }

    #[test]
    fn e4_a_note_is_overdue_after_fourteen_days() {
        let due = |last: &str| NoteDue::after(Some(last.parse().unwrap()), today(), rules());
        assert_eq!(due("2026-11-21"), NoteDue::In(14));
        assert_eq!(due("2026-11-07"), NoteDue::In(0));
        assert_eq!(due("2026-11-06"), NoteDue::Overdue(1));
        assert_eq!(NoteDue::after(None, today(), rules()), NoteDue::Never);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_either_a_note_or_findings(
            status in any::<String>(), date in any::<String>(), body in any::<String>(), next in any::<String>(),
        ) {
            let draft = Draft { status, status_date: date.clone(), body, next_action: next, next_action_date: date, next_action_owner: String::new() };
            match draft.check(today(), rules()) {
                Ok(note) => prop_assert!(note.status_date <= today().0 && !note.body.is_empty()),
                Err(findings) => prop_assert!(!findings.is_empty()),
            }
        }
    }
}
