//! One service of a tenant: how its entitlements are split, as words, as a bar and row by row.

use std::cmp::Ordering;

use serde::{Serialize, Serializer};

use super::super::run::Run;
use super::super::text::{self, UserText};
use super::super::tone::{Tone, Toned};
use crate::domain::service::{catalogue, name_of};
use crate::domain::taxonomy::taxonomy;

/// Signs in a full bar.
const BAR: usize = 12;
/// The sign: stands in the middle of the line, and is read aloud by no screen reader we know.
const SIGN: &str = "▬";
/// Most rows of one consumption status that are named.
const MOST_REASONS: usize = 6;
/// Most characters of a consumption status.
const STATUS_SHOWN: usize = 30;
/// Most characters of a reason in a row.
const REASON_SHOWN: usize = 90;

/// One row of the entitlement status table (DOMAIN 2.3), by codes; `l2` and `l3` are empty where the
/// level has no choice.
#[derive(Debug, Clone, Copy)]
pub struct Split<'a> {
    /// Consumption status.
    pub l1: &'a str,
    /// Reason.
    pub l2: &'a str,
    /// Engineering reason.
    pub l3: &'a str,
    /// How many entitlements.
    pub entitlements: u64,
}

/// A service in the summary of a tenant: one block of text, made here because its runs follow the data.
#[derive(Debug, Clone)]
pub struct Service {
    code: String,
    name: UserText,
    about: UserText,
    bar: Vec<Toned>,
    lines: Vec<Line>,
}

/// What is said of the entitlements under one consumption status.
#[derive(Debug, Clone)]
struct Line {
    /// "250 Blocked".
    share: UserText,
    tone: Tone,
    /// "180 Adoption Readiness, 70 Legal/Regulatory"; may be empty.
    reasons: UserText,
}

/// The entitlements under one consumption status.
struct Share<'a> {
    l1: &'a str,
    entitlements: u64,
}

impl Service {
    /// A service by its code, with its total of entitlements, the code of its engagement scenario and its rows.
    /// A difference between total and rows is shown as one more line (N1, N6).
    pub fn new(code: &str, total: u64, scenario: Option<&str>, rows: &[Split<'_>]) -> Self {
        let catalogue = catalogue();
        let mut about = format!(" · {}", text::count(total, "entitlement", "entitlements"));
        if let Some(scenario) = scenario {
            about = format!("{about} · {}", text::clip(name_of(catalogue.scenarios(), scenario), 40));
        }
        let shares = shares(rows);
        let sum: u64 = rows.iter().map(|row| row.entitlements).sum();
        let mut lines: Vec<_> = shares.iter().map(|share| line(share, rows)).collect();
        lines.extend(difference(total, sum));
        Self {
            // Only a service that the catalogue has can be opened.
            code: catalogue
                .services()
                .iter()
                .find(|known| known.code == code)
                .map(|_| code)
                .unwrap_or_default()
                .to_owned(),
            name: UserText::clipped(catalogue.service_name(code), 60),
            about: about.into(),
            bar: bar(&shares, total.saturating_sub(sum)),
            lines,
        }
    }

    /// Its code and its name.
    pub(super) fn named(&self) -> (String, UserText) {
        (self.code.clone(), self.name.clone())
    }

    /// Keeps the reasons within `bytes` (O4): the later ones go first.
    pub(in crate::cards) fn fit(&mut self, bytes: usize) {
        let mut taken = 0;
        for line in &mut self.lines {
            taken += line.reasons.whole().len();
            if taken > bytes {
                line.reasons = UserText::default();
            }
        }
    }
}

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut runs = vec![Run::new(self.name.shown()).bold(), Run::new(self.about.shown()).subtle()];
        for (line, bar) in self.lines.iter().zip(&self.bar) {
            runs.push(Run::new(format!("\n{} {}", bar.words, line.share.shown())).tone(line.tone));
            if !line.reasons.is_empty() {
                runs.push(Run::new(format!("\u{2002}{}", line.reasons.shown())).subtle());
            }
        }
        serializer.collect_seq(runs)
    }
}

/// Adds up the rows of each consumption status, in the order in which they first come.
fn shares<'a>(rows: &[Split<'a>]) -> Vec<Share<'a>> {
    let mut shares: Vec<Share<'a>> = Vec::new();
    for row in rows {
        match shares.iter_mut().find(|share| share.l1 == row.l1) {
            Some(share) => share.entitlements += row.entitlements,
            None => shares.push(Share { l1: row.l1, entitlements: row.entitlements }),
        }
    }
    shares
}

/// Every share gets at least one sign; the largest gives or takes, so that the bar keeps its length.
fn bar(shares: &[Share<'_>], missing: u64) -> Vec<Toned> {
    let parts = shares.iter().map(|share| (share.entitlements, Tone::of_consumption_status(share.l1)));
    let parts: Vec<_> = parts.chain([(missing, Tone::Default)]).filter(|(size, _)| *size > 0).collect();
    let whole: u64 = parts.iter().map(|(size, _)| size).sum();
    let mut lengths: Vec<usize> = parts.iter().map(|(size, _)| proportion(*size, whole)).collect();
    let drawn: usize = lengths.iter().sum();
    if let Some(longest) = lengths.iter_mut().max() {
        *longest = (*longest + BAR).saturating_sub(drawn).max(1);
    }
    let part = |((_, tone), length): (&(u64, Tone), usize)| Toned::new(SIGN.repeat(length), *tone);
    parts.iter().zip(lengths).map(part).collect()
}

fn proportion(size: u64, whole: u64) -> usize {
    let signs = (u128::from(size) * BAR as u128 + u128::from(whole) / 2) / u128::from(whole.max(1));
    usize::try_from(signs).unwrap_or(BAR).clamp(1, BAR)
}

/// What is said when the rows do not make up the total.
fn difference(total: u64, sum: u64) -> Option<Line> {
    let line = |words: String, tone| Line { share: words.into(), tone, reasons: UserText::default() };
    match total.cmp(&sum) {
        Ordering::Equal => None,
        Ordering::Greater => {
            Some(line(format!("{} without a status", text::number(total - sum)), Tone::Default))
        }
        Ordering::Less => {
            Some(line(format!("{} more in the rows than in total", text::number(sum - total)), Tone::Warning))
        }
    }
}

/// "250 Blocked", with its reasons "180 Adoption Readiness, 70 Legal/Regulatory". A single reason needs
/// no number: the share says it already.
fn line(share: &Share<'_>, rows: &[Split<'_>]) -> Line {
    let rows: Vec<_> = rows.iter().filter(|row| row.l1 == share.l1 && !row.l2.is_empty()).collect();
    let numbered = rows.iter().any(|row| row.entitlements != share.entitlements);
    let mut reasons: Vec<_> = rows.iter().take(MOST_REASONS).map(|row| reason(row, numbered)).collect();
    let more = rows.len().saturating_sub(MOST_REASONS);
    if more > 0 {
        reasons.push(format!("{more} more"));
    }
    let names = taxonomy();
    let status = text::clip(names.name(share.l1, "", ""), STATUS_SHOWN);
    Line {
        share: format!("{} {status}", text::number(share.entitlements)).into(),
        tone: Tone::of_consumption_status(share.l1),
        reasons: reasons.join(", ").into(),
    }
}

fn reason(row: &Split<'_>, numbered: bool) -> String {
    let names = taxonomy();
    let mut reason = names.name(row.l1, row.l2, "").to_owned();
    if !row.l3.is_empty() {
        reason = format!("{reason} › {}", names.name(row.l1, row.l2, row.l3));
    }
    let reason = text::clip(&reason, REASON_SHOWN);
    if numbered { format!("{} {reason}", text::number(row.entitlements)) } else { reason.into_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_bar_keeps_its_length_and_forgets_no_share(sizes in prop::collection::vec(1_u64..100_000, 1..6)) {
            let codes = ["in_progress", "blocked", "status_unknown", "no_intent", "duplicate_invalid"];
            let shares: Vec<_> =
                sizes.iter().zip(codes).map(|(size, l1)| Share { l1, entitlements: *size }).collect();
            let parts = bar(&shares, 0);
            let length = |part: &Toned| part.words.chars().count();
            prop_assert_eq!(parts.len(), shares.len());
            prop_assert!(parts.iter().all(|part| length(part) >= 1));
            let whole: usize = parts.iter().map(length).sum();
            prop_assert_eq!(whole, BAR);
        }
    }

    #[test]
    fn n1_rows_that_do_not_add_up_are_said() {
        let row = |entitlements| [Split { l1: "blocked", l2: "", l3: "", entitlements }];
        let said = |total, rows: &[Split<'_>]| {
            let lines = Service::new("exchange", total, None, rows).lines;
            lines.iter().map(|line| line.share.whole().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(said(5, &row(5)), ["5 Blocked"]);
        assert_eq!(said(8, &row(5)), ["5 Blocked", "3 without a status"]);
        assert_eq!(said(4, &row(5)), ["5 Blocked", "1 more in the rows than in total"]);
        assert!(said(0, &[]).is_empty());
    }
}
