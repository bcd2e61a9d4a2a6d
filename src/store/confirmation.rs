//! Questions that wait for one press of Confirm: made by the server, for one person, one act, ten minutes (C4).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use sqlx::types::Json;

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Confirmation, Id};

/// How long a question waits (C4).
const MINUTES: i64 = 10;

/// A question that was asked.
#[derive(Debug)]
pub struct Asked {
    /// The intent to run.
    pub act: String,
    /// What it is told.
    pub fields: Map<String, Value>,
    /// Digest of what the person was shown.
    pub shown: Vec<u8>,
    /// Until when the answer counts.
    pub expires: DateTime<Utc>,
}

impl PartnerScope {
    /// Remembers what was asked, and of whom.
    pub async fn ask(
        &mut self,
        actor: &Actor,
        act: &str,
        fields: &Map<String, Value>,
        shown: &[u8],
    ) -> Result<Id<Confirmation>, StoreError> {
        let id = Id::new(self.now);
        sqlx::query!(
            r#"
            insert into confirmation (partner_id, id, person_id, act, fields, shown, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            "#,
            self.partner_id(),
            id.uuid(),
            actor.person.uuid(),
            act,
            Json(fields) as _,
            shown,
            self.now,
            self.now + TimeDelta::minutes(MINUTES)
        )
        .execute(self.connection())
        .await?;
        Ok(id)
    }

    /// Takes the person's question: it can be answered once. If the turn fails, it was not taken.
    pub async fn take_answer(
        &mut self,
        actor: &Actor,
        id: Id<Confirmation>,
    ) -> Result<Option<Asked>, StoreError> {
        let row = sqlx::query!(
            r#"
            delete from confirmation
            where partner_id = $1 and id = $2 and person_id = $3
            returning act, fields as "fields: Json<Map<String, Value>>", shown, expires_at
            "#,
            self.partner_id(),
            id.uuid(),
            actor.person.uuid()
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(row.map(|row| Asked {
            act: row.act,
            fields: row.fields.0,
            shown: row.shown,
            expires: row.expires_at,
        }))
    }
}
