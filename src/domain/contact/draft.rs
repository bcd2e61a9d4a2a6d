//! A contact as it was typed.

use serde::{Deserialize, Serialize};

use super::super::country::{countries, usual_language};
use super::{Contact, ContactType};

/// A contact as it was typed: reading it cannot fail, so that it can always be shown back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Contact type, by code.
    pub contact_type: String,
    /// Takes part in the engagement.
    pub is_engaged: bool,
    /// The contact for FastTrack.
    pub is_fasttrack: bool,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Country, by code or name.
    pub country: String,
    /// `yes`, `no` or empty.
    pub survey_eligible: String,
    /// Survey language, by code or name.
    pub survey_language: String,
    /// Service codes and [`super::MIGRATION`].
    pub services: Vec<String>,
    /// Job title.
    pub title: String,
    /// Telephone.
    pub phone: String,
    /// Time zone.
    pub time_zone: String,
    /// Role.
    pub role: String,
    /// Note.
    pub note: String,
    /// Not to be phoned.
    pub do_not_call: bool,
    /// Why not.
    pub do_not_call_reason: String,
    /// Skill type of a partner contact.
    pub skill_type: String,
    /// Role of a Microsoft contact.
    pub ms_role: String,
    /// Evidence.
    pub evidence: String,
    /// Approved survey.
    pub approved_survey: String,
}

impl Draft {
    /// A new customer contact who takes part and is to get surveys.
    pub fn survey_contact() -> Self {
        Self {
            contact_type: ContactType::Customer.code().to_owned(),
            is_engaged: true,
            survey_eligible: "yes".to_owned(),
            ..Self::default()
        }
    }

    /// What the form of an existing contact begins with.
    pub fn of(contact: &Contact) -> Self {
        let Contact { contact_type, survey_eligible, .. } = contact;
        let contact = contact.clone();
        Self {
            contact_type: contact_type.code().to_owned(),
            is_engaged: contact.is_engaged,
            is_fasttrack: contact.is_fasttrack,
            name: contact.name,
            email: contact.email,
            country: contact.country,
            survey_eligible: survey_eligible
                .map(|yes| if yes { "yes" } else { "no" })
                .unwrap_or_default()
                .to_owned(),
            survey_language: contact.survey_language,
            services: contact.services,
            title: contact.title,
            phone: contact.phone,
            time_zone: contact.time_zone,
            role: contact.role,
            note: contact.note,
            do_not_call: contact.do_not_call,
            do_not_call_reason: contact.do_not_call_reason,
            skill_type: contact.skill_type,
            ms_role: contact.ms_role,
            evidence: contact.evidence,
            approved_survey: contact.approved_survey,
        }
    }

    /// Fills what was left open in a survey contact: the tenant's country, and the language that is usual in the
    /// contact's (proposed). What was typed stays.
    #[must_use]
    pub fn filled_in(mut self, tenant_country: Option<&str>) -> Self {
        if self.survey_eligible != "yes" {
            return self;
        }
        if self.country.is_empty() {
            tenant_country.unwrap_or_default().clone_into(&mut self.country);
        }
        if self.survey_language.is_empty()
            && let Some(country) = countries().called(&self.country)
        {
            self.survey_language = usual_language(&country.value).to_owned();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eva() -> Draft {
        Draft { country: "ES".into(), survey_language: "fr".into(), ..Draft::survey_contact() }
    }

    #[test]
    fn country_and_language_are_filled_in_only_where_nothing_was_typed() {
        let draft = Draft { country: String::new(), survey_language: String::new(), ..eva() };
        let filled = draft.clone().filled_in(Some("AT"));
        assert_eq!((filled.country.as_str(), filled.survey_language.as_str()), ("AT", "de"));
        assert_eq!(eva().filled_in(Some("AT")), eva());
        let unasked = Draft { survey_eligible: "no".into(), ..draft };
        assert_eq!(unasked.clone().filled_in(Some("AT")), unasked);
    }
}
