//! The built-in functions, by name. Operators are functions with other names.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::format;

/// Why a function cannot take its argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Wants something else; says what.
    #[error("wants {0}")]
    Wants(&'static str),
    /// Only numbers with numbers and strings with strings have an order.
    #[error("these two have no order")]
    Incomparable,
    /// Division by zero.
    #[error("divides by zero")]
    Zero,
    /// The result is too large for a number, or there is none.
    #[error("gives no number")]
    Infinite,
    /// Positions lie outside the text.
    #[error("lies outside the text")]
    Range,
    /// Not a date or point in time that ISO 8601 writes.
    #[error("wants a date like 2026-02-03 or a time like 2026-02-03T04:05:06Z")]
    Instant,
    /// Null has no text.
    #[error("null has no text")]
    Null,
    /// An object has no text.
    #[error("an object has no text")]
    Object,
}

pub(super) type Unary = fn(&Value) -> Result<Value, Wrong>;
pub(super) type Binary = fn(&Value, &Value) -> Result<Value, Wrong>;
pub(super) type Listed = fn(&[Cow<'_, Value>]) -> Result<Value, Wrong>;

/// How a function takes its arguments.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    If,
    Not,
    And,
    Or,
    Concat,
    DateTime,
    /// One argument, which may be a path that is not there.
    Question(Unary),
    Unary(Unary),
    Binary(Binary),
    /// Two or more arguments, from left to right.
    Chain(Binary),
    /// At least and at most so many arguments.
    Listed(usize, usize, Listed),
}

/// Every name of the language.
const FUNCTIONS: &[(&str, Shape)] = &[
    ("if", Shape::If),
    ("not", Shape::Not),
    ("!", Shape::Not),
    ("and", Shape::And),
    ("&&", Shape::And),
    ("or", Shape::Or),
    ("||", Shape::Or),
    ("exists", Shape::Question(|value| Ok(Value::Bool(!value.is_null())))),
    ("empty", Shape::Question(|value| Ok(Value::Bool(is_empty(value))))),
    ("equals", Shape::Binary(|left, right| Ok(Value::Bool(equal(left, right))))),
    ("==", Shape::Binary(|left, right| Ok(Value::Bool(equal(left, right))))),
    ("!=", Shape::Binary(|left, right| Ok(Value::Bool(!equal(left, right))))),
    ("greater", Shape::Binary(|left, right| ordered(left, right, Ordering::is_gt))),
    (">", Shape::Binary(|left, right| ordered(left, right, Ordering::is_gt))),
    ("greaterOrEquals", Shape::Binary(|left, right| ordered(left, right, Ordering::is_ge))),
    (">=", Shape::Binary(|left, right| ordered(left, right, Ordering::is_ge))),
    ("less", Shape::Binary(|left, right| ordered(left, right, Ordering::is_lt))),
    ("<", Shape::Binary(|left, right| ordered(left, right, Ordering::is_lt))),
    ("lessOrEquals", Shape::Binary(|left, right| ordered(left, right, Ordering::is_le))),
    ("<=", Shape::Binary(|left, right| ordered(left, right, Ordering::is_le))),
    ("add", Shape::Chain(add)),
    ("+", Shape::Chain(add)),
    ("sub", Shape::Chain(|left, right| calculate(left, right, |a, b| a - b))),
    ("-", Shape::Chain(|left, right| calculate(left, right, |a, b| a - b))),
    ("mul", Shape::Chain(|left, right| calculate(left, right, |a, b| a * b))),
    ("*", Shape::Chain(|left, right| calculate(left, right, |a, b| a * b))),
    ("div", Shape::Chain(divide)),
    ("/", Shape::Chain(divide)),
    ("mod", Shape::Binary(modulo)),
    ("max", Shape::Listed(1, usize::MAX, |args| extreme(args, f64::max))),
    ("min", Shape::Listed(1, usize::MAX, |args| extreme(args, f64::min))),
    ("count", Shape::Unary(count)),
    ("length", Shape::Unary(|text| string(text).map(|text| Value::from(units(text))))),
    ("concat", Shape::Concat),
    ("string", Shape::Unary(|value| Ok(Value::String(format::spell(value))))),
    ("join", Shape::Listed(2, 3, join)),
    ("json", Shape::Unary(json)),
    ("toUpper", Shape::Unary(|text| string(text).map(|text| Value::String(text.to_uppercase())))),
    ("toLower", Shape::Unary(|text| string(text).map(|text| Value::String(text.to_lowercase())))),
    ("substring", Shape::Listed(2, 3, substring)),
    ("formatNumber", Shape::Binary(format_number)),
    ("formatDateTime", Shape::DateTime),
];

/// The function or operator `name`, with its name for messages.
pub(super) fn named(name: &str) -> Option<(&'static str, Shape)> {
    FUNCTIONS.iter().find(|(known, _)| *known == name).copied()
}

fn string(value: &Value) -> Result<&str, Wrong> {
    value.as_str().ok_or(Wrong::Wants("a string"))
}

fn number(value: &Value) -> Result<f64, Wrong> {
    value.as_f64().ok_or(Wrong::Wants("a number"))
}

/// A number that is whole, whatever its notation.
fn whole(value: &Value) -> Option<f64> {
    value.as_f64().filter(|number| number.fract() == 0.0)
}

/// Length in UTF-16 units, in which the public language counts.
fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// A number as JSON writes it; whole ones without a fraction.
fn numeral(number: f64) -> Result<Value, Wrong> {
    /// Beyond this, not every whole number has its own `f64`.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        let whole = format!("{number:.0}").parse::<i64>().map_err(|_| Wrong::Infinite)?;
        return Ok(Value::from(whole));
    }
    Number::from_f64(number).map(Value::Number).ok_or(Wrong::Infinite)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Equality of JSON values; numbers are equal however they are written.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if (a - b).abs() < f64::EPSILON)
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => left == right,
    }
}

/// Whether the two stand in an order that `fits`; null stands in none.
fn ordered(left: &Value, right: &Value, fits: fn(Ordering) -> bool) -> Result<Value, Wrong> {
    let order = match (left, right) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::String(a), Value::String(b)) => Some(a.encode_utf16().cmp(b.encode_utf16())),
        _ => return Err(Wrong::Incomparable),
    };
    Ok(Value::Bool(order.is_some_and(fits)))
}

fn calculate(left: &Value, right: &Value, run: fn(f64, f64) -> f64) -> Result<Value, Wrong> {
    numeral(run(number(left)?, number(right)?))
}

/// Adds numbers; with a string on either side, joins texts.
fn add(left: &Value, right: &Value) -> Result<Value, Wrong> {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => calculate(left, right, |a, b| a + b),
        (Value::Number(_) | Value::String(_), Value::Number(_) | Value::String(_)) => {
            let mut text = String::new();
            format::text(left, &mut text)?;
            format::text(right, &mut text)?;
            Ok(Value::String(text))
        }
        _ => Err(Wrong::Wants("numbers or strings")),
    }
}

/// Divides; whole by whole rounds down.
fn divide(left: &Value, right: &Value) -> Result<Value, Wrong> {
    if number(right)? == 0.0 {
        return Err(Wrong::Zero);
    }
    let floors = whole(left).is_some() && whole(right).is_some();
    let quotient = number(left)? / number(right)?;
    numeral(if floors { quotient.floor() } else { quotient })
}

/// The remainder, with the sign of the left side.
fn modulo(left: &Value, right: &Value) -> Result<Value, Wrong> {
    let wants = Wrong::Wants("whole numbers");
    let (left, right) = (whole(left).ok_or(wants)?, whole(right).ok_or(wants)?);
    if right == 0.0 { Err(Wrong::Zero) } else { numeral(left % right) }
}

/// The largest or smallest of numbers and lists of numbers.
fn extreme(args: &[Cow<'_, Value>], pick: fn(f64, f64) -> f64) -> Result<Value, Wrong> {
    let mut found: Option<f64> = None;
    for arg in args {
        let numbers =
            if let Value::Array(items) = arg.as_ref() { items } else { std::slice::from_ref(arg.as_ref()) };
        for value in numbers {
            let value = number(value)?;
            found = Some(found.map_or(value, |found| pick(found, value)));
        }
    }
    numeral(found.ok_or(Wrong::Infinite)?)
}

fn count(value: &Value) -> Result<Value, Wrong> {
    match value {
        Value::String(text) => Ok(Value::from(units(text))),
        Value::Array(items) => Ok(Value::from(items.len())),
        Value::Object(members) => Ok(Value::from(members.len())),
        _ => Err(Wrong::Wants("a list, an object or a string")),
    }
}

/// Joins lists into a list and anything else into text; null gives way to a list.
pub(super) fn concat<'a>(operands: Vec<Cow<'a, Value>>) -> Result<Cow<'a, Value>, Wrong> {
    let join = |left: Cow<'a, Value>, right: Cow<'a, Value>| match (left.as_ref(), right.as_ref()) {
        (Value::Null, Value::Null | Value::Array(_)) => right,
        (Value::Array(_), Value::Null) => left,
        (Value::Array(a), Value::Array(b)) => Cow::Owned(Value::Array(a.iter().chain(b).cloned().collect())),
        (a, b) => Cow::Owned(Value::String(format::plain(a) + &format::plain(b))),
    };
    operands.into_iter().reduce(join).ok_or(Wrong::Wants("an argument"))
}

/// Joins a list with a separator and, before the last of three or more, another one.
fn join(args: &[Cow<'_, Value>]) -> Result<Value, Wrong> {
    let [list, between @ ..] = args else { return Err(Wrong::Wants("a list")) };
    let items = list.as_array().ok_or(Wrong::Wants("a list"))?;
    let (separator, ending) = match between {
        [_, ending] if items.len() < 3 => (ending, ending),
        [separator, ending] => (separator, ending),
        [separator, ..] => (separator, separator),
        [] => return Err(Wrong::Wants("a separator")),
    };
    let (separator, ending) = (string(separator)?, string(ending)?);
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == items.len() { ending } else { separator });
        }
        format::item(item, &mut text)?;
    }
    Ok(Value::String(text))
}

fn json(text: &Value) -> Result<Value, Wrong> {
    serde_json::from_str(string(text)?).map_err(|_| Wrong::Wants("JSON text"))
}

/// Part of a text by start and length in UTF-16 units; a character cut in two becomes U+FFFD.
fn substring(args: &[Cow<'_, Value>]) -> Result<Value, Wrong> {
    let position = |value: &Cow<'_, Value>| {
        let number = value.as_u64().ok_or(Wrong::Wants("positions as whole numbers"))?;
        usize::try_from(number).map_err(|_| Wrong::Range)
    };
    let (text, start, length) = match args {
        [text, start] => (text, start, None),
        [text, start, length] => (text, start, Some(length)),
        _ => return Err(Wrong::Wants("a text and a start")),
    };
    let units: Vec<u16> = string(text)?.encode_utf16().collect();
    let start = position(start)?;
    let end = match length {
        Some(length) => start.checked_add(position(length)?).ok_or(Wrong::Range)?,
        None => units.len(),
    };
    let part = units.get(start..end).ok_or(Wrong::Range)?;
    Ok(Value::String(String::from_utf16_lossy(part)))
}

/// A number with thousands separators and so many decimals (0 to 20).
fn format_number(value: &Value, decimals: &Value) -> Result<Value, Wrong> {
    let decimals = decimals.as_u64().and_then(|decimals| u8::try_from(decimals).ok());
    let decimals = decimals.filter(|decimals| *decimals <= 20).ok_or(Wrong::Wants("0 to 20 decimals"))?;
    Ok(Value::String(format::number(number(value)?, decimals)))
}
