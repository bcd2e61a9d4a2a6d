//! An activity becomes a door, a name and a payload; a reply becomes an answer.
//!
//! Begin with [`dispatch`]: the one function that handles an activity. Knows Teams and the intents, and
//! nothing of SQL or HTTP.

pub mod address;
pub mod dispatch;
mod extension;
pub mod file;
pub mod limit;
pub mod manifest;
pub mod messenger;
pub mod page;
pub mod respond;
pub mod route;

pub use dispatch::{Bot, Parts};
