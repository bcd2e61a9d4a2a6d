//! Who takes part: accounts, conversations, mentions.

use serde::Deserialize;

/// A user (`29:…`) or a bot (`28:…`) as one channel knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Account {
    /// The channel's own id. It identifies nobody to us (P1): only where to send.
    pub id: Option<String>,
    /// The display name. It identifies nobody (P1).
    pub name: Option<String>,
    /// The user's object id in their directory; bots have none.
    pub aad_object_id: Option<String>,
}

/// Where an activity took place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Conversation {
    /// `a:…`, `19:…@thread.v2`, `19:…@thread.tacv2;messageid=…`. Never empty in a read activity.
    #[serde(deserialize_with = "super::wire::or_default")]
    pub id: String,
    /// `personal`, `groupChat`, `channel`, or a kind we do not know.
    #[serde(rename = "conversationType", deserialize_with = "super::wire::or_default")]
    pub kind: ConversationKind,
    /// The directory, often absent in channels.
    pub tenant_id: Option<String>,
}

/// How many people may read along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConversationKind {
    /// One person and the bot.
    Personal,
    /// A chat of several people, or of a meeting.
    GroupChat,
    /// A channel of a team.
    Channel,
    /// Absent or unknown: treated as if others read along (P8).
    #[default]
    #[serde(other)]
    Unknown,
}

/// Somebody named in a message: the `<at>` fragment and who is meant by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The channel's id of who is meant.
    pub id: String,
    /// The fragment as it stands in the text, `<at>Ann</at>`.
    pub text: String,
    /// The display name. It identifies nobody (P1).
    pub name: String,
}

impl Mention {
    /// `@Ann Smith`, with non-breaking spaces within the name.
    pub(super) fn spoken(&self) -> String {
        let written = super::text::plain_spaces(&self.text);
        let inner = written.trim_start_matches("<at>").trim_end_matches("</at>");
        let name = if self.name.trim().is_empty() { inner } else { &self.name };
        format!("@{}", name.split_whitespace().collect::<Vec<_>>().join("\u{a0}"))
    }
}
