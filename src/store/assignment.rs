//! Who works on a tenant: the table of assignments, read whole and written as a difference.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::StoreError;
use super::desk::Desk;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::assignment::assignee::Assignee;
use crate::domain::assignment::team::{Row, Team};
use crate::domain::assignment::{Holder, Role, Scope};
use crate::domain::id::{Change, Id, Person, Tenant};

/// One assignment of a tenant, of the partner's side or Microsoft's.
#[derive(Debug, Clone)]
pub struct Assigned {
    /// Role, by code.
    pub role: String,
    /// Who holds it.
    pub holder: Holder,
    /// The holder's name. Personal, unless it is a firm or a queue.
    pub name: String,
    /// The scope.
    pub scope: Scope,
    /// Primary there (A4).
    pub primary: bool,
}

/// A tenant that somebody is assigned to.
#[derive(Debug)]
pub struct Held {
    /// The tenant.
    pub tenant: Id<Tenant>,
    /// Whether the person who asks is assigned to it themselves (A9).
    pub assigned: bool,
    /// Its partner assignments.
    pub team: Team,
}

/// A team that becomes another one.
#[derive(Debug)]
pub struct Reshuffle {
    /// Whose team it is.
    pub tenant: Id<Tenant>,
    /// As it is stored.
    pub before: Team,
    /// As it shall be.
    pub after: Team,
}

impl PartnerScope {
    /// Whom the firm can assign: everybody on its list, who left included, and the firm itself.
    pub async fn assignees(&mut self) -> Result<Vec<Assignee>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select id as "id?", object_id, name as "name!", upn as "upn!", active as "active!"
            from person
            where partner_id = $1
            union all
            select null, null, name, '', true from partner where id = $1
            "#,
            self.partner_id()
        )
        .fetch_all(self.connection())
        .await?;
        let assignees = rows.iter().map(|row| match row.id {
            Some(id) => Assignee::person(id.into(), &row.name, &row.upn, row.active).object(row.object_id),
            None => Assignee::firm(&row.name),
        });
        Ok(assignees.collect())
    }

    /// The firm's name.
    pub async fn firm_name(&mut self) -> Result<String, StoreError> {
        let name = sqlx::query_scalar!("select name from partner where id = $1", self.partner_id())
            .fetch_one(self.connection())
            .await?;
        Ok(name)
    }

    /// All assignments of a tenant, by role, primaries first.
    pub async fn assignments(&mut self, desk: &Desk) -> Result<Vec<Assigned>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select a.role, a.person_id, a.holder, coalesce(p.name, a.holder) as "name!", a.scope, a.is_primary
            from assignment a
            left join person p on p.partner_id = a.partner_id and p.id = a.person_id
            where a.partner_id = $1 and a.tenant_id = $2
            order by a.role, a.is_primary desc, 4, a.scope
            "#,
            self.partner_id(),
            desk.tenant.uuid()
        )
        .fetch_all(self.connection())
        .await?;
        let assigned = rows.into_iter().filter_map(|row| {
            let holder = holder(row.person_id, row.holder)?;
            let scope = Scope::stored(&row.scope);
            Some(Assigned { role: row.role, holder, name: row.name, scope, primary: row.is_primary })
        });
        Ok(assigned.collect())
    }

    /// The tenants that `person` is assigned to and whose names have all words of `folded`, locked until the turn
    /// ends, always in the same order (C3).
    pub async fn held_by(
        &mut self,
        actor: &Actor,
        person: Id<Person>,
        folded: &str,
    ) -> Result<Vec<Held>, StoreError> {
        let words: Vec<String> = folded.split(' ').map(|word| format!("%{word}%")).collect();
        let tenants = sqlx::query_scalar!(
            r#"
            select id
            from tenant t
            where partner_id = $1
                and search like all ($3)
                and exists (
                    select from assignment a
                    where a.partner_id = t.partner_id
                        and a.tenant_id = t.id
                        and a.person_id = $2
                        and a.role in ('p_rm', 'p_fm', 'p_fe')
                )
            order by id
            for no key update
            "#,
            self.partner_id(),
            person.uuid(),
            &words
        )
        .fetch_all(self.connection())
        .await?;
        let rows = sqlx::query!(
            r#"
            select tenant_id, role, person_id, holder, scope, is_primary
            from assignment
            where partner_id = $1 and tenant_id = any ($2)
            "#,
            self.partner_id(),
            &tenants
        )
        .fetch_all(self.connection())
        .await?;
        let mut by_tenant: HashMap<Uuid, Vec<Row>> = HashMap::new();
        for row in rows {
            let (Some(role), Some(holder)) = (Role::stored(&row.role), holder(row.person_id, row.holder))
            else {
                continue;
            };
            let (scope, primary) = (Scope::stored(&row.scope), row.is_primary);
            by_tenant.entry(row.tenant_id).or_default().push(Row { role, holder, scope, primary });
        }
        let asker = Holder::Person(actor.person);
        let held = tenants.into_iter().map(|tenant| {
            let rows = by_tenant.remove(&tenant).unwrap_or_default();
            let assigned = rows.iter().any(|row| row.holder == asker);
            Held { tenant: tenant.into(), assigned, team: Team::of(rows) }
        });
        Ok(held.collect())
    }

    /// Writes what differs. The caller holds the tenants' rows, and has the right to each of them.
    pub async fn reshuffle(&mut self, teams: &[Reshuffle]) -> Result<(), StoreError> {
        let mut removed = Rows::default();
        let (mut unmarked, mut marked, mut added) = (Rows::default(), Rows::default(), Rows::default());
        for Reshuffle { tenant, before, after } in teams {
            let mut stored: BTreeMap<_, _> = before.rows().map(|row| (key(&row), row)).collect();
            for row in after.rows() {
                match (stored.remove(&key(&row)), row.primary) {
                    (None, _) => added.push(*tenant, row),
                    (Some(was), true) if !was.primary => marked.push(*tenant, row),
                    (Some(was), false) if was.primary => unmarked.push(*tenant, row),
                    (Some(_), _) => {}
                }
            }
            for row in stored.into_values() {
                removed.push(*tenant, row);
            }
        }
        // Marks are taken away before they are given, so that no two are the same in between (A4).
        self.remove_assignments(&removed).await?;
        self.mark_assignments(&unmarked, false).await?;
        self.mark_assignments(&marked, true).await?;
        self.add_assignments(&added).await
    }

    /// A tenant whose P-RMs the change wrote and that has none now (A7).
    pub async fn without_regional_manager(
        &mut self,
        change: Id<Change>,
    ) -> Result<Option<Id<Tenant>>, StoreError> {
        let tenant = sqlx::query_scalar!(
            r#"
            select r.tenant_id
            from row_change r
            where r.partner_id = $1
                and r.change_id = $2
                and r.kind = 'assignment'
                and coalesce(r.after, r.before) ->> 'role' = 'p_rm'
                and not exists (
                    select from assignment a
                    where a.partner_id = r.partner_id and a.tenant_id = r.tenant_id and a.role = 'p_rm'
                )
            limit 1
            "#,
            self.partner_id(),
            change.uuid()
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(tenant.map(Id::from))
    }

    async fn remove_assignments(&mut self, rows: &Rows) -> Result<(), StoreError> {
        if rows.tenants.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            r#"
            delete from assignment a
            using unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[])
                as r (tenant_id, role, person_id, holder, scope)
            where a.partner_id = $1
                and a.tenant_id = r.tenant_id
                and a.role = r.role
                and a.person_id is not distinct from r.person_id
                and a.holder is not distinct from r.holder
                and a.scope = r.scope
            "#,
            self.partner_id(),
            &rows.tenants,
            &rows.roles,
            &rows.people as _,
            &rows.holders as _,
            &rows.scopes
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn mark_assignments(&mut self, rows: &Rows, primary: bool) -> Result<(), StoreError> {
        if rows.tenants.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            r#"
            update assignment a
            set is_primary = $7, row_version = a.row_version + 1, updated_at = $8
            from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[])
                as r (tenant_id, role, person_id, holder, scope)
            where a.partner_id = $1
                and a.tenant_id = r.tenant_id
                and a.role = r.role
                and a.person_id is not distinct from r.person_id
                and a.holder is not distinct from r.holder
                and a.scope = r.scope
            "#,
            self.partner_id(),
            &rows.tenants,
            &rows.roles,
            &rows.people as _,
            &rows.holders as _,
            &rows.scopes,
            primary,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn add_assignments(&mut self, rows: &Rows) -> Result<(), StoreError> {
        if rows.tenants.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = rows.tenants.iter().map(|_| Id::<Assigned>::new(self.now).uuid()).collect();
        sqlx::query!(
            r#"
            insert into assignment
                (partner_id, id, tenant_id, role, person_id, holder, scope, is_primary, created_at, updated_at)
            select $1, id, tenant_id, role, person_id, holder, scope, is_primary, $9, $9
            from unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::bool[])
                as r (id, tenant_id, role, person_id, holder, scope, is_primary)
            "#,
            self.partner_id(),
            &ids,
            &rows.tenants,
            &rows.roles,
            &rows.people as _,
            &rows.holders as _,
            &rows.scopes,
            &rows.primaries,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

/// Rows of several tenants, by column.
#[derive(Default)]
struct Rows {
    tenants: Vec<Uuid>,
    roles: Vec<String>,
    people: Vec<Option<Uuid>>,
    holders: Vec<Option<String>>,
    scopes: Vec<String>,
    primaries: Vec<bool>,
}

impl Rows {
    fn push(&mut self, tenant: Id<Tenant>, row: Row) {
        let (person, named) = match row.holder {
            Holder::Person(id) => (Some(id.uuid()), None),
            Holder::Named(name) => (None, Some(name)),
        };
        self.tenants.push(tenant.uuid());
        self.roles.push(row.role.code().to_owned());
        self.people.push(person);
        self.holders.push(named);
        self.scopes.push(row.scope.code().to_owned());
        self.primaries.push(row.primary);
    }
}

/// What a row is known by.
fn key(row: &Row) -> (Role, Holder, Scope) {
    (row.role, row.holder.clone(), row.scope.clone())
}

fn holder(person: Option<Uuid>, named: Option<String>) -> Option<Holder> {
    person.map(|id| Holder::Person(id.into())).or(named.map(Holder::Named))
}
