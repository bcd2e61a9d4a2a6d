//! `contacts <tenant>` and `survey <tenant>`: who is there, and who would get which survey (C3, C5).

use super::super::tenant::{At, Then};
use super::kind::Kind;
use super::{Book, in_private};
use crate::cards::contact::{Contacts, Row, SurveyLine};
use crate::cards::{Button, render};
use crate::domain::access::Act;
use crate::domain::id::{Id, Tenant};
use crate::store::contact::ContactRow;
use crate::store::desk::Desk;
use crate::turn::{Fault, Fields, Intent, Malformed, PlaceKind, Reply, Turn};

/// A page of a tenant's contacts.
#[derive(Debug)]
pub struct List {
    at: At,
    page: u32,
}

impl List {
    /// The contacts of the tenant of this name.
    pub fn named(name: &str) -> Self {
        Self { at: At::Named(name.to_owned()), page: 1 }
    }
}

impl Intent for List {
    const NAME: &'static str = "contact.list";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let page = u32::try_from(fields.page("page")?).map_err(|_| Malformed("page"))?;
        Ok(Self { at: At::Chosen(fields.id("tenant")?), page })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        in_private(turn)?;
        let tenant = self.at.tenant(turn, &Then::open(Self::NAME)).await?;
        let desk = turn.desk(tenant, Act::See).await?;
        let book = Book::of(turn, &desk).await?;
        let may_edit = desk.allows(Act::EditContacts);
        let size = usize::try_from(Contacts::PAGE).unwrap_or(1);
        let first = usize::try_from(self.page.saturating_sub(1)).unwrap_or(0).saturating_mul(size);
        let rows = rows(&book, may_edit).into_iter().skip(first).take(size).collect();
        let face = face(&desk, &book).page(self.page, book.contacts.len(), rows);
        let face = if may_edit && !book.contacts.is_empty() {
            face.hint("Press a contact to edit or delete it.")
        } else {
            face
        };
        Ok(render(&face.buttons(ways(tenant, may_edit)))?.into())
    }
}

/// Who would get which survey, and what is missing.
#[derive(Debug)]
pub struct Surveys {
    /// Which tenant.
    pub at: At,
}

impl Intent for Surveys {
    const NAME: &'static str = "contact.survey";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { at: At::Chosen(fields.id("tenant")?) })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let tenant = self.at.tenant(turn, &Then::open(Self::NAME)).await?;
        let desk = turn.desk(tenant, Act::See).await?;
        let book = Book::of(turn, &desk).await?;
        if turn.place.kind == PlaceKind::Shared {
            let lines = book.surveys.iter().map(SurveyLine::shared).collect();
            let face = Contacts::new(tenant, &desk.customer_name, &desk.name)
                .surveys_only()
                .surveys(lines, book.is_covered())
                .hint("Who they are, I say in your personal chat with me only.");
            return Ok(render(&face)?.into());
        }
        let may_edit = desk.allows(Act::EditContacts);
        let all = Button::new("All contacts", List::NAME).with("tenant", tenant.to_string()).with("page", 1);
        let mut buttons = vec![all.plain()];
        buttons.extend(ways(tenant, may_edit).into_iter().filter(is_survey_way));
        let face = face(&desk, &book)
            .surveys_only()
            .lacking(rows(&book, may_edit))
            .hint("A survey goes out once a workload has reached its first milestone and is paid; unanswered ones are repeated after 14 days.")
            .buttons(buttons);
        Ok(render(&face)?.into())
    }
}

fn is_survey_way(button: &Button) -> bool {
    button.verb == "tenant.show" || button.data.get("kind").is_some_and(|kind| kind == Kind::Survey.code())
}

fn face(desk: &Desk, book: &Book) -> Contacts {
    let names: Vec<&str> = book.contacts.iter().map(|row| super::called(&row.contact)).collect();
    let lines = book.surveys.iter().map(|survey| SurveyLine::new(survey, &names)).collect();
    Contacts::new(desk.tenant, &desk.customer_name, &desk.name).surveys(lines, book.is_covered())
}

fn rows(book: &Book, may_edit: bool) -> Vec<Row> {
    let row = |(place, row): (usize, &ContactRow)| {
        let face = Row::new(row.id, &row.contact, &book.surveys, place).synchronised(row.is_synchronised);
        if may_edit { face.editable(place + 1) } else { face }
    };
    book.contacts.iter().enumerate().map(row).collect()
}

fn ways(tenant: Id<Tenant>, may_edit: bool) -> Vec<Button> {
    let add = |kind: Kind| {
        let button = Button::new(kind.add_title(), "contact.add").with("tenant", tenant.to_string());
        button.with("kind", kind.code()).plain()
    };
    let adding = Kind::ALL.into_iter().filter(|_| may_edit).map(add);
    let open = Button::new("Open tenant", "tenant.show").with("tenant", tenant.to_string()).plain();
    adding.chain([open]).collect()
}
