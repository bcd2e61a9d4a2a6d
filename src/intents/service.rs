//! One service of a tenant: its card, and which one was meant.

mod claim;

use std::marker::PhantomData;

use super::tenant::{At, Then};
use crate::cards::form::{Choice, Field, Form};
use crate::cards::service::{Fact, Service as Face, span};
use crate::cards::tenant::{Service as Entitlements, Split};
use crate::cards::text::{count, day, number};
use crate::cards::{Button, Tone, render};
use crate::domain::access::Act;
use crate::domain::id::{Id, Tenant};
use crate::domain::scenario::{PARTNER_LED, is_uncredited};
use crate::domain::service::{Service, catalogue, name_of};
use crate::domain::service_record::{Migration, Record, missing};
use crate::store::desk::Desk;
use crate::store::service::ServiceDesk;
use crate::store::service_page::{Holder, ServicePage, Target};
use crate::turn::words::name_and_services;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn, Usage};

/// A service by its code, as our own cards send it.
pub fn of_fields(fields: &Fields) -> Result<&'static Service, Malformed> {
    let code = fields.text("service")?;
    catalogue().services().iter().find(|service| service.code == code).ok_or(Malformed("service"))
}

/// The one service that a line is about. Several or none named: the tenant's only one, or a choice, which then
/// calls `verb` with the tenant, the service and what was typed along as `body`.
pub async fn pick(
    turn: &mut Turn,
    desk: &Desk,
    named: &[&'static Service],
    then: &Then,
) -> Result<&'static Service, Fault> {
    pick_where(turn, desk, named, |_| true, then).await
}

/// The same, where a line that names no service means one of those that `fits`.
pub async fn pick_where(
    turn: &mut Turn,
    desk: &Desk,
    named: &[&'static Service],
    fits: fn(&Service) -> bool,
    then: &Then,
) -> Result<&'static Service, Fault> {
    if let [service] = named {
        return Ok(service);
    }
    let entitled = turn.scope.entitled_services(desk).await?;
    let offered: Vec<&'static Service> = match named {
        [] => {
            let services = catalogue().services().iter();
            services.filter(|service| entitled.contains(&service.code) && fits(service)).collect()
        }
        several => several.to_vec(),
    };
    match offered.as_slice() {
        [only] => Ok(only),
        several => Err(render(&which(desk, several, then))?.into()),
    }
}

fn which(desk: &Desk, offered: &[&'static Service], then: &Then) -> Form {
    let form = Form::new("Which service do you mean?").about(&desk.customer_name, &desk.name);
    let button = |title: &str| {
        let button = Button::new(title, then.verb).with("tenant", desk.tenant.to_string());
        match &then.body {
            Some(body) => button.with("body", body.as_str()),
            None => button,
        }
    };
    if offered.is_empty() {
        let open = Button::new("Open tenant", "tenant.show").with("tenant", desk.tenant.to_string());
        return form.intro("None of the services that this is about has entitlements here yet.").button(open);
    }
    // One press where the buttons suffice; a list where there are more, or where each would carry a long text.
    let is_short = then.body.as_ref().is_none_or(|body| body.len() <= 600);
    if offered.len() <= 6 && is_short {
        return offered.iter().fold(form, |form, service| {
            form.button(button(&service.name).with("service", service.code.as_str()))
        });
    }
    let choices =
        offered.iter().map(|service| Choice::new(service.name.as_str(), service.code.as_str())).collect();
    form.row([Field::choice("service", "Service").choices(choices).required()]).button(button("Go on"))
}

/// Something that opens at one service of a tenant.
pub trait AtService: Intent {
    /// The verb of the line that names tenant and service, for example `service.find`.
    const FIND: &'static str;

    /// It, at this service.
    fn at(tenant: Id<Tenant>, service: &'static Service) -> Self;

    /// Whether a line that names no service may mean this one.
    fn fits(_service: &Service) -> bool {
        true
    }
}

/// A line that names a tenant and perhaps a service, for example `service contoso exo`, and then opens `O` there.
#[derive(Debug)]
pub struct Find<O> {
    at: At,
    services: Vec<&'static Service>,
    opens: PhantomData<fn() -> O>,
}

impl<O> Find<O> {
    /// Reads what follows the command's word.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        let (name, services) = name_and_services(words);
        let at = At::Named(name.to_owned());
        if name.is_empty() { Err(Usage) } else { Ok(Self { at, services, opens: PhantomData }) }
    }
}

impl<O: AtService> Intent for Find<O> {
    const NAME: &'static str = O::FIND;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let (_, services) = name_and_services(&format!("tenant {}", fields.text("body")?));
        Ok(Self { at: At::Chosen(fields.id("tenant")?), services, opens: PhantomData })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let named = self.services.iter().map(|service| service.name.as_str()).collect::<Vec<_>>().join(", ");
        let tenant = self.at.tenant(turn, &Then::carrying(Self::NAME, &named)).await?;
        let desk = turn.desk(tenant, Act::See).await?;
        let service = pick_where(turn, &desk, &self.services, O::fits, &Then::open(O::NAME)).await?;
        O::at(tenant, service).run(turn).await
    }
}

/// The card of a service.
#[derive(Debug)]
pub struct Show {
    /// The tenant.
    pub tenant: Id<Tenant>,
    /// The service.
    pub service: &'static Service,
}

impl AtService for Show {
    const FIND: &'static str = "service.find";

    fn at(tenant: Id<Tenant>, service: &'static Service) -> Self {
        Self { tenant, service }
    }
}

impl Intent for Show {
    const NAME: &'static str = "service.show";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, service: of_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::See).await?;
        let page = turn.scope.service_page(&at).await?;
        let said: Vec<String> = page.targets.iter().map(|target| target.milestone.clone()).collect();
        let record = Record {
            service: at.service,
            total: at.total,
            in_rows: page.rows.iter().map(|row| i64::from(row.entitlements)).sum(),
            in_progress: at.in_progress,
            scenario: &at.scenario,
            migration: page.migration.as_ref().map(|migration| {
                if migration.by_microsoft {
                    Migration::ByMicrosoft(migration.in_lines)
                } else {
                    Migration::Declined
                }
            }),
            milestones: &said,
        };
        let face = Face::new(self.tenant, &at.service.code, entitlements(&at, &page))
            .about(&at.desk.customer_name, &at.desk.name)
            .facts(facts(turn, &at, &page))
            .missing(&missing(&record, Turn::rules()))
            .buttons(forms(&at), ways(&at))
            .link(turn.links.to(self.tenant, Some(&at.service.code)));
        let partner_works = page.holders.iter().any(|holder| holder.role.starts_with("p_"));
        let face = if is_uncredited(&at.scenario, partner_works) {
            face.hint("Usage is credited to your firm only while the scenario is FTC-FTP Led (G3, G8).")
        } else {
            face
        };
        Ok(render(&face)?.into())
    }
}

fn entitlements(at: &ServiceDesk, page: &ServicePage) -> Entitlements {
    let whole = |n: i32| u64::try_from(n).unwrap_or(0);
    let splits: Vec<_> = page
        .rows
        .iter()
        .map(|row| Split { l1: &row.l1, l2: &row.l2, l3: &row.l3, entitlements: whole(row.entitlements) })
        .collect();
    Entitlements::new(&at.service.code, whole(at.total), None, &splits)
}

fn facts(turn: &Turn, at: &ServiceDesk, page: &ServicePage) -> Vec<Fact> {
    let scenario = Fact::new("Engagement scenario", name_of(catalogue().scenarios(), &at.scenario));
    let scenario = if at.scenario == PARTNER_LED { scenario } else { scenario.tone(Tone::Warning) };
    let mut facts = Vec::new();
    facts.extend(at.active_users.map(|users| Fact::new("Active users", usage(users, at.total))));
    facts.push(scenario);
    facts.extend(at.engagement_start.map(|start| Fact::new("Engagement start", day(start))));
    facts.push(forecast(page));
    if at.service.data_migration {
        facts.push(migration(page));
    }
    facts.extend(claim::facts(page.claim.as_ref(), turn.today()));
    facts.push(primaries(&page.holders));
    facts
}

fn usage(users: i32, total: i32) -> String {
    let whole = |n: i32| u64::try_from(n).unwrap_or(0);
    let percent = whole(users) * 100 / whole(total).max(1);
    format!("{} of {} ({percent}%)", number(whole(users)), number(whole(total)))
}

fn forecast(page: &ServicePage) -> Fact {
    let Some(submitted) = page.submitted else {
        return Fact::new("Forecast", "none yet").tone(Tone::Warning);
    };
    let milestone = |target: &Target| {
        let known = Turn::rules().milestones.iter().find(|known| known.code == target.milestone);
        let name = known.map_or(target.milestone.as_str(), |known| known.name.as_str());
        match target.target {
            Some(date) => format!("{name} {}", day(date)),
            None => format!("{name} will not be reached"),
        }
    };
    let parts = [format!("RFA {}", day(submitted))].into_iter().chain(page.targets.iter().map(milestone));
    Fact::new("Forecast", parts.collect::<Vec<_>>().join(" · "))
}

fn migration(page: &ServicePage) -> Fact {
    match &page.migration {
        None => Fact::new("Data migration", "nothing said yet").tone(Tone::Warning),
        Some(said) if said.by_microsoft => {
            let lines = u64::try_from(said.in_lines).unwrap_or(0);
            let lines = count(lines, "entitlement", "entitlements");
            Fact::new("Data migration", format!("Microsoft, {}, {lines}", span(said.starts, said.ends)))
        }
        Some(said) => {
            let reason = name_of(catalogue().migration_rejection_reasons(), &said.rejection_reason);
            Fact::new("Data migration", format!("declined: {reason}"))
        }
    }
}

/// The primaries of the partner's roles: of the service, or else of the tenant (A4).
fn primaries(holders: &[Holder]) -> Fact {
    let of_role = |role: &&str| {
        let holder = holders.iter().find(|holder| holder.role == *role && holder.is_primary)?;
        Some(format!("{} {}", name_of(catalogue().roles(), role), holder.name))
    };
    let named: Vec<_> = ["p_rm", "p_fm", "p_fe"].iter().filter_map(of_role).collect();
    match named.as_slice() {
        [] => Fact::new("Primary", "nobody").tone(Tone::Warning),
        named => Fact::new("Primary", named.join(" · ")),
    }
}

fn button(at: &ServiceDesk, title: &str, verb: &'static str) -> Button {
    Button::new(title, verb)
        .with("tenant", at.desk.tenant.to_string())
        .with("service", at.service.code.as_str())
}

/// The forms of the service that this person may save, each one press away.
fn forms(at: &ServiceDesk) -> Vec<Button> {
    let offered: [(&str, &'static str, &[Act]); 5] = [
        ("Status", "status.grid", &[Act::See]),
        ("Forecast dates", "forecast.open", &[Act::EditForecast]),
        ("Data migration", "migration.open", &[Act::EditMigration, Act::SetMigrationStatus]),
        ("Start date", "start.open", &[Act::SetStartDate]),
        ("Scenario", "scenario.open", &[Act::SetScenario]),
    ];
    offered
        .into_iter()
        .filter(|(_, _, acts)| acts.iter().any(|act| at.desk.allows(*act)))
        .map(|(title, verb, _)| button(at, title, verb))
        .collect()
}

fn ways(at: &ServiceDesk) -> Vec<Button> {
    let tenant = Button::new("Open tenant", "tenant.show").with("tenant", at.desk.tenant.to_string());
    vec![button(at, "Changes", "change.history").with("range", "all").with("page", 1), tenant]
}
