//! What a user can do: one file for each business noun. An intent is the use case; there is no layer below it
//! that only forwards.
//!
//! Begin with [`registry`]: two tables hold everything that a card button or a chat line can call.

pub mod amend;
pub mod assignment;
pub mod change;
mod chat_line;
pub mod compliance;
pub mod confirm;
pub mod contact;
pub mod digest;
pub mod engagement_start;
pub mod forecast;
pub mod help;
pub mod history;
pub mod lookup;
pub mod message_note;
pub mod migration;
pub mod note;
pub mod privacy;
pub mod registry;
pub mod scenario;
pub mod search;
pub mod service;
pub mod smalltalk;
pub mod status;
pub mod suggestion;
pub mod tenant;
pub mod undo;
