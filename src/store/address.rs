//! Where a message goes: the sender's view of a conversation.

use uuid::Uuid;

use crate::domain::id::{Id, Partner};

/// A conversation as the sender needs it. What it says of the service address is untrusted until checked (N1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The firm that the conversation belongs to.
    pub partner: Id<Partner>,
    /// The channel's id of the conversation.
    pub conversation: String,
    /// The service address that the channel told us last.
    pub service_url: String,
    /// The Entra directory that the conversation lives in.
    pub directory: Uuid,
    /// The bot's id there, `28:…`.
    pub bot: String,
    /// Personal chat: the Teams id of the person, `29:…`.
    pub user: Option<String>,
    /// Personal chat: the Entra object id of the person.
    pub object: Option<Uuid>,
}
