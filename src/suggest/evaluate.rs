//! How good the engine is, on notes that its model has not seen.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::suggestion::{Band, Grade, Suggestion};
use crate::domain::taxonomy::Taxonomy;

use super::corpus::Note;
use super::feature::Extractor;
use super::suggestion::Judgement;
use super::train::{Effort, Example, train};

/// One note in so many is held out in the fixed split.
const FIXED_SPLIT: u64 = 8;
/// Classes of likelihood in which promise and truth are compared.
const BINS: u8 = 10;

/// Which notes are held out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Split {
    /// A whole file.
    File(String),
    /// Every eighth note by its digest; notes of one `pair` stay together.
    Fixed,
}

impl Split {
    fn holds_out(&self, note: &Note) -> bool {
        match self {
            Self::File(file) => note.file == *file,
            Self::Fixed => {
                let key = note.pair.as_deref().unwrap_or(&note.id);
                let hash = key.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
                    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
                });
                (hash >> 17).is_multiple_of(FIXED_SPLIT)
            }
        }
    }
}

/// A note with what was suggested for it.
#[derive(Debug)]
pub struct Judged<'a> {
    /// As it was labelled.
    pub note: &'a Note,
    /// As it was read.
    pub suggestion: Suggestion,
}

/// Trains without the notes that any of the splits holds out, and judges those.
pub fn judge<'a>(
    examples: &[Example<'a>],
    extractor: &Extractor,
    taxonomy: &Taxonomy,
    splits: &[Split],
    effort: Effort,
) -> Vec<Judged<'a>> {
    let is_out = |example: &&Example<'a>| {
        !example.note.is_definition() && splits.iter().any(|split| split.holds_out(example.note))
    };
    let (out, rest): (Vec<&Example<'a>>, Vec<_>) = examples.iter().partition(is_out);
    let model = train(&rest, taxonomy, effort);
    let judgement = Judgement { model: &model, taxonomy, concepts: &extractor.concepts, habits: None };
    out.into_iter()
        .map(|example| {
            let note = example.note;
            Judged { note, suggestion: judgement.of(&note.service, &note.note, &example.parts) }
        })
        .collect()
}

/// How often something was right.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Share {
    /// Right.
    pub right: f32,
    /// In all.
    pub of: f32,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.of += 1.0;
        self.right += f32::from(u8::from(right));
    }

    /// From 0 to 1; 0 of nothing.
    pub fn value(self) -> f32 {
        if self.of > 0.0 { self.right / self.of } else { 0.0 }
    }
}

/// Figures of judged notes. Levels are scored on notes that are not poor.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Status.
    pub l1: Share,
    /// Status and reason.
    pub l2: Share,
    /// Status and reason among the first three.
    pub top3: Share,
    /// Engineering reason with the levels above, where the note has one.
    pub l3: Share,
    /// Grade, of all notes.
    pub grade: Share,
    /// Of the great notes, how many are green.
    pub great_green: Share,
    /// Of the green notes, how many have the right reason.
    pub green_right: Share,
    /// Of the poor notes, how many are not green.
    pub poor_held: Share,
    bins: BTreeMap<u8, (f32, f32)>,
    reasons: BTreeMap<(String, String), [f32; 3]>,
    confusions: BTreeMap<(String, String), u32>,
}

impl Figures {
    /// Counts judged notes.
    pub fn of<'a, 'b: 'a>(judged: impl IntoIterator<Item = &'a Judged<'b>>) -> Self {
        let mut figures = Self::default();
        judged.into_iter().for_each(|judged| figures.count(judged));
        figures
    }

    fn count(&mut self, judged: &Judged<'_>) {
        let Judged { note, suggestion } = judged;
        let (l1, l2, l3) = note.levels();
        self.grade.count(suggestion.grade == note.quality);
        let green = suggestion.band == Band::Green;
        if note.quality == Grade::Poor {
            self.poor_held.count(!green);
            return;
        }
        let reason =
            |at: usize| suggestion.ranked.get(at).is_some_and(|r| r.path.l1 == l1 && r.path.l2 == l2);
        let first = suggestion.ranked.first();
        let right = reason(0);
        self.l1.count(first.is_some_and(|ranked| ranked.path.l1 == l1));
        self.l2.count(right);
        self.top3.count((0..3).any(reason));
        if !l3.is_empty() {
            self.l3.count(right && first.is_some_and(|ranked| ranked.path.l3 == l3));
        }
        if note.quality == Grade::Great {
            self.great_green.count(green);
        }
        if green {
            self.green_right.count(right);
        }
        let bin = (0..BINS).rev().find(|bin| suggestion.confidence * f32::from(BINS) >= f32::from(*bin));
        let (promised, kept) = self.bins.entry(bin.unwrap_or(0)).or_default();
        *promised += suggestion.confidence;
        *kept += f32::from(u8::from(right));
        let said = first.map(|ranked| (ranked.path.l1.clone(), ranked.path.l2.clone())).unwrap_or_default();
        let truth = (l1.to_owned(), l2.to_owned());
        if !right {
            let names = (format!("{l1}/{l2}"), format!("{}/{}", said.0, said.1));
            *self.confusions.entry(names).or_default() += 1;
        }
        self.reasons.entry(said).or_default()[1] += 1.0;
        let own = self.reasons.entry(truth).or_default();
        own[0] += f32::from(u8::from(right));
        own[2] += 1.0;
    }

    /// Expected calibration error: how far the confidence is from how often it is right, over ten classes.
    pub fn ece(&self) -> f32 {
        self.bins.values().map(|(promised, kept)| (promised - kept).abs()).sum::<f32>() / self.l2.of.max(1.0)
    }

    /// The mean of the reasons' F1, of those that occur.
    pub fn macro_f1(&self) -> f32 {
        let mut f1 = Share::default();
        for [right, said, there] in self.reasons.values().filter(|counts| counts[2] > 0.0) {
            f1.of += 1.0;
            f1.right += 2.0 * right / (said + there);
        }
        f1.value()
    }

    /// The most frequent mistakes: right reason, suggested reason, how often.
    pub fn confusions(&self, most: usize) -> Vec<(&str, &str, u32)> {
        let mut all: Vec<_> =
            self.confusions.iter().map(|((a, b), n)| (a.as_str(), b.as_str(), *n)).collect();
        all.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
        all.truncate(most);
        all
    }

    /// The heading of [`row`](Self::row).
    pub fn heading(of: &str) -> String {
        format!(
            "| {of:<18} | notes |    L1 |    L2 | top 3 | macro F1 |   ECE |    L3 | grade | great green | green right | poor not green |\n\
             | {:-<18} | ----: | ----: | ----: | ----: | -------: | ----: | ----: | ----: | ----------: | ----------: | -------------: |",
            ""
        )
    }

    /// A row of a table.
    pub fn row(&self, name: &str) -> String {
        format!(
            "| {name:<18} | {:>5} | {:.3} | {:.3} | {:.3} | {:>8.3} | {:.3} | {:.3} | {:.3} | {:>11.3} | {:>11.3} | {:>14.3} |",
            self.l2.of,
            self.l1.value(),
            self.l2.value(),
            self.top3.value(),
            self.macro_f1(),
            self.ece(),
            self.l3.value(),
            self.grade.value(),
            self.great_green.value(),
            self.green_right.value(),
            self.poor_held.value(),
        )
    }
}

/// Figures by a property of the notes.
pub fn by<'a, 'b: 'a>(
    judged: &'a [Judged<'b>],
    property: impl Fn(&Note) -> &str,
) -> BTreeMap<String, Figures> {
    let names: BTreeSet<String> = judged.iter().map(|judged| property(judged.note).to_owned()).collect();
    let figures = |name: String| {
        let own = judged.iter().filter(|judged| property(judged.note) == name);
        let figures = Figures::of(own);
        (name, figures)
    };
    names.into_iter().map(figures).collect()
}
