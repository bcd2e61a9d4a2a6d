//! How a claim ends. Each of these is one statement, and none does anything when the lease was lost meanwhile:
//! then it says false. That a row is not settled is said in a way that only its key can find it by: a planner that
//! believes that nothing waits would rather read all that does.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Claim, Outbox};
use crate::store::StoreError;

impl Outbox {
    /// The channel took it.
    pub async fn sent(
        &self,
        claim: &Claim,
        activity_id: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            update outbox
            set sent_at = $3, sent_activity_id = $4, attempts = attempts + 1, reason = null,
                leased_by = null, leased_until = null
            where id = $1 and fence = $2 and coalesce(sent_at, dead_at) is null
            "#,
            claim.id.uuid(),
            claim.fence,
            now,
            activity_id
        )
        .execute(&self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// It failed; try again at `not_before`. `maybe_repeated`: the next try may show twice (R7).
    pub async fn again(
        &self,
        claim: &Claim,
        not_before: DateTime<Utc>,
        reason: &str,
        maybe_repeated: bool,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            update outbox
            set not_before = $3, reason = $4, maybe_repeated = maybe_repeated or $5, attempts = attempts + 1,
                leased_by = null, leased_until = null
            where id = $1 and fence = $2 and coalesce(sent_at, dead_at) is null
            "#,
            claim.id.uuid(),
            claim.fence,
            not_before,
            reason,
            maybe_repeated
        )
        .execute(&self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// It was not tried, because the budget of its conversation is spent until `not_before` (R5).
    pub async fn postpone(&self, claim: &Claim, not_before: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            update outbox
            set not_before = $3, leased_by = null, leased_until = null
            where id = $1 and fence = $2 and coalesce(sent_at, dead_at) is null
            "#,
            claim.id.uuid(),
            claim.fence,
            not_before
        )
        .execute(&self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// It will not be sent: a dead letter (R6).
    pub async fn dead(&self, claim: &Claim, reason: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            update outbox
            set dead_at = $3, reason = $4, attempts = attempts + 1,
                leased_by = null, leased_until = null
            where id = $1 and fence = $2 and coalesce(sent_at, dead_at) is null
            "#,
            claim.id.uuid(),
            claim.fence,
            now,
            reason
        )
        .execute(&self.0)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The conversation takes nothing from us: marks it, so that the firm writes there no more until it is spoken
    /// to again, and lets this and all else that waits for it die (R4).
    pub async fn unreachable(
        &self,
        claim: &Claim,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let dead = sqlx::query!(
            r#"
            with refused as (
                select partner_id, conversation_id from outbox
                where id = $1 and fence = $2 and coalesce(sent_at, dead_at) is null
                for update
            ), marked as (
                update conversation c
                set unreachable_since = $3, unreachable_reason = $4, updated_at = $3
                from refused r
                where c.partner_id = r.partner_id and c.id = r.conversation_id and c.unreachable_since is null
            )
            update outbox o
            set dead_at = $3, reason = $4, attempts = attempts + (o.id = $1)::int,
                leased_by = null, leased_until = null
            from refused r
            where o.partner_id = r.partner_id and o.conversation_id = r.conversation_id
                and o.sent_at is null and o.dead_at is null
            "#,
            claim.id.uuid(),
            claim.fence,
            now,
            reason
        )
        .execute(&self.0)
        .await?;
        Ok(dead.rows_affected() > 0)
    }

    /// Ends the leases of a worker that stops. What it was just sending counts as sent with unknown result.
    pub async fn release(&self, worker: Uuid, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let released = sqlx::query!(
            r#"
            update outbox set leased_until = $2
            where leased_by = $1 and leased_until > $2 and sent_at is null and dead_at is null
            "#,
            worker,
            now
        )
        .execute(&self.0)
        .await?;
        Ok(released.rows_affected())
    }
}
