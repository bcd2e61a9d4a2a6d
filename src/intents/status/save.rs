//! Saving a change of the grid: what must hold, what hangs on it, and what is kept of the suggestions.

use serde_json::Value;

use super::form::{Around, card};
use super::sheet::{Kind, Sheet};
use super::suggest::Adviser;
use super::{Show, button};
use crate::cards::finding::advice as advised;
use crate::cards::{Card, Difference};
use crate::domain::access::Act;
use crate::domain::finding::{Findings, Rule};
use crate::domain::grid::{Grid, GridRule, Misfit, PART_FIELDS, PartDraft, Row, check};
use crate::domain::id::{Id, Suggestion as Mark};
use crate::domain::migration::{Line, Migration, fit};
use crate::domain::service::catalogue;
use crate::domain::suggestion::{Band, Suggestion};
use crate::store::change_history::SeenRow;
use crate::store::service::ServiceDesk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

/// A change of the grid that keeps every rule.
pub(super) struct Ready {
    pub after: Grid,
    /// What was decided for the parts whose note or levels are new.
    decisions: Vec<Decision>,
    /// What becomes of the migration (M9).
    pub mended: Option<Mended>,
    /// What would make the notes better.
    pub advice: Vec<String>,
    adviser: Adviser,
}

/// What a person made of what was suggested for a part.
struct Decision {
    row: Row,
    /// The suggestion that stood beside it, by id; empty where none did.
    shown: String,
    /// It was taken because it is sure, and not looked at.
    unseen: bool,
}

/// The migration as it adds up again.
pub(super) struct Mended {
    version: i64,
    /// `None`: nothing is left that could move, so nothing is said of it any more.
    migration: Option<Migration>,
    pub lines: Vec<Difference>,
    rule: Rule,
}

impl Ready {
    /// A change without parts of which something could be learnt: a move, a deletion.
    pub(super) async fn moved(
        turn: &mut Turn,
        at: &ServiceDesk,
        before: &Grid,
        after: Grid,
    ) -> Result<Self, Fault> {
        let mended = mended(turn, at, before, &after).await?;
        Ok(Self { after, decisions: Vec::new(), mended, advice: Vec::new(), adviser: Adviser::default() })
    }

    /// The sheet's parts in the grid, or every finding at once.
    pub(super) async fn of(
        turn: &mut Turn,
        adviser: &Adviser,
        at: &ServiceDesk,
        grid: &Grid,
        sheet: &Sheet,
        as_is: bool,
    ) -> Result<Result<Self, Findings>, Fault> {
        let mut advice = Vec::new();
        let mut findings = unclear(adviser, sheet, grid, as_is, &mut advice);
        if sheet.kind == Kind::Add && grid.row(&sheet.from).is_none() {
            findings.add("from", Rule::Required);
        }
        let parts = match check(&sheet.parts, &sheet.context(turn, grid), Turn::rules()) {
            Ok(parts) => parts,
            Err(found) => {
                found.iter().for_each(|found| findings.add(found.field.clone(), found.rule.clone()));
                return Ok(Err(findings));
            }
        };
        advice.extend(taken(sheet));
        let new = changed(sheet, grid).zip(parts.iter().zip(&sheet.parts)).filter(|(new, _)| *new);
        let decision = |(row, part): (&Row, &PartDraft)| Decision {
            row: row.clone(),
            shown: part.suggestion.clone(),
            unseen: part.unseen,
        };
        let decisions = new.map(|(_, part)| decision(part)).collect();
        match grid.apply(&sheet.plan(grid, &parts), parts) {
            Err(misfit) => findings.add("parts", rule_of(misfit)),
            Ok(after) if findings.is_empty() => {
                let mended = mended(turn, at, grid, &after).await?;
                return Ok(Ok(Self { after, decisions, mended, advice, adviser: adviser.clone() }));
            }
            Ok(_) => {}
        }
        Ok(Err(findings))
    }

    /// Writes all of it. False: somebody was faster.
    pub(super) async fn write(&self, turn: &mut Turn, at: &ServiceDesk) -> Result<bool, Fault> {
        if !turn.scope.save_grid(at, at.version, &self.after).await? {
            return Ok(false);
        }
        let mended = match &self.mended {
            Some(Mended { migration: Some(migration), version, .. }) => {
                turn.scope.save_migration(at, *version, migration).await?
            }
            Some(_) => {
                turn.scope.drop_migration(at).await?;
                true
            }
            None => true,
        };
        if !mended {
            return Ok(false);
        }
        for decision in &self.decisions {
            learn(turn, &self.adviser, at, decision).await?;
        }
        Ok(true)
    }
}

fn rule_of(misfit: Misfit) -> Rule {
    match misfit {
        Misfit::Parts { sum, there } => Rule::Grid(GridRule::PartsOff { sum, there }),
        Misfit::Rows { sum, total } => Rule::Grid(GridRule::RowsOff { sum, total }),
        Misfit::NoSuchRow => Rule::UnknownChoice,
    }
}

/// What is said of levels that were taken because they are sure.
fn taken(sheet: &Sheet) -> impl Iterator<Item = String> + '_ {
    let unseen = sheet.parts.iter().filter(|part| part.unseen);
    unseen.filter_map(|part| Some(format!("Taken as suggested: {}.", part.path()?.words())))
}

/// For each part, whether its note or its levels are new.
fn changed<'a>(sheet: &'a Sheet, grid: &'a Grid) -> impl Iterator<Item = bool> + 'a {
    let before = sheet.before(grid);
    sheet.parts.iter().map(move |part| {
        before.is_none_or(|row| row.note != part.note.trim() || part.path().as_ref() != Some(&row.path))
    })
}

/// Notes that are not clear enough (N9), and advice on those that could be better.
fn unclear(adviser: &Adviser, sheet: &Sheet, grid: &Grid, as_is: bool, advice: &mut Vec<String>) -> Findings {
    let mut findings = Findings::default();
    for (index, ((names, part), new)) in
        PART_FIELDS.iter().zip(&sheet.parts).zip(changed(sheet, grid)).enumerate()
    {
        if !new || part.note.trim().is_empty() {
            continue;
        }
        let suggestion = adviser.suggest(sheet.service, part.note.trim());
        match suggestion.band {
            Band::Red if !as_is => {
                let Suggestion { lacks, ambiguous, .. } = suggestion;
                findings.add(names.note, Rule::Grid(GridRule::NoteUnclear { lacks, ambiguous }));
            }
            Band::Orange => {
                let said = advised(suggestion.lacks, &suggestion.ambiguous);
                advice.extend(said.map(|said| match sheet.parts.len() {
                    1 => said,
                    _ => format!("Part {}: {said}", index + 1),
                }));
            }
            Band::Red | Band::Green => {}
        }
    }
    findings
}

/// M9: what becomes of the migration when In Progress changes; `None`: it still adds up, or there is none.
async fn mended(
    turn: &mut Turn,
    at: &ServiceDesk,
    before: &Grid,
    after: &Grid,
) -> Result<Option<Mended>, Fault> {
    let in_progress = after.in_progress();
    if in_progress == before.in_progress() {
        return Ok(None);
    }
    let Some(stored) = turn.scope.migration(at).await? else { return Ok(None) };
    let Migration::Performed { starts, ends, lines } = &stored.migration else { return Ok(None) };
    let sum: i64 = lines.iter().map(|line| i64::from(line.entitlements)).sum();
    if sum == in_progress {
        return Ok(None);
    }
    let fitted = fit(at.service, lines, in_progress.unsigned_abs());
    let shown = differences(lines, fitted.as_deref().unwrap_or_default());
    let migration = fitted.map(|lines| Migration::Performed { starts: *starts, ends: *ends, lines });
    let rule = Rule::Grid(GridRule::MigrationOff { lines: sum, in_progress });
    Ok(Some(Mended { version: stored.version, migration, lines: shown, rule }))
}

fn differences(old: &[Line], new: &[Line]) -> Vec<Difference> {
    let amount = |lines: &[Line], kind: &str| {
        let line = lines.iter().find(|line| line.kind == kind);
        line.map(|line| line.entitlements.to_string()).unwrap_or_default()
    };
    let added = new.iter().filter(|line| old.iter().all(|other| other.kind != line.kind));
    old.iter()
        .chain(added)
        .map(|line| (line, amount(old, &line.kind), amount(new, &line.kind)))
        .filter(|(_, old, new)| old != new)
        .map(|(line, old, new)| Difference::new(catalogue().migration_type_name(&line.kind), old, new))
        .collect()
}

/// Keeps what the person made of the suggestion for a note; one that was never shown is kept as they decided, too. One
/// that nobody looked at is no decision.
async fn learn(
    turn: &mut Turn,
    adviser: &Adviser,
    at: &ServiceDesk,
    Decision { row, shown, unseen }: &Decision,
) -> Result<(), Fault> {
    let actor = turn.actor.clone();
    let shown = shown.parse::<uuid::Uuid>().ok().map(Id::<Mark>::from);
    if let Some(id) = shown
        && turn.scope.decide_suggestion(at, &actor, id, &row.note, &row.path).await?
    {
        return Ok(());
    }
    let suggestion = adviser.suggest(at.service, &row.note);
    let id = turn.scope.keep_suggestion(at, &actor, &row.note, &suggestion).await?;
    if !unseen {
        turn.scope.decide_suggestion(at, &actor, id, &row.note, &row.path).await?;
    }
    Ok(())
}

/// The form, sent.
#[derive(Debug)]
pub struct Save {
    sheet: Sheet,
    /// With a note that is not clear enough, on the person's own levels (N9).
    as_is: bool,
    /// With the migration lines corrected (M9).
    lines: bool,
}

impl Intent for Save {
    const NAME: &'static str = "status.save";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let sheet = Sheet::from_fields(fields)?;
        Ok(Self { sheet, as_is: fields.tick("as_is")?, lines: fields.tick("lines")? })
    }

    fn submission(&self) -> Option<String> {
        Some(self.sheet.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let Self { mut sheet, as_is, lines } = self;
        let at = turn.service_desk(sheet.tenant, sheet.service, Act::EditStatus).await?;
        let grid = turn.scope.grid(&at).await?.settled();
        let adviser = Adviser::of(turn).await?;
        if sheet.version != at.version {
            return Err(stale(turn, &adviser, &at, &grid, sheet).await?.into());
        }
        sheet.complete(&grid);
        let typed = sheet.clone();
        let untold = !as_is && sheet.is_untold();
        if untold && !sheet.take_sure(&adviser) {
            return propose(turn, &adviser, &at, &grid, typed, Around::default()).await;
        }
        sheet.complete(&grid);
        let around = match Ready::of(turn, &adviser, &at, &grid, &sheet, as_is).await? {
            Ok(ready) if lines || ready.mended.is_none() => {
                return save(turn, &at, &sheet, &ready, [("as_is", as_is), ("lines", lines)]).await;
            }
            Ok(ready) => off(&ready),
            Err(findings) => Around { findings, ..Around::default() },
        };
        // Levels that were left to us are shown before they can be saved.
        if untold {
            return propose(turn, &adviser, &at, &grid, typed, around).await;
        }
        Err(card(&adviser, &at, &grid, &sheet, around)?.into())
    }
}

/// The form with the migration lines as they would add up again (M9).
fn off(ready: &Ready) -> Around {
    let mut around = Around::default();
    if let Some(mended) = &ready.mended {
        around.lines.clone_from(&mended.lines);
        around.findings.add("lines", mended.rule.clone());
    }
    around
}

/// Writes it, or asks first where a row is changed. `ticks`: what was agreed to.
async fn save(
    turn: &mut Turn,
    at: &ServiceDesk,
    sheet: &Sheet,
    ready: &Ready,
    ticks: [(&str, bool); 2],
) -> Result<Reply, Fault> {
    let edit = turn.edit(&at.desk, Save::NAME).await?;
    if !ready.write(turn, at).await? {
        // The tenant is locked by this turn, so nobody can have been faster.
        return Err(Fault::Again);
    }
    let saying = said(at, ready);
    if sheet.kind != Kind::Edit {
        return edit.receipt(turn, saying).await;
    }
    // N8.
    let mut fields = sheet.fields();
    for (name, tick) in ticks {
        fields[name] = Value::from(tick);
    }
    edit.confirmed(turn, Save::NAME, fields, saying.asks("Change this status row?", "Save")).await
}

/// What the receipt says.
pub(super) fn said(at: &ServiceDesk, ready: &Ready) -> Saying {
    let open = button(at, "Open status", Show::NAME).with("page", 1);
    let saying = Saying::done("Entitlement status saved").about(&at.service.name).button(open);
    ready.advice.iter().fold(saying, |saying, advice| saying.hint(advice.as_str()))
}

/// The same form with a suggestion for every part that has no levels yet (N7).
async fn propose(
    turn: &mut Turn,
    adviser: &Adviser,
    at: &ServiceDesk,
    grid: &Grid,
    mut sheet: Sheet,
    mut around: Around,
) -> Result<Reply, Fault> {
    sheet.suggest(turn, adviser, at, grid, false).await?;
    sheet.complete(grid);
    sheet.submission = Id::new(turn.now());
    for found in unclear(adviser, &sheet, grid, false, &mut Vec::new()).iter() {
        if !around.findings.has(&found.field) {
            around.findings.add(found.field.clone(), found.rule.clone());
        }
    }
    for (names, part) in PART_FIELDS.iter().zip(&sheet.parts) {
        if part.note.trim().is_empty() && !around.findings.has(names.note) {
            around.findings.add(names.note, Rule::Required);
        } else if part.path().is_none() && !around.findings.has(names.note) {
            around.findings.add(names.l1, Rule::Required);
        }
    }
    Ok(card(adviser, at, grid, &sheet, around)?.into())
}

/// The form on top of what somebody else made of the rows meanwhile (C2).
async fn stale(
    turn: &mut Turn,
    adviser: &Adviser,
    at: &ServiceDesk,
    grid: &Grid,
    mut sheet: Sheet,
) -> Result<Card, Fault> {
    let code = &at.service.code;
    let seen = SeenRow { kind: "tenant_service", service: code, subject: code, version: sheet.version };
    let theirs = turn.theirs(sheet.tenant, seen).await?;
    sheet.version = at.version;
    sheet.submission = Id::new(turn.now());
    if matches!(sheet.kind, Kind::Edit | Kind::Split) && grid.row(&sheet.row).is_none() {
        sheet.kind = Kind::Add;
        sheet.from = grid.source().map(|row| row.path.clone()).unwrap_or_default();
    }
    sheet.complete(grid);
    let stale = theirs.is_none();
    card(adviser, at, grid, &sheet, Around { theirs, stale, ..Around::default() })
}
