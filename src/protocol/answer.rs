//! What an activity may be answered with: one constructor for each row of the protocol.

use std::sync::Arc;

use serde::Serialize;
use serde_json::value::{RawValue, Value};

use super::invoke::MalformedInvoke;

/// HTTP status, optional `Retry-After`, optional JSON body.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    retry_after: Option<u32>,
    body: Option<Body>,
}

/// A card, or any other JSON that goes out as it is: a tree, or text that was made before.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// A tree.
    Tree(Value),
    /// JSON text.
    Text(Arc<RawValue>),
}

/// How large a dialog opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DialogSize {
    /// Small.
    Small,
    /// Medium.
    Medium,
    /// Large.
    Large,
}

/// One row of a message extension's result: the card, and the line that stands for it in the list.
#[derive(Debug, Clone)]
pub struct SearchRow {
    /// The card that is inserted.
    pub card: Content,
    /// Heading of the line.
    pub title: String,
    /// Second line; empty for none.
    pub text: String,
}

/// One choice of a typeahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is shown.
    pub title: String,
    /// What is sent.
    pub value: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Body {
    #[serde(rename_all = "camelCase")]
    Action {
        status_code: u16,
        r#type: &'static str,
        value: Content,
    },
    #[serde(rename_all = "camelCase")]
    ActionText {
        status_code: u16,
        r#type: &'static str,
        value: String,
    },
    Task {
        task: Task,
    },
    #[serde(rename_all = "camelCase")]
    Extension {
        compose_extension: Extension,
    },
    #[serde(rename_all = "camelCase")]
    Search {
        status_code: u16,
        r#type: &'static str,
        value: Choices,
    },
    Stored(Content),
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", content = "value", rename_all = "camelCase")]
enum Task {
    Continue { title: String, height: DialogSize, width: DialogSize, card: Attachment },
    Message(String),
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Extension {
    #[serde(rename_all = "camelCase")]
    Result {
        attachment_layout: &'static str,
        attachments: Vec<Attachment>,
    },
    Message {
        text: String,
    },
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
    content_type: &'static str,
    content: Content,
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<Preview>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Preview {
    content_type: &'static str,
    content: Thumbnail,
}

#[derive(Debug, Clone, Serialize)]
struct Thumbnail {
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
}

#[derive(Debug, Clone, Serialize)]
struct Choices {
    results: Vec<Choice>,
}

const CARD: &str = "application/vnd.microsoft.card.adaptive";
const THUMBNAIL: &str = "application/vnd.microsoft.card.thumbnail";
const MESSAGE: &str = "application/vnd.microsoft.activity.message";
const ERROR: &str = "application/vnd.microsoft.error";
const SEARCH: &str = "application/vnd.microsoft.search.searchResponse";

impl Answer {
    /// 200 and nothing: an activity is acknowledged, a dialog closes.
    pub fn accepted() -> Self {
        Self::empty(200)
    }

    /// To `adaptiveCard/action`: `card` takes the place of the one that was used.
    pub fn card(card: impl Into<Content>) -> Self {
        Self::ok(Body::Action { status_code: 200, r#type: CARD, value: card.into() })
    }

    /// To `adaptiveCard/action`: a short message. An empty one counts as failure in Teams, so it becomes a dot.
    pub fn message(text: impl Into<String>) -> Self {
        Self::ok(Body::ActionText { status_code: 200, r#type: MESSAGE, value: non_empty(text.into()) })
    }

    /// To `adaptiveCard/action`: the client is wrong. HTTP 200; 400 stands in the body.
    pub fn bad_request(message: &str) -> Self {
        Self::error(400, "BadRequest", message)
    }

    /// To `adaptiveCard/action`: we are wrong. HTTP 200; 500 stands in the body.
    pub fn internal_error(message: &str) -> Self {
        Self::error(500, "InternalServerError", message)
    }

    /// To `task/fetch` and `task/submit`: a dialog with a card.
    pub fn dialog(title: impl Into<String>, size: DialogSize, card: impl Into<Content>) -> Self {
        let card = Attachment { content_type: CARD, content: card.into(), preview: None };
        let task = Task::Continue { title: title.into(), height: size, width: size, card };
        Self::ok(Body::Task { task })
    }

    /// To `task/fetch` and `task/submit`: a message in place of the dialog.
    pub fn dialog_message(text: impl Into<String>) -> Self {
        Self::ok(Body::Task { task: Task::Message(non_empty(text.into())) })
    }

    /// To `composeExtension/query`: what was found.
    pub fn results(rows: impl IntoIterator<Item = SearchRow>) -> Self {
        let attachment = |row: SearchRow| {
            let content = Thumbnail { title: row.title, text: row.text };
            let preview = Some(Preview { content_type: THUMBNAIL, content });
            Attachment { content_type: CARD, content: row.card, preview }
        };
        let attachments = rows.into_iter().map(attachment).collect();
        let compose_extension = Extension::Result { attachment_layout: "list", attachments };
        Self::ok(Body::Extension { compose_extension })
    }

    /// To `composeExtension/query`: words in place of results.
    pub fn results_message(text: impl Into<String>) -> Self {
        let compose_extension = Extension::Message { text: non_empty(text.into()) };
        Self::ok(Body::Extension { compose_extension })
    }

    /// To `application/search`: the choices, best first. Teams shows 15.
    pub fn choices(results: Vec<Choice>) -> Self {
        Self::ok(Body::Search { status_code: 200, r#type: SEARCH, value: Choices { results } })
    }

    /// 501 to an invoke that nobody handles.
    pub fn not_implemented() -> Self {
        Self::empty(501)
    }

    /// To an invoke whose value we cannot read: 400, which for a card action stands in the body.
    pub fn malformed(invoke: &MalformedInvoke) -> Self {
        if invoke.name == "adaptiveCard/action" {
            return Self::bad_request("This card sent something that cannot be read.");
        }
        Self::empty(400)
    }

    /// 500 to anything but a card action.
    pub fn failed() -> Self {
        Self::empty(500)
    }

    /// 503: come back after `seconds`.
    pub fn busy(seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..Self::empty(503) }
    }

    /// An answer that was given before, to be given again (R1).
    pub fn stored(status: u16, body: Option<Value>) -> Self {
        Self { status, retry_after: None, body: body.map(|body| Body::Stored(Content::Tree(body))) }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Seconds for `Retry-After`.
    pub fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    /// The body as JSON text.
    ///
    /// # Errors
    /// A tree that JSON cannot hold; no tree of `serde_json` is one.
    pub fn body(&self) -> Option<serde_json::Result<Vec<u8>>> {
        self.body.as_ref().map(|body| {
            let mut text = Vec::with_capacity(4096);
            serde_json::to_writer(&mut text, body).map(|()| text)
        })
    }

    fn empty(status: u16) -> Self {
        Self { status, retry_after: None, body: None }
    }

    fn ok(body: Body) -> Self {
        Self { body: Some(body), ..Self::empty(200) }
    }

    fn error(status_code: u16, code: &str, message: &str) -> Self {
        let value = serde_json::json!({ "code": code, "message": message }).into();
        Self::ok(Body::Action { status_code, r#type: ERROR, value })
    }
}

impl From<Value> for Content {
    fn from(tree: Value) -> Self {
        Self::Tree(tree)
    }
}

impl From<Arc<RawValue>> for Content {
    fn from(text: Arc<RawValue>) -> Self {
        Self::Text(text)
    }
}

fn non_empty(text: String) -> String {
    if text.trim().is_empty() { "\u{b7}".to_owned() } else { text }
}
