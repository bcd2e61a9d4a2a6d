//! The compiled template, and how it is written: `$data`, `$when`, repetition, text.

use std::borrow::Cow;

use serde_json::Value;

use super::expression::Expression;
use super::{ExpandError, Located, Problem, Step, format, json};

/// What an expression can see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    /// All data: `$root`.
    pub root: &'a Value,
    /// The current data: `$data`, where plain paths begin.
    pub data: &'a Value,
    /// Place in the innermost repetition, from zero: `$index`.
    pub index: Option<&'a Value>,
}

impl<'a> Scope<'a> {
    /// The scope in which a template starts.
    pub fn of(data: &'a Value) -> Self {
        Self { root: data, data, index: None }
    }
}

/// What writes a piece of the template, from left to right.
#[derive(Debug)]
pub(super) struct Run(pub Vec<Operation>);

#[derive(Debug)]
pub(super) enum Operation {
    /// JSON text that no data changes: punctuation, names, whole values, beginnings of strings.
    Literal(String),
    /// Between items of a list, where the ones before may have come to nothing.
    Comma,
    /// A piece of a string.
    Text(Field),
    /// One value.
    Value(Field),
    /// Items of a list: one value, those of a list, or for null none.
    Items(Field),
    /// As many objects as the data says.
    Objects(Box<Objects>),
}

/// An expression and where it stands, for messages.
#[derive(Debug)]
pub(super) struct Field {
    pub expression: Expression,
    pub place: Vec<Step>,
}

/// An object that may be repeated or dropped.
#[derive(Debug)]
pub(super) struct Objects {
    pub data: Option<Source>,
    pub when: Option<Field>,
    pub body: Run,
    /// Whether it stands in a list, where several lie side by side. Elsewhere several are a list of their
    /// own, and none is null.
    pub spread: bool,
}

/// The value of `$data`.
#[derive(Debug)]
pub(super) enum Source {
    Literal(Value),
    Computed(Field),
}

impl Run {
    /// Writes this piece, filled from `scope`.
    pub fn write(&self, scope: Scope<'_>, out: &mut String) -> Result<(), ExpandError> {
        for operation in &self.0 {
            match operation {
                Operation::Literal(text) => out.push_str(text),
                Operation::Comma => separate(out),
                Operation::Text(field) => field.write_text(scope, out)?,
                Operation::Value(field) => json::value(field.evaluate(scope)?.as_ref(), out),
                Operation::Items(field) => write_items(field.evaluate(scope)?.as_ref(), out),
                Operation::Objects(objects) => objects.write(scope, out)?,
            }
        }
        Ok(())
    }
}

/// Writes a comma unless the list has only been opened. No value ends in a bracket that opens.
fn separate(out: &mut String) {
    if !out.ends_with('[') {
        out.push(',');
    }
}

fn write_items(value: &Value, out: &mut String) {
    let items = match value {
        Value::Null => &[],
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    for item in items {
        separate(out);
        json::value(item, out);
    }
}

impl Field {
    fn evaluate<'a>(&'a self, scope: Scope<'a>) -> Result<Cow<'a, Value>, ExpandError> {
        self.expression.evaluate(scope).map_err(|problem| self.wrong(problem))
    }

    fn write_text(&self, scope: Scope<'_>, out: &mut String) -> Result<(), ExpandError> {
        let value = self.evaluate(scope)?;
        if let Value::String(text) = value.as_ref() {
            json::escape(text, out);
            return Ok(());
        }
        let mut text = String::new();
        format::text(&value, &mut text).map_err(|wrong| self.wrong(Problem::Text(wrong)))?;
        json::escape(&text, out);
        Ok(())
    }

    fn wrong(&self, problem: Problem) -> ExpandError {
        Located { place: self.place.clone(), problem }
    }
}

impl Objects {
    fn write(&self, scope: Scope<'_>, out: &mut String) -> Result<(), ExpandError> {
        if self.spread {
            return self.write_all(scope, out).map(drop);
        }
        let start = out.len();
        out.push('[');
        match self.write_all(scope, out)? {
            0 => out.replace_range(start.., "null"),
            1 => drop(out.remove(start)),
            _ => out.push(']'),
        }
        Ok(())
    }

    /// Writes an object for each data item that passes `$when`. Gives how many there are.
    fn write_all(&self, scope: Scope<'_>, out: &mut String) -> Result<usize, ExpandError> {
        let computed;
        let data = match &self.data {
            None => return self.write_one(scope, out).map(usize::from),
            Some(Source::Literal(value)) => value,
            Some(Source::Computed(field)) => {
                computed = field.evaluate(scope)?;
                computed.as_ref()
            }
        };
        let Value::Array(items) = data else {
            return self.write_one(Scope { data, ..scope }, out).map(usize::from);
        };
        let mut count = 0;
        for (index, data) in items.iter().enumerate() {
            let index = Value::from(index);
            count += usize::from(self.write_one(Scope { data, index: Some(&index), ..scope }, out)?);
        }
        Ok(count)
    }

    /// Writes the object unless `$when` drops it.
    fn write_one(&self, scope: Scope<'_>, out: &mut String) -> Result<bool, ExpandError> {
        if let Some(when) = &self.when {
            match when.evaluate(scope)?.as_ref() {
                Value::Bool(true) => {}
                Value::Bool(false) => return Ok(false),
                _ => return Err(when.wrong(Problem::When)),
            }
        }
        separate(out);
        self.body.write(scope, out)?;
        Ok(true)
    }
}
