//! Deleting a contact: asked first, with what it would mean (C10, C11).

use serde_json::json;

use super::{Book, all_contacts, called, in_private};
use crate::cards::{notices, render};
use crate::domain::access::Act;
use crate::domain::id::{self, Id, Tenant};
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

/// The button of a contact's form.
#[derive(Debug)]
pub struct Delete {
    tenant: Id<Tenant>,
    contact: Id<id::Contact>,
}

impl Intent for Delete {
    const NAME: &'static str = "contact.delete";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, contact: fields.id("contact")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        in_private(turn)?;
        let desk = turn.desk(self.tenant, Act::EditContacts).await?;
        let Some(row) = turn.scope.contact(&desk, self.contact).await? else {
            return Err(render(&notices::no_such_contact(&desk.customer_name, desk.tenant))?.into());
        };
        let edit = turn.edit(&desk, Self::NAME).await?;
        turn.scope.remove_contact(&desk, row.id).await?;
        let leaves_gap = row.contact.is_survey_contact() && !Book::of(turn, &desk).await?.is_covered();
        let saying = Saying::done("Contact deleted")
            .asks("Delete this contact?", "Delete")
            .about(called(&row.contact))
            .warning(warning(leaves_gap, row.is_synchronised))
            .button(all_contacts(desk.tenant));
        let fields = json!({ "tenant": self.tenant.to_string(), "contact": self.contact.to_string() });
        edit.confirmed(turn, Self::NAME, fields, saying).await
    }
}

/// What somebody should know before: a gap arises (C11), and it does not last (C10).
fn warning(leaves_gap: bool, is_synchronised: bool) -> String {
    let gap = "This is the last survey contact: without one no survey reaches anybody, and the tenant's data is incomplete.";
    let back = "It is synchronised: it returns with the next feed unless it is removed at its origin.";
    let warnings = [(leaves_gap, gap), (is_synchronised, back)];
    warnings.iter().filter(|(holds, _)| *holds).map(|(_, words)| *words).collect::<Vec<_>>().join(" ")
}
