//! The wire to the Bot Framework: tokens in and out, and the Connector's REST interface.

pub mod addressee;
pub mod budget;
pub mod client;
pub mod credential;
pub mod error;
pub mod files;
pub mod https;
pub mod key_cache;
pub mod keys;
pub mod probe;
pub mod refusal;
pub mod service_url;
pub mod token;
pub mod trust;
