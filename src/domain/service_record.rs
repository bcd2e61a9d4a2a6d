//! What a service still lacks to be complete in the portal (G9, M8), and what compliance will ask for (section 7).

use super::rules::Rules;
use super::service::Service;

/// What is stored of a service, as far as completeness goes.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The service.
    pub service: &'a Service,
    /// Entitlements, the override included.
    pub total: i32,
    /// Entitlements of all status rows.
    pub in_rows: i64,
    /// Entitlements In Progress.
    pub in_progress: i32,
    /// Engagement scenario, by code; empty where none was set.
    pub scenario: &'a str,
    /// Entitlements of all migration lines, if Microsoft migrates; `None`: nothing was said of the migration.
    pub migration: Option<Migration>,
    /// Codes of the milestones that have a date or the word that they will not be reached.
    pub milestones: &'a [String],
}

/// What was said of the data migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migration {
    /// Microsoft migrates so many entitlements.
    ByMicrosoft(i64),
    /// The customer declines.
    Declined,
}

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The rows do not add up to the total (N1).
    EntitlementStatus {
        /// Total less rows.
        difference: i64,
    },
    /// No engagement scenario (G9).
    Scenario,
    /// Nothing is said of the data migration (M8).
    DataMigration,
    /// The migration lines do not add up to In Progress (M3).
    MigrationLines {
        /// In Progress less lines.
        difference: i64,
    },
    /// A milestone without a date, by code (F5).
    Milestone(String),
}

/// Everything that is missing, what blocks saving in the portal first.
pub fn missing(record: &Record<'_>, rules: &Rules) -> Vec<Missing> {
    let mut missing = Vec::new();
    let difference = i64::from(record.total) - record.in_rows;
    if difference != 0 {
        missing.push(Missing::EntitlementStatus { difference });
    }
    if record.scenario.is_empty() {
        missing.push(Missing::Scenario);
    }
    if record.service.data_migration {
        match record.migration {
            None => missing.push(Missing::DataMigration),
            Some(Migration::ByMicrosoft(lines)) if lines != i64::from(record.in_progress) => {
                missing.push(Missing::MigrationLines { difference: i64::from(record.in_progress) - lines });
            }
            Some(_) => {}
        }
    }
    // The milestones in between have a date only where the customer will reach them (F5).
    let ends = rules.milestones.first().into_iter().chain(rules.milestones.last());
    let unsaid = ends.filter(|milestone| !record.milestones.contains(&milestone.code));
    missing.extend(unsaid.map(|milestone| Missing::Milestone(milestone.code.clone())));
    missing
}

#[cfg(test)]
mod tests {
    use super::super::rules::rules;
    use super::super::service::catalogue;
    use super::*;

    fn codes(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|&code| code.to_owned()).collect()
    }

    #[test]
    fn g9_m8_what_is_missing_is_named() {
        let service = catalogue().service("exo").unwrap();
        let none = codes(&[]);
        let bare = Record {
            service,
            total: 10,
            in_rows: 8,
            in_progress: 5,
            scenario: "",
            migration: None,
            milestones: &none,
        };
        assert_eq!(
            missing(&bare, rules()),
            [
                Missing::EntitlementStatus { difference: 2 },
                Missing::Scenario,
                Missing::DataMigration,
                Missing::Milestone("15".into()),
                Missing::Milestone("max".into()),
            ]
        );
        let all = codes(&["15", "max"]);
        let whole = Record {
            in_rows: 10,
            scenario: "ftc_ftp_led",
            migration: Some(Migration::Declined),
            milestones: &all,
            ..bare
        };
        assert_eq!(missing(&whole, rules()), []);
        let short = Record { migration: Some(Migration::ByMicrosoft(7)), ..whole };
        assert_eq!(missing(&short, rules()), [Missing::MigrationLines { difference: -2 }]);
    }

    #[test]
    fn m1_a_service_without_data_to_migrate_needs_no_word_on_it() {
        let service = catalogue().service("teams").unwrap();
        let all = codes(&["15", "40", "max"]);
        let record = Record {
            service,
            total: 1,
            in_rows: 1,
            in_progress: 1,
            scenario: "ftc_ftp_led",
            migration: None,
            milestones: &all,
        };
        assert_eq!(missing(&record, rules()), []);
    }
}
