//! Where an activity came from, as an answer needs it.

use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::cards::Card;
use crate::connector::service_url::ServiceUrl;
use crate::domain::when::DayOrder;
use crate::protocol::account::ConversationKind;
use crate::protocol::activity::Activity;
use crate::protocol::text::mention;
use crate::turn::{Caller, Conversation, Place, PlaceKind};

/// The conversation, the bot's and the user's ids in it, and the message that is answered.
#[derive(Debug, Clone)]
pub struct Address {
    /// Where the Connector is. Vouched for (A10).
    pub service_url: ServiceUrl,
    /// The conversation.
    pub conversation: String,
    /// The activity that is answered.
    pub activity: Option<String>,
    /// The message whose card was used.
    pub card_message: Option<String>,
    directory: Option<String>,
    bot: Option<String>,
    user: Option<String>,
    object: Option<String>,
    kind: ConversationKind,
    team: Option<String>,
    zone: Option<Tz>,
}

impl Address {
    /// The address of an activity's answer.
    pub fn of(activity: &Activity, service_url: &ServiceUrl) -> Self {
        Self {
            service_url: service_url.clone(),
            conversation: activity.conversation.id.clone(),
            activity: activity.id.clone(),
            card_message: activity.reply_to_id.clone(),
            directory: activity.channel_data.tenant.id.clone(),
            bot: activity.recipient.id.clone(),
            user: activity.from.id.clone(),
            object: activity.from.aad_object_id.clone(),
            kind: kind(activity),
            team: activity.channel_data.team.id.clone(),
            zone: known_zone(activity),
        }
    }

    /// A message with the card, to this address. Ids of directory and object go along: sends without
    /// them have been refused. No member is null.
    pub fn message(&self, card: &Card) -> Value {
        let mut message = card.message();
        put(&mut message, "/conversation", "id", Some(&self.conversation));
        put(&mut message, "/from", "id", self.bot.as_deref());
        if self.kind == ConversationKind::Personal {
            put(&mut message, "/recipient", "id", self.user.as_deref());
            put(&mut message, "/recipient", "aadObjectId", self.object.as_deref());
        }
        put(&mut message, "/conversation", "tenantId", self.directory.as_deref());
        put(&mut message, "/channelData/tenant", "id", self.directory.as_deref());
        message
    }

    /// The message with a mention of who wrote, by the name that they have (checklist 76). The id is the
    /// channel's own word, not the user's (O3).
    pub fn mentioning(&self, mut message: Value, name: &str) -> Value {
        if let Some(user) = self.user.as_deref().filter(|_| !name.is_empty()) {
            let (text, entity) = mention(user, name);
            put(&mut message, "", "text", Some(&format!("{text} added me to this conversation.")));
            put(&mut message, "", "textFormat", Some("xml"));
            if let Value::Object(members) = &mut message {
                members.insert("entities".to_owned(), json!([entity]));
            }
        }
        message
    }

    /// The sign that an answer is being made.
    pub fn typing(&self) -> Value {
        let mut typing = json!({ "type": "typing", "conversation": { "id": self.conversation } });
        put(&mut typing, "/from", "id", self.bot.as_deref());
        typing
    }

    /// The place, as a turn sees it.
    pub fn place(&self, message: Option<&str>) -> Place {
        let personal = self.kind == ConversationKind::Personal;
        Place {
            kind: if personal { PlaceKind::Personal } else { PlaceKind::Shared },
            conversation: self.conversation.clone(),
            message: message.map(str::to_owned),
        }
    }

    /// Whether only one person reads along.
    pub fn is_personal(&self) -> bool {
        self.kind == ConversationKind::Personal
    }

    /// The conversation, as the store keeps it.
    pub fn conversation(&self, caller: Caller) -> Conversation {
        let personal = self.is_personal();
        Conversation {
            id: self.conversation.clone(),
            kind: match self.kind {
                ConversationKind::Personal => "personal",
                ConversationKind::Channel => "channel",
                ConversationKind::GroupChat | ConversationKind::Unknown => "group_chat",
            },
            service_url: self.service_url.to_string(),
            directory: caller.directory,
            bot_id: self.bot.clone().unwrap_or_default(),
            user_id: self.user.clone().filter(|_| personal),
            object: personal.then_some(caller.object),
            team_id: self.team.clone(),
            zone: self.zone.filter(|_| personal),
        }
    }
}

/// What kind of place it is: personal only where nobody reads along.
fn kind(activity: &Activity) -> ConversationKind {
    match activity.conversation.kind {
        ConversationKind::Personal if !activity.is_personal() => ConversationKind::GroupChat,
        kind => kind,
    }
}

/// Sets a member of an object within `message`, making the objects on the way; an absent value sets nothing.
fn put(message: &mut Value, path: &str, name: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    let mut at = message;
    for step in path.split('/').filter(|step| !step.is_empty()) {
        let Value::Object(members) = at else { return };
        at = members.entry(step).or_insert_with(|| json!({}));
    }
    if let Value::Object(members) = at {
        members.insert(name.to_owned(), value.into());
    }
}

/// What comes first in the user's dates of bare numbers, by the language of their client.
pub fn day_order(activity: &Activity) -> Option<DayOrder> {
    activity.locale.as_deref().and_then(DayOrder::of_locale)
}

/// The user's time zone; UTC where the client tells none that we know.
pub fn zone(activity: &Activity) -> Tz {
    known_zone(activity).unwrap_or(Tz::UTC)
}

fn known_zone(activity: &Activity) -> Option<Tz> {
    activity.local_timezone.as_deref().and_then(|name| name.parse().ok())
}
