//! The assignments of a tenant, and who is who for one of its services.

use super::staff::{Group, Staff};
use super::{form, to_list, written};
use crate::cards::assignment::{Assignments, Line};
use crate::cards::{Button, render};
use crate::domain::access::Act;
use crate::domain::id::{Id, Tenant};
use crate::domain::service::Service;
use crate::intents::tenant::{At, Then};
use crate::store::desk::Desk;
use crate::turn::words::name_and_services;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn, Usage};

/// The verb of [`List`].
pub(super) const NAME: &str = "assignment.list";

/// `who <tenant> [services]`.
#[derive(Debug)]
pub struct Who {
    at: At,
    services: Vec<&'static Service>,
}

impl Who {
    /// Reads what follows `who`.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        let (name, services) = name_and_services(words);
        if name.is_empty() { Err(Usage) } else { Ok(Self { at: At::Named(name.to_owned()), services }) }
    }
}

impl Intent for Who {
    const NAME: &'static str = "assignment.who";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let (_, services) = name_and_services(&format!("x {}", fields.text("body")?));
        Ok(Self { at: At::Chosen(fields.id("tenant")?), services })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let names: Vec<&str> = self.services.iter().map(|service| service.name.as_str()).collect();
        let then = Then::carrying(Self::NAME, &names.join(", "));
        let tenant = self.at.tenant(turn, &then).await?;
        if self.services.is_empty() {
            return List { tenant, page: 1 }.run(turn).await;
        }
        let desk = turn.desk(tenant, Act::See).await?;
        let codes: Vec<&str> = self.services.iter().map(|service| service.code.as_str()).collect();
        let staff = Staff::of(turn, &desk).await?.covering(&codes);
        let firm = turn.scope.firm_name().await?;
        let lines = |groups: Vec<Group<'_>>| groups.iter().map(Group::line).collect();
        let face = Assignments::who(&desk.customer_name, &names.join(", "))
            .onboarding(lines(staff.groups(false)), &staff.checks(&firm))
            .partner(lines(staff.groups(true)), 0)
            .button(to_list("All assignments", tenant))
            .button(open(tenant));
        Ok(render(&face)?.into())
    }
}

/// All of them: Microsoft's to be checked (A1), the partner's to be edited.
#[derive(Debug)]
pub struct List {
    tenant: Id<Tenant>,
    page: usize,
}

impl Intent for List {
    const NAME: &'static str = NAME;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let page = usize::try_from(fields.page("page")?).map_err(|_| Malformed("page"))?;
        Ok(Self { tenant: fields.id("tenant")?, page })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let desk = turn.desk(self.tenant, Act::See).await?;
        let staff = Staff::of(turn, &desk).await?;
        let firm = turn.scope.firm_name().await?;
        let groups = staff.groups(true);
        let first = (self.page - 1).saturating_mul(Assignments::PAGE);
        let shown = groups.iter().skip(first).take(Assignments::PAGE);
        let lines: Vec<_> = shown.map(|group| line(&desk, group)).collect();
        let elsewhere = groups.len() - lines.len();
        let face = Assignments::of_tenant(&desk.customer_name, &desk.name)
            .onboarding(staff.groups(false).iter().map(Group::line).collect(), &staff.checks(&firm))
            .partner(lines, elsewhere)
            .without_primary(&staff.team().without_tenant_primary());
        let face = ways(&desk, self.page, groups.len()).into_iter().fold(face, Assignments::button);
        Ok(render(&face)?.into())
    }
}

fn line(desk: &Desk, group: &Group<'_>) -> Line {
    let line = group.line();
    if !desk.allows(Act::Assign) {
        return line;
    }
    let edit = Button::new("", form::Edit::NAME)
        .with("tenant", desk.tenant.to_string())
        .with("role", group.role)
        .with("who", written(group.holder));
    line.editable(edit)
}

fn ways(desk: &Desk, page: usize, total: usize) -> Vec<Button> {
    let tenant = desk.tenant;
    let turn_to = |title: &str, page: usize| to_list(title, tenant).with("page", page);
    let add = Button::new("Assign somebody", form::Add::NAME).with("tenant", tenant.to_string());
    let changes = Button::new("Changes", "change.history")
        .with("tenant", tenant.to_string())
        .with("field", "assignments")
        .with("range", "all")
        .with("page", 1);
    let pages = total.div_ceil(Assignments::PAGE);
    let offered = [
        desk.allows(Act::Assign).then_some(add),
        (page > 1).then(|| turn_to("Previous page", page - 1)),
        (page < pages).then(|| turn_to("Next page", page + 1)),
        Some(changes),
        Some(open(tenant)),
    ];
    offered.into_iter().flatten().collect()
}

fn open(tenant: Id<Tenant>) -> Button {
    Button::new("Open tenant", "tenant.show").with("tenant", tenant.to_string())
}
