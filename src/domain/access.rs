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

/// What one can do with a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Read it.
    See,
    /// Write a status note, amend or undo one's own.
    WriteNote,
}

/// How the actor stands to a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Assigned as P-RM, P-FM or P-FE to the tenant or to any of its services (A3, A9).
    pub assigned: bool,
}

/// Whether somebody who stands so may do `act`. Everybody of the firm sees its tenants (V1, Partner List);
/// only those assigned write (A10). A firm admin has no more rights here than others.
pub fn may(standing: Standing, act: Act) -> bool {
    match act {
        Act::See => true,
        Act::WriteNote => standing.assigned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_4_everybody_of_the_firm_reads_and_only_the_assigned_write() {
        let table = [
            (true, Act::See, true),
            (true, Act::WriteNote, true),
            (false, Act::See, true),
            (false, Act::WriteNote, false),
        ];
        for (assigned, act, allowed) in table {
            assert_eq!(may(Standing { assigned }, act), allowed, "{assigned} {act:?}");
        }
    }
}
