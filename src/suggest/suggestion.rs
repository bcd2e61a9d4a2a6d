//! What a note suggests for a service.

use std::sync::LazyLock;

use crate::domain::suggestion::{Band, GREEN, Grade, ORANGE, Ranked, Suggestion};
use crate::domain::taxonomy::{Path, Taxonomy, shipped};

use super::feature::{Extractor, Features, Parts};
use super::grade::{self, Known};
use super::habit::Habits;
use super::linear::softmax;
use super::model::Model;
use super::rival;

/// Reasons that are offered at least, as far as the taxonomy has them.
const FEWEST_RANKED: usize = 3;
/// Reasons that are offered at most.
const MOST_RANKED: usize = 5;
/// Less likely reasons are offered only to reach the fewest.
const LEAST: f32 = 0.03;
/// Words that are shown.
const MOST_WORDS: usize = 5;
/// A note that is likelier poor than this stays red, whatever its words.
const POOR: f32 = 0.5;
/// What keeps a confidence below a limit.
const BELOW: f32 = 0.99;
/// Characters of a status note (DOMAIN 2.3). A longer text, or one without any word of the trade, is never green.
const STATUS_NOTE: usize = 400;
/// Notes of more characters are read up to here; a status note has 400 at most.
const LONGEST_NOTE: usize = 2000;

/// Suggests levels for notes.
#[derive(Debug)]
pub struct Engine<'a> {
    model: Model,
    extractor: Extractor,
    taxonomy: &'a Taxonomy,
}

static SHIPPED: LazyLock<Engine<'static>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    let model = Model::read(include_bytes!("../../data/suggest.model")).expect("data/suggest.model");
    Engine::new(model, shipped())
});

impl Engine<'static> {
    /// The engine that the product ships; read at the first call.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }
}

impl<'a> Engine<'a> {
    /// An engine of a model, for a taxonomy.
    pub fn new(model: Model, taxonomy: &'a Taxonomy) -> Self {
        Self { model, extractor: Extractor::new(rival::Rivals::of(taxonomy)), taxonomy }
    }

    /// The model's version.
    pub fn version(&self) -> &str {
        &self.model.version
    }

    /// What a note suggests for a service, by code. Any text gets an answer.
    pub fn suggest(&self, service: &str, note: &str) -> Suggestion {
        self.suggest_by(None, service, note)
    }

    /// The same for a firm with habits of its own.
    pub fn suggest_by(&self, habits: Option<&Habits>, service: &str, note: &str) -> Suggestion {
        let note = note.char_indices().nth(LONGEST_NOTE).and_then(|(end, _)| note.get(..end)).unwrap_or(note);
        self.judgement(habits).of(service, note, &self.extractor.parts(note, service))
    }

    /// The model at work, for a firm with habits of its own.
    pub(super) fn judgement<'e>(&'e self, habits: Option<&'e Habits>) -> Judgement<'e> {
        let Self { model, extractor, taxonomy } = self;
        Judgement { model, taxonomy, concepts: &extractor.concepts, habits }
    }

    /// The model.
    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    /// A note taken apart.
    pub(super) fn parts(&self, service: &str, note: &str) -> Parts {
        self.extractor.parts(note, service)
    }
}

/// A model at work.
#[derive(Debug)]
pub struct Judgement<'a> {
    /// The model.
    pub model: &'a Model,
    /// What may be suggested.
    pub taxonomy: &'a Taxonomy,
    /// Of the note's parts.
    pub concepts: &'a super::concept::Concepts,
    /// What a firm taught it beside.
    pub habits: Option<&'a Habits>,
}

impl Judgement<'_> {
    /// What a note suggests that was taken apart.
    pub fn of(&self, service: &str, note: &str, parts: &Parts) -> Suggestion {
        let features = parts.features(&self.model.rarity);
        let likelihoods = self.likelihoods(service, parts, &features);
        let order = self.order(&likelihoods);
        let p = |at: &usize| likelihoods.get(*at).copied().unwrap_or(0.0);
        let ranked: Vec<Ranked> = order
            .iter()
            .enumerate()
            .filter(|(place, at)| *place < FEWEST_RANKED || (*place < MOST_RANKED && p(at) >= LEAST))
            .filter_map(|(_, at)| self.ranked(*at, p(at), service, parts, &features))
            .collect();
        let (grade, poor) = self.grade(parts, &features);
        let mut confidence =
            self.model.calibration.confidence(&likelihoods, parts.strange(&self.model.rarity));
        if parts.reading.words.is_empty() {
            confidence = 0.0;
        } else if poor > POOR {
            confidence = confidence.min(BELOW * ORANGE);
        } else if note.chars().count() > STATUS_NOTE || (parts.concepts.is_empty() && parts.rivals.is_empty())
        {
            confidence = confidence.min(BELOW * GREEN);
        }
        let (l1, l2) =
            order.first().and_then(|at| self.model.labels.reasons.get(*at)).cloned().unwrap_or_default();
        let status: f32 = self.model.labels.reasons_of(&l1).filter_map(|at| likelihoods.get(at)).sum();
        let reason = order.first().map_or(0.0, p);
        let known = Known { grade, l1: (&l1, status), reason, l2: &l2 };
        let ambiguous = grade::ambiguous(note, parts, self.concepts);
        Suggestion {
            confidence,
            band: Band::of(confidence),
            grade,
            lacks: grade::missing(&known, parts, self.concepts),
            ambiguous: ambiguous.into_iter().map(str::to_owned).collect(),
            words: self.words(note, parts, &order),
            ranked,
            model: self.version(),
        }
    }

    /// The version of what suggests.
    fn version(&self) -> String {
        match self.habits {
            Some(habits) => format!("{}+{}", self.model.version, habits.version),
            None => self.model.version.clone(),
        }
    }

    /// How likely each reason is.
    fn likelihoods(&self, service: &str, parts: &Parts, features: &Features) -> Vec<f32> {
        let mut scores = self.scores(service, features);
        if let Some(habits) = self.habits {
            let own = habits.scores(parts, self.model, &scores);
            let sharpness = self.model.calibration.sharpness;
            scores.iter_mut().zip(own).for_each(|(score, own)| *score += own / sharpness);
        }
        self.model.calibration.likelihoods(&scores)
    }

    /// What the shipped model gives each reason; the least of all to those that the taxonomy does not allow for the
    /// service.
    pub(super) fn scores(&self, service: &str, features: &Features) -> Vec<f32> {
        let mut scores = self.model.reason.scores(features);
        for (score, (l1, l2)) in scores.iter_mut().zip(&self.model.labels.reasons) {
            let offered = if l2.is_empty() {
                self.taxonomy.offered_l1().any(|status| status.code == *l1) && !self.taxonomy.needs_l2(l1)
            } else {
                self.taxonomy.offered_l1().any(|status| status.code == *l1)
                    && self.taxonomy.offered_l2(l1, service).any(|reason| reason.code == *l2)
            };
            if !offered {
                *score = f32::NEG_INFINITY;
            }
        }
        scores
    }

    /// Reasons, the likeliest first. The first is of the likeliest status, even if the reason itself is not the
    /// likeliest of all: the status matters most.
    fn order(&self, likelihoods: &[f32]) -> Vec<usize> {
        let p = |at: &usize| likelihoods.get(*at).copied().unwrap_or(0.0);
        let status = |at: &usize| {
            let l1 = self.model.labels.reasons.get(*at).map_or("", |(l1, _)| l1.as_str());
            self.model.labels.reasons_of(l1).map(|at| p(&at)).sum::<f32>()
        };
        let mut order: Vec<usize> = (0..likelihoods.len()).filter(|at| p(at) > 0.0).collect();
        order.sort_by(|a, b| p(b).total_cmp(&p(a)));
        let greatest = order.iter().map(status).fold(0.0, f32::max);
        if let Some(first) = order.iter().position(|at| status(at) >= greatest) {
            order.get_mut(..=first).unwrap_or_default().rotate_right(1);
        }
        order
    }

    /// A reason with its likeliest engineering reason.
    fn ranked(
        &self,
        reason: usize,
        p: f32,
        service: &str,
        parts: &Parts,
        features: &Features,
    ) -> Option<Ranked> {
        let (l1, l2) = self.model.labels.reasons.get(reason)?;
        let l3 = if self.taxonomy.needs_l3(l1, l2, service) {
            self.engineering_reason(reason, service, parts, features)?
        } else {
            String::new()
        };
        let path = Path::new(l1, l2, &l3);
        self.taxonomy.check(&path, service).is_ok().then_some(Ranked { path, p })
    }

    fn engineering_reason(
        &self,
        reason: usize,
        service: &str,
        parts: &Parts,
        features: &Features,
    ) -> Option<String> {
        let (l1, l2) = self.model.labels.reasons.get(reason)?;
        let offered: Vec<&str> =
            self.taxonomy.offered_l3(l1, l2, service).map(|l3| l3.code.as_str()).collect();
        if (l1.as_str(), l2.as_str()) == rival::REASON
            && let Some(product) = parts.rivals.iter().find_map(|found| found.l3.clone())
        {
            return Some(product);
        }
        let labels = self.model.labels.deeper_of(reason);
        let scores = self.model.deeper.scores_of(features, labels.clone());
        let codes = self.model.labels.deeper.get(labels).unwrap_or_default();
        let known = codes.iter().map(|(_, code)| code.as_str()).zip(scores);
        let best = known.filter(|(code, _)| offered.contains(code)).max_by(|a, b| a.1.total_cmp(&b.1));
        let other = || offered.iter().find(|code| **code == "other").or(offered.first()).copied();
        best.map(|(code, _)| code).or_else(other).map(str::to_owned)
    }

    /// The grade, and how likely the note is poor.
    fn grade(&self, parts: &Parts, features: &Features) -> (Grade, f32) {
        if parts.reading.words.is_empty() {
            return (Grade::Poor, 1.0);
        }
        let mut p = self.model.grade.scores(&grade::features(parts, features));
        softmax(&mut p);
        let best = Grade::ALL.into_iter().zip(&p).max_by(|a, b| a.1.total_cmp(b.1));
        (best.map_or(Grade::Poor, |(grade, _)| grade), p.last().copied().unwrap_or(1.0))
    }

    /// The note's words that speak most for the first reason and against the second.
    fn words(&self, note: &str, parts: &Parts, order: &[usize]) -> Vec<String> {
        let Some(first) = order.first() else { return Vec::new() };
        let weight = |bucket: u32| {
            let against = order.get(1).map_or(0.0, |second| self.model.reason.weight(bucket, *second));
            let own = self.habits.map_or(0.0, |habits| habits.weight(bucket, *first));
            self.model.reason.weight(bucket, *first) - against + own
        };
        let mut spoken: Vec<(f32, &str)> = Vec::new();
        for (at, word) in parts.reading.words.iter().enumerate() {
            let Some(written) = note.get(word.at.clone()) else { continue };
            let sum: f32 = parts.buckets_of(at).into_iter().map(weight).sum();
            match spoken.iter_mut().find(|(_, known)| known.eq_ignore_ascii_case(written)) {
                Some((known, _)) => *known = known.max(sum),
                None => spoken.push((sum, written)),
            }
        }
        spoken.retain(|(sum, written)| *sum > 0.0 && written.chars().any(char::is_alphabetic));
        spoken.sort_by(|a, b| b.0.total_cmp(&a.0));
        spoken.into_iter().take(MOST_WORDS).map(|(_, written)| written.to_owned()).collect()
    }
}
