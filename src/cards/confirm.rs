//! The question before an act that is hard to take back: what it would change, and one button that does it.

use serde::Serialize;

use super::button::{Button, Style, in_lines};
use super::difference::{Changes, Difference};
use super::sample::{HEBREW, HOSTILE, id};
use super::text::UserText;
use super::tone::{Tone, Toned};
use super::view::View;
use crate::domain::id::{Confirmation, Id};

/// The intent of the button.
const VERB: &str = "confirm";

/// A question.
#[derive(Debug, Clone, Serialize)]
pub struct Confirm {
    kind: Toned,
    title: String,
    customer: UserText,
    detail: UserText,
    warning: String,
    changes: Changes,
    hints: Vec<String>,
    #[serde(serialize_with = "in_lines")]
    buttons: Vec<Button>,
}

impl Confirm {
    /// Asks whether to do what `title` says, such as "Move 12 forecasts by 30 days". `customer` may be empty
    /// when it is about several.
    pub fn new(title: &str, customer: &str) -> Self {
        Self {
            kind: Toned::new("Please confirm", Tone::Accent),
            title: title.to_owned(),
            customer: UserText::clipped(customer, 120),
            detail: UserText::default(),
            warning: String::new(),
            changes: Changes::default(),
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

    /// What would change, the first 20 lines of it. When all of it is of one tenant or service, that is the
    /// detail unless there is one.
    #[must_use]
    pub fn differences(mut self, differences: Vec<Difference>) -> Self {
        self.changes = Changes::new(differences);
        if let Some(about) = self.changes.only().filter(|_| self.detail.is_empty()) {
            self.detail = UserText::clipped(about.whole(), 120);
        }
        self
    }

    /// Says what is lost for good; an empty one says nothing. Comes before [`confirm`](Self::confirm), which
    /// then looks the part.
    #[must_use]
    pub fn warning(mut self, warning: impl Into<String>) -> Self {
        self.warning = warning.into();
        if !self.warning.is_empty() {
            self.kind = Toned::new("⚠ Please confirm", Tone::Attention);
        }
        self
    }

    /// Adds a sentence of ours.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The button that does it, and the one that does not: it leads back to where the person came from.
    #[must_use]
    pub fn confirm(mut self, label: &str, confirmation: Id<Confirmation>, cancel: Button) -> Self {
        let confirm = Button::new(label, VERB).with("confirmation", confirmation.to_string()).plain();
        let cancel = cancel.plain();
        self.buttons = if self.warning.is_empty() {
            vec![confirm.style(Style::Positive), cancel]
        } else {
            vec![cancel, confirm.style(Style::Destructive)]
        };
        self
    }
}

impl View for Confirm {
    const TEMPLATE: &'static str = "confirm.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let cancel = || Button::new("Cancel", "tenant.show").with("tenant", id::<()>(1).to_string());
        let ask = |card: Self, label: &str| card.confirm(label, id(5), cancel());
        let dates = |about: &str| {
            vec![
                Difference::new("15% AU", "1 Feb 2027", "3 Mar 2027").about(about),
                Difference::new("40% AU", "1 Mar 2027", "31 Mar 2027").about(about),
            ]
        };
        let tenants = |count: usize| {
            (1..=count).flat_map(|number| dates(&format!("Fabrikam Store {number}"))).collect::<Vec<_>>()
        };
        let all = |text: &str| vec![Difference::new("Note", text, text).about(text); 51];
        let fabrikam = "Fabrikam Retail Group";
        vec![
            ("empty", ask(Self::new("Erase this contact", fabrikam), "Erase")),
            (
                "typical",
                ask(
                    Self::new("Save these forecast dates", fabrikam).differences(dates("Exchange Online")),
                    "Save",
                ),
            ),
            (
                "warning",
                ask(
                    Self::new("Delete this contact", fabrikam)
                        .detail("Eva Marková")
                        .differences(vec![
                            Difference::new("Name", "Eva Marková", ""),
                            Difference::new("Services", "Exchange Online, Microsoft Teams", ""),
                        ])
                        .warning("The contact is deleted with everything that is known of it.")
                        .hint("Two services have no other contact."),
                    "Delete contact",
                ),
            ),
            (
                "several",
                ask(Self::new("Move 3 forecasts by 30 days", "").differences(tenants(3)), "Move 3 forecasts"),
            ),
            (
                "many",
                ask(
                    Self::new("Move 51 forecasts by 30 days", "").differences(tenants(51)),
                    "Move 51 forecasts",
                ),
            ),
            (
                "right_to_left",
                ask(
                    Self::new("Save this name", HEBREW)
                        .differences(vec![Difference::new("Name", HEBREW, HEBREW)]),
                    "Save",
                ),
            ),
            ("hostile", ask(Self::new("Save this name", HOSTILE).differences(all(HOSTILE)), "Save")),
            (
                "longest",
                ask(
                    Self::new("Save these notes", &"漢".repeat(300))
                        .detail(&"漢".repeat(300))
                        .differences(all(&"𠀀".repeat(4000)))
                        .warning("What stood there before is gone."),
                    "Save all of them",
                ),
            ),
        ]
    }

    fn summary(&self) -> String {
        let customer = self.customer.shown();
        let whose = if customer.is_empty() { String::new() } else { format!(" for {customer}") };
        format!("Please confirm: {}{whose}.", self.title)
    }

    fn smaller(&self, _bytes: usize) -> Option<Self> {
        Some(Self { changes: self.changes.fewer()?, ..self.clone() })
    }
}
