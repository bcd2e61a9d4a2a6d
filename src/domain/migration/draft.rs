//! A migration as it is being typed, and what can be said and done before it is whole.

use serde::{Deserialize, Serialize};

use super::super::service::Service;
use super::lists::{NO_MIGRATION, types_of};
use super::{Line, Migration};

/// The choice among the types that takes a line away, whatever else stands on it.
pub const REMOVE: &str = "remove";

/// The ids of one line's inputs.
#[derive(Debug)]
pub struct LineFields {
    /// Migration type.
    pub kind: &'static str,
    /// Entitlements.
    pub entitlements: &'static str,
    /// Estimated date.
    pub estimated: &'static str,
    /// Size in gigabytes.
    pub size_gb: &'static str,
    /// Remarks.
    pub notes: &'static str,
    /// Line status, on the form of those who may set it (M7).
    pub status: &'static str,
}

macro_rules! line_fields {
    ($($number:literal)*) => {
        [$(LineFields {
            kind: concat!("type_", $number),
            entitlements: concat!("entitlements_", $number),
            estimated: concat!("estimated_", $number),
            size_gb: concat!("size_gb_", $number),
            notes: concat!("notes_", $number),
            status: concat!("status_", $number),
        }),*]
    };
}

/// Most lines of a migration: one for each type that a service has (DOMAIN 2.7), and some to spare.
pub const MOST_LINES: usize = 8;
/// The inputs of the lines, from the first to the last.
pub static LINE_FIELDS: [LineFields; MOST_LINES] = line_fields!(1 2 3 4 5 6 7 8);

/// A migration as it was typed: reading it cannot fail, so that it can always be shown back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Whether Microsoft migrates: `true`, `false`, or nothing yet.
    pub by_microsoft: String,
    /// First day, `YYYY-MM-DD`.
    pub starts: String,
    /// Last day, `YYYY-MM-DD`.
    pub ends: String,
    /// The lines, each in its row of the form.
    pub lines: Vec<LineDraft>,
    /// Why the customer declines, by code.
    pub rejection_reason: String,
    /// Why, in words.
    pub rejection_note: String,
}

/// A line as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineDraft {
    /// Migration type, by code; [`REMOVE`] takes the line away.
    pub kind: String,
    /// How many entitlements.
    pub entitlements: String,
    /// Estimated date, `YYYY-MM-DD`.
    pub estimated: String,
    /// Size in gigabytes; empty is 0.
    pub size_gb: String,
    /// Remarks.
    pub notes: String,
}

/// What the lines of a draft add up to so far, and what they should (M3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Sum of the numbers that can be read.
    pub sum: u64,
    /// The service's In Progress entitlements.
    pub in_progress: u64,
}

impl LineDraft {
    /// Whether the row holds no line: nothing was typed, or it is to be removed.
    pub fn is_vacant(&self) -> bool {
        let typed = [&self.kind, &self.entitlements, &self.estimated, &self.notes];
        self.kind == REMOVE || (typed.iter().all(|t| t.is_empty()) && matches!(&*self.size_gb, "" | "0"))
    }

    fn counted(&self) -> u64 {
        if self.is_vacant() { 0 } else { self.entitlements.parse::<u32>().map_or(0, u64::from) }
    }
}

impl From<&Line> for LineDraft {
    fn from(line: &Line) -> Self {
        Self {
            kind: line.kind.clone(),
            entitlements: line.entitlements.to_string(),
            estimated: line.estimated.map(|date| date.to_string()).unwrap_or_default(),
            // 0 is what nobody has said, and is typed by leaving it empty.
            size_gb: if line.size_gb == 0 { String::new() } else { line.size_gb.to_string() },
            notes: line.notes.clone(),
        }
    }
}

impl From<&Migration> for Draft {
    fn from(migration: &Migration) -> Self {
        match migration {
            Migration::Performed { starts, ends, lines } => Self {
                by_microsoft: "true".to_owned(),
                starts: starts.to_string(),
                ends: ends.to_string(),
                lines: lines.iter().map(LineDraft::from).collect(),
                ..Self::default()
            },
            Migration::Declined { reason, note } => Self {
                by_microsoft: "false".to_owned(),
                rejection_reason: reason.clone(),
                rejection_note: note.clone(),
                ..Self::default()
            },
        }
    }
}

impl Draft {
    /// What the lines add up to so far.
    pub fn tally(&self, in_progress: u64) -> Tally {
        Tally { sum: self.lines.iter().map(LineDraft::counted).sum(), in_progress }
    }

    /// Opens one more row, as long as the service has a type left for it.
    pub fn add_line(&mut self, service: &Service) {
        if self.lines.len() < types_of(service).count().min(MOST_LINES) {
            self.lines.push(LineDraft::default());
        }
    }

    /// Puts on No Migration whatever the other lines leave of the In Progress entitlements; its row goes where
    /// they leave nothing. Takes a vacant row where there is one.
    pub fn put_rest(&mut self, service: &Service, in_progress: u64) {
        let is_rest = |line: &LineDraft| line.kind == NO_MIGRATION;
        let others = self.lines.iter().filter(|line| !is_rest(line)).map(LineDraft::counted).sum();
        let rest = in_progress.saturating_sub(others);
        if rest > 0 && !self.lines.iter().any(is_rest) {
            if !self.lines.iter().any(LineDraft::is_vacant) {
                self.add_line(service);
            }
            if let Some(row) = self.lines.iter_mut().find(|line| line.is_vacant()) {
                *row = LineDraft { kind: NO_MIGRATION.to_owned(), ..LineDraft::default() };
            }
        }
        if let Some(row) = self.lines.iter_mut().find(|line| is_rest(line)) {
            if rest > 0 {
                row.entitlements = rest.to_string();
            } else {
                *row = LineDraft::default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::service::catalogue;
    use super::*;

    fn exchange() -> &'static Service {
        catalogue().service("exchange").unwrap()
    }

    fn lines(lines: &[(&str, &str)]) -> Draft {
        let line = |(kind, entitlements): &(&str, &str)| LineDraft {
            kind: (*kind).to_owned(),
            entitlements: (*entitlements).to_owned(),
            ..LineDraft::default()
        };
        Draft { lines: lines.iter().map(line).collect(), ..Draft::default() }
    }

    fn shown(draft: &Draft) -> Vec<(&str, &str)> {
        draft.lines.iter().map(|line| (&*line.kind, &*line.entitlements)).collect()
    }

    #[test]
    fn m3_the_sum_of_what_is_typed_so_far_is_known() {
        let sum = |typed: &[(&str, &str)]| lines(typed).tally(305).sum;
        assert_eq!(sum(&[("mig_imap", "100"), ("", "200"), (REMOVE, "50"), ("mig_imap", "many")]), 300);
        assert_eq!(sum(&[("mig_imap", "4294967295"); 8]), 8 * 4_294_967_295);
    }

    #[test]
    fn m3_the_rest_goes_on_no_migration() {
        let after = |typed: &[(&str, &str)]| {
            let mut draft = lines(typed);
            draft.put_rest(exchange(), 305);
            draft
        };
        let rest = (NO_MIGRATION, "5");
        assert_eq!(shown(&after(&[("mig_imap", "300")])), [("mig_imap", "300"), rest]);
        assert_eq!(shown(&after(&[("", ""), ("mig_imap", "300")])), [rest, ("mig_imap", "300")]);
        assert_eq!(shown(&after(&[(NO_MIGRATION, "9"), ("mig_imap", "300")])), [rest, ("mig_imap", "300")]);
        assert_eq!(
            shown(&after(&[(NO_MIGRATION, "9"), ("mig_imap", "305")])),
            [("", ""), ("mig_imap", "305")]
        );
        assert_eq!(shown(&after(&[("mig_imap", "400")])), [("mig_imap", "400")]);
    }

    #[test]
    fn a_line_for_each_type_and_no_more() {
        let mut draft = Draft::default();
        for _ in 0..20 {
            draft.add_line(exchange());
        }
        assert_eq!(draft.lines.len(), types_of(exchange()).count());
    }
}
