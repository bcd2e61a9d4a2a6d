//! Data migration of a service: whether Microsoft moves the customer's data, what and when, or why the customer
//! declines (DOMAIN 2.7, 3.7).
//!
//! A [`Draft`] as typed is checked against what is known of the service ([`Context`]) and becomes a [`Migration`],
//! or every finding at once.

mod check;
mod draft;
mod fit;
mod hint;
mod lists;
mod sentence;

use chrono::NaiveDate;

use super::service::Service;
pub use check::{Context, set_statuses};
pub use draft::{Draft, LINE_FIELDS, LineDraft, LineFields, MOST_LINES, REMOVE, Tally};
pub use fit::fit;
pub use hint::{Hint, hints};
pub use lists::{DEFAULT_STATUS, NO_MIGRATION, types_of};
pub use sentence::{Choice, Heard, Odd, hear, hear_declined};

/// A migration that keeps every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Migration {
    /// Microsoft migrates the data (M2).
    Performed {
        /// First day, as well as it is known (M5).
        starts: NaiveDate,
        /// Last day; not before the first (M4).
        ends: NaiveDate,
        /// At least one, each of another type; together exactly the In Progress entitlements (M3).
        lines: Vec<Line>,
    },
    /// The customer declines the migration (M6).
    Declined {
        /// Why, by code.
        reason: String,
        /// Why, in words.
        note: String,
    },
}

/// The part of a service's In Progress entitlements that moves in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How, by the code of the migration type.
    pub kind: String,
    /// How many entitlements, at least 1.
    pub entitlements: i32,
    /// When, within the migration's own dates (M4).
    pub estimated: Option<NaiveDate>,
    /// How much data, in gigabytes, at least 0.
    pub size_gb: i32,
    /// Remarks; empty where there are none.
    pub notes: String,
    /// How far it is, by code (M7).
    pub status: String,
}

impl Line {
    /// A line of which no more is known.
    pub fn new(kind: impl Into<String>, entitlements: i32) -> Self {
        Self {
            kind: kind.into(),
            entitlements,
            estimated: None,
            size_gb: 0,
            notes: String::new(),
            status: DEFAULT_STATUS.to_owned(),
        }
    }
}

impl Migration {
    /// The lines; none where the customer declines.
    pub fn lines(&self) -> &[Line] {
        match self {
            Self::Performed { lines, .. } => lines,
            Self::Declined { .. } => &[],
        }
    }
}

/// Why a migration by Microsoft cannot be planned for a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Its data is not migrated at all (M1).
    NotMigrated,
    /// Nothing is In Progress, so there is nothing that lines could add up to (M3). The customer may decline.
    NothingInProgress,
}

impl Obstacle {
    /// What stands in the way for a service with so many entitlements In Progress; `None`: nothing.
    pub fn of(service: &Service, in_progress: u64) -> Option<Self> {
        if !service.data_migration {
            Some(Self::NotMigrated)
        } else if in_progress == 0 {
            Some(Self::NothingInProgress)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::service::catalogue;
    use super::*;

    #[test]
    fn m1_mail_and_files_are_migrated_and_nothing_else() {
        let migrated: Vec<_> =
            catalogue().services().iter().filter(|s| s.data_migration).map(|s| s.code.as_str()).collect();
        assert_eq!(migrated, ["exchange", "sharepoint", "onedrive"]);
    }

    #[test]
    fn m1_what_stands_in_the_way_is_named_the_gravest_first() {
        let of =
            |service: &str, in_progress| Obstacle::of(catalogue().service(service).unwrap(), in_progress);
        assert_eq!(of("office_pro_plus", 0), Some(Obstacle::NotMigrated));
        assert_eq!(of("exchange", 0), Some(Obstacle::NothingInProgress));
        assert_eq!(of("onedrive", 5), None);
    }
}
