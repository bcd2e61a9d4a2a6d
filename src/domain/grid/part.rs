//! One part of a change of the grid, as typed: a note, levels, a number, a date and an owner; and what must hold of
//! it to be saved.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::field::{line, optional_date, optional_whole, required_text};
use super::super::finding::{Findings, Rule};
use super::super::rules::Rules;
use super::super::taxonomy::{Need, Path, taxonomy};
use super::super::time::Today;
use super::{GridRule, Row};

/// The ids of one part's inputs.
#[derive(Debug)]
pub struct PartFields {
    /// Note.
    pub note: &'static str,
    /// The suggestion that was taken, by path.
    pub pick: &'static str,
    /// Consumption status, chosen by the person.
    pub l1: &'static str,
    /// Reason, chosen by the person.
    pub l2: &'static str,
    /// Engineering reason, chosen by the person.
    pub l3: &'static str,
    /// Entitlements.
    pub entitlements: &'static str,
    /// Target date.
    pub target_date: &'static str,
    /// Owner of the blocker.
    pub owner: &'static str,
    /// The suggestion that the form shows, by id.
    pub suggestion: &'static str,
}

macro_rules! part_fields {
    ($($number:literal)*) => {
        [$(PartFields {
            note: concat!("note_", $number),
            pick: concat!("pick_", $number),
            l1: concat!("l1_", $number),
            l2: concat!("l2_", $number),
            l3: concat!("l3_", $number),
            entitlements: concat!("entitlements_", $number),
            target_date: concat!("target_date_", $number),
            owner: concat!("owner_", $number),
            suggestion: concat!("suggestion_", $number),
        }),*]
    };
}

/// Most parts of one form.
pub const MOST_PARTS: usize = 4;
/// The inputs of the parts, from the first to the last.
pub static PART_FIELDS: [PartFields; MOST_PARTS] = part_fields!(1 2 3 4);

/// A part as it was typed: reading it cannot fail, so that it can always be shown back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PartDraft {
    /// Intent and reason.
    pub note: String,
    /// The suggestion that was taken, as [`Path::code`].
    pub pick: String,
    /// Consumption status; where it is chosen, the person's own levels count and not the suggestion.
    pub l1: String,
    /// Reason.
    pub l2: String,
    /// Engineering reason.
    pub l3: String,
    /// How many; empty: what the other parts leave.
    pub entitlements: String,
    /// `YYYY-MM-DD`.
    pub target_date: String,
    /// Owner of the blocker.
    pub owner: String,
    /// The suggestion that the form shows, by id.
    pub suggestion: String,
    /// The suggestion was taken because it is sure, and nobody has looked at it: nothing is to be learnt from it.
    #[serde(skip)]
    pub unseen: bool,
}

/// What is known of the service and of the row that the parts come of.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Service code.
    pub service: &'a str,
    /// The user's own today.
    pub today: Today,
    /// The row that is edited or split.
    pub before: Option<&'a Row>,
    /// What there is for the parts: one of them may leave its number to the others.
    pub there: Option<i32>,
}

impl PartDraft {
    /// A row, to be edited.
    pub fn of_row(row: &Row) -> Self {
        Self {
            note: row.note.clone(),
            l1: row.path.l1.clone(),
            l2: row.path.l2.clone(),
            l3: row.path.l3.clone(),
            entitlements: row.entitlements.to_string(),
            target_date: row.target_date.map(|date| date.to_string()).unwrap_or_default(),
            owner: row.owner.clone(),
            ..Self::default()
        }
    }

    /// The levels that count: the person's own, or else the suggestion that was taken; `None`: there are none yet.
    pub fn path(&self) -> Option<Path> {
        if !self.l1.is_empty() {
            Some(Path::new(&self.l1, &self.l2, &self.l3))
        } else if self.pick.is_empty() {
            None
        } else {
            Some(Path::of_code(&self.pick))
        }
    }

    /// Takes the levels of a suggestion; the person's own are gone.
    pub fn take(&mut self, path: &Path) {
        self.pick = path.code();
        for own in [&mut self.l1, &mut self.l2, &mut self.l3] {
            own.clear();
        }
    }

    /// Drops levels that do not stand below the ones above them any more, so that the next choice can be made.
    pub fn prune(&mut self, service: &str) {
        let tree = taxonomy();
        if !tree.offered_l2(&self.l1, service).any(|reason| reason.code == self.l2) {
            self.l2.clear();
        }
        if !tree.offered_l3(&self.l1, &self.l2, service).any(|deeper| deeper.code == self.l3) {
            self.l3.clear();
        }
    }

    fn is_blank_number(&self) -> bool {
        self.entitlements.trim().is_empty()
    }
}

/// A part that keeps every rule.
pub type Part = Row;

/// Checks all parts: every finding at once.
///
/// # Errors
/// What is wrong, beside the input that it is about.
pub fn check(parts: &[PartDraft], context: &Context<'_>, rules: &Rules) -> Result<Vec<Part>, Findings> {
    let mut findings = Findings::default();
    let numbers = numbers(parts, context, &mut findings);
    let checked: Vec<Option<Part>> = PART_FIELDS
        .iter()
        .zip(parts)
        .zip(numbers)
        .map(|((fields, part), number)| one(part, fields, number, context, rules, &mut findings))
        .collect();
    twins(&checked, &mut findings);
    let checked: Option<Vec<Part>> = checked.into_iter().collect();
    match checked {
        Some(parts) if findings.is_empty() => Ok(parts),
        _ => Err(findings),
    }
}

/// The numbers; a single blank one is what the others leave.
fn numbers(parts: &[PartDraft], context: &Context<'_>, findings: &mut Findings) -> Vec<Option<i32>> {
    let mut numbers: Vec<Option<i32>> = PART_FIELDS
        .iter()
        .zip(parts)
        .map(|(fields, part)| {
            let typed = part.entitlements.trim();
            let least = if typed.bytes().all(|b| b == b'0') && !typed.is_empty() {
                Err(Rule::Grid(GridRule::ZeroRow))
            } else {
                optional_whole(typed, 1..=i32::MAX)
            };
            findings.keep(fields.entitlements, least).flatten()
        })
        .collect();
    let blank: Vec<usize> =
        parts.iter().enumerate().filter(|(_, part)| part.is_blank_number()).map(|(index, _)| index).collect();
    let taken: i64 = numbers.iter().flatten().map(|n| i64::from(*n)).sum();
    let left = context.there.map(|there| i64::from(there) - taken);
    match (blank.as_slice(), left.and_then(|left| i32::try_from(left).ok())) {
        ([only], Some(left)) if left >= 1 => {
            if let Some(number) = numbers.get_mut(*only) {
                *number = Some(left);
            }
        }
        (blank, _) => {
            for fields in blank.iter().filter_map(|index| PART_FIELDS.get(*index)) {
                findings.add(fields.entitlements, Rule::Required);
            }
        }
    }
    numbers
}

fn one(
    part: &PartDraft,
    fields: &PartFields,
    number: Option<i32>,
    context: &Context<'_>,
    rules: &Rules,
    findings: &mut Findings,
) -> Option<Part> {
    let note = findings.keep(fields.note, required_text(&part.note, rules.entitlement_note_max));
    let path = path(part, fields, context, findings);
    if let (Some(note), Some(path), Some(before)) = (&note, &path, context.before)
        && path.l1 != before.path.l1
        && *note == before.note
    {
        findings.add(fields.note, Rule::Grid(GridRule::NewNoteNeeded));
    }
    let asks = path.as_ref().map(|path| taxonomy().fields(&path.l1)).unwrap_or_default();
    let target = findings.keep(fields.target_date, target_date(part, asks.target_date, context));
    let owner = findings.keep(fields.owner, owner(part, asks.owner, context, rules));
    Some(Row {
        path: path?,
        entitlements: number?,
        note: note?,
        target_date: target?,
        owner: owner?,
        next_action_date: context.before.and_then(|before| before.next_action_date),
    })
}

fn path(
    part: &PartDraft,
    fields: &PartFields,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Option<Path> {
    let Some(path) = part.path() else {
        findings.add(fields.l1, Rule::Required);
        return None;
    };
    // A path that the list no longer offers stays with the row that has it.
    if context.before.is_some_and(|before| before.path == path) {
        return Some(path);
    }
    match taxonomy().check(&path, context.service) {
        Ok(()) => Some(path),
        Err((level, rule)) => {
            let field = match level {
                _ if part.l1.is_empty() => fields.pick,
                "l1" => fields.l1,
                "l2" => fields.l2,
                _ => fields.l3,
            };
            findings.add(field, rule);
            None
        }
    }
}

/// N11: in the future when it is set or changed. Where the status has no target date, it is gone.
fn target_date(part: &PartDraft, need: Need, context: &Context<'_>) -> Result<Option<NaiveDate>, Rule> {
    if need == Need::NotApplicable {
        return Ok(None);
    }
    let date = optional_date(&part.target_date)?;
    let before = context.before.and_then(|before| before.target_date);
    match date {
        None if need == Need::Required => Err(Rule::Required),
        Some(date) if Some(date) != before && date <= context.today.0 => {
            Err(Rule::NotAhead { today: context.today.0 })
        }
        date => Ok(date),
    }
}

/// One of the list, or who it is already.
fn owner(part: &PartDraft, need: Need, context: &Context<'_>, rules: &Rules) -> Result<String, Rule> {
    if need == Need::NotApplicable {
        return Ok(String::new());
    }
    let owner = line(&part.owner, rules.owner_max)?;
    let known = rules.blocker_owners.contains(&owner)
        || context.before.is_some_and(|before| before.owner == owner && !owner.is_empty());
    match (owner.is_empty(), known) {
        (true, _) if need == Need::Required => Err(Rule::Required),
        (true, _) | (false, true) => Ok(owner),
        (false, false) => Err(Rule::UnknownChoice),
    }
}

/// One row for each path (DOMAIN 2.3).
fn twins(parts: &[Option<Part>], findings: &mut Findings) {
    for (index, (fields, part)) in PART_FIELDS.iter().zip(parts).enumerate() {
        let earlier = parts.iter().take(index).flatten();
        if part.as_ref().is_some_and(|part| earlier.clone().any(|other| other.path == part.path)) {
            findings.add(fields.l1, Rule::Grid(GridRule::PathTwice));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::rules::rules;
    use super::super::super::service::catalogue;
    use super::super::{arrived, waiting};
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn context(before: Option<&Row>) -> Context<'_> {
        let service = &catalogue().service("exo").unwrap().code;
        Context {
            service,
            today: Today(day("2026-11-21")),
            before,
            there: before.map(|row| row.entitlements),
        }
    }

    fn part(code: &str, entitlements: &str) -> PartDraft {
        let path = Path::of_code(code);
        PartDraft {
            note: "Firewall drops the traffic of the new clients".to_owned(),
            l1: path.l1,
            l2: path.l2,
            l3: path.l3,
            entitlements: entitlements.to_owned(),
            target_date: "2027-03-01".to_owned(),
            owner: "Account Team".to_owned(),
            ..PartDraft::default()
        }
    }

    fn wrong(parts: &[PartDraft], before: Option<&Row>) -> Vec<(&'static str, Rule)> {
        check(parts, &context(before), rules()).map_or_else(|found| found, |_| Findings::default()).pairs()
    }

    const NETWORK: &str = "blocked/adoption_readiness/end_user_training_and_change_management";

    fn blocked() -> String {
        let service = &catalogue().service("exo").unwrap().code;
        let paths = taxonomy().offered(service);
        paths.iter().find(|path| path.l1 == "blocked").map_or_else(|| NETWORK.to_owned(), Path::code)
    }

    #[test]
    fn each_status_asks_for_its_own() {
        let bare =
            |code: &str| PartDraft { target_date: String::new(), owner: String::new(), ..part(code, "5") };
        assert_eq!(wrong(&[bare("in_progress")], None), [("target_date_1", Rule::Required)]);
        assert_eq!(wrong(&[bare(&blocked())], None), [("owner_1", Rule::Required)]);
        assert_eq!(wrong(&[bare("status_unknown/customer_unresponsive")], None), []);
        assert_eq!(wrong(&[bare("blocked")], None).first(), Some(&("l2_1", Rule::Required)));
        assert_eq!(wrong(&[PartDraft::default()], None).len(), 3, "note, levels and number");
        let dropped = check(&[part("duplicate_invalid", "5")], &context(None), rules()).unwrap();
        assert_eq!((dropped[0].target_date, dropped[0].owner.as_str()), (None, "Account Team"));
        let odd = PartDraft { owner: "Eva".into(), ..part(&blocked(), "5") };
        assert_eq!(wrong(&[odd], None), [("owner_1", Rule::UnknownChoice)]);
    }

    #[test]
    fn n11_a_new_target_date_lies_ahead_and_an_old_one_may_have_passed() {
        let past = |date: &str| PartDraft { target_date: date.into(), ..part("in_progress", "5") };
        let today = day("2026-11-21");
        assert_eq!(wrong(&[past("2026-11-21")], None), [("target_date_1", Rule::NotAhead { today })]);
        let before =
            Row { path: Path::of_code("in_progress"), target_date: Some(day("2026-01-01")), ..waiting(5) };
        assert_eq!(wrong(&[past("2026-01-01")], Some(&before)), []);
    }

    #[test]
    fn n15_another_status_needs_a_new_note() {
        let before = Row { path: arrived(), ..waiting(5) };
        let same = PartDraft { note: before.note.clone(), ..part("in_progress", "5") };
        assert_eq!(wrong(&[same], Some(&before)), [("note_1", Rule::Grid(GridRule::NewNoteNeeded))]);
        assert_eq!(wrong(&[part("in_progress", "5")], Some(&before)), []);
    }

    #[test]
    fn numbers_are_whole_and_one_may_be_what_is_left() {
        let before = Row { path: Path::of_code("in_progress"), ..waiting(305) };
        let numbers = |typed: [&str; 2]| {
            let parts = [part("in_progress", typed[0]), part(&blocked(), typed[1])];
            check(&parts, &context(Some(&before)), rules())
                .map(|rows| rows.iter().map(|row| row.entitlements).collect::<Vec<_>>())
                .map_err(Findings::pairs)
        };
        assert_eq!(numbers(["", "5"]), Ok(vec![300, 5]));
        assert_eq!(numbers(["300", "0"]), Err(vec![("entitlements_2", Rule::Grid(GridRule::ZeroRow))]));
        assert_eq!(numbers(["", "305"]), Err(vec![("entitlements_1", Rule::Required)]));
        assert!(numbers(["", ""]).is_err() && numbers(["many", "5"]).is_err());
        let twice = wrong(&[part("in_progress", "300"), part("in_progress", "5")], Some(&before));
        assert_eq!(twice, [("l1_2", Rule::Grid(GridRule::PathTwice))]);
    }

    #[test]
    fn own_levels_count_before_the_suggestion() {
        let mut mine = PartDraft { pick: blocked(), ..part("in_progress", "5") };
        assert_eq!(mine.path(), Some(Path::of_code("in_progress")));
        mine.take(&Path::of_code(&blocked()));
        assert_eq!(mine.path().map(|path| path.code()), Some(blocked()));
        let mut moved = part(&blocked(), "5");
        moved.l1 = "no_intent".into();
        moved.prune("exchange");
        assert_eq!((moved.l2.as_str(), moved.l3.as_str()), ("", ""));
    }
}
