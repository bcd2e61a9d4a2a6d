//! The whole product through its front doors, on real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
mod architecture;
mod auth;
mod cards;
mod configuration;
mod connector;
mod database;
mod embedded;
mod feed;
mod isolation;
mod limits;
mod login;
mod manifest;
mod protocol;
mod support;
mod template;
