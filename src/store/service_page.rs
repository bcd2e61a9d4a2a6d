//! Everything that the service card shows.

use chrono::NaiveDate;
use uuid::Uuid;

use super::StoreError;
use super::scope::PartnerScope;
use super::service::ServiceDesk;

/// What is known of a service of a tenant beside the desk.
#[derive(Debug, Default)]
pub struct ServicePage {
    /// How its entitlements are split, largest first.
    pub rows: Vec<StatusRow>,
    /// The claim as partner of record, if there is one (K1).
    pub claim: Option<Claim>,
    /// The forecast's submitted date (F1).
    pub submitted: Option<NaiveDate>,
    /// The forecast's milestones.
    pub targets: Vec<Target>,
    /// What was said of the data migration.
    pub migration: Option<Migration>,
    /// Who works on it: those of the service, and those of the tenant as a whole.
    pub holders: Vec<Holder>,
}

/// A row of the entitlement status.
#[derive(Debug)]
pub struct StatusRow {
    /// Consumption status.
    pub l1: String,
    /// Reason.
    pub l2: String,
    /// Engineering reason.
    pub l3: String,
    /// Entitlements.
    pub entitlements: i32,
}

/// A claim as partner of record (DOMAIN 2.8).
#[derive(Debug)]
pub struct Claim {
    /// The partner's name.
    pub partner_name: Option<String>,
    /// Its MPN id.
    pub mpn_id: Option<String>,
    /// Its directory.
    pub directory: Option<Uuid>,
    /// Whether the MPN id is that of the firm itself; `None`: there is no id.
    pub ours: Option<bool>,
    /// Whether it is approved, where the feed says so.
    pub state: Option<String>,
    /// When it was claimed.
    pub claimed_on: Option<NaiveDate>,
}

/// A milestone of the forecast.
#[derive(Debug)]
pub struct Target {
    /// Its code.
    pub milestone: String,
    /// The date; `None`: it will not be reached (F5).
    pub target: Option<NaiveDate>,
}

/// What was said of the data migration.
#[derive(Debug)]
pub struct Migration {
    /// Whether Microsoft performs it.
    pub by_microsoft: bool,
    /// First day.
    pub starts: Option<NaiveDate>,
    /// Last day.
    pub ends: Option<NaiveDate>,
    /// Why the customer declines, by code.
    pub rejection_reason: String,
    /// Entitlements of all lines.
    pub in_lines: i64,
}

/// Somebody who works on the service.
#[derive(Debug)]
pub struct Holder {
    /// Role, by code.
    pub role: String,
    /// A person's name, or a firm or queue. Personal.
    pub name: String,
    /// `tenant`, or the service.
    pub scope: String,
    /// Primary for that scope (A4).
    pub is_primary: bool,
}

impl PartnerScope {
    /// Reads the page of the desk's service.
    pub async fn service_page(&mut self, at: &ServiceDesk) -> Result<ServicePage, StoreError> {
        let (partner, tenant, service) = (self.partner_id(), at.desk.tenant.uuid(), &at.service.code);
        let rows = sqlx::query_as!(
            StatusRow,
            r#"
            select l1, l2, l3, entitlements
            from entitlement
            where partner_id = $1 and tenant_id = $2 and service = $3
            order by entitlements desc, l1, l2, l3
            "#,
            partner,
            tenant,
            service
        )
        .fetch_all(self.connection())
        .await?;
        let claim = sqlx::query_as!(
            Claim,
            r#"
            select
                c.partner_name, c.mpn_id, c.partner_tenant_id as directory, c.state, c.claimed_on,
                c.mpn_id = p.mpn_id as ours
            from cpor_claim c
            join partner p on p.id = c.partner_id
            where c.partner_id = $1 and c.tenant_id = $2 and c.service = $3
            "#,
            partner,
            tenant,
            service
        )
        .fetch_optional(self.connection())
        .await?;
        let submitted = sqlx::query_scalar!(
            "select submitted from forecast where partner_id = $1 and tenant_id = $2 and service = $3",
            partner,
            tenant,
            service
        )
        .fetch_optional(self.connection())
        .await?;
        let targets = sqlx::query_as!(
            Target,
            "select milestone, target from forecast_target where partner_id = $1 and tenant_id = $2 and service = $3",
            partner,
            tenant,
            service
        )
        .fetch_all(self.connection())
        .await?;
        let migration = sqlx::query_as!(
            Migration,
            r#"
            select
                by_microsoft, starts, ends, rejection_reason,
                (
                    select coalesce(sum(l.entitlements), 0)
                    from migration_line l
                    where l.partner_id = m.partner_id and l.tenant_id = m.tenant_id and l.service = m.service
                ) as "in_lines!"
            from data_migration m
            where partner_id = $1 and tenant_id = $2 and service = $3
            "#,
            partner,
            tenant,
            service
        )
        .fetch_optional(self.connection())
        .await?;
        let holders = sqlx::query_as!(
            Holder,
            r#"
            select a.role, coalesce(p.name, a.holder) as "name!", a.scope, a.is_primary
            from assignment a
            left join person p on p.partner_id = a.partner_id and p.id = a.person_id
            where a.partner_id = $1 and a.tenant_id = $2 and a.scope in ('tenant', $3)
            order by a.is_primary desc, (a.scope <> 'tenant') desc, 2
            "#,
            partner,
            tenant,
            service
        )
        .fetch_all(self.connection())
        .await?;
        Ok(ServicePage { rows, claim, submitted, targets, migration, holders })
    }
}
