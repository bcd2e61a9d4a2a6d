//! Who asked to be erased is entered again only with their consent (G3).

use super::sheet::Sheet;
use crate::cards::{Card, render};
use crate::domain::contact::{Contact, ContactRule, Draft};
use crate::domain::finding::Findings;
use crate::domain::personal::Subject;
use crate::store::contact::ContactRow;
use crate::turn::{Fault, Turn};

/// The id of the tick that says that they agreed.
pub const CONSENT: &str = "consent";

/// Whether the person must be asked first: the address is new here, and they asked to be erased. Where they
/// `agreed`, that is taken down, and the feed may bring them back as well.
pub async fn is_missing(
    turn: &mut Turn,
    existing: Option<&ContactRow>,
    contact: &Contact,
    agreed: bool,
) -> Result<bool, Fault> {
    let person = Subject::new(&contact.email);
    let known = existing.is_some_and(|row| Subject::new(&row.contact.email) == person);
    if known || !turn.scope.was_erased(&person).await? {
        return Ok(false);
    }
    if agreed {
        turn.scope.forgive_erasure(&turn.actor, &person).await?;
    }
    Ok(!agreed)
}

/// The form with what was typed, and the tick.
pub fn question(sheet: &Sheet, draft: &Draft) -> Result<Card, Fault> {
    let mut findings = Findings::default();
    findings.add("email", ContactRule::AskedToBeErased.into());
    Ok(render(&sheet.form_with_consent(draft, &findings))?)
}
