//! The value of an expression in a scope. Borrows from data and template where it can.

use std::borrow::Cow;

use serde_json::Value;

use super::Problem;
use super::expand::Scope;
use super::expression::{Expression, Path, Start, Step};
use super::functions::{self, Wrong};

type Found<'a> = Result<Cow<'a, Value>, Problem>;

impl Expression {
    /// The value of this expression. Recursion is bounded by the parser's depth limit.
    pub(super) fn evaluate<'a>(&'a self, scope: Scope<'a>) -> Found<'a> {
        match self {
            Self::Constant(value) => Ok(Cow::Borrowed(value)),
            Self::Path(path) => path.resolve(scope),
            Self::Not(operand) => operand.holds(scope).map(|holds| truth(!holds)),
            Self::And(operands) => all(operands, scope).map(truth),
            Self::Or(operands) => any(operands, scope).map(truth),
            Self::If(choice) => {
                let [condition, yes, no] = choice.as_ref();
                if condition.holds(scope)? { yes.evaluate(scope) } else { no.evaluate(scope) }
            }
            Self::Concat(operands) => {
                let values = values(operands, scope)?;
                functions::concat(values).map_err(|wrong| Problem::Function("concat", wrong))
            }
            Self::DateTime(instant, pattern) => {
                let instant = instant.evaluate(scope)?;
                let text = instant.as_str().and_then(|text| pattern.print(text)).ok_or(Wrong::Instant);
                let text = text.map_err(|wrong| Problem::Function("formatDateTime", wrong))?;
                Ok(Cow::Owned(Value::String(text)))
            }
            Self::Unary(name, run, operand) => owned(name, run(operand.evaluate(scope)?.as_ref())),
            Self::Binary(name, run, operands) => {
                let [left, right] = operands.as_ref();
                owned(name, run(left.evaluate(scope)?.as_ref(), right.evaluate(scope)?.as_ref()))
            }
            Self::Listed(name, run, operands) => owned(name, run(&values(operands, scope)?)),
        }
    }

    /// Whether the value counts as true: everything but false and null does, also 0 and "".
    fn holds<'a>(&'a self, scope: Scope<'a>) -> Result<bool, Problem> {
        self.evaluate(scope).map(|value| !matches!(*value, Value::Null | Value::Bool(false)))
    }
}

fn truth<'a>(holds: bool) -> Cow<'a, Value> {
    Cow::Owned(Value::Bool(holds))
}

fn owned<'a>(name: &'static str, result: Result<Value, Wrong>) -> Found<'a> {
    result.map(Cow::Owned).map_err(|wrong| Problem::Function(name, wrong))
}

fn values<'a>(operands: &'a [Expression], scope: Scope<'a>) -> Result<Vec<Cow<'a, Value>>, Problem> {
    operands.iter().map(|operand| operand.evaluate(scope)).collect()
}

fn all(operands: &[Expression], scope: Scope<'_>) -> Result<bool, Problem> {
    for operand in operands {
        if !operand.holds(scope)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn any(operands: &[Expression], scope: Scope<'_>) -> Result<bool, Problem> {
    for operand in operands {
        if operand.holds(scope)? {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Path {
    fn resolve<'a>(&'a self, scope: Scope<'a>) -> Found<'a> {
        match self.find(scope)? {
            Some(value) => Ok(Cow::Borrowed(value)),
            None if self.optional => Ok(Cow::Owned(Value::Null)),
            None => Err(Problem::Missing(self.spelling.clone())),
        }
    }

    fn find<'a>(&'a self, scope: Scope<'a>) -> Result<Option<&'a Value>, Problem> {
        let mut here = match self.start {
            Start::Data => Some(scope.data),
            Start::Root => Some(scope.root),
            Start::Index => scope.index,
        };
        for step in &self.steps {
            let Some(value) = here else { break };
            here = match step {
                Step::Key(key) => value.get(key),
                Step::Index(index) => value.get(index),
                Step::Computed(expression) => match expression.evaluate(scope)?.as_ref() {
                    Value::String(key) => value.get(key),
                    number => number
                        .as_u64()
                        .and_then(|index| usize::try_from(index).ok())
                        .and_then(|index| value.get(index)),
                },
            };
        }
        Ok(here)
    }
}
