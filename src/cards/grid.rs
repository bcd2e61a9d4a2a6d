//! The grid of a service: every status row with what can be done with it, the total, and what is left of it.

use std::cmp::Ordering;

use serde::{Serialize, Serializer};

use super::button::{Button, Style, in_lines};
use super::run::Run;
use super::sample::{HEBREW, HOSTILE, id};
use super::text::{self, UserText};
use super::tone::{Tone, Toned};
use super::view::View;
use crate::domain::grid::{self, arrived};
use crate::domain::id::Tenant;
use crate::domain::taxonomy::{Path, taxonomy};

/// Most characters of a name.
const NAME_SHOWN: usize = 100;
/// Most characters of a row's reasons.
const PATH_SHOWN: usize = 140;
/// Most characters of a row's note.
const NOTE_SHOWN: usize = 140;

/// The grid. No contact data: an owner is a role.
#[derive(Debug, Clone, Serialize)]
pub struct Grid {
    customer: UserText,
    service: UserText,
    total: String,
    remainder: Toned,
    rows: Vec<Row>,
    /// "6 to 10 of 12 rows"; empty where all are shown.
    shown: String,
    hints: Vec<String>,
    ways: Ways,
    #[serde(skip)]
    count: usize,
}

/// One row.
#[derive(Debug, Clone)]
pub struct Row {
    share: String,
    tone: Tone,
    reasons: UserText,
    facts: String,
    owner: UserText,
    note: UserText,
    buttons: Vec<Button>,
}

/// Buttons that belong to no row.
#[derive(Debug, Clone, Default)]
struct Ways(Vec<Button>);

impl Serialize for Ways {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        in_lines(&self.0, serializer)
    }
}

impl Row {
    /// A row, with what can be done with it.
    pub fn new(row: &grid::Row, buttons: Vec<Button>) -> Self {
        let names = taxonomy();
        let l1 = &row.path.l1;
        let amount = text::number(u64::try_from(row.entitlements).unwrap_or(0));
        let status = text::clip(names.name(l1, "", ""), 40).into_owned();
        let reasons = row.path.words();
        let reasons = reasons.split_once(" › ").map(|(_, reasons)| reasons).unwrap_or_default();
        let target = row.target_date.map(|date| match l1.as_str() {
            "blocked" => format!("unblocked by {}", text::day(date)),
            _ => format!("target {}", text::day(date)),
        });
        Self {
            share: format!("{amount} {status}"),
            tone: Tone::of_consumption_status(l1),
            reasons: UserText::clipped(reasons, PATH_SHOWN),
            facts: target.unwrap_or_default(),
            owner: UserText::clipped(&row.owner, NAME_SHOWN),
            note: UserText::clipped(&row.note.replace('\n', " "), NOTE_SHOWN),
            buttons,
        }
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut runs = vec![Run::new(self.share.clone()).bold().tone(self.tone)];
        if !self.reasons.is_empty() {
            runs.push(Run::new(format!(" › {}", self.reasons.shown())));
        }
        let owner =
            if self.owner.is_empty() { String::new() } else { format!("owner {}", self.owner.shown()) };
        let facts: Vec<_> = [self.facts.clone(), owner].into_iter().filter(|fact| !fact.is_empty()).collect();
        if !facts.is_empty() {
            runs.push(Run::new(format!("\n{}", facts.join(" · "))).small());
        }
        if !self.note.is_empty() {
            runs.push(Run::new(format!("\n{}", self.note.shown())).small().subtle());
        }
        let mut fields = serializer.serialize_struct("Row", 2)?;
        fields.serialize_field("runs", &runs)?;
        fields.serialize_field("buttons", &self.buttons)?;
        fields.end()
    }
}

impl Grid {
    /// Most rows of a page: so many fit into a card with their buttons (O4).
    pub const PAGE: usize = 5;

    /// The grid of a service of a customer, with the rows of page `page` (from 1).
    pub fn new(customer: &str, service: &str, grid: &grid::Grid, page: usize, rows: Vec<Row>) -> Self {
        let count = grid.rows.len();
        let first = page.saturating_sub(1) * Self::PAGE;
        let last = first + rows.len();
        let shown = if rows.len() == count {
            String::new()
        } else {
            format!("{} to {last} of {count} rows", first + 1)
        };
        Self {
            customer: UserText::clipped(customer, NAME_SHOWN),
            service: UserText::clipped(service, NAME_SHOWN),
            total: text::count(u64::try_from(grid.total).unwrap_or(0), "entitlement", "entitlements"),
            remainder: remainder(grid),
            rows,
            shown,
            hints: Vec::new(),
            ways: Ways::default(),
            count,
        }
    }

    /// One sentence worth knowing.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// A way on that belongs to no row.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.ways.0.push(button);
        self
    }
}

/// Whether the rows make up the total, and what is left or too much (N1).
fn remainder(grid: &grid::Grid) -> Toned {
    let amount = text::number(grid.remainder().unsigned_abs());
    match grid.remainder().cmp(&0) {
        Ordering::Equal => Toned::new("The rows add up: 0 left.", Tone::Default),
        Ordering::Greater => Toned::new(format!("{amount} have no status yet."), Tone::Attention),
        Ordering::Less => Toned::new(
            format!("The rows have {amount} more than the service. Take them from a row."),
            Tone::Attention,
        ),
    }
}

impl View for Grid {
    const TEMPLATE: &'static str = "grid.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |code: &str, entitlements, note: &str, owner: &str| grid::Row {
            path: Path::of_code(code),
            entitlements,
            note: note.to_owned(),
            target_date: Some(super::sample::today()),
            owner: owner.to_owned(),
            next_action_date: None,
        };
        let typical = vec![
            row(&arrived().code(), 12, "New entitlements. The customer has not been asked about them.", ""),
            row(
                "in_progress/technical_onboarding_and_deployment",
                300,
                "Pilots are done; waves start in March.",
                "",
            ),
            row("blocked/legal_regulatory", 5, "The labour court has to agree first.", "Account Team"),
        ];
        let strange = |words: &str| {
            let row = row("blocked/legal_regulatory", 9, words, words);
            // Codes are short; only what they are called could be long.
            let code = text::clip(words, 60);
            let row = grid::Row { path: Path::new("blocked", &code, &code), ..row };
            sample(words, 10, vec![row; 12])
        };
        vec![
            ("empty", sample("Adatum Corporation", 0, Vec::new())),
            ("typical", sample("Fabrikam Retail Group", 317, typical.clone())),
            (
                "too_many",
                sample("Fabrikam Retail Group", 310, typical.clone()).hint("The feed lowered the total."),
            ),
            ("some_left", sample("Fabrikam Retail Group", 320, typical)),
            ("right_to_left", strange(HEBREW)),
            ("hostile", strange(HOSTILE)),
            ("longest", strange(&"漢".repeat(400))),
        ]
    }

    /// Drops the notes: they stand in the form of each row.
    fn smaller(&self, _: usize) -> Option<Self> {
        let mut grid = self.clone();
        grid.rows.iter_mut().for_each(|row| row.note = UserText::default());
        self.rows.iter().any(|row| !row.note.is_empty()).then_some(grid)
    }

    fn summary(&self) -> String {
        let rows = text::count(u64::try_from(self.count).unwrap_or(0), "row", "rows");
        format!(
            "Entitlement status of {}, {}: {}, {rows}.",
            self.customer.shown(),
            self.service.shown(),
            self.total
        )
    }
}

/// A grid as the intent would show it.
fn sample(customer: &str, total: i32, rows: Vec<grid::Row>) -> Grid {
    let grid = grid::Grid { total, rows };
    let button = |title: &str, verb| {
        Button::new(title, verb).with("tenant", id::<Tenant>(1).to_string()).with("service", "exchange")
    };
    let shown = grid.rows.iter().take(Grid::PAGE).enumerate().map(|(index, row)| {
        let number = index + 1;
        let of_row = |title: &str, verb| {
            button(&format!("{title} {number}"), verb).with("row", "blocked/legal_regulatory")
        };
        let delete = of_row("Delete", "tenant.show").style(Style::Destructive);
        Row::new(row, vec![of_row("Edit", "tenant.show"), of_row("Split", "tenant.show"), delete])
    });
    let shown = shown.collect();
    Grid::new(customer, "Exchange Online", &grid, 1, shown)
        .button(button("Add a part", "tenant.show").style(Style::Positive))
        .button(button("Open service", "service.show"))
}
