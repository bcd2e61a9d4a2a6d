//! Which kind of contact a form is for: it decides which fields are asked for (C2, C9).

use crate::domain::contact::{Contact, ContactType, Draft};
use crate::turn::{Fields, Malformed};

/// What a form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A customer contact who is to get surveys.
    Survey,
    /// Any other customer contact.
    Customer,
    /// A partner contact.
    Partner,
    /// A contact at Microsoft.
    Microsoft,
}

impl Kind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Survey, Self::Customer, Self::Partner, Self::Microsoft];

    /// Its code on cards.
    pub fn code(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Customer => "customer",
            Self::Partner => "partner",
            Self::Microsoft => "microsoft",
        }
    }

    /// The kind of this code.
    pub fn called(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind that a card's button names.
    pub fn read(fields: &Fields) -> Result<Self, Malformed> {
        Self::called(&fields.text("kind")?).ok_or(Malformed("kind"))
    }

    /// What a contact is.
    pub fn of(contact: &Contact) -> Self {
        match (contact.contact_type, contact.survey_eligible) {
            (ContactType::Customer, Some(true)) => Self::Survey,
            (ContactType::Customer, _) => Self::Customer,
            (ContactType::Partner, _) => Self::Partner,
            (ContactType::Microsoft, _) => Self::Microsoft,
        }
    }

    /// What a draft would become.
    pub fn of_draft(draft: &Draft) -> Self {
        match (ContactType::of(&draft.contact_type), draft.survey_eligible.as_str()) {
            (Some(ContactType::Partner), _) => Self::Partner,
            (Some(ContactType::Microsoft), _) => Self::Microsoft,
            (_, "yes") => Self::Survey,
            _ => Self::Customer,
        }
    }

    fn contact_type(self) -> ContactType {
        match self {
            Self::Survey | Self::Customer => ContactType::Customer,
            Self::Partner => ContactType::Partner,
            Self::Microsoft => ContactType::Microsoft,
        }
    }

    /// What the form means, typed over what is stored: fields that it does not ask for stay as they are, and those
    /// that do not belong to this kind go (C9).
    pub fn complete(self, typed: &Draft, stored: &Draft) -> Draft {
        let mut draft = Draft { contact_type: self.contact_type().code().to_owned(), ..typed.clone() };
        if self == Self::Survey {
            draft.is_engaged = true;
            "yes".clone_into(&mut draft.survey_eligible);
        } else {
            // Whoever was to get surveys is now said not to; who was undecided stays so.
            let decided =
                if stored.survey_eligible == "yes" { "no" } else { stored.survey_eligible.as_str() };
            decided.clone_into(&mut draft.survey_eligible);
        }
        if self.contact_type() != ContactType::Customer {
            draft.survey_language.clone_from(&stored.survey_language);
            draft.do_not_call = false;
            draft.do_not_call_reason.clear();
        }
        if self != Self::Partner {
            draft.skill_type.clear();
        }
        if self != Self::Microsoft {
            draft.ms_role.clear();
        }
        draft
    }

    /// What the choice between kinds says.
    pub fn choice(self) -> &'static str {
        match self {
            Self::Survey => "Customer, gets surveys",
            Self::Customer => "Customer, gets none",
            Self::Partner => "Partner",
            Self::Microsoft => "Microsoft",
        }
    }

    /// What the form of a new one is called.
    pub fn new_title(self) -> &'static str {
        match self {
            Self::Survey => "New survey contact",
            Self::Customer => "New customer contact",
            Self::Partner => "New partner contact",
            Self::Microsoft => "New Microsoft contact",
        }
    }

    /// What the form of an existing one is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Survey => "Survey contact",
            Self::Customer => "Customer contact",
            Self::Partner => "Partner contact",
            Self::Microsoft => "Microsoft contact",
        }
    }

    /// What the button says that adds one.
    pub fn add_title(self) -> &'static str {
        match self {
            Self::Survey => "Add survey contact",
            Self::Customer => "Add customer",
            Self::Partner => "Add partner",
            Self::Microsoft => "Add Microsoft",
        }
    }
}

/// The typed fields of the form, by the ids of its inputs. The contact type is the code of a [`Kind`].
pub fn typed(fields: &Fields) -> Result<Draft, Malformed> {
    let chosen = fields.text("services")?;
    let chosen = chosen.split(',').map(str::trim).filter(|code| !code.is_empty());
    Ok(Draft {
        contact_type: fields.text("contact_type")?,
        is_engaged: fields.tick("is_engaged")?,
        is_fasttrack: fields.tick("is_fasttrack")?,
        name: fields.text("name")?,
        email: fields.text("email")?,
        country: fields.text("country")?,
        survey_eligible: String::new(),
        survey_language: fields.text("survey_language")?,
        services: chosen.map(str::to_owned).collect(),
        title: fields.text("title")?,
        phone: fields.text("phone")?,
        time_zone: fields.text("time_zone")?,
        role: fields.text("role")?,
        note: fields.text("note")?,
        do_not_call: fields.tick("do_not_call")?,
        do_not_call_reason: fields.text("do_not_call_reason")?,
        skill_type: fields.text("skill_type")?,
        ms_role: fields.text("ms_role")?,
        evidence: fields.text("evidence")?,
        approved_survey: fields.text("approved_survey")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::{ContactRule, Context};
    use crate::domain::finding::Rule;
    use crate::domain::rules::rules;

    #[test]
    fn c9_a_contact_that_becomes_another_kind_keeps_nothing_that_does_not_belong_to_it() {
        let full = Draft {
            is_engaged: true,
            do_not_call: true,
            do_not_call_reason: "Asked us not to".into(),
            skill_type: "Migration".into(),
            ms_role: "FM".into(),
            survey_language: "es".into(),
            survey_eligible: "yes".into(),
            ..Draft::default()
        };
        for kind in Kind::ALL {
            let draft = kind.complete(&full, &full);
            assert_eq!(Kind::of_draft(&draft), kind);
            assert_eq!(draft.survey_language, "es", "what the form does not ask for stays");
            let findings = draft.check(Context { services: &[], role: "", rules: rules() }).unwrap_err();
            let misplaced = |rule: &Rule| matches!(rule, Rule::Contact(ContactRule::OnlyFor(_)));
            assert!(!findings.iter().any(|finding| misplaced(&finding.rule)), "{kind:?}: {findings:?}");
        }
    }
}
