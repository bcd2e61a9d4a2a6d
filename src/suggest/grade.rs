//! How good a note is, and the one thing that it lacks (DOMAIN 6).

use crate::domain::suggestion::{Grade, Lack};

use super::concept::Concepts;
use super::feature::{Features, Parts, sign};
use super::word::Word;

/// What each sign weighs.
const SIGN: f32 = 0.3;

/// What the grade is told from: the note's features and signs of how much it says.
pub fn features(parts: &Parts, own: &Features) -> Features {
    let words = parts.reading.words.len();
    let mut concepts: Vec<u8> = parts.concepts.iter().map(|found| found.concept).collect();
    concepts.sort_unstable();
    concepts.dedup();
    let numbers = parts.reading.words.iter().filter(|word| word.text.starts_with('0')).count();
    let clauses = parts.reading.words.last().map_or(0, |word| word.clause);
    let step = |name: &str, value: usize, limits: &[usize]| {
        let passed = limits.iter().take_while(|limit| value >= **limit);
        (0..).zip(std::iter::once(&0).chain(passed)).map(|(at, _)| (sign(name, at), SIGN)).collect::<Vec<_>>()
    };
    let mut sparse = own.sparse.clone();
    sparse.extend(step("words", words, &[3, 5, 8, 12, 18, 26, 36, 50]));
    sparse.extend(step("concepts", concepts.len(), &[1, 2, 4, 6, 9, 12]));
    sparse.extend(step("numbers", numbers, &[1, 2, 4]));
    sparse.extend(step("clauses", clauses, &[1, 2, 4, 6]));
    Features { sparse, wording: own.wording, dense: own.dense.clone() }
}

/// What is known about a note when its lack is told.
#[derive(Debug)]
pub struct Known<'a> {
    /// Its grade.
    pub grade: Grade,
    /// Its likeliest status, and how likely.
    pub l1: (&'a str, f32),
    /// How likely its likeliest reason is.
    pub reason: f32,
    /// Its likeliest reason.
    pub l2: &'a str,
}

/// The one thing that a note lacks; a great note lacks nothing.
pub fn missing(known: &Known<'_>, parts: &Parts, concepts: &Concepts) -> Option<Lack> {
    if known.grade == Grade::Great {
        return None;
    }
    let speaks_of = |name: &str| {
        concepts.number(name).is_some_and(|number| parts.concepts.iter().any(|found| found.concept == number))
    };
    let (status, sure) = known.l1;
    let open = sure < 0.5 || parts.reading.words.len() < 2;
    Some(match status {
        _ if open => Lack::Intent,
        "status_unknown" if known.l2 == "customer_unresponsive" || speaks_of("nocontact") => Lack::Attempts,
        "status_unknown" => Lack::Intent,
        "in_progress" if known.reason < 0.6 => Lack::Phase,
        _ if known.reason < 0.5 || known.grade == Grade::Poor => Lack::Reason,
        _ => Lack::Detail,
    })
}

/// Words that keep the intent open, as the note has them ("yet", "for now").
pub fn ambiguous<'a>(note: &'a str, parts: &Parts, concepts: &Concepts) -> Vec<&'a str> {
    let Some(number) = concepts.number("ambiguous") else { return Vec::new() };
    let words = &parts.reading.words;
    let found = parts.concepts.iter().filter(|found| found.concept == number);
    let spelt = |at: usize| -> Option<&'a str> {
        let first: &Word = words.get(at)?;
        // "for now", "at the moment": the entry begins here and may go on.
        let length = match first.text.as_str() {
            "for" => 2,
            "at" => 3,
            _ => 1,
        };
        let last = words.get(at + length - 1).unwrap_or(first);
        note.get(first.at.start..last.at.end)
    };
    let mut spelt: Vec<&str> = found.filter_map(|found| spelt(found.word)).collect();
    spelt.dedup();
    spelt
}
