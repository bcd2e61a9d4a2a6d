//! An export, read in the chat page by page: where the client takes no files, and for whoever only wants to look.

use super::entitled;
use crate::cards::privacy::Sheet;
use crate::cards::text::pages;
use crate::cards::{Button, privacy_notices, render};
use crate::domain::id::{Export, Id};
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// Most bytes of a page, as the card encodes it.
const PAGE: usize = 14_000;

/// One page.
#[derive(Debug)]
pub struct Page {
    export: Id<Export>,
    page: usize,
}

impl Intent for Page {
    const NAME: &'static str = "privacy.page";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let page = usize::try_from(fields.page("page")?).map_err(|_| Malformed("page"))?;
        Ok(Self { export: fields.id("export")?, page })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        let Some(waiting) = turn.scope.export(&turn.actor, self.export).await? else {
            return Err(render(&privacy_notices::no_such_export())?.into());
        };
        let text =
            serde_json::to_string_pretty(&waiting.content).map_err(|error| Fault::Broken(error.into()))?;
        let pages = pages(&text, PAGE);
        let Some(page) = self.page.checked_sub(1).and_then(|index| pages.get(index)) else {
            return Err(render(&privacy_notices::no_such_export())?.into());
        };
        let until = turn.clock_time(waiting.until);
        let title = format!("Export, page {} of {}", self.page, pages.len());
        let mut face = Sheet::new(title, format!("It can be read until {until}.")).page(page);
        for (title, other) in [("Page before", self.page.saturating_sub(1)), ("Next page", self.page + 1)] {
            if (1..=pages.len()).contains(&other) {
                let button = Button::new(title, Self::NAME).with("export", self.export.to_string());
                face = face.button(button.with("page", other));
            }
        }
        Ok(render(&face)?.into())
    }
}
