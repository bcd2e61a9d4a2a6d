//! The feed's way into the store: one transaction in the scope of one firm, read and written in bulk.
//!
//! The transaction works on one snapshot (repeatable read): a row that a person changes between our
//! reading and our writing is not overwritten, the whole file is read against the new state instead (C2).

mod load;
pub mod row;
mod taxonomy;
mod write;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::Transaction;
use sqlx::postgres::{PgPool, Postgres};
use uuid::Uuid;

use super::StoreError;
use crate::domain::id::{Id, Turn};

/// One file of one firm, being brought in.
#[derive(Debug)]
pub struct Intake {
    tx: Transaction<'static, Postgres>,
    firm: Uuid,
}

/// Which rows of the firm a file speaks of.
#[derive(Debug, Default)]
pub struct Mentions {
    /// Directories that the firm's row lists.
    pub directories: Vec<Uuid>,
    /// Tenants of any row.
    pub tenants: Portion,
    /// Names that tenants are to have.
    pub names: Vec<String>,
    /// Tenants whose services and status rows are compared.
    pub services: Portion,
    /// Tenants whose CPOR claims are compared.
    pub claims: Portion,
    /// Tenants whose assignments are compared.
    pub assignments: Portion,
    /// Tenants whose contacts are compared.
    pub contacts: Portion,
    /// Notes.
    pub notes: Vec<Uuid>,
    /// Everybody whom it names, as the firm's fingerprints call them.
    pub people: Vec<String>,
}

/// All of a firm's tenants, or some.
#[derive(Debug, Default)]
pub struct Portion {
    /// All: the list is complete.
    pub all: bool,
    /// Some, by id.
    pub tenants: Vec<Uuid>,
}

impl Changes {
    /// Whether the file changes nothing.
    pub fn is_empty(&self) -> bool {
        self.firm.is_none()
            && self.directories.is_empty()
            && self.people.is_empty()
            && self.tenants.is_empty()
            && self.services.is_empty()
            && self.entitlements.is_empty()
            && self.claims.is_empty()
            && self.assignments.is_empty()
            && self.contacts.is_empty()
            && self.notes.is_empty()
    }
}

/// What the firm has of what a file speaks of.
#[derive(Debug, Default)]
pub struct Stored {
    /// The firm's name, if it is known at all.
    pub firm: Option<String>,
    /// The firm's directories.
    pub directories: Vec<Uuid>,
    /// Directories of the file that belong to another firm (P1).
    pub taken: Vec<Uuid>,
    /// Everybody of the firm.
    pub people: Vec<row::Person>,
    /// Tenants.
    pub tenants: Vec<row::Tenant>,
    /// Services.
    pub services: Vec<row::Service>,
    /// Status rows of those services.
    pub entitlements: Vec<row::Entitlement>,
    /// CPOR claims.
    pub claims: Vec<row::Claim>,
    /// Assignments.
    pub assignments: Vec<row::Assignment>,
    /// Contacts.
    pub contacts: Vec<row::Contact>,
    /// Which of the notes are there already.
    pub notes: Vec<Uuid>,
    /// Who of those whom the file names asked to be erased (G3).
    pub erased: HashSet<String>,
}

/// Rows to add, to change and to remove.
#[derive(Debug)]
pub struct Difference<T> {
    /// To add.
    pub new: Vec<T>,
    /// To change, as they are to be.
    pub changed: Vec<T>,
    /// To remove, where rows of this kind are removed.
    pub gone: Vec<T>,
}

impl<T> Default for Difference<T> {
    fn default() -> Self {
        Self { new: Vec::new(), changed: Vec::new(), gone: Vec::new() }
    }
}

impl<T> Difference<T> {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }
}

/// Everything that a file changes.
#[derive(Debug, Default)]
pub struct Changes {
    /// The firm as it is to be.
    pub firm: Option<row::Firm>,
    /// Directories to allow-list.
    pub directories: Vec<Uuid>,
    /// People.
    pub people: Difference<row::Person>,
    /// Tenants. Never removed.
    pub tenants: Difference<row::Tenant>,
    /// Services. Never removed.
    pub services: Difference<row::Service>,
    /// Status rows.
    pub entitlements: Difference<row::Entitlement>,
    /// CPOR claims.
    pub claims: Difference<row::Claim>,
    /// Assignments.
    pub assignments: Difference<row::Assignment>,
    /// Contacts.
    pub contacts: Difference<row::Contact>,
    /// Notes to add.
    pub notes: Vec<row::Note>,
    /// Overall status by the newest of those notes.
    pub standings: Vec<row::Standing>,
}

/// Whether any firm is there already.
pub async fn has_firms(pool: &PgPool) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(r#"select exists (select from directory) as "some!""#).fetch_one(pool).await?)
}

impl Intake {
    /// Opens a transaction in the scope of `firm`, as the role that may import (P3, P4).
    pub async fn open(pool: &PgPool, firm: Uuid) -> Result<Self, StoreError> {
        let mut tx = pool.begin_with("begin isolation level repeatable read").await?;
        // The limits of R10 are for answering people; bringing in a large list takes its time.
        sqlx::query("set local statement_timeout = 0").execute(&mut *tx).await?;
        sqlx::query("set local idle_in_transaction_session_timeout = 0").execute(&mut *tx).await?;
        sqlx::query("set local lock_timeout = '10s'").execute(&mut *tx).await?;
        sqlx::query("set local role tenantry_import").execute(&mut *tx).await?;
        sqlx::query!("select set_config('app.partner_id', $1, true)", firm.to_string())
            .fetch_one(&mut *tx)
            .await?;
        Ok(Self { tx, firm })
    }

    /// Writes the audit line of the file (T1): one for each file and firm, with the counts of what changed.
    pub async fn audit(
        &mut self,
        file: &str,
        counts: &[String],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into audit (partner_id, id, at, act, subject, subject_id, changed, turn_id)
             values ($1, $2, $3, 'import', 'feed', $4, $5, $6)",
            self.firm,
            Id::<Intake>::new(now).uuid(),
            now,
            file,
            counts,
            Id::<Turn>::new(now).uuid(),
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Notes that the firm's data came, whether or not they changed anything.
    pub async fn fed(&mut self, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query!("update partner set fed_at = $2 where id = $1", self.firm, now)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Makes it true; if somebody was erased meanwhile, the file must be read anew.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        sqlx::query!("select hold_erasures()").execute(&mut *self.tx).await?;
        Ok(self.tx.commit().await?)
    }

    /// Takes it all back.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        Ok(self.tx.rollback().await?)
    }
}
