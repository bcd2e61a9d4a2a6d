//! Who works on a tenant: Microsoft's onboarding assignments to be checked, and the partner's own.

use serde::Serialize;

use super::button::{Button, in_lines};
use super::sample::{HEBREW, HOSTILE, JAPANESE, id};
use super::text::{self, UserText};
use super::tone::{Tone, Toned};
use super::view::View;
use crate::domain::assignment::onboarding::Check;
use crate::domain::assignment::{Role, Scope};
use crate::domain::id::Tenant;
use crate::domain::service::{catalogue, name_of};

/// Most characters of a name.
const NAME_SHOWN: usize = 80;
/// Most scopes that one line names.
const SCOPES: usize = 12;
/// Scopes that there are: the tenant and its 26 services.
const ALL: usize = 27;

/// The card of a tenant's assignments. Colleagues and Microsoft's people only, so it may stand in a channel.
#[derive(Debug, Clone, Serialize)]
pub struct Assignments {
    title: &'static str,
    customer: UserText,
    detail: UserText,
    onboarding: Vec<Line>,
    checks: Vec<Toned>,
    partner: Vec<Line>,
    /// What follows the last line: how many are on other pages.
    more: String,
    /// How an assignment is edited; empty for who only reads.
    way: &'static str,
    hints: Vec<Toned>,
    #[serde(serialize_with = "in_lines")]
    buttons: Vec<Button>,
}

/// One role of one holder.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    role: String,
    who: UserText,
    /// "5 of 27".
    count: String,
    /// "Tenant ★, Exchange".
    scopes: UserText,
    /// What pressing the line opens.
    edit: Option<Button>,
}

impl Line {
    /// Somebody in a role, by its code, with the scopes and whether they are primary there (A4).
    pub fn new(role: &str, who: &str, scopes: &[(Scope, bool)]) -> Self {
        let marked = |(scope, primary): &(Scope, bool)| {
            if *primary { format!("{} ★", scope.name()) } else { scope.name().to_owned() }
        };
        let mut listed: Vec<_> = scopes.iter().take(SCOPES).map(marked).collect();
        if let Some(more) = scopes.len().checked_sub(SCOPES).filter(|more| *more > 0) {
            listed.push(format!("{more} more"));
        }
        Self {
            role: text::clip(name_of(catalogue().roles(), role), NAME_SHOWN).into_owned(),
            who: UserText::clipped(who, NAME_SHOWN),
            count: format!("{} of {ALL}", scopes.len()),
            scopes: UserText::clipped(&listed.join(", "), 400),
            edit: None,
        }
    }

    /// Offers to edit it. `edit` is a button without a title.
    #[must_use]
    pub fn editable(mut self, edit: Button) -> Self {
        let title = format!("Edit {}, {}", text::clip(self.who.whole(), 40), self.role);
        self.edit = Some(Button { title: title.into(), ..edit });
        self
    }
}

impl Assignments {
    /// Most lines on one card.
    pub const PAGE: usize = 10;

    /// All of a tenant's assignments.
    pub fn of_tenant(customer: &str, name: &str) -> Self {
        Self::new("Assignments", customer, name)
    }

    /// Who is who for the tenant and, where one is named, a service.
    pub fn who(customer: &str, detail: &str) -> Self {
        Self::new("Who is who", customer, detail)
    }

    fn new(title: &'static str, customer: &str, detail: &str) -> Self {
        Self {
            title,
            customer: UserText::clipped(customer, NAME_SHOWN),
            detail: UserText::clipped(detail, NAME_SHOWN),
            onboarding: Vec::new(),
            checks: Vec::new(),
            partner: Vec::new(),
            more: String::new(),
            way: "",
            hints: Vec::new(),
            buttons: Vec::new(),
        }
    }

    /// Microsoft's side, and what it says to the firm (A1).
    #[must_use]
    pub fn onboarding(mut self, lines: Vec<Line>, checks: &[Check]) -> Self {
        self.onboarding = lines;
        self.checks = checks.iter().map(|check| said(*check)).collect();
        self
    }

    /// The partner's side: the lines of this page, and how many there are on others.
    #[must_use]
    pub fn partner(mut self, lines: Vec<Line>, elsewhere: usize) -> Self {
        self.way = if lines.iter().any(|line| line.edit.is_some()) {
            " Press a line to edit or remove it."
        } else {
            ""
        };
        self.partner = lines;
        self.more = match elsewhere {
            0 => String::new(),
            more => format!("{more} more on other pages."),
        };
        self
    }

    /// Says which tenant-level primaries are missing (A14).
    #[must_use]
    pub fn without_primary(mut self, roles: &[Role]) -> Self {
        self.hints.extend(roles.iter().map(|role| Toned::new(without_primary(*role), Tone::Warning)));
        self
    }

    /// Adds a button; those after the sixth are left out.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        if self.buttons.len() < 6 {
            self.buttons.push(button);
        }
        self
    }
}

/// What to know where a role has no primary for the tenant (A14).
pub fn without_primary(role: Role) -> String {
    format!("No primary {} for the tenant as such: reports need one.", role.name())
}

fn said(check: Check) -> Toned {
    let (words, tone) = match check {
        Check::PartnerLed => ("✓ The RM queue is your firm's: the tenant is partner-led.", Tone::Good),
        Check::AnotherPartner => (
            "⚠ The RM queue names another partner. Ask your FastTrack Partner Manager if that is right.",
            Tone::Warning,
        ),
        Check::FtcQueue => (
            "⚠ The RM queue is the FastTrack Center's (FTCQ): Microsoft leads. If your claim is approved, ask your \
             FastTrack Partner Manager to move it.",
            Tone::Warning,
        ),
        Check::Person => (
            "The Onboarding RM is a person, so the queue does not say who leads. Look at the engagement scenario.",
            Tone::Default,
        ),
        Check::NoRegionalManager => (
            "⚠ No Onboarding RM. A new tenant gets one from the FastTrack Center; an older one needs a question there.",
            Tone::Warning,
        ),
        Check::PartnerManager => ("✓ A FastTrack Partner Manager is named.", Tone::Good),
        Check::NoPartnerManager => {
            ("⚠ No FastTrack Partner Manager (FPM). Tell your contact at Microsoft.", Tone::Warning)
        }
    };
    Toned::new(words, tone)
}

impl View for Assignments {
    const TEMPLATE: &'static str = "assignment.list.json";

    fn samples() -> Vec<(&'static str, Self)> {
        let scope = |name: &str| Scope::of(name).unwrap_or_else(Scope::tenant);
        let button = |title: &str, verb| Button::new(title, verb).with("tenant", id::<Tenant>(1).to_string());
        let editable = |role: Role, who: &str, scopes: &[(Scope, bool)]| {
            let whose =
                |verb| button("", verb).with("role", role.code()).with("who", id::<()>(2).to_string());
            Line::new(role.code(), who, scopes).editable(whose("assignment.edit"))
        };
        let ways = |card: Self| {
            card.button(button("Assign somebody", "assignment.add"))
                .button(button("Open tenant", "tenant.show"))
        };
        let all: Vec<_> = Scope::all().map(|scope| (scope, true)).collect();
        let tenant = [(Scope::tenant(), true)];
        let microsoft =
            |who: &str| vec![Line::new("onboarding_rm", who, &tenant), Line::new("fpm", who, &tenant)];
        let typical = Self::of_tenant("Fabrikam Retail Group", "fabrikam.onmicrosoft.com")
            .onboarding(microsoft("FTP Alpine Cloud Partners"), &[Check::PartnerLed, Check::PartnerManager]);
        let partner = vec![
            editable(Role::RegionalManager, "Alpine Cloud Partners", &tenant),
            editable(Role::FastTrackManager, "Ann Okafor", &[(Scope::tenant(), true), (scope("exo"), false)]),
            editable(Role::Engineer, "Jiří Novák", &[(scope("exo"), true), (scope("teams"), false)]),
        ];
        let read = vec![Line::new("p_rm", "Alpine Cloud Partners", &tenant)];
        let strange = |words: &str| {
            let lines = (0..Self::PAGE).map(|n| editable(Role::Engineer, &format!("{n} {words}"), &all));
            Self::of_tenant(words, words)
                .onboarding(microsoft(words), &[Check::FtcQueue, Check::NoPartnerManager])
                .partner(lines.collect(), 9)
                .without_primary(&Role::ALL)
        };
        vec![
            ("typical", ways(typical.clone().partner(partner, 0))),
            ("read_only", typical.partner(read, 0).without_primary(&[Role::FastTrackManager])),
            (
                "empty",
                Self::of_tenant("Adatum Corporation", "adatum.onmicrosoft.com")
                    .onboarding(Vec::new(), &[Check::NoRegionalManager, Check::NoPartnerManager]),
            ),
            (
                "who",
                Self::who("Fabrikam Retail Group", "Exchange")
                    .onboarding(microsoft("Henrietta Mueller"), &[Check::Person, Check::PartnerManager])
                    .partner(vec![Line::new("p_fe", JAPANESE, &[(scope("exo"), true)])], 0)
                    .button(button("All assignments", "assignment.list")),
            ),
            ("right_to_left", ways(strange(HEBREW))),
            ("hostile", ways(strange(HOSTILE))),
            ("longest", ways(strange(&"漢".repeat(400)))),
        ]
    }

    fn summary(&self) -> String {
        let people = u64::try_from(self.partner.len()).unwrap_or(0);
        format!(
            "{} of {}: {}.",
            self.title,
            self.customer.shown(),
            text::count(people, "assignment", "assignments")
        )
    }

    /// Drops what the last lines can be pressed for: the assignments are still there to be read.
    fn smaller(&self, _bytes: usize) -> Option<Self> {
        let mut card = self.clone();
        card.partner.iter_mut().rev().find_map(|line| line.edit.take())?;
        Some(card)
    }
}
