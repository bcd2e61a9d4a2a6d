//! What compliance wants to know of many tenants at once: a handful of statements, whatever their number, joined here.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::assignment::{Role, Scope};
use crate::domain::compliance::{Forecast, Holding, Row, Service, Snapshot};
use crate::domain::id::{Id, Person, Tenant};
use crate::domain::taxonomy::Path;
use crate::domain::tenant::OverallStatus;
use crate::domain::time::Today;

/// Whose tenants are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The active tenants that this person is assigned to (V1).
    Person(Id<Person>),
    /// All active tenants of the firm, those without a P-RM included.
    Firm,
    /// This one, if it is the firm's (P6).
    Tenant(Id<Tenant>),
}

impl PartnerScope {
    /// Snapshots of these tenants, in the order of the customers' names. Days are those of `zone`.
    pub async fn snapshots(&mut self, whose: Whose, zone: Tz) -> Result<Vec<Snapshot>, StoreError> {
        let calendar = Calendar { now: self.now, zone };
        let mut snapshots = self.tenants_of(whose, calendar).await?;
        let ids: Vec<Uuid> = snapshots.iter().map(|snapshot| snapshot.tenant.uuid()).collect();
        let (rows, forecasts) =
            (self.rows_of(&ids, calendar).await?, self.forecasts_of(&ids, calendar).await?);
        let mut services = self.services_of(&ids, calendar, rows, forecasts).await?;
        let mut holdings = self.holdings_of(&ids).await?;
        for snapshot in &mut snapshots {
            let tenant = snapshot.tenant.uuid();
            snapshot.services = services.remove(&tenant).unwrap_or_default();
            snapshot.holdings = holdings.remove(&tenant).unwrap_or_default();
        }
        Ok(snapshots)
    }

    async fn tenants_of(&mut self, whose: Whose, calendar: Calendar) -> Result<Vec<Snapshot>, StoreError> {
        let (person, only) = match whose {
            Whose::Person(person) => (Some(person.uuid()), None),
            Whose::Firm => (None, None),
            Whose::Tenant(tenant) => (None, Some(tenant.uuid())),
        };
        let rows = sqlx::query!(
            r#"
            select
                t.id, t.name, t.customer_name, t.active, t.overall_status, t.created_at,
                n.last_note as "last_note?",
                exists (
                    -- C2; the same as `Contact::is_survey_contact`, without reading anybody's data.
                    select from contact c
                    where c.partner_id = t.partner_id
                        and c.tenant_id = t.id
                        and c.contact_type = 'customer'
                        and c.is_engaged
                        and c.survey_eligible
                        and '' not in (c.name, c.email, c.country, c.survey_language)
                        and c.services <> '{}'
                ) as "has_survey_contact!"
            from tenant t
            cross join lateral (
                select max(created_at) as last_note
                from note
                where partner_id = t.partner_id
                    and tenant_id = t.id
                    and category = 'engagement_management'
                    and withdrawn_at is null
            ) n
            where t.partner_id = $1
                and case when $3::uuid is null then t.active else t.id = $3 end
                and ($2::uuid is null or exists (
                    select from assignment a
                    where a.partner_id = t.partner_id
                        and a.tenant_id = t.id
                        and a.person_id = $2
                        and a.role in ('p_rm', 'p_fm', 'p_fe')
                ))
            order by t.customer_name, t.id
            "#,
            self.partner_id(),
            person,
            only
        )
        .fetch_all(self.connection())
        .await?;
        let snapshot = rows.into_iter().map(|row| Snapshot {
            tenant: row.id.into(),
            name: row.name,
            customer_name: row.customer_name,
            active: row.active,
            status: OverallStatus::of(&row.overall_status),
            known_since: calendar.day(row.created_at),
            last_note: row.last_note.map(|at| calendar.day(at)),
            has_survey_contact: row.has_survey_contact,
            services: Vec::new(),
            holdings: Vec::new(),
        });
        Ok(snapshot.collect())
    }

    async fn services_of(
        &mut self,
        tenants: &[Uuid],
        calendar: Calendar,
        mut rows: HashMap<Key, Vec<Row>>,
        mut forecasts: HashMap<Key, Forecast>,
    ) -> Result<HashMap<Uuid, Vec<Service>>, StoreError> {
        let found = sqlx::query!(
            r#"
            select
                s.tenant_id, s.service, s.scenario, s.active_users, s.created_at, s.updated_at,
                coalesce(s.override_entitlements, s.entitlements) as "total!",
                coalesce(c.mpn_id = p.mpn_id and lower(coalesce(c.state, 'approved')) = 'approved', false) as "claimed!"
            from tenant_service s
            join partner p on p.id = s.partner_id
            left join cpor_claim c using (partner_id, tenant_id, service)
            where s.partner_id = $1 and s.tenant_id = any ($2)
            order by s.service
            "#,
            self.partner_id(),
            tenants
        )
        .fetch_all(self.connection())
        .await?;
        let mut services: HashMap<Uuid, Vec<Service>> = HashMap::new();
        for row in found {
            let key = (row.tenant_id, row.service);
            let (rows, forecast) = (rows.remove(&key).unwrap_or_default(), forecasts.remove(&key));
            services.entry(row.tenant_id).or_default().push(Service {
                code: key.1,
                total: row.total,
                scenario: row.scenario,
                active_users: row.active_users,
                claimed: row.claimed,
                known_since: calendar.day(row.created_at),
                changed: calendar.day(row.updated_at),
                rows,
                forecast,
            });
        }
        Ok(services)
    }

    async fn rows_of(
        &mut self,
        tenants: &[Uuid],
        calendar: Calendar,
    ) -> Result<HashMap<Key, Vec<Row>>, StoreError> {
        let found = sqlx::query!(
            r#"
            select
                tenant_id, service, l1, l2, l3, entitlements, note <> '' as "has_note!", target_date,
                created_at, updated_at
            from entitlement
            where partner_id = $1 and tenant_id = any ($2)
            order by l1, l2, l3
            "#,
            self.partner_id(),
            tenants
        )
        .fetch_all(self.connection())
        .await?;
        let mut rows: HashMap<Key, Vec<Row>> = HashMap::new();
        for row in found {
            rows.entry((row.tenant_id, row.service)).or_default().push(Row {
                path: Path { l1: row.l1, l2: row.l2, l3: row.l3 },
                entitlements: row.entitlements,
                has_note: row.has_note,
                target_date: row.target_date,
                since: calendar.day(row.created_at),
                changed: calendar.day(row.updated_at),
            });
        }
        Ok(rows)
    }

    async fn forecasts_of(
        &mut self,
        tenants: &[Uuid],
        calendar: Calendar,
    ) -> Result<HashMap<Key, Forecast>, StoreError> {
        let found = sqlx::query!(
            r#"
            select f.tenant_id, f.service, f.updated_at, t.milestone as "milestone?", t.target as "target?"
            from forecast f
            left join forecast_target t using (partner_id, tenant_id, service)
            where f.partner_id = $1 and f.tenant_id = any ($2)
            order by t.milestone
            "#,
            self.partner_id(),
            tenants
        )
        .fetch_all(self.connection())
        .await?;
        let mut forecasts: HashMap<Key, Forecast> = HashMap::new();
        for row in found {
            let changed = calendar.day(row.updated_at);
            let forecast = forecasts.entry((row.tenant_id, row.service));
            let targets = &mut forecast.or_insert(Forecast { changed, targets: Vec::new() }).targets;
            targets.extend(row.milestone.map(|milestone| (milestone, row.target)));
        }
        Ok(forecasts)
    }

    async fn holdings_of(&mut self, tenants: &[Uuid]) -> Result<HashMap<Uuid, Vec<Holding>>, StoreError> {
        let found = sqlx::query!(
            r#"
            select a.tenant_id, a.role, a.scope, a.is_primary, a.person_id, coalesce(p.active, true) as "is_here!"
            from assignment a
            left join person p on p.partner_id = a.partner_id and p.id = a.person_id
            where a.partner_id = $1 and a.tenant_id = any ($2) and a.role in ('p_rm', 'p_fm', 'p_fe')
            order by a.role, a.scope, a.is_primary desc, a.person_id
            "#,
            self.partner_id(),
            tenants
        )
        .fetch_all(self.connection())
        .await?;
        let mut holdings: HashMap<Uuid, Vec<Holding>> = HashMap::new();
        for row in found {
            let Some(role) = Role::stored(&row.role) else { continue };
            holdings.entry(row.tenant_id).or_default().push(Holding {
                role,
                scope: Scope::stored(&row.scope),
                primary: row.is_primary,
                person: row.person_id.map(Id::from),
                is_here: row.is_here,
            });
        }
        Ok(holdings)
    }
}

/// A tenant and a service of it.
type Key = (Uuid, String);

/// The reader's calendar.
#[derive(Clone, Copy)]
struct Calendar {
    now: DateTime<Utc>,
    zone: Tz,
}

impl Calendar {
    /// The day of an instant of the past. The database dates rows by its own clock, which may be ahead of ours.
    fn day(self, at: DateTime<Utc>) -> NaiveDate {
        Today::at(at.min(self.now), self.zone).0
    }
}
