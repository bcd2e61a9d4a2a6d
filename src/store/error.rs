//! What can go wrong between the program and its database.

use std::borrow::Cow;

/// A failed statement, by what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or is too busy: try later (R10).
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// The transaction lost against another one: run it again (R10).
    #[error("the transaction must run again")]
    Again(#[source] sqlx::Error),
    /// The statement or the data is wrong: our mistake.
    #[error("the database refused a statement")]
    Broken(#[source] sqlx::Error),
}

/// SQLSTATE codes of transactions that lost: serialization failure, deadlock.
const LOST: [&str; 2] = ["40001", "40P01"];
/// Classes and codes of a server that is busy or going away: connection, resources, operator, lock timeout.
const AWAY: [&str; 5] = ["08", "53", "57", "58", "55P03"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).map(Cow::into_owned);
        match (&error, code) {
            (_, Some(code)) if LOST.contains(&code.as_str()) => Self::Again(error),
            (_, Some(code)) if AWAY.iter().any(|&away| code.starts_with(away)) => Self::Unavailable(error),
            (
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Tls(_),
                _,
            ) => Self::Unavailable(error),
            _ => Self::Broken(error),
        }
    }
}
