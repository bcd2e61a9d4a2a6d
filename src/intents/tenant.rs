//! Tenants: the lists, one tenant by name, and its card.

use crate::cards::notices;
use crate::cards::render;
use crate::cards::tenant as faces;
use crate::cards::tenant::{Row, Service, Split};
use crate::domain::id::{Id, Tenant};
use crate::domain::note::NoteDue;
use crate::domain::search::{Found, choose};
use crate::domain::service::{catalogue, name_of};
use crate::domain::tenant::{OverallStatus, Portfolio, total};
use crate::domain::text::search_key;
use crate::store::tenant::{AssignmentRow, ListRow, Match, ServiceRow, Summary};
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
        let tenant = resolve(turn, &self.query, &Then::open(Show::NAME)).await?;
        Show { tenant }.run(turn).await
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

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let Some(tenant) = turn.scope.tenant_summary(&turn.actor, self.tenant).await? else {
            return Err(render(&notices::no_such_tenant())?.into());
        };
        let services = turn.scope.tenant_services(self.tenant).await?;
        let assignments = turn.scope.tenant_assignments(self.tenant).await?;
        Ok(render(&summary(turn, &tenant, &services, &assignments))?.into())
    }
}

fn summary(
    turn: &Turn,
    tenant: &Summary,
    services: &[ServiceRow],
    assignments: &[AssignmentRow],
) -> faces::Summary {
    let due = NoteDue::after(tenant.last_note.map(|at| turn.day_of(at)), turn.today(), Turn::rules());
    let place = [tenant.industry.as_deref(), tenant.country.as_deref()];
    faces::Summary::new(tenant.id, &tenant.customer_name, &tenant.name)
        .place(&place.into_iter().flatten().collect::<Vec<_>>())
        .status(OverallStatus::of(&tenant.overall_status), tenant.status_date, due)
        .services(services.chunk_by(|a, b| a.service == b.service).filter_map(service).collect())
        .assignments(by_role(assignments))
        .writable(tenant.may_write())
}

fn service(rows: &[ServiceRow]) -> Option<Service> {
    let head = rows.first()?;
    let splits: Vec<_> = rows.iter().filter_map(split).collect();
    let total = u64::try_from(total(head.entitlements, head.override_entitlements)).unwrap_or(0);
    Some(Service::new(&head.service, total, Some(&head.scenario), &splits))
}

fn split(row: &ServiceRow) -> Option<Split<'_>> {
    Some(Split {
        l1: row.l1.as_deref()?,
        l2: row.l2.as_deref()?,
        l3: row.l3.as_deref()?,
        entitlements: u64::try_from(row.count?).ok()?,
    })
}

/// The partner's roles, each with its holders once; primary for any scope is primary.
fn by_role(rows: &[AssignmentRow]) -> Vec<faces::Assignment> {
    let of_role = |role: &&str| {
        let mut holders: Vec<(&str, bool)> = Vec::new();
        for row in rows.iter().filter(|row| row.role == *role) {
            match holders.iter_mut().find(|(name, _)| *name == row.holder) {
                Some((_, primary)) => *primary |= row.is_primary,
                None => holders.push((&row.holder, row.is_primary)),
            }
        }
        (!holders.is_empty()).then(|| faces::Assignment::new(name_of(catalogue().roles(), role), holders))
    };
    ["p_rm", "p_fm", "p_fe"].iter().filter_map(of_role).collect()
}
