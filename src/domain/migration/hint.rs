//! What is worth saying about a migration that keeps every rule (M5, M10).

use chrono::NaiveDate;

use super::super::rules::Rules;
use super::super::time::Today;
use super::lists::{COMPLETE, NO_MIGRATION};
use super::{Line, Migration};

/// Something to look at. It forbids nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// The last day has passed although data is still to be moved (M5).
    EndPassed {
        /// The last day.
        ends: NaiveDate,
    },
    /// The estimated date of a line has passed although its data is still to be moved (M5).
    EstimatePassed {
        /// The line's type, by code.
        kind: String,
        /// The estimated date.
        estimated: NaiveDate,
    },
    /// No progress for so long that the environment is shut down and the migration paused (M10).
    Paused {
        /// Days without progress.
        days: i64,
    },
    /// No progress for so long that, without a plan, the migration team disengages (M10).
    Disengaged {
        /// Days without progress.
        days: i64,
    },
}

/// What is worth saying. Progress is seen by what is written down: `changed` is the day of the last change, by the
/// user's own calendar.
pub fn hints(migration: &Migration, changed: NaiveDate, today: Today, rules: &Rules) -> Vec<Hint> {
    let Migration::Performed { starts, ends, lines } = migration else { return Vec::new() };
    let pending: Vec<_> = lines.iter().filter(|line| is_pending(line)).collect();
    if pending.is_empty() {
        return Vec::new();
    }
    let mut hints = Vec::new();
    if *ends < today.0 {
        hints.push(Hint::EndPassed { ends: *ends });
    }
    hints.extend(pending.iter().filter_map(|line| {
        let estimated = line.estimated.filter(|date| *date < today.0)?;
        Some(Hint::EstimatePassed { kind: line.kind.clone(), estimated })
    }));
    let days = today.days_since(changed.max(*starts));
    if days >= rules.migration_disengaged_days {
        hints.push(Hint::Disengaged { days });
    } else if days >= rules.migration_idle_days {
        hints.push(Hint::Paused { days });
    }
    hints
}

fn is_pending(line: &Line) -> bool {
    line.kind != NO_MIGRATION && line.status != COMPLETE
}

#[cfg(test)]
mod tests {
    use super::super::super::rules::rules;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn performed(status: &str) -> Migration {
        let estimated = Some(day("2026-11-01"));
        let lines = vec![
            Line { estimated, status: status.into(), ..Line::new("mig_imap", 300) },
            Line { estimated, ..Line::new(NO_MIGRATION, 5) },
        ];
        Migration::Performed { starts: day("2026-09-01"), ends: day("2026-11-30"), lines }
    }

    fn said(migration: &Migration, changed: &str, today: &str) -> Vec<Hint> {
        hints(migration, day(changed), Today(day(today)), rules())
    }

    #[test]
    fn m5_estimates_that_have_passed_are_worth_a_look() {
        let estimate = Hint::EstimatePassed { kind: "mig_imap".into(), estimated: day("2026-11-01") };
        let migration = performed("velocity_migration_in_progress");
        assert_eq!(said(&migration, "2026-11-20", "2026-11-01"), []);
        let end = Hint::EndPassed { ends: day("2026-11-30") };
        assert_eq!(said(&migration, "2026-11-20", "2026-12-01"), [end, estimate.clone()]);
        assert_eq!(said(&migration, "2026-11-20", "2026-11-21"), [estimate]);
        assert_eq!(said(&performed(COMPLETE), "2026-11-20", "2026-12-01"), []);
    }

    #[test]
    fn m10_a_migration_without_progress_is_paused_and_then_given_up() {
        let idle = |changed: &str, today: &str| {
            let said = said(&performed("not_specified"), changed, today);
            said.into_iter().find(|hint| matches!(hint, Hint::Paused { .. } | Hint::Disengaged { .. }))
        };
        assert_eq!(idle("2026-09-10", "2026-10-09"), None);
        assert_eq!(idle("2026-09-10", "2026-10-10"), Some(Hint::Paused { days: 30 }));
        assert_eq!(idle("2026-09-10", "2026-11-09"), Some(Hint::Disengaged { days: 60 }));
        assert_eq!(idle("2026-06-01", "2026-09-30"), None, "what has not begun cannot stand still");
    }
}
