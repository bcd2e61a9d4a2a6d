//! The append-only log: one line for every change, in the transaction that makes it (T1).

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Note, Person, Tenant};
use uuid::Uuid;

/// One line of the log. Holds names of fields, never their contents.
#[derive(Debug)]
pub struct Line<'a> {
    /// What was done, by the intent's name.
    pub act: &'a str,
    /// The kind of thing that changed.
    pub subject: &'a str,
    /// Its id.
    pub subject_id: Uuid,
    /// The tenant it belongs to.
    pub tenant: Option<Id<Tenant>>,
    /// Row version before and after.
    pub versions: (Option<i64>, Option<i64>),
    /// Names of the fields that changed.
    pub changed: &'a [&'a str],
}

impl<'a> Line<'a> {
    /// A line about a note of a tenant.
    pub fn about_note(
        act: &'a str,
        note: Id<Note>,
        tenant: Id<Tenant>,
        versions: (Option<i64>, Option<i64>),
        changed: &'a [&'a str],
    ) -> Self {
        Self { act, subject: "note", subject_id: note.uuid(), tenant: Some(tenant), versions, changed }
    }
}

impl PartnerScope {
    /// Appends `line`. The database chains it to the firm's line before (T1). Without an actor it was the operator.
    pub(super) async fn audit(&mut self, actor: Option<&Actor>, line: Line<'_>) -> Result<(), StoreError> {
        self.audit_for(actor.map(|actor| actor.person), line).await
    }

    /// The same, for somebody on whose behalf the program works by itself.
    pub(super) async fn audit_for(
        &mut self,
        person: Option<Id<Person>>,
        line: Line<'_>,
    ) -> Result<(), StoreError> {
        let changed: Vec<String> = line.changed.iter().map(|&field| field.to_owned()).collect();
        sqlx::query!(
            r#"
            insert into audit
                (partner_id, seq, id, at, actor_id, act, subject, subject_id, tenant_id,
                 version_before, version_after, changed, turn_id, previous_hash, hash)
            values ($1, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '')
            "#,
            self.partner_id(),
            Id::<Line<'_>>::new(self.now).uuid(),
            self.now,
            person.map(Id::uuid),
            line.act,
            line.subject,
            line.subject_id.to_string(),
            line.tenant.map(Id::uuid),
            line.versions.0,
            line.versions.1,
            &changed,
            self.turn.uuid()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
