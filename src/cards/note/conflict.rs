//! Two people wrote about the same tenant at once: both texts, and what to do with them (C2).

use serde::Serialize;

use super::super::sample::{HEBREW, HOSTILE, JAPANESE, id, today};
use super::super::text::{self, UserText};
use super::super::tone::Toned;
use super::super::view::View;
use super::{fitted, next_action_words, room};
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::note::{Draft, EngagementNote};
use crate::domain::tenant::OverallStatus;
use chrono::NaiveDate;

/// What the card takes without long texts, in bytes.
const OWN_SIZE: usize = 6_500;

/// Theirs to read, mine to save on top of it or to drop.
#[derive(Debug, Clone, Serialize)]
pub struct Conflict {
    tenant: Id<Tenant>,
    version: i64,
    form: Id<Submission>,
    customer: UserText,
    today: NaiveDate,
    who: UserText,
    when: String,
    status: Toned,
    theirs: UserText,
    next_action: UserText,
    draft: Draft,
}

impl Conflict {
    /// Mine on the version that stands now (C1). `form` is a new submission.
    pub fn new(tenant: Id<Tenant>, version: i64, form: Id<Submission>, customer: &str, mine: &Draft) -> Self {
        Self {
            tenant,
            version,
            form,
            customer: UserText::clipped(customer, 120),
            today: NaiveDate::default(),
            who: UserText::default(),
            when: String::new(),
            status: Toned::status(None),
            theirs: UserText::default(),
            next_action: UserText::default(),
            draft: fitted(mine),
        }
    }

    /// Theirs: who saved what, and when, as words on the reader's clock; and the reader's own today.
    /// `None`: the tenant changed otherwise, for instance by the nightly feed.
    #[must_use]
    pub fn theirs(
        mut self,
        who: &str,
        when: String,
        note: Option<&EngagementNote>,
        today: NaiveDate,
    ) -> Self {
        self.who = UserText::clipped(who, 100);
        self.when = when;
        self.today = today;
        if let Some(note) = note {
            let room = room(&self.draft, OWN_SIZE);
            self.status = Toned::status(Some(note.status));
            self.next_action =
                text::fit(&next_action_words(note.next_action.as_ref()), room / 4).into_owned().into();
            self.theirs = text::fit(&note.body, room / 4 * 3).into_owned().into();
        }
        self
    }
}

impl View for Conflict {
    const TEMPLATE: &'static str = "note.conflict.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let mine = |body: &str, next: &str, owner: &str| Draft {
            status: "active".into(),
            status_date: "2026-11-21".into(),
            body: body.into(),
            next_action: next.chars().take(500).collect(),
            next_action_date: "2026-12-01".into(),
            next_action_owner: owner.chars().take(200).collect(),
        };
        let theirs = |body: &str| EngagementNote {
            status: OverallStatus::Blocked,
            status_date: today(),
            body: body.into(),
            next_action: None,
        };
        let long = "𠀀".repeat(4000);
        let card = |customer: &str, who: &str, their: &str, my: &Draft| {
            Self::new(id(1), 8, id(3), customer, my).theirs(
                who,
                "21 Nov 2026, 14:05".into(),
                Some(&theirs(their)),
                today(),
            )
        };
        vec![
            (
                "typical",
                card(
                    "Fabrikam Retail Group",
                    "Jiří Novák",
                    "The network team has refused the firewall change; escalated to their CIO.",
                    &mine(
                        "Pilot of 50 users runs well, the cut-over is on plan.",
                        "Agree the cut-over date",
                        "Ann Okafor",
                    ),
                ),
            ),
            (
                "empty",
                Self::new(id(1), 8, id(3), "Fabrikam Retail Group", &Draft::default()).theirs(
                    "The nightly feed",
                    "21 Nov 2026, 02:10".into(),
                    None,
                    today(),
                ),
            ),
            ("right_to_left", card(HEBREW, HEBREW, HEBREW, &mine(JAPANESE, JAPANESE, HEBREW))),
            ("hostile", card(HOSTILE, HOSTILE, HOSTILE, &mine(HOSTILE, HOSTILE, HOSTILE))),
            ("longest", card(&"漢".repeat(300), &"漢".repeat(300), &long, &mine(&long, &long, &long))),
        ]
    }

    fn summary(&self) -> String {
        format!(
            "{} changed {} while you wrote. Nothing of yours is lost.",
            self.who.shown(),
            self.customer.shown()
        )
    }
}
