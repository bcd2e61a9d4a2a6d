//! What can be taken back. A change is what one turn writes for one person: the database keeps an image of every
//! row in it (`keep_row_change`), and receipts, undo and history read these. Notes alone have steps of their own,
//! because a note is never deleted.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::types::Json;

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::edit::RowChange;
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

/// Who changes what, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Making<'a> {
    /// The intent's name.
    pub act: &'static str,
    /// The conversation that it is done in.
    pub conversation: &'a str,
    /// What kind of place that is.
    pub place: &'static str,
    /// The tenant; `None`: several.
    pub tenant: Option<Id<Tenant>>,
}

/// A change that can be taken back.
#[derive(Debug)]
pub struct Undoable {
    /// Its id.
    pub id: Id<Change>,
    /// The tenant it was made to; `None`: several.
    pub tenant: Option<Id<Tenant>>,
    /// The intent that made it.
    pub act: String,
    /// When.
    pub made: DateTime<Utc>,
    /// When it was taken back already.
    pub undone: Option<DateTime<Utc>>,
    /// What to restore of notes, in the order of the change.
    pub steps: Vec<Step>,
}

impl PartnerScope {
    /// Opens a change: from here on the turn may write, and [`PartnerScope::drop_change`] takes all of it back.
    pub async fn open_change(&mut self, actor: &Actor, making: Making<'_>) -> Result<Id<Change>, StoreError> {
        let id = Id::new(self.now);
        sqlx::query!("savepoint change").execute(self.connection()).await?;
        sqlx::query!(
            r#"
            with opened as (
                insert into change
                    (partner_id, id, turn_id, person_id, conversation_id, tenant_id, act, place, steps, created_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, '[]', $9)
                returning id
            )
            select set_config('app.change_id', id::text, true) from opened
            "#,
            self.partner_id(),
            id.uuid(),
            self.turn.uuid(),
            actor.person.uuid(),
            making.conversation,
            making.tenant.map(Id::uuid),
            making.act,
            making.place,
            self.now
        )
        .fetch_one(self.connection())
        .await?;
        Ok(id)
    }

    /// Takes back everything since the change was opened, as if it had never been.
    pub async fn drop_change(&mut self) -> Result<(), StoreError> {
        sqlx::query!("rollback to savepoint change").execute(self.connection()).await?;
        Ok(())
    }

    /// Keeps how to take back what the change did to notes.
    pub async fn keep_steps(&mut self, change: Id<Change>, steps: &[Step]) -> Result<(), StoreError> {
        sqlx::query!(
            "update change set steps = steps || $3::jsonb where partner_id = $1 and id = $2",
            self.partner_id(),
            change.uuid(),
            Json(steps) as _
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What the change did to each row, in the order in which it was done.
    pub async fn row_changes(&mut self, change: Id<Change>) -> Result<Vec<RowChange>, StoreError> {
        let rows = sqlx::query_as!(
            Columns,
            r#"
            select
                t.customer_name, r.service as "service!", r.kind as "kind!", r.subject as "subject!",
                coalesce(p.name, r.after ->> 'holder', r.before ->> 'holder', '') as "holder!",
                r.before as "before: Json<Map<String, Value>>",
                r.after as "after: Json<Map<String, Value>>"
            from row_change_net r
            join tenant t on t.partner_id = r.partner_id and t.id = r.tenant_id
            left join person p
                on p.partner_id = r.partner_id
                and p.id = coalesce(r.after ->> 'person_id', r.before ->> 'person_id')::uuid
            where r.partner_id = $1 and r.change_id = $2
            order by r.place
            "#,
            self.partner_id(),
            change.uuid()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(RowChange::from).collect())
    }

    /// The tenants whose rows the change wrote.
    pub async fn changed_tenants(&mut self, change: Id<Change>) -> Result<Vec<Id<Tenant>>, StoreError> {
        let ids = sqlx::query_scalar!(
            "select distinct tenant_id from row_change where partner_id = $1 and change_id = $2 order by 1",
            self.partner_id(),
            change.uuid()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(ids.into_iter().map(Id::from).collect())
    }

    /// Puts the rows of a change back as they were. False: one of them was written again since, or something else
    /// has taken its place (a second primary, the same contact); the turn must not be committed then.
    pub async fn take_rows_back(&mut self, change: Id<Change>) -> Result<bool, StoreError> {
        /// SQLSTATE class of a broken constraint.
        const CONSTRAINT: &str = "23";
        let done =
            sqlx::query_scalar!("select take_back($1)", change.uuid()).fetch_one(self.connection()).await;
        match done {
            Err(sqlx::Error::Database(e)) if e.code().is_some_and(|code| code.starts_with(CONSTRAINT)) => {
                Ok(false)
            }
            done => Ok(done?.unwrap_or(false)),
        }
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
            select id, tenant_id, act, created_at, undone_at, steps as "steps: Json<Vec<Step>>"
            from change
            where partner_id = $1
                and person_id = $2
                and act <> 'undo'
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
            tenant: row.tenant_id.map(Id::from),
            act: row.act,
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

/// A row of the statements above.
pub(super) struct Columns {
    pub(super) customer_name: String,
    pub(super) service: String,
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) holder: String,
    pub(super) before: Option<Json<Map<String, Value>>>,
    pub(super) after: Option<Json<Map<String, Value>>>,
}

impl From<Columns> for RowChange {
    fn from(row: Columns) -> Self {
        Self {
            customer: row.customer_name,
            service: row.service,
            kind: row.kind,
            subject: row.subject,
            holder: row.holder,
            before: row.before.map(|json| json.0),
            after: row.after.map(|json| json.0),
        }
    }
}
