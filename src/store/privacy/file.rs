//! An export that waits for its reader: for one person, for an hour (G3, G4).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::domain::access::Actor;
use crate::domain::id::{Export, Id, Person};
use crate::store::StoreError;
use crate::store::scope::PartnerScope;

/// An export.
#[derive(Debug)]
pub struct Waiting {
    /// What is in it.
    pub content: Value,
    /// Until when it can be read.
    pub until: DateTime<Utc>,
}

impl PartnerScope {
    /// Keeps an export for `reader`, for so many minutes.
    pub async fn keep_export(
        &mut self,
        reader: Id<Person>,
        content: &Value,
        minutes: i64,
    ) -> Result<Id<Export>, StoreError> {
        let id = Id::new(self.now);
        sqlx::query!(
            "insert into privacy_export (partner_id, id, person_id, content, expires_at) values ($1, $2, $3, $4, $5)",
            self.partner_id(),
            id.uuid(),
            reader.uuid(),
            content,
            self.now + TimeDelta::minutes(minutes)
        )
        .execute(self.connection())
        .await?;
        Ok(id)
    }

    /// The export, if it is this person's and its hour is not over.
    pub async fn export(&mut self, reader: &Actor, id: Id<Export>) -> Result<Option<Waiting>, StoreError> {
        let row = sqlx::query!(
            r#"
            select content, expires_at from privacy_export
            where partner_id = $1 and id = $2 and person_id = $3 and expires_at > $4
            "#,
            self.partner_id(),
            id.uuid(),
            reader.person.uuid(),
            self.now
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(row.map(|row| Waiting { content: row.content, until: row.expires_at }))
    }

    /// Removes the person's export: it was fetched, or is not wanted.
    pub async fn drop_export(&mut self, reader: &Actor, id: Id<Export>) -> Result<(), StoreError> {
        sqlx::query!(
            "delete from privacy_export where partner_id = $1 and id = $2 and person_id = $3",
            self.partner_id(),
            id.uuid(),
            reader.person.uuid()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
