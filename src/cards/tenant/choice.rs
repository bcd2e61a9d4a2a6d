//! Several tenants answer to a name, or none does and these are nearest.

use serde::Serialize;

use super::super::sample::{HEBREW, HOSTILE, JAPANESE, id};
use super::super::text::{self, UserText};
use super::super::view::View;
use super::list::Row;
use crate::domain::tenant::OverallStatus;

/// Up to eight tenants to choose from.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    title: String,
    text: &'static str,
    asked: UserText,
    rows: Vec<Row>,
    /// What pressing a row calls.
    verb: &'static str,
    /// Words that were typed along, in an input, so that they are not lost while somebody chooses; may be empty.
    carried: String,
}

impl Choice {
    /// Most tenants that are offered.
    pub const MOST: usize = 8;

    /// All of `rows` answer to what was asked.
    pub fn several(asked: &str, rows: Vec<Row>) -> Self {
        let text = "Press one to open it, or ask again with more of the name, the domain or the id.";
        Self::new("Which tenant do you mean?", text, asked, rows)
    }

    /// Nothing answers to what was asked; `rows` come nearest, and may be none.
    pub fn nearest(asked: &str, rows: Vec<Row>) -> Self {
        let text = if rows.is_empty() {
            "Nothing in your firm's list comes near. Look through the list, or ask your team manager whether \
             the tenant is assigned to your firm."
        } else {
            "These come nearest. Press one to open it."
        };
        Self::new("No tenant has that name", text, asked, rows)
    }

    /// Pressing a row calls `verb` for its tenant, and what was typed along goes with it as `body`.
    #[must_use]
    pub fn then(mut self, verb: &'static str, carried: Option<&str>) -> Self {
        const LONG: usize = 6_000;
        self.verb = verb;
        self.carried = text::fit(carried.unwrap_or_default(), 16_100).into_owned();
        if self.carried.len() > LONG {
            self.rows.truncate(3);
        }
        self
    }

    fn new(title: &str, text: &'static str, asked: &str, mut rows: Vec<Row>) -> Self {
        rows.truncate(Self::MOST);
        Self {
            title: title.to_owned(),
            text,
            asked: UserText::clipped(asked, 120),
            rows,
            verb: "tenant.show",
            carried: String::new(),
        }
    }
}

impl View for Choice {
    const TEMPLATE: &'static str = "tenant.choice.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |number, customer: &str, name: &str| {
            Row::new(id(number), customer, name, Some(OverallStatus::Active)).services(4)
        };
        vec![
            ("empty", Self::nearest("xyzzy", Vec::new())),
            (
                "several",
                Self::several(
                    "contoso",
                    vec![
                        row(1, "Contoso Pharmaceuticals", "contosopharma.onmicrosoft.com"),
                        row(2, "Contoso Retail", "contosoretail.onmicrosoft.com"),
                        row(3, "C\u{43E}ntoso", "contos0.onmicrosoft.com"),
                    ],
                ),
            ),
            (
                "nearest",
                Self::nearest("fabricam", vec![row(1, "Fabrikam Retail Group", "fabrikam.onmicrosoft.com")]),
            ),
            (
                "right_to_left",
                Self::several(
                    HEBREW,
                    vec![row(1, HEBREW, "galil.example"), row(2, JAPANESE, "硝子.example")],
                ),
            ),
            (
                "carried",
                Self::several(
                    "contoso",
                    vec![
                        row(1, "Contoso Pharmaceuticals", "contosopharma.onmicrosoft.com"),
                        row(2, "Contoso Retail", "contosoretail.onmicrosoft.com"),
                    ],
                )
                .then("note.write", Some("Pilot of 50 users runs, next step is the mail cut-over.")),
            ),
            (
                "carried_longest",
                Self::several(
                    &"漢".repeat(400),
                    (0..9).map(|n| row(n, &"漢".repeat(200), &"𠀀".repeat(200))).collect(),
                )
                .then("note.write", Some(&"𠀀".repeat(4000))),
            ),
            ("hostile", Self::nearest(HOSTILE, vec![row(1, HOSTILE, HOSTILE)])),
            (
                "longest",
                Self::several(
                    &"漢".repeat(400),
                    (0..9).map(|n| row(n, &"漢".repeat(200), &"𠀀".repeat(200))).collect(),
                ),
            ),
        ]
    }

    fn summary(&self) -> String {
        format!("{} {}", self.title, self.text)
    }
}
