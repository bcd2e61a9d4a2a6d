//! A firm's own taxonomy, brought in.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::StoreError;
use super::super::taxonomy::{list, unreadable};
use super::Intake;
use crate::domain::taxonomy::{L1, Taxonomy};

/// The list that a firm uses.
#[derive(Debug)]
pub struct InUse {
    /// Whether it is the firm's own.
    pub own: bool,
    /// The list.
    pub list: Taxonomy,
}

impl Intake {
    /// The list that the firm uses now; `None`: there is no such firm.
    pub async fn taxonomy(&mut self) -> Result<Option<InUse>, StoreError> {
        let row = sqlx::query!(
            r#"
            select t.content, coalesce(t.gone, '{}') as "gone!"
            from partner p
            left join taxonomy t on t.partner_id = p.id
            where p.id = $1
            "#,
            self.firm
        )
        .fetch_optional(&mut *self.tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let own = row.content.is_some();
        Ok(Some(InUse { own, list: list(row.content, row.gone).map_err(unreadable)? }))
    }

    /// Puts the firm's own list in the place of the one in use; `None`: the shipped one again.
    pub async fn save_taxonomy(
        &mut self,
        own: Option<&[L1]>,
        gone: &BTreeMap<String, String>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let content: Option<Value> = own.map(serde_json::to_value).transpose().map_err(unreadable)?;
        let gone = serde_json::to_value(gone).map_err(unreadable)?;
        sqlx::query!(
            "insert into taxonomy (partner_id, loaded_at, content, gone) values ($1, $2, $3, $4)
             on conflict (partner_id) do update
             set version = nextval('taxonomy_version'), loaded_at = excluded.loaded_at,
                content = excluded.content, gone = excluded.gone",
            self.firm,
            now,
            content,
            gone
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }
}
