//! The one table of reply and door: what the HTTP answer is. A message is answered by a message, so its HTTP
//! answer only acknowledges; a card and a dialog are answered in place.

use serde_json::Value;

use super::route::Door;
use crate::cards::{Card, notices};
use crate::protocol::answer::{Answer, DialogSize};

/// The database is away. A message is left to be delivered again; a card says so at once (R10).
const AWAY: &str = "The database does not answer. Nothing was saved; please try again in a minute.";

/// A card to show.
pub fn card(door: Door, card: Card) -> Answer {
    match door {
        Door::Card => Answer::card(card.content),
        Door::Dialog => Answer::dialog(card.summary, DialogSize::Medium, card.content),
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
    }
}

/// The database is away (R10).
pub fn unavailable(door: Door) -> Answer {
    match door {
        Door::Chat | Door::Submit => Answer::busy(5),
        Door::Card => Answer::internal_error(AWAY),
        Door::Dialog => Answer::dialog_message(AWAY),
    }
}

/// Not even a card could be made.
pub fn apology(door: Door) -> Answer {
    match door {
        Door::Card => Answer::internal_error(notices::APOLOGY),
        Door::Dialog => Answer::dialog_message(notices::APOLOGY),
        Door::Chat | Door::Submit => Answer::failed(),
    }
}
