//! Messages that a committed turn owes (R3): put by the turn, taken by one worker at a time, settled once.
//!
//! A row is *waiting*, *leased*, *sent* or *dead*. A lease ends by itself; whoever takes the row then gets a higher
//! fence, and the late worker's word counts no more. Of one conversation only the oldest waiting row is ever given
//! out, and none while another is leased, so messages arrive in the order in which they were owed.
//!
//! Owing and replaying belong to a turn: they are methods of [`PartnerScope`], in its transaction and in the scope of
//! one firm. All else belongs to the worker's [`Outbox`], whose role sees every firm's queue and little else.

mod news;
mod prune;
mod round;
mod settle;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::StoreError;
use super::address::Address;
use super::audit::Line;
use super::scope::PartnerScope;
use crate::domain::id::Id;
use crate::telemetry::TraceId;

pub use news::{Announcements, News};
pub use prune::Retention;
pub use round::Round;

/// How long a worker may keep a row before another may take it (R3). Four times as long as any call lasts.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);
/// A message that could not be sent for this long is dead (R4).
pub const LONGEST_TRY: TimeDelta = TimeDelta::hours(24);

/// Something to do in a conversation. Closed on purpose: an errand that nobody runs does not compile.
///
/// The activity is what the turn has to say, `type` and content; the sender adds whom it is from and to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Errand {
    /// A new message.
    Send {
        /// What to post.
        activity: Value,
    },
    /// An answer to a message.
    Reply {
        /// The message that is answered.
        activity_id: String,
        /// What to post.
        activity: Value,
    },
    /// A message of ours in new words.
    Update {
        /// The message that is replaced.
        activity_id: String,
        /// What it shall be.
        activity: Value,
    },
    /// A message of ours, gone.
    Delete {
        /// The message that is removed.
        activity_id: String,
    },
}

impl Errand {
    /// Whether doing it twice shows twice: the channel cannot tell a repeated post from a new one (R7).
    pub fn posts(&self) -> bool {
        matches!(self, Self::Send { .. } | Self::Reply { .. })
    }
}

/// A row that is ours to send until its lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The row.
    pub id: Id<Errand>,
    /// Grows with every taking; settles only what was taken last.
    pub fence: i64,
    /// What to do. None: the row cannot be read, by a fault of ours.
    pub errand: Option<Errand>,
    /// Where.
    pub address: Address,
    /// Tries that came to an end, good or bad, before this one.
    pub attempts: i32,
    /// The worker before us vanished while it held the row: whether it did the errand is unknown.
    pub lapsed: bool,
    /// Before this taking, a post of unknown result was already given its one repeat (R7).
    pub maybe_repeated: bool,
    /// When the turn put it here.
    pub created_at: DateTime<Utc>,
    /// The trace of that turn.
    pub trace: Option<TraceId>,
}

/// The queue of all firms, as a worker sees it.
#[derive(Debug, Clone)]
pub struct Outbox(PgPool);

/// How full the outbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows neither sent nor dead.
    pub waiting: i64,
    /// Those of them that were tried in vain.
    pub failing: i64,
    /// When the oldest of them was owed that still may be sent.
    pub oldest: Option<DateTime<Utc>>,
    /// Dead letters (R6).
    pub dead: i64,
}

/// A message that could not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its id, which a replay names.
    pub id: Uuid,
    /// The firm that it belongs to.
    pub partner: Uuid,
    /// How often it was tried.
    pub attempts: i32,
    /// When it was given up.
    pub died: DateTime<Utc>,
    /// HTTP status and the channel's own code.
    pub reason: String,
    /// The trace of the turn that owed it, as the log has it.
    pub trace: Option<Uuid>,
}

impl PartnerScope {
    /// Adds a message to what this turn owes. False: one with the same `dedup_key` is there already (R7).
    ///
    /// The conversation must have been remembered before.
    pub async fn owe(
        &mut self,
        conversation: &str,
        errand: &Errand,
        dedup_key: Option<&str>,
    ) -> Result<bool, StoreError> {
        let errand = serde_json::to_value(errand).map_err(|e| sqlx::Error::Encode(e.into()))?;
        let put = sqlx::query!(
            r#"
            insert into outbox (partner_id, id, conversation_id, errand, dedup_key, not_before, created_at, trace_id)
            values ($1, $2, $3, $4, $5, $6, $6, $7)
            on conflict on constraint outbox_dedup do nothing
            "#,
            self.partner_id(),
            Id::<Errand>::new(self.now).uuid(),
            conversation,
            errand,
            dedup_key,
            self.now,
            TraceId::current().map(TraceId::uuid)
        )
        .execute(self.connection())
        .await?;
        Ok(put.rows_affected() == 1)
    }

    /// Owes a dead letter once more, as a new message at the end of its conversation (R6).
    ///
    /// The dead letter stays, and the replay has its audit line. False: there is no such dead letter, or it was
    /// replayed before.
    pub async fn replay(&mut self, letter: Id<Errand>) -> Result<bool, StoreError> {
        let put = sqlx::query!(
            r#"
            insert into outbox (partner_id, id, conversation_id, errand, dedup_key, not_before, created_at, trace_id)
            select partner_id, $3, conversation_id, errand, 'replay:' || id, $4, $4, trace_id
            from outbox
            where partner_id = $1 and id = $2 and dead_at is not null
            on conflict on constraint outbox_dedup do nothing
            "#,
            self.partner_id(),
            letter.uuid(),
            Id::<Errand>::new(self.now).uuid(),
            self.now
        )
        .execute(self.connection())
        .await?;
        if put.rows_affected() == 0 {
            return Ok(false);
        }
        let line = Line {
            act: "outbox.replay",
            subject: "outbox",
            subject_id: letter.uuid(),
            tenant: None,
            versions: (None, None),
            changed: &["replayed"],
        };
        self.audit(None, line).await?;
        Ok(true)
    }
}

impl Outbox {
    /// The outbox behind a pool of the worker's role.
    pub fn new(pool: PgPool) -> Self {
        Self(pool)
    }

    /// A way round the conversations for `worker`, on which it takes what is due.
    pub fn round(&self, worker: Uuid) -> Round {
        Round::new(self.0.clone(), worker)
    }

    /// The latest dead letters of all firms, as an operator needs to know them: no word of a message (R6).
    pub async fn dead_letters(&self, limit: i64) -> Result<Vec<DeadLetter>, StoreError> {
        let letters = sqlx::query_as!(
            DeadLetter,
            r#"
            select
                id as "id: Uuid", partner_id as "partner: Uuid", attempts,
                dead_at as "died!", coalesce(reason, '') as "reason!", trace_id as trace
            from outbox
            where dead_at is not null
            order by dead_at desc, id desc
            limit $1
            "#,
            limit
        )
        .fetch_all(&self.0)
        .await?;
        Ok(letters)
    }

    /// How much waits and how much is dead, of all firms.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let counts = sqlx::query_as!(
            Counts,
            r#"
            select
                count(*) as "waiting!",
                count(*) filter (where o.attempts > 0) as "failing!",
                min(o.created_at) filter (where c.unreachable_since is null and c.removed_at is null) as oldest,
                (select count(*) from outbox where dead_at is not null) as "dead!"
            from outbox o join conversation c on c.partner_id = o.partner_id and c.id = o.conversation_id
            where o.sent_at is null and o.dead_at is null
            "#
        )
        .fetch_one(&self.0)
        .await?;
        Ok(counts)
    }
}
