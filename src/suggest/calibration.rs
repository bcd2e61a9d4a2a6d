//! From scores to likelihoods that can be taken at their word: a temperature for all labels, and a curve for the first.

use serde::{Deserialize, Serialize};

use crate::domain::suggestion::GREEN;

use super::linear::softmax;

/// How scores become likelihoods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What scores are multiplied with.
    pub sharpness: f32,
    /// The curve: what is added, and what weighs the log-odds of the first, its lead over the second, and what is
    /// [`Strange`] about the note.
    pub curve: [f32; 5],
    /// The point of the curve from which on first labels are as often right as the green band promises. What lies
    /// lower is kept below that band.
    pub sure: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { sharpness: 1.0, curve: [0.0, 1.0, 0.0, 0.0, 0.0], sure: GREEN }
    }
}

/// How little a model knows of a note's wording: the same lead is worth less then.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Strange {
    /// Share of its words that no note of the model has, from 0 to 1.
    pub words: f32,
    /// Whether it is in another language than English.
    pub language: bool,
}

/// A note that the model had not seen.
#[derive(Debug, Clone)]
pub struct Unseen {
    /// The model's scores.
    pub scores: Vec<f32>,
    /// The label that is right.
    pub right: usize,
    /// What is strange about it.
    pub strange: Strange,
}

/// How often green must be right on unseen notes: what is wanted.
const GREEN_RIGHT: f32 = 0.93;
/// Where the green band begins when the notes never keep its promise.
const SUREST: f32 = 0.95;
/// What is surer than this and not sure enough for green is pressed in between.
const UNSURE: f32 = 0.55;
/// Rounds of gradient descent; the curve has five numbers and a gentle slope.
const ROUNDS: u16 = 3000;
/// Likelihoods are kept from 0 and 1 by this.
const EDGE: f32 = 1e-4;

impl Calibration {
    /// Learns from notes that the model had not seen.
    pub fn fit(unseen: &[Unseen]) -> Self {
        let loss = |sharpness: f32| -> f64 {
            let one = |note: &Unseen| {
                let p = spread(&note.scores, sharpness);
                f64::from(-p.get(note.right).copied().unwrap_or(0.0).max(EDGE).ln())
            };
            unseen.iter().map(one).sum()
        };
        let candidates = (4_u8..=60).map(|tenth| f32::from(tenth) / 10.0);
        let sharpness = candidates.min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(1.0);
        let mut fitted = Self { sharpness, ..Self::default() };
        let known: Vec<(Signs, bool)> = unseen
            .iter()
            .map(|note| {
                let p = spread(&note.scores, sharpness);
                let first = (0..p.len()).max_by(|a, b| p[*a].total_cmp(&p[*b]));
                (signs(&p, note.strange), first == Some(note.right))
            })
            .collect();
        let share = 1.0 / f32::from(u16::try_from(known.len().max(1)).unwrap_or(u16::MAX));
        for _ in 0..ROUNDS {
            let mut slope = Signs::default();
            for (signs, right) in &known {
                let miss = fitted.on_curve(signs) - if *right { 1.0 } else { 0.0 };
                slope.iter_mut().zip(signs).for_each(|(slope, sign)| *slope += miss * sign * share);
            }
            fitted.curve.iter_mut().zip(slope).for_each(|(number, slope)| *number -= 0.5 * slope);
        }
        let mut ranked: Vec<(f32, bool)> =
            known.iter().map(|(signs, right)| (fitted.on_curve(signs), *right)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        fitted.sure = SUREST;
        let (mut right, mut of) = (0.0_f32, 0.0_f32);
        // Equally sure notes stand on the same side of the limit: they are judged together.
        for equal in ranked.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
            for (_, hit) in equal {
                of += 1.0;
                right += f32::from(u8::from(*hit));
            }
            if right / of >= GREEN_RIGHT
                && let Some((sure, _)) = equal.first()
            {
                fitted.sure = sure.clamp(GREEN, SUREST);
            }
        }
        fitted
    }

    /// The likelihood of each label.
    pub fn likelihoods(&self, scores: &[f32]) -> Vec<f32> {
        spread(scores, self.sharpness)
    }

    /// How likely the first of these likelihoods is right.
    pub fn confidence(&self, likelihoods: &[f32], strange: Strange) -> f32 {
        let honest = self.on_curve(&signs(likelihoods, strange));
        if honest < UNSURE || honest >= self.sure {
            return honest;
        }
        UNSURE + (honest - UNSURE) * (GREEN - UNSURE) / (self.sure - UNSURE)
    }

    fn on_curve(&self, signs: &Signs) -> f32 {
        let sum: f32 = self.curve.iter().zip(signs).map(|(number, sign)| number * sign).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

fn spread(scores: &[f32], sharpness: f32) -> Vec<f32> {
    let mut p: Vec<f32> = scores.iter().map(|score| score * sharpness).collect();
    softmax(&mut p);
    p
}

/// What the curve weighs.
type Signs = [f32; 5];

fn signs(likelihoods: &[f32], strange: Strange) -> Signs {
    let (mut first, mut second) = (0.0_f32, 0.0_f32);
    for p in likelihoods {
        if *p > first {
            (first, second) = (*p, first);
        } else {
            second = second.max(*p);
        }
    }
    let first = first.clamp(EDGE, 1.0 - EDGE);
    let language = f32::from(u8::from(strange.language));
    [1.0, (first / (1.0 - first)).ln(), first - second, strange.words, language]
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f32; 3] = [3.0, 0.0, 0.0];

    fn note(right: bool, words: f32) -> Unseen {
        let strange = Strange { words, language: false };
        Unseen { scores: SCORES.to_vec(), right: usize::from(!right), strange }
    }

    #[test]
    fn strange_words_lower_it() {
        // Of notes with the same scores, those with strange words are right half as often.
        let unseen: Vec<_> = (0..200).flat_map(|n| [note(n % 10 < 8, 0.0), note(n % 10 < 4, 0.5)]).collect();
        let fitted = Calibration::fit(&unseen);
        let p = fitted.likelihoods(&SCORES);
        let at = |words| fitted.on_curve(&signs(&p, Strange { words, language: false }));
        assert!((at(0.0) - 0.8).abs() < 0.02 && (at(0.5) - 0.4).abs() < 0.02, "{} {}", at(0.0), at(0.5));
    }

    #[test]
    fn confidence_is_how_often_it_is_right() {
        // Of notes with the same scores, 7 of 10 are right.
        let unseen: Vec<_> = (0..200).map(|n| note(n % 10 < 7, 0.0)).collect();
        let fitted = Calibration::fit(&unseen);
        let p = fitted.likelihoods(&SCORES);
        assert!((fitted.on_curve(&signs(&p, Strange::default())) - 0.7).abs() < 0.02);
        assert!(
            fitted.confidence(&p, Strange::default()) < GREEN,
            "what is right 7 times in 10 is not green"
        );
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
