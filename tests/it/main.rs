//! The whole product through its front doors, on real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod architecture;
mod configuration;
mod auth;
mod database;
mod feed;
mod embedded;
mod isolation;
mod manifest;
mod limits;
mod protocol;
mod support;
mod template;
