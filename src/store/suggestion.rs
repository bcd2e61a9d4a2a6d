//! What was proposed for a note, and what the person made of it: kept for learning, of this firm alone (M2).

use chrono::{DateTime, Utc};

use super::StoreError;
use super::scope::PartnerScope;
use super::service::ServiceDesk;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Suggestion as Mark};
use crate::domain::suggestion::Suggestion;
use crate::domain::taxonomy::Path;

/// How many suggestions people took, overrode, and left undecided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcomes {
    /// Taken as they were.
    pub accepted: u64,
    /// Other levels were chosen.
    pub overridden: u64,
    /// Shown, and nothing was saved of it.
    pub shown: u64,
    /// Of all of these, reported as not helpful.
    pub reported: u64,
}

impl PartnerScope {
    /// Keeps that a suggestion was shown to somebody.
    pub async fn keep_suggestion(
        &mut self,
        at: &ServiceDesk,
        actor: &Actor,
        note: &str,
        suggestion: &Suggestion,
    ) -> Result<Id<Mark>, StoreError> {
        let id = Id::new(self.now);
        let nothing = Path::default();
        let first = suggestion.ranked.first().map_or(&nothing, |ranked| &ranked.path);
        sqlx::query!(
            r#"
            insert into suggestion
                (partner_id, id, tenant_id, service, person_id, note, l1, l2, l3, confidence, band, model, outcome,
                 created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'shown', $13)
            "#,
            self.partner_id(),
            id.uuid(),
            at.desk.tenant.uuid(),
            at.service.code,
            actor.person.uuid(),
            note,
            first.l1,
            first.l2,
            first.l3,
            suggestion.confidence.clamp(0.0, 1.0),
            suggestion.band.code(),
            suggestion.model,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(id)
    }

    /// Keeps what the person made of a suggestion that was shown to them for this service: took it, or chose other
    /// levels. One that was decided on already, or is not theirs, stays as it is. False: there is none to decide on.
    pub async fn decide_suggestion(
        &mut self,
        at: &ServiceDesk,
        actor: &Actor,
        id: Id<Mark>,
        note: &str,
        chosen: &Path,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query!(
            r#"
            update suggestion
            set outcome = case when (l1, l2, l3) = ($7, $8, $9) then 'accepted' else 'overridden' end,
                chosen_l1 = $7, chosen_l2 = $8, chosen_l3 = $9, decided_at = $10
            where partner_id = $1
                and id = $2
                and tenant_id = $3
                and service = $4
                and person_id = $5
                and note = $6
                and outcome = 'shown'
            "#,
            self.partner_id(),
            id.uuid(),
            at.desk.tenant.uuid(),
            at.service.code,
            actor.person.uuid(),
            note,
            chosen.l1,
            chosen.l2,
            chosen.l3,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Keeps that a suggestion which was shown to this person for this service does not help; once.
    pub async fn report_suggestion(
        &mut self,
        at: &ServiceDesk,
        actor: &Actor,
        id: Id<Mark>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            update suggestion
            set reported_at = $6
            where partner_id = $1
                and id = $2
                and tenant_id = $3
                and service = $4
                and person_id = $5
                and reported_at is null
            "#,
            self.partner_id(),
            id.uuid(),
            at.desk.tenant.uuid(),
            at.service.code,
            actor.person.uuid(),
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What people of the firm did with suggestions, since then or ever.
    pub async fn suggestion_outcomes(
        &mut self,
        since: Option<DateTime<Utc>>,
    ) -> Result<Outcomes, StoreError> {
        let counts = sqlx::query!(
            r#"
            select
                count(*) filter (where outcome = 'accepted') as "accepted!",
                count(*) filter (where outcome = 'overridden') as "overridden!",
                count(*) filter (where outcome = 'shown') as "shown!",
                count(*) filter (where reported_at is not null) as "reported!"
            from suggestion
            where partner_id = $1 and ($2::timestamptz is null or created_at >= $2)
            "#,
            self.partner_id(),
            since
        )
        .fetch_one(self.connection())
        .await?;
        Ok(Outcomes {
            accepted: counts.accepted.unsigned_abs(),
            overridden: counts.overridden.unsigned_abs(),
            shown: counts.shown.unsigned_abs(),
            reported: counts.reported.unsigned_abs(),
        })
    }
}
