//! Days as people type them in a line of chat: `1 mar`, `01/03/2027`, `end of june`, `next monday`, `+30d`.
//! What may mean two days is never decided here: both are given back, and somebody asks.

mod numeric;
mod words;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::time::Today;
use words::{Edge, Turn, Unit};

/// Most characters that a day can take; anything longer is none.
const LONGEST: usize = 60;
/// How many days are not long ago.
const RECENT: i64 = 60;

/// What a typed day came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// This day.
    One(NaiveDate),
    /// Any of these, in order; at least two.
    Ambiguous(Vec<NaiveDate>),
    /// No day of the calendar.
    NotADate,
}

/// How days are read that do not say everything.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The person's own today.
    pub today: Today,
    /// What comes first in `3/4`; `None`: nobody knows, so it is asked.
    pub order: Option<DayOrder>,
    /// Which year is meant where none is said.
    pub lean: Lean,
    /// A month alone means its first day (D7); otherwise first and last day are offered.
    pub month_is_its_first_day: bool,
}

/// What comes first in a date of two bare numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// `31/12`.
    DayFirst,
    /// `12/31`.
    MonthFirst,
}

/// Which of the days is meant that come again each year or week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// The next one, later than today (F6).
    Ahead,
    /// The latest one, today included.
    Back,
    /// The next one, unless the latest is not long ago.
    Recent,
}

/// A distance between days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Whole days; negative: earlier.
    Days(i64),
    /// Calendar months; the day stays, or becomes the last one of a month that is shorter. Negative: earlier.
    Months(i32),
}

impl DayOrder {
    /// The habit of a locale such as `en-GB`. `None` where only a language is told that has both habits.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let locale = locale.to_ascii_lowercase();
        let mut parts = locale.split(['-', '_']);
        match (parts.next().unwrap_or_default(), parts.next_back()) {
            ("en", None | Some("ca" | "za" | "001")) | ("" | "x" | "und" | "c" | "posix", _) => None,
            ("en", Some("us" | "ph")) | ("ja" | "zh" | "ko" | "hu" | "lt" | "mn", _) => {
                Some(Self::MonthFirst)
            }
            _ => Some(Self::DayFirst),
        }
    }
}

/// The day that `typed` means.
pub fn read(typed: &str, reading: Reading) -> When {
    let Some(text) = fold(typed) else { return When::NotADate };
    if let Some(days) = numeric::read(&text, reading) {
        return one_of(days);
    }
    let words = split(&text);
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !words::is_filler(word)).collect();
    one_of(named(&words, reading).unwrap_or_default())
}

/// The day of the week that is called so, in lower case and in any language that dates are read in.
pub fn weekday_called(word: &str) -> Option<chrono::Weekday> {
    words::weekday(word)
}

/// Splits `contoso exo 1 mar` where the longest ending begins that is a day; without one, there is no day. The first
/// word is never part of it.
pub fn at_the_end(words: &str) -> (&str, &str) {
    // Whether words are a day does not hang on what day it is.
    let today = Today(NaiveDate::default());
    let reading = Reading { today, order: None, lean: Lean::Ahead, month_is_its_first_day: false };
    ending(words, |end| read(end, reading) != When::NotADate)
}

fn ending(words: &str, is_meant: impl Fn(&str) -> bool) -> (&str, &str) {
    let words = words.trim();
    let words_begin = words.char_indices().zip(words.char_indices().skip(1));
    let mut begins = words_begin.filter(|((_, before), (_, c))| before.is_whitespace() && !c.is_whitespace());
    let split = begins.find_map(|(_, (at, _))| words.split_at_checked(at).filter(|(_, end)| is_meant(end)));
    split.map_or((words, ""), |(name, end)| (name.trim_end(), end))
}

fn one_of(mut days: Vec<NaiveDate>) -> When {
    days.sort_unstable();
    days.dedup();
    match days.as_slice() {
        [] => When::NotADate,
        [day] => When::One(*day),
        _ => When::Ambiguous(days),
    }
}

/// Small letters without accents, and one kind of minus; `None` where it is too long for a day.
fn fold(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().nth(LONGEST).is_some() {
        return None;
    }
    let plain = |c: &char| !is_combining_mark(*c) && !matches!(c, '\'' | '’');
    let minus = |c: char| if matches!(c, '−' | '–') { '-' } else { c };
    Some(typed.nfkd().filter(plain).map(minus).flat_map(char::to_lowercase).collect())
}

/// A sign at the start, runs of digits and runs of letters: `+30d` is three of them.
fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = None;
    for c in text.chars() {
        let kind = match c {
            '+' | '-' if words.is_empty() => Some(0),
            _ if c.is_ascii_digit() => Some(1),
            _ if c.is_alphabetic() => Some(2),
            _ => None,
        };
        match words.last_mut() {
            Some(word) if kind.is_some() && kind == before => word.push(c),
            _ if kind.is_some() => words.push(c.to_string()),
            _ => {}
        }
        before = kind;
    }
    words
}

/// The days that words can mean; `None` or nothing: no day.
fn named(words: &[&str], reading: Reading) -> Option<Vec<NaiveDate>> {
    let today = reading.today.0;
    if let Some(span) = span_of_words(words) {
        return Some(vec![span.after(today)?]);
    }
    match *words {
        [word] if words::near_day(word).is_some() => {
            Some(vec![Span::Days(words::near_day(word)?).after(today)?])
        }
        [word] if words::weekday(word).is_some() => Some(weekday(None, words::weekday(word)?, reading)),
        [turn, day] | [day, turn] if words::turn(turn).is_some() => {
            Some(weekday(words::turn(turn), words::weekday(day)?, reading))
        }
        [day, ref rest @ ..] if words::weekday(day).is_some() => {
            let days = named(rest, reading)?.into_iter();
            Some(days.filter(|found| words::weekday(day) == Some(found.weekday())).collect())
        }
        [edge, ref rest @ ..] if words::edge(edge).is_some() => {
            Some(vec![edge_of(words::edge(edge)?, rest, reading)?])
        }
        [month] if words::month(month).is_some() => whole_month(words::month(month)?, None, reading),
        [month, year] if words::month(month).is_some() && year.len() == 4 => {
            whole_month(words::month(month)?, numeric::year(year), reading)
        }
        _ => Some(vec![day_and_month(words, reading)?]),
    }
}

/// `1 mar`, `mar 1`, each with or without a year.
fn day_and_month(words: &[&str], reading: Reading) -> Option<NaiveDate> {
    let (day, month, year) = match *words {
        [a, b] if words::month(a).is_some() => (b, a, None),
        [a, b] => (a, b, None),
        [a, b, year] if words::month(a).is_some() => (b, a, Some(year)),
        [year, b, a] if year.len() == 4 => (a, b, Some(year)),
        [a, b, year] => (a, b, Some(year)),
        _ => return None,
    };
    let (day, month) = (numeric::day(day)?, words::month(month)?);
    match year {
        Some(year) => NaiveDate::from_ymd_opt(numeric::year(year)?, month, day),
        None => reading.yearly(|year| NaiveDate::from_ymd_opt(year, month, day)),
    }
}

/// `in 2 weeks`, `+30d`, `3 months from now`, `2 days ago`.
fn span_of_words(words: &[&str]) -> Option<Span> {
    let (sign, rest) = match *words {
        ["+" | "in" | "dans" | "en", ref rest @ ..] => (1, rest),
        ["-", ref rest @ ..] | [ref rest @ .., "ago" | "earlier"] => (-1, rest),
        [ref rest @ .., "from", "now" | "today"] | [ref rest @ .., "later" | "ahead"] => (1, rest),
        _ => (1, words),
    };
    let [count, unit] = *rest else { return None };
    let count = sign * words::number(count)?;
    Some(match words::unit(unit)? {
        Unit::Day => Span::Days(count.into()),
        Unit::Week => Span::Days(i64::from(count) * 7),
        Unit::Month => Span::Months(count),
        Unit::Year => Span::Months(count * 12),
    })
}

impl Span {
    /// A distance as it is typed: `+30d`, `-2w`, `by 3 months`, `2 weeks later`.
    pub fn read(typed: &str) -> Option<Self> {
        let text = fold(typed)?;
        let words = split(&text);
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "by").collect();
        span_of_words(&words)
    }

    /// Splits `contoso exo +30d` where the longest ending begins that is a distance; without one, there is none.
    pub fn at_the_end(words: &str) -> (&str, &str) {
        ending(words, |end| Self::read(end).is_some())
    }

    /// The day that lies this far from `day`; `None`: beyond the calendar.
    pub fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days @ 0..) => day.checked_add_days(Days::new(days.unsigned_abs())),
            Self::Days(days) => day.checked_sub_days(Days::new(days.unsigned_abs())),
            Self::Months(months @ 0..) => day.checked_add_months(Months::new(months.unsigned_abs())),
            Self::Months(months) => day.checked_sub_months(Months::new(months.unsigned_abs())),
        }
    }
}

/// The start, middle or end of `june`, `june 2027`, `this month`, `next year`.
fn edge_of(edge: Edge, words: &[&str], reading: Reading) -> Option<NaiveDate> {
    let today = reading.today.0;
    let (turn, unit) = match *words {
        [unit] => (Turn::This, unit),
        [turn, unit] if words::turn(turn).is_some() => (words::turn(turn)?, unit),
        [month, year] => return of_month(edge, numeric::year(year)?, words::month(month)?),
        _ => return None,
    };
    if let Some(month) = words::month(unit) {
        let day = reading.yearly(|year| of_month(edge, year, month));
        return day.filter(|_| turn == Turn::This);
    }
    let steps = match turn {
        Turn::Last => -1,
        Turn::This => 0,
        Turn::Next => 1,
    };
    match (words::unit(unit)?, edge) {
        (Unit::Month, _) => {
            let day = Span::Months(steps).after(today)?;
            of_month(edge, day.year(), day.month())
        }
        (Unit::Year, Edge::Start) => NaiveDate::from_ymd_opt(today.year() + steps, 1, 1),
        (Unit::Year, Edge::Middle) => NaiveDate::from_ymd_opt(today.year() + steps, 6, 30),
        (Unit::Year, Edge::End) => NaiveDate::from_ymd_opt(today.year() + steps, 12, 31),
        (Unit::Day | Unit::Week, _) => None,
    }
}

fn of_month(edge: Edge, year: i32, month: u32) -> Option<NaiveDate> {
    match edge {
        Edge::Start => NaiveDate::from_ymd_opt(year, month, 1),
        Edge::Middle => NaiveDate::from_ymd_opt(year, month, 15),
        Edge::End => last_day(year, month),
    }
}

fn last_day(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// A month alone: its first day, or the choice of first and last. Where no year is said, only days that fit.
fn whole_month(month: u32, year: Option<i32>, reading: Reading) -> Option<Vec<NaiveDate>> {
    let first = |year| NaiveDate::from_ymd_opt(year, month, 1);
    let ends = |year| last_day(year, month);
    let meant = match year {
        Some(year) => year,
        None if reading.month_is_its_first_day || reading.lean == Lean::Back => reading.yearly(first)?.year(),
        None => reading.yearly(ends)?.year(),
    };
    if reading.month_is_its_first_day {
        return Some(vec![first(meant)?]);
    }
    let days = [first(meant)?, ends(meant)?].into_iter();
    Some(days.filter(|day| year.is_some() || reading.fits(*day)).collect())
}

/// `monday` is the nearest that fits. `next friday`, said within the same week, may be this week's or the one after.
fn weekday(turn: Option<Turn>, wanted: Weekday, reading: Reading) -> Vec<NaiveDate> {
    let today = reading.today.0;
    let ahead = today.iter_days().skip(1).find(|day| day.weekday() == wanted);
    let back = ahead.and_then(|day| Span::Days(-7).after(day));
    let days = match (turn, reading.lean) {
        (Some(Turn::Next), _) => {
            let after = ahead
                .filter(|day| day.iso_week() == today.iso_week())
                .and_then(|day| Span::Days(7).after(day));
            return [ahead, after].into_iter().flatten().collect();
        }
        (Some(Turn::Last), _) => back.filter(|day| *day != today).or_else(|| Span::Days(-7).after(today)),
        (None, Lean::Back) => back,
        (Some(Turn::This), _) | (None, Lean::Ahead | Lean::Recent) => ahead,
    };
    days.into_iter().collect()
}

impl Reading {
    /// Whether a day lies where days are looked for.
    fn fits(self, day: NaiveDate) -> bool {
        match self.lean {
            Lean::Ahead => day > self.today.0,
            Lean::Back => day <= self.today.0,
            Lean::Recent => true,
        }
    }

    /// The one meant of the days that come each year, or each leap year.
    fn yearly(self, of: impl Fn(i32) -> Option<NaiveDate>) -> Option<NaiveDate> {
        let today = self.today.0;
        let ahead = (0..=8).filter_map(|years| of(today.year() + years)).find(|day| *day > today);
        let back = (0..=8).filter_map(|years| of(today.year() - years)).find(|day| *day <= today);
        match self.lean {
            Lean::Ahead => ahead,
            Lean::Back => back,
            Lean::Recent => back.filter(|day| self.today.days_since(*day) <= RECENT).or(ahead),
        }
    }
}

#[cfg(test)]
mod tests;
