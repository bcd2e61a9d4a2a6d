//! Who was erased, as fingerprints: what an operator keeps beside the backups, to erase them again after a restore.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::personal::{Known, Subject};
use crate::store::StoreError;
use crate::store::audit::Line;
use crate::store::scope::PartnerScope;

/// That somebody was erased. Says nothing of whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tombstone {
    /// The firm, by its id.
    pub firm: Uuid,
    /// The firm's fingerprint of the person, in hexadecimal.
    pub fingerprint: String,
    /// When.
    pub erased_at: DateTime<Utc>,
}

/// The tombstones of all firms. `import` is a pool of [`crate::store::database::Role::Import`].
pub async fn tombstones(import: &PgPool) -> Result<Vec<Tombstone>, StoreError> {
    let firms =
        sqlx::query_scalar!("select distinct partner_id from directory order by 1").fetch_all(import).await?;
    let mut all = Vec::new();
    for firm in firms {
        let mut scope = import.begin().await?;
        sqlx::query!("select set_config('app.partner_id', $1, true)", firm.to_string())
            .fetch_one(&mut *scope)
            .await?;
        let of_firm = sqlx::query_as!(
            Tombstone,
            r#"
            select partner_id as firm, encode(digest, 'hex') as "fingerprint!", erased_at
            from erased_person where partner_id = $1 order by erased_at, digest
            "#,
            firm
        );
        all.extend(of_firm.fetch_all(&mut *scope).await?);
    }
    Ok(all)
}

impl PartnerScope {
    /// Who of those that are known again has one of these fingerprints.
    pub async fn people_again(&mut self, fingerprints: &[String]) -> Result<Vec<Subject>, StoreError> {
        let mut known: Vec<Subject> =
            self.known_people().await?.into_iter().map(|Known { subject, .. }| subject).collect();
        known.sort();
        known.dedup();
        let keys: Vec<String> = known.iter().map(Subject::key).collect();
        let again = sqlx::query_scalar!(
            r#"select key as "key!" from unnest($1::text[]) key where encode(person_digest(key), 'hex') = any($2)"#,
            &keys,
            fingerprints
        )
        .fetch_all(self.connection())
        .await?;
        Ok(known.into_iter().filter(|subject| again.contains(&subject.key())).collect())
    }

    /// Puts a tombstone back that the restore lost.
    pub async fn bury(&mut self, tombstone: &Tombstone) -> Result<(), StoreError> {
        sqlx::query!("select bury(decode($1, 'hex'), $2)", tombstone.fingerprint, tombstone.erased_at)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Writes that an erasure was done again by the operator (T1).
    pub async fn audit_replay(&mut self, subject: &Subject) -> Result<(), StoreError> {
        let subject_id = self.person_fingerprint(subject).await?;
        let line = Line {
            act: "privacy.replay",
            subject: "personal_data",
            subject_id,
            tenant: None,
            versions: (None, None),
            changed: &["erased"],
        };
        self.audit(None, line).await
    }
}
