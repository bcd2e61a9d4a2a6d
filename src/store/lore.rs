//! What a firm taught the suggestions: what it decided, and the versions that were made of it (M2).

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgPool;

use super::StoreError;
use super::audit::Line;
use super::scope::PartnerScope;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Lore, Partner};
use crate::domain::suggestion::Decision;
use crate::domain::taxonomy::Path;

/// Older versions than this many are forgotten.
const KEPT: i32 = 20;

/// The version that a firm uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// Its id.
    pub id: Id<Lore>,
    /// Its number in the firm.
    pub version: i32,
}

/// A version that was trained.
#[derive(Debug)]
pub struct Trained<'a> {
    /// Its number in the firm.
    pub version: i32,
    /// The version of the shipped model that it is added to.
    pub shipped: &'a str,
    /// Decisions that it learnt from, that it was tried on, and of these right before it and by it.
    pub counts: [usize; 4],
    /// The weights; none: it is refused.
    pub weights: Option<&'a [u8]>,
    /// What it was tried against, where that was no shipped model.
    pub against: Option<Id<Lore>>,
}

/// A version, as an admin sees it.
#[derive(Debug, Clone, Copy)]
pub struct Version {
    /// Its id.
    pub id: Id<Lore>,
    /// Its number in the firm.
    pub number: i32,
    /// Whether it suggests.
    pub state: VersionState,
    /// When it was trained.
    pub trained: DateTime<Utc>,
    /// Decisions that it learnt from.
    pub learnt: u64,
    /// Decisions that it was tried on.
    pub held_out: i32,
    /// Of these, right before it.
    pub before: i32,
    /// And by it.
    pub after: i32,
}

/// Whether a version suggests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionState {
    /// It does.
    InUse,
    /// It did.
    Retired,
    /// It was worse than the one before it.
    Refused,
}

/// The firms for which there is something to learn: at least `least` decisions, one of them since the last training,
/// which was not today. After a person has chosen what suggests, `least` decisions must have come since.
pub async fn firms_to_learn_from(
    worker: &PgPool,
    least: i64,
    today: NaiveDate,
) -> Result<Vec<Id<Partner>>, StoreError> {
    let firms = sqlx::query_scalar!(
        r#"
        select s.partner_id
        from suggestion s
        left join (
            select
                l.partner_id,
                max(l.trained_at) as trained_at,
                max(l.trained_on) as trained_on,
                max(l.chosen_at) as chosen_at
            from suggestion_lore l
            group by l.partner_id
        ) l on l.partner_id = s.partner_id
        where s.decided_at is not null and (l.trained_on is null or l.trained_on < $2)
        group by s.partner_id
        having count(*) >= $1
            and count(*) filter (where l.trained_at is null or s.decided_at > l.trained_at) > 0
            and count(*) filter (where l.chosen_at is null or s.decided_at > l.chosen_at) >= $1
        order by s.partner_id
        "#,
        least,
        today
    )
    .fetch_all(worker)
    .await?;
    Ok(firms.into_iter().map(Id::from).collect())
}

impl PartnerScope {
    /// The firm's newest decisions, at most so many.
    pub async fn decisions(&mut self, most: i64) -> Result<Vec<Decision>, StoreError> {
        let decisions = sqlx::query!(
            r#"
            select service, note, chosen_l1, chosen_l2, chosen_l3
            from suggestion
            where partner_id = $1 and decided_at is not null
            order by decided_at desc, id
            limit $2
            "#,
            self.partner_id(),
            most
        )
        .fetch_all(self.connection())
        .await?;
        let decided = decisions.into_iter().map(|row| Decision {
            service: row.service,
            note: row.note,
            chosen: Path::new(&row.chosen_l1, &row.chosen_l2, &row.chosen_l3),
        });
        Ok(decided.collect())
    }

    /// Which version the firm uses, if it fits the shipped model.
    pub async fn lore_in_use(&mut self, shipped: &str) -> Result<Option<Used>, StoreError> {
        let used = sqlx::query!(
            "select id, version from suggestion_lore where partner_id = $1 and state = 'in_use' and shipped = $2",
            self.partner_id(),
            shipped
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(used.map(|row| Used { id: row.id.into(), version: row.version }))
    }

    /// The number of the firm's next version.
    pub async fn next_lore_version(&mut self) -> Result<i32, StoreError> {
        Ok(sqlx::query_scalar!(
            r#"select coalesce(max(version), 0) + 1 as "next!" from suggestion_lore where partner_id = $1"#,
            self.partner_id()
        )
        .fetch_one(self.connection())
        .await?)
    }

    /// The weights of a version; empty where there are none.
    pub async fn lore_weights(&mut self, id: Id<Lore>) -> Result<Vec<u8>, StoreError> {
        let weights = sqlx::query_scalar!(
            "select weights from suggestion_lore where partner_id = $1 and id = $2",
            self.partner_id(),
            id.uuid()
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(weights.unwrap_or_default())
    }

    /// Keeps a version. With weights it takes over from the one that it was tried against. False: another process has
    /// trained today, or somebody has chosen another version meanwhile.
    pub async fn keep_lore(&mut self, trained: &Trained<'_>) -> Result<bool, StoreError> {
        let used = sqlx::query_scalar!(
            "select id from suggestion_lore where partner_id = $1 and state = 'in_use' and shipped = $2 for update",
            self.partner_id(),
            trained.shipped
        )
        .fetch_optional(self.connection())
        .await?;
        if used.map(Id::from) != trained.against {
            return Ok(false);
        }
        let id = Id::<Lore>::new(self.now);
        let [learnt, held_out, before, after] = trained.counts.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
        let kept = sqlx::query!(
            r#"
            insert into suggestion_lore
                (partner_id, id, version, shipped, trained_at, trained_on, learnt, held_out, right_before, right_after,
                 state, weights)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'refused', $11)
            on conflict do nothing
            "#,
            self.partner_id(),
            id.uuid(),
            trained.version,
            trained.shipped,
            self.now,
            self.now.date_naive(),
            learnt,
            held_out,
            before,
            after,
            trained.weights.unwrap_or_default()
        )
        .execute(self.connection())
        .await?;
        if kept.rows_affected() == 0 {
            return Ok(false);
        }
        if trained.weights.is_some() {
            self.put_lore_to_use(id).await?;
        }
        sqlx::query!(
            "delete from suggestion_lore where partner_id = $1 and version <= $2 and state <> 'in_use'",
            self.partner_id(),
            trained.version - KEPT
        )
        .execute(self.connection())
        .await?;
        let line = Line {
            act: "suggestion.learn",
            subject: "suggestion_lore",
            subject_id: id.uuid(),
            tenant: None,
            versions: (None, Some(1)),
            changed: &["state"],
        };
        self.audit(None, line).await?;
        Ok(true)
    }

    /// Takes a version into use, and the one before it out of use.
    async fn put_lore_to_use(&mut self, id: Id<Lore>) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            update suggestion_lore set state = 'retired', row_version = row_version + 1
            where partner_id = $1 and state = 'in_use'
            "#,
            self.partner_id()
        )
        .execute(self.connection())
        .await?;
        sqlx::query!(
            "update suggestion_lore set state = 'in_use' where partner_id = $1 and id = $2",
            self.partner_id(),
            id.uuid()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The versions that fit the shipped model, the newest first.
    pub async fn lore_versions(&mut self, shipped: &str) -> Result<Vec<Version>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select id, version, state, trained_at, learnt, held_out, right_before, right_after
            from suggestion_lore
            where partner_id = $1 and shipped = $2
            order by version desc
            "#,
            self.partner_id(),
            shipped
        )
        .fetch_all(self.connection())
        .await?;
        let version = rows.into_iter().map(|row| Version {
            id: row.id.into(),
            number: row.version,
            state: match row.state.as_str() {
                "in_use" => VersionState::InUse,
                "retired" => VersionState::Retired,
                _ => VersionState::Refused,
            },
            trained: row.trained_at,
            learnt: row.learnt.unsigned_abs().into(),
            held_out: row.held_out,
            before: row.right_before,
            after: row.right_after,
        });
        Ok(version.collect())
    }

    /// Takes another version into use, or none, on behalf of `actor`. False: another one than `instead_of` is in use
    /// (C1), or the version is none that was in use before.
    pub async fn choose_lore(
        &mut self,
        actor: &Actor,
        shipped: &str,
        version: Option<Id<Lore>>,
        instead_of: Option<Id<Lore>>,
    ) -> Result<bool, StoreError> {
        let versions = self.lore_versions(shipped).await?;
        let used = versions.iter().find(|one| one.state == VersionState::InUse).map(|one| one.id);
        let known = |id| versions.iter().any(|one| one.id == id && one.state == VersionState::Retired);
        if used != instead_of || version.map_or(used.is_none(), |id| !known(id)) {
            return Ok(false);
        }
        sqlx::query!(
            r#"
            update suggestion_lore
            set state = 'retired', chosen_by = $3, chosen_at = $4, row_version = row_version + 1
            where partner_id = $1 and id = $2
            "#,
            self.partner_id(),
            instead_of.map(Id::uuid),
            actor.person.uuid(),
            self.now
        )
        .execute(self.connection())
        .await?;
        if let Some(id) = version {
            sqlx::query!(
                r#"
                update suggestion_lore
                set state = 'in_use', chosen_by = $3, chosen_at = $4, row_version = row_version + 1
                where partner_id = $1 and id = $2
                "#,
                self.partner_id(),
                id.uuid(),
                actor.person.uuid(),
                self.now
            )
            .execute(self.connection())
            .await?;
        }
        if let Some(id) = version.or(instead_of) {
            let line = Line {
                act: "suggestion.use",
                subject: "suggestion_lore",
                subject_id: id.uuid(),
                tenant: None,
                versions: (None, None),
                changed: &["state"],
            };
            self.audit(Some(actor), line).await?;
        }
        Ok(true)
    }
}
