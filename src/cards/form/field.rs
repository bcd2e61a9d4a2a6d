//! One input of a form.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Number, Value};

use super::super::finding::sentence_of;
use super::super::text::UserText;
use crate::domain::finding::Rule;

/// Most characters of a text that says nothing else.
const TEXT: usize = 200;
/// Most bytes of the values of choices, which are ours; only a forged one is longer.
const CODES: usize = 600;
/// The set of choices that Teams itself answers, with the people of the user's organisation.
const PEOPLE: &str = "graph.microsoft.com/users";

/// An input: what it asks for and what stands in it. Its value is given back exactly as it was typed (V4).
#[derive(Debug, Clone)]
pub struct Field {
    pub(super) id: Cow<'static, str>,
    pub(super) label: String,
    kind: Kind,
    pub(super) value: String,
    pub(super) required: bool,
    max: usize,
    multiline: bool,
    placeholder: String,
    choices: Vec<Choice>,
    look: Look,
    multiple: bool,
}

/// One of the values that a field offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What people read.
    pub title: UserText,
    /// What is sent; without a comma.
    pub value: String,
}

impl Choice {
    /// A value and what people read for it.
    pub fn new(title: impl Into<UserText>, value: impl Into<String>) -> Self {
        Self { title: title.into(), value: value.into() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Date,
    Choice,
    /// A tick, and what stands beside it.
    Tick,
    /// Choices that are asked for while typing, by the name of their set.
    Search(&'static str),
}

/// How choices are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Look {
    Compact,
    Expanded,
    Filtered,
}

/// A field as the template takes it.
#[derive(Debug, Serialize)]
pub(super) struct Drawn<'a> {
    kind: &'static str,
    id: &'a str,
    label: &'a str,
    value: Value,
    required: bool,
    error: String,
    max: usize,
    multiline: bool,
    placeholder: &'a str,
    choices: Cow<'a, [Choice]>,
    look: Look,
    multiple: bool,
    dataset: &'static str,
    finding: String,
}

impl Field {
    fn new(kind: Kind, id: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            kind,
            value: String::new(),
            required: false,
            max: TEXT,
            multiline: false,
            placeholder: String::new(),
            choices: Vec::new(),
            look: Look::Compact,
            multiple: false,
        }
    }

    /// A text, of one line and 200 characters unless something else is said.
    pub fn text(id: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        Self::new(Kind::Text, id, label)
    }

    /// A number from 0.
    pub fn number(id: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        Self::new(Kind::Number, id, label)
    }

    /// A date from 2000 to 2099 (V1), `YYYY-MM-DD`.
    pub fn date(id: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        Self::new(Kind::Date, id, label)
    }

    /// One of some [`choices`](Self::choices).
    pub fn choice(id: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        Self::new(Kind::Choice, id, label)
    }

    /// A tick, "true" or "false". Beside it stands the [`placeholder`](Self::placeholder), "Yes" unless given.
    pub fn tick(id: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        Self::new(Kind::Tick, id, label).placeholder("Yes")
    }

    /// One of the choices that the set `dataset` finds for what is typed. The present value needs its title
    /// among the static [`choices`](Self::choices); without one it is shown as it is.
    pub fn search(id: impl Into<Cow<'static, str>>, label: impl Into<String>, dataset: &'static str) -> Self {
        Self::new(Kind::Search(dataset), id, label)
    }

    /// A person of the firm's own directory, by Entra object id. Teams asks the directory itself.
    pub fn people(id: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        Self::search(id, label, PEOPLE)
    }

    /// What stands in it: what is saved, or what was typed.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        if !matches!(self.kind, Kind::Text | Kind::Number | Kind::Date) {
            self.cut(CODES);
        }
        self
    }

    /// Must be filled in: a client does not send the form before. Where choices are searched only the server
    /// says so, because clients have trouble with it.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Most characters of a text.
    #[must_use]
    pub fn max(mut self, characters: usize) -> Self {
        self.max = characters;
        self
    }

    /// A text of several lines.
    #[must_use]
    pub fn multiline(mut self) -> Self {
        self.multiline = true;
        self
    }

    /// What stands in it, greyed, while it is empty; beside a tick, what the tick says.
    #[must_use]
    pub fn placeholder(mut self, words: impl Into<String>) -> Self {
        self.placeholder = words.into();
        self
    }

    /// What can be chosen.
    #[must_use]
    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// Shows all choices at once.
    #[must_use]
    pub fn expanded(mut self) -> Self {
        self.look = Look::Expanded;
        self
    }

    /// Finds choices by typing; for long lists.
    #[must_use]
    pub fn filtered(mut self) -> Self {
        self.look = Look::Filtered;
        self
    }

    /// More than one may be chosen; the value is theirs with commas between.
    #[must_use]
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// Whether nothing stands in it.
    pub(super) fn is_blank(&self) -> bool {
        self.value.is_empty() || (self.kind == Kind::Tick && self.value != "true")
    }

    /// Whether it needs little width, so that three of its like stand side by side on a phone.
    pub(super) fn is_narrow(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Tick)
    }

    /// How many bytes of a card the value takes.
    pub(super) fn size(&self) -> usize {
        self.value.chars().map(encoded).sum()
    }

    /// Cuts the value to so many bytes of a card.
    pub(super) fn cut(&mut self, bytes: usize) {
        let mut left = bytes;
        let fits = |c: &char| {
            let rest = left.checked_sub(encoded(*c));
            left = rest.unwrap_or(left);
            rest.is_some()
        };
        self.value = self.value.chars().take_while(fits).collect();
    }

    /// For the template, with what is wrong with it.
    pub(super) fn drawn(&self, finding: String) -> Drawn<'_> {
        let (kind, value) = self.kind_and_value();
        Drawn {
            kind,
            id: &self.id,
            label: &self.label,
            value,
            required: self.required && !matches!(self.kind, Kind::Tick | Kind::Search(_)),
            error: self.error(),
            max: self.max,
            multiline: self.multiline,
            placeholder: &self.placeholder,
            choices: self.offered(),
            look: self.look,
            multiple: self.multiple,
            dataset: if let Kind::Search(dataset) = self.kind { dataset } else { "" },
            finding,
        }
    }

    /// What is no number or no date would be lost in such an input: it is given back as a text.
    fn kind_and_value(&self) -> (&'static str, Value) {
        let value = self.value.as_str();
        match self.kind {
            Kind::Number if value.is_empty() => ("blank_number", Value::from("")),
            Kind::Number => match value.parse::<Number>() {
                Ok(number) => ("number", Value::Number(number)),
                Err(_) => ("text", Value::from(value)),
            },
            Kind::Date if value.is_empty() || value.parse::<NaiveDate>().is_ok() => {
                ("date", Value::from(value))
            }
            Kind::Text | Kind::Date => ("text", Value::from(value)),
            Kind::Choice => ("choice", Value::from(value)),
            Kind::Tick => ("tick", Value::from(if value == "true" { "true" } else { "false" })),
            Kind::Search(_) => ("search", Value::from(value)),
        }
    }

    /// What the client says when it cannot send the value.
    fn error(&self) -> String {
        match self.kind {
            Kind::Number => format!("{} is a number, 0 or more.", self.label),
            Kind::Date => format!("{} is a date from 2000 to 2099.", self.label),
            _ => sentence_of(&self.label, &Rule::Required),
        }
    }

    /// The choices; a search without the present value's own gets it, so that it shows.
    fn offered(&self) -> Cow<'_, [Choice]> {
        let searched = matches!(self.kind, Kind::Search(dataset) if dataset != PEOPLE);
        if !searched || self.value.is_empty() || self.choices.iter().any(|choice| choice.value == self.value)
        {
            return Cow::Borrowed(&self.choices);
        }
        let present = Choice::new(UserText::clipped(&self.value, 100), self.value.as_str());
        self.choices.iter().cloned().chain([present]).collect::<Vec<_>>().into()
    }
}

/// The bytes of a character in JSON text.
fn encoded(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        '\0'..='\u{1F}' => 6,
        _ => c.len_utf8(),
    }
}
