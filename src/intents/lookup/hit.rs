//! What was found, as the line in the list and as the card that is posted.

use super::Hit as Unread;
use super::gap;
use crate::cards::tenant::Posted;
use crate::cards::tone::Toned;
use crate::cards::{render, text};
use crate::domain::assignment::assignee::Assignee;
use crate::domain::id::{Id, Person, Tenant};
use crate::domain::note::NoteDue;
use crate::domain::service::{self, catalogue, name_of};
use crate::domain::taxonomy::taxonomy;
use crate::domain::tenant::OverallStatus;
use crate::intents::tenant::{by_role, service as face};
use crate::store::person::Workload;
use crate::store::tenant_page::{self, TenantPage};
use crate::turn::{Fault, Hit, Turn};

/// Most characters of a line's heading, and of what stands below it.
pub(super) const HEADING: usize = 80;
pub(super) const BELOW: usize = 120;

/// Reads what was found. A service that a tenant has no entitlements of is left out, and so is what is gone meanwhile.
pub(super) async fn read(turn: &mut Turn, found: Vec<Unread>) -> Result<Vec<Hit>, Fault> {
    let people: Vec<Id<Person>> = found.iter().filter_map(person).collect();
    let (workloads, firm) = if people.is_empty() {
        (Vec::new(), String::new())
    } else {
        (turn.scope.workloads(&people).await?, turn.scope.firm_name().await?)
    };
    let mut tenants: Vec<Id<Tenant>> = found.iter().filter_map(tenant).collect();
    tenants.dedup();
    let pages = turn.scope.tenant_pages(&turn.actor, &tenants).await?;
    let page = |tenant: Id<Tenant>| pages.iter().find(|page| page.id == tenant);
    let hit = |one: Unread| match one {
        Unread::Gap(single) => Some(gap::hit(turn, &single)),
        Unread::Person(person) => Some(of_person(turn, &person, &workloads, &firm)),
        Unread::Tenant(tenant) => Some(of_tenant(turn, page(tenant)?)),
        Unread::Service(tenant, service) => of_service(turn, page(tenant)?, service),
    };
    found.into_iter().filter_map(hit).collect()
}

fn tenant(found: &Unread) -> Option<Id<Tenant>> {
    match found {
        Unread::Tenant(tenant) | Unread::Service(tenant, _) => Some(*tenant),
        Unread::Person(_) | Unread::Gap(_) => None,
    }
}

fn person(found: &Unread) -> Option<Id<Person>> {
    match found {
        Unread::Person(person) => person.colleague(),
        _ => None,
    }
}

fn of_tenant(turn: &Turn, page: &TenantPage) -> Result<Hit, Fault> {
    let due = due(turn, page);
    let status = OverallStatus::of(&page.overall_status);
    let card = Posted::tenant(page.id, &page.customer_name, &page.name, turn.today().0)
        .status(status, page.status_date, due)
        .people(by_role(&page.holders))
        .services(page.services.iter().map(face).collect())
        .link(turn.links.to(page.id, None));
    let below = format!("{} · {} · {}", Toned::status(status).words, Toned::note_due(due).words, page.name);
    Ok(Hit { card: render(&card)?, title: line(&page.customer_name, HEADING), text: line(&below, BELOW) })
}

fn of_service(turn: &Turn, page: &TenantPage, service: &service::Service) -> Option<Result<Hit, Fault>> {
    let own = page.services.iter().find(|own| own.code == service.code && own.total > 0)?;
    let status = OverallStatus::of(&page.overall_status);
    let card = Posted::service(page.id, &page.customer_name, (&service.code, &service.name), turn.today().0)
        .status(status, page.status_date, due(turn, page))
        .people(by_role(&page.holders))
        .services(vec![face(own)])
        .link(turn.links.to(page.id, Some(&own.code)));
    let title = line(&format!("{} · {}", page.customer_name, service.name), HEADING);
    let hit = render(&card).map(|card| Hit { card, title, text: line(&split(own), BELOW) });
    Some(hit.map_err(Fault::from))
}

fn of_person(turn: &Turn, person: &Assignee, workloads: &[Workload], firm: &str) -> Result<Hit, Fault> {
    let own = || workloads.iter().filter(|load| Some(load.person) == person.colleague());
    let card = own().fold(Posted::person(&person.name, firm, turn.today().0), |card, load| {
        let primary = if load.primary > 0 { format!(", primary in {}", load.primary) } else { String::new() };
        card.role(role(&load.role), format!("{}{primary}", tenants(load.tenants)))
    });
    let card =
        if own().next().is_none() { card.role("Assignments", "none") } else { card.role("Firm", firm) };
    let below: Vec<_> =
        own().map(|load| format!("{} of {}", role(&load.role), tenants(load.tenants))).collect();
    let below = if below.is_empty() { "no assignments".to_owned() } else { below.join(" · ") };
    Ok(Hit { card: render(&card)?, title: line(&person.name, HEADING), text: line(&below, BELOW) })
}

fn due(turn: &Turn, page: &TenantPage) -> NoteDue {
    NoteDue::after(page.last_note.map(|at| turn.day_of(at)), turn.today(), Turn::rules())
}

fn role(code: &str) -> &str {
    name_of(catalogue().roles(), code)
}

fn tenants(count: i64) -> String {
    text::count(u64::try_from(count).unwrap_or(0), "tenant", "tenants")
}

/// "305 entitlements: 300 In Progress, 5 Blocked".
fn split(service: &tenant_page::Service) -> String {
    let mut shares: Vec<(&str, i64)> = Vec::new();
    for row in &service.rows {
        match shares.iter_mut().find(|share| share.0 == row.l1) {
            Some(share) => share.1 += i64::from(row.entitlements),
            None => shares.push((&row.l1, i64::from(row.entitlements))),
        }
    }
    let said = |(l1, count): &(&str, i64)| {
        format!("{} {}", text::number(u64::try_from(*count).unwrap_or(0)), taxonomy().name(l1, "", ""))
    };
    let shares: Vec<_> = shares.iter().map(said).collect();
    let total = text::count(u64::try_from(service.total).unwrap_or(0), "entitlement", "entitlements");
    if shares.is_empty() { total } else { format!("{total}: {}", shares.join(", ")) }
}

/// Words of the feed for a place that reads tags: none of them is one.
pub(super) fn line(words: &str, most: usize) -> String {
    text::plain(&text::clip(words, most)).replace('<', "‹").replace('>', "›")
}
