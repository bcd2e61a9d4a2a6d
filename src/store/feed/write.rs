//! Changes into the tables: whole batches at once, each row sent as JSON and unpacked by the server.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use sqlx::query;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::StoreError;
use super::row::{Assignment, Claim, Entitlement, Firm, Note, Person, Service, Standing, Tenant};
use super::{Changes, Difference, Intake};

/// Rows sent with one statement.
const BATCH: usize = 10_000;

/// Runs one statement for each batch of rows. The rows are the statement's parameter `$2`.
macro_rules! in_batches {
    ($intake:expr, $rows:expr, $sql:literal $(, $more:expr)*) => {
        for batch in $rows.chunks(BATCH) {
            query!($sql, $intake.firm, Json(batch) as _ $(, $more)*).execute(&mut *$intake.tx).await?;
        }
    };
}

mod contacts;

impl Intake {
    /// Writes all of it, in the order in which the rows rest on each other.
    pub async fn write(&mut self, changes: &Changes, now: DateTime<Utc>) -> Result<(), StoreError> {
        if let Some(firm) = &changes.firm {
            self.write_firm(firm, now).await?;
        }
        self.write_directories(&changes.directories).await?;
        self.write_people(&changes.people, now).await?;
        self.write_tenants(&changes.tenants, now).await?;
        self.lock(changes).await?;
        self.write_services(&changes.services, now).await?;
        self.write_entitlements(&changes.entitlements, now).await?;
        self.write_claims(&changes.claims, now).await?;
        self.write_assignments(&changes.assignments, now).await?;
        self.write_contacts(&changes.contacts, now).await?;
        self.write_notes(&changes.notes, now).await?;
        self.write_standings(&changes.standings, now).await
    }

    async fn write_firm(&mut self, firm: &Firm, now: DateTime<Utc>) -> Result<(), StoreError> {
        query!(
            "insert into partner (id, name, mpn_id, created_at, updated_at)
             values ($1, $2, $3, $4, $4)
             on conflict (id) do update set name = excluded.name, updated_at = excluded.updated_at",
            self.firm,
            firm.name,
            firm.mpn_id,
            now
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn write_directories(&mut self, directories: &[Uuid]) -> Result<(), StoreError> {
        query!(
            "insert into directory (id, partner_id) select unnest($2::uuid[]), $1",
            self.firm,
            directories
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn write_people(
        &mut self,
        people: &Difference<Person>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        in_batches!(
            self,
            people.changed,
            "update person p
             set directory_id = r.directory_id, object_id = r.object_id, upn = r.upn, name = r.name,
                is_admin = r.is_admin, is_manager = r.is_manager, active = r.active,
                row_version = p.row_version + 1, updated_at = $3
             from jsonb_to_recordset($2) as r(id uuid, directory_id uuid, object_id uuid, upn text, name text,
                is_admin boolean, is_manager boolean, active boolean)
             where p.partner_id = $1 and p.id = r.id",
            now
        );
        in_batches!(
            self,
            people.new,
            "insert into person (partner_id, id, directory_id, object_id, upn, name, is_admin, is_manager, active,
                created_at, updated_at)
             select $1, id, directory_id, object_id, upn, name, is_admin, is_manager, active, $3, $3
             from jsonb_to_recordset($2) as r(id uuid, directory_id uuid, object_id uuid, upn text, name text,
                is_admin boolean, is_manager boolean, active boolean)",
            now
        );
        Ok(())
    }

    async fn write_tenants(
        &mut self,
        tenants: &Difference<Tenant>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        // Names may change hands within a file. Out of the way first, so that no two are the same in between.
        in_batches!(
            self,
            tenants.changed,
            "update tenant t set name = t.id::text
             from jsonb_to_recordset($2) as r(id uuid, name text)
             where t.partner_id = $1 and t.id = r.id and t.name <> r.name"
        );
        in_batches!(
            self,
            tenants.changed,
            "update tenant t
             set name = r.name, customer_name = r.customer_name, tpid = r.tpid, aliases = r.aliases,
                domains = r.domains, search = r.search, active = r.active, seats = r.seats,
                eligibility = r.eligibility, industry = r.industry, country = r.country, region = r.region,
                priority = r.priority, row_version = t.row_version + 1, updated_at = $3
             from jsonb_to_recordset($2) as r(id uuid, name text, customer_name text, tpid bigint, aliases text[],
                domains text[], search text, active boolean, seats integer, eligibility text, industry text,
                country text, region text, priority text)
             where t.partner_id = $1 and t.id = r.id",
            now
        );
        in_batches!(
            self,
            tenants.new,
            "insert into tenant (partner_id, id, name, customer_name, tpid, aliases, domains, search, active,
                seats, eligibility, industry, country, region, priority, created_at, updated_at)
             select $1, id, name, customer_name, tpid, aliases, domains, search, active,
                seats, eligibility, industry, country, region, priority, $3, $3
             from jsonb_to_recordset($2) as r(id uuid, name text, customer_name text, tpid bigint, aliases text[],
                domains text[], search text, active boolean, seats integer, eligibility text, industry text,
                country text, region text, priority text)",
            now
        );
        Ok(())
    }

    /// C3: whoever changes several rows of a tenant together holds the tenant's row. Tenants that are new
    /// in this transaction are ours anyway.
    async fn lock(&mut self, changes: &Changes) -> Result<(), StoreError> {
        let new: HashSet<Uuid> = changes.tenants.new.iter().map(|row| row.id).collect();
        let Difference { new: added, changed, gone } = &changes.assignments;
        let assigned = added.iter().chain(changed).chain(gone).map(|row| row.tenant_id);
        let services = changes.services.changed.iter().map(|row| row.tenant_id);
        let held: BTreeSet<Uuid> = services.chain(assigned).filter(|tenant| !new.contains(tenant)).collect();
        let held: Vec<Uuid> = held.into_iter().collect();
        query!(
            "select id from tenant where partner_id = $1 and id = any($2) order by id for no key update",
            self.firm,
            &held
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn write_services(
        &mut self,
        services: &Difference<Service>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        in_batches!(
            self,
            services.changed,
            "update tenant_service s
             set entitlements = r.entitlements, override_entitlements = r.override_entitlements,
                active_users = r.active_users, scenario = r.scenario, engagement_start = r.engagement_start,
                phase = r.phase, does_not_add_up = r.does_not_add_up,
                row_version = s.row_version + 1, updated_at = $3
             from jsonb_to_recordset($2) as r(tenant_id uuid, service text, entitlements integer,
                override_entitlements integer, active_users integer, scenario text, engagement_start date,
                phase text, does_not_add_up boolean)
             where s.partner_id = $1 and s.tenant_id = r.tenant_id and s.service = r.service",
            now
        );
        in_batches!(
            self,
            services.new,
            "insert into tenant_service (partner_id, tenant_id, service, entitlements, override_entitlements,
                active_users, scenario, engagement_start, phase, does_not_add_up, created_at, updated_at)
             select $1, tenant_id, service, entitlements, override_entitlements,
                active_users, scenario, engagement_start, phase, does_not_add_up, $3, $3
             from jsonb_to_recordset($2) as r(tenant_id uuid, service text, entitlements integer,
                override_entitlements integer, active_users integer, scenario text, engagement_start date,
                phase text, does_not_add_up boolean)",
            now
        );
        Ok(())
    }

    async fn write_entitlements(
        &mut self,
        entitlements: &Difference<Entitlement>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        in_batches!(
            self,
            entitlements.gone,
            "delete from entitlement e using jsonb_to_recordset($2) as r(id uuid)
             where e.partner_id = $1 and e.id = r.id"
        );
        in_batches!(
            self,
            entitlements.changed,
            "update entitlement e
             set entitlements = r.entitlements, note = r.note, target_date = r.target_date, owner = r.owner,
                next_action_date = r.next_action_date, row_version = e.row_version + 1, updated_at = $3
             from jsonb_to_recordset($2) as r(id uuid, entitlements integer, note text, target_date date,
                owner text, next_action_date date)
             where e.partner_id = $1 and e.id = r.id",
            now
        );
        in_batches!(
            self,
            entitlements.new,
            "insert into entitlement (partner_id, id, tenant_id, service, l1, l2, l3, entitlements, note,
                target_date, owner, next_action_date, created_at, updated_at)
             select $1, id, tenant_id, service, l1, l2, l3, entitlements, note,
                target_date, owner, next_action_date, $3, $3
             from jsonb_to_recordset($2) as r(id uuid, tenant_id uuid, service text, l1 text, l2 text, l3 text,
                entitlements integer, note text, target_date date, owner text, next_action_date date)",
            now
        );
        Ok(())
    }

    async fn write_claims(
        &mut self,
        claims: &Difference<Claim>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        in_batches!(
            self,
            claims.gone,
            "delete from cpor_claim c using jsonb_to_recordset($2) as r(tenant_id uuid, service text)
             where c.partner_id = $1 and c.tenant_id = r.tenant_id and c.service = r.service"
        );
        for rows in [&claims.changed, &claims.new] {
            in_batches!(
                self,
                rows,
                "insert into cpor_claim (partner_id, tenant_id, service, partner_name, mpn_id, partner_tenant_id,
                    state, claimed_on, updated_at)
                 select $1, tenant_id, service, partner_name, mpn_id, partner_tenant_id, state, claimed_on, $3
                 from jsonb_to_recordset($2) as r(tenant_id uuid, service text, partner_name text, mpn_id text,
                    partner_tenant_id uuid, state text, claimed_on date)
                 on conflict (partner_id, tenant_id, service) do update
                 set partner_name = excluded.partner_name, mpn_id = excluded.mpn_id,
                    partner_tenant_id = excluded.partner_tenant_id, state = excluded.state,
                    claimed_on = excluded.claimed_on, updated_at = excluded.updated_at",
                now
            );
        }
        Ok(())
    }

    async fn write_assignments(
        &mut self,
        assignments: &Difference<Assignment>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        in_batches!(
            self,
            assignments.gone,
            "delete from assignment a using jsonb_to_recordset($2) as r(id uuid)
             where a.partner_id = $1 and a.id = r.id"
        );
        // A4: the mark is taken from one row before another gets it. Only the mark of a row ever changes.
        for mark in [false, true] {
            let rows: Vec<&Assignment> =
                assignments.changed.iter().filter(|row| row.is_primary == mark).collect();
            in_batches!(
                self,
                rows,
                "update assignment a
                 set is_primary = r.is_primary, row_version = a.row_version + 1, updated_at = $3
                 from jsonb_to_recordset($2) as r(id uuid, is_primary boolean)
                 where a.partner_id = $1 and a.id = r.id",
                now
            );
        }
        in_batches!(
            self,
            assignments.new,
            "insert into assignment (partner_id, id, tenant_id, role, person_id, holder, scope, is_primary,
                created_at, updated_at)
             select $1, id, tenant_id, role, person_id, holder, scope, is_primary, $3, $3
             from jsonb_to_recordset($2) as r(id uuid, tenant_id uuid, role text, person_id uuid, holder text,
                scope text, is_primary boolean)",
            now
        );
        Ok(())
    }

    async fn write_notes(&mut self, notes: &[Note], now: DateTime<Utc>) -> Result<(), StoreError> {
        in_batches!(
            self,
            notes,
            "insert into note (partner_id, id, tenant_id, category, author_id, services, escalated, created_at,
                updated_at)
             select $1, id, tenant_id, category, author_id, services, escalated, created_at, $3
             from jsonb_to_recordset($2) as r(id uuid, tenant_id uuid, category text, author_id uuid,
                services text[], escalated boolean, created_at timestamptz)",
            now
        );
        in_batches!(
            self,
            notes,
            "insert into note_version (partner_id, note_id, version, author_id, overall_status, status_date, body,
                next_action, next_action_date, next_action_owner, created_at)
             select $1, id, 1, author_id, overall_status, status_date, body,
                next_action, next_action_date, next_action_owner, created_at
             from jsonb_to_recordset($2) as r(id uuid, author_id uuid, overall_status text, status_date date,
                body text, next_action text, next_action_date date, next_action_owner text,
                created_at timestamptz)"
        );
        Ok(())
    }

    /// A note that is older than what the tenant stands at changes nothing.
    async fn write_standings(
        &mut self,
        standings: &[Standing],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        in_batches!(
            self,
            standings,
            "update tenant t
             set overall_status = r.overall_status, status_date = r.status_date,
                row_version = t.row_version + 1, updated_at = $3
             from jsonb_to_recordset($2) as r(tenant_id uuid, overall_status text, status_date date)
             where t.partner_id = $1 and t.id = r.tenant_id
                and (t.status_date is null or t.status_date < r.status_date)",
            now
        );
        Ok(())
    }
}
