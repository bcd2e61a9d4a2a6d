//! Digests: what is due is posted, the last message of a place is renewed while things change, and what costs money is
//! told at once, and once only (R7, R8, Q4).
//!
//! Each due digest is a unique row, written in the transaction that owes its message, and a subscription is held by
//! whoever works on it: two processes post it once.

mod face;
mod round;

use std::sync::Arc;

use crate::cards::RenderError;
use crate::domain::id::{Id, Partner};
use crate::domain::taxonomy::with_list;
use crate::domain::time::Clock;
use crate::store::subscription::firms_within_reach;
use crate::store::{Database, StoreError};
use crate::telemetry::{METRICS, TraceId};

/// Why a digest could not be made; the next look tries again.
#[derive(Debug, thiserror::Error)]
pub enum DigestError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A card of ours.
    #[error(transparent)]
    Card(#[from] RenderError),
}

/// Posts digests.
#[derive(Clone)]
pub struct Digests {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl Digests {
    /// Digests of this database, by this clock.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    /// Owes every digest, renewal and alert that is due now, firm by firm, each in one scope (P4). Says how many
    /// messages that makes.
    pub async fn work_once(&self) -> Result<usize, DigestError> {
        let (mut owed, mut failed) = (0, None);
        for firm in firms_within_reach(self.database.worker()).await? {
            // What one firm's digest comes to grief over does not hold up the others.
            match TraceId::made().within(self.serve(firm)).await {
                Ok(served) => owed += served,
                Err(error) => {
                    METRICS.digest("failed");
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(owed), Err)
    }

    async fn serve(&self, firm: Id<Partner>) -> Result<usize, DigestError> {
        let now = self.clock.now();
        let mut scope = self.database.open_scope_for_operator(firm, now).await?;
        let list = scope.taxonomy().await?;
        with_list(list, round::serve(scope)).await
    }
}
