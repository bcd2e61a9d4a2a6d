//! Status notes: the form, the receipt, two people at once, and the history.

mod conflict;
mod form;
mod history;
mod saved;

pub use conflict::Conflict;
pub use form::{Form, Previous};
pub use history::{Entry, Filter, History};
pub use saved::{Outcome, Saved};

use super::text::{day, fit};
use crate::domain::note::{Draft, NextAction};
use crate::domain::quote::Source;

/// What the typed fields may take of a card, so that the rest of it has room (O4). A note of 4,000
/// characters passes whole in any script; only a forged one is cut.
fn fitted(draft: &Draft) -> Draft {
    Draft {
        status: fit(&draft.status, 40).into_owned(),
        status_date: fit(&draft.status_date, 40).into_owned(),
        body: fit(&draft.body, 16_100).into_owned(),
        next_action: fit(&draft.next_action, 2_100).into_owned(),
        next_action_date: fit(&draft.next_action_date, 40).into_owned(),
        next_action_owner: fit(&draft.next_action_owner, 900).into_owned(),
    }
}

/// How many bytes a card with this draft has left for other long texts, after `template` bytes of its own.
fn room(draft: &Draft, template: usize) -> usize {
    let fields = [&draft.body, &draft.next_action, &draft.next_action_owner];
    let typed: usize =
        fields.iter().map(|field| field.len() + field.matches(['"', '\\', '\n']).count()).sum();
    super::LIMIT.saturating_sub(template + typed)
}

/// Where a note was taken over from, as a link.
fn linked(source: Source<'_>) -> String {
    format!("[{}]({})", source.says, source.link)
}

/// "Call the customer · 1 Dec 2026 · Ann Okafor".
fn next_action_words(next: Option<&NextAction>) -> String {
    next.map(|next| format!("{} · {} · {}", next.what, day(next.date), next.owner)).unwrap_or_default()
}
