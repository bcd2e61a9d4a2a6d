//! Tenantry keeps the customer data of a FastTrack Ready Partner true, from Microsoft Teams.
//!
//! Modules in the order in which a turn meets them. Data runs one way: `http -> bot -> intents ->
//! store`; the answer returns on the same path, and whatever else leaves the house leaves as an
//! errand in `store::outbox`, carried out by `jobs`. Who may import whom is a table in
//! `docs/architecture.md`, held by a test.

/// The product's name, as the app package and every card say it (checklist 26).
pub const NAME: &str = "Tenantry";

pub mod http;

pub mod bot;

pub mod intents;

pub mod turn;

pub mod jobs;

pub mod store;

pub mod feed;

pub mod suggest;

pub mod cards;

pub mod connector;

pub mod domain;

pub mod template;

pub mod protocol;

pub mod postgres;

pub mod config;

pub mod telemetry;
