//! The people of the firm, by what they work on.

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::id::{Id, Person};

/// How much a person does in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// The person.
    pub person: Id<Person>,
    /// The role, by code.
    pub role: String,
    /// Active tenants.
    pub tenants: i64,
    /// Those in which the person is primary for something (A4).
    pub primary: i64,
}

impl PartnerScope {
    /// What each of `people` works on, by role; the role with most tenants first.
    pub async fn workloads(&mut self, people: &[Id<Person>]) -> Result<Vec<Workload>, StoreError> {
        let people: Vec<_> = people.iter().map(|person| person.uuid()).collect();
        let rows = sqlx::query!(
            r#"
            select
                a.person_id as "person!",
                a.role,
                count(distinct a.tenant_id) as "tenants!",
                count(distinct a.tenant_id) filter (where a.is_primary) as "primary!"
            from assignment a
            join tenant t on t.partner_id = a.partner_id and t.id = a.tenant_id
            where a.partner_id = $1 and a.person_id = any ($2) and t.active
            group by a.person_id, a.role
            order by 3 desc, a.role
            "#,
            self.partner_id(),
            &people
        )
        .fetch_all(self.connection())
        .await?;
        let workload = rows.into_iter().map(|row| Workload {
            person: row.person.into(),
            role: row.role,
            tenants: row.tenants,
            primary: row.primary,
        });
        Ok(workload.collect())
    }
}
