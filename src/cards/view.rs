//! From a view to a card: serialise, expand into JSON text, measure.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::template::{ExpandError, ParseError, Template};

/// The most bytes of UTF-8 that a card may have: 24 KiB, well below what Teams takes (O4).
pub const LIMIT: usize = 24 * 1024;

/// The media type of an Adaptive Card.
const ADAPTIVE_CARD: &str = "application/vnd.microsoft.card.adaptive";

/// Bytes of a usual card.
const USUAL: usize = 8 * 1024;

/// What one template shows.
pub trait View: Serialize {
    /// The template's file name in `cards/`.
    const TEMPLATE: &'static str;

    /// Named examples: empty, typical, longest, with findings, right-to-left, hostile. They are the
    /// golden cards of the tests and what `tenantry check` looks at.
    fn samples() -> Vec<(&'static str, Self)>
    where
        Self: Sized;

    /// The card in one sentence, for notifications and screen readers; never empty (checklist 161).
    fn summary(&self) -> String;

    /// The same with at least `bytes` less to show, for when the card came out too large (O4); `None`: nothing
    /// can be left out.
    fn smaller(&self, bytes: usize) -> Option<Self>
    where
        Self: Sized,
    {
        let _ = bytes;
        None
    }
}

/// A finished card.
#[derive(Debug, Clone)]
pub struct Card {
    /// The Adaptive Card as JSON text, the content of an attachment.
    pub content: Arc<RawValue>,
    /// The summary of the message that carries it.
    pub summary: String,
}

impl Card {
    /// The card as a message: whom it is from and to is the sender's affair.
    pub fn message(&self) -> Value {
        json!({
            "type": "message",
            "summary": self.summary,
            "attachments": [{ "contentType": ADAPTIVE_CARD, "content": *self.content }],
        })
    }
}

/// Why a view did not become a card. Always a fault of ours, never of what somebody typed.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// No such file among the embedded templates.
    #[error("no template {0}")]
    Unknown(&'static str),
    /// The template is not one.
    #[error("template {0}: {1}")]
    Parse(&'static str, &'static ParseError),
    /// The view could not be serialised.
    #[error("view of {0}: {1}")]
    Serialise(&'static str, serde_json::Error),
    /// The template asked for something that the view does not have.
    #[error("template {0}: {1}")]
    Expand(&'static str, ExpandError),
    /// The card is larger than [`LIMIT`].
    #[error("card {0} has {1} bytes")]
    TooLarge(&'static str, usize),
}

macro_rules! embedded {
    ($($file:literal),+ $(,)?) => {
        [$(($file, include_str!(concat!("../../cards/", $file)))),+]
    };
}

const SOURCES: [(&str, &str); 23] = embedded![
    "answer.json",
    "assignment.list.json",
    "change.history.json",
    "compliance.json",
    "confirm.json",
    "contact.list.json",
    "form.json",
    "grid.json",
    "help.json",
    "note.conflict.json",
    "note.form.json",
    "note.history.json",
    "note.saved.json",
    "notice.json",
    "privacy.json",
    "receipt.json",
    "service.json",
    "tenant.choice.json",
    "tenant.list.json",
    "tenant.posted.json",
    "tenant.summary.json",
    "welcome.personal.json",
    "welcome.team.json",
];

static TEMPLATES: LazyLock<HashMap<&'static str, Result<Template, ParseError>>> =
    LazyLock::new(|| SOURCES.iter().map(|(name, source)| (*name, Template::parse(source))).collect());

/// Parses every template, so that a broken one stops the program at its start and not a user's turn.
pub fn ready() -> Result<(), RenderError> {
    SOURCES.iter().try_for_each(|(name, _)| template(name).map(drop))
}

/// The card of `view`, with as much as a card holds.
pub fn render<V: View>(view: &V) -> Result<Card, RenderError> {
    let name = V::TEMPLATE;
    let data = serde_json::to_value(view).map_err(|e| RenderError::Serialise(name, e))?;
    let mut text = String::with_capacity(USUAL);
    template(name)?.write(&data, &mut text).map_err(|e| RenderError::Expand(name, e))?;
    if let Some(excess) = text.len().checked_sub(LIMIT).filter(|excess| *excess > 0) {
        let smaller = view.smaller(excess).ok_or(RenderError::TooLarge(name, text.len()))?;
        return render(&smaller);
    }
    let content = RawValue::from_string(text).map_err(|e| RenderError::Serialise(name, e))?.into();
    Ok(Card { content, summary: view.summary() })
}

fn template(name: &'static str) -> Result<&'static Template, RenderError> {
    match TEMPLATES.get(name) {
        Some(Ok(template)) => Ok(template),
        Some(Err(error)) => Err(RenderError::Parse(name, error)),
        None => Err(RenderError::Unknown(name)),
    }
}
