//! The one table of reply and door: what the HTTP answer is. A message is answered by a message, so its HTTP
//! answer only acknowledges; a card, a dialog and a search are answered in place.

use serde_json::Value;

use super::route::Door;
use crate::cards::{Card, notices};
use crate::protocol::answer::{Answer, Choice, DialogSize, SearchRow};
use crate::turn::{self, Hit, Reply};

/// The database is away. A message is left to be delivered again; a card says so at once (R10).
const AWAY: &str = "The database does not answer. Nothing was saved; please try again in a minute.";

/// What a turn answers.
pub fn reply(door: Door, reply: Reply) -> Answer {
    match (door, reply) {
        (door, Reply::Card(shown)) => card(door, shown),
        (Door::Search, Reply::Found(hits)) => Answer::results(hits.into_iter().map(row)),
        (Door::Typing, Reply::Choices(found)) => Answer::choices(found.into_iter().map(choice).collect()),
        _ => nothing(door),
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
        Door::Card => Answer::card(card.content),
        Door::Dialog => Answer::dialog(card.summary, DialogSize::Medium, card.content),
        Door::Search => Answer::results_message(card.summary),
        Door::Typing => Answer::choices(Vec::new()),
        Door::Chat | Door::Submit => Answer::accepted(),
    }
}

/// The answer of the first time (R1).
pub fn repeat(door: Door, answer: Option<Value>) -> Answer {
    match (door, answer) {
        (Door::Card, Some(card)) => Answer::card(card),
        (Door::Dialog, Some(card)) => Answer::dialog(crate::NAME, DialogSize::Medium, card),
        _ => nothing(door),
    }
}

/// Nothing to say.
pub fn nothing(door: Door) -> Answer {
    match door {
        Door::Chat | Door::Submit | Door::Dialog => Answer::accepted(),
        Door::Card => Answer::message("This is done already."),
        Door::Search => Answer::results([]),
        Door::Typing => Answer::choices(Vec::new()),
    }
}

/// The database is away (R10).
pub fn unavailable(door: Door) -> Answer {
    match door {
        Door::Chat | Door::Submit => Answer::busy(5),
        Door::Card => Answer::internal_error(AWAY),
        Door::Dialog => Answer::dialog_message(AWAY),
        Door::Search => Answer::results_message(AWAY),
        Door::Typing => Answer::choices(Vec::new()),
    }
}

/// Not even a card could be made.
pub fn apology(door: Door) -> Answer {
    match door {
        Door::Card => Answer::internal_error(notices::APOLOGY),
        Door::Dialog => Answer::dialog_message(notices::APOLOGY),
        Door::Search => Answer::results_message(notices::APOLOGY),
        Door::Typing => Answer::choices(Vec::new()),
        Door::Chat | Door::Submit => Answer::failed(),
    }
}
