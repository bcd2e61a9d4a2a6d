//! A file that was offered is taken, or is not wanted. The only file is a person's data (G3).

use serde_json::{Value, json};

use super::address::Address;
use super::dispatch::Parts;
use crate::cards::notice::Notice;
use crate::cards::{privacy_notices, render};
use crate::domain::id::{Export, Id};
use crate::protocol::answer::Answer;
use crate::protocol::invoke::{FileConsent, Upload};
use crate::turn::{Caller, Fault, Fields};

/// Puts the file where its reader wants it, or removes it. What the answer says of the file is a claim: it is looked
/// up for whoever answers, in their personal chat only.
pub async fn take(parts: &Parts, at: &Address, caller: Option<Caller>, consent: FileConsent) -> Answer {
    let Some(caller) = caller.filter(|_| at.is_personal()) else { return Answer::accepted() };
    let Ok(export) = Fields::from(consent.context).id::<Export>("export") else {
        return Answer::accepted();
    };
    let done = match consent.upload {
        Some(upload) => put(parts, at, caller, export, &upload).await,
        None => parts
            .conductor
            .drop_export(caller, export)
            .await
            .map(|()| Some(privacy_notices::export_declined())),
    };
    match done {
        Ok(None) => Answer::accepted(),
        Ok(Some(notice)) => {
            say(parts, at, caller, &notice).await;
            Answer::accepted()
        }
        Err(fault) => {
            tracing::error!(fault = fault.reason(), "a file could not be handed over");
            Answer::busy(5)
        }
    }
}

async fn put(
    parts: &Parts,
    at: &Address,
    caller: Caller,
    export: Id<Export>,
    upload: &Upload,
) -> Result<Option<Notice>, Fault> {
    let Some(content) = parts.conductor.export(caller, export).await? else {
        return Ok(Some(privacy_notices::no_such_export()));
    };
    let bytes = serde_json::to_vec_pretty(&content).map_err(|error| Fault::Broken(error.into()))?;
    if let Err(error) = parts.files.put(&upload.upload_url, bytes).await {
        tracing::warn!(%error, "a file was not taken");
        return Ok(Some(privacy_notices::export_not_fetched()));
    }
    parts.conductor.drop_export(caller, export).await?;
    if parts.files.knows(&upload.content_url) {
        parts.messenger.answer(at, Some(caller), link(upload)).await;
    }
    Ok(Some(privacy_notices::export_fetched()))
}

async fn say(parts: &Parts, at: &Address, caller: Caller, notice: &Notice) {
    match render(notice) {
        Ok(card) => parts.messenger.answer(at, Some(caller), at.message(&card)).await,
        Err(error) => tracing::error!(%error, "a card could not be made"),
    }
}

/// The chat's own way to show a file that lies in a drive.
fn link(upload: &Upload) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.teams.card.file.info",
            "contentUrl": upload.content_url,
            "name": upload.name,
            "content": { "uniqueId": upload.unique_id, "fileType": upload.file_type },
        }],
    })
}
