//! The receipt of a note: what stands now, and the way back.

use serde::Serialize;

use super::super::sample::{FROM_CHAT, HEBREW, HOSTILE, days_ago, id, today};
use super::super::text::{self, UserText};
use super::super::tone::{Tone, Toned};
use super::super::view::View;
use super::{linked, next_action_words};
use crate::domain::id::{Change, Id, Tenant};
use crate::domain::note::{EngagementNote, NextAction};
use crate::domain::quote::parted;
use crate::domain::tenant::OverallStatus;

/// What happened to the note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was saved.
    Saved,
    /// Its words were replaced; the older ones stay in the history.
    Amended,
    /// It was taken back: it no longer counts and stays in the history as withdrawn.
    Undone,
}

/// The receipt.
#[derive(Debug, Clone, Serialize)]
pub struct Saved {
    tenant: Id<Tenant>,
    outcome: Toned,
    title: &'static str,
    customer: UserText,
    status: Toned,
    status_date: String,
    body: UserText,
    source: String,
    next_action: UserText,
    by: UserText,
    hint: String,
    /// The change that Undo takes back; `None` when there is no Undo.
    change: Option<Id<Change>>,
}

impl Saved {
    /// A receipt for `note`, written by `author` at `when` (words on the reader's clock).
    pub fn new(
        outcome: Outcome,
        tenant: Id<Tenant>,
        customer: &str,
        note: &EngagementNote,
        author: &str,
        when: &str,
    ) -> Self {
        let (word, title) = match outcome {
            Outcome::Saved => (Toned::new("✓ Saved", Tone::Good), "Status note"),
            Outcome::Amended => (Toned::new("✓ Amended", Tone::Good), "Status note, new wording"),
            Outcome::Undone => (Toned::new("↶ Taken back", Tone::Warning), "This note no longer counts"),
        };
        let hint = match outcome {
            Outcome::Undone => {
                "The state before it is back. The history keeps the note, marked as withdrawn."
            }
            Outcome::Saved | Outcome::Amended => "",
        };
        let (words, source) = parted(&note.body);
        Self {
            tenant,
            outcome: word,
            title,
            customer: UserText::clipped(customer, 120),
            status: Toned::status(Some(note.status)),
            status_date: text::day(note.status_date),
            body: text::fit(words, 16_000).into_owned().into(),
            source: source.map(linked).unwrap_or_default(),
            next_action: text::fit(&next_action_words(note.next_action.as_ref()), 3_100).into_owned().into(),
            by: format!("{}, {when}", text::clip(author, 100)).into(),
            hint: hint.to_owned(),
            change: None,
        }
    }

    /// Offers Undo of this change.
    #[must_use]
    pub fn undo(mut self, change: Option<Id<Change>>) -> Self {
        self.change = change;
        self
    }

    /// Adds a sentence of ours, such as how to make the note better.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl View for Saved {
    const TEMPLATE: &'static str = "note.saved.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let note = |body: &str, next: Option<&str>| EngagementNote {
            status: OverallStatus::Active,
            status_date: today(),
            body: body.into(),
            next_action: next.map(|what| NextAction {
                what: what.into(),
                date: days_ago(0),
                owner: what.chars().take(200).collect(),
            }),
        };
        let card = |outcome, customer: &str, note: &EngagementNote, author: &str| {
            Self::new(outcome, id(1), customer, note, author, "21 Nov 2026, 14:05")
        };
        let short = note("Pilot of 50 users runs. Mail cut-over waits for the network team.", None);
        let with_next = EngagementNote {
            next_action: Some(NextAction {
                what: "Agree the firewall change".into(),
                date: today(),
                owner: "Ann Okafor".into(),
            }),
            ..short.clone()
        };
        let fabrikam = "Fabrikam Retail Group";
        vec![
            ("empty", card(Outcome::Saved, fabrikam, &note("ok", None), "Ann Okafor")),
            ("typical", card(Outcome::Saved, fabrikam, &with_next, "Ann Okafor").undo(Some(id(4)))),
            (
                "hint",
                card(Outcome::Saved, fabrikam, &short, "Ann Okafor")
                    .undo(Some(id(4)))
                    .hint("Tip: say also what happens next, and when. The overall status stayed Active."),
            ),
            (
                "from_message",
                card(Outcome::Saved, fabrikam, &note(&format!("Pilot runs.{FROM_CHAT}"), None), "Ann Okafor")
                    .undo(Some(id(4))),
            ),
            ("amended", card(Outcome::Amended, fabrikam, &short, "Ann Okafor").undo(Some(id(4)))),
            ("undone", card(Outcome::Undone, fabrikam, &short, "Ann Okafor")),
            (
                "right_to_left",
                card(Outcome::Saved, HEBREW, &note(HEBREW, Some(HEBREW)), HEBREW).undo(Some(id(4))),
            ),
            (
                "hostile",
                card(Outcome::Saved, HOSTILE, &note(HOSTILE, Some(HOSTILE)), HOSTILE).undo(Some(id(4))),
            ),
            (
                "longest",
                card(
                    Outcome::Saved,
                    &"漢".repeat(300),
                    &note(&"𠀀".repeat(4000), Some(&"𠀀".repeat(500))),
                    &"漢".repeat(300),
                )
                .undo(Some(id(4))),
            ),
        ]
    }

    fn summary(&self) -> String {
        format!("{}: status note for {}, {}.", self.outcome.words, self.customer.shown(), self.status.words)
    }
}
