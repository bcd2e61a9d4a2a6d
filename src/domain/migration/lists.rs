//! Migration types, line statuses and reasons to decline, as the rules use them. The lists are data.

use super::super::search::{self, Candidate, Found, choose};
use super::super::service::{MigrationType, Service, catalogue};

/// The type of entitlements that are In Progress although their data stays; it completes the sum (M3).
pub const NO_MIGRATION: &str = "no_migration";
/// The status of a line before the migration team sets one (M7).
pub const DEFAULT_STATUS: &str = "not_specified";
/// The status of a line whose data has arrived.
pub(super) const COMPLETE: &str = "velocity_migration_complete";

/// The types offered for a service, in the programme's order.
pub fn types_of(service: &Service) -> impl Iterator<Item = &'static MigrationType> {
    catalogue().migration_types().iter().filter(|kind| kind.services.contains(&service.code))
}

/// The type of a service that loose words mean: a code, a name, a part of one, with a typing error.
pub(super) fn find_type(service: &Service, words: &str) -> Found<Named> {
    choose(words, types_of(service).map(|kind| Named::of(&kind.code, &kind.name, &kind.aliases)).collect())
}

/// The reason to decline that loose words mean.
pub(super) fn find_reason(words: &str) -> Found<Named> {
    let reasons = catalogue().migration_rejection_reasons().iter();
    choose(words, reasons.map(|reason| Named::of(&reason.code, &reason.name, &reason.aliases)).collect())
}

/// An entry of a list with everything that it is called.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    index: String,
}

impl Named {
    fn of(code: &'static str, name: &'static str, aliases: &[String]) -> Self {
        let index = search::index([code, name].into_iter().chain(aliases.iter().map(String::as_str)));
        Self { code, name, index }
    }
}

impl Candidate for Named {
    fn index(&self) -> &str {
        &self.index
    }

    fn mine(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::service::name_of;
    use super::super::MOST_LINES;
    use super::*;

    fn one(service: &str, words: &str) -> Option<&'static str> {
        match find_type(catalogue().service(service).unwrap(), words) {
            Found::One(found) => Some(found.code),
            _ => None,
        }
    }

    #[test]
    fn a_type_is_found_by_code_name_or_loose_words_within_its_service() {
        for (words, code) in [
            ("hybrid", "mig_ex_hybrid"),
            ("mig_ex_hybrid", "mig_ex_hybrid"),
            ("Mig-ExHybrid", "mig_ex_hybrid"),
            ("hybird", "mig_ex_hybrid"),
            ("gmail", "mig_gmail_staged"),
            ("google", "mig_gmail_staged"),
            ("lotus notes", "mig_domino_odme"),
            ("IMAP", "mig_imap"),
            ("none", "no_migration"),
            ("no migration", "no_migration"),
        ] {
            assert_eq!(one("exchange", words), Some(code), "{words}");
        }
        assert_eq!(one("onedrive", "google"), Some("mig_gdrive"));
        assert_eq!(one("sharepoint", "file share"), Some("mig_file_share"));
        assert_eq!(one("sharepoint", "imap"), None);
        assert_eq!(one("exchange", "mig"), None, "several fit, and nothing is guessed");
    }

    #[test]
    fn every_service_has_a_row_for_each_of_its_types() {
        for service in catalogue().services() {
            let types = types_of(service).count();
            assert!(types <= MOST_LINES, "{}", service.code);
            assert_eq!(types > 0, service.data_migration, "{}", service.code);
        }
        for code in [DEFAULT_STATUS, COMPLETE] {
            assert_ne!(name_of(catalogue().migration_statuses(), code), code);
        }
        assert_eq!(catalogue().migration_rejection_reasons().len(), 12);
    }
}
