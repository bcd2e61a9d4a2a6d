//! The template as a tree, and how the tree is filled: `$data`, `$when`, repetition, text.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::expression::{Expression, Part, Syntax};
use super::{ExpandError, Located, ParseError, Problem};
use super::{format, parser};

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

/// One value of the template.
#[derive(Debug)]
pub(super) enum Node {
    /// No expression inside: copied as it is.
    Literal(Value),
    /// Text around or between expressions.
    Text(Vec<Part>),
    /// Exactly one expression: its value keeps its type.
    Computed(Expression),
    List(Vec<Node>),
    Object(Box<Object>),
}

/// A JSON object of the template.
#[derive(Debug)]
pub(super) struct Object {
    data: Option<Source>,
    when: Option<Expression>,
    members: Vec<(String, Node)>,
}

/// The value of `$data`.
#[derive(Debug)]
enum Source {
    Literal(Value),
    Computed(Expression),
}

/// Keys that steer expansion and never reach the card.
const RESERVED: [&str; 5] = ["$data", "$when", "$root", "$index", "$host"];

impl Node {
    /// Reads one value. Recursion is bounded by the JSON reader's own depth limit.
    pub fn parse(json: Value) -> Result<Self, ParseError> {
        match json {
            Value::String(text) => Self::parse_text(text).map_err(Located::here),
            Value::Array(items) => Self::parse_list(items),
            Value::Object(members) => Object::parse(members),
            plain => Ok(Self::Literal(plain)),
        }
    }

    fn parse_text(text: String) -> Result<Self, Syntax> {
        if !text.contains("${") {
            return Ok(Self::Literal(Value::String(text)));
        }
        let mut parts = parser::parts(&text)?;
        Ok(match parts.pop() {
            // As in the public expander, a lone constant or `concat` makes text.
            Some(Part::Expression(Expression::Concat(operands))) if parts.is_empty() => {
                Self::Text(operands.into_iter().map(Part::Expression).collect())
            }
            Some(Part::Expression(alone)) if parts.is_empty() && !alone.is_constant() => {
                Self::Computed(alone)
            }
            last => {
                parts.extend(last);
                Self::Text(parts)
            }
        })
    }

    fn parse_list(items: Vec<Value>) -> Result<Self, ParseError> {
        let read = |(index, item)| Self::parse(item).map_err(|error| error.at(index));
        let nodes = items.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        if !nodes.iter().all(|node| matches!(node, Self::Literal(_))) {
            return Ok(Self::List(nodes));
        }
        let mut list = Vec::with_capacity(nodes.len());
        for node in nodes {
            if let Self::Literal(value) = node {
                append(&mut list, value);
            }
        }
        Ok(Self::Literal(Value::Array(list)))
    }

    /// Fills this value from `scope`.
    pub fn expand(&self, scope: Scope<'_>) -> Result<Value, ExpandError> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Text(parts) => write(parts, scope).map(Value::String).map_err(Located::here),
            Self::Computed(expression) => {
                expression.evaluate(scope).map(Cow::into_owned).map_err(Located::here)
            }
            Self::List(nodes) => {
                let mut list = Vec::with_capacity(nodes.len());
                for (index, node) in nodes.iter().enumerate() {
                    append(&mut list, node.expand(scope).map_err(|error| error.at(index))?);
                }
                Ok(Value::Array(list))
            }
            Self::Object(object) => object.expand(scope),
        }
    }
}

/// Puts a value into a list: what was dropped leaves no gap, what was repeated lies side by side.
fn append(list: &mut Vec<Value>, value: Value) {
    match value {
        Value::Null => {}
        Value::Array(items) => list.extend(items),
        one => list.push(one),
    }
}

fn write(parts: &[Part], scope: Scope<'_>) -> Result<String, Problem> {
    let mut text = String::with_capacity(parts.iter().map(Part::size_hint).sum());
    for part in parts {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Expression(expression) => {
                format::text(expression.evaluate(scope)?.as_ref(), &mut text).map_err(Problem::Text)?;
            }
        }
    }
    Ok(text)
}

impl Object {
    fn parse(mut json: Map<String, Value>) -> Result<Node, ParseError> {
        let data =
            json.remove("$data").map(Source::parse).transpose().map_err(|error| error.under("$data"))?;
        let when = json.remove("$when").map(condition).transpose().map_err(|error| error.under("$when"))?;
        let mut members = Vec::with_capacity(json.len());
        for (key, value) in json {
            if !RESERVED.contains(&key.as_str()) {
                let node = Node::parse(value).map_err(|error| error.under(&key))?;
                members.push((key, node));
            }
        }
        if data.is_some()
            || when.is_some()
            || !members.iter().all(|(_, node)| matches!(node, Node::Literal(_)))
        {
            return Ok(Node::Object(Box::new(Self { data, when, members })));
        }
        let literal = members.into_iter().filter_map(|(key, node)| match node {
            Node::Literal(value) => Some((key, value)),
            _ => None,
        });
        Ok(Node::Literal(Value::Object(literal.collect())))
    }

    /// One object, several (an array), or none (null), by the number of data items that pass `$when`.
    fn expand(&self, scope: Scope<'_>) -> Result<Value, ExpandError> {
        let computed;
        let data = match &self.data {
            None => return Ok(self.expand_once(scope)?.unwrap_or_default()),
            Some(Source::Literal(value)) => value,
            Some(Source::Computed(expression)) => {
                computed =
                    expression.evaluate(scope).map_err(|problem| Located::here(problem).under("$data"))?;
                computed.as_ref()
            }
        };
        let Value::Array(items) = data else {
            return Ok(self.expand_once(Scope { data, ..scope })?.unwrap_or_default());
        };
        let mut objects = Vec::with_capacity(items.len());
        for (index, data) in items.iter().enumerate() {
            let index = Value::from(index);
            objects.extend(self.expand_once(Scope { data, index: Some(&index), ..scope })?);
        }
        Ok(match objects.pop() {
            None => Value::Null,
            Some(only) if objects.is_empty() => only,
            Some(last) => {
                objects.push(last);
                Value::Array(objects)
            }
        })
    }

    fn expand_once(&self, scope: Scope<'_>) -> Result<Option<Value>, ExpandError> {
        if let Some(when) = &self.when {
            let keep = match when.evaluate(scope).as_deref() {
                Ok(Value::Bool(keep)) => Ok(*keep),
                Ok(_) => Err(Problem::When),
                Err(problem) => Err(problem.clone()),
            };
            if !keep.map_err(|problem| Located::here(problem).under("$when"))? {
                return Ok(None);
            }
        }
        let mut object = Map::new();
        for (key, node) in &self.members {
            object.insert(key.clone(), node.expand(scope).map_err(|error| error.under(key))?);
        }
        Ok(Some(Value::Object(object)))
    }
}

impl Source {
    fn parse(json: Value) -> Result<Self, ParseError> {
        match Node::parse(json)? {
            Node::Literal(value) => Ok(Self::Literal(value)),
            Node::Computed(expression) => Ok(Self::Computed(expression)),
            _ => Err(Located::here(Syntax::Data)),
        }
    }
}

fn condition(json: Value) -> Result<Expression, ParseError> {
    match Node::parse(json)? {
        Node::Computed(expression) => Ok(expression),
        _ => Err(Located::here(Syntax::When)),
    }
}
