//! The form of a contact: of a new one, and of an existing one.

use super::in_private;
use super::kind::Kind;
use super::sheet::Sheet;
use crate::cards::{notices, render};
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::id::{self, Id, Tenant};
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// The form of a new contact.
#[derive(Debug)]
pub struct Add {
    tenant: Id<Tenant>,
    kind: Kind,
}

impl Intent for Add {
    const NAME: &'static str = "contact.add";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, kind: Kind::read(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        in_private(turn)?;
        let desk = turn.desk(self.tenant, Act::EditContacts).await?;
        let sheet = Sheet::new(turn, &desk, self.kind, None).await?;
        Ok(render(&sheet.form(&sheet.beginning(), &Findings::default()))?.into())
    }
}

/// The form of an existing contact.
#[derive(Debug)]
pub struct Open {
    tenant: Id<Tenant>,
    contact: Id<id::Contact>,
}

impl Intent for Open {
    const NAME: &'static str = "contact.open";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, contact: fields.id("contact")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        in_private(turn)?;
        let desk = turn.desk(self.tenant, Act::EditContacts).await?;
        let Some(row) = turn.scope.contact(&desk, self.contact).await? else {
            return Err(render(&notices::no_such_contact(&desk.customer_name, desk.tenant))?.into());
        };
        let sheet = Sheet::new(turn, &desk, Kind::of(&row.contact), Some(row)).await?;
        Ok(render(&sheet.form(&sheet.beginning(), &Findings::default()))?.into())
    }
}
