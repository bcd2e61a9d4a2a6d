//! The whole product through its front doors, on real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a test's tasks end with its runtime")]
mod architecture;
mod assignments;
mod auth;
mod cards;
mod chat;
mod compliance;
mod configuration;
mod connector;
mod contacts;
mod database;
mod digest;
mod editors;
mod edits;
mod embedded;
mod engagement_start;
mod feed;
mod forecast;
mod hostile;
mod isolation;
mod limits;
mod login;
mod lookup;
mod manifest;
mod matrix;
mod migration;
mod outbox;
mod privacy;
mod protocol;
mod receipts;
mod rights;
mod status;
mod suggestions;
mod support;
mod template;
mod worker;
