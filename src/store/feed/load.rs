//! What the firm has of what a file speaks of.

use std::collections::HashSet;

use uuid::Uuid;

use super::super::StoreError;
use super::row::{Assignment, Claim, Contact, Entitlement, Person, Service, Tenant};
use super::{Intake, Mentions, Portion, Stored};

impl Intake {
    /// Loads what `mentions` names, in the firm's scope.
    pub async fn load(&mut self, mentions: &Mentions) -> Result<Stored, StoreError> {
        Ok(Stored {
            firm: self.firm_name().await?,
            directories: self.directories().await?,
            taken: self.taken(&mentions.directories).await?,
            people: self.people().await?,
            tenants: self.tenants(&mentions.tenants, &mentions.names).await?,
            services: self.services(&mentions.services).await?,
            entitlements: self.entitlements(&mentions.services).await?,
            claims: self.claims(&mentions.claims).await?,
            assignments: self.assignments(&mentions.assignments).await?,
            contacts: self.contacts(&mentions.contacts).await?,
            notes: self.notes(&mentions.notes).await?,
            erased: self.erased(&mentions.people).await?,
        })
    }

    async fn firm_name(&mut self) -> Result<Option<String>, StoreError> {
        Ok(sqlx::query_scalar!("select name from partner where id = $1", self.firm)
            .fetch_optional(&mut *self.tx)
            .await?)
    }

    async fn directories(&mut self) -> Result<Vec<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!("select id from directory where partner_id = $1", self.firm)
            .fetch_all(&mut *self.tx)
            .await?)
    }

    async fn taken(&mut self, directories: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select id from directory where id = any($1) and partner_id <> $2",
            directories,
            self.firm
        )
        .fetch_all(&mut *self.tx)
        .await?)
    }

    async fn people(&mut self) -> Result<Vec<Person>, StoreError> {
        Ok(sqlx::query_as!(
            Person,
            "select id, directory_id, object_id, upn, name, is_admin, is_manager, active
             from person where partner_id = $1",
            self.firm
        )
        .fetch_all(&mut *self.tx)
        .await?)
    }

    async fn tenants(&mut self, portion: &Portion, names: &[String]) -> Result<Vec<Tenant>, StoreError> {
        Ok(sqlx::query_as!(
            Tenant,
            "select id, name, customer_name, tpid, aliases, domains, search, active, seats, eligibility,
                industry, country, region, priority
             from tenant
             where partner_id = $1 and ($2 or id = any($3) or name = any($4))",
            self.firm,
            portion.all,
            &portion.tenants,
            names
        )
        .fetch_all(&mut *self.tx)
        .await?)
    }

    async fn services(&mut self, portion: &Portion) -> Result<Vec<Service>, StoreError> {
        Ok(sqlx::query_as!(
            Service,
            "select tenant_id, service, entitlements, override_entitlements, active_users, scenario,
                engagement_start, phase, does_not_add_up, updated_at
             from tenant_service
             where partner_id = $1 and ($2 or tenant_id = any($3))",
            self.firm,
            portion.all,
            &portion.tenants
        )
        .fetch_all(&mut *self.tx)
        .await?)
    }

    async fn entitlements(&mut self, portion: &Portion) -> Result<Vec<Entitlement>, StoreError> {
        Ok(sqlx::query_as!(
            Entitlement,
            "select id, tenant_id, service, l1, l2, l3, entitlements, note, target_date, owner,
                next_action_date, updated_at
             from entitlement
             where partner_id = $1 and ($2 or tenant_id = any($3))",
            self.firm,
            portion.all,
            &portion.tenants
        )
        .fetch_all(&mut *self.tx)
        .await?)
    }

    async fn claims(&mut self, portion: &Portion) -> Result<Vec<Claim>, StoreError> {
        Ok(sqlx::query_as!(
            Claim,
            "select tenant_id, service, partner_name, mpn_id, partner_tenant_id, state, claimed_on
             from cpor_claim
             where partner_id = $1 and ($2 or tenant_id = any($3))",
            self.firm,
            portion.all,
            &portion.tenants
        )
        .fetch_all(&mut *self.tx)
        .await?)
    }

    async fn assignments(&mut self, portion: &Portion) -> Result<Vec<Assignment>, StoreError> {
        Ok(sqlx::query_as!(
            Assignment,
            "select id, tenant_id, role, person_id, holder, scope, is_primary, updated_at
             from assignment
             where partner_id = $1 and ($2 or tenant_id = any($3))",
            self.firm,
            portion.all,
            &portion.tenants
        )
        .fetch_all(&mut *self.tx)
        .await?)
    }

    async fn contacts(&mut self, portion: &Portion) -> Result<Vec<Contact>, StoreError> {
        Ok(sqlx::query_as!(
            Contact,
            "select id, tenant_id, contact_type, is_engaged, is_fasttrack, name, email, country, survey_eligible,
                survey_language, services, title, phone, time_zone, role, note, do_not_call, do_not_call_reason,
                skill_type, ms_role, evidence, approved_survey, origin, updated_at
             from contact
             where partner_id = $1 and ($2 or tenant_id = any($3))",
            self.firm,
            portion.all,
            &portion.tenants
        )
        .fetch_all(&mut *self.tx)
        .await?)
    }

    async fn erased(&mut self, people: &[String]) -> Result<HashSet<String>, StoreError> {
        let erased = sqlx::query_scalar!(r#"select erased_among($1) as "erased!""#, people);
        Ok(erased.fetch_all(&mut *self.tx).await?.into_iter().collect())
    }

    async fn notes(&mut self, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!("select id from note where partner_id = $1 and id = any($2)", self.firm, ids)
            .fetch_all(&mut *self.tx)
            .await?)
    }
}
