//! All assignments of one tenant, as the cards and the operations take them.

use crate::cards::assignment::Line;
use crate::domain::assignment::onboarding::{Check, checks};
use crate::domain::assignment::team::{Row, Team};
use crate::domain::assignment::{Holder, Role, Scope};
use crate::domain::service::catalogue;
use crate::store::assignment::Assigned;
use crate::store::desk::Desk;
use crate::turn::{Fault, Turn};

/// Everybody who works on a tenant.
pub(super) struct Staff {
    rows: Vec<Assigned>,
}

/// One role of one holder.
pub(super) struct Group<'a> {
    pub(super) role: &'a str,
    pub(super) holder: &'a Holder,
    pub(super) name: &'a str,
    pub(super) scopes: Vec<(Scope, bool)>,
}

impl Group<'_> {
    /// As a card shows it.
    pub(super) fn line(&self) -> Line {
        Line::new(self.role, self.name, &self.scopes)
    }
}

impl Staff {
    /// Reads them.
    pub(super) async fn of(turn: &mut Turn, desk: &Desk) -> Result<Self, Fault> {
        Ok(Self { rows: turn.scope.assignments(desk).await? })
    }

    /// Only those who cover the tenant or one of `services`.
    pub(super) fn covering(mut self, services: &[&str]) -> Self {
        self.rows.retain(|row| row.scope.is_tenant() || services.contains(&row.scope.code()));
        self
    }

    /// The partner's part (A1).
    pub(super) fn team(&self) -> Team {
        Team::of(self.rows.iter().filter_map(|row| {
            let (holder, scope) = (row.holder.clone(), row.scope.clone());
            Some(Row { role: Role::stored(&row.role)?, holder, scope, primary: row.primary })
        }))
    }

    /// The holder's name; of nobody here, nothing.
    pub(super) fn name_of(&self, holder: &Holder) -> &str {
        self.rows.iter().find(|row| row.holder == *holder).map_or("", |row| &row.name)
    }

    /// What the onboarding assignments say to `firm` (A1).
    pub(super) fn checks(&self, firm: &str) -> Vec<Check> {
        let names = |role: &str| {
            let held = self.rows.iter().filter(|row| row.role == role);
            held.map(|row| row.name.as_str()).collect::<Vec<_>>()
        };
        checks(&names("onboarding_rm"), &names("fpm"), firm)
    }

    /// The partner's holders, by role and name; or Microsoft's.
    pub(super) fn groups(&self, of_partner: bool) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for row in self.rows.iter().filter(|row| Role::stored(&row.role).is_some() == of_partner) {
            let scope = (row.scope.clone(), row.primary);
            match groups.iter_mut().find(|group| group.role == row.role && *group.holder == row.holder) {
                Some(group) => group.scopes.push(scope),
                None => groups.push(Group {
                    role: &row.role,
                    holder: &row.holder,
                    name: &row.name,
                    scopes: vec![scope],
                }),
            }
        }
        let place = |role: &str| catalogue().roles().iter().position(|known| known.code == role);
        groups.sort_by_key(|group| (place(group.role), group.name));
        for group in &mut groups {
            group.scopes.sort();
        }
        groups
    }
}
