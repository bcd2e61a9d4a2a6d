//! From labelled notes to a model. The same notes give the same bytes.

use std::collections::BTreeSet;

use crate::domain::suggestion::Grade;
use crate::domain::taxonomy::Taxonomy;

use super::calibration::{Calibration, Unseen};
use super::corpus::Note;
use super::feature::{Extractor, Features, Parts, Rarity};
use super::grade;
use super::label::Labels;
use super::linear::{Lesson, Linear, Plan, at_once};
use super::model::Model;

/// What a poor note counts when reasons are learnt: its levels are a guess.
const POOR_WEIGHT: f32 = 0.3;
/// Share of certainty that is left open: people err, too.
const DOUBT: f32 = 0.05;
/// What the right status counts, beside the right reason: a note that is taken for another reason of its status is less
/// wrong than one that is taken for another status.
const STATUS: f32 = 1.5;
/// Share of a note's wording that a round over the notes does not see.
const FORGOTTEN: f32 = 0.3;

/// How much work a training is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Models that are averaged.
    pub members: u64,
    /// Rounds over the notes.
    pub rounds: u16,
    /// Parts of the notes that are left out in turn, to learn how sure the model may be. None: it is not learnt.
    pub folds: u64,
}

impl Effort {
    /// What the shipped model gets.
    pub const FULL: Self = Self { members: 4, rounds: 20, folds: 4 };
    /// Enough to see that all is in order.
    pub const QUICK: Self = Self { members: 1, rounds: 5, folds: 0 };
}

/// A note with its parts.
#[derive(Debug)]
pub struct Example<'a> {
    /// As it was labelled.
    pub note: &'a Note,
    /// As the models see it.
    pub parts: Parts,
}

/// Takes all notes apart.
pub fn examples<'a>(notes: &'a [Note], extractor: &Extractor) -> Vec<Example<'a>> {
    notes.iter().map(|note| Example { note, parts: extractor.parts(&note.note, &note.service) }).collect()
}

/// Trains a model.
pub fn train(examples: &[&Example<'_>], taxonomy: &Taxonomy, effort: Effort) -> Model {
    let notes: Vec<Note> = examples.iter().map(|example| example.note.clone()).collect();
    let labels = Labels::of(taxonomy, &notes);
    let mut model = fit(examples, &labels, effort);
    model.version = version(&notes);
    if effort.folds > 1 {
        model.calibration = Calibration::fit(&unseen(examples, &labels, effort));
    }
    model
}

/// Scores of notes by models that were trained without their file, with the reason that is right.
fn unseen(examples: &[&Example<'_>], labels: &Labels, effort: Effort) -> Vec<Unseen> {
    let told = examples.iter().filter(|example| !example.note.is_definition());
    let files: BTreeSet<&str> = told.map(|example| example.note.file.as_str()).collect();
    let fold_of = |example: &Example<'_>| {
        (0..effort.folds)
            .cycle()
            .zip(&files)
            .find(|(_, file)| **file == example.note.file)
            .map(|(fold, _)| fold)
    };
    at_once(effort.folds, |fold| without(examples, |e| fold_of(e) == Some(fold), labels, effort)).concat()
}

/// The same for one part that is left out. One model is enough to tell.
fn without(
    examples: &[&Example<'_>],
    is_out: impl Fn(&Example<'_>) -> bool,
    labels: &Labels,
    effort: Effort,
) -> Vec<Unseen> {
    let (out, rest): (Vec<&Example<'_>>, Vec<_>) = examples.iter().partition(|example| is_out(example));
    let (rarity, features) = features(&rest);
    let lessons = reason_lessons(&rest, &features, labels);
    let plan = Plan { members: 1, ..reason_plan(labels, effort) };
    let reason = Linear::train(&lessons, &plan).compact();
    let told = out.into_iter().filter(|example| example.note.quality != Grade::Poor);
    told.filter_map(|example| {
        let (l1, l2, _) = example.note.levels();
        let right = labels.reason(l1, l2)?;
        let scores = reason.scores(&example.parts.features(&rarity));
        Some(Unseen { scores, right, strange: example.parts.strange(&rarity) })
    })
    .collect()
}

fn features(examples: &[&Example<'_>]) -> (Rarity, Vec<Features>) {
    let rarity = Rarity::of(examples.iter().map(|example| &example.parts));
    let features = examples.iter().map(|example| example.parts.features(&rarity)).collect();
    (rarity, features)
}

fn fit(examples: &[&Example<'_>], labels: &Labels, effort: Effort) -> Model {
    let (rarity, features) = features(examples);
    let graded: Vec<Features> =
        examples.iter().zip(&features).map(|(example, own)| grade::features(&example.parts, own)).collect();
    let reasons = reason_lessons(examples, &features, labels);
    let deeper = deeper_lessons(examples, &features, labels);
    let grading = grade_lessons(examples, &graded);
    let plan = reason_plan(labels, effort);
    let small = Plan { bits: 14, nearness: 0.0, even: false, forgotten: 0.0, ..plan.clone() };
    let deeper_plan = Plan { labels: labels.deeper.len(), members: 1, ..small.clone() };
    let grade_plan = Plan { labels: Grade::ALL.len(), ..small };
    let (reason, deeper, grade) = std::thread::scope(|scope| {
        let others = scope.spawn(|| {
            let deeper = Linear::train(&deeper, &deeper_plan).compact();
            (deeper, Linear::train(&grading, &grade_plan).compact())
        });
        let reason = Linear::train(&reasons, &plan).compact();
        let (deeper, grade) = others.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (reason, deeper, grade)
    });
    let calibration = Calibration::default();
    Model { version: String::new(), labels: labels.clone(), calibration, rarity, reason, deeper, grade }
}

fn reason_plan(labels: &Labels, effort: Effort) -> Plan {
    Plan {
        labels: labels.reasons.len(),
        bits: super::feature::BITS,
        rounds: effort.rounds,
        doubt: DOUBT,
        nearness: STATUS,
        even: true,
        forgotten: FORGOTTEN,
        members: effort.members,
    }
}

fn reason_lessons<'a>(
    examples: &[&Example<'_>],
    features: &'a [Features],
    labels: &Labels,
) -> Vec<Lesson<'a>> {
    let lesson = |(example, features): (&&Example<'_>, &'a Features)| {
        let (l1, l2, _) = example.note.levels();
        let answer = labels.reason(l1, l2).map_or_else(|| labels.reasons_of(l1), |at| at..at + 1);
        let weight = if example.note.quality == Grade::Poor { POOR_WEIGHT } else { 1.0 };
        let near = labels.reasons_of(l1);
        Lesson { features, known: &[], choices: 0..labels.reasons.len(), answer, near, weight }
    };
    examples.iter().zip(features).map(lesson).filter(|lesson| !lesson.answer.is_empty()).collect()
}

fn deeper_lessons<'a>(
    examples: &[&Example<'_>],
    features: &'a [Features],
    labels: &Labels,
) -> Vec<Lesson<'a>> {
    let lesson = |(example, features): (&&Example<'_>, &'a Features)| {
        let (l1, l2, l3) = example.note.levels();
        let reason = labels.reason(l1, l2)?;
        let answer = labels.deep(reason, l3)?;
        let choices = labels.deeper_of(reason);
        let answer = answer..answer + 1;
        Some(Lesson { features, known: &[], choices, near: answer.clone(), answer, weight: 1.0 })
    };
    examples.iter().zip(features).filter_map(lesson).collect()
}

fn grade_lessons<'a>(examples: &[&Example<'_>], features: &'a [Features]) -> Vec<Lesson<'a>> {
    let lesson = |(example, features): (&&Example<'_>, &'a Features)| {
        let at = Grade::ALL.iter().position(|grade| *grade == example.note.quality).unwrap_or(0);
        let choices = 0..Grade::ALL.len();
        Lesson { features, known: &[], choices, answer: at..at + 1, near: at..at + 1, weight: 1.0 }
    };
    let graded = examples.iter().zip(features).filter(|(example, _)| !example.note.is_definition());
    graded.map(lesson).collect()
}

/// A digest of all that the model was made from (FNV-1a of 64 bits).
fn version(notes: &[Note]) -> String {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for note in notes {
        let (l1, l2, l3) = note.levels();
        for text in [&note.service, &note.note, l1, l2, l3, note.quality.code()] {
            for byte in text.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
            }
        }
    }
    format!("{hash:016x}")
}
