//! The grid of a service: its entitlements split into status rows, and every way in which a person changes it
//! (DOMAIN 2.3, N1, N2).
//!
//! There is one operation, [`Grid::apply`]: some rows are poured into a pot, and parts are filled from it. To add,
//! edit, split, delete and move are plans for it, so that the rows cannot but add up (N1).

mod line;
mod part;
mod rule;

use chrono::NaiveDate;

use super::entitlement::{ARRIVED_NOTE, NEW_SUBSCRIPTION, STATUS_UNKNOWN, Share, settle};
use super::taxonomy::{Path, taxonomy};
pub use line::{Named, Odd, Said, hear, levels_of};
pub use part::{Context, MOST_PARTS, PART_FIELDS, Part, PartDraft, PartFields, check};
pub use rule::GridRule;

/// One status row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its status and reasons; no two rows of a service have the same.
    pub path: Path,
    /// How many entitlements, at least 1.
    pub entitlements: i32,
    /// Intent and reason.
    pub note: String,
    /// In Progress: when it shall be done. Blocked: when it should be unblocked.
    pub target_date: Option<NaiveDate>,
    /// Who owns the blocker; empty where nobody is named.
    pub owner: String,
    /// When somebody will look at it again.
    pub next_action_date: Option<NaiveDate>,
}

/// All rows of a service, and the total that they are to make up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// Entitlements of the service, the override included.
    pub total: i32,
    /// The rows.
    pub rows: Vec<Row>,
}

/// What is poured into the pot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pot {
    /// One row.
    Row(Path),
    /// The rows of these paths, as far as there are any.
    Rows(Vec<Path>),
    /// All of them.
    Whole,
}

/// A change of the grid, without the parts that come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What is poured into the pot.
    pub pot: Pot,
    /// The row that gets what the parts leave in the pot, and gives what they lack. If it is the pot's own row, that
    /// one stays as it is with what is left. `None`: the parts must take exactly what is there.
    pub rest: Option<Path>,
}

/// Why a plan cannot be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// The row to change is not there (any more).
    NoSuchRow,
    /// The parts need more than is there, or leave something over.
    Parts {
        /// What the parts take.
        sum: i64,
        /// What there is for them.
        there: i64,
    },
    /// The rows would not add up to the total (N1).
    Rows {
        /// What they would add up to.
        sum: i64,
        /// The total.
        total: i64,
    },
}

/// The row in which entitlements wait that nobody has asked about (N3).
pub fn arrived() -> Path {
    Path::new(STATUS_UNKNOWN, NEW_SUBSCRIPTION, "")
}

impl Grid {
    /// Total less rows: above 0 something has no status, below 0 the rows say more than there is.
    pub fn remainder(&self) -> i64 {
        i64::from(self.total) - self.sum()
    }

    /// How new parts of the whole service are meant. If they make up the total together with the rows that they do
    /// not name, those stay; otherwise they take the place of all rows.
    pub fn pot_for(&self, parts: &[Row]) -> Pot {
        let named: Vec<Path> = parts.iter().map(|part| part.path.clone()).collect();
        let kept = self.rows.iter().filter(|row| !named.contains(&row.path));
        let kept: i64 = kept.map(|row| i64::from(row.entitlements)).sum();
        let sum: i64 = parts.iter().map(|part| i64::from(part.entitlements)).sum();
        let total = i64::from(self.total);
        if sum != total && sum + kept == total { Pot::Rows(named) } else { Pot::Whole }
    }

    /// What the rows add up to.
    pub fn sum(&self) -> i64 {
        self.rows.iter().map(|row| i64::from(row.entitlements)).sum()
    }

    /// Entitlements In Progress.
    pub fn in_progress(&self) -> i64 {
        let rows = self.rows.iter().filter(|row| row.path.l1 == "in_progress");
        rows.map(|row| i64::from(row.entitlements)).sum()
    }

    /// The row of this path.
    pub fn row(&self, path: &Path) -> Option<&Row> {
        self.rows.iter().find(|row| row.path == *path)
    }

    /// The row from which new parts are taken unless somebody says otherwise: what has arrived last, what else is
    /// unknown, and then the largest.
    pub fn source(&self) -> Option<&Row> {
        let unknown = |row: &&Row| row.path.l1 == STATUS_UNKNOWN;
        self.row(&arrived())
            .or_else(|| self.rows.iter().find(unknown))
            .or_else(|| self.rows.iter().max_by_key(|row| row.entitlements))
    }

    /// The rows fitted to the total: what has no status yet waits in Status Unknown (N3), and what is too much is
    /// taken from there (N6).
    #[must_use]
    pub fn settled(&self) -> Self {
        let shares: Vec<_> = self
            .rows
            .iter()
            .map(|row| Share { l1: &row.path.l1, l2: &row.path.l2, entitlements: row.entitlements })
            .collect();
        let fitted = settle(self.total, &shares);
        let rows = self.rows.iter().zip(&fitted.shares);
        let rows = rows.map(|(row, share)| Row { entitlements: *share, ..row.clone() });
        let mut grid = Self { total: self.total, rows: rows.filter(|row| row.entitlements > 0).collect() };
        if fitted.arrived > 0 {
            grid.put(waiting(fitted.arrived));
        }
        grid
    }

    /// The rows in the order of the programme, the largest of a status first.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.rows.sort_by(|a, b| {
            let order = |row: &Row| taxonomy().order(&row.path.l1);
            order(a).cmp(&order(b)).then(b.entitlements.cmp(&a.entitlements)).then(a.path.cmp(&b.path))
        });
        self
    }

    /// The grid after the plan, with these parts. A part that meets a row which has its path already joins it: the
    /// numbers add up, and the newer note, date and owner hold.
    ///
    /// # Errors
    /// A [`Misfit`] leaves everything as it was.
    pub fn apply(&self, plan: &Plan, parts: Vec<Row>) -> Result<Self, Misfit> {
        let excess = (-self.remainder()).max(0);
        let (mut grid, poured) = self.pour(&plan.pot)?;
        let there: i64 = poured.iter().map(|row| i64::from(row.entitlements)).sum();
        let sum: i64 = parts.iter().map(|row| i64::from(row.entitlements)).sum();
        let over = there - sum;
        for part in parts {
            grid.put(part);
        }
        let Some(rest) = &plan.rest else {
            return if over == 0 || over == excess {
                grid.whole()
            } else {
                Err(Misfit::Parts { sum, there })
            };
        };
        if over > 0 {
            // What the rows say too much goes first (N6).
            let over = i32::try_from(over - excess.min(over)).unwrap_or(i32::MAX);
            let kept = poured.iter().find(|row| row.path == *rest).cloned();
            grid.give(rest, kept, over);
        } else if over < 0 {
            let available = grid.row(rest).map_or(0, |row| i64::from(row.entitlements));
            if available + over < 0 || poured.iter().any(|row| row.path == *rest) {
                return Err(Misfit::Parts { sum, there: there + available });
            }
            grid.take(rest, -over);
        }
        grid.whole()
    }

    /// The grid without what is in the pot, and the pot.
    fn pour(&self, pot: &Pot) -> Result<(Self, Vec<Row>), Misfit> {
        let (poured, rows): (Vec<Row>, Vec<Row>) = match pot {
            Pot::Whole => (self.rows.clone(), Vec::new()),
            Pot::Row(path) => self.rows.iter().cloned().partition(|row| row.path == *path),
            Pot::Rows(paths) => self.rows.iter().cloned().partition(|row| paths.contains(&row.path)),
        };
        if poured.is_empty() && matches!(pot, Pot::Row(_)) {
            return Err(Misfit::NoSuchRow);
        }
        Ok((Self { total: self.total, rows }, poured))
    }

    fn put(&mut self, part: Row) {
        match self.rows.iter_mut().find(|row| row.path == part.path) {
            Some(row) => {
                let entitlements = row.entitlements.saturating_add(part.entitlements);
                *row = Row { entitlements, ..part };
            }
            None => self.rows.push(part),
        }
    }

    /// Adds to a row, and leaves the rest of it as it is.
    fn give(&mut self, path: &Path, kept: Option<Row>, more: i32) {
        if more == 0 {
            return;
        }
        if let Some(row) = self.rows.iter_mut().find(|row| row.path == *path) {
            row.entitlements = row.entitlements.saturating_add(more);
        } else {
            let row = kept.unwrap_or_else(|| Row { path: path.clone(), ..waiting(more) });
            self.rows.push(Row { entitlements: more, ..row });
        }
    }

    fn take(&mut self, path: &Path, fewer: i64) {
        let fewer = i32::try_from(fewer).unwrap_or(i32::MAX);
        if let Some(row) = self.rows.iter_mut().find(|row| row.path == *path) {
            row.entitlements = row.entitlements.saturating_sub(fewer);
        }
        self.rows.retain(|row| row.entitlements > 0);
    }

    /// N1.
    fn whole(self) -> Result<Self, Misfit> {
        match self.remainder() {
            0 => Ok(self),
            _ => Err(Misfit::Rows { sum: self.sum(), total: i64::from(self.total) }),
        }
    }
}

/// Entitlements that wait for somebody to ask about them (N3).
fn waiting(entitlements: i32) -> Row {
    Row {
        path: arrived(),
        entitlements,
        note: ARRIVED_NOTE.to_owned(),
        target_date: None,
        owner: String::new(),
        next_action_date: None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(code: &str, entitlements: i32) -> Row {
        Row { path: Path::of_code(code), note: code.to_owned(), ..waiting(entitlements) }
    }

    fn grid(total: i32, rows: &[(&str, i32)]) -> Grid {
        Grid { total, rows: rows.iter().map(|(code, n)| row(code, *n)).collect() }
    }

    fn shown(grid: &Grid) -> Vec<(String, i32)> {
        let mut rows: Vec<_> = grid.rows.iter().map(|row| (row.path.code(), row.entitlements)).collect();
        rows.sort();
        rows
    }

    fn owned(rows: &[(&str, i32)]) -> Vec<(String, i32)> {
        rows.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect()
    }

    const BLOCKED: &str = "blocked/legal_regulatory";

    fn of_row(code: &str, rest: Option<&str>) -> Plan {
        Plan { pot: Pot::Row(Path::of_code(code)), rest: rest.map(Path::of_code) }
    }

    #[test]
    fn n2_a_split_is_one_plan_and_must_take_everything() {
        let before = grid(305, &[("in_progress", 305)]);
        let split = of_row("in_progress", None);
        let after = before.apply(&split, vec![row("in_progress", 300), row(BLOCKED, 5)]).unwrap();
        assert_eq!(shown(&after), owned(&[(BLOCKED, 5), ("in_progress", 300)]));
        let wrong = before.apply(&split, vec![row("in_progress", 300), row(BLOCKED, 6)]);
        assert_eq!(wrong, Err(Misfit::Parts { sum: 306, there: 305 }));
    }

    #[test]
    fn n3_new_entitlements_wait_and_are_moved_on() {
        let arrived = arrived().code();
        let before = grid(317, &[("in_progress", 300), (BLOCKED, 5)]).settled();
        assert_eq!(before.source().map(|row| row.entitlements), Some(12));
        let add = of_row(&arrived, Some(&arrived));
        let after = before.apply(&add, vec![row(BLOCKED, 4)]).unwrap();
        assert_eq!(shown(&after), owned(&[(BLOCKED, 9), ("in_progress", 300), (&arrived, 8)]));
        let all = after.apply(&of_row(&arrived, None), vec![row("in_progress", 8)]).unwrap();
        assert_eq!(shown(&all), owned(&[(BLOCKED, 9), ("in_progress", 308)]));
        let many = before.apply(&add, vec![row(BLOCKED, 13)]);
        assert_eq!(many, Err(Misfit::Parts { sum: 13, there: 12 }));
    }

    #[test]
    fn n1_what_an_edit_gives_or_takes_goes_to_another_row() {
        let arrived = arrived().code();
        let before = grid(305, &[("in_progress", 300), (BLOCKED, 5)]);
        let edit = |rest: &str, n| before.apply(&of_row(BLOCKED, Some(rest)), vec![row(BLOCKED, n)]);
        assert_eq!(shown(&edit("in_progress", 12).unwrap()), owned(&[(BLOCKED, 12), ("in_progress", 293)]));
        let fewer = edit(&arrived, 2).unwrap();
        assert_eq!(shown(&fewer), owned(&[(BLOCKED, 2), ("in_progress", 300), (&arrived, 3)]));
        assert_eq!(edit(&arrived, 6), Err(Misfit::Parts { sum: 6, there: 5 }));
        let delete = before.apply(&of_row(BLOCKED, Some(&arrived)), Vec::new()).unwrap();
        assert_eq!(shown(&delete), owned(&[("in_progress", 300), (&arrived, 5)]));
        assert_eq!(before.apply(&of_row("gone", None), Vec::new()), Err(Misfit::NoSuchRow));
    }

    #[test]
    fn n6_rows_that_say_too_much_are_mended_by_saying_less() {
        let arrived = arrived().code();
        let before = grid(300, &[("in_progress", 300), (BLOCKED, 5)]).settled();
        assert_eq!(before.remainder(), -5);
        let mended = before.apply(&of_row("in_progress", Some(&arrived)), vec![row("in_progress", 290)]);
        assert_eq!(shown(&mended.unwrap()), owned(&[(BLOCKED, 5), ("in_progress", 290), (&arrived, 5)]));
        let not = before.apply(&of_row(BLOCKED, Some(&arrived)), vec![row(BLOCKED, 3)]);
        assert_eq!(not, Err(Misfit::Rows { sum: 303, total: 300 }));
    }

    const PATHS: [&str; 5] =
        ["in_progress", "in_progress/migration", BLOCKED, "duplicate_invalid", "status_unknown/x"];

    fn any_path() -> impl Strategy<Value = Path> {
        prop::sample::select(PATHS.to_vec()).prop_map(Path::of_code)
    }

    fn any_plan() -> impl Strategy<Value = (Plan, Vec<(Path, i32)>)> {
        let several = prop::collection::vec(any_path(), 0..3).prop_map(Pot::Rows);
        let pot = prop_oneof![any_path().prop_map(Pot::Row), several, Just(Pot::Whole)];
        let parts = prop::collection::vec((any_path(), 1..400_i32), 0..4);
        (pot, prop::option::of(any_path()), parts).prop_map(|(pot, rest, parts)| (Plan { pot, rest }, parts))
    }

    proptest! {
        #[test]
        fn n1_rows_add_up_after_any_sequence_of_operations(
            total in 1..800_i32,
            first in prop::collection::vec((any_path(), 1..300_i32), 0..4),
            plans in prop::collection::vec(any_plan(), 1..12),
        ) {
            let mut grid = Grid { total, rows: Vec::new() };
            for (path, n) in first {
                grid.put(Row { path, ..waiting(n) });
            }
            let mut grid = grid.settled();
            let mut sound = grid.remainder() == 0;
            for (plan, parts) in plans {
                let parts = parts.into_iter().map(|(path, n)| Row { path, ..waiting(n) }).collect();
                if let Ok(after) = grid.apply(&plan, parts) {
                    grid = after;
                    sound = true;
                }
                prop_assert_eq!(grid.remainder() == 0, sound);
                prop_assert!(grid.rows.iter().all(|row| row.entitlements >= 1));
                let mut paths: Vec<_> = grid.rows.iter().map(|row| &row.path).collect();
                paths.sort();
                paths.dedup();
                prop_assert_eq!(paths.len(), grid.rows.len(), "one row for each path");
            }
        }

        #[test]
        fn n1_moving_all_of_a_row_keeps_every_other(
            n in prop::collection::vec(1..500_i32, 3), to in 0..2_usize,
        ) {
            let rows: Vec<_> = PATHS.iter().zip(&n).map(|(code, n)| (*code, *n)).collect();
            let before = grid(n.iter().sum(), &rows);
            let after = before.apply(&of_row(PATHS[2], Some(PATHS[to])), Vec::new()).unwrap();
            prop_assert_eq!(after.row(&Path::of_code(PATHS[1 - to])), before.row(&Path::of_code(PATHS[1 - to])));
            prop_assert_eq!(after.rows.len(), 2);
        }
    }
}
