//! One thing that a user can do, and the doors that lead to it.

use std::future::Future;
use std::pin::Pin;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Fault, Fields, Malformed, Reply, Turn};
use crate::cards::Card;
use crate::domain::id::{Id, Tenant};
use crate::domain::link::Links;
use crate::domain::note::Draft;
use crate::store::tenant_page::TenantPage;

/// One thing that a user can do. The verb of a card button is its name.
pub trait Intent: Sized + Send + 'static {
    /// The verb, for example `note.save`.
    const NAME: &'static str;
    /// Whether it changes anything: then a repeat must have no second effect (R1).
    const WRITES: bool = false;

    /// Reads what a card handed in.
    fn from_fields(fields: &Fields) -> Result<Self, Malformed>;

    /// The form that this submit came from, so that sending it twice has one effect (R1).
    fn submission(&self) -> Option<String> {
        None
    }

    /// Set where all that is asked for is a tenant's card: that needs one statement instead of a turn.
    fn look(&self) -> Option<Look> {
        None
    }

    /// Does it.
    fn run(self, turn: &mut Turn) -> impl Future<Output = Result<Reply, Fault>> + Send;
}

/// One look at a tenant.
#[derive(Clone, Copy)]
pub struct Look {
    /// The tenant.
    pub tenant: Id<Tenant>,
    /// The card of what is there; of nothing, the refusal.
    pub face: Face,
}

/// The card of what is there.
pub type Face = fn(Option<&TenantPage>, Sight<'_>) -> Result<Card, Fault>;

/// How a reader looks at what is there: on their own calendar, and with links to it.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The reader's time zone.
    pub zone: Tz,
    /// The links of this installation.
    pub links: &'a Links,
}

/// The outcome of a turn, while it is still being worked on.
pub type Outcome<'t> = Pin<Box<dyn Future<Output = Result<Reply, Fault>> + Send + 't>>;

/// An intent that is read and can be run, whatever its type.
pub trait Ready: Send {
    /// See [`Intent::NAME`].
    fn name(&self) -> &'static str;
    /// Whether it changes anything.
    fn writes(&self) -> bool;
    /// See [`Intent::submission`].
    fn submission(&self) -> Option<String>;
    /// See [`Intent::look`].
    fn look(&self) -> Option<Look>;
    /// Does it.
    fn run(self: Box<Self>, turn: &mut Turn) -> Outcome<'_>;
}

impl<I: Intent> Ready for I {
    fn name(&self) -> &'static str {
        I::NAME
    }

    fn writes(&self) -> bool {
        I::WRITES
    }

    fn submission(&self) -> Option<String> {
        Intent::submission(self)
    }

    fn look(&self) -> Option<Look> {
        Intent::look(self)
    }

    fn run(self: Box<Self>, turn: &mut Turn) -> Outcome<'_> {
        Box::pin(Intent::run(*self, turn))
    }
}

/// A line of the table of intents.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The verb.
    pub name: &'static str,
    /// Reads what a card handed in.
    pub read: fn(&Fields) -> Result<Box<dyn Ready>, Malformed>,
}

impl Entry {
    /// The line of `I`.
    pub const fn of<I: Intent>() -> Self {
        Self { name: I::NAME, read: |fields| Ok(Box::new(I::from_fields(fields)?)) }
    }
}

/// Words that are no use of a command: the command's own usage line helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage;

/// What a command is about, in the order of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Finding and looking.
    Tenants,
    /// Status notes and what was done.
    Notes,
    /// The fields of a service.
    Services,
    /// The customer's people.
    Contacts,
    /// The firm's people.
    Assignments,
    /// What is red, and who is told.
    Compliance,
    /// What a person may ask for.
    Privacy,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Tenants,
        Self::Notes,
        Self::Services,
        Self::Contacts,
        Self::Assignments,
        Self::Compliance,
        Self::Privacy,
    ];

    /// The heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Tenants => "Tenants",
            Self::Notes => "Status notes and history",
            Self::Services => "Plans of a service",
            Self::Contacts => "Contacts and surveys",
            Self::Assignments => "Who works on what",
            Self::Compliance => "What is red",
            Self::Privacy => "Privacy requests",
        }
    }
}

/// A line of the table of chat commands.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// The command's word, and what else people call it.
    pub words: &'static [&'static str],
    /// How it is written, for example `note <tenant>: <text>`.
    pub usage: &'static str,
    /// What it does, in one line.
    pub says: &'static str,
    /// Where the help has it.
    pub topic: Topic,
    /// Whether Teams lists it beside the input box, which has room for ten.
    pub listed: bool,
    /// Reads what follows the word.
    pub hear: fn(&str) -> Result<Box<dyn Ready>, Usage>,
}

impl Command {
    /// The command's own word.
    pub fn word(&self) -> &'static str {
        self.words.first().copied().unwrap_or_default()
    }
}

/// The note form's typed fields, by the ids of its inputs.
pub fn draft(fields: &Fields) -> Result<Draft, Malformed> {
    Ok(Draft {
        status: fields.text("status")?,
        status_date: fields.text("status_date")?,
        body: fields.text("body")?,
        next_action: fields.text("next_action")?,
        next_action_date: fields.text("next_action_date")?,
        next_action_owner: fields.text("next_action_owner")?,
    })
}
