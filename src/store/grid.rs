//! The status rows of a service, read and written as one grid (N1).

use super::StoreError;
use super::scope::PartnerScope;
use super::service::ServiceDesk;
use crate::domain::grid::{Grid, Row};
use crate::domain::id::{Id, StatusRow};
use crate::domain::taxonomy::Path;

impl PartnerScope {
    /// The grid of the desk's service, in the programme's order. Its version is that of the service.
    pub async fn grid(&mut self, at: &ServiceDesk) -> Result<Grid, StoreError> {
        let rows = sqlx::query!(
            r#"
            select l1, l2, l3, entitlements, note, target_date, coalesce(owner, '') as "owner!", next_action_date
            from entitlement
            where partner_id = $1 and tenant_id = $2 and service = $3
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code
        )
        .fetch_all(self.connection())
        .await?;
        let rows = rows
            .into_iter()
            .map(|row| Row {
                path: Path { l1: row.l1, l2: row.l2, l3: row.l3 },
                entitlements: row.entitlements,
                note: row.note,
                target_date: row.target_date,
                owner: row.owner,
                next_action_date: row.next_action_date,
            })
            .collect();
        Ok(Grid { total: at.total, rows }.in_order())
    }

    /// Puts `grid` in the place of what is stored, if the service still is at `version` (C1). Rows that stay as they
    /// are are not touched. False: somebody was faster.
    pub async fn save_grid(
        &mut self,
        at: &ServiceDesk,
        version: i64,
        grid: &Grid,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            update tenant_service
            set does_not_add_up = false, row_version = row_version + 1, updated_at = $5
            where partner_id = $1 and tenant_id = $2 and service = $3 and row_version = $4
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            version,
            self.now
        )
        .execute(self.connection())
        .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        let kept: Vec<String> = grid.rows.iter().map(|row| row.path.code()).collect();
        sqlx::query!(
            r#"
            delete from entitlement
            where partner_id = $1
                and tenant_id = $2
                and service = $3
                and rtrim(l1 || '/' || l2 || '/' || l3, '/') <> all ($4)
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            &kept
        )
        .execute(self.connection())
        .await?;
        for row in &grid.rows {
            if !self.change_row(at, row).await? {
                self.add_row(at, row).await?;
            }
        }
        Ok(true)
    }

    /// False: there is no row of its path.
    async fn change_row(&mut self, at: &ServiceDesk, row: &Row) -> Result<bool, StoreError> {
        let there = sqlx::query_scalar!(
            r#"
            with mine as (
                select id
                from entitlement
                where partner_id = $1 and tenant_id = $2 and service = $3 and l1 = $4 and l2 = $5 and l3 = $6
            ), changed as (
                update entitlement e
                set entitlements = $7, note = $8, target_date = $9, owner = nullif($10, ''), next_action_date = $11,
                    row_version = e.row_version + 1, updated_at = $12
                from mine
                where e.partner_id = $1
                    and e.id = mine.id
                    and (e.entitlements, e.note, e.target_date, coalesce(e.owner, ''), e.next_action_date)
                        is distinct from ($7::integer, $8::text, $9::date, $10::text, $11::date)
            )
            select exists (select from mine) as "there!"
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            row.path.l1,
            row.path.l2,
            row.path.l3,
            row.entitlements,
            row.note,
            row.target_date,
            row.owner,
            row.next_action_date,
            self.now
        )
        .fetch_one(self.connection())
        .await?;
        Ok(there)
    }

    async fn add_row(&mut self, at: &ServiceDesk, row: &Row) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            insert into entitlement
                (partner_id, id, tenant_id, service, l1, l2, l3, entitlements, note, target_date, owner,
                 next_action_date, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, ''), $12, $13, $13)
            "#,
            self.partner_id(),
            Id::<StatusRow>::new(self.now).uuid(),
            at.desk.tenant.uuid(),
            at.service.code,
            row.path.l1,
            row.path.l2,
            row.path.l3,
            row.entitlements,
            row.note,
            row.target_date,
            row.owner,
            row.next_action_date,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
