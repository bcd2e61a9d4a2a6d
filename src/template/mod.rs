//! Adaptive Card Templating over JSON values, strict. Knows nothing of Teams or of tenants.
//!
//! A template is JSON whose strings may hold `${expression}`. It is parsed once, when the program
//! starts: an unknown function or a syntax error ends it there, and all that no data can change is made
//! into JSON text there. Expansion writes JSON text in one pass, with a JSON value as data; what comes
//! from the data is copied and escaped, never read again as a template, so `${..}` in a user's text is
//! inert (O1).
//!
//! The language is the subset of the public one that our cards need:
//!
//! * paths with dots and indexes (`contact.name`, `rows[0].title`, `names[$index]`), from the current
//!   data, from `$data` (the same, spelled out), from `$root`, and the counter `$index`;
//! * a value that is exactly one `${}` keeps its type; anything around it makes text;
//! * `$data` sets the scope of an object, an array repeats the object; `$when` keeps or drops it;
//! * the functions of [`functions`] and the operators `! - + * / == != < <= > >= && || ?:`, binding as
//!   in the public language: equality binds tighter than order.
//!
//! Where the public expander shrugs, this one refuses: a path missing from the data, other letter
//! case in a path, an error inside a condition, a `$when` that is no truth value, an object in text.
//! A path may be absent only where absence is the question: in `exists` and `empty`, as an operand of
//! `||`, as condition of `if` (through `!`, `&&` and `||`). Begin reading in [`compile`](mod@compile).

mod compile;
mod evaluate;
mod expand;
mod expression;
mod format;
mod functions;
mod json;
mod parser;

use std::fmt;

use serde_json::Value;

use expand::{Run, Scope};
pub use expression::Syntax;
pub use functions::Wrong;

/// A parsed template; parse once, write often.
#[derive(Debug)]
pub struct Template(Run);

/// Why a template cannot be read, and where in it.
pub type ParseError = Located<Syntax>;

/// Why a template cannot be filled with the given data, and where in the template.
pub type ExpandError = Located<Problem>;

impl Template {
    /// Reads a template from JSON text.
    ///
    /// # Errors
    /// The first place that is no JSON, no expression, or uses a name that this language has not.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let json =
            serde_json::from_str(text).map_err(|_| Located { place: Vec::new(), problem: Syntax::Json })?;
        compile::compile(json).map(Self)
    }

    /// Appends the template, filled with `data`, to `out` as JSON text without blanks. After an error `out`
    /// ends in the part that was written before.
    ///
    /// # Errors
    /// The first path that `data` has not, or the first function that cannot take its argument.
    /// Messages quote the template, never the data (O6).
    pub fn write(&self, data: &Value, out: &mut String) -> Result<(), ExpandError> {
        self.0.write(Scope::of(data), out)
    }
}

/// What can go wrong while data is filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The path is not in the data.
    #[error("`{0}` is not in the data")]
    Missing(String),
    /// The function or operator cannot take this argument.
    #[error("`{0}`: {1}")]
    Function(&'static str, Wrong),
    /// The expression stands in text but its value has no text.
    #[error("in text: {0}")]
    Text(Wrong),
    /// A `$when` came out as something other than true or false.
    #[error("`$when` is neither true nor false")]
    When,
}

/// A problem and its place in the template, written like `$.body[2].text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<P> {
    /// Steps from the outside in.
    place: Vec<Step>,
    /// What is wrong there.
    pub problem: P,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl<P: fmt::Display> fmt::Display for Located<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.place {
            match step {
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        write!(f, ": {}", self.problem)
    }
}

impl<P: fmt::Display + fmt::Debug> std::error::Error for Located<P> {}
