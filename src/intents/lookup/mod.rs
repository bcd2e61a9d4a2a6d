//! Lookups from the box where people write, in any chat: tenants, their services, what is missing of their
//! data, and the firm's people; and what a link of ours shows where it is pasted. What is found can be posted, so it carries nothing of the customers' people (checklist 121 to 131).

mod gap;
mod hit;

use super::compliance::{Single, singles};
use crate::cards::{notices, render};
use crate::domain::assignment::assignee::Assignee;
use crate::domain::id::{Id, Tenant};
use crate::domain::link::Place;
use crate::domain::search::rank;
use crate::domain::service::{Service, catalogue};
use crate::domain::tenant::Portfolio;
use crate::domain::text::search_key;
use crate::turn::words::name_and_services;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// Most hits of one answer, which is what Teams asks for.
const MOST: usize = 25;
/// Most own tenants that are looked through for a service.
const LOOKED_THROUGH: i64 = 60;

/// What was typed into the box. Empty, as it is before anybody types: my active tenants, worst first.
#[derive(Debug)]
pub struct Find {
    typed: String,
    skip: usize,
    count: usize,
}

impl Find {
    /// `typed`, without the first `skip` hits and at most `count` of the others.
    pub fn new(typed: &str, skip: u32, count: u32) -> Self {
        let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
        Self { typed: typed.trim().to_owned(), skip: size(skip), count: size(count).min(MOST) }
    }
}

/// Something that was found, not read yet.
enum Hit {
    Tenant(Id<Tenant>),
    Service(Id<Tenant>, &'static Service),
    Person(Assignee),
    Gap(Single),
}

impl Intent for Find {
    const NAME: &'static str = "lookup.find";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self::new(&fields.text("query")?, 0, 25))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let hits = if search_key(&self.typed).is_empty() {
            mine(turn).await?
        } else {
            find(turn, &self.typed).await?
        };
        if hits.is_empty() {
            let missing = gap::asked(&self.typed).is_some_and(|asked| asked.surely);
            let notice = if missing { notices::nothing_missing() } else { notices::nothing_found() };
            return Ok(render(&notice)?.into());
        }
        let page: Vec<_> = hits.into_iter().skip(self.skip).take(self.count).collect();
        Ok(Reply::Found(hit::read(turn, page).await?))
    }
}

/// A link that somebody pasted.
#[derive(Debug)]
pub struct Linked {
    place: Place,
}

impl Linked {
    /// What the link to this place shows.
    pub fn at(place: Place) -> Self {
        Self { place }
    }
}

impl Intent for Linked {
    const NAME: &'static str = "lookup.link";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        // No card calls it: only a link does.
        Err(Malformed("link"))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let Place { tenant, service } = self.place;
        let wanted = service.map_or(Hit::Tenant(tenant), |service| Hit::Service(tenant, service));
        let hits = hit::read(turn, vec![wanted]).await?;
        if hits.is_empty() {
            return Err(render(&notices::no_such_tenant())?.into());
        }
        Ok(Reply::Found(hits))
    }
}

/// My active tenants, the longest without a note first.
async fn mine(turn: &mut Turn) -> Result<Vec<Hit>, Fault> {
    let list = turn.scope.list_tenants(&turn.actor, Portfolio::Active, "", 0, LOOKED_THROUGH).await?;
    Ok(list.rows.into_iter().map(|row| Hit::Tenant(row.id)).collect())
}

async fn find(turn: &mut Turn, typed: &str) -> Result<Vec<Hit>, Fault> {
    if let Some(asked) = gap::asked(typed) {
        let hits = gaps(turn, typed, &asked).await?;
        if asked.surely || !hits.is_empty() {
            return Ok(hits);
        }
    }
    let (name, services) = name_and_services(typed);
    let (sure, tenants) = tenants(turn, name).await?;
    if !services.is_empty() {
        return Ok(of_services(&tenants, &services));
    }
    if sure {
        let mut hits: Vec<_> = tenants.into_iter().map(Hit::Tenant).collect();
        hits.extend(people(turn, typed, true).await?);
        return Ok(hits);
    }
    // A service alone, or one whose name is still being typed.
    if let Some(service) = catalogue().service(typed) {
        let list = turn.scope.list_tenants(&turn.actor, Portfolio::Active, "", 0, LOOKED_THROUGH).await?;
        return Ok(list.rows.into_iter().map(|row| Hit::Service(row.id, service)).collect());
    }
    if let Some((name, begun)) = typed.rsplit_once(char::is_whitespace) {
        let services = begun_services(begun);
        if !services.is_empty()
            && let (true, tenants) = self::tenants(turn, name).await?
        {
            return Ok(of_services(&tenants, &services));
        }
    }
    let people_for_sure = people(turn, typed, true).await?;
    if !people_for_sure.is_empty() {
        return Ok(people_for_sure);
    }
    let mut near: Vec<_> = tenants.into_iter().map(Hit::Tenant).collect();
    near.extend(people(turn, typed, false).await?);
    Ok(near)
}

/// What is missing, after the tenants whose name the words are.
async fn gaps(turn: &mut Turn, typed: &str, asked: &gap::Asked) -> Result<Vec<Hit>, Fault> {
    let (sure, named) = if asked.surely { (false, Vec::new()) } else { tenants(turn, typed).await? };
    let missing = singles(turn, &asked.words).await?.into_iter().map(Hit::Gap);
    Ok(named.into_iter().filter(|_| sure).map(Hit::Tenant).chain(missing).collect())
}

/// The firm's tenants that fit, best first, and whether they surely do.
async fn tenants(turn: &mut Turn, name: &str) -> Result<(bool, Vec<Id<Tenant>>), Fault> {
    let matches = turn.scope.search_tenants(&turn.actor, &search_key(name)).await?;
    let ranking = rank(name, matches);
    Ok((ranking.sure, ranking.items.into_iter().map(|found| found.id).collect()))
}

/// The firm's people who fit.
async fn people(turn: &mut Turn, typed: &str, surely: bool) -> Result<Vec<Hit>, Fault> {
    let colleagues = turn.scope.assignees().await?.into_iter().filter(|one| one.colleague().is_some());
    let ranking = rank(typed, colleagues.collect());
    let found = if ranking.sure == surely { ranking.items } else { Vec::new() };
    Ok(found.into_iter().map(Hit::Person).collect())
}

/// Each of the services at each of the tenants.
fn of_services(tenants: &[Id<Tenant>], services: &[&'static Service]) -> Vec<Hit> {
    tenants.iter().flat_map(|tenant| services.iter().map(|service| Hit::Service(*tenant, service))).collect()
}

/// The services whose name or short name begins so.
fn begun_services(begun: &str) -> Vec<&'static Service> {
    let begun = search_key(begun);
    let begins =
        |name: &str| !begun.is_empty() && search_key(name).split(' ').any(|word| word.starts_with(&begun));
    let names = |service: &&Service| begins(&service.name) || begins(&service.short);
    catalogue().services().iter().filter(|service| !service.legacy).filter(names).collect()
}
