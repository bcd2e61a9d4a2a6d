//! How a worker takes what is due: it goes round the conversations that something waits for, one after the other and
//! then anew. So what it takes costs as much as it takes, however many wait, and each conversation has its turn.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Claim, LEASE};
use crate::store::StoreError;
use crate::store::address::Address;
use crate::telemetry::TraceId;

/// Conversations that are read at once.
const STRIDE: u16 = 256;

/// A worker on its way round the conversations.
#[derive(Debug)]
pub struct Round {
    pool: PgPool,
    worker: Uuid,
    /// The firm and the id of the conversation that was read last. At the start: before all of them.
    passed: (Uuid, String),
    /// Rows that seemed to be due when they were read. Hints only: whoever takes a row looks again.
    ahead: VecDeque<Uuid>,
    /// When the first of those becomes due that were passed since the start and were not due.
    next_due: Option<DateTime<Utc>>,
}

impl Round {
    pub(super) fn new(pool: PgPool, worker: Uuid) -> Self {
        Self { pool, worker, passed: Default::default(), ahead: VecDeque::new(), next_due: None }
    }

    /// Takes up to `limit` rows that are due at `now`: of each conversation the oldest, none while another is leased,
    /// and nothing of a conversation that is unreachable or removed. Fewer than `limit`: there were no more.
    pub async fn take(&mut self, limit: usize, now: DateTime<Utc>) -> Result<Vec<Claim>, StoreError> {
        let mut claims = Vec::new();
        match self.fill(&mut claims, limit, now).await {
            Err(error) if claims.is_empty() => Err(error),
            // What is leased is worked on, whatever kept us from taking more.
            _ => Ok(claims),
        }
    }

    /// After a taking of fewer rows than asked for: when the next one becomes due.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        self.next_due
    }

    async fn fill(
        &mut self,
        claims: &mut Vec<Claim>,
        limit: usize,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut whole = false;
        loop {
            while claims.len() < limit && !self.ahead.is_empty() {
                let next = self.ahead.len().min(limit - claims.len());
                let next: Vec<Uuid> = self.ahead.drain(..next).collect();
                claims.extend(self.lease(&next, now).await?);
            }
            let at_the_start = self.passed.1.is_empty();
            if claims.len() == limit || (at_the_start && whole) {
                return Ok(());
            }
            if at_the_start {
                (whole, self.next_due) = (true, None);
            }
            self.read_on(now).await?;
        }
    }

    /// Reads the oldest waiting row of each of the next conversations, in steps from one conversation to the next: ten
    /// thousand messages behind a throttled one cost no more than one.
    async fn read_on(&mut self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (partner, conversation) = &self.passed;
        let heads = sqlx::query!(
            r#"
            with recursive head as (
                select $1::uuid as partner_id, $2::text as conversation_id, null::uuid as id, null::timestamptz as due
                union all
                select next.*
                from head, lateral (
                    select o.partner_id, o.conversation_id, o.id, greatest(o.not_before, o.leased_until)
                    from outbox o
                    where o.sent_at is null and o.dead_at is null
                        and (o.partner_id, o.conversation_id) > (head.partner_id, head.conversation_id)
                    order by o.partner_id, o.conversation_id, o.place
                    limit 1) next
            )
            select partner_id as "partner!", conversation_id as "conversation!", id as "id!", due as "due!"
            from head
            offset 1 limit $3
            "#,
            partner,
            conversation,
            i64::from(STRIDE)
        )
        .fetch_all(&self.pool)
        .await?;
        let more = heads.len() == usize::from(STRIDE);
        for head in heads {
            if head.due <= now {
                self.ahead.push_back(head.id);
            } else {
                self.next_due = Some(self.next_due.map_or(head.due, |next| next.min(head.due)));
            }
            self.passed = (head.partner, head.conversation);
        }
        if !more {
            self.passed = Default::default();
        }
        Ok(())
    }

    /// Leases those of `rows` that still are the oldest of their conversations and due.
    async fn lease(&self, rows: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Claim>, StoreError> {
        let rows = sqlx::query!(
            r#"
            with due as (
                select head.id, head.lapsed, head.repeated,
                    c.service_url, c.directory_id, c.bot_id, c.user_id, c.object_id
                -- Said so that all is found by keys and in this order, whatever the planner thinks of how much waits.
                from unnest($1::uuid[]) as hint (id), lateral (
                    select o.id, o.partner_id, o.conversation_id,
                        o.leased_by is not null as lapsed, o.maybe_repeated as repeated
                    from outbox o
                    where o.id = hint.id and coalesce(o.sent_at, o.dead_at) is null
                        and coalesce(o.leased_until <= $2, true) and o.not_before <= $2
                        and o.place = (
                            select e.place from outbox e
                            where e.partner_id = o.partner_id and e.conversation_id = o.conversation_id
                                and e.sent_at is null and e.dead_at is null
                            order by e.place
                            limit 1)
                        and not exists (
                            select from outbox e
                            where e.partner_id = o.partner_id and e.conversation_id = o.conversation_id
                                and e.leased_until > $2)
                    for update skip locked) head, lateral (
                    select * from conversation c
                    where c.partner_id = head.partner_id and c.id = head.conversation_id
                        and c.unreachable_since is null and c.removed_at is null
                    limit 1) c
            )
            update outbox o
            set leased_by = $3,
                leased_until = $4,
                fence = o.fence + 1,
                attempts = o.attempts + due.lapsed::int,
                maybe_repeated = o.maybe_repeated or (due.lapsed and o.errand ->> 'kind' in ('send', 'reply'))
            from due
            where o.id = due.id
            returning o.partner_id, o.id, o.conversation_id, o.errand, o.attempts, o.fence, o.created_at, o.trace_id,
                due.lapsed as "lapsed!", due.repeated as "maybe_repeated!", due.service_url, due.directory_id, due.bot_id,
                due.user_id, due.object_id
            "#,
            rows,
            now,
            self.worker,
            now + LEASE
        )
        .fetch_all(&self.pool)
        .await?;
        let claims = rows.into_iter().map(|row| Claim {
            id: row.id.into(),
            fence: row.fence,
            errand: serde_json::from_value(row.errand).ok(),
            address: Address {
                partner: row.partner_id.into(),
                conversation: row.conversation_id,
                service_url: row.service_url,
                directory: row.directory_id,
                bot: row.bot_id,
                user: row.user_id,
                object: row.object_id,
            },
            attempts: row.attempts,
            lapsed: row.lapsed,
            maybe_repeated: row.maybe_repeated,
            created_at: row.created_at,
            trace: row.trace_id.map(TraceId::from),
        });
        Ok(claims.collect())
    }
}
