//! Forecast dates of a service: when the request was submitted, and when each milestone of usage will be reached
//! (DOMAIN 3.4).

pub mod line;

use chrono::NaiveDate;

use super::field::{optional_date, required_date};
use super::finding::{Findings, Rule};
use super::rules::Milestone;
use super::time::Today;
use super::when::Span;

/// The field of the submitted date.
pub const SUBMITTED: &str = "Submitted date (RFA)";

/// A forecast as it was typed: reading it cannot fail, so that it can always be shown back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Submitted date, `YYYY-MM-DD`.
    pub submitted: String,
    /// What was typed of each milestone; those that are absent are empty.
    pub targets: Vec<TypedTarget>,
}

/// What was typed of one milestone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedTarget {
    /// The milestone, by code.
    pub milestone: String,
    /// When it will be reached, `YYYY-MM-DD`.
    pub date: String,
    /// It will not be reached (F5).
    pub will_not_reach: bool,
}

/// A forecast that keeps every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// When the request for assistance was submitted (F1).
    pub submitted: NaiveDate,
    /// What is said of the milestones, in their order. Those of which nothing is said are absent.
    pub targets: Vec<Said>,
}

/// What is said of one milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The milestone.
    pub milestone: Milestone,
    /// When it will be reached.
    pub target: Target,
}

/// When a milestone will be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// On this day.
    On(NaiveDate),
    /// Never (F5).
    WillNotReach,
}

impl Target {
    /// The day, if there is one.
    pub fn date(self) -> Option<NaiveDate> {
        match self {
            Self::On(date) => Some(date),
            Self::WillNotReach => None,
        }
    }
}

impl Draft {
    /// The form of a forecast as it is stored; of none, the submitted date is offered as today (F1).
    pub fn of(stored: Option<&Forecast>, today: Today) -> Self {
        let Some(stored) = stored else {
            return Self { submitted: today.0.to_string(), targets: Vec::new() };
        };
        let typed = |said: &Said| TypedTarget {
            milestone: said.milestone.code.clone(),
            date: said.target.date().map(|date| date.to_string()).unwrap_or_default(),
            will_not_reach: said.target == Target::WillNotReach,
        };
        Self { submitted: stored.submitted.to_string(), targets: stored.targets.iter().map(typed).collect() }
    }

    /// What was typed of a milestone.
    pub fn target(&self, milestone: &Milestone) -> TypedTarget {
        self.targets.iter().find(|typed| typed.milestone == milestone.code).cloned().unwrap_or_default()
    }

    /// Replaces what was typed of a milestone.
    pub fn put(&mut self, milestone: &Milestone, date: &str, will_not_reach: bool) {
        self.targets.retain(|typed| typed.milestone != milestone.code);
        let (milestone, date) = (milestone.code.clone(), date.to_owned());
        self.targets.push(TypedTarget { milestone, date, will_not_reach });
    }

    /// Checks the draft against F1 to F6: all findings at once. A date that was stored `before` may have passed.
    pub fn check(
        &self,
        today: Today,
        milestones: &[Milestone],
        before: Option<&Forecast>,
    ) -> Result<Forecast, Findings> {
        let mut findings = Findings::default();
        let submitted = findings.keep("submitted", self.submitted(today));
        let mut targets: Vec<Said> = Vec::new();
        for milestone in milestones {
            let checking = Checking { milestone, submitted, earlier: &targets, before, today };
            let target = findings.keep(milestone.field(), checking.target(&self.target(milestone)));
            if let Some(Some(target)) = target {
                targets.push(Said { milestone: milestone.clone(), target });
            }
        }
        match submitted {
            Some(submitted) if findings.is_empty() => Ok(Forecast { submitted, targets }),
            _ => Err(findings),
        }
    }

    /// F1: always there, and not in the future by the user's own calendar.
    fn submitted(&self, today: Today) -> Result<NaiveDate, Rule> {
        let date = required_date(&self.submitted)?;
        if date > today.0 { Err(Rule::InFuture { today: today.0 }) } else { Ok(date) }
    }
}

/// One milestone, among what is known when it is checked.
struct Checking<'a> {
    milestone: &'a Milestone,
    submitted: Option<NaiveDate>,
    /// Milestones before it that are in order themselves.
    earlier: &'a [Said],
    before: Option<&'a Forecast>,
    today: Today,
}

impl Checking<'_> {
    fn target(&self, typed: &TypedTarget) -> Result<Option<Target>, Rule> {
        match (optional_date(&typed.date)?, typed.will_not_reach) {
            (_, true) if self.milestone.percent.is_none() => Err(Rule::AlwaysReached),
            (Some(_), true) => Err(Rule::DateAndOptOut),
            (None, true) => Ok(Some(Target::WillNotReach)),
            (None, false) => Ok(None),
            (Some(date), false) => self.date(date).map(|()| Some(Target::On(date))),
        }
    }

    /// F2, F3, F4 and F6.
    fn date(&self, date: NaiveDate) -> Result<(), Rule> {
        let stored = self.before.and_then(|before| before.date(self.milestone));
        if date <= self.today.0 && stored != Some(date) {
            return Err(Rule::NotAhead { today: self.today.0 });
        }
        if let Some(submitted) = self.submitted.filter(|submitted| date <= *submitted) {
            return Err(Rule::NotAfter { what: SUBMITTED.to_owned(), date: submitted });
        }
        for earlier in self.earlier {
            let Some(limit) = earlier.target.date() else { continue };
            let what = earlier.milestone.name.clone();
            match self.milestone.percent {
                Some(_) if date <= limit => return Err(Rule::NotAfter { what, date: limit }),
                None if date < limit => return Err(Rule::Before { what, date: limit }),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Forecast {
    /// A forecast as its rows have it: of each milestone, by code, the day, or that it will not be reached. A
    /// milestone that the programme no longer has is left out.
    pub fn stored(
        submitted: NaiveDate,
        rows: &[(String, Option<NaiveDate>)],
        milestones: &[Milestone],
    ) -> Self {
        let said = |milestone: &Milestone| {
            let (_, date) = rows.iter().find(|(code, _)| *code == milestone.code)?;
            let target = date.map_or(Target::WillNotReach, Target::On);
            Some(Said { milestone: milestone.clone(), target })
        };
        Self { submitted, targets: milestones.iter().filter_map(said).collect() }
    }

    /// The day of a milestone, if it has one.
    pub fn date(&self, milestone: &Milestone) -> Option<NaiveDate> {
        self.target(milestone).and_then(Target::date)
    }

    /// What is said of a milestone.
    pub fn target(&self, milestone: &Milestone) -> Option<Target> {
        self.targets.iter().find(|said| said.milestone.code == milestone.code).map(|said| said.target)
    }

    /// The forecast with every date that lies ahead moved, or why it cannot be.
    pub fn moved(&self, by: Span, today: Today, milestones: &[Milestone]) -> Result<Self, Findings> {
        let mut draft = Draft::of(Some(self), today);
        let mut beyond = Findings::default();
        for said in &self.targets {
            let Some(date) = said.target.date().filter(|date| *date > today.0) else { continue };
            match by.after(date) {
                Some(moved) => draft.put(&said.milestone, &moved.to_string(), false),
                None => beyond.add(said.milestone.field(), Rule::DateOutOfRange),
            }
        }
        if beyond.is_empty() { draft.check(today, milestones, Some(self)) } else { Err(beyond) }
    }
}

/// How much a service is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Users of the last 28 days.
    pub active: i32,
    /// Entitlements, override included; at least 1.
    pub entitlements: i32,
}

impl Usage {
    /// The usage that is known of a service; `None`: the feed does not say, or there is nothing to use.
    pub fn of(active: Option<i32>, entitlements: i32) -> Option<Self> {
        active.filter(|_| entitlements > 0).map(|active| Self { active, entitlements })
    }

    /// %AU, rounded down.
    pub fn percent(self) -> i64 {
        i64::from(self.active) * 100 / i64::from(self.entitlements).max(1)
    }

    fn reaches(self, percent: u8) -> bool {
        self.percent() >= i64::from(percent)
    }
}

/// Something about a forecast that is worth a look, but no reason to refuse it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// The date has passed and usage is below (F9).
    Missed(Milestone, NaiveDate),
    /// The date lies ahead and usage is there already (F9).
    ReachedEarly(Milestone, NaiveDate),
    /// It is marked as not to be reached, and usage is there.
    ReachedAfterAll(Milestone),
    /// Nothing is said of it, and compliance asks for it (F5, section 7).
    Missing(Milestone),
}

/// What is worth a look (F5, F9). `None`: nothing is stored yet.
pub fn hints(
    forecast: Option<&Forecast>,
    usage: Option<Usage>,
    today: Today,
    milestones: &[Milestone],
) -> Vec<Hint> {
    let hint = |(index, milestone): (usize, &Milestone)| {
        let reached = usage.zip(milestone.percent).map(|(usage, percent)| usage.reaches(percent));
        let its = milestone.clone();
        match (forecast.and_then(|forecast| forecast.target(milestone)), reached) {
            (Some(Target::On(date)), Some(false)) if date < today.0 => Some(Hint::Missed(its, date)),
            (Some(Target::On(date)), Some(true)) if date > today.0 => Some(Hint::ReachedEarly(its, date)),
            (Some(Target::WillNotReach), Some(true)) => Some(Hint::ReachedAfterAll(its)),
            // Section 7 asks for the first milestone and for Max; those between only if they are relevant.
            (None, reached) if reached != Some(true) && (index == 0 || its.percent.is_none()) => {
                Some(Hint::Missing(its))
            }
            _ => None,
        }
    };
    milestones.iter().enumerate().filter_map(hint).collect()
}

#[cfg(test)]
mod tests;
