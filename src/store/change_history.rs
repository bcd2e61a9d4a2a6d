//! Who changed what of a tenant, and when: read from the images that every change leaves.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::StoreError;
use super::change::Columns;
use super::scope::PartnerScope;
use crate::domain::edit::RowChange;
use crate::domain::id::{Change, Id, Tenant};

/// One change, as a history shows it.
#[derive(Debug)]
pub struct Made {
    /// The change.
    pub change: Id<Change>,
    /// Who made it. Personal.
    pub who: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The intent that made it.
    pub act: String,
    /// What kind of place it was made from.
    pub place: String,
    /// When it was taken back.
    pub undone: Option<DateTime<Utc>>,
    /// What it did.
    pub rows: Vec<RowChange>,
}

/// Which changes.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// Kinds of rows, by table; empty: all.
    pub kinds: &'a [&'a str],
    /// Service code.
    pub service: Option<&'a str>,
    /// Not before.
    pub since: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// By this person only.
    pub by: Option<Uuid>,
}

/// A row that a form shows, and the version that it showed.
#[derive(Debug, Clone, Copy)]
pub struct SeenRow<'a> {
    /// Its table.
    pub kind: &'a str,
    /// Service code; empty for a row of the tenant as a whole.
    pub service: &'a str,
    /// Its own key, as in [`RowChange::subject`].
    pub subject: &'a str,
    /// The version that the form showed.
    pub version: i64,
}

impl PartnerScope {
    /// A tenant's changes, newest first, and how many there are in all.
    pub async fn changes_of(
        &mut self,
        tenant: Id<Tenant>,
        wanted: &Wanted<'_>,
        offset: i64,
        limit: i64,
    ) -> Result<(Vec<Made>, i64), StoreError> {
        let kinds: Vec<String> = wanted.kinds.iter().map(|&kind| kind.to_owned()).collect();
        let page = sqlx::query!(
            r#"
            select c.id, count(*) over () as "total!"
            from change c
            where c.partner_id = $1
                and ($5::timestamptz is null or c.created_at >= $5)
                and ($6::timestamptz is null or c.created_at < $6)
                and ($7::uuid is null or c.person_id = $7)
                and exists (
                    select from row_change r
                    where r.partner_id = c.partner_id
                        and r.change_id = c.id
                        and r.tenant_id = $2
                        and (cardinality($3::text[]) = 0 or r.kind = any ($3))
                        and ($4::text is null or r.service = $4)
                )
            order by c.created_at desc, c.id desc
            offset $8
            limit $9
            "#,
            self.partner_id(),
            tenant.uuid(),
            &kinds,
            wanted.service,
            wanted.since,
            wanted.until,
            wanted.by,
            offset,
            limit
        )
        .fetch_all(self.connection())
        .await?;
        let total = page.first().map_or(0, |row| row.total);
        let ids: Vec<Uuid> = page.iter().map(|row| row.id).collect();
        Ok((self.made(tenant, &ids).await?, total))
    }

    /// The changes that moved a row beyond the version that a form showed, newest first (C2).
    pub async fn changes_since(
        &mut self,
        tenant: Id<Tenant>,
        seen: SeenRow<'_>,
    ) -> Result<Vec<Made>, StoreError> {
        let ids = sqlx::query_scalar!(
            r#"
            select distinct change_id
            from row_change
            where partner_id = $1
                and tenant_id = $2
                and kind = $3
                and service = $4
                and subject = $5
                and coalesce(after ->> 'row_version', before ->> 'row_version')::bigint
                    > case when after is null then $6::bigint - 1 else $6 end
            "#,
            self.partner_id(),
            tenant.uuid(),
            seen.kind,
            seen.service,
            seen.subject,
            seen.version
        )
        .fetch_all(self.connection())
        .await?;
        self.made(tenant, &ids).await
    }

    /// The changes of these ids, as far as they concern the tenant, newest first.
    async fn made(&mut self, tenant: Id<Tenant>, changes: &[Uuid]) -> Result<Vec<Made>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select
                c.id, c.created_at, c.act, c.place as made_from, c.undone_at, w.name as who,
                t.customer_name, r.service as "service!", r.kind as "kind!", r.subject as "subject!",
                coalesce(p.name, r.after ->> 'holder', r.before ->> 'holder', '') as "holder!",
                r.before as "before: Json<Map<String, Value>>",
                r.after as "after: Json<Map<String, Value>>"
            from change c
            join person w on w.partner_id = c.partner_id and w.id = c.person_id
            cross join lateral (
                select * from row_change_net n where n.partner_id = c.partner_id and n.change_id = c.id
            ) r
            join tenant t on t.partner_id = c.partner_id and t.id = r.tenant_id
            left join person p
                on p.partner_id = c.partner_id
                and p.id = coalesce(r.after ->> 'person_id', r.before ->> 'person_id')::uuid
            where c.partner_id = $1 and c.id = any ($2) and r.tenant_id = $3
            order by c.created_at desc, c.id desc, r.place
            "#,
            self.partner_id(),
            changes,
            tenant.uuid()
        )
        .fetch_all(self.connection())
        .await?;
        let mut made: Vec<Made> = Vec::new();
        for row in rows {
            let columns = Columns {
                customer_name: row.customer_name,
                service: row.service,
                kind: row.kind,
                subject: row.subject,
                holder: row.holder,
                before: row.before,
                after: row.after,
            };
            let change = Id::from(row.id);
            match made.last_mut().filter(|last| last.change == change) {
                Some(last) => last.rows.push(columns.into()),
                None => made.push(Made {
                    change,
                    who: row.who,
                    at: row.created_at,
                    act: row.act,
                    place: row.made_from,
                    undone: row.undone_at,
                    rows: vec![columns.into()],
                }),
            }
        }
        Ok(made)
    }
}
