//! The envelope of an activity as it is written, and how strictly each part of it is read.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::account::{Account, Conversation, Mention};
use super::activity::{Activity, Installation, Kind};
use super::teams::ChannelData;

/// The envelope as it is written. Fields of our interest must have their type; the rest may be anything.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wire {
    #[serde(rename = "type", default, deserialize_with = "or_default")]
    pub kind: String,
    id: Option<String>,
    text: Option<String>,
    text_format: Option<String>,
    locale: Option<String>,
    local_timezone: Option<String>,
    channel_id: Option<String>,
    service_url: Option<String>,
    #[serde(default, deserialize_with = "object")]
    from: Account,
    #[serde(default, deserialize_with = "object")]
    recipient: Account,
    #[serde(default, deserialize_with = "object")]
    pub conversation: Conversation,
    reply_to_id: Option<String>,
    name: Option<String>,
    value: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "each_known")]
    members_added: Vec<Account>,
    #[serde(default, deserialize_with = "each_known")]
    members_removed: Vec<Account>,
    #[serde(default, deserialize_with = "lenient")]
    action: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    channel_data: ChannelData,
    #[serde(default, deserialize_with = "each_known")]
    entities: Vec<Entity>,
}

/// The two entities that we read.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Entity {
    Mention {
        mentioned: Account,
        #[serde(default)]
        text: String,
    },
    ClientInfo {
        timezone: Option<String>,
    },
    #[serde(other)]
    Other,
}

impl Wire {
    /// What becomes a key in a store or a part of an address.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let ids = [&self.id, &self.reply_to_id, &self.name, &self.from.id, &self.recipient.id];
        ids.into_iter().flatten().map(String::as_str).chain([self.conversation.id.as_str()])
    }

    pub fn into_activity(self, json: Box<str>) -> Activity {
        let (mut mentions, mut client_zone) = (Vec::new(), None);
        for entity in self.entities {
            match entity {
                Entity::Mention { mentioned: Account { id: Some(id), name, .. }, text } => {
                    mentions.push(Mention { id, text, name: name.unwrap_or_default() });
                }
                Entity::ClientInfo { timezone } => client_zone = client_zone.or(timezone),
                Entity::Mention { .. } | Entity::Other => {}
            }
        }
        Activity {
            kind: Kind::of(&self.kind),
            id: self.id,
            text: self.text,
            text_format: self.text_format,
            locale: self.locale,
            local_timezone: self.local_timezone.or(client_zone),
            channel_id: self.channel_id,
            service_url: self.service_url,
            from: self.from,
            recipient: self.recipient,
            conversation: self.conversation,
            reply_to_id: self.reply_to_id,
            name: self.name,
            value: self.value,
            members_added: self.members_added,
            members_removed: self.members_removed,
            installation: Installation::of(self.action.as_deref()),
            channel_data: self.channel_data,
            mentions,
            json,
        }
    }
}

/// Null reads as absent.
pub(super) fn or_default<'de, D: Deserializer<'de>, T>(from: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
{
    Option::deserialize(from).map(Option::unwrap_or_default)
}

/// An object or null. Without this an array would be read as the object's fields in order.
fn object<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    match <Option<&'de RawValue>>::deserialize(from)? {
        None => Ok(T::default()),
        Some(raw) if raw.get().starts_with('{') => serde_json::from_str(raw.get()).map_err(D::Error::custom),
        Some(_) => Err(D::Error::custom("not an object")),
    }
}

/// Anything; what has another shape than expected reads as absent.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    from: D,
) -> Result<T, D::Error> {
    let raw = <&'de RawValue>::deserialize(from)?;
    Ok(serde_json::from_str(raw.get()).unwrap_or_default())
}

/// A list; elements of another shape than ours are left out, and so is anything that is no list.
fn each_known<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let raw = <&'de RawValue>::deserialize(from)?;
    let list: Vec<&'de RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    Ok(list.into_iter().filter_map(|raw| serde_json::from_str(raw.get()).ok()).collect())
}
