//! An incoming activity: a typed view, and the JSON it was read from.

use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, Value};
use uuid::Uuid;

use super::account::{Account, Conversation, ConversationKind, Mention};
use super::body::{self, BodyError};
use super::teams::ChannelData;
use super::text;
use super::wire::Wire;

/// One activity as it came in. Unknown types, names, events, entities and fields never fail; they survive
/// in [`Activity::json`].
#[derive(Debug, Clone)]
pub struct Activity {
    /// What happened.
    pub kind: Kind,
    /// The channel's id of it; the same again when it is delivered again.
    pub id: Option<String>,
    /// What was written, mentions included. See [`Activity::spoken_text`].
    pub text: Option<String>,
    /// `plain`, `markdown` or `xml`.
    pub text_format: Option<String>,
    /// The user's language, `en-GB`.
    pub locale: Option<String>,
    /// The user's IANA time zone, from the activity or from its `clientInfo`.
    pub local_timezone: Option<String>,
    /// `msteams`, or with a part after a colon, `msteams:COPILOT`.
    pub channel_id: Option<String>,
    /// Where answers go, as written. Trusted only as the verifier's `ServiceUrl` (A10).
    pub service_url: Option<String>,
    /// Who did it.
    pub from: Account,
    /// The bot.
    pub recipient: Account,
    /// Where.
    pub conversation: Conversation,
    /// The message that this one answers, or whose card was used.
    pub reply_to_id: Option<String>,
    /// Of an invoke or an event.
    pub name: Option<String>,
    /// Of an invoke, an event or a card submit: JSON, or a string that holds JSON.
    pub value: Option<Box<RawValue>>,
    /// Who came, in a `conversationUpdate`.
    pub members_added: Vec<Account>,
    /// Who went, in a `conversationUpdate`.
    pub members_removed: Vec<Account>,
    /// What an `installationUpdate` did.
    pub installation: Installation,
    /// What Teams adds.
    pub channel_data: ChannelData,
    /// Who is mentioned in the text, the bot included, in their order.
    pub mentions: Vec<Mention>,
    pub(super) json: Box<str>,
}

/// The type of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A user wrote, or submitted a card.
    Message,
    /// A message was edited or brought back.
    MessageUpdate,
    /// A message was deleted.
    MessageDelete,
    /// The roster, the team or a channel changed.
    ConversationUpdate,
    /// The app was installed, removed or renewed.
    InstallationUpdate,
    /// A question that the HTTP answer answers.
    Invoke,
    /// A named event, such as the start of a meeting.
    Event,
    /// Anything else: acknowledged and forgotten.
    Other,
}

impl Kind {
    /// What the protocol calls it; `other` for what we do not know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::MessageUpdate => "messageUpdate",
            Self::MessageDelete => "messageDelete",
            Self::ConversationUpdate => "conversationUpdate",
            Self::InstallationUpdate => "installationUpdate",
            Self::Invoke => "invoke",
            Self::Event => "event",
            Self::Other => "other",
        }
    }
}

/// The `action` of an `installationUpdate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installation {
    /// Installed.
    Added,
    /// Removed.
    Removed,
    /// One half of an upgrade; nothing begins or ends for us.
    Upgraded,
    /// Absent or unknown.
    Unknown,
}

/// The channel of Outlook and the Microsoft 365 app, which know message extensions only.
pub const MICROSOFT_365: &str = "m365extensions";

/// Who is calling (P1): the only two things that identify a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Caller {
    /// Directory (Entra tenant) of the user.
    pub directory: Uuid,
    /// Object id of the user in it.
    pub person: Uuid,
}

/// Why nobody is calling (P1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoCaller {
    /// The directory or the user is absent or no GUID.
    #[error("no directory or no user")]
    Absent,
    /// The two places that name the directory name different ones.
    #[error("two directories")]
    Disagree,
}

/// A `value` that cannot be read as what its activity says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed value")]
pub struct MalformedValue;

impl Activity {
    /// Reads a body (A8, L1).
    ///
    /// # Errors
    /// [`BodyError`]: beyond the limits, not a JSON object, or without `type` or `conversation.id`.
    pub fn parse(body: Vec<u8>) -> Result<Self, BodyError> {
        body::check(&body)?;
        let json = String::from_utf8(body).map_err(|_| BodyError::Encoding)?.into_boxed_str();
        let wire: Wire = serde_json::from_str(&json).map_err(|_| BodyError::Malformed)?;
        if wire.kind.is_empty() || wire.conversation.id.is_empty() || wire.ids().any(has_control) {
            return Err(BodyError::Incomplete);
        }
        Ok(wire.into_activity(json))
    }

    /// The whole activity as it came, unknown fields included.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The channel without the part after the colon; empty when absent.
    pub fn base_channel(&self) -> &str {
        let id = self.channel_id.as_deref().unwrap_or_default();
        id.split_once(':').map_or(id, |(base, _)| base)
    }

    /// Whether nobody but the user reads the answer (P8). A card that was posted between two people comes back from
    /// their thread, `19:…`, as from a personal chat, although the bot is no part of it: there somebody reads along.
    pub fn is_personal(&self) -> bool {
        self.conversation.kind == ConversationKind::Personal && !self.conversation.id.starts_with("19:")
    }

    /// Who is calling (P1).
    ///
    /// # Errors
    /// [`NoCaller`] tells absence from two directories that disagree.
    pub fn caller(&self) -> Result<Caller, NoCaller> {
        let directory = self.channel_data.tenant.id.as_deref().and_then(guid).ok_or(NoCaller::Absent)?;
        let person = self.from.aad_object_id.as_deref().and_then(guid).ok_or(NoCaller::Absent)?;
        match self.conversation.tenant_id.as_deref() {
            Some(other) if guid(other) != Some(directory) => Err(NoCaller::Disagree),
            _ => Ok(Caller { directory, person }),
        }
    }

    /// What the user said to the bot: the text without the bot's own mention and without non-breaking
    /// spaces. Another mention reads `@Jiří Novák`, held together by non-breaking spaces, so that whoever
    /// reads the words knows where the name ends. It is a name like one that was typed: it identifies
    /// nobody (P1).
    pub fn spoken_text(&self) -> String {
        let bot = self.recipient.id.as_deref();
        let fragments = self.mentions.iter().filter(|mention| !mention.text.is_empty());
        let (own, others): (Vec<_>, Vec<_>) = fragments.partition(|m| Some(m.id.as_str()) == bot);
        let said = self.text.clone().unwrap_or_default();
        let said = own.into_iter().fold(said, |said, mention| said.replacen(&mention.text, " ", 1));
        let said = others.into_iter().fold(text::plain_spaces(&said), |said, mention| {
            said.replacen(&text::plain_spaces(&mention.text), &mention.spoken(), 1)
        });
        said.trim().to_owned()
    }

    /// Whom the text mentions besides the bot.
    pub fn mentions(&self) -> impl Iterator<Item = &Mention> {
        let bot = self.recipient.id.as_deref();
        self.mentions.iter().filter(move |mention| Some(mention.id.as_str()) != bot)
    }

    /// Whether `account` is the bot itself.
    pub fn is_bot(&self, account: &Account) -> bool {
        account.id.is_some() && account.id == self.recipient.id
    }

    /// The inputs of a card that was submitted as a message; None when this is no such message.
    ///
    /// # Errors
    /// [`MalformedValue`]: there is a value, but it is no object.
    pub fn submitted(&self) -> Result<Option<Value>, MalformedValue> {
        if self.kind != Kind::Message || self.value.is_none() {
            return Ok(None);
        }
        let value: Value = self.value_as()?;
        if value.is_object() { Ok(Some(value)) } else { Err(MalformedValue) }
    }

    /// The value read as a `T`, whether it came as JSON or as a string of JSON. Absent reads as `null`.
    ///
    /// # Errors
    /// [`MalformedValue`]: it is no `T`, or the JSON within a string breaks the limits of [`body`].
    pub fn value_as<T: DeserializeOwned>(&self) -> Result<T, MalformedValue> {
        let value = self.value.as_deref().map_or("null", RawValue::get);
        let read = if value.starts_with('"') {
            let inner: String = serde_json::from_str(value).map_err(|_| MalformedValue)?;
            body::check(inner.as_bytes()).map_err(|_| MalformedValue)?;
            serde_json::from_str(&inner)
        } else {
            serde_json::from_str(value)
        };
        read.map_err(|_| MalformedValue)
    }
}

impl Kind {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "message" => Self::Message,
            "messageUpdate" => Self::MessageUpdate,
            "messageDelete" => Self::MessageDelete,
            "conversationUpdate" => Self::ConversationUpdate,
            "installationUpdate" => Self::InstallationUpdate,
            "invoke" => Self::Invoke,
            "event" => Self::Event,
            _ => Self::Other,
        }
    }
}

impl Installation {
    pub(super) fn of(action: Option<&str>) -> Self {
        match action {
            Some("add") => Self::Added,
            Some("remove") => Self::Removed,
            Some("add-upgrade" | "remove-upgrade") => Self::Upgraded,
            _ => Self::Unknown,
        }
    }
}

/// A GUID in its one usual form; the other forms that exist are not what Teams sends.
fn guid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// What becomes a key in a store or a part of an address holds no control characters.
fn has_control(id: &str) -> bool {
    id.contains(char::is_control)
}
