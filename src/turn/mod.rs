//! The grammar of one turn: who acts, through which door, what was handed in, and what may come of it.
//!
//! Begin with [`intent`]: everything that a user can do is an [`intent::Intent`]; [`turn::Turn`] is what it
//! is given to work with.

pub mod conductor;
pub mod edit;
pub mod fault;
pub mod form;
pub mod intent;
pub mod reply;
#[expect(clippy::module_inception, reason = "the turn is what this module is about")]
pub mod turn;
pub mod words;

pub use crate::store::conversation::Conversation;
pub use crate::store::outbox::Errand;
pub use crate::store::scope::Caller;
pub use conductor::{Call, Conductor, Ended, Sent};
pub use edit::{Edit, Saying};
pub use fault::Fault;
pub use form::{Fields, Malformed};
pub use intent::{Command, Entry, Intent, Ready, Topic, Usage};
pub use reply::{Choice, Hit, Reply};
pub use turn::{Place, PlaceKind, Turn};
