//! Numbers, dates and other values as text.

use std::fmt::Write as _;

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde_json::Value;

use super::functions::Wrong;

/// Writes a value as it stands in text: numbers plain, lists with commas.
pub(super) fn text(value: &Value, out: &mut String) -> Result<(), Wrong> {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => digits(number, out),
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                item(value, out)?;
            }
        }
        Value::Null => return Err(Wrong::Null),
        Value::Object(_) => return Err(Wrong::Object),
    }
    Ok(())
}

/// Writes one entry of a list; null leaves its place empty.
pub(super) fn item(value: &Value, out: &mut String) -> Result<(), Wrong> {
    if value.is_null() { Ok(()) } else { text(value, out) }
}

/// A value as `concat` joins it: lists and objects are JSON, null is nothing.
pub(super) fn plain(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Array(_) | Value::Object(_) => out = value.to_string(),
        // What is left has a text, or is null and has none.
        scalar => _ = text(scalar, &mut out),
    }
    out
}

/// A value as `string` writes it: as [`plain`], but numbers with thousands separators.
pub(super) fn spell(value: &Value) -> String {
    let plain = plain(value);
    match value.as_f64() {
        Some(amount) => group(amount, plain.split_once('.').map_or(0, |(_, decimals)| decimals.len())),
        None => plain,
    }
}

fn digits(number: &serde_json::Number, out: &mut String) {
    let written = match number.as_f64() {
        Some(float) if number.is_f64() => shortest(float, out),
        _ => write!(out, "{number}"),
    };
    debug_assert!(written.is_ok(), "a String takes all text");
}

/// The shortest digits that give the same number again, with an exponent only where JSON has one.
fn shortest(float: f64, out: &mut String) -> std::fmt::Result {
    let size = float.abs();
    if size == 0.0 {
        out.write_str("0")
    } else if size >= 1e21 {
        let text = format!("{float:e}");
        out.write_str(&text.replace('e', "e+"))
    } else if size < 1e-6 {
        write!(out, "{float:e}")
    } else {
        write!(out, "{float}")
    }
}

/// `number` rounded to `decimals` (halves up) with thousands separators.
pub(super) fn number(number: f64, decimals: u8) -> String {
    let scale = 10_f64.powi(i32::from(decimals));
    let rounded = (number * scale + 0.5).floor() / scale;
    // Too large to scale: there is nothing to round.
    group(if rounded.is_finite() { rounded } else { number }, usize::from(decimals))
}

fn group(number: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", number.abs());
    let (whole, fraction) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut text = String::with_capacity(plain.len() + plain.len() / 3 + 3);
    if number < 0.0 && plain.contains(|c| matches!(c, '1'..='9')) {
        text.push('\u{2212}');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text.push_str(fraction);
    text
}

/// How `formatDateTime` prints, compiled from its pattern.
#[derive(Debug)]
pub(super) struct Pattern(Vec<Item<'static>>);

/// Runs of letters and what they print.
const FIELDS: [(&str, &str); 21] = [
    ("yyyy", "%Y"),
    ("yy", "%y"),
    ("MMMM", "%B"),
    ("MMM", "%b"),
    ("MM", "%m"),
    ("M", "%-m"),
    ("dddd", "%A"),
    ("ddd", "%a"),
    ("dd", "%d"),
    ("d", "%-d"),
    ("HH", "%H"),
    ("H", "%-H"),
    ("hh", "%I"),
    ("h", "%-I"),
    ("mm", "%M"),
    ("m", "%-M"),
    ("ss", "%S"),
    ("s", "%-S"),
    ("fff", "%3f"),
    ("tt", "%p"),
    ("t", "%p"),
];

impl Pattern {
    /// Reads a pattern like `d MMM yyyy`. None: it uses a letter that this language does not print.
    pub fn parse(pattern: &str) -> Option<Self> {
        let mut compiled = String::new();
        let mut rest = pattern;
        while let Some(letter) = rest.chars().next() {
            let run = rest.split(|c| c != letter).next().unwrap_or_default();
            if let Some((_, field)) = FIELDS.iter().find(|(field, _)| *field == run) {
                compiled.push_str(field);
            } else if letter == 'T' || matches!(letter, ' ' | ',' | '.' | ':' | '/' | '-' | '(' | ')') {
                compiled.push_str(run);
            } else {
                return None;
            }
            rest = rest.get(run.len()..)?;
        }
        StrftimeItems::new(&compiled).parse_to_owned().ok().map(Self)
    }

    /// Prints an instant (a date, a time with offset, or a time meant as UTC) in UTC.
    pub fn print(&self, instant: &str) -> Option<String> {
        let instant = read(instant)?;
        let mut out = String::new();
        write!(out, "{}", instant.format_with_items(self.0.iter())).ok()?;
        Some(out)
    }
}

impl Default for Pattern {
    /// The form in which JSON carries instants.
    fn default() -> Self {
        Self(StrftimeItems::new("%Y-%m-%dT%H:%M:%S.%3fZ").parse_to_owned().unwrap_or_default())
    }
}

fn read(instant: &str) -> Option<DateTime<Utc>> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(instant) {
        return Some(instant.to_utc());
    }
    if let Ok(date) = instant.parse::<NaiveDate>() {
        return Some(date.and_time(NaiveTime::MIN).and_utc());
    }
    let bare = instant.strip_suffix('Z').unwrap_or(instant);
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
    forms.iter().find_map(|form| NaiveDateTime::parse_from_str(bare, form).ok()).map(|time| time.and_utc())
}
