//! What is posted elsewhere of a tenant, a service or a person of the firm. It must be understood without a button,
//! and says nothing of the customer's people (checklist 123, 124, 131).

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::super::button::{Button, in_lines};
use super::super::run::Run;
use super::super::sample::{HEBREW, HOSTILE, JAPANESE, days_ago, id, today};
use super::super::text::{self, UserText};
use super::super::tone::{Tone, Toned};
use super::super::view::View;
use super::service::{Service, Split};
use super::summary::Assignment;
use crate::domain::id::{Id, Tenant};
use crate::domain::note::NoteDue;
use crate::domain::tenant::OverallStatus;

/// Most characters of a name.
const NAME_SHOWN: usize = 100;
/// Most services of a tenant that are posted.
const SERVICES: usize = 8;
/// Bytes of the reasons of one service (O4).
const REASONS: usize = 400;

/// The card.
#[derive(Debug, Clone, Serialize)]
pub struct Posted {
    kind: &'static str,
    title: UserText,
    detail: UserText,
    #[serde(serialize_with = "runs")]
    facts: Vec<Fact>,
    services: Vec<Service>,
    as_of: String,
    link: String,
    #[serde(serialize_with = "in_lines")]
    buttons: Vec<Button>,
}

#[derive(Debug, Clone)]
struct Fact {
    label: UserText,
    words: UserText,
    tone: Tone,
}

impl Posted {
    /// A tenant with nothing but its names, as of this day.
    pub fn tenant(tenant: Id<Tenant>, customer: &str, name: &str, today: NaiveDate) -> Self {
        let open = Button::new("Open", "tenant.show").with("tenant", tenant.to_string());
        Self::new("Tenant", customer, name, today).open(open)
    }

    /// One service of a tenant, which has this code and name.
    pub fn service(tenant: Id<Tenant>, customer: &str, (code, name): (&str, &str), today: NaiveDate) -> Self {
        let open = Button::new("Open", "service.show").with("tenant", tenant.to_string());
        Self::new("Service", customer, name, today).open(open.with("service", code))
    }

    /// A person of the firm.
    pub fn person(name: &str, firm: &str, today: NaiveDate) -> Self {
        Self::new("Person", name, firm, today)
    }

    fn new(kind: &'static str, title: &str, detail: &str, today: NaiveDate) -> Self {
        Self {
            kind,
            title: UserText::clipped(title, NAME_SHOWN),
            detail: UserText::clipped(detail, NAME_SHOWN),
            facts: Vec::new(),
            services: Vec::new(),
            as_of: format!("From Tenantry, as of {}.", text::day(today)),
            link: String::new(),
            buttons: Vec::new(),
        }
    }

    /// What a link shows to whoever may not see where it leads.
    pub fn closed() -> Self {
        let about = "Open the link in Teams: you see it there if it is your firm's.";
        let as_of = "From Tenantry.".to_owned();
        Self { as_of, ..Self::new("Link", "A page in Tenantry", about, NaiveDate::default()) }
    }

    /// Adds the link to it, to be copied and sent on.
    #[must_use]
    pub fn link(mut self, link: Option<String>) -> Self {
        self.link = text::own_link("Link", link);
        self
    }

    fn open(mut self, button: Button) -> Self {
        self.buttons = vec![button.plain()];
        self
    }

    fn fact(&mut self, label: impl Into<UserText>, words: impl Into<UserText>, tone: Tone) {
        self.facts.push(Fact { label: label.into(), words: words.into(), tone });
    }

    /// Adds the overall status with its date, and when the next note is due (E4).
    #[must_use]
    pub fn status(mut self, status: Option<OverallStatus>, date: Option<NaiveDate>, due: NoteDue) -> Self {
        let status = Toned::status(status);
        let since = date.map(|date| format!(", {}", text::day(date))).unwrap_or_default();
        self.fact("Overall status", format!("{}{since}", status.words), status.tone);
        let due = Toned::note_due(due);
        self.fact("Status note", due.words, due.tone);
        self
    }

    /// Adds services and how each is split; of many, the first.
    #[must_use]
    pub fn services(mut self, mut services: Vec<Service>) -> Self {
        let more = services.len().saturating_sub(SERVICES);
        if more > 0 {
            services.truncate(SERVICES);
            let words = format!("{SERVICES} of {} are shown", SERVICES + more);
            self.fact("Services", words, Tone::Default);
        }
        for service in &mut services {
            service.fit(REASONS);
        }
        self.services = services;
        self
    }

    /// Adds who works on it, by role.
    #[must_use]
    pub fn people(mut self, assignments: Vec<Assignment>) -> Self {
        for Assignment { role, who } in assignments {
            self.fact(role, who, Tone::Default);
        }
        self
    }

    /// Adds what a person does in a role, in our words.
    #[must_use]
    pub fn role(mut self, role: &str, words: impl Into<String>) -> Self {
        self.fact(role, words.into(), Tone::Default);
        self
    }
}

/// One line for each fact.
fn runs<S: Serializer>(facts: &[Fact], serializer: S) -> Result<S::Ok, S::Error> {
    let line = |(index, fact): (usize, &Fact)| {
        let lead = if index == 0 { "" } else { "\n" };
        let label = Run::new(format!("{lead}{}", fact.label.shown())).bold();
        [label, Run::new(format!("\u{2002}{}", fact.words.shown())).tone(fact.tone)]
    };
    serializer.collect_seq(facts.iter().enumerate().flat_map(line))
}

impl View for Posted {
    const TEMPLATE: &'static str = "tenant.posted.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let split = |l1, entitlements| Split { l1, l2: "", l3: "", entitlements };
        let service = |code: &str| {
            Service::new(code, 300, Some("ftc_ftp_led"), &[split("in_progress", 250), split("blocked", 50)])
        };
        let wide = "漢".repeat(200);
        let long = |code| {
            let rows = vec![Split { l1: &wide, l2: &wide, l3: &wide, entitlements: 4_000_000_000 }; 20];
            Service::new(code, 4_000_000_000, Some(&wide), &rows)
        };
        vec![
            ("empty", Self::tenant(id(1), "Adatum Corporation", "adatum.onmicrosoft.com", today())),
            (
                "typical",
                Self::tenant(id(1), "Fabrikam Retail Group", "fabrikam.onmicrosoft.com", today())
                    .status(Some(OverallStatus::Blocked), Some(days_ago(20)), NoteDue::Overdue(6))
                    .people(vec![Assignment::new("p_fm", [("Ann Okafor", true), ("Jiří Novák", false)])])
                    .services(vec![service("exchange"), service("teams")])
                    .link(Some(format!("https://bot.example.com/t/{}", id::<Tenant>(1)))),
            ),
            (
                "service",
                Self::service(id(1), "Fabrikam Retail Group", ("exchange", "Exchange Online"), today())
                    .status(Some(OverallStatus::Active), None, NoteDue::In(3))
                    .services(vec![service("exchange")]),
            ),
            (
                "person",
                Self::person("Ann Okafor", "Alpine Cloud Partners", today())
                    .role("P-FM", "12 tenants, primary in 3")
                    .role("P-FE", "1 tenant"),
            ),
            ("closed", Self::closed()),
            (
                "right_to_left",
                Self::tenant(id(1), HEBREW, "galil.onmicrosoft.com", today())
                    .people(vec![Assignment::new("p_fm", [(JAPANESE, true), (HEBREW, false)])]),
            ),
            (
                "hostile",
                Self::tenant(id(1), HOSTILE, HOSTILE, today())
                    .people(vec![Assignment::new(HOSTILE, [(HOSTILE, true)])])
                    .services(vec![Service::new(HOSTILE, 9, Some(HOSTILE), &[split(HOSTILE, 9)])]),
            ),
            (
                "longest",
                Self::tenant(id(1), &wide, &wide, today())
                    .people(
                        ["p_rm", "p_fm", "p_fe"]
                            .map(|role| Assignment::new(role, [(wide.as_str(), true); 20]))
                            .into(),
                    )
                    .services(vec![long("exchange"); 26]),
            ),
        ]
    }

    fn summary(&self) -> String {
        let facts = self.facts.iter().map(|fact| text::clip(&fact.words.shown(), NAME_SHOWN).into_owned());
        let said: Vec<_> = [self.title.shown().into_owned()].into_iter().chain(facts.take(2)).collect();
        said.join(" · ")
    }
}
