//! The form of the parts: note first, then a suggestion, then levels, number, date and owner (N7).

use super::save::Save;
use super::suggest::suggest;
use super::{Delete, button, title};
use crate::cards::button::Style;
use crate::cards::finding::lacking;
use crate::cards::form::{Choice, Field, Form, Theirs};
use crate::cards::text::number;
use crate::cards::{Button, Card, Difference, render};
use crate::domain::access::Act;
use crate::domain::finding::{Findings, Rule};
use crate::domain::grid::{
    Context, Grid, GridRule, MOST_PARTS, PART_FIELDS, PartDraft, PartFields, Plan, Pot, Row, arrived,
};
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::service::Service;
use crate::domain::suggestion::{Band, Suggestion, percent};
use crate::domain::taxonomy::{Need, Path, taxonomy};
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

use super::super::service::of_fields;

/// How many suggestions are offered.
const TOP: usize = 3;
/// From this many choices on one finds them by typing.
const LONG: usize = 8;

/// What is done with the parts of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// They are taken from a row.
    Add,
    /// One of them takes the place of a row; another row gives or gets the difference.
    Edit,
    /// They take the place of a row.
    Split,
    /// They take the place of all rows.
    Set,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Add, Self::Edit, Self::Split, Self::Set];

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Edit => "edit",
            Self::Split => "split",
            Self::Set => "set",
        }
    }

    fn of_fields(fields: &Fields) -> Result<Self, Malformed> {
        let code = fields.text("kind")?;
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or(Malformed("kind"))
    }

    fn title(self) -> &'static str {
        match self {
            Self::Add => "Add a part",
            Self::Edit => "Edit a status row",
            Self::Split => "Split a status row",
            Self::Set => "Split the entitlements",
        }
    }
}

/// Everything that stands in the form.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub tenant: Id<Tenant>,
    pub service: &'static Service,
    pub version: i64,
    pub submission: Id<Submission>,
    pub kind: Kind,
    /// The row that is edited or split.
    pub row: Path,
    /// The row that parts are taken from, or that gives and gets the difference.
    pub from: Path,
    pub parts: Vec<PartDraft>,
}

impl Sheet {
    pub(super) fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let count = usize::try_from(fields.whole("parts", 1)?).map_err(|_| Malformed("parts"))?;
        let parts = PART_FIELDS.iter().take(count.min(MOST_PARTS)).map(|part| draft(fields, part));
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            version: fields.whole("version", 1)?,
            submission: fields.id("form")?,
            kind: Kind::of_fields(fields)?,
            row: Path::of_code(&fields.text("row")?),
            from: Path::of_code(&fields.text("from")?),
            parts: parts.collect::<Result<_, _>>()?,
        })
    }

    /// What the form would hand in, so that a question can be answered by it.
    pub(super) fn fields(&self) -> serde_json::Value {
        let mut fields = serde_json::Map::new();
        let mut put = |name: &str, value: serde_json::Value| fields.insert(name.to_owned(), value);
        put("tenant", self.tenant.to_string().into());
        put("service", self.service.code.as_str().into());
        put("version", self.version.into());
        put("form", self.submission.to_string().into());
        put("kind", self.kind.code().into());
        put("row", self.row.code().into());
        put("from", self.from.code().into());
        put("parts", self.parts.len().into());
        for (names, part) in PART_FIELDS.iter().zip(&self.parts) {
            for (name, value) in named(names, part) {
                put(name, value.into());
            }
        }
        fields.into()
    }

    /// How the parts change the grid.
    pub(super) fn plan(&self, grid: &Grid, parts: &[Row]) -> Plan {
        let (pot, rest) = match self.kind {
            Kind::Add => (Pot::Row(self.from.clone()), Some(self.from.clone())),
            Kind::Edit => (Pot::Row(self.row.clone()), Some(self.from.clone())),
            Kind::Split => (Pot::Row(self.row.clone()), None),
            Kind::Set => (grid.pot_for(parts), None),
        };
        Plan { pot, rest }
    }

    /// The row that the parts come of; none where they only take from one.
    pub(super) fn before<'g>(&self, grid: &'g Grid) -> Option<&'g Row> {
        match self.kind {
            Kind::Edit | Kind::Split => grid.row(&self.row),
            Kind::Add | Kind::Set => None,
        }
    }

    pub(super) fn context<'g>(&self, turn: &Turn, grid: &'g Grid) -> Context<'g> {
        let there = match self.kind {
            Kind::Add => grid.row(&self.from).map(|row| row.entitlements),
            Kind::Edit | Kind::Split => grid.row(&self.row).map(|row| row.entitlements),
            Kind::Set => Some(grid.total),
        };
        Context { service: &self.service.code, today: turn.today(), before: self.before(grid), there }
    }

    /// Fills in what goes without saying: levels below the chosen ones, the owner of a blocker unless one is named,
    /// and what the row that a part joins has already.
    pub(super) fn complete(&mut self, grid: &Grid) {
        for part in &mut self.parts {
            part.prune(&self.service.code);
            let Some(path) = part.path() else { continue };
            let asks = taxonomy().fields(&path.l1);
            if let Some(row) = grid.row(&path) {
                if part.target_date.is_empty() {
                    part.target_date = row.target_date.map(|date| date.to_string()).unwrap_or_default();
                }
                if part.owner.is_empty() {
                    part.owner.clone_from(&row.owner);
                }
            }
            if asks.owner == Need::Required && part.owner.is_empty() {
                part.owner = Turn::rules().blocker_owners.first().cloned().unwrap_or_default();
            }
        }
    }

    /// Asks what the notes suggest and takes it: of every part, or only of those that have no levels yet. The part of
    /// a split that stays what the row was is not asked about. What is shown is kept (N7).
    pub(super) async fn suggest(
        &mut self,
        turn: &mut Turn,
        at: &ServiceDesk,
        grid: &Grid,
        all: bool,
    ) -> Result<(), Fault> {
        let stays = self.before(grid).filter(|_| self.kind == Kind::Split);
        for part in &mut self.parts {
            let note = part.note.trim().to_owned();
            let path = part.path();
            let same = stays.is_some_and(|row| row.note == note && path.as_ref() == Some(&row.path));
            if note.is_empty() || same || (path.is_some() && !all) {
                continue;
            }
            let suggestion = suggest(at.service, &note);
            let kept = turn.scope.keep_suggestion(at, &turn.actor, &note, &suggestion).await?;
            part.suggestion = kept.to_string();
            match suggestion.first() {
                Some(first) => part.take(first),
                None => part.pick.clear(),
            }
        }
        Ok(())
    }
}

fn draft(fields: &Fields, names: &PartFields) -> Result<PartDraft, Malformed> {
    Ok(PartDraft {
        note: fields.text(names.note)?,
        pick: fields.text(names.pick)?,
        l1: fields.text(names.l1)?,
        l2: fields.text(names.l2)?,
        l3: fields.text(names.l3)?,
        entitlements: fields.text(names.entitlements)?,
        target_date: fields.text(names.target_date)?,
        owner: fields.text(names.owner)?,
        suggestion: fields.text(names.suggestion)?,
    })
}

fn named<'p>(names: &'static PartFields, part: &'p PartDraft) -> [(&'static str, &'p str); 9] {
    [
        (names.note, &part.note),
        (names.pick, &part.pick),
        (names.l1, &part.l1),
        (names.l2, &part.l2),
        (names.l3, &part.l3),
        (names.entitlements, &part.entitlements),
        (names.target_date, &part.target_date),
        (names.owner, &part.owner),
        (names.suggestion, &part.suggestion),
    ]
}

/// What stands around the sheet when it is shown.
#[derive(Debug, Default)]
pub(super) struct Around {
    pub findings: Findings,
    pub theirs: Option<Theirs>,
    /// The migration lines as they would add up again (M9).
    pub lines: Vec<Difference>,
    /// The rows are others than those that the form showed.
    pub stale: bool,
}

/// The card.
pub(super) fn card(at: &ServiceDesk, grid: &Grid, sheet: &Sheet, around: Around) -> Result<Card, Fault> {
    let unclear =
        around.findings.iter().any(|found| matches!(found.rule, Rule::Grid(GridRule::NoteUnclear { .. })));
    let press = if around.theirs.is_some() { "Save mine on top" } else { "Save" };
    let mut form = Form::new(sheet.kind.title())
        .about(&at.desk.customer_name, &at.service.name)
        .intro(totals(grid))
        .theirs(around.theirs);
    if around.stale {
        form =
            form.intro("The rows have changed since this form was opened. Please look at the numbers again.");
    }
    if let Some(row) = sheet.before(grid) {
        form = form.line(title(row));
    }
    if let Some(field) = source(grid, sheet) {
        form = form.row([field]);
    }
    for (index, part) in sheet.parts.iter().enumerate() {
        form = part_rows(form, sheet, index, part);
    }
    if !around.lines.is_empty() {
        form = form.section("Migration lines, corrected");
        for line in &around.lines {
            form = form.line(format!(
                "{}: {} → {}",
                line.label,
                or_none(&line.old.shown()),
                or_none(&line.new.shown())
            ));
        }
    }
    form = form.findings(&around.findings);
    if sheet.parts.len() > 1 {
        form = form.hint("One number may stay empty: it is what the others leave.");
    }
    let buttons = buttons(at, sheet, press, unclear, !around.lines.is_empty());
    Ok(render(&buttons.into_iter().fold(form, Form::button))?)
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

/// "Total 305. In the rows 305, 0 left."
fn totals(grid: &Grid) -> String {
    let whole = |n: i64| number(n.unsigned_abs());
    let left = match grid.remainder() {
        over @ ..0 => format!("{} too many", whole(over)),
        left => format!("{} left", whole(left)),
    };
    format!("Total {}. In the rows {}, {left}.", whole(i64::from(grid.total)), whole(grid.sum()))
}

/// From which row parts are taken, or which one gives and gets the difference.
fn source(grid: &Grid, sheet: &Sheet) -> Option<Field> {
    let label = match sheet.kind {
        Kind::Add => "Taken from",
        Kind::Edit => "More comes from, less goes to",
        Kind::Split | Kind::Set => return None,
    };
    let others = grid.rows.iter().filter(|row| sheet.kind == Kind::Add || row.path != sheet.row);
    let mut choices: Vec<Choice> = others.map(|row| Choice::new(title(row), row.path.code())).collect();
    if sheet.kind == Kind::Edit && grid.row(&arrived()).is_none() {
        choices.push(Choice::new(arrived().words(), arrived().code()));
    }
    Some(Field::choice("from", label).choices(choices).value(sheet.from.code()).required())
}

/// The rows of one part.
fn part_rows(form: Form, sheet: &Sheet, index: usize, part: &PartDraft) -> Form {
    let Some(names) = PART_FIELDS.get(index) else { return form };
    let several = sheet.parts.len() > 1;
    let mut form = if several { form.section(format!("Part {}", index + 1)) } else { form };
    let note = Field::text(names.note, "Note")
        .multiline()
        .max(Turn::rules().entitlement_note_max)
        .placeholder("Will they use it, and why, or what stands in the way?")
        .value(part.note.as_str())
        .required();
    form = form.row([note]);
    let suggestion = (!part.suggestion.is_empty()).then(|| suggest(sheet.service, part.note.trim()));
    if let Some(suggestion) = &suggestion {
        form = suggested(form, names, part, suggestion);
    }
    form = own_levels(form, sheet.service, names, part, index, suggestion.as_ref());
    let asks = part.path().map(|path| taxonomy().fields(&path.l1)).unwrap_or_default();
    let entitlements = Field::number(names.entitlements, "Entitlements").value(part.entitlements.as_str());
    let mut row = vec![entitlements];
    if asks.target_date != Need::NotApplicable {
        let label = if asks.target_date == Need::Required { "Target date" } else { "Expected unblock date" };
        row.push(Field::date(names.target_date, label).value(part.target_date.as_str()));
    }
    if asks.owner == Need::NotApplicable {
        return form.row(row);
    }
    form.row(row).row([owner(names, part)])
}

fn owner(names: &'static PartFields, part: &PartDraft) -> Field {
    let mut owners: Vec<&str> = Turn::rules().blocker_owners.iter().map(String::as_str).collect();
    if !part.owner.is_empty() && !owners.contains(&part.owner.as_str()) {
        owners.push(&part.owner);
    }
    let choices = owners.into_iter().map(|owner| Choice::new(owner, owner)).collect();
    Field::choice(names.owner, "Owner").choices(choices).value(part.owner.as_str())
}

/// The suggestion with its words, and the three likeliest to choose from (N9).
fn suggested(form: Form, names: &'static PartFields, part: &PartDraft, suggestion: &Suggestion) -> Form {
    let sure = percent(suggestion.confidence);
    let words = if suggestion.words.is_empty() {
        String::new()
    } else {
        format!(" Words that spoke for it: {}.", suggestion.words.join(", "))
    };
    let said = match suggestion.band {
        Band::Green => format!("✓ Suggested, {sure} % sure.{words}"),
        Band::Orange => format!("Suggested, {sure} % sure.{words}"),
        Band::Red => "⚠ The note is not clear enough for a suggestion.".to_owned(),
    };
    let advice = suggestion.lacks.filter(|_| suggestion.band != Band::Green).map(lacking);
    let mut form = form.line([said].into_iter().chain(advice).collect::<Vec<_>>().join(" "));
    if suggestion.band != Band::Red && !suggestion.ranked.is_empty() {
        let choices = suggestion.ranked.iter().take(TOP).map(|ranked| {
            Choice::new(format!("{} · {} %", ranked.path.words(), percent(ranked.p)), ranked.path.code())
        });
        let field = Field::choice(names.pick, "Suggested status").choices(choices.collect()).expanded();
        form = form.row([field.value(part.pick.as_str())]);
    }
    form
}

/// L1, then L2, then L3, each as far as the one above is chosen: they count before the suggestion (N7, N10).
fn own_levels(
    form: Form,
    service: &'static Service,
    names: &'static PartFields,
    part: &PartDraft,
    index: usize,
    suggestion: Option<&Suggestion>,
) -> Form {
    let tree = taxonomy();
    let field = |id, label: &str, value: &str, choices: Vec<Choice>| {
        let long = choices.len() >= LONG;
        let field = Field::choice(id, label).choices(choices).value(value);
        if long { field.filtered() } else { field }
    };
    let choice = |name: &str, code: &str| Choice::new(name, code);
    let l1: Vec<_> = tree.offered_l1().map(|l1| choice(&l1.name, &l1.code)).collect();
    let l2: Vec<_> = tree.offered_l2(&part.l1, &service.code).map(|l2| choice(&l2.name, &l2.code)).collect();
    let l3: Vec<_> =
        tree.offered_l3(&part.l1, &part.l2, &service.code).map(|l3| choice(&l3.name, &l3.code)).collect();
    let mut rows = vec![vec![field(names.l1, "Status (L1)", &part.l1, l1)]];
    if !l2.is_empty() {
        rows.push(vec![field(names.l2, "Reason (L2)", &part.l2, l2)]);
    }
    if !l3.is_empty() {
        rows.push(vec![field(names.l3, "Engineering reason (L3)", &part.l3, l3)]);
    }
    let offered = suggestion.is_some_and(|suggestion| suggestion.first().is_some());
    if suggestion.is_some() && !offered {
        return rows.into_iter().fold(form, Form::row);
    }
    let number = if index == 0 { String::new() } else { format!(" ({})", index + 1) };
    form.folded(format!("Choose the levels yourself{number}"), rows)
}

fn buttons(at: &ServiceDesk, sheet: &Sheet, press: &str, unclear: bool, lines: bool) -> Vec<Button> {
    let of_sheet = |title: &str, verb: &'static str| {
        let mut button = button(at, title, verb)
            .with("version", sheet.version)
            .with("form", sheet.submission.to_string())
            .with("kind", sheet.kind.code())
            .with("parts", sheet.parts.len())
            .with("row", sheet.row.code());
        for (names, part) in PART_FIELDS.iter().zip(&sheet.parts) {
            if !part.suggestion.is_empty() {
                button = button.with(names.suggestion, part.suggestion.as_str());
            }
        }
        button
    };
    let save = of_sheet(press, Save::NAME);
    let asked = sheet.parts.iter().any(|part| part.path().is_some() || !part.suggestion.is_empty());
    let suggest = of_sheet(if asked { "Suggest again" } else { "Suggest" }, Suggest::NAME);
    let mut buttons = if lines {
        vec![of_sheet("Save with these lines", Save::NAME).with("lines", "true"), save, suggest]
    } else if asked {
        vec![save, suggest]
    } else {
        vec![suggest, save]
    };
    if unclear {
        buttons.push(of_sheet("Save as it is", Save::NAME).with("as_is", "true"));
    }
    if sheet.kind != Kind::Edit && sheet.parts.len() < MOST_PARTS {
        buttons.push(of_sheet("One more part", Reshape::NAME));
    }
    if sheet.kind == Kind::Edit {
        buttons.push(
            button(at, "Delete the row", Delete::NAME)
                .with("row", sheet.row.code())
                .style(Style::Destructive),
        );
    }
    let cancel = button(at, "Cancel", super::Show::NAME).with("page", 1).plain();
    let last = buttons.len() - usize::from(sheet.kind == Kind::Edit);
    buttons.insert(last, cancel);
    buttons
}

/// Opens the form.
#[derive(Debug)]
pub struct Open {
    tenant: Id<Tenant>,
    service: &'static Service,
    kind: Kind,
    row: Path,
}

impl Intent for Open {
    const NAME: &'static str = "status.open";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            service: of_fields(fields)?,
            kind: Kind::of_fields(fields)?,
            row: Path::of_code(&fields.text("row")?),
        })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let at = turn.service_desk(self.tenant, self.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        let row = grid.row(&self.row);
        let (kind, parts) = match (self.kind, row) {
            (Kind::Edit, Some(row)) => (Kind::Edit, vec![PartDraft::of_row(row)]),
            (Kind::Split, Some(row)) if row.path.l1 != arrived().l1 => {
                let own = PartDraft { entitlements: String::new(), ..PartDraft::of_row(row) };
                (Kind::Split, vec![own, PartDraft::default()])
            }
            (Kind::Split, Some(_)) => (Kind::Split, vec![PartDraft::default(); 2]),
            // The row that was meant is gone: the part is taken from what is there now.
            _ => (Kind::Add, vec![PartDraft::default()]),
        };
        let from = match kind {
            Kind::Edit => arrived(),
            _ => grid.source().map(|row| row.path.clone()).unwrap_or_default(),
        };
        let sheet = Sheet {
            tenant: self.tenant,
            service: self.service,
            version: at.version,
            submission: Id::new(turn.now()),
            kind,
            row: self.row,
            from,
            parts,
        };
        Ok(card(&at, &grid, &sheet, Around::default())?.into())
    }
}

/// Asks what the notes suggest.
#[derive(Debug)]
pub struct Suggest {
    sheet: Sheet,
}

impl Intent for Suggest {
    const NAME: &'static str = "status.suggest";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { sheet: Sheet::from_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let mut sheet = self.sheet;
        let at = turn.service_desk(sheet.tenant, sheet.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        sheet.suggest(turn, &at, &grid, true).await?;
        sheet.complete(&grid);
        let mut findings = Findings::default();
        for (names, part) in PART_FIELDS.iter().zip(&sheet.parts) {
            if part.note.trim().is_empty() {
                findings.add(names.note, Rule::Required);
            }
        }
        Ok(card(&at, &grid, &sheet, Around { findings, ..Around::default() })?.into())
    }
}

/// Shows the form with one more part.
#[derive(Debug)]
pub struct Reshape {
    sheet: Sheet,
}

impl Intent for Reshape {
    const NAME: &'static str = "status.form";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { sheet: Sheet::from_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let mut sheet = self.sheet;
        let at = turn.service_desk(sheet.tenant, sheet.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        if sheet.parts.len() < MOST_PARTS {
            sheet.parts.push(PartDraft::default());
        }
        sheet.complete(&grid);
        Ok(card(&at, &grid, &sheet, Around::default())?.into())
    }
}
