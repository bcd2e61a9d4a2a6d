//! A contact in one line of chat: `contact contoso: Eva Novák eva@contoso.com ES spanish exo, migration`.

use serde_json::{Value, json};

use super::super::tenant::{At, Then};
use super::kind::Kind;
use super::save::told;
use super::sheet::Sheet;
use super::{called, consent, in_private};
use crate::cards::render;
use crate::domain::access::Act;
use crate::domain::contact::{Contact, ContactType, Draft, line};
use crate::domain::finding::Findings;
use crate::store::contact::{ContactRow, Written};
use crate::store::desk::Desk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

/// The line.
#[derive(Debug)]
pub struct Line {
    /// Which tenant.
    pub at: At,
    /// What was said of the contact.
    pub body: String,
}

impl Intent for Line {
    const NAME: &'static str = "contact.line";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { at: At::Chosen(fields.id("tenant")?), body: fields.text("body")? })
    }

    /// Saves after one press of Confirm if everything is there; otherwise the form asks for what is missing. An
    /// address that the tenant has already changes that contact.
    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        in_private(turn)?;
        let tenant = self.at.tenant(turn, &Then::carrying(Self::NAME, &self.body)).await?;
        let desk = turn.desk(tenant, Act::EditContacts).await?;
        let said = line::read(&self.body);
        let there = namesake(turn, &desk, &said).await?;
        let draft = match &there {
            Some(row) => said.over(&Draft::of(&row.contact)),
            None => said,
        };
        let draft = draft.decided();
        let kind = Kind::of_draft(&draft);
        let sheet = Sheet::new(turn, &desk, kind, there.clone()).await?;
        let draft = sheet.filled_in(draft);
        let contact = match sheet.check(&draft) {
            Ok(contact) => contact,
            Err(findings) => return Err(asked(&sheet, &draft, &findings)?),
        };
        if consent::is_missing(turn, there.as_ref(), &contact, false).await? {
            return Err(consent::question(&sheet, &draft)?.into());
        }
        let fields = json!({ "tenant": tenant.to_string(), "body": self.body });
        save(turn, &desk, there, &contact, fields).await
    }
}

/// The contact that the line is about, if the tenant has it.
async fn namesake(turn: &mut Turn, desk: &Desk, said: &Draft) -> Result<Option<ContactRow>, Fault> {
    let contact_type = ContactType::of(&said.contact_type).unwrap_or_default();
    Ok(turn.scope.contact_called(desk, contact_type, &said.email).await?)
}

/// The form with what was understood, which says what is missing.
fn asked(sheet: &Sheet, draft: &Draft, findings: &Findings) -> Result<Fault, Fault> {
    let form = sheet.form(draft, findings);
    Ok(render(&form.intro("This is what I understood. Please add what is marked."))?.into())
}

async fn save(
    turn: &mut Turn,
    desk: &Desk,
    there: Option<ContactRow>,
    contact: &Contact,
    fields: Value,
) -> Result<Reply, Fault> {
    let edit = turn.edit(desk, Line::NAME).await?;
    let (id, done, question) = match there {
        // The tenant is locked by this turn, so that only the nightly feed can have been faster.
        Some(row) => match turn.scope.change_contact(desk, (row.id, row.version), contact).await? {
            Written::Done => (row.id, "Contact saved", "Change this contact?"),
            Written::Moved | Written::Taken(_) => return Err(Fault::Again),
        },
        None => match turn.scope.add_contact(desk, contact).await? {
            Some(id) => (id, "Contact added", "Add this contact?"),
            None => return Err(Fault::Again),
        },
    };
    let saying: Saying = told(turn, desk, id, done, contact).await?;
    edit.confirmed(turn, Line::NAME, fields, saying.asks(question, "Save").about(called(contact))).await
}
