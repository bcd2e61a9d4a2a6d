//! Whom a message is from and to, as the channel wants it said (TEAMS-PROTOCOL 2.2).

use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The two ends of a conversation. The channel answers 403 to a message that names no directory, so all that is known
/// goes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee<'a> {
    /// The conversation's id.
    pub conversation: &'a str,
    /// The Entra directory that the conversation lives in.
    pub directory: Uuid,
    /// The bot's id there, `28:…`.
    pub bot: &'a str,
    /// Personal chat: the Teams id of the person, `29:…`.
    pub user: Option<&'a str>,
    /// Personal chat: the Entra object id of the person.
    pub object: Option<Uuid>,
}

impl Addressee<'_> {
    /// `activity`, which has a type and a content, from us and to this conversation; as the answer to the message
    /// `reply_to` where that is given.
    pub fn address(&self, mut activity: Value, reply_to: Option<&str>) -> Value {
        let Some(members) = activity.as_object_mut() else { return activity };
        members.insert("from".to_owned(), json!({"id": self.bot}));
        members
            .insert("conversation".to_owned(), json!({"id": self.conversation, "tenantId": self.directory}));
        if let Some(user) = self.user {
            // An object id that is not known is left out on the wire.
            members.insert("recipient".to_owned(), json!({"id": user, "aadObjectId": self.object}));
        }
        if let Some(id) = reply_to {
            members.insert("replyToId".to_owned(), json!(id));
        }
        let channel_data = members.entry("channelData").or_insert_with(|| Map::new().into());
        if let Some(channel_data) = channel_data.as_object_mut() {
            channel_data.insert("tenant".to_owned(), json!({"id": self.directory}));
        }
        activity
    }
}
