//! A page of a tenant's contacts, under the surveys that they would get (C3, C5).

use serde::{Serialize, Serializer};

use super::super::button::{Button, in_lines};
use super::super::sample::{HEBREW, HOSTILE, JAPANESE, id};
use super::super::text::{self, UserText};
use super::super::tone::{Tone, Toned};
use super::super::view::View;
use super::{SurveyLine, enumerated};
use crate::domain::contact::survey::{Survey, surveys};
use crate::domain::contact::{Contact, ContactType, MIGRATION};
use crate::domain::country::country_name;
use crate::domain::id::{self, Id};
use crate::domain::service::{catalogue, name_of};
use crate::domain::text::looks_alike;

/// Most characters of a name.
const NAME_SHOWN: usize = 80;
/// Most characters of a line about a contact.
const LINE_SHOWN: usize = 240;

/// The contacts of a tenant, or only the surveys.
#[derive(Debug, Clone, Serialize)]
pub struct Contacts {
    heading: &'static str,
    customer: UserText,
    name: UserText,
    tenant: Id<id::Tenant>,
    /// What C3 misses; empty: nothing.
    gap: String,
    surveys: Vec<SurveyLine>,
    shown: String,
    rows: Vec<Row>,
    hint: String,
    /// The page before this one, 0 when there is none.
    previous: u32,
    /// The page after this one, 0 when there is none.
    next: u32,
    #[serde(serialize_with = "lines")]
    buttons: Vec<Button>,
}

/// A contact in the list.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    contact: Id<id::Contact>,
    /// What pressing it does; empty: nothing.
    open: UserText,
    name: UserText,
    badges: Vec<Toned>,
    details: UserText,
    services: UserText,
    lacks: String,
}

impl Row {
    /// A contact, and the surveys of its tenant, in which it stands at `place`. `number` is its own on the card.
    pub fn new(contact: Id<id::Contact>, of: &Contact, surveys: &[Survey], place: usize) -> Self {
        let details = [
            of.email.as_str(),
            &of.title,
            &of.role,
            &of.phone,
            country_name(&of.country),
            name_of(catalogue().survey_languages(), &of.survey_language),
            &of.time_zone,
            &of.skill_type,
            &of.ms_role,
        ];
        let details: Vec<&str> = details.into_iter().filter(|detail| !detail.is_empty()).collect();
        let services: Vec<&str> = of.services.iter().map(|code| entry_name(code)).collect();
        Self {
            contact,
            open: UserText::default(),
            name: UserText::clipped(&of.name, NAME_SHOWN),
            badges: badges(of, surveys, place),
            details: UserText::clipped(&details.join(" · "), LINE_SHOWN),
            services: UserText::clipped(&services.join(", "), LINE_SHOWN),
            lacks: lacks(of),
        }
    }

    /// Marks a contact that the nightly feed keeps (C10).
    #[must_use]
    pub fn synchronised(mut self, is_synchronised: bool) -> Self {
        if is_synchronised {
            self.badges.push(Toned::new(" · synchronised", Tone::Default));
        }
        self
    }

    /// Lets the contact be opened; `number` tells it from others of the same name.
    #[must_use]
    pub fn editable(mut self, number: usize) -> Self {
        self.open = UserText::clipped(&format!("Edit {number}: {}", self.name.whole()), NAME_SHOWN);
        self
    }
}

/// The name of an entry of a contact's list of services.
fn entry_name(code: &str) -> &str {
    if code == MIGRATION { "Migration" } else { catalogue().service_name(code) }
}

fn badges(of: &Contact, surveys: &[Survey], place: usize) -> Vec<Toned> {
    let gets: Vec<&str> = surveys
        .iter()
        .filter(|survey| survey.concerned && survey.route.recipients().contains(&place))
        .map(|survey| survey.name)
        .collect();
    let survey = match (of.is_survey_contact(), gets.is_empty()) {
        (true, false) => Some(Toned::new(format!("✓ surveys: {}", gets.join(", ")), Tone::Good)),
        (true, true) => Some(Toned::new("✓ survey contact", Tone::Good)),
        (false, _) => None,
    };
    let kind = (of.contact_type != ContactType::Customer)
        .then(|| Toned::new(format!("{} contact", of.contact_type.name()), Tone::Accent));
    let when = |holds: bool, words: &str, tone| holds.then(|| Toned::new(words, tone));
    let badges = [
        kind,
        survey,
        when(!of.is_engaged, "not engaged", Tone::Default),
        when(of.is_fasttrack, "FastTrack contact", Tone::Accent),
        when(of.do_not_call, "☎ do not call", Tone::Attention),
        when(looks_alike(&of.name), "⚠ look-alike letters in the name", Tone::Warning),
    ];
    let spaced = |badge: Toned| Toned::new(format!(" · {}", badge.words), badge.tone);
    badges.into_iter().flatten().map(spaced).collect()
}

/// What a contact who is marked survey eligible still lacks (C1, C2); empty for all others.
fn lacks(of: &Contact) -> String {
    let lacking = of.lacks();
    if of.survey_eligible != Some(true) || lacking.is_empty() {
        return String::new();
    }
    let word = |field: &&str| match *field {
        "contact_type" => "the type Customer",
        "is_engaged" => "being engaged",
        "name" => "a name",
        "email" => "an e-mail address",
        "country" => "a country",
        "survey_language" => "a survey language",
        _ => "services",
    };
    let words: Vec<&str> = lacking.iter().map(word).collect();
    format!("⚠ Marked survey eligible, but lacks {}.", enumerated(&words))
}

impl Contacts {
    /// Most contacts of a page: so many fit into a card in any script (O4).
    pub const PAGE: u32 = 6;

    /// The contacts of a tenant.
    pub fn new(tenant: Id<id::Tenant>, customer: &str, name: &str) -> Self {
        Self {
            heading: "Contacts",
            customer: UserText::clipped(customer, NAME_SHOWN),
            name: UserText::clipped(name, NAME_SHOWN),
            tenant,
            gap: String::new(),
            surveys: Vec::new(),
            shown: String::new(),
            rows: Vec::new(),
            hint: String::new(),
            previous: 0,
            next: 0,
            buttons: Vec::new(),
        }
    }

    /// Only the surveys, without a list of all contacts.
    #[must_use]
    pub fn surveys_only(mut self) -> Self {
        self.heading = "Customer surveys";
        self
    }

    /// The surveys, and whether anybody at all would get one (C3).
    #[must_use]
    pub fn surveys(mut self, surveys: Vec<SurveyLine>, is_covered: bool) -> Self {
        if !is_covered {
            "⚠ No complete survey contact. Every assigned tenant needs at least one."
                .clone_into(&mut self.gap);
        }
        self.surveys = surveys;
        self
    }

    /// The page `page` (from 1) of `total` contacts.
    #[must_use]
    pub fn page(mut self, page: u32, total: usize, rows: Vec<Row>) -> Self {
        let total = u64::try_from(total).unwrap_or(u64::MAX);
        let before = u64::from(page.saturating_sub(1)) * u64::from(Self::PAGE);
        let here = u64::try_from(rows.len()).unwrap_or_default();
        self.shown = match here {
            0 => "no contacts".to_owned(),
            _ if here == total => text::count(total, "contact", "contacts"),
            _ => format!("{} to {} of {} contacts", before + 1, before + here, text::number(total)),
        };
        self.previous = page.saturating_sub(1);
        self.next = if before + here < total { page.saturating_add(1) } else { 0 };
        self.rows = rows;
        self
    }

    /// The contacts who are to get surveys and cannot yet, without the others.
    #[must_use]
    pub fn lacking(mut self, rows: Vec<Row>) -> Self {
        let lacking = rows.into_iter().filter(|row| !row.lacks.is_empty());
        self.rows = lacking.map(|row| Row { details: UserText::default(), ..row }).take(6).collect();
        self
    }

    /// One sentence worth knowing.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The ways on from here; at most six.
    #[must_use]
    pub fn buttons(mut self, buttons: Vec<Button>) -> Self {
        self.buttons = buttons;
        self
    }
}

fn lines<S: Serializer>(buttons: &[Button], serializer: S) -> Result<S::Ok, S::Error> {
    in_lines(buttons, serializer)
}

impl View for Contacts {
    const TEMPLATE: &'static str = "contact.list.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let list = |contacts: &[Contact], customer: &str| {
            let routed = surveys(contacts, &["exchange", "teams", "intune"]);
            let names: Vec<&str> = contacts.iter().map(|contact| contact.name.as_str()).collect();
            let lines = routed.iter().map(|survey| SurveyLine::new(survey, &names)).collect();
            let rows = contacts.iter().enumerate().map(|(place, contact)| {
                Row::new(id(place as u128), contact, &routed, place)
                    .editable(place + 1)
                    .synchronised(place == 1)
            });
            let covered = contacts.iter().any(Contact::is_survey_contact);
            Self::new(id(1), customer, "fabrikam.onmicrosoft.com")
                .surveys(lines, covered)
                .page(1, contacts.len(), rows.collect())
                .hint("Press a contact to edit or delete it.")
                .buttons(buttons())
        };
        let eva = contact("Eva Marková", "ES", &["exchange", MIGRATION]);
        let lacking = Contact { survey_language: String::new(), ..contact("Jan Kos", "CZ", &[]) };
        let partner = Contact {
            contact_type: ContactType::Partner,
            survey_eligible: None,
            is_engaged: false,
            skill_type: "Migration".into(),
            ..contact("C\u{43E}ra Lee", "", &[])
        };
        let uncalled =
            Contact { do_not_call: true, is_fasttrack: true, ..contact(JAPANESE, "JP", &["intune"]) };
        let long = |text: &str| Contact {
            title: text.repeat(200),
            role: text.repeat(200),
            ..contact(&text.repeat(200), "GB", &["teams"])
        };
        let shared = surveys(std::slice::from_ref(&eva), &["exchange", "intune"]);
        vec![
            ("empty", list(&[], "Fabrikam Retail Group")),
            ("typical", list(&[eva.clone(), lacking.clone(), partner, uncalled], "Fabrikam Retail Group")),
            ("paged", list(&vec![eva.clone(); 6], "Fabrikam Retail Group").page(2, 40, Vec::new())),
            ("surveys", list(&[eva.clone(), lacking.clone()], "Fabrikam Retail Group").surveys_only()),
            (
                "shared",
                Self::new(id(1), "Fabrikam Retail Group", "fabrikam.onmicrosoft.com")
                    .surveys_only()
                    .surveys(shared.iter().map(SurveyLine::shared).collect(), true)
                    .hint("Contacts are shown in the personal chat with me only."),
            ),
            (
                "right_to_left",
                list(&[Contact { title: HEBREW.into(), ..contact(HEBREW, "IL", &["exchange"]) }], HEBREW),
            ),
            (
                "hostile",
                list(&[Contact { title: HOSTILE.into(), ..contact(HOSTILE, "US", &["exchange"]) }], HOSTILE),
            ),
            ("longest", list(&vec![long("𠀀"); 6], &"漢".repeat(300))),
        ]
    }

    fn summary(&self) -> String {
        let customer = self.customer.shown();
        match (self.shown.as_str(), self.gap.is_empty()) {
            (_, false) => format!("{} of {customer}: no complete survey contact.", self.heading),
            ("", true) => format!("{} of {customer}.", self.heading),
            (shown, true) => format!("{} of {customer}: {shown}.", self.heading),
        }
    }

    /// Leaves out what else is known of each contact; the form shows it.
    fn smaller(&self, _bytes: usize) -> Option<Self> {
        let rows = self.rows.iter().map(|row| Row { details: UserText::default(), ..row.clone() });
        self.rows
            .iter()
            .any(|row| !row.details.is_empty())
            .then(|| Self { rows: rows.collect(), ..self.clone() })
    }
}

fn contact(name: &str, country: &str, services: &[&str]) -> Contact {
    Contact {
        is_engaged: true,
        name: name.to_owned(),
        email: "contact@fabrikam.example".to_owned(),
        country: country.to_owned(),
        survey_eligible: Some(true),
        survey_language: "en".to_owned(),
        services: services.iter().map(|&code| code.to_owned()).collect(),
        title: "Head of IT".to_owned(),
        phone: "+420123456789".to_owned(),
        ..Contact::default()
    }
}

fn buttons() -> Vec<Button> {
    let button = |title: &str, kind: &str| {
        Button::new(title, "contact.add").with("tenant", id::<()>(1).to_string()).with("kind", kind).plain()
    };
    vec![
        button("Add survey contact", "survey"),
        button("Add customer", "customer"),
        button("Add partner", "partner"),
        button("Add Microsoft", "microsoft"),
        Button::new("Open tenant", "tenant.show").with("tenant", id::<()>(1).to_string()).plain(),
    ]
}
