//! The wire to the Bot Framework: tokens in and out, and the Connector's REST interface.

pub mod key_cache;
pub mod keys;
pub mod refusal;
pub mod service_url;
pub mod token;
pub mod trust;
