//! Static vectors of word pieces: what a word means, at the price of a look-up (`data/embeddings/`).

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::word::is_han;

/// Numbers of a vector.
pub const WIDTH: usize = 256;
/// The piece for what the vocabulary does not have.
const UNKNOWN: u32 = 1;
/// Longer words are unknown.
const LONGEST_WORD: usize = 100;

/// The pieces and their vectors.
#[derive(Debug)]
pub struct Pieces {
    rows: FxHashMap<&'static str, u32>,
    vectors: &'static [u8],
    scales: Vec<f32>,
}

impl Pieces {
    /// Those that the product ships.
    pub fn shipped() -> Self {
        let vocabulary: &'static str = include_str!("../../data/embeddings/vocab.txt");
        let scales: &[u8] = include_bytes!("../../data/embeddings/scales.f32");
        let scale = |bytes: &[u8]| bytes.try_into().map_or(0.0, f32::from_le_bytes);
        Self {
            rows: (0u32..).zip(vocabulary.lines()).map(|(row, piece)| (piece, row)).collect(),
            vectors: include_bytes!("../../data/embeddings/vectors.i8"),
            scales: scales.chunks_exact(4).map(scale).collect(),
        }
    }

    /// Adds the vector of a piece.
    pub fn add(&self, piece: u32, sum: &mut [f32]) {
        let start = usize::try_from(piece).unwrap_or(0) * WIDTH;
        let Some(vector) = self.vectors.get(start..start + WIDTH) else { return };
        for ((sum, byte), scale) in sum.iter_mut().zip(vector).zip(&self.scales) {
            *sum += f32::from(i8::from_le_bytes([*byte])) * scale;
        }
    }

    /// The pieces of a text, as the vocabulary's own tokeniser cuts it.
    pub fn of(&self, text: &str) -> Vec<u32> {
        if text.is_ascii() {
            return self.of_folded(text.chars().map(|c| c.to_ascii_lowercase()));
        }
        let folded = text.chars().flat_map(char::to_lowercase).nfd().filter(|c| !is_combining_mark(*c));
        self.of_folded(folded)
    }

    fn of_folded(&self, text: impl Iterator<Item = char>) -> Vec<u32> {
        let mut pieces = Vec::new();
        let mut word = String::new();
        for c in text {
            if c.is_whitespace() || c.is_control() {
                self.cut(&mut word, &mut pieces);
            } else if is_punctuation(c) || is_han(c) {
                self.cut(&mut word, &mut pieces);
                word.push(c);
                self.cut(&mut word, &mut pieces);
            } else {
                word.push(c);
            }
        }
        self.cut(&mut word, &mut pieces);
        pieces
    }

    /// Cuts a word into the longest pieces from the left, and empties it.
    fn cut(&self, word: &mut String, pieces: &mut Vec<u32>) {
        if word.is_empty() {
            return;
        }
        let before = pieces.len();
        let mut key = String::with_capacity(word.len() + 2);
        let mut rest = word.as_str();
        if word.chars().count() > LONGEST_WORD {
            pieces.push(UNKNOWN);
            rest = "";
        }
        while !rest.is_empty() {
            key.clear();
            if rest.len() < word.len() {
                key.push_str("##");
            }
            let mark = key.len();
            key.push_str(rest);
            let found = loop {
                if let Some(row) = self.rows.get(key.as_str()) {
                    break Some((*row, key.len() - mark));
                }
                key.pop();
                if key.len() <= mark {
                    break None;
                }
            };
            let Some((row, length)) = found else {
                pieces.truncate(before);
                pieces.push(UNKNOWN);
                break;
            };
            pieces.push(row);
            rest = rest.get(length..).unwrap_or_default();
        }
        word.clear();
    }
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{3001}'..='\u{3003}'
            | '\u{3008}'..='\u{3011}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF61}'..='\u{FF65}'
            | '¡' | '§' | '«' | '¶' | '·' | '»' | '¿')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Example {
        text: String,
        tokens: Vec<String>,
        first8: Vec<f32>,
    }

    #[test]
    fn pieces_and_means_are_those_of_the_published_examples() {
        let examples: Vec<Example> =
            serde_json::from_str(include_str!("../../data/embeddings/examples.json")).unwrap();
        let shipped = Pieces::shipped();
        let names: FxHashMap<u32, &str> = shipped.rows.iter().map(|(piece, row)| (*row, *piece)).collect();
        for example in examples {
            let pieces = shipped.of(&example.text);
            let read: Vec<_> = pieces.iter().map(|row| names[row]).collect();
            assert_eq!(read, example.tokens);
            let mut sum = [0.0; WIDTH];
            for piece in pieces {
                shipped.add(piece, &mut sum);
            }
            let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
            for (own, published) in sum.iter().zip(&example.first8) {
                assert!((own / length - published).abs() < 0.002, "{}", example.text);
            }
        }
        assert_eq!(shipped.of(&"x".repeat(101)), [UNKNOWN]);
    }
}
