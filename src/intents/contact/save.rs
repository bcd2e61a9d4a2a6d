//! The form of a contact, sent.

use super::kind::{Kind, typed};
use super::sheet::Sheet;
use super::{Book, all_contacts, called, consent, in_private};
use crate::cards::{Button, Card, render};
use crate::domain::access::Act;
use crate::domain::contact::{Contact, ContactRule, Draft};
use crate::domain::finding::{Findings, Rule};
use crate::domain::id::{self, Id, Submission, Tenant};
use crate::store::change_history::SeenRow;
use crate::store::contact::{ContactRow, Written};
use crate::store::desk::Desk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

/// The form, sent.
#[derive(Debug)]
pub struct Save {
    tenant: Id<Tenant>,
    /// The contact that is edited, and the version that the form showed; none: a new one.
    seen: Option<(Id<id::Contact>, i64)>,
    /// The kind that the form was for.
    shown: Kind,
    submission: Id<Submission>,
    typed: Draft,
    /// The person, once erased, agreed to be entered again.
    agreed: bool,
}

impl Intent for Save {
    const NAME: &'static str = "contact.save";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let contact = fields.optional_id("contact")?;
        Ok(Self {
            tenant: fields.id("tenant")?,
            seen: contact
                .map(|contact| fields.whole("version", 1).map(|version| (contact, version)))
                .transpose()?,
            shown: Kind::read(fields)?,
            submission: fields.id("form")?,
            typed: typed(fields)?,
            agreed: fields.tick(consent::CONSENT)?,
        })
    }

    fn submission(&self) -> Option<String> {
        Some(self.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        in_private(turn)?;
        let desk = turn.desk(self.tenant, Act::EditContacts).await?;
        let existing = match self.seen {
            Some((contact, _)) => turn.scope.contact(&desk, contact).await?,
            None => None,
        };
        if self.seen.is_some() && existing.is_none() {
            return Err(self.gone(turn, &desk).await?.into());
        }
        let sheet = Sheet::new(turn, &desk, self.kind(), existing).await?;
        let sheet = sheet.shown_before(self.submission, self.seen.map(|(_, version)| version));
        let draft = self.draft(&sheet);
        if self.chosen().is_none() {
            let mut findings = Findings::default();
            findings.add("contact_type", Rule::UnknownChoice);
            return Err(render(&sheet.form(&draft, &findings))?.into());
        }
        let contact = match sheet.check(&draft) {
            Ok(contact) => contact,
            Err(findings) => return Err(render(&sheet.form(&draft, &findings))?.into()),
        };
        if consent::is_missing(turn, sheet.existing(), &contact, self.agreed).await? {
            return Err(consent::question(&sheet, &draft)?.into());
        }
        match self.seen {
            Some(seen) => self.change(turn, &desk, seen, &draft, &contact).await,
            None => self.add(turn, &desk, &draft, &contact).await,
        }
    }
}

impl Save {
    /// The kind that was chosen; `None`: what was sent is none.
    fn chosen(&self) -> Option<Kind> {
        let code = self.typed.contact_type.trim();
        if code.is_empty() { Some(self.shown) } else { Kind::called(code) }
    }

    fn kind(&self) -> Kind {
        self.chosen().unwrap_or(self.shown)
    }

    /// What was typed. Another kind needs other fields, and some of them are clear.
    fn draft(&self, sheet: &Sheet) -> Draft {
        let draft = sheet.complete(&self.typed);
        if self.kind() == self.shown { draft } else { sheet.filled_in(draft) }
    }

    async fn add(
        &self,
        turn: &mut Turn,
        desk: &Desk,
        draft: &Draft,
        contact: &Contact,
    ) -> Result<Reply, Fault> {
        let edit = turn.edit(desk, Self::NAME).await?;
        let Some(id) = turn.scope.add_contact(desk, contact).await? else {
            return Err(self.there_already(turn, desk, draft, contact).await?.into());
        };
        let saying = told(turn, desk, id, "Contact added", contact).await?;
        edit.receipt(turn, saying).await
    }

    async fn change(
        &self,
        turn: &mut Turn,
        desk: &Desk,
        seen: (Id<id::Contact>, i64),
        draft: &Draft,
        contact: &Contact,
    ) -> Result<Reply, Fault> {
        let edit = turn.edit(desk, Self::NAME).await?;
        match turn.scope.change_contact(desk, seen, contact).await? {
            Written::Done => {
                let saying = told(turn, desk, seen.0, "Contact saved", contact).await?;
                edit.receipt(turn, saying).await
            }
            Written::Moved => Err(self.conflict(turn, desk, seen, draft).await?.into()),
            Written::Taken(other) => Err(self.taken(turn, desk, seen, draft, other).await?.into()),
        }
    }

    /// The tenant has a contact with this address already: its form, with what was typed in it.
    async fn there_already(
        &self,
        turn: &mut Turn,
        desk: &Desk,
        draft: &Draft,
        contact: &Contact,
    ) -> Result<Card, Fault> {
        let other = turn.scope.contact_called(desk, contact.contact_type, &contact.email).await?;
        let findings = taken_by(other.as_ref());
        let draft = match &other {
            Some(other) => draft.over(&Draft::of(&other.contact)),
            None => draft.clone(),
        };
        let sheet = Sheet::new(turn, desk, self.kind(), other).await?;
        let form = sheet.form(&draft, &findings);
        Ok(render(&form.intro("Here is that contact, with what you typed in it. Save changes it."))?)
    }

    /// The address belongs to another contact than the one that is edited.
    async fn taken(
        &self,
        turn: &mut Turn,
        desk: &Desk,
        seen: (Id<id::Contact>, i64),
        draft: &Draft,
        other: Id<id::Contact>,
    ) -> Result<Card, Fault> {
        let other = turn.scope.contact(desk, other).await?;
        let existing = turn.scope.contact(desk, seen.0).await?;
        let sheet =
            Sheet::new(turn, desk, self.kind(), existing).await?.shown_before(self.submission, Some(seen.1));
        Ok(render(&sheet.form(draft, &taken_by(other.as_ref())))?)
    }

    /// Somebody saved it since: their changes, and mine to be saved on top (C2).
    async fn conflict(
        &self,
        turn: &mut Turn,
        desk: &Desk,
        (contact, version): (Id<id::Contact>, i64),
        draft: &Draft,
    ) -> Result<Card, Fault> {
        let theirs = turn.theirs(desk.tenant, seen_row(&contact.to_string(), version)).await?;
        let existing = turn.scope.contact(desk, contact).await?;
        let is_fed = theirs.is_none();
        let sheet = Sheet::new(turn, desk, self.kind(), existing).await?.on_top();
        let form = sheet.form(draft, &Findings::default());
        let form = if is_fed { form.intro(FED) } else { form };
        Ok(render(&form.theirs(theirs))?)
    }

    /// It was deleted since: what was typed can be added anew.
    async fn gone(&self, turn: &mut Turn, desk: &Desk) -> Result<Card, Fault> {
        let theirs = match self.seen {
            Some((contact, version)) => {
                turn.theirs(desk.tenant, seen_row(&contact.to_string(), version)).await?
            }
            None => None,
        };
        let sheet = Sheet::new(turn, desk, self.kind(), None).await?;
        let form = sheet.form(&self.draft(&sheet), &Findings::default());
        Ok(render(&form.intro("This contact was deleted meanwhile. Save adds it anew.").theirs(theirs))?)
    }
}

/// Said when no person changed the contact since, so it was the feed.
const FED: &str = "The nightly feed changed this contact meanwhile. What you typed is kept.";

fn seen_row(contact: &str, version: i64) -> SeenRow<'_> {
    SeenRow { kind: "contact", service: "", subject: contact, version }
}

fn taken_by(other: Option<&ContactRow>) -> Findings {
    let by = other.map(|row| called(&row.contact).to_owned()).unwrap_or_default();
    let mut findings = Findings::default();
    findings.add("email", ContactRule::AddressTaken { by }.into());
    findings
}

/// What the receipt says besides old and new: the surveys, and what to do next.
pub(super) async fn told(
    turn: &mut Turn,
    desk: &Desk,
    contact: Id<id::Contact>,
    done: &str,
    of: &Contact,
) -> Result<Saying, Fault> {
    let book = Book::of(turn, desk).await?;
    let saying = Saying::done(done).about(called(of)).button(all_contacts(desk.tenant));
    let saying = match book.told_of(contact) {
        hint if hint.is_empty() => saying,
        hint => saying.hint(hint),
    };
    if book.is_covered() {
        return Ok(saying);
    }
    let add = Button::new(Kind::Survey.add_title(), "contact.add")
        .with("tenant", desk.tenant.to_string())
        .with("kind", Kind::Survey.code());
    Ok(saying.button(add))
}
