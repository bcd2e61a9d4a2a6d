//! The engagement scenario of a service.

use super::StoreError;
use super::scope::PartnerScope;
use super::service::ServiceDesk;

impl PartnerScope {
    /// Sets the scenario, if the service still is at `version` (C1). False: somebody was faster.
    pub async fn set_scenario(
        &mut self,
        at: &ServiceDesk,
        version: i64,
        scenario: &str,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            update tenant_service
            set scenario = $5, row_version = row_version + 1, updated_at = $6
            where partner_id = $1 and tenant_id = $2 and service = $3 and row_version = $4
            "#,
            self.partner_id(),
            at.desk.tenant.uuid(),
            at.service.code,
            version,
            scenario,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
