//! The metrics of a running program: what was counted since its start, and how its database stands when asked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tenantry::domain::time::Clock;
use tenantry::http::Exposition;
use tenantry::store::outbox::Outbox;
use tenantry::store::{Database, StoreError};
use tenantry::telemetry::METRICS;
use tokio::net::TcpListener;

/// Whoever reads the metrics waits no longer for the database.
const PATIENCE: Duration = Duration::from_secs(3);

/// Listens at `address` and says where.
pub async fn listen(address: Option<SocketAddr>) -> anyhow::Result<Option<TcpListener>> {
    let Some(address) = address else { return Ok(None) };
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("METRICS_ADDRESS: {address} cannot be listened on"))?;
    tracing::info!(address = %listener.local_addr()?, "metrics");
    Ok(Some(listener))
}

/// The text of the metrics, with the database's figures of this moment.
pub fn exposition(database: Database, outbox: Outbox, clock: Arc<dyn Clock>) -> Exposition {
    Arc::new(move || {
        let (database, outbox, clock) = (database.clone(), outbox.clone(), Arc::clone(&clock));
        Box::pin(async move {
            let read = tokio::time::timeout(PATIENCE, read(&database, &outbox, clock.as_ref())).await;
            METRICS.database_is_up(matches!(read, Ok(Ok(()))));
            for pool in database.pools() {
                METRICS.pool_holds(pool.name, pool.used, pool.idle, pool.most);
            }
            METRICS.text().ok()
        })
    })
}

async fn read(database: &Database, outbox: &Outbox, clock: &dyn Clock) -> Result<(), StoreError> {
    let (counts, now) = (outbox.counts().await?, clock.now());
    let oldest = counts.oldest.map_or(0, |since| (now - since).num_seconds().max(0));
    METRICS.outbox_holds(counts.waiting, counts.failing, counts.dead, oldest);
    let feeds = database.feeds().await?;
    METRICS.firms_are(feeds.firms, feeds.without_directory, feeds.never);
    for (firm, at) in [("newest", feeds.newest), ("oldest", feeds.oldest)] {
        if let Some(at) = at {
            METRICS.fed(firm, at.timestamp());
        }
    }
    Ok(())
}
