//! The face of the assignment form.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::staff::Staff;
use super::{form, remove, to_list, written};
use crate::cards::button::Style;
use crate::cards::form::{Choice, Field, Form, Theirs};
use crate::cards::{Button, Card, render};
use crate::domain::assignment::assignee::Assignee;
use crate::domain::assignment::{Role, Scope};
use crate::domain::finding::Findings;
use crate::domain::id::{Id, Submission};
use crate::store::desk::Desk;
use crate::turn::{Fault, Intent, Turn};

/// What happened to the tenant's assignments while the form was open (C2).
pub(super) enum Meanwhile {
    /// Nothing.
    Nothing,
    /// Somebody changed them.
    SomebodyElse(Theirs),
    /// The feed changed them.
    Feed,
}

/// The form on its way to the user.
pub(super) struct Sheet<'a> {
    pub(super) desk: &'a Desk,
    pub(super) staff: &'a Staff,
    pub(super) people: &'a [Assignee],
    pub(super) draft: &'a Draft,
    /// The version that it was opened with (C1).
    pub(super) version: i64,
    pub(super) submission: Id<Submission>,
}

impl Sheet<'_> {
    /// Its card, with what is wrong, and with what others did meanwhile (C2).
    pub(super) async fn card(
        &self,
        turn: &mut Turn,
        findings: &Findings,
        meanwhile: Meanwhile,
    ) -> Result<Card, Fault> {
        let entitled = turn.scope.entitled_services(self.desk).await?;
        let offered = self.offered(&entitled);
        let save = if matches!(meanwhile, Meanwhile::Nothing) { "Save" } else { "Save mine on top" };
        let form = match meanwhile {
            Meanwhile::Nothing => self.about(),
            Meanwhile::SomebodyElse(theirs) => self.about().theirs(theirs),
            Meanwhile::Feed => self.about().intro(
                "Not saved yet: the nightly feed changed these assignments while you wrote. Nothing of yours is lost.",
            ),
        };
        let form = form.findings(findings).row([
            Field::choice("scopes", "Scopes, at least one")
                .choices(offered.clone())
                .multiple()
                .value(&*self.draft.scopes),
            Field::choice("primaries", "Primary, where assigned")
                .choices(offered)
                .multiple()
                .value(&*self.draft.primaries),
        ]);
        let tick = |title: &str, set| self.button(title, form::Tick::NAME).with("set", set);
        let form = form
            .hint("Assign people only to services that they really work on.")
            .button(self.button(save, form::Save::NAME))
            .button(tick("All scopes", "scopes_all"))
            .button(tick("No scopes", "scopes_none"))
            .button(tick("Primary in all", "primaries_all"))
            .button(tick("Primary in none", "primaries_none"))
            .button(to_list("Cancel", self.desk.tenant).plain());
        Ok(render(&self.removable(form))?)
    }

    /// Whom it is about, or the fields that ask for it.
    fn about(&self) -> Form {
        let Some(holder) = &self.draft.who else {
            let roles = Role::ALL.iter().rev().map(|role| Choice::new(role.name(), role.code())).collect();
            let picked = self.people.iter().find(|one| one.is_picked_by(&self.draft.person));
            let present = picked.map(|one| Choice::new(one.name.as_str(), self.draft.person.as_str()));
            return Form::new("Assign somebody")
                .about(&self.desk.customer_name, &self.desk.name)
                .row([
                    Field::people("person", "Person")
                        .choices(present.into_iter().collect())
                        .value(&*self.draft.person)
                        .required(),
                    Field::text("typed", "or user name").value(&*self.draft.typed),
                ])
                .row([Field::choice("role", "Role").choices(roles).value(&*self.draft.role).required()]);
        };
        let role = Role::stored(&self.draft.role).map(Role::name).unwrap_or_default();
        let whose = format!("{} · {role}", self.staff.name_of(holder));
        Form::new("Edit assignment").about(&self.desk.customer_name, &whose)
    }

    /// The tenant, its services with entitlements, the others, and what is held though nobody knows it any more.
    fn offered(&self, entitled: &[String]) -> Vec<Choice> {
        let has = |scope: &Scope| scope.is_tenant() || entitled.iter().any(|code| code == scope.code());
        let (with, without): (Vec<_>, Vec<_>) = Scope::all().partition(has);
        let known: BTreeSet<Scope> = with.iter().chain(&without).cloned().collect();
        let held = self.draft.scopes.split(',').map(Scope::stored);
        let gone =
            held.filter(|scope| !scope.code().is_empty() && !known.contains(scope) && self.holds(scope));
        let choice = |scope: &Scope| Choice::new(scope.name(), scope.code());
        let other = |scope: &Scope| Choice::new(format!("{} (no entitlements)", scope.name()), scope.code());
        with.iter()
            .map(choice)
            .chain(without.iter().map(other))
            .chain(gone.map(|scope| choice(&scope)))
            .collect()
    }

    fn holds(&self, scope: &Scope) -> bool {
        let role = Role::stored(&self.draft.role).zip(self.draft.who.as_ref());
        role.is_some_and(|(role, holder)| {
            let team = self.staff.team();
            team.holding(role, holder).is_some_and(|held| held.scopes().any(|other| other == scope))
        })
    }

    /// With the way to take the assignment away.
    fn removable(&self, form: Form) -> Form {
        let Some(holder) = &self.draft.who else { return form };
        let remove = Button::new("Remove", remove::Remove::NAME)
            .with("tenant", self.desk.tenant.to_string())
            .with("role", self.draft.role.as_str())
            .with("who", written(holder));
        form.button(remove.plain().style(Style::Destructive))
    }

    fn button(&self, title: &str, verb: &'static str) -> Button {
        let button = Button::new(title, verb)
            .with("tenant", self.desk.tenant.to_string())
            .with("version", self.version)
            .with("form", self.submission.to_string());
        match &self.draft.who {
            Some(holder) => button.with("role", self.draft.role.as_str()).with("who", written(holder)),
            None => button,
        }
    }
}
