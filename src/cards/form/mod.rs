//! The one form of all edits: who it is about, fields in rows, what is wrong beside each, and buttons.

mod field;
mod samples;
#[cfg(test)]
mod tests;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

pub use field::{Choice, Field};

use super::button::{Button, Style, in_lines};
use super::difference::{Changes, Difference};
use super::finding::{headline, sentence, sentence_of};
use super::text::UserText;
use super::view::View;
use crate::domain::finding::Findings;
use field::Drawn;

/// Most buttons of a form. They stand in lines, and no line has more than six (checklist 98).
const BUTTONS: usize = 7;
/// Most characters of a line of somebody's own words.
const LINE: usize = 1_000;

/// A form, empty or as it came back.
#[derive(Debug, Clone)]
pub struct Form {
    title: &'static str,
    customer: UserText,
    detail: UserText,
    intro: Vec<String>,
    findings: Findings,
    theirs: Option<Conflict>,
    /// Never empty.
    sections: Vec<Section>,
    hints: Vec<String>,
    buttons: Vec<Button>,
}

/// What somebody else saved while the form was open (C2).
#[derive(Debug, Clone)]
pub struct Theirs {
    /// Who, by name.
    pub who: String,
    /// When, on the reader's clock.
    pub when: String,
    /// What they changed.
    pub lines: Vec<Difference>,
}

#[derive(Debug, Clone, Serialize)]
struct Conflict {
    who: UserText,
    when: String,
    changes: Changes,
}

/// Rows under one heading.
#[derive(Debug, Clone, Default)]
struct Section {
    title: String,
    /// What the button says that shows the rows; empty: they are shown.
    fold: String,
    lines: Vec<UserText>,
    rows: Vec<Vec<Field>>,
}

impl Form {
    /// A form without fields. `title` is what it is for, such as "Forecast dates".
    pub fn new(title: &'static str) -> Self {
        Self {
            title,
            customer: UserText::default(),
            detail: UserText::default(),
            intro: Vec::new(),
            findings: Findings::default(),
            theirs: None,
            sections: vec![Section::default()],
            hints: Vec::new(),
            buttons: Vec::new(),
        }
    }

    /// Whom it is about: the customer, and the tenant's name, a service or a contact.
    #[must_use]
    pub fn about(mut self, customer: &str, detail: &str) -> Self {
        self.customer = UserText::clipped(customer, 120);
        self.detail = UserText::clipped(detail, 120);
        self
    }

    /// What to know before one begins, in our words.
    #[must_use]
    pub fn intro(mut self, intro: impl Into<String>) -> Self {
        self.intro.push(intro.into());
        self
    }

    /// A line of somebody's own words: above the fields, or under the section that was begun last.
    #[must_use]
    pub fn line(mut self, line: impl Into<UserText>) -> Self {
        if let Some(section) = self.sections.last_mut() {
            section.lines.push(UserText::clipped(line.into().whole(), LINE));
        }
        self
    }

    /// Fields side by side: two at most, or three numbers or ticks; further ones go below, in the same grid.
    #[must_use]
    pub fn row(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        if let Some(section) = self.sections.last_mut() {
            section.rows.push(fields.into_iter().collect());
        }
        self
    }

    /// A heading above the rows that follow. Our words.
    #[must_use]
    pub fn section(mut self, title: impl Into<String>) -> Self {
        self.sections.push(Section { title: title.into(), ..Section::default() });
        self
    }

    /// Rows behind a button that says `title`, such as "More fields". They are in sight at once when one of
    /// them has a value or a finding, or must be filled in. Rows that follow stand outside.
    #[must_use]
    pub fn folded<R: IntoIterator<Item = Field>>(
        mut self,
        title: impl Into<String>,
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        let rows = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        self.sections.push(Section { fold: title.into(), rows, ..Section::default() });
        self.sections.push(Section::default());
        self
    }

    /// Says what is wrong (V4): beside the field of each finding's id, and above the form where there is none.
    #[must_use]
    pub fn findings(mut self, findings: &Findings) -> Self {
        self.findings = findings.clone();
        self
    }

    /// Says that somebody else saved meanwhile (C2).
    #[must_use]
    pub fn theirs(mut self, theirs: impl Into<Option<Theirs>>) -> Self {
        self.theirs = theirs.into().map(|Theirs { who, when, lines }| Conflict {
            who: UserText::clipped(&who, 100),
            when,
            changes: Changes::new(lines),
        });
        self
    }

    /// A hint below the fields. Our words.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// A button. The first saves; those after the seventh are left out.
    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        let button = if self.buttons.is_empty() { button.style(Style::Positive) } else { button };
        if self.buttons.len() < BUTTONS {
            self.buttons.push(button);
        }
        self
    }

    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|section| section.rows.iter().flatten())
    }

    /// What is wrong with the field, as sentences with its own label.
    fn wrong(&self, field: &Field) -> String {
        let found = self.findings.iter().filter(|finding| finding.field == field.id);
        found.map(|finding| sentence_of(&field.label, &finding.rule)).collect::<Vec<_>>().join(" ")
    }

    /// What is wrong with things that are no field here.
    fn elsewhere(&self) -> Vec<String> {
        let stray = self.findings.iter().filter(|found| self.fields().all(|field| field.id != found.field));
        stray.map(sentence).collect()
    }
}

#[derive(Serialize)]
struct DrawnSection<'a> {
    title: &'a str,
    /// Empty: nothing is folded.
    fold: &'a str,
    id: String,
    folded: bool,
    lines: &'a [UserText],
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    columns: Vec<Column<'a>>,
}

/// A field, or a gap that keeps the grid.
#[derive(Serialize)]
#[serde(untagged)]
enum Column<'a> {
    Field(Box<Drawn<'a>>),
    Gap { kind: &'static str, finding: &'static str },
}

impl Section {
    fn drawn<'a>(&'a self, index: usize, form: &Form) -> DrawnSection<'a> {
        let asks = |field: &Field| field.required || !field.is_blank() || !form.wrong(field).is_empty();
        let folded = !self.fold.is_empty() && !self.rows.iter().flatten().any(asks);
        DrawnSection {
            title: &self.title,
            fold: if folded { &self.fold } else { "" },
            id: format!("fold_{index}"),
            folded,
            lines: &self.lines,
            rows: self.rows.iter().flat_map(|row| rows(row, form)).collect(),
        }
    }
}

/// A row as it fits a phone: two abreast, or three that are narrow.
fn rows<'a>(fields: &'a [Field], form: &Form) -> Vec<Row<'a>> {
    let abreast = if fields.iter().all(Field::is_narrow) { 3 } else { 2 }.min(fields.len().max(1));
    let row = |part: &'a [Field]| {
        let drawn = part.iter().map(|field| Column::Field(Box::new(field.drawn(form.wrong(field)))));
        let gaps = std::iter::repeat_with(|| Column::Gap { kind: "gap", finding: "" });
        Row { columns: drawn.chain(gaps).take(abreast).collect() }
    };
    fields.chunks(abreast).map(row).collect()
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sections = self.sections.iter().enumerate();
        let sections: Vec<_> = sections
            .filter(|(_, section)| !section.is_empty())
            .map(|(index, section)| section.drawn(index, self))
            .collect();
        let mut fields = serializer.serialize_struct("Form", 10)?;
        fields.serialize_field("title", self.title)?;
        fields.serialize_field("customer", &self.customer)?;
        fields.serialize_field("detail", &self.detail)?;
        fields.serialize_field("intro", &self.intro)?;
        fields.serialize_field("headline", headline(&self.findings))?;
        fields.serialize_field("findings", &self.elsewhere())?;
        fields.serialize_field("theirs", &self.theirs)?;
        fields.serialize_field("sections", &sections)?;
        fields.serialize_field("hints", &self.hints)?;
        fields.serialize_field("buttons", &Lines(&self.buttons))?;
        fields.end()
    }
}

struct Lines<'a>(&'a [Button]);

impl Serialize for Lines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        in_lines(self.0, serializer)
    }
}

impl Section {
    fn is_empty(&self) -> bool {
        self.title.is_empty() && self.lines.is_empty() && self.rows.is_empty()
    }
}

impl View for Form {
    const TEMPLATE: &'static str = "form.json";

    fn samples() -> Vec<(&'static str, Self)> {
        samples::all()
    }

    fn summary(&self) -> String {
        let about = match self.customer.shown() {
            customer if customer.is_empty() => self.title.to_owned(),
            customer => format!("{} of {customer}", self.title),
        };
        if self.theirs.is_some() {
            format!("{about}: not saved yet, somebody else changed it meanwhile.")
        } else if self.findings.is_empty() {
            format!("{about}.")
        } else {
            format!("{about}: not saved yet, something is to be mended.")
        }
    }

    /// Drops what others changed, which can be read elsewhere, and then cuts the longest of what was typed:
    /// only a forged form is as long as that.
    fn smaller(&self, bytes: usize) -> Option<Self> {
        let mut form = self.clone();
        if let Some(theirs) = form.theirs.as_mut()
            && let Some(fewer) = theirs.changes.fewer()
        {
            theirs.changes = fewer;
            return Some(form);
        }
        let longest = level(self.fields().map(Field::size).collect(), bytes)?;
        let fields = form.sections.iter_mut().flat_map(|section| section.rows.iter_mut().flatten());
        fields.for_each(|field| field.cut(longest));
        Some(form)
    }
}

/// The length to which the longest must be cut so that `excess` is gone; `None`: there is nothing to cut.
fn level(mut lengths: Vec<usize>, excess: usize) -> Option<usize> {
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    let mut above = 0;
    for (count, length) in (1..).zip(&lengths) {
        above += length;
        let next = lengths.get(count).copied().unwrap_or(0);
        if above - next * count >= excess {
            return Some((above - excess) / count);
        }
    }
    lengths.first().filter(|longest| **longest > 0).map(|_| 0)
}
