//! One service of a tenant on one card: what stands, what is missing, and the way to each form.

use chrono::NaiveDate;
use serde::Serialize;

use super::button::{Button, in_lines};
use super::sample::{HEBREW, HOSTILE, id, today};
use super::tenant::{Service as Entitlements, Split};
use super::text::{self, UserText};
use super::tone::{Tone, Toned};
use super::view::View;
use crate::domain::id::{Id, Tenant};
use crate::domain::service::catalogue;
use crate::domain::service_record::Missing;

/// Most characters of a name.
const NAME_SHOWN: usize = 100;
/// Bytes that the reasons of the entitlements may take.
const ROOM: usize = 4_000;

/// The card of a service. No contact data: it may stand in a channel (checklist 163).
#[derive(Debug, Clone, Serialize)]
pub struct Service {
    tenant: Id<Tenant>,
    code: String,
    customer: UserText,
    name: UserText,
    entitlements: Entitlements,
    facts: Vec<Fact>,
    missing: Vec<Toned>,
    hint: String,
    #[serde(serialize_with = "in_lines")]
    forms: Vec<Button>,
    #[serde(serialize_with = "in_lines")]
    ways: Vec<Button>,
    link: String,
}

/// One thing that is known of a service, or that is not.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    label: &'static str,
    value: UserText,
    tone: Tone,
}

impl Fact {
    /// A fact in plain text.
    pub fn new(label: &'static str, value: impl Into<String>) -> Self {
        Self { label, value: UserText::clipped(&value.into(), 300), tone: Tone::Default }
    }

    /// A fact that wants a look.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Service {
    /// A service of a tenant by its code, with how its entitlements are split.
    pub fn new(tenant: Id<Tenant>, service: &str, entitlements: Entitlements) -> Self {
        let mut entitlements = entitlements;
        entitlements.fit(ROOM);
        Self {
            tenant,
            code: service.to_owned(),
            customer: UserText::default(),
            name: UserText::default(),
            entitlements,
            facts: Vec::new(),
            missing: Vec::new(),
            hint: String::new(),
            forms: Vec::new(),
            ways: Vec::new(),
            link: String::new(),
        }
    }

    /// Adds the link to it, to be copied and sent on.
    #[must_use]
    pub fn link(mut self, link: Option<String>) -> Self {
        self.link = text::own_link("Link to this service", link);
        self
    }

    /// Whose service it is.
    #[must_use]
    pub fn about(mut self, customer: &str, name: &str) -> Self {
        self.customer = UserText::clipped(customer, NAME_SHOWN);
        self.name = UserText::clipped(name, NAME_SHOWN);
        self
    }

    /// What is known.
    #[must_use]
    pub fn facts(mut self, facts: Vec<Fact>) -> Self {
        self.facts = facts;
        self
    }

    /// What is missing to be complete.
    #[must_use]
    pub fn missing(mut self, missing: &[Missing]) -> Self {
        self.missing = missing.iter().map(said).collect();
        self
    }

    /// One sentence worth knowing.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The forms that the person may open, and the ways on from here; at most six each.
    #[must_use]
    pub fn buttons(mut self, forms: Vec<Button>, ways: Vec<Button>) -> Self {
        self.forms = forms;
        self.ways = ways;
        self
    }
}

fn said(missing: &Missing) -> Toned {
    let amount = |difference: i64| text::number(difference.unsigned_abs());
    match missing {
        Missing::EntitlementStatus { difference } if *difference > 0 => {
            Toned::new(format!("{} entitlements have no status yet.", amount(*difference)), Tone::Attention)
        }
        Missing::EntitlementStatus { difference } => Toned::new(
            format!("The status rows have {} entitlements more than the service.", amount(*difference)),
            Tone::Attention,
        ),
        Missing::Scenario => Toned::new("The engagement scenario is not set.", Tone::Warning),
        Missing::DataMigration => {
            Toned::new("Data migration: say whether Microsoft performs it, or why not.", Tone::Warning)
        }
        Missing::MigrationLines { difference } if *difference > 0 => Toned::new(
            format!("The migration lines lack {} of the entitlements In Progress.", amount(*difference)),
            Tone::Warning,
        ),
        Missing::MigrationLines { difference } => Toned::new(
            format!("The migration lines have {} more than is In Progress.", amount(*difference)),
            Tone::Warning,
        ),
        Missing::Milestone(code) => {
            let milestones = &crate::domain::rules::rules().milestones;
            let name = milestones.iter().find(|milestone| milestone.code == *code).map(|m| m.name.as_str());
            Toned::new(format!("Forecast: {} has no date.", name.unwrap_or(code)), Tone::Warning)
        }
    }
}

impl View for Service {
    const TEMPLATE: &'static str = "service.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let split = |l1, l2, entitlements| Split { l1, l2, l3: "", entitlements };
        let rows = [
            split("in_progress", "technical_onboarding_and_deployment", 300),
            split("blocked", "legal_regulatory", 5),
        ];
        let button =
            |title: &str| Button::new(title, "tenant.show").with("tenant", id::<Tenant>(1).to_string());
        let typical = Self::new(id(1), "exchange", Entitlements::new("exchange", 305, None, &rows))
            .about("Fabrikam Retail Group", "fabrikam.onmicrosoft.com")
            .facts(vec![
                Fact::new("Active users", "122 of 305 (40%)"),
                Fact::new("Engagement scenario", "FTC-FTP Led"),
                Fact::new("Engagement start", text::day(today())),
                Fact::new(
                    "Forecast",
                    "RFA 3 Mar 2026 · 15% AU reached · 40% AU 1 Mar 2027 · Max AU 30 Jun 2027",
                ),
                Fact::new("Data migration", "Microsoft, 1 Dec 2026 to 28 Feb 2027, 300 entitlements"),
                Fact::new("CPOR", "Alpine Cloud Partners, MPN 1234567, approved"),
                Fact::new("Primary", "P-RM Alpine Cloud Partners · P-FM Ann Okafor"),
            ])
            .buttons(vec![button("Forecast dates"), button("Data migration")], vec![button("Open tenant")]);
        let lacking = Self::new(id(1), "exchange", Entitlements::new("exchange", 310, None, &rows))
            .about("Adatum Corporation", "adatum.onmicrosoft.com")
            .facts(vec![
                Fact::new("Engagement scenario", "Customer-Led w/ FTP Assist").tone(Tone::Warning),
                Fact::new("Forecast", "none").tone(Tone::Warning),
                Fact::new("CPOR", "no claim").tone(Tone::Warning),
            ])
            .missing(&[
                Missing::EntitlementStatus { difference: 5 },
                Missing::DataMigration,
                Missing::Milestone("max".into()),
            ])
            .hint("Usage is credited to your firm only while the scenario is FTC-FTP Led.")
            .buttons(vec![button("Forecast dates")], vec![button("Open tenant")]);
        let wide = "漢".repeat(400);
        let many = vec![Split { l1: "blocked", l2: &wide, l3: &wide, entitlements: 9 }; 40];
        let strange = |words: &str| {
            Self::new(id(1), words, Entitlements::new(words, 9, None, &many))
                .about(words, words)
                .facts(vec![Fact::new("CPOR", words), Fact::new("Primary", words)])
        };
        vec![
            ("typical", typical),
            (
                "lacking",
                lacking.link(Some(format!("https://bot.example.com/t/{}/exchange", id::<Tenant>(1)))),
            ),
            (
                "empty",
                Self::new(id(1), "teams", Entitlements::new("teams", 0, None, &[])).about("Adatum", "adatum"),
            ),
            ("right_to_left", strange(HEBREW)),
            ("hostile", strange(HOSTILE)),
            ("longest", strange(&wide)),
        ]
    }

    fn summary(&self) -> String {
        let missing = match self.missing.len() {
            0 => "complete".to_owned(),
            count => text::count(u64::try_from(count).unwrap_or(0), "thing missing", "things missing"),
        };
        let service = text::clip(catalogue().service_name(&self.code), 60);
        format!("{service} of {}: {missing}.", self.customer.shown())
    }
}

/// The dates of a span as people read them.
pub fn span(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{} to {}", text::day(from), text::day(to)),
        (Some(day), None) | (None, Some(day)) => text::day(day),
        (None, None) => String::new(),
    }
}
