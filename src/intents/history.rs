//! A tenant's notes, newest first, through the windows and filters of DOMAIN 2.4.

use super::change;
use super::tenant::{At, Then};
use crate::cards::note as faces;
use crate::cards::render;
use crate::domain::access::Act;
use crate::domain::history::{DueWithin, Range};
use crate::domain::id::{Id, Tenant};
use crate::domain::service::{catalogue, name_of};
use crate::domain::tenant::OverallStatus;
use crate::store::note_history::{HistoryFilter, NoteRow};
use crate::turn::{Fault, Fields, Intent, Malformed, Ready, Reply, Turn, Usage};

/// What is asked of a history.
#[derive(Debug, Clone, Default)]
struct Question {
    range: Range,
    category: String,
    service: String,
    mine: bool,
    escalated: bool,
    due: Option<DueWithin>,
    page: u32,
}

/// Reads what follows `history`: notes, or with the name of a field the changes of it. The filters are taken from
/// the end.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Usage> {
    let mut question = Question { page: 1, ..Question::default() };
    let mut changed = None;
    let mut name: Vec<&str> = words.split_whitespace().collect();
    while let Some(last) = name.last() {
        let last = last.to_lowercase();
        match last.as_str() {
            "mine" => question.mine = true,
            "escalated" => question.escalated = true,
            "30" | "60" | "90" | "all" => question.range = Range::of(&last).unwrap_or_default(),
            // The first word is the tenant's, even where a field or a service has the same name.
            _ if name.len() == 1 => break,
            word => match (change::field_of(word), catalogue().service(word)) {
                (Some(field), _) if changed.is_none() => changed = Some(field),
                (_, Some(service)) if question.service.is_empty() => {
                    question.service.clone_from(&service.code);
                }
                _ => break,
            },
        }
        name.pop();
    }
    let at = At::Named(name.join(" "));
    match changed {
        _ if name.is_empty() => Err(Usage),
        Some(field) => {
            let Question { service, range, mine, page, .. } = question;
            let question = change::Question { field, service, range, mine, page };
            Ok(Box::new(change::Find { at, question }))
        }
        None => Ok(Box::new(Find { at, question })),
    }
}

/// `history <tenant> [service] [30 | 60 | 90 | all] [mine] [escalated]`.
#[derive(Debug)]
struct Find {
    at: At,
    question: Question,
}

impl Intent for Find {
    const NAME: &'static str = "note.history.find";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Err(Malformed("query"))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let tenant = self.at.tenant(turn, &Then::open(History::NAME)).await?;
        History { tenant, question: self.question }.run(turn).await
    }
}

/// One page of a history.
#[derive(Debug)]
pub struct History {
    tenant: Id<Tenant>,
    question: Question,
}

/// The filters' first choice, "all", as no filter.
fn any_as_empty(code: String) -> String {
    if code == "all" { String::new() } else { code }
}

fn due_within(code: &str) -> Result<Option<DueWithin>, Malformed> {
    if code.is_empty() {
        return Ok(None);
    }
    DueWithin::of(code).map(Some).ok_or(Malformed("due"))
}

impl Intent for History {
    const NAME: &'static str = "note.history";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let category = any_as_empty(fields.text("category")?);
        let known = catalogue().note_categories().iter().any(|item| item.code == category);
        if !category.is_empty() && !known {
            return Err(Malformed("category"));
        }
        let service = any_as_empty(fields.text("service")?);
        if !service.is_empty() && !catalogue().services().iter().any(|known| known.code == service) {
            return Err(Malformed("service"));
        }
        let question = Question {
            range: Range::of(&fields.text("range")?).ok_or(Malformed("range"))?,
            category,
            service,
            mine: fields.text("author")? == "mine",
            escalated: fields.tick("escalated")?,
            due: due_within(&any_as_empty(fields.text("due")?))?,
            page: u32::try_from(fields.page("page")?).map_err(|_| Malformed("page"))?,
        };
        Ok(Self { tenant: fields.id("tenant")?, question })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let desk = turn.desk(self.tenant, Act::See).await?;
        let size = i64::from(faces::History::PAGE);
        let offset = (i64::from(self.question.page) - 1) * size;
        let filter = self.question.filter(turn);
        let (notes, total) = turn.scope.note_history(&turn.actor, self.tenant, &filter, offset, size).await?;
        let entries = notes.iter().map(|note| entry(turn, note)).collect();
        let total = u64::try_from(total).unwrap_or(0);
        let asked = self.question.shown();
        let face =
            faces::History::new(self.tenant, &desk.customer_name, asked, self.question.page, total, entries);
        Ok(render(&face.writable(desk.allows(Act::WriteNote)))?.into())
    }
}

impl Question {
    /// The same, as the filter's inputs show it.
    fn shown(&self) -> faces::Filter {
        let or_all = |code: &str| if code.is_empty() { "all".to_owned() } else { code.to_owned() };
        faces::Filter {
            range: self.range.code().to_owned(),
            category: or_all(&self.category),
            service: or_all(&self.service),
            author: if self.mine { "mine" } else { "all" }.to_owned(),
            escalated: self.escalated.to_string(),
            due: or_all(self.due.map_or("", DueWithin::code)),
        }
    }

    /// The same, as points in time. Days are the reader's own.
    fn filter(&self, turn: &Turn) -> HistoryFilter {
        let (since, until) = self.range.bounds(turn.today(), turn.zone);
        let due = self.due.and_then(|due| due.days(turn.today()));
        HistoryFilter {
            since,
            until,
            category: (!self.category.is_empty()).then(|| self.category.clone()),
            service: (!self.service.is_empty()).then(|| self.service.clone()),
            escalated: self.escalated,
            mine: self.mine,
            due_from: due.map(|(first, _)| first),
            due_by: due.map(|(_, last)| last),
        }
    }
}

fn entry(turn: &Turn, note: &NoteRow) -> faces::Entry {
    let services: Vec<_> = note.services.iter().map(|code| catalogue().service_name(code)).collect();
    let category = name_of(catalogue().note_categories(), &note.category);
    faces::Entry::new(turn.day_of(note.written), category, &note.author, &note.body)
        .status(note.overall_status.as_deref().and_then(OverallStatus::of))
        .marks(note.version > 1 && note.withdrawn.is_none(), note.withdrawn.is_some(), note.escalated)
        .services(&services)
        .next_action(note.engagement_note().and_then(|note| note.next_action).as_ref())
}
