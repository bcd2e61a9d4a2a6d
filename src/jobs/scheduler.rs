//! What is done by the clock and not because somebody asked: digests, and the nightly sweep. One process leads, by a
//! lock that is lost with its connection (R8); should two ever work at once, each due run is a unique row all the same.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::digest::{DigestError, Digests};
use super::sweep::Sweep;
use crate::store::leader::Leadership;

/// Pause between two looks. A successor leads by its next one.
const PAUSE: Duration = Duration::from_secs(10);

/// The scheduler.
pub struct Scheduler {
    leadership: Leadership,
    digests: Digests,
    sweep: Sweep,
}

impl Scheduler {
    /// A scheduler that works when it leads.
    pub fn new(leadership: Leadership, digests: Digests, sweep: Sweep) -> Self {
        Self { leadership, digests, sweep }
    }

    /// Works until `shutdown`.
    pub async fn run(&self, shutdown: CancellationToken) {
        while shutdown.run_until_cancelled(sleep(PAUSE)).await.is_some() {
            if let Err(error) = self.work_once().await {
                tracing::warn!(%error, "what is due is not done yet, the next round tries again");
            }
        }
        self.leadership.lay_down().await;
    }

    async fn work_once(&self) -> Result<(), DigestError> {
        if self.leadership.is_held().await? {
            self.digests.work_once().await?;
            self.sweep.work_once().await?;
        }
        Ok(())
    }
}
