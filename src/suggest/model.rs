//! What training leaves: weights, how rare each feature is, and how scores become likelihoods; and its file.

use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::feature::{BITS, DENSE, Rarity};
use super::label::Labels;
use super::linear::Compact;

/// How a model file begins.
const MAGIC: &[u8] = b"tenantry suggest 2\n";

/// A trained model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What it was made from, as a short digest: equal notes, equal version.
    pub version: String,
    /// Its labels.
    pub labels: Labels,
    /// Of scores for reasons.
    pub calibration: Calibration,
    /// How rare features are.
    pub rarity: Rarity,
    /// Scores reasons.
    pub reason: Compact,
    /// Scores the engineering reasons.
    pub deeper: Compact,
    /// Scores grades.
    pub grade: Compact,
}

#[derive(Serialize, Deserialize)]
struct Header {
    version: String,
    labels: Labels,
    calibration: Calibration,
    shapes: [Shape; 3],
}

/// The shape of a part's weights.
#[derive(Serialize, Deserialize)]
pub(super) struct Shape {
    pub labels: usize,
    pub bits: u32,
}

/// Why a file is no model.
#[derive(Debug, thiserror::Error)]
pub enum BadModel {
    /// It is something else, or of another version of the program.
    #[error("not a model of this version of the program")]
    Foreign,
    /// It ends early.
    #[error("the model is cut short")]
    Short,
    /// The header cannot be read.
    #[error("the model's header: {0}")]
    Header(#[from] serde_json::Error),
}

impl Model {
    /// The file.
    ///
    /// # Errors
    /// None that a trained model can cause.
    pub fn write(&self) -> Result<Vec<u8>, serde_json::Error> {
        let parts = [&self.reason, &self.deeper, &self.grade];
        let shapes = parts.map(|part| Shape { labels: part.labels, bits: part.bits });
        let header = serde_json::to_vec(&Header {
            version: self.version.clone(),
            labels: self.labels.clone(),
            calibration: self.calibration,
            shapes,
        })?;
        let mut file = MAGIC.to_vec();
        file.extend(u32::try_from(header.len()).unwrap_or(0).to_le_bytes());
        file.extend(header);
        file.extend(&self.rarity.0);
        for part in parts {
            put(part, &mut file);
        }
        Ok(file)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(file: &[u8]) -> Result<Self, BadModel> {
        let mut rest = file.strip_prefix(MAGIC).ok_or(BadModel::Foreign)?;
        let length = take(&mut rest, 4)?.try_into().map(u32::from_le_bytes).map_err(|_| BadModel::Short)?;
        let header: Header = serde_json::from_slice(take(&mut rest, usize::try_from(length).unwrap_or(0))?)?;
        let rarity = Rarity(take(&mut rest, 1 << BITS)?.to_vec());
        let [reason, deeper, grade] = header.shapes;
        let model = Self {
            version: header.version,
            labels: header.labels,
            calibration: header.calibration,
            rarity,
            reason: weights(&mut rest, &reason)?,
            deeper: weights(&mut rest, &deeper)?,
            grade: weights(&mut rest, &grade)?,
        };
        let fits = model.reason.labels == model.labels.reasons.len()
            && model.deeper.labels == model.labels.deeper.len()
            && rest.is_empty();
        if fits { Ok(model) } else { Err(BadModel::Foreign) }
    }
}

/// Appends weights to a file.
pub(super) fn put(part: &Compact, file: &mut Vec<u8>) {
    for number in part.scales.iter().chain(&part.bias).chain(&part.dense) {
        file.extend(number.to_le_bytes());
    }
    file.extend(part.sparse.iter().flat_map(|weight| weight.to_le_bytes()));
}

/// Reads what [`put`] has written.
pub(super) fn weights(rest: &mut &[u8], shape: &Shape) -> Result<Compact, BadModel> {
    let Shape { labels, bits } = *shape;
    if bits > BITS || labels > usize::from(u16::MAX) {
        return Err(BadModel::Foreign);
    }
    let scales = numbers(rest, labels)?;
    let bias = numbers(rest, labels)?;
    let dense = numbers(rest, labels * DENSE)?;
    let sparse = take(rest, labels << bits)?.iter().map(|byte| i8::from_le_bytes([*byte])).collect();
    Ok(Compact { labels, bits, scales, bias, dense, sparse })
}

fn numbers(rest: &mut &[u8], count: usize) -> Result<Vec<f32>, BadModel> {
    let bytes = take(rest, count * 4)?;
    Ok(bytes.chunks_exact(4).map(|bytes| bytes.try_into().map_or(0.0, f32::from_le_bytes)).collect())
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], BadModel> {
    let (taken, left) = rest.split_at_checked(count).ok_or(BadModel::Short)?;
    *rest = left;
    Ok(taken)
}
