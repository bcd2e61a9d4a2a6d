//! Tenants: the lists, the choice between several, and the summary of one.

mod choice;
mod list;
mod service;
mod summary;

pub use choice::Choice;
pub use list::{List, Row};
pub use service::{Service, Split};
pub use summary::{Assignment, Summary};
