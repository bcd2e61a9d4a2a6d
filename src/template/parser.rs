//! The parser of strings with expressions.

use serde_json::Value;

use super::expression::{Expression, Part, Path, Start, Step, Syntax};

/// Splits a string into literal text and expressions.
pub(super) fn parts(text: &str) -> Result<Vec<Part>, Syntax> {
    let mut parser = Parser { text, at: 0, depth: 0, operands: 0 };
    let mut parts = Vec::new();
    let mut literal = String::new();
    while let Some(next) = parser.rest().chars().next() {
        if parser.accept("${") {
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parser.operands = 0;
            parts.push(Part::Expression(parser.expression()?));
            parser.expect("}", "`}`")?;
        } else if parser.accept("\\`") {
            literal.push('`');
        } else if parser.accept("\\$") {
            literal.push('$');
        } else if next == '`' {
            return Err(Syntax::Backtick);
        } else {
            literal.push(next);
            parser.at += next.len_utf8();
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}

/// Operators by how tightly they bind, loosest first; the longer spelling before its own beginning.
const LEVELS: [&[&str]; 6] =
    [&["||"], &["&&"], &["<=", ">=", "<", ">"], &["==", "!="], &["+", "-"], &["*", "/"]];

/// Parentheses, calls, indexes and signs within each other; more than any card needs.
const DEEPEST: usize = 24;

/// Operands of one expression; bounds how deep a chain of operators lies.
const LONGEST: usize = 128;

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    operands: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn accept(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn space(&mut self) {
        self.take(|c| matches!(c, ' ' | '\t'));
    }

    /// `token`, with spaces around it.
    fn accept_spaced(&mut self, token: &str) -> bool {
        self.space();
        self.accept(token)
    }

    fn expect(&mut self, token: &str, name: &'static str) -> Result<(), Syntax> {
        if self.accept_spaced(token) { Ok(()) } else { Err(self.expected(name)) }
    }

    fn expected(&self, name: &'static str) -> Syntax {
        Syntax::Expected(name, self.at)
    }

    fn take(&mut self, mut fits: impl FnMut(char) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = rest.split(|c| !fits(c)).next().unwrap_or_default();
        self.at += taken.len();
        taken
    }

    /// A whole expression. A choice inside a choice needs parentheses: the public expander groups it
    /// to the left, which nobody means.
    fn expression(&mut self) -> Result<Expression, Syntax> {
        if self.depth >= DEEPEST {
            return Err(Syntax::Size);
        }
        self.depth += 1;
        let condition = self.level(0)?;
        let expression = if self.accept_spaced("?") {
            let yes = self.level(0)?;
            self.expect(":", "`:`")?;
            Expression::call("if", vec![condition, yes, self.level(0)?])?
        } else {
            condition
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn level(&mut self, level: usize) -> Result<Expression, Syntax> {
        let Some(operators) = LEVELS.get(level) else {
            return self.signed();
        };
        let mut left = self.level(level + 1)?;
        loop {
            self.space();
            let Some(operator) = operators.iter().find(|operator| self.accept(operator)) else {
                return Ok(left);
            };
            let right = self.level(level + 1)?;
            left = Expression::call(operator, vec![left, right])?;
        }
    }

    fn signed(&mut self) -> Result<Expression, Syntax> {
        self.space();
        let mut signs = Vec::new();
        while let Some(sign) = ["!", "-"].iter().find(|sign| self.accept(sign)) {
            signs.push(*sign);
            if signs.len() > DEEPEST {
                return Err(Syntax::Size);
            }
            self.space();
        }
        let operand = self.primary()?;
        signs.iter().rev().try_fold(operand, |operand, sign| match *sign {
            "-" => Expression::call("-", vec![Expression::Constant(Value::from(0)), operand]),
            not => Expression::call(not, vec![operand]),
        })
    }

    fn primary(&mut self) -> Result<Expression, Syntax> {
        self.operands += 1;
        if self.operands > LONGEST {
            return Err(Syntax::Size);
        }
        let start = self.at;
        if self.accept("(") {
            let inner = self.expression()?;
            self.expect(")", "`)`")?;
            return Ok(inner);
        }
        if let Some(quote) = ["'", "\""].iter().find(|quote| self.accept(quote)) {
            return self.string(quote).map(|text| Expression::Constant(Value::String(text)));
        }
        if self.rest().starts_with(|c: char| c.is_ascii_digit()) {
            return self.number().map(Expression::Constant);
        }
        match self.name()? {
            "true" => Ok(Expression::Constant(Value::Bool(true))),
            "false" => Ok(Expression::Constant(Value::Bool(false))),
            "null" => Ok(Expression::Constant(Value::Null)),
            function if self.accept_spaced("(") => Expression::call(function, self.arguments()?),
            name => self.path(name, start),
        }
    }

    fn name(&mut self) -> Result<&'t str, Syntax> {
        let from = self.at;
        if !self.accept("$") && !self.rest().starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return Err(self.expected("a value"));
        }
        self.take(|c| c.is_ascii_alphanumeric() || c == '_');
        Ok(self.text.get(from..self.at).unwrap_or_default())
    }

    fn arguments(&mut self) -> Result<Vec<Expression>, Syntax> {
        let mut args = Vec::new();
        if self.accept_spaced(")") {
            return Ok(args);
        }
        loop {
            args.push(self.expression()?);
            if !self.accept_spaced(",") {
                break;
            }
        }
        self.expect(")", "`,` or `)`")?;
        Ok(args)
    }

    fn path(&mut self, name: &str, from: usize) -> Result<Expression, Syntax> {
        let mut steps = Vec::new();
        let start = match name {
            "$root" => Start::Root,
            "$data" => Start::Data,
            "$index" => Start::Index,
            unknown if unknown.starts_with('$') => return Err(Syntax::Name(unknown.to_owned())),
            key => {
                steps.push(Step::Key(key.to_owned()));
                Start::Data
            }
        };
        let mut end = self.at;
        loop {
            if self.accept_spaced(".") {
                self.space();
                steps.push(Step::Key(self.name()?.to_owned()));
            } else if self.accept("[") {
                steps.push(Step::of(self.expression()?));
                self.expect("]", "`]`")?;
            } else {
                break;
            }
            end = self.at;
        }
        let spelling = self.text.get(from..end).unwrap_or_default().to_owned();
        Ok(Expression::Path(Path { start, steps, spelling, optional: false }))
    }

    fn number(&mut self) -> Result<Value, Syntax> {
        let from = self.at;
        self.take(|c| c.is_ascii_digit());
        if self.accept(".") && self.take(|c| c.is_ascii_digit()).is_empty() {
            return Err(self.expected("a digit"));
        }
        let spelling = self.text.get(from..self.at).unwrap_or_default();
        spelling
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| spelling.parse::<f64>().map(Value::from))
            .map_err(|_| self.expected("a number"))
    }

    /// The rest of a string that began with `quote`.
    fn string(&mut self, quote: &str) -> Result<String, Syntax> {
        let mut text = String::new();
        loop {
            text.push_str(self.take(|c| c != '\\' && !quote.starts_with(c)));
            if self.accept(quote) {
                return Ok(text);
            } else if self.accept("\\") {
                match self.rest().chars().next() {
                    Some('n') => text.push('\n'),
                    Some('r') => text.push('\r'),
                    Some('t') => text.push('\t'),
                    Some(same) if same == '\\' || quote.starts_with(same) => text.push(same),
                    Some(other) => text.extend(['\\', other]),
                    None => {}
                }
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            } else {
                return Err(self.expected("the end of the string"));
            }
        }
    }
}
