//! Contacts of a tenant: what must be known of one (DOMAIN 2.5, C1, C2, C9), who gets which survey ([`survey`]),
//! and a contact in one line of chat ([`line`]).

mod check;
mod draft;
mod lists;
mod phrase;

pub mod line;
pub mod survey;

pub use check::{ContactRule, Context};
pub use draft::Draft;
pub use lists::{language_called, roles};

use serde::{Deserialize, Serialize};

/// The entry of the service list that is no service: data was migrated (C6).
pub const MIGRATION: &str = "migration";

/// Whom a contact works for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactType {
    /// The customer. The default, and the only ones who get surveys (C2).
    #[default]
    Customer,
    /// The partner firm, or another one.
    Partner,
    /// Microsoft.
    Microsoft,
}

impl ContactType {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Customer, Self::Partner, Self::Microsoft];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Partner => "partner",
            Self::Microsoft => "microsoft",
        }
    }

    /// The name that people read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Partner => "Partner",
            Self::Microsoft => "Microsoft",
        }
    }

    /// The type of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A contact. One that a person saved keeps every rule ([`Draft::check`]); one that was synchronised may lack what
/// surveys need ([`Contact::lacks`]). Empty texts are unknown. Personal, nearly all of it (Y1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Whom they work for.
    pub contact_type: ContactType,
    /// Whether they take part in the engagement.
    pub is_engaged: bool,
    /// Whether they are the contact for FastTrack.
    pub is_fasttrack: bool,
    /// Name, one line.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Country, two letters of ISO 3166.
    pub country: String,
    /// Whether they are to get surveys; `None`: nobody has decided.
    pub survey_eligible: Option<bool>,
    /// Language of their surveys, by code.
    pub survey_language: String,
    /// What was deployed or migrated with them: service codes in the programme's order, and [`MIGRATION`].
    pub services: Vec<String>,
    /// Job title.
    pub title: String,
    /// Telephone, E.164.
    pub phone: String,
    /// Time zone, an IANA name.
    pub time_zone: String,
    /// Role: one of [`roles`], or what the feed brought.
    pub role: String,
    /// What else is to know.
    pub note: String,
    /// Not to be phoned; survey mail is not affected (C9).
    pub do_not_call: bool,
    /// Why not.
    pub do_not_call_reason: String,
    /// What a partner contact is good at.
    pub skill_type: String,
    /// Role of a Microsoft contact.
    pub ms_role: String,
    /// Evidence; its meaning is not published.
    pub evidence: String,
    /// Approved survey; its meaning is not published.
    pub approved_survey: String,
}

impl Contact {
    /// What stands between this contact and being a complete survey contact (C1, C2), by field; empty: it is one,
    /// and the tenant has what C3 asks for.
    pub fn lacks(&self) -> Vec<&'static str> {
        let needs = [
            ("contact_type", self.contact_type == ContactType::Customer),
            ("is_engaged", self.is_engaged),
            ("survey_eligible", self.survey_eligible == Some(true)),
            ("name", !self.name.is_empty()),
            ("email", !self.email.is_empty()),
            ("country", !self.country.is_empty()),
            ("survey_language", !self.survey_language.is_empty()),
            ("services", !self.services.is_empty()),
        ];
        needs.into_iter().filter(|(_, met)| !met).map(|(field, _)| field).collect()
    }

    /// Whether surveys may go to this contact (C2, C3).
    pub fn is_survey_contact(&self) -> bool {
        self.lacks().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::service::catalogue;
    use super::*;

    #[test]
    fn the_types_are_those_of_the_programme() {
        let ours = ContactType::ALL.map(|kind| (kind.code(), kind.name()));
        let theirs = catalogue().contact_types().iter().map(|item| (item.code.as_str(), item.name.as_str()));
        assert!(theirs.eq(ours));
    }
}
