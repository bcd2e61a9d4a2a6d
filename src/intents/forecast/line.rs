//! Forecast dates in one line of chat: `forecast contoso teams 15% 1 mar, max end of june`.

use super::super::service::pick;
use super::super::tenant::{At, Then};
use super::{Refused, carried, form, hints_of, milestones, of_carried, stored, version};
use crate::cards::finding::sentence_of;
use crate::cards::notice::Notice;
use crate::cards::text::day;
use crate::cards::{Button, Card, notices, render};
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::forecast::line::{self, Part, Word};
use crate::domain::forecast::{Draft, Forecast, SUBMITTED, Target};
use crate::domain::id::Id;
use crate::domain::service::Service;
use crate::domain::time::Today;
use crate::domain::when::Lean;
use crate::store::desk::Desk;
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

/// The dates of one or several services, the same for each. Asked before they are saved.
#[derive(Debug)]
pub struct Write {
    /// Which tenant.
    pub at: At,
    /// Which services; none: the person chooses.
    pub services: Vec<&'static Service>,
    /// The dates, as they were typed.
    pub dates: String,
}

/// One service with its dates in order.
pub(super) struct Ready {
    at: ServiceDesk,
    version: i64,
    forecast: Forecast,
}

impl Intent for Write {
    const NAME: &'static str = "forecast.line";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let (services, dates) = of_carried(fields)?;
        Ok(Self { at: At::Chosen(fields.id("tenant")?), services, dates })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let then = Then::carrying(Self::NAME, &carried(&self.services, &self.dates));
        let tenant = self.at.tenant(turn, &then).await?;
        let desk = turn.desk(tenant, Act::EditForecast).await?;
        let services = match self.services.as_slice() {
            [] => vec![pick(turn, &desk, &[], &then).await?],
            named => named.to_vec(),
        };
        let parts = line::read(&self.dates, milestones(), turn.reading(Lean::Ahead));
        if let Some(question) = which_day(&desk, &services, &parts) {
            return Err(render(&question)?.into());
        }
        let ready = check(turn, &desk, &services, &parts).await?;
        let edit = turn.edit(&desk, Self::NAME).await?;
        let saying = Saying::done("Forecast saved").asks("Save these forecast dates?", "Save");
        let saying = save(turn, &ready, saying, true).await?;
        // Days are written out, so that the answer means what was shown, whenever and wherever it comes from.
        let body = carried(&services, &line::written(&parts));
        let fields = serde_json::json!({ "tenant": tenant.to_string(), "body": body });
        edit.confirmed(turn, Self::NAME, fields, saying).await
    }
}

/// Writes the dates, with what is worth a look about each service, where that is to be `hinted` at.
pub(super) async fn save(
    turn: &mut Turn,
    ready: &[Ready],
    mut saying: Saying,
    hinted: bool,
) -> Result<Saying, Fault> {
    for one in ready {
        if !turn.scope.save_forecast(&one.at, one.version, &one.forecast, milestones()).await? {
            // The tenant is locked by this turn, so nobody can have been faster.
            return Err(Fault::Again);
        }
        for hint in hints_of(turn, &one.at, Some(&one.forecast)).into_iter().filter(|_| hinted) {
            let named = format!("{}: {hint}", one.at.service.name);
            saying = saying.hint(if ready.len() > 1 { named } else { hint });
        }
    }
    Ok(saying)
}

/// Asks for the first day that may be any of several.
fn which_day(desk: &Desk, services: &[&'static Service], parts: &[Part]) -> Option<Notice> {
    let (index, part, days) = parts.iter().enumerate().find_map(|(index, part)| match &part.word {
        Word::Either(days) => Some((index, part, days)),
        _ => None,
    })?;
    let take = |meant| {
        let mut settled = parts.to_vec();
        if let Some(part) = settled.get_mut(index) {
            part.word = Word::Is(Target::On(meant));
        }
        let body = carried(services, &line::written(&settled));
        Button::new(day(meant), Write::NAME).with("tenant", desk.tenant.to_string()).with("body", body)
    };
    Some(notices::which_day(part.subject.name(), &desk.customer_name, &part.typed, days, take))
}

/// All services with their dates in order. If one of them is not, nothing is saved: a single one answers with its form
/// as it was meant, several with what is wrong with each.
pub(super) async fn check(
    turn: &mut Turn,
    desk: &Desk,
    services: &[&'static Service],
    parts: &[Part],
) -> Result<Vec<Ready>, Fault> {
    let mut ready = Vec::with_capacity(services.len());
    let mut refused = Vec::new();
    for service in services {
        let at = turn.service_desk(desk.tenant, service, Act::EditForecast).await?;
        let stored = stored(turn, &at).await?;
        let before = stored.as_ref().map(|stored| &stored.forecast);
        let (draft, checked) = drafted(parts, before, turn.today());
        let version = version(stored.as_ref());
        match checked {
            Ok(forecast) => ready.push(Ready { at, version, forecast }),
            Err(findings) if services.len() == 1 => {
                let shown = form::Shown::new(Id::new(turn.now()), version, &draft).findings(findings);
                return Err(form::card(turn, &at, stored.as_ref(), shown)?.into());
            }
            Err(findings) => refused.push(Refused { service, findings }),
        }
    }
    if refused.is_empty() {
        return Ok(ready);
    }
    let mend = |service: &'static Service| {
        let body = carried(&[service], &line::written(parts));
        Button::new(format!("Mend {}", service.name), Write::NAME)
            .with("tenant", desk.tenant.to_string())
            .with("body", body)
    };
    Err(troubles(desk, &refused, mend)?.into())
}

/// What the line makes of what is stored, and whether that is in order.
fn drafted(parts: &[Part], before: Option<&Forecast>, today: Today) -> (Draft, Result<Forecast, Findings>) {
    let mut draft = Draft::of(before, today);
    for part in parts {
        part.put(&mut draft);
    }
    let mut findings = line::findings(parts, milestones());
    let checked = match draft.check(today, milestones(), before) {
        Ok(forecast) if findings.is_empty() => Ok(forecast),
        Ok(_) => Err(findings),
        Err(more) => {
            for more in more.iter() {
                findings.add(more.field.clone(), more.rule.clone());
            }
            Err(findings)
        }
    };
    (draft, checked)
}

/// What is wrong with the dates of each service, and a way to mend them.
pub(super) fn troubles(
    desk: &Desk,
    refused: &[Refused],
    mend: impl Fn(&'static Service) -> Button,
) -> Result<Card, Fault> {
    let notice = Notice::warning("No date was saved")
        .text("Please mend what stands here, or write the line again.")
        .line(desk.customer_name.as_str());
    let notice = refused.iter().fold(notice, |notice, refused| {
        let found = refused.findings.iter().map(|found| sentence_of(&label(&found.field), &found.rule));
        let sentences = found.collect::<Vec<_>>().join(" ");
        notice.line(format!("{}: {sentences}", refused.service.name)).button(mend(refused.service))
    });
    Ok(render(&notice)?)
}

/// What a field of the form is called.
fn label(field: &str) -> String {
    let milestone = milestones().iter().find(|milestone| milestone.field() == field);
    match milestone {
        Some(milestone) => milestone.name.clone(),
        None if field == "submitted" => SUBMITTED.to_owned(),
        None => field.to_owned(),
    }
}
