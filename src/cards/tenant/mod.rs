//! Tenants: the lists, the choice between several, the summary of one, and what is posted of one elsewhere.

mod choice;
mod list;
mod posted;
mod service;
mod summary;

pub use choice::Choice;
pub use list::{List, Row};
pub use posted::Posted;
pub use service::{Service, Split};
pub use summary::{Assignment, Summary};
