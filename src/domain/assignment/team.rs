//! All partner assignments of one tenant. Every operation gives the team as it is afterwards, or what stands
//! against it; A3 to A7 hold before and after.

use std::collections::{BTreeMap, BTreeSet};

use super::super::finding::{Findings, Misassigned, Rule};
use super::{Coverage, Holder, Role, Scope};

/// The assignments of one tenant that the partner fills.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Team {
    holdings: BTreeMap<(Role, Holder), Holding>,
}

/// What one holder has in one role. A mark stands at an assigned scope or nowhere (A5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holding {
    /// The scopes, at least one (A3), and whether the holder is primary there.
    marks: BTreeMap<Scope, bool>,
}

/// One row: somebody in a role, in one scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row {
    /// The role.
    pub role: Role,
    /// Who holds it.
    pub holder: Holder,
    /// The scope.
    pub scope: Scope,
    /// Primary there (A4).
    pub primary: bool,
}

/// What an operation came to.
#[derive(Debug)]
pub enum Outcome {
    /// The team as it is now.
    Done(Team),
    /// A mark would move from somebody else: the user is asked first (A4).
    Asks(Question),
}

/// A mark, or several, would move.
#[derive(Debug)]
pub struct Question {
    after: Team,
    taken: Vec<TakenOver>,
}

/// A mark that would move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOver {
    /// In this role.
    pub role: Role,
    /// At this scope.
    pub scope: Scope,
    /// Who is primary there now.
    pub from: Holder,
}

impl Question {
    /// Whose marks would move.
    pub fn taken(&self) -> &[TakenOver] {
        &self.taken
    }

    /// The team once the user has agreed.
    pub fn agreed(self) -> Team {
        self.after
    }
}

impl Holding {
    /// The scopes, the tenant first.
    pub fn scopes(&self) -> impl Iterator<Item = &Scope> {
        self.marks.keys()
    }

    /// Where the holder is primary.
    pub fn primaries(&self) -> impl Iterator<Item = &Scope> {
        self.marks.iter().filter(|(_, primary)| **primary).map(|(scope, _)| scope)
    }

    /// Whether the holder is primary at `scope`.
    pub fn is_primary(&self, scope: &Scope) -> bool {
        self.marks.get(scope) == Some(&true)
    }

    /// Scopes and primaries.
    pub fn coverage(&self) -> Coverage {
        Coverage { scopes: self.scopes().cloned().collect(), primaries: self.primaries().cloned().collect() }
    }
}

impl Team {
    /// The team that the rows say.
    pub fn of(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut team = Self::default();
        for row in rows {
            team.held(row.role, &row.holder).marks.insert(row.scope, row.primary);
        }
        team
    }

    /// Everything that is held, by role.
    pub fn holdings(&self) -> impl Iterator<Item = (Role, &Holder, &Holding)> {
        self.holdings.iter().map(|((role, holder), holding)| (*role, holder, holding))
    }

    /// What `holder` has in `role`.
    pub fn holding(&self, role: Role, holder: &Holder) -> Option<&Holding> {
        self.holdings.get(&(role, holder.clone()))
    }

    /// Who is primary in `role` at `scope` (A4).
    pub fn primary(&self, role: Role, scope: &Scope) -> Option<&Holder> {
        let mut primaries = self.of_role(role).filter(|(_, holding)| holding.is_primary(scope));
        primaries.next().map(|(holder, _)| holder)
    }

    /// The rows that say this team.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.holdings().flat_map(|(role, holder, holding)| {
            holding.marks.iter().map(move |(scope, primary)| Row {
                role,
                holder: holder.clone(),
                scope: scope.clone(),
                primary: *primary,
            })
        })
    }

    /// Roles without a tenant-level primary although a tenant should have one: P-RM and P-FM (A14).
    pub fn without_tenant_primary(&self) -> Vec<Role> {
        let should = [Role::RegionalManager, Role::FastTrackManager];
        should.into_iter().filter(|role| self.primary(*role, &Scope::tenant()).is_none()).collect()
    }

    /// Assigns: `added` on top of what `holder` holds in `role` already.
    ///
    /// # Errors
    /// No scope at all (A3); a mark at a scope that is not assigned (A5).
    pub fn assign(&self, role: Role, holder: &Holder, added: &Coverage) -> Result<Outcome, Findings> {
        let mut wanted = self.coverage(role, holder);
        if added.scopes.is_empty() {
            return Err(finding("scopes", Rule::Required));
        }
        wanted.scopes.extend(added.scopes.iter().cloned());
        wanted.primaries.extend(added.primaries.iter().cloned());
        self.edit(role, holder, &wanted)
    }

    /// Edits: exactly `wanted`. A mark that the holder has goes with its scope (A5).
    ///
    /// # Errors
    /// No scope at all (A3), a mark that is new at a scope that is not assigned (A5).
    pub fn edit(&self, role: Role, holder: &Holder, wanted: &Coverage) -> Result<Outcome, Findings> {
        let mut findings = Findings::default();
        if wanted.scopes.is_empty() {
            findings.add("scopes", Rule::Required);
        }
        let astray = self.astray(role, holder, wanted);
        if !astray.is_empty() {
            findings.add("primaries", Rule::Assignment(Misassigned::PrimaryNotAssigned { scopes: astray }));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let mut after = self.clone();
        let marks = wanted.scopes.iter().map(|scope| (scope.clone(), wanted.primaries.contains(scope)));
        after.held(role, holder).marks = marks.collect();
        let taken = after.make_way(role, holder);
        let after = after.settled(self);
        Ok(if taken.is_empty() { Outcome::Done(after) } else { Outcome::Asks(Question { after, taken }) })
    }

    /// Unassigns `holder` from `scopes` in `roles`; no scopes named: from all of them. Without a scope left,
    /// the holder is gone from the tenant in that role (A6).
    ///
    /// # Errors
    /// The tenant's last P-RM would go (A7).
    pub fn unassign(
        &self,
        holder: &Holder,
        roles: &[Role],
        scopes: &BTreeSet<Scope>,
    ) -> Result<Self, Findings> {
        let mut after = self.clone();
        after.holdings.retain(|(role, who), holding| {
            if who == holder && roles.contains(role) {
                holding.marks.retain(|scope, _| !scopes.is_empty() && !scopes.contains(scope));
            }
            !holding.marks.is_empty()
        });
        let has_manager = |team: &Self| team.of_role(Role::RegionalManager).next().is_some();
        if has_manager(self) && !has_manager(&after) {
            return Err(finding("scopes", Misassigned::LastRegionalManager.into()));
        }
        Ok(after.settled(self))
    }

    /// Hands everything of `from` over to `to`: the same roles, scopes and marks, on top of what `to` has. No mark
    /// of a third person moves, so there is nothing to ask.
    #[must_use]
    pub fn hand_over(&self, from: &Holder, to: &Holder) -> Self {
        let mut after = self.clone();
        after.holdings.retain(|(_, holder), _| holder != from);
        for (role, _, given) in self.holdings().filter(|(_, holder, _)| *holder == from) {
            let holding = after.held(role, to);
            for (scope, primary) in &given.marks {
                *holding.marks.entry(scope.clone()).or_default() |= *primary;
            }
        }
        after.settled(self)
    }

    fn of_role(&self, role: Role) -> impl Iterator<Item = (&Holder, &Holding)> {
        self.holdings().filter(move |held| held.0 == role).map(|(_, holder, holding)| (holder, holding))
    }

    fn coverage(&self, role: Role, holder: &Holder) -> Coverage {
        self.holding(role, holder).map(Holding::coverage).unwrap_or_default()
    }

    /// What `holder` has in `role`, to be changed; nothing yet where they are new.
    fn held(&mut self, role: Role, holder: &Holder) -> &mut Holding {
        self.holdings.entry((role, holder.clone())).or_default()
    }

    /// New marks at scopes that are not assigned, by name.
    fn astray(&self, role: Role, holder: &Holder, wanted: &Coverage) -> Vec<String> {
        let had = self.coverage(role, holder).primaries;
        let astray = wanted.primaries.difference(&wanted.scopes).filter(|scope| !had.contains(scope));
        astray.map(|scope| scope.name().to_owned()).collect()
    }

    /// A4: takes the marks of everybody else away where `holder` is primary now.
    fn make_way(&mut self, role: Role, holder: &Holder) -> Vec<TakenOver> {
        let claimed = self.coverage(role, holder).primaries;
        let mut taken = Vec::new();
        for ((_, from), holding) in
            self.holdings.iter_mut().filter(|((r, who), _)| *r == role && who != holder)
        {
            for (scope, primary) in holding.marks.iter_mut().filter(|(scope, _)| claimed.contains(scope)) {
                if std::mem::take(primary) {
                    taken.push(TakenOver { role, scope: scope.clone(), from: from.clone() });
                }
            }
        }
        taken
    }

    /// A14: the only P-RM becomes primary for the tenant by itself, where an operation touched the P-RMs.
    fn settled(mut self, before: &Self) -> Self {
        let role = Role::RegionalManager;
        if self.of_role(role).ne(before.of_role(role)) {
            let mut managers = self.holdings.iter_mut().filter(|((r, _), _)| *r == role);
            if let (Some((_, only)), None) = (managers.next(), managers.next())
                && let Some(primary) = only.marks.get_mut(&Scope::tenant())
            {
                *primary = true;
            }
        }
        self
    }
}

fn finding(field: &'static str, rule: Rule) -> Findings {
    let mut findings = Findings::default();
    findings.add(field, rule);
    findings
}
