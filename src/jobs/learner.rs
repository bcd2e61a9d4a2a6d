//! The learner: once a day, for each firm that has decided something new, what it decided is learnt for its own
//! suggestions (M2).
//!
//! Every process has one. A training is a row of its firm and day, so it counts once, whoever is faster (R8).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::domain::id::{Id, Partner};
use crate::domain::rules::rules;
use crate::domain::time::Clock;
use crate::store::lore::{Trained, Used, firms_to_learn_from};
use crate::store::{Database, StoreError};
use crate::suggest::habit::{Habits, Trial};
use crate::suggest::suggestion::Engine;

/// Longest pause between two looks. Several processes shall not look at the same instant.
const HOUR: Duration = Duration::from_hours(1);
/// Decisions that are learnt from at most: the newest.
const MOST: i64 = 2000;

/// Why the learner could not do something; it tries again.
#[derive(Debug, thiserror::Error)]
pub enum LearnerError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The training ended early.
    #[error("the training: {0}")]
    Training(#[from] tokio::task::JoinError),
    /// The weights could not be written.
    #[error("the weights: {0}")]
    Weights(#[from] serde_json::Error),
}

/// The learner.
#[derive(Clone)]
pub struct Learner {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl Learner {
    /// A learner of this database, by this clock.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    /// Works until `shutdown`: for the first time within four minutes, then about hourly.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut pause = HOUR.mul_f64(fastrand::f64() / 15.0);
        while shutdown.run_until_cancelled(sleep(pause)).await.is_some() {
            match self.work_once().await {
                Ok(0) => {}
                Ok(firms) => tracing::info!(firms, "learnt what firms decided"),
                Err(error) => tracing::warn!(%error, "learning failed, the next round tries again"),
            }
            pause = HOUR.mul_f64(0.9 + fastrand::f64() / 10.0);
        }
    }

    /// Learns for every firm that has something new. Says for how many.
    pub async fn work_once(&self) -> Result<usize, LearnerError> {
        let today = self.clock.now().date_naive();
        let mut done = 0;
        let mut failed = None;
        for firm in firms_to_learn_from(self.database.worker(), rules().learn_from, today).await? {
            // What one firm's training comes to grief over does not hold up the others.
            match self.learn(firm).await {
                Ok(learnt) => done += usize::from(learnt),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(done), Err)
    }

    /// Learns for one firm: its decisions are read in one scope of it, and what was made of them is kept in another,
    /// so that no transaction waits for a training. False: somebody was faster.
    async fn learn(&self, firm: Id<Partner>) -> Result<bool, LearnerError> {
        let shipped = Engine::shipped();
        let mut scope = self.database.open_scope_for_operator(firm, self.clock.now()).await?;
        let decisions = scope.decisions(MOST).await?;
        let used = scope.lore_in_use(shipped.version()).await?;
        let weights = match used {
            Some(Used { id, .. }) => scope.lore_weights(id).await?,
            None => Vec::new(),
        };
        let version = scope.next_lore_version().await?;
        scope.commit().await?;

        let (trial, weights) = tokio::task::spawn_blocking(move || {
            // A version that cannot be read suggests nothing, either.
            let now = used.and_then(|used| Habits::read(shipped, &weights, used.version).ok());
            let trial = Habits::learn(shipped, &decisions, now.as_ref(), version);
            let weights = trial.habits.write()?;
            Ok::<(Trial, Vec<u8>), LearnerError>((trial, weights))
        })
        .await??;

        let mut scope = self.database.open_scope_for_operator(firm, self.clock.now()).await?;
        let kept = scope
            .keep_lore(&Trained {
                version,
                shipped: shipped.version(),
                counts: [trial.learnt, trial.held_out, trial.before, trial.after],
                weights: trial.is_good().then_some(weights.as_slice()),
                against: used.map(|used| used.id),
            })
            .await?;
        scope.commit().await?;
        Ok(kept)
    }
}
