//! The one table of reply and door: what the HTTP answer is. A message is answered by a message, so its HTTP
//! answer only acknowledges; a card, a dialog and a search are answered in place.

use serde_json::Value;
use serde_json::value::RawValue;

use super::route::Door;
use crate::cards::tenant::Posted;
use crate::cards::{Card, notices, render, text};
use crate::protocol::answer::{Answer, Choice, DialogSize, SearchRow};
use crate::turn::{self, Hit, Reply};

/// The database is away. A message is left to be delivered again; a card says so at once (R10).
const AWAY: &str = "The database does not answer. Nothing was saved; please try again in a minute.";

/// What a turn answers.
pub fn reply(door: Door, reply: Reply) -> Answer {
    match (door, reply) {
        (door, Reply::Card(shown)) => card(door, shown),
        (Door::Search | Door::Link, Reply::Found(hits)) => Answer::results(hits.into_iter().map(row)),
        (Door::Typing, Reply::Choices(found)) => Answer::choices(found.into_iter().map(choice).collect()),
        _ => nothing(door),
    }
}

/// What a search found, on cards that need no answer to a button: outside Teams there is none (checklist 131).
///
/// # Errors
/// A card is no JSON: a fault of ours.
pub fn without_buttons(reply: Reply) -> serde_json::Result<Reply> {
    let Reply::Found(hits) = reply else { return Ok(reply) };
    let bare = |mut hit: Hit| {
        let card = serde_json::from_str(hit.card.content.get())?;
        hit.card.content = serde_json::value::to_raw_value(&unpressed(card))?.into();
        Ok(hit)
    };
    Ok(Reply::Found(hits.into_iter().map(bare).collect::<serde_json::Result<_>>()?))
}

/// The card without each `Action.Execute`, and without what held only those.
fn unpressed(card: Value) -> Value {
    let is = |part: &Value, kind: &str| part.get("type").is_some_and(|found| found == kind);
    let is_empty = |part: &Value| part.get("actions").and_then(Value::as_array).is_some_and(Vec::is_empty);
    let is_left = |part: &Value| !(is(part, "Action.Execute") || is(part, "ActionSet") && is_empty(part));
    match card {
        Value::Array(parts) => parts.into_iter().map(unpressed).filter(is_left).collect(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, member)| (name, unpressed(member)));
            members.filter(|(_, member)| is_left(member)).collect()
        }
        other => other,
    }
}

fn row(hit: Hit) -> SearchRow {
    SearchRow { card: hit.card.content.into(), title: hit.title, text: hit.text }
}

fn choice(found: turn::Choice) -> Choice {
    Choice { title: found.title, value: found.value }
}

/// A card to show.
pub fn card(door: Door, card: Card) -> Answer {
    match door {
        Door::Card | Door::View => Answer::card(card.content),
        Door::Dialog | Door::MessageDialog => dialog(&card.summary, &card.content),
        Door::Link => closed_link(),
        Door::Search => Answer::results_message(card.summary),
        Door::Typing => Answer::choices(Vec::new()),
        Door::Chat | Door::Submit => Answer::accepted(),
    }
}

/// A link of ours for whoever may not see where it leads, whether there is something or not (P6).
pub fn closed_link() -> Answer {
    match render(&Posted::closed()) {
        Ok(card) => Answer::results([SearchRow {
            title: card.summary,
            text: "Who may see it finds it in Teams.".to_owned(),
            card: card.content.into(),
        }]),
        Err(error) => {
            tracing::error!(%error, "a card could not be made");
            Answer::results([])
        }
    }
}

/// Most characters of a dialog's title.
const TITLE: usize = 60;

fn dialog(title: &str, card: &RawValue) -> Answer {
    match serde_json::from_str(card.get()) {
        Ok(card) => Answer::dialog(text::clip(title, TITLE), DialogSize::Medium, submits_only(card)),
        Err(error) => {
            tracing::error!(%error, "a card is no JSON");
            Answer::dialog_message(notices::APOLOGY)
        }
    }
}

/// The card with each `Action.Execute` as the `Action.Submit` that it falls back to: nothing else is sure to work in a
/// dialog.
fn submits_only(card: Value) -> Value {
    match card {
        Value::Array(items) => items.into_iter().map(submits_only).collect(),
        Value::Object(mut members) => {
            let executes = members.get("type").is_some_and(|kind| kind == "Action.Execute");
            match members.remove("fallback").filter(|_| executes) {
                Some(submit) => submit,
                None => members.into_iter().map(|(name, member)| (name, submits_only(member))).collect(),
            }
        }
        other => other,
    }
}

/// The answer of the first time (R1).
pub fn repeat(door: Door, answer: Option<Value>) -> Answer {
    match (door, answer) {
        (Door::Card | Door::View, Some(card)) => Answer::card(card),
        (Door::Dialog | Door::MessageDialog, Some(card)) => {
            Answer::dialog(crate::NAME, DialogSize::Medium, submits_only(card))
        }
        _ => nothing(door),
    }
}

/// Nothing to say.
pub fn nothing(door: Door) -> Answer {
    match door {
        Door::Chat | Door::Submit | Door::Dialog | Door::MessageDialog => Answer::accepted(),
        Door::Card | Door::View => Answer::message("This is done already."),
        Door::Search | Door::Link => Answer::results([]),
        Door::Typing => Answer::choices(Vec::new()),
    }
}

/// The database is away (R10).
pub fn unavailable(door: Door) -> Answer {
    match door {
        Door::Chat | Door::Submit => Answer::busy(5),
        Door::Card | Door::View => Answer::internal_error(AWAY),
        Door::Dialog | Door::MessageDialog => Answer::dialog_message(AWAY),
        Door::Link => Answer::results([]),
        Door::Search => Answer::results_message(AWAY),
        Door::Typing => Answer::choices(Vec::new()),
    }
}

/// Not even a card could be made.
pub fn apology(door: Door) -> Answer {
    match door {
        Door::Card | Door::View => Answer::internal_error(notices::APOLOGY),
        Door::Dialog | Door::MessageDialog => Answer::dialog_message(notices::APOLOGY),
        Door::Link => Answer::results([]),
        Door::Search => Answer::results_message(notices::APOLOGY),
        Door::Typing => Answer::choices(Vec::new()),
        Door::Chat | Door::Submit => Answer::failed(),
    }
}
