//! Who may do what (DOMAIN section 4), decided in one place.

use serde::{Deserialize, Serialize};

use super::id::{Id, Partner, Person};

/// The person who acts, as the firm's list knows them.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The firm in whose scope they act.
    pub partner: Id<Partner>,
    /// Who they are in it.
    pub person: Id<Person>,
    /// Display name. Personal.
    pub name: String,
    /// Firm admin: assignments of all tenants of the firm.
    pub is_admin: bool,
    /// Team lead: may subscribe a channel (P8).
    pub is_manager: bool,
}

impl Actor {
    /// Whether they may do what concerns the firm and no tenant of it.
    pub fn may_in_the_firm(&self, act: Act) -> bool {
        may(Standing { admin: self.is_admin, manager: self.is_manager, ..Standing::default() }, act)
    }
}

/// What one can do with a tenant or one of its services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Read it.
    See,
    /// Write a status note, amend or undo one's own.
    WriteNote,
    /// Add, edit and delete contacts.
    EditContacts,
    /// Say how far a service's entitlements are, and why.
    EditStatus,
    /// Set forecast dates.
    EditForecast,
    /// Say who migrates the data, and what.
    EditMigration,
    /// Set the status of a migration line (M7).
    SetMigrationStatus,
    /// Set the engagement scenario (G5).
    SetScenario,
    /// Set the engagement start date (D9).
    SetStartDate,
    /// Assign partner users (A1).
    Assign,
    /// Export or erase what is known of a person (Y2).
    HandlePrivacy,
    /// Order the digest of a channel or a group chat, or end it (P8).
    SubscribePlace,
    /// See how suggestions are taken, and choose the version that suggests (M2).
    TendSuggestions,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::See,
        Self::WriteNote,
        Self::EditContacts,
        Self::EditStatus,
        Self::EditForecast,
        Self::EditMigration,
        Self::SetMigrationStatus,
        Self::SetScenario,
        Self::SetStartDate,
        Self::Assign,
        Self::HandlePrivacy,
        Self::SubscribePlace,
        Self::TendSuggestions,
    ];
}

/// How the actor stands to a tenant, or to one of its services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, as section 4 lists them")]
pub struct Standing {
    /// Assigned as P-RM, P-FM or P-FE to the tenant or to any of its services (A3, A9).
    pub assigned: bool,
    /// Admin of the firm.
    pub admin: bool,
    /// Team lead of the firm.
    pub manager: bool,
    /// Holds the migration role at the tenant (M7).
    pub migration_sme: bool,
    /// The service in question is led by Microsoft's CSS team, which keeps its data (G7).
    pub css_led: bool,
}

/// Why somebody may not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Only people who are assigned to the tenant may (A10).
    NotAssigned,
    /// The FastTrack Center keeps the data of this service; the partner may write notes (G7).
    CssLed,
    /// Only another role may: the migration role, a firm admin, a team lead.
    OtherRole,
}

/// Whether somebody who stands so may do `act`. Everybody of the firm sees its tenants (V1, Partner List).
pub fn may(standing: Standing, act: Act) -> bool {
    refusal(standing, act).is_none()
}

/// Why somebody who stands so may not do `act`; `None`: they may.
pub fn refusal(standing: Standing, act: Act) -> Option<Refusal> {
    let unless = |allowed: bool, refusal| (!allowed).then_some(refusal);
    match act {
        Act::See => None,
        Act::WriteNote | Act::EditContacts => unless(standing.assigned, Refusal::NotAssigned),
        Act::EditStatus | Act::EditForecast | Act::EditMigration | Act::SetStartDate => {
            unless(standing.assigned, Refusal::NotAssigned).or(unless(!standing.css_led, Refusal::CssLed))
        }
        Act::SetMigrationStatus => unless(standing.migration_sme, Refusal::OtherRole),
        Act::SetScenario => unless(standing.admin, Refusal::OtherRole),
        Act::Assign => unless(standing.assigned || standing.admin, Refusal::NotAssigned),
        Act::HandlePrivacy | Act::SubscribePlace | Act::TendSuggestions => {
            unless(standing.admin || standing.manager, Refusal::OtherRole)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Standing =
        Standing { assigned: false, admin: false, manager: false, migration_sme: false, css_led: false };
    const ASSIGNED: Standing = Standing { assigned: true, ..NOBODY };
    const ADMIN: Standing = Standing { admin: true, ..NOBODY };
    const MANAGER: Standing = Standing { manager: true, ..NOBODY };
    const MIGRATION: Standing = Standing { migration_sme: true, ..NOBODY };
    const ASSIGNED_CSS: Standing = Standing { css_led: true, ..ASSIGNED };
    const ADMIN_CSS: Standing = Standing { css_led: true, ..ADMIN };

    /// Section 4, row by row: what each may do, in the order of [`Act::ALL`].
    #[test]
    fn section_4_the_matrix_of_rights() {
        let table = [
            // see note contacts status forecast migration line-status scenario start assign privacy subscribe suggestions
            ("somebody of the firm", NOBODY, "y------------"),
            ("assigned", ASSIGNED, "yyyyyy--yy---"),
            ("assigned, CSS-led service", ASSIGNED_CSS, "yyy------y---"),
            ("firm admin", ADMIN, "y------y-yyyy"),
            ("firm admin, CSS-led service", ADMIN_CSS, "y------y-yyyy"),
            ("team lead", MANAGER, "y---------yyy"),
            ("migration role", MIGRATION, "y-----y------"),
        ];
        for (who, standing, allowed) in table {
            let row: String =
                Act::ALL.iter().map(|act| if may(standing, *act) { 'y' } else { '-' }).collect();
            assert_eq!(row, allowed, "{who}");
        }
    }

    #[test]
    fn a_refusal_says_what_stands_in_the_way() {
        assert_eq!(refusal(NOBODY, Act::EditForecast), Some(Refusal::NotAssigned));
        assert_eq!(refusal(ASSIGNED_CSS, Act::EditForecast), Some(Refusal::CssLed));
        assert_eq!(refusal(ASSIGNED, Act::SetScenario), Some(Refusal::OtherRole));
    }
}
