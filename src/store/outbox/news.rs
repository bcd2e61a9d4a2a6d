//! What workers hear of each other: that there are new rows, and how many workers there are (R5).

use sqlx::postgres::PgListener;

use super::Outbox;
use crate::store::StoreError;
use crate::store::database::MISSED_SOON;

/// The key of the lock that every worker shares for as long as it listens: "workers" in ASCII.
const WORKERS: i64 = 0x0077_6f72_6b65_7273;

/// What was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Rows were committed, by this process or another.
    Rows,
    /// A worker has come, perhaps this one. There may be new rows, too.
    Worker,
}

/// News of rows and workers, for a worker that is counted as one while it listens.
#[derive(Debug)]
pub struct Announcements {
    listener: PgListener,
    first: bool,
}

impl Announcements {
    /// Waits until something is announced. When the connection was lost and found again, nobody knows what was
    /// announced meanwhile.
    pub async fn next(&mut self) -> Result<News, StoreError> {
        if std::mem::take(&mut self.first) {
            return Ok(News::Worker);
        }
        match self.listener.try_recv().await? {
            Some(announced) if announced.payload().is_empty() => Ok(News::Rows),
            Some(_) => Ok(News::Worker),
            None => {
                self.join().await?;
                Ok(News::Worker)
            }
        }
    }

    /// Is counted from here on, until the connection ends, and tells the others.
    async fn join(&mut self) -> Result<(), StoreError> {
        sqlx::query(MISSED_SOON).execute(&mut self.listener).await?;
        sqlx::query!("select pg_advisory_lock_shared($1), pg_notify('outbox', 'worker')", WORKERS)
            .execute(&mut self.listener)
            .await?;
        Ok(())
    }
}

impl Outbox {
    /// Begins to listen for new rows, and to be counted as a worker. The first announcement comes at once, for what
    /// was there before.
    pub async fn announcements(&self) -> Result<Announcements, StoreError> {
        let mut listener = PgListener::connect_with(&self.0).await?;
        listener.listen("outbox").await?;
        let mut announcements = Announcements { listener, first: true };
        announcements.join().await?;
        Ok(announcements)
    }

    /// How many workers listen on this database, in all processes.
    pub async fn workers(&self) -> Result<usize, StoreError> {
        let count = sqlx::query_scalar!(
            r#"
            select count(*) as "count!"
            from pg_locks
            where locktype = 'advisory' and granted
                and (classid::bigint << 32 | objid::bigint) = $1 and objsubid = 1
                and database = (select oid from pg_database where datname = current_database())
            "#,
            WORKERS
        )
        .fetch_one(&self.0)
        .await?;
        Ok(usize::try_from(count).unwrap_or(0))
    }
}
