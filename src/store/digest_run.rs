//! What was posted for a digest, what its place was told of which gap, and which tenants rest there.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::StoreError;
use super::audit::Line;
use super::scope::PartnerScope;
use super::subscription::Subscription;
use crate::domain::access::Actor;
use crate::domain::compliance::Severity;
use crate::domain::digest::Told;
use crate::domain::id::{Id, Person, Subscription as Mark, Tenant};

/// What was posted for a subscription.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    /// The last day that was asked, whether there was something to say or not.
    pub last: Option<NaiveDate>,
    /// The last message.
    pub posted: Option<Run>,
}

/// A message that was posted for a day.
#[derive(Debug, Clone)]
pub struct Run {
    /// For which day.
    pub period: NaiveDate,
    /// What it says now, in short.
    pub said: Vec<u8>,
    /// The message, once Teams has taken it.
    pub activity: Option<String>,
}

/// A tenant that rests.
#[derive(Debug, Clone)]
pub struct Resting {
    /// The tenant.
    pub tenant: Id<Tenant>,
    /// The customer's name.
    pub customer_name: String,
    /// Where.
    pub subscription: Id<Mark>,
    /// The first day on which it is told of again.
    pub until: NaiveDate,
}

impl PartnerScope {
    /// What was posted for each subscription of the firm.
    pub async fn digest_runs(&mut self) -> Result<HashMap<Id<Mark>, Runs>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select r.subscription_id, r.last as "last!", p.period as "period?", p.said as "said?",
                o.sent_activity_id as "activity?"
            from (
                select subscription_id, max(period) as last
                from digest_run
                where partner_id = $1
                group by subscription_id
            ) r
            left join lateral (
                select period, said
                from digest_run
                where partner_id = $1 and subscription_id = r.subscription_id and said <> ''
                order by period desc
                limit 1
            ) p on true
            left join outbox o on o.partner_id = $1
                and o.dedup_key = 'digest:' || r.subscription_id || ':' || p.period
            "#,
            self.partner_id()
        )
        .fetch_all(self.connection())
        .await?;
        let runs = rows.into_iter().map(|row| {
            let posted = row.period.zip(row.said);
            let posted = posted.map(|(period, said)| Run { period, said, activity: row.activity });
            (row.subscription_id.into(), Runs { last: Some(row.last), posted })
        });
        Ok(runs.collect())
    }

    /// Keeps that the day's digest says this now; nothing where there was nothing to say. False: the day has one
    /// already (R8).
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

    /// What the subscription's place was told, by the gap's mark.
    pub async fn told(&mut self, of: &Subscription) -> Result<HashMap<String, Told>, StoreError> {
        let rows = sqlx::query!(
            "select gap, severity, told_at from gap_told where partner_id = $1 and subscription_id = $2",
            self.partner_id(),
            of.id.uuid()
        )
        .fetch_all(self.connection())
        .await?;
        let told = rows.into_iter().map(|row| {
            let severity = Severity::of_level(row.severity).unwrap_or(Severity::Soon);
            (row.gap, Told { severity, at: row.told_at })
        });
        Ok(told.collect())
    }

    /// Keeps that the place was told of these gaps at `at`.
    pub async fn keep_told(
        &mut self,
        of: &Subscription,
        gaps: &[(String, Severity)],
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (marks, levels): (Vec<String>, Vec<i16>) =
            gaps.iter().map(|(mark, severity)| (mark.clone(), severity.level())).unzip();
        sqlx::query!(
            r#"
            insert into gap_told (partner_id, subscription_id, gap, severity, told_at)
            select $1, $2, gap, severity, $5 from unnest($3::text[], $4::smallint[]) as t (gap, severity)
            on conflict on constraint gap_told_key do update
            set severity = excluded.severity, told_at = excluded.told_at
            "#,
            self.partner_id(),
            of.id.uuid(),
            &marks,
            &levels,
            at
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Forgets what was told of these gaps: they are gone, and one that comes back is told again.
    pub async fn forget_told(&mut self, of: &Subscription, gone: &[String]) -> Result<(), StoreError> {
        sqlx::query!(
            "delete from gap_told where partner_id = $1 and subscription_id = $2 and gap = any ($3)",
            self.partner_id(),
            of.id.uuid(),
            gone
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Keeps that the subscription's gaps were looked at now.
    pub async fn keep_looked(&mut self, of: &Subscription) -> Result<(), StoreError> {
        sqlx::query!(
            "update subscription set looked_at = $3 where partner_id = $1 and id = $2",
            self.partner_id(),
            of.id.uuid(),
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The tenants that this person changed after `since`.
    pub async fn changed_by(
        &mut self,
        person: Id<Person>,
        since: DateTime<Utc>,
    ) -> Result<HashSet<Id<Tenant>>, StoreError> {
        let tenants = sqlx::query_scalar!(
            r#"
            select distinct tenant_id as "tenant!"
            from audit
            where partner_id = $1 and actor_id = $2 and at >= $3 and tenant_id is not null
            "#,
            self.partner_id(),
            person.uuid(),
            since
        )
        .fetch_all(self.connection())
        .await?;
        Ok(tenants.into_iter().map(Id::from).collect())
    }

    /// The tenants that still rest on `day`, in any place of the firm.
    pub async fn resting(&mut self, day: NaiveDate) -> Result<Vec<Resting>, StoreError> {
        let rows = sqlx::query_as!(
            Resting,
            r#"
            select s.tenant_id as tenant, t.customer_name, s.subscription_id as subscription, s.until
            from snooze s
            join tenant t on t.partner_id = s.partner_id and t.id = s.tenant_id
            where s.partner_id = $1 and s.until > $2
            order by s.until, t.customer_name
            "#,
            self.partner_id(),
            day
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows)
    }

    /// Leaves the tenant out of the place's messages until `until`; `None`: no longer.
    pub async fn snooze(
        &mut self,
        actor: &Actor,
        at: &Subscription,
        tenant: Id<Tenant>,
        until: Option<NaiveDate>,
    ) -> Result<(), StoreError> {
        match until {
            Some(until) => self.put_to_rest(actor, at, tenant, until).await?,
            None => self.wake(at, tenant).await?,
        }
        let line = Line {
            act: "digest.snooze",
            subject: "subscription",
            subject_id: at.id.uuid(),
            tenant: Some(tenant),
            versions: (None, None),
            changed: &["until"],
        };
        self.audit(Some(actor), line).await
    }

    async fn put_to_rest(
        &mut self,
        actor: &Actor,
        at: &Subscription,
        tenant: Id<Tenant>,
        until: NaiveDate,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            insert into snooze (partner_id, subscription_id, tenant_id, until, person_id, created_at)
            values ($1, $2, $3, $4, $5, $6)
            on conflict on constraint snooze_key do update
            set until = excluded.until, person_id = excluded.person_id, created_at = excluded.created_at
            "#,
            self.partner_id(),
            at.id.uuid(),
            tenant.uuid(),
            until,
            actor.person.uuid(),
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn wake(&mut self, at: &Subscription, tenant: Id<Tenant>) -> Result<(), StoreError> {
        sqlx::query!(
            "delete from snooze where partner_id = $1 and subscription_id = $2 and tenant_id = $3",
            self.partner_id(),
            at.id.uuid(),
            tenant.uuid()
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

impl Resting {
    /// Whether it rests in this subscription's place.
    pub fn is_of(&self, subscription: &Subscription) -> bool {
        self.subscription == subscription.id
    }
}
