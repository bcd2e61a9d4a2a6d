//! Every rule, as one walk over what is known. Nothing here looks at the day that is asked about: each breach has the
//! day on which it begins, and whoever asks says which days count.

use chrono::NaiveDate;

use super::super::entitlement::{NEW_SUBSCRIPTION, STATUS_UNKNOWN};
use super::super::rules::{Milestone, Rules};
use super::super::scenario::is_uncredited;
use super::super::taxonomy::taxonomy;
use super::fix::Fix;
use super::rule::Rule;
use super::snapshot::{Row, Service, Snapshot};
use super::{Gap, Severity, after};

/// L1 of entitlements that are being worked on.
const IN_PROGRESS: &str = "in_progress";

/// The breaches whose first day `counts`.
pub(super) fn all(
    snapshot: &Snapshot,
    rules: &Rules,
    counts: impl Fn(NaiveDate) -> Option<Severity>,
) -> Vec<Gap> {
    let mut walk = Walk { snapshot, rules, counts, gaps: Vec::new() };
    if snapshot.active {
        walk.credit();
    }
    if snapshot.is_kept() {
        walk.tenant();
        snapshot.active_services().for_each(|service| walk.service(service));
    }
    walk.gaps
}

struct Walk<'s, C> {
    snapshot: &'s Snapshot,
    rules: &'s Rules,
    counts: C,
    gaps: Vec<Gap>,
}

impl<C: Fn(NaiveDate) -> Option<Severity>> Walk<'_, C> {
    fn add(
        &mut self,
        rule: Rule,
        (service, subject): (Option<&Service>, &str),
        since: NaiveDate,
        why: impl FnOnce() -> String,
    ) {
        let Some(severity) = (self.counts)(since) else { return };
        let code = service.map(|service| service.code.as_str());
        self.gaps.push(Gap {
            rule,
            service: code.map(str::to_owned),
            subject: subject.to_owned(),
            since,
            severity,
            why: why(),
            fix: Fix::of(rule, self.snapshot, service),
            owner: self.snapshot.owner(code),
            claimed: service.map(|service| service.claimed),
        });
    }

    /// What costs money: no P-RM or none that counts (A7, A14), and work without credit (G8).
    fn credit(&mut self) {
        let snapshot = self.snapshot;
        let since = snapshot.known_since;
        let here = |rule, why: &str| (rule, why.to_owned());
        let mut managers = snapshot.managers().peekable();
        let trouble = if managers.peek().is_none() {
            Some(here(
                Rule::NoRegionalManager,
                "Nobody is P-RM: the tenant leaves the firm, and its credit ends.",
            ))
        } else if managers.all(|held| !held.is_here) {
            Some(here(
                Rule::RegionalManagerLeft,
                "Whoever is P-RM has left the firm: with them the tenant and its credit would go.",
            ))
        } else if snapshot.managers().all(|held| !held.primary || !held.scope.is_tenant()) {
            Some(here(Rule::NoPrimary, "No P-RM is primary for the tenant, so reports and credit are wrong."))
        } else {
            None
        };
        if let Some((rule, why)) = trouble {
            self.add(rule, (None, ""), since, || why);
        }
        for service in &snapshot.services {
            let assigned = snapshot.holdings.iter().any(|held| held.scope.code() == service.code);
            if service.total > 0 && is_uncredited(&service.scenario, assigned) {
                self.add(Rule::NotPartnerLed, (Some(service), ""), service.known_since, || {
                    "The firm works on it, and is not credited: it is not FTC-FTP Led.".to_owned()
                });
            }
        }
    }

    /// What is asked for each tenant: a note every two weeks (E4) and a survey contact (C3).
    fn tenant(&mut self) {
        let days = self.rules.status_note_days;
        match self.snapshot.last_note {
            None => self.add(Rule::StatusNote, (None, ""), self.snapshot.known_since, || {
                "There is no status note yet.".to_owned()
            }),
            Some(last) => self.add(Rule::StatusNote, (None, ""), after(last, days + 1), || {
                format!("The last status note is of {}; one is due every {days} days.", said(last))
            }),
        }
        if !self.snapshot.has_survey_contact {
            self.add(Rule::SurveyContactMissing, (None, ""), self.snapshot.known_since, || {
                "No customer contact is complete for surveys.".to_owned()
            });
        }
    }

    /// What is asked for each active service.
    fn service(&mut self, service: &Service) {
        let remainder = service.remainder();
        if remainder != 0 {
            self.add(Rule::RowsDoNotAddUp, (Some(service), ""), service.changed, || match remainder {
                1.. => format!("{remainder} of {} entitlements have no status.", service.total),
                _ => format!("The rows say {} more than the {} entitlements.", -remainder, service.total),
            });
        }
        for row in &service.rows {
            self.row(service, row);
        }
        for (index, milestone) in self.rules.milestones.iter().enumerate() {
            self.milestone(service, milestone, index == 0);
        }
    }

    fn row(&mut self, service: &Service, row: &Row) {
        let code = row.path.code();
        let at = (Some(service), code.as_str());
        let days = self.rules.unknown_grace_days;
        let entitlements = row.entitlements;
        let unknown = row.path.l1 == STATUS_UNKNOWN;
        if unknown && row.path.l2 == NEW_SUBSCRIPTION {
            self.add(Rule::NewEntitlements, at, after(row.since, days + 1), || {
                let since = said(row.since);
                format!("{entitlements} new entitlements have waited since {since}: ask the customer.")
            });
        } else if unknown {
            self.add(Rule::StatusUnknown, at, after(row.since, days + 1), || {
                format!("{entitlements} entitlements are Status Unknown since {}.", said(row.since))
            });
        }
        let Some(lacks) = lacking(row, &service.code) else { return self.dated(at, row) };
        self.add(Rule::ReasonMissing, at, row.changed, || {
            format!("{entitlements} entitlements are {} without {lacks}.", row.path.words())
        });
        self.dated(at, row);
    }

    fn dated(&mut self, at: (Option<&Service>, &str), row: &Row) {
        let words = || row.path.words();
        if !row.has_note {
            self.add(Rule::RowNoteMissing, at, row.changed, || format!("{} has no note.", words()));
        }
        if let Some(target) = row.target_date.filter(|_| row.path.l1 == IN_PROGRESS) {
            self.add(Rule::TargetPassed, at, after(target, 1), || {
                format!("{} should have been done by {}.", words(), said(target))
            });
        }
    }

    /// F5 and F9: the first milestone and the last must be said; a date that has passed must have been reached.
    fn milestone(&mut self, service: &Service, milestone: &Milestone, is_first: bool) {
        let (name, reached) = (&milestone.name, service.has_reached(milestone));
        let at = (Some(service), milestone.code.as_str());
        let is_last = milestone.percent.is_none();
        match service.said_of(milestone) {
            None if is_last || is_first && !reached => {
                let rule = if is_last { Rule::MaximumMissing } else { Rule::FirstMilestoneMissing };
                let since =
                    service.forecast.as_ref().map_or(service.known_since, |forecast| forecast.changed);
                self.add(rule, at, since, || format!("{name} has no forecast date."));
            }
            Some(Some(date)) if !reached => self.add(Rule::ForecastPassed, at, after(date, 1), || {
                format!("{name} was forecast for {}, and usage is not known to be there.", said(date))
            }),
            _ => {}
        }
    }
}

/// The level that the row must have and has not (DOMAIN 2.3).
fn lacking(row: &Row, service: &str) -> Option<&'static str> {
    let (path, names) = (&row.path, taxonomy());
    if path.l2.is_empty() {
        names.needs_l2(&path.l1).then_some("a reason (L2)")
    } else {
        let asked = path.l3.is_empty() && names.needs_l3(&path.l1, &path.l2, service);
        asked.then_some("an engineering reason (L3)")
    }
}

/// A day in words.
fn said(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}
