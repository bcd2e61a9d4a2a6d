//! Words on their way into a card. What somebody typed stays text: no markdown, no date function of
//! the renderer, no mention, no invisible characters (O1, O3, V2).

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, TimeZone};
use serde::{Serialize, Serializer};

/// Text that somebody typed or that came with a feed. It serialises through [`plain`], so that a view
/// cannot forget to. Input values are the exception: they are plain `String`s, because a form gives
/// back exactly what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserText(String);

impl UserText {
    /// The whole text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// At most `characters` of the text, with an ellipsis where it was cut.
    pub fn clipped(text: &str, characters: usize) -> Self {
        Self(clip(text, characters).into_owned())
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text as it was given.
    pub(super) fn whole(&self) -> &str {
        &self.0
    }

    /// The text as a card shows it.
    pub fn shown(&self) -> Cow<'_, str> {
        plain(&self.0)
    }
}

impl From<&str> for UserText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for UserText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Serialize for UserText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown())
    }
}

/// The text made harmless for a text run: `{{` cannot start a date function, `<at` cannot start a
/// mention, characters that hide or reorder others are shown by their number or left out, and each
/// line with right-to-left letters keeps its direction to itself.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.contains("{{") && !text.contains('<') && !text.chars().any(is_odd_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            shown.push('\n');
        }
        if line.chars().any(is_right_to_left) {
            shown.push(FIRST_STRONG_ISOLATE);
            push_line(&mut shown, line);
            shown.push(POP_ISOLATE);
        } else {
            push_line(&mut shown, line);
        }
    }
    Cow::Owned(shown)
}

const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';
const WORD_JOINER: char = '\u{2060}';

fn push_line(shown: &mut String, line: &str) {
    let mut before = None;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        if matches!((before, c), (Some('{'), '{') | (Some('<'), 'a' | 'A' | '/')) {
            shown.push(WORD_JOINER);
        }
        match c {
            '\r' | '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{E0000}'..='\u{E007F}' => {}
            '\t' => shown.push(' '),
            '\u{200C}' | '\u{200D}' if joins(before) && joins(next) => shown.push(c),
            _ if is_odd_control(c) => shown.push(char::REPLACEMENT_CHARACTER),
            _ if hides(c) => {
                let _ = write!(shown, "[U+{:04X}]", u32::from(c));
            }
            _ => shown.push(c),
        }
        before = Some(c);
    }
}

fn is_odd_control(c: char) -> bool {
    c.is_control() && c != '\n'
}

/// Joiners belong between letters of the scripts that join, and inside emoji; not between Latin letters.
fn joins(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|c| c >= '\u{590}')
}

fn hides(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// [`plain`] text for a place that reads markdown: a `TextBlock`, or a message in markdown.
pub fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in plain(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            _ => {
                if c.is_ascii_punctuation()
                    && !matches!(c, '\'' | '"' | ',' | ';' | ':' | '/' | '?' | '@' | '%')
                {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
        }
    }
    escaped
}

/// A link of our own for a place that reads markdown; empty where there is none. A link can be copied from its menu,
/// which a button cannot. Never of anybody's words (O2).
pub fn own_link(title: &'static str, link: Option<String>) -> String {
    link.map(|link| format!("[{title}]({link})")).unwrap_or_default()
}

/// At most `characters` of `text`; the last is an ellipsis where something was cut, at a word's end
/// where one is near.
pub fn clip(text: &str, characters: usize) -> Cow<'_, str> {
    if text.chars().count() <= characters {
        return Cow::Borrowed(text);
    }
    let mut kept: String = text.chars().take(characters.saturating_sub(1)).collect();
    if let Some(space) = kept.rfind(char::is_whitespace).filter(|space| kept.len() - space < 16) {
        kept.truncate(space);
    }
    kept.push('…');
    Cow::Owned(kept)
}

/// As much of `text` as takes at most `bytes` in an encoded card, with an ellipsis where it was cut (O4).
pub fn fit(text: &str, bytes: usize) -> Cow<'_, str> {
    let mut taken = 0;
    let over = text.char_indices().find(|(_, c)| {
        taken += encoded(*c);
        taken > bytes
    });
    match over {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let kept = text.get(..end).unwrap_or_default();
            Cow::Owned(
                kept.chars().rev().skip(1).collect::<Vec<_>>().into_iter().rev().chain(['…']).collect(),
            )
        }
    }
}

/// The text in parts that take at most `bytes` each in an encoded card, cut at line ends where there are any.
pub fn pages(text: &str, bytes: usize) -> Vec<&str> {
    let mut pages = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut taken = 0;
        let end = rest.char_indices().find(|(_, c)| {
            taken += encoded(*c);
            taken > bytes
        });
        let end = end.map_or(rest.len(), |(end, _)| end.max(1));
        let end = match rest.get(..end).and_then(|page| page.rfind('\n')).filter(|_| end < rest.len()) {
            Some(line) if line > 0 => line + 1,
            _ => rest.ceil_char_boundary(end),
        };
        let (page, after) = rest.split_at(end);
        pages.push(page);
        rest = after;
    }
    pages
}

/// The most bytes that a character becomes on its way through [`plain`] and JSON.
fn encoded(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' => 2,
        '{' | '<' | 'a' | 'A' | '/' => 4,
        _ if hides(c) || c.is_control() => 8,
        _ => c.len_utf8(),
    }
}

/// A date as words with the year: "21 Nov 2026".
pub fn day(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// An instant as words on the clock of its zone: "21 Nov 2026, 14:05".
pub fn moment<Z: TimeZone>(instant: &DateTime<Z>) -> String
where
    Z::Offset: std::fmt::Display,
{
    instant.format("%-d %b %Y, %H:%M").to_string()
}

/// A number with its thousands set apart: "12,500".
pub fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut spaced = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    spaced
}

/// A number of things: "no services", "1 service", "12 services".
pub fn count(value: u64, one: &str, many: &str) -> String {
    match value {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{} {many}", number(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr_o1_what_a_renderer_would_act_on_is_inert() {
        assert_eq!(plain("{{DATE(x)}}"), "{\u{2060}{DATE(x)}}");
        assert_eq!(plain("{{{"), "{\u{2060}{\u{2060}{");
        assert_eq!(plain("<at>Ann</at> <b>"), "<\u{2060}at>Ann<\u{2060}/at> <b>");
        assert_eq!(plain("${x} **b**"), "${x} **b**");
    }

    #[test]
    fn sr_v2_hidden_characters_are_shown_and_scripts_that_join_stay_whole() {
        assert_eq!(plain("a\u{202E}b"), "a[U+202E]b");
        assert_eq!(plain("pay\u{200D}pal\u{200B}"), "pay[U+200D]pal[U+200B]");
        assert_eq!(plain("👩\u{200D}💻"), "👩\u{200D}💻");
        assert_eq!(plain("a\u{0}b\u{7}"), "a\u{FFFD}b\u{FFFD}");
        assert_eq!(plain("ok\nשלום\u{200F}"), "ok\n\u{2068}שלום\u{2069}");
    }

    #[test]
    fn sr_o1_markdown_is_escaped() {
        assert_eq!(markdown("**a** [x](y) <b> _c_"), "\\*\\*a\\*\\* \\[x\\]\\(y\\) &lt;b&gt; \\_c\\_");
    }

    #[test]
    fn words_are_cut_at_words() {
        assert_eq!(clip("The quick brown fox", 12), "The quick…");
        assert_eq!(clip("Donaudampfschifffahrt", 8), "Donauda…");
        assert_eq!(clip("fits", 4), "fits");
    }

    #[test]
    fn a_long_text_is_paged_at_line_ends_and_nothing_is_lost() {
        let text = "one\ntwo\nthree ".repeat(50) + &"漢".repeat(100);
        let parts = pages(&text, 60);
        assert!(parts.len() > 5 && parts.concat() == text);
        assert!(parts.iter().all(|part| part.chars().map(encoded).sum::<usize>() <= 60));
        assert!(parts[0].ends_with('\n'));
        assert!(pages("", 60).is_empty());
    }

    #[test]
    fn numbers_and_dates_are_words() {
        assert_eq!([0, 999, 1000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(count(0, "service", "services"), "no services");
        assert_eq!(day(NaiveDate::from_ymd_opt(2026, 11, 1).unwrap()), "1 Nov 2026");
    }
}
