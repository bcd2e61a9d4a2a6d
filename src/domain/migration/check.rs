//! The rules that a migration must keep to be saved (M1 to M4, M6, M7).

use std::collections::HashSet;

use chrono::NaiveDate;

use super::super::field::{
    optional_date, optional_text, optional_whole, required_date, required_text, required_whole,
};
use super::super::finding::{Findings, Rule};
use super::super::rules::Rules;
use super::super::service::{Service, catalogue};
use super::lists::DEFAULT_STATUS;
use super::{Draft, LINE_FIELDS, Line, LineDraft, LineFields, MOST_LINES, Migration};

#[cfg(test)]
mod tests;

/// What is known of the service whose migration it is.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The service.
    pub service: &'a Service,
    /// Its In Progress entitlements.
    pub in_progress: u64,
    /// The lines as they are stored.
    pub before: &'a [Line],
}

/// First and last day of a migration.
type Days = (NaiveDate, NaiveDate);

impl Draft {
    /// Checks the draft against M1 to M4, M6 and M7: all findings at once.
    pub fn check(&self, context: &Context<'_>, rules: &Rules) -> Result<Migration, Findings> {
        let mut findings = Findings::default();
        if !context.service.data_migration {
            findings.add("by_microsoft", Rule::NotMigrated);
        }
        let migration = match self.by_microsoft.as_str() {
            "true" => self.performed(context, rules, &mut findings),
            "false" => self.declined(rules, &mut findings),
            other => {
                let rule = if other.is_empty() { Rule::Required } else { Rule::UnknownChoice };
                findings.add("by_microsoft", rule);
                None
            }
        };
        match migration {
            Some(migration) if findings.is_empty() => Ok(migration),
            _ => Err(findings),
        }
    }

    fn performed(&self, context: &Context<'_>, rules: &Rules, findings: &mut Findings) -> Option<Migration> {
        let starts = findings.keep("starts", required_date(&self.starts));
        let ends = findings.keep(
            "ends",
            required_date(&self.ends).and_then(|ends| match starts {
                Some(start) if ends < start => Err(Rule::BeforeStart { start }),
                _ => Ok(ends),
            }),
        );
        let lines = self.lines(context, starts.zip(ends), rules, findings);
        must_be_empty(
            [("rejection_reason", &self.rejection_reason), ("rejection_note", &self.rejection_note)],
            findings,
        );
        Some(Migration::Performed { starts: starts?, ends: ends?, lines: lines? })
    }

    /// M6. What belongs to the other answer must be gone.
    fn declined(&self, rules: &Rules, findings: &mut Findings) -> Option<Migration> {
        must_be_empty([("starts", &self.starts), ("ends", &self.ends)], findings);
        for (fields, _) in self.held_lines() {
            findings.add(fields.kind, Rule::OfTheOtherAnswer);
        }
        let reason = findings.keep("rejection_reason", reason(&self.rejection_reason));
        let note =
            findings.keep("rejection_note", required_text(&self.rejection_note, rules.rejection_note_max));
        Some(Migration::Declined { reason: reason?, note: note? })
    }

    /// M2, M3 and one line for each type. `None` where a line is broken.
    fn lines(
        &self,
        context: &Context<'_>,
        days: Option<Days>,
        rules: &Rules,
        findings: &mut Findings,
    ) -> Option<Vec<Line>> {
        if self.lines.len() > MOST_LINES {
            findings.add("lines", Rule::TooManyLines { most: MOST_LINES });
        }
        let mut taken = HashSet::new();
        let lines: Vec<Option<Line>> = self
            .held_lines()
            .map(|(fields, line)| {
                if !line.kind.is_empty() && !taken.insert(&line.kind) {
                    findings.add(fields.kind, Rule::TypeTwice);
                }
                line.check(fields, context, days, rules, findings)
            })
            .collect();
        if lines.is_empty()
            && let Some(first) = LINE_FIELDS.first()
        {
            findings.add(first.kind, Rule::Required);
            findings.add(first.entitlements, Rule::Required);
            return None;
        }
        if let Some(sum) = self.sum()
            && sum != context.in_progress
        {
            findings.add("lines", Rule::SumOff { sum, in_progress: context.in_progress });
        }
        lines.into_iter().collect()
    }

    fn held_lines(&self) -> impl Iterator<Item = (&'static LineFields, &LineDraft)> {
        LINE_FIELDS.iter().zip(&self.lines).filter(|(_, line)| !line.is_vacant())
    }

    /// What the lines add up to; `None` where a number is broken, which is a finding of its own.
    fn sum(&self) -> Option<u64> {
        let held = self.lines.iter().filter(|line| !line.is_vacant());
        held.map(|line| line.count().ok().map(|count| u64::from(count.unsigned_abs()))).sum()
    }
}

impl LineDraft {
    fn check(
        &self,
        fields: &LineFields,
        context: &Context<'_>,
        days: Option<Days>,
        rules: &Rules,
        findings: &mut Findings,
    ) -> Option<Line> {
        let kind = findings.keep(fields.kind, self.kind(context.service));
        let entitlements = findings.keep(fields.entitlements, self.count());
        let estimated = findings.keep(fields.estimated, self.estimated(days));
        let size_gb = findings.keep(fields.size_gb, optional_whole(&self.size_gb, 0..=i32::MAX));
        let notes = findings.keep(fields.notes, optional_text(&self.notes, rules.migration_line_notes_max));
        Some(Line {
            kind: kind?,
            entitlements: entitlements?,
            estimated: estimated?,
            size_gb: size_gb?.unwrap_or(0),
            notes: notes?.unwrap_or_default(),
            status: self.status(context),
        })
    }

    fn count(&self) -> Result<i32, Rule> {
        required_whole(&self.entitlements, 1..=i32::MAX)
    }

    fn kind(&self, service: &Service) -> Result<String, Rule> {
        if self.kind.is_empty() {
            return Err(Rule::Required);
        }
        let types = catalogue().migration_types();
        let kind = types.iter().find(|kind| kind.code == self.kind).ok_or(Rule::UnknownChoice)?;
        if kind.services.contains(&service.code) {
            Ok(self.kind.clone())
        } else {
            Err(Rule::OfAnotherService)
        }
    }

    /// M4: within the migration's own days, once these are known.
    fn estimated(&self, days: Option<Days>) -> Result<Option<NaiveDate>, Rule> {
        let estimated = optional_date(&self.estimated)?;
        match (estimated, days) {
            (Some(date), Some((starts, ends))) if !(starts..=ends).contains(&date) => {
                Err(Rule::OutsideMigration { starts, ends })
            }
            _ => Ok(estimated),
        }
    }

    /// M7: the status is not among what is typed. The one that is stored of this type stays.
    fn status(&self, context: &Context<'_>) -> String {
        let stored = context.before.iter().find(|line| line.kind == self.kind);
        stored.map_or(DEFAULT_STATUS, |line| &line.status).to_owned()
    }
}

/// The lines with the statuses that the migration role gives them, in their order (M7). An empty one leaves a line
/// as it is. Nothing else is looked at: a sum that is off is not the migration team's to mend.
pub fn set_statuses(lines: &[Line], typed: &[String]) -> Result<Vec<Line>, Findings> {
    let mut findings = Findings::default();
    let mut set = lines.to_vec();
    for ((line, typed), fields) in set.iter_mut().zip(typed).zip(&LINE_FIELDS) {
        if !typed.is_empty()
            && *typed != line.status
            && let Some(status) = findings.keep(fields.status, known_status(typed))
        {
            line.status = status;
        }
    }
    if findings.is_empty() { Ok(set) } else { Err(findings) }
}

fn known_status(typed: &str) -> Result<String, Rule> {
    let known = catalogue().migration_statuses().iter().any(|status| status.code == typed);
    if known { Ok(typed.to_owned()) } else { Err(Rule::UnknownChoice) }
}

fn must_be_empty(typed: [(&'static str, &String); 2], findings: &mut Findings) {
    for (field, _) in typed.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
        findings.add(field, Rule::OfTheOtherAnswer);
    }
}

fn reason(typed: &str) -> Result<String, Rule> {
    if typed.is_empty() {
        return Err(Rule::Required);
    }
    let known = catalogue().migration_rejection_reasons().iter().any(|reason| reason.code == typed);
    if known { Ok(typed.to_owned()) } else { Err(Rule::UnknownChoice) }
}
