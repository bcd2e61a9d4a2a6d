//! The rules that a contact must keep (DOMAIN 2.5, C1, C2, C9, V3).

use super::super::country::countries;
use super::super::field::{email, line, optional_text, phone, required_line};
use super::super::finding::{Findings, Rule};
use super::super::rules::Rules;
use super::super::service::catalogue;
use super::super::zone::zone_called;
use super::{Contact, ContactType, Draft, MIGRATION, language_called, roles};

/// A rule that only contacts have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactRule {
    /// A contact who is to get surveys needs it (C1, C2).
    NeededForSurvey,
    /// Only contacts of this type have it (C2, C9).
    OnlyFor(ContactType),
    /// A reason without what it is the reason for (C9).
    ReasonWithoutTick,
    /// None of the tenant's services (DOMAIN 2.5).
    NotOfThisTenant,
    /// Another contact of the tenant has this address and type (DOMAIN 2.5).
    AddressTaken {
        /// The other one's name. Personal.
        by: String,
    },
    /// The person asked to be erased, and nobody said that they agreed to come back (G3).
    AskedToBeErased,
}

impl From<ContactRule> for Rule {
    fn from(rule: ContactRule) -> Self {
        Self::Contact(rule)
    }
}

/// What a draft is judged by, besides itself.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Codes of the services that the contact may name: the tenant's, and those that it names already.
    pub services: &'a [&'a str],
    /// The role that the contact has already, which need not be one of the list.
    pub role: &'a str,
    /// The figures.
    pub rules: &'a Rules,
}

impl Draft {
    /// Checks the draft against DOMAIN 2.5, C1, C2, C9 and V3: all findings at once.
    pub fn check(&self, context: Context<'_>) -> Result<Contact, Findings> {
        let mut findings = Findings::default();
        let contact = self.read(context, &mut findings);
        contact.check_survey(&mut findings);
        contact.check_type(&mut findings);
        if findings.is_empty() { Ok(contact) } else { Err(findings) }
    }

    /// Each field by itself; one that breaks a rule of its own is left empty.
    fn read(&self, context: Context<'_>, findings: &mut Findings) -> Contact {
        let mut check = Check { findings, rules: context.rules };
        Contact {
            contact_type: check.keep("contact_type", contact_type(&self.contact_type)),
            is_engaged: self.is_engaged,
            is_fasttrack: self.is_fasttrack,
            name: check.keep("name", required_line(&self.name, context.rules.contact_line_max)),
            email: check.keep("email", email(&self.email).and_then(required)),
            country: check.keep("country", country(&self.country)),
            survey_eligible: check.keep("survey_eligible", yes_or_no(&self.survey_eligible)),
            survey_language: check.keep("survey_language", language(&self.survey_language)),
            services: check.keep("services", services(&self.services, context.services)),
            title: check.line("title", &self.title),
            phone: check.keep("phone", phone(&self.phone)),
            time_zone: check.keep("time_zone", time_zone(&self.time_zone)),
            role: check.keep("role", role(&self.role, context.role)),
            note: check.text("note", &self.note),
            do_not_call: self.do_not_call,
            do_not_call_reason: check.text("do_not_call_reason", &self.do_not_call_reason),
            skill_type: check.line("skill_type", &self.skill_type),
            ms_role: check.line("ms_role", &self.ms_role),
            evidence: check.text("evidence", &self.evidence),
            approved_survey: check.text("approved_survey", &self.approved_survey),
        }
    }
}

struct Check<'f> {
    findings: &'f mut Findings,
    rules: &'f Rules,
}

impl Check<'_> {
    fn keep<T: Default>(&mut self, field: &'static str, read: Result<T, Rule>) -> T {
        self.findings.keep(field, read).unwrap_or_default()
    }

    fn line(&mut self, field: &'static str, typed: &str) -> String {
        self.keep(field, line(typed, self.rules.contact_line_max))
    }

    fn text(&mut self, field: &'static str, typed: &str) -> String {
        self.keep(field, optional_text(typed, self.rules.contact_note_max)).unwrap_or_default()
    }
}

impl Contact {
    /// C1, C2: what a contact who is to get surveys needs, each named.
    fn check_survey(&self, findings: &mut Findings) {
        if self.survey_eligible != Some(true) {
            return;
        }
        for field in self.lacks() {
            match field {
                "contact_type" => {
                    findings.add("survey_eligible", ContactRule::OnlyFor(ContactType::Customer).into());
                }
                field if findings.has(field) => {}
                field => findings.add(field, ContactRule::NeededForSurvey.into()),
            }
        }
    }

    /// C9 and DOMAIN 2.5: what only one type of contact has.
    fn check_type(&self, findings: &mut Findings) {
        let only = [
            ("do_not_call", ContactType::Customer, self.do_not_call),
            ("do_not_call_reason", ContactType::Customer, !self.do_not_call_reason.is_empty()),
            ("skill_type", ContactType::Partner, !self.skill_type.is_empty()),
            ("ms_role", ContactType::Microsoft, !self.ms_role.is_empty()),
        ];
        for (field, owner, given) in only {
            if given && owner != self.contact_type {
                findings.add(field, ContactRule::OnlyFor(owner).into());
            }
        }
        if !self.do_not_call && !self.do_not_call_reason.is_empty() {
            findings.add("do_not_call_reason", ContactRule::ReasonWithoutTick.into());
        }
    }
}

fn required(text: String) -> Result<String, Rule> {
    if text.is_empty() { Err(Rule::Required) } else { Ok(text) }
}

fn contact_type(code: &str) -> Result<ContactType, Rule> {
    if code.trim().is_empty() {
        return Err(Rule::Required);
    }
    ContactType::of(code.trim()).ok_or(Rule::UnknownChoice)
}

fn country(typed: &str) -> Result<String, Rule> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    countries().called(typed).map(|country| country.value.clone()).ok_or(Rule::UnknownChoice)
}

fn time_zone(typed: &str) -> Result<String, Rule> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    zone_called(typed).ok_or(Rule::UnknownChoice)
}

fn language(typed: &str) -> Result<String, Rule> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    language_called(typed).map(|language| language.code.clone()).ok_or(Rule::UnknownChoice)
}

fn role(typed: &str, present: &str) -> Result<String, Rule> {
    let typed = typed.trim();
    let known = typed.is_empty() || typed == present || roles().iter().any(|role| role == typed);
    if known { Ok(typed.to_owned()) } else { Err(Rule::UnknownChoice) }
}

fn yes_or_no(typed: &str) -> Result<Option<bool>, Rule> {
    match typed.trim() {
        "" => Ok(None),
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        _ => Err(Rule::UnknownChoice),
    }
}

/// Each once, in the programme's order, [`MIGRATION`] last.
fn services(named: &[String], allowed: &[&str]) -> Result<Vec<String>, Rule> {
    let is_known = |code: &str| code == MIGRATION || catalogue().services().iter().any(|s| s.code == code);
    if named.iter().any(|code| !is_known(code) && !allowed.contains(&code.as_str())) {
        return Err(Rule::UnknownChoice);
    }
    if named.iter().any(|code| code != MIGRATION && !allowed.contains(&code.as_str())) {
        return Err(ContactRule::NotOfThisTenant.into());
    }
    let order =
        |code: &String| catalogue().services().iter().position(|s| s.code == *code).unwrap_or(usize::MAX);
    let mut kept = named.to_vec();
    kept.sort_by_key(|code| (code == MIGRATION, order(code)));
    kept.dedup();
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::rules::rules;
    use super::*;

    const SERVICES: &[&str] = &["exchange", "teams", "intune"];

    fn context() -> Context<'static> {
        Context { services: SERVICES, role: "", rules: rules() }
    }

    fn eva() -> Draft {
        Draft {
            name: "Eva Novák".into(),
            email: "eva@contoso.com".into(),
            country: "ES".into(),
            survey_language: "es".into(),
            services: vec!["migration".into(), "teams".into(), "exchange".into(), "teams".into()],
            ..Draft::survey_contact()
        }
    }

    fn broken(draft: &Draft) -> Vec<(&'static str, Rule)> {
        draft.check(context()).unwrap_err().pairs()
    }

    #[test]
    fn c1_c2_a_survey_contact_needs_all_of_it_and_each_is_named() {
        let bare =
            Draft { contact_type: "customer".into(), survey_eligible: "yes".into(), ..Draft::default() };
        let needed = |field| (field, ContactRule::NeededForSurvey.into());
        assert_eq!(
            broken(&bare),
            [
                ("name", Rule::Required),
                ("email", Rule::Required),
                needed("is_engaged"),
                needed("country"),
                needed("survey_language"),
                needed("services"),
            ]
        );
        let contact = eva().check(context()).unwrap();
        assert!(contact.is_survey_contact());
        assert_eq!(contact.services, ["exchange", "teams", "migration"]);
    }

    #[test]
    fn c2_only_customers_get_surveys() {
        let partner = Draft { contact_type: "partner".into(), ..eva() };
        assert_eq!(
            broken(&partner),
            [("survey_eligible", ContactRule::OnlyFor(ContactType::Customer).into())]
        );
        let undecided = Draft { contact_type: "partner".into(), survey_eligible: String::new(), ..eva() };
        let contact = undecided.check(context()).unwrap();
        assert_eq!(contact.lacks(), ["contact_type", "survey_eligible"]);
    }

    #[test]
    fn c9_do_not_call_is_for_customers_and_its_reason_for_the_tick() {
        let reason = Draft { do_not_call_reason: "Asked us not to".into(), ..eva() };
        assert_eq!(broken(&reason), [("do_not_call_reason", ContactRule::ReasonWithoutTick.into())]);
        let ticked = Draft { do_not_call: true, ..reason };
        assert!(ticked.check(context()).unwrap().is_survey_contact(), "survey mail is not affected");
        let microsoft = Draft {
            contact_type: "microsoft".into(),
            survey_eligible: "no".into(),
            skill_type: "Migration".into(),
            ms_role: "FM".into(),
            ..ticked
        };
        let customer: Rule = ContactRule::OnlyFor(ContactType::Customer).into();
        assert_eq!(
            broken(&microsoft),
            [
                ("do_not_call", customer.clone()),
                ("do_not_call_reason", customer),
                ("skill_type", ContactRule::OnlyFor(ContactType::Partner).into()),
            ]
        );
    }

    #[test]
    fn sr_v1_v3_codes_lists_and_lengths_are_checked_all_at_once() {
        let odd = Draft {
            contact_type: "Alien".into(),
            name: "x".repeat(201),
            email: "a@b.com, c@d.com".into(),
            country: "Atlantis".into(),
            survey_eligible: "maybe".into(),
            survey_language: "Chinese".into(),
            services: vec!["sharepoint".into()],
            phone: "123".into(),
            time_zone: "Mars/Olympus".into(),
            role: "boss".into(),
            note: "\0".into(),
            title: "x\u{7}".into(),
            ..Draft::default()
        };
        assert_eq!(
            broken(&odd),
            [
                ("contact_type", Rule::UnknownChoice),
                ("name", Rule::TooLong { max: 200 }),
                ("email", Rule::OneEmailOnly),
                ("country", Rule::UnknownChoice),
                ("survey_eligible", Rule::UnknownChoice),
                ("survey_language", Rule::UnknownChoice),
                ("services", ContactRule::NotOfThisTenant.into()),
                ("title", Rule::ControlCharacter),
                ("phone", Rule::NotAPhone),
                ("time_zone", Rule::UnknownChoice),
                ("role", Rule::UnknownChoice),
                ("note", Rule::ControlCharacter),
            ]
        );
    }

    fn any_draft() -> impl Strategy<Value = Draft> {
        let word = |good: &'static str| prop_oneof![2 => Just(good.to_owned()), 1 => Just(String::new()), 1 => any::<String>()];
        let kind = prop_oneof![Just("customer"), Just("partner"), Just("microsoft"), Just("")]
            .prop_map(String::from);
        let services = prop::collection::vec(
            prop_oneof![Just("exchange"), Just("teams"), Just("migration"), Just("yammer"), Just("x")]
                .prop_map(String::from),
            0..4,
        );
        let person = (kind, word("Eva"), word("eva@contoso.com"), word("ES"), services);
        let survey = (word("yes"), word("es"), any::<bool>(), any::<bool>());
        let more = (word("+420123456789"), word("Europe/Madrid"), word("Why"), word("Skill"), word("FM"));
        (person, survey, more).prop_map(|(person, survey, more)| Draft {
            contact_type: person.0,
            name: person.1,
            email: person.2,
            country: person.3,
            services: person.4,
            survey_eligible: survey.0,
            survey_language: survey.1,
            is_engaged: survey.2,
            do_not_call: survey.3,
            phone: more.0,
            time_zone: more.1,
            do_not_call_reason: more.2,
            skill_type: more.3,
            ms_role: more.4,
            ..Draft::default()
        })
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_either_a_contact_that_keeps_the_rules_or_findings(draft in any_draft()) {
            match draft.check(context()) {
                Err(findings) => prop_assert!(!findings.is_empty()),
                Ok(contact) => {
                    prop_assert!(!contact.name.is_empty() && !contact.email.is_empty());
                    prop_assert!(contact.survey_eligible != Some(true) || contact.is_survey_contact());
                    prop_assert!(contact.contact_type == ContactType::Customer || !contact.do_not_call);
                    prop_assert!(contact.do_not_call || contact.do_not_call_reason.is_empty());
                    prop_assert!(contact.contact_type == ContactType::Partner || contact.skill_type.is_empty());
                    prop_assert!(contact.contact_type == ContactType::Microsoft || contact.ms_role.is_empty());
                    prop_assert_eq!(Draft::of(&contact).check(context()), Ok(contact));
                }
            }
        }
    }
}
