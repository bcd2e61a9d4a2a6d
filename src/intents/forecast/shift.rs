//! All forecast dates that lie ahead, moved at once: `move contoso +30d`.

use super::super::tenant::{At, Then};
use super::line::troubles;
use super::{Refused, carried, milestones, of_carried};
use crate::cards::notice::Notice;
use crate::cards::text::count;
use crate::cards::{Button, render};
use crate::domain::access::Act;
use crate::domain::service::{Service, catalogue};
use crate::domain::when::Span;
use crate::store::desk::Desk;
use crate::store::forecast::StoredForecast;
use crate::turn::words::name_and_services;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn, Usage};

/// `move <tenant> [services] <distance>`. Asked before it is done.
#[derive(Debug)]
pub struct Move {
    at: At,
    /// Which services; none: all of the tenant.
    services: Vec<&'static Service>,
    by: Span,
    typed: String,
}

/// What is to be moved, and what is not.
#[derive(Default)]
struct Plan {
    /// Codes of services that the person may not edit, or that have no entitlements any more.
    left_out: Vec<&'static str>,
    refused: Vec<Refused>,
    moved: u64,
}

impl Move {
    /// Reads what follows `move`.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        let (name, typed) = Span::at_the_end(words);
        let by = Span::read(typed).ok_or(Usage)?;
        let (name, services) = name_and_services(name.trim_end_matches([':', '：']));
        if name.is_empty() {
            return Err(Usage);
        }
        Ok(Self { at: At::Named(name.to_owned()), services, by, typed: typed.to_owned() })
    }
}

impl Intent for Move {
    const NAME: &'static str = "forecast.move";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let (services, typed) = of_carried(fields)?;
        let by = Span::read(&typed).ok_or(Malformed("body"))?;
        Ok(Self { at: At::Chosen(fields.id("tenant")?), services, by, typed })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let body = carried(&self.services, &self.typed);
        let tenant = self.at.tenant(turn, &Then::carrying(Self::NAME, &body)).await?;
        let desk = turn.desk(tenant, Act::EditForecast).await?;
        let stored = turn.scope.forecasts(&desk, None, milestones()).await?;
        let edit = turn.edit(&desk, Self::NAME).await?;
        let mut plan = Plan::default();
        for forecast in stored.iter().filter(|stored| self.takes(&stored.service)) {
            plan.take(turn, &desk, forecast, self.by).await?;
        }
        if !plan.refused.is_empty() {
            let open = |service: &'static Service| {
                Button::new(format!("Open {}", service.name), "forecast.open")
                    .with("tenant", desk.tenant.to_string())
                    .with("service", service.code.as_str())
            };
            return Err(troubles(&desk, &plan.refused, open)?.into());
        }
        if plan.moved == 0 {
            return Err(render(&nothing_ahead(&desk, &plan))?.into());
        }
        let dates = count(plan.moved, "date", "dates");
        let mut saying =
            Saying::done(format!("{dates} moved")).asks(format!("Move {dates} that lie ahead?"), "Move");
        if let Some(hint) = plan.left_out() {
            saying = saying.hint(hint);
        }
        let fields = serde_json::json!({ "tenant": tenant.to_string(), "body": body });
        edit.confirmed(turn, Self::NAME, fields, saying).await
    }
}

impl Move {
    fn takes(&self, code: &str) -> bool {
        self.services.is_empty() || self.services.iter().any(|service| service.code == code)
    }
}

impl Plan {
    /// Moves the dates of one service that lie ahead, or keeps why not.
    async fn take(
        &mut self,
        turn: &mut Turn,
        desk: &Desk,
        stored: &StoredForecast,
        by: Span,
    ) -> Result<(), Fault> {
        let today = turn.today();
        let ahead = stored.forecast.targets.iter().filter_map(|said| said.target.date());
        let ahead = ahead.filter(|date| *date > today.0).count();
        let known = catalogue().services().iter().find(|service| service.code == stored.service);
        let Some(service) = known.filter(|_| ahead > 0) else { return Ok(()) };
        let at = match turn.service_desk(desk.tenant, service, Act::EditForecast).await {
            Ok(at) => at,
            // The tenant is open to the person, so it is the service that is not.
            Err(Fault::Shown(_)) => {
                self.left_out.push(&service.name);
                return Ok(());
            }
            Err(fault) => return Err(fault),
        };
        match stored.forecast.moved(by, today, milestones()) {
            Err(findings) => self.refused.push(Refused { service, findings }),
            Ok(moved) => {
                if !turn.scope.save_forecast(&at, stored.version, &moved, milestones()).await? {
                    // The tenant is locked by this turn, so nobody can have been faster.
                    return Err(Fault::Again);
                }
                self.moved += u64::try_from(ahead).unwrap_or(0);
            }
        }
        Ok(())
    }

    fn left_out(&self) -> Option<String> {
        (!self.left_out.is_empty()).then(|| {
            format!(
                "Left out, because Microsoft leads them or they have no entitlements any more: {}.",
                self.left_out.join(", ")
            )
        })
    }
}

fn nothing_ahead(desk: &Desk, plan: &Plan) -> Notice {
    Notice::info("No forecast date lies ahead here")
        .text(plan.left_out().unwrap_or_else(|| "Only dates in the future are moved.".to_owned()))
        .line(desk.customer_name.as_str())
        .button(Button::new("Open the tenant", "tenant.show").with("tenant", desk.tenant.to_string()))
}
