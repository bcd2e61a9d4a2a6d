//! The engagement start date of a service, and why it changes (D1 to D9): the form, and one line of chat.

use super::forecast::{carried, of_carried};
use super::service::{AtService, Find, of_fields, pick};
use super::tenant::{At, Then};
use crate::cards::form::{Field, Form, Theirs};
use crate::cards::text::day;
use crate::cards::{Button, Card, hint, notices, render};
use crate::domain::access::Act;
use crate::domain::engagement_start::{self as rules, Draft, StartChange};
use crate::domain::finding::Findings;
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::service::Service;
use crate::domain::when::{self, Lean, Reading, When};
use crate::store::change_history::SeenRow;
use crate::store::service::ServiceDesk;
use crate::turn::words::{name_and_services, name_and_text};
use crate::turn::{Edit, Fault, Fields, Intent, Malformed, Ready, Reply, Saying, Turn, Usage};

/// The name of the date.
const LABEL: &str = "Engagement start date";

/// Reads what follows `start`: a tenant and a service open the form, a day and a reason are saved.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Usage> {
    let (head, reason) = name_and_text(words).unwrap_or((words, ""));
    let (name, day) = when::at_the_end(head);
    if day.is_empty() && reason.is_empty() {
        return Ok(Box::new(Find::<Open>::from_words(name)?));
    }
    let (name, services) = name_and_services(name);
    if name.is_empty() {
        return Err(Usage);
    }
    let at = At::Named(name.to_owned());
    // One character more than there may be is enough to say so, and still fits the buttons of a question.
    let reason = reason.chars().take(Turn::rules().reason_max + 1).collect();
    Ok(Box::new(Write { at, services, day: day.to_owned(), reason }))
}

/// The form.
#[derive(Debug)]
pub struct Open {
    tenant: Id<Tenant>,
    service: &'static Service,
}

impl AtService for Open {
    const FIND: &'static str = "start.find";

    fn at(tenant: Id<Tenant>, service: &'static Service) -> Self {
        Self { tenant, service }
    }
}

impl Intent for Open {
    const NAME: &'static str = "start.open";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, service: of_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::SetStartDate).await?;
        let date = at.engagement_start.map(|date| date.to_string()).unwrap_or_default();
        let draft = Draft { date, reason: String::new() };
        Ok(Shown::new(turn, &draft, at.version).card(&at)?.into())
    }
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
    const NAME: &'static str = "start.save";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            version: fields.whole("version", 1)?,
            submission: fields.id("form")?,
            draft: Draft { date: fields.text("engagement_start")?, reason: fields.text("reason")? },
        })
    }

    fn submission(&self) -> Option<String> {
        Some(self.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::SetStartDate).await?;
        let change = match self.draft.check(Turn::rules(), at.engagement_start, at.in_progress) {
            Ok(change) => change,
            Err(findings) => {
                let shown = Shown::new(turn, &self.draft, self.version);
                return Err(Shown { submission: self.submission, findings, ..shown }.card(&at)?.into());
            }
        };
        let edit = turn.edit(&at.desk, Self::NAME).await?;
        let Some(change) = change else { return edit.receipt(turn, Saying::default()).await };
        if !write(turn, &at, self.version, &change, &edit).await? {
            let code = &at.service.code;
            let seen =
                SeenRow { kind: "tenant_service", service: code, subject: code, version: self.version };
            let theirs = turn.theirs(self.tenant, seen).await?;
            let shown = Shown::new(turn, &self.draft, at.version);
            return Err(Shown { theirs, moved_on: true, ..shown }.card(&at)?.into());
        }
        let saying = saying(turn, &at, &change);
        edit.receipt(turn, saying).await
    }
}

/// `start <tenant> <service> 1 mar: customer rescheduled`. Asked before it is saved.
#[derive(Debug)]
pub struct Write {
    at: At,
    services: Vec<&'static Service>,
    day: String,
    reason: String,
}

impl Write {
    fn body(&self, services: &[&'static Service], day: &str) -> String {
        carried(services, &format!("{day}: {}", self.reason))
    }
}

impl Intent for Write {
    const NAME: &'static str = "start.line";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let (services, typed) = of_carried(fields)?;
        let (day, reason) = typed.split_once(':').ok_or(Malformed("body"))?;
        let (day, reason) = (day.trim().to_owned(), reason.trim().to_owned());
        Ok(Self { at: At::Chosen(fields.id("tenant")?), services, day, reason })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let then = Then::carrying(Self::NAME, &self.body(&self.services, &self.day));
        let tenant = self.at.tenant(turn, &then).await?;
        let desk = turn.desk(tenant, Act::SetStartDate).await?;
        let service = pick(turn, &desk, &self.services, &then).await?;
        let at = turn.service_desk(tenant, service, Act::SetStartDate).await?;
        let date = self.date(turn, &at)?;
        let draft = Draft { date: date.clone(), reason: self.reason.clone() };
        let shown = Shown::new(turn, &draft, at.version);
        if date.is_empty() || self.reason.trim().is_empty() {
            // D5: the form asks for what is missing on the same card.
            return Err(shown.card(&at)?.into());
        }
        let change = match draft.check(Turn::rules(), at.engagement_start, at.in_progress) {
            Ok(change) => change,
            Err(findings) => return Err(Shown { findings, ..shown }.card(&at)?.into()),
        };
        let edit = turn.edit(&at.desk, Self::NAME).await?;
        let Some(change) = change else { return edit.receipt(turn, Saying::default()).await };
        if !write(turn, &at, at.version, &change, &edit).await? {
            // The tenant is locked by this turn, so nobody can have been faster.
            return Err(Fault::Again);
        }
        let body = self.body(&[service], &date);
        let fields = serde_json::json!({ "tenant": tenant.to_string(), "body": body });
        let saying = saying(turn, &at, &change).asks("Save this engagement start date?", "Save");
        edit.confirmed(turn, Self::NAME, fields, saying).await
    }
}

impl Write {
    /// The day as a form takes it; what is none stays as it was typed. A day that may be any of several is asked.
    fn date(&self, turn: &Turn, at: &ServiceDesk) -> Result<String, Fault> {
        // D7: of a month alone the first day; D6: the talks may have begun already.
        let reading = Reading { month_is_its_first_day: true, ..turn.reading(Lean::Recent) };
        match when::read(&self.day, reading) {
            When::One(date) => Ok(date.to_string()),
            When::NotADate => Ok(self.day.clone()),
            When::Ambiguous(days) => {
                let take = |meant| {
                    Button::new(day(meant), Self::NAME)
                        .with("tenant", at.desk.tenant.to_string())
                        .with("body", self.body(&[at.service], &meant.to_string()))
                };
                let customer = &at.desk.customer_name;
                Err(render(&notices::which_day(LABEL, customer, &self.day, &days, take))?.into())
            }
        }
    }
}

/// Date and note together, in the turn's one transaction (D5). False: somebody was faster.
async fn write(
    turn: &mut Turn,
    at: &ServiceDesk,
    version: i64,
    change: &StartChange,
    edit: &Edit,
) -> Result<bool, Fault> {
    if !turn.scope.set_engagement_start(at, version, change.date).await? {
        return Ok(false);
    }
    let note = change.note(&at.service.name, at.engagement_start);
    let step = turn.scope.note_about_service(&turn.actor, at, &note).await?;
    edit.steps(turn, &[step]).await?;
    Ok(true)
}

fn saying(turn: &Turn, at: &ServiceDesk, change: &StartChange) -> Saying {
    let saying = Saying::done("Engagement start date saved")
        .about(&at.service.name)
        .hint("The reason is kept as an engagement management note; Undo takes both back.");
    let hint = change.date.and_then(|date| rules::hint(date, at.engagement_start, turn.today()));
    match hint {
        Some(unusual) => saying.hint(hint::engagement_start(unusual)),
        None => saying,
    }
}

/// What stands in the form.
struct Shown<'a> {
    submission: Id<Submission>,
    version: i64,
    draft: &'a Draft,
    findings: Findings,
    theirs: Option<Theirs>,
    /// The service was written since the form was opened.
    moved_on: bool,
}

impl<'a> Shown<'a> {
    fn new(turn: &Turn, draft: &'a Draft, version: i64) -> Self {
        let submission = Id::new(turn.now());
        Self { submission, version, draft, findings: Findings::default(), theirs: None, moved_on: false }
    }

    fn card(self, at: &ServiceDesk) -> Result<Card, Fault> {
        let press = if self.theirs.is_some() { "Save mine on top" } else { "Save" };
        let save = button(at, press, Save::NAME)
            .with("version", self.version)
            .with("form", self.submission.to_string());
        let reason = Field::text("reason", "Reason for the change")
            .value(self.draft.reason.as_str())
            .max(Turn::rules().reason_max)
            .multiline()
            .required();
        let form = Form::new(LABEL)
            .about(&at.desk.customer_name, &at.service.name)
            .intro("The day on which customer and partner begin to talk about this service; not a first e-mail or voice mail without an answer. It may be the kick-off or lie before it.")
            .theirs(self.theirs.clone())
            .row([Field::date("engagement_start", LABEL).value(self.draft.date.as_str())])
            .row([reason])
            .findings(&self.findings)
            .hint("The reason is kept as an engagement management note. If the customer never answers, leave the date and write a note.");
        let form = if at.in_progress < 1 {
            form.hint("No entitlements are In Progress: a date can be taken away, but not set.")
        } else {
            form
        };
        let form = if self.moved_on && self.theirs.is_none() {
            form.hint("The nightly feed has written this service meanwhile. Please look again, and save.")
        } else {
            form
        };
        Ok(render(&form.button(save).button(button(at, "Cancel", "service.show").plain()))?)
    }
}

fn button(at: &ServiceDesk, title: &str, verb: &'static str) -> Button {
    Button::new(title, verb)
        .with("tenant", at.desk.tenant.to_string())
        .with("service", at.service.code.as_str())
}
