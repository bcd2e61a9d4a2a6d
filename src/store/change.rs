//! What can be taken back: one change for each turn that wrote, with the steps that undo it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Change, Id, Note, Tenant};

/// One thing to restore. Ids, versions and codes only: nothing that somebody typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// A note was written: withdraw it, if its words are still those.
    NoteWritten {
        /// The note.
        note: Id<Note>,
    },
    /// A note was amended: put the words of the version before back.
    NoteAmended {
        /// The note.
        note: Id<Note>,
        /// The version that the amendment made.
        version: i64,
    },
    /// The overall status changed: put the former back, if nobody has changed it since.
    OverallStatus {
        /// The former status, by code.
        status: String,
        /// The former status date.
        status_date: Option<NaiveDate>,
        /// The tenant's row version after the change.
        version: i64,
    },
}

/// A change that can be taken back.
#[derive(Debug)]
pub struct Undoable {
    /// Its id.
    pub id: Id<Change>,
    /// The tenant it was made to.
    pub tenant: Id<Tenant>,
    /// When.
    pub made: DateTime<Utc>,
    /// When it was taken back already.
    pub undone: Option<DateTime<Utc>>,
    /// What to restore, in the order of the change.
    pub steps: Vec<Step>,
}

impl PartnerScope {
    /// Remembers how to take this turn's change back.
    pub async fn remember_change(
        &mut self,
        actor: &Actor,
        conversation: &str,
        tenant: Id<Tenant>,
        steps: &[Step],
    ) -> Result<Id<Change>, StoreError> {
        let id = Id::new(self.now);
        sqlx::query!(
            r#"
            insert into change (partner_id, id, turn_id, person_id, conversation_id, tenant_id, steps, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            "#,
            self.partner_id(),
            id.uuid(),
            self.turn.uuid(),
            actor.person.uuid(),
            conversation,
            tenant.uuid(),
            Json(steps) as _,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(id)
    }

    /// The person's change of this id, or their latest in this conversation; locked until the turn ends.
    pub async fn change_of(
        &mut self,
        actor: &Actor,
        conversation: &str,
        id: Option<Id<Change>>,
    ) -> Result<Option<Undoable>, StoreError> {
        let row = sqlx::query!(
            r#"
            select id, tenant_id, created_at, undone_at, steps as "steps: Json<Vec<Step>>"
            from change
            where partner_id = $1
                and person_id = $2
                and case when $3::uuid is null
                    then conversation_id = $4 and undone_at is null
                    else id = $3
                end
            order by created_at desc, id desc
            limit 1
            for update
            "#,
            self.partner_id(),
            actor.person.uuid(),
            id.map(Id::uuid),
            conversation
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(row.map(|row| Undoable {
            id: row.id.into(),
            tenant: row.tenant_id.into(),
            made: row.created_at,
            undone: row.undone_at,
            steps: row.steps.0,
        }))
    }

    /// Marks the change as taken back.
    pub async fn mark_undone(&mut self, change: Id<Change>) -> Result<(), StoreError> {
        sqlx::query!(
            "update change set undone_at = $3 where partner_id = $1 and id = $2",
            self.partner_id(),
            change.uuid(),
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
