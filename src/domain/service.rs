//! The catalogue of services and the value lists that stand beside it. Data, not code: `data/services.json`,
//! `data/reference.json`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::text::search_key;

/// A Microsoft 365 service (workload) of the programme.
#[derive(Debug, Clone, Deserialize)]
pub struct Service {
    /// Stable code, for example `exchange`.
    pub code: String,
    /// Name as the programme writes it.
    pub name: String,
    /// Short form, for example `EXO`.
    pub short: String,
    /// Other names that people use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Retired or merged: readable, not offered for new work.
    #[serde(default)]
    pub legacy: bool,
    /// The survey that asks about it, by group code (C6); none where no survey covers it.
    #[serde(default)]
    pub survey_group: Option<String>,
    /// Whether its data can be migrated by Microsoft (M1).
    #[serde(default)]
    pub data_migration: bool,
}

/// A group of services that one survey is about (C5).
#[derive(Debug, Clone, Deserialize)]
pub struct SurveyGroup {
    /// Stable code, for example `o365`.
    pub code: String,
    /// Name as the programme writes it.
    pub name: String,
}

/// A way to migrate data (DOMAIN 2.7).
#[derive(Debug, Clone, Deserialize)]
pub struct MigrationType {
    /// Stable code.
    pub code: String,
    /// Name as the programme writes it.
    pub name: String,
    /// Other words that people use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Codes of the services that it is for.
    pub services: Vec<String>,
}

#[derive(Deserialize)]
struct ServicesFile {
    services: Vec<Service>,
    survey_groups: Vec<SurveyGroup>,
}

#[derive(Deserialize)]
struct ReferenceFile {
    engagement_scenarios: Items,
    roles: Items,
    note_categories: Items,
    contact_types: Items,
    survey_languages: Items,
    migration_types: Vec<MigrationType>,
    migration_statuses: Items,
    migration_rejection_reasons: Items,
}

#[derive(Deserialize)]
struct Items {
    items: Vec<Item>,
}

/// An entry of a value list.
#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    /// Stable code.
    pub code: String,
    /// Name as the programme writes it.
    pub name: String,
    /// The name spelled out, where the list has one.
    #[serde(default)]
    pub long: Option<String>,
    /// Other words that people use.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// All services and value lists.
#[derive(Debug)]
pub struct Catalogue {
    services: Vec<Service>,
    by_name: HashMap<String, usize>,
    scenarios: Vec<Item>,
    roles: Vec<Item>,
    note_categories: Vec<Item>,
    survey_groups: Vec<SurveyGroup>,
    contact_types: Vec<Item>,
    survey_languages: Vec<Item>,
    migration_types: Vec<MigrationType>,
    migration_statuses: Vec<Item>,
    migration_rejection_reasons: Vec<Item>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::shipped);

/// The catalogue that the product ships.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

impl Catalogue {
    #[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads them")]
    fn shipped() -> Self {
        let services: ServicesFile =
            serde_json::from_str(include_str!("../../data/services.json")).expect("data/services.json");
        let reference: ReferenceFile =
            serde_json::from_str(include_str!("../../data/reference.json")).expect("data/reference.json");
        let survey_groups = services.survey_groups;
        let services = services.services;
        let mut by_name = HashMap::new();
        for (index, service) in services.iter().enumerate() {
            let names = [&service.code, &service.short, &service.name].into_iter().chain(&service.aliases);
            for name in names {
                by_name.entry(search_key(name)).or_insert(index);
            }
        }
        Self {
            services,
            by_name,
            scenarios: reference.engagement_scenarios.items,
            roles: reference.roles.items,
            note_categories: reference.note_categories.items,
            survey_groups,
            contact_types: reference.contact_types.items,
            survey_languages: reference.survey_languages.items,
            migration_types: reference.migration_types,
            migration_statuses: reference.migration_statuses.items,
            migration_rejection_reasons: reference.migration_rejection_reasons.items,
        }
    }

    /// All services, in the programme's order.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The service of this code, short form, name or alias, however it is written.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.by_name.get(&search_key(name)).and_then(|index| self.services.get(*index))
    }

    /// The name of the service of this code; the code itself when the catalogue no longer has it.
    pub fn service_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.services.iter().find(|s| s.code == code).map_or(code, |s| &s.name)
    }

    /// The engagement scenarios (G1).
    pub fn scenarios(&self) -> &[Item] {
        &self.scenarios
    }

    /// The assignment roles, onboarding and partner.
    pub fn roles(&self) -> &[Item] {
        &self.roles
    }

    /// The note categories (DOMAIN 2.4).
    pub fn note_categories(&self) -> &[Item] {
        &self.note_categories
    }

    /// The surveys (C5).
    pub fn survey_groups(&self) -> &[SurveyGroup] {
        &self.survey_groups
    }

    /// The kinds of contacts (DOMAIN 2.5).
    pub fn contact_types(&self) -> &[Item] {
        &self.contact_types
    }

    /// The languages that a survey comes in.
    pub fn survey_languages(&self) -> &[Item] {
        &self.survey_languages
    }

    /// The ways to migrate data, of all services.
    pub fn migration_types(&self) -> &[MigrationType] {
        &self.migration_types
    }

    /// The statuses of a migration line (M7).
    pub fn migration_statuses(&self) -> &[Item] {
        &self.migration_statuses
    }

    /// The reasons for which a customer declines the migration (M6).
    pub fn migration_rejection_reasons(&self) -> &[Item] {
        &self.migration_rejection_reasons
    }

    /// The name of the migration type of this code; the code itself when the list no longer has it.
    pub fn migration_type_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.migration_types.iter().find(|known| known.code == code).map_or(code, |known| &known.name)
    }
}

/// The name of `code` in a value list; the code itself when the list no longer has it.
pub fn name_of<'a>(list: &'a [Item], code: &'a str) -> &'a str {
    list.iter().find(|item| item.code == code).map_or(code, |item| &item.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_found_by_every_name_that_people_use() {
        for name in ["exchange", "EXO", "exo", "Exchange Online"] {
            assert_eq!(catalogue().service(name).map(|s| s.code.as_str()), Some("exchange"), "{name}");
        }
        assert!(catalogue().service("lotus notes").is_none());
        assert_eq!(catalogue().services().len(), 26);
    }

    #[test]
    fn a_code_that_is_gone_stays_readable() {
        assert_eq!(catalogue().service_name("exchange"), "Exchange");
        assert_eq!(catalogue().service_name("gone"), "gone");
        assert_eq!(name_of(catalogue().roles(), "p_fm"), "P-FM");
    }
}
