//! One errand, one call: makes the whole activity of what the turn had to say, and hands it to the Connector.

use serde_json::{Value, json};

use crate::connector::addressee::Addressee;
use crate::connector::client::{Connector, Sent};
use crate::connector::error::SendError;
use crate::connector::service_url::ServiceUrl;
use crate::store::address::Address;
use crate::store::outbox::Errand;

/// Does `errand` in the conversation of `address`, whose service address is `at`.
pub async fn send(
    connector: &Connector,
    at: &ServiceUrl,
    address: &Address,
    errand: &Errand,
) -> Result<Sent, SendError> {
    let to = addressee(address);
    match errand {
        Errand::Send { activity } => {
            connector.send(at, to.conversation, &to.address(activity.clone(), None)).await
        }
        Errand::Reply { activity_id, activity } => {
            let activity = to.address(activity.clone(), Some(activity_id));
            connector.reply(at, to.conversation, activity_id, &activity).await
        }
        Errand::Update { activity_id, activity } => {
            let activity = named(to.address(activity.clone(), None), activity_id);
            connector.update(at, to.conversation, activity_id, &activity).await
        }
        Errand::Delete { activity_id } => {
            connector.delete(at, to.conversation, activity_id).await.map(|()| Sent::default())
        }
    }
}

fn addressee(address: &Address) -> Addressee<'_> {
    Addressee {
        conversation: &address.conversation,
        directory: address.directory,
        bot: &address.bot,
        user: address.user.as_deref(),
        object: address.object,
    }
}

fn named(mut activity: Value, id: &str) -> Value {
    if let Some(members) = activity.as_object_mut() {
        members.insert("id".to_owned(), json!(id));
    }
    activity
}
