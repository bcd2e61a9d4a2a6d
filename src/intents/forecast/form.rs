//! The form of forecast dates.

use super::{Save, hints_of, milestones};
use crate::cards::form::{Field, Form, Theirs};
use crate::cards::text::day;
use crate::cards::{Button, Card, hint, render};
use crate::domain::finding::Findings;
use crate::domain::forecast::{Draft, SUBMITTED, Usage};
use crate::domain::id::{Id, Submission};
use crate::domain::rules::Milestone;
use crate::store::forecast::StoredForecast;
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Intent, Malformed, Turn};

/// What stands in the form.
pub(super) struct Shown<'a> {
    submission: Id<Submission>,
    version: i64,
    draft: &'a Draft,
    findings: Findings,
    theirs: Option<Theirs>,
}

impl<'a> Shown<'a> {
    /// A draft on top of this version of the forecast; 0: there is none yet.
    pub fn new(submission: Id<Submission>, version: i64, draft: &'a Draft) -> Self {
        Self { submission, version, draft, findings: Findings::default(), theirs: None }
    }

    /// What is wrong with it (V4).
    pub fn findings(mut self, findings: Findings) -> Self {
        self.findings = findings;
        self
    }

    /// What somebody else saved meanwhile (C2).
    pub fn theirs(mut self, theirs: Option<Theirs>) -> Self {
        self.theirs = theirs;
        self
    }
}

/// Reads what the form handed in.
pub(super) fn draft(fields: &Fields) -> Result<Draft, Malformed> {
    let mut draft = Draft { submitted: fields.text("submitted")?, targets: Vec::new() };
    for milestone in milestones() {
        let date = fields.made(&milestone.field()).ok_or(Malformed("target"))?;
        let never = fields.made(&milestone.opt_out_field()).ok_or(Malformed("opt-out"))?;
        draft.put(milestone, &date, never == "true");
    }
    Ok(draft)
}

/// The card: today, RFA and usage above the dates, hints below them (F9).
pub(super) fn card(
    turn: &Turn,
    at: &ServiceDesk,
    stored: Option<&StoredForecast>,
    shown: Shown<'_>,
) -> Result<Card, Fault> {
    let press = if shown.theirs.is_some() { "Save mine on top" } else { "Save" };
    let save = button(at, press, Save::NAME)
        .with("version", shown.version)
        .with("form", shown.submission.to_string());
    let changes = button(at, "Changes", "change.history")
        .with("field", "forecast")
        .with("range", "all")
        .with("page", 1);
    let submitted = Field::date("submitted", SUBMITTED).value(shown.draft.submitted.as_str()).required();
    let usage = hint::usage(Usage::of(at.active_users, at.total));
    let mut form = Form::new("Forecast dates")
        .about(&at.desk.customer_name, &at.service.name)
        .intro(format!("Today is {}. {usage}", day(turn.today().0)))
        .intro("New dates lie in the future and in order. A milestone that the customer will not reach is left out.")
        .theirs(shown.theirs)
        .row([submitted]);
    for milestone in milestones() {
        form = form.row(fields(milestone, shown.draft));
    }
    form = form.findings(&shown.findings);
    for hint in hints_of(turn, at, stored.map(|stored| &stored.forecast)) {
        form = form.hint(hint);
    }
    let form = form.button(save).button(changes.plain()).button(button(at, "Cancel", "service.show").plain());
    Ok(render(&form)?)
}

/// The date of a milestone, and beside it the tick that leaves it out (F5).
fn fields(milestone: &Milestone, draft: &Draft) -> Vec<Field> {
    let typed = draft.target(milestone);
    let date = Field::date(milestone.field(), milestone.name.as_str()).value(typed.date);
    if milestone.percent.is_none() {
        return vec![date];
    }
    let label = format!("{}: opt-out", milestone.name);
    let never = Field::tick(milestone.opt_out_field(), label).placeholder("Will not be reached");
    vec![date, never.value(if typed.will_not_reach { "true" } else { "" })]
}

fn button(at: &ServiceDesk, title: &str, verb: &'static str) -> Button {
    Button::new(title, verb)
        .with("tenant", at.desk.tenant.to_string())
        .with("service", at.service.code.as_str())
}
