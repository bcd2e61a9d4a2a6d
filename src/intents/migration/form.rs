//! The faces of the data migration: the question who migrates, and the form that each answer calls for.

use super::{FIRST_ROWS, OpenStatuses, Reshape, Save, Shape, in_progress};
use crate::cards::form::{Choice, Field, Form, Theirs};
use crate::cards::text::count;
use crate::cards::{Button, migration as words};
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::id::{Id, Submission};
use crate::domain::migration::{
    Draft, LINE_FIELDS, Line, LineDraft, LineFields, Migration, NO_MIGRATION, Obstacle, REMOVE, types_of,
};
use crate::domain::service::{catalogue, name_of};
use crate::store::migration::StoredMigration;
use crate::store::service::ServiceDesk;
use crate::turn::{Intent, Turn};

/// A button at this service.
pub fn button(at: &ServiceDesk, title: &str, verb: &'static str) -> Button {
    Button::new(title, verb)
        .with("tenant", at.desk.tenant.to_string())
        .with("service", at.service.code.as_str())
}

/// A button that shows the form of an answer.
fn answer(at: &ServiceDesk, title: &str, by_microsoft: bool, version: i64) -> Button {
    button(at, title, Shape::NAME)
        .with("version", version)
        .with("shape", Reshape::Answer.code())
        .with("by_microsoft", by_microsoft.to_string())
        .with("rows", 0)
        .plain()
}

/// The question who migrates; where nothing is In Progress, why Microsoft cannot yet.
pub fn question(at: &ServiceDesk, obstacle: Option<Obstacle>, stored: Option<&StoredMigration>) -> Form {
    let version = stored.map_or(0, |stored| stored.version);
    let form = Form::new("Data migration").about(&at.desk.customer_name, &at.service.name);
    let declines = answer(at, "Customer declines", false, version);
    if obstacle.is_some() {
        let total = count(u64::try_from(at.total).unwrap_or(0), "entitlement", "entitlements");
        return form
            .intro(format!(
                "None of the {total} is In Progress, so there is nothing that Microsoft could migrate. Move entitlements \
                 to In Progress first, and the lines can follow."
            ))
            .intro("That the customer declines can be recorded already.")
            .button(button(at, "Open service", "service.show").plain())
            .button(declines);
    }
    form.intro(format!("Who migrates the data? {} In Progress.", is_or_are(in_progress(at))))
        .button(answer(at, "Microsoft performs it", true, version))
        .button(declines)
        .button(button(at, "Cancel", "service.show").plain())
}

fn is_or_are(entitlements: u64) -> String {
    let verb = if entitlements == 1 { "is" } else { "are" };
    format!("{} {verb}", count(entitlements, "entitlement", "entitlements"))
}

/// What a form of the migration shows.
pub struct Sheet<'a> {
    at: &'a ServiceDesk,
    submission: Id<Submission>,
    draft: &'a Draft,
    version: i64,
    stored: Option<&'a StoredMigration>,
    findings: Option<&'a Findings>,
    theirs: Option<Theirs>,
    hints: &'a [String],
    odd: Vec<String>,
}

impl<'a> Sheet<'a> {
    /// The form with `draft` in it.
    pub fn new(at: &'a ServiceDesk, submission: Id<Submission>, draft: &'a Draft) -> Self {
        Self {
            at,
            submission,
            draft,
            version: 0,
            stored: None,
            findings: None,
            theirs: None,
            hints: &[],
            odd: Vec::new(),
        }
    }

    /// What is saved, and its version.
    pub fn stored(mut self, stored: Option<&'a StoredMigration>) -> Self {
        self.stored = stored;
        self.version(stored.map_or(0, |stored| stored.version))
    }

    /// The version that the form is about, where it is not the one that is saved (C1).
    pub fn version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }

    /// What is wrong (V4).
    pub fn findings(mut self, findings: &'a Findings) -> Self {
        self.findings = Some(findings);
        self
    }

    /// What somebody else did meanwhile (C2).
    pub fn theirs(mut self, theirs: Option<Theirs>) -> Self {
        self.theirs = theirs;
        self
    }

    /// What is worth knowing.
    pub fn hints(mut self, hints: &'a [String]) -> Self {
        self.hints = hints;
        self
    }

    /// Words of a line that were not understood.
    pub fn odd(mut self, words: impl IntoIterator<Item = String>) -> Self {
        self.odd.extend(words);
        self
    }

    /// The form.
    pub fn form(self) -> Form {
        let by_microsoft = self.draft.by_microsoft != "false";
        let form = Form::new("Data migration")
            .about(&self.at.desk.customer_name, &self.at.service.name)
            .theirs(self.theirs.clone());
        let form = self.odd.iter().fold(form, |form, words| form.line(format!("Not understood: {words}")));
        let form = if by_microsoft { self.performed(form) } else { self.declined(form) };
        let form = self.findings.into_iter().fold(form, Form::findings);
        let form = self.hints.iter().fold(form, |form, hint| form.hint(hint.as_str()));
        form.button(button(self.at, "Cancel", "service.show").plain())
    }

    fn save(&self, rows: usize) -> Button {
        let title = if self.theirs.is_some() { "Save mine on top" } else { "Save" };
        self.with_rows(button(self.at, title, Save::NAME), rows).with("form", self.submission.to_string())
    }

    fn with_rows(&self, button: Button, rows: usize) -> Button {
        let by_microsoft = if self.draft.by_microsoft == "false" { "false" } else { "true" };
        button.with("version", self.version).with("by_microsoft", by_microsoft).with("rows", rows)
    }

    fn declined(&self, form: Form) -> Form {
        let reasons = catalogue().migration_rejection_reasons().iter();
        let reasons = reasons.map(|reason| Choice::new(reason.name.as_str(), reason.code.as_str())).collect();
        let note = Field::text("rejection_note", "Note on the reason")
            .placeholder("Why, in a sentence or two")
            .value(&self.draft.rejection_note)
            .max(Turn::rules().rejection_note_max);
        let mut form = form
            .intro("The customer declines the migration by Microsoft.")
            .row([Field::choice("rejection_reason", "Reason")
                .choices(reasons)
                .value(&self.draft.rejection_reason)
                .required()])
            .row([note.multiline().required()]);
        let lines = self.stored_lines().len();
        if lines > 0 {
            let lines = count(u64::try_from(lines).unwrap_or(0), "line", "lines");
            form = form.hint(format!(
                "Saving this drops the dates and {lines} that are saved now. Undo brings them back."
            ));
        }
        form.button(self.save(0)).button(answer(self.at, "Microsoft performs it instead", true, self.version))
    }

    fn performed(&self, form: Form) -> Form {
        let mut form =
            form.intro("Microsoft migrates the data. Dates are best estimates; keep them current.").row([
                Field::date("starts", "First day").value(&self.draft.starts).required(),
                Field::date("ends", "Last day").value(&self.draft.ends).required(),
            ]);
        let blank = LineDraft::default();
        let most = types_of(self.at.service).count().min(LINE_FIELDS.len());
        let rows = self.draft.lines.len().clamp(FIRST_ROWS.min(most), LINE_FIELDS.len());
        let lines = self.draft.lines.iter().chain(std::iter::repeat(&blank));
        for (place, (fields, line)) in (1..).zip(LINE_FIELDS.iter().take(rows).zip(lines)) {
            form = self.line(form, place, fields, line);
        }
        form = form.hint(words::tally(self.draft.tally(in_progress(self.at))));
        if matches!(self.stored, Some(StoredMigration { migration: Migration::Declined { .. }, .. })) {
            form = form
                .hint("Saving this drops the reason and the note that are saved now. Undo brings them back.");
        }
        self.performed_buttons(form, rows, most)
    }

    fn performed_buttons(&self, form: Form, rows: usize, most: usize) -> Form {
        let shape = |title: &str, shape: Reshape| {
            self.with_rows(button(self.at, title, Shape::NAME), rows).with("shape", shape.code())
        };
        let mut form = form.button(self.save(rows));
        if rows < most {
            form = form.button(shape("Add a line", Reshape::AddLine));
        }
        if types_of(self.at.service).any(|kind| kind.code == NO_MIGRATION) {
            form = form.button(shape("Put the rest on No Migration", Reshape::PutRest));
        }
        if !self.stored_lines().is_empty() && self.at.desk.allows(Act::SetMigrationStatus) {
            form = form.button(button(self.at, "Set the status", OpenStatuses::NAME).plain());
        }
        form.button(answer(self.at, "Customer declines instead", false, self.version))
    }

    fn stored_lines(&self) -> &[Line] {
        self.stored.map_or(&[], |stored| stored.migration.lines())
    }

    fn line(&self, form: Form, place: u64, fields: &LineFields, line: &LineDraft) -> Form {
        let size = Field::number(fields.size_gb, "Size in GB").value(&line.size_gb);
        let notes =
            Field::text(fields.notes, "Notes").value(&line.notes).max(Turn::rules().migration_line_notes_max);
        let mut form = form.section(format!("Line {place}")).row([
            Field::choice(fields.kind, "Type").choices(self.types(line)).value(&line.kind),
            Field::number(fields.entitlements, "Entitlements").value(&line.entitlements),
        ]);
        if let Some(stored) = self.stored_lines().iter().find(|stored| stored.kind == line.kind) {
            let name = name_of(catalogue().migration_statuses(), &stored.status);
            form = form.line(format!("Status, set by the migration team: {name}"));
        }
        form.folded(
            format!("Date, size and notes of line {place}"),
            [vec![Field::date(fields.estimated, "Estimated date").value(&line.estimated), size], vec![notes]],
        )
    }

    /// The types of the service; one that is saved and no longer offered; and the way to be rid of the line.
    fn types(&self, line: &LineDraft) -> Vec<Choice> {
        let mut types: Vec<_> = types_of(self.at.service)
            .map(|kind| Choice::new(kind.name.as_str(), kind.code.as_str()))
            .collect();
        let saved = self.stored_lines().iter().any(|stored| stored.kind == line.kind);
        if saved && types.iter().all(|kind| kind.value != line.kind) {
            types.push(Choice::new(line.kind.as_str(), line.kind.as_str()));
        }
        types.push(Choice::new("(remove this line)", REMOVE));
        types
    }
}
