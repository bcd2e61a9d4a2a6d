//! Personal data (Y1): which columns hold it, and what an export and an erasure do with each (G1).
//!
//! [`COLUMNS`] is the one list. The database works by its own copy of it, `personal_columns()`, and a test holds
//! both against each other and against the schema, so that no column with words in it can be forgotten.

mod columns;
mod people;
pub mod request;
mod traces;

pub use columns::{COLUMNS, Column, Holds};
pub use people::{Known, MOST, Meant, find};
pub use request::Deed;
pub use traces::{ERASED, Traces};

use crate::domain::text::search_key;

/// What an erasure does with a personal column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// The row is about the person: it goes.
    Row,
    /// Words about something else: what names the person is struck out, the rest stays.
    Strike,
    /// A copy for a repeat or for sending: forgotten whole when it names the person.
    Forget,
    /// Who holds a role, by name: the name becomes a mark that tells nobody who it was.
    Mark,
    /// A person of the firm: the row stays, because others point at it, and says nothing any more.
    Empty,
}

impl Erasure {
    /// The word that the database uses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Strike => "strike",
            Self::Forget => "forget",
            Self::Mark => "mark",
            Self::Empty => "empty",
        }
    }
}

/// What people call somebody: an address in lower case where there is one, else the name. Two writings of the same
/// address are the same person.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject(String);

impl Subject {
    /// The person with this address, or of this name where no address is known.
    pub fn new(address_or_name: &str) -> Self {
        let typed = address_or_name.trim();
        Self(if typed.contains('@') { typed.to_lowercase() } else { typed.to_owned() })
    }

    /// The address, if it is one.
    pub fn address(&self) -> Option<&str> {
        self.0.contains('@').then_some(&self.0)
    }

    /// Address or name.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What the firm's fingerprint of the person is made of.
    pub fn key(&self) -> String {
        key(&self.0)
    }
}

/// What the fingerprint of somebody is made of, who is called so in a feed: the address, or the folded name.
pub fn key(address_or_name: &str) -> String {
    if address_or_name.contains('@') { address_or_name.to_lowercase() } else { search_key(address_or_name) }
}

/// Personal (G2).
impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
