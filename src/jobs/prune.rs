//! Once an hour: what was kept long enough goes (G4).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::domain::time::Clock;
use crate::store::outbox::{Outbox, Retention};

/// Longest pause between two rounds. Several processes shall not do it at the same instant.
const HOUR: Duration = Duration::from_hours(1);

/// Prunes until `shutdown`: for the first time within two minutes, then about hourly.
pub async fn run(outbox: Outbox, clock: Arc<dyn Clock>, shutdown: CancellationToken) {
    let mut pause = HOUR.mul_f64(fastrand::f64() / 30.0);
    while shutdown.run_until_cancelled(sleep(pause)).await.is_some() {
        match outbox.prune(Retention::default(), clock.now()).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "pruned"),
            Err(error) => tracing::warn!(%error, "pruning failed, the next round tries again"),
        }
        pause = HOUR.mul_f64(0.9 + fastrand::f64() / 10.0);
    }
}
