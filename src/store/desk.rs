//! A place at a tenant: the proof that this person may do this with it.

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::access::{Act, Actor, Refusal, Standing, may, refusal};
use crate::domain::id::{Id, Tenant};

/// The proof. Functions that write to a tenant take one.
#[derive(Debug)]
pub struct Desk {
    /// The tenant.
    pub tenant: Id<Tenant>,
    /// The row version that the tenant has now (C1).
    pub version: i64,
    /// The customer's name.
    pub customer_name: String,
    /// The tenant's name.
    pub name: String,
    /// Overall status, by code.
    pub overall_status: String,
    /// The version of the tenant's assignments, which are edited as one set (C1).
    pub assignment_version: i64,
    /// How the person stands to it.
    pub standing: Standing,
}

impl Desk {
    /// Whether the person may also do `act` here.
    pub fn allows(&self, act: Act) -> bool {
        may(self.standing, act)
    }
}

/// What asking for a desk came to. Absent and foreign tenants look the same (P6).
#[derive(Debug)]
pub enum Seat {
    /// May do it.
    Desk(Desk),
    /// Sees the tenant, but may not do this with it.
    Refused(Desk, Refusal),
    /// There is no such tenant in the firm's scope.
    None,
}

impl PartnerScope {
    /// Locks the tenant's row until the turn ends, so that rules over several rows hold (C3).
    pub async fn lock_tenant(&mut self, tenant: Id<Tenant>) -> Result<(), StoreError> {
        sqlx::query!(
            "select from tenant where partner_id = $1 and id = $2 for no key update",
            self.partner_id(),
            tenant.uuid()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Looks the tenant up within the scope and decides whether `actor` may do `act`.
    pub async fn desk(&mut self, actor: &Actor, tenant: Id<Tenant>, act: Act) -> Result<Seat, StoreError> {
        let row = sqlx::query!(
            r#"
            select
                row_version,
                customer_name,
                name,
                overall_status,
                exists (
                    select from assignment a
                    where a.partner_id = t.partner_id
                        and a.tenant_id = t.id
                        and a.person_id = $3
                        and a.role in ('p_rm', 'p_fm', 'p_fe')
                ) as "assigned!",
                exists (
                    select from assignment a
                    where a.partner_id = t.partner_id and a.tenant_id = t.id and a.person_id = $3 and a.role = 'mvm'
                ) as "migration_sme!",
                assignment_version
            from tenant t
            where partner_id = $1 and id = $2
            "#,
            self.partner_id(),
            tenant.uuid(),
            actor.person.uuid()
        )
        .fetch_optional(self.connection())
        .await?;
        let Some(row) = row else { return Ok(Seat::None) };
        let standing = Standing {
            assigned: row.assigned,
            admin: actor.is_admin,
            manager: actor.is_manager,
            migration_sme: row.migration_sme,
            css_led: false,
        };
        let desk = Desk {
            tenant,
            version: row.row_version,
            customer_name: row.customer_name,
            name: row.name,
            overall_status: row.overall_status,
            assignment_version: row.assignment_version,
            standing,
        };
        Ok(match refusal(standing, act) {
            None => Seat::Desk(desk),
            Some(refusal) => Seat::Refused(desk, refusal),
        })
    }
}
