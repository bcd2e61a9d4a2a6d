//! The engagement start date of a service, and the note that says why it changed (D5).

use chrono::NaiveDate;

use super::StoreError;
use super::audit::Line;
use super::change::Step;
use super::scope::PartnerScope;
use super::service::ServiceDesk;
use crate::domain::access::Actor;
use crate::domain::id::Id;
use crate::domain::note::ENGAGEMENT_MANAGEMENT;

impl PartnerScope {
    /// Sets the date, or takes it away, if the service still is at `version` (C1). False: somebody was faster.
    pub async fn set_engagement_start(
        &mut self,
        at: &ServiceDesk,
        version: i64,
        date: Option<NaiveDate>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            update tenant_service
            set engagement_start = $5, row_version = row_version + 1, updated_at = $6
            where partner_id = $1 and tenant_id = $2 and service = $3 and row_version = $4
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            version,
            date,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Writes an engagement management note about the desk's service. Overall status and its date are kept as they
    /// are: the note says them again, because each has them (E1).
    pub async fn note_about_service(
        &mut self,
        actor: &Actor,
        at: &ServiceDesk,
        body: &str,
    ) -> Result<Step, StoreError> {
        let id = Id::new(self.now);
        sqlx::query!(
            r#"
            with written as (
                insert into note (partner_id, id, tenant_id, category, author_id, services, created_at, updated_at)
                values ($1, $2, $3, $4, $5, array[$6], $7, $7)
            )
            insert into note_version
                (partner_id, note_id, version, author_id, overall_status, status_date, body, created_at)
            select $1, $2, 1, $5, overall_status, status_date, $8, $7
            from tenant
            where partner_id = $1 and id = $3
            "#,
            self.partner_id(),
            id.uuid(),
            at.desk.tenant.uuid(),
            ENGAGEMENT_MANAGEMENT,
            actor.person.uuid(),
            at.service.code,
            self.now,
            body
        )
        .execute(self.connection())
        .await?;
        let line = Line::about_note("note.save", id, at.desk.tenant, (None, Some(1)), &["body"]);
        self.audit(Some(actor), line).await?;
        Ok(Step::NoteWritten { note: id })
    }
}
