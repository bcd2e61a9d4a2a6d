//! The whole product through its front doors, on real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod database;
mod feed;
mod protocol;
mod support;
