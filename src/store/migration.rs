//! The data migration of a service: one row that says who migrates, and a row for each line.

use chrono::{DateTime, Utc};

use super::StoreError;
use super::scope::PartnerScope;
use super::service::ServiceDesk;
use crate::domain::migration::{Line, Migration};

/// A migration as it is stored.
#[derive(Debug)]
pub struct StoredMigration {
    /// What it says.
    pub migration: Migration,
    /// Its row version (C1).
    pub version: i64,
    /// When it was last changed.
    pub changed: DateTime<Utc>,
}

impl PartnerScope {
    /// The migration of the desk's service; `None`: nothing has been said of it.
    pub async fn migration(&mut self, at: &ServiceDesk) -> Result<Option<StoredMigration>, StoreError> {
        let header = sqlx::query!(
            r#"
            select starts, ends, rejection_reason, rejection_note, row_version, updated_at
            from data_migration
            where partner_id = $1 and tenant_id = $2 and service = $3
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code
        )
        .fetch_optional(self.connection())
        .await?;
        let Some(header) = header else { return Ok(None) };
        let migration = match (header.starts, header.ends) {
            (Some(starts), Some(ends)) => {
                Migration::Performed { starts, ends, lines: self.migration_lines(at).await? }
            }
            _ => Migration::Declined { reason: header.rejection_reason, note: header.rejection_note },
        };
        Ok(Some(StoredMigration { migration, version: header.row_version, changed: header.updated_at }))
    }

    async fn migration_lines(&mut self, at: &ServiceDesk) -> Result<Vec<Line>, StoreError> {
        Ok(sqlx::query_as!(
            Line,
            r#"
            select type as kind, entitlements, estimated, size_gb, notes, status
            from migration_line
            where partner_id = $1 and tenant_id = $2 and service = $3
            order by entitlements desc, type
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code
        )
        .fetch_all(self.connection())
        .await?)
    }

    /// Puts `migration` in the place of what is stored, if that still is at `version`; 0: nothing is stored (C1).
    /// What belongs to the other answer goes. False: somebody was faster.
    pub async fn save_migration(
        &mut self,
        at: &ServiceDesk,
        version: i64,
        migration: &Migration,
    ) -> Result<bool, StoreError> {
        if !self.save_migration_header(at, version, migration).await? {
            return Ok(false);
        }
        let kept: Vec<String> = migration.lines().iter().map(|line| line.kind.clone()).collect();
        sqlx::query!(
            r#"
            delete from migration_line
            where partner_id = $1 and tenant_id = $2 and service = $3 and type <> all ($4)
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            &kept
        )
        .execute(self.connection())
        .await?;
        for line in migration.lines() {
            self.save_migration_line(at, line).await?;
        }
        Ok(true)
    }

    /// Forgets that Microsoft migrates: nothing is left that could move (M3). Nothing is said of it any more.
    pub async fn drop_migration(&mut self, at: &ServiceDesk) -> Result<(), StoreError> {
        let (partner, tenant) = (self.partner_id(), at.desk.tenant.uuid());
        sqlx::query!(
            "delete from migration_line where partner_id = $1 and tenant_id = $2 and service = $3",
            partner,
            tenant,
            at.service.code
        )
        .execute(self.connection())
        .await?;
        sqlx::query!(
            "delete from data_migration where partner_id = $1 and tenant_id = $2 and service = $3",
            partner,
            tenant,
            at.service.code
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Adds the row where nothing was there to see, and changes it only where it is as it was seen.
    async fn save_migration_header(
        &mut self,
        at: &ServiceDesk,
        version: i64,
        migration: &Migration,
    ) -> Result<bool, StoreError> {
        let (dates, reason, note) = match migration {
            Migration::Performed { starts, ends, .. } => (Some((*starts, *ends)), "", ""),
            Migration::Declined { reason, note } => (None, reason.as_str(), note.as_str()),
        };
        let (starts, ends) = dates.unzip();
        let done = sqlx::query!(
            r#"
            insert into data_migration
                (partner_id, tenant_id, service, by_microsoft, starts, ends, rejection_reason, rejection_note, updated_at)
            select $1, $2, $3, $5, $6, $7, $8, $9, $10
            where $4::bigint = 0 or exists (
                select from data_migration where partner_id = $1 and tenant_id = $2 and service = $3)
            on conflict (partner_id, tenant_id, service) do update
            set by_microsoft = excluded.by_microsoft,
                starts = excluded.starts,
                ends = excluded.ends,
                rejection_reason = excluded.rejection_reason,
                rejection_note = excluded.rejection_note,
                row_version = data_migration.row_version + 1,
                updated_at = excluded.updated_at
            where data_migration.row_version = $4
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            version,
            dates.is_some(),
            starts,
            ends,
            reason,
            note,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn save_migration_line(&mut self, at: &ServiceDesk, line: &Line) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            insert into migration_line
                (partner_id, tenant_id, service, type, entitlements, estimated, size_gb, notes, status)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (partner_id, tenant_id, service, type) do update
            set entitlements = excluded.entitlements,
                estimated = excluded.estimated,
                size_gb = excluded.size_gb,
                notes = excluded.notes,
                status = excluded.status
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            line.kind,
            line.entitlements,
            line.estimated,
            line.size_gb,
            line.notes,
            line.status
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
