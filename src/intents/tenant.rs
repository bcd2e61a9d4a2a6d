//! Tenants: the lists, one tenant by name, and its card.

use crate::cards::tenant as faces;
use crate::cards::tenant::{Row, Service, Split};
use crate::cards::{Card, notices, render};
use crate::domain::id::{Id, Tenant};
use crate::domain::note::NoteDue;
use crate::domain::search::{Found, choose};
use crate::domain::tenant::{OverallStatus, Portfolio};
use crate::domain::text::search_key;
use crate::domain::time::Today;
use crate::store::tenant::{ListRow, Match};
use crate::store::tenant_page::{self, Holder, TenantPage};
use crate::turn::intent::{Look, Sight};
use crate::turn::words::name_and_services;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn, Usage};

/// `tenants [active | inactive | partner] [filter]` (V1 to V3).
#[derive(Debug, Clone)]
pub struct List {
    which: Portfolio,
    filter: String,
    page: u32,
}

impl List {
    /// Reads what follows `tenants`; a first word that is no list is part of the filter.
    pub fn from_words(words: &str) -> Self {
        let (first, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let first = first.to_lowercase();
        let first = first.strip_prefix("my").filter(|rest| !rest.is_empty()).unwrap_or(&first);
        match Portfolio::of(first) {
            Some(which) => Self { which, filter: rest.trim().to_owned(), page: 1 },
            None => Self { which: Portfolio::Active, filter: words.trim().to_owned(), page: 1 },
        }
    }
}

impl Intent for List {
    const NAME: &'static str = "tenant.list";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let which = Portfolio::of(&fields.text("list")?).ok_or(Malformed("list"))?;
        let page = u32::try_from(fields.page("page")?).map_err(|_| Malformed("page"))?;
        Ok(Self { which, filter: fields.text("filter")?, page })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let size = i64::from(faces::List::PAGE);
        let offset = (i64::from(self.page) - 1) * size;
        let folded = search_key(&self.filter);
        let page = turn.scope.list_tenants(&turn.actor, self.which, &folded, offset, size).await?;
        let rows = page.rows.iter().map(|row| list_row(turn, row)).collect();
        let total = u64::try_from(page.total).unwrap_or(0);
        Ok(render(&faces::List::new(self.which, &self.filter, self.page, total, rows))?.into())
    }
}

fn list_row(turn: &Turn, row: &ListRow) -> Row {
    let services = u64::try_from(row.active_services).unwrap_or(0);
    Row::new(row.id, &row.customer_name, &row.name, OverallStatus::of(&row.overall_status))
        .services(services)
        .due(NoteDue::after(row.last_note.map(|at| turn.day_of(at)), turn.today(), Turn::rules()))
}

/// `tenant <name | alias | domain | id>`.
#[derive(Debug, Clone)]
pub struct Find {
    query: String,
}

impl Find {
    /// Reads what follows `tenant`.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        if words.is_empty() { Err(Usage) } else { Ok(Self { query: words.to_owned() }) }
    }
}

impl Intent for Find {
    const NAME: &'static str = "tenant.find";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { query: fields.text("query")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let (name, services) = name_and_services(&self.query);
        let tenant = resolve(turn, name, &Then::open(Show::NAME)).await?;
        match services.as_slice() {
            [] => Show { tenant }.run(turn).await,
            [service] => super::service::Show { tenant, service }.run(turn).await,
            several => {
                let mut page = turn.scope.tenant_page(&turn.actor, tenant).await?;
                if let Some(page) = &mut page {
                    page.services.retain(|kept| several.iter().any(|service| service.code == kept.code));
                }
                card(page.as_ref(), turn.sight()).map(Reply::from)
            }
        }
    }
}

/// What happens once it is clear which tenant was meant.
#[derive(Debug, Clone)]
pub struct Then {
    /// The intent that the choice calls.
    pub verb: &'static str,
    /// Text that was typed along, so that it is not lost while somebody chooses.
    pub body: Option<String>,
}

impl Then {
    /// Only opens something.
    pub fn open(verb: &'static str) -> Self {
        Self { verb, body: None }
    }

    /// Does something with what was typed.
    pub fn carrying(verb: &'static str, body: &str) -> Self {
        Self { verb, body: Some(body.to_owned()) }
    }
}

/// Which tenant a line is about.
#[derive(Debug, Clone)]
pub enum At {
    /// As it was named.
    Named(String),
    /// As it was chosen among several, or as a card has it.
    Chosen(Id<Tenant>),
}

impl At {
    /// The tenant. Where the name is not clear, a choice is shown, which then calls the verb of `then`.
    pub async fn tenant(&self, turn: &mut Turn, then: &Then) -> Result<Id<Tenant>, Fault> {
        match self {
            Self::Chosen(tenant) => Ok(*tenant),
            Self::Named(name) => resolve(turn, name, then).await,
        }
    }
}

/// The tenant that `query` means. Several or none: a choice is shown instead, and nothing is guessed.
pub async fn resolve(turn: &mut Turn, query: &str, then: &Then) -> Result<Id<Tenant>, Fault> {
    let folded = search_key(query);
    let matches = turn.scope.search_tenants(&turn.actor, &folded).await?;
    let row = |m: Match| Row::new(m.id, &m.customer_name, &m.name, None);
    let choice = match choose(query, matches) {
        Found::One(found) => return Ok(found.id),
        Found::Several(several) => faces::Choice::several(query, several.into_iter().map(row).collect()),
        Found::Nearest(near) => faces::Choice::nearest(query, near.into_iter().map(row).collect()),
    };
    Err(render(&choice.then(then.verb, then.body.as_deref()))?.into())
}

/// The tenant's card.
#[derive(Debug, Clone)]
pub struct Show {
    /// The tenant.
    pub tenant: Id<Tenant>,
}

impl Intent for Show {
    const NAME: &'static str = "tenant.show";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")? })
    }

    fn look(&self) -> Option<Look> {
        Some(Look { tenant: self.tenant, face: card })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let page = turn.scope.tenant_page(&turn.actor, self.tenant).await?;
        card(page.as_ref(), turn.sight()).map(Reply::from)
    }
}

/// The card of a tenant, as the reader looks at it; of none, the refusal.
pub fn card(page: Option<&TenantPage>, sight: Sight<'_>) -> Result<Card, Fault> {
    let Sight { now, zone, links } = sight;
    let Some(page) = page else { return Err(render(&notices::no_such_tenant())?.into()) };
    let last_note = page.last_note.map(|at| Today::at(at, zone).0);
    let due = NoteDue::after(last_note, Today::at(now, zone), Turn::rules());
    let place = [page.industry.as_deref(), page.country.as_deref()];
    let face = faces::Summary::new(page.id, &page.customer_name, &page.name)
        .place(&place.into_iter().flatten().collect::<Vec<_>>())
        .status(OverallStatus::of(&page.overall_status), page.status_date, due)
        .services(page.services.iter().map(service).collect())
        .assignments(by_role(&page.holders))
        .writable(page.may_write)
        .link(links.to(page.id, None));
    Ok(render(&face)?)
}

/// A service of the tenant, as a card shows it.
pub(super) fn service(service: &tenant_page::Service) -> Service {
    let count = |entitlements: i32| u64::try_from(entitlements).unwrap_or(0);
    let splits: Vec<_> = service
        .rows
        .iter()
        .map(|row| Split { l1: &row.l1, l2: &row.l2, l3: &row.l3, entitlements: count(row.entitlements) })
        .collect();
    Service::new(&service.code, count(service.total), Some(&service.scenario), &splits)
}

/// The partner's roles, each with its holders once; primary for any scope is primary.
pub(super) fn by_role(holders: &[Holder]) -> Vec<faces::Assignment> {
    let of_role = |role: &&str| {
        let mut named: Vec<(&str, bool)> = Vec::new();
        for holder in holders.iter().filter(|holder| holder.role == *role) {
            if !named.iter().any(|(name, _)| *name == holder.name) {
                named.push((&holder.name, holder.is_primary));
            }
        }
        (!named.is_empty()).then(|| faces::Assignment::new(role, named))
    };
    ["p_rm", "p_fm", "p_fe"].iter().filter_map(of_role).collect()
}
