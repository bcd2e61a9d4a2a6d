//! From a template's JSON to the run of operations that writes it: all that no data can change is made
//! into text here, once.

use std::mem;

use serde_json::{Map, Value};

use super::expand::{Field, Objects, Operation, Run, Source};
use super::expression::{Expression, Part, Syntax};
use super::{Located, ParseError, Step, json, parser};

/// Keys that steer expansion and never reach the card.
const RESERVED: [&str; 5] = ["$data", "$when", "$root", "$index", "$host"];

/// The run that writes `template`.
pub(super) fn compile(template: Value) -> Result<Run, ParseError> {
    let mut compiler = Compiler::default();
    compiler.value(template)?;
    Ok(Run(compiler.operations))
}

#[derive(Default)]
struct Compiler {
    operations: Vec<Operation>,
    /// Where in the template the reading is.
    place: Vec<Step>,
}

/// A string of the template.
enum Words {
    /// No expression inside.
    Plain(String),
    /// Exactly one expression: its value keeps its type.
    Alone(Expression),
    /// Text around or between expressions.
    Mixed(Vec<Part>),
}

/// What a list holds before the next item is written.
#[derive(Clone, Copy)]
enum Before {
    Nothing,
    /// The data decides.
    Perhaps,
    Something,
}

impl Compiler {
    /// Reads what becomes exactly one value. Recursion is bounded by the JSON reader's own depth limit.
    fn value(&mut self, json: Value) -> Result<(), ParseError> {
        match json {
            Value::String(text) => match self.words(text)? {
                Words::Alone(expression) => {
                    let field = self.field(expression);
                    self.operations.push(Operation::Value(field));
                }
                words => self.text(words),
            },
            Value::Array(items) => {
                self.literal("[");
                self.items(items, Before::Nothing)?;
                self.literal("]");
            }
            Value::Object(members) => self.object(members, false)?,
            plain => self.literal(&plain.to_string()),
        }
        Ok(())
    }

    /// Reads the items of a list. What is null leaves no gap, and a list within it lies side by side with
    /// its neighbours.
    fn items(&mut self, items: Vec<Value>, mut before: Before) -> Result<Before, ParseError> {
        for (index, item) in items.into_iter().enumerate() {
            self.place.push(Step::Index(index));
            before = self.item(item, before)?;
            self.place.pop();
        }
        Ok(before)
    }

    fn item(&mut self, item: Value, before: Before) -> Result<Before, ParseError> {
        match item {
            Value::Null => return Ok(before),
            Value::Array(items) => return self.items(items, before),
            Value::Object(members) if members.contains_key("$data") || members.contains_key("$when") => {
                self.object(members, true)?;
                return Ok(before.or_perhaps());
            }
            Value::String(text) => match self.words(text)? {
                Words::Alone(expression) => {
                    let field = self.field(expression);
                    self.operations.push(Operation::Items(field));
                    return Ok(before.or_perhaps());
                }
                words => {
                    self.comma(before);
                    self.text(words);
                }
            },
            one => {
                self.comma(before);
                self.value(one)?;
            }
        }
        Ok(Before::Something)
    }

    fn object(&mut self, mut json: Map<String, Value>, spread: bool) -> Result<(), ParseError> {
        let data = json.remove("$data").map(|data| self.under("$data", data, Self::source)).transpose()?;
        let when = json.remove("$when").map(|when| self.under("$when", when, Self::condition)).transpose()?;
        if data.is_none() && when.is_none() {
            return self.members(json);
        }
        let around = mem::take(&mut self.operations);
        self.members(json)?;
        let body = Run(mem::replace(&mut self.operations, around));
        self.operations.push(Operation::Objects(Box::new(Objects { data, when, body, spread })));
        Ok(())
    }

    fn members(&mut self, json: Map<String, Value>) -> Result<(), ParseError> {
        let mut separator = "{\"";
        for (key, value) in json {
            if RESERVED.contains(&key.as_str()) {
                continue;
            }
            self.literal(separator);
            self.escaped(&key);
            self.literal("\":");
            self.under(&key, value, Self::value)?;
            separator = ",\"";
        }
        self.literal(if separator.starts_with('{') { "{}" } else { "}" });
        Ok(())
    }

    fn source(&mut self, json: Value) -> Result<Source, ParseError> {
        match self.alone(json)? {
            Some(Operation::Value(field)) => Ok(Source::Computed(field)),
            Some(Operation::Literal(text)) => {
                serde_json::from_str(&text).map(Source::Literal).map_err(|_| self.wrong(Syntax::Json))
            }
            _ => Err(self.wrong(Syntax::Data)),
        }
    }

    fn condition(&mut self, json: Value) -> Result<Field, ParseError> {
        match self.alone(json)? {
            Some(Operation::Value(field)) => Ok(field),
            _ => Err(self.wrong(Syntax::When)),
        }
    }

    /// The one operation that writes `json`; none: it takes several.
    fn alone(&mut self, json: Value) -> Result<Option<Operation>, ParseError> {
        let around = mem::take(&mut self.operations);
        self.value(json)?;
        let mut operations = mem::replace(&mut self.operations, around);
        Ok(operations.pop().filter(|_| operations.is_empty()))
    }

    /// Reads `json`, which stands under `key`.
    fn under<T>(
        &mut self,
        key: &str,
        json: Value,
        read: fn(&mut Self, Value) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        self.place.push(Step::Key(key.to_owned()));
        let found = read(self, json)?;
        self.place.pop();
        Ok(found)
    }

    fn words(&self, text: String) -> Result<Words, ParseError> {
        if !text.contains("${") {
            return Ok(Words::Plain(text));
        }
        let mut parts = parser::parts(&text).map_err(|problem| self.wrong(problem))?;
        Ok(match parts.pop() {
            // As in the public expander, a lone constant or `concat` makes text.
            Some(Part::Expression(Expression::Concat(operands))) if parts.is_empty() => {
                Words::Mixed(operands.into_iter().map(Part::Expression).collect())
            }
            Some(Part::Expression(alone)) if parts.is_empty() && !alone.is_constant() => Words::Alone(alone),
            last => {
                parts.extend(last);
                Words::Mixed(parts)
            }
        })
    }

    /// Writes a string.
    fn text(&mut self, words: Words) {
        let parts = match words {
            Words::Plain(text) => vec![Part::Literal(text)],
            Words::Alone(expression) => vec![Part::Expression(expression)],
            Words::Mixed(parts) => parts,
        };
        self.literal("\"");
        for part in parts {
            match part {
                Part::Literal(text) => self.escaped(&text),
                Part::Expression(expression) => {
                    let field = self.field(expression);
                    self.operations.push(Operation::Text(field));
                }
            }
        }
        self.literal("\"");
    }

    fn comma(&mut self, before: Before) {
        match before {
            Before::Nothing => {}
            Before::Perhaps => self.operations.push(Operation::Comma),
            Before::Something => self.literal(","),
        }
    }

    /// Writes JSON text; neighbours become one.
    fn literal(&mut self, text: &str) {
        if let Some(Operation::Literal(before)) = self.operations.last_mut() {
            before.push_str(text);
        } else {
            self.operations.push(Operation::Literal(text.to_owned()));
        }
    }

    fn escaped(&mut self, text: &str) {
        let mut escaped = String::with_capacity(text.len());
        json::escape(text, &mut escaped);
        self.literal(&escaped);
    }

    fn field(&self, expression: Expression) -> Field {
        Field { expression, place: self.place.clone() }
    }

    fn wrong(&self, problem: Syntax) -> ParseError {
        Located { place: self.place.clone(), problem }
    }
}

impl Before {
    /// After an item that may write nothing.
    fn or_perhaps(self) -> Self {
        if matches!(self, Self::Something) { self } else { Self::Perhaps }
    }
}
