//! Words of a line that can only mean one thing about a contact.

use super::super::country::countries;
use super::super::service::catalogue;
use super::{ContactType, Draft, MIGRATION, language_called};

/// What a phrase can mean.
pub(super) enum Meaning {
    Type(ContactType),
    Engaged(bool),
    Survey(bool),
    DoNotCall,
    /// The word before a value, such as `phone:`.
    Label,
    Service(String),
    Language(String),
    CountryCode(String),
}

impl Meaning {
    /// Whether the draft has room for it: a second country or language is a part of the name.
    pub(super) fn fits(&self, draft: &Draft) -> bool {
        match self {
            Self::CountryCode(_) => draft.country.is_empty(),
            Self::Language(_) => draft.survey_language.is_empty(),
            _ => true,
        }
    }

    /// Writes it down.
    pub(super) fn apply(self, draft: &mut Draft) {
        match self {
            Self::Type(kind) => kind.code().clone_into(&mut draft.contact_type),
            Self::Engaged(yes) => draft.is_engaged = yes,
            Self::Survey(yes) => if yes { "yes" } else { "no" }.clone_into(&mut draft.survey_eligible),
            Self::DoNotCall => draft.do_not_call = true,
            Self::Label => {}
            Self::Service(code) => draft.services.push(code),
            Self::Language(code) => draft.survey_language = code,
            Self::CountryCode(code) => draft.country = code,
        }
    }
}

/// What the folded phrase `key` means; `text` is how it was written if it is one word, else empty.
pub(super) fn meaning(text: &str, key: &str) -> Option<Meaning> {
    let is_short = (1..=2).contains(&text.chars().count());
    let is_code = is_short && text.chars().all(|c| c.is_ascii_uppercase());
    if is_short && !is_code {
        return None;
    }
    if is_code && countries().entry(text).is_some() {
        return Some(Meaning::CountryCode(text.to_owned()));
    }
    match key {
        "engaged" => return Some(Meaning::Engaged(true)),
        "not engaged" => return Some(Meaning::Engaged(false)),
        "survey" | "survey eligible" => return Some(Meaning::Survey(true)),
        "no survey" | "no surveys" | "not survey eligible" => return Some(Meaning::Survey(false)),
        "do not call" | "don t call" | "no calls" => return Some(Meaning::DoNotCall),
        "customer" | "customer contact" => return Some(Meaning::Type(ContactType::Customer)),
        "partner" | "partner contact" => return Some(Meaning::Type(ContactType::Partner)),
        "microsoft" | "microsoft contact" => return Some(Meaning::Type(ContactType::Microsoft)),
        MIGRATION | "migrations" => return Some(Meaning::Service(MIGRATION.to_owned())),
        _ if text.ends_with(':') && is_label(key) => return Some(Meaning::Label),
        _ => {}
    }
    if let Some(service) = catalogue().service(key) {
        return Some(Meaning::Service(service.code.clone()));
    }
    language_called(key).map(|language| Meaning::Language(language.code.clone()))
}

fn is_label(key: &str) -> bool {
    [
        "name", "mail", "e mail", "email", "phone", "tel", "mobile", "country", "language", "service",
        "services",
    ]
    .contains(&key)
}
