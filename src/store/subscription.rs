//! Digests that were ordered, and what was posted for them.

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use sqlx::PgPool;

use super::StoreError;
use super::audit::Line;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Partner, Person, Subscription as Mark};
use crate::domain::schedule::{Schedule, Weekdays};

/// A digest that was ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Which.
    pub id: Id<Mark>,
    /// Where it is posted.
    pub conversation: String,
    /// Whether that is somebody's own chat: then it is of their own tenants.
    pub personal: bool,
    /// Who ordered it.
    pub person: Id<Person>,
    /// Their name. Personal.
    pub person_name: String,
    /// When.
    pub schedule: Schedule,
    /// Only what is overdue already.
    pub only_overdue: bool,
    /// Row version.
    pub version: i64,
    /// Since when it is ordered so: what was due before is not owed.
    pub since: DateTime<Utc>,
}

impl Subscription {
    /// Whether it is posted there: a thread belongs to its channel.
    pub fn is_of(&self, conversation: &str) -> bool {
        self.conversation == root(conversation)
    }

    /// The day whose digest is due at `now`, if any.
    pub fn due(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        let day = self.schedule.due(now)?;
        self.schedule.begins(day).is_some_and(|begins| begins > self.since).then_some(day)
    }
}

/// A digest as somebody orders it.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// When.
    pub schedule: Schedule,
    /// Only what is overdue already.
    pub only_overdue: bool,
}

/// What was posted last for a subscription.
#[derive(Debug, Clone)]
pub struct Run {
    /// For which day.
    pub period: NaiveDate,
    /// What it says, in short; empty where nothing was to be said.
    pub said: Vec<u8>,
    /// When that was posted or last renewed.
    pub updated: DateTime<Utc>,
    /// The message, once Teams has taken it.
    pub activity: Option<String>,
}

/// A row as the database has it.
struct Stored {
    id: uuid::Uuid,
    conversation_id: String,
    kind: String,
    person_id: uuid::Uuid,
    person_name: String,
    days: i16,
    minute: i16,
    zone: String,
    only_overdue: bool,
    row_version: i64,
    updated_at: DateTime<Utc>,
}

impl Stored {
    fn subscription(self) -> Subscription {
        let seconds = u32::try_from(self.minute).unwrap_or(0) * 60;
        Subscription {
            id: self.id.into(),
            conversation: self.conversation_id,
            personal: self.kind == "personal",
            person: self.person_id.into(),
            person_name: self.person_name,
            schedule: Schedule {
                days: Weekdays::of_bits(self.days).unwrap_or(Weekdays::WORK),
                time: NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default(),
                zone: self.zone.parse().unwrap_or(Tz::UTC),
            },
            only_overdue: self.only_overdue,
            version: self.row_version,
            since: self.updated_at,
        }
    }
}

impl PartnerScope {
    /// The digests of the firm, those of shared places first.
    pub async fn subscriptions(&mut self) -> Result<Vec<Subscription>, StoreError> {
        let rows = sqlx::query_as!(
            Stored,
            r#"
            select s.id, s.conversation_id, c.kind, s.person_id, p.name as person_name, s.days, s.minute, s.zone,
                s.only_overdue, s.row_version, s.updated_at
            from subscription s
            join conversation c on c.partner_id = s.partner_id and c.id = s.conversation_id
            join person p on p.partner_id = s.partner_id and p.id = s.person_id
            where s.partner_id = $1
            order by c.kind = 'personal', s.created_at, s.id
            "#,
            self.partner_id()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(Stored::subscription).collect())
    }

    /// The digests that can be posted now, and nobody else works on: a place that the bot was taken out of, or that
    /// refused a message, gets none (R4). They are held until the transaction ends.
    pub async fn take_subscriptions(&mut self) -> Result<Vec<Subscription>, StoreError> {
        let held = sqlx::query_scalar!(
            r#"
            select s.id
            from subscription s
            join conversation c on c.partner_id = s.partner_id and c.id = s.conversation_id
            where s.partner_id = $1 and c.unreachable_since is null and c.removed_at is null
                and not exists (
                    select from conversation team
                    where team.partner_id = c.partner_id and team.team_id = c.team_id and team.removed_at is not null)
            order by s.id
            for update of s skip locked
            "#,
            self.partner_id()
        )
        .fetch_all(self.connection())
        .await?;
        let all = self.subscriptions().await?.into_iter();
        Ok(all.filter(|one| held.contains(&one.id.uuid())).collect())
    }

    /// Orders the digest of `conversation`, or changes it. In a channel it goes to the channel, not to the thread in
    /// which it was ordered.
    pub async fn subscribe(
        &mut self,
        actor: &Actor,
        conversation: &str,
        order: Order,
    ) -> Result<Id<Mark>, StoreError> {
        let place = root(conversation);
        sqlx::query!(
            r#"
            insert into conversation
                (partner_id, id, kind, service_url, directory_id, bot_id, user_id, object_id, team_id, created_at, updated_at)
            select partner_id, $3, kind, service_url, directory_id, bot_id, user_id, object_id, team_id, $4, $4
            from conversation
            where partner_id = $1 and id = $2
            on conflict on constraint conversation_key do nothing
            "#,
            self.partner_id(),
            conversation,
            place,
            self.now
        )
        .execute(self.connection())
        .await?;
        let Order { schedule, only_overdue } = order;
        let minute = schedule.time.hour() * 60 + schedule.time.minute();
        let stored = sqlx::query!(
            r#"
            insert into subscription
                (partner_id, id, conversation_id, person_id, days, minute, zone, only_overdue, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
            on conflict on constraint subscription_once do update set
                person_id = excluded.person_id, days = excluded.days, minute = excluded.minute, zone = excluded.zone,
                only_overdue = excluded.only_overdue, row_version = subscription.row_version + 1, updated_at = excluded.updated_at
            returning id, row_version
            "#,
            self.partner_id(),
            Id::<Mark>::new(self.now).uuid(),
            place,
            actor.person.uuid(),
            schedule.days.bits(),
            i16::try_from(minute).unwrap_or(0),
            schedule.zone.name(),
            only_overdue,
            self.now
        )
        .fetch_one(self.connection())
        .await?;
        let before = (stored.row_version > 1).then_some(stored.row_version - 1);
        let line = Line {
            act: "digest.subscribe",
            subject: "subscription",
            subject_id: stored.id,
            tenant: None,
            versions: (before, Some(stored.row_version)),
            changed: &["days", "minute", "zone", "only_overdue"],
        };
        self.audit(Some(actor), line).await?;
        Ok(stored.id.into())
    }

    /// The digest of this place.
    pub async fn subscription_of(&mut self, conversation: &str) -> Result<Option<Subscription>, StoreError> {
        Ok(self.subscriptions().await?.into_iter().find(|one| one.is_of(conversation)))
    }

    /// Ends a digest. False: it had ended before.
    pub async fn unsubscribe(&mut self, actor: &Actor, ended: &Subscription) -> Result<bool, StoreError> {
        let gone = sqlx::query!(
            "delete from subscription where partner_id = $1 and id = $2",
            self.partner_id(),
            ended.id.uuid()
        )
        .execute(self.connection())
        .await?;
        if gone.rows_affected() == 0 {
            return Ok(false);
        }
        let line = Line {
            act: "digest.unsubscribe",
            subject: "subscription",
            subject_id: ended.id.uuid(),
            tenant: None,
            versions: (Some(ended.version), None),
            changed: &["ended"],
        };
        self.audit(Some(actor), line).await?;
        Ok(true)
    }

    /// What was posted last.
    pub async fn last_run(&mut self, of: &Subscription) -> Result<Option<Run>, StoreError> {
        let run = sqlx::query_as!(
            Run,
            r#"
            select r.period, r.said, r.updated_at as updated, o.sent_activity_id as activity
            from digest_run r
            left join outbox o on o.partner_id = r.partner_id
                and o.dedup_key = 'digest:' || r.subscription_id || ':' || r.period
            where r.partner_id = $1 and r.subscription_id = $2
            order by r.period desc
            limit 1
            "#,
            self.partner_id(),
            of.id.uuid()
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(run)
    }

    /// Keeps that the day's digest says this now. False: the day has one already (R8).
    pub async fn begin_run(
        &mut self,
        of: &Subscription,
        period: NaiveDate,
        said: &[u8],
    ) -> Result<bool, StoreError> {
        let begun = sqlx::query!(
            r#"
            insert into digest_run (partner_id, subscription_id, period, said, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $5)
            on conflict on constraint digest_run_key do nothing
            "#,
            self.partner_id(),
            of.id.uuid(),
            period,
            said,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(begun.rows_affected() == 1)
    }

    /// Keeps that the day's digest says something else now.
    pub async fn renew_run(
        &mut self,
        of: &Subscription,
        period: NaiveDate,
        said: &[u8],
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "update digest_run set said = $4, updated_at = $5 where partner_id = $1 and subscription_id = $2 and period = $3",
            self.partner_id(),
            of.id.uuid(),
            period,
            said,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

/// By which key the outbox knows the day's post (R7).
pub fn dedup_key(of: &Subscription, period: NaiveDate) -> String {
    format!("digest:{}:{period}", of.id)
}

/// The firms that ordered any.
pub async fn firms_with_subscriptions(worker: &PgPool) -> Result<Vec<Id<Partner>>, StoreError> {
    let firms = sqlx::query_scalar!("select distinct partner_id from subscription").fetch_all(worker).await?;
    Ok(firms.into_iter().map(Id::from).collect())
}

/// A channel without the thread.
fn root(conversation: &str) -> &str {
    conversation.split_once(";messageid=").map_or(conversation, |(channel, _)| channel)
}
