//! Who gets the customer surveys of a tenant (C5, C6).

use super::super::service::{SurveyGroup, catalogue};
use super::{Contact, MIGRATION};

/// The survey of one group of services, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The group, by code.
    pub group: &'static str,
    /// The group's name.
    pub name: &'static str,
    /// Whether the tenant has a service of the group, or for migrations one whose data can be migrated.
    pub concerned: bool,
    /// Who gets it.
    pub route: Route,
}

/// Where a survey goes. Contacts are named by their place in the list that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// To the survey contacts who name a service of the group.
    Direct(Vec<usize>),
    /// Nobody names one, so to all survey contacts of the tenant.
    Fallback(Vec<usize>),
    /// There is no survey contact: the tenant has a gap (C3).
    Nobody,
}

impl Route {
    /// The contacts who get the survey.
    pub fn recipients(&self) -> &[usize] {
        match self {
            Self::Direct(contacts) | Self::Fallback(contacts) => contacts,
            Self::Nobody => &[],
        }
    }
}

/// The group whose survey asks about this entry of a contact's list (C6), by code; `None`: no survey does.
pub fn group_of(entry: &str) -> Option<&'static str> {
    if entry == MIGRATION {
        return Some(MIGRATION);
    }
    catalogue().services().iter().find(|s| s.code == entry).and_then(|s| s.survey_group.as_deref())
}

/// The surveys of all groups, in the programme's order, for a tenant with these contacts and services.
pub fn surveys<'a>(contacts: impl IntoIterator<Item = &'a Contact>, services: &[&str]) -> Vec<Survey> {
    let eligible: Vec<(usize, &Contact)> =
        contacts.into_iter().enumerate().filter(|(_, contact)| contact.is_survey_contact()).collect();
    let survey = |group: &'static SurveyGroup| Survey {
        group: &group.code,
        name: &group.name,
        concerned: services.iter().any(|service| concerns(&group.code, service)),
        route: route(&group.code, &eligible),
    };
    catalogue().survey_groups().iter().map(survey).collect()
}

fn concerns(group: &str, service: &str) -> bool {
    group_of(service) == Some(group)
        || group == MIGRATION && catalogue().services().iter().any(|s| s.code == service && s.data_migration)
}

/// C5.
fn route(group: &str, eligible: &[(usize, &Contact)]) -> Route {
    let places = |named: &dyn Fn(&Contact) -> bool| -> Vec<usize> {
        eligible.iter().filter(|(_, contact)| named(contact)).map(|(place, _)| *place).collect()
    };
    let direct = places(&|contact| contact.services.iter().any(|entry| group_of(entry) == Some(group)));
    match (direct.is_empty(), eligible.is_empty()) {
        (false, _) => Route::Direct(direct),
        (true, false) => Route::Fallback(places(&|_| true)),
        (true, true) => Route::Nobody,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn contact(eligible: Option<bool>, services: &[&str]) -> Contact {
        Contact {
            is_engaged: true,
            name: "Eva".into(),
            email: "eva@contoso.com".into(),
            country: "ES".into(),
            survey_eligible: eligible,
            survey_language: "es".into(),
            services: services.iter().map(|&s| s.into()).collect(),
            ..Contact::default()
        }
    }

    fn routes(contacts: &[Contact]) -> Vec<(&'static str, Route)> {
        surveys(contacts, &["exchange"]).into_iter().map(|s| (s.name, s.route)).collect()
    }

    #[test]
    fn c6_groups_have_the_published_members() {
        let of = |group| {
            let services = catalogue().services().iter().map(|s| s.code.as_str()).chain([MIGRATION]);
            services.filter(|code| group_of(code) == Some(group)).collect::<Vec<_>>()
        };
        assert_eq!(of("o365"), ["exchange", "teams", "sharepoint", "yammer", "office_pro_plus"]);
        assert_eq!((of("intune"), of("aadp")), (vec!["intune"], vec!["aadp"]));
        assert_eq!(of("migration"), [MIGRATION]);
    }

    #[test]
    fn c5_a_survey_goes_to_those_who_name_the_group_else_to_all_survey_contacts() {
        let contacts = [
            contact(Some(true), &["exchange", "power_bi"]),
            contact(Some(true), &["intune", MIGRATION]),
            contact(Some(false), &["aadp"]),
            Contact { country: String::new(), ..contact(Some(true), &["aadp"]) },
        ];
        assert_eq!(
            routes(&contacts),
            [
                ("O365", Route::Direct(vec![0])),
                ("Migration", Route::Direct(vec![1])),
                ("Intune", Route::Direct(vec![1])),
                ("AADP", Route::Fallback(vec![0, 1])),
            ]
        );
        assert!(routes(&contacts[2..]).iter().all(|(_, route)| *route == Route::Nobody));
    }

    #[test]
    fn c5_a_group_concerns_tenants_that_have_a_service_of_it() {
        let concerned = |services: &[&str]| {
            let surveys = surveys(&[], services).into_iter();
            surveys.filter(|s| s.concerned).map(|s| s.group).collect::<Vec<_>>()
        };
        assert_eq!(concerned(&["teams", "aip"]), ["o365"]);
        assert_eq!(concerned(&["onedrive"]), ["migration"]);
        assert_eq!(concerned(&["aadp", "intune", "exchange"]), ["o365", "migration", "intune", "aadp"]);
    }

    proptest! {
        #[test]
        fn c3_c5_every_survey_reaches_somebody_exactly_when_there_is_a_survey_contact(
            made in prop::collection::vec(
                (any::<Option<bool>>(), any::<bool>(), prop::sample::subsequence(vec!["exchange", "teams", "intune", "aadp", MIGRATION, "aip"], 0..4)),
                0..6,
            ),
        ) {
            let contacts: Vec<Contact> = made
                .iter()
                .map(|(eligible, is_engaged, services)| Contact { is_engaged: *is_engaged, ..contact(*eligible, services) })
                .collect();
            let covered = contacts.iter().any(Contact::is_survey_contact);
            for survey in surveys(&contacts, &["exchange"]) {
                prop_assert_eq!(!survey.route.recipients().is_empty(), covered);
                for place in survey.route.recipients() {
                    let recipient = &contacts[*place];
                    prop_assert!(recipient.is_survey_contact());
                    let names = recipient.services.iter().any(|entry| group_of(entry) == Some(survey.group));
                    prop_assert_eq!(names, matches!(survey.route, Route::Direct(_)));
                }
            }
        }
    }
}
