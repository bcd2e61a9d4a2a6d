//! Answers already given: a repeat of an activity or of a form gets the same answer and does nothing (R1).

use serde_json::value::{RawValue, Value};
use sqlx::types::Json;

use super::StoreError;
use super::scope::PartnerScope;

/// Whether this is the first time.
#[derive(Debug)]
pub enum Claim {
    /// Nobody was here before: go on.
    First,
    /// It was done before, with this answer.
    Repeat(Option<Value>),
    /// Another turn holds it and takes longer than we wait.
    InWork,
}

/// SQLSTATE of a lock that was not to be had in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";

impl PartnerScope {
    /// Claims `key` for this turn. Waits for another turn that holds it and has not committed yet, so that a
    /// hundred copies at once have one effect.
    pub async fn claim(&mut self, key: &str) -> Result<Claim, StoreError> {
        let first = sqlx::query!(
            "insert into receipt (partner_id, key, turn_id, created_at) values ($1, $2, $3, $4) on conflict do nothing",
            self.partner_id(),
            key,
            self.turn.uuid(),
            self.now
        )
        .execute(self.connection())
        .await;
        let first = match first {
            Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some(LOCK_NOT_AVAILABLE) => {
                return Ok(Claim::InWork);
            }
            first => first?,
        };
        if first.rows_affected() == 1 {
            return Ok(Claim::First);
        }
        let before = sqlx::query_scalar!(
            "select answer from receipt where partner_id = $1 and key = $2",
            self.partner_id(),
            key
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(Claim::Repeat(before.flatten()))
    }

    /// Keeps the answer of this turn under every key that it claimed.
    pub async fn keep_answer(&mut self, answer: &RawValue) -> Result<(), StoreError> {
        sqlx::query!(
            "update receipt set answer = $3 where partner_id = $1 and turn_id = $2",
            self.partner_id(),
            self.turn.uuid(),
            Json(answer) as _
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
