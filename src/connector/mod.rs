//! The wire to the Bot Framework: tokens in and out, and the Connector's REST interface.

pub mod service_url;
