//! The nightly sweep: how many gaps are red in each firm, by whose they are and of what, so that `stats` can say
//! whether there are more or fewer of them than before.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Timelike;
use chrono_tz::Tz;

use crate::domain::compliance::gaps;
use crate::domain::id::{Id, Partner};
use crate::domain::rules::rules;
use crate::domain::taxonomy::with_list;
use crate::domain::time::{Clock, Today};
use crate::store::compliance::Whose;
use crate::store::gap_day::{Tally, firms_to_sweep};
use crate::store::scope::PartnerScope;
use crate::store::{Database, StoreError};

/// From this hour (UTC) on the day is counted: the feed of the night is in by then.
const AFTER: u32 = 3;

/// Counts.
#[derive(Clone)]
pub struct Sweep {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl Sweep {
    /// A sweep of this database, by this clock.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    /// Counts every firm that is not counted yet today, one after the other. Says how many firms that were.
    pub async fn work_once(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        if now.hour() < AFTER {
            return Ok(0);
        }
        let (mut swept, mut failed) = (0, None);
        for firm in firms_to_sweep(self.database.worker(), now.date_naive()).await? {
            // What one firm's count comes to grief over does not hold up the others.
            match self.count(firm).await {
                Ok(counted) => swept += usize::from(counted),
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(swept), Err)
    }

    async fn count(&self, firm: Id<Partner>) -> Result<bool, StoreError> {
        let mut scope = self.database.open_scope_for_operator(firm, self.clock.now()).await?;
        let list = scope.taxonomy().await?;
        with_list(list, count(scope)).await
    }
}

/// Counts the scope's firm. False: somebody was faster (R8).
async fn count(mut scope: PartnerScope) -> Result<bool, StoreError> {
    let today = Today::at(scope.now, Tz::UTC).0;
    let snapshots = scope.snapshots(Whose::Firm, Tz::UTC).await?;
    let mut red: BTreeMap<Tally, i32> = BTreeMap::new();
    for gap in snapshots.iter().flat_map(|snapshot| gaps(snapshot, today, rules())) {
        if gap.is_red() {
            *red.entry(Tally { owner: gap.owner, element: gap.rule.element() }).or_default() += 1;
        }
    }
    let counted = scope.keep_sweep(today, snapshots.len(), &red).await?;
    scope.commit().await?;
    Ok(counted)
}
