//! The form of the fortnightly note (E1-E5).

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use super::super::finding::by_field;
use super::super::sample::{HEBREW, HOSTILE, days_ago, id, today};
use super::super::text::{self, UserText};
use super::super::view::View;
use super::{fitted, room};
use crate::domain::finding::{Findings, Rule};
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::note::Draft;
use crate::domain::tenant::OverallStatus;

/// What the form takes without long texts, in bytes.
const OWN_SIZE: usize = 6_500;
/// Most characters of the previous note before it is folded.
const EXCERPT: usize = 280;

/// The form, empty or as it came back.
#[derive(Debug, Clone, Serialize)]
pub struct Form {
    tenant: Id<Tenant>,
    version: i64,
    #[serde(rename = "form")]
    submission: Id<Submission>,
    customer: UserText,
    name: UserText,
    today: NaiveDate,
    previous: Option<Previous>,
    draft: Draft,
    #[serde(serialize_with = "findings")]
    findings: Findings,
}

/// The note before this one.
#[derive(Debug, Clone, Serialize)]
pub struct Previous {
    about: UserText,
    excerpt: UserText,
    /// The whole text where the excerpt is not all of it, else empty.
    whole: UserText,
    #[serde(skip)]
    body: String,
}

impl Previous {
    /// A note by its author, its day, its overall status and its text.
    pub fn new(author: &str, date: NaiveDate, status: Option<OverallStatus>, body: &str) -> Self {
        let author = text::clip(author, 100);
        let status = status.map_or("no status", OverallStatus::name);
        Self {
            about: format!("{} · {status} · {author}", text::day(date)).into(),
            excerpt: UserText::clipped(body, EXCERPT),
            whole: UserText::default(),
            body: body.to_owned(),
        }
    }

    /// Unfolds the text into at most `bytes`.
    fn within(mut self, bytes: usize) -> Self {
        self.excerpt = text::fit(&text::clip(&self.body, EXCERPT), bytes / 2).into_owned().into();
        if self.excerpt.whole() != self.body {
            self.whole = text::fit(&self.body, bytes.saturating_sub(EXCERPT * 4)).into_owned().into();
        }
        self
    }
}

impl Form {
    /// An empty form for a tenant at this version (C1). `submission` makes saving it twice one effect (R1);
    /// the status date is today by the user's own calendar (E2).
    pub fn new(tenant: Id<Tenant>, version: i64, submission: Id<Submission>, today: NaiveDate) -> Self {
        let draft = Draft { status_date: today.to_string(), ..Draft::default() };
        let (customer, name) = Default::default();
        Self {
            tenant,
            version,
            submission,
            customer,
            name,
            today,
            previous: None,
            draft,
            findings: Findings::default(),
        }
    }

    /// Whose note it is: the customer's name and the tenant's name.
    #[must_use]
    pub fn about(mut self, customer: &str, name: &str) -> Self {
        self.customer = UserText::clipped(customer, 120);
        self.name = UserText::clipped(name, 120);
        self
    }

    /// Offers a status to begin with.
    #[must_use]
    pub fn status(mut self, status: Option<OverallStatus>) -> Self {
        self.draft.status = status.map(OverallStatus::code).unwrap_or_default().into();
        self
    }

    /// Puts back what was typed, and says what is wrong with it (V4).
    #[must_use]
    pub fn typed(mut self, draft: &Draft, findings: Findings) -> Self {
        self.draft = fitted(draft);
        self.findings = findings;
        self
    }

    /// Shows the note before this one. Comes last: it gets the room that is left.
    #[must_use]
    pub fn previous(mut self, previous: Option<Previous>) -> Self {
        let room = room(&self.draft, OWN_SIZE);
        self.previous = previous.filter(|_| room > 600).map(|previous| previous.within(room));
        self
    }
}

/// The findings by input.
pub(super) fn findings<S: Serializer>(findings: &Findings, serializer: S) -> Result<S::Ok, S::Error> {
    const FIELDS: [&str; 6] =
        ["status", "status_date", "body", "next_action", "next_action_date", "next_action_owner"];
    by_field(FIELDS, findings, serializer)
}

impl View for Form {
    const TEMPLATE: &'static str = "note.form.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let form =
            || Self::new(id(1), 7, id(2), today()).about("Fabrikam Retail Group", "fabrikam.onmicrosoft.com");
        let short = "Pilot of 50 users runs. Mail cut-over waits for the network team; next step is the firewall rule.";
        let previous =
            |body: &str| Previous::new("Ann Okafor", days_ago(14), Some(OverallStatus::Active), body);
        let every = {
            let mut findings = Findings::default();
            findings.add("status", Rule::UnknownChoice);
            findings.add("status_date", Rule::InFuture { today: today() });
            findings.add("body", Rule::TooLong { max: 4000 });
            findings.add("next_action", Rule::NextActionIncomplete);
            findings.add("next_action_date", Rule::NotADate);
            findings.add("next_action_owner", Rule::NextActionIncomplete);
            findings
        };
        let one = {
            let mut findings = Findings::default();
            findings.add("next_action_owner", Rule::NextActionIncomplete);
            findings
        };
        let typed = |text: &str| Draft {
            status: "blocked".into(),
            status_date: "2026-11-21".into(),
            body: text.into(),
            next_action: "Agree the firewall change with the network team".into(),
            next_action_date: "2026-12-01".into(),
            next_action_owner: String::new(),
        };
        let all = |text: String| Draft {
            status: text.clone(),
            status_date: text.clone(),
            body: text.clone(),
            next_action: text.clone(),
            next_action_date: text.clone(),
            next_action_owner: text,
        };
        vec![
            ("empty", form()),
            ("typical", form().status(Some(OverallStatus::Active)).previous(Some(previous(short)))),
            (
                "folded",
                form().status(Some(OverallStatus::Active)).previous(Some(previous(&[short; 8].join("\n")))),
            ),
            ("findings", form().typed(&typed(short), one).previous(Some(previous(short)))),
            (
                "right_to_left",
                form()
                    .about(HEBREW, "galil.example")
                    .typed(&typed(HEBREW), Findings::default())
                    .previous(Some(previous(HEBREW))),
            ),
            (
                "hostile",
                form()
                    .about(HOSTILE, HOSTILE)
                    .typed(&all(HOSTILE.into()), every.clone())
                    .previous(Some(Previous::new(HOSTILE, today(), None, HOSTILE))),
            ),
            (
                "longest",
                form()
                    .about(&"漢".repeat(300), &"漢".repeat(300))
                    .typed(&all("𠀀".repeat(4000)), every)
                    .previous(Some(previous(&"𠀀".repeat(4000)))),
            ),
        ]
    }

    fn summary(&self) -> String {
        let customer = self.customer.shown();
        if self.findings.is_empty() {
            format!("Status note for {customer}.")
        } else {
            format!("Status note for {customer}: not saved yet, something is to be mended.")
        }
    }
}
