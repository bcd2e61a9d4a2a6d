//! A button that a view offers where the template does not know beforehand which ones there will be.

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::text::UserText;

/// A button: what it says, the intent that it calls and that intent's data.
///
/// It serialises with three further fields: `submit`, the data of the `Action.Submit` for clients that know
/// no `Action.Execute` (the same data, and the intent's name under `verb`); `inputs`, whether what was typed
/// goes with it; and `style`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// Unique on its card, and says what the button acts on (checklist 159).
    pub title: UserText,
    /// The name of the intent.
    pub verb: &'static str,
    /// What the intent is told. Ids only: nothing from a card is trusted (checklist 109).
    pub data: Map<String, Value>,
    /// Whether the inputs of the card are sent, too; if so, the client checks them first.
    pub inputs: bool,
    /// How it looks.
    pub style: Style,
}

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// As any button.
    #[default]
    Default,
    /// What most people came for; one on a card.
    Positive,
    /// Takes something away; stands last (checklist 113).
    Destructive,
}

impl Button {
    /// A button without data.
    pub fn new(title: impl Into<String>, verb: &'static str) -> Self {
        let (title, style) = (UserText::new(title), Style::Default);
        Self { title, verb, data: Map::new(), inputs: true, style }
    }

    /// The same button, with one more datum.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.data.insert(key.to_owned(), value.into());
        self
    }

    /// The same button, which leaves what was typed where it is: Cancel, Open.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.inputs = false;
        self
    }

    /// The same button, in another look.
    #[must_use]
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }
}

/// What one line of buttons takes on a phone, in letters of their titles.
const LINE: usize = 37;
/// What a button takes besides its title.
const EDGES: usize = 5;

/// Buttons in lines that fit a phone: clients cut the titles of those that do not.
#[derive(Serialize)]
struct Line<'a> {
    buttons: &'a [Button],
}

/// Serialises buttons as lines, for a template with one `ActionSet` for each.
pub(super) fn in_lines<S: Serializer>(mut buttons: &[Button], serializer: S) -> Result<S::Ok, S::Error> {
    let mut lines = Vec::new();
    while !buttons.is_empty() {
        let mut taken = 0;
        let fits = |button: &&Button| {
            taken += button.title.whole().chars().count() + EDGES;
            taken <= LINE
        };
        let count = buttons.iter().take_while(fits).count().max(1);
        let (line, rest) = buttons.split_at(count.min(buttons.len()));
        lines.push(Line { buttons: line });
        buttons = rest;
    }
    serializer.collect_seq(lines)
}

impl Serialize for Button {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut submit = self.data.clone();
        submit.insert("verb".to_owned(), self.verb.into());
        let mut fields = serializer.serialize_struct("Button", 6)?;
        fields.serialize_field("title", &self.title)?;
        fields.serialize_field("verb", self.verb)?;
        fields.serialize_field("data", &self.data)?;
        fields.serialize_field("submit", &submit)?;
        fields.serialize_field("inputs", if self.inputs { "auto" } else { "none" })?;
        fields.serialize_field("style", &self.style)?;
        fields.end()
    }
}
