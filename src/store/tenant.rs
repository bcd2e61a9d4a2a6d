//! Tenants: found by name, and listed. One of them read whole: [`super::tenant_page`].

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Tenant};
use crate::domain::search::Candidate;
use crate::domain::tenant::Portfolio;

/// A tenant that a search came upon.
#[derive(Debug, Clone)]
pub struct Match {
    /// The tenant.
    pub id: Id<Tenant>,
    /// The customer's name.
    pub customer_name: String,
    /// The tenant's name.
    pub name: String,
    /// Whether it is in work.
    pub active: bool,
    search: String,
    mine: bool,
}

impl Candidate for Match {
    fn index(&self) -> &str {
        &self.search
    }

    fn mine(&self) -> bool {
        self.mine
    }
}

/// One row of a list.
#[derive(Debug)]
pub struct ListRow {
    /// The tenant.
    pub id: Id<Tenant>,
    /// The customer's name.
    pub customer_name: String,
    /// The tenant's name.
    pub name: String,
    /// Overall status, by code.
    pub overall_status: String,
    /// When the last status note was written.
    pub last_note: Option<DateTime<Utc>>,
    /// Active services of the partner (Q1).
    pub active_services: i64,
}

/// A page of a list and how many rows there are in all.
#[derive(Debug)]
pub struct Page {
    /// The rows of this page.
    pub rows: Vec<ListRow>,
    /// All rows of the list.
    pub total: i64,
}

/// How unlike a name may be and still be looked at; the domain decides what fits.
const SEARCH_LIMIT: i64 = 60;

impl PartnerScope {
    /// Tenants of the firm that may be meant by `folded`, the folded words of the query. Likely ones first.
    pub async fn search_tenants(&mut self, actor: &Actor, folded: &str) -> Result<Vec<Match>, StoreError> {
        let words: Vec<String> = folded.split(' ').map(|word| format!("%{word}%")).collect();
        let id = Uuid::try_parse(&folded.replace(' ', "")).ok();
        let rows = sqlx::query!(
            r#"
            select
                id, customer_name, name, active, search,
                exists (
                    select from assignment a
                    where a.partner_id = t.partner_id and a.tenant_id = t.id and a.person_id = $2
                ) as "mine!"
            from tenant t
            where partner_id = $1
                and (id = $3 or search like all ($4) or word_similarity($5, search) >= 0.35)
            order by
                id is not distinct from $3 desc,
                search like all ($4) desc,
                word_similarity($5, search) desc,
                customer_name
            limit $6
            "#,
            self.partner_id(),
            actor.person.uuid(),
            id,
            &words,
            folded,
            SEARCH_LIMIT
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Match {
                // An id that was typed is a name like any other.
                search: if Some(row.id) == id { folded.to_owned() } else { row.search },
                id: row.id.into(),
                customer_name: row.customer_name,
                name: row.name,
                active: row.active,
                mine: row.mine,
            })
            .collect())
    }

    /// The tenants that `actor` is assigned to, so that they may write notes to them (A10); those in work first.
    pub async fn tenants_to_write(&mut self, actor: &Actor) -> Result<Vec<Match>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select id, customer_name, name, active, search
            from tenant t
            where partner_id = $1
                and exists (
                    select from assignment a
                    where a.partner_id = t.partner_id
                        and a.tenant_id = t.id
                        and a.person_id = $2
                        and a.role in ('p_rm', 'p_fm', 'p_fe')
                )
            order by not active, customer_name, id
            "#,
            self.partner_id(),
            actor.person.uuid()
        )
        .fetch_all(self.connection())
        .await?;
        let found = rows.into_iter().map(|row| Match {
            id: row.id.into(),
            customer_name: row.customer_name,
            name: row.name,
            active: row.active,
            search: row.search,
            mine: true,
        });
        Ok(found.collect())
    }

    /// One page of a list (V1), the longest without a note first.
    pub async fn list_tenants(
        &mut self,
        actor: &Actor,
        list: Portfolio,
        folded: &str,
        offset: i64,
        limit: i64,
    ) -> Result<Page, StoreError> {
        let words: Vec<String> = folded.split(' ').map(|word| format!("%{word}%")).collect();
        let rows = sqlx::query!(
            r#"
            select
                t.id, t.customer_name, t.name, t.overall_status,
                n.last_note as "last_note?",
                s.active_services as "active_services!",
                count(*) over () as "total!"
            from tenant t
            cross join lateral (
                select max(created_at) as last_note
                from note
                where partner_id = t.partner_id
                    and tenant_id = t.id
                    and category = 'engagement_management'
                    and withdrawn_at is null
            ) n
            cross join lateral (
                -- Q1: entitlements, led by the partner, and the firm's P-RM is primary for it.
                select count(*) as active_services
                from tenant_service ts
                where ts.partner_id = t.partner_id
                    and ts.tenant_id = t.id
                    and t.active
                    and coalesce(ts.override_entitlements, ts.entitlements) > 0
                    and ts.scenario = 'ftc_ftp_led'
                    and exists (
                        select from assignment a
                        where a.partner_id = t.partner_id
                            and a.tenant_id = t.id
                            and a.role = 'p_rm'
                            and a.is_primary
                            and a.scope in ('tenant', ts.service)
                    )
            ) s
            where t.partner_id = $1
                and t.search like all ($4)
                and case $3
                    when 'partner' then exists (
                        select from assignment a
                        where a.partner_id = t.partner_id and a.tenant_id = t.id and a.role = 'p_rm'
                    )
                    else t.active = ($3 = 'active') and exists (
                        select from assignment a
                        where a.partner_id = t.partner_id
                            and a.tenant_id = t.id
                            and a.person_id = $2
                            and a.role in ('p_rm', 'p_fm', 'p_fe')
                    )
                end
            order by n.last_note nulls first, t.customer_name, t.id
            offset $5
            limit $6
            "#,
            self.partner_id(),
            actor.person.uuid(),
            list.code(),
            &words,
            offset,
            limit
        )
        .fetch_all(self.connection())
        .await?;
        let total = rows.first().map_or(0, |row| row.total);
        let rows = rows
            .into_iter()
            .map(|row| ListRow {
                id: row.id.into(),
                customer_name: row.customer_name,
                name: row.name,
                overall_status: row.overall_status,
                last_note: row.last_note,
                active_services: row.active_services,
            })
            .collect();
        Ok(Page { rows, total })
    }
}
