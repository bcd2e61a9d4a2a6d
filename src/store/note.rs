//! Engagement notes: written, amended, withdrawn, read. Words are kept in versions and never overwritten.

use chrono::{DateTime, NaiveDate, Utc};

use super::StoreError;
use super::audit::Line;
use super::change::Step;
use super::desk::Desk;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Note, Tenant};
use crate::domain::note::{ENGAGEMENT_MANAGEMENT, EngagementNote, NextAction};
use crate::domain::tenant::OverallStatus;

/// The chat message that a note came from.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// Its conversation.
    pub conversation: &'a str,
    /// Its activity id.
    pub activity: &'a str,
}

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

/// The steps that undo a save, or `None`: somebody was faster (C1).
pub type Saved = Option<Vec<Step>>;

impl PartnerScope {
    /// Writes a status note and the tenant's overall status with it (E1), if the tenant still is at `version`.
    pub async fn save_note(
        &mut self,
        actor: &Actor,
        desk: &Desk,
        version: i64,
        note: &EngagementNote,
        message: Option<Message<'_>>,
    ) -> Result<Saved, StoreError> {
        let Some(status) = self.set_overall_status(desk, version, note).await? else { return Ok(None) };
        let id = Id::new(self.now);
        sqlx::query!(
            r#"
            insert into note
                (partner_id, id, tenant_id, category, author_id, conversation_id, activity_id, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
            "#,
            self.partner_id(),
            id.uuid(),
            desk.tenant.uuid(),
            ENGAGEMENT_MANAGEMENT,
            actor.person.uuid(),
            message.map(|m| m.conversation),
            message.map(|m| m.activity),
            self.now
        )
        .execute(self.connection())
        .await?;
        self.add_version(actor, id, 1, note).await?;
        let changed = ["overall_status", "status_date", "body", "next_action"];
        let line = Line::about_note("note.save", id, desk.tenant, (None, Some(1)), &changed);
        self.audit(Some(actor), line).await?;
        Ok(Some(vec![Step::NoteWritten { note: id }, status]))
    }

    async fn set_overall_status(
        &mut self,
        desk: &Desk,
        version: i64,
        note: &EngagementNote,
    ) -> Result<Option<Step>, StoreError> {
        let before = sqlx::query!(
            r#"
            update tenant t
            set overall_status = $4, status_date = $5, row_version = t.row_version + 1, updated_at = $6
            from tenant old
            where t.partner_id = $1
                and t.id = $2
                and t.row_version = $3
                and old.partner_id = t.partner_id
                and old.id = t.id
            returning old.overall_status, old.status_date, t.row_version
            "#,
            self.partner_id(),
            desk.tenant.uuid(),
            version,
            note.status.code(),
            note.status_date,
            self.now
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(before.map(|row| Step::OverallStatus {
            status: row.overall_status,
            status_date: row.status_date,
            version: row.row_version,
        }))
    }

    async fn add_version(
        &mut self,
        actor: &Actor,
        id: Id<Note>,
        version: i64,
        note: &EngagementNote,
    ) -> Result<(), StoreError> {
        let next = note.next_action.as_ref();
        sqlx::query!(
            r#"
            insert into note_version
                (partner_id, note_id, version, author_id, overall_status, status_date, body,
                 next_action, next_action_date, next_action_owner, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            "#,
            self.partner_id(),
            id.uuid(),
            version,
            actor.person.uuid(),
            note.status.code(),
            note.status_date,
            note.body,
            next.map(|n| n.what.as_str()),
            next.map(|n| n.date),
            next.map(|n| n.owner.as_str()),
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Gives a note new words as a further version. `None`: it was amended or withdrawn meanwhile (C1).
    pub async fn amend_note(
        &mut self,
        actor: &Actor,
        note: &NoteRow,
        body: &str,
    ) -> Result<Saved, StoreError> {
        let Some(version) = self.next_version(note.id, note.version).await? else { return Ok(None) };
        self.copy_version(actor, note.id, note.version, version, Some(body)).await?;
        let line = Line::about_note(
            "note.amend",
            note.id,
            note.tenant,
            (Some(note.version), Some(version)),
            &["body"],
        );
        self.audit(Some(actor), line).await?;
        Ok(Some(vec![Step::NoteAmended { note: note.id, version }]))
    }

    async fn next_version(&mut self, note: Id<Note>, version: i64) -> Result<Option<i64>, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"
            update note
            set row_version = row_version + 1, updated_at = $4
            where partner_id = $1 and id = $2 and row_version = $3 and withdrawn_at is null
            returning row_version
            "#,
            self.partner_id(),
            note.uuid(),
            version,
            self.now
        )
        .fetch_optional(self.connection())
        .await?)
    }

    /// A further version: all of `from`, with `body` in place of its words where given.
    async fn copy_version(
        &mut self,
        actor: &Actor,
        note: Id<Note>,
        from: i64,
        to: i64,
        body: Option<&str>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            insert into note_version
                (partner_id, note_id, version, author_id, overall_status, status_date, body,
                 next_action, next_action_date, next_action_owner, created_at)
            select
                partner_id, note_id, $4, $5, overall_status, status_date, coalesce($6, body),
                next_action, next_action_date, next_action_owner, $7
            from note_version
            where partner_id = $1 and note_id = $2 and version = $3
            "#,
            self.partner_id(),
            note.uuid(),
            from,
            to,
            actor.person.uuid(),
            body,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Takes a note back: it stays readable as withdrawn. False: it was amended or withdrawn meanwhile.
    pub async fn withdraw_note(
        &mut self,
        actor: &Actor,
        tenant: Id<Tenant>,
        note: Id<Note>,
    ) -> Result<bool, StoreError> {
        let version = sqlx::query_scalar!(
            r#"
            update note
            set withdrawn_at = $3, row_version = row_version + 1, updated_at = $3
            where partner_id = $1 and id = $2 and withdrawn_at is null and row_version = 1
            returning row_version
            "#,
            self.partner_id(),
            note.uuid(),
            self.now
        )
        .fetch_optional(self.connection())
        .await?;
        let Some(version) = version else { return Ok(false) };
        // The words that stand move along, so that the newest version always has some.
        self.copy_version(actor, note, version - 1, version, None).await?;
        let versions = (Some(version - 1), Some(version));
        self.audit(Some(actor), Line::about_note("undo", note, tenant, versions, &["withdrawn"])).await?;
        Ok(true)
    }

    /// Takes an amendment back: the words of the version before stand again. False: amended again meanwhile.
    pub async fn restore_note(
        &mut self,
        actor: &Actor,
        tenant: Id<Tenant>,
        note: Id<Note>,
        amended: i64,
    ) -> Result<bool, StoreError> {
        let Some(version) = self.next_version(note, amended).await? else { return Ok(false) };
        self.copy_version(actor, note, amended - 1, version, None).await?;
        let versions = (Some(amended), Some(version));
        self.audit(Some(actor), Line::about_note("undo", note, tenant, versions, &["body"])).await?;
        Ok(true)
    }

    /// Puts the overall status back, if nobody has changed it since. False: somebody has.
    pub async fn restore_overall_status(
        &mut self,
        actor: &Actor,
        tenant: Id<Tenant>,
        status: &str,
        status_date: Option<NaiveDate>,
        version: i64,
    ) -> Result<bool, StoreError> {
        let restored = sqlx::query!(
            r#"
            update tenant
            set overall_status = $4, status_date = $5, row_version = row_version + 1, updated_at = $6
            where partner_id = $1 and id = $2 and row_version = $3
            "#,
            self.partner_id(),
            tenant.uuid(),
            version,
            status,
            status_date,
            self.now
        )
        .execute(self.connection())
        .await?
        .rows_affected()
            == 1;
        if restored {
            let line = Line {
                act: "undo",
                subject: "tenant",
                subject_id: tenant.uuid(),
                tenant: Some(tenant),
                versions: (Some(version), Some(version + 1)),
                changed: &["overall_status", "status_date"],
            };
            self.audit(Some(actor), line).await?;
        }
        Ok(restored)
    }

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
