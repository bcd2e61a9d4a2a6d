//! Digests: ordered, changed and ended; those that come to people who ordered none; and when each place is left alone.

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use sqlx::PgPool;

use super::StoreError;
use super::audit::Line;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::compliance::Rule;
use crate::domain::digest::Choice;
use crate::domain::id::{Id, Partner, Person, Subscription as Mark};
use crate::domain::schedule::{Quiet, Schedule, Weekdays};

/// A digest of some place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Which.
    pub id: Id<Mark>,
    /// Where it is posted.
    pub conversation: String,
    /// Whether that is somebody's own chat: then it is of their own tenants.
    pub personal: bool,
    /// Nobody ordered it: it tells a person of the gaps that are theirs to mend (Q4).
    pub by_default: bool,
    /// Who ordered it, or whose it is.
    pub person: Id<Person>,
    /// Their name. Personal.
    pub person_name: String,
    /// When.
    pub schedule: Schedule,
    /// Of what.
    pub choice: Choice,
    /// When nothing is posted there.
    pub quiet: Option<Quiet>,
    /// Row version.
    pub version: i64,
    /// Since when it is ordered so: what was due before is not owed.
    pub since: DateTime<Utc>,
    /// When its gaps were looked at last.
    pub looked: Option<DateTime<Utc>>,
}

impl Subscription {
    /// Whether it is posted there: a thread belongs to its channel.
    pub fn is_of(&self, conversation: &str) -> bool {
        self.conversation == root(conversation)
    }

    /// The day whose digest is due at `now`, if any.
    pub fn due(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        let day = self.schedule.due(now).filter(|_| !self.is_quiet(now))?;
        self.schedule.begins(day).is_some_and(|begins| begins > self.since).then_some(day)
    }

    /// Whether something that cannot wait for the digest may be told at `now`. What nobody ordered can wait.
    pub fn may_be_alarmed(&self, now: DateTime<Utc>) -> bool {
        !self.by_default && self.schedule.is_decent(now) && !self.is_quiet(now)
    }

    fn is_quiet(&self, now: DateTime<Utc>) -> bool {
        self.quiet.is_some_and(|quiet| quiet.covers(now.with_timezone(&self.schedule.zone).time()))
    }
}

/// A digest as somebody orders it.
#[derive(Debug, Clone)]
pub struct Order {
    /// When.
    pub schedule: Schedule,
    /// Of what.
    pub choice: Choice,
}

/// A row as the database has it.
struct Stored {
    id: uuid::Uuid,
    conversation_id: String,
    kind: String,
    by_default: bool,
    person_id: uuid::Uuid,
    person_name: String,
    days: i16,
    minute: i16,
    zone: String,
    only_overdue: bool,
    rules: Vec<String>,
    services: Vec<String>,
    tenants: Vec<uuid::Uuid>,
    quiet_from: Option<i16>,
    quiet_until: Option<i16>,
    row_version: i64,
    updated_at: DateTime<Utc>,
    looked_at: Option<DateTime<Utc>>,
}

impl Stored {
    fn subscription(self) -> Subscription {
        Subscription {
            id: self.id.into(),
            conversation: self.conversation_id,
            personal: self.kind == "personal",
            by_default: self.by_default,
            person: self.person_id.into(),
            person_name: self.person_name,
            schedule: Schedule {
                days: Weekdays::of_bits(self.days).unwrap_or(Weekdays::WORK),
                time: time_of(self.minute),
                zone: self.zone.parse().unwrap_or(Tz::UTC),
            },
            choice: Choice {
                only_overdue: self.only_overdue,
                rules: self.rules.iter().filter_map(|code| Rule::of(code)).collect(),
                services: self.services,
                tenants: self.tenants.into_iter().map(Id::from).collect(),
            },
            quiet: self
                .quiet_from
                .zip(self.quiet_until)
                .map(|(from, until)| Quiet { from: time_of(from), until: time_of(until) }),
            version: self.row_version,
            since: self.updated_at,
            looked: self.looked_at,
        }
    }
}

/// A minute of the day, as a time.
fn time_of(minute: i16) -> NaiveTime {
    let seconds = u32::try_from(minute).unwrap_or(0) * 60;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default()
}

/// A time, as the minute of the day.
fn minute_of(time: NaiveTime) -> i16 {
    i16::try_from(time.hour() * 60 + time.minute()).unwrap_or(0)
}

impl PartnerScope {
    /// The digests of the firm, those of shared places first.
    pub async fn subscriptions(&mut self) -> Result<Vec<Subscription>, StoreError> {
        let rows = sqlx::query_as!(
            Stored,
            r#"
            select s.id, s.conversation_id, c.kind, s.by_default, s.person_id, p.name as person_name, s.days, s.minute,
                case when s.by_default then coalesce(c.zone, s.zone) else s.zone end as "zone!",
                s.only_overdue, s.rules, s.services, s.tenants, s.quiet_from, s.quiet_until,
                s.row_version, s.updated_at, s.looked_at
            from subscription s
            join conversation c on c.partner_id = s.partner_id and c.id = s.conversation_id
            join person p on p.partner_id = s.partner_id and p.id = s.person_id
            where s.partner_id = $1 and s.ended_at is null
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
            where s.partner_id = $1 and s.ended_at is null and c.unreachable_since is null and c.removed_at is null
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

    /// Gives a digest to everybody who can be reached in their own chat and never had one there (Q4).
    pub async fn appoint_digests(&mut self, time: NaiveTime) -> Result<(), StoreError> {
        let people = sqlx::query!(
            r#"
            select distinct on (p.id) p.id, c.id as conversation, c.zone
            from person p
            join conversation c on c.partner_id = p.partner_id
                and c.directory_id = p.directory_id and c.object_id = p.object_id and c.kind = 'personal'
            where p.partner_id = $1 and p.active and c.unreachable_since is null and c.removed_at is null
                and not exists (
                    select from subscription s
                    join conversation k on k.partner_id = s.partner_id and k.id = s.conversation_id
                    where s.partner_id = p.partner_id and s.person_id = p.id and k.kind = 'personal')
            order by p.id, c.updated_at desc
            "#,
            self.partner_id()
        )
        .fetch_all(self.connection())
        .await?;
        for person in people {
            let zone: Tz = person.zone.and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC);
            let appointed = sqlx::query!(
                r#"
                insert into subscription
                    (partner_id, id, conversation_id, person_id, days, minute, zone, only_overdue, by_default, created_at, updated_at)
                values ($1, $2, $3, $4, $5, $6, $7, false, true, $8, $8)
                on conflict on constraint subscription_once do nothing
                returning id
                "#,
                self.partner_id(),
                Id::<Mark>::new(self.now).uuid(),
                person.conversation,
                person.id,
                Weekdays::of_work(zone).bits(),
                minute_of(time),
                zone.name(),
                self.now
            )
            .fetch_optional(self.connection())
            .await?;
            if let Some(appointed) = appointed {
                self.audit(None, line("digest.appoint", appointed.id, (None, Some(1)), &["by_default"]))
                    .await?;
            }
        }
        Ok(())
    }

    /// Orders the digest of `conversation`, or changes it. In a channel it goes to the channel, not to the thread in
    /// which it was ordered. Quiet hours stay, unless the digest itself would come in them.
    pub async fn subscribe(
        &mut self,
        actor: &Actor,
        conversation: &str,
        order: &Order,
    ) -> Result<Id<Mark>, StoreError> {
        let place = self.place_of(conversation).await?;
        let Order { schedule, choice } = order;
        let rules: Vec<String> = choice.rules.iter().map(|rule| rule.code().to_owned()).collect();
        let tenants: Vec<uuid::Uuid> = choice.tenants.iter().map(|tenant| tenant.uuid()).collect();
        let stored = sqlx::query!(
            r#"
            insert into subscription as s
                (partner_id, id, conversation_id, person_id, days, minute, zone, only_overdue, rules, services, tenants,
                    created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)
            on conflict on constraint subscription_once do update set
                person_id = excluded.person_id, days = excluded.days, minute = excluded.minute, zone = excluded.zone,
                only_overdue = excluded.only_overdue, rules = excluded.rules, services = excluded.services,
                tenants = excluded.tenants, by_default = false, ended_at = null, looked_at = null,
                row_version = s.row_version + 1, updated_at = excluded.updated_at
            returning s.id, s.row_version
            "#,
            self.partner_id(),
            Id::<Mark>::new(self.now).uuid(),
            place,
            actor.person.uuid(),
            schedule.days.bits(),
            minute_of(schedule.time),
            schedule.zone.name(),
            choice.only_overdue,
            &rules,
            &choice.services,
            &tenants,
            self.now
        )
        .fetch_one(self.connection())
        .await?;
        let before = (stored.row_version > 1).then_some(stored.row_version - 1);
        let changed = ["days", "minute", "zone", "only_overdue", "rules", "services", "tenants"];
        let versions = (before, Some(stored.row_version));
        self.audit(Some(actor), line("digest.subscribe", stored.id, versions, &changed)).await?;
        Ok(stored.id.into())
    }

    /// The conversation that a digest goes to, made known if it is a channel of which only a thread is.
    async fn place_of<'c>(&mut self, conversation: &'c str) -> Result<&'c str, StoreError> {
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
        Ok(place)
    }

    /// The digest of this place.
    pub async fn subscription_of(&mut self, conversation: &str) -> Result<Option<Subscription>, StoreError> {
        Ok(self.subscriptions().await?.into_iter().find(|one| one.is_of(conversation)))
    }

    /// Ends a digest. False: it had ended before.
    pub async fn unsubscribe(&mut self, actor: &Actor, ended: &Subscription) -> Result<bool, StoreError> {
        let gone = sqlx::query!(
            r#"
            update subscription
            set ended_at = $3, row_version = row_version + 1, updated_at = $3
            where partner_id = $1 and id = $2 and ended_at is null
            "#,
            self.partner_id(),
            ended.id.uuid(),
            self.now
        )
        .execute(self.connection())
        .await?;
        if gone.rows_affected() == 0 {
            return Ok(false);
        }
        let versions = (Some(ended.version), Some(ended.version + 1));
        self.audit(Some(actor), line("digest.unsubscribe", ended.id.uuid(), versions, &["ended_at"])).await?;
        Ok(true)
    }

    /// Sets when nothing is posted there; `None`: no such hours.
    pub async fn keep_quiet(
        &mut self,
        actor: &Actor,
        at: &Subscription,
        quiet: Option<Quiet>,
    ) -> Result<(), StoreError> {
        let stored = sqlx::query!(
            r#"
            update subscription
            set quiet_from = $3, quiet_until = $4, row_version = row_version + 1
            where partner_id = $1 and id = $2
            returning row_version
            "#,
            self.partner_id(),
            at.id.uuid(),
            quiet.map(|quiet| minute_of(quiet.from)),
            quiet.map(|quiet| minute_of(quiet.until)),
        )
        .fetch_one(self.connection())
        .await?;
        let versions = (Some(stored.row_version - 1), Some(stored.row_version));
        let changed = ["quiet_from", "quiet_until"];
        self.audit(Some(actor), line("digest.quiet", at.id.uuid(), versions, &changed)).await
    }
}

/// The line of the audit log about a digest.
fn line<'a>(
    act: &'static str,
    id: uuid::Uuid,
    versions: (Option<i64>, Option<i64>),
    changed: &'a [&'static str],
) -> Line<'a> {
    Line { act, subject: "subscription", subject_id: id, tenant: None, versions, changed }
}

/// The firms that may be owed a digest: those that can be reached at all.
pub async fn firms_within_reach(worker: &PgPool) -> Result<Vec<Id<Partner>>, StoreError> {
    let firms = sqlx::query_scalar!(
        "select distinct partner_id from conversation where unreachable_since is null and removed_at is null"
    )
    .fetch_all(worker)
    .await?;
    Ok(firms.into_iter().map(Id::from).collect())
}

/// A channel without the thread.
fn root(conversation: &str) -> &str {
    conversation.split_once(";messageid=").map_or(conversation, |(channel, _)| channel)
}
