//! Who changed what of a tenant (F8, A13): every write of a person, newest first.

use super::tenant::{At, Then};
use crate::cards::change_history::{ChangeHistory, Entry};
use crate::cards::form::Choice;
use crate::cards::{changes, render};
use crate::domain::access::Act;
use crate::domain::history::Range;
use crate::domain::id::{Id, Tenant};
use crate::domain::service::catalogue;
use crate::store::change_history::{Made, Wanted};
use crate::turn::{Fault, Fields, Intent, Malformed, PlaceKind, Reply, Turn};

/// What one can ask for: its code, its name, and the kinds of rows that belong to it.
const FIELDS: [(&str, &str, &[&str]); 6] = [
    ("status", "Entitlement status", &["entitlement"]),
    ("contacts", "Contacts", &["contact"]),
    ("forecast", "Forecast dates", &["forecast", "forecast_target"]),
    ("migration", "Data migration", &["data_migration", "migration_line"]),
    ("service", "Scenario and start date", &["tenant_service"]),
    ("assignments", "Assignments", &["assignment"]),
];

/// The code of the field that a word of `history <tenant> <word>` asks for; "all" for all of them.
pub fn field_of(word: &str) -> Option<&'static str> {
    Some(match word {
        "changes" | "edits" | "audit" => "all",
        "contact" | "contacts" => "contacts",
        "status" | "entitlements" => "status",
        "forecast" | "dates" => "forecast",
        "migration" => "migration",
        "scenario" | "start" => "service",
        "assignment" | "assignments" => "assignments",
        _ => return None,
    })
}

/// What is asked of the changes.
#[derive(Debug, Clone)]
pub struct Question {
    /// Code of a field, or "all".
    pub field: &'static str,
    /// Code of a service; empty: all.
    pub service: String,
    /// When they were made.
    pub range: Range,
    /// Only the asker's own.
    pub mine: bool,
    /// From 1.
    pub page: u32,
}

/// `history <tenant> changes`, or one of the fields.
#[derive(Debug)]
pub struct Find {
    /// Which tenant.
    pub at: At,
    /// What is asked.
    pub question: Question,
}

impl Intent for Find {
    const NAME: &'static str = "change.history.find";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Err(Malformed("query"))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let tenant = self.at.tenant(turn, &Then::open(History::NAME)).await?;
        History { tenant, question: self.question }.run(turn).await
    }
}

/// One page of changes.
#[derive(Debug)]
pub struct History {
    tenant: Id<Tenant>,
    question: Question,
}

impl Intent for History {
    const NAME: &'static str = "change.history";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let or_all = |code: String| if code.is_empty() { "all".to_owned() } else { code };
        let field = or_all(fields.text("field")?);
        let field = FIELDS.iter().map(|(code, _, _)| *code).chain(["all"]).find(|code| *code == field);
        let service = fields.text("service")?;
        let service = if service == "all" { String::new() } else { service };
        if !service.is_empty() && !catalogue().services().iter().any(|known| known.code == service) {
            return Err(Malformed("service"));
        }
        let range = fields.text("range")?;
        let question = Question {
            field: field.ok_or(Malformed("field"))?,
            service,
            range: Range::of(if range.is_empty() { "all" } else { &range }).ok_or(Malformed("range"))?,
            mine: fields.tick("mine")?,
            page: u32::try_from(fields.page("page")?).map_err(|_| Malformed("page"))?,
        };
        Ok(Self { tenant: fields.id("tenant")?, question })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let desk = turn.desk(self.tenant, Act::See).await?;
        let question = &self.question;
        let kinds =
            FIELDS.iter().find(|(code, _, _)| *code == question.field).map_or(&[][..], |field| field.2);
        let (since, until) = question.range.bounds(turn.today(), turn.zone);
        let wanted = Wanted {
            kinds,
            service: (!question.service.is_empty()).then_some(question.service.as_str()),
            since,
            until,
            by: question.mine.then(|| turn.actor.person.uuid()),
        };
        let size = i64::from(ChangeHistory::PAGE);
        let offset = (i64::from(question.page) - 1) * size;
        let (made, total) = turn.scope.changes_of(self.tenant, &wanted, offset, size).await?;
        let entries = made.into_iter().map(|made| entry(turn, made)).collect();
        let service = if question.service.is_empty() { "all" } else { question.service.as_str() };
        let face = ChangeHistory::new(
            self.tenant,
            &desk.customer_name,
            (question.field, service, question.range.code()),
            entries,
        );
        let services = turn.scope.entitled_services(&desk).await?;
        let face =
            face.page(question.page, u64::try_from(total).unwrap_or(0)).choices(fields(), named(&services));
        Ok(render(&face)?.into())
    }
}

fn entry(turn: &Turn, mut made: Made) -> Entry {
    // P8: where others read along, nothing of a contact is told but that it was changed.
    if turn.place.kind == PlaceKind::Shared {
        made.rows.retain(|row| row.kind != "contact");
    }
    Entry::new(turn.clock_time(made.at), &made.who, changes::differences(&made.rows)).marks(
        made.place == "shared",
        made.act == "undo",
        made.undone.is_some(),
    )
}

fn fields() -> Vec<Choice> {
    let all = Choice::new("Everything", "all");
    [all].into_iter().chain(FIELDS.iter().map(|(code, name, _)| Choice::new(*name, *code))).collect()
}

fn named(services: &[String]) -> Vec<Choice> {
    let all = Choice::new("All services", "all");
    let service = |code: &String| Choice::new(catalogue().service_name(code), code);
    [all].into_iter().chain(services.iter().map(service)).collect()
}
