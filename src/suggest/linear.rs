//! Softmax regression over sparse and dense features: trained by `AdaGrad`, kept as bytes.

use std::hint::black_box;
use std::ops::Range;
use std::panic::resume_unwind;

use super::feature::{BITS, DENSE, Features};

/// What a note teaches: one of `answer` is right, among `choices`. Both are ranges of labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson<'a> {
    /// The note.
    pub features: &'a Features,
    /// The scores that it has already; what is learnt is added to them. Empty: none.
    pub known: &'a [f32],
    /// The labels that were in question.
    pub choices: Range<usize>,
    /// Those that are right; several where the note tells the status only.
    pub answer: Range<usize>,
    /// Those that are nearly right, the answer among them: reasons of the same status.
    pub near: Range<usize>,
    /// What it counts.
    pub weight: f32,
}

/// How to train.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Number of labels.
    pub labels: usize,
    /// Buckets, as a power of two; fewer than the features have are shared.
    pub bits: u32,
    /// Rounds over all lessons.
    pub rounds: u16,
    /// Share of certainty that is spread over all choices.
    pub doubt: f32,
    /// What being nearly right counts, beside being right.
    pub nearness: f32,
    /// Whether rare labels count as much as frequent ones: what is frequent among training notes says nothing
    /// about a customer.
    pub even: bool,
    /// Share of a note's wording that a round does not see, drawn anew each time: so no word is relied upon alone,
    /// and concepts and vectors must speak, too.
    pub forgotten: f32,
    /// Models that are averaged, each with another order of lessons.
    pub members: u64,
}

/// First step of `AdaGrad`.
const STEP: f32 = 0.3;
/// Pull towards zero, of weights that are touched.
const DECAY: f32 = 1e-4;

/// Weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// Number of labels.
    pub labels: usize,
    bits: u32,
    sparse: Vec<f32>,
    dense: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    /// Trains on lessons. The same lessons give the same weights.
    pub fn train(lessons: &[Lesson<'_>], plan: &Plan) -> Self {
        let priors = if plan.even { priors(lessons, plan.labels) } else { vec![0.0; plan.labels] };
        let mut members =
            at_once(plan.members, |seed| Self::member(lessons, plan, &priors, seed)).into_iter();
        let mut mean = members.next().unwrap_or_else(|| Self::zero(plan));
        members.for_each(|member| mean.add(&member));
        let members = f32::from(u16::try_from(plan.members.max(1)).unwrap_or(u16::MAX));
        for weights in [&mut mean.sparse, &mut mean.dense, &mut mean.bias] {
            for weight in weights {
                *weight /= members;
            }
        }
        mean
    }

    fn zero(plan: &Plan) -> Self {
        let k = plan.labels;
        let sparse = vec![0.0; k << plan.bits];
        Self { labels: k, bits: plan.bits, sparse, dense: vec![0.0; k * DENSE], bias: vec![0.0; k] }
    }

    fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.sparse, &other.sparse),
            (&mut self.dense, &other.dense),
            (&mut self.bias, &other.bias),
        ];
        for (own, other) in pairs {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        }
    }

    fn member(lessons: &[Lesson<'_>], plan: &Plan, priors: &[f32], seed: u64) -> Self {
        let k = plan.labels;
        let mut model = Self::zero(plan);
        let mut squares =
            Squares { sparse: vec![1e-8; 1 << plan.bits], dense: vec![1e-8; DENSE], bias: 1e-8 };
        let mut order: Vec<&Lesson<'_>> = lessons.iter().collect();
        let mut random = fastrand::Rng::with_seed(seed);
        let mut error = vec![0.0; k];
        for round in 0..plan.rounds {
            random.shuffle(&mut order);
            let step = STEP * (1.0 - 0.9 * f32::from(round) / f32::from(plan.rounds));
            for lesson in &order {
                let features = lesson.features.forgetting(plan.forgotten, &mut random);
                model.error(lesson, &features, plan, priors, &mut error);
                model.learn(&features, &error, step, &mut squares);
            }
        }
        model
    }

    /// How far each label is from what the lesson says.
    fn error(&self, lesson: &Lesson<'_>, seen: &Features, plan: &Plan, priors: &[f32], error: &mut [f32]) {
        let mut p = self.scores(seen);
        p.iter_mut().zip(priors).for_each(|(p, prior)| *p += prior);
        p.iter_mut().zip(lesson.known).for_each(|(p, known)| *p += known);
        error.fill(0.0);
        let Some(p) = p.get_mut(lesson.choices.clone()) else { return };
        softmax(p);
        let first = lesson.choices.start;
        let right = |at: usize| lesson.answer.contains(&(first + at));
        let near = |at: usize| lesson.near.contains(&(first + at));
        let sum = |within: &dyn Fn(usize) -> bool| -> f32 {
            p.iter().enumerate().filter(|(at, _)| within(*at)).map(|(_, p)| *p).sum::<f32>().max(1e-9)
        };
        let (in_right, in_near) = (sum(&right), sum(&near));
        let choices = f32::from(u16::try_from(p.len()).unwrap_or(u16::MAX));
        for (at, (p, error)) in p.iter().zip(error.iter_mut().skip(first)).enumerate() {
            let share = if right(at) { p / in_right } else { 0.0 };
            let target = share * (1.0 - plan.doubt) + plan.doubt / choices;
            let nearly = if near(at) { p / in_near } else { 0.0 };
            let mixed = (target + plan.nearness * nearly) / (1.0 + plan.nearness);
            *error = lesson.weight * (p - mixed);
        }
    }

    fn learn(&mut self, features: &Features, error: &[f32], step: f32, squares: &mut Squares) {
        let k = self.labels;
        let size: f32 = error.iter().map(|e| e * e).sum();
        let shift = BITS - self.bits;
        for (bucket, x) in &features.sparse {
            let at = usize::try_from(bucket >> shift).unwrap_or(0);
            let (Some(seen), Some(row)) =
                (squares.sparse.get_mut(at), self.sparse.get_mut(at * k..at * k + k))
            else {
                continue;
            };
            descend(row, error, *x, size, step, seen);
        }
        for ((x, row), seen) in
            features.dense.iter().zip(self.dense.chunks_exact_mut(k)).zip(&mut squares.dense)
        {
            descend(row, error, *x, size, step, seen);
        }
        squares.bias += size;
        let rate = step / squares.bias.sqrt();
        self.bias.iter_mut().zip(error).for_each(|(bias, e)| *bias -= rate * e);
    }

    /// One score a label; the greater, the likelier.
    pub fn scores(&self, features: &Features) -> Vec<f32> {
        let k = self.labels;
        let mut scores = self.bias.clone();
        let shift = BITS - self.bits;
        for (bucket, x) in &features.sparse {
            let at = usize::try_from(bucket >> shift).unwrap_or(0) * k;
            let Some(row) = self.sparse.get(at..at + k) else { continue };
            scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * x);
        }
        add_dense(&mut scores, &self.dense, &features.dense);
        scores
    }

    /// What each dense number adds to a label.
    fn dense_of(&self, label: usize) -> impl Iterator<Item = f32> {
        self.dense.iter().skip(label).step_by(self.labels).copied()
    }

    /// The same in a quarter of the space.
    pub fn compact(&self) -> Compact {
        let mut scales = vec![0.0_f32; self.labels];
        for row in self.sparse.chunks_exact(self.labels) {
            scales.iter_mut().zip(row).for_each(|(scale, weight)| *scale = scale.max(weight.abs()));
        }
        for scale in &mut scales {
            *scale = scale.max(1e-9) / 127.0;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the greatest weight becomes 127")]
        let byte = |(weight, scale): (&f32, &f32)| (weight / scale).round() as i8;
        let rows = self.sparse.chunks_exact(self.labels);
        let sparse = rows.flat_map(|row| row.iter().zip(&scales).map(byte)).collect();
        Compact {
            labels: self.labels,
            bits: self.bits,
            scales: scales.clone(),
            bias: self.bias.clone(),
            dense: (0..self.labels).flat_map(|label| self.dense_of(label)).collect(),
            sparse,
        }
    }
}

/// Does a work of several numbers in as many threads; what comes of it, in the order of the numbers.
pub(super) fn at_once<T: Send>(count: u64, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let work = &work;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..count).map(|number| scope.spawn(move || work(number))).collect();
        let ended = running.into_iter().map(|thread| match thread.join() {
            Ok(done) => done,
            Err(panic) => resume_unwind(panic),
        });
        ended.collect()
    })
}

/// What `AdaGrad` has seen of each feature: the sum of squares.
struct Squares {
    sparse: Vec<f32>,
    dense: Vec<f32>,
    bias: f32,
}

fn descend(row: &mut [f32], error: &[f32], x: f32, size: f32, step: f32, seen: &mut f32) {
    *seen += x * x * size;
    let rate = step / seen.sqrt();
    row.iter_mut().zip(error).for_each(|(weight, e)| *weight -= rate * (e * x + DECAY * *weight));
}

/// Touches the ends of rows of weights. Rows lie far apart, and memory fetches many at once when nothing else is done in
/// between.
fn fetch<'a>(rows: impl Iterator<Item = &'a [i8]>) {
    let ends = |row: &[i8]| row.first().copied().unwrap_or(0) ^ row.last().copied().unwrap_or(0);
    black_box(rows.fold(0, |all, row| all ^ ends(row)));
}

/// The sum of products, as far as the shorter reaches; in as many sums at once as the processor likes.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let both = a.len().min(b.len());
    let (a, a_rest) = a.get(..both).unwrap_or_default().as_chunks::<16>();
    let (b, b_rest) = b.get(..both).unwrap_or_default().as_chunks::<16>();
    let mut sums = [0.0_f32; 16];
    for (a, b) in a.iter().zip(b) {
        sums.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum += a * b);
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

fn add_dense(scores: &mut [f32], weights: &[f32], dense: &[f32]) {
    for (row, x) in weights.chunks_exact(scores.len()).zip(dense) {
        scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * x);
    }
}

/// The logarithm of each label's share.
fn priors(lessons: &[Lesson<'_>], labels: usize) -> Vec<f32> {
    let mut counts = vec![1.0_f32; labels];
    for lesson in lessons {
        let answers = f32::from(u16::try_from(lesson.answer.len().max(1)).unwrap_or(u16::MAX));
        for count in counts.get_mut(lesson.answer.clone()).unwrap_or_default() {
            *count += lesson.weight / answers;
        }
    }
    let sum: f32 = counts.iter().sum();
    counts.into_iter().map(|count| (count / sum).ln()).collect()
}

/// Scores to shares that add up to 1.
pub fn softmax(scores: &mut [f32]) {
    let greatest = scores.iter().copied().fold(f32::MIN, f32::max);
    for score in &mut *scores {
        *score = (*score - greatest).exp();
    }
    let sum: f32 = scores.iter().sum();
    for score in scores {
        *score /= sum;
    }
}

/// Weights as bytes, as a model file has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Compact {
    /// Number of labels.
    pub labels: usize,
    /// Buckets, as a power of two.
    pub bits: u32,
    /// What a byte is worth, for each label.
    pub scales: Vec<f32>,
    /// For each label.
    pub bias: Vec<f32>,
    /// For each label, one for each dense number.
    pub dense: Vec<f32>,
    /// For each bucket, one for each label.
    pub sparse: Vec<i8>,
}

impl Compact {
    /// One score a label; the greater, the likelier.
    pub fn scores(&self, features: &Features) -> Vec<f32> {
        self.scores_of(features, 0..self.labels)
    }

    /// The scores of some labels.
    pub fn scores_of(&self, features: &Features, labels: Range<usize>) -> Vec<f32> {
        let row = |bucket: u32| self.row(bucket).get(labels.clone()).unwrap_or_default();
        fetch(features.sparse.iter().map(|(bucket, _)| row(*bucket)));
        let mut sums = vec![0.0; labels.len()];
        for (bucket, x) in &features.sparse {
            sums.iter_mut().zip(row(*bucket)).for_each(|(sum, weight)| *sum += f32::from(*weight) * x);
        }
        let dense = self.dense.chunks_exact(DENSE).skip(labels.start);
        let own = self.scales.iter().zip(&self.bias).skip(labels.start).zip(dense);
        sums.iter()
            .zip(own)
            .map(|(sum, ((scale, bias), dense))| sum * scale + bias + dot(dense, &features.dense))
            .collect()
    }

    /// What a feature adds to each label.
    pub fn weight(&self, bucket: u32, label: usize) -> f32 {
        let weight = self.row(bucket).get(label).copied().unwrap_or(0);
        f32::from(weight) * self.scales.get(label).copied().unwrap_or(0.0)
    }

    fn row(&self, bucket: u32) -> &[i8] {
        let at = usize::try_from(bucket >> (BITS - self.bits)).unwrap_or(0) * self.labels;
        self.sparse.get(at..at + self.labels).unwrap_or_default()
    }
}
