//! One thing said, and what to do next: refusals, unknown words, thanks, errors, usage, empty answers.

use serde::Serialize;

use super::button::{Button, in_lines};
use super::sample::{HEBREW, HOSTILE};
use super::text::{self, UserText};
use super::tone::{Tone, Toned};
use super::view::View;

/// A notice. No answer is a dead end (checklist 56): it names a next step, and most carry buttons.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    /// What kind of news this is, in a word and a colour.
    pub kind: Toned,
    /// What happened. Our words.
    pub title: String,
    /// More about it, or the next step; may be empty. Our words.
    pub text: String,
    /// Words of people or of the feed that belong to it.
    pub lines: Vec<UserText>,
    /// What can be pressed; at most three are shown.
    #[serde(serialize_with = "in_lines")]
    pub buttons: Vec<Button>,
}

impl Notice {
    /// Something went as it should.
    pub fn good(title: impl Into<String>) -> Self {
        Self::of(Toned::new("✓ Done", Tone::Good), title)
    }

    /// Something to know.
    pub fn info(title: impl Into<String>) -> Self {
        Self::of(Toned::new("Good to know", Tone::Accent), title)
    }

    /// Something to look at: nothing was done, and the person can mend it.
    pub fn warning(title: impl Into<String>) -> Self {
        Self::of(Toned::new("⚠ Please check", Tone::Warning), title)
    }

    /// Something went wrong on our side.
    pub fn problem(title: impl Into<String>) -> Self {
        Self::of(Toned::new("✕ Problem", Tone::Attention), title)
    }

    fn of(kind: Toned, title: impl Into<String>) -> Self {
        Self { kind, title: title.into(), text: String::new(), lines: Vec::new(), buttons: Vec::new() }
    }

    /// Says more.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Adds a line of somebody's own words.
    #[must_use]
    pub fn line(mut self, line: impl Into<UserText>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// Adds a button; those after the third are left out.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        if self.buttons.len() < 3 {
            self.buttons.push(button);
        }
        self
    }
}

impl View for Notice {
    const TEMPLATE: &'static str = "notice.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let tenants = || {
            Button::new("My tenants", "tenant.list").with("list", "active").with("filter", "").with("page", 1)
        };
        let help = || Button::new("What can I ask?", "help");
        vec![
            ("empty", Self::good("You are welcome.")),
            (
                "unknown",
                Self::info("I did not understand that")
                    .text("I know tenants, notes and their history. Try for example:")
                    .line("note contoso: Pilot of 50 users runs, next step is the mail cut-over")
                    .button(tenants())
                    .button(help()),
            ),
            (
                "refused",
                Self::warning("This tenant is not open to you")
                    .text("It does not exist, or it is not in your firm's partner list. Ask your team manager if you need it.")
                    .button(tenants()),
            ),
            (
                "problem",
                Self::problem("That did not work, and nothing was saved")
                    .text("Please try again in a minute. If it stays so, tell your administrator the reference 7F3K-2Q9D.")
                    .button(help()),
            ),
            ("right_to_left", Self::good("Undone").line(HEBREW).button(tenants())),
            (
                "hostile",
                Self::warning("No tenant is called so").line(HOSTILE).button(Button::new(HOSTILE, "help")),
            ),
            (
                "longest",
                Self::warning("The note is longer than a note may be").line("漢".repeat(4000)).button(help()),
            ),
        ]
    }

    fn summary(&self) -> String {
        let first = self.lines.first().map(UserText::shown).unwrap_or_default();
        let parts = [self.title.as_str(), self.text.as_str(), &text::clip(&first, 120)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}
