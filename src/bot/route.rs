//! What an activity asks for, before anybody knows who asks.

use serde_json::Value;

use crate::protocol::activity::{Activity, Installation, Kind, MICROSOFT_365};
use crate::protocol::answer::Answer;
use crate::protocol::extension::{Action, Link};
use crate::protocol::invoke::{Dialog, FileConsent, Invoke, Query, Search, Trigger};
use crate::turn::Fields;

/// The way that a payload came in, and so the shape that its answer must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A chat message: answered by a message.
    Chat,
    /// A button that sends a message, for clients that know no better: answered by a message.
    Submit,
    /// A button of a card: answered in place.
    Card,
    /// A card that asks for its reader's own view by itself: answered in place, and nothing is written.
    View,
    /// A dialog: answered by the dialog's next card.
    Dialog,
    /// A dialog on a message, in whatever chat: answered by the dialog's next card.
    MessageDialog,
    /// A link that was pasted, in whatever chat: answered by one row.
    Link,
    /// A search from the box where people write, in whatever chat: answered by rows.
    Search,
    /// An input while somebody types into it: answered by choices.
    Typing,
}

impl Door {
    /// Whether the chat may be one that the bot is no part of: others read along, nothing can be sent there, and no
    /// address is kept.
    pub fn is_elsewhere(self) -> bool {
        matches!(self, Self::View | Self::MessageDialog | Self::Link | Self::Search | Self::Typing)
    }
}

/// Where an activity leads.
#[derive(Debug)]
pub enum Route {
    /// Somebody said something.
    Words(String),
    /// Somebody used a card or a dialog.
    Verb(Door, String, Fields),
    /// Somebody chose one of our actions on a message.
    OnMessage(Action),
    /// Somebody pasted a link of ours.
    Linked(Link),
    /// Somebody looks something up from the box where they write.
    Query(Query),
    /// Somebody types into an input with a long list.
    Typed(Search),
    /// Somebody edited what they had said.
    Amended(String),
    /// The bot was added to a conversation.
    Added,
    /// The bot was removed from one.
    Removed,
    /// Somebody takes a file that was offered, or does not want it.
    File(FileConsent),
    /// Nothing to do but to answer so.
    Answered(Answer),
}

/// Reads the activity's kind, name and value. Never fails: what we do not know is acknowledged, or refused
/// in the words that the protocol has for it.
pub fn route(activity: &Activity) -> Route {
    if activity.base_channel() == MICROSOFT_365 {
        return beside_teams(activity);
    }
    match activity.kind {
        Kind::Message => message(activity),
        Kind::MessageUpdate if activity.channel_data.is_event("editMessage") => {
            Route::Amended(activity.spoken_text())
        }
        Kind::ConversationUpdate if activity.members_added.iter().any(|member| activity.is_bot(member)) => {
            Route::Added
        }
        Kind::ConversationUpdate if activity.members_removed.iter().any(|member| activity.is_bot(member)) => {
            Route::Removed
        }
        Kind::InstallationUpdate => match activity.installation {
            Installation::Added => Route::Added,
            Installation::Removed => Route::Removed,
            Installation::Upgraded | Installation::Unknown => Route::Answered(Answer::accepted()),
        },
        Kind::Invoke => invoke(activity),
        _ => Route::Answered(Answer::accepted()),
    }
}

/// From Outlook and the Microsoft 365 app: what a message extension does, and nothing else. The bot is no part of any
/// conversation there, so it keeps no address and cards have no buttons that it would answer (checklist 131).
fn beside_teams(activity: &Activity) -> Route {
    if activity.kind != Kind::Invoke {
        return Route::Answered(Answer::accepted());
    }
    match invoke(activity) {
        route @ (Route::OnMessage(_)
        | Route::Verb(Door::MessageDialog, ..)
        | Route::Linked(_)
        | Route::Query(_)
        | Route::Typed(_)
        | Route::Answered(_)) => route,
        _ => Route::Answered(Answer::not_implemented()),
    }
}

fn message(activity: &Activity) -> Route {
    match activity.submitted() {
        Ok(Some(Value::Object(mut data))) => match data.remove("verb") {
            Some(Value::String(verb)) => Route::Verb(Door::Submit, verb, data.into()),
            _ => Route::Verb(Door::Submit, String::new(), Fields::default()),
        },
        Ok(_) => Route::Words(activity.spoken_text()),
        Err(_) => Route::Verb(Door::Submit, String::new(), Fields::default()),
    }
}

/// What a card may ask for by itself when it comes into view.
const REFRESHING: [&str; 2] = ["tenant.show", "digest.show"];

fn invoke(activity: &Activity) -> Route {
    match Invoke::of(activity) {
        // A card that comes into view must not change anything: its own buttons do that.
        Ok(Invoke::CardAction(action))
            if action.trigger == Trigger::Automatic && !REFRESHING.contains(&action.verb.as_str()) =>
        {
            Route::Answered(Answer::bad_request("This card does not refresh by itself."))
        }
        Ok(Invoke::CardAction(action)) => {
            let door = if action.trigger == Trigger::Automatic { Door::View } else { Door::Card };
            Route::Verb(door, action.verb, action.data.into())
        }
        Ok(Invoke::DialogFetch(dialog) | Invoke::DialogSubmit(dialog)) => sent(Door::Dialog, dialog),
        Ok(Invoke::ActionFetch(action)) => Route::OnMessage(action),
        Ok(Invoke::ActionSubmit(dialog)) => sent(Door::MessageDialog, dialog),
        Ok(Invoke::Link(link)) => Route::Linked(link),
        Ok(Invoke::Query(query)) => Route::Query(query),
        Ok(Invoke::Search(search)) => Route::Typed(search),
        Ok(Invoke::FileConsent(consent)) => Route::File(consent),
        Ok(Invoke::Unnamed) => Route::Answered(Answer::accepted()),
        Ok(Invoke::Unknown(_)) => Route::Answered(Answer::not_implemented()),
        Err(malformed) => Route::Answered(Answer::malformed(&malformed)),
    }
}

/// A dialog names its verb among its data.
fn sent(door: Door, dialog: Dialog) -> Route {
    let mut data = dialog.data;
    let verb = data.remove("verb").and_then(|verb| verb.as_str().map(str::to_owned));
    Route::Verb(door, verb.unwrap_or_default(), data.into())
}
