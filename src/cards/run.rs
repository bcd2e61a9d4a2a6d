//! A text run, for the few places where a line's pieces follow the data and not the template.

use std::borrow::Cow;

use serde::Serialize;

use super::tone::Tone;

/// A piece of a line in one style. What it is given must be ours or have gone through
/// [`plain`](super::text::plain).
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename = "TextRun")]
pub(super) struct Run<'a> {
    text: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<Tone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<&'static str>,
    #[serde(rename = "isSubtle", skip_serializing_if = "Option::is_none")]
    is_subtle: Option<bool>,
}

impl<'a> Run<'a> {
    pub(super) fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), color: None, size: None, weight: None, is_subtle: None }
    }

    pub(super) fn tone(mut self, tone: Tone) -> Self {
        self.color = (tone != Tone::Default).then_some(tone);
        self
    }

    pub(super) fn bold(mut self) -> Self {
        self.weight = Some("Bolder");
        self
    }

    pub(super) fn small(mut self) -> Self {
        self.size = Some("Small");
        self
    }

    pub(super) fn subtle(mut self) -> Self {
        self.is_subtle = Some(true);
        self
    }
}
