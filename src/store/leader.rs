//! Which process schedules: the one that holds an advisory lock, on a connection of its own (R8).

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, PgPool, Postgres};
use tokio::sync::Mutex;

use super::StoreError;
use super::database::MISSED_SOON;

/// The lock's key in the database: "tenantry" in ASCII.
const KEY: i64 = 0x7465_6e61_6e74_7279;

/// A claim to leadership. It is lost with the connection, so a process that dies hands over at once.
#[derive(Debug)]
pub struct Leadership {
    pool: PgPool,
    held: Mutex<Option<PoolConnection<Postgres>>>,
}

impl Leadership {
    /// A claim in this database, not made yet.
    pub fn of(pool: &PgPool) -> Self {
        Self { pool: pool.clone(), held: Mutex::new(None) }
    }

    /// Whether this process leads: it does still, or the place was free. Asked before each round of work.
    pub async fn is_held(&self) -> Result<bool, StoreError> {
        let mut held = self.held.lock().await;
        if let Some(connection) = held.as_mut() {
            if connection.ping().await.is_ok() {
                return Ok(true);
            }
            *held = None;
        }
        let mut connection = self.pool.acquire().await?;
        let taken = sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "taken!""#, KEY)
            .fetch_one(&mut *connection)
            .await?;
        if taken {
            // With the lock it never goes back to the pool, and a leader whose machine is gone is missed soon.
            connection.close_on_drop();
            sqlx::query(MISSED_SOON).execute(&mut *connection).await?;
            *held = Some(connection);
        }
        Ok(taken)
    }

    /// Hands over, so that a successor need not wait for the connection's end.
    pub async fn lay_down(&self) {
        if let Some(connection) = self.held.lock().await.take() {
            drop(connection.close().await);
        }
    }
}
