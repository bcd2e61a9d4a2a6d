//! The expression language: its tree, and which calls are sound.

use serde_json::Value;

use super::format::Pattern;
use super::functions::{self, Binary, Listed, Shape, Unary};

/// Why a template cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Syntax {
    /// The template is no JSON text.
    #[error("not JSON")]
    Json,
    /// Something else was expected at this byte of the string.
    #[error("at byte {1}: expected {0}")]
    Expected(&'static str, usize),
    /// No function of this name exists here.
    #[error("unknown function `{0}`")]
    Function(String),
    /// The function takes another number of arguments.
    #[error("`{0}` takes another number of arguments")]
    Arity(String),
    /// A name that begins with `$` and means nothing.
    #[error("unknown name `{0}`")]
    Name(String),
    /// The pattern of `formatDateTime` is no constant, or uses letters that it cannot print.
    #[error("`formatDateTime` needs a constant pattern of yyyy yy M d H h m s fff t and punctuation")]
    Pattern,
    /// Parentheses and arguments are nested too deep, or the expression is too long.
    #[error("nested too deep or too long")]
    Size,
    /// A back-tick in a string with expressions; the public expander cannot read it either.
    #[error("a back-tick must be written \\`")]
    Backtick,
    /// `$data` mixes literals and expressions.
    #[error("`$data` must be one `${{}}` or hold none")]
    Data,
    /// `$when` is something other than one expression.
    #[error("`$when` must be exactly one `${{}}`")]
    When,
}

/// A parsed expression.
#[derive(Debug)]
pub(super) enum Expression {
    Constant(Value),
    Path(Path),
    Not(Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    If(Box<[Expression; 3]>),
    Concat(Vec<Expression>),
    DateTime(Box<Expression>, Pattern),
    Unary(&'static str, Unary, Box<Expression>),
    Binary(&'static str, Binary, Box<[Expression; 2]>),
    Listed(&'static str, Listed, Vec<Expression>),
}

/// A way into the data.
#[derive(Debug)]
pub(super) struct Path {
    pub start: Start,
    pub steps: Vec<Step>,
    /// As the template spells it, for messages.
    pub spelling: String,
    /// Absence is null here and no error.
    pub optional: bool,
}

/// Where a path begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum Start {
    Data,
    Root,
    Index,
}

/// One step of a path.
#[derive(Debug)]
pub(super) enum Step {
    Key(String),
    Index(usize),
    Computed(Expression),
}

/// A piece of a string.
#[derive(Debug)]
pub(super) enum Part {
    Literal(String),
    Expression(Expression),
}

impl Expression {
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::Constant(_))
    }

    /// Lets the paths whose truth this expression asks for be absent.
    fn tolerating(mut self) -> Self {
        self.tolerate();
        self
    }

    fn tolerate(&mut self) {
        match self {
            Self::Path(path) => path.optional = true,
            Self::Not(operand) => operand.tolerate(),
            Self::And(operands) | Self::Or(operands) => operands.iter_mut().for_each(Self::tolerate),
            _ => {}
        }
    }

    /// The call of `name`, checked for its number of arguments.
    pub fn call(name: &str, mut args: Vec<Self>) -> Result<Self, Syntax> {
        let arity = || Syntax::Arity(name.to_owned());
        let (name, shape) = functions::named(name).ok_or_else(|| Syntax::Function(name.to_owned()))?;
        Ok(match shape {
            Shape::Not => Self::Not(Box::new(only(args).ok_or_else(arity)?)),
            Shape::And if !args.is_empty() => Self::And(args),
            Shape::Or if !args.is_empty() => Self::Or(args.into_iter().map(Self::tolerating).collect()),
            Shape::Concat if !args.is_empty() => Self::Concat(args),
            Shape::If => {
                let [condition, yes, no]: [Self; 3] = args.try_into().map_err(|_| arity())?;
                Self::If(Box::new([condition.tolerating(), yes, no]))
            }
            Shape::DateTime if args.len() == 2 => {
                let pattern = match args.pop() {
                    Some(Self::Constant(Value::String(pattern))) => Pattern::parse(&pattern),
                    _ => None,
                };
                Self::DateTime(Box::new(only(args).ok_or_else(arity)?), pattern.ok_or(Syntax::Pattern)?)
            }
            Shape::DateTime => Self::DateTime(Box::new(only(args).ok_or_else(arity)?), Pattern::default()),
            Shape::Question(run) => {
                Self::Unary(name, run, Box::new(only(args).ok_or_else(arity)?.tolerating()))
            }
            Shape::Unary(run) => Self::Unary(name, run, Box::new(only(args).ok_or_else(arity)?)),
            Shape::Binary(run) => Self::Binary(name, run, Box::new(args.try_into().map_err(|_| arity())?)),
            Shape::Chain(run) if args.len() >= 2 => {
                let chained = |left, right| Self::Binary(name, run, Box::new([left, right]));
                args.into_iter().reduce(chained).ok_or_else(arity)?
            }
            Shape::Listed(least, most, run) if (least..=most).contains(&args.len()) => {
                Self::Listed(name, run, args)
            }
            _ => return Err(arity()),
        })
    }
}

fn only(args: Vec<Expression>) -> Option<Expression> {
    let [only]: [Expression; 1] = args.try_into().ok()?;
    Some(only)
}

impl Step {
    /// The step that `[index]` takes.
    pub fn of(index: Expression) -> Self {
        match index {
            Expression::Constant(Value::String(key)) => Self::Key(key),
            Expression::Constant(Value::Number(number)) => {
                match number.as_u64().and_then(|number| usize::try_from(number).ok()) {
                    Some(index) => Self::Index(index),
                    None => Self::Computed(Expression::Constant(Value::Number(number))),
                }
            }
            computed => Self::Computed(computed),
        }
    }
}
