//! The receipt of an edit: what stands now, field by field, and the way back.

use serde::Serialize;

use super::button::{Button, in_lines};
use super::difference::{Changes, Difference};
use super::sample::{HEBREW, HOSTILE, id};
use super::text::{UserText, clip};
use super::tone::{Tone, Toned};
use super::view::View;
use crate::domain::id::{Change, Id};

/// Most buttons besides Undo (checklist 98).
const BUTTONS: usize = 5;
/// The intent of Undo.
const UNDO: &str = "undo";

/// A receipt.
#[derive(Debug, Clone, Serialize)]
pub struct Receipt {
    outcome: Toned,
    title: String,
    customer: UserText,
    detail: UserText,
    changes: Changes,
    by: UserText,
    hints: Vec<String>,
    #[serde(serialize_with = "in_lines")]
    buttons: Vec<Button>,
}

impl Receipt {
    /// It was saved. `title` is what, such as "Forecast dates"; `customer` may be empty when it was several.
    pub fn new(title: &str, customer: &str) -> Self {
        Self::of(Toned::new("✓ Saved", Tone::Good), title, customer)
    }

    /// It was taken back.
    pub fn undone(title: &str, customer: &str) -> Self {
        Self::of(Toned::new("↶ Taken back", Tone::Warning), title, customer)
    }

    fn of(outcome: Toned, title: &str, customer: &str) -> Self {
        Self {
            outcome,
            title: title.to_owned(),
            customer: UserText::clipped(customer, 120),
            detail: UserText::default(),
            changes: Changes::default(),
            by: UserText::default(),
            hints: Vec::new(),
            buttons: Vec::new(),
        }
    }

    /// What of the customer it is about: a service, a contact.
    #[must_use]
    pub fn detail(mut self, detail: &str) -> Self {
        self.detail = UserText::clipped(detail, 120);
        self
    }

    /// What changed. When all of it is of one tenant or service, that is the detail unless there is one.
    #[must_use]
    pub fn differences(mut self, differences: Vec<Difference>) -> Self {
        self.changes = Changes::new(differences);
        if let Some(about) = self.changes.only().filter(|_| self.detail.is_empty()) {
            self.detail = UserText::clipped(about.whole(), 120);
        }
        self
    }

    /// Who did it and when, on the reader's clock.
    #[must_use]
    pub fn by(mut self, who: &str, when: &str) -> Self {
        self.by = format!("By {}, {when}", clip(who, 100)).into();
        self
    }

    /// Adds a sentence of ours.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Offers Undo of this change, after all other buttons; `None`: there is nothing to take back.
    #[must_use]
    pub fn undo(mut self, change: Option<Id<Change>>) -> Self {
        let undo = |change: Id<Change>| Button::new("Undo", UNDO).with("change", change.to_string()).plain();
        self.buttons.extend(change.map(undo));
        self
    }

    /// Adds a button; those after the fifth are left out, so that Undo has its place.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        let others = self.buttons.iter().take_while(|button| button.verb != UNDO).count();
        if others < BUTTONS {
            self.buttons.insert(others, button.plain());
        }
        self
    }
}

impl View for Receipt {
    const TEMPLATE: &'static str = "receipt.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let open = || Button::new("Open tenant", "tenant.show").with("tenant", id::<()>(1).to_string());
        let dates = || {
            vec![
                Difference::new("15% AU", "", "1 Feb 2027"),
                Difference::new("40% AU", "1 Mar 2027", "1 Apr 2027"),
                Difference::new("Max AU", "1 Dec 2027", ""),
            ]
        };
        let back = || {
            let turned = |d: Difference| Difference { old: d.new, new: d.old, ..d };
            dates().into_iter().map(turned).collect()
        };
        let of = |about: &str| dates().into_iter().map(|difference| difference.about(about)).collect();
        let saved =
            |customer: &str| Self::new("Forecast dates", customer).by("Ann Okafor", "21 Nov 2026, 14:05");
        let fabrikam = "Fabrikam Retail Group";
        let several: Vec<_> =
            [of("Exchange Online"), of("Microsoft Teams"), vec![Difference::new("Role", "", "Owner")]]
                .concat();
        let all = |text: &str| vec![Difference::new("Note", text, text).about(text); 30];
        vec![
            ("empty", Self::new("Forecast dates", "")),
            (
                "typical",
                saved(fabrikam)
                    .differences(of("Exchange Online"))
                    .hint("40% AU now lies after the end of the quarter.")
                    .button(open())
                    .undo(Some(id(4))),
            ),
            ("several", saved(fabrikam).differences(several).button(open()).undo(Some(id(4)))),
            (
                "undone",
                Self::undone("Forecast dates", fabrikam)
                    .differences(back())
                    .by("Ann Okafor", "21 Nov 2026, 14:07")
                    .button(open()),
            ),
            (
                "right_to_left",
                saved(HEBREW).differences(vec![Difference::new("Name", HEBREW, HEBREW)]).undo(Some(id(4))),
            ),
            (
                "hostile",
                saved(HOSTILE).detail(HOSTILE).by(HOSTILE, "21 Nov 2026, 14:05").differences(all(HOSTILE)),
            ),
            (
                "longest",
                saved(&"漢".repeat(300))
                    .detail(&"漢".repeat(300))
                    .differences(all(&"𠀀".repeat(4000)))
                    .by(&"漢".repeat(300), "21 Nov 2026, 14:05")
                    .hint("A hint of ours.")
                    .button(open())
                    .undo(Some(id(4))),
            ),
        ]
    }

    fn summary(&self) -> String {
        let customer = self.customer.shown();
        let whose = if customer.is_empty() { String::new() } else { format!(" for {customer}") };
        format!("{}: {}{whose}.", self.outcome.words, self.title)
    }

    fn smaller(&self, _bytes: usize) -> Option<Self> {
        Some(Self { changes: self.changes.fewer()?, ..self.clone() })
    }
}
