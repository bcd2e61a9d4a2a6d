//! What can be suggested: the reasons of the taxonomy, and the engineering reasons below them.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::domain::taxonomy::Taxonomy;

use super::corpus::Note;
use super::rival;

/// An engineering reason is learnt from that many notes on.
const FEWEST_NOTES: usize = 4;

/// The labels of a model, in the order of its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Labels {
    /// Reasons as L1 and L2; L2 is empty where the status has none. Those of a status stand together.
    pub reasons: Vec<(String, String)>,
    /// Engineering reasons: the number of the reason above, and the code. Those of a reason stand together.
    pub deeper: Vec<(usize, String)>,
}

impl Labels {
    /// The labels of a taxonomy that a corpus can teach.
    pub fn of(taxonomy: &Taxonomy, notes: &[Note]) -> Self {
        let mut labels = Self::default();
        for status in taxonomy.statuses() {
            if status.l2.is_empty() {
                labels.reasons.push((status.code.clone(), String::new()));
            }
            for reason in &status.l2 {
                let number = labels.reasons.len();
                labels.reasons.push((status.code.clone(), reason.code.clone()));
                let products = (status.code.as_str(), reason.code.as_str()) == rival::REASON;
                for l3 in reason.l3.iter().filter(|l3| !(products && rival::is_product(l3))) {
                    let told = |note: &&Note| note.levels() == (&status.code, &reason.code, &l3.code);
                    if notes.iter().filter(told).count() >= FEWEST_NOTES {
                        labels.deeper.push((number, l3.code.clone()));
                    }
                }
            }
        }
        labels
    }

    /// The number of a reason.
    pub fn reason(&self, l1: &str, l2: &str) -> Option<usize> {
        self.reasons.iter().position(|reason| reason.0 == l1 && reason.1 == l2)
    }

    /// The numbers of all reasons of a status.
    pub fn reasons_of(&self, l1: &str) -> Range<usize> {
        let start = self.reasons.iter().position(|reason| reason.0 == l1).unwrap_or(0);
        start..start + self.reasons.iter().filter(|reason| reason.0 == l1).count()
    }

    /// The numbers of all engineering reasons below a reason.
    pub fn deeper_of(&self, reason: usize) -> Range<usize> {
        let start = self.deeper.iter().position(|(above, _)| *above == reason).unwrap_or(0);
        start..start + self.deeper.iter().filter(|(above, _)| *above == reason).count()
    }

    /// The number of an engineering reason.
    pub fn deep(&self, reason: usize, l3: &str) -> Option<usize> {
        self.deeper.iter().position(|(above, code)| *above == reason && code == l3)
    }
}
