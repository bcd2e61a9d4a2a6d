//! What is missing of the required customer data, and what soon will be (DOMAIN section 7): gaps, their figures, and
//! the one press that opens the form which mends each. No names and addresses of contacts (Q4).

use serde::Serialize;

use super::button::{Button, in_lines};
use super::sample::{HEBREW, HOSTILE, JAPANESE, id};
use super::text::{self, UserText};
use super::tone::{Tone, Toned};
use super::view::View;
use crate::domain::compliance::{Element, Gap, Severity};
use crate::domain::service::catalogue;

/// Most characters of a name.
const NAME: usize = 60;

impl Tone {
    /// The tone of a gap.
    pub fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Soon => Self::Warning,
            Severity::Overdue | Severity::LongOverdue => Self::Attention,
        }
    }
}

/// Rows of gaps, of tenants that have some, or of people who have some to mend.
#[derive(Debug, Clone, Serialize)]
pub struct Gaps {
    title: String,
    about: UserText,
    text: String,
    counts: Vec<Count>,
    rows: Vec<Row>,
    hint: String,
    #[serde(serialize_with = "in_lines")]
    buttons: Vec<Button>,
}

/// A figure.
#[derive(Debug, Clone, Serialize)]
struct Count {
    name: &'static str,
    count: Toned,
}

/// One row.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    name: UserText,
    place: String,
    state: Toned,
    why: UserText,
    detail: String,
    line: UserText,
    #[serde(serialize_with = "in_lines")]
    buttons: Vec<Button>,
}

impl Row {
    /// A row about a customer or a person, with what there is to say of them.
    pub fn new(name: &str, words: impl Into<String>, tone: Tone) -> Self {
        Self {
            name: UserText::clipped(name, NAME),
            place: String::new(),
            state: Toned::new(words, tone),
            why: UserText::default(),
            detail: String::new(),
            line: UserText::default(),
            buttons: Vec::new(),
        }
    }

    /// A gap: of whom, since when, and what is the matter.
    pub fn gap(customer: &str, gap: &Gap) -> Self {
        let words = since(gap);
        let money = if gap.rule.is_money() { "⚠ Money · " } else { "" };
        Self {
            place: gap.service.as_deref().map(service).unwrap_or_default(),
            why: UserText::clipped(&gap.why, 200),
            detail: format!("{money}{}", gap.rule.name()),
            ..Self::new(customer, words, Tone::of_severity(gap.severity))
        }
    }

    /// The same, where the tenant is known: the rule comes first, with its source and the line that mends it.
    #[must_use]
    pub fn explained(mut self, gap: &Gap) -> Self {
        let claim = match gap.claimed {
            Some(true) => " · CPOR claim approved",
            Some(false) => " · CPOR claim not approved",
            None => "",
        };
        let money = if gap.rule.is_money() { " · ⚠ Money" } else { "" };
        self.name = gap.rule.name().into();
        self.detail = format!("{} · rule {}{claim}{money}", gap.rule.element().name(), gap.rule.source());
        self.line = UserText::clipped(&gap.fix.line, 160);
        self
    }

    /// One more sentence of ours.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The button of the `number`th row: what it does, for whom.
    #[must_use]
    pub fn button(mut self, number: usize, does: &str, whom: &str, button: Button) -> Self {
        let title = UserText::new(format!("{number}. {does}: {}", text::clip(whom, 28)));
        self.buttons.push(Button { title, ..button.plain() });
        self
    }
}

impl Gaps {
    /// Most rows of a card.
    pub const PAGE: usize = 8;

    /// A card with this heading.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            about: UserText::default(),
            text: String::new(),
            counts: Vec::new(),
            rows: Vec::new(),
            hint: String::new(),
            buttons: Vec::new(),
        }
    }

    /// Whom or what it is about, in words of people or of the feed.
    #[must_use]
    pub fn about(mut self, about: &str) -> Self {
        self.about = UserText::clipped(about, 120);
        self
    }

    /// One sentence of ours.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// A figure; 0 is good.
    #[must_use]
    fn count(mut self, name: &'static str, count: usize) -> Self {
        let tone = if count == 0 { Tone::Good } else { Tone::Attention };
        let words = match count {
            0 => "✓ none".to_owned(),
            _ => text::count(u64::try_from(count).unwrap_or(u64::MAX), "gap", "gaps"),
        };
        self.counts.push(Count { name, count: Toned::new(words, tone) });
        self
    }

    /// For each element of the programme, how many of these gaps are red.
    #[must_use]
    pub fn elements(self, gaps: &[&Gap]) -> Self {
        let red = |element| gaps.iter().filter(|gap| gap.is_red() && gap.rule.element() == element).count();
        Element::ALL.into_iter().fold(self, |face, element| face.count(element.name(), red(element)))
    }

    /// The rows of this page.
    #[must_use]
    pub fn rows(mut self, rows: Vec<Row>) -> Self {
        self.rows = rows;
        self.rows.truncate(Self::PAGE);
        self
    }

    /// What else is worth knowing.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// A way on from here.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button.plain());
        self
    }
}

/// How bad a gap is, and since when or until when.
pub fn since(gap: &Gap) -> String {
    let day = text::day(gap.since);
    match gap.severity {
        Severity::Soon => format!("due on {day}"),
        Severity::Overdue | Severity::LongOverdue => format!("{} since {day}", gap.severity.name()),
    }
}

/// The name of a service.
fn service(code: &str) -> String {
    catalogue().service_name(code).to_owned()
}

impl View for Gaps {
    const TEMPLATE: &'static str = "compliance.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |number: usize, customer: &str| {
            let open = Button::new("", "note.open").with("tenant", id::<()>(1).to_string());
            Row {
                why: UserText::clipped(&format!("The last status note of {customer} is old."), 200),
                detail: "Status note".to_owned(),
                ..Row::new(customer, "overdue since 6 Nov 2026", Tone::Attention)
            }
            .button(number, "Write note", customer, open)
        };
        let list = |customer: &str| {
            let next = Button::new("Next page", "gap.list").with("filter", customer).with("page", 2);
            Self::new("Gaps")
                .about(customer)
                .text("8 of 20 gaps, the worst first.")
                .rows((1..=8).map(|number| row(number, customer)).collect())
                .hint("Write why and a tenant's name for the rules behind them.")
                .button(next)
        };
        let digest = Self::new("Today")
            .count("Entitlement status", 3)
            .count("Survey contact", 0)
            .rows(vec![row(1, "Fabrikam Retail Group")]);
        let posted = Self::new("What is missing")
            .about("Fabrikam Retail Group")
            .rows(vec![row(1, "Fabrikam Retail Group")])
            .hint("From Tenantry, as of 21 Nov 2026.");
        vec![
            ("empty", Self::new("No gaps").text("Everything that is asked for is there. Well done!")),
            ("typical", list("Fabrikam Retail Group")),
            ("digest", digest),
            ("posted", posted),
            ("right_to_left", list(HEBREW)),
            ("hostile", list(HOSTILE)),
            ("longest", list(&JAPANESE.repeat(20))),
        ]
    }

    fn summary(&self) -> String {
        let about = self.about.shown();
        let parts = [self.title.as_str(), &about, self.text.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// Leaves out the sentences of the rows; the form and `why` say them.
    fn smaller(&self, _bytes: usize) -> Option<Self> {
        let bare = |row: &Row| Row { why: UserText::default(), line: UserText::default(), ..row.clone() };
        let rows = self.rows.iter().map(bare).collect();
        let any = self.rows.iter().any(|row| !row.why.is_empty() || !row.line.is_empty());
        any.then(|| Self { rows, ..self.clone() })
    }
}
