//! The scheduler of digests: posts what is due, renews the last message of a place while things change, and tells at
//! once, and once only, what costs money (R7, R8, Q4).
//!
//! One process leads, by a lock that is lost with its connection. Should two ever work at once, each due digest is a
//! unique row all the same, written in the transaction that owes its message, and a subscription is held by whoever
//! works on it.

mod face;
mod round;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::cards::RenderError;
use crate::domain::id::{Id, Partner};
use crate::domain::taxonomy::with_list;
use crate::domain::time::Clock;
use crate::store::leader::Leadership;
use crate::store::subscription::firms_within_reach;
use crate::store::{Database, StoreError};

/// Pause between two looks. A successor leads by its next one.
const PAUSE: Duration = Duration::from_secs(10);
/// Pause after a look that failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(15);

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

/// The scheduler.
#[derive(Clone)]
pub struct Digests {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl Digests {
    /// A scheduler of this database, by this clock.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    /// Works until `shutdown`, whenever this process leads.
    pub async fn run(&self, shutdown: CancellationToken) {
        let leadership = Leadership::of(self.database.worker());
        let mut pause = PAUSE;
        while shutdown.run_until_cancelled(sleep(pause)).await.is_some() {
            pause = match self.lead_once(&leadership).await {
                Ok(()) => PAUSE,
                Err(error) => {
                    tracing::warn!(%error, "a digest is not made yet, the next round tries again");
                    PAUSE_AFTER_FAILURE
                }
            };
        }
        leadership.lay_down().await;
    }

    async fn lead_once(&self, leadership: &Leadership) -> Result<(), DigestError> {
        if leadership.is_held().await? {
            self.work_once().await?;
        }
        Ok(())
    }

    /// Owes every digest, renewal and alert that is due now, firm by firm, each in one scope (P4). Says how many
    /// messages that makes.
    pub async fn work_once(&self) -> Result<usize, DigestError> {
        let (mut owed, mut failed) = (0, None);
        for firm in firms_within_reach(self.database.worker()).await? {
            // What one firm's digest comes to grief over does not hold up the others.
            match self.serve(firm).await {
                Ok(served) => owed += served,
                Err(error) => failed = Some(error),
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
