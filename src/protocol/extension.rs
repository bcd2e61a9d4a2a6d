//! What a message extension is asked for besides searches: an action on a message, and a link that was pasted.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::activity::{Activity, MalformedValue};
use super::html;
use super::invoke::value_of;
use super::wire::lenient;

/// An action of the message extension begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// The command of the manifest; never empty.
    pub command: String,
    /// The message that it was chosen on; `None`: it was chosen elsewhere.
    pub message: Option<Quoted>,
}

/// A message of some chat, as Teams hands it over. Claims of the client, all of it (P6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quoted {
    /// What it says, in plain text; empty for a message that is only a card, a picture or a file.
    pub text: String,
    /// Where it stands; empty where nobody knows.
    pub link: String,
    /// When it was written.
    pub written: Option<DateTime<Utc>>,
}

/// A link to one of our hosts that somebody pasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The whole address. A claim of the client.
    pub url: String,
    /// Whether nobody says who pasted it.
    pub anonymous: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAction {
    command_id: String,
    #[serde(default, deserialize_with = "lenient")]
    message_payload: Option<WireMessage>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireMessage {
    #[serde(deserialize_with = "lenient")]
    body: WireBody,
    #[serde(deserialize_with = "lenient")]
    link_to_message: String,
    #[serde(deserialize_with = "lenient")]
    created_date_time: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WireBody {
    content_type: Option<String>,
    content: Option<String>,
}

#[derive(Deserialize)]
struct WireLink {
    url: String,
}

impl Action {
    pub(super) fn of(activity: &Activity) -> Result<Self, MalformedValue> {
        let wire: WireAction = value_of(activity)?;
        if wire.command_id.is_empty() {
            return Err(MalformedValue);
        }
        Ok(Self { command: wire.command_id, message: wire.message_payload.map(WireMessage::quoted) })
    }
}

impl WireMessage {
    fn quoted(self) -> Quoted {
        let content = self.body.content.unwrap_or_default();
        let is_plain = self.body.content_type.is_some_and(|kind| kind.eq_ignore_ascii_case("text"));
        Quoted {
            text: if is_plain { content } else { html::plain(&content) },
            link: self.link_to_message,
            written: self.created_date_time,
        }
    }
}

impl Link {
    pub(super) fn of(activity: &Activity, anonymous: bool) -> Result<Self, MalformedValue> {
        let WireLink { url } = value_of(activity)?;
        Ok(Self { url, anonymous })
    }
}
