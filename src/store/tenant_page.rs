//! Everything that the tenant card shows, in one statement: it is the hot path.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::scope::{Caller, PartnerScope};
use super::{Database, StoreError};
use crate::domain::access::{Act, Actor, Standing, may};
use crate::domain::id::{Id, Tenant};

/// A tenant as its card shows it.
#[derive(Debug)]
pub struct TenantPage {
    /// The tenant.
    pub id: Id<Tenant>,
    /// The tenant's name.
    pub name: String,
    /// The customer's name.
    pub customer_name: String,
    /// Overall status, by code.
    pub overall_status: String,
    /// The day that the status holds for.
    pub status_date: Option<NaiveDate>,
    /// Country, where known.
    pub country: Option<String>,
    /// Industry, where known.
    pub industry: Option<String>,
    /// Whether the reader may write to it (DOMAIN section 4).
    pub may_write: bool,
    /// When the last status note was written.
    pub last_note: Option<DateTime<Utc>>,
    /// Its services by code.
    pub services: Vec<Service>,
    /// Who works on it, by role, primaries first. Somebody with several scopes stands there several times.
    pub holders: Vec<Holder>,
    /// The version of the firm's own taxonomy, where the page opened the scope by itself.
    pub taxonomy: Option<i64>,
}

/// A service of the tenant.
#[derive(Debug)]
pub struct Service {
    /// Service code.
    pub code: String,
    /// Entitlements, the override included (DOMAIN 2.2).
    pub total: i32,
    /// Engagement scenario, by code.
    pub scenario: String,
    /// How they are split, largest first.
    pub rows: Vec<Row>,
}

/// One row of a service's split.
#[derive(Debug)]
pub struct Row {
    /// Consumption status.
    pub l1: String,
    /// Reason.
    pub l2: String,
    /// Engineering reason.
    pub l3: String,
    /// Entitlements.
    pub entitlements: i32,
}

/// Somebody who works on the tenant.
#[derive(Debug)]
pub struct Holder {
    /// Role, by code.
    pub role: String,
    /// A person's name, or a firm or queue.
    pub name: String,
    /// Primary for some scope (A4).
    pub is_primary: bool,
}

/// What a caller sees of a tenant.
#[derive(Debug)]
pub enum Seen {
    /// The caller's directory belongs to no firm.
    NoFirm,
    /// The caller is not on the firm's list.
    NotListed,
    /// There is no such tenant in the firm's scope (P6).
    Nothing,
    /// This.
    Page(Box<TenantPage>),
}

impl Database {
    /// The tenant as `caller` sees it. The statement opens the caller's scope by itself (P1, P3) and is a
    /// transaction of its own, so that one round trip does it all.
    pub async fn tenant_page(&self, caller: Caller, tenant: Id<Tenant>) -> Result<Seen, StoreError> {
        let found = sqlx::query_as!(
            Columns,
            r#"
            select
                person_id, id, name, customer_name, overall_status, status_date, country, industry, assigned, last_note,
                services, totals, scenarios, row_services, row_l1, row_l2, row_l3, row_entitlements,
                roles, holders, primaries, taxonomy_in_use() as taxonomy
            from open_tenant_page($1, $2, $3)
            "#,
            caller.directory,
            caller.object,
            tenant.uuid()
        )
        .fetch_optional(self.app())
        .await?;
        Ok(match found {
            None => Seen::NoFirm,
            Some(columns) if columns.person_id.is_none() => Seen::NotListed,
            Some(columns) => columns.page().map_or(Seen::Nothing, |page| Seen::Page(Box::new(page))),
        })
    }
}

impl PartnerScope {
    /// The tenant as `actor` sees it; `None` when it is not in this scope (P6).
    pub async fn tenant_page(
        &mut self,
        actor: &Actor,
        tenant: Id<Tenant>,
    ) -> Result<Option<TenantPage>, StoreError> {
        let found = sqlx::query_as!(
            Columns,
            r#"
            select
                $1::uuid as person_id,
                id, name, customer_name, overall_status, status_date, country, industry, assigned, last_note,
                services, totals, scenarios, row_services, row_l1, row_l2, row_l3, row_entitlements,
                roles, holders, primaries, null::bigint as taxonomy
            from tenant_page($1, $2)
            "#,
            actor.person.uuid(),
            tenant.uuid()
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(found.and_then(Columns::page))
    }
}

impl PartnerScope {
    /// The same of several tenants, in one round trip and in their order. Those that are not in this scope are left
    /// out (P6).
    pub async fn tenant_pages(
        &mut self,
        actor: &Actor,
        tenants: &[Id<Tenant>],
    ) -> Result<Vec<TenantPage>, StoreError> {
        let tenants: Vec<Uuid> = tenants.iter().map(|tenant| tenant.uuid()).collect();
        let found = sqlx::query_as!(
            Columns,
            r#"
            select
                $1::uuid as person_id,
                page.id, name, customer_name, overall_status, status_date, country, industry, assigned, last_note,
                services, totals, scenarios, row_services, row_l1, row_l2, row_l3, row_entitlements,
                roles, holders, primaries, null::bigint as taxonomy
            from unnest($2::uuid[]) with ordinality wanted (tenant, place)
            cross join lateral tenant_page($1, wanted.tenant) page
            order by wanted.place
            "#,
            actor.person.uuid(),
            &tenants
        )
        .fetch_all(self.connection())
        .await?;
        Ok(found.into_iter().filter_map(Columns::page).collect())
    }
}

/// The statement's one row.
struct Columns {
    person_id: Option<Uuid>,
    id: Option<Uuid>,
    name: Option<String>,
    customer_name: Option<String>,
    overall_status: Option<String>,
    status_date: Option<NaiveDate>,
    country: Option<String>,
    industry: Option<String>,
    assigned: Option<bool>,
    last_note: Option<DateTime<Utc>>,
    services: Option<Vec<String>>,
    totals: Option<Vec<i32>>,
    scenarios: Option<Vec<String>>,
    row_services: Option<Vec<String>>,
    row_l1: Option<Vec<String>>,
    row_l2: Option<Vec<String>>,
    row_l3: Option<Vec<String>>,
    row_entitlements: Option<Vec<i32>>,
    roles: Option<Vec<String>>,
    holders: Option<Vec<String>>,
    primaries: Option<Vec<bool>>,
    taxonomy: Option<i64>,
}

impl Columns {
    fn page(mut self) -> Option<TenantPage> {
        let (services, holders) = (self.services(), self.holders());
        Some(TenantPage {
            id: self.id?.into(),
            name: self.name?,
            customer_name: self.customer_name?,
            overall_status: self.overall_status?,
            status_date: self.status_date,
            country: self.country,
            industry: self.industry,
            may_write: may(Standing { assigned: self.assigned?, ..Standing::default() }, Act::WriteNote),
            last_note: self.last_note,
            services,
            holders,
            taxonomy: self.taxonomy,
        })
    }

    fn services(&mut self) -> Vec<Service> {
        let (codes, totals) = (list(&mut self.services), list(&mut self.totals));
        let heads = codes.zip(totals).zip(list(&mut self.scenarios));
        let head = |((code, total), scenario)| Service { code, total, scenario, rows: Vec::new() };
        let mut services: Vec<_> = heads.map(head).collect();
        services.sort_unstable_by(|a, b| a.code.cmp(&b.code));
        let levels = list(&mut self.row_l1).zip(list(&mut self.row_l2)).zip(list(&mut self.row_l3));
        let rows = list(&mut self.row_services).zip(levels).zip(list(&mut self.row_entitlements));
        for ((code, ((l1, l2), l3)), entitlements) in rows {
            if let Some(service) = services.iter_mut().find(|service| service.code == code) {
                service.rows.push(Row { l1, l2, l3, entitlements });
            }
        }
        let place = |row: &Row| std::cmp::Reverse(row.entitlements);
        for service in &mut services {
            service.rows.sort_by_key(place);
        }
        services
    }

    fn holders(&mut self) -> Vec<Holder> {
        let rows = list(&mut self.roles).zip(list(&mut self.holders)).zip(list(&mut self.primaries));
        let mut holders: Vec<_> =
            rows.map(|((role, name), is_primary)| Holder { role, name, is_primary }).collect();
        holders.sort_by(|a, b| b.is_primary.cmp(&a.is_primary).then_with(|| a.name.cmp(&b.name)));
        holders
    }
}

/// The items of a column; `array_agg` of nothing is null.
fn list<T>(column: &mut Option<Vec<T>>) -> std::vec::IntoIter<T> {
    column.take().unwrap_or_default().into_iter()
}
