//! The notes of a tenant, newest first (DOMAIN 2.4).

use chrono::NaiveDate;
use serde::Serialize;

use super::super::sample::{FROM_CHAT, HEBREW, HOSTILE, JAPANESE, days_ago, id};
use super::super::text::{self, UserText};
use super::super::tone::Toned;
use super::super::view::View;
use super::{linked, next_action_words};
use crate::domain::id::{Id, Tenant};
use crate::domain::note::NextAction;
use crate::domain::quote::parted;
use crate::domain::service::catalogue;
use crate::domain::tenant::OverallStatus;

/// Most characters of a note before it is folded.
const EXCERPT: usize = 300;
/// Bytes of a page for whole texts behind the excerpts; the first notes get them (O4).
const UNFOLDED: usize = 6_000;

/// One page of notes.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    tenant: Id<Tenant>,
    customer: UserText,
    shown: String,
    filter: Filter,
    services: Vec<ServiceChoice>,
    previous: u32,
    next: u32,
    entries: Vec<Entry>,
    writable: bool,
}

/// What is shown, by the codes of the inputs; the default is everything of the last 30 days.
#[derive(Debug, Clone, Serialize)]
pub struct Filter {
    /// "30": the last 30 days, "60": 30 to 60 days ago, "90": 60 to 90 days ago, "all".
    pub range: String,
    /// Code of a category, or "all".
    pub category: String,
    /// Code of a service that the note speaks of, or "all".
    pub service: String,
    /// "all" or "mine".
    pub author: String,
    /// "true": only escalated notes, else "false".
    pub escalated: String,
    /// "all", or whose next action falls into this "week", "month" or "quarter".
    pub due: String,
}

impl Default for Filter {
    fn default() -> Self {
        let all = || "all".to_owned();
        Self {
            range: "30".into(),
            category: all(),
            service: all(),
            author: all(),
            escalated: "false".into(),
            due: all(),
        }
    }
}

/// A service that one can filter by.
#[derive(Debug, Clone, Serialize)]
struct ServiceChoice {
    code: &'static str,
    name: &'static str,
}

/// One note.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    date: String,
    category: UserText,
    author: UserText,
    status: Option<Toned>,
    marks: String,
    escalated: bool,
    services: UserText,
    excerpt: UserText,
    /// The whole text where the excerpt is not all of it and the page has room, else empty.
    whole: UserText,
    /// Where it was taken over from, as a link; else empty.
    source: String,
    next_action: UserText,
    #[serde(skip)]
    body: String,
}

impl Entry {
    /// A note by the day it was written, its category's name, its author and its text.
    pub fn new(date: NaiveDate, category: &str, author: &str, body: &str) -> Self {
        let (body, source) = parted(body);
        Self {
            date: text::day(date),
            category: UserText::clipped(category, 40),
            author: UserText::clipped(author, 60),
            status: None,
            marks: String::new(),
            escalated: false,
            services: UserText::default(),
            excerpt: UserText::clipped(body, EXCERPT),
            whole: UserText::default(),
            source: source.map(linked).unwrap_or_default(),
            next_action: UserText::default(),
            body: body.to_owned(),
        }
    }

    /// The overall status that the note set.
    #[must_use]
    pub fn status(mut self, status: Option<OverallStatus>) -> Self {
        self.status = status.map(|status| Toned::status(Some(status)));
        self
    }

    /// Marks it as amended, as withdrawn, as escalated.
    #[must_use]
    pub fn marks(mut self, amended: bool, withdrawn: bool, escalated: bool) -> Self {
        let marks = [(amended, " · amended"), (withdrawn, " · withdrawn, no longer counts")];
        self.marks = marks.iter().filter(|(set, _)| *set).map(|(_, words)| *words).collect();
        self.escalated = escalated;
        self
    }

    /// The names of the services that it is about.
    #[must_use]
    pub fn services(mut self, names: &[&str]) -> Self {
        self.services = UserText::clipped(&names.join(", "), 120);
        self
    }

    /// What happens next.
    #[must_use]
    pub fn next_action(mut self, next: Option<&NextAction>) -> Self {
        self.next_action = UserText::clipped(&next_action_words(next), 160);
        self
    }
}

impl History {
    /// Most notes of a page.
    pub const PAGE: u32 = 5;

    /// Page `page` (from 1) of the `total` notes that pass the filter.
    pub fn new(
        tenant: Id<Tenant>,
        customer: &str,
        filter: Filter,
        page: u32,
        total: u64,
        entries: Vec<Entry>,
    ) -> Self {
        let before = u64::from(page.saturating_sub(1)) * u64::from(Self::PAGE);
        let here = u64::try_from(entries.len()).unwrap_or_default();
        let range = match filter.range.as_str() {
            "60" => "30 to 60 days ago",
            "90" => "60 to 90 days ago",
            "all" => "all time",
            _ => "the last 30 days",
        };
        let part =
            if here < total { format!(", {} to {}", before + 1, before + here) } else { String::new() };
        Self {
            tenant,
            customer: UserText::clipped(customer, 120),
            shown: format!("{}{part} · {range}", text::count(total, "note", "notes")),
            filter,
            services: catalogue()
                .services()
                .iter()
                .map(|s| ServiceChoice { code: &s.code, name: &s.name })
                .collect(),
            previous: page.saturating_sub(1),
            next: if before + here < total { page.saturating_add(1) } else { 0 },
            entries: unfolded(entries),
            writable: false,
        }
    }

    /// Offers to write a note (A10).
    #[must_use]
    pub fn writable(mut self, writable: bool) -> Self {
        self.writable = writable;
        self
    }
}

/// Gives the whole text to those that were cut, as far as the page has room.
fn unfolded(mut entries: Vec<Entry>) -> Vec<Entry> {
    let mut left = UNFOLDED.saturating_sub(entries.iter().map(|entry| entry.source.len()).sum());
    for entry in &mut entries {
        let cut = entry.excerpt.whole() != entry.body;
        if cut && matches!(text::fit(&entry.body, left), std::borrow::Cow::Borrowed(_)) {
            left = left.saturating_sub(entry.body.len());
            entry.whole = entry.body.as_str().into();
        }
    }
    entries
}

impl View for History {
    const TEMPLATE: &'static str = "note.history.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let fabrikam = "Fabrikam Retail Group";
        let all = || Filter { range: "all".into(), author: "mine".into(), ..Filter::default() };
        let hostile =
            Entry::new(days_ago(1), HOSTILE, HOSTILE, &[HOSTILE; 4].join("\n")).services(&[HOSTILE]);
        let long = |body: &str| {
            let entry = Entry::new(days_ago(2), &body.repeat(50), &body.repeat(100), &body.repeat(4000));
            entry.status(Some(OverallStatus::Blocked)).marks(true, true, true).services(&[&body.repeat(200)])
        };
        vec![
            ("empty", Self::new(id(1), fabrikam, Filter::default(), 1, 0, Vec::new()).writable(true)),
            ("typical", Self::new(id(1), fabrikam, Filter::default(), 1, 3, typical()).writable(true)),
            ("paged", Self::new(id(1), fabrikam, all(), 2, 42, typical())),
            (
                "right_to_left",
                Self::new(
                    id(1),
                    HEBREW,
                    Filter::default(),
                    1,
                    2,
                    vec![
                        Entry::new(days_ago(1), "Engagement Management", HEBREW, HEBREW),
                        Entry::new(days_ago(3), "Engagement Management", JAPANESE, &JAPANESE.repeat(40)),
                    ],
                ),
            ),
            ("hostile", Self::new(id(1), HOSTILE, Filter::default(), 1, 1, vec![hostile])),
            ("longest", Self::new(id(1), &"漢".repeat(300), all(), 900, 50_000, vec![long("漢"); 5])),
        ]
    }

    fn summary(&self) -> String {
        format!("Note history of {}: {}.", self.customer.shown(), self.shown)
    }
}

fn typical() -> Vec<Entry> {
    let category = "Engagement Management";
    let next = NextAction {
        what: "Agree the firewall change with the network team".into(),
        date: days_ago(0),
        owner: "Ann Okafor".into(),
    };
    vec![
        Entry::new(
            days_ago(6),
            category,
            "Ann Okafor",
            "Network team has refused the firewall change; escalated to their CIO.",
        )
        .status(Some(OverallStatus::Blocked))
        .marks(true, false, true)
        .services(&["Exchange", "Teams"])
        .next_action(Some(&next)),
        Entry::new(
            days_ago(20),
            category,
            "Jiří Novák",
            &format!(
                "{}{FROM_CHAT}",
                ["Pilot of 50 users runs well in two shops, feedback is good."; 9].join(" ")
            ),
        )
        .status(Some(OverallStatus::Active)),
        Entry::new(
            days_ago(27),
            "Technical Enablement",
            "Mei Tanaka",
            "[EXO] On track. Hybrid is up, free/busy works both ways.",
        )
        .marks(false, true, false)
        .services(&["Exchange"]),
    ]
}
