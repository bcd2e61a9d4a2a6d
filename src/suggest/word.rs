//! The words of a note: folded, with the clause they stand in and whether a negation reaches them.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many words after a negation still belong to it.
const NEGATION_REACH: u8 = 4;
const NEGATIONS: [&str; 13] = [
    "not", "no", "never", "without", "none", "nobody", "nothing", "neither", "nor", "unable", "lack",
    "lacks", "hardly",
];

/// A word as the models read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Lower case, without accents; numbers are `0`, years `0year`.
    pub text: String,
    /// Where it comes from in the note, in bytes.
    pub at: Range<usize>,
    /// The clause it stands in, from 0.
    pub clause: usize,
    /// A negation in the same clause stands at most four words before it.
    pub negated: bool,
}

/// A character of Chinese writing, which is a word of its own.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}')
}

/// Lower case without accents.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().flat_map(char::to_lowercase).nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()
}

/// The words of an English text. `at` is relative to the text.
pub fn words(text: &str) -> Vec<Word> {
    let mut reader = Reader { text, ..Reader::default() };
    let mut characters = text.char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = characters.next() {
        let after = characters.peek().map_or(' ', |(_, c)| *c);
        let inside = match c {
            '\'' | '’' => before.is_alphanumeric() && after.is_alphanumeric(),
            '.' | ',' => before.is_ascii_digit() && after.is_ascii_digit(),
            _ => false,
        };
        if is_han(c) {
            reader.end(at);
            reader.open = Some(at);
            reader.end(at + c.len_utf8());
        } else if c.is_alphanumeric() || is_combining_mark(c) || inside {
            reader.open.get_or_insert(at);
        } else {
            reader.end(at);
            if c == '%' {
                reader.push("%", at..at + 1);
            }
            if matches!(c, '.' | ';' | ':' | '!' | '?' | ',' | '。' | '、' | '，' | '；' | '–' | '—')
            {
                reader.end_clause();
            }
        }
        before = c;
    }
    reader.end(text.len());
    negate(&mut reader.words);
    reader.words
}

/// Marks the words that a negation reaches.
pub fn negate(words: &mut [Word]) {
    let (mut reach, mut clause) = (0, 0);
    for word in words {
        if word.clause != clause {
            (reach, clause) = (0, word.clause);
        }
        if NEGATIONS.contains(&word.text.as_str()) {
            reach = NEGATION_REACH;
        } else if reach > 0 {
            word.negated = true;
            reach -= 1;
        }
    }
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    open: Option<usize>,
    clause: usize,
    words: Vec<Word>,
}

impl Reader<'_> {
    fn end(&mut self, end: usize) {
        let Some(start) = self.open.take() else { return };
        let Some(written) = self.text.get(start..end) else { return };
        let folded = fold(written).replace('’', "'");
        let at = start..end;
        if folded.starts_with(|c: char| c.is_ascii_digit())
            && folded.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
        {
            let year = folded.len() == 4 && folded.starts_with("20");
            self.push(if year { "0year" } else { "0" }, at);
        } else if folded == "cannot" {
            self.push("can", at.clone());
            self.push("not", at);
        } else if let Some(verb) = folded.strip_suffix("n't") {
            self.push(verb, at.clone());
            self.push("not", at);
        } else {
            for part in folded.split('\'').filter(|part| !part.is_empty()) {
                self.push(part, at.clone());
            }
        }
    }

    fn push(&mut self, text: &str, at: Range<usize>) {
        if !text.is_empty() {
            self.words.push(Word { text: text.to_owned(), at, clause: self.clause, negated: false });
        }
    }

    fn end_clause(&mut self) {
        if self.words.last().is_some_and(|word| word.clause == self.clause) {
            self.clause += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_place_clause_and_negation() {
        let read = words("Café can't open 1,200 boxes; it's done in 2021, cannot say");
        let texts: Vec<_> = read.iter().map(|word| word.text.as_str()).collect();
        let expected = "cafe ca not open 0 boxes it s done in 0year can not say";
        assert_eq!(texts.join(" "), expected);
        let negated: Vec<_> = read.iter().filter(|w| w.negated).map(|w| w.text.as_str()).collect();
        assert_eq!(negated, ["open", "0", "boxes", "say"], "a negation ends with its clause");
        assert_eq!(read.last().map(|word| word.clause), Some(2));
        assert_eq!(read[3].at, 12..16);
    }
}
