//! The form of the parts: note first, then a suggestion, then levels, number, date and owner (N7).

use super::open::{Report, Reshape, Suggest};
use super::save::Save;
use super::sheet::{Kind, Sheet};
use super::suggest::Adviser;
use super::{Delete, button, title};
use crate::cards::button::Style;
use crate::cards::finding::advice;
use crate::cards::form::{Choice, Field, Form, Theirs};
use crate::cards::text::number;
use crate::cards::{Button, Card, Difference, render};
use crate::domain::finding::{Findings, Rule};
use crate::domain::grid::{Grid, GridRule, MOST_PARTS, PART_FIELDS, PartDraft, PartFields, arrived};
use crate::domain::suggestion::{Band, Suggestion, percent};
use crate::domain::taxonomy::{Need, Path, taxonomy};
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Intent, Turn};

/// How many suggestions are offered.
const TOP: usize = 3;
/// From this many choices on one finds them by typing.
const LONG: usize = 8;

/// What stands around the sheet when it is shown.
#[derive(Debug, Default)]
pub(super) struct Around {
    pub findings: Findings,
    pub theirs: Option<Theirs>,
    /// The migration lines as they would add up again (M9).
    pub lines: Vec<Difference>,
    /// The rows are others than those that the form showed.
    pub stale: bool,
    /// The suggestions were reported just now.
    pub reported: bool,
}

/// The card.
pub(super) fn card(
    adviser: &Adviser,
    at: &ServiceDesk,
    grid: &Grid,
    sheet: &Sheet,
    around: Around,
) -> Result<Card, Fault> {
    let unclear =
        around.findings.iter().any(|found| matches!(found.rule, Rule::Grid(GridRule::NoteUnclear { .. })));
    let press = match around.theirs {
        Some(_) => "Save mine on top",
        None if is_asked(sheet) => "Save",
        None => "Suggest and save",
    };
    let mut form = Form::new(sheet.kind.title())
        .about(&at.desk.customer_name, &at.service.name)
        .intro(totals(grid))
        .theirs(around.theirs);
    if around.stale {
        form =
            form.intro("The rows have changed since this form was opened. Please look at the numbers again.");
    }
    if around.reported {
        form =
            form.intro("✓ Reported: these suggestions do not help. Your firm's leads see how many do not.");
    }
    if let Some(row) = sheet.before(grid) {
        form = form.line(title(row));
    }
    if let Some(field) = source(grid, sheet) {
        form = form.row([field]);
    }
    for (index, part) in sheet.parts.iter().enumerate() {
        form = part_rows(form, adviser, sheet, index, part);
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
fn part_rows(form: Form, adviser: &Adviser, sheet: &Sheet, index: usize, part: &PartDraft) -> Form {
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
    let suggestion = (!part.suggestion.is_empty()).then(|| adviser.suggest(sheet.service, part.note.trim()));
    if let Some(suggestion) = &suggestion {
        form = suggested(form, names, part, suggestion);
    }
    form = own_levels(form, sheet, names, part, index, suggestion.as_ref());
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
    let sure = likely(suggestion.confidence);
    let words = if suggestion.words.is_empty() {
        String::new()
    } else {
        format!(" Words that spoke for it: {}.", suggestion.words.join(", "))
    };
    let said = match suggestion.band {
        Band::Green => format!("✓ Suggested, {sure} sure.{words}"),
        Band::Orange => format!("Suggested, {sure} sure.{words}"),
        Band::Red => "⚠ The note is not clear enough for a suggestion.".to_owned(),
    };
    let weak = suggestion.band != Band::Green;
    let advice = weak.then(|| advice(suggestion.lacks, &suggestion.ambiguous)).flatten();
    let said = [said].into_iter().chain(advice).collect::<Vec<_>>().join(" ");
    // Under the note that it is about.
    let mut form = form.section("").line(said);
    if suggestion.band != Band::Red && !suggestion.ranked.is_empty() {
        let choices = suggestion.ranked.iter().take(TOP).map(|ranked| {
            Choice::new(format!("{} · {}", ranked.path.words(), likely(ranked.p)), ranked.path.code())
        });
        let field = Field::choice(names.pick, "Suggested status").choices(choices.collect()).expanded();
        form = form.row([field.value(part.pick.as_str())]);
    }
    form
}

/// "62 %". Nothing is certain, and nothing that is offered is impossible.
fn likely(p: f32) -> String {
    match percent(p) {
        0 => "under 1 %".to_owned(),
        100 => "over 99 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// L1, then L2, then L3, each as far as the one above is chosen: they count before the suggestion (N7, N10).
fn own_levels(
    form: Form,
    sheet: &Sheet,
    names: &'static PartFields,
    part: &PartDraft,
    index: usize,
    suggestion: Option<&Suggestion>,
) -> Form {
    let tree = taxonomy();
    let service = &sheet.service.code;
    // A row keeps what the list no longer offers; no other part is offered it.
    let own = matches!(sheet.kind, Kind::Edit | Kind::Split) && part.path().as_ref() == Some(&sheet.row);
    let kept = |mut choices: Vec<Choice>, offered: bool, code: &str, name: &str| {
        if own && !offered && !code.is_empty() {
            choices.push(Choice::new(format!("{name} (no longer offered)"), code));
        }
        choices
    };
    let field = |id, label: &str, value: &str, choices: Vec<Choice>| {
        let long = choices.len() >= LONG;
        let field = Field::choice(id, label).choices(choices).value(value);
        if long { field.filtered() } else { field }
    };
    let choice = |name: &str, code: &str| Choice::new(name, code);
    let l1: Vec<_> = tree.offered_l1().map(|l1| choice(&l1.name, &l1.code)).collect();
    let l2: Vec<_> = tree.offered_l2(&part.l1, service).map(|l2| choice(&l2.name, &l2.code)).collect();
    let l3: Vec<_> =
        tree.offered_l3(&part.l1, &part.l2, service).map(|l3| choice(&l3.name, &l3.code)).collect();
    let Path { l1: top, l2: middle, l3: deep } = part.path().filter(|_| own).unwrap_or_default();
    let in_l1 = tree.offered_l1().any(|node| node.code == top);
    let l1 = kept(l1, in_l1, &top, tree.name(&top, "", ""));
    let in_l2 = tree.offered_l2(&top, service).any(|node| node.code == middle);
    let l2 = kept(l2, in_l2, &middle, tree.name(&top, &middle, ""));
    let in_l3 = tree.offered_l3(&top, &middle, service).any(|node| node.code == deep);
    let l3 = kept(l3, in_l3, &deep, tree.name(&top, &middle, &deep));
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

/// Whether every part has levels or a suggestion.
fn is_asked(sheet: &Sheet) -> bool {
    sheet.parts.iter().all(|part| part.path().is_some() || !part.suggestion.is_empty())
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
    let asked = is_asked(sheet);
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
    if sheet.parts.iter().any(|part| !part.suggestion.is_empty()) {
        buttons.push(of_sheet("Not helpful", Report::NAME));
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
