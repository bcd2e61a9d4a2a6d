//! Countries of ISO 3166, by the names that people use, and the survey language that is usual in each.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::pick::{Entry, PickList};
use super::text::search_key;

#[derive(Deserialize)]
struct File {
    usual_language_elsewhere: String,
    usual_language: HashMap<String, Vec<String>>,
    names: Vec<Names>,
}

/// What people call a country besides its name in the standard.
#[derive(Deserialize)]
struct Names {
    code: String,
    name: Option<String>,
    #[serde(default)]
    also: Vec<String>,
}

static FILE: LazyLock<File> = LazyLock::new(shipped);
static COUNTRIES: LazyLock<PickList> = LazyLock::new(|| PickList::new(entries(&FILE.names)));

/// All countries; their values are the two-letter codes of ISO 3166.
pub fn countries() -> &'static PickList {
    &COUNTRIES
}

/// The name of the country of this code; the code itself when the standard has no such country.
pub fn country_name(code: &str) -> &str {
    countries().entry(code).map_or(code, |country| &country.title)
}

/// The survey language that contacts in this country usually want (proposed), by code.
pub fn usual_language(country: &str) -> &'static str {
    let spoken = FILE.usual_language.iter().find(|(_, countries)| countries.iter().any(|c| c == country));
    spoken.map_or(&FILE.usual_language_elsewhere, |(language, _)| language)
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
fn shipped() -> File {
    serde_json::from_str(include_str!("../../data/countries.json")).expect("data/countries.json")
}

fn entries(names: &[Names]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = rust_iso3166::ALL
        .iter()
        .map(|country| {
            let ours = names.iter().find(|names| names.code == country.alpha2);
            let title = ours.and_then(|names| names.name.as_deref()).unwrap_or(country.name);
            let also = ours.map(|names| names.also.as_slice()).unwrap_or_default();
            let also = also.iter().map(String::as_str).chain([country.name, country.alpha3]);
            Entry::new(country.alpha2, title, also)
        })
        .collect();
    entries.sort_by_key(|country| search_key(&country.title));
    entries
}

#[cfg(test)]
mod tests {
    use super::super::service::catalogue;
    use super::*;

    #[test]
    fn sr_v3_a_country_is_found_by_code_and_by_every_name_that_people_use() {
        for (typed, code) in [
            ("de", "DE"),
            ("DEU", "DE"),
            ("Deutschland", "DE"),
            ("uk", "GB"),
            ("Czech Republic", "CZ"),
            ("cote d'ivoire", "CI"),
            ("Türkiye", "TR"),
            ("turkey", "TR"),
            ("Korea (Republic of)", "KR"),
            ("日本", "JP"),
        ] {
            assert_eq!(countries().called(typed).map(|c| c.value.as_str()), Some(code), "{typed}");
        }
        assert!(countries().called("XX").is_none());
        assert_eq!(country_name("US"), "United States");
    }

    #[test]
    fn every_name_belongs_to_one_country_and_ours_to_existing_ones() {
        assert_eq!(countries().entries().len(), 249);
        for country in countries().entries() {
            assert_eq!(countries().called(&country.title).map(|c| &c.value), Some(&country.value));
        }
        for names in &FILE.names {
            assert!(countries().entry(&names.code).is_some(), "{}", names.code);
            for name in &names.also {
                assert_eq!(countries().called(name).map(|c| &c.value), Some(&names.code), "{name}");
            }
        }
    }

    #[test]
    fn the_usual_language_is_one_of_the_survey_languages() {
        assert_eq!(usual_language("AT"), "de");
        assert_eq!(usual_language("MX"), "es");
        assert_eq!(usual_language("SE"), "en");
        for country in countries().entries() {
            let language = usual_language(&country.value);
            assert!(catalogue().survey_languages().iter().any(|l| l.code == language), "{language}");
        }
        for code in FILE.usual_language.values().flatten() {
            assert!(countries().entry(code).is_some(), "{code}");
        }
    }
}
