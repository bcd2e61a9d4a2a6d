//! What a firm teaches the shipped model: weights of its own, which are added to the shipped scores. Trained from this
//! firm's decisions alone (M2), in seconds; the same decisions give the same weights.
//!
//! Only hashed features are kept, no word: a bucket stands for a great many words, and none can be read from it.

use crate::domain::suggestion::Decision;

use super::feature::{Features, Parts};
use super::linear::{Compact, Lesson, Linear, Plan};
use super::model::{BadModel, Model, Shape, put, weights};
use super::suggestion::Engine;

/// How a file of habits begins.
const MAGIC: &[u8] = b"tenantry habits 2\n";
/// Buckets, as a power of two.
const BITS: u32 = 12;
/// Rounds over the decisions.
const ROUNDS: u16 = 10;
/// Share of certainty that is left: people err, too.
const DOUBT: f32 = 0.1;
/// What the shipped model's likelihoods weigh among the features.
const SHIPPED: f32 = 3.0;
/// One decision in so many is never learnt from: it says how good a version is.
const HELD_OUT: u64 = 4;

/// What a firm taught.
#[derive(Debug, Clone, PartialEq)]
pub struct Habits {
    /// Which version of the firm's own it is.
    pub version: i32,
    own: Compact,
}

/// A version that is tried against the one before it, on decisions that neither has learnt from.
#[derive(Debug)]
pub struct Trial {
    /// The version.
    pub habits: Habits,
    /// Decisions that it learnt from.
    pub learnt: usize,
    /// Decisions that it was tried on.
    pub held_out: usize,
    /// Of these, how many got status and reason right before it.
    pub before: usize,
    /// And how many it gets right.
    pub after: usize,
}

impl Trial {
    /// Whether it may take over: it was tried, and is not worse.
    pub fn is_good(&self) -> bool {
        self.held_out > 0 && self.after >= self.before
    }
}

/// A decision as the models see it.
struct Case<'a> {
    decision: &'a Decision,
    parts: Parts,
    right: usize,
}

impl Habits {
    /// Learns from a firm's decisions, and tries what was learnt against what suggests now. Decisions on levels that
    /// cannot be suggested are left out.
    pub fn learn(engine: &Engine<'_>, decisions: &[Decision], now: Option<&Self>, version: i32) -> Trial {
        let labels = &engine.model().labels;
        let cases = decisions.iter().filter_map(|decision| {
            let Decision { service, note, chosen } = decision;
            let right = labels.reason(&chosen.l1, &chosen.l2)?;
            Some(Case { decision, parts: engine.parts(service, note), right })
        });
        let (out, known): (Vec<Case<'_>>, Vec<_>) = cases.partition(|case| is_held_out(case.decision));
        let own = train(engine, &known);
        let habits = Self { version, own };
        let right = |by: Option<&Self>| out.iter().filter(|case| case.is_right(engine, by)).count();
        Trial {
            learnt: known.len(),
            held_out: out.len(),
            before: right(now),
            after: right(Some(&habits)),
            habits,
        }
    }

    /// What is added to the shipped model's scores, once they are as sharp as they become.
    pub(super) fn scores(&self, parts: &Parts, model: &Model, shipped: &[f32]) -> Vec<f32> {
        self.own.scores(&features(parts, model, shipped))
    }

    /// What a feature adds to a reason.
    pub(super) fn weight(&self, bucket: u32, reason: usize) -> f32 {
        self.own.weight(bucket, reason)
    }

    /// The file, without the version.
    ///
    /// # Errors
    /// None that trained habits can cause.
    pub fn write(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut file = MAGIC.to_vec();
        file.extend(serde_json::to_vec(&Shape { labels: self.own.labels, bits: self.own.bits })?);
        file.push(b'\n');
        put(&self.own, &mut file);
        Ok(file)
    }

    /// Reads a file of this version, for an engine.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(engine: &Engine<'_>, file: &[u8], version: i32) -> Result<Self, BadModel> {
        let rest = file.strip_prefix(MAGIC).ok_or(BadModel::Foreign)?;
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or(BadModel::Short)?;
        let (header, rest) = rest.split_at_checked(end).ok_or(BadModel::Short)?;
        let mut rest = rest.get(1..).ok_or(BadModel::Short)?;
        let own = weights(&mut rest, &serde_json::from_slice(header)?)?;
        let fits = own.labels == engine.model().labels.reasons.len() && rest.is_empty();
        if fits { Ok(Self { version, own }) } else { Err(BadModel::Foreign) }
    }
}

impl Case<'_> {
    fn is_right(&self, engine: &Engine<'_>, habits: Option<&Habits>) -> bool {
        let Decision { service, note, chosen } = self.decision;
        let suggestion = engine.judgement(habits).of(service, note, &self.parts);
        let first = suggestion.ranked.first();
        first.is_some_and(|first| first.path.l1 == chosen.l1 && first.path.l2 == chosen.l2)
    }
}

/// What a firm's habits hang on: the words of the note, and what the shipped model makes of it.
fn features(parts: &Parts, model: &Model, shipped: &[f32]) -> Features {
    let likelihoods = model.calibration.likelihoods(shipped);
    Features { dense: likelihoods.into_iter().map(|p| p * SHIPPED).collect(), ..parts.words(&model.rarity) }
}

fn train(engine: &Engine<'_>, known: &[Case<'_>]) -> Compact {
    let model = engine.model();
    let sharpness = model.calibration.sharpness;
    let seen: Vec<(Features, Vec<f32>)> = known
        .iter()
        .map(|case| {
            let judged = case.parts.features(&model.rarity);
            let shipped = engine.judgement(None).scores(&case.decision.service, &judged);
            let sharp = shipped.iter().map(|score| score * sharpness).collect();
            (features(&case.parts, model, &shipped), sharp)
        })
        .collect();
    let reasons = model.labels.reasons.len();
    let lessons: Vec<Lesson<'_>> = known
        .iter()
        .zip(&seen)
        // What the taxonomy does not allow any more is not learnt.
        .filter(|(case, (_, sharp))| sharp.get(case.right).is_some_and(|score| score.is_finite()))
        .map(|(case, (features, sharp))| Lesson {
            features,
            known: sharp,
            choices: 0..reasons,
            answer: case.right..case.right + 1,
            near: case.right..case.right + 1,
            weight: 1.0,
        })
        .collect();
    let plan = Plan {
        labels: reasons,
        bits: BITS,
        rounds: ROUNDS,
        doubt: DOUBT,
        nearness: 0.0,
        even: false,
        forgotten: 0.0,
        members: 1,
    };
    Linear::train(&lessons, &plan).compact()
}

/// Whether a decision is only tried on: by a digest of its service and note, so that equal notes stand on one side
/// (FNV-1a of 64 bits).
pub fn is_held_out(decision: &Decision) -> bool {
    let bytes = decision.service.bytes().chain([0]).chain(decision.note.bytes());
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    (hash >> 17).is_multiple_of(HELD_OUT)
}
