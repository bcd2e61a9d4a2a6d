//! Engagement notes: written, amended, withdrawn. Words are kept in versions and never overwritten.

use chrono::NaiveDate;

use super::StoreError;
use super::audit::Line;
use super::change::Step;
use super::desk::Desk;
use super::note_history::NoteRow;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Note, Tenant};
use crate::domain::note::{ENGAGEMENT_MANAGEMENT, EngagementNote};

/// The chat message that a note came from.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// Its conversation.
    pub conversation: &'a str,
    /// Its activity id.
    pub activity: &'a str,
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
}
