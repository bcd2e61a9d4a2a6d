//! Forecast dates of a service: one row for the submitted date, one for each milestone of which something is said.

use chrono::NaiveDate;

use super::StoreError;
use super::desk::Desk;
use super::scope::PartnerScope;
use super::service::ServiceDesk;
use crate::domain::forecast::{Forecast, Target};
use crate::domain::rules::Milestone;

/// A forecast as it is stored.
#[derive(Debug, Clone)]
pub struct StoredForecast {
    /// Service code.
    pub service: String,
    /// Its row version, from 1.
    pub version: i64,
    /// What it says.
    pub forecast: Forecast,
}

impl PartnerScope {
    /// The forecasts of a tenant in the alphabetic order of their services, or only that of `service`.
    pub async fn forecasts(
        &mut self,
        desk: &Desk,
        service: Option<&str>,
        milestones: &[Milestone],
    ) -> Result<Vec<StoredForecast>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select
                f.service, f.submitted, f.row_version,
                coalesce(array_agg(t.milestone order by t.milestone) filter (where t.milestone is not null), '{}')
                    as "milestones!",
                coalesce(array_agg(t.target order by t.milestone) filter (where t.milestone is not null), '{}')
                    as "targets!: Vec<Option<NaiveDate>>"
            from forecast f
            left join forecast_target t using (partner_id, tenant_id, service)
            where f.partner_id = $1 and f.tenant_id = $2 and ($3::text is null or f.service = $3)
            group by f.service, f.submitted, f.row_version
            order by f.service
            "#,
            self.partner_id(),
            desk.tenant.uuid(),
            service
        )
        .fetch_all(self.connection())
        .await?;
        let stored = rows.into_iter().map(|row| {
            let said: Vec<_> = row.milestones.into_iter().zip(row.targets).collect();
            let forecast = Forecast::stored(row.submitted, &said, milestones);
            StoredForecast { service: row.service, version: row.row_version, forecast }
        });
        Ok(stored.collect())
    }

    /// Saves the forecast of the desk's service, if it still is at `version`; 0: there is none yet (C1). False:
    /// somebody was faster. What is stored of milestones that the programme no longer has stays.
    pub async fn save_forecast(
        &mut self,
        at: &ServiceDesk,
        version: i64,
        forecast: &Forecast,
        milestones: &[Milestone],
    ) -> Result<bool, StoreError> {
        if !self.save_submitted(at, version, forecast.submitted).await? {
            return Ok(false);
        }
        let unsaid = milestones.iter().filter(|milestone| forecast.target(milestone).is_none());
        let unsaid: Vec<String> = unsaid.map(|milestone| milestone.code.clone()).collect();
        sqlx::query!(
            r#"
            delete from forecast_target
            where partner_id = $1 and tenant_id = $2 and service = $3 and milestone = any ($4)
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            &unsaid
        )
        .execute(self.connection())
        .await?;
        self.save_targets(at, forecast).await?;
        Ok(true)
    }

    /// The row version moves in every save, so that it stands for the milestones, too.
    async fn save_submitted(
        &mut self,
        at: &ServiceDesk,
        version: i64,
        submitted: NaiveDate,
    ) -> Result<bool, StoreError> {
        let saved = sqlx::query!(
            r#"
            with first as (
                insert into forecast (partner_id, tenant_id, service, submitted, updated_at)
                select $1, $2, $3, $5, $6 where $4::bigint = 0
                on conflict do nothing
                returning 1
            ), next as (
                update forecast
                set submitted = $5, row_version = row_version + 1, updated_at = $6
                where partner_id = $1 and tenant_id = $2 and service = $3 and row_version = $4
                returning 1
            )
            select 1 as done from first union all select 1 from next
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            version,
            submitted,
            self.now
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(saved.is_some())
    }

    async fn save_targets(&mut self, at: &ServiceDesk, forecast: &Forecast) -> Result<(), StoreError> {
        let codes: Vec<String> = forecast.targets.iter().map(|said| said.milestone.code.clone()).collect();
        let dates: Vec<Option<NaiveDate>> = forecast.targets.iter().map(|said| said.target.date()).collect();
        let never: Vec<bool> =
            forecast.targets.iter().map(|said| said.target == Target::WillNotReach).collect();
        sqlx::query!(
            r#"
            insert into forecast_target (partner_id, tenant_id, service, milestone, target, will_not_reach)
            select $1, $2, $3, said.milestone, said.target, said.never
            from unnest($4::text[], $5::date[], $6::bool[]) said (milestone, target, never)
            on conflict (partner_id, tenant_id, service, milestone)
                do update set target = excluded.target, will_not_reach = excluded.will_not_reach
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            &codes,
            &dates as &[Option<NaiveDate>],
            &never
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
