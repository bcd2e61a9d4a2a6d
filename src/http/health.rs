//! `/healthz` and `/readyz` (L7): a status, no version, no data.

use std::time::Duration;

use super::error::{Reply, empty};
use super::{Front, Readiness};

/// Longer than this and the service is not ready, whatever the answer would have been.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) fn health() -> Reply {
    empty(200)
}

/// The service can work.
pub(super) async fn readiness(front: &Front) -> Reply {
    let ready: &Readiness = &front.ready;
    let ready = tokio::time::timeout(PATIENCE, ready()).await.unwrap_or(false);
    empty(if ready { 200 } else { 503 })
}
