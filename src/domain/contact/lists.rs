//! Value lists of contacts: `data/contacts.json`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::super::service::{Item, catalogue};
use super::super::text::search_key;

#[derive(Deserialize)]
struct File {
    roles: Vec<String>,
    language_names: HashMap<String, Vec<String>>,
}

static FILE: LazyLock<File> = LazyLock::new(shipped);

/// Roles of contacts (proposed).
pub fn roles() -> &'static [String] {
    &FILE.roles
}

/// Every code and name of a survey language, folded.
static LANGUAGES: LazyLock<HashMap<String, &'static Item>> = LazyLock::new(|| {
    let named = |language: &'static Item| {
        let also = FILE.language_names.get(&language.code).into_iter().flatten();
        let names = [&language.code, &language.name].into_iter().chain(also);
        names.map(move |name| (search_key(name), language))
    };
    catalogue().survey_languages().iter().flat_map(named).collect()
});

/// The survey language of this code or name, however it is written.
pub fn language_called(typed: &str) -> Option<&'static Item> {
    LANGUAGES.get(&search_key(typed)).copied()
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
fn shipped() -> File {
    serde_json::from_str(include_str!("../../../data/contacts.json")).expect("data/contacts.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survey_language_is_found_by_code_and_by_the_names_that_people_use() {
        for (typed, code) in
            [("ES", "es"), ("spanish", "es"), ("Español", "es"), ("pt-br", "pt-BR"), ("Portuguese", "pt-BR")]
        {
            assert_eq!(language_called(typed).map(|l| l.code.as_str()), Some(code), "{typed}");
        }
        assert!(language_called("Chinese").is_none(), "two kinds of Chinese: nothing is guessed");
        assert!(language_called("").is_none() && language_called("Klingon").is_none());
        assert_eq!(catalogue().survey_languages().len(), 12);
        for code in FILE.language_names.keys() {
            assert!(catalogue().survey_languages().iter().any(|l| l.code == *code), "{code}");
        }
    }
}
