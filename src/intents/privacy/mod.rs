//! A person's own data (DOMAIN 3.11): what was asked for, the export, the erasure. For firm admins and team leads, in
//! their personal chat, within their firm.

mod ask;
mod page;
mod request;

pub use ask::Ask;
pub use page::Page;
pub use request::{List, Take, Withdraw};

use crate::cards::privacy::{Row, Sheet};
use crate::cards::{Tone, privacy_notices, render};
use crate::domain::access::Act;
use crate::domain::personal::{Deed, Known, MOST, Meant, find};
use crate::turn::{Fault, PlaceKind, Ready, Turn, Usage};

/// Reads what follows `privacy`.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Usage> {
    let (word, rest) = split(words);
    match (word.as_str(), rest) {
        ("" | "list" | "requests", "") => Ok(Box::new(List)),
        ("request", rest) => Ok(Box::new(request::Typed::from_words(rest)?)),
        (deed, rest) if !rest.is_empty() => {
            Ok(Box::new(Ask::of_words(deed_called(deed).ok_or(Usage)?, rest)))
        }
        _ => Err(Usage),
    }
}

/// The first word in lower case, and the rest.
fn split(words: &str) -> (String, &str) {
    let (word, rest) = words.trim().split_once(char::is_whitespace).unwrap_or((words.trim(), ""));
    (word.to_lowercase(), rest.trim())
}

fn deed_called(word: &str) -> Option<Deed> {
    match word {
        "export" | "access" | "auskunft" => Some(Deed::Export),
        "erase" | "delete" | "forget" | "erasure" | "löschen" => Some(Deed::Erase),
        _ => None,
    }
}

/// Refuses whoever may not handle personal data, and every place where others read along (P8).
fn entitled(turn: &Turn) -> Result<(), Fault> {
    if !turn.actor.may_in_the_firm(Act::HandlePrivacy) {
        return Err(render(&privacy_notices::privacy_refused())?.into());
    }
    match turn.place.kind {
        PlaceKind::Personal => Ok(()),
        PlaceKind::Shared => Err(render(&privacy_notices::privacy_in_personal_chat())?.into()),
    }
}

/// The person who is meant, or the choice. `then`: what pressing one of several calls, and with what besides `who`.
async fn person(turn: &mut Turn, typed: &str, then: (&'static str, &[(&str, &str)])) -> Result<Known, Fault> {
    match find(typed, turn.scope.known_people().await?) {
        Meant::One(known) => Ok(known),
        Meant::Nobody => Err(render(&privacy_notices::nobody_known(typed))?.into()),
        Meant::Several(several) => Err(render(&which(&several, then))?.into()),
    }
}

fn which(several: &[Known], (verb, more): (&'static str, &[(&str, &str)])) -> Sheet {
    let row = |known: &Known| {
        let who = [("who", known.subject.text())];
        let data: Vec<(&str, &str)> = who.into_iter().chain(more.iter().copied()).collect();
        let detail = if known.subject.address().is_some() { known.subject.text() } else { "" };
        let state = match (known.colleague, known.contacts) {
            (true, _) => "of your firm".to_owned(),
            (false, 0) => "no contact any more".to_owned(),
            (false, 1) => "contact of 1 tenant".to_owned(),
            (false, n) => format!("contact of {n} tenants"),
        };
        // Two people of the same name: the address tells them apart, also on the button.
        let name = name_of(known);
        let unique = several.iter().filter(|other| name_of(other) == name).count() == 1;
        let title = if unique { name } else { known.subject.text() };
        Row::new(title, detail).state(state, Tone::Default).button("Choose", verb, &data)
    };
    let text = match several.len() {
        n if n > MOST => {
            format!("These are {MOST} of {n}. Ask again with more of the name, or with the address.")
        }
        _ => "Ask again with the address, or choose.".to_owned(),
    };
    Sheet::new("Who is meant?", text).rows(several.iter().take(MOST).map(row).collect())
}

/// The name that a person goes by; the address where none is known.
fn name_of(known: &Known) -> &str {
    known.names.first().map_or(known.subject.text(), String::as_str)
}
