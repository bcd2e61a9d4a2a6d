//! "Save as Tenantry note": the message of some chat becomes a status note. The form asks for the tenant, too; what it
//! saves goes the way of the note form, with the same rules.

use chrono::{DateTime, NaiveDate, Utc};

use super::note::{conflict, save};
use super::search::{self, MY_TENANTS};
use crate::cards::form::{Choice, Field, Form};
use crate::cards::{Button, Card, notices, render, text};
use crate::domain::access::Act;
use crate::domain::finding::{Findings, Rule};
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::note::Draft;
use crate::domain::quote::{Quote, message_link, source_line};
use crate::domain::rules::Rules;
use crate::domain::search::{Found, choose, named_in};
use crate::domain::tenant::OverallStatus;
use crate::store::desk::Desk;
use crate::store::tenant::Match;
use crate::turn::intent::draft;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// The choice that leaves the overall status alone.
const AS_IS: &str = "as_is";
/// Most tenants that the form itself brings along; the others are found by typing. Fewer beside a long text (O4).
const OFFERED: usize = 25;
const OFFERED_BESIDE_MUCH: usize = 5;
/// Bytes of a text that is long.
const MUCH: usize = 8_000;

/// A message, as somebody points at it. Claims of the client (P6).
#[derive(Debug, Clone)]
pub struct Message {
    /// What it says; may be empty.
    pub text: String,
    /// Where it stands.
    pub link: String,
    /// When it was written.
    pub written: Option<DateTime<Utc>>,
}

/// Where a note comes from.
#[derive(Debug, Clone, Default)]
struct Source {
    /// The message's link; empty: none that can be kept.
    link: String,
    written: Option<NaiveDate>,
}

impl Source {
    /// The line at the end of the note; empty without a link.
    fn line(&self) -> String {
        if self.link.is_empty() {
            return String::new();
        }
        source_line(self.written.map(text::day).as_deref(), &self.link)
    }

    /// The rules for the text above that line.
    fn rules(&self) -> Rules {
        let rules = Turn::rules();
        Rules { note_body_max: rules.note_body_max - self.line().chars().count(), ..rules.clone() }
    }
}

/// The form on a message.
#[derive(Debug)]
pub struct Open {
    message: Message,
}

impl Open {
    /// For this message.
    pub fn on(message: Message) -> Self {
        Self { message }
    }
}

impl Intent for Open {
    const NAME: &'static str = "note.message";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        // No card opens it: only a message does.
        Err(Malformed("message"))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let mine = turn.scope.tenants_to_write(&turn.actor).await?;
        if mine.is_empty() {
            return Err(render(&notices::nowhere_to_write())?.into());
        }
        let source = Source {
            link: message_link(&self.message.link).unwrap_or_default().to_owned(),
            written: self.message.written.map(|at| turn.day_of(at)),
        };
        let quote = Quote::of(&self.message.text, source.rules().note_body_max);
        let mut sheet = Sheet {
            tenant: String::new(),
            seen: None,
            submission: Id::new(turn.now()),
            draft: Draft {
                status: AS_IS.to_owned(),
                status_date: turn.today().0.to_string(),
                body: quote.words,
                ..Draft::default()
            },
            source,
        };
        let mut status = None;
        if let Some(guess) = named_in(&self.message.text, &mine) {
            let desk = turn.desk(guess.id, Act::WriteNote).await?;
            sheet.tenant.clone_from(&desk.name);
            sheet.seen = Some((desk.tenant, desk.version));
            status = OverallStatus::of(&desk.overall_status);
        }
        let form = sheet.form(&mine, status, &Findings::default());
        let form = match (sheet.draft.body.is_empty(), quote.was_cut) {
            (true, _) => form.intro(
                "This message has no text that could be taken over: it may be a card, a picture or a file.",
            ),
            (false, true) => form.intro("The message is longer than a note may be. It was cut at the end."),
            (false, false) => form,
        };
        Ok(render(&form)?.into())
    }
}

/// The form, sent.
#[derive(Debug)]
pub struct Save {
    sheet: Sheet,
}

impl Intent for Save {
    const NAME: &'static str = "note.message.save";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let seen = match fields.optional_id("seen")? {
            Some(tenant) => Some((tenant, fields.whole("version", 1)?)),
            None => None,
        };
        let source = Source {
            link: message_link(&fields.text("link")?).unwrap_or_default().to_owned(),
            written: fields.text("written")?.parse().ok(),
        };
        let (tenant, submission) = (fields.text("tenant")?, fields.id("form")?);
        Ok(Self { sheet: Sheet { tenant, seen, submission, draft: draft(fields)?, source } })
    }

    fn submission(&self) -> Option<String> {
        Some(self.sheet.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let mut sheet = self.sheet;
        let mine = turn.scope.tenants_to_write(&turn.actor).await?;
        let Some(tenant) = chosen(&sheet.tenant, &mine) else {
            let rule = if sheet.tenant.trim().is_empty() { Rule::Required } else { Rule::NotYourTenant };
            return Err(sheet.with_finding(&mine, rule)?.into());
        };
        let desk = turn.desk(tenant, Act::WriteNote).await?;
        let mut draft = sheet.draft.clone();
        if draft.status == AS_IS {
            draft.status.clone_from(&desk.overall_status);
        }
        let line = sheet.source.line();
        let mut note = match draft.check(turn.today(), &sheet.source.rules()) {
            Ok(note) => note,
            Err(findings) => {
                sheet.seen = Some((desk.tenant, sheet.version(&desk)));
                let status = OverallStatus::of(&desk.overall_status);
                return Err(render(&sheet.form(&mine, status, &findings))?.into());
            }
        };
        note.body.push_str(&line);
        if let Some(saved) = save(turn, &desk, sheet.version(&desk), &note).await? {
            return Ok(saved.into());
        }
        draft.body.push_str(&line);
        Err(conflict(turn, &desk, &draft).await?.into())
    }
}

/// The one of my tenants that the form names.
fn chosen(named: &str, mine: &[Match]) -> Option<Id<Tenant>> {
    match choose(named, mine.to_vec()) {
        Found::One(found) => Some(found.id),
        Found::Several(_) | Found::Nearest(_) => None,
    }
}

/// What stands in the form.
#[derive(Debug, Clone)]
struct Sheet {
    /// The tenant, by its name.
    tenant: String,
    /// The tenant whose status the form showed, and its version then (C1).
    seen: Option<(Id<Tenant>, i64)>,
    submission: Id<Submission>,
    draft: Draft,
    source: Source,
}

impl Sheet {
    /// The version that was shown, if it is this tenant that was shown; else the one that stands.
    fn version(&self, desk: &Desk) -> i64 {
        self.seen.filter(|(tenant, _)| *tenant == desk.tenant).map_or(desk.version, |(_, version)| version)
    }

    /// The form as it was sent, with what is wrong with its tenant.
    fn with_finding(&self, mine: &[Match], rule: Rule) -> Result<Card, Fault> {
        let mut findings = Findings::default();
        findings.add("tenant", rule);
        Ok(render(&self.form(mine, None, &findings))?)
    }

    /// `status` is that of the tenant that stands in it.
    fn form(&self, mine: &[Match], status: Option<OverallStatus>, findings: &Findings) -> Form {
        let draft = &self.draft;
        let as_is = status.map_or("As it is".to_owned(), |status| format!("As it is: {}", status.name()));
        let statuses = [OverallStatus::Active, OverallStatus::Blocked, OverallStatus::Paused];
        let statuses = statuses.map(|status| Choice::new(status.name(), status.code()));
        let statuses = [Choice::new(as_is, AS_IS)].into_iter().chain(statuses).collect();
        let form = Form::new("Save as Tenantry note")
            .row([Field::search("tenant", "Tenant", MY_TENANTS)
                .value(&*self.tenant)
                .choices(self.offered(mine))
                .placeholder("Type a customer, alias or domain")
                .required()])
            .row([Field::text("body", "Note")
                .value(&*draft.body)
                .max(self.source.rules().note_body_max)
                .multiline()
                .required()])
            .row([
                Field::choice("status", "Overall status").value(&*draft.status).choices(statuses).required(),
                Field::date("status_date", "Status date").value(&*draft.status_date).required(),
            ])
            .folded(
                "Next action",
                [
                    vec![
                        Field::text("next_action", "Next action")
                            .value(&*draft.next_action)
                            .max(Turn::rules().next_action_max),
                    ],
                    vec![
                        Field::date("next_action_date", "By when").value(&*draft.next_action_date),
                        Field::text("next_action_owner", "By whom").value(&*draft.next_action_owner),
                    ],
                ],
            )
            .findings(findings);
        let form = if self.source.link.is_empty() {
            form
        } else {
            form.hint(format!("A link back is added below the text: [the message]({})", self.source.link))
        };
        form.button(self.button())
    }

    /// My tenants, the one that stands in the form first.
    fn offered(&self, mine: &[Match]) -> Vec<Choice> {
        let most = if self.draft.body.len() > MUCH { OFFERED_BESIDE_MUCH } else { OFFERED };
        let (stands, others): (Vec<&Match>, Vec<&Match>) =
            mine.iter().partition(|one| one.name == self.tenant);
        let choice = |one: &Match| {
            let found = search::tenant(&text::clip(&one.customer_name, 60), one.name.clone());
            Choice::new(found.title, found.value)
        };
        stands.into_iter().chain(others).take(most).map(choice).collect()
    }

    fn button(&self) -> Button {
        let written = self.source.written.map(|day| day.to_string()).unwrap_or_default();
        let button = Button::new("Save note", Save::NAME)
            .with("form", self.submission.to_string())
            .with("link", self.source.link.as_str())
            .with("written", written);
        match self.seen {
            Some((tenant, version)) => button.with("seen", tenant.to_string()).with("version", version),
            None => button,
        }
    }
}
