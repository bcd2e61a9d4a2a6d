//! `why <tenant> [service]`: every gap of it with its rule, since when, and the shortest way to mend it.

use super::super::tenant::{At, Then};
use super::{mend, page_of, red, snapshots};
use crate::cards::compliance::{Gaps, Row};
use crate::cards::{Button, notices, render};
use crate::domain::access::Act;
use crate::domain::compliance::gaps;
use crate::domain::id::{Id, Tenant};
use crate::domain::service::{Service, catalogue};
use crate::store::compliance::Whose;
use crate::turn::words::name_and_services;
use crate::turn::{Fault, Fields, Intent, Malformed, Ready, Reply, Turn, Usage};

/// Reads what follows `why`.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Usage> {
    let (name, services) = name_and_services(words);
    if name.is_empty() {
        return Err(Usage);
    }
    Ok(Box::new(Find { at: At::Named(name.to_owned()), services }))
}

/// The button that leads to all gaps of a tenant.
pub fn button(tenant: Id<Tenant>) -> Button {
    Button::new("", Show::NAME).with("tenant", tenant.to_string()).with("page", 1)
}

/// The line, before it is clear which tenant is meant.
#[derive(Debug)]
struct Find {
    at: At,
    services: Vec<&'static Service>,
}

impl Intent for Find {
    const NAME: &'static str = "gap.why.find";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Err(Malformed("query"))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let tenant = self.at.tenant(turn, &Then::open(Show::NAME)).await?;
        Show { tenant, services: self.services, page: 1 }.run(turn).await
    }
}

/// The gaps of one tenant.
#[derive(Debug)]
pub struct Show {
    tenant: Id<Tenant>,
    /// Of these services; empty: all, and what belongs to none.
    services: Vec<&'static Service>,
    page: usize,
}

impl Intent for Show {
    const NAME: &'static str = "gap.why";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let code = fields.text("service")?;
        let known = || catalogue().services().iter().find(|service| service.code == code);
        let services = if code.is_empty() { Vec::new() } else { vec![known().ok_or(Malformed("service"))?] };
        Ok(Self { tenant: fields.id("tenant")?, services, page: page_of(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let desk = turn.desk(self.tenant, Act::See).await?;
        let Some(snapshot) = snapshots(turn, Whose::Tenant(self.tenant)).await?.pop() else {
            return Err(render(&notices::no_such_tenant())?.into());
        };
        let mut found = gaps(&snapshot, turn.today().0, Turn::rules());
        let asked = |code: &str| self.services.iter().any(|service| service.code == code);
        found.retain(|gap| self.services.is_empty() || gap.service.as_deref().is_some_and(asked));

        let first = (self.page - 1).saturating_mul(Gaps::PAGE);
        let here = found.iter().enumerate().skip(first).take(Gaps::PAGE);
        let rows = here.map(|(place, gap)| {
            let row = Row::gap(&snapshot.customer_name, gap).explained(gap);
            let mend = mend(turn, &snapshot, &gap.fix).into_iter();
            mend.fold(row, |row, (does, button)| row.button(place + 1, does, gap.rule.name(), button))
        });
        let names: Vec<_> = self.services.iter().map(|service| service.name.as_str()).collect();
        let about = [&[desk.customer_name.as_str()], names.as_slice()].concat().join(" · ");
        let face = Gaps::new("Why").about(&about).rows(rows.collect());
        let face = match found.as_slice() {
            [] => face.text("Nothing is missing here, and nothing soon will be."),
            found => face.text(format!("{} red, {} due soon.", red(found), found.len() - red(found))),
        };
        let face = if desk.allows(Act::WriteNote) {
            face
        } else {
            face.hint(
                "Only those who are assigned to the tenant can mend it; write who and its name to see them.",
            )
        };
        let turn_to = |title: &str, page: usize| {
            let button =
                Button::new(title, Self::NAME).with("tenant", self.tenant.to_string()).with("page", page);
            match self.services.as_slice() {
                [service] => button.with("service", service.code.as_str()),
                _ => button,
            }
        };
        let face = if self.page > 1 { face.button(turn_to("Previous page", self.page - 1)) } else { face };
        let more = first + Gaps::PAGE < found.len();
        let face = if more { face.button(turn_to("Next page", self.page + 1)) } else { face };
        let open = Button::new("Open tenant", "tenant.show").with("tenant", self.tenant.to_string());
        Ok(render(&face.button(open))?.into())
    }
}
