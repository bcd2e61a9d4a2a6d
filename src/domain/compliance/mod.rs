//! Compliance: what of the required customer data of a tenant is missing, old or about to be (DOMAIN section 7), and
//! what costs the firm money besides.
//!
//! Everything hangs on one function, [`gaps`]: what is known of one tenant and a day go in, every gap comes out.
//! A prediction is the same function with a later day, so that it cannot differ from what will be seen then.

mod check;
mod fix;
mod rule;
mod snapshot;
#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};

use super::id::{Id, Person};
use super::rules::Rules;
pub use fix::Fix;
pub use rule::{Element, Rule};
pub use snapshot::{Forecast, Holding, Row, Service, Snapshot};

/// How bad a gap is on a day (Q4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It is none yet, and becomes one within a few days.
    Soon,
    /// It is one.
    Overdue,
    /// It has been one for more than two weeks.
    LongOverdue,
}

impl Severity {
    /// All of them, the worst first.
    pub const ALL: [Self; 3] = [Self::LongOverdue, Self::Overdue, Self::Soon];

    /// The name that people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Soon => "due soon",
            Self::Overdue => "overdue",
            Self::LongOverdue => "long overdue",
        }
    }

    /// Whether it is a gap already.
    pub fn is_red(self) -> bool {
        self > Self::Soon
    }

    /// Stable number, for records: the worse, the higher.
    pub fn level(self) -> i16 {
        match self {
            Self::Soon => 0,
            Self::Overdue => 1,
            Self::LongOverdue => 2,
        }
    }

    /// The severity of this number.
    pub fn of_level(level: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.level() == level)
    }

    /// How bad that is on `day` which is red since `since`; `None`: that is too far ahead to be shown.
    fn on(day: NaiveDate, since: NaiveDate, rules: &Rules) -> Option<Self> {
        match (day - since).num_days() {
            ahead if ahead < -rules.gap_soon_days => None,
            ..=-1 => Some(Self::Soon),
            // On its first day it is overdue by one.
            days if days < rules.gap_late_days => Some(Self::Overdue),
            _ => Some(Self::LongOverdue),
        }
    }
}

/// Something that the programme asks for and that is not so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The rule that it breaks.
    pub rule: Rule,
    /// The service, by code; `None`: the tenant as a whole.
    pub service: Option<String>,
    /// Which of several of the kind: a status row's path or a milestone, by code; empty where there can be only one.
    pub subject: String,
    /// The first day on which it is a gap.
    pub since: NaiveDate,
    /// How bad it is on the day that was asked about.
    pub severity: Severity,
    /// What is the matter, in one sentence without names of people.
    pub why: String,
    /// The shortest way to mend it.
    pub fix: Fix,
    /// Whose it is to mend (Q4): the primary P-FM, else another, else the P-RM's user; `None`: nobody's.
    pub owner: Option<Id<Person>>,
    /// Whether the service's CPOR claim is approved, which the official report asks for (Q1).
    pub claimed: Option<bool>,
}

impl Gap {
    /// What makes it the same gap on another day.
    pub fn key(&self) -> (Rule, Option<&str>, &str) {
        (self.rule, self.service.as_deref(), &self.subject)
    }

    /// Whether it is a gap already, not only soon.
    pub fn is_red(&self) -> bool {
        self.severity.is_red()
    }
}

/// All gaps of a tenant on `day`, and those that it will have within a few days more; the worst first.
pub fn gaps(snapshot: &Snapshot, day: NaiveDate, rules: &Rules) -> Vec<Gap> {
    let mut gaps = check::all(snapshot, rules, |since| Severity::on(day, since, rules));
    gaps.sort_by(|a, b| (b.severity, a.since, a.key()).cmp(&(a.severity, b.since, b.key())));
    gaps
}

/// The gaps that begin after `from` and not after `until`, as they are on their first day, in the order of these days.
pub fn turns_red(snapshot: &Snapshot, from: NaiveDate, until: NaiveDate, rules: &Rules) -> Vec<Gap> {
    let mut turning =
        check::all(snapshot, rules, |since| (from < since && since <= until).then_some(Severity::Overdue));
    turning.sort_by(|a, b| (a.since, a.key()).cmp(&(b.since, b.key())));
    turning
}

/// The day that is so many days after `day`; the last of the calendar where there is none.
fn after(day: NaiveDate, days: i64) -> NaiveDate {
    let days = Days::new(u64::try_from(days).unwrap_or(0));
    day.checked_add_days(days).unwrap_or(NaiveDate::MAX)
}
