//! Memory: everything that is SQL. Partner tables are reached through a [`scope::PartnerScope`] only (P2),
//! and the database holds the same border by itself (P3).
//!
//! Begin with [`scope`], then [`desk`]: whoever writes to a tenant must own a desk at it.

pub mod address;
pub mod assignment;
pub mod audit;
pub mod change;
pub mod change_history;
pub mod compliance;
pub mod confirmation;
pub mod contact;
pub mod conversation;
pub mod database;
pub mod desk;
pub mod digest_run;
pub mod engagement_start;
pub mod error;
pub mod feed;
pub mod forecast;
pub mod gap_day;
pub mod grid;
pub mod health;
pub mod leader;
pub mod lore;
pub mod migration;
pub mod note;
pub mod note_history;
pub mod outbox;
pub mod person;
pub mod privacy;
pub mod receipt;
pub mod scenario;
pub mod scope;
pub mod service;
pub mod service_page;
pub mod subscription;
pub mod suggestion;
pub mod taxonomy;
pub mod tenant;
pub mod tenant_page;

pub use database::Database;
pub use error::StoreError;
