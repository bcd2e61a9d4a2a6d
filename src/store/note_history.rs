//! Engagement notes, read: one of them, the latest, or a page of a tenant's history.

use chrono::{DateTime, NaiveDate, Utc};

use super::StoreError;
use super::note::Message;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Note, Tenant};
use crate::domain::note::{ENGAGEMENT_MANAGEMENT, EngagementNote, NextAction};
use crate::domain::tenant::OverallStatus;

/// A note with the words that stand.
#[derive(Debug, Clone)]
pub struct NoteRow {
    /// The note.
    pub id: Id<Note>,
    /// Its tenant.
    pub tenant: Id<Tenant>,
    /// Its category, by code.
    pub category: String,
    /// How many versions it has.
    pub version: i64,
    /// Who wrote it.
    pub author: String,
    /// When it was first written.
    pub written: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn: Option<DateTime<Utc>>,
    /// Overall status that it gave, by code.
    pub overall_status: Option<String>,
    /// The day that the status held for.
    pub status_date: Option<NaiveDate>,
    /// The words.
    pub body: String,
    /// What was to happen next.
    pub next_action: Option<String>,
    /// When.
    pub next_action_date: Option<NaiveDate>,
    /// By whom.
    pub next_action_owner: Option<String>,
    /// Services that it speaks of, by code.
    pub services: Vec<String>,
    /// Escalated.
    pub escalated: bool,
}

impl NoteRow {
    /// The row as a status note; `None` for a note of another category, which has no overall status.
    pub fn engagement_note(&self) -> Option<EngagementNote> {
        let next_action = match (&self.next_action, self.next_action_date, &self.next_action_owner) {
            (Some(what), Some(date), Some(owner)) => {
                Some(NextAction { what: what.clone(), date, owner: owner.clone() })
            }
            _ => None,
        };
        Some(EngagementNote {
            status: OverallStatus::of(self.overall_status.as_deref()?)?,
            status_date: self.status_date?,
            body: self.body.clone(),
            next_action,
        })
    }
}

/// What a history shows (DOMAIN 2.4).
#[derive(Debug, Clone, Default)]
pub struct HistoryFilter {
    /// Not older than this.
    pub since: Option<DateTime<Utc>>,
    /// Not as young as this.
    pub until: Option<DateTime<Utc>>,
    /// Only this category.
    pub category: Option<String>,
    /// Only notes that name this service.
    pub service: Option<String>,
    /// Only escalated ones.
    pub escalated: bool,
    /// Only the reader's own.
    pub mine: bool,
    /// Only with a next action up to this day.
    pub due_by: Option<NaiveDate>,
    /// Only with a next action from this day on.
    pub due_from: Option<NaiveDate>,
}

impl PartnerScope {
    /// The note that a chat message made, if the reader wrote it.
    pub async fn note_of_message(
        &mut self,
        actor: &Actor,
        message: Message<'_>,
    ) -> Result<Option<NoteRow>, StoreError> {
        let found = sqlx::query!(
            r#"
            select id, tenant_id
            from note
            where partner_id = $1 and conversation_id = $2 and activity_id = $3 and author_id = $4
            "#,
            self.partner_id(),
            message.conversation,
            message.activity,
            actor.person.uuid()
        )
        .fetch_optional(self.connection())
        .await?;
        let Some(found) = found else { return Ok(None) };
        self.note(found.tenant_id.into(), found.id.into()).await
    }

    /// One note of a tenant.
    pub async fn note(&mut self, tenant: Id<Tenant>, note: Id<Note>) -> Result<Option<NoteRow>, StoreError> {
        Ok(self.notes(tenant, Some(note), None, &HistoryFilter::default(), 0, 1).await?.0.pop())
    }

    /// The newest status note of a tenant that stands.
    pub async fn latest_note(
        &mut self,
        actor: &Actor,
        tenant: Id<Tenant>,
    ) -> Result<Option<NoteRow>, StoreError> {
        let filter =
            HistoryFilter { category: Some(ENGAGEMENT_MANAGEMENT.to_owned()), ..HistoryFilter::default() };
        let (notes, _) = self.notes(tenant, None, Some(actor), &filter, 0, 20).await?;
        Ok(notes.into_iter().find(|note| note.withdrawn.is_none()))
    }

    /// A page of a tenant's notes, newest first, and how many there are.
    pub async fn note_history(
        &mut self,
        actor: &Actor,
        tenant: Id<Tenant>,
        filter: &HistoryFilter,
        offset: i64,
        limit: i64,
    ) -> Result<(Vec<NoteRow>, i64), StoreError> {
        self.notes(tenant, None, Some(actor), filter, offset, limit).await
    }

    async fn notes(
        &mut self,
        tenant: Id<Tenant>,
        only: Option<Id<Note>>,
        reader: Option<&Actor>,
        filter: &HistoryFilter,
        offset: i64,
        limit: i64,
    ) -> Result<(Vec<NoteRow>, i64), StoreError> {
        let rows = sqlx::query!(
            r#"
            select
                n.id, n.tenant_id, n.category, n.row_version, n.created_at, n.withdrawn_at, n.services, n.escalated,
                p.name as author,
                v.overall_status, v.status_date, v.body, v.next_action, v.next_action_date, v.next_action_owner,
                count(*) over () as "total!"
            from note n
            join note_version v
                on v.partner_id = n.partner_id and v.note_id = n.id and v.version = n.row_version
            join person p on p.partner_id = n.partner_id and p.id = n.author_id
            where n.partner_id = $1
                and n.tenant_id = $2
                and ($3::uuid is null or n.id = $3)
                and ($4::timestamptz is null or n.created_at >= $4)
                and ($5::timestamptz is null or n.created_at < $5)
                and ($6::text is null or n.category = $6)
                and ($7::text is null or n.services @> array[$7])
                and (not $8 or n.escalated)
                and (not $9 or n.author_id = $10)
                and ($11::date is null or v.next_action_date >= $11)
                and ($12::date is null or v.next_action_date <= $12)
            order by n.created_at desc, n.id desc
            offset $13
            limit $14
            "#,
            self.partner_id(),
            tenant.uuid(),
            only.map(Id::uuid),
            filter.since,
            filter.until,
            filter.category,
            filter.service,
            filter.escalated,
            filter.mine,
            reader.map(|actor| actor.person.uuid()),
            filter.due_from,
            filter.due_by,
            offset,
            limit
        )
        .fetch_all(self.connection())
        .await?;
        let total = rows.first().map_or(0, |row| row.total);
        let notes = rows
            .into_iter()
            .map(|row| NoteRow {
                id: row.id.into(),
                tenant: row.tenant_id.into(),
                category: row.category,
                version: row.row_version,
                author: row.author,
                written: row.created_at,
                withdrawn: row.withdrawn_at,
                overall_status: row.overall_status,
                status_date: row.status_date,
                body: row.body,
                next_action: row.next_action,
                next_action_date: row.next_action_date,
                next_action_owner: row.next_action_owner,
                services: row.services,
                escalated: row.escalated,
            })
            .collect();
        Ok((notes, total))
    }
}
