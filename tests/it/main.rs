//! The whole product through its front doors, on real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a test fails by panicking")]
mod protocol;
mod support;
