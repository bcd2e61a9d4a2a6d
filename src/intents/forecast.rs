//! Forecast dates of a service (F1 to F10): the form, one line of chat, and all dates that lie ahead at once.

mod form;
pub mod line;
pub mod lines;
pub mod shift;

use super::service::{AtService, Find, of_fields};
use super::tenant::At;
use crate::cards::hint;
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::forecast::{Draft, Forecast, Usage, hints};
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::rules::Milestone;
use crate::domain::service::{Service, catalogue};
use crate::store::change_history::SeenRow;
use crate::store::forecast::StoredForecast;
use crate::store::service::ServiceDesk;
use crate::turn::words::name_and_services;
use crate::turn::{Fault, Fields, Intent, Malformed, Ready, Reply, Saying, Turn, Usage as Unheard};

/// Reads what follows `forecast`: a tenant and services open the form, dates after them are saved; several lines are
/// several tenants.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Unheard> {
    if let Some(lines) = lines::Write::from_words(words) {
        return Ok(Box::new(lines));
    }
    let (name, dates) = crate::domain::forecast::line::split(words, milestones());
    if dates.is_empty() {
        return Ok(Box::new(Find::<Open>::from_words(name)?));
    }
    let (name, services) = name_and_services(name);
    if name.is_empty() || dates.len() > LONGEST {
        return Err(Unheard);
    }
    let at = At::Named(name.to_owned());
    Ok(Box::new(line::Write { at, services, dates: dates.to_owned() }))
}

/// Most bytes of the dates in one line: they must fit the buttons of a question.
const LONGEST: usize = 600;

/// The milestones of the programme.
fn milestones() -> &'static [Milestone] {
    &Turn::rules().milestones
}

/// Services as a button carries them: their codes.
fn codes(services: &[&'static Service]) -> String {
    services.iter().map(|service| service.code.as_str()).collect::<Vec<_>>().join(" ")
}

/// Services and what was typed after them, as a button carries both.
pub(super) fn carried(services: &[&'static Service], typed: &str) -> String {
    format!("{}: {typed}", codes(services))
}

/// What a button carries: services and what was typed after them. A service that was chosen since comes first.
pub(super) fn of_carried(fields: &Fields) -> Result<(Vec<&'static Service>, String), Malformed> {
    let body = fields.text("body")?;
    let (codes, typed) = body.split_once(':').ok_or(Malformed("body"))?;
    let known = |code: &str| catalogue().services().iter().find(|service| service.code == code);
    let services = if fields.text("service")?.is_empty() {
        let named = codes.split_whitespace().map(known);
        named.collect::<Option<Vec<_>>>().ok_or(Malformed("body"))?
    } else {
        vec![of_fields(fields)?]
    };
    Ok((services, typed.trim().to_owned()))
}

/// What is stored of the desk's service.
async fn stored(turn: &mut Turn, at: &ServiceDesk) -> Result<Option<StoredForecast>, Fault> {
    Ok(turn.scope.forecasts(&at.desk, Some(&at.service.code), milestones()).await?.pop())
}

/// What is worth a look about the forecast (F5, F9).
fn hints_of(turn: &Turn, at: &ServiceDesk, forecast: Option<&Forecast>) -> Vec<String> {
    let usage = Usage::of(at.active_users, at.total);
    hints(forecast, usage, turn.today(), milestones()).iter().map(hint::forecast).collect()
}

/// The form.
#[derive(Debug)]
pub struct Open {
    tenant: Id<Tenant>,
    service: &'static Service,
}

impl AtService for Open {
    const FIND: &'static str = "forecast.find";

    fn at(tenant: Id<Tenant>, service: &'static Service) -> Self {
        Self { tenant, service }
    }
}

impl Intent for Open {
    const NAME: &'static str = "forecast.open";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, service: of_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::EditForecast).await?;
        let stored = stored(turn, &at).await?;
        let draft = Draft::of(stored.as_ref().map(|stored| &stored.forecast), turn.today());
        let shown = form::Shown::new(Id::new(turn.now()), version(stored.as_ref()), &draft);
        Ok(form::card(turn, &at, stored.as_ref(), shown)?.into())
    }
}

fn version(stored: Option<&StoredForecast>) -> i64 {
    stored.map_or(0, |stored| stored.version)
}

/// The form, sent.
#[derive(Debug)]
pub struct Save {
    tenant: Id<Tenant>,
    service: &'static Service,
    version: i64,
    submission: Id<Submission>,
    draft: Draft,
}

impl Intent for Save {
    const NAME: &'static str = "forecast.save";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            version: fields.whole("version", 0)?,
            submission: fields.id("form")?,
            draft: form::draft(fields)?,
        })
    }

    fn submission(&self) -> Option<String> {
        Some(self.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::EditForecast).await?;
        let stored = stored(turn, &at).await?;
        let before = stored.as_ref().map(|stored| &stored.forecast);
        let shown = form::Shown::new(self.submission, self.version, &self.draft);
        let forecast = match self.draft.check(turn.today(), milestones(), before) {
            Ok(forecast) => forecast,
            Err(findings) => {
                return Err(form::card(turn, &at, stored.as_ref(), shown.findings(findings))?.into());
            }
        };
        let edit = turn.edit(&at.desk, Self::NAME).await?;
        if !turn.scope.save_forecast(&at, self.version, &forecast, milestones()).await? {
            let code = &at.service.code;
            let seen = SeenRow { kind: "forecast", service: code, subject: code, version: self.version };
            let theirs = turn.theirs(self.tenant, seen).await?;
            let anew = form::Shown::new(Id::new(turn.now()), version(stored.as_ref()), &self.draft);
            return Err(form::card(turn, &at, stored.as_ref(), anew.theirs(theirs))?.into());
        }
        let mut saying = Saying::done("Forecast saved").about(&at.service.name);
        for hint in hints_of(turn, &at, Some(&forecast)) {
            saying = saying.hint(hint);
        }
        edit.receipt(turn, saying).await
    }
}

/// A service whose dates cannot be saved, and why.
struct Refused {
    service: &'static Service,
    findings: Findings,
}
