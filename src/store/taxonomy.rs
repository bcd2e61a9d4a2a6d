//! The firms' own taxonomies, each read once for each version of it (P10).

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use uuid::Uuid;

use super::scope::{Caller, Opened, PartnerScope};
use super::{Database, StoreError};
use crate::domain::id::Id;
use crate::domain::taxonomy::{L1, Taxonomy, shipped};

/// Most lists that are kept in memory.
const KEPT: usize = 256;

/// The lists that were read, by version: no two firms share one.
#[derive(Debug, Clone, Default)]
pub struct Lists(Arc<Mutex<HashMap<i64, Arc<Taxonomy>>>>);

impl Lists {
    fn get(&self, version: i64) -> Option<Arc<Taxonomy>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&version).cloned()
    }

    fn keep(&self, version: i64, list: &Arc<Taxonomy>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(version, Arc::clone(list));
    }
}

/// The list of a stored row. Without content it is the shipped one, and what earlier lists had stays readable.
pub(super) fn list(content: Option<Value>, gone: Value) -> Result<Taxonomy, serde_json::Error> {
    let l1 = match content {
        Some(content) => serde_json::from_value::<Vec<L1>>(content)?,
        None => shipped().statuses().to_vec(),
    };
    Ok(Taxonomy::of(l1, serde_json::from_value::<BTreeMap<String, String>>(gone)?))
}

impl PartnerScope {
    /// The taxonomy of the scope's firm; `None`: the shipped one.
    pub async fn taxonomy(&mut self) -> Result<Option<Arc<Taxonomy>>, StoreError> {
        let Some(version) = self.list else { return Ok(None) };
        if let Some(list) = self.lists.get(version) {
            return Ok(Some(list));
        }
        let partner: Uuid = self.partner_id();
        let row = sqlx::query!("select version, content, gone from taxonomy where partner_id = $1", partner)
            .fetch_one(self.connection())
            .await?;
        let list = Arc::new(list(row.content, row.gone).map_err(unreadable)?);
        // An import may have been faster: what was read is kept under its own version.
        self.lists.keep(row.version, &list);
        Ok(Some(list))
    }
}

/// A stored list that cannot be read: no import wrote it.
pub(super) fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::from(sqlx::Error::Decode(Box::new(error)))
}

impl Database {
    /// The taxonomy of this version, of the caller's firm; `None`: the shipped one.
    pub async fn taxonomy(
        &self,
        caller: Caller,
        version: Option<i64>,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Option<Arc<Taxonomy>>, StoreError> {
        let Some(version) = version else { return Ok(None) };
        if let Some(list) = self.lists().get(version) {
            return Ok(Some(list));
        }
        match self.open_scope(caller, now, Id::new(now)).await? {
            Opened::Firm(mut scope, _) => scope.taxonomy().await,
            Opened::NoFirm => Ok(None),
        }
    }
}
