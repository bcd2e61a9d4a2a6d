//! Contacts of a tenant: listed with the surveys that they would get, added, edited and deleted (C1 to C11).
//! Everything about a contact is told in the personal chat only (P8).

mod consent;
mod delete;
mod kind;
mod line;
mod list;
mod open;
mod save;
mod sheet;

pub use delete::Delete;
pub use line::Line;
pub use list::{List, Surveys};
pub use open::{Add, Open};
pub use save::Save;

use super::tenant::At;
use crate::cards::{Button, notices, render};
use crate::domain::contact::Contact;
use crate::domain::contact::survey::{Survey, surveys};
use crate::domain::id::{self, Id, Tenant};
use crate::store::contact::ContactRow;
use crate::store::desk::Desk;
use crate::turn::words::name_and_text;
use crate::turn::{Fault, PlaceKind, Ready, Turn, Usage};

/// Reads what follows `contact`: a name alone lists, a name and a text add a contact.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Usage> {
    let (name, text) = name_and_text(words).unwrap_or((words, ""));
    match (name, text) {
        ("", _) => Err(Usage),
        (name, "") if name.contains('@') => Err(Usage),
        (_, text) if text.len() > LONGEST => Err(Usage),
        (name, "") => Ok(Box::new(List::named(name))),
        (name, text) => Ok(Box::new(Line { at: At::Named(name.to_owned()), body: text.to_owned() })),
    }
}

/// Most bytes of a contact in one line; nobody has more to say of one.
const LONGEST: usize = 2_000;

/// Reads what follows `survey`.
pub fn hear_survey(words: &str) -> Result<Box<dyn Ready>, Usage> {
    if words.is_empty() { Err(Usage) } else { Ok(Box::new(Surveys { at: At::Named(words.to_owned()) })) }
}

/// Refuses where others read along (P8).
fn in_private(turn: &Turn) -> Result<(), Fault> {
    match turn.place.kind {
        PlaceKind::Personal => Ok(()),
        PlaceKind::Shared => Err(render(&notices::contacts_are_personal())?.into()),
    }
}

/// All contacts of a tenant, and the surveys that they would get (C5).
struct Book {
    contacts: Vec<ContactRow>,
    surveys: Vec<Survey>,
}

impl Book {
    async fn of(turn: &mut Turn, desk: &Desk) -> Result<Self, Fault> {
        let contacts = turn.scope.contacts(desk).await?;
        let services = turn.scope.entitled_services(desk).await?;
        let services: Vec<&str> = services.iter().map(String::as_str).collect();
        let surveys = surveys(contacts.iter().map(|row| &row.contact), &services);
        Ok(Self { contacts, surveys })
    }

    /// Whether the tenant has what C3 asks for.
    fn is_covered(&self) -> bool {
        self.contacts.iter().any(|row| row.contact.is_survey_contact())
    }

    /// The surveys that this contact would get, as a sentence; what is missing where the tenant has a gap.
    fn told_of(&self, contact: Id<id::Contact>) -> String {
        if !self.is_covered() {
            return "⚠ The tenant has no complete survey contact now. It needs at least one.".to_owned();
        }
        let gets = |survey: &&Survey| {
            let recipients = survey.route.recipients().iter().filter_map(|place| self.contacts.get(*place));
            survey.concerned && recipients.clone().any(|row| row.id == contact)
        };
        let names: Vec<&str> = self.surveys.iter().filter(gets).map(|survey| survey.name).collect();
        if names.is_empty() {
            String::new()
        } else {
            format!("Would get these surveys: {}.", names.join(", "))
        }
    }
}

fn all_contacts(tenant: Id<Tenant>) -> Button {
    Button::new("All contacts", "contact.list").with("tenant", tenant.to_string()).with("page", 1)
}

/// What a card calls a contact that may have no name.
fn called(contact: &Contact) -> &str {
    if contact.name.is_empty() { &contact.email } else { &contact.name }
}
