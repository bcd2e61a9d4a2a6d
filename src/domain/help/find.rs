//! Which topics a question means. A question is its terms; a rare one counts for more than one that is everywhere.

use std::collections::{BTreeMap, BTreeSet};

use strsim::damerau_levenshtein;

use super::Topic;
use super::term::{meant, synonyms, terms};

/// From this likeness on a topic is the answer, if it is ahead.
const SURE: f64 = 0.55;
/// So much ahead of the next.
const AHEAD: f64 = 0.1;
/// From this likeness on a topic is offered.
const NEAR: f64 = 0.25;
/// Most topics that are offered.
const OFFERED: usize = 3;
/// What a term counts that stands in a topic's answer only, and not in a way to ask it.
const IN_ANSWER: f64 = 0.4;
/// What a term that no topic has weighs, beside the rarest that one has.
const UNKNOWN: f64 = 0.9;
/// Most terms of a question that are looked at.
const TERMS: usize = 40;

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// Surely this topic.
    Sure(&'a Topic),
    /// One of these, the likeliest first; at most three.
    Perhaps(Vec<&'a Topic>),
    /// None.
    Nothing,
}

/// The terms of all topics.
#[derive(Debug)]
pub(super) struct Index {
    /// For each topic, in their order.
    entries: Vec<Entry>,
    /// What each term weighs.
    weights: BTreeMap<String, f64>,
    /// What a term weighs that no topic has.
    unknown: f64,
}

#[derive(Debug)]
struct Entry {
    /// The terms of the title, and of each other way to ask.
    ways: Vec<Vec<String>>,
    /// The terms of the answer.
    answer: BTreeSet<String>,
}

impl Entry {
    fn of(topic: &Topic) -> Self {
        let ways = [&topic.title].into_iter().chain(&topic.also).map(|way| terms(way));
        Self {
            ways: ways.filter(|way| !way.is_empty()).collect(),
            answer: terms(&topic.answer).into_iter().collect(),
        }
    }

    fn asks(&self, term: &str) -> bool {
        self.ways.iter().flatten().any(|own| own == term)
    }

    fn terms(&self) -> BTreeSet<&String> {
        self.ways.iter().flatten().chain(&self.answer).collect()
    }
}

impl Index {
    pub(super) fn of(topics: &[Topic]) -> Self {
        let entries: Vec<Entry> = topics.iter().map(Entry::of).collect();
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        for term in entries.iter().flat_map(Entry::terms) {
            *counts.entry(term.clone()).or_default() += 1.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "topics are few")]
        let all = entries.len() as f64;
        let weight = |count: f64| (1.0 + all / (count + 0.5)).ln();
        let weights = counts.into_iter().map(|(term, count)| (term, weight(count))).collect();
        Self { entries, weights, unknown: UNKNOWN * weight(0.0) }
    }

    /// The topics that `asked` means, of those that the index was made of.
    pub(super) fn find<'a>(&self, asked: &str, topics: &'a [Topic]) -> Found<'a> {
        let mut ranked: Vec<(f64, &Topic)> = self
            .likenesses(asked)
            .into_iter()
            .zip(topics)
            .filter(|(likeness, _)| *likeness >= NEAR)
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
        match *ranked.as_slice() {
            [] => Found::Nothing,
            [(best, topic), ref rest @ ..]
                if best >= SURE && rest.first().is_none_or(|next| best - next.0 >= AHEAD) =>
            {
                Found::Sure(topic)
            }
            _ => Found::Perhaps(ranked.into_iter().take(OFFERED).map(|(_, topic)| topic).collect()),
        }
    }

    /// How like the question each topic is, from 0 to 1: how much of the question it has, and how well the likeliest
    /// of its ways to ask agrees with the question, in equal parts.
    fn likenesses(&self, asked: &str) -> Vec<f64> {
        let asked: BTreeSet<String> =
            terms(asked).into_iter().take(TERMS).map(|term| self.known(term)).collect();
        let whole: f64 = asked.iter().map(|term| self.weight(term)).sum();
        let likeness = |entry: &Entry| {
            let has = |term: &String| match term {
                term if entry.asks(term) => 1.0,
                term if entry.answer.contains(term) => IN_ANSWER,
                _ => 0.0,
            };
            let share: f64 = asked.iter().map(|term| has(term) * self.weight(term)).sum::<f64>() / whole;
            let agreement =
                entry.ways.iter().map(|way| self.agreement(&asked, whole, way)).fold(0.0, f64::max);
            f64::midpoint(share, agreement)
        };
        if asked.is_empty() { Vec::new() } else { self.entries.iter().map(likeness).collect() }
    }

    /// What question and way have in common, of what they have together.
    fn agreement(&self, asked: &BTreeSet<String>, whole: f64, way: &[String]) -> f64 {
        let common: f64 = way.iter().filter(|term| asked.contains(*term)).map(|term| self.weight(term)).sum();
        2.0 * common / (whole + way.iter().map(|term| self.weight(term)).sum::<f64>())
    }

    fn weight(&self, term: &str) -> f64 {
        self.weights.get(term).copied().unwrap_or(self.unknown)
    }

    /// The term, or the one that was meant by it in spite of a typing error: one in a word of four letters, two in
    /// one of seven. The first letter is seldom wrong.
    fn known(&self, term: String) -> String {
        let length = term.chars().count();
        if self.weights.contains_key(&term) || length < 4 || term.chars().any(|c| c.is_ascii_digit()) {
            return term;
        }
        let most = if length < 7 { 1 } else { 2 };
        let candidates = self.weights.keys().map(String::as_str).chain(synonyms());
        let near = candidates
            .filter(|known| known.chars().next() == term.chars().next() && known.chars().count() >= 4)
            .map(|known| (damerau_levenshtein(known, &term), known))
            .filter(|(slips, _)| *slips <= most)
            .min();
        near.map_or(term, |(_, known)| meant(known.to_owned()))
    }
}
