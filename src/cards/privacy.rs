//! What concerns the data of one person (DOMAIN 3.11): requests that are open, whom somebody means, an export to read.
//! Personal from end to end, so it is shown in personal chats only.

use serde::Serialize;

use super::button::{Button, in_lines};
use super::sample::{HEBREW, HOSTILE, JAPANESE, id};
use super::text::UserText;
use super::tone::{Tone, Toned};
use super::view::View;

/// Most rows of a sheet.
const ROWS: usize = 8;
/// Most characters of a name in a row and in a button.
const NAME: usize = 60;

/// Rows of people or requests, or a page of an export.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet {
    kind: Toned,
    title: String,
    text: String,
    rows: Vec<Row>,
    page: UserText,
    #[serde(serialize_with = "in_lines")]
    buttons: Vec<Button>,
}

/// A person, or what a person asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    name: UserText,
    detail: UserText,
    state: Toned,
    #[serde(serialize_with = "in_lines")]
    buttons: Vec<Button>,
}

impl Row {
    /// A row about somebody, with what else is known of them.
    pub fn new(name: &str, detail: &str) -> Self {
        Self {
            name: UserText::clipped(name, NAME),
            detail: UserText::clipped(detail, 160),
            state: Toned::new("", Tone::Default),
            buttons: Vec::new(),
        }
    }

    /// How it stands, in our words.
    #[must_use]
    pub fn state(mut self, words: impl Into<String>, tone: Tone) -> Self {
        self.state = Toned::new(words, tone);
        self
    }

    /// Adds a button whose title ends with the name, so that no two on the card are the same.
    #[must_use]
    pub fn button(mut self, does: &str, verb: &'static str, data: &[(&str, &str)]) -> Self {
        let title = format!("{does} {}", super::text::clip(self.name.whole(), 40));
        let button =
            data.iter().fold(Button::new(title, verb), |button, (key, value)| button.with(key, *value));
        self.buttons.push(button);
        self
    }
}

impl Sheet {
    /// A sheet about `title`, with a sentence of ours.
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            kind: Toned::new("Personal data", Tone::Accent),
            title: title.into(),
            text: text.into(),
            rows: Vec::new(),
            page: UserText::default(),
            buttons: Vec::new(),
        }
    }

    /// The first eight rows.
    #[must_use]
    pub fn rows(mut self, rows: Vec<Row>) -> Self {
        self.rows = rows;
        self.rows.truncate(ROWS);
        self
    }

    /// A page of an export.
    #[must_use]
    pub fn page(mut self, page: &str) -> Self {
        self.page = UserText::new(page);
        self
    }

    /// Adds a button.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }
}

impl View for Sheet {
    const TEMPLATE: &'static str = "privacy.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let request = |number: u128, name: &str, days: &str, tone| {
            let data = [("request", &*id::<()>(number).to_string())].map(|(k, v)| (k, v.to_owned()));
            let data: Vec<(&str, &str)> = data.iter().map(|(k, v)| (*k, v.as_str())).collect();
            Row::new(name, "Received 1 Nov 2026 by Alex Wilber, due 1 Dec 2026")
                .state(days, tone)
                .button("Erase", "privacy.ask", &data)
                .button("Not to erase", "privacy.withdraw", &data)
        };
        let list = |rows| {
            Self::new("Open requests", "Each must be done within 30 days.")
                .rows(rows)
                .button(Button::new("What can I ask?", "help"))
        };
        let many = |name: &str| {
            (1..=9_u8)
                .map(|n| request(u128::from(n), &format!("{n} {name}"), "10 days left", Tone::Default))
                .collect()
        };
        vec![
            ("empty", Self::new("No open requests", "")),
            (
                "typical",
                list(vec![
                    request(1, "Eva Marková", "due tomorrow", Tone::Attention),
                    request(2, "tom@fabrikam.example", "22 days left", Tone::Default),
                ]),
            ),
            (
                "page",
                Self::new("Export, page 1 of 2", "Until 21 Nov 2026, 15:00")
                    .page("{\n  \"contact\": [\n    { \"name\": \"Eva Marková\" }\n  ]\n}")
                    .button(
                        Button::new("Next page", "privacy.page")
                            .with("export", id::<()>(4).to_string())
                            .with("page", 2),
                    ),
            ),
            ("right_to_left", list(vec![request(1, HEBREW, "due today", Tone::Attention)])),
            ("hostile", list(many(HOSTILE)).page(HOSTILE)),
            ("longest", list(many(&JAPANESE.repeat(20))).page(&"𠀀".repeat(1_000))),
        ]
    }

    fn summary(&self) -> String {
        format!("{}.", self.title.trim_end_matches('.'))
    }
}
