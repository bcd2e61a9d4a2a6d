//! Questions that Teams asks and that the HTTP answer answers.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::activity::{Activity, MalformedValue};
use super::extension::{Action, Link};

/// An invoke, by its name.
#[derive(Debug, Clone, PartialEq)]
pub enum Invoke {
    /// `adaptiveCard/action`: a button of a card, or a card that refreshes itself.
    CardAction(CardAction),
    /// `task/fetch`: a dialog opens.
    DialogFetch(Dialog),
    /// `task/submit`: a dialog is sent.
    DialogSubmit(Dialog),
    /// `composeExtension/query`: the message extension searches.
    Query(Query),
    /// `composeExtension/fetchTask`: an action of the message extension begins.
    ActionFetch(Action),
    /// `composeExtension/submitAction`: the dialog of such an action is sent.
    ActionSubmit(Dialog),
    /// `composeExtension/queryLink`, `composeExtension/anonymousQueryLink`: a link of ours was pasted.
    Link(Link),
    /// `application/search`: choices for an input, while the user types.
    Search(Search),
    /// `fileConsent/invoke`: the answer to a file that was offered.
    FileConsent(FileConsent),
    /// Without a name: the button of an old card. Acknowledged with 200.
    Unnamed,
    /// Any other name. Answered with 501.
    Unknown(String),
}

/// `Action.Execute`.
#[derive(Debug, Clone, PartialEq)]
pub struct CardAction {
    /// Which action; never empty.
    pub verb: String,
    /// The button's data with the inputs merged into it. Claims of the client, all of it (P6).
    pub data: Map<String, Value>,
    /// Whether a person clicked.
    pub trigger: Trigger,
}

/// What caused a card action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Trigger {
    /// A person clicked.
    #[default]
    Manual,
    /// The card came into view. Must not change anything; so must not what we do not know.
    #[serde(other)]
    Automatic,
}

/// A dialog that opens or is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialog {
    /// The button's data, or the inputs. Claims of the client (P6).
    pub data: Map<String, Value>,
}

/// A search of the message extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The command of the manifest; never empty.
    pub command: String,
    /// Parameter names and what was typed. The first search sends `initialRun` = `true`.
    pub parameters: Vec<(String, String)>,
    /// Results to leave out.
    pub skip: u32,
    /// Results wanted at most; 25 when absent.
    pub count: u32,
}

/// A search for choices.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Which list is searched; empty when absent.
    pub dataset: String,
    /// What was typed.
    pub query: String,
    /// Results to leave out.
    pub skip: u32,
    /// Results wanted at most; 15 when absent, which is what Teams shows.
    pub top: u32,
    /// The inputs that this one depends on. Claims of the client (P6).
    pub data: Map<String, Value>,
}

/// The answer to a file that was offered.
#[derive(Clone, PartialEq)]
pub struct FileConsent {
    /// What the offer carried. Comes back from the client, so it is a claim (P6).
    pub context: Map<String, Value>,
    /// Where the file is to be put; none: it is not wanted.
    pub upload: Option<Upload>,
}

/// Without the addresses: whoever has them may write to somebody's drive (G2).
impl std::fmt::Debug for FileConsent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let upload = self.upload.as_ref().map(|upload| &upload.name);
        f.debug_struct("FileConsent").field("context", &self.context).field("upload", &upload).finish()
    }
}

/// Where a file is to be put, and how the chat calls it then.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// The file's name.
    pub name: String,
    /// Where it is put. A claim of the client (N3).
    pub upload_url: String,
    /// Where it is found afterwards.
    pub content_url: String,
    /// What the drive calls it.
    pub unique_id: String,
    /// Its ending.
    pub file_type: String,
}

/// A value that does not fit the invoke's name. See `Answer::malformed`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("malformed value of {name}")]
pub struct MalformedInvoke {
    /// The name of the invoke.
    pub name: String,
}

impl Invoke {
    /// Reads the invoke that `activity` is.
    ///
    /// # Errors
    /// [`MalformedInvoke`]: we know the name, but the value is not what belongs to it.
    pub fn of(activity: &Activity) -> Result<Self, MalformedInvoke> {
        let Some(name) = activity.name.as_deref() else { return Ok(Self::Unnamed) };
        let read = match name {
            "adaptiveCard/action" => CardAction::of(activity).map(Self::CardAction),
            "task/fetch" => Dialog::of(activity).map(Self::DialogFetch),
            "task/submit" => Dialog::of(activity).map(Self::DialogSubmit),
            "composeExtension/query" => Query::of(activity).map(Self::Query),
            "composeExtension/fetchTask" => Action::of(activity).map(Self::ActionFetch),
            "composeExtension/submitAction" => Dialog::of(activity).map(Self::ActionSubmit),
            "composeExtension/queryLink" => Link::of(activity, false).map(Self::Link),
            "composeExtension/anonymousQueryLink" => Link::of(activity, true).map(Self::Link),
            "application/search" => Search::of(activity).map(Self::Search),
            "fileConsent/invoke" => FileConsent::of(activity).map(Self::FileConsent),
            other => Ok(Self::Unknown(other.to_owned())),
        };
        read.map_err(|MalformedValue| MalformedInvoke { name: name.to_owned() })
    }
}

#[derive(Deserialize)]
struct WireAction {
    action: WireExecute,
    trigger: Option<Trigger>,
}

#[derive(Deserialize)]
struct WireExecute {
    verb: String,
    data: Option<Value>,
}

#[derive(Deserialize)]
struct WireDialog {
    data: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireQuery {
    command_id: String,
    parameters: Option<Vec<WireParameter>>,
    query_options: Option<WireOptions>,
}

#[derive(Deserialize)]
struct WireParameter {
    name: String,
    value: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSearch {
    dataset: Option<String>,
    query_text: Option<String>,
    query_options: Option<WireOptions>,
    data: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireConsent {
    action: String,
    context: Option<Value>,
    upload_info: Option<Upload>,
}

#[derive(Default, Deserialize)]
struct WireOptions {
    skip: Option<u32>,
    count: Option<u32>,
    top: Option<u32>,
}

impl CardAction {
    fn of(activity: &Activity) -> Result<Self, MalformedValue> {
        let wire: WireAction = value_of(activity)?;
        if wire.action.verb.is_empty() {
            return Err(MalformedValue);
        }
        let data = data(wire.action.data)?;
        Ok(Self { verb: wire.action.verb, data, trigger: wire.trigger.unwrap_or_default() })
    }
}

impl Dialog {
    fn of(activity: &Activity) -> Result<Self, MalformedValue> {
        let wire: WireDialog = value_of(activity)?;
        Ok(Self { data: data(wire.data)? })
    }
}

impl Query {
    fn of(activity: &Activity) -> Result<Self, MalformedValue> {
        let wire: WireQuery = value_of(activity)?;
        if wire.command_id.is_empty() {
            return Err(MalformedValue);
        }
        let parameters = wire.parameters.unwrap_or_default().into_iter();
        let options = wire.query_options.unwrap_or_default();
        Ok(Self {
            command: wire.command_id,
            parameters: parameters.map(|p| (p.name, words(p.value))).collect(),
            skip: options.skip.unwrap_or(0),
            count: options.count.unwrap_or(25),
        })
    }
}

impl Search {
    fn of(activity: &Activity) -> Result<Self, MalformedValue> {
        let wire: WireSearch = value_of(activity)?;
        let options = wire.query_options.unwrap_or_default();
        Ok(Self {
            dataset: wire.dataset.unwrap_or_default(),
            query: wire.query_text.unwrap_or_default(),
            skip: options.skip.unwrap_or(0),
            top: options.top.unwrap_or(15),
            data: data(wire.data)?,
        })
    }
}

impl FileConsent {
    fn of(activity: &Activity) -> Result<Self, MalformedValue> {
        let wire: WireConsent = value_of(activity)?;
        let context = data(wire.context)?;
        match wire.action.as_str() {
            "accept" => Ok(Self { context, upload: Some(wire.upload_info.ok_or(MalformedValue)?) }),
            "decline" => Ok(Self { context, upload: None }),
            _ => Err(MalformedValue),
        }
    }
}

/// The value of an invoke is an object; an array would be read as the object's fields in order.
pub(super) fn value_of<T: DeserializeOwned>(activity: &Activity) -> Result<T, MalformedValue> {
    let array = activity.value.as_deref().is_some_and(|raw| raw.get().starts_with('['));
    if array { Err(MalformedValue) } else { activity.value_as() }
}

/// Data is an object, a string that holds one, or absent.
fn data(value: Option<Value>) -> Result<Map<String, Value>, MalformedValue> {
    match value {
        None => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map),
        Some(Value::String(text)) => serde_json::from_str(&text).map_err(|_| MalformedValue),
        Some(_) => Err(MalformedValue),
    }
}

/// A parameter as the words that were typed, whatever type the client gave it.
fn words(value: Option<Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
    }
}
