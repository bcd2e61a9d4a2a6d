//! A page of a list of tenants (V1-V3).

use serde::Serialize;

use super::super::sample::{HEBREW, HOSTILE, JAPANESE, id};
use super::super::text::{self, UserText};
use super::super::tone::Toned;
use super::super::view::View;
use crate::domain::id::{Id, Tenant};
use crate::domain::note::NoteDue;
use crate::domain::tenant::{OverallStatus, Portfolio};

/// Most characters of a name in a row; the whole name stands in the summary.
const NAME_SHOWN: usize = 80;

/// One page of My Active, My Inactive or the Partner List.
#[derive(Debug, Clone, Serialize)]
pub struct List {
    /// The list's name.
    heading: &'static str,
    /// "11 to 20 of 40 tenants".
    shown: String,
    #[serde(rename = "list")]
    portfolio: Portfolio,
    /// What was asked to be in a name, an alias or a domain; as typed.
    filter: String,
    /// The same, for reading.
    filter_shown: UserText,
    /// The page before this one, 0 when there is none.
    previous: u32,
    /// The page after this one, 0 when there is none.
    next: u32,
    rows: Vec<Row>,
}

/// A tenant in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    tenant: Id<Tenant>,
    open: UserText,
    customer: UserText,
    name: UserText,
    status: Toned,
    services: String,
    due: Toned,
    looks_alike: bool,
}

impl Row {
    /// A row: the customer's name, the tenant's name, its overall status, the number of its active
    /// services, when the next note is due, and whether the name mixes look-alike letters (V2).
    pub fn new(tenant: Id<Tenant>, customer: &str, name: &str, status: Option<OverallStatus>) -> Self {
        Self {
            tenant,
            open: UserText::clipped(&format!("{customer} ({name})"), NAME_SHOWN),
            customer: UserText::clipped(customer, NAME_SHOWN),
            name: UserText::clipped(name, NAME_SHOWN),
            status: Toned::status(status),
            services: text::count(0, "active service", "active services"),
            due: Toned::note_due(NoteDue::Never),
            looks_alike: crate::domain::text::looks_alike(customer) || crate::domain::text::looks_alike(name),
        }
    }

    /// Sets the number of active services.
    #[must_use]
    pub fn services(mut self, services: u64) -> Self {
        self.services = text::count(services, "active service", "active services");
        self
    }

    /// Sets when the next note is due (E4).
    #[must_use]
    pub fn due(mut self, due: NoteDue) -> Self {
        self.due = Toned::note_due(due);
        self
    }
}

impl List {
    /// Most rows of a page: so many fit into a card with long names in any script (O4).
    pub const PAGE: u32 = 10;

    /// The page `page` (from 1) of a list that holds `total` tenants.
    pub fn new(list: Portfolio, filter: &str, page: u32, total: u64, rows: Vec<Row>) -> Self {
        let before = u64::from(page.saturating_sub(1)) * u64::from(Self::PAGE);
        let here = u64::try_from(rows.len()).unwrap_or_default();
        let shown = match here {
            0 => "no tenants".to_owned(),
            _ if here == total => text::count(total, "tenant", "tenants"),
            _ => format!("{} to {} of {} tenants", before + 1, before + here, text::number(total)),
        };
        Self {
            heading: heading(list),
            shown,
            portfolio: list,
            filter: text::clip(filter, NAME_SHOWN).into_owned(),
            filter_shown: UserText::clipped(filter, NAME_SHOWN),
            previous: page.saturating_sub(1),
            next: if before + here < total { page.saturating_add(1) } else { 0 },
            rows,
        }
    }
}

fn heading(list: Portfolio) -> &'static str {
    match list {
        Portfolio::Active => "My active tenants",
        Portfolio::Inactive => "My inactive tenants",
        Portfolio::Partner => "Partner list",
    }
}

impl View for List {
    const TEMPLATE: &'static str = "tenant.list.json";

    fn samples() -> Vec<(&'static str, Self)> {
        vec![
            ("empty", Self::new(Portfolio::Active, "", 1, 0, Vec::new())),
            ("empty_filter", Self::new(Portfolio::Inactive, "contosso", 1, 0, Vec::new())),
            ("typical", Self::new(Portfolio::Active, "", 2, 40, portfolio())),
            (
                "one",
                Self::new(Portfolio::Partner, "fabrikam", 1, 1, portfolio().into_iter().take(1).collect()),
            ),
            ("right_to_left", Self::new(Portfolio::Active, HEBREW, 1, 2, foreign())),
            (
                "hostile",
                Self::new(Portfolio::Active, HOSTILE, 1, 1, vec![Row::new(id(1), HOSTILE, HOSTILE, None)]),
            ),
            ("longest", Self::new(Portfolio::Partner, &"漢".repeat(300), 3, 50_000, longest())),
        ]
    }

    fn summary(&self) -> String {
        format!("{}: {}.", self.heading, self.shown)
    }
}

fn portfolio() -> Vec<Row> {
    use OverallStatus::{Active, Blocked, Paused};
    let row = |number, customer, name, status, services, due| {
        Row::new(id(number), customer, name, status).services(services).due(due)
    };
    vec![
        row(1, "Fabrikam Retail Group", "fabrikam.onmicrosoft.com", Some(Blocked), 5, NoteDue::Overdue(6)),
        row(
            2,
            "Contoso Pharmaceuticals",
            "contosopharma.onmicrosoft.com",
            Some(Active),
            8,
            NoteDue::Overdue(1),
        ),
        row(3, "Northwind Traders", "northwind.onmicrosoft.com", Some(Active), 3, NoteDue::In(0)),
        row(4, "Élan Santé Mutuelle", "elansante.onmicrosoft.com", Some(Paused), 2, NoteDue::In(2)),
        row(5, "Woodgrove Bank", "woodgrove.onmicrosoft.com", Some(Active), 11, NoteDue::In(11)),
        row(6, JAPANESE, "nihonglass.onmicrosoft.com", Some(Active), 4, NoteDue::In(13)),
        row(7, "C\u{43E}ntoso Pharmaceuticals", "contos0pharma.onmicrosoft.com", None, 1, NoteDue::Never),
        row(8, "Universität Grünau", "uni-gruenau.onmicrosoft.com", Some(Active), 6, NoteDue::In(14)),
        row(9, HEBREW, "galil.onmicrosoft.com", Some(Active), 2, NoteDue::In(9)),
        row(10, "Tailspin Toys", "tailspin.onmicrosoft.com", Some(Paused), 0, NoteDue::Overdue(40)),
    ]
}

fn foreign() -> Vec<Row> {
    vec![
        Row::new(id(1), HEBREW, "galil.onmicrosoft.com", Some(OverallStatus::Active)).services(3),
        Row::new(id(2), JAPANESE, "硝子.example", Some(OverallStatus::Blocked))
            .services(1)
            .due(NoteDue::In(5)),
    ]
}

fn longest() -> Vec<Row> {
    (0..10)
        .map(|n| {
            let due = NoteDue::Overdue(1234);
            Row::new(id(n), &"漢".repeat(200), &"𠀀".repeat(200), Some(OverallStatus::Blocked))
                .services(26)
                .due(due)
        })
        .collect()
}
