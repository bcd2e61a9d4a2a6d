//! What the models see of a note: hashed words, pairs of words, letter groups, concepts and rival products, weighted
//! by how rare they are; and what its words mean, as vectors.

use std::borrow::Cow;

use super::calibration::Strange;
use super::concept::{Concepts, Found};
use super::language::{Languages, Reading};
use super::piece::{Pieces, WIDTH};
use super::rival::{self, Rivals};
use super::word::Word;

/// Buckets of hashed features, as a power of two.
pub const BITS: u32 = 18;
/// Numbers of the dense part: mean of all pieces, of the first and of the last clause.
pub const DENSE: usize = 3 * WIDTH;

/// What the parts weigh, each being of length 1 before.
const WORDS: f32 = 1.0;
const LETTERS: f32 = 1.0;
const CONCEPTS: f32 = 1.0;
const NATIVE: f32 = 0.5;
const SERVICE: f32 = 0.3;
const MEANING: f32 = 2.0;
const CLAUSE_MEANING: f32 = 0.7;
/// Letters of the longest group.
const LONGEST_GROUP: usize = 5;
/// Characters that make a clause worth a mean of its own.
const SHORTEST_CLAUSE: usize = 9;

/// Kinds of hashed features; each kind hashes apart.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Word = 1,
    Pair,
    Letters,
    Concept,
    NegatedConcept,
    Rival,
    Service,
    NativeWord,
    NativeLetters,
    Sign,
}

/// A note as numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features {
    /// Bucket and value; those of words and letters come first.
    pub sparse: Vec<(u32, f32)>,
    /// How many of these are of words and letters.
    pub wording: usize,
    /// What the words mean.
    pub dense: Vec<f32>,
}

impl Features {
    /// What is left of them when a share of the wording is forgotten.
    pub fn forgetting(&self, share: f32, random: &mut fastrand::Rng) -> Cow<'_, Self> {
        if share <= 0.0 {
            return Cow::Borrowed(self);
        }
        let (wording, others) = self.sparse.split_at_checked(self.wording).unwrap_or_default();
        let mut sparse = Vec::with_capacity(self.sparse.len());
        sparse.extend(wording.iter().filter(|_| random.f32() >= share));
        let wording = sparse.len();
        sparse.extend(others);
        Cow::Owned(Self { sparse, wording, dense: self.dense.clone() })
    }
}

/// How rare a bucket is in the notes of a model, as a byte: 0 = never seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rarity(pub Vec<u8>);

/// Steps of a rarity in one unit.
const RARITY_STEPS: f32 = 25.0;
/// The rarity of what no note of the model has: about that of what one note has.
const UNSEEN: f32 = 8.0;

impl Rarity {
    /// Counts in how many of the notes each bucket is.
    pub fn of<'a>(notes: impl Iterator<Item = &'a Parts>) -> Self {
        let mut counts = vec![0_u16; 1 << BITS];
        let mut total = 0.0_f32;
        for parts in notes {
            total += 1.0;
            let mut buckets: Vec<u32> = parts.blocks().flat_map(|block| &block.buckets).copied().collect();
            buckets.sort_unstable();
            buckets.dedup();
            for bucket in buckets {
                if let Some(count) = usize::try_from(bucket).ok().and_then(|at| counts.get_mut(at)) {
                    *count = count.saturating_add(1);
                }
            }
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
        let rarity = |count: &u16| match count {
            0 => 0,
            count => {
                let rarity = ((1.0 + total) / (1.0 + f32::from(*count))).ln() + 1.0;
                (rarity * RARITY_STEPS).round().clamp(1.0, 255.0) as u8
            }
        };
        Self(counts.iter().map(rarity).collect())
    }

    fn get(&self, bucket: u32) -> f32 {
        let steps = usize::try_from(bucket).ok().and_then(|at| self.0.get(at)).copied().unwrap_or(0);
        f32::from(steps) / RARITY_STEPS
    }
}

/// A note taken apart, before anything is known about how rare its parts are.
#[derive(Debug, Clone)]
pub struct Parts {
    wording: [Block; 3],
    others: [Block; 2],
    dense: Vec<f32>,
    /// The note as English words.
    pub reading: Reading,
    /// Its concepts.
    pub concepts: Vec<Found>,
    /// The rival products that it names.
    pub rivals: Vec<rival::Found>,
}

#[derive(Debug, Clone)]
struct Block {
    weight: f32,
    buckets: Vec<u32>,
}

impl Block {
    fn new(weight: f32, mut buckets: Vec<u32>) -> Self {
        buckets.sort_unstable();
        Self { weight, buckets }
    }

    /// Its buckets with their values, which together have the block's weight as their length.
    fn weighted(&self, rarity: impl Fn(u32) -> f32, sparse: &mut Vec<(u32, f32)>) {
        let start = sparse.len();
        for same in self.buckets.chunk_by(|a, b| a == b) {
            let Some(bucket) = same.first() else { continue };
            let often = match same.len() {
                1 => 1.0,
                times => 1.0 + f32::from(u16::try_from(times).unwrap_or(u16::MAX)).ln(),
            };
            let value = often * rarity(*bucket);
            if value > 0.0 {
                sparse.push((*bucket, value));
            }
        }
        let own = sparse.get_mut(start..).unwrap_or_default();
        let length = own.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        if length > 0.0 {
            for (_, value) in own {
                *value *= self.weight / length;
            }
        }
    }
}

impl Parts {
    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.wording.iter().chain(&self.others)
    }

    /// The features, for the notes that a rarity was counted in.
    pub fn features(&self, rarity: &Rarity) -> Features {
        Features { dense: self.dense.clone(), ..self.weighted(|bucket| rarity.get(bucket)) }
    }

    /// What the words are, for notes that a rarity was not counted in: what it has never seen is the rarest.
    pub fn words(&self, rarity: &Rarity) -> Features {
        self.weighted(|bucket| match rarity.get(bucket) {
            seen if seen > 0.0 => seen,
            _ => UNSEEN,
        })
    }

    fn weighted(&self, rarity: impl Fn(u32) -> f32) -> Features {
        let mut sparse = Vec::with_capacity(self.blocks().map(|block| block.buckets.len()).sum());
        self.wording.iter().for_each(|block| block.weighted(&rarity, &mut sparse));
        let wording = sparse.len();
        self.others.iter().for_each(|block| block.weighted(&rarity, &mut sparse));
        Features { sparse, wording, dense: Vec::new() }
    }

    /// How strange its wording is to a model with this rarity.
    pub fn strange(&self, rarity: &Rarity) -> Strange {
        let words = &self.reading.words;
        let unseen = words.iter().filter(|word| rarity.get(bucket(Kind::Word, word.text.as_bytes())) <= 0.0);
        let count = |n: usize| f32::from(u16::try_from(n).unwrap_or(u16::MAX));
        Strange {
            words: count(unseen.count()) / count(words.len().max(1)),
            language: self.reading.language != "en",
        }
    }

    /// The buckets of one word of the reading: itself, its letter groups, its concepts.
    pub fn buckets_of(&self, at: usize) -> Vec<u32> {
        let Some(word) = self.reading.words.get(at) else { return Vec::new() };
        let mut buckets = vec![bucket(Kind::Word, word.text.as_bytes())];
        letters(&word.text, Kind::Letters, 2, &mut buckets);
        let own = self.concepts.iter().filter(|found| found.word == at);
        buckets.extend(own.map(|found| bucket(Kind::Concept, &[found.concept])));
        if self.rivals.iter().any(|found| found.word == at) {
            buckets.push(bucket(Kind::Rival, b"any"));
        }
        buckets
    }
}

/// Takes notes apart.
#[derive(Debug)]
pub struct Extractor {
    languages: Languages,
    /// The concepts, for rules that name one.
    pub concepts: Concepts,
    pieces: Pieces,
    rivals: Rivals,
}

impl Extractor {
    /// With the word lists and vectors that the product ships, and the rivals of a taxonomy.
    pub fn new(rivals: Rivals) -> Self {
        let (languages, concepts) = (Languages::shipped(), Concepts::shipped());
        Self { languages, concepts, pieces: Pieces::shipped(), rivals }
    }

    /// Takes a note of a service apart.
    pub fn parts(&self, note: &str, service: &str) -> Parts {
        let reading = self.languages.reading(note);
        let concepts = self.concepts.find(&reading.words);
        let rivals = self.rivals.find(note, &reading.words, service);
        let native = if reading.language == "en" { Vec::new() } else { native_buckets(note) };
        let wording = [
            Block::new(WORDS, word_buckets(&reading.words)),
            Block::new(LETTERS, letter_buckets(&reading.words)),
            Block::new(NATIVE, native),
        ];
        let others = [
            Block::new(CONCEPTS, concept_buckets(&reading.words, &concepts, &rivals)),
            Block::new(SERVICE, vec![bucket(Kind::Service, service.as_bytes())]),
        ];
        let dense = self.meaning(&reading.text);
        Parts { wording, others, dense, reading, concepts, rivals }
    }

    fn meaning(&self, text: &str) -> Vec<f32> {
        let marks = ['.', ';', ':', ',', '。', '、', '，'];
        let clauses = || text.split(marks).filter(|clause| clause.trim().chars().count() >= SHORTEST_CLAUSE);
        let mut dense = Vec::with_capacity(DENSE);
        for (part, weight) in [
            (text, MEANING),
            (clauses().next().unwrap_or(text), CLAUSE_MEANING),
            (clauses().next_back().unwrap_or(text), CLAUSE_MEANING),
        ] {
            let mut sum = vec![0.0; WIDTH];
            for piece in self.pieces.of(part) {
                self.pieces.add(piece, &mut sum);
            }
            let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
            if length > 0.0 {
                for x in &mut sum {
                    *x *= weight / length;
                }
            }
            dense.append(&mut sum);
        }
        dense
    }
}

/// The bucket of a step of a sign that only the grade is told from.
pub fn sign(name: &str, step: u8) -> u32 {
    finish(name.bytes().chain([b' ', b'0' + step]).fold(start(Kind::Sign), self::step))
}

/// FNV-1a, mixed at the end so that the upper bits are good.
fn bucket(kind: Kind, bytes: &[u8]) -> u32 {
    finish(bytes.iter().fold(start(kind), |hash, byte| step(hash, *byte)))
}

fn start(kind: Kind) -> u32 {
    0x811C_9DC5 ^ (kind as u32).wrapping_mul(0x9E37_79B1)
}

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

fn finish(mut hash: u32) -> u32 {
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x2C1B_3C6D);
    hash ^= hash >> 12;
    hash >> (u32::BITS - BITS)
}

fn word_buckets(words: &[Word]) -> Vec<u32> {
    let single = words.iter().map(|word| bucket(Kind::Word, word.text.as_bytes()));
    let pairs = words.iter().zip(words.iter().skip(1)).map(|(first, second)| {
        let hash = first.text.bytes().chain([b' ']).chain(second.text.bytes()).fold(start(Kind::Pair), step);
        finish(hash)
    });
    single.chain(pairs).collect()
}

fn letter_buckets(words: &[Word]) -> Vec<u32> {
    let mut buckets = Vec::with_capacity(words.len() * 20);
    for word in words {
        letters(&word.text, Kind::Letters, 2, &mut buckets);
    }
    buckets
}

/// Groups of letters within a word with a space on either side.
fn letters(word: &str, kind: Kind, shortest: usize, buckets: &mut Vec<u32>) {
    let padded: Vec<char> = std::iter::once(' ').chain(word.chars()).chain([' ']).collect();
    for from in 0..padded.len() {
        let mut hash = start(kind);
        let mut utf8 = [0; 4];
        for (before, c) in padded.iter().skip(from).take(LONGEST_GROUP).enumerate() {
            hash = c.encode_utf8(&mut utf8).bytes().fold(hash, step);
            if before + 1 >= shortest {
                buckets.push(finish(hash));
            }
        }
    }
}

fn concept_buckets(words: &[Word], concepts: &[Found], rivals: &[rival::Found]) -> Vec<u32> {
    let mut buckets = Vec::with_capacity(concepts.len() * 2);
    for found in concepts {
        buckets.push(bucket(Kind::Concept, &[found.concept]));
        if words.get(found.word).is_some_and(|word| word.negated) {
            buckets.push(bucket(Kind::NegatedConcept, &[found.concept]));
        }
    }
    for found in rivals {
        buckets.push(bucket(Kind::Rival, b"any"));
        if found.l3.is_some() {
            buckets.push(bucket(Kind::Rival, b"listed"));
        }
    }
    buckets
}

/// The note's own words, beside their English.
fn native_buckets(note: &str) -> Vec<u32> {
    let mut buckets = Vec::new();
    for word in super::word::words(note) {
        buckets.push(bucket(Kind::NativeWord, word.text.as_bytes()));
        letters(&word.text, Kind::NativeLetters, 4, &mut buckets);
    }
    buckets
}
