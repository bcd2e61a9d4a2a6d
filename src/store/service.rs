//! A service of a tenant, and the proof that this person may do this with it.

use chrono::NaiveDate;

use super::StoreError;
use super::desk::Desk;
use super::scope::PartnerScope;
use crate::domain::service::Service;

/// A desk at one service of a tenant.
#[derive(Debug)]
pub struct ServiceDesk {
    /// The desk at the tenant.
    pub desk: Desk,
    /// The service.
    pub service: &'static Service,
    /// Entitlements, the override included (DOMAIN 2.2).
    pub total: i32,
    /// Of these, In Progress.
    pub in_progress: i32,
    /// Active users of the last 28 days, where the feed says so.
    pub active_users: Option<i32>,
    /// Engagement scenario, by code (G1).
    pub scenario: String,
    /// Day on which the talks about it began (D1).
    pub engagement_start: Option<NaiveDate>,
    /// The row version that the service has now (C1).
    pub version: i64,
}

/// What is stored of a service of a tenant.
#[derive(Debug)]
pub struct ServiceRow {
    /// Entitlements, the override included.
    pub total: i32,
    /// Of these, In Progress.
    pub in_progress: i32,
    /// Active users.
    pub active_users: Option<i32>,
    /// Engagement scenario, by code.
    pub scenario: String,
    /// Engagement start date.
    pub engagement_start: Option<NaiveDate>,
    /// Row version.
    pub version: i64,
}

impl PartnerScope {
    /// The service of the desk's tenant; `None`: the tenant was never entitled to it.
    pub async fn service_row(&mut self, desk: &Desk, code: &str) -> Result<Option<ServiceRow>, StoreError> {
        Ok(sqlx::query_as!(
            ServiceRow,
            r#"
            select
                coalesce(override_entitlements, entitlements) as "total!",
                (
                    select coalesce(sum(e.entitlements), 0)::integer
                    from entitlement e
                    where e.partner_id = s.partner_id
                        and e.tenant_id = s.tenant_id
                        and e.service = s.service
                        and e.l1 = 'in_progress'
                ) as "in_progress!",
                active_users,
                scenario,
                engagement_start,
                row_version as version
            from tenant_service s
            where partner_id = $1 and tenant_id = $2 and service = $3
            "#,
            self.partner_id(),
            desk.tenant.uuid(),
            code
        )
        .fetch_optional(self.connection())
        .await?)
    }

    /// Codes of the tenant's services that have entitlements, in alphabetic order; others cannot be opened.
    pub async fn entitled_services(&mut self, desk: &Desk) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"
            select service
            from tenant_service
            where partner_id = $1 and tenant_id = $2 and coalesce(override_entitlements, entitlements) > 0
            order by service
            "#,
            self.partner_id(),
            desk.tenant.uuid()
        )
        .fetch_all(self.connection())
        .await?)
    }
}
