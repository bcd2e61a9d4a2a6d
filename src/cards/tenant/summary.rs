//! One tenant on one card.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::super::run::Run;
use super::super::sample::{HEBREW, HOSTILE, JAPANESE, days_ago, id};
use super::super::text::{self, UserText};
use super::super::tone::Toned;
use super::super::view::View;
use super::service::{Service, Split};
use crate::domain::id::{Id, Tenant};
use crate::domain::note::NoteDue;
use crate::domain::service::catalogue;
use crate::domain::tenant::OverallStatus;

/// Most characters of a name.
const NAME_SHOWN: usize = 100;
/// Bytes of the card for all services, and for one of them without its rows (O4).
const ROOM: usize = 18_000;
const EACH: usize = 1_100;

/// The summary of a tenant. No contact data: it may stand in a channel (checklist 163).
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    tenant: Id<Tenant>,
    customer: UserText,
    name: UserText,
    status: Toned,
    since: String,
    due: Toned,
    looks_alike: bool,
    services: Vec<Opening>,
    hint: String,
    #[serde(serialize_with = "runs")]
    assignments: Vec<Assignment>,
    /// Whether the person may write a note (A10).
    writable: bool,
    link: String,
}

/// A service, and what pressing it opens.
#[derive(Debug, Clone, Serialize)]
struct Opening {
    code: String,
    name: UserText,
    runs: Service,
}

/// Who holds a partner role.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// "Partner FastTrack Manager (P-FM)".
    pub(super) role: UserText,
    /// The people, or the firm or queue, primary first.
    pub(super) who: UserText,
}

impl Assignment {
    /// A role by its code or short name, and its holders: each with whether they are primary (A4).
    pub fn new<'a>(role: &str, holders: impl IntoIterator<Item = (&'a str, bool)>) -> Self {
        let holder = |(name, primary): (&str, bool)| {
            let name = text::clip(name, 50);
            if primary { format!("{name} (primary)") } else { name.into_owned() }
        };
        let mut names: Vec<_> = holders.into_iter().map(holder).collect();
        let more = names.len().saturating_sub(4);
        names.truncate(4);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        let known = catalogue().roles().iter().find(|known| known.code == role || known.name == role);
        let short = known.map_or(role, |known| known.name.as_str());
        let long = known.and_then(|known| known.long.as_deref());
        let role =
            long.map_or_else(|| text::clip(short, 40).into_owned(), |long| format!("{long} ({short})"));
        Self { role: role.into(), who: names.join(", ").into() }
    }
}

impl Summary {
    /// A tenant with nothing but its names.
    pub fn new(tenant: Id<Tenant>, customer: &str, name: &str) -> Self {
        Self {
            tenant,
            customer: UserText::clipped(customer, NAME_SHOWN),
            name: UserText::clipped(name, NAME_SHOWN),
            status: Toned::status(None),
            since: "No status yet".to_owned(),
            due: Toned::note_due(NoteDue::Never),
            looks_alike: crate::domain::text::looks_alike(customer) || crate::domain::text::looks_alike(name),
            services: Vec::new(),
            hint: "No entitled services yet. They come with the nightly feed.".to_owned(),
            assignments: Vec::new(),
            writable: false,
            link: String::new(),
        }
    }

    /// Adds the link to it, to be copied and sent on.
    #[must_use]
    pub fn link(mut self, link: Option<String>) -> Self {
        self.link = text::own_link("Link to this tenant", link);
        self
    }

    /// Adds what else places the customer, such as country and industry.
    #[must_use]
    pub fn place(mut self, parts: &[&str]) -> Self {
        let parts: Vec<_> =
            parts.iter().filter(|part| !part.is_empty()).map(|part| text::clip(part, 50)).collect();
        if !parts.is_empty() {
            self.name = format!("{} · {}", self.name.whole(), parts.join(" · ")).into();
        }
        self
    }

    /// Sets the overall status, its date, and when the next note is due (E4).
    #[must_use]
    pub fn status(mut self, status: Option<OverallStatus>, date: Option<NaiveDate>, due: NoteDue) -> Self {
        self.status = Toned::status(status);
        self.since = date.map(|date| format!("Status of {}", text::day(date))).unwrap_or(self.since);
        self.due = Toned::note_due(due);
        self
    }

    /// Sets the services. The more there are, the fewer of their rows are shown (O4).
    #[must_use]
    pub fn services(mut self, mut services: Vec<Service>) -> Self {
        let room = ROOM.saturating_sub(services.len() * EACH) / services.len().max(1);
        for service in &mut services {
            service.fit(room);
        }
        if !services.is_empty() {
            self.hint = String::new();
        }
        let opening = |service: Service| {
            let (code, name) = service.named();
            Opening { code, name, runs: service }
        };
        self.services = services.into_iter().map(opening).collect();
        self
    }

    /// Sets who holds the partner roles.
    #[must_use]
    pub fn assignments(mut self, assignments: Vec<Assignment>) -> Self {
        self.assignments = assignments;
        self
    }

    /// Offers to write a note.
    #[must_use]
    pub fn writable(mut self, writable: bool) -> Self {
        self.writable = writable;
        self
    }
}

/// One line for each role.
fn runs<S: Serializer>(assignments: &[Assignment], serializer: S) -> Result<S::Ok, S::Error> {
    let line = |(index, assignment): (usize, &Assignment)| {
        let lead = if index == 0 { "" } else { "\n" };
        let role = Run::new(format!("{lead}{}", assignment.role.shown())).bold();
        [role, Run::new(format!("\u{2002}{}", assignment.who.shown()))]
    };
    serializer.collect_seq(assignments.iter().enumerate().flat_map(line))
}

impl View for Summary {
    const TEMPLATE: &'static str = "tenant.summary.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let hostile = Self::new(id(1), HOSTILE, HOSTILE)
            .place(&[HOSTILE])
            .services(vec![Service::new(HOSTILE, 9, Some(HOSTILE), &[split(HOSTILE, HOSTILE, HOSTILE, 9)])])
            .assignments(vec![Assignment::new(HOSTILE, [(HOSTILE, true)])]);
        vec![
            ("empty", Self::new(id(1), "Adatum Corporation", "adatum.onmicrosoft.com")),
            (
                "typical",
                typical().writable(true).link(Some(format!("https://bot.example.com/t/{}", id::<Tenant>(1)))),
            ),
            ("read_only", typical()),
            (
                "right_to_left",
                Self::new(id(1), HEBREW, "galil.onmicrosoft.com")
                    .place(&["Israel", "תעשייה"])
                    .status(Some(OverallStatus::Paused), Some(days_ago(12)), NoteDue::In(2))
                    .services(vec![Service::new(
                        "teams",
                        80,
                        Some("ftc_ftp_led"),
                        &[split("in_progress", "", "", 80)],
                    )])
                    .assignments(vec![Assignment::new("p_fm", [(JAPANESE, true), (HEBREW, false)])]),
            ),
            ("hostile", hostile),
            ("twelve_services", longest(12)),
            ("longest", longest(26)),
        ]
    }

    fn summary(&self) -> String {
        format!("{}: {}, {}.", self.customer.shown(), self.status.words, self.due.words)
    }
}

fn split<'a>(l1: &'a str, l2: &'a str, l3: &'a str, entitlements: u64) -> Split<'a> {
    Split { l1, l2, l3, entitlements }
}

/// Five services with twenty rows: the card that is measured.
fn typical() -> Summary {
    let led = Some("ftc_ftp_led");
    let (it, ready) = ("it_change_management_and_resourcing", "adoption_readiness");
    Summary::new(id(1), "Fabrikam Retail Group", "fabrikam.onmicrosoft.com")
        .place(&["Germany", "Retail"])
        .status(Some(OverallStatus::Blocked), Some(days_ago(20)), NoteDue::Overdue(6))
        .services(vec![
            Service::new(
                "exchange",
                1250,
                led,
                &[
                    split("in_progress", "technical_onboarding_and_deployment", "", 700),
                    split("in_progress", "migration", "", 250),
                    split("blocked", it, "budget_agreed_but_not_available", 180),
                    split("blocked", "security_privacy_non_product_feature", "trust", 70),
                    split("status_unknown", "new_subscription_or_workload", "", 50),
                ],
            ),
            Service::new(
                "teams",
                1250,
                led,
                &[
                    split("in_progress", "technical_onboarding_and_deployment", "", 900),
                    split("blocked", ready, "", 200),
                    split("no_intent", "using_competitive_solution", "amazon_chime", 120),
                    split("status_unknown", "customer_unresponsive", "", 30),
                ],
            ),
            Service::new(
                "sharepoint",
                800,
                Some("customer_led_ftp_assist"),
                &[
                    split("in_progress", "solution_or_user_adoption", "", 420),
                    split("blocked", "product_feature_capability", "data_location", 180),
                    split("no_intent", "using_microsoft_on_premises_solution", "", 150),
                    split("duplicate_invalid", "", "", 50),
                ],
            ),
            Service::new(
                "intune",
                300,
                led,
                &[
                    split("in_progress", "", "", 240),
                    split("blocked", "app_compatibility", "lob_applications", 40),
                    split("no_intent", "executive_sponsorship", "no_clear_business_drivers", 15),
                ],
            ),
            Service::new(
                "aadp",
                1250,
                led,
                &[
                    split("in_progress", "technical_onboarding_and_deployment", "", 1200),
                    split("blocked", "legal_regulatory", "", 20),
                    split("blocked", "partner_engagement", "", 15),
                    split("status_unknown", "new_subscription_or_workload", "", 15),
                ],
            ),
        ])
        .assignments(vec![
            Assignment::new("p_rm", [("Alpine Cloud Partners", true)]),
            Assignment::new("p_fm", [("Ann Okafor", true), ("Jiří Novák", false)]),
            Assignment::new("p_fe", [("Mei Tanaka", false)]),
        ])
}

fn longest(services: usize) -> Summary {
    let wide = "漢".repeat(200);
    let rows = vec![split("漢漢漢漢", &wide, &wide, 4_000_000_000); 20];
    let service = |code: &str| Service::new(code, 4_000_000_000, Some(&wide), &rows);
    let codes = catalogue().services().iter().map(|service| service.code.as_str());
    Summary::new(id(1), &wide, &wide)
        .place(&[&wide, &wide])
        .services(codes.take(services).map(service).collect())
        .assignments(
            ["p_rm", "p_fm", "p_fe"].map(|role| Assignment::new(role, [(wide.as_str(), true); 20])).into(),
        )
        .writable(true)
}
