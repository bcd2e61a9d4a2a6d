//! Who changed what of a tenant, newest first (F8, A13).

use serde::Serialize;

use super::button::Button;
use super::difference::{Changes, Difference};
use super::form::Choice;
use super::sample::{HEBREW, HOSTILE, id};
use super::text::{self, UserText};
use super::view::View;
use crate::domain::id::{Id, Tenant};

/// One page of changes. No contact data in places where others read along: the caller leaves it out (P8).
#[derive(Debug, Clone, Serialize)]
pub struct ChangeHistory {
    tenant: Id<Tenant>,
    customer: UserText,
    shown: String,
    entries: Vec<Entry>,
    pages: Vec<Button>,
    field: String,
    fields: Vec<Choice>,
    service: String,
    services: Vec<Choice>,
    range: String,
}

/// One change.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    when: String,
    who: UserText,
    marks: String,
    changes: Changes,
}

impl Entry {
    /// When, on the reader's clock, who, and what.
    pub fn new(when: String, who: &str, differences: Vec<Difference>) -> Self {
        Self {
            when,
            who: UserText::clipped(who, 60),
            marks: String::new(),
            changes: Changes::new(differences),
        }
    }

    /// Marks it as made in a channel or group chat, as an undo, as undone since.
    #[must_use]
    pub fn marks(mut self, shared: bool, undo: bool, undone: bool) -> Self {
        let marks =
            [(shared, " · in a channel"), (undo, " · took a change back"), (undone, " · undone since")];
        self.marks = marks.iter().filter(|(set, _)| *set).map(|(_, words)| *words).collect();
        self
    }
}

impl ChangeHistory {
    /// Changes on one page.
    pub const PAGE: u32 = 6;

    /// A page of `total` changes; `filter` is (field, service, range) by code.
    pub fn new(tenant: Id<Tenant>, customer: &str, filter: (&str, &str, &str), entries: Vec<Entry>) -> Self {
        Self {
            tenant,
            customer: UserText::clipped(customer, 100),
            shown: String::new(),
            entries,
            pages: Vec::new(),
            field: filter.0.to_owned(),
            fields: Vec::new(),
            service: filter.1.to_owned(),
            services: Vec::new(),
            range: filter.2.to_owned(),
        }
    }

    /// Which page of how many changes it is.
    #[must_use]
    pub fn page(mut self, page: u32, total: u64) -> Self {
        let size = u64::from(Self::PAGE);
        let first = (u64::from(page.max(1)) - 1) * size + 1;
        let last = (first + size - 1).min(total);
        self.shown = if total == 0 {
            "Changes of all fields but notes".to_owned()
        } else {
            format!("Changes {} to {} of {}", text::number(first), text::number(last), text::number(total))
        };
        let to = |title: &str, page: u32| {
            Button::new(title, "change.history")
                .with("tenant", self.tenant.to_string())
                .with("field", self.field.as_str())
                .with("service", self.service.as_str())
                .with("range", self.range.as_str())
                .with("page", page)
        };
        let newer = (page > 1).then(|| to("Newer changes", page - 1));
        let older = (last < total).then(|| to("Older changes", page.saturating_add(1)));
        self.pages = newer.into_iter().chain(older).collect();
        self
    }

    /// What one can filter by.
    #[must_use]
    pub fn choices(mut self, fields: Vec<Choice>, services: Vec<Choice>) -> Self {
        self.fields = fields;
        self.services = services;
        self
    }
}

impl View for ChangeHistory {
    const TEMPLATE: &'static str = "change.history.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let all = || vec![Choice::new("All", "all"), Choice::new("Forecast", "forecast")];
        let entry = |label: &str, old: &str, new: &str| {
            Entry::new(
                "21 Nov 2026, 12:00".to_owned(),
                "Ann Okafor",
                vec![Difference::new(label, old, new).about("Exchange")],
            )
        };
        let page = |entries: Vec<Entry>, page, total| {
            Self::new(id(1), "Fabrikam Retail Group", ("all", "all", "all"), entries)
                .page(page, total)
                .choices(all(), all())
        };
        let wide = "漢".repeat(400);
        vec![
            ("empty", page(Vec::new(), 1, 0)),
            (
                "typical",
                page(
                    vec![
                        entry("40% AU", "1 Mar 2027", "1 Apr 2027").marks(false, true, false),
                        entry("40% AU", "", "1 Mar 2027").marks(true, false, true),
                        entry("Max AU", "", "30 Jun 2027"),
                    ],
                    2,
                    40,
                ),
            ),
            ("right_to_left", page(vec![entry(HEBREW, HEBREW, HEBREW)], 1, 1)),
            ("hostile", page(vec![entry(HOSTILE, HOSTILE, HOSTILE)], 1, 1)),
            (
                "longest",
                page(
                    (0..Self::PAGE)
                        .map(|_| {
                            let lines = vec![Difference::new(&wide, wide.as_str(), wide.as_str()); 30];
                            Entry::new("21 Nov 2026, 12:00".to_owned(), &wide, lines).marks(true, true, true)
                        })
                        .collect(),
                    2,
                    4_000_000,
                ),
            ),
        ]
    }

    /// Every change names fewer of its fields; the tenant's own cards show the rest.
    fn smaller(&self, _bytes: usize) -> Option<Self> {
        let fewer = |entry: &Entry| Some(Entry { changes: entry.changes.fewer()?, ..entry.clone() });
        let entries: Vec<_> = self.entries.iter().filter_map(fewer).collect();
        (entries.len() == self.entries.len() && !entries.is_empty()).then(|| Self { entries, ..self.clone() })
    }

    fn summary(&self) -> String {
        format!("Changes of {}: {}.", self.customer.shown(), self.shown)
    }
}
