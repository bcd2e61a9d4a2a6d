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

    /// This draft over another one: what was left empty here stays as it is there.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        let or = |mine: &str, theirs: &str| if mine.trim().is_empty() { theirs } else { mine }.to_owned();
        Self {
            contact_type: or(&self.contact_type, &other.contact_type),
            is_engaged: self.is_engaged,
            is_fasttrack: self.is_fasttrack || other.is_fasttrack,
            name: or(&self.name, &other.name),
            email: or(&self.email, &other.email),
            country: or(&self.country, &other.country),
            survey_eligible: or(&self.survey_eligible, &other.survey_eligible),
            survey_language: or(&self.survey_language, &other.survey_language),
            services: if self.services.is_empty() { other.services.clone() } else { self.services.clone() },
            title: or(&self.title, &other.title),
            phone: or(&self.phone, &other.phone),
            time_zone: or(&self.time_zone, &other.time_zone),
            role: or(&self.role, &other.role),
            note: or(&self.note, &other.note),
            do_not_call: self.do_not_call || other.do_not_call,
            do_not_call_reason: or(&self.do_not_call_reason, &other.do_not_call_reason),
            skill_type: or(&self.skill_type, &other.skill_type),
            ms_role: or(&self.ms_role, &other.ms_role),
            evidence: or(&self.evidence, &other.evidence),
            approved_survey: or(&self.approved_survey, &other.approved_survey),
        }
    }

    /// Decides what nobody said: a customer contact is to get surveys.
    #[must_use]
    pub fn decided(mut self) -> Self {
        if self.survey_eligible.is_empty() && self.contact_type == ContactType::Customer.code() {
            "yes".clone_into(&mut self.survey_eligible);
        }
        self
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
    fn what_was_left_empty_stays_as_it_was_and_what_nobody_said_is_decided() {
        let said = Draft { name: "Eva".into(), is_engaged: true, ..Draft::default() };
        let stored = Draft {
            email: "eva@contoso.com".into(),
            name: "E.".into(),
            survey_eligible: "no".into(),
            ..eva()
        };
        let merged = said.over(&stored);
        assert_eq!((merged.name.as_str(), merged.email.as_str()), ("Eva", "eva@contoso.com"));
        assert_eq!(merged.decided().survey_eligible, "no");
        let new = Draft { contact_type: "customer".into(), ..said };
        assert_eq!(new.clone().decided().survey_eligible, "yes");
        assert_eq!(Draft { contact_type: "partner".into(), ..new }.decided().survey_eligible, "");
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
