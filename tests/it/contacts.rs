//! Contacts and surveys, as a partner meets them (C1 to C11).

mod bad_input;
mod stories;

use serde_json::{Value, json};

use crate::support::bot::{Chat, Shown, World};
use crate::support::firms::CONTOSO;

/// A world whose Contoso is in Spain.
async fn world() -> World {
    let world = World::start().await;
    world.database.run("update tenant set country = 'ES' where customer_name = 'Contoso'").await;
    world
}

/// Contacts of Contoso at Alpine.
async fn contacts(world: &World) -> i64 {
    world
        .count("select count(*) from contact where partner_id = 'aaaaaaaa-0000-4000-8000-000000000001'")
        .await
}

fn at_contoso() -> Value {
    json!({ "tenant": CONTOSO, "page": 1 })
}

/// Adds a contact by the form of this kind.
async fn add(chat: &Chat<'_>, kind: &str, typed: Value) -> Shown {
    let form = chat.presses("contact.add", json!({ "tenant": CONTOSO, "kind": kind })).await;
    chat.presses("contact.save", form.sends("contact.save", typed)).await
}

fn eva() -> Value {
    json!({ "name": "Eva Novák", "email": "eva@contoso.com", "services": "exchange,migration" })
}

/// The form of the first contact in the list.
async fn opened(chat: &Chat<'_>) -> Shown {
    let list = chat.presses("contact.list", at_contoso()).await;
    chat.presses("contact.open", list.button("contact.open")).await
}
