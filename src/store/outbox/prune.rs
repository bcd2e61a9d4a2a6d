//! What is kept, and for how long (G4).

use chrono::{DateTime, TimeDelta, Utc};

use super::{LONGEST_TRY, Outbox};
use crate::store::StoreError;

/// Rows that one statement removes at most, so that none comes near its time limit.
const BATCH: i64 = 5_000;

/// How long a row is kept after it has done its duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Receipts: what a repeated activity is answered from.
    pub receipts: TimeDelta,
    /// Messages that were sent.
    pub sent: TimeDelta,
    /// Dead letters.
    pub dead: TimeDelta,
    /// Questions that nobody confirmed, after they expired: until then an answer is asked anew.
    pub confirmations: TimeDelta,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            receipts: TimeDelta::days(7),
            sent: TimeDelta::days(30),
            dead: TimeDelta::days(90),
            confirmations: TimeDelta::days(1),
        }
    }
}

impl Outbox {
    /// Removes what is older than `retention` allows, and says how many rows that were. Before that it lets die
    /// what has waited too long for a conversation that is gone.
    pub async fn prune(&self, retention: Retention, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.bury_stranded(now).await?;
        let mut removed = 0;
        loop {
            let batch = self.prune_batch(retention, now).await?;
            removed += batch;
            if batch == 0 {
                return Ok(removed);
            }
        }
    }

    async fn prune_batch(&self, retention: Retention, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let sent = sqlx::query!(
            "delete from outbox where id in (select id from outbox where sent_at < $1 limit $2)",
            now - retention.sent,
            BATCH
        );
        let dead = sqlx::query!(
            "delete from outbox where id in (select id from outbox where dead_at < $1 limit $2)",
            now - retention.dead,
            BATCH
        );
        let receipts = sqlx::query!(
            r#"
            delete from receipt
            where (partner_id, key) in (select partner_id, key from receipt where created_at < $1 limit $2)
            "#,
            now - retention.receipts,
            BATCH
        );
        let confirmations =
            sqlx::query!("delete from confirmation where expires_at < $1", now - retention.confirmations);
        let exports = sqlx::query!("delete from privacy_export where expires_at < $1", now);
        let mut removed = sent.execute(&self.0).await?.rows_affected();
        removed += dead.execute(&self.0).await?.rows_affected();
        removed += receipts.execute(&self.0).await?.rows_affected();
        removed += confirmations.execute(&self.0).await?.rows_affected();
        removed += exports.execute(&self.0).await?.rows_affected();
        Ok(removed)
    }

    async fn bury_stranded(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            update outbox o
            set dead_at = $1, reason = coalesce(c.unreachable_reason, 'removed'), leased_by = null, leased_until = null
            from conversation c
            where c.partner_id = o.partner_id and c.id = o.conversation_id
                and (c.unreachable_since is not null or c.removed_at is not null)
                and o.sent_at is null and o.dead_at is null
                and o.created_at < $2
                and (o.leased_until is null or o.leased_until <= $1)
            "#,
            now,
            now - LONGEST_TRY
        )
        .execute(&self.0)
        .await?;
        Ok(())
    }
}
